//! CSV columns and timestamps to data, with the line and the column in every error.
//!
//! The first line names the columns. Blank lines are skipped; a byte order mark and Windows line ends do no harm.
//! Nothing here opens a file: the caller does, and adds its name to the error.

mod cell;
mod error;
#[cfg(test)]
mod tests;

pub use cell::{TimeUnit, UnknownUnit};
pub use error::InputError;

use std::io::{self, Read};

use cell::Instant;

use crate::time::Time;

/// The numbers of one column, as written.
///
/// # Errors
/// Where the column is not there, or a cell is not a finite number, or the file is no CSV file in UTF-8.
pub fn column_of_numbers(reader: impl Read, column: &str) -> Result<Vec<f64>, InputError> {
    read_column(reader, column, |cell| {
        cell::number(cell.text).ok_or_else(|| cell.not("a number; write it like 12.5"))
    })
}

/// The durations of one column, in seconds, from numbers in `unit`: service times to draw again, for instance.
///
/// # Errors
/// As of [`column_of_numbers`], and where a duration is negative.
pub fn durations(reader: impl Read, column: &str, unit: TimeUnit) -> Result<Vec<f64>, InputError> {
    read_column(reader, column, |cell| match cell::number(cell.text) {
        Some(value) if value >= 0.0 => Ok(unit.seconds(value)),
        Some(_) => Err(cell.not("a duration, being negative; give 0 or more")),
        None => Err(cell.not(format!("a duration; write a number of {unit}, like 12.5"))),
    })
}

/// The instants of one column. The first row is the start of the run: its instant is 0, and the others count from it.
///
/// With a `unit` cells are numbers of it, from any origin, read digit by digit: nanoseconds since 1970 stay exact.
/// Without, they are dates as of RFC 3339, `2023-11-16T18:17:03.9799600Z`, or the same with a space and without an
/// offset. A date without an offset is taken for UTC, so that a local clock must not have been turned back.
///
/// # Errors
/// As of [`column_of_numbers`], and where rows are not sorted by time, where numbers stand without a `unit`, where
/// dates with and without an offset are mixed, and where the last row is more than 584 years after the first.
pub fn timestamps(
    reader: impl Read,
    column: &str,
    unit: Option<TimeUnit>,
) -> Result<Vec<Time>, InputError> {
    let mut first: Option<Instant> = None;
    let mut last = (Time::ZERO, String::new());
    read_column(reader, column, |cell| {
        let instant = cell.instant(unit)?;
        let start = *first.get_or_insert(instant);
        if instant.has_offset != start.has_offset {
            return Err(cell.not(
                "written like the first row; give all dates an offset, like Z or +01:00, or none",
            ));
        }
        let before = start.nanos + i128::from(last.0.as_nanos());
        if instant.nanos < before {
            return Err(cell.unsorted(&last.1));
        }
        let nanos = u64::try_from(instant.nanos - start.nanos).map_err(|_| cell.too_late())?;
        last.0 = Time::from_nanos(nanos);
        // Kept for the error text alone; the buffer is used again row by row.
        last.1.clear();
        last.1.push_str(cell.text);
        Ok(last.0)
    })
}

/// One cell and where it stands.
#[derive(Clone, Copy, Debug)]
struct Cell<'a> {
    /// Without the spaces around it.
    text: &'a str,
    /// Line in the file, from 1.
    line: u64,
    column: &'a str,
}

/// Hands each cell of a column to `convert` and collects what comes back.
fn read_column<T>(
    reader: impl Read,
    column: &str,
    mut convert: impl FnMut(Cell) -> Result<T, InputError>,
) -> Result<Vec<T>, InputError> {
    let mut rows = Rows::new(reader);
    let Some(line) = rows.advance()? else {
        return Err(InputError::Empty);
    };
    let names = rows
        .record
        .iter()
        .map(|name| text(name, line))
        .collect::<Result<Vec<_>, _>>()?;
    let index = names.iter().position(|name| *name == column);
    let index = index.ok_or_else(|| InputError::no_column(column, &names))?;
    let columns = names.len();
    let mut values = Vec::new();
    while let Some(line) = rows.advance()? {
        let cells = rows.record.len();
        if cells != columns {
            return Err(InputError::Ragged {
                line,
                cells,
                columns,
            });
        }
        values.push(convert(Cell {
            text: text(&rows.record[index], line)?,
            line,
            column,
        })?);
    }
    if values.is_empty() {
        return Err(InputError::NoRows {
            column: column.into(),
        });
    }
    Ok(values)
}

/// The rows of a file, the one that names the columns among them.
struct Rows<R> {
    csv: csv::Reader<io::Chain<R, &'static [u8]>>,
    record: csv::ByteRecord,
}

impl<R: Read> Rows<R> {
    /// Rows end at a line feed and nowhere else, the last one too. So the reader's own line count tells where a row
    /// stands, which it does not after blank lines or with two-byte line ends; a carriage return before it is trimmed
    /// as a space.
    fn new(reader: R) -> Self {
        let mut builder = csv::ReaderBuilder::new();
        builder
            .has_headers(false)
            .flexible(true)
            .terminator(csv::Terminator::Any(b'\n'));
        Self {
            csv: builder.from_reader(reader.chain(b"\n")),
            record: csv::ByteRecord::new(),
        }
    }

    /// Goes to the next row that is not blank, and says on which line it ends.
    fn advance(&mut self) -> Result<Option<u64>, InputError> {
        while self
            .csv
            .read_byte_record(&mut self.record)
            .map_err(|error| InputError::Read(error.into()))?
        {
            if self.record.iter().any(|cell| !cell.trim_ascii().is_empty()) {
                return Ok(Some(self.csv.position().line().saturating_sub(1)));
            }
        }
        Ok(None)
    }
}

/// A cell as text, without the spaces around it and without the mark that some programs begin a file with.
fn text(cell: &[u8], line: u64) -> Result<&str, InputError> {
    let text = std::str::from_utf8(cell).map_err(|_| InputError::NotText { line })?;
    Ok(text.trim_start_matches('\u{feff}').trim())
}
