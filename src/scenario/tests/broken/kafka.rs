//! Topics of Kafka, those who poll and those who gather: what there cannot be, and what is another broker's.

use super::Broken;

pub(super) const BROKEN: &[Broken] = &[
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "kafka"
partitions = 0"#,
        said: &[r#"11:14: partitions is 0, and must be at least 1; write 1 or more"#],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "kafka"
partitions = 200_000"#,
        said: &[r#"11:14: partitions is 200000, and must be at most 100000; write 100000 or less"#],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "kafka"
partitions = "twelve""#,
        said: &[r#"11:14: "twelve" is not a count; write a count such as "200k""#],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "kafka"
retention_ms = -5
retention_bytes = -2"#,
        said: &[
            r#"11:16: retention_ms is negative, and only -1 is no limit; write -1, or 0 or more"#,
            r#"12:19: retention_bytes is negative, and only -1 is no limit; write -1, or 0 or more"#,
        ],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "kafka"
retention_ms = "week"
segment_ms = true"#,
        said: &[
            r#"11:16: "week" is not a duration; write a duration such as "200ms""#,
            r#"12:14: segment_ms must be a duration, not true or false; write "200ms""#,
        ],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "kafka"
segment_bytes = 0
log_retention_check_interval_ms = 0"#,
        said: &[
            r#"11:17: segment_bytes is 0, and must be more; write "1MiB", or leave it out"#,
            r#"12:35: log_retention_check_interval_ms is 0, and must be more; write 1 or more, or leave it out"#,
        ],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "kafka"
retention_ms = 99999999999999999"#,
        said: &[
            r#"11:16: retention_ms is 99999999999999999, which is more than 584 years; write 5, or "5ms""#,
        ],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "kafka"
max_length = 100
message_ttl = "1h"
consumer_timeout = "30m""#,
        said: &[
            r#"11:1: max_length does not apply to a topic of Kafka; leave it out, or write retention_bytes for the most that a partition keeps"#,
            r#"12:1: message_ttl does not apply to a topic of Kafka; leave it out, or write retention_ms"#,
            r#"13:1: consumer_timeout does not apply to a topic of Kafka; leave it out, or write max_poll_interval_ms in its pool"#,
        ],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "kafka"
dead_letter = "picking""#,
        said: &[
            r#"11:1: dead_letter does not apply to a topic of Kafka; leave it out, as it is for a queue of RabbitMQ or a queue of SQS; keys of a queue are: kind, cost_per_hour, partitions, retention_ms, retention_bytes, segment_bytes, segment_ms, log_retention_check_interval_ms"#,
        ],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "kafka"
partition = 3
visibility_timeout = 30"#,
        said: &[
            r#"11:1: unknown key "partition"; did you mean "partitions"? keys of a queue: kind, cost_per_hour, partitions, retention_ms, retention_bytes, segment_bytes, segment_ms, log_retention_check_interval_ms"#,
            r#"12:1: visibility_timeout does not apply to a topic of Kafka; write kind = "sqs", or leave it out"#,
        ],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
partitions = 12"#,
        said: &[
            r#"10:1: partitions does not apply to a classic queue of RabbitMQ; write kind = "kafka", or leave it out"#,
        ],
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
        said: &[
            r#"16:1: prefetch does not apply to a topic of Kafka; leave it out, or write max_poll_records for the most that one poll brings"#,
            r#"17:1: ack does not apply to a topic of Kafka; leave it out, or write enable_auto_commit = false to commit after each batch"#,
            r#"18:1: batch does not apply to a topic of Kafka; leave it out, or write max_poll_records for the most that one poll brings"#,
        ],
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
        said: &[
            r#"16:1: unknown key "group_id"; leave it out: all pools of a topic are one group"#,
        ],
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
fetch_max_wait_ms = -1
max_poll_interval_ms = "0s"
[pool.pickers]"#,
        said: &[
            r#"16:20: max_poll_records is 0, and must be at least 1; write 1 or more"#,
            r#"17:21: fetch_max_wait_ms is -1, and must be 0 or more; write 5, or "5ms""#,
            r#"18:24: max_poll_interval_ms is 0, and must be more; write 1 or more, or leave it out"#,
        ],
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
        said: &[
            r#"16:25: a heartbeat every 45.0 s comes too late for a session of 45.0 s; write a heartbeat_interval_ms of a third of that, or less"#,
        ],
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
        said: &[
            r#"16:22: a heartbeat every 3.00 s comes too late for a session of 2.00 s; write a heartbeat_interval_ms of a third of that, or less"#,
        ],
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
        said: &[
            r#"16:24: a heartbeat every 3.00 s comes too late for polls that must come every 1.00 s; write a heartbeat_interval_ms of a third of that, or less"#,
        ],
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
        said: &[
            r#"16:25: a heartbeat every 10.0 s comes too late for polls that must come every 6.00 s; write a heartbeat_interval_ms of a third of that, or less"#,
        ],
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
        said: &[
            r#"16:33: unknown partition_assignment_strategy "roundrobin"; did you mean "round-robin"? it is one of: range, round-robin, sticky, cooperative-sticky"#,
            r#"17:21: unknown auto_offset_reset "none"; it is one of: latest, earliest"#,
            r#"18:22: enable_auto_commit must be true or false, not text; write true"#,
        ],
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
        said: &[
            r#"16:1: max_number_of_messages does not apply to a topic of Kafka; write kind = "sqs" in its queue, or leave it out"#,
            r#"17:1: priority does not apply to a topic of Kafka; leave it out, as it is for a queue of RabbitMQ; keys of a pool are: from, consumers, concurrency, service, service_of, to, on_refused, failure, round_trip, crashes, outages, restarts, slowdowns, on_crash, cost_per_hour, partition_assignment_strategy, max_poll_records, fetch_min_bytes, fetch_max_wait_ms, max_partition_fetch_bytes, max_poll_interval_ms, session_timeout_ms, heartbeat_interval_ms, enable_auto_commit, auto_commit_interval_ms, auto_offset_reset, static_membership"#,
        ],
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
        said: &[
            r#"16:40: a topic of Kafka takes no single message back: what is read stays read; write then = { retry = { backoff = "fixed(1s)" } }, which publishes it again, or then = "reject", which gives it up"#,
        ],
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
        said: &[
            r#"16:40: a topic of Kafka takes no single message back: what is read stays read; write then = { retry = { backoff = "fixed(1s)" } }, which publishes it again, or then = "reject", which gives it up"#,
        ],
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
        said: &[
            r#"18:7: pools "one" and "other" are one consumer group, and must say the same of it; give both the same settings of the group; commits may differ"#,
        ],
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
        said: &[
            r#"7:1: confirms does not apply to a topic of Kafka; leave it out, as it is for a queue of RabbitMQ; keys of a producer are: to, arrivals, batch, size, key, on_refused, timeout, linger_ms, batch_size, partitioner"#,
            r#"8:1: priority does not apply to a topic of Kafka; leave it out, as it is for a queue of RabbitMQ; keys of a producer are: to, arrivals, batch, size, key, on_refused, timeout, linger_ms, batch_size, partitioner"#,
            r#"9:1: ttl does not apply to a topic of Kafka; leave it out, as it is for a queue of RabbitMQ; keys of a producer are: to, arrivals, batch, size, key, on_refused, timeout, linger_ms, batch_size, partitioner"#,
        ],
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
        said: &[
            r#"7:13: linger_ms is -5, and must be 0 or more; write 5, or "5ms""#,
            r#"8:14: "many" is not a size; write a size such as "2KiB""#,
            r#"9:15: unknown partitioner "murmur2"; it is one of: java, librdkafka"#,
        ],
    },
    Broken {
        change: r#"arrivals = "poisson(8/s)"

[queue.picking]"#,
        to: r#"arrivals = "poisson(8/s)"
acks = "all"
[queue.picking]
kind = "kafka""#,
        said: &[r#"7:1: unknown key "acks"; leave it out: there are no replicas to wait for"#],
    },
    Broken {
        change: r#"arrivals = "poisson(8/s)"

[queue.picking]"#,
        to: r#"arrivals = "poisson(8/s)"
key = "zipf(n=0, exponent=1)"
[queue.picking]
kind = "kafka""#,
        said: &[r#"7:15: n is 0, and must be at least 1; write 1 or more"#],
    },
    Broken {
        change: r#"arrivals = "poisson(8/s)"

[queue.picking]"#,
        to: r#"arrivals = "poisson(8/s)"
key = "order-17"
[queue.picking]
kind = "kafka""#,
        said: &[r#"7:7: "order-17" is not a number; write a number such as "1.2""#],
    },
    Broken {
        change: r#"arrivals = "poisson(8/s)"

[queue.picking]"#,
        to: r#"arrivals = "poisson(8/s)"
linger_ms = 5
partitioner = "java"
[queue.picking]
kind = "classic""#,
        said: &[
            r#"7:1: linger_ms does not apply to a classic queue of RabbitMQ; write kind = "kafka" in its queue, or leave it out"#,
            r#"8:1: partitioner does not apply to a classic queue of RabbitMQ; write kind = "kafka" in its queue, or leave it out"#,
        ],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
dead_letter = "aside"
[queue.aside]
kind = "kafka""#,
        said: &[
            r#"10:15: dead letters of a classic queue of RabbitMQ cannot go to a topic of Kafka; name a queue of the same broker, or write its kind in [queue.aside]"#,
        ],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
[queue.aside]
kind = "kafka"
[exchange.events]
kind = "fanout"
bindings = [{ queue = "aside" }, { queue = "packing" }]"#,
        said: &[
            r#"14:12: an exchange is RabbitMQ's, and "aside" is a topic of Kafka; publish to "aside" itself"#,
        ],
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
        said: &[
            r#"6:12: clients that do not think and work that takes no time would never let time pass; give `think` or the pool's `service` a mean above 0s"#,
        ],
    },
];
