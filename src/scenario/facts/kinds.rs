//! What follows from the kinds of a scenario's queues: whose rules they keep, and what can happen there.

use super::super::{AckMode, Client, Cost, Medium, OnFailure, Pool, Queue, Scenario};
use super::Figure;
use crate::queue::{GroupSettings, QueueKind};
use crate::time::Span;

impl Scenario {
    /// How the group of a topic is set up: as its pools say, which agree; of a topic that nobody reads, as Kafka's
    /// clients are.
    pub fn group_of(&self, queue: usize) -> GroupSettings {
        let group = self.pools_of(queue).find_map(|pool| match &pool.client {
            Client::Polls { group, .. } => Some(group.clone()),
            Client::Pushed | Client::Receives { .. } | Client::Pulls => None,
        });
        group.unwrap_or_default()
    }

    /// What a queue is, as a file writes it.
    pub fn kind_of(&self, queue: usize) -> &'static str {
        let Queue {
            medium, settings, ..
        } = &self.queues[queue];
        match (medium, settings.kind) {
            (Medium::Topic(_), _) => "kafka",
            (Medium::Pipe(_), _) => "zeromq",
            (Medium::Queue, QueueKind::Classic) => "classic",
            (Medium::Queue, QueueKind::Quorum) => "quorum",
            (Medium::Queue, QueueKind::Sqs) => "sqs",
            (Medium::Queue, QueueKind::SqsFifo) => "sqs fifo",
        }
    }

    /// Whether a component has a figure that not every one of its kind has.
    pub fn has_figure(&self, component: &str, figure: Figure) -> bool {
        let queue = self.queue_index(component);
        let is = |what: fn(&super::Queue) -> bool| queue.is_some_and(|q| what(&self.queues[q]));
        match figure {
            Figure::Lag => is(|queue| queue.medium.is_topic()),
            Figure::Requests => is(|queue| queue.settings.is_sqs()),
            Figure::PeerLost => is(|queue| matches!(queue.medium, Medium::Pipe(_))),
            Figure::Duplicates => queue.is_some_and(|queue| self.may_repeat(queue)),
            Figure::OrderViolations => queue.is_some_and(|queue| {
                let mut sources = self.sources_of(queue);
                sources.any(|producer| producer.key.is_some())
            }),
            Figure::Cost => {
                let pools = self.pools.iter().any(|pool| pool.cost_per_hour.is_some());
                pools
                    || self
                        .queues
                        .iter()
                        .any(|queue| queue.cost != Cost::default())
            }
            Figure::Wait
            | Figure::DeliveryWait
            | Figure::Sojourn
            | Figure::OldestAge
            | Figure::Latency
            | Figure::Ready
            | Figure::Unacked
            | Figure::Total
            | Figure::Published
            | Figure::Accepted
            | Figure::Refused
            | Figure::Acked
            | Figure::Expired
            | Figure::Dropped
            | Figure::ConsumerRejected
            | Figure::DeliveryLimited
            | Figure::Purged
            | Figure::DeadLettered
            | Figure::Redelivered
            | Figure::Censored
            | Figure::PWait
            | Figure::DrainTime
            | Figure::Growth
            | Figure::Utilisation
            | Figure::Consumers
            | Figure::Attempts
            | Figure::Offered
            | Figure::Lost
            | Figure::HeldBack
            | Figure::Blocked
            | Figure::Exited => true,
        }
    }

    /// Of each queue that is a topic its partitions, of others 0.
    pub fn partitions(&self) -> Vec<u32> {
        let queues = self.queues.iter();
        let count = |queue: &super::Queue| match &queue.medium {
            Medium::Topic(settings) => settings.partitions,
            Medium::Queue | Medium::Pipe(_) => 0,
        };
        queues.map(count).collect()
    }

    /// The numbers of those who may publish to a queue: producers by their indices, and after them pools by theirs.
    pub fn pushers(&self, queue: usize) -> Vec<u32> {
        let producers = self.producers.iter().map(|producer| vec![&producer.to]);
        let pools = self.pools.iter().map(|pool| {
            let targets = pool.to.iter().flat_map(|outlet| &outlet.to);
            let retried = matches!(&pool.failure, Some(failure) if matches!(failure.then, OnFailure::Retry(_)));
            let back = Some(pool.from).filter(|_| retried);
            (targets.collect::<Vec<_>>(), back)
        });
        let all = producers.map(|targets| (targets, None)).chain(pools);
        (0..)
            .zip(all)
            .filter(|(_, (targets, back))| {
                *back == Some(queue) || targets.iter().any(|target| self.reaches(target, queue))
            })
            .map(|(number, _)| number)
            .collect()
    }

    /// Whether work on a message of a queue may end more than once: its ack may not reach the broker, or may come too
    /// late.
    pub fn may_repeat(&self, queue: usize) -> bool {
        let dies = |pool: &Pool| pool.crashes.is_some() || !pool.outages.is_empty();
        let late =
            |pool: &Pool| pool.ack == AckMode::Manual && pool.round_trip > Span::ZERO && dies(pool);
        let own = &self.queues[queue];
        own.medium.is_topic() || self.takes_back(queue) || self.pools_of(queue).any(late)
    }

    /// Whether a queue takes back what its consumers hold for too long.
    pub fn takes_back(&self, queue: usize) -> bool {
        self.ack_timeout(queue).is_some() || self.queues[queue].settings.is_sqs()
    }
}
