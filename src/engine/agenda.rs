//! Future events: a closed box from which they come by time, and by order of scheduling at one instant.

use crate::time::Time;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What is to happen; whatever it happens to is named by an index that its owner understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// A slot is done with its work.
    Completion(u32),
    /// A consumer's answer reaches the broker.
    Settlement(u32),
    /// A consumer goes or comes back.
    Fault(u32),
    /// A source's arrival is due.
    Arrival(u32),
    /// A message is published that had to wait for it.
    Departure(u32),
    /// A publisher's patience ends.
    Timeout(u32),
    /// A delivery reaches its consumer.
    Receipt(u32),
    /// A consumer begins with what it has of a batch.
    Batch(u32),
    /// A producer hears what became of a message.
    Confirm(u32),
    /// A queue has taken in a message.
    Intake(u32),
    /// A batch that a producer gathers has lingered.
    Linger(u32),
    /// What a consumer asks reaches the broker.
    Ask(u32),
    /// A member of a group commits.
    Commit(u32),
    /// A consumer extends the visibility of what it holds.
    Extend(u32),
}

impl Event {
    const fn parts(self) -> (u64, u32) {
        match self {
            Self::Completion(index) => (0, index),
            Self::Settlement(index) => (1, index),
            Self::Fault(index) => (2, index),
            Self::Arrival(index) => (3, index),
            Self::Departure(index) => (4, index),
            Self::Timeout(index) => (5, index),
            Self::Receipt(index) => (6, index),
            Self::Batch(index) => (7, index),
            Self::Confirm(index) => (8, index),
            Self::Intake(index) => (9, index),
            Self::Linger(index) => (10, index),
            Self::Ask(index) => (11, index),
            Self::Commit(index) => (12, index),
            Self::Extend(index) => (13, index),
        }
    }

    /// Whether it has to wait, at its instant, for all events that need not.
    const fn waits(kind: u64) -> bool {
        matches!(kind, 2 | 6 | 7)
    }

    const fn from_parts(kind: u64, index: u32) -> Self {
        match kind {
            0 => Self::Completion(index),
            1 => Self::Settlement(index),
            2 => Self::Fault(index),
            3 => Self::Arrival(index),
            4 => Self::Departure(index),
            5 => Self::Timeout(index),
            6 => Self::Receipt(index),
            7 => Self::Batch(index),
            8 => Self::Confirm(index),
            9 => Self::Intake(index),
            10 => Self::Linger(index),
            11 => Self::Ask(index),
            12 => Self::Commit(index),
            _ => Self::Extend(index),
        }
    }
}

/// Events to come.
#[derive(Clone, Debug)]
pub(super) struct Agenda {
    /// The next event; [`NONE`] if there is none. Outside the heap: mostly an agenda has no more than one.
    first: u128,
    /// The others: time, order of scheduling and event in one integer, for one comparison and 16 bytes.
    rest: BinaryHeap<Reverse<u128>>,
    scheduled: u64,
}

/// Later than every event.
const NONE: u128 = u128::MAX;

impl Default for Agenda {
    fn default() -> Self {
        Self {
            first: NONE,
            rest: BinaryHeap::new(),
            scheduled: 0,
        }
    }
}

const INDEX_BITS: u32 = 24;
const KIND_BITS: u32 = 4;
const EVENT_BITS: u32 = INDEX_BITS + KIND_BITS;
const ORDER_BITS: u32 = 63 - EVENT_BITS;
/// Set in events that wait for the others of their instant: they come later whenever they were scheduled.
const WAITS: u64 = 1 << 63;

impl Agenda {
    /// Most indices that an agenda can tell apart.
    pub(super) const MOST_INDICES: u32 = 1 << INDEX_BITS;

    /// # Panics
    /// After 2³⁵ schedulings, hours of work and far over the messages that a scenario may ask for.
    #[inline(always)]
    pub(super) fn schedule(&mut self, time: Time, event: Event) {
        let (kind, index) = event.parts();
        debug_assert!(index < Self::MOST_INDICES);
        self.scheduled += 1;
        assert!(
            self.scheduled >> ORDER_BITS == 0,
            "more events than an agenda can order"
        );
        let waits = if Event::waits(kind) { WAITS } else { 0 };
        let low = waits | (self.scheduled << EVENT_BITS) | (kind << INDEX_BITS) | u64::from(index);
        let key = (u128::from(time.as_nanos()) << 64) | u128::from(low);
        if key < self.first {
            if self.first != NONE {
                self.rest.push(Reverse(self.first));
            }
            self.first = key;
        } else {
            self.rest.push(Reverse(key));
        }
    }

    /// When the next event is due; [`Time::NEVER`] if there is none.
    #[inline]
    pub(super) fn next(&self) -> Time {
        Time::from_nanos((self.first >> 64) as u64)
    }

    /// Takes the next event if it is due at `now`.
    #[inline]
    pub(super) fn take_due(&mut self, now: Time) -> Option<Event> {
        self.take_until((u128::from(now.as_nanos()) << 64) | u128::from(u64::MAX))
    }

    /// Takes the next event if it is due at `now` and does not wait for others.
    #[inline]
    pub(super) fn take_prompt(&mut self, now: Time) -> Option<Event> {
        self.take_until((u128::from(now.as_nanos()) << 64) | u128::from(WAITS - 1))
    }

    #[inline]
    fn take_until(&mut self, last: u128) -> Option<Event> {
        debug_assert!(last < NONE, "nothing is due at the end of time");
        if self.first > last {
            return None;
        }
        let event = event_of(self.first);
        self.first = if self.rest.is_empty() {
            NONE
        } else {
            self.rest.pop().map_or(NONE, |Reverse(key)| key)
        };
        Some(event)
    }

    /// Events to come.
    pub(super) fn len(&self) -> usize {
        usize::from(self.first != NONE) + self.rest.len()
    }

    /// Forgets the events that `wanted` does not want.
    pub(super) fn keep(&mut self, mut wanted: impl FnMut(Event) -> bool) {
        self.rest.retain(|Reverse(key)| wanted(event_of(*key)));
        if self.first != NONE && !wanted(event_of(self.first)) {
            self.first = self.rest.pop().map_or(NONE, |Reverse(key)| key);
        }
    }
}

#[inline]
fn event_of(key: u128) -> Event {
    let kind = (key as u64 >> INDEX_BITS) & ((1 << KIND_BITS) - 1);
    Event::from_parts(kind, key as u32 & (Agenda::MOST_INDICES - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_by_time_and_then_by_order_of_scheduling() {
        let mut agenda = Agenda::default();
        for (nanos, event) in [(30, 1), (10, 9), (10, 2), (20, 7), (10, 5)] {
            agenda.schedule(Time::from_nanos(nanos), Event::Arrival(event));
        }
        let mut order = Vec::new();
        while agenda.next() != Time::NEVER {
            let now = agenda.next();
            order.extend(agenda.take_due(now));
        }
        assert_eq!(order, [9, 2, 5, 7, 1].map(Event::Arrival));
    }

    #[test]
    fn every_event_comes_out_as_it_went_in() {
        let last = Agenda::MOST_INDICES - 1;
        let events = [
            Event::Completion(last),
            Event::Settlement(0),
            Event::Fault(1),
            Event::Arrival(2),
            Event::Departure(last),
            Event::Timeout(3),
            Event::Receipt(4),
            Event::Batch(last),
            Event::Confirm(5),
            Event::Intake(6),
            Event::Linger(7),
            Event::Ask(8),
            Event::Commit(9),
            Event::Extend(last),
        ];
        let mut agenda = Agenda::default();
        for event in events {
            agenda.schedule(Time::ZERO, event);
        }
        agenda.keep(|event| event != Event::Fault(1));
        assert_eq!(agenda.len(), events.len() - 1);
        let prompt: Vec<Event> = std::iter::from_fn(|| agenda.take_prompt(Time::ZERO)).collect();
        let others: Vec<Event> = std::iter::from_fn(|| agenda.take_due(Time::ZERO)).collect();
        assert_eq!(prompt, [&events[..2], &events[3..6], &events[8..]].concat());
        assert_eq!(others, events[6..8]);
    }

    #[test]
    fn nothing_is_taken_before_it_is_due() {
        let mut agenda = Agenda::default();
        agenda.schedule(Time::from_nanos(5), Event::Completion(3));
        assert_eq!(agenda.take_due(Time::from_nanos(4)), None);
        assert_eq!(
            agenda.take_due(Time::from_nanos(5)),
            Some(Event::Completion(3))
        );
        assert_eq!(agenda.next(), Time::NEVER);
    }
}
