//! Closed forms and stable numerics: rates in, numbers out.
//!
//! Rates are per second and times in seconds, though any one unit of time will do. Nothing here knows of queues,
//! scenarios or runs; who asks must know that the assumptions of a model hold.

mod erlang;
mod error;
mod markov;
pub(crate) mod phi;
mod qbd;
pub(crate) mod root;

pub use erlang::{erlang_b, erlang_c};
pub use error::ModelError;
pub use markov::{Mmc, least_stable_servers};
pub use qbd::{Map, MapPhC, MapPhCK, PhaseType};

#[cfg(test)]
pub(crate) mod tests {
    /// Equal within a share of `expected`.
    #[track_caller]
    pub(crate) fn assert_close(value: f64, expected: f64, rel_tol: f64, what: &str) {
        assert!(
            (value - expected).abs() <= rel_tol * expected.abs(),
            "{what}: {value} is not {expected}"
        );
    }
}
