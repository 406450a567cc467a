//! Figures over time, over all replications.

use super::outcome::{Lane, LaneKind, Series};
use super::plan::{Load, Plan};
use super::statistics;
use crate::measure::{Bucket, Level, Record};
use crate::time::{Span, Time};
use crate::workload::RatePiece;

/// Brings all records to the widest bucket among them.
pub(super) fn align(records: &mut [Record]) {
    let queues = records
        .iter()
        .flat_map(|record| record.queues.iter().map(|queue| queue.bucket_width));
    let widest = queues.max().unwrap_or_default();
    for record in records {
        record
            .queues
            .iter_mut()
            .for_each(|queue| queue.widen(widest));
        record.pools.iter_mut().for_each(|pool| pool.widen(widest));
    }
}

/// The last instant of all runs.
pub(super) fn end(records: &[Record]) -> Time {
    records
        .iter()
        .map(|record| record.end)
        .max()
        .unwrap_or_default()
}

/// Every lane of a scenario until `end`, from aligned records, `group` buckets as one.
pub(super) fn series(plan: &Plan<'_>, records: &[Record], end: Time, group: usize) -> Series {
    let Some(queue) = records.first().and_then(|record| record.queues.first()) else {
        return Series::default();
    };
    let width = Span::from_nanos(queue.bucket_width.as_nanos() * group as u64);
    let (whole, width_ns) = (end.as_nanos(), width.as_nanos().max(1));
    // A bucket that reaches past where a picture ends holds what came after: it is left out.
    let buckets = if end < self::end(records) {
        whole / width_ns
    } else {
        whole.div_ceil(width_ns)
    };
    let grid = Grid {
        group,
        width,
        end,
        buckets: buckets.max(1) as usize,
    };
    let mut lanes = Vec::new();
    for (index, (queue, load)) in plan.scenario.queues.iter().zip(&plan.loads).enumerate() {
        lanes.extend(queue_lanes(&grid, &queue.name, index, records));
        lanes.extend(lag_lanes(&grid, &queue.name, index, records));
        lanes.extend(known_lanes(&grid, &queue.name, load, plan.scenario.horizon));
    }
    for (index, pool) in plan.scenario.pools.iter().enumerate() {
        lanes.extend(pool_lanes(
            &grid,
            &pool.name,
            index,
            pool.concurrency,
            records,
        ));
    }
    let named = plan.scenario.queues.iter().zip(&plan.loads);
    let saturated = named.flat_map(|(queue, load)| {
        load.saturated
            .iter()
            .map(|(from, to)| (queue.name.clone(), from.as_secs_f64(), to.as_secs_f64()))
    });
    Series {
        bucket_s: width.as_secs_f64(),
        saturated: saturated.collect(),
        lanes,
    }
}

struct Grid {
    /// Recorded buckets in one.
    group: usize,
    width: Span,
    end: Time,
    buckets: usize,
}

impl Grid {
    fn start(&self, bucket: usize) -> Time {
        Time::from_nanos(bucket as u64 * self.width.as_nanos())
    }

    /// What was recorded in a bucket.
    fn recorded<'r, T>(&self, buckets: &'r [T], bucket: usize) -> &'r [T] {
        let from = (bucket * self.group).min(buckets.len());
        &buckets[from..(from + self.group).min(buckets.len())]
    }

    /// The time of a bucket that lies before `end`.
    fn covered(&self, bucket: usize, end: Time) -> u64 {
        (self.start(bucket) + self.width)
            .min(end)
            .since(self.start(bucket))
            .as_nanos()
    }
}

fn queue_lanes(grid: &Grid, name: &str, queue: usize, records: &[Record]) -> Vec<Lane> {
    let level = |what, pick: fn(&Bucket) -> Level, stays: bool| {
        lane(grid, name, what, records, |record, bucket| {
            let record_end = record.end;
            let record = &record.queues[queue];
            let left = if stays { record.audit.remain } else { 0 };
            level_in(
                grid,
                bucket,
                record_end,
                grid.recorded(&record.buckets, bucket).iter().map(pick),
                left,
            )
        })
    };
    let rate = |what, pick: fn(&Bucket) -> u64| {
        lane(grid, name, what, records, |record, bucket| {
            let count = grid
                .recorded(&record.queues[queue].buckets, bucket)
                .iter()
                .map(pick)
                .sum::<u64>();
            let rate = count as f64 / (grid.covered(bucket, grid.end).max(1) as f64 * 1e-9);
            (rate, rate, rate)
        })
    };
    vec![
        level(LaneKind::Ready, |bucket| bucket.ready, true),
        level(LaneKind::Unacked, |bucket| bucket.unacked, false),
        level(LaneKind::Total, |bucket| bucket.total, true),
        rate(LaneKind::Accepted, |bucket| bucket.accepted),
        rate(LaneKind::Acked, |bucket| bucket.acked),
        rate(LaneKind::Lost, |bucket| bucket.lost),
    ]
}

/// The lag of each partition of a topic, where there are not too many of them.
fn lag_lanes(grid: &Grid, name: &str, queue: usize, records: &[Record]) -> Vec<Lane> {
    let lags = |record: &'_ Record| -> usize {
        let lags = record.queues[queue].lags.iter();
        let areas = lags.flat_map(|lags| lags.buckets.iter().map(|bucket| bucket.areas.len()));
        areas.max().unwrap_or(0)
    };
    let partitions = records.iter().map(lags).max().unwrap_or(0);
    let of = |partition: usize| {
        let what = LaneKind::Lag(partition as u32);
        lane(grid, name, what, records, move |record, bucket| {
            let lags = record.queues[queue].lags.as_ref();
            let buckets = lags.map_or(&[][..], |lags| grid.recorded(&lags.buckets, bucket));
            let areas = buckets
                .iter()
                .filter_map(|bucket| bucket.areas.get(partition));
            let mean = areas.sum::<u128>() as f64 / grid.covered(bucket, grid.end).max(1) as f64;
            (mean, mean, mean)
        })
    };
    (0..partitions).map(of).collect()
}

fn pool_lanes(
    grid: &Grid,
    name: &str,
    pool: usize,
    concurrency: u32,
    records: &[Record],
) -> Vec<Lane> {
    let consumers = lane(
        grid,
        name,
        LaneKind::Consumers,
        records,
        |record, bucket| {
            // The last bucket may be empty, where a run ends just when it opens.
            let buckets = &record.pools[pool].buckets;
            let mut ups = buckets.iter().rev().map(|bucket| bucket.up.max);
            let left = ups.find(|up| *up > 0).unwrap_or(0);
            let levels = grid.recorded(buckets, bucket).iter();
            level_in(
                grid,
                bucket,
                record.end,
                levels.map(|bucket| bucket.up),
                left,
            )
        },
    );
    // Of each run by itself: the many that are busy in one run are not of the few that are up in another.
    let utilisation = lane(
        grid,
        name,
        LaneKind::Utilisation,
        records,
        |record, bucket| {
            let (mut busy, mut up) = (Level::default(), Level::default());
            for part in grid.recorded(&record.pools[pool].buckets, bucket) {
                busy.merge(&part.busy);
                up.merge(&part.up);
            }
            let share = |busy: f64, up: f64| {
                let slots = up * f64::from(concurrency);
                if slots > 0.0 {
                    (busy / slots).min(1.0)
                } else {
                    0.0
                }
            };
            if up.max == 0 {
                return (0.0, 0.0, 0.0);
            }
            let mean = share(busy.area as f64, up.area as f64);
            let lowest = share(busy.min as f64, up.max as f64).min(mean);
            (
                mean,
                lowest,
                share(busy.max as f64, up.min as f64).max(mean),
            )
        },
    );
    vec![utilisation, consumers]
}

/// Mean, lowest and highest of a level in a bucket; after a run's end, what was left stays.
fn level_in(
    grid: &Grid,
    bucket: usize,
    end: Time,
    levels: impl Iterator<Item = Level>,
    left: u64,
) -> (f64, f64, f64) {
    let whole = grid.covered(bucket, grid.end);
    let before = grid.covered(bucket, end);
    let mut level = Level::default();
    levels.for_each(|part| level.merge(&part));
    let area = level.area + u128::from(left) * u128::from(whole - before);
    let mean = area as f64 / whole.max(1) as f64;
    match (before > 0, whole > before) {
        (true, false) => (mean, level.min as f64, level.max as f64),
        (true, true) => (mean, level.min.min(left) as f64, level.max.max(left) as f64),
        (false, _) => (mean, left as f64, left as f64),
    }
}

fn lane(
    grid: &Grid,
    component: &str,
    what: LaneKind,
    records: &[Record],
    of: impl Fn(&Record, usize) -> (f64, f64, f64),
) -> Lane {
    let mut lane = Lane::empty(component, what);
    for bucket in 0..grid.buckets {
        let values = records
            .iter()
            .map(|record| of(record, bucket))
            .collect::<Vec<_>>();
        let means = values.iter().map(|value| value.0).collect::<Vec<_>>();
        let quantile = |p| statistics::quantile(&means, p).unwrap_or(0.0);
        lane.mean
            .push(means.iter().sum::<f64>() / means.len() as f64);
        lane.min.push(
            values
                .iter()
                .map(|value| value.1)
                .fold(f64::INFINITY, f64::min),
        );
        lane.max
            .push(values.iter().map(|value| value.2).fold(0.0, f64::max));
        lane.p5.push(quantile(0.05));
        lane.p50.push(quantile(0.5));
        lane.p95.push(quantile(0.95));
    }
    lane
}

/// What is known without a run: the rate offered, the capacity and the fluid answer.
fn known_lanes(grid: &Grid, name: &str, load: &Load, horizon: Time) -> Vec<Lane> {
    let mut lanes = Vec::new();
    if let Some(offered) = &load.offered {
        // A pointer into the pieces: both go forward in time.
        let expected = |from: Time, to: Time| {
            let pieces = offered
                .iter()
                .skip(offered.partition_point(|piece| piece.end <= from));
            let pieces = pieces.take_while(|piece| piece.start < to);
            pieces
                .map(|piece| arrivals_between(piece, from, to))
                .sum::<f64>()
                / to.since(from).as_secs_f64().max(1e-9)
        };
        lanes.push(known(grid, name, LaneKind::Offered, |from, to| {
            if from < horizon {
                expected(from, to)
            } else {
                0.0
            }
        }));
    }
    if !load.capacity.is_empty() {
        lanes.push(known(grid, name, LaneKind::Capacity, |from, to| {
            load.capacity_between(from, to)
        }));
    }
    if let Some(curve) = load.fluid(grid.end) {
        lanes.push(known(grid, name, LaneKind::Fluid, |from, to| {
            curve.mean_level(from, to)
        }));
    }
    lanes
}

/// The arrivals to be expected of the part of `piece` that lies in a bucket.
fn arrivals_between(piece: &RatePiece, from: Time, to: Time) -> f64 {
    let (from, to) = (from.max(piece.start), to.min(piece.end));
    (piece.rate_at(from) + piece.rate_at(to)) / 2.0 * to.since(from).as_secs_f64()
}

fn known(grid: &Grid, component: &str, what: LaneKind, value: impl Fn(Time, Time) -> f64) -> Lane {
    let mut lane = Lane::empty(component, what);
    let values = (0..grid.buckets).map(|bucket| {
        let from = grid.start(bucket);
        value(from, (from + grid.width).min(grid.end))
    });
    let values = values.collect::<Vec<_>>();
    for column in [
        &mut lane.mean,
        &mut lane.min,
        &mut lane.max,
        &mut lane.p5,
        &mut lane.p50,
        &mut lane.p95,
    ] {
        column.clone_from(&values);
    }
    lane
}
