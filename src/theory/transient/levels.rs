//! The law of the level, on the levels that matter at the time.

use crate::theory::error::ModelError;

/// Levels that are followed at most.
const WIDTH_MAX: usize = 1 << 17;

/// Probabilities of the levels `first`, `first` + 1 … They add up to 1; far out, some may be below 0 by what the method
/// errs.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Levels {
    pub(super) first: u64,
    pub(super) probabilities: Vec<f64>,
}

impl Levels {
    /// Surely `level`.
    pub(super) fn at(level: u64) -> Self {
        Self {
            first: level,
            probabilities: vec![1.0],
        }
    }

    /// The highest level there is.
    pub(super) fn last(&self) -> u64 {
        self.first + (self.probabilities.len() - 1) as u64
    }

    pub(super) fn mean(&self) -> f64 {
        let above = self.probabilities.iter().enumerate();
        let mean: f64 = above.map(|(i, p)| i as f64 * p).sum();
        self.first as f64 + mean
    }

    pub(super) fn mean_of(&self, f: impl Fn(f64) -> f64) -> f64 {
        let states = (self.first..).zip(&self.probabilities);
        states.map(|(n, p)| f(n as f64) * p).sum()
    }

    /// P(N > n).
    pub(super) fn exceeds(&self, n: u64) -> f64 {
        if n < self.first {
            return 1.0;
        }
        let above = self
            .probabilities
            .iter()
            .skip((n - self.first) as usize + 1);
        above.rev().sum::<f64>().clamp(0.0, 1.0)
    }

    /// The least n with P(N ≤ n) ≥ p.
    pub(super) fn quantile(&self, p: f64) -> u64 {
        let mut sum = 0.0;
        for (n, probability) in (self.first..).zip(&self.probabilities) {
            sum += probability;
            if sum >= p {
                return n;
            }
        }
        self.last()
    }

    /// Adds levels of probability 0 at both ends, none below 0 and none above `places`.
    ///
    /// # Errors
    /// Where they become too many.
    pub(super) fn widen(&mut self, down: u64, up: u64, places: u64) -> Result<(), ModelError> {
        let down = down.min(self.first) as usize;
        let up = up.min(places - self.last()).min(WIDTH_MAX as u64) as usize;
        let width = self.probabilities.len() + down + up;
        if width > WIDTH_MAX {
            let rule = "is the number of levels that matter at once: too many to follow one by one";
            return Err(ModelError::parameter("levels", width as f64, rule));
        }
        self.probabilities
            .splice(0..0, std::iter::repeat_n(0.0, down));
        self.first -= down as u64;
        self.probabilities.resize(width, 0.0);
        Ok(())
    }

    /// Takes levels away from both ends while what they hold, carried to the level that is left, costs no more than
    /// `cost_max`, and none of them holds more than `share_max`; returns how many went below and above, and the cost.
    pub(super) fn trim(&mut self, cost_max: f64, share_max: f64) -> (u64, u64, f64) {
        let p = &mut self.probabilities;
        let (above, carried_down, cost_above) = cut(p.iter().rev(), cost_max, share_max);
        let kept = p.len() - above;
        p.truncate(kept);
        p[kept - 1] += carried_down;
        let (below, carried_up, cost_below) = cut(p.iter(), cost_max, share_max);
        p.drain(..below);
        p[0] += carried_up;
        self.first += below as u64;
        (below as u64, above as u64, cost_above + cost_below)
    }
}

/// How many levels can go from the front of `outer`, never all; what they hold, and what it costs to carry it to the
/// next.
fn cut<'a>(
    outer: impl ExactSizeIterator<Item = &'a f64>,
    cost_max: f64,
    share_max: f64,
) -> (usize, f64, f64) {
    let inner = outer.len() - 1;
    let (mut held, mut size, mut cost) = (0.0, 0.0, 0.0);
    for (count, p) in outer.take(inner).enumerate() {
        let next = cost + size + p.abs();
        if next > cost_max || p.abs() > share_max {
            return (count, held, cost);
        }
        held += p;
        size += p.abs();
        cost = next;
    }
    (inner, held, cost)
}

/// How far, level by level, probability must be carried to make `a` of `b`, which lie on the same levels: Wasserstein's
/// distance, Σ |P_a(N ≤ n) − P_b(N ≤ n)|.
pub(super) fn distance(a: &[f64], b: &[f64]) -> f64 {
    let (mut carried, mut sum) = (0.0, 0.0);
    for (p, q) in a.iter().zip(b) {
        carried += p - q;
        sum += f64::abs(carried);
    }
    sum
}
