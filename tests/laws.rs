//! The simulation against answers that do not come from it: exact formulas, conservation, and worked examples.
//!
//! Scenarios are texts that go through `scenario::load`, as a user's file does.

mod balance;
mod cases;
mod conservation;
mod consumers;
mod general;
mod heavy;
mod instant;
mod kafka;
mod little;
mod lives;
mod networks;
mod priorities;
mod producers;
mod recognised;
mod sentences;
mod shaken;
mod sqs;
mod stationary;
mod stories;
mod transient;
mod warmup;
mod worked;
mod zeromq;

use queuelab::engine;
use queuelab::measure::Probe;
use queuelab::model::Basis;
use queuelab::queue::{Delivery, Effect, Exit, Levels, QueueId, Sink};
use queuelab::scenario::{Flags, Mistakes, Origin, Scenario, ScenarioSet, Statistic, load};
use queuelab::study::statistics::student_two_sided;
use queuelab::study::{self, Estimate, Outcome, Run, Theory};
use queuelab::time::Time;
use queuelab::workload::Job;
use std::io;

/// A text as the loader understands it.
#[track_caller]
pub(crate) fn scenario(text: &str) -> ScenarioSet {
    read(text).unwrap_or_else(|mistakes| panic!("{mistakes}\n{text}"))
}

fn read(text: &str) -> Result<ScenarioSet, Mistakes> {
    let origin = Origin {
        name: "laws",
        path: "laws.toml",
    };
    let mut nothing = |_: &str| Err(io::Error::from(io::ErrorKind::NotFound));
    load(text, origin, &Flags::default(), &mut nothing)
}

#[track_caller]
pub(crate) fn outcome(text: &str) -> Outcome {
    study::run(&scenario(text), &()).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// A figure by its name, which must be known.
#[track_caller]
fn estimate<'a>(run: &'a Run, name: &str) -> &'a Estimate {
    let found = run
        .metrics
        .iter()
        .find(|(metric, _)| metric.to_string() == name);
    found
        .unwrap_or_else(|| panic!("there is no figure {name}"))
        .1
}

#[track_caller]
fn value(run: &Run, name: &str) -> f64 {
    match estimate(run, name) {
        Estimate::Known { value, .. } => *value,
        Estimate::Refused { why } => panic!("{name}: {why}"),
    }
}

/// A figure that is a whole number.
#[track_caller]
fn whole(value: f64) -> u64 {
    assert!((value - value.round()).abs() < 1e-9, "{value} is not whole");
    value.round() as u64
}

/// A figure and its standard error, which stands behind the interval; or why it was refused.
#[track_caller]
fn value_and_error(outcome: &Outcome, run: &Run, name: &str) -> Result<(f64, f64), String> {
    match estimate(run, name) {
        Estimate::Known {
            value,
            interval: Some((low, high)),
            ..
        } => {
            // An interval may be cut at 0 or 1, so the longer side counts.
            let half_width = (high - value).max(value - low);
            let degrees = run.replications as usize - 1;
            Ok((
                *value,
                half_width / student_two_sided(outcome.level, degrees),
            ))
        }
        Estimate::Known { interval: None, .. } => Err("it has no interval".to_owned()),
        Estimate::Refused { why } => Err(why.clone()),
    }
}

/// What theory says of a queue, which must be recognised as this very model; all that it says agrees with the run.
#[track_caller]
fn recognised<'a>(run: &'a Run, queue: &str, model: &str) -> &'a Theory {
    let theory = exact_theory(run, queue);
    assert_eq!(theory.model, model);
    let far: Vec<String> = theory
        .metrics
        .iter()
        .filter_map(|(metric, (value, apart))| {
            // A run of seconds has too few of the longest waits for their p99.9.
            let rare = metric.statistic == Statistic::Quantile(999);
            let apart = apart.filter(|apart| apart.abs() > 4.0 && !rare)?;
            Some(format!(
                "{model}: {metric} is {apart:+.1} standard errors from {value}"
            ))
        })
        .collect();
    assert!(far.is_empty(), "{far:#?}");
    let compared = theory.metrics.values().filter(|(_, apart)| apart.is_some());
    assert!(compared.count() >= 3, "{model}: {:?}", theory.metrics);
    theory
}

/// The exact model of a queue.
#[track_caller]
fn exact_theory<'a>(run: &'a Run, queue: &str) -> &'a Theory {
    let theory = run.theory.iter().find(|theory| theory.queue == queue);
    let theory = theory.unwrap_or_else(|| panic!("nothing is known of {queue}"));
    assert_eq!((&theory.inapplicable, theory.basis), (&None, Basis::Exact));
    theory
}

/// One line of a run's history.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Event {
    /// In nanoseconds.
    at: u64,
    queue: u32,
    /// Index of the producer, and the how-manieth of its messages.
    message: (u32, u64),
    what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Accepted,
    Refused,
    Delivered(u32),
    Returned,
    Left(Exit),
    /// Work began.
    Started,
}

/// Writes down all that happens.
#[derive(Clone, Debug, Default)]
struct History(Vec<Event>, Vec<End>);

/// When a message came to its end, in nanoseconds, and whether it was completed.
type End = (u64, (u32, u64), bool);

impl History {
    fn of(scenario: &Scenario, replication: u32) -> Self {
        let mut history = Self::default();
        engine::simulate(scenario, scenario.seed, replication, &mut history)
            .expect("the run comes to its end");
        history
    }

    fn when(&self, message: (u32, u64), what: What) -> Option<u64> {
        let found = self
            .0
            .iter()
            .find(|event| event.message == message && event.what == what);
        found.map(|event| event.at)
    }

    fn note(&mut self, now: Time, queue: QueueId, job: &Job, what: What) {
        self.0.push(Event {
            at: now.as_nanos(),
            queue: queue.0,
            message: (job.producer, job.root),
            what,
        });
    }
}

impl Sink<Job> for History {
    fn effect(&mut self, now: Time, queue: QueueId, effect: &Effect<'_, Job>, _: Levels) {
        let (job, what) = match effect {
            Effect::Refused { body, .. } => (*body, What::Refused),
            Effect::Accepted { message } => (&message.body, What::Accepted),
            Effect::Delivered { message, consumer } => (
                &message.body,
                What::Delivered(consumer.map_or(u32::MAX, |consumer| consumer.0)),
            ),
            Effect::Returned { message } => (&message.body, What::Returned),
            Effect::Left { message, exit, .. } => (&message.body, What::Left(*exit)),
            Effect::Withheld { .. } | Effect::Copied { .. } => return,
        };
        self.note(now, queue, job, what);
    }
}

impl Probe for History {
    fn started(&mut self, now: Time, _: usize, delivery: &Delivery<Job>, _: bool) {
        self.note(now, delivery.queue, &delivery.body, What::Started);
    }

    fn ended(&mut self, now: Time, job: &Job, completed: bool) {
        let end = (now.as_nanos(), (job.producer, job.root), completed);
        self.1.push(end);
    }

    fn occupied(&mut self, _: Time, _: usize, _: u64, _: u64) {}
}
