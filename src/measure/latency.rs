//! Latencies of messages: all of them, in a histogram and an exact sum.

use super::histogram::{Histogram, Packed};
use crate::time::Span;

/// A sample of latencies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Latency {
    /// Nanoseconds by message.
    pub(super) histogram: Histogram,
    /// Sum in nanoseconds.
    pub(super) sum: u128,
    /// The longest.
    pub(super) max: Span,
}

impl Latency {
    /// Adds one message's.
    #[inline]
    pub(super) fn record(&mut self, latency: Span) {
        self.histogram.add(latency.as_nanos(), 1);
        self.sum += u128::from(latency.as_nanos());
        self.max = self.max.max(latency);
    }

    /// The same, for keeping.
    pub(super) fn pack(&self) -> PackedLatency {
        PackedLatency {
            histogram: self.histogram.pack(),
            sum: self.sum,
            max: self.max,
        }
    }
}

/// A finished sample of latencies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackedLatency {
    /// Nanoseconds by message.
    pub histogram: Packed,
    /// Sum in nanoseconds.
    pub sum: u128,
    /// The longest.
    pub max: Span,
}
