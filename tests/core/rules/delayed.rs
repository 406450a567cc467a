//! What comes back and waits before it is ready again (`docs/quorum-queues#delayed-retry`).

use super::Profile::{Rabbitmq43, Rabbitmq310};
use super::*;

fn delayed(of: Retried, min: u64, max: Option<u64>) -> QueueSettings {
    QueueSettings {
        delayed_retry: Some(DelayedRetry {
            of,
            min: millis(min),
            max: max.map(millis),
        }),
        ..quorum()
    }
}

/// A rig with `letters`, all of them with a consumer that is gone.
fn holding(letters: &str, settings: QueueSettings) -> Rig {
    let mut rig = Rig::under(Rabbitmq43, settings);
    let client = rig.consumer(Q, 0);
    rig.publish(letters);
    rig.deliver();
    rig.cancel(client);
    rig
}

fn a_waits_and_b_is_ready_where_one_may_be() -> Rig {
    let settings = QueueSettings {
        max_length: Some(1),
        ..delayed(Retried::All, 10, None)
    };
    let mut rig = holding("a", settings);
    rig.requeue("a");
    rig.publish("b");
    rig
}

#[test]
fn what_comes_back_is_ready_again_after_a_delay_and_not_before() {
    let mut rig = holding("a", delayed(Retried::All, 10, None));
    rig.at(5);
    rig.requeue("a");
    assert_eq!(rig.broker.next_deadline(), Time::ZERO + millis(15));
    rig.at(14);
    assert_eq!((rig.ready(Q), rig.levels()), (String::new(), (0, 1)));
    assert_eq!(rig.history(), "a accepted, a delivered");
    rig.at(15);
    assert_eq!((rig.ready(Q), rig.levels()), ("a".into(), (1, 0)));
    assert_eq!(rig.history(), "a accepted, a delivered, a returned");
}

#[test]
fn the_delay_grows_with_the_delivery_count_up_to_the_most() {
    let mut rig = Rig::under(Rabbitmq43, delayed(Retried::All, 10, Some(25)));
    rig.consumer(Q, 1);
    rig.publish("a");
    let mut now = 0;
    for delay in [10, 20, 25, 25] {
        assert_eq!(rig.deliver(), "a");
        rig.reject_and_requeue('a');
        rig.at(now + delay - 1);
        assert_eq!(rig.delivered.len() as u64, rig.delivery('a').tag);
        now += delay;
        rig.now = Time::ZERO + millis(now);
        rig.broker.expire(rig.now, &mut rig.log);
    }
    assert_eq!(rig.deliver(), "a");
}

/// The page: not delayed longer than the minimum.
#[test]
fn a_return_that_does_not_count_waits_for_the_least_as_long_as_none_has_counted() {
    let mut rig = Rig::under(Rabbitmq43, delayed(Retried::All, 10, None));
    rig.consumer(Q, 1);
    rig.publish("a");
    for round in 1..4 {
        rig.deliver();
        rig.requeue("a");
        rig.at(10 * round - 1);
        assert_eq!(rig.levels(), (0, 1));
        assert_eq!(rig.delivered.len() as u64, round);
        rig.at(10 * round);
        assert_eq!(rig.delivered.len() as u64, round + 1);
    }
    assert_eq!(rig.delivery('a').delivery_count, 0);
}

#[test]
fn failed_delays_rejections_and_lost_channels_and_returned_delays_nacks() {
    for (of, waits) in [
        (Retried::Failed, [false, true, true]),
        (Retried::Returned, [true, false, false]),
        (Retried::All, [true, true, true]),
    ] {
        for (way, waits) in (0..).zip(waits) {
            let mut rig = holding("a", delayed(of, 10, None));
            match way {
                0 => rig.requeue("a"),
                1 => rig.reject_and_requeue('a'),
                _ => rig.close(rig.delivery('a').channel),
            }
            assert_eq!(rig.ready(Q).is_empty(), waits, "{of:?} {way}");
            rig.at(10);
            assert_eq!(rig.ready(Q), "a");
        }
    }
}

#[test]
fn what_was_not_settled_for_long_is_delayed_as_returned() {
    let patient = BrokerSettings {
        profile: Rabbitmq43,
        consumer_timeout: Some(Span::from_secs(60)),
        memory_limit: None,
    };
    let mut rig = Rig::within(patient, delayed(Retried::Returned, 10, None));
    rig.consumer(Q, 1);
    rig.publish("a");
    rig.at(120_009);
    assert_eq!(rig.levels(), (0, 1));
    rig.at(120_010);
    assert_eq!(rig.levels(), (1, 0));
}

#[test]
fn what_has_waited_goes_to_the_front_by_when_it_is_ready_then_in_the_order_of_return() {
    let mut rig = holding("abcd", delayed(Retried::All, 10, None));
    rig.publish("e");
    rig.requeue("d");
    rig.at(2);
    rig.requeue("ca");
    rig.at(3);
    rig.requeue("b");
    rig.at(13);
    assert_eq!(rig.ready(Q), "dcabe");
}

#[test]
fn the_delivery_limit_comes_before_the_delay() {
    let settings = QueueSettings {
        delivery_limit: Some(0),
        ..delayed(Retried::All, 10, None)
    };
    let mut rig = holding("a", settings);
    rig.reject_and_requeue('a');
    assert_eq!(rig.losses(), "a DeliveryLimited");
}

#[test]
fn a_consumer_has_room_again_as_soon_as_it_gives_back() {
    let mut rig = Rig::under(Rabbitmq43, delayed(Retried::All, 10, None));
    rig.consumer(Q, 1);
    rig.publish("ab");
    rig.deliver();
    rig.requeue("a");
    assert_eq!(rig.deliver(), "b");
    assert_eq!(rig.levels(), (0, 2));
}

/// A length limit counts ready messages, and a purge takes them.
#[test]
fn what_waits_is_not_ready_for_a_length_limit_nor_for_a_purge_and_goes_with_its_queue() {
    let mut rig = a_waits_and_b_is_ready_where_one_may_be();
    assert_eq!(rig.losses(), "");
    assert_eq!(rig.broker.purge(rig.now, Q, &mut rig.log), Ok(1));
    assert_eq!(rig.levels(), (0, 1));
    let deleted = rig
        .broker
        .delete(rig.now, Q, DeleteIf::default(), &mut rig.log);
    assert_eq!(deleted, Ok(0));
    assert_eq!(rig.losses(), "b Purged, a Purged, - queue gone: Deleted");
    assert_eq!(rig.broker.next_deadline(), Time::NEVER);
}

/// `docs/maxlength`: as any return.
#[test]
fn what_has_waited_may_find_the_queue_full_and_then_the_head_is_dropped() {
    let mut rig = a_waits_and_b_is_ready_where_one_may_be();
    rig.at(10);
    assert_eq!(
        (rig.ready(Q), rig.losses()),
        ("b".into(), "a Dropped".into())
    );
}

#[test]
fn a_message_does_not_expire_while_it_waits_but_when_it_is_back() {
    for expiry in [Expiry::Head, Expiry::Deadline] {
        let mut rig = holding(
            "a",
            QueueSettings {
                expiry,
                message_ttl: Some(millis(5)),
                ..delayed(Retried::All, 10, None)
            },
        );
        rig.requeue("a");
        rig.at(9);
        assert_eq!(rig.levels(), (0, 1));
        rig.at(10);
        assert_eq!((rig.levels(), rig.losses()), ((0, 0), "a Expired".into()));
    }
}

#[test]
fn what_is_back_at_the_instant_of_its_deadline_may_still_be_delivered() {
    let mut rig = holding(
        "a",
        QueueSettings {
            message_ttl: Some(millis(10)),
            ..delayed(Retried::All, 10, None)
        },
    );
    rig.requeue("a");
    rig.consumer(Q, 1);
    rig.at(10);
    assert_eq!((rig.levels(), rig.losses()), ((0, 1), String::new()));
}

#[test]
fn only_quorum_queues_of_4_3_delay_what_comes_back() {
    let quorum = delayed(Retried::All, 10, None);
    let classic = QueueSettings {
        kind: QueueKind::Classic,
        ..quorum.clone()
    };
    let error = Err(SettingsError::DelayedRetry);
    assert_eq!(quorum.check(Rabbitmq43), Ok(()));
    assert_eq!(quorum.check(Rabbitmq310), error);
    assert_eq!(classic.check(Rabbitmq43), error);
}
