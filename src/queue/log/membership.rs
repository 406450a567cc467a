//! Who is a member: joining, leaving, dying, and what each may still do.

use super::Log;
use super::error::LogError;
use super::group::{FirstRound, Round};
use super::member::{Member, Reading, Standing};
use super::settings::{GroupId, MemberId};
use crate::queue::effect::{Notice, Sink};
use crate::time::{Span, Time};

impl<B: Clone> Log<B> {
    /// A member joins, or joins again. It gets partitions when the rebalance that this begins is complete; without one
    /// it gets those that it had, if membership is static and its session has not ended (KIP-345).
    ///
    /// # Errors
    /// Where there is no such group, or somebody of this name is a member, or was and is dead and its group has yet to
    /// find out.
    pub fn join(
        &mut self,
        now: Time,
        group: GroupId,
        member: MemberId,
        sink: &mut impl Sink<B>,
    ) -> Result<(), LogError> {
        let found = self.group(group).ok_or(LogError::UnknownGroup(group))?;
        let is_static = found.settings.static_membership;
        let Some(known) = self.members.get_mut(&member) else {
            self.members.insert(member, Member::new(group));
            self.enter(now, member, sink);
            return Ok(());
        };
        match known.standing {
            Standing::Out => {
                known.group = group;
                self.enter(now, member, sink);
            }
            Standing::Silent { .. } if is_static && known.group == group => {
                self.come_back(now, member, sink);
            }
            Standing::In | Standing::Silent { .. } => {
                return Err(LogError::MemberExists(member));
            }
        }
        Ok(())
    }

    /// A member closes: it leaves its group in order, without committing; a static one says nothing, and may come back
    /// under its name (KIP-345).
    ///
    /// # Errors
    /// Where there is no such member.
    pub fn leave(
        &mut self,
        now: Time,
        member: MemberId,
        sink: &mut impl Sink<B>,
    ) -> Result<(), LogError> {
        let group = self.alive(member)?.group;
        let is_static = self.groups[group.index()].settings.static_membership;
        if is_static || self.member(member).standing != Standing::In {
            return self.fail(now, member);
        }
        self.remove(now, member, sink);
        self.members.remove(&member);
        self.rebalance(now, group, sink);
        Ok(())
    }

    /// A member dies. Its group finds out when its session ends, counted from its last heartbeat.
    ///
    /// # Errors
    /// Where there is no such member.
    pub fn fail(&mut self, now: Time, member: MemberId) -> Result<(), LogError> {
        match self.alive(member)?.standing {
            Standing::Out => {
                self.members.remove(&member);
            }
            Standing::In => self.fall_silent(now, member, false),
            Standing::Silent { until, .. } => {
                let is_alive = false;
                self.member(member).standing = Standing::Silent { until, is_alive };
            }
        }
        Ok(())
    }

    /// A member commits all that it polled, of the partitions that it still has. While its group rebalances, too: a
    /// member need not have heard of it (`GroupCoordinator.doCommitOffsets`).
    ///
    /// # Errors
    /// Where there is no such member, or its group goes on without it.
    pub fn commit(
        &mut self,
        now: Time,
        member: MemberId,
        sink: &mut impl Sink<B>,
    ) -> Result<(), LogError> {
        match self.alive(member)?.standing {
            Standing::In => self.commit_all(now, member, sink),
            Standing::Out | Standing::Silent { .. } => return Err(LogError::NotAMember(member)),
        }
        Ok(())
    }

    /// Whether the record with this tag was polled by this member, is not committed, and can be.
    pub fn holds(&self, member: MemberId, tag: u64) -> bool {
        let Some(member) = self.members.get(&member) else {
            return false;
        };
        let partitions = u64::from(self.settings.partitions);
        let (offset, partition) = (tag / partitions, (tag % partitions) as u32);
        if member.standing != Standing::In || member.owned.binary_search(&partition).is_err() {
            return false;
        }
        let group = &self.groups[member.group.index()];
        offset < self.end(partition) && group.holds(&self.store, partition as usize, offset)
    }

    /// A member that lives, be it in its group or not.
    fn alive(&self, id: MemberId) -> Result<&Member, LogError> {
        let member = self.members.get(&id);
        let alive = member.filter(|member| match member.standing {
            Standing::In | Standing::Out => true,
            Standing::Silent { is_alive, .. } => is_alive,
        });
        alive.ok_or(LogError::UnknownMember(id))
    }

    /// Who is out joins anew.
    pub(super) fn enter(&mut self, now: Time, id: MemberId, sink: &mut impl Sink<B>) {
        let id_of_group = self.member(id).group;
        let group = &mut self.groups[id_of_group.index()];
        let settings = &group.settings;
        if group.members.is_empty() {
            let wait = settings.initial_rebalance_delay;
            let most = settings.max_poll_interval.as_nanos();
            group.round = Some(Round {
                began: now,
                due: now + wait,
                first: Some(FirstRound {
                    left: Span::from_nanos(most.saturating_sub(wait.as_nanos())),
                    has_grown: false,
                }),
            });
            let queue = group.queue;
            sink.notice(now, &Notice::Rebalancing { queue });
            self.arm_round(id_of_group);
        } else if let Some(Round {
            first: Some(first), ..
        }) = &mut group.round
        {
            // Only a group that never had an assignment waits on (`GroupCoordinator.addMemberAndRebalance`).
            first.has_grown |= group.generation == 0;
        } else {
            self.begin_round(now, id_of_group, sink);
        }
        let group = &mut self.groups[id_of_group.index()];
        let place = group.members.partition_point(|other| *other < id);
        group.members.insert(place, id);
        let member = self.member(id);
        member.standing = Standing::In;
        member.joined = now;
        member.seen = now;
        member.has_heard = true;
        member.has_rejoined = true;
        self.arm(id);
    }

    /// Who was silent is back before its session ended: it gets what it had, or takes part in the rebalance that is
    /// going on. What it polled before, it does not know any more.
    pub(super) fn come_back(&mut self, now: Time, id: MemberId, sink: &mut impl Sink<B>) {
        let member = self.member(id);
        member.standing = Standing::In;
        member.joined = now;
        member.seen = now;
        member.reading = Reading::NOTHING;
        let (group, must_give_up) = (member.group, member.must_give_up);
        if self.is_rebalancing(group) {
            self.take_all(now, id, sink);
            self.take_part(now, id, sink);
            return;
        }
        for at in 0..self.member(id).owned.len() {
            let partition = self.member(id).owned[at];
            self.go_back(now, group, partition, sink);
        }
        if must_give_up {
            self.give_up_moved(now, id, sink);
        }
        self.arm(id);
    }

    /// Nothing comes from a member any more, be it dead or not.
    pub(super) fn fall_silent(&mut self, now: Time, id: MemberId, is_alive: bool) {
        self.stop_polling(id);
        let group = self.member(id).group;
        let settings = &self.groups[group.index()].settings;
        let until = self.members[&id].end_of_session(now, settings);
        self.member(id).standing = Standing::Silent { until, is_alive };
        self.arm(id);
    }

    /// Something is due of a member.
    pub(super) fn look_at(&mut self, now: Time, id: MemberId, sink: &mut impl Sink<B>) {
        let member = &self.members[&id];
        let group = &self.groups[member.group.index()];
        match member.standing {
            Standing::Out => {}
            Standing::Silent { is_alive, .. } => {
                self.end_session(now, id, is_alive, sink);
                return;
            }
            Standing::In if member.is_overdue_at(&group.settings) <= now => {
                self.oversleep(now, id, sink);
            }
            Standing::In if member.hears(group.round, &group.settings) <= now => {
                self.hear(now, id, sink);
            }
            Standing::In => self.touch(id),
        }
        self.arm(id);
    }

    fn end_session(&mut self, now: Time, id: MemberId, is_alive: bool, sink: &mut impl Sink<B>) {
        let group = self.member(id).group;
        self.remove(now, id, sink);
        if !is_alive {
            self.members.remove(&id);
        }
        self.rebalance(now, group, sink);
    }

    /// Who is away from poll for too long leaves by itself; a static member only sends no heartbeats any more, so its
    /// partitions move when its session ends (`max.poll.interval.ms` among the consumer's settings).
    fn oversleep(&mut self, now: Time, id: MemberId, sink: &mut impl Sink<B>) {
        let group = self.member(id).group;
        if self.groups[group.index()].settings.static_membership {
            self.fall_silent(now, id, true);
            return;
        }
        self.remove(now, id, sink);
        self.rebalance(now, group, sink);
    }

    /// A member is none any more: what it had is free. It is still known, as one that is out.
    pub(super) fn remove(&mut self, now: Time, id: MemberId, sink: &mut impl Sink<B>) {
        self.stop_polling(id);
        self.take_all(now, id, sink);
        let member = self.member(id);
        member.standing = Standing::Out;
        member.reading = Reading::NOTHING;
        let group = member.group;
        let group = &mut self.groups[group.index()];
        group.members.retain(|other| *other != id);
        for share in &mut group.shares {
            share.claim = share.claim.filter(|claim| *claim != id);
        }
        self.arm(id);
    }
}
