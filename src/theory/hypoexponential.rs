//! Sums of independent exponential times with any rates, equal or nearly equal ones among them.

use crate::theory::numerics::elimination::{Matrix, product, zeros};
use crate::theory::numerics::root::{tail_of, turning_point};

/// The first step is so short that its series ends soon: the fastest rate times it is at most this.
const STEP_MOST: f64 = 0.5;
/// Terms of the series of the first step, of which the last is 0.5²⁰ / 20! = 4e-25.
const TERMS: usize = 20;
/// A stage so many times faster than the slowest takes no time.
const FASTER_MOST: f64 = 1e18;

/// P(sum > `t`) of exponential times with these `rates` per second, one at least, `t` ≥ 0 in seconds.
///
/// The sum is the time of a chain through its stages; its tail is the first row of exp(Q t), added up. That is a
/// series for a short step and then squares (Moler & Van Loan 2003, SIAM Review 45, method 3), where all that is added
/// is positive: so nothing cancels, which the textbook's sum over products of 1 / (rᵢ − rⱼ) does.
pub(super) fn exceeds(rates: &[f64], t: f64) -> f64 {
    debug_assert!(!rates.is_empty() && t >= 0.0, "{rates:?} at {t}");
    if t <= 0.0 {
        return 1.0;
    }
    let slowest = rates.iter().copied().fold(f64::INFINITY, f64::min);
    // So late, no number is small enough for what is left.
    if slowest * t > 1000.0 + 50.0 * rates.len() as f64 {
        return 0.0;
    }
    let counts = |rate: &f64| rate / slowest <= FASTER_MOST;
    let rates: Vec<f64> = rates.iter().copied().filter(counts).collect();
    let fastest = rates.iter().copied().fold(0.0, f64::max);
    let doublings = (fastest * t / STEP_MOST).log2().ceil().max(0.0) as i32;
    let mut step = t / 2.0_f64.powi(doublings);
    let mut power = first_step(&rates, fastest, step);
    for _ in 0..doublings {
        power = product(&power, &power);
        step *= 2.0;
        // Who has not moved at all is known, and keeps the rounding of squares from growing.
        for (k, rate) in rates.iter().enumerate() {
            power[k][k] = (-rate * step).exp();
        }
    }
    power[0].iter().sum::<f64>().min(1.0)
}

/// exp(Q h): Poisson's mixture of the steps of the chain that looks `fastest` times a second.
fn first_step(rates: &[f64], fastest: f64, step: f64) -> Matrix {
    let n = rates.len();
    let looks = fastest * step;
    let mut sum = zeros(n);
    for (start, row) in sum.iter_mut().enumerate() {
        let mut law = vec![0.0; n];
        law[start] = (-looks).exp();
        for term in 1..=TERMS {
            for (entry, weight) in row.iter_mut().zip(&law) {
                *entry += weight;
            }
            law = looked(rates, fastest, &law);
            law.iter_mut()
                .for_each(|weight| *weight *= looks / term as f64);
        }
    }
    sum
}

/// Where the chain is after one more look.
fn looked(rates: &[f64], fastest: f64, law: &[f64]) -> Vec<f64> {
    let moves = |k: usize| law[k] * (rates[k] / fastest);
    let next = |k: usize| {
        let stays = law[k] * ((fastest - rates[k]) / fastest);
        stays + if k > 0 { moves(k - 1) } else { 0.0 }
    };
    (0..rates.len()).map(next).collect()
}

/// The t with P(sum ≤ t) = `p`.
///
/// # Panics
/// Unless 0 ≤ `p` ≤ 1.
pub(super) fn quantile(rates: &[f64], p: f64) -> f64 {
    let tail = tail_of(p);
    if tail <= 0.0 {
        return f64::INFINITY;
    }
    if tail >= 1.0 {
        return 0.0;
    }
    let mut high: f64 = rates.iter().map(|rate| 1.0 / rate).sum();
    while exceeds(rates, high) > tail {
        high *= 2.0;
    }
    turning_point(0.0, high, |t| exceeds(rates, t) > tail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::tests::assert_close;

    #[test]
    fn one_stage_is_exponential_and_equal_ones_are_erlang() {
        for t in [1e-9, 0.3, 5.0, 300.0] {
            assert_close(exceeds(&[2.0], t), (-2.0 * t).exp(), 1e-12, "one");
            let erlang = (-t).exp() * (1.0 + t + t * t / 2.0);
            assert_close(exceeds(&[1.0; 3], t), erlang, 1e-12, "three");
        }
    }

    #[test]
    fn nearly_equal_rates_are_no_matter() {
        let (slow, near) = (exceeds(&[1.0, 1.0], 7.0), exceeds(&[1.0, 1.0 + 1e-13], 7.0));
        assert_close(near, slow, 1e-11, "near");
    }

    #[test]
    fn rates_of_all_sizes_go_together() {
        // A stage of a microsecond hardly counts: (r e^(−st) − s e^(−rt)) / (r − s).
        let (fast, slow, t) = (1e6, 1e-3, 5_000.0_f64);
        let expected = fast * (-slow * t).exp() / (fast - slow);
        assert_close(exceeds(&[slow, fast], t), expected, 1e-12, "tail");
        assert_close(exceeds(&[fast, slow], t), expected, 1e-12, "tail");
        assert_close(
            exceeds(&[1e300, 1.0], 1.0),
            (-1.0_f64).exp(),
            1e-14,
            "no time",
        );
        assert_close(
            exceeds(&[1e300, 1e-300], 1e300),
            (-1.0_f64).exp(),
            1e-14,
            "no time",
        );
        assert_close(exceeds(&[1.0; 20], f64::MAX), 0.0, 0.0, "too late");
    }

    #[test]
    fn quantiles_have_their_edges() {
        assert_close(quantile(&[1.0, 2.0], 0.0), 0.0, 0.0, "least");
        assert!(quantile(&[1.0, 2.0], 1.0).is_infinite());
    }
}
