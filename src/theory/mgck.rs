//! M/G/c/K approximately: the room is limited, and service times are of any law.

use super::approximation::Mgc;
use super::error::ModelError;
use super::limited_room::LimitedRoom;
use super::mmc::Mmc;
use crate::theory::numerics::poisson;
use crate::theory::numerics::root::{quantile_of_tail, tail_of};

/// Where nothing varies and ρ is 2 or more, the line is full but for a moment; so small a share of its law stays.
const ALWAYS_FULL: f64 = 1e-3;

/// An M/G/c/K queue: Poisson arrivals, c servers, K places in all, first come first served; who finds none is lost.
///
/// After Tijms (2003, A First Course in Stochastic Models, §9.8): below K the law of the number in the system is in
/// proportion that of unlimited room, and what is lost follows from the balance of what comes and goes: loss = (1 −
/// ρ) Π / (1 − ρ Π), Π the share of arrivals that would find K or more. Of that law only two figures are known,
/// P(all busy) and Lq of [`Mgc`]; so the line behind busy servers is taken to be geometric with the same mean: its
/// ratio is r = vρ / (1 + (v − 1) ρ), v being Lq in units of M/M/c's. In units of p(c) of M/M/c nothing of this asks
/// for ρ < 1, and it is used for all loads, with v = (1 + cs²) / 2 from ρ = 1 on, which is what v tends to there.
///
/// Exact for exponential service and for K = c. Errors were measured on 108 queues with exact answers: service of an
/// scv of ½ (Erlang), 2 and 5 (hyperexponential); 1, 2 and 8 servers; room for 1, 5 and 20 to wait; ρ of 0.5, 0.8, 1
/// and 1.5.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MgcK {
    room: LimitedRoom,
    service_scv: f64,
}

impl MgcK {
    /// What it rests on, and its measured error.
    const ERROR: &str = "as if the line were geometric (Tijms); against exact answers for work of phases, a cv of 0.7 to 2.2 and 1 to 8 servers, \
        losses of 1 % or more are off by -12 % to +60 %, the mean wait by -15 % to +40 %, P(wait) by -62 % to +22 %, most for the largest \
        cv and the least room";
    const FAR: &str = "as if the line were geometric (Tijms): far from what its errors were measured for (a cv of work of 0.7 to 2.2, 1 to 8 \
        servers, utilisation of 50 % or more), it may be off many times over; simulate it";

    /// Rates per unit of time, the squared coefficient of variation of the service times, and `places` = K, which
    /// counts those in service.
    ///
    /// # Errors
    /// Where a rate is not a positive number, where the coefficient is negative or infinite, where there is no server,
    /// and where there are fewer places than servers.
    pub fn new(
        arrival_rate: f64,
        service_rate: f64,
        service_scv: f64,
        servers: u64,
        places: u64,
    ) -> Result<Self, ModelError> {
        LimitedRoom::check(arrival_rate, service_rate, servers, places)?;
        if !(service_scv >= 0.0 && service_scv.is_finite()) {
            let rule = "must be a finite number that is not negative";
            return Err(ModelError::parameter("service_scv", service_scv, rule));
        }
        let capacity = servers as f64 * service_rate;
        let beyond = (arrival_rate - capacity) / capacity;
        let variability = variability(arrival_rate, service_rate, service_scv, servers);
        // 1 + (v − 1) ρ, kept above 0.
        let spread = (variability * (1.0 + beyond) - beyond).max(ALWAYS_FULL);
        let ln_ratio = (beyond / spread).ln_1p();
        let rates = [arrival_rate, service_rate];
        let room = LimitedRoom::new(rates, [servers, places], ln_ratio, spread);
        Ok(Self { room, service_scv })
    }

    /// What it rests on and how far it is off, as measured; or that it was not measured for anything near.
    pub fn error(&self) -> &'static str {
        let per_server = self.offered_load() / self.room.servers as f64;
        let is_measured = (0.5..=5.0).contains(&self.service_scv)
            && self.room.servers <= 8
            && (0.5..=1.5).contains(&per_server);
        if is_measured { Self::ERROR } else { Self::FAR }
    }

    /// c.
    pub fn servers(&self) -> u64 {
        self.room.servers
    }

    /// K: those that wait and those in service.
    pub fn places(&self) -> u64 {
        self.room.places
    }

    /// a = λ / μ, in Erlang, with what is lost; exactly.
    pub fn offered_load(&self) -> f64 {
        self.room.offered_load()
    }

    /// Share of arrivals that is lost.
    ///
    /// Measured error, where 1 % or more is lost: −7 % to +4 % for an scv of ½, −12 % to +22 % for 2, −6 % to +60 %
    /// for 5. Rarer losses hang on how fast the line's tail falls, which two moments do not tell: off by a factor of up
    /// to 4 in these queues, all of phase-type service, and by more for heavier tails.
    pub fn loss(&self) -> f64 {
        self.room.loss
    }

    /// What is accepted, and served, per unit of time: λ (1 − loss).
    pub fn throughput(&self) -> f64 {
        self.room.throughput()
    }

    /// Share of time a server is busy: a (1 − loss) / c.
    pub fn utilisation(&self) -> f64 {
        self.room.utilisation()
    }

    /// Probability that an accepted message waits at all.
    ///
    /// Measured error, with room for 5 or more to wait: up to +12 % for an scv of ½, −12 % to +1 % for 2, −38 % for 5.
    /// With room for one −62 % to +22 %.
    pub fn p_wait(&self) -> f64 {
        self.room.p_wait()
    }

    /// Mean wait of accepted messages: Lq / λ (1 − loss), by Little's law.
    ///
    /// Measured error: −6 % to +10 % for an scv of ½, −7 % to +13 % for 2, −15 % to +40 % for 5.
    pub fn wait_mean(&self) -> f64 {
        self.ready_mean() / self.throughput()
    }

    /// P(wait > t) of accepted messages, for t ≥ 0: who finds i in line waits for i + 1 departures, each after an
    /// exponential time, whose mean is such that the mean wait is [`Self::wait_mean`].
    pub fn wait_exceeds(&self, t: f64) -> f64 {
        let Some(ahead) = self.room.ahead() else {
            return 0.0;
        };
        if self.p_wait() <= 0.0 {
            // So few wait that f64 cannot tell it, nor how long.
            return 0.0;
        }
        let departures = self.p_wait() * (ahead.mean() + 1.0) * t / self.wait_mean();
        poisson::expectation(departures, |k| self.p_wait() * ahead.at_least(k as f64))
    }

    /// The least t with P(wait ≤ t) ≥ `p`: 0 where that many do not wait at all.
    ///
    /// Error against ten simulations, scv 0 to 5: −16 % to +17 % for ρ < 1; beyond, where departures vary not as the
    /// exponential ones do, −22 % for an scv of 5 and +46 % for constant service.
    ///
    /// # Panics
    /// Unless 0 ≤ `p` ≤ 1.
    pub fn wait_quantile(&self, p: f64) -> f64 {
        let scale = self.wait_mean() + 1.0 / (self.room.servers as f64 * self.room.service_rate);
        quantile_of_tail(tail_of(p), scale, |t| self.wait_exceeds(t))
    }

    /// Mean time from acceptance to the end of service: mean wait + 1 / μ.
    pub fn sojourn_mean(&self) -> f64 {
        self.wait_mean() + 1.0 / self.room.service_rate
    }

    /// Mean number that wait: Lq.
    pub fn ready_mean(&self) -> f64 {
        let room = self.room.room();
        let line = self
            .room
            .ahead()
            .map_or(0.0, |ahead| self.room.p_join * ahead.mean());
        line + room * self.room.loss
    }

    /// Mean number in the system, waiting or in service: L = Lq + a (1 − loss).
    pub fn total_mean(&self) -> f64 {
        self.ready_mean() + self.room.busy_mean()
    }
}

/// v: how many wait where room is unlimited, in units of M/M/c's; what it tends to where ρ nears 1, or where none
/// can be told to wait.
fn variability(arrival_rate: f64, service_rate: f64, service_scv: f64, servers: u64) -> f64 {
    let exponential = Mmc::new(arrival_rate, service_rate, servers);
    let general = Mgc::new(arrival_rate, service_rate, service_scv, servers);
    match (general, exponential) {
        (Ok(general), Ok(exponential)) if exponential.ready_mean() > 0.0 => {
            general.ready_mean() / exponential.ready_mean()
        }
        (Ok(_) | Err(_), Ok(_) | Err(_)) => f64::midpoint(1.0, service_scv),
    }
}

#[cfg(test)]
mod tests;
