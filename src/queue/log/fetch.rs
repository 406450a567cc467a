//! Polling: when a poll is answered, and with what.

use super::Log;
use super::error::LogError;
use super::group::weight;
use super::member::{Reading, Standing};
use super::settings::{GroupSettings, MemberId, Polled};
use crate::queue::channel::ChannelId;
use crate::queue::effect::Sink;
use crate::queue::message::MessageId;
use crate::queue::request::Delivery;
use crate::time::{Span, Time};

/// A poll that is being answered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answer {
    member: MemberId,
    /// How many records more it may have.
    left: u32,
}

impl<B: Clone> Log<B> {
    /// A member has come back to poll, and waits there until [`Log::poll_delivery`] gives it something. What it polled
    /// before it holds still, until it commits.
    ///
    /// This is where a member takes part in rebalances: as soon as it has heard of one, at a heartbeat. If it is no
    /// member any more, it joins anew. To be in poll twice is to be there once.
    ///
    /// # Errors
    /// Where there is no such member.
    pub fn poll(
        &mut self,
        now: Time,
        member: MemberId,
        sink: &mut impl Sink<B>,
    ) -> Result<(), LogError> {
        let known = self.members.get(&member);
        let known = known.ok_or(LogError::UnknownMember(member))?;
        match known.standing {
            Standing::In => {}
            Standing::Out => self.enter(now, member, sink),
            Standing::Silent { is_alive: true, .. } => self.come_back(now, member, sink),
            Standing::Silent {
                is_alive: false, ..
            } => return Err(LogError::UnknownMember(member)),
        }
        self.end_answer_of(member);
        let state = self.member(member);
        if state.polls.is_some() {
            return Ok(());
        }
        state.polls = Some(now);
        state.seen = now;
        let (must_give_up, group) = (state.must_give_up, state.group);
        let is_late = state.has_heard && !state.has_rejoined;
        if must_give_up {
            self.give_up_moved(now, member, sink);
        } else if is_late && self.is_rebalancing(group) {
            self.rejoin(now, member, sink);
        }
        self.consider(now, member);
        self.arm(member);
        Ok(())
    }

    /// The next record of this moment that answers a poll; `None` when there is nothing more. All that answers one poll
    /// comes in a row, and the member is out of poll with the first.
    pub fn poll_delivery(&mut self, now: Time, sink: &mut impl Sink<B>) -> Option<Polled<B>> {
        loop {
            if let Some(answer) = self.answering {
                let polled = self.go_on(now, answer, sink);
                if polled.is_some() {
                    return polled;
                }
                self.answering = None;
            }
            let member = self.touched.pop_front()?;
            self.member(member).is_touched = false;
            if self.is_answerable(now, member) {
                self.begin_answer(now, member);
            } else {
                self.consider(now, member);
                self.arm(member);
            }
        }
    }

    fn begin_answer(&mut self, now: Time, id: MemberId) {
        let member = self.member(id);
        member.polls = None;
        member.seen = now;
        member.ripe = Time::NEVER;
        let group = member.group;
        self.arm(id);
        self.answering = Some(Answer {
            member: id,
            left: self.groups[group.index()].settings.max_poll_records,
        });
    }

    fn go_on(
        &mut self,
        now: Time,
        mut answer: Answer,
        sink: &mut impl Sink<B>,
    ) -> Option<Polled<B>> {
        let id = answer.member;
        let partition = self.next_partition(id)?;
        let group = self.member(id).group;
        let group = &mut self.groups[group.index()];
        let message = group.hand_out(now, &mut self.store, partition as usize, sink);
        let message = message.expect("something waits there");
        let bytes = weight(&self.store[message]);
        let reading = &mut self.member(id).reading;
        reading.bytes = reading.bytes.saturating_sub(bytes);
        answer.left -= 1;
        self.answering = (answer.left > 0).then_some(answer);
        Some(self.polled(id, partition, message))
    }

    fn polled(&self, member: MemberId, partition: u32, message: MessageId) -> Polled<B> {
        let group = &self.groups[self.members[&member].group.index()];
        let message = &self.store[message];
        Polled {
            member,
            partition,
            offset: group.offset(message),
            delivery: Delivery {
                channel: ChannelId(0),
                consumer: None,
                queue: group.queue,
                tag: message.position,
                enqueued: message.enqueued,
                redelivered: message.is_redelivered(),
                returns: message.returns,
                delivery_count: message.delivery_count,
                deaths: 0,
                bytes: message.bytes,
                priority: message.priority,
                body: message.body.clone(),
            },
        }
    }

    /// Where a member reads on: in the partition that it read last until what was there when that was fetched is read,
    /// also in a later poll, then in the next in turn in which something waits. (KIP-41 cuts what was fetched into
    /// polls; KIP-387 tells of it as it is.)
    fn next_partition(&mut self, id: MemberId) -> Option<u32> {
        let member = &self.members[&id];
        let group = &self.groups[member.group.index()];
        let next = |partition: &u32| group.next(*partition as usize);
        let Reading {
            partition: last,
            end,
            bytes,
        } = member.reading;
        let is_owned = member.owned.binary_search(&last).is_ok();
        if is_owned
            && bytes > 0
            && next(&last).is_some_and(|next| group.offset(&self.store[next]) < end)
        {
            return Some(last);
        }
        let after = member.owned.partition_point(|owned| *owned <= last);
        let (before, after) = member.owned.split_at(after);
        let mut in_turn = after.iter().chain(before);
        let partition = *in_turn.find(|partition| next(partition).is_some())?;
        let bytes = group.settings.max_partition_fetch_bytes.max(1);
        let end = self.end(partition);
        self.member(id).reading = Reading {
            partition,
            end,
            bytes,
        };
        Some(partition)
    }

    /// Something may have changed for a member: if it is in poll, looks whether it can be answered, or when.
    pub(super) fn consider(&mut self, now: Time, id: MemberId) {
        let Some(since) = self.members[&id].polls else {
            return;
        };
        let waiting = self.bytes_for(id);
        let member = &self.members[&id];
        let settings = &self.groups[member.group.index()].settings;
        let (ripe, least) = (member.ripe, settings.fetch_min_bytes);
        let ripe = match (waiting, ripe) {
            (0, _) => Time::NEVER,
            (_, Time::NEVER) => end_of_window(since, now, settings),
            (_, known) => known,
        };
        self.member(id).ripe = ripe;
        if waiting > 0 && (waiting >= least || ripe <= now) {
            self.touch(id);
        }
        self.arm(id);
    }

    /// Whether a member in poll gets something now: enough, or anything once it has waited.
    fn is_answerable(&self, now: Time, id: MemberId) -> bool {
        let member = &self.members[&id];
        let waiting = self.bytes_for(id);
        let settings = &self.groups[member.group.index()].settings;
        let is_enough = waiting >= settings.fetch_min_bytes || member.ripe <= now;
        member.polls.is_some() && waiting > 0 && is_enough
    }

    /// What waits for a member, as far as it matters: no more is added up than is enough.
    fn bytes_for(&self, id: MemberId) -> u64 {
        let member = &self.members[&id];
        let group = &self.groups[member.group.index()];
        let enough = group.settings.fetch_min_bytes.max(1);
        let mut bytes = 0;
        for partition in &member.owned {
            bytes += group.shares[*partition as usize].bytes;
            if bytes >= enough {
                break;
            }
        }
        bytes
    }

    /// A member's poll may be answered.
    pub(super) fn touch(&mut self, id: MemberId) {
        let member = self.member(id);
        if !member.is_touched {
            member.is_touched = true;
            self.touched.push_back(id);
        }
    }

    /// A member is in poll no more, though it was not answered.
    pub(super) fn stop_polling(&mut self, id: MemberId) {
        self.end_answer_of(id);
        let member = self.member(id);
        member.polls = None;
        member.ripe = Time::NEVER;
        if member.is_touched {
            member.is_touched = false;
            self.touched.retain(|other| *other != id);
        }
    }

    fn end_answer_of(&mut self, id: MemberId) {
        self.answering = self.answering.filter(|answer| answer.member != id);
    }

    /// Commits all that a member polled, of the partitions that it has.
    pub(super) fn commit_all(&mut self, now: Time, id: MemberId, sink: &mut impl Sink<B>) {
        let Self {
            members,
            groups,
            store,
            ..
        } = self;
        let member = &members[&id];
        let group = &mut groups[member.group.index()];
        for partition in &member.owned {
            group.commit(now, store, *partition as usize, sink);
        }
    }
}

/// When a poll has waited enough, at `now` or after it: it asks anew, each time for so long.
fn end_of_window(since: Time, now: Time, settings: &GroupSettings) -> Time {
    let window = settings.fetch_max_wait.as_nanos();
    if window == 0 {
        return now;
    }
    let windows = now.since(since).as_nanos().div_ceil(window).max(1);
    since + Span::from_nanos(window.saturating_mul(windows))
}
