//! What a study says of a network in words, and beside which queues it puts theory.

use super::{outcome, value};
use queuelab::study::{Estimate, Run};

fn base(text: &str) -> Run {
    let mut outcome = outcome(text);
    outcome.runs.swap_remove(0)
}

/// Why M/M/c does not apply to a queue; `None` where it does.
fn why_not(run: &Run, queue: &str) -> Option<String> {
    let mut theories = run.theory.iter();
    let theory = theories.find(|theory| theory.queue == queue);
    theory
        .unwrap_or_else(|| panic!("nothing is known of {queue}"))
        .inapplicable
        .clone()
}

const PIPELINE: &str = r#"
title = "pipeline"
horizon = "200s"
replications = 4
queue.raw = { max_length = 5, overflow = "reject-publish" }
queue.cut = { max_length = 5, overflow = "reject-publish" }
pool.saw = { from = "raw", consumers = 1, service = "constant(10ms)", to = "cut", on_refused = "block" }
pool.glue = { from = "cut", consumers = 1, service = "constant(100ms)" }
"#;

#[test]
fn a_slot_that_waits_for_room_is_not_busy_and_the_bottleneck_is_who_it_waits_for() {
    let producer =
        r#"producer.mill = { to = "raw", arrivals = "poisson(20/s)", on_refused = "block" }"#;
    let run = base(&format!("{PIPELINE}{producer}"));
    // The saw cuts what the glue takes: 10 a second, 10 ms each.
    let busy = value(&run, "saw.utilisation");
    assert!((busy - 0.1).abs() < 0.001, "{busy}");
    let bottleneck = &run.findings[0];
    assert!(
        bottleneck.starts_with("bottleneck: glue, busy 100 %"),
        "{bottleneck}"
    );
    let whole = run
        .notes
        .iter()
        .find(|note| note.starts_with("end_to_end: no stationary law"));
    assert!(whole.is_some(), "{:?}", run.notes);
    assert_eq!(run.refusals_return, ["raw", "cut"]);
}

#[test]
fn a_crash_while_a_slot_waits_for_room_leaves_no_work_behind() {
    let crashing = PIPELINE.replace(
        "pool.saw = {",
        r#"pool.saw = { crashes = { up = "exponential(3s)", down = "exponential(1s)" },"#,
    );
    let producer =
        r#"producer.mill = { to = "raw", arrivals = "poisson(20/s)", on_refused = "block" }"#;
    let run = base(&format!("{crashing}{producer}"));
    let busy = value(&run, "saw.utilisation");
    assert!((0.1..0.2).contains(&busy), "{busy}");
}

const STORM: &str = r#"
title = "storm"
horizon = "3m"
at_horizon = "stop"
replications = 4
producer.clients = { to = "line", arrivals = "poisson(40/s)", timeout = { after = "4s", retry = { backoff = "fixed(0s)" } } }
queue.line = {}
"#;

#[test]
fn a_storm_that_outlives_its_trigger_never_recovers_and_a_short_one_does() {
    let crew = |outage: &str| {
        format!(
            r#"{STORM}pool.crew = {{ from = "line", consumers = 10, service = "exponential(100ms)", outages = [{{ at = "1m", for = "{outage}" }}] }}"#
        )
    };
    let short = base(&crew("3s"));
    assert_eq!(short.findings, [""; 0]);
    let drained = value(&short, "line.drain_time.mean");
    assert!((1.0..6.0).contains(&drained), "{drained}");
    let long = base(&crew("15s"));
    assert_eq!(
        long.findings,
        [
            "line never recovers in 4 of 4 runs (100 %): 1m 45s after the trigger has gone, at 1m 15s, messages are still \
             ready, and more than then"
        ]
    );
    assert!(value(&long, "crew.attempts.mean") > 1.5);
}

#[test]
fn automatic_acks_lose_what_a_consumer_holds_when_it_dies() {
    let run = base(
        r#"
title = "auto"
horizon = "200s"
replications = 4
producer.source = { to = "line", arrivals = "poisson(10/s)" }
queue.line = {}
pool.crew = { from = "line", consumers = 2, service = "exponential(100ms)", ack = "auto", crashes = { up = "exponential(10s)", down = "exponential(1s)" } }
"#,
    );
    let said = &run.findings[0];
    assert!(
        said.ends_with("gone with the consumer that held them"),
        "{said}"
    );
}

/// A chain of `one` and `two`, the pools given without what they consume from.
fn chain(source: &str, first: &str, second: &str) -> Run {
    base(&format!(
        r#"
title = "chain"
horizon = "100s"
replications = 2
producer.source = {{ to = "one", {source} }}
queue.one = {{}}
queue.two = {{}}
pool.first = {{ from = "one", {first} }}
pool.second = {{ from = "two", {second} }}
"#
    ))
}

const POISSON: &str = r#"arrivals = "poisson(8/s)""#;
const CREW: &str = r#"consumers = 10, service = "exponential(1s)""#;

#[test]
fn a_stage_behind_an_exact_one_is_exact_too() {
    let run = chain(POISSON, &format!(r#"{CREW}, to = "two""#), CREW);
    assert_eq!((why_not(&run, "one"), why_not(&run, "two")), (None, None));
}

#[test]
fn theory_says_why_it_does_not_apply() {
    let on = format!(r#"{CREW}, to = "two""#);
    let regular = r#"arrivals = { renewal = "constant(125ms)" }"#;
    let cases = [
        (regular, on.clone(), "two", "it is fed by one"),
        (
            POISSON,
            format!(
                "{on}, failure = {{ probability = \"1%\", then = {{ retry = {{ backoff = \"fixed(1s)\" }} }} }}"
            ),
            "one",
            "work that fails is tried again",
        ),
        (
            POISSON,
            format!("{on}, round_trip = \"1ms\""),
            "one",
            "a round trip after each message",
        ),
        (
            POISSON,
            format!("{on}, crashes = {{ up = \"exponential(1h)\", down = \"exponential(1s)\" }}"),
            "two",
            "it is fed by one",
        ),
        (
            POISSON,
            format!("{CREW}, to = {{ balance = \"round-robin\", queues = [\"two\", \"one\"] }}"),
            "two",
            "takes its queues in turn",
        ),
    ];
    for (source, first, queue, reason) in cases {
        let why = why_not(&chain(source, &first, CREW), queue).unwrap_or_default();
        assert!(why.contains(reason), "{first}: {why}");
    }
}

#[test]
fn a_balancer_that_looks_where_there_is_less_does_not_overload_the_slower_queue() {
    let run = base(
        r#"
title = "steered"
horizon = "200s"
replications = 4
producer.source = { to = { balance = "shortest", queues = ["fast", "slow"] }, arrivals = "poisson(40/s)" }
queue.fast = {}
queue.slow = {}
pool.four = { from = "fast", consumers = 4, service = "exponential(100ms)" }
pool.one = { from = "slow", consumers = 1, service = "exponential(100ms)" }
"#,
    );
    // Half of the messages would be 20 a second, where 10 can be served.
    assert!(value(&run, "slow.wait.mean") < 1.0);
}

#[test]
fn a_stage_behind_one_that_loses_messages_is_not_refused_for_what_does_not_reach_it() {
    let run = base(
        r#"
title = "lossy"
horizon = "200s"
replications = 4
producer.source = { to = "one", arrivals = "poisson(100/s)" }
queue.one = { max_length = 1, overflow = "reject-publish" }
queue.two = {}
pool.first = { from = "one", consumers = 5, service = "exponential(50ms)", to = "two" }
pool.second = { from = "two", consumers = 9, service = "exponential(100ms)" }
"#,
    );
    let reaches = value(&run, "two.accepted.rate");
    assert!((60.0..88.0).contains(&reaches), "{reaches}");
    assert!(value(&run, "two.wait.mean") < 1.0);
}

#[test]
fn crashes_end_with_the_horizon_so_that_work_which_takes_longer_than_consumers_live_is_done_in_the_end()
 {
    let run = base(
        r#"
title = "for ever"
kind = "terminating"
horizon = "100s"
replications = 2
producer.source = { to = "line", arrivals = { times = ["1s"] } }
queue.line = {}
pool.crew = { from = "line", consumers = 1, service = "constant(20s)", crashes = { up = "constant(10s)", down = "constant(1s)" } }
"#,
    );
    assert!(value(&run, "line.censored.count").abs() < f64::EPSILON);
    assert!(value(&run, "line.sojourn.mean") > 99.0);
}

#[test]
fn a_figure_that_a_kind_of_queue_does_not_have_is_refused_with_the_reason() {
    let text = r#"
title = "figures"
horizon = "60s"
replications = 2
producer.source = { to = "line", arrivals = "poisson(4/s)" }
queue.line = {}
pool.crew = { from = "line", consumers = 1, service = "constant(10ms)" }
"#;
    let said = |objective: &str| {
        let run = base(&format!("{text}[[objective]]\n{objective}\n"));
        match &run.objectives[0].estimate {
            Estimate::Refused { why } => why.clone(),
            Estimate::Known { value, .. } => format!("{value}"),
        }
    };
    for (objective, why) in [
        (
            "metric = \"line.lag.max\"\nbelow = 5",
            "only a topic of Kafka has partitions that lag",
        ),
        (
            "metric = \"line.requests.rate\"\nbelow = \"5/s\"",
            "only SQS counts requests",
        ),
        (
            "metric = \"line.peer_lost.share\"\nbelow = \"5%\"",
            // There are none, for certain.
            "0",
        ),
        ("metric = \"line.duplicates.share\"\nbelow = \"5%\"", "0"),
        (
            "metric = \"line.order_violations.share\"\nbelow = \"5%\"",
            "order is counted among messages of one key, and no producer of this queue gives a `key`",
        ),
        (
            "metric = \"end_to_end.cost.per_h\"\nbelow = 5",
            "the file says of nothing what it costs: write cost_per_hour in a pool or a queue",
        ),
    ] {
        assert_eq!(said(objective), why);
    }
}
