//! What a run records: levels over time, latencies, rates, utilisation and the audit.
//!
//! Memory is flat: it grows neither with the length of the run nor with the messages in it. All sums are integers, so
//! that replications can be put together in any order.
//!
//! A run is cut into *segments* by instants fixed beforehand; figures are kept for each, and put together from the
//! segment at which the warm-up ends. So a warm-up can be chosen after the fact, without a second run.

mod age;
mod bucket;
mod histogram;
mod lag;
mod latency;
mod pool;
mod producer;
mod queue;
mod recorder;

pub use bucket::{Bucket, Level, PoolBucket, bucket_width};
pub use histogram::{Histogram, Packed};
pub use lag::{LagBucket, LagRecord};
pub use latency::PackedLatency;
pub use pool::{PoolFigures, PoolRecord};
pub use producer::{ExitFigures, ProducerFigures};
pub use queue::{Counts, QueueAudit, QueueFigures, QueueRecord};
pub use recorder::{Probe, Record, Recorder, Setup, Waits};
