//! Ready, unacked, gone.

use super::*;

/// `docs/queues`
#[test]
fn a_message_is_ready_then_unacked_then_gone() {
    let mut rig = Rig::of(settings());
    rig.publish("a");
    assert_eq!(rig.levels(), (1, 0));
    rig.consumer(Q, 1);
    rig.deliver();
    assert_eq!(rig.levels(), (0, 1));
    rig.ack('a').unwrap();
    assert_eq!(rig.levels(), (0, 0));
    assert_eq!(rig.history(), "a accepted, a delivered, a Acked");
}

/// `docs/queues`
#[test]
fn the_oldest_is_the_oldest_of_ready_and_unacked() {
    let mut rig = Rig::of(settings());
    assert_eq!(rig.broker.levels(Q).oldest, Time::NEVER);
    rig.consumer(Q, 1);
    rig.publish("a");
    rig.at(1);
    rig.publish("b");
    assert_eq!(rig.broker.levels(Q).oldest, Time::ZERO);
    rig.ack('a').unwrap();
    assert_eq!(rig.broker.levels(Q).oldest, Time::ZERO + millis(1));
}

/// `docs/queues`
#[test]
fn purge_drops_what_is_ready_and_nothing_else_and_dead_letters_nothing() {
    let mut rig = Rig::with_dead_letters(settings());
    rig.consumer(Q, 1);
    rig.publish("abc");
    rig.deliver();
    assert_eq!(rig.broker.purge(rig.now, Q, &mut rig.log), Ok(2));
    assert_eq!(rig.levels(), (0, 1));
    assert_eq!(rig.losses(), "b Purged, c Purged");
    assert_eq!(rig.ready(DEAD), "");
}
