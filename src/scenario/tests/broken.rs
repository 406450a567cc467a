//! Broken files, and what is said of each: the place, the value, the rule and the remedy.

mod arrivals;
mod asked;
mod laws;
mod sections;
mod settings;

use super::{changed, lines, read};

/// One change that breaks the file.
struct Broken {
    /// What the file says.
    change: &'static str,
    /// What it says instead.
    to: &'static str,
    /// Every mistake that this makes, as `line:column: rule; remedy`.
    said: &'static [&'static str],
}

#[track_caller]
fn check(broken: &[Broken]) {
    for Broken { change, to, said } in broken {
        let lines = lines(read(&changed(change, to), &[], &[]));
        let expected: Vec<String> = said
            .iter()
            .map(|line| format!("orders.toml:{line}"))
            .collect();
        assert_eq!(lines, expected, "{to}");
    }
}

#[test]
fn broken_settings_say_where_what_why_and_how_to_mend_it() {
    check(settings::BROKEN);
}

#[test]
fn broken_sections_say_where_what_why_and_how_to_mend_it() {
    check(sections::BROKEN);
}

#[test]
fn broken_arrivals_say_where_what_why_and_how_to_mend_it() {
    check(arrivals::BROKEN);
}

#[test]
fn broken_laws_say_where_what_why_and_how_to_mend_it() {
    check(laws::BROKEN);
}

#[test]
fn broken_objectives_and_variants_say_where_what_why_and_how_to_mend_it() {
    check(asked::BROKEN);
}
