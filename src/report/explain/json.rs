//! What drives an answer, as data: times in seconds, rates per second, shares from 0 to 1.

mod trust;

use crate::report::json::{JsonEstimate, SCHEMA_VERSION, in_order, to_text};
use crate::study::Estimate;
use crate::study::explain::{
    Bursts, Explanation, Hoarding, Losses, Measure, OfferedLoad, Origin, Overload, QueueExplained,
};
use crate::time::{Span, Time};
use serde::Serialize;
use trust::{JsonTrust, trust};

#[derive(Serialize)]
struct JsonExplanation<'a> {
    schema_version: u32,
    scenario: &'a str,
    title: &'a str,
    question: Option<&'a str>,
    parameters: &'a str,
    kind: &'static str,
    seed: u64,
    level: f64,
    simulated: Option<JsonEffort>,
    messages_a_run: f64,
    offered_load_erlang: Option<f64>,
    slots: f64,
    queues: Vec<JsonQueue<'a>>,
    findings: &'a [String],
    notes: &'a [String],
}

#[derive(Serialize)]
struct JsonEffort {
    replications: u32,
    horizon_s: f64,
    file_horizon_s: f64,
    warmup_s: f64,
}

#[derive(Serialize)]
struct JsonQueue<'a> {
    queue: &'a str,
    kind: &'a str,
    is_consumed: bool,
    load: JsonLoad<'a>,
    capacity: Vec<JsonStep<'a>>,
    overload: JsonOverload,
    bursts: JsonBursts,
    wait: JsonWait,
    prefetch: Vec<JsonHoarding<'a>>,
    losses: JsonLosses<'a>,
    trust: JsonTrust<'a>,
}

#[derive(Serialize)]
struct JsonLoad<'a> {
    rate_per_s: Option<f64>,
    is_steered: bool,
    takes_dead_letters: bool,
    peak_rate_per_s: Option<f64>,
    peak_at_s: Option<f64>,
    counted_in_s: Option<f64>,
    slots: f64,
    slot_time_s: f64,
    capacity_per_s: f64,
    offered_load_erlang: Option<f64>,
    pools: Vec<JsonPool<'a>>,
}

#[derive(Serialize)]
struct JsonPool<'a> {
    pool: &'a str,
    consumers: u32,
    slots_each: u32,
    service_mean_s: f64,
    service_scv: f64,
}

#[derive(Serialize)]
struct JsonStep<'a> {
    from_s: f64,
    to_s: f64,
    slots: f64,
    capacity_per_s: f64,
    why: &'a [String],
}

#[derive(Serialize)]
struct JsonOverload {
    is_known: bool,
    for_ever: bool,
    unknown_to_fluid: Option<&'static str>,
    stretches: Vec<JsonStretch>,
    more_stretches: usize,
    peak: Option<JsonPeak>,
    drain: Option<JsonDrain>,
}

#[derive(Serialize)]
struct JsonStretch {
    from_s: f64,
    to_s: f64,
    excess: f64,
    growth_fluid: Option<f64>,
    growth_simulated: Option<JsonEstimate>,
}

#[derive(Serialize)]
struct JsonPeak {
    at_s: f64,
    total_fluid: f64,
    total_simulated: Option<JsonEstimate>,
}

#[derive(Serialize)]
struct JsonDrain {
    from_s: f64,
    fluid_s: Option<f64>,
    simulated_s: Option<JsonEstimate>,
}

#[derive(Serialize)]
struct JsonBursts {
    interarrival_scv: Option<JsonMeasure>,
    dispersion: Vec<JsonDispersion>,
    dispersion_limit: Option<f64>,
    rate_changes: bool,
    states_above_capacity: Vec<JsonState>,
}

#[derive(Serialize)]
struct JsonDispersion {
    window_s: f64,
    #[serde(flatten)]
    index: JsonMeasure,
}

#[derive(Serialize)]
struct JsonMeasure {
    value: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    low: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    high: Option<f64>,
    basis: &'static str,
}

#[derive(Serialize)]
struct JsonState {
    rate_per_s: f64,
    stay_s: f64,
    left_behind: f64,
}

#[derive(Serialize)]
struct JsonWait {
    accepted_rate_per_s: Option<JsonEstimate>,
    mean_s: Option<JsonEstimate>,
    p99_s: Option<JsonEstimate>,
    p_wait: Option<JsonEstimate>,
    #[serde(serialize_with = "in_order")]
    utilisation: Vec<(String, JsonEstimate)>,
    delivery_mean_s: Option<JsonEstimate>,
    ready_max: Option<JsonEstimate>,
}

#[derive(Serialize)]
struct JsonHoarding<'a> {
    pool: &'a str,
    prefetch: Option<u32>,
    acks_itself: bool,
    works_on: u32,
    round_trip_s: f64,
    keeps_busy: u32,
    asked_for: u32,
    surplus: Option<u64>,
    without: Option<JsonCompared>,
}

#[derive(Serialize)]
struct JsonCompared {
    wait_p99_difference_s: JsonEstimate,
    finding: &'static str,
}

#[derive(Serialize)]
struct JsonLosses<'a> {
    rules: &'a [String],
    /// It was looked for: without shares nothing was removed in the runs.
    is_known: bool,
    shares: Vec<JsonLoss>,
    refusals_return: bool,
    attempts: Vec<JsonAttempts<'a>>,
}

#[derive(Serialize)]
struct JsonLoss {
    figure: &'static str,
    #[serde(flatten)]
    share: JsonEstimate,
}

#[derive(Serialize)]
struct JsonAttempts<'a> {
    pool: &'a str,
    #[serde(flatten)]
    mean: JsonEstimate,
}

/// The explanation as one JSON object.
pub fn object(explanation: &Explanation) -> String {
    let effort = explanation.effort.map(|effort| JsonEffort {
        replications: effort.replications,
        horizon_s: effort.horizon.as_secs_f64(),
        file_horizon_s: effort.cut_from.unwrap_or(effort.horizon).as_secs_f64(),
        warmup_s: effort.warmup.as_secs_f64(),
    });
    to_text(&JsonExplanation {
        schema_version: SCHEMA_VERSION,
        scenario: &explanation.scenario,
        title: &explanation.title,
        question: explanation.question.as_deref(),
        parameters: &explanation.parameters,
        kind: explanation.kind.name(),
        seed: explanation.seed,
        level: explanation.level,
        simulated: effort,
        messages_a_run: explanation.messages_a_run,
        offered_load_erlang: explanation.offered_load,
        slots: explanation.slots,
        queues: explanation.queues.iter().map(queue).collect(),
        findings: &explanation.findings,
        notes: &explanation.notes,
    })
}

fn estimate(estimate: Option<&Estimate>) -> Option<JsonEstimate> {
    estimate.map(JsonEstimate::of)
}

fn queue(queue: &QueueExplained) -> JsonQueue<'_> {
    let simulated = &queue.simulated;
    JsonQueue {
        queue: &queue.queue,
        kind: queue.kind,
        is_consumed: queue.is_consumed,
        load: load(&queue.load),
        capacity: (queue.capacity.iter())
            .map(|step| JsonStep {
                from_s: step.from.as_secs_f64(),
                to_s: step.to.as_secs_f64(),
                slots: step.slots,
                capacity_per_s: step.rate,
                why: &step.why,
            })
            .collect(),
        overload: overload(&queue.overload),
        bursts: bursts(&queue.bursts),
        wait: JsonWait {
            accepted_rate_per_s: estimate(simulated.accepted.as_ref()),
            mean_s: estimate(simulated.wait_mean.as_ref()),
            p99_s: estimate(simulated.wait_p99.as_ref()),
            p_wait: estimate(simulated.p_wait.as_ref()),
            utilisation: (simulated.busy.iter())
                .map(|(pool, busy)| (pool.clone(), JsonEstimate::of(busy)))
                .collect(),
            delivery_mean_s: estimate(simulated.delivery_wait_mean.as_ref()),
            ready_max: estimate(simulated.ready_max.as_ref()),
        },
        prefetch: queue.hoarding.iter().map(hoarding).collect(),
        losses: losses(&queue.losses),
        trust: trust(&queue.trust),
    }
}

fn load(load: &OfferedLoad) -> JsonLoad<'_> {
    JsonLoad {
        rate_per_s: load.rate,
        is_steered: load.is_steered,
        takes_dead_letters: load.takes_dead_letters,
        peak_rate_per_s: load.peak.map(|(rate, _)| rate),
        peak_at_s: load.peak.map(|(_, at)| at.as_secs_f64()),
        counted_in_s: load.counted_in,
        slots: load.slots,
        slot_time_s: load.slot_time,
        capacity_per_s: load.capacity,
        offered_load_erlang: load.erlang,
        pools: (load.pools.iter())
            .map(|pool| JsonPool {
                pool: &pool.pool,
                consumers: pool.consumers,
                slots_each: pool.slots_each,
                service_mean_s: pool.service,
                service_scv: pool.service_scv,
            })
            .collect(),
    }
}

fn overload(overload: &Overload) -> JsonOverload {
    JsonOverload {
        is_known: overload.is_known,
        for_ever: overload.for_ever,
        unknown_to_fluid: overload.unknown_to_fluid,
        stretches: (overload.stretches.iter())
            .map(|stretch| JsonStretch {
                from_s: stretch.from.as_secs_f64(),
                to_s: stretch.to.as_secs_f64(),
                excess: stretch.excess,
                growth_fluid: stretch.fluid,
                growth_simulated: estimate(stretch.simulated.as_ref()),
            })
            .collect(),
        more_stretches: overload.more,
        peak: overload.peak.as_ref().map(|peak| JsonPeak {
            at_s: peak.at.as_secs_f64(),
            total_fluid: peak.fluid,
            total_simulated: estimate(peak.simulated.as_ref()),
        }),
        drain: overload.drain.as_ref().map(|drain| JsonDrain {
            from_s: Time::as_secs_f64(drain.from),
            fluid_s: drain.fluid.map(Span::as_secs_f64),
            simulated_s: estimate(drain.simulated.as_ref()),
        }),
    }
}

fn bursts(bursts: &Bursts) -> JsonBursts {
    JsonBursts {
        interarrival_scv: bursts.scv.as_ref().map(measure),
        dispersion: (bursts.dispersion.iter())
            .map(|one| JsonDispersion {
                window_s: one.window.as_secs_f64(),
                index: measure(&one.index),
            })
            .collect(),
        dispersion_limit: bursts.limit,
        rate_changes: bursts.rate_changes,
        states_above_capacity: (bursts.peaks.iter())
            .map(|state| JsonState {
                rate_per_s: state.rate,
                stay_s: state.stay,
                left_behind: state.left_behind,
            })
            .collect(),
    }
}

fn measure(measure: &Measure) -> JsonMeasure {
    JsonMeasure {
        value: measure.value,
        low: measure.interval.map(|(low, _)| low),
        high: measure.interval.map(|(_, high)| high),
        basis: match measure.basis {
            Origin::Law => "law",
            Origin::List => "list",
            Origin::Runs => "simulated",
        },
    }
}

fn hoarding(pool: &Hoarding) -> JsonHoarding<'_> {
    JsonHoarding {
        pool: &pool.pool,
        prefetch: pool.prefetch,
        acks_itself: pool.acks_itself,
        works_on: pool.works_on,
        round_trip_s: pool.round_trip.as_secs_f64(),
        keeps_busy: pool.keeps_busy,
        asked_for: pool.asked_for,
        surplus: pool.surplus,
        without: pool.compared.as_ref().map(|compared| JsonCompared {
            wait_p99_difference_s: JsonEstimate::of(&compared.difference),
            finding: compared.finding.word(),
        }),
    }
}

fn losses(losses: &Losses) -> JsonLosses<'_> {
    JsonLosses {
        rules: &losses.rules,
        is_known: losses.is_known,
        shares: (losses.shares.iter())
            .map(|loss| JsonLoss {
                figure: loss.figure.name(),
                share: JsonEstimate::of(&loss.share),
            })
            .collect(),
        refusals_return: losses.refusals_return,
        attempts: (losses.attempts.iter())
            .map(|attempts| JsonAttempts {
                pool: &attempts.pool,
                mean: JsonEstimate::of(&attempts.mean),
            })
            .collect(),
    }
}
