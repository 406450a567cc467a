//! A rate that changes with time as given.

use std::sync::Arc;

use super::checked_rate;
use crate::time::{Span, Time};
use crate::workload::Invalid;

/// A rate over time: linear pieces without gaps between them, from 0 on; for ever, or for one round that repeats.
///
/// After the last point its rate holds. Where the profile repeats, the last point is the start of the next round
/// instead: in steps its own rate never holds, and between lines it is what the round ends with.
#[derive(Clone, Debug, PartialEq)]
pub struct RateProfile {
    pieces: Arc<[RatePiece]>,
    /// Length of a round, if it repeats.
    period: Option<Span>,
}

/// What the rate does between two points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Between {
    /// It goes straight from one to the next.
    Linear,
    /// It stays as at the first, and jumps at the second.
    Step,
}

/// A stretch [`start`, `end`) over which a rate, in arrivals per second, is linear.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RatePiece {
    /// From here on.
    pub start: Time,
    /// To here, later than the start.
    pub end: Time,
    /// Rate at the start, per second.
    pub rate_start: f64,
    /// Rate just before the end, per second.
    pub rate_end: f64,
}

impl RateProfile {
    /// The profile through `points`, each an instant and a rate per second.
    ///
    /// # Errors
    /// Where the points do not start at 0 or do not strictly increase in time, where a rate is negative, where no
    /// arrival would ever come, and where a profile repeats that has only one point.
    pub fn new(points: &[(Time, f64)], between: Between, repeat: bool) -> Result<Self, Invalid> {
        check_points(points, repeat)?;
        let mut pieces: Vec<_> = points
            .windows(2)
            .map(|pair| between.piece(pair[0], pair[1]))
            .collect();
        let last = points[points.len() - 1];
        if !repeat && last.0 < Time::NEVER {
            pieces.push(Between::Step.piece(last, (Time::NEVER, last.1)));
        }
        if pieces.iter().all(|piece| piece.expected() == 0.0) {
            let rule = "every rate is 0 for as long as it holds, so that nothing arrives; give a positive one";
            return Err(Invalid::new("points", rule));
        }
        Ok(Self {
            pieces: pieces.into(),
            period: repeat.then(|| last.0.since(Time::ZERO)),
        })
    }

    /// Arrivals per second at `t`; at a jump, the new rate.
    pub fn rate_at(&self, t: Time) -> f64 {
        let t = Time::ZERO + self.since_round_start(t);
        let piece = self.pieces.partition_point(|piece| piece.end <= t);
        // Only Time::NEVER lies behind the last piece.
        self.pieces.get(piece).map_or(0.0, |piece| piece.rate_at(t))
    }

    /// Expected number of arrivals in [0, `until`).
    pub fn expected(&self, until: Time) -> f64 {
        let in_round = Time::ZERO + self.since_round_start(until);
        let begun = self
            .pieces
            .iter()
            .filter_map(|piece| piece.before(in_round))
            .map(|piece| piece.expected());
        self.rounds_before(until) as f64 * self.expected_per_round() + begun.sum::<f64>()
    }

    /// The pieces up to `horizon`, rounds written out.
    pub fn pieces(&self, horizon: Time) -> Vec<RatePiece> {
        let period = self.period.unwrap_or(Span::MAX).as_nanos();
        let rounds = (0..=self.rounds_before(horizon))
            .map(|round| Span::from_nanos(round.saturating_mul(period)));
        let pieces =
            rounds.flat_map(|shift| self.pieces.iter().map(move |piece| piece.shifted(shift)));
        pieces.map_while(|piece| piece.before(horizon)).collect()
    }

    /// The pieces of one round, or of all time.
    pub(super) fn round(&self) -> &[RatePiece] {
        &self.pieces
    }

    pub(super) fn period(&self) -> Option<Span> {
        self.period
    }

    pub(super) fn expected_per_round(&self) -> f64 {
        self.pieces.iter().map(RatePiece::expected).sum()
    }

    /// Whole rounds before `t`.
    fn rounds_before(&self, t: Time) -> u64 {
        self.period
            .map_or(0, |period| t.as_nanos() / period.as_nanos())
    }

    fn since_round_start(&self, t: Time) -> Span {
        let nanos = t.as_nanos();
        Span::from_nanos(
            self.period
                .map_or(nanos, |period| nanos % period.as_nanos()),
        )
    }
}

impl Between {
    fn piece(self, (start, rate_start): (Time, f64), (end, rate_end): (Time, f64)) -> RatePiece {
        match self {
            Self::Linear => RatePiece {
                start,
                end,
                rate_start,
                rate_end,
            },
            Self::Step => RatePiece {
                start,
                end,
                rate_start,
                rate_end: rate_start,
            },
        }
    }
}

impl RatePiece {
    /// Expected number of arrivals in it.
    pub fn expected(&self) -> f64 {
        self.expected_from(0.0)
    }

    /// Arrivals per second at `t`, which must lie in it.
    pub fn rate_at(&self, t: Time) -> f64 {
        self.rate_after(t.since(self.start).as_secs_f64())
    }

    /// The part of it before `end`, if there is one.
    pub(super) fn before(self, end: Time) -> Option<Self> {
        if end >= self.end {
            return Some(self);
        }
        (self.start < end).then(|| Self {
            end,
            rate_end: self.rate_at(end),
            ..self
        })
    }

    /// Expected number of arrivals from `offset` seconds after its start to its end.
    pub(super) fn expected_from(&self, offset: f64) -> f64 {
        (self.rate_after(offset) + self.rate_end) / 2.0 * (self.seconds() - offset)
    }

    /// How many seconds after its start `count` arrivals are to be expected since `offset` seconds after it; `count`
    /// must be less than what is still to come.
    ///
    /// With rate λ and slope s this is the root h of λh + sh²/2 = count, in the form that neither cancels nor divides
    /// by a slope of 0.
    pub(super) fn offset_after(&self, offset: f64, count: f64) -> f64 {
        let rate = self.rate_after(offset);
        let slope = (self.rate_end - self.rate_start) / self.seconds();
        let root = (rate * rate + 2.0 * slope * count).max(0.0).sqrt();
        (offset + 2.0 * count / (rate + root).max(f64::MIN_POSITIVE)).min(self.seconds())
    }

    fn shifted(self, by: Span) -> Self {
        Self {
            start: self.start + by,
            end: self.end + by,
            ..self
        }
    }

    fn rate_after(&self, offset: f64) -> f64 {
        let share = (offset / self.seconds()).min(1.0);
        self.rate_start + (self.rate_end - self.rate_start) * share
    }

    fn seconds(&self) -> f64 {
        self.end.since(self.start).as_secs_f64()
    }
}

fn check_points(points: &[(Time, f64)], repeat: bool) -> Result<(), Invalid> {
    let broken = |rule: String| Err(Invalid::new("points", rule));
    match points.first() {
        None => return broken("there are none; give at least { at = \"0s\", rate = … }".into()),
        Some((at, _)) if *at > Time::ZERO => {
            return broken(format!(
                "the first is at {} s; start at 0, with the rate that holds there",
                at.as_secs_f64()
            ));
        }
        Some(_) => {}
    }
    if let Some(i) = points.windows(2).position(|pair| pair[1].0 <= pair[0].0) {
        let (earlier, later) = (points[i].0.as_secs_f64(), points[i + 1].0.as_secs_f64());
        return broken(format!(
            "number {} at {later} s is not after {earlier} s; give each a later time",
            i + 2
        ));
    }
    if repeat && points.len() < 2 {
        return broken(
            "one point makes no round to repeat; add one at the end of the round".into(),
        );
    }
    points
        .iter()
        .try_for_each(|(_, rate)| checked_rate("points", *rate).map(drop))
}
