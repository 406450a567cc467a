//! Sums over the Poisson law, from its mode outwards: nothing overflows, and nothing is subtracted.
//!
//! Weights are taken relative to that of the mode, and divided by their sum (Fox & Glynn 1988, Communications of the
//! ACM 31, 440–445). A sum costs some 17 √mean steps.

use crate::theory::numerics::gamma::{gamma_below, series};

pub(in crate::theory) mod mass;

/// A weight so far below what has been summed adds nothing to it, nor do those after it: of a mean of 1e14 some 1e7
/// that are hardly smaller, which is why it is less than [`super::NEGLIGIBLE`].
const NEGLIGIBLE: f64 = 1e-20;
/// From this mean on, the law is as good as a point to what is taken over it: it spreads over a share of 1e-6.
const POINT_FROM: f64 = 1e14;
/// From this mean on a tail is that of the gamma law's expansion for large shapes, which then has as many digits.
const EXPANDED_FROM: f64 = 1e10;

/// `E[f(K)]` for K of the Poisson law of `mean` ≥ 0, where `f` lies between 0 and 1 and never rises; 0 where `mean` is
/// infinite, and f(mean) where it is so large that nothing else would end.
///
/// To its last digits even where it is as small as 1e-300: downwards the sum goes on for as long as `f` may still make
/// up for the weights.
pub(crate) fn expectation(mean: f64, f: impl Fn(u64) -> f64) -> f64 {
    debug_assert!(mean >= 0.0, "a mean of {mean}");
    if mean.is_infinite() {
        return 0.0;
    }
    if mean > POINT_FROM {
        return f(mean as u64);
    }
    let (mut weights, mut sum) = (0.0, 0.0);
    // Weights that count are told from those that do not, so that one that is no number ends the sum.
    for (k, weight) in from_mode_up(mean) {
        let counts = weight > NEGLIGIBLE * weights;
        if !counts {
            break;
        }
        weights += weight;
        sum += weight * f(k);
    }
    for (k, weight) in below_mode(mean) {
        // f may be up to 1 here, and the sum is at most that of the weights.
        let counts = weight > NEGLIGIBLE * sum && weight > 0.0;
        if !counts {
            break;
        }
        weights += weight;
        sum += weight * f(k);
    }
    sum / weights
}

/// P(K > `n`) for K of the Poisson law of `mean` ≥ 0, to its last digits, or to nine for a mean of 1e10 and more.
///
/// That the (n + 1)-th of events that come at rate 1 is there before the time `mean`.
pub(crate) fn exceeds(mean: f64, n: u64) -> f64 {
    debug_assert!(mean >= 0.0, "a mean of {mean}");
    let shape = n as f64 + 1.0;
    if mean > EXPANDED_FROM {
        return gamma_below(shape, mean);
    }
    if mean < shape {
        return series(shape, mean);
    }
    1.0 - expectation(mean, |k| if k <= n { 1.0 } else { 0.0 })
}

/// P(K = k) for k = first, first + 1 …, all but some 1e-18 of the whole, and `first`.
pub(crate) fn probabilities(mean: f64) -> (u64, Vec<f64>) {
    let counts = |(_, weight): &(u64, f64)| *weight > NEGLIGIBLE;
    let mut weights: Vec<f64> = below_mode(mean)
        .take_while(counts)
        .map(|(_, w)| w)
        .collect();
    let first = mean as u64 - weights.len() as u64;
    weights.reverse();
    weights.extend(from_mode_up(mean).take_while(counts).map(|(_, w)| w));
    let all: f64 = weights.iter().sum();
    for weight in &mut weights {
        *weight /= all;
    }
    (first, weights)
}

/// The mode and what is above it, with weights relative to it.
fn from_mode_up(mean: f64) -> impl Iterator<Item = (u64, f64)> {
    let mut weight = 1.0;
    let mode = mean as u64;
    (mode..).map(move |k| {
        if k > mode {
            weight *= mean / k as f64;
        }
        (k, weight)
    })
}

/// What is below the mode, downwards, with weights relative to it.
fn below_mode(mean: f64) -> impl Iterator<Item = (u64, f64)> {
    let mut weight = 1.0;
    (0..mean as u64).rev().map(move |k| {
        weight *= (k + 1) as f64 / mean;
        (k, weight)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::tests::assert_close;

    #[test]
    fn a_generating_function_comes_out_however_small_it_is() {
        // E[rᴷ] = exp(−(1 − r) · mean)
        for (mean, r) in [
            (0.0, 0.5),
            (0.3, 0.9),
            (50.0, 0.5),
            (1e6, 0.999_9),
            (1e4, 0.95),
        ] {
            assert_close(
                expectation(mean, |k| f64::powf(r, k as f64)),
                (-(1.0 - r) * mean).exp(),
                1e-11,
                &format!("mean {mean}, r = {r}"),
            );
        }
        assert_eq!(expectation(f64::INFINITY, |_| 1.0).to_bits(), 0);
        let few = |k| if k < 1000 { 1.0 } else { 0.0 };
        assert_eq!(expectation(f64::MAX, few).to_bits(), 0);
    }

    #[test]
    fn what_lies_above_is_summed_and_not_what_is_missing_from_1() {
        // mean 1: 1 − 1/e, 1 − 2/e, and P(K > 20) = e⁻¹ (1/21! + 1/22! + …)
        let e = std::f64::consts::E;
        assert_close(exceeds(1.0, 0), 1.0 - 1.0 / e, 1e-15, "P(K > 0)");
        assert_close(exceeds(1.0, 1), 1.0 - 2.0 / e, 1e-14, "P(K > 1)");
        assert_close(
            exceeds(1.0, 20),
            7.542_625_077_205_28e-21,
            1e-14,
            "P(K > 20)",
        );
        // It is no matter how far out n is.
        assert_eq!(exceeds(1.0, u64::MAX).to_bits(), 0);
        assert_eq!(exceeds(0.0, 0).to_bits(), 0);
        assert_close(exceeds(f64::MAX, u64::MAX), 1.0, 0.0, "far below");
        assert_close(
            exceeds(1e18, 1_000_000_000_000_000_000),
            0.5,
            1e-8,
            "the middle",
        );
        assert_close(
            exceeds(1.001e10, 10_010_100_000),
            exceeds(0.999e10, 9_990_100_000),
            5e-3,
            "both ways",
        );
        assert_close(
            exceeds(1e6, 999_999) + expectation(1e6, |k| if k < 1_000_000 { 1.0 } else { 0.0 }),
            1.0,
            1e-12,
            "both sides",
        );
    }
}
