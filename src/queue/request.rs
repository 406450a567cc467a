//! What clients hand in, and what they are handed.

use super::channel::ChannelId;
use super::consumer::ConsumerId;
use super::settings::QueueId;
use crate::time::{Span, Time};

/// Messages of one group come out of a FIFO queue of SQS in order, and never two receives at once have some of them
/// (`FIFO-queues-understanding-logic`). SQS names groups by texts, which the caller numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageGroup(pub u32);

/// What a producer hands in.
#[derive(Clone, Debug)]
pub struct Publication<B> {
    /// What the message carries.
    pub body: B,
    /// Size of the body in bytes.
    pub bytes: u32,
    /// Priority asked for; the queue caps it at its highest level. None is 0, but 4 in a quorum queue of 4.3.
    pub priority: Option<u8>,
    /// The message's own time to live; the smaller of this and the queue's wins. SQS knows only the queue's.
    pub ttl: Option<Span>,
    /// Without which no FIFO queue of SQS takes it. All other queues ignore it; in a standard queue of SQS it stands
    /// for fairness among tenants (`sqs-fair-queues`), which is not modelled.
    pub group: Option<MessageGroup>,
}

impl<B> Publication<B> {
    /// A message of no size, no priority, no time to live of its own and no group.
    pub const fn of(body: B) -> Self {
        Self {
            body,
            bytes: 0,
            priority: None,
            ttl: None,
            group: None,
        }
    }
}

/// What a consumer asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Most messages held unacked; 0 is no limit.
    pub prefetch: u32,
    /// Messages are settled at delivery; no prefetch matters then.
    pub auto_ack: bool,
    /// Served before consumers of a lower one that have room too (`docs/consumer-priority`).
    pub priority: i32,
    /// To be the only consumer of the queue; quorum queues ignore it (`docs/consumers#exclusivity`).
    pub exclusive: bool,
    /// It is served only what it asks for ([`super::Broker::receive`]): as all are of queues of SQS, and none of
    /// others. Nothing else that is said here matters then.
    pub pulls: bool,
}

impl Subscription {
    /// With manual acks.
    pub const fn prefetch(prefetch: u32) -> Self {
        Self {
            prefetch,
            auto_ack: false,
            priority: 0,
            exclusive: false,
            pulls: false,
        }
    }

    /// Of a queue of SQS.
    pub const fn pull() -> Self {
        Self {
            pulls: true,
            ..Self::prefetch(0)
        }
    }

    /// With automatic acks.
    pub const fn auto_ack() -> Self {
        Self {
            auto_ack: true,
            ..Self::prefetch(0)
        }
    }
}

/// A message on its way to a consumer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery<B> {
    /// The channel to settle it on.
    pub channel: ChannelId,
    /// Who gets it; `None` for a `get`, or if the consumer was cancelled before this was polled.
    pub consumer: Option<ConsumerId>,
    /// From where.
    pub queue: QueueId,
    /// What to settle it by, counted from 1 on each channel.
    pub tag: u64,
    /// When it was published to this queue.
    pub enqueued: Time,
    /// It was delivered from this queue before.
    pub redelivered: bool,
    /// How often it came back before.
    pub returns: u32,
    /// How many of these count to the delivery limit: what `x-delivery-count` says.
    pub delivery_count: u32,
    /// How often it was dead-lettered from this very queue before: what comes round through a wait queue is another
    /// attempt.
    pub deaths: u32,
    /// Size of the body in bytes.
    pub bytes: u32,
    /// As it was published.
    pub priority: Option<u8>,
    /// What it carries.
    pub body: B,
}
