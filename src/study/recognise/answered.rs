//! Conditions under which a model richer than M/M/c answers exactly for what is different.

use super::assumptions::{feeds, is_drawn};
use crate::queue::{Expiry, Overflow};
use crate::scenario::{
    Backoff, Batching, GivenBack, Medium, OnCrash, OnFailure, OnRefused, Pool, Producer, QueueKind,
    Scenario, Target,
};
use crate::time::Span;
use crate::workload::{Arrivals, Distribution};

/// Whether all that comes to a queue is what this producer publishes, and that all that it publishes; by laws of which
/// each draw is independent.
pub(super) fn is_alone(scenario: &Scenario, producer: &Producer, queue: usize) -> bool {
    let gaps = match &producer.arrivals {
        Arrivals::Renewal { gaps } => gaps,
        Arrivals::Poisson { .. }
        | Arrivals::Profile(_)
        | Arrivals::Mmpp(_)
        | Arrivals::Listed { .. }
        | Arrivals::Closed { .. } => &producer.batch,
    };
    let in_order = |law: &Distribution| matches!(law, Distribution::Listed(_));
    !in_order(gaps)
        && !in_order(&producer.batch)
        && producer.to == Target::Queue(queue)
        && scenario.producers_of(queue).count() == 1
        && !scenario.is_fed_by_pools(queue)
}

/// Whether a message is done for good when this queue is done with it.
pub(super) fn answers_here(scenario: &Scenario, queue: usize) -> bool {
    let ends = |pool: &Pool| pool.to.is_empty() && pool.failure.is_none();
    scenario.pools_of(queue).all(ends)
}

/// Consumers take all that comes: nothing is ever ready, so that neither limits nor expiry act.
pub(super) fn takes_all(scenario: &Scenario, queue: usize) -> bool {
    scenario.pools_of(queue).any(Pool::takes_all)
}

/// Every consumer holds what it works on and no more.
pub(super) fn holds_its_work(pool: &Pool) -> bool {
    (1..=pool.concurrency).contains(&pool.prefetch)
}

/// Whether nothing but the line itself lies between a classic queue and its servers.
pub(super) fn is_plain(scenario: &Scenario, queue: usize) -> bool {
    is_classic(scenario, queue) && hold_their_work(scenario, queue)
}

fn hold_their_work(scenario: &Scenario, queue: usize) -> bool {
    scenario.pools_of(queue).all(holds_its_work)
}

fn is_classic(scenario: &Scenario, queue: usize) -> bool {
    let settings = &scenario.queues[queue].settings;
    scenario.queues[queue].medium == Medium::Queue && settings.kind == QueueKind::Classic
}

/// Whether who finds no room is gone, and nobody else: refused where `max_length` messages wait, or, where none may
/// wait, dropped at once. (A queue that refuses, and in which none may wait, takes none in.)
pub(super) fn turns_away(scenario: &Scenario, queue: usize) -> bool {
    let settings = &scenario.queues[queue].settings;
    let gone = |on_refused: &OnRefused| *on_refused == OnRefused::Drop;
    let mut producers = scenario.producers_of(queue);
    let mut feeders = (scenario.pools.iter()).filter(|pool| feeds(scenario, pool, queue).is_some());
    let newcomers_go = match settings.overflow {
        Overflow::DropHead => settings.max_length == Some(0),
        Overflow::RejectPublish => {
            settings.max_length != Some(0)
                && producers.all(|producer| gone(&producer.on_refused))
                && feeders.all(|pool| gone(&pool.on_refused))
        }
        Overflow::RejectPublishDlx => false,
    };
    newcomers_go && is_plain(scenario, queue) && settings.max_length_bytes.is_none()
}

/// Whether messages leave at the end of an exponential time, all of one law, unless they are worked on by then.
pub(super) fn leaves_alone(scenario: &Scenario, queue: usize) -> bool {
    let settings = &scenario.queues[queue].settings;
    let patience = patience(scenario, queue);
    let mut producers = scenario.producers_of(queue);
    is_plain(scenario, queue)
        && settings.expiry == Expiry::Deadline
        && scenario.time_to_live(queue).is_none()
        && !scenario.is_fed_by_pools(queue)
        && matches!(patience, Some(Distribution::Exponential { .. }))
        && producers.all(|producer| producer.ttl.as_ref() == patience)
}

/// The law of the time to live of the messages that come first in the file.
pub(super) fn patience(scenario: &Scenario, queue: usize) -> Option<&Distribution> {
    scenario.producers_of(queue).next()?.ttl.as_ref()
}

/// Whether each producer's messages are of one class, of which a consumer takes the most urgent when it is free.
pub(super) fn has_classes(scenario: &Scenario, queue: usize) -> bool {
    let mut producers = scenario.producers_of(queue);
    is_plain(scenario, queue)
        && !scenario.is_fed_by_pools(queue)
        && producers
            .all(|producer| producer.to == Target::Queue(queue) && !is_drawn(&producer.priority))
}

/// What comes back to this queue may do so for ever.
fn returns_for_ever(scenario: &Scenario, queue: usize) -> bool {
    let settings = &scenario.queues[queue].settings;
    settings
        .limit_of_deliveries(scenario.broker.profile)
        .is_none()
}

/// Whether each attempt fails with one probability, and its message is back in the line at the same instant: at its
/// head, without end, or at its tail as a new publish.
pub(super) fn is_tried_at_once(scenario: &Scenario, queue: usize, pool: &Pool) -> bool {
    let Some(failure) = &pool.failure else {
        return false;
    };
    let back = match &failure.then {
        OnFailure::Requeue(GivenBack::Nack | GivenBack::Reject) => {
            returns_for_ever(scenario, queue)
        }
        OnFailure::Retry(retry) => retry.backoff == Backoff::Fixed(Span::ZERO),
        OnFailure::Requeue(GivenBack::Left) | OnFailure::Reject => false,
    };
    back && failure.poison <= 0.0 && failure.episodes.is_empty()
}

/// Whether consumers come and go by chance, and a crash changes nothing but that: what is left of exponential work is
/// of the same law, whether it is resumed or drawn anew.
pub(super) fn forgets(scenario: &Scenario, queue: usize, pool: &Pool) -> bool {
    let Some(crashes) = &pool.crashes else {
        return false;
    };
    let random = |law: &Distribution| matches!(law, Distribution::Exponential { .. });
    random(&crashes.up)
        && random(&crashes.down)
        && pool.concurrency == 1
        && pool.on_crash != OnCrash::Redo
        && returns_for_ever(scenario, queue)
}

/// Whether a single consumer works on all that waits, up to some number, for one exponential time.
pub(super) fn takes_what_waits(pool: &Pool) -> bool {
    let together = |batch: &Batching| {
        batch.wait == Span::ZERO
            && matches!(batch.setup, Distribution::Exponential { .. })
            && pool.prefetch == batch.size
    };
    pool.consumers == 1
        && pool.concurrency == 1
        && pool.service == (Distribution::Constant { value: 0.0 })
        && pool.batch.as_ref().is_some_and(together)
}
