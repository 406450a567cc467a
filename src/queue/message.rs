//! Messages and where they are kept: one slab for all queues of a broker, so that nothing is allocated in steady state.

use super::channel::ChannelId;
use super::death::{Death, Deaths, FirstDeath};
use super::groups::GroupKey;
use super::route::Route;
use crate::time::{Span, Time};
use std::ops::{Index, IndexMut};
use std::sync::Arc;

/// Names a message while it is in a queue; the name is used again after it left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub(super) u32);

impl MessageId {
    /// No message: the end of a list.
    pub(super) const NONE: Self = Self(u32::MAX);
    /// What a channel holds of a message that its queue took back.
    pub(super) const TAKEN_BACK: Self = Self(u32::MAX - 1);

    pub(super) fn some(self) -> Option<Self> {
        (self != Self::NONE).then_some(self)
    }
}

/// A message in a queue.
#[derive(Clone, Debug)]
pub struct Message<B> {
    /// What it carries.
    pub body: B,
    /// When it was published to the queue where it is now.
    pub enqueued: Time,
    /// When it is too old to be delivered; [`Time::NEVER`] without a time to live.
    pub deadline: Time,
    /// Size of the body in bytes, as counted by `max_length_bytes`.
    pub bytes: u32,
    /// Times it was delivered from this queue.
    pub deliveries: u32,
    /// Times it came back to this queue unsettled.
    pub returns: u32,
    /// How many of these count to the delivery limit: what `x-delivery-count` says.
    pub delivery_count: u32,
    /// As it was published; a dead letter keeps it.
    pub priority: Option<u8>,
    /// The line of its queue in which it waits: its priority here, capped at the queue's highest.
    pub(super) level: u8,
    /// Its time to live is its own, rather than its queue's: the time from `enqueued` to `deadline`.
    pub(super) has_own_ttl: bool,
    /// It stands in the line (rather than with a consumer).
    pub(super) ready: bool,
    /// Place in the order of publishes over the whole broker; kept when it comes back.
    pub(super) position: u64,
    /// Neighbours in the lists of [`super::line`].
    pub(super) links: [Links; 2],
    pub(super) deaths: Deaths,
    pub(super) route: Option<Arc<Route>>,
}

impl<B> Message<B> {
    /// As it enters a log or a pipe, which know no priority and no time to live: ready, and in no line yet.
    pub(super) fn plain(now: Time, position: u64, bytes: u32, body: B) -> Self {
        Self {
            body,
            enqueued: now,
            deadline: Time::NEVER,
            bytes,
            deliveries: 0,
            returns: 0,
            delivery_count: 0,
            priority: None,
            level: 0,
            has_own_ttl: false,
            ready: true,
            position,
            links: [Links::NONE; 2],
            deaths: Deaths::default(),
            route: None,
        }
    }

    /// Its place in the order of publishes over the whole broker; in a log, the tag of its deliveries.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Whether it has been delivered from this queue before: what a broker puts into `redelivered`.
    pub fn is_redelivered(&self) -> bool {
        self.returns > 0
    }

    /// The time to live that it was published with; a dead letter has lost its own.
    pub fn ttl(&self) -> Option<Span> {
        match self.has_own_ttl {
            true => Some(self.deadline - self.enqueued),
            false => self.deaths.longer_ttl(),
        }
    }

    /// How it is addressed; `None` is straight to its queue: by the default exchange, with the queue's name as its key.
    pub fn route(&self) -> Option<&Route> {
        self.route.as_deref()
    }

    /// How often it was dead-lettered where and why, latest last.
    pub fn deaths(&self) -> &[Death] {
        self.deaths.all()
    }

    /// Where, why and published to what it was dead-lettered first; never changes.
    pub fn first_death(&self) -> Option<&FirstDeath> {
        self.deaths.first()
    }
}

/// A message's neighbours in one list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Links {
    pub(super) before: MessageId,
    pub(super) after: MessageId,
}

impl Links {
    pub(super) const NONE: Self = Self {
        before: MessageId::NONE,
        after: MessageId::NONE,
    };
}

/// What a message has besides in a queue of SQS: kept apart, so that no other message carries it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Aside {
    pub(super) group: GroupKey,
    /// While nobody can see it: when that ends.
    pub(super) until: Time,
    /// When it was last received.
    pub(super) received: Time,
    /// The only one by which it may be deleted: that of its last receive, by channel and tag.
    pub(super) receipt: Option<(ChannelId, u64)>,
}

impl Aside {
    /// Of what was never received.
    pub(super) const fn of(group: GroupKey) -> Self {
        Self {
            group,
            until: Time::ZERO,
            received: Time::ZERO,
            receipt: None,
        }
    }
}

/// The slab.
#[derive(Clone, Debug)]
pub(super) struct Store<B> {
    slots: Vec<Option<Message<B>>>,
    /// By slot, as far as there was need. What is written for one message holds until the next in its slot.
    asides: Vec<Aside>,
    free: Vec<u32>,
    /// Bodies of all messages.
    bytes: u64,
}

impl<B> Store<B> {
    const MOST: usize = MessageId::TAKEN_BACK.0 as usize;

    pub(super) const fn new() -> Self {
        Self {
            slots: Vec::new(),
            asides: Vec::new(),
            free: Vec::new(),
            bytes: 0,
        }
    }

    /// # Panics
    /// At 2³² − 2 messages at once, of at least 64 bytes each.
    #[inline(always)]
    pub(super) fn insert(&mut self, message: Message<B>) -> MessageId {
        self.bytes += u64::from(message.bytes);
        if let Some(slot) = self.free.pop() {
            self.slots[slot as usize] = Some(message);
            return MessageId(slot);
        }
        assert!(
            self.slots.len() < Self::MOST,
            "more than 4 billion messages at once"
        );
        self.slots.push(Some(message));
        MessageId(self.slots.len() as u32 - 1)
    }

    pub(super) fn remove(&mut self, id: MessageId) -> Message<B> {
        let message = self.slots[id.0 as usize]
            .take()
            .expect("a message in a list is in the slab");
        self.bytes -= u64::from(message.bytes);
        self.free.push(id.0);
        message
    }

    /// As [`Self::remove`], without moving it out: most messages are gone when they leave.
    pub(super) fn discard(&mut self, id: MessageId) {
        self.bytes -= u64::from(self[id].bytes);
        self.slots[id.0 as usize] = None;
        self.free.push(id.0);
    }

    pub(super) fn get(&self, id: MessageId) -> Option<&Message<B>> {
        self.slots.get(id.0 as usize)?.as_ref()
    }

    pub(super) fn aside(&self, id: MessageId) -> Aside {
        let aside = self.asides.get(id.0 as usize);
        aside.copied().unwrap_or(Aside::of(None))
    }

    pub(super) fn aside_mut(&mut self, id: MessageId) -> &mut Aside {
        let slot = id.0 as usize;
        if self.asides.len() <= slot {
            self.asides.resize(slot + 1, Aside::of(None));
        }
        &mut self.asides[slot]
    }

    pub(super) fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// Bytes of the bodies of all messages.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl<B> Index<MessageId> for Store<B> {
    type Output = Message<B>;

    fn index(&self, id: MessageId) -> &Message<B> {
        self.slots[id.0 as usize]
            .as_ref()
            .expect("a message in a list is in the slab")
    }
}

impl<B> IndexMut<MessageId> for Store<B> {
    fn index_mut(&mut self, id: MessageId) -> &mut Message<B> {
        self.slots[id.0 as usize]
            .as_mut()
            .expect("a message in a list is in the slab")
    }
}
