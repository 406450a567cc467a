//! Closed forms and stable numerics: rates in, numbers out.
//!
//! Rates are per second and times in seconds, though any one unit of time will do. Nothing here knows of queues,
//! scenarios or runs; who asks must know that the assumptions of a model hold.

mod birth_death;
mod customers;
mod erlang;
mod erlang_a;
mod error;
mod finite;
mod geometric;
mod infinite;
mod loss;
mod markov;
mod mmck;
pub(crate) mod phi;
mod poisson;
pub(crate) mod root;
mod transient;

pub use customers::{CustomerWait, customer_waits};
pub use erlang::{erlang_b, erlang_c};
pub use erlang_a::ErlangA;
pub use error::ModelError;
pub use finite::FinitePopulation;
pub use infinite::MgInf;
pub use loss::ErlangLoss;
pub use markov::{Mmc, least_stable_servers};
pub use mmck::MmcK;
pub use transient::{Moment, RateRamp, ServerStretch, TransientMInf, TransientMmc};

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

    /// The integral of `tail` over t ≥ 0, by Simpson's rule on a thousand steps: the mean of what has that tail.
    pub(crate) fn integral_of(tail: impl Fn(f64) -> f64, step: f64) -> f64 {
        let weight = |i: u32| if i.is_multiple_of(2) { 2.0 } else { 4.0 };
        let inner: f64 = (1..1000)
            .map(|i| weight(i) * tail(f64::from(i) * step))
            .sum();
        (tail(0.0) + inner) * step / 3.0
    }
}
