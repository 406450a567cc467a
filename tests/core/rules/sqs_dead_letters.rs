//! Where goes what was received too often, and which queues of SQS there may be.

use super::*;

fn most_receives(most: u32, settings: QueueSettings) -> QueueSettings {
    QueueSettings {
        dead_letter: Some(DEAD),
        sqs: SqsSettings {
            max_receive_count: Some(most),
            ..settings.sqs
        },
        ..settings
    }
}

/// [`Q`] moves to [`DEAD`] what was received twice.
fn twice(dead: QueueSettings) -> Rig {
    let source = QueueSettings {
        message_ttl: None,
        ..dead.clone()
    };
    let mut rig = Rig::of(most_receives(2, source));
    assert_eq!(rig.declare(dead), DEAD);
    rig
}

/// Receives `a` and lets its time run out, so many times.
fn fail(rig: &mut Rig, times: u64) {
    let client = rig.puller(Q);
    for _ in 0..times {
        assert_eq!(rig.receive(client, 1), "a");
        let next = (rig.now - Time::ZERO).as_nanos() / 1_000_000 + 100;
        rig.at(next);
    }
}

/// `API_CreateQueue`: "when the receive count for a message exceeds the `maxReceiveCount`".
#[test]
fn what_was_received_too_often_is_moved_at_the_next_receive_and_stays_visible_until_then() {
    let mut rig = twice(sqs());
    rig.publish("a");
    fail(&mut rig, 2);
    rig.at(10_000);
    assert_eq!((rig.ready(Q), rig.ready(DEAD)), ("a".into(), String::new()));
    let client = rig.puller(Q);
    assert_eq!(rig.receive(client, 1), "");
    assert_eq!(
        (rig.losses(), rig.ready(DEAD)),
        ("a DeliveryLimited".into(), "a".into())
    );
    assert_eq!(deaths(&rig, DEAD), [death(Q, Reason::DeliveryLimit, 1)]);
}

#[test]
fn who_comes_upon_what_was_received_too_often_is_given_the_next_and_may_wait_for_it() {
    let mut rig = twice(sqs());
    rig.publish("a");
    fail(&mut rig, 2);
    let client = rig.puller(Q);
    assert_eq!(rig.receive(client, 2), "");
    rig.publish("b");
    assert_eq!(rig.deliver(), "b");
}

#[test]
fn where_it_is_moved_it_is_new_but_for_its_deaths() {
    let mut rig = twice(sqs());
    rig.publish("a");
    fail(&mut rig, 2);
    let [source, dead] = [Q, DEAD].map(|queue| rig.puller(queue));
    rig.ask(source, 1);
    assert_eq!(rig.receive(dead, 1), "a");
    let moved = rig.delivery('a');
    assert_eq!(
        (moved.redelivered, moved.returns, moved.queue),
        (false, 0, DEAD)
    );
    assert_eq!(moved.enqueued, rig.now);
}

/// `API_CreateQueue`: "Default: 10".
#[test]
fn where_nothing_is_said_ten_receives_are_enough() {
    let mut rig = Rig::of(QueueSettings {
        dead_letter: Some(DEAD),
        ..sqs()
    });
    rig.declare(sqs());
    rig.publish("a");
    fail(&mut rig, 10);
    assert_eq!(rig.ready(Q), "a");
    let client = rig.puller(Q);
    assert_eq!(rig.receive(client, 1), "");
    assert_eq!(rig.ready(DEAD), "a");
}

#[test]
fn where_no_dead_letter_queue_is_there_a_message_is_received_for_ever() {
    for settings in [sqs(), most_receives(1, sqs())] {
        let mut rig = Rig::of(settings);
        rig.publish("a");
        fail(&mut rig, 20);
        assert_eq!((rig.ready(Q), rig.losses()), ("a".into(), String::new()));
    }
}

/// `sqs-dead-letter-queues`: what is too old is deleted.
#[test]
fn what_is_too_old_is_deleted_and_not_moved() {
    let mut rig = Rig::of(QueueSettings {
        message_ttl: Some(millis(50)),
        ..most_receives(1, sqs())
    });
    rig.declare(sqs());
    rig.publish("a");
    rig.at(50);
    assert_eq!(
        (rig.losses(), rig.ready(DEAD)),
        ("a Expired".into(), String::new())
    );
}

/// `setting-up-dead-letter-queue-retention`: "when a message is moved to a dead-letter queue, the enqueue timestamp is
/// unchanged"; "for FIFO queues, the enqueue timestamp resets".
#[test]
fn retention_in_the_dead_letter_queue_counts_from_the_first_publish_but_anew_in_a_fifo_queue() {
    for (kind, deadline) in [(sqs(), 1_000), (fifo(), 1_200)] {
        let mut rig = twice(QueueSettings {
            message_ttl: Some(millis(1_000)),
            ..kind
        });
        rig.publish_in('g', "a");
        fail(&mut rig, 2);
        let client = rig.puller(Q);
        rig.ask(client, 1);
        rig.at(deadline - 1);
        assert_eq!(rig.ready(DEAD), "a");
        rig.at(deadline);
        assert_eq!(rig.ready(DEAD), "");
    }
}

#[test]
fn what_is_older_than_its_dead_letter_queue_keeps_anything_is_deleted_there_undelivered() {
    let mut rig = twice(QueueSettings {
        message_ttl: Some(millis(150)),
        ..sqs()
    });
    rig.publish("a");
    fail(&mut rig, 2);
    let [source, dead] = [Q, DEAD].map(|queue| rig.puller(queue));
    rig.ask(source, 1);
    assert_eq!(rig.receive(dead, 1), "");
    assert_eq!(rig.broker.message_count(), 0);
}

#[test]
fn what_is_moved_in_a_circle_is_not_dropped_and_is_not_delayed_again() {
    let mut settings = most_receives(1, sqs());
    settings.sqs.delay = millis(10);
    let mut rig = Rig::of(settings.clone());
    settings.dead_letter = Some(Q);
    rig.declare(settings);
    rig.publish("a");
    rig.at(10);
    for (from, to) in [(Q, DEAD), (DEAD, Q), (Q, DEAD), (DEAD, Q)] {
        let client = rig.puller(from);
        assert_eq!(rig.receive(client, 1), "a");
        rig.requeue("a");
        assert_eq!(rig.receive(client, 1), "");
        assert_eq!(rig.ready(to), "a");
        rig.ask(client, 0);
    }
}

/// `sqs-dead-letter-queues`
#[test]
fn the_dead_letter_queue_of_a_fifo_queue_is_fifo_and_of_a_standard_one_standard() {
    for (source, dead) in [
        (sqs(), fifo()),
        (fifo(), sqs()),
        (sqs(), settings()),
        (settings(), sqs()),
    ] {
        let to = |queue| QueueSettings {
            dead_letter: Some(queue),
            ..source.clone()
        };
        let mut rig = Rig::of(to(DEAD));
        let error = Err(QueueError::OtherKind(DEAD));
        assert_eq!(rig.broker.declare(rig.now, dead.clone()), error);
        let mut rig = Rig::of(dead);
        let error = Err(QueueError::OtherKind(Q));
        assert_eq!(rig.broker.declare(rig.now, to(Q)), error);
    }
}

#[test]
fn sqs_starts_as_its_pages_say() {
    let sqs = QueueSettings::default().sqs;
    assert_eq!(sqs.visibility_timeout, millis(30_000));
    assert_eq!((sqs.delay, sqs.in_flight_limit), (Span::ZERO, 120_000));
    assert_eq!(sqs.max_receive_count, None);
}

type Change = fn(&mut QueueSettings);

#[test]
fn what_does_not_go_with_sqs_is_refused_each_with_its_own_reason() {
    let second = Some(Span::from_secs(1));
    let with = |change: Change| {
        let mut settings = sqs();
        change(&mut settings);
        settings.check(Profile::Rabbitmq43)
    };
    let cases: [(Change, SettingsError); 16] = [
        (|s| s.max_length = Some(1), SettingsError::SqsLength),
        (
            |s| s.overflow = Overflow::RejectPublish,
            SettingsError::SqsLength,
        ),
        (|s| s.max_priority = 1, SettingsError::SqsMaxPriority),
        (
            |s| s.single_active_consumer = true,
            SettingsError::SqsSingleActiveConsumer,
        ),
        (
            |s| s.consumer_timeout = Some(Span::MAX),
            SettingsError::SqsConsumerTimeout,
        ),
        (
            |s| s.delivery_limit = Some(1),
            SettingsError::SqsDeliveryLimit,
        ),
        (|s| s.auto_delete = true, SettingsError::SqsLife),
        (|s| s.expires = Some(Span::MAX), SettingsError::SqsLife),
        (|s| s.transient = true, SettingsError::SqsLife),
        (
            |s| s.sqs.visibility_timeout = Span::from_secs(43_201),
            SettingsError::SqsVisibilityTimeout,
        ),
        (
            |s| s.sqs.delay = Span::from_secs(901),
            SettingsError::SqsDelay,
        ),
        (
            |s| s.sqs.in_flight_limit = 0,
            SettingsError::SqsInFlightLimit,
        ),
        (
            |s| s.sqs.max_receive_count = Some(0),
            SettingsError::SqsMaxReceiveCount,
        ),
        (
            |s| s.sqs.max_receive_count = Some(1001),
            SettingsError::SqsMaxReceiveCount,
        ),
        (
            |s| s.sqs.max_receive_count = Some(1),
            SettingsError::SqsMaxReceiveCountToNowhere,
        ),
        (
            |s| s.dead_letter_strategy = DeadLetterStrategy::AtLeastOnce,
            SettingsError::SqsDeadLetterStrategy,
        ),
    ];
    for (change, error) in cases {
        assert_eq!(with(change), Err(error));
    }
    let retry = DelayedRetry {
        of: Retried::All,
        min: Span::ZERO,
        max: second,
    };
    let mut settings = sqs();
    settings.delayed_retry = Some(retry);
    assert_eq!(
        settings.check(Profile::Rabbitmq43),
        Err(SettingsError::SqsDelayedRetry)
    );
    let mut settings = sqs();
    settings.dead_letter_exchange = Some(DeadLetterExchange {
        name: "x".to_owned(),
        routing_key: None,
    });
    assert_eq!(
        settings.check(Profile::Rabbitmq43),
        Err(SettingsError::SqsDeadLetterExchange)
    );
}

#[test]
fn what_is_of_sqs_goes_with_no_other_queue() {
    for kind in [QueueKind::Classic, QueueKind::Quorum] {
        let settings = QueueSettings { kind, ..sqs() };
        assert_eq!(
            settings.check(Profile::Rabbitmq43),
            Err(SettingsError::OnlyOfSqs)
        );
    }
}
