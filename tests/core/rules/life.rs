//! How queues end, and what becomes of what is in them.

use super::*;

fn auto_delete() -> QueueSettings {
    QueueSettings {
        auto_delete: true,
        ..settings()
    }
}

fn expires(millis_unused: u64) -> QueueSettings {
    QueueSettings {
        expires: Some(millis(millis_unused)),
        ..settings()
    }
}

fn is_there(rig: &Rig, queue: QueueId) -> bool {
    rig.broker
        .name(queue)
        .is_some_and(|name| rig.broker.queue_named(name) == Some(queue))
}

fn delete(rig: &mut Rig, only: DeleteIf) -> Result<u64, QueueError> {
    rig.broker.delete(rig.now, Q, only, &mut rig.log)
}

/// `docs/dlx`: not dead-lettered.
#[test]
fn a_deleted_queue_takes_its_messages_with_it_ready_and_unacked() {
    let mut rig = Rig::with_dead_letters(settings());
    rig.consumer(Q, 1);
    rig.publish("ab");
    rig.deliver();
    assert_eq!(delete(&mut rig, DeleteIf::default()), Ok(1));
    assert_eq!(
        rig.losses(),
        "- consumer cancelled, a Purged, b Purged, - queue gone: Deleted"
    );
    assert_eq!((rig.broker.message_count(), rig.levels()), (0, (0, 0)));
    let again = delete(&mut rig, DeleteIf::default());
    assert_eq!(again, Err(QueueError::UnknownQueue(Q)));
    let publish = rig
        .broker
        .publish(rig.now, Q, Publication::of('c'), &mut rig.log);
    assert_eq!(publish, Err(QueueError::UnknownQueue(Q)));
}

/// rabbit_channel keeps the tag: to settle it is no error.
#[test]
fn what_was_held_of_a_deleted_queue_may_still_be_settled_in_any_way_to_no_effect() {
    let mut rig = Rig::with_dead_letters(settings());
    let client = rig.consumer(Q, 0);
    rig.publish("abcd");
    rig.deliver();
    delete(&mut rig, DeleteIf::default()).unwrap();
    assert_eq!(rig.ack('a'), Ok(()));
    rig.requeue("b");
    rig.reject('c');
    rig.close(client.channel);
    rig.deliver();
    assert_eq!(
        (rig.broker.message_count(), rig.ready(DEAD)),
        (0, String::new())
    );
}

/// `docs/consumer-prefetch`
#[test]
fn what_was_held_of_a_deleted_queue_counts_to_its_channel_until_it_is_settled() {
    let mut rig = Rig::with_dead_letters(settings());
    let channel = rig.broker.open_channel();
    rig.broker.limit_channel(channel, 1).unwrap();
    for queue in [Q, DEAD] {
        rig.consumer_on(channel, queue, Subscription::prefetch(0));
    }
    rig.publish("a");
    rig.deliver();
    delete(&mut rig, DeleteIf::default()).unwrap();
    rig.publish_with(DEAD, Publication::of('b'));
    assert_eq!(rig.deliver(), "");
    rig.ack('a').unwrap();
    assert_eq!(rig.deliver(), "b");
}

/// `docs/queues`
#[test]
fn if_unused_or_if_empty_a_queue_is_not_deleted_while_it_has_consumers_or_ready_messages() {
    let (unused, empty) = (true, true);
    let mut rig = Rig::of(settings());
    let client = rig.consumer(Q, 1);
    let if_unused = DeleteIf {
        unused,
        ..DeleteIf::default()
    };
    let if_empty = DeleteIf {
        empty,
        ..DeleteIf::default()
    };
    assert_eq!(delete(&mut rig, if_unused), Err(QueueError::InUse(Q)));
    rig.publish("ab");
    rig.deliver();
    assert_eq!(delete(&mut rig, if_empty), Err(QueueError::NotEmpty(Q)));
    rig.ack('a').unwrap();
    rig.deliver();
    rig.cancel(client);
    assert_eq!(delete(&mut rig, DeleteIf { unused, empty }), Ok(0));
}

/// `docs/exchanges`
#[test]
fn nothing_leads_to_a_deleted_queue_and_its_name_is_free() {
    let mut rig = Rig::named("a", settings());
    let exchange = rig.declare_exchange("x", ExchangeKind::Fanout);
    rig.bind(exchange, Q, "");
    delete(&mut rig, DeleteIf::default()).unwrap();
    assert!(!rig.publish_by(&Route::new(exchange, "")).is_routed());
    let next = rig.declare_as("a", max_length(1));
    assert_ne!(next, Q);
    assert!(!rig.publish_by(&Route::new(exchange, "")).is_routed());
    assert!(
        rig.publish_by(&Route::new(ExchangeId::DEFAULT, "a"))
            .is_routed()
    );
    assert_eq!(rig.ready(next), "m");
}

/// `docs/dlx`, as measured for exchanges.
#[test]
fn a_dead_letter_queue_that_was_deleted_is_missing() {
    let mut rig = Rig::with_dead_letters(max_length(0));
    rig.broker
        .delete(rig.now, DEAD, DeleteIf::default(), &mut rig.log)
        .unwrap();
    rig.publish("a");
    assert_eq!(
        (rig.broker.message_count(), rig.losses()),
        (0, "a Dropped".into())
    );
}

/// `docs/queues#temporary-queues`
#[test]
fn an_auto_delete_queue_goes_when_its_last_consumer_ends_by_a_cancel_or_with_its_channel() {
    for closes in [false, true] {
        let mut rig = Rig::of(auto_delete());
        let clients = [0; 2].map(|prefetch| rig.consumer(Q, prefetch));
        rig.cancel(clients[0]);
        assert!(is_there(&rig, Q));
        if closes {
            rig.close(clients[1].channel);
        } else {
            rig.cancel(clients[1]);
        }
        assert!(!is_there(&rig, Q));
        assert_eq!(rig.losses(), "- queue gone: AutoDeleted");
    }
}

/// `docs/queues#temporary-queues`
#[test]
fn an_auto_delete_queue_stays_while_no_consumer_ever_came() {
    let mut rig = Rig::of(auto_delete());
    let channel = rig.broker.open_channel();
    rig.publish("a");
    rig.get(channel);
    rig.close(channel);
    assert!(is_there(&rig, Q));
}

/// rabbit_amqqueue_process: what the last channel held is not put back first.
#[test]
fn what_the_last_consumer_of_an_auto_delete_queue_held_goes_with_the_queue() {
    let mut rig = Rig::of(auto_delete());
    let client = rig.consumer(Q, 0);
    rig.publish("a");
    rig.deliver();
    rig.close(client.channel);
    assert_eq!(rig.losses(), "a Purged, - queue gone: AutoDeleted");
}

/// `docs/ttl#queue-ttl`, `docs/dlx`: its messages are not dead-lettered.
#[test]
fn a_queue_that_nobody_uses_expires_with_its_messages() {
    let mut rig = Rig::with_dead_letters(expires(10));
    rig.publish("a");
    rig.at(9);
    assert!(is_there(&rig, Q));
    rig.at(10);
    assert_eq!(rig.losses(), "a Purged, - queue gone: Expired");
    assert_eq!(rig.ready(DEAD), "");
}

/// `docs/ttl#queue-ttl`: a publish is no use of it.
#[test]
fn a_consumer_a_get_and_a_declaration_are_use_of_a_queue_and_a_publish_is_not() {
    let mut rig = Rig::named("a", expires(10));
    let channel = rig.broker.open_channel();
    rig.at(6);
    rig.get(channel);
    rig.at(12);
    rig.declare_as("a", expires(10));
    rig.at(18);
    let client = rig.consumer(Q, 0);
    rig.at(60);
    rig.cancel(client);
    rig.at(69);
    rig.publish("b");
    assert!(is_there(&rig, Q));
    rig.at(70);
    assert!(!is_there(&rig, Q));
    assert_eq!(rig.broker.next_deadline(), Time::NEVER);
}

/// `docs/quorum-queues#feature-matrix`
#[test]
fn to_declare_it_again_does_not_renew_the_lease_of_a_quorum_queue() {
    let lease = QueueSettings {
        expires: Some(millis(10)),
        ..quorum()
    };
    let mut rig = Rig::named("a", lease.clone());
    rig.at(6);
    assert_eq!(rig.declare_as("a", lease), Q);
    rig.at(10);
    assert!(!is_there(&rig, Q));
}

/// `docs/ttl#queue-ttl`: what is to expire at the same instant, and its dead letters, go before.
#[test]
fn messages_of_an_instant_expire_before_queues_do() {
    let mut rig = Rig::of(QueueSettings {
        dead_letter: Some(DEAD),
        ..ttl(10)
    });
    rig.declare(expires(10));
    rig.publish("a");
    rig.at(10);
    assert_eq!(
        rig.history(),
        "a accepted, a Expired, a accepted, a Purged, - queue gone: Expired"
    );
}

/// `docs/ttl#queue-ttl`
#[test]
fn a_queue_expires_after_some_time_and_not_at_once() {
    let refused = expires(0).check(Profile::Rabbitmq310);
    assert_eq!(refused, Err(SettingsError::ExpiresAtOnce));
}

/// A connection, a channel of it, and an exclusive queue `mine` of it.
fn with_exclusive_queue() -> (Rig, ConnectionId, ChannelId, QueueId) {
    let mut rig = Rig::of(settings());
    let connection = rig.broker.connect();
    let channel = rig.broker.open_channel_on(connection).unwrap();
    let mine = rig.declare_as("mine", owned_by(connection));
    (rig, connection, channel, mine)
}

fn owned_by(owner: ConnectionId) -> QueueSettings {
    QueueSettings {
        owner: Some(owner),
        ..settings()
    }
}

/// `docs/queues#exclusive-queues`
#[test]
fn an_exclusive_queue_is_its_connections_alone() {
    let (mut rig, connection, channel, mine) = with_exclusive_queue();
    let other = rig.broker.open_channel();
    let locked = QueueError::Locked(mine);
    let subscribed = rig.broker.subscribe(other, mine, Subscription::prefetch(1));
    assert_eq!(subscribed, Err(locked));
    let got = rig.broker.get(rig.now, other, mine, true, &mut rig.log);
    assert_eq!(got.map(drop), Err(locked));
    let declared = rig.broker.declare_as(rig.now, "mine", settings());
    assert_eq!(declared, Err(locked));
    let stranger = rig.broker.connection_of(other).unwrap();
    assert_eq!(rig.broker.access(stranger, mine), Err(locked));
    assert_eq!(rig.broker.access(connection, mine), Ok(()));
    rig.consumer_on(channel, mine, Subscription::prefetch(1));
}

/// `docs/queues#exclusive-queues`: not with one of its channels.
#[test]
fn an_exclusive_queue_goes_with_its_connection() {
    let (mut rig, connection, channel, mine) = with_exclusive_queue();
    rig.publish_with(mine, Publication::of('a'));
    rig.close(channel);
    assert!(is_there(&rig, mine));
    rig.broker
        .disconnect(rig.now, connection, &mut rig.log)
        .unwrap();
    assert!(!is_there(&rig, mine));
    assert_eq!(
        rig.history(),
        "a accepted, a Purged, - queue gone: WithItsOwner"
    );
    let gone = QueueError::UnknownConnection(connection);
    let again = rig.broker.disconnect(rig.now, connection, &mut rig.log);
    assert_eq!(again, Err(gone));
    assert_eq!(rig.broker.open_channel_on(connection), Err(gone));
    let declared = rig.broker.declare(rig.now, owned_by(connection));
    assert_eq!(declared, Err(gone));
}

/// `docs/connections`
#[test]
fn a_connection_that_closes_closes_its_channels_and_puts_back_what_they_held() {
    let mut rig = Rig::of(settings());
    let connection = rig.broker.connect();
    let channels = [0; 2].map(|_| rig.broker.open_channel_on(connection).unwrap());
    for channel in channels {
        rig.consumer_on(channel, Q, Subscription::prefetch(1));
    }
    rig.publish("abc");
    rig.deliver();
    rig.broker
        .disconnect(rig.now, connection, &mut rig.log)
        .unwrap();
    assert_eq!(rig.ready(Q), "abc");
    let closed = rig.broker.ack(rig.now, channels[0], 1, &mut rig.log);
    assert_eq!(closed, Err(QueueError::UnknownChannel(channels[0])));
}

/// `docs/queues#durability`, `docs/quorum-queues#feature-matrix`
#[test]
fn a_quorum_queue_is_neither_exclusive_nor_auto_deleted_and_4_3_lets_exclusive_ones_be_transient() {
    let owner = Some(ConnectionId(0));
    let exclusive = QueueSettings { owner, ..quorum() };
    let short = QueueSettings {
        auto_delete: true,
        ..quorum()
    };
    for profile in [Profile::Rabbitmq310, Profile::Rabbitmq43] {
        assert_eq!(
            exclusive.check(profile),
            Err(SettingsError::QuorumExclusive)
        );
        assert_eq!(short.check(profile), Err(SettingsError::QuorumAutoDelete));
    }
    let transient = QueueSettings {
        transient: true,
        ..owned_by(ConnectionId(0))
    };
    assert_eq!(transient.check(Profile::Rabbitmq43), Ok(()));
}
