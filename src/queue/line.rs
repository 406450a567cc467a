//! Lists of messages that live inside the messages: constant time at both ends and in the middle, no allocation.

use super::groups::{GroupKey, Groups};
use super::message::{Links, MessageId, Store};
use super::rules::ReturnTo;

/// Which of a message's links a list uses: the line in which it waits …
pub(super) const WAITING: usize = 0;
/// … or all messages of its queue, oldest publish first.
pub(super) const PRESENT: usize = 1;

/// A doubly linked list over the links `WHICH` of the messages in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct List<const WHICH: usize> {
    head: MessageId,
    tail: MessageId,
    /// Beside the place where one was last inserted by position; what comes back next belongs near it.
    hint: MessageId,
}

impl<const WHICH: usize> List<WHICH> {
    pub(super) const EMPTY: Self = Self {
        head: MessageId::NONE,
        tail: MessageId::NONE,
        hint: MessageId::NONE,
    };

    pub(super) fn head(&self) -> Option<MessageId> {
        self.head.some()
    }

    pub(super) fn push_back<B>(&mut self, store: &mut Store<B>, id: MessageId) {
        self.link(store, id, self.tail, MessageId::NONE);
    }

    /// Puts `id` where its position among the positions of the others says: at the head at once, else by a search from
    /// where the last one was put, so that many that come back in order, up or down, take a step each.
    pub(super) fn insert_by_position<B>(&mut self, store: &mut Store<B>, id: MessageId) {
        let position = store[id].position;
        let is_younger = |other: &MessageId| store[*other].position > position;
        let mut after = self.hint;
        if after == MessageId::NONE || self.head.some().as_ref().is_some_and(is_younger) {
            after = self.head;
        }
        while let Some(other) = after.some()
            && let Some(before) = store[other].links[WHICH].before.some().filter(is_younger)
        {
            after = before;
        }
        while let Some(other) = after.some()
            && !is_younger(&other)
        {
            after = store[other].links[WHICH].after;
        }
        let before = after
            .some()
            .map_or(self.tail, |other| store[other].links[WHICH].before);
        self.link(store, id, before, after);
        self.hint = id;
    }

    #[inline(always)]
    pub(super) fn remove<B>(&mut self, store: &mut Store<B>, id: MessageId) {
        let Links { before, after } = store[id].links[WHICH];
        match before.some() {
            Some(other) => store[other].links[WHICH].after = after,
            None => self.head = after,
        }
        match after.some() {
            Some(other) => store[other].links[WHICH].before = before,
            None => self.tail = before,
        }
        if self.hint == id {
            self.hint = before.some().unwrap_or(after);
        }
        store[id].links[WHICH] = Links::NONE;
    }

    /// From head to tail.
    pub(super) fn iter<'a, B>(
        &self,
        store: &'a Store<B>,
    ) -> impl Iterator<Item = MessageId> + use<'a, B, WHICH> {
        std::iter::successors(self.head.some(), |id| store[*id].links[WHICH].after.some())
    }

    fn link<B>(
        &mut self,
        store: &mut Store<B>,
        id: MessageId,
        before: MessageId,
        after: MessageId,
    ) {
        store[id].links[WHICH] = Links { before, after };
        match before.some() {
            Some(other) => store[other].links[WHICH].after = id,
            None => self.head = id,
        }
        match after.some() {
            Some(other) => store[other].links[WHICH].before = id,
            None => self.tail = id,
        }
    }
}

/// The ready messages of a queue: a line for each priority level, the highest first. Where what comes back has a line
/// of its own, that is one more above them. In a FIFO queue of SQS: a line for each group instead.
#[derive(Clone, Debug)]
pub(super) struct Lines {
    /// None where there are groups.
    levels: Vec<List<WAITING>>,
    groups: Option<Box<Groups>>,
    /// One bit for each level that is not empty; a queue without priorities has one level.
    occupied: [u64; 4],
    len: u64,
    bytes: u64,
}

impl Lines {
    pub(super) fn new(max_priority: u8, has_front: bool, has_groups: bool) -> Self {
        let levels = match has_groups {
            true => 0,
            false => usize::from(max_priority) + 1 + usize::from(has_front),
        };
        Self {
            levels: vec![List::EMPTY; levels],
            groups: has_groups.then(Box::default),
            occupied: [0; 4],
            len: 0,
            bytes: 0,
        }
    }

    pub(super) fn len(&self) -> u64 {
        self.len
    }

    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The message next to be delivered, dropped or expired: the first of the highest level. None of groups.
    pub(super) fn head(&self) -> Option<MessageId> {
        if self.len == 0 {
            return None;
        }
        self.levels.get(self.highest())?.head()
    }

    /// The message next to be given to someone who was given one of the group `last` in the same answer; `None` if all
    /// that there are stand in groups that are closed.
    pub(super) fn next(&self, last: Option<GroupKey>) -> Option<MessageId> {
        match &self.groups {
            Some(groups) => groups.next(last),
            None => self.head(),
        }
    }

    /// Not all that there are stand in groups that are closed.
    pub(super) fn has_next(&self) -> bool {
        match &self.groups {
            Some(groups) => groups.has_open(),
            None => self.len > 0,
        }
    }

    pub(super) fn groups(&mut self) -> Option<&mut Groups> {
        self.groups.as_deref_mut()
    }

    #[inline(always)]
    pub(super) fn push<B>(&mut self, store: &mut Store<B>, id: MessageId) {
        let level = self.enter(store, id);
        match self.levels.get_mut(level) {
            Some(line) => line.push_back(store, id),
            None => self.all_groups().push(store, id),
        }
    }

    pub(super) fn put_back<B>(&mut self, store: &mut Store<B>, id: MessageId, to: ReturnTo) {
        if to == ReturnTo::Front {
            store[id].level = self.levels.len() as u8 - 1;
        }
        let level = self.enter(store, id);
        let Some(line) = self.levels.get_mut(level) else {
            return self.all_groups().put_back(store, id);
        };
        match to {
            ReturnTo::OldPlace => line.insert_by_position(store, id),
            ReturnTo::Tail | ReturnTo::Front => line.push_back(store, id),
        }
    }

    pub(super) fn remove<B>(&mut self, store: &mut Store<B>, id: MessageId) {
        let message = &mut store[id];
        message.ready = false;
        let level = usize::from(message.level);
        self.len -= 1;
        self.bytes -= u64::from(message.bytes);
        let Some(line) = self.levels.get_mut(level) else {
            return self.all_groups().remove(store, id);
        };
        line.remove(store, id);
        if line.head().is_none() {
            self.occupied[level / 64] &= !(1 << (level % 64));
        }
    }

    /// In the order of delivery. Not of groups.
    pub(super) fn iter<'a, B>(
        &'a self,
        store: &'a Store<B>,
    ) -> impl Iterator<Item = MessageId> + use<'a, B> {
        self.levels.iter().rev().flat_map(|level| level.iter(store))
    }

    #[cold]
    fn all_groups(&mut self) -> &mut Groups {
        let groups = self.groups.as_deref_mut();
        groups.expect("where there are no levels there are groups")
    }

    fn enter<B>(&mut self, store: &mut Store<B>, id: MessageId) -> usize {
        let message = &mut store[id];
        message.ready = true;
        let level = usize::from(message.level);
        self.len += 1;
        self.bytes += u64::from(message.bytes);
        self.occupied[level / 64] |= 1 << (level % 64);
        level
    }

    fn highest(&self) -> usize {
        let word = (0..4)
            .rev()
            .find(|word| self.occupied[*word] != 0)
            .unwrap_or(0);
        word * 64 + 63 - (self.occupied[word] | 1).leading_zeros() as usize
    }
}
