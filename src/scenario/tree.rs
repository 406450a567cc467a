//! A scenario as it was written: values that know their place, whether they came from the file or from a flag.
//!
//! The TOML reader's own tree cannot be overlaid and loses the order of the keys; this one keeps both.

use super::diagnostic::{At, Mistake, Source};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

/// A value and where it was written.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) at: At,
    pub(super) value: Value,
    /// Where in the source the characters of a text begin, if they stand there as they are (without escapes).
    pub(super) verbatim: Option<usize>,
}

/// A value as written.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Text(String),
    Integer(i128),
    Float(f64),
    Boolean(bool),
    Datetime(String),
    List(Vec<Node>),
    Table(Table),
}

/// Keys and values, in the order of writing.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    pub(super) entries: Vec<Entry>,
}

/// One key and its value.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) key_at: At,
    pub(super) node: Node,
}

impl Node {
    /// A text whose characters stand in the source from the start of `at`.
    pub(super) fn word(text: &str, at: At) -> Self {
        let verbatim = Some(at.span.start);
        Self {
            at,
            value: Value::Text(text.to_owned()),
            verbatim,
        }
    }

    pub(super) const fn new(value: Value, at: At) -> Self {
        Self {
            at,
            value,
            verbatim: None,
        }
    }

    /// The place of a part of this text; of all of it where the source spells it in another way.
    pub(super) fn within(&self, part: Range<usize>) -> At {
        match self.verbatim {
            Some(start) => At {
                source: self.at.source,
                span: start + part.start..start + part.end,
            },
            None => self.at.clone(),
        }
    }

    pub(super) fn as_text(&self) -> Option<&str> {
        if let Value::Text(text) = &self.value {
            Some(text)
        } else {
            None
        }
    }

    pub(super) const fn as_table(&self) -> Option<&Table> {
        if let Value::Table(table) = &self.value {
            Some(table)
        } else {
            None
        }
    }

    /// What it is, for messages.
    pub(super) const fn found(&self) -> &'static str {
        match self.value {
            Value::Text(_) => "text",
            Value::Integer(_) => "an integer",
            Value::Float(_) => "a number",
            Value::Boolean(_) => "true or false",
            Value::Datetime(_) => "a date",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }
}

impl Table {
    pub(super) fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.node)
    }

    pub(super) fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        self.entries
            .iter_mut()
            .find(|entry| entry.key == key)
            .map(|entry| &mut entry.node)
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &str> + Clone {
        self.entries.iter().map(|entry| entry.key.as_str())
    }
}

/// Reads a file into a tree; on syntax errors, all of them.
pub(super) fn read_file(source: usize, text: &str) -> Result<Table, Vec<Mistake>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        return Err(errors
            .iter()
            .map(|error| syntax_mistake(source, text, error))
            .collect());
    }
    let mut mistakes = Vec::new();
    let table = Reader {
        source,
        text,
        start: 0,
        mistakes: &mut mistakes,
    }
    .table(table.get_ref());
    if mistakes.is_empty() {
        Ok(table)
    } else {
        Err(mistakes)
    }
}

/// Reads the value of a flag at `range` of its text: a TOML value, or else the text itself.
pub(super) fn read_flag(source: usize, text: &str, range: Range<usize>) -> Node {
    let raw = &text[range.clone()];
    let mut mistakes = Vec::new();
    let node = DeValue::parse(raw).ok().map(|value| {
        Reader {
            source,
            text,
            start: range.start,
            mistakes: &mut mistakes,
        }
        .value(&value)
    });
    match node {
        Some(node) if mistakes.is_empty() => node,
        Some(_) | None => Node::word(
            raw,
            At {
                source,
                span: range,
            },
        ),
    }
}

fn syntax_mistake(source: usize, text: &str, error: &toml::de::Error) -> Mistake {
    let span = error.span().unwrap_or(text.len()..text.len());
    let (rule, remedy) = match error.message().split_once(", expected ") {
        Some((rule, expected)) => (rule, format!("expected {expected}")),
        None if error.message() == "duplicate key" => {
            ("duplicate key", "write every key and table once".to_owned())
        }
        None => (
            error.message(),
            "this is not TOML: see https://toml.io".to_owned(),
        ),
    };
    Mistake::error(At { source, span }, format!("syntax: {rule}"), remedy)
}

struct Reader<'a> {
    source: usize,
    text: &'a str,
    /// Where in `text` begins what was parsed.
    start: usize,
    mistakes: &'a mut Vec<Mistake>,
}

impl Reader<'_> {
    fn table(&mut self, table: &DeTable<'_>) -> Table {
        let mut entries: Vec<Entry> = table
            .iter()
            .map(|(key, value)| Entry {
                key: key.get_ref().to_string(),
                key_at: self.at(key.span()),
                node: self.value(value),
            })
            .collect();
        entries.sort_by_key(|entry| entry.key_at.span.start);
        Table { entries }
    }

    fn list(&mut self, list: &DeArray<'_>) -> Vec<Node> {
        list.iter().map(|value| self.value(value)).collect()
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>) -> Node {
        let at = self.at(value.span());
        let mut verbatim = None;
        let value = match value.get_ref() {
            DeValue::String(text) => {
                verbatim = verbatim_start(self.text, &at.span, text);
                Value::Text(text.to_string())
            }
            DeValue::Integer(integer) => {
                match i128::from_str_radix(integer.as_str(), integer.radix()) {
                    Ok(integer) => Value::Integer(integer),
                    Err(_) => self.unreadable(&at),
                }
            }
            DeValue::Float(float) => match float.as_str().parse() {
                Ok(float) => Value::Float(float),
                Err(_) => self.unreadable(&at),
            },
            DeValue::Boolean(boolean) => Value::Boolean(*boolean),
            DeValue::Datetime(date) => Value::Datetime(date.to_string()),
            DeValue::Array(list) => Value::List(self.list(list)),
            DeValue::Table(table) => Value::Table(self.table(table)),
        };
        Node {
            at,
            value,
            verbatim,
        }
    }

    fn at(&self, span: Range<usize>) -> At {
        At {
            source: self.source,
            span: self.start + span.start..self.start + span.end,
        }
    }

    fn unreadable(&mut self, at: &At) -> Value {
        self.mistakes.push(Mistake::error(
            at.clone(),
            "this number is too large",
            "write a smaller one",
        ));
        Value::Integer(0)
    }
}

/// Where the characters of a text or key begin, if the source shows them as they are.
pub(super) fn verbatim_start(source: &str, span: &Range<usize>, content: &str) -> Option<usize> {
    source
        .get(span.clone())?
        .find(content)
        .map(|offset| span.start + offset)
}

/// The part of the source that a place is in.
pub(super) fn source_text<'a>(sources: &'a [Source], at: &At) -> &'a str {
    sources
        .get(at.source)
        .map_or("", |source| source.text.as_str())
}
