//! Whose turn it is, and how much a consumer may hold.

use super::*;

/// `docs/consumers`
#[test]
fn consumers_take_turns() {
    let mut rig = Rig::of(settings());
    let clients = [0; 3].map(|unlimited| rig.consumer(Q, unlimited));
    rig.publish("abcabcabc");
    rig.deliver();
    assert_eq!(
        clients.map(|client| rig.received(client)),
        ["aaa", "bbb", "ccc"]
    );
}

/// `docs/consumers`
#[test]
fn turns_go_on_where_they_stopped() {
    let mut rig = Rig::of(settings());
    let clients = [0; 3].map(|unlimited| rig.consumer(Q, unlimited));
    for letter in ["a", "b", "c", "a"] {
        rig.publish(letter);
        rig.deliver();
    }
    assert_eq!(clients.map(|client| rig.received(client)), ["aa", "b", "c"]);
}

/// `docs/consumer-prefetch`
#[test]
fn a_full_consumer_is_skipped_and_not_waited_for() {
    let mut rig = Rig::of(settings());
    let (full, free) = (rig.consumer(Q, 1), rig.consumer(Q, 0));
    rig.publish("abcd");
    rig.deliver();
    assert_eq!(rig.received(full), "a");
    assert_eq!(rig.received(free), "bcd");
}

/// `docs/consumer-prefetch`
#[test]
fn messages_are_pushed_at_once_up_to_the_prefetch() {
    let mut rig = Rig::of(settings());
    rig.consumer(Q, 2);
    rig.publish("abc");
    assert_eq!(rig.deliver(), "ab");
    assert_eq!(rig.levels(), (1, 2));
}

/// `docs/consumer-prefetch`
#[test]
fn a_prefetch_of_0_is_no_limit() {
    let mut rig = Rig::of(settings());
    rig.consumer(Q, 0);
    rig.publish("abcdef");
    assert_eq!(rig.deliver(), "abcdef");
}

/// `docs/consumer-prefetch`
#[test]
fn the_prefetch_counts_for_each_consumer_of_a_channel() {
    let mut rig = Rig::of(settings());
    let first = rig.consumer(Q, 1);
    let second = rig.consumer_on(first.channel, Q, Subscription::prefetch(2));
    rig.publish("abcdef");
    rig.deliver();
    assert_eq!(rig.received(first), "a");
    assert_eq!(rig.received(second), "bc");
}

/// `docs/consumer-prefetch`
#[test]
fn an_ack_gives_the_credit_back() {
    let mut rig = Rig::of(settings());
    rig.consumer(Q, 1);
    rig.publish("ab");
    assert_eq!(rig.deliver(), "a");
    rig.ack('a').unwrap();
    assert_eq!(rig.deliver(), "b");
}

/// `docs/nack`
#[test]
fn a_rejection_gives_the_credit_back() {
    let mut rig = Rig::of(settings());
    rig.consumer(Q, 1);
    rig.publish("ab");
    assert_eq!(rig.deliver(), "a");
    rig.reject('a');
    assert_eq!(rig.deliver(), "b");
}

/// `docs/nack`
#[test]
fn a_requeue_gives_the_credit_back_and_the_message_may_come_again() {
    let mut rig = Rig::of(settings());
    rig.consumer(Q, 1);
    rig.publish("ab");
    assert_eq!(rig.deliver(), "a");
    rig.requeue("a");
    assert_eq!(rig.deliver(), "a");
}

/// `docs/consumer-prefetch`
#[test]
fn a_get_is_not_limited_by_a_prefetch_and_takes_no_credit() {
    let mut rig = Rig::of(settings());
    let client = rig.consumer(Q, 1);
    rig.publish("abc");
    assert_eq!(rig.deliver(), "a");
    assert_eq!(rig.get(client.channel), Some('b'));
    rig.ack('a').unwrap();
    assert_eq!(rig.deliver(), "c");
}

/// `docs/consumers`
#[test]
fn a_get_from_an_empty_queue_gives_nothing() {
    let mut rig = Rig::of(settings());
    let channel = rig.broker.open_channel();
    assert_eq!(rig.get(channel), None);
}

/// `docs/confirms#acknowledgement-modes`
#[test]
fn automatic_acks_settle_at_delivery_and_know_no_prefetch() {
    let mut rig = Rig::of(settings());
    let channel = rig.broker.open_channel();
    let greedy = Subscription {
        prefetch: 1,
        ..Subscription::auto_ack()
    };
    rig.consumer_on(channel, Q, greedy);
    rig.publish("ab");
    assert_eq!(rig.deliver(), "ab");
    assert_eq!(rig.levels(), (0, 0));
    assert_eq!(rig.ack('a'), Err(QueueError::UnknownTag(1)));
}

/// `docs/confirms#acknowledgement-modes`: so it is lost with its consumer.
#[test]
fn what_was_acked_automatically_does_not_come_back_with_its_channel() {
    let mut rig = Rig::of(settings());
    let channel = rig.broker.open_channel();
    rig.consumer_on(channel, Q, Subscription::auto_ack());
    rig.publish("a");
    rig.deliver();
    rig.close(channel);
    assert_eq!((rig.levels(), rig.losses()), ((0, 0), String::new()));
}
