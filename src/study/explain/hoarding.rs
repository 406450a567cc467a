//! What consumers hold beyond what they work on, and what it does to the tail.

use super::Explained;
use crate::scenario::{AckMode, Batching, Client, Pool, Scenario};
use crate::study::outcome::{Difference, Estimate, Finding};
use crate::time::Span;

/// The variant in which nobody holds more than it works on.
pub(super) const WITHOUT: &str = "prefetch = what a consumer works on";

/// What the consumers of one pool hold.
#[derive(Clone, Debug)]
pub struct Hoarding {
    /// The pool's name.
    pub pool: String,
    /// Most unacked messages of one consumer; 0 is no limit. `None` where consumers ask for messages.
    pub prefetch: Option<u32>,
    /// The broker acks at delivery, and so no prefetch limits what a consumer holds.
    pub acks_itself: bool,
    /// Messages that one consumer works on at once, or gathers for a batch.
    pub works_on: u32,
    /// Consumers of all pools of the queue.
    pub consumers: u32,
    /// Time from the broker to a consumer and back.
    pub round_trip: Span,
    /// The least prefetch with which a consumer so far off is always busy: c (1 + round trip / service), by the means.
    pub keeps_busy: u32,
    /// Most messages that one answer brings to who asks; 0 where nobody asks.
    pub asked_for: u32,
    /// Messages that can stand in all busy consumers together and wait; `None` for no limit.
    pub surplus: Option<u64>,
    /// The same scenario without that, on the same draws; `None` where there is nothing to compare.
    pub compared: Option<Compared>,
}

/// The p99 wait, held against that without hoarding.
#[derive(Clone, Debug)]
pub struct Compared {
    /// Without − with, in seconds.
    pub difference: Estimate,
    /// Whether that is better.
    pub finding: Finding,
}

pub(super) fn hoarding(explained: &Explained<'_>, queue: usize) -> Vec<Hoarding> {
    let name = &explained.scenario.queues[queue].name;
    let outcome = explained.ran.map(|ran| &ran.outcome);
    let difference = outcome.and_then(|outcome| {
        let mut all = outcome.differences.iter();
        all.find(|one| one.variant == WITHOUT && one.metric.component == *name)
    });
    let pools = explained.scenario.pools_of(queue);
    let consumers = explained.scenario.pools_of(queue);
    let consumers = consumers.fold(0, |sum: u32, pool| sum.saturating_add(pool.consumers));
    pools.map(|pool| of(pool, consumers, difference)).collect()
}

fn of(pool: &Pool, consumers: u32, difference: Option<&Difference>) -> Hoarding {
    let works_on = works_on(pool);
    let is_pushed = pool.client == Client::Pushed;
    let surplus = match pool.prefetch {
        0 => None,
        prefetch => {
            let each = prefetch.saturating_sub(works_on);
            Some(u64::from(pool.consumers) * u64::from(each))
        }
    };
    Hoarding {
        pool: pool.name.clone(),
        prefetch: is_pushed.then_some(pool.prefetch),
        acks_itself: pool.ack == AckMode::Auto,
        works_on,
        consumers,
        round_trip: pool.round_trip,
        keeps_busy: keeps_busy(pool, works_on),
        asked_for: match &pool.client {
            Client::Pushed => 0,
            Client::Receives { most, .. } => *most,
            Client::Polls { group, .. } => group.max_poll_records,
            Client::Pulls => 1,
        },
        surplus: surplus.filter(|_| pool.ack == AckMode::Manual),
        compared: difference.filter(|_| hoards(pool)).map(|one| Compared {
            difference: one.estimate.clone(),
            finding: one.finding,
        }),
    }
}

fn keeps_busy(pool: &Pool, works_on: u32) -> u32 {
    let ways = pool.round_trip.as_secs_f64() / pool.service.mean();
    // What is whole but for rounding is whole. A cast saturates, and makes 0 of what is no number.
    (f64::from(works_on) * (1.0 + ways) - 1e-9).ceil() as u32
}

/// Messages that a consumer has use for at once.
fn works_on(pool: &Pool) -> u32 {
    let size = pool.batch.as_ref().map_or(1, |batch: &Batching| batch.size);
    pool.concurrency.saturating_mul(size)
}

fn hoards(pool: &Pool) -> bool {
    pool.client == Client::Pushed
        && pool.ack == AckMode::Manual
        && (pool.prefetch == 0 || pool.prefetch > works_on(pool))
}

/// The scenario in which no consumer holds more than it has use for; `None` where that is so already.
pub(super) fn without(scenario: &Scenario) -> Option<Scenario> {
    if !scenario.pools.iter().any(hoards) {
        return None;
    }
    let mut other = scenario.clone();
    for pool in other.pools.iter_mut().filter(|pool| hoards(pool)) {
        pool.prefetch = works_on(pool);
    }
    Some(other)
}
