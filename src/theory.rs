//! Closed forms and stable numerics: rates in, numbers out.
//!
//! Rates are per second and times in seconds, though any one unit of time will do. Nothing here knows of queues,
//! scenarios or runs; who asks must know that the assumptions of a model hold.

mod batch;
mod breakdown;
mod breakdown_pool;
mod bulk;
mod elimination;
mod erlang;
mod error;
mod fork_join;
mod hypoexponential;
mod idle;
mod jackson;
mod markov;
mod moments;
pub(crate) mod phi;
mod priority;
mod retry;
pub(crate) mod root;
mod tandem;

pub use batch::{BatchMg1, BatchMmc};
pub use breakdown::{BreakdownMg1, Failing};
pub use breakdown_pool::BreakdownMmc;
pub use bulk::BulkMm1;
pub use erlang::{erlang_b, erlang_c};
pub use error::ModelError;
pub use fork_join::{ForkJoin, SplitMerge};
pub use idle::{SwitchedMg1, VacationMg1};
pub use jackson::{Jackson, Station};
pub use markov::{Mmc, least_stable_servers};
pub use moments::Moments;
pub use priority::{Preemption, PriorityClass, PriorityMg1, PriorityMmc};
pub use retry::RetryMmc;
pub use tandem::Tandem;

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
}
