//! What producers and consumers do, as data: distributions and arrival processes.
//!
//! Numbers are plain: of durations in seconds, of sizes in bytes, of counts in messages, of rates in arrivals per
//! second. Everything is checked when it is built, so that nothing downstream checks again. Nothing here keeps a
//! generator: whoever draws hands one in, which lets the caller key every draw.

pub mod arrivals;
pub mod distribution;
mod job;

pub use arrivals::{ArrivalStream, Arrivals, Between, Mmpp, RatePiece, RateProfile};
pub use distribution::Distribution;
pub use job::{Job, JobId};

use rand::Rng;
use rand_distr::{Distribution as _, Exp1};

/// A parameter that breaks a rule. Who reads the file adds the place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{parameter}: {rule}")]
pub struct Invalid {
    /// Which parameter, by the name it has in a scenario file: `shape`.
    pub parameter: &'static str,
    /// The value, the rule and the remedy: `a Pareto with shape 0.9 has no mean; give a shape above 1`.
    pub rule: String,
}

/// A list of exact values was asked for more of them than it has. The run that asked cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "all {given} listed values are used up; list more of them, end the run earlier, or draw from them with `empirical`"
)]
pub struct UsedUp {
    /// How many values there are.
    pub given: usize,
}

impl Invalid {
    fn new(parameter: &'static str, rule: impl Into<String>) -> Self {
        Self {
            parameter,
            rule: rule.into(),
        }
    }
}

fn positive(parameter: &'static str, value: f64) -> Result<f64, Invalid> {
    if value.is_finite() && value > 0.0 {
        return Ok(value);
    }
    Err(Invalid::new(
        parameter,
        format!("{value} is not a positive number; give one above 0"),
    ))
}

fn not_negative(parameter: &'static str, value: f64) -> Result<f64, Invalid> {
    if value.is_finite() && value >= 0.0 {
        return Ok(value);
    }
    Err(Invalid::new(
        parameter,
        format!("{value} is negative or not a number; give 0 or more"),
    ))
}

/// A draw from the exponential law of mean 1, by ziggurat: some nanoseconds, and no logarithm in 98 % of the draws.
#[inline]
fn unit_exponential<R: Rng + ?Sized>(rng: &mut R) -> f64 {
    Exp1.sample(rng)
}
