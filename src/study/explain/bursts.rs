//! How unevenly messages come to a queue: by the law of the file where it has a closed form, else measured.

use super::Explained;
use super::counted::{FEWEST_WINDOWS, Moments, Windows};
use super::samples::{Arrived, SCALES};
use crate::scenario::{OnRefused, Producer, Scenario, Target};
use crate::study::statistics;
use crate::time::{Span, Time};
use crate::workload::{Arrivals, Distribution};

/// How unevenly messages come.
#[derive(Clone, Debug)]
pub struct Bursts {
    /// cv² of the time between two messages; `None` where there are too few.
    pub scv: Option<Measure>,
    /// Index of dispersion of counts, Var N / E N of the messages in windows of given lengths: as far as the run has
    /// ten such windows.
    pub dispersion: Vec<Dispersion>,
    /// What the index goes to as windows get longer; `None` where that is not known.
    pub limit: Option<f64>,
    /// The index counts a rate that changes by the file as unevenness too.
    pub rate_changes: bool,
    /// States of an MMPP in which more comes than can be served.
    pub peaks: Vec<BurstState>,
}

/// A state of an MMPP, whose messages alone come to the queue, in which λ > C.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BurstState {
    /// Messages per second while in it.
    pub rate: f64,
    /// Mean stay, in seconds.
    pub stay: f64,
    /// Messages that such a stay leaves behind on average, by (λ − C) × stay.
    pub left_behind: f64,
}

/// The index for one length of window.
#[derive(Clone, Copy, Debug)]
pub struct Dispersion {
    /// The length.
    pub window: Span,
    /// The index.
    pub index: Measure,
}

/// A number, and where it is from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measure {
    /// The number.
    pub value: f64,
    /// Its confidence interval, if it is measured.
    pub interval: Option<(f64, f64)>,
    /// Where it is from.
    pub basis: Origin,
}

/// Where a number is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// From a law of the file: exact.
    Law,
    /// From a list of the file: exact of that.
    List,
    /// Measured in the runs.
    Runs,
}

pub(super) fn bursts(explained: &Explained<'_>, queue: usize) -> Bursts {
    let scenario = explained.scenario;
    let sources = direct_sources(scenario, queue);
    let known = sources.as_deref();
    let mut producers = scenario.sources_of(queue);
    Bursts {
        scv: known.and_then(exact_scv).or_else(|| {
            measured(
                explained,
                queue,
                |run| Some(run.gaps.moments()),
                Moments::scv,
            )
        }),
        dispersion: dispersion(explained, queue, known),
        limit: match known {
            Some([one]) => limit(one),
            Some(_) | None => None,
        },
        rate_changes: producers.any(|one| matches!(one.arrivals, Arrivals::Profile(_))),
        peaks: match known {
            Some([one]) => peaks(one, scenario.capacity(queue)),
            Some(_) | None => Vec::new(),
        },
    }
}

/// The producers of a queue, where what comes there is just what they make, when they make it.
fn direct_sources(scenario: &Scenario, queue: usize) -> Option<Vec<&Producer>> {
    let own = &scenario.queues[queue];
    let is_gathered = own.medium.is_topic();
    if scenario.is_fed_by_pools(queue) || scenario.takes_dead_letters(queue) || is_gathered {
        return None;
    }
    if scenario.is_gated(queue) {
        return None;
    }
    let sources: Vec<&Producer> = scenario.producers_of(queue).collect();
    let is_direct = |one: &&Producer| {
        one.to == Target::Queue(queue)
            && one.patience.is_none()
            && one.on_refused == OnRefused::Drop
            && batch(one).is_some()
    };
    (!sources.is_empty() && sources.iter().all(is_direct)).then_some(sources)
}

/// Messages of each arrival, if they are always as many.
fn batch(producer: &Producer) -> Option<f64> {
    match producer.batch {
        Distribution::Constant { value } if value >= 1.0 => Some(value.round()),
        Distribution::Constant { .. }
        | Distribution::Uniform { .. }
        | Distribution::Triangular { .. }
        | Distribution::Exponential { .. }
        | Distribution::Erlang(_)
        | Distribution::Gamma(_)
        | Distribution::Lognormal(_)
        | Distribution::Weibull(_)
        | Distribution::Pareto(_)
        | Distribution::BoundedPareto(_)
        | Distribution::Hyperexponential(_)
        | Distribution::Mixture(_)
        | Distribution::Zipf(_)
        | Distribution::Empirical(_)
        | Distribution::Listed(_) => None,
    }
}

/// cv² of the gaps. With b messages an arrival all gaps but one in b are 0, so that it is b (1 + c²) − 1.
fn exact_scv(sources: &[&Producer]) -> Option<Measure> {
    let (value, basis) = match sources {
        [one] => {
            let each = batch(one)?;
            (
                each * (1.0 + one.arrivals.interarrival_scv()?) - 1.0,
                basis(one),
            )
        }
        // Poisson processes together are one.
        several if several.iter().all(|one| is_poisson(one)) => (1.0, Origin::Law),
        _ => return None,
    };
    value.is_finite().then_some(Measure {
        value,
        interval: None,
        basis,
    })
}

fn is_poisson(producer: &Producer) -> bool {
    let by_law = match &producer.arrivals {
        Arrivals::Poisson { .. }
        | Arrivals::Renewal {
            gaps: Distribution::Exponential { .. },
        } => true,
        Arrivals::Renewal { .. }
        | Arrivals::Profile(_)
        | Arrivals::Mmpp(_)
        | Arrivals::Listed { .. }
        | Arrivals::Closed { .. } => false,
    };
    by_law && batch(producer).is_some_and(|each| each < 2.0)
}

fn basis(producer: &Producer) -> Origin {
    match producer.arrivals {
        Arrivals::Listed { .. } => Origin::List,
        Arrivals::Poisson { .. }
        | Arrivals::Renewal { .. }
        | Arrivals::Profile(_)
        | Arrivals::Mmpp(_)
        | Arrivals::Closed { .. } => Origin::Law,
    }
}

fn dispersion(
    explained: &Explained<'_>,
    queue: usize,
    known: Option<&[&Producer]>,
) -> Vec<Dispersion> {
    let horizon = explained.scenario.horizon;
    let of = |(scale, window): (usize, Span)| {
        let exact = known.and_then(|sources| exact_index(sources, window, horizon));
        let windows = |run: &Arrived| run.windows[scale].moments();
        let index = exact.or_else(|| measured(explained, queue, windows, Moments::dispersion))?;
        Some(Dispersion { window, index })
    };
    let lasts = horizon.as_nanos() / FEWEST_WINDOWS;
    let scales = SCALES.into_iter().enumerate();
    scales
        .filter(|(_, window)| window.as_nanos() <= lasts)
        .filter_map(of)
        .collect()
}

/// Of independent streams variances add up, and so the index is the mean of theirs, weighted by their rates. With b
/// messages an arrival it is b times that of the arrivals.
fn exact_index(sources: &[&Producer], window: Span, horizon: Time) -> Option<Measure> {
    if let [one] = sources
        && let Arrivals::Listed { times } = &one.arrivals
    {
        let mut windows = Windows::new(window, Time::ZERO, horizon);
        let inside = times.iter().take_while(|time| **time < horizon);
        inside.for_each(|time| windows.add(*time));
        let value = windows.moments()?.dispersion()? * batch(one)?;
        return Some(Measure {
            value,
            interval: None,
            basis: Origin::List,
        });
    }
    let (mut weighted, mut rates) = (0.0, 0.0);
    for one in sources {
        let each = batch(one)?;
        let rate = one.arrivals.mean_rate(horizon)? * each;
        weighted += rate * each * one.arrivals.dispersion(window.as_secs_f64())?;
        rates += rate;
    }
    (rates > 0.0).then(|| Measure {
        value: weighted / rates,
        interval: None,
        basis: Origin::Law,
    })
}

fn limit(producer: &Producer) -> Option<f64> {
    match &producer.arrivals {
        Arrivals::Renewal { gaps } if !matches!(gaps, Distribution::Exponential { .. }) => {
            Some(gaps.scv() * batch(producer)?).filter(|limit| limit.is_finite())
        }
        Arrivals::Renewal { .. }
        | Arrivals::Poisson { .. }
        | Arrivals::Profile(_)
        | Arrivals::Mmpp(_)
        | Arrivals::Listed { .. }
        | Arrivals::Closed { .. } => None,
    }
}

fn peaks(producer: &Producer, capacity: f64) -> Vec<BurstState> {
    let Arrivals::Mmpp(process) = &producer.arrivals else {
        return Vec::new();
    };
    let each = producer.batch.mean();
    let states = process.rates_and_stays().map(|(rate, stay)| BurstState {
        rate: rate * each,
        stay,
        left_behind: (rate * each - capacity) * stay,
    });
    states.filter(|state| state.rate > capacity).collect()
}

/// A figure of what came in all replications, with the interval of the jackknife; `None` where one of them saw too
/// little.
fn measured(
    explained: &Explained<'_>,
    queue: usize,
    of: impl Fn(&Arrived) -> Option<Moments>,
    figure: impl Fn(&Moments) -> Option<f64>,
) -> Option<Measure> {
    let runs = &explained.ran?.samples.arrivals[queue];
    let moments: Vec<Moments> = runs.iter().map(of).collect::<Option<_>>()?;
    let all_but = |left_out: Option<usize>| {
        let mut sum = Moments::default();
        let numbered = moments.iter().enumerate();
        numbered
            .filter(|(number, _)| Some(*number) != left_out)
            .for_each(|(_, one)| sum.merge(one));
        figure(&sum)
    };
    let value = all_but(None)?;
    let without = (0..moments.len()).map(|number| all_but(Some(number)));
    let without = without.collect::<Option<Vec<_>>>();
    let interval = without
        .and_then(|without| statistics::jackknife(value, &without, explained.scenario.level));
    Some(Measure {
        value,
        interval: interval.map(|interval| (interval.low.max(0.0), interval.high)),
        basis: Origin::Runs,
    })
}
