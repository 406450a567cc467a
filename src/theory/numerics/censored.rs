//! Chains censored state by state: what Gaussian elimination is for matrices of rates, without a subtraction.
//!
//! A matrix S of rates between states is given by its entries off the diagonal and by the rates at which each state
//! is left for good; its diagonal, minus the sum of both, is never formed. So every figure is a sum of products of
//! positive numbers and keeps its digits, however seldom or slowly states are left (Grassmann, Taksar & Heyman 1985,
//! Operations Research 33, for the stationary law; O'Cinneide 1993, Numerische Mathematik 65, for the proof; Alfa,
//! Xue & Ye 2002, Mathematics of Computation 71, for inverses).

use crate::theory::numerics::SCALED_ABOVE;
use crate::theory::numerics::matrix::{Matrix, accumulate, dot};

/// A chain from which states are taken out, the last first.
pub(in crate::theory) struct Censored {
    /// Left of the diagonal, the rates to the earlier states once all later ones are taken out; right of it, the mean
    /// number of visits to that later state per unit of time here; on it, nothing that means anything.
    rates: Matrix,
    /// Rate at which each state is left once all later ones are taken out.
    leaving: Vec<f64>,
}

impl Censored {
    /// `rates` between the states, of which the diagonal is not read, and `exits`, at which they are left for good.
    /// Whatever state one is in, there must be a way out; where there are no exits at all, a way to the first state.
    pub(in crate::theory) fn new(rates: Matrix, exits: &[f64]) -> Self {
        let order = rates.rows();
        let mut censored = Self {
            rates,
            leaving: vec![0.0; order],
        };
        let mut exits = exits.to_vec();
        for i in (0..order).rev() {
            censored.take_out_later_from(i);
            let row = censored.rates.row(i);
            exits[i] += dot(&row[i + 1..], &exits[i + 1..]);
            censored.leaving[i] = exits[i] + row[..i].iter().sum::<f64>();
        }
        censored
    }

    /// (−S)⁻¹ · `right`, column by column; what is in `right` must not be negative.
    pub(in crate::theory) fn solve(&self, mut right: Matrix) -> Matrix {
        let order = self.leaving.len();
        for i in (0..order).rev() {
            let (_, own, after) = right.around(i);
            let factors = self.rates.row(i)[i + 1..].iter().enumerate();
            accumulate(own, factors.map(|(k, &factor)| (factor, after.row(k))));
        }
        for i in 0..order {
            let (before, own, _) = right.around(i);
            let factors = self.rates.row(i)[..i].iter().enumerate();
            accumulate(own, factors.map(|(k, &factor)| (factor, before.row(k))));
            for value in own {
                *value /= self.leaving[i];
            }
        }
        right
    }

    /// In row `i`, turns the rates to later states into visits, and adds what these visits lead to.
    fn take_out_later_from(&mut self, i: usize) {
        let (_, own, after) = self.rates.around(i);
        let leaving = &self.leaving;
        let mut end = own.len();
        // Four at a time for the bulk of the row, since each must wait only for the few between.
        while end > i + 1 {
            let start = end.saturating_sub(4).max(i + 1);
            for s in (start..end).rev() {
                let (earlier, rest) = own.split_at_mut(s);
                rest[0] /= leaving[s];
                let between = &after.row(s - i - 1)[start..s];
                accumulate(&mut earlier[start..], std::iter::once((rest[0], between)));
            }
            let (earlier, visits) = own.split_at_mut(start);
            let terms = visits.iter().zip(start..end);
            accumulate(
                earlier,
                terms.map(|(&visits, s)| (visits, &after.row(s - i - 1)[..start])),
            );
            end = start;
        }
    }
}

/// The stationary law of a chain with these rates between its states, of which the diagonal is not read; each state
/// must be reachable from each other one.
pub(in crate::theory) fn stationary(rates: Matrix) -> Vec<f64> {
    let order = rates.rows();
    let chain = Censored::new(rates, &vec![0.0; order]);
    let mut law = vec![0.0; order];
    law[0] = 1.0;
    for i in 0..order {
        // The first states may be so much rarer than the later ones.
        if law[i] > SCALED_ABOVE {
            let scale = law[i];
            law.iter_mut().for_each(|share| *share /= scale);
        }
        let (earlier, later) = law.split_at_mut(i + 1);
        let visits = &chain.rates.row(i)[i + 1..];
        accumulate(later, std::iter::once((earlier[i], visits)));
    }
    let total: f64 = law.iter().sum();
    law.iter_mut().for_each(|share| *share /= total);
    law
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::tests::assert_close;

    /// Round a ring of `order` states at rate 1, and back at a third of that.
    fn ring(order: usize) -> Matrix {
        Matrix::from_fn(order, order, |i, j| {
            let forth = f64::from(u8::from(j == (i + 1) % order));
            let back = f64::from(u8::from(i == (j + 1) % order));
            forth + back / 3.0
        })
    }

    #[test]
    fn times_to_an_exit_that_is_hardly_ever_taken_keep_their_digits() {
        // One unit of time in each state per 1e-30 that leaves, and what it takes to come to the exit besides.
        let order = 7;
        let mut exits = vec![0.0; order];
        exits[3] = 1e-30;
        let times = Censored::new(ring(order), &exits).solve(Matrix::from(vec![1.0; order]));
        for i in 0..order {
            assert_close(times[(i, 0)], 7e30, 1e-14, "time to the exit");
        }
    }

    #[test]
    fn an_inverse_inverts_to_the_last_digits_however_near_to_singular() {
        // [[1, −1], [−1, 1 + ε]]: the inverse is [[1 + ε, 1], [1, 1]] / ε.
        let gap = 1e-15;
        let found = Censored::new(ring(2), &[0.0, gap * 4.0 / 3.0]).solve(Matrix::identity(2));
        for (value, expected) in found.entries().zip([1.0 + gap, 1.0, 1.0, 1.0]) {
            assert_close(value * gap * 4.0 / 3.0, expected, 1e-15, "entry");
        }
    }

    #[test]
    fn a_solution_solves() {
        let order = 11;
        let exits = (0..order).map(|i| i as f64).collect::<Vec<_>>();
        let wanted = Matrix::from_fn(order, 2, |i, j| (1 + i + 5 * j) as f64);
        let rates = ring(order);
        // −S · wanted, whose diagonal is the sum of all other rates.
        let left = rates.row_sums();
        let off = rates.times(&wanted);
        let right = Matrix::from_fn(order, 2, |i, j| {
            (left[i] + exits[i]) * wanted[(i, j)] - off[(i, j)]
        });
        let solved = Censored::new(rates, &exits).solve(right);
        for i in 0..order {
            for j in 0..2 {
                assert_close(solved[(i, j)], wanted[(i, j)], 1e-13, "solution");
            }
        }
    }

    #[test]
    fn a_stationary_law_spans_more_than_a_number_can_hold() {
        // A walk that goes up a million times as often as down: from the last state on, each is a millionth of it.
        let order = 60;
        let rates = Matrix::from_fn(order, order, |i, j| {
            if j == i + 1 {
                1e6
            } else if i == j + 1 {
                1.0
            } else {
                0.0
            }
        });
        let law = stationary(rates);
        assert_close(law[order - 1], 1.0 - 1e-6, 1e-15, "the last");
        assert_close(law[order - 4], 1e-18, 2e-6, "three below");
        assert_eq!(law[0].to_bits(), 0);
    }
}
