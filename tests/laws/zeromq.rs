//! PUSH and PULL of ZeroMQ: lanes against exact answers, marks and dying peers to the nanosecond.

use super::{History, What, outcome, scenario, value, value_and_error};
use What::{Accepted, Refused, Started};
use queuelab::queue::Exit;

const RECEIVED: What = What::Left(Exit::Acked);
const PEER_LOST: What = What::Left(Exit::PeerLost);

/// Most standard errors between the simulation and the exact answer.
const MOST_ERRORS: f64 = 4.0;

fn run(text: &str) -> History {
    let whole = format!(
        "title = \"Worked example\"\nkind = \"terminating\"\nhorizon = \"10m\"\nat_horizon = \"drain\"\n{text}"
    );
    History::of(&scenario(&whole).base, 0)
}

/// (second, message) of all that happened in that way.
fn when(history: &History, what: What) -> Vec<(f64, u64)> {
    let events = history.0.iter().filter(|event| event.what == what);
    events
        .map(|event| (event.at as f64 / 1e9, event.message.1))
        .collect()
}

/// Without marks a worker gets every fourth message, whatever it is doing: arrivals of Erlang 4, GI/M/1. With σ the root
/// of σ = A*(μ(1 − σ)), A*(s) = (λ / (λ + s))⁴, the mean wait is σ / (μ(1 − σ)) (Kleinrock 1975, §6.4).
#[test]
fn workers_that_are_pushed_to_in_turn_are_lines_of_their_own() {
    let outcome = outcome(
        r#"
title = "lanes"
kind = "steady"
horizon = "4h"
producer.source = { to = "lanes", arrivals = "poisson(8/s)" }
queue.lanes = { kind = "zeromq", sndhwm = 0, rcvhwm = 0 }
pool.crew = { from = "lanes", consumers = 4, service = "exponential(400ms)" }
"#,
    );
    let (rate, mu) = (8.0_f64, 2.5_f64);
    let mut sigma = 0.5;
    for _ in 0..10_000 {
        sigma = (rate / (rate + mu * (1.0 - sigma))).powi(4);
    }
    let exact = sigma / (mu * (1.0 - sigma));
    let (mean, error) = value_and_error(&outcome, &outcome.runs[0], "lanes.wait.mean").unwrap();
    let z = (mean - exact) / error;
    assert!(
        z.abs() < MOST_ERRORS,
        "{mean} instead of {exact}: z = {z:.2}"
    );
}

/// Over inproc a lane holds sndhwm + rcvhwm messages; that the first is in work already is not seen before the low-water
/// mark, at the second of three (libzmq, pipe.cpp).
#[test]
fn a_push_at_the_mark_is_refused_and_may_be_dropped() {
    let history = run(r#"
producer.source = { to = "lane", arrivals = "times([0s, 1s, 2s, 3s, 4s])", on_refused = "drop" }
queue.lane = { kind = "zeromq", transport = "inproc", sndhwm = 1, rcvhwm = 2 }
pool.crew = { from = "lane", consumers = 1, service = "constant(100s)" }
"#);
    assert_eq!(when(&history, Accepted), [(0.0, 0), (1.0, 1), (2.0, 2)]);
    assert_eq!(when(&history, Refused), [(3.0, 3), (4.0, 4)]);
}

/// A PUSH socket blocks: what it could not send goes when the worker has received the second message, at 100 s.
#[test]
fn who_pushes_waits_until_a_lane_is_down_to_its_low_water_mark() {
    let history = run(r#"
producer.source = { to = "lane", arrivals = "times([0s, 1s, 2s, 3s, 4s])" }
queue.lane = { kind = "zeromq", transport = "inproc", sndhwm = 1, rcvhwm = 2 }
pool.crew = { from = "lane", consumers = 1, service = "constant(100s)" }
"#);
    let accepted = [(0.0, 0), (1.0, 1), (2.0, 2), (100.0, 3), (100.0, 4)];
    assert_eq!(when(&history, Accepted), accepted);
}

/// A stalled worker keeps what was sent to it, and dies with it; what the other was sent is done.
#[test]
fn a_dying_worker_takes_with_it_what_was_sent_to_it_and_nothing_else() {
    let history = run(r#"
producer.source = { to = "lanes", arrivals = "times([0s, 1s, 2s, 3s, 4s, 5s])" }
queue.lanes = { kind = "zeromq" }
pool.crew = { from = "lanes", consumers = 2, service = "constant(10s)", outages = [{ at = "6s", for = "60s", consumers = 1 }] }
"#);
    assert_eq!(when(&history, PEER_LOST), [(6.0, 2), (6.0, 4)]);
    let received: Vec<u64> = when(&history, RECEIVED).iter().map(|(_, k)| *k).collect();
    assert_eq!(received, [0, 1, 3, 5]);
    let lost: Vec<u64> = history
        .1
        .iter()
        .filter(|end| !end.2)
        .map(|end| end.1.1)
        .collect();
    // The one in work is lost too: it was received, and nobody gives it back.
    assert_eq!(lost, [0, 2, 4]);
}

/// Where PULL binds, a line at the sender waits for its peer to come back; where PUSH binds it goes with the peer.
#[test]
fn what_waits_at_a_sender_that_connected_is_there_when_its_peer_is_back() {
    let lost = |bind: &str| {
        let history = run(&format!(
            r#"
producer.source = {{ to = "lane", arrivals = "times([0s, 1s, 2s, 3s])", size = 1000 }}
queue.lane = {{ kind = "zeromq", sndhwm = 10, rcvhwm = 1, kernel_buffer = 1009, bind = "{bind}" }}
pool.crew = {{ from = "lane", consumers = 1, service = "constant(10s)", outages = [{{ at = "5s", for = "10s" }}] }}
"#
        ));
        let lost: Vec<u64> = when(&history, PEER_LOST).iter().map(|(_, k)| *k).collect();
        (lost, when(&history, Started))
    };
    // One is in work, one at the receiver, one in the kernel, and one at the sender.
    assert_eq!(lost("push"), (vec![1, 2, 3], vec![(0.0, 0)]));
    assert_eq!(lost("pull"), (vec![1, 2], vec![(0.0, 0), (15.0, 3)]));
}

/// What waits at a receiver waits too, though it is unacked: recovery ends when it is gone.
#[test]
fn recovery_counts_what_waits_at_receivers() {
    let outcome = outcome(
        r#"
title = "stalled"
kind = "terminating"
horizon = "100s"
replications = 2
producer.source = { to = "lane", arrivals = "times([0s, 0s, 0s, 0s, 0s])" }
queue.lane = { kind = "zeromq" }
pool.crew = { from = "lane", consumers = 1, service = "constant(1s)", slowdowns = [{ at = "0s", for = "1s", factor = 10 }] }
"#,
    );
    // The stall is over at 1 s, and the last of five is received at 10 + 3 s.
    let drained = value(&outcome.runs[0], "lane.drain_time.mean");
    assert!((drained - 12.0).abs() < 1e-6, "{drained}");
}
