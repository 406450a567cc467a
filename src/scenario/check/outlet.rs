//! What becomes of the messages that a pool is done with: the next queue, copies to several, or the way out.

use super::super::diagnostic::At;
use super::super::file::Context;
use super::super::tree::{Node, Table, Value};
use super::super::{Outlet, Target};
use super::target::{self, Way};
use super::{Names, is_name, shares};

/// The ways of a pool's message: a target's, and two more.
const WAYS: [Way; 5] = [
    target::WAYS[0],
    target::WAYS[1],
    target::WAYS[2],
    ("all", &[]),
    ("exit", &[]),
];

/// What else may be written than a share for each, and for what becomes of the rest.
const INSTEAD: (&str, &str) = (
    "; a copy to each is { all = [\"a\", \"b\"] }",
    ", as in { exit = \"refused\" }",
);

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
    let given: Vec<_> = entries
        .iter()
        .map(|entry| (entry.share, entry.at.clone()))
        .collect();
    let shares = shares::check(cx, node, &given, INSTEAD)?;
    let outlets = entries.into_iter().zip(shares);
    let outlets = outlets.map(|(entry, share)| Outlet {
        share,
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
