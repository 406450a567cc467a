//! The instants at which one run's messages arrive, drawn one at a time.

use std::sync::Arc;

use rand::{Rng, RngExt};

use super::{Arrivals, Mmpp, RateProfile};
use crate::time::{Span, Time};
use crate::workload::{Distribution, UsedUp, unit_exponential};

/// The arrivals of one run, from [`Arrivals::stream`]: instants that never decrease.
#[derive(Clone, Debug)]
pub struct ArrivalStream(State);

#[derive(Clone, Debug)]
enum State {
    Poisson {
        mean_gap: f64,
        now: Time,
    },
    Renewal {
        gaps: Distribution,
        drawn: u64,
        now: Time,
    },
    Profile(ProfileStream),
    Mmpp(MmppStream),
    Listed {
        times: Arc<[Time]>,
        given: usize,
    },
    Silent,
}

impl ArrivalStream {
    pub(super) fn new(arrivals: &Arrivals) -> Self {
        Self(match arrivals {
            Arrivals::Poisson { rate } => State::Poisson {
                mean_gap: rate.recip(),
                now: Time::ZERO,
            },
            Arrivals::Renewal { gaps } => State::Renewal {
                gaps: gaps.clone(),
                drawn: 0,
                now: Time::ZERO,
            },
            Arrivals::Profile(profile) => State::Profile(ProfileStream::new(profile.clone())),
            Arrivals::Mmpp(process) => State::Mmpp(MmppStream::new(process.clone())),
            Arrivals::Listed { times } => State::Listed {
                times: Arc::clone(times),
                given: 0,
            },
            Arrivals::Closed { .. } => State::Silent,
        })
    }

    /// The next arrival; None once there is none before the end of time, and ever after.
    ///
    /// `rng` may be another one at each call, as long as their draws are independent.
    ///
    /// # Errors
    /// Where gaps are listed one by one and all are used up.
    #[inline]
    pub fn next<R: Rng + ?Sized>(&mut self, rng: &mut R) -> Result<Option<Time>, UsedUp> {
        // Each gap is rounded to a nanosecond, half of the time up and half of the time down: nothing drifts.
        Ok(match &mut self.0 {
            State::Poisson { mean_gap, now } => {
                *now = *now + Span::from_secs_f64(*mean_gap * unit_exponential(rng));
                ever(*now)
            }
            State::Renewal { gaps, drawn, now } => {
                *now = *now + Span::from_secs_f64(gaps.sample(*drawn, rng)?);
                *drawn += 1;
                ever(*now)
            }
            State::Profile(profile) => profile.next(rng),
            State::Mmpp(process) => process.next(rng),
            State::Listed { times, given } => {
                *given += 1;
                times.get(*given - 1).copied()
            }
            State::Silent => None,
        })
    }
}

/// Where a profile's arrivals have come to.
#[derive(Clone, Debug)]
struct ProfileStream {
    profile: RateProfile,
    round_start: Time,
    /// Number of the piece in its round.
    piece: usize,
    /// Seconds since the start of the piece. Not rounded: a Time is made of it for each arrival, so that nothing adds
    /// up.
    offset: f64,
}

impl ProfileStream {
    fn new(profile: RateProfile) -> Self {
        Self {
            profile,
            round_start: Time::ZERO,
            piece: 0,
            offset: 0.0,
        }
    }

    /// Expected arrivals from one arrival to the next are exponential with mean 1: that many are walked off, piece by
    /// piece.
    fn next<R: Rng + ?Sized>(&mut self, rng: &mut R) -> Option<Time> {
        let mut owed = unit_exponential(rng);
        loop {
            let Some(piece) = self.profile.round().get(self.piece) else {
                owed = self.next_round(owed)?;
                continue;
            };
            let left = piece.expected_from(self.offset);
            if owed < left {
                self.offset = piece.offset_after(self.offset, owed);
                let at = (piece.start + Span::from_secs_f64(self.offset)).min(piece.end);
                return ever(self.round_start + at.since(Time::ZERO));
            }
            owed -= left;
            self.offset = 0.0;
            self.piece += 1;
        }
    }

    /// Goes to the round in which `owed` arrivals are to be expected, and says how many of them are left to walk off
    /// there; None if there is no such round.
    fn next_round(&mut self, owed: f64) -> Option<f64> {
        let per_round = self.profile.expected_per_round();
        let skipped = (owed / per_round).floor();
        let rounds = (skipped as u64).saturating_add(1);
        let nanos = self.profile.period()?.as_nanos().saturating_mul(rounds);
        self.round_start = ever(self.round_start + Span::from_nanos(nanos))?;
        self.piece = 0;
        Some((owed - skipped * per_round).max(0.0))
    }
}

/// Where a Markov-modulated process has come to.
#[derive(Clone, Debug)]
struct MmppStream {
    process: Mmpp,
    now: Time,
    /// The state and when it ends; None before the first draw.
    stay: Option<(usize, Time)>,
}

impl MmppStream {
    fn new(process: Mmpp) -> Self {
        Self {
            process,
            now: Time::ZERO,
            stay: None,
        }
    }

    /// The next arrival and the end of the stay compete. An arrival that comes too late is drawn anew in the next
    /// state, which is exact because its law has no memory.
    fn next<R: Rng + ?Sized>(&mut self, rng: &mut R) -> Option<Time> {
        let states = self.process.states();
        let (mut state, mut until) = match self.stay {
            Some(stay) => stay,
            None => {
                let state = self.stationary_state(rng);
                (state, stay_from(Time::ZERO, states[state].dwell, rng))
            }
        };
        while self.now < Time::NEVER {
            let rate = states[state].rate;
            if rate > 0.0 {
                let at = self.now + Span::from_secs_f64(unit_exponential(rng) / rate);
                if at < until {
                    self.now = at;
                    self.stay = Some((state, until));
                    return Some(at);
                }
            }
            self.now = until;
            state = (state + 1) % states.len();
            until = stay_from(until, states[state].dwell, rng);
        }
        None
    }

    /// A state, as likely as its share of the time. A stay has no memory, so that what is left of the first one has the
    /// law of a whole one.
    fn stationary_state<R: Rng + ?Sized>(&self, rng: &mut R) -> usize {
        let mut left = rng.random::<f64>() * self.process.round();
        let states = self.process.states();
        let found = states.iter().position(|state| {
            left -= state.dwell;
            left < 0.0
        });
        // Rounding may leave a sliver behind the last state.
        found.unwrap_or(states.len() - 1)
    }
}

fn stay_from<R: Rng + ?Sized>(start: Time, dwell: f64, rng: &mut R) -> Time {
    start + Span::from_secs_f64(dwell * unit_exponential(rng))
}

/// What saturates at the end of time never comes.
#[inline]
fn ever(time: Time) -> Option<Time> {
    (time < Time::NEVER).then_some(time)
}
