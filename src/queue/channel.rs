//! A channel groups consumers and what was delivered to them: tags, and the requeue of all of it when it closes.

use super::connection::ConnectionId;
use super::consumer::ConsumerId;
use super::message::MessageId;
use super::settings::QueueId;
use crate::time::Time;
use std::collections::VecDeque;

/// Names an open channel; the name is used again after it was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChannelId(pub u32);

/// An open channel.
#[derive(Clone, Debug)]
pub(super) struct Channel {
    pub(super) connection: ConnectionId,
    pub(super) consumers: Vec<ConsumerId>,
    pub(super) unsettled: Unsettled,
    last_tag: u64,
    /// Most that its consumers may hold together; 0 is no limit.
    pub(super) prefetch: u32,
    /// What they hold, or held when they ended. Kept only while there is a limit.
    pub(super) held: u32,
    /// When the broker looks for what was held too long; [`Time::NEVER`] if it will not.
    pub(super) look: Time,
    /// With publisher confirms: how many messages were published.
    pub(super) confirms: Option<u64>,
}

impl Channel {
    pub(super) fn new(connection: ConnectionId) -> Self {
        Self {
            connection,
            consumers: Vec::new(),
            unsettled: Unsettled::default(),
            last_tag: 0,
            prefetch: 0,
            held: 0,
            look: Time::NEVER,
            confirms: None,
        }
    }

    /// Tags count deliveries of the channel from 1.
    pub(super) fn next_tag(&mut self) -> u64 {
        self.last_tag += 1;
        self.last_tag
    }

    pub(super) fn last_tag(&self) -> u64 {
        self.last_tag
    }

    pub(super) fn is_full(&self) -> bool {
        self.prefetch > 0 && self.held >= self.prefetch
    }
}

/// A delivery that waits to be settled.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    pub(super) tag: u64,
    pub(super) message: MessageId,
    pub(super) queue: QueueId,
    pub(super) holder: Holder,
    /// From when on it is unsettled for too long; [`Time::NEVER`] if it never is.
    pub(super) overdue: Time,
}

/// Whose prefetch a delivery counts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holder {
    Consumer(ConsumerId),
    /// A consumer that ended: only its channel's.
    Gone,
    /// Nobody's: it was a `get`.
    Get,
    /// Nobody's: it was received from a queue of SQS, and has its time.
    Receipt,
}

/// Deliveries of a channel that wait to be settled, in the order of their tags.
///
/// Settled ones leave a hole until they reach the front or holes outnumber what is held, so that memory stays within
/// twice what is held, and taking any tag costs a search by halves at the most.
#[derive(Clone, Debug, Default)]
pub(super) struct Unsettled {
    held: VecDeque<Held>,
    holes: usize,
}

const HOLES_TOLERATED: usize = 64;

impl Unsettled {
    pub(super) fn push(&mut self, held: Held) {
        debug_assert!(self.held.back().is_none_or(|last| last.tag < held.tag));
        self.held.push_back(held);
    }

    pub(super) fn holds(&self, tag: u64) -> bool {
        self.get(tag).is_some()
    }

    /// What is held by `tag`, and goes on being held.
    pub(super) fn get(&self, tag: u64) -> Option<Held> {
        let held = self.held[self.index_of(tag)?];
        held.message.some().map(|_| held)
    }

    #[inline]
    pub(super) fn take(&mut self, tag: u64) -> Option<Held> {
        // Mostly the oldest is settled first, and it is never a hole.
        if self.held.front()?.tag == tag {
            let held = self.held.pop_front();
            self.close_holes();
            return held;
        }
        let index = self.index_of(tag)?;
        let held = self.held[index];
        held.message.some()?;
        self.held[index].message = MessageId::NONE;
        self.holes += 1;
        self.close_holes();
        Some(held)
    }

    /// The oldest delivery that is held and whose tag is at most `tag`.
    pub(super) fn take_first_through(&mut self, tag: u64) -> Option<Held> {
        self.held.front().filter(|first| first.tag <= tag)?;
        self.held.pop_front().inspect(|_| self.close_holes())
    }

    /// `consumer` ended; its deliveries stay.
    pub(super) fn forget_consumer(&mut self, consumer: ConsumerId) {
        for held in &mut self.held {
            if held.holder == Holder::Consumer(consumer) {
                held.holder = Holder::Gone;
            }
        }
    }

    /// All that wait to be settled, in the order of their tags.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Held> {
        let held = self.held.iter();
        held.filter(|held| held.message != MessageId::NONE)
    }

    /// What was delivered with `tag` may still be settled, but to no effect.
    pub(super) fn make_void(&mut self, tag: u64) {
        if let Some(index) = self.index_of(tag) {
            self.held[index].message = MessageId::TAKEN_BACK;
        }
    }

    /// Deliveries to consumers, here still or gone.
    pub(super) fn of_consumers(&self) -> u32 {
        let is_of_consumer = |held: &&Held| match held.holder {
            Holder::Consumer(_) | Holder::Gone => true,
            Holder::Get | Holder::Receipt => false,
        };
        self.iter().filter(is_of_consumer).count() as u32
    }

    fn index_of(&self, tag: u64) -> Option<usize> {
        self.held.binary_search_by_key(&tag, |held| held.tag).ok()
    }

    /// So that the oldest is never a hole.
    #[inline]
    fn close_holes(&mut self) {
        if self.holes > 0 {
            self.close_some_holes();
        }
    }

    fn close_some_holes(&mut self) {
        while self
            .held
            .front()
            .is_some_and(|first| first.message == MessageId::NONE)
        {
            self.held.pop_front();
            self.holes -= 1;
        }
        if self.holes > HOLES_TOLERATED && self.holes > self.held.len() / 2 {
            self.held.retain(|held| held.message != MessageId::NONE);
            self.holes = 0;
        }
    }
}
