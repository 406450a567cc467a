//! Between which times nothing changes but the arrival rate, in a straight line, and what the rates are there.

use super::{RateRamp, ServerStretch};
use crate::theory::error::ModelError;

/// The rates of a birth–death process while one ramp and one number of servers last.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rates {
    /// λ(t) = `arrival_rate` + `slope` · (t − `start`).
    start: f64,
    arrival_rate: f64,
    slope: f64,
    service_rate: f64,
    patience_rate: f64,
    servers: u64,
    places: u64,
}

impl Rates {
    /// Those that hold just before `until`; at 0, just after.
    pub(super) fn before(
        until: f64,
        arrivals: &[RateRamp],
        servers: &[ServerStretch],
        service_rate: f64,
        patience_rate: f64,
        places: u64,
    ) -> Self {
        let ramp = spanning(arrivals, until, |ramp| (ramp.start, ramp.end));
        let stretch = spanning(servers, until, |stretch| (stretch.start, stretch.end));
        Self {
            start: ramp.map_or(0.0, |ramp| ramp.start),
            arrival_rate: ramp.map_or(0.0, |ramp| ramp.rate_start),
            slope: ramp.map_or(0.0, RateRamp::slope),
            service_rate,
            patience_rate,
            servers: stretch.map_or(0, |stretch| stretch.servers),
            places,
        }
    }

    /// λ(t).
    pub(super) fn arrival_rate(&self, t: f64) -> f64 {
        (self.arrival_rate + self.slope * (t - self.start)).max(0.0)
    }

    /// The largest λ between two times.
    pub(super) fn most_arrivals(&self, from: f64, to: f64) -> f64 {
        self.arrival_rate(from).max(self.arrival_rate(to))
    }

    /// The rate at which the level falls from n.
    pub(super) fn deaths(&self, n: u64) -> f64 {
        let waiting = n.saturating_sub(self.servers) as f64;
        n.min(self.servers) as f64 * self.service_rate + waiting * self.patience_rate
    }

    /// Whether the level falls from all levels above `n` as fast as from that one.
    pub(super) fn are_the_same_from(&self, n: u64) -> bool {
        n >= self.servers && self.patience_rate <= 0.0
    }

    /// Whether the arrival rate stays as it is.
    pub(super) fn stand_still(&self) -> bool {
        self.slope.abs() <= 0.0
    }

    /// c.
    pub(super) fn servers(&self) -> u64 {
        self.servers
    }

    /// μ.
    pub(super) fn service_rate(&self) -> f64 {
        self.service_rate
    }

    /// K.
    pub(super) fn places(&self) -> u64 {
        self.places
    }
}

/// The piece that holds just before `until`; at 0, just after.
pub(super) fn spanning<T>(pieces: &[T], until: f64, span: impl Fn(&T) -> (f64, f64)) -> Option<&T> {
    let first = pieces.partition_point(|piece| span(piece).1 < until);
    let holds = |piece: &&T| span(piece).0 < until || span(piece).0.max(until) <= 0.0;
    pieces.get(first).filter(holds)
}

/// The times after 0 at which a ramp or a stretch of servers begins or ends, in order.
pub(super) fn changes(arrivals: &[RateRamp], servers: &[ServerStretch]) -> Vec<f64> {
    let of_arrivals = arrivals.iter().flat_map(|ramp| [ramp.start, ramp.end]);
    let of_servers = servers
        .iter()
        .flat_map(|stretch| [stretch.start, stretch.end]);
    let mut times: Vec<f64> = of_arrivals
        .chain(of_servers)
        .filter(|time| *time > 0.0)
        .collect();
    times.sort_by(f64::total_cmp);
    times.dedup_by(|a, b| a.total_cmp(b).is_eq());
    times
}

/// # Errors
/// Where ramps or stretches are not in order, or rates are not numbers ≥ 0.
pub(super) fn check(arrivals: &[RateRamp], servers: &[ServerStretch]) -> Result<(), ModelError> {
    for ramp in arrivals {
        for rate in [ramp.rate_start, ramp.rate_end] {
            if !(rate >= 0.0 && rate.is_finite()) {
                let rule = "must be a number that is not negative";
                return Err(ModelError::parameter("rate", rate, rule));
            }
        }
        if ramp.end.is_infinite() && (ramp.rate_end - ramp.rate_start).abs() > 0.0 {
            let rule = "must be the rate at the start of a ramp without end";
            return Err(ModelError::parameter("rate_end", ramp.rate_end, rule));
        }
    }
    in_order(arrivals.iter().map(|ramp| (ramp.start, ramp.end)))?;
    in_order(servers.iter().map(|stretch| (stretch.start, stretch.end)))
}

fn in_order(spans: impl Iterator<Item = (f64, f64)>) -> Result<(), ModelError> {
    let mut last_end = 0.0;
    for (start, end) in spans {
        if !(start >= last_end && start.is_finite()) {
            let rule = "must be a time at or after 0 and the end of the piece before";
            return Err(ModelError::parameter("start", start, rule));
        }
        if end.is_nan() || end <= start {
            return Err(ModelError::parameter("end", end, "must be after the start"));
        }
        last_end = end;
    }
    Ok(())
}

/// # Errors
/// Unless they are numbers ≥ 0 in order.
pub(super) fn check_times(times: &[f64]) -> Result<(), ModelError> {
    let mut last = 0.0;
    for &time in times {
        if !(time >= last && time.is_finite()) {
            let rule = "must be a number at or after 0 and the time before";
            return Err(ModelError::parameter("time", time, rule));
        }
        last = time;
    }
    Ok(())
}
