//! Why a model has no answer.

/// The greatest load, in Erlang, of models that go through their servers one by one.
const LOAD_MAX: f64 = 1e6;

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
        /// The parameter's name in the model: `patience_rate`.
        name: &'static str,
        /// As given.
        value: f64,
        /// What it must be: `must be at least the number of servers`.
        rule: &'static str,
    },
}

impl ModelError {
    /// # Errors
    /// Unless both are positive numbers.
    pub(crate) fn unless_rates(arrival_rate: f64, service_rate: f64) -> Result<(), Self> {
        if !is_rate(arrival_rate) {
            return Err(Self::ArrivalRate(arrival_rate));
        }
        if !is_rate(service_rate) {
            return Err(Self::ServiceRate(service_rate));
        }
        Ok(())
    }

    /// # Errors
    /// Where there is no server.
    pub(crate) fn unless_servers(servers: u64) -> Result<(), Self> {
        if servers == 0 {
            return Err(Self::parameter("servers", 0.0, "must be at least 1"));
        }
        Ok(())
    }

    /// [`Self::Parameter`].
    pub(crate) fn parameter(name: &'static str, value: f64, rule: &'static str) -> Self {
        Self::Parameter { name, value, rule }
    }

    /// # Errors
    /// Where a load is greater than a model that goes through its servers one by one can do.
    pub(crate) fn unless_load_is_counted(offered_load: f64) -> Result<(), Self> {
        if offered_load <= LOAD_MAX {
            return Ok(());
        }
        Err(Self::Parameter {
            name: "offered_load",
            value: offered_load,
            rule: "must be at most 1,000,000 Erlang",
        })
    }
}

/// A positive number.
pub(crate) fn is_rate(rate: f64) -> bool {
    rate > 0.0 && rate.is_finite()
}
