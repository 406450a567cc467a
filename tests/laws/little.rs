//! Little's law, L = λ·W: exact for a stretch that begins and ends empty, and to the nanosecond in the audit of every run.

use super::{outcome, value};

/// Busy for 1000 s, then nothing: everything published in the stretch also leaves in it.
const DRAINED: &str = r#"
title = "Drained"
kind = "terminating"
horizon = "2000s"
replications = 5
producer.source = { to = "line", arrivals = { profile = { points = [{ at = "0s", rate = "45/s" }, { at = "1000s", rate = "0/s" }], between = "step" } }, batch = "uniform(low=1, high=3)" }
pool.crew = { from = "line", consumers = 10, concurrency = 2, prefetch = 5, service = "lognormal(mean=210ms, cv=1.5)" }
"#;

#[track_caller]
fn assert_equal(left: f64, right: f64) {
    assert!((left / right - 1.0).abs() < 1e-12, "{left} is not {right}");
}

#[test]
fn littles_law_holds_for_messages_that_wait_and_for_those_at_work() {
    let outcome = outcome(&format!("{DRAINED}queue.line = {{}}"));
    let run = &outcome.runs[0];
    let of = |name: &str| value(run, name);
    assert!(of("line.wait.mean") > 0.1, "somebody waits");
    let rate = of("line.accepted.rate");
    assert_equal(of("line.total.mean"), rate * of("line.sojourn.mean"));
    assert_equal(of("line.ready.mean"), rate * of("line.delivery_wait.mean"));
    assert_equal(
        of("line.unacked.mean"),
        rate * (of("line.sojourn.mean") - of("line.delivery_wait.mean")),
    );
    // Of what a consumer holds, it works on two messages at once; the rest waits inside.
    assert_equal(
        of("crew.utilisation") * 20.0,
        rate * (of("line.sojourn.mean") - of("line.wait.mean")),
    );
    assert_equal(of("line.acked.rate"), rate);
    assert_equal(of("line.censored.count") + 1.0, 1.0);
}

#[test]
fn littles_law_holds_with_losses_when_the_lost_count_with_their_stay() {
    let settings =
        r#"{ max_length = 30, message_ttl = "400ms", delivery_limit = 2, dead_letter = "grave" }"#;
    let failing = DRAINED.replace(
        "cv=1.5)\"",
        "cv=1.5)\", failure = { probability = \"10%\", then = \"requeue\" }",
    );
    let outcome = outcome(&format!(
        "{failing}queue.line = {settings}\nqueue.grave = {{ message_ttl = \"3s\" }}"
    ));
    let run = &outcome.runs[0];
    for lost in ["expired", "dropped", "delivery_limited"] {
        assert!(
            value(run, &format!("line.{lost}.count")) > 0.0,
            "nothing is {lost}"
        );
    }
    // Nobody consumes the grave, so each message stays there for just its time to live.
    assert_equal(
        value(run, "grave.total.mean"),
        value(run, "grave.accepted.rate") * 3.0,
    );
    let (line, grave) = (
        value(run, "line.total.mean"),
        value(run, "grave.total.mean"),
    );
    assert_equal(
        run.audit.area_ns as f64 * 1e-9,
        (line + grave) * 2000.0 * f64::from(run.replications),
    );
    assert_eq!(run.audit.area_ns, run.audit.exited_ns);
    assert_eq!(
        (run.audit.accepted, run.audit.remaining),
        (run.audit.exits, 0)
    );
}

#[test]
fn the_audit_of_a_run_that_stops_in_full_swing_closes_in_the_integers() {
    let text = r#"
title = "Overloaded"
kind = "steady"
horizon = "300s"
warmup = "0s"
replications = 3
producer.source = { to = "line", arrivals = "poisson(120/s)", priority = "uniform(low=0, high=3)" }
queue.line = { max_priority = 3 }
pool.crew = { from = "line", consumers = 5, prefetch = 4, service = "exponential(50ms)" }
"#;
    let outcome = outcome(text);
    let (run, audit) = (&outcome.runs[0], outcome.runs[0].audit);
    assert_eq!(audit.area_ns, audit.exited_ns + audit.remaining_ns);
    assert_eq!(audit.accepted, audit.exits + audit.remaining);
    assert!(audit.remaining > 10_000, "{audit:?}");
    assert_equal(
        value(run, "line.growth.rate") * 900.0,
        audit.remaining as f64,
    );
    assert_equal(
        value(run, "line.accepted.rate") * 900.0,
        audit.accepted as f64,
    );
}
