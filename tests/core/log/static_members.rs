//! Static membership (KIP-345, `group.instance.id`).

use super::*;
use queuelab::queue::{GroupSettings, LogError, MemberId};

fn fixed() -> GroupSettings {
    GroupSettings {
        static_membership: true,
        ..group()
    }
}

#[test]
fn a_static_member_that_is_back_before_its_session_ends_has_its_partitions_and_nobody_stops() {
    let mut rig = Rig::started(2, fixed(), &[0, 1]);
    rig.append(1, "x");
    rig.poll(1);
    rig.news();
    rig.leave(1);
    assert_eq!((rig.news(), rig.owners()), (String::new(), "01".into()));
    rig.at(44_000);
    rig.join(1);
    assert_eq!(rig.news(), "x returned", "it does not know of it any more");
    assert_eq!(rig.owners(), "01");
    assert_eq!(rig.poll(1), "x");
}

#[test]
fn a_static_member_that_stays_away_is_put_out_when_its_session_ends() {
    let mut rig = Rig::started(2, fixed(), &[0, 1]);
    rig.poll(0);
    rig.at(10_000);
    rig.leave(1);
    rig.at(53_999);
    assert_eq!(rig.owners(), "01");
    rig.at(54_000);
    assert_eq!(rig.owners(), "0-", "0 has yet to hear of it");
    rig.at(57_000);
    assert_eq!(rig.owners(), "00");
}

#[test]
fn a_static_member_that_dies_may_come_back_under_its_name() {
    let mut rig = Rig::started(1, fixed(), &[0]);
    rig.fail(0);
    rig.at(20_000);
    rig.join(0);
    rig.at(64_999);
    assert_eq!(rig.owners(), "0");
}

/// `max.poll.interval.ms`: "the consumer will stop sending heartbeats".
#[test]
fn a_static_member_that_is_away_from_poll_for_too_long_only_falls_silent() {
    let mut rig = Rig::started(1, fixed(), &[0]);
    rig.append(0, "a");
    rig.poll(0);
    rig.at(301_000);
    assert_eq!(rig.owners(), "0");
    assert_eq!(rig.commit(0), Err(LogError::NotAMember(MemberId(0))));
    rig.news();
    rig.at(344_999);
    assert_eq!(rig.news(), "");
    rig.at(345_000);
    assert_eq!(rig.news(), "a returned, - rebalancing, - rebalanced");
}

#[test]
fn a_static_member_that_fell_silent_is_back_with_its_next_poll() {
    let mut rig = Rig::started(1, fixed(), &[0]);
    rig.append(0, "a");
    rig.poll(0);
    rig.at(301_000);
    rig.news();
    assert_eq!(rig.poll(0), "a");
    assert_eq!(rig.news(), "a returned");
    assert_eq!(rig.commit(0), Ok(()));
}

#[test]
fn a_static_member_that_is_back_during_a_rebalance_takes_part() {
    let mut rig = Rig::started(2, fixed(), &[0]);
    rig.leave(0);
    rig.join(1);
    rig.at(30_000);
    assert!(rig.log.is_rebalancing(rig::G));
    rig.join(0);
    assert_eq!(rig.owners(), "01");
}

/// KIP-345 (<https://github.com/apache/kafka/pull/6666>): no static member goes by the rebalance timeout.
#[test]
fn a_static_member_that_does_not_take_part_in_time_keeps_its_place() {
    let mut rig = Rig::started(2, fixed(), &[0]);
    rig.append(0, "a");
    rig.poll(0);
    rig.join(1);
    rig.poll(1);
    rig.at(300_000);
    assert_eq!(rig.owners(), "01");
    assert!(!rig.holds(0, 'a'));
    assert_eq!(rig.poll(0), "a");
    assert_eq!(rig.owners(), "01");
}
