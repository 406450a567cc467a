//! Which of several consumers is served: priority, a single active one, an exclusive one, a limit over a channel.

use super::*;

fn ranked(priority: i32, prefetch: u32) -> Subscription {
    Subscription {
        priority,
        ..Subscription::prefetch(prefetch)
    }
}

fn exclusive() -> Subscription {
    Subscription {
        exclusive: true,
        ..Subscription::prefetch(0)
    }
}

fn single(settings: QueueSettings) -> QueueSettings {
    QueueSettings {
        single_active_consumer: true,
        ..settings
    }
}

/// A consumer of [`Q`] on a channel of its own.
fn join(rig: &mut Rig, subscription: Subscription) -> Client {
    let channel = rig.broker.open_channel();
    rig.consumer_on(channel, Q, subscription)
}

/// `docs/consumer-priority`
#[test]
fn a_lower_priority_is_served_only_while_all_higher_ones_are_at_their_prefetch() {
    let mut rig = Rig::of(settings());
    let low = join(&mut rig, ranked(1, 0));
    let high = join(&mut rig, ranked(10, 2));
    rig.publish("abcd");
    rig.deliver();
    rig.ack('a').unwrap();
    rig.publish("e");
    rig.deliver();
    assert_eq!(
        (rig.received(high), rig.received(low)),
        ("abe".into(), "cd".into())
    );
}

/// `docs/consumer-priority`
#[test]
fn consumers_of_one_priority_take_turns() {
    let mut rig = Rig::of(settings());
    let low = join(&mut rig, ranked(-1, 0));
    let high = [0; 2].map(|_| join(&mut rig, ranked(7, 2)));
    rig.publish("abcdef");
    rig.deliver();
    assert_eq!(high.map(|client| rig.received(client)), ["ac", "bd"]);
    assert_eq!(rig.received(low), "ef");
}

/// `docs/consumers#single-active-consumer`
#[test]
fn of_a_single_active_consumer_the_first_gets_all_and_at_its_prefetch_nobody_does() {
    let mut rig = Rig::of(single(settings()));
    let clients = [2, 0].map(|prefetch| rig.consumer(Q, prefetch));
    rig.publish("abc");
    rig.deliver();
    assert_eq!(clients.map(|client| rig.received(client)), ["ab", ""]);
    assert_eq!(rig.broker.active_consumer(Q), Some(clients[0].consumer));
}

/// `docs/consumers#single-active-consumer`
#[test]
fn when_the_active_consumer_ends_the_next_in_line_takes_over() {
    let mut rig = Rig::of(single(settings()));
    let clients = [0; 3].map(|prefetch| rig.consumer(Q, prefetch));
    rig.publish("a");
    rig.deliver();
    rig.cancel(clients[0]);
    rig.publish("b");
    rig.deliver();
    rig.close(clients[1].channel);
    rig.deliver();
    assert_eq!(clients.map(|client| rig.received(client)), ["a", "b", "b"]);
}

/// `docs/consumers#single-active-consumer`: of a channel that closes, none takes over from another.
#[test]
fn when_a_channel_closes_the_next_of_another_channel_takes_over() {
    let mut rig = Rig::of(single(settings()));
    let first = rig.consumer(Q, 0);
    rig.consumer_on(first.channel, Q, Subscription::prefetch(0));
    let other = rig.consumer(Q, 0);
    rig.close(first.channel);
    assert_eq!(rig.broker.active_consumer(Q), Some(other.consumer));
}

/// `docs/consumers#single-active-consumer`: a newcomer waits, but takes over before others of lower priority; in 3.10 a
/// quorum queue keeps to the order in which they came.
#[test]
fn who_takes_over_is_the_highest_priority_but_in_quorum_queues_of_3_10_the_first_that_came() {
    for (settings, next) in [(settings(), 2), (quorum(), 1)] {
        let mut rig = Rig::of(single(settings));
        let clients = [0, 0, 5].map(|priority| join(&mut rig, ranked(priority, 0)));
        assert_eq!(rig.broker.active_consumer(Q), Some(clients[0].consumer));
        rig.cancel(clients[0]);
        assert_eq!(rig.broker.active_consumer(Q), Some(clients[next].consumer));
    }
}

/// `docs/quorum-queues`: switches once the active one has settled what it holds, and until then serves nobody.
#[test]
fn in_4_3_a_quorum_queue_switches_to_a_newcomer_of_higher_priority_after_the_acks() {
    let mut rig = Rig::under(Profile::Rabbitmq43, single(quorum()));
    let old = join(&mut rig, ranked(0, 0));
    rig.publish("ab");
    rig.deliver();
    let new = join(&mut rig, ranked(1, 0));
    rig.publish("c");
    rig.deliver();
    rig.ack('a').unwrap();
    assert_eq!(rig.deliver(), "");
    assert_eq!(rig.broker.active_consumer(Q), Some(old.consumer));
    rig.ack('b').unwrap();
    assert_eq!(rig.deliver(), "c");
    assert_eq!(rig.received(new), "c");
}

/// `docs/quorum-queues`
#[test]
fn in_4_3_a_newcomer_of_higher_priority_takes_over_at_once_from_one_that_holds_nothing() {
    let mut rig = Rig::under(Profile::Rabbitmq43, single(quorum()));
    join(&mut rig, ranked(0, 0));
    join(&mut rig, ranked(0, 0));
    let new = join(&mut rig, ranked(1, 0));
    rig.publish("a");
    rig.deliver();
    assert_eq!(rig.received(new), "a");
}

/// `docs/quorum-queues`
#[test]
fn an_active_consumer_that_was_to_yield_goes_on_if_the_newcomer_left_before_the_acks() {
    let mut rig = Rig::under(Profile::Rabbitmq43, single(quorum()));
    let old = join(&mut rig, ranked(0, 0));
    rig.publish("a");
    rig.deliver();
    let new = join(&mut rig, ranked(1, 0));
    rig.cancel(new);
    rig.publish("b");
    rig.ack('a').unwrap();
    rig.deliver();
    assert_eq!(rig.received(old), "ab");
}

/// `docs/consumers#exclusivity`
#[test]
fn an_exclusive_consumer_suffers_no_other_until_it_ends() {
    let mut rig = Rig::of(settings());
    let alone = join(&mut rig, exclusive());
    let channel = rig.broker.open_channel();
    for other in [Subscription::prefetch(1), exclusive()] {
        let refused = rig.broker.subscribe(channel, Q, other);
        assert_eq!(refused, Err(QueueError::ExclusivelyConsumed(Q)));
    }
    rig.cancel(alone);
    rig.consumer(Q, 1);
    let refused = rig.broker.subscribe(channel, Q, exclusive());
    assert_eq!(refused, Err(QueueError::InUse(Q)));
}

/// `docs/quorum-queues#feature-matrix`
#[test]
fn a_quorum_queue_ignores_exclusive() {
    let mut rig = Rig::of(quorum());
    let clients = [0; 2].map(|_| join(&mut rig, exclusive()));
    rig.publish("ab");
    rig.deliver();
    assert_eq!(clients.map(|client| rig.received(client)), ["a", "b"]);
}

/// `docs/consumers#single-active-consumer`
#[test]
fn where_one_consumer_is_active_none_may_be_exclusive() {
    let mut rig = Rig::of(single(settings()));
    let channel = rig.broker.open_channel();
    let refused = rig.broker.subscribe(channel, Q, exclusive());
    assert_eq!(refused, Err(QueueError::ExclusiveOfSingleActive(Q)));
}

/// A channel with a limit of 2 and two consumers on it.
fn limited(rig: &mut Rig) -> [Client; 2] {
    let channel = rig.broker.open_channel();
    rig.broker.limit_channel(channel, 2).unwrap();
    [0, 1].map(|prefetch| rig.consumer_on(channel, Q, Subscription::prefetch(prefetch)))
}

/// `docs/consumer-prefetch`
#[test]
fn a_limit_over_a_channel_is_shared_by_its_consumers_beside_their_own() {
    let mut rig = Rig::of(settings());
    let clients = limited(&mut rig);
    let other = rig.consumer(Q, 0);
    rig.publish("abcdef");
    rig.deliver();
    assert_eq!(clients.map(|client| rig.received(client)), ["a", "b"]);
    assert_eq!(rig.received(other), "cdef");
    rig.ack('a').unwrap();
    rig.publish("ghi");
    rig.deliver();
    assert_eq!(clients.map(|client| rig.received(client)), ["ah", "b"]);
}

/// `docs/consumer-prefetch`
#[test]
fn a_limit_over_a_channel_holds_for_consumers_that_are_there_already_and_what_they_hold() {
    let mut rig = Rig::of(settings());
    let client = rig.consumer(Q, 0);
    rig.publish("abc");
    rig.deliver();
    rig.broker.limit_channel(client.channel, 3).unwrap();
    rig.publish("d");
    assert_eq!(rig.deliver(), "");
    rig.ack('a').unwrap();
    assert_eq!(rig.deliver(), "d");
    rig.broker.limit_channel(client.channel, 0).unwrap();
    rig.publish("e");
    assert_eq!(rig.deliver(), "e");
}

/// `docs/consumer-prefetch`: over several queues.
#[test]
fn a_channel_that_is_full_gets_nothing_from_any_queue() {
    let mut rig = Rig::with_dead_letters(settings());
    let channel = rig.broker.open_channel();
    rig.broker.limit_channel(channel, 1).unwrap();
    for queue in [Q, DEAD] {
        rig.consumer_on(channel, queue, Subscription::prefetch(0));
    }
    rig.publish("a");
    rig.publish_with(DEAD, Publication::of('b'));
    assert_eq!(rig.deliver(), "a");
    rig.ack('a').unwrap();
    assert_eq!(rig.deliver(), "b");
}

/// `docs/consumer-prefetch`
#[test]
fn what_a_cancelled_consumer_holds_counts_to_its_channel_and_a_get_does_not() {
    let mut rig = Rig::of(settings());
    let [first, second] = limited(&mut rig);
    rig.publish("ab");
    rig.deliver();
    rig.cancel(second);
    rig.publish("cde");
    assert_eq!(rig.get(first.channel), Some('c'));
    assert_eq!(rig.deliver(), "");
    rig.ack('c').unwrap();
    assert_eq!(rig.deliver(), "");
    rig.ack('b').unwrap();
    assert_eq!(rig.deliver(), "d");
}

/// `docs/consumer-prefetch`
#[test]
fn automatic_acks_know_no_limit_of_their_channel() {
    let mut rig = Rig::of(settings());
    let channel = rig.broker.open_channel();
    rig.broker.limit_channel(channel, 1).unwrap();
    rig.consumer_on(channel, Q, Subscription::auto_ack());
    rig.publish("abc");
    assert_eq!(rig.deliver(), "abc");
}

/// `docs/quorum-queues#global-qos`
#[test]
fn a_quorum_queue_takes_no_consumer_on_a_channel_with_a_limit() {
    let mut rig = Rig::of(quorum());
    let channel = rig.broker.open_channel();
    rig.broker.limit_channel(channel, 1).unwrap();
    let refused = rig.broker.subscribe(channel, Q, Subscription::prefetch(1));
    assert_eq!(refused, Err(QueueError::SharedPrefetch(Q)));
}
