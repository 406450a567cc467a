//! High and low water marks of one line.

/// What keeps whoever writes to a line from running ahead of whoever reads it. The writer is told how much was read
/// only after each so many messages, so that a line that was full has a good deal of room when it opens again
/// (`pipe.cpp`: check_hwm, compute_lwm, read).
#[derive(Clone, Copy, Debug)]
pub(super) struct Gate {
    /// Most messages written and not known to be read; 0 is no limit.
    mark: u64,
    written: u64,
    read: u64,
    /// Of those read, how many the writer knows of.
    known: u64,
}

impl Gate {
    pub(super) const fn new(mark: u64) -> Self {
        Self {
            mark,
            written: 0,
            read: 0,
            known: 0,
        }
    }

    pub(super) const fn is_open(&self) -> bool {
        self.mark == 0 || self.written - self.known < self.mark
    }

    /// # Panics
    /// Where it is not open.
    pub(super) fn write(&mut self) {
        assert!(self.is_open(), "{self:?} is full");
        self.written += 1;
    }

    /// One message was read. Whether the writer is told, and so has room.
    ///
    /// # Panics
    /// Where all that was written is read.
    pub(super) fn read(&mut self) -> bool {
        assert!(self.read < self.written, "{self:?} is empty");
        self.read += 1;
        let low = self.mark.div_ceil(2);
        let is_told = low > 0 && self.read.is_multiple_of(low);
        if is_told {
            self.known = self.read;
        }
        is_told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As libzmq 4.3.5 was measured over inproc, whose marks are sums: 30 opened for 15 after 15 and after 30 reads, 8
    /// for 4 after 4 and 8, and 2 for 1 after each.
    #[test]
    fn a_full_gate_opens_for_half_its_mark_after_half_its_mark_was_read() {
        for (mark, low) in [(30, 15), (8, 4), (2, 1), (5, 3), (1, 1)] {
            let mut gate = Gate::new(mark);
            let fill = |gate: &mut Gate| {
                (0..)
                    .take_while(|_| gate.is_open().then(|| gate.write()).is_some())
                    .count()
            };
            assert_eq!(fill(&mut gate) as u64, mark);
            for read in 1..=2 * low {
                let is_told = gate.read();
                assert_eq!(is_told, read % low == 0, "{mark} after {read}");
                assert_eq!(fill(&mut gate) as u64, if is_told { low } else { 0 });
            }
        }
    }

    #[test]
    fn a_mark_of_0_is_no_limit() {
        let mut gate = Gate::new(0);
        for _ in 0..1000 {
            gate.write();
        }
        assert!(gate.is_open() && !gate.read());
    }
}
