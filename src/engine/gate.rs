//! What keeps a producer from publishing, and what it holds back meanwhile.

use super::agenda::Event;
use super::publish::{Parcel, Sender};
use super::{Simulation, producer::ProducerState};
use crate::measure::Probe;
use std::collections::VecDeque;

/// The gate before a producer that not always may publish what it makes.
#[derive(Debug)]
pub(super) struct Gate {
    /// What it made and could not publish, in order.
    held: VecDeque<Parcel>,
    /// Most messages published and not yet confirmed, where it waits for confirms.
    window: Option<u32>,
    unconfirmed: u32,
    /// Messages of it that were refused and wait for room.
    waiting: u32,
    /// Queues that have given it no more credit.
    in_flow: u32,
}

impl Gate {
    /// Open.
    pub(super) fn new(window: Option<u32>) -> Self {
        Self {
            held: VecDeque::new(),
            window,
            unconfirmed: 0,
            waiting: 0,
            in_flow: 0,
        }
    }

    fn is_shut(&self) -> bool {
        self.waiting > 0
            || self.in_flow > 0
            || self.window.is_some_and(|most| self.unconfirmed >= most)
    }
}

impl<P: Probe> Simulation<'_, P> {
    /// A producer that has a gate wants to publish a message.
    #[cold]
    pub(super) fn offer(&mut self, index: u32, parcel: Parcel) {
        self.gate(index).held.push_back(parcel);
        self.let_through(index);
    }

    /// A producer publishes what it made, as long as nothing keeps it.
    pub(super) fn let_through(&mut self, index: u32) {
        while !self.broker.is_alarmed() && !self.gate(index).is_shut() {
            let gate = self.gate(index);
            let Some(parcel) = gate.held.pop_front() else {
                break;
            };
            gate.unconfirmed += u32::from(gate.window.is_some());
            self.send(parcel);
        }
        self.report_gate(index);
    }

    fn report_gate(&mut self, index: u32) {
        let memory_is_short = self.broker.is_alarmed();
        let gate = self.gate(index);
        let (held, is_shut) = (gate.held.len() as u64, gate.is_shut() || memory_is_short);
        self.relay
            .probe
            .held_back(self.now, index as usize, held, is_shut);
    }

    /// Memory is no longer short, and all who were kept by it go on, in the order of the file; or it has become short.
    pub(super) fn let_all_through(&mut self) {
        for index in 0..self.producers.len() {
            if self.producers[index].gate.is_some() {
                self.let_through(index as u32);
            }
        }
    }

    /// The broker answers for a message, and the producer hears of it later, if it listens.
    pub(super) fn confirm_later(&mut self, index: u32, parcel: &Parcel) {
        let gate = self.producers[index as usize].gate.as_ref();
        if gate.is_some_and(|gate| gate.window.is_some()) {
            let due = self.now + parcel.confirm_after;
            self.traffic.schedule(due, Event::Confirm(index));
        }
    }

    /// A producer hears what became of one of its messages.
    pub(super) fn confirmed(&mut self, index: u32) {
        self.gate(index).unconfirmed -= 1;
        self.let_through(index);
    }

    /// A message was refused, and its producer waits for room.
    pub(super) fn wait_for_room(&mut self, parcel: &Parcel) {
        if let Sender::Producer(index) = parcel.sender {
            self.gate(index).waiting += 1;
            self.report_gate(index);
        }
    }

    /// A message does not wait for room any more; gives its producer, which may go on.
    pub(super) fn found_room(&mut self, parcel: &Parcel) -> Option<u32> {
        let Sender::Producer(index) = parcel.sender else {
            return None;
        };
        self.gate(index).waiting -= 1;
        Some(index)
    }

    /// A queue's process has as much of its messages as it may.
    pub(super) fn enter_flow(&mut self, index: u32) {
        self.gate(index).in_flow += 1;
        self.report_gate(index);
    }

    /// A queue's process gives more credit.
    pub(super) fn leave_flow(&mut self, index: u32) {
        self.gate(index).in_flow -= 1;
        self.let_through(index);
    }

    fn gate(&mut self, index: u32) -> &mut Gate {
        let ProducerState { gate, .. } = &mut self.producers[index as usize];
        gate.as_mut()
            .expect("only producers with a gate are kept by one")
    }
}
