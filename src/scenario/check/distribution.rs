//! The laws that values are drawn from, as a table or as a call.

use super::super::diagnostic::sentence;
use super::super::file::Context;
use super::super::nearest::did_you_mean;
use super::super::tree::{Node, Table, Value};
use super::column::Column;
use crate::workload::{Distribution, Invalid};

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

/// Each law with its parameters, as an example in the message where one is missing.
const LAWS: &[(&str, &[&str])] = &[
    ("constant", &["value"]),
    ("uniform", &["low", "high"]),
    ("triangular", &["low", "mode", "high"]),
    ("exponential", &["mean"]),
    ("erlang", &["shape", "mean"]),
    ("gamma", &["mean", "cv"]),
    ("lognormal", &["mean", "cv"]),
    ("weibull", &["shape", "mean"]),
    ("pareto", &["shape", "mean"]),
    ("bounded_pareto", &["shape", "low", "high"]),
    ("hyperexponential", &["mean", "cv"]),
    ("mixture", &[]),
    ("empirical", &["file", "column", "unit"]),
    ("listed", &[]),
];

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
        Value::Text(text) if LAWS.iter().any(|(law, _)| law == text) => {
            let remedy = format!("write \"{}\"", example_call(text, unit));
            cx.error(&node.at, format!("{text} has no parameters"), remedy);
            None
        }
        Value::Text(_) | Value::Integer(_) | Value::Float(_) if unit != Unit::Seconds => {
            let value = amount(cx, &node, what, unit)?;
            valid(cx, &node, None, what, Distribution::constant(value))
        }
        Value::Text(_) | Value::Integer(_) | Value::Float(_) => {
            bare_duration(cx, &node, what);
            None
        }
        Value::Boolean(_) | Value::Datetime(_) | Value::List(_) => {
            let remedy = format!("\"{}\"", example_call("exponential", unit));
            cx.wrong_kind(&node, what, "a distribution", &remedy);
            None
        }
    }
}

fn bare_duration(cx: &mut Context<'_>, node: &Node, what: &str) {
    let before = cx.mistakes.len();
    let Some(text) = node.as_text() else {
        let remedy = "write \"constant(200ms)\" or \"exponential(200ms)\"";
        cx.error(
            &node.at,
            format!("{what} must be a distribution, not {}", node.found()),
            remedy,
        );
        return;
    };
    if cx.duration(node, what).is_some() {
        let remedy = format!("write \"constant({text})\" or \"exponential({text})\"");
        cx.error(
            &node.at,
            format!("{what} \"{text}\" does not say how it varies"),
            remedy,
        );
    } else if !text.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
        // No number at all: a law's name is likelier meant than a duration.
        cx.mistakes.truncate(before);
        let remedy = did_you_mean(text, "distributions", LAWS.iter().map(|law| law.0));
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
    let [entry] = &table.entries[..] else {
        let found: Vec<&str> = table.keys().collect();
        let rule = match table.entries.len() {
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
            format!("write \"{}\"", example_call("exponential", unit)),
        );
        return None;
    };
    let Some((law, names)) = LAWS.iter().find(|(law, _)| *law == entry.key) else {
        let remedy = did_you_mean(&entry.key, "distributions", LAWS.iter().map(|law| law.0));
        cx.error(
            &entry.key_at,
            format!("unknown distribution \"{}\"", entry.key),
            remedy,
        );
        return None;
    };
    match *law {
        "listed" => listed(cx, &entry.node, unit),
        "mixture" => mixture(cx, &entry.node, unit),
        _ => {
            let mut law = Law {
                cx,
                law,
                names,
                node: &entry.node,
                unit,
            };
            law.check()
        }
    }
}

fn listed(cx: &mut Context<'_>, node: &Node, unit: Unit) -> Option<Distribution> {
    let items = cx.list(
        node,
        "listed",
        &format!("\"listed([{0}, {0}])\"", example(unit)),
    )?;
    let values: Vec<Option<f64>> = items
        .iter()
        .map(|item| amount(cx, item, "a listed value", unit))
        .collect();
    let values: Vec<f64> = values.into_iter().collect::<Option<_>>()?;
    valid(
        cx,
        node,
        None,
        "listed",
        Distribution::listed(values.into()),
    )
}

fn mixture(cx: &mut Context<'_>, node: &Node, unit: Unit) -> Option<Distribution> {
    let sample =
        "[{ weight = 9, of = \"exponential(80ms)\" }, { weight = 1, of = \"exponential(2s)\" }]";
    let items = cx.list(node, "mixture", sample)?;
    let parts: Vec<Option<(f64, Distribution)>> = items
        .iter()
        .map(|item| {
            let table = cx.table(
                item,
                "a part of a mixture",
                "{ weight = 9, of = \"exponential(80ms)\" }",
            )?;
            cx.only(table, "a part of a mixture", &["weight", "of"]);
            let weight = cx.required(table, &item.at, "this part", "weight", "weight = 9");
            let weight = weight.and_then(|node| cx.number(node, "weight"));
            let of = cx.required(
                table,
                &item.at,
                "this part",
                "of",
                "of = \"exponential(80ms)\"",
            )?;
            let of = check(cx, of, "of", unit);
            Some((weight?, of?))
        })
        .collect();
    let parts: Vec<(f64, Distribution)> = parts.into_iter().collect::<Option<_>>()?;
    valid(cx, node, None, "mixture", Distribution::mixture(parts))
}

/// A law with named parameters, being read.
struct Law<'c, 'x, 't> {
    cx: &'c mut Context<'x>,
    law: &'t str,
    names: &'t [&'t str],
    node: &'t Node,
    unit: Unit,
}

impl Law<'_, '_, '_> {
    fn check(&mut self) -> Option<Distribution> {
        // A law with one parameter takes its value alone.
        if let ([name], None) = (self.names, self.node.as_table()) {
            let value = amount(self.cx, self.node, name, self.unit)?;
            let built = if self.law == "constant" {
                Distribution::constant(value)
            } else {
                Distribution::exponential(value)
            };
            return valid(self.cx, self.node, None, self.law, built);
        }
        let Some(table) = self.node.as_table() else {
            let remedy = format!("write \"{}\"", example_call(self.law, self.unit));
            self.cx.error(
                &self.node.at,
                format!("{} takes its parameters by name", self.law),
                remedy,
            );
            return None;
        };
        if self.law == "empirical" {
            return self.empirical(table);
        }
        let quantiles = self.law == "lognormal"
            && (table.entry("median").is_some() || table.entry("p99").is_some());
        let names = if quantiles {
            &["median", "p99"][..]
        } else {
            self.names
        };
        let legal: &[&str] = if self.law == "lognormal" {
            &["mean", "cv", "median", "p99"]
        } else {
            self.names
        };
        self.cx.only(table, self.law, legal);
        let values: Vec<Option<f64>> = names
            .iter()
            .map(|name| self.parameter(table, name))
            .collect();
        if quantiles && table.keys().any(|key| key == "mean" || key == "cv") {
            let remedy = "write mean and cv, or median and p99";
            self.cx
                .error(&self.node.at, "lognormal is over-determined", remedy);
            return None;
        }
        let values: Vec<f64> = values.into_iter().collect::<Option<_>>()?;
        let built = build(
            if quantiles {
                "lognormal_from_quantiles"
            } else {
                self.law
            },
            &values,
        )?;
        valid(self.cx, self.node, Some(table), self.law, built)
    }

    fn parameter(&mut self, table: &Table, name: &str) -> Option<f64> {
        let value = match name {
            "cv" => "1.2".to_owned(),
            "shape" => "2".to_owned(),
            _ => format!("\"{}\"", example(self.unit)),
        };
        let node = self.cx.required(
            table,
            &self.node.at,
            self.law,
            name,
            &format!("{name} = {value}"),
        )?;
        match name {
            "shape" if self.law == "erlang" => self.cx.count_u32(node, name, 1).map(f64::from),
            "cv" | "shape" => self.cx.number(node, name),
            _ => amount(self.cx, node, name, self.unit),
        }
    }

    fn empirical(&mut self, table: &Table) -> Option<Distribution> {
        let column = Column::check(self.cx, table, self.node, "empirical")?;
        let values = column.values(self.cx, table, self.unit)?;
        valid(
            self.cx,
            self.node,
            Some(table),
            "empirical",
            Distribution::empirical(values.into()),
        )
    }
}

/// The law of that name; its parameters are in the order of [`LAWS`].
fn build(law: &str, values: &[f64]) -> Option<Result<Distribution, Invalid>> {
    Some(match (law, values) {
        ("constant", &[value]) => Distribution::constant(value),
        ("uniform", &[low, high]) => Distribution::uniform(low, high),
        ("triangular", &[low, mode, high]) => Distribution::triangular(low, mode, high),
        ("exponential", &[mean]) => Distribution::exponential(mean),
        ("erlang", &[shape, mean]) => Distribution::erlang(shape as u32, mean),
        ("gamma", &[mean, cv]) => Distribution::gamma(mean, cv),
        ("lognormal", &[mean, cv]) => Distribution::lognormal(mean, cv),
        ("lognormal_from_quantiles", &[median, p99]) => {
            Distribution::lognormal_from_quantiles(median, p99)
        }
        ("weibull", &[shape, mean]) => Distribution::weibull(shape, mean),
        ("pareto", &[shape, mean]) => Distribution::pareto(shape, mean),
        ("bounded_pareto", &[shape, low, high]) => Distribution::bounded_pareto(shape, low, high),
        ("hyperexponential", &[mean, cv]) => Distribution::hyperexponential(mean, cv),
        _ => {
            debug_assert!(
                false,
                "{law} with {} parameters is in the table of laws, and not here",
                values.len()
            );
            return None;
        }
    })
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
    table: Option<&Table>,
    what: &str,
    built: Result<T, Invalid>,
) -> Option<T> {
    match built {
        Ok(value) => Some(value),
        Err(Invalid { parameter, rule }) => {
            let place = table.and_then(|table| table.get(parameter)).unwrap_or(node);
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

fn example_call(law: &str, unit: Unit) -> String {
    let value = example(unit);
    let names = LAWS
        .iter()
        .find(|(name, _)| *name == law)
        .map_or(&[][..], |(_, names)| *names);
    let parameters: Vec<String> = names
        .iter()
        .map(|name| match *name {
            "shape" => "shape=2".to_owned(),
            "cv" => "cv=1.2".to_owned(),
            "file" => "file=times.csv".to_owned(),
            "column" => "column=service".to_owned(),
            "unit" => "unit=ms".to_owned(),
            name => format!("{name}={value}"),
        })
        .collect();
    match (law, &names) {
        ("mixture", _) => {
            "mixture([{weight=9, of=exponential(80ms)}, {weight=1, of=exponential(2s)}])".to_owned()
        }
        ("listed", _) => format!("listed([{value}, {value}])"),
        (_, [_]) => format!("{law}({value})"),
        (_, _) => format!("{law}({})", parameters.join(", ")),
    }
}
