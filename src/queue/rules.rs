//! What its kind and the broker's profile make of a queue.

use super::broker::BrokerSettings;
use super::death::Reason;
use super::effect::Exit;
use super::settings::{
    DeadLetterStrategy, DelayedRetry, Expiry, Profile, QueueKind, QueueSettings, Retried,
};
use crate::time::Span;

/// Why a message comes back to its queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Return {
    /// `basic.nack`
    Nack,
    /// `basic.reject`
    Reject,
    /// Its channel closed.
    Failure,
    /// It was not settled for long, and its queue took it back.
    Overdue,
}

/// Where in the line a message goes that comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReturnTo {
    OldPlace,
    Tail,
    /// Ahead of all levels, in the order of return.
    Front,
}

/// The rules of a queue that its kind and the broker's profile decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rules {
    pub(super) delivery_limit: Option<u32>,
    /// The level of a message that has no priority.
    unmarked: u8,
    pub(super) highest: u8,
    /// How long a delivery may be unsettled.
    pub(super) patience: Option<Span>,
    retry: Option<DelayedRetry>,
    /// What dies stays until it has arrived.
    pub(super) keeps_dead_letters: bool,
    /// How often a message may be received, while the dead letter queue is there.
    pub(super) most_receives: Option<u32>,
    /// Consumers are served what they ask for, and hold it for a time.
    pub(super) is_pulled: bool,
    pub(super) expiry: Expiry,
    kind: QueueKind,
    profile: Profile,
}

impl Rules {
    pub(super) fn of(settings: &QueueSettings, broker: &BrokerSettings) -> Self {
        let (kind, profile) = (settings.kind, broker.profile);
        let unmarked = match (kind, profile) {
            (QueueKind::Quorum, Profile::Rabbitmq43) => 4,
            (QueueKind::Quorum, Profile::Rabbitmq310)
            | (QueueKind::Classic | QueueKind::Sqs | QueueKind::SqsFifo, _) => 0,
        };
        let is_pulled = is_of_sqs(kind);
        Self {
            delivery_limit: settings.limit_of_deliveries(profile),
            unmarked,
            highest: settings.highest_priority(profile),
            patience: settings.ack_timeout(broker),
            retry: settings.delayed_retry,
            keeps_dead_letters: settings.dead_letter_strategy == DeadLetterStrategy::AtLeastOnce,
            most_receives: settings.limit_of_receives().filter(|_| is_pulled),
            is_pulled,
            expiry: match is_pulled {
                true => Expiry::Deadline,
                false => settings.expiry,
            },
            kind,
            profile,
        }
    }

    /// The level on which a message of this priority waits.
    pub(super) fn level(&self, priority: Option<u8>) -> u8 {
        priority.unwrap_or(self.unmarked).min(self.highest)
    }

    pub(super) fn is_quorum(&self) -> bool {
        self.kind == QueueKind::Quorum
    }

    /// Whether a consumer may be the only one if it asks for that (`docs/consumers#exclusivity`).
    pub(super) fn has_exclusive_consumers(&self) -> bool {
        self.kind == QueueKind::Classic
    }

    /// Whether messages are in order within their group alone, and must have one (`FIFO-queues-understanding-logic`).
    pub(super) fn has_groups(&self) -> bool {
        self.kind == QueueKind::SqsFifo
    }

    /// Whether what was received is deleted by its receipt though it is visible again. In a FIFO queue SQS says that
    /// the receipt has expired (`sqs-receipt-handle-error` of the knowledge center).
    pub(super) fn honours_late_receipts(&self) -> bool {
        self.kind == QueueKind::Sqs
    }

    /// Whether retention counts from when a message was first published, before it was moved here; else from its move
    /// (`setting-up-dead-letter-queue-retention`).
    pub(super) fn retains_from_the_first(&self) -> bool {
        self.kind == QueueKind::Sqs
    }

    /// Whether a purge takes what consumers hold too (`API_PurgeQueue`: "including in-flight messages").
    pub(super) fn purges_all(&self) -> bool {
        self.is_pulled
    }

    /// Whether one who finds too much in flight is told so, rather than given nothing; only one who does not wait
    /// (`quotas-queues`, `quotas-fifo`).
    pub(super) fn tells_of_the_in_flight_limit(&self) -> bool {
        self.kind == QueueKind::Sqs
    }

    /// Whether what has come to a queue in a circle without a rejection is dropped (`docs/dlx`). In SQS every way to a
    /// dead letter queue has receives on it.
    pub(super) fn cuts_cycles(&self) -> bool {
        !self.is_pulled
    }

    /// The reason under which what leaves so is dead-lettered; `None` if it never is. SQS moves only what was received
    /// too often (`sqs-dead-letter-queues`); what is too old it deletes.
    pub(super) fn reason(&self, exit: Exit) -> Option<Reason> {
        let is_moved = |_: &Reason| !self.is_pulled || exit == Exit::DeliveryLimited;
        exit.reason().filter(is_moved)
    }

    /// Whether of the consumers that wait to be the active one, a higher priority goes before who came first.
    pub(super) fn ranks_successors(&self) -> bool {
        match (self.kind, self.profile) {
            (QueueKind::Classic | QueueKind::Sqs | QueueKind::SqsFifo, _)
            | (QueueKind::Quorum, Profile::Rabbitmq43) => true,
            (QueueKind::Quorum, Profile::Rabbitmq310) => false,
        }
    }

    /// Whether a newcomer of a higher priority takes the active consumer's place, once that has settled what it holds.
    pub(super) fn yields_to_priority(&self) -> bool {
        yields_to_priority(self.kind, self.profile)
    }

    /// Whether there is a line for what comes back, ahead of all levels.
    pub(super) fn has_front(&self) -> bool {
        self.is_quorum()
    }

    /// Whether it adds to the delivery count.
    pub(super) fn counts(&self, why: Return) -> bool {
        counts(self.kind, self.profile, why)
    }

    /// How long a message waits that comes back now, before it is ready: its delivery count has this return in it. What
    /// never counted waits as after the first that does.
    pub(super) fn delay(&self, why: Return, delivery_count: u32) -> Span {
        let Some(retry) = self.retry else {
            return Span::ZERO;
        };
        let waits = match retry.of {
            Retried::All => true,
            Retried::Failed => self.counts(why),
            Retried::Returned => !self.counts(why),
        };
        if !waits {
            return Span::ZERO;
        }
        let times = u64::from(delivery_count.max(1));
        let delay = Span::from_nanos(retry.min.as_nanos().saturating_mul(times));
        retry.max.map_or(delay, |most| delay.min(most))
    }

    /// 3.10 writes what a client gives back anew, unless it must keep count of it (rabbit_fifo).
    pub(super) fn return_to(&self, why: Return) -> ReturnTo {
        match (self.kind, self.profile) {
            (QueueKind::Classic | QueueKind::Sqs | QueueKind::SqsFifo, _) => ReturnTo::OldPlace,
            (QueueKind::Quorum, Profile::Rabbitmq310)
                if self.delivery_limit.is_none() && why != Return::Failure =>
            {
                ReturnTo::Tail
            }
            (QueueKind::Quorum, _) => ReturnTo::Front,
        }
    }
}

/// RabbitMQ has nothing to do with it.
pub(super) fn is_of_sqs(kind: QueueKind) -> bool {
    match kind {
        QueueKind::Classic | QueueKind::Quorum => false,
        QueueKind::Sqs | QueueKind::SqsFifo => true,
    }
}

/// Whether dead letters of a queue of one kind may go to one of another: those of SQS only to one of their own
/// (`sqs-dead-letter-queues`: "the dead-letter queue of a FIFO queue must also be a FIFO queue").
pub(super) fn may_move(from: QueueKind, to: QueueKind) -> bool {
    from == to || !is_of_sqs(from) && !is_of_sqs(to)
}

/// `docs/quorum-queues#feature-matrix`
pub(super) fn yields_to_priority(kind: QueueKind, profile: Profile) -> bool {
    kind == QueueKind::Quorum && profile == Profile::Rabbitmq43
}

/// Whether it adds to the delivery count (`docs/quorum-queues#poison-message-handling`, `docs/nack`).
pub(super) fn counts(kind: QueueKind, profile: Profile, why: Return) -> bool {
    match (kind, profile) {
        (QueueKind::Classic | QueueKind::Sqs | QueueKind::SqsFifo, _)
        | (QueueKind::Quorum, Profile::Rabbitmq310) => true,
        (QueueKind::Quorum, Profile::Rabbitmq43) => match why {
            Return::Reject | Return::Failure => true,
            Return::Nack | Return::Overdue => false,
        },
    }
}
