//! Intervals that rest on too little: they cover less often than they claim.

use super::outcome::Estimate;
use super::unit::{Ends, Sample};
use crate::scenario::{Kind, Metric, Statistic};
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
    kind: Kind,
) -> Option<String> {
    let Estimate::Known {
        value, interval, ..
    } = estimate
    else {
        return None;
    };
    let (why, times) = match (metric.statistic, sample.ends, *interval) {
        (Statistic::Quantile(_), Some(Ends { episodes, .. }), _)
            if kind == Kind::Steady && episodes < EPISODES_MIN =>
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
    let remedy = match kind {
        Kind::Steady => format!(
            "make the horizon about {:.0} times as long, or ask for --precision 5%",
            times.ceil().max(2.0)
        ),
        Kind::Terminating => "ask for more replications".to_owned(),
    };
    Some(format!(
        "too few independent observations: {metric} {why}, and such an interval covers less often than it claims; {remedy}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Figure;

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

    fn said(statistic: Statistic, episodes: f64, high: f64) -> Option<String> {
        let metric = Metric::new("line", Figure::Wait, statistic);
        let estimate = Estimate::Known {
            value: 2.0,
            interval: Some((2.0 * 2.0 - high, high)),
            runs: None,
        };
        note(&metric, &sample(episodes), &estimate, Kind::Steady)
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
