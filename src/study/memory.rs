//! How much memory a study takes, before it is begun: messages that pile up are kept one by one.

use super::plan::{Load, Plan, is_bounded};
use crate::scenario::Scenario;
use crate::time::Time;
use std::borrow::Cow;

/// Measured, of a message that waits, with all that is kept beside it: 115 of a classic queue in overload.
const BYTES_PER_MESSAGE: f64 = 120.0;

/// Bytes that messages take at the peak of a study on so many threads, as far as the file tells what piles up.
pub fn most_memory(scenario: &Scenario, threads: usize) -> f64 {
    let plan = Plan::new(Cow::Borrowed(scenario), 1);
    let backlog: f64 = (0..scenario.queues.len())
        .filter(|queue| !is_bounded(scenario, *queue))
        .map(|queue| peak(&plan.loads[queue], scenario.horizon))
        .sum();
    let at_once = threads.min(scenario.replications.most() as usize);
    backlog * BYTES_PER_MESSAGE * at_once as f64
}

/// Messages of one queue: by the fluid, or all that come where nobody takes them.
fn peak(load: &Load, end: Time) -> f64 {
    if let Some(curve) = load.fluid(end) {
        return curve.peak().1;
    }
    let all = load.offered.iter().flatten().map(|piece| {
        let seconds = piece.end.min(end).since(piece.start.min(end)).as_secs_f64();
        f64::midpoint(piece.rate_start, piece.rate_end) * seconds
    });
    if load.capacity.is_empty() {
        all.sum()
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::explain::tests::scenario;

    #[test]
    fn what_piles_up_is_counted_for_each_thread_and_what_is_limited_is_not() {
        let of = |queue: &str, threads| {
            let text = format!(
                r#"
title = "Memory"
horizon = "10s"
replications = 3
producer.source = {{ to = "line", arrivals = "poisson(1000/s)" }}
queue.line = {{ {queue} }}
pool.crew = {{ from = "line", consumers = 2, service = "exponential(100ms)" }}"#
            );
            most_memory(&scenario(&text).base, threads)
        };
        // 1,000 come and 20 leave each second, for ten.
        let one = of("", 1);
        assert!((one / BYTES_PER_MESSAGE - 9800.0).abs() < 30.0, "{one}");
        assert!((of("", 2) / one - 2.0).abs() < 1e-9);
        assert!((of("", 64) / one - 3.0).abs() < 1e-9);
        assert!(of("max_length = 100", 1) <= 0.0);
    }
}
