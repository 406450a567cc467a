//! Marks of a logarithmic axis: powers of ten (of a clock's units, for times), and 2 and 5 between them where they fit.

use super::label::{number_label, seconds_label, share_label};
use super::{Tick, Unit, decades, first_that_fits, scaled};

/// From the coarsest to the finest: every mark of a level is in the next one too.
const LEVELS: [u8; 4] = [0, 1, 2, FINEST];
/// More than 1, 2 and 5: only where these are few.
const FINEST: u8 = 3;
const FEW: usize = 5;

pub(super) fn marks(low: f64, high: f64, unit: Unit, fits: &dyn Fn(&[Tick]) -> bool) -> Vec<Tick> {
    let all = candidates(low, high, unit);
    let upto = |level: u8| -> Vec<Tick> {
        let chosen = all.iter().filter(|(_, of)| *of <= level);
        chosen
            .map(|(at, _)| Tick {
                at: *at,
                label: write(*at, unit),
            })
            .collect()
    };
    let finest = upto(2);
    if finest.len() < 2 {
        // Less than a step of the ladder: divided evenly.
        let step = (high - low) / 8.0;
        return first_that_fits(
            decades(step),
            low,
            high,
            &|value, _| write(value, unit),
            fits,
        );
    }
    let is_few = finest.len() < FEW;
    LEVELS
        .into_iter()
        .rev()
        .filter(|level| *level < FINEST || is_few)
        .map(upto)
        .find(|marks| fits(marks))
        .unwrap_or_else(|| every_other(upto(0), fits))
}

/// Every second, fourth, … mark, until they fit.
fn every_other(mut marks: Vec<Tick>, fits: &dyn Fn(&[Tick]) -> bool) -> Vec<Tick> {
    while marks.len() > 2 && !fits(&marks) {
        marks = marks.into_iter().step_by(2).collect();
    }
    marks
}

fn write(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Number => number_label(value),
        Unit::Seconds => seconds_label(value),
        Unit::Share => share_label(value),
        Unit::Tail => match percentile(value) {
            Some(percentile) => format!("{}\u{a0}({percentile})", share_label(value)),
            None => share_label(value),
        },
    }
}

/// The percentile that a share of slower messages belongs to, for those that have a name.
fn percentile(share: f64) -> Option<&'static str> {
    let named = [(0.1, "p90"), (0.01, "p99"), (0.001, "p99.9")];
    named
        .into_iter()
        .find(|(of, _)| (share / of - 1.0).abs() < 1e-6)
        .map(|(_, name)| name)
}

/// Marks within the domain with their level, increasing.
fn candidates(low: f64, high: f64, unit: Unit) -> Vec<(f64, u8)> {
    let mut ladder = match unit {
        Unit::Number | Unit::Share => decimal(low, high, FINEST),
        Unit::Tail => decimal(low, high, 1),
        Unit::Seconds => clock(low, high),
    };
    ladder.retain(|(at, _)| *at >= low * (1.0 - 1e-9) && *at <= high * (1.0 + 1e-9));
    ladder
}

fn decimal(low: f64, high: f64, finest: u8) -> Vec<(f64, u8)> {
    let (from, to) = (low.log10().floor() as i32, high.log10().ceil() as i32);
    let level = |digit: f64, exponent: i32| match digit {
        2.0 | 5.0 => 2,
        digit if digit > 1.0 => FINEST,
        _ if exponent % 3 == 0 => 0,
        _ => 1,
    };
    (from..=to)
        .flat_map(|exponent| {
            [1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0]
                .map(|digit| (scaled(digit, exponent), level(digit, exponent)))
        })
        .filter(|(_, level)| *level <= finest)
        .collect()
}

/// Decimal up to 10 s, then minutes, hours and days.
fn clock(low: f64, high: f64) -> Vec<(f64, u8)> {
    const MINUTE: f64 = 60.0;
    const HOUR: f64 = 3600.0;
    const DAY: f64 = 86_400.0;
    let below = decimal(low.min(1.0), 1.0, FINEST)
        .into_iter()
        .filter(|(at, _)| *at < 9.0);
    let middle = [
        (10.0, 1),
        (15.0, FINEST),
        (20.0, FINEST),
        (30.0, 2),
        (45.0, FINEST),
        (MINUTE, 0),
        (1.5 * MINUTE, FINEST),
        (2.0 * MINUTE, 2),
        (3.0 * MINUTE, FINEST),
        (5.0 * MINUTE, 2),
        (10.0 * MINUTE, 1),
        (15.0 * MINUTE, FINEST),
        (20.0 * MINUTE, FINEST),
        (30.0 * MINUTE, 2),
        (45.0 * MINUTE, FINEST),
        (HOUR, 0),
        (1.5 * HOUR, FINEST),
        (2.0 * HOUR, 2),
        (3.0 * HOUR, FINEST),
        (5.0 * HOUR, 2),
        (8.0 * HOUR, FINEST),
        (12.0 * HOUR, 2),
        (18.0 * HOUR, FINEST),
    ];
    let days = decimal(1.0, (high / DAY).max(1.0), FINEST)
        .into_iter()
        .map(|(at, level)| (at * DAY, level));
    below.chain(middle).chain(days).collect()
}
