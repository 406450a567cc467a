//! Why a model has no answer.

/// The greatest load, in Erlang, of models that go through their servers one by one.
const LOAD_MAX: f64 = 1e6;
/// A load so near to the number of servers counts as equal to it. Rates are quotients of decimals: 100/s × 30 ms must
/// not become a queue of three servers with a mean wait of a million years.
const LOAD_ROUNDING: f64 = 1e-12;

/// Why there is no such queue, or none with a stationary law. Texts are for programs; who asks a person's question
/// words the remedy.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum ModelError {
    /// The arrival rate is zero, negative, infinite or not a number.
    #[error("an arrival rate of {0} per second must be a positive number")]
    ArrivalRate(f64),
    /// The service rate is zero, negative, infinite or not a number.
    #[error("a service rate of {0} per second must be a positive number")]
    ServiceRate(f64),
    /// As much arrives as the servers can do, or more: the line grows without end.
    #[error(
        "no stationary law: {offered_load:.4} Erlang are offered to {servers} servers; {least} are the least that is stable"
    )]
    Unstable {
        /// Arrival rate ÷ service rate, in Erlang.
        offered_load: f64,
        /// The servers there are; 0 is possible.
        servers: u64,
        /// The fewest servers that would do.
        least: u64,
    },
    /// Another parameter breaks its rule.
    #[error("{name} = {value} {rule}")]
    Parameter {
        /// The parameter's name in the model, `patience_rate`, or in words what follows from several.
        name: &'static str,
        /// As given.
        value: f64,
        /// What it must be: `must be at least the number of servers`.
        rule: &'static str,
    },
}

impl ModelError {
    /// [`Self::Parameter`].
    pub(crate) fn parameter(name: &'static str, value: f64, rule: &'static str) -> Self {
        Self::Parameter { name, value, rule }
    }
}

/// # Errors
/// Unless it is a positive number.
pub(crate) fn check_arrival_rate(rate: f64) -> Result<(), ModelError> {
    is_positive(rate)
        .then_some(())
        .ok_or(ModelError::ArrivalRate(rate))
}

/// # Errors
/// Unless it is a positive number.
pub(crate) fn check_service_rate(rate: f64) -> Result<(), ModelError> {
    is_positive(rate)
        .then_some(())
        .ok_or(ModelError::ServiceRate(rate))
}

/// # Errors
/// Unless both are positive numbers.
pub(crate) fn check_rates(arrival_rate: f64, service_rate: f64) -> Result<(), ModelError> {
    check_arrival_rate(arrival_rate)?;
    check_service_rate(service_rate)
}

/// # Errors
/// Unless it is a positive number.
pub(crate) fn check_positive(name: &'static str, value: f64) -> Result<(), ModelError> {
    let rule = "must be a positive number";
    is_positive(value)
        .then_some(())
        .ok_or(ModelError::parameter(name, value, rule))
}

/// # Errors
/// Unless there is one at least.
pub(crate) fn check_any(name: &'static str, count: u64) -> Result<(), ModelError> {
    let rule = "must be at least 1";
    (count > 0)
        .then_some(())
        .ok_or(ModelError::parameter(name, 0.0, rule))
}

/// # Errors
/// Unless `offered_load`, a positive number in Erlang, is less than the servers can do.
pub(crate) fn check_stable(offered_load: f64, servers: u64) -> Result<(), ModelError> {
    let least = least_servers(offered_load);
    if servers >= least {
        return Ok(());
    }
    Err(ModelError::Unstable {
        offered_load,
        servers,
        least,
    })
}

/// # Errors
/// Unless a model that goes through its servers one by one can do so for a load in Erlang.
pub(crate) fn check_load_is_counted(offered_load: f64) -> Result<(), ModelError> {
    if offered_load <= LOAD_MAX {
        return Ok(());
    }
    let rule = "must be at most 1,000,000 Erlang";
    Err(ModelError::parameter("offered_load", offered_load, rule))
}

/// The least whole number of servers above a load in Erlang.
pub(crate) fn least_servers(offered_load: f64) -> u64 {
    // The cast saturates, and so does the sum: a load beyond any pool stays beyond any pool.
    ((offered_load * (1.0 + LOAD_ROUNDING)).floor() as u64).saturating_add(1)
}

/// A positive number.
pub(crate) fn is_positive(value: f64) -> bool {
    value > 0.0 && value.is_finite()
}
