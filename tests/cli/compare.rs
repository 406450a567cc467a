//! Variants beside the base: what is compared, and what cannot be.

use super::command::{ORDERS, assert_ends, queuelab, stdout};
use std::fs;

const VARIANT: &str = "\n[[variant]]\nname = \"more\"\nset = { \"pool.clerks.consumers\" = 12 }\n";

/// What `run` answers to a scenario made of these parts.
fn answer(parts: &[&str], arguments: &[&str], code: i32) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    fs::write(folder.path().join("it.toml"), parts.concat()).expect("a file can be written");
    let output = queuelab(folder.path(), &[&["run", "it.toml"], arguments].concat());
    assert_ends(&output, code);
    stdout(&output)
}

fn compared(answer: &str) -> Vec<&str> {
    let lines = answer.lines();
    lines
        .filter_map(|line| line.strip_prefix("against base: "))
        .collect()
}

#[test]
fn without_an_objective_waits_are_compared_and_what_messages_take_in_all() {
    let plain = answer(&[ORDERS, VARIANT], &[], 0);
    assert!(
        matches!(compared(&plain)[..], [wait] if wait.starts_with("orders.wait.p99 −")),
        "{plain}"
    );
    let confirms = [
        "--set",
        "producer.shop.confirms={ window = 50, delay = \"constant(5ms)\" }",
    ];
    let whole = answer(&[ORDERS, VARIANT], &confirms, 0);
    assert!(
        matches!(compared(&whole)[..], [_, whole] if whole.starts_with("end_to_end.latency.p99 −")),
        "{whole}"
    );
    // There is more to it than the queue, so it has a line of its own too.
    assert!(whole.contains("\nend_to_end.latency.p99 "), "{whole}");
}

#[test]
fn a_figure_that_is_refused_is_not_compared() {
    let clients = "producer.shop.arrivals=closed(clients=20, think=constant(1s))";
    let flags = [
        "--set",
        clients,
        "--set",
        "kind=terminating",
        "--objective",
        "orders.drain_time.mean < 1s",
    ];
    let refused = answer(&[ORDERS, VARIANT], &flags, 3);
    let expected = "orders.drain_time.mean cannot be compared: base: the file gives no rates";
    assert!(
        matches!(compared(&refused)[..], [why] if why.starts_with(expected)),
        "{refused}"
    );
}

#[test]
fn shares_differ_by_percentage_points() {
    let flags = ["--objective", "orders.p_wait < 90%"];
    let points = answer(&[ORDERS, VARIANT], &flags, 0);
    let expected = |line: &str| line.contains("] percentage points: better") && !line.contains('%');
    assert!(
        matches!(compared(&points)[..], [line] if expected(line)),
        "{points}"
    );
}

#[test]
fn a_quantile_over_too_few_runs_says_how_many_it_needs() {
    let overload = [
        "--set",
        "kind=terminating",
        "--set",
        "producer.shop.arrivals={ profile = { points = [{ at = \"0s\", rate = \"150/s\" }, { at = \"20s\", rate = \"20/s\" }], between = \"step\" } }",
        "--objective",
        "orders.drain_time.p95 < 1h",
    ];
    let few = answer(&[ORDERS], &overload, 4);
    let said = "no interval: at 95 % it needs 72 replications or more";
    assert!(few.contains(said), "{few}");
    let enough = [&overload[..], &["--replications", "72"]].concat();
    answer(&[ORDERS], &enough, 0);
}

#[test]
fn what_messages_take_in_all_is_told_where_it_is_more_than_their_queue() {
    let whole = |set: &str| {
        let answer = answer(&[ORDERS], &["--set", set], 0);
        answer.contains("\nend_to_end.latency.p99 ")
    };
    assert!(!whole("seed=2"));
    for more in [
        "pool.clerks.ack=auto",
        "pool.clerks.failure={ probability = \"2%\", then = { retry = { backoff = \"fixed(1s)\", limit = 3 } } }",
        "producer.shop.timeout={ after = \"1s\", retry = { backoff = \"fixed(1s)\", limit = 3 } }",
        "producer.shop.on_refused=block",
        "memory_limit=1GiB",
    ] {
        assert!(whole(more), "{more}");
    }
}
