//! The recorder of a whole run: who listens to the core and to the consumers.

use super::latency::{Latency, PackedLatency};
use super::pool::{PoolRecord, PoolRecorder};
use super::queue::{QueueRecord, QueueRecorder};
use crate::queue::{Broker, Delivery, Effect, Levels, QueueId, Sink};
use crate::time::{Span, Time};
use crate::workload::Job;
use std::sync::Arc;

/// Who listens to a run: to the core's effects, and to what consumers do.
pub trait Probe: Sink<Job> {
    /// A consumer of `pool` began to work on `delivery`.
    fn started(&mut self, now: Time, pool: usize, delivery: &Delivery<Job>);

    /// From now on, `busy` slots of `pool` are at work, and `up` consumers are there.
    fn occupied(&mut self, now: Time, pool: usize, busy: u64, up: u64);

    /// A message has come to its end: all that was to be done with it is done, or it is lost, or a part of it is.
    fn ended(&mut self, now: Time, job: &Job, completed: bool);

    /// Asked now and then with the number of events so far: whether the run is still wanted.
    fn goes_on(&mut self, _events: u64) -> bool {
        true
    }
}

/// What a recorder must know beforehand.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Where segments end, rising; the last is the horizon. What comes after is a segment of its own.
    pub cuts: Arc<[Time]>,
    /// Width of a bucket at first.
    pub bucket_width: Span,
    /// For each queue, when its last overload ends.
    pub drain_from: Vec<Option<Time>>,
    /// For each queue, whether somebody consumes from it.
    pub consumed: Vec<bool>,
    /// How many pools there are.
    pub pools: usize,
}

/// All that was recorded of one run.
#[derive(Clone, Debug)]
pub struct Record {
    /// When the run ended.
    pub end: Time,
    /// By queue.
    pub queues: Vec<QueueRecord>,
    /// By pool.
    pub pools: Vec<PoolRecord>,
    /// By segment of first publish: end of the last that came of a message − its first publish.
    pub end_to_end: Vec<PackedLatency>,
    /// By segment of first publish: messages that are never completed, neither here nor in a dead letter queue.
    pub lost: Vec<u64>,
}

/// Records a run.
#[derive(Clone, Debug)]
pub struct Recorder {
    queues: Vec<QueueRecorder>,
    pools: Vec<PoolRecorder>,
    cuts: Arc<[Time]>,
    end_to_end: Vec<Latency>,
    lost: Vec<u64>,
    /// By queue: somebody consumes from it.
    consumed: Vec<bool>,
}

impl Recorder {
    /// Nothing recorded yet.
    pub fn new(setup: &Setup) -> Self {
        Self {
            queues: setup
                .drain_from
                .iter()
                .map(|from| QueueRecorder::new(setup, *from))
                .collect(),
            pools: (0..setup.pools).map(|_| PoolRecorder::new(setup)).collect(),
            cuts: Arc::clone(&setup.cuts),
            end_to_end: vec![Latency::default(); setup.cuts.len() + 1],
            lost: vec![0; setup.cuts.len() + 1],
            consumed: setup.consumed.clone(),
        }
    }

    /// The run ended with `broker` as it stands.
    ///
    /// # Panics
    /// Where the audit of a queue does not close: messages or time were lost, which is an error of the program.
    pub fn finish(mut self, end: Time, broker: &Broker<Job>) -> Record {
        let unconsumed = (0..)
            .map(QueueId)
            .zip(&self.consumed)
            .filter(|(_, consumed)| !**consumed);
        for (message, ..) in unconsumed.flat_map(|(id, _)| broker.messages(id)) {
            self.lost[segment_of(&self.cuts, message.body.born)] += 1;
        }
        let numbered = (0..).map(QueueId).zip(self.queues);
        let queues = numbered.map(|(id, queue)| {
            let record = queue.finish(
                end,
                broker.messages(id).map(|(message, ..)| message.enqueued),
            );
            assert!(
                record.audit.closes(),
                "the books of {id:?} do not close: {:?}",
                record.audit
            );
            record
        });
        Record {
            end,
            queues: queues.collect(),
            pools: self
                .pools
                .into_iter()
                .map(|pool| pool.finish(end))
                .collect(),
            end_to_end: self.end_to_end.iter().map(Latency::pack).collect(),
            lost: self.lost,
        }
    }
}

/// The segment that an instant lies in. Mostly it is the last before the horizon, which is the longest: a search from
/// the end is short.
fn segment_of(cuts: &[Time], instant: Time) -> usize {
    cuts.iter()
        .rposition(|cut| *cut <= instant)
        .map_or(0, |cut| cut + 1)
}

impl Sink<Job> for Recorder {
    // Each kind of effect is told from one place: there the match costs nothing, and a message 5 % less.
    #[inline(always)]
    fn effect(&mut self, now: Time, queue: QueueId, effect: &Effect<'_, Job>, levels: Levels) {
        self.queues[queue.index()].effect(now, effect, levels);
    }
}

impl Probe for Recorder {
    #[inline(always)]
    fn started(&mut self, now: Time, pool: usize, delivery: &Delivery<Job>) {
        let Job {
            retries, duplicate, ..
        } = delivery.body;
        let again = delivery.redelivered || delivery.deaths > 0 || retries > 0 || duplicate;
        self.pools[pool].started(now, !again);
        if !delivery.redelivered {
            self.queues[delivery.queue.index()].started(now, delivery.enqueued);
        }
    }

    #[inline]
    fn occupied(&mut self, now: Time, pool: usize, busy: u64, up: u64) {
        self.pools[pool].occupied(now, busy, up);
    }

    #[inline(always)]
    fn ended(&mut self, now: Time, job: &Job, completed: bool) {
        let segment = segment_of(&self.cuts, job.born);
        if completed {
            self.end_to_end[segment].record(now - job.born);
        } else {
            self.lost[segment] += 1;
        }
    }
}
