//! Whatever a file combines of the kinds of queues, of what befalls consumers and of what clients do about it: no message
//! ends twice, none is forgotten, queues hold what came and has not left, time passes, and a seed determines it all.
//!
//! `QUEUELAB_SEED=n` replays one round, `QUEUELAB_ROUNDS=n` asks for more of them.

use super::conservation::{Books, pick};
use super::{read, stories};
use crate::rounds::rounds;
use queuelab::engine;
use queuelab::queue::QueueId;
use queuelab::scenario::{AtHorizon, ScenarioSet};
use queuelab::study;
use queuelab::workload::Job;
use std::collections::BTreeSet;

const ROUNDS: u64 = 1_500;
/// One in so many rounds is a study, too, which records all that it is told, and is explained.
const STUDIED: u64 = 10;

/// What may be said of a queue of a kind, of its pool, and of work that fails there; what the first of each says holds
/// for all.
struct Kind {
    queue: &'static [&'static str],
    pool: &'static [&'static str],
    failure: &'static [&'static str],
    /// What else may be said of the queue where dead letters may go from it.
    buried: &'static [&'static str],
}

const CLASSIC: Kind = Kind {
    queue: &[
        "",
        "max_length = 3",
        "max_length = 3\noverflow = \"reject-publish\"",
        "message_ttl = \"900ms\"",
        "intake = \"100ms\"",
    ],
    pool: &[
        "",
        "ack = \"auto\"",
        "prefetch = 5\nround_trip = \"300ms\"",
        "batch = { size = 3, wait = \"500ms\" }",
    ],
    failure: &[
        "",
        "failure = { probability = \"40%\", then = \"reject\" }",
        "failure = { probability = \"40%\", then = \"requeue\" }",
        "failure = { probability = \"40%\", then = { retry = { backoff = \"fixed(300ms)\", limit = 2 } } }",
    ],
    buried: &["", "dead_letter = \"dead\""],
};

/// What may be said of a queue of RabbitMQ that is no classic one.
const QUORUM: &[&str] = &[
    "kind = \"quorum\"",
    "kind = \"quorum\"\nmax_length = 4\noverflow = \"reject-publish\"",
    "kind = \"quorum\"\ndelivery_limit = 2",
];

const KAFKA: Kind = Kind {
    queue: &[
        "",
        "partitions = 3",
        "partitions = 7",
        "partitions = 2\nretention_ms = 1500\nsegment_bytes = 2_000\nlog_retention_check_interval_ms = 500",
        "partitions = 2\nretention_bytes = 1_200\nsegment_bytes = 800\nlog_retention_check_interval_ms = 700",
        "partitions = 3\nretention_ms = -1\nsegment_ms = 300",
        "partitions = 2\nretention_ms = 0\nsegment_ms = 100\nlog_retention_check_interval_ms = 10",
    ],
    pool: &[
        "",
        "enable_auto_commit = false\nmax_poll_records = 2",
        "auto_commit_interval_ms = 700\nround_trip = \"200ms\"",
        "enable_auto_commit = false\nround_trip = \"300ms\"\nmax_poll_records = 1",
        "fetch_min_bytes = 2_000\nfetch_max_wait_ms = 0",
        "partition_assignment_strategy = \"cooperative-sticky\"\nmax_poll_interval_ms = 900\nheartbeat_interval_ms = 300\nsession_timeout_ms = 1200",
        "partition_assignment_strategy = \"sticky\"\nmax_poll_interval_ms = 600\nheartbeat_interval_ms = 100\nsession_timeout_ms = 500\nmax_poll_records = 4\nauto_offset_reset = \"earliest\"",
        "static_membership = true\nsession_timeout_ms = 1500\nheartbeat_interval_ms = 500",
        "static_membership = true\nsession_timeout_ms = 300\nheartbeat_interval_ms = 100\nmax_poll_interval_ms = 300\nround_trip = \"100ms\"",
        "partition_assignment_strategy = \"round-robin\"\nmax_partition_fetch_bytes = 500\nsession_timeout_ms = 900\nheartbeat_interval_ms = 300\nauto_commit_interval_ms = 100",
    ],
    failure: &[
        "",
        "failure = { probability = \"40%\", then = \"reject\" }",
        "failure = { probability = \"40%\", then = { retry = { backoff = \"fixed(300ms)\", limit = 2 } } }",
    ],
    buried: &[""],
};

const SQS: Kind = Kind {
    queue: &[
        "",
        "visibility_timeout = \"1s\"",
        "visibility_timeout = \"300ms\"",
        "visibility_timeout = 0",
        "delay_seconds = 1\nvisibility_timeout = \"2s\"",
        "message_retention_period = 60\nvisibility_timeout = \"800ms\"",
        "in_flight_limit = 2",
        "in_flight_limit = 1\nvisibility_timeout = \"700ms\"",
    ],
    pool: &[
        "",
        "max_number_of_messages = 1",
        "max_number_of_messages = 10",
        "max_number_of_messages = 4\nextend_visibility = \"200ms\"",
        "round_trip = \"300ms\"",
        "round_trip = \"200ms\"\nextend_visibility = \"300ms\"",
    ],
    failure: &[
        "",
        "failure = { probability = \"40%\", then = \"leave\" }",
        "failure = { probability = \"40%\", then = \"requeue\" }",
        "failure = { probability = \"40%\", then = { retry = { backoff = \"fixed(300ms)\", limit = 2 } } }",
    ],
    buried: &[
        "",
        "dead_letter = \"dead\"\nmax_receive_count = 2",
        "dead_letter = \"dead\"\nmax_receive_count = 1",
    ],
};

const ZEROMQ: Kind = Kind {
    queue: &[
        "",
        "sndhwm = 2\nrcvhwm = 1\nkernel_buffer = 1_000",
        "sndhwm = 1\nrcvhwm = 1\ntransport = \"inproc\"",
        "sndhwm = 0\nbind = \"pull\"",
        "sndhwm = 2\nrcvhwm = 2\nkernel_buffer = 0\nbind = \"pull\"",
    ],
    pool: &[""],
    failure: &[""],
    buried: &[""],
};

/// What begins the table of a queue of that kind.
const KINDS: &[(&str, &Kind)] = &[
    ("", &CLASSIC),
    ("kind = \"kafka\"", &KAFKA),
    ("kind = \"sqs\"", &SQS),
    ("kind = \"sqs\"\nfifo_queue = true", &SQS),
    ("kind = \"zeromq\"", &ZEROMQ),
];

const FATE: &[&str] = &[
    "",
    "crashes = { up = \"exponential(3s)\", down = \"exponential(500ms)\" }",
    "crashes = { up = \"exponential(1s)\", down = \"constant(100ms)\" }",
    "outages = [{ at = \"4s\", for = \"1s\" }]",
    "outages = [{ at = \"4s\", for = \"1s\", graceful = true }, { at = \"7s\", for = \"5s\", consumers = 1 }]",
    "outages = [{ at = \"2s\", for = \"90s\", graceful = true }]",
    "restarts = { at = \"3s\", each = \"500ms\" }",
    "restarts = { at = \"3s\", each = \"500ms\", graceful = false, gap = \"200ms\" }\ncrashes = { up = \"exponential(3s)\", down = \"exponential(500ms)\" }",
    "slowdowns = [{ at = \"2s\", for = \"4s\", factor = 5, consumers = 1 }]\nrestarts = { at = \"3s\", each = \"700ms\" }",
];

const NEXT: &[&str] = &[
    "",
    "to = \"later\"",
    "to = { all = [\"later\", \"side\"] }",
    "to = \"later\"\non_refused = \"block\"",
    "to = { all = [\"later\", \"side\"] }\non_refused = \"block\"",
    "to = [{ queue = \"later\", share = \"50%\" }, { exit = \"out\" }]",
    "to = [{ queue = \"work\", share = \"20%\" }, { balance = \"shortest\", queues = [\"later\", \"side\"] }]",
];

const TO: &[&str] = &[
    "\"work\"",
    "{ balance = \"random\", queues = [\"work\", \"side\"] }",
    "{ balance = \"shortest\", queues = [\"work\", \"side\"] }",
    "{ balance = \"two-choices\", queues = [\"side\", \"work\", \"later\"] }",
];

const PRODUCER: &[&str] = &[
    "",
    "linger_ms = 0",
    "linger_ms = 300\nbatch_size = 900",
    "linger_ms = \"50ms\"\npartitioner = \"librdkafka\"",
    "batch = \"uniform(low=1, high=4)\"",
    "on_refused = \"block\"",
    "on_refused = \"drop\"",
    "on_refused = { retry = { backoff = \"fixed(500ms)\", limit = 4 } }",
    "timeout = { after = \"1500ms\", retry = { backoff = \"fixed(300ms)\", limit = 3 } }",
    "timeout = { after = \"700ms\", retry = { backoff = \"fixed(0s)\", limit = 2 } }\non_refused = { retry = { backoff = \"fixed(500ms)\", limit = 2 } }",
    "timeout = { after = \"700ms\", retry = { backoff = \"fixed(0s)\", limit = 2 } }\nlinger_ms = 900",
    "confirms = { window = 3, delay = \"exponential(200ms)\" }\nttl = \"3s\"",
];

const KEY: &[&str] = &[
    "",
    "key = \"zipf(n=5, exponent=1)\"",
    "key = \"constant(3)\"",
];

const SERVICE: &[&str] = &[
    "exponential(400ms)",
    "constant(300ms)",
    "constant(0s)",
    "lognormal(mean=300ms, cv=2)",
];

/// Chooses, each time anew, by a hash.
struct Dice {
    round: u64,
    place: u64,
}

impl Dice {
    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        self.place += 1;
        of[pick(self.round, self.place, of.len())]
    }
}

/// A queue of that kind, from which dead letters may go if it `buries`.
fn queue(dice: &mut Dice, name: &str, (kind, of): (&str, &Kind), buries: bool) -> String {
    let mut keys = dice.one(of.queue);
    if kind.is_empty() && dice.one(&[false, true]) {
        keys = dice.one(QUORUM);
    }
    let buried = if buries { dice.one(of.buried) } else { "" };
    format!("[queue.{name}]\n{kind}\n{keys}\n{buried}\n")
}

/// Who consumes from a queue of that kind.
fn pool(dice: &mut Dice, name: &str, from: &str, (kind, of): (&str, &Kind)) -> String {
    let consumers = dice.one(&[1, 2, 3, 3]);
    let service = dice.one(SERVICE);
    let concurrency = dice.one(&["", "", "concurrency = 3"]);
    let (client, failure, fate) = (dice.one(of.pool), dice.one(of.failure), dice.one(FATE));
    let dies = fate.contains("crashes") || fate.contains("outages");
    let on_crash = if dies && !kind.contains("zeromq") {
        dice.one(&["", "on_crash = \"resume\"", "on_crash = \"redraw\""])
    } else {
        ""
    };
    format!(
        "[pool.{name}]\nfrom = \"{from}\"\nconsumers = {consumers}\nservice = \"{service}\"\n\
         {concurrency}\n{client}\n{failure}\n{fate}\n{on_crash}\n"
    )
}

fn producers(dice: &mut Dice) -> String {
    let (to, key, reaction) = (dice.one(TO), dice.one(KEY), dice.one(PRODUCER));
    let think = dice.one(&["exponential(700ms)", "constant(0s)"]);
    let of_clients = dice.one(&["side", "work", "later"]);
    format!(
        "[producer.shop]\nto = {to}\narrivals = \"poisson(6/s)\"\nsize = 400\n{key}\n{reaction}\n\
         [producer.clients]\nto = \"{of_clients}\"\n\
         arrivals = {{ closed = {{ clients = 2, think = \"{think}\" }} }}\n"
    )
}

fn file(round: u64) -> String {
    let mut dice = Dice { round, place: 0 };
    let dice = &mut dice;
    let (drain, stop) = ("drain", "stop");
    let end = dice.one(&[drain, drain, stop]);
    let (work, other, later) = (dice.one(KINDS), dice.one(KINDS), dice.one(KINDS));
    let side = dice.one(&[work, other, other]);
    // Dead letters stay with their broker, and in order.
    let (grave, _) = work;
    let parts = [
        format!(
            "title = \"Round {round}\"\nkind = \"terminating\"\nhorizon = \"10s\"\nreplications = 2\n\
             at_horizon = \"{end}\"\n"
        ),
        producers(dice),
        queue(dice, "work", work, true),
        queue(dice, "side", side, false),
        queue(dice, "later", later, false),
        format!("[queue.dead]\n{grave}\n"),
        pool(dice, "workers", "work", work),
        format!("{}\n", dice.one(NEXT)),
        pool(dice, "aside", "side", side),
        pool(dice, "laters", "later", later),
    ];
    parts.concat()
}

/// Runs it once, and tells what it may not do.
fn run(set: &ScenarioSet, round: u64, text: &str) -> Books {
    let base = &set.base;
    let mut books = Books::of(base);
    let totals = engine::simulate(base, round, 0, &mut books)
        .unwrap_or_else(|error| panic!("{error}\n{text}"));
    let twice = books.ended.iter().find(|(_, count)| **count > 1);
    assert_eq!(twice, None, "ended more than once in\n{text}");
    // Pools that wait for each other may do so for ever, with messages in hand.
    let stands_still = |warning: &String| warning.contains("pools wait in a circle");
    if base.at_horizon == AtHorizon::Stop || set.warnings.iter().any(stands_still) {
        return books;
    }
    let mut open = BTreeSet::new();
    for queue in (0..base.queues.len()).filter(|queue| !base.keeps_messages(*queue)) {
        let id = QueueId(queue as u32);
        let held = totals.broker.messages(id).map(|(message, ..)| message.body);
        let beside = totals
            .media
            .messages(id)
            .into_iter()
            .map(|message| message.body);
        for Job { producer, root, .. } in held.chain(beside) {
            if !books.ended.contains_key(&(producer, root)) {
                open.insert((producer, root));
            }
        }
    }
    let known = (books.ended.len() + open.len()) as u64;
    let waiting = books.blocked.values().filter(|blocked| **blocked).count() as u64;
    let held = books.held.values().sum::<u64>() + waiting;
    assert!(
        known <= books.made && books.made <= known + held,
        "{} made, {known} known ({} open), {held} held back: forgotten in\n{text}",
        books.made,
        open.len()
    );
    books
}

/// Whether there is such a file.
fn shake(round: u64) -> bool {
    let text = file(round);
    let Ok(set) = read(&text) else {
        return false;
    };
    let books = run(&set, round, &text);
    let again = run(&set, round, &text);
    assert_eq!(books.digest, again.digest, "another run of\n{text}");
    if round.is_multiple_of(STUDIED) {
        study::run(&set, &()).unwrap_or_else(|error| panic!("{error}\n{text}"));
        stories::hold(&set, &text);
    }
    true
}

#[test]
fn every_kind_of_queue_keeps_account_of_its_messages_whatever_befalls_its_clients() {
    let rounds = rounds(ROUNDS);
    let asked = rounds.end - rounds.start;
    let ran = rounds.filter(|round| {
        std::panic::catch_unwind(|| shake(*round))
            .unwrap_or_else(|_| panic!("QUEUELAB_SEED={round} replays it"))
    });
    let ran = ran.count() as u64;
    assert!(ran * 3 > asked, "only {ran} of {asked} files could be run");
}
