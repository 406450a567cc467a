//! One of several laws: of two exponentials, or of any.

use std::fmt;
use std::sync::Arc;

use rand::{Rng, RngExt};

use super::Distribution;
use super::facts::Exponential;
use crate::theory::Law;
use crate::workload::{Invalid, UsedUp, not_negative, positive, unit_exponential};

/// Two exponential phases with balanced means: probability × mean is the same for both.
#[derive(Clone, Debug, PartialEq)]
pub struct Hyperexponential {
    mean: f64,
    cv: f64,
    /// Probability of the long phase, at most a half.
    long: f64,
    mean_long: f64,
    mean_short: f64,
}

/// One of several laws, drawn by weight.
#[derive(Clone, Debug, PartialEq)]
pub struct Mixture {
    parts: Arc<[Part]>,
}

#[derive(Clone, Debug, PartialEq)]
struct Part {
    /// As given.
    weight: f64,
    /// Probability of this part.
    share: f64,
    /// Probability of this part or one before it.
    upto: f64,
    of: Distribution,
}

impl Hyperexponential {
    /// With s = √((cv² − 1) / (cv² + 1)) the phases have the probabilities (1 ± s) / 2 and the means mean / (1 ± s)
    /// (Whitt 1982, balanced means). 1 − s is computed as 2 / ((cv² + 1)(1 + s)), which does not cancel.
    pub(super) fn new(mean: f64, cv: f64) -> Result<Self, Invalid> {
        positive("mean", mean)?;
        positive("cv", cv)?;
        let scv = cv * cv;
        if scv < 1.0 {
            let rule = format!(
                "a hyperexponential with cv {cv} does not exist; give 1 or more, or use gamma or erlang"
            );
            return Err(Invalid::new("cv", rule));
        }
        let s = ((scv - 1.0) / (scv + 1.0)).sqrt();
        let one_minus_s = 2.0 / ((scv + 1.0) * (1.0 + s));
        if !one_minus_s.is_normal() {
            return Err(Invalid::new(
                "cv",
                format!("{cv} is too large to compute with; give e.g. 4"),
            ));
        }
        Ok(Self {
            mean,
            cv,
            long: one_minus_s / 2.0,
            mean_long: mean / one_minus_s,
            mean_short: mean / (1.0 + s),
        })
    }

    pub(super) fn mean(&self) -> f64 {
        self.mean
    }

    pub(super) fn scv(&self) -> f64 {
        self.cv * self.cv
    }

    /// Probability and mean of each of the two phases.
    pub(super) fn shares_and_means(&self) -> [(f64, f64); 2] {
        [
            (1.0 - self.long, self.mean_short),
            (self.long, self.mean_long),
        ]
    }

    #[inline]
    pub(super) fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        let mean = if rng.random::<f64>() < self.long {
            self.mean_long
        } else {
            self.mean_short
        };
        mean * unit_exponential(rng)
    }
}

impl Mixture {
    pub(super) fn new(parts: Vec<(f64, Distribution)>) -> Result<Self, Invalid> {
        for (weight, of) in &parts {
            not_negative("weight", *weight)?;
            if matches!(of, Distribution::Listed(_)) {
                let rule =
                    "listed values come in order and cannot be a part of a mixture; use empirical";
                return Err(Invalid::new("of", rule));
            }
        }
        let total: f64 = parts.iter().map(|(weight, _)| weight).sum();
        if !total.is_normal() {
            return Err(Invalid::new(
                "weight",
                "no part has a weight that can be drawn by; give a positive one, e.g. 1",
            ));
        }
        let mut upto = 0.0;
        let parts = parts
            .into_iter()
            .filter(|(weight, _)| *weight > 0.0)
            .map(|(weight, of)| {
                upto += weight / total;
                Part {
                    weight,
                    share: weight / total,
                    upto,
                    of,
                }
            });
        Ok(Self {
            parts: parts.collect(),
        })
    }

    pub(super) fn mean(&self) -> f64 {
        self.weighted(Distribution::mean)
    }

    /// The least of those of its parts.
    pub(super) fn tail_index(&self) -> Option<f64> {
        let tails = self.parts.iter().filter_map(|part| part.of.tail_index());
        tails.reduce(f64::min)
    }

    /// Σ share·variance + Σ share·(mean of the part − mean)², over mean².
    pub(super) fn scv(&self) -> f64 {
        let mean = self.mean();
        if mean == 0.0 {
            return 0.0;
        }
        let variance = self.parts.iter().map(|Part { share, of, .. }| {
            let within = if of.mean() == 0.0 {
                0.0
            } else {
                of.scv() * of.mean().powi(2)
            };
            share * (within + (of.mean() - mean).powi(2))
        });
        variance.sum::<f64>() / (mean * mean)
    }

    /// The parts, each with its probability.
    pub(super) fn shares(&self) -> impl Iterator<Item = (f64, &Distribution)> {
        self.parts.iter().map(|part| (part.share, &part.of))
    }

    pub(super) fn min(&self) -> f64 {
        self.parts
            .iter()
            .map(|part| part.of.min())
            .fold(f64::INFINITY, f64::min)
    }

    pub(super) fn sample<R: Rng + ?Sized>(&self, index: u64, rng: &mut R) -> Result<f64, UsedUp> {
        let (last, others) = self
            .parts
            .split_last()
            .expect("a mixture has a part of positive weight");
        let u: f64 = rng.random();
        // The last part takes what rounding leaves between the sum of the shares and 1.
        others
            .iter()
            .find(|part| u < part.upto)
            .unwrap_or(last)
            .of
            .sample(index, rng)
    }
}

impl Hyperexponential {
    /// Over both phases.
    fn weighted(&self, fact: impl Fn(Exponential) -> f64) -> f64 {
        self.long * fact(Exponential(self.mean_long))
            + (1.0 - self.long) * fact(Exponential(self.mean_short))
    }
}

impl Law for Hyperexponential {
    fn moment(&self, n: u32) -> f64 {
        self.weighted(|phase| phase.moment(n))
    }

    fn exceeds(&self, x: f64) -> f64 {
        self.weighted(|phase| phase.exceeds(x))
    }

    fn limited_moment(&self, n: u32, x: f64) -> f64 {
        self.weighted(|phase| phase.limited_moment(n, x))
    }

    fn laplace(&self, s: f64) -> f64 {
        self.weighted(|phase| phase.laplace(s))
    }
}

impl Mixture {
    /// Over all parts.
    fn weighted(&self, fact: impl Fn(&Distribution) -> f64) -> f64 {
        self.parts
            .iter()
            .map(|part| part.share * fact(&part.of))
            .sum()
    }
}

impl Law for Mixture {
    fn moment(&self, n: u32) -> f64 {
        self.weighted(|part| part.moment(n))
    }

    fn exceeds(&self, x: f64) -> f64 {
        self.weighted(|part| part.exceeds(x))
    }

    fn limited_moment(&self, n: u32, x: f64) -> f64 {
        self.weighted(|part| part.limited_moment(n, x))
    }

    fn laplace(&self, s: f64) -> f64 {
        self.weighted(|part| part.laplace(s))
    }
}

impl fmt::Display for Hyperexponential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "hyperexponential(mean={}, cv={})", self.mean, self.cv)
    }
}

impl fmt::Display for Mixture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("mixture([")?;
        for (i, Part { weight, of, .. }) in self.parts.iter().enumerate() {
            let comma = if i == 0 { "" } else { ", " };
            write!(f, "{comma}{{ weight = {weight}, of = {of} }}")?;
        }
        f.write_str("])")
    }
}
