//! Queues without a broker: ZeroMQ's PUSH and PULL.
//!
//! A [`Pipe`] is a set of sockets that push and of sockets that pull, each joined to each. Between any two is a *lane*:
//! a line at the sender up to its high-water mark, what the kernel's buffers hold, and a line at the receiver up to its
//! mark. Marks are each peer's and not each socket's (`doc/zmq_setsockopt.adoc`). Over inproc there is one line alone.
//!
//! To whoever measures it is one queue. A message is ready while it stands at its sender, where it is lost with it;
//! from then on it is unacked ([`Effect::Delivered`]), and lost with its receiver; it leaves when the application
//! receives it. Over inproc all that was pushed is in the receiver's hands at once. What goes with a peer leaves as
//! [`super::Exit::PeerLost`], and a push at the mark is refused: whether its caller waits is the caller's affair.
//!
//! Transfer takes no time: whatever can move on does so within the input, or the poll, that made room.
//!
//! ```
//! use queuelab::queue::{PeerId, Pipe, PipeError, PipeSettings, QueueId};
//! use queuelab::time::Time;
//!
//! let (now, ventilator, worker) = (Time::ZERO, PeerId(0), PeerId(0));
//! let mut pipe = Pipe::new(QueueId(0), PipeSettings::default());
//! pipe.add_pusher(now, ventilator, &mut ())?;
//! pipe.connect(now, worker, &mut ())?;
//! assert_eq!(pipe.push(now, ventilator, "a task", 100, &mut ())?, None);
//! pipe.ask(now, worker, &mut ())?;
//! let (to, delivery) = pipe.poll_delivery(now, &mut ()).expect("somebody asked");
//! assert_eq!((to, delivery.body), (worker, "a task"));
//! # Ok::<(), PipeError>(())
//! ```
//!
//! Rules are libzmq's, as of 4.3.5: pages are those of its `doc`, files those of its `src`. Three things are simpler
//! here: what one end does is known to the other at once, rather than when its thread next looks; messages have one
//! part; and a pusher that comes back is a new one to all pullers.

mod gate;
mod lane;
mod peers;
mod settings;
mod transfer;
mod turns;

pub use settings::{PipeSettings, Transport};

use super::effect::{Effect, Levels, Sink};
use super::line::{List, PRESENT};
use super::message::{Message, MessageId, Store};
use super::request::Delivery;
use super::settings::QueueId;
use super::slots::Slots;
use crate::time::Time;
use lane::{Lane, Place};
use peers::Puller;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use turns::Turns;

/// Names a socket of a pipe, as the driver likes; pushers and pullers are named apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeerId(pub u32);

/// What a driver asked for cannot be; nothing has happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PipeError {
    /// No such pusher was added, or it has been removed.
    #[error("no pusher {0:?}: add it first")]
    UnknownPusher(PeerId),
    /// No such puller is connected: it never was, or it went.
    #[error("no puller {0:?}: connect it first")]
    UnknownPuller(PeerId),
    /// There is one of this name.
    #[error("there is a pusher {0:?}: remove it first")]
    PusherIsThere(PeerId),
    /// There is one of this name.
    #[error("there is a puller {0:?}: disconnect it first")]
    PullerIsThere(PeerId),
}

/// Where messages wait, each in one place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// In lines at their senders: these are ready.
    pub sender: u64,
    /// In the kernels of both ends.
    pub kernel: u64,
    /// In lines at their receivers; over inproc, all.
    pub receiver: u64,
}

impl Held {
    /// All of them.
    pub const fn total(self) -> u64 {
        self.sender + self.kernel + self.receiver
    }
}

/// Sockets that push, sockets that pull, and what is between them.
#[derive(Clone, Debug)]
pub struct Pipe<B> {
    queue: QueueId,
    settings: PipeSettings,
    store: Store<B>,
    /// Oldest push first.
    present: List<PRESENT>,
    ready: u64,
    unacked: u64,
    lanes: Slots<Lane>,
    /// Those that are there, and whose turn it is to be sent to by each.
    pushers: BTreeMap<PeerId, Turns>,
    /// Also those that went and for whose return something is kept.
    pullers: BTreeMap<PeerId, Puller>,
    /// Who asked, and has something to receive: first asked first. An entry may outlive its asking; it is then passed
    /// over.
    due: BinaryHeap<Reverse<(u64, PeerId)>>,
    /// Calls of recv() so far.
    asked: u64,
    /// Messages pushed, and received, so far.
    pushed: u64,
    received: u64,
}

impl<B> Pipe<B> {
    /// Without sockets. What happens is told of `queue`, whose number is the driver's to choose
    /// ([`super::Broker::reserve`]).
    pub const fn new(queue: QueueId, settings: PipeSettings) -> Self {
        Self {
            queue,
            settings,
            store: Store::new(),
            present: List::EMPTY,
            ready: 0,
            unacked: 0,
            lanes: Slots::new(),
            pushers: BTreeMap::new(),
            pullers: BTreeMap::new(),
            due: BinaryHeap::new(),
            asked: 0,
            pushed: 0,
            received: 0,
        }
    }

    /// Sends a message of `bytes` to the peer whose turn it is among those with room (`lb.cpp`), or hands its body back
    /// where none has room or there is none: EAGAIN of `ZMQ_DONTWAIT` (`doc/zmq_socket.adoc`, ZMQ_PUSH).
    ///
    /// A peer that has no room keeps what it was sent before, however long it does not receive.
    ///
    /// # Errors
    /// Where there is no such pusher.
    pub fn push(
        &mut self,
        now: Time,
        pusher: PeerId,
        body: B,
        bytes: u32,
        sink: &mut impl Sink<B>,
    ) -> Result<Option<B>, PipeError> {
        let Some(lane) = self.take_turn(pusher)? else {
            let refused = Effect::Refused {
                body: &body,
                dead_lettered_to: &[],
                is_kept: false,
            };
            sink.effect(now, self.queue, &refused, self.levels());
            return Ok(Some(body));
        };
        let id = self.enter(now, body, bytes);
        let (to, store) = self.lane_mut(lane);
        to.at_sender.write();
        to.line_mut(Place::Sender).push(store, id);
        let accepted = Effect::Accepted {
            message: &self.store[id],
        };
        sink.effect(now, self.queue, &accepted, self.levels());
        self.pump(now, lane, sink);
        Ok(None)
    }

    /// Whether a push would be accepted now; false where there is no such pusher.
    pub fn accepts(&self, pusher: PeerId) -> bool {
        self.pushers.get(&pusher).is_some_and(|turns| {
            let mut lanes = turns.active().iter();
            lanes.any(|lane| self.lane(*lane).at_sender.is_open())
        })
    }

    /// A puller's application calls recv() and waits for one message, which a poll gives it. It may ask again before:
    /// that is still one call.
    ///
    /// # Errors
    /// Where no such puller is connected.
    pub fn ask(
        &mut self,
        _now: Time,
        puller: PeerId,
        _sink: &mut impl Sink<B>,
    ) -> Result<(), PipeError> {
        let number = self.asked;
        let state = self.connected(puller)?;
        if state.asked.is_some() {
            return Ok(());
        }
        state.asked = Some(number);
        let has_something = state.waiting > 0;
        self.asked += 1;
        if has_something {
            self.due.push(Reverse((number, puller)));
        } else {
            self.find_all_empty(puller);
        }
        Ok(())
    }

    /// The next message that somebody who asked receives, who asked first first, from the peer whose turn it is among
    /// those from whom something has come (`fq.cpp`); `None` when all who asked wait. Its `tag` counts them.
    pub fn poll_delivery(
        &mut self,
        now: Time,
        sink: &mut impl Sink<B>,
    ) -> Option<(PeerId, Delivery<B>)> {
        loop {
            let Reverse((number, id)) = self.due.pop()?;
            if let Some(puller) = self.pullers.get_mut(&id)
                && puller.asked == Some(number)
            {
                puller.asked = None;
                return Some((id, self.receive(now, id, sink)));
            }
        }
    }

    /// Never: nothing here waits for a time.
    pub const fn next_deadline(&self) -> Time {
        Time::NEVER
    }

    /// Does nothing, as nothing here is ever due.
    pub const fn expire(&mut self, _now: Time, _sink: &mut impl Sink<B>) {}

    /// How much is at its sender, and how much beyond.
    pub fn levels(&self) -> Levels {
        let oldest = self.present.head();
        Levels {
            ready: self.ready,
            unacked: self.unacked,
            oldest: oldest.map_or(Time::NEVER, |id| self.store[id].enqueued),
        }
    }

    /// Every message, oldest push first.
    pub fn messages(&self) -> impl Iterator<Item = &Message<B>> {
        let present = self.present.iter(&self.store);
        present.map(|id| &self.store[id])
    }

    /// How many there are.
    pub fn message_count(&self) -> usize {
        self.store.len()
    }

    /// Where the messages wait that one puller is to receive, while it is there or away; it takes a step for each lane.
    pub fn held_for(&self, puller: PeerId) -> Held {
        let lanes = self.pullers.get(&puller).map(|puller| puller.turns.all());
        let lanes = lanes.unwrap_or_default().iter();
        lanes.fold(Held::default(), |held, lane| {
            let lane = self.lane(*lane);
            Held {
                sender: held.sender + lane.line(Place::Sender).count(),
                kernel: held.kernel + lane.line(Place::Kernel).count(),
                receiver: held.receiver + lane.line(Place::Receiver).count(),
            }
        })
    }

    /// Where all messages wait; it takes a step for each lane.
    pub fn held(&self) -> Held {
        let pullers = self.pullers.keys();
        pullers.fold(Held::default(), |held, puller| {
            let theirs = self.held_for(*puller);
            Held {
                sender: held.sender + theirs.sender,
                kernel: held.kernel + theirs.kernel,
                receiver: held.receiver + theirs.receiver,
            }
        })
    }

    /// A new message, ready, that stands in no line yet.
    fn enter(&mut self, now: Time, body: B, bytes: u32) -> MessageId {
        let message = Message::plain(now, self.pushed, bytes, body);
        let id = self.store.insert(message);
        self.pushed += 1;
        self.ready += 1;
        self.present.push_back(&mut self.store, id);
        id
    }

    fn lane(&self, lane: u32) -> &Lane {
        self.lanes.get(lane).expect("a lane in turns is there")
    }

    fn lane_mut(&mut self, lane: u32) -> (&mut Lane, &mut Store<B>) {
        let lane = self.lanes.get_mut(lane);
        (lane.expect("a lane in turns is there"), &mut self.store)
    }
}
