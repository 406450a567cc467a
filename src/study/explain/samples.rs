//! What the runs say that no recorder keeps: how much is in a queue in given instants, and how evenly messages come.

use super::counted::{Gaps, Windows};
use crate::engine::{self, SimulationError};
use crate::measure::Probe;
use crate::queue::{Delivery, Effect, Levels, QueueId, Sink};
use crate::study::plan::Plan;
use crate::study::{StudyError, Watch};
use crate::time::{Span, Time};
use crate::workload::Job;
use rayon::prelude::*;

/// Windows in which arrivals are counted.
pub(super) const SCALES: [Span; 3] = [
    Span::from_secs(1),
    Span::from_secs(60),
    Span::from_secs(3_600),
];

/// Of all replications.
#[derive(Clone, Debug)]
pub(super) struct Samples {
    instants: Vec<Time>,
    /// By queue and instant, the levels of each replication.
    levels: Vec<Vec<Vec<f64>>>,
    /// By queue, of each replication.
    pub(super) arrivals: Vec<Vec<Arrived>>,
    /// When the last of the runs ends.
    pub(super) end: Time,
}

/// The messages that came to a queue in one replication.
#[derive(Clone, Debug)]
pub(super) struct Arrived {
    pub(super) gaps: Gaps,
    pub(super) windows: Vec<Windows>,
}

impl Samples {
    pub(super) fn levels(&self, queue: usize, at: Time) -> Option<&[f64]> {
        let instant = self.instants.binary_search(&at).ok()?;
        Some(&self.levels[queue][instant])
    }
}

/// Runs the replications that the figures rest on once more.
pub(super) fn take(
    plan: &Plan<'_>,
    replications: u32,
    warmup: Time,
    instants: &[Time],
    watch: &dyn Watch,
) -> Result<Samples, StudyError> {
    let one = |number| {
        let mut sampler = Sampler::new(plan, warmup, instants, watch);
        let scenario = &plan.scenario;
        let totals = engine::simulate(scenario, scenario.seed, number, &mut sampler)?;
        sampler.pass(Time::NEVER);
        Ok((sampler, totals.end))
    };
    let runs: Vec<Result<_, SimulationError>> =
        (0..replications).into_par_iter().map(one).collect();
    let queues = plan.scenario.queues.len();
    let mut samples = Samples {
        instants: instants.to_vec(),
        levels: vec![vec![Vec::new(); instants.len()]; queues],
        arrivals: vec![Vec::new(); queues],
        end: Time::ZERO,
    };
    for run in runs {
        let (sampler, end) = match run {
            Ok(run) => run,
            Err(SimulationError::Interrupted) => return Err(StudyError::Unexplained),
            Err(error) => return Err(error.into()),
        };
        samples.end = samples.end.max(end);
        for (queue, heard) in sampler.queues.into_iter().enumerate() {
            let seen = samples.levels[queue].iter_mut().zip(heard.seen);
            seen.for_each(|(levels, level)| levels.push(level));
            samples.arrivals[queue].push(heard.arrived);
        }
    }
    Ok(samples)
}

struct Sampler<'a> {
    from: Time,
    to: Time,
    instants: &'a [Time],
    /// How many of them are over.
    over: usize,
    queues: Vec<Heard>,
    watch: &'a dyn Watch,
}

/// Of one queue.
struct Heard {
    level: f64,
    seen: Vec<f64>,
    arrived: Arrived,
}

impl<'a> Sampler<'a> {
    fn new(plan: &Plan<'_>, from: Time, instants: &'a [Time], watch: &'a dyn Watch) -> Self {
        let to = plan.scenario.horizon;
        let heard = || Heard {
            level: 0.0,
            seen: Vec::new(),
            arrived: Arrived {
                gaps: Gaps::default(),
                windows: SCALES.map(|width| Windows::new(width, from, to)).into(),
            },
        };
        Self {
            from,
            to,
            instants,
            over: 0,
            queues: plan.scenario.queues.iter().map(|_| heard()).collect(),
            watch,
        }
    }

    /// All that happens before `now` has happened.
    fn pass(&mut self, now: Time) {
        while self.instants.get(self.over).is_some_and(|at| *at < now) {
            self.over += 1;
            let queues = self.queues.iter_mut();
            queues.for_each(|queue| queue.seen.push(queue.level));
        }
    }
}

impl Sink<Job> for Sampler<'_> {
    fn effect(&mut self, now: Time, queue: QueueId, effect: &Effect<'_, Job>, levels: Levels) {
        self.pass(now);
        let queue = &mut self.queues[queue.index()];
        queue.level = levels.total() as f64;
        let comes = matches!(effect, Effect::Accepted { .. } | Effect::Refused { .. });
        if comes && self.from <= now && now < self.to {
            queue.arrived.gaps.add(now);
            let windows = queue.arrived.windows.iter_mut();
            windows.for_each(|windows| windows.add(now));
        }
    }
}

impl Probe for Sampler<'_> {
    fn started(&mut self, _: Time, _: usize, _: &Delivery<Job>, _: bool) {}

    fn ended(&mut self, _: Time, _: &Job, _: bool) {}

    fn occupied(&mut self, _: Time, _: usize, _: u64, _: u64) {}

    fn goes_on(&mut self, _: u64) -> bool {
        !self.watch.is_stopped()
    }
}
