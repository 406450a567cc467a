//! What a file says of Kafka, in Kafka's own words: topics, consumers in groups, producers that gather.

use super::super::file::Context;
use super::super::tree::Table;
use super::super::{Client, Commits, Gathering};
use crate::queue::{Assignor, GroupSettings, LogSettings, OffsetReset, Partitioner};
use crate::time::Span;

/// `num.partitions`, `retention.ms`, … of <https://kafka.apache.org/documentation/#topicconfigs>.
pub(super) const QUEUE_KEYS: &[&str] = &[
    "partitions",
    "retention_ms",
    "retention_bytes",
    "segment_bytes",
    "segment_ms",
    "log_retention_check_interval_ms",
];

/// Of <https://kafka.apache.org/documentation/#consumerconfigs>.
pub(super) const POOL_KEYS: &[&str] = &[
    "partition_assignment_strategy",
    "max_poll_records",
    "fetch_min_bytes",
    "fetch_max_wait_ms",
    "max_partition_fetch_bytes",
    "max_poll_interval_ms",
    "session_timeout_ms",
    "heartbeat_interval_ms",
    "enable_auto_commit",
    "auto_commit_interval_ms",
    "auto_offset_reset",
    "static_membership",
];

/// Of <https://kafka.apache.org/documentation/#producerconfigs>.
pub(super) const PRODUCER_KEYS: &[&str] = &["linger_ms", "batch_size", "partitioner"];

const ASSIGNORS: [(&str, Assignor); 4] = [
    ("range", Assignor::Range),
    ("round-robin", Assignor::RoundRobin),
    ("sticky", Assignor::Sticky),
    ("cooperative-sticky", Assignor::CooperativeSticky),
];

const RESETS: [(&str, OffsetReset); 2] = [
    ("latest", OffsetReset::Latest),
    ("earliest", OffsetReset::Earliest),
];

const PARTITIONERS: [(&str, Partitioner); 2] = [
    ("java", Partitioner::Java),
    ("librdkafka", Partitioner::Librdkafka),
];

/// `auto.commit.interval.ms`.
const AUTO_COMMIT: Span = Span::from_secs(5);

pub(super) fn topic(cx: &mut Context<'_>, table: &Table) -> Option<LogSettings> {
    let own = LogSettings::default();
    let partitions = cx.may(table, "partitions", |cx, node, key| {
        cx.count(node, key, 1, 100_000)
    });
    let retention = cx.may(table, "retention_ms", |cx, node, key| {
        cx.unless_minus_1(node, key, Context::millis)
    });
    let retention_bytes = cx.may(table, "retention_bytes", |cx, node, key| {
        cx.unless_minus_1(node, key, Context::bytes)
    });
    let segment_bytes = cx.may(table, "segment_bytes", some_bytes);
    let segment_age = cx.may(table, "segment_ms", Context::millis);
    let check = cx.may(table, "log_retention_check_interval_ms", above_0);
    Some(LogSettings {
        partitions: partitions?.map_or(1, |count| count as u32),
        retention: retention?.unwrap_or(own.retention),
        retention_bytes: retention_bytes?.unwrap_or(own.retention_bytes),
        segment_bytes: segment_bytes?.unwrap_or(own.segment_bytes),
        segment_age: segment_age?.unwrap_or(own.segment_age),
        retention_check: check?.unwrap_or(own.retention_check),
    })
}

/// How the consumers of a pool poll. A run begins with the group in order, as it is long after a start.
pub(super) fn consumer(cx: &mut Context<'_>, table: &Table) -> Option<Client> {
    let own = GroupSettings::default();
    let assignor = cx.may(table, "partition_assignment_strategy", |cx, node, key| {
        cx.choice(node, key, &ASSIGNORS)
    });
    let records = cx.may(table, "max_poll_records", |cx, node, key| {
        cx.count_u32(node, key, 1)
    });
    let min_bytes = cx.may(table, "fetch_min_bytes", Context::bytes);
    let partition_bytes = cx.may(table, "max_partition_fetch_bytes", Context::bytes);
    let max_wait = cx.may(table, "fetch_max_wait_ms", Context::millis);
    let poll_interval = cx.may(table, "max_poll_interval_ms", above_0);
    let session = cx.may(table, "session_timeout_ms", above_0);
    let heartbeat = cx.may(table, "heartbeat_interval_ms", above_0);
    let reset = cx.may(table, "auto_offset_reset", |cx, node, key| {
        cx.choice(node, key, &RESETS)
    });
    let is_static = cx.may(table, "static_membership", Context::boolean);
    let auto = cx.may(table, "enable_auto_commit", Context::boolean);
    let every = cx.may(table, "auto_commit_interval_ms", above_0);
    let (session, heartbeat, poll_interval) = (
        session?.unwrap_or(own.session_timeout),
        heartbeat?.unwrap_or(own.heartbeat_interval),
        poll_interval?.unwrap_or(own.max_poll_interval),
    );
    beats_in_time(cx, table, heartbeat, session, poll_interval)?;
    let auto = auto?.unwrap_or(true);
    if let (false, Some(entry)) = (auto, table.entry("auto_commit_interval_ms")) {
        let rule = "with enable_auto_commit = false nothing is committed by the clock";
        cx.warn(&entry.key_at, rule, "leave one of the two out");
    }
    let every = every?.unwrap_or(AUTO_COMMIT);
    Some(Client::Polls {
        group: GroupSettings {
            assignor: assignor?.unwrap_or(own.assignor),
            session_timeout: session,
            heartbeat_interval: heartbeat,
            max_poll_interval: poll_interval,
            initial_rebalance_delay: Span::ZERO,
            max_poll_records: records?.unwrap_or(own.max_poll_records),
            fetch_min_bytes: min_bytes?.unwrap_or(own.fetch_min_bytes),
            max_partition_fetch_bytes: partition_bytes?.unwrap_or(own.max_partition_fetch_bytes),
            fetch_max_wait: max_wait?.unwrap_or(own.fetch_max_wait),
            offset_reset: reset?.unwrap_or(own.offset_reset),
            static_membership: is_static?.unwrap_or(false),
            commits_on_rejoin: auto,
        },
        commits: if auto {
            Commits::Every(every)
        } else {
            Commits::EachBatch
        },
    })
}

/// A member must be heard before it is given up, and hear of a rebalance before that is over.
fn beats_in_time(
    cx: &mut Context<'_>,
    table: &Table,
    heartbeat: Span,
    session: Span,
    poll_interval: Span,
) -> Option<()> {
    let (rule, other) = if heartbeat >= session {
        let rule =
            format!("a heartbeat every {heartbeat} comes too late for a session of {session}");
        (rule, "session_timeout_ms")
    } else if heartbeat > poll_interval {
        let rule = format!(
            "a heartbeat every {heartbeat} comes too late for polls that must come every {poll_interval}"
        );
        (rule, "max_poll_interval_ms")
    } else {
        return Some(());
    };
    let mut keys = ["heartbeat_interval_ms", other].into_iter();
    let place = keys.find_map(|key| table.get(key))?;
    cx.error(
        &place.at,
        rule,
        "write a heartbeat_interval_ms of a third of that, or less",
    );
    None
}

/// How a producer's client gathers what it sends to topics.
pub(super) fn producer(cx: &mut Context<'_>, table: &Table) -> Option<Gathering> {
    let own = Gathering::default();
    let linger = cx.may(table, "linger_ms", Context::millis);
    let batch_bytes = cx.may(table, "batch_size", Context::bytes);
    let partitioner = cx.may(table, "partitioner", |cx, node, key| {
        cx.choice(node, key, &PARTITIONERS)
    });
    Some(Gathering {
        linger: linger?.unwrap_or(own.linger),
        batch_bytes: batch_bytes?.unwrap_or(own.batch_bytes),
        partitioner: partitioner?.unwrap_or(own.partitioner),
    })
}

/// Nothing fits into no bytes.
fn some_bytes(cx: &mut Context<'_>, node: &super::Node, what: &str) -> Option<u64> {
    let bytes = cx.bytes(node, what)?;
    if bytes == 0 {
        let rule = format!("{what} is 0, and must be more");
        cx.error(&node.at, rule, "write \"1MiB\", or leave it out");
        return None;
    }
    Some(bytes)
}

fn above_0(cx: &mut Context<'_>, node: &super::Node, what: &str) -> Option<Span> {
    let span = cx.millis(node, what)?;
    if span == Span::ZERO {
        let rule = format!("{what} is 0, and must be more");
        cx.error(&node.at, rule, "write 1 or more, or leave it out");
        return None;
    }
    Some(span)
}
