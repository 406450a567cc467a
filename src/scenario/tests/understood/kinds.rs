//! Whose rules hold, of which kind queues are, and who is served.

use super::super::{PARCELS, STORM, changed_in, loaded, read};
use super::again;
use crate::queue::{Broker, BrokerSettings, QueueSettings};
use crate::scenario::{Profile, QueueKind, ScenarioSet, declare};

const PACKING: &str = "[queue.packing]";
const SERVICE: &str = "service   = \"exponential(900ms)\"";

/// The parcels where this is said of the second queue, and that of work on its messages.
#[track_caller]
pub(super) fn packing(queue: &str, pool: &str) -> ScenarioSet {
    let text = changed_in(PARCELS, PACKING, &format!("{PACKING}\n{queue}"));
    let set = loaded(&changed_in(&text, SERVICE, &format!("{SERVICE}\n{pool}")));
    assert_eq!(again(&set).base, set.base);
    set
}

/// What is warned of where this is said of the second queue and of work on its messages.
#[track_caller]
pub(super) fn rules_of(queue: &str, pool: &str) -> Vec<String> {
    let set = packing(queue, pool);
    rules(&set).into_iter().map(str::to_owned).collect()
}

pub(super) fn rules(set: &ScenarioSet) -> Vec<&str> {
    let lines = set.warnings.iter().map(|warning| warning.lines().next());
    lines.flatten().collect()
}

#[test]
fn a_file_says_whose_rules_hold_and_of_which_kind_a_queue_is() {
    let base = loaded(PARCELS).base;
    assert_eq!(base.broker.profile, Profile::Rabbitmq43);
    assert_eq!(base.queues[1].settings.kind, QueueKind::Classic);
    for (written, profile) in [
        ("rabbitmq-3.10", Profile::Rabbitmq310),
        ("rabbitmq-4.3", Profile::Rabbitmq43),
    ] {
        let horizon = "horizon  = \"1h\"";
        let text = format!("{horizon}\nprofile = \"{written}\"");
        let set = loaded(&changed_in(PARCELS, horizon, &text));
        assert_eq!(set.base.broker.profile, profile);
        assert_eq!(again(&set).base, set.base);
    }
    let set = packing("kind = \"quorum\"", "");
    assert_eq!(set.base.queues[1].settings.kind, QueueKind::Quorum);
    assert_eq!(set.warnings, [""; 0]);
    let set = packing("kind = \"quorum\"\ndelivery_limit = -1", "");
    let limit = set.base.queues[1].settings.delivery_limit;
    assert_eq!(limit, Some(QueueSettings::NO_DELIVERY_LIMIT));
}

#[test]
fn flags_reach_profile_and_kind() {
    let set = read(
        PARCELS,
        &["queue.packing.kind=quorum", "profile=rabbitmq-3.10"],
        &[],
    );
    let base = set.unwrap_or_else(|mistakes| panic!("{mistakes}")).base;
    assert_eq!(base.queues[1].settings.kind, QueueKind::Quorum);
    assert_eq!(base.broker.profile, Profile::Rabbitmq310);
    let set = read(STORM, &["queue.work.kind=quorum"], &[]);
    let set = set.unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let work = set.resolved.split("[queue.work]").nth(1).unwrap_or("");
    assert!(work.contains("\nkind = \"quorum\"\n"), "{work}");
    assert_eq!(again(&set).base, set.base);
}

#[test]
fn what_kind_and_profile_make_useless_is_warned_of() {
    let set = packing("kind = \"quorum\"\nmax_priority = 10", "");
    assert_eq!(
        rules(&set),
        [
            "warning: a quorum queue of rabbitmq-4.3 has priorities up to 31, whatever max_priority says"
        ]
    );
    let requeue = "failure = { probability = \"5%\", then = \"requeue\" }";
    let uncounted = |limit| {
        format!(
            "warning: a nack does not count to the delivery limit of {limit} of queue \"packing\": a quorum queue of rabbitmq-4.3 counts rejections and crashes"
        )
    };
    let quorum = "kind = \"quorum\"";
    let limited = format!("{quorum}\ndelivery_limit = 5");
    assert_eq!(rules(&packing(&limited, requeue)), [uncounted(5)]);
    let rejecting = requeue.replace("requeue", "reject-requeue");
    for silent in [
        packing(quorum, requeue),
        packing(&limited, &rejecting),
        packing(&format!("{quorum}\ndelivery_limit = -1"), requeue),
        packing("delivery_limit = 5", requeue),
        packing(
            quorum,
            "failure = { probability = \"5%\", then = \"reject\" }",
        ),
    ] {
        assert_eq!(silent.warnings, [""; 0]);
    }
}

#[test]
fn producers_priorities_are_judged_by_the_levels_of_the_kind() {
    let arrivals = "arrivals = \"poisson(8/s)\"";
    let with = |priority: u8, kind: &str, profile: &str| {
        let text = changed_in(
            PARCELS,
            arrivals,
            &format!("{arrivals}\npriority = {priority}"),
        );
        let text = text.replace(
            "[queue.picking]",
            &format!("[queue.picking]\nkind = \"{kind}\""),
        );
        let flag = format!("profile={profile}");
        let set = read(&text, &[&flag], &[]).unwrap_or_else(|mistakes| panic!("{mistakes}"));
        set.warnings.concat()
    };
    assert_eq!(with(31, "quorum", "rabbitmq-4.3"), "");
    let capped = with(32, "quorum", "rabbitmq-4.3");
    assert!(
        capped.starts_with("warning: every priority above 31 counts as 31"),
        "{capped}"
    );
    let none = with(3, "quorum", "rabbitmq-3.10");
    assert!(
        none.starts_with("warning: every priority above 0 counts as 0"),
        "{none}"
    );
    assert!(none.contains("write kind = \"classic\" and max_priority = 10 in [queue.picking]"));
}

/// Attempts at each message: how many times less than without failures the pool can serve.
#[track_caller]
fn attempts(queue: &str, profile: &str) -> f64 {
    let failing = "failure = { probability = \"50%\", then = \"requeue\" }";
    let text = changed_in(PARCELS, PACKING, &format!("{PACKING}\n{queue}"));
    let text = changed_in(&text, SERVICE, &format!("{SERVICE}\n{failing}"));
    let flag = format!("profile={profile}");
    let set = read(&text, &[&flag], &[]).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    (8.0 / 0.9) / set.base.capacity(1)
}

#[test]
fn a_delivery_limit_ends_attempts_only_where_the_queue_counts_them() {
    let near = |value: f64, expected: f64| assert!((value - expected).abs() < 1e-9, "{value}");
    near(attempts("delivery_limit = 1", "rabbitmq-4.3"), 1.5);
    let limited = "kind = \"quorum\"\ndelivery_limit = 1";
    near(attempts(limited, "rabbitmq-3.10"), 1.5);
    near(attempts(limited, "rabbitmq-4.3"), 2.0);
    near(attempts("kind = \"quorum\"", "rabbitmq-4.3"), 2.0);
}

#[test]
fn the_core_is_told_kind_and_profile() {
    let set = packing("kind = \"quorum\"", "");
    let base = set.base;
    let declared: Result<Broker<()>, _> = declare(base.broker, &base.queues, &base.exchanges);
    let mut quorum = base.queues.clone();
    quorum[1].settings.max_priority = 3;
    assert!(declared.is_ok());
    let older = BrokerSettings {
        profile: Profile::Rabbitmq310,
        ..base.broker
    };
    let refused: Result<Broker<()>, _> = declare(older, &quorum, &base.exchanges);
    assert!(refused.is_err());
}

#[test]
fn the_capacity_of_a_single_active_consumer_is_that_of_one() {
    let single = "single_active_consumer = true";
    let set = packing(single, "concurrency = 2");
    let base = &set.base;
    assert!(base.queues[1].settings.single_active_consumer);
    assert_eq!(set.warnings, [""; 0]);
    assert_eq!((base.servers(1), base.capacity(1)), (2.0, 2.0 / 0.9));
    assert!(
        base.parameters()
            .ends_with("prefetch 2, one active at a time")
    );
    // While one of the eight is up, there is an active one.
    let base = packing(
        single,
        "crashes = { up = \"constant(1h)\", down = \"constant(1h)\" }",
    )
    .base;
    let up = 1.0 - 0.5_f64.powi(8);
    assert!((base.capacity(1) - up / 0.9).abs() < 1e-12);
}

#[test]
fn of_several_pools_the_first_is_active_or_in_a_quorum_queue_of_4_3_that_of_the_highest_priority() {
    let capacity = |kind: &str, profile: &str| {
        let queue = format!("{PACKING}\nkind = \"{kind}\"\nsingle_active_consumer = true");
        let text = changed_in(PARCELS, PACKING, &queue)
            + "[pool.quick]\nfrom = \"packing\"\nconsumers = 3\nservice = \"constant(100ms)\"\npriority = 5\n";
        let flag = format!("profile={profile}");
        let set = read(&text, &[&flag], &[]).unwrap_or_else(|mistakes| panic!("{mistakes}"));
        set.base.capacity(1)
    };
    let [slow, quick] = [1.0 / 0.9, 1.0 / 0.1];
    assert_eq!(capacity("classic", "rabbitmq-4.3"), slow);
    assert_eq!(capacity("quorum", "rabbitmq-3.10"), slow);
    assert_eq!(capacity("quorum", "rabbitmq-4.3"), quick);
}

#[test]
fn closed_clients_timeouts_and_drains_go_with_every_kind() {
    let arrivals = "arrivals = \"poisson(8/s)\"";
    let reacting = "arrivals = \"closed(clients=3, think=exponential(1s))\"\ntimeout = { after = \"5s\", retry = { backoff = \"fixed(1s)\", limit = 3 } }";
    let text = changed_in(PARCELS, arrivals, reacting);
    let text = changed_in(
        &text,
        "horizon  = \"1h\"",
        "horizon  = \"1h\"\nat_horizon = \"drain\"",
    );
    for kind in ["classic", "quorum", "kafka", "sqs", "zeromq"] {
        let of_kind = format!("[queue.picking]\nkind = \"{kind}\"");
        let set = loaded(&changed_in(&text, "[queue.picking]", &of_kind));
        assert!(set.base.producers[0].patience.is_some());
        assert_eq!(again(&set).base, set.base);
    }
}
