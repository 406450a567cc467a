//! What M/M/c assumes of a queue, and which of it does not hold.
//!
//! A queue that only pools publish to may be M/M/c too: what leaves an M/M/c queue is a Poisson process (Burke 1956),
//! and so are the parts into which it is split by chance, and the sums of independent ones (Jackson 1957).

use crate::scenario::{
    AckMode, Balance, Kind, Medium, OnFailure, OnRefused, Outlet, Pool, Producer, Scenario, Target,
};
use crate::study::plan::is_bounded;
use crate::time::Span;
use crate::units;
use crate::workload::{Arrivals, Distribution};

/// Why M/M/c is not this queue, as one sentence; `None` if it is.
pub(super) fn why_not(scenario: &Scenario, queue: usize) -> Option<String> {
    let reasons = reasons(scenario, queue, &mut vec![queue]);
    (!reasons.is_empty()).then(|| format!("Erlang C does not apply here: {}", reasons.join("; ")))
}

/// `seen`: the queues that are being asked about, for each of which its feeders are.
fn reasons(scenario: &Scenario, queue: usize, seen: &mut Vec<usize>) -> Vec<String> {
    let terminating = scenario.kind == Kind::Terminating;
    let start = terminating
        .then(|| "it speaks of the long run, and this one starts empty and ends".to_owned());
    let pools: Vec<&Pool> = scenario.pools_of(queue).collect();
    let publishers = scenario
        .producers_of(queue)
        .filter_map(|producer| arrivals_differ(producer, queue));
    let mut reasons: Vec<String> = start.into_iter().chain(publishers).collect();
    reasons.extend(queue_differs(scenario, queue));
    reasons.extend(pools_differ(&pools));
    reasons.extend(feeders_differ(scenario, queue, seen));
    reasons
}

fn arrivals_differ(producer: &Producer, queue: usize) -> Option<String> {
    let name = &producer.name;
    if producer.batch != (Distribution::Constant { value: 1.0 }) {
        return Some(format!("{name} publishes in batches"));
    }
    if producer.confirms.is_some() {
        return Some(format!("{name} waits for confirms"));
    }
    if producer.patience.is_some() {
        return Some(format!("what of {name} takes too long is published again"));
    }
    let poisson = match &producer.arrivals {
        Arrivals::Poisson { .. } => None,
        Arrivals::Renewal {
            gaps: Distribution::Exponential { .. },
        } => None,
        Arrivals::Profile(_) => Some(format!("the rate of {name} changes over time")),
        Arrivals::Closed { .. } => Some(format!("the clients of {name} wait for their answers")),
        Arrivals::Renewal { .. } | Arrivals::Mmpp(_) | Arrivals::Listed { .. } => {
            let scv = producer.arrivals.interarrival_scv();
            Some(scv.map_or_else(
                || format!("arrivals of {name} are not Poisson"),
                |scv| {
                    let scv = units::show_count(scv);
                    format!(
                        "it assumes Poisson arrivals, but {name}'s interarrival cv² is {scv}, not 1"
                    )
                },
            ))
        }
    };
    poisson
        .or_else(|| chooses(&producer.to, queue).map(|how| format!("the balancer of {name} {how}")))
}

/// How a balancer makes what arrives at one of its queues other than Poisson.
fn chooses(target: &Target, queue: usize) -> Option<&'static str> {
    match target {
        Target::Balanced { policy, queues } if queues.contains(&queue) => match policy {
            Balance::Random => None,
            Balance::RoundRobin => Some("takes its queues in turn"),
            Balance::Shortest | Balance::TwoChoices => Some("prefers the shorter queue"),
        },
        Target::Balanced { .. } | Target::Queue(_) | Target::Exchange { .. } => None,
    }
}

fn is_drawn(priority: &Option<Distribution>) -> bool {
    let law = priority.as_ref();
    law.is_some_and(|law| !law.is_constant())
}

fn queue_differs(scenario: &Scenario, queue: usize) -> Vec<String> {
    let settings = &scenario.queues[queue].settings;
    let producers = scenario.producers_of(queue);
    let priorities = producers
        .map(|producer| &producer.priority)
        .collect::<Vec<_>>();
    let mixed = priorities
        .iter()
        .any(|priority| **priority != *priorities[0] || is_drawn(priority));
    let fed = scenario.is_fed_by_pools(queue);
    [
        (
            scenario.queues[queue].medium.is_topic(),
            "each partition is a line of its own",
        ),
        (
            matches!(scenario.queues[queue].medium, Medium::Pipe(_)),
            "each peer is a line of its own",
        ),
        (
            settings.is_sqs(),
            "what is not deleted in time is received again",
        ),
        (
            settings.highest_priority(scenario.broker.profile) > 0 && (mixed || fed),
            "messages have priorities",
        ),
        (
            is_bounded(scenario, queue) || scenario.can_expire(queue),
            "the queue is bounded, or messages expire",
        ),
        (
            scenario.takes_dead_letters(queue),
            "dead letters arrive as well",
        ),
        (
            scenario.queues[queue].intake.is_some(),
            "it takes time to take a message in",
        ),
        (
            scenario.broker.memory_limit.is_some(),
            "who publishes waits while memory is short",
        ),
        (
            scenario.ack_timeout(queue).is_some(),
            "what consumers hold for too long is taken from them",
        ),
        (
            settings.single_active_consumer
                && scenario.pools_of(queue).any(|pool| pool.consumers > 1),
            "one consumer alone is served while the others wait to take its place",
        ),
    ]
    .into_iter()
    .filter(|(differs, _)| *differs)
    .map(|(_, why)| why.to_owned())
    .collect()
}

fn pools_differ(pools: &[&Pool]) -> Vec<String> {
    let Some(first) = pools.first() else {
        return Vec::new();
    };
    let alike = |pool: &&Pool| {
        let traits = |pool: &Pool| (pool.concurrency, pool.prefetch, pool.priority, pool.ack);
        pool.service == first.service && traits(pool) == traits(first)
    };
    let mut reasons = Vec::new();
    if !pools.iter().all(alike) {
        reasons.push("pools that are not alike share the queue".to_owned());
    }
    for reason in pools
        .iter()
        .flat_map(|pool| pool_differs(pool, pools.len()))
    {
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    reasons
}

fn pool_differs(pool: &Pool, pools: usize) -> Vec<String> {
    let alone = pool.consumers == 1 && pools == 1;
    let hoards = !alone && (pool.prefetch == 0 || pool.prefetch > pool.concurrency);
    let prefetch = if pool.prefetch == 0 {
        "without a limit".to_owned()
    } else {
        pool.prefetch.to_string()
    };
    let failure = pool.failure.as_ref();
    let retries = failure.is_some_and(|failure| match &failure.then {
        OnFailure::Reject => false,
        OnFailure::Requeue(_) => true,
        OnFailure::Retry(retry) => retry.limit != Some(0),
    });
    let scv = units::show_count(pool.service.scv());
    let why = |text: &str| text.to_owned();
    [
        (!pool.service_of.is_empty(), why("service depends on the producer")),
        (
            !matches!(pool.service, Distribution::Exponential { .. }),
            format!("service is not exponential (cv² {scv})"),
        ),
        (
            hoards,
            format!("prefetch {prefetch} is not a single line: consumers hold messages that others could serve"),
        ),
        (retries, why("work that fails is tried again")),
        (pool.ack == AckMode::Auto, why("automatic acks make each consumer a line of its own")),
        (pool.batch.is_some(), why("messages are worked on in batches")),
        (pool.round_trip > Span::ZERO, why("a consumer is away for a round trip after each message")),
        (pool.crashes.is_some(), why("consumers crash")),
        (!pool.outages.is_empty(), why("consumers are away for a while")),
        (!pool.slowdowns.is_empty(), why("consumers are slow for a while")),
        (pool.on_refused == OnRefused::Block, why("consumers wait for room in the next queue")),
    ]
    .into_iter()
    .filter(|(differs, _)| *differs)
    .map(|(_, why)| why)
    .collect()
}

/// Why what pools publish here is not a Poisson process.
fn feeders_differ(scenario: &Scenario, queue: usize, seen: &mut Vec<usize>) -> Option<String> {
    if scenario.joins_copies(queue) {
        return Some("several copies of a message come together here".to_owned());
    }
    for pool in &scenario.pools {
        let here = |outlet: &&Outlet| {
            let mut targets = outlet.to.iter();
            targets.any(|target| scenario.reaches(target, queue))
        };
        let Some(outlet) = pool.to.iter().find(here) else {
            continue;
        };
        let before = &scenario.queues[pool.from].name;
        let mut targets = outlet.to.iter();
        if let Some(how) = targets.find_map(|target| chooses(target, queue)) {
            return Some(format!("the balancer of {} {how}", pool.name));
        }
        if seen.contains(&pool.from) {
            return Some(format!(
                "messages come back: it is fed by {before}, which it feeds"
            ));
        }
        seen.push(pool.from);
        let unstable = scenario
            .offered_rate(pool.from)
            .is_none_or(|rate| rate >= scenario.capacity(pool.from));
        let differs = unstable || !reasons(scenario, pool.from, seen).is_empty();
        seen.pop();
        if differs {
            return Some(format!(
                "it is fed by {before}, which is not M/M/c itself, so that what comes from there is not Poisson"
            ));
        }
    }
    None
}
