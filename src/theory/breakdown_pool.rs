//! A pool of servers that break down and are repaired, each by itself.

use super::error::{ModelError, check_positive, check_rates, check_stable};

use crate::theory::numerics::censored::{Censored, stationary};
use crate::theory::numerics::matrix::Matrix;
use crate::theory::numerics::passage::passage;

/// The work grows with the fourth power of the servers; this many take about a second.
const SERVERS_MAX: u64 = 150;
/// Doublings after which no level is missing from a sum.
const DOUBLINGS_MAX: u32 = 64;

/// M/M/c whose servers fail, busy or idle, after an exponential time, and are repaired in an exponential time, each
/// independently of the others. A message whose server fails goes back to the head of the line; service is
/// exponential, so it is no matter whether it goes on or begins anew.
///
/// A chain of levels n, the messages in the system, with u servers up as its phase (Mitrany & Avi-Itzhak 1968,
/// Operations Research 16). Level by level it is censored down to the empty system (Latouche & Ramaswami 1999,
/// Introduction to Matrix Analytic Methods, §§8 and 12), without subtraction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BreakdownMmc {
    arrival_rate: f64,
    service_rate: f64,
    servers: u64,
    availability: f64,
    ready_mean: f64,
    total_mean: f64,
}

impl BreakdownMmc {
    /// `arrival_rate` λ and `service_rate` μ of one server that is up; each fails with `failure_rate` while it is up,
    /// and is repaired with `repair_rate`; all per second.
    ///
    /// # Errors
    /// Where a rate is not a positive number, where λ is as much as the servers that are up can do on average, or more,
    /// and for more than 150 servers.
    pub fn new(
        arrival_rate: f64,
        service_rate: f64,
        servers: u64,
        failure_rate: f64,
        repair_rate: f64,
    ) -> Result<Self, ModelError> {
        check_rates(arrival_rate, service_rate)?;
        check_positive("failure_rate", failure_rate)?;
        check_positive("repair_rate", repair_rate)?;
        let availability = repair_rate / (failure_rate + repair_rate);
        check_stable(arrival_rate / service_rate / availability, servers)?;
        if servers > SERVERS_MAX {
            return Err(ModelError::parameter(
                "servers",
                servers as f64,
                "must be at most 150 where they break down",
            ));
        }
        let pool = Pool {
            arrival_rate,
            service_rate,
            servers: servers as usize,
            failure_rate,
            repair_rate,
        };
        let (ready_mean, total_mean) = pool.means();
        Ok(Self {
            arrival_rate,
            service_rate,
            servers,
            availability,
            ready_mean,
            total_mean,
        })
    }

    /// η / (ξ + η), the share of time that a server is up.
    pub fn availability(&self) -> f64 {
        self.availability
    }

    /// Mean number of servers that are up: c · availability.
    pub fn up_mean(&self) -> f64 {
        self.servers as f64 * self.availability
    }

    /// a = λ / μ, in Erlang: the mean number of busy servers.
    pub fn offered_load(&self) -> f64 {
        self.arrival_rate / self.service_rate
    }

    /// a / (c · availability): of the time that a server is up, the share in which it is busy.
    pub fn utilisation(&self) -> f64 {
        self.offered_load() / self.up_mean()
    }

    /// Mean number in the system and not in service, Lq.
    pub fn ready_mean(&self) -> f64 {
        self.ready_mean
    }

    /// Mean number in the system, L.
    pub fn total_mean(&self) -> f64 {
        self.total_mean
    }

    /// Mean time in the system and not in service, those after interruptions included: Lq / λ.
    pub fn wait_mean(&self) -> f64 {
        self.ready_mean / self.arrival_rate
    }

    /// Mean time from arrival to the end of service: L / λ.
    pub fn sojourn_mean(&self) -> f64 {
        self.total_mean / self.arrival_rate
    }
}

struct Pool {
    arrival_rate: f64,
    service_rate: f64,
    servers: usize,
    failure_rate: f64,
    repair_rate: f64,
}

impl Pool {
    /// Lq and L.
    fn means(&self) -> (f64, f64) {
        let phases = self.servers + 1;
        let none = Matrix::zeros(phases, phases);
        let full = diagonal(&self.served(self.servers));
        let mut passage = passage(self.arriving(), self.rates_with(&none), full);
        let mut visits = Vec::with_capacity(self.servers);
        for level in (1..=self.servers).rev() {
            let served = self.served(level);
            let chain = Censored::new(self.rates_with(&passage), &served);
            let visit = chain.solve(Matrix::identity(phases));
            passage = visit.times(&diagonal(&served));
            visits.push(visit);
        }
        let mut sums = Sums::default();
        let mut law = stationary(self.rates_with(&passage));
        let arriving = self.arriving();
        for (level, visit) in visits.iter().rev().enumerate() {
            sums.add(level, &law);
            law = visit.after_row(&arriving.after_row(&law));
        }
        // From here on each level is the one below it times the same R.
        let up = arriving.times(&visits[0]);
        let all = geometric_sum(&up);
        let full = all.after_row(&law);
        sums.add(self.servers, &full);
        let beyond: f64 = all.after_row(&up.after_row(&full)).iter().sum();
        (
            (sums.ready + beyond) / sums.all,
            (sums.total + beyond) / sums.all,
        )
    }

    /// Failures, repairs, and arrivals with all that follows until the level is what it was.
    fn rates_with(&self, passage: &Matrix) -> Matrix {
        let mut rates = self.arriving().times(passage);
        for up in 1..=self.servers {
            rates[(up, up - 1)] += up as f64 * self.failure_rate;
            rates[(up - 1, up)] += (self.servers - up + 1) as f64 * self.repair_rate;
        }
        rates
    }

    /// By phases, how many are served per second at a level.
    fn served(&self, level: usize) -> Vec<f64> {
        (0..=self.servers)
            .map(|up| up.min(level) as f64 * self.service_rate)
            .collect()
    }

    /// Arrivals leave the phase as it is.
    fn arriving(&self) -> Matrix {
        diagonal(&vec![self.arrival_rate; self.servers + 1])
    }
}

#[derive(Default)]
struct Sums {
    all: f64,
    ready: f64,
    total: f64,
}

impl Sums {
    /// By servers that are up, the share of time with that many messages.
    fn add(&mut self, level: usize, law: &[f64]) {
        for (up, share) in law.iter().enumerate() {
            self.all += share;
            self.ready += share * level.saturating_sub(up) as f64;
            self.total += share * level as f64;
        }
    }
}

fn diagonal(entries: &[f64]) -> Matrix {
    let order = entries.len();
    Matrix::from_fn(order, order, |i, j| if i == j { entries[i] } else { 0.0 })
}

/// 1 + R + R² + …, by (1 + R)(1 + R²)(1 + R⁴) …: all that is added is positive.
fn geometric_sum(ratio: &Matrix) -> Matrix {
    let mut power = ratio.clone();
    let mut all = Matrix::identity(ratio.rows());
    all += ratio;
    for _ in 0..DOUBLINGS_MAX {
        power = power.times(&power);
        let further = all.times(&power);
        all += &further;
        if power.entries().fold(0.0, f64::max) < f64::EPSILON * f64::EPSILON {
            break;
        }
    }
    all
}

#[cfg(test)]
mod tests {
    //! Reference values, computed by independent means. The names of the cases are theirs.

    use super::*;
    use crate::theory::tests::assert_close;
    use crate::theory::{BreakdownMg1, Failing, Mmc, Moments};

    fn pool(rate: f64, servers: u64, fail: f64, repair: f64) -> BreakdownMmc {
        BreakdownMmc::new(rate, 1.0, servers, fail, repair).expect("it is stable")
    }

    #[test]
    fn five_servers_of_which_four_are_up_are_slower_than_four() {
        // breakdown-mmc-5
        let queue = pool(3.5, 5, 0.02, 0.1);
        assert_close(queue.total_mean(), 11.72617920023783, 1e-7, "L");
        assert_close(queue.sojourn_mean(), 3.3503369143536657, 1e-7, "W");
        assert_close(queue.up_mean(), 4.166666666666666, 1e-7, "mean up");
        // The mean number in service is the offered load.
        let busy = queue.total_mean() - queue.ready_mean();
        assert_close(busy, 3.5, 1e-10, "busy");
    }

    #[test]
    fn one_server_is_the_single_server_that_can_always_fail() {
        for (rate, fail, repair) in [(0.3, 0.1, 0.2), (0.8, 0.001, 0.02), (0.83, 0.2, 1.0)] {
            let (service, mending) = (Moments::exponential(1.0), Moments::exponential(repair));
            let single = BreakdownMg1::new(
                rate,
                service.expect("a law"),
                fail,
                mending.expect("a law"),
                Failing::Always,
            )
            .expect("it is stable");
            let queue = pool(rate, 1, fail, repair);
            assert_close(queue.total_mean(), single.total_mean(), 1e-10, "L");
        }
    }

    #[test]
    fn servers_that_hardly_ever_fail_are_a_pool() {
        let queue = pool(45.0, 50, 1e-13, 1.0);
        let alone = Mmc::new(45.0, 1.0, 50).expect("it is stable");
        assert_close(queue.ready_mean(), alone.ready_mean(), 1e-9, "Lq");
        // So light a load that the line is next to nothing keeps its digits too.
        let queue = pool(0.5, 10, 1e-13, 1e3);
        let alone = Mmc::new(0.5, 1.0, 10).expect("it is stable");
        assert_close(queue.ready_mean(), alone.ready_mean(), 1e-7, "Lq");
    }

    #[test]
    fn a_pool_at_the_edge_has_a_long_line_and_not_an_infinite_one() {
        let at = |rho: f64| pool(5.0 * rho / 1.2, 5, 0.02, 0.1).total_mean();
        // Near saturation L grows like 1 / (1 − ρ).
        assert_close(
            at(1.0 - 1e-6) * 1e-6,
            at(1.0 - 1e-4) * 1e-4,
            1e-3,
            "L (1 − ρ)",
        );
    }

    #[test]
    fn what_is_no_pool_is_refused() {
        for (rate, servers, fail, repair) in [
            (4.2, 5, 0.02, 0.1),
            (0.5, 0, 0.02, 0.1),
            (0.5, 5, 0.0, 0.1),
            (0.5, 5, 0.02, f64::INFINITY),
            (0.5, 1_000, 0.02, 0.1),
        ] {
            assert!(BreakdownMmc::new(rate, 1.0, servers, fail, repair).is_err());
        }
    }
}
