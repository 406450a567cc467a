//! The figures of a line in the long run, on a few lines or as an object.

use super::given::{Given, listed};
use super::{QuestionError, neighbours, pretty};
use crate::model::{Answer, Basis, Line, Servers};
use crate::units::{show_count, show_rate, show_seconds, show_share};
use crate::workload::Distribution;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// A model and all that is said of it.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) assumptions: Vec<String>,
    pub(super) basis: Basis,
    pub(super) answer: Box<dyn Answer>,
    /// Figures of this model alone.
    pub(super) extras: Vec<Extra>,
    /// Classes of messages by name, where they have figures of their own.
    pub(super) classes: Vec<(String, Box<dyn Answer>)>,
    /// Why a figure is infinite or not given, if one is.
    pub(super) why: Option<String>,
    /// What to do about it.
    pub(super) remedy: Option<String>,
}

/// A figure that few models have.
#[derive(Clone, Debug)]
pub(super) struct Extra {
    pub(super) key: &'static str,
    pub(super) shown: String,
    pub(super) value: f64,
}

#[derive(Serialize)]
struct JsonSheet<'a> {
    schema_version: u32,
    model: &'a str,
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
        why: why_not_finite(line, &*solution.answer),
        name: solution.name,
        assumptions: given.assumptions.clone(),
        basis: solution.basis,
        answer: solution.answer,
        extras: Vec::new(),
        classes: Vec::new(),
        remedy,
    })
}

/// Where the variance of service is infinite, what that does to the wait.
fn why_not_finite(line: &Line, answer: &dyn Answer) -> Option<String> {
    if line.service.scv().is_finite() || line.places.is_some() {
        return None;
    }
    if answer.wait_mean().is_none() {
        return Some(
            "service has no finite variance, by which approximations go: no formula gives the wait; simulate it".to_owned(),
        );
    }
    match (&line.service, line.servers, answer.offered_load()) {
        (Distribution::Pareto(_), Servers::Count(servers), Some(load)) if servers > 1 => {
            let spare = servers as f64 - load.floor();
            Some(format!(
                "the mean wait is infinite: with {spare} servers to spare it exists for a Pareto shape above {} (Scheller-Wolf 2003)",
                show_count(1.0 + spare.recip())
            ))
        }
        _ => Some(
            "the mean wait is infinite, as the variance of service is; quantiles are not"
                .to_owned(),
        ),
    }
}

impl Sheet {
    pub(super) fn text(&self) -> String {
        let mut text = self.head() + "\n";
        if self.classes.is_empty() {
            text += &self.latencies(&*self.answer, "wait     ");
            text.push('\n');
        }
        let width = self
            .classes
            .iter()
            .map(|(name, _)| name.chars().count())
            .max();
        for (name, answer) in &self.classes {
            let width = width.unwrap_or_default();
            text += &format!("{name:width$}   {}\n", self.latencies(&**answer, "wait  "));
        }
        if let Basis::Approximate(error) = self.basis {
            text += &format!("≈: {error}.\n");
        }
        if let Some(why) = &self.why {
            text += &format!("∞: {why}.\n");
        }
        let remedy = self
            .remedy
            .as_ref()
            .map_or_else(String::new, |remedy| format!("{remedy}   "));
        text + &remedy + "Simulate it: queuelab init\n"
    }

    /// Model, load, and what becomes of messages.
    fn head(&self) -> String {
        let answer = &self.answer;
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
                .map(|loss| format!("lost {}", show_loss(loss, self.basis, about))),
            answer
                .throughput()
                .map(|rate| format!("served {about}{}", show_rate(rate))),
        ];
        let extras = self.extras.iter().map(|extra| extra.shown.clone());
        let parts: Vec<String> = parts.into_iter().flatten().chain(extras).collect();
        let name = format!("{} ({} assumed)", self.name, listed(&self.assumptions));
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
        match self.basis {
            Basis::Exact => "",
            Basis::Approximate(_) => "≈ ",
        }
    }

    pub(super) fn json(&self) -> String {
        let mut metrics = Map::new();
        self.collect(&mut metrics, "", &*self.answer);
        for extra in &self.extras {
            metrics.insert(extra.key.to_owned(), self.value(Some(extra.value)));
        }
        for (number, (_, answer)) in self.classes.iter().enumerate() {
            self.collect(&mut metrics, &format!("class{}.", number + 1), &**answer);
        }
        pretty(&JsonSheet {
            schema_version: 1,
            model: &self.name,
            approximate: match self.basis {
                Basis::Exact => None,
                Basis::Approximate(error) => Some(error),
            },
            metrics,
        })
    }

    fn collect(&self, metrics: &mut Map<String, Value>, prefix: &str, answer: &dyn Answer) {
        let mut insert = |key: &str, value: Option<f64>| {
            metrics.insert(format!("{prefix}{key}"), self.value(value));
        };
        if prefix.is_empty() {
            insert("offered_load", answer.offered_load());
            insert("utilisation", answer.utilisation());
            insert("p_wait", answer.p_wait());
            // What nobody can lose is not in question.
            let loss = answer
                .loss()
                .map(|loss| told_loss(loss, self.basis).unwrap_or(f64::NAN));
            for (key, value) in [("loss", loss), ("throughput", answer.throughput())] {
                if value.is_some() {
                    insert(key, value);
                }
            }
        }
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
            Some(_) | None => {
                let otherwise = || format!("no formula of {} gives it", self.name);
                json!({ "value": null, "why": self.why.clone().unwrap_or_else(otherwise) })
            }
        }
    }
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
