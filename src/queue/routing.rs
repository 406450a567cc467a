//! From an exchange to queues, and the way of a dead letter.

use super::broker::Broker;
use super::death::{Deaths, Died};
use super::effect::{Notice, Sink};
use super::error::QueueError;
use super::exchange::{Binding, Destination, Exchange, ExchangeId, ExchangeSettings};
use super::incoming::Incoming;
use super::request::Publication;
use super::route::{Published, Route};
use super::settings::QueueId;
use crate::time::Time;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Exchanges, and the names of all that can be routed to.
#[derive(Clone, Debug)]
pub(super) struct Routing {
    exchanges: Vec<Option<Exchange>>,
    exchange_names: BTreeMap<Arc<str>, ExchangeId>,
    pub(super) queue_names: BTreeMap<Arc<str>, QueueId>,
    /// Exchanges that a message has come to; kept so that routing does not allocate.
    visited: Vec<ExchangeId>,
}

impl Routing {
    pub(super) const fn new() -> Self {
        Self {
            exchanges: Vec::new(),
            exchange_names: BTreeMap::new(),
            queue_names: BTreeMap::new(),
            visited: Vec::new(),
        }
    }

    fn get(&self, id: ExchangeId) -> Option<&Exchange> {
        self.exchanges.get(id.0 as usize)?.as_ref()
    }

    fn get_mut(&mut self, id: ExchangeId) -> Result<&mut Exchange, QueueError> {
        if id == ExchangeId::DEFAULT {
            return Err(QueueError::DefaultExchange);
        }
        let place = self.exchanges.get_mut(id.0 as usize);
        let exchange = place.and_then(Option::as_mut);
        exchange.ok_or(QueueError::UnknownExchange(id))
    }

    /// The default exchange has no name.
    fn named(&self, name: &str) -> Option<ExchangeId> {
        match name {
            "" => Some(ExchangeId::DEFAULT),
            name => self.exchange_names.get(name).copied(),
        }
    }

    /// Every queue to which `route` leads, once, in the order of declaration.
    fn find_queues(&mut self, route: &Route, found: &mut Vec<QueueId>) {
        found.clear();
        let mut visited = std::mem::take(&mut self.visited);
        visited.clear();
        visited.push(route.exchange);
        let mut next = 0;
        while let Some(exchange) = visited.get(next).copied() {
            next += 1;
            self.pass(exchange, route, &mut visited, found);
        }
        self.visited = visited;
        found.sort_unstable();
        found.dedup();
    }

    /// What one exchange makes of a message. No exchange is visited twice, so circles of them end.
    fn pass(
        &self,
        id: ExchangeId,
        route: &Route,
        visited: &mut Vec<ExchangeId>,
        found: &mut Vec<QueueId>,
    ) {
        if id == ExchangeId::DEFAULT {
            found.extend(route.keys().filter_map(|key| self.queue_names.get(key)));
            return;
        }
        let Some(exchange) = self.get(id) else { return };
        let mut visit = |id| {
            if !visited.contains(&id) {
                visited.push(id);
            }
        };
        let mut has_way = false;
        for way in exchange.ways(route) {
            has_way = true;
            match way {
                Destination::Queue(queue) => found.push(queue),
                Destination::Exchange(onward) => visit(onward),
            }
        }
        if !has_way && let Some(name) = &exchange.settings.alternate {
            self.named(name).into_iter().for_each(visit);
        }
    }

    /// Nothing leads to `gone` any more.
    pub(super) fn forget(&mut self, gone: Destination) {
        for exchange in self.exchanges.iter_mut().flatten() {
            exchange.bindings.retain(|(to, _)| *to != gone);
        }
    }
}

/// How a message is addressed, as [`super::Message::route`] has it: `None` is straight to its queue.
pub(super) type Address = Option<Arc<Route>>;

impl<B: Clone> Broker<B> {
    /// Adds an exchange, or finds the one that is there if it is the same.
    ///
    /// # Errors
    /// Where one of this name is there and another, or the name is reserved.
    pub fn declare_exchange(
        &mut self,
        name: &str,
        settings: ExchangeSettings,
    ) -> Result<ExchangeId, QueueError> {
        let routing = &mut self.routing;
        if let Some(id) = routing.named(name) {
            let present = routing.get_mut(id)?;
            return match present.settings == settings {
                true => Ok(id),
                false => Err(QueueError::OtherExchange(id)),
            };
        }
        check_name(name)?;
        let name: Arc<str> = name.into();
        let place = routing.exchanges.iter().position(Option::is_none);
        let place = place.unwrap_or(routing.exchanges.len());
        if place == routing.exchanges.len() {
            routing.exchanges.push(None);
        }
        routing.exchanges[place] = Some(Exchange {
            name: name.clone(),
            settings,
            bindings: Vec::new(),
        });
        let id = ExchangeId(place as u32);
        routing.exchange_names.insert(name, id);
        Ok(id)
    }

    /// Takes an exchange away, and all bindings from and to it.
    ///
    /// # Errors
    /// Where it is not there, or is the default one, or `if_unused` and something is bound to it.
    pub fn delete_exchange(&mut self, id: ExchangeId, if_unused: bool) -> Result<(), QueueError> {
        let exchange = self.routing.get_mut(id)?;
        if if_unused && !exchange.bindings.is_empty() {
            return Err(QueueError::ExchangeInUse(id));
        }
        let name = exchange.name.clone();
        self.routing.exchanges[id.0 as usize] = None;
        self.routing.exchange_names.remove(&name);
        self.routing.forget(id.into());
        Ok(())
    }

    /// Leads what matches `binding` from `exchange` to a queue or another exchange. Bound again, it changes nothing.
    ///
    /// # Errors
    /// Where an end is not there, or is the default exchange.
    pub fn bind(
        &mut self,
        exchange: ExchangeId,
        destination: impl Into<Destination>,
        binding: Binding,
    ) -> Result<(), QueueError> {
        let way = (self.check_destination(destination.into())?, binding);
        let exchange = self.routing.get_mut(exchange)?;
        if !exchange.bindings.contains(&way) {
            exchange.bindings.push(way);
        }
        Ok(())
    }

    /// Takes a binding away; where there is none like it, nothing changes.
    ///
    /// # Errors
    /// As [`Broker::bind`].
    pub fn unbind(
        &mut self,
        exchange: ExchangeId,
        destination: impl Into<Destination>,
        binding: &Binding,
    ) -> Result<(), QueueError> {
        let destination = self.check_destination(destination.into())?;
        let exchange = self.routing.get_mut(exchange)?;
        exchange
            .bindings
            .retain(|(to, other)| *to != destination || other != binding);
        Ok(())
    }

    fn check_destination(&mut self, destination: Destination) -> Result<Destination, QueueError> {
        match destination {
            Destination::Queue(queue) => self.find(queue).map(|_| ())?,
            Destination::Exchange(exchange) => self.routing.get_mut(exchange).map(drop)?,
        }
        Ok(destination)
    }

    /// The queue of this name.
    pub fn queue_named(&self, name: &str) -> Option<QueueId> {
        self.routing.queue_names.get(name).copied()
    }

    /// The exchange of this name; that without a name is the default one.
    pub fn exchange_named(&self, name: &str) -> Option<ExchangeId> {
        self.routing.named(name)
    }

    /// The queues to which `route` leads now, in the order of declaration.
    pub fn destinations(&mut self, route: &Route) -> Vec<QueueId> {
        let mut found = Vec::new();
        self.routing.find_queues(route, &mut found);
        found
    }

    /// Publishes to an exchange: a copy goes into every queue to which `route` leads. What leads nowhere is told as
    /// [`Notice::Unroutable`], and goes back to the publisher if `mandatory`.
    ///
    /// # Errors
    /// Where the exchange is not there, or one of the queues wants a group. Nothing is published then.
    pub fn publish_to(
        &mut self,
        now: Time,
        route: &Arc<Route>,
        publication: Publication<B>,
        mandatory: bool,
        sink: &mut impl Sink<B>,
    ) -> Result<Published<B>, QueueError> {
        if route.exchange != ExchangeId::DEFAULT {
            self.routing.get_mut(route.exchange)?;
        }
        let mut queues = std::mem::take(&mut self.destinations);
        self.routing.find_queues(route, &mut queues);
        let group = publication.group;
        let takes = |queue: &QueueId| self.queues[queue.index()].check_group(*queue, group);
        if let Err(error) = queues.iter().try_for_each(takes) {
            self.destinations = queues;
            return Err(error);
        }
        let mut published = Published {
            accepted: 0,
            refused: 0,
            sequence: None,
            body: None,
        };
        let last = queues.pop();
        for queue in queues.drain(..) {
            let copy = Incoming::new(publication.clone(), Some(route.clone()));
            published.count(self.enter(now, queue, copy, sink));
        }
        self.destinations = queues;
        match last {
            Some(queue) => {
                let incoming = Incoming::new(publication, Some(route.clone()));
                published.count(self.enter(now, queue, incoming, sink));
            }
            None => {
                let body = &publication.body;
                let notice = Notice::Unroutable {
                    route,
                    body,
                    mandatory,
                };
                sink.notice(now, &notice);
                published.body = Some(publication.body);
            }
        }
        if published.accepted > 0 {
            published.body = None;
        }
        self.bury(now, sink);
        Ok(published)
    }

    /// As [`Broker::publish`], of a copy that an exchange has sent to `queue` by `route`: for a driver in which that
    /// takes time.
    ///
    /// # Errors
    /// Where the queue is not there, or wants a group.
    pub fn publish_routed(
        &mut self,
        now: Time,
        queue: QueueId,
        route: &Arc<Route>,
        publication: Publication<B>,
        sink: &mut impl Sink<B>,
    ) -> Result<Option<B>, QueueError> {
        self.find(queue)?.check_group(queue, publication.group)?;
        let copy = Incoming::new(publication, Some(route.clone()));
        let refused = self.enter(now, queue, copy, sink);
        self.bury(now, sink);
        Ok(refused)
    }

    /// Where a message that dies goes: into `self.onward`, as its death is noted. Gives how it is addressed then.
    /// Nowhere without a dead letter exchange, or in a cycle.
    pub(super) fn send_onward(
        &mut self,
        now: Time,
        died: Died,
        deaths: &mut Deaths,
        route: Option<&Arc<Route>>,
    ) -> Address {
        let addressed = self.lead_onward(died.queue, route)?;
        deaths.record(now, died, route.cloned());
        if self.queues[died.queue.index()].rules.cuts_cycles() {
            self.onward.retain(|to| !deaths.cycles_at(*to));
        }
        addressed
    }

    /// Where a message that died in `queue` goes by the bindings of this moment, cycles included. `None` where what
    /// should take it is not there.
    pub(super) fn lead_onward(
        &mut self,
        queue: QueueId,
        route: Option<&Arc<Route>>,
    ) -> Option<Address> {
        let settings = &self.queues[queue.index()].settings;
        if let Some(to) = settings.dead_letter {
            self.find(to).ok()?;
            self.onward.push(to);
            return Some(self.address_to_queue(to, route));
        }
        let exchange = settings.dead_letter_exchange.as_ref()?;
        let exchange = self.routing.named(&exchange.name)?;
        let addressed = self.address_onward(queue, exchange, route);
        self.routing.find_queues(&addressed, &mut self.onward);
        Some(Some(addressed))
    }

    /// Only headers are of use to whoever gets it: by its key it is addressed as if it had been published to the queue.
    fn address_to_queue(&self, to: QueueId, route: Option<&Arc<Route>>) -> Address {
        let old = route.filter(|old| !old.headers.is_empty())?;
        let name = &self.queues[to.index()].name;
        Some(Arc::new(old.onward(ExchangeId::DEFAULT, Some(name))))
    }

    /// To the dead letter exchange of `queue`, by its key, else by the message's own. Messages without headers and keys
    /// of their own are all addressed alike.
    fn address_onward(
        &mut self,
        queue: QueueId,
        exchange: ExchangeId,
        route: Option<&Arc<Route>>,
    ) -> Arc<Route> {
        let state = &mut self.queues[queue.index()];
        let settings = state.settings.dead_letter_exchange.as_ref();
        let key = settings.and_then(|settings| settings.routing_key.as_ref());
        if let Some(own) = route
            && (key.is_none() || !own.headers.is_empty())
        {
            return Arc::new(own.onward(exchange, key));
        }
        let usual = state.dead_letter_route.take();
        let usual = usual.filter(|usual| usual.exchange == exchange);
        let usual = usual.unwrap_or_else(|| {
            let key = key.unwrap_or(&state.name);
            Arc::new(Route::new(exchange, key))
        });
        state.dead_letter_route = Some(usual.clone());
        usual
    }
}

impl<B> Published<B> {
    fn count(&mut self, refused: Option<B>) {
        match refused {
            Some(body) => {
                self.refused += 1;
                self.body = Some(body);
            }
            None => self.accepted += 1,
        }
    }
}

/// Names that begin so are the broker's own.
pub(super) fn check_name(name: &str) -> Result<(), QueueError> {
    if name.starts_with("amq.") {
        return Err(QueueError::ReservedName);
    }
    Ok(())
}
