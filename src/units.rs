//! What people write (`180ms`, `5k/s`, `2KiB`, `2%`) to numbers in SI units, and back.
//!
//! A number where a unit is needed is an error that shows how to write it. What [`write_duration`] writes,
//! [`parse_duration`] reads to the same nanosecond; what the `show_` functions write is for people and rounded.

mod number;
mod parse;
mod show;
#[cfg(test)]
mod tests;
mod visible;

pub use parse::{parse_bytes, parse_count, parse_duration, parse_number, parse_rate, parse_share};
pub use show::{show_bytes, show_count, show_rate, show_seconds, show_share, write_duration};
pub use visible::visible;

/// Why a text is not a quantity of the kind asked for: the rule, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{rule}; {remedy}")]
pub struct UnitError {
    /// What is wrong, with the text: `duration "200" has no unit`.
    pub rule: String,
    /// What to write: `write "200ms" or "200s"`.
    pub remedy: String,
}

impl UnitError {
    fn new(rule: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            rule: rule.into(),
            remedy: remedy.into(),
        }
    }
}
