//! An interval from one single run: batch means, or a refusal.

use super::{Interval, mean, mean_interval, normal_two_sided};
use std::error::Error;
use std::fmt;

/// Fewest batches that an interval may rest on.
pub const BATCHES_MIN: usize = 20;
/// Two-sided level whose upper end is passed by chance at 5 %: only positive correlation makes an interval too narrow.
const CORRELATION_LEVEL: f64 = 0.9;

/// Why one run gives no interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Refusal {
    /// Fewer values than batches are needed.
    TooFew {
        /// The values there are.
        values: usize,
    },
    /// Even the longest batches still remember each other.
    Correlated {
        /// Batches of the last attempt.
        batches: usize,
        /// Their correlation at lag 1.
        correlation: f64,
    },
    /// A value is infinite or not a number.
    NotFinite,
}

/// Mean of one run's values, in order of time, and its confidence interval from batch means.
///
/// Neighbours are put together until von Neumann's test finds no positive correlation at lag 1 at 5 % (Fishman 1978,
/// Management Science 24). `values` are means over stretches of equal length; those at the front that fill no batch are
/// left out.
///
/// # Errors
/// Where fewer than [`BATCHES_MIN`] batches would be left, and where a value is infinite or NaN.
pub fn batch_means(values: &[f64], level: f64) -> Result<Interval, Refusal> {
    if values.iter().any(|value| !value.is_finite()) {
        return Err(Refusal::NotFinite);
    }
    if values.len() < BATCHES_MIN {
        return Err(Refusal::TooFew {
            values: values.len(),
        });
    }
    let mut batches = values.to_vec();
    loop {
        let correlation = lag_one_correlation(&batches).unwrap_or(0.0);
        if correlation <= correlation_limit(batches.len()) {
            return mean_interval(&batches, level).ok_or(Refusal::NotFinite);
        }
        if batches.len() / 2 < BATCHES_MIN {
            return Err(Refusal::Correlated {
                batches: batches.len(),
                correlation,
            });
        }
        // What came first is the likeliest to be unlike the rest.
        let odd_one = batches.len() % 2;
        batches = batches[odd_one..].chunks_exact(2).map(mean).collect();
    }
}

/// Correlation of neighbours, 1 − Σ(xᵢ − xᵢ₊₁)² / 2Σ(xᵢ − x̄)²: von Neumann's ratio, which unlike the plain estimate is
/// not biased towards negative values (von Neumann 1941, Annals of Mathematical Statistics 12).
///
/// `None` for fewer than three values, or where all are equal.
pub fn lag_one_correlation(values: &[f64]) -> Option<f64> {
    let centre = mean(values);
    let squares: f64 = values.iter().map(|value| (value - centre).powi(2)).sum();
    if values.len() < 3 || squares <= 0.0 {
        return None;
    }
    let steps: f64 = values
        .windows(2)
        .map(|pair| (pair[1] - pair[0]).powi(2))
        .sum();
    Some(1.0 - steps / (2.0 * squares))
}

/// What [`lag_one_correlation`] of n independent normal values exceeds at 5 %: z·√((n − 2) / (n² − 1)).
fn correlation_limit(values: usize) -> f64 {
    let n = values as f64;
    normal_two_sided(CORRELATION_LEVEL) * ((n - 2.0) / (n * n - 1.0)).sqrt()
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooFew { values } => {
                write!(
                    f,
                    "one run gave {values} values, and an interval needs {BATCHES_MIN} batches: run longer, or more than once"
                )
            }
            Self::Correlated {
                batches,
                correlation,
            } => write!(
                f,
                "one run's {batches} batches still depend on each other (correlation {correlation:.2} at lag 1): run longer, or more than once"
            ),
            Self::NotFinite => write!(f, "a value of the run is infinite"),
        }
    }
}

impl Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::super::tests::assert_near;
    use super::*;

    /// An autoregressive series x ← r·x + noise; the noise is uniform, from a fixed linear congruential generator.
    fn autoregressive(r: f64, length: usize, seed: u64) -> Vec<f64> {
        let mut state = seed;
        let mut value = 0.0;
        let mut step = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            value = r * value + (state >> 11) as f64 / (1u64 << 53) as f64 - 0.5;
            value
        };
        (0..length).map(|_| step()).collect()
    }

    #[test]
    fn correlation_of_neighbours_is_von_neumanns() {
        // Steps 1, 1, 1; squares 2.25 + 0.25 + 0.25 + 2.25 = 5: 1 − 3/10
        assert_near(
            lag_one_correlation(&[1.0, 2.0, 3.0, 4.0]).expect("four values"),
            0.7,
            1e-12,
        );
        assert_eq!(lag_one_correlation(&[2.0; 5]), None);
    }

    #[test]
    fn independent_values_give_the_plain_interval() {
        let values = autoregressive(0.0, 200, 7);
        assert_eq!(
            batch_means(&values, 0.95).ok(),
            mean_interval(&values, 0.95)
        );
    }

    #[test]
    fn a_run_that_remembers_too_long_is_refused() {
        let refusal = batch_means(&autoregressive(0.999, 1000, 3), 0.95)
            .expect_err("a memory of 1,000 steps");
        assert!(
            matches!(
                refusal,
                Refusal::Correlated {
                    batches: 20..=39,
                    ..
                }
            ),
            "{refusal}"
        );
        assert_eq!(
            batch_means(&[1.0; 19], 0.95),
            Err(Refusal::TooFew { values: 19 })
        );
        assert_eq!(batch_means(&[f64::NAN; 30], 0.95), Err(Refusal::NotFinite));
    }

    #[test]
    fn intervals_of_correlated_runs_cover_as_often_as_they_claim() {
        for r in [0.5, 0.9] {
            let (mut covered, mut given) = (0.0, 0.0);
            for seed in 0..400 {
                let run = autoregressive(r, 10_000, seed * 7919 + 1);
                if let Ok(interval) = batch_means(&run[1000..], 0.95) {
                    given += 1.0;
                    covered += f64::from(u8::from(interval.low <= 0.0 && interval.high >= 0.0));
                }
            }
            assert!(
                given > 300.0 && (0.92..=0.98).contains(&(covered / given)),
                "{r}: {covered} of {given}"
            );
        }
    }
}
