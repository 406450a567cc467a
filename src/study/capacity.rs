//! C(t): what the consumers of a queue can do while some of them are away or slow; and when the last of that is over.

use crate::fluid::CapacityPiece;
use crate::scenario::{
    AckMode, Balance, Failure, FailureEpisode, OnFailure, OnRefused, Pool, Producer, Queue,
    Scenario, Target,
};
use crate::time::{Span, Time};

/// All consumers of a queue as one capacity over time, from 0 on; empty without any, or where they take no time.
///
/// Crashes and failing work count by their means, outages and slowdowns when they happen.
pub(super) fn pieces(scenario: &Scenario, queue: usize) -> Vec<CapacityPiece> {
    let served: Vec<(&Pool, u32)> = scenario.served_by(queue).collect();
    let pools: Vec<&Pool> = served.iter().map(|(pool, _)| *pool).collect();
    let rate = scenario.capacity(queue);
    if scenario.servers(queue) <= 0.0 || !rate.is_finite() {
        return Vec::new();
    }
    // Pools that share a queue can do as much of C as their slots and their work say.
    let weight = |(pool, consumers): &(&Pool, u32)| {
        f64::from(*consumers) * f64::from(pool.slots()) / pool.service.mean()
    };
    let weights: f64 = served.iter().map(weight).sum();
    let part = |one: &(&Pool, u32)| match served[..] {
        [_] => 1.0,
        [..] => weight(one) / weights,
    };
    let room = scenario.queues[queue].settings.max_length;
    let piece = |border: &[Time]| {
        let (mut servers, mut able, mut held) = (0.0, 0.0, Some(0.0));
        for one in served.iter().filter(|(_, consumers)| *consumers > 0) {
            let (pool, consumers) = (one.0, f64::from(one.1));
            let (up, speed) = able_at(pool, border[0]);
            // Of a single active consumer the others take the place.
            let there = up.min(consumers);
            let speed = if up > 0.0 { speed * there / up } else { 0.0 };
            servers += f64::from(pool.slots()) * there;
            let pace = failing_pace(pool, &scenario.queues[queue], border[0]);
            able += rate * part(one) * speed * pace / consumers;
            let unlimited = pool.prefetch == 0;
            held = held
                .filter(|_| !unlimited)
                .map(|held| held + there * f64::from(pool.prefetch));
        }
        CapacityPiece {
            start: border[0],
            end: border[1],
            servers,
            service_rate: if servers > 0.0 { able / servers } else { 0.0 },
            limit: room.zip(held).map(|(room, held)| room as f64 + held),
        }
    };
    borders(&pools).windows(2).map(piece).collect()
}

/// When consumers go, come back, or change their pace, and when work begins to fail more often.
fn borders(pools: &[&Pool]) -> Vec<Time> {
    let episodes = pools.iter().flat_map(|pool| &pool.failure);
    let episodes = episodes
        .flat_map(|failure| &failure.episodes)
        .flat_map(|episode| [episode.from, episode.until]);
    let outages = pools.iter().flat_map(|pool| &pool.outages);
    let slowdowns = pools.iter().flat_map(|pool| &pool.slowdowns);
    let stretches = outages
        .map(|outage| (outage.at, outage.lasts))
        .chain(slowdowns.map(|slowdown| (slowdown.at, slowdown.lasts)));
    let mut borders: Vec<Time> = stretches
        .flat_map(|(at, lasts)| [at, at + lasts])
        .chain(episodes)
        .chain([Time::ZERO, Time::NEVER])
        .collect();
    borders.sort_unstable();
    borders.dedup();
    borders
}

/// Consumers of a pool that are there at an instant, and how many of full pace they are worth.
fn able_at(pool: &Pool, now: Time) -> (f64, f64) {
    let acts = |at: Time, lasts: Span| at <= now && now < at + lasts;
    let away: Vec<(u32, u32)> = pool
        .outages
        .iter()
        .filter(|outage| acts(outage.at, outage.lasts))
        .map(|outage| (outage.first, outage.first.saturating_add(outage.consumers)))
        .collect();
    let slow: Vec<(u32, f64)> = pool
        .slowdowns
        .iter()
        .filter(|slowdown| acts(slowdown.at, slowdown.lasts))
        .map(|slowdown| (slowdown.consumers, slowdown.factor))
        .collect();
    let mut ranks: Vec<u32> = away
        .iter()
        .flat_map(|(first, last)| [*first, *last])
        .chain(slow.iter().map(|(count, _)| *count))
        .chain([0, pool.consumers])
        .map(|rank| rank.min(pool.consumers))
        .collect();
    ranks.sort_unstable();
    ranks.dedup();
    let mut able = (0.0, 0.0);
    for window in ranks.windows(2) {
        let (rank, count) = (window[0], f64::from(window[1] - window[0]));
        if away
            .iter()
            .any(|(first, last)| (*first..*last).contains(&rank))
        {
            continue;
        }
        let acting = slow.iter().filter(|(count, _)| rank < *count);
        able.0 += count;
        able.1 += count / acting.map(|(_, factor)| factor).product::<f64>();
    }
    able
}

/// How much of its ordinary capacity an episode of failure leaves to a pool: work that is requeued is done again.
fn failing_pace(pool: &Pool, queue: &Queue, now: Time) -> f64 {
    let requeues = |failure: &&Failure| matches!(failure.then, OnFailure::Requeue(_));
    let Some(failure) = pool.failure.as_ref().filter(requeues) else {
        return 1.0;
    };
    let acting = |episode: &&FailureEpisode| episode.from <= now && now < episode.until;
    let episode = failure.episodes.iter().find(acting);
    let attempts = |probability: f64| {
        let most = queue.settings.delivery_limit;
        let most = most.map_or(f64::INFINITY, |limit| f64::from(limit) + 1.0);
        if probability < 1.0 {
            (1.0 - probability.powf(most)) / (1.0 - probability)
        } else {
            most
        }
    };
    episode.map_or(1.0, |episode| {
        attempts(failure.probability) / attempts(episode.probability)
    })
}

/// Whether a balancer sends more or less to a queue by what stands there, so that its λ is not in the file.
pub(super) fn is_steered(scenario: &Scenario, queue: usize) -> bool {
    let producers = scenario.producers.iter().map(|producer| &producer.to);
    let outlets = scenario.pools.iter().flat_map(|pool| &pool.to);
    let mut targets = producers.chain(outlets.flat_map(|outlet| &outlet.to));
    targets.any(|target| match target {
        Target::Balanced {
            policy: Balance::Shortest | Balance::TwoChoices,
            queues,
        } => queues.contains(&queue),
        Target::Balanced { .. } | Target::Queue(_) | Target::Exchange { .. } => false,
    })
}

/// The end of the last outage, slowdown or episode of failure; `None` where the file lists none.
pub(super) fn last_incident(scenario: &Scenario) -> Option<Time> {
    let ends = |pool: &Pool| {
        let outages = pool.outages.iter().map(|outage| outage.at + outage.lasts);
        let slow = pool.slowdowns.iter();
        let episodes = pool.failure.iter().flat_map(|failure| &failure.episodes);
        outages
            .chain(slow.map(|slowdown| slowdown.at + slowdown.lasts))
            .chain(episodes.map(|episode| episode.until))
            .max()
    };
    scenario.pools.iter().filter_map(ends).max()
}

/// What happens to a queue that dL/dt = P − S with S = μ·min(L, c) knows nothing of.
pub(super) fn unknown_to_fluid(scenario: &Scenario, queue: usize) -> Option<&'static str> {
    let pool = |is: fn(&Pool) -> bool| scenario.pools_of(queue).any(is);
    let retries = |pool: &Pool| {
        pool.failure.as_ref().is_some_and(|failure| {
            matches!(failure.then, OnFailure::Retry(_))
                || !failure.episodes.is_empty()
                || failure.poison > 0.0
        })
    };
    let impatient = |producer: &Producer| producer.patience.is_some();
    [
        (scenario.can_expire(queue), "time to live"),
        (pool(|pool| pool.ack == AckMode::Auto), "acks at delivery"),
        (pool(|pool| pool.batch.is_some()), "batches"),
        (
            pool(|pool| pool.round_trip > Span::ZERO),
            "round trip to the consumers",
        ),
        (pool(|pool| pool.crashes.is_some()), "crashes"),
        (pool(retries), "work that is tried again later"),
        (scenario.producers_of(queue).any(impatient), "timeouts"),
        (
            refusals_return(scenario, queue) || pool(|pool| pool.on_refused == OnRefused::Block),
            "back-pressure",
        ),
    ]
    .into_iter()
    .find_map(|(is, what)| is.then_some(what))
}

/// Whether all that a queue refuses is published again, so that a refusal is no loss.
pub(super) fn refusals_return(scenario: &Scenario, queue: usize) -> bool {
    let pools = scenario.pools.iter().filter(|pool| {
        let targets = pool.to.iter().flat_map(|outlet| &outlet.to);
        targets
            .into_iter()
            .any(|target| scenario.reaches(target, queue))
    });
    let policies: Vec<&OnRefused> = scenario
        .producers_of(queue)
        .map(|producer| &producer.on_refused)
        .chain(pools.map(|pool| &pool.on_refused))
        .collect();
    refuses(&scenario.queues[queue])
        && !policies.is_empty()
        && policies.iter().all(|policy| **policy != OnRefused::Drop)
}

fn refuses(queue: &Queue) -> bool {
    let settings = &queue.settings;
    settings.overflow == crate::queue::Overflow::RejectPublish
        && (settings.max_length.is_some() || settings.max_length_bytes.is_some())
}
