//! Records: where they stand, what a group is told of them, and what is done with them.

use super::*;
use queuelab::queue::{GroupId, GroupSettings, LogError, LogSettings, MemberId, QueueId, Record};
use queuelab::time::{Span, Time};

const G: GroupId = rig::G;

#[test]
fn offsets_count_each_partition_from_0() {
    let mut rig = Rig::of(2, group());
    let mut append = |partition| {
        let record = Record {
            body: 'a',
            bytes: 1,
        };
        rig.log.append(rig.now, partition, record, &mut ())
    };
    assert_eq!([append(0), append(0), append(1)], [Ok(0), Ok(1), Ok(0)]);
    assert_eq!((rig.log.end(0), rig.log.end(1)), (2, 1));
}

#[test]
fn a_tag_names_a_record_in_the_whole_log() {
    let mut rig = Rig::started(3, group(), &[0]);
    rig.append(1, "ab");
    assert_eq!(rig.poll(0), "ab");
    assert_eq!((rig.tag('a'), rig.tag('b')), (1, 4));
    let last = rig.polled.last().unwrap();
    assert_eq!((last.partition, last.offset), (1, 1));
    assert_eq!(last.delivery.queue, QueueId(7));
}

#[test]
fn a_group_reads_what_is_appended_from_when_it_was_added() {
    let mut rig = Rig::of(1, group());
    rig.append(0, "ab");
    let late = rig.log.add_group(QueueId(8), group()).unwrap();
    rig.append(0, "c");
    assert_eq!(rig.log.levels(late).ready, 1);
    assert_eq!((rig.log.committed(late, 0), rig.log.lag(late, 0)), (2, 1));
}

#[test]
fn each_group_gets_each_record() {
    let mut rig = Rig::started(1, group(), &[0]);
    let other = rig.log.add_group(QueueId(8), group()).unwrap();
    rig.log
        .join(rig.now, other, MemberId(1), &mut rig.told)
        .unwrap();
    rig.at(0);
    rig.append(0, "ab");
    assert_eq!((rig.poll(0), rig.poll(1)), ("ab".into(), "ab".into()));
    assert_eq!(
        (rig.count(7, "delivered"), rig.count(8, "delivered")),
        (2, 2)
    );
    rig.commit(0).unwrap();
    assert_eq!((rig.log.lag(G, 0), rig.log.lag(other, 0)), (0, 2));
    assert_eq!(rig.log.message_count(), 2);
}

/// Order holds inside a partition alone.
#[test]
fn a_partition_is_read_in_order() {
    let mut rig = Rig::started(1, group(), &[0]);
    rig.append(0, "ab");
    rig.poll(0);
    rig.append(0, "cd");
    rig.poll(0);
    assert_eq!(rig.received(0), "abcd");
}

#[test]
fn what_is_polled_is_unacked_and_what_is_committed_has_left() {
    let mut rig = Rig::started(1, group(), &[0]);
    rig.append(0, "abc");
    assert_eq!(rig.levels(), (3, 0));
    rig.poll(0);
    assert_eq!(rig.levels(), (0, 3));
    rig.news();
    rig.commit(0).unwrap();
    assert_eq!(rig.levels(), (0, 0));
    assert_eq!(rig.news(), "a Acked, b Acked, c Acked");
}

#[test]
fn lag_is_counted_from_what_was_committed_and_not_from_what_was_polled() {
    let mut rig = Rig::started(1, group(), &[0]);
    rig.append(0, "abc");
    rig.poll(0);
    assert_eq!(rig.log.lag(G, 0), 3);
    assert_eq!((rig.log.committed(G, 0), rig.log.position(G, 0)), (0, 3));
    rig.commit(0).unwrap();
    rig.append(0, "d");
    assert_eq!(rig.log.lag(G, 0), 1);
}

#[test]
fn a_member_that_polls_again_without_a_commit_holds_both_answers() {
    let mut rig = Rig::started(1, group(), &[0]);
    rig.append(0, "a");
    rig.poll(0);
    rig.append(0, "b");
    rig.poll(0);
    assert_eq!(rig.levels(), (0, 2));
    assert!(rig.holds(0, 'a') && rig.holds(0, 'b'));
    rig.commit(0).unwrap();
    assert!(!rig.holds(0, 'a') && !rig.holds(0, 'b'));
}

#[test]
fn the_oldest_is_what_was_appended_first_and_is_not_committed() {
    let mut rig = Rig::started(2, group(), &[0]);
    rig.append(1, "a");
    rig.poll(0);
    rig.at(5);
    rig.append(0, "b");
    let at = |count| Time::ZERO + millis(count);
    assert_eq!(rig.log.levels(G).oldest, at(0));
    assert_eq!((rig.log.oldest(G, 0), rig.log.oldest(G, 1)), (at(5), at(0)));
    rig.commit(0).unwrap();
    assert_eq!(rig.log.levels(G).oldest, at(5));
    assert_eq!(rig.log.oldest(G, 1), Time::NEVER);
    let messages = rig.log.messages(G).map(|message| message.body);
    assert_eq!(messages.collect::<String>(), "b");
}

#[test]
fn what_names_nothing_is_an_error_or_nothing() {
    let mut rig = Rig::of(1, group());
    let (now, nobody, no_group) = (rig.now, MemberId(9), GroupId(9));
    let unknown = Err(LogError::UnknownMember(nobody));
    let record = Record {
        body: 'a',
        bytes: 1,
    };
    let appended = rig.log.append(now, 1, record, &mut ());
    assert_eq!(appended, Err(LogError::UnknownPartition(1)));
    let joined = rig.log.join(now, no_group, nobody, &mut ());
    assert_eq!(joined, Err(LogError::UnknownGroup(no_group)));
    assert_eq!(rig.log.leave(now, nobody, &mut ()), unknown);
    assert_eq!(rig.log.fail(now, nobody), unknown);
    assert_eq!(rig.log.poll(now, nobody, &mut ()), unknown);
    assert_eq!(rig.log.commit(now, nobody, &mut ()), unknown);
    assert!(!rig.log.holds(nobody, u64::MAX));
    assert!(rig.log.assignment(nobody).is_empty());
    assert_eq!(rig.log.messages(no_group).count(), 0);
    assert_eq!((rig.log.owner(G, 9), rig.log.lag(no_group, 9)), (None, 0));
    assert_eq!(rig.log.oldest(G, 9), Time::NEVER);
    assert!(!rig.log.is_rebalancing(no_group));
}

#[test]
fn settings_that_cannot_be_are_refused() {
    let log = |change: fn(&mut LogSettings)| {
        let mut settings = LogSettings::default();
        change(&mut settings);
        settings.check()
    };
    assert_eq!(log(|log| log.partitions = 0), Err(LogError::Partitions(0)));
    assert_eq!(
        log(|log| log.segment_bytes = 0),
        Err(LogError::SegmentBytes)
    );
    let never = log(|log| log.retention_check = Span::ZERO);
    assert_eq!(never, Err(LogError::RetentionCheck));
    let group = |change: fn(&mut GroupSettings)| {
        let mut settings = GroupSettings::default();
        change(&mut settings);
        settings.check()
    };
    let slow = group(|group| group.heartbeat_interval = group.session_timeout);
    assert_eq!(slow, Err(LogError::HeartbeatInterval));
    let none = group(|group| group.max_poll_records = 0);
    assert_eq!(none, Err(LogError::MaxPollRecords));
    assert_eq!(GroupSettings::default().check(), Ok(()));
}
