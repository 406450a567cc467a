//! One column of a data file: `file`, `column` and `unit` of a trace or an empirical law.

use super::super::diagnostic::{At, sentence};
use super::super::file::Context;
use super::super::tree::{Node, Table};
use super::distribution::Unit;
use crate::input::{self, InputError, TimeUnit};
use crate::time::Time;
use std::sync::Arc;

const TIME_UNITS: [(&str, TimeUnit); 7] = [
    ("ns", TimeUnit::Nanosecond),
    ("us", TimeUnit::Microsecond),
    ("ms", TimeUnit::Millisecond),
    ("s", TimeUnit::Second),
    ("min", TimeUnit::Minute),
    ("m", TimeUnit::Minute),
    ("h", TimeUnit::Hour),
];

/// A column that could be found; what it holds is read when asked for.
pub(super) struct Column {
    name: String,
    unit: Option<TimeUnit>,
    bytes: Arc<[u8]>,
    path: String,
    at: At,
    column_at: At,
}

impl Column {
    /// Reads the keys and the file they name; `node` is the table that they stand in.
    pub(super) fn check(
        cx: &mut Context<'_>,
        table: &Table,
        node: &Node,
        what: &str,
    ) -> Option<Self> {
        cx.only(table, what, &["file", "column", "unit"]);
        let file = cx.required(table, &node.at, what, "file", "file = \"publishes.csv\"");
        let column = cx.required(table, &node.at, what, "column", "column = \"timestamp\"");
        let unit = match table.get("unit") {
            Some(node) => cx.choice(node, "unit", &TIME_UNITS).map(Some),
            None => Some(None),
        };
        let name = column.and_then(|node| cx.text(node, "column", "\"timestamp\""));
        let file = file?;
        let path = cx.text(file, "file", "\"publishes.csv\"")?;
        let bytes = match cx.inputs.read(path, &file.at, cx.read_file) {
            Ok(bytes) => bytes,
            Err(why) => {
                let remedy = "paths are relative to the scenario file";
                cx.error(&file.at, format!("cannot read \"{path}\": {why}"), remedy);
                return None;
            }
        };
        Some(Self {
            name: name?.to_owned(),
            unit: unit?,
            bytes,
            path: path.to_owned(),
            at: file.at.clone(),
            column_at: column?.at.clone(),
        })
    }

    /// The column as values of a law: durations in seconds, or plain numbers.
    pub(super) fn values(
        &self,
        cx: &mut Context<'_>,
        table: &Table,
        unit: Unit,
    ) -> Option<Vec<f64>> {
        let read = match (unit, self.unit) {
            (Unit::Seconds, Some(unit)) => input::durations(&self.bytes[..], &self.name, unit),
            (Unit::Seconds, None) => {
                cx.error(
                    &self.at,
                    "durations in a file have no unit of their own",
                    "write unit = \"ms\" beside the file",
                );
                return None;
            }
            (Unit::Bytes | Unit::Plain, None) => {
                input::column_of_numbers(&self.bytes[..], &self.name)
            }
            (Unit::Bytes | Unit::Plain, Some(_)) => {
                let place = table.get("unit").map_or(&self.at, |node| &node.at);
                cx.error(place, "these values are no durations", "leave `unit` out");
                return None;
            }
        };
        self.usable(cx, read)
    }

    /// The column as instants since the first.
    pub(super) fn timestamps(&self, cx: &mut Context<'_>) -> Option<Vec<Time>> {
        let times = input::timestamps(&self.bytes[..], &self.name, self.unit);
        self.usable(cx, times)
    }

    fn usable<T>(&self, cx: &mut Context<'_>, read: Result<Vec<T>, InputError>) -> Option<Vec<T>> {
        match read {
            Ok(values) => Some(values),
            Err(error) => {
                let place = if matches!(error, InputError::NoColumn { .. }) {
                    &self.column_at
                } else {
                    &self.at
                };
                let error = error.to_string();
                let (rule, remedy) =
                    sentence(&error, "correct the file, or what is said of it here");
                cx.error(place, format!("\"{}\": {rule}", self.path), remedy);
                None
            }
        }
    }
}
