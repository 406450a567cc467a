//! Scenario files, whole: what is right, what is wrong, and what is said of it.

#![allow(clippy::float_cmp, reason = "what a file says is compared with itself")]

mod broken;
mod flags;
mod shaken;
mod traffic;
mod understood;

use super::{Flags, Mistakes, Origin, ScenarioSet, load};
use std::io;

/// A file that uses most keys once; tests change one thing in it.
const ORDERS: &str = r#"title    = "Order e-mails"
question = "Do 9 senders keep the p99 wait under 200 ms?"
horizon  = "1h"
warmup   = "5m"

[producer.checkout]
to       = "emails"
arrivals = { poisson = { rate = "80/s" } }

[queue.emails]
max_length = 100_000
overflow   = "reject-publish"
dead_letter = "failed"

[queue.failed]

[pool.senders]
from      = "emails"
consumers = 9
prefetch  = 1
service   = { exponential = { mean = "83ms" } }

[[objective]]
metric = "emails.wait.p99"
below  = "200ms"

[[variant]]
name = "two more"
set  = { "pool.senders.consumers" = 11 }
"#;

/// A file of two stages; tests change one thing in it.
const PARCELS: &str = r#"title    = "Parcels"
horizon  = "1h"

[producer.shop]
to       = "picking"
arrivals = "poisson(8/s)"

[queue.picking]
[queue.packing]

[pool.pickers]
from      = "picking"
consumers = 10
service   = "exponential(1s)"
to        = [{ queue = "packing", share = "92%" }, { exit = "refused" }]

[pool.packers]
from      = "packing"
consumers = 8
service   = "exponential(900ms)"
"#;

/// A file with an exchange; tests change one thing in it.
const EVENTS: &str = r#"title    = "Events"
horizon  = "1h"

[producer.shop]
to       = { exchange = "events", keys = [{ key = "order.created", share = "70%" }, { key = "order.paid" }] }
arrivals = "poisson(8/s)"

[exchange.events]
kind     = "topic"
bindings = [{ queue = "billing", key = "order.paid" }, { queue = "audit", key = "order.#" }]

[queue.billing]
[queue.audit]

[pool.clerks]
from      = "billing"
consumers = 10
service   = "exponential(1s)"

[pool.auditors]
from      = "audit"
consumers = 8
service   = "exponential(900ms)"
"#;

/// A file that uses what networks and incidents have, once each.
const STORM: &str = r#"title    = "Storm"
horizon  = "1h"
profile  = "rabbitmq-4.3"

[producer.shop]
to         = { exchange = "events", keys = [{ key = "order.created", share = "70%" }, { key = "order.paid" }], headers = { format = "pdf" } }
arrivals   = "poisson(8/s)"
on_refused = { retry = { backoff = "exponential(first=1s, factor=3, cap=1m)", jitter = "50%", limit = 5 } }
confirms   = { window = 100, delay = "exponential(5ms)" }

[exchange.events]
kind      = "topic"
bindings  = [{ queue = "work", key = "order.*" }, { exchange = "bills", key = "order.paid" }]
alternate = "bills"

[exchange.bills]
kind     = "headers"
bindings = [{ queue = "work", headers = { format = "pdf" }, match = "any" }]

[exchange.dead]
kind     = "direct"
bindings = [{ queue = "wait", key = "wait" }]

[queue.work]
max_length  = 1000
overflow    = "reject-publish"
dead_letter = { exchange = "dead", key = "wait" }

[queue.wait]
message_ttl = "30s"
dead_letter = "work"

[queue.left]
kind                   = "quorum"
delivery_limit         = -1
single_active_consumer = true

[queue.right]

[pool.workers]
from       = "work"
consumers  = 20
service    = "exponential(1s)"
service_of = { shop = "lognormal(mean=900ms, cv=1.2)" }
batch      = { size = 5, wait = "100ms", setup = "constant(10ms)" }
failure    = { probability = "1.5%", then = "reject", episodes = [{ from = "10m", until = "15m", probability = "100%" }] }
round_trip = "20ms"
priority   = -3
crashes    = { up = "exponential(3h)", down = "constant(5m)" }
outages    = [{ at = "20m", for = "5m", consumers = 4 }]
restarts   = { at = "30m", each = "30s", gap = "10s" }
slowdowns  = [{ at = "50m", for = "5m", factor = 3 }]
on_crash   = "redraw"
to         = [{ balance = "two-choices", queues = ["left", "right"], share = "92%" }, { all = ["left", "right"], share = "3%" }, { exit = "refused" }]
on_refused = "block"

[pool.lefts]
from      = "left"
consumers = 10
service   = "exponential(500ms)"
failure   = { poison = "0.1%", then = { retry = { backoff = "fixed(1s)", limit = 3 } } }

[pool.rights]
from      = "right"
consumers = 10
service   = "exponential(500ms)"
to        = [{ queue = "work", share = "5%" }, { exit = "done" }]

[[objective]]
metric = "work.wait.p99"
below  = "5s"

[[variant]]
name = "one line"
set  = { "pool.workers.to" = "left", exchange.events.kind = "direct" }
"#;

/// The data files there are.
fn read_file(path: &str) -> io::Result<Vec<u8>> {
    let text = match path {
        "publishes.csv" | "logs/publishes.csv" | "other/publishes.csv" => {
            "timestamp,x\n0,1\n1.5,2\n4,3\n"
        }
        "series.csv" => "timestamp\n0\n7\n",
        "unsorted.csv" => "timestamp\n0\n7\n5\n",
        "empty.csv" => "timestamp\n",
        _ => return Err(io::Error::from(io::ErrorKind::NotFound)),
    };
    Ok(text.as_bytes().to_vec())
}

fn read(text: &str, set: &[&str], objective: &[&str]) -> Result<ScenarioSet, Mistakes> {
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    let flags = Flags {
        set: owned(set),
        objective: owned(objective),
        ..Flags::default()
    };
    load(
        text,
        Origin {
            name: "orders",
            path: "orders.toml",
        },
        &flags,
        &mut read_file,
    )
}

#[track_caller]
fn loaded(text: &str) -> ScenarioSet {
    read(text, &[], &[]).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

/// The file with `from` written as `to`, which must change it.
#[track_caller]
fn changed(from: &str, to: &str) -> String {
    changed_in(ORDERS, from, to)
}

#[track_caller]
fn changed_in(file: &str, from: &str, to: &str) -> String {
    assert!(file.contains(from), "{from:?} is not in the file");
    file.replacen(from, to, 1)
}

#[track_caller]
fn lines(result: Result<ScenarioSet, Mistakes>) -> Vec<String> {
    match result {
        Ok(_) => Vec::new(),
        Err(mistakes) => mistakes.lines().collect(),
    }
}
