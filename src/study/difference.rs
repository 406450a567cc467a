//! Variants against the base, on common draws: paired by replication, and corrected for how many there are.

use super::estimate::{self, Estimator, lost};
use super::figures::{Figures, Lost};
use super::findings;
use super::outcome::{Difference, Estimate, Finding};
use super::plan::Plan;
use super::statistics::{self, Interval};
use super::unit::Sample;
use crate::scenario::{Bound, END_TO_END, Figure, Metric, Statistic};

/// One side of a comparison.
pub(super) struct Side<'a> {
    pub(super) name: &'a str,
    pub(super) estimator: Estimator<'a>,
    pub(super) figures: Figures<'a>,
}

/// A variant's figures against the base's, on the same draws: those of the objectives, or of none the usual ones.
///
/// `variants` is how many are compared with the base in all. Intervals are widened so that all of them together hold at
/// the level asked for (Bonferroni): of twenty variants that are none, one would else look better or worse.
pub(super) fn differences(base: &Side<'_>, variant: &Side<'_>, variants: usize) -> Vec<Difference> {
    let compared = compared_figures(base.estimator.plan);
    let level = together(
        base.estimator.plan.scenario.level,
        variants * compared.len(),
    );
    let each = compared.into_iter();
    each.filter_map(|(metric, bound, lost)| {
        let samples =
            (base.figures.metric(&metric, lost)).zip(variant.figures.metric(&metric, lost));
        let (base_sample, variant_sample) = samples?;
        // What is no figure by itself is none in a difference.
        let refused = |side: &Side<'_>, sample| {
            let why = side.estimator.refusal(&metric, sample);
            why.map(|why| format!("{}: {why}", side.name))
        };
        let refusal = refused(base, &base_sample).or_else(|| refused(variant, &variant_sample));
        let sample = variant_sample.minus(&base_sample);
        let is_dependent = base.estimator.dependent || variant.estimator.dependent;
        let interval =
            statistics::jackknife(sample.all, &sample.without, level).filter(|_| !is_dependent);
        let gain = interval.and_then(|_| gain(&base_sample, &variant_sample, &sample));
        let no_interval = if is_dependent {
            estimate::DEPENDENT
        } else if sample.without.len() < 2 {
            estimate::ONE_RUN
        } else {
            estimate::TOO_FEW_RUNS
        };
        let estimate = difference_of(sample.all, interval.ok_or(no_interval), refusal);
        Some(Difference {
            variant: variant.name.to_owned(),
            finding: finding(bound, &estimate, sample.all),
            metric,
            estimate,
            gain,
        })
    })
    .collect()
}

/// How many figures each variant is compared by.
pub(super) fn compared(plan: &Plan<'_>) -> usize {
    compared_figures(plan).len()
}

/// The level of each of so many intervals at which all of them hold at `level` together.
fn together(level: f64, intervals: usize) -> f64 {
    let intervals = intervals.max(1) as f64;
    // Written so that one interval keeps its level to the last bit; and no level is certainty.
    (level + (1.0 - level) * (intervals - 1.0) / intervals).min(1.0_f64.next_down())
}

/// How many times smaller the variance of the difference is than that of two studies with draws of their own; `None`
/// where neither varies.
fn gain(base: &Sample, variant: &Sample, difference: &Sample) -> Option<f64> {
    let variance = |sample: &Sample| statistics::variance(&sample.without);
    let (apart, paired) = (variance(base)? + variance(variant)?, variance(difference)?);
    (paired > 0.0).then(|| apart / paired)
}

/// What variants are compared by. Without an objective: how long messages wait, and take in all, where less is better.
fn compared_figures(plan: &Plan<'_>) -> Vec<(Metric, Bound, Lost)> {
    let objectives = &plan.scenario.objectives;
    if !objectives.is_empty() {
        let mut asked: Vec<(Metric, Bound, Lost)> = Vec::new();
        for objective in objectives {
            if asked
                .iter()
                .all(|(metric, _, _)| *metric != objective.metric)
            {
                asked.push((objective.metric.clone(), objective.bound, lost(objective)));
            }
        }
        return asked;
    }
    let p99 = |name: &str, figure| Metric::new(name, figure, Statistic::Quantile(990));
    let queues = plan.scenario.queues.iter().enumerate();
    let waits = queues
        .filter(|(index, _)| plan.scenario.pools_of(*index).next().is_some())
        .map(|(_, queue)| p99(&queue.name, Figure::Wait));
    let whole = findings::shows_the_whole(plan).then(|| p99(END_TO_END, Figure::Latency));
    let usual = waits.chain(whole);
    usual
        .map(|metric| (metric, Bound::Below(0.0), Lost::Ignored))
        .collect()
}

fn difference_of(
    value: f64,
    interval: Result<Interval, &'static str>,
    unsteady: Option<String>,
) -> Estimate {
    match unsteady {
        Some(why) => Estimate::Refused { why },
        None if value.is_finite() => Estimate::Known {
            value,
            no_interval: interval.err(),
            interval: interval.ok().map(|i| (i.low, i.high)),
            runs: None,
        },
        None if value.is_infinite() => Estimate::Refused {
            why: "in one of the two it is infinite: lost messages, or a backlog that stays"
                .to_owned(),
        },
        None => Estimate::Refused {
            why: "one of the two has no such figure".to_owned(),
        },
    }
}

/// What a difference means for an objective: less is better under a limit, more above one.
fn finding(bound: Bound, estimate: &Estimate, value: f64) -> Finding {
    let sign = match bound {
        Bound::Below(_) => -1.0,
        Bound::Above(_) => 1.0,
    };
    let ends = match estimate {
        Estimate::Known {
            interval: Some((low, high)),
            ..
        } => Some((low * sign, high * sign)),
        Estimate::Refused { .. } if value.is_infinite() => Some((value * sign, value * sign)),
        Estimate::Known { interval: None, .. } | Estimate::Refused { .. } => None,
    };
    match ends {
        Some((one, other)) if one.min(other) > 0.0 => Finding::Better,
        Some((one, other)) if one.max(other) < 0.0 => Finding::Worse,
        Some(_) | None => Finding::NoEvidence,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_near(value: f64, expected: f64) {
        assert!((value - expected).abs() < 1e-9, "{value} is not {expected}");
    }

    #[test]
    fn several_intervals_share_the_error_that_one_may_have() {
        assert_eq!(together(0.95, 1).to_bits(), 0.95_f64.to_bits());
        assert_near(together(0.95, 5), 0.99);
        assert_near(together(0.9, 20), 0.995);
        for level in [1e-300, 1.0_f64.next_down()] {
            let each = together(level, 7);
            assert!(each > 0.0 && each < 1.0, "{each}");
        }
    }

    #[test]
    fn common_draws_are_worth_what_they_take_off_the_variance() {
        let base = Sample::mean(&[10.0, 20.0, 33.0, 41.0]);
        let variant = Sample::mean(&[11.0, 21.5, 33.5, 42.0]);
        let gain = |one: &Sample, other: &Sample| gain(one, other, &other.minus(one));
        // Of (10, 20, 33, 41), (11, 21.5, 33.5, 42) and (1, 1.5, 0.5, 1): Σ (x − mean)² = 574, 545.5 and 0.5.
        assert_near(gain(&base, &variant).unwrap_or(0.0), (574.0 + 545.5) / 0.5);
        assert_eq!(gain(&base, &base), None);
    }
}
