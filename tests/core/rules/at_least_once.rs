//! Dead letters that are kept until they have arrived (`docs/quorum-queues#dead-lettering`).

use super::*;

const LOOK: u64 = 180_000;

fn at_least_once(settings: QueueSettings) -> QueueSettings {
    QueueSettings {
        kind: QueueKind::Quorum,
        overflow: Overflow::RejectPublish,
        dead_letter_strategy: DeadLetterStrategy::AtLeastOnce,
        ..settings
    }
}

/// As `at_least_once`, to exchange `dlx`.
fn to_exchange(settings: QueueSettings) -> QueueSettings {
    at_least_once(QueueSettings {
        dead_letter_exchange: Some(DeadLetterExchange {
            name: "dlx".into(),
            routing_key: None,
        }),
        ..settings
    })
}

fn full(most: u64) -> QueueSettings {
    QueueSettings {
        overflow: Overflow::RejectPublish,
        ..max_length(most)
    }
}

/// [`Q`], whose dead letters go at least once to exchange `dlx`, and the queues `one` and `two`, with rules of their own.
fn with_two(settings: QueueSettings, of: [QueueSettings; 2]) -> (Rig, ExchangeId, [QueueId; 2]) {
    let mut rig = Rig::named("work", to_exchange(settings));
    let [one, two] = of;
    let queues = [("one", one), ("two", two)].map(|(name, of)| rig.declare_as(name, of));
    let exchange = rig.declare_exchange("dlx", ExchangeKind::Fanout);
    for queue in queues {
        rig.bind(exchange, queue, "");
    }
    (rig, exchange, queues)
}

/// Takes what is first in `queue` out of it.
fn take(rig: &mut Rig, queue: QueueId) {
    let channel = rig.broker.open_channel();
    let got = rig.broker.get(rig.now, channel, queue, true, &mut rig.log);
    assert!(got.unwrap().is_some());
}

#[test]
fn a_dead_letter_leaves_when_all_queues_to_which_it_goes_have_accepted_it() {
    let (mut rig, _, queues) = with_two(ttl(5), [settings(), settings()]);
    rig.publish("a");
    rig.at(5);
    assert_eq!(
        rig.history(),
        "a accepted, a withheld: Expired, a Expired, a accepted, a accepted"
    );
    assert_eq!(queues.map(|queue| rig.ready(queue)), ["a", "a"]);
    assert_eq!(deaths(&rig, queues[0]), [death(Q, Reason::Expired, 1)]);
    assert_eq!(rig.broker.next_deadline(), Time::NEVER);
}

#[test]
fn whatever_kills_a_message_it_is_kept() {
    let (mut rig, ..) = with_two(delivery_limit(0), [full(0), full(0)]);
    let client = rig.consumer(Q, 0);
    rig.publish("ab");
    rig.publish_ttl('c', 1);
    rig.deliver();
    rig.reject('a');
    rig.requeue("b");
    rig.cancel(client);
    rig.publish_ttl('d', 1);
    rig.at(2);
    let kept: String = rig
        .broker
        .messages(Q)
        .filter(|(message, ready, _)| !ready && !message.deaths().is_empty())
        .map(|(message, ..)| message.body)
        .collect();
    assert_eq!((kept, rig.levels()), ("abd".into(), (0, 4)));
}

#[test]
fn what_one_queue_refuses_is_kept_and_sent_there_again_after_three_minutes_and_nowhere_else() {
    let (mut rig, _, [one, two]) = with_two(ttl(5), [settings(), full(0)]);
    rig.publish("a");
    rig.at(5);
    assert_eq!(
        rig.history(),
        "a accepted, a withheld: Expired, a copied to 1, a accepted, a refused"
    );
    assert_eq!((rig.levels(), rig.ready(one)), ((0, 1), "a".into()));
    rig.at(5 + LOOK);
    assert!(rig.history().ends_with("a refused, a refused"));
    assert_eq!(
        (rig.ready(one), rig.ready(two)),
        ("a".into(), String::new())
    );
    assert_eq!(rig.levels(), (0, 1));
}

#[test]
fn once_there_is_room_a_dead_letter_arrives_and_leaves_and_its_death_was_one() {
    let (mut rig, _, [one, two]) = with_two(ttl(5), [settings(), full(1)]);
    rig.publish_with(two, Publication::of('x'));
    rig.publish("a");
    rig.at(5);
    take(&mut rig, two);
    rig.at(5 + LOOK - 1);
    assert_eq!(rig.ready(two), "");
    rig.at(5 + LOOK);
    assert_eq!((rig.ready(one), rig.ready(two)), ("a".into(), "a".into()));
    assert_eq!(rig.levels(), (0, 0));
    for queue in [one, two] {
        assert_eq!(deaths(&rig, queue), [death(Q, Reason::Expired, 1)]);
    }
    assert_eq!(rig.broker.next_deadline(), Time::NEVER);
}

/// Each look comes three minutes after the last, and finds what was refused at least so long ago.
#[test]
fn what_was_refused_after_a_look_was_set_waits_for_the_one_after_the_next() {
    let (mut rig, _, [_, two]) = with_two(ttl(5), [settings(), full(0)]);
    rig.publish("a");
    rig.at(1000);
    rig.publish("b");
    rig.at(5 + LOOK);
    let refused = |rig: &Rig| rig.history().matches("b refused").count();
    assert_eq!((rig.ready(two), refused(&rig)), (String::new(), 1));
    rig.at(5 + 2 * LOOK);
    assert_eq!(refused(&rig), 2);
}

#[test]
fn what_finds_no_exchange_or_no_queue_is_kept_until_it_does() {
    let mut rig = Rig::named("work", to_exchange(ttl(5)));
    rig.publish("a");
    rig.at(5);
    let exchange = rig.declare_exchange("dlx", ExchangeKind::Fanout);
    rig.at(5 + LOOK);
    assert_eq!(rig.levels(), (0, 1));
    let one = rig.declare_as("one", settings());
    rig.bind(exchange, one, "");
    rig.at(5 + 2 * LOOK);
    assert_eq!((rig.levels(), rig.ready(one)), ((0, 0), "a".into()));
}

/// rabbit_fifo_dlx_worker routes anew each time.
#[test]
fn a_queue_that_refused_and_is_no_longer_bound_is_not_waited_for() {
    let (mut rig, exchange, [one, two]) = with_two(ttl(5), [settings(), full(0)]);
    rig.publish("a");
    rig.at(5);
    rig.broker.unbind(exchange, two, &Binding::key("")).unwrap();
    rig.at(5 + LOOK);
    assert_eq!((rig.levels(), rig.ready(one)), ((0, 0), "a".into()));
    assert!(rig.losses().ends_with("a Expired"));
}

/// `docs/quorum-queues#caveats`
#[test]
fn what_is_kept_counts_to_the_length_limits_of_its_queue() {
    for limit in [max_length(2), settings()] {
        let bytes = limit.max_length.is_none().then_some(8);
        let rules = QueueSettings {
            max_length_bytes: bytes,
            message_ttl: Some(millis(5)),
            ..limit
        };
        let (mut rig, exchange, queues) = with_two(rules, [full(0), full(0)]);
        let publish = |rig: &mut Rig, body| {
            let publication = Publication {
                bytes: 4,
                ..Publication::of(body)
            };
            rig.publish_with(Q, publication)
        };
        assert_eq!(publish(&mut rig, 'a'), None);
        rig.at(5);
        assert_eq!(publish(&mut rig, 'b'), None);
        assert_eq!(publish(&mut rig, 'c'), Some('c'));
        assert!(!rig.broker.accepts(Q, 4));
        rig.at(10);
        let one = rig.declare(settings());
        rig.bind(exchange, one, "");
        for queue in queues {
            rig.broker
                .unbind(exchange, queue, &Binding::key(""))
                .unwrap();
        }
        rig.at(10 + 2 * LOOK);
        assert_eq!((rig.ready(one), rig.levels()), ("ab".into(), (0, 0)));
        assert_eq!(publish(&mut rig, 'd'), None);
        assert_eq!(publish(&mut rig, 'e'), None);
    }
}

/// `docs/quorum-queues#caveats`: so many are tried, and the next one when one has gone.
#[test]
fn at_most_32_dead_letters_are_on_their_way_and_the_others_wait_behind_them() {
    let (mut rig, exchange, [one, two]) = with_two(ttl(5), [settings(), full(0)]);
    for _ in 0..33 {
        rig.publish("a");
    }
    rig.at(5);
    assert_eq!(rig.ready(one).len(), 32);
    assert_eq!(rig.levels(), (0, 33));
    rig.broker.unbind(exchange, two, &Binding::key("")).unwrap();
    rig.at(5 + LOOK);
    assert_eq!((rig.ready(one).len(), rig.levels()), (33, (0, 0)));
}

/// rabbit_fifo_dlx_worker: what has nowhere to go but round in a circle has no route, and is kept like that.
#[test]
fn what_would_only_go_round_by_itself_is_kept_and_what_was_rejected_goes_round() {
    let mut rig = Rig::of(at_least_once(QueueSettings {
        dead_letter: Some(Q),
        ..ttl(5)
    }));
    rig.publish("a");
    rig.at(5 + 2 * LOOK);
    assert_eq!(rig.losses(), "a withheld: Expired");
    assert_eq!(rig.levels(), (0, 1));
    rig.consumer(Q, 1);
    rig.publish("b");
    rig.deliver();
    rig.reject('b');
    assert!(
        rig.history()
            .ends_with("b withheld: ConsumerRejected, b ConsumerRejected, b accepted")
    );
}

/// Nothing but its queue ends what is kept: a purge takes what is ready.
#[test]
fn a_purge_leaves_what_is_kept_and_it_goes_with_its_queue() {
    let (mut rig, ..) = with_two(ttl(5), [full(0), full(0)]);
    rig.publish("a");
    rig.at(5);
    assert_eq!(rig.broker.purge(rig.now, Q, &mut rig.log), Ok(0));
    assert_eq!(rig.levels(), (0, 1));
    rig.broker
        .delete(rig.now, Q, DeleteIf::default(), &mut rig.log)
        .unwrap();
    assert!(rig.losses().ends_with("a Purged, - queue gone: Deleted"));
    assert_eq!(rig.broker.message_count(), 0);
    assert_eq!(rig.broker.next_deadline(), Time::NEVER);
}

/// `docs/quorum-queues#activating-at-least-once-dead-lettering`, `#limitations`
#[test]
fn at_least_once_wants_a_quorum_queue_that_refuses_and_somewhere_to_go() {
    let right = to_exchange(settings());
    let drops = QueueSettings {
        overflow: Overflow::DropHead,
        ..right.clone()
    };
    let classic = QueueSettings {
        kind: QueueKind::Classic,
        ..right.clone()
    };
    let nowhere = at_least_once(settings());
    for profile in [Profile::Rabbitmq310, Profile::Rabbitmq43] {
        assert_eq!(right.check(profile), Ok(()));
        let error = SettingsError::AtLeastOnceAndOverflow;
        assert_eq!(drops.check(profile), Err(error));
        let error = SettingsError::AtLeastOnceOfClassic;
        assert_eq!(classic.check(profile), Err(error));
        let error = SettingsError::AtLeastOnceToNowhere;
        assert_eq!(nowhere.check(profile), Err(error));
    }
}
