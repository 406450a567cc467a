//! dL/dt = P − S, bucket by bucket and exactly: levels at the borders against counts between them.

use super::scenario;
use queuelab::engine;
use queuelab::measure::{Probe, Record, Recorder, Setup, bucket_width};
use queuelab::queue::{Delivery, Effect, Levels, QueueId, Sink};
use queuelab::scenario::Scenario;
use queuelab::time::Time;
use queuelab::workload::Job;
use std::sync::Arc;

/// A recorder, and beside it the first queue's `total` at each border between buckets, just before what happens there.
struct Surveyor {
    recorder: Recorder,
    width: u64,
    total: u64,
    borders: Vec<u64>,
}

impl Surveyor {
    fn record(scenario: &Scenario) -> (Record, Vec<u64>) {
        let width = bucket_width(scenario.horizon - Time::ZERO);
        let setup = Setup {
            cuts: Arc::from(vec![scenario.horizon]),
            bucket_width: width,
            drain_from: vec![None; scenario.queues.len()],
            partitions: scenario.partitions(),
            waits: Vec::new(),
            pools: scenario.pools.len(),
            producers: scenario.producers.len(),
            exits: 0,
        };
        let recorder = Recorder::new(&setup);
        let mut probe = Self {
            recorder,
            width: width.as_nanos(),
            total: 0,
            borders: vec![0],
        };
        let totals = engine::simulate(scenario, scenario.seed, 0, &mut probe)
            .expect("the run comes to its end");
        probe.pass(totals.end);
        (
            probe
                .recorder
                .finish(totals.end, &totals.broker, &totals.media),
            probe.borders,
        )
    }

    fn pass(&mut self, now: Time) {
        while self.borders.len() as u64 * self.width <= now.as_nanos() {
            self.borders.push(self.total);
        }
    }
}

impl Sink<Job> for Surveyor {
    fn effect(&mut self, now: Time, queue: QueueId, effect: &Effect<'_, Job>, levels: Levels) {
        self.recorder.effect(now, queue, effect, levels);
        if queue.0 == 0 {
            self.pass(now);
            self.total = levels.total();
        }
    }
}

impl Probe for Surveyor {
    fn started(&mut self, now: Time, pool: usize, delivery: &Delivery<Job>, begun_before: bool) {
        self.recorder.started(now, pool, delivery, begun_before);
    }

    fn ended(&mut self, _: Time, _: &Job, _: bool) {}

    fn occupied(&mut self, now: Time, pool: usize, busy: u64, up: u64) {
        self.recorder.occupied(now, pool, busy, up);
    }
}

fn assert_balanced(text: &str) {
    let set = scenario(text);
    let (record, borders) = Surveyor::record(&set.base);
    let queue = &record.queues[0];
    assert!(queue.buckets.len() > 100, "{} buckets", queue.buckets.len());
    let mut flowed = 0;
    for (index, (bucket, border)) in queue.buckets.iter().zip(borders.windows(2)).enumerate() {
        let grown = border[1] as i64 - border[0] as i64;
        let net = bucket.accepted as i64 - bucket.acked as i64 - bucket.lost as i64;
        assert_eq!(net, grown, "bucket {index}: P − S is not dL/dt: {bucket:?}");
        flowed += bucket.accepted;
    }
    assert!(flowed > 1000, "{flowed}");
}

#[test]
fn backlog_grows_by_what_comes_in_less_what_goes_out_in_every_bucket() {
    assert_balanced(
        r#"
title = "Everything at once"
horizon = "200s"
producer.source = { to = "line", arrivals = { mmpp = { rates = ["90/s", "10/s"], dwell = ["5s", "5s"] } }, ttl = "exponential(2s)", priority = "uniform(low=0, high=2)" }
queue.line = { max_length = 40, max_priority = 2, expiry = "deadline", delivery_limit = 3, dead_letter = "grave" }
queue.grave = {}
pool.crew = { from = "line", consumers = 4, prefetch = 3, service = "gamma(mean=80ms, cv=1.2)", failure = { probability = "5%", then = "requeue" } }
"#,
    );
}

#[test]
fn what_happens_on_a_border_between_buckets_counts_once_and_after_it() {
    // Buckets are 200 ms wide; every arrival and every second completion falls on a border.
    assert_balanced(
        r#"
title = "By the clock"
horizon = "200s"
kind = "terminating"
producer.source = { to = "line", arrivals = "renewal(constant(200ms))", batch = 3 }
queue.line = { max_length = 5 }
pool.crew = { from = "line", consumers = 2, service = "constant(150ms)" }
"#,
    );
}
