//! The wait before service, as a phase-type law.
//!
//! While somebody waits, watch the age of whoever is next to be served: it grows with time, and when a service ends
//! it falls by the time between that arrival and the next. So it follows two clocks, one of the servers and one of
//! the arrivals, the latter behind by the age; and it is back where it was as soon as, in equal times of both clocks,
//! there is one departure more than there are arrivals. That is the first passage G of the queue to the level below.
//! So the age has the density φ·exp(Kx), with K = I ⊗ C₀ + G (D₁ ⊗ I), and φ the rates at which arrivals find all
//! servers busy and nobody waiting (Sengupta 1989, Advances in Applied Probability 21, for the age; Asmussen & Møller
//! 2001, Queueing Systems 37, for many servers; Ramaswami 1999, Proceedings of the 16th International Teletraffic
//! Congress, for K).
//!
//! With y = φ(−K)⁻¹, how much time is spent in each phase, the same process backwards in time has the rates Kⱼᵢyⱼ /
//! yᵢ and ends, at the arrival, with the rates φᵢ / yᵢ: the phase-type law of the wait, as long as it is positive.

use super::map::Map;
use super::phase_type::PhaseType;
use super::process::{AllBusy, FullLevel, staying};
use crate::theory::numerics::censored::{Censored, stationary};
use crate::theory::numerics::matrix::Matrix;

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
        let law = arrivals.law_after_arrival();
        let after = (0..law.len()).filter(|&j| law[j] > 0.0).collect::<Vec<_>>();
        let all = (0..law.len()).collect::<Vec<_>>();
        // D₁ ⊗ I, with the columns of phases to which an arrival can lead: no age is seen in the others.
        let join = arrivals.arriving.part(&all, &after);
        let join = join.kron(&Matrix::identity(busy.change.rows()));
        let rate = arrivals.arrival_rate();
        let losses = join.after_row(&minima(arrivals, busy)).into_iter();
        let ageing = Ageing {
            rates: age_rates(busy, &after, &join),
            weights: weights(busy, &after, &law),
            losses: losses.map(|loss| loss * (surplus / rate)).collect(),
        };
        ageing.backwards(&join.after_row(&full.law), &busy.depart.row_sums(), rate)
    }
}

/// The phases of the age: (phase of the arrivals after an arrival, phases of the servers).
struct Ageing {
    /// K off its diagonal.
    rates: Matrix,
    /// A positive vector ξ: how often the phases would be seen if ages could be negative.
    weights: Vec<f64>,
    /// ξ(−K), which is not negative, so that (−K)⁻¹ needs no subtraction. It is ν (D₁ ⊗ I) / λ, where ν is how often
    /// that age has a new minimum, by phases: `surplus` times per second in all.
    losses: Vec<f64>,
}

impl Ageing {
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

/// K off its diagonal, for the phases `after` an arrival.
fn age_rates(busy: &AllBusy, after: &[usize], join: &Matrix) -> Matrix {
    let order = busy.change.rows();
    let chosen = after.iter().flat_map(|j| j * order..(j + 1) * order);
    let mut rates = busy
        .passage
        .rows_of(&chosen.collect::<Vec<_>>())
        .times(join);
    rates += &Matrix::identity(after.len()).kron(&busy.change);
    rates
}

/// ξ = (θD₁ / λ) ⊗ σ, where σ is the stationary law of servers that are always busy.
fn weights(busy: &AllBusy, after: &[usize], law_after_arrival: &[f64]) -> Vec<f64> {
    let mut always = busy.change.clone();
    always += &busy.depart;
    let always = stationary(always);
    let of_arrivals = after.iter().map(|&j| law_after_arrival[j]);
    of_arrivals
        .flat_map(|arrival| always.iter().map(move |share| arrival * share))
        .collect()
}

/// Shares of the phases in which an age that could be negative has its new minima: the stationary law of
/// D₀ ⊗ I + (D₁ ⊗ I) G.
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
