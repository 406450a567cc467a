//! Rules between sections: what each allows by itself, and what together never ends or never happens.

mod circles;
mod clients;
mod multiply;

use super::super::file::{Context, Section};
use super::super::flow::upstream;
use super::super::{Exchange, MOST_SLOTS, OnRefused, Pool, Producer, Queue};
use super::Names;
use super::settings::Settings;
use crate::queue::Overflow;
use crate::time::Time;

/// Every section by index as in [`Names`]; `None` where it is mistaken.
pub(super) struct Parts<'a> {
    pub(super) names: &'a Names<'a>,
    pub(super) producers: &'a [Option<Producer>],
    pub(super) queues: &'a [Option<Queue>],
    pub(super) pools: &'a [Option<Pool>],
    pub(super) exchanges: &'a [Exchange],
}

impl Parts<'_> {
    fn reaches(&self, producer: &Producer, queue: usize) -> bool {
        producer.to.queues(self.exchanges).contains(&queue)
    }
}

/// Asks every rule; `settings` where they came out whole.
pub(super) fn check(cx: &mut Context<'_>, parts: &Parts<'_>, settings: Option<&Settings>) {
    circles::check(cx, parts, settings);
    clients::check(cx, parts);
    fit_into_memory(cx, parts);
    if let Some(settings) = settings {
        incidents_happen(cx, parts, settings.horizon);
    }
    priorities_are_kept(cx, parts);
    // Where a section is mistaken, "nobody publishes to it" may only be its mistake.
    let whole = parts.producers.iter().all(Option::is_some)
        && parts.queues.iter().all(Option::is_some)
        && parts.pools.iter().all(Option::is_some);
    if whole {
        queues_are_used(cx, parts);
        refusals_happen(cx, parts);
        services_apply(cx, parts);
    }
}

/// A service of its own is for a producer whose messages come to the pool.
fn services_apply(cx: &mut Context<'_>, parts: &Parts<'_>) {
    let queues: Vec<Queue> = parts.queues.iter().flatten().cloned().collect();
    let pools: Vec<Pool> = parts.pools.iter().flatten().cloned().collect();
    for (section, pool) in parts.names.pools.iter().zip(&pools) {
        let node = section.table.get("service_of");
        let Some(table) = node.and_then(|node| node.as_table()) else {
            continue;
        };
        let upstream = upstream(parts.exchanges, &queues, &pools, pool.from);
        for (own, entry) in pool.service_of.iter().zip(&table.entries) {
            let Some(Some(producer)) = parts.producers.get(own.producer) else {
                continue;
            };
            let mut first = producer.to.queues(parts.exchanges).into_iter();
            if !first.any(|queue| upstream[queue]) {
                let rule = format!("no message of \"{}\" comes to this pool", producer.name);
                cx.warn(
                    &entry.key_at,
                    rule,
                    "leave it out, or see where its messages go",
                );
            }
        }
    }
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

/// What is to happen after the end would change nothing.
fn incidents_happen(cx: &mut Context<'_>, parts: &Parts<'_>, horizon: Time) {
    for (section, pool) in parts.names.pools.iter().zip(parts.pools) {
        let Some(pool) = pool else { continue };
        let of = |key: &str| section.table.get(key);
        let failure = of("failure").and_then(|node| node.as_table());
        let episodes = pool.failure.iter().flat_map(|failure| &failure.episodes);
        let away = pool.outages.iter().map(|outage| outage.at).min();
        let starts = [
            (of("outages"), away),
            (of("restarts"), away),
            (
                of("slowdowns"),
                pool.slowdowns.iter().map(|slow| slow.at).min(),
            ),
            (
                failure.and_then(|failure| failure.get("episodes")),
                episodes.map(|episode| episode.from).min(),
            ),
        ];
        for (node, start) in starts {
            let late = start.filter(|start| *start >= horizon);
            let (Some(node), Some(start)) = (node, late) else {
                continue;
            };
            let rule = format!("this begins at {start}, and the horizon ends at {horizon}");
            cx.warn(&node.at, rule, "write a longer horizon, or an earlier time");
        }
    }
}

/// Whoever says what to do with a refused message should publish to a queue that refuses some.
fn refusals_happen(cx: &mut Context<'_>, parts: &Parts<'_>) {
    let producers = parts.producers.iter().flatten();
    let producers = producers.map(|producer| (&producer.on_refused, vec![&producer.to]));
    let pools = parts.pools.iter().flatten().map(|pool| {
        let targets = pool.to.iter().flat_map(|outlet| &outlet.to);
        (&pool.on_refused, targets.collect())
    });
    let sections = parts.names.producers.iter().chain(&parts.names.pools);
    for (section, (on_refused, targets)) in sections.zip(producers.chain(pools)) {
        let Some(node) = section.table.get("on_refused") else {
            continue;
        };
        let queues: Vec<usize> = targets
            .iter()
            .flat_map(|target| target.queues(parts.exchanges))
            .collect();
        let refuses = |queue: &usize| {
            let settings = parts.queues[*queue].as_ref().map(|queue| &queue.settings);
            settings.is_some_and(|settings| {
                let limited = settings.max_length.is_some() || settings.max_length_bytes.is_some();
                limited && settings.overflow != Overflow::DropHead
            })
        };
        if *on_refused == OnRefused::Drop || queues.iter().any(refuses) {
            continue;
        }
        let remedy = match queues[..] {
            [queue, ..] => format!(
                "write max_length and overflow = \"reject-publish\" in [queue.{}], or leave on_refused out",
                parts.names.queues[queue].name
            ),
            [] => "leave on_refused out, or say with `to` where it publishes".to_owned(),
        };
        cx.warn(
            &node.at,
            "no queue that it publishes to refuses a message",
            remedy,
        );
    }
}

fn queues_are_used(cx: &mut Context<'_>, parts: &Parts<'_>) {
    for (index, section) in parts.names.queues.iter().enumerate() {
        let consumed = parts.pools.iter().flatten().any(|pool| pool.from == index);
        if !is_fed(parts, index) && !consumed {
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
        let from = section.table.get("from");
        if let Some(node) = from.filter(|_| !is_fed(parts, pool.from)) {
            let rule = format!(
                "pool \"{}\" consumes from nothing: nobody publishes to this queue",
                pool.name
            );
            cx.warn(
                &node.at,
                rule,
                "name a queue that a producer, another pool or dead letters go to",
            );
        }
    }
}

/// Whether messages come to a queue from elsewhere: what it sends to itself begins nowhere.
fn is_fed(parts: &Parts<'_>, queue: usize) -> bool {
    let mut producers = parts.producers.iter().flatten();
    let mut pools = parts.pools.iter().flatten();
    let mut queues = parts.queues.iter().flatten().enumerate();
    producers.any(|producer| parts.reaches(producer, queue))
        || pools.any(|pool| {
            let mut targets = pool.to.iter().flat_map(|outlet| &outlet.to);
            pool.from != queue
                && targets.any(|target| target.queues(parts.exchanges).contains(&queue))
        })
        || queues.any(|(index, other)| {
            let to = other.settings.dead_letter.map(|id| id.index());
            index != queue && to == Some(queue)
        })
}
