//! What a log comes back for.

use super::settings::{GroupId, MemberId};
use crate::time::Time;
use std::collections::BTreeSet;

/// What may be due. At one instant: in this order, by name or number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Timer {
    /// A member's session is over, it was away from poll for too long, hears of a rebalance, or has waited enough.
    Member(MemberId),
    /// A rebalance waits no longer.
    Round(GroupId),
    /// Something of a partition is too old or too much.
    Retention(u32),
}

/// At most one alarm for each thing that may be due.
#[derive(Clone, Debug, Default)]
pub(super) struct Timers(BTreeSet<(Time, Timer)>);

impl Timers {
    /// Moves what is due at `alarm` to `due`; [`Time::NEVER`] is no alarm.
    pub(super) fn set(&mut self, alarm: &mut Time, due: Time, timer: Timer) {
        if *alarm == due {
            return;
        }
        self.0.remove(&(*alarm, timer));
        *alarm = due;
        if due != Time::NEVER {
            self.0.insert((due, timer));
        }
    }

    pub(super) fn next(&self) -> Time {
        self.0.first().map_or(Time::NEVER, |(due, _)| *due)
    }

    /// What is due first, if it is due at `now`.
    pub(super) fn due(&self, now: Time) -> Option<Timer> {
        let (due, timer) = self.0.first()?;
        (*due <= now).then_some(*timer)
    }
}
