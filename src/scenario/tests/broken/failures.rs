//! Work that fails, and retries.

use super::Broken;

pub(super) const BROKEN: &[Broken] = &[
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
failure   = { then = "requeue" }"#,
        said: &[
            r#"21:13: this does not say which work fails; write probability = "1.5%", poison = "0.1%" or episodes"#,
        ],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
failure   = { probability = "5%" }"#,
        said: &[r#"21:13: failure has no then; write then = "requeue""#],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
failure   = { probabilty = "5%", then = "reject" }"#,
        said: &[
            r#"21:15: unknown key "probabilty"; did you mean "probability"? keys of failure: probability, poison, then, episodes"#,
        ],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
failure   = { probability = 5, then = "rejct" }"#,
        said: &[
            r#"21:29: share "5" has no unit; write "5%""#,
            r#"21:39: unknown then "rejct"; did you mean "reject"? it is one of: requeue, reject-requeue, reject, leave, { retry = { backoff = "fixed(1s)" } }"#,
        ],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
failure   = "5%""#,
        said: &[
            r#"21:13: failure must be a table, not text; write { probability = "1.5%", then = "requeue" }"#,
        ],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
failure   = { probability = "5%", then = {} }"#,
        said: &[r#"21:42: then has no retry; write retry = { backoff = "fixed(1s)" }"#],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
failure   = { poison = "120%", then = "reject" }"#,
        said: &[r#"21:24: poison 120% is more than everything; write at most "100%""#],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
failure   = { poison = "100%", then = "requeue" }"#,
        said: &[
            r#"21:13: every attempt fails and is requeued: a message would never leave; write delivery_limit = 20 in [queue.packing], or then = "reject" to let it go"#,
        ],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
failure   = { probability = "100%", then = { retry = { backoff = "fixed(1s)" } } }"#,
        said: &[
            r#"21:13: every attempt fails and is tried again: a message would never leave; write limit = 5 beside the backoff"#,
        ],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
failure   = { episodes = [], then = "reject", colour = "red" }"#,
        said: &[
            r#"21:47: unknown key "colour"; keys of failure: probability, poison, then, episodes"#,
        ],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
failure   = { episodes = [{ from = "5m", until = "1m", probability = "50%" }], then = "reject" }"#,
        said: &[
            r#"21:50: this episode ends at 1m 00s, and begins at 5m 00s; write a later `until`"#,
        ],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
failure   = { episodes = [{ from = "5m", until = "9m", probability = "50%" }, { from = "8m", until = "10m", probability = "50%" }], then = "reject" }"#,
        said: &[
            r#"21:79: this episode begins at 8m 00s, before the last one ends at 9m 00s; write the episodes in order, one after the other"#,
        ],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
failure   = { episodes = [{ from = 5, probabilty = "50%" }], then = "reject" }"#,
        said: &[
            r#"21:27: this episode has no until; write until = "15m""#,
            r#"21:36: duration "5" has no unit; write "5ms" or "5s""#,
            r#"21:39: unknown key "probabilty"; did you mean "probability"? keys of an episode: from, until, probability"#,
        ],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
failure   = { episodes = { from = "5m" }, then = "reject" }"#,
        said: &[
            r#"21:26: episodes must be a list, not a table; write [{ from = "10m", until = "15m", probability = "100%" }]"#,
        ],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
failure   = { probability = "5%", then = { retry = {} } }"#,
        said: &[r#"21:52: retry has no backoff; write backoff = "exponential(first=1s, cap=1m)""#],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
failure   = { probability = "5%", then = { retry = { backoff = "1s" } } }"#,
        said: &[
            r#"21:64: backoff "1s" does not say how the delay grows; write "fixed(1s)" or "exponential(1s)""#,
        ],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
failure   = { probability = "5%", then = { retry = { backoff = "fixd(1s)" } } }"#,
        said: &[
            r#"21:65: unknown backoff "fixd"; did you mean "fixed"? backoffs: fixed, linear, exponential"#,
        ],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
failure   = { probability = "5%", then = { retry = { backoff = "fixed" } } }"#,
        said: &[r#"21:64: fixed has no parameters; write "fixed(1s)""#],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
failure   = { probability = "5%", then = { retry = { backoff = "fixed(1)" } } }"#,
        said: &[r#"21:71: duration "1" has no unit; write "1ms" or "1s""#],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
failure   = { probability = "5%", then = { retry = { backoff = "linear(cap=1m)" } } }"#,
        said: &[r#"21:72: linear has no step; write step = "1s""#],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
failure   = { probability = "5%", then = { retry = { backoff = "linear(step=1s, cap=1m, factor=2)" } } }"#,
        said: &[r#"21:89: unknown key "factor"; keys of linear: step, cap"#],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
failure   = { probability = "5%", then = { retry = { backoff = "exponential(first=1s, factor=0.5)" } } }"#,
        said: &[
            r#"21:94: factor is 0.5, and must be at least 1; write 2 to double the delay each time"#,
        ],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
failure   = { probability = "5%", then = { retry = { backoff = "exponential(first=10s, cap=5s)" } } }"#,
        said: &[
            r#"21:92: the longest delay of 5.00 s is shorter than the first one of 10.0 s; write a longer cap, or fixed(1s)"#,
        ],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
failure   = { probability = "5%", then = { retry = { backoff = { fixed = "1s", linear = "1s" } } } }"#,
        said: &[r#"21:80: backoff must be one law, and has 2 keys; write "fixed(1s)""#],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
failure   = { probability = "5%", then = { retry = { backoff = 5 } } }"#,
        said: &[r#"21:64: backoff must be a table, not an integer; write "fixed(1s)""#],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
failure   = { probability = "5%", then = { retry = { backoff = "fixed(1s)", jitter = 0.5, limit = -1 } } }"#,
        said: &[
            r#"21:86: share "0.5" has no unit; write "50%""#,
            r#"21:99: count "-1" is negative; a count is zero or more, such as "200k""#,
        ],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
failure   = { probability = "5%", then = { retry = { backoff = "fixed(1s)", max = 3 } } }"#,
        said: &[r#"21:77: unknown key "max"; keys of a retry: backoff, jitter, limit"#],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
failure   = { poison = "1%", then = "requeue" }
[producer.list]
to        = "packing"
arrivals  = "times([0s, 1s])""#,
        said: &[
            r#"21:24: a poisonous message fails at every attempt and never leaves: the run would never be drained; write delivery_limit = 20 in [queue.packing]"#,
        ],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
failure   = { poison = "1%", then = { retry = { backoff = "fixed(1s)" } } }
[producer.list]
to        = "packing"
arrivals  = "times([0s, 1s])""#,
        said: &[
            r#"21:24: a poisonous message fails at every attempt and never leaves: the run would never be drained; write limit = 5 beside the backoff"#,
        ],
    },
    Broken {
        change: r#"to       = "picking""#,
        to: r#"to       = "picking"
on_refused = "wait""#,
        said: &[
            r#"6:14: unknown on_refused "wait"; it is one of: drop, block, { retry = { backoff = "fixed(1s)" } }"#,
        ],
    },
    Broken {
        change: r#"to       = "picking""#,
        to: r#"to       = "picking"
on_refused = { retry = { limit = 3 } }"#,
        said: &[r#"6:24: retry has no backoff; write backoff = "exponential(first=1s, cap=1m)""#],
    },
    Broken {
        change: r#"to       = "picking""#,
        to: r#"to       = "picking"
on_refused = { retries = { limit = 3 } }"#,
        said: &[
            r#"6:14: on_refused has no retry; write retry = { backoff = "fixed(1s)" }"#,
            r#"6:16: unknown key "retries"; keys of on_refused: retry"#,
        ],
    },
    Broken {
        change: r#"to       = "picking""#,
        to: r#"to       = "picking"
on_refused = { retry = { backoff = "fixed(0s)" } }"#,
        said: &[
            r#"6:36: a refused message would be tried again at once and for ever, and time would never pass; give the backoff more than 0s, or write limit = 5 beside it"#,
        ],
    },
    Broken {
        change: r#"to       = "picking""#,
        to: r#"to       = "picking"
on_refused = 3"#,
        said: &[r#"6:14: on_refused must be text, not an integer; write "drop""#],
    },
    Broken {
        change: r#"to       = "picking""#,
        to: r#"to       = "picking"
confirms = 100"#,
        said: &[
            r#"6:12: confirms must be a table, not an integer; write { window = 100, delay = "constant(5ms)" }"#,
        ],
    },
    Broken {
        change: r#"to       = "picking""#,
        to: r#"to       = "picking"
confirms = { window = 0, delay = "constant(5ms)" }"#,
        said: &[r#"6:23: window is 0, and must be at least 1; write 1 or more"#],
    },
    Broken {
        change: r#"to       = "picking""#,
        to: r#"to       = "picking"
confirms = {}"#,
        said: &[
            r#"6:12: confirms has no window; write window = 100"#,
            r#"6:12: confirms has no delay; write delay = "constant(5ms)", the time until a confirm arrives"#,
        ],
    },
    Broken {
        change: r#"to       = "picking""#,
        to: r#"to       = "picking"
confirms = { windw = 5 }"#,
        said: &[
            r#"6:12: confirms has no delay; write delay = "constant(5ms)", the time until a confirm arrives"#,
            r#"6:14: unknown key "windw"; did you mean "window"? keys of confirms: window, delay"#,
        ],
    },
    Broken {
        change: r#"to       = "picking""#,
        to: r#"to       = "picking"
timeout = "1s""#,
        said: &[
            r#"6:11: timeout must be a table, not text; write { after = "1s", retry = { backoff = "fixed(1s)", limit = 5 } }"#,
        ],
    },
    Broken {
        change: r#"to       = "picking""#,
        to: r#"to       = "picking"
timeout = { after = "0s", retry = { backoff = "fixed(1s)" } }"#,
        said: &[
            r#"6:21: no message is done after 0s: each would be published again at once; write after = "1s""#,
        ],
    },
    Broken {
        change: r#"to       = "picking""#,
        to: r#"to       = "picking"
timeout = { after = 1 }"#,
        said: &[
            r#"6:11: timeout has no retry; write retry = { backoff = "fixed(1s)" }"#,
            r#"6:21: duration "1" has no unit; write "1ms" or "1s""#,
        ],
    },
    Broken {
        change: r#"to       = "picking""#,
        to: r#"to       = "picking"
timeout = { after = "1s", retry = { backoff = "fixed(1s)" }, limit = 5 }"#,
        said: &[r#"6:62: unknown key "limit"; keys of timeout: after, retry"#],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
on_refused = "blok""#,
        said: &[
            r#"21:14: unknown on_refused "blok"; did you mean "block"? it is one of: drop, block, { retry = { backoff = "fixed(1s)" } }"#,
        ],
    },
    Broken {
        change: r#"to       = "picking""#,
        to: r#"to       = "picking"
on_refused = "retry""#,
        said: &[
            r#"6:14: retry does not say after which delay; write on_refused = { retry = { backoff = "fixed(1s)" } }"#,
        ],
    },
];
