//! Crashes, outages, restarts and slow stretches.

use super::Broken;

pub(super) const BROKEN: &[Broken] = &[
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
crashes = { up = "exponential(1h)" }"#,
        said: &[r#"21:11: crashes has no down; write down = "exponential(10m)""#],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
crashes = { up = "1h", down = "constant(0s)" }"#,
        said: &[
            r#"21:18: up "1h" does not say how it varies; write "constant(1h)" or "exponential(1h)""#,
            r#"21:31: `down` is always 0s: consumers would come and go in one instant; give it a mean above 0s"#,
        ],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
crashes = { up = "exponential(1h)", dwon = "constant(1s)" }"#,
        said: &[r#"21:37: unknown key "dwon"; did you mean "down"? keys of crashes: up, down"#],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
crashes = true"#,
        said: &[
            r#"21:11: crashes must be a table, not true or false; write { up = "exponential(8h)", down = "exponential(10m)" }"#,
        ],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
outages = { at = "10m", for = "5m" }"#,
        said: &[
            r#"21:11: outages must be a list, not a table; write [{ at = "10m", for = "5m" }]"#,
        ],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
outages = [{ at = "10m" }, { for = 5, consumers = 9 }]"#,
        said: &[
            r#"21:12: this outage has no for; write for = "5m""#,
            r#"21:28: this outage has no at; write at = "10m""#,
            r#"21:36: duration "5" has no unit; write "5ms" or "5s""#,
            r#"21:51: 9 consumers are more than the 8 of the pool; write fewer, or leave it out for all of them"#,
        ],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
outages = [{ at = "10m", for = "0s", consumers = 0 }]"#,
        said: &[
            r#"21:32: `for` is no time at all; write "5m""#,
            r#"21:50: consumers is 0, and must be at least 1; write 1 or more"#,
        ],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
outages = [{ at = "10m", for = "5m" }, { at = "14m", for = "5m" }]"#,
        said: &[
            r#"21:40: this outage begins at 14m 00s, before the last one ends at 15m 00s; write the outages in order, one after the other"#,
        ],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
outages = [{ at = "10m", for = "5m", gracefull = true }]"#,
        said: &[
            r#"21:38: unknown key "gracefull"; did you mean "graceful"? keys of an outage: at, for, consumers, graceful"#,
        ],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
outages = [{ at = "10m", for = "5m", graceful = "yes" }]"#,
        said: &[r#"21:49: graceful must be true or false, not text; write true"#],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
restarts = [{ at = "10m", each = "30s" }]"#,
        said: &[
            r#"21:12: restarts must be a table, not a list; write { at = "10m", each = "30s" }"#,
        ],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
restarts = { at = "10m", each = "0s", gap = 5 }"#,
        said: &[
            r#"21:33: `each` is no time at all; write "5m""#,
            r#"21:45: duration "5" has no unit; write "5ms" or "5s""#,
        ],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
restarts = { at = "10m" }"#,
        said: &[r#"21:12: restarts has no each; write each = "30s""#],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
outages = [{ at = "10m", for = "5m", consumers = 2 }]
restarts = { at = "9m", each = "50s", gap = "10s" }"#,
        said: &[
            r#"22:1: consumer 2 is to be restarted at 10m 00s, and is away by an outage; move the restarts or the outages"#,
        ],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
slowdowns = [{ at = "10m", for = "5m" }]"#,
        said: &[r#"21:14: this slowdown has no factor; write factor = 3"#],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
slowdowns = [{ at = "10m", for = "5m", factor = 0, consumers = 10 }]"#,
        said: &[
            r#"21:49: a factor of 0 leaves no work to do; write 3 for work that takes three times as long"#,
            r#"21:64: 10 consumers are more than the 8 of the pool; write fewer, or leave it out for all of them"#,
        ],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
slowdowns = [{ at = "10m", for = "5m", factor = "3x" }]"#,
        said: &[r#"21:49: "3x" is not a number; write a number such as "1.2""#],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
slowdowns = [{ at = "10m", for = "5m", factor = 3 }, { at = "1m", for = "5m", factor = 3 }]"#,
        said: &[
            r#"21:54: this slowdown begins at 1m 00s, before the last one ends at 15m 00s; write the slowdowns in order, one after the other"#,
        ],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
on_crash = "restart""#,
        said: &[r#"21:12: unknown on_crash "restart"; it is one of: redo, redraw, resume"#],
    },
];
