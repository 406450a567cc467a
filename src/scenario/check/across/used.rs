//! What is written and has no effect: queues and exchanges that nobody feeds, reactions to what never happens.

use super::super::super::file::Context;
use super::super::super::topology;
use super::super::super::tree::Node;
use super::super::super::{
    AckMode, BoundTo, Failure, GivenBack, Medium, OnFailure, OnRefused, Queue, Target,
};
use super::super::settings::name_of;
use super::Whole;
use crate::queue::Overflow;
use crate::units::show_share;

pub(super) fn check(cx: &mut Context<'_>, whole: &Whole<'_>) {
    exchanges_are_used(cx, whole);
    queues_are_used(cx, whole);
    pools_are_fed(cx, whole);
    refusals_happen(cx, whole);
    services_apply(cx, whole);
    delivery_limits_apply(cx, whole);
    dead_letters_arrive(cx, whole);
    messages_are_routed(cx, whole);
}

/// An exchange without an alternate loses what none of its bindings fits.
fn messages_are_routed(cx: &mut Context<'_>, whole: &Whole<'_>) {
    let Some(mut broker) = topology::routing(whole.exchanges) else {
        return;
    };
    let producers = whole.producers.iter().map(|producer| vec![&producer.to]);
    let pools = whole.pools.iter();
    let pools = pools.map(|pool| pool.to.iter().flat_map(|outlet| &outlet.to).collect());
    let sections = whole.names.producers.iter().chain(&whole.names.pools);
    for (section, targets) in sections.zip(producers.chain(pools)) {
        let lost = targets.into_iter().find_map(|target: &Target| {
            let Target::Exchange { exchange, keys, .. } = target else {
                return None;
            };
            if target.queues(whole.exchanges).is_empty() {
                return None;
            }
            let mut routes = target.routes().into_iter().zip(keys);
            let (_, lost) = routes.find(|(route, _)| broker.destinations(route).is_empty())?;
            Some((&whole.exchanges[*exchange].name, lost))
        });
        let (Some((exchange, (key, share))), Some(node)) = (lost, section.table.get("to")) else {
            continue;
        };
        let addressed = if key.is_empty() {
            "these headers".to_owned()
        } else {
            format!("the key \"{key}\"")
        };
        let rule = format!(
            "no binding of exchange \"{exchange}\" leads a message with {addressed} to a queue: {} of what is published here is lost",
            show_share(*share)
        );
        cx.warn(
            &node.at,
            rule,
            "bind a queue to it, or give the exchange an alternate",
        );
    }
}

fn exchanges_are_used(cx: &mut Context<'_>, whole: &Whole<'_>) {
    for (index, section) in whole.names.exchanges.iter().enumerate() {
        let name = section.name;
        let target = Target::Exchange {
            exchange: index,
            keys: Vec::new(),
            headers: Vec::new(),
        };
        if !exchange_is_fed(whole, index) {
            let remedy =
                format!("write to = {{ exchange = \"{name}\" }} in a producer, or leave it out");
            let rule = format!("nobody publishes to exchange \"{name}\"");
            cx.warn(section.at, rule, remedy);
        } else if target.queues(whole.exchanges).is_empty() {
            let rule =
                format!("exchange \"{name}\" leads to no queue: what is published to it is lost");
            cx.warn(section.at, rule, "bind a queue to it");
        }
    }
}

/// Whether somebody publishes to an exchange, or another one passes messages on to it.
fn exchange_is_fed(whole: &Whole<'_>, index: usize) -> bool {
    let published = |target: &Target| match target {
        Target::Exchange { exchange, .. } => *exchange == index,
        Target::Queue(_) | Target::Balanced { .. } => false,
    };
    let mut others = whole
        .exchanges
        .iter()
        .enumerate()
        .filter(|(other, _)| *other != index);
    let buried = |queue: &Queue| {
        let to = queue.settings.dead_letter_exchange.as_ref();
        to.is_some_and(|to| to.name == whole.exchanges[index].name)
    };
    targets(whole).any(|(_, target)| published(target))
        || whole.queues.iter().any(buried)
        || others.any(|(_, other)| {
            let mut bindings = other.bindings.iter();
            other.alternate == Some(index)
                || bindings.any(|binding| binding.to == BoundTo::Exchange(index))
        })
}

/// Everything that is published to, with the queue from which its messages were taken, if a pool publishes them.
fn targets<'w>(whole: &'w Whole<'_>) -> impl Iterator<Item = (Option<usize>, &'w Target)> {
    let producers = whole.producers.iter().map(|producer| (None, &producer.to));
    let pools = whole.pools.iter().flat_map(|pool| {
        let targets = pool.to.iter().flat_map(|outlet| &outlet.to);
        targets.map(|target| (Some(pool.from), target))
    });
    producers.chain(pools)
}

fn queues_are_used(cx: &mut Context<'_>, whole: &Whole<'_>) {
    for (index, section) in whole.names.queues.iter().enumerate() {
        let consumed = whole.pools.iter().any(|pool| pool.from == index);
        if consumed || is_fed(whole, index) {
            continue;
        }
        let bound = whole
            .exchanges
            .iter()
            .flat_map(|exchange| &exchange.bindings);
        let mut bound = bound.filter(|binding| binding.to == BoundTo::Queue(index));
        let (rule, remedy) = if bound.next().is_some() {
            let rule = format!("no message is routed to queue \"{}\"", section.name);
            (rule, "see what its bindings ask for".to_owned())
        } else {
            let rule = format!("nobody publishes to queue \"{}\"", section.name);
            let remedy = format!(
                "write to = \"{}\" in a producer, or leave the queue out",
                section.name
            );
            (rule, remedy)
        };
        cx.warn(section.at, rule, remedy);
    }
}

fn pools_are_fed(cx: &mut Context<'_>, whole: &Whole<'_>) {
    for (section, pool) in whole.names.pools.iter().zip(&whole.pools) {
        let from = section.table.get("from");
        if let Some(node) = from.filter(|_| !is_fed(whole, pool.from)) {
            let rule = format!(
                "pool \"{}\" consumes from nothing: nobody publishes to this queue",
                pool.name
            );
            let remedy = "name a queue that a producer, another pool or dead letters go to";
            cx.warn(&node.at, rule, remedy);
        }
    }
}

/// Whether messages come to a queue from elsewhere: what it sends to itself begins nowhere.
fn is_fed(whole: &Whole<'_>, queue: usize) -> bool {
    let reaches = |target: &Target| {
        let mut spread = target.spread(whole.exchanges).into_iter();
        spread.any(|(to, _)| to == queue)
    };
    let ways = whole.network().dead_letter_ways();
    let others = (0..whole.queues.len()).filter(|other| *other != queue);
    targets(whole).any(|(from, target)| from != Some(queue) && reaches(target))
        || others
            .flat_map(|other| ways.from(other))
            .any(|(to, _)| to == queue)
}

/// Whoever says what to do with a refused message should publish to a queue that refuses some.
fn refusals_happen(cx: &mut Context<'_>, whole: &Whole<'_>) {
    let producers = whole.producers.iter();
    let producers = producers.map(|producer| (&producer.on_refused, vec![&producer.to]));
    let pools = whole.pools.iter().map(|pool| {
        let targets = pool.to.iter().flat_map(|outlet| &outlet.to);
        (&pool.on_refused, targets.collect())
    });
    let sections = whole.names.producers.iter().chain(&whole.names.pools);
    for (section, (on_refused, targets)) in sections.zip(producers.chain(pools)) {
        let Some(node) = section.table.get("on_refused") else {
            continue;
        };
        let queues: Vec<&Queue> = targets
            .iter()
            .flat_map(|target| target.queues(whole.exchanges))
            .map(|queue| &whole.queues[queue])
            .collect();
        let by_exchange = targets
            .iter()
            .all(|target| matches!(target, Target::Exchange { .. }));
        let refuses = queues.iter().any(|queue| refuses(queue));
        if *on_refused == OnRefused::Drop || refuses && !by_exchange {
            continue;
        }
        let remedy = match queues[..] {
            [_, ..] if by_exchange => {
                "publish to the queue itself, or leave on_refused out".to_owned()
            }
            [queue, ..] if queue.settings.is_sqs() || queue.medium != Medium::Queue => {
                "leave on_refused out: it takes whatever is published to it".to_owned()
            }
            [queue, ..] => format!(
                "write max_length and overflow = \"reject-publish\" in [queue.{}], or leave on_refused out",
                queue.name
            ),
            [] => "leave on_refused out, or say with `to` where it publishes".to_owned(),
        };
        let rule = if refuses {
            "what a queue refuses that an exchange has sent there is lost: nobody publishes it again"
        } else {
            "no queue that it publishes to refuses a message"
        };
        cx.warn(&node.at, rule, remedy);
    }
}

/// Whether it may turn a message away. A socket without a limit does so while it has no peer.
fn refuses(queue: &Queue) -> bool {
    if matches!(queue.medium, Medium::Pipe(_)) {
        return true;
    }
    let settings = &queue.settings;
    let limited = settings.max_length.is_some() || settings.max_length_bytes.is_some();
    limited && settings.overflow != Overflow::DropHead
}

/// A service of its own is for a producer whose messages come to the pool.
fn services_apply(cx: &mut Context<'_>, whole: &Whole<'_>) {
    for (section, pool) in whole.names.pools.iter().zip(&whole.pools) {
        let node = section.table.get("service_of");
        let Some(table) = node.and_then(|node| node.as_table()) else {
            continue;
        };
        let upstream = whole.network().upstream(pool.from);
        for (own, entry) in pool.service_of.iter().zip(&table.entries) {
            let producer = &whole.producers[own.producer];
            let mut first = producer.to.queues(whole.exchanges).into_iter();
            if !first.any(|queue| upstream[queue]) {
                let rule = format!("no message of \"{}\" comes to this pool", producer.name);
                let remedy = "leave it out, or see where its messages go";
                cx.warn(&entry.key_at, rule, remedy);
            }
        }
    }
}

/// A limit on deliveries seems to be one on attempts at failing work.
fn delivery_limits_apply(cx: &mut Context<'_>, whole: &Whole<'_>) {
    for (section, pool) in whole.names.pools.iter().zip(&whole.pools) {
        let nacks = |failure: &Failure| {
            failure.then == OnFailure::Requeue(GivenBack::Nack)
                && whole.queues[pool.from].settings.delivery_limit.is_some()
        };
        if pool.ack == AckMode::Auto || !pool.failure.as_ref().is_some_and(nacks) {
            continue;
        }
        let Queue { name, settings, .. } = &whole.queues[pool.from];
        let uncounted = settings
            .limit_of_deliveries(whole.profile)
            .filter(|_| settings.limit_of_nacks(whole.profile).is_none());
        let failure = section.table.get("failure").and_then(Node::as_table);
        let then = failure.and_then(|failure| failure.get("then"));
        let (Some(limit), Some(node)) = (uncounted, then) else {
            continue;
        };
        let rule = format!(
            "a nack does not count to the delivery limit of {limit} of queue \"{name}\": a quorum queue of {} counts rejections and crashes",
            name_of(whole.profile)
        );
        let remedy =
            format!("write then = \"reject-requeue\", or delivery_limit = -1 in [queue.{name}]");
        cx.warn(&node.at, rule, remedy);
    }
}

/// An exchange drops the dead letters that it cannot route.
fn dead_letters_arrive(cx: &mut Context<'_>, whole: &Whole<'_>) {
    let ways = whole.network().dead_letter_ways();
    for (index, section) in whole.names.queues.iter().enumerate() {
        let node = section.table.get("dead_letter");
        let (Some(node), true) = (node, ways.loses(index)) else {
            continue;
        };
        let name = section.name;
        let rule = if ways.from(index).is_empty() {
            format!("no dead letter of queue \"{name}\" finds a queue: all are lost")
        } else {
            format!("some dead letters of queue \"{name}\" find no queue: they are lost")
        };
        let remedy = "bind a queue to what they are routed by, or give dead_letter a key";
        cx.warn(&node.at, rule, remedy);
    }
}
