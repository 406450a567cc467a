//! Consumers that go and come back: crashes, outages, restarts.

use super::agenda::Event;
use super::draws::Stream;
use super::pool::{ConsumerState, Slot};
use super::publish::{Blocked, Parcel};
use super::relay::Expelled;
use super::work::Verdict;
use super::{Simulation, Step, used_up};
use crate::measure::Probe;
use crate::queue::QueueId;
use crate::scenario::{Crashes, GivenBack, Pool};
use crate::time::{Span, Time};
use crate::workload::UsedUp;

/// Something that happens to one consumer, perhaps again and again.
#[derive(Debug)]
pub(super) struct Fault {
    consumer: u32,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// It is away once, and comes back.
    Outage { graceful: bool, over: bool },
    /// It dies and comes back, all the time.
    Crashes {
        draws: Stream,
        down: bool,
        turns: u64,
    },
}

impl<P: Probe> Simulation<'_, P> {
    /// Notes what the file says will happen to the consumers of a pool, whose first is `first`.
    pub(super) fn add_faults(&mut self, pool: &Pool, first: u32) -> Step {
        for outage in &pool.outages {
            let last = outage
                .first
                .saturating_add(outage.consumers)
                .min(pool.consumers);
            for rank in outage.first..last {
                for (at, over) in [(outage.at, false), (outage.at + outage.lasts, true)] {
                    let graceful = outage.graceful;
                    self.add_fault(at, first + rank, Kind::Outage { graceful, over });
                }
            }
        }
        let Some(crashes) = &pool.crashes else {
            return Ok(());
        };
        for rank in 0..pool.consumers {
            let mut draws = self.draws.stream_of(&pool.name, "crashes", rank);
            let up = stay(crashes, false, 0, &mut draws);
            let up = up.map_err(|cause| used_up(&pool.name, Time::ZERO, cause))?;
            let kind = Kind::Crashes {
                draws,
                down: false,
                turns: 0,
            };
            self.add_fault(Time::ZERO + up, first + rank, kind);
        }
        Ok(())
    }

    fn add_fault(&mut self, at: Time, consumer: u32, kind: Kind) {
        self.faults.push(Fault { consumer, kind });
        self.schedule_fault(at, self.faults.len() as u32 - 1);
    }

    fn schedule_fault(&mut self, at: Time, index: u32) {
        self.faults_to_come += 1;
        self.work.schedule(at, Event::Fault(index));
    }

    /// A fault is due.
    pub(super) fn strike(&mut self, index: u32) -> Step {
        self.faults_to_come -= 1;
        self.take_made()?;
        let Fault { consumer, kind } = &mut self.faults[index as usize];
        let consumer = *consumer;
        let (goes, graceful) = match kind {
            Kind::Outage { graceful, over } => (!*over, *graceful),
            // Who is up when the run is only drained stays so: else crashes would go on for as long as anything is due.
            Kind::Crashes { down: false, .. } if self.draining => return Ok(()),
            Kind::Crashes { draws, down, turns } => {
                *down = !*down;
                *turns += u64::from(!*down);
                let pool = self.consumers[consumer as usize].pool;
                let pool = &self.scenario.pools[pool];
                let crashes = pool
                    .crashes
                    .as_ref()
                    .expect("only pools with crashes crash");
                let stay = stay(crashes, *down, *turns, draws);
                let stay = stay.map_err(|cause| used_up(&pool.name, self.now, cause))?;
                let goes = *down;
                self.schedule_fault(self.now + stay, index);
                (goes, false)
            }
        };
        if goes {
            self.go(consumer, graceful);
        } else {
            self.come_back(consumer);
        }
        Ok(())
    }

    fn go(&mut self, index: u32, graceful: bool) {
        let consumer = &mut self.consumers[index as usize];
        consumer.away += 1;
        if !graceful {
            // Who has left already may have to finish what it holds.
            if consumer.connected || consumer.up {
                self.die(index);
            }
        } else if let Some(id) = consumer.id.take() {
            self.stop_consuming(index, id);
            self.consumers[index as usize].asking.stop();
            self.hand_back(index);
            self.leave_if_done(index);
        }
    }

    /// Who shuts down in order gives back what it has not begun.
    fn hand_back(&mut self, index: u32) {
        let consumer = &mut self.consumers[index as usize];
        let (pool, slot) = (consumer.pool, consumer.first_slot);
        if self.pools[pool].auto_ack || self.pools[pool].polls() {
            return;
        }
        consumer.received.clear();
        consumer.batch_due = Time::NEVER;
        let buffered = consumer.client.buffered();
        let buffer: Vec<_> = consumer.client.take(buffered).collect();
        for delivery in buffer {
            self.relay.came_back_unbegun(&delivery);
            self.relay.let_go(&delivery);
            self.say(pool, slot, &delivery, Verdict::Requeued(GivenBack::Nack));
        }
    }

    /// Who has been told to go is gone when it has nothing to do any more.
    #[inline]
    pub(super) fn leave_if_done(&mut self, index: u32) {
        let consumer = &mut self.consumers[index as usize];
        if consumer.id.is_some() {
            return;
        }
        let slots = self.scenario.pools[consumer.pool].concurrency as usize;
        let holds = consumer.client.buffered() > 0 || consumer.on_the_way > 0;
        let done = consumer.client.idle() == slots && !holds;
        if consumer.up && done {
            self.leave_group(index);
            self.set_up(index, false);
        }
    }

    /// The broker took back what a consumer held for too long: it drops its work, and comes back at once. But where a
    /// run is drained, and more were expelled than there are without a message leaving, what takes too long would do so
    /// for ever.
    pub(super) fn lose_patience(&mut self) {
        let mut gone = Vec::new();
        while let Some(Expelled { channel, is_closed }) = self.relay.next_expelled() {
            let has = |one: &ConsumerState| one.connected && one.channel == channel;
            if let Some(index) = self.consumers.iter().position(has) {
                self.abandon(index as u32, is_closed);
                gone.push(index);
            }
        }
        // Only now, as a new channel may be called as one that has closed.
        for index in gone {
            if self.relay.lefts > self.lefts_seen {
                (self.lefts_seen, self.expulsions) = (self.relay.lefts, 0);
            }
            self.expulsions += u32::from(self.draining);
            let hopeless = self.expulsions as usize > self.consumers.len();
            if !hopeless && self.consumers[index].away == 0 {
                self.connect(index as u32);
            }
        }
    }

    fn die(&mut self, index: u32) {
        self.abandon(index, false);
    }

    /// Its channel closes, unless it `is_closed`: the broker takes back what it held, and its work is lost.
    fn abandon(&mut self, index: u32, is_closed: bool) {
        let consumer = &mut self.consumers[index as usize];
        consumer.life += 1;
        consumer.id = None;
        consumer.received.clear();
        consumer.batch_due = Time::NEVER;
        let (pool, first) = (consumer.pool, consumer.first_slot);
        let buffered = consumer.client.buffered();
        let buffer: Vec<_> = consumer.client.take(buffered).collect();
        let auto_ack = self.pools[pool].auto_ack;
        for delivery in buffer {
            if auto_ack {
                self.relay.abandon(self.now, &delivery.body);
            } else {
                self.relay.came_back_unbegun(&delivery);
            }
            self.relay.let_go(&delivery);
        }
        self.forget_what_is_on_the_way(index);
        for slot in first..first + self.scenario.pools[pool].concurrency {
            self.drop_work(pool, index, slot);
        }
        if is_closed {
            self.consumers[index as usize].connected = false;
        } else {
            self.vanish(index);
        }
        self.set_up(index, false);
    }

    /// What is on its way to a consumer that died comes back without having been begun.
    fn forget_what_is_on_the_way(&mut self, index: u32) {
        let consumer = &mut self.consumers[index as usize];
        if std::mem::take(&mut consumer.on_the_way) == 0 || self.pools[consumer.pool].auto_ack {
            return;
        }
        let before = consumer.life - 1;
        for in_flight in self.in_flight.iter() {
            if in_flight.consumer == index && in_flight.life == before {
                self.relay.came_back_unbegun(&in_flight.delivery);
                self.relay.let_go(&in_flight.delivery);
            }
        }
    }

    fn drop_work(&mut self, pool: usize, consumer: u32, index: u32) {
        let now = self.now;
        let slot = &mut self.slots[index as usize];
        let Some(delivery) = slot.delivery.take() else {
            return;
        };
        let more = std::mem::take(&mut slot.more);
        let (left, sending) = ((slot.due.since(now)).as_secs_f64(), slot.sending);
        (slot.due, slot.sending, slot.unsent) = (Time::NEVER, false, 0);
        let Slot { takes, pace, .. } = self.slots[index as usize];
        self.relay.keeps = true;
        let auto_ack = self.pools[pool].auto_ack;
        let is_batch = self.pools[pool].batching.is_some();
        for delivery in std::iter::once(&delivery).chain(&more) {
            if !sending {
                self.relay.worked(now, delivery, false);
                self.relay.worked_out(delivery);
            }
            match (auto_ack, sending) {
                (true, false) => self.relay.abandon(now, &delivery.body),
                // What it has published goes its own way.
                (true, true) => self.relay.withdraw(now, &delivery.body, 1),
                (false, true) => {}
                (false, false) if is_batch => {}
                (false, false) => {
                    self.pools[pool].interrupt(delivery, takes, left / pace);
                }
            }
        }
        if sending {
            self.give_up(pool, index);
        } else {
            self.occupy(pool, |busy| busy - 1);
        }
        self.consumers[consumer as usize].client.rest(index);
    }

    /// What a dead slot waited to publish is not published.
    fn give_up(&mut self, pool: usize, index: u32) {
        for queue in 0..self.blocked.len() {
            let (dead, others) = std::mem::take(&mut self.blocked[queue])
                .into_iter()
                .partition(|parcel| parcel.is_of(index));
            let dead: Blocked = dead;
            self.blocked[queue] = others;
            self.blocked_count -= dead.len();
            for parcel in dead {
                self.forget(pool, &parcel);
            }
        }
    }

    /// A dead consumer does not publish its message: the one that it comes of is given back, or was acked and is lost.
    pub(super) fn forget(&mut self, pool: usize, parcel: &Parcel) {
        if self.pools[pool].auto_ack {
            self.relay.abandon(self.now, &parcel.job);
        } else {
            self.relay.withdraw(self.now, &parcel.job, 1);
        }
    }

    /// Forgets what was kept for messages that have left their queues.
    pub(super) fn forget_gone(&mut self) {
        for (queue, job, enqueued) in self.relay.take_gone() {
            let pools = self.pools.iter_mut();
            for pool in pools.filter(|pool| pool.from == queue) {
                pool.forget(&job, enqueued);
            }
        }
    }

    fn come_back(&mut self, index: u32) {
        let consumer = &mut self.consumers[index as usize];
        consumer.away -= 1;
        if consumer.away == 0 && consumer.id.is_none() {
            self.connect(index);
        }
    }

    fn connect(&mut self, index: u32) {
        let consumer = &mut self.consumers[index as usize];
        let is_there = std::mem::replace(&mut consumer.connected, true);
        if !is_there && self.media.get(self.pools[consumer.pool].from).is_none() {
            consumer.channel = self.broker.open_channel();
        }
        self.come(index, is_there);
        self.set_up(index, true);
    }

    pub(super) fn set_up(&mut self, index: u32, up: bool) {
        let consumer = &mut self.consumers[index as usize];
        if consumer.up != up {
            consumer.up = up;
            let pool = consumer.pool;
            let count = &mut self.pools[pool].up;
            *count = if up { *count + 1 } else { *count - 1 };
            self.occupy(pool, |busy| busy);
        }
    }

    /// Whether anything is still to happen but consumers that go and come back, or one of them has work to come back
    /// to.
    pub(super) fn has_work_left(&self) -> bool {
        if self.work.len() > self.faults_to_come || self.traffic.len() > 0 {
            return true;
        }
        let there = self.broker.message_count() + self.media.message_count();
        if there + self.blocked_count == 0 {
            return false;
        }
        // What nobody consumes is not waited for until it is too old, which SQS and Kafka think of in days.
        let mut queues = 0..self.scenario.queues.len();
        let goes_on = |queue: usize| {
            !self.scenario.keeps_messages(queue) && self.total(QueueId(queue as u32)) > 0
        };
        if self.blocked_count == 0 && !queues.any(goes_on) {
            return false;
        }
        if self.next_deadline() != Time::NEVER {
            return true;
        }
        self.consumers.iter().any(|consumer| {
            let queue = self.pools[consumer.pool].from;
            let waits = self.total(queue) > 0 || !self.blocked[queue.index()].is_empty();
            consumer.id.is_none() && waits
        })
    }
}

/// How long a consumer stays up, or down.
fn stay(crashes: &Crashes, down: bool, turn: u64, draws: &mut Stream) -> Result<Span, UsedUp> {
    let law = if down { &crashes.down } else { &crashes.up };
    law.sample(turn, draws).map(Span::from_secs_f64)
}
