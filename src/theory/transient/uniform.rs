//! Uniformisation: p(t) = Σ P(k events) · p after k events, events of a Poisson process that is fast enough for every
//! level.
//!
//! Jensen 1953, Skandinavisk Aktuarietidskrift 36; Grassmann 1977, Computers & Operations Research 4. All terms are
//! positive, so nothing cancels; it costs as many steps as there are events.

use super::levels::Levels;
use super::stretch::Rates;
use crate::theory::error::ModelError;
use crate::theory::numerics::poisson;

/// Events of a rate in a time beyond this many more than expected, in units of their standard deviation, do not happen.
const DEVIATIONS_MAX: f64 = 10.0;

/// How many events are to be gone through if `levels` are to be moved on by `duration`.
pub(super) fn events(levels: &Levels, rates: &Rates, from: f64, duration: f64) -> f64 {
    let up = most(rates.arrival_rate(from) * duration);
    let top = levels.last().saturating_add(up).min(rates.places());
    (rates.arrival_rate(from) + rates.deaths(top)) * duration
}

/// Moves `levels` on by `duration`, during which `rates` stand still.
///
/// # Errors
/// Where too many levels matter.
pub(super) fn advance(
    levels: &mut Levels,
    rates: &Rates,
    from: f64,
    duration: f64,
) -> Result<(), ModelError> {
    let arrival_rate = rates.arrival_rate(from);
    let down = most(rates.deaths(levels.last()) * duration);
    levels.widen(down, most(arrival_rate * duration), rates.places())?;
    let fastest = arrival_rate + rates.deaths(levels.last());
    if fastest <= 0.0 {
        return Ok(());
    }
    let width = levels.probabilities.len();
    let (mut rise, mut fall) = (vec![arrival_rate / fastest; width], vec![0.0; width]);
    // Nothing leaves the levels there are.
    rise[width - 1] = 0.0;
    for (n, share) in (levels.first..).zip(&mut fall).skip(1) {
        *share = rates.deaths(n) / fastest;
    }
    let (first, weights) = poisson::probabilities(fastest * duration);
    let mut sum = vec![0.0; width];
    let mut after = std::mem::take(&mut levels.probabilities);
    let mut next = vec![0.0; width];
    for event in 0..first + weights.len() as u64 {
        if let Some(weight) = event.checked_sub(first).map(|i| weights[i as usize]) {
            for (total, p) in sum.iter_mut().zip(&after) {
                *total += weight * p;
            }
        }
        one_event(&after, &mut next, &rise, &fall);
        std::mem::swap(&mut after, &mut next);
    }
    levels.probabilities = sum;
    Ok(())
}

/// The law after one event: up, down, or as it was.
fn one_event(before: &[f64], after: &mut [f64], rise: &[f64], fall: &[f64]) {
    let width = before.len();
    for n in 0..width {
        after[n] = before[n] * (1.0 - rise[n] - fall[n]).max(0.0);
    }
    for n in 1..width {
        after[n] += before[n - 1] * rise[n - 1];
        after[n - 1] += before[n] * fall[n];
    }
}

/// Events that happen at most where `mean` are expected.
fn most(mean: f64) -> u64 {
    (mean + DEVIATIONS_MAX * (mean.sqrt() + 2.0)).ceil() as u64
}
