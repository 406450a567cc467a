//! M/D/c: Poisson arrivals, constant service times, c servers, one line of unlimited length, first come first served.

mod random_walk;

use super::error::{ModelError, check_load_is_counted, check_rates, check_stable};
use crate::theory::numerics::root::{quantile_of_tail, tail_of};
use random_walk::WalkMaximum;

/// A stable M/D/c queue.
///
/// What waits at one moment, and what arrives during the service time D that follows, less the c that are begun in it,
/// waits D later (Crommelin 1932, Post Office Electrical Engineers' Journal 25). So the number that wait is the highest
/// point of a random walk with steps of Poisson(λD) − c, which is computed without a difference of near-equal numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Mdc {
    arrival_rate: f64,
    service_time: f64,
    servers: u64,
    /// The number that wait.
    ready: WalkMaximum,
    p_wait: f64,
}

impl Mdc {
    /// `arrival_rate` per unit of time, and the time that each service takes.
    ///
    /// Costs a millisecond for 100 servers, some for 10,000 and some hundred for a million.
    ///
    /// # Errors
    /// Where the rate or the time is not a positive number, and where there are fewer servers than
    /// [`least_stable_servers`](super::least_stable_servers) of the rate and 1 / `service_time`. A load above a million
    /// Erlang is refused, too.
    pub fn new(arrival_rate: f64, service_time: f64, servers: u64) -> Result<Self, ModelError> {
        check_rates(arrival_rate, service_time.recip())?;
        let offered_load = arrival_rate * service_time;
        check_stable(offered_load, servers)?;
        check_load_is_counted(offered_load)?;
        let mut queue = Self {
            arrival_rate,
            service_time,
            servers,
            ready: WalkMaximum::new(offered_load, servers as f64),
            p_wait: 0.0,
        };
        queue.p_wait = queue.wait_exceeds(0.0);
        Ok(queue)
    }

    /// c.
    pub fn servers(&self) -> u64 {
        self.servers
    }

    /// a = λD, in Erlang: the mean number of busy servers.
    pub fn offered_load(&self) -> f64 {
        self.arrival_rate * self.service_time
    }

    /// ρ = a / c, the share of time a server is busy.
    pub fn utilisation(&self) -> f64 {
        self.offered_load() / self.servers as f64
    }

    /// Probability that an arrival waits at all.
    pub fn p_wait(&self) -> f64 {
        self.p_wait
    }

    /// Mean wait before service: Lq / λ, by Little's law.
    pub fn wait_mean(&self) -> f64 {
        self.ready_mean() / self.arrival_rate
    }

    /// Variance of the wait, in time squared. As many wait as arrive during a wait, so `E[W²]` = `E[Q(Q − 1)]` / λ²
    /// (Haji & Newell 1971, Journal of Applied Probability 8).
    pub fn wait_variance(&self) -> f64 {
        self.ready.factorial_moment() / self.arrival_rate / self.arrival_rate
            - self.wait_mean().powi(2)
    }

    /// P(wait > t), for t ≥ 0, to about ten digits.
    ///
    /// With k = ⌊t / D⌋ + 1, who comes waits longer than t where those that wait and those that arrive during kD − t
    /// are at least kc: a sum of positive terms (Franx 2001, Operations Research Letters 29, for the complement).
    pub fn wait_exceeds(&self, t: f64) -> f64 {
        let rounds = (t / self.service_time).floor() + 1.0;
        if rounds.is_infinite() {
            return 0.0;
        }
        // Rounding may leave the place that t has between two ends of service.
        let rest = (rounds - t / self.service_time).clamp(0.0, 1.0);
        let arrivals = self.offered_load() * rest;
        self.ready
            .exceeds_with(arrivals, rounds * self.servers as f64)
    }

    /// The least t with P(wait ≤ t) ≥ `p`: 0 where that many do not wait at all.
    ///
    /// # Panics
    /// Unless 0 ≤ `p` ≤ 1.
    pub fn wait_quantile(&self, p: f64) -> f64 {
        self.quantile_of_tail(tail_of(p))
    }

    /// The least t with P(wait > t) ≤ `tail`. Tails bend where a service time is over, but do not jump.
    pub(crate) fn quantile_of_tail(&self, tail: f64) -> f64 {
        quantile_of_tail(tail, self.service_time, |t| self.wait_exceeds(t))
    }

    /// Mean time from arrival to the end of service: mean wait + D.
    pub fn sojourn_mean(&self) -> f64 {
        self.wait_mean() + self.service_time
    }

    /// P(sojourn > t), for t ≥ 0: that of the wait, D later.
    pub fn sojourn_exceeds(&self, t: f64) -> f64 {
        if t < self.service_time {
            return 1.0;
        }
        self.wait_exceeds(t - self.service_time)
    }

    /// The least t with P(sojourn ≤ t) ≥ `p`: that of the wait, and D.
    ///
    /// # Panics
    /// Unless 0 ≤ `p` ≤ 1.
    pub fn sojourn_quantile(&self, p: f64) -> f64 {
        self.wait_quantile(p) + self.service_time
    }

    /// Mean number that wait, Lq.
    pub fn ready_mean(&self) -> f64 {
        self.ready.mean()
    }

    /// Mean number in the system, waiting or in service: L = Lq + a.
    pub fn total_mean(&self) -> f64 {
        self.ready_mean() + self.offered_load()
    }

    /// Variance of the number in the system, which is the number that waited D ago, of which c at most are served by
    /// now, and the arrivals since: independent of each other, so that variances add up.
    pub fn total_variance(&self) -> f64 {
        let mean = self.ready_mean();
        self.ready.factorial_moment() + mean - mean * mean + self.offered_load()
    }

    /// P(more than `n` wait).
    pub fn ready_exceeds(&self, n: u64) -> f64 {
        self.ready.at_least(n as f64 + 1.0)
    }
}

#[cfg(test)]
mod tests;
