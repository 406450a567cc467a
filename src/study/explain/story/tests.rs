//! Stories of small scenarios, whose times are found by hand.

use super::{Speech, Story, StoryEnd, Undone, What, tell};
use crate::queue::Exit;
use crate::study::explain::tests::scenario;
use crate::time::Span;

fn story(count: usize, text: &str) -> Story {
    let whole = format!(
        "title = \"Chalk\"\nkind = \"terminating\"\nhorizon = \"60s\"\nat_horizon = \"drain\"\n{text}"
    );
    tell(&scenario(&whole), count).expect("it can be told")
}

/// (second, message from 1, what, ready, unacked).
fn lines(story: &Story) -> Vec<(f64, usize, What, [u64; 2])> {
    let events = story.events.iter();
    let line = |event: &super::Event| {
        let levels = event
            .queue
            .map(|(_, levels)| [levels.ready, levels.unacked]);
        (
            event.at.as_secs_f64(),
            event.message + 1,
            event.what.clone(),
            levels.unwrap_or_default(),
        )
    };
    events.map(line).collect()
}

fn whats(story: &Story) -> Vec<What> {
    story
        .events
        .iter()
        .map(|event| event.what.clone())
        .collect()
}

const FIRST: (usize, u32) = (0, 1);

fn handed() -> What {
    What::Handed {
        to: FIRST,
        again: false,
    }
}

const BEGUN: What = What::Begun { by: FIRST };

fn acked() -> What {
    What::Left {
        exit: Exit::Acked,
        to: Vec::new(),
    }
}

/// One clerk takes 3 s for each; the second message waits from 2 to 4, the third finds it waiting, the fourth waits from
/// 5 to 7.
#[test]
fn a_queue_of_one_and_a_clerk_are_told_to_the_second() {
    let story = story(
        4,
        r#"
producer.shop = { to = "line", arrivals = "times([1s, 2s, 3s, 5s])" }
queue.line = { max_length = 1, overflow = "reject-publish" }
pool.clerks = { from = "line", consumers = 1, service = "constant(3s)" }
"#,
    );
    let ready = || What::Ready { position: Some(1) };
    let refused = What::Refused { to: Vec::new() };
    let expected = [
        (1.0, 1, What::Published, [0, 0]),
        (1.0, 1, ready(), [1, 0]),
        (1.0, 1, handed(), [0, 1]),
        (1.0, 1, BEGUN, [0, 1]),
        (2.0, 2, What::Published, [0, 0]),
        (2.0, 2, ready(), [1, 1]),
        (3.0, 3, What::Published, [0, 0]),
        (3.0, 3, refused, [1, 1]),
        (4.0, 1, acked(), [1, 0]),
        (4.0, 2, handed(), [0, 1]),
        (4.0, 2, BEGUN, [0, 1]),
        (5.0, 4, What::Published, [0, 0]),
        (5.0, 4, ready(), [1, 1]),
        (7.0, 2, acked(), [1, 0]),
        (7.0, 4, handed(), [0, 1]),
        (7.0, 4, BEGUN, [0, 1]),
        (10.0, 4, acked(), [0, 0]),
    ];
    assert_eq!(lines(&story), expected);
    let told = story.messages.iter().map(|told| {
        let ended = told
            .ended
            .map(|(at, completed)| (at.as_secs_f64(), completed));
        (told.waited, told.served, ended)
    });
    let s = Span::from_secs;
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            (s(0), s(3), Some((4.0, true))),
            (s(2), s(3), Some((7.0, true))),
            (s(0), s(0), Some((3.0, false))),
            (s(2), s(3), Some((10.0, true))),
        ]
    );
    assert_eq!(story.ends, StoryEnd::AllEnded);
}

#[test]
fn a_story_ends_with_its_messages_and_not_with_the_run() {
    let story = story(
        1,
        r#"
producer.shop = { to = "line", arrivals = "times([1s, 2s, 3s])" }
queue.line = {}
pool.clerks = { from = "line", consumers = 3, service = "constant(1s)" }
"#,
    );
    assert_eq!(story.messages.len(), 1);
    assert!(story.events.iter().all(|event| event.message == 0));
    assert_eq!(
        story.events.last().map(|event| event.at.as_secs_f64()),
        Some(2.0)
    );
}

#[test]
fn of_fewer_messages_than_were_asked_for_all_are_told() {
    let story = story(
        9,
        r#"
producer.shop = { to = "line", arrivals = "times([1s])" }
queue.line = {}
pool.clerks = { from = "line", consumers = 1, service = "constant(1s)" }
"#,
    );
    assert_eq!((story.asked, story.messages.len()), (9, 1));
    assert!(matches!(story.ends, StoryEnd::RunOver(_)));
}

/// It fails at 2, waits its turn anew, and is rejected by the limit of one return at its second failure.
#[test]
fn work_that_fails_comes_back_and_dies_of_its_delivery_limit() {
    let story = story(
        1,
        r#"
producer.shop = { to = "line", arrivals = "times([1s])" }
queue.line = { delivery_limit = 1, dead_letter = "dead" }
queue.dead = {}
pool.clerks = { from = "line", consumers = 1, service = "constant(1s)", failure = { probability = "100%", then = "requeue" } }
"#,
    );
    let again = What::Handed {
        to: FIRST,
        again: true,
    };
    let limited = What::Left {
        exit: Exit::DeliveryLimited,
        to: vec![1],
    };
    let failed = || What::Undone(Undone::Failed);
    assert_eq!(
        whats(&story)[2..],
        [
            handed(),
            BEGUN,
            failed(),
            What::Returned { again: true },
            again,
            BEGUN,
            failed(),
            limited,
            What::Ready { position: Some(1) },
        ]
    );
    // Nobody takes it out of there, so there is no end to wait for.
    assert_eq!(story.messages[0].left_in, Some(1));
    assert_eq!(story.ends, StoryEnd::AllEnded);
}

#[test]
fn a_message_too_old_expires_unseen() {
    let story = story(
        2,
        r#"
producer.shop = { to = "line", arrivals = "times([1s, 2s])" }
queue.line = { message_ttl = "1s" }
pool.clerks = { from = "line", consumers = 1, service = "constant(5s)" }
"#,
    );
    let expired = What::Left {
        exit: Exit::Expired,
        to: Vec::new(),
    };
    assert!(lines(&story).contains(&(3.0, 2, expired, [0, 1])));
    assert_eq!(story.messages[1].ended.map(|end| end.1), Some(false));
    assert!(!whats(&story).contains(&What::Lost), "it is said once");
}

/// The outage at 2 takes the work, which is done again from 4 on by who comes back.
#[test]
fn work_that_dies_with_its_consumer_is_done_again() {
    let story = story(
        1,
        r#"
producer.shop = { to = "line", arrivals = "times([1s])" }
queue.line = {}
pool.clerks = { from = "line", consumers = 1, service = "constant(3s)", outages = [{ at = "2s", for = "2s" }] }
"#,
    );
    let told = &lines(&story)[4..];
    let expected = [
        (2.0, 1, What::Undone(Undone::Died), [0, 1]),
        (2.0, 1, What::Returned { again: true }, [1, 0]),
    ];
    assert_eq!(told[..2], expected);
    assert_eq!(story.messages[0].served, Span::from_secs(4));
    assert_eq!(story.messages[0].waited, Span::from_secs(2));
}

#[test]
fn a_topic_is_told_by_partitions_polls_and_commits() {
    let story = story(
        2,
        r#"
producer.shop = { to = "topic", arrivals = "times([1s, 1s])", linger_ms = 5, key = 7 }
queue.topic = { kind = "kafka", partitions = 2 }
pool.clerks = { from = "topic", consumers = 1, service = "constant(1s)", enable_auto_commit = false }
"#,
    );
    assert_eq!(story.queues[0].1, Speech::Kafka);
    let whats = whats(&story);
    let appended = whats.iter().filter_map(|what| {
        if let What::Appended { offset, .. } = what {
            Some(*offset)
        } else {
            None
        }
    });
    assert_eq!(appended.collect::<Vec<_>>(), [0, 1]);
    // Done at 2.005 and 3.005, committed together at the next poll.
    let last = &whats[whats.len() - 5..];
    assert_eq!(last, [What::Done, BEGUN, What::Done, acked(), acked()]);
}

#[test]
fn a_queue_of_sqs_shows_what_was_delayed_and_what_nobody_deletes() {
    let story = story(
        1,
        r#"
producer.shop = { to = "line", arrivals = "times([1s])" }
queue.line = { kind = "sqs", delay_seconds = 2, visibility_timeout = "5s" }
pool.clerks = { from = "line", consumers = 1, service = "constant(1s)", failure = { probability = "0%", then = "leave", episodes = [{ from = "0s", until = "5s", probability = "100%" }] } }
"#,
    );
    let told: Vec<_> = lines(&story)
        .into_iter()
        .map(|(at, _, what, _)| (at, what))
        .collect();
    assert_eq!(told[1], (1.0, What::Delayed));
    assert_eq!(told[2], (3.0, What::Returned { again: false }));
    assert!(
        told.contains(&(8.0, What::Returned { again: true })),
        "{told:?}"
    );
    assert_eq!(told.last(), Some(&(9.0, acked())));
}

#[test]
fn sockets_are_told_by_what_is_sent_and_received() {
    let story = story(
        1,
        r#"
producer.shop = { to = "line", arrivals = "times([1s])" }
queue.line = { kind = "zeromq" }
pool.clerks = { from = "line", consumers = 1, service = "constant(1s)" }
"#,
    );
    assert_eq!(
        whats(&story),
        [
            What::Published,
            What::Ready { position: None },
            What::Sent,
            handed(),
            BEGUN,
            What::Done,
        ]
    );
    assert_eq!(story.messages[0].ended.map(|end| end.1), Some(true));
}

#[test]
fn automatic_acks_come_before_the_work() {
    let story = story(
        1,
        r#"
producer.shop = { to = "line", arrivals = "times([1s])" }
queue.line = {}
pool.clerks = { from = "line", consumers = 1, service = "constant(1s)", ack = "auto" }
"#,
    );
    assert_eq!(story.queues[0].1, Speech::RabbitMq { acks_itself: true });
    assert_eq!(whats(&story)[2..], [acked(), handed(), BEGUN, What::Done]);
}
