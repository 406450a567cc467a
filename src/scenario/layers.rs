//! The layers of a scenario: the file, the flags over it, and each variant over both.

use super::Scenario;
use super::check;
use super::diagnostic::{At, Mistake, Source};
use super::file::Context;
use super::inputs::Inputs;
use super::load::{Flags, ReadFile};
use super::metric::split_objective;
use super::overlay;
use super::tree::{self, Entry, Node, Table, Value, source_text, verbatim_start};
use std::ops::Range;

/// Each variant's name and scenario, in the order of the file.
pub(super) type Variants = Vec<(String, Scenario)>;

/// What is collected on the way.
pub(super) struct Loader<'a> {
    pub(super) sources: &'a [Source],
    pub(super) mistakes: Vec<Mistake>,
    pub(super) inputs: Inputs,
    pub(super) read_file: ReadFile<'a>,
}

impl Loader<'_> {
    /// The base and its variants, and the tree of the base; `None` where there is an error.
    pub(super) fn scenarios(&mut self, flags: &Flags) -> Option<(Scenario, Variants, Table)> {
        let mut root = match tree::read_file(0, &self.sources[0].text) {
            Ok(root) => root,
            Err(syntax) => {
                self.mistakes.extend(syntax);
                return None;
            }
        };
        // The order of `sources`.
        let mut source = 1..;
        for (own, source) in flags.own.iter().zip(&mut source) {
            let at = At {
                source,
                span: 0..own.value.len(),
            };
            let value = tree::read_flag(source, &own.value, at.span.clone());
            self.lay(&mut root, &own.path, &at, None, value);
        }
        for (set, source) in flags.set.iter().zip(&mut source) {
            self.lay_flag(&mut root, source, set);
        }
        for (objective, source) in flags.objective.iter().zip(&mut source) {
            self.add_objective(&mut root, source, objective);
        }
        let base = self.check(&root, None);
        let variants = self.variants(&root);
        Some((base?, variants?, root))
    }

    /// Checks one tree; of a variant, reports only what the base has not.
    fn check(&mut self, root: &Table, variant: Option<(&str, &At)>) -> Option<Scenario> {
        let mut cx = Context {
            mistakes: Vec::new(),
            inputs: &mut self.inputs,
            read_file: self.read_file,
        };
        let scenario = check::scenario(&mut cx, root);
        for mut mistake in cx.mistakes {
            if self.mistakes.iter().any(|known| known.same(&mistake)) {
                continue;
            }
            // A place inside the variant speaks for itself; a value of the base may be wrong only together with it.
            let elsewhere = variant.filter(|(_, at)| !at.contains(&mistake.at));
            mistake.variant = elsewhere.map(|(name, _)| name.to_owned());
            self.mistakes.push(mistake);
        }
        scenario
    }

    fn lay_flag(&mut self, root: &mut Table, source: usize, flag: &str) {
        let Some(equals) = flag.find('=') else {
            let at = At {
                source,
                span: 0..flag.len(),
            };
            let remedy = "write PATH=VALUE, such as pool.senders.consumers=12";
            self.mistakes.push(Mistake::error(
                at,
                format!("\"{flag}\" sets nothing"),
                remedy,
            ));
            return;
        };
        let path = trimmed(flag, 0..equals);
        let value = tree::read_flag(source, flag, trimmed(flag, equals + 1..flag.len()));
        let at = At {
            source,
            span: path.clone(),
        };
        self.lay(root, &flag[path.clone()], &at, Some(path.start), value);
    }

    fn lay(&mut self, root: &mut Table, path: &str, at: &At, verbatim: Option<usize>, value: Node) {
        if let Err(mistake) = overlay::set(root, path, at, verbatim, value) {
            self.mistakes.push(*mistake);
        }
    }

    /// A text objective becomes one more `[[objective]]`, so that it is checked and kept like those of the file.
    fn add_objective(&mut self, root: &mut Table, source: usize, flag: &str) {
        let at = |span: Range<usize>| At { source, span };
        let (metric, below, limit) = match split_objective(flag) {
            Ok(parts) => parts,
            Err(error) => {
                self.mistakes
                    .push(Mistake::error(at(error.place), error.rule, error.remedy));
                return;
            }
        };
        let entry = |key: &str, span: Range<usize>| Entry {
            key: key.to_owned(),
            key_at: at(span.clone()),
            node: Node::word(&flag[span.clone()], at(span)),
        };
        let entries = vec![
            entry("metric", metric),
            entry(if below { "below" } else { "above" }, limit),
        ];
        let objective = Node::new(Value::Table(Table { entries }), at(0..flag.len()));
        match root.get_mut("objective").map(|node| &mut node.value) {
            Some(Value::List(objectives)) => objectives.push(objective),
            // What else stands there is reported by the check.
            Some(_) => {}
            None => root.entries.push(Entry {
                key: "objective".to_owned(),
                key_at: at(0..flag.len()),
                node: Node::new(Value::List(vec![objective]), at(0..flag.len())),
            }),
        }
    }

    fn variants(&mut self, root: &Table) -> Option<Variants> {
        let Some(node) = root.get("variant") else {
            return Some(Vec::new());
        };
        let Value::List(items) = &node.value else {
            let remedy = "write [[variant]] with name = \"two more\" and set = { \"pool.senders.consumers\" = 11 }";
            self.error(
                &node.at,
                format!("variant must be a list of tables, not {}", node.found()),
                remedy,
            );
            return None;
        };
        let mut names: Vec<String> = vec!["base".to_owned()];
        let variants: Vec<_> = items
            .iter()
            .map(|item| self.variant(root, item, &mut names))
            .collect();
        variants.into_iter().collect()
    }

    fn variant(
        &mut self,
        root: &Table,
        item: &Node,
        names: &mut Vec<String>,
    ) -> Option<(String, Scenario)> {
        let (name, set, set_at) = self.variant_keys(item)?;
        let text = name.as_text()?.to_owned();
        if names.contains(&text) {
            let remedy = "each variant has a name of its own; \"base\" is the scenario without any";
            self.error(
                &name.at,
                format!("the variant name \"{text}\" is taken"),
                remedy,
            );
        }
        names.push(text.clone());
        let mut tree = root.clone();
        let errors_before = self.mistakes.len();
        let sources = self.sources;
        for (path, entry, verbatim) in overlay::paths(set, |at, key| {
            verbatim_start(source_text(sources, at), &at.span, key)
        }) {
            self.lay(
                &mut tree,
                &path,
                &entry.key_at,
                verbatim,
                entry.node.clone(),
            );
        }
        if self.mistakes.len() > errors_before {
            return None;
        }
        let scenario = self.check(&tree, Some((&text, set_at)))?;
        Some((text, scenario))
    }

    fn variant_keys<'t>(&mut self, item: &'t Node) -> Option<(&'t Node, &'t Table, &'t At)> {
        let mut cx = Context {
            mistakes: Vec::new(),
            inputs: &mut self.inputs,
            read_file: self.read_file,
        };
        let sample = "set = { \"pool.senders.consumers\" = 11 }";
        let keys = cx.table(item, "variant", sample).and_then(|table| {
            cx.only(table, "a variant", &["name", "set"]);
            let name = cx.required(
                table,
                &item.at,
                "this variant",
                "name",
                "name = \"two more\"",
            );
            let set = cx.required(table, &item.at, "this variant", "set", sample);
            let name = name.filter(|node| cx.text(node, "name", "\"two more\"").is_some());
            let set_at = set.map(|node| &node.at);
            let set =
                set.and_then(|node| cx.table(node, "set", "{ \"pool.senders.consumers\" = 11 }"));
            Some((name?, set?, set_at?))
        });
        self.mistakes.extend(cx.mistakes);
        keys
    }

    fn error(&mut self, at: &At, rule: String, remedy: &str) {
        self.mistakes.push(Mistake::error(at.clone(), rule, remedy));
    }
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let part = &text[range.clone()];
    let start = range.start + (part.len() - part.trim_start().len());
    start..start + part.trim().len()
}
