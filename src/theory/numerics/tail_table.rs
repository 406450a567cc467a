//! A tail known at equal steps.

/// P(X > t) at 0 and from there on at equal steps, with exponentials between.
#[derive(Debug)]
pub(crate) struct TailTable {
    /// Where the second of the values stands; the first stands at 0.
    pub(crate) first: f64,
    /// From each of the others to the next.
    pub(crate) step: f64,
    /// At least two; they do not rise.
    pub(crate) values: Vec<f64>,
}

impl TailTable {
    /// P(X > t), for `t` up to the last of the steps.
    pub(crate) fn at(&self, t: f64) -> f64 {
        let steps = (t - self.first) / self.step;
        let (before, share) = if steps < 0.0 {
            (0, t / self.first)
        } else {
            (steps as usize + 1, steps.fract())
        };
        let Some(&[above, below]) = self.values.get(before..before + 2) else {
            return self.values[self.values.len() - 1];
        };
        if below > 0.0 {
            above * (below / above).powf(share)
        } else {
            above * (1.0 - share)
        }
    }

    /// The t where P(X > t) = `tail`; `None` beyond the last of the steps. `tail` is not above the first of the values.
    pub(crate) fn quantile(&self, tail: f64) -> Option<f64> {
        let after = self.values.partition_point(|value| *value > tail).max(1);
        let below = *self.values.get(after)?;
        let above = self.values[after - 1];
        let share = if below > 0.0 && above > below {
            ((above / tail).ln() / (above / below).ln()).clamp(0.0, 1.0)
        } else {
            1.0
        };
        Some(if after == 1 {
            self.first * share
        } else {
            self.first + self.step * ((after - 2) as f64 + share)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::tests::assert_close;

    #[test]
    fn an_exponential_tail_is_met_between_its_steps() {
        let places = [0.0, 0.5, 1.5, 2.5];
        let table = TailTable {
            first: 0.5,
            step: 1.0,
            values: places.map(|t: f64| (-t).exp()).to_vec(),
        };
        for t in [0.0_f64, 0.2, 0.5, 1.1, 2.4] {
            assert_close(table.at(t), (-t).exp(), 1e-14, "tail");
            let quantile = table.quantile((-t).exp()).expect("it lies within");
            assert_close(quantile + 1.0, t + 1.0, 1e-14, "quantile");
        }
        assert_eq!(table.quantile(0.01), None);
    }
}
