//! Rebalances: who has to be waited for, and what members give up and get.
//!
//! A round begins when somebody comes or goes. The others hear of it at their next heartbeat and take part once they
//! are in poll; when all do, or at the latest after `max.poll.interval.ms`, partitions are shared out. With an eager
//! assignor a member that takes part has given up all that it had, so that nobody reads until the end. With the
//! cooperative one (KIP-429) each keeps what it has; what is to move is given up after the round, and shared out in a
//! second one.

use super::Log;
use super::assign::assign;
use super::group::Round;
use super::member::Standing;
use super::settings::{GroupId, MemberId};
use super::timer::Timer;
use crate::queue::effect::{Notice, Sink};
use crate::time::{Span, Time};

impl<B: Clone> Log<B> {
    /// Somebody went: partitions are to be shared anew, and perhaps nobody has to be waited for.
    pub(super) fn rebalance(&mut self, now: Time, group: GroupId, sink: &mut impl Sink<B>) {
        self.begin_round(now, group, sink);
        self.try_complete(now, group, sink);
    }

    /// Begins a round, unless one is going on.
    pub(super) fn begin_round(&mut self, now: Time, id: GroupId, sink: &mut impl Sink<B>) {
        let group = &mut self.groups[id.index()];
        if group.round.is_some() {
            return;
        }
        group.round = Some(Round {
            began: now,
            due: now + group.settings.max_poll_interval,
            first: None,
        });
        let queue = group.queue;
        sink.notice(now, &Notice::Rebalancing { queue });
        for at in 0..self.groups[id.index()].members.len() {
            let member = self.groups[id.index()].members[at];
            let state = self.member(member);
            state.has_heard = false;
            state.has_rejoined = false;
            self.arm(member);
        }
        self.arm_round(id);
    }

    /// A heartbeat tells a member of the round; it takes part when it is in poll.
    pub(super) fn hear(&mut self, now: Time, id: MemberId, sink: &mut impl Sink<B>) {
        let member = self.member(id);
        member.has_heard = true;
        if member.polls.is_some() {
            self.rejoin(now, id, sink);
        }
    }

    /// A member in poll takes part in the round.
    pub(super) fn rejoin(&mut self, now: Time, id: MemberId, sink: &mut impl Sink<B>) {
        let group = self.member(id).group;
        let settings = &self.groups[group.index()].settings;
        let is_cooperative = settings.assignor.is_cooperative();
        if settings.commits_on_rejoin {
            self.commit_all(now, id, sink);
        }
        if !is_cooperative {
            self.take_all(now, id, sink);
        }
        self.take_part(now, id, sink);
    }

    /// As [`Self::rejoin`], of one that has given up what it has to.
    pub(super) fn take_part(&mut self, now: Time, id: MemberId, sink: &mut impl Sink<B>) {
        let member = self.member(id);
        member.has_heard = true;
        member.has_rejoined = true;
        let group = member.group;
        self.consider(now, id);
        self.arm(id);
        self.try_complete(now, group, sink);
    }

    /// A member gives up what has become another's, and at once asks for the round in which that other gets it.
    pub(super) fn give_up_moved(&mut self, now: Time, id: MemberId, sink: &mut impl Sink<B>) {
        let group = self.member(id).group;
        let mut owned = std::mem::take(&mut self.member(id).owned);
        owned.retain(|partition| {
            let share = &mut self.groups[group.index()].shares[*partition as usize];
            let stays = share.claim == Some(id);
            if !stays {
                share.owner = None;
                self.go_back(now, group, *partition, sink);
            }
            stays
        });
        let member = self.member(id);
        member.owned = owned;
        member.must_give_up = false;
        self.begin_round(now, group, sink);
        self.rejoin(now, id, sink);
    }

    /// A member gives up all that it has.
    pub(super) fn take_all(&mut self, now: Time, id: MemberId, sink: &mut impl Sink<B>) {
        let member = self.member(id);
        member.must_give_up = false;
        let group = member.group;
        let mut owned = std::mem::take(&mut member.owned);
        for partition in owned.drain(..) {
            self.groups[group.index()].shares[partition as usize].owner = None;
            self.go_back(now, group, partition, sink);
        }
        // Back, so that its room is used again.
        self.member(id).owned = owned;
    }

    pub(super) fn go_back(
        &mut self,
        now: Time,
        group: GroupId,
        partition: u32,
        sink: &mut impl Sink<B>,
    ) {
        let (at, start) = (partition as usize, self.start(partition));
        self.groups[group.index()].go_back(now, &mut self.store, (at, start), sink);
    }

    /// Ends the round if all members take part. An empty group's first one waits for its time, as more may come.
    pub(super) fn try_complete(&mut self, now: Time, id: GroupId, sink: &mut impl Sink<B>) {
        let group = &self.groups[id.index()];
        let Some(round) = group.round else {
            return;
        };
        let waits = round.first.is_some() && !group.members.is_empty();
        let mut members = group.members.iter();
        if !waits && members.all(|member| self.members[member].has_rejoined) {
            self.complete(now, id, sink);
        }
    }

    /// The time of a round is over.
    ///
    /// A first one waits on if somebody came meanwhile (KIP-134, `InitialDelayedJoin`). Else who does not take part is
    /// put out; a static member is not, but has to come back to get what is its (KIP-345).
    pub(super) fn end_round(&mut self, now: Time, id: GroupId, sink: &mut impl Sink<B>) {
        let group = &mut self.groups[id.index()];
        let round = group.round.as_mut().expect("only a round has its alarm");
        let wait = group.settings.initial_rebalance_delay;
        if let Some(first) = &mut round.first
            && first.has_grown
            && first.left > Span::ZERO
        {
            let longer = wait.min(first.left);
            first.left = Span::from_nanos(first.left.as_nanos() - longer.as_nanos());
            first.has_grown = false;
            round.due = now + longer;
            self.arm_round(id);
            return;
        }
        let mut at = 0;
        while let Some(member) = self.groups[id.index()].members.get(at).copied() {
            at += usize::from(self.stays(now, member, sink));
        }
        self.complete(now, id, sink);
    }

    /// Whether a member is one still, at the end of a round's time.
    fn stays(&mut self, now: Time, id: MemberId, sink: &mut impl Sink<B>) -> bool {
        let member = self.member(id);
        if member.has_rejoined {
            return true;
        }
        debug_assert!(member.polls.is_none(), "{id:?} would have heard");
        let (group, standing) = (member.group, member.standing);
        if self.groups[group.index()].settings.static_membership {
            self.take_all(now, id, sink);
            if standing == Standing::In {
                self.fall_silent(now, id, true);
            }
            return true;
        }
        self.remove(now, id, sink);
        if standing != Standing::In {
            self.members.remove(&id);
        }
        false
    }

    /// Shares the partitions out.
    fn complete(&mut self, now: Time, id: GroupId, sink: &mut impl Sink<B>) {
        let group = &mut self.groups[id.index()];
        group.round = None;
        group.generation += 1;
        let assignor = group.settings.assignor;
        let shares = group.shares.iter();
        let claims: Vec<Option<MemberId>> = shares
            .map(|share| match assignor.is_cooperative() {
                true => share.owner,
                false => share.claim,
            })
            .collect();
        let readers = assign(assignor, &group.members, &claims);
        let queue = group.queue;
        for (partition, reader) in (0..).zip(readers) {
            self.give(id, partition, reader);
        }
        self.arm_round(id);
        sink.notice(now, &Notice::Rebalanced { queue });
        for at in 0..self.groups[id.index()].members.len() {
            let id = self.groups[id.index()].members[at];
            let member = self.member(id);
            if member.must_give_up && member.polls.is_some() {
                self.give_up_moved(now, id, sink);
            }
        }
        for at in 0..self.groups[id.index()].members.len() {
            let member = self.groups[id.index()].members[at];
            self.consider(now, member);
            self.arm(member);
        }
    }

    /// A partition is to be read by `reader`, who gets it if it is free; else its owner has to give it up before.
    fn give(&mut self, group: GroupId, partition: u32, reader: Option<MemberId>) {
        let group = &mut self.groups[group.index()];
        let share = &mut group.shares[partition as usize];
        share.claim = reader;
        let is_cooperative = group.settings.assignor.is_cooperative();
        debug_assert!(is_cooperative || share.owner.is_none(), "{share:?}");
        match share.owner {
            Some(owner) if Some(owner) != reader => self.member(owner).must_give_up = true,
            Some(_) => {}
            None => {
                share.owner = reader;
                let owned = reader.map(|reader| &mut self.member(reader).owned);
                if let Some(owned) = owned {
                    let place = owned.partition_point(|other| *other < partition);
                    owned.insert(place, partition);
                }
            }
        }
    }

    /// Comes back for a group when its round has had its time.
    pub(super) fn arm_round(&mut self, id: GroupId) {
        let group = &mut self.groups[id.index()];
        let due = group.round.map_or(Time::NEVER, |round| round.due);
        self.timers.set(&mut group.alarm, due, Timer::Round(id));
    }
}
