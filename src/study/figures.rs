//! Figures of a run: which numbers of the records each is computed from.

use super::capacity;
use super::statistics;
use super::unit::{Sample, Unit};
use crate::measure::{Counts, Packed, PackedLatency, PoolFigures, QueueFigures};
use crate::queue::Exit;
use crate::scenario::{END_TO_END, Figure, Kind, Metric, Pool, Scenario, Scope, Statistic};
use std::collections::BTreeMap;

pub(super) const NANO: f64 = 1e-9;

/// All units of a scenario's study.
#[derive(Clone, Debug)]
pub(super) struct Figures<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) units: Vec<Unit<'a>>,
}

/// Whether messages that were lost count in a latency, as later than all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lost {
    Ignored,
    Late,
}

impl Figures<'_> {
    /// Every figure that the scenario has.
    pub(super) fn all(&self) -> BTreeMap<Metric, Sample> {
        let components = self.scenario.components();
        let mut all = BTreeMap::new();
        for scope in Scope::ALL {
            for name in components.of(scope) {
                let figures = Figure::all_for(scope);
                for figure in figures.filter(|figure| self.scenario.has_figure(name, *figure)) {
                    all.extend(self.figure(name, figure, Lost::Ignored));
                }
            }
        }
        all
    }

    /// One figure; `None` where the scenario has no such component.
    pub(super) fn metric(&self, metric: &Metric, lost: Lost) -> Option<Sample> {
        self.figure(&metric.component, metric.figure, lost)
            .into_iter()
            .find_map(|(other, sample)| (other == *metric).then_some(sample))
    }

    /// All statistics of one figure; none where the scenario has no such component.
    fn figure(&self, component: &str, figure: Figure, lost: Lost) -> Vec<(Metric, Sample)> {
        let Self { scenario, .. } = self;
        let all = 0..scenario.producers.len();
        let samples = if figure == Figure::Cost {
            self.cost(component)
        } else if component == END_TO_END {
            self.of_producers(&all, figure, lost)
        } else if let Some(index) = scenario.producer_index(component) {
            self.of_producers(&(index..index + 1), figure, lost)
        } else if let Some(exit) = scenario.exits().iter().position(|name| *name == component) {
            self.exited(exit)
        } else {
            let index = scenario.queue_index(component);
            let index = index.or_else(|| scenario.pool_index(component));
            index.map_or_else(Vec::new, |index| self.samples(index, figure, lost))
        };
        samples
            .into_iter()
            .map(|(statistic, sample)| (Metric::new(component, figure, statistic), sample))
            .collect()
    }

    /// All statistics of a figure of the queue or the pool at `index`.
    fn samples(&self, index: usize, figure: Figure, lost: Lost) -> Vec<(Statistic, Sample)> {
        let exits = |exit| self.counted(index, figure, move |counts| counts.exit(exit));
        let count = |pick: fn(&Counts) -> u64| self.counted(index, figure, pick);
        match figure {
            Figure::Wait => self.queue_latency(index, figure, lost, |segment| &segment.wait),
            Figure::DeliveryWait => {
                self.queue_latency(index, figure, lost, |segment| &segment.delivery_wait)
            }
            Figure::Sojourn => self.queue_latency(index, figure, lost, |segment| &segment.sojourn),
            Figure::OldestAge => self.oldest_age(index),
            Figure::Ready => self.level(index, figure, |segment| &segment.ready),
            Figure::Unacked => self.level(index, figure, |segment| &segment.unacked),
            Figure::Total => self.level(index, figure, |segment| &segment.total),
            Figure::Lag => self.lag(index),
            Figure::PWait => vec![(Statistic::Value, self.p_wait(index))],
            Figure::DrainTime => self.drain_time(index),
            Figure::Growth => vec![(Statistic::Rate, self.rate(index, growth))],
            Figure::Published => count(Counts::published),
            Figure::Accepted => count(|counts| counts.accepted),
            Figure::Refused => count(|counts| counts.refused),
            Figure::Acked => exits(Exit::Acked),
            Figure::Expired => exits(Exit::Expired),
            Figure::Dropped => exits(Exit::Dropped),
            Figure::ConsumerRejected => exits(Exit::ConsumerRejected),
            Figure::DeliveryLimited => exits(Exit::DeliveryLimited),
            Figure::Purged => exits(Exit::Purged),
            Figure::PeerLost => exits(Exit::PeerLost),
            Figure::DeadLettered => count(|counts| counts.dead_lettered),
            Figure::Redelivered => count(|counts| counts.redelivered),
            Figure::Duplicates => count(|counts| counts.duplicates),
            Figure::OrderViolations => count(|counts| counts.order_violations),
            Figure::Censored => count(|counts| counts.accepted - counts.left()),
            Figure::Requests => count(Counts::requests),
            Figure::Utilisation => vec![(Statistic::Value, self.utilisation(index))],
            Figure::Consumers => self.consumers(index),
            Figure::Attempts => vec![(
                Statistic::Mean,
                self.attempts(self.scenario.pools[index].from),
            )],
            Figure::Latency
            | Figure::Offered
            | Figure::Lost
            | Figure::HeldBack
            | Figure::Blocked
            | Figure::Exited
            | Figure::Cost => Vec::new(),
        }
    }

    /// Time busy ÷ time that slots are there; of a single active consumer, those of one.
    fn utilisation(&self, pool: usize) -> Sample {
        let Pool {
            from, concurrency, ..
        } = self.scenario.pools[pool];
        let is_single = self.scenario.queues[from].settings.single_active_consumer;
        let there = |segment: &PoolFigures| {
            if is_single {
                segment.any_up.as_nanos() as f64
            } else {
                segment.up.area as f64
            }
        };
        self.ratio(|unit| {
            let segments = unit.pool(pool).iter();
            segments.fold((0.0, 0.0), |(busy, slots), segment| {
                let all = there(segment) * f64::from(concurrency);
                (busy + segment.busy.area as f64, slots + all)
            })
        })
    }

    fn consumers(&self, pool: usize) -> Vec<(Statistic, Sample)> {
        let mean = self.ratio(|unit| {
            let segments = unit.pool(pool).iter();
            let parts =
                segments.map(|segment| (segment.up.area as f64, segment.time.as_nanos() as f64));
            parts.fold((0.0, 0.0), |sum, part| (sum.0 + part.0, sum.1 + part.1))
        });
        let most = self.mean(|unit| {
            unit.pool(pool)
                .iter()
                .map(|segment| segment.up.max)
                .max()
                .unwrap_or(0) as f64
        });
        vec![(Statistic::Mean, mean), (Statistic::Max, most)]
    }

    /// Deliveries worked on per first attempt at a message, by all pools of a queue together: a message may change
    /// pools.
    fn attempts(&self, queue: usize) -> Sample {
        let pools = self
            .scenario
            .pools
            .iter()
            .enumerate()
            .filter(|(_, pool)| pool.from == queue);
        let pools = pools.map(|(index, _)| index).collect::<Vec<_>>();
        self.ratio(|unit| {
            let all = pools.iter().flat_map(|pool| unit.pool(*pool));
            all.fold((0.0, 0.0), |(started, first), segment| {
                (
                    started + segment.started as f64,
                    first + segment.first_attempts as f64,
                )
            })
        })
    }

    fn queue_latency(
        &self,
        queue: usize,
        figure: Figure,
        lost: Lost,
        pick: fn(&QueueFigures) -> &PackedLatency,
    ) -> Vec<(Statistic, Sample)> {
        let terminating = self.scenario.kind == Kind::Terminating;
        let refusals_return = capacity::refusals_return(self.scenario, queue);
        let count_lost = |unit: &Unit<'_>| {
            let mut counts = sum_counts(unit.queue(queue), |segment| &segment.cohort);
            if refusals_return {
                counts.refused = 0;
            }
            let recorded = unit
                .queue(queue)
                .iter()
                .map(|segment| pick(segment).histogram.total())
                .sum::<u64>();
            // Where the run is the whole story, who has not got there by its end is as late as the lost. A long run
            // goes on, and always leaves a few behind.
            if terminating {
                // Two copies of one message may be taken for each other.
                counts.published().saturating_sub(recorded)
            } else {
                lost_before(&counts, figure)
            }
        };
        self.latency(
            figure,
            lost,
            |unit| unit.queue(queue).iter().map(pick).collect(),
            count_lost,
        )
    }

    pub(super) fn latency<'u>(
        &'u self,
        figure: Figure,
        lost: Lost,
        pick: impl Fn(&'u Unit<'_>) -> Vec<&'u PackedLatency>,
        count_lost: impl Fn(&Unit<'_>) -> u64,
    ) -> Vec<(Statistic, Sample)> {
        let units = self.units.iter();
        let parts = units.map(|unit| {
            (
                pick(unit),
                if lost == Lost::Late {
                    count_lost(unit)
                } else {
                    0
                },
            )
        });
        let parts = parts.collect::<Vec<_>>();
        let means = parts.iter().map(|(latencies, lost)| {
            let sum = latencies
                .iter()
                .map(|latency| latency.sum as f64)
                .sum::<f64>()
                * NANO;
            let count = latencies
                .iter()
                .map(|latency| latency.histogram.total())
                .sum::<u64>()
                + lost;
            (if *lost > 0 { f64::INFINITY } else { sum }, count as f64)
        });
        let longest = parts.iter().map(|(latencies, lost)| {
            let longest = latencies
                .iter()
                .map(|latency| latency.max)
                .max()
                .unwrap_or_default();
            if *lost > 0 {
                f64::INFINITY
            } else {
                longest.as_secs_f64()
            }
        });
        let (means, longest) = (means.collect::<Vec<_>>(), longest.collect::<Vec<_>>());
        let histograms = parts.iter().map(|(latencies, lost)| {
            (
                latencies.iter().map(|latency| &latency.histogram).collect(),
                *lost,
            )
        });
        let histograms = histograms.collect::<Vec<_>>();
        statistics_of(
            figure,
            Sample::ratio(&means),
            Sample::mean(&longest),
            &histograms,
            NANO,
            self.scenario.level,
        )
    }

    fn p_wait(&self, queue: usize) -> Sample {
        self.ratio(|unit| {
            let waits = unit
                .queue(queue)
                .iter()
                .map(|segment| &segment.wait.histogram);
            let counts = waits.map(|wait| (wait.total() - wait.at_zero(), wait.total()));
            let (waited, all) =
                counts.fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
            (waited as f64, all as f64)
        })
    }

    fn drain_time(&self, queue: usize) -> Vec<(Statistic, Sample)> {
        let records = self.units.iter().map(|unit| &unit.record.queues[queue]);
        let times = records.map(|record| {
            record
                .drain_time
                .map_or(f64::INFINITY, |time| time.as_secs_f64())
        });
        let times = times.collect::<Vec<_>>();
        let of = |statistic: Statistic| match quantile_level(statistic) {
            Some(level) => over_runs(&times, level),
            None => Sample::mean(&times),
        };
        Figure::DrainTime
            .statistics()
            .iter()
            .map(|statistic| (*statistic, of(*statistic)))
            .collect()
    }

    fn counted(
        &self,
        queue: usize,
        figure: Figure,
        pick: impl Fn(&Counts) -> u64,
    ) -> Vec<(Statistic, Sample)> {
        let count = |counts: &Counts| pick(counts) as f64;
        let cohort = |unit: &Unit<'_>| sum_counts(unit.queue(queue), |segment| &segment.cohort);
        let of = |statistic: Statistic| {
            if statistic == Statistic::Rate {
                self.rate(queue, count)
            } else if statistic == Statistic::Share {
                self.ratio(|unit| (count(&cohort(unit)), cohort(unit).published() as f64))
            } else {
                self.mean(|unit| count(&cohort(unit)))
            }
        };
        figure
            .statistics()
            .iter()
            .map(|statistic| (*statistic, of(*statistic)))
            .collect()
    }

    /// Events per second of the measured stretch.
    fn rate(&self, queue: usize, count: impl Fn(&Counts) -> f64) -> Sample {
        self.ratio(|unit| {
            let events = sum_counts(unit.queue(queue), |segment| &segment.events);
            (count(&events), seconds(unit.queue(queue)))
        })
    }

    pub(super) fn ratio(&self, part: impl Fn(&Unit<'_>) -> (f64, f64)) -> Sample {
        Sample::ratio(&self.units.iter().map(part).collect::<Vec<_>>())
    }

    pub(super) fn mean(&self, value: impl Fn(&Unit<'_>) -> f64) -> Sample {
        Sample::mean(&self.units.iter().map(value).collect::<Vec<_>>())
    }
}

/// Mean, quantiles and largest, in the order in which the figure lists its statistics.
pub(super) fn statistics_of(
    figure: Figure,
    mean: Sample,
    largest: Sample,
    histograms: &[(Vec<&Packed>, u64)],
    unit: f64,
    confidence: f64,
) -> Vec<(Statistic, Sample)> {
    let statistics = figure.statistics().iter();
    let quantiles =
        statistics.filter_map(|statistic| Some((*statistic, quantile_level(*statistic)?)));
    let (names, levels) = quantiles.unzip::<_, _, Vec<_>, Vec<_>>();
    let quantiles = names
        .into_iter()
        .zip(Sample::quantiles(histograms, &levels, unit, confidence));
    quantiles
        .chain([(Statistic::Mean, mean), (Statistic::Max, largest)])
        .collect()
}

/// 0.99 of p99.
fn quantile_level(statistic: Statistic) -> Option<f64> {
    if let Statistic::Quantile(tenths) = statistic {
        Some(f64::from(tenths) / 1000.0)
    } else {
        None
    }
}

/// P − S.
fn growth(counts: &Counts) -> f64 {
    counts.accepted as f64 - counts.left() as f64
}

/// A quantile over runs. Without a run it hardly moves or jumps, so the jackknife says nothing: `without` is empty, and
/// its interval comes from the order of the runs.
fn over_runs(values: &[f64], level: f64) -> Sample {
    let all = statistics::quantile(values, level).unwrap_or(f64::NAN);
    Sample {
        all,
        without: Vec::new(),
        single: values.to_vec(),
        observed: f64::NAN,
        ends: None,
    }
}

/// Messages that never got as far as this latency is measured, and never will.
fn lost_before(counts: &Counts, figure: Figure) -> u64 {
    if figure == Figure::Sojourn {
        return counts.lost();
    }
    counts.refused + counts.undelivered
}

pub(super) fn sum_counts(
    segments: &[QueueFigures],
    pick: impl Fn(&QueueFigures) -> &Counts,
) -> Counts {
    let mut sum = Counts::default();
    segments.iter().for_each(|segment| sum.merge(pick(segment)));
    sum
}

pub(super) fn seconds(segments: &[QueueFigures]) -> f64 {
    segments
        .iter()
        .map(|segment| segment.time.as_nanos())
        .sum::<u64>() as f64
        * NANO
}
