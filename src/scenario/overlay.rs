//! Values laid over a tree by their dotted path: `--set pool.senders.consumers=12`, and the `set` of a variant.

use super::call;
use super::check::{EXCHANGE_KEYS, OBJECTIVE_KEYS, POOL_KEYS, PRODUCER_KEYS, QUEUE_KEYS, TOP_KEYS};
use super::diagnostic::{At, Mistake};
use super::nearest::did_you_mean;
use super::tree::{Entry, Node, Table, Value};

/// The deepest path is that of a law within a law; a longer one would only exhaust the stack.
const SEGMENTS_MAX: usize = 32;

/// Lays `node` over the tree at `path`, written at `at`; `verbatim` is where the path's characters stand in the source.
///
/// # Errors
/// A path that no scenario has, or of a component that this one has not.
pub(super) fn set(
    root: &mut Table,
    path: &str,
    at: &At,
    verbatim: Option<usize>,
    node: Node,
) -> Result<(), Box<Mistake>> {
    let segments = split(path, at, verbatim);
    let [first, rest @ ..] = &segments[..SEGMENTS_MAX.min(segments.len())] else {
        return Err(unknown(
            path,
            at,
            "write one such as pool.senders.consumers".to_owned(),
        ));
    };
    if segments.len() > SEGMENTS_MAX {
        return Err(unknown(
            path,
            at,
            format!("no path has more than {SEGMENTS_MAX} parts"),
        ));
    }
    match first.name {
        "producer" => component(root, path, &segments, &PRODUCER_KEYS.concat(), node),
        "exchange" => component(root, path, &segments, EXCHANGE_KEYS, node),
        "queue" => component(root, path, &segments, &QUEUE_KEYS.concat(), node),
        "pool" => component(root, path, &segments, &POOL_KEYS.concat(), node),
        "objective" => objective(root, path, &segments, node),
        "variant" => Err(unknown(
            path,
            &first.at,
            "a variant is not set, but says itself what it sets".to_owned(),
        )),
        name if TOP_KEYS.contains(&name) => {
            insert(root, first, rest, node);
            Ok(())
        }
        name => Err(unknown(
            path,
            &first.at,
            remedy_for_first(root, name, &segments),
        )),
    }
}

/// Every path and value that a variant's `set` spells, dotted keys in quotes or as nested tables.
pub(super) fn paths(
    set: &Table,
    sources: impl Fn(&At, &str) -> Option<usize> + Copy,
) -> Vec<(String, &Entry, Option<usize>)> {
    let mut found = Vec::new();
    for entry in &set.entries {
        collect(entry, String::new(), sources, &mut found);
    }
    found
}

fn collect<'t>(
    entry: &'t Entry,
    prefix: String,
    sources: impl Fn(&At, &str) -> Option<usize> + Copy,
    found: &mut Vec<(String, &'t Entry, Option<usize>)>,
) {
    let path = if prefix.is_empty() {
        entry.key.clone()
    } else {
        format!("{prefix}.{}", entry.key)
    };
    let depth = path.split('.').count();
    let names_a_section = matches!(
        path.split('.').next(),
        Some("producer" | "exchange" | "queue" | "pool")
    ) && depth < 3;
    match entry.node.as_table() {
        // `pool.senders.consumers = 11` without quotes is three nested tables to TOML.
        Some(table) if names_a_section => {
            for inner in &table.entries {
                collect(inner, path.clone(), sources, found);
            }
        }
        Some(_) | None => {
            let verbatim = if prefix.is_empty() {
                sources(&entry.key_at, &entry.key)
            } else {
                None
            };
            found.push((path, entry, verbatim));
        }
    }
}

struct Segment<'a> {
    name: &'a str,
    at: At,
}

fn split<'a>(path: &'a str, at: &At, verbatim: Option<usize>) -> Vec<Segment<'a>> {
    let mut offset = 0;
    path.split('.')
        .map(|part| {
            let start = offset + (part.len() - part.trim_start().len());
            offset += part.len() + 1;
            let name = part.trim();
            let at = match verbatim {
                Some(begin) => At {
                    source: at.source,
                    span: begin + start..begin + start + name.len(),
                },
                None => at.clone(),
            };
            Segment { name, at }
        })
        .collect()
}

fn unknown(path: &str, at: &At, remedy: String) -> Box<Mistake> {
    Box::new(Mistake::error(
        at.clone(),
        format!("no such path \"{path}\""),
        remedy,
    ))
}

fn remedy_for_first(root: &Table, name: &str, segments: &[Segment<'_>]) -> String {
    // A component's own name in front is the likeliest slip: the kind was forgotten.
    for kind in ["producer", "exchange", "queue", "pool"] {
        let components = root.get(kind).and_then(Node::as_table);
        if components.is_some_and(|table| table.entry(name).is_some()) {
            let path: Vec<&str> = segments.iter().map(|segment| segment.name).collect();
            return format!("did you mean \"{kind}.{}\"?", path.join("."));
        }
    }
    let legal: Vec<&str> = TOP_KEYS
        .iter()
        .copied()
        .filter(|key| *key != "variant")
        .collect();
    did_you_mean(name, "a path begins with one of", legal)
}

fn component(
    root: &mut Table,
    path: &str,
    segments: &[Segment<'_>],
    keys: &[&str],
    node: Node,
) -> Result<(), Box<Mistake>> {
    let [kind, name, key, rest @ ..] = segments else {
        let whole = segments
            .last()
            .map_or_else(|| node.at.clone(), |last| last.at.clone());
        return Err(unknown(
            path,
            &whole,
            format!("go on to one of its keys: {}", keys.join(", ")),
        ));
    };
    let components = root.get_mut(kind.name);
    let Some(Value::Table(components)) = components.map(|node| &mut node.value) else {
        return Err(unknown(
            path,
            &kind.at,
            format!("the scenario has no {}", kind.name),
        ));
    };
    let names: Vec<String> = components.keys().map(str::to_owned).collect();
    let Some(Value::Table(table)) = components.get_mut(name.name).map(|node| &mut node.value)
    else {
        let remedy = did_you_mean(
            name.name,
            &format!("{}s", kind.name),
            names.iter().map(String::as_str),
        );
        return Err(unknown(path, &name.at, remedy));
    };
    if !keys.contains(&key.name) {
        let article = if kind.name == "exchange" { "an" } else { "a" };
        let remedy = did_you_mean(
            key.name,
            &format!("keys of {article} {}", kind.name),
            keys.iter().copied(),
        );
        return Err(unknown(path, &key.at, remedy));
    }
    insert(table, key, rest, node);
    Ok(())
}

fn objective(
    root: &mut Table,
    path: &str,
    segments: &[Segment<'_>],
    node: Node,
) -> Result<(), Box<Mistake>> {
    let [first, index, key, rest @ ..] = segments else {
        let remedy = "name one of them by its number, as in objective.0.below".to_owned();
        return Err(unknown(path, &segments[0].at, remedy));
    };
    let Some(Value::List(objectives)) = root.get_mut(first.name).map(|node| &mut node.value) else {
        return Err(unknown(
            path,
            &first.at,
            "the scenario has no objective".to_owned(),
        ));
    };
    let count = objectives.len();
    let chosen = index
        .name
        .parse::<usize>()
        .ok()
        .and_then(|index| objectives.get_mut(index));
    let Some(Value::Table(table)) = chosen.map(|node| &mut node.value) else {
        return Err(unknown(
            path,
            &index.at,
            format!("objectives are numbered 0 to {}", count.saturating_sub(1)),
        ));
    };
    if !OBJECTIVE_KEYS.contains(&key.name) {
        let remedy = did_you_mean(
            key.name,
            "keys of an objective",
            OBJECTIVE_KEYS.iter().copied(),
        );
        return Err(unknown(path, &key.at, remedy));
    }
    insert(table, key, rest, node);
    Ok(())
}

/// Replaces or adds what `first` and `rest` name. Whether the result is legal is for the checks to say.
fn insert(table: &mut Table, first: &Segment<'_>, rest: &[Segment<'_>], node: Node) {
    let position = table
        .entries
        .iter()
        .position(|entry| entry.key == first.name)
        .unwrap_or_else(|| {
            let empty = Node::new(Value::Table(Table::default()), node.at.clone());
            table.entries.push(Entry {
                key: first.name.to_owned(),
                key_at: first.at.clone(),
                node: empty,
            });
            table.entries.len() - 1
        });
    let target = &mut table.entries[position].node;
    let Some((next, rest)) = rest.split_first() else {
        *target = node;
        return;
    };
    if let Ok(called) = call::parse(target) {
        *target = called;
    }
    if let Value::List(items) = &mut target.value
        && let Some(item) = next
            .name
            .parse::<usize>()
            .ok()
            .and_then(|index| items.get_mut(index))
    {
        match (rest.split_first(), &mut item.value) {
            (Some((key, rest)), Value::Table(table)) => insert(table, key, rest, node),
            (Some(_) | None, _) => *item = node,
        }
        return;
    }
    // The short form `{ exponential = "83ms" }` makes room for the long one.
    if target.as_table().is_none() {
        *target = Node::new(Value::Table(Table::default()), node.at.clone());
    }
    if let Value::Table(inner) = &mut target.value {
        insert(inner, next, rest, node);
    }
}
