//! A member of a group, and when it is due for something.

use super::group::Round;
use super::settings::{GroupId, GroupSettings};
use crate::time::{Span, Time};

#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) group: GroupId,
    pub(super) standing: Standing,
    /// Its heartbeats are so and so many intervals after this.
    pub(super) joined: Time,
    /// When it was last seen in poll.
    pub(super) seen: Time,
    /// It is in poll, since then.
    pub(super) polls: Option<Time>,
    /// From when on any record is enough; [`Time::NEVER`] while there is none.
    pub(super) ripe: Time,
    /// It stands in the list of those whose poll may be answered.
    pub(super) is_touched: bool,
    /// It knows that its group rebalances …
    pub(super) has_heard: bool,
    /// … and takes part. For this round both; what they say between rounds is nothing.
    pub(super) has_rejoined: bool,
    /// It owns partitions that are to be another's.
    pub(super) must_give_up: bool,
    /// Partitions that it reads, lowest first.
    pub(super) owned: Vec<u32>,
    pub(super) reading: Reading,
    /// When the log is to come back for it; [`Time::NEVER`] if it need not.
    pub(super) alarm: Time,
}

/// What a group and its member think of each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is a member.
    In,
    /// It sends no heartbeat any more, and its group has yet to find out.
    Silent {
        /// When its group will.
        until: Time,
        /// It lives, and may come back by a poll.
        is_alive: bool,
    },
    /// It lives, and is no member.
    Out,
}

/// What was fetched of one partition and is not all polled: the next poll goes on there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading {
    pub(super) partition: u32,
    /// It ends before this offset, or …
    pub(super) end: u64,
    /// … after so many bytes.
    pub(super) bytes: u64,
}

impl Reading {
    /// Nothing yet: the lowest partition comes first.
    pub(super) const NOTHING: Self = Self {
        partition: u32::MAX,
        end: 0,
        bytes: 0,
    };
}

impl Member {
    pub(super) fn new(group: GroupId) -> Self {
        Self {
            group,
            standing: Standing::Out,
            joined: Time::ZERO,
            seen: Time::ZERO,
            polls: None,
            ripe: Time::NEVER,
            is_touched: false,
            has_heard: false,
            has_rejoined: false,
            must_give_up: false,
            owned: Vec::new(),
            reading: Reading::NOTHING,
            alarm: Time::NEVER,
        }
    }

    /// When its session ends if it sends no heartbeat after `now`: the group counts from the last.
    pub(super) fn end_of_session(&self, now: Time, settings: &GroupSettings) -> Time {
        let beats = self.beats(now, settings.heartbeat_interval);
        self.beat(beats, settings.heartbeat_interval) + settings.session_timeout
    }

    /// When it hears of a round, if it has not.
    pub(super) fn hears(&self, round: Option<Round>, settings: &GroupSettings) -> Time {
        let interval = settings.heartbeat_interval;
        match round {
            Some(round) if !self.has_heard => self.beat(
                self.beats(round.began, interval).saturating_add(1),
                interval,
            ),
            Some(_) | None => Time::NEVER,
        }
    }

    /// When it has been away from poll for too long.
    pub(super) fn is_overdue_at(&self, settings: &GroupSettings) -> Time {
        match self.polls {
            Some(_) => Time::NEVER,
            None => self.seen + settings.max_poll_interval,
        }
    }

    /// When there is anything to do about it, though nobody comes.
    pub(super) fn due(&self, round: Option<Round>, settings: &GroupSettings) -> Time {
        match self.standing {
            Standing::Out => Time::NEVER,
            Standing::Silent { until, .. } => until,
            Standing::In => {
                // Who stands in the list needs no alarm to get there.
                let ripe = if self.is_touched {
                    Time::NEVER
                } else {
                    self.ripe
                };
                let hears = self.hears(round, settings);
                ripe.min(hears).min(self.is_overdue_at(settings))
            }
        }
    }

    /// Heartbeats up to `now`, after the one with which it joined.
    fn beats(&self, now: Time, interval: Span) -> u64 {
        now.since(self.joined).as_nanos() / interval.as_nanos()
    }

    fn beat(&self, count: u64, interval: Span) -> Time {
        self.joined + Span::from_nanos(interval.as_nanos().saturating_mul(count))
    }
}
