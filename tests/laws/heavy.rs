//! Work with a heavy tail: means that do not exist are refused, whatever a finite run says.

use super::{estimate, outcome};
use queuelab::study::{Estimate, Run};

fn run(service: &str, more: &str, load: &str) -> Run {
    let mut outcome = outcome(&format!(
        r#"
title = "Heavy"
kind = "steady"
horizon = "2000s"
replications = 4
producer.source = {{ to = "line", arrivals = "poisson({load}/s)" }}
queue.line = {{}}
pool.crew = {{ from = "line", service = "{service}", {more} }}
"#
    ));
    outcome.runs.swap_remove(0)
}

/// Why a figure is refused; empty where it is known.
fn why(run: &Run, name: &str) -> String {
    match estimate(run, name) {
        Estimate::Known { .. } => String::new(),
        Estimate::Refused { why } => why.clone(),
    }
}

fn is_infinite(run: &Run, name: &str) -> bool {
    why(run, name).starts_with("the mean is infinite")
}

const WAITS: [&str; 5] = [
    "line.wait.mean",
    "line.delivery_wait.mean",
    "line.sojourn.mean",
    "line.ready.mean",
    "line.total.mean",
];

#[test]
fn a_mean_that_does_not_exist_is_refused_and_a_quantile_is_not() {
    for service in [
        "pareto(shape=1.5, mean=1s)",
        "mixture([{ weight = 9, of = constant(1s) }, { weight = 1, of = pareto(shape=1.5, mean=1s) }])",
    ] {
        let run = run(service, "consumers = 1", "0.1");
        for name in WAITS {
            assert!(is_infinite(&run, name), "{service}: {name}");
        }
        assert!(is_infinite(&run, "line.oldest_age.mean"));
        assert!(is_infinite(&run, "end_to_end.latency.mean"));
        assert_eq!(
            why(&run, "line.wait.mean"),
            "the mean is infinite: service is Pareto of shape 1.5, and a mean wait exists for a shape above 2 with 1 consumer \
             to spare (Scheller-Wolf 2003); quantiles exist: ask for line.wait.p99, or bound the work by bounded_pareto"
        );
        // However long the run, its average would not settle; its law does.
        assert_eq!(why(&run, "line.wait.p99"), "");
        let noted = |note: &String| note.starts_with("line.wait.mean: the mean is infinite");
        assert!(run.notes.iter().any(noted), "{:?}", run.notes);
    }
}

#[test]
fn consumers_to_spare_bring_the_mean_wait_back_but_not_that_of_the_oldest_age() {
    // 3 to spare: a shape above 1.33
    let spared = run("pareto(shape=1.4, mean=1s)", "consumers = 3", "0.5");
    for name in WAITS {
        assert!(!is_infinite(&spared, name), "{name}");
    }
    assert!(is_infinite(&spared, "line.oldest_age.mean"));
    let noted = |run: &Run| {
        run.notes
            .iter()
            .any(|note| note.contains("its variance is not"))
    };
    assert!(noted(&spared), "{:?}", spared.notes);
    let near = run("pareto(shape=1.3, mean=1s)", "consumers = 3", "0.5");
    assert!(is_infinite(&near, "line.wait.mean"));
}

#[test]
fn a_lighter_tail_has_a_mean_and_then_a_variance() {
    let noted = |shape: &str| {
        let run = run(
            &format!("pareto(shape={shape}, mean=1s)"),
            "consumers = 1",
            "0.1",
        );
        for name in WAITS.into_iter().chain(["line.oldest_age.mean"]) {
            assert!(!is_infinite(&run, name), "{shape}: {name}");
        }
        run.notes
            .iter()
            .any(|note| note.contains("its variance is not"))
    };
    assert!(noted("2.5"));
    assert!(!noted("3.5"));
}

/// Without a limit of prefetch each consumer is a line of its own, which waits unacked.
#[test]
fn consumers_that_hoard_have_none_to_spare() {
    let run = run(
        "pareto(shape=1.8, mean=1s)",
        "consumers = 3, prefetch = 0",
        "0.3",
    );
    for name in ["line.wait.mean", "line.total.mean", "line.unacked.mean"] {
        assert!(is_infinite(&run, name), "{name}");
    }
    assert!(!is_infinite(&run, "line.ready.mean"));
    assert!(why(&run, "line.wait.mean").contains("each consumer is a line of its own"));
}

#[test]
fn a_bounded_line_has_a_mean_whatever_the_tail() {
    let outcome = outcome(
        r#"
title = "Bounded"
kind = "steady"
horizon = "2000s"
replications = 4
producer.source = { to = "line", arrivals = "poisson(0.1/s)" }
queue.line = { max_length = 5, overflow = "reject-publish" }
pool.crew = { from = "line", consumers = 1, service = "pareto(shape=1.5, mean=1s)" }
"#,
    );
    assert!(!is_infinite(&outcome.runs[0], "line.wait.mean"));
}
