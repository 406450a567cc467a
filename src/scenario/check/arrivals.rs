//! When a producer publishes: processes, profiles, traces and lists.

use super::super::file::Context;
use super::super::nearest::did_you_mean;
use super::super::tree::{Node, Value};
use super::column::Column;
use super::distribution::{self, Unit, valid};
use crate::time::Time;
use crate::workload::{Arrivals, Between};
use std::sync::Arc;

const KINDS: [&str; 7] = [
    "poisson", "renewal", "profile", "mmpp", "trace", "times", "closed",
];

/// An arrival process, as a table or as a call.
pub(super) fn check(cx: &mut Context<'_>, node: &Node) -> Option<Arrivals> {
    let node = cx.expand(node)?;
    if let Some(text) = node.as_text() {
        let remedy = match crate::units::parse_rate(text) {
            Ok(_) => format!("write \"poisson({text})\""),
            Err(_) => did_you_mean(text, "write \"poisson(80/s)\"; arrivals", KINDS),
        };
        cx.error(
            &node.at,
            format!("arrivals \"{text}\" do not say how they vary"),
            remedy,
        );
        return None;
    }
    let table = cx.table(&node, "arrivals", "\"poisson(80/s)\"")?;
    let [entry] = &table.entries[..] else {
        let place = table.entries.get(1).map_or(&node.at, |entry| &entry.key_at);
        cx.error(
            place,
            format!(
                "arrivals must be one process, and have {} keys",
                table.entries.len()
            ),
            "write \"poisson(80/s)\"",
        );
        return None;
    };
    let inner = &entry.node;
    match entry.key.as_str() {
        "poisson" => poisson(cx, inner),
        "renewal" => {
            let gaps = distribution::check(cx, inner, "renewal", Unit::Seconds)?;
            valid(cx, inner, None, "renewal", Arrivals::renewal(gaps))
        }
        "profile" => profile(cx, inner),
        "mmpp" => mmpp(cx, inner),
        "trace" => {
            let table = cx.table(
                inner,
                "trace",
                "{ file = \"publishes.csv\", column = \"timestamp\" }",
            )?;
            let column = Column::check(cx, table, inner, "a trace")?;
            let times: Arc<[Time]> = column.timestamps(cx)?.into();
            valid(cx, inner, Some(table), "trace", Arrivals::listed(times))
        }
        "times" => times(cx, inner),
        "closed" => closed(cx, inner),
        unknown => {
            let remedy = did_you_mean(unknown, "arrivals", KINDS);
            cx.error(
                &entry.key_at,
                format!("unknown arrivals \"{unknown}\""),
                remedy,
            );
            None
        }
    }
}

fn poisson(cx: &mut Context<'_>, node: &Node) -> Option<Arrivals> {
    let Some(table) = node.as_table() else {
        let rate = cx.rate(node, "rate")?;
        return valid(cx, node, None, "poisson", Arrivals::poisson(rate));
    };
    cx.only(table, "poisson", &["rate"]);
    let rate = cx.required(table, &node.at, "poisson", "rate", "rate = \"80/s\"")?;
    let rate = cx.rate(rate, "rate")?;
    valid(cx, node, Some(table), "poisson", Arrivals::poisson(rate))
}

fn profile(cx: &mut Context<'_>, node: &Node) -> Option<Arrivals> {
    let sample = "{ at = \"0s\", rate = \"20/s\" }";
    let table = cx.table(node, "profile", &format!("{{ points = [{sample}] }}"))?;
    cx.only(table, "a profile", &["points", "between", "repeat"]);
    let between = match table.get("between") {
        Some(node) => cx.choice(
            node,
            "between",
            &[("linear", Between::Linear), ("step", Between::Step)],
        ),
        None => Some(Between::Linear),
    };
    let repeat = table
        .get("repeat")
        .map_or(Some(false), |node| cx.boolean(node, "repeat"));
    let points = cx.required(
        table,
        &node.at,
        "profile",
        "points",
        &format!("points = [{sample}]"),
    )?;
    let items = cx.list(points, "points", &format!("[{sample}]"))?;
    let points_read: Vec<Option<(Time, f64)>> = items
        .iter()
        .map(|item| {
            let table = cx.table(item, "a point of a profile", sample)?;
            cx.only(table, "a point of a profile", &["at", "rate"]);
            let at = cx.required(table, &item.at, "this point", "at", "at = \"1h\"");
            let at = at.and_then(|node| cx.duration(node, "at"));
            let rate = cx.required(table, &item.at, "this point", "rate", "rate = \"20/s\"")?;
            let rate = cx.rate(rate, "rate")?;
            Some((Time::ZERO + at?, rate))
        })
        .collect();
    let points_read: Vec<(Time, f64)> = points_read.into_iter().collect::<Option<_>>()?;
    if points_read.is_empty() {
        cx.error(
            &points.at,
            "the profile has no points",
            format!("write points = [{sample}]"),
        );
        return None;
    }
    if let Some(late) = points_read
        .windows(2)
        .position(|pair| pair[1].0 <= pair[0].0)
    {
        let rule = format!(
            "this point is at {}, not after the one before it at {}",
            points_read[late + 1].0,
            points_read[late].0
        );
        cx.error(
            &items[late + 1].at,
            rule,
            "sort the points by `at`, each later than the one before",
        );
        return None;
    }
    valid(
        cx,
        node,
        Some(table),
        "profile",
        Arrivals::profile(&points_read, between?, repeat?),
    )
}

fn mmpp(cx: &mut Context<'_>, node: &Node) -> Option<Arrivals> {
    let table = cx.table(
        node,
        "mmpp",
        "{ rates = [\"20/s\", \"400/s\"], dwell = [\"10m\", \"30s\"] }",
    )?;
    cx.only(table, "mmpp", &["rates", "dwell"]);
    let rates = cx.required(
        table,
        &node.at,
        "mmpp",
        "rates",
        "rates = [\"20/s\", \"400/s\"]",
    );
    let dwell = cx.required(
        table,
        &node.at,
        "mmpp",
        "dwell",
        "dwell = [\"10m\", \"30s\"]",
    );
    let dwell_at = dwell.map(|node| node.at.clone());
    let rates = rates.and_then(|node| cx.list(node, "rates", "[\"20/s\", \"400/s\"]"));
    let dwell = dwell.and_then(|node| cx.list(node, "dwell", "[\"10m\", \"30s\"]"));
    let rates: Option<Vec<Option<f64>>> =
        rates.map(|items| items.iter().map(|item| cx.rate(item, "a rate")).collect());
    let dwell: Option<Vec<Option<f64>>> = dwell.map(|items| {
        items
            .iter()
            .map(|item| {
                cx.duration(item, "a dwell time")
                    .map(|span| span.as_secs_f64())
            })
            .collect()
    });
    let rates: Vec<f64> = rates?.into_iter().collect::<Option<_>>()?;
    let dwell: Vec<f64> = dwell?.into_iter().collect::<Option<_>>()?;
    if rates.len() != dwell.len() {
        let rule = format!(
            "mmpp has {} rates and {} dwell times",
            rates.len(),
            dwell.len()
        );
        cx.error(
            &dwell_at?,
            rule,
            "each rate has its mean dwell time: write as many of both",
        );
        return None;
    }
    if rates.is_empty() {
        cx.error(
            &node.at,
            "mmpp has no rates",
            "write rates = [\"20/s\", \"400/s\"], dwell = [\"10m\", \"30s\"]",
        );
        return None;
    }
    valid(
        cx,
        node,
        Some(table),
        "mmpp",
        Arrivals::mmpp(&rates, &dwell),
    )
}

fn times(cx: &mut Context<'_>, node: &Node) -> Option<Arrivals> {
    // A call with one value, `times(5s)`, gives that value alone.
    let items = match &node.value {
        Value::Text(_) => std::slice::from_ref(node),
        Value::List(_)
        | Value::Integer(_)
        | Value::Float(_)
        | Value::Boolean(_)
        | Value::Datetime(_)
        | Value::Table(_) => cx.list(node, "times", "[\"0s\", \"1s\"]")?,
    };
    let read: Vec<Option<Time>> = items
        .iter()
        .map(|item| cx.duration(item, "a time").map(|span| Time::ZERO + span))
        .collect();
    let read: Vec<Time> = read.into_iter().collect::<Option<_>>()?;
    if read.is_empty() {
        cx.error(
            &node.at,
            "the list of times is empty",
            "write [\"0s\", \"1s\"]",
        );
        return None;
    }
    if let Some(late) = read.windows(2).position(|pair| pair[1] < pair[0]) {
        let rule = format!("{} comes after {}", read[late + 1], read[late]);
        cx.error(&items[late + 1].at, rule, "sort the times");
        return None;
    }
    valid(cx, node, None, "times", Arrivals::listed(read))
}

fn closed(cx: &mut Context<'_>, node: &Node) -> Option<Arrivals> {
    let table = cx.table(
        node,
        "closed",
        "{ clients = 20, think = \"exponential(5s)\" }",
    )?;
    cx.only(table, "closed", &["clients", "think"]);
    let clients = cx.required(table, &node.at, "closed", "clients", "clients = 20");
    let clients = clients.and_then(|node| cx.count_u32(node, "clients", 1));
    let think = cx.required(
        table,
        &node.at,
        "closed",
        "think",
        "think = \"exponential(5s)\"",
    )?;
    let think = distribution::check(cx, think, "think", Unit::Seconds)?;
    valid(
        cx,
        node,
        Some(table),
        "closed",
        Arrivals::closed(clients?, think),
    )
}
