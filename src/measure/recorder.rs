//! The recorder of a whole run: who listens to the core and to the consumers.

use super::pool::{PoolRecord, PoolRecorder};
use super::producer::{ExitFigures, ProducerFigures, ProducerRecorder, segment_of};
use super::queue::{QueueRecord, QueueRecorder};
use crate::queue::{Broker, Delivery, Effect, Levels, Media, QueueId, Sink};
use crate::time::{Span, Time};
use crate::workload::Job;
use std::sync::Arc;

/// Who listens to a run: to the core's effects, and to what consumers do.
pub trait Probe: Sink<Job> {
    /// A producer has made a message, and publishes it now or when it may.
    fn made(&mut self, _now: Time, _producer: usize) {}

    /// From now on a producer holds back so many messages, and may publish or not. Told when it may have changed.
    fn held_back(&mut self, _now: Time, _producer: usize, _held: u64, _is_blocked: bool) {}

    /// A message leaves by an exit, which is named by its index.
    fn exited(&mut self, _now: Time, _job: &Job, _exit: usize) {}

    /// A consumer of `pool`, the how-manieth of it by `rank` from 0, is handed `delivery`; that may have to wait there,
    /// or to come over a link.
    #[inline(always)]
    fn handed(&mut self, _now: Time, _pool: usize, _rank: u32, _delivery: &Delivery<Job>) {}

    /// A consumer of `pool` began to work on `delivery`, on which work was begun before in its queue or not.
    fn started(&mut self, now: Time, pool: usize, delivery: &Delivery<Job>, begun_before: bool);

    /// Work on `delivery` has come to an end: it `is_done`, or it has failed, or its consumer has died.
    #[inline(always)]
    fn worked(&mut self, _now: Time, _delivery: &Delivery<Job>, _is_done: bool) {}

    /// Work on `delivery` has ended `again` though it had ended before, or `late`, after work on a later message of the
    /// same key.
    fn remarked(&mut self, _now: Time, _delivery: &Delivery<Job>, _again: bool, _late: bool) {}

    /// Consumers of a queue of SQS have asked so often, be it for messages or for more time.
    fn requested(&mut self, _now: Time, _queue: QueueId, _count: u64) {}

    /// A message is lost with the consumer that held it, since the broker has forgotten it at delivery; told before
    /// it ends.
    fn abandoned(&mut self, _now: Time, _job: &Job) {}

    /// From now on, `busy` slots of `pool` are at work, and `up` consumers are there.
    fn occupied(&mut self, now: Time, pool: usize, busy: u64, up: u64);

    /// A message has come to its end: all that was to be done with it is done, or it is lost, or a part of it is.
    fn ended(&mut self, now: Time, job: &Job, completed: bool);

    /// Asked now and then with the number of events so far: whether the run is still wanted.
    fn goes_on(&mut self, _events: u64) -> bool {
        true
    }
}

/// What of a queue waits, and is gone when it has drained.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Waits {
    /// What is ready.
    #[default]
    Ready,
    /// What nobody has begun to work on: consumers that poll hold much of it.
    Unbegun,
    /// All: nobody works on what is there.
    Total,
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
    /// For each queue that is a topic its partitions, for others 0; empty where there is no topic.
    pub partitions: Vec<u32>,
    /// For each queue, what counts as waiting when it drains; [`Waits::Ready`] where it is not given.
    pub waits: Vec<Waits>,
    /// How many pools there are.
    pub pools: usize,
    /// How many producers there are.
    pub producers: usize,
    /// How many exits there are.
    pub exits: usize,
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
    /// By producer and segment.
    pub producers: Vec<Vec<ProducerFigures>>,
    /// By exit and segment.
    pub exits: Vec<Vec<ExitFigures>>,
}

/// Records a run.
#[derive(Clone, Debug)]
pub struct Recorder {
    queues: Vec<QueueRecorder>,
    pools: Vec<PoolRecorder>,
    producers: Vec<ProducerRecorder>,
    exits: Vec<Vec<ExitFigures>>,
    cuts: Arc<[Time]>,
}

impl Recorder {
    /// Nothing recorded yet.
    pub fn new(setup: &Setup) -> Self {
        Self {
            queues: (0..setup.drain_from.len())
                .map(|queue| QueueRecorder::new(setup, queue))
                .collect(),
            pools: (0..setup.pools).map(|_| PoolRecorder::new(setup)).collect(),
            producers: vec![ProducerRecorder::new(setup); setup.producers],
            exits: vec![vec![ExitFigures::default(); setup.cuts.len() + 1]; setup.exits],
            cuts: Arc::clone(&setup.cuts),
        }
    }

    /// The run ended with `broker`, and what is beside it, as they stand.
    ///
    /// # Panics
    /// Where the audit of a queue does not close: messages or time were lost, which is an error of the program.
    pub fn finish(self, end: Time, broker: &Broker<Job>, media: &Media<Job>) -> Record {
        let numbered = (0..).map(QueueId).zip(self.queues);
        let queues = numbered.map(|(id, queue)| {
            let here = broker.messages(id).map(|(message, ..)| message.enqueued);
            let beside = media.messages(id).into_iter();
            let remaining = here.chain(beside.map(|message| message.enqueued));
            let record = queue.finish(end, remaining);
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
            producers: (self.producers.into_iter())
                .map(|producer| producer.finish(end))
                .collect(),
            exits: self.exits,
        }
    }
}

impl Sink<Job> for Recorder {
    // Each kind of effect is told from one place: there the match costs nothing, and a message 5 % less.
    #[inline(always)]
    fn effect(&mut self, now: Time, queue: QueueId, effect: &Effect<'_, Job>, levels: Levels) {
        self.queues[queue.index()].effect(now, effect, levels);
    }
}

impl Probe for Recorder {
    #[inline]
    fn made(&mut self, now: Time, producer: usize) {
        self.producers[producer].made(now);
    }

    fn held_back(&mut self, now: Time, producer: usize, held: u64, is_blocked: bool) {
        self.producers[producer].held_back(now, held, is_blocked);
    }

    fn exited(&mut self, now: Time, job: &Job, exit: usize) {
        self.exits[exit][segment_of(&self.cuts, now)].events += 1;
        self.exits[exit][segment_of(&self.cuts, job.born)].cohort += 1;
    }

    #[inline(always)]
    fn started(&mut self, now: Time, pool: usize, delivery: &Delivery<Job>, begun_before: bool) {
        let Job {
            retries,
            duplicate,
            path,
            producer,
            born,
            ..
        } = delivery.body;
        let again = begun_before || delivery.deaths > 0 || retries > 0 || duplicate;
        self.pools[pool].started(now, !again);
        if !again && path == 0 {
            self.producers[producer as usize].started(now, born);
        }
        if !begun_before {
            self.queues[delivery.queue.index()].started(now, delivery.enqueued);
        }
    }

    fn remarked(&mut self, now: Time, delivery: &Delivery<Job>, again: bool, late: bool) {
        self.queues[delivery.queue.index()].remarked(now, delivery.enqueued, again, late);
    }

    fn requested(&mut self, now: Time, queue: QueueId, count: u64) {
        self.queues[queue.index()].requested(now, count);
    }

    fn abandoned(&mut self, _: Time, job: &Job) {
        self.producers[job.producer as usize].abandoned(job.born);
    }

    #[inline]
    fn occupied(&mut self, now: Time, pool: usize, busy: u64, up: u64) {
        self.pools[pool].occupied(now, busy, up);
    }

    #[inline(always)]
    fn ended(&mut self, now: Time, job: &Job, completed: bool) {
        self.producers[job.producer as usize].ended(now, job.born, completed);
    }
}
