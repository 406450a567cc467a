//! Figures of producers, of all of them together (`end_to_end`), and of exits: what becomes of what is made.

use super::figures::{Figures, Lost, NANO};
use super::unit::{Sample, Unit};
use crate::measure::{PackedLatency, ProducerFigures};
use crate::scenario::{Figure, Kind, Statistic};
use std::ops::Range;

impl Figures<'_> {
    /// All statistics of a figure of those producers; none where producers have no such figure.
    pub(super) fn of_producers(
        &self,
        of: &Range<usize>,
        figure: Figure,
        lost: Lost,
    ) -> Vec<(Statistic, Sample)> {
        if figure == Figure::Wait {
            self.of_their_messages(of, figure, lost, |segment| &segment.wait)
        } else if figure == Figure::Latency {
            self.of_their_messages(of, figure, lost, |segment| &segment.latency)
        } else if figure == Figure::Offered {
            let made = |unit: &Unit<'_>| sum(unit, of, |segment| segment.made);
            self.flow(figure, of, made, made)
        } else if figure == Figure::Lost {
            let lost = |unit: &Unit<'_>| sum(unit, of, |segment| segment.lost);
            self.flow(figure, of, lost, lost)
        } else if figure == Figure::HeldBack {
            self.held_back(of)
        } else if figure == Figure::Blocked {
            let blocked = |unit: &Unit<'_>| sum(unit, of, |segment| segment.blocked.as_nanos());
            let share = self.ratio(|unit| (blocked(unit) as f64, time(unit, of)));
            vec![(Statistic::Value, share)]
        } else {
            Vec::new()
        }
    }

    /// All statistics of what leaves by an exit.
    pub(super) fn exited(&self, exit: usize) -> Vec<(Statistic, Sample)> {
        let events = |unit: &Unit<'_>| unit.exit(exit).iter().map(|segment| segment.events).sum();
        let cohort = |unit: &Unit<'_>| unit.exit(exit).iter().map(|segment| segment.cohort).sum();
        let all = 0..self.scenario.producers.len();
        self.flow(Figure::Exited, &all, events, cohort)
    }

    /// Rates of what happens in the measured stretch; shares and counts of what those producers made in it.
    fn flow(
        &self,
        figure: Figure,
        of: &Range<usize>,
        events: impl Fn(&Unit<'_>) -> u64,
        cohort: impl Fn(&Unit<'_>) -> u64,
    ) -> Vec<(Statistic, Sample)> {
        let sample = |statistic: Statistic| {
            if statistic == Statistic::Rate {
                self.ratio(|unit| (events(unit) as f64, time(unit, &(0..1)) * NANO))
            } else if statistic == Statistic::Share {
                let made = |unit: &Unit<'_>| sum(unit, of, |segment| segment.made);
                self.ratio(|unit| (cohort(unit) as f64, made(unit) as f64))
            } else {
                self.mean(|unit| cohort(unit) as f64)
            }
        };
        let statistics = figure.statistics().iter();
        statistics
            .map(|statistic| (*statistic, sample(*statistic)))
            .collect()
    }

    fn held_back(&self, of: &Range<usize>) -> Vec<(Statistic, Sample)> {
        let mean = self.ratio(|unit| {
            let area: u128 = unit
                .producers(of.clone())
                .map(|segment| segment.held.area)
                .sum();
            (area as f64, time(unit, of))
        });
        let most = self.mean(|unit| {
            let most = unit.producers(of.clone()).map(|segment| segment.held.max);
            most.max().unwrap_or(0) as f64
        });
        vec![(Statistic::Mean, mean), (Statistic::Max, most)]
    }

    fn of_their_messages(
        &self,
        of: &Range<usize>,
        figure: Figure,
        lost: Lost,
        pick: fn(&ProducerFigures) -> &PackedLatency,
    ) -> Vec<(Statistic, Sample)> {
        let terminating = self.scenario.kind == Kind::Terminating;
        let never = |unit: &Unit<'_>| {
            let made = sum(unit, of, |segment| segment.made);
            let got_there = sum(unit, of, |segment| pick(segment).histogram.total());
            // An exchange may make several of one.
            let missing = made.saturating_sub(got_there);
            // Where the run is the whole story, who has not got there by its end is as late as the lost.
            if terminating {
                // What was completed by a later try is not late for ever.
                missing.min(made - sum(unit, of, |segment| segment.latency.histogram.total()))
            } else {
                missing.min(sum(unit, of, |segment| segment.lost))
            }
        };
        self.latency(
            figure,
            lost,
            |unit| unit.producers(of.clone()).map(pick).collect(),
            never,
        )
    }
}

fn sum(unit: &Unit<'_>, of: &Range<usize>, pick: impl Fn(&ProducerFigures) -> u64) -> u64 {
    unit.producers(of.clone()).map(pick).sum()
}

/// Time of all those producers together, in nanoseconds.
fn time(unit: &Unit<'_>, of: &Range<usize>) -> f64 {
    sum(unit, of, |segment| segment.time.as_nanos()) as f64
}
