//! Random operations on the core and on the model, compared after each.
//!
//! `QUEUELAB_SEED=n` replays one round, `QUEUELAB_ROUNDS=n` asks for more of them.

use super::model::{Event, Facts, Letter, Model, Present, Settlement, What, Why};
use crate::rounds::{Dice, Verdict, caught, rounds, same, smallest};
use queuelab::queue::{
    Binding, Broker, BrokerSettings, ChannelId, ConnectionId, ConsumerId, DeadLetterExchange,
    DeadLetterStrategy, DelayedRetry, DeleteIf, Destination, Effect, ExchangeId, ExchangeKind,
    ExchangeSettings, Expiry, HeaderValue, Levels, Message, MessageGroup, Notice, Overflow, Policy,
    Profile, Publication, QueueError, QueueId, QueueKind, QueueSettings, Retried, Route,
    SettingsError, Sink, SqsSettings, Subscription,
};
use queuelab::time::{Span, Time};
use std::sync::Arc;

/// About five seconds' worth on one core in release; a debug build is to be done as soon.
const ROUNDS: u64 = if cfg!(debug_assertions) { 200 } else { 10_000 };

#[test]
fn the_core_does_what_the_naive_model_does() {
    rounds(ROUNDS).for_each(check);
}

fn check(seed: u64) {
    let plan = Plan::draw(seed);
    if let Some((at, text)) = plan.failure() {
        let smallest = plan.clone().shrink(at);
        let (_, last) = smallest.failure().unwrap_or((at, text.clone()));
        panic!(
            "seed {seed}, operation {at} of {}: {text}\nQUEUELAB_SEED={seed} replays it. The same in {} operations: {last}\n{:?} {:?}\n{:?}\n{:?}",
            plan.operations.len(),
            smallest.operations.len(),
            smallest.broker,
            smallest.settings,
            smallest.exchanges,
            smallest.operations,
        );
    }
}

/// One operation; numbers are taken modulo what there is, so that any part of a plan is a plan.
#[derive(Clone, Copy, Debug)]
enum Operation {
    Publish {
        queue: usize,
        bytes: u32,
        priority: Option<u8>,
        ttl: Option<u64>,
        group: Option<u32>,
    },
    PublishTo {
        exchange: usize,
        /// Of [`KEYS`]: the routing key, one more that is seen and one that is not, if there are so many.
        keys: [usize; 3],
        /// Of [`headers`].
        headers: usize,
        channel: Option<usize>,
        bytes: u32,
        priority: Option<u8>,
        ttl: Option<u64>,
        group: Option<u32>,
    },
    Bind(Way),
    Unbind(Way),
    DeclareExchange {
        exchange: usize,
    },
    DeleteExchange {
        exchange: usize,
        if_unused: bool,
    },
    Connect,
    OpenOn {
        connection: usize,
    },
    Disconnect {
        connection: usize,
    },
    Tell {
        connection: usize,
        can_be_told: bool,
    },
    Confirm {
        channel: usize,
    },
    Redeclare {
        queue: usize,
    },
    Policy {
        queue: usize,
        policy: Draft,
    },
    Delete {
        queue: usize,
        only: DeleteIf,
    },
    Open,
    /// It pulls where its queue is of SQS, or not there.
    Subscribe {
        channel: usize,
        queue: usize,
        subscription: Subscription,
    },
    Receive {
        consumer: usize,
        most: u32,
    },
    ChangeVisibility {
        channel: usize,
        tag: Tag,
        timeout: Span,
    },
    Limit {
        channel: usize,
        prefetch: u32,
    },
    Cancel {
        consumer: usize,
    },
    Settle {
        channel: usize,
        tag: Tag,
        multiple: bool,
        settlement: Choice,
    },
    Get {
        channel: usize,
        queue: usize,
        auto_ack: bool,
    },
    Close {
        channel: usize,
    },
    Purge {
        queue: usize,
    },
    Poll,
    PollAll,
    Expire,
    Advance {
        by: u64,
    },
}

/// A policy without texts.
#[derive(Clone, Copy, Debug)]
struct Draft {
    max_length: Option<u64>,
    max_length_bytes: Option<u64>,
    overflow: Option<Overflow>,
    message_ttl: Option<Span>,
    expires: Option<Span>,
    /// Of x0 to x2.
    exchange: Option<usize>,
    /// Of [`KEYS`].
    key: Option<usize>,
    delivery_limit: Option<u32>,
    consumer_timeout: Option<Span>,
}

impl Draft {
    fn policy(self) -> Policy {
        let key = self.key.map(|key| KEYS[key % KEYS.len()].into());
        Policy {
            max_length: self.max_length,
            max_length_bytes: self.max_length_bytes,
            overflow: self.overflow,
            message_ttl: self.message_ttl,
            expires: self.expires,
            dead_letter_exchange: self.exchange.map(|number| format!("x{}", number % 3)),
            dead_letter_routing_key: key,
            delivery_limit: self.delivery_limit,
            consumer_timeout: self.consumer_timeout,
        }
    }
}

/// From where to where for what.
#[derive(Clone, Copy, Debug)]
struct Way {
    from: usize,
    to_queue: bool,
    to: usize,
    /// Of [`PATTERNS`].
    pattern: usize,
    /// Of [`headers`].
    arguments: usize,
    any: bool,
}

/// What messages are published by; queues are called q0 to q3.
const KEYS: &[&str] = &["", "a", "b", "a.b", "a.b.c", "b.c", "a.", "q0", "q1", "q3"];
const PATTERNS: &[&str] = &[
    "", "#", "*", "a.*", "*.b", "a.#", "#.c", "*.#.c", "a", "b", "a.b", "q1",
];

/// Headers of messages and arguments of bindings.
fn headers(number: usize) -> Vec<(String, HeaderValue)> {
    let text = |text: &str| HeaderValue::Text(text.to_owned());
    let sets = [
        vec![],
        vec![("h", text("1"))],
        vec![("h", HeaderValue::Integer(1))],
        vec![("h", text("1")), ("i", HeaderValue::Boolean(true))],
        vec![("x-h", text("1")), ("i", HeaderValue::Boolean(true))],
        vec![("h", HeaderValue::Void)],
    ];
    let set = sets[number % sets.len()].iter().cloned();
    set.map(|(name, value)| (name.to_owned(), value)).collect()
}

#[derive(Clone, Copy, Debug)]
enum Tag {
    Held(usize),
    Any(u64),
}

#[derive(Clone, Copy, Debug)]
enum Choice {
    Ack,
    Nack { requeue: bool },
    Reject { requeue: bool },
}

const KINDS: usize = 17;

/// A round: rules of the queues, and what is done.
#[derive(Clone)]
struct Plan {
    broker: BrokerSettings,
    settings: Vec<QueueSettings>,
    /// Called x0 and so on.
    exchanges: Vec<ExchangeSettings>,
    /// The driver comes only when it is asked to, not at each deadline. Only the first queue has deadlines then, as the
    /// order among several that are overdue is nobody's rule.
    is_late: bool,
    operations: Vec<Operation>,
}

impl Plan {
    fn draw(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let is_late = dice.one_in(4);
        let broker = dice.broker();
        let count = dice.below(4) as usize + 1;
        let settings = (0..count)
            .map(|queue| dice.settings(broker.profile, count, is_late && queue > 0))
            .collect();
        let exchanges = (0..dice.below(4)).map(|_| dice.exchange()).collect();
        let length = if dice.one_in(20) {
            4000
        } else {
            50 + dice.below(400)
        };
        let weights: [u64; KINDS] = dice.weights();
        let operations = (0..length)
            .map(|_| dice.operation(&weights, is_late))
            .collect();
        Self {
            broker,
            settings,
            exchanges,
            is_late,
            operations,
        }
    }

    /// Where and what the first difference is, if there is one.
    fn failure(&self) -> Option<(usize, String)> {
        let mut pair = Pair::new(self);
        for (at, operation) in self.operations.iter().enumerate() {
            let verdict = caught(|| {
                pair.run(*operation)?;
                pair.compare()
            });
            if let Err(text) = verdict {
                return Some((at, text));
            }
        }
        None
    }

    /// Leaves out all that is not needed to fail.
    fn shrink(mut self, at: usize) -> Self {
        self.operations.truncate(at + 1);
        let fails = |operations: &[Operation]| {
            let operations = operations.to_vec();
            Self {
                operations,
                ..self.clone()
            }
            .failure()
            .is_some()
        };
        self.operations = smallest(self.operations.clone(), fails);
        self
    }
}

impl Dice {
    fn broker(&mut self) -> BrokerSettings {
        BrokerSettings {
            profile: [Profile::Rabbitmq310, Profile::Rabbitmq43][self.below(2) as usize],
            consumer_timeout: self.maybe(|dice| Span::from_secs(30 * dice.below(6))),
            memory_limit: self.maybe(|dice| dice.below(80)),
        }
    }

    fn settings(&mut self, profile: Profile, queues: usize, is_timeless: bool) -> QueueSettings {
        let ttl = self.maybe(|dice| Span::from_nanos(dice.below(10)));
        let mut settings = QueueSettings {
            kind: [QueueKind::Classic, QueueKind::Quorum][self.below(2) as usize],
            max_length: self.maybe(|dice| dice.below(6)),
            max_length_bytes: self.maybe(|dice| dice.below(40)),
            overflow: [
                Overflow::DropHead,
                Overflow::DropHead,
                Overflow::RejectPublish,
                Overflow::RejectPublishDlx,
            ][self.below(4) as usize],
            message_ttl: ttl.filter(|_| !is_timeless),
            expiry: [Expiry::Head, Expiry::Deadline][self.below(2) as usize],
            // One more than there are: a dead letter queue that is missing.
            dead_letter: (!self.one_in(4)).then(|| QueueId(self.below(queues as u64 + 1) as u32)),
            dead_letter_exchange: None,
            dead_letter_strategy: DeadLetterStrategy::AtMostOnce,
            delivery_limit: self.maybe(|dice| match dice.below(5) {
                4 => QueueSettings::NO_DELIVERY_LIMIT,
                most => most as u32,
            }),
            delayed_retry: self.one_in(4).then(|| self.delayed_retry()),
            max_priority: [0, 0, 1, 3, 255][self.below(5) as usize],
            single_active_consumer: self.one_in(3),
            consumer_timeout: self.one_in(8).then(|| Span::from_secs(40)),
            auto_delete: self.one_in(6),
            expires: self.one_in(6).then(|| Span::from_nanos(1 + self.below(40))),
            owner: self.one_in(8).then(|| ConnectionId(self.below(2) as u32)),
            transient: false,
            sqs: SqsSettings::default(),
        };
        if self.one_in(2) {
            settings.dead_letter = None;
            settings.dead_letter_exchange = Some(DeadLetterExchange {
                name: self.exchange_name(),
                routing_key: self.maybe(|dice| dice.of(KEYS).into()),
            });
        }
        if self.one_in(6) {
            settings.kind = QueueKind::Quorum;
            settings.overflow = Overflow::RejectPublish;
            settings.dead_letter_strategy = DeadLetterStrategy::AtLeastOnce;
            settings.dead_letter = None;
            settings.dead_letter_exchange = Some(DeadLetterExchange {
                name: "x0".to_owned(),
                routing_key: None,
            });
        }
        if is_timeless {
            settings.delayed_retry = None;
        } else if self.one_in(3) {
            settings = self.sqs(settings);
        }
        while let Err(error) = settings.check(profile) {
            if error == SettingsError::ConsumerTimeout {
                settings.consumer_timeout = None;
            } else if error == SettingsError::DelayedRetry {
                settings.delayed_retry = None;
            } else {
                settings.kind = QueueKind::Classic;
                settings.dead_letter_strategy = DeadLetterStrategy::AtMostOnce;
            }
        }
        settings
    }

    /// What of `settings` there may be in a queue of SQS.
    fn sqs(&mut self, settings: QueueSettings) -> QueueSettings {
        let has_dead_letters = settings.dead_letter.is_some();
        let receives = self.maybe(|dice| 1 + dice.below(3) as u32);
        QueueSettings {
            kind: [QueueKind::Sqs, QueueKind::SqsFifo][self.below(2) as usize],
            message_ttl: settings.message_ttl.map(|ttl| ttl + ttl),
            expiry: settings.expiry,
            dead_letter: settings.dead_letter,
            sqs: SqsSettings {
                visibility_timeout: Span::from_nanos(self.below(8)),
                delay: Span::from_nanos([0, 0, 2, 5][self.below(4) as usize]),
                in_flight_limit: [120_000, 1, 2, 4][self.below(4) as usize],
                max_receive_count: receives.filter(|_| has_dead_letters),
            },
            ..QueueSettings::default()
        }
    }

    fn delayed_retry(&mut self) -> DelayedRetry {
        DelayedRetry {
            of: [Retried::All, Retried::Failed, Retried::Returned][self.below(3) as usize],
            min: Span::from_nanos(self.below(5)),
            max: self.maybe(|dice| Span::from_nanos(dice.below(12))),
        }
    }

    fn operation(&mut self, weights: &[u64; KINDS], is_late: bool) -> Operation {
        let kind = self.kind(weights);
        let [channel, queue, consumer] = std::array::from_fn(|_| self.below(64) as usize);
        match kind {
            0 => self.publish(queue, is_late),
            1 => Operation::Open,
            2 => Operation::Subscribe {
                channel,
                queue,
                subscription: Subscription {
                    prefetch: self.below(4) as u32,
                    auto_ack: self.one_in(6),
                    priority: [0, 0, 0, 1, -1][self.below(5) as usize],
                    exclusive: self.one_in(12),
                    pulls: self.one_in(12),
                },
            },
            3 => Operation::Cancel { consumer },
            4 | 5 => Operation::Settle {
                channel,
                tag: self.tag(),
                multiple: self.one_in(3),
                settlement: self.choice(),
            },
            6 => Operation::Get {
                channel,
                queue,
                auto_ack: self.one_in(3),
            },
            7 if self.one_in(3) => Operation::Close { channel },
            7 if self.one_in(3) => Operation::Purge { queue },
            8 => Operation::Poll,
            9 => Operation::PollAll,
            10 => Operation::Expire,
            11 if self.one_in(8) => Operation::Advance {
                by: self.below(8) * 30_000_000_000,
            },
            11 => Operation::Advance { by: self.below(6) },
            12 => Operation::Limit {
                channel,
                prefetch: self.below(4) as u32,
            },
            13 => self.publish_to(is_late),
            14 => match self.below(12) {
                0 => Operation::DeclareExchange { exchange: queue },
                1 => Operation::DeleteExchange {
                    exchange: queue,
                    if_unused: self.one_in(2),
                },
                2..=4 => Operation::Unbind(self.way()),
                _ => Operation::Bind(self.way()),
            },
            15 => match self.below(19) {
                15..=18 => self.policy(queue, is_late),
                0 => Operation::Connect,
                1 => Operation::Disconnect {
                    connection: channel,
                },
                2 => Operation::Delete {
                    queue,
                    only: DeleteIf {
                        unused: self.one_in(2),
                        empty: self.one_in(2),
                    },
                },
                12 => Operation::Tell {
                    connection: channel,
                    can_be_told: self.one_in(2),
                },
                13..=14 => Operation::Confirm { channel },
                3..=6 => Operation::OpenOn {
                    connection: channel,
                },
                _ => Operation::Redeclare { queue },
            },
            16 if self.one_in(4) => Operation::ChangeVisibility {
                channel,
                tag: self.tag(),
                timeout: match self.below(6) {
                    0 => Span::ZERO,
                    1 => Span::from_secs(12 * 3600),
                    _ => Span::from_nanos(self.below(12)),
                },
            },
            16 => Operation::Receive {
                consumer,
                most: [0, 1, 1, 2, 3, 10][self.below(6) as usize],
            },
            _ => self.publish(queue, is_late),
        }
    }

    /// Where the driver is late, without deadlines.
    fn policy(&mut self, queue: usize, is_late: bool) -> Operation {
        let overflows = [
            Overflow::DropHead,
            Overflow::RejectPublish,
            Overflow::RejectPublishDlx,
        ];
        let ttl = self.maybe(|dice| Span::from_nanos(dice.below(10)));
        let expires = self.one_in(6).then(|| Span::from_nanos(self.below(40)));
        let policy = Draft {
            max_length: self.maybe(|dice| dice.below(6)),
            max_length_bytes: self.one_in(4).then(|| self.below(40)),
            overflow: self.maybe(|dice| overflows[dice.below(3) as usize]),
            message_ttl: ttl.filter(|_| !is_late),
            expires: expires.filter(|_| !is_late),
            exchange: self.maybe(|dice| dice.below(3) as usize),
            key: self.maybe(|dice| dice.below(64) as usize),
            delivery_limit: self.maybe(|dice| match dice.below(4) {
                3 => QueueSettings::NO_DELIVERY_LIMIT,
                most => most as u32,
            }),
            consumer_timeout: self.one_in(4).then(|| Span::from_secs(30)),
        };
        Operation::Policy { queue, policy }
    }

    fn publish(&mut self, queue: usize, is_late: bool) -> Operation {
        let ttl = self.maybe(|dice| dice.below(12));
        Operation::Publish {
            queue: if is_late && ttl.is_some() { 0 } else { queue },
            bytes: self.below(16) as u32,
            priority: self.maybe(|dice| match dice.below(8) {
                7 => 40,
                low => low as u8,
            }),
            ttl,
            group: (!self.one_in(8)).then(|| self.below(3) as u32),
        }
    }

    fn publish_to(&mut self, is_late: bool) -> Operation {
        let Operation::Publish {
            bytes,
            priority,
            ttl,
            group,
            ..
        } = self.publish(0, is_late)
        else {
            unreachable!("it draws a publish");
        };
        Operation::PublishTo {
            exchange: self.below(64) as usize,
            keys: std::array::from_fn(|_| self.below(20) as usize),
            headers: self.below(64) as usize,
            channel: self.maybe(|dice| dice.below(64) as usize),
            bytes,
            priority,
            ttl: ttl.filter(|_| !is_late),
            group,
        }
    }

    fn of(&mut self, texts: &[&'static str]) -> &'static str {
        texts[self.below(texts.len() as u64) as usize]
    }

    /// Mostly one that is there.
    fn exchange_name(&mut self) -> String {
        self.of(&["x0", "x1", "x2", ""]).to_owned()
    }

    fn exchange(&mut self) -> ExchangeSettings {
        let kinds = [
            ExchangeKind::Direct,
            ExchangeKind::Fanout,
            ExchangeKind::Topic,
            ExchangeKind::Headers,
        ];
        ExchangeSettings {
            kind: kinds[self.below(4) as usize],
            alternate: self.maybe(Self::exchange_name),
        }
    }

    fn way(&mut self) -> Way {
        let [from, to, pattern, arguments] = std::array::from_fn(|_| self.below(64) as usize);
        Way {
            from,
            to_queue: !self.one_in(3),
            to,
            pattern,
            arguments,
            any: self.one_in(2),
        }
    }

    fn choice(&mut self) -> Choice {
        let requeue = self.one_in(2);
        [
            Choice::Ack,
            Choice::Nack { requeue },
            Choice::Reject { requeue },
        ][self.below(3) as usize]
    }

    fn tag(&mut self) -> Tag {
        if self.one_in(8) {
            return Tag::Any([0, 1, 2, self.below(50), u64::MAX][self.below(5) as usize]);
        }
        Tag::Held(self.below(64) as usize)
    }
}

/// The core and the model side by side.
struct Pair {
    broker: Broker<u32>,
    model: Model,
    listener: Listener,
    is_late: bool,
    now: Time,
    published: u32,
    channels: Vec<ChannelId>,
    consumers: Vec<ConsumerId>,
    connections: Vec<ConnectionId>,
    plan: Plan,
}

impl Pair {
    fn new(plan: &Plan) -> Self {
        let mut pair = Self {
            broker: Broker::with(plan.broker),
            model: Model::new(plan.broker),
            listener: Listener::default(),
            is_late: plan.is_late,
            now: Time::ZERO,
            published: 0,
            channels: vec![ChannelId(u32::MAX)],
            consumers: vec![ConsumerId(u32::MAX)],
            connections: vec![ConnectionId(u32::MAX)],
            plan: plan.clone(),
        };
        for _ in 0..2 {
            pair.connect();
        }
        for number in 0..plan.settings.len() {
            pair.declare(number).expect("its settings were checked");
        }
        for exchange in 0..plan.exchanges.len() {
            pair.declare_exchange(exchange);
        }
        pair.open();
        pair
    }

    fn queue(&self, number: usize) -> QueueId {
        QueueId((number % self.listener.books.len()) as u32)
    }

    /// Mostly one that is open.
    fn channel(&self, number: usize) -> ChannelId {
        self.channels[number % self.channels.len()]
    }

    /// Perhaps the default one, or one that is not there.
    fn exchange(&self, number: usize) -> ExchangeId {
        let count = self.plan.exchanges.len();
        let name = match number % (count + 1) {
            last if last == count => String::new(),
            other => format!("x{other}"),
        };
        let id = self.broker.exchange_named(&name);
        id.unwrap_or(ExchangeId(77))
    }

    fn declare_exchange(&mut self, number: usize) {
        if self.plan.exchanges.is_empty() {
            return;
        }
        let number = number % self.plan.exchanges.len();
        let (name, settings) = (format!("x{number}"), &self.plan.exchanges[number]);
        let was_there = self.broker.exchange_named(&name).is_some();
        let id = self.broker.declare_exchange(&name, settings.clone());
        if !was_there {
            let id = id.expect("its name is free");
            self.model.exchanges.declare(id, &name, settings.clone());
        }
    }

    fn ends(&self, way: Way) -> (ExchangeId, Destination, Binding) {
        let to = match way.to_queue {
            true => self.queue(way.to).into(),
            false => self.exchange(way.to).into(),
        };
        let binding = Binding {
            key: PATTERNS[way.pattern % PATTERNS.len()].to_owned(),
            arguments: headers(way.arguments),
            any: way.any,
        };
        (self.exchange(way.from), to, binding)
    }

    fn check_end(&self, end: Destination) -> Result<(), QueueError> {
        match end {
            Destination::Queue(queue) => self.model.check_queue(queue),
            Destination::Exchange(_) => Ok(()),
        }
    }

    fn publish_to(
        &mut self,
        channel: Option<ChannelId>,
        route: &Arc<Route>,
        (publication, letter): (Publication<u32>, Letter),
    ) -> Verdict {
        let (now, sink) = (self.now, &mut self.listener);
        let (broker, model) = (&mut self.broker, &mut self.model);
        let (core, model) = match channel {
            Some(channel) => (
                broker.publish_on(now, channel, route, publication, true, sink),
                model.publish_on(now, channel, route, &letter),
            ),
            None => (
                broker.publish_to(now, route, publication, true, sink),
                model.publish_to(now, route, &letter),
            ),
        };
        same("publish to", &core, &model)
    }

    /// The next one, for the core and for the model.
    fn message(
        &mut self,
        bytes: u32,
        priority: Option<u8>,
        ttl: Option<Span>,
        group: Option<u32>,
    ) -> (Publication<u32>, Letter) {
        let body = self.published;
        self.published += 1;
        let publication = Publication {
            body,
            bytes,
            priority,
            ttl,
            group: group.map(MessageGroup),
        };
        let letter = Letter {
            body,
            bytes,
            priority,
            ttl,
            route: None,
            group,
            first: None,
        };
        (publication, letter)
    }

    fn open(&mut self) {
        let id = self.broker.open_channel();
        self.note_channel(id);
    }

    fn note_channel(&mut self, id: ChannelId) {
        let connection = self.broker.connection_of(id).expect("it is open");
        self.model.open_channel(id, connection);
        self.channels.push(id);
    }

    fn connect(&mut self) {
        let id = self.broker.connect();
        self.model.connect(id);
        self.connections.push(id);
    }

    fn open_on(&mut self, connection: ConnectionId) -> Verdict {
        match self.broker.open_channel_on(connection) {
            Ok(id) => {
                self.note_channel(id);
                Ok(())
            }
            Err(error) => same(
                "open",
                &error,
                &QueueError::UnknownConnection(ConnectionId(u32::MAX)),
            ),
        }
    }

    fn disconnect(&mut self, id: ConnectionId) -> Verdict {
        let core = self.broker.disconnect(self.now, id, &mut self.listener);
        same("disconnect", &core, &self.model.disconnect(self.now, id))
    }

    /// Mostly it is there.
    fn declare(&mut self, number: usize) -> Verdict {
        let number = number % self.plan.settings.len();
        let (name, settings) = (format!("q{number}"), self.plan.settings[number].clone());
        let known = self.broker.queue_named(&name);
        let core = self.broker.declare_as(self.now, &name, settings.clone());
        if let Some(id) = known {
            self.model.declare_again(self.now, id);
            return same("declare again", &core, &Ok(id));
        }
        let model = self.model.declare(self.now, &name, settings);
        same("declare", &core.map(drop), &model)?;
        if let Ok(id) = core {
            assert_eq!(id.index(), self.listener.books.len());
            self.listener.books.push(Books {
                since: self.now,
                ..Books::default()
            });
        }
        Ok(())
    }

    /// Forgets names that nothing has any more.
    fn prune(&mut self) {
        let model = &self.model;
        let keep = |id: u32, is_there: bool| id == u32::MAX || is_there;
        self.channels
            .retain(|id| keep(id.0, model.has_channel(*id)));
        self.consumers
            .retain(|id| keep(id.0, model.has_consumer(*id)));
        self.connections
            .retain(|id| keep(id.0, model.has_connection(*id)));
    }

    fn run(&mut self, operation: Operation) -> Verdict {
        match operation {
            Operation::Publish {
                queue,
                bytes,
                priority,
                ttl,
                group,
            } => {
                let ttl = ttl.map(Span::from_nanos);
                let message = self.message(bytes, priority, ttl, group);
                self.publish(self.queue(queue), message)
            }
            Operation::PublishTo {
                exchange,
                keys,
                headers: set,
                channel,
                bytes,
                priority,
                ttl,
                group,
            } => {
                let key = |place: usize| KEYS.get(keys[place]).map(|key| (*key).into());
                let route = Route {
                    exchange: self.exchange(exchange),
                    key: key(0).unwrap_or_default(),
                    cc: key(1).into_iter().collect(),
                    bcc: key(2).into_iter().collect(),
                    headers: headers(set).into(),
                };
                let ttl = ttl.map(Span::from_nanos);
                let message = self.message(bytes, priority, ttl, group);
                let channel = channel.map(|number| self.channel(number));
                self.publish_to(channel, &Arc::new(route), message)
            }
            Operation::Bind(way) => {
                let (from, to, binding) = self.ends(way);
                let core = self.broker.bind(from, to, binding.clone());
                let model = self.check_end(to);
                let model = model.and_then(|()| self.model.exchanges.bind(from, to, binding));
                same("bind", &core, &model)
            }
            Operation::Unbind(way) => {
                let (from, to, binding) = self.ends(way);
                let core = self.broker.unbind(from, to, &binding);
                let model = self.check_end(to);
                let model = model.and_then(|()| self.model.exchanges.unbind(from, to, &binding));
                same("unbind", &core, &model)
            }
            Operation::DeclareExchange { exchange } => {
                self.declare_exchange(exchange);
                Ok(())
            }
            Operation::DeleteExchange {
                exchange,
                if_unused,
            } => {
                let id = self.exchange(exchange);
                let core = self.broker.delete_exchange(id, if_unused);
                let model = self.model.exchanges.delete(id, if_unused);
                same("delete exchange", &core, &model)
            }
            Operation::Connect => {
                if self.connections.len() < 5 {
                    self.connect();
                }
                Ok(())
            }
            Operation::OpenOn { connection } => match self.channels.len() {
                ..6 => self.open_on(self.connections[connection % self.connections.len()]),
                _ => Ok(()),
            },
            Operation::Disconnect { connection } => {
                self.disconnect(self.connections[connection % self.connections.len()])
            }
            Operation::Tell {
                connection,
                can_be_told,
            } => {
                let id = self.connections[connection % self.connections.len()];
                let core = self.broker.tell_of_cancels(id, can_be_told);
                same("tell", &core, &self.model.tell_of_cancels(id, can_be_told))
            }
            Operation::Confirm { channel } => {
                let channel = self.channel(channel);
                let core = self.broker.confirm_select(channel);
                same("confirm", &core, &self.model.confirm_select(channel))
            }
            Operation::Redeclare { queue } => self.declare(queue),
            Operation::Policy { queue, policy } => {
                let (now, queue, policy) = (self.now, self.queue(queue), policy.policy());
                let sink = &mut self.listener;
                let core = self.broker.set_policy(now, queue, &policy, sink);
                same("policy", &core, &self.model.set_policy(now, queue, &policy))
            }
            Operation::Delete { queue, only } => {
                let (now, queue) = (self.now, self.queue(queue));
                let core = self.broker.delete(now, queue, only, &mut self.listener);
                same("delete", &core, &self.model.delete(now, queue, only))
            }
            Operation::Open => {
                // Numbers are drawn up to 64: more would rarely be spoken to.
                if self.channels.len() < 6 {
                    self.open();
                }
                Ok(())
            }
            Operation::Subscribe {
                channel,
                queue,
                subscription,
            } => {
                let queue = self.queue(queue);
                let pulls = subscription.pulls != self.model.is_sqs(queue);
                let subscription = Subscription {
                    pulls,
                    ..subscription
                };
                self.subscribe(self.channel(channel), queue, subscription)
            }
            Operation::Receive { consumer, most } => {
                let id = self.consumers[consumer % self.consumers.len()];
                let core = self.broker.receive(self.now, id, most);
                same("receive", &core, &self.model.receive(id, most))
            }
            Operation::ChangeVisibility {
                channel,
                tag,
                timeout,
            } => self.change_visibility(self.channel(channel), tag, timeout),
            Operation::Limit { channel, prefetch } => {
                let channel = self.channel(channel);
                let core = self.broker.limit_channel(channel, prefetch);
                same("limit", &core, &self.model.limit_channel(channel, prefetch))
            }
            Operation::Cancel { consumer } => {
                let id = self.consumers[consumer % self.consumers.len()];
                let core = self.broker.cancel(self.now, id, &mut self.listener);
                same("cancel", &core, &self.model.cancel(self.now, id))
            }
            Operation::Settle {
                channel,
                tag,
                multiple,
                settlement,
            } => self.settle(self.channel(channel), tag, multiple, settlement),
            Operation::Get {
                channel,
                queue,
                auto_ack,
            } => {
                let (now, channel, queue) = (self.now, self.channel(channel), self.queue(queue));
                let listener = &mut self.listener;
                let core = self.broker.get(now, channel, queue, auto_ack, listener);
                same("get", &core, &self.model.get(now, channel, queue, auto_ack))
            }
            Operation::Close { channel } => self.close(self.channel(channel)),
            Operation::Purge { queue } => {
                let (now, queue) = (self.now, self.queue(queue));
                let core = self.broker.purge(now, queue, &mut self.listener);
                same("purge", &core, &self.model.purge(now, queue))
            }
            Operation::Poll => self.poll().map(drop),
            Operation::PollAll => self.poll_all(),
            Operation::Expire => self.expire(),
            Operation::Advance { by } => self.advance(Span::from_nanos(by)),
        }
    }

    fn publish(
        &mut self,
        queue: QueueId,
        (publication, letter): (Publication<u32>, Letter),
    ) -> Verdict {
        let core = self
            .broker
            .publish(self.now, queue, publication, &mut self.listener);
        let model = self.model.publish(self.now, queue, letter);
        same("publish", &core, &model)
    }

    fn subscribe(
        &mut self,
        channel: ChannelId,
        queue: QueueId,
        subscription: Subscription,
    ) -> Verdict {
        let core = self.broker.subscribe(channel, queue, subscription);
        let model = self.model.check_subscription(channel, queue, subscription);
        same("subscribe", &core.map(drop), &model)?;
        if let Ok(id) = core {
            self.model.subscribe(id, channel, queue, subscription);
            self.consumers.push(id);
        }
        Ok(())
    }

    fn tag(&self, channel: ChannelId, tag: Tag) -> u64 {
        let held = self.model.tags(channel);
        match tag {
            Tag::Held(number) if !held.is_empty() => held[number % held.len()],
            Tag::Held(number) => number as u64,
            Tag::Any(tag) => tag,
        }
    }

    fn change_visibility(&mut self, channel: ChannelId, tag: Tag, timeout: Span) -> Verdict {
        let (now, tag) = (self.now, self.tag(channel, tag));
        let (broker, sink) = (&mut self.broker, &mut self.listener);
        let core = broker.change_visibility(now, channel, tag, timeout, sink);
        let model = self.model.change_visibility(now, channel, tag, timeout);
        same("change visibility", &core, &model)
    }

    fn settle(&mut self, channel: ChannelId, tag: Tag, multiple: bool, choice: Choice) -> Verdict {
        let tag = self.tag(channel, tag);
        let Self {
            broker,
            now,
            listener,
            ..
        } = self;
        let (now, sink) = (*now, listener);
        let core = match (choice, multiple) {
            (Choice::Ack, false) => broker.ack(now, channel, tag, sink),
            (Choice::Ack, true) => broker.ack_multiple(now, channel, tag, sink),
            (Choice::Nack { requeue }, false) => broker.nack(now, channel, tag, requeue, sink),
            (Choice::Nack { requeue }, true) => {
                broker.nack_multiple(now, channel, tag, requeue, sink)
            }
            (Choice::Reject { requeue }, _) => broker.reject(now, channel, tag, requeue, sink),
        };
        let settlement = match choice {
            Choice::Ack => Settlement::Ack,
            Choice::Nack { requeue: true } => Settlement::Requeue(Why::Nack),
            Choice::Reject { requeue: true } => Settlement::Requeue(Why::Reject),
            Choice::Nack { .. } | Choice::Reject { .. } => Settlement::Discard,
        };
        let multiple = multiple && !matches!(choice, Choice::Reject { .. });
        let model = self
            .model
            .settle(self.now, channel, tag, multiple, settlement);
        same("settle", &core, &model)
    }

    fn close(&mut self, channel: ChannelId) -> Verdict {
        let core = self.broker.close(self.now, channel, &mut self.listener);
        same("close", &core, &self.model.close(self.now, channel))
    }

    /// Whether there was something.
    fn poll(&mut self) -> Result<bool, String> {
        let core = self.broker.poll_delivery(self.now, &mut self.listener);
        let model = self.model.poll_delivery(self.now);
        same("delivery", &core, &model)?;
        Ok(core.is_some())
    }

    fn poll_all(&mut self) -> Verdict {
        while self.poll()? {}
        let (promised, due) = (
            self.broker.next_deadline(),
            self.model.next_expiry().max(self.now),
        );
        if promised > due {
            return Err(format!("next deadline is {promised:?}, but {due:?} is due"));
        }
        Ok(())
    }

    fn expire(&mut self) -> Verdict {
        self.poll_all()?;
        self.broker.expire(self.now, &mut self.listener);
        self.model.expire(self.now);
        self.compare()
    }

    fn advance(&mut self, by: Span) -> Verdict {
        let target = self.now + by;
        while !self.is_late {
            self.poll_all()?;
            let due = self.broker.next_deadline();
            if due > target {
                break;
            }
            if due < self.now {
                return Err(format!("next deadline {due:?} is over at {:?}", self.now));
            }
            self.now = due;
            self.expire()?;
        }
        self.now = target;
        Ok(())
    }

    fn compare(&mut self) -> Verdict {
        let (core, model) = (&mut self.listener.fresh, &mut self.model.history);
        let difference = core
            .iter()
            .zip(model.iter())
            .find(|(core, model)| core != model);
        if let Some((core, model)) = difference {
            return same("effect", core, model);
        }
        same("effects", &*core, &*model)?;
        core.clear();
        model.clear();
        let (core, model) = (&mut self.listener.notices, &mut self.model.notices);
        same("notices", &*core, &*model)?;
        core.clear();
        model.clear();
        self.prune();
        for queue in (0..self.listener.books.len()).map(|index| QueueId(index as u32)) {
            self.compare_queue(queue)?;
        }
        for channel in self.channels.clone() {
            for tag in self.model.tags(channel) {
                let core = self.broker.is_taken_back(channel, tag);
                same("taken back", &core, &self.model.is_taken_back(channel, tag))?;
            }
        }
        let count = self.broker.message_count();
        same("message count", &count, &self.model.message_count())
    }

    fn compare_queue(&self, queue: QueueId) -> Verdict {
        same(
            "levels",
            &self.broker.levels(queue),
            &self.model.levels(queue),
        )?;
        let ready: Vec<u32> = self
            .broker
            .ready(queue)
            .map(|message| message.body)
            .collect();
        let (core, model) = (&self.broker, &self.model);
        same(
            "active",
            &core.active_consumer(queue),
            &model.active_consumer(queue),
        )?;
        same("ready", &ready, &self.model.ready(queue))?;
        same("in flight", &core.in_flight(queue), &model.in_flight(queue))?;
        let present = self.broker.messages(queue);
        let present: Vec<Present> = present
            .map(|(message, is_ready, deaths)| Present {
                body: message.body,
                is_ready,
                route: message.route().cloned(),
                deaths: deaths.to_vec(),
            })
            .collect();
        same("present", &present, &self.model.present(queue))?;
        let rest = self.broker.messages(queue).map(|(message, ..)| message);
        self.listener.books[queue.index()].audit(self.now, rest)
    }
}

/// Hears the core's effects, and keeps books from them alone.
#[derive(Default)]
struct Listener {
    fresh: Vec<Event>,
    notices: Vec<String>,
    /// By queue.
    books: Vec<Books>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Books {
    accepted: u64,
    exits: u64,
    /// ∫ total dt up to `since`, in nanoseconds.
    area: u128,
    since: Time,
    /// Σ time in the queue over all exits.
    stays: u128,
}

impl Books {
    fn area_at(&self, now: Time) -> u128 {
        let total = u128::from(self.accepted - self.exits);
        self.area + total * u128::from((now - self.since).as_nanos())
    }

    /// Little's law to the nanosecond, and nothing lost or made.
    fn audit<'a>(&self, now: Time, rest: impl Iterator<Item = &'a Message<u32>>) -> Verdict {
        let ages: Vec<u128> = rest
            .map(|message| u128::from((now - message.enqueued).as_nanos()))
            .collect();
        let remaining = ages.len() as u64;
        same("accepted", &self.accepted, &(self.exits + remaining))?;
        let stays = self.stays + ages.iter().sum::<u128>();
        same("area", &self.area_at(now), &stays)
    }
}

impl Sink<u32> for Listener {
    fn notice(&mut self, _: Time, notice: &Notice<'_, u32>) {
        self.notices.push(match notice {
            Notice::Unroutable { .. } | Notice::Rebalancing { .. } | Notice::Rebalanced { .. } => {
                return;
            }
            Notice::ConsumerCancelled {
                channel,
                consumer,
                queue,
            } => format!("{consumer:?} of {queue:?} on {channel:?} is cancelled"),
            Notice::ChannelClosed { channel } => format!("{channel:?} is to close"),
            Notice::Alarm { is_on } => format!("alarm {is_on}"),
            Notice::Blocked { connection } => format!("{connection:?} blocked"),
            Notice::Unblocked { connection } => format!("{connection:?} unblocked"),
            Notice::Confirmed {
                channel,
                sequence,
                is_ack,
            } => {
                let word = if *is_ack { "ack" } else { "nack" };
                format!("{channel:?} {sequence} {word}")
            }
            Notice::QueueGone { queue, why } => format!("{queue:?} is gone: {why:?}"),
        });
    }

    fn effect(&mut self, now: Time, queue: QueueId, effect: &Effect<'_, u32>, levels: Levels) {
        let books = &mut self.books[queue.index()];
        books.area = books.area_at(now);
        books.since = now;
        let (body, what) = match effect {
            Effect::Refused {
                body,
                dead_lettered_to,
                is_kept,
            } => (
                **body,
                What::Refused {
                    to: dead_lettered_to.to_vec(),
                    is_kept: *is_kept,
                },
            ),
            Effect::Withheld { message, exit } => {
                (message.body, What::Withheld(facts(message), *exit))
            }
            Effect::Copied { message, to } => {
                (message.body, What::Copied(facts(message), to.to_vec()))
            }
            Effect::Accepted { message } => {
                books.accepted += 1;
                (message.body, What::Accepted(facts(message)))
            }
            Effect::Delivered { message, consumer } => {
                (message.body, What::Delivered(facts(message), *consumer))
            }
            Effect::Returned { message } => (message.body, What::Returned(facts(message))),
            Effect::Left {
                message,
                exit,
                stood,
                dead_lettered_to,
                copied,
            } => {
                books.exits += 1;
                books.stays += u128::from((now - message.enqueued).as_nanos());
                let left = What::Left {
                    facts: facts(message),
                    exit: *exit,
                    stood: *stood,
                    to: dead_lettered_to.to_vec(),
                    copied: *copied,
                };
                (message.body, left)
            }
        };
        self.fresh.push(Event {
            now,
            queue,
            body,
            what,
            levels,
        });
    }
}

fn facts(message: &Message<u32>) -> Facts {
    Facts {
        enqueued: message.enqueued,
        deadline: message.deadline,
        bytes: message.bytes,
        priority: message.priority,
        deliveries: message.deliveries,
        returns: message.returns,
        delivery_count: message.delivery_count,
    }
}
