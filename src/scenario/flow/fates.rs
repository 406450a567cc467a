//! What becomes of the messages that a pool takes: how many attempts they need, and how many get through.

use super::super::network::Network;
use super::super::{AckMode, Exchange, OnFailure, Pool};

/// Shares of the messages that a pool takes. A retry is published anew and taken as a message of its own, whereas a
/// requeued message is one until it leaves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::scenario) struct Fates {
    /// Worked on to the end: the pool publishes what follows.
    pub(in crate::scenario) passed: f64,
    /// Published again to the queue they came from.
    pub(super) retried: f64,
    /// Leave the queue without an ack.
    pub(super) rejected: f64,
}

impl Network<'_> {
    /// C of a pool: messages per second that it can serve for good, at most, where its work on one takes `service`
    /// seconds on average.
    ///
    /// A consumer that waits for a round trip serves no more than its prefetch in the time in which one message goes
    /// there, is worked on and is acked.
    pub(in crate::scenario) fn capacity(&self, pool: usize, service: f64) -> f64 {
        let (consumers, pool) = (self.served(pool), &self.pools[pool]);
        if consumers == 0 {
            return 0.0;
        }
        let (size, setup) = pool.batch.as_ref().map_or((1.0, 0.0), |batch| {
            (f64::from(batch.size), batch.setup.mean())
        });
        let work = service + setup / size;
        let working = f64::from(consumers) * f64::from(pool.slots()) / work;
        let held = if pool.takes_all() {
            f64::INFINITY
        } else {
            f64::from(consumers) * f64::from(pool.prefetch)
        };
        let round_trip = pool.round_trip.as_secs_f64();
        let served = if round_trip > 0.0 {
            working.min(held / (round_trip + size * work))
        } else {
            working
        };
        let up = if consumers < pool.consumers {
            // Another takes the place of the one that dies.
            1.0 - (1.0 - pool.availability()).powf(pool.consumers.into())
        } else {
            pool.availability()
        };
        served * up / pool.attempts(self)
    }
}

impl Pool {
    /// Whether it publishes anything.
    pub fn forwards(&self) -> bool {
        let retries = self
            .failure
            .as_ref()
            .is_some_and(|failure| matches!(failure.then, OnFailure::Retry(_)));
        retries || self.to.iter().any(|outlet| !outlet.to.is_empty())
    }

    /// Share of time that a consumer is up between its crashes.
    fn availability(&self) -> f64 {
        self.crashes.as_ref().map_or(1.0, |crashes| {
            let (up, down) = (crashes.up.mean(), crashes.down.mean());
            if up.is_finite() {
                up / (up + down)
            } else {
                1.0
            }
        })
    }

    /// Mean number of attempts at a message until it leaves or is published anew.
    fn attempts(&self, network: &Network<'_>) -> f64 {
        match self.failure.as_ref().map(|failure| &failure.then) {
            Some(OnFailure::Requeue(how)) => {
                self.attempts_within(network.requeue_limit(self.from, *how))
            }
            Some(OnFailure::Reject | OnFailure::Retry(_)) | None => 1.0,
        }
    }

    /// What becomes of what it takes, episodes of failure not counted.
    pub(in crate::scenario) fn fates(&self, network: &Network<'_>) -> Fates {
        let failing = self.failing_share();
        let (passed, retried) = match self.failure.as_ref().map(|failure| &failure.then) {
            None => (1.0, 0.0),
            Some(OnFailure::Reject) => (1.0 - failing, 0.0),
            Some(OnFailure::Requeue(how)) => {
                let limit = network.requeue_limit(self.from, *how);
                (self.passing_within(limit), 0.0)
            }
            Some(OnFailure::Retry(retry)) => {
                // Of the attempts at a message all but the first are retries of one before.
                let attempts = self.attempts_within(retry.limit);
                let passed = self.passing_within(retry.limit) / attempts;
                (passed, 1.0 - 1.0 / attempts)
            }
        };
        Fates {
            passed,
            retried,
            rejected: (1.0 - passed - retried).max(0.0),
        }
    }

    /// Where it publishes to, and the mean number of copies of each message that it is done with.
    pub(in crate::scenario) fn copies(&self, exchanges: &[Exchange]) -> Vec<(usize, f64)> {
        let mut copies = Vec::new();
        for outlet in &self.to {
            for (queue, share) in outlet.to.iter().flat_map(|target| target.spread(exchanges)) {
                super::add(&mut copies, queue, outlet.share * share);
            }
        }
        copies
    }

    /// Chance that an attempt at a healthy message fails, and share of poisonous messages. What was acked at delivery
    /// cannot fail.
    fn chances(&self) -> (f64, f64) {
        let failure = self.failure.as_ref();
        let counts = failure.filter(|_| self.ack == AckMode::Manual);
        counts.map_or((0.0, 0.0), |failure| (failure.probability, failure.poison))
    }

    /// Chance that the first attempt at a message fails.
    pub(in crate::scenario) fn failing_share(&self) -> f64 {
        let (failing, poison) = self.chances();
        poison + (1.0 - poison) * failing
    }

    /// Mean attempts with that many more: 1 + p + p² + … of a healthy message, all that are allowed of a poisonous one.
    fn attempts_within(&self, limit: Option<u32>) -> f64 {
        let (failing, poison) = self.chances();
        let most = limit.map_or(f64::INFINITY, |limit| f64::from(limit) + 1.0);
        let healthy = if failing < 1.0 {
            (1.0 - failing.powf(most)) / (1.0 - failing)
        } else {
            most
        };
        // A poisonous message that nothing limits stays for ever, and is counted once.
        let poisonous = if most.is_finite() { most } else { 1.0 };
        weighted(poison, poisonous) + weighted(1.0 - poison, healthy)
    }

    /// Share of messages that pass in the end, with that many more attempts.
    fn passing_within(&self, limit: Option<u32>) -> f64 {
        let (failing, poison) = self.chances();
        let most = limit.map_or(f64::INFINITY, |limit| f64::from(limit) + 1.0);
        // 1^∞ is 1: what always fails never passes.
        (1.0 - poison) * (1.0 - failing.powf(most))
    }
}

/// A share of something that may be infinite, of which no share is nothing.
fn weighted(share: f64, value: f64) -> f64 {
    if share > 0.0 { share * value } else { 0.0 }
}
