//! Topics of Kafka, those who poll and those who gather: what there cannot be, and what is another broker's.

use super::Broken;

pub(super) const BROKEN: &[Broken] = &[
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "kafka"
partitions = 0"#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "kafka"
partitions = 200_000"#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "kafka"
partitions = "twelve""#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "kafka"
retention_ms = -5
retention_bytes = -2"#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "kafka"
retention_ms = "week"
segment_ms = true"#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "kafka"
segment_bytes = 0
log_retention_check_interval_ms = 0"#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "kafka"
retention_ms = 99999999999999999"#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "kafka"
max_length = 100
message_ttl = "1h"
consumer_timeout = "30m""#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "kafka"
dead_letter = "picking""#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "kafka"
partition = 3
visibility_timeout = 30"#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
partitions = 12"#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]

[pool.pickers]"#,
        to: r#"[queue.packing]
[queue.aside]
kind = "kafka"
[pool.asides]
from = "aside"
consumers = 1
service = "exponential(1s)"
prefetch = 10
ack = "auto"
batch = { size = 3, wait = "1s" }
[pool.pickers]"#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]

[pool.pickers]"#,
        to: r#"[queue.packing]
[queue.aside]
kind = "kafka"
[pool.asides]
from = "aside"
consumers = 1
service = "exponential(1s)"
group_id = "packers"
[pool.pickers]"#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]

[pool.pickers]"#,
        to: r#"[queue.packing]
[queue.aside]
kind = "kafka"
[pool.asides]
from = "aside"
consumers = 1
service = "exponential(1s)"
max_poll_records = 0
fetch_max_wait_ms = 0
max_poll_interval_ms = "0s"
[pool.pickers]"#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]

[pool.pickers]"#,
        to: r#"[queue.packing]
[queue.aside]
kind = "kafka"
[pool.asides]
from = "aside"
consumers = 1
service = "exponential(1s)"
heartbeat_interval_ms = 45_000
[pool.pickers]"#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]

[pool.pickers]"#,
        to: r#"[queue.packing]
[queue.aside]
kind = "kafka"
[pool.asides]
from = "aside"
consumers = 1
service = "exponential(1s)"
session_timeout_ms = 2000
[pool.pickers]"#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]

[pool.pickers]"#,
        to: r#"[queue.packing]
[queue.aside]
kind = "kafka"
[pool.asides]
from = "aside"
consumers = 1
service = "exponential(1s)"
max_poll_interval_ms = 1000
[pool.pickers]"#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]

[pool.pickers]"#,
        to: r#"[queue.packing]
[queue.aside]
kind = "kafka"
[pool.asides]
from = "aside"
consumers = 1
service = "exponential(1s)"
heartbeat_interval_ms = 10_000
max_poll_interval_ms = 6000
[pool.pickers]"#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]

[pool.pickers]"#,
        to: r#"[queue.packing]
[queue.aside]
kind = "kafka"
[pool.asides]
from = "aside"
consumers = 1
service = "exponential(1s)"
partition_assignment_strategy = "roundrobin"
auto_offset_reset = "none"
enable_auto_commit = "yes"
[pool.pickers]"#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]

[pool.pickers]"#,
        to: r#"[queue.packing]
[queue.aside]
kind = "kafka"
[pool.asides]
from = "aside"
consumers = 1
service = "exponential(1s)"
max_number_of_messages = 10
priority = 3
[pool.pickers]"#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]

[pool.pickers]"#,
        to: r#"[queue.packing]
[queue.aside]
kind = "kafka"
[pool.asides]
from = "aside"
consumers = 1
service = "exponential(1s)"
failure = { probability = "5%", then = "requeue" }
[pool.pickers]"#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]

[pool.pickers]"#,
        to: r#"[queue.packing]
[queue.aside]
kind = "kafka"
[pool.asides]
from = "aside"
consumers = 1
service = "exponential(1s)"
failure = { probability = "5%", then = "leave" }
[pool.pickers]"#,
        said: &[],
    },
    Broken {
        change: r#"[pool.pickers]"#,
        to: r#"[queue.aside]
kind = "kafka"
partitions = 4
[pool.one]
from = "aside"
consumers = 1
service = "constant(1s)"
[pool.other]
from = "aside"
consumers = 1
service = "constant(1s)"
max_poll_records = 5
[pool.pickers]"#,
        said: &[],
    },
    Broken {
        change: r#"arrivals = "poisson(8/s)"

[queue.picking]"#,
        to: r#"arrivals = "poisson(8/s)"
confirms = { window = 10, delay = "constant(5ms)" }
priority = 3
ttl = "1h"
[queue.picking]
kind = "kafka""#,
        said: &[],
    },
    Broken {
        change: r#"arrivals = "poisson(8/s)"

[queue.picking]"#,
        to: r#"arrivals = "poisson(8/s)"
linger_ms = -5
batch_size = "many"
partitioner = "murmur2"
[queue.picking]
kind = "kafka""#,
        said: &[],
    },
    Broken {
        change: r#"arrivals = "poisson(8/s)"

[queue.picking]"#,
        to: r#"arrivals = "poisson(8/s)"
acks = "all"
[queue.picking]
kind = "kafka""#,
        said: &[],
    },
    Broken {
        change: r#"arrivals = "poisson(8/s)"

[queue.picking]"#,
        to: r#"arrivals = "poisson(8/s)"
key = "zipf(n=0, exponent=1)"
[queue.picking]
kind = "kafka""#,
        said: &[],
    },
    Broken {
        change: r#"arrivals = "poisson(8/s)"

[queue.picking]"#,
        to: r#"arrivals = "poisson(8/s)"
key = "order-17"
[queue.picking]
kind = "kafka""#,
        said: &[],
    },
    Broken {
        change: r#"arrivals = "poisson(8/s)"

[queue.picking]"#,
        to: r#"arrivals = "poisson(8/s)"
linger_ms = 5
partitioner = "java"
[queue.picking]
kind = "classic""#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
dead_letter = "aside"
[queue.aside]
kind = "kafka""#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
[queue.aside]
kind = "kafka"
[exchange.events]
kind = "fanout"
bindings = [{ queue = "aside" }, { queue = "packing" }]"#,
        said: &[],
    },
    Broken {
        change: r#"arrivals = "poisson(8/s)"

[queue.picking]"#,
        to: r#"arrivals = { closed = { clients = 3, think = "constant(0s)" } }
[queue.picking]
kind = "kafka"
partitions = 10
[pool.quick]
from = "picking"
consumers = 1
service = "constant(0s)""#,
        said: &[],
    },
];
