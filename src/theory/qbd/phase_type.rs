//! Phase-type laws: how long a chain with few states takes to end.

use crate::theory::error::{ModelError, is_positive};
use crate::theory::numerics::censored::Censored;
use crate::theory::numerics::matrix::{Matrix, dot};

/// More phases than this no model here could be solved with.
const PHASES_MAX: usize = 1_000;
/// Sums that should be 1 or 0 may miss it by this share: what decimals leave.
const ROUNDING: f64 = 1e-9;

/// The time until a Markov chain with a few phases ends. Sums, mixtures and exponentials are of this kind, and every
/// law of positive numbers is near to one of them.
///
/// Neuts 1981, Matrix-Geometric Solutions in Stochastic Models, ch. 2.
#[derive(Clone, Debug, PartialEq)]
pub struct PhaseType {
    /// Probability of each phase at the start. What is missing to 1 takes no time at all.
    pub(super) start: Vec<f64>,
    /// Rates from phase to phase; nothing on the diagonal.
    pub(super) change: Matrix,
    /// Rate of the end in each phase.
    pub(super) exit: Vec<f64>,
}

impl PhaseType {
    /// The general law: `start`, the probability of each phase at the start, and `generator`, the matrix often called
    /// T: rates from phase to phase, and on the diagonal minus the rate at which a phase is left. What a row lacks to
    /// 0 is the rate of the end. Phases that are never reached are left out.
    ///
    /// # Errors
    /// Where `start` does not sum to 1, the matrix has another number of rows or columns, a rate is negative, a row
    /// sums to more than 0, there is no way from some phase to the end, or there are more than 1,000 phases.
    pub fn new(start: &[f64], generator: &[Vec<f64>]) -> Result<Self, ModelError> {
        let change = off_diagonal("generator", generator, start.len())?;
        let sums = change.row_sums();
        let mut exit = Vec::with_capacity(start.len());
        for (i, sum) in sums.into_iter().enumerate() {
            let left = -generator[i][i];
            if !(left.is_finite() && left - sum >= -ROUNDING * sum) {
                return Err(ModelError::parameter(
                    "generator",
                    generator[i][i],
                    "must be minus the sum of the other rates in its row, or less",
                ));
            }
            // What is left of equal numbers is rounding, and no way to the end.
            let rest = left - sum;
            exit.push(if rest <= ROUNDING * sum { 0.0 } else { rest });
        }
        Self::checked(start, change, exit)
    }

    /// Memoryless, of this `rate`.
    ///
    /// # Errors
    /// Unless the rate is a positive number.
    pub fn exponential(rate: f64) -> Result<Self, ModelError> {
        Self::hyperexponential(&[(1.0, rate)])
    }

    /// The sum of `stages` equal exponentials, of this `mean` together: scv 1 / `stages`.
    ///
    /// # Errors
    /// Unless the mean is a positive number and there are 1 to 1,000 stages.
    pub fn erlang(stages: u64, mean: f64) -> Result<Self, ModelError> {
        let order = usize::try_from(stages).unwrap_or(usize::MAX);
        check_few_phases(order)?;
        Self::hypoexponential(&vec![stages as f64 / mean; order])
    }

    /// The sum of independent exponentials of these `rates`, equal or not.
    ///
    /// # Errors
    /// Where a rate is not a positive number, and unless there are 1 to 1,000 of them.
    pub fn hypoexponential(rates: &[f64]) -> Result<Self, ModelError> {
        let order = rates.len();
        check_few_phases(order)?;
        let change = Matrix::from_fn(order, order, |i, j| if j == i + 1 { rates[i] } else { 0.0 });
        let mut start = vec![0.0; order];
        start[0] = 1.0;
        let mut exit = vec![0.0; order];
        exit[order - 1] = rates[order - 1];
        Self::checked(&start, change, exit)
    }

    /// One of several exponentials: a (probability, rate) for each. Probabilities must sum to 1.
    ///
    /// # Errors
    /// Where they do not, or where a rate is not a positive number.
    pub fn hyperexponential(parts: &[(f64, f64)]) -> Result<Self, ModelError> {
        let start = parts.iter().map(|part| part.0).collect::<Vec<_>>();
        let exit = parts.iter().map(|part| part.1).collect();
        check_few_phases(parts.len())?;
        Self::checked(&start, Matrix::zeros(parts.len(), parts.len()), exit)
    }

    /// One of several laws, each with its probability. Probabilities must sum to 1.
    ///
    /// # Errors
    /// Where they do not, or where there are more than 1,000 phases together.
    pub fn mixture(parts: &[(f64, Self)]) -> Result<Self, ModelError> {
        let order = parts.iter().map(|(_, law)| law.order()).sum();
        check_few_phases(order)?;
        let (mut start, mut exit) = (Vec::new(), Vec::new());
        let mut change = Matrix::zeros(order, order);
        for (probability, law) in parts {
            let first = start.len();
            for i in 0..law.order() {
                change.row_mut(first + i)[first..first + law.order()]
                    .copy_from_slice(law.change.row(i));
            }
            start.extend(law.start.iter().map(|share| probability * share));
            exit.extend(&law.exit);
        }
        Self::checked(&start, change, exit)
    }

    /// Probability of each phase at the start. What is missing to 1 takes no time at all.
    pub(in crate::theory) fn start(&self) -> &[f64] {
        &self.start
    }

    /// How many phases there are.
    pub fn order(&self) -> usize {
        self.start.len()
    }

    /// The mean, α(−T)⁻¹1.
    pub fn mean(&self) -> f64 {
        self.moments().0
    }

    /// The squared coefficient of variation, variance / mean².
    pub fn scv(&self) -> f64 {
        let (mean, variance) = self.moments();
        variance / mean.powi(2)
    }

    /// The mean, and the variance 2α(−T)⁻²1 − mean².
    pub(super) fn moments(&self) -> (f64, f64) {
        let chain = Censored::new(self.change.clone(), &self.exit);
        let time_left = chain.solve(Matrix::from(vec![1.0; self.order()]));
        let mean = dot(&self.start, &time_left.column(0));
        let half_square = dot(&self.start, &chain.solve(time_left).column(0));
        (mean, 2.0 * half_square - mean.powi(2))
    }

    /// The rates of all changes, and of the end.
    pub(super) fn rates(&self) -> impl Iterator<Item = f64> {
        self.change.entries().chain(self.exit.iter().copied())
    }

    /// This law, and then `next`, which does not depend on it: first the phases of this, then those of `next`.
    pub(super) fn followed_by(&self, next: &Self) -> Self {
        let (first, second) = (self.order(), next.order());
        let change = Matrix::from_fn(first + second, first + second, |i, j| {
            match (i < first, j < first) {
                (true, true) => self.change[(i, j)],
                (true, false) => self.exit[i] * next.start[j - first],
                (false, true) => 0.0,
                (false, false) => next.change[(i - first, j - first)],
            }
        });
        let missing = 1.0 - self.start.iter().sum::<f64>();
        let at_once = next.start.iter().map(|share| missing.max(0.0) * share);
        Self {
            start: self.start.iter().copied().chain(at_once).collect(),
            change,
            exit: vec![0.0; first]
                .into_iter()
                .chain(next.exit.iter().copied())
                .collect(),
        }
    }

    /// # Errors
    /// Where it is no law, as [`PhaseType::new`] says.
    fn checked(start: &[f64], change: Matrix, exit: Vec<f64>) -> Result<Self, ModelError> {
        let total: f64 = start.iter().sum();
        let is_law = start.iter().all(|share| *share >= 0.0) && (total - 1.0).abs() <= ROUNDING;
        if !is_law {
            return Err(ModelError::parameter(
                "start",
                total,
                "must sum to 1, without a negative probability",
            ));
        }
        let is_started = |i: usize| start[i] > 0.0;
        let reached = closure(start.len(), is_started, |i, j| change[(i, j)] > 0.0);
        let law = Self {
            start: reached.iter().map(|&i| start[i] / total).collect(),
            change: change.part(&reached, &reached),
            exit: reached.iter().map(|&i| exit[i]).collect(),
        };
        law.check_ends()?;
        Ok(law)
    }

    fn check_ends(&self) -> Result<(), ModelError> {
        let sums = self.change.row_sums();
        if let Some((sum, exit)) = sums
            .iter()
            .zip(&self.exit)
            .find(|(sum, exit)| !is_positive(*sum + *exit))
        {
            return Err(ModelError::ServiceRate(sum + exit));
        }
        let ends = |i: usize| self.exit[i] > 0.0;
        let ending = closure(self.order(), ends, |i, j| self.change[(j, i)] > 0.0);
        if ending.len() == self.order() {
            return Ok(());
        }
        Err(ModelError::parameter(
            "generator",
            (self.order() - ending.len()) as f64,
            "phases have no way to the end",
        ))
    }
}

/// The entries of a square matrix off its diagonal.
///
/// # Errors
/// Where it is not square of this `order`, where the order is none or too many, or where an entry is negative or no
/// number.
pub(super) fn off_diagonal(
    name: &'static str,
    matrix: &[Vec<f64>],
    order: usize,
) -> Result<Matrix, ModelError> {
    check_few_phases(order)?;
    let rule_broken = |value, rule| Err(ModelError::parameter(name, value, rule));
    let is_square = matrix.len() == order && matrix.iter().all(|row| row.len() == order);
    if !is_square {
        return rule_broken(
            matrix.len() as f64,
            "must have as many rows and columns as there are phases",
        );
    }
    let entries = Matrix::from_fn(order, order, |i, j| if i == j { 0.0 } else { matrix[i][j] });
    for i in 0..order {
        if let Some(&rate) = entries
            .row(i)
            .iter()
            .find(|rate| !(**rate >= 0.0 && rate.is_finite()))
        {
            return rule_broken(rate, "must not be negative off the diagonal");
        }
    }
    Ok(entries)
}

/// The states that are `first`, or have a `step` to them from one that is found, in ascending order.
pub(super) fn closure(
    order: usize,
    first: impl Fn(usize) -> bool,
    step: impl Fn(usize, usize) -> bool,
) -> Vec<usize> {
    let mut is_found = (0..order).map(&first).collect::<Vec<_>>();
    let mut open = (0..order).filter(|i| is_found[*i]).collect::<Vec<_>>();
    while let Some(i) = open.pop() {
        for (j, is_found) in is_found.iter_mut().enumerate() {
            if !*is_found && step(i, j) {
                *is_found = true;
                open.push(j);
            }
        }
    }
    (0..order).filter(|i| is_found[*i]).collect()
}

fn check_few_phases(order: usize) -> Result<(), ModelError> {
    if (1..=PHASES_MAX).contains(&order) {
        return Ok(());
    }
    Err(ModelError::parameter(
        "phases",
        order as f64,
        "must be 1 to 1,000",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::tests::assert_close;

    fn moments(law: Result<PhaseType, ModelError>) -> (f64, f64) {
        let law = law.expect("a law");
        (law.mean(), law.scv())
    }

    #[track_caller]
    fn assert_moments(law: Result<PhaseType, ModelError>, mean: f64, scv: f64) {
        let (own_mean, own_scv) = moments(law);
        assert_close(own_mean, mean, 1e-14, "mean");
        assert_close(own_scv, scv, 1e-13, "scv");
    }

    #[test]
    fn laws_have_the_moments_they_are_made_from() {
        assert_moments(PhaseType::exponential(4.0), 0.25, 1.0);
        assert_moments(PhaseType::erlang(8, 3.0), 3.0, 1.0 / 8.0);
        let parts = [(0.75, 1.5), (0.25, 0.5)];
        assert_moments(PhaseType::hyperexponential(&parts), 1.0, 5.0 / 3.0);
        assert_moments(PhaseType::hypoexponential(&[2.0, 1.0]), 1.5, 5.0 / 9.0);
        let stages = [vec![-2.0, 2.0], vec![0.0, -2.0]];
        assert_moments(PhaseType::new(&[1.0, 0.0], &stages), 1.0, 0.5);
    }

    #[test]
    fn a_mixture_is_each_of_its_laws_as_often_as_said() {
        let short = PhaseType::erlang(2, 1.0).expect("a law");
        let long = PhaseType::exponential(0.1).expect("a law");
        // Second moments: 1.5 and 200.
        let (mean, square) = (0.75 + 0.25 * 10.0, 0.75 * 1.5 + 0.25 * 200.0);
        let mixed = PhaseType::mixture(&[(0.75, short), (0.25, long)]);
        assert_moments(mixed, mean, square / (mean * mean) - 1.0);
    }

    #[test]
    fn phases_that_are_never_reached_are_left_out() {
        let matrix = [
            vec![-1.0, 0.0, 0.0],
            vec![1.0, -2.0, 0.0],
            vec![0.0, 0.5, -0.5],
        ];
        assert_eq!(
            PhaseType::new(&[1.0, 0.0, 0.0], &matrix),
            PhaseType::exponential(1.0)
        );
    }

    #[test]
    fn what_decimals_leave_of_a_row_that_sums_to_zero_is_no_end() {
        let matrix = [
            vec![-0.3, 0.1, 0.2],
            vec![0.0, -1.0, 0.0],
            vec![0.0, 0.0, -1.0],
        ];
        let law = PhaseType::new(&[1.0, 0.0, 0.0], &matrix).expect("a law");
        assert_eq!(law.exit[0].to_bits(), 0);
    }

    #[test]
    fn what_is_no_law_is_refused() {
        let refused = |start: &[f64], matrix: &[Vec<f64>]| {
            PhaseType::new(start, matrix)
                .expect_err("no law")
                .to_string()
        };
        let good = vec![vec![-1.0, 1.0], vec![0.0, -1.0]];
        assert!(refused(&[0.5, 0.4], &good).starts_with("start = 0.9 must sum to 1"));
        assert!(refused(&[1.5, -0.5], &good).starts_with("start = 1 must sum to 1"));
        assert!(refused(&[1.0], &good).contains("as many rows and columns"));
        assert!(refused(&[], &[]).starts_with("phases = 0 must be 1 to 1,000"));
        let negative = vec![vec![-1.0, -1.0], vec![0.0, -1.0]];
        assert!(refused(&[1.0, 0.0], &negative).contains("-1 must not be negative"));
        let too_much = vec![vec![-1.0, 2.0], vec![0.0, -1.0]];
        assert!(refused(&[1.0, 0.0], &too_much).contains("or less"));
        let endless = vec![vec![-1.0, 1.0], vec![1.0, -1.0]];
        assert!(refused(&[1.0, 0.0], &endless).contains("2 phases have no way to the end"));
        let nothing = vec![vec![0.0, 0.0], vec![0.0, 0.0]];
        assert!(refused(&[1.0, 0.0], &nothing).contains("service rate of 0"));
        for law in [
            PhaseType::exponential(f64::INFINITY),
            PhaseType::exponential(f64::NAN),
            PhaseType::erlang(0, 1.0),
            PhaseType::erlang(u64::MAX, 1.0),
            PhaseType::erlang(2, 0.0),
            PhaseType::hyperexponential(&[(0.5, 1.0), (0.4, 2.0)]),
            PhaseType::hyperexponential(&[(0.5, 1.0), (0.5, -2.0)]),
            PhaseType::hypoexponential(&[1.0, f64::NAN]),
        ] {
            assert!(law.is_err(), "{law:?}");
        }
    }
}
