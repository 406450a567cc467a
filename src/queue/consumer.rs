//! Consumers, and whose turn it is.

use super::channel::ChannelId;
use super::settings::QueueId;
use std::collections::VecDeque;

/// Names a consumer until it is cancelled; the name is used again then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConsumerId(pub u32);

/// A consumer of one queue.
#[derive(Clone, Debug)]
pub(super) struct Consumer {
    pub(super) channel: ChannelId,
    pub(super) queue: QueueId,
    /// Most unacked messages; 0 is no limit.
    pub(super) prefetch: u32,
    pub(super) auto_ack: bool,
    pub(super) unacked: u32,
    pub(super) priority: i32,
    /// Of one that pulls: how many messages it last asked for. It has a prefetch of 1, and counts as holding one while
    /// it waits for no answer.
    pub(super) asked: Option<u32>,
    /// Its own prefetch is not all that it waits for: its channel has a limit too, or one consumer alone is served.
    pub(super) waits_for_others: bool,
}

impl Consumer {
    pub(super) fn has_room(&self) -> bool {
        self.auto_ack || self.prefetch == 0 || self.unacked < self.prefetch
    }
}

/// Consumers of a queue that may be served, in the order in which they will be: who is served goes to the end, who is
/// full leaves, who has room again joins at the end; each among those of its priority, the highest first. So RabbitMQ
/// does it (rabbit_queue_consumers, `docs/consumer-priority`).
#[derive(Clone, Debug, Default)]
pub(super) struct Turns(VecDeque<Turn>);

#[derive(Clone, Copy, Debug)]
struct Turn {
    consumer: ConsumerId,
    priority: i32,
}

impl Turns {
    pub(super) fn next(&self) -> Option<ConsumerId> {
        self.0.front().map(|turn| turn.consumer)
    }

    pub(super) fn join(&mut self, consumer: ConsumerId, priority: i32) {
        let is_there = |turn: &Turn| turn.consumer == consumer;
        debug_assert!(
            !self.0.iter().any(is_there) || self.0.len() > 64,
            "{consumer:?} stands twice"
        );
        self.push(Turn { consumer, priority });
    }

    /// The first was served.
    #[inline]
    pub(super) fn advance(&mut self, still_has_room: bool) {
        if still_has_room && self.0.len() == 1 {
            return;
        }
        if let Some(served) = self.0.pop_front()
            && still_has_room
        {
            self.push(served);
        }
    }

    pub(super) fn leave(&mut self, consumer: ConsumerId) {
        self.0.retain(|turn| turn.consumer != consumer);
    }

    #[inline]
    fn push(&mut self, turn: Turn) {
        let outranks = |last: &Turn| last.priority < turn.priority;
        if self.0.back().is_some_and(outranks) {
            self.push_forward(turn);
        } else {
            self.0.push_back(turn);
        }
    }

    #[cold]
    fn push_forward(&mut self, turn: Turn) {
        let place = self
            .0
            .partition_point(|other| other.priority >= turn.priority);
        self.0.insert(place, turn);
    }
}
