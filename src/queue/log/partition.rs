//! What a partition keeps of itself: where it begins and ends, and what retention has to know of its segments.

use super::settings::LogSettings;
use crate::time::{Span, Time};
use std::collections::VecDeque;

/// A stretch of a partition that is deleted as a whole.
#[derive(Clone, Copy, Debug)]
struct Segment {
    /// Offset of its first record.
    first: u64,
    bytes: u64,
    /// When its first record was appended …
    opened: Time,
    /// … and when its last.
    last: Time,
}

/// One partition of the log, without its records: groups have their own copies.
#[derive(Clone, Debug)]
pub(super) struct Partition {
    /// Oldest first; the last is the active one.
    segments: VecDeque<Segment>,
    bytes: u64,
    end: u64,
    /// When the next check finds too many bytes; [`Time::NEVER`] while there are not.
    too_large: Time,
    /// When the log is to come back for this partition; [`Time::NEVER`] if it need not.
    pub(super) alarm: Time,
}

impl Partition {
    pub(super) fn new() -> Self {
        Self {
            segments: VecDeque::new(),
            bytes: 0,
            end: 0,
            too_large: Time::NEVER,
            alarm: Time::NEVER,
        }
    }

    /// Offset of the first record that is left.
    pub(super) fn start(&self) -> u64 {
        self.segments.front().map_or(self.end, |first| first.first)
    }

    /// Offset of the next record to be appended.
    pub(super) fn end(&self) -> u64 {
        self.end
    }

    /// Takes a record in; gives its offset.
    pub(super) fn append(&mut self, now: Time, bytes: u32, settings: &LogSettings) -> u64 {
        let bytes = u64::from(bytes);
        if self.must_roll(now, bytes, settings) {
            self.segments.push_back(Segment {
                first: self.end,
                bytes: 0,
                opened: now,
                last: now,
            });
        }
        if let Some(active) = self.segments.back_mut() {
            active.bytes += bytes;
            active.last = now;
        }
        self.bytes += bytes;
        self.end += 1;
        if self.is_too_large(settings) && self.too_large == Time::NEVER {
            self.too_large = check_after(now, settings.retention_check);
        }
        self.end - 1
    }

    /// As `LogSegment.shouldRoll` of Kafka's storage module. Where nothing is ever deleted, segments tell nothing, and
    /// there is one.
    fn must_roll(&self, now: Time, bytes: u64, settings: &LogSettings) -> bool {
        self.segments.back().is_none_or(|active| {
            let is_full = active.bytes + bytes > settings.segment_bytes;
            settings.forgets() && (is_full || now.since(active.opened) > settings.segment_age)
        })
    }

    /// Deletes the oldest segments: those whose last record is too old, and those without which there still is as much
    /// as is to be kept. That may be the active one too, which is closed for it (`UnifiedLog.deleteOldSegments`; the
    /// page on `retention.ms` says that it makes a new segment begin).
    pub(super) fn delete_old(&mut self, now: Time, settings: &LogSettings) {
        while let Some(oldest) = self.segments.front()
            && (self.is_too_large(settings) || is_too_old(oldest, now, settings))
        {
            self.bytes -= oldest.bytes;
            self.segments.pop_front();
        }
        self.too_large = Time::NEVER;
    }

    /// Whether enough is left without the oldest segment.
    fn is_too_large(&self, settings: &LogSettings) -> bool {
        let oldest = self.segments.front().map(|oldest| oldest.bytes);
        let most = settings.retention_bytes;
        oldest.is_some_and(|bytes| most.is_some_and(|most| self.bytes - bytes >= most))
    }

    /// The first check that finds something to delete, if nothing is appended; [`Time::NEVER`] if none will.
    pub(super) fn next_check(&self, settings: &LogSettings) -> Time {
        let oldest = self.segments.front().zip(settings.retention);
        let too_old = oldest.map_or(Time::NEVER, |(oldest, retention)| {
            check_after(oldest.last + retention, settings.retention_check)
        });
        self.too_large.min(too_old)
    }
}

fn is_too_old(segment: &Segment, now: Time, settings: &LogSettings) -> bool {
    let most = settings.retention;
    most.is_some_and(|most| now.since(segment.last) > most)
}

/// Checks are at the multiples of `every`: the first after `moment`.
fn check_after(moment: Time, every: Span) -> Time {
    let checks = (moment.as_nanos() / every.as_nanos()).checked_add(1);
    let nanos = checks.and_then(|checks| checks.checked_mul(every.as_nanos()));
    nanos.map_or(Time::NEVER, Time::from_nanos)
}
