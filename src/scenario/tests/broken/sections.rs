//! Queues, pools and their names.

use super::Broken;

pub(super) const BROKEN: &[Broken] = &[
    Broken {
        change: r#"[queue.failed]"#,
        to: r#"[queue.failed"#,
        said: &[r#"15:14: syntax: unclosed table; expected `]`"#],
    },
    Broken {
        change: r#"[queue.failed]"#,
        to: r#"[queue.emails]"#,
        said: &[r#"15:8: syntax: duplicate key; write every key and table once"#],
    },
    Broken {
        change: r#"[queue.failed]"#,
        to: r#"[queue.Failed]"#,
        said: &[
            r#"13:15: no queue is called "failed"; did you mean "Failed"? queues: emails, Failed"#,
            r#"15:8: "Failed" is not a name; names are of a-z, 0-9, _ and -, such as "order-emails""#,
        ],
    },
    Broken {
        change: r#"[queue.failed]"#,
        to: r#"[queue.senders]
[queue.failed]"#,
        said: &[
            r#"18:7: the name "senders" is taken; names are unique across producers, exchanges, queues and pools: choose another"#,
        ],
    },
    Broken {
        change: r#"[queue.failed]"#,
        to: r#"[queue.end_to_end]
[queue.failed]"#,
        said: &[
            r#"15:8: the name "end_to_end" is reserved; it begins metrics of the whole scenario: choose another"#,
        ],
    },
    Broken {
        change: r#"[queue.failed]"#,
        to: r#"[queue.failed]
max_lenght = 5"#,
        said: &[
            r#"16:1: unknown key "max_lenght"; did you mean "max_length"? keys of a queue: kind, max_length, max_length_bytes, overflow, message_ttl, expiry, dead_letter, delivery_limit, max_priority, single_active_consumer, dead_letter_strategy, delayed_retry, consumer_timeout, intake, cost_per_hour"#,
        ],
    },
    Broken {
        change: r#"[queue.failed]"#,
        to: r#"[queue.failed]
max_length = 1.5"#,
        said: &[r#"16:14: count "1.5" is not whole; write a whole number, such as "2""#],
    },
    Broken {
        change: r#"[queue.failed]"#,
        to: r#"[queue.failed]
max_length_bytes = "5s""#,
        said: &[r#"16:20: "5s" is a duration, not a size; write a size such as "2KiB""#],
    },
    Broken {
        change: r#"[queue.failed]"#,
        to: r#"[queue.failed]
max_priority = 300"#,
        said: &[r#"16:16: max_priority is 300, and must be at most 255; write 255 or less"#],
    },
    Broken {
        change: r#"[queue.failed]"#,
        to: r#"[queue.failed]
dead_letter = "failed""#,
        said: &[
            r#"16:15: dead letters would come back to their own queue, and RabbitMQ drops those that no consumer rejected; let a pool reject (failure with then = "reject"), or name a queue that does not lead back"#,
        ],
    },
    Broken {
        change: r#"[queue.failed]"#,
        to: r#"[queue.failed]
dead_letter = "emails""#,
        said: &[
            r#"13:15: dead letters go in a circle of 2 queues, and RabbitMQ drops those that no consumer rejected; let a pool reject (failure with then = "reject"), or name a queue that does not lead back"#,
        ],
    },
    Broken {
        change: r#"[queue.failed]"#,
        to: r#"[queue.failed]
message_ttl = """#,
        said: &[r#"16:15: this duration is empty; write a duration such as "200ms""#],
    },
    Broken {
        change: r#"[queue.failed]"#,
        to: r#"[queue.failed]
max_length = 5
overflow = "reject-publish-dlx""#,
        said: &[
            r#"17:12: overflow reject-publish-dlx needs a dead_letter; write dead_letter = "the name of a queue", or overflow = "reject-publish""#,
        ],
    },
    Broken {
        change: r#""reject-publish""#,
        to: r#""reject""#,
        said: &[
            r#"12:14: unknown overflow "reject"; it is one of: drop-head, reject-publish, reject-publish-dlx"#,
        ],
    },
    Broken {
        change: r#"dead_letter = "failed""#,
        to: r#"dead_letter = "faild""#,
        said: &[
            r#"13:15: no queue is called "faild"; did you mean "failed"? queues: emails, failed"#,
        ],
    },
    Broken {
        change: r#"to       = "emails""#,
        to: r#"to       = "email""#,
        said: &[
            r#"7:12: no queue is called "email"; did you mean "emails"? queues: emails, failed"#,
        ],
    },
    Broken {
        change: r#"to       = "emails"
"#,
        to: r#""#,
        said: &[r#"6:11: producer checkout has no to; write to = "the name of a queue""#],
    },
    Broken {
        change: r#"to       = "emails""#,
        to: r#"to       = ["emails"]"#,
        said: &[
            r#"7:12: to must be the name of a queue or a table, not a list; write "the name of a queue""#,
        ],
    },
    Broken {
        change: r#"consumers = 9"#,
        to: r#"consumers = 0"#,
        said: &[r#"19:13: consumers is 0, and must be at least 1; write 1 or more"#],
    },
    Broken {
        change: r#"consumers = 9"#,
        to: r#"consumers = "many""#,
        said: &[r#"19:13: "many" is not a count; write a count such as "200k""#],
    },
    Broken {
        change: r#"consumers = 9"#,
        to: r#"consumers = 9.5"#,
        said: &[r#"19:13: count "9.5" is not whole; write a whole number, such as "10""#],
    },
    Broken {
        change: r#"consumers = 9"#,
        to: r#"consumers = 9
on_crsh = "redo""#,
        said: &[
            r#"20:1: unknown key "on_crsh"; did you mean "on_crash"? keys of a pool: from, consumers, concurrency, prefetch, service, service_of, ack, batch, to, on_refused, failure, round_trip, priority, crashes, outages, restarts, slowdowns, on_crash, cost_per_hour"#,
        ],
    },
    Broken {
        change: r#"consumers = 9"#,
        to: r#"consumers = 9
ack = "maual""#,
        said: &[r#"20:7: unknown ack "maual"; did you mean "manual"? it is one of: manual, auto"#],
    },
    Broken {
        change: r#"consumers = 9"#,
        to: r#"consumers = 9
failure = { probability = "100%", then = "requeue" }"#,
        said: &[
            r#"20:11: every attempt fails and is requeued: a message would never leave; write delivery_limit = 20 in [queue.emails], or then = "reject" to let it go"#,
        ],
    },
    Broken {
        change: r#"consumers = 9"#,
        to: r#"consumers = 9
failure = { probability = "150%", then = "requeue" }"#,
        said: &[r#"20:27: probability 150% is more than everything; write at most "100%""#],
    },
    Broken {
        change: r#"consumers = 9"#,
        to: r#"consumers = 9
failure = { probability = 0.5, then = { retry = {} } }"#,
        said: &[
            r#"20:27: share "0.5" has no unit; write "50%""#,
            r#"20:49: retry has no backoff; write backoff = "exponential(first=1s, cap=1m)""#,
        ],
    },
    Broken {
        change: r#"from      = "emails""#,
        to: r#"from      = "senders""#,
        said: &[r#"18:13: no queue is called "senders"; queues: emails, failed"#],
    },
    Broken {
        change: r#"[producer.checkout]
to       = "emails"
arrivals = { poisson = { rate = "80/s" } }"#,
        to: r#"[producer]"#,
        said: &[
            r#"6:2: the scenario has no producer; write a table [producer.NAME] with `to` and `arrivals`"#,
        ],
    },
    Broken {
        change: r#"[producer.checkout]
to       = "emails"
arrivals = { poisson = { rate = "80/s" } }"#,
        to: r#"[producers.checkout]
to       = "emails"
arrivals = { poisson = { rate = "80/s" } }"#,
        said: &[
            r#"6:2: unknown key "producers"; did you mean "producer"? keys of a scenario: title, question, kind, horizon, at_horizon, warmup, replications, seed, level, profile, consumer_timeout, memory_limit, producer, exchange, queue, pool, objective, variant"#,
        ],
    },
    Broken {
        change: r#"[queue.failed]"#,
        to: r#"[queue]
length = 5
[queue.failed]"#,
        said: &[
            r#"16:1: queue must be a table of tables, and "length" is not one; name the queue: write a table [queue.NAME]"#,
        ],
    },
    Broken {
        change: r#"consumers = 9"#,
        to: r#"consumers = 1_000_001"#,
        said: &[
            r#"19:13: 1000001 consumers × concurrency in all are more than a run has room for; write at most 1000000 in all"#,
        ],
    },
    Broken {
        change: r#"{ poisson = { rate = "80/s" } }"#,
        to: r#""closed(clients=1_000_001, think=exponential(1s))""#,
        said: &[
            r#"8:12: 1000001 clients in all are more than a run has room for; write at most 1000000 in all"#,
        ],
    },
    Broken {
        change: r#"{ poisson = { rate = "80/s" } }
"#,
        to: r#""closed(clients=9, think=constant(0s))"
ttl = "0s"
"#,
        said: &[
            r#"8:12: clients that do not think and whose messages may be lost at once would never let time pass; give `think` a mean above 0s"#,
        ],
    },
];
