//! The φ functions: what is left of exp(−x) once the first terms of its series are taken away.

/// Below this the differences that define φ lose digits, and the series converges fast.
const SERIES_BELOW: f64 = 1.0;
/// Terms of the series for φ₃ that reach the last bit of an f64 at x = 1: 1 / 21! = 2e-20.
const SERIES_TERMS: u32 = 19;

/// [φ₀, φ₁, φ₂, φ₃] at `x` ≥ 0: φ₀ = exp(−x), φ₁ = (1 − φ₀) / x, φ₂ = (1 − φ₁) / x, φ₃ = (½ − φ₂) / x.
///
/// At 0 they are 1, 1, ½ and ⅙. So dL/dt = r + k·t − m·L is solved by L(t) = L(0)·φ₀ + r·t·φ₁ + k·t²·φ₂ at x = m·t,
/// whether m is 0 or not, without a digit lost between (Hochbruck & Ostermann 2010, Acta Numerica 19, §2.1, with −x for
/// z).
pub(crate) fn phi(x: f64) -> [f64; 4] {
    debug_assert!(x >= 0.0, "{x}");
    if x < SERIES_BELOW {
        let third = series_phi3(x);
        let second = 0.5 - x * third;
        let first = 1.0 - x * second;
        return [(-x).exp(), first, second, third];
    }
    let zeroth = (-x).exp();
    let first = (1.0 - zeroth) / x;
    let second = (1.0 - first) / x;
    [zeroth, first, second, (0.5 - second) / x]
}

/// Σ (−x)ⁿ / (n + 3)!, by Horner's rule.
fn series_phi3(x: f64) -> f64 {
    let tail = (1..SERIES_TERMS)
        .rev()
        .fold(1.0, |sum, n| 1.0 - x / f64::from(n + 3) * sum);
    tail / 6.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::tests::assert_close;

    #[test]
    fn at_zero_they_are_the_coefficients_of_the_exponential_series() {
        for (value, expected) in phi(0.0).into_iter().zip([1.0, 1.0, 0.5, 1.0 / 6.0]) {
            assert_close(value, expected, 1e-15, "at 0");
        }
    }

    #[test]
    fn series_and_differences_meet() {
        for (below, above) in phi(1.0 - 1e-14).into_iter().zip(phi(1.0)) {
            assert_close(below, above, 3e-14, "around 1");
        }
    }

    #[test]
    fn a_small_argument_keeps_its_digits() {
        let [_, first, second, _] = phi(1e-9);
        assert_close(first, 1.0 - 0.5e-9, 1e-15, "φ₁");
        assert_close(second, 0.5 - 1e-9 / 6.0, 1e-15, "φ₂");
    }
}
