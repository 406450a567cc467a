//! Things that wait for an event, by the index that the event carries.

use super::agenda::Agenda;

/// Indices of what was taken out are used again, so that memory is that of the most that ever waited at once.
#[derive(Clone, Debug)]
pub(super) struct Slab<T> {
    things: Vec<Option<T>>,
    free: Vec<u32>,
}

impl<T> Slab<T> {
    pub(super) const fn new() -> Self {
        Self {
            things: Vec::new(),
            free: Vec::new(),
        }
    }

    /// # Panics
    /// Where more wait at once than an agenda can tell apart: 16 million.
    pub(super) fn insert(&mut self, thing: T) -> u32 {
        if let Some(index) = self.free.pop() {
            self.things[index as usize] = Some(thing);
            return index;
        }
        assert!(
            self.things.len() < Agenda::MOST_INDICES as usize,
            "more than 16 million messages wait for an event at once"
        );
        self.things.push(Some(thing));
        self.things.len() as u32 - 1
    }

    pub(super) fn take(&mut self, index: u32) -> T {
        self.free.push(index);
        self.things[index as usize]
            .take()
            .expect("what an event names waits for it")
    }
}
