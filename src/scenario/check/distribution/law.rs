//! The laws with named parameters: one line each, and how they are read.

use super::super::super::file::{Context, Section};
use super::super::super::tree::{Node, Table};
use super::{Unit, amount, example, valid};
use crate::workload::{Distribution, Invalid};

/// A law and the ways to give its parameters.
pub(super) struct Law {
    pub(super) name: &'static str,
    forms: &'static [Form],
}

/// Parameters that together make the law, and what makes it of their values, in this order.
struct Form {
    parameters: &'static [&'static str],
    build: fn(&[f64]) -> Result<Distribution, Invalid>,
}

/// Every law. Those without forms are lists or files, and read apart.
pub(super) const LAWS: &[Law] = &[
    law(
        "constant",
        &[form(&["value"], |v| Distribution::constant(v[0]))],
    ),
    law(
        "uniform",
        &[form(&["low", "high"], |v| {
            Distribution::uniform(v[0], v[1])
        })],
    ),
    law(
        "triangular",
        &[form(&["low", "mode", "high"], |v| {
            Distribution::triangular(v[0], v[1], v[2])
        })],
    ),
    law(
        "exponential",
        &[form(&["mean"], |v| Distribution::exponential(v[0]))],
    ),
    // The shape has been read as a count.
    law(
        "erlang",
        &[form(&["shape", "mean"], |v| {
            Distribution::erlang(v[0] as u32, v[1])
        })],
    ),
    law(
        "gamma",
        &[form(&["mean", "cv"], |v| Distribution::gamma(v[0], v[1]))],
    ),
    law(
        "lognormal",
        &[
            form(&["mean", "cv"], |v| Distribution::lognormal(v[0], v[1])),
            form(&["median", "p99"], |v| {
                Distribution::lognormal_from_quantiles(v[0], v[1])
            }),
        ],
    ),
    law(
        "weibull",
        &[form(&["shape", "mean"], |v| {
            Distribution::weibull(v[0], v[1])
        })],
    ),
    law(
        "pareto",
        &[form(&["shape", "mean"], |v| {
            Distribution::pareto(v[0], v[1])
        })],
    ),
    law(
        "bounded_pareto",
        &[form(&["shape", "low", "high"], |v| {
            Distribution::bounded_pareto(v[0], v[1], v[2])
        })],
    ),
    law(
        "hyperexponential",
        &[form(&["mean", "cv"], |v| {
            Distribution::hyperexponential(v[0], v[1])
        })],
    ),
    // The count has been read as one.
    law(
        "zipf",
        &[form(&["n", "exponent"], |v| {
            Distribution::zipf(v[0] as u32, v[1])
        })],
    ),
    law("mixture", &[]),
    law("empirical", &[]),
    law("listed", &[]),
];

const fn law(name: &'static str, forms: &'static [Form]) -> Law {
    Law { name, forms }
}

const fn form(
    parameters: &'static [&'static str],
    build: fn(&[f64]) -> Result<Distribution, Invalid>,
) -> Form {
    Form { parameters, build }
}

pub(super) fn names() -> impl Iterator<Item = &'static str> + Clone {
    LAWS.iter().map(|law| law.name)
}

impl Law {
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        LAWS.iter().find(|law| law.name == name)
    }

    /// Reads the parameters, which stand in `node`.
    pub(super) fn check(
        &self,
        cx: &mut Context<'_>,
        node: &Node,
        unit: Unit,
    ) -> Option<Distribution> {
        if let (
            [
                Form {
                    parameters: [name],
                    build,
                },
            ],
            None,
        ) = (self.forms, node.as_table())
        {
            let value = amount(cx, node, name, unit)?;
            return valid(cx, node, self.name, build(&[value]));
        }
        let Some(table) = node.as_table() else {
            let remedy = format!("write \"{}\"", self.example(unit));
            cx.error(
                &node.at,
                format!("{} takes its parameters by name", self.name),
                remedy,
            );
            return None;
        };
        self.of_table(cx, node, table, unit)
    }

    fn of_table(
        &self,
        cx: &mut Context<'_>,
        node: &Node,
        table: &Table,
        unit: Unit,
    ) -> Option<Distribution> {
        let legal: Vec<&str> = self
            .forms
            .iter()
            .flat_map(|form| form.parameters)
            .copied()
            .collect();
        cx.only(table, self.name, &legal);
        let begun = |form: &&Form| {
            form.parameters
                .iter()
                .any(|name| table.entry(name).is_some())
        };
        let form = self.forms.iter().find(begun).or(self.forms.first())?;
        let other = |key: &str| legal.contains(&key) && !form.parameters.contains(&key);
        if let Some(entry) = table.entries.iter().find(|entry| other(&entry.key)) {
            let ways: Vec<String> = self
                .forms
                .iter()
                .map(|form| form.parameters.join(" and "))
                .collect();
            let rule = format!(
                "{} does not take {} beside {}",
                self.name,
                entry.key,
                form.parameters.join(" and ")
            );
            cx.error(&entry.key_at, rule, format!("write {}", ways.join(", or ")));
            return None;
        }
        let section = Section::of(self.name, node, table);
        let values: Vec<Option<f64>> = form
            .parameters
            .iter()
            .map(|name| self.parameter(cx, &section, name, unit))
            .collect();
        let values: Vec<f64> = values.into_iter().collect::<Option<_>>()?;
        valid(cx, node, self.name, (form.build)(&values))
    }

    fn parameter(
        &self,
        cx: &mut Context<'_>,
        section: &Section<'_>,
        name: &str,
        unit: Unit,
    ) -> Option<f64> {
        let sample = match name {
            "cv" => "1.2".to_owned(),
            "shape" => "2".to_owned(),
            "n" => "1_000".to_owned(),
            "exponent" => "1.1".to_owned(),
            _ => format!("\"{}\"", example(unit)),
        };
        cx.must(
            section,
            name,
            &format!("{name} = {sample}"),
            |cx, node, key| match key {
                "shape" if self.name == "erlang" => cx.count_u32(node, key, 1).map(f64::from),
                "n" => cx.count_u32(node, key, 1).map(f64::from),
                "cv" | "shape" | "exponent" => cx.number(node, key),
                _ => amount(cx, node, key, unit),
            },
        )
    }

    /// The law as a call, to write instead of what is wrong.
    pub(super) fn example(&self, unit: Unit) -> String {
        let value = example(unit);
        let arguments = match (self.name, self.forms.first().map(|form| form.parameters)) {
            ("mixture", _) => format!(
                "[{{weight=9, of=exponential({value})}}, {{weight=1, of=constant({value})}}]"
            ),
            ("listed", _) => format!("[{value}, {value}]"),
            ("empirical", _) => "file=times.csv, column=service, unit=ms".to_owned(),
            (_, Some([_])) => value.to_owned(),
            (_, parameters) => {
                let named = parameters
                    .unwrap_or_default()
                    .iter()
                    .map(|name| match *name {
                        "shape" => "shape=2".to_owned(),
                        "cv" => "cv=1.2".to_owned(),
                        "n" => "n=1000".to_owned(),
                        "exponent" => "exponent=1.1".to_owned(),
                        name => format!("{name}={value}"),
                    });
                named.collect::<Vec<_>>().join(", ")
            }
        };
        format!("{}({arguments})", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::super::call;
    use super::super::super::super::diagnostic::At;
    use super::*;

    #[test]
    fn every_example_is_a_call() {
        for law in LAWS {
            let example = law.example(Unit::Seconds);
            let node = Node::word(
                &example,
                At {
                    source: 0,
                    span: 0..example.len(),
                },
            );
            assert!(call::parse(&node).is_ok(), "{example}");
        }
    }
}
