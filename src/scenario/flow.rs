//! The traffic of a network: how much each queue is offered, by itself and by the pools before it.

mod fates;

use super::network::Network;
use super::topology;
use super::{BoundTo, Exchange, Outlet, Pool, Producer, Scenario, Target};
use crate::time::Time;

/// Most rounds of the traffic equations: a flow that comes back with a share of 99 % is then known to 10⁻⁹ of itself.
const ROUNDS: usize = 2_000;

/// A round that changes no rate by more than this share of it is the last one.
const SETTLED: f64 = 1e-13;

/// Whether what is rejected counts as passed on to the dead letter queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DeadLetters {
    /// It has left.
    Leave,
    /// It goes on.
    Follow,
}

impl Scenario {
    /// Whether a message published to `target` may reach `queue`.
    pub fn reaches(&self, target: &Target, queue: usize) -> bool {
        self.copies(target, queue) > 0.0
    }

    /// Whether one message may become several: by a fork or an exchange, or because a consumer that passes messages on
    /// may die before its ack arrives.
    pub fn makes_copies(&self) -> bool {
        let by_exchange = |target: &Target| matches!(target, Target::Exchange { .. });
        let by_pool = |pool: &Pool| {
            let dies = pool.crashes.is_some()
                || !pool.outages.is_empty()
                || self.ack_timeout(pool.from).is_some();
            let forks = |outlet: &Outlet| outlet.to.len() > 1 || outlet.to.iter().any(by_exchange);
            (dies || self.may_repeat(pool.from)) && pool.forwards() || pool.to.iter().any(forks)
        };
        let mut settings = self.queues.iter().map(|queue| &queue.settings);
        self.producers
            .iter()
            .any(|producer| by_exchange(&producer.to))
            || settings.any(|settings| settings.dead_letter_exchange.is_some())
            || self.pools.iter().any(by_pool)
    }

    /// Mean number of copies of a message published to `target` that reach `queue`. A balancer is taken to share
    /// evenly.
    pub fn copies(&self, target: &Target, queue: usize) -> f64 {
        let spread = target.spread(&self.exchanges);
        let here = spread.into_iter().filter(|(to, _)| *to == queue);
        here.map(|(_, copies)| copies).sum()
    }

    /// The producers whose messages may reach a queue without passing a pool.
    pub fn producers_of(&self, queue: usize) -> impl Iterator<Item = &Producer> {
        self.producers
            .iter()
            .filter(move |producer| self.reaches(&producer.to, queue))
    }

    /// The producers of which something may come to a queue, through pools too; dead letters not followed.
    pub fn sources_of(&self, queue: usize) -> impl Iterator<Item = &Producer> {
        let before = self.flow(DeadLetters::Leave).before(queue);
        self.producers.iter().filter(move |producer| {
            let mut first = producer.to.spread(&self.exchanges).into_iter();
            first.any(|(queue, _)| before[queue])
        })
    }

    /// Of each queue, whether a message published to it may come to `queue`, by pools or as a dead letter; of itself
    /// too.
    pub fn upstream(&self, queue: usize) -> Vec<bool> {
        self.network().upstream(queue)
    }

    /// Of each queue, whether something of a producer's messages may come there.
    pub fn downstream(&self, producer: usize) -> Vec<bool> {
        let flow = self.flow(DeadLetters::Follow);
        let mut all = vec![false; self.queues.len()];
        for (first, _) in self.producers[producer].to.spread(&self.exchanges) {
            for (queue, after) in all.iter_mut().zip(flow.after(first)) {
                *queue |= after;
            }
        }
        all
    }

    /// Whether several that come of one message may come to a queue, by different ways.
    pub fn joins_copies(&self, queue: usize) -> bool {
        let upstream = self.upstream(queue);
        let producers = self.producers.iter().map(|producer| vec![&producer.to]);
        let outlets = self.pools.iter().flat_map(|pool| &pool.to);
        let mut published = producers.chain(outlets.map(|outlet| outlet.to.iter().collect()));
        published.any(|targets| {
            let copies = targets
                .into_iter()
                .flat_map(|target| target.spread(&self.exchanges));
            let copies = copies.filter(|(to, _)| upstream[*to]);
            copies.map(|(_, copies)| copies).sum::<f64>() > 1.0 + 1e-9
        })
    }

    /// Whether a pool publishes to this queue, retries of what it took from there included.
    pub fn is_fed_by_pools(&self, queue: usize) -> bool {
        let flow = self.flow(DeadLetters::Leave);
        flow.rows.iter().flatten().any(|(to, _)| *to == queue)
    }

    /// λ of a queue: messages per second that producers and pools offer on average, batches counted by their messages,
    /// and dead letters where consumers reject them, but not what expires or is dropped. `None` where a closed producer
    /// has a part in it: how much it offers depends on the answers.
    ///
    /// By the traffic equations λ = γ + Σ min(λ, C)·P, so that a saturated stage passes on no more than its capacity.
    pub fn offered_rate(&self, queue: usize) -> Option<f64> {
        self.offered_by(queue, |_| true)
    }

    /// λ of the messages that wait as long as it takes: those with a time to live of their own leave by themselves,
    /// unless consumers take all that comes.
    pub fn lasting_rate(&self, queue: usize) -> Option<f64> {
        let takes_all = self.pools_of(queue).any(Pool::takes_all);
        self.offered_by(queue, |producer| {
            takes_all || producer.ttl.is_none() || !self.reaches(&producer.to, queue)
        })
    }

    /// λ of a queue, of what comes from those producers alone.
    fn offered_by(&self, queue: usize, counts: impl Fn(&Producer) -> bool) -> Option<f64> {
        let is_closed = |producer: &Producer| producer.arrivals.clients() > 0;
        if self
            .sources_of(queue)
            .any(|source| counts(source) && is_closed(source))
        {
            return None;
        }
        // What a closed producer offers elsewhere does not come here.
        let outside = self.outside(|producer| {
            let rate = producer.arrivals.mean_rate(self.horizon);
            rate.filter(|_| counts(producer)).unwrap_or(0.0)
        });
        Some(self.flow(DeadLetters::Follow).offered(&outside)[queue])
    }

    /// Messages per second that all queues together are offered, dead letters too, where each producer publishes at
    /// that rate.
    pub(super) fn all_offered(&self, rate: impl Fn(&Producer) -> f64) -> f64 {
        let outside = self.outside(rate);
        let offered = self.flow(DeadLetters::Follow).offered(&outside);
        offered.into_iter().sum()
    }

    /// Messages per second that producers publish to each queue, where their arrivals have this rate.
    fn outside(&self, rate: impl Fn(&Producer) -> f64) -> Vec<f64> {
        let mut outside = vec![0.0; self.queues.len()];
        for producer in &self.producers {
            let messages = rate(producer) * producer.batch.mean();
            for (queue, copies) in producer.to.spread(&self.exchanges) {
                outside[queue] += messages * copies;
            }
        }
        outside
    }

    fn flow(&self, dead_letters: DeadLetters) -> Flow {
        let services: Vec<f64> = self
            .pools
            .iter()
            .map(|pool| self.mean_service(pool))
            .collect();
        let network = self.network();
        let capacity = |pool: usize| network.capacity(pool, services[pool]);
        Flow::new(&network, dead_letters, capacity)
    }

    /// C of a queue: messages per second that its pools can serve for good; 0 without a pool, infinite where service
    /// takes no time. Where work fails and comes back, each message takes several attempts.
    pub fn capacity(&self, queue: usize) -> f64 {
        let network = self.network();
        let pools = self.pools.iter().enumerate();
        pools
            .filter(|(_, pool)| pool.from == queue)
            .map(|(index, pool)| network.capacity(index, self.mean_service(pool)))
            .sum()
    }

    /// How many consumers of a pool are served at once: all of them, or of a single active consumer one of one pool.
    pub fn served(&self, pool: usize) -> u32 {
        self.network().served(pool)
    }

    /// Messages per second that a pool can serve, at most, as its work fails at an instant; outages and slowdowns not
    /// counted.
    pub fn capacity_at(&self, pool: usize, now: Time) -> f64 {
        let mut pools = self.pools.clone();
        if let Some(failure) = &mut pools[pool].failure {
            failure.probability = failure.probability_at(now);
        }
        let network = Network {
            pools: &pools,
            ..self.network()
        };
        network.capacity(pool, self.mean_service(&self.pools[pool]))
    }

    /// Mean time that a pool works on one message. Where it depends on the producer, they are weighted by what they
    /// publish, and not by what is lost or multiplied on the way.
    fn mean_service(&self, pool: &Pool) -> f64 {
        if pool.service_of.is_empty() {
            return pool.service.mean();
        }
        let upstream = self.network().upstream(pool.from);
        let (mut work, mut messages) = (0.0, 0.0);
        for (index, producer) in self.producers.iter().enumerate() {
            let spread = producer.to.spread(&self.exchanges).into_iter();
            let copies = spread.filter(|(queue, _)| upstream[*queue]);
            let copies: f64 = copies.map(|(_, copies)| copies).sum();
            // A closed producer's rate is not known: each client counts as one message per second.
            let rate = producer
                .arrivals
                .mean_rate(self.horizon)
                .unwrap_or_else(|| f64::from(producer.arrivals.clients()));
            let weight = rate * producer.batch.mean() * copies;
            let own = pool.service_of.iter().find(|own| own.producer == index);
            let service = own.map_or(&pool.service, |own| &own.service);
            work += weight * service.mean();
            messages += weight;
        }
        if messages > 0.0 {
            work / messages
        } else {
            pool.service.mean()
        }
    }
}

/// What comes of a message that is taken from a queue.
pub(super) struct Flow {
    /// Of each queue: where pools publish to, and the mean number of messages for each one taken.
    pub(super) rows: Vec<Vec<(usize, f64)>>,
    /// C of each queue.
    capacity: Vec<f64>,
}

impl Flow {
    /// `capacity_of` gives the capacity of a pool, by its index.
    pub(super) fn new(
        network: &Network<'_>,
        dead_letters: DeadLetters,
        capacity_of: impl Fn(usize) -> f64,
    ) -> Self {
        let Network {
            exchanges,
            queues,
            pools,
            ..
        } = network;
        let capacities: Vec<f64> = (0..pools.len()).map(capacity_of).collect();
        let mut capacity = vec![0.0; queues.len()];
        for (pool, own) in pools.iter().zip(&capacities) {
            capacity[pool.from] += own;
        }
        let follows = dead_letters == DeadLetters::Follow;
        let ways = follows.then(|| network.dead_letter_ways());
        let mut rows = vec![Vec::new(); queues.len()];
        // Who waits where nobody consumes goes on when its time is over.
        for (queue, ways) in ways
            .iter()
            .flat_map(|ways| (0..queues.len()).map(move |q| (q, ways)))
        {
            let consumed = pools.iter().any(|pool| pool.from == queue);
            if !consumed && queues[queue].settings.message_ttl.is_some() {
                rows[queue] = ways.from(queue);
                capacity[queue] = f64::INFINITY;
            }
        }
        for (index, (pool, own)) in pools.iter().zip(&capacities).enumerate() {
            let all = capacity[pool.from];
            let is_served = |other: usize| u32::from(network.served(other) > 0);
            let beside = (0..pools.len()).filter(|other| pools[*other].from == pool.from);
            // Pools share a queue as they can work; where one takes no time, evenly.
            let part = if all.is_finite() && all > 0.0 {
                own / all
            } else {
                f64::from(is_served(index)) / f64::from(beside.map(is_served).sum::<u32>())
            };
            let fates = pool.fates(network);
            let row = &mut rows[pool.from];
            for (to, copies) in pool.copies(exchanges) {
                add(row, to, part * fates.passed * copies);
            }
            add(row, pool.from, part * fates.retried);
            for (to, copies) in ways.iter().flat_map(|ways| ways.from(pool.from)) {
                add(row, to, part * fates.rejected * copies);
            }
        }
        Self { rows, capacity }
    }

    /// λ of each queue, where so much comes from outside.
    fn offered(&self, outside: &[f64]) -> Vec<f64> {
        let mut offered = outside.to_vec();
        for _ in 0..ROUNDS {
            let mut next = outside.to_vec();
            for (from, row) in self.rows.iter().enumerate() {
                let through = offered[from].min(self.capacity[from]);
                for (to, copies) in row {
                    next[*to] += through * copies;
                }
            }
            let mut pairs = next.iter().zip(&offered);
            let settled = pairs.all(|(next, now)| (next - now).abs() <= SETTLED * next.abs());
            offered = next;
            if settled {
                break;
            }
        }
        offered
    }

    /// Of each queue, whether messages come from there to `queue`; of itself too.
    pub(super) fn before(&self, queue: usize) -> Vec<bool> {
        let mut before = vec![Vec::new(); self.rows.len()];
        for (from, row) in self.rows.iter().enumerate() {
            for (to, _) in row {
                before[*to].push(from);
            }
        }
        spread_out(queue, &before)
    }

    /// Of each queue, whether messages of `queue` come there; of itself too.
    pub(super) fn after(&self, queue: usize) -> Vec<bool> {
        let next = |row: &Vec<(usize, f64)>| row.iter().map(|(to, _)| *to).collect();
        spread_out(queue, &self.rows.iter().map(next).collect::<Vec<_>>())
    }
}

/// Everything that can be come to from `start`, one step after the other; `start` too.
fn spread_out(start: usize, steps: &[Vec<usize>]) -> Vec<bool> {
    let (mut found, mut open) = (vec![false; steps.len()], vec![start]);
    while let Some(at) = open.pop() {
        if !std::mem::replace(&mut found[at], true) {
            open.extend(&steps[at]);
        }
    }
    found
}

/// Adds to the entry of a queue; what never happens makes none.
fn add(row: &mut Vec<(usize, f64)>, queue: usize, copies: f64) {
    if copies <= 0.0 {
        return;
    }
    match row.iter_mut().find(|(to, _)| *to == queue) {
        Some((_, sum)) => *sum += copies,
        None => row.push((queue, copies)),
    }
}

impl Network<'_> {
    /// Of each queue, whether a message published to it may come to `queue`, by pools or as a dead letter; of itself
    /// too.
    pub(super) fn upstream(&self, queue: usize) -> Vec<bool> {
        let mut before = vec![Vec::new(); self.queues.len()];
        let ways = self.dead_letter_ways();
        for from in 0..self.queues.len() {
            for (to, _) in ways.from(from) {
                before[to].push(from);
            }
        }
        for pool in self.pools {
            for (to, _) in pool.copies(self.exchanges) {
                before[to].push(pool.from);
            }
        }
        spread_out(queue, &before)
    }
}

/// The queues that an exchange can route to at all, through other exchanges too.
fn reachable(exchanges: &[Exchange], from: usize) -> Vec<usize> {
    let (mut queues, mut seen, mut open) = (Vec::new(), vec![from], vec![from]);
    while let Some(exchange) = open.pop() {
        let bound = exchanges[exchange]
            .bindings
            .iter()
            .map(|binding| binding.to);
        let alternate = exchanges[exchange].alternate.map(BoundTo::Exchange);
        for to in bound.chain(alternate) {
            match to {
                BoundTo::Queue(queue) if !queues.contains(&queue) => queues.push(queue),
                BoundTo::Exchange(next) if !seen.contains(&next) => {
                    seen.push(next);
                    open.push(next);
                }
                BoundTo::Queue(_) | BoundTo::Exchange(_) => {}
            }
        }
    }
    queues
}

impl Target {
    /// The queues that a message may reach, whatever its key.
    pub fn queues(&self, exchanges: &[Exchange]) -> Vec<usize> {
        match self {
            Self::Queue(queue) => vec![*queue],
            Self::Balanced { queues, .. } => queues.clone(),
            Self::Exchange { exchange, .. } => reachable(exchanges, *exchange),
        }
    }

    /// The queues that a message reaches, and how many copies of it on average.
    pub(super) fn spread(&self, exchanges: &[Exchange]) -> Vec<(usize, f64)> {
        match self {
            Self::Queue(queue) => vec![(*queue, 1.0)],
            Self::Balanced { queues, .. } => {
                let each = 1.0 / queues.len() as f64;
                queues.iter().map(|queue| (*queue, each)).collect()
            }
            Self::Exchange { keys, .. } => {
                let mut spread = Vec::new();
                let Some(mut broker) = topology::routing(exchanges) else {
                    return spread;
                };
                for (route, (_, share)) in self.routes().iter().zip(keys) {
                    for queue in broker.destinations(route) {
                        add(&mut spread, queue.index(), *share);
                    }
                }
                spread
            }
        }
    }
}
