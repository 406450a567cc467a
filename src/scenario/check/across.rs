//! Rules between sections: what each allows by itself, and what together never ends or never happens.

use super::super::file::{Context, Section};
use super::super::{AckMode, Exchange, MOST_SLOTS, OnFailure, Pool, Producer, Queue};
use super::Names;
use crate::time::Span;
use crate::workload::Arrivals;

/// Everything but the mistaken sections, by index as in [`Names`].
struct Parts<'a> {
    names: &'a Names<'a>,
    producers: &'a [Option<Producer>],
    queues: &'a [Option<Queue>],
    pools: &'a [Option<Pool>],
    exchanges: &'a [Exchange],
}

impl Parts<'_> {
    fn reaches(&self, producer: &Producer, queue: usize) -> bool {
        producer.to.queues(self.exchanges).contains(&queue)
    }
}

pub(super) fn check(
    cx: &mut Context<'_>,
    names: &Names<'_>,
    producers: &[Option<Producer>],
    queues: &[Option<Queue>],
    pools: &[Option<Pool>],
    exchanges: &[Exchange],
) {
    let parts = Parts {
        names,
        producers,
        queues,
        pools,
        exchanges,
    };
    dead_letters_end_somewhere(cx, &parts);
    failures_end(cx, &parts);
    clients_pause(cx, &parts);
    fit_into_memory(cx, &parts);
    priorities_are_kept(cx, &parts);
    // Where a section is mistaken, "nobody publishes to it" may only be its mistake.
    if producers.iter().all(Option::is_some) && queues.iter().all(Option::is_some) {
        queues_are_used(cx, &parts);
    }
}

fn dead_letters_end_somewhere(cx: &mut Context<'_>, parts: &Parts<'_>) {
    let next = |index: usize| {
        let queue = parts.queues.get(index)?.as_ref()?;
        queue.settings.dead_letter.map(|id| id.0 as usize)
    };
    for (start, section) in parts.names.queues.iter().enumerate() {
        let Some(node) = section.table.get("dead_letter") else {
            continue;
        };
        if next(start) == Some(start) {
            cx.error(
                &node.at,
                "a queue cannot be its own dead letter queue",
                "name another queue",
            );
            continue;
        }
        let mut at = start;
        let steps = (0..parts.queues.len()).take_while(|_| {
            at = next(at).unwrap_or(usize::MAX);
            at < parts.queues.len() && at != start
        });
        let length = steps.count();
        // Each cycle is reported once, at its first queue in the file.
        let first = at == start && cycle(start, next).all(|other| other >= start);
        if first {
            let rule = format!(
                "dead letters go in a circle of {} queues, which is not supported yet",
                length + 1
            );
            cx.error(&node.at, rule, "let the last of them have no dead_letter");
        }
    }
}

/// The queues that dead letters of `start` pass before they come back to it.
fn cycle(start: usize, next: impl Fn(usize) -> Option<usize>) -> impl Iterator<Item = usize> {
    std::iter::successors(next(start), move |index| next(*index))
        .take_while(move |index| *index != start)
}

fn failures_end(cx: &mut Context<'_>, parts: &Parts<'_>) {
    for (section, pool) in parts.names.pools.iter().zip(parts.pools) {
        let (Some(pool), Some(node)) = (pool, section.table.get("failure")) else {
            continue;
        };
        let certain = pool.failure.as_ref().is_some_and(|failure| {
            failure.probability >= 1.0 && failure.then == OnFailure::Requeue
        }) && pool.ack == AckMode::Manual;
        let Some(Some(queue)) = parts.queues.get(pool.from) else {
            continue;
        };
        let mut producers = parts.producers.iter().flatten();
        let ends = queue.settings.delivery_limit.is_some()
            || queue.settings.message_ttl.is_some()
            || producers
                .any(|producer| parts.reaches(producer, pool.from) && producer.ttl.is_some());
        if certain && !ends {
            let rule = "every attempt fails and is requeued: a message would never leave";
            let remedy = format!(
                "write delivery_limit = 20 in [queue.{}], or then = \"reject\"",
                queue.name
            );
            cx.error(&node.at, rule, remedy);
        }
    }
}

fn clients_pause(cx: &mut Context<'_>, parts: &Parts<'_>) {
    for (section, producer) in parts.names.producers.iter().zip(parts.producers) {
        let (Some(producer), Some(node)) = (producer, section.table.get("arrivals")) else {
            continue;
        };
        let Arrivals::Closed { think, .. } = &producer.arrivals else {
            continue;
        };
        if think.mean() > 0.0 {
            continue;
        }
        let mut pools = parts
            .pools
            .iter()
            .flatten()
            .filter(|pool| parts.reaches(producer, pool.from));
        let (rule, remedy) = if pools.clone().any(|pool| pool.service.mean() <= 0.0) {
            (
                "clients that do not think and work that takes no time would never let time pass",
                "give `think` or the pool's `service` a mean above 0s",
            )
        } else if pools.any(|pool| pool.ack == AckMode::Auto) {
            (
                "clients that do not think and have their answer at delivery would never let time pass",
                "give `think` a mean above 0s, or write ack = \"manual\"",
            )
        } else if loses_at_once(producer, parts) {
            (
                "clients that do not think and whose messages may be lost at once would never let time pass",
                "give `think` a mean above 0s",
            )
        } else {
            continue;
        };
        cx.error(&node.at, rule, remedy);
    }
}

/// Whether a message may leave in the instant in which it came, without work.
fn loses_at_once(producer: &Producer, parts: &Parts<'_>) -> bool {
    let queues = producer.to.queues(parts.exchanges);
    let mut queues = queues
        .into_iter()
        .filter_map(|index| Some((index, parts.queues.get(index)?.as_ref()?)));
    queues.any(|(index, queue)| queue_loses_at_once(producer, index, queue, parts))
}

fn queue_loses_at_once(
    producer: &Producer,
    index: usize,
    queue: &Queue,
    parts: &Parts<'_>,
) -> bool {
    let settings = &queue.settings;
    let others = parts
        .producers
        .iter()
        .flatten()
        .filter(|other| parts.reaches(other, index))
        .count()
        > 1;
    // Clients alone never fill a queue that has room for all of them.
    let fills = |most| others || most < u64::from(producer.arrivals.clients());
    settings.max_length_bytes.is_some()
        || settings.max_length.is_some_and(fills)
        || settings.message_ttl == Some(Span::ZERO)
        || producer.ttl.as_ref().is_some_and(|ttl| ttl.min() <= 0.0)
}

/// Each slot and each client costs memory in every run.
fn fit_into_memory(cx: &mut Context<'_>, parts: &Parts<'_>) {
    let slots = |pool: &Pool| u64::from(pool.consumers) * u64::from(pool.concurrency);
    let clients = |producer: &Producer| u64::from(producer.arrivals.clients());
    let pools = parts.names.pools.iter().zip(parts.pools);
    let pools = pools.filter_map(|(section, pool)| Some((section, slots(pool.as_ref()?))));
    let producers = parts.names.producers.iter().zip(parts.producers);
    let producers =
        producers.filter_map(|(section, producer)| Some((section, clients(producer.as_ref()?))));
    most_at_once(cx, "consumers", "consumers × concurrency", pools);
    most_at_once(cx, "arrivals", "clients", producers);
}

fn most_at_once<'t>(
    cx: &mut Context<'_>,
    key: &str,
    what: &str,
    counts: impl Iterator<Item = (&'t Section<'t>, u64)> + Clone,
) {
    let sum = counts
        .clone()
        .fold(0_u64, |sum, (_, count)| sum.saturating_add(count));
    let largest = counts.max_by_key(|(_, count)| *count);
    let Some(node) = largest.and_then(|(section, _)| section.table.get(key)) else {
        return;
    };
    if sum > u64::from(MOST_SLOTS) {
        let rule = format!("{sum} {what} in all are more than a run has room for");
        cx.error(&node.at, rule, format!("write at most {MOST_SLOTS} in all"));
    }
}

fn priorities_are_kept(cx: &mut Context<'_>, parts: &Parts<'_>) {
    for (section, producer) in parts.names.producers.iter().zip(parts.producers) {
        let (Some(producer), Some(node)) = (producer, section.table.get("priority")) else {
            continue;
        };
        let [first, ..] = producer.to.queues(parts.exchanges)[..] else {
            continue;
        };
        let Some(Some(queue)) = parts.queues.get(first) else {
            continue;
        };
        let levels = queue.settings.max_priority;
        if producer.priority.min() > f64::from(levels)
            || levels == 0 && producer.priority.mean() > 0.0
        {
            let rule = format!(
                "every priority above {levels} counts as {levels} in queue \"{}\"",
                queue.name
            );
            cx.warn(
                &node.at,
                rule,
                format!("write max_priority = 10 in [queue.{}]", queue.name),
            );
        }
    }
}

fn queues_are_used(cx: &mut Context<'_>, parts: &Parts<'_>) {
    let fed = |index: usize| {
        parts
            .producers
            .iter()
            .flatten()
            .any(|producer| parts.reaches(producer, index))
            || parts.queues.iter().flatten().any(|queue| {
                queue
                    .settings
                    .dead_letter
                    .is_some_and(|id| id.0 as usize == index)
            })
    };
    for (index, section) in parts.names.queues.iter().enumerate() {
        let consumed = parts.pools.iter().flatten().any(|pool| pool.from == index);
        if !fed(index) && !consumed {
            let remedy = format!(
                "write to = \"{}\" in a producer, or leave the queue out",
                section.name
            );
            cx.warn(
                section.at,
                format!("nobody publishes to queue \"{}\"", section.name),
                remedy,
            );
        }
    }
    for (section, pool) in parts.names.pools.iter().zip(parts.pools) {
        let Some(pool) = pool else { continue };
        if let Some(node) = section.table.get("from").filter(|_| !fed(pool.from)) {
            let rule = format!(
                "pool \"{}\" consumes from nothing: nobody publishes to this queue",
                pool.name
            );
            cx.warn(
                &node.at,
                rule,
                "name a queue that a producer or dead letters go to",
            );
        }
    }
}
