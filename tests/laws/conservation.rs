//! Whatever a file combines, no message ends twice, and in a drained run none is forgotten.

use super::read;
use queuelab::engine;
use queuelab::measure::Probe;
use queuelab::queue::{Delivery, Effect, Levels, QueueId, Sink};
use queuelab::scenario::Scenario;
use queuelab::time::Time;
use queuelab::workload::Job;
use std::collections::{BTreeMap, BTreeSet};

/// Who counts how often each message is made and ends, and what each queue should hold.
pub(super) struct Books {
    pub(super) made: u64,
    /// By producer.
    pub(super) held: BTreeMap<usize, u64>,
    /// By producer: whether it may not publish, and so perhaps waits for room for one more.
    pub(super) blocked: BTreeMap<usize, bool>,
    pub(super) ended: BTreeMap<(u32, u64), u32>,
    /// Of all that was told, in its order.
    pub(super) digest: u64,
    /// By queue: what came and has not left.
    inside: Vec<u64>,
    /// By pool: consumers and slots.
    most: Vec<(u64, u64)>,
    now: Time,
}

impl Books {
    pub(super) fn of(scenario: &Scenario) -> Self {
        let pools = scenario.pools.iter();
        let most = pools.map(|pool| {
            let consumers = u64::from(pool.consumers);
            (consumers, consumers * u64::from(pool.concurrency))
        });
        Self {
            made: 0,
            held: BTreeMap::new(),
            blocked: BTreeMap::new(),
            ended: BTreeMap::new(),
            digest: 0,
            inside: vec![0; scenario.queues.len()],
            most: most.collect(),
            now: Time::ZERO,
        }
    }

    /// Something was told that these numbers tell from others.
    fn note(&mut self, now: Time, what: [u64; 3]) {
        assert!(now >= self.now, "{now} comes after {}", self.now);
        self.now = now;
        for number in [now.as_nanos()].iter().chain(&what) {
            self.digest = mix(self.digest.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ number);
        }
    }
}

impl Sink<Job> for Books {
    fn effect(&mut self, now: Time, queue: QueueId, effect: &Effect<'_, Job>, levels: Levels) {
        let (kind, job) = match effect {
            Effect::Refused { body, .. } => (0, *body),
            Effect::Accepted { message } => (1, &message.body),
            Effect::Delivered { message, .. } => (2, &message.body),
            Effect::Returned { message } => (3, &message.body),
            Effect::Left { message, .. } => (4, &message.body),
            Effect::Withheld { .. } => return,
            Effect::Copied { message, .. } => (5, &message.body),
        };
        self.note(now, [kind, u64::from(queue.0), job.root]);
        let inside = &mut self.inside[queue.index()];
        match kind {
            1 => *inside += 1,
            4 => *inside -= 1,
            _ => {}
        }
        assert_eq!(
            levels.total(),
            *inside,
            "{queue:?} holds what came and has not left"
        );
    }
}

impl Probe for Books {
    fn made(&mut self, now: Time, producer: usize) {
        self.made += 1;
        self.note(now, [6, producer as u64, 0]);
    }

    fn held_back(&mut self, _: Time, producer: usize, held: u64, is_blocked: bool) {
        self.held.insert(producer, held);
        self.blocked.insert(producer, is_blocked);
    }

    fn started(&mut self, now: Time, pool: usize, delivery: &Delivery<Job>, _: bool) {
        self.note(now, [7, pool as u64, delivery.body.root]);
    }

    fn occupied(&mut self, now: Time, pool: usize, busy: u64, up: u64) {
        assert!(busy == 0 || up > 0, "{busy} are at work, and nobody is up");
        let (consumers, slots) = self.most[pool];
        assert!(
            busy <= slots && up <= consumers,
            "{busy} of {slots} slots are at work, {up} of {consumers} consumers up"
        );
        self.note(now, [8 + pool as u64, busy, up]);
    }

    fn ended(&mut self, now: Time, job: &Job, completed: bool) {
        self.note(
            now,
            [u64::from(completed), job.root, u64::from(job.producer)],
        );
        *self.ended.entry((job.producer, job.root)).or_insert(0) += 1;
    }

    /// No run of these files is so long, unless it never ends.
    fn goes_on(&mut self, events: u64) -> bool {
        events < 1_000_000
    }
}

/// What may be said of each part of the file; the first of each is nothing.
const PRODUCER: &[&str] = &[
    "",
    "confirms = { window = 3, delay = \"exponential(200ms)\" }",
    "timeout = { after = \"1500ms\", retry = { backoff = \"fixed(300ms)\", limit = 3 } }",
    "on_refused = \"block\"",
    "on_refused = { retry = { backoff = \"fixed(500ms)\", limit = 4 } }",
    "confirms = { window = 2, delay = \"constant(100ms)\" }\non_refused = \"block\"\nttl = \"3s\"",
    "timeout = { after = \"1s\", retry = { backoff = \"fixed(0s)\", limit = 2 } }\non_refused = { retry = { backoff = \"fixed(500ms)\", limit = 2 } }",
];
const TO: &[&str] = &[
    "\"work\"",
    "{ exchange = \"all\" }",
    "{ balance = \"random\", queues = [\"work\", \"side\"] }",
    "{ exchange = \"some\", keys = [{ key = \"a\", share = \"60%\" }, { key = \"nobody\" }] }",
];
const QUEUE: &[&str] = &[
    "",
    "max_length = 3",
    "max_length = 3\noverflow = \"reject-publish\"",
    "message_ttl = \"800ms\"\ndead_letter = \"dead\"",
    "max_length = 2\noverflow = \"reject-publish-dlx\"\ndead_letter = \"dead\"",
    "kind = \"quorum\"\ndelivery_limit = 2\ndead_letter = { exchange = \"all\", key = \"x\" }",
    "kind = \"quorum\"\ndelayed_retry = { of = \"all\", min = \"400ms\" }\ndelivery_limit = 3",
    "kind = \"quorum\"\nmax_length = 4\noverflow = \"reject-publish\"\ndead_letter = \"dead\"\ndead_letter_strategy = \"at-least-once\"",
    "kind = \"quorum\"\nmax_length = 9\noverflow = \"reject-publish\"\nmessage_ttl = \"700ms\"\ndead_letter = { exchange = \"graves\" }\ndead_letter_strategy = \"at-least-once\"",
    "intake = \"150ms\"",
    "single_active_consumer = true\nexpiry = \"deadline\"\nmessage_ttl = \"2s\"",
];
const POOL: &[&str] = &[
    "",
    "ack = \"auto\"",
    "prefetch = 5\nround_trip = \"300ms\"",
    "batch = { size = 3, wait = \"500ms\" }",
    "ack = \"auto\"\nround_trip = \"200ms\"",
];
const FAILURE: &[&str] = &[
    "",
    "failure = { probability = \"40%\", then = \"reject\" }",
    "failure = { probability = \"40%\", then = \"requeue\" }",
    "failure = { probability = \"40%\", then = \"reject-requeue\" }",
    "failure = { probability = \"40%\", then = { retry = { backoff = \"fixed(300ms)\", limit = 2 } } }",
];
const FATE: &[&str] = &[
    "",
    "crashes = { up = \"exponential(3s)\", down = \"exponential(500ms)\" }",
    "outages = [{ at = \"4s\", for = \"1s\" }]",
    "restarts = [{ at = \"3s\", each = \"500ms\" }]",
    "crashes = { up = \"exponential(2s)\", down = \"constant(100ms)\" }\non_crash = \"resume\"",
];
const NEXT: &[&str] = &[
    "",
    "to = \"later\"",
    "to = { all = [\"later\", \"side\"] }",
    "to = \"later\"\non_refused = \"block\"",
    "to = [{ queue = \"later\", share = \"50%\" }, { exit = \"out\" }]",
];
const TOP: &[&str] = &[
    "",
    "memory_limit = 2_000",
    "profile = \"rabbitmq-3.10\"",
    "profile = \"rabbitmq-3.10\"\nconsumer_timeout = \"1s\"",
];

/// A number below `count`, by a hash of where it is asked.
pub(super) fn pick(round: u64, place: u64, count: usize) -> usize {
    (mix((round * 64 + place).wrapping_mul(0x9e37_79b9_7f4a_7c15)) % count as u64) as usize
}

/// The end of SplitMix64.
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn file(round: u64) -> String {
    let one = |place, of: &[&'static str]| of[pick(round, place, of.len())];
    format!(
        r#"title = "Round {round}"
kind = "terminating"
horizon = "10s"
at_horizon = "drain"
{}
[producer.shop]
to = {}
arrivals = "poisson(6/s)"
size = 400
{}
[producer.clients]
to = "side"
arrivals = {{ closed = {{ clients = 2, think = "exponential(700ms)" }} }}
[exchange.all]
kind = "fanout"
bindings = [{{ queue = "work" }}, {{ queue = "side" }}]
[exchange.graves]
kind = "fanout"
bindings = [{{ queue = "dead" }}, {{ queue = "later" }}]
[exchange.some]
kind = "direct"
bindings = [{{ queue = "work", key = "a" }}]
[queue.work]
{}
[queue.side]
[queue.later]
max_length = 2
overflow = "reject-publish"
[queue.dead]
[pool.workers]
from = "work"
consumers = 3
service = "exponential(400ms)"
{}
{}
{}
{}
[pool.aside]
from = "side"
consumers = 2
service = "exponential(200ms)"
[pool.laters]
from = "later"
consumers = 2
service = "exponential(300ms)"
"#,
        one(0, TOP),
        one(1, TO),
        one(2, PRODUCER),
        one(3, QUEUE),
        one(4, POOL),
        one(5, FAILURE),
        one(6, FATE),
        one(7, NEXT),
    )
}

#[test]
fn every_message_ends_once_whatever_a_file_combines() {
    let mut ran = 0;
    for round in 0..3_000 {
        let text = file(round);
        let Ok(set) = read(&text) else {
            continue;
        };
        ran += 1;
        let mut books = Books::of(&set.base);
        let totals = engine::simulate(&set.base, round, 0, &mut books)
            .unwrap_or_else(|error| panic!("{error}\n{text}"));
        let twice = books.ended.iter().find(|(_, count)| **count > 1);
        assert_eq!(twice, None, "ended more than once in\n{text}");
        let mut open = BTreeSet::new();
        // What stays where nobody consumes is given up at the end.
        let queues = 0..set.base.queues.len();
        for queue in queues.filter(|queue| !set.base.keeps_messages(*queue)) {
            for (message, ..) in totals.broker.messages(QueueId(queue as u32)) {
                let Job { producer, root, .. } = message.body;
                if !books.ended.contains_key(&(producer, root)) {
                    open.insert((producer, root));
                }
            }
        }
        let known = (books.ended.len() + open.len()) as u64;
        // What is held back at the end may be published for a second time.
        let held = books.held.values().sum::<u64>();
        assert!(
            known <= books.made && books.made <= known + held,
            "{} made, {known} known, {held} held back: forgotten in\n{text}",
            books.made
        );
    }
    assert!(ran > 1_000, "only {ran} files could be run");
}
