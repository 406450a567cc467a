//! Arrivals, and what else a producer says.

use super::Broken;

pub(super) const BROKEN: &[Broken] = &[
    Broken {
        change: r#"arrivals = { poisson = { rate = "80/s" } }"#,
        to: r#"arrivals = "80/s""#,
        said: &[r#"8:12: arrivals "80/s" do not say how they vary; write "poisson(80/s)""#],
    },
    Broken {
        change: r#"arrivals = { poisson = { rate = "80/s" } }"#,
        to: r#"arrivals = "poisson(80)""#,
        said: &[r#"8:21: rate "80" has no unit; write "80/s" or "80/min""#],
    },
    Broken {
        change: r#"arrivals = { poisson = { rate = "80/s" } }"#,
        to: r#"arrivals = "poisson(80ms)""#,
        said: &[r#"8:21: "80ms" is a duration, not a rate; write a rate such as "80/s""#],
    },
    Broken {
        change: r#"arrivals = { poisson = { rate = "80/s" } }"#,
        to: r#"arrivals = "poisson(0/s)""#,
        said: &[r#"8:21: poisson: 0 is not a positive number; give one above 0"#],
    },
    Broken {
        change: r#"arrivals = { poisson = { rate = "80/s" } }"#,
        to: r#"arrivals = { poison = "80/s" }"#,
        said: &[
            r#"8:14: unknown arrivals "poison"; did you mean "poisson"? arrivals: poisson, renewal, profile, mmpp, trace, times, closed"#,
        ],
    },
    Broken {
        change: r#"arrivals = { poisson = { rate = "80/s" } }"#,
        to: r#"arrivals = { poisson = { rate = "80/s", cv = 2 } }"#,
        said: &[r#"8:41: unknown key "cv"; keys of poisson: rate"#],
    },
    Broken {
        change: r#"arrivals = { poisson = { rate = "80/s" } }"#,
        to: r#"arrivals = { poisson = {} }"#,
        said: &[r#"8:24: poisson has no rate; write rate = "80/s""#],
    },
    Broken {
        change: r#"arrivals = { poisson = { rate = "80/s" } }"#,
        to: r#"arrivals = "renewal(gamma(mean=1s))""#,
        said: &[r#"8:27: gamma has no cv; write cv = 1.2"#],
    },
    Broken {
        change: r#"arrivals = { poisson = { rate = "80/s" } }"#,
        to: r#"arrivals = { mmpp = { rates = ["1/s", "2/s"], dwell = ["1s"] } }"#,
        said: &[
            r#"8:55: mmpp has 2 rates and 1 dwell times; each rate has its mean dwell time: write as many of both"#,
        ],
    },
    Broken {
        change: r#"arrivals = { poisson = { rate = "80/s" } }"#,
        to: r#"arrivals = { profile = { points = [{ at = "0s", rate = "1/s" }, { at = "0s", rate = "2/s" }] } }"#,
        said: &[
            r#"8:65: this point is at 0 s, not after the one before it at 0 s; sort the points by `at`, each later than the one before"#,
        ],
    },
    Broken {
        change: r#"arrivals = { poisson = { rate = "80/s" } }"#,
        to: r#"arrivals = { profile = { points = [{ at = "0s" }], between = "lines" } }"#,
        said: &[
            r#"8:36: this point has no rate; write rate = "20/s""#,
            r#"8:62: unknown between "lines"; did you mean "linear"? it is one of: linear, step"#,
        ],
    },
    Broken {
        change: r#"arrivals = { poisson = { rate = "80/s" } }"#,
        to: r#"arrivals = { times = ["2s", "1s"] }"#,
        said: &[r#"8:29: 1.00 s comes after 2.00 s; sort the times"#],
    },
    Broken {
        change: r#"arrivals = { poisson = { rate = "80/s" } }"#,
        to: r#"arrivals = { times = [] }"#,
        said: &[r#"8:22: the list of times is empty; write ["0s", "1s"]"#],
    },
    Broken {
        change: r#"arrivals = { poisson = { rate = "80/s" } }"#,
        to: r#"arrivals = { trace = { file = "nowhere.csv", column = "timestamp", unit = "s" } }"#,
        said: &[
            r#"8:31: cannot read "nowhere.csv": entity not found; paths are relative to the scenario file"#,
        ],
    },
    Broken {
        change: r#"arrivals = { poisson = { rate = "80/s" } }"#,
        to: r#"arrivals = { trace = { file = "publishes.csv", column = "timestmp", unit = "s" } }"#,
        said: &[
            r#"8:57: "publishes.csv": there is no column "timestmp"; did you mean "timestamp"? there are: timestamp, x"#,
        ],
    },
    Broken {
        change: r#"arrivals = { poisson = { rate = "80/s" } }"#,
        to: r#"arrivals = { trace = { file = "publishes.csv", column = "timestamp" } }"#,
        said: &[
            r#"8:31: "publishes.csv": line 2, column timestamp: "0" is a number without a unit; say what it counts, e.g. unit = "s" (ns, us, ms, s, min, h)"#,
        ],
    },
    Broken {
        change: r#"arrivals = { poisson = { rate = "80/s" } }"#,
        to: r#"arrivals = { trace = { file = "publishes.csv", column = "timestamp", unit = "second" } }"#,
        said: &[r#"8:77: unknown unit "second"; it is one of: ns, us, ms, s, min, m, h"#],
    },
    Broken {
        change: r#"arrivals = { poisson = { rate = "80/s" } }"#,
        to: r#"arrivals = { trace = { file = "unsorted.csv", column = "timestamp", unit = "s" } }"#,
        said: &[
            r#"8:31: "unsorted.csv": line 4, column timestamp: "5" is earlier than "7" in the row before; sort the rows by timestamp"#,
        ],
    },
    Broken {
        change: r#"arrivals = { poisson = { rate = "80/s" } }"#,
        to: r#"arrivals = { trace = { file = "empty.csv", column = "timestamp", unit = "s" } }"#,
        said: &[
            r#"8:31: "empty.csv": column timestamp has no rows; give at least one under the line that names the columns"#,
        ],
    },
    Broken {
        change: r#"arrivals = { poisson = { rate = "80/s" } }"#,
        to: r#"arrivals = { closed = { clients = 0, think = "exponential(1s)" } }"#,
        said: &[r#"8:35: clients is 0, and must be at least 1; write 1 or more"#],
    },
    Broken {
        change: r#"arrivals = { poisson = { rate = "80/s" } }"#,
        to: r#"arrivals = "closed(clients=2, think=constant(0s))"
[pool.instant]
from = "emails"
consumers = 1
service = "constant(0s)""#,
        said: &[
            r#"8:12: clients that do not think and work that takes no time would never let time pass; give `think` or the pool's `service` a mean above 0s"#,
        ],
    },
    Broken {
        change: r#"arrivals = { poisson = { rate = "80/s" } }"#,
        to: r#"arrivals = 80"#,
        said: &[
            r#"8:12: arrivals must be an arrival process, not an integer; write "poisson(80/s)""#,
        ],
    },
    Broken {
        change: r#"arrivals = { poisson = { rate = "80/s" } }"#,
        to: r#"arrivals = { poisson = "80/s", times = [] }"#,
        said: &[r#"8:32: arrivals must be one process, and have 2 keys; write "poisson(80/s)""#],
    },
    Broken {
        change: r#"arrivals = { poisson = { rate = "80/s" } }"#,
        to: r#"arrivals = { trace = { colum = "timestamp", file = "publishes.csv" } }"#,
        said: &[
            r#"8:24: unknown key "colum"; did you mean "column"? keys of a trace: file, column, unit"#,
        ],
    },
    Broken {
        change: r#"arrivals = { poisson = { rate = "80/s" } }"#,
        to: r#"arrivals = { poisson = { rate = "80/s" } }
batch = 0"#,
        said: &[
            r#"9:9: a batch of 0 rounds to no message; write 1 or more: batches are rounded to the nearest whole number"#,
        ],
    },
    Broken {
        change: r#"arrivals = { poisson = { rate = "80/s" } }"#,
        to: r#"arrivals = { poisson = { rate = "80/s" } }
batch = "2KiB""#,
        said: &[r#"9:9: "2KiB" is a size, not a number; write a number such as "1.2""#],
    },
    Broken {
        change: r#"arrivals = { poisson = { rate = "80/s" } }"#,
        to: r#"arrivals = { poisson = { rate = "80/s" } }
size = "2 parsecs""#,
        said: &[
            r#"9:8: size "2 parsecs" has the unknown unit "parsecs"; units are B, kB, MB, GB, KiB, MiB, GiB"#,
        ],
    },
    Broken {
        change: r#"arrivals = { poisson = { rate = "80/s" } }"#,
        to: r#"arrivals = { poisson = { rate = "80/s" } }
on_refused = { retry = { max = 3 } }"#,
        said: &[
            r#"9:24: retry has no backoff; write backoff = "exponential(first=1s, cap=1m)""#,
            r#"9:26: unknown key "max"; keys of a retry: backoff, jitter, limit"#,
        ],
    },
    Broken {
        change: r#"arrivals = { poisson = { rate = "80/s" } }"#,
        to: r#"arrivals = { poisson = { rate = "80/s" } }
ttl = 5"#,
        said: &[
            r#"9:7: ttl must be a distribution, not an integer; write "constant(200ms)" or "exponential(200ms)""#,
        ],
    },
];
