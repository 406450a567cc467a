//! The Weibull law, given by shape and mean.

use std::fmt;

use rand::Rng;

use crate::theory::Law;
use crate::theory::numerics::gamma::gamma_below;
use crate::theory::numerics::quadrature::trapezoid;
use crate::theory::numerics::root::bisect;
use crate::workload::{Invalid, positive, unit_exponential};

/// Below this shape moments overflow, and no one could draw enough to see the mean.
const SHAPE_MIN: f64 = 0.01;
/// Of the trapezoidal rule: integrands in ln x are analytic to π/2 from the real line, which makes errors of 1e-17.
const STEP: f64 = 0.25;

/// scale · E^(1/shape) with E exponential of mean 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Weibull {
    shape: f64,
    mean: f64,
    scale: f64,
}

impl Weibull {
    /// The mean is scale · Γ(1 + 1/shape).
    pub(super) fn new(shape: f64, mean: f64) -> Result<Self, Invalid> {
        positive("shape", shape)?;
        positive("mean", mean)?;
        if shape < SHAPE_MIN {
            return Err(Invalid::new(
                "shape",
                format!("{shape} is too small to compute with; give at least {SHAPE_MIN}"),
            ));
        }
        let scale = mean * (-libm::lgamma(1.0 + shape.recip())).exp();
        Ok(Self { shape, mean, scale })
    }

    pub(super) fn mean(&self) -> f64 {
        self.mean
    }

    /// Γ(1 + 2/k) / Γ(1 + 1/k)² − 1 for shape k.
    pub(super) fn scv(&self) -> f64 {
        (libm::lgamma(1.0 + 2.0 / self.shape) - 2.0 * libm::lgamma(1.0 + self.shape.recip()))
            .exp_m1()
    }

    pub(super) fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        self.scale * unit_exponential(rng).powf(self.shape.recip())
    }
}

impl Law for Weibull {
    /// scaleⁿ · Γ(1 + n/k).
    fn moment(&self, n: u32) -> f64 {
        let n = f64::from(n);
        (n * self.scale.ln() + libm::lgamma(1.0 + n / self.shape)).exp()
    }

    fn exceeds(&self, x: f64) -> f64 {
        (-(x / self.scale).powf(self.shape)).exp()
    }

    fn limited_moment(&self, n: u32, x: f64) -> f64 {
        let u = (x / self.scale).powf(self.shape);
        self.moment(n) * gamma_below(f64::from(n) / self.shape, u)
    }

    /// With r = s·scale: above shape 1 the mean of exp(−r·E^(1/k)) over the exponential E, in y = ln E; below it that
    /// of P(X < E / s), in the same y. Each is smooth where the other is steep.
    fn laplace(&self, s: f64) -> f64 {
        let rate = s * self.scale;
        if self.shape < 1.0 {
            let below = |y: f64| -(-(self.shape * (y - rate.ln())).exp()).exp_m1();
            return trapezoid(0.0, STEP, |y| (y - y.exp()).exp() * below(y));
        }
        let slope = |y: f64| y.exp() + rate / self.shape * (y / self.shape).exp() - 1.0;
        let mut low = -1.0;
        while slope(low) > 0.0 {
            low *= 2.0;
        }
        let mode = bisect(low, 0.0, |y| slope(y) < 0.0);
        trapezoid(mode, STEP, |y| {
            (y - y.exp() - rate * (y / self.shape).exp()).exp()
        })
    }
}

impl fmt::Display for Weibull {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "weibull(shape={}, mean={})", self.shape, self.mean)
    }
}
