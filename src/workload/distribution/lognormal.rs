//! The lognormal law, given by mean and cv or by two quantiles.

use std::fmt;

use rand::Rng;
use rand_distr::{Distribution as _, StandardNormal};

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
