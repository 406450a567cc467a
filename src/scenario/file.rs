//! Walking the tree of a file: keys that are required, optional or unknown, and values of a kind.
//!
//! Every helper that returns `None` has reported the mistake, so that a check goes on and finds the next one.

use super::call;
use super::diagnostic::{At, Mistake};
use super::inputs::Inputs;
use super::nearest::did_you_mean;
use super::tree::{Node, Table, Value};
use crate::time::Span;
use crate::units::{self, UnitError};
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
                let remedy =
                    did_you_mean(&entry.key, &format!("keys of {what}"), keys.iter().copied());
                self.error(
                    &entry.key_at,
                    format!("unknown key \"{}\"", entry.key),
                    remedy,
                );
            }
        }
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
        if node.is_none() {
            self.error(
                at,
                format!("{what} has no {key}"),
                format!("write {example}"),
            );
        }
        node
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

    pub(super) fn string(&mut self, node: &Node, what: &str, example: &str) -> Option<String> {
        self.text(node, what, example).map(str::to_owned)
    }

    pub(super) fn text<'t>(
        &mut self,
        node: &'t Node,
        what: &str,
        example: &str,
    ) -> Option<&'t str> {
        let text = node.as_text();
        if text.is_none() {
            self.wrong_kind(node, what, "text", example);
        }
        text
    }

    pub(super) fn boolean(&mut self, node: &Node, what: &str) -> Option<bool> {
        if let Value::Boolean(boolean) = node.value {
            return Some(boolean);
        }
        self.wrong_kind(node, what, "true or false", "true");
        None
    }

    /// One of a closed set of words.
    pub(super) fn choice<T: Copy>(
        &mut self,
        node: &Node,
        what: &str,
        options: &[(&str, T)],
    ) -> Option<T> {
        let word = self.text(
            node,
            what,
            &format!("\"{}\"", options.first().map_or("", |option| option.0)),
        )?;
        let found = options
            .iter()
            .find(|(name, _)| *name == word)
            .map(|(_, value)| *value);
        if found.is_none() {
            let remedy = did_you_mean(word, "it is one of", options.iter().map(|option| option.0));
            self.error(&node.at, format!("unknown {what} \"{word}\""), remedy);
        }
        found
    }

    /// A length of time, `"200ms"`.
    pub(super) fn duration(&mut self, node: &Node, what: &str) -> Option<Span> {
        let text = self.scalar(node, what, "a duration", "\"200ms\"")?;
        self.unit(node, units::parse_duration(&text))
    }

    /// A length of time as a workload takes it, in seconds.
    pub(super) fn seconds(&mut self, node: &Node, what: &str) -> Option<f64> {
        self.duration(node, what).map(|span| span.as_secs_f64())
    }

    /// A rate, `"80/s"`, per second.
    pub(super) fn rate(&mut self, node: &Node, what: &str) -> Option<f64> {
        let text = self.scalar(node, what, "a rate", "\"80/s\"")?;
        self.unit(node, units::parse_rate(&text))
    }

    /// A share, `"2%"`, as a number between 0 and 1.
    pub(super) fn share(&mut self, node: &Node, what: &str) -> Option<f64> {
        let text = self.scalar(node, what, "a share", "\"2%\"")?;
        let share = self.unit(node, units::parse_share(&text))?;
        if share > 1.0 {
            self.error(
                &node.at,
                format!("{what} {text} is more than everything"),
                "write at most \"100%\"",
            );
            return None;
        }
        Some(share)
    }

    /// A number without a unit that is not negative.
    pub(super) fn number(&mut self, node: &Node, what: &str) -> Option<f64> {
        let text = self.scalar(node, what, "a number", "1.2")?;
        self.unit(node, units::parse_number(&text))
    }

    /// A size, `"2KiB"`, or a number of bytes.
    pub(super) fn bytes(&mut self, node: &Node, what: &str) -> Option<u64> {
        let text = self.scalar(node, what, "a size", "\"2KiB\"")?;
        match node.value {
            Value::Integer(_) => self.unit(node, units::parse_count(&text)),
            Value::Text(_)
            | Value::Float(_)
            | Value::Boolean(_)
            | Value::Datetime(_)
            | Value::List(_)
            | Value::Table(_) => self.unit(node, units::parse_bytes(&text)),
        }
    }

    /// A whole number from `least` to `most`: `9` or `"200k"`.
    pub(super) fn count(&mut self, node: &Node, what: &str, least: u64, most: u64) -> Option<u64> {
        let text = self.scalar(node, what, "a count", "9")?;
        let count = self.unit(node, units::parse_count(&text))?;
        if count < least {
            self.error(
                &node.at,
                format!("{what} is {count}, and must be at least {least}"),
                format!("write {least} or more"),
            );
            None
        } else if count > most {
            self.error(
                &node.at,
                format!("{what} is {count}, and must be at most {most}"),
                format!("write {most} or less"),
            );
            None
        } else {
            Some(count)
        }
    }

    pub(super) fn count_u32(&mut self, node: &Node, what: &str, least: u64) -> Option<u32> {
        self.count(node, what, least, u64::from(u32::MAX))
            .and_then(|count| u32::try_from(count).ok())
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

    pub(super) fn wrong_kind(&mut self, node: &Node, what: &str, wanted: &str, example: &str) {
        let found = node.found();
        self.error(
            &node.at,
            format!("{what} must be {wanted}, not {found}"),
            format!("write {example}"),
        );
    }

    /// The characters of a text or a number.
    fn scalar(&mut self, node: &Node, what: &str, wanted: &str, example: &str) -> Option<String> {
        match &node.value {
            Value::Text(text) => Some(text.clone()),
            Value::Integer(integer) => Some(integer.to_string()),
            Value::Float(float) => Some(float.to_string()),
            Value::Boolean(_) | Value::Datetime(_) | Value::List(_) | Value::Table(_) => {
                self.wrong_kind(node, what, wanted, example);
                None
            }
        }
    }

    fn unit<T>(&mut self, node: &Node, read: Result<T, UnitError>) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err(UnitError { rule, remedy }) => {
                self.error(&node.at, rule, remedy);
                None
            }
        }
    }
}
