//! What happens in a queue, as one ordered stream. Measurement, conservation and tracing all read it; nobody else keeps
//! books.

use super::channel::ChannelId;
use super::connection::ConnectionId;
use super::consumer::ConsumerId;
use super::death::Reason;
use super::message::Message;
use super::route::Route;
use super::settings::QueueId;
use crate::time::Time;

/// How a message left its queue; each leaves by exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exit {
    /// Settled by an ack, or at delivery to a consumer that acks automatically.
    Acked,
    /// Its time to live ended before it was delivered.
    Expired,
    /// Dropped from the head of a queue that was too long.
    Dropped,
    /// nack or reject without requeue.
    ConsumerRejected,
    /// Came back more often than the delivery limit allows, as its queue counts; or would have been received more often
    /// than [`super::SqsSettings::max_receive_count`].
    DeliveryLimited,
    /// The queue was purged, or went, and its messages with it.
    Purged,
    /// It stood with a peer that went (a pipe of ZeroMQ), or was on its way there.
    PeerLost,
}

impl Exit {
    /// All exits, in the order in which books are kept.
    pub const ALL: [Self; 7] = [
        Self::Acked,
        Self::Expired,
        Self::Dropped,
        Self::ConsumerRejected,
        Self::DeliveryLimited,
        Self::Purged,
        Self::PeerLost,
    ];

    /// The reason under which such a message is dead-lettered; `None` if it never is.
    pub const fn reason(self) -> Option<Reason> {
        match self {
            Self::Expired => Some(Reason::Expired),
            Self::Dropped => Some(Reason::MaxLen),
            Self::ConsumerRejected => Some(Reason::Rejected),
            Self::DeliveryLimited => Some(Reason::DeliveryLimit),
            Self::Acked | Self::Purged | Self::PeerLost => None,
        }
    }
}

/// Where a message stood when it left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stood {
    /// In the line; of SQS also what a receipt deletes whose time is over.
    Ready,
    /// With a consumer, waiting after it came back from one, or kept after it died.
    Unacked,
}

/// One thing that happened to one message.
#[derive(Clone, Copy, Debug)]
pub enum Effect<'a, B> {
    /// It was turned away; it never was a message of the queue.
    Refused {
        /// What was to be published.
        body: &'a B,
        /// Where it went instead (`reject-publish-dlx`).
        dead_lettered_to: &'a [QueueId],
        /// It is a dead letter that its queue keeps and sends again ([`super::DeadLetterStrategy::AtLeastOnce`]), so it
        /// is not lost.
        is_kept: bool,
    },
    /// It entered the queue, ready; or unacked, if a queue of SQS delays it ([`super::SqsSettings::delay`]).
    Accepted {
        /// As it stands in the queue.
        message: &'a Message<B>,
    },
    /// Ready → unacked; with automatic acks [`Effect::Left`] follows at once.
    Delivered {
        /// Its delivery count includes this one.
        message: &'a Message<B>,
        /// To whom; `None` for a `get`.
        consumer: Option<ConsumerId>,
    },
    /// Unacked → ready; in a classic queue at its original position, in a quorum queue perhaps a while after it came
    /// back ([`super::DelayedRetry`]). In a queue of SQS: it is visible again, or for the first time after its delay.
    Returned {
        /// Its count of returns includes this one, but for a delay.
        message: &'a Message<B>,
    },
    /// It died, and is kept until it has arrived ([`super::DeadLetterStrategy::AtLeastOnce`]): ready → unacked, if it
    /// was ready. [`Effect::Left`] follows when it has.
    Withheld {
        /// With this death in its history.
        message: &'a Message<B>,
        /// How it died, and will leave.
        exit: Exit,
    },
    /// It is kept, as not all queues to which it goes have accepted it, but some now get a copy.
    Copied {
        /// As it is kept.
        message: &'a Message<B>,
        /// Which. Its arrival there follows, as an effect of its own.
        to: &'a [QueueId],
    },
    /// It left the queue.
    Left {
        /// As it last stood.
        message: &'a Message<B>,
        /// How.
        exit: Exit,
        /// From where.
        stood: Stood,
        /// Where it goes on to, a copy to each. Its arrival there is an effect of its own, which may be a refusal.
        dead_lettered_to: &'a [QueueId],
        /// To how many of them, the first, it went before ([`Effect::Copied`]).
        copied: usize,
    },
}

/// What happens in a broker and to no message in a queue.
#[derive(Clone, Copy, Debug)]
pub enum Notice<'a, B> {
    /// What was published to an exchange found no queue.
    Unroutable {
        /// How it was addressed.
        route: &'a Route,
        /// What was to be published.
        body: &'a B,
        /// It goes back to the publisher (`basic.return`), rather than being dropped.
        mandatory: bool,
    },
    /// The broker ended a consumer (`basic.cancel` to the client, `docs/consumer-cancel`).
    ConsumerCancelled {
        /// On which channel it was, and what it holds still is.
        channel: ChannelId,
        /// Which; the name is used again.
        consumer: ConsumerId,
        /// Of which queue.
        queue: QueueId,
    },
    /// The broker is about to close a channel, on which something was not settled for long (406 PRECONDITION_FAILED).
    ChannelClosed {
        /// Which; the name is used again.
        channel: ChannelId,
    },
    /// Memory is short (`docs/memory`), or no longer is.
    Alarm {
        /// It is.
        is_on: bool,
    },
    /// A connection published while memory was short: nothing is read from it any more, acks included
    /// (`connection.blocked`, `docs/connection-blocked`).
    Blocked {
        /// Which.
        connection: ConnectionId,
    },
    /// Memory is no longer short, and a connection is read from again.
    Unblocked {
        /// Which.
        connection: ConnectionId,
    },
    /// What was published on a channel with publisher confirms is with all queues to which it leads, or leads to none;
    /// else one has turned it away (`basic.ack` and `basic.nack`, `docs/confirms`).
    Confirmed {
        /// On which channel.
        channel: ChannelId,
        /// The how-manieth message of it, from 1.
        sequence: u64,
        /// An ack, rather than a nack.
        is_ack: bool,
    },
    /// The members of a group are to share its partitions anew (a log of Kafka).
    Rebalancing {
        /// The group.
        queue: QueueId,
    },
    /// The members of a group have shared its partitions anew.
    Rebalanced {
        /// The group.
        queue: QueueId,
    },
    /// A queue is no more; its messages have left before.
    QueueGone {
        /// Which.
        queue: QueueId,
        /// Why.
        why: Gone,
    },
}

/// Why a queue went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// Somebody asked for it.
    Deleted,
    /// Its last consumer ended.
    AutoDeleted,
    /// Nobody used it for long.
    Expired,
    /// The connection whose it was is closed.
    WithItsOwner,
}

/// How much is in a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Levels {
    /// Waiting in the line.
    pub ready: u64,
    /// Delivered and not yet settled, back and not yet ready again ([`super::DelayedRetry`]), or dead and not yet
    /// arrived ([`super::DeadLetterStrategy::AtLeastOnce`]); of SQS in flight or delayed.
    pub unacked: u64,
    /// When the oldest of both was published here; [`Time::NEVER`] in an empty queue.
    pub oldest: Time,
}

impl Levels {
    /// Of an empty queue.
    pub const EMPTY: Self = Self {
        ready: 0,
        unacked: 0,
        oldest: Time::NEVER,
    };

    /// ready + unacked.
    pub const fn total(self) -> u64 {
        self.ready + self.unacked
    }
}

/// Where the broker tells what happens, in order.
pub trait Sink<B> {
    /// `effect` happened in `queue` at `now`; `levels` are those after it.
    fn effect(&mut self, now: Time, queue: QueueId, effect: &Effect<'_, B>, levels: Levels);

    /// `notice` happened at `now`; whoever measures queues need not know.
    fn notice(&mut self, _now: Time, _notice: &Notice<'_, B>) {}
}

/// Nobody listens.
impl<B> Sink<B> for () {
    fn effect(&mut self, _: Time, _: QueueId, _: &Effect<'_, B>, _: Levels) {}
}
