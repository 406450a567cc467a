//! A Poisson process whose rate is changed by chance.

use std::sync::Arc;

use super::checked_rate;
use crate::theory::numerics::phi::phi;
use crate::workload::{Invalid, positive};

/// A shorter stay, in seconds, would drown in the clock's nanoseconds.
const DWELL_MIN_S: f64 = 1e-6;

/// A Markov-modulated Poisson process that goes through its states in a cycle, staying in each for an exponential time.
///
/// A run starts in the stationary law of the states, so that long-run figures need no warm-up for them.
#[derive(Clone, Debug, PartialEq)]
pub struct Mmpp {
    states: Arc<[State]>,
}

/// One state of the cycle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct State {
    /// Arrivals per second while in it.
    pub(super) rate: f64,
    /// Mean stay, in seconds.
    pub(super) dwell: f64,
}

impl Mmpp {
    /// States with these rates, per second, and mean stays, in seconds.
    ///
    /// # Errors
    /// Where there are not as many of both, or fewer than two, or where a rate is negative or all are 0, or where a
    /// stay is shorter than a microsecond.
    pub fn new(rates: &[f64], dwell: &[f64]) -> Result<Self, Invalid> {
        if rates.len() != dwell.len() {
            let rule = format!(
                "{} given for {} rates; give each rate its mean stay",
                dwell.len(),
                rates.len()
            );
            return Err(Invalid::new("dwell", rule));
        }
        if rates.len() < 2 {
            let rule = "rates that change need at least two states; give two rates, or say poisson";
            return Err(Invalid::new("rates", rule));
        }
        for &rate in rates {
            checked_rate("rates", rate)?;
        }
        if rates.iter().all(|rate| *rate == 0.0) {
            return Err(Invalid::new(
                "rates",
                "all are 0, so that nothing arrives; give a positive one",
            ));
        }
        for &dwell in dwell {
            if positive("dwell", dwell)? < DWELL_MIN_S {
                let rule = format!(
                    "a mean stay of {dwell} s is too short to follow; give at least 1us, or say poisson"
                );
                return Err(Invalid::new("dwell", rule));
            }
        }
        Ok(Self {
            states: rates
                .iter()
                .zip(dwell)
                .map(|(&rate, &dwell)| State { rate, dwell })
                .collect(),
        })
    }

    /// Arrivals per second in the long run.
    pub fn mean_rate(&self) -> f64 {
        let arrivals: f64 = self
            .states
            .iter()
            .map(|state| state.rate * state.dwell)
            .sum();
        arrivals / self.round()
    }

    /// The squared coefficient of variation of the time between arrivals, in the long run.
    ///
    /// With generator Q, rates Λ, stationary law π and mean rate λ, the state seen by an arrival has the law πΛ/λ, and
    /// πΛ = π(Λ − Q) because πQ = 0. So E\[T²\] = 2 (πΛ/λ) (Λ − Q)⁻² 1 = 2 π m / λ where m = (Λ − Q)⁻¹ 1 is the mean
    /// time to the next arrival from each state, and the scv is 2 λ π m − 1 (Fischer and Meier-Hellstern 1993, for the
    /// process).
    pub fn interarrival_scv(&self) -> f64 {
        let stays: f64 = self
            .states
            .iter()
            .zip(self.times_to_arrival())
            .map(|(state, time)| state.dwell * time)
            .sum();
        2.0 * self.mean_rate() * stays / self.round() - 1.0
    }

    /// The states in order, each as (arrivals per second, mean stay in seconds).
    pub fn rates_and_stays(&self) -> impl Iterator<Item = (f64, f64)> {
        self.states.iter().map(|state| (state.rate, state.dwell))
    }

    /// The index of dispersion of counts: Var N(t) / E N(t) of the arrivals in a window of `t` seconds, in the long
    /// run. `None` for more than two states, of which no closed form is kept here.
    ///
    /// With rates λ₁, λ₂, their shares of time p₁, p₂ and σ = 1/d₁ + 1/d₂ it is
    /// 1 + 2 p₁ p₂ (λ₁ − λ₂)² t φ₂(σt) / λ̄, where φ₂(x) = (1 − (1 − e⁻ˣ) / x) / x: 1 at t = 0, and for large t
    /// 1 + 2 p₁ p₂ (λ₁ − λ₂)² / (σ λ̄) (Heffes and Lucantoni 1986, IEEE Journal on
    /// Selected Areas in Communications 4).
    pub fn dispersion(&self, t: f64) -> Option<f64> {
        let [first, second] = &*self.states else {
            return None;
        };
        let round = self.round();
        let shares = first.dwell / round * (second.dwell / round);
        let apart = first.rate - second.rate;
        let [_, _, phi, _] = phi(t * (first.dwell.recip() + second.dwell.recip()));
        Some(1.0 + 2.0 * shares * apart * apart * t * phi / self.mean_rate())
    }

    pub(super) fn states(&self) -> &[State] {
        &self.states
    }

    /// Mean time of one cycle, in seconds.
    pub(super) fn round(&self) -> f64 {
        self.states.iter().map(|state| state.dwell).sum()
    }

    /// Mean seconds to the next arrival, from each state.
    ///
    /// From a state of rate r and mean stay d it is m = (d + m') / (1 + rd) with m' that of the next state: linear in
    /// m'. Once round the cycle this reads m₀ = a + b m₀, which gives m₀; then backwards from the last state.
    fn times_to_arrival(&self) -> Vec<f64> {
        let before =
            |state: &State, next: f64| (state.dwell + next) / (1.0 + state.rate * state.dwell);
        let a = self
            .states
            .iter()
            .rev()
            .fold(0.0, |next, state| before(state, next));
        // 1 − b by logarithms: b is next to 1 where stays are short, and the difference would lose its digits.
        let one_minus_b = -(-self
            .states
            .iter()
            .map(|state| (state.rate * state.dwell).ln_1p())
            .sum::<f64>())
        .exp_m1();
        let mut next = a / one_minus_b;
        let mut times: Vec<f64> = Vec::with_capacity(self.states.len());
        for state in self.states.iter().rev() {
            next = before(state, next);
            times.push(next);
        }
        times.reverse();
        times
    }
}
