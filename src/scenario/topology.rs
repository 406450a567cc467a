//! Where messages go: exchanges and their bindings, load balancers, and what follows a pool.

use crate::workload::Distribution;

/// Where a producer or a pool publishes to.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// One queue, by its index.
    Queue(usize),
    /// An exchange, which routes by key and headers.
    Exchange {
        /// Index in [`super::Scenario::exchanges`].
        exchange: usize,
        /// Routing keys with their shares, which add up to 1; each message draws one.
        keys: Vec<(String, f64)>,
        /// Headers of every message.
        headers: Vec<(String, String)>,
    },
    /// One of several queues, chosen for each message.
    Balanced {
        /// How it is chosen.
        policy: Balance,
        /// At least two, by their indices.
        queues: Vec<usize>,
    },
}

/// How a load balancer chooses among its queues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Balance {
    /// Each with the same chance.
    Random,
    /// One after the other.
    RoundRobin,
    /// The one with the fewest messages, ready and unacked; among equals the first in the list.
    Shortest,
    /// The shorter of two different ones drawn at random ("power of two choices", Mitzenmacher 2001).
    TwoChoices,
}

/// What may become of a message that a pool is done with.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlet {
    /// Chance of this one, in [0, 1]; those of a pool add up to 1.
    pub share: f64,
    /// What its figures are called; `None` where it needs no name.
    pub name: Option<String>,
    /// Where a copy goes, each to one of them; none is an exit.
    pub to: Vec<Target>,
}

/// Routes messages to queues.
#[derive(Clone, Debug, PartialEq)]
pub struct Exchange {
    /// Its key in the file.
    pub name: String,
    /// How it routes.
    pub kind: ExchangeKind,
    /// Index of the exchange to which goes what it cannot route.
    pub alternate: Option<usize>,
    /// To where, and under which condition.
    pub bindings: Vec<Binding>,
}

/// How an exchange routes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExchangeKind {
    /// By the whole routing key.
    Direct,
    /// To all that are bound.
    Fanout,
    /// By the words of the routing key: `*` is one word, `#` any number.
    Topic,
    /// By headers.
    Headers,
}

/// One way out of an exchange.
#[derive(Clone, Debug, PartialEq)]
pub struct Binding {
    /// To where.
    pub to: Bound,
    /// Routing key or pattern; empty for fanout and headers.
    pub key: String,
    /// Headers asked for, of a headers exchange.
    pub headers: Vec<(String, String)>,
    /// Whether one of them is enough (`x-match` = any).
    pub any: bool,
}

/// What is bound to an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// A queue, by its index.
    Queue(usize),
    /// Another exchange, by its index.
    Exchange(usize),
}

/// Work that depends on who published the message.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceOf {
    /// Index of the producer.
    pub producer: usize,
    /// Time to work on one of its messages, in seconds.
    pub service: Distribution,
}
