//! Time of the odd cases. Where it is linear they take milliseconds, where it is quadratic ten seconds and more, so that
//! no machine is slow enough to mistake one for the other.

use super::*;
use std::time::{Duration, Instant};

const COUNT: u64 = 100_000;

#[test]
fn a_hundred_thousand_messages_come_back_in_any_order_in_linear_time() {
    for multiple in [true, false] {
        let start = Instant::now();
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
        broker.cancel(*now, client.consumer, &mut ()).unwrap();
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
        let took = start.elapsed();
        assert!(took < Duration::from_secs(5), "{took:?}");
    }
}
