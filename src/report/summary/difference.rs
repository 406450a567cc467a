//! A variant against the base, in one line.

use crate::scenario::Quantity;
use crate::study::{Difference, Estimate, Finding};
use crate::units;

pub(super) fn line(difference: &Difference, level: f64) -> String {
    let metric = &difference.metric;
    match &difference.estimate {
        Estimate::Refused { why } => format!("against base: {metric} cannot be compared: {why}"),
        Estimate::Known {
            value, interval, ..
        } => {
            let of = match difference.finding {
                Finding::Better | Finding::Worse => String::new(),
                Finding::NoEvidence => format!(" of a difference at {}", units::show_share(level)),
            };
            let finding = format!("{}{of}", difference.finding.word());
            let change = change(metric.quantity(), *value, *interval);
            let gain = difference.gain.map_or_else(String::new, gain);
            format!("against base: {metric} {change}: {finding}{gain}")
        }
    }
}

/// What common draws are worth.
fn gain(gain: f64) -> String {
    let times = |factor: f64| format!("{factor:.1}");
    if gain >= NOTABLE {
        format!("   (common draws: variance {} times smaller)", times(gain))
    } else if gain <= 1.0 / NOTABLE {
        format!(
            "   (common draws do not help here: variance {} times larger)",
            times(1.0 / gain)
        )
    } else {
        String::new()
    }
}

/// Factors of variance nearer to 1 are not worth a word.
const NOTABLE: f64 = 1.1;

/// What is said below the last of several differences.
pub(super) fn together(comparisons: usize, level: f64) -> Option<String> {
    let level = units::show_share(level);
    (comparisons > 1).then(|| {
        format!("{comparisons} differences are looked at: their intervals are widened so that all hold together at {level}")
    })
}

/// `−78.9 ms [−126 ms, −31.6 ms]`. What shares differ by is no share: `−96.2 [−97, −95.4] percentage points`.
fn change(quantity: Quantity, value: f64, interval: Option<(f64, f64)>) -> String {
    let show = |value: f64| signed(quantity, value);
    let interval = interval.map(|(low, high)| format!(" [{}, {}]", show(low), show(high)));
    let interval = interval.unwrap_or_default();
    let unit = if quantity == Quantity::Share {
        " percentage points"
    } else {
        ""
    };
    format!("{}{interval}{unit}", show(value))
}

fn signed(quantity: Quantity, value: f64) -> String {
    let sign = if value < 0.0 { "−" } else { "+" };
    let size = if quantity == Quantity::Share {
        units::show_count(value.abs() * 100.0)
    } else {
        quantity.show(value.abs())
    };
    format!("{sign}{size}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_differ_by_points_and_all_else_by_its_own_unit() {
        let ends = Some((-0.97, -0.954));
        let points = change(Quantity::Share, -0.962, ends);
        assert_eq!(points, "−96.2 [−97, −95.4] percentage points");
        assert_eq!(change(Quantity::Seconds, 0.25, None), "+250 ms");
    }
}
