//! How busy the consumers are, and how many are up.

use super::{MOST_LINES, MOST_PANELS, caption, lanes};
use crate::report::chart::{Axis, Chart, Colour, Line, Panel, Scale, Unit, colour, number_label};
use crate::study::{Lane, LaneKind, Outcome, Run};

pub(super) fn chart(outcome: &Outcome) -> Chart {
    let most = if outcome.runs.len() > 1 {
        MOST_PANELS
    } else {
        MOST_LINES
    };
    let (pools, left_out) = outcome.runs.first().map_or_else(Default::default, |base| {
        lanes::components(base, LaneKind::Utilisation, most)
    });
    let mut panels = match pools.as_slice() {
        [] => vec![Panel::new("", share_axis())],
        [pool] => of_one_pool(outcome, pool),
        several if outcome.runs.len() == 1 => of_one_run(outcome, several),
        several => several.iter().map(|pool| busy(outcome, pool)).collect(),
    };
    if let Some(base) = outcome.runs.first() {
        for panel in &mut panels {
            panel.bands.extend(lanes::warmup(base));
            panel.references.extend(lanes::horizon(base));
        }
    }
    let remarks = [
        caption::spread(outcome),
        caption::left_out(left_out, "pool"),
        caption::variants_left_out(outcome),
    ];
    Chart {
        title: outcome.title.clone(),
        subtitle: caption::subtitle(outcome, remarks.into_iter().flatten()),
        x: lanes::time_axis(outcome.runs.iter()),
        panels,
    }
}

fn share_axis() -> Axis {
    let label = "utilisation, share of consumers that are busy".to_owned();
    Axis {
        label,
        unit: Unit::Share,
        scale: Scale::Linear,
        range: Some((0.0, 1.02)),
    }
}

fn count_axis() -> Axis {
    Axis {
        label: "consumers up".to_owned(),
        unit: Unit::Number,
        scale: Scale::Linear,
        range: None,
    }
}

/// Variants in their colours; the consumers have a panel of their own where they come and go.
fn of_one_pool(outcome: &Outcome, pool: &str) -> Vec<Panel> {
    let runs = caption::shown(outcome);
    let mut panels = vec![busy(outcome, pool)];
    if runs
        .iter()
        .filter_map(|run| lanes::find(run, pool, LaneKind::Consumers))
        .any(changes)
    {
        let lanes = runs.iter().enumerate().filter_map(|(index, run)| {
            Some((
                run,
                lanes::find(run, pool, LaneKind::Consumers)?,
                label(outcome, run, pool),
                colour(index),
            ))
        });
        panels.push(consumers(lanes));
    }
    panels
}

/// Pools in colours of their own.
fn of_one_run(outcome: &Outcome, pools: &[&str]) -> Vec<Panel> {
    let run = &outcome.runs[0];
    let mut panel = Panel::new("", share_axis());
    for (index, pool) in pools.iter().enumerate() {
        let Some(lane) = lanes::find(run, pool, LaneKind::Utilisation) else {
            continue;
        };
        panel
            .ribbons
            .extend(lanes::ribbon(lane, run, colour(index)));
        panel.lines.push(Line::solid(
            label(outcome, run, pool),
            colour(index),
            lanes::typical(lane, run),
        ));
    }
    let up = pools.iter().enumerate().filter_map(|(index, pool)| {
        Some((
            run,
            lanes::find(run, pool, LaneKind::Consumers)?,
            label(outcome, run, pool),
            colour(index),
        ))
    });
    let up: Vec<_> = up.collect();
    let mut panels = vec![panel];
    if up.iter().any(|(_, lane, ..)| changes(lane)) {
        panels.push(consumers(up.into_iter()));
    }
    panels
}

fn busy(outcome: &Outcome, pool: &str) -> Panel {
    let mut panel = Panel::new(pool, share_axis());
    for (index, run) in caption::shown(outcome).iter().enumerate() {
        let Some(lane) = lanes::find(run, pool, LaneKind::Utilisation) else {
            continue;
        };
        if caption::ribbons(outcome) {
            panel
                .ribbons
                .extend(lanes::ribbon(lane, run, colour(index)));
        }
        panel.lines.push(Line::solid(
            label(outcome, run, pool),
            colour(index),
            lanes::typical(lane, run),
        ));
    }
    panel
}

fn consumers<'r>(lanes: impl Iterator<Item = (&'r Run, &'r Lane, String, Colour)>) -> Panel {
    let mut panel = Panel::new("", count_axis());
    panel.weight = 0.6;
    for (run, lane, label, colour) in lanes {
        panel.ribbons.extend(lanes::ribbon(lane, run, colour));
        panel
            .lines
            .push(Line::solid(label, colour, lanes::typical(lane, run)));
    }
    panel
}

/// The variant's or the pool's name, and its consumers if they are always as many.
fn label(outcome: &Outcome, run: &Run, pool: &str) -> String {
    let name = if outcome.runs.len() > 1 {
        run.variant.as_str()
    } else {
        pool
    };
    match lanes::find(run, pool, LaneKind::Consumers)
        .filter(|lane| !changes(lane))
        .and_then(|lane| lane.mean.first())
    {
        Some(up) => format!(
            "{name}: {} consumer{}",
            number_label(*up),
            if *up > 1.0 { "s" } else { "" }
        ),
        None => name.to_owned(),
    }
}

/// Whether consumers come and go.
fn changes(lane: &Lane) -> bool {
    let (min, max) = (&lane.min, &lane.max);
    let lowest = min.iter().copied().fold(f64::INFINITY, f64::min);
    max.iter().copied().fold(0.0, f64::max) > lowest + 1e-9
}
