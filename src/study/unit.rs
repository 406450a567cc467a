//! What figures are computed from: independent units, each a replication or, of a single run, a batch.

use super::statistics::{self, Interval};
use crate::measure::{
    ExitFigures, Histogram, Packed, PoolFigures, ProducerFigures, QueueFigures, Record,
};
use std::ops::Range;

/// One replication's measured stretch, or one batch of a single run.
#[derive(Clone, Debug)]
pub(super) struct Unit<'a> {
    pub(super) record: &'a Record,
    /// Its segments of the record.
    pub(super) segments: Range<usize>,
}

impl<'a> Unit<'a> {
    pub(super) fn queue(&self, queue: usize) -> &'a [QueueFigures] {
        &self.record.queues[queue].segments[self.segments.clone()]
    }

    pub(super) fn pool(&self, pool: usize) -> &'a [PoolFigures] {
        &self.record.pools[pool].segments[self.segments.clone()]
    }

    /// The segments of several producers.
    pub(super) fn producers(
        &self,
        producers: Range<usize>,
    ) -> impl Iterator<Item = &'a ProducerFigures> + use<'a> {
        let segments = self.segments.clone();
        let records = self.record.producers[producers].iter();
        records.flat_map(move |record| &record[segments.clone()])
    }

    pub(super) fn exit(&self, exit: usize) -> &'a [ExitFigures] {
        &self.record.exits[exit][self.segments.clone()]
    }
}

/// A figure of all units together, of all but one, and of each alone. NaN where it does not exist.
///
/// From the second the jackknife makes an interval, from the third come what single runs do and how many of them meet
/// an objective. Samples of two variants on the same draws can be subtracted, unit by unit.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sample {
    pub(super) all: f64,
    pub(super) without: Vec<f64>,
    pub(super) single: Vec<f64>,
    /// Of a ratio, the sum below the line: how many messages a share is of. NaN of anything else.
    pub(super) observed: f64,
    /// Of a quantile of merged histograms, where its interval ends; `None` of anything else, and of a single unit.
    pub(super) ends: Option<Ends>,
}

/// Where the interval of a quantile ends: between the quantiles of two shares (Woodruff 1952, Journal of the American
/// Statistical Association 47, with units as clusters).
///
/// The share of messages beyond a value is a ratio of sums over units, nearly normal long before the quantile is: its
/// interval, p ± t standard errors, is carried over to values by the merged histogram. A jackknife of the quantile
/// itself covers 86 % where this covers 92 % (M/M/1, ρ = 0.9, 20 × 10,000 messages): where long waits happen to be rare
/// it finds the quantile low and is sure of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ends {
    pub(super) low: f64,
    /// Infinite where the units cannot bound it.
    pub(super) high: f64,
    /// How many independent messages beyond the quantile would tell as much: long waits come together.
    pub(super) episodes: f64,
}

impl Sample {
    /// Ratio of sums: a mean.
    pub(super) fn ratio(parts: &[(f64, f64)]) -> Self {
        let numerator = parts.iter().map(|part| part.0).sum::<f64>();
        let denominator = parts.iter().map(|part| part.1).sum::<f64>();
        Self {
            all: divide(numerator, denominator),
            without: parts
                .iter()
                .map(|part| divide(numerator - part.0, denominator - part.1))
                .collect(),
            single: parts.iter().map(|part| divide(part.0, part.1)).collect(),
            observed: denominator,
            ends: None,
        }
    }

    /// A share of which nothing, or everything, was seen: replications do not differ, and the jackknife would call that
    /// certainty.
    pub(super) fn is_all_or_nothing(&self) -> bool {
        self.all <= 0.0 || self.all >= 1.0
    }

    /// How much may still be there though nothing was seen of it in n messages: up to −ln(α/2) / n, the rule of three
    /// (Hanley & Lippman-Hand 1983, JAMA 249), for losses that come one by one. `None` where there were no messages.
    pub(super) fn never_seen(&self, level: f64) -> Option<Interval> {
        let most = (-((1.0 - level) / 2.0).ln() / self.observed).min(1.0);
        let (low, high) = if self.all <= 0.0 {
            (0.0, most)
        } else {
            (1.0 - most, 1.0)
        };
        (self.observed > 0.0).then_some(Interval {
            value: self.all,
            low,
            high,
        })
    }

    /// Mean of one value per unit.
    pub(super) fn mean(values: &[f64]) -> Self {
        Self::ratio(&values.iter().map(|value| (*value, 1.0)).collect::<Vec<_>>())
    }

    /// Quantiles `levels` of the merged histograms, in order, times `scale`, with intervals that hold with
    /// `confidence`; `lost` messages of each unit count as above all values.
    pub(super) fn quantiles(
        parts: &[(Vec<&Packed>, u64)],
        levels: &[f64],
        scale: f64,
        confidence: f64,
    ) -> Vec<Self> {
        let mut merged = Histogram::default();
        parts
            .iter()
            .flat_map(|(histograms, _)| histograms)
            .for_each(|histogram| merged.merge(histogram));
        let lost = parts.iter().map(|(_, lost)| lost).sum::<u64>();
        let of = |histogram: &Histogram, lost| {
            let quantiles = histogram.quantiles(levels, lost).into_iter();
            quantiles.map(|value| value * scale).collect::<Vec<_>>()
        };
        let single = parts.iter().map(|(histograms, own_lost)| {
            let mut own = Histogram::default();
            histograms.iter().for_each(|histogram| own.merge(histogram));
            of(&own, *own_lost)
        });
        let single = single.collect::<Vec<_>>();
        let values = merged.quantiles(levels, lost).into_iter();
        let pairs = levels.iter().zip(values).enumerate();
        let sample = |(index, (level, value)): (usize, (&f64, f64))| {
            let shares = ShareBeyond::of(parts, *level, value, confidence);
            let shares = shares.map(|shares| (shares.bounds(&merged, lost), shares));
            let without = shares.as_ref().map_or_else(
                || vec![f64::NAN; parts.len()],
                |(bounds, shares)| shares.quantiles_without(value, *bounds),
            );
            Self {
                all: value * scale,
                without: without.into_iter().map(|value| value * scale).collect(),
                single: single.iter().map(|row| row[index]).collect(),
                observed: f64::NAN,
                ends: shares.map(|(bounds, shares)| shares.ends(bounds, scale)),
            }
        };
        pairs.map(sample).collect()
    }

    /// `self` − `base`, unit by unit.
    pub(super) fn minus(&self, base: &Self) -> Self {
        let each = |mine: &[f64], theirs: &[f64]| {
            mine.iter()
                .zip(theirs)
                .map(|(mine, theirs)| mine - theirs)
                .collect()
        };
        Self {
            all: self.all - base.all,
            without: each(&self.without, &base.without),
            single: each(&self.single, &base.single),
            observed: f64::NAN,
            ends: None,
        }
    }
}

/// The share of messages beyond a quantile, and by how much it may be off.
struct ShareBeyond {
    share: f64,
    half_width: f64,
    standard_error: f64,
    /// By how much each unit adds to the share.
    added: Vec<f64>,
}

impl ShareBeyond {
    /// How much the share of messages beyond `value`, which is the quantile of `level`, varies over units.
    fn of(parts: &[(Vec<&Packed>, u64)], level: f64, value: f64, confidence: f64) -> Option<Self> {
        if parts.len() < 2 || !value.is_finite() {
            return None;
        }
        let counts = parts.iter().map(|(histograms, lost)| {
            let sum = |of: fn(&Packed, u64) -> u64| {
                let counts = histograms
                    .iter()
                    .map(|histogram| of(histogram, value as u64));
                counts.sum::<u64>()
            };
            let all = sum(|histogram, _| histogram.total()) + lost;
            ((all - sum(Packed::up_to)) as f64, all as f64)
        });
        let counts = counts.collect::<Vec<_>>();
        let units = counts.len() as f64;
        let sum = |sum: (f64, f64), count: &(f64, f64)| (sum.0 + count.0, sum.1 + count.1);
        let (beyond, all) = counts.iter().fold((0.0, 0.0), sum);
        let found = beyond / all;
        let excess = |(beyond, own): &(f64, f64)| beyond - found * own;
        let squares: f64 = counts.iter().map(|count| excess(count).powi(2)).sum();
        let between_units = (squares * units / (units - 1.0)).sqrt() / all;
        // Waits of one run are alike: the share varies no less than if each message were drawn by itself.
        let share = 1.0 - level;
        let standard_error = between_units.max((share * level / all).sqrt());
        let student = statistics::student_two_sided(confidence, counts.len() - 1);
        let added = counts.iter().map(|count| excess(count) / (all - count.1));
        Some(Self {
            share,
            half_width: student * standard_error,
            standard_error,
            added: added.collect(),
        })
    }

    /// The quantiles of the two shares between which the interval lies; the upper one is infinite where the share may
    /// be 0, which says nothing of where the slowest are.
    fn bounds(&self, merged: &Histogram, lost: u64) -> [f64; 2] {
        let (most, least) = (self.share + self.half_width, self.share - self.half_width);
        let levels = [(1.0 - most).max(0.0), 1.0 - least.max(0.0)];
        let values = merged.quantiles(&levels, lost);
        let is_bounded = least > 0.0 || self.share <= 0.0;
        [
            values[0],
            if is_bounded { values[1] } else { f64::INFINITY },
        ]
    }

    fn ends(&self, [low, high]: [f64; 2], scale: f64) -> Ends {
        Ends {
            low: low * scale,
            high: high * scale,
            episodes: (self.share / self.standard_error).powi(2),
        }
    }

    /// The quantile without each unit in turn, on the straight line between the bounds: what the unit adds to the
    /// share, times how far the quantile moves with it. (Counted anew, it would not be smooth: see [`Ends`].)
    fn quantiles_without(&self, value: f64, [low, high]: [f64; 2]) -> Vec<f64> {
        let slope = (high - low) / (2.0 * self.half_width);
        let added = self.added.iter();
        added.map(|added| value - slope * added).collect()
    }
}

fn divide(numerator: f64, denominator: f64) -> f64 {
    if denominator > 0.0 {
        numerator / denominator
    } else {
        f64::NAN
    }
}

#[cfg(test)]
#[expect(
    clippy::float_cmp,
    reason = "both sides are computed by the same operations"
)]
mod tests {
    use super::*;

    fn packed(values: &[u64]) -> Packed {
        let mut histogram = Histogram::default();
        values.iter().for_each(|value| histogram.add(*value, 1));
        histogram.pack()
    }

    #[test]
    fn a_ratio_is_of_sums_and_not_a_mean_of_ratios() {
        let sample = Sample::ratio(&[(10.0, 1.0), (20.0, 9.0)]);
        let expected = Sample {
            all: 3.0,
            without: vec![20.0 / 9.0, 10.0],
            single: vec![10.0, 20.0 / 9.0],
            observed: 10.0,
            ends: None,
        };
        assert_eq!(sample, expected);
    }

    #[test]
    fn quantiles_are_of_the_merged_messages_and_of_each_unit_alone() {
        let (first, second) = (packed(&[1, 2, 3, 4]), packed(&[100, 200]));
        let parts = [(vec![&first], 0), (vec![&second], 0)];
        let samples = Sample::quantiles(&parts, &[0.5, 1.0], 0.1, 0.95);
        let expected = [(3.0, [2.0, 100.0]), (200.0, [4.0, 200.0])];
        for (sample, (all, single)) in samples.iter().zip(expected) {
            assert_eq!(sample.all, all * 0.1);
            assert_eq!(sample.single, single.map(|value| value * 0.1).to_vec());
        }
    }

    /// Twice 100 messages, evenly from 1 to 100, but that more of the first are fast: at the median the share beyond
    /// moves by 1 / 100 for each step of 1.
    #[test]
    fn a_quantile_without_a_unit_moves_as_the_share_beyond_it_does() {
        let more_fast: Vec<u64> = (1..=100).map(|value| value - value / 51).collect();
        let first = packed(&more_fast);
        let second = packed(&(1..=100).collect::<Vec<u64>>());
        let parts = [(vec![&first], 0), (vec![&second], 0)];
        let sample = &Sample::quantiles(&parts, &[0.5], 1.0, 0.95)[0];
        // Beyond 50 are 49 of the first and 50 of the second: ½ a message more and less than its part, of 100 others.
        assert_eq!(sample.all, 50.0);
        let [without_first, without_second] = sample.without[..] else {
            panic!("{sample:?}")
        };
        let (up, down) = (without_first - 50.0, without_second - 50.0);
        assert!(
            up > 0.3 && up < 0.7 && (up + down).abs() < 1e-9,
            "{up} {down}"
        );
    }

    /// Two units of 100 messages: 1 to 100 each, but that the last ten of the second are slow.
    #[test]
    fn a_quantiles_interval_lies_between_the_quantiles_of_two_shares() {
        let fast: Vec<u64> = (1..=100).collect();
        let slow: Vec<u64> = (1..=90).chain(1001..=1010).collect();
        let (first, second) = (packed(&fast), packed(&slow));
        let parts = [(vec![&first], 0), (vec![&second], 0)];
        let ends = |level, confidence| {
            Sample::quantiles(&parts, &[level], 1.0, confidence)[0]
                .ends
                .expect("two units")
        };
        // At 2/π · atan(1/3) t is 1/3. The median is 50, and beyond it are 50 of each: nothing varies, and it is as if
        // each message were drawn by itself, 50 % ± 1/3 · √(¼/200), from the 98th to the 103rd.
        let third = 0.204_832_764_7;
        let median = ends(0.5, third);
        assert_eq!((median.low, median.high), (49.0, 52.0));
        // The p95 is 100, the 190th of 200; beyond it are 0 and 10: 5 % ± t·√(2·(5² + 5²))/200, or ± t·5 %. At 60 % t
        // is tan(0.3π) = 1.376: from the 177th on, and without an upper end, as the share may be nothing.
        let far = ends(0.95, 0.6);
        assert_eq!((far.low, far.high), (89.0, f64::INFINITY));
        assert!((far.episodes - 1.0).abs() < 1e-9, "{far:?}");
        // At a third of a standard error 5 % ± 1.67 %, the 187th and the 194th.
        let near = ends(0.95, third);
        assert_eq!((near.low, near.high), (97.0, 1004.0));
    }

    #[test]
    fn few_messages_say_nothing_of_the_slowest_hundredth_however_alike_the_runs_are() {
        let units: Vec<Packed> = (0..20).map(|_| packed(&[0, 0, 119])).collect();
        let parts: Vec<_> = units.iter().map(|unit| (vec![unit], 0)).collect();
        let of_p99 = Sample::quantiles(&parts, &[0.99], 1.0, 0.95)[0].ends;
        assert!(of_p99.expect("units").high.is_infinite());
    }

    #[test]
    fn a_loss_that_was_never_seen_is_not_known_to_be_impossible() {
        let sample = Sample::ratio(&[(0.0, 600.0), (0.0, 400.0)]);
        assert!(sample.is_all_or_nothing());
        let interval = sample.never_seen(0.95).expect("a thousand messages");
        // -ln(0.025) / 1000
        assert!(
            (interval.high - 0.003_688_879).abs() < 1e-8 && interval.low <= 0.0,
            "{interval:?}"
        );
    }

    #[test]
    fn the_lost_make_a_high_quantile_infinite() {
        let served = packed(&[1; 98]);
        let sample = &Sample::quantiles(&[(vec![&served], 2)], &[0.99], 1.0, 0.95)[0];
        assert!(sample.all.is_infinite());
    }
}
