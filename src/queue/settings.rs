//! The rules of one queue, in the broker's own words.

use super::broker::BrokerSettings;
use super::connection::ConnectionId;
use super::rules::{self, Return};
use crate::time::Span;
use std::sync::Arc;

/// Whose rules hold where versions differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// RabbitMQ 3.10, as measured on 3.10.8.
    #[default]
    Rabbitmq310,
    /// RabbitMQ 4.3, as its pages say.
    Rabbitmq43,
}

/// How a queue keeps its messages. Of RabbitMQ's (`docs/queues`) the simulated difference is in what comes back and how
/// often; of those of SQS, consumers pull.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QueueKind {
    /// What comes back takes its old place.
    #[default]
    Classic,
    /// Replicated: counts what comes back, and keeps no old places (`docs/quorum-queues`).
    Quorum,
    /// A standard queue of SQS (`standard-queues`). Its order is "best effort"; here it is that of publishes.
    Sqs,
    /// A FIFO queue of SQS (`sqs-fifo-queues`): in order within each message group. What is published twice is not told
    /// apart: there are no deduplication ids.
    SqsFifo,
}

/// The attributes of a queue of SQS (`API_SetQueueAttributes`); in any other queue they are as by default. How long a
/// message is retained is [`QueueSettings::message_ttl`], and where it goes that was received too often
/// [`QueueSettings::dead_letter`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SqsSettings {
    /// How long nobody else sees what was received, if it is not deleted: `VisibilityTimeout`, 0 to 12 hours.
    pub visibility_timeout: Span,
    /// How long nobody sees what was published: `DelaySeconds`, 0 to 15 minutes.
    pub delay: Span,
    /// Most messages in flight, of which SQS says "approximately" (`quotas-queues`, `quotas-fifo`).
    pub in_flight_limit: u64,
    /// How often a message may be received; who would receive it once more does not, and it goes to the dead letter
    /// queue. 1 to 1000; `None` is SQS's default where there is such a queue: [`Self::MAX_RECEIVE_COUNT`]. Where there
    /// is none, or it is not there, a message may be received for ever.
    pub max_receive_count: Option<u32>,
}

impl SqsSettings {
    /// The longest [`Self::visibility_timeout`], and the longest that one receive may hide a message in all.
    pub const LONGEST_VISIBILITY_TIMEOUT: Span = Span::from_secs(12 * 3600);
    /// The longest [`Self::delay`].
    pub const LONGEST_DELAY: Span = Span::from_secs(15 * 60);
    /// What [`Self::max_receive_count`] is where it is left out (`API_CreateQueue`).
    pub const MAX_RECEIVE_COUNT: u32 = 10;
}

impl Default for SqsSettings {
    /// SQS's own.
    fn default() -> Self {
        Self {
            visibility_timeout: Span::from_secs(30),
            delay: Span::ZERO,
            in_flight_limit: 120_000,
            max_receive_count: None,
        }
    }
}

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

/// Where in the line a message that is too old leaves. In a queue of SQS always at its deadline, if it is visible then;
/// else as soon as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Expiry {
    /// Only once it stands at the head, as in RabbitMQ.
    #[default]
    Head,
    /// At its deadline, wherever it stands.
    Deadline,
}

/// Which of the messages that come back wait before they are ready again (`docs/quorum-queues#delayed-retry`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retried {
    /// All.
    All,
    /// Those whose return counts to the delivery limit: by `basic.reject`, or with their channel.
    Failed,
    /// Those whose return does not: by `basic.nack`, or taken back as overdue.
    Returned,
}

/// How long messages wait that come back to a quorum queue of 4.3 (`docs/quorum-queues#delayed-retry`): so many times
/// `min` as the delivery count says, once at least and never more than `max`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DelayedRetry {
    /// Which wait.
    pub of: Retried,
    /// After the first return, and after one that is not counted.
    pub min: Span,
    /// `None` is no limit.
    pub max: Option<Span>,
}

/// How sure it is that a dead letter arrives (`docs/quorum-queues#dead-lettering`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DeadLetterStrategy {
    /// It leaves its queue when it dies, and is lost if where it goes it is refused or there is no way.
    #[default]
    AtMostOnce,
    /// Its queue keeps it until all queues to which it goes have accepted it.
    AtLeastOnce,
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
    /// How it keeps its messages.
    pub kind: QueueKind,
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
    /// The queue to which messages go that leave without an ack: short for the default exchange and the queue's name.
    pub dead_letter: Option<QueueId>,
    /// The exchange to which they go, instead of a queue (`docs/dlx`).
    pub dead_letter_exchange: Option<DeadLetterExchange>,
    /// How sure it is that they arrive: at least once in quorum queues only, which must refuse rather than drop then.
    pub dead_letter_strategy: DeadLetterStrategy,
    /// How often a message may come back; one return more and it leaves for good. `None` is the default of the kind and
    /// the profile: none, but 20 in a quorum queue of 4.3; [`Self::NO_DELIVERY_LIMIT`] is none in any.
    ///
    /// RabbitMQ has it in quorum queues only; here a classic queue may have one too, and keeps its old places.
    pub delivery_limit: Option<u32>,
    /// Whether what comes back waits for a while: in quorum queues of 4.3 only.
    pub delayed_retry: Option<DelayedRetry>,
    /// Highest priority level; 0 is a queue without priorities. A message above it is capped.
    ///
    /// Of classic queues: quorum queues have no levels in 3.10, and always 32 in 4.3, which ignores this.
    pub max_priority: u8,
    /// One consumer alone is served while it is there; the others wait to take its place
    /// (`docs/consumers#single-active-consumer`).
    pub single_active_consumer: bool,
    /// How long a delivery may be unsettled, instead of what the broker says: in quorum queues of 4.3 only.
    pub consumer_timeout: Option<Span>,
    /// It goes when its last consumer ends, however that ends; never if none ever came.
    pub auto_delete: bool,
    /// It goes when it was not used for so long: without a consumer, a get, or being declared again
    /// (`docs/ttl#queue-ttl`), of which the last is no use of a quorum queue.
    pub expires: Option<Span>,
    /// It is there for this connection alone, and goes with it (`docs/queues#exclusive-queues`).
    pub owner: Option<ConnectionId>,
    /// Gone with the broker rather than durable. Nothing in a run depends on it, but not every queue may be it.
    pub transient: bool,
    /// Of a queue of SQS.
    pub sqs: SqsSettings,
}

/// Where dead letters are published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetterExchange {
    /// Its name, empty for the default one. While it is not there, dead letters are dropped.
    pub name: String,
    /// By what they are routed; `None` is by the keys that they were published with.
    pub routing_key: Option<Arc<str>>,
}

impl QueueSettings {
    /// What RabbitMQ writes as `x-delivery-limit = -1`.
    pub const NO_DELIVERY_LIMIT: u32 = u32::MAX;

    /// Whether it is a queue of SQS.
    pub const fn is_sqs(&self) -> bool {
        matches!(self.kind, QueueKind::Sqs | QueueKind::SqsFifo)
    }

    /// How long a delivery may be unsettled in a broker: what [`Self::consumer_timeout`] and the broker's come to;
    /// `None` is for ever.
    pub fn ack_timeout(&self, broker: &BrokerSettings) -> Option<Span> {
        match (self.kind, broker.profile) {
            (QueueKind::Classic | QueueKind::Quorum, Profile::Rabbitmq310) => {
                broker.consumer_timeout
            }
            (QueueKind::Quorum, Profile::Rabbitmq43) => {
                self.consumer_timeout.or(broker.consumer_timeout)
            }
            (QueueKind::Classic, Profile::Rabbitmq43)
            | (QueueKind::Sqs | QueueKind::SqsFifo, _) => None,
        }
    }

    /// How often a message may come back: what [`Self::delivery_limit`] comes to in this profile; `None` is no limit.
    pub fn limit_of_deliveries(&self, profile: Profile) -> Option<u32> {
        let default_limit = match (self.kind, profile) {
            (QueueKind::Classic | QueueKind::Sqs | QueueKind::SqsFifo, _)
            | (QueueKind::Quorum, Profile::Rabbitmq310) => None,
            (QueueKind::Quorum, Profile::Rabbitmq43) => Some(20),
        };
        let limit = self.delivery_limit.or(default_limit);
        limit.filter(|most| *most != Self::NO_DELIVERY_LIMIT)
    }

    /// How often a message may be received from a queue of SQS; `None` is no limit.
    pub fn limit_of_receives(&self) -> Option<u32> {
        let most = self.sqs.max_receive_count;
        let most = most.unwrap_or(SqsSettings::MAX_RECEIVE_COUNT);
        self.dead_letter.map(|_| most)
    }

    /// How often a message may come back by `basic.nack`, which not every queue counts; `None` is no limit.
    pub fn limit_of_nacks(&self, profile: Profile) -> Option<u32> {
        let limit = self.limit_of_deliveries(profile);
        limit.filter(|_| rules::counts(self.kind, profile, Return::Nack))
    }

    /// Whether a newcomer of a higher priority takes the single active consumer's place, once that has settled what it
    /// holds; else who came first stays.
    pub fn yields_to_priority(&self, profile: Profile) -> bool {
        rules::yields_to_priority(self.kind, profile)
    }

    /// The highest level of priority that there is in it.
    pub fn highest_priority(&self, profile: Profile) -> u8 {
        match (self.kind, profile) {
            (QueueKind::Classic, _) => self.max_priority,
            (QueueKind::Sqs | QueueKind::SqsFifo, _)
            | (QueueKind::Quorum, Profile::Rabbitmq310) => 0,
            (QueueKind::Quorum, Profile::Rabbitmq43) => 31,
        }
    }
}
