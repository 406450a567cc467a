//! What leaves without an ack, and where it goes on to.

use super::*;

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
    rig.declare(QueueSettings {
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

/// `docs/dlx#effects`: the sum over those entries of `x-death` that name the queue.
#[test]
fn a_delivery_tells_how_often_its_message_was_dead_lettered_from_this_queue() {
    let mut rig = Rig::of(QueueSettings {
        dead_letter: Some(DEAD),
        ..settings()
    });
    rig.declare(QueueSettings {
        dead_letter: Some(Q),
        ..ttl(5)
    });
    rig.consumer(Q, 1);
    rig.publish("a");
    for round in 1..4 {
        rig.deliver();
        assert_eq!(rig.delivery('a').deaths, round - 1);
        rig.reject('a');
        rig.at(5 * u64::from(round));
    }
}

/// `docs/dlx#effects`: a dead letter loses its own time to live.
#[test]
fn a_dead_letter_does_not_expire_again_by_its_own_ttl() {
    let mut rig = Rig::with_dead_letters(settings());
    rig.publish_ttl('a', 10);
    rig.at(1000);
    assert_eq!(rig.ready(DEAD), "a");
}

/// `docs/dlx#effects`: `original-expiration`, in the record of the death before which it had one.
#[test]
fn the_history_of_a_dead_letter_keeps_the_ttl_of_its_own_that_it_lost() {
    for own in [3, 10, 20] {
        let mut rig = Rig::of(QueueSettings {
            dead_letter: Some(DEAD),
            ..ttl(10)
        });
        rig.declare(QueueSettings {
            dead_letter: Some(QueueId(2)),
            ..ttl(10)
        });
        rig.declare(settings());
        rig.publish_ttl('a', own);
        assert_eq!(rig.broker.ready(Q).next().unwrap().ttl(), Some(millis(own)));
        rig.at(50);
        let message = rig.broker.ready(QueueId(2)).next().unwrap();
        let kept = message.deaths().iter().map(|one| one.original_expiration);
        assert!(kept.eq([Some(millis(own)), None]), "{own}");
        assert_eq!(message.ttl(), None);
    }
}

/// `docs/dlx#effects`
#[test]
fn a_publish_that_is_refused_and_dead_lettered_keeps_the_ttl_of_its_own_in_its_history_too() {
    let mut rig = Rig::with_dead_letters(QueueSettings {
        overflow: Overflow::RejectPublishDlx,
        ..max_length(0)
    });
    rig.publish_ttl('a', 10);
    let message = rig.broker.ready(DEAD).next().unwrap();
    assert_eq!(message.deaths()[0].original_expiration, Some(millis(10)));
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

/// A queue `work` (which is [`Q`]) with a limit of `most`, whose dead letters go to exchange `dlx` by `key`, and the
/// queues `one` and `two`.
fn with_exchange(
    most: u64,
    key: Option<&str>,
    kind: ExchangeKind,
) -> (Rig, ExchangeId, [QueueId; 2]) {
    let mut rig = Rig::named(
        "work",
        QueueSettings {
            dead_letter_exchange: Some(DeadLetterExchange {
                name: "dlx".into(),
                routing_key: key.map(Into::into),
            }),
            ..max_length(most)
        },
    );
    let queues = ["one", "two"].map(|name| rig.declare_as(name, settings()));
    let exchange = rig.declare_exchange("dlx", kind);
    (rig, exchange, queues)
}

/// `docs/dlx#routing`
#[test]
fn a_dead_letter_is_routed_by_the_key_of_its_queue_or_else_by_its_own_keys() {
    let by_own = Route {
        cc: vec!["cc".into()],
        ..Route::new(ExchangeId::DEFAULT, "work")
    };
    for (key, expected) in [(Some("key"), [1, 0]), (None, [0, 1])] {
        let (mut rig, exchange, [one, two]) = with_exchange(0, key, ExchangeKind::Direct);
        rig.bind(exchange, one, "key");
        rig.bind(exchange, two, "cc");
        rig.publish_by(&by_own);
        assert_eq!([one, two].map(|queue| rig.ready(queue).len()), expected);
    }
}

/// `docs/dlx#routing`: what was published straight to the queue has its name as its key.
#[test]
fn a_dead_letter_that_was_published_to_the_queue_has_the_queues_name_as_its_key() {
    let (mut rig, exchange, [one, _]) = with_exchange(0, None, ExchangeKind::Direct);
    rig.bind(exchange, one, "work");
    rig.publish("ab");
    assert_eq!(rig.ready(one), "ab");
    let routes = rig.broker.ready(one).map(|message| message.route());
    let expected = Route::new(exchange, "work");
    assert!(routes.eq([Some(&expected); 2]));
}

/// `docs/dlx`
#[test]
fn a_dead_letter_goes_into_every_queue_to_which_its_exchange_leads() {
    let (mut rig, exchange, [one, two]) = with_exchange(0, None, ExchangeKind::Fanout);
    for queue in [one, two] {
        rig.bind(exchange, queue, "");
    }
    rig.publish("a");
    assert_eq!([one, two].map(|queue| rig.ready(queue)), ["a", "a"]);
    for queue in [one, two] {
        assert_eq!(deaths(&rig, queue), [death(Q, Reason::MaxLen, 1)]);
    }
}

/// `docs/dlx#routing`
#[test]
fn a_dead_letter_keeps_its_headers() {
    let (mut rig, exchange, [one, _]) = with_exchange(0, Some("key"), ExchangeKind::Headers);
    let arguments = vec![("h".to_owned(), HeaderValue::Integer(1))];
    let binding = Binding {
        arguments: arguments.clone(),
        ..Binding::default()
    };
    rig.broker.bind(exchange, one, binding).unwrap();
    rig.publish_by(&Route {
        headers: arguments.into(),
        ..Route::new(ExchangeId::DEFAULT, "work")
    });
    rig.publish("b");
    assert_eq!(rig.ready(one), "m");
}

/// `docs/dlx`, as measured: silently; and once the exchange is there, it takes them.
#[test]
fn while_the_dead_letter_exchange_is_missing_dead_letters_are_dropped() {
    let (mut rig, exchange, [one, _]) = with_exchange(0, None, ExchangeKind::Fanout);
    rig.broker.delete_exchange(exchange, false).unwrap();
    rig.publish("a");
    assert_eq!(
        (rig.broker.message_count(), rig.losses()),
        (0, "a Dropped".into())
    );
    let exchange = rig.declare_exchange("dlx", ExchangeKind::Fanout);
    rig.bind(exchange, one, "");
    rig.publish("b");
    assert_eq!(rig.ready(one), "b");
}

/// `docs/dlx#cycles`: each queue for itself.
#[test]
fn of_several_queues_only_those_that_close_a_cycle_do_not_get_a_dead_letter() {
    let (mut rig, exchange, [one, _]) = with_exchange(0, None, ExchangeKind::Fanout);
    for queue in [Q, one] {
        rig.bind(exchange, queue, "");
    }
    rig.publish("a");
    assert_eq!(rig.history(), "a accepted, a Dropped, a accepted");
    assert_eq!(rig.ready(one), "a");
}

/// `docs/dlx#effects`: `exchange` and `routing-keys` are those by which it came to the queue where it died.
#[test]
fn a_history_tells_how_a_message_was_addressed_when_it_died() {
    let (mut rig, exchange, [one, _]) = with_exchange(0, Some("key"), ExchangeKind::Fanout);
    let entry = rig.declare_exchange("entry", ExchangeKind::Fanout);
    rig.bind(entry, Q, "");
    rig.bind(exchange, one, "");
    rig.at(3);
    let route = Route {
        bcc: vec!["hidden".into()],
        ..Route::new(entry, "own")
    };
    rig.publish_by(&route);
    let message = rig.broker.ready(one).next().unwrap();
    let [death] = message.deaths() else {
        panic!("{:?}", message.deaths());
    };
    assert_eq!(death.route.as_deref(), Some(&route));
    assert_eq!(death.at, rig.now);
    assert_eq!(message.route(), Some(&Route::new(exchange, "key")));
}

/// `docs/dlx#effects`: `x-first-death-…`, as measured.
#[test]
fn the_first_death_is_told_once_and_for_all() {
    let mut rig = Rig::of(QueueSettings {
        dead_letter: Some(DEAD),
        ..max_length(0)
    });
    rig.declare(QueueSettings {
        dead_letter: Some(QueueId(2)),
        ..ttl(5)
    });
    rig.declare(settings());
    rig.publish("a");
    rig.at(5);
    let message = rig.broker.ready(QueueId(2)).next().unwrap();
    let first = message.first_death().unwrap();
    assert_eq!((first.queue, first.reason), (Q, Reason::MaxLen));
    assert_eq!(first.exchange, ExchangeId::DEFAULT);
    assert_eq!(message.deaths().len(), 2);
}

/// One of the two would never be used.
#[test]
fn dead_letters_go_to_a_queue_or_to_an_exchange_but_not_to_both() {
    let both = QueueSettings {
        dead_letter: Some(DEAD),
        dead_letter_exchange: Some(DeadLetterExchange {
            name: String::new(),
            routing_key: None,
        }),
        ..settings()
    };
    let refused = both.check(Profile::Rabbitmq310);
    assert_eq!(refused, Err(SettingsError::TwoDeadLetterDestinations));
}

/// `docs/dlx#cycles`
#[test]
fn a_cycle_without_a_rejection_is_dropped() {
    let mut rig = Rig::of(QueueSettings {
        dead_letter: Some(DEAD),
        ..ttl(5)
    });
    rig.declare(QueueSettings {
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
    rig.declare(QueueSettings {
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
    rig.declare(QueueSettings {
        overflow: Overflow::RejectPublish,
        ..max_length(0)
    });
    rig.publish("a");
    assert_eq!(rig.history(), "a accepted, a Dropped, a refused");
    assert_eq!(rig.broker.message_count(), 0);
}
