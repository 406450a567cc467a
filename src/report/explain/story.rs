//! A story on the blackboard: one line an event, and what came of each message.

mod json;

pub use json::object;

use crate::queue::Exit;
use crate::study::explain::story::{Event, Speech, Story, StoryEnd, Told, Undone, What, Who};
use crate::units;

/// The story in lines.
pub fn text(story: &Story) -> String {
    let mut lines = vec![story.title.clone()];
    let messages = match story.messages.len() {
        1 => "the first message".to_owned(),
        count => format!("the first {count} messages"),
    };
    lines.push(format!(
        "{} · {messages}, event by event; ready and unacked count later ones too · seed {}, replication 0",
        story.parameters, story.seed
    ));
    lines.push(String::new());
    lines.extend(events(story));
    lines.push(String::new());
    lines.extend(messages_told(story));
    lines.extend(ending(story));
    units::visible(&(lines.join("\n") + "\n"))
}

fn events(story: &Story) -> Vec<String> {
    let decimals = decimals(&story.events);
    let heading = [
        "time",
        "message",
        "what happens",
        "queue",
        "ready",
        "unacked",
    ];
    let mut rows = vec![heading.map(str::to_owned)];
    rows.extend(story.events.iter().map(|event| {
        let [queue, ready, unacked] =
            event
                .queue
                .map_or_else(Default::default, |(queue, levels)| {
                    let name = story.queues[queue].0.clone();
                    [name, levels.ready.to_string(), levels.unacked.to_string()]
                });
        [
            format!("{:.decimals$} s", event.at.as_secs_f64()),
            format!("#{}", event.message + 1),
            phrase(event, story),
            queue,
            ready,
            unacked,
        ]
    }));
    columns(&rows, [true, true, false, false, true, true])
}

/// As many decimals of a second as tell all instants apart, at most microseconds.
fn decimals(events: &[Event]) -> usize {
    let is_whole = |decimals: u32| {
        let grain = 1_000_000_000 / 10_u64.pow(decimals);
        events.iter().all(|event| event.at.as_nanos() % grain == 0)
    };
    (0..6).find(|decimals| is_whole(*decimals)).unwrap_or(6) as usize
}

/// What happens, in the words of the queue's broker.
fn phrase(event: &Event, story: &Story) -> String {
    let speech = event.queue.map(|(queue, _)| story.queues[queue].1);
    match &event.what {
        What::Published => {
            let producer = story.messages[event.message].producer;
            format!("published by {}", story.producers[producer])
        }
        What::Ready { position } => match (speech, position) {
            (Some(Speech::ZeroMq), _) => "waits at its sender".to_owned(),
            (Some(Speech::Sqs), _) => "visible".to_owned(),
            (_, Some(position)) => format!("ready, position {position}"),
            (_, None) => "ready".to_owned(),
        },
        What::Appended { partition, offset } => {
            format!("appended to partition {partition} at offset {offset}")
        }
        What::Delayed => "in the queue, not visible yet".to_owned(),
        What::Refused { to } => {
            let why = if speech == Some(Speech::ZeroMq) {
                "refused: every line is full"
            } else {
                "refused: the queue is full"
            };
            format!("{why}{}", going_to(to, story))
        }
        What::Sent => "on its way to a receiver".to_owned(),
        What::Handed { to, again } => {
            let how = match speech {
                Some(Speech::Kafka) => "polled by",
                Some(Speech::Sqs | Speech::ZeroMq) => "received by",
                Some(Speech::RabbitMq { .. }) | None => "delivered to",
            };
            let again = if *again { ", once more" } else { "" };
            format!("{how} {}{again}", consumer(*to, story))
        }
        What::Begun { by } => format!("work begins at {}", consumer(*by, story)),
        What::Done => "work is done".to_owned(),
        What::Undone(why) => undone(*why).to_owned(),
        What::Returned { again } => returned(speech, *again).to_owned(),
        What::Withheld => "dead, and kept until it has arrived elsewhere".to_owned(),
        What::Copied { to } => format!("a copy has arrived{}", going_to(to, story)),
        What::Left { exit, to } => format!("{}{}", left(speech, *exit), going_to(to, story)),
        What::Exited { exit } => format!("leaves by exit {}", story.exits[*exit]),
        What::Lost => "lost: nothing takes it".to_owned(),
    }
}

fn consumer((pool, rank): Who, story: &Story) -> String {
    format!("consumer {rank} of {}", story.pools[pool])
}

fn going_to(queues: &[usize], story: &Story) -> String {
    let names = queues.iter().map(|queue| story.queues[*queue].0.as_str());
    match names.collect::<Vec<_>>().join(", ") {
        none if none.is_empty() => none,
        names => format!(", dead-lettered to {names}"),
    }
}

const fn undone(why: Undone) -> &'static str {
    match why {
        Undone::Failed => "work fails",
        Undone::Died => "work is lost with its consumer",
        Undone::Unknown => "work fails, or is lost with its consumer",
    }
}

const fn returned(speech: Option<Speech>, again: bool) -> &'static str {
    match (speech, again) {
        (Some(Speech::Sqs), false) => "visible",
        (Some(Speech::Sqs), true) => "visible again",
        (Some(Speech::Kafka), _) => "not committed: to be polled again",
        (Some(Speech::RabbitMq { .. } | Speech::ZeroMq) | None, _) => "requeued",
    }
}

const fn left(speech: Option<Speech>, exit: Exit) -> &'static str {
    match (exit, speech) {
        (Exit::Acked, Some(Speech::Kafka)) => "committed",
        (Exit::Acked, Some(Speech::Sqs)) => "deleted",
        (Exit::Acked, Some(Speech::RabbitMq { acks_itself: true })) => "acked at delivery",
        (Exit::Acked, _) => "acked",
        (Exit::Expired, Some(Speech::Kafka)) => "expired: retention is over",
        (Exit::Expired, _) => "expired",
        (Exit::Dropped, _) => "dropped from the head: the queue is too long",
        (Exit::ConsumerRejected, _) => "rejected",
        (Exit::DeliveryLimited, Some(Speech::Sqs)) => "received too often",
        (Exit::DeliveryLimited, _) => "over the delivery limit",
        (Exit::Purged, _) => "purged",
        (Exit::PeerLost, _) => "lost with its peer",
    }
}

fn messages_told(story: &Story) -> Vec<String> {
    let heading = [
        "message",
        "producer",
        "waited",
        "served",
        "in all",
        "in the end",
    ];
    let mut rows = vec![heading.map(str::to_owned)];
    rows.extend(story.messages.iter().enumerate().map(|(number, told)| {
        let (in_all, end) = outcome(told, story);
        [
            format!("#{}", number + 1),
            story.producers[told.producer].clone(),
            told.waited.to_string(),
            told.served.to_string(),
            in_all,
            end,
        ]
    }));
    columns(&rows, [true, false, true, true, true, false])
}

fn outcome(told: &Told, story: &Story) -> (String, String) {
    let queue = told.left_in.map(|queue| story.queues[queue].0.as_str());
    match (told.ended, queue) {
        (Some((at, true)), _) => (at.since(told.made).to_string(), "completed".to_owned()),
        (_, Some(queue)) => (String::new(), format!("in {queue}")),
        (Some((at, false)), None) => (at.since(told.made).to_string(), "lost".to_owned()),
        (None, None) => (String::new(), "on its way".to_owned()),
    }
}

fn ending(story: &Story) -> Option<String> {
    let all_made = story.messages.len() == story.asked;
    match story.ends {
        StoryEnd::AllEnded => None,
        StoryEnd::RunOver(at) if all_made => Some(format!("The run is over at {at}.")),
        StoryEnd::RunOver(at) => Some(format!(
            "The run is over at {at}: no more than {} messages are made in it.",
            story.messages.len()
        )),
        StoryEnd::TooLong(at) => Some(format!(
            "Followed up to {at}: by then not all of these messages had come to their ends."
        )),
    }
}

/// Columns under each other, numbers to the right.
fn columns<const N: usize>(rows: &[[String; N]], to_the_right: [bool; N]) -> Vec<String> {
    let width = |column: usize| {
        let widths = rows.iter().map(|row| row[column].chars().count());
        widths.max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..N).map(width).collect();
    let cell = |(column, text): (usize, &String)| {
        let width = widths[column];
        if to_the_right[column] {
            format!("{text:>width$}")
        } else {
            format!("{text:width$}")
        }
    };
    let line = |row: &[String; N]| {
        let cells = row.iter().enumerate().map(cell).collect::<Vec<_>>();
        cells.join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}
