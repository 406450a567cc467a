//! How a quasi-birth–death process, whose levels are all alike, comes down from one level to the next.

use crate::theory::numerics::censored::Censored;
use crate::theory::numerics::matrix::Matrix;

/// Cyclic reduction stops where what is left to go up is this share of what went up at first.
const LEFT_MIN: f64 = 1e-20;
/// Steps of cyclic reduction: it ends after some ten, and after one more for each halving of what is free at the limit.
const STEPS_MAX: u32 = 100;

/// G: from each state of a level, the probabilities of the states in which the level below is first reached; by the
/// rates that lead `up` a level, those of `local` changes, whose diagonal is not read, and those that lead `down`.
/// Whatever state one is in, there must be a way down.
pub(in crate::theory) fn passage(up: Matrix, local: Matrix, down: Matrix) -> Matrix {
    let exits = down.row_sums();
    Censored::new(not_above(up, local, down.clone()), &exits).solve(down)
}

/// The rates between the states of a level while the process is not above it, `local` + `up` · G, by cyclic reduction
/// (Bini & Meini 1996, SIAM Journal on Matrix Analysis 17, in the form of Bini, Latouche & Meini 2005, Numerical
/// Methods for Structured Markov Chains, ch. 7).
///
/// In each step every second level is taken out of the process, so that levels are twice as far apart. What there is on
/// the first level, which is never taken out, converges quadratically to the answer.
fn not_above(mut up: Matrix, mut local: Matrix, mut down: Matrix) -> Matrix {
    let most = |up: &Matrix| up.row_sums().into_iter().fold(0.0, f64::max);
    let enough = LEFT_MIN * most(&up);
    let mut first = local.clone();
    for _ in 0..STEPS_MAX {
        let exits = up.row_sums().into_iter().zip(down.row_sums());
        let exits = exits.map(|(up, down)| up + down).collect::<Vec<_>>();
        let solved = Censored::new(local.clone(), &exits).solve(up.beside(&down));
        let rising = solved.part_of_columns(0..up.columns());
        let falling = solved.part_of_columns(up.columns()..solved.columns());
        let there_and_back = up.times(&falling);
        first += &there_and_back;
        local += &there_and_back;
        local += &down.times(&rising);
        up = up.times(&rising);
        down = down.times(&falling);
        if most(&up) <= enough {
            break;
        }
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::tests::assert_close;

    #[test]
    fn a_passage_is_a_step_down_or_a_step_aside_or_up_and_then_a_passage_each() {
        let up = Matrix::from_fn(3, 3, |i, j| if i == j { 0.5 } else { 0.0 });
        let local = Matrix::from_fn(3, 3, |i, j| (1 + i + 2 * j) as f64 / 10.0);
        // There is no way down from the first state itself.
        let down = Matrix::from_fn(3, 3, |i, j| if i == j { i as f64 } else { 0.0 });
        let passage = passage(up.clone(), local.clone(), down.clone());
        let mut all = down.clone();
        all += &up.times(&passage).times(&passage);
        for i in 0..3 {
            assert_close(passage.row(i).iter().sum(), 1.0, 1e-14, "sum");
            let aside = (0..3).filter(|k| *k != i).map(|k| local[(i, k)]);
            let left = up.row_sums()[i] + down.row_sums()[i] + aside.sum::<f64>();
            for j in 0..3 {
                let aside = (0..3).filter(|k| *k != i);
                let aside: f64 = aside.map(|k| local[(i, k)] * passage[(k, j)]).sum();
                assert_close(passage[(i, j)] * left, all[(i, j)] + aside, 1e-13, "G");
            }
        }
    }
}
