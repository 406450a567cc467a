//! Several servers, and service of infinite variance: what can be said where approximations by variance say nothing.

use super::Answer;
use crate::theory::{Mmc, ModelError, wait_mean_is_finite};
use crate::workload::Distribution;

/// M/G/c whose service has no variance.
#[derive(Clone, Copy, Debug)]
pub(super) struct HeavyTailed {
    offered_load: f64,
    servers: u64,
    /// Whether the mean wait is known to be infinite.
    is_infinite: bool,
}

impl HeavyTailed {
    /// `None` where service has a variance.
    ///
    /// # Errors
    /// Where the line grows without end.
    pub(super) fn of(
        rate: f64,
        service: &Distribution,
        servers: u64,
    ) -> Result<Option<Self>, ModelError> {
        if service.scv().is_finite() {
            return Ok(None);
        }
        let offered_load = Mmc::new(rate, service.mean().recip(), servers)?.offered_load();
        // Of a mixture with such a law the index is not asked for.
        let is_infinite = matches!(service, Distribution::Pareto(pareto)
            if !wait_mean_is_finite(pareto.shape(), servers, offered_load));
        Ok(Some(Self {
            offered_load,
            servers,
            is_infinite,
        }))
    }

    /// Infinite, or not known.
    fn wait(&self) -> Option<f64> {
        self.is_infinite.then_some(f64::INFINITY)
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
        self.wait()
    }
    fn sojourn_mean(&self) -> Option<f64> {
        self.wait()
    }
    fn ready_mean(&self) -> Option<f64> {
        self.wait()
    }
    fn total_mean(&self) -> Option<f64> {
        self.wait()
    }
}
