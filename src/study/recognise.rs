//! Which model a queue of the scenario is, exactly or nearly; where none is known, Erlang C as a reference line and the
//! reason why.

mod answered;
mod assumptions;
mod line;
#[cfg(test)]
mod tests;

use super::outcome::{Estimate, Theory};
use super::plan::Plan;
use super::statistics;
use crate::model::Basis;
use crate::scenario::{Metric, Scenario, Statistic};
use assumptions::Part;
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
    let differences = assumptions::differences(scenario, queue);
    let mut parts: Vec<Part> = differences.iter().map(|difference| difference.of).collect();
    parts.sort_unstable();
    parts.dedup();
    let (known, inapplicable) = match line::model(scenario, queue, &parts) {
        Some(known) => (known, None),
        // M/M/c itself has no answer where the queue grows without end.
        None if differences.is_empty() => return None,
        None => {
            let why_not = assumptions::sentence(&differences);
            let reference = line::reference(scenario, queue);
            let or_a_name = || line::reference_without_an_answer(scenario, queue);
            (reference.or_else(or_a_name)?, Some(why_not))
        }
    };
    let exact = inapplicable.is_none() && known.basis == Basis::Exact;
    let figures = known.metrics.into_iter().map(|(metric, value)| {
        let estimate = metrics.get(&metric).filter(|_| exact);
        let apart = estimate.and_then(|estimate| {
            standard_errors(&metric, estimate, value, scenario.level, replications)
        });
        (metric, (value, apart))
    });
    Some(Theory {
        model: known.name,
        queue: scenario.queues[queue].name.clone(),
        basis: known.basis,
        inapplicable,
        metrics: figures.collect(),
        wait_curve: known.wait_curve,
    })
}

/// A quantile is read off bins that are so wide, in shares of it.
const BIN: f64 = 1e-3;

/// How far the simulation is from the exact value, in its own standard errors.
fn standard_errors(
    metric: &Metric,
    estimate: &Estimate,
    exact: f64,
    level: f64,
    replications: u32,
) -> Option<f64> {
    let Estimate::Known {
        value,
        interval: Some((low, high)),
        ..
    } = estimate
    else {
        return None;
    };
    let is_quantile = matches!(metric.statistic, Statistic::Quantile(_));
    let half_width = match is_quantile {
        // Its interval has two sides: that on which the exact value lies says how far away it is.
        true if exact > *value => high - value,
        true => value - low,
        // The wider side: the other may have been cut where a figure cannot go.
        false => (high - value).max(value - low),
    };
    let degrees = replications.max(2) as usize - 1;
    let from_runs = half_width / statistics::student_two_sided(level, degrees);
    let standard_error = if is_quantile {
        from_runs.hypot(BIN * exact)
    } else {
        from_runs
    };
    (standard_error > 0.0).then(|| (value - exact) / standard_error)
}
