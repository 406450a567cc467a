//! What may be wrong with a file: the place, the value, the rule and the remedy.

use std::io;

use super::Cell;

/// Why a column could not be read. The caller adds the name of the file.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// There is nothing in the file, or nothing in its first line.
    #[error("the file is empty; its first line must name the columns")]
    Empty,
    /// The first line is all there is.
    #[error("column {column} has no rows; give at least one under the line that names the columns")]
    NoRows {
        /// The column that was asked for.
        column: String,
    },
    /// No column has this name.
    #[error("there is no column \"{column}\"; {}there are: {}", did_you_mean(.nearest.as_deref()), .columns.join(", "))]
    NoColumn {
        /// The name that was asked for.
        column: String,
        /// The name that it may have been meant for.
        nearest: Option<String>,
        /// All names.
        columns: Vec<String>,
    },
    /// A cell is not what the column should hold.
    #[error("line {line}, column {column}: \"{cell}\" is not {expected}")]
    Cell {
        /// Line in the file, from 1.
        line: u64,
        /// Name of the column.
        column: String,
        /// What stands there.
        cell: String,
        /// What should, and how to write it.
        expected: String,
    },
    /// Numbers stand where dates were looked for.
    #[error(
        "line {line}, column {column}: \"{cell}\" is a number without a unit; \
         say what it counts, e.g. unit = \"s\" (ns, us, ms, s, min, h)"
    )]
    NoUnit {
        /// Line in the file, from 1.
        line: u64,
        /// Name of the column.
        column: String,
        /// What stands there.
        cell: String,
    },
    /// A row is earlier than the one before it.
    #[error(
        "line {line}, column {column}: \"{cell}\" is earlier than \"{before}\" in the row before; sort the rows by {column}"
    )]
    Unsorted {
        /// Line in the file, from 1.
        line: u64,
        /// Name of the column.
        column: String,
        /// What stands there.
        cell: String,
        /// What stands in the row before.
        before: String,
    },
    /// A row is later than a clock of nanoseconds can say.
    #[error(
        "line {line}, column {column}: \"{cell}\" is more than 584 years after the first row; check the unit"
    )]
    TooLate {
        /// Line in the file, from 1.
        line: u64,
        /// Name of the column.
        column: String,
        /// What stands there.
        cell: String,
    },
    /// A row has more or fewer cells than there are columns.
    #[error(
        "line {line} has {cells} cells where the first line names {columns} columns; quote cells that hold commas"
    )]
    Ragged {
        /// Line in the file, from 1.
        line: u64,
        /// How many cells the row has.
        cells: usize,
        /// How many columns there are.
        columns: usize,
    },
    /// Bytes that are no text.
    #[error("line {line} is not UTF-8 text; save the file as CSV in UTF-8")]
    NotText {
        /// Line in the file, from 1.
        line: u64,
    },
    /// Reading failed.
    #[error("the file cannot be read")]
    Read(#[source] io::Error),
}

impl InputError {
    pub(super) fn no_column(column: &str, names: &[&str]) -> Self {
        Self::NoColumn {
            column: column.into(),
            nearest: nearest(column, names).map(Into::into),
            columns: names.iter().map(ToString::to_string).collect(),
        }
    }
}

impl Cell<'_> {
    /// That it is not what was expected.
    pub(super) fn not(self, expected: impl Into<String>) -> InputError {
        let (line, column, cell) = self.owned();
        InputError::Cell {
            line,
            column,
            cell,
            expected: expected.into(),
        }
    }

    pub(super) fn no_unit(self) -> InputError {
        let (line, column, cell) = self.owned();
        InputError::NoUnit { line, column, cell }
    }

    pub(super) fn unsorted(self, before: &str) -> InputError {
        let (line, column, cell) = self.owned();
        InputError::Unsorted {
            line,
            column,
            cell,
            before: before.into(),
        }
    }

    pub(super) fn too_late(self) -> InputError {
        let (line, column, cell) = self.owned();
        InputError::TooLate { line, column, cell }
    }

    fn owned(self) -> (u64, String, String) {
        (self.line, self.column.into(), self.text.into())
    }
}

fn did_you_mean(nearest: Option<&str>) -> String {
    nearest
        .map(|name| format!("did you mean \"{name}\"? "))
        .unwrap_or_default()
}

/// The name that takes the fewest edits, if they are no more than a third of it.
fn nearest<'a>(wanted: &str, names: &[&'a str]) -> Option<&'a str> {
    let wanted = wanted.to_lowercase();
    let near = names
        .iter()
        .map(|name| (edits(&wanted, &name.to_lowercase()), *name));
    near.filter(|(edits, name)| 3 * edits <= name.chars().count())
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, name)| name)
}

/// Letters to insert, delete or replace to make one word of the other (Levenshtein), row by row.
fn edits(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.chars().enumerate() {
            let replaced = diagonal + usize::from(from != to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}
