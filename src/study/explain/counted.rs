//! Gaps between messages and counts in windows, summed up while they come: in constant memory, however long a run is.

use crate::time::{Span, Time};

/// Fewer windows of a run say nothing about their variance.
pub(super) const FEWEST_WINDOWS: u64 = 10;

/// Count, mean and sum of squared deviations, which can be put together without losing digits (Chan, Golub and LeVeque
/// 1983, The American Statistician 37).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Moments {
    count: f64,
    mean: f64,
    deviations: f64,
}

impl Moments {
    /// So many times the same value.
    fn add(&mut self, value: f64, times: u64) {
        self.merge(&Self {
            count: times as f64,
            mean: value,
            deviations: 0.0,
        });
    }

    /// Adds all of `other`.
    pub(super) fn merge(&mut self, other: &Self) {
        let count = self.count + other.count;
        if other.count <= 0.0 {
            return;
        }
        let apart = other.mean - self.mean;
        self.deviations += other.deviations + apart * apart * self.count * other.count / count;
        self.mean += apart * other.count / count;
        self.count = count;
    }

    /// Of fewer than three values there is none to speak of.
    fn variance(&self) -> Option<f64> {
        (self.count > 2.0).then(|| self.deviations / (self.count - 1.0))
    }

    /// Of gaps: variance / mean².
    pub(super) fn scv(&self) -> Option<f64> {
        Some(self.variance()? / (self.mean * self.mean)).filter(|scv| scv.is_finite())
    }

    /// Of counts: variance / mean.
    pub(super) fn dispersion(&self) -> Option<f64> {
        Some(self.variance()? / self.mean).filter(|index| index.is_finite())
    }
}

/// Times between messages, in seconds.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Gaps(Moments, Option<Time>);

impl Gaps {
    /// A message comes.
    pub(super) fn add(&mut self, now: Time) {
        if let Some(last) = self.1.replace(now) {
            self.0.add(now.since(last).as_secs_f64(), 1);
        }
    }

    /// Of all gaps.
    pub(super) fn moments(&self) -> Moments {
        self.0
    }
}

/// Messages counted in windows of one length, one after the other; what is left of the stretch at its end is no window.
#[derive(Clone, Debug)]
pub(super) struct Windows {
    from: Time,
    width: u64,
    /// How many there are.
    all: u64,
    /// Which one is counted, and what it has.
    current: u64,
    count: u64,
    /// Of those before it.
    moments: Moments,
}

impl Windows {
    /// Windows from `from` on that are over by `to`.
    pub(super) fn new(width: Span, from: Time, to: Time) -> Self {
        let width = width.as_nanos().max(1);
        Self {
            from,
            width,
            all: to.since(from).as_nanos() / width,
            current: 0,
            count: 0,
            moments: Moments::default(),
        }
    }

    /// A message comes; not before the last that came.
    pub(super) fn add(&mut self, now: Time) {
        let window = now.since(self.from).as_nanos() / self.width;
        if window < self.all {
            self.go_to(window);
            self.count += 1;
        }
    }

    fn go_to(&mut self, window: u64) {
        if window > self.current {
            self.moments.add(self.count as f64, 1);
            self.moments.add(0.0, window - self.current - 1);
            (self.current, self.count) = (window, 0);
        }
    }

    /// Of all counts; `None` where there are too few windows.
    pub(super) fn moments(&self) -> Option<Moments> {
        let mut all = self.clone();
        all.go_to(self.all);
        (self.all >= FEWEST_WINDOWS).then_some(all.moments)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn windows(times: &[u64]) -> Windows {
        let mut windows = Windows::new(Span::from_secs(1), Time::ZERO, Time::from_secs_f64(12.5));
        let times = times
            .iter()
            .map(|second| Time::from_secs_f64(*second as f64));
        times.for_each(|time| windows.add(time));
        windows
    }

    /// Twelve whole windows: two hold 3 each, the others nothing, and the half one at the end does not count.
    #[test]
    fn empty_windows_count_and_a_part_of_one_does_not() {
        let moments = windows(&[1, 1, 1, 7, 7, 7, 12])
            .moments()
            .expect("twelve windows");
        assert!((moments.mean - 0.5).abs() < 1e-12, "{moments:?}");
        // Σ (n − ½)² = 2 · 6.25 + 10 · 0.25
        let index = moments.dispersion().expect("they vary");
        assert!((index - 15.0 / 11.0 / 0.5).abs() < 1e-12, "{index}");
    }

    #[test]
    fn moments_put_together_are_those_of_all_values() {
        let of = |values: &[f64]| {
            let mut moments = Moments::default();
            values.iter().for_each(|value| moments.add(*value, 1));
            moments
        };
        let mut parts = of(&[1.0, 2.0]);
        parts.merge(&of(&[4.0, 9.0, 14.0]));
        let whole = of(&[1.0, 2.0, 4.0, 9.0, 14.0]);
        assert!((parts.mean - 6.0).abs() < 1e-12 && (whole.mean - 6.0).abs() < 1e-12);
        assert!((parts.deviations - 118.0).abs() < 1e-9, "{parts:?}");
    }

    #[test]
    fn few_windows_say_nothing() {
        let windows = Windows::new(Span::from_secs(2), Time::ZERO, Time::from_secs_f64(19.0));
        assert_eq!(windows.moments(), None);
    }
}
