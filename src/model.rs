//! Which model a line is, by Kendall's notation, and what that model says: laws in, figures out.
//!
//! `theory` has the models; here a line – how messages arrive, what work they bring, who serves them – finds the most
//! exact of them that is quick. What is more than a line (priorities, retries, breakdowns, branches) is asked for by
//! name. Figures that a model does not give are `None`.

mod answer;
mod extensions;
mod heavy;
mod kendall;
mod notation;
mod solve;
#[cfg(test)]
mod tests;

pub use answer::Answer;
pub use extensions::{Pool, branches, breakdowns, priorities, retries};
pub use notation::{Letter, Notation, NotationError};

use crate::theory::ModelError;
use crate::workload::{Arrivals, Distribution};

/// One line of messages, first come first served, before servers that are all alike.
#[derive(Clone, Debug)]
pub struct Line {
    /// How messages arrive.
    pub arrivals: Arrivals,
    /// Messages of one arrival.
    pub batch: Distribution,
    /// Work that a message brings, in seconds.
    pub service: Distribution,
    /// Servers.
    pub servers: Servers,
    /// K: the most messages that are let in, those in service included; `None` for no limit.
    pub places: Option<u64>,
    /// Mean of the exponential time, in seconds, after which a message that still waits leaves; `None` where all stay.
    pub patience: Option<f64>,
}

/// How many messages are worked on at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Servers {
    /// So many at most.
    Count(u64),
    /// All: nobody waits.
    Unlimited,
}

/// A line's model.
#[derive(Debug)]
pub struct Solution {
    /// In Kendall's notation: `M/M/9`, `M/G/8/1000`.
    pub name: String,
    /// How far its figures are to be trusted.
    pub basis: Basis,
    /// The figures.
    pub answer: Box<dyn Answer>,
    /// Those of each class of messages, the most urgent first; empty where there are no classes.
    pub classes: Vec<Box<dyn Answer>>,
}

/// How far the figures of a model are to be trusted, as far as its assumptions hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Exact but for rounding, or for an error that no picture shows.
    Exact,
    /// With an error that was measured; a clause that says it.
    Approximate(&'static str),
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Unsolved {
    /// There is such a model, but not with these numbers: above all where the line grows without end.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// No model that is known here; a clause that says which part of the line is in the way.
    #[error("{0}")]
    NoModel(&'static str),
}

impl Line {
    /// A plain line: messages one by one, without a limit, of which all stay.
    pub fn new(arrivals: Arrivals, service: Distribution, servers: Servers) -> Self {
        Self {
            arrivals,
            batch: one(),
            service,
            servers,
            places: None,
            patience: None,
        }
    }

    /// The line's name in Kendall's notation, whether there is a model for it or not.
    pub fn name(&self) -> String {
        kendall::name(self)
    }

    /// Finds the line's model.
    ///
    /// Costs a few milliseconds, and up to a second for phase-type laws with very many servers.
    ///
    /// # Errors
    /// Where there is no such model, and where the line grows without end.
    pub fn solve(&self) -> Result<Solution, Unsolved> {
        solve::solve(self)
    }
}

/// Batches of one.
fn one() -> Distribution {
    Distribution::constant(1.0).expect("1 is positive")
}
