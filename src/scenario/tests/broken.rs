//! Broken files, and what is said of each: the place, the value, the rule and the remedy.

use super::{changed, lines, read};

/// What is written, what stands there instead, and every mistake that this makes.
const BROKEN: &[(&str, &str, &[&str])] = &[
    (
        r#"title    = "Order e-mails"
"#,
        r#""#,
        &[],
    ),
    (r#"title    = "Order e-mails""#, r#"title = 5"#, &[]),
    (
        r#"horizon  = "1h"
"#,
        r#""#,
        &[],
    ),
    (r#""1h""#, r#""0s""#, &[]),
    (r#""1h""#, r#"3600"#, &[]),
    (r#""1h""#, r#"-3600"#, &[]),
    (r#""1h""#, r#""80/s""#, &[]),
    (r#""1h""#, r#"[1]"#, &[]),
    (r#""5m""#, r#""2h""#, &[]),
    (r#""5m""#, r#""automatic""#, &[]),
    (
        r#""5m""#,
        r#""5m"
kind = "stead""#,
        &[],
    ),
    (
        r#""5m""#,
        r#""5m"
kind = true"#,
        &[],
    ),
    (
        r#""5m""#,
        r#""5m"
level = 95"#,
        &[],
    ),
    (
        r#""5m""#,
        r#""5m"
level = 1.0"#,
        &[],
    ),
    (
        r#""5m""#,
        r#""5m"
level = nan"#,
        &[],
    ),
    (
        r#""5m""#,
        r#""5m"
replications = 0"#,
        &[],
    ),
    (
        r#""5m""#,
        r#""5m"
replications = { of = ["wait.p99"] }"#,
        &[],
    ),
    (
        r#""5m""#,
        r#""5m"
replications = { precision = "0%", max = 5 }"#,
        &[],
    ),
    (
        r#""5m""#,
        r#""5m"
replications = { precision = 0.05 }"#,
        &[],
    ),
    (
        r#""5m""#,
        r#""5m"
seed = -1"#,
        &[],
    ),
    (
        r#""5m""#,
        r#""5m"
seed = 99999999999999999999"#,
        &[],
    ),
    (
        r#""5m""#,
        r#""5m"
horison = "1h""#,
        &[],
    ),
    (
        r#""5m""#,
        r#""5m"
at_horizon = "drian""#,
        &[],
    ),
    (r#""5m""#, r#""5m"#, &[]),
    (r#"[queue.failed]"#, r#"[queue.failed"#, &[]),
    (r#"[queue.failed]"#, r#"[queue.emails]"#, &[]),
    (r#"[queue.failed]"#, r#"[queue.Failed]"#, &[]),
    (
        r#"[queue.failed]"#,
        r#"[queue.senders]
[queue.failed]"#,
        &[],
    ),
    (
        r#"[queue.failed]"#,
        r#"[queue.end_to_end]
[queue.failed]"#,
        &[],
    ),
    (
        r#"[queue.failed]"#,
        r#"[queue.failed]
max_lenght = 5"#,
        &[],
    ),
    (
        r#"[queue.failed]"#,
        r#"[queue.failed]
max_length = 1.5"#,
        &[],
    ),
    (
        r#"[queue.failed]"#,
        r#"[queue.failed]
max_length_bytes = "5s""#,
        &[],
    ),
    (
        r#"[queue.failed]"#,
        r#"[queue.failed]
max_priority = 300"#,
        &[],
    ),
    (
        r#"[queue.failed]"#,
        r#"[queue.failed]
dead_letter = "failed""#,
        &[],
    ),
    (
        r#"[queue.failed]"#,
        r#"[queue.failed]
dead_letter = "emails""#,
        &[],
    ),
    (
        r#"[queue.failed]"#,
        r#"[queue.failed]
message_ttl = """#,
        &[],
    ),
    (
        r#"[queue.failed]"#,
        r#"[queue.failed]
max_length = 5
overflow = "reject-publish-dlx""#,
        &[],
    ),
    (r#""reject-publish""#, r#""reject""#, &[]),
    (r#"dead_letter = "failed""#, r#"dead_letter = "faild""#, &[]),
    (r#"to       = "emails""#, r#"to       = "email""#, &[]),
    (
        r#"to       = "emails"
"#,
        r#""#,
        &[],
    ),
    (r#"to       = "emails""#, r#"to       = ["emails"]"#, &[]),
    (
        r#"arrivals = { poisson = { rate = "80/s" } }"#,
        r#"arrivals = "80/s""#,
        &[],
    ),
    (
        r#"arrivals = { poisson = { rate = "80/s" } }"#,
        r#"arrivals = "poisson(80)""#,
        &[],
    ),
    (
        r#"arrivals = { poisson = { rate = "80/s" } }"#,
        r#"arrivals = "poisson(80ms)""#,
        &[],
    ),
    (
        r#"arrivals = { poisson = { rate = "80/s" } }"#,
        r#"arrivals = "poisson(0/s)""#,
        &[],
    ),
    (
        r#"arrivals = { poisson = { rate = "80/s" } }"#,
        r#"arrivals = { poison = "80/s" }"#,
        &[],
    ),
    (
        r#"arrivals = { poisson = { rate = "80/s" } }"#,
        r#"arrivals = { poisson = { rate = "80/s", cv = 2 } }"#,
        &[],
    ),
    (
        r#"arrivals = { poisson = { rate = "80/s" } }"#,
        r#"arrivals = { poisson = {} }"#,
        &[],
    ),
    (
        r#"arrivals = { poisson = { rate = "80/s" } }"#,
        r#"arrivals = "renewal(gamma(mean=1s))""#,
        &[],
    ),
    (
        r#"arrivals = { poisson = { rate = "80/s" } }"#,
        r#"arrivals = { mmpp = { rates = ["1/s", "2/s"], dwell = ["1s"] } }"#,
        &[],
    ),
    (
        r#"arrivals = { poisson = { rate = "80/s" } }"#,
        r#"arrivals = { profile = { points = [{ at = "0s", rate = "1/s" }, { at = "0s", rate = "2/s" }] } }"#,
        &[],
    ),
    (
        r#"arrivals = { poisson = { rate = "80/s" } }"#,
        r#"arrivals = { profile = { points = [{ at = "0s" }], between = "lines" } }"#,
        &[],
    ),
    (
        r#"arrivals = { poisson = { rate = "80/s" } }"#,
        r#"arrivals = { times = ["2s", "1s"] }"#,
        &[],
    ),
    (
        r#"arrivals = { poisson = { rate = "80/s" } }"#,
        r#"arrivals = { times = [] }"#,
        &[],
    ),
    (
        r#"arrivals = { poisson = { rate = "80/s" } }"#,
        r#"arrivals = { trace = { file = "nowhere.csv", column = "timestamp", unit = "s" } }"#,
        &[],
    ),
    (
        r#"arrivals = { poisson = { rate = "80/s" } }"#,
        r#"arrivals = { trace = { file = "publishes.csv", column = "timestmp", unit = "s" } }"#,
        &[],
    ),
    (
        r#"arrivals = { poisson = { rate = "80/s" } }"#,
        r#"arrivals = { trace = { file = "publishes.csv", column = "timestamp" } }"#,
        &[],
    ),
    (
        r#"arrivals = { poisson = { rate = "80/s" } }"#,
        r#"arrivals = { trace = { file = "publishes.csv", column = "timestamp", unit = "second" } }"#,
        &[],
    ),
    (
        r#"arrivals = { poisson = { rate = "80/s" } }"#,
        r#"arrivals = { trace = { file = "unsorted.csv", column = "timestamp", unit = "s" } }"#,
        &[],
    ),
    (
        r#"arrivals = { poisson = { rate = "80/s" } }"#,
        r#"arrivals = { trace = { file = "empty.csv", column = "timestamp", unit = "s" } }"#,
        &[],
    ),
    (
        r#"arrivals = { poisson = { rate = "80/s" } }"#,
        r#"arrivals = { closed = { clients = 0, think = "exponential(1s)" } }"#,
        &[],
    ),
    (
        r#"arrivals = { poisson = { rate = "80/s" } }"#,
        r#"arrivals = { poisson = { rate = "80/s" } }
batch = 0"#,
        &[],
    ),
    (
        r#"arrivals = { poisson = { rate = "80/s" } }"#,
        r#"arrivals = { poisson = { rate = "80/s" } }
batch = "2KiB""#,
        &[],
    ),
    (
        r#"arrivals = { poisson = { rate = "80/s" } }"#,
        r#"arrivals = { poisson = { rate = "80/s" } }
size = "2 parsecs""#,
        &[],
    ),
    (
        r#"arrivals = { poisson = { rate = "80/s" } }"#,
        r#"arrivals = { poisson = { rate = "80/s" } }
on_refused = { retry = { max = 3 } }"#,
        &[],
    ),
    (
        r#"arrivals = { poisson = { rate = "80/s" } }"#,
        r#"arrivals = { poisson = { rate = "80/s" } }
ttl = 5"#,
        &[],
    ),
    (
        r#"service   = { exponential = { mean = "83ms" } }"#,
        r#"service = { exponential = { mean = "200" } }"#,
        &[],
    ),
    (
        r#"service   = { exponential = { mean = "83ms" } }"#,
        r#"service = { exponential = { mean = -0.2 } }"#,
        &[],
    ),
    (
        r#"service   = { exponential = { mean = "83ms" } }"#,
        r#"service = "83ms""#,
        &[],
    ),
    (
        r#"service   = { exponential = { mean = "83ms" } }"#,
        r#"service = 83"#,
        &[],
    ),
    (
        r#"service   = { exponential = { mean = "83ms" } }"#,
        r#"service = "exponential""#,
        &[],
    ),
    (
        r#"service   = { exponential = { mean = "83ms" } }"#,
        r#"service = "exponental(83ms)""#,
        &[],
    ),
    (
        r#"service   = { exponential = { mean = "83ms" } }"#,
        r#"service = "exponential(83)""#,
        &[],
    ),
    (
        r#"service   = { exponential = { mean = "83ms" } }"#,
        r#"service = "exponential(0s)""#,
        &[],
    ),
    (
        r#"service   = { exponential = { mean = "83ms" } }"#,
        r#"service = "lognormal(mean=200ms, cvv=1.2)""#,
        &[],
    ),
    (
        r#"service   = { exponential = { mean = "83ms" } }"#,
        r#"service = "lognormal(mean=200ms, cv=-1)""#,
        &[],
    ),
    (
        r#"service   = { exponential = { mean = "83ms" } }"#,
        r#"service = "lognormal(200ms, 1.2)""#,
        &[],
    ),
    (
        r#"service   = { exponential = { mean = "83ms" } }"#,
        r#"service = "lognormal(mean=200ms, cv=1.2""#,
        &[],
    ),
    (
        r#"service   = { exponential = { mean = "83ms" } }"#,
        r#"service = "lognormal(mean=200ms cv=1.2)""#,
        &[],
    ),
    (
        r#"service   = { exponential = { mean = "83ms" } }"#,
        r#"service = "lognormal(mean=200ms, mean=1s)""#,
        &[],
    ),
    (
        r#"service   = { exponential = { mean = "83ms" } }"#,
        r#"service = "lognormal(mean=200ms, cv=1.2) or so""#,
        &[],
    ),
    (
        r#"service   = { exponential = { mean = "83ms" } }"#,
        r#"service = "lognormal(mean=200ms, median=1s, p99=2s)""#,
        &[],
    ),
    (
        r#"service   = { exponential = { mean = "83ms" } }"#,
        r#"service = { lognormal = { mean = "1s", cv = nan } }"#,
        &[],
    ),
    (
        r#"service   = { exponential = { mean = "83ms" } }"#,
        r#"service = { pareto = { shape = 2.5 } }"#,
        &[],
    ),
    (
        r#"service   = { exponential = { mean = "83ms" } }"#,
        r#"service = { pareto = { shape = 0.9, mean = "1s" } }"#,
        &[],
    ),
    (
        r#"service   = { exponential = { mean = "83ms" } }"#,
        r#"service = { gamma = { mean = "1s", cv = 1 }, erlang = { shape = 2, mean = "1s" } }"#,
        &[],
    ),
    (
        r#"service   = { exponential = { mean = "83ms" } }"#,
        r#"service = {}"#,
        &[],
    ),
    (
        r#"service   = { exponential = { mean = "83ms" } }"#,
        r#"service = "uniform(low=2s, high=1s)""#,
        &[],
    ),
    (
        r#"service   = { exponential = { mean = "83ms" } }"#,
        r#"service = "mixture([{weight=1, of=exponential(1s)}, {of=exponential(2)}])""#,
        &[],
    ),
    (
        r#"service   = { exponential = { mean = "83ms" } }"#,
        r#"service = { listed = ["1s", 2] }"#,
        &[],
    ),
    (
        r#"service   = { exponential = { mean = "83ms" } }"#,
        r#"service = "empirical(file=publishes.csv, column=x)""#,
        &[],
    ),
    (r#"consumers = 9"#, r#"consumers = 0"#, &[]),
    (r#"consumers = 9"#, r#"consumers = "many""#, &[]),
    (r#"consumers = 9"#, r#"consumers = 9.5"#, &[]),
    (
        r#"consumers = 9"#,
        r#"consumers = 9
on_crash = "redo""#,
        &[],
    ),
    (
        r#"consumers = 9"#,
        r#"consumers = 9
ack = "maual""#,
        &[],
    ),
    (
        r#"consumers = 9"#,
        r#"consumers = 9
failure = { probability = "100%", then = "requeue" }"#,
        &[],
    ),
    (
        r#"consumers = 9"#,
        r#"consumers = 9
failure = { probability = "150%", then = "requeue" }"#,
        &[],
    ),
    (
        r#"consumers = 9"#,
        r#"consumers = 9
failure = { probability = 0.5, then = { retry = {} } }"#,
        &[],
    ),
    (r#"from      = "emails""#, r#"from      = "senders""#, &[]),
    (r#""emails.wait.p99""#, r#""emails.wait.p98""#, &[]),
    (r#""emails.wait.p99""#, r#""emials.wait.p99""#, &[]),
    (r#""emails.wait.p99""#, r#""wait.p99""#, &[]),
    (r#"below  = "200ms""#, r#"below  = "2%""#, &[]),
    (r#"below  = "200ms""#, r#"below  = 200"#, &[]),
    (r#"below  = "200ms""#, r#"losses = "ignored""#, &[]),
    (
        r#"below  = "200ms""#,
        r#"below = "1s"
above = "2s""#,
        &[],
    ),
    (
        r#""pool.senders.consumers" = 11"#,
        r#""pool.sender.consumers" = 11"#,
        &[],
    ),
    (
        r#""pool.senders.consumers" = 11"#,
        r#""pool.senders.consumer" = 11"#,
        &[],
    ),
    (
        r#""pool.senders.consumers" = 11"#,
        r#""senders.consumers" = 11"#,
        &[],
    ),
    (
        r#""pool.senders.consumers" = 11"#,
        r#""pool.senders.consumers" = 0"#,
        &[],
    ),
    (
        r#""pool.senders.consumers" = 11"#,
        r#""pool.senders" = 11"#,
        &[],
    ),
    (r#""pool.senders.consumers" = 11"#, r#"horizon = "1m""#, &[]),
    (r#""two more""#, r#""base""#, &[]),
    (
        r#"name = "two more"
"#,
        r#""#,
        &[],
    ),
];

#[test]
fn every_broken_file_says_where_what_why_and_how_to_mend_it() {
    for (from, to, expected) in BROKEN {
        let said = lines(read(&changed(from, to), &[], &[]));
        if std::env::var("SHOW").is_ok() {
            println!("@@{}", format!("{said:?}"));
            continue;
        }
        assert_eq!(said, *expected, "{to}");
    }
}
