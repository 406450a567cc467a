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

    /// Takes a delivery. What can be started now is given back, with the slot that works on it.
    pub fn receive(&mut self, delivery: D) -> Option<(u32, D)> {
        match self.idle.pop() {
            Some(slot) => Some((slot, delivery)),
            None => {
                self.buffer.push_back(delivery);
                None
            }
        }
    }

    /// `slot` is done with its message: what it works on next, oldest delivery first.
    pub fn finish(&mut self, slot: u32) -> Option<D> {
        let next = self.buffer.pop_front();
        if next.is_none() {
            self.idle.push(slot);
        }
        next
    }

    /// Takes a delivery that is to wait for others.
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

    /// The oldest `count` deliveries that wait, or all if there are fewer.
    pub fn take(&mut self, count: usize) -> impl Iterator<Item = D> {
        self.buffer.drain(..count.min(self.buffer.len()))
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
        assert_eq!(consumer.receive('a'), Some((7, 'a')));
        assert_eq!(consumer.receive('b'), Some((8, 'b')));
        assert_eq!(consumer.receive('c'), None);
        assert_eq!(consumer.receive('d'), None);
        assert_eq!(consumer.finish(8), Some('c'));
        assert_eq!(consumer.finish(7), Some('d'));
        assert_eq!(consumer.finish(8), None);
        assert_eq!(consumer.receive('e'), Some((8, 'e')));
    }
}
