//! What publishers are told: confirms, and to wait.

use super::*;

/// As the driver of one client publishes: an `m` of `bytes` to [`Q`], which is called `q`.
fn publish(
    rig: &mut Rig,
    channel: ChannelId,
    key: &str,
    bytes: u32,
) -> Result<Published<char>, QueueError> {
    let route = Arc::new(Route::new(ExchangeId::DEFAULT, key));
    let message = Publication {
        bytes,
        ..Publication::of('m')
    };
    rig.broker
        .publish_on(rig.now, channel, &route, message, true, &mut rig.log)
}

/// `docs/confirms#publisher-confirms`
#[test]
fn publishes_are_numbered_from_1_on_each_channel_once_confirms_are_selected() {
    let mut rig = Rig::named("q", settings());
    let channels = [0; 2].map(|_| rig.broker.open_channel());
    let sequence = |rig: &mut Rig, channel| publish(rig, channel, "q", 0).unwrap().sequence;
    assert_eq!(sequence(&mut rig, channels[0]), None);
    for channel in channels {
        rig.broker.confirm_select(channel).unwrap();
    }
    assert_eq!(sequence(&mut rig, channels[0]), Some(1));
    rig.broker.confirm_select(channels[0]).unwrap();
    assert_eq!(sequence(&mut rig, channels[0]), Some(2));
    assert_eq!(sequence(&mut rig, channels[1]), Some(1));
}

/// `docs/confirms#when-publishes-are-confirmed`
#[test]
fn what_finds_no_queue_is_confirmed_after_it_was_handed_back() {
    let mut rig = Rig::named("q", settings());
    let channel = rig.broker.open_channel();
    rig.broker.confirm_select(channel).unwrap();
    let published = publish(&mut rig, channel, "z", 0).unwrap();
    assert_eq!(published.body, Some('m'));
    assert_eq!(rig.history(), "m handed back, - ack 1");
}

/// `docs/maxlength`, `docs/confirms#server-sent-nacks`
#[test]
fn what_a_full_queue_refuses_is_nacked_and_what_it_drops_from_its_head_was_acked() {
    for (overflow, told) in [
        (Overflow::RejectPublish, "m refused, - nack 1"),
        (Overflow::RejectPublishDlx, "m refused, - nack 1"),
        (Overflow::DropHead, "m accepted, m Dropped, - ack 1"),
    ] {
        let full = QueueSettings {
            overflow,
            ..max_length(0)
        };
        let mut rig = Rig::named("q", full);
        let channel = rig.broker.open_channel();
        rig.broker.confirm_select(channel).unwrap();
        publish(&mut rig, channel, "q", 0).unwrap();
        assert_eq!(rig.history(), told);
    }
}

/// A broker that may hold 10 bytes.
fn short_of_memory() -> Rig {
    let broker = BrokerSettings {
        memory_limit: Some(10),
        ..BrokerSettings::default()
    };
    let mut rig = Rig::within(broker, settings());
    assert_eq!(rig.declare_as("q", settings()), DEAD);
    rig
}

/// `docs/connection-blocked`: whoever publishes once memory is short is blocked then, and told.
#[test]
fn while_memory_is_short_who_publishes_is_blocked_after_that_and_who_consumes_goes_on() {
    let mut rig = short_of_memory();
    let publisher = rig.broker.open_channel();
    let consumer = rig.consumer(DEAD, 1);
    publish(&mut rig, publisher, "q", 11).unwrap();
    assert!(rig.broker.is_alarmed());
    assert_eq!(rig.deliver(), "m");
    publish(&mut rig, publisher, "q", 1).unwrap();
    let connection = rig.broker.connection_of(publisher).unwrap();
    assert!(rig.broker.is_blocked(connection));
    let refused = publish(&mut rig, publisher, "q", 1);
    assert_eq!(refused, Err(QueueError::Blocked(connection)));
    let other = rig.broker.connection_of(consumer.channel).unwrap();
    assert!(!rig.broker.is_blocked(other));
    assert_eq!(rig.broker.bytes_held(), 12);
}

/// `docs/alarms`
#[test]
fn when_memory_is_no_longer_short_all_are_unblocked_and_told() {
    let mut rig = short_of_memory();
    let publishers = [0; 2].map(|_| rig.broker.open_channel());
    rig.consumer(DEAD, 1);
    publish(&mut rig, publishers[0], "q", 11).unwrap();
    for publisher in publishers {
        publish(&mut rig, publisher, "q", 0).unwrap();
    }
    rig.deliver();
    rig.ack('m').unwrap();
    assert!(!rig.broker.is_alarmed());
    assert!(
        rig.history()
            .ends_with("m Acked, - alarm false, - unblocked, - unblocked")
    );
    assert!(publish(&mut rig, publishers[0], "q", 1).is_ok());
}

/// `docs/memory`: what moves on is still held.
#[test]
fn a_dead_letter_does_not_end_the_alarm_on_its_way() {
    let broker = BrokerSettings {
        memory_limit: Some(10),
        ..BrokerSettings::default()
    };
    let passing = QueueSettings {
        dead_letter: Some(DEAD),
        ..ttl(5)
    };
    let mut rig = Rig::within(broker, passing);
    rig.declare(settings());
    let message = Publication {
        bytes: 11,
        ..Publication::of('m')
    };
    rig.publish_with(Q, message);
    rig.at(5);
    assert_eq!(
        rig.history(),
        "m accepted, - alarm true, m Expired, m accepted"
    );
}
