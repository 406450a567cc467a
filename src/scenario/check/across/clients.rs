//! Closed producers: clients that publish again at once must not stop the clock.

use super::super::super::file::Context;
use super::super::super::flow::{DeadLetters, Flow};
use super::super::super::{AckMode, Client, Pool, Producer, Queue, Target};
use super::{Parts, Whole};
use crate::time::Span;
use crate::workload::Arrivals;

/// Clients that do not think must meet something that takes time.
pub(super) fn check(cx: &mut Context<'_>, parts: &Parts<'_>) {
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
        } else if let Some(pool) = pools.find(|pool| pool.ack == AckMode::Auto) {
            let rule = "clients that do not think and have their answer at delivery would never let time pass";
            let remedy = if pool.client == Client::Pulls {
                "give `think` a mean above 0s"
            } else {
                "give `think` a mean above 0s, or write ack = \"manual\""
            };
            (rule, remedy)
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

/// Of a message that is published again the first copy that gets through counts, and so it may have no others.
pub(super) fn timeouts_meet_no_copies(cx: &mut Context<'_>, whole: &Whole<'_>) {
    let network = whole.network();
    let flow = Flow::new(&network, DeadLetters::Leave, |_| 1.0);
    let sum = |copies: Vec<(usize, f64)>| copies.iter().map(|(_, copies)| copies).sum::<f64>();
    let forks = |pool: &Pool| {
        let mut outlets = pool.to.iter();
        outlets.any(|outlet| {
            let targets = outlet.to.iter();
            let all = targets.flat_map(|target| target.spread(whole.exchanges));
            sum(all.collect()) > 1.0 + 1e-9
        })
    };
    for (section, producer) in whole.names.producers.iter().zip(&whole.producers) {
        let Some(node) = section.table.get("timeout") else {
            continue;
        };
        let first = producer.to.spread(whole.exchanges);
        let after = first.iter().map(|(queue, _)| flow.after(*queue));
        let reached: Vec<Vec<bool>> = after.collect();
        let comes_to = |pool: &Pool| reached.iter().any(|after| after[pool.from]);
        let mut pools = whole.pools.iter();
        if sum(first) > 1.0 + 1e-9 || pools.any(|pool| comes_to(pool) && forks(pool)) {
            let rule = "its messages have copies: which of them it waits for cannot be said yet";
            let remedy = "leave timeout out, or publish to one queue alone";
            cx.error(&node.at, rule, remedy);
        }
    }
}

/// Whether a message may leave in the instant in which it came, without work.
fn loses_at_once(producer: &Producer, parts: &Parts<'_>) -> bool {
    let queues = producer.to.queues(&parts.exchanges);
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
        > 1
        || others_publish_to(index, parts);
    // Clients alone never fill a queue that has room for all of them.
    let fills = |most| others || most < u64::from(producer.arrivals.clients());
    settings.max_length_bytes.is_some()
        || settings.max_length.is_some_and(fills)
        || settings.message_ttl == Some(Span::ZERO)
        || producer.ttl.as_ref().is_some_and(|ttl| ttl.min() <= 0.0)
}

/// Whether anything but what producers publish comes to a queue: what pools pass on, or dead letters.
fn others_publish_to(index: usize, parts: &Parts<'_>) -> bool {
    let pools = parts.pools.iter().flatten();
    let outlets = pools.flat_map(|pool| &pool.to);
    let mut targets = outlets.flat_map(|outlet| &outlet.to);
    let leads_here = |target: &Target| target.queues(&parts.exchanges).contains(&index);
    let mut queues = parts.queues.iter().flatten();
    targets.any(leads_here)
        || queues.any(|queue| {
            let settings = &queue.settings;
            let own = settings.dead_letter;
            settings.dead_letter_exchange.is_some() || own.is_some_and(|to| to.index() == index)
        })
}
