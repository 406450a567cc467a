//! Values of a kind: text, words, counts, and quantities with their units.

use super::super::nearest::did_you_mean;
use super::super::tree::{Node, Value};
use super::Context;
use crate::time::Span;
use crate::units::{self, UnitError};

impl Context<'_> {
    pub(in crate::scenario) fn string(
        &mut self,
        node: &Node,
        what: &str,
        example: &str,
    ) -> Option<String> {
        self.text(node, what, example).map(str::to_owned)
    }

    pub(in crate::scenario) fn text<'t>(
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

    pub(in crate::scenario) fn boolean(&mut self, node: &Node, what: &str) -> Option<bool> {
        if let Value::Boolean(boolean) = node.value {
            return Some(boolean);
        }
        self.wrong_kind(node, what, "true or false", "true");
        None
    }

    /// One of a closed set of words.
    pub(in crate::scenario) fn choice<T: Copy>(
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
    pub(in crate::scenario) fn duration(&mut self, node: &Node, what: &str) -> Option<Span> {
        let text = self.scalar(node, what, "a duration", "\"200ms\"")?;
        self.unit(node, units::parse_duration(&text))
    }

    /// A length of time that is not zero.
    pub(in crate::scenario) fn duration_above_0(
        &mut self,
        node: &Node,
        what: &str,
    ) -> Option<Span> {
        let span = self.duration(node, what)?;
        if span == Span::ZERO {
            let rule = format!("{what} is 0s, and must be more");
            self.error(&node.at, rule, "write \"1s\", or leave it out");
            return None;
        }
        Some(span)
    }

    /// A length of time as a workload takes it, in seconds.
    pub(in crate::scenario) fn seconds(&mut self, node: &Node, what: &str) -> Option<f64> {
        self.duration(node, what).map(|span| span.as_secs_f64())
    }

    /// A rate, `"80/s"`, per second.
    pub(in crate::scenario) fn rate(&mut self, node: &Node, what: &str) -> Option<f64> {
        let text = self.scalar(node, what, "a rate", "\"80/s\"")?;
        self.unit(node, units::parse_rate(&text))
    }

    /// A share, `"2%"`, as a number between 0 and 1.
    pub(in crate::scenario) fn share(&mut self, node: &Node, what: &str) -> Option<f64> {
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
    pub(in crate::scenario) fn number(&mut self, node: &Node, what: &str) -> Option<f64> {
        let text = self.scalar(node, what, "a number", "1.2")?;
        self.unit(node, units::parse_number(&text))
    }

    /// A size, `"2KiB"`, or a number of bytes.
    pub(in crate::scenario) fn bytes(&mut self, node: &Node, what: &str) -> Option<u64> {
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
    pub(in crate::scenario) fn count(
        &mut self,
        node: &Node,
        what: &str,
        least: u64,
        most: u64,
    ) -> Option<u64> {
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

    pub(in crate::scenario) fn count_u32(
        &mut self,
        node: &Node,
        what: &str,
        least: u64,
    ) -> Option<u32> {
        self.count(node, what, least, u64::from(u32::MAX))
            .and_then(|count| u32::try_from(count).ok())
    }

    /// A whole number of either sign.
    pub(in crate::scenario) fn integer(&mut self, node: &Node, what: &str) -> Option<i32> {
        let Value::Integer(integer) = node.value else {
            self.wrong_kind(node, what, "a whole number", "10 or -10");
            return None;
        };
        let fits = i32::try_from(integer).ok();
        if fits.is_none() {
            let rule = format!("{what} is {integer}, and must fit into 32 bits");
            self.error(&node.at, rule, "write a smaller number");
        }
        fits
    }

    pub(in crate::scenario) fn wrong_kind(
        &mut self,
        node: &Node,
        what: &str,
        wanted: &str,
        example: &str,
    ) {
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
