//! What is offered to a queue, and what its consumers can do: all by the file.

use crate::fluid::CapacityPiece;
use crate::scenario::{Pool, Scenario};
use crate::study::capacity;
use crate::study::plan::Plan;
use crate::time::Time;
use crate::workload::RatePiece;

/// λ against c and μ.
#[derive(Clone, Debug, PartialEq)]
pub struct OfferedLoad {
    /// λ, messages per second on average; `None` where the file does not say it, since clients wait for answers.
    pub rate: Option<f64>,
    /// A balancer sends more or less there by what stands in its queues: the rate is as if it shared evenly.
    pub is_steered: bool,
    /// Dead letters come as well, of which the rate counts those alone that consumers reject.
    pub takes_dead_letters: bool,
    /// The largest λ(t), where it changes, and when it is first that large.
    pub peak: Option<(f64, Time)>,
    /// λ(t) is counted from a list, in buckets this long, in seconds.
    pub counted_in: Option<f64>,
    /// c: messages that its consumers work on at once.
    pub slots: f64,
    /// Mean seconds that a message keeps a slot from the next, all attempts, its part of a batch, round trips and the
    /// time that consumers are down included: c / C.
    pub slot_time: f64,
    /// Something of that is included: it is not the mean service time.
    pub is_more_than_service: bool,
    /// C without incidents, messages per second.
    pub capacity: f64,
    /// λ · c / C, in Erlang.
    pub erlang: Option<f64>,
    /// Its pools.
    pub pools: Vec<PoolLoad>,
}

/// A pool's part.
#[derive(Clone, Debug, PartialEq)]
pub struct PoolLoad {
    /// Its name.
    pub pool: String,
    /// Consumers.
    pub consumers: u32,
    /// Messages each works on at once.
    pub slots_each: u32,
    /// Mean service time, in seconds.
    pub service: f64,
    /// Its squared coefficient of variation; infinite where the law has no variance.
    pub service_scv: f64,
}

/// A stretch in which C is the same.
#[derive(Clone, Debug, PartialEq)]
pub struct CapacityStep {
    /// From here …
    pub from: Time,
    /// … to here.
    pub to: Time,
    /// Consumers at work at once × concurrency.
    pub slots: f64,
    /// C, messages per second.
    pub rate: f64,
    /// What of the file makes it so: `outage of workers`.
    pub why: Vec<String>,
}

pub(super) fn offered_load(plan: &Plan<'_>, queue: usize) -> OfferedLoad {
    let scenario = &plan.scenario;
    let (slots, able) = (scenario.servers(queue), scenario.capacity(queue));
    let slot_time = if able > 0.0 { slots / able } else { 0.0 };
    let rate = scenario.offered_rate(queue);
    let pools: Vec<PoolLoad> = scenario.pools_of(queue).map(pool_load).collect();
    let mean = pools.iter().map(|pool| pool.service);
    let all_alike = mean.clone().all(|mean| close(mean, slot_time));
    OfferedLoad {
        rate,
        is_steered: capacity::is_steered(scenario, queue),
        takes_dead_letters: scenario.takes_dead_letters(queue),
        peak: plan.loads[queue].offered.as_deref().and_then(peak),
        counted_in: scenario
            .is_listed(queue)
            .then(|| plan.setup.bucket_width.as_secs_f64()),
        slots,
        slot_time,
        is_more_than_service: pools.len() == 1 && !all_alike,
        capacity: able,
        erlang: rate
            .filter(|_| able > 0.0 && !scenario.takes_dead_letters(queue))
            .map(|rate| rate * slot_time),
        pools,
    }
}

fn pool_load(pool: &Pool) -> PoolLoad {
    PoolLoad {
        pool: pool.name.clone(),
        consumers: pool.consumers,
        slots_each: pool.slots(),
        service: pool.service.mean(),
        service_scv: pool.service.scv(),
    }
}

fn close(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-9 * one.abs().max(other.abs())
}

/// The largest rate, if there is another.
fn peak(pieces: &[RatePiece]) -> Option<(f64, Time)> {
    let ends = |piece: &RatePiece| [(piece.rate_start, piece.start), (piece.rate_end, piece.end)];
    let rates = || pieces.iter().flat_map(ends);
    let least = rates().map(|(rate, _)| rate).fold(f64::INFINITY, f64::min);
    let most = rates().fold((f64::NEG_INFINITY, Time::ZERO), |most, next| {
        if next.0 > most.0 { next } else { most }
    });
    (most.0 > least && !close(most.0, least)).then_some(most)
}

pub(super) fn capacity(plan: &Plan<'_>, queue: usize) -> Vec<CapacityStep> {
    let horizon = plan.scenario.horizon;
    let mut steps: Vec<CapacityStep> = Vec::new();
    let pieces = plan.loads[queue].capacity.iter();
    for piece in pieces.filter(|piece| piece.start < horizon) {
        let step = step(&plan.scenario, queue, piece);
        match steps.last_mut() {
            Some(last) if close(last.rate, step.rate) && last.why == step.why => last.to = step.to,
            Some(_) | None => steps.push(step),
        }
    }
    steps
}

fn step(scenario: &Scenario, queue: usize, piece: &CapacityPiece) -> CapacityStep {
    CapacityStep {
        from: piece.start,
        to: piece.end.min(scenario.horizon),
        slots: piece.servers,
        rate: piece.servers * piece.service_rate,
        why: scenario
            .pools_of(queue)
            .flat_map(|pool| incidents(pool, piece.start))
            .collect(),
    }
}

/// What befalls a pool at an instant, by the file.
fn incidents(pool: &Pool, now: Time) -> Vec<String> {
    let failure = pool.failure.iter();
    let mut episodes = failure.flat_map(|failure| &failure.episodes);
    [
        (pool.outages.iter().any(|one| one.acts_at(now)), "outage"),
        (
            pool.slowdowns.iter().any(|one| one.acts_at(now)),
            "slowdown",
        ),
        (
            episodes.any(|episode| episode.acts_at(now)),
            "episode of failure",
        ),
    ]
    .into_iter()
    .filter(|(acts, _)| *acts)
    .map(|(_, what)| format!("{what} of {}", pool.name))
    .collect()
}
