//! How unevenly messages come to a queue: by the law of the file where it has a closed form, else measured.

use super::Explained;
use super::samples::{Arrived, SCALES};
use crate::scenario::{OnRefused, Producer, Scenario, Target};
use crate::study::statistics;
use crate::time::{Span, Time};
use crate::workload::{Arrivals, Distribution};

/// Fewer windows of a run say nothing about their variance.
const FEWEST_WINDOWS: u64 = 10;

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
    pub basis: Basis,
}

/// Where a number is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
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
        scv: known
            .and_then(exact_scv)
            .or_else(|| measured(explained, queue, |run| Some(run.gaps.0), scv)),
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
        several if several.iter().all(|one| is_poisson(one)) => (1.0, Basis::Law),
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

fn basis(producer: &Producer) -> Basis {
    match producer.arrivals {
        Arrivals::Listed { .. } => Basis::List,
        Arrivals::Poisson { .. }
        | Arrivals::Renewal { .. }
        | Arrivals::Profile(_)
        | Arrivals::Mmpp(_)
        | Arrivals::Closed { .. } => Basis::Law,
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
        let index = exact.or_else(|| measured(explained, queue, windows, index))?;
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
        let value = index(&windows.moments()?)? * batch(one)?;
        return Some(Measure {
            value,
            interval: None,
            basis: Basis::List,
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
        basis: Basis::Law,
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
    let states = process.phases().map(|(rate, stay)| BurstState {
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
        basis: Basis::Runs,
    })
}

fn scv(gaps: &Moments) -> Option<f64> {
    Some(gaps.variance()? / (gaps.mean * gaps.mean)).filter(|scv| scv.is_finite())
}

fn index(counts: &Moments) -> Option<f64> {
    Some(counts.variance()? / counts.mean).filter(|index| index.is_finite())
}

/// Count, mean and sum of squared deviations, which can be put together without losing digits (Chan, Golub and LeVeque
/// 1983, The American Statistician 37).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Moments {
    count: f64,
    mean: f64,
    deviations: f64,
}

impl Moments {
    /// So many times the same value.
    fn add(&mut self, value: f64, times: u64) {
        self.merge(&Self {
            count: times as f64,
            mean: value,
            deviations: 0.0,
        });
    }

    fn merge(&mut self, other: &Self) {
        let count = self.count + other.count;
        if other.count <= 0.0 {
            return;
        }
        let apart = other.mean - self.mean;
        self.deviations += other.deviations + apart * apart * self.count * other.count / count;
        self.mean += apart * other.count / count;
        self.count = count;
    }

    /// Of fewer than three values there is none to speak of.
    fn variance(&self) -> Option<f64> {
        (self.count > 2.0).then(|| self.deviations / (self.count - 1.0))
    }
}

/// Times between messages, in seconds.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Gaps(Moments, Option<Time>);

impl Gaps {
    pub(super) fn add(&mut self, now: Time) {
        if let Some(last) = self.1.replace(now) {
            self.0.add(now.since(last).as_secs_f64(), 1);
        }
    }
}

/// Messages counted in windows of one length, one after the other; what is left of the stretch at its end is no window.
#[derive(Clone, Debug)]
pub(super) struct Windows {
    from: Time,
    width: u64,
    /// How many there are.
    all: u64,
    /// Which one is counted, and what it has.
    current: u64,
    count: u64,
    /// Of those before it.
    moments: Moments,
}

impl Windows {
    pub(super) fn new(width: Span, from: Time, to: Time) -> Self {
        let width = width.as_nanos().max(1);
        Self {
            from,
            width,
            all: to.since(from).as_nanos() / width,
            current: 0,
            count: 0,
            moments: Moments::default(),
        }
    }

    pub(super) fn add(&mut self, now: Time) {
        let window = now.since(self.from).as_nanos() / self.width;
        if window < self.all {
            self.go_to(window);
            self.count += 1;
        }
    }

    fn go_to(&mut self, window: u64) {
        if window > self.current {
            self.moments.add(self.count as f64, 1);
            self.moments.add(0.0, window - self.current - 1);
            (self.current, self.count) = (window, 0);
        }
    }

    /// Of all counts; `None` where there are too few windows.
    pub(super) fn moments(&self) -> Option<Moments> {
        let mut all = self.clone();
        all.go_to(self.all);
        (self.all >= FEWEST_WINDOWS).then_some(all.moments)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn windows(times: &[u64]) -> Windows {
        let mut windows = Windows::new(Span::from_secs(1), Time::ZERO, Time::from_secs_f64(12.5));
        let times = times
            .iter()
            .map(|second| Time::from_secs_f64(*second as f64));
        times.for_each(|time| windows.add(time));
        windows
    }

    /// Twelve whole windows: two hold 3 each, the others nothing, and the half one at the end does not count.
    #[test]
    fn empty_windows_count_and_a_part_of_one_does_not() {
        let moments = windows(&[1, 1, 1, 7, 7, 7, 12])
            .moments()
            .expect("twelve windows");
        assert!((moments.mean - 0.5).abs() < 1e-12, "{moments:?}");
        // Σ (n − ½)² = 2 · 6.25 + 10 · 0.25
        let index = index(&moments).expect("they vary");
        assert!((index - 15.0 / 11.0 / 0.5).abs() < 1e-12, "{index}");
    }

    #[test]
    fn moments_put_together_are_those_of_all_values() {
        let of = |values: &[f64]| {
            let mut moments = Moments::default();
            values.iter().for_each(|value| moments.add(*value, 1));
            moments
        };
        let mut parts = of(&[1.0, 2.0]);
        parts.merge(&of(&[4.0, 9.0, 14.0]));
        let whole = of(&[1.0, 2.0, 4.0, 9.0, 14.0]);
        assert!((parts.mean - 6.0).abs() < 1e-12 && (whole.mean - 6.0).abs() < 1e-12);
        assert!((parts.deviations - 118.0).abs() < 1e-9, "{parts:?}");
    }

    #[test]
    fn few_windows_say_nothing() {
        let windows = Windows::new(Span::from_secs(2), Time::ZERO, Time::from_secs_f64(19.0));
        assert_eq!(windows.moments(), None);
    }
}
