//! The incomplete gamma function, as shares of the whole.

use crate::theory::numerics::NEGLIGIBLE;
use crate::theory::numerics::poisson::mass::poisson_mass;

/// From this shape on both expansions take long, and one in 1 / shape is exact to ten digits, or nine in far tails.
const LARGE_SHAPE: f64 = 1e4;
/// Keeps a denominator of the continued fraction from being 0.
const TINY: f64 = 1e-300;

/// P(X ≤ x) for X gamma with `shape` > 0 and scale 1: γ(shape, x) / Γ(shape).
pub(crate) fn gamma_below(shape: f64, x: f64) -> f64 {
    if x <= 0.0 || x == f64::INFINITY {
        return f64::from(x > 0.0);
    }
    if shape > LARGE_SHAPE {
        return uniform(shape, x, -1.0);
    }
    if x < shape + 1.0 {
        series(shape, x)
    } else {
        1.0 - fraction(shape, x)
    }
}

/// P(X > x) for X gamma with `shape` > 0 and scale 1: Γ(shape, x) / Γ(shape).
pub(crate) fn gamma_above(shape: f64, x: f64) -> f64 {
    if x <= 0.0 || x == f64::INFINITY {
        return f64::from(x <= 0.0);
    }
    if shape > LARGE_SHAPE {
        return uniform(shape, x, 1.0);
    }
    if x < shape + 1.0 {
        1.0 - series(shape, x)
    } else {
        fraction(shape, x)
    }
}

/// The lower share, as a sum of positive terms (NIST Digital Library of Mathematical Functions, 8.11.4): some
/// 9 √`shape` of them where `x` is next to `shape`, fewer below.
pub(super) fn series(shape: f64, x: f64) -> f64 {
    let (mut term, mut sum, mut n) = (1.0, 1.0, shape);
    while term > NEGLIGIBLE * sum {
        n += 1.0;
        term *= x / n;
        sum += term;
    }
    poisson_mass(shape, x) * sum
}

/// The upper share, as a continued fraction (the same, 8.9.2), from the front by Lentz's rule.
fn fraction(shape: f64, x: f64) -> f64 {
    let mut b = x + 1.0 - shape;
    let mut c = TINY.recip();
    let mut d = b.recip();
    let mut value = d;
    let mut n = 1.0;
    loop {
        let a = -n * (n - shape);
        b += 2.0;
        d = (a * d + b).abs().max(TINY).copysign(a * d + b).recip();
        c = (b + a / c).abs().max(TINY).copysign(b + a / c);
        let change = d * c;
        value *= change;
        if (change - 1.0).abs() <= f64::EPSILON || n > LARGE_SHAPE {
            return shape * poisson_mass(shape, x) * value;
        }
        n += 1.0;
    }
}

/// The upper share where `side` is 1, the lower where it is −1, for a large shape: a normal law in the deviance, and
/// the first term of its correction (the same, §8.12).
fn uniform(shape: f64, x: f64, side: f64) -> f64 {
    let excess = x / shape - 1.0;
    // ½η² = λ − 1 − ln λ with λ = x / shape, which cancels near 1; there η is a series.
    let (eta, correction) = if excess.abs() < 1e-3 {
        let eta = excess * (1.0 - excess / 3.0 * (1.0 - excess * 7.0 / 12.0));
        (eta, -1.0 / 3.0 + eta * (1.0 / 12.0 - eta * 2.0 / 135.0))
    } else {
        let eta = (2.0 * (excess - excess.ln_1p())).sqrt().copysign(excess);
        (eta, excess.recip() - eta.recip())
    };
    let normal = libm::erfc(side * eta * (shape / 2.0).sqrt()) / 2.0;
    let density = (-shape * eta * eta / 2.0).exp() / (std::f64::consts::TAU * shape).sqrt();
    (normal + side * density * (correction - 1.0 / (540.0 * shape))).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::tests::assert_close;

    #[test]
    fn shares_below_and_above_are_those_of_forty_digits() {
        // (shape, x, below, above)
        let table = [
            (0.5, 0.1, 0.345_279_153_981_423, 0.654_720_846_018_577),
            (0.01, 1e-3, 0.938_570_652_526_129, 0.061_429_347_473_871_015),
            (2.0, 5.0, 0.959_572_318_005_487_2, 0.040_427_681_994_512_8),
            (1.0, 50.0, 1.0, 1.928_749_847_963_917_8e-22),
            (
                30.0,
                20.0,
                0.021_818_217_525_557_392,
                0.978_181_782_474_442_6,
            ),
            (
                1e3,
                1100.0,
                0.998_940_676_746_07,
                0.001_059_323_253_929_977_4,
            ),
            (9_999.0, 10_100.0, 0.8437524197050417, 0.15624758029495833),
        ];
        for (shape, x, below, above) in table {
            assert_close(gamma_below(shape, x), below, 1e-12, "below");
            assert_close(gamma_above(shape, x), above, 1e-12, "above");
        }
    }

    #[test]
    fn a_large_shape_keeps_nine_digits() {
        let table = [
            (2e4, 20_050.0, 0.6389358177182622, 0.3610641822817377),
            (
                2e5,
                200_100.0,
                0.588_743_845_176_130_2,
                0.411_256_154_823_869_8,
            ),
            (
                2e5,
                198_000.0,
                3.622_095_177_056_045e-6,
                0.999_996_377_904_823,
            ),
            (
                2e5,
                203_000.0,
                0.999_999_999_987_697_1,
                1.230_292_712_930_385_6e-11,
            ),
        ];
        for (shape, x, below, above) in table {
            assert_close(gamma_below(shape, x), below, 2e-9, "below");
            assert_close(gamma_above(shape, x), above, 2e-9, "above");
        }
    }

    #[test]
    fn nothing_is_below_nothing_and_all_below_the_end() {
        for shape in [0.1, 3.0, 1e6] {
            assert_close(gamma_above(shape, 0.0), 1.0, 0.0, "above 0");
            assert_close(gamma_below(shape, f64::INFINITY), 1.0, 0.0, "below all");
        }
    }
}
