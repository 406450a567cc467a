//! Figures that rest on too little: they have no interval, or one that covers less often than it claims.

use super::Reader;
use super::outcome::Estimate;
use super::unit::{Ends, Sample};
use crate::scenario::{Kind, Metric, Replications, Scenario, Statistic};
use crate::units;

/// Fewest independent stretches of messages beyond a quantile. With 12 an interval that claims 95 % covers 92 %, with
/// fewer less (M/M/1, ρ = 0.9).
const EPISODES_MIN: f64 = 20.0;
/// Widest half of a mean's interval, relative to it. At 19 % an interval that claims 95 % covers 88 % (M/G/1, ρ = 0.9,
/// lognormal service with a cv of 2).
const HALF_WIDTH_MAX: f64 = 0.15;

/// A note on a figure whose interval is not to be trusted to the letter, with the remedy.
pub(super) fn note(
    metric: &Metric,
    sample: &Sample,
    estimate: &Estimate,
    scenario: &Scenario,
    reader: Reader,
) -> Option<String> {
    let Estimate::Known {
        value, interval, ..
    } = estimate
    else {
        return None;
    };
    let (why, times) = match (metric.statistic, sample.ends, *interval) {
        (Statistic::Quantile(_), Some(Ends { episodes, .. }), _)
            if scenario.kind == Kind::Steady && episodes < EPISODES_MIN =>
        {
            (
                format!(
                    "rests on about {} independent stretches of messages beyond it",
                    units::show_count(episodes.round().max(1.0))
                ),
                EPISODES_MIN / episodes.max(1.0),
            )
        }
        (Statistic::Mean, _, Some((low, high)))
            if (high - low) / 2.0 > HALF_WIDTH_MAX * value.abs() =>
        {
            let relative = (high - low) / 2.0 / value.abs();
            (
                format!("is known to within {} only", units::show_share(relative)),
                (relative / HALF_WIDTH_MAX).powi(2),
            )
        }
        _ => return None,
    };
    let so = match interval {
        Some(_) => "such an interval covers less often than it claims",
        None => "has no interval",
    };
    let remedy = remedy(metric, times.ceil().max(2.0), scenario, reader);
    Some(format!(
        "too few independent observations: {metric} {why}, and {so}; {remedy}"
    ))
}

/// What is to be done about it, by who can.
fn remedy(metric: &Metric, times: f64, scenario: &Scenario, reader: Reader) -> String {
    // Where things happen at given times, a longer run is another one.
    if scenario.kind == Kind::Terminating || !scenario.is_stationary() {
        return "ask for more replications".to_owned();
    }
    if reader == Reader::OfExplanation {
        let horizon = scenario.horizon.as_secs_f64() * times;
        return format!(
            "queuelab run it over a horizon of about {}",
            units::show_seconds(horizon)
        );
    }
    // A precision is asked for of the metrics of objectives, and has been tried where it was asked for already.
    let is_judged = (scenario.objectives.iter()).any(|objective| objective.metric == *metric);
    let precision = match scenario.replications {
        Replications::Count(_) if is_judged => ", or ask for --precision 5%",
        Replications::Count(_) | Replications::Precision { .. } => "",
    };
    format!("make the horizon about {times:.0} times as long{precision}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Figure, ScenarioSet};
    use crate::study::explain::tests::scenario;

    fn sample(episodes: f64) -> Sample {
        let ends = Ends {
            low: 1.0,
            high: 3.0,
            episodes,
        };
        Sample {
            ends: Some(ends),
            ..Sample::mean(&[2.0])
        }
    }

    fn any(top: &str) -> ScenarioSet {
        scenario(&format!(
            r#"
title = "Any"
horizon = "1h"
{top}
producer.source = {{ to = "line", arrivals = "poisson(1/s)" }}
queue.line = {{}}
pool.crew = {{ from = "line", consumers = 2, service = "exponential(1s)" }}
"#
        ))
    }

    /// Of a wait of 2 s with an interval up to `high`, if it has one.
    fn estimate(high: Option<f64>) -> Estimate {
        Estimate::Known {
            value: 2.0,
            interval: high.map(|high| (2.0 * 2.0 - high, high)),
            no_interval: None,
            runs: None,
        }
    }

    fn wait(statistic: Statistic) -> Metric {
        Metric::new("line", Figure::Wait, statistic)
    }

    fn said(statistic: Statistic, episodes: f64, high: f64) -> Option<String> {
        let (sample, estimate) = (sample(episodes), estimate(Some(high)));
        let scenario = any("").base;
        note(
            &wait(statistic),
            &sample,
            &estimate,
            &scenario,
            Reader::OfRun,
        )
    }

    #[test]
    fn a_precision_is_offered_only_where_it_can_be_asked_for_and_was_not() {
        let p99 = Statistic::Quantile(990);
        let objective = "objective = [{ metric = \"line.wait.p99\", below = \"9s\" }]";
        let precise = format!("{objective}\nreplications = {{ precision = \"5%\" }}");
        let of = |top: &str, statistic| {
            let (sample, estimate) = (sample(7.4), estimate(Some(3.0)));
            let scenario = any(top).base;
            let note = note(
                &wait(statistic),
                &sample,
                &estimate,
                &scenario,
                Reader::OfRun,
            );
            note.expect("a note")
        };
        assert!(of(objective, p99).ends_with("3 times as long, or ask for --precision 5%"));
        for note in [
            of("", p99),
            of(&precise, p99),
            of(objective, Statistic::Mean),
        ] {
            assert!(note.ends_with("times as long"), "{note}");
        }
    }

    #[test]
    fn who_reads_an_explanation_is_sent_to_a_run_and_what_has_no_interval_is_not_blamed_for_it() {
        let p99 = wait(Statistic::Quantile(990));
        let (scenario, reader) = (any("").base, Reader::OfExplanation);
        let note = note(&p99, &sample(7.4), &estimate(None), &scenario, reader);
        let note = note.expect("a note");
        assert!(
            note.ends_with("and has no interval; queuelab run it over a horizon of about 3h 00m"),
            "{note}"
        );
    }

    #[test]
    fn a_quantile_of_few_stretches_says_how_many_and_how_much_longer() {
        let note = said(Statistic::Quantile(990), 7.4, 3.0).expect("a note");
        assert!(
            note.contains("line.wait.p99 rests on about 7 independent")
                && note.contains("3 times as long"),
            "{note}"
        );
        assert_eq!(said(Statistic::Quantile(990), 25.0, 3.0), None);
    }

    #[test]
    fn a_mean_that_is_hardly_known_says_so() {
        let note = said(Statistic::Mean, 100.0, 2.4).expect("a note");
        assert!(note.contains("known to within 20 % only"), "{note}");
        assert_eq!(said(Statistic::Mean, 100.0, 2.2), None);
    }
}
