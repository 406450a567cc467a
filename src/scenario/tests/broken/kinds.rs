//! Profiles, and what kinds of queues do not allow.

use super::Broken;

pub(super) const BROKEN: &[Broken] = &[
    Broken {
        change: r#"horizon  = "1h""#,
        to: r#"horizon  = "1h"
profile  = "rabbitmq-4""#,
        said: &[
            r#"3:12: unknown profile "rabbitmq-4"; did you mean "rabbitmq-4.3"? it is one of: rabbitmq-3.10, rabbitmq-4.3"#,
        ],
    },
    Broken {
        change: r#"horizon  = "1h""#,
        to: r#"horizon  = "1h"
profile  = 4.3"#,
        said: &[r#"3:12: profile must be text, not a number; write "rabbitmq-3.10""#],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "stream""#,
        said: &[
            r#"10:8: unknown kind "stream"; it is one of: classic, quorum, kafka, sqs, zeromq"#,
        ],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
kind = "quorum"
max_length = 5
overflow = "reject-publish-dlx"
dead_letter = "lost"
[queue.lost]"#,
        said: &[
            r#"12:12: a quorum queue has no reject-publish-dlx; write overflow = "reject-publish", or kind = "classic""#,
        ],
    },
    Broken {
        change: r#"horizon  = "1h""#,
        to: r#"horizon  = "1h"
profile  = "rabbitmq-3.10"
queue.lost = { kind = "quorum", max_priority = 5, overflow = "reject-publish-dlx" }"#,
        said: &[
            r#"4:48: quorum queues of 3.10 have no priorities; leave it out, or write kind = "classic" or profile = "rabbitmq-4.3""#,
            r#"4:62: a quorum queue has no reject-publish-dlx; write overflow = "reject-publish", or kind = "classic""#,
        ],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
delivery_limit = -2"#,
        said: &[r#"10:18: count "-2" is negative; a count is zero or more, such as "200k""#],
    },
    Broken {
        change: r#"[queue.packing]

[pool.pickers]
from      = "picking"
consumers = 10
service   = "exponential(1s)""#,
        to: r#"[queue.packing]
[queue.lost]
kind = "quorum"
[pool.losers]
from      = "lost"
consumers = 1
service   = "exponential(1s)"
failure   = { probability = "100%", then = "requeue" }
[pool.pickers]
from      = "picking"
consumers = 10
service   = "exponential(1s)""#,
        said: &[
            r#"16:13: every attempt fails and is requeued, which a quorum queue of rabbitmq-4.3 does not count: a message would never leave; write then = "reject-requeue", with a delivery_limit in [queue.lost], or then = "reject" to let it go"#,
        ],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
failure   = { poison = "1%", then = "requeue" }
[queue.spare]
kind = "quorum"
[producer.more]
to = "spare"
arrivals = "times([0s, 1s])"
[pool.other]
from = "spare"
consumers = 1
service = "exponential(900ms)"
failure   = { poison = "1%", then = "requeue" }"#,
        said: &[
            r#"21:24: a poisonous message fails at every attempt and never leaves: the run would never be drained; write delivery_limit = 20 in [queue.packing]"#,
            r#"31:24: a poisonous message fails at every attempt and never leaves: the run would never be drained; write then = "reject-requeue", with a delivery_limit in [queue.spare]"#,
        ],
    },
    Broken {
        change: r#"[queue.packing]"#,
        to: r#"[queue.packing]
single_active_consumer = "yes""#,
        said: &[r#"10:26: single_active_consumer must be true or false, not text; write true"#],
    },
];
