//! What is recorded of the partitions of a topic: how many records of each its group has yet to commit.

use super::bucket::{Buckets, Fold, Level};
use super::histogram::{Histogram, Packed};
use crate::time::{Span, Time};

/// Most partitions whose lags are kept over time: more would neither be drawn nor read.
const MOST_SHOWN: usize = 256;

/// A bucket: of each partition ∫ lag dt, in nanoseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LagBucket {
    /// By partition; empty if nothing was.
    pub areas: Vec<u128>,
}

impl Fold for LagBucket {
    fn fold(&mut self, next: &Self) {
        if self.areas.len() < next.areas.len() {
            self.areas.resize(next.areas.len(), 0);
        }
        for (area, more) in self.areas.iter_mut().zip(&next.areas) {
            *area += more;
        }
    }
}

/// A finished record of partitions.
#[derive(Clone, Debug, Default)]
pub struct LagRecord {
    /// By segment of the run, the largest lag of any partition: area and extremes, and nanoseconds at each.
    pub worst: Vec<(Level, Packed)>,
    /// Records that entered each partition in the whole run.
    pub entered: Vec<u64>,
    /// Over time; empty where there are too many partitions to show.
    pub buckets: Vec<LagBucket>,
    /// Width of a bucket.
    pub bucket_width: Span,
}

impl LagRecord {
    /// Makes the buckets `width` wide, which is a power of two times what they are.
    pub(super) fn widen(&mut self, width: Span) {
        let mut buckets = Buckets::new(self.bucket_width);
        buckets.all = std::mem::take(&mut self.buckets);
        buckets.widen(width.as_nanos());
        (self.buckets, self.bucket_width) = (buckets.all, Span::from_nanos(buckets.width));
    }
}

/// Partitions while they are recorded.
#[derive(Clone, Debug)]
pub(super) struct LagRecorder {
    lags: Vec<u64>,
    /// Since when each lag has been what it is, or since the bucket began.
    since: Vec<Time>,
    worst: u64,
    entered: Vec<u64>,
    current: (Level, Histogram),
    past: Vec<(Level, Packed)>,
    buckets: Buckets<LagBucket>,
}

impl LagRecorder {
    pub(super) fn new(partitions: u32, bucket_width: Span) -> Self {
        let count = partitions as usize;
        Self {
            lags: vec![0; count],
            since: vec![Time::ZERO; count],
            worst: 0,
            entered: vec![0; count],
            current: Default::default(),
            past: Vec::new(),
            buckets: Buckets::new(bucket_width),
        }
    }

    /// A record entered, or left.
    pub(super) fn change(&mut self, now: Time, tag: u64, entered: bool) {
        let partition = (tag % self.lags.len() as u64) as usize;
        self.close(partition, now);
        let lag = &mut self.lags[partition];
        if entered {
            self.entered[partition] += 1;
            *lag += 1;
            self.worst = self.worst.max(*lag);
            return;
        }
        let was_worst = *lag == self.worst;
        *lag -= 1;
        if was_worst {
            self.worst = self.lags.iter().copied().max().unwrap_or(0);
        }
    }

    /// Lags have been what they are for so long.
    pub(super) fn accumulate(&mut self, nanos: u64) {
        self.current.0.add(self.worst, nanos);
        self.current.1.add(self.worst, nanos);
    }

    pub(super) fn open_bucket(&mut self, now: Time) {
        self.close_all(now);
        self.buckets.open_next();
    }

    pub(super) fn open_segment(&mut self) {
        let (level, times) = std::mem::take(&mut self.current);
        self.past.push((level, times.pack()));
    }

    pub(super) fn finish(mut self, end: Time, segments: usize) -> LagRecord {
        self.close_all(end);
        self.open_segment();
        self.past.resize(segments, Default::default());
        let is_shown = self.lags.len() <= MOST_SHOWN;
        LagRecord {
            worst: self.past,
            entered: self.entered,
            bucket_width: Span::from_nanos(self.buckets.width),
            buckets: if is_shown {
                self.buckets.all
            } else {
                Vec::new()
            },
        }
    }

    fn close_all(&mut self, now: Time) {
        for partition in 0..self.lags.len() {
            self.close(partition, now);
        }
    }

    fn close(&mut self, partition: usize, now: Time) {
        let nanos = (now - self.since[partition]).as_nanos();
        self.since[partition] = now;
        let count = self.lags.len();
        if nanos == 0 || count > MOST_SHOWN {
            return;
        }
        let areas = &mut self.buckets.last().areas;
        if areas.is_empty() {
            areas.resize(count, 0);
        }
        areas[partition] += u128::from(self.lags[partition]) * u128::from(nanos);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_partition_has_its_lag_and_the_worst_is_the_largest_of_them() {
        let at = Time::from_nanos;
        let mut lags = LagRecorder::new(2, Span::from_nanos(10));
        lags.change(at(0), 1, true);
        lags.accumulate(4);
        lags.change(at(4), 0, true);
        lags.change(at(4), 2, true);
        lags.accumulate(6);
        lags.open_bucket(at(10));
        lags.change(at(10), 0, false);
        lags.change(at(10), 2, false);
        lags.accumulate(5);
        let record = lags.finish(at(15), 1);
        let areas: Vec<_> = record.buckets.iter().map(|one| &one.areas[..]).collect();
        assert_eq!(areas, [&[12, 10][..], &[0, 5]]);
        let (level, _) = &record.worst[0];
        assert_eq!((level.area, level.max), (4 + 12 + 5, 2));
    }
}
