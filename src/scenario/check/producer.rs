//! `[producer.NAME]`: who publishes.

use super::super::Producer;
use super::super::file::{Context, Section};
use super::super::tree::Node;
use super::Names;
use super::arrivals;
use super::distribution::{self, Unit};
use super::kafka;
use super::kind;
use super::refusal;
use super::target;
use crate::workload::{Arrivals, Distribution};

/// To queues of any kind; [`kind`] says which mean something where.
pub(in crate::scenario) const KEYS: &[&[&str]] = &[OWN_KEYS, kafka::PRODUCER_KEYS];

const OWN_KEYS: &[&str] = &[
    "to",
    "arrivals",
    "batch",
    "size",
    "priority",
    "key",
    "ttl",
    "on_refused",
    "confirms",
    "timeout",
];

/// Bytes of a message whose size the file does not say.
const SIZE_DEFAULT: f64 = 1_024.0;

pub(super) fn check(
    cx: &mut Context<'_>,
    section: &Section<'_>,
    names: &Names<'_>,
) -> Option<Producer> {
    let table = section.table;
    let to = cx.must(
        section,
        "to",
        "to = \"the name of a queue\"",
        |cx, node, key| target::check(cx, node, key, names),
    );
    let arrivals = cx.must(
        section,
        "arrivals",
        "arrivals = \"poisson(80/s)\"",
        |cx, node, _| arrivals::check(cx, node),
    );
    let batch = cx.may(table, "batch", batch);
    let size = cx.may(table, "size", |cx, node, key| {
        distribution::check(cx, node, key, Unit::Bytes)
    });
    let priority = cx.may(table, "priority", |cx, node, key| {
        distribution::check(cx, node, key, Unit::Plain)
    });
    let key = cx.may(table, "key", |cx, node, what| {
        distribution::check(cx, node, what, Unit::Plain)
    });
    let ttl = cx.may(table, "ttl", ttl);
    let kinds = to
        .as_ref()
        .map_or(Vec::new(), |to| kind::kinds_of(to, names));
    kind::only_producer_keys(cx, table, &kinds, &KEYS.concat());
    let gathering = kafka::producer(cx, table);
    let on_refused = cx.may(table, "on_refused", refusal::on_refused);
    let confirms = cx.may(table, "confirms", refusal::confirms);
    let patience = cx.may(table, "timeout", refusal::timeout);
    if let (Some(Arrivals::Closed { .. }), Some(node), Some(Some(batch))) =
        (&arrivals, table.get("batch"), &batch)
        && *batch != (Distribution::Constant { value: 1.0 })
    {
        let rule = "a client of a closed producer waits for the answer to one message, and cannot publish batches";
        cx.error(&node.at, rule, "leave batch out, or give more clients");
        return None;
    }
    let to = to?;
    let without_room = kind::reaction_without_room(std::iter::once(&to), names);
    Some(Producer {
        name: section.name.to_owned(),
        to,
        arrivals: arrivals?,
        batch: or_constant(batch?, 1.0)?,
        size: or_constant(size?, SIZE_DEFAULT)?,
        priority: priority?,
        key: key?,
        ttl: ttl?,
        on_refused: on_refused?.unwrap_or(without_room),
        confirms: confirms?,
        patience: patience?,
        gathering: gathering?,
    })
}

fn or_constant(law: Option<Distribution>, default: f64) -> Option<Distribution> {
    law.or_else(|| Distribution::constant(default).ok())
}

pub(super) fn batch(cx: &mut Context<'_>, node: &Node, what: &str) -> Option<Distribution> {
    let batch = distribution::check(cx, node, what, Unit::Plain)?;
    if batch.mean() < 0.5 {
        let remedy = "write 1 or more: batches are rounded to the nearest whole number";
        cx.error(
            &node.at,
            format!("a batch of {} rounds to no message", batch.mean()),
            remedy,
        );
        return None;
    }
    Some(batch)
}

/// A time to live is most often one duration: it needs no law.
fn ttl(cx: &mut Context<'_>, node: &Node, what: &str) -> Option<Distribution> {
    let is_duration = node
        .as_text()
        .is_some_and(|text| crate::units::parse_duration(text).is_ok());
    if is_duration {
        let span = cx.duration(node, what)?;
        return Distribution::constant(span.as_secs_f64()).ok();
    }
    distribution::check(cx, node, what, Unit::Seconds)
}
