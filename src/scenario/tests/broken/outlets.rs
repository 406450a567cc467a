//! What follows a pool: outlets, balancers, and circles of queues.

use super::Broken;

pub(super) const BROKEN: &[Broken] = &[
    Broken {
        change: r#"to        = [{ queue = "packing", share = "92%" }, { exit = "refused" }]"#,
        to: r#"to        = "packng""#,
        said: &[
            r#"15:13: no queue is called "packng"; did you mean "packing"? queues: picking, packing"#,
        ],
    },
    Broken {
        change: r#"to        = [{ queue = "packing", share = "92%" }, { exit = "refused" }]"#,
        to: r#"to        = 5"#,
        said: &[
            r#"15:13: to must be the name of a queue or a table, not an integer; write "the name of a queue""#,
        ],
    },
    Broken {
        change: r#"to        = [{ queue = "packing", share = "92%" }, { exit = "refused" }]"#,
        to: r#"to        = []"#,
        said: &[
            r#"15:13: this list says nothing of where messages go; leave `to` out where messages leave for good"#,
        ],
    },
    Broken {
        change: r#"to        = [{ queue = "packing", share = "92%" }, { exit = "refused" }]"#,
        to: r#"to        = [{ queue = "packing", share = "92%" }, { exit = "refused", share = "9%" }]"#,
        said: &[r#"15:13: the shares add up to 101 %, and must add up to 100 %; take 1 % off"#],
    },
    Broken {
        change: r#"to        = [{ queue = "packing", share = "92%" }, { exit = "refused" }]"#,
        to: r#"to        = [{ queue = "packing", share = "92%" }, { exit = "refused", share = "7%" }]"#,
        said: &[
            r#"15:13: the shares add up to 99 %, and must add up to 100 %; say what becomes of the other 1 %, as in { exit = "refused" }, or leave a share out"#,
        ],
    },
    Broken {
        change: r#"to        = [{ queue = "packing", share = "92%" }, { exit = "refused" }]"#,
        to: r#"to        = { queue = "packing", share = "92%" }"#,
        said: &[
            r#"15:13: the shares add up to 92 %, and must add up to 100 %; say what becomes of the other 8 %, as in { exit = "refused" }, or leave a share out"#,
        ],
    },
    Broken {
        change: r#"to        = [{ queue = "packing", share = "92%" }, { exit = "refused" }]"#,
        to: r#"to        = ["packing", "picking", { exit = "refused" }]"#,
        said: &[
            r#"15:25: at most one of these may leave its share to the others, and this is one more; write share = "40%"; a copy to each is { all = ["a", "b"] }"#,
        ],
    },
    Broken {
        change: r#"to        = [{ queue = "packing", share = "92%" }, { exit = "refused" }]"#,
        to: r#"to        = [{ queue = "packing", share = 0.92 }, { exit = "refused" }]"#,
        said: &[r#"15:43: share "0.92" has no unit; write "92%""#],
    },
    Broken {
        change: r#"to        = [{ queue = "packing", share = "92%" }, { exit = "refused" }]"#,
        to: r#"to        = [{ queue = "packing", exit = "x", share = "92%" }, { exit = "Not ok" }]"#,
        said: &[
            r#"15:35: this says twice where messages go; keep queue alone; it is one of: queue, exchange, balance, all, exit"#,
            r#"15:73: "Not ok" is not a name; exits are named by a-z, 0-9, _ and -, such as "refused""#,
        ],
    },
    Broken {
        change: r#"to        = [{ queue = "packing", share = "92%" }, { exit = "refused" }]"#,
        to: r#"to        = [{ queue = "packing", shar = "92%" }, { exit = "refused" }]"#,
        said: &[
            r#"15:35: unknown key "shar"; did you mean "share"? keys of { queue = … }: queue, share"#,
        ],
    },
    Broken {
        change: r#"to        = [{ queue = "packing", share = "92%" }, { exit = "refused" }]"#,
        to: r#"to        = [{ share = "92%" }, { exit = "refused" }]"#,
        said: &[
            r#"15:14: this does not say where messages go; give it one of: queue, exchange, balance, all, exit"#,
        ],
    },
    Broken {
        change: r#"to        = [{ queue = "packing", share = "92%" }, { exit = "refused" }]"#,
        to: r#"to        = [{ exit = "refused", share = "92%" }, { exit = "refused" }]"#,
        said: &[
            r#"15:51: the exit "refused" is there already; add its share to the first one, or name it differently"#,
        ],
    },
    Broken {
        change: r#"to        = [{ queue = "packing", share = "92%" }, { exit = "refused" }]"#,
        to: r#"to        = { al = ["packing", "picking"] }"#,
        said: &[
            r#"15:15: unknown key "al"; did you mean "all"? keys of a target: queue, exchange, key, keys, headers, balance, queues, all, exit, share"#,
        ],
    },
    Broken {
        change: r#"to        = [{ queue = "packing", share = "92%" }, { exit = "refused" }]"#,
        to: r#"to        = { all = ["packing"] }"#,
        said: &[
            r#"15:21: a copy to each needs at least two of them; write all = ["a", "b"], or queue = "a""#,
        ],
    },
    Broken {
        change: r#"to        = [{ queue = "packing", share = "92%" }, { exit = "refused" }]"#,
        to: r#"to        = { all = ["packing", { exit = "x" }] }"#,
        said: &[
            r#"15:35: unknown key "exit"; keys of a target: queue, exchange, key, keys, headers, balance, queues"#,
        ],
    },
    Broken {
        change: r#"to        = [{ queue = "packing", share = "92%" }, { exit = "refused" }]"#,
        to: r#"to        = { all = "packing" }"#,
        said: &[r#"15:21: all must be a list, not text; write ["a", "b"]"#],
    },
    Broken {
        change: r#"to       = "picking""#,
        to: r#"to       = { balance = "shortes", queues = ["picking", "pcking"] }"#,
        said: &[
            r#"5:24: unknown balance "shortes"; did you mean "shortest"? it is one of: random, round-robin, shortest, two-choices"#,
            r#"5:56: no queue is called "pcking"; did you mean "picking"? queues: picking, packing"#,
        ],
    },
    Broken {
        change: r#"to       = "picking""#,
        to: r#"to       = { balance = "random", queues = ["picking"] }"#,
        said: &[
            r#"5:43: a balancer needs at least two queues to choose from; write queues = ["a", "b"]"#,
        ],
    },
    Broken {
        change: r#"to       = "picking""#,
        to: r#"to       = { balance = "random", queues = ["picking", "packing", "picking"] }"#,
        said: &[r#"5:66: queue "picking" is named twice; name each queue once"#],
    },
    Broken {
        change: r#"to       = "picking""#,
        to: r#"to       = { balance = "random" }"#,
        said: &[r#"5:12: a balancer has no queues; write queues = ["a", "b"]"#],
    },
    Broken {
        change: r#"to       = "picking""#,
        to: r#"to       = { exit = "gone" }"#,
        said: &[
            r#"5:14: unknown key "exit"; keys of a target: queue, exchange, key, keys, headers, balance, queues"#,
        ],
    },
    Broken {
        change: r#"to       = "picking""#,
        to: r#"to       = { queue = "picking", queues = ["packing"] }"#,
        said: &[r#"5:33: unknown key "queues"; did you mean "queue"?"#],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
to        = "packing""#,
        said: &[
            r#"21:13: every message comes back to queue "packing": none would ever leave; give a part of them a way out, as in [{ queue = "packing", share = "40%" }, { exit = "done" }]"#,
        ],
    },
    Broken {
        change: r#"to        = [{ queue = "packing", share = "92%" }, { exit = "refused" }]"#,
        to: r#"to        = { balance = "random", queues = ["picking", "packing"] }
[queue.own]
[pool.owners]
from = "own"
consumers = 1
service = "constant(1s)"
to = "own""#,
        said: &[
            r#"21:6: every message comes back to queue "own": none would ever leave; give a part of them a way out, as in [{ queue = "own", share = "40%" }, { exit = "done" }]"#,
        ],
    },
    Broken {
        change: r#"to        = [{ queue = "packing", share = "92%" }, { exit = "refused" }]"#,
        to: r#"to        = { all = ["packing", "picking"] }"#,
        said: &[
            r#"15:13: pool "pickers" makes 2 messages of each, and so many come back that they only multiply; lower the share of what leads back, or give it a way out: { exit = "done" }"#,
        ],
    },
    Broken {
        change: r#"to        = [{ queue = "packing", share = "92%" }, { exit = "refused" }]"#,
        to: r#"to        = [{ all = ["packing", "picking", "picking"], share = "50%" }, { exit = "refused" }]"#,
        said: &[
            r#"15:13: pool "pickers" makes 1.50 messages of each, and so many come back that they only multiply; lower the share of what leads back, or give it a way out: { exit = "done" }"#,
        ],
    },
    Broken {
        change: r#"to        = [{ queue = "packing", share = "92%" }, { exit = "refused" }]"#,
        to: r#"to        = [{ all = ["picking", "picking"], share = "80%" }, { exit = "refused" }]"#,
        said: &[
            r#"15:13: pool "pickers" makes 1.60 messages of each, and so many come back that they only multiply; lower the share of what leads back, or give it a way out: { exit = "done" }"#,
        ],
    },
    Broken {
        change: r#"to        = [{ queue = "packing", share = "92%" }, { exit = "refused" }]"#,
        to: r#"to        = [{ queue = "packing", share = "92%" }, { exit = "refused" }]
[queue.work]
dead_letter = "wait"
[queue.wait]
message_ttl = "1s"
dead_letter = "work"
[pool.workers]
from      = "work"
consumers = 1
service   = "constant(1s)"
failure   = { probability = "100%", then = "reject" }"#,
        said: &[
            r#"20:15: every message comes back to queue "work" as a dead letter: none would ever leave; let some of the work succeed, or name a queue that does not lead back"#,
        ],
    },
    Broken {
        change: r#"to        = [{ queue = "packing", share = "92%" }, { exit = "refused" }]"#,
        to: r#"to        = [{ queue = "packing", share = "92%" }, { exit = "refused" }]
[queue.one]
[queue.two]
[pool.ones]
from      = "one"
consumers = 1
service   = "constant(1s)"
to        = "two"
[pool.twos]
from      = "two"
consumers = 1
service   = "constant(1s)"
to        = { balance = "random", queues = ["one", "two"] }"#,
        said: &[
            r#"27:13: every message comes back to queue "one": none would ever leave; give a part of them a way out, as in [{ queue = "one", share = "40%" }, { exit = "done" }]"#,
        ],
    },
];
