//! The traffic equations, against networks that can be worked out by hand.

use super::{PARCELS, changed_in, loaded};
use crate::scenario::Scenario;

const TO: &str = "to        = [{ queue = \"packing\", share = \"92%\" }, { exit = \"refused\" }]";

fn parcels(to: &str) -> Scenario {
    loaded(&changed_in(PARCELS, TO, to)).base
}

#[track_caller]
fn assert_near(rate: Option<f64>, expected: f64) {
    let near = rate.is_some_and(|rate| (rate - expected).abs() <= 1e-9 * expected.abs().max(1.0));
    assert!(near, "{rate:?} is not {expected}");
}

#[test]
fn a_stage_passes_on_its_share_of_what_it_is_offered() {
    let base = parcels(TO);
    assert_near(base.offered_rate(0), 8.0);
    assert_near(base.offered_rate(1), 8.0 * 0.92);
    assert!(base.is_fed_by_pools(1) && !base.is_fed_by_pools(0));
}

#[test]
fn a_saturated_stage_passes_on_its_capacity() {
    let base = loaded(&PARCELS.replace("consumers = 10", "consumers = 5")).base;
    assert_near(base.offered_rate(0), 8.0);
    assert_near(base.offered_rate(1), 5.0 * 0.92);
}

#[test]
fn what_comes_back_with_chance_p_multiplies_the_traffic_by_1_over_1_minus_p() {
    let back = |share: &str| {
        parcels(&format!(
            "to = [{{ queue = \"picking\", share = \"{share}\" }}, \"packing\"]"
        ))
    };
    let base = back("20%");
    assert_near(base.offered_rate(0), 10.0);
    assert_near(base.offered_rate(1), 8.0);
    // γ/(1 − p) is beyond the capacity of 10/s: what comes back is a share of that.
    let base = back("50%");
    assert_near(base.offered_rate(0), 8.0 + 5.0);
    assert_near(base.offered_rate(1), 5.0);
    // Nearly all comes back: the equations still settle.
    let base = loaded(
        &changed_in(
            PARCELS,
            TO,
            "to = [{ queue = \"picking\", share = \"99%\" }, \"packing\"]",
        )
        .replace("8/s", "6/min"),
    )
    .base;
    let rate = base.offered_rate(0).unwrap_or(0.0);
    assert!((rate - 10.0).abs() < 1e-6, "{rate}");
}

#[test]
fn two_pools_share_a_queue_as_they_can_work() {
    let faster = format!(
        "{TO}\n[queue.gift]\n[pool.wrappers]\nfrom = \"picking\"\nconsumers = 30\nservice = \"constant(1s)\"\nto = \"gift\""
    );
    let base = parcels(&faster);
    // 10/s and 30/s: a quarter and three quarters of the 8/s.
    assert_near(base.offered_rate(1), 2.0 * 0.92);
    assert_near(base.offered_rate(2), 6.0);
}

/// The packers' stage, where work fails so.
fn failing(failure: &str) -> Scenario {
    let service = "service   = \"exponential(900ms)\"";
    let failing = format!("consumers = 100\n{service}\nfailure = {failure}");
    loaded(
        &changed_in(PARCELS, service, &failing)
            .replace("consumers = 8\n", "")
            .replace(TO, "to = \"packing\""),
    )
    .base
}

#[test]
fn retries_are_published_anew_as_often_as_work_fails() {
    let retry = |limit: &str| {
        failing(&format!(
            "{{ probability = \"20%\", then = {{ retry = {{ backoff = \"fixed(1s)\"{limit} }} }} }}"
        ))
    };
    // λ·(1 + p + p² + …)
    assert_near(retry("").offered_rate(1), 8.0 / 0.8);
    assert_near(
        retry(", limit = 2").offered_rate(1),
        8.0 * (1.0 + 0.2 + 0.04),
    );
    assert_near(retry(", limit = 0").offered_rate(1), 8.0);
    let poisoned =
        failing("{ poison = \"10%\", then = { retry = { backoff = \"fixed(1s)\", limit = 4 } } }");
    assert_near(poisoned.offered_rate(1), 8.0 * (0.9 + 0.1 * 5.0));
}

#[test]
fn what_is_requeued_takes_capacity_and_is_passed_on_once() {
    let then = |then: &str, limit: &str| {
        let failing = format!("{TO}\nfailure = {{ probability = \"20%\", then = \"{then}\" }}");
        loaded(
            &changed_in(PARCELS, TO, &failing)
                .replace("[queue.picking]", &format!("[queue.picking]\n{limit}"))
                .replace("consumers = 10", "consumers = 100"),
        )
        .base
    };
    let requeue = then("requeue", "");
    assert_near(requeue.offered_rate(1), 8.0 * 0.92);
    assert_near(Some(requeue.capacity(0)), 80.0);
    let limited = then("requeue", "delivery_limit = 1");
    assert_near(limited.offered_rate(1), 8.0 * 0.96 * 0.92);
    assert_near(then("reject", "").offered_rate(1), 8.0 * 0.8 * 0.92);
}

#[test]
fn copies_and_balancers_are_counted() {
    let base = parcels("to = { all = [\"packing\", \"spare\"] }\n[queue.spare]");
    assert_eq!(
        (base.offered_rate(1), base.offered_rate(2)),
        (Some(8.0), Some(8.0))
    );
    let base = parcels(
        "to = { balance = \"shortest\", queues = [\"packing\", \"spare\"] }\n[queue.spare]",
    );
    assert_eq!(
        (base.offered_rate(1), base.offered_rate(2)),
        (Some(4.0), Some(4.0))
    );
}

#[test]
fn a_closed_producer_leaves_the_traffic_after_it_unknown_and_no_other() {
    let closed = "arrivals = \"closed(clients=20, think=constant(1s))\"";
    let text = changed_in(PARCELS, "arrivals = \"poisson(8/s)\"", closed)
        + "[queue.other]\n[producer.third]\nto = \"other\"\narrivals = \"poisson(3/s)\"\n";
    let base = loaded(&text).base;
    let rates: Vec<_> = (0..3).map(|queue| base.offered_rate(queue)).collect();
    assert_eq!(rates, [None, None, Some(3.0)]);
    assert!(base.parameters().contains("packing: 20 clients → "));
}

#[test]
fn what_pools_publish_is_expected_of_a_run() {
    let base = parcels(TO);
    let expected = base.expected_messages();
    assert!((expected - 3_600.0 * 8.0 * 1.92).abs() < 1e-6, "{expected}");
}

#[test]
fn the_parameters_name_the_first_stages_and_count_the_others() {
    let base = parcels(TO);
    assert_eq!(
        base.parameters(),
        "picking: 8/s → 10 consumers, exponential(1s), prefetch 1; \
         packing: 7.36/s → 8 consumers, exponential(900ms), prefetch 1"
    );
    let mut long = PARCELS.to_owned();
    for stage in ["a", "b", "c", "d", "e"] {
        long += &format!(
            "[queue.{stage}]\n[producer.p{stage}]\nto = \"{stage}\"\narrivals = \"poisson(1/s)\"\n\
             [pool.w{stage}]\nfrom = \"{stage}\"\nconsumers = 2\nservice = \"constant(1s)\"\n"
        );
    }
    let shown = loaded(&long).base.parameters();
    assert!(
        shown.ends_with("; a: 1/s → 2 consumers, constant(1s), prefetch 1; and 4 more queues"),
        "{shown}"
    );
}
