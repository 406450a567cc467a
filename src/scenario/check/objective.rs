//! `[[objective]]`: what must hold; and metrics wherever a key names one.

use super::super::diagnostic::Mistake;
use super::super::file::{Context, Section};
use super::super::metric::{Metric, Quantity};
use super::super::tree::{Node, Table};
use super::super::{Bound, Losses, Objective};
use super::Names;

pub(in crate::scenario) const KEYS: &[&str] = &["metric", "below", "above", "losses"];

const SAMPLE: &str = "[[objective]] with metric = \"emails.wait.p99\" and below = \"200ms\"";

pub(super) fn check_all(
    cx: &mut Context<'_>,
    root: &Table,
    names: &Names<'_>,
) -> Option<Vec<Objective>> {
    let Some(node) = root.get("objective") else {
        return Some(Vec::new());
    };
    cx.each(node, "objective", SAMPLE, |cx, item| check(cx, item, names))
}

fn check(cx: &mut Context<'_>, item: &Node, names: &Names<'_>) -> Option<Objective> {
    let table = cx.table(item, "objective", SAMPLE)?;
    cx.only(table, "an objective", KEYS);
    let section = Section::of("this objective", item, table);
    let metric = cx.must(
        &section,
        "metric",
        "metric = \"emails.wait.p99\"",
        |cx, node, _| metric(cx, node, names),
    );
    let losses = [("count", Losses::Count), ("ignore", Losses::Ignore)];
    let losses = cx.may(table, "losses", |cx, node, key| {
        cx.choice(node, key, &losses)
    });
    let bound = bound(cx, &section, metric.as_ref());
    Some(Objective {
        metric: metric?,
        bound: bound?,
        losses: losses?.unwrap_or(Losses::Count),
    })
}

fn bound(cx: &mut Context<'_>, section: &Section<'_>, metric: Option<&Metric>) -> Option<Bound> {
    match (section.table.get("below"), section.table.get("above")) {
        (Some(below), None) => limit(cx, below, "below", metric).map(Bound::Below),
        (None, Some(above)) => limit(cx, above, "above", metric).map(Bound::Above),
        (None, None) => {
            let example = sample(metric.map_or(Quantity::Seconds, Metric::quantity));
            cx.error(
                section.at,
                "this objective has no limit",
                format!("write below = {example}"),
            );
            None
        }
        (Some(_), Some(above)) => {
            let remedy = "write below or above; two objectives may be about one metric";
            cx.error(&above.at, "this objective has two limits", remedy);
            None
        }
    }
}

/// The metric that a value names.
pub(super) fn metric(cx: &mut Context<'_>, node: &Node, names: &Names<'_>) -> Option<Metric> {
    let text = cx.text(node, "metric", "\"emails.wait.p99\"")?;
    match Metric::parse(text, &names.components()) {
        Ok(metric) => Some(metric),
        Err(error) => {
            let place = node.within(error.place);
            cx.mistakes
                .push(Mistake::error(place, error.rule, error.remedy));
            None
        }
    }
}

/// A limit in the unit of its metric; without a metric nothing can be said of it.
fn limit(cx: &mut Context<'_>, node: &Node, what: &str, metric: Option<&Metric>) -> Option<f64> {
    match metric?.quantity() {
        Quantity::Seconds => cx.duration(node, what).map(|span| span.as_secs_f64()),
        Quantity::Share => cx.share(node, what),
        Quantity::PerSecond => cx.rate(node, what),
        Quantity::Count | Quantity::Plain => cx.number(node, what),
    }
}

const fn sample(quantity: Quantity) -> &'static str {
    match quantity {
        Quantity::Seconds => "\"200ms\"",
        Quantity::Share => "\"2%\"",
        Quantity::PerSecond => "\"80/s\"",
        Quantity::Count | Quantity::Plain => "1_000",
    }
}
