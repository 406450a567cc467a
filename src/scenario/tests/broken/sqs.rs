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
        said: &[
            r#"11:22: visibility_timeout is 13h 00m, and SQS has at most 12h 00m; write "12h 00m" or less"#,
            r#"12:17: delay_seconds is 15m 01s, and SQS has at most 15m 00s; write "15m 00s" or less"#,
            r#"13:28: message_retention_period is 15d 00h, and SQS has at most 14d 00h; write "14d 00h" or less"#,
        ],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "sqs"
message_retention_period = 59"#,
        said: &[
            r#"11:28: message_retention_period is 59.0 s, and SQS has at least 1m 00s; write "1m 00s" or more"#,
        ],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "sqs"
visibility_timeout = -1"#,
        said: &[r#"11:22: visibility_timeout is -1, and must be 0 or more; write 5, or "5s""#],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "sqs"
visibility_timeout = "30""#,
        said: &[r#"11:22: duration "30" has no unit; write "30ms" or "30s""#],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "sqs"
visibility_timeout_seconds = 30"#,
        said: &[
            r#"11:1: unknown key "visibility_timeout_seconds"; keys of a queue: kind, dead_letter, cost_per_hour, fifo_queue, visibility_timeout, delay_seconds, message_retention_period, max_receive_count, in_flight_limit, cost_per_million_requests"#,
        ],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "sqs"
max_receive_count = 3"#,
        said: &[
            r#"11:1: without a dead letter queue a message is received for as long as it is kept; write dead_letter = "the name of a queue""#,
        ],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "sqs"
max_receive_count = 0
dead_letter = "picking""#,
        said: &[r#"11:21: max_receive_count is 0, and must be at least 1; write 1 or more"#],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "sqs"
max_receive_count = 3
dead_letter = "nobody""#,
        said: &[r#"12:15: no queue is called "nobody"; queues: picking, packing"#],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "sqs"
max_receive_count = 3
dead_letter = "picking""#,
        said: &[
            r#"12:15: dead letters of a queue of SQS cannot go to a classic queue of RabbitMQ; name a queue of the same broker, or write its kind in [queue.picking]"#,
        ],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "sqs"
max_receive_count = 3
dead_letter = "packing""#,
        said: &[
            r#"12:15: dead letters would come back to their own queue; name a queue that does not lead back"#,
        ],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "sqs"
dead_letter = "aside"
[queue.aside]
kind = "sqs"
dead_letter = "packing""#,
        said: &[
            r#"11:15: dead letters go in a circle of 2 queues: none would leave; name a queue that does not lead back"#,
        ],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "sqs"
dead_letter = { queue = "picking" }"#,
        said: &[r#"11:15: dead_letter must be text, not a table; write the name of a queue"#],
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
        said: &[
            r#"13:15: the dead letter queue of a FIFO queue must be a FIFO queue, and of another none; write the same fifo_queue in [queue.dead]"#,
        ],
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
        said: &[
            r#"12:15: the dead letter queue of a FIFO queue must be a FIFO queue, and of another none; write the same fifo_queue in [queue.dead]"#,
        ],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "sqs"
max_receive_count = 3
dead_letter = "dead"
[queue.dead]
kind = "zeromq""#,
        said: &[
            r#"12:15: dead letters of a queue of SQS cannot go to ZeroMQ's PUSH and PULL; name a queue of the same broker, or write its kind in [queue.dead]"#,
        ],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "sqs"
fifo_queue = "yes"
in_flight_limit = 0"#,
        said: &[
            r#"11:14: fifo_queue must be true or false, not text; write true"#,
            r#"12:19: in_flight_limit is 0, and must be at least 1; write 1 or more"#,
        ],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "sqs"
max_length = 100
message_ttl = "1h"
delivery_limit = 3
consumer_timeout = "30m""#,
        said: &[
            r#"11:1: max_length does not apply to a queue of SQS; leave it out, as it is for a queue of RabbitMQ; keys of a queue are: kind, dead_letter, cost_per_hour, fifo_queue, visibility_timeout, delay_seconds, message_retention_period, max_receive_count, in_flight_limit, cost_per_million_requests"#,
            r#"12:1: message_ttl does not apply to a queue of SQS; leave it out, or write message_retention_period"#,
            r#"13:1: delivery_limit does not apply to a queue of SQS; leave it out, or write max_receive_count"#,
            r#"14:1: consumer_timeout does not apply to a queue of SQS; leave it out, or write visibility_timeout"#,
        ],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "sqs"
partitions = 12
intake = "1ms""#,
        said: &[
            r#"11:1: partitions does not apply to a queue of SQS; write kind = "kafka", or leave it out"#,
            r#"12:1: intake does not apply to a queue of SQS; leave it out, as it is for a queue of RabbitMQ; keys of a queue are: kind, dead_letter, cost_per_hour, fifo_queue, visibility_timeout, delay_seconds, message_retention_period, max_receive_count, in_flight_limit, cost_per_million_requests"#,
        ],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "sqs-fifo"
"#,
        said: &[
            r#"10:8: unknown kind "sqs-fifo"; it is one of: classic, quorum, kafka, sqs, zeromq"#,
        ],
    },
    // Nothing is known of what means something there.
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "kafak"
partitions = 12
visibility_timeout = 30
"#,
        said: &[
            r#"10:8: unknown kind "kafak"; did you mean "kafka"? it is one of: classic, quorum, kafka, sqs, zeromq"#,
        ],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "kafak"
[pool.menders]
from = "packing"
consumers = 1
service = "constant(1s)"
max_poll_records = 5"#,
        said: &[
            r#"10:8: unknown kind "kafak"; did you mean "kafka"? it is one of: classic, quorum, kafka, sqs, zeromq"#,
        ],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
visibility_timeout = 30
fifo_queue = true"#,
        said: &[
            r#"10:1: visibility_timeout does not apply to a classic queue of RabbitMQ; write kind = "sqs", or leave it out"#,
            r#"11:1: fifo_queue does not apply to a classic queue of RabbitMQ; write kind = "sqs", or leave it out"#,
        ],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
dead_letter = "aside"
[queue.aside]
kind = "sqs""#,
        said: &[
            r#"10:15: dead letters of a classic queue of RabbitMQ cannot go to a queue of SQS; name a queue of the same broker, or write its kind in [queue.aside]"#,
        ],
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
        said: &[
            r#"16:1: ack does not apply to a queue of SQS; leave it out, or write visibility_timeout in its queue for how long work may take"#,
            r#"17:1: prefetch does not apply to a queue of SQS; leave it out, or write max_number_of_messages for the most that one answer brings"#,
            r#"18:1: batch does not apply to a queue of SQS; leave it out, or write max_number_of_messages for the most that one answer brings"#,
        ],
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
        said: &[
            r#"16:26: max_number_of_messages is 11, and must be at most 10; write 10 or less"#,
            r#"17:21: extend_visibility is 0s, and must be more; write "1s", or leave it out"#,
        ],
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
wait_time_seconds = 20
[pool.pickers]"#,
        said: &[
            r#"16:26: max_number_of_messages is 0, and must be at least 1; write 1 or more"#,
            r#"17:1: unknown key "wait_time_seconds"; leave it out: consumers always poll for as long as they may"#,
        ],
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
        said: &[
            r#"16:1: max_poll_records does not apply to a queue of SQS; write kind = "kafka" in its queue, or leave it out"#,
            r#"17:1: unknown key "visibility_timeout"; keys of a pool: from, consumers, concurrency, service, service_of, to, on_refused, failure, round_trip, crashes, outages, restarts, slowdowns, on_crash, cost_per_hour, max_number_of_messages, extend_visibility"#,
        ],
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
        said: &[
            r#"16:40: SQS knows no reject: what is not deleted comes back until max_receive_count is reached; write then = "leave", or then = "requeue" to make it visible at once"#,
        ],
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
        said: &[
            r#"16:40: SQS knows no reject: what is not deleted comes back until max_receive_count is reached; write then = "leave", or then = "requeue" to make it visible at once"#,
        ],
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
        said: &[
            r#"16:40: a queue of RabbitMQ takes nothing back that its consumer keeps; write then = "requeue""#,
        ],
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
        said: &[
            r#"7:1: confirms does not apply to a queue of SQS; leave it out, as it is for a queue of RabbitMQ; keys of a producer are: to, arrivals, batch, size, key, on_refused, timeout"#,
            r#"8:1: ttl does not apply to a queue of SQS; leave it out, as it is for a queue of RabbitMQ; keys of a producer are: to, arrivals, batch, size, key, on_refused, timeout"#,
            r#"9:1: linger_ms does not apply to a queue of SQS; write kind = "kafka" in its queue, or leave it out"#,
        ],
    },
    Broken {
        change: r#"arrivals = "poisson(8/s)"

[queue.picking]"#,
        to: r#"arrivals = "poisson(8/s)"
message_group_id = 3
[queue.picking]
kind = "sqs""#,
        said: &[
            r#"7:1: unknown key "message_group_id"; write key: messages of the same key are one group"#,
        ],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "constant(0s)"
[queue.aside]
kind = "sqs"
visibility_timeout = 0
[pool.asides]
from = "aside"
consumers = 1
service = "constant(0s)""#,
        said: &[
            r#"27:11: messages that are visible at once and work that takes no time would never let time pass; give it a mean above 0s, or a visibility_timeout in [queue.aside]"#,
        ],
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
        said: &[
            r#"12:29: "0.40$" is not a number; write a number such as "1.2""#,
            r#"13:17: number "-1" is negative; a number is zero or more, such as "1.2""#,
        ],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
cost_per_million_requests = 0.4"#,
        said: &[
            r#"10:1: cost_per_million_requests does not apply to a classic queue of RabbitMQ; write kind = "sqs", or leave it out"#,
        ],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
[queue.aside]
kind = "sqs"
[exchange.events]
kind = "fanout"
bindings = [{ queue = "aside" }]"#,
        said: &[
            r#"14:12: an exchange is RabbitMQ's, and "aside" is a queue of SQS; publish to "aside" itself"#,
        ],
    },
    Broken {
        change: r#"[queue.packing]
"#,
        to: r#"[queue.packing]
kind = "sqs"
dead_letter = "picking"
max_receive_count = 2
"#,
        said: &[
            r#"11:15: dead letters of a queue of SQS cannot go to a classic queue of RabbitMQ; name a queue of the same broker, or write its kind in [queue.picking]"#,
        ],
    },
];
