//! The queue core: its rules one by one, against a naive model, and under a second driver; and the pipes beside it.

mod log;
mod model;
mod pipe;
mod random;
mod rig;
mod rules;
mod wall_clock;
