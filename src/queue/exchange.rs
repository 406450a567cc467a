//! Exchanges, their bindings, and which binding a message matches (`docs/exchanges`).

use super::route::{HeaderValue, Route};
use super::settings::QueueId;
use std::sync::Arc;

/// Names an exchange until it is deleted; the name is used again then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExchangeId(pub u32);

impl ExchangeId {
    /// The one that is always there and has no name: it routes to the queue whose name is the routing key.
    pub const DEFAULT: Self = Self(u32::MAX);
}

/// How an exchange compares messages with bindings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExchangeKind {
    /// The routing key is that of the binding.
    #[default]
    Direct,
    /// Any message matches.
    Fanout,
    /// The binding is a pattern of words between dots: `*` is one word, `#` none or more. An empty key has no words.
    Topic,
    /// The binding's arguments are among the message's headers.
    Headers,
}

/// The rules of one exchange.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExchangeSettings {
    /// How it compares.
    pub kind: ExchangeKind,
    /// Name of the exchange to which goes what matches no binding here (`docs/ae`); it need not be there.
    pub alternate: Option<String>,
}

/// Where a binding leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    /// Into a queue.
    Queue(QueueId),
    /// On to another exchange (`docs/e2e`).
    Exchange(ExchangeId),
}

impl From<QueueId> for Destination {
    fn from(queue: QueueId) -> Self {
        Self::Queue(queue)
    }
}

impl From<ExchangeId> for Destination {
    fn from(exchange: ExchangeId) -> Self {
        Self::Exchange(exchange)
    }
}

/// What a message must be like to take a way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Binding {
    /// A routing key, or a pattern of a topic exchange.
    pub key: String,
    /// Of a headers exchange. Those whose names begin with `x-` are ignored; [`HeaderValue::Void`] matches any value.
    pub arguments: Vec<(String, HeaderValue)>,
    /// Of a headers exchange: one argument that matches is enough (`x-match = any`), rather than all being needed.
    pub any: bool,
}

impl Binding {
    /// By a routing key or a pattern.
    pub fn key(key: &str) -> Self {
        Self {
            key: key.to_owned(),
            ..Self::default()
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Exchange {
    pub(super) name: Arc<str>,
    pub(super) settings: ExchangeSettings,
    /// In the order in which they were bound; none twice.
    pub(super) bindings: Vec<(Destination, Binding)>,
}

impl Exchange {
    /// Where what is published by `route` goes from here; perhaps several times to one place.
    pub(super) fn ways(&self, route: &Route) -> impl Iterator<Item = Destination> {
        let matching = self
            .bindings
            .iter()
            .filter(|(_, binding)| self.matches(binding, route));
        matching.map(|(destination, _)| *destination)
    }

    fn matches(&self, binding: &Binding, route: &Route) -> bool {
        match self.settings.kind {
            ExchangeKind::Direct => route.keys().any(|key| **key == *binding.key),
            ExchangeKind::Fanout => true,
            ExchangeKind::Topic => route.keys().any(|key| topic_matches(&binding.key, key)),
            ExchangeKind::Headers => headers_match(binding, &route.headers),
        }
    }
}

/// Types matter: the text `1` is not the number 1.
fn headers_match(binding: &Binding, headers: &[(String, HeaderValue)]) -> bool {
    let is_there = |(name, wanted): &(String, HeaderValue)| {
        let header = headers.iter().find(|(other, _)| other == name);
        header.is_some_and(|(_, value)| *wanted == HeaderValue::Void || value == wanted)
    };
    let mut arguments = binding
        .arguments
        .iter()
        .filter(|(name, _)| !name.starts_with("x-"));
    if binding.any {
        arguments.any(is_there)
    } else {
        arguments.all(is_there)
    }
}

/// After a mismatch only the last `#` need take one word more, so the time is at most words times words.
fn topic_matches(pattern: &str, key: &str) -> bool {
    let (mut pattern, mut key) = (words(pattern), words(key));
    let mut last_hash = None;
    loop {
        if let Some((word, rest)) = next_word(pattern) {
            if word == "#" {
                last_hash = Some((rest, key));
                pattern = rest;
                continue;
            }
            if let Some((own, own_rest)) = next_word(key)
                && (word == "*" || word == own)
            {
                (pattern, key) = (rest, own_rest);
                continue;
            }
        } else if key.is_none() {
            return true;
        }
        let Some((after_hash, taken_from)) = last_hash else {
            return false;
        };
        let Some((_, left)) = next_word(taken_from) else {
            return false;
        };
        last_hash = Some((after_hash, left));
        (pattern, key) = (after_hash, left);
    }
}

/// `None` is no words at all.
fn words(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

fn next_word(words: Option<&str>) -> Option<(&str, Option<&str>)> {
    let words = words?;
    Some(match words.split_once('.') {
        Some((first, rest)) => (first, Some(rest)),
        None => (words, None),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_of_many_hashes_takes_no_time() {
        let pattern = "#.a.".repeat(1000) + "b";
        let key = "a.".repeat(10_000) + "c";
        assert!(!topic_matches(&pattern, &key));
    }

    #[test]
    fn words_may_be_empty() {
        assert!(topic_matches("a.*.b", "a..b"));
        assert!(topic_matches("*.*", "."));
        assert!(!topic_matches("*", "."));
    }
}
