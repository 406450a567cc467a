//! Topics of Kafka: partitions against exact answers, and polls, commits, crashes and rebalances to the nanosecond.

use super::{History, What, outcome, scenario, value, value_and_error, whole};
use What::{Accepted, Returned, Started};
use queuelab::queue::{Exit, Partitioner};

const ACKED: What = What::Left(Exit::Acked);
const EXPIRED: What = What::Left(Exit::Expired);

/// Most standard errors between the simulation and the exact answer.
const MOST_ERRORS: f64 = 4.0;

/// A terminating run of `horizon`, of what `text` describes; producers send at once.
fn run_for(horizon: &str, text: &str) -> History {
    let file = format!(
        "title = \"Worked example\"\nkind = \"terminating\"\nhorizon = \"{horizon}\"\nat_horizon = \"drain\"\n{text}"
    );
    History::of(&scenario(&file).base, 0)
}

fn run(text: &str) -> History {
    run_for("60s", text)
}

/// (second, message) of all that happened in that queue in that way.
fn when(history: &History, what: What) -> Vec<(f64, u64)> {
    let events = history.0.iter().filter(|event| event.what == what);
    events
        .map(|event| (event.at as f64 / 1e9, event.message.1))
        .collect()
}

/// With as many members as partitions, one record a poll and a commit after each, a partition is a line of its own:
/// M/M/1 with the share of its keys (Pollaczek and Khinchine: W = ρ / (μ − λ)).
#[test]
fn partitions_are_lines_of_their_own_and_keys_say_how_long() {
    let (rate, service, partitions) = (8.0, 0.25, 4_u32);
    let text = format!(
        r#"
title = "partitions"
kind = "steady"
horizon = "3h"
producer.source = {{ to = "log", arrivals = "poisson({rate}/s)", key = "zipf(n=40, exponent=0.6)", linger_ms = 0 }}
queue.log = {{ kind = "kafka", partitions = {partitions} }}
pool.crew = {{ from = "log", consumers = {partitions}, service = "exponential(250ms)", max_poll_records = 1, enable_auto_commit = false }}
"#
    );
    let weights: Vec<f64> = (1..=40).map(|k| f64::from(k).powf(-0.6)).collect();
    let all: f64 = weights.iter().sum();
    let mut shares = vec![0.0; partitions as usize];
    for (key, weight) in (1..=40).zip(&weights) {
        let key: String = format!("{key}");
        let partition = Partitioner::Java.partition_of(key.as_bytes(), partitions);
        shares[partition as usize] += weight / all;
    }
    let load = |share: f64| rate * share * service;
    assert!(shares.iter().all(|share| load(*share) < 0.95), "{shares:?}");
    // A message is in a partition by its share, and so waits.
    let wait = |share: f64| load(share) * service / (1.0 - load(share));
    let exact: f64 = shares.iter().map(|share| share * wait(*share)).sum();
    let outcome = outcome(&text);
    let (mean, error) = value_and_error(&outcome, &outcome.runs[0], "log.wait.mean").unwrap();
    let z = (mean - exact) / error;
    assert!(
        z.abs() < MOST_ERRORS,
        "{mean} instead of {exact}: z = {z:.2}"
    );
    let sojourn = value(&outcome.runs[0], "log.sojourn.mean");
    assert!((sojourn - exact - service).abs() < 4.0 * error, "{sojourn}");
}

/// All that is there when a consumer comes back to poll is one batch, and one commit. The second batch begins when the
/// first is done.
#[test]
fn a_consumer_polls_all_that_is_there_and_commits_it_together() {
    let history = run(r#"
producer.source = { to = "log", arrivals = "times([0s, 1s, 2s])", linger_ms = 0 }
queue.log = { kind = "kafka" }
pool.crew = { from = "log", consumers = 1, service = "constant(3s)", enable_auto_commit = false }
"#);
    assert_eq!(when(&history, Started), [(0.0, 0), (3.0, 1), (6.0, 2)]);
    assert_eq!(when(&history, ACKED), [(3.0, 0), (9.0, 1), (9.0, 2)]);
}

/// By the clock: the first record is done at 1 s and the consumer waits in poll, so that it is committed at 5 s; what is
/// done at 7 s, at 10 s.
#[test]
fn automatic_commits_come_by_the_clock_while_a_consumer_waits() {
    let history = run(r#"
producer.source = { to = "log", arrivals = "times([0s, 6s])", linger_ms = 0 }
queue.log = { kind = "kafka" }
pool.crew = { from = "log", consumers = 1, service = "constant(1s)" }
"#);
    assert_eq!(when(&history, ACKED), [(5.0, 0), (10.0, 1)]);
}

/// Work is not committed amid a batch: what is due at 5 s waits for the poll at 8 s.
#[test]
fn automatic_commits_wait_for_the_end_of_a_batch() {
    let history = run(r#"
producer.source = { to = "log", arrivals = "times([0s, 1s, 2s])", linger_ms = 0 }
queue.log = { kind = "kafka" }
pool.crew = { from = "log", consumers = 1, service = "constant(4s)" }
"#);
    // Polls at 0 s, 4 s (both others) and 12 s.
    assert_eq!(when(&history, ACKED), [(12.0, 0), (12.0, 1), (12.0, 2)]);
}

/// The consumer has done two of a batch of three when it dies, at 10 s. Its last heartbeat was at 9 s, so that its session
/// ends at 54 s; it is back at 20 s as another member, and until then the group waits for the dead one. All three are
/// done again, of which two had been done before.
#[test]
fn work_after_the_last_commit_is_done_again_after_a_crash() {
    let text = r#"
producer.source = { to = "log", arrivals = "times([0s, 0s, 0s])", linger_ms = 0 }
queue.log = { kind = "kafka" }
pool.crew = { from = "log", consumers = 1, service = "constant(4s)", enable_auto_commit = false, outages = [{ at = "10s", for = "10s" }] }
"#;
    let history = run(text);
    let again = [(54.0, 0), (58.0, 1), (62.0, 2)];
    assert_eq!(when(&history, Started)[..3], [(0.0, 0), (4.0, 1), (8.0, 2)]);
    assert_eq!(when(&history, Returned), [(54.0, 0), (54.0, 1), (54.0, 2)]);
    assert_eq!(when(&history, Started)[3..], again);
    assert_eq!(when(&history, ACKED), [(66.0, 0), (66.0, 1), (66.0, 2)]);
    let file = format!(
        "title = \"twice\"\nkind = \"terminating\"\nhorizon = \"70s\"\nreplications = 2\n{text}"
    );
    let outcome = outcome(&file);
    let figure = |name| whole(value(&outcome.runs[0], name));
    assert_eq!(figure("log.duplicates.count"), 2);
    assert_eq!(figure("crew.attempts.mean"), 2);
}

/// A member that closes is gone at once; the other hears of it at its next heartbeat, at 12 s, and has all.
#[test]
fn a_graceful_stop_costs_a_heartbeat_and_a_crash_a_session() {
    let history = run(r#"
producer.source = { to = "log", arrivals = "times([11s])", linger_ms = 0, key = 1 }
queue.log = { kind = "kafka", partitions = 2 }
pool.crew = { from = "log", consumers = 2, service = "constant(1s)", outages = [{ at = "10s", for = "45s", consumers = 2, graceful = true }] }
pool.rest = { from = "log", consumers = 1, service = "constant(1s)" }
"#);
    assert_eq!(when(&history, Started), [(12.0, 0)]);
}

/// Batches by size or by time: two of 400 bytes fit into 1,000, and the third opens the next batch, which lingers.
#[test]
fn a_producer_sends_a_batch_when_it_is_full_or_has_lingered() {
    let history = run(r#"
producer.source = { to = "log", arrivals = "times([0s, 1s, 2s])", size = 400, key = 1, linger_ms = "5s", batch_size = 1000 }
queue.log = { kind = "kafka" }
pool.crew = { from = "log", consumers = 1, service = "constant(1s)" }
"#);
    assert_eq!(when(&history, Accepted), [(2.0, 0), (2.0, 1), (7.0, 2)]);
}

/// A segment takes two records of 400 bytes. At the check of 10 s the first one is older than 7 s by its last record, of
/// 1 s, and the second, of 3 s, is not yet.
#[test]
fn retention_deletes_by_segments_what_nobody_has_read() {
    let history = run(r#"
producer.source = { to = "log", arrivals = "times([0s, 1s, 2s, 3s, 4s])", size = 400, linger_ms = 0 }
queue.log = { kind = "kafka", segment_bytes = 800, retention_ms = 7000, log_retention_check_interval_ms = 10_000 }
pool.crew = { from = "log", consumers = 1, service = "constant(1s)", session_timeout_ms = 6000, auto_offset_reset = "earliest", outages = [{ at = "0s", for = "12s" }] }
"#);
    assert_eq!(when(&history, EXPIRED), [(10.0, 0), (10.0, 1)]);
    assert_eq!(when(&history, Started), [(12.0, 2), (13.0, 3), (14.0, 4)]);
}

/// A commit and a fetch each take a round trip of 200 ms: done at 1.1 s, committed at 1.2 s, asked for at 1.4 s and there
/// at 1.5 s.
#[test]
fn a_round_trip_is_waited_for_by_commits_and_by_polls() {
    let history = run(r#"
producer.source = { to = "log", arrivals = "times([0.5s, 0.6s])", linger_ms = 0 }
queue.log = { kind = "kafka" }
pool.crew = { from = "log", consumers = 1, service = "constant(1s)", round_trip = "200ms", enable_auto_commit = false, max_poll_records = 1 }
"#);
    assert_eq!(when(&history, Started), [(0.6, 0), (2.0, 1)]);
    assert_eq!(when(&history, ACKED), [(1.7, 0), (3.1, 1)]);
}

/// The first consumer is slow and does not come back to poll for 10 s: it is put out, and the other hears of it at 12 s and
/// does the work again. What the first is done with at 20 s is in vain.
#[test]
fn who_does_not_poll_in_time_has_worked_in_vain() {
    let text = r#"
producer.source = { to = "log", arrivals = "times([0s])", linger_ms = 0 }
queue.log = { kind = "kafka" }
pool.crew = { from = "log", consumers = 2, service = "constant(2s)", enable_auto_commit = false, max_poll_interval_ms = 10_000, slowdowns = [{ at = "0s", for = "1s", consumers = 1, factor = 10 }] }
"#;
    let history = run(text);
    assert_eq!(when(&history, Returned), [(10.0, 0)]);
    assert_eq!(when(&history, Started), [(0.0, 0), (12.0, 0)]);
    assert_eq!(when(&history, ACKED), [(14.0, 0)]);
    assert_eq!(history.1, [(14_000_000_000, (0, 0), true)]);
    let file = format!(
        "title = \"in vain\"\nkind = \"terminating\"\nhorizon = \"60s\"\nreplications = 2\n{text}"
    );
    let outcome = outcome(&file);
    let duplicates = value(&outcome.runs[0], "log.duplicates.count");
    assert_eq!(whole(duplicates), 1);
}

/// Two consumers of one line: the first message takes longer than the two after it, of which one has its key.
#[test]
fn order_is_broken_where_work_on_a_later_message_of_the_same_key_ends_first() {
    let file = r#"
title = "order"
kind = "terminating"
horizon = "60s"
replications = 2
producer.source = { to = "line", arrivals = "times([0s, 1s, 2s])", key = "listed([7, 8, 7])" }
queue.line = {}
pool.crew = { from = "line", consumers = 3, service = "listed([10s, 1s, 1s])" }
"#;
    let violations = |outcome: &str| {
        let outcome = super::outcome(outcome);
        whole(value(&outcome.runs[0], "line.order_violations.count"))
    };
    assert_eq!(violations(file), 1);
    assert_eq!(violations(&file.replace("[7, 8, 7]", "[7, 8, 9]")), 0);
    assert_eq!(
        violations(&file.replace("consumers = 3", "consumers = 1")),
        0
    );
}
