//! Simulated time: integer nanoseconds, so that order is total and sums are exact.
//!
//! This is the one place where time turns into `f64` seconds and back.

use std::fmt;
use std::ops::{Add, AddAssign, Sub};

const NANOS_PER_SECOND: f64 = 1e9;

/// An instant, in nanoseconds since the start of the run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(u64);

/// A length of time in nanoseconds; never negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(u64);

impl Time {
    /// The start of the run.
    pub const ZERO: Self = Self(0);
    /// After every instant of any run: the deadline of what never happens.
    pub const NEVER: Self = Self(u64::MAX);

    /// The instant `nanos` nanoseconds after the start.
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// Nanoseconds since the start.
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// The instant `seconds` after the start, to the nearest nanosecond; negative and NaN give zero, too late gives
    /// [`Time::NEVER`].
    pub fn from_secs_f64(seconds: f64) -> Self {
        Self(Span::from_secs_f64(seconds).0)
    }

    /// Seconds since the start.
    pub fn as_secs_f64(self) -> f64 {
        Span(self.0).as_secs_f64()
    }

    /// Time since `earlier`; zero if `earlier` is in fact later.
    pub const fn since(self, earlier: Self) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);
    /// Longer than any run (584 years).
    pub const MAX: Self = Self(u64::MAX);

    /// A span of `nanos` nanoseconds.
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// A span of whole seconds, at most [`Span::MAX`].
    pub const fn from_secs(seconds: u64) -> Self {
        Self(seconds.saturating_mul(1_000_000_000))
    }

    /// Nanoseconds.
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// A span of `seconds`, to the nearest nanosecond; negative and NaN give zero, too long gives [`Span::MAX`].
    pub fn from_secs_f64(seconds: f64) -> Self {
        // A cast from f64 saturates and turns NaN into 0, which is just what is promised above. Adding a half before
        // truncating rounds; `f64::round` is a library call on baseline x86-64 and shows in profiles.
        Self((seconds * NANOS_PER_SECOND + 0.5) as u64)
    }

    /// Seconds.
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / NANOS_PER_SECOND
    }
}

impl Add<Span> for Time {
    type Output = Self;

    /// Saturates at [`Time::NEVER`]: nothing happens after the end of time.
    fn add(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl Sub for Time {
    type Output = Span;

    /// # Panics
    /// Where `earlier` is later: use [`Time::since`] if that may be.
    fn sub(self, earlier: Self) -> Span {
        debug_assert!(earlier <= self, "{earlier:?} is after {self:?}");
        Span(self.0 - earlier.0)
    }
}

impl Add for Span {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Span {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl fmt::Display for Span {
    /// Three significant digits in the unit a person would choose: `189 ms`, `4m 02s`, `1h 22m`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&crate::units::show_seconds(self.as_secs_f64()))
    }
}

impl fmt::Display for Time {
    /// As the span since the start.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Span(self.0).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_round_to_the_nearest_nanosecond_and_clamp_at_both_ends() {
        assert_eq!(Span::from_secs_f64(1.5e-9), Span(2));
        assert_eq!(Span::from_secs_f64(0.25), Span(250_000_000));
        assert_eq!(Span::from_secs_f64(-1.0), Span::ZERO);
        assert_eq!(Span::from_secs_f64(f64::NAN), Span::ZERO);
        assert_eq!(Span::from_secs_f64(f64::INFINITY), Span::MAX);
    }

    #[test]
    fn nothing_comes_after_never() {
        assert_eq!(Time::from_nanos(5) + Span::MAX, Time::NEVER);
    }
}
