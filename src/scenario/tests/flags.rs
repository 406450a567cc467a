//! `--set`, `--objective` and variants: values laid over the file, and mistakes shown where they come from.

use super::{ORDERS, changed, lines, loaded, read, read_file};
use crate::scenario::{Bound, Flags, Origin, OwnFlag, ScenarioSet, load};
use crate::time::{Span, Time};

#[track_caller]
fn with(set: &[&str], objective: &[&str]) -> ScenarioSet {
    read(ORDERS, set, objective).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

#[test]
fn a_flag_sets_what_the_file_says_and_what_it_leaves_out() {
    let set = with(
        &[
            "pool.senders.consumers=12",
            "pool.senders.prefetch = 4",
            "horizon=2h",
            "title=Other",
        ],
        &[],
    );
    assert_eq!(
        (set.base.pools[0].consumers, set.base.pools[0].prefetch),
        (12, 4)
    );
    assert_eq!(
        (set.base.horizon, set.base.title.as_str()),
        (Time::ZERO + Span::from_secs(7_200), "Other")
    );
    assert_eq!(
        set.variants[0].1.pools[0].prefetch, 4,
        "variants lie over the file with its flags"
    );
    assert_eq!(
        set.variants[0].1.pools[0].consumers, 11,
        "a variant's own value stays"
    );
}

#[test]
fn a_flag_reaches_into_tables_calls_and_short_forms() {
    let mean = |set: &ScenarioSet| set.base.pools[0].service.mean();
    assert_eq!(
        mean(&with(&["pool.senders.service.exponential.mean=1s"], &[])),
        1.0
    );
    assert_eq!(
        mean(&with(
            &["pool.senders.service=lognormal(mean=2s, cv=1.2)"],
            &[]
        )),
        2.0
    );
    let short = changed(
        "{ exponential = { mean = \"83ms\" } }",
        "\"exponential(83ms)\"",
    );
    let set = read(&short, &["pool.senders.service.exponential.mean=3s"], &[]);
    assert_eq!(set.map(|set| mean(&set)).ok(), Some(3.0));
    let set = with(&["objective.0.below=1s"], &[]);
    assert_eq!(set.base.objectives[0].bound, Bound::Below(1.0));
    let profile = changed(
        "{ poisson = { rate = \"80/s\" } }",
        "{ profile = { points = [{ at = \"0s\", rate = \"1/s\" }, { at = \"1h\", rate = \"2/s\" }] } }",
    );
    let set = read(
        &profile,
        &["producer.checkout.arrivals.profile.points.1.rate=3/s"],
        &[],
    );
    assert_eq!(set.ok().and_then(|set| set.base.offered_rate(0)), Some(2.0));
}

#[test]
fn a_flag_takes_whatever_the_file_takes() {
    let set = with(
        &[
            "title=\"Other\"",
            "level=0.9",
            "queue.emails.max_length_bytes=1_000",
            "replications={ precision = \"3%\", of = [\"emails.ready.mean\"], max = 40 }",
        ],
        &[],
    );
    assert_eq!((set.base.title.as_str(), set.base.level), ("Other", 0.9));
    assert_eq!(set.base.queues[0].settings.max_length_bytes, Some(1_000));
    assert_eq!(set.base.replications.most(), 40);
    let said = lines(read(
        ORDERS,
        &["replications={ precision = \"3%\", of = [\"emails.raedy.mean\"] }"],
        &[],
    ));
    assert!(said[0].starts_with("--set:1:48: "), "{said:?}");
}

#[test]
fn a_mistake_in_a_flag_is_shown_in_the_flag() {
    let said = |set: &str| lines(read(ORDERS, &[set], &[])).join("\n");
    let expected = [
        (
            "pool.senders.service=exponential(200)",
            "--set:1:34: duration \"200\" has no unit; write \"200ms\" or \"200s\"",
        ),
        (
            "horizon=200",
            "--set:1:9: duration \"200\" has no unit; write \"200ms\" or \"200s\"",
        ),
        (
            "pool.sendres.consumers=12",
            "--set:1:6: no such path \"pool.sendres.consumers\"; did you mean \"senders\"?",
        ),
        (
            "senders.consumers=12",
            "--set:1:1: no such path \"senders.consumers\"; did you mean \"pool.senders.consumers\"?",
        ),
        (
            "queue.emails.max_lenght=5",
            "--set:1:14: no such path \"queue.emails.max_lenght\"; did you mean \"max_length\"? keys of a queue: kind, max_length, max_length_bytes, overflow, message_ttl, expiry, dead_letter, delivery_limit, max_priority, single_active_consumer, dead_letter_strategy, delayed_retry, consumer_timeout, intake, cost_per_hour, partitions, retention_ms, retention_bytes, segment_bytes, segment_ms, log_retention_check_interval_ms, fifo_queue, visibility_timeout, delay_seconds, message_retention_period, max_receive_count, in_flight_limit, cost_per_million_requests, sndhwm, rcvhwm, transport, kernel_buffer, bind",
        ),
        (
            "pool.senders.service.exponential.men=1s",
            "--set:1:34: unknown key \"men\"; did you mean \"mean\"?",
        ),
        (
            "pool.senders",
            "--set:1:1: \"pool.senders\" sets nothing; write PATH=VALUE, such as pool.senders.consumers=12",
        ),
        (
            "objective.1.below=1s",
            "--set:1:11: no such path \"objective.1.below\"; objectives are numbered 0 to 0",
        ),
        (
            "variant.0.name=x",
            "--set:1:1: no such path \"variant.0.name\"; a variant is not set, but says itself what it sets",
        ),
        (
            "colour=red",
            "--set:1:1: no such path \"colour\"; a path begins with one of: title, question, kind, horizon, at_horizon, warmup, replications, seed, level, profile, consumer_timeout, memory_limit, producer, exchange, queue, pool, objective",
        ),
    ];
    for (flag, line) in expected {
        assert_eq!(said(flag), line);
    }
}

#[test]
fn an_objective_flag_is_one_more_objective() {
    let set = with(&[], &["emails.ready.max < 200k", "utilisation > 50%"]);
    let bounds: Vec<_> = set
        .base
        .objectives
        .iter()
        .map(|objective| objective.bound)
        .collect();
    assert_eq!(
        bounds,
        [
            Bound::Below(0.2),
            Bound::Below(200_000.0),
            Bound::Above(0.5)
        ]
    );
    assert_eq!(
        lines(read(
            ORDERS,
            &[],
            &["emails.wait.p99 < 200", "emails.wait.p99 200ms"]
        )),
        [
            "--objective:1:19: duration \"200\" has no unit; write \"200ms\" or \"200s\"",
            "--objective:1:1: objective \"emails.wait.p99 200ms\" has no limit; write \"wait.p99 < 200ms\"",
        ]
    );
}

#[test]
fn a_variant_may_name_its_paths_without_quotes() {
    let text = changed(
        "{ \"pool.senders.consumers\" = 11 }",
        "{ pool.senders.consumers = 12, warmup = \"1m\" }",
    );
    assert_eq!(loaded(&text).variants[0].1.pools[0].consumers, 12);
}

#[test]
fn a_mistake_of_the_base_is_not_repeated_for_each_variant() {
    let text = changed("consumers = 9", "consumers = 9\ncolour = \"red\"");
    assert_eq!(lines(read(&text, &[], &[])).len(), 1);
}

#[test]
fn a_value_that_only_a_variant_makes_wrong_names_the_variant() {
    let text = changed(
        "{ \"pool.senders.consumers\" = 11 }",
        "{ horizon = \"1m\" }",
    );
    let shown = read(&text, &[], &[])
        .expect_err("a warm-up beyond the horizon")
        .to_string();
    assert!(shown.contains("in the variant \"two more\""), "{shown}");
}

#[test]
fn data_files_of_variants_are_kept_under_names_of_their_own() {
    let text = changed(
        "{ poisson = { rate = \"80/s\" } }",
        "{ trace = { file = \"logs/publishes.csv\", column = \"timestamp\", unit = \"s\" } }",
    )
    .replace(
        "{ \"pool.senders.consumers\" = 11 }",
        "{ \"producer.checkout.arrivals.trace.file\" = \"other/publishes.csv\" }",
    )
    .replace("warmup   = \"5m\"\n", "");
    let set = loaded(&text);
    let names: Vec<_> = set.inputs.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["publishes.csv", "publishes-2.csv"]);
    assert!(
        set.resolved
            .contains("\"producer.checkout.arrivals.trace.file\" = \"publishes-2.csv\""),
        "{}",
        set.resolved
    );
}

#[test]
fn a_flag_of_its_own_name_sets_a_path_and_is_named_in_its_mistakes() {
    let flag = |value: &str| OwnFlag {
        flag: "--service".to_owned(),
        path: "pool.senders.service".to_owned(),
        value: value.to_owned(),
    };
    let load_with = |value: &str| {
        let flags = Flags {
            own: vec![flag(value)],
            ..Flags::default()
        };
        load(
            ORDERS,
            Origin {
                name: "orders",
                path: "orders.toml",
            },
            &flags,
            &mut read_file,
        )
    };
    assert_eq!(
        load_with("constant(1s)")
            .map(|set| set.base.pools[0].service.mean())
            .ok(),
        Some(1.0)
    );
    assert_eq!(
        lines(load_with("constant(1)")),
        ["--service:1:10: duration \"1\" has no unit; write \"1ms\" or \"1s\""]
    );
}

#[test]
fn mistakes_of_several_flags_are_each_shown_in_their_own() {
    let text = |text: &str| text.to_owned();
    let flags = Flags {
        own: vec![OwnFlag {
            flag: text("--seed"),
            path: text("seed"),
            value: text("x"),
        }],
        set: vec![text("level=2"), text("horizon=0s")],
        objective: vec![text("emails.wait.p99 < 5"), text("emails.wait < 5s")],
    };
    let said = lines(load(
        ORDERS,
        Origin {
            name: "orders",
            path: "orders.toml",
        },
        &flags,
        &mut read_file,
    ));
    let places: Vec<_> = said
        .iter()
        .map(|line| line.split(": ").next().unwrap_or_default())
        .collect();
    assert_eq!(
        places,
        [
            "--seed:1:1",
            "--set:1:7",
            "--set:1:9",
            "--objective:1:19",
            "--objective:1:1"
        ]
    );
}
