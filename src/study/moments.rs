//! Means that do not exist: where work has a heavy tail, waits may have none in the long run, whatever a finite run
//! says.

use super::plan::is_bounded;
use crate::scenario::{AckMode, Figure, Kind, Medium, Metric, Pool, Scenario, Statistic};
use crate::theory::{wait_mean_is_finite, wait_moment_is_finite};
use crate::units;
use crate::workload::Distribution;

/// Lines of one queue, each served by its own servers, and the tail of the work.
#[derive(Clone, Copy, Debug)]
struct HeavyTail {
    /// P(work > x) falls as x^−shape.
    shape: f64,
    /// Servers of one line.
    servers: u64,
    /// What is offered to it, in Erlang.
    offered_load: f64,
    /// Consumers take all that comes: each is such a line, and nothing is ever ready.
    takes_all: bool,
}

/// Why the long-run mean of a figure is infinite; `None` where it is not, or not known to be.
pub(super) fn infinite_mean(scenario: &Scenario, metric: &Metric) -> Option<String> {
    if scenario.kind == Kind::Terminating || metric.statistic != Statistic::Mean {
        return None;
    }
    if let Some(queue) = scenario.queue_index(&metric.component) {
        return of_queue(scenario, queue, metric);
    }
    if !matches!(metric.figure, Figure::Latency | Figure::Wait) {
        return None;
    }
    let (queue, tail) = of_messages(scenario, metric)?;
    let place = format!(" in {}", scenario.queues[queue].name);
    Some(tail.sentence(metric, &place))
}

/// Whether a queue has a law of which the mean wait is infinite.
pub(super) fn waits_have_no_mean(scenario: &Scenario, queue: usize) -> bool {
    HeavyTail::of(scenario, queue).is_some_and(|tail| !tail.mean_is_finite())
}

/// What a reader must know of means, where the mean wait or its variance is infinite; each a sentence.
pub(super) fn notes(scenario: &Scenario) -> Vec<String> {
    let queues = (0..scenario.queues.len()).filter(|_| scenario.kind == Kind::Steady);
    let notes = queues.filter_map(|queue| {
        let tail = HeavyTail::of(scenario, queue)?;
        let (name, shape) = (&scenario.queues[queue].name, tail.shape);
        if !tail.mean_is_finite() {
            let wait = Metric::new(name, Figure::Wait, Statistic::Mean);
            return Some(format!("{wait}: {}", tail.sentence(&wait, "")));
        }
        (!tail.variance_is_finite()).then(|| {
            format!(
                "{name}: service is Pareto of shape {shape}, so that the mean wait is finite but its variance is not: the \
                 interval of a mean narrows slowly and covers less than it claims; quantiles do not suffer from it"
            )
        })
    });
    notes.collect()
}

fn of_queue(scenario: &Scenario, queue: usize, metric: &Metric) -> Option<String> {
    if metric.figure == Figure::OldestAge {
        return oldest_age(scenario, queue, metric);
    }
    let tail = HeavyTail::of(scenario, queue)?;
    let waits = [Figure::Wait, Figure::Sojourn, Figure::Total];
    let line = [Figure::Ready, Figure::DeliveryWait];
    // Who takes all that comes has it wait unacked.
    let concerned = waits.contains(&metric.figure)
        || line.contains(&metric.figure) && !tail.takes_all
        || metric.figure == Figure::Unacked && tail.takes_all;
    (concerned && !tail.mean_is_finite()).then(|| tail.sentence(metric, ""))
}

/// The age of the oldest message is at least that of one that is worked on, of which the mean over time is
/// E\[S²\] / (2 E\[S\]) in the stretches of work: infinite up to shape 2, however many consumers there are, and also
/// where the line is bounded.
fn oldest_age(scenario: &Scenario, queue: usize, metric: &Metric) -> Option<String> {
    let shape = shape_of(scenario, queue)?;
    let kept = scenario.pools_of(queue).all(is_manual);
    (kept && shape <= 2.0).then(|| {
        let quantile = quantile_of(metric);
        format!(
            "the mean is infinite: service is Pareto of shape {shape}, and the age of what is worked on has a mean over time \
             for a shape above 2; quantiles exist: ask for {quantile}, or bound the work by bounded_pareto"
        )
    })
}

/// The first queue on the way of these messages that delays them without a mean.
fn of_messages(scenario: &Scenario, metric: &Metric) -> Option<(usize, HeavyTail)> {
    let producers = match scenario.producer_index(&metric.component) {
        Some(one) => one..one + 1,
        None => 0..scenario.producers.len(),
    };
    // A wait ends in the first queue, a latency in the last.
    let comes_to = |producer: usize, queue: usize| {
        if metric.figure == Figure::Wait {
            scenario.reaches(&scenario.producers[producer].to, queue)
        } else {
            scenario.downstream(producer)[queue]
        }
    };
    let mut queues = 0..scenario.queues.len();
    queues.find_map(|queue| {
        let tail = HeavyTail::of(scenario, queue).filter(|tail| !tail.mean_is_finite())?;
        let mut producers = producers.clone();
        producers
            .any(|producer| comes_to(producer, queue))
            .then_some((queue, tail))
    })
}

impl HeavyTail {
    /// `None` where all work has all moments, and where what waits is bounded or leaves: then so is the mean number
    /// that waits, and by Little the mean wait.
    fn of(scenario: &Scenario, queue: usize) -> Option<Self> {
        let shape = shape_of(scenario, queue)?;
        let takes_all = scenario.pools_of(queue).any(Pool::takes_all);
        if is_bounded(scenario, queue) || (scenario.can_expire(queue) && !takes_all) {
            return None;
        }
        let all = scenario.servers(queue);
        let lines = if takes_all {
            scenario
                .served_by(queue)
                .map(|(_, consumers)| f64::from(consumers))
                .sum()
        } else {
            1.0
        };
        // By the capacity, since work that is tried again, and batches, are in it.
        let busy = scenario.offered_rate(queue)? / scenario.capacity(queue) * all;
        (busy < all).then_some(Self {
            shape,
            servers: (all / lines) as u64,
            offered_load: busy / lines,
            takes_all,
        })
    }

    fn mean_is_finite(self) -> bool {
        wait_mean_is_finite(self.shape, self.servers, self.offered_load)
    }

    fn variance_is_finite(self) -> bool {
        wait_moment_is_finite(2, self.shape, self.servers, self.offered_load)
    }

    /// `place`: where it is so, if the metric does not say.
    fn sentence(self, metric: &Metric, place: &str) -> String {
        let spare = self
            .servers
            .saturating_sub(self.offered_load.floor() as u64)
            .max(1);
        let least = units::show_count(1.0 + 1.0 / spare as f64);
        let (shape, quantile) = (self.shape, quantile_of(metric));
        let consumers = match (self.takes_all, spare) {
            (true, _) => "where each consumer is a line of its own".to_owned(),
            (false, 1) => "with 1 consumer to spare".to_owned(),
            (false, spare) => format!("with {spare} consumers to spare"),
        };
        format!(
            "the mean is infinite: service{place} is Pareto of shape {shape}, and a mean wait exists for a shape above {least} \
             {consumers} (Scheller-Wolf 2003); quantiles exist: ask for {quantile}, or bound the work by bounded_pareto"
        )
    }
}

fn quantile_of(metric: &Metric) -> Metric {
    Metric::new(&metric.component, metric.figure, Statistic::Quantile(990))
}

fn is_manual(pool: &Pool) -> bool {
    pool.ack == AckMode::Manual
}

/// The heaviest tail of the work on a queue of a broker that pushes.
fn shape_of(scenario: &Scenario, queue: usize) -> Option<f64> {
    let named = &scenario.queues[queue];
    if named.medium != Medium::Queue || named.settings.is_sqs() {
        return None;
    }
    let own = scenario.pools_of(queue).map(|pool| &pool.service);
    let by_producer = scenario.pools_of(queue).flat_map(|pool| &pool.service_of);
    let laws = own.chain(by_producer.map(|of| &of.service));
    laws.filter_map(Distribution::tail_index).reduce(f64::min)
}
