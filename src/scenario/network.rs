//! What messages go through, and the rules that hold for all of it.

mod dead_letters;

pub(super) use dead_letters::DeadLetterWays;

use super::{Exchange, GivenBack, Medium, Pool, Producer, Profile, Queue, Scenario};
use std::cmp::Reverse;

/// Those who publish, and what messages go through, by their indices; of a scenario, or of one that is still being
/// checked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Network<'a> {
    pub(super) profile: Profile,
    pub(super) producers: &'a [Producer],
    pub(super) exchanges: &'a [Exchange],
    pub(super) queues: &'a [Queue],
    pub(super) pools: &'a [Pool],
}

impl Scenario {
    pub(super) fn network(&self) -> Network<'_> {
        Network {
            profile: self.broker.profile,
            producers: &self.producers,
            exchanges: &self.exchanges,
            queues: &self.queues,
            pools: &self.pools,
        }
    }
}

impl Network<'_> {
    /// How often work on a message of a queue may fail and be given back so; once more, and it leaves. `None` is no
    /// limit.
    pub(super) fn requeue_limit(&self, queue: usize, how: GivenBack) -> Option<u32> {
        let settings = &self.queues[queue].settings;
        if settings.is_sqs() {
            // Of so many receives the first is none after a failure.
            return settings.limit_of_receives().map(|most| most - 1);
        }
        match how {
            GivenBack::Nack | GivenBack::Left => settings.limit_of_nacks(self.profile),
            GivenBack::Reject => settings.limit_of_deliveries(self.profile),
        }
    }

    /// How many consumers of a pool are served at once: all of them, or of a queue with a single active consumer the
    /// one that is active before any goes away.
    pub(super) fn served(&self, pool: usize) -> u32 {
        let own = &self.pools[pool];
        if self.queues[own.from].settings.single_active_consumer {
            u32::from(self.first_active(own.from) == Some(pool))
        } else if let Medium::Topic(settings) = &self.queues[own.from].medium {
            // Each partition has one member, and those of the file come first.
            let before = self.pools[..pool]
                .iter()
                .filter(|other| other.from == own.from);
            let before: u32 = before.fold(0, |sum, other| sum.saturating_add(other.consumers));
            settings
                .partitions
                .saturating_sub(before)
                .min(own.consumers)
        } else {
            own.consumers
        }
    }

    /// The pool of the first active consumer of a queue. All come at once, in the order of the file.
    fn first_active(&self, queue: usize) -> Option<usize> {
        let pools = self.pools.iter().enumerate();
        let mut pools = pools.filter(|(_, pool)| pool.from == queue);
        let settings = &self.queues[queue].settings;
        let first = if settings.yields_to_priority(self.profile) {
            pools.min_by_key(|(_, pool)| Reverse(pool.priority))
        } else {
            pools.next()
        };
        first.map(|(index, _)| index)
    }
}
