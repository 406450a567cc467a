//! The broker: several queues, who consumes from them, and what goes on to where.

use super::channel::Channel;
use super::connection::Connection;
use super::consumer::Consumer;
use super::death::Death;
use super::effect::{Levels, Sink};
use super::error::QueueError;
use super::incoming::{Errand, Incoming};
use super::message::{Message, MessageId, Store};
use super::request::{Delivery, Publication};
use super::routing::{Routing, check_name};
use super::rules::{Rules, may_move};
use super::settings::{Overflow, Profile, QueueId, QueueSettings};
use super::slots::Slots;
use super::state::QueueState;
use super::timer::Timer;
use crate::time::{Span, Time};
use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

/// What holds for all of a broker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BrokerSettings {
    /// Whose rules hold where versions differ.
    pub profile: Profile,
    /// How long a delivery may be unsettled; `None` is for ever. RabbitMQ's default is half an hour.
    pub consumer_timeout: Option<Span>,
    /// Most bytes of bodies held, ready and unacked, before publishers are blocked; `None` is no limit. RabbitMQ looks
    /// at memory of all kinds, every 2.5 s; this is bodies alone, and at once.
    pub memory_limit: Option<u64>,
}

impl BrokerSettings {
    /// RabbitMQ's, of `profile`; but memory has no limit, as that is a share of a machine's.
    pub const fn of(profile: Profile) -> Self {
        Self {
            profile,
            consumer_timeout: Some(Span::from_secs(1800)),
            memory_limit: None,
        }
    }
}

/// Queues, channels and consumers, and the routing of dead letters between queues.
#[derive(Clone, Debug)]
pub struct Broker<B> {
    pub(super) settings: BrokerSettings,
    pub(super) queues: Vec<QueueState>,
    pub(super) store: Store<B>,
    pub(super) connections: Slots<Connection>,
    pub(super) channels: Slots<Channel>,
    pub(super) consumers: Slots<Consumer>,
    /// Publishes so far: gives each message its place in the order.
    pub(super) published: u64,
    /// When to come back for which queue: each queue's alarm, where it has one.
    pub(super) alarms: BTreeSet<(Time, QueueId)>,
    /// When to come back for anything else.
    pub(super) timers: BTreeSet<(Time, Timer)>,
    /// Queues in which something may be delivered.
    pub(super) touched: VecDeque<QueueId>,
    /// Deliveries that had to be made before a limit was applied, and what follows the first of an answer.
    pub(super) outbox: VecDeque<Delivery<B>>,
    /// What has yet to happen of deaths: messages that left one queue and have yet to reach the next.
    pub(super) dead: VecDeque<Errand<B>>,
    pub(super) routing: Routing,
    /// Where a message goes that is being published …
    pub(super) destinations: Vec<QueueId>,
    /// … or that dies. Empty in between; kept so that routing does not allocate.
    pub(super) onward: Vec<QueueId>,
    /// In bytes.
    pub(super) memory_limit: u64,
    /// Memory is short, and whoever publishes is blocked.
    pub(super) is_alarmed: bool,
}

impl<B: Clone> Default for Broker<B> {
    fn default() -> Self {
        Self::new()
    }
}

impl<B: Clone> Broker<B> {
    /// Without queues or channels, and as [`BrokerSettings`] are by default.
    pub const fn new() -> Self {
        Self::with(BrokerSettings {
            profile: Profile::Rabbitmq310,
            consumer_timeout: None,
            memory_limit: None,
        })
    }

    /// Without queues or channels.
    pub const fn with(settings: BrokerSettings) -> Self {
        Self {
            settings,
            queues: Vec::new(),
            store: Store::new(),
            connections: Slots::new(),
            channels: Slots::new(),
            consumers: Slots::new(),
            published: 0,
            alarms: BTreeSet::new(),
            timers: BTreeSet::new(),
            touched: VecDeque::new(),
            outbox: VecDeque::new(),
            dead: VecDeque::new(),
            routing: Routing::new(),
            destinations: Vec::new(),
            onward: Vec::new(),
            memory_limit: match settings.memory_limit {
                Some(most) => most,
                None => u64::MAX,
            },
            is_alarmed: false,
        }
    }

    /// Adds a queue, and gives it a name. Its dead letter queue may be declared later; while it is not there, dead
    /// letters are dropped.
    ///
    /// # Errors
    /// Where no queue can be like this, or its owner is not there.
    pub fn declare(&mut self, now: Time, settings: QueueSettings) -> Result<QueueId, QueueError> {
        let name = format!("amq.gen-{}", self.queues.len());
        self.add_queue(now, name.into(), settings)
    }

    /// Adds a queue under a name, or finds the one that is there if it is the same.
    ///
    /// # Errors
    /// As [`Broker::declare`], and where one of this name is there and another, or another's, or the name is reserved.
    pub fn declare_as(
        &mut self,
        now: Time,
        name: &str,
        settings: QueueSettings,
    ) -> Result<QueueId, QueueError> {
        if name.is_empty() {
            return self.declare(now, settings);
        }
        if let Some(id) = self.queue_named(name) {
            let state = &self.queues[id.index()];
            let (present, is_quorum) = (&state.declared, state.rules.is_quorum());
            if present.owner.is_some() && present.owner != settings.owner {
                return Err(QueueError::Locked(id));
            }
            if *present != settings {
                return Err(QueueError::OtherQueue(id));
            }
            // `docs/quorum-queues#feature-matrix`: to declare it again is no use of a quorum queue.
            if !is_quorum {
                self.renew_lease(now, id);
            }
            return Ok(id);
        }
        check_name(name)?;
        self.add_queue(now, name.into(), settings)
    }

    fn add_queue(
        &mut self,
        now: Time,
        name: Arc<str>,
        settings: QueueSettings,
    ) -> Result<QueueId, QueueError> {
        settings.check(self.settings.profile)?;
        self.check_dead_letters(&settings)?;
        if let Some(owner) = settings.owner
            && self.connections.get(owner.0).is_none()
        {
            return Err(QueueError::UnknownConnection(owner));
        }
        let rules = Rules::of(&settings, &self.settings);
        let id = QueueId(self.queues.len() as u32);
        self.routing.queue_names.insert(name.clone(), id);
        self.queues.push(QueueState::new(name, settings, rules));
        self.renew_lease(now, id);
        Ok(id)
    }

    /// Whether dead letters may go to the one that `settings` name, and those of others to the one that is to be
    /// declared like this.
    fn check_dead_letters(&self, settings: &QueueSettings) -> Result<(), QueueError> {
        let id = QueueId(self.queues.len() as u32);
        let of = |queue: QueueId| &self.queues[queue.index()].settings;
        let may_move = |from: &QueueSettings, to: &QueueSettings| may_move(from.kind, to.kind);
        if let Some(to) = settings.dead_letter
            && self.find(to).is_ok()
            && !may_move(settings, of(to))
        {
            return Err(QueueError::OtherKind(to));
        }
        let others = (0..id.0).map(QueueId).map(of);
        let mut sources = others.filter(|other| other.dead_letter == Some(id));
        match sources.all(|from| may_move(from, settings)) {
            true => Ok(()),
            false => Err(QueueError::OtherKind(id)),
        }
    }

    /// Gives away a number for what is no queue of this broker (the group of a log, a pipe), so that
    /// whoever drives several can number all that holds messages alike.
    pub fn reserve(&mut self) -> QueueId {
        let id = QueueId(self.queues.len() as u32);
        let rules = Rules::of(&QueueSettings::default(), &self.settings);
        let mut state = QueueState::new("".into(), QueueSettings::default(), rules);
        state.is_gone = true;
        self.queues.push(state);
        id
    }

    /// Puts a message into `queue`, or hands its body back where the queue refuses it.
    ///
    /// # Errors
    /// Where the queue is not there, or wants a group.
    pub fn publish(
        &mut self,
        now: Time,
        queue: QueueId,
        publication: Publication<B>,
        sink: &mut impl Sink<B>,
    ) -> Result<Option<B>, QueueError> {
        self.find(queue)?.check_group(queue, publication.group)?;
        let refused = self.enter(now, queue, Incoming::new(publication, None), sink);
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

    /// The next of the deliveries that had to be made before they were polled, as a limit was applied; nothing more is
    /// dispatched. Before it ends a consumer, a driver takes them: some are settled already.
    pub fn poll_made(&mut self) -> Option<Delivery<B>> {
        self.outbox.pop_front()
    }

    /// When to call [`Broker::expire`] though nothing arrives; [`Time::NEVER`] if it need not be.
    ///
    /// Holds once [`Broker::poll_delivery`] has given `None`; may change with any later input.
    pub fn next_deadline(&self) -> Time {
        let messages = self.alarms.first().map_or(Time::NEVER, |(due, _)| *due);
        let rest = self.timers.first().map_or(Time::NEVER, |(due, _)| *due);
        messages.min(rest)
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
        while let Some((due, timer)) = self.timers.first().copied()
            && due <= now
        {
            self.timers.pop_first();
            match timer {
                Timer::Lease(queue) => self.check_lease(now, due, queue, sink),
                Timer::Patience(channel) => self.look(now, due, channel, sink),
                Timer::Unconfirmed(queue) => self.send_again(now, queue, sink),
            }
        }
    }

    /// How much is in `queue`; nothing where it is not there.
    pub fn levels(&self, queue: QueueId) -> Levels {
        self.queues
            .get(queue.index())
            .map_or(Levels::EMPTY, QueueState::levels)
    }

    /// The name of `queue`, also if it was deleted.
    pub fn name(&self, queue: QueueId) -> Option<&str> {
        let state = self.queues.get(queue.index())?;
        Some(&state.name)
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

    /// Ready messages of `queue` in the order of delivery; in a FIFO queue of SQS in that of publishes, those of groups
    /// of which none is given out included.
    pub fn ready(&self, queue: QueueId) -> impl Iterator<Item = &Message<B>> {
        let lines = self
            .queues
            .get(queue.index())
            .map(|queue| queue.ready(&self.store));
        lines
            .into_iter()
            .flatten()
            .map(|id: MessageId| &self.store[id])
    }

    /// Messages in all queues.
    pub fn message_count(&self) -> usize {
        self.store.len()
    }

    pub(super) fn find(&self, queue: QueueId) -> Result<&QueueState, QueueError> {
        let state = self.queues.get(queue.index());
        state
            .filter(|state| !state.is_gone)
            .ok_or(QueueError::UnknownQueue(queue))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queue_has_one_alarm_however_often_an_earlier_one_comes_between() {
        let mut broker = Broker::new();
        let queue = broker
            .declare(
                Time::ZERO,
                QueueSettings {
                    max_priority: 1,
                    ..QueueSettings::default()
                },
            )
            .unwrap();
        let publish = |broker: &mut Broker<()>, now: u64, priority: u8, ttl: u64| {
            let publication = Publication {
                priority: Some(priority),
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
