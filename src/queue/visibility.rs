//! What nobody can see in a queue of SQS: what was received, and what was published a moment ago
//! (`sqs-visibility-timeout`, `sqs-delay-queues`).
//!
//! It counts as unacked, and is visible, again or for the first time, exactly when its time is over. Who received it
//! has a receipt: the channel and the tag of the delivery. A message honours that of its last receive alone; so a
//! receipt never means another message that has its slot, and the channel may long be closed.

use super::broker::Broker;
use super::channel::{ChannelId, Held, Holder};
use super::death::Deaths;
use super::effect::{Effect, Exit, Sink};
use super::error::QueueError;
use super::incoming::Incoming;
use super::message::{Aside, MessageId, Store};
use super::request::Delivery;
use super::rules::ReturnTo;
use super::settings::{QueueId, SqsSettings};
use super::settle::Settlement;
use super::state::QueueState;
use crate::time::{Span, Time};
use std::collections::BTreeSet;

/// What is handed in to settle a receive.
#[derive(Clone, Copy, Debug)]
pub(super) struct Receipt {
    pub(super) channel: ChannelId,
    pub(super) tag: u64,
    pub(super) queue: QueueId,
    pub(super) message: MessageId,
}

impl Receipt {
    pub(super) fn of(channel: ChannelId, held: &Held) -> Self {
        Self {
            channel,
            tag: held.tag,
            queue: held.queue,
            message: held.message,
        }
    }
}

/// What of a queue is invisible.
#[derive(Clone, Debug, Default)]
pub(super) struct Hidden {
    /// By when it is visible, then by place in the order of publishes.
    all: BTreeSet<(Time, u64, MessageId)>,
    /// How many of them were received: the others are delayed.
    in_flight: u64,
}

impl Hidden {
    /// When the first is visible; [`Time::NEVER`] if there is none.
    pub(super) fn next(&self) -> Time {
        self.all.first().map_or(Time::NEVER, |(until, ..)| *until)
    }

    fn first_due(&self, now: Time) -> Option<MessageId> {
        let (until, _, id) = self.all.first()?;
        (*until <= now).then_some(*id)
    }

    fn insert<B>(&mut self, store: &mut Store<B>, id: MessageId, until: Time) {
        store.aside_mut(id).until = until;
        self.all.insert((until, store[id].position, id));
    }

    fn remove<B>(&mut self, store: &Store<B>, id: MessageId) -> bool {
        let until = store.aside(id).until;
        self.all.remove(&(until, store[id].position, id))
    }
}

impl QueueState {
    /// Received and neither deleted nor visible again.
    pub(super) fn in_flight(&self) -> u64 {
        self.hidden.as_ref().map_or(0, |hidden| hidden.in_flight)
    }

    pub(super) fn is_below_in_flight_limit(&self) -> bool {
        self.in_flight() < self.settings.sqs.in_flight_limit
    }

    /// From when on retention counts for what comes in now, and when it is visible. "Delay queues let you postpone the
    /// delivery of new messages" (`sqs-delay-queues`): what is moved here is not new.
    fn counts_from(&self, now: Time, deaths: &Deaths) -> (Time, Time) {
        if deaths.all().is_empty() {
            return (now, now + self.settings.sqs.delay);
        }
        let first = deaths.first_enqueued();
        let first = first.filter(|_| self.rules.retains_from_the_first());
        (first.unwrap_or(now), now)
    }

    /// `id`, which is unacked, is invisible `until` then.
    pub(super) fn hide<B>(&mut self, store: &mut Store<B>, id: MessageId, until: Time) {
        let Some(hidden) = &mut self.hidden else {
            return;
        };
        hidden.insert(store, id, until);
        if store[id].deliveries == 0 {
            return;
        }
        hidden.in_flight += 1;
        if let Some(groups) = self.lines.groups() {
            groups.take_off(store, id);
        }
    }

    /// `id`, which is unacked, comes back or leaves.
    pub(super) fn unhide<B>(&mut self, store: &mut Store<B>, id: MessageId) {
        let Some(hidden) = &mut self.hidden else {
            return;
        };
        // What is deleted as it is received was not hidden.
        if !hidden.remove(store, id) || store[id].deliveries == 0 {
            return;
        }
        hidden.in_flight -= 1;
        if let Some(groups) = self.lines.groups() {
            groups.land(store, id);
        }
    }

    /// `id` leaves: no receipt is to mean what comes into its slot next.
    #[inline(never)]
    pub(super) fn forget_receipt<B>(&mut self, store: &mut Store<B>, id: MessageId) {
        if !store[id].ready {
            self.unhide(store, id);
        }
        store.aside_mut(id).receipt = None;
    }
}

impl<B: Clone> Broker<B> {
    /// Into a queue of SQS, which takes all.
    #[inline(never)]
    pub(super) fn enter_apart(
        &mut self,
        now: Time,
        queue: QueueId,
        mut incoming: Incoming<B>,
        sink: &mut impl Sink<B>,
    ) {
        let state = &mut self.queues[queue.index()];
        self.published += 1;
        let (since, visible) = state.counts_from(now, &incoming.deaths);
        incoming.publication.ttl = None;
        let group = incoming.publication.group;
        let deadline = state.deadline(since, None);
        let message = incoming.into_message(now, deadline, state.rules.level(None), self.published);
        let id = self.store.insert(message);
        *self.store.aside_mut(id) = Aside::of(group);
        if visible > now {
            state.enter_unacked(&mut self.store, id);
            state.hide(&mut self.store, id, visible);
        } else {
            state.enter(&mut self.store, id);
        }
        let effect = Effect::Accepted {
            message: &self.store[id],
        };
        sink.effect(now, queue, &effect, state.levels());
        self.line_changed(now, queue);
    }

    /// Restarts the visibility timeout of what was received with `tag`: it is visible `timeout` from now, if it is not
    /// deleted till then. No time at all is at once. It holds for this receive only (`API_ChangeMessageVisibility`).
    ///
    /// # Errors
    /// Where the channel is not open, nothing with this tag is unsettled on it, its queue is not of SQS, it is not in
    /// flight any more, or would be invisible for more than 12 hours since it was received.
    pub fn change_visibility(
        &mut self,
        now: Time,
        channel: ChannelId,
        tag: u64,
        timeout: Span,
        sink: &mut impl Sink<B>,
    ) -> Result<(), QueueError> {
        let held = self.open(channel)?.unsettled.get(tag);
        let held = held.ok_or(QueueError::UnknownTag(tag))?;
        let (queue, id) = (held.queue, held.message);
        if held.holder != Holder::Receipt {
            return Err(QueueError::NotPulled(queue));
        }
        if self.is_spent(Receipt::of(channel, &held)) || self.store[id].ready {
            return Err(QueueError::NotInFlight(tag));
        }
        let until = now + timeout;
        if until > self.store.aside(id).received + SqsSettings::LONGEST_VISIBILITY_TIMEOUT {
            return Err(QueueError::InvisibleForTooLong(tag));
        }
        if timeout == Span::ZERO {
            self.reveal(now, queue, id, sink);
        } else if let Some(hidden) = &mut self.queues[queue.index()].hidden {
            hidden.remove(&self.store, id);
            hidden.insert(&mut self.store, id, until);
        }
        self.line_changed(now, queue);
        Ok(())
    }

    /// How many messages of a queue of SQS were received and are neither deleted nor visible again. What is delayed is
    /// none of them; of any other queue it is 0.
    pub fn in_flight(&self, queue: QueueId) -> u64 {
        let state = self.queues.get(queue.index());
        state.map_or(0, QueueState::in_flight)
    }

    /// What was just given out is in flight, and its receipt is the one that counts.
    pub(super) fn take_off(
        &mut self,
        now: Time,
        queue: QueueId,
        id: MessageId,
        delivery: &Delivery<B>,
    ) {
        let aside = self.store.aside(id);
        *self.store.aside_mut(id) = Aside {
            received: now,
            receipt: Some((delivery.channel, delivery.tag)),
            ..aside
        };
        let state = &mut self.queues[queue.index()];
        let until = now + state.settings.sqs.visibility_timeout;
        state.hide(&mut self.store, id, until);
    }

    /// What becomes of a message whose receipt is handed in. "If you use an old receipt handle, the request will
    /// succeed, but the message might not be deleted" (`API_DeleteMessage`): here never once it was received again.
    ///
    /// SQS knows no rejection: what is rejected is in flight until its time is over.
    #[inline(never)]
    pub(super) fn settle_receipt(
        &mut self,
        now: Time,
        receipt: Receipt,
        settlement: Settlement,
        sink: &mut impl Sink<B>,
    ) {
        let (queue, id) = (receipt.queue, receipt.message);
        if self.is_spent(receipt) {
            return;
        }
        match settlement {
            Settlement::Ack => {
                self.leave(now, queue, id, Exit::Acked, sink);
            }
            Settlement::Requeue(_) if !self.store[id].ready => self.reveal(now, queue, id, sink),
            Settlement::Requeue(_) | Settlement::Discard => return,
        }
        // After a delete too: what could not be received may be now.
        self.line_changed(now, queue);
    }

    /// Whether nothing would be deleted by it.
    pub(super) fn is_spent(&self, receipt: Receipt) -> bool {
        let Receipt {
            channel,
            tag,
            queue,
            message: id,
        } = receipt;
        // Of what has left it is not, be its queue gone or not.
        let is_last = self.store.aside(id).receipt == Some((channel, tag));
        let honours_late = self.queues[queue.index()].rules.honours_late_receipts();
        !is_last || self.store[id].ready && !honours_late
    }

    /// All in `queue` whose time is over is visible.
    pub(super) fn reveal_due(&mut self, now: Time, queue: QueueId, sink: &mut impl Sink<B>) {
        while let Some(hidden) = &self.queues[queue.index()].hidden
            && let Some(id) = hidden.first_due(now)
        {
            self.reveal(now, queue, id, sink);
        }
    }

    /// Invisible → visible, at its old place. What was only delayed has not come back. The line has changed then, which
    /// is looked at once for all that come back at one instant: of a group only the last may make it deliverable.
    fn reveal(&mut self, now: Time, queue: QueueId, id: MessageId, sink: &mut impl Sink<B>) {
        let message = &mut self.store[id];
        if message.deliveries > 0 {
            message.returns = message.returns.saturating_add(1);
            message.delivery_count = message.delivery_count.saturating_add(1);
        }
        let state = &mut self.queues[queue.index()];
        state.take_back(&mut self.store, id, ReturnTo::OldPlace);
        let message = &self.store[id];
        sink.effect(now, queue, &Effect::Returned { message }, state.levels());
    }
}
