//! What moves a message: into the line, to a consumer, out, and on to the dead letter queue.

use super::broker::Broker;
use super::channel::{ChannelId, Held, Holder};
use super::consumer::ConsumerId;
use super::death::{Died, Reason};
use super::effect::{Effect, Exit, Sink, Stood};
use super::incoming::{Errand, Incoming};
use super::message::MessageId;
use super::request::Delivery;
use super::route::Route;
use super::settings::{Overflow, QueueId};
use crate::time::Time;
use std::sync::Arc;

/// Who gets a delivery.
#[derive(Clone, Copy, Debug)]
pub(super) struct Receiver {
    pub(super) channel: ChannelId,
    /// `None` for a `get`.
    pub(super) consumer: Option<ConsumerId>,
    pub(super) holder: Holder,
    pub(super) auto_ack: bool,
}

impl<B: Clone> Broker<B> {
    /// Into the line, or back to the publisher.
    pub(super) fn enter(
        &mut self,
        now: Time,
        queue: QueueId,
        incoming: Incoming<B>,
        sink: &mut impl Sink<B>,
    ) -> Option<B> {
        let state = &self.queues[queue.index()];
        if state.rules.is_pulled {
            self.enter_apart(now, queue, incoming, sink);
            return None;
        }
        // Most queues never do: asked here, it spares most messages a call.
        let may_refuse = state.settings.overflow != Overflow::DropHead;
        if may_refuse && self.refuses(now, queue, incoming.publication.bytes, sink) {
            return Some(self.refuse(now, queue, incoming, false, sink));
        }
        let state = &mut self.queues[queue.index()];
        self.published += 1;
        let deadline = state.deadline(now, incoming.publication.ttl);
        let level = state.rules.level(incoming.publication.priority);
        let message = incoming.into_message(now, deadline, level, self.published);
        let id = self.store.insert(message);
        state.enter(&mut self.store, id);
        sink.effect(
            now,
            queue,
            &Effect::Accepted {
                message: &self.store[id],
            },
            state.levels(),
        );
        if self.queues[queue.index()].drops_its_head() {
            self.dispatch_into_outbox(now, queue, sink);
            self.shorten(now, queue, sink);
        }
        self.line_changed(now, queue);
        None
    }

    /// Messages that can go to a consumer at once are not in the way of a newcomer, so they go before a limit counts.
    pub(super) fn refuses(
        &mut self,
        now: Time,
        queue: QueueId,
        bytes: u32,
        sink: &mut impl Sink<B>,
    ) -> bool {
        let state = &self.queues[queue.index()];
        if state.settings.overflow == Overflow::DropHead || !state.is_full_for(bytes) {
            return false;
        }
        self.dispatch_into_outbox(now, queue, sink);
        self.queues[queue.index()].is_full_for(bytes)
    }

    /// `is_kept`: it is a copy of what its sender keeps.
    pub(super) fn refuse(
        &mut self,
        now: Time,
        queue: QueueId,
        mut incoming: Incoming<B>,
        is_kept: bool,
        sink: &mut impl Sink<B>,
    ) -> B {
        let state = &self.queues[queue.index()];
        let levels = state.levels();
        if state.settings.overflow == Overflow::RejectPublishDlx {
            let death = Died {
                queue,
                reason: Reason::MaxLen,
                ttl: incoming.publication.ttl,
            };
            let Incoming { deaths, route, .. } = &mut incoming;
            *route = self.send_onward(now, death, deaths, route.as_ref());
        }
        let body = incoming.publication.body.clone();
        sink.effect(
            now,
            queue,
            &Effect::Refused {
                body: &body,
                dead_lettered_to: &self.onward,
                is_kept,
            },
            levels,
        );
        incoming.publication.ttl = None;
        self.put_aside(incoming);
        body
    }

    /// A copy to each queue of `self.onward`, which is empty then.
    fn put_aside(&mut self, incoming: Incoming<B>) {
        let last = self.onward.pop();
        for to in self.onward.drain(..) {
            self.dead.push_back(Errand::Publish(to, incoming.clone()));
        }
        if let Some(to) = last {
            self.dead.push_back(Errand::Publish(to, incoming));
        }
    }

    /// As [`Self::refuses`], for what is about to come back.
    pub(super) fn clear_the_way(&mut self, now: Time, sink: &mut impl Sink<B>) {
        for index in 0..self.touched.len() {
            let queue = self.touched[index];
            if self.queues[queue.index()].may_drop_its_head() {
                self.dispatch_into_outbox(now, queue, sink);
            }
        }
    }

    pub(super) fn dispatch_into_outbox(
        &mut self,
        now: Time,
        queue: QueueId,
        sink: &mut impl Sink<B>,
    ) {
        while let Some(delivery) = self.dispatch(now, queue, sink) {
            self.outbox.push_back(delivery);
        }
    }

    /// Drops from the head until a limit holds again.
    pub(super) fn shorten(&mut self, now: Time, queue: QueueId, sink: &mut impl Sink<B>) {
        while let Some(head) = self.queues[queue.index()].lines.head()
            && self.queues[queue.index()].drops_its_head()
        {
            self.leave(now, queue, head, Exit::Dropped, sink);
        }
    }

    /// The head of the line to the consumer whose turn it is; `None` if there is no head or nobody has room.
    pub(super) fn dispatch(
        &mut self,
        now: Time,
        queue: QueueId,
        sink: &mut impl Sink<B>,
    ) -> Option<Delivery<B>> {
        if self.queues[queue.index()].rules.is_pulled {
            return self.answer(now, queue, sink);
        }
        loop {
            let state = &self.queues[queue.index()];
            let consumer = state.turns.next()?;
            let head = state.lines.head()?;
            // At its deadline a message may still be delivered, later not: so a time to live of 0 means now or never.
            if self.store[head].deadline < now {
                self.leave(now, queue, head, Exit::Expired, sink);
                continue;
            }
            let receiver = self.serve(queue, consumer);
            return Some(self.hand_out(now, queue, head, receiver, sink));
        }
    }

    /// `consumer` has its turn.
    fn serve(&mut self, queue: QueueId, consumer: ConsumerId) -> Receiver {
        let entry = self
            .consumers
            .get_mut(consumer.0)
            .expect("who takes turns is a consumer");
        entry.unacked += u32::from(!entry.auto_ack);
        let has_room = entry.has_room();
        self.queues[queue.index()].turns.advance(has_room);
        let receiver = Receiver {
            channel: entry.channel,
            consumer: Some(consumer),
            holder: Holder::Consumer(consumer),
            auto_ack: entry.auto_ack,
        };
        if entry.waits_for_others && !entry.auto_ack {
            self.fill_channel(receiver.channel);
        }
        receiver
    }

    /// Ready → unacked, and on its way to `receiver`.
    #[inline(always)]
    pub(super) fn hand_out(
        &mut self,
        now: Time,
        queue: QueueId,
        id: MessageId,
        receiver: Receiver,
        sink: &mut impl Sink<B>,
    ) -> Delivery<B> {
        let Receiver {
            channel,
            consumer,
            holder,
            auto_ack,
        } = receiver;
        let state = &mut self.queues[queue.index()];
        state.hand_out(&mut self.store, id);
        let patience = state.rules.patience;
        let message = &mut self.store[id];
        message.deliveries += 1;
        sink.effect(
            now,
            queue,
            &Effect::Delivered { message, consumer },
            state.levels(),
        );
        let owner = self
            .channels
            .get_mut(channel.0)
            .expect("who gets a delivery has a channel");
        let delivery = Delivery {
            channel,
            consumer,
            queue,
            tag: owner.next_tag(),
            enqueued: message.enqueued,
            redelivered: message.is_redelivered(),
            returns: message.returns,
            delivery_count: message.delivery_count,
            deaths: message.deaths.count_in(queue),
            bytes: message.bytes,
            priority: message.priority,
            body: message.body.clone(),
        };
        if auto_ack {
            self.leave(now, queue, id, Exit::Acked, sink);
        } else {
            let overdue = patience.map_or(Time::NEVER, |span| now + span);
            owner.unsettled.push(Held {
                tag: delivery.tag,
                message: id,
                queue,
                holder,
                overdue,
            });
            if patience.is_some() {
                self.watch(channel, overdue);
            }
        }
        delivery
    }

    /// Out of the queue, and on to the dead letter queue where there is one; or apart, if the queue keeps what dies
    /// until it has arrived there.
    pub(super) fn leave(
        &mut self,
        now: Time,
        queue: QueueId,
        id: MessageId,
        exit: Exit,
        sink: &mut impl Sink<B>,
    ) {
        let mut reason = exit.reason();
        let state = &mut self.queues[queue.index()];
        if state.rules.is_pulled {
            reason = state.rules.reason(exit);
            state.forget_receipt(&mut self.store, id);
        }
        if reason.is_some() && self.queues[queue.index()].discards.is_some() {
            return self.withhold(now, queue, id, exit, sink);
        }
        let stood = if self.store[id].ready {
            Stood::Ready
        } else {
            Stood::Unacked
        };
        self.queues[queue.index()].forget(&mut self.store, id);
        let addressed = match reason {
            Some(reason) => self.note_death(now, queue, id, reason),
            None => None,
        };
        let levels = self.queues[queue.index()].levels();
        let message = &self.store[id];
        sink.effect(
            now,
            queue,
            &Effect::Left {
                message,
                exit,
                stood,
                dead_lettered_to: &self.onward,
                copied: 0,
            },
            levels,
        );
        if self.onward.is_empty() {
            self.store.discard(id);
        } else {
            self.pass_on(queue, id, addressed);
        }
    }

    #[inline(never)]
    fn note_death(
        &mut self,
        now: Time,
        queue: QueueId,
        id: MessageId,
        reason: Reason,
    ) -> Option<Arc<Route>> {
        let message = &mut self.store[id];
        let death = Died {
            queue,
            reason,
            ttl: message.ttl(),
        };
        let (mut deaths, route) = (std::mem::take(&mut message.deaths), message.route.take());
        let addressed = self.send_onward(now, death, &mut deaths, route.as_ref());
        let message = &mut self.store[id];
        if self.queues[queue.index()].rules.retains_from_the_first() {
            deaths.keep_first_enqueued(message.enqueued);
        }
        (message.deaths, message.route) = (deaths, route);
        addressed
    }

    #[cold]
    fn pass_on(&mut self, queue: QueueId, id: MessageId, route: Option<Arc<Route>>) {
        let is_grouped = self.queues[queue.index()].rules.is_pulled;
        let group = self.store.aside(id).group.filter(|_| is_grouped);
        let message = self.store.remove(id);
        self.put_aside(Incoming::dead_letter(message, route, group));
    }

    /// Publishes what died to where it goes. A loop and not a recursion: a dead letter may push out another.
    #[inline]
    pub(super) fn bury(&mut self, now: Time, sink: &mut impl Sink<B>) {
        if !self.dead.is_empty() {
            self.bury_all(now, sink);
        }
        if self.is_too_full() != self.is_alarmed {
            self.change_alarm(now, sink);
        }
    }

    #[cold]
    fn bury_all(&mut self, now: Time, sink: &mut impl Sink<B>) {
        while let Some(errand) = self.dead.pop_front() {
            match errand {
                Errand::Publish(to, incoming) => drop(self.enter(now, to, incoming, sink)),
                Errand::Forward(queue) => self.forward(now, queue, sink),
            }
        }
    }

    /// All in `queue` that is due, and then back into the line what has waited long enough. What stands behind what was
    /// due was not deliverable and is not now: only a consumer's room is.
    pub(super) fn let_go(&mut self, now: Time, queue: QueueId, sink: &mut impl Sink<B>) {
        self.queues[queue.index()].alarm = Time::NEVER;
        while let Some(id) = self.queues[queue.index()].next_due(&self.store, now) {
            self.leave(now, queue, id, Exit::Expired, sink);
        }
        self.release(now, queue, sink);
        self.reveal_due(now, queue, sink);
        // What is back may be delivered before it may expire.
        self.line_changed(now, queue);
    }

    /// Notes it if something in `queue` may be delivered now; whether it is noted, now or from before.
    pub(super) fn touch(&mut self, queue: QueueId) -> bool {
        let state = &mut self.queues[queue.index()];
        if !state.touched && state.may_deliver() {
            state.touched = true;
            self.touched.push_back(queue);
        }
        state.touched
    }

    /// Another message may stand at the head of `queue`: to be delivered, else to wait until it is due.
    pub(super) fn line_changed(&mut self, now: Time, queue: QueueId) {
        if !self.touch(queue) {
            self.arm(now, queue);
        }
    }

    /// Sees that the broker comes back when the next message of `queue` is due; at once if it came back too old.
    #[inline]
    pub(super) fn arm(&mut self, now: Time, queue: QueueId) {
        if self.queues[queue.index()].can_expire {
            self.set_alarm(now, queue);
        }
    }

    fn set_alarm(&mut self, now: Time, queue: QueueId) {
        let state = &mut self.queues[queue.index()];
        let due = state.next_deadline(&self.store).max(now);
        if due < state.alarm {
            self.alarms.remove(&(state.alarm, queue));
            state.alarm = due;
            self.alarms.insert((due, queue));
        }
    }
}
