//! A broker on a bench: messages are letters, times are milliseconds, what happened reads as a line of text.

use queuelab::queue::{
    Binding, Broker, BrokerSettings, ChannelId, ConsumerId, Delivery, Destination, Effect,
    ExchangeId, ExchangeKind, ExchangeSettings, Levels, MessageGroup, Notice, Profile, Publication,
    Published, QueueError, QueueId, QueueSettings, Route, Sink, Subscription,
};
use queuelab::time::{Span, Time};
use std::sync::Arc;

/// The queue that [`Rig::of`] declares.
pub(super) const Q: QueueId = QueueId(0);
/// The queue declared next.
pub(super) const DEAD: QueueId = QueueId(1);

/// What a notice is of that no queue is concerned with.
const NO_QUEUE: QueueId = QueueId(u32::MAX);

pub(super) fn millis(count: u64) -> Span {
    Span::from_nanos(count * 1_000_000)
}

pub(super) fn settings() -> QueueSettings {
    QueueSettings::default()
}

/// A consumer with its channel.
#[derive(Clone, Copy)]
pub(super) struct Client {
    pub(super) channel: ChannelId,
    pub(super) consumer: ConsumerId,
}

pub(super) struct Rig {
    pub(super) broker: Broker<char>,
    pub(super) now: Time,
    pub(super) log: Log,
    /// Latest last.
    pub(super) delivered: Vec<Delivery<char>>,
}

/// What happened: queue, letter, word.
#[derive(Default)]
pub(super) struct Log(Vec<(QueueId, char, String)>);

impl Rig {
    /// A broker whose queue [`Q`] has these rules.
    pub(super) fn of(settings: QueueSettings) -> Self {
        Self::under(Profile::Rabbitmq310, settings)
    }

    /// As [`Rig::of`], by the rules of `profile`.
    pub(super) fn under(profile: Profile, settings: QueueSettings) -> Self {
        let broker = BrokerSettings {
            profile,
            ..BrokerSettings::default()
        };
        Self::within(broker, settings)
    }

    /// As [`Rig::of`], in such a broker.
    pub(super) fn within(broker: BrokerSettings, settings: QueueSettings) -> Self {
        let mut rig = Self {
            broker: Broker::with(broker),
            now: Time::ZERO,
            log: Log::default(),
            delivered: Vec::new(),
        };
        assert_eq!(rig.declare(settings), Q);
        rig
    }

    pub(super) fn declare(&mut self, settings: QueueSettings) -> QueueId {
        self.broker
            .declare(self.now, settings)
            .expect("there may be such a queue")
    }

    /// As [`Rig::of`], and [`Q`] has a name.
    pub(super) fn named(name: &str, settings: QueueSettings) -> Self {
        let mut rig = Self::of(settings.clone());
        rig.broker = Broker::new();
        assert_eq!(rig.declare_as(name, settings), Q);
        rig
    }

    pub(super) fn declare_as(&mut self, name: &str, settings: QueueSettings) -> QueueId {
        self.broker
            .declare_as(self.now, name, settings)
            .expect("there may be such a queue")
    }

    /// Without an alternate.
    pub(super) fn declare_exchange(&mut self, name: &str, kind: ExchangeKind) -> ExchangeId {
        let settings = ExchangeSettings {
            kind,
            alternate: None,
        };
        self.broker
            .declare_exchange(name, settings)
            .expect("there may be such an exchange")
    }

    pub(super) fn bind(&mut self, from: ExchangeId, to: impl Into<Destination>, key: &str) {
        self.broker
            .bind(from, to, Binding::key(key))
            .expect("both ends are there");
    }

    /// Publishes an `m`.
    pub(super) fn publish_by(&mut self, route: &Route) -> Published<char> {
        let (route, message) = (Arc::new(route.clone()), Publication::of('m'));
        self.broker
            .publish_to(self.now, &route, message, false, &mut self.log)
            .expect("the exchange is there")
    }

    /// As [`Rig::of`], and [`DEAD`] takes the dead letters of `Q`.
    pub(super) fn with_dead_letters(settings: QueueSettings) -> Self {
        let mut rig = Self::of(QueueSettings {
            dead_letter: Some(DEAD),
            ..settings
        });
        assert_eq!(rig.declare(QueueSettings::default()), DEAD);
        rig
    }

    /// A consumer of `queue` on a channel of its own.
    pub(super) fn consumer(&mut self, queue: QueueId, prefetch: u32) -> Client {
        let channel = self.broker.open_channel();
        self.consumer_on(channel, queue, Subscription::prefetch(prefetch))
    }

    pub(super) fn consumer_on(
        &mut self,
        channel: ChannelId,
        queue: QueueId,
        subscription: Subscription,
    ) -> Client {
        let consumer = self
            .broker
            .subscribe(channel, queue, subscription)
            .expect("the queue and the channel are there");
        Client { channel, consumer }
    }

    /// A consumer of `queue`, which is one of SQS, on a channel of its own.
    pub(super) fn puller(&mut self, queue: QueueId) -> Client {
        let channel = self.broker.open_channel();
        self.consumer_on(channel, queue, Subscription::pull())
    }

    /// `client` asks for up to `most` messages; gives what all that wait are answered.
    pub(super) fn receive(&mut self, client: Client, most: u32) -> String {
        self.broker
            .receive(self.now, client.consumer, most)
            .expect("it is there, and pulls");
        self.deliver()
    }

    /// `client` asks for up to `most` messages, and is not answered yet.
    pub(super) fn ask(&mut self, client: Client, most: u32) {
        self.broker
            .receive(self.now, client.consumer, most)
            .expect("it is there, and pulls");
    }

    pub(super) fn change_visibility(
        &mut self,
        letter: char,
        timeout: u64,
    ) -> Result<(), QueueError> {
        let Delivery { channel, tag, .. } = *self.delivery(letter);
        let timeout = millis(timeout);
        self.broker
            .change_visibility(self.now, channel, tag, timeout, &mut self.log)
    }

    /// Whether by the latest receipt of `letter` nothing is deleted.
    pub(super) fn is_spent(&self, letter: char) -> bool {
        let Delivery { channel, tag, .. } = *self.delivery(letter);
        self.broker.is_taken_back(channel, tag)
    }

    /// Publishes each letter to [`Q`], in turn, in the group of its name.
    pub(super) fn publish_in(&mut self, group: char, letters: &str) {
        for letter in letters.chars() {
            let publication = Publication {
                group: Some(MessageGroup(group.into())),
                ..Publication::of(letter)
            };
            self.publish_with(Q, publication);
        }
    }

    /// Publishes each letter to [`Q`], in turn.
    pub(super) fn publish(&mut self, letters: &str) {
        for letter in letters.chars() {
            self.publish_with(Q, Publication::of(letter));
        }
    }

    /// Publishes one letter to [`Q`] with a time to live of its own.
    pub(super) fn publish_ttl(&mut self, letter: char, ttl: u64) {
        let publication = Publication {
            ttl: Some(millis(ttl)),
            ..Publication::of(letter)
        };
        self.publish_with(Q, publication);
    }

    /// Publishes one letter to [`Q`] with a priority.
    pub(super) fn publish_priority(&mut self, letter: char, priority: u8) {
        let publication = Publication {
            priority: Some(priority),
            ..Publication::of(letter)
        };
        self.publish_with(Q, publication);
    }

    pub(super) fn publish_with(
        &mut self,
        queue: QueueId,
        publication: Publication<char>,
    ) -> Option<char> {
        self.broker
            .publish(self.now, queue, publication, &mut self.log)
            .expect("the queue is there")
    }

    /// Delivers all that can be; gives the letters.
    pub(super) fn deliver(&mut self) -> String {
        let fresh = self.delivered.len();
        while let Some(delivery) = self.broker.poll_delivery(self.now, &mut self.log) {
            self.delivered.push(delivery);
        }
        self.delivered[fresh..]
            .iter()
            .map(|delivery| delivery.body)
            .collect()
    }

    /// Of all deliveries so far, the letters that went to `client`.
    pub(super) fn received(&self, client: Client) -> String {
        self.delivered
            .iter()
            .filter(|delivery| delivery.consumer == Some(client.consumer))
            .map(|delivery| delivery.body)
            .collect()
    }

    pub(super) fn get(&mut self, channel: ChannelId) -> Option<char> {
        let delivery = self
            .broker
            .get(self.now, channel, Q, false, &mut self.log)
            .expect("the queue and the channel are there")?;
        let letter = delivery.body;
        self.delivered.push(delivery);
        Some(letter)
    }

    /// The latest delivery of `letter`.
    pub(super) fn delivery(&self, letter: char) -> &Delivery<char> {
        self.delivered
            .iter()
            .rfind(|delivery| delivery.body == letter)
            .expect("it was delivered")
    }

    pub(super) fn ack(&mut self, letter: char) -> Result<(), QueueError> {
        let Delivery { channel, tag, .. } = *self.delivery(letter);
        self.broker.ack(self.now, channel, tag, &mut self.log)
    }

    /// Gives each letter back, in turn, and delivers nothing.
    pub(super) fn requeue(&mut self, letters: &str) {
        for letter in letters.chars() {
            self.nack(letter, true);
        }
    }

    pub(super) fn reject(&mut self, letter: char) {
        self.nack(letter, false);
    }

    pub(super) fn reject_and_requeue(&mut self, letter: char) {
        let Delivery { channel, tag, .. } = *self.delivery(letter);
        self.broker
            .reject(self.now, channel, tag, true, &mut self.log)
            .expect("it is unsettled");
    }

    fn nack(&mut self, letter: char, requeue: bool) {
        let Delivery { channel, tag, .. } = *self.delivery(letter);
        self.broker
            .nack(self.now, channel, tag, requeue, &mut self.log)
            .expect("it is unsettled");
    }

    pub(super) fn cancel(&mut self, client: Client) {
        self.broker
            .cancel(self.now, client.consumer, &mut self.log)
            .expect("the consumer is there");
    }

    pub(super) fn close(&mut self, channel: ChannelId) {
        self.broker
            .close(self.now, channel, &mut self.log)
            .expect("the channel is open");
    }

    /// Lets time go to `millis`, as a punctual driver does: what is due on the way goes when it is due.
    pub(super) fn at(&mut self, millis_since_start: u64) {
        let target = Time::ZERO + millis(millis_since_start);
        loop {
            self.deliver();
            let due = self.broker.next_deadline();
            if due > target {
                break;
            }
            self.now = due.max(self.now);
            self.broker.expire(self.now, &mut self.log);
        }
        self.now = target;
    }

    /// Lets go what is due at this very moment.
    pub(super) fn expire(&mut self) {
        self.deliver();
        self.broker.expire(self.now, &mut self.log);
    }

    /// The letters that are ready in `queue`, in the order of delivery.
    pub(super) fn ready(&self, queue: QueueId) -> String {
        self.broker
            .ready(queue)
            .map(|message| message.body)
            .collect()
    }

    /// (ready, unacked) of [`Q`].
    pub(super) fn levels(&self) -> (u64, u64) {
        let levels = self.broker.levels(Q);
        (levels.ready, levels.unacked)
    }

    /// What happened so far, in all queues: `a accepted, a delivered`.
    pub(super) fn history(&self) -> String {
        self.log.text(|_, _| true)
    }

    /// How letters left [`Q`] without an ack, or were refused by it.
    pub(super) fn losses(&self) -> String {
        self.log.text(|queue, word| {
            let entered = ["accepted", "delivered", "returned", "Acked"];
            queue == Q && !entered.contains(&word)
        })
    }
}

impl Log {
    fn text(&self, wanted: impl Fn(QueueId, &str) -> bool) -> String {
        let lines: Vec<String> = self
            .0
            .iter()
            .filter(|(queue, _, word)| wanted(*queue, word))
            .map(|(_, letter, word)| format!("{letter} {word}"))
            .collect();
        lines.join(", ")
    }
}

impl Sink<char> for Log {
    fn notice(&mut self, _: Time, notice: &Notice<'_, char>) {
        let entry = match notice {
            Notice::Unroutable {
                body, mandatory, ..
            } => {
                let word = if *mandatory { "handed back" } else { "dropped" };
                (NO_QUEUE, **body, word.to_owned())
            }
            Notice::ConsumerCancelled { queue, .. } => (*queue, '-', "consumer cancelled".into()),
            Notice::ChannelClosed { .. } => (NO_QUEUE, '-', "channel closed".into()),
            Notice::Alarm { is_on } => (NO_QUEUE, '-', format!("alarm {is_on}")),
            Notice::Blocked { .. } => (NO_QUEUE, '-', "blocked".into()),
            Notice::Unblocked { .. } => (NO_QUEUE, '-', "unblocked".into()),
            Notice::Confirmed {
                sequence, is_ack, ..
            } => {
                let word = if *is_ack { "ack" } else { "nack" };
                (NO_QUEUE, '-', format!("{word} {sequence}"))
            }
            Notice::Rebalancing { queue } => (*queue, '-', "rebalancing".to_owned()),
            Notice::Rebalanced { queue } => (*queue, '-', "rebalanced".to_owned()),
            Notice::QueueGone { queue, why } => (*queue, '-', format!("queue gone: {why:?}")),
        };
        self.0.push(entry);
    }

    fn effect(&mut self, _: Time, queue: QueueId, effect: &Effect<'_, char>, _: Levels) {
        let (letter, word) = match effect {
            Effect::Refused { body, .. } => (**body, "refused".to_owned()),
            Effect::Withheld { message, exit } => (message.body, format!("withheld: {exit:?}")),
            Effect::Copied { message, to } => (message.body, format!("copied to {}", to.len())),
            Effect::Accepted { message } => (message.body, "accepted".to_owned()),
            Effect::Delivered { message, .. } => (message.body, "delivered".to_owned()),
            Effect::Returned { message } => (message.body, "returned".to_owned()),
            Effect::Left { message, exit, .. } => (message.body, format!("{exit:?}")),
        };
        self.0.push((queue, letter, word));
    }
}
