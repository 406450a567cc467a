//! P(t), S(t) and C(t): what comes, what leaves, what could.

use super::{MOST_PANELS, caption, lanes};
use crate::report::chart::{Axis, Chart, INK, Line, Panel, Unit, colour, seconds_label};
use crate::study::{Lane, LaneKind, Outcome, Run};
use crate::units;

/// λ is drawn apart from P where they differ by more than this share …
const NOTABLE: f64 = 0.02;
/// … and by more than this many standard deviations of counting.
const DEVIATIONS: f64 = 4.0;

pub(super) fn chart(outcome: &Outcome) -> Chart {
    let (mut panels, left_out) = match outcome.runs.first() {
        Some(base) => match lanes::components(&outcome.runs, LaneKind::Accepted, MOST_PANELS) {
            (queues, _) if queues.len() == 1 => variants(outcome, queues[0]),
            (queues, left_out) => {
                let panels = queues
                    .iter()
                    .filter_map(|queue| panel(base, queue, queue))
                    .collect();
                let base_only = (outcome.runs.len() > 1).then(|| "base run".to_owned());
                let left_out = caption::left_out(left_out, "queue");
                (panels, [base_only, left_out])
            }
        },
        None => (Vec::new(), [None, None]),
    };
    if panels.is_empty() {
        panels.push(Panel::new("", axis(0.0)));
    }
    let several = outcome.runs.first().is_some_and(|run| run.replications > 1);
    let means = several.then(|| "means over replications".to_owned());
    let remarks = [means].into_iter().chain(left_out);
    Chart {
        title: outcome.title.clone(),
        subtitle: caption::subtitle(outcome, remarks.flatten()),
        x: lanes::time_axis(outcome.runs.iter()),
        panels,
    }
}

/// One panel a variant where these are few, else the base alone.
fn variants(outcome: &Outcome, queue: &str) -> (Vec<Panel>, [Option<String>; 2]) {
    let runs = &outcome.runs;
    let shown = if runs.len() <= MOST_PANELS {
        runs.len()
    } else {
        1
    };
    let heading = |run: &Run| {
        if runs.len() == 1 {
            queue.to_owned()
        } else {
            run.variant.clone()
        }
    };
    let mut panels: Vec<Panel> = runs[..shown]
        .iter()
        .filter_map(|run| panel(run, queue, &heading(run)))
        .collect();
    share_the_scale(&mut panels);
    let left_out = caption::left_out(runs.len() - shown, "variant");
    (
        panels,
        [
            (shown < runs.len()).then(|| "base run".to_owned()),
            left_out,
        ],
    )
}

/// Panels are there to be compared.
fn share_the_scale(panels: &mut [Panel]) {
    let points = panels
        .iter()
        .flat_map(|panel| &panel.lines)
        .flat_map(|line| &line.points);
    let highest = points
        .map(|point| point.1)
        .filter(|value| value.is_finite())
        .fold(0.0, f64::max);
    if highest > 0.0 {
        for panel in panels {
            panel.y.range = Some((0.0, highest * 1.06));
        }
    }
}

/// Bucket widths are round in the units of a clock: `4 s`, `1m 20s`.
fn shown_span(seconds: f64) -> String {
    if seconds < 60.0 {
        seconds_label(seconds)
    } else {
        units::show_seconds(seconds)
    }
}

fn axis(averaged_over_s: f64) -> Axis {
    let label = match averaged_over_s {
        seconds if seconds > 0.0 => {
            format!("messages per second, averaged over {}", shown_span(seconds))
        }
        _ => "messages per second".to_owned(),
    };
    Axis::linear(label, Unit::Number)
}

fn panel(run: &Run, queue: &str, heading: &str) -> Option<Panel> {
    let accepted = lanes::find(run, queue, LaneKind::Accepted)?;
    let group = lanes::buckets_per_point(accepted, run);
    let point_s = run.overview.bucket_s * group as f64;
    let smooth = |values: &[f64]| lanes::points(&lanes::averaged(values, group), point_s);
    let exact = |lane: &Lane| lanes::steps(&lane.mean, run.overview.bucket_s);

    let mut panel = Panel::new(heading, axis(point_s));
    let offered = lanes::find(run, queue, LaneKind::Offered);
    let apart = offered.filter(|offered| differ(offered, accepted, run));
    panel
        .lines
        .extend(apart.map(|lane| Line::dashed("offered, λ", colour(5), exact(lane))));
    let accepted = Line::solid("accepted, P", colour(0), smooth(&accepted.mean));
    // Where both are nearly the same the wider line shows under the narrower.
    panel.lines.push(Line {
        width: 3.2,
        ..accepted
    });
    for (name, index, values) in departures(run, queue) {
        panel
            .lines
            .push(Line::solid(name, colour(index), smooth(&values)));
    }
    let capacity = lanes::find(run, queue, LaneKind::Capacity);
    panel
        .lines
        .extend(capacity.map(|lane| Line::dashed("capacity, C", INK, exact(lane))));
    panel.bands.extend(lanes::warmup(run));
    panel
        .bands
        .extend(lanes::saturated(run, queue, "λ > C: saturated"));
    panel.references.extend(lanes::horizon(run));
    Some(panel)
}

/// S, and of it what was lost if anything was; with the index of its colour.
fn departures(run: &Run, queue: &str) -> Vec<(&'static str, usize, Vec<f64>)> {
    let Some(acked) = lanes::find(run, queue, LaneKind::Acked) else {
        return Vec::new();
    };
    let lost = lanes::find(run, queue, LaneKind::Lost);
    match lost.filter(|lost| lost.mean.iter().any(|rate| *rate > 0.0)) {
        Some(lost) => {
            let all = acked
                .mean
                .iter()
                .zip(&lost.mean)
                .map(|(acked, lost)| acked + lost);
            vec![
                ("left, S = acked + lost", 2, all.collect()),
                ("lost", 1, lost.mean.clone()),
            ]
        }
        None => vec![("acked, S", 2, acked.mean.clone())],
    }
}

/// Whether so much is turned away that offered and accepted are two things.
fn differ(offered: &Lane, accepted: &Lane, run: &Run) -> bool {
    let messages = |lane: &Lane| {
        lane.mean.iter().sum::<f64>() * run.overview.bucket_s * f64::from(run.replications)
    };
    let (offered, accepted) = (messages(offered), messages(accepted));
    (offered - accepted).abs() > (NOTABLE * offered).max(DEVIATIONS * offered.sqrt())
}
