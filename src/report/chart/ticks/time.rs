//! Marks of a time axis: seconds, minutes, hours or days, in the steps of a clock.

use super::label::stepped;
use super::{MOST, Tick, Ticks, decades, first_that_fits};

/// Up to this length (in seconds) an axis is read in the unit (its length in seconds) with these steps.
const UNITS: [(f64, f64, &str, &[f64]); 3] = [
    (
        180.0,
        1.0,
        "s",
        &[1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0],
    ),
    (
        10_800.0,
        60.0,
        "min",
        &[0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0],
    ),
    (
        259_200.0,
        3600.0,
        "h",
        &[0.5, 1.0, 2.0, 3.0, 6.0, 12.0, 24.0, 48.0],
    ),
];

/// Below this length the steps are decimal.
const DECIMAL_BELOW_S: f64 = 10.0;

pub(super) fn linear(low: f64, high: f64, fits: &dyn Fn(&[Tick]) -> bool) -> Ticks {
    let span = high - low;
    let clock = UNITS
        .into_iter()
        .find(|(longest, ..)| span <= longest * (1.0 + 1e-9));
    let (size, unit, steps) = match clock {
        Some((_, size, unit, steps)) if span >= DECIMAL_BELOW_S => (size, unit, Some(steps)),
        Some(_) => {
            let (size, unit) = decimal_unit(span);
            (size, unit, None)
        }
        None => (86_400.0, "d", None),
    };
    let write = |value: f64, step: f64| stepped(value / size, step / size);
    let marks = match steps {
        Some(steps) => first_that_fits(
            steps.iter().map(|step| step * size),
            low,
            high,
            &write,
            fits,
        ),
        None => first_that_fits(
            decades(span / size / MOST).map(|step| step * size),
            low,
            high,
            &write,
            fits,
        ),
    };
    Ticks {
        marks,
        unit: Some(unit),
    }
}

fn decimal_unit(span: f64) -> (f64, &'static str) {
    match span {
        span if span >= 1.0 => (1.0, "s"),
        span if span >= 1e-3 => (1e-3, "ms"),
        span if span >= 1e-6 => (1e-6, "µs"),
        _ => (1e-9, "ns"),
    }
}
