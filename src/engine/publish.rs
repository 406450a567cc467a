//! What is published: by producers, by pools, and once more by those who did not get through.

use super::agenda::Event;
use super::family::Counts;
use super::producer::ProducerState;
use super::target::Way;
use super::{Simulation, Step, Vain, used_up};
use crate::measure::Probe;
use crate::queue::{Medium, MessageGroup, PeerId, Publication, QueueId, Route};
use crate::scenario::OnRefused;
use crate::time::{Span, Time};
use crate::workload::Job;
use std::collections::VecDeque;
use std::sync::Arc;

/// A message on its way to the broker.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parcel {
    pub(super) job: Job,
    pub(super) bytes: u32,
    pub(super) priority: Option<u8>,
    pub(super) ttl: Option<Span>,
    pub(super) to: To,
    pub(super) sender: Sender,
    /// How often it was refused before.
    pub(super) refusals: u32,
    /// How often its producer has published it before, as it did not hear of it in time.
    pub(super) timeouts: u32,
    /// How long after the broker has answered for it its producer hears of that.
    pub(super) confirm_after: Span,
}

impl Parcel {
    /// Whether that slot waits for its being taken.
    pub(super) fn is_of(&self, index: u32) -> bool {
        matches!(self.sender, Sender::Slot { slot, .. } if slot == index)
    }

    /// The way the message has come, by which its draws are told apart; published again, it is the same message.
    pub(super) fn way(&self) -> u64 {
        match self.sender {
            Sender::Producer(_) => 0,
            Sender::Pool(_) | Sender::Slot { .. } => u64::from(self.job.path) << 32,
        }
    }

    /// How often it was published before.
    pub(super) fn tries(&self) -> u64 {
        (u64::from(self.timeouts) << 16) + u64::from(self.refusals)
    }

    #[inline]
    pub(super) fn publication(&self) -> Publication<Job> {
        Publication {
            body: self.job,
            bytes: self.bytes,
            priority: self.priority,
            ttl: self.ttl,
            group: None,
        }
    }
}

/// Where a message is published to.
#[derive(Clone, Copy, Debug)]
pub(super) enum To {
    /// One of the simulation's targets.
    Target(u32),
    /// The queue it came from.
    Back(QueueId),
}

/// Who hears of it when a message is refused.
#[derive(Clone, Copy, Debug)]
pub(super) enum Sender {
    Producer(u32),
    Pool(u32),
    /// A slot that is not done before its message is taken.
    Slot {
        slot: u32,
        life: u32,
    },
}

/// Messages that wait for room in a queue, in the order in which they were refused.
pub(super) type Blocked = VecDeque<Parcel>;

impl<P: Probe> Simulation<'_, P> {
    /// A source's arrival is due: a batch of messages, and the next arrival.
    pub(super) fn arrive(&mut self, source: u32) -> Step {
        self.events += 1;
        let (index, client) = self.sources[source as usize];
        for _ in 0..self.producer(index, ProducerState::batch)? {
            let now = self.now;
            let mut parcel = self.producer(index, |producer| producer.message(now))?;
            self.relay.probe.made(now, index as usize);
            if self.relay.is_followed(index) {
                let patient = self.producers[index as usize].patience.is_none();
                let counts = if patient { Counts::Last } else { Counts::First };
                parcel.job.family = self.relay.families.open(client, counts);
            }
            match &self.producers[index as usize].gate {
                None => self.send(parcel),
                Some(_) => self.offer(index, parcel),
            }
        }
        if self.producers[index as usize].is_closed() {
            return Ok(());
        }
        let now = self.now;
        if let Some(next) = self.producer(index, |producer| producer.next(now, client))? {
            self.traffic.schedule(next, Event::Arrival(source));
        }
        Ok(())
    }

    /// Asks a producer; a list of values that is used up is an error with its name.
    fn producer<T>(
        &mut self,
        index: u32,
        ask: impl FnOnce(&mut ProducerState) -> Result<T, crate::workload::UsedUp>,
    ) -> Step<T> {
        ask(&mut self.producers[index as usize]).map_err(|cause| {
            used_up(
                &self.scenario.producers[index as usize].name,
                self.now,
                cause,
            )
        })
    }

    /// Publishes a message after `delay`, after all that was due by then.
    pub(super) fn send_later(&mut self, delay: Span, parcel: Parcel) {
        if let Some(index) = self.parcels.insert(parcel) {
            let due = self.now + delay;
            self.traffic.schedule(due, Event::Departure(index));
        }
    }

    /// A message that had to wait for it is due to be published.
    pub(super) fn depart(&mut self, index: u32) {
        let parcel = self.parcels.take(index);
        match parcel.sender {
            Sender::Producer(producer) if self.producers[producer as usize].gate.is_some() => {
                self.offer(producer, parcel);
            }
            Sender::Producer(_) | Sender::Pool(_) | Sender::Slot { .. } => self.send(parcel),
        }
    }

    /// Hands a message to the broker.
    #[inline]
    pub(super) fn send(&mut self, parcel: Parcel) {
        let queue = match parcel.to {
            To::Back(queue) => queue,
            To::Target(target) => {
                match self.targets[target as usize].choose(&self.broker, &self.media, &parcel) {
                    Way::Queue(queue) => queue,
                    Way::Exchange(route) => return self.send_by(&route, parcel),
                }
            }
        };
        if !self.media.is_empty() {
            self.send_beside(queue, parcel);
        } else if self.inboxes.is_empty() {
            self.send_to(queue, parcel);
        } else {
            self.post(queue, parcel, None);
        }
    }

    /// To a queue of a scenario that has others than a broker's.
    #[cold]
    fn send_beside(&mut self, queue: QueueId, parcel: Parcel) {
        match self.media.get(queue) {
            Some(Medium::Log(..)) => self.gather_for(queue, parcel),
            Some(Medium::Pipe(_)) => drop(self.send_to(queue, parcel)),
            None if self.inboxes.is_empty() => drop(self.send_to(queue, parcel)),
            None => self.post(queue, parcel, None),
        }
    }

    /// By an exchange, to any number of queues; what is refused there, or finds none, is lost.
    #[cold]
    fn send_by(&mut self, route: &Arc<Route>, parcel: Parcel) {
        /// More copies than there are queues, so that none that ends in the course of this can be the last.
        const HOLD: u32 = 1 << 24;
        let Parcel { job, sender, .. } = parcel;
        if !self.inboxes.is_empty() {
            return self.post_by(route, parcel);
        }
        self.reserve_wait(&parcel);
        self.relay.families.expect(&job, HOLD);
        let published = self
            .broker
            .publish_to(
                self.now,
                route,
                parcel.publication(),
                false,
                &mut self.relay,
            )
            .expect("a checked scenario's exchange is there");
        let copies = published.accepted + published.refused;
        if copies == 0 {
            self.relay.end(self.now, &job, false);
        }
        let expected = copies.saturating_sub(1);
        self.relay.withdraw(self.now, &job, HOLD - expected);
        self.taken(sender, parcel);
    }

    /// A message needs nothing more of who published it, unless that waits for what becomes of it.
    #[inline]
    pub(super) fn taken(&mut self, sender: Sender, parcel: Parcel) {
        match sender {
            Sender::Producer(index) => {
                if self.producers[index as usize].listens {
                    self.confirm_later(index, &parcel);
                    self.await_completion(index, parcel);
                }
            }
            Sender::Slot { slot, life } => self.sent(slot, life),
            Sender::Pool(_) => {}
        }
    }

    /// Whether `queue` took it.
    #[inline(always)]
    pub(super) fn send_to(&mut self, queue: QueueId, parcel: Parcel) -> bool {
        self.reserve_wait(&parcel);
        self.relay.expect_answer();
        self.hand_in(queue, &parcel);
        let refused = self.relay.was_refused();
        if refused {
            self.refused(queue, parcel);
            self.release_wait(&parcel);
            return false;
        }
        self.taken(parcel.sender, parcel);
        true
    }

    #[inline(always)]
    fn hand_in(&mut self, queue: QueueId, parcel: &Parcel) {
        if !self.media.is_empty() && self.push(queue, parcel) {
            return;
        }
        let mut publication = parcel.publication();
        if self.has_message_groups {
            // Without a key all messages of a producer are one group.
            let group = self.relay.ledger.key_of(&parcel.job).unwrap_or(0);
            publication.group = Some(MessageGroup(group as u32));
        }
        self.broker
            .publish(self.now, queue, publication, &mut self.relay)
            .expect("a checked scenario's queue is there");
    }

    /// Into a pipe, if it is one. A socket that blocks tries nothing that is turned away: it waits.
    #[cold]
    fn push(&mut self, queue: QueueId, parcel: &Parcel) -> bool {
        let pusher = self.pusher(parcel);
        let blocks = match parcel.sender {
            Sender::Producer(index) => {
                self.producers[index as usize].on_refused == OnRefused::Block
            }
            Sender::Slot { .. } => true,
            Sender::Pool(_) => false,
        };
        let Some(Medium::Pipe(pipe)) = self.media.get_mut(queue) else {
            return false;
        };
        if blocks && !pipe.accepts(pusher) {
            self.relay.turn_away();
            return true;
        }
        pipe.push(self.now, pusher, parcel.job, parcel.bytes, &mut self.relay)
            .expect("who publishes has a socket");
        true
    }

    /// The socket of who publishes: one of each producer, and one of each pool.
    fn pusher(&self, parcel: &Parcel) -> PeerId {
        let producers = self.producers.len() as u32;
        PeerId(match parcel.sender {
            Sender::Producer(producer) => producer,
            Sender::Pool(pool) => producers + pool,
            Sender::Slot { slot, .. } => {
                let consumer = self.slots[slot as usize].consumer;
                producers + self.consumers[consumer as usize].pool as u32
            }
        })
    }

    fn accepts(&self, queue: QueueId, parcel: &Parcel) -> bool {
        match self.media.get(queue) {
            None => self.broker.accepts(queue, parcel.bytes),
            Some(Medium::Log(..)) => true,
            Some(Medium::Pipe(pipe)) => pipe.accepts(self.pusher(parcel)),
        }
    }

    #[cold]
    fn refused(&mut self, queue: QueueId, parcel: Parcel) {
        let Parcel { job, refusals, .. } = parcel;
        let (policy, chance) = match parcel.sender {
            Sender::Producer(index) => {
                let producer = &self.producers[index as usize];
                let chance = producer.after_refusal.uniform_at(job.root, parcel.tries());
                (&producer.on_refused, chance)
            }
            Sender::Pool(index) => {
                let pool = &self.pools[index as usize];
                (&pool.on_refused, pool.delay_chance(&job, refusals))
            }
            Sender::Slot { slot, life } => {
                let consumer = &self.consumers[self.slots[slot as usize].consumer as usize];
                if consumer.life != life {
                    return self.forget(consumer.pool, &parcel);
                }
                (&OnRefused::Block, 0.0)
            }
        };
        match policy {
            OnRefused::Drop => {
                self.relay.end(self.now, &parcel.job, false);
                self.refusal_told(&parcel);
            }
            OnRefused::Block => {
                self.wait_for_room(&parcel);
                self.blocked[queue.index()].push_back(parcel);
                self.blocked_count += 1;
            }
            OnRefused::Retry(retry) => {
                match retry.delay(refusals, chance) {
                    None => self.relay.end(self.now, &job, false),
                    Some(delay) => {
                        let again = Parcel {
                            refusals: refusals + 1,
                            ..parcel
                        };
                        self.send_later(parcel.confirm_after + delay, again);
                    }
                }
                self.refusal_told(&parcel);
            }
        }
    }

    /// A refusal is an answer too: the broker's nack.
    fn refusal_told(&mut self, parcel: &Parcel) {
        if let Sender::Producer(index) = parcel.sender
            && self.producers[index as usize].listens
        {
            self.confirm_later(index, parcel);
        }
    }

    /// Those who wait for room publish as long as there is any, in the order in which they were refused. Whether
    /// anything was published.
    pub(super) fn unblock(&mut self) -> bool {
        let mut moved = false;
        let mut relieved = Vec::new();
        for index in 0..self.blocked.len() {
            let queue = QueueId(index as u32);
            while let Some(first) = self.take_unblocked(queue) {
                self.blocked_count -= 1;
                moved |= self.send_to(queue, first);
                relieved.extend(self.found_room(&first));
            }
        }
        // Only now, so that nobody gets ahead of those who were refused before.
        for producer in relieved {
            self.let_through(producer);
        }
        moved
    }

    /// The next that finds room: the first in line, but each socket of ZeroMQ is a line of its own.
    fn take_unblocked(&mut self, queue: QueueId) -> Option<Parcel> {
        let parcels = &self.blocked[queue.index()];
        let line = match self.media.get(queue) {
            Some(Medium::Pipe(_)) => parcels.len(),
            Some(Medium::Log(..)) | None => parcels.len().min(1),
        };
        let mut line = parcels.iter().take(line);
        let place = line.position(|parcel| self.accepts(queue, parcel))?;
        self.blocked[queue.index()].remove(place)
    }

    /// Whether somebody will wait for what becomes of a message, if it is taken.
    #[inline]
    fn is_awaited(&self, parcel: &Parcel) -> bool {
        match parcel.sender {
            Sender::Producer(index) => {
                !self.draining && self.producers[index as usize].patience.is_some()
            }
            Sender::Pool(_) | Sender::Slot { .. } => false,
        }
    }

    /// Until somebody's wait is over a message is not given up for lost, whatever becomes of its copies, even while
    /// they are being published. Whether somebody will wait.
    #[inline]
    pub(super) fn reserve_wait(&mut self, parcel: &Parcel) -> bool {
        let awaited = self.is_awaited(parcel);
        if awaited {
            self.relay.families.expect(&parcel.job, 1);
        }
        awaited
    }

    fn release_wait(&mut self, parcel: &Parcel) {
        if self.is_awaited(parcel) {
            self.relay.withdraw(self.now, &parcel.job, 1);
        }
    }

    /// Where its producer has only so much patience, it looks again after that.
    fn await_completion(&mut self, producer: u32, parcel: Parcel) {
        if !self.is_awaited(&parcel) {
            return;
        }
        if let Some(patience) = &self.producers[producer as usize].patience {
            let until = self.now + patience.timeout;
            if let Some(wait) = self.waits.insert(parcel) {
                self.traffic.schedule(until, Event::Timeout(wait));
            }
        }
    }

    /// A publisher's patience ends: what is not done is published once more.
    pub(super) fn time_out(&mut self, index: u32) {
        let parcel = self.waits.take(index);
        let Parcel { job, timeouts, .. } = parcel;
        let ProducerState {
            patience: Some(patience),
            after_timeout,
            ..
        } = &self.producers[job.producer as usize]
        else {
            unreachable!("who waits has patience");
        };
        let chance = after_timeout.uniform_at(job.root, u64::from(timeouts));
        let again = patience.retry.delay(timeouts, chance);
        match again.filter(|_| self.relay.families.is_open(&job)) {
            // What was kept for the wait is now the new copy's.
            Some(delay) => {
                let again = Parcel {
                    job: job.again(),
                    timeouts: timeouts + 1,
                    ..parcel
                };
                self.send_later(delay, again);
            }
            None => self.relay.withdraw(self.now, &job, 1),
        }
    }

    /// From the horizon on nobody publishes, and nobody waits to publish again.
    pub(super) fn stop_producers(&mut self) {
        self.draining = true;
        let there = self.broker.message_count() + self.media.message_count();
        self.vain = Vain::from(self.relay.ends, self.events, there);
        let mut waits = Vec::new();
        self.traffic.keep(|event| {
            if let Event::Timeout(wait) = event {
                waits.push(wait);
            }
            !matches!(event, Event::Arrival(_) | Event::Timeout(_))
        });
        for wait in waits {
            let parcel = self.waits.take(wait);
            self.relay.withdraw(self.now, &parcel.job, 1);
        }
    }

    /// Clients that have their answer think, and publish again.
    pub(super) fn wake_clients(&mut self) -> Step {
        while let Some((index, client)) = self.relay.next_answer() {
            let now = self.now;
            if let Some(next) = self.producer(index, |producer| producer.next(now, client))? {
                let source = self.producers[index as usize].first_source + client;
                self.schedule_arrival(next, source);
            }
        }
        Ok(())
    }

    /// From the horizon on, nobody publishes.
    pub(super) fn schedule_arrival(&mut self, at: Time, source: u32) {
        if at < self.scenario.horizon {
            self.traffic.schedule(at, Event::Arrival(source));
        }
    }
}
