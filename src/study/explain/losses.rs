//! What limits, expiry and rejection remove, and how often work is done again.

use super::Explained;
use crate::queue::Overflow;
use crate::scenario::{Figure, Medium, Metric, Scenario, Statistic};
use crate::study::outcome::Estimate;
use crate::units;

/// What leaves without having been served, and what is done more than once.
#[derive(Clone, Debug)]
pub struct Losses {
    /// What the file has that can remove messages: `max_length 1000, drop-head`.
    pub rules: Vec<String>,
    /// What was removed in the runs, each cause of which anything was seen.
    pub shares: Vec<Loss>,
    /// The figures were looked for: where `shares` is empty, nothing was lost in the runs.
    pub is_known: bool,
    /// What is refused is published again, or waited with: it is no loss.
    pub refusals_return: bool,
    /// Attempts per message.
    pub attempts: Vec<Attempts>,
}

/// One cause.
#[derive(Clone, Debug)]
pub struct Loss {
    /// Which: `expired`, `dropped`.
    pub figure: Figure,
    /// Share of published messages.
    pub share: Estimate,
}

/// How often work on a message is begun.
#[derive(Clone, Debug)]
pub struct Attempts {
    /// The pool's name.
    pub pool: String,
    /// Attempts per first attempt: retry amplification.
    pub mean: Estimate,
}

/// From so many attempts on, work on a message is not done once and for all.
pub const ATTEMPTS_MATTER: f64 = 1.005;

pub(super) fn losses(explained: &Explained<'_>, queue: usize) -> Losses {
    let scenario = explained.scenario;
    let name = &scenario.queues[queue].name;
    let run = explained.run();
    let share = |figure| {
        let share = explained.figure(name, figure, Statistic::Share)?;
        let is_seen = matches!(&share, Estimate::Known { value, .. } if *value > 0.0);
        is_seen.then_some(Loss { figure, share })
    };
    let attempts = |pool: &str| {
        let mean = explained.figure(pool, Figure::Attempts, Statistic::Mean)?;
        let is_notable =
            matches!(&mean, Estimate::Known { value, .. } if *value >= ATTEMPTS_MATTER);
        is_notable.then(|| Attempts {
            pool: pool.to_owned(),
            mean,
        })
    };
    let refused = Metric::new(name, Figure::Refused, Statistic::Share);
    Losses {
        rules: rules(scenario, queue),
        shares: CAUSES.into_iter().filter_map(share).collect(),
        is_known: run
            .is_some_and(|run| matches!(run.metrics.get(&refused), Some(Estimate::Known { .. }))),
        refusals_return: run.is_some_and(|run| run.refusals_return.contains(name)),
        attempts: scenario
            .pools_of(queue)
            .filter_map(|pool| attempts(&pool.name))
            .collect(),
    }
}

const CAUSES: [Figure; 7] = [
    Figure::Refused,
    Figure::Expired,
    Figure::Dropped,
    Figure::ConsumerRejected,
    Figure::DeliveryLimited,
    Figure::PeerLost,
    Figure::DeadLettered,
];

/// What of the file can remove a message from a queue, or keep it out.
fn rules(scenario: &Scenario, queue: usize) -> Vec<String> {
    let own = &scenario.queues[queue];
    let settings = &own.settings;
    let mut rules = Vec::new();
    let overflow = match settings.overflow {
        Overflow::DropHead => "drop-head",
        Overflow::RejectPublish => "reject-publish",
        Overflow::RejectPublishDlx => "reject-publish-dlx",
    };
    let count = settings
        .max_length
        .map(|most| format!("max_length {most}, {overflow}"));
    rules.extend(count);
    let bytes = settings.max_length_bytes.map(|most| {
        let most = units::show_bytes(most as f64);
        format!("max_length_bytes {most}, {overflow}")
    });
    rules.extend(bytes);
    let ttl = scenario.time_to_live(queue).map(|ttl| match own.medium {
        Medium::Topic(_) => format!("retention {ttl}"),
        Medium::Queue | Medium::Pipe(_) => format!("message_ttl {ttl}"),
    });
    rules.extend(ttl);
    let mut producers = scenario.producers_of(queue);
    if producers.any(|producer| producer.ttl.is_some()) {
        rules.push("messages with a ttl of their own".to_owned());
    }
    if let Medium::Pipe(sockets) = &own.medium
        && sockets.has_marks()
    {
        rules.push("high-water marks".to_owned());
    }
    for pool in scenario.pools_of(queue) {
        if let Some(failure) = &pool.failure {
            let share = 1.0 - (1.0 - failure.probability) * (1.0 - failure.poison);
            let share = units::show_share(share);
            rules.push(format!("work of {} fails at {share}", pool.name));
        }
    }
    rules
}
