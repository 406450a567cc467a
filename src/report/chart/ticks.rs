//! Where an axis is marked, and how: steps that people count in, as fine as their labels fit.

mod label;
mod log;
mod time;

pub use label::{number_label, seconds_label, share_label};

use super::{Axis, Scale, Unit};
use label::stepped;

/// One mark at an axis.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tick {
    pub(super) at: f64,
    pub(super) label: String,
}

/// The marks of an axis, increasing.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ticks {
    pub(super) marks: Vec<Tick>,
    /// The unit that the labels leave out.
    pub(super) unit: Option<&'static str>,
}

/// More marks than this are not read.
const MOST: f64 = 12.0;

/// The finest marks of a domain that fit, by a caller who knows how wide labels are and how much room there is.
pub(super) fn choose(
    axis: &Axis,
    (low, high): (f64, f64),
    fits: &dyn Fn(&[Tick]) -> bool,
) -> Ticks {
    debug_assert!(low < high, "an axis from {low} to {high}");
    match (axis.scale, axis.unit) {
        (Scale::Linear, Unit::Seconds) => time::linear(low, high, fits),
        (Scale::Linear, unit) => Ticks {
            marks: linear(low, high, unit, fits),
            unit: None,
        },
        (Scale::Log, unit) => Ticks {
            marks: log::marks(low, high, unit, fits),
            unit: None,
        },
    }
}

fn linear(low: f64, high: f64, unit: Unit, fits: &dyn Fn(&[Tick]) -> bool) -> Vec<Tick> {
    let write = |value: f64, step: f64| match unit {
        Unit::Number | Unit::Seconds => stepped(value, step),
        Unit::Share | Unit::Tail => format!("{}\u{a0}%", stepped(value * 100.0, step * 100.0)),
    };
    first_that_fits(decades((high - low) / MOST), low, high, &write, fits)
}

/// Marks at the multiples of the first step, of increasing ones, whose labels fit.
fn first_that_fits(
    steps: impl Iterator<Item = f64>,
    low: f64,
    high: f64,
    write: &dyn Fn(f64, f64) -> String,
    fits: &dyn Fn(&[Tick]) -> bool,
) -> Vec<Tick> {
    // Rounding must not lose the mark at the end of the axis.
    let slack = (high - low) * 1e-9;
    for step in steps.filter(|step| *step * MOST >= (high - low) - slack) {
        let (first, last) = (
            ((low - slack) / step).ceil() as i64,
            ((high + slack) / step).floor() as i64,
        );
        let marks: Vec<Tick> = (first..=last)
            .map(|multiple| multiple as f64 * step)
            .map(|at| Tick {
                at,
                label: write(at, step),
            })
            .collect();
        if fits(&marks) || marks.len() < 2 {
            return marks;
        }
    }
    Vec::new()
}

/// 1-2-5 steps from the largest that is not above `from`; enough of them to outgrow any axis.
fn decades(from: f64) -> impl Iterator<Item = f64> {
    let exponent = from.log10().floor() as i32;
    (exponent..exponent + 6)
        .flat_map(|exponent| [1.0, 2.0, 5.0].map(|digit| scaled(digit, exponent)))
}

/// `digit` × 10^`exponent`, to the last bit what the decimal number reads as.
fn scaled(digit: f64, exponent: i32) -> f64 {
    // Dividing by a power of ten is exact to the last bit where multiplying by its inverse is not.
    if exponent < 0 {
        digit / 10f64.powi(-exponent)
    } else {
        digit * 10f64.powi(exponent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(
        unit: Unit,
        scale: Scale,
        domain: (f64, f64),
        most: usize,
    ) -> (Vec<String>, Option<&'static str>) {
        let axis = Axis {
            label: String::new(),
            unit,
            scale,
            range: None,
        };
        let ticks = choose(&axis, domain, &|marks| marks.len() <= most);
        (
            ticks.marks.into_iter().map(|tick| tick.label).collect(),
            ticks.unit,
        )
    }

    #[test]
    fn counts_go_in_steps_of_one_two_five() {
        let table: [((f64, f64), &[&str]); 7] = [
            ((0.0, 10_400.0), &["0", "2k", "4k", "6k", "8k", "10k"]),
            ((0.0, 3.2), &["0", "0.5", "1", "1.5", "2", "2.5", "3"]),
            ((0.0, 1.06), &["0", "0.2", "0.4", "0.6", "0.8", "1"]),
            ((0.0, 2_400.0), &["0", "500", "1k", "1.5k", "2k"]),
            ((0.0, 5.3e6), &["0", "1M", "2M", "3M", "4M", "5M"]),
            (
                (0.0, 3e-9),
                &["0", "5e-10", "1e-9", "1.5e-9", "2e-9", "2.5e-9", "3e-9"],
            ),
            ((0.0, 4.2e17), &["0", "1e17", "2e17", "3e17", "4e17"]),
        ];
        for (domain, expected) in table {
            assert_eq!(
                labels(Unit::Number, Scale::Linear, domain, 7).0,
                expected,
                "{domain:?}"
            );
        }
    }

    #[test]
    fn shares_are_percentages_and_tails_name_their_percentile() {
        let (shares, _) = labels(Unit::Share, Scale::Linear, (0.0, 1.0), 6);
        assert_eq!(
            shares,
            ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"]
                .map(|label| label.replace(' ', "\u{a0}"))
        );
        let (tails, _) = labels(Unit::Tail, Scale::Log, (1e-5, 1.0), 12);
        let expected = [
            "0.001 %",
            "0.01 %",
            "0.1 % (p99.9)",
            "1 % (p99)",
            "10 % (p90)",
            "100 %",
        ];
        assert_eq!(tails, expected.map(|label| label.replace(' ', "\u{a0}")));
    }

    #[test]
    fn time_is_divided_as_clocks_are() {
        let table: [(f64, &[&str], &str); 8] = [
            (1800.0, &["0", "5", "10", "15", "20", "25", "30"], "min"),
            (3600.0, &["0", "10", "20", "30", "40", "50", "60"], "min"),
            (90.0, &["0", "15", "30", "45", "60", "75", "90"], "s"),
            (12.0, &["0", "2", "4", "6", "8", "10", "12"], "s"),
            (86_400.0, &["0", "6", "12", "18", "24"], "h"),
            (604_800.0, &["0", "1", "2", "3", "4", "5", "6", "7"], "d"),
            (0.04, &["0", "10", "20", "30", "40"], "ms"),
            (3e-6, &["0", "0.5", "1", "1.5", "2", "2.5", "3"], "µs"),
        ];
        for (end, expected, unit) in table {
            assert_eq!(
                labels(Unit::Seconds, Scale::Linear, (0.0, end), 8),
                (
                    expected.iter().map(|l| (*l).to_owned()).collect(),
                    Some(unit)
                ),
                "{end}"
            );
        }
    }

    #[test]
    fn logarithmic_times_change_their_unit_on_the_way() {
        let table: [((f64, f64), usize, &[&str]); 7] = [
            (
                (1.0, 5.0),
                12,
                &["1 s", "1.5 s", "2 s", "3 s", "4 s", "5 s"],
            ),
            ((1.0, 5.0), 5, &["1 s", "2 s", "5 s"]),
            (
                (0.01, 1.0),
                12,
                &[
                    "10 ms", "20 ms", "50 ms", "100 ms", "200 ms", "500 ms", "1 s",
                ],
            ),
            ((0.01, 10.0), 5, &["10 ms", "100 ms", "1 s", "10 s"]),
            (
                (1.0, 7200.0),
                20,
                &[
                    "1 s", "2 s", "5 s", "10 s", "30 s", "1 min", "2 min", "5 min", "10 min",
                    "30 min", "1 h", "2 h",
                ],
            ),
            (
                (1e-6, 864_000.0),
                8,
                &["1 µs", "1 ms", "1 s", "1 min", "1 h", "1 d"],
            ),
            (
                (1.2, 1.6),
                5,
                &["1.2 s", "1.3 s", "1.4 s", "1.5 s", "1.6 s"],
            ),
        ];
        for (domain, most, expected) in table {
            let expected: Vec<String> = expected
                .iter()
                .map(|label| label.replace(' ', "\u{a0}"))
                .collect();
            assert_eq!(
                labels(Unit::Seconds, Scale::Log, domain, most).0,
                expected,
                "{domain:?}"
            );
        }
    }
}
