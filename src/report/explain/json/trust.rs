//! Which answer to trust, as data.

use super::estimate;
use crate::report::json::JsonEstimate;
use crate::study::explain::{Ground, Trust};
use serde::Serialize;

/// Which answer to trust.
#[derive(Serialize)]
pub(super) struct JsonTrust<'a> {
    ground: &'static str,
    fluid_apart: Option<f64>,
    unknown_to_fluid: Option<&'static str>,
    why: Option<&'static str>,
    surplus_per_s: Option<f64>,
    least_lost_share: Option<f64>,
    growth_per_s: Option<JsonEstimate>,
    models: Vec<JsonAnswered<'a>>,
    /// A model that is this queue, and says nothing of its wait.
    silent_model: Option<&'a str>,
    reference: Option<JsonReference<'a>>,
}

#[derive(Serialize)]
struct JsonAnswered<'a> {
    model: &'a str,
    error: Option<&'static str>,
    wait_mean_s: Option<f64>,
    wait_mean_standard_errors: Option<f64>,
    wait_p99_s: Option<f64>,
    wait_p99_standard_errors: Option<f64>,
}

#[derive(Serialize)]
struct JsonReference<'a> {
    model: &'a str,
    wait_p99_s: Option<f64>,
    why_not: &'a str,
}

pub(super) fn trust(trust: &Trust) -> JsonTrust<'_> {
    let word = word(&trust.ground);
    let growth = if let Ground::Growing { simulated, .. } = &trust.ground {
        estimate(simulated.as_ref())
    } else {
        None
    };
    JsonTrust {
        ground: word.ground,
        fluid_apart: word.fluid_apart,
        unknown_to_fluid: word.unknown,
        why: word.why,
        surplus_per_s: word.surplus,
        least_lost_share: word.lost,
        growth_per_s: growth,
        models: (trust.models.iter())
            .map(|answered| JsonAnswered {
                model: &answered.model,
                error: answered.error,
                wait_mean_s: answered.wait_mean.map(|(value, _)| value),
                wait_mean_standard_errors: answered.wait_mean.and_then(|(_, apart)| apart),
                wait_p99_s: answered.wait_p99.map(|(value, _)| value),
                wait_p99_standard_errors: answered.wait_p99.and_then(|(_, apart)| apart),
            })
            .collect(),
        silent_model: trust.silent.as_deref(),
        reference: trust.reference.as_ref().map(|reference| JsonReference {
            model: &reference.model,
            wait_p99_s: reference.wait_p99,
            why_not: &reference.why_not,
        }),
    }
}

/// A word for the ground, and its numbers.
#[derive(Default)]
struct Word {
    ground: &'static str,
    fluid_apart: Option<f64>,
    unknown: Option<&'static str>,
    why: Option<&'static str>,
    surplus: Option<f64>,
    lost: Option<f64>,
}

fn word(ground: &Ground) -> Word {
    let word = |ground| Word {
        ground,
        ..Word::default()
    };
    match ground {
        Ground::Unconsumed => word("unconsumed"),
        Ground::Growing { surplus, .. } => Word {
            surplus: Some(*surplus),
            ..word("growing")
        },
        Ground::Full { surplus, share } => Word {
            surplus: Some(*surplus),
            lost: Some(*share),
            ..word("full")
        },
        Ground::Overload { apart } => Word {
            fluid_apart: *apart,
            ..word("overload")
        },
        Ground::OverloadWithoutFluid { unknown } => Word {
            unknown: Some(unknown),
            ..word("overload without fluid")
        },
        Ground::Chance { unknown } => Word {
            unknown: *unknown,
            ..word("chance")
        },
        Ground::Listed { apart } => Word {
            fluid_apart: *apart,
            ..word("listed")
        },
        Ground::NoWork => word("no work"),
        Ground::Answers => word("answers"),
        Ground::NotInTheFile { why } => Word {
            why: Some(why),
            ..word("not in the file")
        },
    }
}
