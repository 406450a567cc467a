//! What a file says of SQS, in the words of its attributes.

use super::super::Client;
use super::super::file::Context;
use super::super::tree::Table;
use crate::queue::{Expiry, QueueId, QueueKind, QueueSettings, SqsSettings};
use crate::time::Span;

/// `FifoQueue`, `VisibilityTimeout`, … of
/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html>, and the quota
/// of messages in flight.
pub(super) const QUEUE_KEYS: &[&str] = &[
    "fifo_queue",
    "visibility_timeout",
    "delay_seconds",
    "message_retention_period",
    "max_receive_count",
    "in_flight_limit",
    "cost_per_million_requests",
];

/// `MaxNumberOfMessages`, and what a consumer does to keep what it works on.
pub(super) const POOL_KEYS: &[&str] = &["max_number_of_messages", "extend_visibility"];

/// `MessageRetentionPeriod`: four days.
const RETENTION: Span = Span::from_secs(4 * 86_400);

/// `maxReceiveCount`, where there is a dead letter queue (API_SetQueueAttributes, RedrivePolicy).
const MAX_RECEIVE_COUNT: u64 = 10;

const SHORTEST_RETENTION: Span = Span::from_secs(60);
const LONGEST_VISIBILITY: Span = Span::from_secs(12 * 3600);
const LONGEST_DELAY: Span = Span::from_secs(900);
const LONGEST_RETENTION: Span = Span::from_secs(14 * 86_400);

/// The queue, whose dead letters go to `dead_letter`.
pub(super) fn queue(
    cx: &mut Context<'_>,
    table: &Table,
    dead_letter: Option<QueueId>,
) -> Option<QueueSettings> {
    let own = SqsSettings::default();
    let fifo = cx.may(table, "fifo_queue", Context::boolean);
    let visibility = cx.may(table, "visibility_timeout", |cx, node, key| {
        at_most(cx, node, key, LONGEST_VISIBILITY)
    });
    let delay = cx.may(table, "delay_seconds", |cx, node, key| {
        at_most(cx, node, key, LONGEST_DELAY)
    });
    let retention = cx.may(table, "message_retention_period", |cx, node, key| {
        let retention = at_most(cx, node, key, LONGEST_RETENTION)?;
        at_least(cx, node, key, retention, SHORTEST_RETENTION)
    });
    let receives = cx.may(table, "max_receive_count", |cx, node, key| {
        cx.count(node, key, 1, 1000)
    });
    let in_flight = cx.may(table, "in_flight_limit", |cx, node, key| {
        cx.count(node, key, 1, u64::MAX)
    });
    let (fifo, receives) = (fifo?.unwrap_or(false), receives?);
    let most_receives = receives.or(dead_letter.map(|_| MAX_RECEIVE_COUNT));
    if let (Some(entry), None) = (table.entry("max_receive_count"), dead_letter) {
        let rule = "without a dead letter queue a message is received for as long as it is kept";
        cx.error(
            &entry.key_at,
            rule,
            "write dead_letter = \"the name of a queue\"",
        );
        return None;
    }
    Some(QueueSettings {
        kind: if fifo {
            QueueKind::SqsFifo
        } else {
            QueueKind::Sqs
        },
        message_ttl: Some(retention?.unwrap_or(RETENTION)),
        expiry: Expiry::Deadline,
        dead_letter,
        sqs: SqsSettings {
            visibility_timeout: visibility?.unwrap_or(own.visibility_timeout),
            delay: delay?.unwrap_or(own.delay),
            max_receive_count: most_receives.map(|count| count as u32),
            in_flight_limit: in_flight?.unwrap_or(own.in_flight_limit),
        },
        ..QueueSettings::default()
    })
}

/// How the consumers of a pool receive. They poll long, and so are answered as soon as there is a message.
pub(super) fn consumer(cx: &mut Context<'_>, table: &Table, concurrency: u32) -> Option<Client> {
    let most = cx.may(table, "max_number_of_messages", |cx, node, key| {
        cx.count(node, key, 1, 10)
    });
    let extends = cx.may(table, "extend_visibility", Context::duration_above_0);
    Some(Client::Receives {
        most: most?.map_or(concurrency.min(10), |most| most as u32),
        extends: extends?,
    })
}

fn at_most(cx: &mut Context<'_>, node: &super::Node, what: &str, most: Span) -> Option<Span> {
    let span = cx.whole_seconds(node, what)?;
    if span > most {
        let rule = format!("{what} is {span}, and SQS has at most {most}");
        cx.error(&node.at, rule, format!("write \"{most}\" or less"));
        return None;
    }
    Some(span)
}

fn at_least(
    cx: &mut Context<'_>,
    node: &super::Node,
    what: &str,
    span: Span,
    least: Span,
) -> Option<Span> {
    if span < least {
        let rule = format!("{what} is {span}, and SQS has at least {least}");
        cx.error(&node.at, rule, format!("write \"{least}\" or more"));
        return None;
    }
    Some(span)
}
