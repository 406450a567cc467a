//! Acks and their tags.

use super::*;

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
fn settling_twice_is_an_error_and_leaves_the_rest_as_it_is() {
    let mut rig = Rig::of(settings());
    let channel = rig.consumer(Q, 0).channel;
    rig.publish("abc");
    rig.deliver();
    for letter in ['b', 'a'] {
        rig.ack(letter).unwrap();
        assert!(matches!(rig.ack(letter), Err(QueueError::UnknownTag(_))));
    }
    assert_eq!(rig.levels(), (0, 1));
    rig.broker
        .ack_multiple(rig.now, channel, 0, &mut rig.log)
        .unwrap();
    assert_eq!(rig.levels(), (0, 0));
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
            broker.cancel(now, consumer, log),
            Err(QueueError::UnknownConsumer(consumer))
        );
    }
}
