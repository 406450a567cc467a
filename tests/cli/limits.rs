//! Scenarios that ask for too much: told at once, not after the memory is full.

use super::command::{assert_ends, folder, queuelab, stderr};
use std::time::{Duration, Instant};

#[test]
fn a_run_that_takes_very_long_says_so_at_once_and_how_to_have_it_anyway() {
    let folder = folder();
    let started = Instant::now();
    let refused = queuelab(
        folder.path(),
        &[
            "run",
            "orders.toml",
            "--set",
            "horizon=3125000000s",
            "--jobs",
            "2",
        ],
    );
    assert!(
        started.elapsed() < Duration::from_secs(1),
        "{:?}",
        started.elapsed()
    );
    assert_ends(&refused, 2);
    assert_eq!(
        stderr(&refused),
        "error: orders asks for about 1.00e12 messages in all, which takes about 1d 22h on 2 threads\n\
         shorten the horizon, lower the rates or ask for fewer replications; or say --yes to run it\n"
    );
    assert!(!folder.path().join("output").exists());
}

#[test]
fn a_backlog_that_would_fill_the_memory_says_so_at_once() {
    let folder = folder();
    let flood = "producer.shop.arrivals=poisson(100M/s)";
    let asked = ["run", "orders.toml", "--jobs", "2", "--set", flood];
    let refused = queuelab(
        folder.path(),
        &[&asked[..], &["--set", "horizon=1s"]].concat(),
    );
    assert_ends(&refused, 2);
    let said = stderr(&refused);
    assert!(
        said.contains("GB of memory on 2 threads") && said.contains("max_length"),
        "{said}"
    );
}

#[test]
fn what_cannot_fit_or_never_ends_is_a_mistake_of_the_file() {
    let folder = folder();
    let closed = "producer.shop.arrivals=closed(clients=10, think=constant(0s))";
    let cases: [(&[&str], &str); 9] = [
        (
            &["pool.clerks.consumers=4000000000"],
            "write at most 1000000 in all",
        ),
        (
            &["pool.clerks.concurrency=4000000000"],
            "write at most 1000000 in all",
        ),
        (
            &["producer.shop.arrivals=closed(clients=4000000000, think=constant(1s))"],
            "4000000000 clients in all are more than a run has room for",
        ),
        (&["replications=4000000000"], "write 10000 or less"),
        (
            &["horizon=30000w"],
            "write a shorter horizon, or ask for fewer replications",
        ),
        (
            &[closed, "pool.clerks.service=constant(0s)"],
            "would never let time pass",
        ),
        (
            &[closed, "pool.clerks.ack=auto"],
            "would never let time pass",
        ),
        (
            &[closed, "queue.orders.message_ttl=0s"],
            "would never let time pass",
        ),
        (
            &[closed, "queue.orders.max_length=9"],
            "would never let time pass",
        ),
    ];
    for (sets, said) in cases {
        let sets = sets.iter().flat_map(|set| ["--set", set]);
        let arguments = ["run", "orders.toml", "--yes"].into_iter().chain(sets);
        let arguments = arguments.collect::<Vec<_>>();
        let refused = queuelab(folder.path(), &arguments);
        assert_ends(&refused, 2);
        assert!(
            stderr(&refused).contains(said),
            "{arguments:?}: {}",
            stderr(&refused)
        );
    }
    assert_ends(
        &queuelab(
            folder.path(),
            &[
                "run",
                "orders.toml",
                "--set",
                closed,
                "--set",
                "queue.orders.max_length=10",
            ],
        ),
        0,
    );
}

#[test]
fn a_precision_that_objectives_do_not_reach_is_told_and_ends_undecided() {
    let folder = folder();
    let set = r#"replications={ precision = "0.01%", max = 20 }"#;
    let output = queuelab(
        folder.path(),
        &[
            "run",
            "orders.toml",
            "--set",
            set,
            "--objective",
            "wait.mean < 1s",
            "--json",
        ],
    );
    assert_ends(&output, 4);
    let answer = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(answer.contains("\"replications\": 20,"), "{answer}");
    assert!(
        answer.contains("\"imprecise\": [\n        \"orders.wait.mean\"\n      ]"),
        "{answer}"
    );

    let nothing = queuelab(
        folder.path(),
        &["check", "orders.toml", "--precision", "5%"],
    );
    assert_ends(&nothing, 2);
    assert!(
        stderr(&nothing).contains("no metric is named that should be so precise"),
        "{}",
        stderr(&nothing)
    );
}

#[test]
fn threads_beyond_all_measure_are_refused() {
    let folder = folder();
    for jobs in ["0", "1025", "100000", "-1", "two"] {
        let refused = queuelab(folder.path(), &["run", "orders.toml", "--jobs", jobs]);
        assert_ends(&refused, 2);
    }
}
