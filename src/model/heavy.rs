//! Several servers, and service of infinite variance: what can be said where approximations by variance say nothing.

use super::Answer;
use crate::theory::{Mmc, ModelError, wait_mean_is_finite};
use crate::workload::Distribution;

/// M/G/c whose mean wait is infinite, as service has so heavy a tail.
#[derive(Clone, Copy, Debug)]
pub(super) struct HeavyTailed {
    offered_load: f64,
    servers: u64,
}

impl HeavyTailed {
    /// `None` where the mean wait is not known to be infinite.
    ///
    /// # Errors
    /// Where the line grows without end.
    pub(super) fn of(
        rate: f64,
        service: &Distribution,
        servers: u64,
    ) -> Result<Option<Self>, ModelError> {
        let offered_load = Mmc::new(rate, service.mean().recip(), servers)?.offered_load();
        let is_infinite = service
            .tail_index()
            .is_some_and(|shape| !wait_mean_is_finite(shape, servers, offered_load));
        Ok(is_infinite.then_some(Self {
            offered_load,
            servers,
        }))
    }
}

impl Answer for HeavyTailed {
    fn offered_load(&self) -> Option<f64> {
        Some(self.offered_load)
    }
    fn utilisation(&self) -> Option<f64> {
        Some(self.offered_load / self.servers as f64)
    }
    fn wait_mean(&self) -> Option<f64> {
        Some(f64::INFINITY)
    }
    fn sojourn_mean(&self) -> Option<f64> {
        Some(f64::INFINITY)
    }
    fn ready_mean(&self) -> Option<f64> {
        Some(f64::INFINITY)
    }
    fn total_mean(&self) -> Option<f64> {
        Some(f64::INFINITY)
    }
}
