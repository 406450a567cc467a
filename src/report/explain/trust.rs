//! Which answer to trust, in words.

use super::estimate;
use crate::study::Estimate;
use crate::study::explain::{Answered, Ground, QueueExplained, Reference};
use crate::units::{show_count, show_rate, show_seconds, show_share};

/// The fluid is as good as the runs within this share of them.
const NEAR: f64 = 0.1;

pub(super) fn trust(queue: &QueueExplained) -> Vec<String> {
    let trust = &queue.trust;
    let mut said = vec![match &trust.ground {
        Ground::Unconsumed => "Nobody takes anything out, so there is no wait and no law to ask.".to_owned(),
        Ground::Growing { surplus, simulated } => growing(*surplus, simulated.as_ref()),
        Ground::Overload { apart } => overload(*apart, "Overload dominates"),
        Ground::Listed { apart: Some(apart) } => overload(Some(*apart), "The list's own peaks dominate"),
        Ground::Listed { apart: None } => {
            "Fed with the counts of the list, the fluid sees no waiting: what waits is chance within the list."
                .to_owned()
        }
        Ground::OverloadWithoutFluid { unknown } => format!(
            "λ > C for a while, but the fluid knows no {unknown}."
        ),
        Ground::Full { surplus, .. } if queue.losses.refusals_return => format!(
            "{} more come than can be served, and the queue is bounded: what it turns away comes back, and the backlog \
             grows elsewhere.",
            show_rate(*surplus)
        ),
        Ground::Full { surplus, share } => format!(
            "{} more come than can be served, and the queue is bounded: {} of all, (λ − C) / λ, are lost at least, \
             whatever is done with them. Trust that for the loss, and the simulation for the wait of the others.",
            show_rate(*surplus),
            show_share(*share)
        ),
        Ground::Chance {
            unknown: Some(unknown),
        } => format!(
            "λ < C throughout, so that overload explains nothing; but the fluid knows no {unknown}, and what waits comes \
             of that as well as of chance."
        ),
        Ground::Chance { unknown: None } if !queue.bursts.peaks.is_empty() => {
            "The fluid is fed with the mean rate and sees no waiting; what waits comes of the bursts, which are chance."
                .to_owned()
        }
        Ground::Chance { unknown: None } => {
            "The fluid sees no waiting, because λ < C throughout: what waits here is chance.".to_owned()
        }
        Ground::Answers => {
            "Clients that wait for their answers slow down by themselves, of which neither the fluid nor an open formula \
             knows anything."
                .to_owned()
        }
        Ground::NoWork => {
            "Work takes no time: C has no limit, and by the fluid nothing ever waits.".to_owned()
        }
        Ground::NotInTheFile { why } => format!(
            "{why}, so that λ(t) and C(t) are not in the file, and there is no fluid.",
            why = capitalised(why)
        ),
    }];
    if trust.models.iter().all(|model| model.error.is_some()) {
        said.extend(simulation(queue).map(|how| format!("Trust the simulation{how}.")));
    }
    said.extend(trust.models.iter().map(answered));
    let silent = trust.silent.iter();
    said.extend(silent.map(|model| format!("{model} is this line, but says nothing of its wait.")));
    if trust.models.is_empty() {
        said.extend(trust.reference.as_ref().map(|one| reference(one, queue)));
    }
    said
}

/// How the simulation is to be trusted, where it is the answer: unless a model is exact.
fn simulation(queue: &QueueExplained) -> Option<&'static str> {
    match &queue.trust.ground {
        Ground::Chance { .. } => Some(", within its intervals"),
        Ground::Listed { apart: None } => Some(", for this list and no other"),
        Ground::OverloadWithoutFluid { .. }
        | Ground::NoWork
        | Ground::Answers
        | Ground::NotInTheFile { .. } => Some(""),
        Ground::Full { .. } => queue.losses.refusals_return.then_some(""),
        Ground::Overload { apart } | Ground::Listed { apart } => {
            apart.filter(|apart| apart.abs() > NEAR).map(|_| "")
        }
        Ground::Unconsumed | Ground::Growing { .. } => None,
    }
}

fn growing(surplus: f64, simulated: Option<&Estimate>) -> String {
    let runs = simulated.map(|growth| format!(", in the runs by {}", estimate(growth, show_rate)));
    format!(
        "It grows without end: by λ − C = {}{}. There is no long-run wait, whoever computes it; trust the growth.",
        show_rate(surplus),
        runs.unwrap_or_default()
    )
}

fn overload(apart: Option<f64>, what: &str) -> String {
    let Some(apart) = apart else {
        return format!(
            "{what}: trust the fluid for how much piles up, and the simulation for all else."
        );
    };
    let side = if apart < 0.0 { "below" } else { "above" };
    let share = show_share(apart.abs());
    if apart.abs() <= NEAR {
        format!(
            "{what}: at its peak the fluid is {share} {side} the runs. Trust it for how much piles up and when that is \
             gone; the simulation adds how much single runs scatter, and the tail of the wait."
        )
    } else {
        format!(
            "λ > C for a while, but at its peak the fluid is {share} {side} the runs: chance matters too."
        )
    }
}

fn answered(answered: &Answered) -> String {
    let of = |name: &str, figure: Option<(f64, Option<f64>)>| {
        let (value, apart) = figure?;
        let apart = apart.map(|apart| {
            let side = if apart < 0.0 { "below" } else { "above" };
            format!(" (simulated {:.1} standard errors {side})", apart.abs())
        });
        let apart = apart.unwrap_or_default();
        Some(format!("{name} {}{apart}", show_seconds(value)))
    };
    let figures = [
        of("mean wait", answered.wait_mean),
        of("p99", answered.wait_p99),
    ];
    let figures = figures.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let model = &answered.model;
    match answered.error {
        None => format!("Trust theory, which is exact here: {model} says {figures}."),
        Some(error) => format!("{model} is only near: it says {figures}; it is {error}."),
    }
}

fn reference(reference: &Reference, queue: &QueueExplained) -> String {
    let said = reference.wait_p99.map(|exact| {
        let times = match &queue.simulated.wait_p99 {
            Some(Estimate::Known { value, .. }) if exact > 0.0 => {
                format!("; simulated it is {} times that", show_count(value / exact))
            }
            Some(Estimate::Known { .. } | Estimate::Refused { .. }) | None => String::new(),
        };
        format!(
            " {} at the mean rate would have a p99 wait of {}{times}.",
            reference.model,
            show_seconds(exact)
        )
    });
    format!(
        "{}.{}",
        reference.why_not.trim_end_matches('.'),
        said.unwrap_or_default()
    )
}

fn capitalised(clause: &str) -> String {
    let mut letters = clause.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}
