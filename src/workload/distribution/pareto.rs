//! Power laws: Pareto's, and the same between two bounds.

use std::fmt;

use rand::{Rng, RngExt};

use super::range;
use crate::workload::{Invalid, positive, unit_exponential};

/// P(X > x) = (scale / x)^shape above scale.
#[derive(Clone, Debug, PartialEq)]
pub struct Pareto {
    shape: f64,
    mean: f64,
    /// Least value: mean · (shape − 1) / shape.
    scale: f64,
}

/// A Pareto law given that the value lies between `low` and `high`.
#[derive(Clone, Debug, PartialEq)]
pub struct BoundedPareto {
    shape: f64,
    low: f64,
    high: f64,
    /// ln(high / low).
    log_range: f64,
    /// What the unbounded law has below `high`: 1 − (low / high)^shape.
    share: f64,
}

impl Pareto {
    pub(super) fn new(shape: f64, mean: f64) -> Result<Self, Invalid> {
        positive("shape", shape)?;
        positive("mean", mean)?;
        if shape <= 1.0 {
            let rule = format!("a Pareto with shape {shape} has no mean; give a shape above 1");
            return Err(Invalid::new("shape", rule));
        }
        Ok(Self {
            shape,
            mean,
            scale: mean * (shape - 1.0) / shape,
        })
    }

    pub(super) fn mean(&self) -> f64 {
        self.mean
    }

    /// 1 / (α (α − 2)) for shape α above 2.
    pub(super) fn scv(&self) -> f64 {
        if self.shape <= 2.0 {
            return f64::INFINITY;
        }
        (self.shape * (self.shape - 2.0)).recip()
    }

    pub(super) fn min(&self) -> f64 {
        self.scale
    }

    /// The logarithm of a Pareto value over its scale is exponential with mean 1 / shape, which keeps the far tail
    /// exact: a uniform draw would end it at 2^53.
    pub(super) fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        self.scale * (unit_exponential(rng) / self.shape).exp()
    }
}

impl BoundedPareto {
    pub(super) fn new(shape: f64, low: f64, high: f64) -> Result<Self, Invalid> {
        positive("shape", shape)?;
        positive("low", low)?;
        if range(low, high)?.is_some() {
            return Err(Invalid::new(
                "high",
                format!("{high} is not above low; give a greater one, or say constant"),
            ));
        }
        let log_range = (high / low).ln();
        let share = -(-shape * log_range).exp_m1();
        Ok(Self {
            shape,
            low,
            high,
            log_range,
            share,
        })
    }

    pub(super) fn mean(&self) -> f64 {
        self.moment(1.0)
    }

    pub(super) fn scv(&self) -> f64 {
        (self.moment(2.0) / self.mean().powi(2) - 1.0).max(0.0)
    }

    pub(super) fn min(&self) -> f64 {
        self.low
    }

    /// By inversion.
    pub(super) fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        let u: f64 = rng.random();
        (self.low * (-(-u * self.share).ln_1p() / self.shape).exp()).min(self.high)
    }

    /// E\[X^n\] = α lowⁿ / share · ∫ e^(−(α − n) y) dy over y from 0 to ln(high / low); the integral has no pole at α =
    /// n.
    fn moment(&self, n: f64) -> f64 {
        let decay = self.shape - n;
        let exponent = decay * self.log_range;
        let integral = if exponent == 0.0 {
            self.log_range
        } else {
            -(-exponent).exp_m1() / decay
        };
        self.shape * self.low.powf(n) / self.share * integral
    }
}

impl fmt::Display for Pareto {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pareto(shape={}, mean={})", self.shape, self.mean)
    }
}

impl fmt::Display for BoundedPareto {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "bounded_pareto(shape={}, low={}, high={})",
            self.shape, self.low, self.high
        )
    }
}
