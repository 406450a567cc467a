//! Colour and progress: on a terminal, or where they are asked for.

use super::command::{PROGRAM, assert_ends, folder, queuelab, stderr, stdout};
use std::process::Command;

const MET: [&str; 4] = ["run", "orders.toml", "--objective", "wait.p99 < 1s"];
const ESCAPE: char = '\u{1b}';

#[test]
fn what_is_piped_has_neither_colour_nor_progress() {
    let folder = folder();
    let output = queuelab(folder.path(), &MET);
    assert_ends(&output, 0);
    assert!(
        stdout(&output).contains("\n✓ orders.wait.p99 "),
        "{}",
        stdout(&output)
    );
    assert!(!stdout(&output).contains(ESCAPE));
    assert_eq!(stderr(&output), "");
}

#[test]
fn colour_is_there_where_it_is_asked_for() {
    let folder = folder();
    let output = queuelab(folder.path(), &[&MET[..], &["--color", "always"]].concat());
    assert!(
        stdout(&output).contains("\u{1b}[32m✓\u{1b}[0m orders.wait.p99"),
        "{}",
        stdout(&output)
    );
    let broken = ["check", "orders.toml", "--set", "horizon=1", "--color"];
    let of = |when| stderr(&queuelab(folder.path(), &[&broken[..], &[when]].concat()));
    assert!(of("always").contains(ESCAPE));
    assert!(!of("auto").contains(ESCAPE) && !of("never").contains(ESCAPE));
}

#[test]
fn no_color_is_honoured_and_what_is_asked_for_goes_before_it() {
    let folder = folder();
    let with = |value: &str, when: &str| {
        let output = Command::new(PROGRAM)
            .args(MET)
            .args(["--color", when])
            .env("NO_COLOR", value)
            .current_dir(folder.path())
            .output();
        stdout(&output.expect("the program starts")).contains(ESCAPE)
    };
    assert!(!with("1", "auto") && !with("", "auto") && !with("1", "never"));
    assert!(with("1", "always"));
}

#[test]
fn quiet_prints_nothing_but_what_is_wrong() {
    let folder = folder();
    let output = queuelab(folder.path(), &[&MET[..], &["-q"]].concat());
    assert_ends(&output, 0);
    assert_eq!(
        (stdout(&output), stderr(&output)),
        (String::new(), String::new())
    );
    assert!(folder.path().join("output/orders/summary.json").is_file());
}
