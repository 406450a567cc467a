//! Where a message goes: to a queue, to the one that a balancer chooses, or to an exchange.

use super::draws::{Draws, Key, uniform};
use super::publish::Parcel;
use crate::queue::{Broker, Media, QueueId, Route};
use crate::scenario::{Balance, Scenario, Target};
use crate::workload::Job;
use std::sync::Arc;

/// A target at work.
#[derive(Debug)]
pub(super) struct TargetState {
    /// What a message that takes this way adds to the way it came: the same whatever else is in the file.
    pub(super) branch: u32,
    choice: Choice,
}

#[derive(Debug)]
enum Choice {
    Queue(QueueId),
    Balanced {
        policy: Balance,
        queues: Vec<QueueId>,
        /// Whose turn it is.
        next: usize,
        /// By producer.
        draws: Vec<Key>,
    },
    Exchange {
        /// Each with the chance of this one or one before it.
        routes: Vec<(f64, Arc<Route>)>,
        /// By producer.
        draws: Vec<Key>,
    },
}

/// Where the next message goes.
pub(super) enum Way {
    Queue(QueueId),
    Exchange(Arc<Route>),
}

impl TargetState {
    /// The `number`-th target of `component`.
    pub(super) fn new(
        target: &Target,
        (component, number): (&str, u32),
        scenario: &Scenario,
        draws: Draws,
    ) -> Self {
        let keys = |purpose: &str| {
            let own = draws.key(component, &format!("{purpose} {number}"));
            let producers = scenario.producers.iter();
            producers.map(|producer| own.of(&producer.name)).collect()
        };
        let choice = match target {
            Target::Queue(queue) => Choice::Queue(QueueId(*queue as u32)),
            Target::Balanced { policy, queues } => Choice::Balanced {
                policy: *policy,
                queues: queues.iter().map(|queue| QueueId(*queue as u32)).collect(),
                next: 0,
                draws: keys("balance"),
            },
            Target::Exchange { keys: shares, .. } => {
                let mut up_to = 0.0;
                let routes = target.routes().into_iter().zip(shares);
                let routes = routes.map(|(route, (_, share))| {
                    up_to += share;
                    (up_to, Arc::new(route))
                });
                Choice::Exchange {
                    routes: routes.collect(),
                    draws: keys("key"),
                }
            }
        };
        Self {
            branch: Draws::branch(component, number),
            choice,
        }
    }

    /// For a message: its key is its own, whenever it is published; a balancer chooses anew at each try.
    #[inline]
    pub(super) fn choose(
        &mut self,
        broker: &Broker<Job>,
        media: &Media<Job>,
        parcel: &Parcel,
    ) -> Way {
        match &mut self.choice {
            Choice::Queue(queue) => Way::Queue(*queue),
            Choice::Exchange { routes, draws } => {
                let chance = if routes.len() > 1 {
                    let Job { producer, root, .. } = parcel.job;
                    draws[producer as usize].uniform_at(root, parcel.way())
                } else {
                    0.0
                };
                let taken = routes.iter().find(|(up_to, _)| chance < *up_to);
                // Shares add up to 1 but for rounding.
                let (_, route) = taken.unwrap_or(&routes[routes.len() - 1]);
                Way::Exchange(route.clone())
            }
            Choice::Balanced {
                policy,
                queues,
                next,
                draws,
            } => {
                let all = queues.len();
                let Job { producer, root, .. } = parcel.job;
                let mut draws = draws[producer as usize].at(root, parcel.way() ^ parcel.tries());
                let mut one_of = |count: usize| (uniform(&mut draws) * count as f64) as usize;
                let index = match policy {
                    Balance::Random => one_of(all),
                    Balance::RoundRobin => {
                        let turn = *next;
                        *next = (turn + 1) % all;
                        turn
                    }
                    Balance::Shortest => shortest(broker, media, queues, 0..all),
                    Balance::TwoChoices => {
                        let first = one_of(all);
                        // One of the others, each with the same chance.
                        let second = (first + 1 + one_of(all - 1)) % all;
                        shortest(broker, media, queues, [first, second].into_iter())
                    }
                };
                Way::Queue(queues[index])
            }
        }
    }
}

/// Which of `among` has the fewest messages; the first of equals.
fn shortest(
    broker: &Broker<Job>,
    media: &Media<Job>,
    queues: &[QueueId],
    among: impl Iterator<Item = usize>,
) -> usize {
    let total = |queue: QueueId| {
        let levels = media.levels(queue);
        levels.unwrap_or_else(|| broker.levels(queue)).total()
    };
    among
        .min_by_key(|index| total(queues[*index]))
        .expect("a balancer has queues")
}
