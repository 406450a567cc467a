//! The rules of one queue, in the broker's own words.

use crate::time::Span;

/// What a queue does with a publish that finds it full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overflow {
    /// Drop, or dead-letter, from the head until the limit holds again.
    #[default]
    DropHead,
    /// Refuse the newcomer.
    RejectPublish,
    /// Refuse the newcomer, and dead-letter it.
    RejectPublishDlx,
}

/// Where in the line a message that is too old leaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Expiry {
    /// Only once it stands at the head, as in RabbitMQ.
    #[default]
    Head,
    /// At its deadline, wherever it stands.
    Deadline,
}

/// Names a queue of one broker, in the order of declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QueueId(pub u32);

impl QueueId {
    /// Its index among the broker's queues.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// The rules of one queue. Lengths count *ready* messages only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueueSettings {
    /// Most ready messages; `None` is no limit.
    pub max_length: Option<u64>,
    /// Most bytes of ready messages (bodies only); `None` is no limit.
    pub max_length_bytes: Option<u64>,
    /// What happens at either limit.
    pub overflow: Overflow,
    /// How long a message may wait, from its publish; not restarted by a requeue.
    pub message_ttl: Option<Span>,
    /// Where an old message leaves.
    pub expiry: Expiry,
    /// Where messages go that leave without an ack.
    pub dead_letter: Option<QueueId>,
    /// How often a message may come back; one return more and it leaves for good. `None` is no limit.
    pub delivery_limit: Option<u32>,
    /// Highest priority level; 0 is a queue without priorities. A message above it is capped.
    pub max_priority: u8,
}
