//! Batches of messages that come at once, at the instants of a Poisson process; each message is served alone.

mod mg1;
mod mmc;
mod sizes;

pub use mg1::BatchMg1;
pub use mmc::BatchMmc;
