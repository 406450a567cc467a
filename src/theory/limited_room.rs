//! Poisson arrivals before c servers and K places in all, where the line behind busy servers is geometric: M/M/c/K
//! exactly, M/G/c/K nearly.

use super::erlang::reciprocal_b;
use super::error::{ModelError, check_any, check_rates, is_positive};
use crate::theory::numerics::geometric::{CutGeometric, falling_sum};

/// The law of the number in such a system, by sums of positive terms. It exists at any load.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct LimitedRoom {
    pub(super) arrival_rate: f64,
    pub(super) service_rate: f64,
    pub(super) servers: u64,
    pub(super) places: u64,
    /// ln of how much rarer it is that one more waits.
    pub(super) ln_ratio: f64,
    /// P(N < c).
    pub(super) p_free: f64,
    /// P(c ≤ N < K): what arrives then is accepted and waits.
    pub(super) p_join: f64,
    /// P(N = K).
    pub(super) loss: f64,
}

impl LimitedRoom {
    /// # Errors
    /// Where a rate is not a positive number, where there is no server, and where there are fewer places than servers.
    pub(super) fn check(
        arrival_rate: f64,
        service_rate: f64,
        servers: u64,
        places: u64,
    ) -> Result<(), ModelError> {
        check_rates(arrival_rate, service_rate)?;
        check_any("servers", servers)?;
        if places < servers {
            let rule = "must be at least the number of servers";
            return Err(ModelError::parameter("places", places as f64, rule));
        }
        let (load, service_capacity) = (arrival_rate / service_rate, servers as f64 * service_rate);
        if !is_positive(load) || !is_positive(service_capacity) {
            return Err(ModelError::ServiceRate(service_rate));
        }
        Ok(())
    }

    /// Of parameters that were checked. `spread` ≥ 0 is p(c) of M/M/c/K in units of what it is here:
    /// what joins the line is Σ rʲ / spread, j from 0 to K − c − 1, in units of that p(c).
    ///
    /// Costs as many steps as the offered load, or the servers if they are fewer, whatever K.
    pub(super) fn new(
        [arrival_rate, service_rate]: [f64; 2],
        [servers, places]: [u64; 2],
        ln_ratio: f64,
        spread: f64,
    ) -> Self {
        let load = arrival_rate / service_rate;
        let room = (places - servers) as f64;
        // In units of p(c): Σ rʲ for j < K − c, and r to the power of K − c; all divided by that power where it is
        // above 1.
        let unit = (-ln_ratio.max(0.0) * room).exp();
        let full = (ln_ratio.min(0.0) * room).exp();
        let join = (-ln_ratio.max(0.0)).exp() * falling_sum(ln_ratio.abs(), room) / spread;
        let free = servers as f64 / load * reciprocal_b(servers - 1, load) * unit;
        let all = free + join + full;
        Self {
            arrival_rate,
            service_rate,
            servers,
            places,
            ln_ratio,
            p_free: if all.is_finite() { free / all } else { 1.0 },
            p_join: join / all,
            loss: full / all,
        }
    }

    /// a = λ / μ.
    pub(super) fn offered_load(&self) -> f64 {
        self.arrival_rate / self.service_rate
    }

    /// λ (1 − loss).
    pub(super) fn throughput(&self) -> f64 {
        self.arrival_rate * self.accepted()
    }

    /// P(N < K), a sum of positive terms.
    pub(super) fn accepted(&self) -> f64 {
        self.p_free + self.p_join
    }

    /// P(c ≤ N < K) / P(N < K).
    pub(super) fn p_wait(&self) -> f64 {
        self.p_join / self.accepted()
    }

    /// a (1 − loss).
    pub(super) fn busy_mean(&self) -> f64 {
        self.offered_load() * self.accepted()
    }

    /// a (1 − loss) / c.
    pub(super) fn utilisation(&self) -> f64 {
        self.busy_mean() / self.servers as f64
    }

    /// cμ.
    pub(super) fn service_capacity(&self) -> f64 {
        self.servers as f64 * self.service_rate
    }

    /// K − c.
    pub(super) fn room(&self) -> f64 {
        (self.places - self.servers) as f64
    }

    /// How many an accepted message that must wait finds in line; none where nobody can wait.
    pub(super) fn ahead(&self) -> Option<CutGeometric> {
        (self.places > self.servers).then(|| CutGeometric::new(self.ln_ratio, self.room()))
    }
}
