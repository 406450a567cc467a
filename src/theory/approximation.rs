//! Approximations for G/G/c and M/G/c, of which only the means and variances are known, each with its measured error.
//!
//! Errors were measured on 67 queues with exact answers: gaps and services exponential, Erlang of 2 or 4 stages, or
//! hyperexponential with an scv of 2 to 10; 1 to 10 servers; ρ of 0.5, 0.8 and 0.9. The tests hold them. They shrink as
//! ρ nears 1 and grow with the number of servers.

use super::delay::Delay;
use super::error::ModelError;
use super::mdc::Mdc;
use super::mmc::Mmc;
use crate::theory::numerics::root::{bisect, tail_of};

/// Tails are looked for down to e to this power, negative.
const NATS_MAX: f64 = 700.0;

/// G/G/c approximately, after Allen and Cunneen: independent gaps and service times of any law, c servers, first come
/// first served.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ggc {
    exponential: Mmc,
    service_mean: f64,
    arrival_scv: f64,
    service_scv: f64,
    /// (ca² + cs²) / 2.
    variability: f64,
    wait: Delay,
}

impl Ggc {
    /// What it rests on, and its measured error.
    const ERROR: &str = "after Allen and Cunneen, from the cv of gaps and work alone; against exact answers for laws of phases, a cv of gaps of \
        0.5 to 2 and of work of 0.7 to 2, 1 to 10 servers, the mean wait is off by -8 % to +32 % where utilisation is 80 % or more, and at \
        50 % by -35 % to +252 %; P(wait) is that of M/M/c";
    const FAR: &str = "after Allen and Cunneen, from the cv of gaps and work alone: far from what its errors were measured for (a cv of gaps of 0.5 \
        to 2 and of work of 0.7 to 2, 1 to 10 servers, utilisation of 50 % or more), it may be off many times over; simulate it";

    /// Rates per unit of time, and squared coefficients of variation of the gaps between arrivals and of the service
    /// times.
    ///
    /// # Errors
    /// As [`Mmc::new`]; and where a coefficient is negative or not a number. An infinite one makes infinite waits.
    pub fn new(
        arrival_rate: f64,
        arrival_scv: f64,
        service_rate: f64,
        service_scv: f64,
        servers: u64,
    ) -> Result<Self, ModelError> {
        let exponential = Mmc::new(arrival_rate, service_rate, servers)?;
        let arrival_scv = scv("arrival_scv", arrival_scv)?;
        let service_scv = scv("service_scv", service_scv)?;
        let variability = f64::midpoint(arrival_scv, service_scv);
        let mut wait = exponential.wait();
        if variability > 0.0 {
            wait.rate /= variability;
        } else {
            // Where nothing varies nobody waits.
            wait.p_wait = 0.0;
        }
        Ok(Self {
            exponential,
            service_mean: service_rate.recip(),
            arrival_scv,
            service_scv,
            variability,
            wait,
        })
    }

    /// What it rests on and how far it is off, as measured; or that it was not measured for anything near.
    pub fn error(&self) -> &'static str {
        if self.is_measured() {
            Self::ERROR
        } else {
            Self::FAR
        }
    }

    fn is_measured(&self) -> bool {
        (0.25..=4.0).contains(&self.arrival_scv)
            && (0.5..=4.0).contains(&self.service_scv)
            && is_measured(&self.exponential)
    }

    /// c.
    pub fn servers(&self) -> u64 {
        self.exponential.servers()
    }

    /// a = λ / μ, in Erlang: the mean number of busy servers, exactly.
    pub fn offered_load(&self) -> f64 {
        self.exponential.offered_load()
    }

    /// ρ = a / c, the share of time a server is busy, exactly.
    pub fn utilisation(&self) -> f64 {
        self.exponential.utilisation()
    }

    /// Probability that an arrival waits at all: Erlang C, as if all were exponential.
    ///
    /// Measured error: −23 % to +34 % for ρ ≥ 0.8; at ρ = 0.5 −62 % to +361 %. For Poisson arrivals −7 % to +3 %.
    pub fn p_wait(&self) -> f64 {
        self.wait.p_wait
    }

    /// Mean wait before service: (ca² + cs²) / 2 times that of M/M/c (Allen 1990, Probability, Statistics and Queueing
    /// Theory, ch. 5).
    ///
    /// Exact for M/G/1 and M/M/c. Measured error: −8 % to +32 % for ρ ≥ 0.8; at ρ = 0.5 −35 % to +252 %.
    pub fn wait_mean(&self) -> f64 {
        self.exponential.wait_mean() * self.variability
    }

    /// P(wait > t), for t ≥ 0, as an exponential with the probability and the mean of this approximation: p·exp(−p·t /
    /// Wq).
    pub fn wait_exceeds(&self, t: f64) -> f64 {
        self.wait.exceeds(t)
    }

    /// The least t with P(wait ≤ t) ≥ `p`, by the same exponential.
    ///
    /// Measured error of the p99: −12 % to +17 % for ρ ≥ 0.8; at ρ = 0.5 −23 % to +85 %.
    ///
    /// # Panics
    /// Unless 0 ≤ `p` ≤ 1.
    pub fn wait_quantile(&self, p: f64) -> f64 {
        self.wait.quantile(p)
    }

    /// Mean time from arrival to the end of service: mean wait + 1 / μ.
    pub fn sojourn_mean(&self) -> f64 {
        self.wait_mean() + self.service_mean
    }

    /// Mean number that wait: Lq = λ · mean wait.
    pub fn ready_mean(&self) -> f64 {
        self.exponential.ready_mean() * self.variability
    }

    /// Mean number in the system, waiting or in service: L = Lq + a.
    pub fn total_mean(&self) -> f64 {
        self.ready_mean() + self.offered_load()
    }
}

/// M/G/c approximately, between M/D/c and M/M/c, both exact: Poisson arrivals, service times of any law, first come
/// first served.
#[derive(Clone, Debug, PartialEq)]
pub struct Mgc {
    constant: Mdc,
    exponential: Mmc,
    service_mean: f64,
    service_scv: f64,
}

impl Mgc {
    /// What it rests on, and its measured error.
    const ERROR: &str = "interpolated between M/D/c and M/M/c; against exact answers for work of phases, a cv of 0.7 to 3.2 and 1 to 10 servers \
        the mean wait is off by -1 % to +33 %, where utilisation is 80 % or more by -1 % to +24 %; for other laws by more";
    const FAR: &str = "interpolated between M/D/c and M/M/c: far from what its errors were measured for (a cv of work up to 3.2, 1 to 10 servers, \
        utilisation of 50 % or more), it may be off many times over; simulate it";

    /// Rates per unit of time, and the squared coefficient of variation of the service times.
    ///
    /// # Errors
    /// As [`Mmc::new`]; and where the coefficient is negative or not a number. An infinite one makes infinite waits.
    pub fn new(
        arrival_rate: f64,
        service_rate: f64,
        service_scv: f64,
        servers: u64,
    ) -> Result<Self, ModelError> {
        Ok(Self {
            exponential: Mmc::new(arrival_rate, service_rate, servers)?,
            constant: Mdc::new(arrival_rate, service_rate.recip(), servers)?,
            service_mean: service_rate.recip(),
            service_scv: scv("service_scv", service_scv)?,
        })
    }

    /// What it rests on and how far it is off, as measured; or that it was not measured for anything near.
    pub fn error(&self) -> &'static str {
        if self.is_measured() {
            Self::ERROR
        } else {
            Self::FAR
        }
    }

    fn is_measured(&self) -> bool {
        self.service_scv <= 10.0 && is_measured(&self.exponential)
    }

    /// c.
    pub fn servers(&self) -> u64 {
        self.exponential.servers()
    }

    /// a = λ / μ, in Erlang: the mean number of busy servers, exactly.
    pub fn offered_load(&self) -> f64 {
        self.exponential.offered_load()
    }

    /// ρ = a / c, the share of time a server is busy, exactly.
    pub fn utilisation(&self) -> f64 {
        self.exponential.utilisation()
    }

    /// Probability that an arrival waits at all: Erlang C, which hardly depends on the law of service.
    ///
    /// Measured error: −7 % to +3 %.
    pub fn p_wait(&self) -> f64 {
        self.exponential.p_wait()
    }

    /// Mean wait before service: (1 − cs²) times that of M/D/c and cs² times that of M/M/c (Cosmetatos 1976,
    /// Operational Research Quarterly 27; Tijms 2003, A First Course in Stochastic Models, §9.6.2).
    ///
    /// Exact for M/G/1, M/D/c and M/M/c. Measured error: −1 % to +1 % for an scv of ½; up to +10 % for one of 2, +33 %
    /// for one of 4 or 10; for all −1 % to +24 % where ρ ≥ 0.8.
    pub fn wait_mean(&self) -> f64 {
        self.between(self.constant.wait_mean(), self.exponential.wait_mean())
    }

    /// P(wait > t), for t ≥ 0: where [`Self::wait_quantile`] is t.
    pub fn wait_exceeds(&self, t: f64) -> f64 {
        let p_wait = self.p_wait();
        if t <= 0.0 || p_wait <= 0.0 {
            return p_wait;
        }
        let nats = bisect(0.0, NATS_MAX, |nats| {
            self.quantile_of_tail(p_wait * (-nats).exp()) < t
        });
        p_wait * (-nats).exp()
    }

    /// The least t with P(wait ≤ t) ≥ `p`: the quantiles of M/D/c and M/M/c, weighed as the means are (Tijms 2003, the
    /// same).
    ///
    /// Measured error of the p99: −2 % to +2 % for an scv of ½; for 2, 4 and 10 −14 % to +38 %, and −6 % to +3 % where
    /// ρ ≥ 0.8.
    ///
    /// # Panics
    /// Unless 0 ≤ `p` ≤ 1.
    pub fn wait_quantile(&self, p: f64) -> f64 {
        self.quantile_of_tail(tail_of(p))
    }

    /// Mean time from arrival to the end of service: mean wait + 1 / μ.
    pub fn sojourn_mean(&self) -> f64 {
        self.wait_mean() + self.service_mean
    }

    /// Mean number that wait: Lq = λ · mean wait.
    pub fn ready_mean(&self) -> f64 {
        self.between(self.constant.ready_mean(), self.exponential.ready_mean())
    }

    /// Mean number in the system, waiting or in service: L = Lq + a.
    pub fn total_mean(&self) -> f64 {
        self.ready_mean() + self.offered_load()
    }

    /// M/D/c's figure, and scv times what M/M/c's is more; equal where nobody waits.
    fn between(&self, constant: f64, exponential: f64) -> f64 {
        if exponential <= constant {
            return constant;
        }
        constant + self.service_scv * (exponential - constant)
    }

    fn quantile_of_tail(&self, tail: f64) -> f64 {
        self.between(
            self.constant.quantile_of_tail(tail),
            self.exponential.wait().quantile_of_tail(tail),
        )
    }
}

fn scv(name: &'static str, value: f64) -> Result<f64, ModelError> {
    if value >= 0.0 {
        return Ok(value);
    }
    Err(ModelError::parameter(name, value, "must not be negative"))
}

/// The mean wait in G/G/1, independent gaps and service times, is at most λ(σa² + σs²) / 2(1 − ρ) (Kingman 1962,
/// Biometrika 49), here from rates and squared coefficients of variation. Near ρ = 1 it is nearly that.
///
/// Measured: 2 % to 20 % above the exact mean for ρ = 0.9; for less load up to 294 %.
///
/// # Errors
/// As [`Ggc::new`] with one server.
pub fn kingman_bound(
    arrival_rate: f64,
    arrival_scv: f64,
    service_rate: f64,
    service_scv: f64,
) -> Result<f64, ModelError> {
    let rho = Mmc::new(arrival_rate, service_rate, 1)?.utilisation();
    let gaps = scv("arrival_scv", arrival_scv)? / arrival_rate.powi(2);
    let services = scv("service_scv", service_scv)? / service_rate.powi(2);
    Ok(arrival_rate * (gaps + services) / (2.0 * (1.0 - rho)))
}

/// Utilisation and servers for which errors were measured.
fn is_measured(queue: &Mmc) -> bool {
    queue.utilisation() >= 0.5 && queue.servers() <= 10
}

#[cfg(test)]
mod tests;
