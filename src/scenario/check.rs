//! A tree to a [`Scenario`]: every rule a file must keep, with its message.
//!
//! Each section reports all of its mistakes and gives nothing where there is one; rules that span sections are asked
//! of those that came out whole.

mod across;
pub(super) mod alone;
mod arrivals;
mod column;
mod distribution;
mod exchange;
mod failure;
mod incidents;
mod kafka;
mod kind;
mod objective;
mod outlet;
mod pool;
mod producer;
mod queue;
mod refusal;
mod retry;
mod routing;
mod settings;
mod shares;
mod sqs;
mod target;
mod work;
mod zeromq;

use super::diagnostic::At;
use super::file::{Context, Section};
use super::metric::{Components, END_TO_END, Scope};
use super::nearest::did_you_mean;
use super::tree::{Node, Table, Value};
use super::{Exchange, Pool, Producer, Queue, Scenario};
use routing::LooksAt;

pub(super) const TOP_KEYS: &[&str] = &[
    "title",
    "question",
    "kind",
    "horizon",
    "at_horizon",
    "warmup",
    "replications",
    "seed",
    "level",
    "profile",
    "consumer_timeout",
    "memory_limit",
    "producer",
    "exchange",
    "queue",
    "pool",
    "objective",
    "variant",
];
pub(super) use exchange::KEYS as EXCHANGE_KEYS;
pub(super) use objective::KEYS as OBJECTIVE_KEYS;
pub(super) use pool::KEYS as POOL_KEYS;
pub(super) use producer::KEYS as PRODUCER_KEYS;
pub(super) use queue::KEYS as QUEUE_KEYS;

/// The names that sections refer to each other by, in the order of the file.
pub(super) struct Names<'t> {
    pub(super) producers: Vec<Section<'t>>,
    pub(super) exchanges: Vec<Section<'t>>,
    pub(super) queues: Vec<Section<'t>>,
    pub(super) pools: Vec<Section<'t>>,
    /// The file says how long a delivery may be unacked in all queues.
    pub(super) has_ack_timeout: bool,
    /// By what each exchange routes, once they have been checked.
    looks_at: Vec<Option<LooksAt>>,
}

/// Checks a whole scenario; `None` where the context has been told of an error.
pub(super) fn scenario(cx: &mut Context<'_>, root: &Table) -> Option<Scenario> {
    let errors_before = errors(cx);
    cx.only(root, "a scenario", TOP_KEYS);
    let broker = settings::broker(cx, root);
    let profile = broker.map(|broker| broker.profile);
    let mut names = names(cx, root);
    let exchanges: Vec<Option<Exchange>> = names
        .exchanges
        .iter()
        .map(|section| exchange::check(cx, section, &names))
        .collect();
    names.looks_at = routing::looks_at(&exchanges);
    let queues: Vec<Option<Queue>> = names
        .queues
        .iter()
        .map(|section| queue::check(cx, section, &names, profile))
        .collect();
    let producers: Vec<Option<Producer>> = names
        .producers
        .iter()
        .map(|section| producer::check(cx, section, &names))
        .collect();
    let pools: Vec<Option<Pool>> = names
        .pools
        .iter()
        .map(|section| pool::check(cx, section, &names))
        .collect();
    let settings = settings::check(cx, root, &names, &producers, &pools);
    let parts = across::Parts::new(&names, profile, &producers, &exchanges, &queues, &pools);
    across::check(cx, &parts, settings.as_ref());
    let objectives = objective::check_all(cx, root, &names);
    if let Some(objectives) = &objectives {
        settings::precision_is_of_something(cx, root, settings.as_ref(), objectives);
    }
    if errors(cx) > errors_before {
        return None;
    }
    let settings = settings?;
    Some(Scenario {
        title: settings.title,
        question: settings.question,
        kind: settings.kind,
        horizon: settings.horizon,
        at_horizon: settings.at_horizon,
        warmup: settings.warmup,
        replications: settings.replications,
        seed: settings.seed,
        level: settings.level,
        broker: broker?,
        producers: producers.into_iter().collect::<Option<_>>()?,
        exchanges: exchanges.into_iter().collect::<Option<_>>()?,
        queues: queues.into_iter().collect::<Option<_>>()?,
        pools: pools.into_iter().collect::<Option<_>>()?,
        objectives: objectives?,
    })
}

impl Names<'_> {
    pub(super) fn components(&self) -> Components<'_> {
        Components {
            producers: self.producers.iter().map(|section| section.name).collect(),
            exits: exit_names(&self.pools),
            queues: self.queues.iter().map(|section| section.name).collect(),
            pools: self.pools.iter().map(|section| section.name).collect(),
        }
    }

    /// Whether some dead letters go to an exchange.
    fn routes_dead_letters(&self) -> bool {
        let ways = self
            .queues
            .iter()
            .map(|section| section.table.get("dead_letter"));
        let mut tables = ways.flatten().filter_map(Node::as_table);
        tables.any(|way| way.get("exchange").is_some())
    }

    /// The index of the queue that a value names.
    fn queue(&self, cx: &mut Context<'_>, node: &Node, what: &str) -> Option<usize> {
        let name = cx.text(node, what, "the name of a queue")?;
        let found = self.queues.iter().position(|section| section.name == name);
        if found.is_none() {
            let mut exchanges = self.exchanges.iter();
            let remedy = if exchanges.any(|section| section.name == name) {
                format!(
                    "that is an exchange: write {{ exchange = \"{name}\" }} where messages are published"
                )
            } else {
                let queues = self.queues.iter().map(|section| section.name);
                did_you_mean(name, "queues", queues)
            };
            cx.error(&node.at, format!("no queue is called \"{name}\""), remedy);
        }
        found
    }
}

/// What the outlets of pools call their exits, each once.
fn exit_names<'t>(pools: &[Section<'t>]) -> Vec<&'t str> {
    let mut names = Vec::new();
    for name in exits(pools).into_iter().filter_map(Node::as_text) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Where the outlets of pools name their exits, whether or not all else of them is right.
fn exits<'t>(pools: &[Section<'t>]) -> Vec<&'t Node> {
    let ways = pools.iter().filter_map(|section| section.table.get("to"));
    let ways = ways.flat_map(|to| match &to.value {
        Value::List(items) => &items[..],
        Value::Text(_)
        | Value::Integer(_)
        | Value::Float(_)
        | Value::Boolean(_)
        | Value::Datetime(_)
        | Value::Table(_) => std::slice::from_ref(to),
    });
    let named = ways.filter_map(|way| way.as_table()?.get("exit"));
    named.collect()
}

fn errors(cx: &Context<'_>) -> usize {
    cx.mistakes
        .iter()
        .filter(|mistake| !mistake.warning)
        .count()
}

/// The start of the file: the place of what is missing altogether.
pub(super) const fn top() -> At {
    At {
        source: 0,
        span: 0..0,
    }
}

fn names<'t>(cx: &mut Context<'_>, root: &'t Table) -> Names<'t> {
    let names = Names {
        producers: sections(cx, root, "producer"),
        exchanges: sections(cx, root, "exchange"),
        has_ack_timeout: root.get("consumer_timeout").is_some(),
        looks_at: Vec::new(),
        queues: sections(cx, root, "queue"),
        pools: sections(cx, root, "pool"),
    };
    for (kind, sections, example) in [
        (
            "producer",
            &names.producers,
            "a table [producer.NAME] with `to` and `arrivals`",
        ),
        (
            "queue",
            &names.queues,
            "a table [queue.NAME]; it may be empty",
        ),
    ] {
        let entry = root.entry(kind);
        let empty = entry.is_none_or(|entry| {
            entry
                .node
                .as_table()
                .is_some_and(|table| table.entries.is_empty())
        });
        if sections.is_empty() && empty && !cx.misspelt(root, kind) {
            let at = entry.map_or_else(top, |entry| entry.key_at.clone());
            cx.error(
                &at,
                format!("the scenario has no {kind}"),
                format!("write {example}"),
            );
        }
    }
    names_are_unique(cx, &names);
    exits_are_unique(cx, &names);
    names
}

/// An exit begins metrics, as components do.
fn exits_are_unique(cx: &mut Context<'_>, names: &Names<'_>) {
    let components = names.components();
    for node in exits(&names.pools) {
        let Some(name) = node.as_text() else { continue };
        let mut scopes = Scope::ALL.into_iter().filter(|scope| *scope != Scope::Exit);
        if scopes.any(|scope| components.of(scope).contains(&name)) {
            let rule = format!("the name \"{name}\" is taken");
            let remedy = "figures are named by it: call the exit otherwise";
            cx.error(&node.at, rule, remedy);
        }
    }
}

fn names_are_unique(cx: &mut Context<'_>, names: &Names<'_>) {
    let all: Vec<Section<'_>> = [
        &names.producers[..],
        &names.exchanges[..],
        &names.queues[..],
        &names.pools[..],
    ]
    .concat();
    for (index, section) in all.iter().enumerate() {
        name_is_legal(cx, section);
        if let Some(first) = all[..index].iter().find(|other| other.name == section.name) {
            let (first, second) = if first.at.span.start <= section.at.span.start {
                (first, section)
            } else {
                (section, first)
            };
            cx.error(
                second.at,
                format!("the name \"{}\" is taken", second.name),
                "names are unique across producers, exchanges, queues and pools: choose another",
            );
            if let Some(mistake) = cx.mistakes.last_mut() {
                mistake.beside = Some((first.at.clone(), "first used here".to_owned()));
            }
        }
    }
}

fn name_is_legal(cx: &mut Context<'_>, section: &Section<'_>) {
    let name = section.name;
    if !is_name(name) {
        cx.error(
            section.at,
            format!("\"{name}\" is not a name"),
            "names are of a-z, 0-9, _ and -, such as \"order-emails\"",
        );
    } else if name == END_TO_END || name == "objective" {
        cx.error(
            section.at,
            format!("the name \"{name}\" is reserved"),
            "it begins metrics of the whole scenario: choose another",
        );
    }
}

/// Names are of `[a-z0-9_-]+`.
fn is_name(name: &str) -> bool {
    let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    !name.is_empty() && name.chars().all(legal)
}

fn sections<'t>(cx: &mut Context<'_>, root: &'t Table, kind: &'static str) -> Vec<Section<'t>> {
    let Some(node) = root.get(kind) else {
        return Vec::new();
    };
    let example = format!("a table [{kind}.NAME]");
    let Some(table) = cx.table(node, kind, &example) else {
        return Vec::new();
    };
    let mut sections = Vec::new();
    for entry in &table.entries {
        match entry.node.as_table() {
            Some(table) => sections.push(Section {
                kind,
                name: &entry.key,
                at: &entry.key_at,
                table,
            }),
            None => cx.error(
                &entry.key_at,
                format!(
                    "{kind} must be a table of tables, and \"{}\" is not one",
                    entry.key
                ),
                format!("name the {kind}: write {example}"),
            ),
        }
    }
    sections
}
