//! Standard queues of SQS: receives, visibility, receipts, delays.

use super::*;
use queuelab::queue::{Effect, Levels, Sink};

/// Where messages stood when they were deleted.
#[derive(Default)]
struct Places(Vec<Stood>);

impl Sink<char> for Places {
    fn effect(&mut self, _: Time, _: QueueId, effect: &Effect<'_, char>, _: Levels) {
        if let Effect::Left { stood, .. } = effect {
            self.0.push(*stood);
        }
    }
}

fn delayed(delay: u64) -> QueueSettings {
    let mut settings = sqs();
    settings.sqs.delay = millis(delay);
    settings
}

fn in_flight_limit(most: u64, mut settings: QueueSettings) -> QueueSettings {
    settings.sqs.in_flight_limit = most;
    settings
}

/// `API_ReceiveMessage`
#[test]
fn who_has_asked_for_nothing_is_given_nothing_and_who_has_is_given_what_it_asked_for_and_no_more() {
    let mut rig = Rig::of(sqs());
    let client = rig.puller(Q);
    rig.publish("abcd");
    assert_eq!(rig.deliver(), "");
    assert_eq!(rig.receive(client, 3), "abc");
    assert_eq!((rig.deliver(), rig.levels()), (String::new(), (1, 3)));
    assert_eq!(rig.receive(client, 3), "d");
}

/// `sqs-short-and-long-polling`: it "sends a response after it collects at least one available message, up to the
/// maximum number of messages specified in the request".
#[test]
fn a_long_poll_is_answered_as_soon_as_one_message_is_there_and_then_is_over() {
    let mut rig = Rig::of(sqs());
    let client = rig.puller(Q);
    assert_eq!(rig.receive(client, 10), "");
    rig.at(5);
    rig.publish("a");
    assert_eq!(rig.deliver(), "a");
    rig.publish("b");
    assert_eq!(rig.deliver(), "");
}

#[test]
fn who_asked_first_is_answered_first_and_gets_all_that_it_asked_for_in_a_row() {
    let mut rig = Rig::of(sqs());
    let clients = [1, 2, 3].map(|_| rig.puller(Q));
    for client in [2, 0, 1] {
        rig.ask(clients[client], 2);
    }
    rig.publish("abcde");
    rig.deliver();
    assert_eq!(clients.map(|one| rig.received(one)), ["cd", "e", "ab"]);
}

#[test]
fn an_answer_is_what_is_there_at_its_instant_though_it_is_fetched_one_by_one() {
    let mut rig = Rig::of(sqs());
    let client = rig.puller(Q);
    rig.ask(client, 10);
    rig.publish("ab");
    let Rig { broker, now, .. } = &mut rig;
    let first = broker.poll_delivery(*now, &mut ()).expect("it is answered");
    assert_eq!(first.body, 'a');
    rig.publish("c");
    assert_eq!((rig.deliver(), rig.ready(Q)), ("b".into(), "c".into()));
}

#[test]
fn a_new_request_takes_the_place_of_one_that_is_open_and_is_the_last_and_one_for_nothing_ends_it() {
    let mut rig = Rig::of(sqs());
    let clients = [1, 2].map(|_| rig.puller(Q));
    rig.ask(clients[0], 5);
    rig.ask(clients[1], 1);
    rig.ask(clients[0], 1);
    rig.publish("a");
    rig.deliver();
    assert_eq!(clients.map(|one| rig.received(one)), ["", "a"]);
    rig.ask(clients[0], 0);
    rig.publish("b");
    assert_eq!(rig.deliver(), "");
}

#[test]
fn consumers_of_sqs_pull_and_those_of_no_other_queue_do() {
    let mut rig = Rig::of(sqs());
    let pushed = rig.declare(settings());
    let channel = rig.broker.open_channel();
    let Rig { broker, now, .. } = &mut rig;
    let only_pulled = broker.subscribe(channel, Q, Subscription::prefetch(1));
    assert_eq!(only_pulled, Err(QueueError::OnlyPulled(Q)));
    let not_pulled = broker.subscribe(channel, pushed, Subscription::pull());
    assert_eq!(not_pulled, Err(QueueError::NotPulled(pushed)));
    let pushes = broker.subscribe(channel, pushed, Subscription::prefetch(1));
    let asked = broker.receive(*now, pushes.expect("it may be there"), 1);
    assert_eq!(asked, Err(QueueError::NotPulled(pushed)));
    let nobody = ConsumerId(77);
    let asked = broker.receive(*now, nobody, 1);
    assert_eq!(asked, Err(QueueError::UnknownConsumer(nobody)));
}

/// `sqs-visibility-timeout`: "begins when Amazon SQS returns a message".
#[test]
fn the_visibility_timeout_runs_from_the_receive_not_from_the_publish() {
    let mut rig = Rig::of(sqs());
    let client = rig.puller(Q);
    rig.publish("a");
    rig.at(60);
    rig.receive(client, 1);
    assert_eq!(rig.broker.next_deadline(), Time::ZERO + millis(160));
    rig.at(159);
    assert_eq!(rig.levels(), (0, 1));
    rig.at(160);
    assert_eq!((rig.levels(), rig.broker.in_flight(Q)), ((1, 0), 0));
    assert_eq!(rig.history(), "a accepted, a delivered, a returned");
}

#[test]
fn what_is_visible_again_is_at_its_old_place_and_counted_as_returned() {
    let mut rig = Rig::of(sqs());
    let client = rig.puller(Q);
    rig.publish("ab");
    rig.receive(client, 1);
    rig.publish("c");
    rig.at(100);
    assert_eq!(rig.ready(Q), "abc");
    rig.receive(client, 1);
    let again = rig.delivery('a');
    assert_eq!((again.redelivered, again.returns, again.tag), (true, 1, 2));
}

#[test]
fn what_is_deleted_in_time_is_gone_and_nothing_is_due_for_it() {
    let mut rig = Rig::of(sqs());
    let client = rig.puller(Q);
    rig.publish("a");
    rig.receive(client, 1);
    rig.at(99);
    assert_eq!(rig.ack('a'), Ok(()));
    rig.at(1000);
    assert_eq!(rig.history(), "a accepted, a delivered, a Acked");
    assert_eq!(rig.broker.next_deadline(), Time::NEVER);
}

/// `API_ChangeMessageVisibility`: "the 10 seconds begin to count from the time that you make the call".
#[test]
fn changing_the_visibility_restarts_the_timeout_from_now_and_adds_nothing_to_the_old_one() {
    for (timeout, visible) in [(100, 150), (10, 60), (3_600_000, 3_600_050)] {
        let mut rig = Rig::of(sqs());
        let client = rig.puller(Q);
        rig.publish("a");
        rig.receive(client, 1);
        rig.at(50);
        assert_eq!(rig.change_visibility('a', timeout), Ok(()));
        rig.at(visible - 1);
        assert_eq!(rig.levels(), (0, 1), "{timeout}");
        rig.at(visible);
        assert_eq!(rig.levels(), (1, 0), "{timeout}");
    }
}

/// `sqs-visibility-timeout`
#[test]
fn a_visibility_timeout_that_was_changed_holds_for_one_receive_only() {
    let mut rig = Rig::of(sqs());
    let client = rig.puller(Q);
    rig.publish("a");
    rig.receive(client, 1);
    rig.change_visibility('a', 500).unwrap();
    rig.at(500);
    rig.receive(client, 1);
    rig.at(599);
    assert_eq!(rig.levels(), (0, 1));
    rig.at(600);
    assert_eq!(rig.levels(), (1, 0));
}

/// `sqs-visibility-timeout`: "terminating the visibility timeout".
#[test]
fn a_timeout_of_nothing_makes_visible_at_once_and_so_does_giving_back() {
    let mut rig = Rig::of(sqs());
    let client = rig.puller(Q);
    rig.publish("ab");
    rig.receive(client, 2);
    assert_eq!(rig.change_visibility('b', 0), Ok(()));
    assert_eq!(rig.ready(Q), "b");
    rig.requeue("a");
    assert_eq!((rig.ready(Q), rig.levels()), ("ab".into(), (2, 0)));
    rig.at(1000);
    assert_eq!(rig.delivery('a').returns, 0);
    rig.receive(client, 1);
    assert_eq!(rig.delivery('a').returns, 1);
}

/// `API_ChangeMessageVisibility`: "you can't extend the timeout beyond 12 hours" from the receive.
#[test]
fn no_receive_hides_a_message_for_more_than_12_hours_in_all() {
    const HOUR: u64 = 3_600_000;
    let mut rig = Rig::of(sqs());
    let client = rig.puller(Q);
    rig.publish("a");
    rig.receive(client, 1);
    assert_eq!(rig.change_visibility('a', 12 * HOUR), Ok(()));
    rig.at(HOUR);
    let tag = rig.delivery('a').tag;
    let too_long = rig.change_visibility('a', 11 * HOUR + 1);
    assert_eq!(too_long, Err(QueueError::InvisibleForTooLong(tag)));
    assert_eq!(rig.change_visibility('a', 11 * HOUR), Ok(()));
}

/// `API_ChangeMessageVisibility`: `MessageNotInflight`.
#[test]
fn the_visibility_of_what_is_not_in_flight_by_this_receipt_cannot_be_changed() {
    let mut rig = Rig::of(sqs());
    let client = rig.puller(Q);
    rig.publish("a");
    rig.receive(client, 1);
    rig.at(100);
    let gone = Err(QueueError::NotInFlight(1));
    assert_eq!(rig.change_visibility('a', 5), gone);
    rig.receive(client, 1);
    let Rig { broker, now, .. } = &mut rig;
    let old = broker.change_visibility(*now, client.channel, 1, millis(5), &mut ());
    assert_eq!(old, gone);
    let none = broker.change_visibility(*now, client.channel, 9, millis(5), &mut ());
    assert_eq!(none, Err(QueueError::UnknownTag(9)));
    rig.at(199);
    assert_eq!(rig.levels(), (0, 1));
}

#[test]
fn only_what_is_received_from_sqs_has_a_visibility() {
    let mut rig = Rig::of(settings());
    rig.consumer(Q, 1);
    rig.publish("a");
    rig.deliver();
    assert_eq!(rig.change_visibility('a', 5), Err(QueueError::NotPulled(Q)));
}

/// `API_DeleteMessage`; the page leaves open whether an old receipt deletes, and `sqs-receipt-handle-error` says that
/// it "might".
#[test]
fn a_receipt_deletes_what_is_visible_again_while_nobody_has_received_it_since() {
    let mut rig = Rig::of(sqs());
    let client = rig.puller(Q);
    rig.publish("ab");
    rig.receive(client, 2);
    rig.at(100);
    assert!(!rig.is_spent('a'));
    let mut places = Places::default();
    for tag in [1, 2] {
        let now = rig.now;
        let deleted = rig.broker.ack(now, client.channel, tag, &mut places);
        assert_eq!(deleted, Ok(()));
    }
    assert_eq!(places.0, [Stood::Ready; 2]);
    assert_eq!(rig.broker.message_count(), 0);
}

/// `API_DeleteMessage`: "the request will succeed, but the message might not be deleted".
#[test]
fn an_old_receipt_does_not_delete_what_was_received_again_and_is_told_nothing_of_it() {
    let mut rig = Rig::of(sqs());
    let [slow, quick] = [1, 2].map(|_| rig.puller(Q));
    rig.publish("a");
    rig.receive(slow, 1);
    rig.at(100);
    rig.receive(quick, 1);
    assert!(rig.broker.is_taken_back(slow.channel, 1));
    let Rig {
        broker, now, log, ..
    } = &mut rig;
    assert_eq!(broker.ack(*now, slow.channel, 1, log), Ok(()));
    let twice = broker.ack(*now, slow.channel, 1, log);
    assert_eq!(twice, Err(QueueError::UnknownTag(1)));
    assert_eq!(rig.levels(), (0, 1));
    assert_eq!(rig.ack('a'), Ok(()));
    assert_eq!(rig.levels(), (0, 0));
}

#[test]
fn an_old_receipt_gives_nothing_back_that_was_received_again() {
    let mut rig = Rig::of(sqs());
    let [slow, quick] = [1, 2].map(|_| rig.puller(Q));
    rig.publish("a");
    rig.receive(slow, 1);
    rig.at(100);
    rig.receive(quick, 1);
    let Rig {
        broker, now, log, ..
    } = &mut rig;
    assert_eq!(broker.nack(*now, slow.channel, 1, true, log), Ok(()));
    assert_eq!(rig.levels(), (0, 1));
}

#[test]
fn a_receipt_never_deletes_what_has_come_into_the_slot_of_its_message() {
    for other in [sqs(), settings()] {
        let mut settings = sqs();
        settings.message_ttl = Some(millis(150));
        let mut rig = Rig::of(settings);
        let other = rig.declare(other);
        let client = rig.puller(Q);
        rig.publish("a");
        rig.receive(client, 1);
        rig.at(150);
        assert_eq!(rig.losses(), "a Expired");
        rig.publish_with(other, Publication::of('b'));
        assert!(rig.is_spent('a'));
        assert_eq!(rig.ack('a'), Ok(()));
        assert_eq!(rig.ready(other), "b");
    }
}

/// `sqs-visibility-timeout`: if the consumer fails, the message is visible when the timeout is over.
#[test]
fn what_a_dead_consumer_held_stays_in_flight_until_its_timeout_ends() {
    let mut rig = Rig::of(sqs());
    let client = rig.puller(Q);
    rig.publish("a");
    rig.at(10);
    rig.receive(client, 1);
    rig.at(20);
    rig.close(client.channel);
    rig.at(109);
    assert_eq!((rig.levels(), rig.broker.in_flight(Q)), ((0, 1), 1));
    rig.at(110);
    assert_eq!(rig.ready(Q), "a");
}

#[test]
fn a_cancelled_consumer_leaves_what_it_holds_in_flight_and_may_still_delete_it() {
    let mut rig = Rig::of(sqs());
    let client = rig.puller(Q);
    rig.publish("ab");
    rig.receive(client, 2);
    rig.ask(client, 5);
    rig.cancel(client);
    rig.publish("c");
    assert_eq!((rig.deliver(), rig.levels()), (String::new(), (1, 2)));
    assert_eq!(rig.ack('a'), Ok(()));
    rig.at(100);
    assert_eq!(rig.ready(Q), "bc");
}

/// SQS has no rejection.
#[test]
fn what_is_rejected_stays_in_flight_for_its_time_and_is_not_dead_lettered() {
    let mut rig = Rig::of(sqs());
    let client = rig.puller(Q);
    rig.publish("a");
    rig.receive(client, 1);
    rig.reject('a');
    rig.at(99);
    assert_eq!((rig.levels(), rig.losses()), ((0, 1), String::new()));
    rig.at(100);
    assert_eq!(rig.ready(Q), "a");
}

/// `sqs-delay-queues`
#[test]
fn what_is_published_is_invisible_for_the_delay_and_then_has_not_come_back() {
    let mut rig = Rig::of(delayed(50));
    let client = rig.puller(Q);
    assert_eq!(rig.receive(client, 1), "");
    rig.at(10);
    rig.publish("a");
    assert_eq!((rig.deliver(), rig.levels()), (String::new(), (0, 1)));
    rig.at(59);
    assert_eq!(rig.levels(), (0, 1));
    rig.at(60);
    assert_eq!(rig.history(), "a accepted, a returned, a delivered");
    let first = rig.delivery('a');
    assert_eq!((first.redelivered, first.returns), (false, 0));
    rig.at(159);
    assert_eq!(rig.broker.in_flight(Q), 1);
    rig.at(160);
    assert_eq!(rig.ready(Q), "a");
}

/// `quotas-queues`: "received from a queue by a consumer, but not yet deleted".
#[test]
fn the_delayed_do_not_count_to_the_in_flight_limit() {
    let mut rig = Rig::of(in_flight_limit(2, delayed(50)));
    let client = rig.puller(Q);
    rig.publish("ab");
    rig.at(50);
    rig.publish("cde");
    assert_eq!((rig.levels(), rig.broker.in_flight(Q)), ((2, 3), 0));
    assert_eq!(rig.receive(client, 10), "ab");
}

/// `sqs-visibility-timeout`: with long polling "it will not return any new messages until the number of in-flight
/// messages drops below the limit".
#[test]
fn at_the_in_flight_limit_nobody_is_given_anything_until_something_is_deleted_or_visible_again() {
    let mut rig = Rig::of(in_flight_limit(2, sqs()));
    let client = rig.puller(Q);
    rig.publish("abcd");
    assert_eq!(rig.receive(client, 10), "ab");
    assert_eq!(rig.receive(client, 10), "");
    rig.at(50);
    rig.ack('a').unwrap();
    assert_eq!(rig.deliver(), "c");
    assert_eq!(rig.receive(client, 10), "");
    rig.at(100);
    assert_eq!(rig.received(client), "abcb");
    assert_eq!(rig.levels(), (1, 2));
}

/// `quotas-queues` and `quotas-fifo`: `OverLimit` for a short poll in a standard queue; FIFO "does not return an
/// error".
#[test]
fn a_get_is_a_short_poll_and_told_of_the_in_flight_limit_in_a_standard_queue_only() {
    let mut rig = Rig::of(in_flight_limit(1, sqs()));
    let fifo = rig.declare(in_flight_limit(1, fifo()));
    let channel = rig.broker.open_channel();
    rig.publish("ab");
    assert_eq!(rig.get(channel), Some('a'));
    for letter in ['c', 'd'] {
        let publication = Publication {
            group: Some(MessageGroup(letter.into())),
            ..Publication::of(letter)
        };
        rig.publish_with(fifo, publication);
    }
    let Rig {
        broker, now, log, ..
    } = &mut rig;
    let over = broker.get(*now, channel, Q, false, log);
    assert_eq!(over, Err(QueueError::OverLimit(Q)));
    let first = broker.get(*now, channel, fifo, false, log).unwrap();
    assert_eq!(first.map(|delivery| delivery.body), Some('c'));
    assert_eq!(broker.get(*now, channel, fifo, false, log), Ok(None));
    rig.at(100);
    assert_eq!((rig.ready(Q), rig.ready(fifo)), ("ab".into(), "cd".into()));
}

/// `API_SetQueueAttributes`: `MessageRetentionPeriod`.
#[test]
fn what_is_visible_is_deleted_at_its_deadline_wherever_it_stands_and_what_is_not_once_it_is() {
    let mut settings = delayed(30);
    settings.message_ttl = Some(millis(90));
    let mut rig = Rig::of(settings);
    let client = rig.puller(Q);
    rig.publish("ab");
    rig.at(30);
    rig.receive(client, 1);
    rig.at(80);
    rig.publish("c");
    rig.at(90);
    assert_eq!((rig.levels(), rig.losses()), ((0, 2), "b Expired".into()));
    rig.at(130);
    assert_eq!(rig.losses(), "b Expired, a Expired");
    assert_eq!(rig.ready(Q), "c");
}

/// SQS knows neither.
#[test]
fn priorities_and_times_to_live_of_messages_mean_nothing() {
    let mut rig = Rig::of(sqs());
    rig.publish_ttl('a', 1);
    rig.publish_priority('b', 9);
    rig.at(50);
    assert_eq!(rig.ready(Q), "ab");
}

/// `API_PurgeQueue`: "including in-flight messages".
#[test]
fn a_purge_takes_the_visible_the_delayed_and_those_in_flight() {
    let mut rig = Rig::of(delayed(50));
    let client = rig.puller(Q);
    rig.publish("ab");
    rig.at(50);
    rig.receive(client, 1);
    rig.publish("c");
    assert_eq!(rig.broker.purge(rig.now, Q, &mut rig.log), Ok(3));
    assert_eq!((rig.levels(), rig.broker.in_flight(Q)), ((0, 0), 0));
    assert_eq!((rig.is_spent('a'), rig.ack('a')), (true, Ok(())));
    rig.at(1000);
    assert_eq!(rig.broker.next_deadline(), Time::NEVER);
}

#[test]
fn a_queue_that_is_deleted_takes_what_is_in_flight_with_it() {
    let mut rig = Rig::of(delayed(50));
    let client = rig.puller(Q);
    rig.publish("a");
    rig.at(50);
    rig.receive(client, 1);
    rig.publish("b");
    let deleted = rig
        .broker
        .delete(rig.now, Q, DeleteIf::default(), &mut rig.log);
    assert_eq!((deleted, rig.broker.message_count()), (Ok(0), 0));
    assert_eq!((rig.is_spent('a'), rig.ack('a')), (true, Ok(())));
    assert_eq!(rig.broker.next_deadline(), Time::NEVER);
}

#[test]
fn a_policy_changes_nothing_of_a_queue_of_sqs() {
    let mut rig = Rig::of(sqs());
    rig.publish("ab");
    let policy = Policy {
        max_length: Some(1),
        message_ttl: Some(Span::ZERO),
        ..Policy::default()
    };
    rig.broker
        .set_policy(rig.now, Q, &policy, &mut rig.log)
        .unwrap();
    rig.publish("c");
    rig.at(10);
    assert_eq!(rig.ready(Q), "abc");
}
