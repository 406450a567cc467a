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

impl<'a> Studied<'a> {
    /// Runs as many replications as are asked for, or as the precision asked for takes; of a long run that turns out
    /// too short, all again at twice the length.
    pub(super) fn new(
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
        while !studied.is_over() && studied.is_too_short() && studied.lengthened < MOST_LENGTHENED {
            let lengthened = studied.lengthened * 2;
            let Some(longer) = longer(scenario, lengthened) else {
                break;
            };
            studied = Self::unbegun(name, Cow::Owned(longer));
            studied.lengthened = lengthened;
            studied.run_until(first, watch)?;
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
    /// have settled, and must hold an independent stretch of the messages that a quantile is about. What happens at
    /// given times would lie elsewhere in a longer one, or in its warm-up.
    fn is_too_short(&self) -> bool {
        let scenario = &self.plan.scenario;
        if scenario.kind == Kind::Terminating
            || !scenario.is_stationary()
            || !matches!(scenario.replications, Replications::Precision { .. })
        {
            return false;
        }
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

/// The same scenario over so many times its horizon; `None` where the times of all replications together could not be
/// counted in nanoseconds.
fn longer(scenario: &Scenario, times: u64) -> Option<Scenario> {
    let horizon = scenario.horizon.as_nanos().checked_mul(times)?;
    horizon.checked_mul(scenario.replications.most().into())?;
    Some(Scenario {
        horizon: Time::from_nanos(horizon),
        ..scenario.clone()
    })
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
