//! Closed producers: clients that publish again at once must not stop the clock.

use super::super::super::file::Context;
use super::super::super::{AckMode, Producer, Queue};
use super::Parts;
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
        > 1;
    // Clients alone never fill a queue that has room for all of them.
    let fills = |most| others || most < u64::from(producer.arrivals.clients());
    settings.max_length_bytes.is_some()
        || settings.max_length.is_some_and(fills)
        || settings.message_ttl == Some(Span::ZERO)
        || producer.ttl.as_ref().is_some_and(|ttl| ttl.min() <= 0.0)
}
