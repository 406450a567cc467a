//! What producers and consumers do, as data: distributions and arrival processes.
//!
//! Numbers are plain: of durations in seconds, of sizes in bytes, of counts in messages.

/// A law that values are drawn from (stub).
#[derive(Clone, Debug, PartialEq)]
pub enum Distribution {
    /// Always this.
    Constant { /// The value.
        value: f64 },
}

/// When a producer publishes (stub).
#[derive(Clone, Debug, PartialEq)]
pub enum Arrivals {
    /// Memoryless, `rate` per second.
    Poisson { /// Per second.
        rate: f64 },
}
