//! What people write (`180ms`, `5k/s`, `2KiB`, `2%`) to numbers in SI units, and back.
//!
//! A number where a unit is needed is an error that shows how to write it.

/// Why a text is not a quantity of the kind asked for: the rule, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{rule}; {remedy}")]
pub struct UnitError {
    /// What is wrong, with the text: `duration "200" has no unit`.
    pub rule: String,
    /// What to write: `write "200ms" or "200s"`.
    pub remedy: String,
}

/// A length of time in the unit a person would choose, three significant digits: `23.4 ms`, `4m 02s`, `1h 22m`, `2d 03h`.
pub fn show_seconds(_seconds: f64) -> String {
    String::new()
}
