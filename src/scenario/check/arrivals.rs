//! When a producer publishes: processes, profiles, traces and lists.

mod listed;
mod rates;

use super::super::file::{Context, Section};
use super::super::nearest::did_you_mean;
use super::super::tree::{Entry, Node};
use super::distribution::{self, Unit, valid};
use crate::units;
use crate::workload::Arrivals;

const KINDS: [&str; 7] = [
    "poisson", "renewal", "profile", "mmpp", "trace", "times", "closed",
];

/// An arrival process, as a table or as a call.
pub(super) fn check(cx: &mut Context<'_>, node: &Node) -> Option<Arrivals> {
    let node = cx.expand(node)?;
    if let Some(text) = node.as_text() {
        let remedy = match units::parse_rate(text) {
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
    let Some(table) = node.as_table() else {
        cx.wrong_kind(&node, "arrivals", "an arrival process", "\"poisson(80/s)\"");
        return None;
    };
    let [entry] = &table.entries[..] else {
        let place = table.entries.get(1).map_or(&node.at, |entry| &entry.key_at);
        let rule = format!(
            "arrivals must be one process, and have {} keys",
            table.entries.len()
        );
        cx.error(place, rule, "write \"poisson(80/s)\"");
        return None;
    };
    of_kind(cx, entry)
}

fn of_kind(cx: &mut Context<'_>, entry: &Entry) -> Option<Arrivals> {
    let node = &entry.node;
    match entry.key.as_str() {
        "poisson" => rates::poisson(cx, node),
        "renewal" => {
            let gaps = distribution::check(cx, node, "renewal", Unit::Seconds)?;
            valid(cx, node, "renewal", Arrivals::renewal(gaps))
        }
        "profile" => rates::profile(cx, node),
        "mmpp" => rates::mmpp(cx, node),
        "trace" => listed::trace(cx, node),
        "times" => listed::times(cx, node),
        "closed" => closed(cx, node),
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

fn closed(cx: &mut Context<'_>, node: &Node) -> Option<Arrivals> {
    let table = cx.table(
        node,
        "closed",
        "{ clients = 20, think = \"exponential(5s)\" }",
    )?;
    cx.only(table, "closed", &["clients", "think"]);
    let section = Section::of("closed", node, table);
    let clients = cx.must(&section, "clients", "clients = 20", |cx, node, key| {
        cx.count_u32(node, key, 1)
    });
    let think = cx.must(
        &section,
        "think",
        "think = \"exponential(5s)\"",
        |cx, node, key| distribution::check(cx, node, key, Unit::Seconds),
    );
    valid(cx, node, "closed", Arrivals::closed(clients?, think?))
}
