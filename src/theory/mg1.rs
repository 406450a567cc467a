//! M/G/1: Poisson arrivals, service times of any law, one server, unlimited room.
//!
//! First come first served, save where a method names another discipline.

mod renewal;

use std::sync::Arc;

use super::error::{ModelError, check_rates, check_stable};
use super::law::Law;
use crate::theory::numerics::root::{bisect, tail_of};
use crate::theory::numerics::tail_table::TailTable;
use renewal::{geometric_tail, sojourn_tail};

/// Cells of the lattice on which a tail is computed: errors are of the order 1 / cells².
const CELLS: usize = 2048;
/// Cells with which a quantile is first looked for.
const ROUGH_CELLS: usize = 128;
/// A law whose squared coefficient of variation is so small is a constant.
const CONSTANT: f64 = 1e-12;
/// Jumps are slopes over a step of a table, which are so far apart at most.
const JUMP: f64 = 1.0 + 4.0 / CELLS as f64;
/// Cells at the end of which a table may not speak.
const SPARE_CELLS: f64 = 2.0;
/// Tables of few cells after which a quantile is where it is: from 1e-16 to 1e100 it is some hundred steps of 8.
const SEARCHES_MAX: u32 = 200;
/// Times of so many mean services and fewer are 0.
const REACH_MIN: f64 = 1e-16;
/// Beyond, cubes of times overflow; a quantile there is as good as infinite.
const REACH_MAX: f64 = 1e100;

/// A stable M/G/1 queue.
#[derive(Clone, Debug)]
pub struct Mg1 {
    arrival_rate: f64,
    service: Arc<dyn Law>,
    /// Of the service time: `E[S]`, `E[S²]`, `E[S³]`.
    moments: [f64; 3],
}

impl Mg1 {
    /// `arrival_rate` per unit of time, and the law of a service time.
    ///
    /// Moments cost nothing; tails and quantiles are computed when they are asked for, some milliseconds each.
    ///
    /// # Errors
    /// Where the rate or the mean service time is not a positive number, and where more arrives than one server can do.
    pub fn new(arrival_rate: f64, service: impl Law + 'static) -> Result<Self, ModelError> {
        let moments = [1, 2, 3].map(|n| service.moment(n));
        check_rates(arrival_rate, moments[0].recip())?;
        check_stable(arrival_rate * moments[0], 1)?;
        Ok(Self {
            arrival_rate,
            service: Arc::new(service),
            moments,
        })
    }

    /// a = λ·`E[S]`, in Erlang.
    pub fn offered_load(&self) -> f64 {
        self.arrival_rate * self.moments[0]
    }

    /// ρ = a, the share of time the server is busy.
    pub fn utilisation(&self) -> f64 {
        self.offered_load()
    }

    /// Probability that an arrival waits at all: ρ, since Poisson arrivals see time averages.
    pub fn p_wait(&self) -> f64 {
        self.utilisation()
    }

    /// Mean wait before service, λ·`E[S²]` / 2(1 − ρ); infinite where `E[S²]` is (Pollaczek 1930; Khinchine 1932;
    /// Gross, Shortle, Thompson & Harris 2008, Fundamentals of Queueing Theory, §5.1).
    pub fn wait_mean(&self) -> f64 {
        self.arrival_rate * self.moments[1] / (2.0 * self.idle())
    }

    /// Variance of the wait, in time squared: λ·`E[S³]` / 3(1 − ρ) + (mean wait)²; infinite where `E[S³]` is (Takács
    /// 1962, Operations Research 10).
    pub fn wait_variance(&self) -> f64 {
        self.arrival_rate * self.moments[2] / (3.0 * self.idle()) + self.wait_mean().powi(2)
    }

    /// P(wait > t), for t ≥ 0, as the tail of a geometric sum that is got by integrating numerically.
    ///
    /// Relative error below 1e-3 for tails down to 1e-9; below, digits fade as those of `E[min(S, x)]` do.
    pub fn wait_exceeds(&self, t: f64) -> f64 {
        if t <= self.reach_min() {
            return self.p_wait();
        }
        if t >= REACH_MAX {
            return self.far_exceeds(t);
        }
        self.wait_tail(t, CELLS).at(t)
    }

    /// The least t with P(wait ≤ t) ≥ `p`: 0 where that many do not wait at all.
    ///
    /// Relative error below 1e-4 for `p` up to 1 − 1e-9, checked with laws from constant ones to lognormal of cv 100
    /// and Pareto of infinite variance, and for ρ up to 0.999.
    ///
    /// # Panics
    /// Unless 0 ≤ `p` ≤ 1.
    pub fn wait_quantile(&self, p: f64) -> f64 {
        let tail = tail_of(p);
        // A share that is the atom's but for rounding does not wait.
        if tail >= self.p_wait() * (1.0 - 1e-15) {
            return 0.0;
        }
        self.quantile(tail, |reach, cells| self.wait_tail(reach, cells))
    }

    /// Mean time from arrival to the end of service.
    pub fn sojourn_mean(&self) -> f64 {
        self.wait_mean() + self.moments[0]
    }

    /// P(sojourn > t), for t ≥ 0. Errors are as those of the wait, save within t / 2000 of a value that service takes
    /// with positive probability: jumps there are slopes here.
    pub fn sojourn_exceeds(&self, t: f64) -> f64 {
        if t <= self.reach_min() {
            return 1.0;
        }
        if t >= REACH_MAX {
            return self.far_exceeds(t);
        }
        self.sojourn_tail(t, CELLS).at(t)
    }

    /// The least t with P(sojourn ≤ t) ≥ `p`, to 5e-4 of itself; to 1e-4 where service takes no value with positive
    /// probability.
    ///
    /// # Panics
    /// Unless 0 ≤ `p` ≤ 1.
    pub fn sojourn_quantile(&self, p: f64) -> f64 {
        let [mean, square, _] = self.moments;
        if square <= mean * mean * (1.0 + CONSTANT) {
            return self.wait_quantile(p) + mean;
        }
        let tail = tail_of(p);
        let found = self.quantile(tail, |reach, cells| self.sojourn_tail(reach, cells));
        // Nobody is gone before the work is done: where a slope of the table stands for a jump, the jump is meant.
        let is_before_a_jump = |t: f64| self.service.exceeds(t) >= tail;
        if !is_before_a_jump(found) || is_before_a_jump(found * JUMP) {
            return found;
        }
        bisect(found, found * JUMP, is_before_a_jump)
    }

    /// Mean number that wait: Lq = λ · mean wait.
    pub fn ready_mean(&self) -> f64 {
        self.arrival_rate * self.wait_mean()
    }

    /// Mean number in the system, waiting or in service: L = Lq + ρ.
    pub fn total_mean(&self) -> f64 {
        self.ready_mean() + self.utilisation()
    }

    /// Variance of the number in the system: as many as arrive during a sojourn, so λ·mean + λ²·variance of the sojourn
    /// (Keilson & Servi 1988, Operations Research Letters 7).
    pub fn total_variance(&self) -> f64 {
        let service_variance = (self.moments[1] - self.moments[0].powi(2)).max(0.0);
        let sojourn_variance = self.wait_variance() + service_variance;
        self.total_mean() + self.arrival_rate.powi(2) * sojourn_variance
    }

    /// Variance of the wait where the last to come is served first and services are not interrupted: the second moment
    /// is that of first come first served, over 1 − ρ (Takács 1963, Bell System Technical Journal 42). The mean is the
    /// same.
    pub fn wait_variance_last_come(&self) -> f64 {
        self.wait_variance_scaled(self.idle().recip())
    }

    /// Variance of the wait where any that waits is served next, all equally likely: the second moment is that of first
    /// come first served, times 2 / (2 − ρ) (the same). The mean is the same.
    pub fn wait_variance_random_order(&self) -> f64 {
        self.wait_variance_scaled(2.0 / (2.0 - self.utilisation()))
    }

    /// Mean sojourn where the server is shared by all that are there, or where the last to come interrupts, and what it
    /// interrupted goes on later: `E[S]` / (1 − ρ) for both, whatever the law (Kleinrock 1976, Queueing Systems II,
    /// §4.4).
    pub fn sojourn_mean_shared(&self) -> f64 {
        self.moments[0] / self.idle()
    }

    fn wait_variance_scaled(&self, factor: f64) -> f64 {
        let square = self.wait_mean().powi(2);
        // Not (variance + square)·factor − square, which is not a number where both are infinite.
        self.wait_variance() * factor + square * (factor - 1.0)
    }

    /// 1 − ρ > 0.
    fn idle(&self) -> f64 {
        1.0 - self.utilisation()
    }

    /// Below, a time is no different from 0.
    fn reach_min(&self) -> f64 {
        self.moments[0] * REACH_MIN
    }

    /// P(wait > t) at the very end of a tail that still has weight there: one service in progress makes the whole wait,
    /// ρ·F̄_e / (1 − ρ) (Embrechts & Veraverbeke 1982, Insurance: Mathematics and Economics 1).
    fn far_exceeds(&self, t: f64) -> f64 {
        let left = 1.0 - self.service.limited_mean(t) / self.moments[0];
        (self.utilisation() / self.idle() * left.max(0.0)).min(self.p_wait())
    }

    /// P(wait > t) up to t = `reach`.
    fn wait_tail(&self, reach: f64, cells: usize) -> TailTable {
        let width = reach / (cells as f64 - SPARE_CELLS);
        geometric_tail(self.service.as_ref(), self.utilisation(), width, cells)
    }

    /// P(sojourn > t) up to t = `reach`.
    fn sojourn_tail(&self, reach: f64, cells: usize) -> TailTable {
        sojourn_tail(&self.wait_tail(reach, cells), self.arrival_rate)
    }

    /// Where a tail falls to `tail`: a table of few cells is stretched or shrunk until the place lies well within it,
    /// then one of many cells says where.
    fn quantile(&self, tail: f64, table: impl Fn(f64, usize) -> TailTable) -> f64 {
        if tail <= 0.0 {
            return f64::INFINITY;
        }
        let mut reach = 8.0 * self.moments[0] / self.idle();
        for _ in 0..SEARCHES_MAX {
            match table(reach, ROUGH_CELLS).quantile(tail) {
                None => reach *= 8.0,
                Some(t) if t < reach / 8.0 && reach > self.reach_min() => {
                    reach = 2.0 * t + reach / 64.0;
                }
                Some(t) => {
                    reach = t + reach / 32.0;
                    break;
                }
            }
        }
        while reach < REACH_MAX {
            if let Some(t) = table(reach, CELLS).quantile(tail) {
                return t;
            }
            reach *= 1.25;
        }
        f64::INFINITY
    }
}
