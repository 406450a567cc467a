//! MAP/PH/c/K: the queue of phases with room for few; who finds it full is turned away.

use super::countdown::Countdown;
use super::map::Map;
use super::phase_type::PhaseType;
use super::process::{Filled, apart, staying};
use super::{WORK_MAX, check_few_servers, check_rates_are_near, states};
use crate::theory::error::{ModelError, check_any};
use crate::theory::numerics::SCALED_ABOVE;
use crate::theory::numerics::censored::Censored;
use crate::theory::numerics::matrix::Matrix;
use crate::theory::numerics::root::tail_of;

/// For each place to wait, so many times the cube of a level's states.
const WORK_PER_PLACE: f64 = 7.0;
/// Numbers that may be kept of all levels together.
const KEPT_MAX: f64 = 3e7;

/// A MAP/PH/c/K queue: its figures are exact, under any load. Of K = c places nobody waits.
///
/// Assumes that services are independent of each other and of the arrivals, and that who is turned away does not come
/// back.
#[derive(Clone, Debug, PartialEq)]
pub struct MapPhCK {
    arrival_rate: f64,
    service_mean: f64,
    servers: u64,
    places: u64,
    loss: f64,
    throughput: f64,
    p_wait: f64,
    wait: Countdown,
}

impl MapPhCK {
    /// The queue of these `arrivals`, with `servers` that each take the time of `service` for a message, and room for
    /// `places` messages, those in service included.
    ///
    /// # Errors
    /// Where there is no server, or less room than servers; where the answer would take longer than some seconds; and
    /// where the fastest rate is more than 1e18 times the slowest.
    pub fn new(
        arrivals: &Map,
        service: &PhaseType,
        servers: u64,
        places: u64,
    ) -> Result<Self, ModelError> {
        check_room(servers, places)?;
        check_rates_are_near(arrivals, service)?;
        check_few_places(arrivals, service, servers, places)?;
        let filled = Filled::new(arrivals, service, servers as usize);
        let levels = levels(arrivals, &filled, (places - servers) as usize);
        let order = filled.change.rows();
        let rates = arrivals.arriving.row_sums();
        let found = levels.iter().map(|level| arriving(&rates, level, order));
        let mut found = found.collect::<Vec<_>>();
        let arrival_rate = arrivals.arrival_rate();
        let lost = found
            .pop()
            .map_or(0.0, |turned_away| turned_away.iter().sum());
        let throughput = arrival_rate - lost;
        found
            .iter_mut()
            .flatten()
            .for_each(|rate| *rate /= throughput);
        Ok(Self {
            arrival_rate,
            service_mean: service.mean(),
            servers,
            places,
            loss: lost / arrival_rate,
            throughput,
            p_wait: found.iter().flatten().sum(),
            wait: Countdown::new(&filled, &found)?,
        })
    }

    /// c.
    pub fn servers(&self) -> u64 {
        self.servers
    }

    /// K.
    pub fn places(&self) -> u64 {
        self.places
    }

    /// a = λ · mean service, in Erlang, of all that arrive.
    pub fn offered_load(&self) -> f64 {
        self.arrival_rate * self.service_mean
    }

    /// Probability that an arrival finds no room. Unless arrivals are Poisson, that is not the share of time in which
    /// there is none.
    pub fn loss(&self) -> f64 {
        self.loss
    }

    /// Messages that are served per second.
    pub fn throughput(&self) -> f64 {
        self.throughput
    }

    /// The share of time a server is busy: throughput · mean service / c.
    pub fn utilisation(&self) -> f64 {
        self.throughput * self.service_mean / self.servers as f64
    }

    /// Probability that a message waits, if it is accepted.
    pub fn p_wait(&self) -> f64 {
        self.p_wait
    }

    /// Mean wait before service, of those that are accepted.
    pub fn wait_mean(&self) -> f64 {
        self.wait.moments.0
    }

    /// Variance of the wait of those that are accepted, in time squared.
    pub fn wait_variance(&self) -> f64 {
        let (mean, square) = self.wait.moments;
        square - mean.powi(2)
    }

    /// P(wait > t) of those that are accepted, to 1e-16; for t ≥ 0.
    pub fn wait_exceeds(&self, t: f64) -> f64 {
        self.wait.exceeds(t)
    }

    /// The least t with P(wait ≤ t) ≥ `p`, of those that are accepted: 0 where that many do not wait at all.
    ///
    /// # Panics
    /// Unless 0 ≤ `p` ≤ 1.
    pub fn wait_quantile(&self, p: f64) -> f64 {
        self.wait.quantile_of_tail(tail_of(p))
    }

    /// Mean time from arrival to the end of service, of those that are accepted.
    pub fn sojourn_mean(&self) -> f64 {
        self.wait_mean() + self.service_mean
    }

    /// Mean number that wait: Lq = throughput · mean wait.
    pub fn ready_mean(&self) -> f64 {
        self.throughput * self.wait_mean()
    }

    /// Mean number in the system, waiting or in service.
    pub fn total_mean(&self) -> f64 {
        self.throughput * self.sojourn_mean()
    }
}

/// The probabilities of the states of each level from c up to K = c + `places`.
///
/// From the top, each level is censored out together with all above it; then each level follows from the one below by
/// the mean times spent in it, for each arrival there (Latouche & Ramaswami 1999, Introduction to Matrix Analytic
/// Methods in Stochastic Modeling, §10.1).
fn levels(arrivals: &Map, filled: &Filled, places: usize) -> Vec<Vec<f64>> {
    let order = filled.change.rows();
    let up = arrivals.arriving.kron(&Matrix::identity(order));
    let down = apart(arrivals, &filled.depart);
    let local = staying(arrivals, &filled.change);
    let exits = down.row_sums();
    // At the top arrivals are turned away, and change only their own phase.
    let mut rates = local.clone();
    rates += &up;
    let mut climbs = Vec::with_capacity(places);
    for _ in 0..places {
        let times = Censored::new(rates, &exits).solve(Matrix::identity(exits.len()));
        let climb = up.times(&times);
        rates = climb.times(&down);
        rates += &local;
        climbs.push(climb);
    }
    let full = filled.level(arrivals, &rates);
    let mut below = full.below;
    let mut levels = vec![full.law];
    for climb in climbs.iter().rev() {
        let last = climb.after_row(&levels[levels.len() - 1]);
        let sum: f64 = last.iter().sum();
        levels.push(last);
        // Those of an overloaded queue grow from one to the next.
        if sum > SCALED_ABOVE {
            below /= sum;
            levels.iter_mut().flatten().for_each(|share| *share /= sum);
        }
    }
    let total = below + levels.iter().flatten().sum::<f64>();
    levels
        .iter_mut()
        .flatten()
        .for_each(|share| *share /= total);
    levels
}

/// Arrivals per second that find each state of the servers, on a level with these probabilities.
fn arriving(rates: &[f64], level: &[f64], order: usize) -> Vec<f64> {
    let mut found = vec![0.0; order];
    for (rate, shares) in rates.iter().zip(level.chunks(order)) {
        found
            .iter_mut()
            .zip(shares)
            .for_each(|(found, share)| *found += rate * share);
    }
    found
}

fn check_room(servers: u64, places: u64) -> Result<(), ModelError> {
    check_any("servers", servers)?;
    if places < servers {
        let rule = "must be at least the number of servers";
        return Err(ModelError::parameter("places", places as f64, rule));
    }
    Ok(())
}

/// # Errors
/// Where it would take too long, or too much memory, to solve so many levels.
fn check_few_places(
    arrivals: &Map,
    service: &PhaseType,
    servers: u64,
    places: u64,
) -> Result<(), ModelError> {
    let count = check_few_servers(arrivals, service, servers)? as u64;
    let states = states(arrivals, service, servers as f64);
    let waiting = (places - count) as f64;
    let is_little = waiting * states.powi(3) * WORK_PER_PLACE <= WORK_MAX
        && waiting * states.powi(2) <= KEPT_MAX;
    if is_little {
        return Ok(());
    }
    Err(ModelError::parameter(
        "places",
        places as f64,
        "are too many for laws of so many phases: take fewer, or fewer phases",
    ))
}

#[cfg(test)]
mod tests;
