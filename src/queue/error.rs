//! What cannot be: errors name what happened, and leave the broker as it was.

use super::channel::ChannelId;
use super::connection::ConnectionId;
use super::consumer::ConsumerId;
use super::exchange::ExchangeId;
use super::settings::QueueId;

/// What a client asked for cannot be: it named something that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueueError {
    /// No such queue was declared.
    #[error("no queue {0:?}: declare it first")]
    UnknownQueue(QueueId),
    /// The channel was never opened, or is closed.
    #[error("no open channel {0:?}")]
    UnknownChannel(ChannelId),
    /// The consumer was never there, or is cancelled.
    #[error("no consumer {0:?}")]
    UnknownConsumer(ConsumerId),
    /// Nothing with this tag waits to be settled on the channel: it never was, or was settled before.
    #[error("no unsettled delivery with tag {0}")]
    UnknownTag(u64),
    /// No such exchange was declared, or it is deleted.
    #[error("no exchange {0:?}: declare it first")]
    UnknownExchange(ExchangeId),
    /// The default exchange is as it is: every queue is bound to it by its name, and nothing else is.
    #[error("the default exchange can be neither declared, bound nor deleted")]
    DefaultExchange,
    /// Something is bound to it.
    #[error("{0:?} has bindings")]
    ExchangeInUse(ExchangeId),
    /// One of this name is there, and its settings differ.
    #[error("{0:?} is there, with other settings")]
    OtherExchange(ExchangeId),
    /// One of this name is there, and its settings differ.
    #[error("{0:?} is there, with other settings")]
    OtherQueue(QueueId),
    /// Names that begin with `amq.` are the broker's own.
    #[error("names that begin with amq. are the broker's own")]
    ReservedName,
    /// The connection was never opened, or is closed.
    #[error("no open connection {0:?}")]
    UnknownConnection(ConnectionId),
    /// Memory is short and the connection publishes: nothing is read from it until that is over.
    #[error("{0:?} is blocked: memory is short")]
    Blocked(ConnectionId),
    /// The queue is there for another connection alone.
    #[error("{0:?} is another connection's")]
    Locked(QueueId),
    /// The queue has consumers: nobody can be the only one, and it is not deleted if it is to be unused.
    #[error("{0:?} has consumers")]
    InUse(QueueId),
    /// The queue has ready messages, so it is not deleted if it is to be empty.
    #[error("{0:?} has ready messages")]
    NotEmpty(QueueId),
    /// Another consumer has the queue for itself.
    #[error("{0:?} has an exclusive consumer")]
    ExclusivelyConsumed(QueueId),
    /// `docs/consumers#single-active-consumer`
    #[error("{0:?} serves a single active consumer: none may be exclusive")]
    ExclusiveOfSingleActive(QueueId),
    /// `docs/quorum-queues#global-qos`
    #[error(
        "quorum queue {0:?} has no consumers on a channel with a limit of its own: give the consumer a prefetch"
    )]
    SharedPrefetch(QueueId),
    /// A queue cannot be like this.
    #[error(transparent)]
    Settings(#[from] SettingsError),
}

/// Why a queue cannot be like this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// `docs/quorum-queues#feature-matrix`
    #[error("a quorum queue has no reject-publish-dlx: use reject-publish")]
    QuorumRejectPublishDlx,
    /// `docs/quorum-queues#priorities`
    #[error(
        "quorum queues of 3.10 have no priorities: leave max_priority out, or use a classic queue"
    )]
    QuorumMaxPriority,
    /// `docs/quorum-queues#feature-matrix`
    #[error("a quorum queue is durable")]
    QuorumTransient,
    /// `docs/quorum-queues#feature-matrix`
    #[error("a quorum queue cannot be exclusive: use a classic queue")]
    QuorumExclusive,
    /// rabbit_quorum_queue
    #[error(
        "a quorum queue cannot be deleted with its last consumer: use a classic queue, or expires"
    )]
    QuorumAutoDelete,
    /// `docs/quorum-queues#consumer-timeout`
    #[error(
        "only quorum queues of 4.3 have a consumer timeout of their own: give it to the broker"
    )]
    ConsumerTimeout,
    /// `docs/quorum-queues#delayed-retry`
    #[error(
        "only quorum queues of 4.3 delay what comes back: leave delayed_retry out, or use a wait queue"
    )]
    DelayedRetry,
    /// `docs/ttl#queue-ttl`
    #[error("a queue expires after some time: give more than 0")]
    ExpiresAtOnce,
    /// A queue and an exchange, of which one is the dead letters' destination.
    #[error("dead letters go to a queue or to an exchange: leave one of them out")]
    TwoDeadLetterDestinations,
    /// `docs/quorum-queues#activating-at-least-once-dead-lettering`
    #[error("only quorum queues dead-letter at least once: leave dead_letter_strategy out")]
    AtLeastOnceOfClassic,
    /// `docs/quorum-queues#limitations`: there it falls back to at most once without a word.
    #[error("who dead-letters at least once may not drop its head: use reject-publish")]
    AtLeastOnceAndOverflow,
    /// `docs/quorum-queues#activating-at-least-once-dead-lettering`
    #[error("dead letters go nowhere: give a dead letter queue or exchange")]
    AtLeastOnceToNowhere,
    /// `docs/queues#durability`; a queue that is exclusive may be transient.
    #[error("4.3 refuses a transient queue that is not exclusive: make it durable")]
    Transient,
}
