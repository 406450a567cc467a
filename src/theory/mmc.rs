//! M/M/c: Poisson arrivals, exponential service, c servers, one line of unlimited length, first come first served.
//!
//! Formulas: Gross, Shortle, Thompson & Harris 2008, Fundamentals of Queueing Theory, §2.3, where no other source is
//! named.

use super::delay::Delay;
use super::erlang::erlang_c;
use super::error::{ModelError, check_rates, check_stable, least_servers};

/// A stable M/M/c queue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mmc {
    arrival_rate: f64,
    service_rate: f64,
    servers: u64,
    p_wait: f64,
}

impl Mmc {
    /// `arrival_rate` and `service_rate` (of one server) per unit of time.
    ///
    /// Costs as many steps as the offered load, or the servers if they are fewer.
    ///
    /// # Errors
    /// Where a rate is not a positive number, and where there are fewer than [`least_stable_servers`].
    pub fn new(arrival_rate: f64, service_rate: f64, servers: u64) -> Result<Self, ModelError> {
        check_rates(arrival_rate, service_rate)?;
        let offered_load = arrival_rate / service_rate;
        check_stable(offered_load, servers)?;
        Ok(Self {
            arrival_rate,
            service_rate,
            servers,
            p_wait: erlang_c(servers, offered_load),
        })
    }

    /// c.
    pub fn servers(&self) -> u64 {
        self.servers
    }

    /// a = λ / μ, in Erlang: the mean number of busy servers.
    pub fn offered_load(&self) -> f64 {
        self.arrival_rate / self.service_rate
    }

    /// ρ = a / c, the share of time a server is busy.
    pub fn utilisation(&self) -> f64 {
        self.offered_load() / self.servers as f64
    }

    /// Probability that an arrival waits at all: Erlang C.
    pub fn p_wait(&self) -> f64 {
        self.p_wait
    }

    /// Mean wait before service: C / (cμ − λ).
    pub fn wait_mean(&self) -> f64 {
        self.wait().mean()
    }

    /// Variance of the wait, in time squared: C (2 − C) / (cμ − λ)².
    pub fn wait_variance(&self) -> f64 {
        self.wait().variance()
    }

    /// P(wait > t) = C · exp(−(cμ − λ) t), for t ≥ 0.
    pub fn wait_exceeds(&self, t: f64) -> f64 {
        self.wait().exceeds(t)
    }

    /// The least t with P(wait ≤ t) ≥ `p`: 0 where that many do not wait at all.
    ///
    /// # Panics
    /// Unless 0 ≤ `p` ≤ 1.
    pub fn wait_quantile(&self, p: f64) -> f64 {
        self.wait().quantile(p)
    }

    /// Mean time from arrival to the end of service: mean wait + 1 / μ.
    pub fn sojourn_mean(&self) -> f64 {
        self.wait_mean() + 1.0 / self.service_rate
    }

    /// P(sojourn > t), for t ≥ 0.
    pub fn sojourn_exceeds(&self, t: f64) -> f64 {
        self.wait().sojourn_exceeds(self.service_rate, t)
    }

    /// The t with P(sojourn ≤ t) = `p`, to the last digits.
    ///
    /// # Panics
    /// Unless 0 ≤ `p` ≤ 1.
    pub fn sojourn_quantile(&self, p: f64) -> f64 {
        self.wait().sojourn_quantile(self.service_rate, p)
    }

    /// Mean number that wait: Lq = λ · mean wait.
    pub fn ready_mean(&self) -> f64 {
        self.arrival_rate * self.wait_mean()
    }

    /// Mean number in the system, waiting or in service: L = Lq + a.
    pub fn total_mean(&self) -> f64 {
        self.ready_mean() + self.offered_load()
    }

    /// Variance of the number in the system.
    ///
    /// With Q waiting and B busy, `E[Q²]` = Cρ(1 + ρ) / (1 − ρ)², B = c while Q > 0, and the balance of N² in the
    /// birth–death process gives `E[B²]` = a(L + 1) − c·Lq.
    pub fn total_variance(&self) -> f64 {
        let (rho, c) = (self.utilisation(), self.servers as f64);
        let (waiting, total) = (self.ready_mean(), self.total_mean());
        let waiting_squared =
            self.p_wait * rho * (1.0 + rho) / (self.surplus() / (c * self.service_rate)).powi(2);
        waiting_squared + c * waiting + self.offered_load() * (total + 1.0) - total * total
    }

    /// P(more than `n` wait) = C·ρⁿ⁺¹.
    pub fn ready_exceeds(&self, n: u64) -> f64 {
        self.p_wait * self.utilisation().powf(n as f64 + 1.0)
    }

    /// Mean length of a stretch in which every server is busy, 1 / (cμ − λ): for one server, the busy period.
    pub fn all_busy_mean(&self) -> f64 {
        1.0 / self.surplus()
    }

    pub(crate) fn wait(&self) -> Delay {
        Delay {
            p_wait: self.p_wait,
            rate: self.surplus(),
        }
    }

    /// θ = cμ − λ > 0: what the servers could do beyond what arrives.
    fn surplus(&self) -> f64 {
        self.servers as f64 * self.service_rate - self.arrival_rate
    }
}

/// The fewest servers with which the queue has a stationary law: the least c > λ / μ.
///
/// # Errors
/// Where a rate is not a positive number.
pub fn least_stable_servers(arrival_rate: f64, service_rate: f64) -> Result<u64, ModelError> {
    check_rates(arrival_rate, service_rate)?;
    Ok(least_servers(arrival_rate / service_rate))
}

#[cfg(test)]
mod tests;
