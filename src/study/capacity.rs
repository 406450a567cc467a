//! C(t): what the consumers of a queue can do while some of them are away or slow; and when the last of that is over.

use crate::fluid::CapacityPiece;
use crate::queue::DeadLetterStrategy;
use crate::scenario::{
    AckMode, Balance, Medium, OnFailure, OnRefused, Pool, Producer, Queue, Scenario, Target,
};
use crate::time::{Span, Time};

/// All consumers of a queue as one capacity over time, from 0 on; empty without any, or where they take no time.
///
/// Crashes and failing work count by their means, outages, slowdowns and episodes of failure when they happen.
pub(super) fn pieces(scenario: &Scenario, queue: usize) -> Vec<CapacityPiece> {
    let pools = scenario.pools.iter().enumerate();
    let served: Vec<Served<'_>> = pools
        .filter(|(_, pool)| pool.from == queue)
        .map(|(index, pool)| Served {
            index,
            pool,
            consumers: f64::from(scenario.served(index)),
        })
        .filter(|served| served.consumers > 0.0)
        .collect();
    if served.is_empty() || !scenario.capacity(queue).is_finite() {
        return Vec::new();
    }
    let pools: Vec<&Pool> = served.iter().map(|served| served.pool).collect();
    let room = scenario.queues[queue].settings.max_length;
    let piece = |border: &[Time]| {
        let (mut servers, mut able, mut held) = (0.0, 0.0, Some(0.0));
        for one in &served {
            let (there, speed) = one.able_at(border[0]);
            servers += f64::from(one.pool.slots()) * there;
            able += scenario.capacity_at(one.index, border[0]) * speed / one.consumers;
            let unlimited = one.pool.prefetch == 0;
            held = held
                .filter(|_| !unlimited)
                .map(|held| held + there * f64::from(one.pool.prefetch));
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

/// A pool, and how many of its consumers are served at once.
struct Served<'a> {
    index: usize,
    pool: &'a Pool,
    consumers: f64,
}

impl Served<'_> {
    /// Consumers that are served at an instant, and how many of full pace they are worth. Of a single active consumer
    /// the others take the place.
    fn able_at(&self, now: Time) -> (f64, f64) {
        let (up, speed) = able_at(self.pool, now);
        let there = up.min(self.consumers);
        (there, if up > 0.0 { speed * there / up } else { 0.0 })
    }
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
    let outages = pool.outages.iter().filter(|outage| outage.acts_at(now));
    let away: Vec<(u32, u32)> = outages
        .map(|outage| (outage.first, outage.first.saturating_add(outage.consumers)))
        .collect();
    let slowdowns = pool.slowdowns.iter();
    let slow: Vec<(u32, f64)> = slowdowns
        .filter(|slowdown| slowdown.acts_at(now))
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
    // What producers do before it matters as much as what those do who publish here.
    let publishes = |is: fn(&Producer) -> bool| scenario.sources_of(queue).any(is);
    let upstream = scenario.upstream(queue);
    let mut before = scenario.pools.iter().filter(|pool| upstream[pool.from]);
    let retried_before = before.any(|pool| pool.from != queue && retries(pool));
    let medium = &scenario.queues[queue].medium;
    [
        (medium.is_topic(), "partitions and commits"),
        (matches!(medium, Medium::Pipe(_)), "lines of single peers"),
        (scenario.can_expire(queue), "time to live"),
        (pool(|pool| pool.ack == AckMode::Auto), "acks at delivery"),
        (pool(|pool| pool.batch.is_some()), "batches"),
        (
            pool(|pool| pool.round_trip > Span::ZERO),
            "round trip to the consumers",
        ),
        (pool(|pool| pool.crashes.is_some()), "crashes"),
        (
            pool(retries) || retried_before,
            "work that is tried again later",
        ),
        (
            publishes(|producer| producer.patience.is_some()),
            "timeouts",
        ),
        (
            publishes(|producer| producer.confirms.is_some()),
            "confirms",
        ),
        (
            scenario.queues[queue].settings.delayed_retry.is_some(),
            "delay of what comes back",
        ),
        (
            scenario.queues[queue].settings.dead_letter_strategy == DeadLetterStrategy::AtLeastOnce,
            "dead letters that are kept",
        ),
        (
            scenario.queues[queue].intake.is_some(),
            "time to take a message in",
        ),
        (scenario.broker.memory_limit.is_some(), "limit of memory"),
        (
            scenario.ack_timeout(queue).is_some(),
            "timeout of consumers",
        ),
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
