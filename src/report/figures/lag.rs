//! How far the group of a topic is behind, partition by partition: whether one of them is hot, and what a rebalance
//! stops.

use super::{MOST_PANELS, caption, lanes, one_each};
use crate::report::chart::{Axis, Chart, GREY, Line, Panel, Ribbon, Unit, colour};
use crate::study::{Lane, LaneKind, Outcome, Run};

/// A picture for each topic; none where there is none.
pub(super) fn charts(outcome: &Outcome) -> Vec<(String, Chart)> {
    let lanes = outcome.runs.iter().flat_map(|run| &run.overview.lanes);
    let of_topics = lanes.filter(|lane| matches!(lane.what, LaneKind::Lag(_)));
    let topics = of_topics.map(|lane| lane.component.as_str());
    one_each("lag", topics, |topic| chart(outcome, topic))
}

/// Runs side by side, as partitions need the colours.
fn chart(outcome: &Outcome, topic: &str) -> Chart {
    let with_lags: Vec<&Run> = outcome
        .runs
        .iter()
        .filter(|run| !of(run, topic).is_empty())
        .collect();
    let shown = &with_lags[..with_lags.len().min(MOST_PANELS)];
    let panels = shown.iter().map(|run| {
        let heading = if outcome.runs.len() == 1 {
            topic
        } else {
            &run.variant
        };
        panel(run, topic, heading)
    });
    let several = shown.first().is_some_and(|run| run.replications > 1);
    let remarks = [
        several.then(|| "lines: means over replications".to_owned()),
        caption::left_out(with_lags.len() - shown.len(), "more variant"),
    ];
    Chart {
        title: outcome.title.clone(),
        subtitle: caption::subtitle_of(
            shown.first().copied(),
            outcome,
            remarks.into_iter().flatten(),
        ),
        x: lanes::time_axis(shown.iter().copied()),
        panels: panels.collect(),
    }
}

fn panel(run: &Run, topic: &str, heading: &str) -> Panel {
    let axis = Axis::linear("lag of each partition, records", Unit::Number);
    let mut lags = of(run, topic);
    let mean = |lane: &Lane| lane.mean.iter().sum::<f64>();
    lags.sort_by(|(_, a), (_, b)| mean(a).total_cmp(&mean(b)));
    let worst = lags.last().map_or(0, |(partition, _)| *partition);
    let heading = match lags.len() {
        0 | 1 => heading.to_owned(),
        _ => format!("{heading}: partition {worst} lags most"),
    };
    let mut panel = Panel::new(&heading, axis);
    let (worst, others): (Vec<_>, Vec<_>) = lags
        .into_iter()
        .partition(|(partition, _)| *partition == worst);
    panel.ribbons.extend(range(&others, run));
    if !others.is_empty() {
        let label = "the others, from lowest to highest";
        let key = Line::solid(label, GREY, Vec::new());
        panel.lines.push(lanes::key(key));
    }
    for (_, lane) in worst {
        let points = lanes::points(&lane.mean, run.overview.bucket_s);
        let label = "the partition that lags most";
        panel.lines.push(Line::solid(label, colour(0), points));
    }
    panel.bands.extend(lanes::warmup(run));
    panel.references.extend(lanes::horizon(run));
    panel
}

/// Between which lags these partitions are.
fn range(lags: &[(u32, &Lane)], run: &Run) -> Option<Ribbon> {
    let (_, first) = lags.first()?;
    let bucket_s = run.overview.bucket_s;
    let at = |bucket: usize| {
        let means = lags.iter().map(|(_, lane)| lane.mean[bucket]);
        let (low, high) = means.fold((f64::INFINITY, 0.0), |(low, high), mean| {
            (f64::min(low, mean), f64::max(high, mean))
        });
        ((bucket as f64 + 0.5) * bucket_s, low, high)
    };
    Some(Ribbon {
        colour: GREY,
        points: (0..first.mean.len()).map(at).collect(),
    })
}

fn of<'r>(run: &'r Run, topic: &str) -> Vec<(u32, &'r Lane)> {
    let lanes = run.overview.lanes.iter();
    let lags = lanes.filter(|lane| lane.component == topic);
    lags.filter_map(|lane| match lane.what {
        LaneKind::Lag(partition) => Some((partition, lane)),
        LaneKind::Ready
        | LaneKind::Unacked
        | LaneKind::Total
        | LaneKind::Fluid
        | LaneKind::Offered
        | LaneKind::Accepted
        | LaneKind::Acked
        | LaneKind::Lost
        | LaneKind::Capacity
        | LaneKind::Utilisation
        | LaneKind::Consumers => None,
    })
    .collect()
}
