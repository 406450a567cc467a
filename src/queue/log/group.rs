//! What a group has of the log: a copy of each record that it has not committed, in the order of the log.

use super::settings::{GroupSettings, MemberId, OffsetReset};
use crate::queue::effect::{Effect, Exit, Levels, Sink, Stood};
use crate::queue::line::{List, PRESENT, WAITING};
use crate::queue::message::{Message, MessageId, Store};
use crate::queue::settings::QueueId;
use crate::time::{Span, Time};

#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) queue: QueueId,
    pub(super) settings: GroupSettings,
    /// By their names.
    pub(super) members: Vec<MemberId>,
    pub(super) shares: Vec<Share>,
    /// How often its partitions were shared out.
    pub(super) generation: u64,
    /// It rebalances.
    pub(super) round: Option<Round>,
    /// When the log is to come back for the round; [`Time::NEVER`] if it need not.
    pub(super) alarm: Time,
    present: List<PRESENT>,
    levels: Levels,
}

/// A rebalance that is going on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Round {
    pub(super) began: Time,
    /// It waits no longer than until then.
    pub(super) due: Time,
    /// It is the one that an empty group begins with, which waits for newcomers alone.
    pub(super) first: Option<FirstRound>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct FirstRound {
    /// How much longer it may wait, beyond what it waits for now.
    pub(super) left: Span,
    /// Somebody came, so it waits on.
    pub(super) has_grown: bool,
}

/// A group's side of one partition. What was polled and not committed comes before what waits, in both the oldest
/// first; so the lists say which offsets the group has come to.
#[derive(Clone, Debug)]
pub(super) struct Share {
    waiting: List<WAITING>,
    polled: List<WAITING>,
    /// Of what waits; each record counts as at least one.
    pub(super) bytes: u64,
    /// Some records before this offset were skipped, perhaps between such as were polled.
    skipped: u64,
    /// Who reads it.
    pub(super) owner: Option<MemberId>,
    /// Whose it was when the partitions were last shared out, and who owns it or is to.
    pub(super) claim: Option<MemberId>,
}

impl Share {
    const EMPTY: Self = Self {
        waiting: List::EMPTY,
        polled: List::EMPTY,
        bytes: 0,
        skipped: 0,
        owner: None,
        claim: None,
    };
}

impl Group {
    pub(super) fn new(queue: QueueId, settings: GroupSettings, partitions: u32) -> Self {
        Self {
            queue,
            settings,
            members: Vec::new(),
            shares: vec![Share::EMPTY; partitions as usize],
            generation: 0,
            round: None,
            alarm: Time::NEVER,
            present: List::EMPTY,
            levels: Levels::EMPTY,
        }
    }

    pub(super) fn levels(&self) -> Levels {
        self.levels
    }

    /// All of it, oldest first.
    pub(super) fn messages<'a, B>(
        &self,
        store: &'a Store<B>,
    ) -> impl Iterator<Item = &'a Message<B>> + use<'a, B> {
        self.present.iter(store).map(|id| &store[id])
    }

    /// The oldest of one partition.
    pub(super) fn first(&self, partition: usize) -> Option<MessageId> {
        let share = &self.shares[partition];
        share.polled.head().or(share.waiting.head())
    }

    /// What is to be polled next of one partition.
    pub(super) fn next(&self, partition: usize) -> Option<MessageId> {
        self.shares[partition].waiting.head()
    }

    /// Whether the record at `offset` of one partition was polled and is not committed.
    pub(super) fn holds<B>(&self, store: &Store<B>, partition: usize, offset: u64) -> bool {
        let share = &self.shares[partition];
        let offset_of = |id: MessageId| self.offset(&store[id]);
        if offset < share.skipped {
            return share.polled.iter(store).any(|id| offset_of(id) == offset);
        }
        let first = share.polled.head();
        let next = share.waiting.head();
        first.is_some_and(|first| offset_of(first) <= offset)
            && next.is_none_or(|next| offset < offset_of(next))
    }

    /// Offset of a record: its position counts over all partitions in turn.
    pub(super) fn offset<B>(&self, message: &Message<B>) -> u64 {
        message.position / self.shares.len() as u64
    }

    /// A record was appended.
    pub(super) fn accept<B>(
        &mut self,
        now: Time,
        store: &mut Store<B>,
        message: Message<B>,
        sink: &mut impl Sink<B>,
    ) {
        let partition = message.position % self.shares.len() as u64;
        let share = &mut self.shares[partition as usize];
        share.bytes += weight(&message);
        let id = store.insert(message);
        share.waiting.push_back(store, id);
        self.present.push_back(store, id);
        self.levels.ready += 1;
        self.levels.oldest = self.levels.oldest.min(now);
        let message = &store[id];
        sink.effect(now, self.queue, &Effect::Accepted { message }, self.levels);
    }

    /// The owner of a partition gets what waits there first.
    pub(super) fn hand_out<B>(
        &mut self,
        now: Time,
        store: &mut Store<B>,
        partition: usize,
        sink: &mut impl Sink<B>,
    ) -> Option<MessageId> {
        let share = &mut self.shares[partition];
        let id = share.waiting.head()?;
        share.waiting.remove(store, id);
        share.polled.push_back(store, id);
        share.bytes -= weight(&store[id]);
        store[id].ready = false;
        store[id].deliveries += 1;
        self.levels.ready -= 1;
        self.levels.unacked += 1;
        let delivered = Effect::Delivered {
            message: &store[id],
            consumer: None,
        };
        sink.effect(now, self.queue, &delivered, self.levels);
        Some(id)
    }

    /// All that was polled of a partition is done.
    pub(super) fn commit<B>(
        &mut self,
        now: Time,
        store: &mut Store<B>,
        partition: usize,
        sink: &mut impl Sink<B>,
    ) {
        while let Some(id) = self.shares[partition].polled.head() {
            self.leave(now, store, (partition, id), Exit::Acked, sink);
        }
    }

    /// Whoever polled from a partition reads it no more: the next reads on at what was committed, or where the offset
    /// reset says if that is before `start`.
    pub(super) fn go_back<B>(
        &mut self,
        now: Time,
        store: &mut Store<B>,
        (partition, start): (usize, u64),
        sink: &mut impl Sink<B>,
    ) {
        let Some(committed) = self.shares[partition].polled.head() else {
            return;
        };
        let is_gone = self.offset(&store[committed]) < start;
        let jumps = is_gone && self.settings.offset_reset == OffsetReset::Latest;
        while let Some(id) = self.shares[partition].polled.head() {
            if jumps || self.offset(&store[id]) < start {
                self.leave(now, store, (partition, id), Exit::Expired, sink);
            } else {
                self.put_back(now, store, (partition, id), sink);
            }
        }
        if jumps {
            self.skip(now, store, (partition, u64::MAX), sink);
        }
    }

    /// Retention has deleted what was before `start`. What was polled is safe with its member.
    pub(super) fn lose<B>(
        &mut self,
        now: Time,
        store: &mut Store<B>,
        (partition, start): (usize, u64),
        sink: &mut impl Sink<B>,
    ) {
        let next = self.shares[partition].waiting.head();
        if next.is_none_or(|next| self.offset(&store[next]) >= start) {
            return;
        }
        let first_left = match self.settings.offset_reset {
            OffsetReset::Earliest => start,
            OffsetReset::Latest => u64::MAX,
        };
        self.skip(now, store, (partition, first_left), sink);
    }

    /// What waits before `offset` is never read.
    fn skip<B>(
        &mut self,
        now: Time,
        store: &mut Store<B>,
        (partition, offset): (usize, u64),
        sink: &mut impl Sink<B>,
    ) {
        while let Some(id) = self.shares[partition].waiting.head()
            && self.offset(&store[id]) < offset
        {
            self.shares[partition].skipped = self.offset(&store[id]) + 1;
            self.leave(now, store, (partition, id), Exit::Expired, sink);
        }
    }

    fn put_back<B>(
        &mut self,
        now: Time,
        store: &mut Store<B>,
        (partition, id): (usize, MessageId),
        sink: &mut impl Sink<B>,
    ) {
        let share = &mut self.shares[partition];
        share.polled.remove(store, id);
        share.waiting.insert_by_position(store, id);
        share.bytes += weight(&store[id]);
        store[id].ready = true;
        store[id].returns += 1;
        self.levels.unacked -= 1;
        self.levels.ready += 1;
        let message = &store[id];
        sink.effect(now, self.queue, &Effect::Returned { message }, self.levels);
    }

    fn leave<B>(
        &mut self,
        now: Time,
        store: &mut Store<B>,
        (partition, id): (usize, MessageId),
        exit: Exit,
        sink: &mut impl Sink<B>,
    ) {
        let share = &mut self.shares[partition];
        let stood = if store[id].ready {
            share.waiting.remove(store, id);
            share.bytes -= weight(&store[id]);
            self.levels.ready -= 1;
            Stood::Ready
        } else {
            share.polled.remove(store, id);
            self.levels.unacked -= 1;
            Stood::Unacked
        };
        self.present.remove(store, id);
        let oldest = self.present.head();
        self.levels.oldest = oldest.map_or(Time::NEVER, |oldest| store[oldest].enqueued);
        let left = Effect::Left {
            message: &store[id],
            exit,
            stood,
            dead_lettered_to: &[],
            copied: 0,
        };
        sink.effect(now, self.queue, &left, self.levels);
        store.discard(id);
    }
}

/// What a record counts for `fetch.min.bytes`: even an empty one has a header.
pub(super) fn weight<B>(message: &Message<B>) -> u64 {
    u64::from(message.bytes.max(1))
}
