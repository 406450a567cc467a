//! PUSH and PULL sockets of ZeroMQ: what they do not know, and what is another broker's.

use super::Broken;

pub(super) const BROKEN: &[Broken] = &[
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "zeromq"
sndhwm = -1
rcvhwm = "many""#,
        said: &[
            r#"11:10: count "-1" is negative; a count is zero or more, such as "200k""#,
            r#"12:10: "many" is not a count; write a count such as "200k""#,
        ],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "zeromq"
transport = "ipc"
bind = "dealer""#,
        said: &[
            r#"11:13: unknown transport "ipc"; it is one of: tcp, inproc"#,
            r#"12:8: unknown bind "dealer"; it is one of: push, pull"#,
        ],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "zeromq"
transport = "inproc"
kernel_buffer = "1MiB""#,
        said: &[
            r#"12:1: inproc messages do not pass the kernel; leave kernel_buffer out, or write transport = "tcp""#,
        ],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "zeromq"
kernel_buffer = -1"#,
        said: &[r#"11:17: count "-1" is negative; a count is zero or more, such as "200k""#],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "zeromq"
max_length = 100
hwm = 10"#,
        said: &[
            r#"11:1: max_length does not apply to ZeroMQ's PUSH and PULL; leave it out, or write sndhwm and rcvhwm for the most that wait at both ends"#,
            r#"12:1: unknown key "hwm"; write sndhwm and rcvhwm"#,
        ],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "zeromq"
dead_letter = "picking"
visibility_timeout = 30
message_ttl = "1h""#,
        said: &[
            r#"11:1: dead_letter does not apply to ZeroMQ's PUSH and PULL; leave it out, as it is for a queue of RabbitMQ or a queue of SQS; keys of a queue are: kind, cost_per_hour, sndhwm, rcvhwm, transport, kernel_buffer, bind"#,
            r#"12:1: visibility_timeout does not apply to ZeroMQ's PUSH and PULL; write kind = "sqs", or leave it out"#,
            r#"13:1: message_ttl does not apply to ZeroMQ's PUSH and PULL; leave it out, as it is for a queue of RabbitMQ; keys of a queue are: kind, cost_per_hour, sndhwm, rcvhwm, transport, kernel_buffer, bind"#,
        ],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
sndhwm = 10"#,
        said: &[
            r#"10:1: sndhwm does not apply to a classic queue of RabbitMQ; write kind = "zeromq", or leave it out"#,
        ],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
dead_letter = "aside"
[queue.aside]
kind = "zeromq""#,
        said: &[
            r#"10:15: dead letters of a classic queue of RabbitMQ cannot go to ZeroMQ's PUSH and PULL; name a queue of the same broker, or write its kind in [queue.aside]"#,
        ],
    },
    Broken {
        change: r#"[queue.packing]

[pool.pickers]"#,
        to: r#"[queue.packing]
[queue.aside]
kind = "zeromq"
[pool.asides]
from = "aside"
consumers = 1
service = "exponential(1s)"
prefetch = 10
ack = "manual"
[pool.pickers]"#,
        said: &[
            r#"16:1: prefetch does not apply to ZeroMQ's PUSH and PULL; leave it out, or write rcvhwm in its queue for the most that wait at a peer"#,
            r#"17:1: ack does not apply to ZeroMQ's PUSH and PULL; leave it out, or write another kind of queue: a message has left its socket when it is pulled"#,
        ],
    },
    Broken {
        change: r#"[queue.packing]

[pool.pickers]"#,
        to: r#"[queue.packing]
[queue.aside]
kind = "zeromq"
[pool.asides]
from = "aside"
consumers = 1
service = "exponential(1s)"
failure = { probability = "5%", then = "requeue" }
round_trip = "1ms"
[pool.pickers]"#,
        said: &[
            r#"16:1: failure does not apply to ZeroMQ's PUSH and PULL; leave it out, or write another kind of queue: a socket takes no message back"#,
            r#"17:1: round_trip does not apply to ZeroMQ's PUSH and PULL; leave it out, as it is for a queue of RabbitMQ or a topic of Kafka or a queue of SQS; keys of a pool are: from, consumers, concurrency, service, service_of, to, on_refused, crashes, outages, restarts, slowdowns, cost_per_hour"#,
        ],
    },
    Broken {
        change: r#"[queue.packing]

[pool.pickers]"#,
        to: r#"[queue.packing]
[queue.aside]
kind = "zeromq"
[pool.asides]
from = "aside"
consumers = 1
service = "exponential(1s)"
crashes = { up = "exponential(1h)", down = "constant(1m)" }
on_crash = "redo"
[pool.pickers]"#,
        said: &[
            r#"17:1: on_crash does not apply to ZeroMQ's PUSH and PULL; leave it out, as it is for a queue of RabbitMQ or a topic of Kafka or a queue of SQS; keys of a pool are: from, consumers, concurrency, service, service_of, to, on_refused, crashes, outages, restarts, slowdowns, cost_per_hour"#,
        ],
    },
    Broken {
        change: r#"[queue.packing]

[pool.pickers]"#,
        to: r#"[queue.packing]
[queue.aside]
kind = "zeromq"
[pool.asides]
from = "aside"
consumers = 1
service = "exponential(1s)"
max_poll_records = 10
[pool.pickers]"#,
        said: &[
            r#"16:1: max_poll_records does not apply to ZeroMQ's PUSH and PULL; write kind = "kafka" in its queue, or leave it out"#,
        ],
    },
    Broken {
        change: r#"arrivals = "poisson(8/s)"

[queue.picking]"#,
        to: r#"arrivals = "poisson(8/s)"
confirms = { window = 10, delay = "constant(5ms)" }
ttl = "1h"
[queue.picking]
kind = "zeromq""#,
        said: &[
            r#"7:1: confirms does not apply to ZeroMQ's PUSH and PULL; leave it out, as it is for a queue of RabbitMQ; keys of a producer are: to, arrivals, batch, size, key, on_refused, timeout"#,
            r#"8:1: ttl does not apply to ZeroMQ's PUSH and PULL; leave it out, as it is for a queue of RabbitMQ; keys of a producer are: to, arrivals, batch, size, key, on_refused, timeout"#,
        ],
    },
    Broken {
        change: r#"arrivals = "poisson(8/s)"

[queue.picking]"#,
        to: r#"arrivals = "poisson(8/s)"
on_refused = "wait"
[queue.picking]
kind = "zeromq""#,
        said: &[
            r#"7:14: unknown on_refused "wait"; it is one of: drop, block, { retry = { backoff = "fixed(1s)" } }"#,
        ],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
[queue.aside]
kind = "zeromq"
[exchange.events]
kind = "fanout"
bindings = [{ queue = "aside" }]"#,
        said: &[
            r#"14:12: an exchange is RabbitMQ's, and "aside" is ZeroMQ's PUSH and PULL; publish to "aside" itself"#,
        ],
    },
    Broken {
        change: r#"arrivals = "poisson(8/s)"

[queue.picking]"#,
        to: r#"arrivals = { closed = { clients = 3, think = "constant(0s)" } }
[queue.picking]
kind = "zeromq""#,
        said: &[
            r#"6:12: clients that do not think and have their answer at delivery would never let time pass; give `think` a mean above 0s"#,
        ],
    },
];
