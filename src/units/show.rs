//! Numbers in SI units, as people like to read them.

use crate::time::Span;

const SECOND: u64 = 1_000_000_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// A length of time in the unit a person would choose, three significant digits: `23.4 ms`, `4m 02s`, `1h 22m`,
/// `2d 03h`.
pub fn show_seconds(seconds: f64) -> String {
    signed(seconds, |seconds| {
        if seconds == 0.0 {
            return "0 s".to_owned();
        }
        // A value that rounds up to the next unit's 1 is shown in that unit: 999.7 ms is 1.00 s.
        for (unit, scale) in [("ns", 1e9), ("µs", 1e6), ("ms", 1e3)] {
            let value = round_to_three(seconds * scale);
            if value < 1_000.0 {
                return format!("{} {unit}", three_digits(value));
            }
        }
        if round_to_three(seconds) < 60.0 {
            return format!("{} s", three_digits(seconds));
        }
        clock(seconds)
    })
}

/// A minute or more, as its two largest units.
fn clock(seconds: f64) -> String {
    let whole = seconds.round();
    if whole < 3_600.0 {
        return format!("{}m {:02}s", (whole / 60.0).floor(), whole % 60.0);
    }
    let minutes = (seconds / 60.0).round();
    if minutes < 1_440.0 {
        return format!("{}h {:02}m", (minutes / 60.0).floor(), minutes % 60.0);
    }
    let hours = (seconds / 3_600.0).round();
    format!("{}d {:02}h", (hours / 24.0).floor(), hours % 24.0)
}

/// A number of messages or of anything else: `60`, `2.34`, `41.2k`, `2.40M`.
pub fn show_count(count: f64) -> String {
    signed(count, |count| {
        if round_to_three(count) < 1_000.0 {
            return plain(count);
        }
        for (unit, scale) in [("k", 1e3), ("M", 1e6), ("G", 1e9)] {
            let value = round_to_three(count / scale);
            if value < 1_000.0 {
                return format!("{}{unit}", three_digits(value));
            }
        }
        format!("{count:.2e}")
    })
}

/// A rate per second: `80/s`, `5.00k/s`.
pub fn show_rate(per_second: f64) -> String {
    format!("{}/s", show_count(per_second))
}

/// A share between 0 and 1: `0.31 %`, `83 %`. What is not quite everything is never shown as 100 %.
pub fn show_share(share: f64) -> String {
    signed(share, |share| {
        let percent = share * 100.0;
        if percent < 100.0 && round_to_three(percent) >= 100.0 {
            return "> 99.9 %".to_owned();
        }
        format!("{} %", trimmed(plain(percent)))
    })
}

/// A number of bytes: `512 B`, `2 KiB`, `1.5 MiB`.
pub fn show_bytes(bytes: f64) -> String {
    signed(bytes, |bytes| {
        let mut value = bytes;
        let mut unit = "B";
        for larger in ["KiB", "MiB", "GiB", "TiB"] {
            if value.round() < 1_024.0 {
                break;
            }
            value /= 1_024.0;
            unit = larger;
        }
        let digits = if value >= 1_000.0 {
            format!("{value:.0}")
        } else {
            trimmed(plain(value))
        };
        format!("{digits} {unit}")
    })
}

/// A length of time to the nanosecond, such that `parse_duration` gives it back: `1h30m`, `1s500ms`, `0s`.
pub fn write_duration(span: Span) -> String {
    let units = [
        ("d", DAY),
        ("h", HOUR),
        ("m", MINUTE),
        ("s", SECOND),
        ("ms", 1_000_000),
        ("us", 1_000),
        ("ns", 1),
    ];
    let mut rest = span.as_nanos();
    let mut text = String::new();
    for (unit, nanos) in units {
        if rest >= nanos {
            text.push_str(&format!("{}{unit}", rest / nanos));
            rest %= nanos;
        }
    }
    if text.is_empty() {
        "0s".to_owned()
    } else {
        text
    }
}

/// Takes the sign off, and what is not finite away, before `show` sees a number.
fn signed(value: f64, show: impl Fn(f64) -> String) -> String {
    let sign = if value < 0.0 { "-" } else { "" };
    if value.is_nan() {
        "NaN".to_owned()
    } else if value.is_infinite() {
        format!("{sign}∞")
    } else {
        format!("{sign}{}", show(value.abs()))
    }
}

/// Whole numbers below 1,000 as they are, all others with three significant digits.
fn plain(value: f64) -> String {
    let whole = value.round();
    if value < 1_000.0 && (value - whole).abs() < 1e-9 && (whole > 0.0 || value == 0.0) {
        format!("{whole}")
    } else {
        three_digits(value)
    }
}

fn trimmed(text: String) -> String {
    if text.contains('.') && !text.contains('e') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

fn round_to_three(value: f64) -> f64 {
    if value <= 0.0 {
        return 0.0;
    }
    let scale = 10_f64.powi(2 - value.log10().floor() as i32);
    // Beyond the range of the scale there is nothing left to round.
    if scale.is_normal() {
        (value * scale).round() / scale
    } else {
        value
    }
}

fn three_digits(value: f64) -> String {
    let rounded = round_to_three(value);
    if rounded != 0.0 && rounded < 1e-3 {
        return format!("{value:.2e}");
    }
    let decimals = if rounded >= 100.0 {
        0
    } else if rounded >= 10.0 {
        1
    } else if rounded >= 1.0 {
        2
    } else {
        // Up to 0.00123: as many more as there are zeros behind the point.
        (2 - rounded.log10().floor() as i32).clamp(2, 6) as usize
    };
    format!("{rounded:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_time_is_shown_in_the_unit_a_person_would_choose() {
        let cases = [
            (0.0, "0 s"),
            (3e-10, "0.300 ns"),
            (2.5e-7, "250 ns"),
            (1.25e-5, "12.5 µs"),
            (0.0234, "23.4 ms"),
            (0.189, "189 ms"),
            (0.9997, "1.00 s"),
            (1.3, "1.30 s"),
            (59.97, "1m 00s"),
            (242.0, "4m 02s"),
            (3_599.7, "1h 00m"),
            (4_920.0, "1h 22m"),
            (86_399.0, "1d 00h"),
            (183_600.0, "2d 03h"),
            (-1.3, "-1.30 s"),
            (f64::INFINITY, "∞"),
        ];
        for (seconds, shown) in cases {
            assert_eq!(show_seconds(seconds), shown, "{seconds}");
        }
    }

    #[test]
    fn counts_rates_shares_and_sizes_have_three_digits() {
        assert_eq!(show_count(60.0), "60");
        assert_eq!(show_count(2.34), "2.34");
        assert_eq!(show_count(41_200.0), "41.2k");
        assert_eq!(show_count(2_400_000.0), "2.40M");
        assert_eq!(show_count(999.7), "1.00k");
        assert_eq!(show_count(0.001_23), "0.00123");
        assert_eq!(show_count(3e-7), "3.00e-7");
        assert_eq!(show_rate(80.0), "80/s");
        assert_eq!(show_rate(5_000.0), "5.00k/s");
        assert_eq!(show_share(0.0031), "0.31 %");
        assert_eq!(show_share(0.83), "83 %");
        assert_eq!(show_share(0.4794), "47.9 %");
        assert_eq!(show_share(0.999_99), "> 99.9 %");
        assert_eq!(show_share(1.0), "100 %");
        assert_eq!(show_share(0.0), "0 %");
        assert_eq!(show_bytes(512.0), "512 B");
        assert_eq!(show_bytes(2_048.0), "2 KiB");
        assert_eq!(show_bytes(1.5 * 1_048_576.0), "1.5 MiB");
    }

    #[test]
    fn a_duration_is_written_to_the_nanosecond() {
        assert_eq!(write_duration(Span::from_secs(5_400)), "1h30m");
        assert_eq!(
            write_duration(Span::from_nanos(1_500_000_007)),
            "1s500ms7ns"
        );
        assert_eq!(write_duration(Span::ZERO), "0s");
    }

    proptest! {
        #[test]
        fn any_number_can_be_shown(value: f64) {
            for text in [show_seconds(value), show_count(value), show_rate(value), show_share(value), show_bytes(value)] {
                prop_assert!(!text.is_empty());
            }
        }
    }
}
