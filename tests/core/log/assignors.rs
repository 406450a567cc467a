//! Who gets which partition.

use super::*;
use queuelab::queue::{Assignor, GroupSettings};

fn owners(assignor: Assignor, partitions: u32, members: &[u32]) -> String {
    let settings = GroupSettings {
        assignor,
        ..group()
    };
    Rig::started(partitions, settings, members).owners()
}

/// `RangeAssignor`: "then the first few consumers will have one extra partition".
#[test]
fn range_gives_neighbours_and_the_first_members_get_the_remainder() {
    assert_eq!(owners(Assignor::Range, 7, &[0, 1, 2]), "0001122");
    assert_eq!(owners(Assignor::Range, 8, &[0, 1, 2]), "00011122");
    assert_eq!(owners(Assignor::Range, 2, &[5, 3, 4]), "34");
}

/// `RoundRobinAssignor`
#[test]
fn round_robin_gives_one_by_one() {
    assert_eq!(owners(Assignor::RoundRobin, 7, &[2, 1, 0]), "0120120");
}

#[test]
fn sticky_without_a_past_gives_one_by_one() {
    for assignor in [Assignor::Sticky, Assignor::CooperativeSticky] {
        assert_eq!(owners(assignor, 7, &[0, 1, 2]), "0120120");
        assert_eq!(owners(assignor, 2, &[0, 1, 2]), "01");
    }
}

/// After each step all are in poll, and hear of it within a heartbeat.
fn sticky_after(steps: &[(u32, bool)], partitions: u32) -> Vec<String> {
    let settings = GroupSettings {
        assignor: Assignor::Sticky,
        ..group()
    };
    let mut rig = Rig::of(partitions, settings);
    let mut now = 0;
    let mut seen = Vec::new();
    for (member, comes) in steps {
        if *comes {
            rig.join(*member);
            rig.poll(*member);
        } else {
            rig.leave(*member);
        }
        now += 3000;
        rig.at(now);
        seen.push(rig.owners());
    }
    seen
}

#[test]
fn sticky_moves_no_more_than_it_must() {
    let steps = [(0, true), (1, true), (2, true), (1, false)];
    let seen = sticky_after(&steps, 6);
    assert_eq!(seen, ["000000", "000111", "002112", "002022"]);
}

/// `AbstractStickyAssignor.constrainedAssign`: of those that have more than the least, the first keep it.
#[test]
fn sticky_lets_the_first_members_keep_the_remainder() {
    let steps = [(0, true), (1, true), (2, true)];
    assert_eq!(sticky_after(&steps, 4), ["0000", "0011", "0012"]);
}

#[test]
fn sticky_shares_evenly_whoever_comes_and_goes() {
    let steps = [
        (3, true),
        (1, true),
        (2, true),
        (3, false),
        (4, true),
        (0, true),
        (1, false),
    ];
    for partitions in 1..9 {
        let mut members: Vec<u32> = Vec::new();
        for ((member, comes), owners) in steps.iter().zip(sticky_after(&steps, partitions)) {
            members.retain(|other| other != member);
            members.extend(comes.then_some(*member));
            let counts = members.iter().map(|member| {
                let name = member.to_string();
                owners.matches(&name).count()
            });
            let (least, most) = (counts.clone().min(), counts.max());
            let (least, most) = (least.unwrap(), most.unwrap());
            assert!(most - least <= 1, "{owners} among {members:?}");
            assert!(!owners.contains('-'), "{owners}");
        }
    }
}
