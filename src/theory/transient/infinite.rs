//! M_t/M/∞: the mean number in service while the arrival rate changes and a server is always free.

use super::RateRamp;
use super::stretch::{changes, check, check_times, spanning};
use crate::theory::error::{ModelError, check_service_rate};
use crate::theory::numerics::phi::phi;

/// Poisson arrivals of a rate that changes, exponential service, always a free server.
#[derive(Clone, Debug, PartialEq)]
pub struct TransientMInf {
    arrivals: Vec<RateRamp>,
    service_rate: f64,
    initial_mean: f64,
}

impl TransientMInf {
    /// Empty at time 0. Ramps in order of time; gaps are allowed.
    ///
    /// # Errors
    /// Where μ is not a positive number, and where ramps overlap, run backwards, or have rates that are not
    /// numbers ≥ 0.
    pub fn new(arrivals: Vec<RateRamp>, service_rate: f64) -> Result<Self, ModelError> {
        check_service_rate(service_rate)?;
        check(&arrivals, &[])?;
        Ok(Self {
            arrivals,
            service_rate,
            initial_mean: 0.0,
        })
    }

    /// With `level` in service at time 0.
    #[must_use]
    pub fn starting_at(self, level: u64) -> Self {
        Self {
            initial_mean: level as f64,
            ..self
        }
    }

    /// `E[L(t)]` at each of `times`, in seconds, in order: the solution of dL/dt = λ(t) − μL. From empty, L(t) is of
    /// Poisson's law of that mean (Eick, Massey & Whitt 1993, Operations Research 41, §1).
    ///
    /// # Errors
    /// Where a time is negative, infinite or before its predecessor.
    pub fn total_means(&self, times: &[f64]) -> Result<Vec<f64>, ModelError> {
        check_times(times)?;
        let mut changes = changes(&self.arrivals, &[]).into_iter().peekable();
        let (mut now, mut mean) = (0.0, self.initial_mean);
        let mut means = Vec::with_capacity(times.len());
        for &time in times {
            while let Some(change) = changes.next_if(|change| *change < time) {
                mean = self.after(mean, now, change);
                now = change;
            }
            mean = self.after(mean, now, time);
            now = time;
            means.push(mean);
        }
        Ok(means)
    }

    /// The mean at `to` if it is `mean` at `from`, where no ramp begins or ends between.
    fn after(&self, mean: f64, from: f64, to: f64) -> f64 {
        let t = to - from;
        let ramp = spanning(&self.arrivals, to, |ramp| (ramp.start, ramp.end));
        let slope = ramp.map_or(0.0, RateRamp::slope);
        let rate = ramp.map_or(0.0, |ramp| ramp.rate_start + slope * (from - ramp.start));
        let [stays, first, second, _] = phi(self.service_rate * t);
        mean * stays + rate * t * first + slope * t * t * second
    }
}
