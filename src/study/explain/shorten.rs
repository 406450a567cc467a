//! The scenario as it is run for an explanation: so that it takes a few seconds.

use crate::scenario::{Kind, Replications, Scenario, Warmup};
use crate::time::{Span, Time};
use crate::workload::Arrivals;

/// Messages of all runs together, of which this many take a few seconds: they are run up to three times.
const MESSAGES: f64 = 3e6;
/// More messages than this in one run of a given stretch, and nothing is run: it cannot be shortened.
const MOST_OF_ONE_RUN: f64 = 4e6;
const REPLICATIONS: f64 = 10.0;
/// Fewer give intervals that say little.
const FEWEST: f64 = 5.0;

/// What is run.
pub(super) struct Shortened {
    pub(super) scenario: Scenario,
}

/// `None` where one run alone would take too long, and nobody asked for it. Only what is the same all the time is cut:
/// half of a run in which something happens at a given time is another question.
pub(super) fn shorten(scenario: &Scenario, asked: Option<u32>) -> Option<Shortened> {
    let messages = (messages(scenario) * weight(scenario)).max(1.0);
    let mut shortened = Scenario {
        // What is compared is the p99 wait, and no objective of the file.
        objectives: Vec::new(),
        ..scenario.clone()
    };
    let most = f64::from(scenario.replications.most()).clamp(FEWEST, REPLICATIONS);
    let count = match asked {
        Some(asked) => asked,
        None if scenario.kind == Kind::Steady && scenario.is_stationary() => {
            if messages * FEWEST > MESSAGES {
                let part = MESSAGES / FEWEST / messages;
                shortened.horizon = cut(scenario, part);
            }
            (MESSAGES / messages).clamp(FEWEST, most) as u32
        }
        None if messages > MOST_OF_ONE_RUN => return None,
        None => (MESSAGES / messages).clamp(2.0, most) as u32,
    };
    shortened.replications = Replications::Count(count);
    Some(Shortened {
        scenario: shortened,
    })
}

/// Messages to be expected in one run: clients that wait for their answers bring no more than can be served.
pub(super) fn messages(scenario: &Scenario) -> f64 {
    let expected = scenario.expected_messages();
    let mut producers = scenario.producers.iter();
    if !producers.any(|one| matches!(one.arrivals, Arrivals::Closed { .. })) {
        return expected;
    }
    let queues = 0..scenario.queues.len();
    let able: f64 = queues.map(|queue| scenario.capacity(queue)).sum();
    expected.min(able * scenario.horizon.as_secs_f64())
}

/// How much longer a message takes than in a queue of RabbitMQ: partitions, polls and commits are work too.
fn weight(scenario: &Scenario) -> f64 {
    let has_topic = scenario.queues.iter().any(|queue| queue.medium.is_topic());
    if has_topic { 2.5 } else { 1.0 }
}

/// A part of a long run, which keeps at least as much as it discards.
fn cut(scenario: &Scenario, part: f64) -> Time {
    let part = Span::from_secs_f64(scenario.horizon.as_secs_f64() * part);
    let least = match scenario.warmup {
        Warmup::Auto => Span::ZERO,
        Warmup::Fixed(warmup) => warmup + warmup,
    };
    (Time::ZERO + part.max(least)).min(scenario.horizon)
}
