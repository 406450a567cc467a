//! Figures over time: buckets of equal width from 0, whose width doubles when a run outgrows them.

use crate::time::Span;

/// Most buckets of a run.
pub(super) const MOST_BUCKETS: usize = 1024;

/// What is recorded of a level in a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level {
    /// ∫ level dt, in nanoseconds.
    pub area: u128,
    /// The lowest, over times of more than no length.
    pub min: u64,
    /// The highest, likewise.
    pub max: u64,
}

impl Default for Level {
    fn default() -> Self {
        Self {
            area: 0,
            min: u64::MAX,
            max: 0,
        }
    }
}

impl Level {
    /// It stood at `level` for `nanos`.
    #[inline]
    pub(super) fn add(&mut self, level: u64, nanos: u64) {
        self.area += u128::from(level) * u128::from(nanos);
        self.min = self.min.min(level);
        self.max = self.max.max(level);
    }

    /// Adds the stretch of `other`.
    pub fn merge(&mut self, other: &Self) {
        self.area += other.area;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }
}

/// A queue's bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bucket {
    /// Messages ready.
    pub ready: Level,
    /// Messages unacked.
    pub unacked: Level,
    /// ready + unacked.
    pub total: Level,
    /// Messages that entered.
    pub accepted: u64,
    /// Messages that left by an ack.
    pub acked: u64,
    /// Messages that left otherwise.
    pub lost: u64,
}

/// A pool's bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PoolBucket {
    /// Slots at work.
    pub busy: Level,
    /// Consumers up.
    pub up: Level,
}

/// What a bucket must do to take in its neighbour.
pub(super) trait Fold: Default {
    fn fold(&mut self, next: &Self);
}

impl Fold for Bucket {
    fn fold(&mut self, next: &Self) {
        self.ready.merge(&next.ready);
        self.unacked.merge(&next.unacked);
        self.total.merge(&next.total);
        self.accepted += next.accepted;
        self.acked += next.acked;
        self.lost += next.lost;
    }
}

impl Fold for PoolBucket {
    fn fold(&mut self, next: &Self) {
        self.busy.merge(&next.busy);
        self.up.merge(&next.up);
    }
}

/// Buckets of one component; the last is the one being filled.
#[derive(Clone, Debug)]
pub(super) struct Buckets<T> {
    pub(super) width: u64,
    /// End of the last bucket, in nanoseconds.
    pub(super) end: u64,
    pub(super) all: Vec<T>,
}

impl<T: Fold> Buckets<T> {
    pub(super) fn new(width: Span) -> Self {
        let mut all = Vec::with_capacity(MOST_BUCKETS);
        all.push(T::default());
        Self {
            width: width.as_nanos(),
            end: width.as_nanos(),
            all,
        }
    }

    #[inline]
    pub(super) fn last(&mut self) -> &mut T {
        self.all
            .last_mut()
            .expect("there is always a bucket being filled")
    }

    /// Opens the next bucket; halves them first where there are too many.
    pub(super) fn open_next(&mut self) {
        if self.all.len() == MOST_BUCKETS {
            fold_pairs(&mut self.all);
            self.width *= 2;
        }
        self.all.push(T::default());
        self.end = self.width.saturating_mul(self.all.len() as u64);
    }

    /// Makes the buckets at least `width` wide, a power of two times what they are.
    pub(super) fn widen(&mut self, width: u64) {
        while self.width < width {
            fold_pairs(&mut self.all);
            self.width *= 2;
        }
    }
}

fn fold_pairs<T: Fold>(all: &mut Vec<T>) {
    let mut folded = Vec::with_capacity(MOST_BUCKETS);
    let mut old = std::mem::take(all).into_iter();
    while let Some(mut first) = old.next() {
        if let Some(second) = old.next() {
            first.fold(&second);
        }
        folded.push(first);
    }
    *all = folded;
}

/// A round width for a run to `horizon`: the smallest of 1, 2 and 5 × 10ⁿ below a second, and of the divisions of a
/// clock above, of which at most 1,000 reach the horizon.
pub fn bucket_width(horizon: Span) -> Span {
    const SECOND: u64 = 1_000_000_000;
    const CLOCK_S: [u64; 17] = [
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200,
    ];
    let least = horizon.as_nanos().div_ceil(1000).max(1);
    let below_a_second = (0..9).flat_map(|n| [1, 2, 5].map(|digit| digit * 10u64.pow(n)));
    let clock = CLOCK_S.into_iter().map(|seconds| seconds * SECOND);
    let days = (0..40).map(|n| (86_400 * SECOND).saturating_mul(1 << n));
    let width = below_a_second
        .chain(clock)
        .chain(days)
        .find(|width| *width >= least);
    Span::from_nanos(width.unwrap_or(least))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_round_and_no_more_than_a_thousand_reach_the_horizon() {
        let cases = [
            (1_000_000_000, 1_000_000),
            (3_600_000_000_000, 5_000_000_000),
            (86_400_000_000_000, 120_000_000_000),
        ];
        for (horizon, width) in cases {
            assert_eq!(
                bucket_width(Span::from_nanos(horizon)),
                Span::from_nanos(width)
            );
        }
    }

    #[test]
    fn outgrown_buckets_double_and_lose_nothing() {
        let mut buckets = Buckets::<Bucket>::new(Span::from_nanos(10));
        for index in 0..5000 {
            buckets.last().accepted += index;
            // As a recorder would: one bucket of the first width after the other.
            if (index + 1) * 10 == buckets.end {
                buckets.open_next();
            }
        }
        assert!(buckets.all.len() <= MOST_BUCKETS);
        assert_eq!(buckets.width, 80);
        assert_eq!(
            buckets
                .all
                .iter()
                .map(|bucket| bucket.accepted)
                .sum::<u64>(),
            4999 * 5000 / 2
        );
        assert_eq!(buckets.all[1].accepted, (8..16).sum::<u64>());
    }
}
