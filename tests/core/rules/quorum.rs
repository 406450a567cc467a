//! Quorum queues, and what the profiles make of them (`docs/quorum-queues`).

use super::Profile::{Rabbitmq43, Rabbitmq310};
use super::*;

/// A queue with `abcd`, of which a consumer that is gone holds `a` to `c`.
fn holding_abc(profile: Profile, settings: QueueSettings) -> Rig {
    let mut rig = Rig::under(profile, settings);
    let client = rig.consumer(Q, 3);
    rig.publish("abcd");
    rig.deliver();
    rig.cancel(client);
    rig
}

fn with_limit(most: u32) -> QueueSettings {
    QueueSettings {
        delivery_limit: Some(most),
        ..quorum()
    }
}

/// As measured: `b c d a*`.
#[test]
fn in_3_10_without_a_limit_what_is_given_back_goes_to_the_tail() {
    let mut rig = holding_abc(Rabbitmq310, quorum());
    rig.requeue("cab");
    assert_eq!(rig.ready(Q), "dcab");
}

/// As measured: `a* b c d`.
#[test]
fn in_3_10_with_a_limit_what_is_given_back_goes_to_the_front_in_the_order_of_return() {
    let mut rig = holding_abc(Rabbitmq310, with_limit(9));
    rig.requeue("cab");
    assert_eq!(rig.ready(Q), "cabd");
}

/// rabbit_fifo writes only what a client gives back anew; what a lost channel held it puts in front.
#[test]
fn in_3_10_what_a_closed_channel_held_goes_to_the_front_with_or_without_a_limit() {
    for settings in [quorum(), with_limit(9)] {
        let mut rig = holding_abc(Rabbitmq310, settings);
        let channel = rig.delivery('a').channel;
        rig.close(channel);
        assert_eq!(rig.ready(Q), "abcd");
    }
}

/// Once in front is not for ever: the next return goes where its own rule says.
#[test]
fn in_3_10_without_a_limit_what_came_to_the_front_goes_to_the_tail_when_it_is_given_back() {
    let mut rig = Rig::under(Rabbitmq310, quorum());
    let lost = rig.consumer(Q, 1);
    rig.publish("ab");
    rig.deliver();
    rig.close(lost.channel);
    assert_eq!(rig.ready(Q), "ab");
    let client = rig.consumer(Q, 1);
    rig.deliver();
    rig.cancel(client);
    rig.requeue("a");
    assert_eq!(rig.ready(Q), "ba");
}

/// `docs/quorum-queues`
#[test]
fn in_4_3_what_comes_back_goes_to_the_front_in_the_order_of_return() {
    let mut rig = holding_abc(Rabbitmq43, quorum());
    rig.requeue("cab");
    assert_eq!(rig.ready(Q), "cabd");
}

/// `docs/quorum-queues#priorities`
#[test]
fn in_4_3_what_comes_back_goes_before_any_priority() {
    let mut rig = Rig::under(Rabbitmq43, quorum());
    let client = rig.consumer(Q, 1);
    rig.publish_priority('a', 0);
    rig.deliver();
    rig.cancel(client);
    rig.publish_priority('H', 31);
    rig.requeue("a");
    assert_eq!(rig.ready(Q), "aH");
}

/// `docs/quorum-queues#priorities`
#[test]
fn in_4_3_priorities_are_strict_from_0_to_31_and_none_is_4() {
    let mut rig = Rig::under(Rabbitmq43, quorum());
    rig.publish_priority('3', 3);
    rig.publish_priority('4', 4);
    rig.publish("n");
    rig.publish_priority('5', 5);
    rig.publish_priority('M', 31);
    rig.publish_priority('m', 200);
    assert_eq!(rig.ready(Q), "Mm54n3");
}

/// `docs/quorum-queues#priorities`
#[test]
fn in_4_3_the_highest_priority_asked_for_is_ignored() {
    let mut rig = Rig::under(
        Rabbitmq43,
        QueueSettings {
            kind: QueueKind::Quorum,
            ..priorities(1)
        },
    );
    rig.publish_priority('a', 5);
    rig.publish_priority('b', 6);
    assert_eq!(rig.ready(Q), "ba");
}

/// `docs/quorum-queues#feature-matrix`
#[test]
fn in_3_10_a_quorum_queue_knows_no_priorities() {
    let mut rig = Rig::of(quorum());
    rig.publish("a");
    rig.publish_priority('H', 9);
    assert_eq!(rig.ready(Q), "aH");
    let leveled = QueueSettings {
        kind: QueueKind::Quorum,
        ..priorities(9)
    };
    let refused = rig.broker.declare(rig.now, leveled);
    let cause = QueueError::Settings(SettingsError::QuorumMaxPriority);
    assert_eq!(refused, Err(cause));
}

/// `docs/quorum-queues#poison-message-handling`: how often a message may come back and go out again.
#[test]
fn the_default_limit_is_none_in_3_10_and_20_in_4_3_and_may_be_switched_off() {
    let unlimited = with_limit(QueueSettings::NO_DELIVERY_LIMIT);
    for (profile, settings, most) in [
        (Rabbitmq310, quorum(), 40),
        (Rabbitmq43, quorum(), 20),
        (Rabbitmq43, with_limit(3), 3),
        (Rabbitmq43, unlimited, 40),
        (Rabbitmq43, settings(), 40),
    ] {
        let mut rig = Rig::under(profile, settings);
        rig.consumer(Q, 1);
        rig.publish("a");
        let mut returns = 0;
        while returns < 40 && !rig.deliver().is_empty() {
            rig.reject_and_requeue('a');
            returns += 1;
        }
        assert_eq!(returns.min(most), most, "{profile:?}");
        assert_eq!(returns > most, most < 40, "{profile:?}");
    }
}

/// `docs/nack`, `docs/quorum-queues#poison-message-handling`
#[test]
fn to_the_limit_count_all_returns_in_3_10_but_nacks_do_not_in_4_3() {
    for (profile, after_nack) in [(Rabbitmq310, 1), (Rabbitmq43, 0)] {
        let mut rig = Rig::under(profile, with_limit(9));
        let client = rig.consumer(Q, 1);
        rig.publish("a");
        let counts = |rig: &mut Rig| {
            rig.deliver();
            let delivery = rig.delivery('a');
            (delivery.returns, delivery.delivery_count)
        };
        assert_eq!(counts(&mut rig), (0, 0));
        rig.requeue("a");
        assert_eq!(counts(&mut rig), (1, after_nack));
        rig.reject_and_requeue('a');
        assert_eq!(counts(&mut rig), (2, after_nack + 1));
        rig.close(client.channel);
        rig.consumer(Q, 1);
        assert_eq!(counts(&mut rig), (3, after_nack + 2));
        assert!(rig.delivery('a').redelivered);
    }
}

/// `docs/quorum-queues#feature-matrix`, `docs/maxlength`
#[test]
fn a_quorum_queue_drops_its_head_or_refuses_but_does_not_refuse_and_dead_letter() {
    for profile in [Rabbitmq310, Rabbitmq43] {
        let of = |overflow| QueueSettings {
            overflow,
            ..quorum()
        };
        assert_eq!(of(Overflow::DropHead).check(profile), Ok(()));
        assert_eq!(of(Overflow::RejectPublish).check(profile), Ok(()));
        let refused = of(Overflow::RejectPublishDlx).check(profile);
        assert_eq!(refused, Err(SettingsError::QuorumRejectPublishDlx));
    }
}

/// `docs/queues#durability`, `docs/quorum-queues#feature-matrix`
#[test]
fn a_quorum_queue_is_durable_and_4_3_wants_all_that_are_not_exclusive_to_be() {
    let transient = |settings| QueueSettings {
        transient: true,
        ..settings
    };
    for profile in [Rabbitmq310, Rabbitmq43] {
        let refused = transient(quorum()).check(profile);
        assert_eq!(refused, Err(SettingsError::QuorumTransient));
    }
    assert_eq!(transient(settings()).check(Rabbitmq310), Ok(()));
    let refused = transient(settings()).check(Rabbitmq43);
    assert_eq!(refused, Err(SettingsError::Transient));
}

/// `docs/maxlength`: what came back stands first, so it is dropped first.
#[test]
fn a_quorum_queue_that_is_too_long_drops_what_came_back_first() {
    let mut rig = holding_abc(
        Rabbitmq43,
        QueueSettings {
            kind: QueueKind::Quorum,
            ..max_length(2)
        },
    );
    rig.publish("e");
    rig.requeue("ba");
    assert_eq!(rig.ready(Q), "de");
    assert_eq!(rig.losses(), "b Dropped, a Dropped");
}

/// `docs/ttl`, `docs/quorum-queues`
#[test]
fn a_quorum_queue_lets_go_what_is_too_old_once_it_stands_at_the_head() {
    for profile in [Rabbitmq310, Rabbitmq43] {
        let mut rig = Rig::under(profile, quorum());
        rig.publish_ttl('a', 20);
        rig.publish_ttl('b', 10);
        rig.at(19);
        assert_eq!(rig.ready(Q), "ab");
        rig.at(20);
        assert_eq!(rig.losses(), "a Expired, b Expired");
    }
}
