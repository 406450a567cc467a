//! Between the core and the probe: passes every effect on, and follows what becomes of messages.

use super::family::Families;
use super::ledger::{Ledger, Remark};
use super::work::Verdict;
use crate::measure::Probe;
use crate::queue::{ChannelId, Delivery, Effect, Exit, Levels, Notice, QueueId, Sink};
use crate::time::Time;
use crate::workload::{Job, JobId};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

pub(super) struct Relay<'a, P> {
    pub(super) probe: &'a mut P,
    pub(super) families: Families,
    pub(super) ledger: Ledger,
    /// Whether there is anything to enter there.
    pub(super) has_ledger: bool,
    /// By producer: whether its messages have families.
    pub(super) followed: Vec<bool>,
    /// By producer: whether its clients wait for an answer.
    pub(super) closed: Vec<bool>,
    answered: VecDeque<(u32, u32)>,
    /// The next message that enters a queue or is refused is what a publisher hands in, not a dead letter.
    expects_answer: bool,
    refused: bool,
    /// Memory has become short, or is no longer.
    alarm_changed: bool,
    /// Messages that entered a queue, came back or left: tells whether anything goes on.
    pub(super) moves: u64,
    /// Of these, that left.
    pub(super) lefts: u64,
    /// Messages that came to their end.
    pub(super) ends: u64,
    /// How often a message came back to a queue without its work having been begun, of those that are there.
    unbegun: BTreeMap<(QueueId, JobId, Time), u32>,
    /// Whether anybody keeps something for messages until they leave their queue …
    pub(super) keeps: bool,
    /// … and those that have left.
    gone: Vec<(QueueId, Job, Time)>,
    expelled: VecDeque<Expelled>,
    /// Records of logs that somebody has been done with, until they are committed; by their tags.
    done: BTreeSet<(QueueId, u64)>,
}

/// A consumer that held something for too long.
pub(super) struct Expelled {
    pub(super) channel: ChannelId,
    /// The broker has closed its channel, and not only cancelled it.
    pub(super) is_closed: bool,
}

impl<'a, P: Probe> Relay<'a, P> {
    pub(super) fn new(probe: &'a mut P, ledger: Ledger) -> Self {
        Self {
            probe,
            families: Families::default(),
            has_ledger: ledger.is_kept(),
            ledger,
            followed: Vec::new(),
            closed: Vec::new(),
            answered: VecDeque::new(),
            expects_answer: false,
            refused: false,
            alarm_changed: false,
            moves: 0,
            lefts: 0,
            ends: 0,
            unbegun: BTreeMap::new(),
            keeps: false,
            gone: Vec::new(),
            expelled: VecDeque::new(),
            done: BTreeSet::new(),
        }
    }

    pub(super) fn is_followed(&self, producer: u32) -> bool {
        self.followed[producer as usize]
    }

    /// The next client, by its producer, that has its answer.
    #[inline]
    pub(super) fn next_answer(&mut self) -> Option<(u32, u32)> {
        if self.answered.is_empty() {
            return None;
        }
        self.answered.pop_front()
    }

    /// A publisher hands in a message.
    #[inline]
    pub(super) fn expect_answer(&mut self) {
        self.expects_answer = true;
        self.refused = false;
    }

    /// It is not even tried.
    pub(super) fn turn_away(&mut self) {
        (self.expects_answer, self.refused) = (false, true);
    }

    /// Whether it was refused, and went nowhere else.
    #[inline]
    pub(super) fn was_refused(&self) -> bool {
        self.refused
    }

    /// Work on a message begins.
    #[inline(always)]
    pub(super) fn started(&mut self, now: Time, pool: usize, delivery: &Delivery<Job>) {
        let begun_before = self.begun_before(delivery) > 0;
        self.probe.started(now, pool, delivery, begun_before);
        if self.has_ledger {
            self.ledger.begin(delivery);
        }
    }

    /// Work on a message ends: it `is_done`, or has failed, or its consumer has died.
    #[inline(always)]
    pub(super) fn worked(&mut self, now: Time, delivery: &Delivery<Job>, is_done: bool) {
        self.probe.worked(now, delivery, is_done);
        if self.has_ledger {
            self.enter(now, delivery, is_done);
        }
    }

    #[cold]
    fn enter(&mut self, now: Time, delivery: &Delivery<Job>, is_done: bool) {
        let Remark { again, late } = self.ledger.end(delivery, is_done);
        if again || late {
            self.probe.remarked(now, delivery, again, late);
        }
    }

    /// How often work on a message was begun before in its queue.
    #[inline]
    fn begun_before(&self, delivery: &Delivery<Job>) -> u32 {
        if delivery.returns == 0 {
            return 0;
        }
        let id = (delivery.queue, delivery.body.id(), delivery.enqueued);
        let unbegun = self.unbegun.get(&id).copied().unwrap_or(0);
        delivery.returns.saturating_sub(unbegun)
    }

    /// A consumer that asked for messages has one more to work on.
    pub(super) fn hold(&mut self, delivery: &Delivery<Job>) {
        if self.ledger.hands_out(delivery.queue) {
            self.families.hold(&delivery.body);
            self.ledger.hold(delivery);
        }
    }

    /// It will not work on it after all.
    pub(super) fn let_go(&mut self, delivery: &Delivery<Job>) {
        if self.ledger.hands_out(delivery.queue) {
            self.families.let_go(&delivery.body);
            self.ledger.let_go(delivery);
        }
    }

    /// It has said what comes of its work.
    #[inline]
    pub(super) fn worked_out(&mut self, delivery: &Delivery<Job>) {
        if self.has_ledger && self.ledger.hands_out(delivery.queue) {
            self.families.let_go(&delivery.body);
        }
    }

    /// Numbers the attempts at one message: by the way it came, and how often work on it was begun.
    #[inline]
    pub(super) fn attempt(&self, delivery: &Delivery<Job>) -> u64 {
        (u64::from(delivery.body.path) << 32)
            ^ (u64::from(delivery.deaths) << 20)
            ^ u64::from(self.begun_before(delivery))
    }

    /// A delivery comes back, and nobody had begun to work on it.
    pub(super) fn came_back_unbegun(&mut self, delivery: &Delivery<Job>) {
        let id = (delivery.queue, delivery.body.id(), delivery.enqueued);
        self.keeps = true;
        // It may have left in this very moment, where its channel was closed before this.
        let left =
            |(queue, job, enqueued): &(QueueId, Job, Time)| (*queue, job.id(), *enqueued) == id;
        if !self.gone.iter().any(left) {
            *self.unbegun.entry(id).or_insert(0) += 1;
        }
    }

    /// An ack has ended a message here: it is done with, or only what has come of it still is on its way.
    #[inline(always)]
    pub(super) fn close_account(&mut self, now: Time, job: &Job, verdict: Verdict) {
        match verdict {
            Verdict::Completed(exit) => {
                if let Some(exit) = exit {
                    self.probe.exited(now, job, exit as usize);
                }
                self.end(now, job, true);
            }
            Verdict::PassedOn => self.withdraw(now, job, 1),
            Verdict::Requeued(_) | Verdict::Rejected => {}
        }
    }

    /// A member of a group is done with a record, which it has yet to commit. The first time is its end; who does it
    /// again, because the commit does not come, ends nothing.
    pub(super) fn note_done(&mut self, now: Time, delivery: &Delivery<Job>, verdict: Verdict) {
        let job = &delivery.body;
        if !self.done.insert((delivery.queue, delivery.tag)) {
            return;
        }
        // Until it is committed it may be handed out again, and more may come of it.
        self.families.hold(job);
        match verdict {
            Verdict::Rejected => self.end(now, job, false),
            Verdict::Completed(_) | Verdict::PassedOn | Verdict::Requeued(_) => {
                self.close_account(now, job, verdict);
            }
        }
    }

    /// Whether a record leaves that has ended before.
    #[cold]
    fn was_done(&mut self, queue: QueueId, effect: &Effect<'_, Job>) -> bool {
        let Effect::Left { message, .. } = effect else {
            return false;
        };
        let was_done = self.done.remove(&(queue, message.position()));
        if was_done {
            self.families.let_go(&message.body);
        }
        was_done
    }

    /// Messages that have left their queues, where somebody keeps something for them.
    pub(super) fn take_gone(&mut self) -> Vec<(QueueId, Job, Time)> {
        std::mem::take(&mut self.gone)
    }

    /// A message is lost with the consumer that held it, since the broker has forgotten it at delivery.
    pub(super) fn abandon(&mut self, now: Time, job: &Job) {
        self.probe.abandoned(now, job);
        self.end(now, job, false);
    }

    pub(super) fn next_expelled(&mut self) -> Option<Expelled> {
        self.expelled.pop_front()
    }

    /// Whether memory has become short or is no longer, as is told once.
    #[inline]
    pub(super) fn takes_alarm(&mut self) -> bool {
        self.alarm_changed && std::mem::take(&mut self.alarm_changed)
    }

    /// One copy of a message has come to its end: whatever was to be done with it is done, or it is lost.
    #[inline]
    pub(super) fn end(&mut self, now: Time, job: &Job, completed: bool) {
        if job.family == Job::ALONE {
            self.ends += 1;
            self.probe.ended(now, job, completed);
            return;
        }
        let told = self.families.end(job.family, completed);
        self.tell(now, job, told);
    }

    /// So many copies of a message that has a family will not come after all.
    pub(super) fn withdraw(&mut self, now: Time, job: &Job, count: u32) {
        if job.family != Job::ALONE {
            let told = self.families.withdraw(job.family, count);
            self.tell(now, job, told);
        }
    }

    #[cold]
    fn left(&mut self, now: Time, queue: QueueId, effect: &Effect<'_, Job>, is_over: bool) {
        if let Effect::Left { message, .. } = effect {
            let id = (queue, message.body.id(), message.enqueued);
            self.ledger.left(queue, &message.body, message.enqueued);
            if self.keeps {
                self.unbegun.remove(&id);
                self.gone.push((queue, message.body, message.enqueued));
            }
        }
        self.follow(now, effect, is_over);
    }

    /// What becomes of a message that leaves a queue. What is acked is not over: its consumer says what comes of it.
    #[inline(always)]
    fn follow(&mut self, now: Time, effect: &Effect<'_, Job>, is_over: bool) {
        let Effect::Left {
            message,
            exit,
            dead_lettered_to,
            copied,
            ..
        } = effect
        else {
            return;
        };
        self.moves += 1;
        self.lefts += 1;
        if *exit == Exit::Acked || is_over {
            return;
        }
        match (dead_lettered_to.len() - copied, copied) {
            (0, 0) => self.end(now, &message.body, false),
            (0, _) => self.withdraw(now, &message.body, 1),
            (copies, _) => self.families.expect(&message.body, copies as u32 - 1),
        }
    }

    fn tell(&mut self, now: Time, job: &Job, told: Option<(bool, u32)>) {
        let Some((completed, client)) = told else {
            return;
        };
        self.ends += 1;
        self.probe.ended(now, job, completed);
        if self.closed[job.producer as usize] {
            self.answered.push_back((job.producer, client));
        }
    }
}

impl<P: Probe> Sink<Job> for Relay<'_, P> {
    // Each kind of effect is told from one place: there the match costs nothing, and a message 5 % less.
    #[inline(always)]
    fn effect(&mut self, now: Time, queue: QueueId, effect: &Effect<'_, Job>, levels: Levels) {
        self.probe.effect(now, queue, effect, levels);
        let is_over = !self.done.is_empty() && self.was_done(queue, effect);
        match *effect {
            Effect::Accepted { .. } => {
                self.expects_answer = false;
                self.moves += 1;
            }
            // It is still where it came from.
            Effect::Refused {
                body,
                dead_lettered_to,
                is_kept: true,
            } => self.families.expect(body, dead_lettered_to.len() as u32),
            Effect::Refused {
                body,
                dead_lettered_to,
                is_kept: false,
            } => {
                let own = std::mem::take(&mut self.expects_answer);
                match dead_lettered_to {
                    [] if own => self.refused = true,
                    [] => self.end(now, body, false),
                    [_, more @ ..] => self.families.expect(body, more.len() as u32),
                }
            }
            Effect::Copied { message, to } => {
                self.families.expect(&message.body, to.len() as u32);
            }
            Effect::Left { .. } if self.keeps || self.has_ledger => {
                self.left(now, queue, effect, is_over)
            }
            Effect::Left { .. } => self.follow(now, effect, is_over),
            Effect::Returned { .. } => self.moves += 1,
            Effect::Delivered { .. } | Effect::Withheld { .. } => {}
        }
    }

    fn notice(&mut self, _: Time, notice: &Notice<'_, Job>) {
        let mut expel = |channel, is_closed| {
            self.expelled.push_back(Expelled { channel, is_closed });
        };
        match *notice {
            Notice::Alarm { .. } => self.alarm_changed = true,
            Notice::ConsumerCancelled { channel, .. } => expel(channel, false),
            Notice::ChannelClosed { channel } => expel(channel, true),
            Notice::Unroutable { .. }
            | Notice::Blocked { .. }
            | Notice::Unblocked { .. }
            | Notice::Confirmed { .. }
            | Notice::Rebalancing { .. }
            | Notice::Rebalanced { .. }
            | Notice::QueueGone { .. } => {}
        }
    }
}
