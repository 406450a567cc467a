//! Who is a member, from when, and until when.

use super::*;
use queuelab::queue::{GroupSettings, LogError, MemberId};

const M0: MemberId = MemberId(0);

fn kafka() -> GroupSettings {
    GroupSettings {
        commits_on_rejoin: false,
        ..GroupSettings::default()
    }
}

/// `group.initial.rebalance.delay.ms`
#[test]
fn an_empty_group_waits_3_s_before_its_first_member_gets_anything() {
    let mut rig = Rig::of(2, kafka());
    rig.join(0);
    rig.at(2999);
    assert_eq!(rig.owners(), "--");
    rig.at(3000);
    assert_eq!(rig.owners(), "00");
}

/// KIP-134: "further delayed by the value of group.initial.rebalance.delay.ms as each new member joins".
#[test]
fn a_group_that_is_new_waits_on_when_somebody_came_meanwhile() {
    let mut rig = Rig::of(2, kafka());
    rig.join(0);
    rig.at(1000);
    rig.join(1);
    rig.at(5999);
    assert_eq!(rig.owners(), "--");
    rig.at(6000);
    assert_eq!(rig.owners(), "01");
}

/// KIP-134: "up to a maximum of the value set by max.poll.interval.ms".
#[test]
fn a_group_that_is_new_waits_no_longer_than_max_poll_interval() {
    let settings = GroupSettings {
        max_poll_interval: secs(7),
        ..kafka()
    };
    let mut rig = Rig::of(7, settings);
    for member in 0..7 {
        rig.at(u64::from(member) * 1000);
        rig.join(member);
        rig.poll(member);
    }
    rig.at(6999);
    assert_eq!(rig.owners(), "-------");
    rig.at(7000);
    assert_eq!(rig.owners(), "0123456");
}

/// `GroupCoordinator.addMemberAndRebalance` asks for generation 0.
#[test]
fn a_group_that_had_members_before_waits_once() {
    let mut rig = Rig::of(2, kafka());
    rig.join(0);
    rig.at(3000);
    rig.leave(0);
    rig.at(10_000);
    rig.join(0);
    rig.join(1);
    rig.at(13_000);
    assert_eq!(rig.owners(), "01");
}

#[test]
fn without_a_delay_all_who_join_in_one_instant_are_in_the_first_assignment() {
    let mut rig = Rig::of(3, group());
    rig.join(2);
    rig.join(0);
    rig.join(1);
    assert_eq!(rig.owners(), "---");
    rig.at(0);
    assert_eq!(rig.owners(), "012");
    assert_eq!(rig.news(), "- rebalancing, - rebalanced");
}

#[test]
fn a_member_that_leaves_returns_what_it_did_not_commit() {
    let mut rig = Rig::started(1, group(), &[0]);
    rig.append(0, "ab");
    rig.poll(0);
    rig.news();
    rig.leave(0);
    assert_eq!(
        rig.news(),
        "a returned, b returned, - rebalancing, - rebalanced"
    );
    assert_eq!(rig.levels(), (2, 0));
    assert_eq!(
        rig.log.poll(rig.now, M0, &mut ()),
        Err(LogError::UnknownMember(M0))
    );
}

#[test]
fn what_was_returned_is_polled_again_in_order_and_is_redelivered() {
    let mut rig = Rig::started(1, group(), &[0]);
    rig.append(0, "abc");
    rig.poll(0);
    rig.leave(0);
    rig.append(0, "d");
    rig.join(1);
    rig.at(0);
    assert_eq!(rig.poll(1), "abcd");
    let deliveries = rig.polled.iter().map(|polled| &polled.delivery);
    let returns: Vec<u32> = deliveries.map(|delivery| delivery.returns).collect();
    assert_eq!(returns, [0, 0, 0, 1, 1, 1, 0]);
    assert!(rig.polled[3].delivery.redelivered && !rig.polled[6].delivery.redelivered);
}

/// `session.timeout.ms`: the broker counts from the last heartbeat, here that at 9 s.
#[test]
fn a_session_ends_its_timeout_after_the_last_heartbeat_and_not_after_death() {
    let mut rig = Rig::started(1, group(), &[0]);
    rig.poll(0);
    rig.at(11_000);
    rig.fail(0);
    rig.at(53_999);
    assert_eq!(rig.owners(), "0");
    rig.at(54_000);
    assert_eq!(rig.owners(), "-");
}

#[test]
fn a_record_polled_but_not_committed_is_not_done_when_its_member_dies() {
    let mut rig = Rig::started(1, group(), &[0]);
    rig.append(0, "ab");
    rig.poll(0);
    rig.fail(0);
    rig.news();
    assert_eq!(rig.levels(), (0, 2), "nobody knows yet");
    rig.at(45_000);
    assert_eq!(
        rig.news(),
        "a returned, b returned, - rebalancing, - rebalanced"
    );
    assert_eq!(rig.levels(), (2, 0));
}

#[test]
fn the_partition_of_a_dead_member_is_read_by_nobody_until_its_session_ends() {
    let mut rig = Rig::started(2, group(), &[0, 1]);
    rig.poll(0);
    rig.poll(1);
    rig.fail(1);
    rig.append(1, "x");
    rig.at(44_999);
    assert_eq!(rig.received(0), "");
    // 0 hears of it at 48 s, as its heartbeats are each 3 s.
    rig.at(47_999);
    assert_eq!(rig.received(0), "");
    rig.at(48_000);
    assert_eq!(rig.received(0), "x");
}

#[test]
fn a_dead_member_can_do_nothing_and_its_name_is_taken_until_its_session_ends() {
    let mut rig = Rig::started(1, group(), &[0]);
    rig.fail(0);
    let unknown = Err(LogError::UnknownMember(M0));
    assert_eq!(rig.log.poll(rig.now, M0, &mut ()), unknown);
    assert_eq!(rig.commit(0), unknown);
    assert_eq!(rig.log.fail(rig.now, M0), unknown);
    let taken = Err(LogError::MemberExists(M0));
    assert_eq!(rig.log.join(rig.now, rig::G, M0, &mut ()), taken);
    rig.at(45_000);
    rig.join(0);
    rig.at(45_000);
    assert_eq!(rig.owners(), "0");
}

/// `max.poll.interval.ms`
#[test]
fn a_member_that_does_not_come_back_to_poll_in_time_leaves() {
    let mut rig = Rig::started(2, group(), &[0, 1]);
    rig.poll(1);
    rig.append(0, "a");
    rig.at(10_000);
    rig.poll(0);
    rig.at(309_999);
    assert_eq!(rig.owners(), "01");
    rig.news();
    rig.at(310_000);
    assert_eq!(rig.news(), "a returned, - rebalancing");
    assert!(!rig.holds(0, 'a'));
}

#[test]
fn a_member_in_poll_is_not_away_from_it() {
    let mut rig = Rig::started(1, group(), &[0]);
    rig.poll(0);
    rig.at(1_000_000);
    assert_eq!(rig.owners(), "0");
}

#[test]
fn a_member_that_is_out_joins_anew_when_it_polls() {
    let mut rig = Rig::started(2, group(), &[0, 1]);
    rig.poll(1);
    rig.at(303_000);
    assert_eq!(rig.owners(), "11");
    rig.poll(0);
    assert_eq!(rig.owners(), "11", "1 has yet to hear of it");
    rig.at(306_000);
    assert_eq!(rig.owners(), "01");
}

#[test]
fn a_commit_of_a_member_that_was_put_out_is_refused() {
    let mut rig = Rig::started(1, group(), &[0]);
    rig.append(0, "a");
    rig.poll(0);
    rig.at(300_000);
    rig.news();
    assert_eq!(rig.commit(0), Err(LogError::NotAMember(M0)));
    assert_eq!(rig.news(), "");
    assert_eq!(rig.levels(), (1, 0));
}

#[test]
fn a_member_that_is_out_and_dies_or_leaves_is_gone_at_once() {
    let mut rig = Rig::started(1, group(), &[0]);
    rig.at(300_000);
    rig.fail(0);
    rig.join(0);
    rig.at(600_000);
    rig.leave(0);
    assert_eq!(rig.commit(0), Err(LogError::UnknownMember(M0)));
}

#[test]
fn a_group_has_at_most_as_many_readers_as_partitions() {
    let mut rig = Rig::started(2, group(), &[0, 1, 2]);
    assert_eq!(rig.owners(), "01");
    assert!(rig.log.assignment(MemberId(2)).is_empty());
    rig.append(0, "a");
    rig.append(1, "b");
    assert_eq!(rig.poll(2), "");
}
