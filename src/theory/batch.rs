//! Batches of messages that come at once, at the instants of a Poisson process; each message is served alone.

use super::error::ModelError;
use super::moments::{Moments, unless_stable};

/// Levels are scaled down when one is beyond this: they are shares of each other, and there may be 10,000 of them.
const LARGE: f64 = 1e250;
/// More servers than anybody has; each is a level to be kept.
const SERVERS_MAX: u64 = 1_000_000;

/// M^X/M/c: batches of any law, exponential service, c servers.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchMmc {
    batch_rate: f64,
    service_rate: f64,
    servers: u64,
    sizes: Sizes,
    /// P(N = n), n ≤ c.
    levels: Vec<f64>,
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
        ModelError::unless_rates(batch_rate, service_rate)?;
        let sizes = Sizes::new(sizes)?;
        let offered_load = batch_rate / service_rate * sizes.mean();
        unless_stable(offered_load, servers)?;
        if servers > SERVERS_MAX {
            return Err(ModelError::Parameter {
                name: "servers",
                value: servers as f64,
                rule: "must be at most 1,000,000",
            });
        }
        let mut queue = Self {
            batch_rate,
            service_rate,
            servers,
            sizes,
            levels: vec![1.0],
            p_wait: 0.0,
            p_wait_first: 0.0,
            ready_mean: 0.0,
        };
        queue.solve();
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
    /// The balance of the square of the waiting, Q²: 2 (cμ − λE\[X\]) Lq = λ E\[X²\] P(N ≥ c) + λ Σₙ pₙ E\[((X − c + n)⁺)²\] +
    /// cμ P(N > c), over n < c; that of Q gives P(N > c). No difference of like numbers is in it.
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
        (self.ready_mean + self.p_wait_first) / self.capacity()
    }

    /// Mean time of a message from arrival to the end of service: mean wait + 1 / μ.
    pub fn sojourn_mean(&self) -> f64 {
        self.wait_mean() + 1.0 / self.service_rate
    }

    /// P(N = 0): nobody is in the system.
    pub fn p_empty(&self) -> f64 {
        self.levels[0]
    }

    /// The least n with P(N ≤ n) ≥ `p`, N the number in the system at any time; infinite for 1.
    ///
    /// Costs as many steps as its answer, times the largest batch.
    ///
    /// # Panics
    /// Unless 0 ≤ `p` ≤ 1.
    pub fn total_quantile(&self, p: f64) -> f64 {
        assert!((0.0..=1.0).contains(&p), "{p} is not a probability");
        if p >= 1.0 {
            return f64::INFINITY;
        }
        let mut levels = self.levels.clone();
        let mut reached = 0.0;
        for n in 0.. {
            if n == levels.len() {
                levels.push(self.next_level(&levels));
            }
            let before = reached;
            reached += levels[n];
            // Beyond the last digit of a sum there is nothing to wait for.
            let is_spent = before > 0.5 && reached <= before;
            if reached >= p || is_spent {
                return n as f64;
            }
        }
        unreachable!("the levels add up to 1")
    }

    fn solve(&mut self) {
        let servers = self.servers as usize;
        while self.levels.len() <= servers {
            let next = self.next_level(&self.levels);
            self.levels.push(next);
            if next > LARGE {
                self.levels.iter_mut().for_each(|level| *level /= LARGE);
            }
        }
        let c = self.servers as f64;
        let free: f64 = (0..servers)
            .map(|n| (servers - n) as f64 * self.levels[n])
            .sum();
        let scale = (c - self.offered_load()) / free;
        self.levels.iter_mut().for_each(|level| *level *= scale);

        // Of a batch that comes when n < c are there, its waiting messages and the square of their number.
        let (mut first, mut square) = (0.0, 0.0);
        for (n, level) in self.levels[..servers].iter().enumerate() {
            let (over, over_squared) = self.sizes.over(servers - n);
            first += level * over;
            square += level * over_squared;
        }
        let (rate, capacity) = (self.batch_rate, self.capacity());
        let surplus = capacity - self.arrival_rate();
        let all_busy = (capacity * self.levels[servers] + rate * first) / surplus;
        let line = (rate * self.sizes.mean() * all_busy + rate * first) / capacity;
        let (_, batch_squared) = self.sizes.over(0);
        self.ready_mean =
            (rate * (batch_squared * all_busy + square) + capacity * line) / surplus / 2.0;
        self.p_wait_first = all_busy;
        self.p_wait = all_busy + first / self.sizes.mean();
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

    fn capacity(&self) -> f64 {
        self.servers as f64 * self.service_rate
    }
}

/// The law of the batches.
#[derive(Clone, Debug, PartialEq)]
struct Sizes {
    /// P(X > m), from m = 0 on.
    exceeds: Vec<f64>,
    /// E\[(X − m)⁺\] and E\[((X − m)⁺)²\].
    over: Vec<(f64, f64)>,
}

impl Sizes {
    fn new(probabilities: &[f64]) -> Result<Self, ModelError> {
        let sum: f64 = probabilities.iter().sum();
        let are_probabilities = probabilities.iter().all(|p| (0.0..=1.0).contains(p));
        if !(are_probabilities && (sum - 1.0).abs() < 1e-9) {
            return Err(ModelError::Parameter {
                name: "sum of batch probabilities",
                value: sum,
                rule: "must be 1, and none of them negative",
            });
        }
        let largest = probabilities.len();
        let mut exceeds = vec![0.0; largest];
        let mut over = vec![(0.0, 0.0); largest + 1];
        let mut tail = 0.0;
        for m in (0..largest).rev() {
            tail += probabilities[m] / sum;
            exceeds[m] = tail;
            let (first, square) = over[m + 1];
            over[m] = (first + tail, square + 2.0 * first + tail);
        }
        Ok(Self { exceeds, over })
    }

    fn mean(&self) -> f64 {
        self.over[0].0
    }

    fn over(&self, m: usize) -> (f64, f64) {
        self.over.get(m).copied().unwrap_or((0.0, 0.0))
    }
}

/// M^X/G/1: batches and service by their moments, one server.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BatchMg1 {
    batch_rate: f64,
    batch_mean: f64,
    batch_second: f64,
    service: Moments,
}

impl BatchMg1 {
    /// `batch_rate` batches per second, mean and second moment of their sizes, and the time to serve one message.
    ///
    /// # Errors
    /// Where a rate is not a positive number, where no batch has such moments, and where one server is too few.
    pub fn new(
        batch_rate: f64,
        batch_mean: f64,
        batch_second: f64,
        service: Moments,
    ) -> Result<Self, ModelError> {
        ModelError::unless_rates(batch_rate, 1.0)?;
        // The square of the mean is a product that may be rounded up.
        let least = batch_mean * batch_mean * (1.0 - 4.0 * f64::EPSILON);
        if !(batch_mean >= 1.0 && batch_mean.is_finite() && batch_second >= least) {
            return Err(ModelError::Parameter {
                name: "mean batch",
                value: batch_mean,
                rule: "must be at least 1, and its square at most the second moment",
            });
        }
        unless_stable(batch_rate * batch_mean * service.mean(), 1)?;
        Ok(Self {
            batch_rate,
            batch_mean,
            batch_second,
            service,
        })
    }

    /// ρ, the share of time the server is busy.
    pub fn utilisation(&self) -> f64 {
        self.batch_rate * self.batch_mean * self.service.mean()
    }

    /// Mean wait of the first message of a batch: that of M/G/1 whose service is a whole batch's, E\[B\] = E\[X\] E\[S\],
    /// E\[B²\] = E\[X\] E\[S²\] + E\[X (X − 1)\] E\[S\]² (Burke 1975, Operations Research 23).
    pub fn wait_mean_of_first(&self) -> f64 {
        let mean = self.service.mean();
        let second = self.batch_mean * self.service.second() + self.pairs() * mean * mean;
        let load = self.utilisation();
        self.batch_rate * second / (2.0 * (1.0 - load))
    }

    /// Mean wait of a message: that of the first of its batch, and for those before it in the batch,
    /// E\[X (X − 1)\] E\[S\] / (2 E\[X\]) (Burke 1975).
    pub fn wait_mean(&self) -> f64 {
        let before = self.pairs() / (2.0 * self.batch_mean);
        self.wait_mean_of_first() + before * self.service.mean()
    }

    /// Mean time of a message from arrival to the end of service: mean wait + E\[S\].
    pub fn sojourn_mean(&self) -> f64 {
        self.wait_mean() + self.service.mean()
    }

    /// Mean number that wait, Lq = λE\[X\] · mean wait.
    pub fn ready_mean(&self) -> f64 {
        self.batch_rate * self.batch_mean * self.wait_mean()
    }

    /// Mean number in the system, L = Lq + ρ.
    pub fn total_mean(&self) -> f64 {
        self.ready_mean() + self.utilisation()
    }

    /// E\[X (X − 1)\].
    fn pairs(&self) -> f64 {
        (self.batch_second - self.batch_mean).max(0.0)
    }
}

#[cfg(test)]
mod tests;
