//! The pictures of an outcome: which series, over which axes, under which words.
//!
//! Every word is computed from the runs that are shown. Variants keep their colour through all figures, the base first.

mod backlog;
mod caption;
mod lanes;
mod latency;
mod overlay;
mod rates;
mod utilisation;

pub use overlay::overlay;

use super::chart::Chart;
use crate::study::Outcome;

/// More panels than this are too small to read.
const MOST_PANELS: usize = 4;
/// More lines than this cannot be told apart by colour.
const MOST_LINES: usize = 8;
/// More ribbons than this cover each other.
const MOST_RIBBONS: usize = 3;

/// Every figure of one scenario file, with the stem of its file's name.
pub fn all(outcome: &Outcome) -> Vec<(String, Chart)> {
    vec![
        ("backlog".to_owned(), backlog::chart(outcome)),
        ("rates".to_owned(), rates::chart(outcome)),
        ("latency".to_owned(), latency::chart(outcome)),
        ("utilisation".to_owned(), utilisation::chart(outcome)),
    ]
}

#[cfg(test)]
pub(in crate::report) mod fixtures;
#[cfg(test)]
mod tests;
