//! Whether a high quantile rests on one burst: where in a trace the slowest messages were published.

use super::plan::Plan;
use crate::engine;
use crate::measure::Probe;
use crate::queue::{Delivery, Effect, Levels, QueueId, Sink};
use crate::time::{Span, Time};
use crate::workload::Job;

/// Slowest messages that come from so small a part of the run, or less, come from one burst.
const ONE_BURST: f64 = 1.0 / 20.0;

/// The sentence that a queue's p99 wait of `p99` rests on one burst of its listed arrivals; `None` if it does not.
///
/// Replication 0 is run once more, and this time only the messages slower than that are looked at.
pub(super) fn warning(plan: &Plan<'_>, queue: usize, p99: Span) -> Option<String> {
    let scenario = &plan.scenario;
    if p99 == Span::ZERO || !scenario.is_listed(queue) {
        return None;
    }
    let mut slow = Slow {
        queue,
        longer_than: p99,
        first: Time::NEVER,
        last: Time::ZERO,
        count: 0,
    };
    engine::simulate(scenario, scenario.seed, 0, &mut slow).ok()?;
    let spread = slow.last.since(slow.first);
    let whole = scenario.horizon - Time::ZERO;
    (slow.count > 1 && spread.as_secs_f64() <= ONE_BURST * whole.as_secs_f64()).then(|| {
        format!(
            "the p99 wait of {} rests on one burst: the slowest 1 % ({} messages of replication 0) were all published \
             within {spread}, from {} on; the interval covers draws of the service times, not other bursts than this one",
            scenario.queues[queue].name, slow.count, slow.first
        )
    })
}

/// Looks only at messages that waited long.
struct Slow {
    queue: usize,
    longer_than: Span,
    first: Time,
    last: Time,
    count: u64,
}

impl Sink<Job> for Slow {
    fn effect(&mut self, _: Time, _: QueueId, _: &Effect<'_, Job>, _: Levels) {}
}

impl Probe for Slow {
    fn started(&mut self, now: Time, _: usize, delivery: &Delivery<Job>, begun_before: bool) {
        let waited = now - delivery.enqueued;
        if delivery.queue.index() == self.queue && !begun_before && waited > self.longer_than {
            self.first = self.first.min(delivery.enqueued);
            self.last = self.last.max(delivery.enqueued);
            self.count += 1;
        }
    }

    fn ended(&mut self, _: Time, _: &Job, _: bool) {}

    fn occupied(&mut self, _: Time, _: usize, _: u64, _: u64) {}
}
