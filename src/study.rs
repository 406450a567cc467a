//! Many runs of a scenario and its variants, and what can be said of them.

mod outcome;
pub mod statistics;

pub use outcome::*;
