//! What a message carries through a simulated broker.

use crate::time::Time;

/// Names the work, so that message k brings the same work whatever else the scenario does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Job {
    /// The how-manieth message of its producer this is, from 0.
    pub root: u64,
    /// When it was first published.
    pub born: Time,
    /// Index of its producer in the scenario.
    pub producer: u32,
    /// The way it came: 0 as its producer published it, and another number after each stage, copy and retry.
    pub path: u32,
    /// How often a client has published it again.
    pub retries: u32,
    /// Where the engine keeps what has come of its root; [`Job::ALONE`] where nothing but itself ever does.
    pub family: u32,
}

impl Job {
    /// No family: the message never has copies, and nobody waits for it.
    pub const ALONE: u32 = u32::MAX;

    /// The same message one step on its way, by the branch that it took.
    #[must_use]
    pub fn step(self, branch: u32) -> Self {
        // FNV-1a over words: ways that differ in any step end at different numbers, but for chance.
        let path = (self.path ^ (branch + 1)).wrapping_mul(0x0100_0193) ^ 0x811c_9dc5;
        Self { path, ..self }
    }

    /// The same message, published once more by a client that did not get through.
    #[must_use]
    pub fn retry(self) -> Self {
        Self {
            retries: self.retries + 1,
            ..self.step(u32::MAX - 1)
        }
    }
}
