//! Arrivals that a rate describes: constant, given over time, or changing at random.

use super::super::super::file::{Context, Section};
use super::super::super::tree::Node;
use super::super::distribution::valid;
use crate::time::Time;
use crate::workload::{Arrivals, Between};

const POINT: &str = "{ at = \"0s\", rate = \"20/s\" }";
const RATES: &str = "rates = [\"20/s\", \"400/s\"]";
const DWELL: &str = "dwell = [\"10m\", \"30s\"]";

pub(super) fn poisson(cx: &mut Context<'_>, node: &Node) -> Option<Arrivals> {
    let Some(table) = node.as_table() else {
        let rate = cx.rate(node, "rate")?;
        return valid(cx, node, "poisson", Arrivals::poisson(rate));
    };
    cx.only(table, "poisson", &["rate"]);
    let rate = cx.must(
        &Section::of("poisson", node, table),
        "rate",
        "rate = \"80/s\"",
        Context::rate,
    )?;
    valid(cx, node, "poisson", Arrivals::poisson(rate))
}

pub(super) fn profile(cx: &mut Context<'_>, node: &Node) -> Option<Arrivals> {
    let table = cx.table(node, "profile", &format!("{{ points = [{POINT}] }}"))?;
    cx.only(table, "a profile", &["points", "between", "repeat"]);
    let ways = [("linear", Between::Linear), ("step", Between::Step)];
    let between = cx.may(table, "between", |cx, node, key| {
        cx.choice(node, key, &ways)
    });
    let repeat = cx.may(table, "repeat", Context::boolean);
    let example = format!("points = [{POINT}]");
    let points = cx.must(
        &Section::of("profile", node, table),
        "points",
        &example,
        points,
    )?;
    let built = Arrivals::profile(
        &points,
        between?.unwrap_or(Between::Linear),
        repeat?.unwrap_or(false),
    );
    valid(cx, node, "profile", built)
}

fn points(cx: &mut Context<'_>, node: &Node, what: &str) -> Option<Vec<(Time, f64)>> {
    let example = format!("[{POINT}]");
    let points = cx.each(node, what, &example, point)?;
    if points.is_empty() {
        cx.error(
            &node.at,
            "the profile has no points",
            format!("write points = {example}"),
        );
        return None;
    }
    if let Some(index) = points.windows(2).position(|pair| pair[1].0 <= pair[0].0) {
        let (before, late) = (points[index].0, points[index + 1].0);
        let rule = format!("this point is at {late}, not after the one before it at {before}");
        let place = cx
            .list(node, what, &example)?
            .get(index + 1)
            .map_or(&node.at, |item| &item.at);
        cx.error(
            place,
            rule,
            "sort the points by `at`, each later than the one before",
        );
        return None;
    }
    Some(points)
}

fn point(cx: &mut Context<'_>, item: &Node) -> Option<(Time, f64)> {
    let table = cx.table(item, "a point of a profile", POINT)?;
    cx.only(table, "a point of a profile", &["at", "rate"]);
    let section = Section::of("this point", item, table);
    let at = cx.must(&section, "at", "at = \"1h\"", Context::duration);
    let rate = cx.must(&section, "rate", "rate = \"20/s\"", Context::rate);
    Some((Time::ZERO + at?, rate?))
}

pub(super) fn mmpp(cx: &mut Context<'_>, node: &Node) -> Option<Arrivals> {
    let table = cx.table(node, "mmpp", &format!("{{ {RATES}, {DWELL} }}"))?;
    cx.only(table, "mmpp", &["rates", "dwell"]);
    let section = Section::of("mmpp", node, table);
    let rates = cx.must(&section, "rates", RATES, |cx, node, key| {
        cx.each(node, key, "[\"20/s\", \"400/s\"]", |cx, item| {
            cx.rate(item, "a rate")
        })
    });
    let dwell = cx.must(&section, "dwell", DWELL, |cx, node, key| {
        cx.each(node, key, "[\"10m\", \"30s\"]", |cx, item| {
            cx.seconds(item, "a dwell time")
        })
    });
    let (rates, dwell) = (rates?, dwell?);
    if rates.is_empty() || rates.len() != dwell.len() {
        let place = table.get("dwell").map_or(&node.at, |dwell| &dwell.at);
        let rule = format!(
            "mmpp has {} rates and {} dwell times",
            rates.len(),
            dwell.len()
        );
        cx.error(
            place,
            rule,
            "each rate has its mean dwell time: write as many of both",
        );
        return None;
    }
    valid(cx, node, "mmpp", Arrivals::mmpp(&rates, &dwell))
}
