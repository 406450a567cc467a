//! How messages move on, arrive and leave.

use super::lane::Place;
use super::{PeerId, Pipe, PipeError, Transport};
use crate::queue::channel::ChannelId;
use crate::queue::effect::{Effect, Exit, Sink, Stood};
use crate::queue::message::{Message, MessageId};
use crate::queue::request::Delivery;
use crate::time::Time;
use std::cmp::Reverse;

impl<B> Pipe<B> {
    /// The lane to which a pusher sends next, and whose turn is over then; `None` where none has room. Those that were
    /// found full are not tried again before they have room (`lb.cpp`, sendpipe).
    pub(super) fn take_turn(&mut self, pusher: PeerId) -> Result<Option<u32>, PipeError> {
        let turns = self.pushers.get_mut(&pusher);
        let turns = turns.ok_or(PipeError::UnknownPusher(pusher))?;
        while let Some(lane) = turns.current() {
            let tried = self.lanes.get_mut(lane).expect("a lane in turns is there");
            if tried.at_sender.is_open() {
                turns.advance();
                return Ok(Some(lane));
            }
            tried.is_writable = false;
            turns.rest();
        }
        Ok(None)
    }

    /// Lets move on whatever can, from place to place and in order.
    pub(super) fn pump(&mut self, now: Time, lane: u32, sink: &mut impl Sink<B>) {
        while self.move_to_receiver(lane) || self.move_to_kernel(now, lane, sink) {}
    }

    /// One message out of the kernel, if its receiver's line is open: the engine stops reading where it is not
    /// (`stream_engine_base.cpp`, in_event).
    fn move_to_receiver(&mut self, lane: u32) -> bool {
        let (state, store) = self.lane_mut(lane);
        if !state.at_receiver.is_open() {
            return false;
        }
        let Some(id) = state.line_mut(Place::Kernel).pop(store) else {
            return false;
        };
        state.at_receiver.write();
        state.line_mut(Place::Receiver).push(store, id);
        self.arrive(lane);
        true
    }

    /// One message out of its sender's line, if its puller is there and the kernel has room.
    fn move_to_kernel(&mut self, now: Time, lane: u32, sink: &mut impl Sink<B>) -> bool {
        let transport = self.settings.transport;
        let (state, store) = self.lane_mut(lane);
        if !state.is_connected || !state.kernel_has_room(transport) {
            return false;
        }
        let Some(id) = state.line_mut(Place::Sender).pop(store) else {
            return false;
        };
        state.line_mut(Place::Kernel).push(store, id);
        let message = &mut store[id];
        message.ready = false;
        message.deliveries += 1;
        // Over inproc this line goes on to the receiver, and it is the receiver that reads from it.
        let is_read = matches!(transport, Transport::Tcp { .. });
        let has_room_again = is_read && state.at_sender.read();
        self.ready -= 1;
        self.unacked += 1;
        if has_room_again {
            self.reopen(lane);
        }
        let delivered = Effect::Delivered {
            message: &self.store[id],
            consumer: None,
        };
        sink.effect(now, self.queue, &delivered, self.levels());
        true
    }

    /// Something stands in the receiver's line.
    fn arrive(&mut self, lane: u32) {
        let state = self.lanes.get_mut(lane).expect("a lane in turns is there");
        let puller = self.pullers.get_mut(&state.puller);
        let puller = puller.expect("a lane goes with its puller");
        if !state.is_readable {
            state.is_readable = true;
            puller.turns.activate(lane);
        }
        puller.waiting += 1;
        if puller.waiting == 1
            && let Some(number) = puller.asked
        {
            self.due.push(Reverse((number, state.puller)));
        }
    }

    /// The pusher of a lane learns that it has room.
    fn reopen(&mut self, lane: u32) {
        let state = self.lanes.get_mut(lane).expect("a lane in turns is there");
        if state.is_fed && !state.is_writable {
            state.is_writable = true;
            let turns = self.pushers.get_mut(&state.pusher);
            turns.expect("it is fed").activate(lane);
        }
    }

    /// A puller for which nothing has come tries all its lanes in vain.
    pub(super) fn find_all_empty(&mut self, puller: PeerId) {
        let state = self.pullers.get_mut(&puller);
        let state = state.expect("whoever asks is there");
        while let Some(lane) = state.turns.current() {
            let tried = self.lanes.get_mut(lane).expect("a lane in turns is there");
            tried.is_readable = false;
            state.turns.rest();
        }
    }

    /// A puller for which something has come receives it.
    pub(super) fn receive(
        &mut self,
        now: Time,
        puller: PeerId,
        sink: &mut impl Sink<B>,
    ) -> Delivery<B> {
        let (lane, id) = self.take_next(puller);
        let message = self.leave(now, id, Exit::Acked, sink);
        self.make_room(now, lane, sink);
        self.received += 1;
        Delivery {
            channel: ChannelId(0),
            consumer: None,
            queue: self.queue,
            tag: self.received,
            enqueued: message.enqueued,
            redelivered: false,
            returns: 0,
            delivery_count: 0,
            deaths: 0,
            bytes: message.bytes,
            priority: None,
            body: message.body,
        }
    }

    /// The message that a puller receives next, out of its line. Lanes that were found empty are not tried again before
    /// something came (`fq.cpp`, recvpipe).
    fn take_next(&mut self, puller: PeerId) -> (u32, MessageId) {
        let state = self.pullers.get_mut(&puller);
        let state = state.expect("whoever receives is there");
        loop {
            let lane = state.turns.current();
            let lane = lane.expect("a lane in which something waits is active");
            let tried = self.lanes.get_mut(lane).expect("a lane in turns is there");
            if let Some(id) = tried.line_mut(Place::Receiver).pop(&mut self.store) {
                state.turns.advance();
                state.waiting -= 1;
                return (lane, id);
            }
            tried.is_readable = false;
            state.turns.rest();
        }
    }

    /// The receiver has read one message of a lane: what waits behind it may move on.
    fn make_room(&mut self, now: Time, lane: u32, sink: &mut impl Sink<B>) {
        let transport = self.settings.transport;
        let (state, _) = self.lane_mut(lane);
        match transport {
            Transport::Tcp { .. } => {
                if state.at_receiver.read() {
                    self.pump(now, lane, sink);
                }
            }
            Transport::Inproc => {
                if state.at_sender.read() {
                    self.reopen(lane);
                }
            }
        }
        self.drop_if_over(lane);
    }

    /// All that stands in one place of a lane is lost.
    pub(super) fn lose(&mut self, now: Time, lane: u32, place: Place, sink: &mut impl Sink<B>) {
        loop {
            let (state, store) = self.lane_mut(lane);
            let Some(id) = state.line_mut(place).pop(store) else {
                return;
            };
            self.leave(now, id, Exit::PeerLost, sink);
        }
    }

    /// A message that stands in no line any more is no more.
    fn leave(
        &mut self,
        now: Time,
        id: MessageId,
        exit: Exit,
        sink: &mut impl Sink<B>,
    ) -> Message<B> {
        self.present.remove(&mut self.store, id);
        let stood = if self.store[id].ready {
            self.ready -= 1;
            Stood::Ready
        } else {
            self.unacked -= 1;
            Stood::Unacked
        };
        let left = Effect::Left {
            message: &self.store[id],
            exit,
            stood,
            dead_lettered_to: &[],
            copied: 0,
        };
        sink.effect(now, self.queue, &left, self.levels());
        self.store.remove(id)
    }
}
