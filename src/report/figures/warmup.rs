//! Welch's picture: how the runs settle, and where the warm-up was cut.
//!
//! The mean over the replications of what stands in a queue, bucket by bucket, with moving averages that take out the
//! noise (Welch 1983, in Lavenberg, The Computer Performance Modeling Handbook, §6.3.1). Where the wider average has
//! become level the warm-up is over: the eye checks what MSER-5 chose.

use super::{MOST_PANELS, caption, lanes};
use crate::report::chart::{Axis, Chart, GREY, INK, Line, Panel, Place, Reference, Unit, colour};
use crate::scenario::{Figure, Metric, Statistic};
use crate::study::{Estimate, Lane, LaneKind, Outcome, Run};

/// Half-widths of the moving averages, as shares of the run: one that follows, one that is smooth.
const WINDOWS: [(f64, &str); 2] = [
    (0.01, "over 2 % of the run"),
    (0.05, "over 10 % of the run"),
];

pub(super) fn chart(outcome: &Outcome, run: &Run) -> Chart {
    let runs = std::slice::from_ref(run);
    let (queues, left_out) = lanes::components(runs, LaneKind::Total, MOST_PANELS);
    let panels = queues.into_iter().map(|queue| panel(run, queue)).collect();
    let is_base = outcome
        .runs
        .first()
        .is_some_and(|base| base.variant == run.variant);
    let variant = if is_base {
        String::new()
    } else {
        format!(", variant {}", run.variant)
    };
    Chart {
        title: format!("{}{variant}: how the runs settle", outcome.title),
        subtitle: caption::subtitle_of(Some(run), outcome, caption::left_out(left_out, "queue")),
        x: lanes::time_axis(runs.iter()),
        panels,
    }
}

fn panel(run: &Run, queue: &str) -> Panel {
    let mut panel = Panel::new(
        queue,
        Axis::linear(
            "messages in the queue, mean of the replications",
            Unit::Number,
        ),
    );
    let lane = lanes::of(&run.series, queue, LaneKind::Total);
    panel
        .lines
        .extend(lane.into_iter().flat_map(|lane| averages(lane, run)));
    panel.bands.extend(lanes::warmup(run));
    panel.references.extend(long_run_mean(run, queue));
    panel
}

/// The mean itself in grey, and its moving averages.
fn averages(lane: &Lane, run: &Run) -> Vec<Line> {
    let bucket_s = run.series.bucket_s;
    let inside = (run.horizon.as_secs_f64() / bucket_s) as usize;
    let mean = &lane.mean[..inside.min(lane.mean.len())];
    let plain = Line::solid("each moment", GREY, lanes::points(mean, bucket_s));
    let smooth = WINDOWS.into_iter().zip(1..).map(|((share, label), hue)| {
        let half = ((mean.len() as f64 * share) as usize).max(1);
        let points = lanes::points(&moving_average(mean, half), bucket_s);
        Line::solid(label, colour(hue), points)
    });
    std::iter::once(plain).chain(smooth).collect()
}

/// Welch's: over 2w + 1 neighbours, and at the start over as many as there are on both sides. The last w have none.
fn moving_average(values: &[f64], half: usize) -> Vec<f64> {
    let centres = 0..values.len().saturating_sub(half);
    let around = |centre: usize| {
        let reach = half.min(centre);
        let window = &values[centre - reach..=centre + reach];
        window.iter().sum::<f64>() / window.len() as f64
    };
    centres.map(around).collect()
}

/// The mean of the measured stretch, if the queue has one.
fn long_run_mean(run: &Run, queue: &str) -> Option<Reference> {
    let metric = Metric::new(queue, Figure::Total, Statistic::Mean);
    let Estimate::Known { value, .. } = run.metrics.get(&metric)? else {
        return None;
    };
    Some(Reference {
        at: Place::Y(*value),
        label: format!("mean after the cut: {}", metric.show(*value)),
        colour: INK,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moving_average_is_over_as_many_neighbours_as_there_are_on_both_sides() {
        let values = [0.0, 3.0, 6.0, 3.0, 9.0];
        assert_eq!(moving_average(&values, 1), [0.0, 3.0, 4.0, 6.0]);
        assert_eq!(moving_average(&values, 2), [0.0, 3.0, 4.2]);
        assert!(moving_average(&values, 9).is_empty());
    }
}
