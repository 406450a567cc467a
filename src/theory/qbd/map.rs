//! Markovian arrival processes.

use super::phase_type::{PhaseType, closure, off_diagonal};
use crate::theory::error::{ModelError, is_positive};
use crate::theory::numerics::censored::{Censored, stationary};
use crate::theory::numerics::matrix::{Matrix, dot};

/// What the diagonal of D₀ may miss of the sum of its row, as a share: what decimals leave.
const ROUNDING: f64 = 1e-9;

/// Arrivals that come at certain changes of a Markov chain with a few states: a Markovian arrival process, MAP.
///
/// Poisson, renewal processes with phase-type gaps, and Poisson processes with a rate that changes by chance are of
/// this kind (Lucantoni, Meier-Hellstern & Neuts 1990, Advances in Applied Probability 22).
#[derive(Clone, Debug, PartialEq)]
pub struct Map {
    /// D₀ off its diagonal: rates of changes without an arrival.
    pub(super) quiet: Matrix,
    /// D₁: rates of changes, or of none, with an arrival.
    pub(super) arriving: Matrix,
    /// θ, the stationary law of the states.
    pub(super) law: Vec<f64>,
}

impl Map {
    /// The general process: `quiet`, the matrix D₀ of changes without an arrival, on whose diagonal stands minus the
    /// rate at which anything happens, and `arriving`, D₁, of changes with an arrival.
    ///
    /// # Errors
    /// Where they are not square of the same order, a rate is negative, a row of both does not sum to 0, a state cannot
    /// be reached from another, nothing ever arrives, or there are more than 1,000 states.
    pub fn new(quiet: &[Vec<f64>], arriving: &[Vec<f64>]) -> Result<Self, ModelError> {
        let order = quiet.len();
        let between = off_diagonal("quiet", quiet, order)?;
        let mut with = off_diagonal("arriving", arriving, order)?;
        for (i, row) in arriving.iter().enumerate() {
            with[(i, i)] = row[i];
        }
        let sums = between.row_sums().into_iter().zip(with.row_sums());
        for (i, (quiet_sum, arriving_sum)) in sums.enumerate() {
            let (sum, diagonal) = (quiet_sum + arriving_sum, quiet[i][i]);
            let is_balanced = (sum + diagonal).abs() <= ROUNDING * sum;
            if !is_balanced {
                return Err(ModelError::parameter(
                    "quiet",
                    diagonal,
                    "must be minus the sum of all other rates in its row",
                ));
            }
        }
        Self::checked(between, with)
    }

    /// Memoryless, of this `rate`.
    ///
    /// # Errors
    /// Unless the rate is a positive number.
    pub fn poisson(rate: f64) -> Result<Self, ModelError> {
        Self::mmpp(&[rate], &[vec![0.0]])
    }

    /// Independent gaps of one law.
    ///
    /// # Errors
    /// Where rates are too far apart for a number.
    pub fn renewal(gaps: &PhaseType) -> Result<Self, ModelError> {
        let arriving = Matrix::from(gaps.exit.clone());
        let start = Matrix::from_fn(1, gaps.order(), |_, j| gaps.start[j]);
        Self::checked(gaps.change.clone(), arriving.times(&start))
    }

    /// A Poisson process whose rate changes by chance: its `rates` in each state, and `switching`, the rates from state
    /// to state, whose diagonal is not read.
    ///
    /// # Errors
    /// Where there are not as many of both, a rate is negative, nothing ever arrives, or a state cannot be reached from
    /// another.
    pub fn mmpp(rates: &[f64], switching: &[Vec<f64>]) -> Result<Self, ModelError> {
        let quiet = off_diagonal("switching", switching, rates.len())?;
        let on_diagonal = |i, j| if i == j { rates[i] } else { 0.0 };
        Self::checked(
            quiet,
            Matrix::from_fn(rates.len(), rates.len(), on_diagonal),
        )
    }

    /// How many states there are.
    pub fn order(&self) -> usize {
        self.law.len()
    }

    /// The squared coefficient of variation of the time between arrivals, in the long run, which says nothing of how
    /// gaps depend on each other: with θ the law of the states, 2λ θ(−D₀)⁻¹1 − 1.
    pub fn gap_scv(&self) -> f64 {
        let ones = Matrix::from(vec![1.0; self.order()]);
        let chain = Censored::new(self.quiet.clone(), &self.arriving.row_sums());
        let times = chain.solve(ones).column(0);
        2.0 * self.arrival_rate() * dot(&self.law, &times) - 1.0
    }

    /// The rates of all changes.
    pub(super) fn rates(&self) -> impl Iterator<Item = f64> {
        self.quiet.entries().chain(self.arriving.entries())
    }

    /// λ = θD₁1: arrivals per second in the long run.
    pub fn arrival_rate(&self) -> f64 {
        let rates = self.arriving.row_sums();
        dot(&rates, &self.law)
    }

    /// θD₁ / λ: the law of the state after an arrival.
    pub(super) fn law_after_arrival(&self) -> Vec<f64> {
        let rates = self.arriving.after_row(&self.law);
        let total: f64 = rates.iter().sum();
        rates.into_iter().map(|rate| rate / total).collect()
    }

    /// # Errors
    /// Where it is no process with one stationary law, as [`Map::new`] says.
    fn checked(quiet: Matrix, arriving: Matrix) -> Result<Self, ModelError> {
        let order = quiet.rows();
        for i in 0..order {
            let rates = arriving.row(i);
            if let Some(&rate) = rates
                .iter()
                .find(|rate| !(**rate >= 0.0 && rate.is_finite()))
            {
                return Err(ModelError::ArrivalRate(rate));
            }
        }
        let mut both = quiet.clone();
        both += &arriving;
        let forward = closure(order, |i| i == 0, |i, j| both[(i, j)] > 0.0);
        let backward = closure(order, |i| i == 0, |i, j| both[(j, i)] > 0.0);
        if forward.len() < order || backward.len() < order {
            return Err(ModelError::parameter(
                "states",
                order as f64,
                "must each be reachable from each other",
            ));
        }
        let process = Self {
            law: stationary(both),
            quiet,
            arriving,
        };
        match process.arrival_rate() {
            rate if is_positive(rate) => Ok(process),
            rate => Err(ModelError::ArrivalRate(rate)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::qbd::tests::balanced;
    use crate::theory::tests::assert_close;

    #[test]
    fn processes_have_the_rates_they_are_made_from() {
        let rate = |process: Result<Map, ModelError>| process.expect("a process").arrival_rate();
        assert_close(rate(Map::poisson(3.0)), 3.0, 1e-15, "Poisson");
        let gaps = balanced(0.25, 4.0).expect("a law");
        assert_close(rate(Map::renewal(&gaps)), 4.0, 1e-14, "renewal");
        // Three quarters of the time in the first state.
        let switching = [vec![0.0, 1.0], vec![3.0, 0.0]];
        assert_close(rate(Map::mmpp(&[8.0, 0.0], &switching)), 6.0, 1e-15, "MMPP");
    }

    #[test]
    fn what_is_no_process_is_refused() {
        let refused =
            |process: Result<Map, ModelError>| process.expect_err("no process").to_string();
        let apart = [vec![0.0, 1.0], vec![0.0, 0.0]];
        assert!(refused(Map::mmpp(&[1.0, 2.0], &apart)).contains("reachable from each other"));
        let round = [vec![0.0, 1.0], vec![1.0, 0.0]];
        assert!(refused(Map::mmpp(&[0.0, 0.0], &round)).contains("arrival rate of 0"));
        assert!(refused(Map::mmpp(&[1.0, -1.0], &round)).contains("arrival rate of -1"));
        assert!(refused(Map::mmpp(&[1.0], &round)).contains("as many rows and columns"));
        assert!(refused(Map::poisson(f64::NAN)).contains("arrival rate of NaN"));
        assert!(refused(Map::new(&[vec![-1.0]], &[vec![2.0]])).contains("minus the sum"));
        assert!(refused(Map::new(&[], &[])).contains("must be 1 to 1,000"));
    }
}
