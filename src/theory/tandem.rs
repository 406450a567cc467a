//! Servers one behind the other.

use super::error::ModelError;
use super::hypoexponential;
use super::mmc::Mmc;
use super::moments::unless_any;

/// M/M/1 queues in a row: Poisson arrivals to the first, exponential service, one server each, first come first served.
///
/// What leaves an M/M/1 is Poisson again (Burke 1956, Operations Research 4), and the sojourns of one message in the
/// stations are independent, each exponential with rate μᵢ − λ (Reich 1957, Annals of Mathematical Statistics 28). Its
/// waits are not, so they have no quantiles here; nor has a row of pools, whose sojourns are not independent.
#[derive(Clone, Debug, PartialEq)]
pub struct Tandem {
    arrival_rate: f64,
    stations: Vec<Mmc>,
    surpluses: Vec<f64>,
}

impl Tandem {
    /// `arrival_rate` λ and the `service_rates` μᵢ along the way, per second.
    ///
    /// # Errors
    /// Where there is no station, where a rate is not a positive number, and where λ ≥ μᵢ somewhere.
    pub fn new(arrival_rate: f64, service_rates: &[f64]) -> Result<Self, ModelError> {
        unless_any("stations", service_rates.len())?;
        let stations = service_rates
            .iter()
            .map(|rate| Mmc::new(arrival_rate, *rate, 1))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            arrival_rate,
            stations,
            surpluses: service_rates
                .iter()
                .map(|rate| rate - arrival_rate)
                .collect(),
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
        hypoexponential::exceeds(&self.surpluses, t)
    }

    /// The t with P(sojourn ≤ t) = `p`.
    ///
    /// # Panics
    /// Unless 0 ≤ `p` ≤ 1.
    pub fn sojourn_quantile(&self, p: f64) -> f64 {
        hypoexponential::quantile(&self.surpluses, p)
    }

    /// Mean number in all stations: λ · mean sojourn.
    pub fn total_mean(&self) -> f64 {
        self.arrival_rate * self.sojourn_mean()
    }
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

    #[test]
    fn one_station_too_slow_spoils_the_row() {
        assert!(Tandem::new(0.9, &[1.0, 0.9]).is_err());
        assert!(Tandem::new(0.9, &[]).is_err());
    }
}
