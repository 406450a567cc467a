//! The file as it was understood, written out again: flags laid over it, data files by their bare names, no comments.

use super::call;
use super::inputs::Inputs;
use super::tree::{Entry, Node, Table, Value};
use std::fmt::Write;

/// Text that loads to the same scenarios, without flags.
pub(super) fn write(root: &Table, inputs: &Inputs) -> String {
    let root = with_bare_names(root, inputs);
    let mut text = String::new();
    let named = ["producer", "exchange", "queue", "pool"];
    let lists = ["objective", "variant"];
    write_keys(
        &mut text,
        root.entries
            .iter()
            .filter(|entry| !named.contains(&&*entry.key) && !lists.contains(&&*entry.key)),
    );
    for kind in named {
        for entry in root
            .get(kind)
            .and_then(Node::as_table)
            .map_or(&[][..], |table| &table.entries)
        {
            let _ = writeln!(text, "\n[{kind}.{}]", key(&entry.key));
            write_keys(
                &mut text,
                entry
                    .node
                    .as_table()
                    .map_or(&[][..], |table| &table.entries),
            );
        }
    }
    for kind in lists {
        let Some(Value::List(items)) = root.get(kind).map(|node| &node.value) else {
            continue;
        };
        for item in items {
            let _ = writeln!(text, "\n[[{kind}]]");
            write_keys(
                &mut text,
                item.as_table().map_or(&[][..], |table| &table.entries),
            );
        }
    }
    text
}

fn write_keys<'a>(text: &mut String, entries: impl IntoIterator<Item = &'a Entry>) {
    for entry in entries {
        let _ = writeln!(text, "{} = {}", key(&entry.key), inline(&entry.node.value));
    }
}

fn inline(value: &Value) -> String {
    match value {
        Value::Text(text) => quoted(text),
        Value::Integer(integer) => integer.to_string(),
        // `Debug` keeps the point that tells a float from an integer.
        Value::Float(float) => format!("{float:?}"),
        Value::Boolean(boolean) => boolean.to_string(),
        Value::Datetime(date) => date.clone(),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(|item| inline(&item.value)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Table(table) if table.entries.is_empty() => "{}".to_owned(),
        Value::Table(table) => {
            let write =
                |entry: &Entry| format!("{} = {}", key(&entry.key), inline(&entry.node.value));
            let entries: Vec<String> = table.entries.iter().map(write).collect();
            format!("{{ {} }}", entries.join(", "))
        }
    }
}

fn key(key: &str) -> String {
    let bare = !key.is_empty()
        && key
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if bare { key.to_owned() } else { quoted(key) }
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

fn with_bare_names(root: &Table, inputs: &Inputs) -> Table {
    let names = inputs.bare_names();
    let mut root = root.clone();
    for entry in &mut root.entries {
        rename(&mut entry.node, inputs, &names);
    }
    root
}

/// Replaces the paths of data files by the names under which they are kept, opening calls that hold one.
fn rename(node: &mut Node, inputs: &Inputs, names: &[(&str, String)]) {
    match &mut node.value {
        Value::Text(text) => {
            if let Some((_, name)) = names
                .iter()
                .find(|(path, _)| *path == text && inputs.names(text, &node.at))
            {
                *text = name.clone();
            } else if call::is_call(text)
                && inputs.any_inside(&node.at)
                && let Ok(called) = call::parse(node)
            {
                *node = called;
                rename(node, inputs, names);
            }
        }
        Value::List(items) => items
            .iter_mut()
            .for_each(|item| rename(item, inputs, names)),
        Value::Table(table) => table
            .entries
            .iter_mut()
            .for_each(|entry| rename(&mut entry.node, inputs, names)),
        Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) => {}
    }
}
