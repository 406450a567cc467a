//! The message groups of a FIFO queue: which messages stand behind which.
//!
//! A group is closed while one of its messages is in flight (`FIFO-queues-understanding-logic`). What waits in a closed
//! group stands in no line that is looked at, so a receive never steps over it: each message costs a search among the
//! groups that are there.

use super::line::{List, WAITING};
use super::message::{MessageId, Store};
use super::request::MessageGroup;
use std::collections::BTreeMap;

/// What has no group is a group of its own: a dead letter may come from where there are none.
pub(super) type GroupKey = Option<MessageGroup>;

/// Groups with a message that waits or is in flight.
#[derive(Clone, Debug, Default)]
pub(super) struct Groups {
    all: BTreeMap<GroupKey, Group>,
    /// Those that are not closed, by the place in the order of publishes of their first.
    open: BTreeMap<u64, GroupKey>,
}

#[derive(Clone, Debug)]
struct Group {
    waiting: List<WAITING>,
    in_flight: u32,
}

impl Group {
    const EMPTY: Self = Self {
        waiting: List::EMPTY,
        in_flight: 0,
    };

    /// Where its first stands among all, if that may be given out.
    fn place<B>(&self, store: &Store<B>) -> Option<u64> {
        let first = self.waiting.head().filter(|_| self.in_flight == 0);
        first.map(|id| store[id].position)
    }
}

impl Groups {
    /// The message next to be given out, for someone who was given one of `last` in the same answer: more of that if
    /// there is, "as many messages with the same message group ID as possible", else of the group whose first is the
    /// oldest.
    pub(super) fn next(&self, last: Option<GroupKey>) -> Option<MessageId> {
        let more = last.and_then(|last| self.all.get(&last)?.waiting.head());
        more.or_else(|| {
            let (_, key) = self.open.first_key_value()?;
            self.all.get(key)?.waiting.head()
        })
    }

    pub(super) fn has_open(&self) -> bool {
        !self.open.is_empty()
    }

    pub(super) fn push<B>(&mut self, store: &mut Store<B>, id: MessageId) {
        self.change(store, id, |group, store| group.waiting.push_back(store, id));
    }

    /// To its old place: before what was published after it.
    pub(super) fn put_back<B>(&mut self, store: &mut Store<B>, id: MessageId) {
        self.change(store, id, |group, store| {
            group.waiting.insert_by_position(store, id);
        });
    }

    pub(super) fn remove<B>(&mut self, store: &mut Store<B>, id: MessageId) {
        self.change(store, id, |group, store| group.waiting.remove(store, id));
    }

    /// `id` is in flight from now on.
    pub(super) fn take_off<B>(&mut self, store: &mut Store<B>, id: MessageId) {
        self.change(store, id, |group, _| group.in_flight += 1);
    }

    /// `id` was in flight.
    pub(super) fn land<B>(&mut self, store: &mut Store<B>, id: MessageId) {
        self.change(store, id, |group, _| {
            assert!(group.in_flight > 0, "{id:?} lands that never took off");
            group.in_flight -= 1;
        });
    }

    /// Does something to the group of `id`, and sees that it is open if it should be, and there if it is anything.
    fn change<B>(
        &mut self,
        store: &mut Store<B>,
        id: MessageId,
        what: impl FnOnce(&mut Group, &mut Store<B>),
    ) {
        let key = store.aside(id).group;
        let group = self.all.entry(key).or_insert(Group::EMPTY);
        let old = group.place(store);
        what(group, store);
        let new = group.place(store);
        if group.in_flight == 0 && group.waiting.head().is_none() {
            self.all.remove(&key);
        }
        if old == new {
            return;
        }
        if let Some(old) = old {
            self.open.remove(&old);
        }
        if let Some(new) = new {
            self.open.insert(new, key);
        }
    }
}
