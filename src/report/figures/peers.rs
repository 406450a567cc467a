//! Where the messages of ZeroMQ's sockets wait: with those who push, or beyond, where they die with those who pull.

use super::{MOST_PANELS, caption, lanes, one_each};
use crate::report::chart::{Axis, Chart, Line, Panel, Unit, colour};
use crate::study::{LaneKind, Outcome, Run};

/// A picture for each queue that is a set of sockets in any run; none where there is none.
pub(super) fn charts(outcome: &Outcome) -> Vec<(String, Chart)> {
    let kinds = outcome.runs.iter().flat_map(|run| &run.kinds);
    let pipes = kinds.filter(|(_, kind)| *kind == "zeromq");
    let names = pipes.map(|(name, _)| name.as_str());
    one_each("peers", names, |name| chart(outcome, name))
}

fn chart(outcome: &Outcome, queue: &str) -> Chart {
    let is_pipe = |run: &&Run| {
        let mut kinds = run.kinds.iter();
        kinds.any(|(name, kind)| name == queue && *kind == "zeromq")
    };
    let all: Vec<&Run> = outcome.runs.iter().filter(is_pipe).collect();
    let shown = &all[..all.len().min(MOST_PANELS)];
    let panels: Vec<Panel> = shown
        .iter()
        .map(|run| {
            let alone = outcome.runs.len() == 1;
            panel(run, queue, if alone { queue } else { &run.variant })
        })
        .collect();
    let ribbons = panels.iter().any(|panel| !panel.ribbons.is_empty());
    let remarks = [
        caption::spread(outcome, ribbons),
        caption::left_out(all.len() - shown.len(), "more variant"),
    ];
    Chart {
        title: outcome.title.clone(),
        subtitle: caption::subtitle_of(
            shown.first().copied(),
            outcome,
            remarks.into_iter().flatten(),
        ),
        x: lanes::time_axis(shown.iter().copied()),
        panels,
    }
}

fn panel(run: &Run, queue: &str, heading: &str) -> Panel {
    let mut panel = Panel::new(heading, Axis::linear("messages", Unit::Number));
    let places = [
        (LaneKind::Unacked, "in kernels and at receivers"),
        (LaneKind::Ready, "at senders"),
    ];
    for (index, (what, label)) in places.into_iter().enumerate() {
        let Some(lane) = lanes::find(run, queue, what) else {
            continue;
        };
        panel
            .ribbons
            .extend(lanes::ribbon(lane, run, colour(index)));
        let points = lanes::typical(lane, run);
        panel.lines.push(Line::solid(label, colour(index), points));
    }
    panel.bands.extend(lanes::warmup(run));
    panel.references.extend(lanes::horizon(run));
    panel
}
