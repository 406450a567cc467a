//! The Poisson law, without the overflow and the lost digits of its formula.

use crate::theory::numerics::NEGLIGIBLE;

/// Below this a logarithm of the gamma function loses no digits that matter.
const DIRECT_BELOW: f64 = 16.0;
/// Where |x − m| is below this share of x + m, the deviance is a series.
const SERIES_BELOW: f64 = 0.1;

/// e^−m · mˣ / Γ(x + 1): the probability of `x` where the mean is `mean`, for any real `x` ≥ 0.
///
/// By the saddle point: exp(−deviance − Stirling's error) / √(2πx), so that 10⁹ keeps as many digits as 10 (Loader
/// 2000, Fast and accurate computation of binomial probabilities, §2).
pub(crate) fn poisson_mass(x: f64, mean: f64) -> f64 {
    debug_assert!(x >= 0.0 && mean >= 0.0, "{x} of {mean}");
    if mean == 0.0 {
        return if x == 0.0 { 1.0 } else { 0.0 };
    }
    if x < DIRECT_BELOW {
        return (x * mean.ln() - mean - libm::lgamma(x + 1.0)).exp();
    }
    (-deviance(x, mean) - stirling_error(x)).exp() / (std::f64::consts::TAU * x).sqrt()
}

/// x·ln(x / m) + m − x ≥ 0, by a series where x is near m.
fn deviance(x: f64, mean: f64) -> f64 {
    let difference = x - mean;
    let share = difference / (x + mean);
    if share.abs() >= SERIES_BELOW {
        return x * (x / mean).ln() - difference;
    }
    // ln(x / m) = 2·artanh(share), of which the first term is taken together with m − x.
    let square = share * share;
    let mut power = 2.0 * x * share;
    let mut sum = difference * share;
    let mut odd = 3.0;
    loop {
        power *= square;
        let counts = (power / odd).abs() > NEGLIGIBLE * sum;
        if !counts {
            return sum;
        }
        sum += power / odd;
        odd += 2.0;
    }
}

/// ln Γ(x + 1) − [(x + ½) ln x − x + ½ ln 2π] for `x` ≥ 16, by Stirling's series: the next term is below 1e-15.
fn stirling_error(x: f64) -> f64 {
    let square = (x * x).recip();
    let series = 1.0 / 1260.0 - square * (1.0 / 1680.0 - square * (1.0 / 1188.0));
    (1.0 / 12.0 - square * (1.0 / 360.0 - square * series)) / x
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::tests::assert_close;

    #[test]
    fn masses_are_those_of_the_formula() {
        assert_close(
            poisson_mass(3.0, 2.0),
            8.0 / 6.0 * (-2.0_f64).exp(),
            1e-14,
            "3 of 2",
        );
        // From here on by 40 digits.
        assert_close(
            poisson_mass(20.0, 20.0),
            0.088_835_317_392_085_22,
            1e-14,
            "20 of 20",
        );
        assert_close(
            poisson_mass(40.5, 20.0),
            1.945_862_844_847_847_8e-5,
            1e-13,
            "40.5 of 20",
        );
        assert_close(
            poisson_mass(1e9, 1e9 + 1e5),
            8.503_200_317_077_974e-8,
            1e-12,
            "far out",
        );
    }

    #[test]
    fn both_ways_meet_where_they_change() {
        for mean in [1.0, 10.0, 16.0, 100.0] {
            let ratio = poisson_mass(DIRECT_BELOW, mean) / poisson_mass(DIRECT_BELOW - 1.0, mean);
            assert_close(ratio, mean / DIRECT_BELOW, 1e-13, "ratio at 16");
        }
    }
}
