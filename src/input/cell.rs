//! One cell: a number, or an instant in exact nanoseconds.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::{Cell, InputError};

/// Digits behind the decimal point that are looked at: of hours, the last of them is far below a nanosecond.
const FRACTION_DIGITS_MAX: usize = 18;

/// What a column of numbers counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeUnit {
    /// `ns`
    Nanosecond,
    /// `us`
    Microsecond,
    /// `ms`
    Millisecond,
    /// `s`
    Second,
    /// `min`, or `m`
    Minute,
    /// `h`
    Hour,
}

/// A text that is no [`TimeUnit`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a unit of time; give one of ns, us, ms, s, min, h")]
pub struct UnknownUnit(pub String);

/// An instant as a cell has it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Instant {
    /// Nanoseconds since an origin that all cells of the column share.
    pub(super) nanos: i128,
    /// Whether it is a date that says its offset from UTC.
    pub(super) has_offset: bool,
}

impl TimeUnit {
    const ALL: [Self; 6] = [
        Self::Nanosecond,
        Self::Microsecond,
        Self::Millisecond,
        Self::Second,
        Self::Minute,
        Self::Hour,
    ];

    /// How many nanoseconds one of it has.
    pub const fn nanos(self) -> u64 {
        match self {
            Self::Nanosecond => 1,
            Self::Microsecond => 1_000,
            Self::Millisecond => 1_000_000,
            Self::Second => 1_000_000_000,
            Self::Minute => 60_000_000_000,
            Self::Hour => 3_600_000_000_000,
        }
    }

    /// `value` of it in seconds. Multiplied before divided: both constants are exact, so that 0.1 ms is just 0.0001 s.
    pub(super) fn seconds(self, value: f64) -> f64 {
        value * self.nanos() as f64 / 1e9
    }
}

impl fmt::Display for TimeUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Nanosecond => "ns",
            Self::Microsecond => "us",
            Self::Millisecond => "ms",
            Self::Second => "s",
            Self::Minute => "min",
            Self::Hour => "h",
        })
    }
}

impl FromStr for TimeUnit {
    type Err = UnknownUnit;

    fn from_str(text: &str) -> Result<Self, UnknownUnit> {
        let known = Self::ALL.into_iter().find(|unit| unit.to_string() == text);
        known
            .or((text == "m").then_some(Self::Minute))
            .ok_or_else(|| UnknownUnit(text.into()))
    }
}

impl Cell<'_> {
    /// The instant in it: a number of `unit`, or without one a date.
    pub(super) fn instant(self, unit: Option<TimeUnit>) -> Result<Instant, InputError> {
        if let Some(unit) = unit {
            let expected = || {
                self.not(format!(
                    "a number of {unit}; write it like 12.5, or leave out the unit for dates"
                ))
            };
            let nanos = exact_nanos(self.text, unit).ok_or_else(expected)?;
            return Ok(Instant {
                nanos,
                has_offset: false,
            });
        }
        if number(self.text).is_some() {
            return Err(self.no_unit());
        }
        date(self.text).ok_or_else(|| {
            self.not("a date; write it like 2023-11-16 18:17:03.25 or 2023-11-16T18:17:03Z")
        })
    }
}

/// A finite number.
pub(super) fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

/// A date, with an offset or for UTC.
fn date(text: &str) -> Option<Instant> {
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        return Some(Instant {
            nanos: timestamp.as_nanosecond(),
            has_offset: true,
        });
    }
    // A zone's name alone would be passed over, and its clock changes with it.
    if text.contains('[') {
        return None;
    }
    let zoned = text
        .parse::<DateTime>()
        .ok()?
        .to_zoned(TimeZone::UTC)
        .ok()?;
    Some(Instant {
        nanos: zoned.timestamp().as_nanosecond(),
        has_offset: false,
    })
}

/// A decimal number of `unit`, to the nearest nanosecond and without the detour over f64, which has 15 digits where
/// nanoseconds since 1970 have 19. None if it is no number or beyond all dates.
fn exact_nanos(text: &str, unit: TimeUnit) -> Option<i128> {
    // Guards the grammar: what is no f64 is no number here either, and what is one has only digits, a point and an
    // exponent.
    number(text)?;
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let exponent: i32 = exponent.parse().ok()?;
    let unsigned = mantissa.trim_start_matches(['+', '-']);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let fraction = &fraction[..fraction.len().min(FRACTION_DIGITS_MAX)];
    let digits = format!("{whole}{fraction}").parse::<i128>().ok()?;
    let scaled = digits.checked_mul(unit.nanos().into())?;
    let nanos = shifted(
        scaled,
        exponent.checked_sub(i32::try_from(fraction.len()).ok()?)?,
    )?;
    Some(if mantissa.starts_with('-') {
        -nanos
    } else {
        nanos
    })
}

/// `value`·10^`power`, rounded half up; `value` is not negative.
fn shifted(value: i128, power: i32) -> Option<i128> {
    if power >= 0 {
        return value.checked_mul(10_i128.checked_pow(power.unsigned_abs())?);
    }
    let Some(divisor) = 10_i128.checked_pow(power.unsigned_abs()) else {
        return Some(0);
    };
    Some(value / divisor + i128::from(value % divisor >= divisor / 2))
}
