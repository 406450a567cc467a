//! How long messages wait: the share that waits longer than t, on logarithmic axes, where a tail is a straight line.

use super::{MOST_PANELS, caption, lanes};
use crate::model::Basis;
use crate::report::chart::{
    Axis, Chart, Colour, GREY, INK, Line, Panel, Place, Reference, Scale, Unit, colour,
    seconds_label, share_label, snap_down, snap_up,
};
use crate::scenario::{Bound, END_TO_END, Figure, Metric, Statistic};
use crate::study::{Estimate, LatencyCurves, Outcome, Run, Theory};

/// Fewer messages than this say little of the share that they are.
const FEWEST_MESSAGES: f64 = 10.0;
/// The lowest share shown: down to p99.9 in any case, and never further than this.
const LOWEST: (f64, f64) = (1e-7, 1e-3);
/// A curve is shown from where it has fallen by this share of its height …
const FALLEN: f64 = 0.06;
/// … but not over more than these many times.
const WIDEST: f64 = 1e5;

pub(super) fn chart(outcome: &Outcome) -> Chart {
    let whole = end_to_end(outcome);
    let (queues, left_out) = queues(outcome, MOST_PANELS - usize::from(whole.is_some()));
    let stages = queues.iter().map(|queue| panel(outcome, queue));
    let mut panels: Vec<Panel> = whole.into_iter().chain(stages).collect();
    if panels.is_empty() {
        panels.push(Panel::new(
            "",
            share_axis("share of messages that wait longer than t", None),
        ));
    }
    let remarks = [
        queues
            .first()
            .filter(|_| queues.len() == 1)
            .and_then(|queue| waits_at_all(outcome, queue)),
        caption::left_out(left_out, "queue"),
        caption::variants_left_out(outcome),
    ];
    let sojourn = queues.iter().any(|queue| shows_sojourn(outcome, queue));
    let waits_alone = !sojourn && panels.len() == queues.len();
    let label = if waits_alone { "wait t" } else { "latency t" };
    Chart {
        title: outcome.title.clone(),
        subtitle: caption::subtitle(outcome, remarks.into_iter().flatten()),
        x: time_axis(label, &panels),
        panels,
    }
}

/// The time axis over which the curves of these panels fall, and their limits.
pub(super) fn time_axis(label: &str, panels: &[Panel]) -> Axis {
    let (mut low, mut high) = (f64::INFINITY, 0.0_f64);
    for panel in panels {
        let bottom = panel.y.range.map_or(LOWEST.1, |(bottom, _)| bottom);
        for line in &panel.lines {
            let top = line.points.first().map_or(1.0, |point| point.1);
            let falls = line
                .points
                .iter()
                .find(|point| point.1 < top * (1.0 - FALLEN) && point.0 > 0.0);
            let ends = line
                .points
                .iter()
                .find(|point| point.1 < bottom)
                .or(line.points.last());
            low = falls.map_or(low, |point| low.min(point.0));
            high = ends.map_or(high, |point| high.max(point.0));
        }
        for reference in &panel.references {
            if let Place::X(limit) = reference.at {
                (low, high) = (low.min(limit / 1.5), high.max(limit * 1.5));
            }
        }
    }
    let low = low.max(high / WIDEST);
    let range = (low > 0.0 && low <= high).then(|| (snap_down(low * 0.999), snap_up(high * 1.001)));
    Axis {
        label: label.to_owned(),
        unit: Unit::Seconds,
        scale: Scale::Log,
        range,
    }
}

/// A share axis down to where the curves still rest on some messages.
pub(super) fn share_axis<'c>(
    label: &str,
    curves: impl IntoIterator<Item = &'c LatencyCurves>,
) -> Axis {
    let messages = curves
        .into_iter()
        .map(|curve| curve.messages)
        .max()
        .unwrap_or(0);
    let told = if messages > 0 {
        FEWEST_MESSAGES / messages as f64
    } else {
        LOWEST.1
    };
    // The next decade up, so that the axis ends at a mark.
    let low = 10f64.powf(told.log10().ceil()).clamp(LOWEST.0, LOWEST.1);
    Axis::log(label, Unit::Tail).over(low, 1.0)
}

/// The lines of p99 and p99.9, which the axis names.
pub(super) fn percentiles() -> [Reference; 2] {
    [0.01, 0.001].map(|share| Reference {
        at: Place::Y(share),
        label: String::new(),
        colour: GREY,
    })
}

/// The queues with a curve in any run, as many as are shown; and how many are left out.
fn queues(outcome: &Outcome, most: usize) -> (Vec<&str>, usize) {
    let mut names: Vec<&str> = Vec::new();
    for run in &outcome.runs {
        for curves in run.latency.iter().filter(|curves| !curves.wait.is_empty()) {
            if !names.contains(&curves.queue.as_str()) {
                names.push(&curves.queue);
            }
        }
    }
    lanes::largest(caption::shown(outcome), names, most)
}

fn panel(outcome: &Outcome, queue: &str) -> Panel {
    let runs = caption::shown(outcome);
    let sojourn = shows_sojourn(outcome, queue);
    let label = if sojourn {
        "share of messages slower than t"
    } else {
        "share of messages that wait longer than t"
    };
    let curves = runs.iter().filter_map(|run| curves_of(run, queue));
    let mut panel = Panel::new(queue, share_axis(label, curves));
    for (index, run) in runs.iter().enumerate() {
        let Some(curves) = curves_of(run, queue) else {
            continue;
        };
        let name = match runs {
            [_] => "wait, simulated",
            [..] => &run.variant,
        };
        let wait = Line::solid(name, colour(index), curves.wait.clone());
        let refused = refusal(run, queue, Figure::Wait);
        panel.lines.push(marked(wait, refused.as_deref()));
        if sojourn {
            let sojourn = sojourn_line(curves, runs.len(), index);
            panel.lines.push(marked(sojourn, refused.as_deref()));
        }
    }
    if sojourn && runs.len() > 1 {
        panel.lines.push(Line::dashed("sojourn", GREY, Vec::new()));
    }
    if let Some(base) = runs.first() {
        let theory = base.theory.iter().find(|theory| has_curve(theory, queue));
        panel.lines.extend(theory.map(theory_line));
        panel.references.extend(limits(base, queue, sojourn));
    }
    panel.references.extend(percentiles());
    say_what_is_out_of_sight(&mut panel);
    panel
}

/// A curve that lies under the axis from end to end is named so, lest its entry in the legend be looked for.
fn say_what_is_out_of_sight(panel: &mut Panel) {
    let Some((bottom, _)) = panel.y.range else {
        return;
    };
    let hidden = |line: &&mut Line| {
        let mut points = line.points.iter().filter(|point| point.0 > 0.0);
        !line.label.is_empty() && !line.points.is_empty() && points.all(|point| point.1 < bottom)
    };
    for line in panel.lines.iter_mut().filter(hidden) {
        line.label = format!("{}: less than {}", line.label, share_label(bottom));
    }
}

/// What messages go through in all, where there are several queues to go through.
fn end_to_end(outcome: &Outcome) -> Option<Panel> {
    let runs = caption::shown(outcome);
    let base = runs.first()?;
    let curves = runs.iter().filter_map(|run| run.end_to_end.as_ref());
    let label =
        "share of completed messages that take longer than t, from first publish to completion";
    let mut panel = Panel::new(END_TO_END, share_axis(label, curves));
    for (index, run) in runs.iter().enumerate() {
        let Some(curves) = &run.end_to_end else {
            continue;
        };
        let name = match runs {
            [_] => "latency, simulated",
            [..] => &run.variant,
        };
        let line = Line::solid(name, colour(index), curves.sojourn.clone());
        let refused = refusal(run, END_TO_END, Figure::Latency);
        panel.lines.push(marked(line, refused.as_deref()));
    }
    panel.references.extend(limits(base, END_TO_END, false));
    panel.references.extend(percentiles());
    panel
        .lines
        .iter()
        .any(|line| !line.points.is_empty())
        .then_some(panel)
}

/// Why the summary gives no such figure, in a few words: `no stationary law`.
fn refusal(run: &Run, component: &str, figure: Figure) -> Option<String> {
    let p99 = Metric::new(component, figure, Statistic::Quantile(990));
    match run.metrics.get(&p99)? {
        Estimate::Refused { why } => why.split([':', ';']).next().map(str::to_owned),
        Estimate::Known { .. } => None,
    }
}

/// A curve of what has no long-run figure is what happened, and no more: lighter, and named so.
fn marked(line: Line, refused: Option<&str>) -> Line {
    let Some(why) = refused else { return line };
    let label = match line.label.as_str() {
        "" => String::new(),
        label => format!("{label} ({why})"),
    };
    let colour = line.colour.lighter();
    Line {
        label,
        colour,
        ..line
    }
}

fn curves_of<'r>(run: &'r Run, queue: &str) -> Option<&'r LatencyCurves> {
    run.latency
        .iter()
        .find(|curves| curves.queue == queue && !curves.wait.is_empty())
}

fn sojourn_line(curves: &LatencyCurves, runs: usize, index: usize) -> Line {
    match runs {
        1 => Line::solid("sojourn, simulated", colour(3), curves.sojourn.clone()),
        _ => Line::dashed("", colour(index), curves.sojourn.clone()),
    }
}

fn has_curve(theory: &Theory, queue: &str) -> bool {
    theory.queue == queue && !theory.wait_curve.is_empty()
}

/// What a formula says of the wait; where its assumptions do not hold, a line to compare with, in grey.
fn theory_line(theory: &Theory) -> Line {
    let model = &theory.model;
    let (label, colour) = match (&theory.inapplicable, theory.basis) {
        (None, Basis::Exact) => (format!("wait, exact ({model})"), INK),
        (None, Basis::Approximate(_)) => (format!("wait, approximate ({model})"), INK),
        (Some(_), _) => (format!("{model} at the mean rate (does not apply)"), GREY),
    };
    Line {
        width: 1.3,
        ..Line::dashed(label, colour, theory.wait_curve.clone())
    }
}

fn shows_sojourn(outcome: &Outcome, queue: &str) -> bool {
    let objectives = outcome.runs.iter().flat_map(|run| &run.objectives);
    let mut of_it = objectives.filter(|objective| objective.metric.component == queue);
    of_it.any(|objective| {
        objective.metric.figure == Figure::Sojourn && quantile(&objective.metric).is_some()
    })
}

/// The limits of objectives on quantiles; a mean has no place among the shares.
fn limits(run: &Run, queue: &str, sojourn: bool) -> Vec<Reference> {
    let here = run
        .objectives
        .iter()
        .filter(|objective| objective.metric.component == queue);
    let limit = |metric: &Metric, bound: Bound| {
        let figure = [
            (Figure::Wait, if sojourn { "wait " } else { "" }),
            (Figure::Sojourn, "sojourn "),
            (Figure::Latency, ""),
        ];
        let (_, figure) = figure.into_iter().find(|(of, _)| *of == metric.figure)?;
        let (limit, sign) = match bound {
            Bound::Below(limit) => (limit, '<'),
            Bound::Above(limit) => (limit, '>'),
        };
        let label = format!(
            "{figure}{} {sign} {}",
            quantile(metric)?,
            seconds_label(limit)
        );
        (limit > 0.0 && limit.is_finite()).then_some(Reference {
            at: Place::X(limit),
            label,
            colour: LIMIT,
        })
    };
    here.filter_map(|objective| limit(&objective.metric, objective.bound))
        .collect()
}

/// Limits stand out from the lines of the percentiles.
const LIMIT: Colour = Colour(0x99, 0x1b, 0x1b);

/// `p99.9` of a metric that is a quantile.
fn quantile(metric: &Metric) -> Option<String> {
    match metric.statistic {
        Statistic::Quantile(tenths) if tenths % 10 == 0 => Some(format!("p{}", tenths / 10)),
        Statistic::Quantile(tenths) => Some(format!("p{}.{}", tenths / 10, tenths % 10)),
        Statistic::Max => Some("max".to_owned()),
        Statistic::Value
        | Statistic::Mean
        | Statistic::Rate
        | Statistic::Count
        | Statistic::Share
        | Statistic::PerHour => None,
    }
}

fn waits_at_all(outcome: &Outcome, queue: &str) -> Option<String> {
    let metric = Metric {
        component: queue.to_owned(),
        figure: Figure::PWait,
        statistic: Statistic::Value,
    };
    let base = outcome.runs.first()?;
    let of = if outcome.runs.len() > 1 {
        " in the base"
    } else {
        ""
    };
    match base.metrics.get(&metric)? {
        Estimate::Known { value, .. } => Some(format!(
            "{} of messages wait at all{of}",
            share_label(*value)
        )),
        Estimate::Refused { .. } => None,
    }
}
