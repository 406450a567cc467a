//! `[queue.NAME]`: where messages wait.

use super::super::Queue;
use super::super::file::{Context, Section};
use super::Names;
use crate::queue::{Expiry, Overflow, QueueId, QueueSettings};

pub(in crate::scenario) const KEYS: &[&str] = &[
    "max_length",
    "max_length_bytes",
    "overflow",
    "message_ttl",
    "expiry",
    "dead_letter",
    "delivery_limit",
    "max_priority",
];

const OVERFLOWS: [(&str, Overflow); 3] = [
    ("drop-head", Overflow::DropHead),
    ("reject-publish", Overflow::RejectPublish),
    ("reject-publish-dlx", Overflow::RejectPublishDlx),
];

pub(super) fn check(
    cx: &mut Context<'_>,
    section: &Section<'_>,
    names: &Names<'_>,
) -> Option<Queue> {
    let Section { name, table, .. } = *section;
    cx.only(table, "a queue", KEYS);
    // An optional key that is there and wrong is `Some(None)`; `?` below then gives up, the mistake being reported.
    let max_length = table
        .get("max_length")
        .map(|node| cx.count(node, "max_length", 0, u64::MAX));
    let max_length_bytes = table
        .get("max_length_bytes")
        .map(|node| cx.bytes(node, "max_length_bytes"));
    let overflow = table
        .get("overflow")
        .map(|node| cx.choice(node, "overflow", &OVERFLOWS));
    let message_ttl = table
        .get("message_ttl")
        .map(|node| cx.duration(node, "message_ttl"));
    let expiries = [("head", Expiry::Head), ("deadline", Expiry::Deadline)];
    let expiry = table
        .get("expiry")
        .map(|node| cx.choice(node, "expiry", &expiries));
    let dead_letter = table
        .get("dead_letter")
        .map(|node| names.queue(cx, node, "dead_letter"));
    let delivery_limit = table
        .get("delivery_limit")
        .map(|node| cx.count_u32(node, "delivery_limit", 0));
    let max_priority = table
        .get("max_priority")
        .map(|node| cx.count(node, "max_priority", 0, 255));
    let settings = QueueSettings {
        max_length: given(max_length)?,
        max_length_bytes: given(max_length_bytes)?,
        overflow: given(overflow)?.unwrap_or_default(),
        message_ttl: given(message_ttl)?,
        expiry: given(expiry)?.unwrap_or_default(),
        dead_letter: given(dead_letter)?.map(|index| QueueId(index as u32)),
        delivery_limit: given(delivery_limit)?,
        max_priority: given(max_priority)?.map_or(0, |levels| levels as u8),
    };
    together(cx, section, &settings);
    Some(Queue {
        name: name.to_owned(),
        settings,
    })
}

/// Rules between the keys of one queue.
fn together(cx: &mut Context<'_>, section: &Section<'_>, settings: &QueueSettings) {
    let Some(overflow) = section.table.get("overflow") else {
        return;
    };
    if settings.overflow == Overflow::RejectPublishDlx && settings.dead_letter.is_none() {
        let remedy =
            "write dead_letter = \"the name of a queue\", or overflow = \"reject-publish\"";
        cx.error(
            &overflow.at,
            "overflow reject-publish-dlx needs a dead_letter",
            remedy,
        );
    }
    if settings.max_length.is_none() && settings.max_length_bytes.is_none() {
        let remedy = "write max_length = 100_000, or leave overflow out";
        cx.warn(
            &overflow.at,
            "this queue never overflows: it has no limit",
            remedy,
        );
    }
}

/// Whether a key was left out (`Some(None)`), given (`Some(Some)`), or given and wrong (`None`).
pub(super) fn given<T>(read: Option<Option<T>>) -> Option<Option<T>> {
    match read {
        None => Some(None),
        Some(Some(value)) => Some(Some(value)),
        Some(None) => None,
    }
}
