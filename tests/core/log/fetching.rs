//! What a poll is answered with, and when.

use super::*;
use queuelab::queue::GroupSettings;
use queuelab::time::Span;

/// `max.poll.records`
#[test]
fn a_poll_gets_at_most_max_poll_records() {
    let settings = GroupSettings {
        max_poll_records: 2,
        ..group()
    };
    let mut rig = Rig::started(1, settings, &[0]);
    rig.append(0, "abc");
    assert_eq!(rig.poll(0), "ab");
    assert_eq!(rig.deliver(), "");
    assert_eq!(rig.poll(0), "c");
}

#[test]
fn a_poll_that_finds_nothing_is_answered_when_something_comes() {
    let mut rig = Rig::started(1, group(), &[0]);
    assert_eq!(rig.poll(0), "");
    rig.at(10_000);
    rig.append(0, "ab");
    assert_eq!(rig.deliver(), "ab");
    rig.append(0, "c");
    assert_eq!(rig.deliver(), "", "it is out of poll");
}

/// `fetch.min.bytes`
#[test]
fn a_poll_waits_for_fetch_min_bytes_of_all_its_partitions() {
    let settings = GroupSettings {
        fetch_min_bytes: 10,
        ..group()
    };
    let mut rig = Rig::started(2, settings, &[0]);
    rig.poll(0);
    rig.append_bytes(0, 'a', 6);
    assert_eq!(rig.deliver(), "");
    rig.append_bytes(1, 'b', 4);
    assert_eq!(rig.deliver(), "ab");
}

/// `fetch.max.wait.ms`
#[test]
fn a_poll_takes_less_than_fetch_min_bytes_after_each_fetch_max_wait() {
    let settings = GroupSettings {
        fetch_min_bytes: 10,
        ..group()
    };
    let mut rig = Rig::started(1, settings, &[0]);
    rig.at(100);
    rig.poll(0);
    // The first wait, to 600 ms, ends with nothing.
    rig.at(700);
    rig.append(0, "a");
    rig.at(1099);
    assert_eq!(rig.received(0), "");
    rig.at(1100);
    assert_eq!(rig.received(0), "a");
}

#[test]
fn with_no_fetch_max_wait_anything_is_enough_at_once() {
    let settings = GroupSettings {
        fetch_min_bytes: 10,
        fetch_max_wait: Span::ZERO,
        ..group()
    };
    let mut rig = Rig::started(1, settings, &[0]);
    rig.poll(0);
    rig.append(0, "a");
    assert_eq!(rig.deliver(), "a");
}

#[test]
fn a_record_of_no_bytes_is_enough_for_a_poll() {
    let mut rig = Rig::started(1, group(), &[0]);
    rig.poll(0);
    rig.append_bytes(0, 'a', 0);
    assert_eq!(rig.deliver(), "a");
}

#[test]
fn the_records_of_one_answer_come_in_a_row() {
    let mut rig = Rig::started(2, group(), &[0, 1]);
    rig.poll(0);
    rig.poll(1);
    rig.append(1, "x");
    rig.append(0, "a");
    rig.append(1, "y");
    rig.append(0, "b");
    assert_eq!(rig.deliver(), "xyab", "and who could be answered first is");
}

/// KIP-41: what was fetched is cut into polls.
#[test]
fn a_poll_goes_on_in_the_partition_of_the_last_until_what_was_fetched_there_is_read() {
    let settings = GroupSettings {
        max_poll_records: 2,
        ..group()
    };
    let mut rig = Rig::started(2, settings, &[0]);
    rig.append(0, "abc");
    rig.append(1, "vwx");
    assert_eq!(rig.poll(0), "ab");
    rig.append(0, "d");
    assert_eq!(rig.poll(0), "cv", "d was not there when abc was fetched");
    assert_eq!(rig.poll(0), "wx");
    assert_eq!(rig.poll(0), "d");
}

/// `max.partition.fetch.bytes`
#[test]
fn of_a_partition_no_more_than_max_partition_fetch_bytes_is_read_before_the_next() {
    let settings = GroupSettings {
        max_partition_fetch_bytes: 2,
        ..group()
    };
    let mut rig = Rig::started(2, settings, &[0]);
    rig.append(0, "abcd");
    rig.append(1, "vwx");
    assert_eq!(rig.poll(0), "abvwcdx");
}

#[test]
fn to_poll_while_in_poll_changes_nothing() {
    let settings = GroupSettings {
        fetch_min_bytes: 10,
        ..group()
    };
    let mut rig = Rig::started(1, settings, &[0]);
    rig.append(0, "a");
    rig.poll(0);
    rig.at(300);
    rig.poll(0);
    rig.at(500);
    assert_eq!(rig.received(0), "a");
}

#[test]
fn a_log_in_which_all_is_done_comes_back_for_its_retention_alone() {
    let mut rig = Rig::started(1, group(), &[0]);
    rig.poll(0);
    assert_eq!(rig.log.next_deadline(), queuelab::time::Time::NEVER);
    rig.append(0, "a");
    rig.deliver();
    rig.commit(0).unwrap();
    rig.poll(0);
    let week = 7 * 24 * 3600;
    let check = queuelab::time::Time::ZERO + secs(week + 300);
    assert_eq!(rig.log.next_deadline(), check);
}
