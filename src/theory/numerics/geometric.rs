//! The geometric law cut off at both ends, and the sums behind it, without a special case at ratio 1.

/// B₂, B₄ … B₂₀, the Bernoulli numbers: 2|B₂ₖ| / (2k)! ≈ 4 / (2π)²ᵏ, so ten of them reach the last digit where |x| < 1.
const BERNOULLI: [f64; 10] = [
    1.0 / 6.0,
    -1.0 / 30.0,
    1.0 / 42.0,
    -1.0 / 30.0,
    5.0 / 66.0,
    -691.0 / 2730.0,
    7.0 / 6.0,
    -3617.0 / 510.0,
    43_867.0 / 798.0,
    -174_611.0 / 330.0,
];

/// J on 0, 1 … `count` − 1 with P(J = j) ∝ exp(`ln_ratio` · j): the places of a queue of limited room.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct CutGeometric {
    ln_ratio: f64,
    count: f64,
}

impl CutGeometric {
    /// `count` ≥ 1, a whole number; `ln_ratio` may be 0 or of either sign.
    pub(crate) fn new(ln_ratio: f64, count: f64) -> Self {
        debug_assert!(count >= 1.0, "{count} values");
        Self { ln_ratio, count }
    }

    /// P(J ≥ `j`), a quotient of sums of positive terms.
    pub(crate) fn at_least(&self, j: f64) -> f64 {
        if j >= self.count {
            return 0.0;
        }
        let fall = self.ln_ratio.abs();
        let share = falling_sum(fall, self.count - j) / falling_sum(fall, self.count);
        // Where the law falls, what lies above j is the smaller end of it.
        (self.ln_ratio.min(0.0) * j).exp() * share
    }

    /// `E[J]` = 1 / (eˣ − 1) − m / (eᵐˣ − 1), x = −ln ratio > 0, m = count; mirrored where the ratio is above 1. Where
    /// mx is small, both terms are nearly 1 / x, and what is left of them is summed as a series.
    pub(crate) fn mean(&self) -> f64 {
        let (x, m) = (self.ln_ratio.abs(), self.count);
        let falling = if m * x < 1.0 {
            (m - 1.0) / 2.0 + odd_rest(x) - m * odd_rest(m * x)
        } else {
            1.0 / x.exp_m1() - m / (m * x).exp_m1()
        };
        if self.ln_ratio > 0.0 {
            m - 1.0 - falling
        } else {
            falling
        }
    }

    /// Var J = 1 / (4 sinh²(x/2)) − m² / (4 sinh²(mx/2)), the derivative of the mean with respect to ln ratio.
    pub(crate) fn variance(&self) -> f64 {
        let (x, m) = (self.ln_ratio.abs(), self.count);
        if m * x < 1.0 {
            return m * m * slope_of_rest(m * x) - slope_of_rest(x);
        }
        let spread = |y: f64| 0.25 / (y / 2.0).sinh().powi(2);
        spread(x) - m * m * spread(m * x)
    }
}

/// Σ exp(−`fall` · j) for j = 0 … `count` − 1, with `fall` ≥ 0: `count` at 0, 1 at infinity.
pub(crate) fn falling_sum(fall: f64, count: f64) -> f64 {
    debug_assert!(fall >= 0.0, "{fall}");
    if fall <= 0.0 {
        return count;
    }
    (-fall * count).exp_m1() / (-fall).exp_m1()
}

/// 1 / (eˣ − 1) − 1 / x + ½ = Σ B₂ₖ x²ᵏ⁻¹ / (2k)!.
fn odd_rest(x: f64) -> f64 {
    bernoulli_series(x, |_| 1.0) * x
}

/// The derivative of [`odd_rest`].
fn slope_of_rest(x: f64) -> f64 {
    bernoulli_series(x, |k| 2.0 * k - 1.0)
}

/// Σ B₂ₖ · weight(k) · x²ᵏ⁻² / (2k)!.
fn bernoulli_series(x: f64, weight: impl Fn(f64) -> f64) -> f64 {
    let mut power = 0.5;
    let mut sum = 0.0;
    for (i, bernoulli) in BERNOULLI.into_iter().enumerate() {
        let k = i as f64 + 1.0;
        sum += bernoulli * weight(k) * power;
        power *= x * x / ((2.0 * k + 1.0) * (2.0 * k + 2.0));
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::tests::assert_close;

    /// Mean, variance and P(J ≥ 3) by adding up.
    fn added_up(ln_ratio: f64, count: u32) -> [f64; 3] {
        let top = ln_ratio.max(0.0) * f64::from(count);
        let weight = |j: u32| (ln_ratio * f64::from(j) - top).exp();
        let total: f64 = (0..count).map(weight).sum();
        let mean = (0..count).map(|j| f64::from(j) * weight(j)).sum::<f64>() / total;
        let square = |j: u32| (f64::from(j) - mean).powi(2);
        let variance = (0..count).map(|j| square(j) * weight(j)).sum::<f64>() / total;
        [mean, variance, (3..count).map(weight).sum::<f64>() / total]
    }

    #[test]
    fn closed_forms_are_what_adding_up_gives_on_both_sides_of_ratio_1() {
        let ratios = [0.0, 1e-12, 1e-5, 0.000_999, 0.001_01, 0.3, 2.0];
        for ln_ratio in ratios.into_iter().flat_map(|x| [x, -x]) {
            for count in [1, 2, 7, 1000] {
                let law = CutGeometric::new(ln_ratio, f64::from(count));
                let what = format!("ln ratio {ln_ratio}, {count} values");
                let [mean, variance, tail] = added_up(ln_ratio, count);
                assert_close(law.mean(), mean, 1e-12, &format!("mean, {what}"));
                let spread = (law.variance() - variance).abs();
                assert!(spread <= 1e-11 * variance + 1e-14, "variance, {what}");
                assert_close(law.at_least(3.0), tail, 1e-12, &format!("tail, {what}"));
            }
        }
    }

    #[test]
    fn a_sum_of_a_million_million_terms_is_no_different() {
        assert_close(falling_sum(0.0, 1e12), 1e12, 0.0, "all alike");
        assert_close(falling_sum(1e-20, 1e12), 1e12, 1e-8, "nearly alike");
        assert_close(
            falling_sum(1.0, 1e12),
            1.0 / (1.0 - (-1f64).exp()),
            1e-15,
            "falling",
        );
        assert_close(
            CutGeometric::new(0.0, 1e12).mean(),
            (1e12 - 1.0) / 2.0,
            1e-15,
            "mean",
        );
    }
}
