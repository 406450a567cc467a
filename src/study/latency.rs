//! Curves of latency: the share of messages slower than t.

use super::outcome::LatencyCurves;
use super::unit::Unit;
use crate::measure::{Histogram, PackedLatency, QueueFigures};
use crate::scenario::END_TO_END;

/// Points of a curve are apart by at least this factor, in time or in share.
const STEP: f64 = 1.01;

/// One queue's curves over all units.
pub(super) fn curves(name: &str, queue: usize, units: &[Unit<'_>]) -> LatencyCurves {
    let merged = |pick: fn(&QueueFigures) -> &PackedLatency| {
        let mut histogram = Histogram::default();
        let segments = units.iter().flat_map(|unit| unit.queue(queue));
        segments.for_each(|segment| histogram.merge(&pick(segment).histogram));
        histogram
    };
    let wait = merged(|segment| &segment.wait);
    LatencyCurves {
        queue: name.to_owned(),
        messages: wait.total(),
        wait: curve(&wait),
        delivery_wait: curve(&merged(|segment| &segment.delivery_wait)),
        sojourn: curve(&merged(|segment| &segment.sojourn)),
    }
}

/// The curve of what comes of a message, from its first publish to the last ack.
pub(super) fn end_to_end(units: &[Unit<'_>]) -> LatencyCurves {
    let mut histogram = Histogram::default();
    let segments = units
        .iter()
        .flat_map(|unit| unit.producers(0..unit.record.producers.len()));
    segments.for_each(|segment| histogram.merge(&segment.latency.histogram));
    LatencyCurves {
        queue: END_TO_END.to_owned(),
        messages: histogram.total(),
        sojourn: curve(&histogram),
        ..LatencyCurves::default()
    }
}

/// (t in seconds, share of messages slower than t), thinned to what a figure can show.
fn curve(histogram: &Histogram) -> Vec<(f64, f64)> {
    let total = histogram.total() as f64;
    let mut points: Vec<(f64, f64)> = Vec::new();
    let mut slower = histogram.total();
    for (lowest, width, weight) in histogram.bins() {
        slower -= weight;
        // All of a bin are at most its largest value, which of the last bin is the largest of all.
        let point = ((lowest + (width - 1)) as f64 * 1e-9, slower as f64 / total);
        // All are slower than less than the fastest: else one value alone would make no line.
        if points.is_empty() && lowest > 0 {
            points.push((lowest as f64 * 1e-9, 1.0));
        }
        let far = points
            .last()
            .is_none_or(|last| point.0 > last.0 * STEP || point.1 * STEP < last.1);
        if far || slower == 0 {
            points.push(point);
        }
    }
    points
}
