//! `[pool.NAME]`: who works on messages.

use super::super::file::{Context, Section};
use super::super::tree::Table;
use super::super::{AckMode, Pool};
use super::Names;
use super::distribution::{self, Unit};
use super::failure;
use super::incidents;
use super::outlet;
use super::refusal;
use super::work;

pub(in crate::scenario) const KEYS: &[&str] = &[
    "from",
    "consumers",
    "concurrency",
    "prefetch",
    "service",
    "service_of",
    "ack",
    "batch",
    "to",
    "on_refused",
    "failure",
    "round_trip",
    "priority",
    "crashes",
    "outages",
    "restarts",
    "slowdowns",
    "on_crash",
];

const ACK_MODES: [(&str, AckMode); 2] = [("manual", AckMode::Manual), ("auto", AckMode::Auto)];

pub(super) fn check(
    cx: &mut Context<'_>,
    section: &Section<'_>,
    names: &Names<'_>,
) -> Option<Pool> {
    let table = section.table;
    cx.only(table, "a pool", KEYS);
    let from = cx.must(
        section,
        "from",
        "from = \"the name of a queue\"",
        |cx, node, key| names.queue(cx, node, key),
    );
    let consumers = cx.must(section, "consumers", "consumers = 9", |cx, node, key| {
        cx.count_u32(node, key, 1)
    });
    let concurrency = cx.may(table, "concurrency", |cx, node, key| {
        cx.count_u32(node, key, 1)
    });
    let prefetch = cx.may(table, "prefetch", |cx, node, key| {
        cx.count_u32(node, key, 0)
    });
    let service = cx.must(
        section,
        "service",
        "service = \"exponential(83ms)\"",
        |cx, node, key| distribution::check(cx, node, key, Unit::Seconds),
    );
    let ack = cx.may(table, "ack", |cx, node, key| {
        cx.choice(node, key, &ACK_MODES)
    });
    let to = cx.may(table, "to", |cx, node, _| outlet::check(cx, node, names));
    let on_refused = cx.may(table, "on_refused", refusal::on_refused);
    let failure = cx.may(table, "failure", failure::check);
    let incidents = incidents::check(cx, table, consumers);
    let service_of = cx.may(table, "service_of", |cx, node, key| {
        work::service_of(cx, node, key, names)
    });
    let batch = cx.may(table, "batch", work::batch);
    let round_trip = cx.may(table, "round_trip", Context::duration);
    let priority = cx.may(table, "priority", Context::integer);
    let concurrency = concurrency?.unwrap_or(1);
    let (batch, incidents) = (batch?, incidents?);
    let pool = Pool {
        name: section.name.to_owned(),
        from: from?,
        consumers: consumers?,
        concurrency,
        prefetch: prefetch?.unwrap_or_else(|| work::held(concurrency, batch.as_ref())),
        service: service?,
        ack: ack?.unwrap_or(AckMode::Manual),
        failure: failure?,
        service_of: service_of?.unwrap_or_default(),
        batch,
        round_trip: round_trip?.unwrap_or_default(),
        priority: priority?.unwrap_or(0),
        crashes: incidents.crashes,
        outages: incidents.outages,
        slowdowns: incidents.slowdowns,
        on_crash: incidents.on_crash,
        to: to?.unwrap_or_default(),
        on_refused: on_refused?.unwrap_or_default(),
    };
    work::batches_fill(cx, table, &pool)?;
    together(cx, table, &pool, names);
    Some(pool)
}

/// What is legal key by key, and together does not do what it seems to.
fn together(cx: &mut Context<'_>, table: &Table, pool: &Pool, names: &Names<'_>) {
    let Pool {
        concurrency,
        prefetch,
        ..
    } = *pool;
    if let (Some(node), 1..) = (table.get("prefetch"), prefetch)
        && prefetch < concurrency
    {
        let rule = format!(
            "{concurrency} messages at once can never be worked on with a prefetch of {prefetch}"
        );
        cx.warn(
            &node.at,
            rule,
            format!("write prefetch = {concurrency} or more, or leave it out"),
        );
    }
    let from = names.queues.get(pool.from);
    let times_out = names.has_ack_timeout
        || from.is_some_and(|queue| queue.table.get("consumer_timeout").is_some());
    let dies =
        times_out || pool.crashes.is_some() || pool.outages.iter().any(|outage| !outage.graceful);
    if let Some(entry) = table.entry("on_crash").filter(|_| !dies) {
        let remedy = "write crashes or outages, or leave on_crash out";
        cx.warn(&entry.key_at, "no consumer of this pool ever dies", remedy);
    }
    if let (Some(entry), AckMode::Auto) = (table.entry("failure"), pool.ack) {
        let remedy = "write ack = \"manual\", or leave failure out";
        cx.warn(
            &entry.key_at,
            "with ack = \"auto\" a message has left before its work can fail",
            remedy,
        );
    }
}
