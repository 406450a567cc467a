//! Integrals of smooth functions, to about the last digits.

use crate::theory::numerics::NEGLIGIBLE;

/// Nodes and weights of Gauss's rule with 16 nodes on [−1, 1], for the positive half.
const GAUSS: [(f64, f64); 8] = [
    (0.095_012_509_837_637_44, 0.189_450_610_455_068_5),
    (0.281_603_550_779_258_9, 0.182_603_415_044_923_6),
    (0.458_016_777_657_227_4, 0.169_156_519_395_002_54),
    (0.617_876_244_402_643_7, 0.149_595_988_816_576_73),
    (0.755_404_408_355_003, 0.124_628_971_255_533_87),
    (0.865_631_202_387_831_7, 0.095_158_511_682_492_78),
    (0.944_575_023_073_232_6, 0.062_253_523_938_647_89),
    (0.989_400_934_991_649_9, 0.027_152_459_411_754_095),
];

/// Steps to one side after which a function that should have decayed is given up.
const STEPS_MAX: u32 = 100_000;

/// ∫ f from `low` to `high` by Gauss's rule with 16 nodes: exact for polynomials up to degree 31.
pub(crate) fn gauss(low: f64, high: f64, f: impl Fn(f64) -> f64) -> f64 {
    let (middle, half) = (f64::midpoint(low, high), (high - low) / 2.0);
    let pairs = GAUSS
        .iter()
        .map(|(node, weight)| weight * (f(middle - half * node) + f(middle + half * node)));
    half * pairs.sum::<f64>()
}

/// ∫ f over all numbers by the trapezoidal rule from `start` outwards, until f has decayed on both sides.
///
/// For a positive function with one maximum, near `start`, that is analytic in a strip of half-width w around the real
/// line the error is of the order exp(−2πw / `step`) (Trefethen & Weideman 2014, SIAM Review 56).
pub(crate) fn trapezoid(start: f64, step: f64, f: impl Fn(f64) -> f64) -> f64 {
    let mut sum = f(start);
    for direction in [step, -step] {
        for k in 1..STEPS_MAX {
            let summand = f(start + direction * f64::from(k));
            sum += summand;
            if summand <= NEGLIGIBLE * sum {
                break;
            }
        }
    }
    step * sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::tests::assert_close;

    #[test]
    fn known_integrals_come_out_to_the_last_digits() {
        assert_close(
            gauss(0.0, 2.0, |x| x.powi(31)),
            2_f64.powi(32) / 32.0,
            1e-13,
            "x³¹",
        );
        assert_close(gauss(0.0, 1.0, f64::exp), 1.0_f64.exp_m1(), 1e-15, "eˣ");
        let bell = trapezoid(0.3, 0.5, |x| (-x * x / 2.0).exp());
        assert_close(bell, std::f64::consts::TAU.sqrt(), 1e-14, "normal density");
    }
}
