//! The queue core: its rules one by one, against a naive model, and under a second driver.

mod log;
mod model;
mod random;
mod rig;
mod rules;
mod wall_clock;
