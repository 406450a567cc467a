//! What a message carries through a simulated broker.

use crate::time::Time;

/// Names the work, so that message k brings the same work whatever else the scenario does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Job {
    /// The how-manieth message of its producer this is, from 0.
    pub root: u64,
    /// Index of its producer in the scenario.
    pub producer: u32,
    /// Which of a closed producer's clients waits for it; 0 in an open one.
    pub client: u32,
    /// When it was first published.
    pub born: Time,
}
