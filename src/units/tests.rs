//! Quantities as people write them.

use super::*;
use crate::time::Span;
use proptest::prelude::*;

#[track_caller]
fn refused<T: std::fmt::Debug>(result: Result<T, UnitError>, expected: &str) {
    assert_eq!(result.expect_err("should be refused").to_string(), expected);
}

#[test]
fn durations_are_exact_to_the_nanosecond() {
    let nanos = |text| parse_duration(text).map(Span::as_nanos);
    assert_eq!(nanos("250us"), Ok(250_000));
    assert_eq!(nanos("180ms"), Ok(180_000_000));
    assert_eq!(nanos("0.1s"), Ok(100_000_000));
    assert_eq!(nanos("1h30m"), Ok(5_400_000_000_000));
    assert_eq!(nanos("1m 30s"), Ok(90_000_000_000));
    assert_eq!(nanos("2d"), Ok(172_800_000_000_000));
    assert_eq!(nanos("7ns"), Ok(7));
    assert_eq!(nanos("0s"), Ok(0));
    assert_eq!(nanos("1_000ms"), Ok(1_000_000_000));
}

#[test]
fn what_is_no_duration_says_how_to_write_one() {
    refused(
        parse_duration("200"),
        "duration \"200\" has no unit; write \"200ms\" or \"200s\"",
    );
    refused(
        parse_duration("1h30"),
        "duration \"1h30\": \"30\" has no unit; write \"1h30m\" or \"1m30s\"",
    );
    refused(
        parse_duration("-2s"),
        "duration \"-2s\" is negative; a duration is zero or more, such as \"200ms\"",
    );
    refused(
        parse_duration("80/s"),
        "\"80/s\" is a rate, not a duration; write a duration such as \"200ms\"",
    );
    refused(
        parse_duration("5 sec"),
        "duration \"5 sec\" has the unknown unit \"sec\"; units are ns, us, ms, s, m, h, d",
    );
    refused(
        parse_duration("NaN"),
        "duration \"NaN\" is not a finite number; write a duration such as \"200ms\"",
    );
    refused(
        parse_duration(""),
        "this duration is empty; write a duration such as \"200ms\"",
    );
    refused(
        parse_duration("soon"),
        "\"soon\" is not a duration; write a duration such as \"200ms\"",
    );
    refused(
        parse_duration("0.1ns"),
        "duration \"0.1ns\" is shorter than a nanosecond; time is counted in whole nanoseconds; write \"1ns\" or \"0s\"",
    );
    refused(
        parse_duration("1000000d"),
        "duration \"1000000d\" is longer than 584 years; write a shorter one, such as \"30d\"",
    );
}

#[test]
fn rates_counts_sizes_and_shares_are_read_in_si_units() {
    assert_eq!(parse_rate("80/s"), Ok(80.0));
    assert_eq!(parse_rate("300/min"), Ok(5.0));
    assert_eq!(parse_rate("5k/s"), Ok(5_000.0));
    assert_eq!(parse_rate("3.6M/h"), Ok(1_000.0));
    assert_eq!(parse_count("200k"), Ok(200_000));
    assert_eq!(parse_count("1_000"), Ok(1_000));
    assert_eq!(parse_count("2.4M"), Ok(2_400_000));
    assert_eq!(parse_bytes("2KiB"), Ok(2_048));
    assert_eq!(parse_bytes("1MB"), Ok(1_000_000));
    assert_eq!(parse_share("2%"), Ok(0.02));
    assert_eq!(parse_share("0.01%"), Ok(0.0001));
}

#[test]
fn a_quantity_of_another_kind_is_named() {
    refused(
        parse_rate("80"),
        "rate \"80\" has no unit; write \"80/s\" or \"80/min\"",
    );
    refused(
        parse_rate("200ms"),
        "\"200ms\" is a duration, not a rate; write a rate such as \"80/s\"",
    );
    refused(
        parse_share("0.02"),
        "share \"0.02\" has no unit; write \"2%\"",
    );
    refused(
        parse_share("5s"),
        "\"5s\" is a duration, not a share; write a share such as \"2%\"",
    );
    refused(
        parse_count("1.5"),
        "count \"1.5\" is not whole; write a whole number, such as \"2\"",
    );
    refused(
        parse_bytes("512"),
        "size \"512\" has no unit; write \"512B\" or \"512KiB\"",
    );
    refused(
        parse_bytes("5s"),
        "\"5s\" is a duration, not a size; write a size such as \"2KiB\"",
    );
}

proptest! {
    #[test]
    fn a_duration_written_is_read_back_the_same(nanos: u64) {
        let span = Span::from_nanos(nanos);
        prop_assert_eq!(parse_duration(&write_duration(span)), Ok(span));
    }

    #[test]
    fn no_text_panics(text in "\\PC*") {
        let _ = (parse_duration(&text), parse_rate(&text), parse_count(&text));
        let _ = (parse_bytes(&text), parse_share(&text), parse_number(&text));
    }

    #[test]
    fn no_text_that_looks_like_a_quantity_panics(text in "[0-9._+-]{0,30}[kKMG]?[/%a-zµ]{0,4}[0-9.]{0,4}[smh]?") {
        let _ = (parse_duration(&text), parse_rate(&text), parse_count(&text));
        let _ = (parse_bytes(&text), parse_share(&text), parse_number(&text));
    }
}
