//! MAP/PH/c: arrivals by a Markovian process, service of phase type, c servers, one line of unlimited length, first come
//! first served: a quasi-birth–death process, solved by matrix-analytic methods.

mod busy;
mod censored;
mod decay;
mod map;
mod matrix;
mod phase_type;
mod process;
mod wait;

pub use map::Map;
pub use phase_type::PhaseType;

use decay::Decay;
use matrix::Matrix;
use process::{AllBusy, FullLevel};
use wait::Waiting;

use super::error::ModelError;
use super::markov::least_stable_servers;
use super::root::tail_of;

/// A stable MAP/PH/c queue.
#[derive(Clone, Debug, PartialEq)]
pub struct MapPhC {
    arrival_rate: f64,
    servers: u64,
    service: PhaseType,
    /// The wait, as long as it is positive.
    wait: PhaseType,
    /// The wait, then the service.
    sojourn: PhaseType,
    decay: Decay,
}

impl MapPhC {
    pub fn new(arrivals: &Map, service: &PhaseType, servers: u64) -> Result<Self, ModelError> {
        let arrival_rate = arrivals.arrival_rate();
        let service_rate = service.mean().recip();
        let least = least_stable_servers(arrival_rate, service_rate)?;
        if servers < least {
            return Err(ModelError::Unstable {
                offered_load: arrival_rate / service_rate,
                servers,
                least,
            });
        }
        let count = servers as usize;
        let busy = AllBusy::new(arrivals, service, count);
        let full = FullLevel::new(arrivals, service, count, &busy);
        let surplus = servers as f64 * service_rate - arrival_rate;
        let Waiting {
            law: mut wait,
            above,
        } = Waiting::new(arrivals, &busy, &full, surplus);
        let total = full.below + 1.0 + above;
        wait.start.iter_mut().for_each(|share| *share /= total);
        let sojourn = followed_by(&wait, service);
        Ok(Self {
            arrival_rate,
            servers,
            service: service.clone(),
            decay: Decay::new(&sojourn),
            wait,
            sojourn,
        })
    }

    pub fn p_wait(&self) -> f64 {
        self.wait.start.iter().sum()
    }
    pub fn wait_mean(&self) -> f64 {
        self.wait.mean()
    }
    pub fn wait_quantile(&self, p: f64) -> f64 {
        let tail = tail_of(p);
        self.decay
            .crossing(&self.sojourn.start, self.wait.order(), tail)
    }
}

fn followed_by(wait: &PhaseType, service: &PhaseType) -> PhaseType {
    let (first, second) = (wait.order(), service.order());
    let p_wait: f64 = wait.start.iter().sum();
    let change = Matrix::from_fn(first + second, first + second, |i, j| {
        match (i < first, j < first) {
            (true, true) => wait.change[(i, j)],
            (true, false) => wait.exit[i] * service.start[j - first],
            (false, true) => 0.0,
            (false, false) => service.change[(i - first, j - first)],
        }
    });
    let at_once = service.start.iter().map(|share| (1.0 - p_wait) * share);
    PhaseType {
        start: wait.start.iter().copied().chain(at_once).collect(),
        change,
        exit: vec![0.0; first]
            .into_iter()
            .chain(service.exit.iter().copied())
            .collect(),
    }
}

#[cfg(test)]
mod tests;
