//! The real queue core: a pure state machine that a simulator and a server drive alike.
//!
//! Nothing in here knows what time it is, draws a random number or does I/O. Every input takes `now`; what happened is
//! handed, in order, to a [`Sink`]; deliveries are polled until there are none; [`Broker::next_deadline`] says when to
//! come back though nothing arrives. Coming back early is harmless.
//!
//! At one instant a driver hands in acks and rejections first, then publishes; polls deliveries until there are none;
//! lets expire what still stands and is due; and polls again. So a time to live of 0 means now or never.
//!
//! ```
//! use queuelab::queue::{Broker, Publication, QueueSettings, Subscription};
//! use queuelab::time::Time;
//!
//! let now = Time::ZERO;
//! let mut broker = Broker::new();
//! let emails = broker.declare(now, QueueSettings::default())?;
//! let channel = broker.open_channel();
//! broker.subscribe(channel, emails, Subscription::prefetch(1))?;
//! broker.publish(now, emails, Publication::of("hello"), &mut ())?;
//! let delivery = broker.poll_delivery(now, &mut ()).expect("a consumer has room");
//! assert_eq!(delivery.body, "hello");
//! broker.ack(now, channel, delivery.tag, &mut ())?;
//! # Ok::<(), queuelab::queue::QueueError>(())
//! ```
//!
//! Rules are RabbitMQ's, of classic and of quorum queues, and those of SQS, of standard and of FIFO queues; each is
//! written once, here. Where versions differ, a [`Profile`] says whose. Pages named `docs/…` are those of
//! <https://www.rabbitmq.com>; of SQS, those named `API_…` of its API reference and all others of its developer guide,
//! at <https://docs.aws.amazon.com/AWSSimpleQueueService>.

mod attend;
mod broker;
mod channel;
mod check;
mod connection;
mod consumer;
mod credit;
mod death;
mod delayed;
mod discards;
mod effect;
mod error;
mod exchange;
mod flow;
mod groups;
mod incoming;
mod life;
mod line;
mod log;
mod media;
mod message;
mod patience;
mod pipe;
mod policy;
mod publisher;
mod pull;
mod request;
mod route;
mod routing;
mod rules;
mod settings;
mod settle;
mod slots;
mod state;
mod timer;
mod visibility;

pub use broker::{Broker, BrokerSettings};
pub use channel::ChannelId;
pub use connection::ConnectionId;
pub use consumer::ConsumerId;
pub use credit::Credit;
pub use death::{Death, FirstDeath, Reason};
pub use effect::{Effect, Exit, Gone, Levels, Notice, Sink, Stood};
pub use error::{QueueError, SettingsError};
pub use exchange::{Binding, Destination, ExchangeId, ExchangeKind, ExchangeSettings};
pub use life::DeleteIf;
pub use log::{
    Assignor, GroupId, GroupSettings, Log, LogError, LogSettings, MemberId, OffsetReset,
    Partitioner, Polled, Record, crc32, murmur2,
};
pub use media::{Media, Medium};
pub use message::{Message, MessageId};
pub use pipe::{Held, PeerId, Pipe, PipeError, PipeSettings, Transport};
pub use policy::Policy;
pub use request::{Delivery, MessageGroup, Publication, Subscription};
pub use route::{HeaderValue, Published, Route};
pub use settings::{
    DeadLetterExchange, DeadLetterStrategy, DelayedRetry, Expiry, Overflow, Profile, QueueId,
    QueueKind, QueueSettings, Retried, SqsSettings,
};
