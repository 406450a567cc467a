//! M/G/c/c: Poisson arrivals, service of any law, c servers, nobody waits; who finds none free is lost.
//!
//! Only the mean of the service counts (Sevastyanov 1957, Theory of Probability and its Applications 2). Formulas:
//! Gross, Shortle, Thompson & Harris 2008, Fundamentals of Queueing Theory, §2.6.

use super::erlang::{all_free, erlang_b};
use super::error::{ModelError, check_any, check_rates};

/// Erlang's loss system.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ErlangLoss {
    arrival_rate: f64,
    service_rate: f64,
    servers: u64,
    loss: f64,
}

impl ErlangLoss {
    /// `arrival_rate` and `service_rate`, 1 / the mean service, per unit of time.
    ///
    /// Costs as many steps as the offered load, or the servers if they are fewer.
    ///
    /// # Errors
    /// Where a rate is not a positive number, and where there is no server.
    pub fn new(arrival_rate: f64, service_rate: f64, servers: u64) -> Result<Self, ModelError> {
        check_rates(arrival_rate, service_rate)?;
        check_any("servers", servers)?;
        Ok(Self {
            arrival_rate,
            service_rate,
            servers,
            loss: erlang_b(servers, arrival_rate / service_rate),
        })
    }

    /// c.
    pub fn servers(&self) -> u64 {
        self.servers
    }

    /// a = λ / μ, in Erlang, with what is lost.
    pub fn offered_load(&self) -> f64 {
        self.arrival_rate / self.service_rate
    }

    /// Share of arrivals that is lost: Erlang B.
    pub fn loss(&self) -> f64 {
        self.loss
    }

    /// What is served per unit of time: λ (1 − B).
    pub fn throughput(&self) -> f64 {
        self.arrival_rate * (1.0 - self.loss)
    }

    /// Share of time a server is busy: a (1 − B) / c.
    pub fn utilisation(&self) -> f64 {
        self.total_mean() / self.servers as f64
    }

    /// Mean number in the system, all of them in service: a (1 − B).
    pub fn total_mean(&self) -> f64 {
        self.offered_load() * (1.0 - self.loss)
    }

    /// Variance of the number in the system: M − aB (c − M), M = [`Self::total_mean`].
    pub fn total_variance(&self) -> f64 {
        let mean = self.total_mean();
        (mean - self.offered_load() * self.loss * (self.servers as f64 - mean)).max(0.0)
    }

    /// P(N = 0) = 1 / Σ aⁿ / n!.
    pub fn p_empty(&self) -> f64 {
        all_free(self.servers, self.offered_load())
    }

    /// Mean time from acceptance to the end of service: 1 / μ, since nobody waits.
    pub fn sojourn_mean(&self) -> f64 {
        1.0 / self.service_rate
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::MmcK;
    use crate::theory::tests::assert_close;

    #[test]
    fn loss_and_busy_servers_are_those_of_the_reference() {
        // (servers, offered load, loss, ln loss, busy)
        let cases = [
            (
                5,
                3.0,
                0.11005434782608696,
                -2.2067809640564375,
                2.6698369565217392,
            ), // erlangB-c5-a3
            (
                100,
                90.0,
                0.026957380464359214,
                -3.6134981614436326,
                87.57383575820766,
            ), // erlangB-c100-a90
            (
                1000,
                1000.0,
                0.02481191764616041,
                -3.69643119099009,
                975.1880823538396,
            ), // erlangB-c1000-a1000
            (100, 20.0, 2.799666325499081e-37, -84.16614820016439, 20.0), // erlangB-c100-a20
        ];
        for (servers, load, loss, ln_loss, busy) in cases {
            let system = ErlangLoss::new(load, 1.0, servers).expect("rates are positive");
            assert_close(system.loss(), loss, 1e-9, "loss");
            assert_close(system.loss().ln(), ln_loss, 1e-9, "ln loss");
            assert_close(system.total_mean(), busy, 1e-9, "busy");
            assert_close(
                system.utilisation(),
                busy / servers as f64,
                1e-9,
                "utilisation",
            );
        }
    }

    #[test]
    fn exponential_service_without_room_to_wait_is_the_same_system() {
        for (servers, load) in [(1, 0.5), (5, 3.0), (100, 120.0), (10_000, 9_900.0)] {
            let system = ErlangLoss::new(load, 1.0, servers).expect("rates are positive");
            let queue = MmcK::new(load, 1.0, servers, servers).expect("K = c");
            assert_close(system.loss(), queue.loss(), 1e-12, "loss");
            assert_close(system.throughput(), queue.throughput(), 1e-12, "throughput");
            assert_close(
                system.total_variance(),
                queue.total_variance(),
                1e-8,
                "variance",
            );
            assert_close(system.p_empty(), queue.p_empty(), 1e-10, "p(0)");
        }
    }
}
