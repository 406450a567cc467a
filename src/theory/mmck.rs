//! M/M/c/K: Poisson arrivals, exponential service, c servers and K places in all; who finds none is lost.
//!
//! Formulas: Gross, Shortle, Thompson & Harris 2008, Fundamentals of Queueing Theory, §2.5, brought into sums of
//! positive terms in units of p(c), the probability that all servers are busy and nobody waits. Waits and sojourns are
//! those of accepted messages, served first come first served.

use super::erlang::all_free;
use super::error::ModelError;
use super::limited_room::LimitedRoom;
use crate::theory::numerics::geometric::{CutGeometric, falling_sum};
use crate::theory::numerics::poisson;
use crate::theory::numerics::root::{quantile_of_tail, tail_of};

/// An M/M/c/K queue. It has a stationary law at any load; K = c is Erlang's loss system.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MmcK(LimitedRoom);

impl MmcK {
    /// `arrival_rate` and `service_rate` (of one server) per unit of time; `places` = K, which counts those in service.
    ///
    /// Costs as many steps as the offered load, or the servers if they are fewer, whatever K.
    ///
    /// # Errors
    /// Where a rate is not a positive number, where there is no server, and where there are fewer places than servers.
    pub fn new(
        arrival_rate: f64,
        service_rate: f64,
        servers: u64,
        places: u64,
    ) -> Result<Self, ModelError> {
        LimitedRoom::check(arrival_rate, service_rate, servers, places)?;
        let ln_ratio = ln_quotient(arrival_rate, servers as f64 * service_rate);
        let rates = [arrival_rate, service_rate];
        Ok(Self(LimitedRoom::new(
            rates,
            [servers, places],
            ln_ratio,
            1.0,
        )))
    }

    /// c.
    pub fn servers(&self) -> u64 {
        self.0.servers
    }

    /// K: those that wait and those in service.
    pub fn places(&self) -> u64 {
        self.0.places
    }

    /// a = λ / μ, in Erlang, with what is lost.
    pub fn offered_load(&self) -> f64 {
        self.0.offered_load()
    }

    /// Share of arrivals that is lost: p(K), since Poisson arrivals see time averages (Wolff 1982, Operations Research
    /// 30).
    pub fn loss(&self) -> f64 {
        self.0.loss
    }

    /// What is accepted, and served, per unit of time: λ (1 − loss).
    pub fn throughput(&self) -> f64 {
        self.0.throughput()
    }

    /// Share of time a server is busy: a (1 − loss) / c.
    pub fn utilisation(&self) -> f64 {
        self.0.utilisation()
    }

    /// p(0).
    pub fn p_empty(&self) -> f64 {
        self.0.p_free * all_free(self.0.servers - 1, self.offered_load())
    }

    /// Probability that an accepted message waits at all: P(c ≤ N < K) / P(N < K).
    pub fn p_wait(&self) -> f64 {
        self.0.p_wait()
    }

    /// Mean wait of accepted messages: who finds i in line waits for i + 1 departures, 1 / cμ each.
    pub fn wait_mean(&self) -> f64 {
        self.p_wait() * (self.0.ahead().map_or(0.0, |line| line.mean()) + 1.0)
            / self.0.service_capacity()
    }

    /// Variance of the wait of accepted messages, in time squared: with M and V mean and variance of the departures
    /// that a message waits for if it waits at all, (P (V + M) + P (1 − P) M²) / (cμ)², P = [`Self::p_wait`].
    pub fn wait_variance(&self) -> f64 {
        let Some(ahead) = self.0.ahead() else {
            return 0.0;
        };
        let (p, mean) = (self.p_wait(), ahead.mean() + 1.0);
        let departures = p * (ahead.variance() + mean) + p * (1.0 - p) * mean * mean;
        departures / self.0.service_capacity().powi(2)
    }

    /// P(wait > t) of accepted messages, for t ≥ 0.
    ///
    /// The wait is an Erlang law of as many stages as must depart, so Σ P(k departures in t) · P(more than k needed),
    /// the departures of a Poisson process of rate cμ: a sum of positive terms where the textbook has a double sum.
    pub fn wait_exceeds(&self, t: f64) -> f64 {
        poisson::expectation(self.0.service_capacity() * t, |k| self.waits_beyond(k))
    }

    /// The least t with P(wait ≤ t) ≥ `p`: 0 where that many do not wait at all.
    ///
    /// # Panics
    /// Unless 0 ≤ `p` ≤ 1.
    pub fn wait_quantile(&self, p: f64) -> f64 {
        let scale = self.wait_mean() + 1.0 / self.0.service_capacity();
        quantile_of_tail(tail_of(p), scale, |t| self.wait_exceeds(t))
    }

    /// Mean time from acceptance to the end of service: mean wait + 1 / μ.
    pub fn sojourn_mean(&self) -> f64 {
        self.wait_mean() + 1.0 / self.0.service_rate
    }

    /// P(sojourn > t) of accepted messages, for t ≥ 0.
    ///
    /// By uniformisation (Grassmann 1977, Computers & Operations Research 4): events come at rate cμ; each moves the
    /// line on by one, and ends one's own service with probability 1 / c.
    pub fn sojourn_exceeds(&self, t: f64) -> f64 {
        poisson::expectation(self.0.service_capacity() * t, |k| {
            self.waits_beyond(k) + self.served_beyond(k)
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
        self.p_all_busy() * self.line().mean()
    }

    /// P(more than `n` wait).
    pub fn ready_exceeds(&self, n: u64) -> f64 {
        self.p_all_busy() * self.line().at_least(n as f64 + 1.0)
    }

    /// Mean number in the system, waiting or in service: L = Lq + a (1 − loss).
    pub fn total_mean(&self) -> f64 {
        self.ready_mean() + self.0.busy_mean()
    }

    /// Variance of the number in the system.
    ///
    /// With Q waiting and B busy, B = c while Q > 0, and the balance of N² gives 2 `E[BN]` = a (2 L + 1 − (2 K + 1)
    /// p(K)) + `E[B]`.
    pub fn total_variance(&self) -> f64 {
        let (c, busy, waiting) = (self.0.servers as f64, self.0.busy_mean(), self.ready_mean());
        let (line, total) = (self.line(), self.total_mean());
        let waiting_squared = self.p_all_busy() * (line.variance() + line.mean().powi(2));
        let lost = (2.0 * self.0.places as f64 + 1.0) * self.0.loss;
        let busy_total = (self.offered_load() * (2.0 * total + 1.0 - lost) + busy) / 2.0;
        (waiting_squared + c * waiting + busy_total - total * total).max(0.0)
    }

    /// P(N ≥ c).
    fn p_all_busy(&self) -> f64 {
        self.0.p_join + self.0.loss
    }

    /// How many wait, given that all servers are busy.
    fn line(&self) -> CutGeometric {
        CutGeometric::new(self.0.ln_ratio, self.0.room() + 1.0)
    }

    /// P(still waiting after `k` departures) of an accepted message.
    fn waits_beyond(&self, k: u64) -> f64 {
        self.0
            .ahead()
            .map_or(0.0, |ahead| self.p_wait() * ahead.at_least(k as f64))
    }

    /// P(in service after `k` events) of an accepted message: begun at once, or after i + 1 events, and not ended
    /// since.
    fn served_beyond(&self, k: u64) -> f64 {
        let (k, m) = (k as f64, self.0.room());
        let goes_on = 1.0 - 1.0 / self.0.servers as f64;
        let at_once = (1.0 - self.p_wait()) * goes_on.powf(k);
        if k < 1.0 || m < 1.0 {
            return at_once;
        }
        // Σ P(i in line) · goes_on^(k − 1 − i) for i < min(k, m): geometric in i, led by the larger of the two ratios.
        let terms = k.min(m);
        let ln_goes_on = (-1.0 / self.0.servers as f64).ln_1p();
        let lead =
            self.0.ln_ratio.max(ln_goes_on) * (terms - 1.0) - self.0.ln_ratio.max(0.0) * (m - 1.0);
        let sum = lead.exp() * falling_sum((self.0.ln_ratio - ln_goes_on).abs(), terms);
        let after_wait = sum / falling_sum(self.0.ln_ratio.abs(), m) * goes_on.powf(k - terms);
        at_once + self.p_wait() * after_wait
    }
}

/// ln (a / b), to its last digits near 1, and finite.
fn ln_quotient(a: f64, b: f64) -> f64 {
    let above = (a - b) / b;
    if above.abs() < 0.5 {
        above.ln_1p()
    } else {
        (a / b).ln().max(f64::MIN)
    }
}

#[cfg(test)]
mod tests;
