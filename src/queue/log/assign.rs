//! Who reads which partition: Kafka's assignors, for one topic to which all members subscribe.

use super::settings::{Assignor, MemberId};
use std::collections::VecDeque;

/// The reader of each partition; nobody where there are no members. `members` are in the order of their names, and
/// `claims` says of each partition who had it.
pub(super) fn assign(
    assignor: Assignor,
    members: &[MemberId],
    claims: &[Option<MemberId>],
) -> Vec<Option<MemberId>> {
    if members.is_empty() {
        return vec![None; claims.len()];
    }
    match assignor {
        Assignor::Range => range(members, claims.len()),
        Assignor::RoundRobin => {
            let turns = members.iter().cycle().take(claims.len());
            turns.map(|member| Some(*member)).collect()
        }
        Assignor::Sticky | Assignor::CooperativeSticky => sticky(members, claims),
    }
}

/// `RangeAssignor`: the first members have one more, where it does not come out even.
fn range(members: &[MemberId], partitions: usize) -> Vec<Option<MemberId>> {
    let (each, more) = (partitions / members.len(), partitions % members.len());
    let counted = members.iter().enumerate();
    let stretches = counted.map(|(at, member)| (member, each + usize::from(at < more)));
    stretches
        .flat_map(|(member, count)| std::iter::repeat_n(Some(*member), count))
        .collect()
}

/// `AbstractStickyAssignor.constrainedAssign`, of Kafka since 3.0: each keeps of what it had, lowest first, as much as
/// it may have; what is over goes first to those who have less than their even share, in turn.
fn sticky(members: &[MemberId], claims: &[Option<MemberId>]) -> Vec<Option<MemberId>> {
    let (least, more) = (claims.len() / members.len(), claims.len() % members.len());
    let mut owners = vec![None; claims.len()];
    // Members that may have one more than the least, of whom there are `more`.
    let mut fuller = 0;
    let mut below: Vec<(MemberId, usize)> = Vec::new();
    let mut at_least: VecDeque<MemberId> = VecDeque::new();
    for member in members {
        let had = claims.iter().filter(|claim| **claim == Some(*member));
        let had = had.count();
        let keeps = if had < least {
            below.push((*member, had));
            had
        } else if had > least && fuller < more {
            fuller += 1;
            least + 1
        } else {
            at_least.push_back(*member);
            least
        };
        let claimed = claims.iter().zip(&mut owners);
        let claimed = claimed.filter(|(claim, _)| **claim == Some(*member));
        claimed
            .take(keeps)
            .for_each(|(claim, owner)| *owner = *claim);
    }
    let mut turn = 0;
    for owner in owners.iter_mut().filter(|owner| owner.is_none()) {
        if below.is_empty() {
            *owner = at_least.pop_front();
            continue;
        }
        turn %= below.len();
        let (member, has) = &mut below[turn];
        *owner = Some(*member);
        *has += 1;
        if *has < least {
            turn += 1;
        } else {
            at_least.push_back(*member);
            below.remove(turn);
        }
    }
    owners
}
