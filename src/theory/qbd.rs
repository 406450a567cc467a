//! MAP/PH/c: arrivals by a Markovian process, service of phase type, c servers, one line of unlimited length, first
//! come first served.
//!
//! The number in the queue with all phases is a quasi-birth–death process ([`process`]), the wait a phase-type law
//! ([`wait`]). All of it is computed without a subtraction of near numbers ([`censored`]), so that a load next to one,
//! rates that change once in a million messages, and probabilities of 1e-200 keep their digits; what rounding the rates
//! themselves does, by a share of 1e-16, grows by 1 / (1 − ρ).
//!
//! With room for few the chain of levels ends, and is solved from its top ([`finite`]).
//!
//! The matrices are our own: of a linear algebra crate only the product could be used, for elimination without
//! subtraction is in none, and `nalgebra` brings eleven crates and 20 s of building.

mod busy;
mod countdown;
mod decay;
mod limited;
mod map;
mod phase_type;
mod process;
mod wait;

pub(super) use decay::Decay;
pub use limited::MapPhCK;
pub use map::Map;
pub use phase_type::PhaseType;

use process::solved;
use wait::Waiting;

use super::error::{ModelError, check_rates, check_stable};
use crate::theory::numerics::root::tail_of;

/// Work in [`work`]'s unit, of which a core does about 1e10 in a second.
const WORK_MAX: f64 = 1e10;
/// Fixed work for each level.
const WORK_PER_LEVEL: f64 = 1e4;
/// Work for the levels at which all servers are busy, and for the wait: so many times the cube of their states.
const WORK_AT_THE_TOP: f64 = 200.0;

/// Rates farther apart than this are beyond the steps that a solution may take.
const SPREAD_MAX: f64 = 1e18;

/// A stable MAP/PH/c queue: its figures are exact. Of [`Map::poisson`] it is M/PH/c, of [`Map::renewal`] GI/PH/c.
///
/// Assumes that services are independent of each other and of the arrivals, and that nobody leaves.
#[derive(Clone, Debug, PartialEq)]
pub struct MapPhC {
    arrival_rate: f64,
    service_mean: f64,
    servers: u64,
    p_wait: f64,
    wait_mean: f64,
    wait_variance: f64,
    /// How many phases a wait has.
    wait_order: usize,
    /// Probabilities at the arrival: of the phases of the wait, and after them of those of service.
    start: Vec<f64>,
    /// Of the same phases.
    decay: Decay,
}

impl MapPhC {
    /// The queue of these `arrivals`, with `servers` that each take the time of `service` for a message.
    ///
    /// With N states on a level, the phases of the arrivals times the ways to spread the servers over their phases,
    /// it costs about (c + 200)·N³ / 1e10 seconds: 1 ms for ten servers of two phases, 10 ms for 10,000 of one, half
    /// a second for two hundred of two.
    ///
    /// # Errors
    /// Where there are fewer than [`least_stable_servers`](super::least_stable_servers), where the answer would take
    /// longer than about a second, and where the fastest rate is more than 1e18 times the slowest.
    pub fn new(arrivals: &Map, service: &PhaseType, servers: u64) -> Result<Self, ModelError> {
        let (arrival_rate, service_mean) = (arrivals.arrival_rate(), service.mean());
        check_rates(arrival_rate, service_mean.recip())?;
        check_stable(arrival_rate * service_mean, servers)?;
        check_rates_are_near(arrivals, service)?;
        let count = check_few_servers(arrivals, service, servers)?;
        let (busy, full) = solved(arrivals, service, count);
        let surplus = servers as f64 / service_mean - arrival_rate;
        let Waiting { mut law, above } = Waiting::new(arrivals, &busy, &full, surplus);
        let total = full.below + 1.0 + above;
        law.start.iter_mut().for_each(|share| *share /= total);
        let sojourn = law.followed_by(service);
        let (wait_mean, wait_variance) = law.moments();
        Ok(Self {
            arrival_rate,
            service_mean,
            servers,
            p_wait: law.start.iter().sum(),
            wait_mean,
            wait_variance,
            wait_order: law.order(),
            decay: Decay::new(&sojourn),
            start: sojourn.start,
        })
    }

    /// c.
    pub fn servers(&self) -> u64 {
        self.servers
    }

    /// a = λ · mean service, in Erlang: the mean number of busy servers.
    pub fn offered_load(&self) -> f64 {
        self.arrival_rate * self.service_mean
    }

    /// ρ = a / c, the share of time a server is busy.
    pub fn utilisation(&self) -> f64 {
        self.offered_load() / self.servers as f64
    }

    /// Probability that an arrival waits at all. Unless arrivals are Poisson, that is not the share of time in which
    /// all servers are busy.
    pub fn p_wait(&self) -> f64 {
        self.p_wait
    }

    /// Mean wait before service.
    pub fn wait_mean(&self) -> f64 {
        self.wait_mean
    }

    /// Variance of the wait, in time squared.
    pub fn wait_variance(&self) -> f64 {
        self.wait_variance
    }

    /// P(wait > t), for t ≥ 0.
    pub fn wait_exceeds(&self, t: f64) -> f64 {
        self.decay.exceeds(&self.start, self.wait_order, t)
    }

    /// The least t with P(wait ≤ t) ≥ `p`: 0 where that many do not wait at all.
    ///
    /// # Panics
    /// Unless 0 ≤ `p` ≤ 1.
    pub fn wait_quantile(&self, p: f64) -> f64 {
        let tail = tail_of(p);
        self.decay
            .quantile_of_tail(&self.start, self.wait_order, tail)
    }

    /// Mean time from arrival to the end of service.
    pub fn sojourn_mean(&self) -> f64 {
        self.wait_mean + self.service_mean
    }

    /// P(sojourn > t), for t ≥ 0: the wait, followed by a service that does not depend on it, is of phase type too.
    pub fn sojourn_exceeds(&self, t: f64) -> f64 {
        self.decay.exceeds(&self.start, self.start.len(), t)
    }

    /// The t with P(sojourn ≤ t) = `p`, to the last digits.
    ///
    /// # Panics
    /// Unless 0 ≤ `p` ≤ 1.
    pub fn sojourn_quantile(&self, p: f64) -> f64 {
        let tail = tail_of(p);
        self.decay
            .quantile_of_tail(&self.start, self.start.len(), tail)
    }

    /// Mean number that wait: Lq = λ · mean wait.
    pub fn ready_mean(&self) -> f64 {
        self.arrival_rate * self.wait_mean
    }

    /// Mean number in the system, waiting or in service: L = Lq + a.
    pub fn total_mean(&self) -> f64 {
        self.ready_mean() + self.offered_load()
    }
}

/// # Errors
/// Where rates are too far apart.
fn check_rates_are_near(arrivals: &Map, service: &PhaseType) -> Result<(), ModelError> {
    let rates = arrivals.rates().chain(service.rates());
    let (slowest, fastest) = rates
        .filter(|rate| *rate > 0.0)
        .fold((f64::INFINITY, 0.0_f64), |(slowest, fastest), rate| {
            (slowest.min(rate), fastest.max(rate))
        });
    let spread = fastest / slowest;
    if spread <= SPREAD_MAX {
        return Ok(());
    }
    Err(ModelError::parameter(
        "fastest rate ÷ slowest rate",
        spread,
        "must be at most 1e18",
    ))
}

/// How many servers there are.
///
/// # Errors
/// Where it would take too long to solve so many.
fn check_few_servers(
    arrivals: &Map,
    service: &PhaseType,
    servers: u64,
) -> Result<usize, ModelError> {
    let too_many = ModelError::parameter(
        "servers",
        servers as f64,
        "are too many for laws of so many phases: take fewer servers, or fewer phases",
    );
    let is_little = work(arrivals, service, servers as f64) <= WORK_MAX;
    match usize::try_from(servers) {
        Ok(count) if is_little => Ok(count),
        Ok(_) | Err(_) => Err(too_many),
    }
}

/// How much work it is to solve a queue, in steps of matrix products.
fn work(arrivals: &Map, service: &PhaseType, servers: f64) -> f64 {
    let states = states(arrivals, service, servers);
    servers * WORK_PER_LEVEL + (servers + WORK_AT_THE_TOP) * states.powi(3)
}

/// How many states a level has on which so many servers are busy.
fn states(arrivals: &Map, service: &PhaseType, busy: f64) -> f64 {
    arrivals.order() as f64 * busy::states(busy, service.order())
}

#[cfg(test)]
mod tests;
