//! How long it takes until so many services have ended, while all servers are busy.

use super::process::Filled;
use crate::theory::error::ModelError;
use crate::theory::numerics::censored::Censored;
use crate::theory::numerics::matrix::{Matrix, accumulate, dot};
use crate::theory::numerics::poisson;
use crate::theory::numerics::root::bisect;

/// As good as nothing.
const LEFT_MIN: f64 = 1e-17;
/// Products that may be formed to follow the services until nothing is left to wait for.
const PRODUCTS_MAX: f64 = 5e8;

/// What a row costs beside its products, in products.
const PRODUCTS_PER_ROW: f64 = 50.0;

/// The wait of a message for the services ahead of it, one more than those that wait before it: for a queue with room
/// for few, in which a wait has phases too many for [`super::decay`], each of which leads but to a few.
///
/// By uniformisation (Jensen 1953, Skandinavisk Aktuarietidskrift 36) at the rate q: P(wait > t) = Σ exp(−qt)
/// (qt)ⁿ/n! bₙ, where bₙ is the probability that the wait takes more than n steps.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Countdown {
    /// q.
    rate: f64,
    /// bₙ, until they are nothing.
    left: Vec<f64>,
    /// The mean, and the mean square.
    pub(super) moments: (f64, f64),
}

impl Countdown {
    /// `found`: for each number that wait, from 0 on, the probabilities that a message finds so many, with the
    /// servers in each of their states.
    ///
    /// # Errors
    /// Where it would take too long.
    pub(super) fn new(filled: &Filled, found: &[Vec<f64>]) -> Result<Self, ModelError> {
        let mut leaving = filled.change.row_sums();
        let ends = filled.depart.row_sums();
        leaving
            .iter_mut()
            .zip(&ends)
            .for_each(|(sum, end)| *sum += end);
        let rate = leaving.iter().copied().fold(0.0, f64::max);
        let stay = Matrix::from_fn(leaving.len(), leaving.len(), |i, j| match i == j {
            true => (rate - leaving[i]) / rate,
            false => filled.change[(i, j)] / rate,
        });
        let end = Matrix::from_fn(leaving.len(), leaving.len(), |i, j| {
            filled.depart[(i, j)] / rate
        });
        Ok(Self {
            rate,
            left: left(&stay, &end, found)?,
            moments: moments(filled, &ends, found),
        })
    }

    /// P(wait > t), for t ≥ 0.
    pub(super) fn exceeds(&self, t: f64) -> f64 {
        let left = |n: u64| self.left.get(n as usize).copied().unwrap_or(0.0);
        poisson::expectation(self.rate * t, left)
    }

    /// The least t with P(wait > t) ≤ `tail`.
    pub(super) fn quantile_of_tail(&self, tail: f64) -> f64 {
        if self.exceeds(0.0) <= tail {
            return 0.0;
        }
        if tail <= 0.0 {
            return f64::INFINITY;
        }
        let longest = (2.0 * self.left.len() as f64 + 100.0) / self.rate;
        bisect(0.0, longest, |t| self.exceeds(t) > tail)
    }
}

/// The probabilities that something is left to wait for after each number of steps.
///
/// # Errors
/// Where that takes too many products.
fn left(stay: &Matrix, end: &Matrix, found: &[Vec<f64>]) -> Result<Vec<f64>, ModelError> {
    let mut shares = without_the_rarest(found);
    let products = shares.len() as f64 * (PRODUCTS_PER_ROW + (end.rows() * end.rows()) as f64);
    let mut left = Vec::new();
    loop {
        let sum = shares.iter().flatten().sum::<f64>();
        left.push(sum);
        if sum <= LEFT_MIN {
            return Ok(left);
        }
        // A step ends one service at most, so that there are as many to come as there are places.
        if left.len().max(shares.len()) as f64 * products > PRODUCTS_MAX {
            return Err(ModelError::parameter(
                "places to wait",
                found.len() as f64,
                "are too many, or phases of service too far apart, to follow a wait",
            ));
        }
        step(stay, end, &mut shares);
    }
}

/// All but the longest lines, which together are as good as never found.
fn without_the_rarest(found: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let mut beyond = 0.0;
    let longer = found.iter().rev().take_while(|shares| {
        beyond += shares.iter().sum::<f64>();
        beyond <= LEFT_MIN / 10.0
    });
    found[..found.len() - longer.count()].to_vec()
}

/// Where k wait, there are those that were k and have stayed, and those that were k + 1.
fn step(stay: &Matrix, end: &Matrix, shares: &mut [Vec<f64>]) {
    let mut next = vec![0.0; end.rows()];
    for k in 0..shares.len() {
        next.fill(0.0);
        let (own, more) = shares[k..].split_at_mut(1);
        let stayed = own[0]
            .iter()
            .enumerate()
            .map(|(i, &share)| (share, stay.row(i)));
        let more = more.first().map_or(&[][..], Vec::as_slice);
        let ended = more
            .iter()
            .enumerate()
            .map(|(i, &share)| (share, end.row(i)));
        accumulate(&mut next, stayed.chain(ended));
        own[0].copy_from_slice(&next);
    }
}

/// The mean and the mean square: of k + 1 services, each takes a time, and then there are k.
fn moments(filled: &Filled, ends: &[f64], found: &[Vec<f64>]) -> (f64, f64) {
    let service = Censored::new(filled.change.clone(), ends);
    let mut rest = Matrix::zeros(ends.len(), 2);
    let (mut mean, mut square) = (0.0, 0.0);
    for shares in found {
        let after = filled.depart.times(&rest);
        let right = Matrix::from_fn(ends.len(), 1, |i, _| 1.0 + after[(i, 0)]);
        let means = service.solve(right);
        let right = Matrix::from_fn(ends.len(), 1, |i, _| 2.0 * means[(i, 0)] + after[(i, 1)]);
        rest = means.beside(&service.solve(right));
        mean += dot(shares, &rest.column(0));
        square += dot(shares, &rest.column(1));
    }
    (mean, square)
}
