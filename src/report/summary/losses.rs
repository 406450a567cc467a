//! Loss flatters the latency of those who were served, so it stands in the same line.

use crate::scenario::{Figure, Metric, Statistic};
use crate::study::{Estimate, Run};
use crate::units;

/// What a queue's messages suffer besides being served.
const LEAVING: [Figure; 5] = [
    Figure::Expired,
    Figure::Dropped,
    Figure::ConsumerRejected,
    Figure::DeliveryLimited,
    Figure::PeerLost,
];

/// Beside a latency, the share of messages that are not in it; empty where there is none, and beside other figures.
pub(super) fn survivors(metric: &Metric, run: &Run) -> String {
    let share = |figure| share(&metric.component, figure, run);
    let latencies = [
        Figure::Wait,
        Figure::DeliveryWait,
        Figure::Sojourn,
        Figure::Latency,
    ];
    if !latencies.contains(&metric.figure) {
        return String::new();
    }
    // Of producers and of the whole.
    if let Some(lost) = share(Figure::Lost) {
        return said("completed", lost, "were lost");
    }
    let gone = LEAVING.into_iter().filter_map(share).sum::<f64>();
    let returns = run.refusals_return.contains(&metric.component);
    let refused = share(Figure::Refused).filter(|_| !returns).unwrap_or(0.0);
    let elsewhere = share(Figure::DeadLettered).is_some_and(|share| share > 0.0);
    let fate = match (elsewhere || run.publishes_again, refused > 0.0) {
        (false, _) => "were lost",
        (true, false) => "left without an ack",
        (true, true) => "were refused or left without an ack",
    };
    said("served", gone + refused, fate)
}

fn said(who: &str, share: f64, fate: &str) -> String {
    if share > 0.0 {
        format!("of messages {who}; {} {fate}", units::show_share(share))
    } else {
        String::new()
    }
}

/// `None` where the component has no such figure.
fn share(component: &str, figure: Figure, run: &Run) -> Option<f64> {
    match run
        .metrics
        .get(&Metric::new(component, figure, Statistic::Share))?
    {
        Estimate::Known { value, .. } => Some(*value),
        Estimate::Refused { .. } => Some(0.0),
    }
}
