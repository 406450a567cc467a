//! The broker: several queues, who consumes from them, and what goes on to where.

use super::channel::{Channel, ChannelId};
use super::consumer::{Consumer, ConsumerId};
use super::death::Death;
use super::effect::{Levels, Sink};
use super::flow::Incoming;
use super::message::{Message, MessageId, Store};
use super::settings::{Overflow, QueueId, QueueSettings};
use super::state::QueueState;
use crate::time::{Span, Time};
use std::collections::{BTreeSet, VecDeque};

/// What a client asked for cannot be: it named something that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueueError {
    /// No such queue was declared.
    #[error("no queue {0:?}: declare it first")]
    UnknownQueue(QueueId),
    /// The channel was never opened, or is closed.
    #[error("no open channel {0:?}")]
    UnknownChannel(ChannelId),
    /// The consumer was never there, or is cancelled.
    #[error("no consumer {0:?}")]
    UnknownConsumer(ConsumerId),
    /// Nothing with this tag waits to be settled on the channel: it never was, or was settled before.
    #[error("no unsettled delivery with tag {0}")]
    UnknownTag(u64),
}

/// What a producer hands in.
#[derive(Clone, Debug)]
pub struct Publication<B> {
    /// What the message carries.
    pub body: B,
    /// Size of the body in bytes.
    pub bytes: u32,
    /// Priority asked for; the queue caps it at its highest level.
    pub priority: u8,
    /// The message's own time to live; the smaller of this and the queue's wins.
    pub ttl: Option<Span>,
}

impl<B> Publication<B> {
    /// A message of no size, no priority and no time to live of its own.
    pub const fn of(body: B) -> Self {
        Self {
            body,
            bytes: 0,
            priority: 0,
            ttl: None,
        }
    }
}

/// What a consumer asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Most messages held unacked; 0 is no limit.
    pub prefetch: u32,
    /// Messages are settled at delivery; the prefetch then does not matter.
    pub auto_ack: bool,
}

impl Subscription {
    /// With manual acks.
    pub const fn prefetch(prefetch: u32) -> Self {
        Self {
            prefetch,
            auto_ack: false,
        }
    }

    /// With automatic acks.
    pub const fn auto_ack() -> Self {
        Self {
            prefetch: 0,
            auto_ack: true,
        }
    }
}

/// A message on its way to a consumer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery<B> {
    /// The channel to settle it on.
    pub channel: ChannelId,
    /// Who gets it; `None` for a `get`, or if the consumer was cancelled before this was polled.
    pub consumer: Option<ConsumerId>,
    /// From where.
    pub queue: QueueId,
    /// What to settle it by, counted from 1 on each channel.
    pub tag: u64,
    /// When it was published to this queue.
    pub enqueued: Time,
    /// It was delivered from this queue before.
    pub redelivered: bool,
    /// How often it came back before.
    pub returns: u32,
    /// How often it was dead-lettered before, in all: a message that comes round through a wait queue is another attempt.
    pub deaths: u32,
    /// Size of the body in bytes.
    pub bytes: u32,
    /// As it was published.
    pub priority: u8,
    /// What it carries.
    pub body: B,
}

/// Queues, channels and consumers, and the routing of dead letters between queues.
#[derive(Clone, Debug)]
pub struct Broker<B> {
    pub(super) queues: Vec<QueueState>,
    pub(super) store: Store<B>,
    pub(super) channels: Slots<Channel>,
    pub(super) consumers: Slots<Consumer>,
    /// Publishes so far: gives each message its place in the order.
    pub(super) published: u64,
    /// When to come back for which queue: each queue's alarm, where it has one.
    pub(super) alarms: BTreeSet<(Time, QueueId)>,
    /// Queues in which something may be delivered.
    pub(super) touched: VecDeque<QueueId>,
    /// Deliveries that had to be made before a limit was applied.
    pub(super) outbox: VecDeque<Delivery<B>>,
    /// Messages that left one queue and have yet to reach the next.
    pub(super) dead: VecDeque<(QueueId, Incoming<B>)>,
}

impl<B: Clone> Default for Broker<B> {
    fn default() -> Self {
        Self::new()
    }
}

impl<B: Clone> Broker<B> {
    /// Without queues or channels.
    pub const fn new() -> Self {
        Self {
            queues: Vec::new(),
            store: Store::new(),
            channels: Slots::new(),
            consumers: Slots::new(),
            published: 0,
            alarms: BTreeSet::new(),
            touched: VecDeque::new(),
            outbox: VecDeque::new(),
            dead: VecDeque::new(),
        }
    }

    /// Adds a queue. Its dead letter queue may be declared later; while it is not there, dead letters are dropped.
    pub fn declare(&mut self, settings: QueueSettings) -> QueueId {
        self.queues.push(QueueState::new(settings));
        QueueId(self.queues.len() as u32 - 1)
    }

    /// Opens a channel.
    pub fn open_channel(&mut self) -> ChannelId {
        ChannelId(self.channels.insert(Channel::default()))
    }

    /// Adds a consumer of `queue` whose deliveries are settled on `channel`.
    ///
    /// # Errors
    /// Where the channel or the queue is not there.
    pub fn subscribe(
        &mut self,
        channel: ChannelId,
        queue: QueueId,
        subscription: Subscription,
    ) -> Result<ConsumerId, QueueError> {
        self.find(queue)?;
        let owner = self
            .channels
            .get_mut(channel.0)
            .ok_or(QueueError::UnknownChannel(channel))?;
        let Subscription { prefetch, auto_ack } = subscription;
        let id = ConsumerId(self.consumers.insert(Consumer {
            channel,
            queue,
            prefetch,
            auto_ack,
            unacked: 0,
        }));
        owner.consumers.push(id);
        self.queues[queue.index()].turns.join(id);
        self.touch(queue);
        Ok(id)
    }

    /// Puts a message into `queue`, or hands its body back where the queue refuses it.
    ///
    /// # Errors
    /// Where the queue is not there.
    pub fn publish(
        &mut self,
        now: Time,
        queue: QueueId,
        publication: Publication<B>,
        sink: &mut impl Sink<B>,
    ) -> Result<Option<B>, QueueError> {
        self.find(queue)?;
        let refused = self.enter(now, queue, Incoming::new(publication), sink);
        self.bury(now, sink);
        Ok(refused)
    }

    /// Whether a message of `bytes` would enter `queue` now, rather than be refused; what consumers have room for does
    /// not stand in its way, so poll deliveries before. False where the queue is not there.
    pub fn accepts(&self, queue: QueueId, bytes: u32) -> bool {
        self.queues.get(queue.index()).is_some_and(|queue| {
            queue.settings.overflow == Overflow::DropHead || !queue.is_full_for(bytes)
        })
    }

    /// The next delivery of this moment; `None` when nothing more can be delivered.
    pub fn poll_delivery(&mut self, now: Time, sink: &mut impl Sink<B>) -> Option<Delivery<B>> {
        if !self.outbox.is_empty() {
            return self.outbox.pop_front();
        }
        while let Some(queue) = self.touched.front().copied() {
            let delivery = self.dispatch(now, queue, sink);
            let state = &mut self.queues[queue.index()];
            if !state.may_deliver() {
                state.touched = false;
                self.touched.pop_front();
                self.arm(now, queue);
            }
            // Only now, as a dead letter may come round to this very queue and touch it anew.
            self.bury(now, sink);
            if delivery.is_some() {
                return delivery;
            }
        }
        self.outbox.pop_front()
    }

    /// When to call [`Broker::expire`] though nothing arrives; [`Time::NEVER`] if it need not be.
    ///
    /// Holds once [`Broker::poll_delivery`] has given `None`; may change with any later input.
    pub fn next_deadline(&self) -> Time {
        self.alarms.first().map_or(Time::NEVER, |(due, _)| *due)
    }

    /// Lets go what still stands and is due, then publishes the dead letters; calls that come early do nothing. Poll
    /// deliveries before, so that what is due at this very moment may still be delivered, and again afterwards.
    pub fn expire(&mut self, now: Time, sink: &mut impl Sink<B>) {
        while let Some((due, queue)) = self.alarms.first().copied()
            && due <= now
        {
            self.alarms.pop_first();
            self.let_go(now, queue, sink);
        }
        // After all expiries, so that none of these arrives where it expires before it could be delivered.
        self.bury(now, sink);
    }

    /// How much is in `queue`; nothing where it is not there.
    pub fn levels(&self, queue: QueueId) -> Levels {
        self.queues
            .get(queue.index())
            .map_or(Levels::EMPTY, QueueState::levels)
    }

    /// Every message in `queue`, oldest publish first, with whether it is ready and its history of deaths, latest last.
    pub fn messages(&self, queue: QueueId) -> impl Iterator<Item = (&Message<B>, bool, &[Death])> {
        let present = self
            .queues
            .get(queue.index())
            .map(|queue| queue.present(&self.store));
        present.into_iter().flatten().map(|id| {
            let message = &self.store[id];
            (message, message.ready, message.deaths.all())
        })
    }

    /// Ready messages of `queue` in the order of delivery.
    pub fn ready(&self, queue: QueueId) -> impl Iterator<Item = &Message<B>> {
        let lines = self
            .queues
            .get(queue.index())
            .map(|queue| queue.lines.iter(&self.store));
        lines
            .into_iter()
            .flatten()
            .map(|id: MessageId| &self.store[id])
    }

    /// Messages in all queues.
    pub fn message_count(&self) -> usize {
        self.store.len()
    }

    pub(super) fn find(&self, queue: QueueId) -> Result<(), QueueError> {
        self.queues
            .get(queue.index())
            .map(drop)
            .ok_or(QueueError::UnknownQueue(queue))
    }
}

/// Things by number; numbers of what was removed are used again.
#[derive(Clone, Debug)]
pub(super) struct Slots<T> {
    slots: Vec<Option<T>>,
    free: Vec<u32>,
}

impl<T> Slots<T> {
    pub(super) const fn new() -> Self {
        Self {
            slots: Vec::new(),
            free: Vec::new(),
        }
    }

    pub(super) fn insert(&mut self, thing: T) -> u32 {
        if let Some(slot) = self.free.pop() {
            self.slots[slot as usize] = Some(thing);
            return slot;
        }
        self.slots.push(Some(thing));
        self.slots.len() as u32 - 1
    }

    pub(super) fn remove(&mut self, slot: u32) -> Option<T> {
        let thing = self.slots.get_mut(slot as usize)?.take()?;
        self.free.push(slot);
        Some(thing)
    }

    pub(super) fn get_mut(&mut self, slot: u32) -> Option<&mut T> {
        self.slots.get_mut(slot as usize)?.as_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queue_has_one_alarm_however_often_an_earlier_one_comes_between() {
        let mut broker = Broker::new();
        let queue = broker.declare(QueueSettings {
            max_priority: 1,
            ..QueueSettings::default()
        });
        let publish = |broker: &mut Broker<()>, now: u64, priority: u8, ttl: u64| {
            let publication = Publication {
                priority,
                ttl: Some(Span::from_nanos(ttl)),
                ..Publication::of(())
            };
            let now = Time::from_nanos(now);
            broker.expire(now, &mut ());
            broker.publish(now, queue, publication, &mut ()).unwrap();
            assert_eq!(broker.poll_delivery(now, &mut ()), None);
            assert!(broker.alarms.len() <= 1, "{:?}", broker.alarms);
        };
        publish(&mut broker, 0, 0, 1_000_000);
        for now in 1..100 {
            publish(&mut broker, now, 1, 1);
        }
    }
}
