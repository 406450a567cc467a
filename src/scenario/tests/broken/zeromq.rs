//! PUSH and PULL sockets of ZeroMQ: what they do not know, and what is another broker's.

use super::Broken;

pub(super) const BROKEN: &[Broken] = &[
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "zeromq"
sndhwm = -1
rcvhwm = "many""#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "zeromq"
transport = "ipc"
bind = "dealer""#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "zeromq"
transport = "inproc"
kernel_buffer = "1MiB""#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "zeromq"
kernel_buffer = -1"#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "zeromq"
max_length = 100
hwm = 10"#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "zeromq"
dead_letter = "picking"
visibility_timeout = 30
message_ttl = "1h""#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
sndhwm = 10"#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
dead_letter = "aside"
[queue.aside]
kind = "zeromq""#,
        said: &[],
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
        said: &[],
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
        said: &[],
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
        said: &[],
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
        said: &[],
    },
    Broken {
        change: r#"arrivals = "poisson(8/s)"

[queue.picking]"#,
        to: r#"arrivals = "poisson(8/s)"
confirms = { window = 10, delay = "constant(5ms)" }
ttl = "1h"
[queue.picking]
kind = "zeromq""#,
        said: &[],
    },
    Broken {
        change: r#"arrivals = "poisson(8/s)"

[queue.picking]"#,
        to: r#"arrivals = "poisson(8/s)"
on_refused = "wait"
[queue.picking]
kind = "zeromq""#,
        said: &[],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
[queue.aside]
kind = "zeromq"
[exchange.events]
kind = "fanout"
bindings = [{ queue = "aside" }]"#,
        said: &[],
    },
    Broken {
        change: r#"arrivals = "poisson(8/s)"

[queue.picking]"#,
        to: r#"arrivals = { closed = { clients = 3, think = "constant(0s)" } }
[queue.picking]
kind = "zeromq""#,
        said: &[],
    },
];
