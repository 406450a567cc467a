//! What a client does with messages: ack, nack, reject, get, purge.

use super::broker::Broker;
use super::channel::{Channel, ChannelId, Held, Holder};
use super::effect::{Effect, Exit, Sink};
use super::error::QueueError;
use super::flow::Receiver;
use super::message::MessageId;
use super::request::Delivery;
use super::rules::{Return, ReturnTo};
use super::settings::QueueId;
use super::state::QueueState;
use super::visibility::Receipt;
use crate::time::{Span, Time};

/// What becomes of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Settlement {
    Ack,
    Requeue(Return),
    Discard,
}

impl<B: Clone> Broker<B> {
    /// Settles one delivery. What was received from a queue of SQS is deleted, if [`Broker::is_taken_back`] does not
    /// say otherwise.
    ///
    /// # Errors
    /// Where the channel is not open, or nothing with this tag is unsettled on it.
    pub fn ack(
        &mut self,
        now: Time,
        channel: ChannelId,
        tag: u64,
        sink: &mut impl Sink<B>,
    ) -> Result<(), QueueError> {
        self.settle_one(now, channel, tag, Settlement::Ack, sink)
    }

    /// Settles all deliveries of the channel up to and including `tag`; 0 means all.
    ///
    /// # Errors
    /// Where the channel is not open, or nothing with this tag is unsettled on it; nothing is settled then.
    pub fn ack_multiple(
        &mut self,
        now: Time,
        channel: ChannelId,
        tag: u64,
        sink: &mut impl Sink<B>,
    ) -> Result<(), QueueError> {
        self.settle_through(now, channel, tag, Settlement::Ack, sink)
    }

    /// Gives one delivery back: to the line, perhaps after a delay, or for good. What was received from a queue of SQS
    /// is visible at once, or stays invisible for its time: SQS knows no rejection.
    ///
    /// # Errors
    /// As [`Broker::ack`].
    pub fn nack(
        &mut self,
        now: Time,
        channel: ChannelId,
        tag: u64,
        requeue: bool,
        sink: &mut impl Sink<B>,
    ) -> Result<(), QueueError> {
        self.settle_one(now, channel, tag, giving_back(Return::Nack, requeue), sink)
    }

    /// As [`Broker::nack`]; but a quorum queue of 4.3 counts it to the delivery limit.
    ///
    /// # Errors
    /// As [`Broker::ack`].
    pub fn reject(
        &mut self,
        now: Time,
        channel: ChannelId,
        tag: u64,
        requeue: bool,
        sink: &mut impl Sink<B>,
    ) -> Result<(), QueueError> {
        self.settle_one(
            now,
            channel,
            tag,
            giving_back(Return::Reject, requeue),
            sink,
        )
    }

    /// Gives back all deliveries of the channel up to and including `tag`; 0 means all.
    ///
    /// # Errors
    /// As [`Broker::ack_multiple`].
    pub fn nack_multiple(
        &mut self,
        now: Time,
        channel: ChannelId,
        tag: u64,
        requeue: bool,
        sink: &mut impl Sink<B>,
    ) -> Result<(), QueueError> {
        self.settle_through(now, channel, tag, giving_back(Return::Nack, requeue), sink)
    }

    /// Takes the head of `queue` for `channel`, whatever any prefetch says; `None` if the line is empty. In a queue of
    /// SQS it is a short poll for one message.
    ///
    /// # Errors
    /// Where the channel is not open or the queue is not there, or too much is in flight in it.
    pub fn get(
        &mut self,
        now: Time,
        channel: ChannelId,
        queue: QueueId,
        auto_ack: bool,
        sink: &mut impl Sink<B>,
    ) -> Result<Option<Delivery<B>>, QueueError> {
        let connection = self.open(channel)?.connection;
        self.access(connection, queue)?;
        self.renew_lease(now, queue);
        if self.queues[queue.index()].rules.is_pulled {
            return self.get_pulled(now, channel, queue, auto_ack, sink);
        }
        let receiver = Receiver {
            channel,
            consumer: None,
            holder: Holder::Get,
            auto_ack,
        };
        let delivery = loop {
            let Some(head) = self.queues[queue.index()].lines.head() else {
                break None;
            };
            if self.store[head].deadline < now {
                self.leave(now, queue, head, Exit::Expired, sink);
                continue;
            }
            break Some(self.hand_out(now, queue, head, receiver, sink));
        };
        self.line_changed(now, queue);
        self.bury(now, sink);
        Ok(delivery)
    }

    /// Drops every ready message of `queue`, in one of SQS every one; purged messages are not dead-lettered. Gives
    /// their count.
    ///
    /// # Errors
    /// Where the queue is not there.
    pub fn purge(
        &mut self,
        now: Time,
        queue: QueueId,
        sink: &mut impl Sink<B>,
    ) -> Result<u64, QueueError> {
        self.find(queue)?;
        let mut purged = 0;
        let next = |state: &QueueState| match state.rules.purges_all() {
            true => state.first(),
            false => state.lines.head(),
        };
        while let Some(id) = next(&self.queues[queue.index()]) {
            self.leave(now, queue, id, Exit::Purged, sink);
            purged += 1;
        }
        self.line_changed(now, queue);
        self.bury(now, sink);
        Ok(purged)
    }

    /// Whether a delivery may still be settled, but to no effect: its queue has gone, or took it back. In a queue of
    /// SQS: it was received again, or is deleted, or is visible again in a FIFO queue.
    pub fn is_taken_back(&self, channel: ChannelId, tag: u64) -> bool {
        let owner = self.channels.get(channel.0);
        let held = owner.and_then(|owner| owner.unsettled.get(tag));
        held.is_some_and(|held| self.settles_nothing(channel, &held))
    }

    fn settles_nothing(&self, channel: ChannelId, held: &Held) -> bool {
        match held.holder {
            Holder::Receipt => self.is_spent(Receipt::of(channel, held)),
            Holder::Consumer(_) | Holder::Gone | Holder::Get => self.is_void(held),
        }
    }

    pub(super) fn open(&mut self, channel: ChannelId) -> Result<&mut Channel, QueueError> {
        self.channels
            .get_mut(channel.0)
            .ok_or(QueueError::UnknownChannel(channel))
    }

    fn settle_one(
        &mut self,
        now: Time,
        channel: ChannelId,
        tag: u64,
        settlement: Settlement,
        sink: &mut impl Sink<B>,
    ) -> Result<(), QueueError> {
        let Some(held) = self.open(channel)?.unsettled.take(tag) else {
            return Err(QueueError::UnknownTag(tag));
        };
        if matches!(settlement, Settlement::Requeue(_)) {
            self.clear_the_way(now, sink);
        }
        self.settle(now, channel, held, settlement, sink);
        self.bury(now, sink);
        Ok(())
    }

    fn settle_through(
        &mut self,
        now: Time,
        channel: ChannelId,
        tag: u64,
        settlement: Settlement,
        sink: &mut impl Sink<B>,
    ) -> Result<(), QueueError> {
        let owner = self.open(channel)?;
        if tag != 0 && !owner.unsettled.holds(tag) {
            return Err(QueueError::UnknownTag(tag));
        }
        // All is what the client can know of: not what is delivered in the course of this.
        let through = if tag == 0 { owner.last_tag() } else { tag };
        if matches!(settlement, Settlement::Requeue(_)) {
            self.clear_the_way(now, sink);
        }
        while let Some(held) = self.open(channel)?.unsettled.take_first_through(through) {
            self.settle(now, channel, held, settlement, sink);
        }
        self.bury(now, sink);
        Ok(())
    }

    fn settle(
        &mut self,
        now: Time,
        channel: ChannelId,
        held: Held,
        settlement: Settlement,
        sink: &mut impl Sink<B>,
    ) {
        if held.holder == Holder::Receipt {
            return self.settle_receipt(now, Receipt::of(channel, &held), settlement, sink);
        }
        self.return_credit(channel, held.holder);
        if self.is_void(&held) {
            return;
        }
        match settlement {
            Settlement::Ack => self.leave(now, held.queue, held.message, Exit::Acked, sink),
            Settlement::Discard => {
                self.leave(now, held.queue, held.message, Exit::ConsumerRejected, sink)
            }
            Settlement::Requeue(why) => self.requeue(now, held, why, sink),
        }
    }

    /// Nothing, if there is no message any more.
    pub(super) fn requeue(&mut self, now: Time, held: Held, why: Return, sink: &mut impl Sink<B>) {
        if self.is_void(&held) {
            return;
        }
        let Held {
            queue, message: id, ..
        } = held;
        let state = &mut self.queues[queue.index()];
        let message = &mut self.store[id];
        message.returns = message.returns.saturating_add(1);
        // It may have stood in front of all levels before.
        message.level = state.rules.level(message.priority);
        if state.rules.counts(why) {
            message.delivery_count = message.delivery_count.saturating_add(1);
        }
        let limit = state.rules.delivery_limit;
        if limit.is_some_and(|most| message.delivery_count > most) {
            self.leave(now, queue, id, Exit::DeliveryLimited, sink);
            return;
        }
        let delay = state.rules.delay(why, message.delivery_count);
        if delay > Span::ZERO {
            self.delay(now, queue, id, now + delay);
            return;
        }
        let to = state.rules.return_to(why);
        self.put_back(now, queue, id, to, sink);
    }

    /// Unacked → ready, at last.
    pub(super) fn put_back(
        &mut self,
        now: Time,
        queue: QueueId,
        id: MessageId,
        to: ReturnTo,
        sink: &mut impl Sink<B>,
    ) {
        let state = &mut self.queues[queue.index()];
        state.take_back(&mut self.store, id, to);
        sink.effect(
            now,
            queue,
            &Effect::Returned {
                message: &self.store[id],
            },
            state.levels(),
        );
        self.shorten(now, queue, sink);
        self.line_changed(now, queue);
    }
}

fn giving_back(how: Return, requeue: bool) -> Settlement {
    if requeue {
        Settlement::Requeue(how)
    } else {
        Settlement::Discard
    }
}
