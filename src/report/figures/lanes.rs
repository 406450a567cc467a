//! Lanes of a run as points of a chart.

use crate::report::chart::{Axis, Band, Colour, GREY, Line, Place, Reference, Ribbon, Tone, Unit};
use crate::study::{Lane, LaneKind, Run, Series};

/// Rates are averaged over enough buckets to bring the noise of counting down to 5 % …
const MESSAGES_PER_POINT: f64 = 400.0;
/// … unless fewer points than this were left.
const FEWEST_POINTS: usize = 128;

/// The lane of a component, if it was recorded.
pub(super) fn find<'r>(run: &'r Run, component: &str, what: LaneKind) -> Option<&'r Lane> {
    of(&run.overview, component, what)
}

/// The lane of a component in a series, as finely as that has it.
pub(super) fn of<'s>(series: &'s Series, component: &str, what: LaneKind) -> Option<&'s Lane> {
    let mut lanes = series.lanes.iter();
    lanes.find(|lane| lane.component == component && lane.what == what)
}

/// The components that have such a lane, in the order of the file, as many as are shown; and how many are left out.
pub(super) fn components(runs: &[Run], what: LaneKind, most: usize) -> (Vec<&str>, usize) {
    let lanes = runs.first().into_iter().flat_map(|run| &run.overview.lanes);
    let named = lanes
        .filter(|lane| lane.what == what)
        .map(|lane| lane.component.as_str());
    largest(runs, named.collect(), most)
}

/// Of these components those with the longest backlog, or where they are pools the busiest, so that all figures show
/// the same; in the order given. And how many are left out.
///
/// A variant may bring its load to another queue than the base: what counts is the largest share in any of them.
pub(super) fn largest<'n>(runs: &[Run], names: Vec<&'n str>, most: usize) -> (Vec<&'n str>, usize) {
    let in_run = |run: &Run, name: &str| {
        let lane =
            find(run, name, LaneKind::Total).or_else(|| find(run, name, LaneKind::Utilisation));
        lane.map_or(0.0, peak)
    };
    let all = |run: &Run| names.iter().map(|name| in_run(run, name)).sum::<f64>();
    let wholes: Vec<f64> = runs.iter().map(all).collect();
    let size = |name: &str| {
        let shares = runs.iter().zip(&wholes).filter(|(_, whole)| **whole > 0.0);
        shares.fold(0.0, |most, (run, whole)| {
            f64::max(most, in_run(run, name) / whole)
        })
    };
    let mut by_size = names.clone();
    by_size.sort_by(|a, b| size(b).total_cmp(&size(a)));
    by_size.truncate(most);
    let left_out = names.len() - by_size.len();
    (
        names
            .into_iter()
            .filter(|name| by_size.contains(name))
            .collect(),
        left_out,
    )
}

/// The time axis from 0 to the end of the longest run.
pub(super) fn time_axis<'r>(runs: impl Iterator<Item = &'r Run>) -> Axis {
    let end = runs
        .map(|run| end_s(&run.overview).max(run.horizon.as_secs_f64()))
        .fold(0.0, f64::max);
    Axis::linear("time since start", Unit::Seconds).over(0.0, end)
}

/// Values at the middle of their buckets.
pub(super) fn points(values: &[f64], bucket_s: f64) -> Vec<(f64, f64)> {
    values
        .iter()
        .enumerate()
        .map(|(index, value)| ((index as f64 + 0.5) * bucket_s, *value))
        .collect()
}

/// Values that hold throughout their buckets.
pub(super) fn steps(values: &[f64], bucket_s: f64) -> Vec<(f64, f64)> {
    let bucket = |(index, value): (usize, &f64)| {
        [
            (index as f64 * bucket_s, *value),
            ((index + 1) as f64 * bucket_s, *value),
        ]
    };
    values.iter().enumerate().flat_map(bucket).collect()
}

/// The typical curve of a run: the median over its replications, or the one that there is.
pub(super) fn typical(lane: &Lane, run: &Run) -> Vec<(f64, f64)> {
    points(
        if run.replications > 1 {
            &lane.p50
        } else {
            &lane.mean
        },
        run.overview.bucket_s,
    )
}

/// The range over the replications, if there are several.
pub(super) fn ribbon(lane: &Lane, run: &Run, colour: Colour) -> Option<Ribbon> {
    let edges = lane.p5.iter().zip(&lane.p95).enumerate();
    let points = edges
        .map(|(index, (low, high))| ((index as f64 + 0.5) * run.overview.bucket_s, *low, *high))
        .collect();
    (run.replications > 1).then_some(Ribbon { colour, points })
}

/// How many buckets of a queue's rates make one point.
pub(super) fn buckets_per_point(accepted: &Lane, run: &Run) -> usize {
    let buckets = accepted.mean.len();
    let rate = accepted.mean.iter().sum::<f64>() / buckets.max(1) as f64;
    let per_bucket = rate * run.overview.bucket_s * f64::from(run.replications);
    let mut group = 1;
    while per_bucket * (group as f64) < MESSAGES_PER_POINT && buckets / (group * 2) >= FEWEST_POINTS
    {
        group *= 2;
    }
    group
}

/// Means of so many neighbours; the last of what is left.
pub(super) fn averaged(values: &[f64], group: usize) -> Vec<f64> {
    values
        .chunks(group)
        .map(|chunk| chunk.iter().sum::<f64>() / chunk.len() as f64)
        .collect()
}

/// What lies outside the measured stretch.
pub(super) fn warmup(run: &Run) -> Option<Band> {
    let to = run.warmup.as_secs_f64();
    (to > 0.0).then(|| Band {
        from: 0.0,
        to,
        label: "warm-up".to_owned(),
        tone: Tone::Aside,
    })
}

/// The end of the measured stretch, where a run goes on after it to serve what is left.
pub(super) fn horizon(run: &Run) -> Option<Reference> {
    let horizon = run.horizon.as_secs_f64();
    let beyond = end_s(&run.overview) > horizon * 1.01 && horizon > 0.0;
    beyond.then(|| Reference {
        at: Place::X(horizon),
        label: "horizon".to_owned(),
        colour: GREY,
    })
}

/// Stretches in which more is offered to the queue than can be served.
pub(super) fn saturated(run: &Run, queue: &str, label: &str) -> Vec<Band> {
    let here = run
        .overview
        .saturated
        .iter()
        .filter(|(name, ..)| name == queue);
    let band = |(_, from, to): &(String, f64, f64)| Band {
        from: *from,
        to: *to,
        label: label.to_owned(),
        tone: Tone::Alarm,
    };
    here.map(band).collect()
}

/// A line that only explains a style in the legend.
pub(super) fn key(line: Line) -> Line {
    Line {
        points: Vec::new(),
        ..line
    }
}

fn end_s(series: &Series) -> f64 {
    let buckets = series
        .lanes
        .iter()
        .map(|lane| lane.mean.len())
        .max()
        .unwrap_or(0);
    buckets as f64 * series.bucket_s
}

fn peak(lane: &Lane) -> f64 {
    lane.mean
        .iter()
        .copied()
        .filter(|value| value.is_finite())
        .fold(0.0, f64::max)
}
