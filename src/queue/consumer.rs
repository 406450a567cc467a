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
}

impl Consumer {
    pub(super) fn has_room(&self) -> bool {
        self.auto_ack || self.prefetch == 0 || self.unacked < self.prefetch
    }
}

/// Consumers of a queue that have room, in the order in which they will be served: who is served goes to the end, who
/// is full leaves, who has room again joins at the end. So RabbitMQ does it (rabbit_queue_consumers).
#[derive(Clone, Debug, Default)]
pub(super) struct Turns(VecDeque<ConsumerId>);

impl Turns {
    pub(super) fn next(&self) -> Option<ConsumerId> {
        self.0.front().copied()
    }

    pub(super) fn join(&mut self, consumer: ConsumerId) {
        debug_assert!(
            !self.0.contains(&consumer) || self.0.len() > 64,
            "{consumer:?} stands twice"
        );
        self.0.push_back(consumer);
    }

    /// The first was served.
    pub(super) fn advance(&mut self, still_has_room: bool) {
        if let Some(served) = self.0.pop_front()
            && still_has_room
        {
            self.0.push_back(served);
        }
    }

    pub(super) fn leave(&mut self, consumer: ConsumerId) {
        self.0.retain(|other| *other != consumer);
    }
}
