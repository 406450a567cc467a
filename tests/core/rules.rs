//! The rules of the broker, one by one; each name is the rule. Pages are those of <https://www.rabbitmq.com/docs>; of
//! SQS, those of <https://docs.aws.amazon.com/AWSSimpleQueueService>.

mod at_least_once;
mod consumers;
mod cost;
mod dead_letters;
mod delayed;
mod dispatch;
mod exchanges;
mod instant;
mod levels;
mod life;
mod limits;
mod policies;
mod priority;
mod publishers;
mod quorum;
mod returns;
mod settling;
mod sqs;
mod sqs_dead_letters;
mod sqs_fifo;
mod timeouts;
mod ttl;

use super::rig::{Client, DEAD, Q, Rig, millis, settings};
use queuelab::queue::{
    Binding, BrokerSettings, ChannelId, ConnectionId, ConsumerId, DeadLetterExchange,
    DeadLetterStrategy, DelayedRetry, DeleteIf, ExchangeId, ExchangeKind, ExchangeSettings, Expiry,
    HeaderValue, MessageGroup, Overflow, Policy, Profile, Publication, Published, QueueError,
    QueueId, QueueKind, QueueSettings, Reason, Retried, Route, SettingsError, SqsSettings, Stood,
    Subscription,
};
use queuelab::time::{Span, Time};
use std::sync::Arc;

fn max_length(most: u64) -> QueueSettings {
    QueueSettings {
        max_length: Some(most),
        ..settings()
    }
}

fn ttl(millis_to_live: u64) -> QueueSettings {
    QueueSettings {
        message_ttl: Some(millis(millis_to_live)),
        ..settings()
    }
}

fn priorities(max_priority: u8) -> QueueSettings {
    QueueSettings {
        max_priority,
        ..settings()
    }
}

fn delivery_limit(most: u32) -> QueueSettings {
    QueueSettings {
        delivery_limit: Some(most),
        ..settings()
    }
}

fn quorum() -> QueueSettings {
    QueueSettings {
        kind: QueueKind::Quorum,
        ..settings()
    }
}

/// A standard queue of SQS in which nobody sees for 100 ms what was received.
fn sqs() -> QueueSettings {
    QueueSettings {
        kind: QueueKind::Sqs,
        sqs: SqsSettings {
            visibility_timeout: millis(100),
            ..SqsSettings::default()
        },
        ..settings()
    }
}

/// As [`sqs`], but FIFO.
fn fifo() -> QueueSettings {
    QueueSettings {
        kind: QueueKind::SqsFifo,
        ..sqs()
    }
}

/// History of the first message in `queue`, latest death last.
fn deaths(rig: &Rig, queue: QueueId) -> Vec<(QueueId, Reason, u32)> {
    let (_, _, deaths) = rig.broker.messages(queue).next().expect("a message");
    let deaths = deaths.iter();
    deaths
        .map(|death| (death.queue, death.reason, death.count))
        .collect()
}

fn death(queue: QueueId, reason: Reason, count: u32) -> (QueueId, Reason, u32) {
    (queue, reason, count)
}
