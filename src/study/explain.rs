//! What drives the answer of a scenario: load, capacity, overload, bursts, hoarding, losses; and which answer to trust.
//!
//! Facts, in SI units; `report` puts them into words. Each follows from the file, and is exact, or comes from a few
//! replications that are run for it, and has an interval; or it is not there. [`story`] tells the first messages one by
//! one.

mod bursts;
mod counted;
mod hoarding;
mod load;
mod losses;
mod overload;
mod samples;
mod shorten;
pub mod story;
#[cfg(test)]
pub(super) mod tests;
mod trust;

pub use bursts::{BurstState, Bursts, Dispersion, Measure, Origin};
pub use hoarding::{Compared, Hoarding};
pub use load::{CapacityStep, OfferedLoad, PoolLoad};
pub use losses::{ATTEMPTS_MATTER, Attempts, Loss, Losses};
pub use overload::{Drain, Overload, Peak, Stretch};
pub use trust::{Answered, Ground, Reference, Trust};

use super::estimate::ONE_RUN;
use super::outcome::{Estimate, Outcome, Run};
use super::plan::Plan;
use super::{Reader, StudyError, Watch};
use crate::scenario::{Figure, Kind, Metric, Pool, Scenario, ScenarioSet, Statistic};
use crate::time::{Span, Time};
use shorten::Shortened;
use std::borrow::Cow;

/// All that is said of a scenario.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The scenario's name: the stem of its file.
    pub scenario: String,
    /// Its title.
    pub title: String,
    /// What it asks.
    pub question: Option<String>,
    /// One line that says what it is of.
    pub parameters: String,
    /// Long-run figures, or what happens in a given stretch.
    pub kind: Kind,
    /// Seed of all draws.
    pub seed: u64,
    /// Confidence level of every interval.
    pub level: f64,
    /// Variants of the file, of which nothing is said.
    pub variants: usize,
    /// What was run for it; `None` where that would take too long.
    pub effort: Option<Effort>,
    /// Messages to be expected in one run.
    pub messages_a_run: f64,
    /// Of all queues together, in Erlang; `None` where the file does not give the rate of one that is consumed.
    pub offered_load: Option<f64>,
    /// Messages that all consumers of all queues work on at once.
    pub slots: f64,
    /// Every queue, in the order of the file.
    pub queues: Vec<QueueExplained>,
    /// What the runs say of the whole, in sentences: bottlenecks, what never recovers.
    pub findings: Vec<String>,
    /// What a reader must know before trusting a figure, in sentences.
    pub notes: Vec<String>,
}

/// The runs that figures come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// How many.
    pub replications: u32,
    /// End of the measured stretch.
    pub horizon: Time,
    /// The horizon of the file, if that was cut.
    pub cut_from: Option<Time>,
    /// Start of the measured stretch.
    pub warmup: Time,
}

/// What is said of one queue.
#[derive(Clone, Debug)]
pub struct QueueExplained {
    /// Its name.
    pub queue: String,
    /// What it is: `classic`, `kafka`.
    pub kind: &'static str,
    /// Whether anybody consumes from it.
    pub is_consumed: bool,
    /// What is offered to it, against what its consumers can do on average.
    pub load: OfferedLoad,
    /// C(t) from 0 to the horizon, cut where it changes; empty without consumers, or where they take no time.
    pub capacity: Vec<CapacityStep>,
    /// Where more is offered than can be served, and what comes of it.
    pub overload: Overload,
    /// How unevenly messages come, and how unequal their work is.
    pub bursts: Bursts,
    /// Figures of the runs by which all this is felt.
    pub simulated: Simulated,
    /// Of each pool, what its consumers hold beyond what they work on.
    pub hoarding: Vec<Hoarding>,
    /// What limits, expiry and rejection remove, and how much work is done twice.
    pub losses: Losses,
    /// Which answer to trust, and why.
    pub trust: Trust,
}

/// Figures of the runs; `None` where nothing was run.
#[derive(Clone, Debug, Default)]
pub struct Simulated {
    /// Accepted, per second.
    pub accepted: Option<Estimate>,
    /// Mean wait, in seconds.
    pub wait_mean: Option<Estimate>,
    /// p99 of the wait, in seconds.
    pub wait_p99: Option<Estimate>,
    /// Share of time that each pool's slots are busy, by its name.
    pub busy: Vec<(String, Estimate)>,
    /// Share of messages that wait at all.
    pub p_wait: Option<Estimate>,
    /// Mean time until first delivery, in seconds.
    pub delivery_wait_mean: Option<Estimate>,
    /// Most messages ready, mean over the runs.
    pub ready_max: Option<Estimate>,
}

/// Explains the base scenario of a file, from the file and from a few runs of it.
///
/// `replications`: how many, instead of as many as take a few seconds.
///
/// # Errors
/// Where a run cannot go on, or where the study was interrupted too early to say anything.
pub fn explain(
    set: &ScenarioSet,
    replications: Option<u32>,
    watch: &dyn Watch,
) -> Result<Explanation, StudyError> {
    let scenario = &set.base;
    let shortened = shorten::shorten(scenario, replications);
    let ran = match &shortened {
        Some(shortened) => Some(ran(set, shortened, watch)?),
        None => None,
    };
    let explained = Explained {
        scenario,
        plan: Plan::new(Cow::Borrowed(scenario), 2),
        ran: ran.as_ref(),
    };
    let queues = 0..scenario.queues.len();
    let queues: Vec<_> = queues.map(|queue| explained.queue(queue)).collect();
    let consumed = || queues.iter().filter(|queue| queue.is_consumed);
    let loads = consumed().map(|queue| queue.load.erlang);
    let run = explained.run();
    Ok(Explanation {
        scenario: set.name.clone(),
        title: scenario.title.clone(),
        question: scenario.question.clone(),
        parameters: scenario.parameters(),
        kind: scenario.kind,
        seed: scenario.seed,
        level: scenario.level,
        variants: set.variants.len(),
        effort: explained.effort(shortened.as_ref()),
        messages_a_run: shorten::messages(scenario),
        offered_load: loads.sum(),
        slots: consumed().map(|queue| queue.load.slots).sum(),
        findings: run.map_or_else(Vec::new, |run| run.findings.clone()),
        notes: run.map_or_else(Vec::new, |run| run.notes.clone()),
        queues,
    })
}

/// What was run.
struct Runs {
    outcome: Outcome,
    /// The queue's levels and arrivals, of each replication.
    samples: samples::Samples,
}

fn ran(set: &ScenarioSet, shortened: &Shortened, watch: &dyn Watch) -> Result<Runs, StudyError> {
    let scenario = &shortened.scenario;
    let mut variants = Vec::new();
    variants
        .extend(hoarding::without(scenario).map(|variant| (hoarding::WITHOUT.to_owned(), variant)));
    let set = ScenarioSet {
        base: scenario.clone(),
        variants,
        ..set.clone()
    };
    let outcome = super::run_for(Reader::OfExplanation, &set, watch)?;
    let warmup = outcome.runs.first().map_or(Time::ZERO, |run| run.warmup);
    let replications = outcome.runs.first().map_or(0, |run| run.replications);
    let plan = Plan::new(Cow::Borrowed(scenario), replications);
    let instants = overload::instants(&plan);
    Ok(Runs {
        samples: samples::take(&plan, replications, warmup, &instants, watch)?,
        outcome,
    })
}

/// A scenario, what follows from its file, and what its runs say.
struct Explained<'a> {
    scenario: &'a Scenario,
    /// Of the scenario as the file has it.
    plan: Plan<'a>,
    ran: Option<&'a Runs>,
}

impl Explained<'_> {
    fn run(&self) -> Option<&Run> {
        self.ran.and_then(|ran| ran.outcome.runs.first())
    }

    /// A figure of the runs.
    fn figure(&self, component: &str, figure: Figure, statistic: Statistic) -> Option<Estimate> {
        let metric = Metric::new(component, figure, statistic);
        self.run()?.metrics.get(&metric).cloned()
    }

    fn effort(&self, shortened: Option<&Shortened>) -> Option<Effort> {
        let run = self.run()?;
        let horizon = self.scenario.horizon;
        let cut = shortened.is_some_and(|shortened| shortened.scenario.horizon < horizon);
        Some(Effort {
            replications: run.replications,
            horizon: run.horizon,
            cut_from: cut.then_some(horizon),
            warmup: run.warmup,
        })
    }

    fn queue(&self, queue: usize) -> QueueExplained {
        let name = &self.scenario.queues[queue].name;
        let load = load::offered_load(&self.plan, queue);
        let overload = overload::overload(self, queue);
        QueueExplained {
            queue: name.clone(),
            kind: self.scenario.kind_of(queue),
            is_consumed: self.scenario.pools_of(queue).next().is_some(),
            capacity: load::capacity(&self.plan, queue),
            bursts: bursts::bursts(self, queue),
            simulated: self.simulated(queue),
            hoarding: hoarding::hoarding(self, queue),
            losses: losses::losses(self, queue),
            trust: trust::trust(self, queue, &load, &overload),
            load,
            overload,
        }
    }

    fn simulated(&self, queue: usize) -> Simulated {
        let name = &self.scenario.queues[queue].name;
        let figure = |figure, statistic| self.figure(name, figure, statistic);
        let busy = |pool: &Pool| {
            let busy = self.figure(&pool.name, Figure::Utilisation, Statistic::Value)?;
            Some((pool.name.clone(), busy))
        };
        Simulated {
            busy: (self.scenario.pools_of(queue)).filter_map(busy).collect(),
            accepted: figure(Figure::Accepted, Statistic::Rate),
            wait_mean: figure(Figure::Wait, Statistic::Mean),
            wait_p99: figure(Figure::Wait, Statistic::Quantile(990)),
            p_wait: figure(Figure::PWait, Statistic::Value),
            delivery_wait_mean: figure(Figure::DeliveryWait, Statistic::Mean),
            ready_max: figure(Figure::Ready, Statistic::Max),
        }
    }
}

/// The mean of one number of each replication, with its interval; `None` without any.
fn mean_of(values: &[f64], level: f64) -> Option<Estimate> {
    let count = values.len();
    let interval = super::statistics::mean_interval(values, level);
    (count > 0).then(|| Estimate::Known {
        value: values.iter().sum::<f64>() / count as f64,
        interval: interval.map(|interval| (interval.low, interval.high)),
        no_interval: interval.is_none().then_some(ONE_RUN),
        runs: None,
    })
}

/// From one instant to a later one, in seconds.
fn seconds(from: Time, to: Time) -> f64 {
    Span::as_secs_f64(to.since(from))
}
