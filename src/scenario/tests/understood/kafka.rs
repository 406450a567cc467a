//! Topics of Kafka: what is read of them, of those who poll, and of those who gather.

use super::super::{PARCELS, changed_in, loaded};
use super::again;
use super::kinds::{packing, rules, rules_of};
use crate::queue::{Assignor, GroupSettings, LogSettings, OffsetReset, Partitioner};
use crate::scenario::{Client, Commits, Gathering, Medium, OnRefused, ScenarioSet};
use crate::time::Span;
use crate::workload::Distribution;

const fn millis(count: u64) -> Span {
    Span::from_nanos(count * 1_000_000)
}

#[track_caller]
fn topic(keys: &str) -> LogSettings {
    let queue = format!("kind = \"kafka\"\npartitions = 8\n{keys}");
    let set = packing(&queue, "max_poll_records = 50");
    assert_eq!(set.warnings, [""; 0]);
    match &set.base.queues[1].medium {
        Medium::Topic(settings) => settings.clone(),
        other @ (Medium::Queue | Medium::Pipe(_)) => panic!("{other:?} is no topic"),
    }
}

#[track_caller]
fn polls(set: &ScenarioSet) -> (&GroupSettings, Commits) {
    match &set.base.pools[1].client {
        Client::Polls { group, commits } => (group, *commits),
        other @ (Client::Pushed | Client::Receives { .. } | Client::Pulls) => {
            panic!("{other:?} does not poll")
        }
    }
}

#[track_caller]
fn member(keys: &str) -> (GroupSettings, Commits) {
    let set = packing("kind = \"kafka\"\npartitions = 8", keys);
    let (group, commits) = polls(&set);
    (group.clone(), commits)
}

/// The parcels, published to a topic by a producer of which this is said.
#[track_caller]
fn published(keys: &str) -> ScenarioSet {
    let arrivals = "arrivals = \"poisson(8/s)\"";
    let text = changed_in(PARCELS, arrivals, &format!("{arrivals}\n{keys}"));
    let topic = "[queue.picking]\nkind = \"kafka\"\npartitions = 10";
    let set = loaded(&changed_in(&text, "[queue.picking]", topic));
    assert_eq!(again(&set).base, set.base);
    set
}

#[test]
fn a_topic_is_as_kafka_makes_it_but_for_what_the_file_says() {
    let own = LogSettings {
        partitions: 8,
        ..LogSettings::default()
    };
    assert_eq!(topic(""), own);
    let asked = topic(
        "retention_ms = 60_000\nretention_bytes = \"1GiB\"\nsegment_bytes = 1_048_576\nsegment_ms = \"10s\"\nlog_retention_check_interval_ms = \"1m\"",
    );
    let expected = LogSettings {
        partitions: 8,
        retention: Some(Span::from_secs(60)),
        retention_bytes: Some(1 << 30),
        segment_bytes: 1 << 20,
        segment_age: Span::from_secs(10),
        retention_check: Span::from_secs(60),
    };
    assert_eq!(asked, expected);
}

#[test]
fn minus_1_is_no_limit_of_what_a_topic_keeps() {
    assert_eq!(topic("retention_ms = -1").retention, None);
    assert_eq!(topic("retention_bytes = -1").retention_bytes, None);
    assert_eq!(topic("retention_ms = 0").retention, Some(Span::ZERO));
}

#[test]
fn a_topic_has_one_partition_unless_the_file_says() {
    let set = packing("kind = \"kafka\"", "max_poll_records = 50");
    let Medium::Topic(settings) = &set.base.queues[1].medium else {
        panic!("it is a topic");
    };
    assert_eq!(settings.partitions, 1);
    assert_eq!(
        rules(&set),
        ["warning: 8 consumers share 1 partition of \"packing\": 7 of them have nothing to read"]
    );
}

#[test]
fn members_are_as_kafkas_clients_are_but_for_what_the_file_says() {
    let own = GroupSettings {
        initial_rebalance_delay: Span::ZERO,
        ..GroupSettings::default()
    };
    assert_eq!(
        member(""),
        (own.clone(), Commits::Every(Span::from_secs(5)))
    );
    let (group, commits) = member(
        "partition_assignment_strategy = \"cooperative-sticky\"\nmax_poll_records = 50\nfetch_min_bytes = \"2KiB\"\nfetch_max_wait_ms = 100\nmax_partition_fetch_bytes = 4096\nmax_poll_interval_ms = \"1m\"\nsession_timeout_ms = 10_000\nheartbeat_interval_ms = \"2s\"\nauto_commit_interval_ms = 700\nauto_offset_reset = \"earliest\"\nstatic_membership = true",
    );
    let expected = GroupSettings {
        assignor: Assignor::CooperativeSticky,
        session_timeout: Span::from_secs(10),
        heartbeat_interval: Span::from_secs(2),
        max_poll_interval: Span::from_secs(60),
        max_poll_records: 50,
        fetch_min_bytes: 2048,
        max_partition_fetch_bytes: 4096,
        fetch_max_wait: millis(100),
        offset_reset: OffsetReset::Earliest,
        static_membership: true,
        ..own.clone()
    };
    assert_eq!((group, commits), (expected, Commits::Every(millis(700))));
    let by_hand = GroupSettings {
        commits_on_rejoin: false,
        ..own
    };
    assert_eq!(
        member("enable_auto_commit = false"),
        (by_hand, Commits::EachBatch)
    );
}

#[test]
fn each_assignor_and_reset_has_its_name() {
    for (name, assignor) in [
        ("range", Assignor::Range),
        ("round-robin", Assignor::RoundRobin),
        ("sticky", Assignor::Sticky),
        ("cooperative-sticky", Assignor::CooperativeSticky),
    ] {
        let keys = format!("partition_assignment_strategy = \"{name}\"");
        assert_eq!(member(&keys).0.assignor, assignor);
    }
    let reset = |word: &str| {
        member(&format!("auto_offset_reset = \"{word}\""))
            .0
            .offset_reset
    };
    assert_eq!(reset("latest"), OffsetReset::Latest);
    assert_eq!(reset("earliest"), OffsetReset::Earliest);
}

#[test]
fn a_producer_gathers_as_kafkas_does_but_for_what_the_file_says() {
    let gathering = |keys: &str| published(keys).base.producers[0].gathering;
    assert_eq!(gathering(""), Gathering::default());
    let asked = Gathering {
        linger: millis(20),
        batch_bytes: 65_536,
        partitioner: Partitioner::Librdkafka,
    };
    let with = |linger: &str| {
        gathering(&format!(
            "linger_ms = {linger}\nbatch_size = \"64KiB\"\npartitioner = \"librdkafka\""
        ))
    };
    assert_eq!((with("20"), with("\"20ms\"")), (asked, asked));
    assert_eq!(gathering("linger_ms = 0").linger, Span::ZERO);
    assert_eq!(
        gathering("partitioner = \"java\"").partitioner,
        Partitioner::Java
    );
}

#[test]
fn a_key_is_drawn_by_any_law_and_zipfs_is_one() {
    let key = |keys: &str| published(keys).base.producers[0].key.clone();
    assert_eq!(key(""), None);
    let zipf = key("key = \"zipf(n=200, exponent=1)\"");
    assert_eq!(zipf, key("key = { zipf = { n = 200, exponent = 1.0 } }"));
    assert!(matches!(zipf, Some(Distribution::Zipf { .. })), "{zipf:?}");
    assert_eq!(key("key = 3"), key("key = \"constant(3)\""));
}

#[test]
fn a_topic_refuses_nothing_and_who_waits_for_room_there_is_told() {
    let set = published("");
    assert_eq!(set.base.producers[0].on_refused, OnRefused::Drop);
    let said = published("on_refused = \"block\"").warnings.concat();
    assert!(
        said.starts_with("warning: no queue that it publishes to refuses a message"),
        "{said}"
    );
    assert!(
        said.contains("leave on_refused out: it takes whatever is published to it"),
        "{said}"
    );
}

#[test]
fn pools_of_a_topic_may_differ_in_when_they_commit_and_in_nothing_else_of_their_group() {
    let text = |keys: &str| {
        changed_in(
            PARCELS,
            "[queue.packing]",
            "[queue.packing]\nkind = \"kafka\"\npartitions = 20",
        ) + &format!(
            "[pool.quick]\nfrom = \"packing\"\nconsumers = 3\nservice = \"constant(100ms)\"\n{keys}\n"
        )
    };
    let set = loaded(&text("auto_commit_interval_ms = 100"));
    // Eight members of the first pool and three of the second.
    let capacity = set.base.capacity(1);
    assert!(
        (capacity - (8.0 / 0.9 + 3.0 / 0.1)).abs() < 1e-9,
        "{capacity}"
    );
}

#[test]
fn the_capacity_of_a_topic_is_that_of_as_many_members_as_it_has_partitions() {
    let capacity = |partitions: u32| {
        let keys = format!("kind = \"kafka\"\npartitions = {partitions}");
        packing(&keys, "").base.capacity(1)
    };
    assert_eq!(capacity(3), 3.0 / 0.9);
    assert_eq!(capacity(100), 8.0 / 0.9);
}

#[test]
fn a_commit_interval_without_auto_commit_is_warned_of() {
    let set = packing(
        "kind = \"kafka\"\npartitions = 8",
        "max_poll_records = 50\nenable_auto_commit = false\nauto_commit_interval_ms = 100",
    );
    assert_eq!(
        rules(&set),
        ["warning: with enable_auto_commit = false nothing is committed by the clock"]
    );
    assert_eq!(polls(&set).1, Commits::EachBatch);
}

#[test]
fn a_poll_whose_work_outlasts_the_poll_interval_is_warned_of() {
    let said = |keys: &str| rules_of("kind = \"kafka\"\npartitions = 8", keys);
    assert_eq!(
        said(""),
        [
            "warning: a full poll of 500 records is work of 7m 30s, and who does not poll for 5m 00s is put out of its group: all would be done again"
        ]
    );
    for silent in [
        "max_poll_records = 333",
        "max_poll_interval_ms = \"10m\"",
        "concurrency = 2",
    ] {
        assert_eq!(said(silent), [""; 0]);
    }
}
