//! Rebalances with an eager assignor: all stop, from when they take part until all do.

use super::*;
use queuelab::queue::{Assignor, GroupSettings, LogError, MemberId};

/// Members hear of it by the answer to a heartbeat, here at 3 s.
#[test]
fn a_member_in_poll_takes_part_at_its_next_heartbeat() {
    let mut rig = Rig::started(2, group(), &[0]);
    rig.poll(0);
    rig.at(1000);
    rig.join(1);
    rig.at(2999);
    assert_eq!(rig.owners(), "00");
    rig.at(3000);
    assert_eq!(rig.owners(), "01");
}

#[test]
fn a_rebalance_is_told_when_it_begins_and_when_it_is_over() {
    let mut rig = Rig::started(2, group(), &[0]);
    rig.poll(0);
    rig.news();
    rig.at(1000);
    rig.join(1);
    assert!(rig.log.is_rebalancing(rig::G));
    assert_eq!(rig.news(), "- rebalancing");
    rig.at(3000);
    assert!(!rig.log.is_rebalancing(rig::G));
    assert_eq!(rig.news(), "- rebalanced");
}

#[test]
fn a_busy_member_goes_on_until_it_is_in_poll_and_may_commit_till_then() {
    let mut rig = Rig::started(2, group(), &[0]);
    rig.append(0, "ab");
    rig.poll(0);
    rig.join(1);
    rig.at(100_000);
    assert_eq!(rig.owners(), "00");
    assert!(rig.holds(0, 'a'));
    assert_eq!(rig.commit(0), Ok(()));
    rig.news();
    rig.poll(0);
    assert_eq!(rig.news(), "- rebalanced");
    assert_eq!(rig.owners(), "01");
}

/// A poll between the beginning and the heartbeat is as any other.
#[test]
fn a_member_that_has_not_heard_of_a_rebalance_gets_records() {
    let mut rig = Rig::started(2, group(), &[0]);
    rig.at(1000);
    rig.join(1);
    rig.append(0, "a");
    assert_eq!(rig.poll(0), "a");
}

#[test]
fn a_member_that_takes_part_returns_what_it_did_not_commit() {
    let mut rig = Rig::started(2, group(), &[0]);
    rig.append(0, "ab");
    rig.poll(0);
    rig.join(1);
    rig.at(4000);
    rig.news();
    rig.poll(0);
    assert_eq!(rig.news(), "a returned, b returned, - rebalanced");
    assert_eq!(
        rig.received(0),
        "abab",
        "and begins anew where it had committed"
    );
}

/// `enable.auto.commit`: `ConsumerCoordinator.onJoinPrepare`.
#[test]
fn a_member_that_commits_by_itself_does_so_before_it_takes_part() {
    let settings = GroupSettings {
        commits_on_rejoin: true,
        ..group()
    };
    let mut rig = Rig::started(2, settings, &[0]);
    rig.append(0, "a");
    rig.poll(0);
    rig.poll(0);
    rig.join(1);
    rig.news();
    rig.at(3000);
    assert_eq!(rig.news(), "a Acked, - rebalanced");
}

/// The pause: from the first that takes part to the last.
#[test]
fn who_takes_part_gets_nothing_until_all_do() {
    let mut rig = Rig::started(3, group(), &[0, 1]);
    rig.append(2, "z");
    assert_eq!(rig.poll(1), "z");
    rig.poll(0);
    rig.join(2);
    rig.at(3000);
    rig.append(0, "a");
    rig.at(60_000);
    assert_eq!(rig.received(0), "", "1 is busy");
    rig.commit(1).unwrap();
    rig.poll(1);
    assert_eq!(rig.received(0), "a");
    assert_eq!(rig.owners(), "012");
}

/// The rebalance timeout is `max.poll.interval.ms`, here from 1 s on. Who was in poll since the round began has not been
/// away for so long.
#[test]
fn who_does_not_take_part_in_time_is_put_out() {
    let mut rig = Rig::started(2, group(), &[0, 1]);
    rig.poll(0);
    rig.append(1, "x");
    rig.at(1000);
    rig.join(2);
    rig.poll(2);
    rig.at(2000);
    assert_eq!(rig.poll(1), "x", "it has not heard");
    rig.at(300_999);
    assert!(rig.holds(1, 'x'));
    assert_eq!(rig.owners(), "-1");
    rig.news();
    rig.at(301_000);
    assert_eq!(rig.news(), "x returned, - rebalanced");
    assert_eq!(rig.owners(), "02");
    assert!(!rig.holds(1, 'x'));
    assert_eq!(rig.commit(1), Err(LogError::NotAMember(MemberId(1))));
    assert_eq!(rig.received(2), "x");
}

#[test]
fn a_dead_member_with_a_long_session_is_waited_for_until_the_rebalance_timeout() {
    let settings = GroupSettings {
        session_timeout: secs(1000),
        ..group()
    };
    let mut rig = Rig::started(2, settings, &[0, 1]);
    rig.append(1, "x");
    rig.poll(1);
    rig.poll(0);
    rig.fail(1);
    rig.at(1000);
    rig.join(2);
    rig.poll(2);
    rig.at(300_999);
    assert_eq!(rig.owners(), "-1");
    rig.at(301_000);
    assert_eq!(rig.owners(), "02");
    assert_eq!(rig.received(2), "x");
    rig.join(1);
}

#[test]
fn a_round_waits_for_a_dead_member_until_its_session_ends() {
    let mut rig = Rig::started(3, group(), &[0, 1]);
    rig.poll(0);
    rig.fail(1);
    rig.join(2);
    rig.poll(2);
    rig.at(44_999);
    assert_eq!(rig.owners(), "--1");
    rig.at(45_000);
    assert_eq!(rig.owners(), "002");
}

#[test]
fn who_comes_while_a_round_goes_on_is_in_it() {
    let mut rig = Rig::started(3, group(), &[0]);
    rig.poll(0);
    rig.news();
    rig.at(1000);
    rig.join(1);
    rig.at(2000);
    rig.join(2);
    rig.at(3000);
    assert_eq!(rig.owners(), "012");
    assert_eq!(rig.news(), "- rebalancing, - rebalanced");
}

#[test]
fn a_round_is_over_when_the_last_that_it_waits_for_leaves() {
    let mut rig = Rig::started(2, group(), &[0]);
    rig.join(1);
    rig.at(5000);
    rig.leave(0);
    assert_eq!(rig.owners(), "11");
    assert!(!rig.log.is_rebalancing(rig::G));
}

#[test]
fn when_all_have_left_a_first_round_it_is_over() {
    let mut rig = Rig::of(1, group());
    rig.join(0);
    rig.leave(0);
    assert_eq!(rig.news(), "- rebalancing, - rebalanced");
    assert_eq!(rig.log.next_deadline(), queuelab::time::Time::NEVER);
}

#[test]
fn with_the_sticky_assignor_each_keeps_what_it_had_though_all_stop() {
    let settings = GroupSettings {
        assignor: Assignor::Sticky,
        ..group()
    };
    let mut rig = Rig::started(4, settings, &[0, 1]);
    assert_eq!(rig.owners(), "0101");
    rig.poll(0);
    rig.poll(1);
    rig.join(2);
    rig.at(3000);
    assert_eq!(rig.owners(), "0102", "1 gives its second");
}
