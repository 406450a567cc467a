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

/// `docs/dlx#effects`: the sum over `x-death`.
#[test]
fn a_delivery_tells_how_often_its_message_was_dead_lettered_in_all() {
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
        assert_eq!(rig.delivery('a').deaths, 2 * (round - 1));
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
