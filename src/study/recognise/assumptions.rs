//! What M/M/c assumes of a queue, which of it does not hold, and for what of that a richer model may answer.
//!
//! A queue that only pools publish to may be M/M/c too: what leaves an M/M/c queue is a Poisson process (Burke 1956),
//! and so are the parts into which it is split by chance, and the sums of independent ones (Jackson 1957).

use super::answered;
use crate::scenario::{
    AckMode, Balance, Kind, Medium, OnFailure, OnRefused, Outlet, Pool, Producer, Scenario, Target,
};
use crate::study::plan::is_bounded;
use crate::time::Span;
use crate::units;
use crate::workload::{Arrivals, Distribution};

/// In what a queue is other than M/M/c.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    /// A clause that says it.
    pub(super) why: String,
    /// What is different.
    pub(super) of: Part,
}

/// The part of M/M/c that a difference is about, where a richer model may answer for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// The law of the service time.
    Service,
    /// The gaps between arrivals, of one producer that feeds the queue alone.
    Gaps,
    /// Messages of one arrival, likewise.
    Batches,
    /// Who publishes waits for the answer, likewise.
    Clients,
    /// Room: whoever finds none is gone.
    Room,
    /// Patience: of exponential law, and it ends wherever a message waits.
    Patience,
    /// Classes of messages, each with a priority of its own.
    Priorities,
    /// Work that fails is tried again at once.
    Failure,
    /// Consumers crash, and lose no more than work without memory.
    Crashes,
    /// A consumer takes all that waits.
    Bulk,
    /// One that no single line has.
    Whole,
}

impl Difference {
    fn new(of: Part, why: impl Into<String>) -> Self {
        let why = why.into();
        Self { why, of }
    }
}

/// `of` where a model answers for it.
fn part(is_answered: bool, of: Part) -> Part {
    if is_answered { of } else { Part::Whole }
}

/// Why M/M/c is not this queue, as one sentence.
pub(super) fn sentence(differences: &[Difference]) -> String {
    let reasons: Vec<&str> = differences
        .iter()
        .map(|difference| difference.why.as_str())
        .collect();
    format!("Erlang C does not apply here: {}", reasons.join("; "))
}

/// In what this queue is other than M/M/c; empty if it is one.
pub(super) fn differences(scenario: &Scenario, queue: usize) -> Vec<Difference> {
    of_queue(scenario, queue, &mut vec![queue])
}

/// `seen`: the queues that are being asked about, for each of which its feeders are.
fn of_queue(scenario: &Scenario, queue: usize, seen: &mut Vec<usize>) -> Vec<Difference> {
    let terminating = scenario.kind == Kind::Terminating;
    let start = terminating.then(|| {
        let why = "it speaks of the long run, and this one starts empty and ends";
        Difference::new(Part::Whole, why)
    });
    let pools: Vec<&Pool> = scenario.pools_of(queue).collect();
    let publishers = scenario
        .producers_of(queue)
        .filter_map(|producer| arrivals_differ(scenario, producer, queue));
    let mut differences: Vec<Difference> = start.into_iter().chain(publishers).collect();
    differences.extend(queue_differs(scenario, queue));
    differences.extend(pools_differ(scenario, queue, &pools));
    differences.extend(feeders_differ(scenario, queue, seen));
    differences
}

fn arrivals_differ(scenario: &Scenario, producer: &Producer, queue: usize) -> Option<Difference> {
    let name = &producer.name;
    let whole = |why: String| Some(Difference::new(Part::Whole, why));
    let alone = answered::is_alone(scenario, producer, queue);
    let if_alone = |of: Part, why: String| Some(Difference::new(part(alone, of), why));
    if producer.confirms.is_some() {
        return whole(format!("{name} waits for confirms"));
    }
    if producer.patience.is_some() {
        return whole(format!("what of {name} takes too long is published again"));
    }
    if producer.batch != (Distribution::Constant { value: 1.0 }) {
        return if_alone(Part::Batches, format!("{name} publishes in batches"));
    }
    match &producer.arrivals {
        Arrivals::Poisson { .. }
        | Arrivals::Renewal {
            gaps: Distribution::Exponential { .. },
        } => chooses(&producer.to, queue)
            .and_then(|how| whole(format!("the balancer of {name} {how}"))),
        Arrivals::Profile(_) => whole(format!("the rate of {name} changes over time")),
        Arrivals::Closed { .. } => {
            let answers = alone && answered::answers_here(scenario, queue);
            let why = format!("the clients of {name} wait for their answers");
            Some(Difference::new(part(answers, Part::Clients), why))
        }
        Arrivals::Renewal { .. } | Arrivals::Mmpp(_) | Arrivals::Listed { .. } => {
            let scv = producer.arrivals.interarrival_scv();
            let why = scv.map_or_else(
                || format!("arrivals of {name} are not Poisson"),
                |scv| {
                    let scv = units::show_count(scv);
                    format!(
                        "it assumes Poisson arrivals, but {name}'s interarrival cv² is {scv}, not 1"
                    )
                },
            );
            if_alone(Part::Gaps, why)
        }
    }
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

pub(super) fn is_drawn(priority: &Option<Distribution>) -> bool {
    let law = priority.as_ref();
    law.is_some_and(|law| !law.is_constant())
}

fn queue_differs(scenario: &Scenario, queue: usize) -> Vec<Difference> {
    let settings = &scenario.queues[queue].settings;
    let whole = [
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
    .map(|(_, why)| Difference::new(Part::Whole, why));
    let answered = [
        classes_differ(scenario, queue),
        losses_differ(scenario, queue),
    ];
    whole.chain(answered.into_iter().flatten()).collect()
}

fn classes_differ(scenario: &Scenario, queue: usize) -> Option<Difference> {
    let settings = &scenario.queues[queue].settings;
    let mut producers = scenario.producers_of(queue);
    let first = scenario.producers_of(queue).next();
    let mixed = producers.any(|producer| {
        first.is_some_and(|first| first.priority != producer.priority)
            || is_drawn(&producer.priority)
    });
    let differs = settings.highest_priority(scenario.broker.profile) > 0
        && (mixed || scenario.is_fed_by_pools(queue));
    let of = part(answered::has_classes(scenario, queue), Part::Priorities);
    differs.then(|| Difference::new(of, "messages have priorities"))
}

fn losses_differ(scenario: &Scenario, queue: usize) -> Option<Difference> {
    let named = &scenario.queues[queue];
    let settings = &named.settings;
    let limited = settings.max_length.is_some() || settings.max_length_bytes.is_some();
    let bounded = limited && !answered::takes_all(scenario, queue)
        || matches!(named.medium, Medium::Pipe(_)) && is_bounded(scenario, queue);
    let of = match (bounded, scenario.can_expire(queue)) {
        (false, false) => return None,
        (true, true) => Part::Whole,
        (true, false) => part(answered::turns_away(scenario, queue), Part::Room),
        (false, true) => part(answered::leaves_alone(scenario, queue), Part::Patience),
    };
    let why = "the queue is bounded, or messages expire";
    Some(Difference::new(of, why))
}

fn pools_differ(scenario: &Scenario, queue: usize, pools: &[&Pool]) -> Vec<Difference> {
    let Some(first) = pools.first() else {
        return Vec::new();
    };
    let alike = |pool: &&Pool| {
        let traits = |pool: &Pool| (pool.concurrency, pool.prefetch, pool.priority, pool.ack);
        pool.service == first.service && traits(pool) == traits(first)
    };
    let mut differences = Vec::new();
    if !pools.iter().all(alike) {
        let why = "pools that are not alike share the queue";
        differences.push(Difference::new(Part::Whole, why));
    }
    let single = pools.len() == 1;
    for difference in pools
        .iter()
        .flat_map(|pool| pool_differs(scenario, queue, pool, single))
    {
        if !differences.contains(&difference) {
            differences.push(difference);
        }
    }
    differences
}

fn pool_differs(scenario: &Scenario, queue: usize, pool: &Pool, single: bool) -> Vec<Difference> {
    let one = pool.consumers == 1 && single;
    let hoards = !one && (pool.prefetch == 0 || pool.prefetch > pool.concurrency);
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
    let listed = matches!(pool.service, Distribution::Listed(_));
    let scv = units::show_count(pool.service.scv());
    let why = |text: &str| text.to_owned();
    let simple = single && answered::is_plain(scenario, queue);
    [
        (!pool.service_of.is_empty(), Part::Whole, why("service depends on the producer")),
        (
            !matches!(pool.service, Distribution::Exponential { .. }),
            part(!listed, Part::Service),
            format!("service is not exponential (cv² {scv})"),
        ),
        (
            hoards,
            Part::Whole,
            format!("prefetch {prefetch} is not a single line: consumers hold messages that others could serve"),
        ),
        (
            retries,
            part(simple && answered::is_tried_at_once(scenario, queue, pool), Part::Failure),
            why("work that fails is tried again"),
        ),
        (pool.ack == AckMode::Auto, Part::Whole, why("automatic acks make each consumer a line of its own")),
        (
            pool.batch.is_some(),
            part(single && answered::takes_what_waits(pool), Part::Bulk),
            why("messages are worked on in batches"),
        ),
        (pool.round_trip > Span::ZERO, Part::Whole, why("a consumer is away for a round trip after each message")),
        (
            pool.crashes.is_some(),
            part(simple && answered::forgets(scenario, queue, pool), Part::Crashes),
            why("consumers crash"),
        ),
        (!pool.outages.is_empty(), Part::Whole, why("consumers are away for a while")),
        (!pool.slowdowns.is_empty(), Part::Whole, why("consumers are slow for a while")),
        (pool.on_refused == OnRefused::Block, Part::Whole, why("consumers wait for room in the next queue")),
    ]
    .into_iter()
    .filter(|(differs, _, _)| *differs)
    .map(|(_, of, why)| Difference::new(of, why))
    .collect()
}

/// Where a pool publishes to a queue.
pub(super) fn feeds<'a>(scenario: &Scenario, pool: &'a Pool, queue: usize) -> Option<&'a Outlet> {
    let here = |outlet: &&Outlet| {
        let mut targets = outlet.to.iter();
        targets.any(|target| scenario.reaches(target, queue))
    };
    pool.to.iter().find(here)
}

/// Why what pools publish here is not a Poisson process.
fn feeders_differ(scenario: &Scenario, queue: usize, seen: &mut Vec<usize>) -> Option<Difference> {
    let whole = |why: String| Some(Difference::new(Part::Whole, why));
    if scenario.joins_copies(queue) {
        return whole("several copies of a message come together here".to_owned());
    }
    for pool in &scenario.pools {
        let Some(outlet) = feeds(scenario, pool, queue) else {
            continue;
        };
        let before = &scenario.queues[pool.from].name;
        let mut targets = outlet.to.iter();
        if let Some(how) = targets.find_map(|target| chooses(target, queue)) {
            return whole(format!("the balancer of {} {how}", pool.name));
        }
        if seen.contains(&pool.from) {
            return whole(format!(
                "messages come back: it is fed by {before}, which it feeds"
            ));
        }
        seen.push(pool.from);
        let unstable = scenario
            .offered_rate(pool.from)
            .is_none_or(|rate| rate >= scenario.capacity(pool.from));
        let differs = unstable || !of_queue(scenario, pool.from, seen).is_empty();
        seen.pop();
        if differs {
            return whole(format!(
                "it is fed by {before}, which is not M/M/c itself, so that what comes from there is not Poisson"
            ));
        }
    }
    None
}
