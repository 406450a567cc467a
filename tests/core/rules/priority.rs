//! Levels of a queue.

use super::*;

/// `docs/priority`
#[test]
fn higher_priorities_go_first_and_a_level_is_a_fifo() {
    let mut rig = Rig::of(priorities(5));
    for (letter, priority) in [('a', 0), ('b', 5), ('c', 1), ('d', 5), ('e', 1)] {
        rig.publish_priority(letter, priority);
    }
    rig.consumer(Q, 0);
    assert_eq!(rig.deliver(), "bdcea");
}

/// `docs/priority`
#[test]
fn a_priority_above_the_highest_is_capped() {
    let mut rig = Rig::of(priorities(5));
    rig.publish_priority('a', 5);
    rig.publish_priority('b', 255);
    assert_eq!(rig.ready(Q), "ab");
}

/// `docs/priority`
#[test]
fn no_priority_is_the_lowest_and_a_queue_without_levels_knows_none() {
    let mut rig = Rig::of(priorities(1));
    rig.publish("a");
    rig.publish_priority('b', 1);
    assert_eq!(rig.ready(Q), "ba");
    let mut plain = Rig::of(settings());
    plain.publish("a");
    plain.publish_priority('b', 9);
    assert_eq!(plain.ready(Q), "ab");
}

/// `docs/priority`
#[test]
fn the_255th_level_is_a_level() {
    let mut rig = Rig::of(priorities(255));
    for (letter, priority) in [('a', 63), ('b', 64), ('c', 254), ('d', 255)] {
        rig.publish_priority(letter, priority);
    }
    assert_eq!(rig.ready(Q), "dcba");
    rig.consumer(Q, 0);
    assert_eq!(rig.deliver(), "dcba");
}

/// `docs/priority#interaction-with-consumers`
#[test]
fn what_is_prefetched_is_not_recalled() {
    let mut rig = Rig::of(priorities(9));
    rig.consumer(Q, 2);
    rig.publish("abc");
    assert_eq!(rig.deliver(), "ab");
    rig.publish_priority('H', 9);
    rig.ack('a').unwrap();
    rig.ack('b').unwrap();
    assert_eq!(rig.deliver(), "Hc");
}

/// `docs/priority`
#[test]
fn a_requeue_goes_to_the_head_of_its_own_level() {
    let mut rig = Rig::of(priorities(9));
    let client = rig.consumer(Q, 1);
    rig.publish("ab");
    rig.deliver();
    rig.publish_priority('H', 9);
    rig.cancel(client);
    rig.requeue("a");
    assert_eq!(rig.ready(Q), "Hab");
}

/// `docs/priority#interaction-with-other-features`
#[test]
fn an_expired_low_priority_stands_behind_a_higher_one_that_lives() {
    let mut rig = Rig::of(priorities(9));
    rig.publish_ttl('a', 10);
    rig.publish_priority('H', 9);
    rig.at(15);
    assert_eq!(rig.levels(), (2, 0));
    rig.broker.purge(rig.now, Q, &mut rig.log).unwrap();
}

/// `docs/priority#interaction-with-other-features`
#[test]
fn drop_head_drops_the_highest_priority_first() {
    let mut rig = Rig::of(QueueSettings {
        max_length: Some(2),
        ..priorities(9)
    });
    rig.publish("a");
    rig.publish_priority('H', 9);
    rig.publish("b");
    assert_eq!(rig.ready(Q), "ab");
}

/// `docs/dlx`: a message is routed on as it was published, so a queue without levels does not flatten it.
#[test]
fn a_dead_letter_keeps_the_priority_it_was_published_with() {
    let mut rig = Rig::of(QueueSettings {
        dead_letter: Some(DEAD),
        ..max_length(0)
    });
    rig.declare(priorities(9));
    rig.publish("a");
    rig.publish_priority('H', 9);
    assert_eq!(rig.ready(DEAD), "Ha");
}
