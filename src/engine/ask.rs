//! Consumers that ask for their messages: those of SQS, of Kafka, and of ZeroMQ.
//!
//! A consumer that may have room is noted as hungry, and asks once all deliveries of its instant have reached it.

use super::agenda::Event;
use super::pool::ConsumerState;
use super::work::Verdict;
use super::{Simulation, Step};
use crate::measure::Probe;
use crate::queue::{ConsumerId, Delivery, Medium, PeerId, QueueId, Subscription};
use crate::scenario::{Client, Commits};
use crate::time::{Span, Time};
use crate::workload::Job;

/// Where a consumer that asks stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asking {
    /// It has asked, and was not answered yet.
    pub(super) is_open: bool,
    /// It is noted as hungry.
    hungry: bool,
    /// Since when it waits for an answer.
    since: Time,
    /// When what it asks reaches the broker; [`Time::NEVER`] if nothing is on its way.
    due: Time,
    /// When it commits; [`Time::NEVER`] if it will not by itself.
    commit_due: Time,
    /// When it last did.
    committed_at: Time,
    /// It is done with something that is not committed.
    has_uncommitted: bool,
    /// When it next extends the visibility of what it holds; [`Time::NEVER`] if it holds nothing.
    pub(super) extend_due: Time,
}

impl Asking {
    /// Of a consumer that comes.
    pub(super) const fn from(now: Time) -> Self {
        Self {
            is_open: false,
            hungry: false,
            since: now,
            due: Time::NEVER,
            commit_due: Time::NEVER,
            committed_at: now,
            has_uncommitted: false,
            extend_due: Time::NEVER,
        }
    }

    /// It wants no answer any more.
    pub(super) fn stop(&mut self) {
        (self.is_open, self.due) = (false, Time::NEVER);
    }

    /// What it is done with and what it holds concerns it as before.
    fn keep(&mut self, before: Self) {
        self.commit_due = before.commit_due;
        self.committed_at = before.committed_at;
        self.has_uncommitted = before.has_uncommitted;
        self.extend_due = before.extend_due;
    }
}

impl<P: Probe> Simulation<'_, P> {
    /// A consumer that asks may have room.
    pub(super) fn note_hungry(&mut self, index: u32) {
        let consumer = &mut self.consumers[index as usize];
        if !std::mem::replace(&mut consumer.asking.hungry, true) {
            self.hungry.push_back(index);
        }
    }

    /// All who are hungry ask, those first who have been for longest.
    pub(super) fn feed(&mut self) {
        while let Some(index) = self.hungry.pop_front() {
            self.consumers[index as usize].asking.hungry = false;
            self.ask(index);
        }
    }

    fn ask(&mut self, index: u32) {
        let consumer = &self.consumers[index as usize];
        let slots = self.scenario.pools[consumer.pool].concurrency as usize;
        let idle = consumer.client.idle();
        let pool = &self.pools[consumer.pool];
        let has_room = match pool.client {
            Client::Pushed => false,
            Client::Receives { .. } | Client::Pulls => idle > 0,
            Client::Polls { .. } => idle == slots,
        };
        let holds = consumer.client.buffered() > 0 || consumer.on_the_way > 0;
        if consumer.id.is_none() || consumer.asking.is_open || holds || !has_room {
            return;
        }
        let one_way = pool.one_way;
        let waits_for_commit = match &pool.client {
            Client::Polls { commits, .. } => self.commit_before(index, *commits),
            Client::Pushed | Client::Receives { .. } | Client::Pulls => false,
        };
        let now = self.now;
        let asking = &mut self.consumers[index as usize].asking;
        (asking.is_open, asking.since) = (true, now);
        if one_way == Span::ZERO {
            return self.request(index);
        }
        // The answer to a commit is waited for, and then comes the way there of what is asked.
        let ways = if waits_for_commit { 3 } else { 1 };
        asking.due = self.now + Span::from_nanos(one_way.as_nanos() * ways);
        let due = asking.due;
        self.traffic.schedule(due, Event::Ask(index));
    }

    /// What a consumer asks has come over the link, unless it has died since.
    pub(super) fn asked(&mut self, index: u32) {
        let asking = &mut self.consumers[index as usize].asking;
        if asking.due == self.now {
            asking.due = Time::NEVER;
            self.request(index);
        }
    }

    fn request(&mut self, index: u32) {
        let consumer = &self.consumers[index as usize];
        let pool = &self.pools[consumer.pool];
        let (queue, member) = (pool.from, consumer.member);
        if let (Client::Receives { most, .. }, Some(id)) = (&pool.client, consumer.id) {
            return self
                .broker
                .receive(self.now, id, *most)
                .expect("who is there may ask");
        }
        match self.media.get_mut(queue) {
            Some(Medium::Log(log, _)) => log
                .poll(self.now, member, &mut self.relay)
                .expect("who was put out of its group joins again by polling"),
            Some(Medium::Pipe(pipe)) => pipe
                .ask(self.now, PeerId(index), &mut self.relay)
                .expect("who is connected may receive"),
            None => unreachable!("who asks a broker has been answered"),
        }
    }

    /// Logs and pipes hand out what was asked for.
    pub(super) fn dispatch_media(&mut self) -> Step {
        while let Some((client, delivery)) = self.media.poll_delivery(self.now, &mut self.relay) {
            // Members carry their life in their name.
            let index = client % self.consumers.len() as u32;
            let ConsumerState { pool, rank, .. } = self.consumers[index as usize];
            self.relay.probe.handed(self.now, pool, rank, &delivery);
            self.hand_over(index, delivery)?;
        }
        Ok(())
    }

    /// A consumer that has asked gets a message.
    pub(super) fn hand_over(&mut self, index: u32, delivery: Delivery<Job>) -> Step {
        self.relay.hold(&delivery);
        self.answered_at_last(index);
        self.note_hungry(index);
        self.begin_to_extend(index);
        self.transport(index, delivery)
    }

    /// Long polls of SQS end empty after a while, and are asked again; each is paid for.
    fn answered_at_last(&mut self, index: u32) {
        /// The longest `WaitTimeSeconds`.
        const LONG_POLL: Span = Span::from_secs(20);
        let consumer = &mut self.consumers[index as usize];
        let pool = &self.pools[consumer.pool];
        let was_open = std::mem::replace(&mut consumer.asking.is_open, false);
        if was_open && matches!(pool.client, Client::Receives { .. }) {
            let waited = self.now - consumer.asking.since;
            let polls = 1 + waited.as_nanos() / LONG_POLL.as_nanos();
            self.relay.probe.requested(self.now, pool.from, polls);
        }
    }

    /// Before it polls, a consumer commits if it does so now; whether it waits for the answer.
    fn commit_before(&mut self, index: u32, commits: Commits) -> bool {
        let one_way = self.pools[self.consumers[index as usize].pool].one_way;
        let asking = &mut self.consumers[index as usize].asking;
        if !asking.has_uncommitted {
            return false;
        }
        let due = match commits {
            Commits::EachBatch => self.now + one_way,
            Commits::Every(interval) => (asking.committed_at + interval).max(self.now),
        };
        if due == self.now {
            self.commit(index);
            return false;
        }
        // Of all polls until then, one is enough to see to it.
        if asking.commit_due != due {
            asking.commit_due = due;
            self.traffic.schedule(due, Event::Commit(index));
        }
        commits == Commits::EachBatch
    }

    /// A commit is due, unless its consumer has died since. One by the clock is made by who polls, and not amid work.
    pub(super) fn commit_due(&mut self, index: u32) {
        let consumer = &mut self.consumers[index as usize];
        if consumer.asking.commit_due != self.now {
            return;
        }
        consumer.asking.commit_due = Time::NEVER;
        let by_clock = matches!(
            self.pools[consumer.pool].client,
            Client::Polls {
                commits: Commits::Every(_),
                ..
            }
        );
        if !by_clock || consumer.asking.is_open {
            self.commit(index);
        }
    }

    /// A refused commit is lost work: who is no member any more learns so when it polls.
    fn commit(&mut self, index: u32) {
        let consumer = &mut self.consumers[index as usize];
        consumer.asking.committed_at = self.now;
        consumer.asking.has_uncommitted = false;
        let (queue, member) = (self.pools[consumer.pool].from, consumer.member);
        if let Some(Medium::Log(log, _)) = self.media.get_mut(queue) {
            let _ = log.commit(self.now, member, &mut self.relay);
        }
    }

    /// A member of a group is done with a record; it says so by a commit. What was taken from it is another's by now.
    pub(super) fn note_done(&mut self, slot: u32, delivery: &Delivery<Job>, verdict: Verdict) {
        let index = self.slots[slot as usize].consumer;
        let consumer = &mut self.consumers[index as usize];
        consumer.asking.has_uncommitted = true;
        let Some(Medium::Log(log, _)) = self.media.get(delivery.queue) else {
            unreachable!("only members of groups commit");
        };
        if log.holds(consumer.member, delivery.tag) {
            self.relay.note_done(self.now, delivery, verdict);
        }
    }

    /// Begins to consume, after its kind; or goes on, if it was told to go and `is_there` still.
    pub(super) fn come(&mut self, index: u32, is_there: bool) {
        let consumers = self.consumers.len() as u32;
        let consumer = &mut self.consumers[index as usize];
        let pool = &self.pools[consumer.pool];
        let before = consumer.asking;
        consumer.asking = Asking::from(self.now);
        if is_there {
            consumer.asking.keep(before);
        }
        match self.media.get_mut(pool.from) {
            None => {
                let subscription = match pool.client {
                    Client::Receives { .. } => Subscription::pull(),
                    Client::Pushed | Client::Polls { .. } | Client::Pulls => pool.subscription,
                };
                let id = self
                    .broker
                    .subscribe(consumer.channel, pool.from, subscription)
                    .expect("a checked scenario's pool has a queue, and nobody an exclusive right to it");
                consumer.id = Some(id);
                if self.consumer_by_id.len() <= id.0 as usize {
                    self.consumer_by_id.resize(id.0 as usize + 1, 0);
                }
                self.consumer_by_id[id.0 as usize] = index;
            }
            Some(Medium::Log(log, group)) => {
                consumer.id = Some(ConsumerId(index));
                if !is_there {
                    consumer.member = pool.member(index, consumer.life, consumers);
                    log.join(self.now, *group, consumer.member, &mut self.relay)
                        .expect("who comes is no member yet");
                }
            }
            Some(Medium::Pipe(pipe)) => {
                consumer.id = Some(ConsumerId(index));
                pipe.connect(self.now, PeerId(index), &mut self.relay)
                    .expect("who comes is not connected yet");
            }
        }
        if self.pools[self.consumers[index as usize].pool].asks() {
            self.note_hungry(index);
        }
    }

    /// A consumer dies, of which the broker hears by its channel, a group by silence, and a peer at once.
    pub(super) fn vanish(&mut self, index: u32) {
        let consumer = &mut self.consumers[index as usize];
        consumer.asking = Asking::from(self.now);
        if !std::mem::take(&mut consumer.connected) {
            return;
        }
        let (queue, member) = (self.pools[consumer.pool].from, consumer.member);
        match self.media.get_mut(queue) {
            None => self
                .broker
                .close(self.now, consumer.channel, &mut self.relay)
                .expect("who is connected has a channel"),
            Some(Medium::Log(log, _)) => log
                .fail(self.now, member)
                .expect("who dies was a member, or had been put out"),
            Some(Medium::Pipe(pipe)) => pipe
                .disconnect(self.now, PeerId(index), &mut self.relay)
                .expect("who dies was connected"),
        }
    }

    /// A consumer that was told to go takes nothing more; a member of a group leaves that when it is done.
    pub(super) fn stop_consuming(&mut self, index: u32, id: ConsumerId) {
        match self
            .media
            .get_mut(self.pools[self.consumers[index as usize].pool].from)
        {
            None => self
                .broker
                .cancel(self.now, id, &mut self.relay)
                .expect("who is up consumes"),
            Some(Medium::Pipe(pipe)) => {
                pipe.disconnect(self.now, PeerId(index), &mut self.relay)
                    .expect("who is up is connected");
                self.consumers[index as usize].connected = false;
            }
            Some(Medium::Log(..)) => {}
        }
    }

    /// A member that was told to go is done: it commits and leaves its group.
    pub(super) fn leave_group(&mut self, index: u32) {
        let consumer = &self.consumers[index as usize];
        if !consumer.connected || !self.pools[consumer.pool].polls() {
            return;
        }
        self.commit(index);
        let consumer = &mut self.consumers[index as usize];
        consumer.connected = false;
        consumer.life += 1;
        consumer.asking = Asking::from(self.now);
        let (queue, member) = (self.pools[consumer.pool].from, consumer.member);
        if let Some(Medium::Log(log, _)) = self.media.get_mut(queue) {
            log.leave(self.now, member, &mut self.relay)
                .expect("who is connected is a member, or had been put out");
        }
    }

    /// From the first message on that it holds, a consumer of SQS that keeps what it works on says so again and again.
    fn begin_to_extend(&mut self, index: u32) {
        let consumer = &mut self.consumers[index as usize];
        let Client::Receives {
            extends: Some(every),
            ..
        } = self.pools[consumer.pool].client
        else {
            return;
        };
        if consumer.asking.extend_due == Time::NEVER {
            consumer.asking.extend_due = self.now + every;
            self.traffic
                .schedule(self.now + every, Event::Extend(index));
        }
    }

    /// A consumer restarts the visibility timeout of all that it holds.
    pub(super) fn extend(&mut self, index: u32) {
        let consumer = &mut self.consumers[index as usize];
        if consumer.asking.extend_due != self.now {
            return;
        }
        consumer.asking.extend_due = Time::NEVER;
        let (channel, first) = (consumer.channel, consumer.first_slot);
        let pool = consumer.pool;
        let slots = first..first + self.scenario.pools[pool].concurrency;
        let worked_on = slots.filter_map(|slot| self.slots[slot as usize].delivery.as_ref());
        let held = worked_on.chain(consumer.client.waiting());
        let tags: Vec<u64> = held.map(|delivery| delivery.tag).collect();
        let queue = self.pools[pool].from;
        let timeout = self.scenario.queues[queue.index()]
            .settings
            .sqs
            .visibility_timeout;
        for tag in &tags {
            // A receipt that is too old is told so, and changes nothing.
            let _ =
                self.broker
                    .change_visibility(self.now, channel, *tag, timeout, &mut self.relay);
        }
        let count = tags.len() as u64;
        self.relay.probe.requested(self.now, queue, count);
        if !tags.is_empty() || self.consumers[index as usize].on_the_way > 0 {
            self.begin_to_extend(index);
        }
    }

    /// What a queue holds, whoever's it is.
    pub(super) fn total(&self, queue: QueueId) -> u64 {
        let levels = self.media.levels(queue);
        levels.unwrap_or_else(|| self.broker.levels(queue)).total()
    }
}
