//! The law of how many messages come at once.

use crate::theory::error::ModelError;
use crate::theory::numerics::root::bisect;

/// The law of the batches.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sizes {
    /// P(X > m), from m = 0 on.
    pub(super) exceeds: Vec<f64>,
    /// E\[(X − m)⁺\] and E\[((X − m)⁺)²\].
    over: Vec<(f64, f64)>,
}

impl Sizes {
    pub(super) fn new(probabilities: &[f64]) -> Result<Self, ModelError> {
        let sum: f64 = probabilities.iter().sum();
        let are_probabilities = probabilities.iter().all(|p| (0.0..=1.0).contains(p));
        if !(are_probabilities && (sum - 1.0).abs() < 1e-9) {
            return Err(ModelError::parameter(
                "sum of batch probabilities",
                sum,
                "must be 1, and none of them negative",
            ));
        }
        let largest = probabilities.len();
        let mut exceeds = vec![0.0; largest];
        let mut over = vec![(0.0, 0.0); largest + 1];
        let mut tail = 0.0;
        for m in (0..largest).rev() {
            tail += probabilities[m] / sum;
            exceeds[m] = tail;
            let (first, square) = over[m + 1];
            over[m] = (first + tail, square + 2.0 * first + tail);
        }
        Ok(Self { exceeds, over })
    }

    /// E\[X\].
    pub(super) fn mean(&self) -> f64 {
        self.over[0].0
    }

    /// E\[(X − m)⁺\] and E\[((X − m)⁺)²\].
    pub(super) fn over(&self, m: usize) -> (f64, f64) {
        self.over.get(m).copied().unwrap_or((0.0, 0.0))
    }

    /// s > 0 such that levels sink like exp(−s n) far from the ground: Σ P(X > m) exp(s (m + 1)) = `served`, services
    /// per batch, which is more than E\[X\]. By s, since near saturation exp(−s) is 1 in all its digits.
    pub(super) fn decay(&self, served: f64) -> f64 {
        let surplus = served - self.mean();
        let grown = |s: f64| {
            let terms = self.exceeds.iter().zip(1_u32..);
            terms
                .map(|(p, m)| p * (s * f64::from(m)).exp_m1())
                .sum::<f64>()
        };
        let mut high = 1.0;
        while grown(high) < surplus {
            high *= 2.0;
        }
        bisect(0.0, high, |s| grown(s) < surplus)
    }
}
