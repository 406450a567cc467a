//! A scenario and its runs: as many, and as long, as its figures need.

use super::estimate::{self, Estimator};
use super::figures::{Figures, Lost};
use super::outcome::Estimate;
use super::plan::Plan;
use super::steady::Steadiness;
use super::unit::Unit;
use super::{StudyError, Watch, replicate, statistics, timeline};
use crate::measure::Record;
use crate::scenario::{Figure, Kind, Metric, Replications, Scenario, Statistic};
use crate::time::Time;
use std::borrow::Cow;

/// A scenario with its finished runs.
pub(super) struct Studied<'a> {
    pub(super) name: &'a str,
    pub(super) plan: Plan<'a>,
    pub(super) records: Vec<Record>,
    pub(super) steadiness: Steadiness,
    /// Of a single run: why its batches carry no interval.
    pub(super) dependent: Option<String>,
    /// Metrics that are less precise than asked for.
    pub(super) imprecise: Vec<Metric>,
    pub(super) interrupted: bool,
    /// How many times as long as the file says each replication is.
    pub(super) lengthened: u64,
}

/// Replications grow to so many times the horizon of the file, and no further.
const MOST_LENGTHENED: u64 = 16;
/// Messages of all replications together, beyond which they are not lengthened: a quarter of an hour of one thread.
const MOST_MESSAGES: f64 = 2.5e9;
/// Fewer replications carry no interval.
const FEWEST: usize = 2;

impl<'a> Studied<'a> {
    /// Runs as many replications as are asked for, or as the precision asked for takes; of a long run that turns out
    /// too short, all again at twice the length.
    pub(super) fn run(
        name: &'a str,
        scenario: &'a Scenario,
        watch: &dyn Watch,
    ) -> Result<Self, StudyError> {
        let mut studied = Self::unbegun(name, Cow::Borrowed(scenario));
        let mut grid = grid(&scenario.replications).into_iter();
        let first = grid
            .next()
            .expect("a study has at least one count of replications");
        studied.run_until(first, watch)?;
        let longest = longest(scenario);
        while !studied.is_over() && studied.lengthened < longest && studied.is_too_short() {
            let lengthened = studied.lengthened * 2;
            let mut longer = Self::unbegun(name, Cow::Owned(longer(scenario, lengthened)));
            longer.lengthened = lengthened;
            longer.run_until(first, watch)?;
            // What is finished is better than longer runs that cannot carry an interval.
            if longer.interrupted && longer.records.len() < FEWEST {
                studied.interrupted = true;
                break;
            }
            studied = longer;
        }
        for until in grid {
            if studied.is_over() || studied.imprecise.is_empty() {
                break;
            }
            studied.run_until(until, watch)?;
        }
        Ok(studied)
    }

    fn unbegun(name: &'a str, scenario: Cow<'a, Scenario>) -> Self {
        let nothing = Steadiness {
            warmup: Time::ZERO,
            refusals: Vec::new(),
            unsettled: Vec::new(),
            held_back: vec![None; scenario.producers.len()],
            too_short: false,
        };
        let most = scenario.replications.most();
        Self {
            name,
            plan: Plan::new(scenario, most),
            records: Vec::new(),
            steadiness: nothing,
            dependent: None,
            imprecise: Vec::new(),
            interrupted: false,
            lengthened: 1,
        }
    }

    /// Nothing more can come of it.
    fn is_over(&self) -> bool {
        self.interrupted || self.records.is_empty()
    }

    /// Whether longer replications would tell what more of them cannot: of a long run that is to be precise, each must
    /// have settled, and must hold an independent stretch of the messages that a quantile is about.
    fn is_too_short(&self) -> bool {
        let figures = self.figures();
        let units = figures.units.len() as f64;
        let starved = |(metric, lost): (Metric, Lost)| {
            let sample = figures.metric(&metric, lost);
            let ends = sample.and_then(|sample| sample.ends);
            ends.is_some_and(|ends| ends.episodes < units)
        };
        self.steadiness.too_short || self.asked().into_iter().any(starved)
    }

    /// Runs more replications, and looks at all of them.
    fn run_until(&mut self, until: u32, watch: &dyn Watch) -> Result<(), StudyError> {
        let from = self.records.len() as u32;
        watch.starts(self.name, until - from);
        let (more, interrupted) = replicate::replicate(&self.plan, from..until, watch)?;
        self.records.extend(more);
        self.interrupted = interrupted;
        if self.records.is_empty() {
            return Ok(());
        }
        timeline::align(&mut self.records);
        self.steadiness = Steadiness::of(&self.plan, &self.records);
        self.dependent = self.why_dependent();
        self.imprecise = self.imprecise();
        Ok(())
    }

    pub(super) fn figures(&self) -> Figures<'_> {
        let first = self.first_segment();
        let end = self.plan.setup.cuts.len();
        let of = |record| {
            let whole = Unit {
                record,
                segments: first..end,
            };
            if !self.plan.batched {
                return vec![whole];
            }
            (first..end)
                .map(|segment| Unit {
                    record,
                    segments: segment..segment + 1,
                })
                .collect()
        };
        Figures {
            scenario: &self.plan.scenario,
            units: self.records.iter().flat_map(of).collect(),
        }
    }

    pub(super) fn first_segment(&self) -> usize {
        self.plan.first_segment(self.steadiness.warmup)
    }

    pub(super) fn estimator(&self) -> Estimator<'_> {
        Estimator {
            plan: &self.plan,
            refusals: &self.steadiness.refusals,
            unsettled: &self.steadiness.unsettled,
            measured_s: (self.plan.scenario.horizon.since(self.steadiness.warmup)).as_secs_f64(),
            held_back: &self.steadiness.held_back,
            dependent: self.dependent.is_some(),
        }
    }

    /// The first queue whose batches of one single run hang together.
    fn why_dependent(&self) -> Option<String> {
        if !self.plan.batched {
            return None;
        }
        let figures = self.figures();
        let served = self
            .plan
            .scenario
            .pools
            .iter()
            .map(|pool| &self.plan.scenario.queues[pool.from].name);
        served.into_iter().find_map(|queue| {
            let sample = figures.metric(
                &Metric::new(queue, Figure::Wait, Statistic::Mean),
                Lost::Ignored,
            )?;
            let refusal =
                statistics::batch_means(&sample.single, self.plan.scenario.level).err()?;
            Some(format!(
                "one single run carries no interval here: {refusal}"
            ))
        })
    }

    /// Metrics that are to be precise: those that the file names, or else those of the objectives.
    fn asked(&self) -> Vec<(Metric, Lost)> {
        let scenario = &self.plan.scenario;
        let judged = scenario
            .objectives
            .iter()
            .map(|objective| (objective.metric.clone(), estimate::lost(objective)));
        match &scenario.replications {
            Replications::Precision { of, .. } if of.is_empty() => judged.collect(),
            Replications::Precision { of, .. } => of
                .iter()
                .map(|metric| (metric.clone(), Lost::Ignored))
                .collect(),
            Replications::Count(_) => Vec::new(),
        }
    }

    /// Metrics whose interval is wider than the precision asked for.
    fn imprecise(&self) -> Vec<Metric> {
        let Replications::Precision { precision, .. } = self.plan.scenario.replications else {
            return Vec::new();
        };
        let (figures, estimator) = (self.figures(), self.estimator());
        let is_wide = |(metric, lost): &(Metric, Lost)| {
            let sample = figures.metric(metric, *lost);
            let estimate = sample.map(|sample| estimator.estimate(metric, &sample));
            match estimate {
                Some(Estimate::Known {
                    value,
                    interval: Some((low, high)),
                    ..
                }) => (high - value).max(value - low) > precision * value.abs(),
                Some(Estimate::Known { interval: None, .. }) => true,
                Some(Estimate::Refused { .. }) | None => false,
            }
        };
        let wide = self.asked().into_iter().filter(is_wide);
        wide.map(|(metric, _)| metric).collect()
    }
}

/// The same scenario over so many times its horizon.
fn longer(scenario: &Scenario, times: u64) -> Scenario {
    Scenario {
        horizon: Time::from_nanos(scenario.horizon.as_nanos() * times),
        ..scenario.clone()
    }
}

/// To how many times the horizon of the file replications may grow: not at all, unless a long run is to be precise.
/// What happens at given times would lie elsewhere in a longer run, or in its warm-up.
fn longest(scenario: &Scenario) -> u64 {
    if scenario.kind == Kind::Terminating
        || !scenario.is_stationary()
        || !matches!(scenario.replications, Replications::Precision { .. })
    {
        return 1;
    }
    let replications = scenario.replications.most();
    let messages = scenario.expected_messages() * f64::from(replications);
    let nanos = u128::from(scenario.horizon.as_nanos()) * u128::from(replications);
    // The times of all replications together are counted in nanoseconds of 64 bits.
    let fits = |times: u64| {
        messages * times as f64 <= MOST_MESSAGES
            && nanos * u128::from(times) <= u128::from(u64::MAX)
    };
    let doubling = std::iter::successors(Some(MOST_LENGTHENED), |times| Some(times / 2));
    let mut possible = doubling.take_while(|times| *times > 1);
    possible.find(|times| fits(*times)).unwrap_or(1)
}

/// Messages of all runs to which a study of one scenario may come: of the longest replications that it may make, and of
/// the first ones of each shorter length before.
pub fn most_messages(scenario: &Scenario) -> f64 {
    let longest = longest(scenario) as f64;
    let most = f64::from(scenario.replications.most());
    let first = grid(&scenario.replications)
        .first()
        .map_or(most, |first| f64::from(*first));
    scenario.expected_messages() * (longest * most + (longest - 1.0) * first)
}

/// Counts of replications at which a study looks whether it is precise enough: fixed, so that the answer does not
/// depend on threads.
fn grid(replications: &Replications) -> Vec<u32> {
    match *replications {
        Replications::Count(count) => vec![count],
        Replications::Precision { max, .. } => {
            let doubling = std::iter::successors(Some(10_u32), |count| count.checked_mul(2));
            doubling
                .take_while(|count| *count < max)
                .chain([max])
                .collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::explain::tests::scenario;
    use std::sync::atomic::{AtomicU32, Ordering};

    /// Wants no more than so many runs.
    struct Impatient {
        left: AtomicU32,
    }

    impl Watch for Impatient {
        fn finished(&self, _events: u64) {
            self.left.fetch_sub(1, Ordering::Relaxed);
        }

        fn is_stopped(&self) -> bool {
            self.left.load(Ordering::Relaxed) == 0
        }
    }

    #[test]
    fn what_is_finished_is_kept_until_longer_runs_carry_an_interval() {
        let set = scenario(
            r#"
title = "Too short for a p99"
horizon = "500s"
replications = { precision = "1%", of = ["line.wait.p99"], max = 10 }
producer.source = { to = "line", arrivals = "poisson(0.9/s)" }
queue.line = {}
pool.crew = { from = "line", consumers = 1, service = "exponential(1s)" }
"#,
        );
        let after = |runs| {
            let left = AtomicU32::new(runs);
            // One thread: the runs finish in the order of their numbers.
            let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
            let studied = pool
                .expect("a thread starts")
                .install(|| Studied::run("base", &set.base, &Impatient { left }))
                .expect("it can be run");
            assert!(studied.interrupted);
            (studied.records.len(), studied.lengthened)
        };
        assert_eq!(after(7), (7, 1));
        assert_eq!(after(10), (10, 1));
        assert_eq!(after(11), (10, 1));
        assert_eq!(after(12), (2, 2));
    }

    #[test]
    fn what_a_study_may_come_to_counts_how_far_its_runs_may_grow() {
        let most = |horizon: &str, replications: &str| {
            let set = scenario(&format!(
                r#"
title = "Perhaps long"
horizon = "{horizon}"
replications = {replications}
producer.source = {{ to = "line", arrivals = "poisson(1/s)" }}
queue.line = {{}}
pool.crew = {{ from = "line", consumers = 2, service = "exponential(1s)" }}
"#
            ));
            most_messages(&set.base).round() as u64
        };
        let precise = r#"{ precision = "5%", of = ["line.wait.p99"], max = 100 }"#;
        assert_eq!(most("1000s", "20"), 20_000);
        // 100 of 16,000, and ten each of 8,000, 4,000, 2,000 and 1,000.
        assert_eq!(most("1000s", precise), 1_750_000);
        // 16 times as long would be 16 · 10⁹.
        assert_eq!(most("10000000s", precise), 2_000_000_000 + 100_000_000);
    }
}
