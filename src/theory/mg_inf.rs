//! M/G/∞: Poisson arrivals, service of any law, always a free server.
//!
//! The number in service is of Poisson's law, whatever the service but for its mean (Takács 1962, Introduction to the
//! Theory of Queues, §3.2).

use super::error::{ModelError, check_rates};
use crate::theory::numerics::poisson;

/// A system in which nobody waits and nobody is lost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MgInf {
    offered_load: f64,
    service_rate: f64,
}

impl MgInf {
    /// `arrival_rate` and `service_rate`, 1 / the mean service, per unit of time.
    ///
    /// # Errors
    /// Where a rate is not a positive number.
    pub fn new(arrival_rate: f64, service_rate: f64) -> Result<Self, ModelError> {
        check_rates(arrival_rate, service_rate)?;
        Ok(Self {
            offered_load: arrival_rate / service_rate,
            service_rate,
        })
    }

    /// a = λ / μ, in Erlang.
    pub fn offered_load(&self) -> f64 {
        self.offered_load
    }

    /// Mean number in the system: a.
    pub fn total_mean(&self) -> f64 {
        self.offered_load
    }

    /// Variance of the number in the system: a.
    pub fn total_variance(&self) -> f64 {
        self.offered_load
    }

    /// P(N = 0) = exp(−a).
    pub fn p_empty(&self) -> f64 {
        (-self.offered_load).exp()
    }

    /// P(N > `n`), N of Poisson's law of mean a: how often `n` servers would not do.
    pub fn total_exceeds(&self, n: u64) -> f64 {
        poisson::exceeds(self.offered_load, n)
    }

    /// Mean time from arrival to the end of service: 1 / μ.
    pub fn sojourn_mean(&self) -> f64 {
        1.0 / self.service_rate
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::tests::assert_close;

    #[test]
    fn the_number_in_service_is_that_of_the_reference() {
        // (offered load, P(N = 0)): mminf-a0.5, mminf-a5, mminf-a100
        let cases = [
            (0.5, 0.6065306597126334),
            (5.0, 0.006737946999085467),
            (100.0, 3.720075976020836e-44),
        ];
        for (load, empty) in cases {
            let system = MgInf::new(load, 1.0).expect("rates are positive");
            assert_close(system.total_mean(), load, 1e-12, "L");
            assert_close(system.total_variance(), load, 1e-12, "variance");
            assert_close(system.p_empty(), empty, 1e-12, "p(0)");
            assert_close(system.total_exceeds(0), 1.0 - empty, 1e-12, "P(N > 0)");
        }
    }
}
