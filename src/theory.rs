//! Closed forms and stable numerics: rates in, numbers out.
//!
//! Rates are per second and times in seconds, though any one unit of time will do. Nothing here knows of
//! the core, scenarios or runs; who asks must know that the assumptions of a model hold.

mod approximation;
mod batch_arrivals;
mod breakdown;
mod breakdown_pool;
mod bulk_service;
mod customers;
mod delay;
mod erlang;
mod erlang_a;
mod erlang_loss;
mod error;
mod finite_population;
mod fork_join;
mod gimc;
mod heavy_tail;
mod idle;
mod jackson;
mod law;
mod limited_room;
mod mdc;
mod mg1;
mod mg_inf;
mod mgck;
mod mmc;
mod mmck;
mod moments;
pub(crate) mod numerics;
mod priority;
mod qbd;
mod retry;
mod tandem;
mod transient;

pub use approximation::{Ggc, Mgc, kingman_bound};
pub use batch_arrivals::{BatchMg1, BatchMmc};
pub use breakdown::{BreakdownMg1, Failing};
pub use breakdown_pool::BreakdownMmc;
pub use bulk_service::BulkMm1;
pub use customers::{CustomerWait, customer_waits};
pub use erlang::{erlang_b, erlang_c};
pub use erlang_a::ErlangA;
pub use erlang_loss::ErlangLoss;
pub use error::ModelError;
pub use finite_population::FinitePopulation;
pub use fork_join::{ForkJoin, SplitMerge};
pub use gimc::GiMc;
pub use heavy_tail::{wait_mean_is_finite, wait_moment_is_finite};
pub use idle::{SwitchedMg1, VacationMg1};
pub use jackson::{Jackson, Station};
pub use law::Law;
pub use mdc::Mdc;
pub use mg_inf::MgInf;
pub use mg1::Mg1;
pub use mgck::MgcK;
pub use mmc::{Mmc, least_stable_servers};
pub use mmck::MmcK;
pub use moments::Moments;
pub use priority::{Preemption, PriorityClass, PriorityMg1, PriorityMmc};
pub use qbd::{Map, MapPhC, MapPhCK, PhaseType};
pub use retry::RetryMmc;
pub use tandem::Tandem;
pub use transient::{Moment, RateRamp, ServerStretch, TransientMInf, TransientMmc};

#[cfg(test)]
pub(crate) mod tests {
    mod strange;

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
