//! Queue simulation and capacity planning.
//!
//! A scenario file describes producers, queues, consumer pools and objectives. A discrete-event engine drives a real
//! queue core in virtual time; fluid and exact answers stand beside it.

#![forbid(unsafe_code)]

pub mod client;
pub mod engine;
pub mod fluid;
pub mod input;
pub mod measure;
pub mod model;
pub mod queue;
#[cfg(feature = "report")]
pub mod report;
pub mod scenario;
#[cfg(feature = "study")]
pub mod study;
pub mod theory;
pub mod time;
pub mod units;
pub mod workload;
