//! The end of queues: asked for, when their last consumer leaves, when nobody uses them, and with their owner.

use super::broker::Broker;
use super::connection::ConnectionId;
use super::consumer::ConsumerId;
use super::effect::{Exit, Gone, Notice, Sink};
use super::error::QueueError;
use super::settings::QueueId;
use super::timer::Timer;
use crate::time::Time;

/// Under which conditions a queue is deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeleteIf {
    /// Only if it has no consumers.
    pub unused: bool,
    /// Only if no message in it is ready.
    pub empty: bool,
}

impl<B: Clone> Broker<B> {
    /// Takes a queue away, with its messages, ready and unacked: they leave as [`Exit::Purged`] and are not
    /// dead-lettered. Its consumers end; what they hold may still be settled, to no effect. Gives how many were ready.
    ///
    /// # Errors
    /// Where the queue is not there, or a condition does not hold.
    pub fn delete(
        &mut self,
        now: Time,
        queue: QueueId,
        only: DeleteIf,
        sink: &mut impl Sink<B>,
    ) -> Result<u64, QueueError> {
        self.find(queue)?;
        let state = &self.queues[queue.index()];
        if only.unused && !state.consumers.is_empty() {
            return Err(QueueError::InUse(queue));
        }
        if only.empty && state.lines.len() > 0 {
            return Err(QueueError::NotEmpty(queue));
        }
        let ready = state.lines.len();
        self.end(now, queue, Gone::Deleted, sink);
        Ok(ready)
    }

    /// Whether `connection` may use `queue`: an exclusive one is its owner's alone (`docs/queues#exclusive-queues`).
    /// Consuming and getting are held to it; what is asked for on no channel is for the caller to check.
    ///
    /// # Errors
    /// Where the queue is not there, or is another's.
    pub fn access(&self, connection: ConnectionId, queue: QueueId) -> Result<(), QueueError> {
        self.find(queue)?;
        let owner = self.queues[queue.index()].settings.owner;
        match owner.is_none_or(|owner| owner == connection) {
            true => Ok(()),
            false => Err(QueueError::Locked(queue)),
        }
    }

    /// A consumer has gone from `queue`, by a cancel or with its channel.
    pub(super) fn after_consumer(&mut self, now: Time, queue: QueueId, sink: &mut impl Sink<B>) {
        let state = &self.queues[queue.index()];
        if state.is_gone {
            return;
        }
        if !state.consumers.is_empty() {
            self.fill_vacancy(queue);
        } else if state.settings.auto_delete {
            self.end(now, queue, Gone::AutoDeleted, sink);
        } else {
            self.renew_lease(now, queue);
        }
    }

    /// Queues that are there for this connection only go with it.
    pub(super) fn end_queues_of(
        &mut self,
        now: Time,
        owner: ConnectionId,
        sink: &mut impl Sink<B>,
    ) {
        for index in 0..self.queues.len() {
            if self.queues[index].settings.owner == Some(owner) {
                self.end(now, QueueId(index as u32), Gone::WithItsOwner, sink);
            }
        }
    }

    /// `queue` is used at this moment: its time without use begins anew (`docs/ttl#queue-ttl`).
    pub(super) fn renew_lease(&mut self, now: Time, queue: QueueId) {
        let state = &mut self.queues[queue.index()];
        state.unused_since = now;
        self.set_lease_timer(queue);
    }

    /// Its time without use is another than it was.
    pub(super) fn reset_lease_timer(&mut self, now: Time, queue: QueueId) {
        let timer = Timer::Lease(queue);
        self.timers.retain(|(_, other)| *other != timer);
        let state = &mut self.queues[queue.index()];
        let due = state.end_of_lease().max(now);
        state.has_lease_timer = due < Time::NEVER;
        if state.has_lease_timer {
            self.timers.insert((due, timer));
        }
    }

    fn set_lease_timer(&mut self, queue: QueueId) {
        let state = &mut self.queues[queue.index()];
        let due = state.end_of_lease();
        if due < Time::NEVER && !state.has_lease_timer {
            state.has_lease_timer = true;
            self.timers.insert((due, Timer::Lease(queue)));
        }
    }

    /// Its timer was due at `due`; it may have been used since that was set, and then its turn is later.
    pub(super) fn check_lease(
        &mut self,
        now: Time,
        due: Time,
        queue: QueueId,
        sink: &mut impl Sink<B>,
    ) {
        let state = &mut self.queues[queue.index()];
        state.has_lease_timer = false;
        if state.end_of_lease() <= due {
            self.end(now, queue, Gone::Expired, sink);
        } else {
            self.set_lease_timer(queue);
        }
    }

    fn end(&mut self, now: Time, queue: QueueId, why: Gone, sink: &mut impl Sink<B>) {
        // What is on its way may be on its way here.
        self.bury(now, sink);
        while let Some(id) = self.queues[queue.index()].consumers.first().copied() {
            self.dismiss(now, id, sink);
        }
        while let Some(id) = self.queues[queue.index()].first() {
            self.leave(now, queue, id, Exit::Purged, sink);
        }
        let state = &mut self.queues[queue.index()];
        let alarm = state.alarm;
        self.routing.queue_names.remove(&state.name);
        state.become_gone();
        self.alarms.remove(&(alarm, queue));
        self.timers
            .retain(|(_, timer)| ![Timer::Lease(queue), Timer::Unconfirmed(queue)].contains(timer));
        self.touched.retain(|other| *other != queue);
        self.routing.forget(queue.into());
        sink.notice(now, &Notice::QueueGone { queue, why });
        self.bury(now, sink);
    }

    /// The broker ends a consumer, and tells it.
    pub(super) fn dismiss(&mut self, now: Time, consumer: ConsumerId, sink: &mut impl Sink<B>) {
        let Some(channel) = self.take_from_channel(consumer) else {
            return;
        };
        let queue = self.unregister(consumer);
        let notice = Notice::ConsumerCancelled {
            channel,
            consumer,
            queue,
        };
        sink.notice(now, &notice);
    }
}
