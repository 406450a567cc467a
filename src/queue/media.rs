//! What holds messages beside a broker: logs and pipes, under the numbers that the broker has reserved for them.

use super::effect::{Levels, Sink};
use super::log::{GroupId, Log};
use super::message::Message;
use super::pipe::Pipe;
use super::request::Delivery;
use super::settings::QueueId;
use crate::time::Time;

/// Logs and pipes by their numbers, for a driver that has them beside the queues of a broker.
#[derive(Clone, Debug)]
pub struct Media<B> {
    /// By number; `None` is a queue of the broker.
    places: Vec<Option<Medium<B>>>,
}

/// One of them.
#[derive(Clone, Debug)]
pub enum Medium<B> {
    /// A topic, and the one group that reads it.
    Log(Box<Log<B>>, GroupId),
    /// Sockets.
    Pipe(Box<Pipe<B>>),
}

impl<B: Clone> Media<B> {
    /// Nothing beside the broker.
    pub const fn new() -> Self {
        Self { places: Vec::new() }
    }

    /// Whether there is nothing beside the broker.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Puts something under a number.
    pub fn put(&mut self, queue: QueueId, medium: Medium<B>) {
        if self.places.len() <= queue.index() {
            self.places.resize_with(queue.index() + 1, || None);
        }
        self.places[queue.index()] = Some(medium);
    }

    /// What is under a number; `None` for a queue of the broker.
    pub fn get(&self, queue: QueueId) -> Option<&Medium<B>> {
        self.places.get(queue.index())?.as_ref()
    }

    /// As [`Self::get`].
    pub fn get_mut(&mut self, queue: QueueId) -> Option<&mut Medium<B>> {
        self.places.get_mut(queue.index())?.as_mut()
    }

    /// The next delivery of this moment and the client that gets it, by the number that the driver gave it.
    pub fn poll_delivery(
        &mut self,
        now: Time,
        sink: &mut impl Sink<B>,
    ) -> Option<(u32, Delivery<B>)> {
        self.all_mut().find_map(|medium| match medium {
            Medium::Log(log, _) => {
                let polled = log.poll_delivery(now, sink)?;
                Some((polled.member.0, polled.delivery))
            }
            Medium::Pipe(pipe) => {
                let (peer, delivery) = pipe.poll_delivery(now, sink)?;
                Some((peer.0, delivery))
            }
        })
    }

    /// When to call [`Self::expire`] though nothing arrives.
    pub fn next_deadline(&self) -> Time {
        let deadlines = self.all().map(|medium| match medium {
            Medium::Log(log, _) => log.next_deadline(),
            Medium::Pipe(pipe) => pipe.next_deadline(),
        });
        deadlines.min().unwrap_or(Time::NEVER)
    }

    /// What is due happens.
    pub fn expire(&mut self, now: Time, sink: &mut impl Sink<B>) {
        for medium in self.all_mut() {
            match medium {
                Medium::Log(log, _) => log.expire(now, sink),
                Medium::Pipe(pipe) => pipe.expire(now, sink),
            }
        }
    }

    /// How much is under a number; `None` for a queue of the broker.
    pub fn levels(&self, queue: QueueId) -> Option<Levels> {
        Some(match self.get(queue)? {
            Medium::Log(log, group) => log.levels(*group),
            Medium::Pipe(pipe) => pipe.levels(),
        })
    }

    /// All messages under a number, oldest first; none for a queue of the broker.
    pub fn messages(&self, queue: QueueId) -> Vec<&Message<B>> {
        match self.get(queue) {
            None => Vec::new(),
            Some(Medium::Log(log, group)) => log.messages(*group).collect(),
            Some(Medium::Pipe(pipe)) => pipe.messages().collect(),
        }
    }

    /// Messages in all of them.
    pub fn message_count(&self) -> usize {
        let counts = self.all().map(|medium| match medium {
            Medium::Log(log, _) => log.message_count(),
            Medium::Pipe(pipe) => pipe.message_count(),
        });
        counts.sum()
    }

    fn all(&self) -> impl Iterator<Item = &Medium<B>> {
        self.places.iter().flatten()
    }

    fn all_mut(&mut self) -> impl Iterator<Item = &mut Medium<B>> {
        self.places.iter_mut().flatten()
    }
}

impl<B: Clone> Default for Media<B> {
    fn default() -> Self {
        Self::new()
    }
}
