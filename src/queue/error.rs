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
    /// Its consumers pull, and this one is not to.
    #[error("{0:?} is a queue of SQS: its consumers pull")]
    OnlyPulled(QueueId),
    /// Its consumers do not pull, and this one is to, or does.
    #[error("{0:?} is no queue of SQS: nobody pulls from it")]
    NotPulled(QueueId),
    /// A FIFO queue of SQS takes nothing without a group (`FIFO-queues-understanding-logic`).
    #[error("a FIFO queue, {0:?}, takes no message without a group: give one")]
    NoGroup(QueueId),
    /// So many messages are in flight that nobody is given another (`OverLimit` of `API_ReceiveMessage`).
    #[error("too much is in flight in {0:?}: delete what was received")]
    OverLimit(QueueId),
    /// What was received by this receipt is visible again, or was received since (`MessageNotInflight` of
    /// `API_ChangeMessageVisibility`).
    #[error("what has tag {0} is no longer in flight by it")]
    NotInFlight(u64),
    /// It would be invisible for more than 12 hours since it was received (`API_ChangeMessageVisibility`).
    #[error("what has tag {0} cannot be invisible for more than 12 hours since it was received")]
    InvisibleForTooLong(u64),
    /// A queue of SQS and its dead letter queue are both standard or both FIFO (`sqs-dead-letter-queues`).
    #[error("dead letters of one of these queues would go to {0:?}, which is of another kind")]
    OtherKind(QueueId),
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
    /// [`super::SqsSettings`]
    #[error("only queues of SQS have a visibility timeout and what goes with it: leave sqs out")]
    OnlyOfSqs,
    /// `quotas-queues`: "the number of messages that an Amazon SQS queue can store is unlimited".
    #[error("a queue of SQS is never full: leave max_length, max_length_bytes and overflow out")]
    SqsLength,
    /// SQS has no priorities.
    #[error("a queue of SQS has no priorities: leave max_priority out, or use several queues")]
    SqsMaxPriority,
    /// SQS does not know its consumers.
    #[error("a queue of SQS serves whoever asks: use one message group for a single consumer")]
    SqsSingleActiveConsumer,
    /// `sqs-visibility-timeout`
    #[error("a queue of SQS has a visibility timeout instead of a consumer timeout")]
    SqsConsumerTimeout,
    /// `API_ChangeMessageVisibility`
    #[error("a queue of SQS delays what its consumer says: leave delayed_retry out")]
    SqsDelayedRetry,
    /// `sqs-dead-letter-queues`
    #[error("a queue of SQS counts receives: use max_receive_count instead of delivery_limit")]
    SqsDeliveryLimit,
    /// `sqs-dead-letter-queues`
    #[error("a queue of SQS moves what was received too often to a queue: use dead_letter")]
    SqsDeadLetterExchange,
    /// `sqs-dead-letter-queues`
    #[error(
        "a queue of SQS moves what was received too often at once: leave dead_letter_strategy out"
    )]
    SqsDeadLetterStrategy,
    /// `API_DeleteQueue`
    #[error(
        "a queue of SQS stays until it is deleted: leave auto_delete, expires, owner and transient out"
    )]
    SqsLife,
    /// `sqs-visibility-timeout`
    #[error("a visibility timeout is 12 hours at most")]
    SqsVisibilityTimeout,
    /// `sqs-delay-queues`
    #[error("a delay is 15 minutes at most")]
    SqsDelay,
    /// `quotas-queues`
    #[error("nothing could be received: give an in_flight_limit of 1 or more")]
    SqsInFlightLimit,
    /// `sqs-dead-letter-queues`
    #[error("a message may be received 1 to 1000 times: give such a max_receive_count")]
    SqsMaxReceiveCount,
    /// `sqs-dead-letter-queues`
    #[error(
        "what was received too often goes nowhere: give a dead_letter, or leave max_receive_count out"
    )]
    SqsMaxReceiveCountToNowhere,
}
