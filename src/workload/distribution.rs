//! Laws that values are drawn from, each with its facts beside it.
//!
//! A law of a single value, however it is asked for (`uniform(1, 1)`, a cv of 0), is [`Distribution::Constant`], so
//! that a sweep may start where randomness ends.

mod facts;
mod gamma;
mod lognormal;
mod mixture;
mod pareto;
mod phases;
mod steps;
#[cfg(test)]
mod tests;
mod values;
mod weibull;
mod zipf;

pub use gamma::{Erlang, Gamma};
pub use lognormal::Lognormal;
pub use mixture::{Hyperexponential, Mixture};
pub use pareto::{BoundedPareto, Pareto};
pub use values::Values;
pub(super) use values::moments;
pub use weibull::Weibull;
pub use zipf::Zipf;

use std::fmt;
use std::sync::Arc;

use rand::{Rng, RngExt};

use super::{Invalid, UsedUp, not_negative, positive, unit_exponential};

/// A law that values are drawn from: finite numbers, none negative.
///
/// Built by the functions of the same names, which check. Variants hold what their law needs to draw fast.
#[derive(Clone, Debug, PartialEq)]
pub enum Distribution {
    /// Always `value`.
    #[non_exhaustive]
    Constant {
        /// The value.
        value: f64,
    },
    /// Anything between two values, all equally likely.
    #[non_exhaustive]
    Uniform {
        /// Least value.
        low: f64,
        /// Greatest value.
        high: f64,
    },
    /// Between two values, most often near a third: for guesses of the kind "1 to 5, mostly 2".
    #[non_exhaustive]
    Triangular {
        /// Least value.
        low: f64,
        /// Likeliest value.
        mode: f64,
        /// Greatest value.
        high: f64,
    },
    /// Memoryless.
    #[non_exhaustive]
    Exponential {
        /// The mean.
        mean: f64,
    },
    /// The sum of equal exponential stages.
    Erlang(Erlang),
    /// Any mean and any cv, with a tail like the exponential's.
    Gamma(Gamma),
    /// The usual shape of measured service times.
    Lognormal(Lognormal),
    /// A power of an exponential.
    Weibull(Weibull),
    /// A power-law tail without end.
    Pareto(Pareto),
    /// A power law between two values.
    BoundedPareto(BoundedPareto),
    /// One of two exponentials: more variable than one of them.
    Hyperexponential(Hyperexponential),
    /// One of several laws, drawn by weight.
    Mixture(Mixture),
    /// Whole numbers, the first of which come most often: of keys.
    Zipf(Zipf),
    /// Observed values, drawn again with replacement.
    Empirical(Values),
    /// Exact values, in order.
    Listed(Values),
}

/// Building one. Each function fails where a parameter breaks a rule, with that rule.
impl Distribution {
    /// Always `value`, which may be 0.
    pub fn constant(value: f64) -> Result<Self, Invalid> {
        Ok(Self::Constant {
            value: not_negative("value", value)?,
        })
    }

    /// Anything in [`low`, `high`), all equally likely.
    pub fn uniform(low: f64, high: f64) -> Result<Self, Invalid> {
        if let Some(value) = range(low, high)? {
            return Ok(Self::Constant { value });
        }
        Ok(Self::Uniform { low, high })
    }

    /// A density that rises from `low` to `mode` and falls to `high`.
    pub fn triangular(low: f64, mode: f64, high: f64) -> Result<Self, Invalid> {
        let single = range(low, high)?;
        if !(low..=high).contains(&mode) {
            let rule = format!(
                "{mode} is not between low = {low} and high = {high}; give the likeliest value of the range"
            );
            return Err(Invalid::new("mode", rule));
        }
        Ok(
            single.map_or(Self::Triangular { low, mode, high }, |value| {
                Self::Constant { value }
            }),
        )
    }

    /// Memoryless, of a positive mean.
    pub fn exponential(mean: f64) -> Result<Self, Invalid> {
        Ok(Self::Exponential {
            mean: positive("mean", mean)?,
        })
    }

    /// The sum of `shape` exponentials that together have `mean`; scv 1/`shape`.
    pub fn erlang(shape: u32, mean: f64) -> Result<Self, Invalid> {
        Erlang::new(shape, mean).map(Self::Erlang)
    }

    /// The gamma law of `mean` and coefficient of variation `cv`.
    pub fn gamma(mean: f64, cv: f64) -> Result<Self, Invalid> {
        match mean_and_cv(mean, cv)? {
            Some(value) => Ok(Self::Constant { value }),
            None => Gamma::new(mean, cv).map(Self::Gamma),
        }
    }

    /// The lognormal law of `mean` and coefficient of variation `cv`.
    pub fn lognormal(mean: f64, cv: f64) -> Result<Self, Invalid> {
        match mean_and_cv(mean, cv)? {
            Some(value) => Ok(Self::Constant { value }),
            None => Lognormal::new(mean, cv).map(Self::Lognormal),
        }
    }

    /// The lognormal law with this median and this 99th percentile.
    pub fn lognormal_from_quantiles(median: f64, p99: f64) -> Result<Self, Invalid> {
        Lognormal::from_quantiles(median, p99).map(Self::Lognormal)
    }

    /// The Weibull law of `mean`; below shape 1 more variable than an exponential, above it less.
    pub fn weibull(shape: f64, mean: f64) -> Result<Self, Invalid> {
        Weibull::new(shape, mean).map(Self::Weibull)
    }

    /// The Pareto law of `mean`: P(X > x) falls as x^-`shape`. Its variance is infinite up to shape 2.
    pub fn pareto(shape: f64, mean: f64) -> Result<Self, Invalid> {
        Pareto::new(shape, mean).map(Self::Pareto)
    }

    /// The Pareto law of `shape`, given that the value lies between `low` and `high`.
    pub fn bounded_pareto(shape: f64, low: f64, high: f64) -> Result<Self, Invalid> {
        BoundedPareto::new(shape, low, high).map(Self::BoundedPareto)
    }

    /// Two exponential phases with balanced means: each brings half of the total. Needs a `cv` of at least 1.
    pub fn hyperexponential(mean: f64, cv: f64) -> Result<Self, Invalid> {
        Hyperexponential::new(mean, cv).map(Self::Hyperexponential)
    }

    /// One of several laws, each as often as its weight says. Weights need not sum to 1; a part of weight 0 is left
    /// out.
    pub fn mixture(parts: Vec<(f64, Self)>) -> Result<Self, Invalid> {
        Mixture::new(parts).map(Self::Mixture)
    }

    /// Zipf's law on the whole numbers from 1 to `n`; an `exponent` of 0 makes all equally likely.
    pub fn zipf(n: u32, exponent: f64) -> Result<Self, Invalid> {
        let law = Zipf::new(n, exponent)?;
        Ok(match n {
            1 => Self::Constant { value: 1.0 },
            _ => Self::Zipf(law),
        })
    }

    /// Observed values, drawn again with replacement.
    pub fn empirical(values: Arc<[f64]>) -> Result<Self, Invalid> {
        let values = Values::new(values)?;
        Ok(values
            .single()
            .map_or(Self::Empirical(values), |value| Self::Constant { value }))
    }

    /// Exact values, in order: draw number `index` is value number `index`.
    pub fn listed(values: Arc<[f64]>) -> Result<Self, Invalid> {
        Values::new(values).map(Self::Listed)
    }
}

impl Distribution {
    /// The mean.
    pub fn mean(&self) -> f64 {
        match self {
            Self::Constant { value } => *value,
            Self::Uniform { low, high } => low + (high - low) / 2.0,
            Self::Triangular { low, mode, high } => (low + mode + high) / 3.0,
            Self::Exponential { mean } => *mean,
            Self::Erlang(law) => law.mean(),
            Self::Gamma(law) => law.mean(),
            Self::Lognormal(law) => law.mean(),
            Self::Weibull(law) => law.mean(),
            Self::Pareto(law) => law.mean(),
            Self::BoundedPareto(law) => law.mean(),
            Self::Hyperexponential(law) => law.mean(),
            Self::Mixture(law) => law.mean(),
            Self::Zipf(law) => law.mean(),
            Self::Empirical(values) | Self::Listed(values) => values.mean(),
        }
    }

    /// The squared coefficient of variation, variance / mean²; infinite where the variance is, and 0 where the mean is
    /// 0.
    pub fn scv(&self) -> f64 {
        match self {
            Self::Constant { .. } => 0.0,
            Self::Uniform { low, high } => ((high - low) / self.mean()).powi(2) / 12.0,
            Self::Triangular { low, mode, high } => {
                // The variance is (a² + b² + c² − ab − ac − bc) / 18, here as a sum of squares: nothing cancels.
                let squares = (mode - low).powi(2) + (high - mode).powi(2) + (high - low).powi(2);
                squares / 36.0 / self.mean().powi(2)
            }
            Self::Exponential { .. } => 1.0,
            Self::Erlang(law) => law.scv(),
            Self::Gamma(law) => law.scv(),
            Self::Lognormal(law) => law.scv(),
            Self::Weibull(law) => law.scv(),
            Self::Pareto(law) => law.scv(),
            Self::BoundedPareto(law) => law.scv(),
            Self::Hyperexponential(law) => law.scv(),
            Self::Mixture(law) => law.scv(),
            Self::Zipf(law) => law.scv(),
            Self::Empirical(values) | Self::Listed(values) => values.scv(),
        }
    }

    /// The greatest number that no draw falls below: 0 for an exponential.
    pub fn min(&self) -> f64 {
        match self {
            Self::Constant { value } => *value,
            Self::Uniform { low, .. } | Self::Triangular { low, .. } => *low,
            Self::Exponential { .. }
            | Self::Erlang(_)
            | Self::Gamma(_)
            | Self::Lognormal(_)
            | Self::Weibull(_)
            | Self::Hyperexponential(_) => 0.0,
            Self::Pareto(law) => law.min(),
            Self::BoundedPareto(law) => law.min(),
            Self::Mixture(law) => law.min(),
            Self::Zipf(_) => 1.0,
            Self::Empirical(values) | Self::Listed(values) => values.min(),
        }
    }

    /// Whether every draw gives the same value, and never runs out.
    pub fn is_constant(&self) -> bool {
        matches!(self, Self::Constant { .. })
    }

    /// α where P(X > x) falls as x^-α, so that only moments below α exist: a Pareto law's shape, of a mixture the least
    /// of its parts. `None` where all moments exist.
    pub fn tail_index(&self) -> Option<f64> {
        match self {
            Self::Pareto(law) => Some(law.shape()),
            Self::Mixture(law) => law.tail_index(),
            Self::Constant { .. }
            | Self::Uniform { .. }
            | Self::Triangular { .. }
            | Self::Exponential { .. }
            | Self::Erlang(_)
            | Self::Gamma(_)
            | Self::Lognormal(_)
            | Self::Weibull(_)
            | Self::BoundedPareto(_)
            | Self::Hyperexponential(_)
            | Self::Zipf(_)
            | Self::Empirical(_)
            | Self::Listed(_) => None,
        }
    }

    /// Draw number `index`, counted from 0; all laws but [`Distribution::Listed`] look only at `rng`.
    ///
    /// # Errors
    /// Where exact values are listed and there are no more than `index` of them.
    #[inline]
    pub fn sample<R: Rng + ?Sized>(&self, index: u64, rng: &mut R) -> Result<f64, UsedUp> {
        Ok(match self {
            Self::Constant { value } => *value,
            Self::Uniform { low, high } => low + (high - low) * rng.random::<f64>(),
            Self::Triangular { low, mode, high } => triangular(*low, *mode, *high, rng.random()),
            Self::Exponential { mean } => mean * unit_exponential(rng),
            Self::Erlang(law) => law.sample(rng),
            Self::Gamma(law) => law.sample(rng),
            Self::Lognormal(law) => law.sample(rng),
            Self::Weibull(law) => law.sample(rng),
            Self::Pareto(law) => law.sample(rng),
            Self::BoundedPareto(law) => law.sample(rng),
            Self::Hyperexponential(law) => law.sample(rng),
            Self::Mixture(law) => return law.sample(index, rng),
            Self::Zipf(law) => law.sample(rng),
            Self::Empirical(values) => values.resample(rng),
            Self::Listed(values) => return values.nth(index),
        })
    }
}

impl fmt::Display for Distribution {
    /// As a call, in SI numbers without units: `lognormal(mean=0.2, cv=1.2)`. Of observed and listed values the count.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Constant { value } => write!(f, "constant(value={value})"),
            Self::Uniform { low, high } => write!(f, "uniform(low={low}, high={high})"),
            Self::Triangular { low, mode, high } => {
                write!(f, "triangular(low={low}, mode={mode}, high={high})")
            }
            Self::Exponential { mean } => write!(f, "exponential(mean={mean})"),
            Self::Erlang(law) => law.fmt(f),
            Self::Gamma(law) => law.fmt(f),
            Self::Lognormal(law) => law.fmt(f),
            Self::Weibull(law) => law.fmt(f),
            Self::Pareto(law) => law.fmt(f),
            Self::BoundedPareto(law) => law.fmt(f),
            Self::Hyperexponential(law) => law.fmt(f),
            Self::Mixture(law) => law.fmt(f),
            Self::Zipf(law) => law.fmt(f),
            Self::Empirical(values) => write!(f, "empirical({} values)", values.count()),
            Self::Listed(values) => write!(f, "listed({} values)", values.count()),
        }
    }
}

/// The value at share `u` of the triangular law, by inversion of its two parabolas.
fn triangular(low: f64, mode: f64, high: f64, u: f64) -> f64 {
    let width = high - low;
    if u * width < mode - low {
        low + (u * width * (mode - low)).sqrt()
    } else {
        high - ((1.0 - u) * width * (high - mode)).sqrt()
    }
}

/// Checks the ends of a range, and gives its value where there is but one.
fn range(low: f64, high: f64) -> Result<Option<f64>, Invalid> {
    not_negative("low", low)?;
    not_negative("high", high)?;
    if high < low {
        return Err(Invalid::new(
            "high",
            format!("{high} is below low = {low}; give the greater of the two as high"),
        ));
    }
    Ok((low >= high).then_some(low))
}

/// Checks a mean and a cv, and gives the value where the cv leaves but one.
fn mean_and_cv(mean: f64, cv: f64) -> Result<Option<f64>, Invalid> {
    positive("mean", mean)?;
    Ok((not_negative("cv", cv)? == 0.0).then_some(mean))
}
