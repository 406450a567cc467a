//! The log: its rules one by one, and against a naive model.

mod assignors;
mod cooperative;
mod cost;
mod fetching;
mod membership;
mod model;
mod partitioners;
mod random;
mod rebalances;
mod records;
mod retention;
mod rig;
mod static_members;

use rig::{Rig, group, millis, secs};
