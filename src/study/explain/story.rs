//! The first messages of a run, event by event, as a teacher tells them on a blackboard.

mod teller;
#[cfg(test)]
mod tests;

use crate::engine::{self, SimulationError};
use crate::queue::{Exit, Levels};
use crate::scenario::{AckMode, Medium, Scenario, ScenarioSet};
use crate::study::StudyError;
use crate::time::{Span, Time};
use teller::Teller;

/// Most events of a run that are lived through for one story, here a few seconds of computing.
const MOST_EVENTS: u64 = 5_000_000;

/// A story of more lines than about so many goes in circles.
const MOST_LINES: usize = 100_000;

/// What happened to the first messages of replication 0.
#[derive(Clone, Debug)]
pub struct Story {
    /// The scenario's name: the stem of its file.
    pub scenario: String,
    /// Its title.
    pub title: String,
    /// One line that says what was run.
    pub parameters: String,
    /// Seed of all draws.
    pub seed: u64,
    /// How many messages were asked for.
    pub asked: usize,
    /// Names of the producers, by their indices.
    pub producers: Vec<String>,
    /// Names of the queues, by their indices, and in whose words to speak of them.
    pub queues: Vec<(String, Speech)>,
    /// Names of the pools, by their indices.
    pub pools: Vec<String>,
    /// Names of the exits, by their indices.
    pub exits: Vec<String>,
    /// All that happened to the messages, in order.
    pub events: Vec<Event>,
    /// What came of each, in the order in which they were made.
    pub messages: Vec<Told>,
    /// Why the story ends.
    pub ends: StoryEnd,
}

/// Whose words fit a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speech {
    /// Ready, delivered, acked; `acks_itself` where the broker acks at delivery.
    RabbitMq {
        /// Automatic acks.
        acks_itself: bool,
    },
    /// Appended, polled, committed.
    Kafka,
    /// Visible, received, deleted.
    Sqs,
    /// Waiting at a sender, received.
    ZeroMq,
}

/// One line of the story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: Time,
    /// Which message, by its index in [`Story::messages`].
    pub message: usize,
    /// What.
    pub what: What,
    /// In which queue, by its index, and how much is in it afterwards, whosever messages they are; `None` outside.
    pub queue: Option<(usize, Levels)>,
}

/// A consumer: index of its pool, and the how-manieth of it, from 1.
pub type Who = (usize, u32);

/// What happens to a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Its producer has made it, and publishes it now or when it may.
    Published,
    /// It stands in the line; `position` from the head, from 1, where a line has one.
    Ready {
        /// Place in the line.
        position: Option<u64>,
    },
    /// It was written to a partition of a topic.
    Appended {
        /// Which, from 0.
        partition: u64,
        /// Place in the partition, from 0.
        offset: u64,
    },
    /// A queue of SQS has it, and shows it to nobody yet.
    Delayed,
    /// Turned away, or sent to these queues instead.
    Refused {
        /// By their indices.
        to: Vec<usize>,
    },
    /// On its way from one socket to another.
    Sent,
    /// A consumer has it.
    Handed {
        /// Which.
        to: Who,
        /// It was handed out before.
        again: bool,
    },
    /// Work on it begins.
    Begun {
        /// By whom.
        by: Who,
    },
    /// Work on it has succeeded.
    Done,
    /// Work on it has come to nothing.
    Undone(Undone),
    /// It is back in the line, or visible for the first time.
    Returned {
        /// It was handed out before.
        again: bool,
    },
    /// It has died, and is kept until it has arrived elsewhere.
    Withheld,
    /// What is kept has arrived in one more queue.
    Copied {
        /// By their indices.
        to: Vec<usize>,
    },
    /// It has left its queue.
    Left {
        /// How.
        exit: Exit,
        /// Where it goes as a dead letter, by indices.
        to: Vec<usize>,
    },
    /// It leaves by an exit that has a name.
    Exited {
        /// Its index.
        exit: usize,
    },
    /// It is lost, outside of all queues.
    Lost,
}

/// Why work came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undone {
    /// It failed.
    Failed,
    /// Its consumer died, or had it taken away.
    Died,
    /// Either: the run does not say.
    Unknown,
}

/// What came of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Index of its producer.
    pub producer: usize,
    /// When it was made.
    pub made: Time,
    /// Time that it stood in queues, or with consumers, until work on it began; all stays, copies and attempts.
    pub waited: Span,
    /// Time that it was worked on, likewise.
    pub served: Span,
    /// When it came to its end, and whether it was completed rather than lost; `None` if it had not when the story
    /// ends.
    pub ended: Option<(Time, bool)>,
    /// The queue that it is in when the story ends, if that is one.
    pub left_in: Option<usize>,
}

/// Why the story ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoryEnd {
    /// All messages that it is of have come to their ends, or lie where nobody takes them.
    AllEnded,
    /// The run does, at this instant.
    RunOver(Time),
    /// It would take too long: it was followed up to here.
    TooLong(Time),
}

/// Tells what happens to the first `count` messages that producers make in replication 0 of the base scenario.
///
/// # Errors
/// Where the run cannot go on before all of them have come to their ends.
pub fn tell(set: &ScenarioSet, count: usize) -> Result<Story, StudyError> {
    let scenario = &set.base;
    let mut teller = Teller::new(scenario, count);
    let ran = engine::simulate(scenario, scenario.seed, 0, &mut teller);
    let ends = match ran {
        _ if teller.is_over() => StoryEnd::AllEnded,
        Ok(totals) => StoryEnd::RunOver(totals.end),
        Err(SimulationError::Interrupted) => StoryEnd::TooLong(teller.last()),
        Err(
            error @ (SimulationError::UsedUp { .. }
            | SimulationError::Stuck { .. }
            | SimulationError::TooMuch { .. }),
        ) => return Err(error.into()),
    };
    let (events, messages) = teller.finish();
    let names = |all: Vec<&str>| all.into_iter().map(str::to_owned).collect();
    let queues = scenario.queues.iter().enumerate();
    Ok(Story {
        scenario: set.name.clone(),
        title: scenario.title.clone(),
        parameters: scenario.parameters(),
        seed: scenario.seed,
        asked: count,
        producers: names((scenario.producers.iter().map(|one| one.name.as_str())).collect()),
        queues: queues
            .map(|(index, queue)| (queue.name.clone(), speech(scenario, index)))
            .collect(),
        pools: names((scenario.pools.iter().map(|one| one.name.as_str())).collect()),
        exits: names(scenario.exits()),
        events,
        messages,
        ends,
    })
}

fn speech(scenario: &Scenario, queue: usize) -> Speech {
    let mut pools = scenario.pools_of(queue);
    match &scenario.queues[queue].medium {
        Medium::Topic(_) => Speech::Kafka,
        Medium::Pipe(_) => Speech::ZeroMq,
        Medium::Queue if scenario.queues[queue].settings.is_sqs() => Speech::Sqs,
        Medium::Queue => Speech::RabbitMq {
            acks_itself: pools.any(|pool| pool.ack == AckMode::Auto),
        },
    }
}
