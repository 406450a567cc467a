//! Replications in parallel: each is a run of the engine, determined by its number.

use super::plan::Plan;
use super::{StudyError, Watch};
use crate::engine::{self, SimulationError};
use crate::measure::{Probe, Record, Recorder};
use crate::queue::{Delivery, Effect, Levels, QueueId, Sink};
use crate::time::Time;
use crate::workload::Job;
use rayon::prelude::*;
use std::ops::Range;

/// Runs of one scenario, in the order of their numbers; fewer than asked for if they were interrupted.
pub(super) fn replicate(
    plan: &Plan<'_>,
    numbers: Range<u32>,
    watch: &dyn Watch,
) -> Result<(Vec<Record>, bool), StudyError> {
    let runs = numbers
        .into_par_iter()
        .map(|number| one(plan, number, watch))
        .collect::<Vec<_>>();
    let mut records = Vec::with_capacity(runs.len());
    let mut interrupted = false;
    for run in runs {
        match run {
            Ok(record) => records.push(record),
            // Only the first runs without a gap: which others were finished by then depends on threads, and on how
            // short they were.
            Err(SimulationError::Interrupted) => {
                interrupted = true;
                break;
            }
            Err(
                error @ (SimulationError::UsedUp { .. }
                | SimulationError::Stuck { .. }
                | SimulationError::TooMuch { .. }),
            ) => {
                return Err(error.into());
            }
        }
    }
    Ok((records, interrupted))
}

fn one(plan: &Plan<'_>, number: u32, watch: &dyn Watch) -> Result<Record, SimulationError> {
    let scenario = &plan.scenario;
    let mut probe = Watched {
        recorder: Recorder::new(&plan.setup),
        watch,
    };
    let totals = engine::simulate(scenario, scenario.seed, number, &mut probe)?;
    let record = probe
        .recorder
        .finish(totals.end, &totals.broker, &totals.media);
    watch.finished(totals.events);
    Ok(record)
}

/// A recorder whose run ends early when nobody wants it any more.
struct Watched<'a> {
    recorder: Recorder,
    watch: &'a dyn Watch,
}

impl Sink<Job> for Watched<'_> {
    // Each kind of effect is told from one place: there the match costs nothing, and a message 5 % less.
    #[inline(always)]
    fn effect(&mut self, now: Time, queue: QueueId, effect: &Effect<'_, Job>, levels: Levels) {
        self.recorder.effect(now, queue, effect, levels);
    }
}

impl Probe for Watched<'_> {
    #[inline]
    fn made(&mut self, now: Time, producer: usize) {
        self.recorder.made(now, producer);
    }

    fn held_back(&mut self, now: Time, producer: usize, held: u64, is_blocked: bool) {
        self.recorder.held_back(now, producer, held, is_blocked);
    }

    fn exited(&mut self, now: Time, job: &Job, exit: usize) {
        self.recorder.exited(now, job, exit);
    }

    #[inline(always)]
    fn started(&mut self, now: Time, pool: usize, delivery: &Delivery<Job>, begun_before: bool) {
        self.recorder.started(now, pool, delivery, begun_before);
    }

    fn remarked(&mut self, now: Time, delivery: &Delivery<Job>, again: bool, late: bool) {
        self.recorder.remarked(now, delivery, again, late);
    }

    fn requested(&mut self, now: Time, queue: QueueId, count: u64) {
        self.recorder.requested(now, queue, count);
    }

    fn abandoned(&mut self, now: Time, job: &Job) {
        self.recorder.abandoned(now, job);
    }

    #[inline]
    fn occupied(&mut self, now: Time, pool: usize, busy: u64, up: u64) {
        self.recorder.occupied(now, pool, busy, up);
    }

    #[inline(always)]
    fn ended(&mut self, now: Time, job: &Job, completed: bool) {
        self.recorder.ended(now, job, completed);
    }

    fn goes_on(&mut self, _events: u64) -> bool {
        !self.watch.is_stopped()
    }
}
