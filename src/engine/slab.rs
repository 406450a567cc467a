//! Things that wait for an event, by the index that the event carries.

use super::agenda::Agenda;

/// Indices of what was taken out are used again, so that memory is that of the most that ever waited at once.
#[derive(Clone, Debug)]
pub(super) struct Slab<T> {
    things: Vec<Option<T>>,
    free: Vec<u32>,
    /// Something found no place.
    pub(super) overflowed: bool,
}

impl<T> Slab<T> {
    pub(super) const fn new() -> Self {
        Self {
            things: Vec::new(),
            free: Vec::new(),
            overflowed: false,
        }
    }

    /// The place of a thing; `None` where more wait at once than an agenda can tell apart, which ends the run.
    pub(super) fn insert(&mut self, thing: T) -> Option<u32> {
        if let Some(index) = self.free.pop() {
            self.things[index as usize] = Some(thing);
            return Some(index);
        }
        if self.things.len() >= Agenda::MOST_INDICES as usize {
            self.overflowed = true;
            return None;
        }
        self.things.push(Some(thing));
        Some(self.things.len() as u32 - 1)
    }

    /// All that wait.
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.things.iter().flatten()
    }

    pub(super) fn get_mut(&mut self, index: u32) -> &mut T {
        self.things[index as usize]
            .as_mut()
            .expect("what an event names waits for it")
    }

    pub(super) fn take(&mut self, index: u32) -> T {
        self.free.push(index);
        self.things[index as usize]
            .take()
            .expect("what an event names waits for it")
    }
}
