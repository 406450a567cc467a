//! `[queue.NAME]`: where messages wait.

use super::super::file::{Context, Section};
use super::super::tree::{Node, Table, Value};
use super::super::{Cost, Medium, Queue};
use super::kind::{self, KINDS, Kind};
use super::settings::name_of;
use super::target::{self, Way};
use super::{Names, kafka, routing, sqs, zeromq};
use crate::queue::{
    DeadLetterExchange, DeadLetterStrategy, DelayedRetry, Expiry, Overflow, Profile, QueueId,
    QueueKind, QueueSettings, Retried, SettingsError,
};

/// Of any kind; [`kind`] says which mean something where.
pub(in crate::scenario) const KEYS: &[&[&str]] = &[
    OWN_KEYS,
    kafka::QUEUE_KEYS,
    sqs::QUEUE_KEYS,
    zeromq::QUEUE_KEYS,
];

const OWN_KEYS: &[&str] = &[
    "kind",
    "max_length",
    "max_length_bytes",
    "overflow",
    "message_ttl",
    "expiry",
    "dead_letter",
    "delivery_limit",
    "max_priority",
    "single_active_consumer",
    "dead_letter_strategy",
    "delayed_retry",
    "consumer_timeout",
    "intake",
    "cost_per_hour",
];

const OVERFLOWS: [(&str, Overflow); 3] = [
    ("drop-head", Overflow::DropHead),
    ("reject-publish", Overflow::RejectPublish),
    ("reject-publish-dlx", Overflow::RejectPublishDlx),
];

const EXPIRIES: [(&str, Expiry); 2] = [("head", Expiry::Head), ("deadline", Expiry::Deadline)];

const STRATEGIES: [(&str, DeadLetterStrategy); 2] = [
    ("at-most-once", DeadLetterStrategy::AtMostOnce),
    ("at-least-once", DeadLetterStrategy::AtLeastOnce),
];

const RETRIED: [(&str, Retried); 3] = [
    ("all", Retried::All),
    ("failed", Retried::Failed),
    ("returned", Retried::Returned),
];

const DELAYED_RETRY: &str = "{ of = \"all\", min = \"1s\", max = \"30s\" }";

const DEAD_LETTER_WAYS: [Way; 2] = [("queue", &[]), ("exchange", &["key"])];

pub(super) fn check(
    cx: &mut Context<'_>,
    section: &Section<'_>,
    names: &Names<'_>,
    profile: Option<Profile>,
) -> Option<Queue> {
    let Section { name, table, .. } = *section;
    let kind = cx.may(table, "kind", |cx, node, key| cx.choice(node, key, &KINDS));
    let kind = kind.map(|kind| kind.unwrap_or(Kind::Classic));
    kind::only_queue_keys(cx, table, kind, &KEYS.concat());
    let kind = kind?;
    let (medium, settings) = match kind {
        Kind::Classic => (
            Medium::Queue,
            of_rabbitmq(cx, section, QueueKind::Classic, names, profile)?,
        ),
        Kind::Quorum => (
            Medium::Queue,
            of_rabbitmq(cx, section, QueueKind::Quorum, names, profile)?,
        ),
        Kind::Sqs => {
            let dead_letter = cx.may(table, "dead_letter", |cx, node, key| {
                names.queue(cx, node, key)
            })?;
            let dead_letter = dead_letter.map(|queue| QueueId(queue as u32));
            (Medium::Queue, sqs::queue(cx, table, dead_letter)?)
        }
        Kind::Kafka => (
            Medium::Topic(kafka::topic(cx, table)?),
            QueueSettings::default(),
        ),
        Kind::ZeroMq => (
            Medium::Pipe(zeromq::sockets(cx, table)?),
            QueueSettings::default(),
        ),
    };
    let intake = cx.may(table, "intake", Context::duration_above_0);
    let per_hour = cx.may(table, "cost_per_hour", Context::number);
    let per_million = cx.may(table, "cost_per_million_requests", Context::number);
    Some(Queue {
        name: name.to_owned(),
        medium,
        settings,
        intake: intake?,
        cost: Cost {
            per_hour: per_hour?,
            per_million_requests: per_million?,
        },
    })
}

fn of_rabbitmq(
    cx: &mut Context<'_>,
    section: &Section<'_>,
    kind: QueueKind,
    names: &Names<'_>,
    profile: Option<Profile>,
) -> Option<QueueSettings> {
    let table = section.table;
    let max_length = cx.may(table, "max_length", |cx, node, key| {
        cx.count(node, key, 0, u64::MAX)
    });
    let max_length_bytes = cx.may(table, "max_length_bytes", Context::bytes);
    let overflow = cx.may(table, "overflow", |cx, node, key| {
        cx.choice(node, key, &OVERFLOWS)
    });
    let message_ttl = cx.may(table, "message_ttl", Context::duration);
    let expiry = cx.may(table, "expiry", |cx, node, key| {
        cx.choice(node, key, &EXPIRIES)
    });
    let dead_letter = cx.may(table, "dead_letter", |cx, node, key| {
        dead_letter(cx, node, key, names)
    });
    let delivery_limit = cx.may(table, "delivery_limit", delivery_limit);
    let max_priority = cx.may(table, "max_priority", |cx, node, key| {
        cx.count(node, key, 0, 255)
    });
    let single_active_consumer = cx.may(table, "single_active_consumer", Context::boolean);
    let strategy = cx.may(table, "dead_letter_strategy", |cx, node, key| {
        cx.choice(node, key, &STRATEGIES)
    });
    let delayed_retry = cx.may(table, "delayed_retry", delayed_retry);
    let consumer_timeout = cx.may(table, "consumer_timeout", Context::duration_above_0);
    let (queue, exchange) = match dead_letter? {
        None => (None, None),
        Some(DeadLetter::To(queue)) => (Some(queue), None),
        Some(DeadLetter::By(exchange)) => (None, Some(exchange)),
    };
    let settings = QueueSettings {
        kind,
        max_length: max_length?,
        max_length_bytes: max_length_bytes?,
        overflow: overflow?.unwrap_or_default(),
        message_ttl: message_ttl?,
        expiry: expiry?.unwrap_or_default(),
        dead_letter: queue,
        dead_letter_exchange: exchange,
        delivery_limit: delivery_limit?,
        max_priority: max_priority?.map_or(0, |levels| levels as u8),
        single_active_consumer: single_active_consumer?.unwrap_or(false),
        dead_letter_strategy: strategy?.unwrap_or_default(),
        delayed_retry: delayed_retry?,
        consumer_timeout: consumer_timeout?,
        ..QueueSettings::default()
    };
    together(cx, section, &settings);
    if let Some(profile) = profile {
        kind_allows(cx, table, &settings, profile);
    }
    Some(settings)
}

/// How a quorum queue of 4.3 delays what comes back.
fn delayed_retry(cx: &mut Context<'_>, node: &Node, what: &str) -> Option<DelayedRetry> {
    let table = cx.table(node, what, DELAYED_RETRY)?;
    cx.only(table, what, &["of", "min", "max"]);
    let section = Section::of(what, node, table);
    let of = cx.must(&section, "of", "of = \"all\"", |cx, node, key| {
        cx.choice(node, key, &RETRIED)
    });
    let min = cx.must(&section, "min", "min = \"1s\"", Context::duration_above_0);
    let max = cx.may(table, "max", Context::duration_above_0);
    let (min, max) = (min?, max?);
    if let Some(max) = max.filter(|max| *max < min) {
        let rule = format!("the longest delay, {max}, is less than the least, {min}");
        cx.error(&node.at, rule, "write a larger max, or leave it out");
        return None;
    }
    Some(DelayedRetry { of: of?, min, max })
}

/// Where dead letters go.
enum DeadLetter {
    To(QueueId),
    By(DeadLetterExchange),
}

/// A queue's name, or a table that names a queue or an exchange.
fn dead_letter(
    cx: &mut Context<'_>,
    node: &Node,
    what: &str,
    names: &Names<'_>,
) -> Option<DeadLetter> {
    let to = |index: usize| DeadLetter::To(QueueId(index as u32));
    if node.as_text().is_some() {
        return names.queue(cx, node, what).map(to);
    }
    let Some(table) = node.as_table() else {
        let example = "\"the name of a queue\"";
        cx.wrong_kind(node, what, "the name of a queue or a table", example);
        return None;
    };
    match target::way(cx, node, table, &DEAD_LETTER_WAYS, &[])? {
        "queue" => names.queue(cx, table.get("queue")?, "queue").map(to),
        _ => routing::dead_letter_exchange(cx, table, names).map(DeadLetter::By),
    }
}

/// A count, or what RabbitMQ writes for no limit.
fn delivery_limit(cx: &mut Context<'_>, node: &Node, what: &str) -> Option<u32> {
    if matches!(node.value, Value::Integer(-1)) {
        return Some(QueueSettings::NO_DELIVERY_LIMIT);
    }
    cx.count_u32(node, what, 0)
}

/// What a broker of this profile would not declare, or would not look at.
fn kind_allows(cx: &mut Context<'_>, table: &Table, settings: &QueueSettings, profile: Profile) {
    for error in settings.broken_rules(profile) {
        let (key, remedy) = match error {
            SettingsError::QuorumRejectPublishDlx => (
                "overflow",
                "write overflow = \"reject-publish\", or kind = \"classic\"",
            ),
            SettingsError::QuorumMaxPriority => (
                "max_priority",
                "leave it out, or write kind = \"classic\" or profile = \"rabbitmq-4.3\"",
            ),
            SettingsError::ConsumerTimeout => (
                "consumer_timeout",
                "write it at the top of the file, or kind = \"quorum\" and profile = \"rabbitmq-4.3\"",
            ),
            SettingsError::DelayedRetry => (
                "delayed_retry",
                "write kind = \"quorum\" and profile = \"rabbitmq-4.3\", or let the pool retry",
            ),
            SettingsError::AtLeastOnceOfClassic => {
                ("dead_letter_strategy", "write kind = \"quorum\"")
            }
            SettingsError::AtLeastOnceAndOverflow => (
                "dead_letter_strategy",
                "write overflow = \"reject-publish\"",
            ),
            SettingsError::AtLeastOnceToNowhere => ("dead_letter_strategy", "write a dead_letter"),
            // What no file can ask for.
            SettingsError::QuorumTransient
            | SettingsError::QuorumExclusive
            | SettingsError::QuorumAutoDelete
            | SettingsError::ExpiresAtOnce
            | SettingsError::TwoDeadLetterDestinations
            | SettingsError::Transient
            | SettingsError::OnlyOfSqs
            | SettingsError::SqsLength
            | SettingsError::SqsMaxPriority
            | SettingsError::SqsSingleActiveConsumer
            | SettingsError::SqsConsumerTimeout
            | SettingsError::SqsDelayedRetry
            | SettingsError::SqsDeliveryLimit
            | SettingsError::SqsDeadLetterExchange
            | SettingsError::SqsDeadLetterStrategy
            | SettingsError::SqsLife
            | SettingsError::SqsVisibilityTimeout
            | SettingsError::SqsDelay
            | SettingsError::SqsInFlightLimit
            | SettingsError::SqsMaxReceiveCount
            | SettingsError::SqsMaxReceiveCountToNowhere => ("kind", "write kind = \"classic\""),
        };
        // Its own remedy is in words of the core.
        let said = error.to_string();
        let rule = said.split_once(": ").map_or(&*said, |(rule, _)| rule);
        if let Some(node) = table.get(key) {
            cx.error(&node.at, rule, remedy);
        }
    }
    let levels = settings.highest_priority(profile);
    if let Some(entry) = table.entry("max_priority")
        && levels > 0
        && levels != settings.max_priority
    {
        let rule = format!(
            "a quorum queue of {} has priorities up to {levels}, whatever max_priority says",
            name_of(profile)
        );
        cx.warn(&entry.key_at, rule, "leave it out");
    }
}

/// Rules between the keys of one queue.
fn together(cx: &mut Context<'_>, section: &Section<'_>, settings: &QueueSettings) {
    let Some(overflow) = section.table.get("overflow") else {
        return;
    };
    let is_classic = settings.kind == QueueKind::Classic;
    let needs = is_classic && settings.overflow == Overflow::RejectPublishDlx;
    if needs && settings.dead_letter.is_none() && settings.dead_letter_exchange.is_none() {
        let remedy =
            "write dead_letter = \"the name of a queue\", or overflow = \"reject-publish\"";
        cx.error(
            &overflow.at,
            "overflow reject-publish-dlx needs a dead_letter",
            remedy,
        );
    }
    let is_asked_for = settings.dead_letter_strategy == DeadLetterStrategy::AtLeastOnce;
    if settings.max_length.is_none() && settings.max_length_bytes.is_none() && !is_asked_for {
        let remedy = "write max_length = 100_000, or leave overflow out";
        cx.warn(
            &overflow.at,
            "this queue never overflows: it has no limit",
            remedy,
        );
    }
}
