//! Rebalances with the cooperative assignor (KIP-429): what stays is read on, what moves is given up first.

use super::*;
use queuelab::queue::{Assignor, GroupSettings, MemberId};

fn cooperative() -> GroupSettings {
    GroupSettings {
        assignor: Assignor::CooperativeSticky,
        ..group()
    }
}

#[test]
fn members_read_on_while_a_round_waits_for_others() {
    let mut rig = Rig::started(2, cooperative(), &[0, 1]);
    rig.append(1, "x");
    assert_eq!(rig.poll(1), "x");
    rig.poll(0);
    rig.join(2);
    rig.at(10_000);
    assert!(rig.log.is_rebalancing(rig::G));
    rig.append(0, "a");
    assert_eq!(rig.deliver(), "a");
}

#[test]
fn only_what_must_move_comes_back() {
    let mut rig = Rig::started(2, cooperative(), &[0]);
    rig.append(0, "a");
    rig.append(1, "x");
    assert_eq!(rig.poll(0), "ax");
    rig.poll(0);
    rig.news();
    rig.join(1);
    rig.at(3000);
    assert_eq!(
        rig.news(),
        "- rebalancing, - rebalanced, x returned, - rebalancing"
    );
    assert!(rig.holds(0, 'a') && !rig.holds(0, 'x'));
}

/// The second round follows at once, and is as any other: who has no part in it yet hears of it by a heartbeat.
#[test]
fn what_was_given_up_is_shared_out_in_a_second_round() {
    let mut rig = Rig::started(2, cooperative(), &[0]);
    rig.poll(0);
    rig.join(1);
    rig.poll(1);
    rig.at(2999);
    assert_eq!(rig.owners(), "00");
    rig.at(3000);
    assert_eq!(rig.owners(), "0-", "1 has yet to hear of the second round");
    rig.at(6000);
    assert_eq!(rig.owners(), "01");
}

#[test]
fn a_partition_is_not_given_before_its_old_owner_has_given_it_up() {
    let mut rig = Rig::started(2, cooperative(), &[0]);
    rig.poll(0);
    rig.join(1);
    rig.at(2999);
    rig.append(1, "x");
    rig.at(3000);
    // 0 got x before the round was over, and works on it: it has the partition still, and may commit.
    assert_eq!((rig.received(0), rig.owners()), ("x".into(), "00".into()));
    rig.poll(0);
    rig.append(1, "y");
    assert_eq!(rig.poll(1), "");
    rig.at(60_000);
    assert_eq!(rig.received(1), "xy");
    assert_eq!(rig.owners(), "01");
}

#[test]
fn a_busy_owner_gives_up_what_moves_when_it_is_in_poll() {
    let mut rig = Rig::started(3, cooperative(), &[0, 1]);
    assert_eq!(rig.owners(), "010");
    rig.poll(0);
    rig.poll(1);
    rig.join(2);
    rig.poll(2);
    rig.at(2500);
    rig.at(3000);
    assert_eq!(rig.owners(), "01-");
    rig.at(6000);
    assert_eq!(rig.owners(), "012");
    assert!(!rig.log.is_rebalancing(rig::G));
}

#[test]
fn what_a_member_that_went_had_is_given_in_one_round() {
    let mut rig = Rig::started(2, cooperative(), &[0, 1]);
    rig.poll(0);
    rig.news();
    rig.leave(1);
    rig.at(3000);
    assert_eq!(rig.owners(), "00");
    assert_eq!(rig.news(), "- rebalancing, - rebalanced");
}

#[test]
fn an_owner_that_dies_before_it_gave_up_what_moves_keeps_it_until_its_session_ends() {
    let mut rig = Rig::started(2, cooperative(), &[0]);
    rig.poll(0);
    rig.at(1000);
    rig.join(1);
    rig.poll(1);
    rig.at(2000);
    rig.append(1, "x");
    rig.deliver();
    rig.poll(0);
    rig.at(2500);
    assert_eq!(rig.owners(), "00");
    rig.fail(0);
    rig.at(44_999);
    assert_eq!(rig.owners(), "00");
    rig.at(45_000);
    assert_eq!(rig.owners(), "11");
    assert_eq!(rig.log.assignment(MemberId(1)), [0, 1]);
    assert_eq!(rig.received(1), "x");
}
