//! Where messages go: exchanges and their bindings, load balancers, and what follows a pool.

use super::{Cost, Medium, Queue};
use crate::queue::{
    self, Broker, BrokerSettings, Destination, ExchangeId, ExchangeKind, ExchangeSettings,
    HeaderValue, QueueError, QueueId, QueueSettings, Route,
};
use crate::time::Time;
use crate::workload::Distribution;
use std::sync::Arc;

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

impl Target {
    /// How messages to an exchange are addressed, by their keys; nothing for other targets.
    pub fn routes(&self) -> Vec<Route> {
        let Self::Exchange {
            exchange,
            keys,
            headers,
        } = self
        else {
            return Vec::new();
        };
        let headers: Arc<[_]> = values(headers).into();
        let route = |(key, _): &(String, f64)| Route {
            headers: headers.clone(),
            ..Route::new(ExchangeId(*exchange as u32), key)
        };
        keys.iter().map(route).collect()
    }
}

fn values(headers: &[(String, String)]) -> Vec<(String, HeaderValue)> {
    let value = |(name, text): &(String, String)| (name.clone(), HeaderValue::Text(text.clone()));
    headers.iter().map(value).collect()
}

/// A broker that routes as `exchanges` say, which is the same in every profile, between queues that stand for those
/// of the scenario; `None` where they cannot be, which is a mistake of its own.
pub(super) fn routing(exchanges: &[Exchange]) -> Option<Broker<()>> {
    let bound = exchanges.iter().flat_map(|exchange| &exchange.bindings);
    let queues = bound.filter_map(|binding| match binding.to {
        Bound::Queue(queue) => Some(queue + 1),
        Bound::Exchange(_) => None,
    });
    let stand_in = |index| Queue {
        name: format!("queue {index}"),
        medium: Medium::Queue,
        settings: QueueSettings::default(),
        intake: None,
        cost: Cost::default(),
    };
    let queues: Vec<Queue> = (0..queues.max().unwrap_or(0)).map(stand_in).collect();
    declare(BrokerSettings::default(), &queues, exchanges).ok()
}

/// A broker in which `queues` and `exchanges` are declared, each under its name, by indices in these lists.
///
/// # Errors
/// With the first declaration that the broker would refuse.
pub fn declare<B: Clone>(
    settings: BrokerSettings,
    queues: &[Queue],
    exchanges: &[Exchange],
) -> Result<Broker<B>, QueueError> {
    let mut broker = Broker::with(settings);
    for queue in queues {
        match queue.medium {
            Medium::Queue => {
                broker.declare_as(Time::ZERO, &queue.name, queue.settings.clone())?;
            }
            Medium::Topic(_) | Medium::Pipe(_) => {
                broker.reserve();
            }
        }
    }
    for exchange in exchanges {
        let alternate = exchange
            .alternate
            .map(|index| exchanges[index].name.clone());
        let settings = ExchangeSettings {
            kind: exchange.kind,
            alternate,
        };
        broker.declare_exchange(&exchange.name, settings)?;
    }
    for (index, exchange) in (0..).zip(exchanges) {
        for binding in &exchange.bindings {
            let to = match binding.to {
                Bound::Queue(queue) => Destination::Queue(QueueId(queue as u32)),
                Bound::Exchange(other) => Destination::Exchange(ExchangeId(other as u32)),
            };
            let rule = queue::Binding {
                key: binding.key.clone(),
                arguments: values(&binding.headers),
                any: binding.any,
            };
            broker.bind(ExchangeId(index), to, rule)?;
        }
    }
    Ok(broker)
}
