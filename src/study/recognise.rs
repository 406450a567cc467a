//! Which exact model a queue of the scenario is; where none applies, Erlang C as a reference line and the reason why.

mod assumptions;

use super::outcome::{Estimate, Theory};
use super::plan::Plan;
use super::statistics;
use crate::scenario::{Figure, Metric, Pool, Scenario, Statistic};
use crate::theory::Mmc;
use std::collections::BTreeMap;

/// Theory for every queue that has consumers and a known rate.
pub(super) fn theories(
    plan: &Plan<'_>,
    metrics: &BTreeMap<Metric, Estimate>,
    replications: u32,
) -> Vec<Theory> {
    let queues = 0..plan.scenario.queues.len();
    queues
        .filter_map(|queue| theory(&plan.scenario, queue, metrics, replications))
        .collect()
}

fn theory(
    scenario: &Scenario,
    queue: usize,
    metrics: &BTreeMap<Metric, Estimate>,
    replications: u32,
) -> Option<Theory> {
    let rate = scenario.offered_rate(queue)?;
    let pools = scenario.pools_of(queue).collect::<Vec<_>>();
    let servers = scenario.servers(queue) as u64;
    let service = pools.first()?.service.mean();
    let model = Mmc::new(rate, 1.0 / service, servers).ok()?;
    let inapplicable = assumptions::why_not(scenario, queue);
    let name = &scenario.queues[queue].name;
    let exact = inapplicable.is_none();
    let known = figures(&model, name, &pools).into_iter();
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
fn figures(model: &Mmc, queue: &str, pools: &[&Pool]) -> Vec<(Metric, f64)> {
    let of = |figure, statistic, value| (Metric::new(queue, figure, statistic), value);
    let mut figures = vec![
        of(Figure::PWait, Statistic::Value, model.p_wait()),
        of(Figure::Wait, Statistic::Mean, model.wait_mean()),
        of(Figure::Sojourn, Statistic::Mean, model.sojourn_mean()),
        of(Figure::Total, Statistic::Mean, model.total_mean()),
    ];
    // A prefetch below the concurrency leaves slots idle for ever, which the formula's servers are not.
    for pool in pools {
        if pool.prefetch == 0 || pool.prefetch >= pool.concurrency {
            let utilisation = Metric::new(&pool.name, Figure::Utilisation, Statistic::Value);
            figures.push((utilisation, model.utilisation()));
        }
    }
    // What a larger prefetch takes out of the line waits inside the consumer.
    if pools.iter().all(|pool| pool.prefetch == pool.concurrency) {
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
