//! What people write, read.

use super::UnitError;
use super::number::{self, Decimal};
use crate::time::Span;

const DURATIONS: [(&str, u64); 10] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("min", 60_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
    ("d", 86_400_000_000_000),
    ("w", 604_800_000_000_000),
];

const SIZES: [(&str, u64); 10] = [
    ("B", 1),
    ("kB", 1_000),
    ("KB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("TiB", 1 << 40),
];

/// Reads `250us`, `1.5s`, `1h30m`, `2d`. Fractions of a nanosecond are rounded.
///
/// # Errors
/// No unit, an unknown one, no number, a negative one, a rate, one longer than 584 years, or one so short that it would
/// be rounded to nothing.
pub fn parse_duration(text: &str) -> Result<Span, UnitError> {
    let trimmed = text.trim();
    start("duration", trimmed, "200ms")?;
    let mut rest = trimmed;
    let mut nanos = 0_u64;
    while !rest.is_empty() {
        let (decimal, tail) =
            number::split(rest).ok_or_else(|| not_a("duration", trimmed, "200ms"))?;
        let end = tail
            .find(|c: char| !c.is_alphabetic())
            .unwrap_or(tail.len());
        let (unit, after) = tail.split_at(end);
        if after.starts_with('/') || after.starts_with('%') {
            return Err(not_a("duration", trimmed, "200ms"));
        }
        let span = one_duration(trimmed, rest, &decimal, unit)?;
        nanos = nanos.checked_add(span).ok_or_else(|| too_long(trimmed))?;
        rest = after.trim_start();
    }
    Ok(Span::from_nanos(nanos))
}

fn one_duration(text: &str, part: &str, decimal: &Decimal, unit: &str) -> Result<u64, UnitError> {
    let Some(&(_, nanos_per_unit)) = DURATIONS.iter().find(|(name, _)| *name == unit) else {
        return Err(duration_unit(text, part, unit));
    };
    let (nanos, exact) = decimal
        .times(nanos_per_unit)
        .ok_or_else(|| too_long(text))?;
    if nanos == 0 && !exact {
        return Err(UnitError::new(
            format!("duration \"{text}\" is shorter than a nanosecond"),
            "time is counted in whole nanoseconds; write \"1ns\" or \"0s\"",
        ));
    }
    Ok(nanos)
}

fn duration_unit(text: &str, part: &str, unit: &str) -> UnitError {
    if unit.is_empty() && part == text {
        UnitError::new(
            format!("duration \"{text}\" has no unit"),
            format!("write \"{text}ms\" or \"{text}s\""),
        )
    } else if unit.is_empty() {
        UnitError::new(
            format!("duration \"{text}\": \"{part}\" has no unit"),
            "write \"1h30m\" or \"1m30s\"",
        )
    } else {
        UnitError::new(
            format!("duration \"{text}\" has the unknown unit \"{unit}\""),
            "units are ns, us, ms, s, m, h, d",
        )
    }
}

fn too_long(text: &str) -> UnitError {
    UnitError::new(
        format!("duration \"{text}\" is longer than 584 years"),
        "write a shorter one, such as \"30d\"",
    )
}

/// Reads `80/s`, `300/min`, `5k/s`, `2.4M/h`, `1/d`, in events per second.
///
/// # Errors
/// No unit of time, an unknown one, no number, a negative one.
pub fn parse_rate(text: &str) -> Result<f64, UnitError> {
    let trimmed = text.trim();
    start("rate", trimmed, "80/s")?;
    let wrong = || not_a("rate", trimmed, "80/s");
    let (decimal, tail) = number::split(trimmed).ok_or_else(wrong)?;
    let (exponent, tail) = prefix(tail);
    let Some(unit) = tail.trim_start().strip_prefix('/') else {
        return Err(if tail.is_empty() {
            UnitError::new(
                format!("rate \"{trimmed}\" has no unit"),
                format!("write \"{trimmed}/s\" or \"{trimmed}/min\""),
            )
        } else {
            wrong()
        });
    };
    let Some(&(_, nanos)) = DURATIONS.iter().find(|(name, _)| *name == unit.trim()) else {
        return Err(UnitError::new(
            format!(
                "rate \"{trimmed}\" is per the unknown unit \"{}\"",
                unit.trim()
            ),
            "rates are per ms, s, min, h, d: write \"80/s\" or \"300/min\"",
        ));
    };
    let number = decimal.scaled(exponent).ok_or_else(wrong)?;
    Ok(number / Span::from_nanos(nanos).as_secs_f64())
}

/// Reads `200k`, `1_000`, `2.4M`: a whole number.
///
/// # Errors
/// No number, a negative one, a unit, one that is not whole or beyond `u64`.
pub fn parse_count(text: &str) -> Result<u64, UnitError> {
    let trimmed = text.trim();
    start("count", trimmed, "200k")?;
    let wrong = || not_a("count", trimmed, "200k");
    let (decimal, tail) = number::split(trimmed).ok_or_else(wrong)?;
    let (exponent, tail) = prefix(tail);
    if !tail.is_empty() {
        return Err(wrong());
    }
    match decimal.times(10_u64.pow(exponent.unsigned_abs())) {
        Some((count, true)) => Ok(count),
        Some((count, false)) => Err(UnitError::new(
            format!("count \"{trimmed}\" is not whole"),
            format!("write a whole number, such as \"{count}\""),
        )),
        None => Err(UnitError::new(
            format!("count \"{trimmed}\" is too large"),
            "write at most 18446744073709551615",
        )),
    }
}

/// Reads a plain number that is not negative, `1.2` or `200k`.
///
/// # Errors
/// No number, a negative one, a unit.
pub fn parse_number(text: &str) -> Result<f64, UnitError> {
    let trimmed = text.trim();
    start("number", trimmed, "1.2")?;
    let wrong = || not_a("number", trimmed, "1.2");
    let (decimal, tail) = number::split(trimmed).ok_or_else(wrong)?;
    let (exponent, tail) = prefix(tail);
    if tail.is_empty() {
        decimal.scaled(exponent).ok_or_else(wrong)
    } else {
        Err(wrong())
    }
}

/// Reads `512B`, `2KiB`, `1MB`, in bytes.
///
/// # Errors
/// No unit, an unknown one, no number, a negative one, not a whole number of bytes.
pub fn parse_bytes(text: &str) -> Result<u64, UnitError> {
    let trimmed = text.trim();
    start("size", trimmed, "2KiB")?;
    let wrong = || not_a("size", trimmed, "2KiB");
    let (decimal, unit) = number::split(trimmed).ok_or_else(wrong)?;
    if unit.is_empty() {
        return Err(UnitError::new(
            format!("size \"{trimmed}\" has no unit"),
            format!("write \"{trimmed}B\" or \"{trimmed}KiB\""),
        ));
    }
    let Some(&(_, bytes)) = SIZES.iter().find(|(name, _)| *name == unit) else {
        return Err(
            if unit.contains('/') || DURATIONS.iter().any(|(name, _)| *name == unit) {
                wrong()
            } else {
                UnitError::new(
                    format!("size \"{trimmed}\" has the unknown unit \"{unit}\""),
                    "units are B, kB, MB, GB, KiB, MiB, GiB",
                )
            },
        );
    };
    match decimal.times(bytes) {
        Some((size, true)) => Ok(size),
        Some((size, false)) => Err(UnitError::new(
            format!("size \"{trimmed}\" is not a whole number of bytes"),
            format!("write \"{size}B\""),
        )),
        None => Err(UnitError::new(
            format!("size \"{trimmed}\" is too large"),
            "write at most 16 EiB",
        )),
    }
}

/// Reads `2%`, `0.01%`, as a number: 0.02, 0.0001. More than 100 % is left to the caller to refuse.
///
/// # Errors
/// No `%`, no number, a negative one.
pub fn parse_share(text: &str) -> Result<f64, UnitError> {
    let trimmed = text.trim();
    start("share", trimmed, "2%")?;
    let wrong = || not_a("share", trimmed, "2%");
    let (decimal, tail) = number::split(trimmed).ok_or_else(wrong)?;
    match tail {
        "%" => decimal.scaled(-2).ok_or_else(wrong),
        "" => Err(UnitError::new(
            format!("share \"{trimmed}\" has no unit"),
            match decimal.scaled(2) {
                Some(percent) if percent <= 100.0 => format!("write \"{percent}%\""),
                Some(_) | None => format!("write \"{trimmed}%\""),
            },
        )),
        _ => Err(wrong()),
    }
}

/// A power of ten in front of a unit, and the rest.
fn prefix(tail: &str) -> (i32, &str) {
    for (name, exponent) in [("k", 3), ("K", 3), ("M", 6), ("G", 9)] {
        if let Some(rest) = tail.strip_prefix(name) {
            return (exponent, rest);
        }
    }
    (0, tail)
}

/// What every kind refuses: nothing, a negative number, NaN and infinity.
fn start(kind: &str, text: &str, example: &str) -> Result<(), UnitError> {
    let remedy = || format!("write a {kind} such as \"{example}\"");
    if text.is_empty() {
        return Err(UnitError::new(format!("this {kind} is empty"), remedy()));
    }
    let unsigned = text.trim_start_matches(['+', '-']);
    if text.starts_with('-') && unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return Err(UnitError::new(
            format!("{kind} \"{text}\" is negative"),
            format!("a {kind} is zero or more, such as \"{example}\""),
        ));
    }
    if unsigned.len() >= 3
        && matches!(
            unsigned.get(..3).map(str::to_ascii_lowercase).as_deref(),
            Some("nan" | "inf")
        )
    {
        return Err(UnitError::new(
            format!("{kind} \"{text}\" is not a finite number"),
            remedy(),
        ));
    }
    Ok(())
}

/// The error for a text of another kind, which is named where it can be told.
fn not_a(kind: &str, text: &str, example: &str) -> UnitError {
    let found = match kind_of(text) {
        Some(found) if found != kind => format!("\"{text}\" is a {found}, not a {kind}"),
        Some(_) | None => format!("\"{text}\" is not a {kind}"),
    };
    UnitError::new(found, format!("write a {kind} such as \"{example}\""))
}

fn kind_of(text: &str) -> Option<&'static str> {
    let (_, tail) = number::split(text)?;
    let word = tail.trim_start_matches(['k', 'K', 'M', 'G']);
    if word.starts_with('/') {
        Some("rate")
    } else if tail == "%" {
        Some("share")
    } else if DURATIONS.iter().any(|(name, _)| *name == tail) {
        Some("duration")
    } else if SIZES.iter().any(|(name, _)| *name == tail) {
        Some("size")
    } else if word.is_empty() {
        Some("count")
    } else {
        None
    }
}
