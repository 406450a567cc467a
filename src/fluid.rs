//! The fluid answer: messages as a liquid, dL/dt = P(t) − S(t), solved exactly from change to change.
//!
//! P is what the queue accepts of the arrival rate λ(t), S what leaves. L is the number in the system, waiting or in
//! service (`total`), and max(0, L − c) is `ready`. There is no chance in it: where λ stays below capacity nothing
//! waits, so it shows what overload does, and none of what randomness adds. Rates are per second, levels in messages.

mod curve;
mod stretch;

pub use curve::Curve;

pub use crate::workload::RatePiece;

use crate::time::Time;
use curve::Segment;
use stretch::{Stretch, stretches};

/// What consumers can do from `start` to `end`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CapacityPiece {
    /// First instant of the piece.
    pub start: Time,
    /// First instant after it.
    pub end: Time,
    /// c: consumers up × concurrency; at least 0.
    pub servers: f64,
    /// μ: messages per second that one of them serves; at least 0.
    pub service_rate: f64,
    /// K: the most messages that the system holds, those in service included; `None` for no limit. A limit on *ready*
    /// is this less c.
    pub limit: Option<f64>,
}

/// How much is served at a level L.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceLaw {
    /// S = μ·min(L, c): each message occupies one server. L is the number in the system.
    PerServer,
    /// S = c·μ while there is any backlog: L is the backlog before the servers, as if service took no room.
    Full,
}

/// What a fluid is computed from. Where no piece covers an instant, the rate or the capacity is 0.
#[derive(Clone, Copy, Debug)]
pub struct Fluid<'a> {
    /// λ(t): in order of time, without overlap.
    pub arrivals: &'a [RatePiece],
    /// c(t), μ(t) and K(t): in order of time, without overlap.
    pub capacity: &'a [CapacityPiece],
    /// How much is served at a level L.
    pub law: ServiceLaw,
    /// L at `start`; at least 0.
    pub initial: f64,
    /// Where the curve begins.
    pub start: Time,
    /// Where it ends.
    pub end: Time,
}

/// Solves dL/dt = P(t) − S(t) from `start` to `end`.
///
/// Exact but for rounding: λ, c, μ and K are cut at every change and where λ crosses the capacity, and each cut has a
/// closed form (a parabola while all servers are busy, an exponential approach while some are idle, a constant at the
/// limit). At the limit, what cannot be served overflows and counts as lost; what stands above a limit when that comes
/// into force is lost at once.
pub fn integrate(fluid: &Fluid<'_>) -> Curve {
    let mut tank = Tank {
        law: fluid.law,
        level: fluid.initial,
        lost: 0.0,
        segments: Vec::new(),
    };
    let mut arrived = 0.0;
    for stretch in stretches(fluid.arrivals, fluid.capacity, fluid.start, fluid.end) {
        arrived += stretch.arrivals();
        tank.advance(stretch);
    }
    let served = (arrived - tank.lost - (tank.level - fluid.initial)).max(0.0);
    Curve::new(
        tank.segments,
        (fluid.end, tank.level),
        [arrived, served, tank.lost],
    )
}

/// The stretches in which λ(t) > C(t) = c·μ, to the nanosecond: in order, disjoint, each as long as it can be.
///
/// `arrivals` and `capacity` as in [`Fluid`].
pub fn saturated(arrivals: &[RatePiece], capacity: &[CapacityPiece]) -> Vec<(Time, Time)> {
    let (Some(first), Some(last)) = (arrivals.first(), arrivals.last()) else {
        return Vec::new();
    };
    let mut found: Vec<(Time, Time)> = Vec::new();
    for stretch in stretches(arrivals, capacity, first.start, last.end) {
        if !stretch.exceeds(stretch.capacity()) {
            continue;
        }
        let (start, end) = (
            Time::from_secs_f64(stretch.start),
            Time::from_secs_f64(stretch.end),
        );
        match found.last_mut() {
            Some(previous) if previous.1 == start => previous.1 = end,
            Some(_) | None => found.push((start, end)),
        }
    }
    found.retain(|(start, end)| start < end);
    found
}

/// The state between two stretches.
struct Tank {
    law: ServiceLaw,
    level: f64,
    lost: f64,
    segments: Vec<Segment>,
}

/// What happens to the level for a while.
struct Course {
    /// dL/dt at the start is `net` − `drain`·L, and `net` grows by `slope` per second.
    net: f64,
    slope: f64,
    drain: f64,
    /// The level at which another course takes over.
    until: Option<f64>,
    /// Set where the system is full: what is served per second. All that arrives beyond it is lost.
    full: Option<f64>,
}

/// Some servers idle, all busy, full: one after the other, or the first two the other way round.
const COURSES_MAX: u32 = 3;
/// The level stays as it is.
const STANDSTILL: Course = Course {
    net: 0.0,
    slope: 0.0,
    drain: 0.0,
    until: None,
    full: None,
};

impl Tank {
    /// Lives through a stretch, in which λ stays on one side of the capacity: so there are few courses, and each is
    /// monotone where it may end early.
    fn advance(&mut self, stretch: Stretch) {
        let excess = (self.level - stretch.limit).max(0.0);
        self.level -= excess;
        self.lost += excess;
        // Decided once: near a crossing, rounding could otherwise send the level to and fro.
        let is_overloaded = stretch.exceeds(stretch.capacity());
        let spills = stretch.exceeds(self.service_at_limit(&stretch));
        let mut left = stretch;
        let mut courses = 0;
        while left.start < left.end {
            courses += 1;
            assert!(
                courses <= COURSES_MAX,
                "{stretch:?} came to no end at level {}",
                self.level
            );
            let course = self.course(&left, is_overloaded, spills);
            left = self.follow(&left, &course);
        }
    }

    /// What the level does next.
    fn course(&self, stretch: &Stretch, is_overloaded: bool, spills: bool) -> Course {
        let busy_from = self.busy_from(stretch);
        if spills && self.level >= stretch.limit {
            return Course {
                full: Some(self.service_at_limit(stretch)),
                ..STANDSTILL
            };
        }
        if self.level > busy_from || (is_overloaded && self.level >= busy_from) {
            let until = if is_overloaded {
                stretch.limit
            } else {
                busy_from
            };
            let net = stretch.rate - stretch.capacity();
            return Course {
                net,
                slope: stretch.slope,
                until: Some(until),
                ..STANDSTILL
            };
        }
        match self.law {
            ServiceLaw::PerServer => Course {
                net: stretch.rate,
                slope: stretch.slope,
                drain: stretch.service_rate,
                until: spills.then_some(busy_from.min(stretch.limit)),
                full: None,
            },
            // Nothing is there, and what comes is served as it comes.
            ServiceLaw::Full => STANDSTILL,
        }
    }

    /// Follows a course to where it ends or the stretch does; what is left of the stretch.
    fn follow(&mut self, stretch: &Stretch, course: &Course) -> Stretch {
        let whole = Segment {
            start: stretch.start,
            length: stretch.end - stretch.start,
            level: self.level,
            net: course.net,
            slope: course.slope,
            drain: course.drain,
            busy_from: self.busy_from(stretch),
        };
        let ends_early = course
            .until
            .and_then(|level| Some((whole.time_to(level)?, level)));
        let (length, level) =
            ends_early.unwrap_or_else(|| (whole.length, whole.level_after(whole.length)));
        if let Some(service) = course.full {
            self.lost += (stretch.arrivals() - service * length).max(0.0);
        }
        self.level = level;
        if length > 0.0 {
            self.segments.push(Segment { length, ..whole });
        }
        let end = if ends_early.is_some() {
            stretch.start + length
        } else {
            stretch.end
        };
        stretch.part(end.min(stretch.end), stretch.end)
    }

    /// The level from which on all servers are busy.
    fn busy_from(&self, stretch: &Stretch) -> f64 {
        match self.law {
            ServiceLaw::PerServer => stretch.servers,
            ServiceLaw::Full => 0.0,
        }
    }

    /// S where L stands at the limit: less than the capacity if the limit leaves servers idle.
    fn service_at_limit(&self, stretch: &Stretch) -> f64 {
        match self.law {
            ServiceLaw::PerServer => stretch.service_rate * stretch.servers.min(stretch.limit),
            ServiceLaw::Full => stretch.capacity(),
        }
    }
}

#[cfg(test)]
mod tests;
