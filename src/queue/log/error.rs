//! What cannot be: errors name what happened, and leave the log as it was.

use super::settings::{GroupId, MemberId};

/// What was asked of a log cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// A topic has at least one partition.
    #[error("{0} partitions: give 1 to 100000")]
    Partitions(u32),
    /// Nothing fits into a segment of no size.
    #[error("segment.bytes must be at least 1")]
    SegmentBytes,
    /// Retention would be checked without end.
    #[error("log.retention.check.interval.ms must be more than 0")]
    RetentionCheck,
    /// Else a member would be put out while it lives and waits.
    #[error(
        "heartbeat.interval.ms must be more than 0, less than session.timeout.ms, and not more than max.poll.interval.ms"
    )]
    HeartbeatInterval,
    /// A poll would never be answered.
    #[error("max.poll.records must be at least 1")]
    MaxPollRecords,
    /// The log has fewer.
    #[error("no partition {0}")]
    UnknownPartition(u32),
    /// No such group was added.
    #[error("no group {0:?}: add it first")]
    UnknownGroup(GroupId),
    /// It never joined, or has left, or is dead.
    #[error("nobody is {0:?}")]
    UnknownMember(MemberId),
    /// It joined before; or it is dead and its group has yet to find out.
    #[error("there still is a {0:?}: give another name")]
    MemberExists(MemberId),
    /// The group goes on without it (`UNKNOWN_MEMBER_ID`, `ILLEGAL_GENERATION`): when it polls, it joins anew.
    #[error("{0:?} is no member of its group any more")]
    NotAMember(MemberId),
}
