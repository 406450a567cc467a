//! Circles: messages that come back to a queue where they were, and can never leave.
//!
//! A message leaves where some step out of a queue has a chance to lead nowhere: an exit, a rejection or a loss
//! without a dead letter queue. A queue from which no such step can be reached is a trap.

use super::super::super::file::Context;
use super::super::super::network::DeadLetterWays;
use super::super::super::{AckMode, Failure, GivenBack, Medium, OnFailure, OnRefused, Pool, Queue};
use super::super::settings::name_of;
use super::Whole;
use crate::queue::{Overflow, QueueSettings};

/// What brings a message from one queue to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    /// A pool publishes it, by index.
    To(usize),
    /// A pool requeues it.
    Requeue(usize),
    /// A pool publishes it again where it came from.
    Retry(usize),
    /// It leaves the queue without an ack.
    DeadLetter,
}

/// Every way that a message of one queue may go.
#[derive(Default)]
struct Ways {
    /// Whether one of them leads out of the system, or to rest.
    leaves: bool,
    /// The queues that the others lead to.
    steps: Vec<(usize, Why)>,
}

impl Ways {
    /// A full queue loses some of what is published to it, but is not full for ever once nobody publishes.
    fn publish(&mut self, whole: &Whole<'_>, to: usize, why: Why) {
        self.steps.push((to, why));
        let settings = &whole.queues[to].settings;
        let limited = settings.max_length.is_some() || settings.max_length_bytes.is_some();
        self.leaves |= limited && !whole.is_drained;
    }
}

/// Which messages are followed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Followed {
    /// Healthy ones.
    Healthy,
    /// Those that fail at every attempt, wherever there are such.
    Poisonous,
}

pub(super) fn check(cx: &mut Context<'_>, whole: &Whole<'_>) {
    dead_letters_are_not_dropped(cx, whole);
    traps(cx, whole);
    poison_leaves(cx, whole);
    blocks_to_a_standstill(cx, whole);
}

/// RabbitMQ drops a message that comes back to a queue in a circle of dead letters without a rejection in it.
fn dead_letters_are_not_dropped(cx: &mut Context<'_>, whole: &Whole<'_>) {
    let letters = whole.network().dead_letter_ways();
    for (start, section) in whole.names.queues.iter().enumerate() {
        let Some(circle) = unrejected_circle(whole, &letters, start) else {
            continue;
        };
        // Each circle is reported once, at its first queue in the file.
        let first = circle.iter().all(|queue| *queue >= start);
        let Some(node) = section.table.get("dead_letter").filter(|_| first) else {
            continue;
        };
        let is_sqs = whole.queues[start].settings.is_sqs();
        let rule = match circle.len() {
            1 if is_sqs => "dead letters would come back to their own queue".to_owned(),
            length if is_sqs => {
                format!("dead letters go in a circle of {length} queues: none would leave")
            }
            1 => "dead letters would come back to their own queue, and RabbitMQ drops those that no consumer rejected"
                .to_owned(),
            length => format!(
                "dead letters go in a circle of {length} queues, and RabbitMQ drops those that no consumer rejected"
            ),
        };
        let remedy = if is_sqs {
            "name a queue that does not lead back"
        } else {
            "let a pool reject (failure with then = \"reject\"), or name a queue that does not lead back"
        };
        cx.error(&node.at, rule, remedy);
    }
}

/// The queues of a circle of dead letters through `start` in which no pool rejects.
fn unrejected_circle(
    whole: &Whole<'_>,
    letters: &DeadLetterWays,
    start: usize,
) -> Option<Vec<usize>> {
    letters.circle(start, |queue| {
        let mut pools = whole.pools.iter();
        !pools.any(|pool| pool.from == queue && rejects(pool))
    })
}

/// Whether it may reject a message, other than by a queue's delivery limit.
fn rejects(pool: &Pool) -> bool {
    let failure = pool.failure.as_ref();
    failure
        .filter(|_| pool.ack == AckMode::Manual)
        .is_some_and(|failure| match &failure.then {
            OnFailure::Requeue(_) => false,
            OnFailure::Reject => true,
            OnFailure::Retry(retry) => retry.limit.is_some(),
        })
}

fn traps(cx: &mut Context<'_>, whole: &Whole<'_>) {
    let ways = all_ways(whole, Followed::Healthy);
    let trapped = trapped(&ways);
    let mut seen = vec![false; ways.len()];
    for start in (0..ways.len()).filter(|queue| trapped[*queue]) {
        let mut queue = start;
        let mut walk = Vec::new();
        let closing = loop {
            if seen[queue] {
                break None;
            }
            seen[queue] = true;
            walk.push(queue);
            // A trap has a step, for else its messages would rest.
            let Some(&(next, why)) = ways[queue].steps.first() else {
                break None;
            };
            if walk.contains(&next) {
                break Some((queue, next, why));
            }
            queue = next;
        };
        if let Some((queue, next, why)) = closing {
            report(cx, whole, queue, next, why);
        }
    }
}

/// Says of the step from `queue` back to `next` that it closes a trap.
fn report(cx: &mut Context<'_>, whole: &Whole<'_>, queue: usize, next: usize, why: Why) {
    let names = whole.names;
    let back = names.queues[next].name;
    let (place, rule, remedy) = match why {
        Why::To(pool) => (
            names.pools[pool].table.get("to"),
            format!("every message comes back to queue \"{back}\": none would ever leave"),
            format!(
                "give a part of them a way out, as in [{{ queue = \"{back}\", share = \"40%\" }}, {{ exit = \"done\" }}]"
            ),
        ),
        Why::Requeue(pool) => (
            names.pools[pool].table.get("failure"),
            if may_count_requeues(whole, next) {
                "every attempt fails and is requeued: a message would never leave".to_owned()
            } else {
                format!(
                    "every attempt fails and is requeued, which a quorum queue of {} does not count: a message would never leave",
                    name_of(whole.profile)
                )
            },
            format!(
                "write {}, or then = \"reject\" to let it go",
                limit_of_requeues(whole, next)
            ),
        ),
        Why::Retry(pool) => (
            names.pools[pool].table.get("failure"),
            "every attempt fails and is tried again: a message would never leave".to_owned(),
            "write limit = 5 beside the backoff".to_owned(),
        ),
        Why::DeadLetter => (
            names.queues[queue].table.get("dead_letter"),
            format!(
                "every message comes back to queue \"{back}\" as a dead letter: none would ever leave"
            ),
            "let some of the work succeed, or name a queue that does not lead back".to_owned(),
        ),
    };
    if let Some(node) = place {
        cx.error(&node.at, rule, remedy);
    }
}

/// Whether what a consumer requeues may be counted in a queue, where that is asked for.
fn may_count_requeues(whole: &Whole<'_>, queue: usize) -> bool {
    let limited = QueueSettings {
        delivery_limit: Some(1),
        ..whole.queues[queue].settings.clone()
    };
    limited.limit_of_nacks(whole.profile).is_some()
}

/// What a file says so that what is requeued leaves some time.
fn limit_of_requeues(whole: &Whole<'_>, queue: usize) -> String {
    let name = whole.names.queues[queue].name;
    let rejects = |pool: &Pool| {
        let then = pool.failure.as_ref().map(|failure| &failure.then);
        pool.from == queue && then == Some(&OnFailure::Requeue(GivenBack::Reject))
    };
    if may_count_requeues(whole, queue) || whole.pools.iter().any(rejects) {
        format!("delivery_limit = 20 in [queue.{name}]")
    } else {
        format!("then = \"reject-requeue\", with a delivery_limit in [queue.{name}]")
    }
}

/// A poisonous message that nothing takes out is worked on for ever: legal to watch, but nothing to wait for.
fn poison_leaves(cx: &mut Context<'_>, whole: &Whole<'_>) {
    let healthy = trapped(&all_ways(whole, Followed::Healthy));
    let ways = all_ways(whole, Followed::Poisonous);
    let poisonous = trapped(&ways);
    for (section, pool) in whole.names.pools.iter().zip(&whole.pools) {
        let queue = pool.from;
        let failure = pool.failure.as_ref();
        let Some(failure) = failure.filter(|failure| failure.poison > 0.0) else {
            continue;
        };
        let stays = poisonous[queue] && !healthy[queue] && comes_back(&ways, queue);
        let node = section.table.get("failure");
        let poison = node.and_then(|node| node.as_table()?.get("poison"));
        let Some(node) = poison.or(node).filter(|_| stays) else {
            continue;
        };
        let remedy = match failure.then {
            OnFailure::Requeue(_) => format!("write {}", limit_of_requeues(whole, queue)),
            OnFailure::Retry(_) => "write limit = 5 beside the backoff".to_owned(),
            OnFailure::Reject => {
                "let its dead letters go to a queue that does not lead back".to_owned()
            }
        };
        if whole.is_drained {
            let rule = "a poisonous message fails at every attempt and never leaves: the run would never be drained";
            cx.error(&node.at, rule, remedy);
        } else {
            let rule = "a poisonous message fails at every attempt and never leaves: their number only grows";
            cx.warn(&node.at, rule, remedy);
        }
    }
}

/// Pools that wait for room in each other's queues, in a circle, may all wait for ever.
fn blocks_to_a_standstill(cx: &mut Context<'_>, whole: &Whole<'_>) {
    let waits_for = |queue: usize| {
        let pools = whole.pools.iter();
        let blocking =
            pools.filter(move |pool| pool.from == queue && pool.on_refused == OnRefused::Block);
        let next = blocking.flat_map(|pool| pool.copies(whole.exchanges));
        next.map(|(to, _)| to)
            .filter(|to| keeps_waiting(&whole.queues[*to]))
    };
    for (section, pool) in whole.names.pools.iter().zip(&whole.pools) {
        let (mut seen, mut open) = (vec![false; whole.queues.len()], vec![pool.from]);
        while let Some(queue) = open.pop() {
            for to in waits_for(queue) {
                if !std::mem::replace(&mut seen[to], true) {
                    open.push(to);
                }
            }
        }
        let mut keys = ["on_refused", "to"].into_iter();
        let Some(node) = keys.find_map(|key| section.table.get(key)) else {
            continue;
        };
        if pool.on_refused == OnRefused::Block && seen[pool.from] {
            let rule = "pools wait in a circle for room in each other's queues: once all are full, none goes on";
            let remedy =
                "let one of them drop or retry what is refused, or take the limit from one queue";
            cx.warn(&node.at, rule, remedy);
            return;
        }
    }
}

/// Whether who publishes to it may have to wait for room.
fn keeps_waiting(
    Queue {
        medium, settings, ..
    }: &Queue,
) -> bool {
    match medium {
        Medium::Topic(_) => false,
        Medium::Pipe(_) => true,
        Medium::Queue => {
            let limited = settings.max_length.is_some() || settings.max_length_bytes.is_some();
            limited && settings.overflow == Overflow::RejectPublish
        }
    }
}

/// Of each queue, whether no message of it can ever leave.
fn trapped(ways: &[Ways]) -> Vec<bool> {
    let mut ends: Vec<bool> = ways.iter().map(|ways| ways.leaves).collect();
    while let Some(queue) = (0..ways.len())
        .find(|queue| !ends[*queue] && ways[*queue].steps.iter().any(|(to, _)| ends[*to]))
    {
        ends[queue] = true;
    }
    ends.into_iter().map(|ends| !ends).collect()
}

/// Whether messages of a queue may be there again.
fn comes_back(ways: &[Ways], queue: usize) -> bool {
    let mut seen = vec![false; ways.len()];
    let mut open = vec![queue];
    while let Some(at) = open.pop() {
        for (to, _) in &ways[at].steps {
            if !seen[*to] {
                seen[*to] = true;
                open.push(*to);
            }
        }
    }
    seen[queue]
}

fn all_ways(whole: &Whole<'_>, followed: Followed) -> Vec<Ways> {
    let letters = whole.network().dead_letter_ways();
    (0..whole.queues.len())
        .map(|queue| ways(whole, &letters, queue, followed))
        .collect()
}

fn ways(whole: &Whole<'_>, letters: &DeadLetterWays, index: usize, followed: Followed) -> Ways {
    let mut ways = Ways::default();
    let settings = &whole.queues[index].settings;
    let mut leaving = whole
        .producers
        .iter()
        .filter(|producer| producer.ttl.is_some());
    let expires = settings.message_ttl.is_some()
        || leaving.any(|producer| producer.to.queues(whole.exchanges).contains(&index));
    let pools = whole.pools.iter().enumerate();
    let pools: Vec<(usize, &Pool)> = pools.filter(|(_, pool)| pool.from == index).collect();
    let mut lost = expires;
    // What nobody takes and nothing ends stays where it is, and goes round in no circle.
    ways.leaves = pools.is_empty() && !expires;
    for (number, pool) in pools {
        let (passes, failure) = chances(pool, followed);
        if passes {
            follow(&mut ways, whole, number, pool);
        }
        match failure.map(|failure| &failure.then) {
            None => {}
            Some(OnFailure::Reject) => lost = true,
            Some(OnFailure::Requeue(how))
                if whole.network().requeue_limit(index, *how).is_some() =>
            {
                lost = true;
            }
            Some(OnFailure::Requeue(_)) => ways.steps.push((index, Why::Requeue(number))),
            Some(OnFailure::Retry(retry)) => {
                lost |= retry.limit.is_some();
                ways.publish(whole, index, Why::Retry(number));
            }
        }
    }
    if lost {
        ways.leaves |= letters.loses(index) || unrejected_circle(whole, letters, index).is_some();
        for (to, _) in letters.from(index) {
            ways.publish(whole, to, Why::DeadLetter);
        }
    }
    ways
}

/// Whether work may succeed, and how it may fail.
fn chances(pool: &Pool, followed: Followed) -> (bool, Option<&Failure>) {
    let failure = pool.failure.as_ref();
    let Some(failure) = failure.filter(|_| pool.ack == AckMode::Manual) else {
        return (true, None);
    };
    let episodes = || failure.episodes.iter().map(|episode| episode.probability);
    let chance = || std::iter::once(failure.probability).chain(episodes());
    let poisonous = followed == Followed::Poisonous && failure.poison > 0.0;
    let passes = !poisonous && failure.poison < 1.0 && chance().any(|chance| chance < 1.0);
    let fails = poisonous || failure.poison >= 1.0 || chance().any(|chance| chance > 0.0);
    (passes, Some(failure).filter(|_| fails))
}

/// The ways of a message that a pool is done with.
fn follow(ways: &mut Ways, whole: &Whole<'_>, number: usize, pool: &Pool) {
    ways.leaves |= pool.to.is_empty();
    for outlet in pool.to.iter().filter(|outlet| outlet.share > 0.0) {
        ways.leaves |= outlet.to.is_empty();
        for target in &outlet.to {
            let spread = target.spread(whole.exchanges);
            // What an exchange cannot route is lost.
            ways.leaves |= spread.iter().map(|(_, copies)| copies).sum::<f64>() < 1.0 - 1e-9;
            for (to, _) in spread {
                ways.publish(whole, to, Why::To(number));
            }
        }
    }
}
