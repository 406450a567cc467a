//! Where a message goes: to a queue, to the one that a balancer chooses, or to an exchange.

use super::draws::{Draws, Stream, uniform};
use crate::queue::{Broker, QueueId, Route};
use crate::scenario::{Balance, Target};
use crate::workload::Job;
use std::sync::Arc;

/// A target at work.
#[derive(Debug)]
pub(super) enum TargetState {
    Queue(QueueId),
    Balanced {
        policy: Balance,
        queues: Vec<QueueId>,
        /// Whose turn it is.
        next: usize,
        draws: Stream,
    },
    Exchange {
        /// Each with the chance of this one or one before it.
        routes: Vec<(f64, Arc<Route>)>,
        draws: Stream,
    },
}

/// Where the next message goes.
pub(super) enum Way {
    Queue(QueueId),
    Exchange(Arc<Route>),
}

impl TargetState {
    /// `component` and `number` name whose target it is.
    pub(super) fn new(target: &Target, component: &str, number: u32, draws: Draws) -> Self {
        match target {
            Target::Queue(queue) => Self::Queue(QueueId(*queue as u32)),
            Target::Balanced { policy, queues } => Self::Balanced {
                policy: *policy,
                queues: queues.iter().map(|queue| QueueId(*queue as u32)).collect(),
                next: 0,
                draws: draws.stream_of(component, "balance", number),
            },
            Target::Exchange { keys, .. } => {
                let mut up_to = 0.0;
                let routes = target.routes().into_iter().zip(keys);
                let routes = routes.map(|(route, (_, share))| {
                    up_to += share;
                    (up_to, Arc::new(route))
                });
                Self::Exchange {
                    routes: routes.collect(),
                    draws: draws.stream_of(component, "key", number),
                }
            }
        }
    }

    /// For the next message.
    #[inline]
    pub(super) fn choose(&mut self, broker: &Broker<Job>) -> Way {
        match self {
            Self::Queue(queue) => Way::Queue(*queue),
            Self::Exchange { routes, draws } => {
                let chance = if routes.len() > 1 {
                    uniform(draws)
                } else {
                    0.0
                };
                let taken = routes.iter().find(|(up_to, _)| chance < *up_to);
                // Shares add up to 1 but for rounding.
                let (_, route) = taken.unwrap_or(&routes[routes.len() - 1]);
                Way::Exchange(route.clone())
            }
            Self::Balanced {
                policy,
                queues,
                next,
                draws,
            } => {
                let all = queues.len();
                let index = match policy {
                    Balance::Random => one_of(draws, all),
                    Balance::RoundRobin => {
                        let turn = *next;
                        *next = (turn + 1) % all;
                        turn
                    }
                    Balance::Shortest => shortest(broker, queues, 0..all),
                    Balance::TwoChoices => {
                        let first = one_of(draws, all);
                        // One of the others, each with the same chance.
                        let second = (first + 1 + one_of(draws, all - 1)) % all;
                        shortest(broker, queues, [first, second].into_iter())
                    }
                };
                Way::Queue(queues[index])
            }
        }
    }
}

fn one_of(draws: &mut Stream, count: usize) -> usize {
    (uniform(draws) * count as f64) as usize
}

/// Which of `among` has the fewest messages; the first of equals.
fn shortest(broker: &Broker<Job>, queues: &[QueueId], among: impl Iterator<Item = usize>) -> usize {
    among
        .min_by_key(|index| broker.levels(queues[*index]).total())
        .expect("a balancer has queues")
}
