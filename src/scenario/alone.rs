//! Laws and arrivals that a flag gives without any file, read as a file's values are.

use super::check::alone;
use super::diagnostic::{Mistakes, Source};
use super::file::Context;
use super::inputs::Inputs;
use super::load::ReadFile;
use super::tree::{self, Node};
use crate::workload::{Arrivals, Distribution};

/// A law of durations, in seconds: `lognormal(mean=180ms, cv=1.5)`, or a table. `flag` is the place in messages.
///
/// # Errors
/// Every mistake in it, as of a file.
pub fn law(flag: &str, text: &str, read_file: ReadFile<'_>) -> Result<Distribution, Mistakes> {
    let what = flag.trim_start_matches('-');
    read(flag, text, read_file, |cx, node| {
        alone::durations(cx, node, what)
    })
}

/// A law of messages per arrival: `3`, `constant(3)`.
///
/// # Errors
/// Every mistake in it, as of a file.
pub fn batch(flag: &str, text: &str, read_file: ReadFile<'_>) -> Result<Distribution, Mistakes> {
    read(flag, text, read_file, alone::batch)
}

/// An arrival process: `poisson(40/s)`, `mmpp(rates=[…], dwell=[…])`; or a law of gaps, `lognormal(mean=25ms, cv=2)`.
///
/// # Errors
/// Every mistake in it, as of a file.
pub fn arrivals(flag: &str, text: &str, read_file: ReadFile<'_>) -> Result<Arrivals, Mistakes> {
    read(flag, text, read_file, alone::arrivals)
}

fn read<T>(
    flag: &str,
    text: &str,
    read_file: ReadFile<'_>,
    check: impl FnOnce(&mut Context<'_>, &Node) -> Option<T>,
) -> Result<T, Mistakes> {
    let mut inputs = Inputs::default();
    let mut cx = Context {
        mistakes: Vec::new(),
        inputs: &mut inputs,
        read_file,
    };
    let start = text.len() - text.trim_start().len();
    let node = tree::read_flag(0, text, start..start + text.trim().len());
    let found = check(&mut cx, &node);
    let mut mistakes = cx.mistakes;
    mistakes.retain(|mistake| !mistake.warning);
    match found {
        Some(found) if mistakes.is_empty() => Ok(found),
        Some(_) | None => {
            debug_assert!(!mistakes.is_empty(), "a value was refused without a reason");
            let source = Source {
                name: flag.to_owned(),
                text: text.to_owned(),
            };
            Err(Mistakes::new(vec![source], mistakes))
        }
    }
}
