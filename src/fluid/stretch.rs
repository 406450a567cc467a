//! Time cut so finely that, inside a cut, λ is linear and on one side of the capacity, and all else constant.

use super::{CapacityPiece, RatePiece};
use crate::time::Time;

/// A cut. Seconds since the start of the run, messages, messages per second.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch {
    pub(super) start: f64,
    pub(super) end: f64,
    /// λ at `start`.
    pub(super) rate: f64,
    /// What λ gains per second.
    pub(super) slope: f64,
    pub(super) servers: f64,
    /// μ.
    pub(super) service_rate: f64,
    /// K, infinite for none.
    pub(super) limit: f64,
}

impl Stretch {
    /// C = c·μ.
    pub(super) fn capacity(&self) -> f64 {
        self.servers * self.service_rate
    }

    /// ∫λ dt.
    pub(super) fn arrivals(&self) -> f64 {
        self.mean_rate() * (self.end - self.start)
    }

    /// Whether λ lies above `service`, judged in the middle: it does not cross it in between.
    pub(super) fn exceeds(&self, service: f64) -> bool {
        self.mean_rate() > service
    }

    /// The same from `start` to `end`, both inside.
    pub(super) fn part(&self, start: f64, end: f64) -> Self {
        debug_assert!(
            self.start <= start && start <= end && end <= self.end,
            "{start}..{end} of {self:?}"
        );
        Self {
            start,
            end,
            rate: self.rate + self.slope * (start - self.start),
            ..*self
        }
    }

    fn mean_rate(&self) -> f64 {
        self.rate + self.slope * (self.end - self.start) / 2.0
    }

    /// Where λ crosses `service` strictly inside.
    fn crossing(&self, service: f64) -> Option<f64> {
        let at = self.start + (service - self.rate) / self.slope;
        // A constant rate divides by zero: ±∞ or NaN, neither of which lies inside.
        (at > self.start && at < self.end).then_some(at)
    }
}

/// Cuts [`start`, `end`) at every change of rate or capacity and where λ crosses the capacity, or what is served at the
/// limit.
pub(super) fn stretches(
    arrivals: &[RatePiece],
    capacity: &[CapacityPiece],
    start: Time,
    end: Time,
) -> Vec<Stretch> {
    let mut cuts = vec![start, end];
    cuts.extend(arrivals.iter().flat_map(|piece| [piece.start, piece.end]));
    cuts.extend(capacity.iter().flat_map(|piece| [piece.start, piece.end]));
    cuts.retain(|cut| (start..=end).contains(cut));
    cuts.sort_unstable();
    cuts.dedup();
    let (mut arrivals, mut capacity) = (arrivals, capacity);
    let mut found = Vec::with_capacity(cuts.len());
    for pair in cuts.windows(2) {
        let rate = covering(&mut arrivals, pair[0], |piece| (piece.start, piece.end));
        let room = covering(&mut capacity, pair[0], |piece| (piece.start, piece.end));
        let whole = stretch(pair[0], pair[1], rate, room);
        split(&whole, &mut found);
    }
    found
}

/// The piece that covers `at`, if one does. Drops those that are over: `at` never goes back.
fn covering<'a, P>(
    pieces: &mut &'a [P],
    at: Time,
    extent: impl Fn(&P) -> (Time, Time),
) -> Option<&'a P> {
    let over = pieces
        .iter()
        .take_while(|piece| extent(piece).1 <= at)
        .count();
    *pieces = &pieces[over..];
    pieces.first().filter(|piece| extent(piece).0 <= at)
}

/// From `start` to `end`, inside the pieces.
fn stretch(
    start: Time,
    end: Time,
    rate: Option<&RatePiece>,
    room: Option<&CapacityPiece>,
) -> Stretch {
    let (rate, slope) = rate.map_or((0.0, 0.0), |piece| {
        let slope =
            (piece.rate_end - piece.rate_start) / piece.end.since(piece.start).as_secs_f64();
        (
            piece.rate_start + slope * start.since(piece.start).as_secs_f64(),
            slope,
        )
    });
    Stretch {
        start: start.as_secs_f64(),
        end: end.as_secs_f64(),
        rate,
        slope,
        servers: room.map_or(0.0, |piece| piece.servers),
        service_rate: room.map_or(0.0, |piece| piece.service_rate),
        limit: room.and_then(|piece| piece.limit).unwrap_or(f64::INFINITY),
    }
}

/// Adds the parts of `whole` between the crossings of λ.
fn split(whole: &Stretch, found: &mut Vec<Stretch>) {
    let full = whole.service_rate * whole.servers.min(whole.limit);
    let mut crossings: Vec<f64> = [full, whole.capacity()]
        .iter()
        .filter_map(|&service| whole.crossing(service))
        .collect();
    crossings.sort_by(f64::total_cmp);
    let mut start = whole.start;
    for crossing in crossings {
        if crossing > start {
            found.push(whole.part(start, crossing));
            start = crossing;
        }
    }
    found.push(whole.part(start, whole.end));
}
