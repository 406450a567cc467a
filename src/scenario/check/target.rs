//! Where messages are published to: a queue, an exchange, or one of several queues.

use super::super::file::{Context, Section};
use super::super::tree::{Node, Table, Value};
use super::super::{Balance, Target};
use super::{Names, routing};

/// A way to say where to: the key that begins it, and the keys that go with that one.
pub(super) type Way = (&'static str, &'static [&'static str]);

pub(super) const WAYS: [Way; 3] = [
    ("queue", &[]),
    ("exchange", &["key", "keys", "headers"]),
    ("balance", &["queues"]),
];

const POLICIES: [(&str, Balance); 4] = [
    ("random", Balance::Random),
    ("round-robin", Balance::RoundRobin),
    ("shortest", Balance::Shortest),
    ("two-choices", Balance::TwoChoices),
];

const QUEUES: &str = "queues = [\"a\", \"b\"]";

/// A queue's name, or a table that names what is published to.
pub(super) fn check(
    cx: &mut Context<'_>,
    node: &Node,
    what: &str,
    names: &Names<'_>,
) -> Option<Target> {
    match &node.value {
        Value::Text(_) => names.queue(cx, node, what).map(Target::Queue),
        Value::Table(table) => {
            let way = way(cx, node, table, &WAYS, &[])?;
            of_table(cx, node, table, way, names)
        }
        Value::Integer(_)
        | Value::Float(_)
        | Value::Boolean(_)
        | Value::Datetime(_)
        | Value::List(_) => {
            let example = "\"the name of a queue\"";
            cx.wrong_kind(node, what, "the name of a queue or a table", example);
            None
        }
    }
}

/// The key that says which way a table goes; reports what does not go with it. The keys `besides` go with every way.
pub(super) fn way<'w>(
    cx: &mut Context<'_>,
    node: &Node,
    table: &Table,
    ways: &'w [Way],
    besides: &[&str],
) -> Option<&'w str> {
    let begun: Vec<&Way> = ways
        .iter()
        .filter(|(key, _)| table.entry(key).is_some())
        .collect();
    let list: Vec<&str> = ways.iter().map(|(key, _)| *key).collect();
    let list = list.join(", ");
    let before = cx.mistakes.len();
    match begun[..] {
        [(key, with)] => {
            let legal = [&[*key], *with, besides].concat();
            cx.only(table, &format!("{{ {key} = … }}"), &legal);
            (cx.mistakes.len() == before).then_some(*key)
        }
        [] => {
            let all = ways
                .iter()
                .flat_map(|(key, with)| [&[*key], *with].concat());
            let legal: Vec<&str> = all.chain(besides.iter().copied()).collect();
            cx.only(table, "a target", &legal);
            if cx.mistakes.len() == before {
                let rule = "this does not say where messages go";
                cx.error(&node.at, rule, format!("give it one of: {list}"));
            }
            None
        }
        [(first, _), ..] => {
            let second = table.entries.iter().rev();
            let mut second = second.filter(|entry| ways.iter().any(|(key, _)| *key == entry.key));
            let at = second.next().map_or(&node.at, |entry| &entry.key_at);
            let rule = "this says twice where messages go";
            let remedy = format!("keep {first} alone; it is one of: {list}");
            cx.error(at, rule, remedy);
            None
        }
    }
}

/// The target of a table that goes that way.
pub(super) fn of_table(
    cx: &mut Context<'_>,
    node: &Node,
    table: &Table,
    way: &str,
    names: &Names<'_>,
) -> Option<Target> {
    match way {
        "queue" => names.queue(cx, table.get(way)?, way).map(Target::Queue),
        "exchange" => routing::target(cx, node, table, names),
        _ => balanced(cx, node, table, names),
    }
}

fn balanced(cx: &mut Context<'_>, node: &Node, table: &Table, names: &Names<'_>) -> Option<Target> {
    let section = Section::of("a balancer", node, table);
    let policy = cx.must(
        &section,
        "balance",
        "balance = \"shortest\"",
        |cx, node, key| cx.choice(node, key, &POLICIES),
    );
    let queues = cx.must(&section, "queues", QUEUES, |cx, node, key| {
        let queues = cx.each(node, key, "[\"a\", \"b\"]", |cx, item| {
            names.queue(cx, item, "a queue")
        })?;
        distinct(cx, node, &queues, names)?;
        if queues.len() < 2 {
            let rule = "a balancer needs at least two queues to choose from";
            cx.error(&node.at, rule, format!("write {QUEUES}"));
            return None;
        }
        Some(queues)
    });
    Some(Target::Balanced {
        policy: policy?,
        queues: queues?,
    })
}

fn distinct(cx: &mut Context<'_>, node: &Node, queues: &[usize], names: &Names<'_>) -> Option<()> {
    let twice = (1..queues.len()).find(|index| queues[..*index].contains(&queues[*index]));
    let Some(index) = twice else {
        return Some(());
    };
    let items = cx.list(node, "queues", QUEUES)?;
    let place = &items[index].at;
    let rule = format!(
        "queue \"{}\" is named twice",
        names.queues[queues[index]].name
    );
    cx.error(place, rule, "name each queue once");
    None
}
