//! Roots within a bracket: by halving it, and of tails by interpolation.

/// Halvings after which a bracket that starts at 0 is as narrow as f64 can tell for any root that matters.
const HALVINGS_MAX: u32 = 200;

/// Points of a tail that are looked at once it is between two of them: a dozen as a rule, and no more than four times
/// what halving would take.
const POINTS_MAX: u32 = 4 * HALVINGS_MAX;

/// A bracket no wider than this share of its root is the root.
const CLOSE: f64 = 1e-13;

/// Where `before` turns from true to false between `low` and `high`: the upper end of the last bracket, to the last bit
/// or 2⁻²⁰⁰ of the bracket.
///
/// `before` must be true on a first part of the bracket and false on the rest.
pub(crate) fn bisect(low: f64, high: f64, before: impl Fn(f64) -> bool) -> f64 {
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

/// The least t ≥ 0 with `exceeds(t)` ≤ `tail`, to some 13 digits, for a tail that falls to 0 without jumps after t = 0;
/// infinite where `tail` is 0 or is met nowhere. `scale` > 0 is where the search begins: a time of the model.
///
/// By inverse quadratic interpolation of the tail's logarithm where the last three points promise that it does better
/// than halving (Chandrupatla 1997, Advances in Engineering Software 28): a fifth of what [`bisect`] costs.
pub(crate) fn quantile_of_tail(tail: f64, scale: f64, exceeds: impl Fn(f64) -> f64) -> f64 {
    if tail <= 0.0 {
        return f64::INFINITY;
    }
    // Finite, so that a tail of 0 is only far below.
    let above = |t: f64| (exceeds(t) / tail).ln().clamp(-1e3, 1e3);
    let mut low = (0.0, above(0.0));
    if low.1 <= 0.0 {
        return 0.0;
    }
    // So no scale that vanished, or is no number, keeps the doubling from its end.
    let scale = scale.max(f64::MIN_POSITIVE);
    let mut high = (scale, above(scale));
    while high.1 > 0.0 && high.0.is_finite() {
        low = high;
        high.0 *= 2.0;
        high.1 = above(high.0);
    }
    if high.0.is_infinite() {
        return f64::INFINITY;
    }
    // The root lies between the newest point and `opposite`; `previous` is the one before.
    let (mut newest, mut opposite, mut previous) = (high, low, high);
    for _ in 0..POINTS_MAX {
        let width = (opposite.0 - newest.0).abs();
        let least_share = CLOSE / 2.0 * newest.0.max(opposite.0) / width;
        if newest.1.abs() <= 0.0 {
            return newest.0;
        }
        if least_share > 0.5 {
            return newest.0.max(opposite.0);
        }
        let share = share_of_way(newest, opposite, previous).clamp(least_share, 1.0 - least_share);
        let t = newest.0 + share * (opposite.0 - newest.0);
        let point = (t, above(t));
        if (point.1 > 0.0) == (newest.1 > 0.0) {
            previous = newest;
        } else {
            (previous, opposite) = (opposite, newest);
        }
        newest = point;
    }
    newest.0.max(opposite.0)
}

/// How far from the newest point towards the opposite one the root is expected; half-way where three points do not say.
fn share_of_way(newest: (f64, f64), opposite: (f64, f64), previous: (f64, f64)) -> f64 {
    let ((a, fa), (b, fb), (c, fc)) = (newest, opposite, previous);
    let (x, y) = ((a - b) / (c - b), (fa - fb) / (fc - fb));
    if y * y < x && (1.0 - y).powi(2) < 1.0 - x {
        fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb)
    } else {
        0.5
    }
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
    fn a_tail_is_met_in_few_steps_whatever_its_shape() {
        let shapes: [fn(f64) -> f64; 4] = [
            |t| (-t).exp(),
            |t| 1.0 / (1.0 + t),
            |t| (-t * t).exp(),
            |t| 0.3 * (1.0 - t / 7.0).max(0.0),
        ];
        for (i, shape) in shapes.into_iter().enumerate() {
            for tail in [0.2, 1e-3, 1e-12] {
                let calls = std::cell::Cell::new(0);
                let t = quantile_of_tail(tail, 1.0, |t| {
                    calls.set(calls.get() + 1);
                    shape(t)
                });
                let expected = bisect(0.0, 1e14, |t| shape(t) > tail);
                assert_close(t, expected, 1e-12, &format!("shape {i}, {tail}"));
                assert!(calls.get() < 70, "shape {i}, {tail}: {} calls", calls.get());
            }
        }
        assert!(quantile_of_tail(0.0, 1.0, shapes[0]).is_infinite());
        assert_eq!(quantile_of_tail(0.3, 1.0, shapes[3]).to_bits(), 0);
    }

    #[test]
    fn a_tail_that_is_met_nowhere_has_an_infinite_quantile() {
        assert!(quantile_of_tail(0.3, 1.0, |_| 0.5).is_infinite());
        assert!(quantile_of_tail(0.3, f64::INFINITY, |t| (-t).exp()).is_infinite());
        assert!(quantile_of_tail(0.3, f64::MAX, |_| 0.5).is_infinite());
        let far = quantile_of_tail(0.3, 0.0, |t| (-t).exp());
        assert_close(far, -f64::ln(0.3), 1e-12, "from no scale");
        // One that jumps is met where it does.
        let jump = quantile_of_tail(0.3, 1.0, |t| if t < 5.0 { 0.5 } else { 0.1 });
        assert_close(jump, 5.0, 1e-12, "jump");
    }

    #[test]
    fn a_root_is_found_to_the_last_digits() {
        assert_close(
            bisect(0.0, 2.0, |x| x * x < 2.0),
            std::f64::consts::SQRT_2,
            1e-15,
            "√2",
        );
        assert_close(bisect(0.0, 1.0, |x| x < 1e-20), 1e-20, 1e-15, "far down");
    }
}
