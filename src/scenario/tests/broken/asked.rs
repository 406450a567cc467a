//! Objectives and variants.

use super::Broken;

pub(super) const BROKEN: &[Broken] = &[
    Broken {
        change: r#""emails.wait.p99""#,
        to: r#""emails.wait.p98""#,
        said: &[
            r#"24:23: wait has no statistic "p98"; did you mean "p90"? statistics: mean, p50, p90, p95, p99, p99.9, max"#,
        ],
    },
    Broken {
        change: r#""emails.wait.p99""#,
        to: r#""emials.wait.p99""#,
        said: &[
            r#"24:11: unknown component "emials"; did you mean "emails"? components: emails, failed, senders, checkout, end_to_end"#,
        ],
    },
    Broken {
        change: r#""emails.wait.p99""#,
        to: r#""wait.p99""#,
        said: &[
            r#"24:11: "wait.p99" does not say of which queue; write "emails.wait.p99"; there are: emails, failed"#,
        ],
    },
    Broken {
        change: r#"below  = "200ms""#,
        to: r#"below  = "2%""#,
        said: &[r#"25:10: "2%" is a share, not a duration; write a duration such as "200ms""#],
    },
    Broken {
        change: r#"below  = "200ms""#,
        to: r#"below  = 200"#,
        said: &[r#"25:10: duration "200" has no unit; write "200ms" or "200s""#],
    },
    Broken {
        change: r#"below  = "200ms""#,
        to: r#"losses = "ignored""#,
        said: &[
            r#"23:1: this objective has no limit; write below = "200ms""#,
            r#"25:10: unknown losses "ignored"; did you mean "ignore"? it is one of: count, ignore"#,
        ],
    },
    Broken {
        change: r#"below  = "200ms""#,
        to: r#"below = "1s"
above = "2s""#,
        said: &[
            r#"26:9: this objective has two limits; write below or above; two objectives may be about one metric"#,
        ],
    },
    Broken {
        change: r#""pool.senders.consumers" = 11"#,
        to: r#""pool.sender.consumers" = 11"#,
        said: &[r#"29:16: no such path "pool.sender.consumers"; did you mean "senders"?"#],
    },
    Broken {
        change: r#""pool.senders.consumers" = 11"#,
        to: r#""pool.senders.consumer" = 11"#,
        said: &[
            r#"29:24: no such path "pool.senders.consumer"; did you mean "consumers"? keys of a pool: from, consumers, concurrency, prefetch, service, service_of, ack, batch, to, on_refused, failure, round_trip, priority, crashes, outages, restarts, slowdowns, on_crash, cost_per_hour, partition_assignment_strategy, max_poll_records, fetch_min_bytes, fetch_max_wait_ms, max_partition_fetch_bytes, max_poll_interval_ms, session_timeout_ms, heartbeat_interval_ms, enable_auto_commit, auto_commit_interval_ms, auto_offset_reset, static_membership, max_number_of_messages, extend_visibility"#,
        ],
    },
    Broken {
        change: r#""pool.senders.consumers" = 11"#,
        to: r#""senders.consumers" = 11"#,
        said: &[
            r#"29:11: no such path "senders.consumers"; did you mean "pool.senders.consumers"?"#,
        ],
    },
    Broken {
        change: r#""pool.senders.consumers" = 11"#,
        to: r#""pool.senders.consumers" = 0"#,
        said: &[r#"29:37: consumers is 0, and must be at least 1; write 1 or more"#],
    },
    Broken {
        change: r#""pool.senders.consumers" = 11"#,
        to: r#""pool.senders" = 11"#,
        said: &[
            r#"29:16: no such path "pool.senders"; go on to one of its keys: from, consumers, concurrency, prefetch, service, service_of, ack, batch, to, on_refused, failure, round_trip, priority, crashes, outages, restarts, slowdowns, on_crash, cost_per_hour, partition_assignment_strategy, max_poll_records, fetch_min_bytes, fetch_max_wait_ms, max_partition_fetch_bytes, max_poll_interval_ms, session_timeout_ms, heartbeat_interval_ms, enable_auto_commit, auto_commit_interval_ms, auto_offset_reset, static_membership, max_number_of_messages, extend_visibility"#,
        ],
    },
    Broken {
        change: r#""pool.senders.consumers" = 11"#,
        to: r#"horizon = "1m""#,
        said: &[
            r#"4:12: the warm-up of 5m 00s leaves nothing of the horizon of 1m 00s; write a shorter warmup or a longer horizon"#,
        ],
    },
    Broken {
        change: r#""two more""#,
        to: r#""base""#,
        said: &[
            r#"28:8: the variant name "base" is taken; each variant has a name of its own; "base" is the scenario without any"#,
        ],
    },
    Broken {
        change: r#"name = "two more"
"#,
        to: r#""#,
        said: &[r#"27:1: this variant has no name; write name = "two more""#],
    },
];
