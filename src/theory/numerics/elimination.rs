//! Elimination without subtraction, for systems of rates and of probabilities.
//!
//! Such a matrix is told by its off-diagonal entries and by what *leaves* each row; the diagonal is their sum and is
//! never computed as a difference. So every entry of an answer has nearly all its digits, however near to singular the
//! system is (Grassmann, Taksar & Heyman 1985, Operations Research 33; Alfa, Xue & Ye 2002, Mathematics of Computation
//! 71).

/// A square matrix, by rows.
pub(in crate::theory) type Matrix = Vec<Vec<f64>>;

/// Shares are scaled down when one is beyond this: the first state may be the rarest by any power of ten.
const LARGE: f64 = 1e250;

/// n × n of zeros.
pub(in crate::theory) fn zeros(n: usize) -> Matrix {
    vec![vec![0.0; n]; n]
}

/// M⁻¹ · `right` for M = diag(`leave` + row sums of `off`) − `off`, diagonal entries of `off` disregarded.
///
/// `off`, `leave` and `right` are not negative, and from each row one can leave, over others if need be; else there is
/// no inverse, and entries come out infinite or not numbers.
pub(in crate::theory) fn solve(off: &Matrix, leave: &[f64], right: &Matrix) -> Matrix {
    let n = off.len();
    let (mut off, mut leave, mut x) = (off.clone(), leave.to_vec(), right.clone());
    let mut pivots = vec![0.0; n];
    for k in (0..n).rev() {
        let (above, below) = off.split_at_mut(k);
        let row = &below[0][..k];
        pivots[k] = leave[k] + row.iter().sum::<f64>();
        let (x_above, x_below) = x.split_at_mut(k);
        for i in 0..k {
            // What goes from i to k goes on from there, as k would.
            let share = above[i][k] / pivots[k];
            if share > 0.0 {
                add_scaled(&mut above[i][..k], row, share);
                leave[i] += share * leave[k];
                add_scaled(&mut x_above[i], &x_below[0], share);
            }
        }
    }
    for k in 0..n {
        let (x_above, x_below) = x.split_at_mut(k);
        for (j, row) in x_above.iter().enumerate() {
            add_scaled(&mut x_below[0], row, off[k][j]);
        }
        x_below[0].iter_mut().for_each(|entry| *entry /= pivots[k]);
    }
    x
}

/// The inverse: [`solve`] for the identity.
pub(in crate::theory) fn inverse(off: &Matrix, leave: &[f64]) -> Matrix {
    let mut identity = zeros(off.len());
    for (k, row) in identity.iter_mut().enumerate() {
        row[k] = 1.0;
    }
    solve(off, leave, &identity)
}

/// The stationary law of a chain with these rates between its states, of which each can be reached from each.
pub(in crate::theory) fn stationary(off: &Matrix) -> Vec<f64> {
    let n = off.len();
    let mut off = off.clone();
    let mut pivots = vec![1.0; n];
    for k in (1..n).rev() {
        let (above, below) = off.split_at_mut(k);
        let row = &below[0][..k];
        pivots[k] = row.iter().sum();
        for from in above.iter_mut() {
            let share = from[k] / pivots[k];
            add_scaled(&mut from[..k], row, share);
        }
    }
    let mut law = vec![1.0; n];
    for k in 1..n {
        let inflow: f64 = (0..k).map(|j| law[j] * off[j][k]).sum();
        law[k] = inflow / pivots[k];
        if law[k] > LARGE {
            law[..=k].iter_mut().for_each(|share| *share /= LARGE);
        }
    }
    let sum: f64 = law.iter().sum();
    law.iter_mut().for_each(|share| *share /= sum);
    law
}

/// a · b.
pub(in crate::theory) fn product(a: &Matrix, b: &Matrix) -> Matrix {
    a.iter().map(|row| row_times(row, b)).collect()
}

/// `row` · b.
pub(in crate::theory) fn row_times(row: &[f64], b: &Matrix) -> Vec<f64> {
    let mut result = vec![0.0; b.first().map_or(0, Vec::len)];
    for (entry, other) in row.iter().zip(b) {
        if *entry > 0.0 {
            add_scaled(&mut result, other, *entry);
        }
    }
    result
}

/// a + b.
pub(in crate::theory) fn sum(a: &Matrix, b: &Matrix) -> Matrix {
    let mut sum = a.clone();
    for (row, other) in sum.iter_mut().zip(b) {
        add_scaled(row, other, 1.0);
    }
    sum
}

fn add_scaled(row: &mut [f64], other: &[f64], share: f64) {
    for (entry, more) in row.iter_mut().zip(other) {
        *entry += share * more;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::tests::assert_close;

    #[test]
    fn an_inverse_inverts_to_the_last_digits_however_near_to_singular() {
        // [[1, −1], [−1, 1 + ε]]: the inverse is [[1 + ε, 1], [1, 1]] / ε.
        let gap = 1e-15;
        let found = inverse(&vec![vec![0.0, 1.0], vec![1.0, 0.0]], &[0.0, gap]);
        for (value, expected) in found.concat().into_iter().zip([1.0 + gap, 1.0, 1.0, 1.0]) {
            assert_close(value * gap, expected, 1e-15, "entry");
        }
    }

    #[test]
    fn a_chain_of_rare_steps_keeps_its_digits() {
        // Up with rate 1e-8, down with rate 1: powers of 1e-8.
        let mut off = zeros(4);
        for k in 0..3 {
            off[k][k + 1] = 1e-8;
            off[k + 1][k] = 1.0;
        }
        let law = stationary(&off);
        for (k, share) in law.iter().enumerate() {
            assert_close(share / law[0], 1e-8_f64.powi(k as i32), 1e-14, "share");
        }
    }

    #[test]
    fn a_chain_whose_first_state_is_beyond_numbers_has_a_law() {
        let n = 60;
        let mut off = zeros(n);
        for k in 1..n {
            off[k - 1][k] = 1.0;
            off[k][k - 1] = 1e-10;
        }
        let law = stationary(&off);
        assert_close(law[n - 1], 1.0 - 1e-10, 1e-14, "last");
        assert_close(law[n - 2], 1e-10, 1e-9, "last but one");
    }
}
