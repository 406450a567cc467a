//! What is recorded of a queue.

use super::age::Ages;
use super::bucket::{Bucket, Buckets, Fold as _, Level};
use super::histogram::{Histogram, Packed};
use super::lag::{LagRecord, LagRecorder};
use super::latency::{Latency, PackedLatency};
use super::recorder::{Setup, Waits};
use crate::queue::{Effect, Exit, Levels, Message};
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
    /// Times that work on a message ended though it had ended before.
    pub duplicates: u64,
    /// Receives and extensions of a queue of SQS.
    pub asked: u64,
    /// Messages on which work first ended after work on a later one of the same key.
    pub order_violations: u64,
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

    /// Requests to a queue of SQS: one for each message sent, one for each deleted, and what its consumers asked.
    pub fn requests(&self) -> u64 {
        self.published() + self.exit(Exit::Acked) + self.asked
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
        self.duplicates += other.duplicates;
        self.order_violations += other.order_violations;
        self.asked += other.asked;
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
    /// Of the partitions, if it is a topic.
    pub lags: Option<LagRecord>,
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
        if let Some(lags) = &mut self.lags {
            lags.widen(width);
        }
    }
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
    /// Segments that are over; what was published in them may still be told of.
    past: Vec<Segment>,
    /// The segment that time is in.
    current: Segment,
    /// Where it began.
    current_from: Time,
    buckets: Buckets<Bucket>,
    /// Since the last border of a bucket or a segment: what both of them will be given.
    open: Bucket,
    open_from: Time,
    /// Where the current bucket or the current segment ends, whichever is first.
    border: Time,
    /// End of the last overload; [`Time::NEVER`] once the queue has drained from it, or if there is none.
    drain_from: Time,
    drain_time: Option<Span>,
    /// What counts as waiting.
    waits: Waits,
    /// Messages on which nobody has begun to work.
    unbegun: u64,
    lags: Option<Box<LagRecorder>>,
    audit: QueueAudit,
}

impl QueueRecorder {
    pub(super) fn new(setup: &Setup, queue: usize) -> Self {
        let partitions = setup.partitions.get(queue).copied().unwrap_or(0);
        let lags = || Box::new(LagRecorder::new(partitions, setup.bucket_width));
        Self {
            lags: (partitions > 0).then(lags),
            waits: setup.waits.get(queue).copied().unwrap_or_default(),
            unbegun: 0,
            last: Time::ZERO,
            levels: Levels::EMPTY,
            oldest_since: Time::ZERO,
            cuts: Arc::clone(&setup.cuts),
            past: Vec::with_capacity(setup.cuts.len()),
            current: Segment::default(),
            current_from: Time::ZERO,
            buckets: Buckets::new(setup.bucket_width),
            open: Bucket::default(),
            open_from: Time::ZERO,
            border: (Time::ZERO + setup.bucket_width).min(setup.cuts[0]),
            drain_from: setup.drain_from[queue].unwrap_or(Time::NEVER),
            drain_time: None,
            audit: QueueAudit::default(),
        }
    }

    // Each kind of effect is told from one place: there the match costs nothing, and a message 5 % less.
    #[inline(always)]
    pub(super) fn effect<B>(&mut self, now: Time, effect: &Effect<'_, B>, levels: Levels) {
        self.advance(now);
        if self.lags.is_some() {
            self.change_lag(now, effect);
        }
        match *effect {
            Effect::Refused {
                dead_lettered_to, ..
            } => {
                let segment = &mut self.current;
                for counts in [&mut segment.events, &mut segment.cohort] {
                    counts.refused += 1;
                    counts.dead_lettered += u64::from(!dead_lettered_to.is_empty());
                }
            }
            Effect::Accepted { .. } => {
                self.current.events.accepted += 1;
                self.current.cohort.accepted += 1;
                self.open.accepted += 1;
                self.audit.accepted += 1;
            }
            Effect::Delivered { message, .. } => {
                let cohort = self.segment_of(message.enqueued);
                if message.deliveries == 1 {
                    cohort.delivery_wait.record(now - message.enqueued);
                } else {
                    cohort.cohort.redelivered += 1;
                    self.current.events.redelivered += 1;
                }
            }
            Effect::Returned { .. } | Effect::Withheld { .. } | Effect::Copied { .. } => {}
            Effect::Left {
                message,
                exit,
                dead_lettered_to,
                ..
            } => self.left(now, message, exit, !dead_lettered_to.is_empty()),
        }
        if levels.oldest != self.levels.oldest {
            self.close_age(now);
        }
        self.levels = levels;
    }

    fn waiting(&self) -> u64 {
        match self.waits {
            Waits::Ready => self.levels.ready,
            Waits::Unbegun => self.unbegun,
            Waits::Total => self.levels.total(),
        }
    }

    #[cold]
    fn change_lag<B>(&mut self, now: Time, effect: &Effect<'_, B>) {
        let (message, entered) = match *effect {
            Effect::Accepted { message } => {
                self.unbegun += 1;
                (message, true)
            }
            Effect::Left { message, exit, .. } => {
                // What has expired was not polled, or came back.
                let unbegun = u64::from(exit != Exit::Acked);
                self.unbegun = self.unbegun.saturating_sub(unbegun);
                (message, false)
            }
            Effect::Refused { .. }
            | Effect::Delivered { .. }
            | Effect::Returned { .. }
            | Effect::Withheld { .. }
            | Effect::Copied { .. } => return,
        };
        if let Some(lags) = &mut self.lags {
            lags.change(now, message.position(), entered);
        }
    }

    /// Service of a message began for the first time.
    #[inline]
    pub(super) fn started(&mut self, now: Time, enqueued: Time) {
        if self.lags.is_some() {
            self.advance(now);
            self.unbegun = self.unbegun.saturating_sub(1);
        }
        self.segment_of(enqueued).wait.record(now - enqueued);
    }

    /// Work on a message that was published then ended again, or out of order.
    pub(super) fn remarked(&mut self, now: Time, enqueued: Time, again: bool, late: bool) {
        self.advance(now);
        let add = |counts: &mut Counts| {
            counts.duplicates += u64::from(again);
            counts.order_violations += u64::from(late);
        };
        add(&mut self.current.events);
        add(&mut self.segment_of(enqueued).cohort);
    }

    /// Its consumers asked so often.
    pub(super) fn requested(&mut self, now: Time, count: u64) {
        self.advance(now);
        self.current.events.asked += count;
        self.current.cohort.asked += count;
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
        if self.waiting() == 0 && self.drain_from <= end {
            self.drain_time = Some(end - self.drain_from);
        }
        for enqueued in remaining {
            self.audit.remaining += u128::from((end - enqueued).as_nanos());
            self.audit.remain += 1;
        }
        self.past.push(self.current);
        self.past.resize(self.cuts.len() + 1, Segment::default());
        QueueRecord {
            segments: self.past.iter().map(Segment::pack).collect(),
            bucket_width: Span::from_nanos(self.buckets.width),
            buckets: self.buckets.all,
            drain_time: self.drain_time,
            lags: self.lags.map(|lags| lags.finish(end, self.cuts.len() + 1)),
            audit: self.audit,
        }
    }

    #[inline]
    fn left<B>(&mut self, now: Time, message: &Message<B>, exit: Exit, dead_lettered: bool) {
        let stay = now - message.enqueued;
        let acked = exit == Exit::Acked;
        let dead_lettered = u64::from(dead_lettered);
        self.audit.exited += u128::from(stay.as_nanos());
        self.audit.left += 1;
        self.open.acked += u64::from(acked);
        self.open.lost += u64::from(!acked);
        self.current.events.exits[exit as usize] += 1;
        self.current.events.dead_lettered += dead_lettered;
        let segment = self.segment_of(message.enqueued);
        if acked {
            segment.sojourn.record(stay);
        }
        segment.cohort.exits[exit as usize] += 1;
        segment.cohort.dead_lettered += dead_lettered;
        segment.cohort.undelivered += u64::from(!acked && message.deliveries == 0);
    }

    /// The segment that an instant lies in; mostly the current one.
    #[inline]
    fn segment_of(&mut self, instant: Time) -> &mut Segment {
        if instant >= self.current_from {
            return &mut self.current;
        }
        &mut self.past[self.cuts.partition_point(|cut| *cut <= instant)]
    }

    /// The oldest message was the oldest until `now`.
    #[inline]
    fn close_age(&mut self, now: Time) {
        let oldest = self.levels.oldest;
        if oldest != Time::NEVER && now > self.oldest_since {
            let (from, to) = (self.oldest_since - oldest, now - oldest);
            self.current.ages.add(from.as_nanos(), to.as_nanos());
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
        self.open.ready.add(ready, nanos);
        self.open.unacked.add(unacked, nanos);
        self.open.total.add(total, nanos);
        if let Some(lags) = &mut self.lags {
            lags.accumulate(nanos);
        }
        self.current.ready.1.add(ready, nanos);
        self.current.unacked.1.add(unacked, nanos);
        self.current.total.1.add(total, nanos);
        if until > self.drain_from && self.waiting() == 0 {
            self.drain_time = Some(self.last.since(self.drain_from));
            self.drain_from = Time::NEVER;
        }
        self.last = until;
    }

    /// The stretch that ends here belongs to its bucket, to its segment and to the audit.
    fn close_stretch(&mut self) {
        let open = std::mem::take(&mut self.open);
        self.current.time += (self.last - self.open_from).as_nanos();
        self.open_from = self.last;
        self.audit.area += open.total.area;
        self.current.ready.0.merge(&open.ready);
        self.current.unacked.0.merge(&open.unacked);
        self.current.total.0.merge(&open.total);
        self.buckets.last().fold(&open);
    }

    #[cold]
    fn cross_border(&mut self) {
        self.close_stretch();
        if self.border.as_nanos() == self.buckets.end {
            self.buckets.open_next();
            if let Some(lags) = &mut self.lags {
                lags.open_bucket(self.border);
            }
        }
        if self.cuts.get(self.past.len()) == Some(&self.border) {
            self.close_age(self.border);
            self.past.push(std::mem::take(&mut self.current));
            if let Some(lags) = &mut self.lags {
                lags.open_segment();
            }
            self.current_from = self.border;
        }
        let segment_end = self
            .cuts
            .get(self.past.len())
            .copied()
            .unwrap_or(Time::NEVER);
        self.border = Time::from_nanos(self.buckets.end).min(segment_end);
    }
}
