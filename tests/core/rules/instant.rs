//! The order of things at one instant: acks, publishes, deliveries, expiries, dead letters, deliveries again.

use super::*;

#[test]
fn a_consumer_that_acks_at_the_instant_of_a_publish_is_served_at_that_instant() {
    let mut rig = Rig::of(ttl(0));
    rig.consumer(Q, 1);
    rig.publish("a");
    rig.at(3);
    rig.ack('a').unwrap();
    rig.publish("b");
    rig.at(3);
    assert_eq!(rig.levels(), (0, 1));
    assert_eq!(rig.losses(), "");
}

#[test]
fn at_its_deadline_a_message_is_delivered_rather_than_expired() {
    let mut rig = Rig::of(ttl(10));
    rig.publish("a");
    rig.at(9);
    rig.now = Time::ZERO + millis(10);
    rig.consumer(Q, 1);
    rig.expire();
    assert_eq!(rig.levels(), (0, 1));
}

#[test]
fn dead_letters_of_an_instant_are_delivered_at_that_instant() {
    let mut rig = Rig::of(QueueSettings {
        dead_letter: Some(DEAD),
        ..ttl(10)
    });
    rig.declare(ttl(0));
    rig.consumer(DEAD, 1);
    rig.publish("a");
    rig.at(10);
    assert_eq!(
        rig.history(),
        "a accepted, a Expired, a accepted, a delivered"
    );
}

/// A late driver finds `a` too old; it pushes `x` out of the dead letter queue and back into the first.
#[test]
fn what_a_dead_letter_pushes_back_into_the_queue_just_polled_is_delivered() {
    let mut rig = Rig::of(QueueSettings {
        dead_letter: Some(DEAD),
        ..ttl(10)
    });
    rig.declare(QueueSettings {
        dead_letter: Some(Q),
        ..max_length(1)
    });
    rig.publish("a");
    rig.publish_with(DEAD, Publication::of('x'));
    rig.deliver();
    rig.now = Time::ZERO + millis(11);
    rig.consumer(Q, 1);
    assert_eq!(rig.deliver(), "x");
}

#[test]
fn all_that_is_due_goes_before_the_first_dead_letter_arrives() {
    let mut rig = Rig::of(QueueSettings {
        dead_letter: Some(DEAD),
        ..settings()
    });
    rig.declare(settings());
    rig.publish_ttl('a', 10);
    let own = Publication {
        ttl: Some(millis(10)),
        ..Publication::of('b')
    };
    rig.publish_with(DEAD, own);
    rig.at(10);
    assert_eq!(
        rig.history(),
        "a accepted, b accepted, a Expired, b Expired, a accepted"
    );
}

#[test]
fn a_dead_letter_with_no_time_to_live_gets_its_chance_of_delivery_before_it_expires() {
    let mut rig = Rig::of(QueueSettings {
        dead_letter: Some(DEAD),
        ..ttl(10)
    });
    rig.declare(ttl(0));
    rig.consumer(DEAD, 1);
    rig.publish("a");
    rig.at(9);
    rig.now = Time::ZERO + millis(10);
    // `c` finds no room, so the queue is to be looked at now; then there is room again.
    rig.publish_with(DEAD, Publication::of('b'));
    rig.publish_with(DEAD, Publication::of('c'));
    rig.deliver();
    rig.ack('b').unwrap();
    rig.deliver();
    rig.ack('c').unwrap();
    rig.at(10);
    assert_eq!(rig.delivered.last().map(|last| last.body), Some('a'));
}
