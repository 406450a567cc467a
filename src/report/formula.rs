//! The answer of a formula: what `calc` prints.

use crate::theory::{Mmc, ModelError};
use crate::units::{self, UnitError};
use serde::Serialize;

/// Most consumers that a formula is asked about: its cost grows with the offered load.
const MOST_CONSUMERS: u64 = 10_000_000;

/// What is asked: a stable M/M/c queue, in the words in which it was asked.
#[derive(Clone, Debug)]
pub struct Question {
    model: Mmc,
    arrivals: String,
    service: String,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuestionError {
    /// A quantity is not one.
    #[error("{flag}: {cause}")]
    Unit {
        /// The flag it was given with.
        flag: &'static str,
        /// What is wrong with it.
        cause: UnitError,
    },
    /// A law that the formula does not know.
    #[error(
        "--service: \"{0}\" is not exponential, and calc knows M/M/c alone; give a mean (\"83ms\") or \
         \"exponential(83ms)\", or simulate it: queuelab init"
    )]
    NotExponential(String),
    /// None, or too many.
    #[error("--consumers: {0} is not a count from 1 to 10 million")]
    Consumers(String),
    /// Nothing arrives, or takes no time.
    #[error("{flag}: {given} is not more than 0; {remedy}")]
    NotPositive {
        /// The flag it was given with.
        flag: &'static str,
        /// As given.
        given: String,
        /// What to write.
        remedy: &'static str,
    },
    /// There is no stationary law.
    #[error(
        "--consumers: {servers} cannot keep up with an offered load of {load} Erlang: the backlog grows without end; \
         {least} are the least that is stable"
    )]
    Unstable {
        /// As given.
        servers: u64,
        /// In Erlang, for people.
        load: String,
        /// Enough.
        least: u64,
    },
}

impl Question {
    /// From what was given on the command line.
    ///
    /// # Errors
    /// Where something is not of its kind, or the queue would grow without end.
    pub fn parse(arrivals: &str, service: &str, consumers: &str) -> Result<Self, QuestionError> {
        let rate = units::parse_rate(arrivals).map_err(|cause| QuestionError::Unit {
            flag: "--arrivals",
            cause,
        })?;
        let mean = mean_service(service)?;
        let servers = units::parse_count(consumers)
            .ok()
            .filter(|servers| (1..=MOST_CONSUMERS).contains(servers));
        let servers = servers.ok_or_else(|| QuestionError::Consumers(consumers.to_owned()))?;
        let not_positive = |flag, given: &str, remedy| QuestionError::NotPositive {
            flag,
            given: given.to_owned(),
            remedy,
        };
        let model = Mmc::new(rate, 1.0 / mean, servers).map_err(|error| match error {
            ModelError::ArrivalRate(_) => not_positive("--arrivals", arrivals, "write \"100/s\""),
            ModelError::ServiceRate(_) => not_positive("--service", service, "write \"83ms\""),
            ModelError::Unstable {
                offered_load,
                servers,
                least,
            } => QuestionError::Unstable {
                servers,
                load: units::show_count(offered_load),
                least,
            },
            ModelError::Parameter { .. } => unreachable!("M/M/c has no other parameter"),
        })?;
        Ok(Self {
            model,
            arrivals: arrivals.to_owned(),
            service: service.to_owned(),
        })
    }
}

/// The mean of an exponential service time, in seconds.
fn mean_service(text: &str) -> Result<f64, QuestionError> {
    let law = text.trim();
    let call = law.strip_suffix(')').and_then(|rest| rest.split_once('('));
    let mean = match call {
        None => law,
        Some((name, argument)) if name.trim() == "exponential" => argument
            .split_once('=')
            .filter(|(key, _)| key.trim() == "mean")
            .map_or(argument, |(_, mean)| mean)
            .trim(),
        Some(_) => return Err(QuestionError::NotExponential(law.to_owned())),
    };
    let mean = units::parse_duration(mean).map_err(|cause| QuestionError::Unit {
        flag: "--service",
        cause,
    })?;
    Ok(mean.as_secs_f64())
}

/// For a person.
pub fn text(question: &Question) -> String {
    let model = &question.model;
    let seconds = units::show_seconds;
    let Question {
        arrivals, service, ..
    } = question;
    format!(
        "{name} (exponential service and Poisson arrivals assumed)   offered load {load} Erlang   utilisation {busy}   \
         P(wait) {p_wait}\n\
         wait     mean {wait}   p99 {wait99}      sojourn  mean {sojourn}   p99 {sojourn99}      ready  mean {ready}\n\
         {neighbours}   Simulate it: queuelab init\n",
        name = name(model),
        load = units::show_count(model.offered_load()),
        busy = units::show_share(model.utilisation()),
        p_wait = units::show_share(model.p_wait()),
        wait = seconds(model.wait_mean()),
        wait99 = seconds(model.wait_quantile(0.99)),
        sojourn = seconds(model.sojourn_mean()),
        sojourn99 = seconds(model.sojourn_quantile(0.99)),
        ready = units::show_count(model.ready_mean()),
        neighbours = neighbours(model, arrivals, service),
    )
}

/// The fewest consumers that are stable, and what one more would buy.
fn neighbours(model: &Mmc, arrivals: &str, service: &str) -> String {
    let least = Question::parse(arrivals, service, "1");
    let least = match least {
        Err(QuestionError::Unstable { least, .. }) => least,
        Ok(_) | Err(_) => 1,
    };
    let more = model.servers() + 1;
    let better = Question::parse(arrivals, service, &more.to_string());
    let better = better.map(|better| {
        format!(
            "; {more} bring the p99 wait to {}",
            units::show_seconds(better.model.wait_quantile(0.99))
        )
    });
    let verb = if least == 1 {
        "consumer is"
    } else {
        "consumers are"
    };
    format!(
        "{least} {verb} the least that is stable{}.",
        better.unwrap_or_default()
    )
}

/// For a program: plain numbers, since they are exact; times in seconds.
pub fn json(question: &Question) -> String {
    #[derive(Serialize)]
    struct Answer {
        schema_version: u32,
        model: String,
        metrics: serde_json::Map<String, serde_json::Value>,
    }
    let model = &question.model;
    let quantiles = [
        ("p50", 0.5),
        ("p90", 0.9),
        ("p95", 0.95),
        ("p99", 0.99),
        ("p99.9", 0.999),
    ];
    let waits = quantiles.map(|(name, p)| (format!("wait.{name}"), model.wait_quantile(p)));
    let sojourns =
        quantiles.map(|(name, p)| (format!("sojourn.{name}"), model.sojourn_quantile(p)));
    let plain = [
        ("offered_load", model.offered_load()),
        ("utilisation", model.utilisation()),
        ("p_wait", model.p_wait()),
        ("wait.mean", model.wait_mean()),
        ("sojourn.mean", model.sojourn_mean()),
        ("ready.mean", model.ready_mean()),
        ("total.mean", model.total_mean()),
    ];
    let plain = plain.map(|(name, value)| (name.to_owned(), value));
    let metrics = plain
        .into_iter()
        .chain(waits)
        .chain(sojourns)
        .map(|(name, value)| (name, value.into()));
    let answer = Answer {
        schema_version: 1,
        model: name(model),
        metrics: metrics.collect(),
    };
    serde_json::to_string_pretty(&answer)
        .expect("keys are texts, and the figures of a stable queue are finite")
        + "\n"
}

fn name(model: &Mmc) -> String {
    format!("M/M/{}", model.servers())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(arrivals: &str, service: &str, consumers: &str) -> Result<Question, QuestionError> {
        Question::parse(arrivals, service, consumers)
    }

    #[test]
    fn a_mean_and_an_exponential_of_that_mean_are_the_same_question() {
        let one = text(&question("100/s", "83ms", "10").expect("stable"));
        for service in [
            "exponential(83ms)",
            "exponential(mean=83ms)",
            " exponential( mean = 83ms ) ",
        ] {
            let other = text(&question("100/s", service, "10").expect("stable"));
            assert_eq!(one, other);
        }
        assert!(one.contains("P(wait) 47.9 %"), "{one}");
        assert!(
            one.contains(
                "9 consumers are the least that is stable; 11 bring the p99 wait to 104 ms."
            ),
            "{one}"
        );
    }

    #[test]
    fn what_has_no_answer_says_why() {
        let cases = [
            (("100", "83ms", "10"), "--arrivals: "),
            (("100/s", "83", "10"), "--service: "),
            (
                ("100/s", "lognormal(mean=83ms, cv=2)", "10"),
                "is not exponential",
            ),
            (
                ("100/s", "83ms", "0"),
                "--consumers: 0 is not a count from 1 to 10 million",
            ),
            (("100/s", "83ms", "8"), "9 are the least that is stable"),
            (("0/s", "83ms", "8"), "--arrivals: "),
            (("100/s", "0ms", "8"), "--service: "),
        ];
        for ((arrivals, service, consumers), expected) in cases {
            let error = question(arrivals, service, consumers)
                .expect_err(expected)
                .to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
