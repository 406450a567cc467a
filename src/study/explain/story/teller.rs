//! Who listens to a run for a story: to all that happens, and writes down what happens to a few messages.

use super::{Event, MOST_EVENTS, MOST_LINES, Told, Undone, What, Who};
use crate::measure::Probe;
use crate::queue::{Delivery, Effect, Exit, Levels, QueueId, Sink};
use crate::scenario::{Medium, Scenario};
use crate::time::{Span, Time};
use crate::workload::{Job, JobId};
use std::collections::BTreeMap;

pub(super) struct Teller<'a> {
    scenario: &'a Scenario,
    /// So many messages are followed.
    count: usize,
    /// By producer, how many it has made.
    made: Vec<u64>,
    /// By producer and the how-manieth of its messages: which of those that are followed.
    numbers: BTreeMap<(u32, u64), usize>,
    /// By queue, as they were last told.
    levels: Vec<Levels>,
    stays: BTreeMap<(usize, JobId), Stay>,
    /// By message that is followed: in how many queues it is that somebody takes from, and in how many others.
    present: Vec<[u32; 2]>,
    events: Vec<Event>,
    messages: Vec<Told>,
    last: Time,
    is_over: bool,
}

/// One copy of a message in one queue.
#[derive(Clone, Copy, Debug)]
struct Stay {
    /// Since when nobody has worked on it.
    waits_since: Time,
    holder: Option<Who>,
    works_since: Option<Time>,
    handed: bool,
}

impl Stay {
    const fn from(now: Time) -> Self {
        Self {
            waits_since: now,
            holder: None,
            works_since: None,
            handed: false,
        }
    }
}

impl<'a> Teller<'a> {
    pub(super) fn new(scenario: &'a Scenario, count: usize) -> Self {
        Self {
            scenario,
            count,
            made: vec![0; scenario.producers.len()],
            numbers: BTreeMap::new(),
            levels: vec![Levels::EMPTY; scenario.queues.len()],
            stays: BTreeMap::new(),
            present: Vec::new(),
            events: Vec::new(),
            messages: Vec::new(),
            last: Time::ZERO,
            is_over: false,
        }
    }

    /// All that was to be told is.
    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }

    /// When something last happened, to whatever message.
    pub(super) fn last(&self) -> Time {
        self.last
    }

    pub(super) fn finish(mut self) -> (Vec<Event>, Vec<Told>) {
        for (message, present) in self.present.iter().enumerate() {
            if present.iter().sum::<u32>() > 0 {
                let mut events = self.events.iter().rev();
                let last = events.find(|event| event.message == message && event.queue.is_some());
                self.messages[message].left_in = last.and_then(|last| Some(last.queue?.0));
            }
        }
        (self.events, self.messages)
    }

    fn number(&self, job: &Job) -> Option<usize> {
        if self.is_over {
            return None;
        }
        self.numbers.get(&(job.producer, job.root)).copied()
    }

    fn note(&mut self, at: Time, message: usize, queue: Option<usize>, what: What) {
        // Who acks in the instant in which work is done says both with one word.
        let is_ack = matches!(
            what,
            What::Left {
                exit: Exit::Acked,
                ..
            }
        );
        let is_done =
            |last: &Event| last.at == at && last.message == message && last.what == What::Done;
        if is_ack && self.events.last().is_some_and(is_done) {
            self.events.pop();
        }
        self.events.push(Event {
            at,
            message,
            what,
            queue: queue.map(|queue| (queue, self.levels[queue])),
        });
    }

    /// The last that was told of a message, if it was at `now`.
    fn just_told(&self, now: Time, message: usize) -> Option<&What> {
        let mut events = self.events.iter().rev();
        let last = events.find(|event| event.message == message)?;
        (last.at == now).then_some(&last.what)
    }

    fn accepted(&mut self, now: Time, queue: usize, job: &Job, place: u64, before: Levels) {
        let Some(message) = self.number(job) else {
            return;
        };
        let now_ready = self.levels[queue].ready;
        let own = &self.scenario.queues[queue];
        let plain = own.settings.highest_priority(self.scenario.broker.profile) == 0
            && !own.settings.is_sqs();
        let what = match &own.medium {
            Medium::Topic(topic) => {
                let partitions = u64::from(topic.partitions.max(1));
                What::Appended {
                    partition: place % partitions,
                    offset: place / partitions,
                }
            }
            Medium::Queue if now_ready <= before.ready => What::Delayed,
            Medium::Queue => What::Ready {
                position: plain.then_some(now_ready),
            },
            Medium::Pipe(_) => What::Ready { position: None },
        };
        self.note(now, message, Some(queue), what);
        self.stays.insert((queue, job.id()), Stay::from(now));
        let kept = usize::from(self.scenario.keeps_messages(queue));
        self.present[message][kept] += 1;
        self.look();
    }

    fn left(&mut self, now: Time, queue: usize, job: &Job, exit: Exit, to: &[QueueId]) {
        let Some(message) = self.number(job) else {
            return;
        };
        let kept = usize::from(self.scenario.keeps_messages(queue));
        let present = &mut self.present[message][kept];
        *present = present.saturating_sub(1);
        // That a socket is read is told by who reads it.
        let is_read = matches!(self.scenario.queues[queue].medium, Medium::Pipe(_));
        if !(is_read && exit == Exit::Acked) {
            let to = indices(to);
            self.note(now, message, Some(queue), What::Left { exit, to });
        }
        self.look();
    }

    fn returned(&mut self, now: Time, queue: usize, job: &Job) {
        let Some(message) = self.number(job) else {
            return;
        };
        let stay = self.stays.get(&(queue, job.id()));
        let again = stay.is_some_and(|stay| stay.handed);
        self.note(now, message, Some(queue), What::Returned { again });
        let stay = Stay {
            handed: again,
            ..Stay::from(now)
        };
        self.stays.insert((queue, job.id()), stay);
    }

    /// Why work was in vain, as far as the file says.
    fn why_undone(&self, pool: usize) -> Undone {
        let pool = &self.scenario.pools[pool];
        let dies = pool.crashes.is_some()
            || !pool.outages.is_empty()
            || self.scenario.ack_timeout(pool.from).is_some();
        match (pool.failure.is_some(), dies) {
            (true, false) => Undone::Failed,
            (false, _) => Undone::Died,
            (true, true) => Undone::Unknown,
        }
    }

    /// Whether all that are followed were made, and have nothing before them any more.
    fn look(&mut self) {
        let settled = |(told, present): (&Told, &[u32; 2])| {
            let lies = present[1] > 0 && !self.scenario.makes_copies();
            present[0] == 0 && (told.ended.is_some() || lies)
        };
        let mut all = self.messages.iter().zip(&self.present);
        self.is_over = self.messages.len() == self.count && all.all(settled);
    }

    fn stay(&mut self, now: Time, delivery: &Delivery<Job>) -> &mut Stay {
        let key = (delivery.queue.index(), delivery.body.id());
        self.stays.entry(key).or_insert(Stay::from(now))
    }
}

fn indices(queues: &[QueueId]) -> Vec<usize> {
    queues.iter().map(|queue| queue.index()).collect()
}

impl Sink<Job> for Teller<'_> {
    fn effect(&mut self, now: Time, queue: QueueId, effect: &Effect<'_, Job>, levels: Levels) {
        let queue = queue.index();
        self.last = now;
        let before = std::mem::replace(&mut self.levels[queue], levels);
        let (job, what) = match *effect {
            Effect::Accepted { message } => {
                return self.accepted(now, queue, &message.body, message.position(), before);
            }
            Effect::Left {
                message,
                exit,
                dead_lettered_to,
                ..
            } => return self.left(now, queue, &message.body, exit, dead_lettered_to),
            Effect::Returned { message } => return self.returned(now, queue, &message.body),
            // Who is handed it tells, but of sockets, where it is on its way first.
            Effect::Delivered { message, .. } => (&message.body, What::Sent),
            Effect::Refused {
                body,
                dead_lettered_to,
                ..
            } => {
                let to = indices(dead_lettered_to);
                (body, What::Refused { to })
            }
            Effect::Withheld { message, .. } => (&message.body, What::Withheld),
            Effect::Copied { message, to } => {
                let to = indices(to);
                (&message.body, What::Copied { to })
            }
        };
        let is_pipe = matches!(self.scenario.queues[queue].medium, Medium::Pipe(_));
        if let Some(message) = self.number(job)
            && (is_pipe || what != What::Sent)
        {
            self.note(now, message, Some(queue), what);
        }
    }
}

impl Probe for Teller<'_> {
    fn made(&mut self, now: Time, producer: usize) {
        let root = self.made[producer];
        self.made[producer] += 1;
        self.last = now;
        if self.messages.len() == self.count {
            return;
        }
        let message = self.messages.len();
        self.numbers.insert((producer as u32, root), message);
        self.present.push([0; 2]);
        self.messages.push(Told {
            producer,
            made: now,
            waited: Span::ZERO,
            served: Span::ZERO,
            ended: None,
            left_in: None,
        });
        self.note(now, message, None, What::Published);
    }

    fn handed(&mut self, now: Time, pool: usize, rank: u32, delivery: &Delivery<Job>) {
        let Some(message) = self.number(&delivery.body) else {
            return;
        };
        let to = (pool, rank + 1);
        let stay = self.stay(now, delivery);
        let again = std::mem::replace(&mut stay.handed, true) || delivery.returns > 0;
        stay.holder = Some(to);
        let queue = delivery.queue.index();
        self.note(now, message, Some(queue), What::Handed { to, again });
    }

    fn started(&mut self, now: Time, pool: usize, delivery: &Delivery<Job>, _: bool) {
        let Some(message) = self.number(&delivery.body) else {
            return;
        };
        let stay = self.stay(now, delivery);
        stay.works_since = Some(now);
        let by = stay.holder.unwrap_or((pool, 1));
        let waited = now.since(stay.waits_since);
        self.messages[message].waited += waited;
        let queue = delivery.queue.index();
        self.note(now, message, Some(queue), What::Begun { by });
    }

    fn worked(&mut self, now: Time, delivery: &Delivery<Job>, is_done: bool) {
        let Some(message) = self.number(&delivery.body) else {
            return;
        };
        let stay = self.stay(now, delivery);
        stay.waits_since = now;
        let worked = now.since(stay.works_since.take().unwrap_or(now));
        let pool = stay.holder.map(|holder| holder.0);
        self.messages[message].served += worked;
        let what = if is_done {
            What::Done
        } else {
            What::Undone(pool.map_or(Undone::Unknown, |pool| self.why_undone(pool)))
        };
        self.note(now, message, Some(delivery.queue.index()), what);
    }

    fn exited(&mut self, now: Time, job: &Job, exit: usize) {
        if let Some(message) = self.number(job) {
            self.note(now, message, None, What::Exited { exit });
        }
    }

    fn ended(&mut self, now: Time, job: &Job, completed: bool) {
        let Some(message) = self.number(job) else {
            return;
        };
        self.messages[message].ended = Some((now, completed));
        let lies = self.present[message].iter().sum::<u32>() > 0;
        let is_said = self.just_told(now, message).is_some_and(|what| {
            matches!(
                what,
                What::Left { .. } | What::Refused { .. } | What::Undone(_)
            )
        });
        if !completed && !is_said && !lies {
            self.note(now, message, None, What::Lost);
        }
        self.look();
    }

    fn occupied(&mut self, _: Time, _: usize, _: u64, _: u64) {}

    fn goes_on(&mut self, events: u64) -> bool {
        !self.is_over && events < MOST_EVENTS && self.events.len() < MOST_LINES
    }
}
