//! Whose rules a queue keeps, where they are not RabbitMQ's, and what its clients do there.

use crate::queue::{GroupSettings, LogSettings, Partitioner, PipeSettings};
use crate::time::Span;

/// What a queue is.
#[derive(Clone, Debug, PartialEq)]
pub enum Medium {
    /// A queue of a broker; whose rules it keeps, its settings say.
    Queue,
    /// A topic of Kafka, as its consumer group reads it.
    Topic(LogSettings),
    /// PUSH and PULL sockets of ZeroMQ, without a broker.
    Pipe(PipeSettings),
}

/// How a producer's client gathers messages before it sends them to a topic of Kafka.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gathering {
    /// How long the first message of a batch waits for others (`linger.ms`).
    pub linger: Span,
    /// Bytes with which a batch is full (`batch.size`).
    pub batch_bytes: u64,
    /// By whose rule a key leads to a partition.
    pub partitioner: Partitioner,
}

impl Default for Gathering {
    /// Kafka's, since 4.0; the partitioner is that of its Java client.
    fn default() -> Self {
        Self {
            linger: Span::from_nanos(5_000_000),
            batch_bytes: 16_384,
            partitioner: Partitioner::Java,
        }
    }
}

/// How a pool's consumers come by their messages.
#[derive(Clone, Debug, PartialEq)]
pub enum Client {
    /// The broker pushes as many as their prefetch lets it: RabbitMQ.
    Pushed,
    /// They ask for several at once, and again when they have begun on all: SQS.
    Receives {
        /// Most messages of one answer (`MaxNumberOfMessages`), at least 1.
        most: u32,
        /// After how long, again and again, a consumer restarts the timeout of all that it holds; `None` never does.
        extends: Option<Span>,
    },
    /// They ask for several at once, and again when they are done with all: Kafka.
    Polls {
        /// Of the group; the same in all pools of a queue.
        group: GroupSettings,
        /// When they commit what they are done with.
        commits: Commits,
    },
    /// Each idle slot takes one message out of its socket: ZeroMQ.
    Pulls,
}

/// When a consumer of Kafka commits. In either case it does so between two polls, and when it leaves in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Commits {
    /// After each batch, and waits for the answer (`enable.auto.commit` = false, and commitSync).
    EachBatch,
    /// At the first poll after so long (`auto.commit.interval.ms`).
    Every(Span),
}

/// What a queue costs, in whatever currency the file counts in.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cost {
    /// For being there.
    pub per_hour: Option<f64>,
    /// For each million of requests to SQS.
    pub per_million_requests: Option<f64>,
}

impl Medium {
    /// Whether it is a topic of Kafka.
    pub const fn is_topic(&self) -> bool {
        matches!(self, Self::Topic(_))
    }
}
