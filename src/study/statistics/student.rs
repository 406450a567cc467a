//! Quantiles of the normal law and of Student's t.

use crate::theory::numerics::root::bisect;
use std::f64::consts::{FRAC_PI_2, PI};

/// From here on the expansion in 1 / ν is good to 1e-10 at any level up to 0.9999, and the sums would get long.
const EXPANSION_ABOVE: usize = 1000;
/// P(|Z| ≤ 9) = 1 − 2e-19: 1 to an f64.
const NORMAL_MAX: f64 = 9.0;

/// The z with P(−z ≤ Z ≤ z) = `level`: 1.959964 at 0.95.
///
/// # Panics
/// Unless 0 < `level` < 1.
pub fn normal_two_sided(level: f64) -> f64 {
    assert_level(level);
    bisect(0.0, NORMAL_MAX, |z| normal_within(z) < level)
}

/// The t with P(−t ≤ T ≤ t) = `level` for Student's T: 2.093024 at 0.95 with 19 degrees of freedom. To 1e-8 or better.
///
/// # Panics
/// Unless 0 < `level` < 1 and there is at least one degree of freedom.
pub fn student_two_sided(level: f64, degrees: usize) -> f64 {
    assert_level(level);
    assert!(degrees >= 1, "no degree of freedom");
    if degrees > EXPANSION_ABOVE {
        return expanded(normal_two_sided(level), degrees as f64);
    }
    let angle = bisect(0.0, FRAC_PI_2, |angle| {
        student_within(angle, degrees) < level
    });
    angle.tan() * (degrees as f64).sqrt()
}

/// P(|Z| ≤ z) = √(2/π)·exp(−z²/2)·Σ z²ⁿ⁺¹ / (1·3·5…(2n + 1)): positive terms only (Abramowitz & Stegun 26.2.11).
fn normal_within(z: f64) -> f64 {
    let (mut term, mut sum) = (z, z);
    let mut odd = 3.0;
    while term > sum * f64::EPSILON / 4.0 {
        term *= z * z / odd;
        sum += term;
        odd += 2.0;
    }
    (2.0 / PI).sqrt() * (-z * z / 2.0).exp() * sum
}

/// P(|T| ≤ √ν·tan `angle`): the finite sums of Abramowitz & Stegun 26.7.3 (odd ν) and 26.7.4 (even ν).
fn student_within(angle: f64, degrees: usize) -> f64 {
    let (sine, cosine) = angle.sin_cos();
    let is_odd = degrees % 2 == 1;
    let mut term = if is_odd { cosine } else { 1.0 };
    let mut sum = 0.0;
    // Odd ν: cos + ⅔cos³ + …; even ν: 1 + ½cos² + …; both end at cosᵛ⁻².
    let mut power = usize::from(is_odd);
    while power + 2 <= degrees {
        sum += term;
        power += 2;
        term *= cosine * cosine * (power - 1) as f64 / power as f64;
    }
    if is_odd {
        (angle + sine * sum) / FRAC_PI_2
    } else {
        sine * sum
    }
}

/// Student's quantile from the normal one, x, in powers of 1 / ν: Abramowitz & Stegun 26.7.5.
fn expanded(x: f64, degrees: f64) -> f64 {
    let square = x * x;
    let first = x * (square + 1.0) / 4.0;
    let second = x * ((5.0 * square + 16.0) * square + 3.0) / 96.0;
    let third = x * (((3.0 * square + 19.0) * square + 17.0) * square - 15.0) / 384.0;
    let fourth = x
        * ((((79.0 * square + 776.0) * square + 1482.0) * square - 1920.0) * square - 945.0)
        / 92160.0;
    x + (first + (second + (third + fourth / degrees) / degrees) / degrees) / degrees
}

fn assert_level(level: f64) {
    assert!(
        level > 0.0 && level < 1.0,
        "{level} is not a confidence level"
    );
}

#[cfg(test)]
mod tests {
    use super::super::tests::assert_near;
    use super::*;

    #[test]
    fn students_quantiles_are_those_of_the_tables() {
        // (level, degrees of freedom, t)
        let table = [
            (0.95, 1, 12.7062047362),
            (0.95, 2, 4.3026527297),
            (0.95, 9, 2.2621571628),
            (0.95, 19, 2.0930240544),
            (0.999, 19, 3.8834058526),
            (0.5, 2, 0.8164965809),
            (0.9, 4, 2.1318467863),
            (0.99, 30, 2.7499956536),
        ];
        for (level, degrees, t) in table {
            assert_near(student_two_sided(level, degrees), t, 1e-9 * t);
        }
    }

    #[test]
    fn normal_quantiles_are_those_of_the_tables() {
        assert_near(normal_two_sided(0.95), 1.959963984540054, 1e-13);
        assert_near(normal_two_sided(0.9), 1.6448536269514722, 1e-13);
        assert_near(normal_two_sided(0.999), 3.2905267314919255, 1e-12);
        assert_near(normal_two_sided(1e-6), 1.2533141373158e-6, 1e-18);
    }

    #[test]
    fn the_sum_and_the_expansion_meet() {
        for level in [0.5, 0.95, 0.999, 0.9999] {
            let angle = bisect(0.0, FRAC_PI_2, |angle| {
                student_within(angle, EXPANSION_ABOVE + 1) < level
            });
            let summed = angle.tan() * ((EXPANSION_ABOVE + 1) as f64).sqrt();
            assert_near(student_two_sided(level, EXPANSION_ABOVE + 1), summed, 1e-10);
        }
    }
}
