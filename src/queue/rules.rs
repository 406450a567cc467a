//! What its kind and the broker's profile make of a queue.

use super::broker::BrokerSettings;
use super::settings::{
    DeadLetterStrategy, DelayedRetry, Profile, QueueKind, QueueSettings, Retried,
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
    kind: QueueKind,
    profile: Profile,
}

impl Rules {
    pub(super) fn of(settings: &QueueSettings, broker: &BrokerSettings) -> Self {
        let (kind, profile) = (settings.kind, broker.profile);
        let unmarked = match (kind, profile) {
            (QueueKind::Classic, _) | (QueueKind::Quorum, Profile::Rabbitmq310) => 0,
            (QueueKind::Quorum, Profile::Rabbitmq43) => 4,
        };
        Self {
            delivery_limit: settings.limit_of_deliveries(profile),
            unmarked,
            highest: settings.highest_priority(profile),
            patience: settings.ack_timeout(broker),
            retry: settings.delayed_retry,
            keeps_dead_letters: settings.dead_letter_strategy == DeadLetterStrategy::AtLeastOnce,
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

    /// Whether of the consumers that wait to be the active one, a higher priority goes before who came first.
    pub(super) fn ranks_successors(&self) -> bool {
        match (self.kind, self.profile) {
            (QueueKind::Classic, _) | (QueueKind::Quorum, Profile::Rabbitmq43) => true,
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
            (QueueKind::Classic, _) => ReturnTo::OldPlace,
            (QueueKind::Quorum, Profile::Rabbitmq310)
                if self.delivery_limit.is_none() && why != Return::Failure =>
            {
                ReturnTo::Tail
            }
            (QueueKind::Quorum, _) => ReturnTo::Front,
        }
    }
}

/// `docs/quorum-queues#feature-matrix`
pub(super) fn yields_to_priority(kind: QueueKind, profile: Profile) -> bool {
    kind == QueueKind::Quorum && profile == Profile::Rabbitmq43
}

/// Whether it adds to the delivery count (`docs/quorum-queues#poison-message-handling`, `docs/nack`).
pub(super) fn counts(kind: QueueKind, profile: Profile, why: Return) -> bool {
    match (kind, profile) {
        (QueueKind::Classic, _) | (QueueKind::Quorum, Profile::Rabbitmq310) => true,
        (QueueKind::Quorum, Profile::Rabbitmq43) => match why {
            Return::Reject | Return::Failure => true,
            Return::Nack | Return::Overdue => false,
        },
    }
}
