//! How what is left of a phase-type law decays with time, and when so much is left.

use super::matrix::Matrix;
use super::phase_type::PhaseType;
use crate::theory::root::turning_point;

/// Terms of exp(x) for x ≤ 1 that reach the last bit of a number: 1 / 20! = 4e-19.
const TERMS: usize = 20;
/// Doublings of the step: they end when nothing is left after a step, in all but absurd cases.
const STEPS_MAX: usize = 64;
/// As good as nothing.
const LEFT_MIN: f64 = 1e-17;
/// Long steps after which whatever is asked for must have been found, or is too little for a number.
const LONGEST_STEPS_MAX: usize = 64;

/// exp(Tt) for the generator T of a phase-type law, at t = h, 2h, 4h … until nothing is left.
///
/// T is uniformised: with rate q and P = I + T/q, exp(Tt) = exp(−qt) Σ (qt)ⁿ/n! Pⁿ, a sum of positive terms (Jensen 1953,
/// Skandinavisk Aktuarietidskrift 36); with h = 1/q twenty terms are enough. It is then squared again and again. So that
/// a chain that ends in an hour keeps its digits when its steps are microseconds, what is lost in each step is kept
/// beside the matrix, and what is left is set to the rest.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Decay {
    /// P.
    step: Matrix,
    /// h, in seconds.
    unit: f64,
    /// exp(T·h·2ᵏ).
    powers: Vec<Matrix>,
}

impl Decay {
    pub(super) fn new(law: &PhaseType) -> Self {
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
            unit: rate.recip(),
            powers,
        }
    }

    /// start · exp(Tt) · 1, of the first `counted` phases alone; for t ≥ 0.
    pub(super) fn left(&self, start: &[f64], counted: usize, t: f64) -> f64 {
        let mut row = start.to_vec();
        let mut rest = t / self.unit;
        let mut longest = 0;
        for (k, power) in self.powers.iter().enumerate().rev() {
            let length = (k as f64).exp2();
            while rest >= length {
                let is_longest = k + 1 == self.powers.len();
                longest += usize::from(is_longest);
                if longest > LONGEST_STEPS_MAX {
                    return 0.0;
                }
                row = power.after_row(&row);
                rest -= length;
            }
        }
        within(&self.moments(row, counted), rest)
    }

    /// The t at which start · exp(Tt) · 1, of the first `counted` phases alone, falls to `tail` > 0; 0 where it never was
    /// above.
    pub(super) fn crossing(&self, start: &[f64], counted: usize, tail: f64) -> f64 {
        let is_above = |row: &[f64]| row[..counted].iter().sum::<f64>() > tail;
        if !is_above(start) {
            return 0.0;
        }
        let mut row = start.to_vec();
        let mut steps = 0.0;
        for (k, power) in self.powers.iter().enumerate().rev() {
            let tries = if k + 1 == self.powers.len() {
                LONGEST_STEPS_MAX
            } else {
                1
            };
            for _ in 0..tries {
                let next = power.after_row(&row);
                if !is_above(&next) {
                    break;
                }
                row = next;
                steps += (k as f64).exp2();
            }
        }
        let moments = self.moments(row, counted);
        (steps + turning_point(0.0, 1.0, |x| within(&moments, x) > tail)) * self.unit
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

/// exp(−x) Σ xⁿ/n! · `moments`ₙ, for 0 ≤ x ≤ 1, by Horner's rule.
fn within(moments: &[f64; TERMS], x: f64) -> f64 {
    let terms = moments.iter().enumerate().rev();
    let sum = terms.fold(0.0, |sum, (n, moment)| moment + sum * x / (n as f64 + 1.0));
    (-x).exp() * sum
}

/// exp(P − I), and its squares until nothing is left; `lost` is 1 − P1.
fn powers(step: &Matrix, lost: &[f64]) -> Vec<Matrix> {
    let (mut power, mut gone) = exponential(step, lost);
    let mut powers = Vec::new();
    loop {
        keep_the_rest(&mut power, &gone);
        let most = power.row_sums().into_iter().fold(0.0, f64::max);
        let next = power.times(&power);
        let further = power.times_column(&gone);
        powers.push(std::mem::replace(&mut power, next));
        if most <= LEFT_MIN || powers.len() == STEPS_MAX {
            return powers;
        }
        gone.iter_mut()
            .zip(further)
            .for_each(|(gone, further)| *gone += further);
    }
}

/// exp(P − I), and what each row of it lacks to 1.
fn exponential(step: &Matrix, lost: &[f64]) -> (Matrix, Vec<f64>) {
    let order = lost.len();
    let mut sum = Matrix::zeros(order, order);
    let mut gone = vec![0.0; order];
    // Pⁿ / n! / e and (1 − Pⁿ1) / n! / e
    let mut weight = (-1.0_f64).exp();
    let mut power = Matrix::identity(order);
    let mut lacking = vec![0.0; order];
    for n in 1..=TERMS {
        sum.add_scaled(weight, &power);
        gone.iter_mut()
            .zip(&lacking)
            .for_each(|(gone, lacking)| *gone += weight * lacking);
        weight /= n as f64;
        power = step.times(&power);
        let further = step.times_column(&lacking);
        lacking = lost
            .iter()
            .zip(further)
            .map(|(lost, further)| lost + further)
            .collect();
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
