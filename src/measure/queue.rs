//! What is recorded of a queue.

use super::age::Ages;
use super::bucket::{Bucket, Buckets, Level};
use super::histogram::{Histogram, Packed};
use super::latency::{Latency, PackedLatency};
use super::recorder::Setup;
use crate::queue::{Effect, Exit, Levels};
use crate::time::{Span, Time};
use std::sync::Arc;

/// Messages counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Entered the queue.
    pub accepted: u64,
    /// Turned away.
    pub refused: u64,
    /// Left, in the order of [`Exit::ALL`].
    pub exits: [u64; Exit::ALL.len()],
    /// Went on to the dead letter queue, refused ones (`reject-publish-dlx`) included.
    pub dead_lettered: u64,
    /// Deliveries that were not a message's first.
    pub redelivered: u64,
    /// Left without an ack, and without ever having been delivered.
    pub undelivered: u64,
}

impl Counts {
    /// Attempts to publish.
    pub fn published(&self) -> u64 {
        self.accepted + self.refused
    }

    /// Left by `exit`.
    pub fn exit(&self, exit: Exit) -> u64 {
        self.exits[exit as usize]
    }

    /// Left by any exit.
    pub fn left(&self) -> u64 {
        self.exits.iter().sum()
    }

    /// Turned away, or left without an ack.
    pub fn lost(&self) -> u64 {
        self.refused + self.left() - self.exit(Exit::Acked)
    }

    /// Adds all of `other`.
    pub fn merge(&mut self, other: &Self) {
        self.accepted += other.accepted;
        self.refused += other.refused;
        self.exits
            .iter_mut()
            .zip(other.exits)
            .for_each(|(mine, theirs)| *mine += theirs);
        self.dead_lettered += other.dead_lettered;
        self.redelivered += other.redelivered;
        self.undelivered += other.undelivered;
    }
}

/// Figures of one segment of a run.
#[derive(Clone, Debug, Default)]
pub struct QueueFigures {
    /// Length of the segment.
    pub time: Span,
    /// Messages ready: area and extremes, and nanoseconds at each level.
    pub ready: (Level, Packed),
    /// Messages unacked, likewise.
    pub unacked: (Level, Packed),
    /// ready + unacked, likewise.
    pub total: (Level, Packed),
    /// Nanoseconds at each age (in nanoseconds) of the oldest message.
    pub oldest_age: Packed,
    /// Twice ∫ age dt, in square nanoseconds.
    pub oldest_doubled_area: u128,
    /// The highest age.
    pub oldest_max: Span,
    /// Of messages published in the segment, first start of service − publish.
    pub wait: PackedLatency,
    /// Likewise, first delivery − publish.
    pub delivery_wait: PackedLatency,
    /// Likewise, ack − publish.
    pub sojourn: PackedLatency,
    /// What happened in the segment.
    pub events: Counts,
    /// What became of messages published in the segment, whenever.
    pub cohort: Counts,
}

/// The conservation of messages and of time, over a whole run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueAudit {
    /// ∫ total dt, in nanoseconds.
    pub area: u128,
    /// Σ time in the queue over every exit, in nanoseconds.
    pub exited: u128,
    /// Σ ages of what remains, in nanoseconds.
    pub remaining: u128,
    /// Messages that entered.
    pub accepted: u64,
    /// Messages that left.
    pub left: u64,
    /// Messages that remain.
    pub remain: u64,
}

impl QueueAudit {
    /// Little's law for messages and for time, to the nanosecond.
    pub fn closes(&self) -> bool {
        self.area == self.exited + self.remaining && self.accepted == self.left + self.remain
    }
}

/// A finished record of a queue.
#[derive(Clone, Debug)]
pub struct QueueRecord {
    /// Figures by segment; the last is what came after the horizon.
    pub segments: Vec<QueueFigures>,
    /// Figures over time.
    pub buckets: Vec<Bucket>,
    /// Width of a bucket.
    pub bucket_width: Span,
    /// From the end of overload until `ready` was first 0; `None` if it never was, or there was no overload.
    pub drain_time: Option<Span>,
    /// Conservation.
    pub audit: QueueAudit,
}

impl QueueRecord {
    /// Makes the buckets `width` wide, which is a power of two times what they are.
    pub fn widen(&mut self, width: Span) {
        let mut buckets = Buckets::new(self.bucket_width);
        buckets.all = std::mem::take(&mut self.buckets);
        buckets.widen(width.as_nanos());
        (self.buckets, self.bucket_width) = (buckets.all, Span::from_nanos(buckets.width));
    }
}

/// Levels since the last border of a bucket or a segment: what both of them will be given.
#[derive(Clone, Debug, Default)]
struct OpenLevels {
    time: u64,
    ready: Level,
    unacked: Level,
    total: Level,
}

#[derive(Clone, Debug, Default)]
struct Segment {
    time: u64,
    ready: (Level, Histogram),
    unacked: (Level, Histogram),
    total: (Level, Histogram),
    ages: Ages,
    wait: Latency,
    delivery_wait: Latency,
    sojourn: Latency,
    events: Counts,
    cohort: Counts,
}

impl Segment {
    fn pack(&self) -> QueueFigures {
        QueueFigures {
            time: Span::from_nanos(self.time),
            ready: (self.ready.0, self.ready.1.pack()),
            unacked: (self.unacked.0, self.unacked.1.pack()),
            total: (self.total.0, self.total.1.pack()),
            oldest_age: self.ages.histogram(self.time).pack(),
            oldest_doubled_area: self.ages.doubled_area,
            oldest_max: Span::from_nanos(self.ages.max),
            wait: self.wait.pack(),
            delivery_wait: self.delivery_wait.pack(),
            sojourn: self.sojourn.pack(),
            events: self.events.clone(),
            cohort: self.cohort.clone(),
        }
    }
}

/// A queue while it is recorded.
#[derive(Clone, Debug)]
pub(super) struct QueueRecorder {
    last: Time,
    levels: Levels,
    /// Since when the oldest message has been the oldest, or since the segment began.
    oldest_since: Time,
    /// Where segments end; the last never does.
    cuts: Arc<[Time]>,
    current: usize,
    segments: Vec<Segment>,
    buckets: Buckets<Bucket>,
    open: OpenLevels,
    /// Where the current bucket or the current segment ends, whichever is first.
    border: Time,
    /// End of the last overload; [`Time::NEVER`] once the queue has drained from it, or if there is none.
    drain_from: Time,
    drain_time: Option<Span>,
    audit: QueueAudit,
}

impl QueueRecorder {
    pub(super) fn new(setup: &Setup, drain_from: Option<Time>) -> Self {
        Self {
            last: Time::ZERO,
            levels: Levels::EMPTY,
            oldest_since: Time::ZERO,
            cuts: Arc::clone(&setup.cuts),
            current: 0,
            segments: vec![Segment::default(); setup.cuts.len() + 1],
            buckets: Buckets::new(setup.bucket_width),
            open: OpenLevels::default(),
            border: (Time::ZERO + setup.bucket_width).min(setup.cuts[0]),
            drain_from: drain_from.unwrap_or(Time::NEVER),
            drain_time: None,
            audit: QueueAudit::default(),
        }
    }

    #[inline]
    pub(super) fn effect<B>(&mut self, now: Time, effect: &Effect<'_, B>, levels: Levels) {
        self.advance(now);
        match *effect {
            Effect::Refused {
                dead_lettered_to, ..
            } => {
                let segment = &mut self.segments[self.current];
                for counts in [&mut segment.events, &mut segment.cohort] {
                    counts.refused += 1;
                    counts.dead_lettered += u64::from(dead_lettered_to.is_some());
                }
            }
            Effect::Accepted { .. } => {
                let segment = &mut self.segments[self.current];
                segment.events.accepted += 1;
                segment.cohort.accepted += 1;
                self.buckets.last().accepted += 1;
                self.audit.accepted += 1;
            }
            Effect::Delivered { message, .. } => {
                let segment = self.segment_of(message.enqueued);
                if message.deliveries == 1 {
                    self.segments[segment]
                        .delivery_wait
                        .record(now - message.enqueued);
                } else {
                    self.segments[segment].cohort.redelivered += 1;
                    self.segments[self.current].events.redelivered += 1;
                }
            }
            Effect::Returned { .. } => {}
            Effect::Left {
                message,
                exit,
                dead_lettered_to,
                ..
            } => {
                let undelivered = exit != Exit::Acked && message.deliveries == 0;
                let cohort = self.segment_of(message.enqueued);
                self.segments[cohort].cohort.undelivered += u64::from(undelivered);
                self.left(now, message.enqueued, exit, dead_lettered_to.is_some());
            }
        }
        self.set(now, levels);
    }

    /// Service of a message began for the first time.
    #[inline]
    pub(super) fn started(&mut self, now: Time, enqueued: Time) {
        let segment = self.segment_of(enqueued);
        self.segments[segment].wait.record(now - enqueued);
    }

    /// The run ended; `remaining` are the times of publish of what is still there.
    pub(super) fn finish(
        mut self,
        end: Time,
        remaining: impl Iterator<Item = Time>,
    ) -> QueueRecord {
        self.advance(end);
        self.close_stretch();
        self.close_age(end);
        if self.levels.ready == 0 && self.drain_from <= end {
            self.drain_time = Some(end - self.drain_from);
        }
        for enqueued in remaining {
            self.audit.remaining += u128::from((end - enqueued).as_nanos());
            self.audit.remain += 1;
        }
        QueueRecord {
            segments: self.segments.iter().map(Segment::pack).collect(),
            bucket_width: Span::from_nanos(self.buckets.width),
            buckets: self.buckets.all,
            drain_time: self.drain_time,
            audit: self.audit,
        }
    }

    fn left(&mut self, now: Time, enqueued: Time, exit: Exit, dead_lettered: bool) {
        let stay = now - enqueued;
        self.audit.exited += u128::from(stay.as_nanos());
        self.audit.left += 1;
        let cohort = self.segment_of(enqueued);
        if exit == Exit::Acked {
            self.buckets.last().acked += 1;
            self.segments[cohort].sojourn.record(stay);
        } else {
            self.buckets.last().lost += 1;
        }
        let dead_lettered = u64::from(dead_lettered);
        self.segments[cohort].cohort.exits[exit as usize] += 1;
        self.segments[cohort].cohort.dead_lettered += dead_lettered;
        let events = &mut self.segments[self.current].events;
        events.exits[exit as usize] += 1;
        events.dead_lettered += dead_lettered;
    }

    /// The segment that an instant lies in; mostly the current one.
    #[inline]
    fn segment_of(&self, instant: Time) -> usize {
        if self.current == 0 || instant >= self.cuts[self.current - 1] {
            return self.current;
        }
        self.cuts.partition_point(|cut| *cut <= instant)
    }

    #[inline]
    fn set(&mut self, now: Time, levels: Levels) {
        if levels.oldest != self.levels.oldest {
            self.close_age(now);
        }
        self.levels = levels;
    }

    /// The oldest message was the oldest until `now`.
    fn close_age(&mut self, now: Time) {
        let oldest = self.levels.oldest;
        if oldest != Time::NEVER && now > self.oldest_since {
            let (from, to) = (self.oldest_since - oldest, now - oldest);
            self.segments[self.current]
                .ages
                .add(from.as_nanos(), to.as_nanos());
        }
        self.oldest_since = now;
    }

    /// Levels have been what they are from the last effect until `now`.
    #[inline]
    fn advance(&mut self, now: Time) {
        while self.last < now {
            let until = now.min(self.border);
            self.accumulate(until);
            if until == self.border {
                self.cross_border();
            }
        }
    }

    #[inline]
    fn accumulate(&mut self, until: Time) {
        let nanos = (until - self.last).as_nanos();
        let Levels { ready, unacked, .. } = self.levels;
        let total = self.levels.total();
        self.open.time += nanos;
        self.open.ready.add(ready, nanos);
        self.open.unacked.add(unacked, nanos);
        self.open.total.add(total, nanos);
        let segment = &mut self.segments[self.current];
        segment.ready.1.add(ready, nanos);
        segment.unacked.1.add(unacked, nanos);
        segment.total.1.add(total, nanos);
        if ready == 0 && until > self.drain_from {
            self.drain_time = Some(self.last.since(self.drain_from));
            self.drain_from = Time::NEVER;
        }
        self.last = until;
    }

    /// The levels of the stretch that ends here belong to its bucket, to its segment and to the audit.
    fn close_stretch(&mut self) {
        let open = std::mem::take(&mut self.open);
        let (segment, bucket) = (&mut self.segments[self.current], self.buckets.last());
        segment.time += open.time;
        self.audit.area += open.total.area;
        for (level, in_segment, in_bucket) in [
            (open.ready, &mut segment.ready.0, &mut bucket.ready),
            (open.unacked, &mut segment.unacked.0, &mut bucket.unacked),
            (open.total, &mut segment.total.0, &mut bucket.total),
        ] {
            in_segment.merge(&level);
            in_bucket.merge(&level);
        }
    }

    #[cold]
    fn cross_border(&mut self) {
        self.close_stretch();
        if self.border.as_nanos() == self.buckets.end {
            self.buckets.open_next();
        }
        if self.cuts.get(self.current) == Some(&self.border) {
            self.close_age(self.border);
            self.current += 1;
        }
        let segment_end = self.cuts.get(self.current).copied().unwrap_or(Time::NEVER);
        self.border = Time::from_nanos(self.buckets.end).min(segment_end);
    }
}
