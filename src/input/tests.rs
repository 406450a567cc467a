//! Columns as they come from logs, right and wrong.

use std::io;

use super::*;

const FIRST: &str = "2023-11-16 18:17:03.9799600";

fn nanos(text: &str, unit: Option<TimeUnit>) -> Result<Vec<u64>, String> {
    let times = timestamps(text.as_bytes(), "at", unit).map_err(|error| error.to_string())?;
    Ok(times.into_iter().map(Time::as_nanos).collect())
}

fn column(cells: &[&str]) -> String {
    format!("at\n{}\n", cells.join("\n"))
}

#[test]
fn dates_in_every_spelling_count_from_the_first_row() {
    let table: [(&[&str], u64); 10] = [
        (&[FIRST, "2023-11-16 18:17:04.0319600"], 52_000_000),
        (&[FIRST, "2023-11-16 18:17:03.9799601"], 100),
        (
            &["2014-04-10 00:04:00", "2014-04-10 00:09:00"],
            300_000_000_000,
        ),
        (
            &["2014-04-10T00:04:00", "2014-04-11T00:04:00"],
            86_400_000_000_000,
        ),
        (&["2014-04-10", "2014-04-11"], 86_400_000_000_000),
        (
            &["2023-11-16T18:17:03Z", "2023-11-16T18:17:03.000000001Z"],
            1,
        ),
        (
            &["2023-11-16 18:17:03+01:00", "2023-11-16 17:17:04Z"],
            1_000_000_000,
        ),
        (
            &["2023-11-16T18:17:03-05:30", "2023-11-16T23:47:04+00:00"],
            1_000_000_000,
        ),
        (
            &["1969-12-31T23:59:59Z", "1970-01-01T00:00:01Z"],
            2_000_000_000,
        ),
        (
            &["\"2014-04-10 00:04:00\"", "  2014-04-10 00:04:01  "],
            1_000_000_000,
        ),
    ];
    for (cells, later) in table {
        assert_eq!(nanos(&column(cells), None), Ok(vec![0, later]), "{cells:?}");
    }
}

#[test]
fn numbers_keep_every_digit() {
    use TimeUnit::{Hour, Microsecond, Millisecond, Minute, Nanosecond, Second};
    let table: [(TimeUnit, &[&str], u64); 12] = [
        (
            Nanosecond,
            &["1700000000123456789", "1700000000123456790"],
            1,
        ),
        (Second, &["1700000000.123456789", "1700000000.123456790"], 1),
        (
            Microsecond,
            &["1700000000123456.789", "1700000000123456.79"],
            1,
        ),
        (Millisecond, &["0.1", "0.3"], 200_000),
        (Minute, &["1", "2.5"], 90_000_000_000),
        (
            Hour,
            &["0", "0.000000000000277777777777777777777777777777"],
            1,
        ),
        (Second, &["-1.5", "+2"], 3_500_000_000),
        (Second, &["1.7e9", "1.700000001E+9"], 1_000_000_000),
        (Second, &["0", "15e-10"], 2),
        (Second, &["0", ".5"], 500_000_000),
        (Second, &["0", "5."], 5_000_000_000),
        (Second, &["0", "1e-60"], 0),
    ];
    for (unit, cells, later) in table {
        assert_eq!(
            nanos(&column(cells), Some(unit)),
            Ok(vec![0, later]),
            "{cells:?} {unit}"
        );
    }
}

#[test]
fn an_error_names_the_line_that_an_editor_shows() {
    for (text, line) in [
        ("at\nx", 2),
        ("at\r\n1\r\nx\r\n", 3),
        ("at\n\n\n1\n\nx\n", 6),
        ("\r\nat\r\n\r\nx\r\n", 4),
        ("at,note\n1,\"two\nlines\"\nx,\n", 4),
    ] {
        let found = column_of_numbers(text.as_bytes(), "at").map_err(|error| error.to_string());
        let expected = format!("line {line}, column at: \"x\" is not a number; write it like 12.5");
        assert_eq!(found, Err(expected), "{text:?}");
    }
}

#[test]
fn a_byte_order_mark_windows_line_ends_and_blank_lines_do_no_harm() {
    let text = "\u{feff}at,size\r\n\r\n1,10\r\n  ,\r\n2,20\r\n\r\n";
    assert_eq!(
        nanos(text, Some(TimeUnit::Second)),
        Ok(vec![0, 1_000_000_000])
    );
    let sizes = column_of_numbers(text.as_bytes(), "size");
    assert_eq!(
        sizes.map_err(|error| error.to_string()),
        Ok(vec![10.0, 20.0])
    );
}

#[test]
fn durations_are_seconds_whatever_the_unit() {
    for (unit, cell, seconds) in [
        (TimeUnit::Nanosecond, "2500", 2.5e-6),
        (TimeUnit::Microsecond, "180", 0.00018),
        (TimeUnit::Millisecond, "0.1", 0.0001),
        (TimeUnit::Second, "0", 0.0),
        (TimeUnit::Minute, "1.5", 90.0),
        (TimeUnit::Hour, "2", 7200.0),
    ] {
        let found = durations(column(&[cell]).as_bytes(), "at", unit);
        assert_eq!(
            found.map_err(|error| error.to_string()),
            Ok(vec![seconds]),
            "{cell} {unit}"
        );
    }
}

#[test]
fn a_unit_is_read_as_it_is_written() {
    for unit in ["ns", "us", "ms", "s", "min", "h"] {
        assert_eq!(
            unit.parse::<TimeUnit>().map(|unit| unit.to_string()),
            Ok(unit.into())
        );
    }
    assert_eq!("m".parse(), Ok(TimeUnit::Minute));
    let unknown = "sec".parse::<TimeUnit>().map_err(|error| error.to_string());
    assert_eq!(
        unknown,
        Err("\"sec\" is not a unit of time; give one of ns, us, ms, s, min, h".into())
    );
}

#[test]
fn what_is_wrong_with_instants_is_said_with_its_place_and_the_way_out() {
    let seconds = Some(TimeUnit::Second);
    let no_date = "is not a date; write it like 2023-11-16 18:17:03.25 or 2023-11-16T18:17:03Z";
    let no_number = "is not a number of s; write it like 12.5, or leave out the unit for dates";
    let mixed =
        "is not written like the first row; give all dates an offset, like Z or +01:00, or none";
    let table = [
        ("", None, "the file is empty; its first line must name the columns".to_owned()),
        ("\n\n", None, "the file is empty; its first line must name the columns".into()),
        ("at\n", None, "column at has no rows; give at least one under the line that names the columns".into()),
        (
            "At,size\n1,2\n",
            seconds,
            "there is no column \"at\"; did you mean \"At\"? there are: At, size".into(),
        ),
        ("time,size\n1,2\n", seconds, "there is no column \"at\"; there are: time, size".into()),
        ("at\n2023-11-16\n\nsoon\n", None, format!("line 4, column at: \"soon\" {no_date}")),
        ("at,b\n,1\n", None, format!("line 2, column at: \"\" {no_date}")),
        ("at\n2023-13-16\n", None, format!("line 2, column at: \"2023-13-16\" {no_date}")),
        (
            "at\n2023-11-16T18:17[Europe/Paris]\n",
            None,
            format!("line 2, column at: \"2023-11-16T18:17[Europe/Paris]\" {no_date}"),
        ),
        (
            "at\n12.5\n",
            None,
            "line 2, column at: \"12.5\" is a number without a unit; \
             say what it counts, e.g. unit = \"s\" (ns, us, ms, s, min, h)"
                .into(),
        ),
        ("at\n1\n2023-11-16\n", seconds, format!("line 3, column at: \"2023-11-16\" {no_number}")),
        ("at\nNaN\n", seconds, format!("line 2, column at: \"NaN\" {no_number}")),
        ("at\n1e99\n", seconds, format!("line 2, column at: \"1e99\" {no_number}")),
        ("at\n2023-11-16\n2023-11-17Z\n", None, format!("line 3, column at: \"2023-11-17Z\" {no_date}")),
        (
            "at\n2023-11-16\n2023-11-17T00:00Z\n",
            None,
            format!("line 3, column at: \"2023-11-17T00:00Z\" {mixed}"),
        ),
        (
            "at\n1\n3\n2.5\n",
            seconds,
            "line 4, column at: \"2.5\" is earlier than \"3\" in the row before; sort the rows by at".into(),
        ),
        (
            "at\n0\n20000000000\n",
            seconds,
            "line 3, column at: \"20000000000\" is more than 584 years after the first row; check the unit".into(),
        ),
        (
            "at,size\n1,2\n1,2,3\n",
            seconds,
            "line 3 has 3 cells where the first line names 2 columns; quote cells that hold commas".into(),
        ),
    ];
    for (text, unit, error) in table {
        assert_eq!(nanos(text, unit), Err(error), "{text:?}");
    }
}

#[test]
fn what_is_wrong_with_numbers_and_durations_is_said_alike() {
    for (cell, as_number, as_duration) in [
        (
            "ten",
            "a number; write it like 12.5",
            "a duration; write a number of ms, like 12.5",
        ),
        (
            "inf",
            "a number; write it like 12.5",
            "a duration; write a number of ms, like 12.5",
        ),
        (
            "nan",
            "a number; write it like 12.5",
            "a duration; write a number of ms, like 12.5",
        ),
        ("-1", "", "a duration, being negative; give 0 or more"),
    ] {
        let text = column(&[cell]);
        let error = |expected| format!("line 2, column at: \"{cell}\" is not {expected}");
        let number = column_of_numbers(text.as_bytes(), "at").map_err(|error| error.to_string());
        assert_eq!(
            number.err(),
            (!as_number.is_empty()).then(|| error(as_number))
        );
        let duration = durations(text.as_bytes(), "at", TimeUnit::Millisecond)
            .map_err(|error| error.to_string());
        assert_eq!(duration.err(), Some(error(as_duration)));
    }
}

#[test]
fn bytes_that_are_no_text_are_an_error_and_no_panic() {
    for (bytes, line) in [(b"at\n1\n\xff\n".as_slice(), 3), (b"\xff\xfea\0t\0\n\0", 1)] {
        let error = column_of_numbers(bytes, "at").map_err(|error| error.to_string());
        assert_eq!(
            error,
            Err(format!(
                "line {line} is not UTF-8 text; save the file as CSV in UTF-8"
            ))
        );
    }
}

#[test]
fn a_reader_that_fails_is_an_error_with_its_cause() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the cable is cut"))
        }
    }
    let error = column_of_numbers(Broken, "at").expect_err("nothing can be read");
    assert_eq!(error.to_string(), "the file cannot be read");
    assert_eq!(
        std::error::Error::source(&error).map(ToString::to_string),
        Some("the cable is cut".into())
    );
}
