//! Whose turn it is among the lanes of one socket: to which it sends next, or from which it receives.

/// Lanes of one socket, of which some are active: to be tried. The last of these takes the place of one that was tried
/// in vain, and one that is worth trying again becomes the last. So libzmq does it for sockets that send (`lb.cpp`) and
/// for those that receive (`fq.cpp`).
#[derive(Clone, Debug, Default)]
pub(super) struct Turns {
    /// All of them, in the order in which they were made.
    lanes: Vec<u32>,
    active: Vec<u32>,
    /// Whose turn it is, of the active.
    current: usize,
}

impl Turns {
    /// A new lane, active.
    pub(super) fn attach(&mut self, lane: u32) {
        self.lanes.push(lane);
        self.active.push(lane);
    }

    /// One that is not active becomes it.
    pub(super) fn activate(&mut self, lane: u32) {
        debug_assert!(!self.active.contains(&lane), "lane {lane} twice");
        self.active.push(lane);
    }

    pub(super) fn detach(&mut self, lane: u32) {
        self.lanes.retain(|other| *other != lane);
        let index = self.active.iter().position(|other| *other == lane);
        if let Some(index) = index {
            self.retire(index);
        }
    }

    /// All are active, in the order in which they were made.
    pub(super) fn restart(&mut self) {
        self.active.clone_from(&self.lanes);
        self.current = 0;
    }

    pub(super) fn current(&self) -> Option<u32> {
        self.active.get(self.current).copied()
    }

    /// The current one was tried with success: it is the next one's turn.
    pub(super) fn advance(&mut self) {
        self.current += 1;
        if self.current >= self.active.len() {
            self.current = 0;
        }
    }

    /// The current one was tried in vain.
    pub(super) fn rest(&mut self) {
        self.retire(self.current);
    }

    /// In no order that would mean anything.
    pub(super) fn active(&self) -> &[u32] {
        &self.active
    }

    /// In the order in which they were made.
    pub(super) fn all(&self) -> &[u32] {
        &self.lanes
    }

    fn retire(&mut self, index: usize) {
        self.active.swap_remove(index);
        if self.current == self.active.len() {
            self.current = 0;
        }
    }
}
