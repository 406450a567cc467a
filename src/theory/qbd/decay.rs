//! How what is left of a phase-type law decays with time, and when so much is left.

use super::phase_type::PhaseType;
use crate::theory::numerics::matrix::Matrix;
use crate::theory::numerics::root::bisect;

/// The shortest step, in mean stays in the phase that is left the soonest.
const SHORTEST: f64 = 0.0625;
/// Terms of exp(x) for x ≤ 1/16 that reach the last bit of a number: (1/16)¹⁰ / 10! = 3e-19.
const TERMS: usize = 10;
/// Doublings of the step: they end when nothing is left after a step, in all but absurd cases.
const STEPS_MAX: usize = 64;
/// As good as nothing.
const LEFT_MIN: f64 = 1e-17;
/// Of the longest steps, so many leave less than the least number.
const LONGEST_STEPS_MAX: usize = 64;

/// exp(Tt) for the generator T of a phase-type law, at t = h, 2h, 4h … until nothing is left.
///
/// T is uniformised: with rate q and P = I + T/q, exp(Tt) = exp(−qt) Σ (qt)ⁿ/n! Pⁿ, a sum of positive terms (Jensen
/// 1953, Skandinavisk Aktuarietidskrift 36), of which ten are enough at h = 1/(16 q). That is squared again and
/// again. So that a law of hours keeps its digits where phases last microseconds, what is lost in each step is kept
/// beside the matrix, and what is left is set to the rest.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::theory) struct Decay {
    /// P.
    step: Matrix,
    /// h, in seconds.
    unit: f64,
    /// exp(T·h·2ᵏ).
    powers: Vec<Matrix>,
}

impl Decay {
    pub(in crate::theory) fn new(law: &PhaseType) -> Self {
        let mut leaving = law.change.row_sums();
        leaving
            .iter_mut()
            .zip(&law.exit)
            .for_each(|(sum, exit)| *sum += exit);
        let rate = leaving.iter().copied().fold(0.0, f64::max);
        let step = Matrix::from_fn(leaving.len(), leaving.len(), |i, j| match i == j {
            true => (rate - leaving[i]) / rate,
            false => law.change[(i, j)] / rate,
        });
        let lost = law.exit.iter().map(|exit| exit / rate).collect::<Vec<_>>();
        let powers = powers(&step, &lost);
        Self {
            step,
            unit: SHORTEST / rate,
            powers,
        }
    }

    /// start · exp(Tt) · 1, of the first `counted` phases alone; for t ≥ 0.
    pub(in crate::theory) fn exceeds(&self, start: &[f64], counted: usize, t: f64) -> f64 {
        let mut row = start.to_vec();
        let mut rest = t / self.unit;
        let longest = self.powers.len() - 1;
        if rest > LONGEST_STEPS_MAX as f64 * (longest as f64).exp2() {
            return 0.0;
        }
        for (k, power) in self.powers.iter().enumerate().rev() {
            let length = (k as f64).exp2();
            while rest >= length {
                row = power.after_row(&row);
                rest -= length;
            }
        }
        within(&self.moments(row, counted), rest)
    }

    /// The t at which start · exp(Tt) · 1, of the first `counted` phases alone, falls to `tail`; 0 where it never was
    /// above, and infinite where nothing may be left.
    pub(in crate::theory) fn quantile_of_tail(
        &self,
        start: &[f64],
        counted: usize,
        tail: f64,
    ) -> f64 {
        let is_above = |row: &[f64]| row[..counted].iter().sum::<f64>() > tail;
        if !is_above(start) {
            return 0.0;
        }
        if tail <= 0.0 {
            return f64::INFINITY;
        }
        let longest = self.powers.len() - 1;
        let others = (0..longest).rev();
        let mut row = start.to_vec();
        let mut steps = 0.0;
        // The longest step is taken until the next would go too far, each shorter one at most once.
        for k in std::iter::repeat_n(longest, LONGEST_STEPS_MAX).chain(others) {
            let next = self.powers[k].after_row(&row);
            if is_above(&next) {
                row = next;
                steps += (k as f64).exp2();
            }
        }
        let moments = self.moments(row, counted);
        (steps + bisect(0.0, 1.0, |x| within(&moments, x) > tail)) * self.unit
    }

    /// row · Pⁿ · 1 for the first n, of the first `counted` phases.
    fn moments(&self, mut row: Vec<f64>, counted: usize) -> [f64; TERMS] {
        std::array::from_fn(|_| {
            let left = row[..counted].iter().sum();
            row = self.step.after_row(&row);
            left
        })
    }
}

/// exp(−y) Σ yⁿ/n! · `moments`ₙ at y = `share` of the shortest step, by Horner's rule.
fn within(moments: &[f64; TERMS], share: f64) -> f64 {
    let y = share * SHORTEST;
    let terms = moments.iter().enumerate().rev();
    let sum = terms.fold(0.0, |sum, (n, moment)| moment + sum * y / (n as f64 + 1.0));
    (-y).exp() * sum
}

/// What the shortest step does, and its squares until nothing is left; `lost` is 1 − P1.
fn powers(step: &Matrix, lost: &[f64]) -> Vec<Matrix> {
    let (mut power, mut gone) = exponential(step, lost);
    let mut powers = Vec::new();
    loop {
        keep_the_rest(&mut power, &gone);
        let most = power.row_sums().into_iter().fold(0.0, f64::max);
        if most <= LEFT_MIN || powers.len() + 1 == STEPS_MAX {
            powers.push(power);
            return powers;
        }
        let further = power.times_column(&gone);
        gone.iter_mut()
            .zip(further)
            .for_each(|(gone, further)| *gone += further);
        let next = power.times(&power);
        powers.push(std::mem::replace(&mut power, next));
    }
}

/// exp((P − I) / 16), and what each row of it lacks to 1.
fn exponential(step: &Matrix, lost: &[f64]) -> (Matrix, Vec<f64>) {
    let order = lost.len();
    let mut weight = (-SHORTEST).exp();
    let mut sum = Matrix::zeros(order, order);
    sum.add_scaled(weight, &Matrix::identity(order));
    let mut gone = vec![0.0; order];
    // Pⁿ, and 1 − Pⁿ1
    let (mut power, mut lacking) = (step.clone(), lost.to_vec());
    for n in 1..TERMS {
        weight *= SHORTEST / n as f64;
        sum.add_scaled(weight, &power);
        gone.iter_mut()
            .zip(&lacking)
            .for_each(|(gone, lacking)| *gone += weight * lacking);
        let further = step.times_column(&lacking);
        lacking = lost
            .iter()
            .zip(further)
            .map(|(lost, further)| lost + further)
            .collect();
        power = step.times(&power);
    }
    (sum, gone)
}

/// Sets each row's sum to what is not `gone`, where that is most of it: small losses are known to more digits than the
/// rest.
fn keep_the_rest(power: &mut Matrix, gone: &[f64]) {
    for (i, gone) in gone.iter().enumerate() {
        if *gone < 0.5 {
            let row = power.row_mut(i);
            let scale = (1.0 - gone) / row.iter().sum::<f64>();
            row.iter_mut().for_each(|value| *value *= scale);
        }
    }
}
