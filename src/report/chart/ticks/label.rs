//! Numbers as people write them.

/// A count or rate with three significant digits: `41.2k`, `0.25`.
pub fn number_label(value: f64) -> String {
    let rounded = significant(value);
    stepped(rounded, rounded.abs() / 1000.0)
}

/// A time with three significant digits in one unit: `200 ms`, `1.5 min`.
pub fn seconds_label(seconds: f64) -> String {
    const UNITS: [(f64, &str); 7] = [
        (86_400.0, "d"),
        (3600.0, "h"),
        (60.0, "min"),
        (1.0, "s"),
        (1e-3, "ms"),
        (1e-6, "µs"),
        (1e-9, "ns"),
    ];
    let rounded = significant(seconds);
    let (size, unit) = UNITS
        .into_iter()
        .find(|(size, _)| rounded.abs() >= *size * (1.0 - 1e-9))
        .unwrap_or(if rounded.abs() > 0.0 {
            (1e-9, "ns")
        } else {
            (1.0, "s")
        });
    format!("{}\u{a0}{unit}", number_label(rounded / size))
}

/// A share with three significant digits: `0.31 %`.
pub fn share_label(share: f64) -> String {
    format!("{}\u{a0}%", number_label(share * 100.0))
}

/// A multiple of a step, with the decimals that the step needs and a suffix for thousands.
pub(super) fn stepped(value: f64, step: f64) -> String {
    const SUFFIXES: [(f64, &str); 4] = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")];
    let size = value.abs();
    if size >= 1e15 || (size > 0.0 && size < 1e-6) {
        let digits = digits_between(size, step);
        let (mantissa, exponent) = split(&format!("{value:.digits$e}"));
        return format!("{}e{exponent}", without_zeros(&mantissa));
    }
    let (unit, suffix) = SUFFIXES
        .into_iter()
        .find(|(unit, _)| size >= *unit)
        .unwrap_or((1.0, ""));
    let decimals = decimals(step / unit);
    format!(
        "{}{suffix}",
        without_zeros(&format!("{:.decimals$}", value / unit))
    )
}

/// Decimals that a multiple of the step needs.
fn decimals(step: f64) -> usize {
    if step > 0.0 {
        (1e-9 - step.log10()).ceil().clamp(0.0, 12.0) as usize
    } else {
        0
    }
}

/// Digits after the first that a value needs to be told from the next one a step away.
fn digits_between(size: f64, step: f64) -> usize {
    if step > 0.0 && size > 0.0 {
        (size.log10().floor() - step.log10().floor()).clamp(0.0, 12.0) as usize
    } else {
        0
    }
}

fn split(scientific: &str) -> (String, String) {
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    (mantissa.to_owned(), exponent.to_owned())
}

fn without_zeros(number: &str) -> String {
    let trimmed = if number.contains('.') {
        number.trim_end_matches('0').trim_end_matches('.')
    } else {
        number
    };
    if trimmed == "-0" {
        "0".to_owned()
    } else {
        trimmed.replace('-', "−")
    }
}

/// Rounded to three significant digits.
fn significant(value: f64) -> f64 {
    if value.is_finite() {
        format!("{value:.2e}").parse().unwrap_or(value)
    } else {
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_digits_and_a_suffix() {
        let table = [
            (0.0, "0"),
            (1.0, "1"),
            (999.6, "1k"),
            (41_234.0, "41.2k"),
            (0.25, "0.25"),
            (-3.0, "−3"),
            (1.5e6, "1.5M"),
            (0.012345, "0.0123"),
        ];
        for (value, expected) in table {
            assert_eq!(number_label(value), expected);
        }
    }

    #[test]
    fn times_are_written_in_the_unit_that_keeps_them_short() {
        let table = [
            (0.2, "200 ms"),
            (0.99999, "1 s"),
            (90.0, "1.5 min"),
            (7200.0, "2 h"),
            (2.5e-6, "2.5 µs"),
            (259_200.0, "3 d"),
            (0.0, "0 s"),
        ];
        for (seconds, expected) in table {
            assert_eq!(seconds_label(seconds), expected.replace(' ', "\u{a0}"));
        }
    }

    #[test]
    fn shares_are_written_in_percent() {
        assert_eq!(share_label(0.00312), "0.312\u{a0}%");
        assert_eq!(share_label(1.0), "100\u{a0}%");
    }
}
