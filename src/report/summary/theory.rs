//! What theory says, beside what was simulated.

use crate::model::Basis;
use crate::scenario::{Figure, Metric, Statistic};
use crate::study::{Run, Theory};

/// What a model that applies says of this figure.
pub(super) fn beside_theory(metric: &Metric, run: &Run) -> String {
    let applying = (run.theory.iter()).filter(|theory| theory.inapplicable.is_none());
    let known =
        applying.filter_map(|theory| theory.metrics.get(metric).map(|known| (theory, known)));
    let said = known.map(|(theory, (value, apart))| {
        let how = match theory.basis {
            Basis::Exact => "exactly",
            Basis::Approximate(_) => "approximately",
        };
        let apart = apart.map_or_else(String::new, |apart| {
            format!(" ({} standard errors apart)", signed(apart))
        });
        format!("{} {how}: {}{apart}", theory.model, metric.show(*value))
    });
    said.collect::<Vec<_>>().join("; ")
}

fn signed(number: f64) -> String {
    let sign = if number < 0.0 { "−" } else { "+" };
    format!("{sign}{:.1}", number.abs())
}

/// How far a formula that applies is off; of one that does not, a line to compare with.
pub(super) fn reference(theory: &Theory) -> Option<String> {
    let Some(why_not) = &theory.inapplicable else {
        return match theory.basis {
            Basis::Exact => None,
            Basis::Approximate(error) => {
                Some(format!("{}: {} is {error}", theory.queue, theory.model))
            }
        };
    };
    let p99 = Metric::new(&theory.queue, Figure::Wait, Statistic::Quantile(990));
    let Some((value, _)) = theory.metrics.get(&p99) else {
        return Some(format!("{}: {why_not}", theory.queue));
    };
    Some(format!(
        "for comparison: {} at the mean rate gives {p99} = {}. {why_not}",
        theory.model,
        p99.show(*value)
    ))
}
