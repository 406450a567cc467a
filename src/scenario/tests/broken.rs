//! Broken files, and what is said of each: the place, the value, the rule and the remedy.

mod arrivals;
mod asked;
mod dead_letters;
mod exchanges;
mod failures;
mod incidents;
mod kafka;
mod kinds;
mod laws;
mod outlets;
mod sections;
mod settings;
mod sqs;
mod work;
mod zeromq;

use super::{EVENTS, ORDERS, PARCELS, changed_in, lines, read};

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
fn check(file: &str, broken: &[Broken]) {
    let mut wrong = Vec::new();
    for Broken { change, to, said } in broken {
        let lines = lines(read(&changed_in(file, change, to), &[], &[]));
        let expected: Vec<String> = said
            .iter()
            .map(|line| format!("orders.toml:{line}"))
            .collect();
        if lines != expected {
            wrong.push(format!("{to}\n  says {lines:#?}\n  and not {expected:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn broken_settings_say_where_what_why_and_how_to_mend_it() {
    check(ORDERS, settings::BROKEN);
}

#[test]
fn broken_sections_say_where_what_why_and_how_to_mend_it() {
    check(ORDERS, sections::BROKEN);
}

#[test]
fn broken_arrivals_say_where_what_why_and_how_to_mend_it() {
    check(ORDERS, arrivals::BROKEN);
}

#[test]
fn broken_laws_say_where_what_why_and_how_to_mend_it() {
    check(ORDERS, laws::BROKEN);
}

#[test]
fn broken_objectives_and_variants_say_where_what_why_and_how_to_mend_it() {
    check(ORDERS, asked::BROKEN);
}

#[test]
fn broken_networks_say_where_what_why_and_how_to_mend_it() {
    check(PARCELS, outlets::BROKEN);
}

#[test]
fn broken_failures_say_where_what_why_and_how_to_mend_it() {
    check(PARCELS, failures::BROKEN);
}

#[test]
fn broken_incidents_say_where_what_why_and_how_to_mend_it() {
    check(PARCELS, incidents::BROKEN);
}

#[test]
fn broken_work_says_where_what_why_and_how_to_mend_it() {
    check(PARCELS, work::BROKEN);
}

#[test]
fn broken_exchanges_say_where_what_why_and_how_to_mend_it() {
    check(EVENTS, exchanges::BROKEN);
}

#[test]
fn broken_kinds_say_where_what_why_and_how_to_mend_it() {
    check(PARCELS, kinds::BROKEN);
}

#[test]
fn broken_dead_letters_say_where_what_why_and_how_to_mend_it() {
    check(PARCELS, dead_letters::BROKEN);
}

#[test]
fn broken_topics_say_where_what_why_and_how_to_mend_it() {
    check(PARCELS, kafka::BROKEN);
}

#[test]
fn broken_queues_of_sqs_say_where_what_why_and_how_to_mend_it() {
    check(PARCELS, sqs::BROKEN);
}

#[test]
fn broken_sockets_say_where_what_why_and_how_to_mend_it() {
    check(PARCELS, zeromq::BROKEN);
}
