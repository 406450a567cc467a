//! Queues that are full.

use super::*;

/// `docs/maxlength`
#[test]
fn a_full_queue_that_drops_its_head_keeps_the_newest() {
    let mut rig = Rig::with_dead_letters(max_length(2));
    rig.publish("abc");
    assert_eq!(rig.ready(Q), "bc");
    assert_eq!(rig.ready(DEAD), "a");
    assert_eq!(deaths(&rig, DEAD), [death(Q, Reason::MaxLen, 1)]);
}

/// `docs/maxlength`
#[test]
fn a_limit_counts_ready_messages_only() {
    let mut rig = Rig::of(max_length(2));
    rig.consumer(Q, 3);
    rig.publish("abc");
    rig.deliver();
    rig.publish("de");
    assert_eq!(rig.levels(), (2, 3));
    assert_eq!(rig.losses(), "");
}

/// `docs/maxlength`
#[test]
fn a_limit_does_not_count_what_a_consumer_has_room_for() {
    for overflow in [Overflow::DropHead, Overflow::RejectPublish] {
        let mut rig = Rig::of(QueueSettings {
            overflow,
            ..max_length(1)
        });
        rig.consumer(Q, 2);
        rig.publish("abc");
        assert_eq!(rig.deliver(), "ab");
        assert_eq!(rig.losses(), "");
    }
}

/// `docs/maxlength`
#[test]
fn a_limit_in_bytes_counts_bodies_that_are_ready() {
    let mut rig = Rig::of(QueueSettings {
        max_length_bytes: Some(10),
        ..settings()
    });
    for (body, bytes) in [('a', 4), ('b', 4), ('c', 3)] {
        let publication = Publication {
            bytes,
            ..Publication::of(body)
        };
        rig.publish_with(Q, publication);
    }
    assert_eq!(rig.ready(Q), "bc");
}

/// `docs/maxlength`
#[test]
fn of_two_limits_the_first_that_is_hit_holds() {
    for (max_length, max_length_bytes) in [(1, 100), (100, 4)] {
        let mut rig = Rig::of(QueueSettings {
            max_length: Some(max_length),
            max_length_bytes: Some(max_length_bytes),
            ..settings()
        });
        for body in ['a', 'b'] {
            let publication = Publication {
                bytes: 4,
                ..Publication::of(body)
            };
            rig.publish_with(Q, publication);
        }
        assert_eq!(rig.ready(Q), "b");
    }
}

/// `docs/maxlength`
#[test]
fn a_queue_that_refuses_hands_the_newest_back_and_keeps_the_others() {
    let mut rig = Rig::with_dead_letters(QueueSettings {
        overflow: Overflow::RejectPublish,
        ..max_length(1)
    });
    assert_eq!(rig.publish_with(Q, Publication::of('a')), None);
    assert_eq!(rig.publish_with(Q, Publication::of('b')), Some('b'));
    assert_eq!((rig.ready(Q), rig.ready(DEAD)), ("a".into(), String::new()));
    assert_eq!(rig.losses(), "b refused");
}

/// `docs/maxlength`
#[test]
fn a_queue_may_refuse_the_newest_and_dead_letter_it() {
    let mut rig = Rig::with_dead_letters(QueueSettings {
        overflow: Overflow::RejectPublishDlx,
        ..max_length(1)
    });
    rig.publish("a");
    assert_eq!(rig.publish_with(Q, Publication::of('b')), Some('b'));
    assert_eq!((rig.ready(Q), rig.ready(DEAD)), ("a".into(), "b".into()));
    assert_eq!(deaths(&rig, DEAD), [death(Q, Reason::MaxLen, 1)]);
}

/// `docs/maxlength`, as measured: the three that come back are the older ones, and they vanish.
#[test]
fn a_requeue_over_the_limit_drops_from_the_head() {
    let mut rig = Rig::with_dead_letters(max_length(3));
    let client = rig.consumer(Q, 3);
    rig.publish("abcdef");
    rig.deliver();
    rig.broker
        .nack_multiple(rig.now, client.channel, 0, true, &mut rig.log)
        .unwrap();
    assert_eq!(rig.ready(Q), "def");
    assert_eq!(rig.ready(DEAD), "abc");
}

/// `docs/maxlength`: as by a requeue, in the order of the line.
#[test]
fn a_close_over_the_limit_drops_from_the_head() {
    let mut rig = Rig::with_dead_letters(max_length(3));
    let client = rig.consumer(Q, 3);
    rig.publish("abcdef");
    rig.deliver();
    rig.close(client.channel);
    assert_eq!(rig.ready(Q), "def");
    assert_eq!(rig.ready(DEAD), "abc");
}

/// Messages are pushed at once (`docs/consumers`), so a return that can go out again is not in the way of the next.
#[test]
fn returns_of_one_moment_do_not_push_each_other_out_while_consumers_have_room() {
    let mut rig = Rig::of(max_length(1));
    let clients = [rig.consumer(Q, 1), rig.consumer(Q, 1)];
    rig.publish("ab");
    rig.deliver();
    rig.requeue("ab");
    rig.deliver();
    assert_eq!(rig.losses(), "");
    assert_eq!(clients.map(|client| rig.received(client)), ["aa", "bb"]);
}
