//! Batches before a pool of servers.

use super::sizes::Sizes;
use crate::theory::error::{ModelError, check_rates, check_stable};
use crate::theory::numerics::SCALED_ABOVE;
use crate::theory::numerics::poisson;
use crate::theory::numerics::root::{quantile_of_tail, tail_of};

/// More servers than anybody has; each is a level to be kept.
const SERVERS_MAX: u64 = 1_000_000;
/// Levels are kept up to here at most.
const LEVELS_MAX: usize = 4_000_000;
/// A level is the one before it times the ratio far from the ground, but for this share.
const EVEN_WITHIN: f64 = 1e-11;
/// A Poisson count is within so many standard deviations of its mean.
const POISSON_SPREAD: f64 = 40.0;

/// M^X/M/c: batches of any law, exponential service, c servers.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchMmc {
    batch_rate: f64,
    service_rate: f64,
    servers: u64,
    sizes: Sizes,
    p_empty: f64,
    /// P(N > n), from n = 0 on; after the last it sinks like exp(−s n), s = `decay`.
    exceeds: Vec<f64>,
    decay: f64,
    p_wait: f64,
    p_wait_first: f64,
    ready_mean: f64,
}

impl BatchMmc {
    /// `batch_rate` batches per second; `sizes[k]` is the probability that one holds k + 1 messages; `service_rate` of
    /// one server, per second.
    ///
    /// Costs as many steps as there are servers, times the largest batch.
    ///
    /// Levels follow by cuts: what goes up over the cut between n and n + 1 comes down over it, min(n + 1, c) μ pₙ₊₁ =
    /// λ Σₖ pₖ P(X > n − k) (Chaudhry & Templeton 1983, A First Course in Bulk Queues, ch. 3). The mean number of free
    /// servers is known, c − a, and gives the scale.
    ///
    /// # Errors
    /// Where a rate is not a positive number, where `sizes` are no probabilities that add up to 1, and where there are
    /// too few servers.
    pub fn new(
        batch_rate: f64,
        sizes: &[f64],
        service_rate: f64,
        servers: u64,
    ) -> Result<Self, ModelError> {
        check_rates(batch_rate, service_rate)?;
        let sizes = Sizes::new(sizes)?;
        let offered_load = batch_rate / service_rate * sizes.mean();
        check_stable(offered_load, servers)?;
        if servers > SERVERS_MAX {
            return Err(ModelError::parameter(
                "servers",
                servers as f64,
                "must be at most 1,000,000",
            ));
        }
        let mut queue = Self {
            batch_rate,
            service_rate,
            servers,
            decay: sizes.decay(servers as f64 * service_rate / batch_rate),
            sizes,
            p_empty: 0.0,
            exceeds: Vec::new(),
            p_wait: 0.0,
            p_wait_first: 0.0,
            ready_mean: 0.0,
        };
        let mut levels = queue.levels_to_full();
        queue.set_means(&levels);
        if !queue.continue_line(&mut levels) {
            let rule = "is so near to what servers can do that the line has too many levels";
            return Err(ModelError::parameter("batch_rate", queue.batch_rate, rule));
        }
        queue.set_exceeds(&levels);
        Ok(queue)
    }

    /// Messages per second: batches per second · mean batch.
    pub fn arrival_rate(&self) -> f64 {
        self.batch_rate * self.sizes.mean()
    }

    /// a, in Erlang: the mean number of busy servers.
    pub fn offered_load(&self) -> f64 {
        self.arrival_rate() / self.service_rate
    }

    /// ρ = a / c, the share of time a server is busy.
    pub fn utilisation(&self) -> f64 {
        self.offered_load() / self.servers as f64
    }

    /// Probability that a message waits at all, be it for its own batch alone.
    pub fn p_wait(&self) -> f64 {
        self.p_wait
    }

    /// Mean number that wait, Lq.
    ///
    /// The balance of the square of the waiting, Q²: 2 (cμ − λE\[X\]) Lq = λ E\[X²\] P(N ≥ c) + λ Σₙ pₙ E\[((X − c +
    /// n)⁺)²\] + cμ P(N > c), over n < c; that of Q gives P(N > c). No difference of like numbers is in it.
    pub fn ready_mean(&self) -> f64 {
        self.ready_mean
    }

    /// Mean number in the system, L = Lq + a.
    pub fn total_mean(&self) -> f64 {
        self.ready_mean + self.offered_load()
    }

    /// Mean wait of a message before service: Lq / (λE\[X\]).
    pub fn wait_mean(&self) -> f64 {
        self.ready_mean / self.arrival_rate()
    }

    /// Mean wait of the first message of a batch, which waits for those before it alone: (Lq + P(N ≥ c)) / (cμ).
    pub fn wait_mean_of_first(&self) -> f64 {
        (self.ready_mean + self.p_wait_first) / self.service_capacity()
    }

    /// Mean time of a message from arrival to the end of service: mean wait + 1 / μ.
    pub fn sojourn_mean(&self) -> f64 {
        self.wait_mean() + 1.0 / self.service_rate
    }

    /// P(wait > t) of a message, for t ≥ 0.
    ///
    /// Who finds itself m-th of those that wait waits for m services at rate cμ, and by the cut at its level that has
    /// the probability P(N = c + m) / ρ. So P(wait > t) = Σ P(K = k) P(N > c + k) / ρ, K Poisson with mean cμt.
    pub fn wait_exceeds(&self, t: f64) -> f64 {
        let services = self.service_capacity() * t;
        let spread = POISSON_SPREAD * (services.sqrt() + 1.0);
        let from = self.exceeds.len() as f64;
        if services - spread > from {
            // Σ P(K = k) zᵏ = exp(−(1 − z) · mean).
            let thinned = -(-self.decay).exp_m1() * services;
            let ahead = self.decay * (from - 1.0 - self.servers as f64);
            let last = self.exceeds[self.exceeds.len() - 1];
            return last * (ahead - thinned).exp() / self.utilisation();
        }
        poisson::expectation(services, |k| self.ready_exceeds(k)) / self.utilisation()
    }

    /// The least t with P(wait ≤ t) ≥ `p`: 0 where that many do not wait at all.
    ///
    /// # Panics
    /// Unless 0 ≤ `p` ≤ 1.
    pub fn wait_quantile(&self, p: f64) -> f64 {
        quantile_of_tail(tail_of(p), self.wait_mean(), |t| self.wait_exceeds(t))
    }

    /// P(more than `n` wait) = P(N > c + n).
    pub fn ready_exceeds(&self, n: u64) -> f64 {
        let level = self.servers.saturating_add(n);
        let last = self.exceeds.len() as u64 - 1;
        let beyond = level.saturating_sub(last) as f64;
        self.exceeds[level.min(last) as usize] * (-self.decay * beyond).exp()
    }

    /// P(N = 0): nobody is in the system.
    pub fn p_empty(&self) -> f64 {
        self.p_empty
    }

    /// The least n with P(N ≤ n) ≥ `p`, N the number in the system at any time; infinite for 1.
    ///
    /// # Panics
    /// Unless 0 ≤ `p` ≤ 1.
    pub fn total_quantile(&self, p: f64) -> f64 {
        let tail = tail_of(p);
        let n = self.exceeds.partition_point(|exceeds| *exceeds > tail);
        if n < self.exceeds.len() {
            return n as f64;
        }
        let last = self.exceeds[n - 1];
        (n - 1) as f64 + ((last / tail).ln() / self.decay).ceil()
    }

    /// P(N = n), n ≤ c.
    fn levels_to_full(&self) -> Vec<f64> {
        let servers = self.servers as usize;
        let mut levels = vec![1.0];
        while levels.len() <= servers {
            let next = self.next_level(&levels);
            levels.push(next);
            if next > SCALED_ABOVE {
                levels.iter_mut().for_each(|level| *level /= SCALED_ABOVE);
            }
        }
        let c = self.servers as f64;
        let free = (0..servers).map(|n| (servers - n) as f64 * levels[n]);
        let scale = (c - self.offered_load()) / free.sum::<f64>();
        levels.iter_mut().for_each(|level| *level *= scale);
        levels
    }

    fn set_means(&mut self, levels: &[f64]) {
        let servers = self.servers as usize;
        // Of a batch that comes when n < c are there, its waiting messages and the square of their number.
        let (mut first, mut square) = (0.0, 0.0);
        for (n, level) in levels[..servers].iter().enumerate() {
            let (over, over_squared) = self.sizes.over(servers - n);
            first += level * over;
            square += level * over_squared;
        }
        let (rate, service_capacity) = (self.batch_rate, self.service_capacity());
        let surplus = service_capacity - self.arrival_rate();
        let all_busy = (service_capacity * levels[servers] + rate * first) / surplus;
        let line = (rate * self.sizes.mean() * all_busy + rate * first) / service_capacity;
        let (_, batch_squared) = self.sizes.over(0);
        self.ready_mean =
            (rate * (batch_squared * all_busy + square) + service_capacity * line) / surplus / 2.0;
        self.p_wait_first = all_busy;
        self.p_wait = all_busy + first / self.sizes.mean();
    }

    /// Adds levels until they sink evenly, as long as the largest batch can tell; false where that takes too many.
    fn continue_line(&self, levels: &mut Vec<f64>) -> bool {
        let (ratio, largest) = ((-self.decay).exp(), self.sizes.exceeds.len());
        let mut even = 0;
        while even <= largest && levels.len() < LEVELS_MAX {
            let next = self.next_level(levels);
            let last = levels[levels.len() - 1];
            // Also where they are too rare for a number.
            let is_even = (next - last * ratio).abs() <= EVEN_WITHIN * next;
            even = if is_even { even + 1 } else { 0 };
            levels.push(next);
        }
        even > largest
    }

    fn set_exceeds(&mut self, levels: &[f64]) {
        self.p_empty = levels[0];
        let mut tail = levels[levels.len() - 1] / self.decay.exp_m1();
        let summed = levels.iter().rev().map(|level| {
            let exceeds = tail;
            tail += level;
            exceeds
        });
        self.exceeds = summed.collect();
        self.exceeds.reverse();
    }

    /// P(N = n) of the n after the last of `levels`.
    fn next_level(&self, levels: &[f64]) -> f64 {
        let busy = levels.len().min(self.servers as usize) as f64;
        let up: f64 = levels
            .iter()
            .rev()
            .zip(&self.sizes.exceeds)
            .map(|(level, exceeds)| level * exceeds)
            .sum();
        self.batch_rate / self.service_rate * up / busy
    }

    fn service_capacity(&self) -> f64 {
        self.servers as f64 * self.service_rate
    }
}

#[cfg(test)]
mod tests;
