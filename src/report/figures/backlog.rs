//! L(t): how many messages stand in each queue, simulated and as a fluid.

use super::{MOST_PANELS, caption, lanes};
use crate::report::chart::{Axis, Chart, INK, Line, Panel, Unit, colour};
use crate::study::{LaneKind, Outcome, Run};

pub(super) fn chart(outcome: &Outcome) -> Chart {
    let runs = caption::shown(outcome);
    let (queues, left_out) = lanes::components(runs, LaneKind::Total, MOST_PANELS);
    let mut panels: Vec<Panel> = queues.iter().map(|queue| panel(outcome, queue)).collect();
    let ribbons = panels.iter().any(|panel| !panel.ribbons.is_empty());
    let remarks = [
        caption::spread(outcome, ribbons),
        caption::left_out(left_out, "queue"),
        caption::variants_left_out(outcome),
    ];
    if panels.is_empty() {
        panels.push(Panel::new("", axis()));
    }
    Chart {
        title: outcome.title.clone(),
        subtitle: caption::subtitle(outcome, remarks.into_iter().flatten()),
        x: lanes::time_axis(outcome.runs.iter()),
        panels,
    }
}

fn axis() -> Axis {
    let label = "messages in the queue, L(t) = ready + unacked";
    Axis::linear(label, Unit::Number)
}

fn panel(outcome: &Outcome, queue: &str) -> Panel {
    let mut panel = Panel::new(queue, axis());
    let runs = caption::shown(outcome);
    for (index, run) in runs.iter().enumerate() {
        let Some(lane) = lanes::find(run, queue, LaneKind::Total) else {
            continue;
        };
        if caption::ribbons(outcome) {
            panel
                .ribbons
                .extend(lanes::ribbon(lane, run, colour(index)));
        }
        let label = if runs.len() == 1 {
            "simulated".to_owned()
        } else {
            run.variant.clone()
        };
        panel
            .lines
            .push(Line::solid(label, colour(index), lanes::typical(lane, run)));
    }
    panel
        .lines
        .extend(fluids(runs, queue, caption::ribbons(outcome)));
    if let Some(base) = runs.first() {
        panel.bands.extend(lanes::warmup(base));
        let label = if runs.len() == 1 {
            "λ > C: saturated"
        } else {
            "λ > C: base saturated"
        };
        panel.bands.extend(lanes::saturated(base, queue, label));
        panel.references.extend(lanes::horizon(base));
    }
    panel
}

/// The fluid of every run, or where these are many of the base alone.
fn fluids(runs: &[Run], queue: &str, each: bool) -> Vec<Line> {
    let name = "fluid, dL/dt = P − S";
    let of = |run: &Run| {
        lanes::find(run, queue, LaneKind::Fluid)
            .map(|lane| lanes::points(&lane.mean, run.overview.bucket_s))
    };
    match runs {
        [] => Vec::new(),
        [only] => of(only)
            .map(|points| Line::dashed(name, colour(1), points))
            .into_iter()
            .collect(),
        several => {
            let runs = several.iter().take(if each { several.len() } else { 1 });
            // In ink: on a line of its own colour a dashed one cannot be seen.
            let mut lines: Vec<Line> = runs
                .filter_map(of)
                .map(|points| Line::dashed("", INK, points))
                .collect();
            if !lines.is_empty() {
                let name = if each {
                    name.to_owned()
                } else {
                    format!("{name} (base)")
                };
                lines.push(lanes::key(Line::dashed(name, INK, Vec::new())));
            }
            lines
        }
    }
}
