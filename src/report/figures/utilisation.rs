//! How busy the consumers are, and how many are up.

use super::{MOST_LINES, MOST_PANELS, MOST_RIBBONS, caption, lanes};
use crate::report::chart::{Axis, Chart, Line, Panel, Unit, colour, number_label};
use crate::study::{Lane, LaneKind, Outcome, Run};

/// A pool in a run, and what its line is called.
struct Curve<'r> {
    run: &'r Run,
    pool: &'r str,
    label: String,
}

pub(super) fn chart(outcome: &Outcome) -> Chart {
    let runs = caption::shown(outcome);
    let most = if runs.len() > 1 {
        MOST_PANELS
    } else {
        MOST_LINES
    };
    let (pools, left_out) = lanes::components(runs, LaneKind::Utilisation, most);
    let mut panels = match (runs, pools.as_slice()) {
        (_, []) => vec![Panel::new("", share_axis())],
        ([only], several) => pools_in_colours(only, several),
        (runs, [pool]) => {
            let (heading, curves) = variants_in_colours(runs, pool);
            with_consumers(&heading, &curves)
        }
        (runs, several) => several
            .iter()
            .map(|pool| {
                let (heading, curves) = variants_in_colours(runs, pool);
                busy(&heading, &curves)
            })
            .collect(),
    };
    if let Some(base) = runs.first() {
        for panel in &mut panels {
            panel.bands.extend(lanes::warmup(base));
            panel.references.extend(lanes::horizon(base));
        }
    }
    let ribbons = panels.iter().any(|panel| !panel.ribbons.is_empty());
    let remarks = [
        caption::spread(outcome, ribbons),
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
    let label = "utilisation, share of consumers that are busy";
    Axis::linear(label, Unit::Share).over(0.0, 1.02)
}

fn count_axis() -> Axis {
    Axis::linear("consumers up", Unit::Number)
}

fn pools_in_colours(run: &Run, pools: &[&str]) -> Vec<Panel> {
    let curves: Vec<Curve<'_>> = pools
        .iter()
        .map(|pool| Curve {
            run,
            pool,
            label: label(run, pool, pool),
        })
        .collect();
    let heading = if pools.len() == 1 { pools[0] } else { "" };
    with_consumers(heading, &curves)
}

/// With the panel's heading, which says how many consumers there are: only variants that have others repeat it.
fn variants_in_colours<'r>(runs: &'r [Run], pool: &'r str) -> (String, Vec<Curve<'r>>) {
    let base = &runs[0];
    let curve = |run: &'r Run| Curve {
        run,
        pool,
        label: if consumers(run, pool) == consumers(base, pool) {
            run.variant.clone()
        } else {
            label(run, pool, &run.variant)
        },
    };
    let curves = runs.iter().map(curve).collect();
    (label(base, pool, pool), curves)
}

/// The consumers have a panel of their own where they come and go.
fn with_consumers(heading: &str, curves: &[Curve<'_>]) -> Vec<Panel> {
    let mut panels = vec![busy(heading, curves)];
    let mut up = curves
        .iter()
        .filter_map(|curve| lanes::find(curve.run, curve.pool, LaneKind::Consumers));
    if up.any(changes) {
        panels.push(Panel {
            weight: 0.6,
            ..over_time("", count_axis(), LaneKind::Consumers, curves)
        });
    }
    panels
}

fn busy(heading: &str, curves: &[Curve<'_>]) -> Panel {
    over_time(heading, share_axis(), LaneKind::Utilisation, curves)
}

fn over_time(heading: &str, axis: Axis, what: LaneKind, curves: &[Curve<'_>]) -> Panel {
    let mut panel = Panel::new(heading, axis);
    for (index, curve) in curves.iter().enumerate() {
        let Some(lane) = lanes::find(curve.run, curve.pool, what) else {
            continue;
        };
        if curves.len() <= MOST_RIBBONS {
            panel
                .ribbons
                .extend(lanes::ribbon(lane, curve.run, colour(index)));
        }
        let points = lanes::typical(lane, curve.run);
        panel
            .lines
            .push(Line::solid(&curve.label, colour(index), points));
    }
    panel
}

/// The variant's or the pool's name, and its consumers if they are always as many.
fn label(run: &Run, pool: &str, name: &str) -> String {
    match consumers(run, pool) {
        Some(consumers) => format!("{name}: {consumers}"),
        None => name.to_owned(),
    }
}

/// `8 consumers`; `None` where they come and go.
fn consumers(run: &Run, pool: &str) -> Option<String> {
    let lane = lanes::find(run, pool, LaneKind::Consumers).filter(|lane| !changes(lane))?;
    let up = *lane.mean.first()?;
    Some(if (up - 1.0).abs() < 1e-9 {
        "1 consumer".to_owned()
    } else {
        format!("{} consumers", number_label(up))
    })
}

/// Whether consumers come and go.
fn changes(lane: &Lane) -> bool {
    let lowest = lane.min.iter().copied().fold(f64::INFINITY, f64::min);
    lane.max.iter().copied().fold(0.0, f64::max) > lowest + 1e-9
}
