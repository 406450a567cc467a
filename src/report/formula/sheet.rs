//! The figures of a line in the long run, on a few lines or as an object.

use super::given::{Given, listed};
use super::{QuestionError, neighbours};
use crate::model::{Answer, Basis, Line, Servers, Solution};
use crate::report::json::{SCHEMA_VERSION, to_text};
use crate::units::{show_count, show_rate, show_seconds, show_share};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// A model and all that is said of it.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) solution: Solution,
    pub(super) assumptions: Vec<String>,
    /// Of each class of the solution, how it is called.
    pub(super) class_names: Vec<String>,
    /// Why means are infinite, where they are.
    why_infinite: String,
    /// How far it is from what is stable, and what one server more would buy.
    pub(super) remedy: Option<String>,
}

#[derive(Serialize)]
struct JsonSheet<'a> {
    schema_version: u32,
    model: &'a str,
    assumptions: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    approximate: Option<&'a str>,
    metrics: Map<String, Value>,
}

/// An approximation tells no smaller loss: that hangs on the far tail of a law known by two moments.
const LOSS_TOLD: f64 = 1e-4;

const QUANTILES: [(&str, f64); 5] = [
    ("p50", 0.5),
    ("p90", 0.9),
    ("p95", 0.95),
    ("p99", 0.99),
    ("p99.9", 0.999),
];

pub(super) fn answer(given: &Given<'_>) -> Result<Sheet, QuestionError> {
    let line = &given.line;
    let solution = line
        .solve()
        .map_err(|why| QuestionError::of_model(given.place_of_servers(), &line.name(), why))?;
    let remedy = neighbours::sentence(line, &solution);
    Ok(Sheet {
        remedy,
        ..Sheet::new(line, solution, given.assumptions.clone())
    })
}

/// Why the mean wait is infinite, where it is.
fn why_infinite(line: &Line, answer: &dyn Answer) -> String {
    match (
        line.service.tail_index(),
        line.servers,
        answer.offered_load(),
    ) {
        (Some(_), Servers::Count(servers), Some(load)) if servers > 1 => {
            let spare = servers - load.floor() as u64;
            let servers = if spare == 1 { "server" } else { "servers" };
            format!(
                "the mean is infinite: with {spare} {servers} to spare it exists for a Pareto shape above {} (Scheller-Wolf 2003)",
                show_count(1.0 + 1.0 / spare as f64)
            )
        }
        _ => "the mean is infinite, as the variance of service is".to_owned(),
    }
}

impl Sheet {
    pub(super) fn new(line: &Line, solution: Solution, assumptions: Vec<String>) -> Self {
        Self {
            why_infinite: why_infinite(line, &*solution.answer),
            solution,
            assumptions,
            class_names: Vec::new(),
            remedy: None,
        }
    }

    fn answer(&self) -> &dyn Answer {
        &*self.solution.answer
    }

    /// Each class by its name.
    fn classes(&self) -> impl Iterator<Item = (&str, &dyn Answer)> {
        let names = self.class_names.iter().map(String::as_str);
        names.zip(self.solution.classes.iter().map(|class| &**class))
    }

    pub(super) fn text(&self) -> String {
        let mut text = self.head() + "\n";
        if self.class_names.is_empty() {
            text += &self.latencies(self.answer(), "wait     ");
            text.push('\n');
        }
        let widths = self.class_names.iter().map(|name| name.chars().count());
        let width = widths.max().unwrap_or_default();
        for (name, answer) in self.classes() {
            text += &format!("{name:width$}   {}\n", self.latencies(answer, "wait  "));
        }
        if let Basis::Approximate(error) = self.solution.basis {
            text += &format!("≈: {error}.\n");
        }
        let answers = self.classes().map(|(_, answer)| answer);
        let mut means = answers.chain([self.answer()]).filter_map(Answer::wait_mean);
        if means.any(f64::is_infinite) {
            let quantiles = self.answer().wait_quantile(0.99);
            let but = quantiles.map_or("", |_| "; quantiles are not");
            text += &format!("∞: {}{but}.\n", self.why_infinite);
        }
        let remedy = self
            .remedy
            .as_ref()
            .map_or_else(String::new, |remedy| format!("{remedy}   "));
        text + &remedy + "Simulate it: queuelab init\n"
    }

    /// Model, load, and what becomes of messages.
    fn head(&self) -> String {
        let answer = self.answer();
        let about = self.about();
        let busy_about = if answer.loss().is_some() { about } else { "" };
        let parts = [
            answer
                .offered_load()
                .map(|load| format!("offered load {} Erlang", show_count(load))),
            answer
                .utilisation()
                .map(|busy| format!("utilisation {busy_about}{}", show_share(busy))),
            answer
                .p_wait()
                .map(|p| format!("P(wait) {about}{}", show_share(p))),
            answer
                .loss()
                .map(|loss| format!("lost {}", show_loss(loss, self.solution.basis, about))),
            answer
                .throughput()
                .map(|rate| format!("served {about}{}", show_rate(rate))),
            answer
                .attempts_mean()
                .map(|attempts| format!("attempts {}", show_count(attempts))),
            answer
                .availability()
                .map(|share| format!("up {}", show_share(share))),
            answer
                .branch_sojourn_mean()
                .map(|sojourn| format!("one branch alone {}", show_seconds(sojourn))),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        let name = format!(
            "{} ({} assumed)",
            self.solution.name,
            listed(&self.assumptions)
        );
        std::iter::once(name)
            .chain(parts)
            .collect::<Vec<_>>()
            .join("   ")
    }

    fn latencies(&self, answer: &dyn Answer, wait: &str) -> String {
        let about = self.about();
        let time = |label: &str, mean: Option<f64>, p99: Option<f64>| {
            let p99 = p99.map(|p99| format!("   p99 {about}{}", show_seconds(p99)));
            let p99 = p99.unwrap_or_default();
            mean.map(|mean| format!("{label}mean {about}{}{p99}", show_seconds(mean)))
        };
        let number = |label: &str, mean: Option<f64>| {
            mean.map(|mean| format!("{label}mean {about}{}", show_count(mean)))
        };
        let groups = [
            time(wait, answer.wait_mean(), answer.wait_quantile(0.99)),
            time(
                "sojourn  ",
                answer.sojourn_mean(),
                answer.sojourn_quantile(0.99),
            ),
            number("ready  ", answer.ready_mean())
                .or_else(|| number("total  ", answer.total_mean())),
        ];
        groups
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join("      ")
    }

    fn about(&self) -> &'static str {
        match self.solution.basis {
            Basis::Exact => "",
            Basis::Approximate(_) => "≈ ",
        }
    }

    pub(super) fn json(&self) -> String {
        let mut metrics = Map::new();
        self.collect_rates(&mut metrics);
        self.collect_times(&mut metrics, "", self.answer());
        for (number, class) in self.solution.classes.iter().enumerate() {
            self.collect_times(&mut metrics, &format!("class{}.", number + 1), &**class);
        }
        to_text(&JsonSheet {
            schema_version: SCHEMA_VERSION,
            model: &self.solution.name,
            assumptions: &self.assumptions,
            approximate: match self.solution.basis {
                Basis::Exact => None,
                Basis::Approximate(error) => Some(error),
            },
            metrics,
        })
    }

    /// What is of all messages together.
    fn collect_rates(&self, metrics: &mut Map<String, Value>) {
        let answer = self.answer();
        for (key, value) in [
            ("offered_load", answer.offered_load()),
            ("utilisation", answer.utilisation()),
            ("p_wait", answer.p_wait()),
        ] {
            metrics.insert(key.to_owned(), self.value(value));
        }
        // What nobody can lose is not in question, nor what only some models have.
        if let Some(loss) = answer.loss() {
            let least = format!("an approximation tells no loss below {LOSS_TOLD}");
            let told = told_loss(loss, self.solution.basis);
            metrics.insert(
                "loss".to_owned(),
                told.map_or_else(|| no_value(&least), |loss| json!(loss)),
            );
        }
        for (key, value) in [
            ("throughput", answer.throughput()),
            ("attempts.mean", answer.attempts_mean()),
            ("availability", answer.availability()),
            ("branch.sojourn.mean", answer.branch_sojourn_mean()),
        ] {
            if value.is_some() {
                metrics.insert(key.to_owned(), self.value(value));
            }
        }
    }

    fn collect_times(&self, metrics: &mut Map<String, Value>, prefix: &str, answer: &dyn Answer) {
        let mut insert = |key: &str, value: Option<f64>| {
            metrics.insert(format!("{prefix}{key}"), self.value(value));
        };
        insert("wait.mean", answer.wait_mean());
        insert("sojourn.mean", answer.sojourn_mean());
        insert("ready.mean", answer.ready_mean());
        insert("total.mean", answer.total_mean());
        for (name, p) in QUANTILES {
            insert(&format!("wait.{name}"), answer.wait_quantile(p));
            insert(&format!("sojourn.{name}"), answer.sojourn_quantile(p));
        }
    }

    /// A number, or why there is none.
    fn value(&self, value: Option<f64>) -> Value {
        match value {
            Some(value) if value.is_finite() => json!(value),
            Some(_) => no_value(&self.why_infinite),
            None => no_value(&format!("no formula of {} gives it", self.solution.name)),
        }
    }
}

fn no_value(why: &str) -> Value {
    json!({ "value": null, "why": why })
}

/// A loss as far as its model tells it.
fn told_loss(loss: f64, basis: Basis) -> Option<f64> {
    match basis {
        Basis::Approximate(_) if loss < LOSS_TOLD => None,
        Basis::Exact | Basis::Approximate(_) => Some(loss),
    }
}

/// The same, for people.
pub(super) fn show_loss(loss: f64, basis: Basis, about: &str) -> String {
    told_loss(loss, basis).map_or_else(
        || format!("less than {}", show_share(LOSS_TOLD)),
        |loss| format!("{about}{}", show_share(loss)),
    )
}
