//! Work that is split into branches and is done when the last of them is.

use super::error::{ModelError, check_any, check_rates, check_stable};
use super::moments::{Moments, wait_mean_mg1};

/// Harmonic numbers are summed up to here, and beyond it their series is exact to the last digit.
const SUMMED: u64 = 1_000;
/// γ, Euler's constant.
const EULER: f64 = 0.577_215_664_901_532_9;

/// Fork–join: each message sends one task to each of N branches, and each branch is an M/M/1 of its own; the message is
/// done when all of its tasks are. Arrivals are Poisson, service exponential with one rate.
///
/// Exact for one and two branches; for more, an approximation within about 5 % of simulation up to 32 branches (Nelson
/// & Tantawi 1988, IEEE Transactions on Computers 37), with true bounds beside it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ForkJoin {
    arrival_rate: f64,
    service_rate: f64,
    branches: u64,
}

impl ForkJoin {
    /// `arrival_rate` of messages and `service_rate` of each branch, per second.
    ///
    /// # Errors
    /// Where a rate is not a positive number, where there is no branch, and where λ ≥ μ.
    pub fn new(arrival_rate: f64, service_rate: f64, branches: u64) -> Result<Self, ModelError> {
        check_rates(arrival_rate, service_rate)?;
        check_any("branches", branches)?;
        check_stable(arrival_rate / service_rate, 1)?;
        Ok(Self {
            arrival_rate,
            service_rate,
            branches,
        })
    }

    /// ρ = λ / μ, the share of time a branch is busy.
    pub fn utilisation(&self) -> f64 {
        self.arrival_rate / self.service_rate
    }

    /// Whether [`ForkJoin::sojourn_mean`] is exact: with one or two branches.
    pub fn is_exact(&self) -> bool {
        self.branches <= 2
    }

    /// Mean time from a message's arrival to the end of its last task.
    ///
    /// With two branches (12 − ρ) / 8 / (μ − λ) (Flatto & Hahn 1984, SIAM Journal on Applied Mathematics 44; Nelson &
    /// Tantawi 1988), with N about (h + 4/11 (1 − h) ρ) of that, h = H_N / H₂, H the harmonic numbers.
    pub fn sojourn_mean(&self) -> f64 {
        match self.branches {
            1 => self.branch_sojourn_mean(),
            2 => self.sojourn_of_two(),
            _ => {
                let ratio = harmonic(self.branches) / 1.5;
                let scaled = ratio + 4.0 / 11.0 * (1.0 - ratio) * self.utilisation();
                scaled * self.sojourn_of_two()
            }
        }
    }

    /// The mean sojourn is at least that of two branches, and at least the longest of N services, H_N / μ.
    pub fn sojourn_mean_least(&self) -> f64 {
        match self.branches {
            1 => self.branch_sojourn_mean(),
            _ => self.sojourn_of_two().max(self.longest_service_mean()),
        }
    }

    /// The mean sojourn is at most that of N branches with arrivals of their own, H_N / (μ − λ): what they share makes
    /// their ends come together (Nelson & Tantawi 1988).
    pub fn sojourn_mean_most(&self) -> f64 {
        harmonic(self.branches) * self.branch_sojourn_mean()
    }

    /// Mean of the longest of a message's N services, if nobody had to wait: H_N / μ.
    pub fn longest_service_mean(&self) -> f64 {
        harmonic(self.branches) / self.service_rate
    }

    /// Mean sojourn of a task in its own branch, M/M/1: 1 / (μ − λ).
    pub fn branch_sojourn_mean(&self) -> f64 {
        1.0 / (self.service_rate - self.arrival_rate)
    }

    fn sojourn_of_two(&self) -> f64 {
        (12.0 - self.utilisation()) / 8.0 * self.branch_sojourn_mean()
    }
}

/// Split–merge: as [`ForkJoin`], but no branch begins with the next message before all are done with this one. So it is
/// an M/G/1 whose service is the longest of N exponential times, with mean H_N / μ and variance Σ 1 / (kμ)².
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SplitMerge {
    arrival_rate: f64,
    service: Moments,
}

impl SplitMerge {
    /// `arrival_rate` of messages and `service_rate` of each branch, per second.
    ///
    /// # Errors
    /// Where a rate is not a positive number, where there is no branch, and where λ ≥ μ / H_N.
    pub fn new(arrival_rate: f64, service_rate: f64, branches: u64) -> Result<Self, ModelError> {
        check_rates(arrival_rate, service_rate)?;
        check_any("branches", branches)?;
        let mean = harmonic(branches) / service_rate;
        let variance = harmonic_of_squares(branches) / service_rate / service_rate;
        let service = Moments::new(mean, mean * mean + variance)?;
        check_stable(arrival_rate * mean, 1)?;
        Ok(Self {
            arrival_rate,
            service,
        })
    }

    /// ρ = λ H_N / μ, the share of time that a message is being served.
    pub fn utilisation(&self) -> f64 {
        self.arrival_rate * self.service.mean()
    }

    /// Mean wait before the branches begin (Pollaczek–Khinchine).
    pub fn wait_mean(&self) -> f64 {
        wait_mean_mg1(self.arrival_rate, self.service)
    }

    /// Mean time from arrival to the end of the last task: mean wait + H_N / μ.
    pub fn sojourn_mean(&self) -> f64 {
        self.wait_mean() + self.service.mean()
    }
}

/// H_n = Σ 1/k.
fn harmonic(n: u64) -> f64 {
    if n <= SUMMED {
        return (1..=n).rev().map(|k| 1.0 / k as f64).sum();
    }
    let n = n as f64;
    n.ln() + EULER + 1.0 / (2.0 * n) - 1.0 / (12.0 * n * n)
}

/// Σ 1/k².
fn harmonic_of_squares(n: u64) -> f64 {
    if n <= SUMMED {
        return (1..=n).rev().map(|k| 1.0 / (k * k) as f64).sum();
    }
    let n = n as f64;
    let rest = 1.0 / n - 1.0 / (2.0 * n * n) + 1.0 / (6.0 * n * n * n);
    std::f64::consts::PI * std::f64::consts::PI / 6.0 - rest
}

#[cfg(test)]
mod tests {
    //! Reference values, computed by independent means. The names of the cases are theirs.

    use super::*;
    use crate::theory::tests::assert_close;

    fn fork_join(rate: f64, branches: u64) -> ForkJoin {
        ForkJoin::new(rate, 1.0, branches).expect("the references are stable")
    }

    #[test]
    fn two_branches_have_an_exact_mean() {
        // forkjoin2-0.6
        let pair = fork_join(0.6, 2);
        assert_close(pair.sojourn_mean(), 3.5625, 1e-10, "R");
        assert!(pair.is_exact() && fork_join(0.6, 1).is_exact());
        assert_close(fork_join(0.6, 1).sojourn_mean(), 2.5, 1e-12, "M/M/1");
    }

    #[test]
    fn more_branches_have_an_approximation_between_bounds() {
        // Name, λ, N; then the approximation, the longest service and the upper bound
        let cases = [
            (
                ("forkjoinNT-3-0.3", 0.3, 3),
                [2.502922077922078, 1.8333333333333333, 2.619047619047619],
            ),
            (
                ("forkjoinNT-5-0.6", 0.6, 5),
                [5.0170075757575745, 2.283333333333333, 5.708333333333333],
            ),
            (
                ("forkjoinNT-3-0.9", 0.9, 3),
                [15.949242424242426, 1.8333333333333333, 18.333333333333336],
            ),
            (
                ("forkjoinNT-10-0.9", 0.9, 10),
                [22.767079725829728, 2.9289682539682538, 29.289682539682545],
            ),
        ];
        for ((name, rate, branches), expected) in cases {
            let queue = fork_join(rate, branches);
            let values = [
                queue.sojourn_mean(),
                queue.longest_service_mean(),
                queue.sojourn_mean_most(),
            ];
            for (value, expected) in values.into_iter().zip(expected) {
                assert_close(value, expected, 1e-10, name);
            }
            assert!(!queue.is_exact());
            assert!(queue.sojourn_mean_least() >= queue.longest_service_mean());
            assert!(queue.sojourn_mean_least() <= queue.sojourn_mean());
        }
    }

    #[test]
    fn who_waits_for_all_branches_before_the_next_message_can_do_less() {
        // splitmerge-10-0.2
        let queue = SplitMerge::new(0.2, 1.0, 10).expect("it is stable");
        assert_close(queue.utilisation(), 0.5857936507936508, 1e-10, "ρ");
        assert_close(queue.sojourn_mean(), 5.374276681356582, 1e-10, "W");
        assert!(SplitMerge::new(0.4, 1.0, 10).is_err());
    }

    #[test]
    fn sums_and_series_of_harmonic_numbers_meet() {
        for (sum, next, step) in [
            (harmonic(SUMMED), harmonic(SUMMED + 1), 1.0 / 1001.0),
            (
                harmonic_of_squares(SUMMED),
                harmonic_of_squares(SUMMED + 1),
                1.0 / 1001.0 / 1001.0,
            ),
        ] {
            assert_close(next, sum + step, 1e-14, "H");
        }
        assert!(harmonic(u64::MAX).is_finite());
    }

    #[test]
    fn what_is_no_fork_is_refused() {
        assert!(ForkJoin::new(0.5, 1.0, 0).is_err());
        assert!(ForkJoin::new(1.0, 1.0, 2).is_err());
        assert!(SplitMerge::new(0.5, 0.0, 2).is_err());
    }
}
