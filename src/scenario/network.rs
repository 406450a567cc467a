//! What is between producers: exchanges, queues and pools, and the rules that hold for all of them.

use super::{Exchange, Pool, Profile, Queue, Scenario};

/// The parts that messages go through, by their indices; of a scenario, or of one that is still being checked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Network<'a> {
    pub(super) profile: Profile,
    pub(super) exchanges: &'a [Exchange],
    pub(super) queues: &'a [Queue],
    pub(super) pools: &'a [Pool],
}

impl Scenario {
    pub(super) fn network(&self) -> Network<'_> {
        Network {
            profile: self.profile,
            exchanges: &self.exchanges,
            queues: &self.queues,
            pools: &self.pools,
        }
    }
}

impl Network<'_> {
    /// How often work on a message of a queue may fail and be requeued; once more, and it leaves. `None` is no limit.
    pub(super) fn requeue_limit(&self, queue: usize) -> Option<u32> {
        // What a consumer requeues, it gives back by nack.
        self.queues[queue].settings.limit_of_nacks(self.profile)
    }
}
