//! Figures of what stands in a queue, weighted by time: levels, lags and ages.

use super::figures::{Figures, NANO, seconds, statistics_of};
use super::unit::{Sample, Unit};
use crate::measure::{Level, Packed, QueueFigures};
use crate::scenario::{Figure, Statistic};

impl Figures<'_> {
    pub(super) fn oldest_age(&self, queue: usize) -> Vec<(Statistic, Sample)> {
        let mean = self.ratio(|unit| {
            let doubled = unit
                .queue(queue)
                .iter()
                .map(|segment| segment.oldest_doubled_area as f64)
                .sum::<f64>();
            (doubled / 2.0 * NANO * NANO, seconds(unit.queue(queue)))
        });
        let longest = |unit: &Unit<'_>| {
            unit.queue(queue)
                .iter()
                .map(|segment| segment.oldest_max)
                .max()
        };
        let longest = self.mean(|unit| longest(unit).unwrap_or_default().as_secs_f64());
        let histograms = self.units.iter().map(|unit| {
            (
                unit.queue(queue)
                    .iter()
                    .map(|segment| &segment.oldest_age)
                    .collect(),
                0,
            )
        });
        statistics_of(
            Figure::OldestAge,
            mean,
            longest,
            &histograms.collect::<Vec<_>>(),
            NANO,
            self.scenario.level,
        )
    }

    pub(super) fn level(
        &self,
        queue: usize,
        figure: Figure,
        pick: fn(&QueueFigures) -> &(Level, Packed),
    ) -> Vec<(Statistic, Sample)> {
        let segments = self
            .units
            .iter()
            .map(|unit| unit.queue(queue).iter().map(pick));
        let parts = segments.map(|segments| segments.map(|level| (level.0, &level.1)).collect());
        self.level_of(figure, parts.collect())
    }

    /// Of a topic, the largest lag of any partition; nothing of another queue.
    pub(super) fn lag(&self, queue: usize) -> Vec<(Statistic, Sample)> {
        let parts = self.units.iter().map(|unit| {
            let lags = unit.record.queues[queue].lags.iter();
            let worst = lags.flat_map(|lags| &lags.worst[unit.segments.clone()]);
            worst.map(|level| (level.0, &level.1)).collect()
        });
        self.level_of(Figure::Lag, parts.collect())
    }

    fn level_of(
        &self,
        figure: Figure,
        parts: Vec<Vec<(Level, &Packed)>>,
    ) -> Vec<(Statistic, Sample)> {
        let means = parts.iter().map(|levels| {
            let area = levels
                .iter()
                .map(|(level, _)| level.area as f64)
                .sum::<f64>();
            (
                area,
                levels
                    .iter()
                    .map(|(_, times)| times.total() as f64)
                    .sum::<f64>(),
            )
        });
        let highest = parts
            .iter()
            .map(|levels| levels.iter().map(|(level, _)| level.max).max().unwrap_or(0) as f64);
        let histograms = parts
            .iter()
            .map(|levels| (levels.iter().map(|(_, times)| *times).collect(), 0));
        let (means, highest) = (means.collect::<Vec<_>>(), highest.collect::<Vec<_>>());
        let histograms = histograms.collect::<Vec<_>>();
        statistics_of(
            figure,
            Sample::ratio(&means),
            Sample::mean(&highest),
            &histograms,
            1.0,
            self.scenario.level,
        )
    }
}
