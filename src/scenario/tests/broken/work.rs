//! How pools work: by producer, in batches, from afar.

use super::Broken;

pub(super) const BROKEN: &[Broken] = &[
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
service_of = { shpo = "exponential(10ms)", shop = "10ms" }"#,
        said: &[
            r#"21:16: no producer is called "shpo"; did you mean "shop"?"#,
            r#"21:51: service "10ms" does not say how it varies; write "constant(10ms)" or "exponential(10ms)""#,
        ],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
service_of = "exponential(10ms)""#,
        said: &[
            r#"21:14: service_of must be a table, not text; write { checkout = "exponential(10ms)" }"#,
        ],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
batch = { size = 1 }"#,
        said: &[r#"21:18: size is 1, and must be at least 2; write 2 or more"#],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
batch = 50"#,
        said: &[
            r#"21:9: batch must be a table, not an integer; write { size = 50, wait = "100ms" }"#,
        ],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
batch = { wait = "100ms", setup = "2s" }"#,
        said: &[
            r#"21:9: batch has no size; write size = 50"#,
            r#"21:35: setup "2s" does not say how it varies; write "constant(2s)" or "exponential(2s)""#,
        ],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
batch = { size = 50, wait = 5, set_up = "constant(2s)" }"#,
        said: &[
            r#"21:29: duration "5" has no unit; write "5ms" or "5s""#,
            r#"21:32: unknown key "set_up"; did you mean "setup"? keys of batch: size, wait, setup"#,
        ],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
batch = { size = 50 }
prefetch = 49"#,
        said: &[
            r#"22:12: a prefetch of 49 never fills 50 messages worked on together; write prefetch = 50 or more, or leave it out"#,
        ],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
batch = { size = 50 }
prefetch = 50
concurrency = 2"#,
        said: &[
            r#"22:12: a prefetch of 50 never fills 2 × 50 messages worked on together; write prefetch = 100 or more, or leave it out"#,
        ],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
round_trip = 100"#,
        said: &[r#"21:14: duration "100" has no unit; write "100ms" or "100s""#],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
priority = 1.5"#,
        said: &[r#"21:12: priority must be a whole number, not a number; write 10 or -10"#],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
priority = "high""#,
        said: &[r#"21:12: priority must be a whole number, not text; write 10 or -10"#],
    },
    Broken {
        change: r#"service   = "exponential(900ms)""#,
        to: r#"service   = "exponential(900ms)"
priority = 3_000_000_000"#,
        said: &[
            r#"21:12: priority is 3000000000, and must fit into 32 bits; write a smaller number"#,
        ],
    },
];
