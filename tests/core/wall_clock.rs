//! The same core under a clock on the wall: the simulator is one driver of it, this is another.
//!
//! One thread owns the broker. It takes what producers and consumers send, polls deliveries, and sleeps until the next
//! message from them or the next deadline, whichever is first.

use super::rig::millis;
use queuelab::queue::{
    Broker, ChannelId, Delivery, Effect, Exit, Levels, Publication, QueueId, QueueSettings, Sink,
    Subscription,
};
use queuelab::time::Time;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

const MESSAGES: u32 = 100;
const CONSUMERS: usize = 3;
/// Each message of this kind finds a queue without consumers.
const EVERY_ABANDONED: u32 = 10;

/// Far more than any machine needs.
const PATIENCE: Time = Time::from_nanos(60_000_000_000);

enum Input {
    Publish {
        queue: QueueId,
        body: u32,
    },
    Ack {
        channel: ChannelId,
        tag: u64,
    },
    /// A producer has no more.
    Done,
}

/// What happened, in order.
#[derive(Default)]
struct History(Vec<(Time, QueueId, u32, Word)>);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Word {
    Accepted,
    Delivered,
    Left(Exit),
}

impl Sink<u32> for History {
    fn effect(&mut self, now: Time, queue: QueueId, effect: &Effect<'_, u32>, _: Levels) {
        let (body, word) = match effect {
            Effect::Accepted { message } => (message.body, Word::Accepted),
            Effect::Delivered { message, .. } => (message.body, Word::Delivered),
            Effect::Left { message, exit, .. } => (message.body, Word::Left(*exit)),
            Effect::Refused { .. }
            | Effect::Returned { .. }
            | Effect::Withheld { .. }
            | Effect::Copied { .. } => {
                unreachable!("nothing is refused or given back")
            }
        };
        self.0.push((now, queue, body, word));
    }
}

/// Drives `broker` in real time until the producer is done and nothing is left.
fn drive(
    broker: &mut Broker<u32>,
    inbox: &Receiver<Input>,
    workers: &[(ChannelId, Sender<Delivery<u32>>)],
) -> History {
    let start = Instant::now();
    let now = || Time::from_nanos(start.elapsed().as_nanos() as u64);
    let mut history = History::default();
    let mut is_open = true;
    while is_open || broker.message_count() > 0 {
        let moment = now();
        let left = broker.message_count();
        assert!(moment < PATIENCE, "{left} messages stand still");
        deliver(broker, moment, &mut history, workers);
        broker.expire(moment, &mut history);
        deliver(broker, moment, &mut history, workers);
        let wait = Duration::from_nanos(broker.next_deadline().since(now()).as_nanos());
        match inbox.recv_timeout(wait.min(Duration::from_secs(1))) {
            Ok(Input::Publish { queue, body }) => {
                let publication = Publication::of(body);
                broker
                    .publish(now(), queue, publication, &mut history)
                    .expect("the queue is there");
            }
            Ok(Input::Ack { channel, tag }) => {
                let answer = broker.ack(now(), channel, tag, &mut history);
                answer.expect("a worker acks each delivery once");
            }
            Ok(Input::Done) => is_open = false,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => unreachable!("workers hold senders"),
        }
    }
    history
}

fn deliver(
    broker: &mut Broker<u32>,
    now: Time,
    history: &mut History,
    workers: &[(ChannelId, Sender<Delivery<u32>>)],
) {
    while let Some(delivery) = broker.poll_delivery(now, history) {
        let worker = workers
            .iter()
            .find(|(channel, _)| *channel == delivery.channel);
        let (_, desk) = worker.expect("each consumer has a channel of its own");
        desk.send(delivery).expect("the worker lives");
    }
}

/// Works on one message at a time, until there are no more.
fn work(desk: &Receiver<Delivery<u32>>, outbox: &Sender<Input>) {
    for delivery in desk {
        thread::sleep(Duration::from_millis(1));
        let Delivery { channel, tag, .. } = delivery;
        if outbox.send(Input::Ack { channel, tag }).is_err() {
            return;
        }
    }
}

fn produce(outbox: &Sender<Input>, work: QueueId, abandoned: QueueId) {
    for body in 0..MESSAGES {
        let is_abandoned = body % EVERY_ABANDONED == 0;
        let queue = if is_abandoned { abandoned } else { work };
        outbox
            .send(Input::Publish { queue, body })
            .expect("the driver lives");
        thread::sleep(Duration::from_micros(500));
    }
    outbox.send(Input::Done).expect("the driver lives");
}

#[test]
fn the_core_runs_under_a_wall_clock_too() {
    let mut broker = Broker::new();
    let work_queue = broker
        .declare(Time::ZERO, QueueSettings::default())
        .expect("it can be");
    // Nobody consumes here: what comes expires, and goes to work after all.
    let abandoned = QueueSettings {
        message_ttl: Some(millis(5)),
        dead_letter: Some(work_queue),
        ..QueueSettings::default()
    };
    let abandoned = broker.declare(Time::ZERO, abandoned).expect("it can be");
    let (outbox, inbox) = channel();
    let mut workers = Vec::new();
    for _ in 0..CONSUMERS {
        let id = broker.open_channel();
        broker
            .subscribe(id, work_queue, Subscription::prefetch(1))
            .expect("both are there");
        let (desk, orders) = channel();
        let outbox = outbox.clone();
        thread::spawn(move || work(&orders, &outbox));
        workers.push((id, desk));
    }
    thread::spawn(move || produce(&outbox, work_queue, abandoned));
    let History(history) = drive(&mut broker, &inbox, &workers);

    let of = |queue: QueueId, word: Word| -> Vec<u32> {
        let wanted = history
            .iter()
            .filter(|(_, other, _, what)| *other == queue && *what == word);
        wanted.map(|(_, _, body, _)| *body).collect()
    };
    let at = |queue: QueueId, body: u32, word: Word| -> Time {
        let found = history
            .iter()
            .find(|(_, other, b, what)| (*other, *b, *what) == (queue, body, word));
        found.expect("it happened").0
    };
    assert!(history.is_sorted_by_key(|(now, ..)| *now));

    let mut acked = of(work_queue, Word::Left(Exit::Acked));
    acked.sort_unstable();
    assert!(acked.into_iter().eq(0..MESSAGES), "all are acked, once");
    assert_eq!(
        of(work_queue, Word::Delivered),
        of(work_queue, Word::Accepted),
        "the line is first in, first out"
    );
    let forgotten: Vec<u32> = (0..MESSAGES).step_by(EVERY_ABANDONED as usize).collect();
    assert_eq!(of(abandoned, Word::Left(Exit::Expired)), forgotten);
    for body in forgotten {
        let waited =
            at(abandoned, body, Word::Left(Exit::Expired)) - at(abandoned, body, Word::Accepted);
        assert!(waited >= millis(5), "{body} waited {waited}");
        let expired = at(abandoned, body, Word::Left(Exit::Expired));
        assert_eq!(at(work_queue, body, Word::Accepted), expired);
    }
}
