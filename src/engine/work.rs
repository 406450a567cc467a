//! What consumers do: take deliveries, work on them, and say what came of it.

use super::agenda::Event;
use super::pool::{Outcome, PoolState};
use super::publish::{Parcel, Sender, To};
use super::{Simulation, Step, used_up};
use crate::measure::Probe;
use crate::queue::{ChannelId, Delivery};
use crate::scenario::{GivenBack, OnRefused};
use crate::time::{Span, Time};
use crate::workload::Job;
use std::ops::Range;

/// What a consumer says of a delivery.
#[derive(Debug)]
pub(super) struct Answer {
    consumer: u32,
    life: u32,
    tag: u64,
    job: Job,
    verdict: Verdict,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// ack; with it, all is done that was to be done, and the message may leave by an exit that has a name.
    Completed(Option<u32>),
    /// ack; something else comes of the message.
    PassedOn,
    /// Given back.
    Requeued(GivenBack),
    /// reject without requeue.
    Rejected,
}

impl<P: Probe> Simulation<'_, P> {
    /// A slot begins to work on a message.
    #[inline]
    pub(super) fn begin(&mut self, pool: usize, slot: u32, delivery: Delivery<Job>) -> Step {
        let takes = self.service_time(pool, &delivery)?;
        self.relay.started(self.now, pool, &delivery);
        self.slots[slot as usize].delivery = Some(delivery);
        self.occupy_for(pool, slot, takes);
        Ok(())
    }

    /// A slot has so much work, in seconds at full speed.
    #[inline(always)]
    fn occupy_for(&mut self, pool: usize, index: u32, takes: f64) {
        let slot = &mut self.slots[index as usize];
        let pace = if self.pools[pool].is_plain {
            1.0
        } else {
            let rank = self.consumers[slot.consumer as usize].rank;
            self.pools[pool].slowness(self.now, rank)
        };
        let due = self.now + Span::from_secs_f64(takes * pace);
        (slot.takes, slot.pace, slot.due) = (takes, pace, due);
        self.work.schedule(due, Event::Completion(index));
    }

    #[inline(always)]
    fn service_time(&mut self, pool: usize, delivery: &Delivery<Job>) -> Step<f64> {
        let attempt = self.relay.attempt(delivery);
        self.pools[pool]
            .service_time(delivery, attempt)
            .map_err(|cause| used_up(&self.scenario.pools[pool].name, self.now, cause))
    }

    /// A slot is done with its work, or what it published is taken; unless a crash has ended it before.
    #[inline]
    pub(super) fn complete(&mut self, index: u32) -> Step {
        let slot = &mut self.slots[index as usize];
        if slot.due != self.now || slot.unsent > 0 {
            return Ok(());
        }
        self.events += 1;
        // What a crash made void may be due at this very moment too.
        slot.due = Time::NEVER;
        let pool = self.consumers[slot.consumer as usize].pool;
        if !slot.more.is_empty() || slot.sending {
            return self.complete_several(pool, index);
        }
        let delivery = slot.delivery.as_ref();
        let delivery = delivery.expect("a slot that completes works on something");
        if self.pools[pool].ends_here() {
            self.relay.worked(self.now, delivery, true);
            let Delivery {
                channel, tag, body, ..
            } = *delivery;
            slot.delivery = None;
            self.settle(channel, tag, &body, Verdict::Completed(None));
            return self.free(index);
        }
        let delivery = delivery.clone();
        if self.answer(pool, index, &delivery) {
            self.occupy(pool, |busy| busy - 1);
            return Ok(());
        }
        self.slots[index as usize].delivery = None;
        self.free(index)
    }

    /// As [`Self::complete`], of a batch, or of messages whose successors are taken.
    #[cold]
    fn complete_several(&mut self, pool: usize, index: u32) -> Step {
        let slot = &mut self.slots[index as usize];
        let sent = std::mem::take(&mut slot.sending);
        // Who waits for room does not work meanwhile.
        if sent {
            self.occupy(pool, |busy| busy + 1);
        }
        let slot = &mut self.slots[index as usize];
        let mut held: Vec<Delivery<Job>> = slot.delivery.take().into_iter().collect();
        held.append(&mut slot.more);
        held.retain(|delivery| {
            if sent {
                self.say(pool, index, delivery, Verdict::PassedOn);
            }
            !sent && self.answer(pool, index, delivery)
        });
        let slot = &mut self.slots[index as usize];
        slot.delivery = held.pop();
        slot.more = held;
        if slot.delivery.is_some() {
            self.occupy(pool, |busy| busy - 1);
            return Ok(());
        }
        self.free(index)
    }

    /// Says what came of a message; whether its slot has to hold on to it.
    #[inline]
    fn answer(&mut self, pool: usize, slot: u32, delivery: &Delivery<Job>) -> bool {
        let attempt = self.relay.attempt(delivery);
        let outcome = self.pools[pool].outcome(self.now, delivery, attempt);
        let is_done = matches!(outcome, Outcome::Done { .. });
        self.relay.worked(self.now, delivery, is_done);
        let verdict = match outcome {
            Outcome::Done { targets, .. } if !targets.is_empty() => {
                let holds_on = self.pass_on(pool, slot, delivery, targets);
                self.relay.worked_out(delivery);
                return holds_on;
            }
            Outcome::Done { exit, .. } => Verdict::Completed(exit),
            Outcome::Requeued(how) => Verdict::Requeued(how),
            Outcome::Rejected => Verdict::Rejected,
            Outcome::Retried(delay) => {
                self.relay.families.expect(&delivery.body, 1);
                let parcel = Parcel {
                    job: delivery.body.retry(),
                    bytes: delivery.bytes,
                    priority: delivery.priority,
                    ttl: None,
                    to: To::Back(delivery.queue),
                    sender: Sender::Pool(pool as u32),
                    refusals: 0,
                    timeouts: 0,
                    confirm_after: Span::ZERO,
                };
                self.send_later(delay, parcel);
                Verdict::PassedOn
            }
        };
        self.say(pool, slot, delivery, verdict);
        self.relay.worked_out(delivery);
        false
    }

    /// Publishes what follows a message. Who does not wait for its being taken acks at once.
    fn pass_on(
        &mut self,
        pool: usize,
        slot: u32,
        delivery: &Delivery<Job>,
        targets: Range<u32>,
    ) -> bool {
        let blocks = self.pools[pool].on_refused == OnRefused::Block;
        let copies = targets.len() as u32;
        let life = self.consumers[self.slots[slot as usize].consumer as usize].life;
        // The message itself is not over before its ack arrives: until then it may come back.
        self.relay.families.expect(&delivery.body, copies);
        for target in targets {
            let sender = if blocks {
                Sender::Slot { slot, life }
            } else {
                Sender::Pool(pool as u32)
            };
            let parcel = Parcel {
                job: delivery.body.step(self.targets[target as usize].branch),
                bytes: delivery.bytes,
                priority: delivery.priority,
                ttl: None,
                to: To::Target(target),
                sender,
                refusals: 0,
                timeouts: 0,
                confirm_after: Span::ZERO,
            };
            self.send_later(Span::ZERO, parcel);
        }
        if blocks {
            let slot = &mut self.slots[slot as usize];
            slot.unsent += copies;
            slot.sending = true;
        } else {
            self.say(pool, slot, delivery, Verdict::PassedOn);
        }
        blocks
    }

    /// A queue has taken what a slot published in that life of its consumer.
    pub(super) fn sent(&mut self, index: u32, life: u32) {
        let slot = &mut self.slots[index as usize];
        if self.consumers[slot.consumer as usize].life != life {
            return;
        }
        slot.unsent -= 1;
        if slot.unsent == 0 {
            slot.due = self.now;
            self.work.schedule(self.now, Event::Completion(index));
        }
    }

    /// A consumer tells the broker, over its link, what came of a delivery.
    #[inline]
    pub(super) fn say(
        &mut self,
        pool: usize,
        slot: u32,
        delivery: &Delivery<Job>,
        verdict: Verdict,
    ) {
        let PoolState {
            auto_ack, one_way, ..
        } = self.pools[pool];
        if auto_ack {
            self.relay.close_account(self.now, &delivery.body, verdict);
        } else if self.pools[pool].polls() {
            self.note_done(slot, delivery, verdict);
        } else if one_way == Span::ZERO {
            self.settle(delivery.channel, delivery.tag, &delivery.body, verdict);
        } else {
            let consumer = self.slots[slot as usize].consumer;
            let answer = Answer {
                consumer,
                life: self.consumers[consumer as usize].life,
                tag: delivery.tag,
                job: delivery.body,
                verdict,
            };
            if let Some(answer) = self.answers.insert(answer) {
                let due = self.now + one_way;
                self.work.schedule(due, Event::Settlement(answer));
            }
        }
    }

    /// An answer has come over the link. One of a consumer that has died since is lost with its channel.
    pub(super) fn answered(&mut self, index: u32) {
        let Answer {
            consumer,
            life,
            tag,
            job,
            verdict,
        } = self.answers.take(index);
        let consumer = &self.consumers[consumer as usize];
        if consumer.life == life {
            self.settle(consumer.channel, tag, &job, verdict);
        }
    }

    #[inline]
    pub(super) fn settle(&mut self, channel: ChannelId, tag: u64, job: &Job, verdict: Verdict) {
        let now = self.now;
        let is_void = self.expels && self.broker.is_taken_back(channel, tag);
        let settled = match verdict {
            Verdict::Completed(_) | Verdict::PassedOn => {
                self.broker.ack(now, channel, tag, &mut self.relay)
            }
            Verdict::Requeued(GivenBack::Nack) => {
                self.broker.nack(now, channel, tag, true, &mut self.relay)
            }
            Verdict::Requeued(GivenBack::Reject) => {
                self.broker.reject(now, channel, tag, true, &mut self.relay)
            }
            // Its visibility timeout will take it back.
            Verdict::Requeued(GivenBack::Left) => {
                self.left_behind.entry(channel).or_default().push_back(tag);
                self.forget_left_behind(channel);
                Ok(())
            }
            Verdict::Rejected => self.broker.nack(now, channel, tag, false, &mut self.relay),
        };
        settled.expect("a consumer settles each delivery once");
        // What was taken back is another consumer's by now.
        if !is_void {
            self.relay.close_account(now, job, verdict);
        }
    }

    /// A receipt that was left is thrown away when it is worth nothing any more, so that they do not pile up.
    #[cold]
    fn forget_left_behind(&mut self, channel: ChannelId) {
        let Some(tags) = self.left_behind.get_mut(&channel) else {
            return;
        };
        while let Some(tag) = tags.front().copied()
            && self.broker.is_taken_back(channel, tag)
        {
            tags.pop_front();
            self.broker
                .ack(self.now, channel, tag, &mut self.relay)
                .expect("a consumer settles each delivery once");
        }
    }

    /// A slot has nothing to do with its message any more, and goes on with what its consumer holds.
    #[inline]
    pub(super) fn free(&mut self, index: u32) -> Step {
        let consumer = self.slots[index as usize].consumer;
        let state = &mut self.consumers[consumer as usize];
        let pool = state.pool;
        if self.pools[pool].batching.is_some() {
            state.client.rest(index);
            self.occupy(pool, |busy| busy - 1);
            self.leave_if_done(consumer);
            self.gather(consumer);
            return Ok(());
        }
        match state.client.next_waiting() {
            Some(next) => self.begin(pool, index, next),
            None => {
                state.client.rest(index);
                self.occupy(pool, |busy| busy - 1);
                self.leave_if_done(consumer);
                if self.pools[pool].asks() {
                    self.note_hungry(consumer);
                }
                Ok(())
            }
        }
    }

    #[inline]
    pub(super) fn occupy(&mut self, pool: usize, change: impl FnOnce(u64) -> u64) {
        let state = &mut self.pools[pool];
        state.busy = change(state.busy);
        self.relay
            .probe
            .occupied(self.now, pool, state.busy, u64::from(state.up));
    }

    /// Sees that a consumer begins a batch once it has enough, or when the wait for more is over; in either case after
    /// all that reaches it in that instant.
    pub(super) fn gather(&mut self, index: u32) {
        let consumer = &mut self.consumers[index as usize];
        let batching = self.pools[consumer.pool].batching.as_ref();
        let batching = batching.expect("only consumers of batches gather them");
        let Some(first) = consumer.received.front() else {
            return;
        };
        let due = if consumer.received.len() >= batching.size as usize {
            self.now
        } else {
            (*first + batching.wait).max(self.now)
        };
        if due < consumer.batch_due {
            consumer.batch_due = due;
            self.traffic.schedule(due, Event::Batch(index));
        }
    }

    /// Begins with what is there, if a slot is idle; else it gathers on when one gets free.
    pub(super) fn begin_batch(&mut self, index: u32) -> Step {
        let consumer = &mut self.consumers[index as usize];
        let pool = consumer.pool;
        if consumer.batch_due != self.now {
            return Ok(());
        }
        consumer.batch_due = Time::NEVER;
        let batching = self.pools[pool].batching.as_ref();
        let size = batching.map_or(1, |batching| batching.size as usize);
        let count = consumer.received.len().min(size);
        if count == 0 {
            return Ok(());
        }
        let Some(slot) = consumer.client.take_idle() else {
            return Ok(());
        };
        consumer.received.drain(..count);
        let mut batch: Vec<Delivery<Job>> = consumer.client.take(count).collect();
        self.occupy(pool, |busy| busy + 1);
        let setup = self.pools[pool].setup_time();
        let mut takes =
            setup.map_err(|cause| used_up(&self.scenario.pools[pool].name, self.now, cause))?;
        for delivery in &batch {
            takes += self.service_time(pool, delivery)?;
            self.relay.started(self.now, pool, delivery);
        }
        let state = &mut self.slots[slot as usize];
        state.delivery = batch.pop();
        state.more = batch;
        self.occupy_for(pool, slot, takes);
        self.gather(index);
        Ok(())
    }
}
