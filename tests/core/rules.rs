//! The rules of the broker, one by one; each name is the rule. Pages are those of <https://www.rabbitmq.com/docs>.

use super::rig::{DEAD, Q, Rig, millis, settings};
use queuelab::queue::{
    ChannelId, ConsumerId, Death, Expiry, Overflow, Publication, QueueError, QueueId,
    QueueSettings, Reason, Subscription,
};
use queuelab::time::{Span, Time};

fn max_length(most: u64) -> QueueSettings {
    QueueSettings {
        max_length: Some(most),
        ..settings()
    }
}

fn ttl(millis_to_live: u64) -> QueueSettings {
    QueueSettings {
        message_ttl: Some(millis(millis_to_live)),
        ..settings()
    }
}

fn priorities(max_priority: u8) -> QueueSettings {
    QueueSettings {
        max_priority,
        ..settings()
    }
}

fn delivery_limit(most: u32) -> QueueSettings {
    QueueSettings {
        delivery_limit: Some(most),
        ..settings()
    }
}

/// History of the first message in `queue`, latest death last.
fn deaths(rig: &Rig, queue: QueueId) -> Vec<Death> {
    let (_, _, deaths) = rig.broker.messages(queue).next().expect("a message");
    deaths.to_vec()
}

fn death(queue: QueueId, reason: Reason, count: u32) -> Death {
    Death {
        queue,
        reason,
        count,
    }
}

// States and levels.

/// `docs/queues`
#[test]
fn a_message_is_ready_then_unacked_then_gone() {
    let mut rig = Rig::of(settings());
    rig.publish("a");
    assert_eq!(rig.levels(), (1, 0));
    rig.consumer(Q, 1);
    rig.deliver();
    assert_eq!(rig.levels(), (0, 1));
    rig.ack('a').unwrap();
    assert_eq!(rig.levels(), (0, 0));
    assert_eq!(rig.history(), "a accepted, a delivered, a Acked");
}

/// `docs/queues`
#[test]
fn the_oldest_is_the_oldest_of_ready_and_unacked() {
    let mut rig = Rig::of(settings());
    assert_eq!(rig.broker.levels(Q).oldest, Time::NEVER);
    rig.consumer(Q, 1);
    rig.publish("a");
    rig.at(1);
    rig.publish("b");
    assert_eq!(rig.broker.levels(Q).oldest, Time::ZERO);
    rig.ack('a').unwrap();
    assert_eq!(rig.broker.levels(Q).oldest, Time::ZERO + millis(1));
}

/// `docs/queues`
#[test]
fn purge_drops_what_is_ready_and_nothing_else_and_dead_letters_nothing() {
    let mut rig = Rig::with_dead_letters(settings());
    rig.consumer(Q, 1);
    rig.publish("abc");
    rig.deliver();
    assert_eq!(rig.broker.purge(rig.now, Q, &mut rig.log), Ok(2));
    assert_eq!(rig.levels(), (0, 1));
    assert_eq!(rig.losses(), "b Purged, c Purged");
    assert_eq!(rig.ready(DEAD), "");
}

// Dispatch and prefetch.

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
        auto_ack: true,
    };
    rig.consumer_on(channel, Q, greedy);
    rig.publish("ab");
    assert_eq!(rig.deliver(), "ab");
    assert_eq!(rig.levels(), (0, 0));
    assert_eq!(rig.ack('a'), Err(QueueError::UnknownTag(1)));
}

// Settling.

/// `docs/confirms#consumer-acks-multiple-parameter`
#[test]
fn ack_multiple_settles_all_tags_up_to_and_including() {
    let mut rig = Rig::of(settings());
    let client = rig.consumer(Q, 0);
    rig.publish("abcd");
    rig.deliver();
    rig.ack('b').unwrap();
    rig.broker
        .ack_multiple(rig.now, client.channel, 3, &mut rig.log)
        .unwrap();
    assert_eq!(rig.levels(), (0, 1));
    assert_eq!(rig.ack('d'), Ok(()));
}

/// `docs/confirms#consumer-acks-multiple-parameter`
#[test]
fn ack_multiple_of_tag_0_settles_all() {
    let mut rig = Rig::of(settings());
    let client = rig.consumer(Q, 0);
    rig.publish("abc");
    rig.deliver();
    rig.broker
        .ack_multiple(rig.now, client.channel, 0, &mut rig.log)
        .unwrap();
    assert_eq!(rig.levels(), (0, 0));
}

/// `docs/confirms#consumer-acks-delivery-tags`
#[test]
fn tags_count_from_1_on_each_channel() {
    let mut rig = Rig::of(settings());
    let clients = [rig.consumer(Q, 0), rig.consumer(Q, 0)];
    rig.publish("abc");
    rig.deliver();
    assert_eq!(
        ['a', 'b', 'c'].map(|letter| rig.delivery(letter).tag),
        [1, 1, 2]
    );
    rig.broker
        .ack_multiple(rig.now, clients[0].channel, 0, &mut rig.log)
        .unwrap();
    assert_eq!(rig.levels(), (0, 1));
}

/// `docs/confirms#consumer-acks-double-acking`
#[test]
fn an_unknown_tag_is_an_error() {
    let mut rig = Rig::of(settings());
    let channel = rig.consumer(Q, 0).channel;
    rig.publish("a");
    rig.deliver();
    for tag in [0, 2, u64::MAX] {
        let answer = rig.broker.ack(rig.now, channel, tag, &mut rig.log);
        assert_eq!(answer, Err(QueueError::UnknownTag(tag)));
    }
    let answer = rig.broker.ack_multiple(rig.now, channel, 2, &mut rig.log);
    assert_eq!(answer, Err(QueueError::UnknownTag(2)));
    assert_eq!(rig.levels(), (0, 1));
}

/// `docs/confirms#consumer-acks-double-acking`
#[test]
fn settling_twice_is_an_error() {
    let mut rig = Rig::of(settings());
    rig.consumer(Q, 0);
    rig.publish("abc");
    rig.deliver();
    for letter in ['b', 'a'] {
        rig.ack(letter).unwrap();
        assert!(matches!(rig.ack(letter), Err(QueueError::UnknownTag(_))));
    }
}

/// `docs/confirms#consumer-acks-double-acking`; so `collect_acks` of RabbitMQ's `rabbit_channel` has it.
#[test]
fn settling_through_a_tag_that_is_settled_already_is_an_error_and_settles_nothing() {
    let mut rig = Rig::of(settings());
    let channel = rig.consumer(Q, 0).channel;
    rig.publish("abc");
    rig.deliver();
    rig.ack('b').unwrap();
    let answer = rig.broker.ack_multiple(rig.now, channel, 2, &mut rig.log);
    assert_eq!(answer, Err(QueueError::UnknownTag(2)));
    assert_eq!(rig.levels(), (0, 2));
}

/// `docs/channels`
#[test]
fn what_is_not_there_is_an_error() {
    let mut rig = Rig::of(settings());
    let client = rig.consumer(Q, 0);
    rig.close(client.channel);
    let (now, gone, log) = (rig.now, client.channel, &mut rig.log);
    let (no_queue, no_channel) = (QueueId(7), ChannelId(u32::MAX));
    let broker = &mut rig.broker;
    let unknown = |channel| QueueError::UnknownChannel(channel);
    assert_eq!(broker.ack(now, gone, 1, log), Err(unknown(gone)));
    assert_eq!(
        broker.ack_multiple(now, no_channel, 0, log),
        Err(unknown(no_channel))
    );
    assert_eq!(broker.close(now, gone, log), Err(unknown(gone)));
    assert_eq!(broker.get(now, gone, Q, true, log), Err(unknown(gone)));
    assert_eq!(
        broker.purge(now, no_queue, log),
        Err(QueueError::UnknownQueue(no_queue))
    );
    assert_eq!(
        broker.publish(now, no_queue, Publication::of('a'), log),
        Err(QueueError::UnknownQueue(no_queue))
    );
    for consumer in [client.consumer, ConsumerId(u32::MAX)] {
        assert_eq!(
            broker.cancel(consumer),
            Err(QueueError::UnknownConsumer(consumer))
        );
    }
}

// What comes back.

/// `docs/confirms#automatic-requeueing`
#[test]
fn what_comes_back_takes_its_old_place_whatever_the_order_of_the_nacks() {
    for order in ["abc", "acb", "bac", "bca", "cab", "cba"] {
        let mut rig = Rig::of(settings());
        let client = rig.consumer(Q, 3);
        rig.publish("abcde");
        rig.deliver();
        rig.broker.cancel(client.consumer).unwrap();
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
    rig.broker.cancel(client.consumer).unwrap();
    assert_eq!(rig.levels(), (1, 2));
    rig.ack('a').unwrap();
    assert_eq!(rig.deliver(), "");
    assert_eq!(rig.levels(), (1, 1));
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
    rig.broker.cancel(former.consumer).unwrap();
    let next = rig.consumer(Q, 1);
    assert_eq!(rig.deliver(), "a");
    assert_eq!(rig.received(next), "");
    assert_eq!(rig.ack('a'), Ok(()));
}

// Length limits.

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

// Time to live.

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
    rig.broker.cancel(client.consumer).unwrap();
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

// Priorities.

/// `docs/priority`
#[test]
fn higher_priorities_go_first_and_a_level_is_a_fifo() {
    let mut rig = Rig::of(priorities(5));
    for (letter, priority) in [('a', 0), ('b', 5), ('c', 1), ('d', 5), ('e', 1)] {
        rig.publish_priority(letter, priority);
    }
    rig.consumer(Q, 0);
    assert_eq!(rig.deliver(), "bdcea");
}

/// `docs/priority`
#[test]
fn a_priority_above_the_highest_is_capped() {
    let mut rig = Rig::of(priorities(5));
    rig.publish_priority('a', 5);
    rig.publish_priority('b', 255);
    assert_eq!(rig.ready(Q), "ab");
}

/// `docs/priority`
#[test]
fn no_priority_is_the_lowest_and_a_queue_without_levels_knows_none() {
    let mut rig = Rig::of(priorities(1));
    rig.publish("a");
    rig.publish_priority('b', 1);
    assert_eq!(rig.ready(Q), "ba");
    let mut plain = Rig::of(settings());
    plain.publish("a");
    plain.publish_priority('b', 9);
    assert_eq!(plain.ready(Q), "ab");
}

/// `docs/priority`
#[test]
fn the_255th_level_is_a_level() {
    let mut rig = Rig::of(priorities(255));
    for (letter, priority) in [('a', 63), ('b', 64), ('c', 254), ('d', 255)] {
        rig.publish_priority(letter, priority);
    }
    assert_eq!(rig.ready(Q), "dcba");
    rig.consumer(Q, 0);
    assert_eq!(rig.deliver(), "dcba");
}

/// `docs/priority#interaction-with-consumers`
#[test]
fn what_is_prefetched_is_not_recalled() {
    let mut rig = Rig::of(priorities(9));
    rig.consumer(Q, 2);
    rig.publish("abc");
    assert_eq!(rig.deliver(), "ab");
    rig.publish_priority('H', 9);
    rig.ack('a').unwrap();
    rig.ack('b').unwrap();
    assert_eq!(rig.deliver(), "Hc");
}

/// `docs/priority`
#[test]
fn a_requeue_goes_to_the_head_of_its_own_level() {
    let mut rig = Rig::of(priorities(9));
    let client = rig.consumer(Q, 1);
    rig.publish("ab");
    rig.deliver();
    rig.publish_priority('H', 9);
    rig.broker.cancel(client.consumer).unwrap();
    rig.requeue("a");
    assert_eq!(rig.ready(Q), "Hab");
}

/// `docs/priority#interaction-with-other-features`
#[test]
fn an_expired_low_priority_stands_behind_a_higher_one_that_lives() {
    let mut rig = Rig::of(priorities(9));
    rig.publish_ttl('a', 10);
    rig.publish_priority('H', 9);
    rig.at(15);
    assert_eq!(rig.levels(), (2, 0));
    rig.broker.purge(rig.now, Q, &mut rig.log).unwrap();
}

/// `docs/priority#interaction-with-other-features`
#[test]
fn drop_head_drops_the_highest_priority_first() {
    let mut rig = Rig::of(QueueSettings {
        max_length: Some(2),
        ..priorities(9)
    });
    rig.publish("a");
    rig.publish_priority('H', 9);
    rig.publish("b");
    assert_eq!(rig.ready(Q), "ab");
}

/// `docs/dlx`: a message is routed on as it was published, so a queue without levels does not flatten it.
#[test]
fn a_dead_letter_keeps_the_priority_it_was_published_with() {
    let mut rig = Rig::of(QueueSettings {
        dead_letter: Some(DEAD),
        ..max_length(0)
    });
    rig.broker.declare(priorities(9));
    rig.publish("a");
    rig.publish_priority('H', 9);
    assert_eq!(rig.ready(DEAD), "Ha");
}

// Delivery limit.

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

// Dead letters.

/// `docs/dlx`
#[test]
fn a_rejected_message_is_dead_lettered_once() {
    let mut rig = Rig::with_dead_letters(settings());
    rig.consumer(Q, 1);
    rig.publish("a");
    rig.deliver();
    rig.reject('a');
    assert_eq!(deaths(&rig, DEAD), [death(Q, Reason::Rejected, 1)]);
    assert_eq!(
        rig.history(),
        "a accepted, a delivered, a ConsumerRejected, a accepted"
    );
}

/// `docs/dlx#effects`
#[test]
fn a_second_death_of_one_kind_adds_to_its_count() {
    let mut rig = Rig::of(QueueSettings {
        dead_letter: Some(DEAD),
        ..settings()
    });
    rig.broker.declare(QueueSettings {
        dead_letter: Some(Q),
        ..ttl(5)
    });
    rig.consumer(Q, 1);
    rig.publish("a");
    rig.deliver();
    rig.reject('a');
    rig.at(5);
    rig.reject('a');
    let expected = [
        death(DEAD, Reason::Expired, 1),
        death(Q, Reason::Rejected, 2),
    ];
    assert_eq!(deaths(&rig, DEAD), expected);
}

/// `docs/dlx#effects`: a dead letter loses its own time to live.
#[test]
fn a_dead_letter_does_not_expire_again_by_its_own_ttl() {
    let mut rig = Rig::with_dead_letters(settings());
    rig.publish_ttl('a', 10);
    rig.at(1000);
    assert_eq!(rig.ready(DEAD), "a");
}

/// `docs/dlx`: it is a new message of the queue where it arrives.
#[test]
fn a_dead_letter_starts_anew_where_it_arrives() {
    let mut rig = Rig::with_dead_letters(delivery_limit(0));
    let consumer = rig.consumer(Q, 1);
    rig.publish("a");
    rig.at(7);
    rig.close(consumer.channel);
    let (message, ready, _) = rig.broker.messages(DEAD).next().unwrap();
    assert_eq!((message.enqueued, ready), (Time::ZERO + millis(7), true));
    assert_eq!((message.deliveries, message.is_redelivered()), (0, false));
}

/// `docs/dlx#cycles`
#[test]
fn a_cycle_without_a_rejection_is_dropped() {
    let mut rig = Rig::of(QueueSettings {
        dead_letter: Some(DEAD),
        ..ttl(5)
    });
    rig.broker.declare(QueueSettings {
        dead_letter: Some(Q),
        ..ttl(5)
    });
    rig.publish("a");
    rig.at(100);
    assert_eq!(rig.broker.message_count(), 0);
    assert_eq!(
        rig.history(),
        "a accepted, a Expired, a accepted, a Expired"
    );
}

/// `docs/dlx#cycles`
#[test]
fn a_queue_that_dead_letters_to_itself_is_a_cycle_too() {
    let mut rig = Rig::of(QueueSettings {
        dead_letter: Some(Q),
        ..max_length(1)
    });
    rig.publish("ab");
    assert_eq!(rig.ready(Q), "b");
    assert_eq!(rig.losses(), "a Dropped");
}

/// `docs/dlx#cycles`
#[test]
fn a_cycle_with_a_rejection_goes_round() {
    let mut rig = Rig::of(QueueSettings {
        dead_letter: Some(DEAD),
        ..settings()
    });
    rig.broker.declare(QueueSettings {
        dead_letter: Some(Q),
        ..ttl(5)
    });
    rig.consumer(Q, 1);
    rig.publish("a");
    for round in 1..4 {
        rig.deliver();
        rig.reject('a');
        rig.at(5 * round);
        assert_eq!(rig.levels(), (0, 1), "round {round}");
    }
}

/// `docs/dlx`
#[test]
fn where_the_dead_letter_queue_is_missing_dead_letters_are_dropped() {
    let mut rig = Rig::of(QueueSettings {
        dead_letter: Some(QueueId(u32::MAX)),
        ..max_length(0)
    });
    rig.publish("a");
    assert_eq!(rig.broker.message_count(), 0);
    assert_eq!(rig.losses(), "a Dropped");
}

/// `docs/dlx#safety`: nobody confirms a dead letter, so one that is refused is lost.
#[test]
fn a_dead_letter_that_is_refused_is_lost() {
    let mut rig = Rig::of(QueueSettings {
        dead_letter: Some(DEAD),
        ..max_length(0)
    });
    rig.broker.declare(QueueSettings {
        overflow: Overflow::RejectPublish,
        ..max_length(0)
    });
    rig.publish("a");
    assert_eq!(rig.history(), "a accepted, a Dropped, a refused");
    assert_eq!(rig.broker.message_count(), 0);
}

// Order at one instant.

#[test]
fn a_consumer_that_acks_at_the_instant_of_a_publish_is_served_at_that_instant() {
    let mut rig = Rig::of(ttl(0));
    rig.consumer(Q, 1);
    rig.publish("a");
    rig.at(3);
    rig.ack('a').unwrap();
    rig.publish("b");
    rig.at(3);
    assert_eq!(rig.levels(), (0, 1));
    assert_eq!(rig.losses(), "");
}

#[test]
fn at_its_deadline_a_message_is_delivered_rather_than_expired() {
    let mut rig = Rig::of(ttl(10));
    rig.publish("a");
    rig.at(9);
    rig.now = Time::ZERO + millis(10);
    rig.consumer(Q, 1);
    rig.expire();
    assert_eq!(rig.levels(), (0, 1));
}

#[test]
fn dead_letters_of_an_instant_are_delivered_at_that_instant() {
    let mut rig = Rig::of(QueueSettings {
        dead_letter: Some(DEAD),
        ..ttl(10)
    });
    rig.broker.declare(ttl(0));
    rig.consumer(DEAD, 1);
    rig.publish("a");
    rig.at(10);
    assert_eq!(
        rig.history(),
        "a accepted, a Expired, a accepted, a delivered"
    );
}

/// A late driver finds `a` too old; it pushes `x` out of the dead letter queue and back into the first.
#[test]
fn what_a_dead_letter_pushes_back_into_the_queue_just_polled_is_delivered() {
    let mut rig = Rig::of(QueueSettings {
        dead_letter: Some(DEAD),
        ..ttl(10)
    });
    rig.broker.declare(QueueSettings {
        dead_letter: Some(Q),
        ..max_length(1)
    });
    rig.publish("a");
    rig.publish_with(DEAD, Publication::of('x'));
    rig.deliver();
    rig.now = Time::ZERO + millis(11);
    rig.consumer(Q, 1);
    assert_eq!(rig.deliver(), "x");
}

#[test]
fn all_that_is_due_goes_before_the_first_dead_letter_arrives() {
    let mut rig = Rig::of(QueueSettings {
        dead_letter: Some(DEAD),
        ..settings()
    });
    rig.broker.declare(settings());
    rig.publish_ttl('a', 10);
    let own = Publication {
        ttl: Some(millis(10)),
        ..Publication::of('b')
    };
    rig.publish_with(DEAD, own);
    rig.at(10);
    assert_eq!(
        rig.history(),
        "a accepted, b accepted, a Expired, b Expired, a accepted"
    );
}

#[test]
fn a_dead_letter_with_no_time_to_live_gets_its_chance_of_delivery_before_it_expires() {
    let mut rig = Rig::of(QueueSettings {
        dead_letter: Some(DEAD),
        ..ttl(10)
    });
    rig.broker.declare(ttl(0));
    rig.consumer(DEAD, 1);
    rig.publish("a");
    rig.at(9);
    rig.now = Time::ZERO + millis(10);
    // `c` finds no room, so the queue is to be looked at now; then there is room again.
    rig.publish_with(DEAD, Publication::of('b'));
    rig.publish_with(DEAD, Publication::of('c'));
    rig.deliver();
    rig.ack('b').unwrap();
    rig.deliver();
    rig.ack('c').unwrap();
    rig.at(10);
    assert_eq!(rig.delivered.last().map(|last| last.body), Some('a'));
}

// Memory and time.

/// A run's memory is bounded by its backlog, and so is the time of one step: this takes seconds if either is not.
#[test]
fn a_message_that_comes_back_a_hundred_thousand_times_costs_no_more_than_one_that_does_not() {
    let mut rig = Rig::of(QueueSettings {
        expiry: Expiry::Deadline,
        ..ttl(1_000_000)
    });
    let client = rig.consumer(Q, 1);
    let Rig { broker, log, .. } = &mut rig;
    broker
        .publish(Time::ZERO, Q, Publication::of('a'), log)
        .unwrap();
    for _ in 0..100_000 {
        let delivery = broker.poll_delivery(Time::ZERO, &mut ()).unwrap();
        broker
            .nack(Time::ZERO, client.channel, delivery.tag, true, &mut ())
            .unwrap();
    }
}

/// As above.
#[test]
fn a_hundred_thousand_messages_come_back_in_any_order_in_linear_time() {
    const COUNT: u64 = 100_000;
    for multiple in [true, false] {
        let mut rig = Rig::of(settings());
        let client = rig.consumer(Q, 0);
        let Rig { broker, now, .. } = &mut rig;
        for _ in 0..2 * COUNT {
            broker
                .publish(*now, Q, Publication::of('a'), &mut ())
                .unwrap();
        }
        for _ in 0..COUNT {
            broker.poll_delivery(*now, &mut ()).unwrap();
        }
        broker.cancel(client.consumer).unwrap();
        let channel = client.channel;
        if multiple {
            broker
                .nack_multiple(*now, channel, 0, true, &mut ())
                .unwrap();
        } else {
            for tag in 1..=COUNT {
                broker.nack(*now, channel, tag, true, &mut ()).unwrap();
            }
        }
        assert_eq!(rig.levels(), (2 * COUNT, 0));
    }
}
