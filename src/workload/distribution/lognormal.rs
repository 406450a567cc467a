//! The lognormal law, given by mean and cv or by two quantiles.

use std::fmt;

use rand::Rng;
use rand_distr::{Distribution as _, StandardNormal};

use super::facts::power_above;
use crate::theory::Law;
use crate::theory::numerics::quadrature::trapezoid;
use crate::theory::numerics::root::bisect;
use crate::workload::{Invalid, positive};

/// The 99 % quantile of the standard normal law.
const NORMAL_P99: f64 = 2.326_347_874_040_841;

/// e to the power of a normal value.
#[derive(Clone, Debug, PartialEq)]
pub struct Lognormal {
    /// Mean of the logarithm: the logarithm of the median.
    mu: f64,
    /// Standard deviation of the logarithm.
    sigma: f64,
    spelling: Spelling,
}

/// How it was given, for display.
#[derive(Clone, Debug, PartialEq)]
enum Spelling {
    Moments { mean: f64, cv: f64 },
    Quantiles { median: f64, p99: f64 },
}

impl Lognormal {
    /// σ² = ln(1 + cv²), μ = ln mean − σ²/2.
    pub(super) fn new(mean: f64, cv: f64) -> Result<Self, Invalid> {
        let variance = (cv * cv).ln_1p();
        if !variance.is_normal() {
            return Err(Invalid::new(
                "cv",
                format!("{cv} is too large or too small to compute with; give e.g. 1"),
            ));
        }
        let mu = mean.ln() - variance / 2.0;
        Ok(Self {
            mu,
            sigma: variance.sqrt(),
            spelling: Spelling::Moments { mean, cv },
        })
    }

    /// σ = ln(p99 / median) / z with z the normal law's p99, μ = ln median.
    pub(super) fn from_quantiles(median: f64, p99: f64) -> Result<Self, Invalid> {
        positive("median", median)?;
        positive("p99", p99)?;
        if p99 <= median {
            let rule = format!(
                "{p99} is not above the median = {median}; give the value that 99 % stay below"
            );
            return Err(Invalid::new("p99", rule));
        }
        let sigma = (p99 / median).ln() / NORMAL_P99;
        Ok(Self {
            mu: median.ln(),
            sigma,
            spelling: Spelling::Quantiles { median, p99 },
        })
    }

    pub(super) fn mean(&self) -> f64 {
        match self.spelling {
            Spelling::Moments { mean, .. } => mean,
            Spelling::Quantiles { median, .. } => median * (self.sigma * self.sigma / 2.0).exp(),
        }
    }

    pub(super) fn scv(&self) -> f64 {
        (self.sigma * self.sigma).exp_m1()
    }

    pub(super) fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        let normal: f64 = StandardNormal.sample(rng);
        (self.mu + self.sigma * normal).exp()
    }
}

impl Law for Lognormal {
    /// exp(nμ + n²σ²/2).
    fn moment(&self, n: u32) -> f64 {
        let n = f64::from(n);
        (n * (self.mu + n * self.sigma * self.sigma / 2.0)).exp()
    }

    fn exceeds(&self, x: f64) -> f64 {
        normal_above((x.ln() - self.mu) / self.sigma)
    }

    /// Weighted by xⁿ, the law is the lognormal one with a mean of the logarithm of μ + nσ².
    fn limited_moment(&self, n: u32, x: f64) -> f64 {
        let z = (x.ln() - self.mu) / self.sigma;
        let above = normal_above(z);
        let below = normal_above(f64::from(n) * self.sigma - z);
        self.moment(n) * below + power_above(x, n, above)
    }

    /// ∫ exp(−z²/2 − s·exp(μ + σz)) dz / √2π from its maximum outwards. The maximum lies where z = −σ·s·exp(μ + σz) and
    /// is as wide there as a normal law of variance 1 / (1 − σz).
    fn laplace(&self, s: f64) -> f64 {
        let slope = |z: f64| z + self.sigma * s * (self.mu + self.sigma * z).exp();
        let mut low = -1.0;
        while slope(low) > 0.0 {
            low *= 2.0;
        }
        let mode = bisect(low, 0.0, |z| slope(z) < 0.0);
        let step = (0.5 / (1.0 - self.sigma * mode).sqrt()).min(0.25 / self.sigma);
        let density = |z: f64| (-z * z / 2.0 - s * (self.mu + self.sigma * z).exp()).exp();
        trapezoid(mode, step, density) / std::f64::consts::TAU.sqrt()
    }
}

/// P(Z > z) for a standard normal Z.
fn normal_above(z: f64) -> f64 {
    libm::erfc(z * std::f64::consts::FRAC_1_SQRT_2) / 2.0
}

impl fmt::Display for Lognormal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.spelling {
            Spelling::Moments { mean, cv } => write!(f, "lognormal(mean={mean}, cv={cv})"),
            Spelling::Quantiles { median, p99 } => {
                write!(f, "lognormal(median={median}, p99={p99})")
            }
        }
    }
}
