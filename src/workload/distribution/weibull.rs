//! The Weibull law, given by shape and mean.

use std::fmt;

use rand::Rng;

use crate::workload::{Invalid, positive, unit_exponential};

/// Below this shape moments overflow, and no one could draw enough to see the mean.
const SHAPE_MIN: f64 = 0.01;

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
        let scale = mean * (-ln_gamma(1.0 + shape.recip())).exp();
        Ok(Self { shape, mean, scale })
    }

    pub(super) fn mean(&self) -> f64 {
        self.mean
    }

    /// Γ(1 + 2/k) / Γ(1 + 1/k)² − 1 for shape k.
    pub(super) fn scv(&self) -> f64 {
        (ln_gamma(1.0 + 2.0 / self.shape) - 2.0 * ln_gamma(1.0 + self.shape.recip())).exp_m1()
    }

    pub(super) fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        self.scale * unit_exponential(rng).powf(self.shape.recip())
    }
}

impl fmt::Display for Weibull {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "weibull(shape={}, mean={})", self.shape, self.mean)
    }
}

/// ln Γ(x) for x ≥ 1, by Lanczos' approximation with g = 7 and nine terms: relative error of Γ about 1e-15.
fn ln_gamma(x: f64) -> f64 {
    const G: f64 = 7.0;
    const TERMS: [f64; 8] = [
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    debug_assert!(
        x >= 1.0,
        "{x} needs the reflection formula, which is left out"
    );
    let x = x - 1.0;
    let series = TERMS
        .iter()
        .zip(1_u32..)
        .map(|(term, i)| term / (x + f64::from(i)));
    let sum: f64 = 0.999_999_999_999_809_9 + series.sum::<f64>();
    let t = x + G + 0.5;
    std::f64::consts::TAU.sqrt().ln() + (x + 0.5) * t.ln() - t + sum.ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gamma_function_of_whole_and_half_numbers_is_known() {
        let sqrt_pi = std::f64::consts::PI.sqrt();
        for (x, gamma) in [
            (1.0, 1.0),
            (1.5, sqrt_pi / 2.0),
            (2.0, 1.0),
            (2.5, 0.75 * sqrt_pi),
            (5.0, 24.0),
            (21.0, 2.432_902_008_176_64e18),
            (101.0, 9.332_621_544_394_41e157),
        ] {
            let error = ln_gamma(x).exp() / gamma - 1.0;
            assert!(error.abs() < 2e-13, "Γ({x}) is off by {error:e}");
        }
    }
}
