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
