//! What retention deletes, and what becomes of those who had yet to read it.

use super::*;
use queuelab::queue::{GroupSettings, LogSettings, OffsetReset};
use queuelab::time::Time;

/// Segments of two bytes, kept for 10 s, checked every 4 s.
fn short() -> LogSettings {
    LogSettings {
        retention: Some(secs(10)),
        segment_bytes: 2,
        retention_check: secs(4),
        ..LogSettings::default()
    }
}

fn small(bytes: u64) -> LogSettings {
    LogSettings {
        retention: None,
        retention_bytes: Some(bytes),
        ..short()
    }
}

fn earliest() -> GroupSettings {
    GroupSettings {
        offset_reset: OffsetReset::Earliest,
        ..group()
    }
}

#[test]
fn a_segment_is_deleted_by_the_first_check_after_its_last_record_is_too_old() {
    let mut rig = Rig::with(short(), earliest());
    rig.append(0, "a");
    rig.at(1000);
    rig.append(0, "b");
    rig.at(9000);
    rig.append(0, "c");
    rig.news();
    rig.at(11_999);
    assert_eq!(
        rig.log.start(0),
        0,
        "b is too old at 11 s, but nobody looks"
    );
    rig.at(12_000);
    assert_eq!(rig.log.start(0), 2);
    assert_eq!(rig.news(), "a Expired, b Expired");
}

#[test]
fn a_record_outlives_its_time_while_its_segment_is_appended_to() {
    let settings = LogSettings {
        segment_bytes: 100,
        ..short()
    };
    let mut rig = Rig::with(settings, earliest());
    for second in 0..30 {
        rig.at(second * 1000);
        rig.append(0, "a");
    }
    assert_eq!(rig.log.start(0), 0);
}

/// `segment.ms`
#[test]
fn a_record_that_comes_late_begins_a_new_segment() {
    let settings = LogSettings {
        segment_bytes: 100,
        segment_age: secs(3),
        ..short()
    };
    let mut rig = Rig::with(settings, earliest());
    for second in [0, 3, 4] {
        rig.at(second * 1000);
        rig.append(0, "a");
    }
    rig.at(16_000);
    assert_eq!(rig.log.start(0), 3, "all are too old");
    let mut rig = Rig::with(
        LogSettings {
            segment_age: secs(3),
            segment_bytes: 100,
            ..short()
        },
        earliest(),
    );
    for second in [0, 3, 8] {
        rig.at(second * 1000);
        rig.append(0, "a");
    }
    rig.at(16_000);
    assert_eq!(rig.log.start(0), 2, "the third is in a segment of its own");
}

/// `retention.ms`: "it triggers the rolling of new segment if the retention.ms condition is satisfied".
#[test]
fn the_active_segment_too_is_deleted_once_it_is_too_old() {
    let mut rig = Rig::with(short(), earliest());
    rig.append(0, "a");
    rig.at(11_999);
    assert_eq!(rig.log.start(0), 0);
    rig.at(12_000);
    assert_eq!((rig.log.start(0), rig.log.end(0)), (1, 1));
    assert_eq!(rig.log.next_deadline(), Time::NEVER);
}

/// `UnifiedLog.deleteRetentionSizeBreachedSegments`
#[test]
fn too_many_bytes_delete_the_oldest_segments_and_never_the_active_one() {
    let mut rig = Rig::with(small(3), earliest());
    rig.append(0, "abcdefg");
    rig.at(3999);
    assert_eq!(rig.log.start(0), 0);
    rig.at(4000);
    assert_eq!(
        rig.log.start(0),
        4,
        "efg are left: as much as is to be kept"
    );
    rig.append_bytes(0, 'h', 50);
    rig.at(60_000);
    assert_eq!(rig.log.start(0), 7, "h is in the active segment");
}

/// "it triggers the rolling of new segment if retention.bytes is configured to zero".
#[test]
fn with_no_bytes_to_keep_the_active_segment_goes_too() {
    let mut rig = Rig::with(small(0), earliest());
    rig.append(0, "a");
    rig.at(4000);
    assert_eq!(rig.log.start(0), 1);
}

#[test]
fn each_partition_has_its_own_retention() {
    let settings = LogSettings {
        partitions: 2,
        ..short()
    };
    let mut rig = Rig::with(settings, earliest());
    rig.append(0, "a");
    rig.at(5000);
    rig.append(1, "x");
    rig.at(12_000);
    assert_eq!((rig.log.start(0), rig.log.start(1)), (1, 0));
}

#[test]
fn who_is_behind_retention_reads_on_at_the_earliest_record() {
    let mut rig = Rig::with(small(2), earliest());
    rig.join(0);
    rig.at(0);
    rig.append(0, "abcd");
    rig.at(4000);
    assert_eq!(
        rig.news(),
        "- rebalancing, - rebalanced, a Expired, b Expired"
    );
    assert_eq!(rig.poll(0), "cd");
}

#[test]
fn who_is_behind_retention_jumps_to_the_end_with_latest() {
    let mut rig = Rig::with(small(2), group());
    rig.join(0);
    rig.at(0);
    rig.news();
    rig.append(0, "abcd");
    rig.at(4000);
    assert_eq!(rig.news(), "a Expired, b Expired, c Expired, d Expired");
    assert_eq!(rig.log.lag(rig::G, 0), 0);
    rig.append(0, "e");
    assert_eq!(rig.poll(0), "e");
}

#[test]
fn who_is_not_behind_retention_does_not_notice_it() {
    let mut rig = Rig::with(small(2), group());
    rig.join(0);
    rig.at(0);
    rig.append(0, "ab");
    rig.poll(0);
    rig.append(0, "cd");
    rig.news();
    rig.at(4000);
    assert_eq!((rig.log.start(0), rig.news()), (2, String::new()));
    assert!(rig.holds(0, 'a'));
    assert_eq!(rig.levels(), (2, 2));
    rig.commit(0).unwrap();
    assert_eq!(rig.news(), "a Acked, b Acked");
}

#[test]
fn what_comes_back_and_is_deleted_expires() {
    let mut rig = Rig::with(small(2), earliest());
    rig.join(0);
    rig.at(0);
    rig.append(0, "abc");
    rig.poll(0);
    rig.append(0, "d");
    rig.at(4000);
    rig.news();
    rig.leave(0);
    assert_eq!(
        rig.news(),
        "a Expired, b Expired, c returned, - rebalancing, - rebalanced"
    );
    assert_eq!(rig.levels(), (2, 0));
}

/// The next reader begins at what was committed, which is gone, and so resets too.
#[test]
fn what_comes_back_and_is_deleted_takes_the_rest_with_it_with_latest() {
    let mut rig = Rig::with(small(2), group());
    rig.join(0);
    rig.at(0);
    rig.append(0, "abc");
    rig.poll(0);
    rig.append(0, "d");
    rig.at(4000);
    rig.news();
    rig.leave(0);
    assert_eq!(
        rig.news(),
        "a Expired, b Expired, c Expired, d Expired, - rebalancing, - rebalanced"
    );
}

#[test]
fn a_record_that_was_deleted_between_two_that_are_held_is_not_held() {
    let settings = GroupSettings {
        max_poll_records: 1,
        ..earliest()
    };
    let mut rig = Rig::with(small(2), settings);
    rig.join(0);
    rig.at(0);
    rig.append(0, "abcdef");
    assert_eq!(rig.poll(0), "a");
    rig.at(4000);
    assert_eq!(rig.poll(0), "e", "bcd are deleted");
    assert!(rig.holds(0, 'a') && rig.holds(0, 'e'));
    let tags = (0..6).filter(|tag| rig.log.holds(queuelab::queue::MemberId(0), *tag));
    assert_eq!(tags.collect::<Vec<_>>(), [0, 4]);
    assert_eq!(rig.log.lag(rig::G, 0), 6, "as Kafka counts");
    assert_eq!(rig.levels(), (1, 2));
}

#[test]
fn without_retention_nothing_is_deleted_and_nothing_comes_back() {
    let settings = LogSettings {
        retention: None,
        ..short()
    };
    let mut rig = Rig::with(settings, group());
    rig.append(0, "abcdef");
    assert_eq!(rig.log.next_deadline(), Time::NEVER);
}
