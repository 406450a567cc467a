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

const EXPIRIES: [(&str, Expiry); 2] = [("head", Expiry::Head), ("deadline", Expiry::Deadline)];

pub(super) fn check(
    cx: &mut Context<'_>,
    section: &Section<'_>,
    names: &Names<'_>,
) -> Option<Queue> {
    let Section { name, table, .. } = *section;
    cx.only(table, "a queue", KEYS);
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
        names.queue(cx, node, key)
    });
    let delivery_limit = cx.may(table, "delivery_limit", |cx, node, key| {
        cx.count_u32(node, key, 0)
    });
    let max_priority = cx.may(table, "max_priority", |cx, node, key| {
        cx.count(node, key, 0, 255)
    });
    let settings = QueueSettings {
        max_length: max_length?,
        max_length_bytes: max_length_bytes?,
        overflow: overflow?.unwrap_or_default(),
        message_ttl: message_ttl?,
        expiry: expiry?.unwrap_or_default(),
        dead_letter: dead_letter?.map(|index| QueueId(index as u32)),
        delivery_limit: delivery_limit?,
        max_priority: max_priority?.map_or(0, |levels| levels as u8),
        ..QueueSettings::default()
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
