//! FIFO queues of SQS: message groups.

use super::*;
use std::time::{Duration, Instant};

/// A rig with `a` to `c` in group x, then `d` and `e` in group y.
fn two_groups() -> Rig {
    let mut rig = Rig::of(fifo());
    rig.publish_in('x', "abc");
    rig.publish_in('y', "de");
    rig
}

/// `FIFO-queues-understanding-logic`: "if you don't provide a message group ID, the action fails".
#[test]
fn without_a_group_nothing_is_taken_by_a_fifo_queue() {
    let mut rig = Rig::named("fifo", fifo());
    let Rig {
        broker, now, log, ..
    } = &mut rig;
    let error = QueueError::NoGroup(Q);
    let refused = broker.publish(*now, Q, Publication::of('a'), log);
    assert_eq!(refused, Err(error));
    let route = Arc::new(Route::new(ExchangeId::DEFAULT, "fifo"));
    let refused = broker.publish_to(*now, &route, Publication::of('a'), false, log);
    assert_eq!(refused, Err(error));
    let refused = broker.publish_routed(*now, Q, &route, Publication::of('a'), log);
    assert_eq!((refused, rig.history()), (Err(error), String::new()));
}

/// `FIFO-queues-understanding-logic`: "when you receive a message with a message group ID, no more messages for the
/// same message group ID are returned unless you delete the message or it becomes visible".
#[test]
fn while_a_message_of_a_group_is_in_flight_none_of_the_group_is_given_out_and_others_are() {
    let mut rig = two_groups();
    let client = rig.puller(Q);
    assert_eq!(rig.receive(client, 1), "a");
    assert_eq!(rig.receive(client, 1), "d");
    assert_eq!(rig.receive(client, 1), "");
    assert_eq!((rig.ready(Q), rig.levels()), ("bce".into(), (3, 2)));
    rig.ack('d').unwrap();
    assert_eq!(rig.deliver(), "e");
}

#[test]
fn when_all_of_a_group_that_is_in_flight_is_deleted_the_group_goes_on() {
    let mut rig = two_groups();
    let client = rig.puller(Q);
    assert_eq!(rig.receive(client, 2), "ab");
    rig.ask(client, 1);
    rig.ack('a').unwrap();
    assert_eq!(rig.deliver(), "d");
    rig.ask(client, 1);
    rig.ack('b').unwrap();
    assert_eq!(rig.deliver(), "c");
}

/// `FIFO-queues-understanding-logic`: "as many messages with the same message group ID as possible"; if there are
/// fewer, "you might receive messages from another message group ID, in the same batch".
#[test]
fn one_receive_takes_as_much_as_it_can_of_the_group_of_the_oldest_then_of_the_next() {
    let mut rig = Rig::of(fifo());
    rig.publish_in('x', "a");
    rig.publish_in('y', "b");
    rig.publish_in('x', "c");
    rig.publish_in('z', "d");
    rig.publish_in('y', "e");
    let client = rig.puller(Q);
    assert_eq!(rig.receive(client, 4), "acbe");
    assert_eq!(rig.receive(client, 4), "d");
}

#[test]
fn what_comes_back_comes_before_the_rest_of_its_group_and_in_order() {
    let mut rig = two_groups();
    let client = rig.puller(Q);
    rig.receive(client, 2);
    rig.publish_in('x', "f");
    rig.at(100);
    assert_eq!(rig.ready(Q), "abcdef");
    assert_eq!(rig.receive(client, 10), "abcfde");
}

#[test]
fn what_comes_back_waits_for_what_of_its_group_is_still_in_flight() {
    let mut rig = two_groups();
    let client = rig.puller(Q);
    rig.receive(client, 2);
    rig.change_visibility('a', 0).unwrap();
    assert_eq!(rig.receive(client, 1), "d");
    rig.ask(client, 10);
    assert_eq!(rig.deliver(), "");
    rig.requeue("b");
    assert_eq!(rig.deliver(), "abc");
}

/// `sqs-receipt-handle-error` of the knowledge center: "the receipt handle has expired".
#[test]
fn in_a_fifo_queue_a_receipt_whose_time_is_over_deletes_nothing() {
    let mut rig = two_groups();
    let client = rig.puller(Q);
    rig.receive(client, 1);
    rig.at(99);
    assert!(!rig.is_spent('a'));
    rig.at(100);
    assert!(rig.is_spent('a'));
    assert_eq!((rig.ack('a'), rig.ready(Q)), (Ok(()), "abcde".into()));
}

#[test]
fn a_message_that_leaves_while_its_group_is_closed_is_never_given_out() {
    let mut settings = fifo();
    settings.message_ttl = Some(millis(50));
    let mut rig = Rig::of(settings);
    let client = rig.puller(Q);
    rig.publish_in('x', "a");
    rig.at(10);
    rig.publish_in('x', "b");
    rig.at(20);
    rig.publish_in('x', "c");
    assert_eq!(rig.receive(client, 1), "a");
    rig.ask(client, 10);
    rig.at(60);
    assert_eq!(rig.losses(), "b Expired");
    rig.ack('a').unwrap();
    assert_eq!(rig.deliver(), "c");
}

#[test]
fn what_was_received_too_often_makes_way_for_the_rest_of_its_group_and_keeps_its_group() {
    let mut rig = Rig::of(QueueSettings {
        dead_letter: Some(DEAD),
        sqs: SqsSettings {
            max_receive_count: Some(1),
            ..fifo().sqs
        },
        ..fifo()
    });
    rig.declare(fifo());
    let [client, dead] = [Q, DEAD].map(|queue| rig.puller(queue));
    rig.publish_in('x', "abc");
    rig.publish_in('y', "d");
    rig.receive(client, 2);
    rig.requeue("ab");
    assert_eq!(rig.receive(client, 1), "c");
    assert_eq!(rig.ready(DEAD), "ab");
    assert_eq!(rig.receive(dead, 1), "a");
    assert_eq!(rig.receive(dead, 1), "");
    rig.ack('a').unwrap();
    assert_eq!(rig.deliver(), "b");
}

#[test]
fn in_a_standard_queue_a_group_means_nothing() {
    let mut rig = Rig::of(sqs());
    let client = rig.puller(Q);
    rig.publish_in('x', "ab");
    assert_eq!(rig.receive(client, 1), "a");
    assert_eq!(rig.receive(client, 1), "b");
}

#[test]
fn the_in_flight_limit_holds_over_all_groups() {
    let mut settings = fifo();
    settings.sqs.in_flight_limit = 2;
    let mut rig = Rig::of(settings);
    let client = rig.puller(Q);
    rig.publish_in('x', "a");
    rig.publish_in('y', "bc");
    assert_eq!(rig.receive(client, 10), "ab");
    assert_eq!(rig.receive(client, 10), "");
    rig.ack('b').unwrap();
    assert_eq!(rig.deliver(), "c");
}

/// In a fraction of a second; by looking at all that waits, in minutes.
#[test]
fn a_long_line_of_closed_groups_is_not_looked_through() {
    const COUNT: u32 = 100_000;
    let start = Instant::now();
    let mut rig = Rig::of(fifo());
    let client = rig.puller(Q);
    let Rig { broker, now, .. } = &mut rig;
    for number in 0..2 * COUNT {
        let publication = Publication {
            group: Some(MessageGroup(if number % 2 == 0 { 0 } else { number })),
            ..Publication::of('a')
        };
        broker.publish(*now, Q, publication, &mut ()).unwrap();
    }
    for _ in 0..COUNT {
        broker.receive(*now, client.consumer, 1).unwrap();
        broker
            .poll_delivery(*now, &mut ())
            .expect("a group is open");
    }
    assert_eq!(rig.levels(), (u64::from(COUNT), u64::from(COUNT)));
    let took = start.elapsed();
    assert!(took < Duration::from_secs(5), "{took:?}");
}
