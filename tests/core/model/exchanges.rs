//! Exchanges again: every way is walked from its beginning, words are lists.

use queuelab::queue::{
    Binding, Destination, ExchangeId, ExchangeKind, ExchangeSettings, HeaderValue, QueueError,
    QueueId, Route,
};
use std::collections::BTreeSet;

#[derive(Clone, Debug, Default)]
pub(in super::super) struct Exchanges {
    /// Names, by number.
    pub(super) queues: Vec<String>,
    exchanges: Vec<(ExchangeId, String, ExchangeSettings)>,
    bindings: Vec<(ExchangeId, Destination, Binding)>,
}

impl Exchanges {
    pub(in super::super) fn declare(&mut self, id: ExchangeId, name: &str, of: ExchangeSettings) {
        self.exchanges.push((id, name.to_owned(), of));
    }

    pub(in super::super) fn delete(
        &mut self,
        id: ExchangeId,
        if_unused: bool,
    ) -> Result<(), QueueError> {
        self.check(id)?;
        if if_unused && self.bindings.iter().any(|(from, ..)| *from == id) {
            return Err(QueueError::ExchangeInUse(id));
        }
        self.exchanges.retain(|(other, ..)| *other != id);
        self.bindings
            .retain(|(from, to, _)| *from != id && *to != Destination::Exchange(id));
        Ok(())
    }

    pub(in super::super) fn bind(
        &mut self,
        from: ExchangeId,
        to: Destination,
        binding: Binding,
    ) -> Result<(), QueueError> {
        self.check_ends(from, to)?;
        self.bindings.push((from, to, binding));
        Ok(())
    }

    pub(in super::super) fn unbind(
        &mut self,
        from: ExchangeId,
        to: Destination,
        binding: &Binding,
    ) -> Result<(), QueueError> {
        self.check_ends(from, to)?;
        self.bindings
            .retain(|(f, t, b)| (*f, *t) != (from, to) || b != binding);
        Ok(())
    }

    /// `queue` has gone. No key has a name like this.
    pub(super) fn forget(&mut self, queue: QueueId) {
        self.queues[queue.index()] = "gone".to_owned();
        self.bindings
            .retain(|(_, to, _)| *to != Destination::Queue(queue));
    }

    fn check_ends(&self, from: ExchangeId, to: Destination) -> Result<(), QueueError> {
        if let Destination::Exchange(to) = to {
            self.check(to)?;
        }
        self.check(from)
    }

    fn check(&self, id: ExchangeId) -> Result<(), QueueError> {
        match self.is_there(id) {
            _ if id == ExchangeId::DEFAULT => Err(QueueError::DefaultExchange),
            true => Ok(()),
            false => Err(QueueError::UnknownExchange(id)),
        }
    }

    pub(super) fn is_there(&self, id: ExchangeId) -> bool {
        id == ExchangeId::DEFAULT || self.exchanges.iter().any(|(other, ..)| *other == id)
    }

    pub(super) fn name(&self, queue: QueueId) -> String {
        self.queues[queue.index()].clone()
    }

    pub(super) fn named(&self, name: &str) -> Option<ExchangeId> {
        if name.is_empty() {
            return Some(ExchangeId::DEFAULT);
        }
        let exchange = self.exchanges.iter().find(|(_, other, _)| other == name);
        exchange.map(|(id, ..)| *id)
    }

    /// In the order of declaration.
    pub(super) fn queues(&self, route: &Route) -> Vec<QueueId> {
        let (mut reached, mut found) = (BTreeSet::new(), BTreeSet::new());
        self.walk(route.exchange, route, &mut reached, &mut found);
        found.into_iter().collect()
    }

    fn walk(
        &self,
        at: ExchangeId,
        route: &Route,
        reached: &mut BTreeSet<ExchangeId>,
        found: &mut BTreeSet<QueueId>,
    ) {
        if !reached.insert(at) {
            return;
        }
        if at == ExchangeId::DEFAULT {
            for (number, name) in (0..).zip(&self.queues) {
                if keys(route).contains(&name.as_str()) {
                    found.insert(QueueId(number));
                }
            }
        }
        let Some((_, _, settings)) = self.exchanges.iter().find(|(id, ..)| *id == at) else {
            return;
        };
        let ways = self.bindings.iter().filter(|(from, ..)| *from == at);
        let ways: Vec<Destination> = ways
            .filter(|(_, _, binding)| matches(settings.kind, binding, route))
            .map(|(_, to, _)| *to)
            .collect();
        if ways.is_empty()
            && let Some(alternate) = settings.alternate.as_ref().and_then(|n| self.named(n))
        {
            self.walk(alternate, route, reached, found);
        }
        for way in ways {
            match way {
                Destination::Queue(queue) => drop(found.insert(queue)),
                Destination::Exchange(next) => self.walk(next, route, reached, found),
            }
        }
    }
}

fn keys(route: &Route) -> Vec<&str> {
    let keys = [&route.key].into_iter().chain(&route.cc);
    keys.chain(&route.bcc).map(|key| &**key).collect()
}

fn matches(kind: ExchangeKind, binding: &Binding, route: &Route) -> bool {
    match kind {
        ExchangeKind::Direct => keys(route).contains(&binding.key.as_str()),
        ExchangeKind::Fanout => true,
        ExchangeKind::Topic => keys(route)
            .iter()
            .any(|key| fits(&words(&binding.key), &words(key))),
        ExchangeKind::Headers => {
            let mut arguments = binding.arguments.clone();
            arguments.retain(|(name, _)| !name.starts_with("x-"));
            let hits = arguments.iter().filter(|(name, value)| {
                let header = route.headers.iter().find(|(other, _)| other == name);
                header.is_some_and(|(_, own)| own == value || *value == HeaderValue::Void)
            });
            let hits = hits.count();
            if binding.any {
                hits > 0
            } else {
                hits == arguments.len()
            }
        }
    }
}

fn words(text: &str) -> Vec<&str> {
    if text.is_empty() {
        return Vec::new();
    }
    text.split('.').collect()
}

fn fits(pattern: &[&str], key: &[&str]) -> bool {
    match (pattern, key) {
        ([], []) => true,
        (["#", rest @ ..], _) => (0..=key.len()).any(|taken| fits(rest, &key[taken..])),
        ([word, rest @ ..], [own, others @ ..]) => {
            (*word == "*" || word == own) && fits(rest, others)
        }
        ([], [_, ..]) | ([_, ..], []) => false,
    }
}
