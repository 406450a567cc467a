//! Whether a long run has long-run figures, and where it has forgotten how it began.

use super::capacity;
use super::moments;
use super::plan::{Plan, is_bounded};
use super::statistics;
use super::unseen;
use crate::measure::{Bucket, Record};
use crate::scenario::{Kind, Producer, Warmup};
use crate::time::Time;
use crate::units;

/// What the runs say about steadiness.
#[derive(Clone, Debug)]
pub(super) struct Steadiness {
    /// Start of the measured stretch.
    pub(super) warmup: Time,
    /// By queue, why it has no figures of backlog and latency.
    pub(super) refusals: Vec<Option<String>>,
    /// Those of the reasons that the file does not give but the runs: they hold for how busy its consumers are, too.
    pub(super) unsettled: Vec<Option<String>>,
    /// By producer, why its messages have no long-run latency, besides what their queues say.
    pub(super) held_back: Vec<Option<String>>,
    /// A queue that should have a law by the file has not settled.
    pub(super) too_short: bool,
}

impl Steadiness {
    pub(super) fn of(plan: &Plan<'_>, records: &[Record]) -> Self {
        let queues = 0..plan.scenario.queues.len();
        let unseen = unseen::work(plan, records);
        if plan.scenario.kind == Kind::Terminating {
            let warmup = match plan.scenario.warmup {
                Warmup::Fixed(span) => Time::ZERO + span,
                Warmup::Auto => Time::ZERO,
            };
            return Self {
                warmup,
                refusals: unseen.clone(),
                unsettled: unseen,
                held_back: vec![None; plan.scenario.producers.len()],
                too_short: false,
            };
        }
        let mut refusals = queues
            .clone()
            .map(|queue| no_law(plan, records, queue))
            .collect::<Vec<_>>();
        let lawless = refusals.iter().flatten().count();
        let (warmup, too_long) = warmup(plan, records, &refusals);
        let mut unsettled = vec![None; refusals.len()];
        for queue in queues
            .filter(|queue| refusals[*queue].is_none())
            .collect::<Vec<_>>()
        {
            let no_cut = "the warm-up takes more than half of the run; make the horizon longer";
            let no_cut = too_long.contains(&queue).then(|| no_cut.to_owned());
            let trend = trend(plan, records, queue, warmup);
            // The mean of a line without a finite one grows with the run, though its law has settled.
            let settles = !moments::waits_have_no_mean(&plan.scenario, queue);
            let reason = trend.or(no_cut).filter(|_| settles);
            refusals[queue] = reason.or_else(|| unseen[queue].clone());
            unsettled[queue].clone_from(&refusals[queue]);
        }
        Self {
            warmup,
            too_short: refusals.iter().flatten().count() > lawless,
            refusals,
            unsettled,
            held_back: held_back(plan, records, warmup),
        }
    }
}

/// Why messages get older and older before a queue takes them: their producer makes more than it can publish.
fn held_back(plan: &Plan<'_>, records: &[Record], warmup: Time) -> Vec<Option<String>> {
    let first = plan.first_segment(warmup);
    let last = plan.setup.cuts.len();
    let seconds = plan.scenario.horizon.since(warmup).as_secs_f64();
    let runs = records.len() as f64;
    let producers = plan.scenario.producers.iter().enumerate();
    let why = |(index, producer): (usize, &Producer)| {
        let of = |record: &Record| {
            let segments = &record.producers[index];
            let before = first
                .checked_sub(1)
                .map_or(0, |before| segments[before].held_at_end);
            let made: u64 = segments[first..last]
                .iter()
                .map(|segment| segment.made)
                .sum();
            let grown = segments[last - 1].held_at_end as f64 - before as f64;
            (made as f64 / seconds, grown / seconds)
        };
        let rates: Vec<(f64, f64)> = records.iter().map(of).collect();
        let made = rates.iter().map(|(made, _)| made).sum::<f64>() / runs;
        let growth = rates.iter().map(|(_, growth)| growth).sum::<f64>() / runs;
        let spread: f64 = rates.iter().map(|(_, own)| (own - growth).powi(2)).sum();
        // Of one run there is no spread; the count of a Poisson process then stands in for it.
        let batch = producer.batch.mean().max(1.0);
        let error = (spread / (runs * (runs - 1.0).max(1.0))).max(made * batch / seconds / runs);
        (growth > FAR * error.sqrt()).then(|| {
            let (name, published) = (&producer.name, units::show_rate(made - growth));
            let made = units::show_rate(made);
            format!(
                "no stationary law: {name} makes {made} and can publish {published}, so that what it holds back grows"
            )
        })
    };
    producers.map(why).collect()
}

/// Standard errors that chance does not explain.
const FAR: f64 = 4.0;

/// Why a queue has no stationary law, by the file.
fn no_law(plan: &Plan<'_>, records: &[Record], queue: usize) -> Option<String> {
    let scenario = &plan.scenario;
    if let Some(takes) = scenario.queues[queue].intake
        && scenario.is_fed_by_pools(queue)
    {
        let (rate, most) = (scenario.offered_rate(queue)?, 1.0 / takes.as_secs_f64());
        if rate >= most {
            let (rate, most) = (units::show_rate(rate), units::show_rate(most));
            return Some(format!(
                "no stationary law: {rate} arrive and at most {most} can be taken in"
            ));
        }
    }
    if is_bounded(scenario, queue) {
        return None;
    }
    if scenario.pools_of(queue).next().is_none() {
        let fed = records
            .iter()
            .any(|record| record.queues[queue].audit.accepted > 0);
        return fed.then(|| "no stationary law: nobody consumes from it".to_owned());
    }
    // What gets through a queue that loses messages is less than the file's rates say, and a balancer may send more to
    // one queue than to another: only the runs can tell.
    let loses = |other: usize| other != queue && is_bounded(scenario, other);
    let fed_with_losses = scenario.is_fed_by_pools(queue) && (0..scenario.queues.len()).any(loses);
    // Nor does the file say how much of what producers make they can publish.
    if fed_with_losses || capacity::is_steered(scenario, queue) || scenario.is_gated(queue) {
        return None;
    }
    let (rate, capacity) = (scenario.lasting_rate(queue)?, scenario.capacity(queue));
    // Rates are quotients of decimals: what is equal on paper must not become stable by rounding.
    (rate > 0.0 && rate >= capacity * (1.0 - 1e-12)).then(|| {
        let (rate, capacity) = (units::show_rate(rate), units::show_rate(capacity));
        format!("no stationary law: {rate} arrive and at most {capacity} can be served")
    })
}

/// The instant at which the warm-up ends, and the queues for which none was found.
fn warmup(plan: &Plan<'_>, records: &[Record], refusals: &[Option<String>]) -> (Time, Vec<usize>) {
    let possible = plan.possible_warmups();
    let earliest = possible.first().copied().unwrap_or(Time::ZERO);
    if plan.scenario.warmup != Warmup::Auto {
        return (earliest, Vec::new());
    }
    let (mut warmup, mut too_long) = (earliest, Vec::new());
    for queue in (0..refusals.len()).filter(|queue| refusals[*queue].is_none()) {
        let (width, series) = mean_total(plan, records, queue);
        let cut = statistics::mser5(&series).map(|cut| Time::from_nanos(cut as u64 * width));
        match cut.and_then(|cut| possible.iter().find(|possible| **possible >= cut)) {
            Some(possible) => warmup = warmup.max(*possible),
            None if is_mostly_empty(&series) => {}
            None if moments::waits_have_no_mean(&plan.scenario, queue) => {
                warmup = possible.last().copied().unwrap_or(warmup);
            }
            None => too_long.push(queue),
        }
    }
    (warmup, too_long)
}

/// Whether a queue holds so little that it starts as it stays: then what moves its average is chance.
fn is_mostly_empty(series: &[f64]) -> bool {
    series.iter().sum::<f64>() < 0.1 * series.len() as f64
}

/// The average over replications of `total`, by bucket until the horizon, with the bucket's width in nanoseconds.
fn mean_total(plan: &Plan<'_>, records: &[Record], queue: usize) -> (u64, Vec<f64>) {
    let width = records
        .first()
        .map_or(1, |record| record.queues[queue].bucket_width.as_nanos());
    let whole = (plan.scenario.horizon.as_nanos() / width) as usize;
    let mean = |index: usize| {
        let areas = records
            .iter()
            .filter_map(|record| record.queues[queue].buckets.get(index));
        areas.map(|bucket| bucket.total.area).sum::<u128>() as f64
            / (records.len() as f64 * width as f64)
    };
    (width, (0..whole).map(mean).collect())
}

/// Why a queue's backlog has not settled: it grew from the first to the last third of the measured stretch.
fn trend(plan: &Plan<'_>, records: &[Record], queue: usize, warmup: Time) -> Option<String> {
    let width = records.first()?.queues[queue].bucket_width.as_nanos();
    let (first, last) = (
        warmup.as_nanos().div_ceil(width),
        plan.scenario.horizon.as_nanos() / width,
    );
    let third = last.saturating_sub(first) / 3;
    let area = |buckets: &[Bucket], from: u64, to: u64| {
        let buckets = buckets.iter().take(to as usize).skip(from as usize);
        buckets.map(|bucket| bucket.total.area).sum::<u128>() as f64 / (third * width) as f64
    };
    let of = |from: u64, to: u64| {
        records
            .iter()
            .map(|record| area(&record.queues[queue].buckets, from, to))
            .collect::<Vec<_>>()
    };
    if third == 0 {
        return None;
    }
    let trend = statistics::trending(&of(first, first + third), &of(last - third, last))?;
    trend.growing.then(|| {
        let (first, last) = (units::show_count(trend.first), units::show_count(trend.last));
        format!(
            "the backlog still grows: {first} messages on average in the first third of the measured stretch, {last} in \
             the last; see growth.rate, and ask for a longer horizon only where you expect it to settle"
        )
    })
}
