//! The order of what happens at one instant, in worked examples to the nanosecond: acks, publishes, dispatch, expiry.

use super::{Event, History, What, scenario};
use What::{Accepted, Delivered, Refused, Returned, Started};
use queuelab::queue::Exit;

const ACKED: What = What::Left(Exit::Acked);
const EXPIRED: What = What::Left(Exit::Expired);
const DROPPED: What = What::Left(Exit::Dropped);
const LIMITED: What = What::Left(Exit::DeliveryLimited);

const SECOND: u64 = 1_000_000_000;

/// One producer with arrivals at `times`, one queue, one pool.
fn run(source: &str, line: &str, crew: &str) -> History {
    History::of(
        &scenario(&format!(
            r#"
title = "Worked example"
horizon = "10s"
producer.source = {{ to = "line", {source} }}
queue.line = {line}
pool.crew = {{ from = "line", {crew} }}
"#
        ))
        .base,
        0,
    )
}

/// (time in seconds, message, what), without starts, which follow deliveries.
fn told(history: &History) -> Vec<(f64, u64, What)> {
    let broker = history.0.iter().filter(|event| event.what != Started);
    broker
        .map(|event| (event.at as f64 * 1e-9, event.message.1, event.what))
        .collect()
}

/// (message, second of its start), in the order of starts.
fn starts(history: &History) -> Vec<(u64, f64)> {
    let starts = history.0.iter().filter(|event| event.what == Started);
    starts
        .map(|event| (event.message.1, event.at as f64 * 1e-9))
        .collect()
}

#[test]
fn an_ack_comes_before_a_publish_of_the_same_moment_so_nobody_waits() {
    let history = run(
        "arrivals = \"times([0s, 1s])\"",
        "{}",
        "consumers = 1, service = \"listed([1s, 1s])\"",
    );
    assert_eq!(
        told(&history),
        [
            (0.0, 0, Accepted),
            (0.0, 0, Delivered(0)),
            (1.0, 0, ACKED),
            (1.0, 1, Accepted),
            (1.0, 1, Delivered(0)),
            (2.0, 1, ACKED),
        ]
    );
}

#[test]
fn a_nanosecond_is_seen() {
    let history = run(
        "arrivals = \"times([0s, 999999999ns, 1000000001ns])\"",
        "{}",
        "consumers = 1, service = \"listed([1s, 1ns, 5ns])\"",
    );
    let nanos = |message, what| history.when((0, message), what).unwrap();
    assert_eq!(nanos(1, Accepted), SECOND - 1);
    assert_eq!(nanos(1, Started), SECOND);
    assert_eq!(nanos(2, Accepted), SECOND + 1);
    assert_eq!(
        nanos(2, Started),
        SECOND + 1,
        "the consumer is free again at just this moment"
    );
    assert_eq!(nanos(2, ACKED), SECOND + 6);
}

#[test]
fn a_full_queue_refuses_only_after_a_free_consumer_has_taken_what_waits() {
    let history = run(
        "arrivals = \"times([0s, 500ms, 750ms, 1s])\"",
        "{ max_length = 1, overflow = \"reject-publish\" }",
        "consumers = 1, service = \"constant(1s)\"",
    );
    assert_eq!(
        told(&history),
        [
            (0.0, 0, Accepted),
            (0.0, 0, Delivered(0)),
            (0.5, 1, Accepted),
            (0.75, 2, Refused),
            (1.0, 0, ACKED),
            (1.0, 1, Delivered(0)),
            (1.0, 3, Accepted),
            (2.0, 1, ACKED),
            (2.0, 3, Delivered(0)),
            (3.0, 3, ACKED),
        ]
    );
}

#[test]
fn a_time_to_live_of_0_means_now_or_never() {
    for expiry in ["head", "deadline"] {
        let history = run(
            "arrivals = \"times([0s, 0s, 1s])\"",
            &format!("{{ message_ttl = \"0s\", expiry = \"{expiry}\" }}"),
            "consumers = 1, service = \"constant(1s)\"",
        );
        assert_eq!(
            told(&history),
            [
                (0.0, 0, Accepted),
                (0.0, 1, Accepted),
                (0.0, 0, Delivered(0)),
                (0.0, 1, EXPIRED),
                (1.0, 0, ACKED),
                (1.0, 2, Accepted),
                (1.0, 2, Delivered(0)),
                (2.0, 2, ACKED),
            ],
            "{expiry}"
        );
    }
}

#[test]
fn a_message_due_at_the_moment_a_consumer_gets_free_is_still_delivered() {
    for expiry in ["head", "deadline"] {
        let at = |ttl: &str| {
            let line = format!("{{ message_ttl = \"{ttl}\", expiry = \"{expiry}\" }}");
            run(
                "arrivals = \"times([0s, 0s])\"",
                &line,
                "consumers = 1, service = \"constant(1s)\"",
            )
        };
        let in_time = at("1s");
        assert_eq!(in_time.when((0, 1), Started), Some(SECOND), "{expiry}");
        let too_late = at("999999999ns");
        assert_eq!(too_late.when((0, 1), EXPIRED), Some(SECOND - 1), "{expiry}");
        assert_eq!(too_late.when((0, 1), Started), None, "{expiry}");
    }
}

#[test]
fn expiry_at_the_head_waits_behind_a_longer_life_and_expiry_by_deadline_does_not() {
    let lives = "arrivals = \"times([0s, 0s, 0s])\", ttl = \"listed([9s, 3s, 1s])\"";
    let crew = "consumers = 1, service = \"constant(5s)\"";
    let expired = |expiry: &str| {
        let history = run(lives, &format!("{{ expiry = \"{expiry}\" }}"), crew);
        [1, 2].map(|message| history.when((0, message), EXPIRED).map(|at| at / SECOND))
    };
    assert_eq!(expired("deadline"), [Some(3), Some(1)]);
    assert_eq!(expired("head"), [Some(3), Some(3)]);
}

#[test]
fn a_batch_arrives_at_one_moment_and_is_served_in_its_order() {
    let history = run(
        "arrivals = \"times([2s])\", batch = 5",
        "{}",
        "consumers = 2, service = \"constant(1s)\"",
    );
    assert_eq!(
        starts(&history),
        [(0, 2.0), (1, 2.0), (2, 3.0), (3, 3.0), (4, 4.0)]
    );
}

#[test]
fn drop_head_gives_to_a_free_consumer_before_it_drops() {
    let history = run(
        "arrivals = \"times([0s])\", batch = 4",
        "{ max_length = 1 }",
        "consumers = 1, service = \"constant(1s)\"",
    );
    assert_eq!(
        told(&history),
        [
            (0.0, 0, Accepted),
            (0.0, 1, Accepted),
            (0.0, 0, Delivered(0)),
            (0.0, 2, Accepted),
            (0.0, 1, DROPPED),
            (0.0, 3, Accepted),
            (0.0, 2, DROPPED),
            (1.0, 0, ACKED),
            (1.0, 3, Delivered(0)),
            (2.0, 3, ACKED),
        ]
    );
}

#[test]
fn what_comes_back_takes_its_old_place_before_those_that_came_later() {
    let history = run(
        "arrivals = \"times([0s, 0s])\"",
        "{ delivery_limit = 1 }",
        "consumers = 1, service = \"constant(1s)\", failure = { probability = \"100%\", then = \"requeue\" }",
    );
    assert_eq!(
        told(&history),
        [
            (0.0, 0, Accepted),
            (0.0, 1, Accepted),
            (0.0, 0, Delivered(0)),
            (1.0, 0, Returned),
            (1.0, 0, Delivered(0)),
            (2.0, 0, LIMITED),
            (2.0, 1, Delivered(0)),
            (3.0, 1, Returned),
            (3.0, 1, Delivered(0)),
            (4.0, 1, LIMITED),
        ]
    );
}

#[test]
fn a_consumer_that_prefetches_hoards_while_another_idles() {
    let history = run(
        "arrivals = \"times([0s])\", batch = 5",
        "{}",
        "consumers = 2, prefetch = 2, service = \"listed([5s, 1s, 1s, 1s, 1s])\"",
    );
    // The first consumer holds 0 and 2, the second 1 and 3, and 4 once it has room. Idle from 3 s on, it cannot have 2.
    assert_eq!(
        starts(&history),
        [(0, 0.0), (1, 0.0), (3, 1.0), (4, 2.0), (2, 5.0)]
    );
    let delivered = [0, 1, 2, 3, 4]
        .map(|message| history.when((0, message), Delivered(u32::from(message % 2 == 1))));
    assert_eq!(delivered, [Some(0), Some(0), Some(0), Some(0), None]);
    assert_eq!(history.when((0, 4), Delivered(1)), Some(SECOND));
}

#[test]
fn dead_letters_arrive_at_the_moment_of_their_death_after_what_was_published_then() {
    let set = scenario(
        r#"
title = "Dead letters"
producer.source = { to = "line", arrivals = "times([0s, 0s])" }
producer.direct = { to = "second", arrivals = "times([1s])" }
queue.line = { message_ttl = "1s", dead_letter = "second" }
queue.second = {}
pool.busy = { from = "line", consumers = 1, service = "constant(5s)" }
pool.helper = { from = "second", consumers = 1, service = "constant(2s)" }
"#,
    );
    let history = History::of(&set.base, 0);
    let at_second = |event: &&Event| event.at == SECOND;
    let told = history
        .0
        .iter()
        .filter(at_second)
        .map(|event| (event.queue, event.message, event.what));
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            (1, (1, 0), Accepted),
            (1, (1, 0), Delivered(1)),
            (1, (1, 0), Started),
            (0, (0, 1), EXPIRED),
            (1, (0, 1), Accepted),
        ]
    );
    assert_eq!(
        history
            .0
            .iter()
            .filter(|event| event.queue == 1 && event.what == Started)
            .count(),
        2
    );
    let after = history
        .0
        .iter()
        .find(|event| event.at > SECOND && event.message == (0, 1) && event.what == Started);
    assert_eq!(after.map(|event| event.at), Some(3 * SECOND));
}

#[test]
fn completions_of_one_moment_come_in_the_order_in_which_work_began() {
    let history = run(
        "arrivals = \"times([0s])\", batch = 4",
        "{}",
        "consumers = 4, service = \"constant(1s)\"",
    );
    let acks = told(&history)
        .into_iter()
        .filter(|(.., what)| *what == ACKED)
        .map(|(_, message, _)| message);
    assert_eq!(acks.collect::<Vec<_>>(), [0, 1, 2, 3]);
}

#[test]
fn publishes_of_one_moment_come_in_the_order_in_which_they_were_scheduled() {
    let order = |first: &str, second: &str| {
        let set = scenario(&format!(
            r#"
title = "Two at once"
producer.first = {{ to = "line", arrivals = "times([{first}, 2s])" }}
producer.second = {{ to = "line", arrivals = "times([{second}, 2s])" }}
queue.line = {{}}
pool.crew = {{ from = "line", consumers = 1, service = "constant(1ms)" }}
"#
        ));
        let history = History::of(&set.base, 0);
        let at_two = history
            .0
            .into_iter()
            .filter(|event| event.at == 2 * SECOND && event.what == Accepted);
        at_two.map(|event| event.message.0).collect::<Vec<_>>()
    };
    // The arrival at 2 s is scheduled when the one before has come.
    assert_eq!(order("0s", "1s"), [0, 1]);
    assert_eq!(order("1s", "0s"), [1, 0]);
    assert_eq!(
        order("1s", "1s"),
        [0, 1],
        "and in the order of the file where these too came at one moment"
    );
}
