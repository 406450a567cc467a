//! Consumers that pull: each is served what it asks for, and then must ask again (`API_ReceiveMessage`,
//! `sqs-short-and-long-polling`).
//!
//! Whoever waits for an answer stands in the turns of the queue, who asked first in front. An answer is made in one go,
//! of what is there at that instant. An empty answer to a long poll that is asked again at once is the same as one
//! long poll without end, so requests do not end by themselves.

use super::broker::Broker;
use super::channel::{ChannelId, Holder};
use super::consumer::ConsumerId;
use super::effect::{Exit, Sink};
use super::error::QueueError;
use super::flow::Receiver;
use super::groups::GroupKey;
use super::message::MessageId;
use super::request::Delivery;
use super::settings::QueueId;
use crate::time::Time;

impl<B: Clone> Broker<B> {
    /// Asks for up to `most` messages for `consumer`, as a long poll without end: it is answered, all at once, as soon
    /// as a message is there for it. SQS gives 1 to 10, which is the caller's to keep. A request that is open ends, and
    /// the new one comes after those of all others; 0 only ends it.
    ///
    /// # Errors
    /// Where the consumer is not there, or does not pull.
    pub fn receive(
        &mut self,
        now: Time,
        consumer: ConsumerId,
        most: u32,
    ) -> Result<(), QueueError> {
        let stood = self.may_be_served(consumer);
        let entry = self.consumers.get_mut(consumer.0);
        let entry = entry.ok_or(QueueError::UnknownConsumer(consumer))?;
        let queue = entry.queue;
        if entry.asked.is_none() {
            return Err(QueueError::NotPulled(queue));
        }
        entry.asked = Some(most);
        entry.unacked = u32::from(most == 0);
        if stood {
            self.queues[queue.index()].turns.leave(consumer);
        }
        self.seat(consumer, false);
        self.line_changed(now, queue);
        Ok(())
    }

    /// Answers who has waited longest, with what is there for it; gives the first of the deliveries, and puts the
    /// others after those that were made before.
    #[inline(never)]
    pub(super) fn answer(
        &mut self,
        now: Time,
        queue: QueueId,
        sink: &mut impl Sink<B>,
    ) -> Option<Delivery<B>> {
        let consumer = self.queues[queue.index()].turns.next()?;
        let entry = self.consumers.get_mut(consumer.0);
        let entry = entry.expect("who takes turns is a consumer");
        let most = entry.asked.unwrap_or(0);
        let receiver = Receiver {
            channel: entry.channel,
            consumer: Some(consumer),
            holder: Holder::Receipt,
            auto_ack: false,
        };
        let (mut given, mut group) = (0, None);
        while given < most
            && let Some(id) = self.next_to_give(now, queue, group, sink)
        {
            given += 1;
            group = Some(self.store.aside(id).group);
            let delivery = self.give(now, queue, id, receiver, sink);
            self.outbox.push_back(delivery);
        }
        if given == 0 {
            return None;
        }
        if let Some(entry) = self.consumers.get_mut(consumer.0) {
            entry.unacked = 1;
        }
        self.queues[queue.index()].turns.advance(false);
        self.outbox.pop_front()
    }

    /// A short poll for one message.
    pub(super) fn get_pulled(
        &mut self,
        now: Time,
        channel: ChannelId,
        queue: QueueId,
        auto_ack: bool,
        sink: &mut impl Sink<B>,
    ) -> Result<Option<Delivery<B>>, QueueError> {
        let state = &self.queues[queue.index()];
        if state.rules.tells_of_the_in_flight_limit() && !state.is_below_in_flight_limit() {
            return Err(QueueError::OverLimit(queue));
        }
        let receiver = Receiver {
            channel,
            consumer: None,
            holder: Holder::Receipt,
            auto_ack,
        };
        let next = self.next_to_give(now, queue, None, sink);
        let delivery = next.map(|id| self.give(now, queue, id, receiver, sink));
        self.line_changed(now, queue);
        self.bury(now, sink);
        Ok(delivery)
    }

    /// The next message of `queue` that may be given out; what it comes upon that may not, leaves. `group` is that of
    /// the last one in the same answer.
    fn next_to_give(
        &mut self,
        now: Time,
        queue: QueueId,
        group: Option<GroupKey>,
        sink: &mut impl Sink<B>,
    ) -> Option<MessageId> {
        loop {
            let state = &self.queues[queue.index()];
            if !state.is_below_in_flight_limit() {
                return None;
            }
            let id = state.lines.next(group)?;
            if self.store[id].deadline < now {
                self.leave(now, queue, id, Exit::Expired, sink);
            } else if self.was_received_too_often(queue, id) {
                self.leave(now, queue, id, Exit::DeliveryLimited, sink);
            } else {
                return Some(id);
            }
        }
    }

    /// "When the receive count for a message exceeds the `maxReceiveCount` for a queue, Amazon SQS moves the message to
    /// the dead-letter queue" (`API_CreateQueue`): one receive more would exceed it.
    fn was_received_too_often(&self, queue: QueueId, id: MessageId) -> bool {
        let state = &self.queues[queue.index()];
        let to = state.settings.dead_letter;
        let is_there = to.is_some_and(|to| self.find(to).is_ok());
        let most = state.rules.most_receives.filter(|_| is_there);
        most.is_some_and(|most| self.store[id].deliveries >= most)
    }

    fn give(
        &mut self,
        now: Time,
        queue: QueueId,
        id: MessageId,
        receiver: Receiver,
        sink: &mut impl Sink<B>,
    ) -> Delivery<B> {
        let delivery = self.hand_out(now, queue, id, receiver, sink);
        if !receiver.auto_ack {
            self.take_off(now, queue, id, &delivery);
        }
        delivery
    }
}
