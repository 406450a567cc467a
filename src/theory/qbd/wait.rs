//! The wait before service, as a phase-type law.
//!
//! While somebody waits, watch the age of whoever is next to be served: it grows with time, and when a service ends it
//! falls by the time between that arrival and the next. Between one arrival and the next the arrivals have their own
//! clock, which follows the servers' clock by the age. So the age comes back to a value when the arrivals' clock has made
//! as many arrivals as the servers' clock departures, and a departure more: its first return is the first passage G of
//! the queue to the level below, and its density is φ·exp(Kx) with K = I ⊗ C₀ + G (D₁ ⊗ I), φ being the rates at which
//! arrivals find all servers busy and nobody waiting. (Sengupta 1989, Advances in Applied Probability 21, for the age;
//! Asmussen & O'Cinneide 1998, Advances in Applied Probability 30, §4, and He 2014, Fundamentals of Matrix-Analytic
//! Methods, §4.4, for the matrix.)
//!
//! With y = φ(−K)⁻¹, how much time is spent in each phase, the same process backwards in time has the rates Kⱼᵢyⱼ / yᵢ
//! and ends, at the arrival, with the rates φᵢ / yᵢ: the phase-type law of the wait, as long as it is positive.

use super::censored::{Censored, stationary};
use super::map::Map;
use super::matrix::Matrix;
use super::phase_type::PhaseType;
use super::process::{AllBusy, FullLevel, staying};

/// Phases that are rarer than this are left out: their rates would be quotients of numbers without digits.
const SHARE_MIN: f64 = 1e-280;

/// The law of the wait and what it weighs, of an unscaled `full` level.
pub(super) struct Waiting {
    /// The phases of the wait; its `start` is scaled as `full.law` is.
    pub(super) law: PhaseType,
    /// P(somebody waits) / P(full level).
    pub(super) above: f64,
}

impl Waiting {
    /// `surplus` is what the servers could do beyond what arrives, per second.
    pub(super) fn new(arrivals: &Map, busy: &AllBusy, full: &FullLevel, surplus: f64) -> Self {
        let servers = Matrix::identity(busy.change.rows());
        let after = (0..arrivals.order())
            .filter(|&j| arrivals.arriving.column(j).iter().any(|rate| *rate > 0.0));
        let after = after.collect::<Vec<_>>();
        let all = (0..arrivals.order()).collect::<Vec<_>>();
        // D₁ ⊗ I, with the columns of phases to which an arrival can lead: no age is seen in the others.
        let join = arrivals.arriving.part(&all, &after).kron(&servers);
        let ageing = Ageing::new(arrivals, busy, &after, &join, surplus);
        ageing.backwards(
            &join.after_row(&full.law),
            &busy.depart.row_sums(),
            arrivals.arrival_rate(),
        )
    }
}

/// The phases of the age: (phase of the arrivals after an arrival, phases of the servers).
struct Ageing {
    /// K off its diagonal.
    rates: Matrix,
    /// A positive vector ξ, and …
    weights: Vec<f64>,
    /// … ξ(−K), which is not negative: with these, (−K)⁻¹ needs no subtraction.
    losses: Vec<f64>,
}

impl Ageing {
    /// ξ = θD₁ ⊗ σ, where σ is the stationary law of servers that are always busy, is how often the phases would be seen
    /// if ages could be negative. And ξ(−K) = ν (D₁ ⊗ I), ν being how often that age has a new minimum, by phases: they
    /// have the generator D₀ ⊗ I + (D₁ ⊗ I) G, and there are `surplus` of them per second.
    fn new(arrivals: &Map, busy: &AllBusy, after: &[usize], join: &Matrix, surplus: f64) -> Self {
        let order = busy.change.rows();
        let chosen = after.iter().flat_map(|j| j * order..(j + 1) * order);
        let chosen = chosen.collect::<Vec<_>>();
        let mut rates = busy.passage.rows_of(&chosen).times(join);
        rates += &Matrix::identity(after.len()).kron(&busy.change);

        let arriving = arrivals.arriving.after_row(&arrivals.law);
        let mut always = busy.change.clone();
        always += &busy.depart;
        let always = stationary(always);
        let weights = after
            .iter()
            .flat_map(|&j| always.iter().map(move |share| (j, share)));
        let weights = weights.map(|(j, share)| arriving[j] * share).collect();

        let minima = minima(arrivals, busy);
        let losses = join.after_row(&minima);
        Self {
            rates,
            weights,
            losses: losses.into_iter().map(|loss| loss * surplus).collect(),
        }
    }

    /// `begin` are the rates φ at which ages begin, `end` those at which a state of the servers ends one.
    fn backwards(&self, begin: &[f64], end: &[f64], arrival_rate: f64) -> Waiting {
        let spent = self.spent(begin);
        let seen = (0..spent.len()).filter(|&i| spent[i] > SHARE_MIN);
        let seen = seen.collect::<Vec<_>>();
        let ends = seen.iter().map(|&i| spent[i] * end[i % end.len()]);
        Waiting {
            above: spent.iter().sum(),
            law: PhaseType {
                start: ends.map(|rate| rate / arrival_rate).collect(),
                change: self.reversed(&spent, &seen),
                exit: seen.iter().map(|&i| begin[i] / spent[i]).collect(),
            },
        }
    }

    /// y = φ(−K)⁻¹, by the rates of K seen backwards with the weights ξ.
    fn spent(&self, begin: &[f64]) -> Vec<f64> {
        let seen = (0..begin.len()).filter(|&i| self.weights[i] > SHARE_MIN);
        let seen = seen.collect::<Vec<_>>();
        let per_weight = |values: &[f64]| {
            let quotients = seen.iter().map(|&i| values[i] / self.weights[i]);
            quotients.collect::<Vec<_>>()
        };
        let chain = Censored::new(
            self.reversed(&self.weights, &seen),
            &per_weight(&self.losses),
        );
        let ratios = chain.solve(Matrix::from(per_weight(begin)));
        let mut spent = vec![0.0; begin.len()];
        for (place, &i) in seen.iter().enumerate() {
            spent[i] = ratios[(place, 0)] * self.weights[i];
        }
        spent
    }

    /// The rates between the phases that are `seen`, backwards in time, by how much of it is `spent` in each.
    fn reversed(&self, spent: &[f64], seen: &[usize]) -> Matrix {
        Matrix::from_fn(seen.len(), seen.len(), |i, j| {
            let (now, before) = (seen[i], seen[j]);
            match i == j {
                true => 0.0,
                false => self.rates[(before, now)] * (spent[before] / spent[now]),
            }
        })
    }
}

/// Shares of the phases in which an age that could be negative has its new minima.
fn minima(arrivals: &Map, busy: &AllBusy) -> Vec<f64> {
    let order = busy.change.rows();
    let servers = Matrix::identity(order);
    let mut rates = arrivals.arriving.kron(&servers).times(&busy.passage);
    rates += &staying(arrivals, &Matrix::zeros(order, order));
    // A minimum comes with the end of a service, which not every state of the servers can follow.
    let follows = |i: &usize| busy.depart.column(i % order).iter().any(|rate| *rate > 0.0);
    let states = (0..rates.rows()).filter(follows).collect::<Vec<_>>();
    let mut shares = vec![0.0; rates.rows()];
    for (&state, share) in states.iter().zip(stationary(rates.part(&states, &states))) {
        shares[state] = share;
    }
    shares
}
