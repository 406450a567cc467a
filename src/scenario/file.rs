//! Walking the tree of a file: keys that are required, optional or unknown, and values of a kind.
//!
//! Every helper that returns `None` has reported the mistake, so that a check goes on and finds the next one.

mod values;

use super::call;
use super::diagnostic::{At, Mistake};
use super::inputs::Inputs;
use super::nearest::{did_you_mean, nearest};
use super::tree::{Entry, Node, Table, Value};
use std::borrow::Cow;

/// What a check collects while it walks.
pub(super) struct Context<'a> {
    /// All that is wrong or looks wrong so far.
    pub(super) mistakes: Vec<Mistake>,
    /// The data files that the scenario names.
    pub(super) inputs: &'a mut Inputs,
    /// How they are read.
    pub(super) read_file: &'a mut dyn FnMut(&str) -> std::io::Result<Vec<u8>>,
}

/// A table and what it is called.
#[derive(Clone, Copy)]
pub(super) struct Section<'t> {
    /// `queue`, or nothing for a table that has no name of its own.
    pub(super) kind: &'static str,
    /// Its key, `emails` of `[queue.emails]`, or what it is: for messages.
    pub(super) name: &'t str,
    /// Where to point when something is missing in it.
    pub(super) at: &'t At,
    pub(super) table: &'t Table,
}

impl<'t> Section<'t> {
    /// A table without a name of its own; `name` says what it is.
    pub(super) const fn of(name: &'t str, node: &'t Node, table: &'t Table) -> Self {
        Self {
            kind: "",
            name,
            at: &node.at,
            table,
        }
    }
}

impl Context<'_> {
    pub(super) fn error(&mut self, at: &At, rule: impl Into<String>, remedy: impl Into<String>) {
        self.mistakes.push(Mistake::error(at.clone(), rule, remedy));
    }

    pub(super) fn warn(&mut self, at: &At, rule: impl Into<String>, remedy: impl Into<String>) {
        self.mistakes
            .push(Mistake::warning(at.clone(), rule, remedy));
    }

    /// Reports every key that is not one of `keys`.
    pub(super) fn only(&mut self, table: &Table, what: &str, keys: &[&str]) {
        for entry in &table.entries {
            if !keys.contains(&entry.key.as_str()) {
                self.unknown(entry, what, keys.iter().copied());
            }
        }
    }

    /// Reports a key that is not one of `keys`.
    pub(super) fn unknown<'k>(
        &mut self,
        entry: &Entry,
        what: &str,
        keys: impl Iterator<Item = &'k str> + Clone,
    ) {
        let remedy = did_you_mean(&entry.key, &format!("keys of {what}"), keys);
        let rule = format!("unknown key \"{}\"", entry.key);
        self.error(&entry.key_at, rule, remedy);
    }

    /// The value of a key that must be there; `example` is a line to write.
    pub(super) fn required<'t>(
        &mut self,
        table: &'t Table,
        at: &At,
        what: &str,
        key: &str,
        example: &str,
    ) -> Option<&'t Node> {
        let node = table.get(key);
        if node.is_none() && !self.misspelt(table, key) {
            self.error(
                at,
                format!("{what} has no {key}"),
                format!("write {example}"),
            );
        }
        node
    }

    /// Whether an unknown key that was reported is this one with a slip in it: then it is not missing as well.
    pub(super) fn misspelt(&self, table: &Table, key: &str) -> bool {
        table.entries.iter().any(|entry| {
            let unknown = |mistake: &Mistake| {
                mistake.at == entry.key_at && mistake.rule.starts_with("unknown key")
            };
            nearest(&entry.key, [key]).is_some() && self.mistakes.iter().any(unknown)
        })
    }

    /// What `read` makes of the value of a key that must be there.
    pub(super) fn must<T>(
        &mut self,
        section: &Section<'_>,
        key: &str,
        example: &str,
        read: impl FnOnce(&mut Self, &Node, &str) -> Option<T>,
    ) -> Option<T> {
        let called = format!("{} {}", section.kind, section.name);
        let node = self.required(section.table, section.at, called.trim_start(), key, example)?;
        read(self, node, key)
    }

    /// What `read` makes of the value of a key, if it is there: `None` where it is and is wrong.
    pub(super) fn may<T>(
        &mut self,
        table: &Table,
        key: &str,
        read: impl FnOnce(&mut Self, &Node, &str) -> Option<T>,
    ) -> Option<Option<T>> {
        match table.get(key) {
            Some(node) => read(self, node, key).map(Some),
            None => Some(None),
        }
    }

    /// What `read` makes of every item of a list: all of them, or `None` where one is wrong.
    pub(super) fn each<T>(
        &mut self,
        node: &Node,
        what: &str,
        example: &str,
        mut read: impl FnMut(&mut Self, &Node) -> Option<T>,
    ) -> Option<Vec<T>> {
        let items = self.list(node, what, example)?;
        // Read to the end before giving up: every item may have its own mistake.
        let read: Vec<Option<T>> = items.iter().map(|item| read(self, item)).collect();
        read.into_iter().collect()
    }

    /// The table that a value must be.
    pub(super) fn table<'t>(
        &mut self,
        node: &'t Node,
        what: &str,
        example: &str,
    ) -> Option<&'t Table> {
        let table = node.as_table();
        if table.is_none() {
            self.wrong_kind(node, what, "a table", example);
        }
        table
    }

    /// The items of a value that must be a list.
    pub(super) fn list<'t>(
        &mut self,
        node: &'t Node,
        what: &str,
        example: &str,
    ) -> Option<&'t [Node]> {
        if let Value::List(items) = &node.value {
            return Some(items);
        }
        self.wrong_kind(node, what, "a list", example);
        None
    }

    /// The table form of a value that may be a call in a text; other values as they are.
    pub(super) fn expand<'t>(&mut self, node: &'t Node) -> Option<Cow<'t, Node>> {
        match node.as_text() {
            Some(text) if call::is_call(text) => match call::parse(node) {
                Ok(called) => Some(Cow::Owned(called)),
                Err(mistake) => {
                    self.mistakes.push(*mistake);
                    None
                }
            },
            Some(_) | None => Some(Cow::Borrowed(node)),
        }
    }
}
