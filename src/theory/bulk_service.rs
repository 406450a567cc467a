//! Bulk service: a server that takes several messages at once.

use super::error::{ModelError, check_rates, check_stable};

use crate::theory::numerics::root::bisect;

/// More messages in a batch than anybody takes; each is a level to be added up.
const LEAST_MAX: u64 = 1_000_000;

/// M/M^(a,b)/1: Poisson arrivals, one server that begins when at least a messages wait and then takes all that wait, b
/// at most, for a time that is exponential whatever their number (Neuts 1967, Annals of Mathematical Statistics 38).
///
/// Who comes while a batch is served waits for the next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BulkMm1 {
    arrival_rate: f64,
    batch_rate: f64,
    most: u64,
    utilisation: f64,
    ready_mean: f64,
}

impl BulkMm1 {
    /// `arrival_rate` messages per second; `batch_rate` μ, batches per second while there is work; a batch has `least`
    /// to `most` messages.
    ///
    /// While the server is busy, n wait with probability P·rⁿ, where λ / μ = r + r² + … + rᵇ; while it is idle, q < a
    /// wait with probability (μ / λ) P (1 + r + … + r^q) (Medhi 2003, Stochastic Models in Queueing Theory, ch. 4).
    ///
    /// # Errors
    /// Where a rate is not a positive number, unless 1 ≤ `least` ≤ `most`, and where λ ≥ `most` · μ.
    pub fn new(
        arrival_rate: f64,
        batch_rate: f64,
        least: u64,
        most: u64,
    ) -> Result<Self, ModelError> {
        check_rates(arrival_rate, batch_rate)?;
        if !(1..=most.min(LEAST_MAX)).contains(&least) {
            return Err(ModelError::parameter(
                "least",
                least as f64,
                "must be 1 to the largest batch, and 1,000,000 at most",
            ));
        }
        let load = arrival_rate / batch_rate;
        check_stable(load / most as f64, 1)?;
        let decay = decay(load, most);
        let free = -(-decay).exp_m1();
        // Probabilities in shares of P: busy, idle, and the mean number that wait in either.
        let busy = 1.0 / free;
        let (mut idle, mut ready) = (0.0, (-decay).exp() / free / free);
        for waiting in 0..least {
            let share = -(-decay * (waiting + 1) as f64).exp_m1() / free / load;
            idle += share;
            ready += waiting as f64 * share;
        }
        Ok(Self {
            arrival_rate,
            batch_rate,
            most,
            utilisation: busy / (busy + idle),
            ready_mean: ready / (busy + idle),
        })
    }

    /// Share of time the server is busy.
    pub fn utilisation(&self) -> f64 {
        self.utilisation
    }

    /// λ / (bμ): what arrives, as a share of what full batches could do.
    pub fn offered_load(&self) -> f64 {
        self.arrival_rate / self.batch_rate / self.most as f64
    }

    /// Mean number of messages in a batch: λ / (μ · utilisation).
    pub fn batch_mean(&self) -> f64 {
        self.arrival_rate / self.batch_rate / self.utilisation
    }

    /// Mean number that wait, Lq: those in the batch that is served not counted.
    pub fn ready_mean(&self) -> f64 {
        self.ready_mean
    }

    /// Mean wait before service: Lq / λ.
    pub fn wait_mean(&self) -> f64 {
        self.ready_mean / self.arrival_rate
    }

    /// Mean time from arrival to the end of the batch's service: mean wait + 1 / μ.
    pub fn sojourn_mean(&self) -> f64 {
        self.wait_mean() + 1.0 / self.batch_rate
    }

    /// Mean number in the system, L = Lq + λ / μ.
    pub fn total_mean(&self) -> f64 {
        self.ready_mean + self.arrival_rate / self.batch_rate
    }
}

/// s = −ln r > 0, r + r² + … + rᵇ = `load`: by s, since near saturation r is 1 in all its digits.
fn decay(load: f64, most: u64) -> f64 {
    let sum = |s: f64| {
        if s <= 0.0 {
            return most as f64;
        }
        (-s).exp() * (-(most as f64) * s).exp_m1() / (-s).exp_m1()
    };
    // r ≥ load / (1 + load), since the whole series is r / (1 − r).
    bisect(0.0, (1.0 / load).ln_1p(), |s| sum(s) > load)
}

#[cfg(test)]
mod tests {
    //! Reference values, computed by independent means. The names of the cases are theirs.

    use super::*;
    use crate::theory::Mmc;
    use crate::theory::tests::assert_close;

    #[test]
    fn a_batch_goes_when_enough_wait() {
        // Name, λ, a, b; then Lq, Wq, the share of time busy, the mean batch and W
        let cases = [
            (
                ("bulk-3-a1-b5", 3.0, 1, 5),
                [
                    4.772274806229714,
                    1.5907582687432378,
                    0.9476644812745244,
                    3.165677367126039,
                    2.5907582687432376,
                ],
            ),
            (
                ("bulk-3-a5-b5", 3.0, 5, 5),
                [
                    4.035827447930416,
                    1.3452758159768052,
                    0.6000000000000035,
                    4.999999999999971,
                    2.3452758159768052,
                ],
            ),
            // Recomputed: the source cuts its chain at some 850 waiting. This is of one cut at 4,000.
            (
                ("bulk-18-a10-b20", 18.0, 10, 20),
                [
                    94.87561364915702,
                    5.270867424953168,
                    0.9707981978054981,
                    18.54144356745741,
                    6.270867424953168,
                ],
            ),
        ];
        for ((name, rate, least, most), expected) in cases {
            let queue = BulkMm1::new(rate, 1.0, least, most).expect("the references are stable");
            let values = [
                queue.ready_mean(),
                queue.wait_mean(),
                queue.utilisation(),
                queue.batch_mean(),
                queue.sojourn_mean(),
            ];
            for (value, expected) in values.into_iter().zip(expected) {
                assert_close(value, expected, 1e-8, name);
            }
        }
    }

    #[test]
    fn batches_of_one_are_an_ordinary_queue() {
        for load in [1e-9, 0.3, 0.9, 0.999_999] {
            let queue = BulkMm1::new(load, 1.0, 1, 1).expect("it is stable");
            let single = Mmc::new(load, 1.0, 1).expect("it is stable");
            assert_close(queue.ready_mean(), single.ready_mean(), 1e-9, "Lq");
            assert_close(queue.utilisation(), load, 1e-12, "ρ");
        }
    }

    #[test]
    fn huge_batches_and_loads_near_saturation_keep_their_digits() {
        // Near saturation Lq ≈ b (b + 1) / 2 ÷ (bμ − λ), as of a walk that goes up by one and down by b.
        let (most, gap) = (1_000_000, 1e-7);
        let queue = BulkMm1::new(1e6 * (1.0 - gap), 1.0, 1, most).expect("it is stable");
        let first_order = 1e6 * (1e6 + 1.0) / 2.0 / (1e6 * gap);
        assert_close(queue.ready_mean(), first_order, 1e-5, "Lq");
    }

    #[test]
    fn what_is_no_batch_is_refused() {
        assert!(BulkMm1::new(3.0, 1.0, 0, 5).is_err());
        assert!(BulkMm1::new(3.0, 1.0, 6, 5).is_err());
        assert!(BulkMm1::new(5.0, 1.0, 1, 5).is_err());
        assert!(BulkMm1::new(f64::NAN, 1.0, 1, 5).is_err());
    }
}
