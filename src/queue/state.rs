//! One queue of a broker: its lines, its turns, its limits and its clock of deadlines.

use super::consumer::{ConsumerId, Turns};
use super::delayed::Delayed;
use super::discards::Discards;
use super::effect::Levels;
use super::error::QueueError;
use super::line::{Lines, List, PRESENT};
use super::message::{MessageId, Store};
use super::request::MessageGroup;
use super::route::Route;
use super::rules::{ReturnTo, Rules};
use super::settings::{Expiry, Overflow, QueueId, QueueSettings};
use super::visibility::Hidden;
use crate::time::{Span, Time};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

#[derive(Clone, Debug)]
pub(super) struct QueueState {
    pub(super) name: Arc<str>,
    /// As its clients declared it …
    pub(super) declared: QueueSettings,
    /// … and what holds of that under its policy.
    pub(super) settings: QueueSettings,
    pub(super) rules: Rules,
    pub(super) lines: Lines,
    pub(super) turns: Turns,
    /// All that are registered, in the order in which they came.
    pub(super) consumers: Vec<ConsumerId>,
    /// With a single active consumer: which it is.
    pub(super) active: Option<ConsumerId>,
    /// The active consumer settles what it holds and then yields to another; until then nobody is served.
    pub(super) is_yielding: bool,
    pub(super) has_exclusive_consumer: bool,
    /// How most dead letters are addressed, once there was one.
    pub(super) dead_letter_route: Option<Arc<Route>>,
    present: List<PRESENT>,
    unacked: u64,
    oldest: Time,
    /// For [`Expiry::Deadline`]. An entry may outlive its message's wait; it is then passed over.
    deadlines: BinaryHeap<Reverse<Deadline>>,
    /// When the broker is to come back for this queue; [`Time::NEVER`] if it need not.
    pub(super) alarm: Time,
    /// What came back and waits before it is ready again, once there was something.
    pub(super) delayed: Option<Box<Delayed>>,
    /// What died and is kept until it has arrived where it goes; `None` in a queue that keeps nothing.
    pub(super) discards: Option<Box<Discards>>,
    /// What was received or is delayed, in a queue of SQS.
    pub(super) hidden: Option<Box<Hidden>>,
    /// Some message may have a deadline, or wait to be ready again.
    pub(super) can_expire: bool,
    /// It stands in the broker's list of queues to look at.
    pub(super) touched: bool,
    /// It was deleted. Its number stays its own, so that nothing that still names it means another.
    pub(super) is_gone: bool,
    /// When it last was used, with a consumer or without.
    pub(super) unused_since: Time,
    /// The broker comes back to see whether it is still used.
    pub(super) has_lease_timer: bool,
}

/// When which message is due: by deadline, then in the order of publishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Deadline {
    due: Time,
    position: u64,
    /// Tells this wait of the message from those before a return.
    returns: u32,
    slot: u32,
}

const STALE_TOLERATED: u64 = 64;

impl QueueState {
    pub(super) fn new(name: Arc<str>, settings: QueueSettings, rules: Rules) -> Self {
        Self {
            name,
            lines: Lines::new(rules.highest, rules.has_front(), rules.has_groups()),
            rules,
            can_expire: settings.message_ttl.is_some() || rules.is_pulled,
            declared: settings.clone(),
            settings,
            turns: Turns::default(),
            consumers: Vec::new(),
            active: None,
            is_yielding: false,
            has_exclusive_consumer: false,
            dead_letter_route: None,
            present: List::EMPTY,
            unacked: 0,
            oldest: Time::NEVER,
            deadlines: BinaryHeap::new(),
            delayed: None,
            discards: rules.keeps_dead_letters.then(Box::default),
            hidden: rules.is_pulled.then(Box::default),
            alarm: Time::NEVER,
            touched: false,
            is_gone: false,
            unused_since: Time::ZERO,
            has_lease_timer: false,
        }
    }

    pub(super) fn levels(&self) -> Levels {
        Levels {
            ready: self.lines.len(),
            unacked: self.unacked,
            oldest: self.oldest,
        }
    }

    /// All of it but its name.
    pub(super) fn become_gone(&mut self) {
        let name = self.name.clone();
        *self = Self::new(name, QueueSettings::default(), self.rules);
        self.is_gone = true;
    }

    /// When it will have been unused for too long, if nobody uses it till then (`docs/ttl#queue-ttl`).
    pub(super) fn end_of_lease(&self) -> Time {
        match self.settings.expires {
            Some(span) if self.consumers.is_empty() => self.unused_since + span,
            Some(_) | None => Time::NEVER,
        }
    }

    /// Whether it takes a message of `group`; `id` is its own.
    pub(super) fn check_group(
        &self,
        id: QueueId,
        group: Option<MessageGroup>,
    ) -> Result<(), QueueError> {
        match group.is_none() && self.rules.has_groups() {
            true => Err(QueueError::NoGroup(id)),
            false => Ok(()),
        }
    }

    /// The message that was published first of all that are here.
    pub(super) fn first(&self) -> Option<MessageId> {
        self.present.head()
    }

    /// Whether a message and a consumer with room stand opposite each other.
    pub(super) fn may_deliver(&self) -> bool {
        self.lines.len() > 0
            && self.turns.next().is_some()
            && (!self.rules.is_pulled || self.may_give_out())
    }

    fn may_give_out(&self) -> bool {
        self.lines.has_next() && self.is_below_in_flight_limit()
    }

    /// When a message published at `since` is too old: the smaller time to live wins.
    pub(super) fn deadline(&self, since: Time, own_ttl: Option<Span>) -> Time {
        let ttl = [self.settings.message_ttl, own_ttl]
            .into_iter()
            .flatten()
            .min();
        ttl.map_or(Time::NEVER, |ttl| since + ttl)
    }

    /// Whether one message more of `bytes` would go over a limit. What died and is kept counts too, or a queue could
    /// grow without end though nobody takes its dead letters (`docs/quorum-queues#caveats`).
    pub(super) fn is_full_for(&self, bytes: u32) -> bool {
        let kept = self.discards.as_deref();
        let (count, kept_bytes) = kept.map_or((0, 0), Discards::size);
        self.exceeds(
            self.lines.len() + count + 1,
            self.lines.bytes() + kept_bytes + u64::from(bytes),
        )
    }

    pub(super) fn drops_its_head(&self) -> bool {
        self.settings.overflow == Overflow::DropHead
            && self.exceeds(self.lines.len(), self.lines.bytes())
    }

    /// Whether a return may push out what stands at the head.
    pub(super) fn may_drop_its_head(&self) -> bool {
        self.settings.overflow == Overflow::DropHead
            && (self.settings.max_length.is_some() || self.settings.max_length_bytes.is_some())
    }

    fn exceeds(&self, length: u64, bytes: u64) -> bool {
        self.settings.max_length.is_some_and(|most| length > most)
            || self
                .settings
                .max_length_bytes
                .is_some_and(|most| bytes > most)
    }

    /// A new message joins the line.
    #[inline(always)]
    pub(super) fn enter<B>(&mut self, store: &mut Store<B>, id: MessageId) {
        self.come_to_be_present(store, id);
        self.lines.push(store, id);
        self.note_deadline(store, id);
    }

    /// A new message that cannot be seen yet.
    pub(super) fn enter_unacked<B>(&mut self, store: &mut Store<B>, id: MessageId) {
        self.come_to_be_present(store, id);
        store[id].ready = false;
        self.unacked += 1;
    }

    #[inline(always)]
    fn come_to_be_present<B>(&mut self, store: &mut Store<B>, id: MessageId) {
        if self.levels().total() == 0 {
            self.oldest = store[id].enqueued;
        }
        self.present.push_back(store, id);
    }

    /// Ready → unacked.
    pub(super) fn hand_out<B>(&mut self, store: &mut Store<B>, id: MessageId) {
        self.lines.remove(store, id);
        self.unacked += 1;
    }

    /// Unacked → ready.
    pub(super) fn take_back<B>(&mut self, store: &mut Store<B>, id: MessageId, to: ReturnTo) {
        self.unacked -= 1;
        self.unhide(store, id);
        self.lines.put_back(store, id, to);
        self.note_deadline(store, id);
    }

    /// A message leaves, from wherever it stands.
    pub(super) fn forget<B>(&mut self, store: &mut Store<B>, id: MessageId) {
        if store[id].ready {
            self.lines.remove(store, id);
        } else {
            self.unacked -= 1;
        }
        self.present.remove(store, id);
        self.oldest = self
            .present
            .head()
            .map_or(Time::NEVER, |oldest| store[oldest].enqueued);
    }

    /// Ready messages in the order of delivery; in groups, of publishes.
    pub(super) fn ready<'a, B>(
        &'a self,
        store: &'a Store<B>,
    ) -> impl Iterator<Item = MessageId> + use<'a, B> {
        let in_groups = self.rules.has_groups().then(|| self.present.iter(store));
        let in_groups = in_groups.into_iter().flatten();
        let is_ready = |id: &MessageId| store[*id].ready;
        self.lines.iter(store).chain(in_groups.filter(is_ready))
    }

    /// A ready message whose time is over and that may leave now: the head, or any if the queue expires by deadline.
    pub(super) fn next_due<B>(&mut self, store: &Store<B>, now: Time) -> Option<MessageId> {
        if self.rules.expiry == Expiry::Head {
            return self
                .lines
                .head()
                .filter(|head| store[*head].deadline <= now && now < Time::NEVER);
        }
        while let Some(Reverse(deadline)) = self.deadlines.peek().copied()
            && deadline.due <= now
        {
            self.deadlines.pop();
            if deadline.holds(store) {
                return Some(MessageId(deadline.slot));
            }
        }
        None
    }

    /// The earliest moment at which something may be due, to leave or to be ready again; perhaps too early, never too
    /// late.
    pub(super) fn next_deadline<B>(&self, store: &Store<B>) -> Time {
        let delayed = self.delayed.as_deref().map(Delayed::next);
        let hidden = self.hidden.as_deref().map(Hidden::next);
        let expiry = Some(self.next_expiry(store));
        let all = [expiry, delayed, hidden].into_iter().flatten();
        all.min().unwrap_or(Time::NEVER)
    }

    fn next_expiry<B>(&self, store: &Store<B>) -> Time {
        match self.rules.expiry {
            Expiry::Head => self
                .lines
                .head()
                .map_or(Time::NEVER, |head| store[head].deadline),
            Expiry::Deadline => self
                .deadlines
                .peek()
                .map_or(Time::NEVER, |Reverse(deadline)| deadline.due),
        }
    }

    /// Every message of the queue, oldest publish first.
    pub(super) fn present<'a, B>(
        &self,
        store: &'a Store<B>,
    ) -> impl Iterator<Item = MessageId> + use<'a, B> {
        self.present.iter(store)
    }

    #[inline]
    fn note_deadline<B>(&mut self, store: &Store<B>, id: MessageId) {
        if store[id].deadline != Time::NEVER {
            self.note_its_deadline(store, id);
        }
    }

    fn note_its_deadline<B>(&mut self, store: &Store<B>, id: MessageId) {
        let message = &store[id];
        self.can_expire = true;
        if self.rules.expiry == Expiry::Deadline {
            self.deadlines.push(Reverse(Deadline {
                due: message.deadline,
                position: message.position,
                returns: message.returns,
                slot: id.0,
            }));
            // Messages served in time leave their entries behind: without this, memory would grow with the run.
            if self.deadlines.len() as u64 > STALE_TOLERATED + 2 * self.lines.len() {
                self.deadlines
                    .retain(|Reverse(deadline)| deadline.holds(store));
            }
        }
    }
}

impl Deadline {
    /// Whether the message noted under this slot is still the same one, and waits as it did.
    fn holds<B>(&self, store: &Store<B>) -> bool {
        store.get(MessageId(self.slot)).is_some_and(|message| {
            message.ready && message.position == self.position && message.returns == self.returns
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::queue::{Broker, Publication, QueueSettings, Subscription};

    #[test]
    fn a_message_that_comes_back_often_is_noted_as_due_only_once() {
        let mut broker = Broker::new();
        let queue = broker
            .declare(
                Time::ZERO,
                QueueSettings {
                    message_ttl: Some(Span::from_secs(1)),
                    expiry: Expiry::Deadline,
                    ..QueueSettings::default()
                },
            )
            .unwrap();
        let channel = broker.open_channel();
        broker
            .subscribe(channel, queue, Subscription::prefetch(1))
            .unwrap();
        broker
            .publish(Time::ZERO, queue, Publication::of(()), &mut ())
            .unwrap();
        for tag in 1..1000 {
            broker.poll_delivery(Time::ZERO, &mut ()).unwrap();
            broker
                .nack(Time::ZERO, channel, tag, true, &mut ())
                .unwrap();
            let noted = broker.queues[queue.index()].deadlines.len() as u64;
            assert!(noted <= STALE_TOLERATED + 2, "{noted} after {tag} returns");
        }
    }
}
