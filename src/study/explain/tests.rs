//! What is said of small scenarios, against what is found by hand.

use super::{Explanation, Ground, Origin, QueueExplained, explain, shorten};
use crate::scenario::{self, Flags, ScenarioSet, load};
use crate::study::Finding;
use crate::study::outcome::Estimate;
use crate::time::Time;
use std::io;

#[track_caller]
pub(in crate::study) fn scenario(text: &str) -> ScenarioSet {
    let origin = scenario::Origin {
        name: "small",
        path: "small.toml",
    };
    let mut nothing = |_: &str| Err(io::Error::from(io::ErrorKind::NotFound));
    load(text, origin, &Flags::default(), &mut nothing)
        .unwrap_or_else(|mistakes| panic!("{mistakes}\n{text}"))
}

#[track_caller]
fn explained(replications: Option<u32>, text: &str) -> Explanation {
    let whole = format!("title = \"Small\"\n{text}");
    explain(&scenario(&whole), replications, &()).expect("it can be explained")
}

/// Of a scenario with one queue.
#[track_caller]
fn queue(replications: Option<u32>, text: &str) -> QueueExplained {
    let mut explained = explained(replications, text);
    assert_eq!(explained.queues.len(), 1);
    explained.queues.remove(0)
}

#[track_caller]
fn assert_close(value: f64, expected: f64) {
    assert!(
        (value - expected).abs() <= 1e-9 * expected.abs(),
        "{value}, not {expected}"
    );
}

/// Whether the interval of a simulated figure holds a value, widened by as much again on both sides, so that no seed
/// makes a test fail.
#[track_caller]
fn assert_holds(estimate: Option<&Estimate>, expected: f64) {
    let Some(Estimate::Known {
        interval: Some((low, high)),
        ..
    }) = estimate
    else {
        panic!("{estimate:?} has no interval");
    };
    let half = (high - low) / 2.0;
    assert!(
        low - half <= expected && expected <= high + half,
        "{expected} is not near {estimate:?}"
    );
}

const NINE: &str = r#"
horizon = "5m"
producer.shop = { to = "line", arrivals = "poisson(80/s)" }
queue.line = {}
pool.clerks = { from = "line", consumers = 9, service = "exponential(83ms)" }
"#;

#[test]
fn a_pool_without_overload_is_load_chance_and_an_exact_model() {
    let queue = queue(Some(4), NINE);
    assert_eq!(queue.load.rate, Some(80.0));
    assert_close(queue.load.erlang.unwrap_or(0.0), 6.64);
    assert_close(queue.load.capacity, 9.0 / 0.083);
    assert_eq!(queue.capacity.len(), 1);
    assert!(queue.overload.stretches.is_empty() && queue.overload.is_known);
    assert!(matches!(
        queue.trust.ground,
        Ground::Chance { unknown: None }
    ));
    let models = queue
        .trust
        .models
        .iter()
        .map(|answered| answered.model.as_str());
    assert_eq!(models.collect::<Vec<_>>(), ["M/M/9"]);
    assert_eq!(queue.hoarding[0].surplus, Some(0));
    assert!(queue.hoarding[0].compared.is_none());
}

#[test]
fn a_model_that_is_only_near_is_not_called_exact() {
    let service = r#"service = "lognormal(mean=83ms, cv=2)""#;
    let lognormal = NINE.replace(r#"service = "exponential(83ms)""#, service);
    let queue = queue(Some(4), &lognormal);
    let [model] = &queue.trust.models[..] else {
        panic!("{:?}", queue.trust.models);
    };
    assert!(model.model == "M/G/9" && model.error.is_some(), "{model:?}");
}

/// 150/s for 300 s against 125/s: ∫(λ − C) dt = 7,500, gone at 45/s after 166.7 s.
#[test]
fn an_overload_leaves_its_excess_behind_and_drains() {
    let queue = queue(
        Some(4),
        r#"
horizon = "20m"
producer.shop = { to = "line", arrivals = { profile = { between = "step", points = [{ at = "0s", rate = "80/s" }, { at = "5m", rate = "150/s" }, { at = "10m", rate = "80/s" }] } } }
queue.line = {}
pool.clerks = { from = "line", consumers = 10, service = "exponential(80ms)" }
"#,
    );
    let [stretch] = &queue.overload.stretches[..] else {
        panic!("{:?}", queue.overload.stretches);
    };
    let minute = |minutes: f64| Time::from_secs_f64(60.0 * minutes);
    assert_eq!((stretch.from, stretch.to), (minute(5.0), minute(10.0)));
    assert_close(stretch.excess, 7_500.0);
    // L stands at 6.4 then, goes to 12 by dL/dt = 150 − 12.5 L, and from 10 on, when all are busy, grows by 25/s.
    let grown = stretch.fluid.expect("the fluid applies");
    let all_busy_after = 2.8_f64.ln() / 12.5;
    let by_hand = 10.0 + 25.0 * (300.0 - all_busy_after) - 6.4;
    assert!((grown - by_hand).abs() < 1e-3, "{grown}, not {by_hand}");
    assert_holds(stretch.simulated.as_ref(), grown);
    let drain = queue.overload.drain.as_ref().expect("there is a backlog");
    let by_fluid = drain.fluid.expect("it is gone").as_secs_f64();
    assert!((by_fluid - 7_500.0 / 45.0).abs() < 0.5, "{by_fluid}");
    assert_holds(drain.simulated.as_ref(), by_fluid);
    assert_eq!(queue.load.peak, Some((150.0, minute(5.0))));
    let Ground::Overload { apart: Some(apart) } = queue.trust.ground else {
        panic!("{:?}", queue.trust);
    };
    assert!(apart.abs() < 0.1, "{apart}");
}

#[test]
fn a_backlog_that_grows_for_ever_has_its_growth_and_no_wait() {
    let queue = queue(
        Some(4),
        r#"
horizon = "10m"
producer.shop = { to = "line", arrivals = "poisson(12/s)" }
queue.line = {}
pool.clerks = { from = "line", consumers = 1, service = "exponential(100ms)" }
"#,
    );
    let Ground::Growing { surplus, simulated } = &queue.trust.ground else {
        panic!("{:?}", queue.trust.ground);
    };
    assert_close(*surplus, 2.0);
    assert_holds(simulated.as_ref(), 2.0);
    assert!(matches!(
        queue.simulated.wait_mean,
        Some(Estimate::Refused { .. })
    ));
    assert!(queue.overload.peak.is_none() && queue.overload.drain.is_none());
}

#[test]
fn a_full_queue_must_lose_what_comes_beyond_its_capacity() {
    let queue = queue(
        Some(4),
        r#"
horizon = "20m"
producer.shop = { to = "line", arrivals = "poisson(12/s)" }
queue.line = { max_length = 100 }
pool.clerks = { from = "line", consumers = 1, service = "exponential(100ms)" }
"#,
    );
    let Ground::Full { surplus, share } = queue.trust.ground else {
        panic!("{:?}", queue.trust.ground);
    };
    assert_close(surplus, 2.0);
    assert_close(share, 1.0 / 6.0);
    assert_eq!(queue.losses.rules, ["max_length 100, drop-head"]);
    assert_holds(queue.losses.shares.first().map(|loss| &loss.share), share);
}

#[test]
fn incidents_cut_the_capacity_and_are_named() {
    let queue = queue(
        Some(2),
        r#"
horizon = "10m"
producer.shop = { to = "line", arrivals = "poisson(5/s)" }
queue.line = {}
pool.clerks = { from = "line", consumers = 4, service = "exponential(500ms)", outages = [{ at = "2m", for = "1m", consumers = 3 }], slowdowns = [{ at = "5m", for = "1m", factor = 2 }] }
"#,
    );
    let steps = queue.capacity.iter().map(|step| {
        let why = step.why.first().map_or("", String::as_str);
        (step.to.as_secs_f64(), step.rate, why)
    });
    assert_eq!(
        steps.collect::<Vec<_>>(),
        [
            (120.0, 8.0, ""),
            (180.0, 2.0, "outage of clerks"),
            (300.0, 8.0, ""),
            (360.0, 4.0, "slowdown of clerks"),
            (600.0, 8.0, ""),
        ]
    );
    let excess = queue
        .overload
        .stretches
        .iter()
        .map(|stretch| stretch.excess);
    assert_eq!(excess.collect::<Vec<_>>(), [180.0, 60.0]);
}

#[test]
fn hoarding_is_held_against_its_absence_on_the_same_draws() {
    let queue = queue(
        Some(6),
        r#"
horizon = "30m"
producer.shop = { to = "line", arrivals = "poisson(40/s)" }
queue.line = {}
pool.clerks = { from = "line", consumers = 10, prefetch = 10, service = "lognormal(mean=200ms, cv=2)" }
"#,
    );
    let pool = &queue.hoarding[0];
    assert_eq!((pool.surplus, pool.works_on), (Some(90), 1));
    let compared = pool
        .compared
        .as_ref()
        .expect("there is something to compare");
    assert_eq!(compared.finding, Finding::Better);
    let Estimate::Known {
        value,
        interval: Some((_, high)),
        ..
    } = compared.difference
    else {
        panic!("{compared:?}");
    };
    assert!(value < -2.0 && high < 0.0, "{compared:?}");
}

#[test]
fn the_longer_the_way_the_more_must_a_consumer_hold() {
    let queue = queue(
        Some(2),
        r#"
horizon = "10s"
producer.shop = { to = "line", arrivals = "poisson(5/s)" }
queue.line = {}
pool.clerk = { from = "line", consumers = 1, prefetch = 30, service = "constant(4ms)", round_trip = "100ms" }
"#,
    );
    assert_eq!(queue.hoarding[0].keeps_busy, 26);
}

/// p = 0.8 and 0.2, λ₁ − λ₂ = 150/s, σ = 0.1/s, λ̄ = 40/s: 1 + 2 · 0.16 · 150² · t φ₂(0.1 t) / 40.
#[test]
fn bursts_of_an_mmpp_are_exact_and_their_peaks_are_told() {
    let text = |refused: &str| {
        format!(
            r#"
horizon = "1h"
producer.shop = {{ to = "line", arrivals = {{ mmpp = {{ rates = ["10/s", "160/s"], dwell = ["50s", "12.5s"] }} }}{refused} }}
queue.line = {{}}
pool.clerks = {{ from = "line", consumers = 12, service = "exponential(100ms)" }}
"#
        )
    };
    let exact = queue(Some(2), &text(""));
    let minute = &exact.bursts.dispersion[1].index;
    assert_eq!(minute.basis, Origin::Law);
    assert!((minute.value - 1_501.7).abs() < 0.1, "{minute:?}");
    let [state] = &exact.bursts.peaks[..] else {
        panic!("{:?}", exact.bursts.peaks);
    };
    assert_eq!(
        (state.rate, state.stay, state.left_behind),
        (160.0, 12.5, 500.0)
    );
    // Who publishes again what was refused has no closed form, though here nothing ever is.
    let retry = r#", on_refused = { retry = { backoff = "fixed(1s)" } }"#;
    let measured = queue(Some(8), &text(retry)).bursts;
    for (closed, seen) in exact.bursts.dispersion.iter().zip(&measured.dispersion) {
        let (low, high) = seen.index.interval.expect("eight runs");
        let half = (high - low) / 2.0;
        assert_eq!(seen.index.basis, Origin::Runs);
        assert!(
            low - half < closed.index.value && closed.index.value < high + half,
            "{closed:?} {seen:?}"
        );
    }
}

#[test]
fn batches_multiply_the_index_and_streams_together_share_it() {
    let queue = queue(
        Some(2),
        r#"
horizon = "5m"
producer.one = { to = "line", arrivals = "poisson(10/s)", batch = 5 }
producer.two = { to = "line", arrivals = "poisson(50/s)" }
queue.line = {}
pool.clerks = { from = "line", consumers = 20, service = "exponential(100ms)" }
"#,
    );
    // (50 · 5 + 50 · 1) / 100
    assert_close(queue.bursts.dispersion[0].index.value, 3.0);
    assert_eq!(queue.bursts.scv.map(|scv| scv.basis), Some(Origin::Runs));
}

#[test]
fn a_list_is_counted_and_says_how_uneven_it_is_itself() {
    let times: Vec<String> = (0..100).map(|second| format!("{second}s")).collect();
    let queue = queue(
        Some(2),
        &format!(
            r#"
horizon = "100s"
producer.shop = {{ to = "line", arrivals = "times([{}])" }}
queue.line = {{}}
pool.clerks = {{ from = "line", consumers = 2, service = "exponential(100ms)" }}
"#,
            times.join(", ")
        ),
    );
    assert!(matches!(queue.trust.ground, Ground::Listed { apart: None }));
    assert!(queue.load.counted_in.is_some());
    let index = queue.bursts.dispersion[0].index;
    assert_eq!((index.value, index.basis), (0.0, Origin::List));
    assert_eq!(queue.bursts.scv.map(|scv| scv.value), Some(0.0));
}

#[test]
fn clients_that_wait_for_answers_are_not_offered_at_a_rate() {
    let queue = queue(
        Some(2),
        r#"
horizon = "1m"
producer.shop = { to = "line", arrivals = "closed(clients=5, think=exponential(1s))" }
queue.line = {}
pool.clerks = { from = "line", consumers = 1, service = "exponential(100ms)" }
"#,
    );
    assert!(matches!(queue.trust.ground, Ground::Answers));
    assert_eq!((queue.load.rate, queue.load.erlang), (None, None));
}

#[test]
fn what_takes_too_long_and_cannot_be_cut_is_not_run_at_all() {
    let long = |kind: &str| {
        explained(
            None,
            &format!(
                r#"
horizon = "1d"
kind = "{kind}"
producer.shop = {{ to = "line", arrivals = "poisson(800/s)" }}
queue.line = {{}}
pool.clerks = {{ from = "line", consumers = 9, service = "exponential(8.3ms)" }}
"#
            ),
        )
    };
    let terminating = long("terminating");
    assert_eq!(terminating.effort, None);
    let queue = &terminating.queues[0];
    assert_close(queue.load.erlang.unwrap_or(0.0), 6.64);
    assert!(queue.simulated.wait_mean.is_none() && queue.trust.models.is_empty());
    assert_close(terminating.messages_a_run, 800.0 * 86_400.0);
}

#[test]
fn a_long_run_is_cut_to_what_takes_a_few_seconds() {
    let long = |more: &str| {
        scenario(&format!(
            r#"
title = "Small"
horizon = "5000h"
{more}
producer.shop = {{ to = "line", arrivals = "poisson(1/s)" }}
queue.line = {{}}
pool.clerks = {{ from = "line", consumers = 9, service = "exponential(1s)" }}
"#
        ))
    };
    let cut = |more: &str, asked| {
        let shortened = shorten::shorten(&long(more).base, asked).expect("it can be run");
        let replications = shortened.scenario.replications.most();
        (shortened.scenario.horizon.as_secs_f64(), replications)
    };
    let whole = 18_000_000.0;
    assert_eq!(cut("", None), (600_000.0, 5));
    // As much is kept as is discarded, and who asks for runs gets whole ones.
    assert_eq!(cut("warmup = \"1000h\"", None), (7_200_000.0, 5));
    assert_eq!(cut("", Some(3)), (whole, 3));
}

#[test]
fn a_long_run_in_which_something_happens_at_a_given_time_is_not_cut() {
    let long = |horizon: &str| {
        scenario(&format!(
            r#"
title = "Small"
kind = "steady"
horizon = "{horizon}"
producer.shop = {{ to = "line", arrivals = "poisson(10/s)" }}
queue.line = {{}}
pool.clerks = {{ from = "line", consumers = 9, service = "exponential(100ms)", outages = [{{ at = "30h", for = "10m" }}] }}
"#
        ))
        .base
    };
    let horizon = |horizon, asked| {
        let shortened = shorten::shorten(&long(horizon), asked)?;
        Some(shortened.scenario.horizon.as_secs_f64() / 3600.0)
    };
    assert_eq!(horizon("40h", None), Some(40.0));
    // 14.4M messages a run.
    assert_eq!(horizon("400h", None), None);
    assert_eq!(horizon("400h", Some(2)), Some(400.0));
}
