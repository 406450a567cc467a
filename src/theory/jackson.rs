//! Open networks of queues, of which each passes its messages on by chance.

use super::error::{ModelError, check_any, check_arrival_rate, check_service_rate};
use super::mmc::Mmc;

use crate::theory::numerics::censored::Censored;
use crate::theory::numerics::matrix::Matrix;

/// A station of a network: what comes to it from outside, and who serves there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Station {
    /// Poisson arrivals from outside, per second, ≥ 0.
    pub external_rate: f64,
    /// μ of one server, per second, > 0.
    pub service_rate: f64,
    /// c.
    pub servers: u64,
}

/// An open Jackson network: Poisson arrivals from outside, exponential service, and each message goes on from station
/// i to j with a fixed probability, or leaves. In its stationary law each station is an M/M/c of its own, at the rate
/// that the traffic equations give (Jackson 1957, Operations Research 5).
#[derive(Clone, Debug, PartialEq)]
pub struct Jackson {
    rates: Vec<f64>,
    external_rate: f64,
    stations: Vec<Option<Mmc>>,
}

impl Jackson {
    /// `routing[i][j]` is the probability that a message goes from station i to station j; what is missing to 1 leaves.
    ///
    /// λⱼ = γⱼ + Σᵢ λᵢ Pᵢⱼ is solved without subtraction, so that networks with many rounds keep their digits.
    ///
    /// # Errors
    /// Where nothing comes from outside, where `routing` is not square or its rows no probabilities, where a message
    /// can come to where it never leaves, and where a station is unstable.
    pub fn new(stations: &[Station], routing: &[Vec<f64>]) -> Result<Self, ModelError> {
        check_any("stations", stations.len() as u64)?;
        let leave = leaving(routing, stations.len())?;
        for station in stations {
            check_service_rate(station.service_rate)?;
            if !(0.0..).contains(&station.external_rate) {
                return Err(ModelError::ArrivalRate(station.external_rate));
            }
        }
        let external: Vec<f64> = stations.iter().map(|s| s.external_rate).collect();
        let external_rate = external.iter().sum();
        check_arrival_rate(external_rate)?;
        check_way_out(routing, &leave)?;
        let order = stations.len();
        let chain = Censored::new(Matrix::from_fn(order, order, |i, j| routing[i][j]), &leave);
        let rates = chain.solve(Matrix::identity(order)).after_row(&external);
        let queues = stations.iter().zip(&rates).map(|(station, rate)| {
            let is_visited = *rate > 0.0;
            is_visited
                .then(|| Mmc::new(*rate, station.service_rate, station.servers))
                .transpose()
        });
        Ok(Self {
            stations: queues.collect::<Result<_, _>>()?,
            rates,
            external_rate,
        })
    }

    /// λ of a station: what comes to it from outside and from others, per second.
    ///
    /// # Panics
    /// Where there is no such station.
    pub fn arrival_rate(&self, station: usize) -> f64 {
        self.rates[station]
    }

    /// A station as the queue that it is; none where no message comes.
    ///
    /// Its `sojourn_mean` is that of one visit. Waits of one message at several stations are not independent.
    ///
    /// # Panics
    /// Where there is no such station.
    pub fn station(&self, station: usize) -> Option<&Mmc> {
        self.stations[station].as_ref()
    }

    /// Mean visits of a message to a station: λⱼ / Σ γ.
    ///
    /// # Panics
    /// Where there is no such station.
    pub fn visits_mean(&self, station: usize) -> f64 {
        self.rates[station] / self.external_rate
    }

    /// Messages per second that come from outside, and leave: Σ γ.
    pub fn throughput(&self) -> f64 {
        self.external_rate
    }

    /// Mean number in the network: Σ L.
    pub fn total_mean(&self) -> f64 {
        self.stations.iter().flatten().map(Mmc::total_mean).sum()
    }

    /// Mean time of a message in the network, over all its visits: Σ L / Σ γ (Little).
    pub fn sojourn_mean(&self) -> f64 {
        self.total_mean() / self.external_rate
    }
}

/// What leaves the network from each station.
fn leaving(routing: &[Vec<f64>], stations: usize) -> Result<Vec<f64>, ModelError> {
    let is_square = routing.len() == stations && routing.iter().all(|row| row.len() == stations);
    if !is_square {
        return Err(ModelError::parameter(
            "rows of routing",
            routing.len() as f64,
            "must be as many as stations, and so must its columns",
        ));
    }
    let leave = |row: &Vec<f64>| {
        let sum: f64 = row.iter().sum();
        let are_probabilities = row.iter().all(|p| (0.0..=1.0).contains(p));
        // Probabilities are decimals, and their sum is rounded.
        if are_probabilities && sum < 1.0 + 1e-9 {
            let leave = 1.0 - sum;
            return Ok(if leave < 1e-12 { 0.0 } else { leave });
        }
        Err(ModelError::parameter(
            "sum of a row of routing",
            sum,
            "must be at most 1, and none of its probabilities negative",
        ))
    };
    routing.iter().map(leave).collect()
}

/// # Errors
/// Where from some station no way leads out.
fn check_way_out(routing: &[Vec<f64>], leave: &[f64]) -> Result<(), ModelError> {
    let mut is_free: Vec<bool> = leave.iter().map(|leave| *leave > 0.0).collect();
    // Each round finds one station more, or is the last.
    for _ in 0..routing.len() {
        for (from, row) in routing.iter().enumerate() {
            is_free[from] |= (0..row.len()).any(|to| row[to] > 0.0 && is_free[to]);
        }
    }
    match is_free.iter().position(|is_free| !is_free) {
        None => Ok(()),
        Some(station) => Err(ModelError::parameter(
            "station",
            station as f64,
            "must have a way out of the network",
        )),
    }
}

#[cfg(test)]
mod tests {
    //! Reference values, computed by independent means. The names of the cases are theirs.

    use super::*;
    use crate::theory::tests::assert_close;

    fn station(external_rate: f64, service_rate: f64, servers: u64) -> Station {
        Station {
            external_rate,
            service_rate,
            servers,
        }
    }

    #[track_caller]
    fn assert_is(network: &Jackson, rates: &[f64], totals: &[f64], sojourns: &[f64], rel_tol: f64) {
        for (k, rate) in rates.iter().enumerate() {
            let queue = network.station(k).expect("it is visited");
            assert_close(network.arrival_rate(k), *rate, rel_tol, "λ");
            assert_close(queue.total_mean(), totals[k], rel_tol, "L");
            assert_close(queue.sojourn_mean(), sojourns[k], rel_tol, "W of a visit");
        }
    }

    #[test]
    fn three_pools_in_a_row_are_three_queues() {
        // jackson-tandem3-multi
        let stations = [
            station(8.0, 1.0, 10),
            station(0.0, 2.0, 5),
            station(0.0, 3.0, 4),
        ];
        let routing = [
            vec![0.0, 1.0, 0.0],
            vec![0.0, 0.0, 1.0],
            vec![0.0, 0.0, 0.0],
        ];
        let network = Jackson::new(&stations, &routing).expect("it is stable");
        assert_is(
            &network,
            &[8.0, 8.0, 8.0],
            &[9.636720603185774, 6.216450216450217, 3.42350332594235],
            &[1.2045900753982217, 0.7770562770562771, 0.4279379157427938],
            1e-9,
        );
        assert_close(network.total_mean(), 19.27667414557834, 1e-9, "L");
        assert_close(network.sojourn_mean(), 2.4095842681972925, 1e-9, "W");
    }

    #[test]
    fn what_comes_back_adds_to_what_comes() {
        // jackson-rpkg-11.11
        let stations = [
            station(8.0, 14.0, 1),
            station(0.0, 9.0, 1),
            station(6.0, 17.0, 1),
            station(0.0, 7.0, 1),
        ];
        let routing = [
            vec![0.0, 0.2, 0.56, 0.24],
            vec![1.0, 0.0, 0.0, 0.0],
            vec![0.0; 4],
            vec![0.0; 4],
        ];
        let network = Jackson::new(&stations, &routing).expect("it is stable");
        assert_is(
            &network,
            &[10.0, 2.0, 11.600000000000001, 2.4],
            &[
                2.5,
                0.2857142857142857,
                2.148148148148149,
                0.5217391304347826,
            ],
            &[
                0.25,
                0.14285714285714285,
                0.18518518518518523,
                0.21739130434782608,
            ],
            1e-9,
        );
        assert_close(network.total_mean(), 5.455601564297217, 1e-9, "L");
        assert_close(network.sojourn_mean(), 0.38968582602122975, 1e-9, "W");
        assert_close(network.visits_mean(0), 10.0 / 14.0, 1e-9, "visits");
    }

    #[test]
    fn many_rounds_keep_their_digits() {
        // A station to itself: each message comes 1e6 times.
        let network = Jackson::new(&[station(1e-6, 2.0, 1)], &[vec![1.0 - 1e-6]]);
        let rate = network.expect("it is stable").arrival_rate(0);
        assert_close(rate, 1.0, 1e-9, "λ");
    }

    #[test]
    fn a_station_that_nobody_visits_is_no_queue() {
        let stations = [station(1.0, 2.0, 1), station(0.0, 2.0, 0)];
        let network = Jackson::new(&stations, &[vec![0.0; 2], vec![0.0; 2]]);
        assert!(network.expect("it is stable").station(1).is_none());
    }

    #[test]
    fn what_is_no_network_is_refused() {
        let one = [station(1.0, 2.0, 1)];
        assert!(Jackson::new(&[], &[]).is_err());
        assert!(Jackson::new(&one, &[]).is_err());
        assert!(Jackson::new(&one, &[vec![1.0]]).is_err());
        assert!(Jackson::new(&one, &[vec![1.1]]).is_err());
        assert!(Jackson::new(&one, &[vec![0.5]]).is_err());
        assert!(Jackson::new(&[station(0.0, 2.0, 1)], &[vec![0.0]]).is_err());
    }
}
