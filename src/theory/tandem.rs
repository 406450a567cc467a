//! Servers one behind the other.

use super::error::{ModelError, check_any};
use super::mmc::Mmc;

use super::qbd::{Decay, PhaseType};
use crate::theory::numerics::root::tail_of;

/// A stage that is so many times faster than the slowest takes no time, by the digits of a number.
const FASTER_MAX: f64 = 1e16;

/// M/M/1 queues in a row: Poisson arrivals to the first, exponential service, one server each, first come first served.
///
/// What leaves an M/M/1 is Poisson again (Burke 1956, Operations Research 4), and the sojourns of one message in the
/// stations are independent, each exponential with rate μᵢ − λ (Reich 1957, Annals of Mathematical Statistics 28). Its
/// waits are not, so they have no quantiles here; nor has a row of pools, whose sojourns are not independent.
#[derive(Clone, Debug, PartialEq)]
pub struct Tandem {
    arrival_rate: f64,
    stations: Vec<Mmc>,
    /// Probabilities of the stages that a sojourn begins with: it is the first.
    start: Vec<f64>,
    /// Of a sojourn.
    decay: Decay,
}

impl Tandem {
    /// `arrival_rate` λ and the `service_rates` μᵢ along the way, per second.
    ///
    /// Costs about n³ / 1e8 seconds for n stations.
    ///
    /// # Errors
    /// Where there is no station or more than 1,000, where a rate is not a positive number, and where λ ≥ μᵢ somewhere.
    pub fn new(arrival_rate: f64, service_rates: &[f64]) -> Result<Self, ModelError> {
        check_any("stations", service_rates.len() as u64)?;
        let stations = service_rates
            .iter()
            .map(|rate| Mmc::new(arrival_rate, *rate, 1))
            .collect::<Result<_, _>>()?;
        let surpluses = service_rates.iter().map(|rate| rate - arrival_rate);
        let sojourn = sum_of_exponentials(&surpluses.collect::<Vec<_>>())?;
        Ok(Self {
            arrival_rate,
            stations,
            decay: Decay::new(&sojourn),
            start: sojourn.start().to_vec(),
        })
    }

    /// The stations, each a queue of its own.
    pub fn stations(&self) -> &[Mmc] {
        &self.stations
    }

    /// Mean time from arrival to the end of the last service: Σ 1 / (μᵢ − λ).
    pub fn sojourn_mean(&self) -> f64 {
        self.stations.iter().map(Mmc::sojourn_mean).sum()
    }

    /// P(sojourn > t), for t ≥ 0: of a sum of independent exponential times with rates μᵢ − λ.
    pub fn sojourn_exceeds(&self, t: f64) -> f64 {
        self.decay.exceeds(&self.start, self.start.len(), t)
    }

    /// The t with P(sojourn ≤ t) = `p`.
    ///
    /// # Panics
    /// Unless 0 ≤ `p` ≤ 1.
    pub fn sojourn_quantile(&self, p: f64) -> f64 {
        self.decay
            .quantile_of_tail(&self.start, self.start.len(), tail_of(p))
    }

    /// Mean number in all stations: λ · mean sojourn.
    pub fn total_mean(&self) -> f64 {
        self.arrival_rate * self.sojourn_mean()
    }
}

/// The law of a sum of exponential times with these rates, but for those that are too short to matter.
fn sum_of_exponentials(rates: &[f64]) -> Result<PhaseType, ModelError> {
    let slowest = rates.iter().copied().fold(f64::INFINITY, f64::min);
    let counts = |rate: &f64| rate / slowest <= FASTER_MAX;
    let rates = rates.iter().copied().filter(counts).collect::<Vec<_>>();
    PhaseType::hypoexponential(&rates)
}

#[cfg(test)]
mod tests {
    //! Reference values, computed by independent means. The names of the cases are theirs.

    use super::*;
    use crate::theory::tests::assert_close;

    #[test]
    fn sojourns_in_a_row_add_up() {
        // Name, λ, μ; then the mean and p50, p90, p95, p99 and p99.9
        let cases = [
            (
                ("tandem-sojourn-2-0.5", 0.5, [1.0, 1.5], 3.0),
                [
                    2.4558943545990255,
                    5.939478011458181,
                    7.352276694155742,
                    10.591615878240852,
                    15.201304731479928,
                ],
            ),
            (
                ("tandem-sojourn-2-0.7", 0.7, [1.0, 1.0], 6.666666666666666),
                [
                    5.594489966722192,
                    12.965733899558096,
                    15.812881727968588,
                    22.12784022664603,
                    30.778044921505277,
                ],
            ),
        ];
        for ((name, arrival_rate, service_rates, mean), quantiles) in cases {
            let row = Tandem::new(arrival_rate, &service_rates).expect("it is stable");
            assert_close(row.sojourn_mean(), mean, 1e-8, name);
            for (p, expected) in [0.5, 0.9, 0.95, 0.99, 0.999].into_iter().zip(quantiles) {
                assert_close(row.sojourn_quantile(p), expected, 1e-8, name);
            }
        }
    }

    #[test]
    fn one_station_is_an_ordinary_queue() {
        let (row, queue) = (Tandem::new(0.9, &[1.0]), Mmc::new(0.9, 1.0, 1));
        let (row, queue) = (row.expect("stable"), queue.expect("stable"));
        let (ours, theirs) = (row.sojourn_quantile(0.99), queue.sojourn_quantile(0.99));
        assert_close(ours, theirs, 1e-12, "p99");
        assert_close(row.total_mean(), 9.0, 1e-12, "L");
    }

    /// P(sum > t) of exponential times.
    fn exceeds(rates: &[f64], t: f64) -> f64 {
        let law = sum_of_exponentials(rates).expect("a law");
        Decay::new(&law).exceeds(law.start(), law.order(), t)
    }

    #[test]
    fn one_time_is_exponential_and_equal_ones_are_erlang() {
        for t in [1e-9, 0.3, 5.0, 300.0] {
            assert_close(exceeds(&[2.0], t), (-2.0 * t).exp(), 1e-12, "one");
            let erlang = (-t).exp() * (1.0 + t + t * t / 2.0);
            assert_close(exceeds(&[1.0; 3], t), erlang, 1e-12, "three");
        }
    }

    #[test]
    fn nearly_equal_rates_are_no_matter() {
        let (slow, near) = (exceeds(&[1.0, 1.0], 7.0), exceeds(&[1.0, 1.0 + 1e-13], 7.0));
        assert_close(near, slow, 1e-11, "near");
    }

    #[test]
    fn rates_of_all_sizes_go_together() {
        // A time of a microsecond hardly counts: (r e^(−st) − s e^(−rt)) / (r − s).
        for (fast, slow) in [(1e6, 1e-3_f64), (1e12, 1e-3), (1e17, 1.0)] {
            let t = 5.0 / slow;
            let expected = fast * (-slow * t).exp() / (fast - slow);
            assert_close(exceeds(&[slow, fast], t), expected, 1e-12, "tail");
            assert_close(exceeds(&[fast, slow], t), expected, 1e-12, "tail");
        }
        let of_one = (-1.0_f64).exp();
        assert_close(exceeds(&[1e300, 1.0], 1.0), of_one, 1e-14, "no time");
        assert_close(exceeds(&[1e300, 1e-300], 1e300), of_one, 1e-14, "no time");
        assert_close(exceeds(&[1.0; 20], f64::MAX), 0.0, 0.0, "too late");
    }

    #[test]
    fn quantiles_have_their_edges() {
        let row = Tandem::new(0.5, &[1.0, 2.0]).expect("it is stable");
        assert_close(row.sojourn_quantile(0.0), 0.0, 0.0, "least");
        assert!(row.sojourn_quantile(1.0).is_infinite());
    }

    #[test]
    fn one_station_too_slow_spoils_the_row() {
        assert!(Tandem::new(0.9, &[1.0, 0.9]).is_err());
        assert!(Tandem::new(0.9, &[]).is_err());
    }
}
