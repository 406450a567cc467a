//! Worked examples of networks, failing work and consumers that die, to the nanosecond: every time is computed by hand.

use super::{History, What, scenario};
use What::{Accepted, Refused, Returned, Started};
use queuelab::queue::Exit;

const ACKED: What = What::Left(Exit::Acked);
const REJECTED: What = What::Left(Exit::ConsumerRejected);
const EXPIRED: What = What::Left(Exit::Expired);

/// A terminating run of a minute, of what `text` describes.
fn run(text: &str) -> History {
    run_for("60s", text)
}

fn run_for(horizon: &str, text: &str) -> History {
    let whole = format!(
        "title = \"Worked example\"\nkind = \"terminating\"\nhorizon = \"{horizon}\"\nat_horizon = \"drain\"\n{text}"
    );
    History::of(&scenario(&whole).base, 0)
}

/// Times of these examples are whole numbers of some nanoseconds, so that a quotient is as exact as what it is held to.
fn seconds(nanos: u64) -> f64 {
    nanos as f64 / 1e9
}

/// (second, message) of all that happened in that queue in that way.
fn when(history: &History, queue: u32, what: What) -> Vec<(f64, u64)> {
    let events = history.0.iter();
    let events = events.filter(|event| event.queue == queue && event.what == what);
    events
        .map(|event| (seconds(event.at), event.message.1))
        .collect()
}

/// (second, message, completed) of the ends.
fn ends(history: &History) -> Vec<(f64, u64, bool)> {
    let ends = history.1.iter();
    ends.map(|(at, message, completed)| (seconds(*at), message.1, *completed))
        .collect()
}

#[test]
fn a_stage_publishes_when_it_is_done_and_after_its_ack() {
    let history = run(r#"
producer.source = { to = "one", arrivals = "times([1s])" }
queue.one = {}
queue.two = {}
pool.first = { from = "one", consumers = 1, service = "constant(2s)", to = "two" }
pool.second = { from = "two", consumers = 1, service = "constant(3s)" }
"#);
    assert_eq!(when(&history, 0, ACKED), [(3.0, 0)]);
    assert_eq!(when(&history, 1, Accepted), [(3.0, 0)]);
    assert_eq!(ends(&history), [(6.0, 0, true)]);
}

#[test]
fn a_fork_ends_with_its_slower_branch() {
    let history = run(r#"
producer.source = { to = "fork", arrivals = "times([0s])" }
queue.fork = {}
queue.left = {}
queue.right = {}
pool.forker = { from = "fork", consumers = 1, service = "constant(1s)", to = { all = ["left", "right"] } }
pool.lefts = { from = "left", consumers = 1, service = "constant(2s)" }
pool.rights = { from = "right", consumers = 1, service = "constant(5s)" }
"#);
    assert_eq!(when(&history, 1, ACKED), [(3.0, 0)]);
    assert_eq!(when(&history, 2, ACKED), [(6.0, 0)]);
    assert_eq!(ends(&history), [(6.0, 0, true)]);
}

/// The second message finds the second queue full, holds its slot, and is acked when there is room.
#[test]
fn a_blocked_slot_keeps_its_message_until_the_next_queue_has_room() {
    let history = run(r#"
producer.source = { to = "one", arrivals = "times([0s, 0s, 0s])" }
queue.one = {}
queue.two = { max_length = 1, overflow = "reject-publish" }
pool.first = { from = "one", consumers = 1, service = "constant(1s)", to = "two", on_refused = "block" }
pool.second = { from = "two", consumers = 1, service = "constant(10s)" }
"#);
    // 0 is worked on from 1, 1 waits from 2, 2 is refused at 3 and taken at 11, when 1 is delivered.
    assert_eq!(when(&history, 1, Refused), [(3.0, 2)]);
    assert_eq!(when(&history, 1, Accepted), [(1.0, 0), (2.0, 1), (11.0, 2)]);
    assert_eq!(when(&history, 0, ACKED), [(1.0, 0), (2.0, 1), (11.0, 2)]);
    assert_eq!(
        ends(&history),
        [(11.0, 0, true), (21.0, 1, true), (31.0, 2, true)]
    );
}

#[test]
fn a_blocked_producer_publishes_what_it_kept_in_its_order() {
    let history = run(r#"
producer.source = { to = "line", arrivals = "times([0s, 1s, 2s, 3s])", on_refused = "block" }
queue.line = { max_length = 1, overflow = "reject-publish" }
pool.crew = { from = "line", consumers = 1, service = "constant(10s)" }
"#);
    assert_eq!(when(&history, 0, Refused), [(2.0, 2), (10.0, 3)]);
    assert_eq!(
        when(&history, 0, Accepted),
        [(0.0, 0), (1.0, 1), (10.0, 2), (20.0, 3)]
    );
}

/// Delays of 1 s, 2 s and 4 s, then the limit: what failed four times goes to the dead letter queue.
#[test]
fn retries_back_off_and_end_in_the_dead_letter_queue() {
    let history = run(r#"
producer.source = { to = "line", arrivals = "times([0s])" }
queue.line = { dead_letter = "failed" }
queue.failed = {}
pool.crew = { from = "line", consumers = 1, service = "constant(1s)", failure = { probability = "100%", then = { retry = { backoff = "exponential(first=1s, factor=2)", limit = 3 } } } }
pool.clerk = { from = "failed", consumers = 1, service = "constant(1s)" }
"#);
    assert_eq!(
        when(&history, 0, Accepted),
        [(0.0, 0), (2.0, 0), (5.0, 0), (10.0, 0)]
    );
    assert_eq!(when(&history, 0, ACKED), [(1.0, 0), (3.0, 0), (6.0, 0)]);
    assert_eq!(when(&history, 0, REJECTED), [(11.0, 0)]);
    assert_eq!(ends(&history), [(12.0, 0, true)]);
}

/// As users of RabbitMQ delay a retry: reject into a queue with a time to live, whose dead letters come back.
#[test]
fn a_retry_through_a_wait_queue_draws_its_work_anew() {
    let history = run(r#"
producer.source = { to = "work", arrivals = "times([0s])" }
queue.work = { dead_letter = "wait" }
queue.wait = { dead_letter = "work", message_ttl = "5s" }
pool.crew = { from = "work", consumers = 1, service = "uniform(low=1s, high=2s)", failure = { probability = "0%", then = "reject", episodes = [{ from = "0s", until = "4s", probability = "100%" }] } }
"#);
    let starts = when(&history, 0, Started);
    let rejected = when(&history, 0, REJECTED)[0].0;
    let acked = when(&history, 0, ACKED)[0].0;
    let expired = when(&history, 1, EXPIRED)[0].0;
    assert!(
        (expired - rejected - 5.0).abs() < 1e-9,
        "{rejected} {expired}"
    );
    assert_eq!(starts.len(), 2);
    let (first, second) = (rejected - starts[0].0, acked - starts[1].0);
    assert!((first - second).abs() > 1e-6, "{first} s and {second} s");
}

fn crash(on_crash: &str) -> History {
    run(&format!(
        r#"
producer.source = {{ to = "line", arrivals = "times([0s])" }}
queue.line = {{}}
pool.crew = {{ from = "line", consumers = 1, service = "listed([10s])", outages = [{{ at = "4s", for = "3s" }}], on_crash = "{on_crash}" }}
"#
    ))
}

#[test]
fn work_is_done_again_from_the_start_after_a_crash() {
    let history = crash("redo");
    assert_eq!(when(&history, 0, Returned), [(4.0, 0)]);
    assert_eq!(when(&history, 0, Started), [(0.0, 0), (7.0, 0)]);
    assert_eq!(when(&history, 0, ACKED), [(17.0, 0)]);
}

#[test]
fn work_goes_on_where_a_crash_ended_it() {
    assert_eq!(when(&crash("resume"), 0, ACKED), [(13.0, 0)]);
}

/// A rolling restart: who is told to go finishes what it works on, and gives back what it has not begun.
#[test]
fn a_graceful_restart_finishes_its_work_and_gives_back_the_rest() {
    let history = run(r#"
producer.source = { to = "line", arrivals = "times([0s, 0s])" }
queue.line = {}
pool.crew = { from = "line", consumers = 1, prefetch = 2, service = "constant(10s)", outages = [{ at = "4s", for = "20s", graceful = true }] }
"#);
    assert_eq!(when(&history, 0, Returned), [(4.0, 1)]);
    assert_eq!(when(&history, 0, ACKED), [(10.0, 0), (34.0, 1)]);
}

/// Settled at delivery, and lost with the consumer: nobody has it any more.
#[test]
fn what_was_acked_at_delivery_dies_with_its_consumer() {
    let history = run(r#"
producer.source = { to = "line", arrivals = "times([0s, 1s])" }
queue.line = {}
pool.crew = { from = "line", consumers = 1, ack = "auto", service = "constant(10s)", outages = [{ at = "4s", for = "1s" }] }
"#);
    assert_eq!(when(&history, 0, ACKED), [(0.0, 0), (1.0, 1)]);
    let mut ends = ends(&history);
    ends.sort_by_key(|(_, message, _)| *message);
    assert_eq!(ends, [(4.0, 0, false), (4.0, 1, false)]);
}

/// Half a round trip there, half of it back: with a prefetch of 1 a message takes a whole one besides its work.
#[test]
fn a_round_trip_delays_the_delivery_and_the_ack() {
    let history = run(r#"
producer.source = { to = "line", arrivals = "times([0s, 0s])" }
queue.line = {}
pool.crew = { from = "line", consumers = 1, service = "constant(3s)", round_trip = "2s" }
"#);
    assert_eq!(when(&history, 0, Started), [(1.0, 0), (6.0, 1)]);
    assert_eq!(when(&history, 0, ACKED), [(5.0, 0), (10.0, 1)]);
}

/// Five messages, batches of at most three: the first waits for a second that completes it or for two seconds.
#[test]
fn a_batch_begins_when_it_is_full_or_has_waited() {
    let history = run(r#"
producer.source = { to = "line", arrivals = "times([0s, 1s, 1s, 20s, 21s])" }
queue.line = {}
pool.crew = { from = "line", consumers = 1, prefetch = 3, service = "constant(1s)", batch = { size = 3, wait = "2s", setup = "constant(4s)" } }
"#);
    assert_eq!(
        when(&history, 0, Started),
        [(1.0, 0), (1.0, 1), (1.0, 2), (22.0, 3), (22.0, 4)]
    );
    let acked = when(&history, 0, ACKED);
    let times: Vec<f64> = acked.iter().map(|(at, _)| *at).collect();
    assert_eq!(times, [8.0, 8.0, 8.0, 28.0, 28.0]);
}

/// The client does not hear of its message in time and publishes it again; both are worked on, and the first counts.
#[test]
fn a_client_that_waited_too_long_publishes_again() {
    let history = run(r#"
producer.source = { to = "line", arrivals = "times([0s])", timeout = { after = "3s", retry = { backoff = "fixed(1s)", limit = 1 } } }
queue.line = {}
pool.crew = { from = "line", consumers = 1, service = "listed([5s])" }
"#);
    assert_eq!(when(&history, 0, Accepted), [(0.0, 0), (4.0, 0)]);
    assert_eq!(when(&history, 0, ACKED), [(5.0, 0), (10.0, 0)]);
    assert_eq!(ends(&history), [(5.0, 0, true)]);
}

#[test]
fn the_shortest_of_several_queues_is_joined_and_of_equals_the_first() {
    let history = run(r#"
producer.source = { to = { balance = "shortest", queues = ["a", "b"] }, arrivals = "times([0s, 0s, 0s, 1s])" }
queue.a = {}
queue.b = {}
pool.wa = { from = "a", consumers = 1, service = "constant(10s)" }
pool.wb = { from = "b", consumers = 1, service = "constant(10s)" }
"#);
    assert_eq!(when(&history, 0, Accepted), [(0.0, 0), (0.0, 2)]);
    assert_eq!(when(&history, 1, Accepted), [(0.0, 1), (1.0, 3)]);
}

/// A slow consumer takes three times as long for what it begins in its slow stretch, and no longer for the rest.
#[test]
fn work_begun_in_a_slow_stretch_is_slow() {
    let history = run(r#"
producer.source = { to = "line", arrivals = "times([0s, 1s, 10s])" }
queue.line = {}
pool.crew = { from = "line", consumers = 1, service = "constant(1s)", slowdowns = [{ at = "1s", for = "5s", factor = 3 }] }
"#);
    let acked = when(&history, 0, ACKED);
    assert_eq!(acked, [(1.0, 0), (4.0, 1), (11.0, 2)]);
}

#[test]
fn a_topic_exchange_sends_a_copy_to_each_queue_whose_pattern_fits() {
    let history = run(r##"
producer.source = { to = { exchange = "events", key = "order.paid" }, arrivals = "times([0s])" }
exchange.events = { kind = "topic", bindings = [{ queue = "orders", key = "order.*" }, { queue = "logins", key = "user.#" }, { queue = "audit", key = "#" }] }
queue.orders = {}
queue.logins = {}
queue.audit = {}
pool.o = { from = "orders", consumers = 1, service = "constant(1s)" }
pool.l = { from = "logins", consumers = 1, service = "constant(1s)" }
pool.a = { from = "audit", consumers = 1, service = "constant(3s)" }
"##);
    assert_eq!(when(&history, 0, Accepted), [(0.0, 0)]);
    assert_eq!(when(&history, 1, Accepted), []);
    assert_eq!(when(&history, 2, Accepted), [(0.0, 0)]);
    assert_eq!(ends(&history), [(3.0, 0, true)]);
}

/// The first consumer dies over work that would have ended at 1 s; the second message's work on its slot ends then too.
#[test]
fn a_completion_that_a_crash_made_void_does_not_end_other_work_of_the_same_moment_twice() {
    let history = run(r#"
producer.source = { to = "line", arrivals = "times([0s, 700ms])" }
queue.line = {}
pool.crew = { from = "line", consumers = 2, service = "listed([1s, 300ms])", outages = [{ at = "400ms", for = "100ms", consumers = 1 }] }
"#);
    let acked = when(&history, 0, ACKED);
    assert_eq!(acked, [(1.0, 1), (1.4, 0)]);
}

/// Who gives back what it had of a batch forgets the batch too, and works on when it is back.
#[test]
fn a_consumer_that_gave_back_half_a_batch_works_again_when_it_returns() {
    let history = run(r#"
producer.source = { to = "line", arrivals = "times([0s])" }
queue.line = {}
pool.crew = { from = "line", consumers = 1, service = "constant(1s)", batch = { size = 3, wait = "10s" }, outages = [{ at = "5s", for = "10s", graceful = true }] }
"#);
    assert_eq!(when(&history, 0, Returned), [(5.0, 0)]);
    assert_eq!(when(&history, 0, ACKED), [(26.0, 0)]);
}

/// An ack that is on its way when its consumer dies is lost, and the message is passed on twice: each of the three ends
/// once, and no later one is taken for it.
#[test]
fn a_message_that_is_passed_on_twice_ends_once() {
    let history = run(r#"
producer.source = { to = "one", arrivals = "times([0s, 10s, 10s])" }
queue.one = {}
queue.two = {}
pool.first = { from = "one", consumers = 1, service = "constant(1s)", round_trip = "2s", outages = [{ at = "2500ms", for = "1s" }], to = "two" }
pool.second = { from = "two", consumers = 1, service = "constant(100ms)" }
"#);
    assert_eq!(when(&history, 1, ACKED).len(), 4);
    let ended: Vec<(u64, bool)> = ends(&history)
        .iter()
        .map(|(_, message, completed)| (*message, *completed))
        .collect();
    assert_eq!(ended, [(0, true), (1, true), (2, true)]);
}

/// Settled at delivery and done, a message waits with its consumer for room, and dies with it.
#[test]
fn what_waits_for_room_after_an_automatic_ack_dies_with_its_consumer_once() {
    let history = run(r#"
producer.source = { to = "one", arrivals = "times([0s, 0s, 0s])" }
queue.one = {}
queue.two = { max_length = 1, overflow = "reject-publish" }
pool.first = { from = "one", consumers = 1, ack = "auto", service = "constant(1s)", to = "two", on_refused = "block", outages = [{ at = "5s", for = "1s" }] }
pool.second = { from = "two", consumers = 1, service = "constant(10s)" }
"#);
    assert_eq!(
        ends(&history),
        [(5.0, 2, false), (11.0, 0, true), (21.0, 1, true)]
    );
}

/// A slow consumer is no slower for what it has to do again.
#[test]
fn work_that_is_done_again_in_a_slow_stretch_is_slow_once() {
    let history = run(r#"
producer.source = { to = "line", arrivals = "times([0s])" }
queue.line = {}
pool.crew = { from = "line", consumers = 1, service = "constant(1s)", slowdowns = [{ at = "0s", for = "60s", factor = 3 }], outages = [{ at = "1s", for = "1s" }] }
"#);
    assert_eq!(when(&history, 0, ACKED), [(5.0, 0)]);
}

/// Whoever waits for an answer does not know that the message is lost, and publishes it again.
#[test]
fn a_client_publishes_again_what_was_lost() {
    let history = run(r#"
producer.source = { to = "line", arrivals = "times([0s, 0s])", timeout = { after = "3s", retry = { backoff = "fixed(0s)", limit = 1 } } }
queue.line = { message_ttl = "1s" }
pool.crew = { from = "line", consumers = 1, service = "constant(2s)" }
"#);
    assert_eq!(when(&history, 0, EXPIRED), [(1.0, 1)]);
    assert_eq!(when(&history, 0, Accepted), [(0.0, 0), (0.0, 1), (3.0, 1)]);
    assert_eq!(ends(&history), [(2.0, 0, true), (5.0, 1, true)]);
}

/// Two may be without a confirm, which takes 2 s: a third is published when the first confirm arrives.
#[test]
fn a_full_window_holds_back_until_a_confirm_arrives() {
    let history = run(r#"
producer.source = { to = "line", arrivals = "times([0s, 0s, 0s, 0s, 1s])", confirms = { window = 2, delay = "constant(2s)" } }
queue.line = {}
pool.crew = { from = "line", consumers = 1, service = "constant(100ms)" }
"#);
    assert_eq!(
        when(&history, 0, Accepted),
        [(0.0, 0), (0.0, 1), (2.0, 2), (2.0, 3), (4.0, 4)]
    );
    // From when it was made, and not from when it could be published at last.
    assert_eq!(ends(&history)[4], (4.1, 4, true));
}

/// A nack comes as late as a confirm, and only then does the wait for the retry begin.
#[test]
fn a_refusal_is_heard_of_after_the_delay_of_a_confirm() {
    let history = run(r#"
producer.source = { to = "line", arrivals = "times([0s, 0s, 0s])", confirms = { window = 9, delay = "constant(500ms)" }, on_refused = { retry = { backoff = "fixed(1s)" } } }
queue.line = { max_length = 1, overflow = "reject-publish" }
pool.crew = { from = "line", consumers = 1, service = "constant(1s)" }
"#);
    assert_eq!(when(&history, 0, Refused), [(0.0, 2)]);
    assert_eq!(when(&history, 0, Accepted), [(0.0, 0), (0.0, 1), (1.5, 2)]);
}

/// Two messages of 400 bytes are over a limit of 500: the third waits until one of them is gone.
#[test]
fn who_publishes_waits_while_memory_is_short() {
    let history = run(r#"
memory_limit = 500
producer.source = { to = "line", arrivals = "times([0s, 1s, 2s])", size = 400 }
queue.line = {}
pool.crew = { from = "line", consumers = 1, service = "constant(5s)" }
"#);
    assert_eq!(when(&history, 0, Accepted), [(0.0, 0), (1.0, 1), (5.0, 2)]);
    assert_eq!(when(&history, 0, ACKED), [(5.0, 0), (10.0, 1), (15.0, 2)]);
}

/// A delivery that is not acked for half a minute is found at the next whole minute, and with it goes the channel: the
/// consumer's other message comes back too. The work is done again from its start, and the limit ends it.
#[test]
fn a_delivery_held_for_too_long_is_taken_back_with_the_channel() {
    let history = run_for(
        "10m",
        r#"
profile = "rabbitmq-3.10"
consumer_timeout = "30s"
producer.source = { to = "line", arrivals = "times([0s, 0s])" }
queue.line = { delivery_limit = 1 }
pool.crew = { from = "line", consumers = 1, prefetch = 2, service = "listed([90s, 1s])" }
"#,
    );
    assert_eq!(when(&history, 0, Returned), [(60.0, 0), (60.0, 1)]);
    assert_eq!(
        when(&history, 0, What::Left(Exit::DeliveryLimited)),
        [(120.0, 0), (120.0, 1)]
    );
}

/// What finds no queue is lost, and still its producer waits and tries once more: nobody else is ended by it.
#[test]
fn an_unroutable_message_that_is_waited_for_ends_once() {
    let history = run(r#"
producer.lost = { to = { exchange = "events", key = "nobody" }, arrivals = "times([0s])", timeout = { after = "3s", retry = { backoff = "fixed(0s)", limit = 1 } } }
producer.other = { to = "line", arrivals = { closed = { clients = 1, think = "constant(20s)" } } }
exchange.events = { kind = "direct", bindings = [{ queue = "line", key = "line" }] }
queue.line = {}
pool.crew = { from = "line", consumers = 1, service = "constant(1s)" }
"#);
    let ends = ends(&history);
    // The closed client goes on: 0 + 20 + 1, and 21 + 20 + 1.
    assert_eq!(ends, [(6.0, 0, false), (21.0, 0, true), (42.0, 1, true)]);
}

/// A message published again has the key that it had: with half of them of a key that leads nowhere, no retry helps.
#[test]
fn a_message_keeps_its_key_when_it_is_published_again() {
    let times: Vec<String> = (0..40).map(|second| format!("{second}s")).collect();
    let history = run(&format!(
        r#"
producer.source = {{ to = {{ exchange = "events", keys = [{{ key = "line", share = "50%" }}, {{ key = "nobody" }}] }}, arrivals = "times([{}])", timeout = {{ after = "2s", retry = {{ backoff = "fixed(0s)", limit = 20 }} }} }}
exchange.events = {{ kind = "direct", bindings = [{{ queue = "line", key = "line" }}] }}
queue.line = {{}}
pool.crew = {{ from = "line", consumers = 9, service = "constant(1ms)" }}
"#,
        times.join(", ")
    ));
    let lost = ends(&history)
        .iter()
        .filter(|(_, _, completed)| !completed)
        .count();
    assert!((10..=30).contains(&lost), "{lost} of 40");
}

/// What a consumer gives back unbegun has not been worked on: it waits on, and brings the work that it was to bring.
#[test]
fn what_comes_back_unbegun_is_no_attempt() {
    let history = run(r#"
producer.source = { to = "line", arrivals = "times([0s, 0s])" }
queue.line = {}
pool.crew = { from = "line", consumers = 1, prefetch = 2, service = "listed([10s, 3s])", outages = [{ at = "5s", for = "10s", graceful = true }] }
"#);
    assert_eq!(when(&history, 0, Returned), [(5.0, 1)]);
    assert_eq!(when(&history, 0, Started), [(0.0, 0), (15.0, 1)]);
    assert_eq!(when(&history, 0, ACKED), [(10.0, 0), (18.0, 1)]);
}

/// Of two that come back at once, the first goes to the consumer that acks at delivery before the second may push it out,
/// and only then does that consumer go.
#[test]
fn what_was_acked_at_delivery_in_the_instant_of_an_outage_is_worked_on_or_lost() {
    for graceful in [true, false] {
        let history = run(&format!(
            r#"
producer.source = {{ to = "line", arrivals = "times([0s, 0s, 0s])" }}
queue.line = {{ max_length = 9, delivery_limit = 1 }}
pool.auto = {{ from = "line", consumers = 1, ack = "auto", service = "constant(1s)", outages = [{{ at = "4s", for = "5s", graceful = {graceful} }}] }}
pool.careful = {{ from = "line", consumers = 2, service = "constant(4s)", failure = {{ probability = "100%", then = "requeue" }} }}
"#
        ));
        let ends = ends(&history);
        assert_eq!(ends.len(), 3, "{ends:?}");
        let second = if graceful {
            (5.0, 1, true)
        } else {
            (4.0, 1, false)
        };
        assert!(ends.contains(&second), "{ends:?}");
    }
}

/// Each copy that stays in a queue that nobody consumes from is one message's loss, once.
#[test]
fn copies_that_nobody_consumes_are_one_loss() {
    let history = run(r#"
producer.source = { to = { exchange = "all" }, arrivals = "times([0s, 1s])" }
exchange.all = { kind = "fanout", bindings = [{ queue = "one" }, { queue = "two" }] }
queue.one = {}
queue.two = {}
"#);
    assert_eq!(ends(&history), [(60.0, 0, false), (60.0, 1, false)]);
}

/// The way out of a pool is named by the pool alone: another producer and pool change nothing in it.
#[test]
fn what_stands_beside_a_pool_draws_nothing_of_its_work() {
    let network = r#"
producer.source = { to = "one", arrivals = "times([0s, 0s, 0s, 0s, 0s])" }
queue.one = {}
queue.two = {}
pool.first = { from = "one", consumers = 1, service = "exponential(1s)", to = [{ queue = "two", share = "60%" }, { exit = "done" }] }
pool.second = { from = "two", consumers = 1, service = "exponential(1s)" }
"#;
    let beside = r#"
producer.another = { to = "other", arrivals = "times([0s, 1s])" }
queue.other = {}
queue.next = {}
pool.others = { from = "other", consumers = 1, service = "exponential(1s)", to = "next" }
pool.nexts = { from = "next", consumers = 1, service = "exponential(1s)" }
"#;
    let of = |text: &str, producer: u32| {
        let history = run(text);
        let events = history.0.iter().filter(|event| event.message.0 == producer);
        events
            .map(|event| (event.at, event.message.1))
            .collect::<Vec<_>>()
    };
    assert_eq!(of(network, 0), of(&format!("{beside}{network}"), 1));
}

/// A queue that takes a second to take in a message has them one after the other.
#[test]
fn a_queue_takes_in_one_message_after_the_other() {
    let history = run(r#"
producer.source = { to = "line", arrivals = "times([0s, 0s, 5s])" }
queue.line = { intake = "1s" }
pool.crew = { from = "line", consumers = 1, service = "constant(100ms)" }
"#);
    assert_eq!(when(&history, 0, Accepted), [(1.0, 0), (2.0, 1), (6.0, 2)]);
    assert_eq!(ends(&history)[1], (2.1, 1, true));
}

/// Given back by reject, a message counts to the limit of a quorum queue of 4.3, which holds it for 1 s, then for 2 s.
#[test]
fn a_rejected_message_waits_longer_each_time_and_leaves_at_the_limit() {
    let history = run(r#"
producer.source = { to = "line", arrivals = "times([0s])" }
queue.line = { kind = "quorum", delivery_limit = 2, delayed_retry = { of = "failed", min = "1s" } }
pool.crew = { from = "line", consumers = 1, service = "constant(1s)", failure = { probability = "100%", then = "reject-requeue" } }
"#);
    assert_eq!(when(&history, 0, Returned), [(2.0, 0), (5.0, 0)]);
    assert_eq!(
        when(&history, 0, What::Left(Exit::DeliveryLimited)),
        [(6.0, 0)]
    );
}

/// Dead letters that find their queue full are kept where they died, and sent again once the broker looks.
#[test]
fn a_dead_letter_that_is_refused_is_kept_and_none_is_lost() {
    let history = run_for(
        "10m",
        r#"
producer.source = { to = "work", arrivals = "times([0s, 0s, 0s, 0s])" }
queue.work = { kind = "quorum", overflow = "reject-publish", dead_letter = "dead", dead_letter_strategy = "at-least-once" }
queue.dead = { max_length = 1, overflow = "reject-publish" }
pool.crew = { from = "work", consumers = 1, service = "constant(1s)", failure = { probability = "100%", then = "reject" } }
pool.clerk = { from = "dead", consumers = 1, service = "constant(10s)" }
"#,
    );
    assert_eq!(when(&history, 1, Accepted)[..2], [(1.0, 0), (2.0, 1)]);
    assert_eq!(when(&history, 0, REJECTED)[..2], [(1.0, 0), (2.0, 1)]);
    let later = &when(&history, 0, REJECTED)[2..];
    assert_eq!(later.len(), 2);
    assert!(later.iter().all(|(at, _)| *at >= 180.0), "{later:?}");
    let ends = ends(&history);
    assert!(
        ends.len() == 4 && ends.iter().all(|(_, _, done)| *done),
        "{ends:?}"
    );
}
