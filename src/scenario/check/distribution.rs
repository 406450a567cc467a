//! The laws that values are drawn from, as a table or as a call.

mod law;

use super::super::diagnostic::sentence;
use super::super::file::{Context, Section};
use super::super::nearest::did_you_mean;
use super::super::tree::{Entry, Node, Table, Value};
use super::column::Column;
use crate::workload::{Distribution, Invalid};
use law::Law;

/// What the values of a law are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// Durations, in seconds.
    Seconds,
    /// Sizes, in bytes.
    Bytes,
    /// Messages, levels: numbers without a unit.
    Plain,
}

const PART: &str = "{ weight = 9, of = \"exponential(80ms)\" }";

/// Whether there is a law of this name.
pub(super) fn is_law(name: &str) -> bool {
    Law::named(name).is_some()
}

/// A law of durations, of sizes or of plain numbers. Sizes and plain numbers may be written alone, as a constant.
pub(super) fn check(
    cx: &mut Context<'_>,
    node: &Node,
    what: &str,
    unit: Unit,
) -> Option<Distribution> {
    let node = cx.expand(node)?;
    match &node.value {
        Value::Table(table) => of_table(cx, &node, table, what, unit),
        Value::Integer(_) | Value::Float(_) if unit != Unit::Seconds => {
            let value = amount(cx, &node, what, unit)?;
            valid(cx, &node, what, Distribution::constant(value))
        }
        Value::Text(text) if unit != Unit::Seconds && Law::named(text).is_none() => {
            let value = amount(cx, &node, what, unit)?;
            valid(cx, &node, what, Distribution::constant(value))
        }
        Value::Text(text) => {
            bare_text(cx, &node, text, what, unit);
            None
        }
        Value::Integer(_)
        | Value::Float(_)
        | Value::Boolean(_)
        | Value::Datetime(_)
        | Value::List(_) => {
            let remedy = "\"constant(200ms)\" or \"exponential(200ms)\"";
            cx.wrong_kind(&node, what, "a distribution", remedy);
            None
        }
    }
}

/// A duration does not say how it varies; another text names no law.
fn bare_text(cx: &mut Context<'_>, node: &Node, text: &str, what: &str, unit: Unit) {
    if let Some(law) = Law::named(text) {
        let remedy = format!("write \"{}\"", law.example(unit));
        cx.error(&node.at, format!("{text} has no parameters"), remedy);
    } else if text.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
        // Where the duration itself is wrong, that is said instead.
        if cx.duration(node, what).is_some() {
            let remedy = format!("write \"constant({text})\" or \"exponential({text})\"");
            cx.error(
                &node.at,
                format!("{what} \"{text}\" does not say how it varies"),
                remedy,
            );
        }
    } else {
        let remedy = did_you_mean(text, "distributions", law::names());
        cx.error(&node.at, format!("unknown distribution \"{text}\""), remedy);
    }
}

fn of_table(
    cx: &mut Context<'_>,
    node: &Node,
    table: &Table,
    what: &str,
    unit: Unit,
) -> Option<Distribution> {
    let entry = single(cx, node, table, what, unit)?;
    let inner = &entry.node;
    let Some(law) = Law::named(&entry.key) else {
        let remedy = did_you_mean(&entry.key, "distributions", law::names());
        cx.error(
            &entry.key_at,
            format!("unknown distribution \"{}\"", entry.key),
            remedy,
        );
        return None;
    };
    match law.name {
        "listed" => {
            let read = |cx: &mut Context<'_>, item: &Node| amount(cx, item, "a listed value", unit);
            let values = cx.each(inner, law.name, &law.example(unit), read)?;
            valid(cx, inner, law.name, Distribution::listed(values.into()))
        }
        "mixture" => {
            let read = |cx: &mut Context<'_>, item: &Node| part(cx, item, unit);
            let parts = cx.each(inner, law.name, &format!("[{PART}]"), read)?;
            valid(cx, inner, law.name, Distribution::mixture(parts))
        }
        "empirical" => {
            let table = cx.table(inner, law.name, &law.example(unit))?;
            let values = Column::check(cx, table, inner, law.name)?.values(cx, table, unit)?;
            valid(cx, inner, law.name, Distribution::empirical(values.into()))
        }
        _ => law.check(cx, inner, unit),
    }
}

/// The one entry of a law's table.
fn single<'t>(
    cx: &mut Context<'_>,
    node: &Node,
    table: &'t Table,
    what: &str,
    unit: Unit,
) -> Option<&'t Entry> {
    if let [entry] = &table.entries[..] {
        return Some(entry);
    }
    let found: Vec<&str> = table.keys().collect();
    let rule = match found.len() {
        0 => format!("{what} names no distribution"),
        count => format!(
            "{what} must be one distribution, and has {count} keys: {}",
            found.join(", ")
        ),
    };
    let place = table.entries.get(1).map_or(&node.at, |entry| &entry.key_at);
    cx.error(
        place,
        rule,
        format!("write \"exponential({})\"", example(unit)),
    );
    None
}

/// A weight and a law of a mixture.
fn part(cx: &mut Context<'_>, item: &Node, unit: Unit) -> Option<(f64, Distribution)> {
    let table = cx.table(item, "a part of a mixture", PART)?;
    cx.only(table, "a part of a mixture", &["weight", "of"]);
    let section = Section::of("this part", item, table);
    let weight = cx.must(&section, "weight", "weight = 9", Context::number);
    let of = cx.must(
        &section,
        "of",
        "of = \"exponential(80ms)\"",
        |cx, node, key| check(cx, node, key, unit),
    );
    Some((weight?, of?))
}

/// One value of the law's own unit.
fn amount(cx: &mut Context<'_>, node: &Node, what: &str, unit: Unit) -> Option<f64> {
    match unit {
        Unit::Seconds => cx.duration(node, what).map(|span| span.as_secs_f64()),
        Unit::Bytes => cx.bytes(node, what).map(|bytes| bytes as f64),
        Unit::Plain => cx.number(node, what),
    }
}

/// Reports what the workload refuses, at the parameter that it names.
pub(super) fn valid<T>(
    cx: &mut Context<'_>,
    node: &Node,
    what: &str,
    built: Result<T, Invalid>,
) -> Option<T> {
    match built {
        Ok(value) => Some(value),
        Err(Invalid { parameter, rule }) => {
            let place = node
                .as_table()
                .and_then(|table| table.get(parameter))
                .unwrap_or(node);
            let (rule, remedy) = sentence(&rule, "write another value");
            cx.error(&place.at, format!("{what}: {rule}"), remedy);
            None
        }
    }
}

const fn example(unit: Unit) -> &'static str {
    match unit {
        Unit::Seconds => "200ms",
        Unit::Bytes => "2KiB",
        Unit::Plain => "3",
    }
}
