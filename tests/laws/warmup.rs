//! What is discarded at the start: a burst that is over before the measured stretch leaves no trace in its figures.

use super::{outcome, value};

/// One message a second, worked on for half of it: nobody waits, but for those behind the burst at the start, which is
/// gone after 100 s.
fn after_a_burst(warmup: &str) -> String {
    format!(
        r#"
title = "A burst at the start"
kind = "steady"
horizon = "1000s"
warmup = "{warmup}"
replications = 3
producer.steady = {{ to = "line", arrivals = "renewal(constant(1s))" }}
producer.burst = {{ to = "line", arrivals = "times([250ms])", batch = 100 }}
queue.line = {{}}
pool.crew = {{ from = "line", consumers = 1, service = "constant(500ms)" }}
"#
    )
}

#[test]
fn nothing_of_the_warm_up_is_in_the_figures() {
    // A warm-up that is found is the first of a few instants: here 1000 s / 8.
    for (warmup, seconds) in [("200s", 200.0), ("auto", 125.0)] {
        let outcome = outcome(&after_a_burst(warmup));
        let run = &outcome.runs[0];
        assert_eq!(
            run.warmup.as_secs_f64().to_bits(),
            f64::to_bits(seconds),
            "{warmup}"
        );
        for name in ["wait.max", "ready.max", "p_wait"] {
            assert!(
                value(run, &format!("line.{name}")) == 0.0,
                "{warmup}: {name}"
            );
        }
        assert!(
            (value(run, "line.total.mean") - 0.5).abs() < 1e-3,
            "{warmup}"
        );
        assert!(
            (value(run, "line.accepted.rate") - 1.0).abs() < 2e-3,
            "{warmup}"
        );
        assert!(
            (value(run, "crew.utilisation") - 0.5).abs() < 1e-3,
            "{warmup}"
        );
    }
}

#[test]
fn all_of_it_is_in_the_figures_without_a_warm_up_and_in_the_audit_whatever_the_warm_up() {
    let (cut, whole) = (
        outcome(&after_a_burst("200s")),
        outcome(&after_a_burst("0s")),
    );
    assert!(value(&whole.runs[0], "line.ready.max") >= 99.0);
    assert_eq!(cut.runs[0].audit, whole.runs[0].audit);
    assert_eq!(cut.runs[0].audit.accepted, 3 * 1099);
}

/// M/M/1 at 90 %: 500 messages are too few to settle, and to hold a stretch of the slowest hundredth.
fn short_and_precise(kind: &str) -> String {
    format!(
        r#"
title = "Too short for a p99"
kind = "{kind}"
horizon = "500s"
replications = {{ precision = "40%", of = ["line.wait.p99"], max = 10 }}
producer.source = {{ to = "line", arrivals = "poisson(0.9/s)" }}
queue.line = {{}}
pool.crew = {{ from = "line", consumers = 1, service = "exponential(1s)" }}
"#
    )
}

#[test]
fn a_long_run_that_is_to_be_precise_grows_until_it_can_carry_the_figure() {
    let outcome = outcome(&short_and_precise("steady"));
    let run = &outcome.runs[0];
    let times = run.horizon.as_secs_f64() / 500.0;
    assert!((4.0..=16.0).contains(&times), "{times}");
    let said = format!("each replication is {times:.0} times as long as the file says");
    assert!(
        run.notes.iter().any(|note| note.contains(&said)),
        "{:?}",
        run.notes
    );
    // Exactly 45 s, of which 500 s know little.
    let p99 = value(run, "line.wait.p99");
    assert!((p99 / 45.0 - 1.0).abs() < 0.5, "{p99}");
}

#[test]
fn a_run_that_ends_is_as_long_as_its_file_says() {
    let outcome = outcome(&short_and_precise("terminating"));
    assert_eq!(
        outcome.runs[0].horizon.as_secs_f64().to_bits(),
        500_f64.to_bits()
    );
}

/// In a run of 16 times the length the slowdown would be over before the warm-up is.
#[test]
fn a_run_in_which_something_happens_at_a_given_time_is_as_long_as_its_file_says() {
    let slowdown = "service = \"exponential(1s)\", slowdowns = [{ at = \"250s\", for = \"100s\", factor = 3 }]";
    let burst = "producer.burst = { to = \"line\", arrivals = \"times([250s])\", batch = 100 }\n\
        producer.source";
    let text = short_and_precise("steady");
    let changed = [
        text.replace("service = \"exponential(1s)\"", slowdown),
        text.replace("producer.source", burst),
    ];
    for text in changed {
        let horizon = outcome(&text).runs[0].horizon.as_secs_f64();
        assert_eq!(horizon.to_bits(), 500_f64.to_bits(), "{text}");
    }
}
