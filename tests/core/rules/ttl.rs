//! Messages that are too old.

use super::*;

/// `docs/ttl`
#[test]
fn a_message_that_waits_longer_than_the_ttl_of_the_queue_expires() {
    let mut rig = Rig::with_dead_letters(ttl(10));
    rig.publish("a");
    rig.at(9);
    assert_eq!(rig.ready(Q), "a");
    rig.at(10);
    assert_eq!((rig.ready(Q), rig.ready(DEAD)), (String::new(), "a".into()));
    assert_eq!(deaths(&rig, DEAD), [death(Q, Reason::Expired, 1)]);
}

/// `docs/ttl`
#[test]
fn the_smaller_of_the_queues_and_the_messages_ttl_wins() {
    for (queue, message) in [(10, 20), (20, 10)] {
        let mut rig = Rig::of(ttl(queue));
        rig.publish_ttl('a', message);
        rig.at(9);
        assert_eq!(rig.ready(Q), "a");
        rig.at(10);
        assert_eq!(rig.losses(), "a Expired");
    }
}

/// `docs/ttl`
#[test]
fn a_requeue_does_not_restart_the_ttl() {
    let mut rig = Rig::of(ttl(10));
    let client = rig.consumer(Q, 1);
    rig.publish("a");
    rig.at(6);
    rig.cancel(client);
    rig.requeue("a");
    rig.at(9);
    assert_eq!(rig.ready(Q), "a");
    rig.at(10);
    assert_eq!(rig.losses(), "a Expired");
}

/// `docs/ttl`
#[test]
fn an_unacked_message_does_not_expire_until_it_returns() {
    for expiry in [Expiry::Head, Expiry::Deadline] {
        let mut rig = Rig::of(QueueSettings { expiry, ..ttl(10) });
        rig.consumer(Q, 1);
        rig.publish("a");
        rig.at(50);
        assert_eq!(rig.levels(), (0, 1));
        rig.requeue("a");
        rig.at(50);
        assert_eq!(rig.losses(), "a Expired");
    }
}

/// `docs/ttl#per-message-ttl-caveats`
#[test]
fn at_the_head_expiry_waits_behind_a_message_that_lives_longer() {
    let mut rig = Rig::of(settings());
    rig.publish_ttl('a', 20);
    rig.publish_ttl('b', 10);
    rig.at(19);
    assert_eq!(rig.ready(Q), "ab");
    rig.at(20);
    assert_eq!(rig.losses(), "a Expired, b Expired");
}

/// `docs/ttl#per-message-ttl-caveats`
#[test]
fn a_message_that_expired_behind_another_is_never_delivered() {
    let mut rig = Rig::of(settings());
    rig.publish("a");
    rig.publish_ttl('b', 10);
    rig.publish("c");
    rig.at(15);
    rig.consumer(Q, 0);
    assert_eq!(rig.deliver(), "ac");
    assert_eq!(rig.losses(), "b Expired");
}

/// As above, with another broker's rule: at its deadline a message leaves wherever it stands.
#[test]
fn by_deadline_a_message_expires_wherever_it_stands() {
    let mut rig = Rig::of(QueueSettings {
        expiry: Expiry::Deadline,
        ..settings()
    });
    rig.publish("a");
    rig.publish_ttl('b', 10);
    rig.publish_ttl('c', 5);
    rig.at(5);
    assert_eq!(rig.ready(Q), "ab");
    rig.at(10);
    assert_eq!(rig.ready(Q), "a");
}

/// As above; the names of messages that left are used again.
#[test]
fn by_deadline_a_message_that_left_in_time_takes_no_other_with_it() {
    let mut rig = Rig::of(QueueSettings {
        expiry: Expiry::Deadline,
        ..settings()
    });
    let channel = rig.broker.open_channel();
    rig.publish_ttl('a', 10);
    rig.get(channel);
    rig.ack('a').unwrap();
    rig.publish("b");
    rig.at(20);
    assert_eq!(rig.ready(Q), "b");
}

/// `docs/ttl`
#[test]
fn a_ttl_of_0_means_now_or_never() {
    let mut rig = Rig::of(ttl(0));
    rig.consumer(Q, 1);
    rig.publish("ab");
    rig.at(0);
    assert_eq!(rig.levels(), (0, 1));
    assert_eq!(
        rig.history(),
        "a accepted, b accepted, a delivered, b Expired"
    );
}

/// `docs/ttl`; an overdue head is let go even by a driver that comes late.
#[test]
fn an_expired_head_is_neither_delivered_nor_got_late() {
    let mut rig = Rig::of(ttl(10));
    rig.publish("a");
    rig.now = Time::ZERO + millis(11);
    rig.publish("b");
    let channel = rig.broker.open_channel();
    assert_eq!(rig.get(channel), Some('b'));
    assert_eq!(rig.losses(), "a Expired");
}

/// A time to live that ends after the end of time is none.
#[test]
fn a_ttl_without_end_never_ends() {
    let mut rig = Rig::of(QueueSettings {
        message_ttl: Some(Span::MAX),
        ..settings()
    });
    rig.at(1);
    rig.publish("a");
    rig.deliver();
    assert_eq!(rig.broker.next_deadline(), Time::NEVER);
}

/// A deadline that was armed for a message which is gone does no harm to the next.
#[test]
fn coming_back_early_is_harmless() {
    let mut rig = Rig::of(ttl(10));
    rig.publish("a");
    rig.at(4);
    rig.publish("b");
    let channel = rig.broker.open_channel();
    rig.get(channel);
    rig.at(13);
    assert_eq!(rig.ready(Q), "b");
    rig.at(14);
    assert_eq!(rig.losses(), "b Expired");
}
