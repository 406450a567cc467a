//! What lies between one pusher and one puller.

use super::PeerId;
use super::gate::Gate;
use super::settings::{PipeSettings, Transport, wire_bytes};
use crate::queue::line::{List, WAITING};
use crate::queue::message::{MessageId, Store};

/// Where in its lane a message stands; each place is nearer to the receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Sender,
    Kernel,
    Receiver,
}

/// Everything between one pusher and one puller. Over inproc all that enters it goes on to the receiver's line at once,
/// and the gate at the sender is for the whole.
#[derive(Clone, Debug)]
pub(super) struct Lane {
    pub(super) pusher: PeerId,
    pub(super) puller: PeerId,
    /// Its pusher is there, and may write.
    pub(super) is_fed: bool,
    /// Its puller is there, so that messages move on.
    pub(super) is_connected: bool,
    /// Its pusher has not found it full since it last had room: it is active among the pusher's turns.
    pub(super) is_writable: bool,
    /// Its puller has not found it empty since a message last came: it is active among the puller's turns.
    pub(super) is_readable: bool,
    pub(super) at_sender: Gate,
    pub(super) at_receiver: Gate,
    sender: Line,
    kernel: Line,
    receiver: Line,
}

impl Lane {
    pub(super) fn new(pusher: PeerId, puller: PeerId, settings: &PipeSettings) -> Self {
        Self {
            pusher,
            puller,
            is_fed: true,
            is_connected: false,
            is_writable: true,
            is_readable: false,
            at_sender: Gate::new(settings.mark_at_sender()),
            at_receiver: Gate::new(0),
            sender: Line::EMPTY,
            kernel: Line::EMPTY,
            receiver: Line::EMPTY,
        }
    }

    pub(super) const fn line(&self, place: Place) -> &Line {
        match place {
            Place::Sender => &self.sender,
            Place::Kernel => &self.kernel,
            Place::Receiver => &self.receiver,
        }
    }

    pub(super) const fn line_mut(&mut self, place: Place) -> &mut Line {
        match place {
            Place::Sender => &mut self.sender,
            Place::Kernel => &mut self.kernel,
            Place::Receiver => &mut self.receiver,
        }
    }

    /// Whether nothing will come out of it any more.
    pub(super) const fn is_over(&self) -> bool {
        !self.is_fed && self.sender.count == 0 && self.kernel.count == 0 && self.receiver.count == 0
    }

    /// Whether a message of any size may leave the sender. A socket takes a part of one, and its engine holds the
    /// rest: so the last may stand out of the buffer, and one that is larger than the buffer goes alone.
    pub(super) const fn kernel_has_room(&self, transport: Transport) -> bool {
        match transport {
            Transport::Tcp {
                kernel_buffer_bytes,
            } => self.kernel.count == 0 || self.kernel.bytes < kernel_buffer_bytes,
            Transport::Inproc => true,
        }
    }
}

/// Messages in one place, in the order in which they were pushed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    messages: List<WAITING>,
    count: u64,
    /// On the wire.
    bytes: u64,
}

impl Line {
    const EMPTY: Self = Self {
        messages: List::EMPTY,
        count: 0,
        bytes: 0,
    };

    pub(super) const fn count(&self) -> u64 {
        self.count
    }

    pub(super) fn push<B>(&mut self, store: &mut Store<B>, id: MessageId) {
        self.messages.push_back(store, id);
        self.count += 1;
        self.bytes += wire_bytes(store[id].bytes);
    }

    /// The first, which stands in no line then.
    pub(super) fn pop<B>(&mut self, store: &mut Store<B>) -> Option<MessageId> {
        let first = self.messages.head()?;
        self.messages.remove(store, first);
        self.count -= 1;
        self.bytes -= wire_bytes(store[first].bytes);
        Some(first)
    }
}
