//! Memory and time of the odd cases.

use super::*;

/// A run's memory is bounded by its backlog, and so is the time of one step: this takes seconds if either is not.
#[test]
fn a_message_that_comes_back_a_hundred_thousand_times_costs_no_more_than_one_that_does_not() {
    let mut rig = Rig::of(QueueSettings {
        expiry: Expiry::Deadline,
        ..ttl(1_000_000)
    });
    let client = rig.consumer(Q, 1);
    let Rig { broker, log, .. } = &mut rig;
    broker
        .publish(Time::ZERO, Q, Publication::of('a'), log)
        .unwrap();
    for _ in 0..100_000 {
        let delivery = broker.poll_delivery(Time::ZERO, &mut ()).unwrap();
        broker
            .nack(Time::ZERO, client.channel, delivery.tag, true, &mut ())
            .unwrap();
    }
}

/// As above.
#[test]
fn a_hundred_thousand_messages_come_back_in_any_order_in_linear_time() {
    const COUNT: u64 = 100_000;
    for multiple in [true, false] {
        let mut rig = Rig::of(settings());
        let client = rig.consumer(Q, 0);
        let Rig { broker, now, .. } = &mut rig;
        for _ in 0..2 * COUNT {
            broker
                .publish(*now, Q, Publication::of('a'), &mut ())
                .unwrap();
        }
        for _ in 0..COUNT {
            broker.poll_delivery(*now, &mut ()).unwrap();
        }
        broker.cancel(client.consumer).unwrap();
        let channel = client.channel;
        if multiple {
            broker
                .nack_multiple(*now, channel, 0, true, &mut ())
                .unwrap();
        } else {
            for tag in 1..=COUNT {
                broker.nack(*now, channel, tag, true, &mut ()).unwrap();
            }
        }
        assert_eq!(rig.levels(), (2 * COUNT, 0));
    }
}
