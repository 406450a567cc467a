//! The object that `--json` prints and `summary.json` holds. Times in seconds, rates per second, shares from 0 to 1.

use crate::model::Basis;
use crate::scenario::{Bound, Metric};
use crate::study::{Difference, Estimate, Outcome, Ruling, Run, Theory, Verdict, statistics};
use serde::{Serialize, Serializer};

/// Raised when a reader of the last version would misunderstand.
pub const SCHEMA_VERSION: u32 = 1;

/// One study as one JSON object.
pub fn object(outcome: &Outcome) -> String {
    to_text(&Study::of(outcome))
}

/// Several studies as one JSON object.
pub fn several(outcomes: &[Outcome]) -> String {
    #[derive(Serialize)]
    struct Several<'a> {
        schema_version: u32,
        scenarios: Vec<Study<'a>>,
    }
    to_text(&Several {
        schema_version: SCHEMA_VERSION,
        scenarios: outcomes.iter().map(Study::of).collect(),
    })
}

/// One JSON object as text.
pub fn to_text(value: &impl Serialize) -> String {
    let text = serde_json::to_string_pretty(value);
    text.expect("keys are texts, and numbers that JSON cannot hold are null") + "\n"
}

#[derive(Serialize)]
struct Study<'a> {
    schema_version: u32,
    scenario: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    question: Option<&'a str>,
    seed: u64,
    level: f64,
    kind: &'static str,
    partial: bool,
    runs: Vec<JsonRun<'a>>,
    /// How many differences there are, whose intervals hold at `level` all together.
    comparisons: usize,
    differences: Vec<JsonDifference<'a>>,
}

#[derive(Serialize)]
struct JsonRun<'a> {
    variant: &'a str,
    parameters: &'a str,
    replications: u32,
    warmup_s: f64,
    horizon_s: f64,
    #[serde(serialize_with = "in_order")]
    metrics: Vec<(String, JsonEstimate)>,
    #[serde(serialize_with = "in_order")]
    theory: Vec<(String, JsonTheory<'a>)>,
    /// M/M/c where no model is known, with the reason.
    #[serde(serialize_with = "in_order")]
    reference: Vec<(String, JsonTheory<'a>)>,
    objectives: Vec<JsonVerdict>,
    imprecise: Vec<String>,
    audit: JsonAudit,
    findings: &'a [String],
    notes: &'a [String],
}

/// A figure with its interval, or the reason why one of them is not there.
#[derive(Serialize)]
pub(super) struct JsonEstimate {
    value: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    low: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    high: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    runs: Option<OverRuns>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

/// Where single runs lie.
#[derive(Serialize)]
struct OverRuns {
    p5: f64,
    p50: f64,
    p95: f64,
}

#[derive(Serialize)]
struct JsonTheory<'a> {
    value: f64,
    model: &'a str,
    /// `exact` or `approximate`, as far as its assumptions hold.
    basis: &'static str,
    /// Of an approximation, how far it is off.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    standard_errors: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why_not: Option<&'a str>,
}

#[derive(Serialize)]
struct JsonVerdict {
    metric: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    below: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    above: Option<f64>,
    #[serde(flatten)]
    estimate: JsonEstimate,
    verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    met_in_runs: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    met_share: Option<JsonEstimate>,
}

#[derive(Serialize)]
struct JsonDifference<'a> {
    variant: &'a str,
    metric: String,
    #[serde(flatten)]
    estimate: JsonEstimate,
    finding: &'static str,
    /// Variance without common draws ÷ variance with them.
    #[serde(skip_serializing_if = "Option::is_none")]
    variance_reduction: Option<f64>,
}

#[derive(Serialize)]
struct JsonAudit {
    /// Of queues: ∫ total dt over all replications, in message-seconds.
    area_s: f64,
    /// Both books closed to the nanosecond, in every replication.
    closes: bool,
    accepted: u64,
    exits: u64,
    remaining: u64,
}

impl<'a> Study<'a> {
    fn of(outcome: &'a Outcome) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            scenario: &outcome.scenario,
            title: &outcome.title,
            question: outcome.question.as_deref(),
            seed: outcome.seed,
            level: outcome.level,
            kind: outcome.kind.name(),
            partial: outcome.partial,
            runs: outcome
                .runs
                .iter()
                .map(|run| JsonRun::of(run, outcome.level))
                .collect(),
            comparisons: outcome.comparisons,
            differences: outcome.differences.iter().map(JsonDifference::of).collect(),
        }
    }
}

impl<'a> JsonRun<'a> {
    fn of(run: &'a Run, level: f64) -> Self {
        let estimates = run
            .metrics
            .iter()
            .map(|(metric, estimate)| (metric.to_string(), JsonEstimate::of(estimate)));
        let theory = |applies: bool| {
            let models = run
                .theory
                .iter()
                .filter(move |theory| theory.inapplicable.is_none() == applies);
            models.flat_map(JsonTheory::all_of).collect()
        };
        let audit = run.audit;
        Self {
            variant: &run.variant,
            parameters: &run.parameters,
            replications: run.replications,
            warmup_s: run.warmup.as_secs_f64(),
            horizon_s: run.horizon.as_secs_f64(),
            metrics: estimates.collect(),
            theory: theory(true),
            reference: theory(false),
            objectives: run
                .objectives
                .iter()
                .map(|verdict| JsonVerdict::of(verdict, level))
                .collect(),
            imprecise: run.imprecise.iter().map(Metric::to_string).collect(),
            audit: JsonAudit {
                area_s: audit.area_ns as f64 * 1e-9,
                closes: audit.area_ns == audit.exited_ns + audit.remaining_ns
                    && audit.accepted == audit.exits + audit.remaining,
                accepted: audit.accepted,
                exits: audit.exits,
                remaining: audit.remaining,
            },
            findings: &run.findings,
            notes: &run.notes,
        }
    }
}

impl JsonEstimate {
    pub(super) fn of(estimate: &Estimate) -> Self {
        match estimate {
            Estimate::Known {
                value,
                interval,
                no_interval,
                runs,
            } => Self {
                value: Some(*value),
                low: interval.map(|(low, _)| low),
                high: interval.map(|(_, high)| high),
                runs: runs.map(|[_, p5, p50, p95, _]| OverRuns { p5, p50, p95 }),
                why: no_interval.map(str::to_owned),
            },
            Estimate::Refused { why } => Self {
                value: None,
                low: None,
                high: None,
                runs: None,
                why: Some(why.clone()),
            },
        }
    }
}

impl<'a> JsonTheory<'a> {
    fn all_of(theory: &'a Theory) -> impl Iterator<Item = (String, Self)> {
        theory
            .metrics
            .iter()
            .map(|(metric, (value, standard_errors))| {
                let why_not = theory.inapplicable.as_deref();
                let (basis, error) = match theory.basis {
                    Basis::Exact => ("exact", None),
                    Basis::Approximate(error) => ("approximate", Some(error)),
                };
                let one = Self {
                    value: *value,
                    model: &theory.model,
                    basis,
                    error,
                    standard_errors: *standard_errors,
                    why_not,
                };
                (metric.to_string(), one)
            })
    }
}

impl JsonVerdict {
    fn of(verdict: &Verdict, level: f64) -> Self {
        let (below, above) = match verdict.bound {
            Bound::Below(limit) => (Some(limit), None),
            Bound::Above(limit) => (None, Some(limit)),
        };
        Self {
            metric: verdict.metric.to_string(),
            below,
            above,
            estimate: JsonEstimate::of(&verdict.estimate),
            verdict: match verdict.verdict {
                Ruling::Met => "met",
                Ruling::Missed => "missed",
                Ruling::Undecided => "undecided",
            },
            met_in_runs: verdict.met_in.map(|(met, _)| met),
            met_share: verdict
                .met_in
                .and_then(|(met, of)| share_of_runs(met, of, level)),
        }
    }
}

/// Of all runs, the share that meets an objective.
fn share_of_runs(met: u32, of: u32, level: f64) -> Option<JsonEstimate> {
    let share = statistics::share_interval(met, of, level)?;
    Some(JsonEstimate::of(&Estimate::Known {
        value: share.value,
        interval: Some((share.low, share.high)),
        no_interval: None,
        runs: None,
    }))
}

impl<'a> JsonDifference<'a> {
    fn of(difference: &'a Difference) -> Self {
        Self {
            variant: &difference.variant,
            metric: difference.metric.to_string(),
            estimate: JsonEstimate::of(&difference.estimate),
            finding: difference.finding.word(),
            variance_reduction: difference.gain,
        }
    }
}

/// A JSON object whose keys stand in the order given.
pub(super) fn in_order<T: Serialize, S: Serializer>(
    pairs: &[(String, T)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(pairs.iter().map(|(key, value)| (key, value)))
}
