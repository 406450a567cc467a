//! `[exchange.NAME]`: what routes messages to queues.

use super::super::file::{Context, Section};
use super::super::nearest::did_you_mean;
use super::super::tree::{Entry, Node, Table};
use super::super::{Binding, BoundTo, Exchange, ExchangeKind};
use super::target::{self, Way};
use super::{Names, routing};

pub(in crate::scenario) const KEYS: &[&str] = &["kind", "bindings", "alternate"];

const KINDS: [(&str, ExchangeKind); 4] = [
    ("direct", ExchangeKind::Direct),
    ("fanout", ExchangeKind::Fanout),
    ("topic", ExchangeKind::Topic),
    ("headers", ExchangeKind::Headers),
];

/// What a binding leads to, each with what it may ask for.
const WAYS: [Way; 2] = [("queue", &[]), ("exchange", &[])];
const CONDITIONS: &[&str] = &["key", "headers", "match"];

const BINDINGS: &str = "bindings = [{ queue = \"q\", key = \"order.created\" }]";

pub(super) fn check(
    cx: &mut Context<'_>,
    section: &Section<'_>,
    names: &Names<'_>,
) -> Option<Exchange> {
    let table = section.table;
    cx.only(table, "an exchange", KEYS);
    let kind = cx.must(section, "kind", "kind = \"topic\"", |cx, node, key| {
        cx.choice(node, key, &KINDS)
    });
    let bindings = cx.must(section, "bindings", BINDINGS, |cx, node, key| {
        cx.each(node, key, BINDINGS, |cx, item| {
            binding(cx, item, kind, names)
        })
    });
    let alternate = cx.may(table, "alternate", |cx, node, key| {
        names.exchange(cx, node, key)
    });
    Some(Exchange {
        name: section.name.to_owned(),
        kind: kind?,
        alternate: alternate?,
        bindings: bindings?,
    })
}

/// One binding; what it asks for is judged only where the kind of its exchange is known.
fn binding(
    cx: &mut Context<'_>,
    item: &Node,
    kind: Option<ExchangeKind>,
    names: &Names<'_>,
) -> Option<Binding> {
    let table = cx.table(
        item,
        "a binding",
        "{ queue = \"q\", key = \"order.created\" }",
    )?;
    let to = match target::way(cx, item, table, &WAYS, CONDITIONS)? {
        "queue" => names
            .queue(cx, table.get("queue")?, "queue")
            .map(BoundTo::Queue),
        _ => names
            .exchange(cx, table.get("exchange")?, "exchange")
            .map(BoundTo::Exchange),
    };
    let fits = conditions_fit(cx, item, table, kind?);
    let key = cx.may(table, "key", routing::key);
    let headers = cx.may(table, "headers", routing::headers);
    let any = cx.may(table, "match", |cx, node, what| {
        cx.choice(node, what, &[("all", false), ("any", true)])
    });
    if let (Some(Some(key)), Some(node)) = (&key, table.get("key")) {
        pattern_is_meant(cx, node, key, kind?);
    }
    headers_count(cx, table);
    fits?;
    Some(Binding {
        to: to?,
        key: key?.unwrap_or_default(),
        headers: headers?.unwrap_or_default(),
        any: any?.unwrap_or(false),
    })
}

/// Each kind of exchange looks at some conditions, needs them, and does not look at the others.
fn conditions_fit(
    cx: &mut Context<'_>,
    item: &Node,
    table: &Table,
    kind: ExchangeKind,
) -> Option<()> {
    let (needed, looked_at, example): (Option<&str>, &[&str], &str) = match kind {
        ExchangeKind::Direct => (Some("key"), &["key"], "key = \"order.created\""),
        ExchangeKind::Topic => (Some("key"), &["key"], "key = \"order.*\""),
        ExchangeKind::Headers => {
            let looked_at = &["headers", "match"];
            (Some("headers"), looked_at, "headers = { format = \"pdf\" }")
        }
        ExchangeKind::Fanout => (None, &[], ""),
    };
    let is_useless =
        |entry: &&Entry| CONDITIONS.contains(&&*entry.key) && !looked_at.contains(&&*entry.key);
    let useless: Vec<&Entry> = table.entries.iter().filter(is_useless).collect();
    for entry in &useless {
        let key = &entry.key;
        let rule = format!("a {} exchange does not look at `{key}`", name(kind));
        let remedy = match needed {
            Some(needed) if table.entry(needed).is_none() => format!("write {example}"),
            Some(_) | None => "leave it out".to_owned(),
        };
        cx.error(&entry.key_at, rule, remedy);
    }
    let missing = needed.filter(|needed| table.entry(needed).is_none());
    if let (Some(missing), true) = (missing, useless.is_empty()) {
        let rule = format!("a binding of a {} exchange has no {missing}", name(kind));
        cx.error(&item.at, rule, format!("write {example}"));
    }
    (missing.is_none() && useless.is_empty()).then_some(())
}

/// What looks like a pattern and is none.
fn pattern_is_meant(cx: &mut Context<'_>, node: &Node, key: &str, kind: ExchangeKind) {
    let is_wild = |word: &str| word == "*" || word == "#";
    if kind == ExchangeKind::Direct && key.split('.').any(is_wild) {
        let rule = format!("a direct exchange compares the whole key: \"{key}\" is no pattern");
        cx.warn(&node.at, rule, "write kind = \"topic\"");
    }
    let half = |word: &&str| !is_wild(word) && word.contains(['*', '#']);
    if kind == ExchangeKind::Topic
        && let Some(word) = key.split('.').find(half)
    {
        let rule = format!("\"{word}\" is taken as it is: * and # stand for whole words");
        cx.warn(
            &node.at,
            rule,
            "write words with dots between, as in \"order.*\"",
        );
    }
}

/// RabbitMQ does not compare headers that begin with `x-`.
fn headers_count(cx: &mut Context<'_>, binding: &Table) {
    let headers = binding.get("headers").and_then(Node::as_table);
    for entry in headers.iter().flat_map(|headers| &headers.entries) {
        if entry.key.starts_with("x-") {
            let rule = format!(
                "the header \"{}\" is not looked at: it begins with x-",
                entry.key
            );
            cx.warn(&entry.key_at, rule, "name the header differently");
        }
    }
}

fn name(kind: ExchangeKind) -> &'static str {
    let found = KINDS.iter().find(|(_, other)| *other == kind);
    found.map_or("", |(name, _)| name)
}

impl Names<'_> {
    /// The index of the exchange that a value names.
    pub(super) fn exchange(&self, cx: &mut Context<'_>, node: &Node, what: &str) -> Option<usize> {
        let name = cx.text(node, what, "the name of an exchange")?;
        let names = self.exchanges.iter().map(|section| section.name);
        let found = names.clone().position(|other| other == name);
        if found.is_none() {
            let rule = format!("no exchange is called \"{name}\"");
            cx.error(&node.at, rule, did_you_mean(name, "exchanges", names));
        }
        found
    }
}
