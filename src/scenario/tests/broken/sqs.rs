//! Queues of SQS and those who receive: what Amazon does not allow, and what is another broker's.

use super::Broken;

pub(super) const BROKEN: &[Broken] = &[
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "sqs"
visibility_timeout = "13h"
delay_seconds = 901
message_retention_period = "15d""#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "sqs"
message_retention_period = 59"#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "sqs"
visibility_timeout = -1"#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "sqs"
visibility_timeout = "30""#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "sqs"
visibility_timeout_seconds = 30"#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "sqs"
max_receive_count = 3"#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "sqs"
max_receive_count = 0
dead_letter = "picking""#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "sqs"
max_receive_count = 3
dead_letter = "nobody""#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "sqs"
max_receive_count = 3
dead_letter = "picking""#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "sqs"
max_receive_count = 3
dead_letter = "packing""#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "sqs"
dead_letter = "aside"
[queue.aside]
kind = "sqs""#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "sqs"
dead_letter = { queue = "picking" }"#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "sqs"
fifo_queue = true
max_receive_count = 3
dead_letter = "dead"
[queue.dead]
kind = "sqs""#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "sqs"
max_receive_count = 3
dead_letter = "dead"
[queue.dead]
kind = "sqs"
fifo_queue = true"#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "sqs"
max_receive_count = 3
dead_letter = "dead"
[queue.dead]
kind = "zeromq""#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "sqs"
fifo_queue = "yes"
in_flight_limit = 0"#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "sqs"
max_length = 100
message_ttl = "1h"
delivery_limit = 3
consumer_timeout = "30m""#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "sqs"
partitions = 12
intake = "1ms""#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "sqs-fifo"
"#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
visibility_timeout = 30
fifo_queue = true"#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
dead_letter = "aside"
[queue.aside]
kind = "sqs""#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]

[pool.pickers]"#,
        to: r#"[queue.packing]
[queue.aside]
kind = "sqs"
[pool.asides]
from = "aside"
consumers = 1
service = "exponential(1s)"
ack = "auto"
prefetch = 10
batch = { size = 3, wait = "1s" }
[pool.pickers]"#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]

[pool.pickers]"#,
        to: r#"[queue.packing]
[queue.aside]
kind = "sqs"
[pool.asides]
from = "aside"
consumers = 1
service = "exponential(1s)"
max_number_of_messages = 11
extend_visibility = "0s"
[pool.pickers]"#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]

[pool.pickers]"#,
        to: r#"[queue.packing]
[queue.aside]
kind = "sqs"
[pool.asides]
from = "aside"
consumers = 1
service = "exponential(1s)"
max_number_of_messages = 0
[pool.pickers]"#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]

[pool.pickers]"#,
        to: r#"[queue.packing]
[queue.aside]
kind = "sqs"
[pool.asides]
from = "aside"
consumers = 1
service = "exponential(1s)"
max_poll_records = 10
visibility_timeout = 30
[pool.pickers]"#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]

[pool.pickers]"#,
        to: r#"[queue.packing]
[queue.aside]
kind = "sqs"
[pool.asides]
from = "aside"
consumers = 1
service = "exponential(1s)"
failure = { probability = "5%", then = "reject" }
[pool.pickers]"#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]

[pool.pickers]"#,
        to: r#"[queue.packing]
[queue.aside]
kind = "sqs"
[pool.asides]
from = "aside"
consumers = 1
service = "exponential(1s)"
failure = { probability = "5%", then = "reject-requeue" }
[pool.pickers]"#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]

[pool.pickers]"#,
        to: r#"[queue.packing]
[queue.aside]
kind = "classic"
[pool.asides]
from = "aside"
consumers = 1
service = "exponential(1s)"
failure = { probability = "5%", then = "leave" }
[pool.pickers]"#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]

[pool.pickers]"#,
        to: r#"[queue.packing]
[queue.aside]
kind = "sqs"
[pool.asides]
from = "aside"
consumers = 1
service = "exponential(1s)"
failure = { probability = "100%", then = "leave" }
[pool.pickers]"#,
        said: &[],
    },
    Broken {
        change: r#"arrivals = "poisson(8/s)"

[queue.picking]"#,
        to: r#"arrivals = "poisson(8/s)"
confirms = { window = 10, delay = "constant(5ms)" }
ttl = "1h"
linger_ms = 5
[queue.picking]
kind = "sqs""#,
        said: &[],
    },
    Broken {
        change: r#"arrivals = "poisson(8/s)"

[queue.picking]"#,
        to: r#"arrivals = "poisson(8/s)"
message_group_id = 3
[queue.picking]
kind = "sqs""#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]

[pool.pickers]"#,
        to: r#"[queue.packing]
[queue.aside]
kind = "sqs"
cost_per_million_requests = "0.40$"
cost_per_hour = -1
[pool.asides]
from = "aside"
consumers = 1
service = "exponential(1s)"

[pool.pickers]"#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
cost_per_million_requests = 0.4"#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
[queue.aside]
kind = "sqs"
[exchange.events]
kind = "fanout"
bindings = [{ queue = "aside" }]"#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]
"#,
        to: r#"[queue.packing]
kind = "sqs"
dead_letter = "picking"
max_receive_count = 2
"#,
        said: &[],
    },
];
