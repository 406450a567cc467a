//! Roots, by halving a bracket: slow, and never wrong.

/// Halvings after which a bracket that starts at 0 is as narrow as f64 can tell for any root that matters.
const HALVINGS_MAX: u32 = 200;

/// Where `before` turns from true to false between `low` and `high`: the upper end of the last bracket, to the last bit
/// or 2⁻²⁰⁰ of the bracket.
///
/// `before` must be true on a first part of the bracket and false on the rest.
pub(crate) fn turning_point(low: f64, high: f64, before: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (low, high);
    for _ in 0..HALVINGS_MAX {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            break;
        }
        if before(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// The least t ≥ 0 with `exceeds(t)` ≤ `tail`, for a tail that falls to 0; infinite where `tail` is 0. `scale` > 0 is where
/// the search begins: a time of the model.
pub(crate) fn where_tail_is(tail: f64, scale: f64, exceeds: impl Fn(f64) -> f64) -> f64 {
    if tail <= 0.0 {
        return f64::INFINITY;
    }
    if exceeds(0.0) <= tail {
        return 0.0;
    }
    let mut high = scale;
    while exceeds(high) > tail && high.is_finite() {
        high *= 2.0;
    }
    turning_point(0.0, high, |t| exceeds(t) > tail)
}

/// 1 − p.
///
/// # Panics
/// Unless 0 ≤ `p` ≤ 1.
pub(crate) fn tail_of(p: f64) -> f64 {
    assert!((0.0..=1.0).contains(&p), "{p} is not a probability");
    1.0 - p
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::tests::assert_close;

    #[test]
    fn a_root_is_found_to_the_last_digits() {
        assert_close(
            turning_point(0.0, 2.0, |x| x * x < 2.0),
            std::f64::consts::SQRT_2,
            1e-15,
            "√2",
        );
        assert_close(
            turning_point(0.0, 1.0, |x| x < 1e-20),
            1e-20,
            1e-15,
            "far down",
        );
    }
}
