//! The one-line form of a distribution or an arrival process: `"lognormal(mean=200ms, cv=1.2)"`.
//!
//! A call is read into the very tree that the table form gives, with the place of every part of it, so that the
//! checks know one form only. `exponential(83ms)` becomes `{ exponential = "83ms" }`.

use super::diagnostic::Mistake;
use super::tree::{Entry, Node, Table, Value};
use std::ops::Range;

/// Deeper nesting than any law needs is refused before it can exhaust the stack.
const DEPTH_MAX: u32 = 16;

/// Whether a text is meant to be a call.
pub(super) fn is_call(text: &str) -> bool {
    text.contains('(')
}

/// Reads a text node that is one call.
///
/// # Errors
/// A mistake at the character where the call stops being one.
pub(super) fn parse(node: &Node) -> Result<Node, Box<Mistake>> {
    let text = node.as_text().unwrap_or_default();
    let mut parser = Parser {
        text,
        node,
        position: 0,
        depth: 0,
    };
    parser.blanks();
    let start = parser.position;
    let word = parser.word();
    if parser.peek() != Some('(') {
        return Err(parser.wrong(
            start..text.len(),
            "a name and its parameters in parentheses",
        ));
    }
    let call = parser.call(&word)?;
    parser.blanks();
    if parser.position < text.len() {
        return Err(parser.wrong(
            parser.position..text.len(),
            "nothing after the closing parenthesis",
        ));
    }
    Ok(call)
}

struct Parser<'a> {
    text: &'a str,
    node: &'a Node,
    position: usize,
    depth: u32,
}

/// A name or a number, as it stands.
struct Word {
    range: Range<usize>,
}

impl Parser<'_> {
    /// From the opening parenthesis to behind the closing one.
    fn call(&mut self, name: &Word) -> Result<Node, Box<Mistake>> {
        if name.range.is_empty() {
            return Err(self.wrong(
                self.position..self.position + 1,
                "a name before the parenthesis",
            ));
        }
        let open = self.position;
        let (named, mut positional) = self.arguments(')')?;
        let inside = self.node.within(open + 1..self.position - 1);
        let argument = match (named.is_empty(), positional.len()) {
            (false, 0) | (true, 0) => Node::new(Value::Table(Table { entries: named }), inside),
            (true, 1) => positional.remove(0),
            (true, _) => Node::new(Value::List(positional), inside),
            (false, _) => {
                return Err(Box::new(Mistake::error(
                    positional[0].at.clone(),
                    "a parameter without its name among named ones",
                    "name every parameter, as in \"lognormal(mean=200ms, cv=1.2)\"",
                )));
            }
        };
        let entry = Entry {
            key: self.text[name.range.clone()].to_owned(),
            key_at: self.node.within(name.range.clone()),
            node: argument,
        };
        let whole = self.node.within(name.range.start..self.position);
        Ok(Node::new(
            Value::Table(Table {
                entries: vec![entry],
            }),
            whole,
        ))
    }

    /// From an opening bracket to behind the closing one: what is named, and what is not.
    fn arguments(&mut self, close: char) -> Result<(Vec<Entry>, Vec<Node>), Box<Mistake>> {
        let open = self.position;
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(self.wrong(open..open + 1, "less nesting"));
        }
        self.position += 1;
        let (mut named, mut positional) = (Vec::new(), Vec::new());
        loop {
            self.blanks();
            if self.peek() == Some(close) {
                break;
            }
            self.argument(&mut named, &mut positional)?;
            self.blanks();
            match self.peek() {
                Some(',') => self.position += 1,
                Some(c) if c == close => break,
                Some(c) => {
                    let here = self.position..self.position + c.len_utf8();
                    return Err(self.wrong(here, &format!("\",\" or \"{close}\"")));
                }
                None => return Err(self.wrong(open..open + 1, &format!("a closing \"{close}\""))),
            }
        }
        self.position += close.len_utf8();
        self.depth -= 1;
        Ok((named, positional))
    }

    fn argument(
        &mut self,
        named: &mut Vec<Entry>,
        positional: &mut Vec<Node>,
    ) -> Result<(), Box<Mistake>> {
        let start = self.position;
        let word = self.word();
        self.blanks();
        if self.peek() != Some('=') || word.range.is_empty() {
            self.position = start;
            positional.push(self.value()?);
            return Ok(());
        }
        self.position += 1;
        self.blanks();
        let key = self.text[word.range.clone()].to_owned();
        let key_at = self.node.within(word.range);
        if named.iter().any(|entry| entry.key == key) {
            let rule = format!("parameter \"{key}\" is given twice");
            return Err(Box::new(Mistake::error(
                key_at,
                rule,
                "leave one of them out",
            )));
        }
        named.push(Entry {
            key,
            key_at,
            node: self.value()?,
        });
        Ok(())
    }

    fn value(&mut self) -> Result<Node, Box<Mistake>> {
        match self.peek() {
            Some('[') => self.list(),
            Some('{') => self.table(),
            Some(quote @ ('"' | '\'')) => self.quoted(quote),
            Some(_) | None => {
                let start = self.position;
                let word = self.word();
                if self.peek() == Some('(') {
                    return self.call(&word);
                }
                if word.range.is_empty() {
                    let end = (start + self.peek().map_or(0, char::len_utf8)).max(start);
                    return Err(self.wrong(start..end, "a value"));
                }
                Ok(self.scalar(&word))
            }
        }
    }

    fn list(&mut self) -> Result<Node, Box<Mistake>> {
        let start = self.position;
        let (named, items) = self.arguments(']')?;
        if let Some(entry) = named.first() {
            let rule = format!("a list has no name \"{}\"", entry.key);
            return Err(Box::new(Mistake::error(
                entry.key_at.clone(),
                rule,
                "write the values alone, as in \"[1s, 2s]\"",
            )));
        }
        Ok(Node::new(
            Value::List(items),
            self.node.within(start..self.position),
        ))
    }

    fn table(&mut self) -> Result<Node, Box<Mistake>> {
        let start = self.position;
        let (entries, nameless) = self.arguments('}')?;
        if let Some(node) = nameless.first() {
            return Err(Box::new(Mistake::error(
                node.at.clone(),
                "a value without a name",
                "name it, as in \"{weight=2, of=exponential(1s)}\"",
            )));
        }
        Ok(Node::new(
            Value::Table(Table { entries }),
            self.node.within(start..self.position),
        ))
    }

    fn quoted(&mut self, quote: char) -> Result<Node, Box<Mistake>> {
        let start = self.position + 1;
        let Some(length) = self.text[start..].find(quote) else {
            return Err(self.wrong(self.position..start, "a closing quote"));
        };
        self.position = start + length + 1;
        Ok(self.text_node(start..start + length))
    }

    fn scalar(&self, word: &Word) -> Node {
        let text = &self.text[word.range.clone()];
        let plain = text.replace('_', "");
        let numeric = text.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '.');
        let value = match (plain.parse(), plain.parse()) {
            (Ok(integer), _) if numeric => Value::Integer(integer),
            (_, Ok(float)) if numeric => Value::Float(float),
            (Ok(_) | Err(_), Ok(_) | Err(_)) => match text {
                "true" => Value::Boolean(true),
                "false" => Value::Boolean(false),
                _ => return self.text_node(word.range.clone()),
            },
        };
        Node::new(value, self.node.within(word.range.clone()))
    }

    fn text_node(&self, range: Range<usize>) -> Node {
        let at = self.node.within(range.clone());
        let verbatim = self.node.verbatim.map(|_| at.span.start);
        Node {
            at,
            value: Value::Text(self.text[range].to_owned()),
            verbatim,
        }
    }

    /// Everything up to the next character that has a meaning here, blanks at its end left off.
    fn word(&mut self) -> Word {
        let rest = &self.text[self.position..];
        let end = rest
            .find(['(', ')', '[', ']', '{', '}', ',', '=', '"', '\''])
            .unwrap_or(rest.len());
        let start = self.position;
        self.position += end;
        Word {
            range: start..start + rest[..end].trim_end().len(),
        }
    }

    fn blanks(&mut self) {
        let rest = &self.text[self.position..];
        self.position += rest.len() - rest.trim_start().len();
    }

    fn peek(&self) -> Option<char> {
        self.text[self.position..].chars().next()
    }

    fn wrong(&self, range: Range<usize>, expected: &str) -> Box<Mistake> {
        let at = self.node.within(range);
        Box::new(Mistake::error(
            at,
            format!("\"{}\" is not complete or not legal", self.text),
            format!("expected {expected}"),
        ))
    }
}
