//! Rules between sections: what each allows by itself, and what together never ends or never happens.

mod circles;
mod clients;
mod kinds;
mod multiply;
mod used;

use super::super::file::{Context, Section};
use super::super::network::Network;
use super::super::{AtHorizon, Exchange, ExchangeKind, MOST_SLOTS, Pool, Producer, Profile, Queue};
use super::Names;
use super::settings::Settings;
use crate::queue::QueueKind;
use crate::time::Time;

/// Every section by index as in [`Names`]; `None` where it is mistaken.
pub(super) struct Parts<'a> {
    names: &'a Names<'a>,
    profile: Option<Profile>,
    producers: &'a [Option<Producer>],
    queues: &'a [Option<Queue>],
    pools: &'a [Option<Pool>],
    /// A mistaken one leads nowhere.
    exchanges: Vec<Exchange>,
    exchanges_are_whole: bool,
}

/// Every section, none of which is mistaken.
struct Whole<'a> {
    names: &'a Names<'a>,
    profile: Profile,
    producers: Vec<Producer>,
    exchanges: &'a [Exchange],
    queues: Vec<Queue>,
    pools: Vec<Pool>,
    /// Runs go on until nothing is left.
    is_drained: bool,
}

impl<'a> Parts<'a> {
    pub(super) fn new(
        names: &'a Names<'a>,
        profile: Option<Profile>,
        producers: &'a [Option<Producer>],
        exchanges: &[Option<Exchange>],
        queues: &'a [Option<Queue>],
        pools: &'a [Option<Pool>],
    ) -> Self {
        let nowhere = || Exchange {
            name: String::new(),
            kind: ExchangeKind::Fanout,
            alternate: None,
            bindings: Vec::new(),
        };
        let or_nowhere = |exchange: &Option<Exchange>| exchange.clone().unwrap_or_else(nowhere);
        Self {
            names,
            profile,
            producers,
            queues,
            pools,
            exchanges: exchanges.iter().map(or_nowhere).collect(),
            exchanges_are_whole: exchanges.iter().all(Option::is_some),
        }
    }

    fn reaches(&self, producer: &Producer, queue: usize) -> bool {
        let mut spread = producer.to.spread(&self.exchanges).into_iter();
        spread.any(|(to, _)| to == queue)
    }

    fn whole(&self, settings: Option<&Settings>) -> Option<Whole<'_>> {
        let whole = Whole {
            names: self.names,
            profile: self.profile?,
            producers: self.producers.iter().cloned().collect::<Option<_>>()?,
            exchanges: &self.exchanges,
            queues: self.queues.iter().cloned().collect::<Option<_>>()?,
            pools: self.pools.iter().cloned().collect::<Option<_>>()?,
            is_drained: settings.is_some_and(|settings| settings.at_horizon == AtHorizon::Drain),
        };
        self.exchanges_are_whole.then_some(whole)
    }
}

impl Whole<'_> {
    fn network(&self) -> Network<'_> {
        Network {
            profile: self.profile,
            producers: &self.producers,
            exchanges: self.exchanges,
            queues: &self.queues,
            pools: &self.pools,
        }
    }
}

/// Asks every rule; `settings` where they came out whole.
pub(super) fn check(cx: &mut Context<'_>, parts: &Parts<'_>, settings: Option<&Settings>) {
    clients::check(cx, parts);
    fit_into_memory(cx, parts);
    if let Some(settings) = settings {
        incidents_happen(cx, parts, settings.horizon);
    }
    priorities_are_kept(cx, parts);
    // What a mistaken section does is unknown: "nobody publishes to it" may only be its mistake, and it may be the way
    // out of a circle.
    if let Some(whole) = parts.whole(settings) {
        kinds::check(cx, &whole);
        circles::check(cx, &whole);
        multiply::check(cx, &whole);
        clients::timeouts_meet_no_copies(cx, &whole);
        used::check(cx, &whole);
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
    let Some(profile) = parts.profile else {
        return;
    };
    for (section, producer) in parts.names.producers.iter().zip(parts.producers) {
        let (Some(producer), Some(node)) = (producer, section.table.get("priority")) else {
            continue;
        };
        let Some(priority) = &producer.priority else {
            continue;
        };
        let lowers = |queue: &&Queue| {
            let levels = queue.settings.highest_priority(profile);
            priority.min() > f64::from(levels) || levels == 0 && priority.mean() > 0.0
        };
        let queues = producer.to.queues(&parts.exchanges).into_iter();
        let mut queues = queues.filter_map(|queue| parts.queues[queue].as_ref());
        if let Some(queue) = queues.find(lowers) {
            let levels = queue.settings.highest_priority(profile);
            let rule = format!(
                "every priority above {levels} counts as {levels} in queue \"{}\"",
                queue.name
            );
            let remedy = match queue.settings.kind {
                QueueKind::Classic | QueueKind::Sqs | QueueKind::SqsFifo => {
                    format!("write max_priority = 10 in [queue.{}]", queue.name)
                }
                QueueKind::Quorum => {
                    format!(
                        "write kind = \"classic\" and max_priority = 10 in [queue.{}]",
                        queue.name
                    )
                }
            };
            cx.warn(&node.at, rule, remedy);
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
