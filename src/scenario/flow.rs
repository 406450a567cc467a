//! The traffic of a network: how much each queue is offered, by itself and by the pools before it.

use super::{BoundTo, Exchange, Failure, OnFailure, Outlet, Pool, Producer, Scenario, Target};

/// Rounds of the traffic equations: a flow that comes back with a share of 95 % is then known to 10⁻⁴ of itself.
const ROUNDS: usize = 200;

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
            let dies = pool.crashes.is_some() || !pool.outages.is_empty();
            let forks = |outlet: &Outlet| outlet.to.len() > 1 || outlet.to.iter().any(by_exchange);
            dies && pool.forwards() || pool.to.iter().any(forks)
        };
        self.producers
            .iter()
            .any(|producer| by_exchange(&producer.to))
            || self.pools.iter().any(by_pool)
    }

    /// Mean number of copies of a message published to `target` that reach `queue`. A balancer is taken to share evenly.
    pub fn copies(&self, target: &Target, queue: usize) -> f64 {
        match target {
            Target::Queue(to) => f64::from(u8::from(*to == queue)),
            Target::Balanced { queues, .. } => {
                f64::from(u8::from(queues.contains(&queue))) / queues.len() as f64
            }
            Target::Exchange {
                exchange,
                keys,
                headers,
            } => keys
                .iter()
                .filter(|(key, _)| self.routes(*exchange, key, headers).contains(&queue))
                .map(|(_, share)| share)
                .sum(),
        }
    }

    /// The queues to which an exchange routes a message, by the core's own rules.
    fn routes(&self, exchange: usize, _key: &str, _headers: &[(String, String)]) -> Vec<usize> {
        reachable(&self.exchanges, exchange)
    }

    /// The producers whose messages may reach a queue without passing a pool.
    pub fn producers_of(&self, queue: usize) -> impl Iterator<Item = &Producer> {
        self.producers
            .iter()
            .filter(move |producer| self.reaches(&producer.to, queue))
    }

    /// Whether a pool publishes to this queue, retries of what it took from there included.
    pub fn is_fed_by_pools(&self, queue: usize) -> bool {
        self.pools
            .iter()
            .any(|pool| self.forwarded(pool, queue) > 0.0)
    }

    /// λ of a queue: messages per second that producers and pools offer on average, batches counted by their messages,
    /// dead letters not. `None` where a closed producer has a part in it: how much it offers depends on the answers.
    ///
    /// By the traffic equations λ = γ + Σ min(λ, C)·P, so that a saturated stage passes on no more than its capacity.
    pub fn offered_rate(&self, queue: usize) -> Option<f64> {
        let outside: Vec<f64> = (0..self.queues.len())
            .map(|queue| self.published_rate(queue))
            .collect::<Option<_>>()
            .or_else(|| self.alone(queue))?;
        if !self.pools.iter().any(Pool::forwards) {
            return Some(outside[queue]);
        }
        let mut offered = outside.clone();
        for _ in 0..ROUNDS {
            let through: Vec<f64> = (0..offered.len())
                .map(|queue| offered[queue].min(self.capacity(queue)))
                .collect();
            offered = (0..offered.len())
                .map(|queue| outside[queue] + self.passed_on(&through, queue))
                .collect();
        }
        Some(offered[queue])
    }

    /// Messages per second that producers alone publish to a queue; `None` with a closed one among them.
    pub fn published_rate(&self, queue: usize) -> Option<f64> {
        self.producers_of(queue)
            .map(|producer| {
                let rate = producer.arrivals.mean_rate(self.horizon)? * producer.batch.mean();
                Some(rate * self.copies(&producer.to, queue))
            })
            .sum()
    }

    /// Where nothing is passed on, a closed producer elsewhere does not matter.
    fn alone(&self, queue: usize) -> Option<Vec<f64>> {
        let rate = self.published_rate(queue)?;
        let mut rates = vec![0.0; self.queues.len()];
        rates[queue] = rate;
        (!self.is_fed_by_pools(queue)).then_some(rates)
    }

    /// What pools publish to `queue`, where so much goes through each queue.
    fn passed_on(&self, through: &[f64], queue: usize) -> f64 {
        self.pools
            .iter()
            .map(|pool| {
                let all = self.capacity(pool.from);
                let part = if all.is_finite() && all > 0.0 {
                    self.capacity_of(pool) / all
                } else {
                    1.0
                };
                through[pool.from] * part * self.forwarded(pool, queue)
            })
            .sum()
    }

    /// Mean number of messages that a pool publishes to `queue` for each one that it takes.
    fn forwarded(&self, pool: &Pool, queue: usize) -> f64 {
        let copies = |outlet: &Outlet| {
            let targets = outlet.to.iter();
            outlet.share
                * targets
                    .map(|target| self.copies(target, queue))
                    .sum::<f64>()
        };
        let retried = if pool.from == queue {
            pool.retried_share()
        } else {
            0.0
        };
        retried + (1.0 - pool.failing_share()) * pool.to.iter().map(copies).sum::<f64>()
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
}

impl Pool {
    /// Whether it publishes anything.
    pub fn forwards(&self) -> bool {
        self.retried_share() > 0.0 || self.to.iter().any(|outlet| !outlet.to.is_empty())
    }

    /// Chance that an attempt fails, episodes not counted.
    fn failing_share(&self) -> f64 {
        let failure = self.failure.as_ref();
        failure.map_or(0.0, |failure| {
            failure.poison + (1.0 - failure.poison) * failure.probability
        })
    }

    /// Chance that a message which the pool takes is one that it will publish again.
    fn retried_share(&self) -> f64 {
        let Some(Failure {
            then: OnFailure::Retry(retry),
            ..
        }) = &self.failure
        else {
            return 0.0;
        };
        let again = self.failing_share();
        match retry.limit {
            None => again,
            // Of the attempts 1 + p + … + pⁿ, all but the first are retries of one before.
            Some(limit) => {
                let attempts: f64 = (0..=limit.min(1_000)).map(|n| again.powi(n as i32)).sum();
                (attempts - 1.0) / attempts
            }
        }
    }
}
