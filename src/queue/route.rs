//! How a message is addressed: what exchanges look at. Shared by all messages that are addressed alike.

use super::exchange::ExchangeId;
use std::sync::Arc;

/// The value of a header; types matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeaderValue {
    /// A text.
    Text(String),
    /// A whole number of any width.
    Integer(i64),
    /// True or false.
    Boolean(bool),
    /// Nothing: in a binding, whatever there is.
    Void,
}

/// Where a message is published, and by what it finds its way. Make one for each kind of message and publish by it
/// again and again: a message holds a pointer to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Where it enters.
    pub exchange: ExchangeId,
    /// Its routing key.
    pub key: Arc<str>,
    /// Further routing keys, which consumers see (`docs/sender-selected`).
    pub cc: Vec<Arc<str>>,
    /// Further routing keys, which consumers do not see.
    pub bcc: Vec<Arc<str>>,
    /// For headers exchanges.
    pub headers: Arc<[(String, HeaderValue)]>,
}

impl Route {
    /// By one routing key.
    pub fn new(exchange: ExchangeId, key: &str) -> Self {
        Self {
            exchange,
            key: key.into(),
            cc: Vec::new(),
            bcc: Vec::new(),
            headers: Arc::new([]),
        }
    }

    /// All that it is routed by.
    pub fn keys(&self) -> impl Iterator<Item = &Arc<str>> {
        [&self.key].into_iter().chain(&self.cc).chain(&self.bcc)
    }

    /// As a dead letter is addressed: to another exchange, by its own keys or by one that replaces all of them.
    pub fn onward(&self, exchange: ExchangeId, key: Option<&Arc<str>>) -> Self {
        match key {
            None => Self {
                exchange,
                ..self.clone()
            },
            Some(key) => Self {
                exchange,
                key: key.clone(),
                cc: Vec::new(),
                bcc: Vec::new(),
                headers: self.headers.clone(),
            },
        }
    }
}

/// What became of a message that was published to an exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published<B> {
    /// Queues that took it.
    pub accepted: u32,
    /// Queues that turned it away; the others keep it.
    pub refused: u32,
    /// Its number on its channel, from 1, where that has publisher confirms.
    pub sequence: Option<u64>,
    /// What was published, handed back if no queue took it.
    pub body: Option<B>,
}

impl<B> Published<B> {
    /// Whether a publisher that asked for confirms gets an ack: all queues took it, or there was none
    /// (`docs/confirms`).
    pub const fn is_confirmed(&self) -> bool {
        self.refused == 0
    }

    /// Whether it found a queue.
    pub const fn is_routed(&self) -> bool {
        self.accepted + self.refused > 0
    }
}
