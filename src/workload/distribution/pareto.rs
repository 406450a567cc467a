//! Power laws: Pareto's, and the same between two bounds.

use std::fmt;

use rand::{Rng, RngExt};

use super::facts::power;
use super::range;
use crate::theory::Law;
use crate::theory::numerics::quadrature::gauss;
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

    /// α: P(X > x) falls as x to the power of −α.
    pub fn shape(&self) -> f64 {
        self.shape
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
        self.moment(1)
    }

    pub(super) fn scv(&self) -> f64 {
        (self.moment(2) / self.mean().powi(2) - 1.0).max(0.0)
    }

    pub(super) fn min(&self) -> f64 {
        self.low
    }

    /// By inversion.
    pub(super) fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        let u: f64 = rng.random();
        (self.low * (-(-u * self.share).ln_1p() / self.shape).exp()).min(self.high)
    }

    /// E\[Xⁿ; ln(X / low) ≤ `log`\] = α lowⁿ / share · ∫ e^(−(α − n) y) dy over y from 0 to `log`; the integral has no
    /// pole at α = n.
    fn below(&self, n: u32, log: f64) -> f64 {
        self.shape * power(self.low, n) / self.share * decayed(self.shape - f64::from(n), log)
    }
}

impl Law for Pareto {
    /// scaleⁿ · α / (α − n) where the shape α is above n.
    fn moment(&self, n: u32) -> f64 {
        let decay = self.shape - f64::from(n);
        if decay <= 0.0 {
            return f64::INFINITY;
        }
        power(self.scale, n) * self.shape / decay
    }

    fn exceeds(&self, x: f64) -> f64 {
        (self.scale / x).powf(self.shape).min(1.0)
    }

    fn limited_moment(&self, n: u32, x: f64) -> f64 {
        if x <= self.scale {
            return power(x, n);
        }
        let order = f64::from(n);
        let above = decayed(self.shape - order, (x / self.scale).ln());
        power(self.scale, n) * (1.0 + order * above)
    }

    fn laplace(&self, s: f64) -> f64 {
        laplace(self.shape, s * self.scale, f64::INFINITY)
    }
}

impl Law for BoundedPareto {
    fn moment(&self, n: u32) -> f64 {
        self.below(n, self.log_range)
    }

    fn exceeds(&self, x: f64) -> f64 {
        if x < self.low {
            return 1.0;
        }
        let log_above = (self.high / x).ln().max(0.0);
        (self.low / x).powf(self.shape) * -(-self.shape * log_above).exp_m1() / self.share
    }

    fn limited_moment(&self, n: u32, x: f64) -> f64 {
        if x <= self.low {
            return power(x, n);
        }
        let x = x.min(self.high);
        self.below(n, (x / self.low).ln()) + power(x, n) * self.exceeds(x)
    }

    fn laplace(&self, s: f64) -> f64 {
        laplace(self.shape, s * self.low, self.log_range) / self.share
    }
}

/// ∫ e^(−`decay`·y) dy from 0 to `length`, for a decay of any sign.
fn decayed(decay: f64, length: f64) -> f64 {
    if decay == 0.0 {
        return length;
    }
    -(-decay * length).exp_m1() / decay
}

/// α ∫ exp(−α·v − r·eᵛ) dv from 0 to `length`: of a Pareto law of scale 1 and shape α its Laplace transform at r =
/// `rate`.
///
/// By Gauss's rule in panels up to where nothing is left.
fn laplace(shape: f64, rate: f64, length: f64) -> f64 {
    const NATS: f64 = 42.0;
    const PANELS: u32 = 16;
    let end = length.min(NATS / shape).min((NATS / rate).ln_1p());
    let panel = end / f64::from(PANELS);
    let integrals = (0..PANELS).map(f64::from).map(|i| {
        gauss(i * panel, (i + 1.0) * panel, |v| {
            (-shape * v - rate * v.exp_m1()).exp()
        })
    });
    (-rate).exp() * shape * integrals.sum::<f64>()
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
