//! Queue simulation and capacity planning.
//!
//! A scenario file describes producers, queues, consumer pools and objectives. A discrete-event engine drives a real
//! queue core in virtual time; fluid and exact answers stand beside it.

pub mod queue;
#[cfg(feature = "report")]
pub mod report;
pub mod scenario;
pub mod time;
pub mod units;
pub mod workload;
#[cfg(feature = "study")]
pub mod study;
