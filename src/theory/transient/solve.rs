//! Moves the law from time to time: which method, how long a step, and which levels.

use super::levels::{Levels, distance};
use super::radau::Radau;
use super::stretch::Rates;
use super::uniform;
use crate::theory::error::ModelError;

/// A stretch of no more events than this is gone through event by event.
const EVENTS_MAX: f64 = 60.0;
/// In one stretch, more events than this cannot be told apart by any number of steps.
const EVENTS_UNTOLD: f64 = 1e30;
/// A step is no shorter than this share of the time it leads to, which is near to what f64 tells apart.
const STEP_MIN: f64 = 1e-13;
/// What a step may err, as a share of the mean level or of 1, if that is more.
const TOLERANCE: f64 = 1e-9;
/// Of that, for moves across the ends of the levels.
const ENDS: f64 = 0.1;
/// Of that, for levels left out.
const TRIMMED: f64 = 1e-3;
/// Two half steps of a method of order 5 err by 1 / (2⁵ − 1) of their difference to the whole step.
const HALVES: f64 = 31.0;

/// The law, and what is kept from step to step.
#[derive(Debug)]
pub(super) struct Solver {
    levels: Levels,
    radau: Radau,
    error_bound: f64,
    /// The length that the last step asked for; 0 before the first.
    step: f64,
    /// Levels that are added before a step, below and above.
    margin: [u64; 2],
}

/// What came of a step.
enum Tried {
    /// The law after it, and its error.
    Good(Vec<f64>, f64),
    /// Its error was so many times what is allowed.
    Coarse(f64),
    /// Too much would have gone across the lower or the upper end.
    Narrow([bool; 2]),
}

impl Solver {
    pub(super) fn new(levels: Levels) -> Self {
        Self {
            levels,
            radau: Radau::new(),
            error_bound: 0.0,
            step: 0.0,
            margin: [8, 8],
        }
    }

    pub(super) fn levels(&self) -> &Levels {
        &self.levels
    }

    pub(super) fn error_bound(&self) -> f64 {
        self.error_bound
    }

    /// Moves the law from time `from` to time `to`.
    ///
    /// # Errors
    /// Where too many levels matter.
    pub(super) fn advance(&mut self, rates: &Rates, from: f64, to: f64) -> Result<(), ModelError> {
        let duration = to - from;
        if duration <= 0.0 {
            return Ok(());
        }
        let fastest = rates.most_arrivals(from, to) + rates.deaths(self.levels.last() + 1);
        if fastest * duration >= EVENTS_UNTOLD {
            let rule = "is too fast to be followed for so long";
            return Err(ModelError::parameter("rate", fastest, rule));
        }
        if self.step <= 0.0 {
            self.step = 0.1 / fastest.max(0.1 / duration);
        }
        if rates.stand_still() && uniform::events(&self.levels, rates, from, duration) <= EVENTS_MAX
        {
            uniform::advance(&mut self.levels, rates, from, duration)?;
            let allowed = TOLERANCE * self.levels.mean().max(1.0);
            let (_, _, cost) = self.levels.trim(TRIMMED * allowed, f64::INFINITY);
            self.error_bound += cost;
            return Ok(());
        }
        let mut now = from;
        while now < to {
            now = self.one_step(rates, now, to)?;
        }
        Ok(())
    }

    /// One step from `now`, no further than `to`; returns when it ends.
    fn one_step(&mut self, rates: &Rates, now: f64, to: f64) -> Result<f64, ModelError> {
        let allowed = TOLERANCE * self.levels.mean().max(1.0);
        self.levels
            .widen(self.margin[0], self.margin[1], rates.places())?;
        let mut step = self.step;
        loop {
            // A step that nearly reaches the end goes there, rather than leave a crumb.
            let (h, end) = if now + 1.1 * step >= to {
                (to - now, to)
            } else {
                (step, now + step)
            };
            match self.attempt(rates, now, h, allowed, 2.0 * STEP_MIN * to) {
                Tried::Narrow(ends) => self.grow(ends, rates)?,
                Tried::Coarse(excess) => step = (h * next_step(excess)).max(STEP_MIN * to),
                Tried::Good(law, error) => {
                    self.levels.probabilities = law;
                    self.error_bound += error;
                    // A step cut short by the end says little about how long the next may be.
                    let next = h * next_step(error / allowed);
                    self.step = if h < step { step.max(next) } else { next };
                    let crossing = h * (rates.arrival_rate(end) + rates.deaths(self.levels.last()));
                    self.settle(allowed, ENDS * allowed / crossing / 10.0);
                    return Ok(end);
                }
            }
        }
    }

    /// A step as a whole and in two halves, which is taken whatever its error where it is `least` or less.
    fn attempt(&mut self, rates: &Rates, t: f64, h: f64, allowed: f64, least: f64) -> Tried {
        let whole = self.radau.step(&self.levels, rates, t, h);
        let half = Levels {
            first: self.levels.first,
            probabilities: self.radau.step(&self.levels, rates, t, h / 2.0),
        };
        let halves = self.radau.step(&half, rates, t + h / 2.0, h / 2.0);
        // Ends first would add levels for a step that is too long anyway.
        let error = distance(&halves, &whole) / HALVES;
        if error > allowed && h > least {
            return Tried::Coarse(error / allowed);
        }
        let (top, births) = (halves.len() - 1, rates.most_arrivals(t, t + h));
        let held = |i: usize| half.probabilities[i].abs().max(halves[i].abs());
        let down = h * rates.deaths(half.first) * held(0);
        let is_open = half.last() < rates.places();
        let up = if is_open { h * births * held(top) } else { 0.0 };
        if down.max(up) > ENDS * allowed {
            return Tried::Narrow([down, up].map(|crossed| crossed > ENDS * allowed));
        }
        // What the halves are estimated to err is taken away from them; the estimate stands as the error.
        let mended = halves
            .iter()
            .zip(&whole)
            .map(|(two, one)| two + (two - one) / HALVES);
        Tried::Good(mended.collect(), error + down + up)
    }

    /// Adds levels at the ends that were too near, and keeps more of them there from now on.
    fn grow(&mut self, ends: [bool; 2], rates: &Rates) -> Result<(), ModelError> {
        let mut add = [0, 0];
        for end in 0..2 {
            if ends[end] {
                add[end] = self.margin[end];
                self.margin[end] *= 2;
            }
        }
        self.levels.widen(add[0], add[1], rates.places())
    }

    /// Leaves out the levels that no longer matter, and keeps fewer in reserve where none was needed.
    fn settle(&mut self, allowed: f64, share_max: f64) {
        let (below, above, cost) = self.levels.trim(TRIMMED * allowed, share_max);
        self.error_bound += cost;
        for (margin, gone) in self.margin.iter_mut().zip([below, above]) {
            if gone >= *margin {
                *margin = (*margin / 2).max(4);
            }
        }
        let all: f64 = self.levels.probabilities.iter().sum();
        for p in &mut self.levels.probabilities {
            *p /= all;
        }
    }
}

/// By how much the next step may be longer, or must be shorter: errors grow as the sixth power of a step.
fn next_step(error_of_allowed: f64) -> f64 {
    (0.9 * error_of_allowed.powf(-1.0 / 6.0)).clamp(0.2, 5.0)
}
