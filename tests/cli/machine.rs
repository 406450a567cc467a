//! What programs read: the keys that are promised, SI numbers, and a reason where there is none.

use super::command::{assert_ends, folder, queuelab, stderr, stdout};
use queuelab::scenario::{Flags, Metric, Origin, load};
use serde_json::Value;
use std::path::Path;

const FLAGS: [&str; 7] = [
    "run",
    "orders.toml",
    "--json",
    "--objective",
    "wait.p99 < 1s",
    "--objective",
    "orders.drain_time.mean < 1s",
];

#[track_caller]
fn json(folder: &Path, arguments: &[&str]) -> Value {
    let output = queuelab(folder, arguments);
    let text = stdout(&output);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}{}", stderr(&output)))
}

fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .map(|object| object.keys().map(String::as_str).collect())
        .unwrap_or_default()
}

#[test]
fn the_summary_has_the_keys_that_are_promised() {
    let folder = folder();
    let answer = json(folder.path(), &FLAGS);
    for (key, expected) in [
        ("schema_version", Value::from(1)),
        ("scenario", "orders".into()),
        ("seed", 1.into()),
        ("level", 0.95.into()),
        ("kind", "steady".into()),
    ] {
        assert_eq!(answer[key], expected, "{key}");
    }
    let run = &answer["runs"][0];
    assert_eq!(
        (run["variant"].as_str(), run["replications"].as_u64()),
        (Some("base"), Some(4))
    );
    assert!(
        run["warmup_s"]
            .as_f64()
            .is_some_and(|warmup| (0.0..300.0).contains(&warmup))
    );
    let wait = &run["metrics"]["orders.wait.p99"];
    let [value, low, high] =
        ["value", "low", "high"].map(|key| wait[key].as_f64().unwrap_or(f64::NAN));
    assert!(
        0.0 < low && low < value && value < high && high < 1.0,
        "in seconds: {wait}"
    );
    let busy = run["metrics"]["clerks.utilisation"]["value"].as_f64();
    assert!(
        busy.is_some_and(|busy| (busy - 80.0 * 0.083 / 9.0).abs() < 0.05),
        "a share: {busy:?}"
    );
    let theory = &run["theory"]["orders.wait.p99"];
    assert_eq!(
        (&theory["model"], &theory["basis"]),
        (&"M/M/9".into(), &"exact".into())
    );
    assert!(
        theory["value"]
            .as_f64()
            .is_some_and(|value| (value - 0.1206).abs() < 1e-3),
        "{theory}"
    );
    let objective = &run["objectives"][0];
    assert_eq!(
        (
            &objective["metric"],
            &objective["below"],
            &objective["verdict"]
        ),
        (&"orders.wait.p99".into(), &1.0.into(), &"met".into())
    );
    let audit = &run["audit"];
    assert_eq!(audit["closes"], true);
    assert_eq!(
        audit["accepted"].as_u64(),
        Some(audit["exits"].as_u64().unwrap_or(0) + audit["remaining"].as_u64().unwrap_or(0))
    );
    assert_eq!(
        json(
            &folder.path().join("output/orders"),
            &["run", "scenario.toml", "--json", "-o", ".."]
        ),
        answer
    );
}

/// The value at every key that is `value`, with its object.
fn figures<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
    match value {
        Value::Object(object) => {
            if object.contains_key("value") {
                found.push(value);
            }
            object.values().for_each(|value| figures(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| figures(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn a_figure_is_a_number_or_the_reason_why_it_is_none() {
    let folder = folder();
    for set in [
        "title=\"plain\"",
        "pool.clerks.consumers=6",
        "kind=terminating",
        "horizon=1ns",
        "queue.orders.max_length=0",
    ] {
        let answer = json(folder.path(), &[&FLAGS[..], &["--set", set]].concat());
        let mut found = Vec::new();
        figures(&answer, &mut found);
        assert!(found.len() > 50, "{set}: {}", found.len());
        for figure in found {
            let reason = figure["why"].as_str().is_some_and(|why| !why.is_empty());
            // A value may have a reason too: why it has no interval.
            assert!(figure["value"].is_f64() || reason, "{set}: {figure}");
            assert!(!reason || figure.get("low").is_none(), "{set}: {figure}");
            let [low, high] = ["low", "high"].map(|key| figure.get(key).map(Value::is_f64));
            assert!(low == high && low != Some(false), "{set}: {figure}");
        }
    }
}

#[test]
fn the_names_of_metrics_follow_the_grammar_and_none_is_missing() {
    let folder = folder();
    let answer = json(folder.path(), &FLAGS);
    let said = keys(&answer["runs"][0]["metrics"])
        .into_iter()
        .map(str::to_owned)
        .collect::<Vec<_>>();
    let origin = Origin {
        name: "orders",
        path: "orders.toml",
    };
    let no_files = &mut |_: &str| Err(std::io::ErrorKind::NotFound.into());
    let set =
        load(super::command::ORDERS, origin, &Flags::default(), no_files).expect("it is valid");
    let components = set.base.components();
    for name in &said {
        let parsed =
            Metric::parse(name, &components).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(parsed.to_string(), *name);
    }
    let mut known = set
        .base
        .metrics()
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>();
    let mut said = said;
    known.sort_unstable();
    said.sort_unstable();
    assert_eq!(said, known);
}

#[test]
fn check_tells_programs_what_it_tells_people() {
    let folder = folder();
    let good = json(folder.path(), &["check", "orders.toml", "--json"]);
    assert_eq!(good["schema_version"], 1);
    assert_eq!(
        (&good["files"][0]["valid"], &good["files"][0]["mistakes"]),
        (&true.into(), &Value::Array(Vec::new()))
    );
    let bad = queuelab(
        folder.path(),
        &[
            "check",
            "orders.toml",
            "--json",
            "--set",
            "pool.clerks.service=83",
        ],
    );
    assert_ends(&bad, 2);
    let bad = serde_json::from_str::<Value>(&stdout(&bad)).expect("it is JSON");
    let said = bad["files"][0]["mistakes"][0].as_str().unwrap_or_default();
    assert!(said.starts_with("--set:1:21: "), "{said}");
}

#[test]
fn calc_gives_the_exact_figures() {
    let folder = folder();
    let answer = json(
        folder.path(),
        &[
            "calc",
            "--arrivals",
            "100/s",
            "--service",
            "83ms",
            "--consumers",
            "10",
            "--json",
        ],
    );
    assert_eq!(
        (&answer["schema_version"], &answer["model"]),
        (&1.into(), &"M/M/10".into())
    );
    for (key, expected) in [
        ("p_wait", 0.4794),
        ("wait.mean", 0.0234),
        ("wait.p99", 0.1889),
        ("sojourn.p99", 0.4246),
        ("ready.mean", 2.34),
        ("utilisation", 0.83),
    ] {
        let value = answer["metrics"][key].as_f64().unwrap_or(f64::NAN);
        assert!((value / expected - 1.0).abs() < 2e-3, "{key}: {value}");
    }
}
