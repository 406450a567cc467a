//! Values that were observed or written down, with their moments.

use std::sync::{Arc, OnceLock};

use rand::{Rng, RngExt};

use super::facts::power;
use super::steps::Steps;
use crate::theory::Law;
use crate::workload::{Invalid, UsedUp};

/// Some values, at least one, cheap to clone.
#[derive(Clone, Debug)]
pub struct Values {
    values: Arc<[f64]>,
    mean: f64,
    scv: f64,
    min: f64,
    max: f64,
    /// Sorted when theory first asks.
    steps: OnceLock<Arc<Steps>>,
}

/// All else follows from the values.
impl PartialEq for Values {
    fn eq(&self, other: &Self) -> bool {
        self.values == other.values
    }
}

impl Values {
    pub(super) fn new(values: Arc<[f64]>) -> Result<Self, Invalid> {
        if values.is_empty() {
            return Err(Invalid::new("values", "there are none; give at least one"));
        }
        if let Some(i) = values
            .iter()
            .position(|value| !(value.is_finite() && *value >= 0.0))
        {
            let rule = format!(
                "number {} is {}, negative or not a number; give 0 or more",
                i + 1,
                values[i]
            );
            return Err(Invalid::new("values", rule));
        }
        let (mean, scv) = moments(&values);
        let min = values.iter().copied().fold(f64::INFINITY, f64::min);
        let max = values.iter().copied().fold(0.0, f64::max);
        Ok(Self {
            values,
            mean,
            scv,
            min,
            max,
            steps: OnceLock::new(),
        })
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.values.len()
    }

    pub(super) fn mean(&self) -> f64 {
        self.mean
    }

    pub(super) fn scv(&self) -> f64 {
        self.scv
    }

    pub(super) fn min(&self) -> f64 {
        self.min
    }

    /// The value that all of them have, if there is one.
    pub(super) fn single(&self) -> Option<f64> {
        (self.min >= self.max).then_some(self.min)
    }

    /// Any of them, all equally likely.
    #[inline]
    pub(super) fn resample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        self.values[rng.random_range(0..self.values.len())]
    }

    /// Value number `index`, counted from 0.
    pub(super) fn nth(&self, index: u64) -> Result<f64, UsedUp> {
        let value = usize::try_from(index)
            .ok()
            .and_then(|index| self.values.get(index));
        value.copied().ok_or(UsedUp {
            given: self.values.len(),
        })
    }
}

impl Values {
    fn steps(&self) -> &Steps {
        self.steps.get_or_init(|| {
            let weight = (self.values.len() as f64).recip();
            Arc::new(Steps::new(self.values.iter().map(|value| (*value, weight))))
        })
    }
}

impl Law for Values {
    fn moment(&self, n: u32) -> f64 {
        let sum: f64 = self.values.iter().map(|value| power(*value, n)).sum();
        sum / self.values.len() as f64
    }

    fn exceeds(&self, x: f64) -> f64 {
        self.steps().exceeds(x)
    }

    fn limited_moment(&self, n: u32, x: f64) -> f64 {
        self.steps().limited_moment(n, x)
    }

    fn laplace(&self, s: f64) -> f64 {
        self.steps().laplace(s)
    }
}

/// Mean and scv, the values being all there is (divided by n): resampling has just this variance. In two passes, so
/// that nothing cancels.
pub(crate) fn moments(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    if mean == 0.0 {
        return (0.0, 0.0);
    }
    let variance = values
        .iter()
        .map(|value| (value - mean).powi(2))
        .sum::<f64>()
        / count;
    (mean, variance / (mean * mean))
}
