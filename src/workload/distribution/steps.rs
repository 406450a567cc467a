//! A law of finitely many values, with the sums that its facts are read from.

use super::facts::{power, power_above};

/// Values in order, and what lies below and above each.
#[derive(Clone, Debug)]
pub(super) struct Steps {
    values: Vec<f64>,
    /// The probability of the value at an index, and of all above it: one more than there are values, the last 0.
    from: Vec<f64>,
    /// Of the values below an index, the sums of value × probability, of value² × probability and of value³ ×
    /// probability.
    below: [Vec<f64>; 3],
}

impl Steps {
    /// Of values with their probabilities, in any order.
    pub(super) fn new(weighted: impl Iterator<Item = (f64, f64)>) -> Self {
        let mut weighted: Vec<_> = weighted.collect();
        weighted.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut from = vec![0.0; weighted.len() + 1];
        for (i, (_, weight)) in weighted.iter().enumerate().rev() {
            from[i] = from[i + 1] + weight;
        }
        let sums = |n: u32| {
            let mut sum = 0.0;
            let after = weighted.iter().map(|(value, weight)| {
                sum += power(*value, n) * weight;
                sum
            });
            std::iter::once(0.0).chain(after).collect()
        };
        Self {
            from,
            below: [1, 2, 3].map(sums),
            values: weighted.iter().map(|(value, _)| *value).collect(),
        }
    }

    pub(super) fn exceeds(&self, x: f64) -> f64 {
        self.from[self.upto(x)]
    }

    /// From sums for `n` up to 3, else over all values.
    pub(super) fn limited_moment(&self, n: u32, x: f64) -> f64 {
        let upto = self.upto(x);
        let below = match n {
            1..=3 => self.below[n as usize - 1][upto],
            _ => self
                .weighted()
                .take(upto)
                .map(|(value, weight)| power(value, n) * weight)
                .sum(),
        };
        let above = self.from[upto];
        below + power_above(x, n, above)
    }

    pub(super) fn laplace(&self, s: f64) -> f64 {
        self.weighted()
            .map(|(value, weight)| (-s * value).exp() * weight)
            .sum()
    }

    /// How many values are `x` or less.
    fn upto(&self, x: f64) -> usize {
        self.values.partition_point(|value| *value <= x)
    }

    fn weighted(&self) -> impl Iterator<Item = (f64, f64)> {
        let weights = self.from.windows(2).map(|pair| pair[0] - pair[1]);
        self.values.iter().copied().zip(weights)
    }
}
