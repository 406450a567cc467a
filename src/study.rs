//! Many runs of a scenario and its variants, and what can be said of them.
//!
//! Replications run in parallel; nothing that is said depends on the number of threads. Every figure comes with an
//! interval from independent runs, or with the reason why it cannot be given.

mod burst;
mod capacity;
mod cost;
mod estimate;
pub mod explain;
mod figures;
mod findings;
mod latency;
mod levels;
mod offered;
mod outcome;
mod plan;
mod recognise;
mod replicate;
pub mod statistics;
mod steady;
mod timeline;
mod unit;

pub use outcome::*;

use crate::engine::SimulationError;
use crate::measure::Record;
use crate::scenario::{
    END_TO_END, Figure, Kind, Metric, Replications, Scenario, ScenarioSet, Statistic,
};
use crate::time::{Span, Time};
use estimate::Estimator;
use figures::{Figures, Lost};
use plan::Plan;
use std::collections::BTreeMap;
use steady::Steadiness;
use unit::Unit;

/// Why a study came to nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StudyError {
    /// A run could not go on.
    #[error(transparent)]
    Simulation(#[from] SimulationError),
    /// Interrupted before one replication of the base scenario was finished.
    #[error("interrupted before a single run was finished: there is nothing to report")]
    Interrupted,
}

/// Who follows a study while it runs; called from several threads.
pub trait Watch: Sync {
    /// So many more runs of `variant` are about to start.
    fn starts(&self, _variant: &str, _runs: u32) {}

    /// A run is finished.
    fn finished(&self, _events: u64) {}

    /// Nobody wants the rest any more: unfinished runs end, and what is finished is reported.
    fn is_stopped(&self) -> bool {
        false
    }
}

/// Nobody follows.
impl Watch for () {}

/// Runs the base scenario and every variant, all on the same draws.
///
/// # Errors
/// Where a listed distribution is used up, or where the study was interrupted too early to say anything.
pub fn run(set: &ScenarioSet, watch: &dyn Watch) -> Result<Outcome, StudyError> {
    let variants = set
        .variants
        .iter()
        .map(|(name, scenario)| (name.as_str(), scenario));
    let mut studied = Vec::new();
    let mut partial = false;
    for (name, scenario) in [("base", &set.base)].into_iter().chain(variants) {
        let one = Studied::new(name, scenario, watch)?;
        partial |= one.interrupted;
        if !one.records.is_empty() {
            studied.push(one);
        }
        if partial {
            break;
        }
    }
    let base = studied.first().ok_or(StudyError::Interrupted)?;
    Ok(Outcome {
        scenario: set.name.clone(),
        title: set.base.title.clone(),
        question: set.base.question.clone(),
        kind: set.base.kind,
        seed: set.base.seed,
        level: set.base.level,
        differences: studied[1..]
            .iter()
            .flat_map(|variant| variant.against(base))
            .collect(),
        runs: studied.iter().map(Studied::report).collect(),
        partial,
    })
}

/// A scenario with its finished runs.
struct Studied<'a> {
    name: &'a str,
    plan: Plan<'a>,
    records: Vec<Record>,
    steadiness: Steadiness,
    /// Of a single run: why its batches carry no interval.
    dependent: Option<String>,
    /// Metrics that are less precise than asked for.
    imprecise: Vec<Metric>,
    interrupted: bool,
}

impl<'a> Studied<'a> {
    fn new(name: &'a str, scenario: &'a Scenario, watch: &dyn Watch) -> Result<Self, StudyError> {
        let plan = Plan::new(scenario, scenario.replications.most());
        let nothing = Steadiness {
            warmup: Time::ZERO,
            refusals: Vec::new(),
            held_back: vec![None; scenario.producers.len()],
        };
        let mut studied = Self {
            name,
            plan,
            records: Vec::new(),
            steadiness: nothing,
            dependent: None,
            imprecise: Vec::new(),
            interrupted: false,
        };
        for until in grid(&scenario.replications) {
            studied.run_until(until, watch)?;
            if studied.interrupted || studied.records.is_empty() || studied.imprecise.is_empty() {
                break;
            }
        }
        Ok(studied)
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

    fn figures(&self) -> Figures<'_> {
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
            scenario: self.plan.scenario,
            units: self.records.iter().flat_map(of).collect(),
        }
    }

    fn first_segment(&self) -> usize {
        self.plan.first_segment(self.steadiness.warmup)
    }

    fn refusals_return(&self) -> Vec<String> {
        let queues = self.plan.scenario.queues.iter().enumerate();
        queues
            .filter(|(index, _)| capacity::refusals_return(self.plan.scenario, *index))
            .map(|(_, queue)| queue.name.clone())
            .collect()
    }

    fn estimator(&self) -> Estimator<'_> {
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

    /// Metrics whose interval is wider than the precision asked for.
    fn imprecise(&self) -> Vec<Metric> {
        let scenario = self.plan.scenario;
        let Replications::Precision { precision, of, .. } = &scenario.replications else {
            return Vec::new();
        };
        let judged = scenario
            .objectives
            .iter()
            .map(|objective| (&objective.metric, estimate::lost(objective)));
        let named = of.iter().map(|metric| (metric, Lost::Ignored));
        let asked = if of.is_empty() {
            judged.collect::<Vec<_>>()
        } else {
            named.collect()
        };
        let (figures, estimator) = (self.figures(), self.estimator());
        let wide = |metric: &Metric, lost| {
            let sample = figures.metric(metric, lost);
            let estimate = sample.map(|sample| estimator.estimate(metric, &sample));
            match estimate {
                Some(Estimate::Known {
                    value,
                    interval: Some((low, high)),
                    ..
                }) => (high - low) / 2.0 > precision * value.abs(),
                Some(Estimate::Known { interval: None, .. }) => true,
                Some(Estimate::Refused { .. }) | None => false,
            }
        };
        asked
            .into_iter()
            .filter(|(metric, lost)| wide(metric, *lost))
            .map(|(metric, _)| metric.clone())
            .collect()
    }

    fn report(&self) -> Run {
        let scenario = self.plan.scenario;
        let (figures, estimator) = (self.figures(), self.estimator());
        let samples = figures.all().into_iter();
        let metrics = samples.map(|(metric, sample)| {
            let estimate = estimator.estimate(&metric, &sample);
            (metric, estimate)
        });
        let metrics = metrics.collect::<BTreeMap<_, _>>();
        let objectives = scenario.objectives.iter().filter_map(|objective| {
            let sample = figures.metric(&objective.metric, estimate::lost(objective))?;
            Some(estimator.verdict(objective, &sample))
        });
        let named = scenario.queues.iter().enumerate();
        let end = timeline::end(&self.records);
        Run {
            variant: self.name.to_owned(),
            replications: self.records.len() as u32,
            warmup: self.steadiness.warmup,
            horizon: scenario.horizon,
            parameters: scenario.parameters(),
            kinds: (scenario.queues.iter().enumerate())
                .map(|(index, queue)| (queue.name.clone(), scenario.kind_of(index)))
                .collect(),
            theory: recognise::theories(&self.plan, &metrics, figures.units.len() as u32),
            objectives: objectives.collect(),
            series: timeline::series(&self.plan, &self.records, end, 1),
            overview: timeline::series(
                &self.plan,
                &self.records,
                self.shown_end(end),
                self.coarseness(),
            ),
            latency: named
                .map(|(queue, named)| latency::curves(&named.name, queue, &figures.units))
                .collect(),
            end_to_end: findings::shows_the_whole(&self.plan)
                .then(|| latency::end_to_end(&figures.units)),
            refusals_return: self.refusals_return(),
            publishes_again: scenario
                .producers
                .iter()
                .any(|producer| producer.patience.is_some()),
            findings: findings::findings(&self.plan, &self.records, &metrics, self.first_segment()),
            audit: self.audit(),
            notes: self.notes(&metrics),
            imprecise: self.imprecise.clone(),
            metrics,
        }
    }

    /// Where pictures end: a few last messages that are served after the horizon would look like a collapse.
    fn shown_end(&self, end: Time) -> Time {
        let horizon = self.plan.scenario.horizon;
        let tail = end.since(horizon).as_secs_f64();
        if tail < 0.02 * horizon.as_secs_f64() {
            horizon
        } else {
            end
        }
    }

    /// How many buckets a picture shows as one.
    fn coarseness(&self) -> usize {
        match self.plan.scenario.kind {
            Kind::Steady => 8,
            Kind::Terminating => 1,
        }
    }

    /// What a reader must know before trusting a figure.
    fn notes(&self, metrics: &BTreeMap<Metric, Estimate>) -> Vec<String> {
        let scenario = self.plan.scenario;
        let mut notes = Vec::new();
        for (queue, why) in scenario.queues.iter().zip(&self.steadiness.refusals) {
            notes.extend(why.as_ref().map(|why| format!("{}: {why}", queue.name)));
        }
        let held_back = self.steadiness.held_back.iter().flatten();
        notes.extend(held_back.map(|why| format!("{END_TO_END}: {why}")));
        // Where nothing ever exceeds the capacity, a fluid would have nothing to show.
        let overloaded = scenario.queues.iter().zip(&self.plan.loads);
        for (queue, load) in overloaded.filter(|(_, load)| !load.saturated.is_empty()) {
            let unknown = load.unknown_to_fluid.into_iter();
            notes.extend(unknown.map(|what| {
                let name = &queue.name;
                format!("{name}: no fluid curve, since dL/dt = P − S knows no {what}")
            }));
        }
        notes.extend(self.dependent.clone());
        if self.records.len() == 1 && scenario.kind == Kind::Terminating {
            notes.push(
                "one single run: no figure has an interval; ask for more replications".to_owned(),
            );
        }
        for (index, queue) in scenario.queues.iter().enumerate() {
            let p99 = metrics.get(&Metric::new(
                &queue.name,
                Figure::Wait,
                Statistic::Quantile(990),
            ));
            if let Some(Estimate::Known { value, .. }) = p99 {
                notes.extend(burst::warning(
                    &self.plan,
                    index,
                    Span::from_secs_f64(*value),
                ));
            }
        }
        notes
    }

    fn audit(&self) -> Audit {
        let mut sum = Audit::default();
        for audit in self
            .records
            .iter()
            .flat_map(|record| record.queues.iter().map(|queue| queue.audit))
        {
            sum.area_ns += audit.area;
            sum.exited_ns += audit.exited;
            sum.remaining_ns += audit.remaining;
            sum.accepted += audit.accepted;
            sum.exits += audit.left;
            sum.remaining += audit.remain;
        }
        sum
    }

    /// This variant against the base, over the replications that both have.
    fn against(&self, base: &Self) -> Vec<Difference> {
        let (mut mine, mut theirs) = (self.figures(), base.figures());
        let common = mine.units.len().min(theirs.units.len());
        mine.units.truncate(common);
        theirs.units.truncate(common);
        estimate::differences(
            self.name,
            (&base.estimator(), &theirs),
            (&self.estimator(), &mine),
        )
    }
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
