//! The rules again, in the simplest code that can be believed: every record that ever was stays in a vector, and all
//! that can be counted or looked for is. It shares types with the core, and no code.
//!
//! One thing is told to it rather than derived, as it is the order of work and no rule of a log: polls are answered in
//! the order in which they came to be answerable.

use queuelab::queue::{
    Assignor, Effect, Exit, GroupSettings, Levels, LogError, LogSettings, MemberId, Message,
    Notice, OffsetReset, QueueId, Stood,
};
use queuelab::time::{Span, Time};

/// What a test knows of what was told.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Told {
    Rebalancing(QueueId),
    Rebalanced(QueueId),
    Effect {
        now: Time,
        queue: QueueId,
        body: u32,
        what: What,
        enqueued: Time,
        deliveries: u32,
        returns: u32,
        levels: Levels,
    },
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum What {
    Accepted,
    Delivered,
    Returned,
    Left(Exit, Stood),
}

impl What {
    pub(super) fn of<'a, B>(effect: &Effect<'a, B>) -> (&'a Message<B>, Self) {
        match effect {
            Effect::Accepted { message } => (message, Self::Accepted),
            Effect::Delivered { message, .. } => (message, Self::Delivered),
            Effect::Returned { message } => (message, Self::Returned),
            Effect::Left {
                message,
                exit,
                stood,
                ..
            } => (message, Self::Left(*exit, *stood)),
            Effect::Refused { .. } | Effect::Withheld { .. } | Effect::Copied { .. } => {
                panic!("no effect of a log")
            }
        }
    }
}

impl Told {
    pub(super) fn of<B>(notice: &Notice<'_, B>) -> Self {
        match notice {
            Notice::Rebalancing { queue } => Self::Rebalancing(*queue),
            Notice::Rebalanced { queue } => Self::Rebalanced(*queue),
            Notice::Unroutable { .. }
            | Notice::ConsumerCancelled { .. }
            | Notice::ChannelClosed { .. }
            | Notice::Alarm { .. }
            | Notice::Blocked { .. }
            | Notice::Unblocked { .. }
            | Notice::Confirmed { .. }
            | Notice::QueueGone { .. } => panic!("no notice of a log"),
        }
    }
}

/// What a test knows of a polled record.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Got {
    pub(super) member: MemberId,
    pub(super) partition: u32,
    pub(super) offset: u64,
    pub(super) tag: u64,
    pub(super) body: u32,
    pub(super) returns: u32,
}

#[derive(Clone, Debug)]
struct Record {
    body: u32,
    bytes: u64,
    at: Time,
    /// In which segment it is, counted from the first that ever was.
    segment: usize,
}

#[derive(Clone, Debug, Default)]
struct Partition {
    records: Vec<Record>,
    start: usize,
    /// When a check finds it too large.
    too_large: Option<Time>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    /// It was there before the group.
    Foreign,
    Waiting,
    Polled,
    Gone,
}

#[derive(Clone, Debug)]
struct Kept {
    place: Place,
    deliveries: u32,
    returns: u32,
}

#[derive(Clone, Copy, Debug)]
struct Round {
    began: Time,
    due: Time,
    /// Of the first of an empty group: how long it may wait on, and whether somebody came.
    first: Option<(Span, bool)>,
}

#[derive(Clone, Debug)]
struct Group {
    queue: QueueId,
    settings: GroupSettings,
    generation: u64,
    round: Option<Round>,
    /// By partition and offset.
    copies: Vec<Vec<Kept>>,
    owners: Vec<Option<MemberId>>,
    /// Who was to have each partition when they were shared out.
    claims: Vec<Option<MemberId>>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Standing {
    In,
    Silent { until: Time, is_alive: bool },
    Out,
}

#[derive(Clone, Debug)]
struct Member {
    id: MemberId,
    group: usize,
    standing: Standing,
    joined: Time,
    seen: Time,
    polls: Option<Time>,
    ripe: Option<Time>,
    has_heard: bool,
    has_rejoined: bool,
    must_give_up: bool,
    /// Partition, end and bytes left of what was fetched.
    reading: Option<(usize, u64, u64)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    Member(MemberId),
    Round(usize),
    Retention(usize),
}

pub(super) struct Model {
    settings: LogSettings,
    partitions: Vec<Partition>,
    groups: Vec<Group>,
    members: Vec<Member>,
    /// Whose poll may be answered.
    touched: Vec<MemberId>,
    answering: Option<(MemberId, u32)>,
    now: Time,
    pub(super) told: Vec<Told>,
}

impl Model {
    pub(super) fn new(settings: &LogSettings) -> Self {
        Self {
            settings: settings.clone(),
            partitions: vec![Partition::default(); settings.partitions as usize],
            groups: Vec::new(),
            members: Vec::new(),
            touched: Vec::new(),
            answering: None,
            now: Time::ZERO,
            told: Vec::new(),
        }
    }

    pub(super) fn add_group(&mut self, queue: QueueId, settings: GroupSettings) {
        let copies = self.partitions.iter().map(|partition| {
            let before = Kept {
                place: Place::Foreign,
                deliveries: 0,
                returns: 0,
            };
            vec![before; partition.records.len()]
        });
        self.groups.push(Group {
            queue,
            settings,
            generation: 0,
            round: None,
            copies: copies.collect(),
            owners: vec![None; self.partitions.len()],
            claims: vec![None; self.partitions.len()],
        });
    }

    pub(super) fn set_now(&mut self, now: Time) {
        self.now = now;
    }

    // What is asked.

    fn find(&self, id: MemberId) -> Option<usize> {
        self.members.iter().position(|member| member.id == id)
    }

    fn member(&mut self, id: MemberId) -> &mut Member {
        let at = self.find(id).expect("it is there");
        &mut self.members[at]
    }

    fn settings_of(&self, id: MemberId) -> GroupSettings {
        let at = self.find(id).expect("it is there");
        self.groups[self.members[at].group].settings.clone()
    }

    fn group_of(&self, id: MemberId) -> usize {
        self.members[self.find(id).expect("it is there")].group
    }

    /// By name.
    fn members_of(&self, group: usize) -> Vec<MemberId> {
        let within = self
            .members
            .iter()
            .filter(|member| member.group == group && member.standing != Standing::Out);
        let mut ids: Vec<MemberId> = within.map(|member| member.id).collect();
        ids.sort();
        ids
    }

    pub(super) fn assignment(&self, id: MemberId) -> Vec<u32> {
        let Some(at) = self.find(id) else {
            return Vec::new();
        };
        let owners = (0..).zip(&self.groups[self.members[at].group].owners);
        let owned = owners.filter(|(_, owner)| **owner == Some(id));
        owned.map(|(partition, _)| partition).collect()
    }

    pub(super) fn owner(&self, group: usize, partition: usize) -> Option<MemberId> {
        self.groups[group].owners[partition]
    }

    pub(super) fn is_rebalancing(&self, group: usize) -> bool {
        self.groups[group].round.is_some()
    }

    pub(super) fn start(&self, partition: usize) -> u64 {
        self.partitions[partition].start as u64
    }

    pub(super) fn end(&self, partition: usize) -> u64 {
        self.partitions[partition].records.len() as u64
    }

    fn offset_of_first(&self, group: usize, partition: usize, places: &[Place]) -> u64 {
        let copies = &self.groups[group].copies[partition];
        let first = copies.iter().position(|copy| places.contains(&copy.place));
        first.map_or(self.end(partition), |offset| offset as u64)
    }

    pub(super) fn position(&self, group: usize, partition: usize) -> u64 {
        self.offset_of_first(group, partition, &[Place::Waiting])
    }

    pub(super) fn committed(&self, group: usize, partition: usize) -> u64 {
        self.offset_of_first(group, partition, &[Place::Waiting, Place::Polled])
    }

    pub(super) fn oldest(&self, group: usize, partition: usize) -> Time {
        let first = self.committed(group, partition);
        let record = self.partitions[partition].records.get(first as usize);
        record.map_or(Time::NEVER, |record| record.at)
    }

    /// Offsets of a group that are so placed.
    fn placed(&self, group: usize, partition: usize, place: Place) -> Vec<usize> {
        let copies = self.groups[group].copies[partition].iter().enumerate();
        let placed = copies.filter(|(_, copy)| copy.place == place);
        placed.map(|(offset, _)| offset).collect()
    }

    pub(super) fn levels(&self, group: usize) -> Levels {
        let partitions = 0..self.partitions.len();
        let count = |place| {
            let each = partitions
                .clone()
                .map(|at| self.placed(group, at, place).len());
            each.sum::<usize>() as u64
        };
        let oldest = partitions.clone().map(|at| self.oldest(group, at)).min();
        Levels {
            ready: count(Place::Waiting),
            unacked: count(Place::Polled),
            oldest: oldest.unwrap_or(Time::NEVER),
        }
    }

    pub(super) fn holds(&self, id: MemberId, tag: u64) -> bool {
        let partitions = self.partitions.len() as u64;
        let (offset, partition) = ((tag / partitions) as usize, (tag % partitions) as usize);
        let Some(at) = self.find(id) else {
            return false;
        };
        let group = &self.groups[self.members[at].group];
        let copy = group.copies[partition].get(offset);
        self.members[at].standing == Standing::In
            && group.owners[partition] == Some(id)
            && copy.is_some_and(|copy| copy.place == Place::Polled)
    }

    // What is told.

    fn tell(&mut self, group: usize, (partition, offset): (usize, usize), what: What) {
        let record = self.partitions[partition].records[offset].clone();
        let copy = &mut self.groups[group].copies[partition][offset];
        copy.place = match what {
            What::Accepted | What::Returned => Place::Waiting,
            What::Delivered => Place::Polled,
            What::Left(..) => Place::Gone,
        };
        copy.deliveries += u32::from(what == What::Delivered);
        copy.returns += u32::from(what == What::Returned);
        let copy = copy.clone();
        self.told.push(Told::Effect {
            now: self.now,
            queue: self.groups[group].queue,
            body: record.body,
            what,
            enqueued: record.at,
            deliveries: copy.deliveries,
            returns: copy.returns,
            levels: self.levels(group),
        });
    }

    // Records.

    pub(super) fn append(&mut self, partition: usize, body: u32, bytes: u32) -> u64 {
        let bytes = u64::from(bytes);
        let (now, settings) = (self.now, self.settings.clone());
        let state = &mut self.partitions[partition];
        let kept = &state.records[state.start..];
        let segment = match kept.last().map(|record| record.segment) {
            None => state.records.last().map_or(0, |last| last.segment + 1),
            Some(active) => {
                let within = kept.iter().filter(|record| record.segment == active);
                let size: u64 = within.clone().map(|record| record.bytes).sum();
                let opened = within.clone().next().expect("it has a record").at;
                let is_over =
                    size + bytes > settings.segment_bytes || now - opened > settings.segment_age;
                active + usize::from(is_over)
            }
        };
        state.records.push(Record {
            body,
            bytes,
            at: now,
            segment,
        });
        if state.too_large.is_none() && self.is_too_large(partition) {
            let check = self.check_after(now);
            self.partitions[partition].too_large = Some(check);
        }
        let offset = self.end(partition) as usize - 1;
        for group in 0..self.groups.len() {
            self.groups[group].copies[partition].push(Kept {
                place: Place::Waiting,
                deliveries: 0,
                returns: 0,
            });
            self.tell(group, (partition, offset), What::Accepted);
            self.consider_owner(group, partition);
        }
        offset as u64
    }

    /// The oldest segment: how many records, how many bytes, and when the last was appended.
    fn oldest_segment(&self, partition: usize) -> Option<(usize, u64, Time)> {
        let state = &self.partitions[partition];
        let kept = &state.records[state.start..];
        let first = kept.first()?.segment;
        let within: Vec<&Record> = kept
            .iter()
            .filter(|record| record.segment == first)
            .collect();
        let bytes = within.iter().map(|record| record.bytes).sum();
        Some((within.len(), bytes, within.last()?.at))
    }

    fn is_too_large(&self, partition: usize) -> bool {
        let state = &self.partitions[partition];
        let total: u64 = state.records[state.start..]
            .iter()
            .map(|record| record.bytes)
            .sum();
        match (
            self.oldest_segment(partition),
            self.settings.retention_bytes,
        ) {
            (Some((_, bytes, _)), Some(most)) => total - bytes >= most,
            _ => false,
        }
    }

    fn check_after(&self, moment: Time) -> Time {
        let every = self.settings.retention_check.as_nanos();
        let mut check = moment.as_nanos() / every * every;
        while check <= moment.as_nanos() {
            check += every;
        }
        Time::from_nanos(check)
    }

    fn next_check(&self, partition: usize) -> Time {
        let too_old = match (self.oldest_segment(partition), self.settings.retention) {
            (Some((_, _, last)), Some(retention)) => self.check_after(last + retention),
            _ => Time::NEVER,
        };
        let too_large = self.partitions[partition].too_large;
        too_old.min(too_large.unwrap_or(Time::NEVER))
    }

    fn delete_old(&mut self, partition: usize) {
        while let Some((count, _, last)) = self.oldest_segment(partition) {
            let retention = self.settings.retention;
            let is_too_old = retention.is_some_and(|most| self.now - last > most);
            if !is_too_old && !self.is_too_large(partition) {
                break;
            }
            self.partitions[partition].start += count;
        }
        self.partitions[partition].too_large = None;
        let start = self.partitions[partition].start;
        for group in 0..self.groups.len() {
            let waiting = self.placed(group, partition, Place::Waiting);
            if waiting.first().is_some_and(|first| *first < start) {
                let reset = self.groups[group].settings.offset_reset;
                for offset in waiting {
                    if offset < start || reset == OffsetReset::Latest {
                        let left = What::Left(Exit::Expired, Stood::Ready);
                        self.tell(group, (partition, offset), left);
                    }
                }
            }
            self.consider_owner(group, partition);
        }
    }

    /// What was polled of a partition and is not committed is read anew, if it is there still.
    fn go_back(&mut self, group: usize, partition: usize) {
        let start = self.partitions[partition].start;
        let polled = self.placed(group, partition, Place::Polled);
        let is_gone = polled.first().is_some_and(|first| *first < start);
        let jumps = is_gone && self.groups[group].settings.offset_reset == OffsetReset::Latest;
        for offset in polled {
            let what = match jumps || offset < start {
                true => What::Left(Exit::Expired, Stood::Unacked),
                false => What::Returned,
            };
            self.tell(group, (partition, offset), what);
        }
        if jumps {
            for offset in self.placed(group, partition, Place::Waiting) {
                let left = What::Left(Exit::Expired, Stood::Ready);
                self.tell(group, (partition, offset), left);
            }
        }
    }

    // Members.

    pub(super) fn join(&mut self, group: usize, id: MemberId) -> Result<(), LogError> {
        let is_static = self.groups[group].settings.static_membership;
        match self.find(id).map(|at| self.members[at].clone()) {
            None => {
                self.members.push(Member {
                    id,
                    group,
                    standing: Standing::Out,
                    joined: self.now,
                    seen: self.now,
                    polls: None,
                    ripe: None,
                    has_heard: false,
                    has_rejoined: false,
                    must_give_up: false,
                    reading: None,
                });
                self.enter(id);
            }
            Some(known) => match known.standing {
                Standing::Out => {
                    self.member(id).group = group;
                    self.enter(id);
                }
                Standing::Silent { .. } if is_static && known.group == group => self.come_back(id),
                Standing::In | Standing::Silent { .. } => {
                    return Err(LogError::MemberExists(id));
                }
            },
        }
        Ok(())
    }

    fn enter(&mut self, id: MemberId) {
        let group = self.group_of(id);
        let settings = self.settings_of(id);
        let is_first = self.members_of(group).is_empty();
        let is_new = self.groups[group].generation == 0;
        if is_first {
            let wait = settings.initial_rebalance_delay;
            let most = settings.max_poll_interval;
            let left = Span::from_nanos(most.as_nanos().saturating_sub(wait.as_nanos()));
            self.groups[group].round = Some(Round {
                began: self.now,
                due: self.now + wait,
                first: Some((left, false)),
            });
            self.told.push(Told::Rebalancing(self.groups[group].queue));
        } else {
            let round = &mut self.groups[group].round;
            match round.as_mut().and_then(|round| round.first.as_mut()) {
                Some((_, has_grown)) => *has_grown |= is_new,
                None => self.begin_round(group),
            }
        }
        let now = self.now;
        let member = self.member(id);
        member.standing = Standing::In;
        member.joined = now;
        member.seen = now;
        member.has_heard = true;
        member.has_rejoined = true;
    }

    fn come_back(&mut self, id: MemberId) {
        let (now, group) = (self.now, self.group_of(id));
        let member = self.member(id);
        member.standing = Standing::In;
        member.joined = now;
        member.seen = now;
        member.reading = None;
        let must_give_up = member.must_give_up;
        if self.is_rebalancing(group) {
            self.take_all(id);
            self.take_part(id);
            return;
        }
        for partition in self.assignment(id) {
            self.go_back(group, partition as usize);
        }
        if must_give_up {
            self.give_up_moved(id);
        }
    }

    fn alive(&self, id: MemberId) -> Result<Member, LogError> {
        let known = self.find(id).map(|at| self.members[at].clone());
        let dead = |member: &Member| {
            matches!(
                member.standing,
                Standing::Silent {
                    is_alive: false,
                    ..
                }
            )
        };
        known
            .filter(|member| !dead(member))
            .ok_or(LogError::UnknownMember(id))
    }

    pub(super) fn leave(&mut self, id: MemberId) -> Result<(), LogError> {
        let member = self.alive(id)?;
        if self.settings_of(id).static_membership || member.standing != Standing::In {
            return self.fail(id);
        }
        self.remove(id);
        self.members.retain(|other| other.id != id);
        self.rebalance(member.group);
        Ok(())
    }

    pub(super) fn fail(&mut self, id: MemberId) -> Result<(), LogError> {
        match self.alive(id)?.standing {
            Standing::Out => self.members.retain(|other| other.id != id),
            Standing::In => self.fall_silent(id, false),
            Standing::Silent { until, .. } => {
                self.member(id).standing = Standing::Silent {
                    until,
                    is_alive: false,
                };
            }
        }
        Ok(())
    }

    pub(super) fn commit(&mut self, id: MemberId) -> Result<(), LogError> {
        if self.alive(id)?.standing != Standing::In {
            return Err(LogError::NotAMember(id));
        }
        self.commit_all(id);
        Ok(())
    }

    fn commit_all(&mut self, id: MemberId) {
        let group = self.group_of(id);
        for partition in self.assignment(id) {
            let partition = partition as usize;
            for offset in self.placed(group, partition, Place::Polled) {
                let left = What::Left(Exit::Acked, Stood::Unacked);
                self.tell(group, (partition, offset), left);
            }
        }
    }

    /// Its heartbeats, beginning with the one with which it joined.
    fn heartbeats(&self, id: MemberId) -> impl Iterator<Item = Time> {
        let at = self.find(id).expect("it is there");
        let interval = self.settings_of(id).heartbeat_interval;
        let first = self.members[at].joined;
        std::iter::successors(Some(first), move |beat| Some(*beat + interval))
    }

    fn fall_silent(&mut self, id: MemberId, is_alive: bool) {
        self.stop_polling(id);
        let now = self.now;
        let beats = self.heartbeats(id).take_while(|beat| *beat <= now);
        let last = beats.last().expect("it joined before");
        let until = last + self.settings_of(id).session_timeout;
        self.member(id).standing = Standing::Silent { until, is_alive };
    }

    fn remove(&mut self, id: MemberId) {
        self.stop_polling(id);
        self.take_all(id);
        let member = self.member(id);
        member.standing = Standing::Out;
        member.reading = None;
        let group = member.group;
        for claim in &mut self.groups[group].claims {
            *claim = claim.filter(|claim| *claim != id);
        }
    }

    // Rebalances.

    fn rebalance(&mut self, group: usize) {
        self.begin_round(group);
        self.try_complete(group);
    }

    fn begin_round(&mut self, group: usize) {
        if self.is_rebalancing(group) {
            return;
        }
        self.groups[group].round = Some(Round {
            began: self.now,
            due: self.now + self.groups[group].settings.max_poll_interval,
            first: None,
        });
        self.told.push(Told::Rebalancing(self.groups[group].queue));
        for id in self.members_of(group) {
            let member = self.member(id);
            member.has_heard = false;
            member.has_rejoined = false;
        }
    }

    fn rejoin(&mut self, id: MemberId) {
        let settings = self.settings_of(id);
        if settings.commits_on_rejoin {
            self.commit_all(id);
        }
        if settings.assignor != Assignor::CooperativeSticky {
            self.take_all(id);
        }
        self.take_part(id);
    }

    fn take_part(&mut self, id: MemberId) {
        let group = self.group_of(id);
        let member = self.member(id);
        member.has_heard = true;
        member.has_rejoined = true;
        self.consider(id);
        self.try_complete(group);
    }

    fn give_up_moved(&mut self, id: MemberId) {
        let group = self.group_of(id);
        for partition in self.assignment(id) {
            let partition = partition as usize;
            if self.groups[group].claims[partition] != Some(id) {
                self.groups[group].owners[partition] = None;
                self.go_back(group, partition);
            }
        }
        self.member(id).must_give_up = false;
        self.begin_round(group);
        self.rejoin(id);
    }

    fn take_all(&mut self, id: MemberId) {
        let group = self.group_of(id);
        self.member(id).must_give_up = false;
        for partition in self.assignment(id) {
            self.groups[group].owners[partition as usize] = None;
            self.go_back(group, partition as usize);
        }
    }

    fn try_complete(&mut self, group: usize) {
        let Some(round) = self.groups[group].round else {
            return;
        };
        let members = self.members_of(group);
        if round.first.is_some() && !members.is_empty() {
            return;
        }
        if members.iter().all(|id| self.member(*id).has_rejoined) {
            self.complete(group);
        }
    }

    fn end_round(&mut self, group: usize) {
        let mut round = self.groups[group].round.expect("it is due");
        if let Some((left, true)) = round.first
            && left > Span::ZERO
        {
            let longer = left.min(self.groups[group].settings.initial_rebalance_delay);
            let left = Span::from_nanos(left.as_nanos() - longer.as_nanos());
            round.due = self.now + longer;
            round.first = Some((left, false));
            self.groups[group].round = Some(round);
            return;
        }
        for id in self.members_of(group) {
            let member = self.member(id).clone();
            if member.has_rejoined {
                continue;
            }
            if self.settings_of(id).static_membership {
                self.take_all(id);
                if member.standing == Standing::In {
                    self.fall_silent(id, true);
                }
            } else {
                self.remove(id);
                if member.standing != Standing::In {
                    self.members.retain(|other| other.id != id);
                }
            }
        }
        self.complete(group);
    }

    fn complete(&mut self, group: usize) {
        let members = self.members_of(group);
        let state = &mut self.groups[group];
        state.round = None;
        state.generation += 1;
        let had = match state.settings.assignor {
            Assignor::CooperativeSticky => state.owners.clone(),
            Assignor::Range | Assignor::RoundRobin | Assignor::Sticky => state.claims.clone(),
        };
        state.claims = match (members.len(), state.settings.assignor) {
            (0, _) => vec![None; had.len()],
            (_, Assignor::Range) => range(&members, had.len()),
            (count, Assignor::RoundRobin) => (0..had.len())
                .map(|partition| Some(members[partition % count]))
                .collect(),
            (_, Assignor::Sticky | Assignor::CooperativeSticky) => sticky(&members, &had),
        };
        self.told.push(Told::Rebalanced(state.queue));
        for partition in 0..self.partitions.len() {
            let state = &mut self.groups[group];
            match state.owners[partition] {
                None => state.owners[partition] = state.claims[partition],
                Some(owner) if state.claims[partition] != Some(owner) => {
                    self.member(owner).must_give_up = true;
                }
                Some(_) => {}
            }
        }
        for id in &members {
            let member = self.member(*id);
            if member.must_give_up && member.polls.is_some() {
                self.give_up_moved(*id);
            }
        }
        for id in members {
            self.consider(id);
        }
    }

    // Polls.

    pub(super) fn poll(&mut self, id: MemberId) -> Result<(), LogError> {
        match self.alive(id)?.standing {
            Standing::In => {}
            Standing::Out => self.enter(id),
            Standing::Silent { .. } => self.come_back(id),
        }
        self.answering = self.answering.filter(|(member, _)| *member != id);
        let now = self.now;
        let member = self.member(id);
        if member.polls.is_some() {
            return Ok(());
        }
        member.polls = Some(now);
        member.seen = now;
        let member = member.clone();
        if member.must_give_up {
            self.give_up_moved(id);
        } else if self.is_rebalancing(member.group) && member.has_heard && !member.has_rejoined {
            self.rejoin(id);
        }
        self.consider(id);
        Ok(())
    }

    fn consider_owner(&mut self, group: usize, partition: usize) {
        if let Some(owner) = self.groups[group].owners[partition] {
            self.consider(owner);
        }
    }

    /// What waits for a member.
    fn bytes_for(&self, id: MemberId) -> u64 {
        let group = self.group_of(id);
        let waiting = self.assignment(id).into_iter().map(|partition| {
            let partition = partition as usize;
            let waiting = self.placed(group, partition, Place::Waiting).into_iter();
            let records = &self.partitions[partition].records;
            waiting
                .map(|offset| records[offset].bytes.max(1))
                .sum::<u64>()
        });
        waiting.sum()
    }

    fn consider(&mut self, id: MemberId) {
        let Some(since) = self.member(id).polls else {
            return;
        };
        let (bytes, settings, now) = (self.bytes_for(id), self.settings_of(id), self.now);
        let member = self.member(id);
        if bytes == 0 {
            member.ripe = None;
            return;
        }
        let window = settings.fetch_max_wait;
        let ripe = *member.ripe.get_or_insert_with(|| {
            let mut end = since + window;
            while end < now && window > Span::ZERO {
                end = end + window;
            }
            end.max(now)
        });
        let is_touched = self.touched.contains(&id);
        if (bytes >= settings.fetch_min_bytes || ripe <= now) && !is_touched {
            self.touched.push(id);
        }
    }

    fn stop_polling(&mut self, id: MemberId) {
        self.answering = self.answering.filter(|(member, _)| *member != id);
        self.touched.retain(|other| *other != id);
        let member = self.member(id);
        member.polls = None;
        member.ripe = None;
    }

    pub(super) fn poll_delivery(&mut self) -> Option<Got> {
        loop {
            if let Some((id, left)) = self.answering {
                self.answering = None;
                if let Some(got) = self.hand_out(id) {
                    self.answering = (left > 1).then_some((id, left - 1));
                    return Some(got);
                }
            }
            if self.touched.is_empty() {
                return None;
            }
            let id = self.touched.remove(0);
            let (bytes, settings, now) = (self.bytes_for(id), self.settings_of(id), self.now);
            let member = self.member(id);
            let is_ripe = member.ripe.is_some_and(|ripe| ripe <= now);
            let is_enough = bytes >= settings.fetch_min_bytes || is_ripe;
            if member.polls.is_some() && bytes > 0 && is_enough {
                member.polls = None;
                member.seen = now;
                member.ripe = None;
                self.answering = Some((id, settings.max_poll_records));
            } else {
                self.consider(id);
            }
        }
    }

    fn hand_out(&mut self, id: MemberId) -> Option<Got> {
        let group = self.group_of(id);
        let partition = self.next_partition(id)?;
        let offset = self.position(group, partition) as usize;
        let bytes = self.partitions[partition].records[offset].bytes.max(1);
        let reading = self.member(id).reading.as_mut().expect("just set");
        reading.2 = reading.2.saturating_sub(bytes);
        self.tell(group, (partition, offset), What::Delivered);
        let count = self.partitions.len();
        Some(Got {
            member: id,
            partition: partition as u32,
            offset: offset as u64,
            tag: (offset * count + partition) as u64,
            body: self.partitions[partition].records[offset].body,
            returns: self.groups[group].copies[partition][offset].returns,
        })
    }

    fn next_partition(&mut self, id: MemberId) -> Option<usize> {
        let group = self.group_of(id);
        let count = self.partitions.len();
        let settings = self.settings_of(id);
        let owned = self.assignment(id);
        let has = |partition: usize| {
            owned.contains(&(partition as u32))
                && self.position(group, partition) < self.end(partition)
        };
        let reading = self.member_ref(id).reading;
        if let Some((partition, end, bytes)) = reading
            && has(partition)
            && bytes > 0
            && self.position(group, partition) < end
        {
            return Some(partition);
        }
        let from = reading.map_or(0, |(last, ..)| last + 1);
        let mut in_turn = (0..count).map(|step| (from + step) % count);
        let partition = in_turn.find(|partition| has(*partition))?;
        let most = settings.max_partition_fetch_bytes.max(1);
        let end = self.end(partition);
        self.member(id).reading = Some((partition, end, most));
        Some(partition)
    }

    fn member_ref(&self, id: MemberId) -> &Member {
        &self.members[self.find(id).expect("it is there")]
    }

    // Time.

    fn hears_at(&self, member: &Member) -> Time {
        match self.groups[member.group].round {
            Some(round) if !member.has_heard => self
                .heartbeats(member.id)
                .find(|beat| *beat > round.began)
                .expect("they do not end"),
            _ => Time::NEVER,
        }
    }

    fn overdue_at(&self, member: &Member) -> Time {
        let most = self.groups[member.group].settings.max_poll_interval;
        match member.polls {
            Some(_) => Time::NEVER,
            None => member.seen + most,
        }
    }

    fn due_of(&self, member: &Member) -> Time {
        match member.standing {
            Standing::Out => Time::NEVER,
            Standing::Silent { until, .. } => until,
            Standing::In => {
                let is_touched = self.touched.contains(&member.id);
                let ripe = member.ripe.filter(|_| !is_touched);
                ripe.unwrap_or(Time::NEVER)
                    .min(self.hears_at(member))
                    .min(self.overdue_at(member))
            }
        }
    }

    fn dues(&self) -> Vec<(Time, Due)> {
        let members = self.members.iter();
        let members = members.map(|member| (self.due_of(member), Due::Member(member.id)));
        let rounds = (0..).zip(&self.groups).map(|(at, group)| {
            let due = group.round.map_or(Time::NEVER, |round| round.due);
            (due, Due::Round(at))
        });
        let checks = (0..self.partitions.len()).map(|at| (self.next_check(at), Due::Retention(at)));
        members.chain(rounds).chain(checks).collect()
    }

    pub(super) fn next_deadline(&self) -> Time {
        let dues = self.dues().into_iter();
        dues.map(|(due, _)| due).min().unwrap_or(Time::NEVER)
    }

    pub(super) fn expire(&mut self) {
        loop {
            let dues = self.dues().into_iter();
            let Some((_, first)) = dues.filter(|(due, _)| *due <= self.now).min() else {
                return;
            };
            match first {
                Due::Member(id) => self.look_at(id),
                Due::Round(group) => self.end_round(group),
                Due::Retention(partition) => self.delete_old(partition),
            }
        }
    }

    fn look_at(&mut self, id: MemberId) {
        let member = self.member(id).clone();
        if let Standing::Silent { is_alive, .. } = member.standing {
            self.remove(id);
            if !is_alive {
                self.members.retain(|other| other.id != id);
            }
            self.rebalance(member.group);
        } else if self.overdue_at(&member) <= self.now {
            if self.settings_of(id).static_membership {
                self.fall_silent(id, true);
            } else {
                self.remove(id);
                self.rebalance(member.group);
            }
        } else if self.hears_at(&member) <= self.now {
            self.member(id).has_heard = true;
            if member.polls.is_some() {
                self.rejoin(id);
            }
        } else {
            self.touched.push(id);
        }
    }
}

/// As `RangeAssignor` has it: from where, and how many.
fn range(members: &[MemberId], partitions: usize) -> Vec<Option<MemberId>> {
    let (each, extra) = (partitions / members.len(), partitions % members.len());
    let mut owners = vec![None; partitions];
    for (at, member) in members.iter().enumerate() {
        let start = each * at + at.min(extra);
        let length = each + usize::from(at < extra);
        owners[start..start + length].fill(Some(*member));
    }
    owners
}

/// As `AbstractStickyAssignor.constrainedAssign` has it, step by step.
fn sticky(members: &[MemberId], had: &[Option<MemberId>]) -> Vec<Option<MemberId>> {
    let (min_quota, expected_over) = (had.len() / members.len(), had.len() % members.len());
    let max_quota = had.len().div_ceil(members.len());
    let mut owners: Vec<Option<MemberId>> = vec![None; had.len()];
    let (mut under_min, mut exactly_min) = (Vec::new(), Vec::new());
    let mut over = 0;
    for member in members {
        let owned = (0..had.len()).filter(|partition| had[*partition] == Some(*member));
        let owned: Vec<usize> = owned.collect();
        let keep = if owned.len() < min_quota {
            under_min.push(*member);
            owned.len()
        } else if owned.len() >= max_quota && over < expected_over {
            over += 1;
            if over == expected_over {
                exactly_min.clear();
            }
            max_quota
        } else {
            if over < expected_over {
                exactly_min.push(*member);
            }
            min_quota
        };
        for partition in &owned[..keep] {
            owners[*partition] = Some(*member);
        }
    }
    let mut next = 0;
    for partition in 0..owners.len() {
        if owners[partition].is_some() {
            continue;
        }
        if next >= under_min.len() {
            next = 0;
        }
        let is_under = !under_min.is_empty();
        let member = if is_under {
            under_min[next]
        } else {
            exactly_min.remove(0)
        };
        owners[partition] = Some(member);
        let count = owners
            .iter()
            .filter(|owner| **owner == Some(member))
            .count();
        if is_under && count == min_quota {
            under_min.remove(next);
            exactly_min.push(member);
        } else {
            next += 1;
        }
    }
    owners
}
