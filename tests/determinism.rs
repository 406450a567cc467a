//! A scenario and its seed determine every figure: whatever the number of threads, and whatever else is in the file.

use crate::laws::{outcome, scenario};
use queuelab::study::{self, Estimate, Outcome, Run};

const STEADY: &str = r#"
title = "Steady"
kind = "steady"
horizon = "400s"
replications = 12
producer.source = { to = "line", arrivals = "poisson(40/s)", ttl = "exponential(3s)", priority = "uniform(low=0, high=2)" }
queue.line = { max_priority = 2, max_length = 200 }
pool.crew = { from = "line", consumers = 5, prefetch = 3, service = "lognormal(mean=120ms, cv=1.5)", failure = { probability = "1%", then = "requeue" } }
[[objective]]
metric = "line.wait.p99"
below = "5s"
losses = "ignore"
"#;

const TERMINATING: &str = r#"
title = "Terminating"
kind = "terminating"
horizon = "300s"
replications = 9
producer.source = { to = "line", arrivals = { profile = { points = [{ at = "0s", rate = "20/s" }, { at = "100s", rate = "90/s" }, { at = "200s", rate = "5/s" }] } }, batch = "uniform(low=1, high=3)" }
queue.line = { dead_letter = "again", max_length = 500 }
queue.again = {}
pool.crew = { from = "line", consumers = 9, service = "gamma(mean=120ms, cv=2)" }
pool.second = { from = "again", consumers = 1, service = "exponential(30ms)" }
[[objective]]
metric = "line.sojourn.p95"
below = "10s"
"#;

/// One stage of each kind.
const KINDS: &str = r#"
title = "Kinds"
kind = "terminating"
horizon = "60s"
replications = 6
producer.source = { to = "line", arrivals = "poisson(40/s)", key = "zipf(n=50, exponent=1)", linger_ms = 20 }
queue.line = { kind = "kafka", partitions = 4 }
queue.again = { kind = "sqs", visibility_timeout = "1s" }
queue.last = { kind = "zeromq", sndhwm = 5, rcvhwm = 5, kernel_buffer = 500 }
pool.crew = { from = "line", consumers = 3, service = "gamma(mean=40ms, cv=2)", max_poll_records = 20, session_timeout_ms = 2000, heartbeat_interval_ms = 500, crashes = { up = "exponential(20s)", down = "exponential(3s)" }, to = "again" }
pool.second = { from = "again", consumers = 9, service = "exponential(200ms)", failure = { probability = "5%", then = "leave" }, to = "last" }
pool.third = { from = "last", consumers = 4, service = "exponential(60ms)", outages = [{ at = "20s", for = "5s", consumers = 2 }] }
[[objective]]
metric = "line.lag.max"
below = "1000"
"#;

const VARIANTS: &str = r#"
[[variant]]
name = "same"
set = { "pool.crew.consumers" = 5 }
[[variant]]
name = "one more"
set = { "pool.crew.consumers" = 6 }
"#;

fn with_precision() -> String {
    let asked = r#"{ precision = "3%", of = ["line.wait.mean"], max = 40 }"#;
    STEADY.replace("replications = 12", &format!("replications = {asked}"))
}

fn on_threads(threads: usize, text: &str) -> Outcome {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .expect("threads can be had");
    pool.install(|| outcome(text))
}

#[track_caller]
fn assert_same_whatever_the_threads(text: &str) {
    let alone = format!("{:?}", on_threads(1, text));
    for threads in [2, 3] {
        let together = format!("{:?}", on_threads(threads, text));
        if let Some(place) = alone
            .bytes()
            .zip(together.bytes())
            .position(|(a, b)| a != b)
        {
            let around = |text: &str| {
                text.chars()
                    .skip(place.saturating_sub(80))
                    .take(160)
                    .collect::<String>()
            };
            panic!(
                "{threads} threads tell another story than one:\n{}\n{}",
                around(&alone),
                around(&together)
            );
        }
        assert_eq!(alone.len(), together.len());
    }
}

#[test]
fn a_steady_scenario_has_the_same_outcome_on_any_number_of_threads() {
    assert_same_whatever_the_threads(STEADY);
}

#[test]
fn a_terminating_scenario_has_the_same_outcome_on_any_number_of_threads() {
    assert_same_whatever_the_threads(TERMINATING);
}

#[test]
fn every_kind_of_queue_has_the_same_outcome_on_any_number_of_threads() {
    assert_same_whatever_the_threads(KINDS);
}

#[test]
fn variants_have_the_same_outcome_on_any_number_of_threads() {
    assert_same_whatever_the_threads(&format!("{STEADY}{VARIANTS}"));
}

#[test]
fn replications_until_precise_have_the_same_outcome_on_any_number_of_threads() {
    let text = with_precision();
    assert!(
        on_threads(2, &text).runs[0].replications > 10,
        "the first look is not the last, so that the grid counts"
    );
    assert_same_whatever_the_threads(&text);
}

#[test]
fn another_seed_has_another_outcome() {
    let of = |seed: u32| {
        format!(
            "{:?}",
            outcome(&format!("seed = {seed}\n{STEADY}")).runs[0].metrics
        )
    };
    assert!(of(1) != of(2));
}

#[test]
fn a_resolved_file_has_the_same_outcome() {
    let set = scenario(&format!("{TERMINATING}{}", VARIANTS.replace("= 5", "= 9")));
    let of = |set| format!("{:?}", study::run(set, &()).expect("it runs"));
    assert!(of(&set) == of(&scenario(&set.resolved)));
}

/// All figures of the queue `line` and the pool `crew`.
fn of_line_and_crew(run: &Run) -> String {
    let ours = |component: &str| component == "line" || component == "crew";
    let metrics = run
        .metrics
        .iter()
        .filter(|(metric, _)| ours(&metric.component))
        .collect::<Vec<_>>();
    let lanes = run
        .series
        .lanes
        .iter()
        .filter(|lane| ours(&lane.component))
        .collect::<Vec<_>>();
    let curves = run
        .latency
        .iter()
        .filter(|curves| ours(&curves.queue))
        .collect::<Vec<_>>();
    assert!(!metrics.is_empty() && !lanes.is_empty() && !curves.is_empty());
    format!("{metrics:?}{lanes:?}{curves:?}")
}

#[test]
fn a_neighbour_that_has_nothing_to_do_with_a_queue_changes_none_of_its_figures() {
    // With a warm-up of its own: an automatic one is common to all queues, and ends when the last has settled.
    let text = format!("warmup = \"50s\"\n{STEADY}");
    let neighbour = r#"
producer.aside = { to = "other", arrivals = "poisson(25/s)", batch = 2 }
queue.other = {}
pool.others = { from = "other", consumers = 8, prefetch = 2, service = "exponential(100ms)" }
"#;
    let alone = of_line_and_crew(&outcome(&text).runs[0]);
    let before = text.replacen("producer.source", &format!("{neighbour}producer.source"), 1);
    let after = text.replacen("[[objective]]", &format!("{neighbour}[[objective]]"), 1);
    for beside in [before, after] {
        assert!(of_line_and_crew(&outcome(&beside).runs[0]) == alone);
    }
}

#[test]
fn variants_with_the_same_settings_differ_by_exactly_nothing() {
    let outcome = outcome(&format!("{STEADY}{VARIANTS}"));
    let of = |name: &str| {
        let mut differences = outcome
            .differences
            .iter()
            .filter(|difference| difference.variant == name);
        differences
            .next()
            .expect("each variant is compared on the objective's figure")
            .estimate
            .clone()
    };
    assert_eq!(
        of("same"),
        Estimate::Known {
            value: 0.0,
            interval: Some((0.0, 0.0)),
            no_interval: None,
            runs: None
        }
    );
    assert!(matches!(of("one more"), Estimate::Known { value, .. } if value < 0.0));
}
