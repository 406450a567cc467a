//! Queues of SQS: receives, visibility and redrive against exact answers, and to the nanosecond.

use super::{History, What, outcome, scenario, value, value_and_error, whole};
use What::{Returned, Started};
use queuelab::queue::Exit;

const ACKED: What = What::Left(Exit::Acked);
const LIMITED: What = What::Left(Exit::DeliveryLimited);

/// Most standard errors between the simulation and the exact answer.
const MOST_ERRORS: f64 = 4.0;

fn run(text: &str) -> History {
    let whole = format!(
        "title = \"Worked example\"\nkind = \"terminating\"\nhorizon = \"10m\"\nat_horizon = \"drain\"\n{text}"
    );
    History::of(&scenario(&whole).base, 0)
}

/// (second, message) of all that happened in that queue in that way.
fn when(history: &History, queue: u32, what: What) -> Vec<(f64, u64)> {
    let events = history.0.iter();
    let events = events.filter(|event| event.queue == queue && event.what == what);
    events
        .map(|event| (event.at as f64 / 1e9, event.message.1))
        .collect()
}

/// One message a receive, and a visibility timeout that no work comes near: a single line, M/M/c (Erlang C: for c = 4 and
/// a = 3.2, P(wait) = 0.5964, W = P(wait) / (cμ − λ)).
#[test]
fn consumers_that_receive_one_message_at_a_time_are_one_line() {
    let outcome = outcome(
        r#"
title = "mmc"
kind = "steady"
horizon = "4000s"
producer.source = { to = "line", arrivals = "poisson(8/s)" }
queue.line = { kind = "sqs", visibility_timeout = "1h" }
pool.crew = { from = "line", consumers = 4, service = "exponential(400ms)" }
"#,
    );
    let a: f64 = 3.2;
    let terms: [f64; 4] = [1.0, a, a * a / 2.0, a.powi(3) / 6.0];
    let last = a.powi(4) / 24.0 * 4.0 / (4.0 - a);
    let p_wait = last / (terms.iter().sum::<f64>() + last);
    let exact = p_wait / (4.0 / 0.4 - 8.0);
    let (mean, error) = value_and_error(&outcome, &outcome.runs[0], "line.wait.mean").unwrap();
    let z = (mean - exact) / error;
    assert!(
        z.abs() < MOST_ERRORS,
        "{mean} instead of {exact}: z = {z:.2}"
    );
}

/// With consumers to spare, a message is received anew each time its visibility timeout v ends, until an attempt is
/// shorter than that: a receipt counts until the next receive. Attempts are geometric, of mean 1 / P(S < v), and all but
/// the last are done in vain: 1 / (1 − e^(−μv)), for v at the mean of the work 1.582.
#[test]
fn too_short_a_visibility_timeout_multiplies_the_work_as_the_geometric_law_says() {
    let outcome = outcome(
        r#"
title = "visibility"
kind = "steady"
horizon = "20000s"
replications = 10
producer.source = { to = "line", arrivals = "poisson(1/s)" }
queue.line = { kind = "sqs", visibility_timeout = "10s" }
pool.crew = { from = "line", consumers = 60, service = "exponential(10s)" }
"#,
    );
    let exact = 1.0 / (1.0 - (-1.0_f64).exp());
    let run = &outcome.runs[0];
    let (mean, error) = value_and_error(&outcome, run, "crew.attempts.mean").unwrap();
    let z = (mean - exact) / error;
    assert!(
        z.abs() < MOST_ERRORS,
        "{mean} instead of {exact}: z = {z:.2}"
    );
    let (share, error) = value_and_error(&outcome, run, "line.duplicates.share").unwrap();
    // The long run's messages are published in it, and their last attempts may end after it.
    let z = (share - (exact - 1.0)) / error;
    assert!(
        z.abs() < MOST_ERRORS,
        "{share} instead of {}: z = {z:.2}",
        exact - 1.0
    );
}

/// The clock runs from the receive at 5 s, and not from the publish at 0 s: nobody else gets it at 10 s.
#[test]
fn the_visibility_timeout_runs_from_the_receive() {
    let history = run(r#"
producer.source = { to = "line", arrivals = "times([0s])" }
queue.line = { kind = "sqs", visibility_timeout = "10s" }
pool.crew = { from = "line", consumers = 2, service = "constant(8s)", outages = [{ at = "0s", for = "5s" }] }
"#);
    assert_eq!(when(&history, 0, Started), [(5.0, 0)]);
    assert_eq!(when(&history, 0, ACKED), [(13.0, 0)]);
}

/// Work that is never done in time would be done again for the four days that SQS keeps a message: a drain gives up.
#[test]
fn a_drain_ends_though_work_takes_longer_than_the_visibility_timeout() {
    let history = run(r#"
producer.source = { to = "line", arrivals = "times([0s])" }
queue.line = { kind = "sqs", visibility_timeout = "10s" }
pool.crew = { from = "line", consumers = 2, service = "constant(12s)" }
"#);
    assert_eq!(when(&history, 0, Started)[..2], [(0.0, 0), (10.0, 0)]);
    assert!(when(&history, 0, Started).len() < 20_000);
}

/// Three messages in one answer, worked on one after the other: the third is begun at 8 s and done at 12 s, and has been
/// visible since 10 s; but nobody has received it anew, so that its delete counts.
#[test]
fn a_receipt_counts_until_the_message_is_received_again() {
    let history = run(r#"
producer.source = { to = "line", arrivals = "times([0s, 0s, 0s])" }
queue.line = { kind = "sqs", visibility_timeout = "10s" }
pool.crew = { from = "line", consumers = 1, service = "constant(4s)", max_number_of_messages = 10 }
"#);
    assert_eq!(when(&history, 0, Started), [(0.0, 0), (4.0, 1), (8.0, 2)]);
    assert_eq!(when(&history, 0, Returned), [(10.0, 2)]);
    assert_eq!(when(&history, 0, ACKED), [(4.0, 0), (8.0, 1), (12.0, 2)]);
}

/// Extended every 6 s, a timeout of 10 s covers work of 25 s.
#[test]
fn who_extends_the_timeout_keeps_the_message() {
    let history = run(r#"
producer.source = { to = "line", arrivals = "times([0s])" }
queue.line = { kind = "sqs", visibility_timeout = "10s" }
pool.crew = { from = "line", consumers = 2, service = "constant(25s)", extend_visibility = "6s" }
"#);
    assert_eq!(when(&history, 0, Started), [(0.0, 0)]);
    assert_eq!(when(&history, 0, ACKED), [(25.0, 0)]);
}

/// What fails and is left comes back by itself after 10 s, and what was received twice goes to the dead letter queue when
/// it would be received once more.
#[test]
fn what_is_left_comes_back_and_then_goes_to_the_dead_letter_queue() {
    let history = run(r#"
producer.source = { to = "line", arrivals = "times([0s])" }
queue.line = { kind = "sqs", visibility_timeout = "10s", max_receive_count = 2, dead_letter = "failed" }
queue.failed = { kind = "sqs" }
pool.crew = { from = "line", consumers = 1, service = "constant(1s)", failure = { poison = "100%", then = "leave" } }
"#);
    assert_eq!(when(&history, 0, Started), [(0.0, 0), (10.0, 0)]);
    assert_eq!(when(&history, 0, LIMITED), [(20.0, 0)]);
}

/// A consumer that dies tells nobody: what it held is hidden until its timeout ends.
#[test]
fn what_a_dead_consumer_held_stays_hidden_until_its_timeout_ends() {
    let history = run(r#"
producer.source = { to = "line", arrivals = "times([0s])" }
queue.line = { kind = "sqs", visibility_timeout = "30s" }
pool.crew = { from = "line", consumers = 1, service = "constant(10s)", outages = [{ at = "4s", for = "1s" }] }
"#);
    assert_eq!(when(&history, 0, Started), [(0.0, 0), (30.0, 0)]);
    assert_eq!(when(&history, 0, ACKED), [(40.0, 0)]);
}

/// Two groups and two consumers: while the first of a group is in work none of that group is given out.
#[test]
fn a_message_group_is_worked_on_by_one_consumer_at_a_time_and_in_order() {
    let history = run(r#"
producer.one = { to = "line", arrivals = "times([0s, 1s])", key = 1 }
producer.two = { to = "line", arrivals = "times([2s])", key = 2 }
queue.line = { kind = "sqs", fifo_queue = true }
pool.crew = { from = "line", consumers = 2, service = "constant(5s)" }
"#);
    assert_eq!(when(&history, 0, Started), [(0.0, 0), (2.0, 0), (5.0, 1)]);
}

/// A delay hides a new message, which is no receive.
#[test]
fn a_delayed_message_is_received_after_its_delay() {
    let history = run(r#"
producer.source = { to = "line", arrivals = "times([0s])" }
queue.line = { kind = "sqs", delay_seconds = 7, max_receive_count = 1, dead_letter = "failed" }
queue.failed = { kind = "sqs" }
pool.crew = { from = "line", consumers = 1, service = "constant(1s)" }
"#);
    assert_eq!(when(&history, 0, Started), [(7.0, 0)]);
    assert_eq!(when(&history, 0, ACKED), [(8.0, 0)]);
}

/// One send, one delete, and receives: answered at 0 s and at 50 s, before which two long polls of 20 s ended empty.
#[test]
fn requests_are_sends_deletes_and_long_polls() {
    let outcome = outcome(
        r#"
title = "requests"
kind = "terminating"
horizon = "60s"
replications = 2
producer.source = { to = "line", arrivals = "times([0s, 51s])" }
queue.line = { kind = "sqs", cost_per_million_requests = 1_000_000 }
pool.crew = { from = "line", consumers = 1, service = "constant(1s)", cost_per_hour = 2 }
"#,
    );
    let figure = |name| value(&outcome.runs[0], name);
    // 2 sends, 2 deletes, 1 + 3 receives.
    assert_eq!(whole(figure("line.requests.count")), 8);
    assert!((figure("line.cost.per_h") - 8.0 * 60.0).abs() < 1e-6);
    assert!((figure("end_to_end.cost.per_h") - 8.0 * 60.0 - 2.0).abs() < 1e-6);
}
