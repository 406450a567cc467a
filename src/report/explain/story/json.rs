//! A story as data: times in seconds, messages numbered from 1.

use crate::queue::Exit;
use crate::report::json::{SCHEMA_VERSION, to_text};
use crate::study::explain::story::{Event, Story, StoryEnd, Told, Undone, What};
use serde::Serialize;

#[derive(Serialize)]
struct JsonStory<'a> {
    schema_version: u32,
    scenario: &'a str,
    title: &'a str,
    parameters: &'a str,
    seed: u64,
    replication: u32,
    events: Vec<JsonEvent<'a>>,
    messages: Vec<JsonMessage<'a>>,
    ends: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ends_at_s: Option<f64>,
}

#[derive(Serialize)]
struct JsonEvent<'a> {
    t_s: f64,
    message: usize,
    event: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    queue: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pool: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    consumer: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    partition: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    again: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exit: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    dead_lettered_to: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ready: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unacked: Option<u64>,
}

#[derive(Serialize)]
struct JsonMessage<'a> {
    message: usize,
    producer: &'a str,
    made_s: f64,
    waited_s: f64,
    served_s: f64,
    ended_s: Option<f64>,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    queue: Option<&'a str>,
}

/// The story as one JSON object.
pub fn object(story: &Story) -> String {
    let (ends, ends_at_s) = match story.ends {
        StoryEnd::AllEnded => ("all ended", None),
        StoryEnd::RunOver(at) => ("run over", Some(at.as_secs_f64())),
        StoryEnd::TooLong(at) => ("too long", Some(at.as_secs_f64())),
    };
    let messages = story.messages.iter().enumerate();
    to_text(&JsonStory {
        schema_version: SCHEMA_VERSION,
        scenario: &story.scenario,
        title: &story.title,
        parameters: &story.parameters,
        seed: story.seed,
        replication: 0,
        events: story.events.iter().map(|one| event(one, story)).collect(),
        messages: messages
            .map(|(index, told)| message(index, told, story))
            .collect(),
        ends,
        ends_at_s,
    })
}

fn event<'a>(event: &Event, story: &'a Story) -> JsonEvent<'a> {
    let names = |queues: &[usize]| {
        let names = queues.iter().map(|queue| story.queues[*queue].0.as_str());
        names.collect()
    };
    let mut told = JsonEvent {
        t_s: event.at.as_secs_f64(),
        message: event.message + 1,
        event: word(&event.what),
        queue: event.queue.map(|(queue, _)| story.queues[queue].0.as_str()),
        pool: None,
        consumer: None,
        position: None,
        partition: None,
        offset: None,
        again: None,
        why: None,
        exit: None,
        dead_lettered_to: Vec::new(),
        ready: event.queue.map(|(_, levels)| levels.ready),
        unacked: event.queue.map(|(_, levels)| levels.unacked),
    };
    match &event.what {
        What::Ready { position } => told.position = *position,
        What::Appended { partition, offset } => {
            (told.partition, told.offset) = (Some(*partition), Some(*offset));
        }
        What::Refused { to } | What::Copied { to } | What::Left { to, .. } => {
            told.dead_lettered_to = names(to);
        }
        What::Handed { to, again } => {
            (told.pool, told.consumer) = (Some(story.pools[to.0].as_str()), Some(to.1));
            told.again = Some(*again);
        }
        What::Begun { by } => {
            (told.pool, told.consumer) = (Some(story.pools[by.0].as_str()), Some(by.1));
        }
        What::Undone(why) => {
            told.why = match why {
                Undone::Failed => Some("failed"),
                Undone::Died => Some("consumer died"),
                Undone::Unknown => None,
            };
        }
        What::Returned { again } => told.again = Some(*again),
        What::Exited { exit } => told.exit = Some(&story.exits[*exit]),
        What::Published | What::Delayed | What::Sent | What::Done | What::Withheld | What::Lost => {
        }
    }
    told
}

/// One word for each thing that happens, whatever the broker calls it.
const fn word(what: &What) -> &'static str {
    match what {
        What::Published => "published",
        What::Ready { .. } => "ready",
        What::Appended { .. } => "appended",
        What::Delayed => "delayed",
        What::Refused { .. } => "refused",
        What::Sent => "sent",
        What::Handed { .. } => "delivered",
        What::Begun { .. } => "started",
        What::Done => "done",
        What::Undone(_) => "undone",
        What::Returned { .. } => "requeued",
        What::Withheld => "withheld",
        What::Copied { .. } => "copied",
        What::Left { exit, .. } => match exit {
            Exit::Acked => "acked",
            Exit::Expired => "expired",
            Exit::Dropped => "dropped",
            Exit::ConsumerRejected => "consumer_rejected",
            Exit::DeliveryLimited => "delivery_limited",
            Exit::Purged => "purged",
            Exit::PeerLost => "peer_lost",
        },
        What::Exited { .. } => "exited",
        What::Lost => "lost",
    }
}

fn message<'a>(index: usize, told: &Told, story: &'a Story) -> JsonMessage<'a> {
    JsonMessage {
        message: index + 1,
        producer: &story.producers[told.producer],
        made_s: told.made.as_secs_f64(),
        waited_s: told.waited.as_secs_f64(),
        served_s: told.served.as_secs_f64(),
        ended_s: told.ended.map(|(at, _)| at.as_secs_f64()),
        outcome: match (told.ended, told.left_in) {
            (Some((_, true)), _) => "completed",
            (_, Some(_)) => "in a queue",
            (Some((_, false)), None) => "lost",
            (None, None) => "on its way",
        },
        queue: told.left_in.map(|queue| story.queues[queue].0.as_str()),
    }
}
