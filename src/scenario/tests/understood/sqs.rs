//! Queues of SQS: what is read of them, and of those who receive.

use super::super::{PARCELS, changed_in, loaded};
use super::again;
use super::kinds::{packing, rules_of};
use crate::queue::{QueueId, QueueKind, QueueSettings};
use crate::scenario::{AckMode, Client, Cost, GivenBack, Medium, OnFailure};
use crate::time::Span;

#[track_caller]
fn queue(keys: &str) -> QueueSettings {
    let set = packing(&format!("kind = \"sqs\"\n{keys}"), "");
    assert_eq!(set.warnings, [""; 0]);
    assert_eq!(set.base.queues[1].medium, Medium::Queue);
    set.base.queues[1].settings.clone()
}

#[track_caller]
fn receives(keys: &str) -> (u32, Option<Span>) {
    let set = packing("kind = \"sqs\"", keys);
    assert_eq!(set.warnings, [""; 0]);
    assert_eq!(set.base.pools[1].ack, AckMode::Manual);
    match set.base.pools[1].client {
        Client::Receives { most, extends } => (most, extends),
        Client::Pushed | Client::Polls { .. } | Client::Pulls => {
            panic!("{:?} does not receive", set.base.pools[1].client)
        }
    }
}

#[test]
fn a_queue_of_sqs_is_as_amazon_makes_it_but_for_what_the_file_says() {
    let own = queue("");
    assert_eq!(own.kind, QueueKind::Sqs);
    assert_eq!(own.message_ttl, Some(Span::from_secs(4 * 86_400)));
    assert_eq!(own.sqs.visibility_timeout, Span::from_secs(30));
    assert_eq!(own.sqs.delay, Span::ZERO);
    assert_eq!(own.sqs.in_flight_limit, 120_000);
    assert_eq!((own.sqs.max_receive_count, own.dead_letter), (None, None));
    let asked = queue(
        "visibility_timeout = \"1m\"\ndelay_seconds = 5\nmessage_retention_period = \"1h\"\nin_flight_limit = 20_000",
    );
    assert_eq!(asked.sqs.visibility_timeout, Span::from_secs(60));
    assert_eq!(asked.sqs.delay, Span::from_secs(5));
    assert_eq!(asked.message_ttl, Some(Span::from_secs(3600)));
    assert_eq!(asked.sqs.in_flight_limit, 20_000);
}

#[test]
fn a_bare_number_counts_seconds_as_it_does_for_amazon() {
    assert_eq!(queue("visibility_timeout = 30"), queue(""));
    assert_eq!(
        queue("delay_seconds = 900"),
        queue("delay_seconds = \"15m\"")
    );
    assert_eq!(
        queue("message_retention_period = 1_209_600"),
        queue("message_retention_period = \"14d\"")
    );
}

#[test]
fn a_fifo_queue_is_asked_for_by_its_attribute() {
    assert_eq!(queue("fifo_queue = true").kind, QueueKind::SqsFifo);
    assert_eq!(queue("fifo_queue = false").kind, QueueKind::Sqs);
}

#[test]
fn dead_letters_of_a_fifo_queue_go_to_another() {
    for fifo in ["", "\nfifo_queue = true"] {
        let (own, dead) = (
            format!("kind = \"sqs\"{fifo}\ndead_letter = \"dead\"\nmax_receive_count = 3"),
            format!("kind = \"sqs\"{fifo}"),
        );
        let set = packing(&format!("{own}\n[queue.dead]\n{dead}"), "");
        assert_eq!(set.warnings, [""; 0]);
        let settings = &set.base.queues[1].settings;
        assert_eq!(settings.sqs.max_receive_count, Some(3));
        assert_eq!(settings.dead_letter, Some(QueueId(2)));
    }
}

#[test]
fn a_message_is_received_ten_times_at_most_where_there_is_a_dead_letter_queue() {
    let dead = "dead_letter = \"dead\"\n[queue.dead]\nkind = \"sqs\"";
    assert_eq!(queue(dead).sqs.max_receive_count, Some(10));
}

#[test]
fn consumers_ask_for_as_many_as_they_can_work_on_at_once_and_for_ten_at_most() {
    assert_eq!(receives(""), (1, None));
    assert_eq!(receives("concurrency = 4"), (4, None));
    assert_eq!(receives("concurrency = 40"), (10, None));
    assert_eq!(receives("max_number_of_messages = 10"), (10, None));
    let extended = receives("extend_visibility = \"10s\"");
    assert_eq!(extended, (1, Some(Span::from_secs(10))));
}

#[test]
fn what_failed_is_left_to_its_visibility_timeout_or_given_back_at_once() {
    for (word, how) in [("leave", GivenBack::Left), ("requeue", GivenBack::Nack)] {
        let set = packing(
            "kind = \"sqs\"",
            &format!("failure = {{ probability = \"5%\", then = \"{word}\" }}"),
        );
        let failure = set.base.pools[1].failure.as_ref();
        let then = failure.map(|failure| failure.then.clone());
        assert_eq!(then, Some(OnFailure::Requeue(how)));
    }
}

#[test]
fn queues_and_pools_say_what_they_cost() {
    let service = "service   = \"exponential(900ms)\"";
    let text = changed_in(
        PARCELS,
        "[queue.packing]",
        "[queue.packing]\nkind = \"sqs\"\ncost_per_hour = 0.5\ncost_per_million_requests = 0.40",
    );
    let set = loaded(&changed_in(
        &text,
        service,
        &format!("{service}\ncost_per_hour = 0.04"),
    ));
    assert_eq!(again(&set).base, set.base);
    let expected = Cost {
        per_hour: Some(0.5),
        per_million_requests: Some(0.4),
    };
    assert_eq!(set.base.queues[1].cost, expected);
    assert_eq!(set.base.queues[0].cost, Cost::default());
    assert_eq!(set.base.pools[1].cost_per_hour, Some(0.04));
    assert_eq!(set.base.pools[0].cost_per_hour, None);
}

#[test]
fn work_that_outlasts_its_visibility_timeout_is_warned_of() {
    let said = |keys: &str| rules_of("kind = \"sqs\"\nvisibility_timeout = \"500ms\"", keys);
    assert_eq!(
        said(""),
        [
            "warning: work takes 900 ms on average, and after 500 ms its message is another's too: much is done again"
        ]
    );
    assert_eq!(said("extend_visibility = \"200ms\""), [""; 0]);
}
