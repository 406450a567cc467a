//! How a log and its groups are to be, in Kafka's words; and what is handed in and out.

use super::error::LogError;
use crate::queue::request::Delivery;
use crate::time::Span;

/// More partitions than Kafka is run with: what is beyond is a mistake, and would only take memory.
const MOST_PARTITIONS: u32 = 100_000;

/// Names a group of a [`super::Log`], in the order in which they were added, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupId(pub u32);

impl GroupId {
    pub(super) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Names a member of a group. Whoever drives the log gives the name: one for each member of all groups. It may be used
/// again once the member is gone, and with static membership also before (it then is the `group.instance.id`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemberId(pub u32);

/// A topic of Kafka (<https://kafka.apache.org/documentation/#topicconfigs>).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogSettings {
    /// Into how many lines it is divided; at least one, at most 100 000.
    pub partitions: u32,
    /// `retention.ms`: how long after its last record a segment is kept; `None` is for ever. The default is 7 days.
    pub retention: Option<Span>,
    /// `retention.bytes`: how much of each partition is kept; the default, `None`, is all.
    pub retention_bytes: Option<u64>,
    /// `segment.bytes`: a record that would make its segment larger begins a new one. The default is 1 GiB.
    pub segment_bytes: u64,
    /// `segment.ms`: a record that comes later than this after the first of its segment begins a new one. The default
    /// is 7 days.
    pub segment_age: Span,
    /// `log.retention.check.interval.ms`: how often is looked for segments to delete, counted from time 0. The default
    /// is 5 minutes.
    pub retention_check: Span,
}

impl Default for LogSettings {
    /// Kafka's, with one partition.
    fn default() -> Self {
        const WEEK: Span = Span::from_secs(7 * 24 * 3600);
        Self {
            partitions: 1,
            retention: Some(WEEK),
            retention_bytes: None,
            segment_bytes: 1 << 30,
            segment_age: WEEK,
            retention_check: Span::from_secs(300),
        }
    }
}

impl LogSettings {
    /// Whether there can be such a log.
    ///
    /// # Errors
    /// Where there cannot.
    pub fn check(&self) -> Result<(), LogError> {
        if self.partitions == 0 || self.partitions > MOST_PARTITIONS {
            return Err(LogError::Partitions(self.partitions));
        }
        if self.segment_bytes == 0 {
            return Err(LogError::SegmentBytes);
        }
        if self.retention_check == Span::ZERO {
            return Err(LogError::RetentionCheck);
        }
        Ok(())
    }

    /// Whether anything is ever deleted.
    pub(super) fn forgets(&self) -> bool {
        self.retention.is_some() || self.retention_bytes.is_some()
    }
}

/// How the partitions are shared among the members of a group (`partition.assignment.strategy`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Assignor {
    /// Neighbouring partitions to each; the first members get one more where they cannot be shared evenly.
    #[default]
    Range,
    /// One by one, in turn.
    RoundRobin,
    /// Evenly, and each keeps what it had where it can; but all stop for it, as with the two above.
    Sticky,
    /// As [`Assignor::Sticky`], and only what moves stops (KIP-429).
    CooperativeSticky,
}

impl Assignor {
    /// Members go on reading while the group rebalances.
    pub(super) const fn is_cooperative(self) -> bool {
        match self {
            Self::Range | Self::RoundRobin | Self::Sticky => false,
            Self::CooperativeSticky => true,
        }
    }
}

/// Where a group reads on when retention has deleted what it was to read next (`auto.offset.reset`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OffsetReset {
    /// At the first record that is left.
    Earliest,
    /// At the end of the log: what stands there is skipped too.
    #[default]
    Latest,
}

/// A consumer group (<https://kafka.apache.org/documentation/#consumerconfigs>).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupSettings {
    /// `partition.assignment.strategy`; Kafka's list begins with [`Assignor::Range`], and the first that all know is
    /// taken.
    pub assignor: Assignor,
    /// `session.timeout.ms`: who sends no heartbeat for so long is no member any more. The default is 45 s.
    pub session_timeout: Span,
    /// `heartbeat.interval.ms`: how often a member shows that it lives, and may hear of a rebalance. The default is
    /// 3 s.
    pub heartbeat_interval: Span,
    /// `max.poll.interval.ms`: who does not come back to poll for so long leaves the group. It also is how long a
    /// rebalance waits for members to rejoin. The default is 5 minutes.
    pub max_poll_interval: Span,
    /// `group.initial.rebalance.delay.ms`: how long an empty group waits for more members after the first. The default
    /// is 3 s.
    pub initial_rebalance_delay: Span,
    /// `max.poll.records`: most records that one poll is answered with. The default is 500.
    pub max_poll_records: u32,
    /// `fetch.min.bytes`: a poll is answered once so much is there. The default is 1, which any record is.
    pub fetch_min_bytes: u64,
    /// `fetch.max.wait.ms`: after each so long of waiting, less is enough. The default is 500 ms.
    pub fetch_max_wait: Span,
    /// `max.partition.fetch.bytes`: how much of one partition is read before it is the next one's turn. The default is
    /// 1 MiB.
    pub max_partition_fetch_bytes: u64,
    /// `auto.offset.reset`.
    pub offset_reset: OffsetReset,
    /// `group.instance.id`: members keep their place while they are away for less than a session (KIP-345).
    pub static_membership: bool,
    /// Of `enable.auto.commit`, the part that nobody outside can play: a member that rejoins, which it does inside
    /// poll, first commits what it polled before. Committing every `auto.commit.interval.ms` is the driver's.
    pub commits_on_rejoin: bool,
}

impl Default for GroupSettings {
    /// Kafka's.
    fn default() -> Self {
        Self {
            assignor: Assignor::Range,
            session_timeout: Span::from_secs(45),
            heartbeat_interval: Span::from_secs(3),
            max_poll_interval: Span::from_secs(300),
            initial_rebalance_delay: Span::from_secs(3),
            max_poll_records: 500,
            fetch_min_bytes: 1,
            fetch_max_wait: Span::from_nanos(500_000_000),
            max_partition_fetch_bytes: 1 << 20,
            offset_reset: OffsetReset::Latest,
            static_membership: false,
            commits_on_rejoin: true,
        }
    }
}

impl GroupSettings {
    /// Whether there can be such a group.
    ///
    /// # Errors
    /// Where there cannot.
    pub fn check(&self) -> Result<(), LogError> {
        let beat = self.heartbeat_interval;
        if beat == Span::ZERO || beat >= self.session_timeout || beat > self.max_poll_interval {
            return Err(LogError::HeartbeatInterval);
        }
        if self.max_poll_records == 0 {
            return Err(LogError::MaxPollRecords);
        }
        Ok(())
    }
}

/// What a producer appends.
#[derive(Clone, Debug)]
pub struct Record<B> {
    /// What it carries.
    pub body: B,
    /// Its size in bytes, as it takes room in a segment. For `fetch.min.bytes` it counts as at least one.
    pub bytes: u32,
}

/// A record that answers a poll.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Polled<B> {
    /// Who polled.
    pub member: MemberId,
    /// From which partition it is.
    pub partition: u32,
    /// Which record of that partition, counted from 0.
    pub offset: u64,
    /// The record. Its queue is the group's; its tag, offset · partitions + partition, names it in the whole log. There
    /// is no consumer and no channel of a broker, so these say nothing.
    pub delivery: Delivery<B>,
}
