//! M/M/c from a level onwards, and M_t/M/c_t: the law of the number in the system while rates and servers change.
//!
//! Kolmogorov's forward equations p′ = Q(t)ᵀ p of a birth–death process, on the levels that matter at the time: births
//! λ(t) below K, deaths min(n, c) μ + (n − c)⁺ θ.
//!
//! - Where rates stand still and few events fall into a stretch, by uniformisation ([`uniform`]).
//! - Else by the three-stage Radau IIA method of order 5 ([`radau`]), whose steps are as long as the law moves
//!   smoothly, not as short as events are: a day at 100 events per second takes some thousand steps.
//!
//! **Error.** Two systems with the same arrivals, one of them ahead by some messages, only draw nearer: an error in the
//! law never grows, if measured by how far probability would have to be carried to mend it (Wasserstein's distance). So
//! errors of steps, of levels left out and of moves across their ends add up to a bound of that of `E[L]`:
//! [`Moment::error_bound`].

mod infinite;
mod levels;
mod radau;
mod solve;
mod stretch;
mod uniform;

pub use self::infinite::TransientMInf;
use self::levels::Levels;
use self::solve::Solver;
use self::stretch::Rates;
use super::error::{ModelError, check_service_rate};

/// Room that is as good as unlimited: all levels below are exact as f64.
const PLACES_MAX: u64 = 1 << 53;

/// From `start` to `end` the arrival rate runs in a straight line from `rate_start` to `rate_end`. Outside all ramps
/// nothing arrives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateRamp {
    /// From when, in seconds, ≥ 0.
    pub start: f64,
    /// Until when; may be infinite where the rate stays.
    pub end: f64,
    /// Messages per second at the start, ≥ 0.
    pub rate_start: f64,
    /// Messages per second at the end, ≥ 0.
    pub rate_end: f64,
}

impl RateRamp {
    /// Messages per second, per second.
    fn slope(&self) -> f64 {
        (self.rate_end - self.rate_start) / (self.end - self.start)
    }
}

/// From `start` to `end` there are so many servers. Outside all stretches there are none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ServerStretch {
    /// From when, in seconds, ≥ 0.
    pub start: f64,
    /// Until when; may be infinite.
    pub end: f64,
    /// c.
    pub servers: u64,
}

/// M_t/M/c_t, with room for K and patience of exponential law, if so asked.
///
/// A server that is taken away hands its message back to the line, and exponential service forgets what was done.
#[derive(Clone, Debug, PartialEq)]
pub struct TransientMmc {
    arrivals: Vec<RateRamp>,
    service_rate: f64,
    servers: Vec<ServerStretch>,
    places: u64,
    patience_rate: f64,
    initial_level: u64,
}

impl TransientMmc {
    /// Empty at time 0, with unlimited room and endless patience. Ramps and stretches in order of time; gaps are
    /// allowed.
    ///
    /// # Errors
    /// Where μ is not a positive number, and where ramps or stretches overlap, run backwards, or have rates
    /// that are not numbers ≥ 0.
    pub fn new(
        arrivals: Vec<RateRamp>,
        service_rate: f64,
        servers: Vec<ServerStretch>,
    ) -> Result<Self, ModelError> {
        check_service_rate(service_rate)?;
        stretch::check(&arrivals, &servers)?;
        Ok(Self {
            arrivals,
            service_rate,
            servers,
            places: PLACES_MAX,
            patience_rate: 0.0,
            initial_level: 0,
        })
    }

    /// M/M/c: rates and servers that stay for ever. Need not be stable.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn constant(
        arrival_rate: f64,
        service_rate: f64,
        servers: u64,
    ) -> Result<Self, ModelError> {
        let (start, end) = (0.0, f64::INFINITY);
        let ramp = RateRamp {
            start,
            end,
            rate_start: arrival_rate,
            rate_end: arrival_rate,
        };
        let stretch = ServerStretch {
            start,
            end,
            servers,
        };
        Self::new(vec![ramp], service_rate, vec![stretch])
    }

    /// With `level` in the system at time 0.
    #[must_use]
    pub fn starting_at(self, level: u64) -> Self {
        Self {
            initial_level: level,
            ..self
        }
    }

    /// With K = `places` in all, those in service counted; who finds none is lost.
    #[must_use]
    pub fn with_places(self, places: u64) -> Self {
        Self {
            places: places.min(PLACES_MAX),
            ..self
        }
    }

    /// With messages that leave unserved after a patience of rate θ while they wait; 0 is endless patience.
    ///
    /// # Errors
    /// Where θ is not a number ≥ 0.
    pub fn with_patience_rate(self, patience_rate: f64) -> Result<Self, ModelError> {
        if !(patience_rate >= 0.0 && patience_rate.is_finite()) {
            let rule = "must be a number that is not negative";
            return Err(ModelError::parameter("patience_rate", patience_rate, rule));
        }
        Ok(Self {
            patience_rate,
            ..self
        })
    }

    /// `E[L(t)]` at each of `times`.
    ///
    /// # Errors
    /// As [`Self::walk`].
    pub fn total_means(&self, times: &[f64]) -> Result<Vec<f64>, ModelError> {
        let mut means = Vec::with_capacity(times.len());
        self.walk(times, |moment| means.push(moment.total_mean()))?;
        Ok(means)
    }

    /// Shows `see` the law at each of `times`, in seconds, in order.
    ///
    /// # Errors
    /// Where a time is negative, infinite or before its predecessor, where the initial level exceeds K, and
    /// where the law spreads over more levels than can be followed one by one.
    pub fn walk(&self, times: &[f64], mut see: impl FnMut(&Moment<'_>)) -> Result<(), ModelError> {
        stretch::check_times(times)?;
        if self.places < self.initial_level {
            let rule = "must be no more than there are places, nor than 2⁵³";
            return Err(ModelError::parameter(
                "initial_level",
                self.initial_level as f64,
                rule,
            ));
        }
        let changes = stretch::changes(&self.arrivals, &self.servers);
        let mut changes = changes.into_iter().peekable();
        let mut solver = Solver::new(Levels::at(self.initial_level));
        let mut now = 0.0;
        for &time in times {
            while let Some(change) = changes.next_if(|change| *change < time) {
                solver.advance(&self.rates_before(change), now, change)?;
                now = change;
            }
            let rates = self.rates_before(time);
            solver.advance(&rates, now, time)?;
            now = time;
            see(&Moment {
                time,
                rates: &rates,
                levels: solver.levels(),
                error_bound: solver.error_bound(),
            });
        }
        Ok(())
    }

    /// The rates that hold just before `until`; at 0, just after.
    fn rates_before(&self, until: f64) -> Rates {
        Rates::before(
            until,
            &self.arrivals,
            &self.servers,
            self.service_rate,
            self.patience_rate,
            self.places,
        )
    }
}

/// The law of the number in the system at one time. Where rates or servers change then, they are those before.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    time: f64,
    rates: &'a Rates,
    levels: &'a Levels,
    error_bound: f64,
}

impl Moment<'_> {
    /// In seconds.
    pub fn time(&self) -> f64 {
        self.time
    }

    /// c at the time.
    pub fn servers(&self) -> u64 {
        self.rates.servers()
    }

    /// `E[L]`, waiting or in service.
    pub fn total_mean(&self) -> f64 {
        self.levels.mean()
    }

    /// Var L.
    pub fn total_variance(&self) -> f64 {
        let mean = self.total_mean();
        self.levels.mean_of(|n| (n - mean).powi(2)).max(0.0)
    }

    /// P(L > `n`).
    pub fn total_exceeds(&self, n: u64) -> f64 {
        self.levels.exceeds(n)
    }

    /// The least n with P(L ≤ n) ≥ `p`.
    ///
    /// # Panics
    /// Unless 0 ≤ `p` < 1.
    pub fn total_quantile(&self, p: f64) -> u64 {
        assert!((0.0..1.0).contains(&p), "{p} is not a probability below 1");
        self.levels.quantile(p)
    }

    /// Mean number that wait: `E[(L − c)⁺]`.
    pub fn ready_mean(&self) -> f64 {
        let c = self.servers() as f64;
        self.levels.mean_of(|n| (n - c).max(0.0)).max(0.0)
    }

    /// P(L ≥ c): who comes now waits, or is lost if there is no room.
    pub fn p_all_busy(&self) -> f64 {
        match self.servers().checked_sub(1) {
            // Never −0.
            Some(below) => self.levels.exceeds(below).max(0.0) + 0.0,
            None => 1.0,
        }
    }

    /// Mean wait of a message that came now, if servers stayed as they are and all before it were patient: `E[(L − c +
    /// 1)⁺]` / cμ. Infinite without servers.
    pub fn virtual_wait_mean(&self) -> f64 {
        let c = self.servers() as f64;
        let ahead = self.levels.mean_of(|n| (n - c + 1.0).max(0.0));
        ahead.max(0.0) / (c * self.rates.service_rate())
    }

    /// How far [`Self::total_mean`] may be from the truth, as added up from estimates of all steps; the module says why
    /// they add. What has been forgotten since is still counted, so late in a long course it is far too cautious.
    pub fn error_bound(&self) -> f64 {
        self.error_bound
    }
}

#[cfg(test)]
mod tests;
