//! What is recorded of a pool.

use super::bucket::{Buckets, Fold, Level, PoolBucket};
use super::recorder::Setup;
use crate::time::{Span, Time};
use std::sync::Arc;

/// Figures of one segment of a run.
#[derive(Clone, Debug, Default)]
pub struct PoolFigures {
    /// Length of the segment.
    pub time: Span,
    /// Slots at work.
    pub busy: Level,
    /// Consumers up.
    pub up: Level,
    /// Time in which any consumer was up.
    pub any_up: Span,
    /// Deliveries worked on.
    pub started: u64,
    /// Of these, the first attempts at a message.
    pub first_attempts: u64,
}

/// A finished record of a pool.
#[derive(Clone, Debug)]
pub struct PoolRecord {
    /// Figures by segment; the last is what came after the horizon.
    pub segments: Vec<PoolFigures>,
    /// Figures over time.
    pub buckets: Vec<PoolBucket>,
    /// Width of a bucket.
    pub bucket_width: Span,
}

impl PoolRecord {
    /// Makes the buckets `width` wide, which is a power of two times what they are.
    pub fn widen(&mut self, width: Span) {
        let mut buckets = Buckets::new(self.bucket_width);
        buckets.all = std::mem::take(&mut self.buckets);
        buckets.widen(width.as_nanos());
        (self.buckets, self.bucket_width) = (buckets.all, Span::from_nanos(buckets.width));
    }
}

/// A pool while it is recorded.
#[derive(Clone, Debug)]
pub(super) struct PoolRecorder {
    last: Time,
    busy: u64,
    up: u64,
    cuts: Arc<[Time]>,
    /// Segments that are over.
    past: Vec<PoolFigures>,
    /// The segment that time is in.
    current: PoolFigures,
    buckets: Buckets<PoolBucket>,
    /// Since the last border of a bucket or a segment.
    open: PoolBucket,
    open_from: Time,
    /// Where the current bucket or the current segment ends, whichever is first.
    border: Time,
}

impl PoolRecorder {
    pub(super) fn new(setup: &Setup) -> Self {
        Self {
            last: Time::ZERO,
            busy: 0,
            up: 0,
            cuts: Arc::clone(&setup.cuts),
            past: Vec::with_capacity(setup.cuts.len()),
            current: PoolFigures::default(),
            buckets: Buckets::new(setup.bucket_width),
            open: PoolBucket::default(),
            open_from: Time::ZERO,
            border: (Time::ZERO + setup.bucket_width).min(setup.cuts[0]),
        }
    }

    #[inline]
    pub(super) fn occupied(&mut self, now: Time, busy: u64, up: u64) {
        self.advance(now);
        (self.busy, self.up) = (busy, up);
    }

    #[inline]
    pub(super) fn started(&mut self, now: Time, is_first: bool) {
        // Levels do not change by it, so that only the segment has to be the right one.
        if now >= self.border {
            self.advance(now);
        }
        self.current.started += 1;
        self.current.first_attempts += u64::from(is_first);
    }

    pub(super) fn finish(mut self, end: Time) -> PoolRecord {
        self.advance(end);
        self.close_stretch();
        self.past.push(self.current);
        self.past
            .resize(self.cuts.len() + 1, PoolFigures::default());
        PoolRecord {
            segments: self.past,
            bucket_width: Span::from_nanos(self.buckets.width),
            buckets: self.buckets.all,
        }
    }

    #[inline]
    fn advance(&mut self, now: Time) {
        while self.last < now {
            let until = now.min(self.border);
            let nanos = (until - self.last).as_nanos();
            self.open.busy.add(self.busy, nanos);
            self.open.up.add(self.up, nanos);
            if self.up > 0 {
                self.current.any_up += until - self.last;
            }
            self.last = until;
            if until == self.border {
                self.cross_border();
            }
        }
    }

    /// The levels of the stretch that ends here belong to its bucket and to its segment.
    fn close_stretch(&mut self) {
        let open = std::mem::take(&mut self.open);
        self.current.time += self.last - self.open_from;
        self.open_from = self.last;
        self.current.busy.merge(&open.busy);
        self.current.up.merge(&open.up);
        self.buckets.last().fold(&open);
    }

    #[cold]
    fn cross_border(&mut self) {
        self.close_stretch();
        if self.border.as_nanos() == self.buckets.end {
            self.buckets.open_next();
        }
        if self.cuts.get(self.past.len()) == Some(&self.border) {
            self.past.push(std::mem::take(&mut self.current));
        }
        let segment_end = self
            .cuts
            .get(self.past.len())
            .copied()
            .unwrap_or(Time::NEVER);
        self.border = Time::from_nanos(self.buckets.end).min(segment_end);
    }
}
