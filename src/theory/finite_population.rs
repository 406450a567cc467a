//! M/M/c//N: a closed system of N clients, each of which thinks, then has one message served, then thinks again.
//!
//! The machine-repair model. Formulas: Gross, Shortle, Thompson & Harris 2008, Fundamentals of Queueing Theory, §2.8. A
//! client that sends its message finds what the others alone would show at a random time (the arrival theorem: Sevcik &
//! Mitrani 1981, Journal of the ACM 28).

use super::error::{ModelError, check_any, check_positive, check_service_rate};
use crate::theory::numerics::birth_death::{BirthDeath, Tail};
use crate::theory::numerics::poisson;
use crate::theory::numerics::root::{quantile_of_tail, tail_of};

/// N clients with exponential thinking times before c servers with exponential service, first come first served.
#[derive(Clone, Debug, PartialEq)]
pub struct FinitePopulation {
    think_rate: f64,
    service_rate: f64,
    servers: u64,
    clients: u64,
    law: BirthDeath,
    busy_mean: f64,
    ready_mean: f64,
    /// P(still waiting after k departures), of a message that comes.
    waits_beyond: Tail,
    served_beyond: ServedBeyond,
}

impl FinitePopulation {
    /// `think_rate`, 1 / the mean time a client thinks, and `service_rate` (of one server) per unit of time.
    ///
    /// Costs as many steps as there are states that matter, at most one for each client.
    ///
    /// # Errors
    /// Where a rate is not a positive number, where there is no server or no client, and where more
    /// states matter than can be counted one by one.
    pub fn new(
        think_rate: f64,
        service_rate: f64,
        servers: u64,
        clients: u64,
    ) -> Result<Self, ModelError> {
        check_positive("think_rate", think_rate)?;
        check_service_rate(service_rate)?;
        check_any("servers", servers)?;
        check_any("clients", clients)?;
        let law_of = |clients: u64| {
            BirthDeath::new(|n| {
                let births = clients.saturating_sub(n) as f64 * think_rate;
                births / ((n + 1).min(servers) as f64 * service_rate)
            })
        };
        let rule = "is more than can be counted one by one";
        let too_many = ModelError::parameter("clients", clients as f64, rule);
        let law = law_of(clients).ok_or(too_many)?;
        let others = law_of(clients - 1).ok_or(too_many)?;
        Ok(Self {
            think_rate,
            service_rate,
            servers,
            clients,
            busy_mean: law.mean_of(|n| n.min(servers as f64)),
            ready_mean: law.mean_of(|n| (n - servers as f64).max(0.0)),
            waits_beyond: others.tail_from(servers, |_| 1.0),
            served_beyond: ServedBeyond::of(&others, servers),
            law,
        })
    }

    /// c.
    pub fn servers(&self) -> u64 {
        self.servers
    }

    /// N.
    pub fn clients(&self) -> u64 {
        self.clients
    }

    /// Messages served per unit of time, by all servers: μ · busy servers = ν (N − L), ν the think rate.
    pub fn throughput(&self) -> f64 {
        self.service_rate * self.busy_mean
    }

    /// Share of time a server is busy.
    pub fn utilisation(&self) -> f64 {
        self.busy_mean / self.servers as f64
    }

    /// P(N = 0): all clients think.
    pub fn p_empty(&self) -> f64 {
        self.law.probability(0)
    }

    /// Probability that a message waits at all: the other N − 1 clients keep all servers busy.
    pub fn p_wait(&self) -> f64 {
        self.waits_beyond.all()
    }

    /// Mean wait before service: Lq / throughput.
    pub fn wait_mean(&self) -> f64 {
        self.ready_mean / self.throughput()
    }

    /// P(wait > t), for t ≥ 0: Σ P(k departures in t) · P(more than k needed), departures of a Poisson process of rate
    /// cμ.
    pub fn wait_exceeds(&self, t: f64) -> f64 {
        poisson::expectation(self.service_capacity() * t, |k| {
            self.waits_beyond.at_least(k)
        })
    }

    /// The least t with P(wait ≤ t) ≥ `p`: 0 where that many do not wait at all.
    ///
    /// # Panics
    /// Unless 0 ≤ `p` ≤ 1.
    pub fn wait_quantile(&self, p: f64) -> f64 {
        let scale = self.wait_mean() + 1.0 / self.service_capacity();
        quantile_of_tail(tail_of(p), scale, |t| self.wait_exceeds(t))
    }

    /// Mean time from arrival to the end of service: L / throughput.
    pub fn sojourn_mean(&self) -> f64 {
        self.total_mean() / self.throughput()
    }

    /// P(sojourn > t), for t ≥ 0; by uniformisation, as in [`crate::theory::MmcK::sojourn_exceeds`].
    pub fn sojourn_exceeds(&self, t: f64) -> f64 {
        poisson::expectation(self.service_capacity() * t, |k| {
            self.waits_beyond.at_least(k) + self.served_beyond.at(k)
        })
    }

    /// The t with P(sojourn ≤ t) = `p`, to the last digits.
    ///
    /// # Panics
    /// Unless 0 ≤ `p` ≤ 1.
    pub fn sojourn_quantile(&self, p: f64) -> f64 {
        quantile_of_tail(tail_of(p), self.sojourn_mean(), |t| self.sojourn_exceeds(t))
    }

    /// Mean number that wait: Lq.
    pub fn ready_mean(&self) -> f64 {
        self.ready_mean
    }

    /// P(more than `n` wait).
    pub fn ready_exceeds(&self, n: u64) -> f64 {
        let level = self.servers.saturating_add(n).saturating_add(1);
        self.law.at_least(level)
    }

    /// Mean number of clients that do not think: L.
    pub fn total_mean(&self) -> f64 {
        self.ready_mean + self.busy_mean
    }

    /// Variance of the number of clients that do not think.
    pub fn total_variance(&self) -> f64 {
        let mean = self.total_mean();
        self.law.mean_of(|n| (n - mean).powi(2))
    }

    /// ν, per unit of time.
    pub fn think_rate(&self) -> f64 {
        self.think_rate
    }

    /// cμ.
    fn service_capacity(&self) -> f64 {
        self.servers as f64 * self.service_rate
    }
}

/// P(in service after k events), of a message that found others as in some law: events move the line on by one, and end
/// a service with probability 1 / c.
#[derive(Clone, Debug, PartialEq)]
struct ServedBeyond {
    goes_on: f64,
    /// So many events no message can be in service after: there are always more in line.
    offset: u64,
    /// After `offset` events and more, up to those when the line is surely gone.
    course: Vec<f64>,
}

impl ServedBeyond {
    fn of(found: &BirthDeath, servers: u64) -> Self {
        let goes_on = 1.0 - 1.0 / servers as f64;
        let at_once = found.states().take_while(|(n, _)| *n < servers);
        let mut in_service: f64 = at_once.map(|(_, p)| p).sum();
        let mut course = vec![in_service];
        let first = found.first().max(servers);
        for n in first..found.end() {
            in_service = in_service * goes_on + found.probability(n);
            course.push(in_service);
        }
        Self {
            goes_on,
            offset: first - servers,
            course,
        }
    }

    fn at(&self, k: u64) -> f64 {
        let Some(k) = k.checked_sub(self.offset) else {
            return 0.0;
        };
        let last = self.course.len() as u64 - 1;
        let after = k.saturating_sub(last) as f64;
        self.course[k.min(last) as usize] * self.goes_on.powf(after)
    }
}

#[cfg(test)]
mod tests;
