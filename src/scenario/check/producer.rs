//! `[producer.NAME]`: who publishes.

use super::super::file::{Context, Section};
use super::super::tree::Node;
use super::super::{Producer, diagnostic::At};
use super::Names;
use super::arrivals;
use super::distribution::{self, Unit};
use crate::workload::Distribution;

pub(in crate::scenario) const KEYS: &[&str] = &[
    "to",
    "arrivals",
    "batch",
    "size",
    "priority",
    "ttl",
    "on_refused",
];

/// Bytes of a message whose size the file does not say.
const SIZE_DEFAULT: f64 = 1_024.0;

pub(super) fn check(
    cx: &mut Context<'_>,
    section: &Section<'_>,
    names: &Names<'_>,
) -> Option<Producer> {
    let Section { name, at, table } = *section;
    cx.only(table, "a producer", KEYS);
    let what = format!("producer \"{name}\"");
    let to = cx.required(table, at, &what, "to", "to = \"the name of a queue\"");
    let to = to.and_then(|node| names.queue(cx, node, "to"));
    let arrivals = cx.required(table, at, &what, "arrivals", "arrivals = \"poisson(80/s)\"");
    let arrivals = arrivals.and_then(|node| arrivals::check(cx, node));
    let batch = law(cx, table.get("batch"), "batch", Unit::Plain, 1.0);
    let size = law(cx, table.get("size"), "size", Unit::Bytes, SIZE_DEFAULT);
    let priority = law(cx, table.get("priority"), "priority", Unit::Plain, 0.0);
    let ttl = table.get("ttl").map(|node| ttl(cx, node));
    let refused = table.get("on_refused").map(|node| on_refused(cx, node));
    if let (Some(node), Some(batch)) = (table.get("batch"), &batch)
        && batch.mean() < 0.5
    {
        cx.error(
            &node.at,
            format!("a batch of {} rounds to no message", batch.mean()),
            "write 1 or more: batches are rounded to the nearest whole number",
        );
        return None;
    }
    if refused == Some(None) || ttl == Some(None) {
        return None;
    }
    Some(Producer {
        name: name.to_owned(),
        to: to?,
        arrivals: arrivals?,
        batch: batch?,
        size: size?,
        priority: priority?,
        ttl: ttl.flatten(),
    })
}

fn law(
    cx: &mut Context<'_>,
    node: Option<&Node>,
    what: &str,
    unit: Unit,
    default: f64,
) -> Option<Distribution> {
    match node {
        Some(node) => distribution::check(cx, node, what, unit),
        None => Distribution::constant(default).ok(),
    }
}

/// A time to live is most often one duration: it needs no law.
fn ttl(cx: &mut Context<'_>, node: &Node) -> Option<Distribution> {
    let is_duration = node
        .as_text()
        .is_some_and(|text| crate::units::parse_duration(text).is_ok());
    if is_duration {
        let span = cx.duration(node, "ttl")?;
        return Distribution::constant(span.as_secs_f64()).ok();
    }
    distribution::check(cx, node, "ttl", Unit::Seconds)
}

fn on_refused(cx: &mut Context<'_>, node: &Node) -> Option<()> {
    if let Some(at) = retry(node) {
        cx.error(
            at,
            "retries are not supported yet",
            "write on_refused = \"drop\"",
        );
        return None;
    }
    cx.choice(node, "on_refused", &[("drop", ())])
}

/// The place of a `retry` table, which belongs to a later release.
pub(super) fn retry(node: &Node) -> Option<&At> {
    node.as_table()
        .and_then(|table| table.entry("retry"))
        .map(|entry| &entry.key_at)
}
