//! Pools: consumers with their slots, and the work each message brings.

use super::draws::{Draws, Key};
use crate::client::Consumer;
use crate::queue::Delivery;
use crate::scenario::{AckMode, OnFailure, Pool, Scenario};
use crate::time::Span;
use crate::workload::{Distribution, Job, UsedUp};
use rand::Rng;

/// What is the same for all consumers of a pool.
#[derive(Debug)]
pub(super) struct PoolState {
    pub(super) auto_ack: bool,
    pub(super) consumers: u32,
    /// Slots at work.
    pub(super) busy: u64,
    service: Distribution,
    failure: Option<(f64, OnFailure)>,
    /// By producer: what its messages bring here.
    work: Vec<Key>,
    luck: Vec<Key>,
}

impl PoolState {
    pub(super) fn new(pool: &Pool, scenario: &Scenario, draws: Draws) -> Self {
        let keys = |purpose| {
            let producers = scenario.producers.iter();
            producers
                .map(|producer| draws.key(&producer.name, purpose).of(&pool.name))
                .collect::<Vec<_>>()
        };
        Self {
            auto_ack: pool.ack == AckMode::Auto,
            consumers: pool.consumers,
            busy: 0,
            service: pool.service.clone(),
            failure: pool
                .failure
                .as_ref()
                .map(|failure| (failure.probability, failure.then.clone())),
            work: keys("service"),
            luck: keys("failure"),
        }
    }

    /// How long this attempt at a message takes: by the message and the attempt, whoever works on it and when.
    #[inline]
    pub(super) fn service_time(&self, delivery: &Delivery<Job>) -> Result<Span, UsedUp> {
        let Job { root, producer, .. } = delivery.body;
        let mut draws = self.work[producer as usize].at(root, delivery.returns);
        Ok(Span::from_secs_f64(self.service.sample(root, &mut draws)?))
    }

    /// What the consumer says if this attempt fails; `None` if it succeeds.
    #[inline]
    pub(super) fn failure(&self, delivery: &Delivery<Job>) -> Option<&OnFailure> {
        let (probability, then) = self.failure.as_ref()?;
        let Job { root, producer, .. } = delivery.body;
        let draw = self.luck[producer as usize]
            .at(root, delivery.returns)
            .next_u64();
        // 53 bits, as a number in [0, 1).
        let uniform = (draw >> 11) as f64 / (1u64 << 53) as f64;
        (uniform < *probability).then_some(then)
    }
}

/// One consumer of a pool.
#[derive(Debug)]
pub(super) struct ConsumerState {
    pub(super) pool: usize,
    pub(super) client: Consumer<Delivery<Job>>,
}

/// A slot of a consumer, and what it works on.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) consumer: u32,
    pub(super) delivery: Option<Delivery<Job>>,
}
