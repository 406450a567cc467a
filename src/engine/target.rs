//! Where a message goes: to a queue, or to the one that a balancer chooses.

use super::draws::{Draws, Stream, uniform};
use crate::queue::{Broker, QueueId};
use crate::scenario::{Balance, Target};
use crate::workload::Job;

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
            Target::Exchange { .. } => unimplemented!(),
        }
    }

    /// The queue for the next message.
    #[inline]
    pub(super) fn choose(&mut self, broker: &Broker<Job>) -> QueueId {
        match self {
            Self::Queue(queue) => *queue,
            Self::Balanced {
                policy,
                queues,
                next,
                draws,
            } => {
                queues[match policy {
                    Balance::Random => one_of(draws, queues.len()),
                    Balance::RoundRobin => {
                        let turn = *next;
                        *next = (turn + 1) % queues.len();
                        turn
                    }
                    Balance::Shortest => shortest(broker, queues, 0..queues.len()),
                    Balance::TwoChoices => {
                        let first = one_of(draws, queues.len());
                        // One of the others, each with the same chance.
                        let second = (first + 1 + one_of(draws, queues.len() - 1)) % queues.len();
                        shortest(broker, queues, [first, second].into_iter())
                    }
                }]
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
