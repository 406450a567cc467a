//! Zipf's law: a few values come very often, and most hardly ever.

use std::fmt;
use std::sync::{Arc, OnceLock};

use rand::Rng;
use rand_distr::Distribution as _;

use super::steps::Steps;
use crate::theory::Law;
use crate::workload::{Invalid, not_negative};

/// Whole numbers from 1 to n: number k comes as often as k^-exponent says.
///
/// Drawn by rejection-inversion (Hörmann and Derflinger 1996, "Rejection-inversion to generate variates from monotone
/// discrete distributions").
#[derive(Clone, Debug)]
pub struct Zipf {
    n: u32,
    exponent: f64,
    mean: f64,
    scv: f64,
    law: rand_distr::Zipf<f64>,
    /// Added up when theory first asks.
    steps: OnceLock<Arc<Steps>>,
}

/// All else follows from the parameters.
impl PartialEq for Zipf {
    fn eq(&self, other: &Self) -> bool {
        self.law == other.law
    }
}

impl Zipf {
    /// Most values: their shares are added up one by one.
    const N_MAX: u32 = 1_000_000;

    pub(super) fn new(n: u32, exponent: f64) -> Result<Self, Invalid> {
        if n == 0 || n > Self::N_MAX {
            let rule = format!(
                "{n} is not between 1 and {}; give the count of values",
                Self::N_MAX
            );
            return Err(Invalid::new("n", rule));
        }
        not_negative("exponent", exponent)?;
        let moment = |power: f64| {
            // From the smallest on, so that nothing small is lost to what is large.
            (1..=n)
                .rev()
                .map(|k| f64::from(k).powf(power - exponent))
                .sum::<f64>()
        };
        let (all, first, second) = (moment(0.0), moment(1.0), moment(2.0));
        let law = rand_distr::Zipf::new(f64::from(n), exponent);
        let law =
            law.map_err(|error| Invalid::new("exponent", format!("{error}; give a smaller one")))?;
        Ok(Self {
            n,
            exponent,
            mean: first / all,
            scv: (second * all / (first * first) - 1.0).max(0.0),
            law,
            steps: OnceLock::new(),
        })
    }

    /// The share of each value, from 1 to n.
    pub fn shares(&self) -> Vec<f64> {
        let weight = |k: u32| f64::from(k).powf(-self.exponent);
        let all: f64 = (1..=self.n).rev().map(weight).sum();
        (1..=self.n).map(|k| weight(k) / all).collect()
    }

    pub(super) fn mean(&self) -> f64 {
        self.mean
    }

    pub(super) fn scv(&self) -> f64 {
        self.scv
    }

    pub(super) fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        self.law.sample(rng)
    }
}

impl Zipf {
    fn steps(&self) -> &Steps {
        self.steps
            .get_or_init(|| Arc::new(Steps::new((1..=self.n).map(f64::from).zip(self.shares()))))
    }
}

impl Law for Zipf {
    fn moment(&self, n: u32) -> f64 {
        self.steps().limited_moment(n, f64::INFINITY)
    }

    fn exceeds(&self, x: f64) -> f64 {
        self.steps().exceeds(x)
    }

    fn limited_moment(&self, n: u32, x: f64) -> f64 {
        self.steps().limited_moment(n, x)
    }

    fn laplace(&self, s: f64) -> f64 {
        self.steps().laplace(s)
    }
}

impl fmt::Display for Zipf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "zipf(n={}, exponent={})", self.n, self.exponent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_xoshiro::Xoshiro256PlusPlus;

    #[test]
    fn values_come_as_often_as_the_law_says() {
        let law = Zipf::new(10, 1.2).unwrap();
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
        let draws = 200_000;
        let mut counts = [0_u32; 10];
        for _ in 0..draws {
            counts[law.sample(&mut rng) as usize - 1] += 1;
        }
        for (count, share) in counts.iter().zip(law.shares()) {
            let error = (share * (1.0 - share) / f64::from(draws)).sqrt();
            let z = (f64::from(*count) / f64::from(draws) - share) / error;
            assert!(
                z.abs() < 4.0,
                "{count} of {draws} for a share of {share}: z = {z}"
            );
        }
    }

    #[test]
    fn moments_are_sums_over_all_values() {
        // n = 3, exponent 1: weights 1, 1/2, 1/3 of 11/6. Mean 18/11, second moment 36/11.
        let law = Zipf::new(3, 1.0).unwrap();
        assert!((law.mean() - 18.0 / 11.0).abs() < 1e-12);
        assert!((law.scv() - (36.0 / 11.0 / (18.0f64 / 11.0).powi(2) - 1.0)).abs() < 1e-12);
    }
}
