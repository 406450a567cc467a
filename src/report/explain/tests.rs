//! The words for what was found: of each broker its own, and lines that can be read.

use super::{story, text};
use crate::scenario::{Flags, Origin, ScenarioSet, load};
use crate::study::explain::explain;
use crate::study::explain::story::tell;
use std::io;

#[track_caller]
fn scenario(text: &str) -> ScenarioSet {
    let origin = Origin {
        name: "words",
        path: "words.toml",
    };
    let mut nothing = |_: &str| Err(io::Error::from(io::ErrorKind::NotFound));
    load(text, origin, &Flags::default(), &mut nothing)
        .unwrap_or_else(|mistakes| panic!("{mistakes}\n{text}"))
}

/// What happens to the first message at one clerk's, who takes a second.
fn told(queue: &str, pool: &str) -> Vec<String> {
    let set = scenario(&format!(
        r#"
title = "Words"
kind = "terminating"
horizon = "20s"
at_horizon = "drain"
producer.shop = {{ to = "line", arrivals = "times([1s])" }}
queue.line = {{ {queue} }}
pool.clerks = {{ from = "line", consumers = 1, service = "constant(1s)", {pool} }}
"#
    ));
    let text = story::text(&tell(&set, 1).expect("it can be told"));
    let lines = text.lines().skip(4).take_while(|line| !line.is_empty());
    let event = |line: &str| {
        let (_, what) = line.split_once("#1  ").expect("of the one message");
        let end = what.find("  ").unwrap_or(what.len());
        what[..end].to_owned()
    };
    lines.map(event).collect()
}

#[test]
fn each_broker_has_its_own_words() {
    assert_eq!(
        told("", ""),
        [
            "published by shop",
            "ready, position 1",
            "delivered to consumer 1 of clerks",
            "work begins at consumer 1 of clerks",
            "acked",
        ]
    );
    assert_eq!(
        told("kind = \"sqs\"", "")[1..],
        [
            "visible",
            "received by consumer 1 of clerks",
            "work begins at consumer 1 of clerks",
            "deleted",
        ]
    );
    assert_eq!(
        told("kind = \"kafka\"", "")[1..],
        [
            "appended to partition 0 at offset 0",
            "polled by consumer 1 of clerks",
            "work begins at consumer 1 of clerks",
            "work is done",
            "committed",
        ]
    );
    assert_eq!(
        told("kind = \"zeromq\"", "")[1..],
        [
            "waits at its sender",
            "on its way to a receiver",
            "received by consumer 1 of clerks",
            "work begins at consumer 1 of clerks",
            "work is done",
        ]
    );
}

#[test]
fn automatic_acks_are_told_before_the_delivery_that_they_come_with() {
    assert_eq!(
        told("", "ack = \"auto\"")[2..4],
        ["acked at delivery", "delivered to consumer 1 of clerks"]
    );
}

#[test]
fn what_is_rejected_says_where_it_goes() {
    let set = scenario(
        r#"
title = "Words"
kind = "terminating"
horizon = "20s"
at_horizon = "drain"
producer.shop = { to = "line", arrivals = "times([1s])" }
queue.line = { dead_letter = "dead" }
queue.dead = {}
pool.clerks = { from = "line", consumers = 1, service = "constant(1s)", failure = { probability = "100%", then = "reject" } }
"#,
    );
    let text = story::text(&tell(&set, 1).expect("it can be told"));
    assert!(text.contains("#1  work fails"), "{text}");
    assert!(
        text.contains("#1  rejected, dead-lettered to dead"),
        "{text}"
    );
    assert!(text.contains("  in dead\n"), "{text}");
}

#[test]
fn an_explanation_fits_a_screen_and_its_lines_do_too() {
    let set = scenario(
        r#"
title = "Words"
horizon = "60s"
producer.shop = { to = "line", arrivals = "poisson(80/s)" }
queue.line = { max_length = 1000 }
pool.clerks = { from = "line", consumers = 9, prefetch = 5, service = "lognormal(mean=83ms, cv=1.5)", failure = { probability = "2%", then = "requeue" } }
"#,
    );
    let text = text(&explain(&set, Some(3), &()).expect("it can be explained"));
    assert!(text.lines().count() <= 40, "{text}");
    assert!(
        text.lines().all(|line| line.chars().count() <= 110),
        "{text}"
    );
    for said in [
        "up to 36 messages",
        "max_length 1000, drop-head; work of clerks fails at 2 %",
        "work on a message 1.02 ",
    ] {
        assert!(
            text.replace("\n              ", " ").contains(said),
            "{said}: {text}"
        );
    }
}

/// What is said of one queue, as one line.
fn said(more: &str, line: &str, crew: &str) -> String {
    let set = scenario(&format!(
        r#"
title = "Words"
{more}
producer.source = {{ to = "line", arrivals = "poisson(8/s)" }}
queue.line = {{}}
pool.crew = {{ from = "line", {crew} }}
{line}
"#
    ));
    let text = text(&explain(&set, Some(2), &()).expect("it can be explained"));
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_model_that_says_nothing_of_the_wait_is_not_to_be_trusted_for_it() {
    let crew = r#"consumers = 9, service = "exponential(83ms)", on_crash = "redraw", crashes = { up = "exponential(1h)", down = "exponential(1m)" }"#;
    let text = said("horizon = \"60s\"", "", crew);
    assert!(
        text.contains("M/M/9 with breakdowns is this line, but says nothing of its wait."),
        "{text}"
    );
}

#[test]
fn work_that_takes_no_time_has_no_capacity_to_exceed() {
    let crew = r#"consumers = 1, service = "constant(0s)""#;
    let text = said("horizon = \"60s\"", "", crew);
    for said in [
        "8/s, and work takes no time.",
        "saturation None: work takes no time.",
        "C has no limit, and by the fluid nothing ever waits. Trust the simulation.",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
}

#[test]
fn an_instant_late_in_a_run_is_told_to_the_second() {
    let crew =
        r#"consumers = 2, service = "constant(100ms)", outages = [{ at = "30h", for = "10m" }]"#;
    let text = said("horizon = \"31h\"\nkind = \"terminating\"", "", crew);
    assert!(text.contains("λ > C from 1d6h to 1d6h10m:"), "{text}");
}

#[test]
fn what_is_compared_with_hoarding_is_a_scenario_without_any_and_faults_of_both_kinds_add_up() {
    let crew = r#"consumers = 2, prefetch = 5, service = "constant(100ms)", failure = { probability = "10%", poison = "20%", then = "reject" }"#;
    let other = r#"queue.other = {}
producer.more = { to = "other", arrivals = "poisson(8/s)" }
pool.others = { from = "other", consumers = 2, concurrency = 2, prefetch = 9, service = "constant(100ms)" }"#;
    let text = said("horizon = \"60s\"", other, crew);
    assert!(
        text.contains("If no consumer held more than it works on, on the same draws, the p99 wait would change by"),
        "{text}"
    );
    assert!(text.contains("work of crew fails at 28 %"), "{text}");
}
