//! One server that does not stand ready when it has nothing to do: it is switched off, or goes away.

use super::error::{ModelError, check_any, check_arrival_rate, check_stable};
use super::moments::{Moments, wait_mean_mg1};

/// M/G/1 whose server is switched off when nobody is left, and on again when N messages wait, which takes a set-up
/// time; then it serves until nobody is left.
///
/// N = 1 is a cold start; without a set-up time it is the N-policy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SwitchedMg1 {
    arrival_rate: f64,
    service: Moments,
    threshold: u64,
    setup: Option<Moments>,
}

impl SwitchedMg1 {
    /// `arrival_rate` per second; the server starts when `threshold` messages wait, and a start takes `setup`, or no
    /// time at all.
    ///
    /// # Errors
    /// Where the rate is not a positive number, where the threshold is 0, and where the load is 1 or more.
    pub fn new(
        arrival_rate: f64,
        service: Moments,
        threshold: u64,
        setup: Option<Moments>,
    ) -> Result<Self, ModelError> {
        check_arrival_rate(arrival_rate)?;
        check_any("threshold", threshold)?;
        check_stable(arrival_rate * service.mean(), 1)?;
        Ok(Self {
            arrival_rate,
            service,
            threshold,
            setup,
        })
    }

    /// ρ, the share of time the server serves.
    pub fn utilisation(&self) -> f64 {
        self.arrival_rate * self.service.mean()
    }

    /// Mean wait before service: that of M/G/1, and E\[Q (Q − 1)\] / (2 λ E\[Q\]) for the Q messages that are there
    /// when serving begins, N and the arrivals of a set-up time (Fuhrmann & Cooper 1985, Operations Research 33;
    /// without set-up (N − 1) / (2λ): Yadin & Naor 1963, Operational Research Quarterly 14; for N = 1: Welch 1964,
    /// Operations Research 12).
    pub fn wait_mean(&self) -> f64 {
        let (rate, threshold) = (self.arrival_rate, self.threshold as f64);
        let (mean, second) = self
            .setup
            .map_or((0.0, 0.0), |setup| (setup.mean(), setup.second()));
        // Pairs of messages in shares of λ: of those awaited, of one of them and one that comes later, of two that do.
        let pairs = threshold * (threshold - 1.0) / rate + 2.0 * threshold * mean + rate * second;
        wait_mean_mg1(rate, self.service) + pairs / (2.0 * (threshold + rate * mean))
    }

    /// Mean time from arrival to the end of service: mean wait + mean service.
    pub fn sojourn_mean(&self) -> f64 {
        self.wait_mean() + self.service.mean()
    }

    /// Mean number that wait, Lq = λ · mean wait.
    pub fn ready_mean(&self) -> f64 {
        self.arrival_rate * self.wait_mean()
    }

    /// Mean number in the system, L = Lq + ρ.
    pub fn total_mean(&self) -> f64 {
        self.ready_mean() + self.utilisation()
    }

    /// Starts per second: (1 − ρ) λ / (N + λ · mean set-up), one in each cycle of idling and serving.
    pub fn start_rate(&self) -> f64 {
        let setup = self.setup.map_or(0.0, Moments::mean);
        let idle = self.threshold as f64 / self.arrival_rate + setup;
        (1.0 - self.utilisation()) / idle
    }
}

/// M/G/1 whose server goes away for a *vacation* when nobody is left, and for another one when it comes back and finds
/// nobody: one that polls every so often, or does other work.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VacationMg1 {
    arrival_rate: f64,
    service: Moments,
    vacation: Moments,
}

impl VacationMg1 {
    /// `arrival_rate` per second, the time of a service and of a vacation.
    ///
    /// # Errors
    /// Where the rate is not a positive number, and where the load is 1 or more.
    pub fn new(arrival_rate: f64, service: Moments, vacation: Moments) -> Result<Self, ModelError> {
        check_arrival_rate(arrival_rate)?;
        check_stable(arrival_rate * service.mean(), 1)?;
        Ok(Self {
            arrival_rate,
            service,
            vacation,
        })
    }

    /// ρ, the share of time the server serves.
    pub fn utilisation(&self) -> f64 {
        self.arrival_rate * self.service.mean()
    }

    /// Mean wait before service: that of M/G/1, and what is left of a vacation, E\[V²\] / (2 E\[V\]) (Levy & Yechiali
    /// 1975, Management Science 22).
    pub fn wait_mean(&self) -> f64 {
        wait_mean_mg1(self.arrival_rate, self.service) + self.vacation.residual()
    }

    /// Mean time from arrival to the end of service: mean wait + mean service.
    pub fn sojourn_mean(&self) -> f64 {
        self.wait_mean() + self.service.mean()
    }

    /// Mean number that wait, Lq = λ · mean wait.
    pub fn ready_mean(&self) -> f64 {
        self.arrival_rate * self.wait_mean()
    }

    /// Mean number in the system, L = Lq + ρ.
    pub fn total_mean(&self) -> f64 {
        self.ready_mean() + self.utilisation()
    }
}

#[cfg(test)]
mod tests {
    //! Reference values, computed by independent means. The names of the cases are theirs.

    use super::*;
    use crate::theory::tests::assert_close;

    fn exponential(rate: f64) -> Moments {
        Moments::exponential(rate).expect("a law")
    }

    fn switched(rate: f64, threshold: u64, setup: Option<Moments>) -> SwitchedMg1 {
        SwitchedMg1::new(rate, exponential(1.0), threshold, setup).expect("it is stable")
    }

    #[test]
    fn a_cold_start_costs_a_set_up_time() {
        // setup-mm1-0.8-1.0
        let queue = switched(0.8, 1, Some(exponential(1.0)));
        assert_close(queue.sojourn_mean(), 6.000000000000001, 1e-10, "W");
        assert_close(queue.total_mean(), 4.800000000000001, 1e-10, "L");
    }

    #[test]
    fn who_waits_for_company_waits_longer() {
        // npolicy-0.5-2
        let queue = switched(0.5, 2, None);
        assert_close(queue.wait_mean(), 2.0, 1e-10, "Wq");
        // With ten there are a tenth of the starts: 10 / 0.5 s idle in each cycle.
        assert_close(switched(0.5, 10, None).start_rate(), 0.025, 1e-12, "starts");
    }

    #[test]
    fn a_threshold_and_a_set_up_time_add_up() {
        // By the queue found at the start: 3 and a geometric number of mean 1, E[Q (Q − 1)] = 3·2 + 2·3·1 + 2 = 14,
        // E[Q] = 4.
        let queue = switched(0.5, 3, Some(exponential(0.5)));
        assert_close(
            queue.wait_mean(),
            1.0 + 14.0 / (2.0 * 0.5 * 4.0),
            1e-12,
            "Wq",
        );
    }

    #[test]
    fn a_server_that_looks_every_second_adds_half_a_second() {
        let look = Moments::new(1.0, 1.0).expect("a law");
        let queue = VacationMg1::new(0.5, exponential(1.0), look).expect("it is stable");
        assert_close(queue.wait_mean(), 1.5, 1e-12, "Wq");
        assert_close(queue.total_mean(), 1.25, 1e-12, "L");
    }

    #[test]
    fn what_is_no_server_is_refused() {
        assert!(SwitchedMg1::new(0.5, exponential(1.0), 0, None).is_err());
        assert!(SwitchedMg1::new(1.0, exponential(1.0), 1, None).is_err());
        assert!(VacationMg1::new(-1.0, exponential(1.0), exponential(1.0)).is_err());
    }
}
