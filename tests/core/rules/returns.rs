//! What comes back, where to, and how often.

use super::*;

/// `docs/confirms#automatic-requeueing`
#[test]
fn what_comes_back_takes_its_old_place_whatever_the_order_of_the_nacks() {
    for order in ["abc", "acb", "bac", "bca", "cab", "cba"] {
        let mut rig = Rig::of(settings());
        let client = rig.consumer(Q, 3);
        rig.publish("abcde");
        rig.deliver();
        rig.cancel(client);
        rig.requeue(order);
        assert_eq!(rig.ready(Q), "abcde", "nacked in the order {order}");
    }
}

/// `docs/nack`
#[test]
fn nack_multiple_puts_all_back_at_their_old_places() {
    let mut rig = Rig::of(settings());
    let client = rig.consumer(Q, 3);
    rig.publish("abcde");
    rig.deliver();
    rig.broker
        .nack_multiple(rig.now, client.channel, 2, true, &mut rig.log)
        .unwrap();
    assert_eq!(rig.ready(Q), "abde");
}

/// `docs/nack`
#[test]
fn what_came_back_is_redelivered_from_then_on_and_counts_its_returns() {
    let mut rig = Rig::of(settings());
    rig.consumer(Q, 1);
    rig.publish("a");
    for returns in 0..3 {
        assert_eq!(rig.deliver(), "a");
        let delivery = rig.delivery('a');
        assert_eq!(
            (delivery.redelivered, delivery.returns),
            (returns > 0, returns)
        );
        rig.requeue("a");
    }
}

/// `docs/confirms#automatic-requeueing`
#[test]
fn closing_a_channel_puts_all_back_at_the_old_places_as_redelivered() {
    let mut rig = Rig::of(settings());
    let client = rig.consumer(Q, 3);
    rig.publish("abcde");
    rig.deliver();
    rig.ack('b').unwrap();
    rig.deliver();
    rig.close(client.channel);
    assert_eq!(rig.ready(Q), "acde");
    let channel = rig.broker.open_channel();
    rig.get(channel);
    assert!(rig.delivery('a').redelivered);
}

/// `docs/channels`
#[test]
fn the_consumers_of_a_closed_channel_end() {
    let mut rig = Rig::of(settings());
    let client = rig.consumer(Q, 0);
    rig.close(client.channel);
    rig.publish("a");
    assert_eq!(rig.deliver(), "");
}

/// `docs/consumers`
#[test]
fn cancel_leaves_the_unacked_as_they_are() {
    let mut rig = Rig::of(settings());
    let client = rig.consumer(Q, 2);
    rig.publish("abc");
    rig.deliver();
    rig.cancel(client);
    assert_eq!(rig.levels(), (1, 2));
    rig.ack('a').unwrap();
    assert_eq!(rig.deliver(), "");
    assert_eq!(rig.levels(), (1, 1));
}

/// `docs/consumers`
#[test]
fn a_cancelled_consumer_gets_nothing_more_though_it_had_room() {
    let mut rig = Rig::of(settings());
    let clients = [rig.consumer(Q, 0), rig.consumer(Q, 0)];
    rig.cancel(clients[0]);
    rig.publish("abc");
    assert_eq!(rig.deliver(), "abc");
    assert_eq!(rig.received(clients[1]), "abc");
}

/// `docs/nack`
#[test]
fn a_rejected_message_is_gone_where_there_is_no_dead_letter_queue() {
    let mut rig = Rig::of(settings());
    rig.consumer(Q, 2);
    rig.publish("ab");
    rig.deliver();
    rig.reject('a');
    assert_eq!(rig.levels(), (0, 1));
    assert_eq!(rig.losses(), "a ConsumerRejected");
}

/// A limit delivers first what can go; until a client polls, it has not got it (`docs/consumers`).
#[test]
fn what_a_closed_channel_never_polled_comes_back_too() {
    let mut rig = Rig::of(max_length(1));
    let client = rig.consumer(Q, 2);
    rig.publish("ab");
    assert_eq!(rig.levels(), (0, 2));
    rig.close(client.channel);
    assert_eq!(rig.deliver(), "");
    assert_eq!(rig.losses(), "a Dropped");
}

/// As `what_comes_back…`; a name that is used again must not be given what was the former owner's.
#[test]
fn what_was_meant_for_a_cancelled_consumer_is_not_given_to_the_next_of_its_name() {
    let mut rig = Rig::of(max_length(0));
    let former = rig.consumer(Q, 1);
    rig.publish("a");
    rig.cancel(former);
    let next = rig.consumer(Q, 1);
    assert_eq!(rig.deliver(), "a");
    assert_eq!(rig.received(next), "");
    assert_eq!(rig.ack('a'), Ok(()));
}

/// `docs/quorum-queues#poison-message-handling`
#[test]
fn one_return_more_than_the_delivery_limit_and_a_message_leaves() {
    let mut rig = Rig::with_dead_letters(delivery_limit(2));
    rig.consumer(Q, 1);
    rig.publish("a");
    for _ in 0..3 {
        assert_eq!(rig.deliver(), "a");
        rig.requeue("a");
    }
    assert_eq!((rig.levels(), rig.ready(DEAD)), ((0, 0), "a".into()));
    assert_eq!(rig.losses(), "a DeliveryLimited");
    assert_eq!(deaths(&rig, DEAD), [death(Q, Reason::DeliveryLimit, 1)]);
}

/// `docs/quorum-queues#poison-message-handling`
#[test]
fn a_close_counts_to_the_delivery_limit_and_keeps_the_order() {
    let mut rig = Rig::with_dead_letters(delivery_limit(0));
    let client = rig.consumer(Q, 0);
    rig.publish("abc");
    rig.deliver();
    rig.close(client.channel);
    assert_eq!(rig.ready(DEAD), "abc");
}
