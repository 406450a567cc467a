//! The keys at the top, and the syntax.

use super::Broken;

pub(super) const BROKEN: &[Broken] = &[
    Broken {
        change: r#"title    = "Order e-mails"
"#,
        to: r#""#,
        said: &[r#"1:1: the scenario has no title; write title = "Order e-mails""#],
    },
    Broken {
        change: r#"title    = "Order e-mails""#,
        to: r#"title = 5"#,
        said: &[r#"1:9: title must be text, not an integer; write "Order e-mails""#],
    },
    Broken {
        change: r#"horizon  = "1h"
"#,
        to: r#""#,
        said: &[
            r#"1:1: the scenario has no horizon; write horizon = "1h"; only a trace or a list has its own end"#,
        ],
    },
    Broken {
        change: r#""1h""#,
        to: r#""0s""#,
        said: &[r#"3:12: the horizon is zero: nothing would be measured; write horizon = "1h""#],
    },
    Broken {
        change: r#""1h""#,
        to: r#"3600"#,
        said: &[r#"3:12: duration "3600" has no unit; write "3600ms" or "3600s""#],
    },
    Broken {
        change: r#""1h""#,
        to: r#"-3600"#,
        said: &[
            r#"3:12: duration "-3600" is negative; a duration is zero or more, such as "200ms""#,
        ],
    },
    Broken {
        change: r#""1h""#,
        to: r#""80/s""#,
        said: &[r#"3:12: "80/s" is a rate, not a duration; write a duration such as "200ms""#],
    },
    Broken {
        change: r#""1h""#,
        to: r#"[1]"#,
        said: &[r#"3:12: horizon must be a duration, not a list; write "200ms""#],
    },
    Broken {
        change: r#""5m""#,
        to: r#""2h""#,
        said: &[
            r#"4:12: the warm-up of 2h 00m leaves nothing of the horizon of 1h 00m; write a shorter warmup or a longer horizon"#,
        ],
    },
    Broken {
        change: r#""5m""#,
        to: r#""automatic""#,
        said: &[r#"4:12: unknown warmup "automatic"; write "auto", or a duration such as "5m""#],
    },
    Broken {
        change: r#""5m""#,
        to: r#""5m"
kind = "stead""#,
        said: &[
            r#"5:8: unknown kind "stead"; did you mean "steady"? it is one of: steady, terminating"#,
        ],
    },
    Broken {
        change: r#""5m""#,
        to: r#""5m"
kind = true"#,
        said: &[r#"5:8: kind must be text, not true or false; write "steady""#],
    },
    Broken {
        change: r#""5m""#,
        to: r#""5m"
level = 95"#,
        said: &[r#"5:9: level is 95, and must be between 0 and 1; write 0.95"#],
    },
    Broken {
        change: r#""5m""#,
        to: r#""5m"
level = 1.0"#,
        said: &[r#"5:9: level is 1, and must be between 0 and 1; write 0.95"#],
    },
    Broken {
        change: r#""5m""#,
        to: r#""5m"
level = nan"#,
        said: &[r#"5:9: number "NaN" is not a finite number; write a number such as "1.2""#],
    },
    Broken {
        change: r#""5m""#,
        to: r#""5m"
replications = 0"#,
        said: &[r#"5:16: replications is 0, and must be at least 1; write 1 or more"#],
    },
    Broken {
        change: r#""5m""#,
        to: r#""5m"
replications = { of = ["wait.p99"] }"#,
        said: &[
            r#"5:16: replications has no precision; write precision = "5%""#,
            r#"5:25: "wait.p99" does not say of which queue; write "emails.wait.p99"; there are: emails, failed"#,
        ],
    },
    Broken {
        change: r#""5m""#,
        to: r#""5m"
replications = { precision = "0%", max = 5 }"#,
        said: &[
            r#"5:30: precision 0 % is not between 0 % and 100 %; write the half-width you accept, such as "5%""#,
            r#"5:42: max is 5, and must be at least 10; write 10 or more"#,
        ],
    },
    Broken {
        change: r#""5m""#,
        to: r#""5m"
replications = { precision = 0.05 }"#,
        said: &[r#"5:30: share "0.05" has no unit; write "5%""#],
    },
    Broken {
        change: r#""5m""#,
        to: r#""5m"
seed = -1"#,
        said: &[r#"5:8: count "-1" is negative; a count is zero or more, such as "200k""#],
    },
    Broken {
        change: r#""5m""#,
        to: r#""5m"
seed = 99999999999999999999"#,
        said: &[
            r#"5:8: count "99999999999999999999" is too large; write at most 18446744073709551615"#,
        ],
    },
    Broken {
        change: r#""5m""#,
        to: r#""5m"
horison = "1h""#,
        said: &[
            r#"5:1: unknown key "horison"; did you mean "horizon"? keys of a scenario: title, question, kind, horizon, at_horizon, warmup, replications, seed, level, profile, consumer_timeout, memory_limit, producer, exchange, queue, pool, objective, variant"#,
        ],
    },
    Broken {
        change: r#""5m""#,
        to: r#""5m"
at_horizon = "drian""#,
        said: &[
            r#"5:14: unknown at_horizon "drian"; did you mean "drain"? it is one of: stop, drain"#,
        ],
    },
    Broken {
        change: r#""5m""#,
        to: r#""5m"#,
        said: &[r#"4:15: syntax: invalid basic string; expected `"`"#],
    },
    Broken {
        change: r#"horizon  = "1h""#,
        to: r#"horison = "1h""#,
        said: &[
            r#"3:1: unknown key "horison"; did you mean "horizon"? keys of a scenario: title, question, kind, horizon, at_horizon, warmup, replications, seed, level, profile, consumer_timeout, memory_limit, producer, exchange, queue, pool, objective, variant"#,
        ],
    },
    Broken {
        change: r#""5m""#,
        to: r#""5m"
replications = 10_001"#,
        said: &[r#"5:16: replications is 10001, and must be at most 10000; write 10000 or less"#],
    },
    Broken {
        change: r#"horizon  = "1h"
"#,
        to: r#"producer.list = { to = "failed", arrivals = "times([0s, 0s])" }
"#,
        said: &[
            r#"1:1: the scenario has no horizon, and its list of arrivals has no length: all come at one instant; write horizon = "1h""#,
        ],
    },
];
