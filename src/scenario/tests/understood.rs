//! What a right file becomes: defaults, warnings, the resolved text.

mod dead_letters;
mod exchanges;
mod failures;
mod incidents;
mod kafka;
mod kinds;
mod networks;
mod sqs;
mod work;
mod zeromq;

use super::{ORDERS, STORM, changed, loaded, read};
use crate::scenario::{AtHorizon, Flags, Kind, Origin, Replications, ScenarioSet, Warmup, load};
use crate::time::{Span, Time};
use crate::workload::Distribution;
use std::io;

const ARRIVALS: &str = "arrivals = { poisson = { rate = \"80/s\" } }";
const SERVICE: &str = "service   = { exponential = { mean = \"83ms\" } }";

/// The smallest file.
const SMALL: &str = r#"
title = "Small"
horizon = "1h"
producer.in = { to = "line", arrivals = "poisson(80/s)" }
queue.line = {}
pool.out = { from = "line", consumers = 9, concurrency = 3, service = "exponential(83ms)" }
"#;

#[test]
fn what_a_file_leaves_out_has_the_documented_defaults() {
    let base = loaded(SMALL).base;
    assert_eq!(
        (base.kind, base.at_horizon, base.warmup),
        (Kind::Steady, AtHorizon::Stop, Warmup::Auto)
    );
    assert_eq!(
        (&base.replications, base.seed, base.level),
        (&Replications::Count(20), 1, 0.95)
    );
    let producer = &base.producers[0];
    assert_eq!(
        (producer.batch.mean(), producer.size.mean()),
        (1.0, 1_024.0)
    );
    assert_eq!((&producer.priority, &producer.ttl), (&None, &None));
    assert_eq!(
        base.queues[0].settings,
        crate::queue::QueueSettings::default()
    );
    assert_eq!(
        base.pools[0].prefetch, 3,
        "prefetch is the concurrency unless told otherwise"
    );
    assert_eq!(base.pools[0].failure, None);
}

#[test]
fn arrivals_with_an_end_make_a_scenario_terminating() {
    for arrivals in [
        "arrivals = { times = [\"0s\", \"1s\", \"4s\"] }",
        "arrivals = \"times([0s, 1s, 4s])\"",
        "arrivals = { trace = { file = \"publishes.csv\", column = \"timestamp\", unit = \"s\" } }",
    ] {
        let text =
            changed(ARRIVALS, arrivals).replace("horizon  = \"1h\"\nwarmup   = \"5m\"\n", "");
        let base = loaded(&text).base;
        assert_eq!(
            (base.kind, base.at_horizon),
            (Kind::Terminating, AtHorizon::Drain)
        );
        assert_eq!(base.warmup, Warmup::Fixed(Span::ZERO));
        assert_eq!(
            base.horizon,
            Time::from_nanos(4_000_000_001),
            "the last arrival lies before the end"
        );
    }
}

#[test]
fn every_law_can_be_written_as_a_table_and_as_a_call() {
    let laws = [
        ("{ constant = \"1s\" }", "constant(1s)"),
        (
            "{ uniform = { low = \"1s\", high = \"2s\" } }",
            "uniform(low=1s, high=2s)",
        ),
        (
            "{ triangular = { low = \"1s\", mode = \"2s\", high = \"4s\" } }",
            "triangular(low=1s, mode=2s, high=4s)",
        ),
        ("{ exponential = { mean = \"83ms\" } }", "exponential(83ms)"),
        (
            "{ erlang = { shape = 3, mean = \"1s\" } }",
            "erlang(shape=3, mean=1s)",
        ),
        (
            "{ gamma = { mean = \"1s\", cv = 0.5 } }",
            "gamma(mean=1s, cv=0.5)",
        ),
        (
            "{ lognormal = { mean = \"1s\", cv = 1.2 } }",
            "lognormal(mean=1s, cv=1.2)",
        ),
        (
            "{ lognormal = { median = \"1s\", p99 = \"4s\" } }",
            "lognormal(median=1s, p99=4s)",
        ),
        (
            "{ weibull = { shape = 0.7, mean = \"1s\" } }",
            "weibull(shape=0.7, mean=1s)",
        ),
        (
            "{ pareto = { shape = 2.5, mean = \"1s\" } }",
            "pareto(shape=2.5, mean=1s)",
        ),
        (
            "{ bounded_pareto = { shape = 1.1, low = \"1ms\", high = \"1m\" } }",
            "bounded_pareto(shape=1.1, low=1ms, high=1m)",
        ),
        (
            "{ hyperexponential = { mean = \"1s\", cv = 2 } }",
            "hyperexponential( mean = 1s , cv = 2 )",
        ),
        ("{ listed = [\"1s\", \"2s\"] }", "listed([1s, 2s])"),
        (
            "{ empirical = { file = \"publishes.csv\", column = \"x\", unit = \"ms\" } }",
            "empirical(file=publishes.csv, column=x, unit=ms)",
        ),
        (
            "{ mixture = [{ weight = 9, of = { exponential = \"1s\" } }, { weight = 1, of = \"constant(5s)\" }] }",
            "mixture([{weight=9, of=exponential(1s)}, {weight=1, of=constant(5s)}])",
        ),
    ];
    for (table, call) in laws {
        let [table, call] = [table.to_owned(), format!("\"{call}\"")].map(|law| {
            loaded(&changed(SERVICE, &format!("service = {law}")))
                .base
                .pools
                .remove(0)
                .service
        });
        assert_eq!(table, call);
    }
}

#[test]
fn every_kind_of_arrivals_can_be_written() {
    for arrivals in [
        "\"poisson(80/s)\"",
        "{ poisson = \"80/s\" }",
        "\"renewal(gamma(mean=1s, cv=2))\"",
        "{ renewal = \"erlang(shape=2, mean=1s)\" }",
        "{ profile = { points = [{ at = \"0s\", rate = \"20/s\" }, { at = \"1h5m\", rate = \"400/s\" }], between = \"step\", repeat = true } }",
        "{ mmpp = { rates = [\"20/s\", \"400/s\"], dwell = [\"10m\", \"30s\"] } }",
        "\"closed(clients=20, think=exponential(5s))\"",
    ] {
        loaded(&changed(ARRIVALS, &format!("arrivals = {arrivals}")));
    }
}

#[test]
fn counts_sizes_and_lives_may_be_numbers_or_laws() {
    let more = "batch = \"uniform(low=1, high=5)\"\nsize = \"2KiB\"\npriority = 0\nttl = \"5s\"";
    let producer = loaded(&changed(ARRIVALS, &format!("{ARRIVALS}\n{more}")))
        .base
        .producers
        .remove(0);
    assert_eq!(
        (producer.batch.mean(), producer.size.mean()),
        (3.0, 2_048.0)
    );
    let mean = |law: Option<Distribution>| law.map(|law| law.mean());
    assert_eq!(
        (mean(producer.priority), mean(producer.ttl)),
        (Some(0.0), Some(5.0))
    );
    let more = "batch = 3\nsize = \"exponential(2KiB)\"\nttl = \"exponential(1m)\"";
    let producer = loaded(&changed(ARRIVALS, &format!("{ARRIVALS}\n{more}")))
        .base
        .producers
        .remove(0);
    assert_eq!(
        (producer.batch.mean(), producer.size.mean()),
        (3.0, 2_048.0)
    );
}

#[test]
fn what_is_legal_but_hardly_meant_is_warned_of_at_its_place() {
    let warned = |text: &str| {
        loaded(text)
            .warnings
            .iter()
            .map(|w| w.lines().next().unwrap_or("").to_owned())
            .collect::<Vec<_>>()
    };
    assert!(warned(ORDERS).is_empty());
    assert_eq!(
        warned(&changed("[queue.failed]", "[queue.failed]\n[queue.spare]")),
        ["warning: nobody publishes to queue \"spare\""]
    );
    let idle =
        "[pool.idle]\nfrom = \"spare\"\nconsumers = 1\nservice = \"constant(1s)\"\n[[objective]]";
    let text = changed("[queue.failed]", "[queue.failed]\n[queue.spare]").replacen(
        "[[objective]]",
        idle,
        1,
    );
    assert_eq!(
        warned(&text),
        ["warning: pool \"idle\" consumes from nothing: nobody publishes to this queue"]
    );
    assert_eq!(
        warned(&changed("prefetch  = 1", "concurrency = 3\nprefetch = 2")),
        ["warning: 3 messages at once can never be worked on with a prefetch of 2"]
    );
    assert_eq!(
        warned(&changed("max_length = 100_000", "")),
        ["warning: this queue never overflows: it has no limit"]
    );
    assert_eq!(
        warned(&changed(ARRIVALS, &format!("{ARRIVALS}\npriority = 3"))),
        ["warning: every priority above 0 counts as 0 in queue \"emails\""]
    );
}

#[test]
fn keys_that_do_not_go_together_are_warned_of() {
    let first = |text: &str| {
        loaded(text)
            .warnings
            .first()
            .map(|warning| warning.lines().next().unwrap_or("").to_owned())
    };
    let auto = changed(
        "prefetch  = 1",
        "ack = \"auto\"\nfailure = { probability = \"100%\", then = \"requeue\" }",
    );
    assert_eq!(
        first(&auto).as_deref(),
        Some("warning: with ack = \"auto\" a message has left before its work can fail")
    );
    let night = changed("\"5m\"", "\"auto\"\nkind = \"terminating\"");
    assert_eq!(
        first(&night).as_deref(),
        Some(
            "warning: the end of a warm-up is looked for in the long run, which a terminating scenario does not have"
        )
    );
}

/// Loads the resolved text, which may only name the data files kept with it.
#[track_caller]
pub(super) fn again(set: &ScenarioSet) -> ScenarioSet {
    let mut kept = |name: &str| {
        let found = set.inputs.iter().find(|(kept, _)| kept == name);
        found
            .map(|(_, bytes)| bytes.clone())
            .ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    };
    let origin = Origin {
        name: "orders",
        path: "scenario.toml",
    };
    load(&set.resolved, origin, &Flags::default(), &mut kept)
        .unwrap_or_else(|mistakes| panic!("{mistakes}\n{}", set.resolved))
}

#[test]
fn the_resolved_text_loads_to_an_equal_scenario_and_resolves_to_itself() {
    let traced = changed(ARRIVALS, "arrivals = { trace = { file = \"logs/publishes.csv\", column = \"timestamp\", unit = \"s\" } }")
        .replace(SERVICE, "service = \"empirical(file=other/publishes.csv, column=x, unit=ms)\"")
        .replace("warmup   = \"5m\"", "");
    let taken = changed(
        ARRIVALS,
        "arrivals = { trace = { file = \"series.csv\", column = \"timestamp\", unit = \"s\" } }",
    )
    .replace("warmup   = \"5m\"", "");
    let escaped = changed("Order e-mails", "Or\\\"der\\n\\u0007 \\\\ e-mails ∞");
    for text in [ORDERS, SMALL, STORM, &traced, &taken, &escaped] {
        let set = read(
            text,
            &["pool.senders.service=exponential(90ms)"],
            &["emails.wait.mean < 1s"],
        );
        let set = set.unwrap_or_else(|_| loaded(text));
        let same = again(&set);
        assert_eq!(same.resolved, set.resolved);
        assert_eq!((same.base, same.variants), (set.base, set.variants));
        assert_eq!(same.inputs, set.inputs);
    }
}

#[test]
fn a_data_file_is_kept_under_a_bare_name_that_no_result_has() {
    let text = changed(
        ARRIVALS,
        "arrivals = { trace = { file = \"series.csv\", column = \"timestamp\", unit = \"s\" } }",
    );
    let set = loaded(&text.replace("warmup   = \"5m\"", ""));
    assert_eq!(set.inputs[0].0, "series-2.csv");
    assert!(set.resolved.contains("\"series-2.csv\""));
}

#[test]
fn a_scenario_knows_its_load_and_its_capacity() {
    let base = loaded(ORDERS).base;
    assert_eq!(base.offered_rate(0), Some(80.0));
    assert!((base.capacity(0) - 9.0 / 0.083).abs() < 1e-9);
    assert_eq!(base.capacity(1), 0.0);
    assert_eq!(base.expected_messages(), 288_000.0);
    assert_eq!(
        base.parameters(),
        "80/s → 9 consumers, exponential(83ms), prefetch 1"
    );
    let closed = loaded(&changed(
        ARRIVALS,
        "arrivals = \"closed(clients=20, think=constant(917ms))\"",
    ))
    .base;
    assert_eq!(
        (closed.offered_rate(0), closed.expected_messages()),
        (None, 72_000.0)
    );
    assert_eq!(
        closed.parameters(),
        "20 clients → 9 consumers, exponential(83ms), prefetch 1"
    );
    for metric in base.metrics() {
        let read = crate::scenario::Metric::parse(&metric.to_string(), &base.components());
        assert_eq!(read, Ok(metric));
    }
}

#[test]
fn several_mistakes_are_reported_in_one_go_in_the_order_of_the_file() {
    let text = changed("\"1h\"", "3600")
        .replace("to       = \"emails\"", "to = \"email\"")
        .replace("consumers = 9", "consumers = 0")
        .replace("\"83ms\"", "\"83\"");
    let mistakes = read(&text, &[], &[]).expect_err("four mistakes");
    let places: Vec<String> = mistakes
        .lines()
        .map(|line| line.split(": ").next().unwrap_or("").to_owned())
        .collect();
    assert_eq!(
        places,
        [
            "orders.toml:3:12",
            "orders.toml:7:6",
            "orders.toml:19:13",
            "orders.toml:21:38"
        ]
    );
    assert_eq!(mistakes.len(), 4);
}

#[test]
fn a_mistake_is_rendered_at_its_value_with_the_remedy() {
    let text = changed("\"83ms\"", "\"200\"");
    let shown = read(&text, &[], &[]).expect_err("no unit").to_string();
    let expected = r#"error: duration "200" has no unit
  --> orders.toml:21:38
   |
21 | service   = { exponential = { mean = "200" } }
   |                                      ^^^^^ write "200ms" or "200s""#;
    assert_eq!(shown, expected);
}
