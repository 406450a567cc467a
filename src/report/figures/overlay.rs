//! Several scenarios in one picture: their base runs, a colour each.

use super::{MOST_LINES, caption, lanes, latency};
use crate::report::chart::{Axis, Chart, GREY, Line, Panel, Place, Reference, Unit, colour};
use crate::study::{LaneKind, LatencyCurves, Outcome, Run};

/// Backlog, latency and saturation of the base runs of several scenarios, with the stems of their files' names.
pub fn overlay(outcomes: &[Outcome]) -> Vec<(String, Chart)> {
    let bases: Vec<(&Outcome, &Run)> = outcomes
        .iter()
        .filter_map(|outcome| Some((outcome, outcome.runs.first()?)))
        .take(MOST_LINES)
        .collect();
    let heading = Heading::new(outcomes.len(), &bases);
    let time = || lanes::time_axis(bases.iter().map(|(_, run)| *run));
    let (backlog, tails, load) = (
        backlog_panel(&bases),
        latency_panel(&bases),
        saturation_panel(&bases),
    );
    let waits = latency::time_axis("wait t", std::slice::from_ref(&tails));
    let busiest = "base runs, the busiest pool at each time, means over replications";
    [
        (
            "backlog",
            heading.over(backlog, time(), "base runs, means over replications"),
        ),
        (
            "latency",
            heading.over(tails, waits, "base runs, all replications"),
        ),
        ("saturation", heading.over(load, time(), busiest)),
    ]
    .map(|(name, chart)| (name.to_owned(), chart))
    .into()
}

/// What all the pictures say of their scenarios.
struct Heading {
    title: String,
    remarks: Vec<String>,
}

impl Heading {
    fn new(scenarios: usize, bases: &[(&Outcome, &Run)]) -> Self {
        let left_out = caption::left_out(scenarios - bases.len(), "scenario");
        Self {
            title: format!("{} side by side", caption::counted(scenarios, "scenario")),
            remarks: [Some(seeds(bases)), left_out]
                .into_iter()
                .flatten()
                .collect(),
        }
    }

    fn over(&self, panel: Panel, x: Axis, remark: &str) -> Chart {
        let subtitle = [&[remark.to_owned()], self.remarks.as_slice()]
            .concat()
            .join(" · ");
        Chart {
            title: self.title.clone(),
            subtitle,
            x,
            panels: vec![panel],
        }
    }
}

fn backlog_panel(bases: &[(&Outcome, &Run)]) -> Panel {
    let label = "messages in all queues, L(t) = ready + unacked";
    let mut panel = Panel::new("", Axis::linear(label, Unit::Number));
    for (index, (outcome, run)) in bases.iter().enumerate() {
        let total = over_lanes(run, LaneKind::Total, |sum, value| sum + value);
        panel.lines.push(Line::solid(
            &outcome.title,
            colour(index),
            lanes::points(&total, run.overview.bucket_s),
        ));
    }
    panel
}

fn latency_panel(bases: &[(&Outcome, &Run)]) -> Panel {
    let label = "share of messages that wait longer than t";
    let busiest: Vec<Option<&LatencyCurves>> =
        bases.iter().map(|(_, run)| busiest_queue(run)).collect();
    let mut panel = Panel::new(
        "",
        latency::share_axis(label, busiest.iter().copied().flatten()),
    );
    for (index, ((outcome, run), curves)) in bases.iter().zip(busiest).enumerate() {
        let Some(curves) = curves else { continue };
        let name = match run.latency.len() {
            1 => outcome.title.clone(),
            _ => format!("{}: {}", outcome.title, curves.queue),
        };
        panel
            .lines
            .push(Line::solid(name, colour(index), curves.wait.clone()));
    }
    panel.references.extend(latency::percentiles());
    panel
}

fn saturation_panel(bases: &[(&Outcome, &Run)]) -> Panel {
    let label = "utilisation, and load offered as a share of capacity";
    let mut panel = Panel::new("", Axis::linear(label, Unit::Share));
    for (index, (outcome, run)) in bases.iter().enumerate() {
        let busy = over_lanes(run, LaneKind::Utilisation, f64::max);
        panel.lines.push(Line::solid(
            &outcome.title,
            colour(index),
            lanes::points(&busy, run.overview.bucket_s),
        ));
        panel.lines.push(Line::dashed(
            "",
            colour(index),
            lanes::steps(&load(run), run.overview.bucket_s),
        ));
    }
    panel
        .lines
        .push(Line::dashed("offered load, λ / C", GREY, Vec::new()));
    panel.references.push(Reference {
        at: Place::Y(1.0),
        label: String::new(),
        colour: GREY,
    });
    panel
}

/// λ / C of the queue for which it is largest, bucket by bucket; NaN where nothing is known.
fn load(run: &Run) -> Vec<f64> {
    let offered = run
        .overview
        .lanes
        .iter()
        .filter(|lane| lane.what == LaneKind::Offered);
    let loads = offered.filter_map(|lane| {
        let capacity = lanes::find(run, &lane.component, LaneKind::Capacity)?;
        Some(
            lane.mean
                .iter()
                .zip(&capacity.mean)
                .map(|(offered, capacity)| offered / capacity)
                .collect::<Vec<f64>>(),
        )
    });
    loads.fold(Vec::new(), |largest, load| {
        together(&largest, &load, f64::max)
    })
}

/// All lanes of a kind put together, bucket by bucket.
fn over_lanes(run: &Run, what: LaneKind, put: fn(f64, f64) -> f64) -> Vec<f64> {
    let lanes = run.overview.lanes.iter().filter(|lane| lane.what == what);
    lanes.fold(Vec::new(), |all, lane| together(&all, &lane.mean, put))
}

fn together(all: &[f64], more: &[f64], put: fn(f64, f64) -> f64) -> Vec<f64> {
    if all.is_empty() {
        return more.to_vec();
    }
    all.iter().zip(more).map(|(a, b)| put(*a, *b)).collect()
}

/// The queue in which most messages waited.
fn busiest_queue(run: &Run) -> Option<&LatencyCurves> {
    run.latency
        .iter()
        .filter(|curves| !curves.wait.is_empty())
        .max_by_key(|curves| curves.messages)
}

fn seeds(bases: &[(&Outcome, &Run)]) -> String {
    let replications: Vec<u32> = bases.iter().map(|(_, run)| run.replications).collect();
    let seeds: Vec<u64> = bases.iter().map(|(outcome, _)| outcome.seed).collect();
    let range = |low: u64, high: u64| {
        if low == high {
            low.to_string()
        } else {
            format!("{low}–{high}")
        }
    };
    let ends = |values: &[u64]| {
        (
            values.iter().min().copied().unwrap_or(0),
            values.iter().max().copied().unwrap_or(0),
        )
    };
    let (fewest, most) = ends(
        &replications
            .iter()
            .map(|count| u64::from(*count))
            .collect::<Vec<_>>(),
    );
    let (lowest, highest) = ends(&seeds);
    format!(
        "{} replications each · seed {}",
        range(fewest, most),
        range(lowest, highest)
    )
}
