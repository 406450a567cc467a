//! Rules between queues of different kinds: what belongs to one broker alone, and what all members of a group share.

use super::super::super::file::Context;
use super::super::super::tree::Node;
use super::super::super::{BoundTo, Client, Medium, Pool};
use super::super::kind::Kind;
use super::Whole;
use crate::time::Span;
use crate::units::show_seconds;

pub(super) fn check(cx: &mut Context<'_>, whole: &Whole<'_>) {
    exchanges_lead_to_rabbitmq(cx, whole);
    dead_letters_stay(cx, whole);
    groups_agree(cx, whole);
    members_have_partitions(cx, whole);
    work_fits(cx, whole);
}

/// An exchange is RabbitMQ's, and knows no other queues.
fn exchanges_lead_to_rabbitmq(cx: &mut Context<'_>, whole: &Whole<'_>) {
    for (section, exchange) in whole.names.exchanges.iter().zip(whole.exchanges) {
        let Some(bindings) = section.table.get("bindings") else {
            continue;
        };
        for binding in &exchange.bindings {
            let BoundTo::Queue(queue) = binding.to else {
                continue;
            };
            let kind = Kind::of(&whole.names.queues[queue]);
            if !kind.is_rabbitmq() {
                let name = &whole.queues[queue].name;
                let rule = format!(
                    "an exchange is RabbitMQ's, and \"{name}\" is {}",
                    kind.called()
                );
                cx.error(&bindings.at, rule, format!("publish to \"{name}\" itself"));
            }
        }
    }
}

/// A broker's dead letters go to a queue of the same broker; SQS's also to one of the same order (AWS,
/// "Using dead-letter queues").
fn dead_letters_stay(cx: &mut Context<'_>, whole: &Whole<'_>) {
    for (section, queue) in whole.names.queues.iter().zip(&whole.queues) {
        let (Some(node), Some(to)) = (section.table.get("dead_letter"), queue.settings.dead_letter)
        else {
            continue;
        };
        let own = Kind::of(section);
        let other = Kind::of(&whole.names.queues[to.index()]);
        let to = &whole.queues[to.index()];
        if own.is_rabbitmq() != other.is_rabbitmq() || own.is_sqs() != other.is_sqs() {
            let rule = format!(
                "dead letters of {} cannot go to {}",
                own.called(),
                other.called()
            );
            let remedy = format!(
                "name a queue of the same broker, or write its kind in [queue.{}]",
                to.name
            );
            cx.error(&node.at, rule, remedy);
        } else if own.is_sqs() && queue.settings.kind != to.settings.kind {
            let rule =
                "the dead letter queue of a FIFO queue must be a FIFO queue, and of another none";
            let remedy = format!("write the same fifo_queue in [queue.{}]", to.name);
            cx.error(&node.at, rule, remedy);
        }
    }
}

/// Pools of one topic are members of one group.
fn groups_agree(cx: &mut Context<'_>, whole: &Whole<'_>) {
    for (index, pool) in whole.pools.iter().enumerate() {
        let first = whole.pools.iter().position(|other| other.from == pool.from);
        let Some(first) = first.filter(|first| *first < index) else {
            continue;
        };
        let (Some(own), Some(others)) = (group(pool), group(&whole.pools[first])) else {
            continue;
        };
        if own != others {
            let rule = format!(
                "pools \"{}\" and \"{}\" are one consumer group, and must say the same of it",
                whole.pools[first].name, pool.name
            );
            let remedy = "give both the same settings of the group; commits may differ";
            cx.error(whole.names.pools[index].at, rule, remedy);
        }
    }
}

fn group(pool: &Pool) -> Option<&crate::queue::GroupSettings> {
    match &pool.client {
        Client::Polls { group, .. } => Some(group),
        Client::Pushed | Client::Receives { .. } | Client::Pulls => None,
    }
}

/// A partition has at most one member, so that more members than partitions have nothing to do.
fn members_have_partitions(cx: &mut Context<'_>, whole: &Whole<'_>) {
    for (index, queue) in whole.queues.iter().enumerate() {
        let Medium::Topic(settings) = &queue.medium else {
            continue;
        };
        let pools = whole.pools.iter().zip(&whole.names.pools);
        let mut pools = pools.filter(|(pool, _)| pool.from == index);
        let members: u64 = pools
            .clone()
            .map(|(pool, _)| u64::from(pool.consumers))
            .sum();
        let node = pools.find_map(|(_, section)| section.table.get("consumers"));
        let (Some(Node { at, .. }), true) = (node, members > u64::from(settings.partitions)) else {
            continue;
        };
        let rule = format!(
            "{members} consumers share {} partition{} of \"{}\": {} of them ha{} nothing to read",
            settings.partitions,
            if settings.partitions == 1 { "" } else { "s" },
            queue.name,
            members - u64::from(settings.partitions),
            if members - u64::from(settings.partitions) == 1 {
                "s"
            } else {
                "ve"
            }
        );
        let remedy = format!(
            "write more partitions in [queue.{}], or fewer consumers",
            queue.name
        );
        cx.warn(at, rule, remedy);
    }
}

/// Who holds a message for too long does not keep it, and so does in vain what it does.
fn work_fits(cx: &mut Context<'_>, whole: &Whole<'_>) {
    for (section, pool) in whole.names.pools.iter().zip(&whole.pools) {
        let queue = &whole.queues[pool.from];
        let mean = pool.service.mean();
        let Some(node) = section.table.get("service") else {
            continue;
        };
        match &pool.client {
            Client::Receives { extends, .. } => {
                let most = queue.settings.sqs.visibility_timeout;
                if most == Span::ZERO && mean <= 0.0 {
                    let rule = "messages that are visible at once and work that takes no time would never let time pass";
                    let remedy = format!(
                        "give it a mean above 0s, or a visibility_timeout in [queue.{}]",
                        queue.name
                    );
                    cx.error(&node.at, rule, remedy);
                } else if extends.is_none() && mean > most.as_secs_f64() {
                    let rule = format!(
                        "work takes {} on average, and after {most} its message is another's too: much is done again",
                        show_seconds(mean)
                    );
                    let remedy = format!(
                        "write a longer visibility_timeout in [queue.{}], or extend_visibility here",
                        queue.name
                    );
                    cx.warn(&node.at, rule, remedy);
                }
            }
            Client::Polls { group, .. } => {
                let records = group.max_poll_records;
                let takes = f64::from(records) * mean / f64::from(pool.concurrency);
                let most = group.max_poll_interval;
                if takes > most.as_secs_f64() {
                    let rule = format!(
                        "a full poll of {records} records is work of {}, and who does not poll for {most} is put out of its group: all would be done again",
                        show_seconds(takes)
                    );
                    let remedy =
                        "write a smaller max_poll_records, or a longer max_poll_interval_ms";
                    cx.warn(&node.at, rule, remedy);
                }
            }
            Client::Pushed | Client::Pulls => {}
        }
    }
}
