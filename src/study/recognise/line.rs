//! The model that answers for a queue, and what it says in the words of the metric grammar.

use super::answered;
use super::assumptions::Part;
use crate::model::{self, Answer, Basis, Line, Servers, Solution};
use crate::queue::Overflow;
use crate::scenario::{Batching, Figure, Metric, OnFailure, Pool, Producer, Scenario, Statistic};
use crate::theory::{BulkMm1, Mmc, Preemption, RetryMmc};
use crate::workload::{Arrivals, Distribution};
use std::collections::BTreeMap;

/// What a model says of a queue.
pub(super) struct Known {
    /// In Kendall's notation, as far as that goes.
    pub(super) name: String,
    pub(super) basis: Basis,
    pub(super) metrics: Vec<(Metric, f64)>,
    /// (t in seconds, P(wait > t)), t increasing; empty where the model has no law of the wait.
    pub(super) wait_curve: Vec<(f64, f64)>,
}

/// A queue, with what every model of it needs.
struct Subject<'a> {
    scenario: &'a Scenario,
    queue: usize,
    pool: &'a Pool,
    servers: u64,
}

/// The model that has all these `parts`, in order and each once; `None` where there is none, or no long run.
pub(super) fn model(scenario: &Scenario, queue: usize, parts: &[Part]) -> Option<Known> {
    let subject = Subject {
        scenario,
        queue,
        pool: scenario.pools_of(queue).next()?,
        servers: scenario.servers(queue) as u64,
    };
    match parts {
        [Part::Priorities] | [Part::Service, Part::Priorities] => subject.priorities(),
        [Part::Failure] => subject.retries(),
        [Part::Crashes] => subject.breakdowns(),
        [Part::Service, Part::Bulk] => subject.bulk(),
        [..] if parts.iter().all(|part| *part <= Part::Patience) => subject.line(parts),
        [..] => None,
    }
}

/// M/M/c at the mean rate, whatever the queue is.
pub(super) fn reference(scenario: &Scenario, queue: usize) -> Option<Known> {
    let rate = scenario.offered_rate(queue)?;
    let pool = scenario.pools_of(queue).next()?;
    let servers = scenario.servers(queue) as u64;
    let model = Mmc::new(rate, pool.service.mean().recip(), servers).ok()?;
    let name = format!("M/M/{servers}");
    Some(known(scenario, queue, name, Basis::Exact, &model))
}

/// The same where it has no long run, or the file does not say the rate: a name, so that the reason why it does not
/// apply has a place.
pub(super) fn reference_without_an_answer(scenario: &Scenario, queue: usize) -> Option<Known> {
    scenario.pools_of(queue).next()?;
    Some(Known {
        name: format!("M/M/{}", scenario.servers(queue)),
        basis: Basis::Exact,
        metrics: Vec::new(),
        wait_curve: Vec::new(),
    })
}

impl Subject<'_> {
    /// One line, first come first served.
    fn line(&self, parts: &[Part]) -> Option<Known> {
        let settings = &self.scenario.queues[self.queue].settings;
        let producer = self.scenario.producers_of(self.queue).next();
        let of_one = |part: &Part| matches!(part, Part::Gaps | Part::Batches | Part::Clients);
        // What is of one producer alone is as that one says; else what comes is Poisson, from wherever it comes.
        let arrivals = if parts.iter().any(of_one) {
            producer?.arrivals.clone()
        } else {
            Arrivals::poisson(self.scenario.offered_rate(self.queue)?).ok()?
        };
        let mut line = Line::new(
            arrivals,
            self.pool.service.clone(),
            Servers::Count(self.servers),
        );
        if parts.contains(&Part::Batches) {
            line.batch = producer?.batch.clone();
        }
        if parts.contains(&Part::Room) {
            line.places = Some(self.servers.checked_add(settings.max_length?)?);
        }
        if parts.contains(&Part::Patience) {
            let patience = answered::patience(self.scenario, self.queue)?;
            line.patience = Some(patience.mean());
        }
        let solution = line.solve().ok()?;
        let (loss, throughput) = (solution.answer.loss(), solution.answer.throughput());
        let mut known = self.known_by(solution);
        let lost = if parts.contains(&Part::Patience) {
            Figure::Expired
        } else if settings.overflow == Overflow::DropHead {
            Figure::Dropped
        } else {
            Figure::Refused
        };
        let acked = throughput.filter(|_| self.is_all_acked());
        known.metrics.extend(finite([
            (self.metric(lost, Statistic::Share), loss),
            (self.metric(Figure::Acked, Statistic::Rate), acked),
        ]));
        Some(known)
    }

    /// Work that fails is back at once. At the head of a classic queue, its old place, it goes on as if its service
    /// were longer: a sum of so many exponential draws as it takes is one exponential. At the tail it is a message of
    /// its own, and sees the line as M/M/c's does (Jackson 1957).
    fn retries(&self) -> Option<Known> {
        let failure = self.pool.failure.as_ref()?;
        let (p_fail, rate) = (failure.probability, self.published_rate()?);
        let service_rate = self.pool.service.mean().recip();
        let most = match &failure.then {
            OnFailure::Retry(retry) => retry.limit.map(|limit| u64::from(limit) + 1),
            OnFailure::Requeue(_) | OnFailure::Reject => None,
        };
        let model = RetryMmc::new(rate, service_rate, self.servers, p_fail, most, 0.0).ok()?;
        let goes_on = Mmc::new(rate, service_rate * (1.0 - p_fail), self.servers);
        let line = match &failure.then {
            OnFailure::Retry(_) => model.line(),
            OnFailure::Requeue(_) | OnFailure::Reject => &goes_on.ok()?,
        };
        let name = format!("M/M/{} with retries", self.servers);
        let mut known = self.known(name, Basis::Exact, line);
        let attempts = Metric::new(&self.pool.name, Figure::Attempts, Statistic::Mean);
        known.metrics.push((attempts, model.attempts_mean()));
        Some(known)
    }

    /// Consumers that crash, each on its own.
    fn breakdowns(&self) -> Option<Known> {
        let crashes = self.pool.crashes.as_ref()?;
        let pool = model::Pool {
            arrival_rate: self.scenario.offered_rate(self.queue)?,
            service: &self.pool.service,
            servers: self.servers,
        };
        let solution = model::breakdowns(&pool, crashes.up.mean(), crashes.down.mean());
        Some(self.known_by(solution.ok()?))
    }

    /// A consumer that takes all that waits, and has what comes meanwhile in its buffer: so nothing is said of `ready`.
    fn bulk(&self) -> Option<Known> {
        let Batching { size, setup, .. } = self.pool.batch.as_ref()?;
        let rate = self.scenario.offered_rate(self.queue)?;
        let model = BulkMm1::new(rate, setup.mean().recip(), 1, u64::from(*size)).ok()?;
        Some(Known {
            name: format!("M/M^(1,{size})/1"),
            basis: Basis::Exact,
            metrics: vec![
                (self.mean(Figure::Wait), model.wait_mean()),
                (self.mean(Figure::Sojourn), model.sojourn_mean()),
                (self.mean(Figure::Total), model.total_mean()),
                (self.utilisation(), model.utilisation()),
            ],
            wait_curve: Vec::new(),
        })
    }

    /// Classes of messages, by producers: Cobham's mean waits.
    fn priorities(&self) -> Option<Known> {
        let classes = self.classes()?;
        let rates: Vec<f64> = classes.iter().map(|(rate, _)| *rate).collect();
        let service = &self.pool.service;
        let solution = model::priorities(&rates, service, self.servers, Preemption::None).ok()?;
        let of_class = |((_, producers), wait): (&(f64, Vec<&Producer>), Option<f64>)| {
            let of_producer = move |producer: &&Producer| {
                let metric = Metric::new(&producer.name, Figure::Wait, Statistic::Mean);
                (metric, wait)
            };
            producers.iter().map(of_producer).collect::<Vec<_>>()
        };
        let waits = solution.classes.iter().map(|class| class.wait_mean());
        let waits = classes.iter().zip(waits).flat_map(of_class);
        let waits: Vec<_> = finite(waits).collect();
        let mut known = self.known_by(solution);
        known.metrics.extend(waits);
        Some(known)
    }

    /// Producers by what their messages' priority comes to in this queue, the most urgent first, with the rate of all.
    fn classes(&self) -> Option<Vec<(f64, Vec<&Producer>)>> {
        let highest = f64::from(self.scenario.queues[self.queue].settings.max_priority);
        let mut classes: BTreeMap<u8, (f64, Vec<&Producer>)> = BTreeMap::new();
        for producer in self.scenario.producers_of(self.queue) {
            let priority = producer.priority.as_ref().map_or(0.0, Distribution::mean);
            let level = priority.round().min(highest) as u8;
            let (rate, producers) = classes.entry(level).or_default();
            *rate += producer.arrivals.mean_rate(self.scenario.horizon)?;
            producers.push(producer);
        }
        Some(classes.into_values().rev().collect())
    }

    /// What producers publish to the queue per second, without what is tried again.
    fn published_rate(&self) -> Option<f64> {
        let producers = self.scenario.producers_of(self.queue);
        let rates = producers.map(|producer| {
            let rate = producer.arrivals.mean_rate(self.scenario.horizon)?;
            Some(rate * self.scenario.copies(&producer.to, self.queue))
        });
        rates.sum()
    }

    /// Work never fails, so that every message that is served is acked.
    fn is_all_acked(&self) -> bool {
        let mut pools = self.scenario.pools_of(self.queue);
        pools.all(|pool| pool.failure.is_none())
    }

    fn known_by(&self, solution: Solution) -> Known {
        self.known(solution.name, solution.basis, &*solution.answer)
    }

    fn known(&self, name: String, basis: Basis, answer: &dyn Answer) -> Known {
        known(self.scenario, self.queue, name, basis, answer)
    }

    fn mean(&self, figure: Figure) -> Metric {
        self.metric(figure, Statistic::Mean)
    }

    fn metric(&self, figure: Figure, statistic: Statistic) -> Metric {
        Metric::new(&self.scenario.queues[self.queue].name, figure, statistic)
    }

    fn utilisation(&self) -> Metric {
        Metric::new(&self.pool.name, Figure::Utilisation, Statistic::Value)
    }
}

/// What an answer says in the words of the metric grammar.
fn known(
    scenario: &Scenario,
    queue: usize,
    name: String,
    basis: Basis,
    answer: &dyn Answer,
) -> Known {
    let pools: Vec<&Pool> = scenario.pools_of(queue).collect();
    Known {
        name,
        basis,
        metrics: figures(&scenario.queues[queue].name, &pools, answer),
        wait_curve: curve(answer),
    }
}

fn figures(queue: &str, pools: &[&Pool], answer: &dyn Answer) -> Vec<(Metric, f64)> {
    let of = |figure, statistic, value| (Metric::new(queue, figure, statistic), value);
    let mut figures = vec![
        of(Figure::PWait, Statistic::Value, answer.p_wait()),
        of(Figure::Wait, Statistic::Mean, answer.wait_mean()),
        of(Figure::Sojourn, Statistic::Mean, answer.sojourn_mean()),
        of(Figure::Total, Statistic::Mean, answer.total_mean()),
    ];
    // A prefetch below the concurrency leaves slots idle for ever, which the formula's servers are not.
    for pool in pools {
        if pool.prefetch == 0 || pool.prefetch >= pool.concurrency {
            let utilisation = Metric::new(&pool.name, Figure::Utilisation, Statistic::Value);
            figures.push((utilisation, answer.utilisation()));
        }
    }
    // What a larger prefetch takes out of the line waits inside the consumer.
    if pools.iter().all(|pool| answered::holds_its_work(pool)) {
        figures.push(of(Figure::Ready, Statistic::Mean, answer.ready_mean()));
    }
    for tenths in [500, 900, 950, 990, 999] {
        let p = f64::from(tenths) / 1000.0;
        let quantile = Statistic::Quantile(tenths);
        figures.push(of(Figure::Wait, quantile, answer.wait_quantile(p)));
        figures.push(of(Figure::Sojourn, quantile, answer.sojourn_quantile(p)));
    }
    finite(figures).collect()
}

/// Those that the model has, and that have a value.
fn finite(
    figures: impl IntoIterator<Item = (Metric, Option<f64>)>,
) -> impl Iterator<Item = (Metric, f64)> {
    let with_value = |(metric, value): (Metric, Option<f64>)| Some((metric, value?));
    let all = figures.into_iter().filter_map(with_value);
    all.filter(|(_, value)| value.is_finite())
}

/// P(wait > t), from where everybody who waits still does to one in a million.
fn curve(answer: &dyn Answer) -> Vec<(f64, f64)> {
    let last = answer.wait_quantile(1.0 - 1e-6);
    let Some(last) = last.filter(|last| last.is_finite()) else {
        return Vec::new();
    };
    let last = last.max(1e-9);
    let points = (0..=200).map(|n| last * 10f64.powf(f64::from(n - 200) / 50.0));
    let curve: Option<Vec<_>> = points.map(|t| Some((t, answer.wait_exceeds(t)?))).collect();
    curve.unwrap_or_default()
}
