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
    /// How often the consumer of this stage has published it again.
    pub retries: u16,
    /// Its producer has published it before, and did not hear of it in time.
    pub duplicate: bool,
    /// Where the engine keeps what has come of its root; [`Job::ALONE`] where nothing but itself ever does.
    pub family: u32,
}

/// Tells copies of messages apart: producer, root and way.
pub type JobId = (u32, u64, u32);

impl Job {
    /// Which it is, among all that come to a queue.
    pub fn id(&self) -> JobId {
        (self.producer, self.root, self.path)
    }

    /// No family: the message never has copies, and nobody waits for it.
    pub const ALONE: u32 = u32::MAX;

    /// The same message one stage on its way, by the branch that it took.
    #[must_use]
    pub fn step(self, branch: u32) -> Self {
        Self {
            path: way(self.path, branch),
            retries: 0,
            ..self
        }
    }

    /// The same message, published again by a consumer that failed on it.
    #[must_use]
    pub fn retry(self) -> Self {
        Self {
            path: way(self.path, RETRY),
            retries: self.retries.saturating_add(1),
            ..self
        }
    }

    /// The same message, published again by its producer.
    #[must_use]
    pub fn again(self) -> Self {
        Self {
            path: way(self.path, AGAIN),
            duplicate: true,
            ..self
        }
    }
}

// Branches are indices of targets, of which no file has so many.
const RETRY: u32 = u32::MAX - 1;
const AGAIN: u32 = u32::MAX - 2;

/// FNV-1a over words: ways that differ in any step end at different numbers, but for chance.
fn way(path: u32, branch: u32) -> u32 {
    (path ^ (branch + 1)).wrapping_mul(0x0100_0193) ^ 0x811c_9dc5
}
