//! Exchanges, their bindings, and what is published to them.

use super::Broken;

pub(super) const BROKEN: &[Broken] = &[
    Broken {
        change: r#"to       = { exchange = "events", keys = [{ key = "order.created", share = "70%" }, { key = "order.paid" }] }"#,
        to: r#"to       = "events""#,
        said: &[
            r#"5:12: no queue is called "events"; that is an exchange: write { exchange = "events" } where messages are published"#,
        ],
    },
    Broken {
        change: r#"to       = { exchange = "events", keys = [{ key = "order.created", share = "70%" }, { key = "order.paid" }] }"#,
        to: r#"to       = { exchange = "evnts", key = "order.paid" }"#,
        said: &[r#"5:25: no exchange is called "evnts"; did you mean "events"?"#],
    },
    Broken {
        change: r#"to       = { exchange = "events", keys = [{ key = "order.created", share = "70%" }, { key = "order.paid" }] }"#,
        to: r#"to       = { exchange = "billing", key = "order.paid" }"#,
        said: &[r#"5:25: no exchange is called "billing"; exchanges: events"#],
    },
    Broken {
        change: r#"to       = { exchange = "events", keys = [{ key = "order.created", share = "70%" }, { key = "order.paid" }] }"#,
        to: r#"to       = { exchange = "events" }"#,
        said: &[
            r#"5:12: exchange "events" routes by key, and here is none; write key = "order.created""#,
        ],
    },
    Broken {
        change: r#"to       = { exchange = "events", keys = [{ key = "order.created", share = "70%" }, { key = "order.paid" }] }"#,
        to: r#"to       = { exchange = "events", key = "order.paid", headers = { format = "pdf" } }"#,
        said: &[r#"5:55: exchange "events" does not look at `headers`; leave it out"#],
    },
    Broken {
        change: r#"to       = { exchange = "events", keys = [{ key = "order.created", share = "70%" }, { key = "order.paid" }] }"#,
        to: r#"to       = { exchange = "events", key = 5, headers = { format = 1 } }"#,
        said: &[
            r#"5:41: key must be text, not an integer; write "order.created""#,
            r#"5:65: a header must be text, not an integer; write "pdf""#,
        ],
    },
    Broken {
        change: r#"to       = { exchange = "events", keys = [{ key = "order.created", share = "70%" }, { key = "order.paid" }] }"#,
        to: r#"to       = { exchange = "events", key = "a", keys = [{ key = "b" }] }"#,
        said: &[
            r#"5:46: `keys` stands beside `key`: each message has one; write keys = [{ key = "order.created", share = "70%" }, { key = "order.paid" }] alone"#,
        ],
    },
    Broken {
        change: r#"to       = { exchange = "events", keys = [{ key = "order.created", share = "70%" }, { key = "order.paid" }] }"#,
        to: r#"to       = { exchange = "events", keys = ["a", "b"] }"#,
        said: &[
            r#"5:43: an entry of `keys` must be a table, not text; write { key = "order.paid", share = "30%" }"#,
            r#"5:48: an entry of `keys` must be a table, not text; write { key = "order.paid", share = "30%" }"#,
        ],
    },
    Broken {
        change: r#"to       = { exchange = "events", keys = [{ key = "order.created", share = "70%" }, { key = "order.paid" }] }"#,
        to: r#"to       = { exchange = "events", keys = [] }"#,
        said: &[
            r#"5:42: this list has no key; write keys = [{ key = "order.created", share = "70%" }, { key = "order.paid" }]"#,
        ],
    },
    Broken {
        change: r#"to       = { exchange = "events", keys = [{ key = "order.created", share = "70%" }, { key = "order.paid" }] }"#,
        to: r#"to       = { exchange = "events", keys = [{ key = "a", share = "70%" }, { key = "b", share = "20%" }] }"#,
        said: &[
            r#"5:42: the shares add up to 90 %, and must add up to 100 %; say what becomes of the other 10 %, or leave a share out"#,
        ],
    },
    Broken {
        change: r#"to       = { exchange = "events", keys = [{ key = "order.created", share = "70%" }, { key = "order.paid" }] }"#,
        to: r#"to       = { exchange = "events", keys = [{ key = "a", share = "70%" }, { key = "b", share = "70%" }] }"#,
        said: &[r#"5:42: the shares add up to 140 %, and must add up to 100 %; take 40 % off"#],
    },
    Broken {
        change: r#"to       = { exchange = "events", keys = [{ key = "order.created", share = "70%" }, { key = "order.paid" }] }"#,
        to: r#"to       = { exchange = "events", keys = [{ key = "a" }, { key = "b" }] }"#,
        said: &[
            r#"5:58: at most one of these may leave its share to the others, and this is one more; write share = "40%""#,
        ],
    },
    Broken {
        change: r#"to       = { exchange = "events", keys = [{ key = "order.created", share = "70%" }, { key = "order.paid" }] }"#,
        to: r#"to       = { exchange = "events", keys = [{ key = "a", share = "70%" }, { key = "a" }] }"#,
        said: &[r#"5:73: the key "a" is there already; add its share to the first one"#],
    },
    Broken {
        change: r#"to       = { exchange = "events", keys = [{ key = "order.created", share = "70%" }, { key = "order.paid" }] }"#,
        to: r#"to       = { exchange = "events", keys = [{ ky = "a" }] }"#,
        said: &[
            r#"5:45: unknown key "ky"; did you mean "key"? keys of an entry of `keys`: key, share"#,
        ],
    },
    Broken {
        change: r#"to       = { exchange = "events", keys = [{ key = "order.created", share = "70%" }, { key = "order.paid" }] }"#,
        to: r#"to       = { exchange = "events", key = "a", shar = "5%" }"#,
        said: &[
            r#"5:46: unknown key "shar"; keys of { exchange = … }: exchange, key, keys, headers"#,
        ],
    },
    Broken {
        change: r#"to       = { exchange = "events", keys = [{ key = "order.created", share = "70%" }, { key = "order.paid" }] }"#,
        to: r#"to       = { exchange = "events", key = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" }"#,
        said: &[r#"5:41: this key has 256 bytes, and may have 255; write a shorter one"#],
    },
    Broken {
        change: r#"kind     = "topic""#,
        to: r#"kind     = "topics""#,
        said: &[
            r#"9:12: unknown kind "topics"; did you mean "topic"? it is one of: direct, fanout, topic, headers"#,
        ],
    },
    Broken {
        change: r#"kind     = "topic""#,
        to: r#""#,
        said: &[r#"8:11: exchange events has no kind; write kind = "topic""#],
    },
    Broken {
        change: r#"bindings = [{ queue = "billing", key = "order.paid" }, { queue = "audit", key = "order.#" }]"#,
        to: r#""#,
        said: &[
            r#"8:11: exchange events has no bindings; write bindings = [{ queue = "q", key = "order.created" }]"#,
        ],
    },
    Broken {
        change: r#"kind     = "topic"
bindings = [{ queue = "billing", key = "order.paid" }, { queue = "audit", key = "order.#" }]"#,
        to: r#"kind     = "fanout"
bindings = [{ queue = "billing", key = "order.paid" }, { queue = "audit", key = "order.#" }]"#,
        said: &[
            r#"10:34: a fanout exchange does not look at `key`; leave it out"#,
            r#"10:75: a fanout exchange does not look at `key`; leave it out"#,
        ],
    },
    Broken {
        change: r#"kind     = "topic"
bindings = [{ queue = "billing", key = "order.paid" }, { queue = "audit", key = "order.#" }]"#,
        to: r#"kind     = "fanout"
bindings = [{ queue = "billing" }, { queue = "audit" }]"#,
        said: &[r#"5:35: exchange "events" does not look at `keys`; leave it out"#],
    },
    Broken {
        change: r#"kind     = "topic"
bindings = [{ queue = "billing", key = "order.paid" }, { queue = "audit", key = "order.#" }]"#,
        to: r#"kind     = "headers"
bindings = [{ queue = "billing", key = "order.paid" }, { queue = "audit", headers = {} }, { queue = "audit" }]"#,
        said: &[
            r#"10:34: a headers exchange does not look at `key`; write headers = { format = "pdf" }"#,
            r#"10:85: here are no headers; write headers = { format = "pdf" }"#,
            r#"10:91: a binding of a headers exchange has no headers; write headers = { format = "pdf" }"#,
        ],
    },
    Broken {
        change: r#"kind     = "topic"
bindings = [{ queue = "billing", key = "order.paid" }, { queue = "audit", key = "order.#" }]"#,
        to: r#"kind     = "headers"
bindings = [{ queue = "billing", headers = { format = "pdf" }, match = "some" }]"#,
        said: &[r#"10:72: unknown match "some"; it is one of: all, any"#],
    },
    Broken {
        change: r#"bindings = [{ queue = "billing", key = "order.paid" }, { queue = "audit", key = "order.#" }]"#,
        to: r#"bindings = [{ queue = "biling", key = "order.paid" }, { exchange = "audit", key = "order.#" }]"#,
        said: &[
            r#"10:23: no queue is called "biling"; did you mean "billing"? queues: billing, audit"#,
            r#"10:68: no exchange is called "audit"; exchanges: events"#,
        ],
    },
    Broken {
        change: r#"bindings = [{ queue = "billing", key = "order.paid" }, { queue = "audit", key = "order.#" }]"#,
        to: r#"bindings = [{ queue = "billing" }, { queue = "audit", headers = { format = "pdf" }, match = "any" }]"#,
        said: &[
            r#"10:13: a binding of a topic exchange has no key; write key = "order.*""#,
            r#"10:55: a topic exchange does not look at `headers`; write key = "order.*""#,
            r#"10:85: a topic exchange does not look at `match`; write key = "order.*""#,
        ],
    },
    Broken {
        change: r#"bindings = [{ queue = "billing", key = "order.paid" }, { queue = "audit", key = "order.#" }]"#,
        to: r#"bindings = [{ key = "order.paid" }, { queue = "audit", exchange = "events", key = "order.#" }]"#,
        said: &[
            r#"10:13: this does not say where messages go; give it one of: queue, exchange"#,
            r#"10:56: this says twice where messages go; keep queue alone; it is one of: queue, exchange"#,
        ],
    },
    Broken {
        change: r#"bindings = [{ queue = "billing", key = "order.paid" }, { queue = "audit", key = "order.#" }]"#,
        to: r#"bindings = [{ queue = "billing", key = 5 }, { queu = "audit", key = "order.#" }]"#,
        said: &[
            r#"10:40: key must be text, not an integer; write "order.created""#,
            r#"10:47: unknown key "queu"; did you mean "queue"? keys of a target: queue, exchange, key, headers, match"#,
        ],
    },
    Broken {
        change: r#"bindings = [{ queue = "billing", key = "order.paid" }, { queue = "audit", key = "order.#" }]"#,
        to: r#"bindings = "billing""#,
        said: &[
            r#"10:12: bindings must be a list, not text; write bindings = [{ queue = "q", key = "order.created" }]"#,
        ],
    },
    Broken {
        change: r#"bindings = [{ queue = "billing", key = "order.paid" }, { queue = "audit", key = "order.#" }]"#,
        to: r#"bindings = [{ queue = "billing", key = "order.paid" }, { queue = "audit", key = "order.#" }]
alternate = "audit"
colour = "red""#,
        said: &[
            r#"11:13: no exchange is called "audit"; exchanges: events"#,
            r#"12:1: unknown key "colour"; keys of an exchange: kind, bindings, alternate"#,
        ],
    },
    Broken {
        change: r#"[queue.audit]"#,
        to: r#"[queue.audit]
[queue.events]"#,
        said: &[
            r#"14:8: the name "events" is taken; names are unique across producers, exchanges, queues and pools: choose another"#,
        ],
    },
];
