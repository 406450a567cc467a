//! Who consumes: coming and going, and who of those that are there may be served.
//!
//! A consumer stands in the turns of its queue if and only if it may be served: it has room, its channel has, and where
//! one alone is served, it is the one. Whatever changes that sees to its place.

use super::broker::Broker;
use super::channel::{ChannelId, Holder};
use super::consumer::{Consumer, ConsumerId};
use super::effect::Sink;
use super::error::QueueError;
use super::request::Subscription;
use super::settings::QueueId;
use crate::time::Time;
use std::cmp::Reverse;

impl<B: Clone> Broker<B> {
    /// Adds a consumer of `queue` whose deliveries are settled on `channel`.
    ///
    /// # Errors
    /// Where the channel or the queue is not there, the queue is another connection's, or another consumer is to be the
    /// only one, or this one is and cannot, or it pulls and the queue is not of SQS, or the other way round.
    pub fn subscribe(
        &mut self,
        channel: ChannelId,
        queue: QueueId,
        subscription: Subscription,
    ) -> Result<ConsumerId, QueueError> {
        let owner = self.open(channel)?;
        let has_limit = owner.prefetch > 0;
        let connection = owner.connection;
        self.access(connection, queue)?;
        let state = &self.queues[queue.index()];
        let is_quorum = state.rules.is_quorum();
        let is_exclusive = subscription.exclusive && state.rules.has_exclusive_consumers();
        let is_single = state.settings.single_active_consumer;
        let pulls = subscription.pulls;
        match (pulls, state.rules.is_pulled) {
            (true, false) => return Err(QueueError::NotPulled(queue)),
            (false, true) => return Err(QueueError::OnlyPulled(queue)),
            (true, true) | (false, false) => {}
        }
        if is_quorum && has_limit {
            return Err(QueueError::SharedPrefetch(queue));
        }
        if is_exclusive && is_single {
            return Err(QueueError::ExclusiveOfSingleActive(queue));
        }
        if state.has_exclusive_consumer {
            return Err(QueueError::ExclusivelyConsumed(queue));
        }
        if is_exclusive && !state.consumers.is_empty() {
            return Err(QueueError::InUse(queue));
        }
        let id = ConsumerId(self.consumers.insert(Consumer {
            channel,
            queue,
            prefetch: if pulls { 1 } else { subscription.prefetch },
            auto_ack: subscription.auto_ack && !pulls,
            unacked: u32::from(pulls),
            priority: if pulls { 0 } else { subscription.priority },
            asked: pulls.then_some(0),
            waits_for_others: has_limit || is_single,
        }));
        self.open(channel)?.consumers.push(id);
        let state = &mut self.queues[queue.index()];
        state.consumers.push(id);
        state.has_exclusive_consumer = is_exclusive;
        if is_single {
            self.appoint(queue);
        } else {
            self.seat(id, false);
        }
        Ok(id)
    }

    /// Ends a consumer. What it holds stays unacked on its channel; a queue that is to go with its last consumer goes.
    ///
    /// # Errors
    /// Where the consumer is not there.
    pub fn cancel(
        &mut self,
        now: Time,
        id: ConsumerId,
        sink: &mut impl Sink<B>,
    ) -> Result<(), QueueError> {
        self.take_from_channel(id)
            .ok_or(QueueError::UnknownConsumer(id))?;
        let queue = self.unregister(id);
        self.after_consumer(now, queue, sink);
        Ok(())
    }

    /// What it holds stays on the channel, which is given. `None` if it is not there.
    pub(super) fn take_from_channel(&mut self, id: ConsumerId) -> Option<ChannelId> {
        let channel = self.consumers.get(id.0)?.channel;
        let owner = self
            .channels
            .get_mut(channel.0)
            .expect("a consumer's channel is open");
        owner.consumers.retain(|other| *other != id);
        owner.unsettled.forget_consumer(id);
        for delivery in &mut self.outbox {
            delivery.consumer = delivery.consumer.filter(|other| *other != id);
        }
        Some(channel)
    }

    /// Limits what all consumers of `channel` may hold together, those that are there and those to come; 0 is no limit.
    /// It comes on top of their own limits (`basic.qos` with `global`, `docs/consumer-prefetch`).
    ///
    /// # Errors
    /// Where the channel is not open.
    pub fn limit_channel(&mut self, channel: ChannelId, prefetch: u32) -> Result<(), QueueError> {
        let consumers = self.open(channel)?.consumers.clone();
        let stood: Vec<bool> = consumers.iter().map(|id| self.may_be_served(*id)).collect();
        let owner = self.open(channel)?;
        owner.prefetch = prefetch;
        owner.held = owner.unsettled.of_consumers();
        for (id, stood) in consumers.into_iter().zip(stood) {
            let consumer = self
                .consumers
                .get_mut(id.0)
                .expect("a channel's consumers are there");
            let state = &self.queues[consumer.queue.index()];
            consumer.waits_for_others = prefetch > 0 || state.settings.single_active_consumer;
            self.seat(id, stood);
        }
        Ok(())
    }

    /// The consumer that alone is served; `None` where all are, or none is there.
    pub fn active_consumer(&self, queue: QueueId) -> Option<ConsumerId> {
        self.queues.get(queue.index())?.active
    }

    /// Takes a consumer out of its queue; it is out of its channel already. Gives the queue.
    pub(super) fn unregister(&mut self, id: ConsumerId) -> QueueId {
        let consumer = self
            .consumers
            .remove(id.0)
            .expect("a channel's consumers are there");
        let state = &mut self.queues[consumer.queue.index()];
        state.turns.leave(id);
        state.consumers.retain(|other| *other != id);
        // It may have been the exclusive one, which is alone.
        state.has_exclusive_consumer = false;
        if state.active == Some(id) {
            state.active = None;
            state.is_yielding = false;
        }
        consumer.queue
    }

    /// With a single active consumer that has gone: the next takes its place.
    pub(super) fn fill_vacancy(&mut self, queue: QueueId) {
        let state = &self.queues[queue.index()];
        if state.settings.single_active_consumer && state.active.is_none() {
            self.appoint(queue);
        }
    }

    /// One more is held on a channel with a limit. When that is reached, all its consumers leave their turns.
    #[cold]
    pub(super) fn fill_channel(&mut self, channel: ChannelId) {
        let owner = self
            .channels
            .get_mut(channel.0)
            .expect("who gets a delivery has a channel");
        if owner.prefetch == 0 {
            return;
        }
        owner.held += 1;
        if !owner.is_full() {
            return;
        }
        for id in &owner.consumers {
            let consumer = self.consumers.get(id.0);
            let consumer = consumer.expect("a channel's consumers are there");
            if !consumer.auto_ack {
                self.queues[consumer.queue.index()].turns.leave(*id);
            }
        }
    }

    /// A delivery is settled: whoever was kept waiting by it joins the turns again.
    #[inline]
    pub(super) fn return_credit(&mut self, channel: ChannelId, holder: Holder) {
        let id = match holder {
            Holder::Get | Holder::Receipt => return,
            Holder::Gone => return self.drain_channel(channel),
            Holder::Consumer(id) => id,
        };
        let consumer = self
            .consumers
            .get_mut(id.0)
            .expect("a delivery forgets its consumer when that is cancelled");
        if consumer.waits_for_others {
            return self.return_credit_slowly(channel, id);
        }
        let had_room = consumer.has_room();
        consumer.unacked -= 1;
        if !had_room {
            let (queue, priority) = (consumer.queue, consumer.priority);
            self.queues[queue.index()].turns.join(id, priority);
            self.touch(queue);
        }
    }

    #[cold]
    fn return_credit_slowly(&mut self, channel: ChannelId, id: ConsumerId) {
        let is_channel_full = self.is_full(channel);
        let stood = self.may_be_served(id);
        let consumer = self
            .consumers
            .get_mut(id.0)
            .expect("the caller has looked it up");
        consumer.unacked -= 1;
        let (queue, is_done) = (consumer.queue, consumer.unacked == 0);
        self.drain_channel(channel);
        if !is_channel_full {
            self.seat(id, stood);
        }
        if is_done && self.queues[queue.index()].is_yielding {
            self.appoint(queue);
        }
    }

    /// One less is held on a channel. If it was full, its consumers join their turns, in the order in which they came.
    #[cold]
    fn drain_channel(&mut self, channel: ChannelId) {
        let was_full = self.is_full(channel);
        let Some(owner) = self.channels.get_mut(channel.0) else {
            return;
        };
        if owner.prefetch == 0 {
            return;
        }
        owner.held -= 1;
        if !was_full || owner.is_full() {
            return;
        }
        for index in 0..owner.consumers.len() {
            let id = self
                .channels
                .get(channel.0)
                .expect("it was there a moment ago")
                .consumers[index];
            if self.consumers.get(id.0).is_some_and(|one| !one.auto_ack) {
                self.seat(id, false);
            }
        }
    }

    /// With a single active consumer: sees that there is one if there are any, and the one that it should be.
    fn appoint(&mut self, queue: QueueId) {
        let Some(best) = self.successor(queue) else {
            return;
        };
        let state = &self.queues[queue.index()];
        let yields = state.rules.yields_to_priority();
        let Some(active) = state.active else {
            self.queues[queue.index()].active = Some(best);
            self.seat(best, false);
            return;
        };
        let stood = self.may_be_served(active);
        let is_outranked = yields && self.priority(best) > self.priority(active);
        let holds = self.consumers.get(active.0).map_or(0, |one| one.unacked);
        let state = &mut self.queues[queue.index()];
        if holds > 0 {
            state.is_yielding |= is_outranked;
            self.seat(active, stood);
            return;
        }
        state.is_yielding = false;
        if is_outranked {
            state.active = Some(best);
            self.seat(best, false);
        }
        self.seat(active, stood);
    }

    /// Who comes first to be the active one, the present one included.
    fn successor(&self, queue: QueueId) -> Option<ConsumerId> {
        let state = &self.queues[queue.index()];
        let consumers = state.consumers.iter().copied();
        if state.rules.ranks_successors() {
            return consumers.min_by_key(|id| Reverse(self.priority(*id)));
        }
        consumers.into_iter().next()
    }

    fn priority(&self, id: ConsumerId) -> i32 {
        self.consumers.get(id.0).map_or(0, |one| one.priority)
    }

    fn is_full(&self, channel: ChannelId) -> bool {
        let owner = self.channels.get(channel.0);
        owner.is_some_and(|owner| owner.is_full())
    }

    /// Whether a consumer should stand in the turns of its queue.
    pub(super) fn may_be_served(&self, id: ConsumerId) -> bool {
        let Some(consumer) = self.consumers.get(id.0) else {
            return false;
        };
        let state = &self.queues[consumer.queue.index()];
        let is_its_turn = !state.settings.single_active_consumer
            || state.active == Some(id) && !state.is_yielding;
        is_its_turn && consumer.has_room() && (consumer.auto_ack || !self.is_full(consumer.channel))
    }

    /// Puts a consumer that stood in the turns, or did not, where it now should be.
    pub(super) fn seat(&mut self, id: ConsumerId, stood: bool) {
        let stands = self.may_be_served(id);
        let Some(consumer) = self.consumers.get(id.0) else {
            return;
        };
        let (queue, priority) = (consumer.queue, consumer.priority);
        let turns = &mut self.queues[queue.index()].turns;
        match (stood, stands) {
            (false, true) => {
                turns.join(id, priority);
                self.touch(queue);
            }
            (true, false) => turns.leave(id),
            (true, true) | (false, false) => {}
        }
    }
}
