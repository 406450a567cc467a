//! What has come of a message that has copies, or for which somebody waits.

use crate::workload::Job;

/// Families of all messages that need one, while any of their copies is on its way.
#[derive(Clone, Debug, Default)]
pub(super) struct Families {
    families: Vec<Family>,
    free: Vec<u32>,
}

/// When a message counts as completed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counts {
    /// When the last of its copies is.
    Last,
    /// When the first of them is: the others are attempts at the same thing.
    First,
}

#[derive(Clone, Debug)]
struct Family {
    /// Copies that have not ended, and retries that are yet to come.
    alive: u32,
    /// Consumers that have a copy to work on, whether it is over or not: more may come of it.
    holders: u32,
    client: u32,
    counts: Counts,
    /// What became of it was told.
    told: bool,
    /// A copy was lost.
    lost: bool,
}

impl Families {
    /// A family of one; `client` waits for it, if anybody does.
    pub(super) fn open(&mut self, client: u32, counts: Counts) -> u32 {
        let family = Family {
            alive: 1,
            holders: 0,
            client,
            counts,
            told: false,
            lost: false,
        };
        if let Some(index) = self.free.pop() {
            self.families[index as usize] = family;
            return index;
        }
        assert!(
            self.families.len() < Job::ALONE as usize,
            "more than 4 billion messages at once have copies or are waited for"
        );
        self.families.push(family);
        self.families.len() as u32 - 1
    }

    /// There will be so many more copies than thought.
    pub(super) fn expect(&mut self, job: &Job, more: u32) {
        if job.family != Job::ALONE {
            self.families[job.family as usize].alive += more;
        }
    }

    /// A consumer has a copy to work on, of which more may come even when it is over: it may be another's by then.
    pub(super) fn hold(&mut self, job: &Job) {
        if job.family != Job::ALONE {
            self.families[job.family as usize].holders += 1;
        }
    }

    /// A consumer is done with its copy.
    pub(super) fn let_go(&mut self, job: &Job) {
        if job.family == Job::ALONE {
            return;
        }
        let family = &mut self.families[job.family as usize];
        family.holders -= 1;
        if family.alive + family.holders == 0 {
            self.free.push(job.family);
        }
    }

    /// So many copies will not come after all. As [`Self::end`].
    pub(super) fn withdraw(&mut self, index: u32, count: u32) -> Option<(bool, u32)> {
        let family = &mut self.families[index as usize];
        debug_assert!(family.alive >= count, "{} < {count}", family.alive);
        family.alive -= count;
        self.decide(index, false)
    }

    /// One copy has ended. Whether the message is completed (`true`) or lost, and its client, where this decides it.
    pub(super) fn end(&mut self, index: u32, completed: bool) -> Option<(bool, u32)> {
        let family = &mut self.families[index as usize];
        debug_assert!(family.alive > 0, "a message that is over ends again");
        family.alive -= 1;
        family.lost |= !completed;
        self.decide(index, completed)
    }

    fn decide(&mut self, index: u32, completed: bool) -> Option<(bool, u32)> {
        let family = &mut self.families[index as usize];
        let over = family.alive == 0;
        let (decided, completed) = match family.counts {
            Counts::First => (completed || over, completed),
            Counts::Last => (over, !family.lost),
        };
        let told = (decided && !family.told).then_some((completed, family.client));
        family.told |= decided;
        if over && family.holders == 0 {
            self.free.push(index);
        }
        told
    }

    /// Whether nothing has been decided of a message that has a family.
    pub(super) fn is_open(&self, job: &Job) -> bool {
        !self.families[job.family as usize].told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(family: u32) -> Job {
        Job {
            root: 0,
            born: crate::time::Time::ZERO,
            producer: 0,
            path: 0,
            retries: 0,
            duplicate: false,
            family,
        }
    }

    #[test]
    fn a_fork_is_completed_by_its_last_copy_and_lost_with_any() {
        let mut families = Families::default();
        let fork = families.open(3, Counts::Last);
        families.expect(&job(fork), 1);
        assert_eq!(families.end(fork, true), None);
        assert_eq!(families.end(fork, true), Some((true, 3)));
        let fork = families.open(4, Counts::Last);
        families.expect(&job(fork), 1);
        assert_eq!(families.end(fork, false), None);
        assert_eq!(families.end(fork, true), Some((false, 4)));
    }

    #[test]
    fn of_several_attempts_the_first_that_gets_through_counts() {
        let mut families = Families::default();
        let attempts = families.open(0, Counts::First);
        families.expect(&job(attempts), 2);
        assert_eq!(families.end(attempts, false), None);
        assert!(families.is_open(&job(attempts)));
        assert_eq!(families.end(attempts, true), Some((true, 0)));
        assert!(!families.is_open(&job(attempts)));
        assert_eq!(families.end(attempts, true), None);
        // Its place is taken by another.
        assert_eq!(families.open(0, Counts::First), attempts);
        assert!(families.is_open(&job(attempts)));
    }
}
