//! Arrivals at exact instants: of a data file, or written down.

use super::super::super::file::Context;
use super::super::super::tree::Node;
use super::super::column::Column;
use super::super::distribution::valid;
use crate::time::Time;
use crate::workload::Arrivals;

const TIMES: &str = "[\"0s\", \"1s\"]";

pub(super) fn trace(cx: &mut Context<'_>, node: &Node) -> Option<Arrivals> {
    let table = cx.table(
        node,
        "trace",
        "{ file = \"publishes.csv\", column = \"timestamp\" }",
    )?;
    let column = Column::check(cx, table, node, "a trace")?;
    let times = column.timestamps(cx)?;
    valid(cx, node, "trace", Arrivals::listed(times))
}

pub(super) fn times(cx: &mut Context<'_>, node: &Node) -> Option<Arrivals> {
    // A call with one value, `times(5s)`, gives that value alone.
    let times = match node.as_text() {
        Some(_) => vec![time(cx, node)?],
        None => cx.each(node, "times", TIMES, time)?,
    };
    if times.is_empty() {
        cx.error(
            &node.at,
            "the list of times is empty",
            format!("write {TIMES}"),
        );
        return None;
    }
    if let Some(index) = times.windows(2).position(|pair| pair[1] < pair[0]) {
        let rule = format!("{} comes after {}", times[index + 1], times[index]);
        let place = cx
            .list(node, "times", TIMES)?
            .get(index + 1)
            .map_or(&node.at, |item| &item.at);
        cx.error(place, rule, "sort the times");
        return None;
    }
    valid(cx, node, "times", Arrivals::listed(times))
}

fn time(cx: &mut Context<'_>, node: &Node) -> Option<Time> {
    cx.duration(node, "a time").map(|span| Time::ZERO + span)
}
