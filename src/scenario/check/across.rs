//! Rules between sections: what each allows by itself, and what together never ends or never happens.

use super::super::file::Context;
use super::super::{AckMode, OnFailure, Pool, Producer, Queue};
use super::Names;
use crate::workload::Arrivals;

/// Everything but the mistaken sections, by index as in [`Names`].
struct Parts<'a> {
    names: &'a Names<'a>,
    producers: &'a [Option<Producer>],
    queues: &'a [Option<Queue>],
    pools: &'a [Option<Pool>],
}

pub(super) fn check(
    cx: &mut Context<'_>,
    names: &Names<'_>,
    producers: &[Option<Producer>],
    queues: &[Option<Queue>],
    pools: &[Option<Pool>],
) {
    let parts = Parts {
        names,
        producers,
        queues,
        pools,
    };
    dead_letters_end_somewhere(cx, &parts);
    failures_end(cx, &parts);
    clients_pause(cx, &parts);
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
        let certain = pool.failure.is_some_and(|failure| {
            failure.probability >= 1.0 && failure.then == OnFailure::Requeue
        }) && pool.ack == AckMode::Manual;
        let Some(Some(queue)) = parts.queues.get(pool.from) else {
            continue;
        };
        let mut producers = parts.producers.iter().flatten();
        let ends = queue.settings.delivery_limit.is_some()
            || queue.settings.message_ttl.is_some()
            || producers.any(|producer| producer.to == pool.from && producer.ttl.is_some());
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
        let mut pools = parts
            .pools
            .iter()
            .flatten()
            .filter(|pool| pool.from == producer.to);
        if think.mean() <= 0.0 && pools.any(|pool| pool.service.mean() <= 0.0) {
            let rule =
                "clients that do not think and work that takes no time would never let time pass";
            cx.error(
                &node.at,
                rule,
                "give `think` or the pool's `service` a mean above 0s",
            );
        }
    }
}

fn priorities_are_kept(cx: &mut Context<'_>, parts: &Parts<'_>) {
    for (section, producer) in parts.names.producers.iter().zip(parts.producers) {
        let (Some(producer), Some(node)) = (producer, section.table.get("priority")) else {
            continue;
        };
        let Some(Some(queue)) = parts.queues.get(producer.to) else {
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
            .any(|producer| producer.to == index)
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
