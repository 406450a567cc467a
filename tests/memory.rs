//! Memory is flat: a run twice as long allocates no more often, and holds no more at its peak.
//!
//! Allocations are counted by thread, as all tests are in one process. What may differ is what a longer run reaches for
//! the first time: a longer backlog, a later bin of a histogram.

#![expect(
    unsafe_code,
    reason = "an allocator that counts can be had no other way"
)]

use crate::laws::scenario;
use queuelab::engine;
use queuelab::measure::{Recorder, Setup, bucket_width};
use queuelab::queue::{
    Binding, Broker, ChannelId, ExchangeKind, ExchangeSettings, Publication, QueueSettings, Route,
    Subscription,
};
use queuelab::scenario::Scenario;
use queuelab::time::Time;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::Arc;

struct Counting;

thread_local! {
    static COUNT: Cell<u64> = const { Cell::new(0) };
    static HELD: Cell<i64> = const { Cell::new(0) };
    static PEAK: Cell<i64> = const { Cell::new(0) };
}

fn note(allocations: u64, bytes: i64) {
    COUNT.set(COUNT.get() + allocations);
    let held = HELD.get() + bytes;
    HELD.set(held);
    PEAK.set(PEAK.get().max(held));
}

// SAFETY: every call is handed on to the system's allocator as it is. The counters are plain cells without destructors, so
// touching them neither allocates nor fails at any time of a thread's life.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note(1, layout.size() as i64);
        // SAFETY: as promised by the caller.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        note(0, -(layout.size() as i64));
        // SAFETY: as promised by the caller.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        note(1, size as i64 - layout.size() as i64);
        // SAFETY: as promised by the caller.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What one run took.
#[derive(Clone, Copy, Debug)]
struct Cost {
    messages: u64,
    allocations: u64,
    /// Most bytes held at once, above what was held before.
    peak: i64,
}

fn cost(scenario: &Scenario) -> Cost {
    let setup = Setup {
        cuts: Arc::from(vec![
            Time::from_nanos(scenario.horizon.as_nanos() / 8),
            scenario.horizon,
        ]),
        bucket_width: bucket_width(scenario.horizon - Time::ZERO),
        drain_from: vec![None; scenario.queues.len()],
        partitions: scenario.partitions(),
        waits: Vec::new(),
        pools: scenario.pools.len(),
        producers: scenario.producers.len(),
        exits: 0,
    };
    let (count, held) = (COUNT.get(), HELD.get());
    PEAK.set(held);
    let mut recorder = Recorder::new(&setup);
    let totals = engine::simulate(scenario, 1, 0, &mut recorder).expect("the run comes to its end");
    let (allocations, peak) = (COUNT.get() - count, PEAK.get() - held);
    let record = recorder.finish(totals.end, &totals.broker, &totals.media);
    let messages = record.queues[0].audit.accepted
        + record.queues[0]
            .segments
            .iter()
            .map(|s| s.events.refused)
            .sum::<u64>();
    Cost {
        messages,
        allocations,
        peak,
    }
}

/// `parts` are the lines of producer, queue and pool; about 100 messages per second.
#[track_caller]
fn assert_flat(parts: [&str; 3]) {
    let [source, line, crew] = parts;
    let of = |horizon: u32| {
        cost(
            &scenario(&format!(
                "title = \"Memory\"\nkind = \"steady\"\nhorizon = \"{horizon}s\"\n\
                 producer.source = {{ to = \"line\", {source} }}\nqueue.line = {line}\n\
                 pool.crew = {{ from = \"line\", {crew} }}\n"
            ))
            .base,
        )
    };
    let (once, twice) = (of(2_000), of(4_000));
    assert!(
        once.messages > 150_000 && twice.messages > 300_000,
        "{once:?} {twice:?}"
    );
    let more = twice.allocations.abs_diff(once.allocations);
    assert!(
        more <= 40,
        "{more} allocations more for {} messages more",
        twice.messages - once.messages
    );
    let grown = twice.peak - once.peak;
    // A histogram that reaches a later bin may double. One word for each message would be three times as much.
    assert!(
        grown <= 512 * 1024,
        "{grown} bytes more for {} messages more",
        twice.messages - once.messages
    );
}

#[test]
fn allocations_are_counted() {
    let before = (COUNT.get(), HELD.get());
    let held = vec![0_u8; 1000];
    assert_eq!((COUNT.get() - before.0, HELD.get() - before.1), (1, 1000));
    drop(held);
    assert_eq!(HELD.get(), before.1);
}

#[test]
fn a_message_of_a_plain_queue_allocates_nothing() {
    assert_flat([
        "arrivals = \"poisson(100/s)\"",
        "{}",
        "consumers = 1, service = \"exponential(8ms)\"",
    ]);
}

#[test]
fn a_message_that_is_prefetched_allocates_nothing() {
    let crew =
        "consumers = 3, concurrency = 2, prefetch = 10, service = \"lognormal(mean=50ms, cv=1)\"";
    assert_flat(["arrivals = \"poisson(100/s)\"", "{}", crew]);
}

#[test]
fn a_message_with_priority_and_a_time_to_live_allocates_nothing() {
    let source = "arrivals = \"poisson(100/s)\", priority = \"uniform(low=0, high=4)\", ttl = \"exponential(500ms)\"";
    let crew = "consumers = 10, service = \"exponential(100ms)\"";
    for expiry in ["head", "deadline"] {
        assert_flat([
            source,
            &format!("{{ max_priority = 4, expiry = \"{expiry}\" }}"),
            crew,
        ]);
    }
}

#[test]
fn a_message_that_is_dropped_or_refused_allocates_nothing() {
    let source = "arrivals = \"poisson(100/s)\", batch = \"uniform(low=1, high=2)\", size = \"exponential(2KiB)\"";
    let crew = "consumers = 10, prefetch = 2, service = \"exponential(100ms)\"";
    for line in [
        "{ max_length = 20 }",
        "{ max_length = 20, overflow = \"reject-publish\" }",
        "{ max_length_bytes = \"30KiB\" }",
    ] {
        assert_flat([source, line, crew]);
    }
}

#[test]
fn a_message_that_comes_back_allocates_nothing() {
    let crew = "consumers = 10, prefetch = 4, service = \"exponential(70ms)\", failure = { probability = \"10%\", then = \"requeue\" }";
    assert_flat([
        "arrivals = \"poisson(100/s)\"",
        "{ delivery_limit = 3 }",
        crew,
    ]);
}

/// Publishes, delivers and acks by `route` a thousand times; gives the allocations of the second half.
fn allocations_by(broker: &mut Broker<u32>, channel: ChannelId, route: &Arc<Route>) -> u64 {
    let mut before = 0;
    for number in 0..1000 {
        if number == 500 {
            before = COUNT.get();
        }
        let publication = Publication::of(number);
        let published = broker.publish_to(Time::ZERO, route, publication, false, &mut ());
        assert!(published.expect("the exchange is there").is_routed());
        while let Some(delivery) = broker.poll_delivery(Time::ZERO, &mut ()) {
            let settled = broker.ack(Time::ZERO, channel, delivery.tag, &mut ());
            settled.expect("it was delivered");
        }
    }
    COUNT.get() - before
}

#[test]
fn a_message_that_goes_through_exchanges_allocates_nothing() {
    let mut broker = Broker::new();
    let channel = broker.open_channel();
    let kinds = [
        ExchangeKind::Direct,
        ExchangeKind::Fanout,
        ExchangeKind::Topic,
    ];
    let exchanges = kinds.map(|kind| {
        let settings = ExchangeSettings {
            kind,
            alternate: None,
        };
        let declared = broker.declare_exchange(&format!("{kind:?}"), settings);
        declared.expect("its name is free")
    });
    for _ in 0..3 {
        let queue = broker.declare(Time::ZERO, QueueSettings::default());
        let queue = queue.expect("there may be such a queue");
        let subscribed = broker.subscribe(channel, queue, Subscription::prefetch(0));
        subscribed.expect("both are there");
        for exchange in exchanges {
            let bound = broker.bind(exchange, queue, Binding::key("key"));
            bound.expect("both are there");
        }
    }
    broker
        .bind(exchanges[0], exchanges[1], Binding::key("key"))
        .expect("both are there");
    for exchange in exchanges {
        let route = Arc::new(Route::new(exchange, "key"));
        let allocations = allocations_by(&mut broker, channel, &route);
        assert_eq!(allocations, 0, "{exchange:?}");
    }
}
