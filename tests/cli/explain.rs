//! `explain`: of every scenario that ships, as text and as data; and what it will not say.

use super::command::{assert_ends, folder, queuelab, stderr, stdout};
use super::shipped::shipped;
use serde_json::Value;

#[test]
fn every_shipped_scenario_is_explained_and_its_first_messages_are_told() {
    let folder = folder();
    for path in shipped() {
        let path = path.display().to_string();
        let explained = queuelab(folder.path(), &["explain", &path, "--replications", "2"]);
        assert_ends(&explained, 0);
        let text = stdout(&explained);
        assert!(
            text.contains("\n  load  ") && text.contains("\n  trust  "),
            "{path}: {text}"
        );
        assert!(
            !text.contains("NaN") && !text.contains("∞"),
            "{path}: {text}"
        );
        let told = queuelab(folder.path(), &["explain", &path, "--messages", "8"]);
        assert_ends(&told, 0);
        let text = stdout(&told);
        assert!(text.contains("#8  published by"), "{path}: {text}");
        assert!(
            text.lines().all(|line| !line.ends_with("on its way")),
            "{path}: {text}"
        );
    }
}

#[test]
fn the_facts_are_data_too() {
    let folder = folder();
    let explained = queuelab(folder.path(), &["explain", "orders.toml", "--json"]);
    assert_ends(&explained, 0);
    let answer: Value = serde_json::from_str(&stdout(&explained)).expect("it is JSON");
    let queue = &answer["queues"][0];
    assert_eq!(answer["schema_version"], 1);
    assert_eq!(answer["simulated"]["replications"], 5);
    assert_eq!(queue["load"]["rate_per_s"], 80.0);
    assert_eq!(queue["bursts"]["dispersion"][0]["basis"], "law");
    assert_eq!(queue["trust"]["ground"], "chance");
    assert_eq!(queue["trust"]["models"][0]["model"], "M/M/9");
    let erlang = answer["offered_load_erlang"].as_f64().unwrap_or(f64::NAN);
    assert!((erlang - 6.64).abs() < 1e-9, "{erlang}");
    let [value, low, high] =
        ["value", "low", "high"].map(|key| queue["wait"]["mean_s"][key].as_f64());
    assert!(low < value && value < high, "{queue}");
}

#[test]
fn the_same_seed_explains_the_same_and_another_does_not() {
    let folder = folder();
    let of = |seed| {
        let arguments = ["explain", "orders.toml", "--seed", seed];
        stdout(&queuelab(folder.path(), &arguments))
    };
    assert_eq!(of("3"), of("3"));
    assert_ne!(of("3"), of("4"));
}

#[test]
fn a_run_that_would_take_long_is_not_run_and_says_so() {
    let folder = folder();
    let long = [
        "explain",
        "orders.toml",
        "--set",
        "kind=terminating",
        "--set",
        "horizon=1000h",
    ];
    let explained = queuelab(folder.path(), &long);
    assert_ends(&explained, 0);
    let text = stdout(&explained);
    assert!(
        text.contains("All figures follow from the file: one run of it has about 288M messages"),
        "{text}{}",
        stderr(&explained)
    );
    assert!(!text.contains("  wait  "), "{text}");
}
