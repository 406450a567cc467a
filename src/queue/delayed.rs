//! What comes back and waits before it is ready again (`docs/quorum-queues#delayed-retry`).
//!
//! Meanwhile no consumer holds it and none may get it. It counts as unacked: ready is what a consumer could get, and
//! what length limits count. A purge leaves it where it is, and its time to live acts when it is back.

use super::broker::Broker;
use super::effect::Sink;
use super::message::MessageId;
use super::rules::ReturnTo;
use super::settings::QueueId;
use crate::time::Time;
use std::collections::BTreeMap;

/// By when they are ready again, then in the order of their return.
#[derive(Clone, Debug, Default)]
pub(super) struct Delayed {
    waiting: BTreeMap<(Time, u64), MessageId>,
    /// So many have come so far.
    count: u64,
}

impl Delayed {
    fn push(&mut self, until: Time, id: MessageId) {
        self.count += 1;
        self.waiting.insert((until, self.count), id);
    }

    /// When the first is ready again; [`Time::NEVER`] if there is none.
    pub(super) fn next(&self) -> Time {
        let first = self.waiting.first_key_value();
        first.map_or(Time::NEVER, |((until, _), _)| *until)
    }

    fn pop_due(&mut self, now: Time) -> Option<MessageId> {
        let first = self.waiting.first_entry()?;
        (first.key().0 <= now).then(|| first.remove())
    }
}

impl<B: Clone> Broker<B> {
    /// What was with a consumer waits apart `until` then.
    pub(super) fn delay(&mut self, now: Time, queue: QueueId, id: MessageId, until: Time) {
        let state = &mut self.queues[queue.index()];
        state.delayed.get_or_insert_default().push(until, id);
        state.can_expire = true;
        self.line_changed(now, queue);
    }

    /// Puts back into the line what has waited long enough.
    pub(super) fn release(&mut self, now: Time, queue: QueueId, sink: &mut impl Sink<B>) {
        while let Some(delayed) = &mut self.queues[queue.index()].delayed
            && let Some(id) = delayed.pop_due(now)
        {
            self.clear_the_way(now, sink);
            self.put_back(now, queue, id, ReturnTo::Front, sink);
        }
    }
}
