//! Which work was done again, and which in another order than that in which it was published.
//!
//! Nothing is kept where nothing of the kind can happen, or nobody asks for an order.

use super::draws::{Draws, Key};
use crate::queue::{Delivery, QueueId};
use crate::scenario::Scenario;
use crate::time::Time;
use crate::workload::{Distribution, Job, JobId};
use std::collections::BTreeMap;

/// What is remembered of work.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// By producer: what draws the keys of its messages, within which order counts.
    keys: Vec<Option<(Distribution, Key)>>,
    /// By queue and key: the last published message on which work has ended.
    latest: BTreeMap<(QueueId, u32, u64), u64>,
    /// By queue: whether work on a message may end more than once.
    repeats: Vec<bool>,
    /// By queue: see [`Self::hands_out`].
    hands_out: Vec<bool>,
    /// Messages that somebody holds, or on which work has ended and which are there still.
    open: BTreeMap<Work, Entry>,
}

/// A message in its queue.
type Work = (QueueId, JobId, Time);

#[derive(Clone, Copy, Debug, Default)]
struct Entry {
    /// Consumers that have it to work on, or slots that do.
    holders: u32,
    /// Work on it has ended before.
    is_done: bool,
    has_left: bool,
}

/// What is remarkable about work that has ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Remark {
    /// Work on this message had ended before.
    pub(super) again: bool,
    /// Work on a later message of the same key had ended before.
    pub(super) late: bool,
}

impl Ledger {
    pub(super) fn new(scenario: &Scenario, draws: Draws) -> Self {
        let key = |producer: &crate::scenario::Producer| {
            let law = producer.key.clone()?;
            Some((law, draws.key(&producer.name, "key")))
        };
        Self {
            keys: scenario.producers.iter().map(key).collect(),
            latest: BTreeMap::new(),
            repeats: (0..scenario.queues.len())
                .map(|queue| scenario.may_repeat(queue))
                .collect(),
            hands_out: (scenario.queues.iter())
                .map(|queue| queue.medium.is_topic() || queue.settings.is_sqs())
                .collect(),
            open: BTreeMap::new(),
        }
    }

    /// Whether a message of a queue may be another's, and even be gone, before work on it begins or ends.
    pub(super) fn hands_out(&self, queue: QueueId) -> bool {
        self.hands_out[queue.index()]
    }

    /// Whether anything could ever be remarkable.
    pub(super) fn is_kept(&self) -> bool {
        self.keys.iter().any(Option::is_some) || self.repeats.contains(&true)
    }

    /// The key of a message: the same whenever it is asked for. `None` where its producer gives none.
    pub(super) fn key_of(&self, job: &Job) -> Option<u64> {
        let (law, key) = self.keys[job.producer as usize].as_ref()?;
        let drawn = law.sample(job.root, &mut key.at(job.root, 0));
        Some(drawn.map_or(0, |key| (key + 0.5) as u64))
    }

    /// A consumer that asked for messages has one more to work on.
    pub(super) fn hold(&mut self, delivery: &Delivery<Job>) {
        self.open.entry(work(delivery)).or_default().holders += 1;
    }

    /// It will not work on it after all.
    pub(super) fn let_go(&mut self, delivery: &Delivery<Job>) {
        self.close(delivery, false);
    }

    /// Work on a message begins.
    pub(super) fn begin(&mut self, delivery: &Delivery<Job>) {
        let queue = delivery.queue.index();
        if self.repeats[queue] && !self.hands_out[queue] {
            self.open.entry(work(delivery)).or_default().holders += 1;
        }
    }

    /// Work on a message has ended, in success (`is_done`) or not.
    pub(super) fn end(&mut self, delivery: &Delivery<Job>, is_done: bool) -> Remark {
        let again = self.repeats[delivery.queue.index()] && self.close(delivery, is_done);
        let late = is_done && !again && self.is_late(delivery);
        Remark { again, late }
    }

    /// A message has left its queue.
    pub(super) fn left(&mut self, queue: QueueId, job: &Job, enqueued: Time) {
        let id = (queue, job.id(), enqueued);
        if let Some(entry) = self.open.get_mut(&id) {
            entry.has_left = true;
            if entry.holders == 0 {
                self.open.remove(&id);
            }
        }
    }

    /// Whether this ends it once more.
    fn close(&mut self, delivery: &Delivery<Job>, is_done: bool) -> bool {
        let id = work(delivery);
        let Some(entry) = self.open.get_mut(&id) else {
            return false;
        };
        let again = is_done && entry.is_done;
        entry.is_done |= is_done;
        entry.holders -= 1;
        if entry.holders == 0 && entry.has_left {
            self.open.remove(&id);
        }
        again
    }

    fn is_late(&mut self, delivery: &Delivery<Job>) -> bool {
        let Job { root, producer, .. } = delivery.body;
        let Some(key) = self.key_of(&delivery.body) else {
            return false;
        };
        let latest = self
            .latest
            .entry((delivery.queue, producer, key))
            .or_insert(root);
        let late = root < *latest;
        *latest = root.max(*latest);
        late
    }
}

fn work(delivery: &Delivery<Job>) -> Work {
    (delivery.queue, delivery.body.id(), delivery.enqueued)
}
