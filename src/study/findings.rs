//! What the runs say of the whole, in sentences: the bottleneck, what does not recover, what automatic acks lose.

use super::outcome::Estimate;
use super::plan::Plan;
use crate::measure::Record;
use crate::scenario::{
    AckMode, AtHorizon, END_TO_END, Figure, Kind, Metric, OnFailure, OnRefused, Pool, Producer,
    Scenario, Statistic,
};
use crate::time::Time;
use crate::units;
use std::collections::BTreeMap;

/// `first` is the first segment of the measured stretch.
pub(super) fn findings(
    plan: &Plan<'_>,
    records: &[Record],
    metrics: &BTreeMap<Metric, Estimate>,
    first: usize,
) -> Vec<String> {
    let queues = 0..plan.scenario.queues.len();
    let mut sentences: Vec<String> = bottleneck(&plan.scenario, metrics).into_iter().collect();
    sentences.extend(queues.filter_map(|queue| unrecovered(plan, records, queue)));
    sentences.extend(
        (0..plan.scenario.queues.len()).filter_map(|queue| hot_partition(plan, records, queue)),
    );
    sentences.extend(lost_by_acks(plan, records, first));
    sentences
}

/// The pool with the highest utilisation, of those that stand in line with another.
fn bottleneck(scenario: &Scenario, metrics: &BTreeMap<Metric, Estimate>) -> Option<String> {
    let mut stages = scenario
        .pools
        .iter()
        .filter(|pool| is_in_line(scenario, pool))
        .filter_map(|pool| {
            let metric = Metric::new(&pool.name, Figure::Utilisation, Statistic::Value);
            match metrics.get(&metric)? {
                Estimate::Known {
                    value, interval, ..
                } => Some((pool.name.as_str(), *value, *interval)),
                Estimate::Refused { .. } => None,
            }
        })
        .collect::<Vec<_>>();
    stages.sort_by(|a, b| b.1.total_cmp(&a.1));
    let [(name, value, interval), (next, after, beside), ..] = stages[..] else {
        return None;
    };
    let shown = |value: f64, interval: Option<(f64, f64)>| {
        let value = units::show_share(value);
        let [low, high] = interval.map_or([0.0; 2], |(low, high)| [low, high]);
        let interval =
            interval.map(|_| format!(" [{}, {}]", units::show_share(low), units::show_share(high)));
        format!("{value}{}", interval.unwrap_or_default())
    };
    let (first, second) = (shown(value, interval), shown(after, beside));
    let overlap = interval
        .zip(beside)
        .is_none_or(|((low, _), (_, high))| low <= high);
    Some(if overlap {
        format!("bottleneck: {name}, busy {first} of the time, or {next}, busy {second}")
    } else {
        format!("bottleneck: {name}, busy {first} of the time; {next} follows with {second}")
    })
}

/// Whether a message may see more than one of the queues that are consumed.
fn is_network(plan: &Plan<'_>) -> bool {
    let scenario = &plan.scenario;
    let mut producers = scenario.producers.iter();
    let consumed = || {
        let queues = 0..scenario.queues.len();
        queues.filter(|queue| scenario.pools_of(*queue).next().is_some())
    };
    producers.any(|producer| {
        let queues = consumed().filter(|queue| scenario.reaches(&producer.to, *queue));
        queues.count() > 1
    }) || consumed().any(|queue| scenario.takes_dead_letters(queue))
        || scenario.pools.iter().any(|pool| is_in_line(scenario, pool))
}

/// Whether what a message goes through in all is more than its one queue: there are several, or it waits or is worked
/// on outside of them.
pub(super) fn shows_the_whole(plan: &Plan<'_>) -> bool {
    let scenario = &plan.scenario;
    let waits_outside = |producer: &Producer| {
        producer.confirms.is_some()
            || producer.patience.is_some()
            || producer.on_refused != OnRefused::Drop
    };
    // What is acked at delivery has left the queue before it is done.
    let goes_on = |pool: &Pool| {
        let mut failures = pool.failure.iter();
        pool.ack == AckMode::Auto
            || failures.any(|failure| matches!(failure.then, OnFailure::Retry(_)))
    };
    let asked = scenario
        .objectives
        .iter()
        .map(|objective| &objective.metric);
    is_network(plan)
        || asked
            .into_iter()
            .any(|metric| metric.component == END_TO_END)
        || scenario.queues.iter().any(|queue| queue.intake.is_some())
        || scenario.broker.memory_limit.is_some()
        || scenario.producers.iter().any(waits_outside)
        || scenario.pools.iter().any(goes_on)
}

/// Whether it publishes to another pool's queue, or another to its own.
fn is_in_line(scenario: &Scenario, pool: &Pool) -> bool {
    let feeds = |from: &Pool, to: &Pool| {
        let mut targets = from.to.iter().flat_map(|outlet| &outlet.to);
        from.from != to.from && targets.any(|target| scenario.reaches(target, to.from))
    };
    let mut others = scenario.pools.iter();
    others.any(|other| feeds(pool, other) || feeds(other, pool))
}

/// In how many runs a queue has messages ready all the time from the end of its trigger to the horizon.
fn unrecovered(plan: &Plan<'_>, records: &[Record], queue: usize) -> Option<String> {
    let horizon = plan.scenario.horizon;
    let from = plan.setup.drain_from[queue].filter(|from| *from > Time::ZERO)?;
    let name = &plan.scenario.queues[queue].name;
    if plan.scenario.kind == Kind::Steady || records.is_empty() {
        return None;
    }
    if from >= horizon {
        // What comes after the horizon is not told from here.
        let stops = plan.scenario.at_horizon == AtHorizon::Stop;
        return stops.then(|| format!(
            "whether {name} recovers is not in these runs: what disturbs it lasts until {from}, and they end at \
             {horizon}; make the horizon longer"
        ));
    }
    let never: Vec<&Record> = records
        .iter()
        .filter(|record| {
            let drained = record.queues[queue].drain_time;
            drained.is_none_or(|time| from + time > horizon)
        })
        .collect();
    if never.is_empty() {
        return None;
    }
    let (count, all) = (never.len(), records.len());
    let share = units::show_share(count as f64 / all as f64);
    let after = horizon - from;
    let (then, now) = never.iter().fold((0.0, 0.0), |sum, record| {
        let (then, now) = ready_then_and_now(record, queue, from, horizon);
        (sum.0 + then, sum.1 + now)
    });
    Some(if now < then * (1.0 - NOTABLE) {
        format!(
            "{name} has not recovered by the horizon in {count} of {all} runs ({share}), {after} after the trigger has \
             gone, at {from}; its backlog falls, and a longer horizon would show when it is gone"
        )
    } else {
        let more = if now > then * (1.0 + NOTABLE) {
            "and more than"
        } else {
            "as many as"
        };
        format!(
            "{name} never recovers in {count} of {all} runs ({share}): {after} after the trigger has gone, at {from}, \
             messages are still ready, {more} then"
        )
    })
}

/// Less of a change in a backlog is none.
const NOTABLE: f64 = 0.05;

/// Messages ready on average in the bucket in which the trigger ended, and in the last one before the horizon.
fn ready_then_and_now(record: &Record, queue: usize, from: Time, horizon: Time) -> (f64, f64) {
    let record = &record.queues[queue];
    let width = record.bucket_width.as_nanos().max(1);
    let ready = |bucket: u64| {
        let bucket = record.buckets.get(bucket as usize);
        bucket.map_or(0.0, |bucket| bucket.ready.area as f64 / width as f64)
    };
    let last = (horizon.as_nanos() / width).saturating_sub(1);
    (ready(from.as_nanos() / width), ready(last))
}

/// A partition that gets more than one member of the group can do, who alone reads it.
fn hot_partition(plan: &Plan<'_>, records: &[Record], queue: usize) -> Option<String> {
    let scenario = &plan.scenario;
    let mut entered: Vec<u64> = Vec::new();
    for lags in records
        .iter()
        .filter_map(|record| record.queues[queue].lags.as_ref())
    {
        entered.resize(lags.entered.len(), 0);
        let pairs = entered.iter_mut().zip(&lags.entered);
        pairs.for_each(|(sum, own)| *sum += own);
    }
    let (partition, most) = entered
        .iter()
        .enumerate()
        .max_by_key(|(_, count)| **count)?;
    let all: u64 = entered.iter().sum();
    let rate = scenario.offered_rate(queue)? * *most as f64 / all as f64;
    let one_member = |(pool, members): (&Pool, u32)| {
        let index = scenario.pool_index(&pool.name)?;
        Some(scenario.capacity_at(index, Time::ZERO) / f64::from(members.max(1)))
    };
    let able = scenario
        .served_by(queue)
        .filter_map(one_member)
        .fold(0.0, f64::max);
    let suffices = scenario.offered_rate(queue)? < scenario.capacity(queue);
    (entered.len() > 1 && suffices && rate > able && able > 0.0).then(|| {
        format!(
            "partition {partition} of {} gets {} of its records, {}, and its one consumer can do {}: it falls behind, \
             however many consumers there are; spread the keys, or make the work on a record shorter",
            scenario.queues[queue].name,
            units::show_share(*most as f64 / all as f64),
            units::show_rate(rate),
            units::show_rate(able)
        )
    })
}

/// What consumers that die take with them, where the broker has forgotten it at delivery.
fn lost_by_acks(plan: &Plan<'_>, records: &[Record], first: usize) -> Option<String> {
    let dies = |pool: &Pool| {
        let hard = pool.outages.iter().any(|outage| !outage.graceful);
        pool.ack == AckMode::Auto && (pool.crashes.is_some() || hard)
    };
    if !plan.scenario.pools.iter().any(dies) {
        return None;
    }
    let end = plan.setup.cuts.len();
    let segments = records.iter().flat_map(|record| &record.producers);
    let segments = segments.flat_map(|producer| &producer[first..end]);
    let (abandoned, made) = segments.fold((0, 0), |sum, segment| {
        (sum.0 + segment.abandoned, sum.1 + segment.made)
    });
    (abandoned > 0).then(|| {
        let share = units::show_share(abandoned as f64 / made as f64);
        if plan.scenario.makes_copies() {
            let count = units::show_count(abandoned as f64 / records.len() as f64);
            return format!(
                "{count} copies of messages a run, acked at delivery, are gone with the consumer that held them"
            );
        }
        format!("{share} of messages, acked at delivery, are gone with the consumer that held them")
    })
}
