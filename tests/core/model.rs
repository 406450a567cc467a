//! The rules again, in the simplest code that can be believed: vectors, searched from end to end, nothing kept that
//! can be counted. It shares types with the core, and no code.
//!
//! Three things are told to it rather than derived, as they are names or the order of work and no rule of a queue: the
//! names of channels and consumers, that queues are served in the order in which they came to have something to
//! deliver, and that of several queues that are due the one declared first goes first.

mod exchanges;
mod sqs;

use exchanges::Exchanges;
use queuelab::queue::{
    BrokerSettings, ChannelId, ConnectionId, ConsumerId, DeadLetterExchange, DeadLetterStrategy,
    Death, DeleteIf, Delivery, ExchangeId, Exit, Expiry, Gone, Levels, Overflow, Policy, Profile,
    Published, QueueError, QueueId, QueueKind, QueueSettings, Reason, Retried, Route,
    SettingsError, Stood, Subscription,
};
use queuelab::time::{Span, Time};
use sqs::{Hidden, Receipt};
use std::cmp::Reverse;
use std::sync::Arc;

/// What a test knows of an effect.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Event {
    pub(super) now: Time,
    pub(super) queue: QueueId,
    pub(super) body: u32,
    pub(super) what: What,
    pub(super) levels: Levels,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum What {
    Refused {
        to: Vec<QueueId>,
        is_kept: bool,
    },
    Withheld(Facts, Exit),
    Copied(Facts, Vec<QueueId>),
    Accepted(Facts),
    Delivered(Facts, Option<ConsumerId>),
    Returned(Facts),
    Left {
        facts: Facts,
        exit: Exit,
        stood: Stood,
        to: Vec<QueueId>,
        copied: usize,
    },
}

/// What an effect tells of its message.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Facts {
    pub(super) enqueued: Time,
    pub(super) deadline: Time,
    pub(super) bytes: u32,
    pub(super) priority: Option<u8>,
    pub(super) deliveries: u32,
    pub(super) returns: u32,
    pub(super) delivery_count: u32,
}

#[derive(Clone, Debug)]
pub(super) struct Letter {
    pub(super) body: u32,
    pub(super) bytes: u32,
    pub(super) priority: Option<u8>,
    pub(super) ttl: Option<Span>,
    /// `None` is straight to the queue.
    pub(super) route: Option<Route>,
    pub(super) group: Option<u32>,
    /// When it was first published, if it was moved by standard queues of SQS alone.
    pub(super) first: Option<Time>,
}

/// What can be seen of a message in a queue.
#[derive(Debug, PartialEq)]
pub(super) struct Present {
    pub(super) body: u32,
    pub(super) is_ready: bool,
    pub(super) route: Option<Route>,
    pub(super) deaths: Vec<Death>,
}

#[derive(Clone, Debug)]
struct Message {
    queue: QueueId,
    /// Order of publishes.
    number: u64,
    /// Its turn in the line: first those that stand in front, then by level, then by number.
    turn: (Front, u8, u64),
    body: u32,
    facts: Facts,
    place: Place,
    /// Its own time to live.
    ttl: Option<Span>,
    route: Option<Route>,
    group: Option<u32>,
    first: Option<Time>,
    deaths: Vec<Death>,
    kept: Option<Kept>,
}

/// What becomes of what died and is kept.
#[derive(Clone, Debug)]
struct Kept {
    exit: Exit,
    /// Order of deaths.
    order: u64,
    is_taken: bool,
    confirmed: Vec<QueueId>,
    sent: Option<Time>,
}

/// What has yet to happen of deaths.
#[derive(Clone, Debug)]
enum Errand {
    Publish(QueueId, Letter, Vec<Death>),
    Forward(QueueId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Front {
    Came,
    Stands,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    Ready,
    Unacked {
        channel: ChannelId,
        tag: u64,
        holder: Holder,
        /// From when on it is held for too long.
        overdue: Time,
    },
    /// It is being settled: held no more, and nowhere yet.
    Settling,
    /// It died, and is kept.
    Kept,
    /// It came back, as the how-manieth of all returns, and waits.
    Delayed {
        until: Time,
        order: u64,
    },
    /// In a queue of SQS: nobody sees it.
    Hidden(Hidden),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Holder {
    Consumer(ConsumerId),
    Gone,
    Get,
}

#[derive(Clone, Copy, Debug)]
struct Consumer {
    id: ConsumerId,
    channel: ChannelId,
    queue: QueueId,
    subscription: Subscription,
    /// When it last came to the end of the row: who came first is served first.
    turn: u64,
    /// Of one that pulls: how many messages it waits for.
    asked: u32,
}

/// Of what was unacked when its queue went: only the tag is left.
const NOWHERE: QueueId = QueueId(u32::MAX);

#[derive(Clone, Copy, Debug)]
struct Connection {
    id: ConnectionId,
    is_of_one_channel: bool,
    is_deaf: bool,
    is_blocked: bool,
}

/// An open channel.
#[derive(Clone, Copy, Debug)]
struct Channel {
    connection: ConnectionId,
    id: ChannelId,
    last_tag: u64,
    prefetch: u32,
    /// Publishes so far, where they are confirmed.
    confirms: Option<u64>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Model {
    broker: BrokerSettings,
    is_alarmed: bool,
    /// As declared.
    settings: Vec<QueueSettings>,
    policies: Vec<Policy>,
    /// Of each queue: it was deleted.
    gone: Vec<bool>,
    /// Of each queue: when it was last used.
    used: Vec<Time>,
    connections: Vec<Connection>,
    /// In the order of publishes.
    messages: Vec<Message>,
    consumers: Vec<Consumer>,
    channels: Vec<Channel>,
    /// Where one consumer alone is served: which, and whether it yields.
    active: Vec<(QueueId, ConsumerId, bool)>,
    touched: Vec<QueueId>,
    outbox: Vec<Delivery<u32>>,
    dead: Vec<Errand>,
    receipts: Vec<Receipt>,
    /// (channel, tag, queue) of all that was delivered and held.
    sources: Vec<(ChannelId, u64, QueueId)>,
    /// When what is kept is looked at again, where something is taken.
    looks: Vec<(Time, QueueId)>,
    pub(super) exchanges: Exchanges,
    count: u64,
    pub(super) history: Vec<Event>,
    /// Consumers that were cancelled, and queues that went.
    pub(super) notices: Vec<String>,
}

type Answer = Result<(), QueueError>;

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Settlement {
    Ack,
    Requeue(Why),
    Discard,
}

/// Why a message comes back.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Why {
    Nack,
    Reject,
    Close,
    Overdue,
}

impl Model {
    pub(super) fn new(broker: BrokerSettings) -> Self {
        Self {
            broker,
            ..Self::default()
        }
    }

    /// Of a queue that is not there yet.
    pub(super) fn declare(&mut self, now: Time, name: &str, settings: QueueSettings) -> Answer {
        self.check_kinds(&settings)?;
        if let Some(owner) = settings.owner
            && !self.connections.iter().any(|open| open.id == owner)
        {
            return Err(QueueError::UnknownConnection(owner));
        }
        self.exchanges.queues.push(name.to_owned());
        self.settings.push(settings);
        self.policies.push(Policy::default());
        self.gone.push(false);
        self.used.push(now);
        Ok(())
    }

    pub(super) fn declare_again(&mut self, now: Time, queue: QueueId) {
        if !self.is_quorum(queue) {
            self.used[queue.index()] = now;
        }
    }

    pub(super) fn set_policy(&mut self, now: Time, queue: QueueId, policy: &Policy) -> Answer {
        self.check_queue(queue)?;
        if policy.expires == Some(Span::ZERO) {
            return Err(QueueError::Settings(SettingsError::ExpiresAtOnce));
        }
        self.policies[queue.index()] = policy.clone();
        if !self.is_quorum(queue) {
            self.used[queue.index()] = now;
        }
        let drops = self.rules(queue).overflow == Overflow::DropHead;
        if drops && self.exceeds(queue, 0, 0) {
            self.dispatch_all(now, queue);
            self.drop_heads(now, queue);
        }
        self.touch(queue);
        self.send_what_is_due(now, queue);
        self.bury(now);
        Ok(())
    }

    pub(super) fn delete(
        &mut self,
        now: Time,
        queue: QueueId,
        only: DeleteIf,
    ) -> Result<u64, QueueError> {
        self.check_queue(queue)?;
        if only.unused && self.has_consumers(queue) {
            return Err(QueueError::InUse(queue));
        }
        let ready = self.line(queue).len() as u64;
        if only.empty && ready > 0 {
            return Err(QueueError::NotEmpty(queue));
        }
        self.end(now, queue, Gone::Deleted);
        Ok(ready)
    }

    pub(super) fn connect(&mut self, id: ConnectionId) {
        self.connections.push(Connection {
            id,
            is_of_one_channel: false,
            is_deaf: false,
            is_blocked: false,
        });
    }

    pub(super) fn disconnect(&mut self, now: Time, id: ConnectionId) -> Answer {
        if !self.connections.iter().any(|open| open.id == id) {
            return Err(QueueError::UnknownConnection(id));
        }
        self.connections.retain(|open| open.id != id);
        let channels = self.channels.clone();
        for channel in channels.iter().filter(|open| open.connection == id) {
            self.close_channel(now, channel.id);
        }
        self.end_queues_of(now, id);
        Ok(())
    }

    fn end_queues_of(&mut self, now: Time, id: ConnectionId) {
        for queue in self.queues() {
            if self.rules(queue).owner == Some(id) && !self.gone[queue.index()] {
                self.end(now, queue, Gone::WithItsOwner);
            }
        }
    }

    pub(super) fn open_channel(&mut self, id: ChannelId, connection: ConnectionId) {
        if !self.connections.iter().any(|open| open.id == connection) {
            self.connections.push(Connection {
                id: connection,
                is_of_one_channel: true,
                is_deaf: false,
                is_blocked: false,
            });
        }
        self.channels.push(Channel {
            connection,
            id,
            last_tag: 0,
            prefetch: 0,
            confirms: None,
        });
    }

    pub(super) fn check_queue(&self, queue: QueueId) -> Answer {
        match self.gone.get(queue.index()) {
            Some(false) => Ok(()),
            Some(true) | None => Err(QueueError::UnknownQueue(queue)),
        }
    }

    /// The channel is open, the queue is there, and may be used on it.
    fn check_access(&self, channel: ChannelId, queue: QueueId) -> Answer {
        let open = self.channels.iter().find(|open| open.id == channel);
        let connection = open.ok_or(QueueError::UnknownChannel(channel))?.connection;
        self.check_queue(queue)?;
        match self.rules(queue).owner {
            Some(owner) if owner != connection => Err(QueueError::Locked(queue)),
            Some(_) | None => Ok(()),
        }
    }

    fn has_consumers(&self, queue: QueueId) -> bool {
        self.consumers.iter().any(|one| one.queue == queue)
    }

    /// A consumer has gone from `queue`.
    fn after_consumer(&mut self, now: Time, queue: QueueId) {
        if self.gone[queue.index()] {
            return;
        }
        if self.has_consumers(queue) {
            self.appoint(queue);
        } else if self.rules(queue).auto_delete {
            self.end(now, queue, Gone::AutoDeleted);
        } else {
            self.used[queue.index()] = now;
        }
    }

    fn end(&mut self, now: Time, queue: QueueId, why: Gone) {
        self.bury(now);
        let consumers = self.consumers.clone();
        for consumer in consumers.iter().filter(|one| one.queue == queue) {
            self.dismiss(consumer.id);
        }
        let present: Vec<Message> = self.of(queue).cloned().collect();
        for message in present {
            self.leave(now, message.number, Exit::Purged);
            if matches!(message.place, Place::Unacked { .. }) {
                self.messages.push(Message {
                    queue: NOWHERE,
                    ..message
                });
            }
        }
        self.gone[queue.index()] = true;
        self.exchanges.forget(queue);
        self.touched.retain(|other| *other != queue);
        self.looks.retain(|(_, of)| *of != queue);
        self.notices.push(format!("{queue:?} is gone: {why:?}"));
        self.bury(now);
    }

    fn dismiss(&mut self, id: ConsumerId) {
        let Some(consumer) = self.consumers.iter().find(|one| one.id == id) else {
            return;
        };
        let (queue, channel) = (consumer.queue, consumer.channel);
        self.take_away(id);
        self.notices
            .push(format!("{id:?} of {queue:?} on {channel:?} is cancelled"));
    }

    /// How long a delivery from `queue` may be unsettled.
    fn patience(&self, queue: QueueId) -> Option<Span> {
        let of_all = self.broker.consumer_timeout;
        match self.broker.profile {
            _ if self.is_sqs(queue) => None,
            Profile::Rabbitmq310 => of_all,
            Profile::Rabbitmq43 if self.is_quorum(queue) => {
                self.rules(queue).consumer_timeout.or(of_all)
            }
            Profile::Rabbitmq43 => None,
        }
    }

    /// (overdue from, channel, tag, number) of all that is held.
    fn overdue(&self) -> Vec<(Time, ChannelId, u64, u64)> {
        let held = self.messages.iter().filter(|one| one.queue != NOWHERE);
        let overdue = held.filter_map(|message| {
            let Place::Unacked {
                channel,
                tag,
                overdue,
                ..
            } = message.place
            else {
                return None;
            };
            Some((overdue, channel, tag, message.number))
        });
        overdue.filter(|(from, ..)| *from < Time::NEVER).collect()
    }

    /// The first whole minute after something is overdue, and on which channel.
    fn next_look(&self) -> Option<(Time, ChannelId)> {
        const MINUTE: u64 = 60_000_000_000;
        let looks = self.overdue().into_iter().map(|(from, channel, ..)| {
            let minutes = (from - Time::ZERO).as_nanos() / MINUTE;
            (Time::from_nanos((minutes + 1) * MINUTE), channel)
        });
        looks.min()
    }

    fn look(&mut self, now: Time, at: Time, id: ChannelId) {
        let mut overdue = self.overdue();
        overdue.retain(|(from, channel, ..)| *from < at && *channel == id);
        overdue.sort_by_key(|(_, _, tag, _)| *tag);
        let numbers: Vec<u64> = overdue.iter().map(|(.., number)| *number).collect();
        let owner = self.channels.iter().find(|open| open.id == id);
        let owner = owner.expect("who holds has a channel").connection;
        let is_deaf = |open: &Connection| open.id == owner && open.is_deaf;
        let holders: Vec<Holder> = numbers.iter().map(|n| self.holder(*n)).collect();
        if self.broker.profile == Profile::Rabbitmq310
            || holders.contains(&Holder::Get)
            || self.connections.iter().any(is_deaf)
        {
            self.notices.push(format!("{id:?} is to close"));
            self.close(now, id).expect("it is open");
            return;
        }
        self.clear_the_way(now);
        for holder in holders {
            if let Holder::Consumer(consumer) = holder {
                self.dismiss(consumer);
            }
        }
        for number in &numbers {
            self.after_consumer(now, self.message(*number).queue);
        }
        for number in numbers {
            let tag = Message {
                queue: NOWHERE,
                number: self.next_number(),
                ..self.message(number).clone()
            };
            self.messages.push(tag);
            self.come_back(now, number, Why::Overdue);
        }
        self.bury(now);
    }

    fn holder(&self, number: u64) -> Holder {
        match self.message(number).place {
            Place::Unacked { holder, .. } => holder,
            Place::Ready
            | Place::Settling
            | Place::Kept
            | Place::Delayed { .. }
            | Place::Hidden(_) => {
                unreachable!("it is held")
            }
        }
    }

    pub(super) fn tell_of_cancels(&mut self, id: ConnectionId, can_be_told: bool) -> Answer {
        let open = self.connections.iter_mut().find(|open| open.id == id);
        open.ok_or(QueueError::UnknownConnection(id))?.is_deaf = !can_be_told;
        Ok(())
    }

    pub(super) fn confirm_select(&mut self, id: ChannelId) -> Answer {
        let open = self.channels.iter_mut().find(|open| open.id == id);
        let confirms = &mut open.ok_or(QueueError::UnknownChannel(id))?.confirms;
        *confirms = Some(confirms.unwrap_or(0));
        Ok(())
    }

    pub(super) fn publish_on(
        &mut self,
        now: Time,
        id: ChannelId,
        route: &Route,
        letter: &Letter,
    ) -> Result<Published<u32>, QueueError> {
        let open = self.channels.iter().find(|open| open.id == id);
        let owner = open.ok_or(QueueError::UnknownChannel(id))?.connection;
        let is_blocked = |open: &Connection| open.id == owner && open.is_blocked;
        if self.connections.iter().any(is_blocked) {
            return Err(QueueError::Blocked(owner));
        }
        let was_alarmed = self.is_alarmed;
        let mut published = self.publish_to(now, route, letter)?;
        for channel in self.channels.iter_mut().filter(|open| open.id == id) {
            if let Some(count) = &mut channel.confirms {
                *count += 1;
                published.sequence = Some(*count);
                let word = if published.refused > 0 { "nack" } else { "ack" };
                self.notices.push(format!("{id:?} {count} {word}"));
            }
        }
        if was_alarmed && self.is_alarmed {
            for connection in self.connections.iter_mut().filter(|open| open.id == owner) {
                connection.is_blocked = true;
                self.notices.push(format!("{owner:?} blocked"));
            }
        }
        Ok(published)
    }

    fn check_memory(&mut self) {
        let somewhere = self.messages.iter().filter(|one| one.queue != NOWHERE);
        let bytes: u64 = somewhere.map(|one| u64::from(one.facts.bytes)).sum();
        let is_short = self.broker.memory_limit.is_some_and(|most| bytes > most);
        if is_short == self.is_alarmed {
            return;
        }
        self.is_alarmed = is_short;
        self.notices.push(format!("alarm {is_short}"));
        self.connections.sort_by_key(|open| open.id);
        for connection in &mut self.connections {
            if !is_short && connection.is_blocked {
                connection.is_blocked = false;
                self.notices.push(format!("{:?} unblocked", connection.id));
            }
        }
    }

    /// When `queue` goes if nobody uses it till then.
    fn end_of_lease(&self, queue: QueueId) -> Time {
        let is_used = self.gone[queue.index()] || self.has_consumers(queue);
        let span = self.rules(queue).expires.filter(|_| !is_used);
        span.map_or(Time::NEVER, |span| self.used[queue.index()] + span)
    }

    fn next_lease(&self) -> Option<(Time, QueueId)> {
        let leases = self.queues().into_iter();
        leases.map(|queue| (self.end_of_lease(queue), queue)).min()
    }

    /// Why there may be no such consumer.
    pub(super) fn check_subscription(
        &self,
        channel: ChannelId,
        queue: QueueId,
        subscription: Subscription,
    ) -> Answer {
        self.check_access(channel, queue)?;
        let has_limit = self
            .channels
            .iter()
            .any(|c| c.id == channel && c.prefetch > 0);
        let others: Vec<&Consumer> = self.consumers.iter().filter(|c| c.queue == queue).collect();
        match (subscription.pulls, self.is_sqs(queue)) {
            (true, false) => return Err(QueueError::NotPulled(queue)),
            (false, true) => return Err(QueueError::OnlyPulled(queue)),
            (true, true) => return Ok(()),
            (false, false) => {}
        }
        let is_exclusive = subscription.exclusive && !self.is_quorum(queue);
        if self.is_quorum(queue) && has_limit {
            return Err(QueueError::SharedPrefetch(queue));
        }
        if is_exclusive && self.rules(queue).single_active_consumer {
            return Err(QueueError::ExclusiveOfSingleActive(queue));
        }
        if !self.is_quorum(queue) && others.iter().any(|c| c.subscription.exclusive) {
            return Err(QueueError::ExclusivelyConsumed(queue));
        }
        if is_exclusive && !others.is_empty() {
            return Err(QueueError::InUse(queue));
        }
        Ok(())
    }

    pub(super) fn subscribe(
        &mut self,
        id: ConsumerId,
        channel: ChannelId,
        queue: QueueId,
        subscription: Subscription,
    ) {
        let turn = self.next_number();
        let priority = if subscription.pulls {
            0
        } else {
            subscription.priority
        };
        self.consumers.push(Consumer {
            id,
            channel,
            queue,
            subscription: Subscription {
                priority,
                ..subscription
            },
            turn,
            asked: 0,
        });
        self.appoint(queue);
        self.touch(queue);
    }

    pub(super) fn limit_channel(&mut self, id: ChannelId, prefetch: u32) -> Answer {
        self.check_channel(id)?;
        let before = self.standing();
        for channel in &mut self.channels {
            if channel.id == id {
                channel.prefetch = prefetch;
            }
        }
        self.rejoin(&before);
        Ok(())
    }

    pub(super) fn cancel(&mut self, now: Time, id: ConsumerId) -> Answer {
        let gone = self.consumers.iter().find(|consumer| consumer.id == id);
        let queue = gone.ok_or(QueueError::UnknownConsumer(id))?.queue;
        self.take_away(id);
        self.after_consumer(now, queue);
        Ok(())
    }

    /// What it holds, nobody holds.
    fn take_away(&mut self, id: ConsumerId) {
        self.consumers.retain(|consumer| consumer.id != id);
        self.active.retain(|(_, active, _)| *active != id);
        for message in &mut self.messages {
            if let Place::Unacked { holder, .. } = &mut message.place
                && *holder == Holder::Consumer(id)
            {
                *holder = Holder::Gone;
            }
        }
        for delivery in &mut self.outbox {
            if delivery.consumer == Some(id) {
                delivery.consumer = None;
            }
        }
    }

    pub(super) fn publish(
        &mut self,
        now: Time,
        queue: QueueId,
        letter: Letter,
    ) -> Result<Option<u32>, QueueError> {
        self.check_queue(queue)?;
        self.check_group(queue, &letter)?;
        let refused = self.enter(now, queue, letter, Vec::new());
        self.bury(now);
        Ok(refused)
    }

    pub(super) fn publish_to(
        &mut self,
        now: Time,
        route: &Route,
        letter: &Letter,
    ) -> Result<Published<u32>, QueueError> {
        if !self.exchanges.is_there(route.exchange) {
            return Err(QueueError::UnknownExchange(route.exchange));
        }
        for queue in self.exchanges.queues(route) {
            self.check_group(queue, letter)?;
        }
        let mut published = Published {
            accepted: 0,
            refused: 0,
            sequence: None,
            body: None,
        };
        for queue in self.exchanges.queues(route) {
            let letter = Letter {
                route: Some(route.clone()),
                ..letter.clone()
            };
            match self.enter(now, queue, letter, Vec::new()) {
                Some(_) => published.refused += 1,
                None => published.accepted += 1,
            }
        }
        published.body = (published.accepted == 0).then_some(letter.body);
        self.bury(now);
        Ok(published)
    }

    pub(super) fn get(
        &mut self,
        now: Time,
        channel: ChannelId,
        queue: QueueId,
        auto_ack: bool,
    ) -> Result<Option<Delivery<u32>>, QueueError> {
        self.check_access(channel, queue)?;
        self.used[queue.index()] = now;
        if self.is_sqs(queue) {
            return self.get_sqs(now, channel, queue, auto_ack);
        }
        self.drop_overdue_heads(now, queue);
        let head = self.line(queue).first().copied();
        let delivery = head.map(|head| self.hand_out(now, head, channel, None, auto_ack));
        self.touch(queue);
        self.bury(now);
        Ok(delivery)
    }

    pub(super) fn purge(&mut self, now: Time, queue: QueueId) -> Result<u64, QueueError> {
        self.check_queue(queue)?;
        let all = self.of(queue).map(|message| message.number).collect();
        let purged = match self.is_sqs(queue) {
            true => all,
            false => self.line(queue),
        };
        for number in &purged {
            self.leave(now, *number, Exit::Purged);
        }
        self.bury(now);
        Ok(purged.len() as u64)
    }

    pub(super) fn settle(
        &mut self,
        now: Time,
        channel: ChannelId,
        tag: u64,
        multiple: bool,
        settlement: Settlement,
    ) -> Answer {
        self.check_channel(channel)?;
        let held = self.held(channel);
        let is_all = multiple && tag == 0;
        if !is_all && !held.iter().any(|(other, _)| *other == tag) {
            return Err(QueueError::UnknownTag(tag));
        }
        if matches!(settlement, Settlement::Requeue(_)) {
            self.clear_the_way(now);
        }
        for (other, number) in held {
            if is_all || other == tag || multiple && other < tag {
                self.settle_one(now, number, settlement);
            }
        }
        self.bury(now);
        Ok(())
    }

    pub(super) fn close(&mut self, now: Time, id: ChannelId) -> Answer {
        self.check_channel(id)?;
        let open = self.channels.iter().find(|open| open.id == id);
        let connection = open.map(|open| open.connection);
        let ends = |open: &&Connection| Some(open.id) == connection && open.is_of_one_channel;
        let ending = self.connections.iter().find(ends).copied();
        self.connections
            .retain(|open| ending.is_none_or(|ending| open.id != ending.id));
        self.close_channel(now, id);
        if let Some(ending) = ending {
            self.end_queues_of(now, ending.id);
        }
        Ok(())
    }

    fn close_channel(&mut self, now: Time, id: ChannelId) {
        let held = self.held(id);
        self.channels.retain(|channel| channel.id != id);
        let (gone, rest): (Vec<Consumer>, _) = std::mem::take(&mut self.consumers)
            .into_iter()
            .partition(|consumer| consumer.channel == id);
        self.consumers = rest;
        self.outbox.retain(|delivery| delivery.channel != id);
        self.active
            .retain(|(_, active, _)| !gone.iter().any(|consumer| consumer.id == *active));
        for consumer in gone {
            self.after_consumer(now, consumer.queue);
        }
        self.clear_the_way(now);
        for (_, number) in held {
            if self.receipt(number).is_none() {
                self.come_back(now, number, Why::Close);
            }
        }
        self.receipts.retain(|receipt| receipt.channel != id);
        self.sources.retain(|(channel, ..)| *channel != id);
        self.bury(now);
    }

    pub(super) fn poll_delivery(&mut self, now: Time) -> Option<Delivery<u32>> {
        if !self.outbox.is_empty() {
            return Some(self.outbox.remove(0));
        }
        while let Some(queue) = self.touched.first().copied() {
            let delivery = self.dispatch(now, queue);
            if !self.may_deliver(queue) {
                self.touched.remove(0);
            }
            self.bury(now);
            if delivery.is_some() {
                return delivery;
            }
        }
        if !self.outbox.is_empty() {
            return Some(self.outbox.remove(0));
        }
        self.assert_nothing_can_be_delivered();
        None
    }

    pub(super) fn expire(&mut self, now: Time) {
        for queue in self.queues() {
            self.expire_queue(now, queue);
            let delayed = self.first_delayed(queue).map(|(until, ..)| until);
            let hidden = self.first_hidden(queue).map(|(until, _)| until);
            let is_back = [delayed, hidden].into_iter().flatten().any(|at| at <= now);
            self.release(now, queue);
            self.reveal_due(now, queue);
            // What is back may be delivered before it may expire.
            if is_back && !self.touched.contains(&queue) {
                self.expire_queue(now, queue);
            }
        }
        self.bury(now);
        loop {
            let lease = self.next_lease().map(|(due, queue)| (due, 0, queue.0));
            let look = self.next_look().map(|(at, channel)| (at, 1, channel.0));
            let unconfirmed = self.looks.iter().min();
            let unconfirmed = unconfirmed.map(|(at, queue)| (*at, 2, queue.0));
            let first = [lease, look, unconfirmed].into_iter().flatten().min();
            match first.filter(|(due, ..)| *due <= now) {
                Some((due, 0, queue)) => self.end_unused(now, due, QueueId(queue)),
                Some((at, 1, channel)) => self.look(now, at, ChannelId(channel)),
                Some((_, _, queue)) => self.send_again(now, QueueId(queue)),
                None => return,
            }
        }
    }

    fn end_unused(&mut self, now: Time, due: Time, queue: QueueId) {
        assert!(due < Time::NEVER);
        self.end(now, queue, Gone::Expired);
    }

    /// The true moment of the next expiry, if nothing else happens.
    pub(super) fn next_expiry(&self) -> Time {
        self.queues()
            .into_iter()
            .map(|queue| {
                let back = self.first_delayed(queue).map_or(Time::NEVER, |(at, ..)| at);
                let seen = self.first_hidden(queue).map_or(Time::NEVER, |(at, _)| at);
                back.min(seen)
                    .min(self.earliest_expiry(queue))
                    .min(self.end_of_lease(queue))
            })
            .min()
            .unwrap_or(Time::NEVER)
            .min(self.next_look().map_or(Time::NEVER, |(at, _)| at))
            .min(self.looks.iter().min().map_or(Time::NEVER, |(at, _)| *at))
    }

    pub(super) fn levels(&self, queue: QueueId) -> Levels {
        let present: Vec<&Message> = self.of(queue).collect();
        let ready = present.iter().filter(|message| message.is_ready()).count() as u64;
        Levels {
            ready,
            unacked: present.len() as u64 - ready,
            oldest: present
                .iter()
                .map(|message| message.facts.enqueued)
                .min()
                .unwrap_or(Time::NEVER),
        }
    }

    /// Bodies in the order of delivery.
    pub(super) fn ready(&self, queue: QueueId) -> Vec<u32> {
        let line = self.line(queue);
        line.into_iter()
            .map(|number| self.message(number).body)
            .collect()
    }

    /// All messages, oldest publish first.
    pub(super) fn present(&self, queue: QueueId) -> Vec<Present> {
        let present = self.of(queue).map(|message| Present {
            body: message.body,
            is_ready: message.is_ready(),
            route: message.route.clone(),
            deaths: message.deaths.clone(),
        });
        present.collect()
    }

    pub(super) fn message_count(&self) -> usize {
        let somewhere = self.messages.iter().filter(|one| one.queue != NOWHERE);
        somewhere.count()
    }

    pub(super) fn active_consumer(&self, queue: QueueId) -> Option<ConsumerId> {
        let active = self.active.iter().find(|(of, ..)| *of == queue);
        active.map(|(_, id, _)| *id)
    }

    pub(super) fn has_channel(&self, id: ChannelId) -> bool {
        self.check_channel(id).is_ok()
    }

    pub(super) fn has_connection(&self, id: ConnectionId) -> bool {
        self.connections.iter().any(|open| open.id == id)
    }

    pub(super) fn has_consumer(&self, id: ConsumerId) -> bool {
        self.consumers.iter().any(|consumer| consumer.id == id)
    }

    /// Unsettled tags of a channel, in order.
    pub(super) fn tags(&self, channel: ChannelId) -> Vec<u64> {
        self.held(channel).into_iter().map(|(tag, _)| tag).collect()
    }

    // What a queue is.

    fn queues(&self) -> Vec<QueueId> {
        (0..self.settings.len() as u32).map(QueueId).collect()
    }

    /// What was declared and what the policy says in one.
    fn rules(&self, queue: QueueId) -> QueueSettings {
        let mut rules = self.settings[queue.index()].clone();
        if self.is_sqs(queue) {
            rules.expiry = Expiry::Deadline;
            return rules;
        }
        let policy = self.policies[queue.index()].clone();
        let least = |one: Option<u64>, other: Option<u64>| match (one, other) {
            (Some(one), Some(other)) => Some(one.min(other)),
            _ => one.or(other),
        };
        let shorter = |one: Option<Span>, other: Option<Span>| match (one, other) {
            (Some(one), Some(other)) => Some(one.min(other)),
            _ => one.or(other),
        };
        rules.max_length = least(rules.max_length, policy.max_length);
        rules.max_length_bytes = least(rules.max_length_bytes, policy.max_length_bytes);
        rules.message_ttl = shorter(rules.message_ttl, policy.message_ttl);
        rules.expires = shorter(rules.expires, policy.expires);
        rules.consumer_timeout = shorter(rules.consumer_timeout, policy.consumer_timeout);
        rules.delivery_limit = match (rules.delivery_limit, policy.delivery_limit) {
            (Some(QueueSettings::NO_DELIVERY_LIMIT), Some(other))
            | (Some(other), Some(QueueSettings::NO_DELIVERY_LIMIT)) => Some(other),
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        let is_dlx = policy.overflow == Some(Overflow::RejectPublishDlx);
        if rules.overflow == Overflow::DropHead && !(is_dlx && rules.kind == QueueKind::Quorum) {
            rules.overflow = policy.overflow.unwrap_or_default();
        }
        if rules.dead_letter.is_none() {
            let (name, key) = match rules.dead_letter_exchange {
                Some(own) => (Some(own.name), own.routing_key),
                None => (None, None),
            };
            rules.dead_letter_exchange =
                name.or(policy.dead_letter_exchange)
                    .map(|name| DeadLetterExchange {
                        name,
                        routing_key: key.or(policy.dead_letter_routing_key),
                    });
        }
        rules
    }

    fn of(&self, queue: QueueId) -> impl Iterator<Item = &Message> {
        self.messages
            .iter()
            .filter(move |message| message.queue == queue)
    }

    fn message(&self, number: u64) -> &Message {
        self.messages
            .iter()
            .find(|message| message.number == number)
            .expect("the model knows its messages")
    }

    fn message_mut(&mut self, number: u64) -> &mut Message {
        self.messages
            .iter_mut()
            .find(|message| message.number == number)
            .expect("the model knows its messages")
    }

    fn is_quorum(&self, queue: QueueId) -> bool {
        self.rules(queue).kind == QueueKind::Quorum
    }

    fn is_quorum_of_43(&self, queue: QueueId) -> bool {
        self.is_quorum(queue) && self.broker.profile == Profile::Rabbitmq43
    }

    fn level(&self, queue: QueueId, priority: Option<u8>) -> u8 {
        match (self.is_quorum_of_43(queue), self.is_quorum(queue)) {
            (true, _) => priority.unwrap_or(4).min(31),
            (false, true) => 0,
            (false, false) => priority.unwrap_or(0).min(self.rules(queue).max_priority),
        }
    }

    fn delivery_limit(&self, queue: QueueId) -> Option<u32> {
        match self.rules(queue).delivery_limit {
            None if self.is_quorum_of_43(queue) => Some(20),
            Some(QueueSettings::NO_DELIVERY_LIMIT) => None,
            limit => limit,
        }
    }

    /// Ready messages by number, in the order of delivery.
    fn line(&self, queue: QueueId) -> Vec<u64> {
        let ready = self.of(queue).filter(|message| message.is_ready());
        let mut line: Vec<_> = ready
            .map(|message| (message.turn, message.number))
            .collect();
        line.sort_unstable();
        line.into_iter().map(|(_, number)| number).collect()
    }

    fn exceeds(&self, queue: QueueId, more: u64, more_bytes: u64) -> bool {
        let mut line = self.line(queue);
        line.extend(self.kept(queue, false));
        line.extend(self.kept(queue, true));
        let bytes: u64 = line
            .iter()
            .map(|number| u64::from(self.message(*number).facts.bytes))
            .sum();
        let rules = self.rules(queue);
        rules
            .max_length
            .is_some_and(|most| line.len() as u64 + more > most)
            || rules
                .max_length_bytes
                .is_some_and(|most| bytes + more_bytes > most)
    }

    // Who is served.

    /// (tag, number) of what the channel holds, by tag.
    fn held(&self, id: ChannelId) -> Vec<(u64, u64)> {
        let mut held: Vec<(u64, u64)> = self
            .messages
            .iter()
            .filter_map(|message| match message.place {
                Place::Unacked { channel, tag, .. } if channel == id => Some((tag, message.number)),
                Place::Unacked { .. }
                | Place::Ready
                | Place::Settling
                | Place::Kept
                | Place::Delayed { .. }
                | Place::Hidden(_) => None,
            })
            .collect();
        let receipts = self.receipts.iter().filter(|receipt| receipt.channel == id);
        held.extend(receipts.map(|receipt| (receipt.tag, receipt.number)));
        held.sort_unstable();
        held
    }

    fn check_channel(&self, id: ChannelId) -> Answer {
        if self.channels.iter().any(|channel| channel.id == id) {
            return Ok(());
        }
        Err(QueueError::UnknownChannel(id))
    }

    /// Messages that `counts` says are held.
    fn count_held(&self, counts: impl Fn(ChannelId, Holder) -> bool) -> u32 {
        let holds = |message: &&Message| match message.place {
            Place::Unacked {
                channel, holder, ..
            } => counts(channel, holder),
            Place::Ready
            | Place::Settling
            | Place::Kept
            | Place::Delayed { .. }
            | Place::Hidden(_) => false,
        };
        self.messages.iter().filter(holds).count() as u32
    }

    fn held_by(&self, id: ConsumerId) -> u32 {
        self.count_held(|_, holder| holder == Holder::Consumer(id))
    }

    fn may_be_served(&self, consumer: &Consumer) -> bool {
        let Subscription {
            prefetch, auto_ack, ..
        } = consumer.subscription;
        let channel = self.channels.iter().find(|c| c.id == consumer.channel);
        let shared = channel.map_or(0, |channel| channel.prefetch);
        let on_channel =
            self.count_held(|id, holder| id == consumer.channel && holder != Holder::Get);
        if consumer.subscription.pulls {
            return consumer.asked > 0 && (shared == 0 || on_channel < shared);
        }
        let has_room = (prefetch == 0 || self.held_by(consumer.id) < prefetch)
            && (shared == 0 || on_channel < shared);
        let is_active = self.active.contains(&(consumer.queue, consumer.id, false));
        let is_single = self.rules(consumer.queue).single_active_consumer;
        (auto_ack || has_room) && (!is_single || is_active)
    }

    /// Of those that may be served, the highest priority; of these, who has waited longest for a turn.
    fn whose_turn(&self, queue: QueueId) -> Option<Consumer> {
        self.consumers
            .iter()
            .filter(|consumer| consumer.queue == queue && self.may_be_served(consumer))
            .min_by_key(|consumer| (Reverse(consumer.subscription.priority), consumer.turn))
            .copied()
    }

    fn standing(&self) -> Vec<ConsumerId> {
        let standing = self.consumers.iter().filter(|one| self.may_be_served(one));
        standing.map(|consumer| consumer.id).collect()
    }

    /// Who may be served now and was not `before` comes to the end of the row.
    fn rejoin(&mut self, before: &[ConsumerId]) {
        let now = self.standing();
        for id in now.into_iter().filter(|id| !before.contains(id)) {
            let turn = self.next_number();
            let consumer = self.consumers.iter_mut().find(|one| one.id == id);
            let consumer = consumer.expect("it stands");
            consumer.turn = turn;
            let queue = consumer.queue;
            self.touch(queue);
        }
    }

    /// The active consumer is the first that came, or of those of the highest priority the first; it keeps its place,
    /// but in a quorum queue of 4.3 yields to a higher priority, once it holds nothing.
    fn appoint(&mut self, queue: QueueId) {
        if !self.rules(queue).single_active_consumer {
            return;
        }
        let before = self.standing();
        let mut row: Vec<Consumer> = self.consumers.clone();
        row.retain(|consumer| consumer.queue == queue);
        if !self.is_quorum(queue) || self.is_quorum_of_43(queue) {
            row.sort_by_key(|consumer| Reverse(consumer.subscription.priority));
        }
        let Some(best) = row.first() else { return };
        let place = self.active.iter().position(|(of, ..)| *of == queue);
        let Some(place) = place else {
            self.active.push((queue, best.id, false));
            return self.rejoin(&before);
        };
        let (_, active, yields) = self.active[place];
        let present = row.iter().find(|consumer| consumer.id == active);
        let rank = present.expect("it is there").subscription.priority;
        let is_outranked = self.is_quorum_of_43(queue) && best.subscription.priority > rank;
        self.active[place] = match (is_outranked, self.held_by(active)) {
            (true, 0) => (queue, best.id, false),
            (false, 0) => (queue, active, false),
            (_, 1..) => (queue, active, yields || is_outranked),
        };
        self.rejoin(&before);
    }

    fn assert_nothing_can_be_delivered(&self) {
        for queue in self.queues() {
            assert!(
                !self.may_deliver(queue),
                "{queue:?} has a message and a consumer with room"
            );
        }
    }

    fn may_deliver(&self, queue: QueueId) -> bool {
        let has_next = match self.is_sqs(queue) {
            true => self.candidate(queue, None).is_some(),
            false => !self.line(queue).is_empty(),
        };
        has_next && self.whose_turn(queue).is_some()
    }

    // What moves.

    fn next_number(&mut self) -> u64 {
        self.count += 1;
        self.count
    }

    fn touch(&mut self, queue: QueueId) {
        if !self.touched.contains(&queue) && self.may_deliver(queue) {
            self.touched.push(queue);
        }
    }

    fn tell(&mut self, now: Time, queue: QueueId, body: u32, what: What) {
        let levels = self.levels(queue);
        self.history.push(Event {
            now,
            queue,
            body,
            what,
            levels,
        });
    }

    fn enter(
        &mut self,
        now: Time,
        queue: QueueId,
        letter: Letter,
        deaths: Vec<Death>,
    ) -> Option<u32> {
        if self.is_sqs(queue) {
            self.enter_sqs(now, queue, letter, deaths);
            return None;
        }
        let overflow = self.rules(queue).overflow;
        let bytes = u64::from(letter.bytes);
        if overflow != Overflow::DropHead && self.exceeds(queue, 1, bytes) {
            self.dispatch_all(now, queue);
            if self.exceeds(queue, 1, bytes) {
                let body = letter.body;
                self.refuse(now, queue, letter, deaths, false);
                return Some(body);
            }
        }
        let number = self.next_number();
        let ttl = match (self.rules(queue).message_ttl, letter.ttl) {
            (Some(of_queue), Some(own)) => Some(of_queue.min(own)),
            (of_queue, own) => of_queue.or(own),
        };
        let facts = Facts {
            enqueued: now,
            deadline: ttl.map_or(Time::NEVER, |ttl| now + ttl),
            bytes: letter.bytes,
            priority: letter.priority,
            deliveries: 0,
            returns: 0,
            delivery_count: 0,
        };
        let level = self.level(queue, letter.priority);
        self.messages.push(Message {
            queue,
            number,
            turn: (Front::Stands, u8::MAX - level, number),
            body: letter.body,
            facts: facts.clone(),
            place: Place::Ready,
            ttl: letter.ttl,
            route: letter.route,
            group: None,
            first: letter.first,
            deaths,
            kept: None,
        });
        self.tell(now, queue, letter.body, What::Accepted(facts));
        if overflow == Overflow::DropHead && self.exceeds(queue, 0, 0) {
            self.dispatch_all(now, queue);
            self.drop_heads(now, queue);
        }
        self.touch(queue);
        None
    }

    fn refuse(
        &mut self,
        now: Time,
        queue: QueueId,
        letter: Letter,
        mut deaths: Vec<Death>,
        is_kept: bool,
    ) {
        let onward = self.rules(queue).overflow == Overflow::RejectPublishDlx;
        let (to, route) = match onward {
            true => self.onward(now, queue, &mut deaths, &letter, Reason::MaxLen),
            false => (Vec::new(), None),
        };
        let body = letter.body;
        let told = to.clone();
        self.tell(now, queue, body, What::Refused { to: told, is_kept });
        for queue in to {
            let letter = Letter {
                ttl: None,
                route: route.clone(),
                ..letter
            };
            let errand = Errand::Publish(queue, letter, deaths.clone());
            self.dead.push(errand);
        }
    }

    fn drop_heads(&mut self, now: Time, queue: QueueId) {
        while self.rules(queue).overflow == Overflow::DropHead && self.exceeds(queue, 0, 0) {
            let head = self.line(queue)[0];
            self.leave(now, head, Exit::Dropped);
        }
    }

    /// A head that should have gone before now is not delivered.
    fn drop_overdue_heads(&mut self, now: Time, queue: QueueId) {
        while let Some(head) = self.line(queue).first().copied()
            && self.message(head).facts.deadline < now
        {
            self.leave(now, head, Exit::Expired);
        }
    }

    fn dispatch(&mut self, now: Time, queue: QueueId) -> Option<Delivery<u32>> {
        if self.is_sqs(queue) {
            return self.answer(now, queue);
        }
        let consumer = self.whose_turn(queue)?;
        self.drop_overdue_heads(now, queue);
        let head = self.line(queue).first().copied()?;
        let turn = self.next_number();
        for other in &mut self.consumers {
            if other.id == consumer.id {
                other.turn = turn;
            }
        }
        let auto_ack = consumer.subscription.auto_ack;
        Some(self.hand_out(now, head, consumer.channel, Some(consumer.id), auto_ack))
    }

    fn dispatch_all(&mut self, now: Time, queue: QueueId) {
        while let Some(delivery) = self.dispatch(now, queue) {
            self.outbox.push(delivery);
        }
    }

    /// What consumers have room for goes before a return may push it out.
    fn clear_the_way(&mut self, now: Time) {
        for queue in self.touched.clone() {
            let rules = self.rules(queue);
            let limited = rules.max_length.is_some() || rules.max_length_bytes.is_some();
            if limited && rules.overflow == Overflow::DropHead {
                self.dispatch_all(now, queue);
            }
        }
    }

    fn hand_out(
        &mut self,
        now: Time,
        number: u64,
        channel: ChannelId,
        consumer: Option<ConsumerId>,
        auto_ack: bool,
    ) -> Delivery<u32> {
        let mut tag = 0;
        for open in &mut self.channels {
            if open.id == channel {
                open.last_tag += 1;
                tag = open.last_tag;
            }
        }
        let source = self.message(number).queue;
        if !auto_ack {
            self.sources.push((channel, tag, source));
        }
        let patience = self.patience(source);
        let message = self.message_mut(number);
        message.place = Place::Unacked {
            channel,
            tag,
            holder: consumer.map_or(Holder::Get, Holder::Consumer),
            overdue: patience.map_or(Time::NEVER, |patience| now + patience),
        };
        message.facts.deliveries += 1;
        let message = message.clone();
        let (queue, facts) = (message.queue, message.facts);
        let delivery = Delivery {
            channel,
            consumer,
            queue,
            tag,
            enqueued: facts.enqueued,
            redelivered: facts.returns > 0,
            returns: facts.returns,
            delivery_count: facts.delivery_count,
            deaths: message
                .deaths
                .iter()
                .filter(|death| death.queue == queue)
                .map(|death| death.count)
                .sum(),
            bytes: facts.bytes,
            priority: facts.priority,
            body: message.body,
        };
        self.tell(now, queue, message.body, What::Delivered(facts, consumer));
        if auto_ack {
            self.leave(now, number, Exit::Acked);
        } else if self.is_sqs(queue) {
            self.take_off(now, number, channel, tag);
        }
        delivery
    }

    fn settle_one(&mut self, now: Time, number: u64, settlement: Settlement) {
        if let Some(receipt) = self.receipt(number) {
            return self.settle_receipt(now, receipt, settlement);
        }
        let before = self.standing();
        let message = self.message_mut(number);
        let Place::Unacked { holder, .. } = message.place else {
            unreachable!("a tag is of an unacked message");
        };
        let queue = message.queue;
        message.place = Place::Settling;
        self.rejoin(&before);
        let yields = self.active.iter().find(|(of, ..)| *of == queue);
        if let Some((_, active, true)) = yields
            && holder == Holder::Consumer(*active)
        {
            self.appoint(queue);
        }
        if queue == NOWHERE {
            self.messages.retain(|other| other.number != number);
            return;
        }
        match settlement {
            Settlement::Ack => self.leave(now, number, Exit::Acked),
            Settlement::Discard => self.leave(now, number, Exit::ConsumerRejected),
            Settlement::Requeue(why) => self.come_back(now, number, why),
        }
    }

    fn come_back(&mut self, now: Time, number: u64, why: Why) {
        let queue = self.message(number).queue;
        if queue == NOWHERE {
            self.messages.retain(|other| other.number != number);
            return;
        }
        let counts = !self.is_quorum_of_43(queue) || [Why::Reject, Why::Close].contains(&why);
        let limit = self.delivery_limit(queue);
        let turn = self.turn_of_return(queue, number, limit, why);
        let message = self.message_mut(number);
        message.facts.returns += 1;
        message.facts.delivery_count += u32::from(counts);
        let facts = message.facts.clone();
        if limit.is_some_and(|most| facts.delivery_count > most) {
            self.leave(now, number, Exit::DeliveryLimited);
            return;
        }
        let delay = self.delay(queue, counts, facts.delivery_count);
        if delay > Span::ZERO {
            let order = self.next_number();
            self.message_mut(number).place = Place::Delayed {
                until: now + delay,
                order,
            };
            return;
        }
        self.stand_again(now, number, turn);
    }

    fn stand_again(&mut self, now: Time, number: u64, turn: (Front, u8, u64)) {
        let message = self.message_mut(number);
        message.place = Place::Ready;
        message.turn = turn;
        let (queue, body, facts) = (message.queue, message.body, message.facts.clone());
        self.tell(now, queue, body, What::Returned(facts));
        self.drop_heads(now, queue);
        self.touch(queue);
    }

    fn delay(&self, queue: QueueId, counts: bool, count: u32) -> Span {
        let Some(retry) = self.rules(queue).delayed_retry else {
            return Span::ZERO;
        };
        if (retry.of, counts) == (Retried::Failed, false)
            || (retry.of, counts) == (Retried::Returned, true)
        {
            return Span::ZERO;
        }
        let times = u64::from(if count == 0 { 1 } else { count });
        let delay = Span::from_nanos(retry.min.as_nanos() * times);
        retry.max.unwrap_or(Span::MAX).min(delay)
    }

    /// (until, order, number) of what waits first.
    fn first_delayed(&self, queue: QueueId) -> Option<(Time, u64, u64)> {
        let delayed = self.of(queue).filter_map(|message| match message.place {
            Place::Delayed { until, order } => Some((until, order, message.number)),
            Place::Ready
            | Place::Settling
            | Place::Kept
            | Place::Unacked { .. }
            | Place::Hidden(_) => None,
        });
        delayed.min()
    }

    fn release(&mut self, now: Time, queue: QueueId) {
        while let Some((until, _, number)) = self.first_delayed(queue)
            && until <= now
        {
            self.clear_the_way(now);
            let turn = (Front::Came, 0, self.next_number());
            self.stand_again(now, number, turn);
        }
    }

    /// In a classic queue what comes back has its old turn; in a quorum queue it goes to the front, but 3.10 without a
    /// limit puts what was given back last.
    fn turn_of_return(
        &mut self,
        queue: QueueId,
        number: u64,
        limit: Option<u32>,
        why: Why,
    ) -> (Front, u8, u64) {
        let old = self.message(number).turn;
        if !self.is_quorum(queue) {
            return old;
        }
        let last = self.next_number();
        let is_310 = self.broker.profile == Profile::Rabbitmq310;
        if is_310 && limit.is_none() && why != Why::Close {
            return (Front::Stands, u8::MAX, last);
        }
        (Front::Came, 0, last)
    }

    // What goes.

    fn leave(&mut self, now: Time, number: u64, exit: Exit) {
        let mut message = self.message(number).clone();
        let keeps = self.rules(message.queue).dead_letter_strategy;
        if keeps == DeadLetterStrategy::AtLeastOnce && ![Exit::Acked, Exit::Purged].contains(&exit)
        {
            return self.withhold(now, number, exit);
        }
        self.messages.retain(|other| other.number != number);
        let stood = match message.place {
            Place::Ready => Stood::Ready,
            Place::Unacked { .. }
            | Place::Settling
            | Place::Kept
            | Place::Delayed { .. }
            | Place::Hidden(_) => Stood::Unacked,
        };
        let is_deleted = self.is_sqs(message.queue) && exit != Exit::DeliveryLimited;
        let (to, route) = match exit {
            _ if is_deleted => (Vec::new(), None),
            Exit::Acked | Exit::Purged | Exit::PeerLost => (Vec::new(), None),
            Exit::Expired | Exit::Dropped | Exit::ConsumerRejected | Exit::DeliveryLimited => {
                let (letter, reason) = (message.letter(), reason_of(exit));
                self.onward(now, message.queue, &mut message.deaths, &letter, reason)
            }
        };
        if self.rules(message.queue).kind == QueueKind::Sqs {
            message.first = message.first.or(Some(message.facts.enqueued));
        }
        let facts = message.facts.clone();
        let what = What::Left {
            facts: facts.clone(),
            exit,
            stood,
            to: to.clone(),
            copied: 0,
        };
        self.tell(now, message.queue, message.body, what);
        for queue in to {
            let letter = Letter {
                ttl: None,
                route: route.clone(),
                ..message.letter()
            };
            let errand = Errand::Publish(queue, letter, message.deaths.clone());
            self.dead.push(errand);
        }
    }

    /// Where what dies goes on to, and how it is addressed then; its death is noted. It does not go where it would have
    /// come by deaths alone, none of them a rejection, since it last was there.
    fn onward(
        &self,
        now: Time,
        queue: QueueId,
        deaths: &mut Vec<Death>,
        letter: &Letter,
        reason: Reason,
    ) -> (Vec<QueueId>, Option<Route>) {
        let Some((mut to, addressed)) = self.way(queue, &letter.route) else {
            return (Vec::new(), None);
        };
        note_death(now, queue, deaths, letter, reason);
        to.retain(|to| self.is_sqs(queue) || !is_cycle(*to, deaths));
        (to, addressed)
    }

    /// Where it goes on to, and how it is addressed then; `None` where there is no exchange.
    fn way(&self, queue: QueueId, route: &Option<Route>) -> Option<(Vec<QueueId>, Option<Route>)> {
        let rules = self.rules(queue);
        match (rules.dead_letter, rules.dead_letter_exchange) {
            (Some(target), _) => {
                self.check_queue(target).ok()?;
                let with_headers = route.as_ref().filter(|route| !route.headers.is_empty());
                let addressed = with_headers.map(|route| Route {
                    headers: route.headers.clone(),
                    ..Route::new(ExchangeId::DEFAULT, &self.exchanges.name(target))
                });
                Some((vec![target], addressed))
            }
            (None, Some(exchange)) => {
                let id = self.exchanges.named(&exchange.name)?;
                let name = self.exchanges.name(queue);
                let old = route.clone();
                let mut new = old.unwrap_or_else(|| Route::new(ExchangeId::DEFAULT, &name));
                new.exchange = id;
                if let Some(key) = &exchange.routing_key {
                    (new.key, new.cc, new.bcc) = (key.clone(), Vec::new(), Vec::new());
                }
                Some((self.exchanges.queues(&new), Some(new)))
            }
            (None, None) => None,
        }
    }

    // What is kept.

    fn withhold(&mut self, now: Time, number: u64, exit: Exit) {
        let order = self.next_number();
        let message = self.message_mut(number);
        let (queue, letter) = (message.queue, message.letter());
        note_death(now, queue, &mut message.deaths, &letter, reason_of(exit));
        message.place = Place::Kept;
        message.kept = Some(Kept {
            exit,
            order,
            is_taken: false,
            confirmed: Vec::new(),
            sent: None,
        });
        let facts = message.facts.clone();
        self.tell(now, queue, letter.body, What::Withheld(facts, exit));
        self.dead.push(Errand::Forward(queue));
    }

    /// Numbers of what is kept, and taken or not, in the order of deaths.
    fn kept(&self, queue: QueueId, is_taken: bool) -> Vec<u64> {
        let kept = self.of(queue).filter_map(|message| {
            let kept = message.kept.as_ref()?;
            (kept.is_taken == is_taken).then_some((kept.order, message.number))
        });
        let mut kept: Vec<(u64, u64)> = kept.collect();
        kept.sort_unstable();
        kept.into_iter().map(|(_, number)| number).collect()
    }

    fn forward(&mut self, now: Time, queue: QueueId) {
        while self.kept(queue, true).len() < 32
            && let Some(next) = self.kept(queue, false).first().copied()
        {
            self.try_to_send(now, next);
        }
        let has_look = self.looks.iter().any(|(_, of)| *of == queue);
        if self.kept(queue, true).is_empty() {
            self.looks.retain(|(_, of)| *of != queue);
        } else if !has_look {
            self.looks.push((now + Span::from_secs(180), queue));
        }
    }

    fn send_again(&mut self, now: Time, queue: QueueId) {
        self.looks.retain(|(_, of)| *of != queue);
        self.send_what_is_due(now, queue);
        self.bury(now);
    }

    fn send_what_is_due(&mut self, now: Time, queue: QueueId) {
        for number in self.kept(queue, true) {
            let sent = self
                .message(number)
                .kept
                .as_ref()
                .and_then(|kept| kept.sent);
            if sent.is_none_or(|sent| sent + Span::from_secs(180) <= now) {
                self.try_to_send(now, number);
            }
        }
        self.forward(now, queue);
    }

    fn try_to_send(&mut self, now: Time, number: u64) {
        let mut message = self.message(number).clone();
        let queue = message.queue;
        let mut kept = message.kept.take().expect("it is kept");
        kept.is_taken = true;
        self.message_mut(number).kept = Some(kept.clone());
        let Some((mut to, route)) = self.way(queue, &message.route) else {
            return;
        };
        to.retain(|to| !is_cycle(*to, &message.deaths) && !kept.confirmed.contains(to));
        let (mut accept, mut refuse) = (Vec::new(), Vec::new());
        for to in to {
            let bytes = u64::from(message.facts.bytes);
            let drops = self.rules(to).overflow == Overflow::DropHead;
            if !drops && self.exceeds(to, 1, bytes) {
                self.dispatch_all(now, to);
            }
            match !drops && self.exceeds(to, 1, bytes) {
                true => refuse.push(to),
                false => accept.push(to),
            }
        }
        let copied = kept.confirmed.len();
        kept.confirmed.extend(accept.clone());
        let facts = message.facts.clone();
        if refuse.is_empty() && !kept.confirmed.is_empty() {
            self.messages.retain(|other| other.number != number);
            let left = What::Left {
                facts,
                exit: kept.exit,
                stood: Stood::Unacked,
                to: kept.confirmed,
                copied,
            };
            self.tell(now, queue, message.body, left);
        } else {
            if !accept.is_empty() {
                let copies = What::Copied(facts, accept.clone());
                self.tell(now, queue, message.body, copies);
            }
            if !refuse.is_empty() {
                kept.sent = Some(now);
            }
            self.message_mut(number).kept = Some(kept);
        }
        let copy = Letter {
            ttl: None,
            route,
            ..message.letter()
        };
        for to in accept {
            self.enter(now, to, copy.clone(), message.deaths.clone());
        }
        for to in refuse {
            self.refuse(now, to, copy.clone(), message.deaths.clone(), true);
        }
    }

    fn bury(&mut self, now: Time) {
        while !self.dead.is_empty() {
            match self.dead.remove(0) {
                Errand::Publish(to, letter, deaths) => drop(self.enter(now, to, letter, deaths)),
                Errand::Forward(queue) => self.forward(now, queue),
            }
        }
        self.check_memory();
    }

    /// When the first of the ready messages that may go is due: of the head alone, or of all.
    fn earliest_expiry(&self, queue: QueueId) -> Time {
        let line = self.line(queue);
        let candidates = match self.rules(queue).expiry {
            Expiry::Head => &line[..line.len().min(1)],
            Expiry::Deadline => &line[..],
        };
        candidates
            .iter()
            .map(|number| self.message(*number).facts.deadline)
            .min()
            .unwrap_or(Time::NEVER)
    }

    fn expire_queue(&mut self, now: Time, queue: QueueId) {
        while self.earliest_expiry(queue) <= now {
            let earliest = self.earliest_expiry(queue);
            let due = self
                .of(queue)
                .filter(|message| message.is_ready())
                .find(|message| message.facts.deadline == earliest)
                .map(|message| message.number)
                .expect("something is due");
            let gone = match self.rules(queue).expiry {
                Expiry::Head => self.line(queue)[0],
                Expiry::Deadline => due,
            };
            self.leave(now, gone, Exit::Expired);
        }
    }
}

fn reason_of(exit: Exit) -> Reason {
    match exit {
        Exit::Expired => Reason::Expired,
        Exit::Dropped => Reason::MaxLen,
        Exit::ConsumerRejected => Reason::Rejected,
        Exit::DeliveryLimited => Reason::DeliveryLimit,
        Exit::Acked | Exit::Purged | Exit::PeerLost => unreachable!("it is not dead"),
    }
}

fn note_death(now: Time, queue: QueueId, deaths: &mut Vec<Death>, letter: &Letter, reason: Reason) {
    let is_same = |death: &Death| death.queue == queue && death.reason == reason;
    let known = deaths.iter().find(|death| is_same(death)).cloned();
    let mut death = known.unwrap_or_else(|| Death {
        queue,
        reason,
        count: 0,
        at: now,
        route: letter.route.clone().map(Arc::new),
        original_expiration: letter.ttl,
    });
    death.count += 1;
    deaths.retain(|death| !is_same(death));
    deaths.push(death);
}

fn is_same_broker(one: QueueKind, other: QueueKind) -> bool {
    let of_sqs = [QueueKind::Sqs, QueueKind::SqsFifo];
    one == other || !of_sqs.contains(&one) && !of_sqs.contains(&other)
}

fn is_cycle(to: QueueId, deaths: &[Death]) -> bool {
    let last_there = deaths.iter().rposition(|death| death.queue == to);
    last_there.is_some_and(|index| {
        deaths[index..]
            .iter()
            .all(|death| death.reason != Reason::Rejected)
    })
}

impl Message {
    fn letter(&self) -> Letter {
        Letter {
            body: self.body,
            bytes: self.facts.bytes,
            priority: self.facts.priority,
            ttl: self.ttl,
            route: self.route.clone(),
            group: self.group,
            first: self.first,
        }
    }

    fn is_ready(&self) -> bool {
        self.place == Place::Ready
    }
}
