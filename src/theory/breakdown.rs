//! One server that breaks down and is repaired.

use super::error::{ModelError, check_arrival_rate, check_positive, check_stable};
use super::moments::{Moments, wait_mean_mg1};

/// When a server can fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failing {
    /// At any time that it is up, busy or idle.
    Always,
    /// Only while it serves.
    WhileBusy,
}

/// M/G/1 whose server fails after an exponential time, takes a repair of any law, and then goes on with the message
/// where it stopped.
///
/// To its message, a service with all its repairs is one *completion time* C, E\[C\] = E\[S\] (1 + ξ E\[R\]), E\[C²\]
/// = E\[S²\] (1 + ξ E\[R\])² + ξ E\[S\] E\[R²\], ξ the failure rate (Gaver 1962, Journal of the Royal Statistical
/// Society B 24). Where service is exponential, it makes no difference whether service goes on or begins anew with a
/// new draw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BreakdownMg1 {
    arrival_rate: f64,
    failure_rate: f64,
    repair: Moments,
    failing: Failing,
    completion: Moments,
}

impl BreakdownMg1 {
    /// `arrival_rate` per second, `service` without repairs; `failure_rate` per second of up time (or of service), and
    /// the time of a `repair`.
    ///
    /// # Errors
    /// Where a rate is not a positive number, and where λE\[C\] ≥ 1.
    pub fn new(
        arrival_rate: f64,
        service: Moments,
        failure_rate: f64,
        repair: Moments,
        failing: Failing,
    ) -> Result<Self, ModelError> {
        check_arrival_rate(arrival_rate)?;
        check_positive("failure_rate", failure_rate)?;
        let longer = 1.0 + failure_rate * repair.mean();
        let completion = Moments::new(
            service.mean() * longer,
            service.second() * longer * longer + failure_rate * service.mean() * repair.second(),
        )?;
        check_stable(arrival_rate * completion.mean(), 1)?;
        Ok(Self {
            arrival_rate,
            failure_rate,
            repair,
            failing,
            completion,
        })
    }

    /// 1 / (1 + ξE\[R\]): of the time it serves and of its repairs, the share that the server is up; and of all time,
    /// where it can always fail.
    pub fn availability(&self) -> f64 {
        1.0 / (1.0 + self.failure_rate * self.repair.mean())
    }

    /// a = λE\[S\], in Erlang: the share of time the server works.
    pub fn offered_load(&self) -> f64 {
        self.utilisation() * self.availability()
    }

    /// λE\[C\]: the share of time the server has a message in hand, whether it works on it or is repaired; and, where
    /// it can always fail, of the time that it is up, the share in which it works.
    pub fn utilisation(&self) -> f64 {
        self.arrival_rate * self.completion.mean()
    }

    /// Mean wait before service begins: that of M/G/1 whose service is C, and, where an idle server can be down, what
    /// is left of a repair, ξ E\[R²\] / (2 (1 + ξE\[R\])) (Avi-Itzhak & Naor 1963, Operations Research 11; it follows
    /// from the decomposition of Fuhrmann & Cooper 1985, Operations Research 33).
    pub fn wait_mean(&self) -> f64 {
        let found_down = match self.failing {
            Failing::Always => self.failure_rate * self.repair.second() / 2.0 * self.availability(),
            Failing::WhileBusy => 0.0,
        };
        wait_mean_mg1(self.arrival_rate, self.completion) + found_down
    }

    /// Mean time from arrival to the end of service: mean wait + E\[C\].
    pub fn sojourn_mean(&self) -> f64 {
        self.wait_mean() + self.completion.mean()
    }

    /// Mean number whose service has not begun, Lq = λ · mean wait.
    pub fn ready_mean(&self) -> f64 {
        self.arrival_rate * self.wait_mean()
    }

    /// Mean number in the system, L = λ · mean sojourn.
    pub fn total_mean(&self) -> f64 {
        self.arrival_rate * self.sojourn_mean()
    }

    /// Share of time that nobody is there and the server is up.
    pub fn p_up_and_empty(&self) -> f64 {
        let empty = 1.0 - self.utilisation();
        match self.failing {
            Failing::Always => empty * self.availability(),
            Failing::WhileBusy => empty,
        }
    }

    /// Share of time that nobody is there and the server is down: 0 where it fails only while it serves.
    ///
    /// `p_arrival_in_repair` is the probability that a message comes within a repair, 1 − E\[exp(−λR)\]: λ / (λ + η)
    /// where repairs are exponential with rate η. Failures of an idle server come at ξ · P(up and empty), and each
    /// brings that probability / λ of empty time.
    pub fn p_down_and_empty(&self, p_arrival_in_repair: f64) -> f64 {
        match self.failing {
            Failing::Always => {
                self.failure_rate * self.p_up_and_empty() * p_arrival_in_repair / self.arrival_rate
            }
            Failing::WhileBusy => 0.0,
        }
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

    #[test]
    fn a_server_that_can_fail_at_any_time_makes_also_the_first_wait() {
        // Name, λ, ξ, η; then availability, ρ, L, W, P(up and empty) and P(down and empty)
        let cases = [
            (
                ("breakdown-mm1-0.3-0.1-0.2", 0.3, 0.1, 0.2),
                [
                    0.6666666666666666,
                    0.45,
                    1.727272727272727,
                    5.757575757575757,
                    0.36666666666666664,
                    0.0733333333333335,
                ],
            ),
            (
                ("breakdown-mm1-0.8-0.001-0.02", 0.8, 0.001, 0.02),
                [
                    0.9523809523809523,
                    0.8400000000000001,
                    17.154761904761916,
                    21.443452380952394,
                    0.15238095238095115,
                    0.0001858304297329336,
                ],
            ),
        ];
        for ((name, rate, fail, repair), expected) in cases {
            let queue = BreakdownMg1::new(
                rate,
                exponential(1.0),
                fail,
                exponential(repair),
                Failing::Always,
            )
            .expect("the references are stable");
            let values = [
                queue.availability(),
                queue.utilisation(),
                queue.total_mean(),
                queue.sojourn_mean(),
                queue.p_up_and_empty(),
                queue.p_down_and_empty(rate / (rate + repair)),
            ];
            for (value, expected) in values.into_iter().zip(expected) {
                assert_close(value, expected, 1e-9, name);
            }
        }
    }

    #[test]
    fn one_that_fails_only_at_work_is_a_queue_of_completion_times() {
        // breakdown-busyonly-0.6-1-10
        let queue = BreakdownMg1::new(
            0.6,
            exponential(1.0),
            1.0,
            exponential(10.0),
            Failing::WhileBusy,
        )
        .expect("it is stable");
        for (value, expected, what) in [
            (queue.utilisation(), 0.66, "ρ"),
            (queue.wait_mean(), 2.1529411764705886, "Wq"),
            (queue.sojourn_mean(), 3.2529411764705887, "W"),
            (queue.total_mean(), 1.951764705882353, "L"),
            (queue.p_up_and_empty(), 0.34, "P(empty)"),
        ] {
            assert_close(value, expected, 1e-9, what);
        }
        assert_close(queue.p_down_and_empty(0.5), 0.0, 0.0, "never idle and down");
    }

    #[test]
    fn repairs_that_take_all_the_time_there_is_are_refused() {
        let hopeless = BreakdownMg1::new(
            0.8,
            exponential(1.0),
            1.0,
            exponential(4.0),
            Failing::Always,
        );
        assert!(matches!(
            hopeless,
            Err(ModelError::Unstable { least: 2, .. })
        ));
        let never = BreakdownMg1::new(
            0.8,
            exponential(1.0),
            0.0,
            exponential(4.0),
            Failing::Always,
        );
        assert!(never.is_err());
    }
}
