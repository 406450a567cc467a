//! Ctrl-C: what is finished is written and marked, and nothing half-done stays.

use super::command::{PROGRAM, assert_ends, folder, names, queuelab, stderr};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

fn start(folder: &Path, arguments: &[&str]) -> Child {
    let child = Command::new(PROGRAM)
        .args(arguments)
        .current_dir(folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    child.expect("the program starts")
}

fn interrupt_after(child: Child, wait: Duration) -> Output {
    thread::sleep(wait);
    let sent = Command::new("kill")
        .args(["-s", "INT", &child.id().to_string()])
        .status();
    assert!(
        sent.is_ok_and(|status| status.success()),
        "it ended before it was interrupted"
    );
    child.wait_with_output().expect("the program ends")
}

#[test]
fn what_is_finished_is_written_and_marked_and_the_next_run_is_whole() {
    let folder = folder();
    // A run takes some 20 ms here, and all of them a minute.
    let arguments = [
        "run",
        "orders.toml",
        "--set",
        "horizon=1h",
        "--replications",
        "3000",
        "--jobs",
        "1",
    ];
    let ended = interrupt_after(
        start(folder.path(), &arguments),
        Duration::from_millis(1500),
    );
    assert_ends(&ended, 130);
    let output = folder.path().join("output");
    let summary = std::fs::read_to_string(output.join("orders/summary.json"));
    assert!(summary.is_ok_and(|summary| summary.contains("\"partial\": true")));
    assert_eq!(names(&output), ["orders"], "nothing temporary is left");

    assert_ends(&queuelab(folder.path(), &["run", "orders.toml"]), 0);
    let summary = std::fs::read_to_string(output.join("orders/summary.json"));
    assert!(summary.is_ok_and(|summary| summary.contains("\"partial\": false")));
}

#[test]
fn an_interrupt_before_the_first_finished_run_leaves_nothing() {
    let folder = folder();
    // One run takes minutes.
    let arguments = [
        "run",
        "orders.toml",
        "--set",
        "horizon=3000h",
        "--replications",
        "1",
        "--yes",
    ];
    let started = Instant::now();
    let ended = interrupt_after(start(folder.path(), &arguments), Duration::from_millis(500));
    assert!(
        started.elapsed() < Duration::from_secs(10),
        "{:?}",
        started.elapsed()
    );
    assert_ends(&ended, 130);
    assert_eq!(
        stderr(&ended),
        "orders: interrupted before a single run was finished: there is nothing to report\n"
    );
    assert!(ended.stdout.is_empty());
    assert_eq!(names(folder.path()), ["orders.toml"]);
}
