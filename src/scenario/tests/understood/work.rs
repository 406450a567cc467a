//! How pools work: by producer, in batches, from afar.

use super::super::{PARCELS, changed_in, read};
use super::{again, loaded};
use crate::scenario::{Batching, Scenario, ServiceOf};
use crate::time::Span;
use crate::workload::Distribution;

const SERVICE: &str = "service   = \"exponential(900ms)\"";

/// The file with this beside the packers' service, after the resolved text has said the same.
#[track_caller]
fn parcels(more: &str) -> Scenario {
    let set = loaded(&changed_in(PARCELS, SERVICE, &format!("{SERVICE}\n{more}")));
    assert_eq!(again(&set).base, set.base);
    set.base
}

fn constant(value: f64) -> Distribution {
    Distribution::constant(value).expect("not negative")
}

#[test]
fn work_may_depend_on_the_producer() {
    let base = parcels("service_of = { shop = \"constant(2s)\" }");
    let own = ServiceOf {
        producer: 0,
        service: constant(2.0),
    };
    assert_eq!(base.pools[1].service_of, [own]);
    assert_eq!(base.capacity(1), 8.0 / 2.0);
    assert!(
        base.parameters()
            .ends_with("exponential(900ms) or by producer, prefetch 1")
    );
    // 8/s of the shop at 1 s and 2/s of the web at 3 s.
    let two = changed_in(
        PARCELS,
        "\"exponential(1s)\"",
        "\"exponential(1s)\"\nservice_of = { web = \"constant(3s)\" }",
    ) + "[producer.web]\nto = \"picking\"\narrivals = \"poisson(2/s)\"\n";
    assert!((loaded(&two).base.capacity(0) - 10.0 / 1.4).abs() < 1e-12);
}

#[test]
fn a_service_of_a_producer_that_is_never_seen_is_warned_of() {
    let text = changed_in(
        PARCELS,
        SERVICE,
        &format!("{SERVICE}\nservice_of = {{ web = \"constant(3s)\" }}"),
    ) + "[queue.other]\n[producer.web]\nto = \"other\"\narrivals = \"poisson(2/s)\"\n";
    let warnings = loaded(&text).warnings;
    assert!(
        warnings[0].starts_with("warning: no message of \"web\" comes to this pool"),
        "{warnings:?}"
    );
}

#[test]
fn batches_are_filled_by_the_prefetch() {
    let base = parcels("batch = { size = 50 }");
    let batch = |wait, setup| Batching {
        size: 50,
        wait,
        setup: constant(setup),
    };
    assert_eq!(base.pools[1].batch, Some(batch(Span::ZERO, 0.0)));
    assert_eq!(base.pools[1].prefetch, 50);
    let more = "batch = { size = 50, wait = \"100ms\", setup = \"constant(5s)\" }\nconcurrency = 2";
    let base = parcels(more);
    assert_eq!(
        base.pools[1].batch,
        Some(batch(Span::from_nanos(100_000_000), 5.0))
    );
    assert_eq!(base.pools[1].prefetch, 100);
    // Each message takes 0.9 s and a fiftieth of the setup.
    assert_eq!(base.capacity(1), 16.0);
    assert!(
        base.parameters()
            .ends_with("8 consumers × 2, exponential(900ms), batches of 50, prefetch 100")
    );
    assert_eq!(
        parcels("batch = { size = 50 }\nprefetch = 0").pools[1].prefetch,
        0
    );
}

#[test]
fn a_round_trip_asks_for_a_prefetch() {
    // RabbitMQ's own example: 100 ms there and back, 4 ms of work: 26 messages keep one consumer busy.
    let capacity = |prefetch: u32| {
        let text = PARCELS
            .replace(
                "\"exponential(900ms)\"",
                &format!("\"constant(4ms)\"\nprefetch = {prefetch}\nround_trip = \"100ms\""),
            )
            .replace("consumers = 8", "consumers = 1");
        loaded(&text).base.capacity(1)
    };
    assert!((capacity(26) - 250.0).abs() < 1e-9);
    assert!((capacity(25) / 250.0 - 0.96).abs() < 0.002);
    assert!((capacity(1) - 1.0 / 0.104).abs() < 1e-9);
    assert!((capacity(0) - 250.0).abs() < 1e-9);
}

#[test]
fn crashes_take_their_share_of_the_capacity() {
    let base = parcels("crashes = { up = \"exponential(3h)\", down = \"exponential(1h)\" }");
    assert!((base.capacity(1) - 0.75 * 8.0 / 0.9).abs() < 1e-12);
}

#[test]
fn a_priority_of_consumers_is_of_either_sign() {
    assert_eq!(parcels("").pools[1].priority, 0);
    assert_eq!(parcels("priority = -5").pools[1].priority, -5);
    let set = read(
        PARCELS,
        &["pool.packers.priority=10", "pool.packers.round_trip=5ms"],
        &[],
    );
    let pool = set
        .map(|mut set| set.base.pools.remove(1))
        .expect("both are legal");
    assert_eq!(
        (pool.priority, pool.round_trip),
        (10, Span::from_nanos(5_000_000))
    );
}
