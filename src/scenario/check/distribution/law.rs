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
    Law {
        name: "constant",
        forms: &[Form {
            parameters: &["value"],
            build: |v| Distribution::constant(v[0]),
        }],
    },
    Law {
        name: "uniform",
        forms: &[Form {
            parameters: &["low", "high"],
            build: |v| Distribution::uniform(v[0], v[1]),
        }],
    },
    Law {
        name: "triangular",
        forms: &[Form {
            parameters: &["low", "mode", "high"],
            build: |v| Distribution::triangular(v[0], v[1], v[2]),
        }],
    },
    Law {
        name: "exponential",
        forms: &[Form {
            parameters: &["mean"],
            build: |v| Distribution::exponential(v[0]),
        }],
    },
    Law {
        name: "erlang",
        // The shape is read as a count.
        forms: &[Form {
            parameters: &["shape", "mean"],
            build: |v| Distribution::erlang(v[0] as u32, v[1]),
        }],
    },
    Law {
        name: "gamma",
        forms: &[Form {
            parameters: &["mean", "cv"],
            build: |v| Distribution::gamma(v[0], v[1]),
        }],
    },
    Law {
        name: "lognormal",
        forms: &[
            Form {
                parameters: &["mean", "cv"],
                build: |v| Distribution::lognormal(v[0], v[1]),
            },
            Form {
                parameters: &["median", "p99"],
                build: |v| Distribution::lognormal_from_quantiles(v[0], v[1]),
            },
        ],
    },
    Law {
        name: "weibull",
        forms: &[Form {
            parameters: &["shape", "mean"],
            build: |v| Distribution::weibull(v[0], v[1]),
        }],
    },
    Law {
        name: "pareto",
        forms: &[Form {
            parameters: &["shape", "mean"],
            build: |v| Distribution::pareto(v[0], v[1]),
        }],
    },
    Law {
        name: "bounded_pareto",
        forms: &[Form {
            parameters: &["shape", "low", "high"],
            build: |v| Distribution::bounded_pareto(v[0], v[1], v[2]),
        }],
    },
    Law {
        name: "hyperexponential",
        forms: &[Form {
            parameters: &["mean", "cv"],
            build: |v| Distribution::hyperexponential(v[0], v[1]),
        }],
    },
    Law {
        name: "mixture",
        forms: &[],
    },
    Law {
        name: "empirical",
        forms: &[],
    },
    Law {
        name: "listed",
        forms: &[],
    },
];

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
            _ => format!("\"{}\"", example(unit)),
        };
        cx.must(
            section,
            name,
            &format!("{name} = {sample}"),
            |cx, node, key| match key {
                "shape" if self.name == "erlang" => cx.count_u32(node, key, 1).map(f64::from),
                "cv" | "shape" => cx.number(node, key),
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
