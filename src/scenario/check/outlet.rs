//! What becomes of the messages that a pool is done with: the next queue, copies to several, or the way out.

use super::super::diagnostic::At;
use super::super::file::Context;
use super::super::tree::{Node, Table, Value};
use super::super::{Outlet, Target};
use super::target::{self, Way};
use super::{Names, is_name};
use crate::units::show_share;

/// The ways of a pool's message: a target's, and two more.
const WAYS: [Way; 4] = [
    target::WAYS[0],
    target::WAYS[1],
    ("all", &[]),
    ("exit", &[]),
];

/// Sums of shares as far as numbers with a fraction can be added up.
const ROUNDING: f64 = 1e-9;

/// An outlet whose share may be left to the others.
struct Entry {
    share: Option<f64>,
    name: Option<String>,
    to: Vec<Target>,
    at: At,
}

/// Where a pool's messages go: one way for all of them, or a list of ways with their shares.
pub(super) fn check(cx: &mut Context<'_>, node: &Node, names: &Names<'_>) -> Option<Vec<Outlet>> {
    let entries = if matches!(node.value, Value::List(_)) {
        cx.each(node, "to", "[\"a\"]", |cx, item| entry(cx, item, names))?
    } else {
        vec![entry(cx, node, names)?]
    };
    if entries.is_empty() {
        let rule = "this list says nothing of where messages go";
        cx.error(
            &node.at,
            rule,
            "leave `to` out where messages leave for good",
        );
        return None;
    }
    exits_differ(cx, &entries)?;
    let rest = rest(cx, node, &entries)?;
    let outlets = entries.into_iter().map(|entry| Outlet {
        share: entry.share.unwrap_or(rest),
        name: entry.name,
        to: entry.to,
    });
    Some(outlets.collect())
}

fn entry(cx: &mut Context<'_>, node: &Node, names: &Names<'_>) -> Option<Entry> {
    let Some(table) = node.as_table() else {
        return Some(Entry {
            share: None,
            name: None,
            to: vec![target::check(cx, node, "to", names)?],
            at: node.at.clone(),
        });
    };
    let way = target::way(cx, node, table, &WAYS, &["share"]);
    let share = cx.may(table, "share", Context::share);
    let (name, to) = match way? {
        "exit" => (Some(exit(cx, table)?), Vec::new()),
        "all" => (None, copies(cx, table, names)?),
        way => (None, vec![target::of_table(cx, node, table, way, names)?]),
    };
    Some(Entry {
        share: share?,
        name,
        to,
        at: node.at.clone(),
    })
}

/// An exit's name, which its figures are called by.
fn exit(cx: &mut Context<'_>, table: &Table) -> Option<String> {
    let node = table.get("exit")?;
    let name = cx.text(node, "exit", "\"refused\"")?;
    if !is_name(name) {
        let remedy = "exits are named by a-z, 0-9, _ and -, such as \"refused\"";
        cx.error(&node.at, format!("\"{name}\" is not a name"), remedy);
        return None;
    }
    Some(name.to_owned())
}

/// A copy to each.
fn copies(cx: &mut Context<'_>, table: &Table, names: &Names<'_>) -> Option<Vec<Target>> {
    let node = table.get("all")?;
    let targets = cx.each(node, "all", "[\"a\", \"b\"]", |cx, item| {
        target::check(cx, item, "all", names)
    })?;
    if targets.len() < 2 {
        let rule = "a copy to each needs at least two of them";
        cx.error(
            &node.at,
            rule,
            "write all = [\"a\", \"b\"], or queue = \"a\"",
        );
        return None;
    }
    Some(targets)
}

fn exits_differ(cx: &mut Context<'_>, entries: &[Entry]) -> Option<()> {
    let is_taken = |index: &usize| {
        let name = &entries[*index].name;
        name.is_some() && entries[..*index].iter().any(|other| other.name == *name)
    };
    let Some(taken) = (1..entries.len()).find(is_taken) else {
        return Some(());
    };
    let name = entries[taken].name.as_deref().unwrap_or_default();
    let rule = format!("the exit \"{name}\" is there already");
    cx.error(
        &entries[taken].at,
        rule,
        "add its share to the first one, or name it differently",
    );
    None
}

/// What the stated shares leave to the one entry that has none; 0 where all have one.
fn rest(cx: &mut Context<'_>, node: &Node, entries: &[Entry]) -> Option<f64> {
    let sum: f64 = entries.iter().filter_map(|entry| entry.share).sum();
    let mut open = entries.iter().filter(|entry| entry.share.is_none());
    let (first, second) = (open.next(), open.next());
    if let Some(second) = second {
        let rule = "at most one of these may leave its share to the others, and this is one more";
        let remedy = "write share = \"40%\"; a copy to each is { all = [\"a\", \"b\"] }";
        cx.error(&second.at, rule, remedy);
        return None;
    }
    let remedy = if sum > 1.0 + ROUNDING {
        format!("take {} off", show_share(sum - 1.0))
    } else if first.is_none() && sum < 1.0 - ROUNDING {
        let missing = show_share(1.0 - sum);
        format!(
            "say what becomes of the other {missing}, as in {{ exit = \"refused\" }}, or leave a share out"
        )
    } else {
        return Some((1.0 - sum).max(0.0));
    };
    let rule = format!(
        "the shares add up to {}, and must add up to 100 %",
        show_share(sum)
    );
    cx.error(&node.at, rule, remedy);
    None
}
