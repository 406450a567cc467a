//! Time of the odd cases: linear, which takes milliseconds, and not quadratic, which takes ten seconds and more.

use super::*;
use queuelab::queue::{GroupSettings, MemberId, Record};
use std::time::{Duration, Instant};

const COUNT: u32 = 100_000;

#[test]
fn a_hundred_thousand_records_come_back_and_are_committed_in_linear_time() {
    let start = Instant::now();
    let settings = GroupSettings {
        max_poll_records: COUNT,
        ..group()
    };
    let mut rig = Rig::started(4, settings, &[0]);
    for at in 0..2 * COUNT {
        let record = Record {
            body: 'a',
            bytes: 1,
        };
        let appended = rig.log.append(rig.now, at % 4, record, &mut ());
        appended.expect("the partition is there");
    }
    for member in [0, 1] {
        rig.log
            .poll(rig.now, MemberId(member), &mut ())
            .expect("it is there");
        while rig.log.poll_delivery(rig.now, &mut ()).is_some() {}
        assert_eq!(rig.levels().1, u64::from(COUNT));
        if member == 0 {
            rig.leave(0);
            rig.join(1);
            rig.at(0);
        }
    }
    rig.commit(1).expect("it is a member");
    assert_eq!(rig.levels(), (u64::from(COUNT), 0));
    let took = start.elapsed();
    assert!(took < Duration::from_secs(5), "{took:?}");
}
