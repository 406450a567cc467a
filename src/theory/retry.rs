//! Messages whose service can fail, and which then come back.

use super::error::{ModelError, check_any, check_rates};
use super::mmc::Mmc;

/// M/M/c with retries, or Bernoulli feedback: each attempt fails with the same probability and goes back to the end of
/// the line, at once or after a back-off, until it succeeds or has been tried as often as allowed. Arrivals are
/// Poisson, and the service of each attempt is a new exponential draw.
///
/// What comes back is not Poisson, and yet the line is that of an M/M/c at the rate of all attempts (Jackson 1957,
/// Operations Research 5; with a limit and back-offs: Baskett, Chandy, Muntz & Palacios 1975, Journal of the ACM 22).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RetryMmc {
    arrival_rate: f64,
    attempts: f64,
    dead_share: f64,
    backoff_mean: f64,
    line: Mmc,
}

impl RetryMmc {
    /// `arrival_rate` of messages and `service_rate` of one server, per second; `p_fail` of one attempt; the most
    /// attempts for a message, where there is a limit; and the mean time between two of its attempts, in seconds, by
    /// any law.
    ///
    /// # Errors
    /// Where a rate is not a positive number, where `p_fail` is no probability, or 1 without a limit, where the
    /// back-off is no time, and where λ · attempts ≥ cμ.
    pub fn new(
        arrival_rate: f64,
        service_rate: f64,
        servers: u64,
        p_fail: f64,
        attempts_most: Option<u64>,
        backoff_mean: f64,
    ) -> Result<Self, ModelError> {
        check_rates(arrival_rate, service_rate)?;
        if !(backoff_mean >= 0.0 && backoff_mean.is_finite()) {
            return Err(ModelError::parameter(
                "backoff_mean",
                backoff_mean,
                "must be at least 0",
            ));
        }
        let (attempts, dead_share) = attempts(p_fail, attempts_most)?;
        Ok(Self {
            arrival_rate,
            attempts,
            dead_share,
            backoff_mean,
            line: Mmc::new(arrival_rate * attempts, service_rate, servers)?,
        })
    }

    /// Mean attempts of a message: (1 − pᵏ) / (1 − p), k the most; 1 / (1 − p) without a limit.
    pub fn attempts_mean(&self) -> f64 {
        self.attempts
    }

    /// Attempts per second: λ · mean attempts.
    pub fn attempt_rate(&self) -> f64 {
        self.arrival_rate * self.attempts
    }

    /// Messages per second that are given up: λ pᵏ.
    pub fn dead_letter_rate(&self) -> f64 {
        self.arrival_rate * self.dead_share
    }

    /// Messages per second that succeed: λ (1 − pᵏ).
    pub fn throughput(&self) -> f64 {
        self.arrival_rate * (1.0 - self.dead_share)
    }

    /// The line of all attempts, as each of them sees it.
    pub fn line(&self) -> &Mmc {
        &self.line
    }

    /// ρ of the line of all attempts, the share of time a server is busy.
    pub fn utilisation(&self) -> f64 {
        self.line.utilisation()
    }

    /// Mean number that wait in the line, Lq: who backs off is not in it.
    pub fn ready_mean(&self) -> f64 {
        self.line.ready_mean()
    }

    /// Mean number in the line or in service, L: who backs off is not in it.
    pub fn total_mean(&self) -> f64 {
        self.line.total_mean()
    }

    /// Mean time of one attempt, from when it joins the line to its end.
    pub fn visit_mean(&self) -> f64 {
        self.line.sojourn_mean()
    }

    /// Mean time from a message's arrival to the end of its last attempt: attempts · visit + (attempts − 1) · back-off.
    pub fn sojourn_mean(&self) -> f64 {
        self.attempts * self.visit_mean() + (self.attempts - 1.0) * self.backoff_mean
    }
}

/// Mean attempts of a message, and the share of messages that never succeed.
fn attempts(p_fail: f64, most: Option<u64>) -> Result<(f64, f64), ModelError> {
    if !(0.0..=1.0).contains(&p_fail) || (most.is_none() && p_fail >= 1.0) {
        return Err(ModelError::parameter(
            "p_fail",
            p_fail,
            "must be 0 to 1, and less without a limit of attempts",
        ));
    }
    let success = 1.0 - p_fail;
    let Some(most) = most else {
        return Ok((1.0 / success, 0.0));
    };
    check_any("attempts_most", most)?;
    let most = most as f64;
    if success <= 0.0 {
        return Ok((most, 1.0));
    }
    // ln pᵏ, by what is small where p is near 1.
    let log_dead = most * (-success).ln_1p();
    Ok((-log_dead.exp_m1() / success, log_dead.exp()))
}

#[cfg(test)]
mod tests {
    //! Reference values, computed by independent means. The names of the cases are theirs.

    use super::*;
    use crate::theory::tests::assert_close;

    #[test]
    fn retries_make_a_load_of_their_own() {
        // retry-p0.2-k5-c12-l8
        let queue = RetryMmc::new(8.0, 1.0, 12, 0.2, Some(5), 0.0).expect("it is stable");
        for (value, expected, what) in [
            (queue.attempts_mean(), 1.2496, "attempts"),
            (queue.attempt_rate(), 9.9968, "rate"),
            (queue.utilisation(), 0.8330666666666667, "ρ"),
            (
                queue.dead_letter_rate(),
                0.0025600000000000006,
                "dead letters",
            ),
            (queue.total_mean(), 12.23602445780615, "L"),
            (queue.ready_mean(), 2.2392244578061504, "Lq"),
            (queue.visit_mean(), 1.2239941239002632, "W of a visit"),
            (queue.sojourn_mean(), 1.5295030572257688, "W of a message"),
            (queue.throughput(), 8.0 - 0.00256, "throughput"),
        ] {
            assert_close(value, expected, 1e-9, what);
        }
        let patient = RetryMmc::new(8.0, 1.0, 12, 0.2, Some(5), 100.0).expect("it is stable");
        let longer = patient.sojourn_mean() - queue.sojourn_mean();
        assert_close(longer, 24.96, 1e-9, "back-offs");
    }

    #[test]
    fn what_is_stable_without_retries_may_not_be_with_them() {
        // retry-p0.2-kNone-c1-l0.85: 0.85 Erlang of first attempts, 1.0625 of all
        assert!(Mmc::new(0.85, 1.0, 1).is_ok());
        let Err(ModelError::Unstable { offered_load, .. }) =
            RetryMmc::new(0.85, 1.0, 1, 0.2, None, 0.0)
        else {
            panic!("it is unstable")
        };
        assert_close(offered_load, 1.0625, 1e-9, "load of all attempts");
    }

    #[test]
    fn attempts_are_counted_at_the_edges_too() {
        for (p, most, expected) in [
            (0.0, None, 1.0),
            (0.5, None, 2.0),
            (1.0, Some(7), 7.0),
            (1.0 - 1e-15, Some(7), 7.0),
            (0.5, Some(u64::MAX), 2.0),
        ] {
            let (mean, _) = attempts(p, most).expect("it ends");
            assert_close(mean, expected, 1e-12, "attempts");
        }
        for (p, most) in [
            (1.0, None),
            (-0.1, None),
            (f64::NAN, Some(2)),
            (0.5, Some(0)),
        ] {
            assert!(attempts(p, most).is_err(), "{p} {most:?}");
        }
    }
}
