//! Future events: a closed box from which they come by time, and by order of scheduling at one instant.

use crate::time::Time;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Events to come, each a number that its owner understands.
#[derive(Clone, Debug, Default)]
pub(super) struct Agenda {
    /// Time, order of scheduling and event in one integer: one comparison, 16 bytes.
    heap: BinaryHeap<Reverse<u128>>,
    scheduled: u64,
}

const EVENT_BITS: u32 = 24;
const ORDER_BITS: u32 = 64 - EVENT_BITS;

impl Agenda {
    /// Most events that an agenda can tell apart.
    pub(super) const MOST_EVENTS: u32 = 1 << EVENT_BITS;

    /// # Panics
    /// After 2⁴⁰ schedulings, hours of work and far over the messages that a scenario may ask for.
    #[inline]
    pub(super) fn schedule(&mut self, time: Time, event: u32) {
        debug_assert!(event < Self::MOST_EVENTS);
        self.scheduled += 1;
        assert!(
            self.scheduled >> ORDER_BITS == 0,
            "more events than an agenda can order"
        );
        let low = (self.scheduled << EVENT_BITS) | u64::from(event);
        self.heap.push(Reverse(
            (u128::from(time.as_nanos()) << 64) | u128::from(low),
        ));
    }

    /// When the next event is due; [`Time::NEVER`] if there is none.
    #[inline]
    pub(super) fn next(&self) -> Time {
        self.heap.peek().map_or(Time::NEVER, |Reverse(key)| {
            Time::from_nanos((key >> 64) as u64)
        })
    }

    /// Takes the next event if it is due at `now`.
    #[inline]
    pub(super) fn take_due(&mut self, now: Time) -> Option<u32> {
        if self.next() > now {
            return None;
        }
        let Reverse(key) = self.heap.pop()?;
        Some(key as u32 & (Self::MOST_EVENTS - 1))
    }

    pub(super) fn clear(&mut self) {
        self.heap.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_by_time_and_then_by_order_of_scheduling() {
        let mut agenda = Agenda::default();
        for (nanos, event) in [(30, 1), (10, 9), (10, 2), (20, 7), (10, 5)] {
            agenda.schedule(Time::from_nanos(nanos), event);
        }
        let mut order = Vec::new();
        while agenda.next() != Time::NEVER {
            let now = agenda.next();
            order.extend(agenda.take_due(now));
        }
        assert_eq!(order, [9, 2, 5, 7, 1]);
    }

    #[test]
    fn nothing_is_taken_before_it_is_due() {
        let mut agenda = Agenda::default();
        agenda.schedule(Time::from_nanos(5), 3);
        assert_eq!(agenda.take_due(Time::from_nanos(4)), None);
        assert_eq!(agenda.take_due(Time::from_nanos(5)), Some(3));
        assert_eq!(agenda.next(), Time::NEVER);
    }
}
