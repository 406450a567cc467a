//! What a publisher gives an exchange to route by: keys with their shares, and headers.

use super::super::file::{Context, Section};
use super::super::tree::{Entry, Node, Table};
use super::super::{BoundTo, Exchange, ExchangeKind, Target};
use super::{Names, shares};
use crate::queue::DeadLetterExchange;

/// AMQP writes the length of a key into one byte.
const KEY_BYTES_MAX: usize = 255;

const KEY: &str = "key = \"order.created\"";
const KEY_LIST: &str = "[{ key = \"order.created\", share = \"70%\" }, { key = \"order.paid\" }]";
const HEADERS: &str = "{ format = \"pdf\" }";

/// What an exchange, or one behind it, looks at.
#[derive(Clone, Copy, Debug)]
pub(super) struct LooksAt {
    keys: bool,
    headers: bool,
}

/// What routes a message that is published to each exchange; `None` where that depends on a mistaken one.
pub(super) fn looks_at(exchanges: &[Option<Exchange>]) -> Vec<Option<LooksAt>> {
    (0..exchanges.len())
        .map(|exchange| looks_at_from(exchanges, exchange))
        .collect()
}

fn looks_at_from(exchanges: &[Option<Exchange>], from: usize) -> Option<LooksAt> {
    let mut found = LooksAt {
        keys: false,
        headers: false,
    };
    let (mut seen, mut open) = (vec![false; exchanges.len()], vec![from]);
    while let Some(index) = open.pop() {
        if std::mem::replace(&mut seen[index], true) {
            continue;
        }
        let exchange = exchanges[index].as_ref()?;
        match exchange.kind {
            ExchangeKind::Direct | ExchangeKind::Topic => found.keys = true,
            ExchangeKind::Headers => found.headers = true,
            ExchangeKind::Fanout => {}
        }
        let next = exchange
            .bindings
            .iter()
            .filter_map(|binding| match binding.to {
                BoundTo::Exchange(next) => Some(next),
                BoundTo::Queue(_) => None,
            });
        open.extend(next.chain(exchange.alternate));
    }
    Some(found)
}

/// A target `{ exchange = … }`.
pub(super) fn target(
    cx: &mut Context<'_>,
    node: &Node,
    table: &Table,
    names: &Names<'_>,
) -> Option<Target> {
    let named = table.get("exchange")?;
    let exchange = names.exchange(cx, named, "exchange");
    let keys = keys(cx, table);
    let headers = cx.may(table, "headers", headers);
    let (exchange, keys) = (exchange?, keys?);
    let name = names.exchanges[exchange].name;
    if let Some(Some(looks)) = names.looks_at.get(exchange) {
        let given = ["key", "keys"].iter().find_map(|key| table.entry(key));
        // A dead letter is routed by the key that its message was published with.
        let looked_at = looks.keys || names.routes_dead_letters();
        useless(cx, name, given.filter(|_| !looked_at))?;
        useless(cx, name, table.entry("headers").filter(|_| !looks.headers))?;
        if looks.keys && keys.is_none() {
            let rule = format!("exchange \"{name}\" routes by key, and here is none");
            cx.error(&node.at, rule, format!("write {KEY}"));
            return None;
        }
    }
    Some(Target::Exchange {
        exchange,
        keys: keys.unwrap_or_else(|| vec![(String::new(), 1.0)]),
        headers: headers?.unwrap_or_default(),
    })
}

/// An exchange for dead letters, which need no key of theirs: they have those that they were published with.
pub(super) fn dead_letter_exchange(
    cx: &mut Context<'_>,
    table: &Table,
    names: &Names<'_>,
) -> Option<DeadLetterExchange> {
    let exchange = names.exchange(cx, table.get("exchange")?, "exchange");
    let routing_key = cx.may(table, "key", published_key);
    let (exchange, routing_key) = (exchange?, routing_key?);
    let name = names.exchanges[exchange].name;
    if let Some(Some(looks)) = names.looks_at.get(exchange) {
        useless(cx, name, table.entry("key").filter(|_| !looks.keys))?;
    }
    Some(DeadLetterExchange {
        name: name.to_owned(),
        routing_key: routing_key.map(Into::into),
    })
}

/// Refuses what nothing would look at.
fn useless(cx: &mut Context<'_>, exchange: &str, entry: Option<&Entry>) -> Option<()> {
    let Some(entry) = entry else {
        return Some(());
    };
    let rule = format!("exchange \"{exchange}\" does not look at `{}`", entry.key);
    cx.error(&entry.key_at, rule, "leave it out");
    None
}

/// The keys of a target with their shares: `None` inside where it has none.
fn keys(cx: &mut Context<'_>, table: &Table) -> Option<Option<Vec<(String, f64)>>> {
    match (table.get("key"), table.entry("keys")) {
        (None, None) => Some(None),
        (Some(node), None) => Some(Some(vec![(published_key(cx, node, "key")?, 1.0)])),
        (None, Some(entry)) => list(cx, &entry.node).map(Some),
        (Some(_), Some(entry)) => {
            let rule = "`keys` stands beside `key`: each message has one";
            cx.error(
                &entry.key_at,
                rule,
                format!("write keys = {KEY_LIST} alone"),
            );
            None
        }
    }
}

fn list(cx: &mut Context<'_>, node: &Node) -> Option<Vec<(String, f64)>> {
    let read = cx.each(node, "keys", KEY_LIST, |cx, item| {
        let table = cx.table(
            item,
            "an entry of `keys`",
            "{ key = \"order.paid\", share = \"30%\" }",
        )?;
        cx.only(table, "an entry of `keys`", &["key", "share"]);
        let section = Section::of("this entry", item, table);
        let key = cx.must(&section, "key", KEY, published_key);
        let share = cx.may(table, "share", Context::share);
        Some((key?, (share?, item.at.clone())))
    })?;
    if read.is_empty() {
        let rule = "this list has no key";
        cx.error(&node.at, rule, format!("write keys = {KEY_LIST}"));
        return None;
    }
    let (keys, given): (Vec<String>, Vec<_>) = read.into_iter().unzip();
    if let Some(twice) = (1..keys.len()).find(|index| keys[..*index].contains(&keys[*index])) {
        let rule = format!("the key \"{}\" is there already", keys[twice]);
        cx.error(&given[twice].1, rule, "add its share to the first one");
        return None;
    }
    let shares = shares::check(cx, node, &given, ("", ""))?;
    Some(keys.into_iter().zip(shares).collect())
}

/// A message's own key, which is no pattern.
fn published_key(cx: &mut Context<'_>, node: &Node, what: &str) -> Option<String> {
    let key = key(cx, node, what)?;
    if key.split('.').any(|word| word == "*" || word == "#") {
        let rule =
            format!("messages are published with the key \"{key}\" as it is: it is no pattern");
        cx.warn(
            &node.at,
            rule,
            "write a whole key; patterns belong into bindings",
        );
    }
    Some(key)
}

/// A routing key or a pattern of them.
pub(super) fn key(cx: &mut Context<'_>, node: &Node, what: &str) -> Option<String> {
    let key = cx.text(node, what, "\"order.created\"")?;
    if key.len() > KEY_BYTES_MAX {
        let rule = format!(
            "this key has {} bytes, and may have {KEY_BYTES_MAX}",
            key.len()
        );
        cx.error(&node.at, rule, "write a shorter one");
        return None;
    }
    Some(key.to_owned())
}

/// Headers of a message, or those that a binding asks for.
pub(super) fn headers(
    cx: &mut Context<'_>,
    node: &Node,
    what: &str,
) -> Option<Vec<(String, String)>> {
    let table = cx.table(node, what, HEADERS)?;
    if table.entries.is_empty() {
        let rule = "here are no headers";
        cx.error(&node.at, rule, format!("write headers = {HEADERS}"));
        return None;
    }
    let entries = table.entries.iter();
    let read: Vec<_> = entries
        .map(|entry| {
            let value = cx.text(&entry.node, "a header", "\"pdf\"")?;
            Some((entry.key.clone(), value.to_owned()))
        })
        .collect();
    read.into_iter().collect()
}
