//! What befalls consumers: crashes at random, outages, rolling restarts and slow stretches at times that are given.

use super::super::file::{Context, Section};
use super::super::tree::{Node, Table};
use super::super::{Crashes, OnCrash, Outage, Slowdown};
use super::distribution::{self, Unit};
use crate::time::{Span, Time};
use crate::workload::Distribution;

const ON_CRASH: [(&str, OnCrash); 3] = [
    ("redo", OnCrash::Redo),
    ("redraw", OnCrash::Redraw),
    ("resume", OnCrash::Resume),
];

const CRASHES: &str = "{ up = \"exponential(8h)\", down = \"exponential(10m)\" }";
const OUTAGE: &str = "{ at = \"10m\", for = \"5m\" }";
const RESTARTS: &str = "{ at = \"10m\", each = \"30s\" }";
const SLOWDOWN: &str = "{ at = \"10m\", for = \"5m\", factor = 3 }";

/// All that befalls the consumers of a pool.
pub(super) struct Incidents {
    pub(super) crashes: Option<Crashes>,
    pub(super) outages: Vec<Outage>,
    pub(super) slowdowns: Vec<Slowdown>,
    pub(super) on_crash: OnCrash,
}

/// The keys of a pool of so many consumers; `None` for `most` where their number is not known.
pub(super) fn check(cx: &mut Context<'_>, table: &Table, most: Option<u32>) -> Option<Incidents> {
    let crashes = cx.may(table, "crashes", crashes);
    let outages = outages(cx, table, most);
    let slowdowns = cx.may(table, "slowdowns", |cx, node, key| {
        slowdowns(cx, node, key, most)
    });
    let on_crash = cx.may(table, "on_crash", |cx, node, key| {
        cx.choice(node, key, &ON_CRASH)
    });
    Some(Incidents {
        crashes: crashes?,
        outages: outages?,
        slowdowns: slowdowns?.unwrap_or_default(),
        on_crash: on_crash?.unwrap_or_default(),
    })
}

/// Consumers that come and go by themselves.
fn crashes(cx: &mut Context<'_>, node: &Node, what: &str) -> Option<Crashes> {
    let table = cx.table(node, what, CRASHES)?;
    cx.only(table, what, &["up", "down"]);
    let section = Section::of(what, node, table);
    let up = cx.must(&section, "up", "up = \"exponential(8h)\"", lasting);
    let down = cx.must(&section, "down", "down = \"exponential(10m)\"", lasting);
    Some(Crashes {
        up: up?,
        down: down?,
    })
}

/// A law of durations that are not all zero.
fn lasting(cx: &mut Context<'_>, node: &Node, what: &str) -> Option<Distribution> {
    let law = distribution::check(cx, node, what, Unit::Seconds)?;
    if law.mean() <= 0.0 {
        let rule = format!("`{what}` is always 0s: consumers would come and go in one instant");
        cx.error(&node.at, rule, "give it a mean above 0s");
        return None;
    }
    Some(law)
}

/// Consumers that are away: those listed, and those of a rolling restart; in order of time.
fn outages(cx: &mut Context<'_>, table: &Table, most: Option<u32>) -> Option<Vec<Outage>> {
    let listed = cx.may(table, "outages", |cx, node, key| {
        let read = |cx: &mut Context<'_>, item: &Node| outage(cx, item, most);
        let outages = cx.each(node, key, &format!("[{OUTAGE}]"), read)?;
        let ends = outages.iter().map(|outage| (outage.at, outage.lasts));
        in_order(cx, node, "outage", &ends.collect::<Vec<_>>())?;
        Some(outages)
    });
    let rolling = cx.may(table, "restarts", |cx, node, key| {
        restarts(cx, node, key, most)
    });
    let (listed, rolling) = (listed?.unwrap_or_default(), rolling?.unwrap_or_default());
    let both_away = rolling.iter().find(|restart| {
        let mut same = listed
            .iter()
            .filter(|outage| restart.first < outage.consumers);
        same.any(|outage| {
            restart.at < outage.at + outage.lasts && outage.at < restart.at + restart.lasts
        })
    });
    if let (Some(restart), Some(entry)) = (both_away, table.entry("restarts")) {
        let rule = format!(
            "consumer {} is to be restarted at {}, and is away by an outage",
            restart.first + 1,
            restart.at
        );
        cx.error(&entry.key_at, rule, "move the restarts or the outages");
        return None;
    }
    let mut all = [listed, rolling].concat();
    all.sort_by_key(|outage| outage.at);
    Some(all)
}

fn outage(cx: &mut Context<'_>, item: &Node, most: Option<u32>) -> Option<Outage> {
    let table = cx.table(item, "an outage", OUTAGE)?;
    cx.only(table, "an outage", &["at", "for", "consumers", "graceful"]);
    let section = Section::of("this outage", item, table);
    let stretch = stretch(cx, &section);
    let consumers = some_consumers(cx, table, most);
    let graceful = cx.may(table, "graceful", Context::boolean);
    let (at, lasts) = stretch?;
    Some(Outage {
        at,
        lasts,
        first: 0,
        consumers: consumers?,
        graceful: graceful?.unwrap_or(false),
    })
}

/// One consumer after the other.
fn restarts(
    cx: &mut Context<'_>,
    node: &Node,
    what: &str,
    most: Option<u32>,
) -> Option<Vec<Outage>> {
    let table = cx.table(node, what, RESTARTS)?;
    cx.only(table, what, &["at", "each", "gap", "graceful"]);
    let section = Section::of(what, node, table);
    let at = cx.must(&section, "at", "at = \"10m\"", Context::duration);
    let each = cx.must(&section, "each", "each = \"30s\"", some_time);
    let gap = cx.may(table, "gap", Context::duration);
    let graceful = cx.may(table, "graceful", Context::boolean);
    let (at, each, gap) = (at?, each?, gap?.unwrap_or(Span::ZERO));
    let graceful = graceful?.unwrap_or(true);
    let step = each + gap;
    let outage = |consumer: u32| Outage {
        at: Time::ZERO + at + Span::from_nanos(step.as_nanos().saturating_mul(u64::from(consumer))),
        lasts: each,
        first: consumer,
        consumers: 1,
        graceful,
    };
    // A pool of more consumers than a run has room for is refused elsewhere.
    let consumers = most?.min(super::super::MOST_SLOTS);
    Some((0..consumers).map(outage).collect())
}

/// Consumers that are slow, in order of time.
fn slowdowns(
    cx: &mut Context<'_>,
    node: &Node,
    what: &str,
    most: Option<u32>,
) -> Option<Vec<Slowdown>> {
    let read = |cx: &mut Context<'_>, item: &Node| slowdown(cx, item, most);
    let slowdowns = cx.each(node, what, &format!("[{SLOWDOWN}]"), read)?;
    let ends = slowdowns.iter().map(|slow| (slow.at, slow.lasts));
    in_order(cx, node, "slowdown", &ends.collect::<Vec<_>>())?;
    Some(slowdowns)
}

fn slowdown(cx: &mut Context<'_>, item: &Node, most: Option<u32>) -> Option<Slowdown> {
    let table = cx.table(item, "a slowdown", SLOWDOWN)?;
    cx.only(table, "a slowdown", &["at", "for", "consumers", "factor"]);
    let section = Section::of("this slowdown", item, table);
    let stretch = stretch(cx, &section);
    let consumers = some_consumers(cx, table, most);
    let factor = cx.must(&section, "factor", "factor = 3", |cx, node, key| {
        let factor = cx.number(node, key)?;
        if factor <= 0.0 {
            let rule = "a factor of 0 leaves no work to do";
            cx.error(
                &node.at,
                rule,
                "write 3 for work that takes three times as long",
            );
            return None;
        }
        Some(factor)
    });
    let (at, lasts) = stretch?;
    Some(Slowdown {
        at,
        lasts,
        consumers: consumers?,
        factor: factor?,
    })
}

/// When something begins and how long it lasts: `at` and `for`.
fn stretch(cx: &mut Context<'_>, section: &Section<'_>) -> Option<(Time, Span)> {
    let at = cx.must(section, "at", "at = \"10m\"", Context::duration);
    let lasts = cx.must(section, "for", "for = \"5m\"", some_time);
    Some((Time::ZERO + at?, lasts?))
}

fn some_time(cx: &mut Context<'_>, node: &Node, what: &str) -> Option<Span> {
    let span = cx.duration(node, what)?;
    if span == Span::ZERO {
        cx.error(
            &node.at,
            format!("`{what}` is no time at all"),
            "write \"5m\"",
        );
        return None;
    }
    Some(span)
}

/// How many consumers of the pool: all, unless the table says.
fn some_consumers(cx: &mut Context<'_>, table: &Table, most: Option<u32>) -> Option<u32> {
    let given = cx.may(table, "consumers", |cx, node, key| {
        let consumers = cx.count_u32(node, key, 1)?;
        if let Some(all) = most.filter(|all| consumers > *all) {
            let rule = format!("{consumers} consumers are more than the {all} of the pool");
            cx.error(
                &node.at,
                rule,
                "write fewer, or leave it out for all of them",
            );
            return None;
        }
        Some(consumers)
    });
    given?.or(most)
}

/// The stretches of a list stand one after the other, for two at once would contradict each other.
pub(super) fn in_order(
    cx: &mut Context<'_>,
    node: &Node,
    what: &str,
    stretches: &[(Time, Span)],
) -> Option<()> {
    let late = stretches
        .windows(2)
        .position(|pair| pair[1].0 < pair[0].0 + pair[0].1);
    let Some(index) = late else {
        return Some(());
    };
    let ((at, lasts), (next, _)) = (stretches[index], stretches[index + 1]);
    let rule = format!(
        "this {what} begins at {next}, before the last one ends at {}",
        at + lasts
    );
    let items = cx.list(node, what, "")?;
    let place = items.get(index + 1).map_or(&node.at, |item| &item.at);
    let remedy = format!("write the {what}s in order, one after the other");
    cx.error(place, rule, remedy);
    None
}
