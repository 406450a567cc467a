//! A log as Kafka's: one topic, its partitions, and the groups that read them.
//!
//! It stands beside the [`super::Broker`] and is driven alike: inputs take `now`, effects are told to a [`Sink`],
//! [`Log::poll_delivery`] gives what answers polls until there is nothing, [`Log::next_deadline`] says when to call
//! [`Log::expire`].
//!
//! For whoever measures, a group is a queue. A record that was appended is ready in it, one that was polled is unacked,
//! one that was committed has left; a member that loses a partition returns what it polled and did not commit, and what
//! retention deletes before it was polled expires. So ready is log end − position, unacked is position − committed, and
//! both together are the lag.
//!
//! A group's copy of a record is all that is kept of it, so memory grows with lags and with segments, not with time; a
//! group reads what is appended from when it was added, and nothing can be replayed from before that.
//!
//! ```
//! use queuelab::queue::{GroupSettings, Log, LogSettings, MemberId, QueueId, Record};
//! use queuelab::time::Time;
//!
//! let mut log = Log::new(LogSettings::default())?;
//! let group = log.add_group(QueueId(0), GroupSettings::default())?;
//! let member = MemberId(0);
//! log.join(Time::ZERO, group, member, &mut ())?;
//! log.poll(Time::ZERO, member, &mut ())?;
//! log.append(Time::ZERO, 0, Record { body: "hello", bytes: 5 }, &mut ())?;
//! // An empty group waits three seconds for more members.
//! assert_eq!(log.poll_delivery(Time::ZERO, &mut ()), None);
//! let now = log.next_deadline();
//! log.expire(now, &mut ());
//! let polled = log.poll_delivery(now, &mut ()).expect("the partition is the member's");
//! assert_eq!((polled.offset, polled.delivery.body), (0, "hello"));
//! log.commit(now, member, &mut ())?;
//! assert_eq!(log.lag(group, 0), 0);
//! # Ok::<(), queuelab::queue::LogError>(())
//! ```
//!
//! Rules are those of the classic group protocol of Kafka's consumers. Requests take no time here, and all copies of a
//! partition are one.

mod assign;
mod error;
mod fetch;
mod group;
mod member;
mod membership;
mod partition;
mod partitioner;
mod rebalance;
mod settings;
mod timer;

pub use error::LogError;
pub use partitioner::{Partitioner, crc32, murmur2};
pub use settings::{
    Assignor, GroupId, GroupSettings, LogSettings, MemberId, OffsetReset, Polled, Record,
};

use super::effect::{Levels, Sink};
use super::message::{Message, Store};
use super::settings::QueueId;
use crate::time::Time;
use fetch::Answer;
use group::Group;
use member::Member;
use partition::Partition;
use std::collections::{BTreeMap, VecDeque};
use timer::{Timer, Timers};

/// A topic, its partitions, and the groups that read it.
#[derive(Clone, Debug)]
pub struct Log<B> {
    settings: LogSettings,
    partitions: Vec<Partition>,
    groups: Vec<Group>,
    members: BTreeMap<MemberId, Member>,
    store: Store<B>,
    timers: Timers,
    /// Members whose poll may be answered, in the order in which that came to be.
    touched: VecDeque<MemberId>,
    /// Whose poll is being answered.
    answering: Option<Answer>,
}

impl<B: Clone> Log<B> {
    /// Empty, and without groups.
    ///
    /// # Errors
    /// Where no log can be like this.
    pub fn new(settings: LogSettings) -> Result<Self, LogError> {
        settings.check()?;
        Ok(Self {
            partitions: vec![Partition::new(); settings.partitions as usize],
            settings,
            groups: Vec::new(),
            members: BTreeMap::new(),
            store: Store::new(),
            timers: Timers::default(),
            touched: VecDeque::new(),
            answering: None,
        })
    }

    /// Adds a group, which reads what is appended from now on. `queue` is what it is called where effects are told.
    ///
    /// # Errors
    /// Where no group can be like this.
    pub fn add_group(
        &mut self,
        queue: QueueId,
        settings: GroupSettings,
    ) -> Result<GroupId, LogError> {
        settings.check()?;
        let id = GroupId(self.groups.len() as u32);
        let partitions = self.settings.partitions;
        self.groups.push(Group::new(queue, settings, partitions));
        Ok(id)
    }

    /// Appends a record to a partition; gives its offset there, counted from 0.
    ///
    /// # Errors
    /// Where there is no such partition.
    pub fn append(
        &mut self,
        now: Time,
        partition: u32,
        record: Record<B>,
        sink: &mut impl Sink<B>,
    ) -> Result<u64, LogError> {
        let Record { body, bytes } = record;
        let appended_to = self.partitions.get_mut(partition as usize);
        let appended_to = appended_to.ok_or(LogError::UnknownPartition(partition))?;
        let offset = appended_to.append(now, bytes, &self.settings);
        self.arm_retention(partition);
        let position = self.tag(partition, offset);
        for group in 0..self.groups.len() {
            let copy = Message::plain(now, position, bytes, body.clone());
            let group = &mut self.groups[group];
            group.accept(now, &mut self.store, copy, sink);
            if let Some(owner) = group.shares[partition as usize].owner {
                self.consider(now, owner);
            }
        }
        Ok(offset)
    }

    /// When to call [`Log::expire`] though nothing arrives; [`Time::NEVER`] if it need not be.
    ///
    /// Holds once [`Log::poll_delivery`] has given `None`; may change with any later input.
    pub fn next_deadline(&self) -> Time {
        self.timers.next()
    }

    /// Does what is due: ends sessions, tells members of rebalances, completes those, deletes segments; calls that come
    /// early do nothing. Poll deliveries before and afterwards.
    pub fn expire(&mut self, now: Time, sink: &mut impl Sink<B>) {
        while let Some(timer) = self.timers.due(now) {
            match timer {
                Timer::Member(member) => self.look_at(now, member, sink),
                Timer::Round(group) => self.end_round(now, group, sink),
                Timer::Retention(partition) => self.delete_old(now, partition, sink),
            }
        }
    }

    fn delete_old(&mut self, now: Time, partition: u32, sink: &mut impl Sink<B>) {
        let at = partition as usize;
        self.partitions[at].delete_old(now, &self.settings);
        let start = self.partitions[at].start();
        for group in 0..self.groups.len() {
            let group = &mut self.groups[group];
            group.lose(now, &mut self.store, (at, start), sink);
            if let Some(owner) = group.shares[at].owner {
                self.consider(now, owner);
            }
        }
        self.arm_retention(partition);
    }

    fn arm_retention(&mut self, partition: u32) {
        let state = &mut self.partitions[partition as usize];
        let due = state.next_check(&self.settings);
        self.timers
            .set(&mut state.alarm, due, Timer::Retention(partition));
    }

    /// How much a group has before it; nothing where it is not there.
    pub fn levels(&self, group: GroupId) -> Levels {
        self.group(group).map_or(Levels::EMPTY, Group::levels)
    }

    /// Every record that a group has not committed, oldest first.
    pub fn messages(&self, group: GroupId) -> impl Iterator<Item = &Message<B>> {
        let messages = self.group(group).map(|group| group.messages(&self.store));
        messages.into_iter().flatten()
    }

    /// Records in all groups.
    pub fn message_count(&self) -> usize {
        self.store.len()
    }

    /// Offset of the first record of a partition that retention has left; 0 where there is no such partition.
    pub fn start(&self, partition: u32) -> u64 {
        let partition = self.partitions.get(partition as usize);
        partition.map_or(0, Partition::start)
    }

    /// Offset of the next record to be appended to a partition; 0 where there is no such partition.
    pub fn end(&self, partition: u32) -> u64 {
        let partition = self.partitions.get(partition as usize);
        partition.map_or(0, Partition::end)
    }

    /// Offset of what a group polls next of a partition: all before it was polled, or skipped.
    pub fn position(&self, group: GroupId, partition: u32) -> u64 {
        let next = self.share(group, partition);
        let next = next.and_then(|(group, at)| Some(group.offset(&self.store[group.next(at)?])));
        next.unwrap_or_else(|| self.end(partition))
    }

    /// Offset up to which a group is done with a partition.
    pub fn committed(&self, group: GroupId, partition: u32) -> u64 {
        let first = self.share(group, partition);
        let first = first.and_then(|(group, at)| Some(group.offset(&self.store[group.first(at)?])));
        first.unwrap_or_else(|| self.end(partition))
    }

    /// Log end − committed: how far a group is behind in a partition. As Kafka's, it counts offsets, so also records
    /// that retention deleted behind others that are with a member.
    pub fn lag(&self, group: GroupId, partition: u32) -> u64 {
        self.end(partition) - self.committed(group, partition)
    }

    /// When the oldest record of a partition that a group has not committed was appended; [`Time::NEVER`] without any.
    pub fn oldest(&self, group: GroupId, partition: u32) -> Time {
        let first = self.share(group, partition);
        let first = first.and_then(|(group, at)| Some(self.store[group.first(at)?].enqueued));
        first.unwrap_or(Time::NEVER)
    }

    /// Who of a group reads a partition.
    pub fn owner(&self, group: GroupId, partition: u32) -> Option<MemberId> {
        let (group, at) = self.share(group, partition)?;
        group.shares[at].owner
    }

    /// Partitions that a member reads, lowest first; none where there is no such member.
    pub fn assignment(&self, member: MemberId) -> &[u32] {
        self.members
            .get(&member)
            .map_or(&[], |member| &member.owned)
    }

    /// Whether a group is sharing its partitions anew.
    pub fn is_rebalancing(&self, group: GroupId) -> bool {
        self.group(group).is_some_and(|group| group.round.is_some())
    }

    fn group(&self, group: GroupId) -> Option<&Group> {
        self.groups.get(group.index())
    }

    fn share(&self, group: GroupId, partition: u32) -> Option<(&Group, usize)> {
        let group = self.group(group)?;
        let at = partition as usize;
        (at < group.shares.len()).then_some((group, at))
    }

    /// Names a record in the whole log.
    fn tag(&self, partition: u32, offset: u64) -> u64 {
        offset * u64::from(self.settings.partitions) + u64::from(partition)
    }

    /// A member that is there.
    fn member(&mut self, id: MemberId) -> &mut Member {
        self.members
            .get_mut(&id)
            .expect("whoever is named by the log is there")
    }

    /// Comes back for a member when there is something to do about it.
    fn arm(&mut self, id: MemberId) {
        let Self {
            members,
            groups,
            timers,
            ..
        } = self;
        let member = members.get_mut(&id).expect("it is there");
        let group = &groups[member.group.index()];
        let due = member.due(group.round, &group.settings);
        timers.set(&mut member.alarm, due, Timer::Member(id));
    }
}
