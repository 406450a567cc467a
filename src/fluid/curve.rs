//! The level over time, in closed form.

use crate::theory::numerics::phi::phi;
use crate::theory::numerics::root::bisect;
use crate::time::Time;

/// L over time, and what came, was served and was lost in all. Levels in messages.
#[derive(Clone, Debug)]
pub struct Curve {
    segments: Vec<Segment>,
    end: (Time, f64),
    arrived: f64,
    served: f64,
    lost: f64,
}

/// A part of the curve with one closed form: dL/dτ = net + slope·τ − drain·L. Seconds, messages.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment {
    /// Since the start of the run.
    pub(super) start: f64,
    pub(super) length: f64,
    /// L at `start`.
    pub(super) level: f64,
    pub(super) net: f64,
    pub(super) slope: f64,
    /// μ while servers are idle, 0 while all are busy.
    pub(super) drain: f64,
    /// What stands above this level waits.
    pub(super) busy_from: f64,
}

impl Curve {
    /// `end`: where the curve ends, and L there; `totals`: arrived, served, lost.
    pub(super) fn new(segments: Vec<Segment>, end: (Time, f64), totals: [f64; 3]) -> Self {
        let [arrived, served, lost] = totals;
        Self {
            segments,
            end,
            arrived,
            served,
            lost,
        }
    }

    /// L at `t`; before and after the curve, what it begins and ends with. Where a limit comes into force L jumps, and
    /// this is the value after the jump.
    pub fn level_at(&self, t: Time) -> f64 {
        self.at(t, Segment::level_after).unwrap_or(self.end.1)
    }

    /// Messages that wait at `t`: max(0, L − c); under [`super::ServiceLaw::Full`] L itself.
    ///
    /// At the end of the curve and after it, with the c of its last instant.
    pub fn ready_at(&self, t: Time) -> f64 {
        let last = self
            .segments
            .last()
            .map_or(0.0, |segment| segment.busy_from);
        self.at(t, Segment::ready_after)
            .unwrap_or((self.end.1 - last).max(0.0))
    }

    /// Mean of L from `from` to `to`, of the part that the curve covers; L at `from` if that is empty.
    pub fn mean_level(&self, from: Time, to: Time) -> f64 {
        self.mean(from, to, Segment::area)
            .unwrap_or_else(|| self.level_at(from))
    }

    /// Mean of what waits from `from` to `to`, of the part that the curve covers; what waits at `from` if that is
    /// empty.
    pub fn mean_ready(&self, from: Time, to: Time) -> f64 {
        self.mean(from, to, Segment::ready_area)
            .unwrap_or_else(|| self.ready_at(from))
    }

    /// (Time, L) where the form of the curve changes, and at both ends. Between them it is a straight line only where λ
    /// is constant and all servers are busy or the system is full: draw it by [`Curve::level_at`].
    pub fn breakpoints(&self) -> Vec<(Time, f64)> {
        let starts = self
            .segments
            .iter()
            .map(|segment| (Time::from_secs_f64(segment.start), segment.level));
        starts.chain([self.end]).collect()
    }

    /// When L is highest, for the first time, and how high.
    pub fn peak(&self) -> (Time, f64) {
        let mut peak = (Time::ZERO, f64::NEG_INFINITY);
        for segment in &self.segments {
            for after in [0.0, segment.extremum().unwrap_or(0.0)] {
                let level = segment.level_after(after);
                if level > peak.1 {
                    peak = (Time::from_secs_f64(segment.start + after), level);
                }
            }
        }
        if self.end.1 > peak.1 { self.end } else { peak }
    }

    /// The first instant from `from` on at which nothing waits; `None` if that is not before the end of the curve.
    pub fn drained_after(&self, from: Time) -> Option<Time> {
        let first = self.index_at(from.as_secs_f64());
        if self.ready_at(from) <= 0.0 {
            return Some(from);
        }
        // A stretch in which messages wait is left only where they no longer do: at the start of another.
        let later = self.segments.get(first + 1..)?.iter();
        let drained = later
            .map(|segment| (segment.start, segment.ready_after(0.0)))
            .find(|(_, ready)| *ready <= 0.0);
        drained
            .map(|(start, _)| Time::from_secs_f64(start))
            .or_else(|| (self.ready_at(self.end.0) <= 0.0).then_some(self.end.0))
    }

    /// ∫λ dt: messages that producers offered.
    pub fn arrived(&self) -> f64 {
        self.arrived
    }

    /// Messages served.
    pub fn served(&self) -> f64 {
        self.served
    }

    /// Messages that overflowed: arrived + L(start) = served + lost + L(end).
    pub fn lost(&self) -> f64 {
        self.lost
    }

    /// The segment that `seconds` falls in, or the first.
    fn index_at(&self, seconds: f64) -> usize {
        self.segments
            .partition_point(|segment| segment.start <= seconds)
            .saturating_sub(1)
    }

    /// `value` of the segment at `t`; `None` from the end of the curve on.
    fn at(&self, t: Time, value: impl Fn(&Segment, f64) -> f64) -> Option<f64> {
        if t >= self.end.0 {
            return None;
        }
        let seconds = t.as_secs_f64();
        let segment = self.segments.get(self.index_at(seconds))?;
        Some(value(
            segment,
            (seconds - segment.start).clamp(0.0, segment.length),
        ))
    }

    /// The mean of what `area` integrates over a segment; `None` where there is nothing to integrate over.
    fn mean(&self, from: Time, to: Time, area: impl Fn(&Segment) -> f64) -> Option<f64> {
        let (from, to) = (from.as_secs_f64(), to.as_secs_f64());
        let (mut total, mut seconds) = (0.0, 0.0);
        for segment in &self.segments[self.index_at(from)..] {
            if segment.start >= to {
                break;
            }
            let part = segment.part(from - segment.start, to - segment.start);
            total += area(&part);
            seconds += part.length;
        }
        (seconds > 0.0).then(|| total / seconds)
    }
}

impl Segment {
    /// L τ seconds after the start: L·φ₀ + net·τ·φ₁ + slope·τ²·φ₂ at drain·τ (see [`phi`]).
    pub(super) fn level_after(&self, tau: f64) -> f64 {
        let [zeroth, first, second, _] = phi(self.drain * tau);
        // Rounding must not leave a hair's breadth below empty.
        (self.level * zeroth + (self.net * first + self.slope * tau * second) * tau).max(0.0)
    }

    /// When the level first reaches `target`, if it does; it must be monotone on the way there.
    pub(super) fn time_to(&self, target: f64) -> Option<f64> {
        let end = self.level_after(self.length);
        if self.level < target {
            (end >= target).then(|| bisect(0.0, self.length, |tau| self.level_after(tau) < target))
        } else {
            (end <= target).then(|| bisect(0.0, self.length, |tau| self.level_after(tau) > target))
        }
    }

    /// What waits τ seconds after the start.
    fn ready_after(&self, tau: f64) -> f64 {
        (self.level_after(tau) - self.busy_from).max(0.0)
    }

    /// ∫L dτ over the segment.
    fn area(&self) -> f64 {
        let tau = self.length;
        let [_, first, second, third] = phi(self.drain * tau);
        (self.level * first + (self.net * second + self.slope * tau * third) * tau) * tau
    }

    /// ∫max(0, L − c) dτ over the segment: messages wait in all of it or in none.
    fn ready_area(&self) -> f64 {
        (self.area() - self.busy_from * self.length).max(0.0)
    }

    /// From τ = `from` to `to`, of what lies inside.
    fn part(&self, from: f64, to: f64) -> Self {
        let from = from.clamp(0.0, self.length);
        let length = to.clamp(from, self.length) - from;
        Self {
            start: self.start + from,
            length,
            level: self.level_after(from),
            net: self.net + self.slope * from,
            ..*self
        }
    }

    /// Where dL/dτ = 0 strictly inside: dL/dτ = d·exp(−drain·τ) + slope·τ·φ₁, d its value at the start.
    fn extremum(&self) -> Option<f64> {
        let start = self.net - self.drain * self.level;
        let tau = if self.drain > 0.0 {
            (-self.drain * start / self.slope).ln_1p() / self.drain
        } else {
            -start / self.slope
        };
        // A constant rate divides by zero: ±∞ or NaN, neither of which lies inside.
        (tau > 0.0 && tau < self.length).then_some(tau)
    }
}
