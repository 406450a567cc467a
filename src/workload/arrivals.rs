//! When a producer publishes: arrival processes.

mod markovian;
mod mmpp;
mod profile;
mod stream;
#[cfg(test)]
mod tests;

pub use mmpp::Mmpp;
pub use profile::{Between, RatePiece, RateProfile};
pub use stream::ArrivalStream;

use std::sync::Arc;

use super::distribution::moments;
use super::{Distribution, Invalid, not_negative, positive};
use crate::time::Time;

/// Time is counted in nanoseconds: at this rate, in arrivals per second, rounding gaps to them begins to show (0.04 %).
const RATE_MAX: f64 = 1e8;

/// When a producer publishes. Cheap to clone.
///
/// Built by the functions of the same names, which check.
#[derive(Clone, Debug, PartialEq)]
pub enum Arrivals {
    /// Memoryless.
    #[non_exhaustive]
    Poisson {
        /// Arrivals per second.
        rate: f64,
    },
    /// Independent gaps of one law.
    #[non_exhaustive]
    Renewal {
        /// Seconds from one arrival to the next.
        gaps: Distribution,
    },
    /// A Poisson process whose rate changes with time as given.
    Profile(RateProfile),
    /// A Poisson process whose rate changes at random.
    Mmpp(Mmpp),
    /// Exact instants: of a trace, or written down.
    #[non_exhaustive]
    Listed {
        /// The instants, sorted, at least one.
        times: Arc<[Time]>,
    },
    /// Clients that each wait for an answer, think, and come again.
    #[non_exhaustive]
    Closed {
        /// How many clients.
        clients: u32,
        /// Seconds from an answer to the same client's next message.
        think: Distribution,
    },
}

/// Building one. Each function fails where a parameter breaks a rule, with that rule.
impl Arrivals {
    /// A Poisson process of `rate` arrivals per second.
    pub fn poisson(rate: f64) -> Result<Self, Invalid> {
        Ok(Self::Poisson {
            rate: checked_rate("rate", positive("rate", rate)?)?,
        })
    }

    /// Independent gaps, in seconds. The first arrival comes one gap after the start.
    pub fn renewal(gaps: Distribution) -> Result<Self, Invalid> {
        let mean = positive("gaps", gaps.mean())?;
        checked_rate("gaps", mean.recip())?;
        Ok(Self::Renewal { gaps })
    }

    /// A Poisson process of time-varying rate: see [`RateProfile::new`].
    pub fn profile(
        points: &[(Time, f64)],
        between: Between,
        repeat: bool,
    ) -> Result<Self, Invalid> {
        RateProfile::new(points, between, repeat).map(Self::Profile)
    }

    /// A Markov-modulated Poisson process: see [`Mmpp::new`].
    pub fn mmpp(rates: &[f64], dwell: &[f64]) -> Result<Self, Invalid> {
        Mmpp::new(rates, dwell).map(Self::Mmpp)
    }

    /// Exact instants, which must be in order; two arrivals may come at once.
    pub fn listed(times: impl Into<Arc<[Time]>>) -> Result<Self, Invalid> {
        let times = times.into();
        if times.is_empty() {
            return Err(Invalid::new(
                "times",
                "there are none; give at least one instant",
            ));
        }
        if let Some(i) = times.windows(2).position(|pair| pair[1] < pair[0]) {
            let (earlier, later) = (times[i].as_secs_f64(), times[i + 1].as_secs_f64());
            let rule = format!(
                "number {} is at {later} s, after one at {earlier} s; sort them",
                i + 2
            );
            return Err(Invalid::new("times", rule));
        }
        Ok(Self::Listed { times })
    }

    /// `clients` that each have one message in flight or think, for as many seconds as `think` says, which may be 0.
    pub fn closed(clients: u32, think: Distribution) -> Result<Self, Invalid> {
        if clients == 0 {
            return Err(Invalid::new(
                "clients",
                "without clients nothing arrives; give at least 1",
            ));
        }
        Ok(Self::Closed { clients, think })
    }
}

impl Arrivals {
    /// Arrivals per second: in the long run, and of profiles and lists the mean over [0, `horizon`), which is 0 where
    /// the horizon is. None where it depends on the answers.
    pub fn mean_rate(&self, horizon: Time) -> Option<f64> {
        match self {
            Self::Poisson { rate } => Some(*rate),
            Self::Renewal { gaps } => Some(gaps.mean().recip()),
            Self::Mmpp(process) => Some(process.mean_rate()),
            Self::Profile(_) | Self::Listed { .. } if horizon == Time::ZERO => Some(0.0),
            Self::Profile(profile) => Some(profile.expected(horizon) / horizon.as_secs_f64()),
            Self::Listed { times } => {
                let count = times.partition_point(|time| *time < horizon);
                Some(count as f64 / horizon.as_secs_f64())
            }
            Self::Closed { .. } => None,
        }
    }

    /// The rate of a Poisson process, per second, however it is written: gaps of exponential law are one too. None of
    /// any other.
    pub fn poisson_rate(&self) -> Option<f64> {
        match self {
            Self::Poisson { rate } => Some(*rate),
            Self::Renewal {
                gaps: Distribution::Exponential { mean },
            } => Some(mean.recip()),
            Self::Renewal { .. }
            | Self::Profile(_)
            | Self::Mmpp(_)
            | Self::Listed { .. }
            | Self::Closed { .. } => None,
        }
    }

    /// Arrivals per second that are to be expected at `t`, knowing nothing of a run: the value of a profile, which at a
    /// jump is the new one; the long-run rate of what is stationary; None of lists and closed loops.
    pub fn rate_at(&self, t: Time) -> Option<f64> {
        match self {
            Self::Poisson { .. } | Self::Renewal { .. } | Self::Mmpp(_) => self.mean_rate(t),
            Self::Profile(profile) => Some(profile.rate_at(t)),
            Self::Listed { .. } | Self::Closed { .. } => None,
        }
    }

    /// [`Arrivals::rate_at`] over [0, `horizon`) in linear pieces without gaps between them.
    pub fn pieces(&self, horizon: Time) -> Option<Vec<RatePiece>> {
        match self {
            Self::Poisson { .. } | Self::Renewal { .. } | Self::Mmpp(_) => {
                let rate = self.mean_rate(horizon)?;
                let whole = RatePiece {
                    start: Time::ZERO,
                    end: horizon,
                    rate_start: rate,
                    rate_end: rate,
                };
                Some(if horizon == Time::ZERO {
                    Vec::new()
                } else {
                    vec![whole]
                })
            }
            Self::Profile(profile) => Some(profile.pieces(horizon)),
            Self::Listed { .. } | Self::Closed { .. } => None,
        }
    }

    /// The squared coefficient of variation of the time between arrivals; of a list, of its own gaps, if there are two
    /// that are not all 0. None where the question makes no sense: profiles and closed loops.
    pub fn interarrival_scv(&self) -> Option<f64> {
        match self {
            Self::Poisson { .. } => Some(1.0),
            Self::Renewal { gaps } => Some(gaps.scv()),
            Self::Mmpp(process) => Some(process.interarrival_scv()),
            Self::Listed { times } if times.len() < 3 || times.first() == times.last() => None,
            Self::Listed { times } => {
                let gaps = times
                    .windows(2)
                    .map(|pair| pair[1].since(pair[0]).as_secs_f64());
                Some(moments(&gaps.collect::<Vec<_>>()).1)
            }
            Self::Profile(_) | Self::Closed { .. } => None,
        }
    }

    /// The index of dispersion of counts, Var N(t) / E N(t) of the arrivals in a window of `t` seconds, in the long
    /// run. `None` where there is no closed form: MMPP of more than two states, rates that change, lists, and gaps of
    /// other laws than the exponential, whose index goes to their scv as windows get longer (Cox 1962, Renewal Theory,
    /// 4.2).
    pub fn dispersion(&self, t: f64) -> Option<f64> {
        match self {
            Self::Poisson { .. }
            | Self::Renewal {
                gaps: Distribution::Exponential { .. },
            } => Some(1.0),
            Self::Mmpp(process) => process.dispersion(t),
            Self::Renewal { .. } | Self::Profile(_) | Self::Listed { .. } | Self::Closed { .. } => {
                None
            }
        }
    }

    /// Whether its law stays the same for ever: not so for profiles, and for lists of instants or gaps, which end.
    pub fn is_stationary(&self) -> bool {
        match self {
            Self::Poisson { .. } | Self::Mmpp(_) => true,
            Self::Renewal { gaps: law } | Self::Closed { think: law, .. } => {
                !matches!(law, Distribution::Listed(_))
            }
            Self::Profile(_) | Self::Listed { .. } => false,
        }
    }

    /// The last instant of a list: where its run ends unless told otherwise. None for what has no end of its own.
    pub fn end(&self) -> Option<Time> {
        match self {
            Self::Listed { times } => times.last().copied(),
            Self::Poisson { .. }
            | Self::Renewal { .. }
            | Self::Profile(_)
            | Self::Mmpp(_)
            | Self::Closed { .. } => None,
        }
    }

    /// Clients that wait for answers; 0 of what does not.
    pub fn clients(&self) -> u32 {
        match self {
            Self::Closed { clients, .. } => *clients,
            Self::Poisson { .. }
            | Self::Renewal { .. }
            | Self::Profile(_)
            | Self::Mmpp(_)
            | Self::Listed { .. } => 0,
        }
    }

    /// The instants of one run. Those of [`Arrivals::Closed`] follow from the answers, which only an engine knows: its
    /// stream is empty.
    pub fn stream(&self) -> ArrivalStream {
        ArrivalStream::new(self)
    }
}

/// Checks a rate that may be 0.
fn checked_rate(parameter: &'static str, rate: f64) -> Result<f64, Invalid> {
    not_negative(parameter, rate)?;
    if rate > RATE_MAX {
        let rule = format!(
            "{rate} arrivals per second are too many for a clock of nanoseconds; give at most 100M/s"
        );
        return Err(Invalid::new(parameter, rule));
    }
    Ok(rate)
}
