//! Closed forms and stable numerics: rates in, numbers out.
//!
//! Rates are per second and times in seconds, though any one unit of time will do. Nothing here knows of queues,
//! scenarios or runs; who asks must know that the assumptions of a model hold.

mod approximation;
mod delay;
mod erlang;
mod error;
pub(crate) mod gamma;
mod gimc;
mod heavy_tail;
mod law;
mod markov;
mod mdc;
mod mg1;
pub(crate) mod phi;
mod poisson_mass;
pub(crate) mod quadrature;
mod random_walk;
mod renewal;
pub(crate) mod root;
mod tail_table;

pub use approximation::{Ggc, Mgc, kingman_bound};
pub use erlang::{erlang_b, erlang_c};
pub use error::ModelError;
pub use gimc::GiMc;
pub use heavy_tail::{wait_mean_is_finite, wait_moment_is_finite};
pub use law::Law;
pub use markov::{Mmc, least_stable_servers};
pub use mdc::Mdc;
pub use mg1::Mg1;

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
