//! Stationary laws of birth–death processes, by ratios of neighbours from the mode outwards.
//!
//! p(n + 1) / p(n) = births at n / deaths at n + 1. Products begin with 1 at the mode, so none overflows, and what
//! underflows is less than 1e-300 of it; sums are of positive terms.

/// Weights relative to the mode's that are kept: as long as numbers go, since far tails are asked for.
const WEIGHT_MIN: f64 = 1e-300;
/// States that are kept at most: 32 MiB of them.
const STATES_MAX: usize = 1 << 22;

/// The law of the state n ≥ 0 of a birth–death process.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct BirthDeath {
    first: u64,
    /// P(N ≥ first + i), and 0 at the end.
    at_least: Vec<f64>,
    probabilities: Vec<f64>,
}

/// P(I ≥ i) of the number I beyond some level, which is what it is at `offset` for all i before.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::theory) struct Tail {
    offset: u64,
    at_least: Vec<f64>,
}

impl BirthDeath {
    /// `ratio(n)` = births at n / deaths at n + 1, which never rises, and falls below 1 at some n; 0 where there are no
    /// births.
    ///
    /// None where more states matter than can be kept.
    pub(crate) fn new(ratio: impl Fn(u64) -> f64) -> Option<Self> {
        let mode = mode(&ratio)?;
        let mut below = Vec::new();
        let mut weight = 1.0;
        for n in (0..mode).rev() {
            weight /= ratio(n);
            if weight < WEIGHT_MIN || below.len() == STATES_MAX {
                break;
            }
            below.push(weight);
        }
        let first = mode - below.len() as u64;
        let mut probabilities: Vec<f64> = below.into_iter().rev().collect();
        weight = 1.0;
        for n in mode.. {
            if weight < WEIGHT_MIN {
                break;
            }
            if probabilities.len() >= STATES_MAX {
                return None;
            }
            probabilities.push(weight);
            weight *= ratio(n);
        }
        Some(Self::from_weights(first, probabilities))
    }

    fn from_weights(first: u64, mut weights: Vec<f64>) -> Self {
        let mut at_least = vec![0.0; weights.len() + 1];
        for (i, weight) in weights.iter().enumerate().rev() {
            at_least[i] = at_least[i + 1] + weight;
        }
        let all = at_least[0];
        for share in weights.iter_mut().chain(&mut at_least) {
            *share /= all;
        }
        Self {
            first,
            at_least,
            probabilities: weights,
        }
    }

    /// The states that have a probability, with it, upwards.
    pub(crate) fn states(&self) -> impl DoubleEndedIterator<Item = (u64, f64)> + '_ {
        let probabilities = self.probabilities.iter().enumerate();
        probabilities.map(|(i, p)| (self.first + i as u64, *p))
    }

    /// The least n that has a probability.
    pub(crate) fn first(&self) -> u64 {
        self.first
    }

    /// The least n above all states that have a probability.
    pub(crate) fn end(&self) -> u64 {
        self.first + self.probabilities.len() as u64
    }

    /// P(N = n).
    pub(crate) fn probability(&self, n: u64) -> f64 {
        let index = n.checked_sub(self.first);
        index
            .and_then(|i| self.probabilities.get(i as usize))
            .copied()
            .unwrap_or(0.0)
    }

    /// P(N ≥ n).
    pub(crate) fn at_least(&self, n: u64) -> f64 {
        let index = n
            .saturating_sub(self.first)
            .min(self.probabilities.len() as u64);
        self.at_least[index as usize]
    }

    /// `E[f(N)]`.
    pub(crate) fn mean_of(&self, f: impl Fn(f64) -> f64) -> f64 {
        self.states().map(|(n, p)| f(n as f64) * p).sum()
    }

    /// Of what is found at `level` or above, i beyond it with weight `share(i)`.
    pub(in crate::theory) fn tail_from(&self, level: u64, share: impl Fn(f64) -> f64) -> Tail {
        let beyond = self.states().rev().take_while(|(n, _)| *n >= level);
        let mut sum = 0.0;
        let mut at_least: Vec<f64> = beyond
            .map(|(n, p)| {
                sum += p * share((n - level) as f64);
                sum
            })
            .collect();
        at_least.reverse();
        Tail {
            offset: self.end().saturating_sub(level) - at_least.len() as u64,
            at_least,
        }
    }
}

impl Tail {
    /// P(I ≥ i).
    pub(in crate::theory) fn at_least(&self, i: u64) -> f64 {
        let index = i.saturating_sub(self.offset) as usize;
        self.at_least.get(index).copied().unwrap_or(0.0)
    }

    /// P(I ≥ 0).
    pub(in crate::theory) fn all(&self) -> f64 {
        self.at_least(0)
    }

    /// The least i of probability 0.
    pub(in crate::theory) fn end(&self) -> u64 {
        self.offset + self.at_least.len() as u64
    }
}

/// The first n with `ratio(n)` below 1.
fn mode(ratio: &impl Fn(u64) -> f64) -> Option<u64> {
    let mut high = 1;
    while ratio(high) >= 1.0 {
        high = u64::checked_mul(high, 2)?;
    }
    let mut low = 0;
    while low < high {
        let middle = low + (high - low) / 2;
        if ratio(middle) >= 1.0 {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Some(low)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::numerics::poisson;
    use crate::theory::tests::assert_close;

    #[test]
    fn births_at_one_rate_and_deaths_in_proportion_make_poissons_law() {
        for mean in [0.2, 7.0, 1e6] {
            let law = BirthDeath::new(|n| mean / (n + 1) as f64).expect("few states matter");
            assert_close(law.mean_of(|n| n), mean, 1e-11, "mean");
            let variance = law.mean_of(|n| (n - mean).powi(2));
            assert_close(variance, mean, 1e-10, "variance");
            let far = (mean + 9.0 * f64::sqrt(mean)) as u64;
            assert_close(
                law.at_least(far + 1),
                poisson::exceeds(mean, far),
                1e-10,
                "tail",
            );
        }
    }

    #[test]
    fn what_is_far_from_the_mode_is_told_as_long_as_f64_can() {
        // P(N ≥ n) = 0.9ⁿ but for what is cut off at 100,000.
        let law = BirthDeath::new(|n| if n < 100_000 { 0.9 } else { 0.0 }).expect("few states");
        assert_close(law.at_least(6000), f64::powf(0.9, 6000.0), 1e-9, "1e-275");
        assert_close(law.probability(0), 0.1, 1e-14, "p(0)");
        assert_eq!(law.at_least(u64::MAX).to_bits(), 0);
    }

    #[test]
    fn too_many_states_are_refused_and_a_million_are_not() {
        let level = |last: u64| BirthDeath::new(move |n| if n < last { 1.0 } else { 0.0 });
        let law = level(1_000_000).expect("a million");
        assert_close(law.mean_of(|n| n), 500_000.0, 1e-10, "mean");
        assert!(level(1 << 40).is_none());
        assert!(BirthDeath::new(|_| 1.0).is_none(), "no state of its own");
    }
}
