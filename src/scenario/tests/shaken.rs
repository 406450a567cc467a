//! Files shaken at random: whatever they say, they are read or refused, and what is read can be written and read again.

use super::understood::again;
use super::{ORDERS, STORM, changed, read_file};
use crate::queue::Broker;
use crate::scenario::{Flags, Medium, Origin, Scenario, declare, load};
use proptest::prelude::*;

const SERVICE: &str = "service   = { exponential = { mean = \"83ms\" } }";

/// The core takes what the checks let through, and nothing that follows from it panics.
fn stands(scenario: &Scenario) {
    let Scenario {
        broker,
        queues,
        exchanges,
        ..
    } = scenario;
    let declared: Result<Broker<()>, _> = declare(*broker, queues, exchanges);
    assert!(declared.is_ok(), "{:?}", declared.err());
    for (index, queue) in queues.iter().enumerate() {
        if let Medium::Topic(settings) = &queue.medium {
            assert_eq!(settings.check(), Ok(()), "topic {}", queue.name);
            let group = scenario.group_of(index);
            assert_eq!(group.check(), Ok(()), "group of {}", queue.name);
        }
        let capacity = scenario.capacity(index);
        assert!(capacity >= 0.0, "{capacity} of {}", queue.name);
        let rate = scenario.offered_rate(index).unwrap_or(0.0);
        assert!(rate >= 0.0, "{rate} to {}", queue.name);
    }
    assert!(scenario.expected_messages() >= 0.0);
}

/// Loads whatever it is, and renders what is wrong with it.
fn survive(text: &str, set: &str, objective: &str) {
    let flags = Flags {
        set: vec![set.to_owned()],
        objective: vec![objective.to_owned()],
        ..Flags::default()
    };
    survive_with(text, &flags);
}

fn survive_with(text: &str, flags: &Flags) {
    match load(
        text,
        Origin {
            name: "x",
            path: "x.toml",
        },
        flags,
        &mut read_file,
    ) {
        Ok(set) => {
            let again = again(&set);
            let variants = again.variants.iter().map(|(_, scenario)| scenario);
            for scenario in variants.chain([&again.base]) {
                stands(scenario);
            }
        }
        Err(mistakes) => {
            let _ = (
                mistakes.render(true),
                mistakes.to_string(),
                mistakes.lines().count(),
            );
        }
    }
}

/// What is legal somewhere in a file of a network, and changes much.
const WORDS: &[(&str, &[&str])] = &[
    ("profile", &["rabbitmq-3.10", "rabbitmq-4.3"]),
    ("consumer_timeout", &["0s", "30m"]),
    ("memory_limit", &["0", "1MiB"]),
    ("queue.work.kind", &["classic", "quorum"]),
    ("queue.work.overflow", &["drop-head", "reject-publish-dlx"]),
    ("queue.work.delivery_limit", &["-1", "0", "3", "4294967295"]),
    ("queue.work.max_priority", &["0", "5", "255"]),
    ("queue.work.single_active_consumer", &["true", "false"]),
    (
        "queue.work.dead_letter",
        &[
            "wait",
            "work",
            "{ exchange = \"events\" }",
            "{ exchange = \"bills\" }",
            "{ exchange = \"dead\" }",
        ],
    ),
    (
        "queue.wait.dead_letter.exchange",
        &["events", "dead", "bills"],
    ),
    ("queue.wait.kind", &["quorum"]),
    (
        "queue.left.dead_letter",
        &["{ exchange = \"dead\", key = \"wait\" }", "right"],
    ),
    ("exchange.dead.kind", &["topic", "fanout"]),
    ("exchange.dead.bindings.0.key", &["order.paid", "work", "#"]),
    ("pool.workers.failure.then", &["requeue", "reject"]),
    ("pool.workers.failure.probability", &["0%", "100%"]),
    ("pool.workers.prefetch", &["0", "1"]),
    ("pool.lefts.from", &["work", "wait", "right"]),
    ("pool.lefts.service", &["constant(0s)"]),
    ("producer.shop.to", &["work", "left"]),
];

/// The same of a queue of another broker, which is empty by itself, and of those who use it.
const KINDS: &[(&str, &[&str])] = &[
    ("queue.right.kind", &["kafka", "sqs", "zeromq"]),
    ("queue.right.partitions", &["0", "1", "12"]),
    ("queue.right.retention_ms", &["-1", "0", "500y"]),
    ("queue.right.segment_bytes", &["0", "1"]),
    (
        "queue.right.log_retention_check_interval_ms",
        &["0", "1", "0s"],
    ),
    ("queue.right.fifo_queue", &["true", "false"]),
    ("queue.right.visibility_timeout", &["0", "30", "13h"]),
    ("queue.right.dead_letter", &["left", "right"]),
    ("queue.left.kind", &["sqs", "kafka"]),
    ("queue.right.max_receive_count", &["1", "1000"]),
    ("queue.right.sndhwm", &["0", "1"]),
    ("queue.right.transport", &["inproc", "tcp"]),
    ("pool.rights.max_poll_records", &["0", "1", "4294967295"]),
    ("pool.rights.heartbeat_interval_ms", &["0", "1", "45000"]),
    ("pool.rights.session_timeout_ms", &["1", "3000", "500y"]),
    ("pool.rights.max_poll_interval_ms", &["1", "2999", "3000"]),
    ("pool.rights.fetch_max_wait_ms", &["0", "1"]),
    ("pool.rights.max_number_of_messages", &["0", "1", "10"]),
    ("pool.rights.extend_visibility", &["0s", "1ns"]),
    ("pool.rights.prefetch", &["1"]),
    ("pool.rights.service", &["constant(0s)"]),
    ("producer.shop.to", &["right", "left"]),
    ("producer.shop.linger_ms", &["0", "5", "500y"]),
    ("producer.shop.key", &["3", "zipf(n=5, exponent=1)"]),
];

const BITS: &[&str] = &[
    "\"",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "=",
    ",",
    ".",
    "-",
    "nan",
    "inf",
    "0",
    "\n",
    "\\u00e9",
    "é",
    "9999999999999999999999",
    "1e400",
    "\u{202e}",
    "\t",
    "%",
    "/s",
    "'''",
    "\"\"\"",
    "exponential(",
    "true",
    "1979-05-27",
    "pool.senders",
    "\r\n",
    "#",
];

proptest! {
    #[test]
    fn no_change_to_a_file_can_panic_it(edits in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..12, prop::sample::select(BITS)), 1..5)) {
        let mut text: Vec<char> = ORDERS.chars().collect();
        for (place, length, bit) in edits {
            let start = place.index(text.len() + 1);
            let end = (start + length).min(text.len());
            text.splice(start..end, bit.chars());
        }
        survive(&text.into_iter().collect::<String>(), "horizon=1h", "wait.p99 < 1s");
    }

    #[test]
    fn no_change_to_a_network_can_panic_it(edits in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..12, prop::sample::select(BITS)), 1..5)) {
        let mut text: Vec<char> = STORM.chars().collect();
        for (place, length, bit) in edits {
            let start = place.index(text.len() + 1);
            let end = (start + length).min(text.len());
            text.splice(start..end, bit.chars());
        }
        survive(&text.into_iter().collect::<String>(), "horizon=1h", "work.wait.p99 < 1s");
    }

    /// Words of the file in other places: what is legal for itself, and not there.
    #[test]
    fn no_exchange_of_words_can_panic_a_network(pairs in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..4)) {
        let mut words: Vec<&str> = STORM.split_inclusive([' ', '"', '\n']).collect();
        for (first, second) in pairs {
            let (first, second) = (first.index(words.len()), second.index(words.len()));
            words.swap(first, second);
        }
        survive(&words.concat(), "horizon=1h", "work.wait.p99 < 1s");
    }

    #[test]
    fn what_the_checks_let_through_of_a_network_stands(chosen in prop::collection::vec((prop::sample::select(WORDS), any::<prop::sample::Index>()), 1..7)) {
        let set = chosen.iter().map(|((path, values), one)| format!("{path}={}", values[one.index(values.len())]));
        let flags = Flags { set: set.collect(), ..Flags::default() };
        survive_with(STORM, &flags);
    }

    #[test]
    fn what_the_checks_let_through_of_other_brokers_stands(chosen in prop::collection::vec((prop::sample::select(KINDS), any::<prop::sample::Index>()), 1..5), kind in prop::sample::select(vec!["kafka", "sqs", "zeromq"])) {
        let set = chosen.iter().map(|((path, values), one)| format!("{path}={}", values[one.index(values.len())]));
        let kind = format!("queue.right.kind={kind}");
        let flags = Flags { set: set.chain([kind, "pool.workers.to=right".to_owned()]).collect(), ..Flags::default() };
        survive_with(STORM, &flags);
    }

    #[test]
    fn no_bytes_can_panic_it(bytes in prop::collection::vec(any::<u8>(), 0..200), place: prop::sample::Index) {
        let mut text = ORDERS.as_bytes().to_vec();
        let start = place.index(text.len());
        text.splice(start..start, bytes);
        survive(&String::from_utf8_lossy(&text), "horizon=1h", "wait.p99 < 1s");
    }

    #[test]
    fn no_flag_can_panic_it(path in "[a-z.0-9]{0,12}|pool\\.senders\\.[a-z.]{0,20}", value in "\\PC{0,20}|[a-z(){}\\[\\]=,.0-9\"' é]{0,30}") {
        survive(ORDERS, &format!("{path}={value}"), &value);
        survive(ORDERS, &format!("pool.senders.service={value}"), &format!("{path}<{value}"));
        survive(ORDERS, &format!("pool.senders.service.{path}={value}"), &format!("emails.wait.p99<{value}"));
    }
}

#[test]
fn deep_nesting_is_refused_and_does_not_exhaust_the_stack() {
    let deep =
        |open: &str, close: &str| format!("{}1{}", open.repeat(20_000), close.repeat(20_000));
    survive(
        &changed(SERVICE, &format!("service = {}", deep("[", "]"))),
        "",
        "",
    );
    survive(
        &changed(SERVICE, &format!("service = \"{}\"", deep("f(", ")"))),
        "",
        "",
    );
    survive(
        &changed(SERVICE, &format!("a{} = 1", ".a".repeat(20_000))),
        "",
        "",
    );
    survive(ORDERS, &format!("title{}=1", ".a".repeat(20_000)), "");
}
