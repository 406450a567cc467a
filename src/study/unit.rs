//! What figures are computed from: independent units, each a replication or, of a single run, a batch.

use crate::measure::{Histogram, Packed, PoolFigures, QueueFigures, Record};
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
        }
    }

    /// Mean of one value per unit.
    pub(super) fn mean(values: &[f64]) -> Self {
        Self::ratio(&values.iter().map(|value| (*value, 1.0)).collect::<Vec<_>>())
    }

    /// Quantiles `levels` of the merged histograms, in order; `lost` messages of each unit count as above all values.
    pub(super) fn quantiles(parts: &[(Vec<&Packed>, u64)], levels: &[f64], unit: f64) -> Vec<Self> {
        let mut merged = Histogram::default();
        parts
            .iter()
            .flat_map(|(histograms, _)| histograms)
            .for_each(|histogram| merged.merge(histogram));
        let lost = parts.iter().map(|(_, lost)| lost).sum::<u64>();
        let of = |histogram: &Histogram, lost| {
            let quantiles = histogram.quantiles(levels, lost).into_iter();
            quantiles.map(|value| value * unit).collect::<Vec<_>>()
        };
        let all = of(&merged, lost);
        let (mut without, mut single) = (Vec::new(), Vec::new());
        for (histograms, own_lost) in parts {
            let mut own = Histogram::default();
            histograms.iter().for_each(|histogram| own.merge(histogram));
            single.push(of(&own, *own_lost));
            histograms
                .iter()
                .for_each(|histogram| merged.unmerge(histogram));
            without.push(of(&merged, lost - own_lost));
            histograms
                .iter()
                .for_each(|histogram| merged.merge(histogram));
        }
        let column = |rows: &[Vec<f64>], index: usize| rows.iter().map(|row| row[index]).collect();
        let samples = all.iter().enumerate();
        samples
            .map(|(index, all)| Self {
                all: *all,
                without: column(&without, index),
                single: column(&single, index),
            })
            .collect()
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
        }
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
        assert_eq!(
            sample,
            Sample {
                all: 3.0,
                without: vec![20.0 / 9.0, 10.0],
                single: vec![10.0, 20.0 / 9.0]
            }
        );
    }

    #[test]
    fn quantiles_are_of_the_merged_messages_and_leave_each_unit_out_once() {
        let (first, second) = (packed(&[1, 2, 3, 4]), packed(&[100, 200]));
        let parts = [(vec![&first], 0), (vec![&second], 0)];
        let samples = Sample::quantiles(&parts, &[0.5, 1.0], 0.1);
        let expected = [
            (3.0, [100.0, 2.0], [2.0, 100.0]),
            (200.0, [200.0, 4.0], [4.0, 200.0]),
        ];
        for (sample, (all, without, single)) in samples.iter().zip(expected) {
            let scaled = |values: [f64; 2]| values.map(|value| value * 0.1).to_vec();
            assert_eq!(
                *sample,
                Sample {
                    all: all * 0.1,
                    without: scaled(without),
                    single: scaled(single)
                }
            );
        }
    }

    #[test]
    fn the_lost_make_a_high_quantile_infinite() {
        let served = packed(&[1; 98]);
        let sample = &Sample::quantiles(&[(vec![&served], 2)], &[0.99], 1.0)[0];
        assert!(sample.all.is_infinite());
    }
}
