//! Deliveries that are not settled for long (`docs/consumers#acknowledgement-timeout`).

use super::Profile::{Rabbitmq43, Rabbitmq310};
use super::*;

const MINUTE: u64 = 60_000;

fn patient(profile: Profile, minutes: u64) -> BrokerSettings {
    BrokerSettings {
        profile,
        consumer_timeout: Some(millis(minutes * MINUTE)),
        memory_limit: None,
    }
}

/// `docs/consumers#acknowledgement-timeout`; rabbit_channel looks once a minute, at the oldest.
#[test]
fn in_3_10_a_delivery_that_is_unsettled_for_too_long_closes_its_channel_at_the_next_look() {
    for kind in [settings(), quorum()] {
        let mut rig = Rig::within(patient(Rabbitmq310, 30), kind);
        let client = rig.consumer(Q, 0);
        rig.publish("a");
        rig.at(MINUTE / 2);
        rig.publish("b");
        rig.at(31 * MINUTE - 1);
        assert_eq!(rig.levels(), (0, 2));
        rig.at(31 * MINUTE);
        assert_eq!(rig.ready(Q), "ab");
        assert!(
            rig.history()
                .contains("channel closed, a returned, b returned")
        );
        let closed = rig.broker.ack(rig.now, client.channel, 1, &mut rig.log);
        assert_eq!(closed, Err(QueueError::UnknownChannel(client.channel)));
        assert_eq!(rig.broker.next_deadline(), Time::NEVER);
    }
}

/// `docs/consumers#acknowledgement-timeout`
#[test]
fn what_is_settled_in_time_closes_nothing_and_each_delivery_has_its_own_time() {
    let mut rig = Rig::within(patient(Rabbitmq310, 1), settings());
    rig.consumer(Q, 1);
    rig.publish("abcdef");
    for (minute, letter) in (1..).zip("abcdef".chars()) {
        rig.at(minute * MINUTE);
        rig.ack(letter).unwrap();
    }
    rig.at(60 * MINUTE);
    assert_eq!(rig.losses(), "");
}

/// `docs/consumers#acknowledgement-timeout`
#[test]
fn in_3_10_a_get_that_is_not_settled_closes_its_channel_too_and_automatic_acks_never_do() {
    let mut rig = Rig::within(patient(Rabbitmq310, 1), settings());
    let patient = rig.broker.open_channel();
    rig.consumer_on(patient, Q, Subscription::auto_ack());
    rig.publish("a");
    rig.at(10 * MINUTE);
    assert!(rig.broker.connection_of(patient).is_some());
    rig.close(patient);
    rig.publish("b");
    let channel = rig.broker.open_channel();
    rig.get(channel);
    rig.at(12 * MINUTE);
    assert!(rig.broker.connection_of(channel).is_none());
    assert_eq!(rig.ready(Q), "b");
}

/// `docs/quorum-queues#consumer-timeout`
#[test]
fn in_4_3_the_consumer_is_cancelled_and_what_it_held_too_long_goes_back_uncounted() {
    let mut rig = Rig::within(patient(Rabbitmq43, 30), quorum());
    let client = rig.consumer(Q, 0);
    rig.publish("a");
    rig.at(10 * MINUTE);
    rig.publish("b");
    rig.at(31 * MINUTE);
    assert_eq!((rig.ready(Q), rig.levels()), ("a".into(), (1, 1)));
    assert!(rig.history().ends_with("- consumer cancelled, a returned"));
    let next = rig.consumer(Q, 0);
    rig.deliver();
    assert_eq!(rig.delivery('a').channel, next.channel);
    assert_eq!(
        (rig.delivery('a').returns, rig.delivery('a').delivery_count),
        (1, 0)
    );
    let late = rig.broker.ack(rig.now, client.channel, 1, &mut rig.log);
    assert_eq!((late, rig.levels()), (Ok(()), (0, 2)));
    assert_eq!(rig.ack('b'), Ok(()));
}

/// `docs/quorum-queues#consumer-timeout`
#[test]
fn in_4_3_the_channel_closes_where_there_is_nobody_to_tell() {
    for gets in [true, false] {
        let mut rig = Rig::within(patient(Rabbitmq43, 1), quorum());
        let connection = rig.broker.connect();
        rig.broker.tell_of_cancels(connection, gets).unwrap();
        let channel = rig.broker.open_channel_on(connection).unwrap();
        rig.publish("a");
        if gets {
            rig.get(channel);
        } else {
            rig.consumer_on(channel, Q, Subscription::prefetch(1));
        }
        rig.at(2 * MINUTE);
        assert!(rig.broker.connection_of(channel).is_none());
        assert_eq!(rig.ready(Q), "a");
    }
}

/// `docs/consumers#acknowledgement-timeout`
#[test]
fn in_4_3_a_classic_queue_has_all_the_patience_in_the_world() {
    let mut rig = Rig::within(patient(Rabbitmq43, 1), settings());
    rig.consumer(Q, 1);
    rig.publish("a");
    rig.at(1000 * MINUTE);
    assert_eq!(rig.levels(), (0, 1));
}

/// `docs/quorum-queues#consumer-timeout`
#[test]
fn in_4_3_a_quorum_queue_may_have_a_patience_of_its_own_and_no_other_may() {
    let own = |settings| QueueSettings {
        consumer_timeout: Some(millis(MINUTE)),
        ..settings
    };
    let mut rig = Rig::within(patient(Rabbitmq43, 30), own(quorum()));
    rig.consumer(Q, 1);
    rig.publish("a");
    rig.at(2 * MINUTE);
    assert_eq!(rig.levels(), (1, 0));
    let error = Err(SettingsError::ConsumerTimeout);
    assert_eq!(own(settings()).check(Rabbitmq43), error);
    assert_eq!(own(quorum()).check(Rabbitmq310), error);
}

/// `docs/quorum-queues#consumer-timeout`
#[test]
fn when_the_active_consumer_is_cancelled_the_next_gets_what_it_held() {
    let single = QueueSettings {
        single_active_consumer: true,
        ..quorum()
    };
    let mut rig = Rig::within(patient(Rabbitmq43, 1), single);
    let clients = [0; 2].map(|prefetch| rig.consumer(Q, prefetch));
    rig.publish("a");
    rig.at(2 * MINUTE);
    rig.deliver();
    assert_eq!(clients.map(|client| rig.received(client)), ["a", "a"]);
}

/// `docs/consumers#acknowledgement-timeout`
#[test]
fn rabbitmq_waits_for_half_an_hour_and_a_broker_by_default_for_ever() {
    let half_an_hour = Some(millis(30 * MINUTE));
    for profile in [Rabbitmq310, Rabbitmq43] {
        assert_eq!(BrokerSettings::of(profile).consumer_timeout, half_an_hour);
    }
    assert_eq!(BrokerSettings::default().consumer_timeout, None);
}
