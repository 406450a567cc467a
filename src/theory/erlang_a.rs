//! M/M/c+M, Erlang A: as M/M/c, but whoever has waited for longer than a patience of exponential law leaves unserved.
//!
//! Palm 1957, Tele 1; formulas as in Garnett, Mandelbaum & Reiman 2002, Manufacturing & Service Operations Management
//! 4, and Mandelbaum & Zeltyn 2007, Service engineering in action. The number in the system is a birth–death process
//! with deaths min(n, c) μ + (n − c)⁺ θ. Whoever finds c + i others would be served after i + 1 stages of rates cμ + iθ
//! … cμ: since these rates are in arithmetic progression, exp(−θ · wait) is of a beta law (Rényi 1953, Acta Mathematica
//! Hungarica 4), and its distribution function is a negative binomial sum.

use super::error::{ModelError, check_any, check_positive, check_rates};
use crate::theory::numerics::birth_death::{BirthDeath, Tail};
use crate::theory::numerics::phi::phi;
use crate::theory::numerics::root::{quantile_of_tail, tail_of};
use crate::theory::numerics::{NEGLIGIBLE, SCALED_ABOVE};

/// States beyond the servers that are gone through at most, one by one.
const LINE_MAX: u64 = 1 << 24;

/// An M/M/c+M queue. It has a stationary law at any load.
#[derive(Clone, Debug, PartialEq)]
pub struct ErlangA {
    arrival_rate: f64,
    service_rate: f64,
    servers: u64,
    patience_rate: f64,
    law: BirthDeath,
    busy_mean: f64,
    ready_mean: f64,
    /// Of those who find i or more in line; then of those among them who get served.
    waiting: Tail,
    waiting_served: Tail,
    /// `E[wait; served]` and `E[wait; left unserved]`.
    served_wait: f64,
    abandoned_wait: f64,
}

impl ErlangA {
    /// `arrival_rate`, `service_rate` (of one server) and `patience_rate` θ, 1 / the mean patience, per unit of time.
    ///
    /// Costs as many steps as there are states that matter, some 75 √(λ / θ), or 700 / (1 − ρ) if those are
    /// fewer.
    ///
    /// # Errors
    /// Where a rate is not a positive number, where there is no server, and where patience is so long that too
    /// many states matter.
    pub fn new(
        arrival_rate: f64,
        service_rate: f64,
        servers: u64,
        patience_rate: f64,
    ) -> Result<Self, ModelError> {
        check_rates(arrival_rate, service_rate)?;
        check_any("servers", servers)?;
        check_positive("patience_rate", patience_rate)?;
        let deaths = |n: u64| {
            let line = n.saturating_sub(servers) as f64;
            n.min(servers) as f64 * service_rate + line * patience_rate
        };
        let law = BirthDeath::new(|n| arrival_rate / deaths(n + 1))
            .filter(|law| law.end() - servers.min(law.end()) < LINE_MAX)
            .ok_or(ModelError::parameter(
                "patience_rate",
                patience_rate,
                "is so small that the line has too many states",
            ))?;
        let service_capacity = servers as f64 * service_rate;
        let served = |i: f64| gets_served(i, service_capacity, patience_rate);
        let (served_wait, abandoned_wait) =
            waits_by_fate(&law, servers, service_capacity, patience_rate);
        Ok(Self {
            arrival_rate,
            service_rate,
            servers,
            patience_rate,
            busy_mean: law.mean_of(|n| n.min(servers as f64)),
            ready_mean: law.mean_of(|n| (n - servers as f64).max(0.0)),
            waiting: law.tail_from(servers, |_| 1.0),
            waiting_served: law.tail_from(servers, served),
            served_wait,
            abandoned_wait,
            law,
        })
    }

    /// c.
    pub fn servers(&self) -> u64 {
        self.servers
    }

    /// a = λ / μ, in Erlang, with those who leave unserved.
    pub fn offered_load(&self) -> f64 {
        self.arrival_rate / self.service_rate
    }

    /// Share of time a server is busy.
    pub fn utilisation(&self) -> f64 {
        self.busy_mean / self.servers as f64
    }

    /// What is served per unit of time: μ · busy servers.
    pub fn throughput(&self) -> f64 {
        self.service_rate * self.busy_mean
    }

    /// Share of arrivals that leave unserved: θ Lq / λ.
    pub fn abandoned(&self) -> f64 {
        self.patience_rate * self.ready_mean / self.arrival_rate
    }

    /// Probability that an arrival is not served at once: P(N ≥ c).
    pub fn p_wait(&self) -> f64 {
        self.waiting.all()
    }

    /// Mean wait of all, served or not: Lq / λ.
    pub fn wait_mean(&self) -> f64 {
        self.ready_mean / self.arrival_rate
    }

    /// P(wait > t) of all, served or not: the wait ends when a server is free or patience ends. For t ≥ 0.
    pub fn wait_exceeds(&self, t: f64) -> f64 {
        (-self.patience_rate * t).exp() * self.not_reached(t, 0.0, &self.waiting)
    }

    /// The least t with P(wait ≤ t) ≥ `p`, of all, served or not.
    ///
    /// # Panics
    /// Unless 0 ≤ `p` ≤ 1.
    pub fn wait_quantile(&self, p: f64) -> f64 {
        quantile_of_tail(tail_of(p), self.time_scale(), |t| self.wait_exceeds(t))
    }

    /// Mean wait of those who are served.
    pub fn served_wait_mean(&self) -> f64 {
        self.served_wait / self.served()
    }

    /// P(wait > t) of those who are served, for t ≥ 0.
    pub fn served_wait_exceeds(&self, t: f64) -> f64 {
        // Given that patience outlasts the wait, each stage ends at its rate and θ: one step further in the
        // progression.
        self.not_reached(t, self.patience_rate, &self.waiting_served) / self.served()
    }

    /// The least t with P(wait ≤ t) ≥ `p`, of those who are served.
    ///
    /// # Panics
    /// Unless 0 ≤ `p` ≤ 1.
    pub fn served_wait_quantile(&self, p: f64) -> f64 {
        quantile_of_tail(tail_of(p), self.time_scale(), |t| {
            self.served_wait_exceeds(t)
        })
    }

    /// Share of all arrivals that are served, and within `t`: the service level of a call centre.
    pub fn served_within(&self, t: f64) -> f64 {
        self.served() * (1.0 - self.served_wait_exceeds(t))
    }

    /// Mean wait of those who leave unserved.
    pub fn abandoned_wait_mean(&self) -> f64 {
        self.abandoned_wait / self.abandoned()
    }

    /// Mean time in the system of all, served or not: L / λ.
    pub fn sojourn_mean(&self) -> f64 {
        self.total_mean() / self.arrival_rate
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

    /// Mean number in the system, waiting or in service: L.
    pub fn total_mean(&self) -> f64 {
        self.ready_mean + self.busy_mean
    }

    /// Variance of the number in the system.
    pub fn total_variance(&self) -> f64 {
        let mean = self.total_mean();
        self.law.mean_of(|n| (n - mean).powi(2))
    }

    /// Share of arrivals that are served, a sum of positive terms.
    fn served(&self) -> f64 {
        self.throughput() / self.arrival_rate
    }

    fn time_scale(&self) -> f64 {
        self.wait_mean() + 1.0 / self.service_capacity()
    }

    /// cμ.
    fn service_capacity(&self) -> f64 {
        self.servers as f64 * self.service_rate
    }

    /// P(I others were in line, and i + 1 stages of rates cμ + `more` + kθ, k = 0 … i, last longer than t).
    ///
    /// With α = (cμ + `more`) / θ and y = exp(−θt), the beta law says Σ P(J = j) · P(I ≥ j), J negative binomial: P(J =
    /// 0) = yᵅ, P(J = j + 1) / P(J = j) = (α + j) (1 − y) / (j + 1). As θ → 0 this is Poisson's law of mean cμt.
    fn not_reached(&self, t: f64, more: f64, line: &Tail) -> f64 {
        let first = self.service_capacity() + more;
        let [_, rest, _, _] = phi(self.patience_rate * t);
        let gone_per_rate = t * rest;
        let mut ln_unit = -first * t;
        let (mut weight, mut sum) = (1.0, 0.0);
        for j in 0..line.end() {
            let term = weight * line.at_least(j);
            sum += term;
            let rate = first + j as f64 * self.patience_rate;
            let ratio = rate * gone_per_rate / (j + 1) as f64;
            if ratio < 0.5 && term < NEGLIGIBLE * sum {
                break;
            }
            weight *= ratio;
            if weight > SCALED_ABOVE {
                weight /= SCALED_ABOVE;
                sum /= SCALED_ABOVE;
                ln_unit += SCALED_ABOVE.ln();
            }
        }
        (ln_unit + sum.ln()).exp()
    }
}

/// P(served | i in line) = cμ / (cμ + (i + 1) θ).
fn gets_served(i: f64, service_capacity: f64, patience_rate: f64) -> f64 {
    service_capacity / (service_capacity + (i + 1.0) * patience_rate)
}

/// `E[wait; served]` and `E[wait; left unserved]`, sums over whom an arrival finds in line.
///
/// Behind i others, the stage in which k others are left lasts hₖ = 1 / (cμ + (k + 1) θ) on average, and ends with
/// one's own leaving in θ hᵢ of all cases, whichever k ≤ i. So the first is P(served | i) · Σ hₖ, and the second θ hᵢ Σ
/// (k + 1) hₖ, over k = 0 … i.
fn waits_by_fate(
    law: &BirthDeath,
    servers: u64,
    service_capacity: f64,
    patience_rate: f64,
) -> (f64, f64) {
    let (mut stages, mut stages_left) = (0.0, 0.0);
    let (mut served, mut unserved) = (0.0, 0.0);
    for i in 0..law.end().saturating_sub(servers) {
        let stage = 1.0 / (service_capacity + (i + 1) as f64 * patience_rate);
        stages += stage;
        stages_left += (i + 1) as f64 * stage;
        let p = law.probability(servers + i);
        served += p * gets_served(i as f64, service_capacity, patience_rate) * stages;
        unserved += p * patience_rate * stage * stages_left;
    }
    (served, unserved)
}

#[cfg(test)]
mod tests;
