//! What can be said of numbers that came out of runs: means, quantiles, shares and differences, each with its interval.
//!
//! Plain numbers in, plain numbers out; sums are taken in the order of the slice, so the same values give the same
//! bits.

mod batches;
mod stationarity;
mod student;

pub use batches::{BATCHES_MIN, Refusal, batch_means, lag_one_correlation};
pub use stationarity::{Trend, mser5, trending};
pub use student::{normal_two_sided, student_two_sided};

/// A figure and where, at the level asked for, its long-run value lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The figure itself.
    pub value: f64,
    /// Lower end, at most `value`.
    pub low: f64,
    /// Upper end, at least `value`.
    pub high: f64,
}

impl Interval {
    /// `value` ± `half_width`.
    pub fn around(value: f64, half_width: f64) -> Self {
        Self {
            value,
            low: value - half_width,
            high: value + half_width,
        }
    }

    /// Half of the interval's length.
    pub fn half_width(&self) -> f64 {
        (self.high - self.low) / 2.0
    }
}

/// Mean of independent values and its confidence interval: x̄ ± t·s / √n, Student's t with n − 1 degrees of freedom.
///
/// Assumes values that are independent and near enough to normal, as means of whole replications are. `None` for fewer
/// than two values, or where one is infinite or NaN. `level` in (0, 1).
pub fn mean_interval(values: &[f64], level: f64) -> Option<Interval> {
    let (mean, variance) = mean_and_variance(values)?;
    let standard_error = (variance / values.len() as f64).sqrt();
    Some(Interval::around(
        mean,
        student_two_sided(level, values.len() - 1) * standard_error,
    ))
}

/// Confidence interval of a figure that is computed from all replications together (a ratio of sums, a quantile of the
/// merged histogram): `merged` ± t·√((R − 1)/R · Σ(θ₍₋ᵢ₎ − θ̄)²), Student's t with R − 1 degrees of freedom.
///
/// `leave_one_out[i]` is the figure without replication i. The value stays the merged estimate: the jackknife's
/// correction of bias would add noise, and could move a quantile to where no message was. Assumes independent
/// replications and a figure that is smooth in them; a quantile of a histogram of many messages is, the median of ten
/// numbers is not (Efron 1982, The Jackknife, the Bootstrap and Other Resampling Plans, ch. 3). `None` for fewer than
/// two replications, or where a figure is infinite or NaN.
pub fn jackknife(merged: f64, leave_one_out: &[f64], level: f64) -> Option<Interval> {
    let (_, variance) = mean_and_variance(leave_one_out)?;
    if !merged.is_finite() {
        return None;
    }
    let replications = leave_one_out.len() as f64;
    // `variance` divides by R − 1, so Σ(θ₍₋ᵢ₎ − θ̄)² is (R − 1) times it.
    let standard_error = (replications - 1.0) * (variance / replications).sqrt();
    Some(Interval::around(
        merged,
        student_two_sided(level, leave_one_out.len() - 1) * standard_error,
    ))
}

/// Share of independent runs that meet something, `met` of `of`, with Wilson's interval: inside [0, 1], and not empty
/// at 0 of n or n of n (Wilson 1927, Journal of the American Statistical Association 22).
///
/// `None` for no runs.
///
/// # Panics
/// Where `met` > `of`.
pub fn share_interval(met: u32, of: u32, level: f64) -> Option<Interval> {
    assert!(met <= of, "{met} of {of}");
    if of == 0 {
        return None;
    }
    let (n, share, z) = (
        f64::from(of),
        f64::from(met) / f64::from(of),
        normal_two_sided(level),
    );
    let centre = (share + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half_width =
        z / (1.0 + z * z / n) * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    // Exact at the ends of the scale, where rounding would leave the share itself a hair outside.
    let low = if met == 0 { 0.0 } else { centre - half_width };
    let high = if met == of { 1.0 } else { centre + half_width };
    Some(Interval {
        value: share,
        low,
        high,
    })
}

/// Quantile `p` of a small sample: linear between the order statistics, x₍ₕ₎ with h = (n − 1)p + 1 (type 7 of Hyndman &
/// Fan 1996, The American Statistician 50). Infinite values are ordered like any other.
///
/// `None` for an empty sample, or where a value is NaN.
///
/// # Panics
/// Unless 0 ≤ `p` ≤ 1.
pub fn quantile(values: &[f64], p: f64) -> Option<f64> {
    assert!((0.0..=1.0).contains(&p), "{p} is not a probability");
    if values.is_empty() || values.iter().any(|value| value.is_nan()) {
        return None;
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let position = (sorted.len() - 1) as f64 * p;
    let (below, above) = (
        sorted[position.floor() as usize],
        sorted[position.ceil() as usize],
    );
    let part = position.fract();
    // Only where it lies between two values: ∞ − ∞ and 0 · ∞ are no numbers.
    Some(if part > 0.0 && below < above {
        below * (1.0 - part) + above * part
    } else {
        below
    })
}

/// Quantile `p` of independent runs, with the interval between two of them that covers it with at least `level`: the
/// l-th and u-th smallest, where the count of runs below the quantile is binomial (David & Nagaraja 2003, Order
/// Statistics, 7.1).
///
/// `None` where the runs are too few to bound it on either side.
pub fn quantile_interval(values: &[f64], p: f64, level: f64) -> Option<Interval> {
    let value = quantile(values, p)?;
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let tail = (1.0 - level) / 2.0;
    // P(at most k of n are below), for k = 0, 1, …
    let below = cumulative_binomial(values.len(), p);
    // The l-th smallest is too high with P(fewer than l are below), the u-th too low with P(at least u are below).
    let low = below
        .iter()
        .take_while(|probability| **probability <= tail)
        .count()
        .checked_sub(1)?;
    let high = below
        .iter()
        .position(|probability| *probability >= 1.0 - tail)?;
    Some(Interval {
        value,
        low: *sorted.get(low)?,
        high: *sorted.get(high)?,
    })
}

/// The fewest runs for which [`quantile_interval`] gives one: a run must lie below the quantile, and one above it, with
/// enough probability, (1 − p)ⁿ ≤ α/2 and pⁿ ≤ α/2. `p` and `level` in (0, 1).
pub fn runs_for_quantile_interval(p: f64, level: f64) -> usize {
    let tail = (1.0 - level) / 2.0;
    (tail.ln() / p.max(1.0 - p).ln()).ceil() as usize
}

/// P(X ≤ k) for X binomial(n, p), k from 0 to n.
fn cumulative_binomial(n: usize, p: f64) -> Vec<f64> {
    let mut mass = vec![0.0; n + 1];
    mass[0] = 1.0;
    for _ in 0..n {
        for k in (0..=n).rev() {
            let from_below = if k > 0 { mass[k - 1] * p } else { 0.0 };
            mass[k] = mass[k] * (1.0 - p) + from_below;
        }
    }
    let cumulative = mass.iter().scan(0.0, |sum, mass| {
        *sum += mass;
        Some(*sum)
    });
    cumulative.collect()
}

/// Variance with n − 1; `None` for fewer than two values, or where a value is infinite or NaN.
pub fn variance(values: &[f64]) -> Option<f64> {
    mean_and_variance(values).map(|(_, variance)| variance)
}

/// Mean, and variance with n − 1; `None` for fewer than two values, or where a value is infinite or NaN.
fn mean_and_variance(values: &[f64]) -> Option<(f64, f64)> {
    if values.len() < 2 || values.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let mean = mean(values);
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    Some((mean, squares / (values.len() - 1) as f64))
}

/// Σ / n; NaN for none.
fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// `second[i] − first[i]`.
fn differences(first: &[f64], second: &[f64]) -> Vec<f64> {
    assert_eq!(first.len(), second.len(), "pairs need a partner each");
    first
        .iter()
        .zip(second)
        .map(|(first, second)| second - first)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    pub(super) fn assert_near(value: f64, expected: f64, tolerance: f64) {
        assert!(
            (value - expected).abs() <= tolerance,
            "{value} is not {expected}"
        );
    }

    #[test]
    fn a_mean_lies_within_t_standard_errors() {
        // 1..=10: mean 5.5, s = 3.0276503541, t(9) = 2.2621571628
        let values: Vec<f64> = (1..=10).map(f64::from).collect();
        let interval = mean_interval(&values, 0.95).expect("ten finite values");
        assert_near(interval.value, 5.5, 1e-12);
        assert_near(
            interval.half_width(),
            2.2621571628 * 3.0276503541 / 10f64.sqrt(),
            1e-9,
        );
        assert!(mean_interval(&[1.0], 0.95).is_none());
        assert!(mean_interval(&[1.0, f64::INFINITY], 0.95).is_none());
    }

    #[test]
    fn the_jackknife_of_a_mean_is_the_interval_of_the_mean() {
        let values = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0];
        let sum: f64 = values.iter().sum();
        let without: Vec<f64> = values.iter().map(|value| (sum - value) / 5.0).collect();
        let jackknife = jackknife(sum / 6.0, &without, 0.9).expect("six replications");
        let direct = mean_interval(&values, 0.9).expect("six values");
        assert_near(jackknife.low, direct.low, 1e-12);
        assert_near(jackknife.high, direct.high, 1e-12);
    }

    #[test]
    fn the_jackknife_keeps_the_merged_estimate_and_refuses_what_is_infinite() {
        let interval = jackknife(7.0, &[1.0, 2.0, 3.0], 0.95).expect("three replications");
        assert_near(interval.value, 7.0, 0.0);
        assert!(jackknife(7.0, &[1.0, f64::INFINITY], 0.95).is_none());
        assert!(jackknife(f64::INFINITY, &[1.0, 2.0], 0.95).is_none());
    }

    #[test]
    fn a_share_has_wilsons_interval() {
        // 15 of 50 at 95 %, by hand: (0.3 + z²/100 ± z√(0.3·0.7/50 + z²/10⁴)) / (1 + z²/50), z² = 3.8414588
        let interval = share_interval(15, 50, 0.95).expect("fifty runs");
        assert_near(interval.low, 0.1910355, 1e-7);
        assert_near(interval.high, 0.4375035, 1e-7);
        let all = share_interval(20, 20, 0.95).expect("twenty runs");
        // n / (n + z²)
        assert_near(all.low, 20.0 / 23.8414588207, 1e-9);
        assert_near(all.high, 1.0, 0.0);
        assert!(share_interval(0, 0, 0.95).is_none());
    }

    #[test]
    fn a_quantile_of_runs_lies_between_two_of_them() {
        // The median of 20 values: the 6th and 15th smallest cover 95.9 % (tables of the sign test).
        let values: Vec<f64> = (1..=20).map(f64::from).collect();
        let interval = quantile_interval(&values, 0.5, 0.95).expect("twenty runs");
        assert_near(interval.low, 6.0, 0.0);
        assert_near(interval.high, 15.0, 0.0);
        assert!(
            quantile_interval(&values, 0.95, 0.95).is_none(),
            "0.95^20 = 36 %: no run need lie above the p95"
        );
    }

    #[test]
    fn so_many_runs_give_a_quantile_an_interval_and_one_fewer_gives_none() {
        assert_eq!(runs_for_quantile_interval(0.95, 0.95), 72);
        for p in [0.5, 0.1, 0.9, 0.95] {
            for level in [0.8, 0.95, 0.99] {
                let fewest = runs_for_quantile_interval(p, level);
                let runs: Vec<f64> = (0..fewest).map(|run| run as f64).collect();
                let exists = |runs: &[f64]| quantile_interval(runs, p, level).is_some();
                assert!(exists(&runs), "{fewest} for {p} at {level}");
                assert!(!exists(&runs[1..]), "{fewest} for {p} at {level}");
            }
        }
    }

    #[test]
    fn quantiles_of_a_small_sample_lie_between_its_values() {
        let values = [4.0, 1.0, 3.0, 2.0];
        assert_near(quantile(&values, 0.5).expect("four"), 2.5, 1e-12);
        assert_near(quantile(&values, 0.05).expect("four"), 1.15, 1e-12);
        assert_near(quantile(&values, 1.0).expect("four"), 4.0, 0.0);
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(quantile(&[1.0, f64::INFINITY], 0.5), Some(f64::INFINITY));
        assert_eq!(
            quantile(&[f64::INFINITY, f64::INFINITY], 0.5),
            Some(f64::INFINITY)
        );
    }
}
