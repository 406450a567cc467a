//! Consumers of all brokers that go and come back, hold on to what is another's by then, or wait: to the nanosecond.

use super::{End, History, What, outcome, scenario, value};
use What::{Accepted, Returned, Started};
use queuelab::queue::Exit;

const ACKED: What = What::Left(Exit::Acked);

fn run(text: &str) -> History {
    let whole = format!(
        "title = \"Lives\"\nkind = \"terminating\"\nhorizon = \"60s\"\nat_horizon = \"drain\"\n{text}"
    );
    History::of(&scenario(&whole).base, 0)
}

/// In seconds, when that happened to each message.
fn when(history: &History, is: impl Fn(What) -> bool) -> Vec<(f64, u64)> {
    let events = history.0.iter().filter(|event| is(event.what));
    events
        .map(|event| (event.at as f64 / 1e9, event.message.1))
        .collect()
}

fn started(history: &History) -> Vec<(f64, u64)> {
    when(history, |what| what == Started)
}

/// In seconds, when each message came to its end, and whether it was completed.
fn ends(history: &History) -> Vec<(f64, u64, bool)> {
    let end = |(at, (_, root), completed): &End| (*at as f64 / 1e9, *root, *completed);
    history.1.iter().map(end).collect()
}

#[test]
fn a_member_that_is_told_to_go_and_comes_back_before_it_is_done_never_left() {
    let history = run(r#"
producer.source = { to = "log", arrivals = "times([0s, 6s])", linger_ms = 0 }
queue.log = { kind = "kafka" }
pool.crew = { from = "log", consumers = 1, service = "constant(5s)", max_poll_records = 1, enable_auto_commit = false, restarts = { at = "1s", each = "2s" } }
"#);
    assert_eq!(started(&history), [(0.0, 0), (6.0, 1)]);
    assert_eq!(when(&history, |what| what == ACKED), [(5.0, 0), (11.0, 1)]);
    assert_eq!(when(&history, |what| what == Returned), []);
}

#[test]
fn a_consumer_that_is_told_to_go_while_its_request_is_on_the_way_asks_anew_when_it_comes_back() {
    let history = run(r#"
producer.source = { to = "line", arrivals = "times([5s])" }
queue.line = { kind = "sqs" }
pool.crew = { from = "line", consumers = 1, service = "constant(1s)", round_trip = "4s", outages = [{ at = "1s", for = "6s", graceful = true }] }
"#);
    // It comes back at 7 s, and the way there and back takes 4 s.
    assert_eq!(started(&history), [(11.0, 0)]);
    assert_eq!(ends(&history), [(14.0, 0, true)]);
}

#[test]
fn who_comes_back_before_it_is_done_goes_on_extending_what_it_holds() {
    let history = run(r#"
producer.source = { to = "line", arrivals = "times([0s])" }
queue.line = { kind = "sqs", visibility_timeout = "2s" }
pool.crew = { from = "line", consumers = 2, service = "constant(9s)", extend_visibility = "1s", outages = [{ at = "1500ms", for = "100ms", graceful = true }] }
"#);
    assert_eq!(started(&history), [(0.0, 0)]);
    assert_eq!(ends(&history), [(9.0, 0, true)]);
}

#[test]
fn who_dies_while_it_finishes_what_it_had_drops_it() {
    let history = run(r#"
producer.source = { to = "line", arrivals = "times([0s])" }
queue.line = { kind = "zeromq" }
pool.crew = { from = "line", consumers = 1, service = "constant(5s)", outages = [{ at = "1s", for = "30s", graceful = true }], crashes = { up = "constant(2s)", down = "constant(100s)" } }
"#);
    assert_eq!(ends(&history), [(2.0, 0, false)]);
}

/// Its member is put out of the group while it works, and what it has is older than the log keeps it. What it does all
/// the same is passed on, when the next message has long been made.
#[test]
fn work_on_a_record_that_retention_has_deleted_ends_its_message_once() {
    let history = run(r#"
producer.source = { to = "log", arrivals = "times([0s, 3s])", linger_ms = 0 }
queue.log = { kind = "kafka", retention_ms = 500, segment_ms = 1, log_retention_check_interval_ms = 100 }
queue.after = {}
pool.crew = { from = "log", consumers = 1, service = "constant(4s)", max_poll_interval_ms = 1000, heartbeat_interval_ms = 100, session_timeout_ms = 300, to = "after" }
pool.others = { from = "after", consumers = 1, service = "constant(1s)" }
"#);
    let mut ended: Vec<u64> = ends(&history).iter().map(|(_, root, _)| *root).collect();
    ended.sort_unstable();
    assert_eq!(ended, [0, 1]);
    // What was done in vain is passed on all the same.
    let passed = history
        .0
        .iter()
        .filter(|event| (event.queue, event.message.0, event.what) == (1, 0, Accepted));
    assert!(passed.count() > 0);
}

/// One receives both, and begins with the second when another has long done both.
#[test]
fn what_was_done_by_another_before_work_on_it_began_is_done_again_and_counts_as_that() {
    let text = r#"
title = "Lives"
kind = "terminating"
horizon = "60s"
replications = 1
producer.source = { to = "line", arrivals = "times([0s])", batch = 2 }
queue.line = { kind = "sqs", visibility_timeout = "1s" }
pool.slow = { from = "line", consumers = 1, service = "constant(4s)", max_number_of_messages = 2 }
pool.quick = { from = "line", consumers = 1, service = "constant(1s)", outages = [{ at = "0s", for = "1500ms" }] }
"#;
    let history = History::of(&scenario(text).base, 0);
    assert_eq!(when(&history, |what| what == ACKED), [(2.5, 0), (3.5, 1)]);
    assert_eq!(started(&history), [(0.0, 0), (1.5, 0), (2.5, 1), (4.0, 1)]);
    let duplicates = value(&outcome(text).runs[0], "line.duplicates.count");
    assert_eq!(duplicates.round() as u32, 2);
}

#[test]
fn a_drain_of_work_that_is_always_in_vain_ends() {
    let history = run(r#"
producer.source = { to = "log", arrivals = "times([0s])", linger_ms = 0 }
queue.log = { kind = "kafka", partitions = 2 }
queue.after = {}
pool.crew = { from = "log", consumers = 2, service = "constant(1s)", max_poll_interval_ms = 900, heartbeat_interval_ms = 100, session_timeout_ms = 300, to = "after" }
pool.others = { from = "after", consumers = 9, service = "constant(1s)" }
"#);
    assert_eq!(ends(&history), []);
    assert!(when(&history, |what| what == Returned).len() > 60);
}

#[test]
fn a_drain_waits_for_the_peers_of_a_producer_that_waits_for_them() {
    let history = run(r#"
producer.source = { to = "line", arrivals = "times([10s, 11s])" }
queue.line = { kind = "zeromq", transport = "inproc" }
pool.crew = { from = "line", consumers = 1, service = "constant(1s)", outages = [{ at = "5s", for = "100s", graceful = true }] }
"#);
    assert_eq!(ends(&history), [(106.0, 0, true), (107.0, 1, true)]);
}

/// Each has room for two on the way to the puller, which takes from each in turn.
#[test]
fn a_socket_that_has_room_does_not_wait_for_another_that_has_none() {
    let history = run(r#"
producer.first = { to = "line", arrivals = "times([0s, 0s, 0s, 0s, 0s])" }
producer.second = { to = "line", arrivals = "times([1s, 1s, 1s, 1s])" }
queue.line = { kind = "zeromq", transport = "inproc", sndhwm = 1, rcvhwm = 1 }
pool.crew = { from = "line", consumers = 1, service = "constant(10s)" }
"#);
    let taken = |producer: u32| -> Vec<f64> {
        let events = history.0.iter().filter(|event| event.message.0 == producer);
        let events = events.filter(|event| event.what == Accepted);
        events.map(|event| event.at as f64 / 1e9).collect()
    };
    assert_eq!(taken(0), [0.0, 0.0, 0.0, 10.0, 30.0]);
    assert_eq!(taken(1), [1.0, 1.0, 20.0, 40.0]);
}
