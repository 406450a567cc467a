//! Which exact model a queue of the scenario is; where none applies, Erlang C as a reference line and the reason why.

use super::outcome::{Estimate, Theory};
use super::plan::{Load, Plan, is_bounded};
use super::statistics;
use crate::scenario::{AckMode, Figure, Kind, Metric, Pool, Producer, Scenario, Statistic};
use crate::theory::Mmc;
use crate::units;
use crate::workload::{Arrivals, Distribution};
use std::collections::BTreeMap;

/// Theory for every queue that has consumers and a known rate.
pub(super) fn theories(
    plan: &Plan<'_>,
    metrics: &BTreeMap<Metric, Estimate>,
    replications: u32,
) -> Vec<Theory> {
    let loads = plan.loads.iter().enumerate();
    loads
        .filter_map(|(queue, load)| theory(plan.scenario, queue, load, metrics, replications))
        .collect()
}

fn theory(
    scenario: &Scenario,
    queue: usize,
    load: &Load,
    metrics: &BTreeMap<Metric, Estimate>,
    replications: u32,
) -> Option<Theory> {
    let rate = scenario.offered_rate(queue)?;
    let pools = scenario
        .pools
        .iter()
        .filter(|pool| pool.from == queue)
        .collect::<Vec<_>>();
    let servers = load.capacity?.servers as u64;
    let service = pools.first()?.service.mean();
    let served = scenario.served_by(queue).map(|(_, consumers)| consumers);
    let served = served.sum::<u32>();
    let model = Mmc::new(rate, 1.0 / service, servers).ok()?;
    let inapplicable = why_not(scenario, queue, &pools, served);
    let name = &scenario.queues[queue].name;
    let exact = inapplicable.is_none();
    let known = figures(&model, name, pools[0], served).into_iter();
    let known = known.map(|(metric, value)| {
        let apart = metrics.get(&metric).filter(|_| exact);
        let apart = apart
            .and_then(|estimate| standard_errors(estimate, value, scenario.level, replications));
        (metric, (value, apart))
    });
    Some(Theory {
        model: if servers == 1 {
            "M/M/1".to_owned()
        } else {
            format!("M/M/{servers}")
        },
        queue: name.clone(),
        metrics: known.collect(),
        wait_curve: curve(&model),
        inapplicable,
    })
}

/// What M/M/c says in the words of the metric grammar.
fn figures(model: &Mmc, queue: &str, pool: &Pool, served: u32) -> Vec<(Metric, f64)> {
    let of = |figure, statistic, value| (Metric::new(queue, figure, statistic), value);
    let mut figures = vec![
        of(Figure::PWait, Statistic::Value, model.p_wait()),
        of(Figure::Wait, Statistic::Mean, model.wait_mean()),
        of(Figure::Sojourn, Statistic::Mean, model.sojourn_mean()),
        of(Figure::Total, Statistic::Mean, model.total_mean()),
    ];
    // A prefetch below the concurrency leaves slots idle for ever, as a single active consumer does all others: the
    // formula's servers are not.
    let is_complete = pool.prefetch == 0 || pool.prefetch >= pool.concurrency;
    if is_complete && served == pool.consumers {
        let utilisation = Metric::new(&pool.name, Figure::Utilisation, Statistic::Value);
        figures.push((utilisation, model.utilisation()));
    }
    // What a larger prefetch takes out of the line waits inside the consumer.
    if pool.prefetch == pool.concurrency {
        figures.push(of(Figure::Ready, Statistic::Mean, model.ready_mean()));
    }
    for tenths in [500, 900, 950, 990, 999] {
        let p = f64::from(tenths) / 1000.0;
        figures.push(of(
            Figure::Wait,
            Statistic::Quantile(tenths),
            model.wait_quantile(p),
        ));
        figures.push(of(
            Figure::Sojourn,
            Statistic::Quantile(tenths),
            model.sojourn_quantile(p),
        ));
    }
    figures
}

/// How far the simulation is from the exact value, in its own standard errors.
fn standard_errors(estimate: &Estimate, exact: f64, level: f64, replications: u32) -> Option<f64> {
    let Estimate::Known {
        value,
        interval: Some((low, high)),
        ..
    } = estimate
    else {
        return None;
    };
    // The wider side: the other may have been cut where a figure cannot go.
    let half_width = (high - value).max(value - low);
    let standard_error =
        half_width / statistics::student_two_sided(level, replications.max(2) as usize - 1);
    (standard_error > 0.0).then(|| (value - exact) / standard_error)
}

/// P(wait > t), from where everybody who waits still does to one in a million.
fn curve(model: &Mmc) -> Vec<(f64, f64)> {
    let last = model.wait_quantile(1.0 - 1e-6).max(1e-9);
    let points = (0..=200).map(|n| last * 10f64.powf(f64::from(n - 200) / 50.0));
    points.map(|t| (t, model.wait_exceeds(t))).collect()
}

/// Why M/M/c is not this queue, as one sentence; `None` if it is.
fn why_not(scenario: &Scenario, queue: usize, pools: &[&Pool], served: u32) -> Option<String> {
    let producers = scenario.producers_of(queue);
    let terminating = scenario.kind == Kind::Terminating;
    let start = terminating
        .then(|| "it speaks of the long run, and this one starts empty and ends".to_owned());
    let reasons = start
        .into_iter()
        .chain(producers.filter_map(arrivals_differ));
    let reasons = reasons
        .chain(queue_differs(scenario, queue))
        .chain(pools_differ(pools, served));
    let reasons = reasons.collect::<Vec<_>>();
    (!reasons.is_empty()).then(|| format!("Erlang C does not apply here: {}", reasons.join("; ")))
}

fn arrivals_differ(producer: &Producer) -> Option<String> {
    let name = &producer.name;
    if producer.batch != (Distribution::Constant { value: 1.0 }) {
        return Some(format!("{name} publishes in batches"));
    }
    match &producer.arrivals {
        Arrivals::Poisson { .. } => None,
        Arrivals::Renewal {
            gaps: Distribution::Exponential { .. },
        } => None,
        Arrivals::Profile(_) => Some(format!("the rate of {name} changes over time")),
        Arrivals::Closed { .. } => Some(format!("the clients of {name} wait for their answers")),
        Arrivals::Renewal { .. } | Arrivals::Mmpp(_) | Arrivals::Listed { .. } => {
            let scv = producer.arrivals.interarrival_scv();
            Some(scv.map_or_else(
                || format!("arrivals of {name} are not Poisson"),
                |scv| {
                    let scv = units::show_count(scv);
                    format!(
                        "it assumes Poisson arrivals, but {name}'s interarrival cv² is {scv}, not 1"
                    )
                },
            ))
        }
    }
}

fn queue_differs(scenario: &Scenario, queue: usize) -> Vec<String> {
    let settings = &scenario.queues[queue].settings;
    let producers = scenario.producers_of(queue);
    let priorities = producers
        .map(|producer| &producer.priority)
        .collect::<Vec<_>>();
    let mixed = priorities
        .iter()
        .any(|priority| !priority.is_constant() || *priority != priorities[0]);
    [
        (
            settings.highest_priority(scenario.profile) > 0 && mixed,
            "messages have priorities",
        ),
        (
            is_bounded(scenario, queue) || scenario.can_expire(queue),
            "the queue is bounded, or messages expire",
        ),
        (
            scenario.takes_dead_letters(queue),
            "dead letters arrive as well",
        ),
    ]
    .into_iter()
    .filter(|(differs, _)| *differs)
    .map(|(_, why)| why.to_owned())
    .collect()
}

fn pools_differ(pools: &[&Pool], served: u32) -> Vec<String> {
    let [pool] = pools else {
        return vec!["several pools share the queue".to_owned()];
    };
    let hoards = served > 1 && (pool.prefetch == 0 || pool.prefetch > pool.concurrency);
    let prefetch = if pool.prefetch == 0 {
        "without a limit".to_owned()
    } else {
        pool.prefetch.to_string()
    };
    [
        (!matches!(pool.service, Distribution::Exponential { .. }), {
            format!("service is not exponential (cv² {})", units::show_count(pool.service.scv()))
        }),
        (hoards, format!("prefetch {prefetch} is not a single line: consumers hold messages that others could serve")),
        (pool.failure.is_some(), "work fails".to_owned()),
        (pool.ack == AckMode::Auto, "automatic acks make each consumer a line of its own".to_owned()),
    ]
    .into_iter()
    .filter(|(differs, _)| *differs)
    .map(|(_, why)| why)
    .collect()
}
