//! `[[objective]]`: what must hold; and metrics wherever a key names one.

use super::super::diagnostic::{At, Mistake};
use super::super::file::Context;
use super::super::metric::{Metric, Quantity};
use super::super::tree::{Node, Table};
use super::super::{Bound, Losses, Objective};
use super::Names;
use super::queue::given;

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
    let items = cx.list(node, "objective", SAMPLE)?;
    let objectives: Vec<Option<Objective>> = items
        .iter()
        .map(|item| {
            let table = cx.table(item, "objective", SAMPLE)?;
            check(cx, &item.at, table, names)
        })
        .collect();
    objectives.into_iter().collect()
}

fn check(cx: &mut Context<'_>, at: &At, table: &Table, names: &Names<'_>) -> Option<Objective> {
    cx.only(table, "an objective", KEYS);
    let node = cx.required(
        table,
        at,
        "this objective",
        "metric",
        "metric = \"emails.wait.p99\"",
    );
    let metric = node.and_then(|node| metric(cx, node, names));
    let losses = [("count", Losses::Count), ("ignore", Losses::Ignore)];
    let losses = table
        .get("losses")
        .map(|node| cx.choice(node, "losses", &losses));
    let quantity = metric.as_ref().map_or(Quantity::Seconds, Metric::quantity);
    let bound = match (table.get("below"), table.get("above")) {
        (Some(below), None) => limit(cx, below, "below", metric.as_ref()).map(Bound::Below),
        (None, Some(above)) => limit(cx, above, "above", metric.as_ref()).map(Bound::Above),
        (None, None) => {
            cx.error(
                at,
                "this objective has no limit",
                format!("write below = {}", sample(quantity)),
            );
            None
        }
        (Some(_), Some(above)) => {
            cx.error(
                &above.at,
                "this objective has two limits",
                "write below or above; two objectives may be about one metric",
            );
            None
        }
    };
    Some(Objective {
        metric: metric?,
        bound: bound?,
        losses: given(losses)?.unwrap_or(Losses::Count),
    })
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
