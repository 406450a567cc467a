//! Dead letters that cannot go where they are sent.

use super::Broken;

pub(super) const BROKEN: &[Broken] = &[
    Broken {
        change: r#"[queue.picking]"#,
        to: r#"[queue.picking]
dead_letter = 5"#,
        said: &[
            r#"9:15: dead_letter must be the name of a queue or a table, not an integer; write "the name of a queue""#,
        ],
    },
    Broken {
        change: r#"[queue.picking]"#,
        to: r#"[queue.picking]
dead_letter = {}"#,
        said: &[r#"9:15: this does not say where messages go; give it one of: queue, exchange"#],
    },
    Broken {
        change: r#"[queue.picking]"#,
        to: r#"[queue.picking]
dead_letter = { exchange = "dlx", key = "failed" }"#,
        said: &[r#"9:28: no exchange is called "dlx"; there are no exchanges"#],
    },
    Broken {
        change: r#"[queue.picking]"#,
        to: r#"[queue.picking]
dead_letter = { exchange = "dlx", kye = "failed" }
[exchange.dlx]
kind = "fanout"
bindings = [{ queue = "packing" }]"#,
        said: &[
            r#"9:35: unknown key "kye"; did you mean "key"? keys of { exchange = … }: exchange, key"#,
        ],
    },
    Broken {
        change: r#"[queue.picking]"#,
        to: r#"[queue.picking]
dead_letter = { queue = "packing", exchange = "dlx" }
[exchange.dlx]
kind = "fanout"
bindings = [{ queue = "packing" }]"#,
        said: &[
            r#"9:36: this says twice where messages go; keep queue alone; it is one of: queue, exchange"#,
        ],
    },
    Broken {
        change: r#"[queue.picking]"#,
        to: r#"[queue.picking]
dead_letter = { exchange = "dlx", key = "failed" }
[exchange.dlx]
kind = "fanout"
bindings = [{ queue = "packing" }]"#,
        said: &[r#"9:35: exchange "dlx" does not look at `key`; leave it out"#],
    },
    Broken {
        change: r#"[queue.picking]"#,
        to: r#"[queue.picking]
dead_letter = { exchange = "dlx", key = 5 }
[exchange.dlx]
kind = "fanout"
bindings = [{ queue = "packing" }]"#,
        said: &[r#"9:41: key must be text, not an integer; write "order.created""#],
    },
    Broken {
        change: r#"[queue.picking]"#,
        to: r#"[queue.picking]
message_ttl = "1s"
dead_letter = { exchange = "dlx" }
[exchange.dlx]
kind = "fanout"
bindings = [{ queue = "picking" }]"#,
        said: &[
            r#"10:15: dead letters would come back to their own queue, and RabbitMQ drops those that no consumer rejected; let a pool reject (failure with then = "reject"), or name a queue that does not lead back"#,
        ],
    },
    Broken {
        change: r#"[queue.picking]"#,
        to: r#"[exchange.dlx]
kind = "direct"
bindings = [{ queue = "wait", key = "wait" }, { queue = "picking", key = "work" }]
[queue.wait]
message_ttl = "30s"
dead_letter = { exchange = "dlx", key = "work" }
[queue.picking]
message_ttl = "1s"
dead_letter = { exchange = "dlx", key = "wait" }"#,
        said: &[
            r#"13:15: dead letters go in a circle of 2 queues, and RabbitMQ drops those that no consumer rejected; let a pool reject (failure with then = "reject"), or name a queue that does not lead back"#,
        ],
    },
    Broken {
        change: r#"service   = "exponential(1s)""#,
        to: r#"service   = "exponential(1s)"
failure = { probability = "100%", then = "reject" }
[exchange.dlx]
kind = "fanout"
bindings = [{ queue = "wait" }]
[queue.wait]
message_ttl = "30s"
dead_letter = "spare"
[queue.spare]
dead_letter = { exchange = "dlx" }
[producer.more]
to = "spare"
arrivals = "poisson(1/s)"
[pool.sparing]
from = "spare"
consumers = 5
service = "constant(1s)"
failure = { probability = "100%", then = "reject" }"#,
        said: &[
            r#"23:15: every message comes back to queue "wait" as a dead letter: none would ever leave; let some of the work succeed, or name a queue that does not lead back"#,
        ],
    },
];
