//! Trying again: how often, and after which delay.

use super::super::file::{Context, Section};
use super::super::nearest::did_you_mean;
use super::super::tree::{Node, Table};
use super::super::{Backoff, Retry};
use crate::time::Span;

const RETRY: &str = "{ backoff = \"exponential(first=1s, cap=1m)\", limit = 5 }";
const BACKOFF: &str = "backoff = \"exponential(first=1s, cap=1m)\"";

const TABLE: &str = "{ retry = { backoff = \"fixed(1s)\" } }";

/// What each further delay of an exponential backoff is multiplied by, unless the file says.
const FACTOR_DEFAULT: f64 = 2.0;

/// A backoff's name and its parameters, of which the first must be given and may stand alone.
type Law = (&'static str, &'static [&'static str]);

const LAWS: [Law; 3] = [
    ("fixed", &["delay"]),
    ("linear", &["step", "cap"]),
    ("exponential", &["first", "factor", "cap"]),
];

/// The table that says how to try again.
pub(super) fn check(cx: &mut Context<'_>, node: &Node, what: &str) -> Option<Retry> {
    let table = cx.table(node, what, RETRY)?;
    cx.only(table, "a retry", &["backoff", "jitter", "limit"]);
    let section = Section::of("retry", node, table);
    let backoff = cx.must(&section, "backoff", BACKOFF, |cx, node, _| {
        backoff(cx, node)
    });
    let jitter = cx.may(table, "jitter", Context::share);
    let limit = cx.may(table, "limit", |cx, node, key| cx.count_u32(node, key, 0));
    Some(Retry {
        backoff: backoff?,
        jitter: jitter?.unwrap_or(0.0),
        limit: limit?,
    })
}

/// What is done: one of some words, or to try again as a table says.
pub(super) fn or_word<T: Clone>(
    cx: &mut Context<'_>,
    node: &Node,
    what: &str,
    words: &[(&str, T)],
    again: fn(Retry) -> T,
) -> Option<T> {
    if let Some(table) = node.as_table() {
        cx.only(table, what, &["retry"]);
        let section = Section::of(what, node, table);
        let example = "retry = { backoff = \"fixed(1s)\" }";
        return cx.must(&section, "retry", example, check).map(again);
    }
    let word = cx.text(node, what, &format!("\"{}\"", words[0].0))?;
    if word == "retry" {
        let remedy = format!("write {what} = {TABLE}");
        cx.error(&node.at, "retry does not say after which delay", remedy);
        return None;
    }
    let found = words.iter().find(|(name, _)| *name == word);
    if found.is_none() {
        let names = words.iter().map(|(name, _)| *name).chain([TABLE]);
        let remedy = did_you_mean(word, "it is one of", names);
        cx.error(&node.at, format!("unknown {what} \"{word}\""), remedy);
    }
    found.map(|(_, done)| done.clone())
}

/// A law of delays, as a table or as a call.
fn backoff(cx: &mut Context<'_>, node: &Node) -> Option<Backoff> {
    let node = cx.expand(node)?;
    let names = LAWS.map(|(name, _)| name);
    if let Some(text) = node.as_text() {
        bare_text(cx, &node, text);
        return None;
    }
    let table = cx.table(&node, "backoff", "\"fixed(1s)\"")?;
    let [entry] = &table.entries[..] else {
        let place = table.entries.get(1).map_or(&node.at, |entry| &entry.key_at);
        let rule = format!(
            "backoff must be one law, and has {} keys",
            table.entries.len()
        );
        cx.error(place, rule, "write \"fixed(1s)\"");
        return None;
    };
    let Some((name, parameters)) = LAWS.iter().find(|(name, _)| *name == entry.key) else {
        let rule = format!("unknown backoff \"{}\"", entry.key);
        cx.error(
            &entry.key_at,
            rule,
            did_you_mean(&entry.key, "backoffs", names),
        );
        return None;
    };
    law(cx, &entry.node, name, parameters)
}

/// A duration does not say how the delay grows; another text names no law.
fn bare_text(cx: &mut Context<'_>, node: &Node, text: &str) {
    let names = LAWS.map(|(name, _)| name);
    if names.contains(&text) {
        let remedy = format!("write \"{text}(1s)\"");
        cx.error(&node.at, format!("{text} has no parameters"), remedy);
    } else if text.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
        // Where the duration itself is wrong, that is said instead.
        if cx.duration(node, "backoff").is_some() {
            let rule = format!("backoff \"{text}\" does not say how the delay grows");
            let remedy = format!("write \"fixed({text})\" or \"exponential({text})\"");
            cx.error(&node.at, rule, remedy);
        }
    } else {
        let remedy = did_you_mean(text, "backoffs", names);
        cx.error(&node.at, format!("unknown backoff \"{text}\""), remedy);
    }
}

fn law(cx: &mut Context<'_>, node: &Node, name: &str, parameters: &[&str]) -> Option<Backoff> {
    let required = parameters[0];
    let alone;
    let table = match node.as_table() {
        Some(table) => {
            cx.only(table, name, parameters);
            table
        }
        None => {
            alone = Table::default();
            &alone
        }
    };
    let first = match node.as_table() {
        Some(_) => {
            let example = format!("{required} = \"1s\"");
            let section = Section::of(name, node, table);
            cx.must(&section, required, &example, Context::duration)
        }
        None => cx.duration(node, required),
    };
    let cap = cx.may(table, "cap", Context::duration);
    let factor = cx.may(table, "factor", factor);
    let (first, cap) = (first?, cap?.unwrap_or(Span::MAX));
    if cap < first {
        let rule = format!("the longest delay of {cap} is shorter than the first one of {first}");
        let place = table.get("cap").unwrap_or(node);
        cx.error(&place.at, rule, "write a longer cap, or fixed(1s)");
        return None;
    }
    Some(match name {
        "fixed" => Backoff::Fixed(first),
        "linear" => Backoff::Linear { step: first, cap },
        _ => Backoff::Exponential {
            first,
            factor: factor?.unwrap_or(FACTOR_DEFAULT),
            cap,
        },
    })
}

fn factor(cx: &mut Context<'_>, node: &Node, what: &str) -> Option<f64> {
    let factor = cx.number(node, what)?;
    if factor < 1.0 {
        let rule = format!("{what} is {factor}, and must be at least 1");
        cx.error(&node.at, rule, "write 2 to double the delay each time");
        return None;
    }
    Some(factor)
}
