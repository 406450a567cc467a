//! What a policy says of a queue beside its declaration, and when (`docs/policies`, `docs/parameters#policies`).

use super::*;

fn set(rig: &mut Rig, policy: Policy) {
    rig.broker
        .set_policy(rig.now, Q, &policy, &mut rig.log)
        .expect("the queue is there");
}

fn max_length_of(most: u64) -> Policy {
    Policy {
        max_length: Some(most),
        ..Policy::default()
    }
}

fn dlx(name: &str, key: Option<&str>) -> Policy {
    Policy {
        dead_letter_exchange: Some(name.into()),
        dead_letter_routing_key: key.map(Into::into),
        ..Policy::default()
    }
}

/// `docs/maxlength`
#[test]
fn of_two_lengths_the_smaller_holds() {
    for (declared, policy) in [(2, 3), (3, 2)] {
        let mut rig = Rig::of(max_length(declared));
        set(&mut rig, max_length_of(policy));
        rig.publish("abc");
        assert_eq!(rig.ready(Q), "bc");
    }
}

/// `docs/maxlength`
#[test]
fn of_two_limits_in_bytes_the_smaller_holds() {
    for (declared, policy) in [(4, 9), (9, 4)] {
        let mut rig = Rig::of(QueueSettings {
            max_length_bytes: Some(declared),
            ..settings()
        });
        let bytes = Policy {
            max_length_bytes: Some(policy),
            ..Policy::default()
        };
        set(&mut rig, bytes);
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
fn a_shorter_length_drops_from_the_head_at_once_and_is_no_more_with_its_policy() {
    let mut rig = Rig::with_dead_letters(settings());
    rig.publish("abc");
    set(&mut rig, max_length_of(1));
    assert_eq!((rig.ready(Q), rig.ready(DEAD)), ("c".into(), "ab".into()));
    set(&mut rig, Policy::default());
    rig.publish("de");
    assert_eq!(rig.ready(Q), "cde");
}

/// `docs/maxlength`: as a publish would.
#[test]
fn a_shorter_length_does_not_drop_what_a_consumer_has_room_for() {
    let mut rig = Rig::of(settings());
    rig.publish("abc");
    rig.consumer(Q, 2);
    set(&mut rig, max_length_of(1));
    assert_eq!((rig.deliver(), rig.losses()), ("ab".into(), String::new()));
}

/// `docs/ttl`: when a message expires is written when it is published.
#[test]
fn of_two_ttls_the_smaller_holds_for_what_is_published_from_then_on() {
    let ttl_of = |most| Policy {
        message_ttl: Some(millis(most)),
        ..Policy::default()
    };
    for (declared, policy) in [(10, 30), (30, 10)] {
        let mut rig = Rig::of(ttl(declared));
        set(&mut rig, ttl_of(policy));
        rig.publish("a");
        rig.at(9);
        assert_eq!(rig.ready(Q), "a");
        rig.at(10);
        assert_eq!(rig.losses(), "a Expired");
    }
    let mut rig = Rig::of(settings());
    rig.publish("a");
    set(&mut rig, ttl_of(10));
    rig.at(20);
    assert_eq!(rig.ready(Q), "a");
}

/// `docs/ttl#queue-ttl`, rabbit_amqqueue_process: it begins anew.
#[test]
fn of_two_leases_the_shorter_holds_from_the_policy_on() {
    let expires = |most| Policy {
        expires: Some(millis(most)),
        ..Policy::default()
    };
    for (declared, policy) in [(Some(10), 30), (Some(30), 10), (None, 10)] {
        let mut rig = Rig::of(QueueSettings {
            expires: declared.map(millis),
            ..settings()
        });
        rig.at(5);
        set(&mut rig, expires(policy));
        rig.at(14);
        assert_eq!(rig.losses(), "");
        rig.at(15);
        assert_eq!(rig.losses(), "- queue gone: Expired");
    }
    let mut rig = Rig::of(settings());
    set(&mut rig, expires(10));
    set(&mut rig, Policy::default());
    assert_eq!(rig.broker.next_deadline(), Time::NEVER);
    let at_once = rig.broker.set_policy(rig.now, Q, &expires(0), &mut rig.log);
    assert_eq!(at_once, Err(SettingsError::ExpiresAtOnce.into()));
}

/// `docs/quorum-queues#poison-message-handling`: -1 is none, and then the other one holds.
#[test]
fn of_two_delivery_limits_the_smaller_holds_and_none_is_more_than_any() {
    const NONE: u32 = QueueSettings::NO_DELIVERY_LIMIT;
    for (declared, policy, most) in [
        (Some(1), Some(3), 1),
        (Some(3), Some(1), 1),
        (Some(NONE), Some(2), 2),
        (Some(2), Some(NONE), 2),
        (None, Some(NONE), 30),
        (None, Some(30), 30),
        (None, None, 20),
    ] {
        let mut rig = Rig::under(
            Profile::Rabbitmq43,
            QueueSettings {
                delivery_limit: declared,
                ..quorum()
            },
        );
        let limit = Policy {
            delivery_limit: policy,
            ..Policy::default()
        };
        set(&mut rig, limit);
        rig.consumer(Q, 1);
        rig.publish("a");
        let mut returns = 0;
        while returns < 31 && !rig.deliver().is_empty() {
            rig.reject_and_requeue('a');
            returns += 1;
        }
        assert_eq!(returns, most + 1, "{declared:?} {policy:?}");
    }
}

/// `docs/parameters#policies`
#[test]
fn for_overflow_the_declaration_goes_before_the_policy() {
    let refuse = |overflow| Policy {
        overflow: Some(overflow),
        ..Policy::default()
    };
    let mut rig = Rig::of(max_length(1));
    set(&mut rig, refuse(Overflow::RejectPublish));
    rig.publish("ab");
    assert_eq!(
        (rig.ready(Q), rig.losses()),
        ("a".into(), "b refused".into())
    );
    let mut rig = Rig::with_dead_letters(QueueSettings {
        overflow: Overflow::RejectPublish,
        ..max_length(1)
    });
    set(&mut rig, refuse(Overflow::RejectPublishDlx));
    rig.publish("ab");
    assert_eq!((rig.ready(Q), rig.ready(DEAD)), ("a".into(), String::new()));
}

/// `docs/quorum-queues#policy-support`: what a kind of queue does not know, it ignores.
#[test]
fn a_quorum_queue_does_not_refuse_and_dead_letter_by_a_policy_either() {
    let mut rig = Rig::of(QueueSettings {
        kind: QueueKind::Quorum,
        ..max_length(1)
    });
    let policy = Policy {
        overflow: Some(Overflow::RejectPublishDlx),
        ..Policy::default()
    };
    set(&mut rig, policy);
    rig.publish("ab");
    assert_eq!(rig.ready(Q), "b");
}

/// `docs/dlx#using-policies`: the exchange and the key each for itself.
#[test]
fn for_the_dead_letter_exchange_and_its_key_the_declaration_goes_before_the_policy() {
    for (declared, policy, expected) in [
        (None, dlx("two", Some("k")), ["", "a"]),
        (Some(("one", None)), dlx("two", Some("k")), ["a", ""]),
        (Some(("one", Some("k"))), dlx("two", Some("z")), ["a", ""]),
        (None, dlx("two", Some("z")), ["", ""]),
    ] {
        let exchange = declared.map(|(name, key): (&str, Option<&str>)| DeadLetterExchange {
            name: name.into(),
            routing_key: key.map(Into::into),
        });
        let mut rig = Rig::of(QueueSettings {
            dead_letter_exchange: exchange,
            ..max_length(0)
        });
        let queues = ["one", "two"].map(|name| {
            let queue = rig.declare(settings());
            let exchange = rig.declare_exchange(name, ExchangeKind::Direct);
            rig.bind(exchange, queue, "k");
            queue
        });
        set(&mut rig, policy);
        rig.publish("a");
        assert_eq!(queues.map(|queue| rig.ready(queue)), expected);
    }
}

/// `docs/dlx#using-policies`
#[test]
fn a_policy_that_changes_the_key_of_dead_letters_changes_where_the_next_ones_go() {
    let mut rig = Rig::of(max_length(0));
    let exchange = rig.declare_exchange("dlx", ExchangeKind::Direct);
    let queues = ["k", "l"].map(|key| {
        let queue = rig.declare(settings());
        rig.bind(exchange, queue, key);
        queue
    });
    for (letter, key) in [("a", "k"), ("b", "l")] {
        set(&mut rig, dlx("dlx", Some(key)));
        rig.publish(letter);
    }
    assert_eq!(queues.map(|queue| rig.ready(queue)), ["a", "b"]);
}

/// `docs/quorum-queues#consumer-timeout`
#[test]
fn in_4_3_a_policy_may_shorten_the_patience_of_a_quorum_queue_for_what_is_delivered_from_then_on() {
    let timeout = Policy {
        consumer_timeout: Some(Span::from_secs(60)),
        ..Policy::default()
    };
    for (kind, unacked) in [(quorum(), 1), (settings(), 2)] {
        let mut rig = Rig::under(Profile::Rabbitmq43, kind);
        rig.consumer(Q, 0);
        rig.publish("a");
        rig.deliver();
        set(&mut rig, timeout.clone());
        rig.publish("b");
        rig.at(120_000);
        assert_eq!(rig.levels(), (2 - unacked, unacked));
    }
}

/// `docs/queues#property-equivalence`
#[test]
fn a_queue_under_a_policy_is_still_the_one_that_was_declared() {
    let mut rig = Rig::named("a", max_length(3));
    set(&mut rig, max_length_of(1));
    assert_eq!(rig.declare_as("a", max_length(3)), Q);
    let other = rig.broker.declare_as(rig.now, "a", max_length(1));
    assert_eq!(other, Err(QueueError::OtherQueue(Q)));
}

/// rabbit_fifo_dlx_worker: the worker looks up where to send, and tries what had nowhere to go.
#[test]
fn with_a_new_policy_dead_letters_that_had_nowhere_to_go_are_tried_at_once() {
    let mut rig = Rig::of(QueueSettings {
        kind: QueueKind::Quorum,
        overflow: Overflow::RejectPublish,
        dead_letter_strategy: DeadLetterStrategy::AtLeastOnce,
        dead_letter_exchange: Some(DeadLetterExchange {
            name: "dlx".into(),
            routing_key: None,
        }),
        ..ttl(5)
    });
    let one = rig.declare(settings());
    let exchange = rig.declare_exchange("dlx", ExchangeKind::Direct);
    rig.bind(exchange, one, "k");
    rig.publish("a");
    rig.at(10);
    assert_eq!(rig.levels(), (0, 1));
    let key = Policy {
        dead_letter_routing_key: Some("k".into()),
        ..Policy::default()
    };
    set(&mut rig, key);
    assert_eq!((rig.levels(), rig.ready(one)), ((0, 0), "a".into()));
    assert_eq!(rig.broker.next_deadline(), Time::NEVER);
}

#[test]
fn a_policy_needs_a_queue() {
    let mut rig = Rig::of(settings());
    let policy = Policy::default();
    let unknown = rig.broker.set_policy(rig.now, DEAD, &policy, &mut rig.log);
    assert_eq!(unknown, Err(QueueError::UnknownQueue(DEAD)));
}
