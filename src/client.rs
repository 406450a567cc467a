//! What a consumer does with what it holds, clockless: a buffer of deliveries and slots that work on them.
//!
//! Shared by every driver of the core, so that all behave alike.

use std::collections::VecDeque;

/// One consumer: `D` are its deliveries, slots are numbered by whoever drives it.
#[derive(Clone, Debug)]
pub struct Consumer<D> {
    /// Delivered and not yet started: what prefetch hoards.
    buffer: VecDeque<D>,
    /// Slots with nothing to do.
    idle: Vec<u32>,
}

impl<D> Consumer<D> {
    /// A consumer that works on as many messages at once as it has slots.
    pub fn new(slots: impl DoubleEndedIterator<Item = u32>) -> Self {
        Self {
            buffer: VecDeque::new(),
            idle: slots.rev().collect(),
        }
    }

    /// Takes a delivery that has to wait.
    pub fn keep(&mut self, delivery: D) {
        self.buffer.push_back(delivery);
    }

    /// An idle slot, which is idle no more.
    pub fn take_idle(&mut self) -> Option<u32> {
        self.idle.pop()
    }

    /// `slot` has nothing to do.
    pub fn rest(&mut self, slot: u32) {
        self.idle.push(slot);
    }

    /// What to work on next: the oldest delivery that waits.
    #[inline]
    pub fn next_waiting(&mut self) -> Option<D> {
        if self.buffer.is_empty() {
            return None;
        }
        self.buffer.pop_front()
    }

    /// The oldest `count` deliveries that wait, or all if there are fewer.
    pub fn take(&mut self, count: usize) -> impl Iterator<Item = D> {
        self.buffer.drain(..count.min(self.buffer.len()))
    }

    /// Deliveries that wait, the oldest first.
    pub fn waiting(&self) -> impl Iterator<Item = &D> {
        self.buffer.iter()
    }

    /// Slots with nothing to do.
    pub fn idle(&self) -> usize {
        self.idle.len()
    }

    /// Deliveries that wait inside the consumer.
    pub fn buffered(&self) -> usize {
        self.buffer.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_finds_no_idle_slot_waits_in_the_order_of_delivery() {
        let mut consumer = Consumer::new([7, 8].into_iter());
        assert_eq!(
            (consumer.take_idle(), consumer.take_idle()),
            (Some(7), Some(8))
        );
        assert_eq!(consumer.take_idle(), None);
        consumer.keep('c');
        consumer.keep('d');
        assert_eq!(
            (consumer.next_waiting(), consumer.next_waiting()),
            (Some('c'), Some('d'))
        );
        assert_eq!(consumer.next_waiting(), None);
        consumer.rest(8);
        assert_eq!((consumer.idle(), consumer.take_idle()), (1, Some(8)));
    }
}
