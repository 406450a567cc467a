//! The pictures of an outcome: which series, over which axes, under which words.
//!
//! Every word is computed from the runs that are shown. Variants keep their colour through all figures, the base first.

mod backlog;
mod caption;
mod lag;
mod lanes;
mod latency;
mod overlay;
mod peers;
mod rates;
mod utilisation;
mod warmup;

pub use overlay::overlay;

use super::chart::{self, Chart};
use crate::study::Outcome;
use crate::time::Time;
use std::collections::BTreeSet;

/// More panels than this are too small to read.
const MOST_PANELS: usize = 4;
/// More lines than this cannot be told apart by colour.
const MOST_LINES: usize = 8;
/// More ribbons than this cover each other.
const MOST_RIBBONS: usize = 3;

/// Every figure of one scenario file, with the stem of its file's name.
pub fn all(outcome: &Outcome) -> Vec<(String, Chart)> {
    let mut all = vec![
        ("backlog".to_owned(), backlog::chart(outcome)),
        ("rates".to_owned(), rates::chart(outcome)),
        ("latency".to_owned(), latency::chart(outcome)),
        ("utilisation".to_owned(), utilisation::chart(outcome)),
    ];
    all.extend(lag::charts(outcome));
    all.extend(peers::charts(outcome));
    all
}

/// How the runs of each variant settle, and where their warm-up was cut; nothing of what has none.
pub fn settling(outcome: &Outcome) -> Vec<(String, Chart)> {
    let cut = (outcome.runs.iter().enumerate()).filter(|(_, run)| run.warmup > Time::ZERO);
    // By number: a variant's name may hold what no file's name can.
    let named = cut.map(|(number, run)| {
        let stem = if number == 0 {
            "warmup".to_owned()
        } else {
            format!("warmup-{number}")
        };
        (stem, warmup::chart(outcome, run))
    });
    named.collect()
}

/// A picture for each of these names, once: its file is called by the stem where it is alone, by its name too else.
fn one_each<'n>(
    stem: &str,
    names: impl IntoIterator<Item = &'n str>,
    chart: impl Fn(&str) -> Chart,
) -> Vec<(String, Chart)> {
    let mut once: Vec<&str> = Vec::new();
    for name in names {
        if !once.contains(&name) {
            once.push(name);
        }
    }
    match once[..] {
        [name] => vec![(stem.to_owned(), chart(name))],
        [..] => once
            .into_iter()
            .map(|name| (format!("{stem}-{name}"), chart(name)))
            .collect(),
    }
}

/// Signs in what a file says that no PNG can show.
pub fn undrawable(outcome: &Outcome) -> BTreeSet<char> {
    let names = outcome.runs.iter().map(|run| run.variant.as_str());
    let texts = names.chain([outcome.title.as_str()]);
    chart::undrawable(&texts.collect::<String>())
}

#[cfg(test)]
pub(in crate::report) mod fixtures;
#[cfg(test)]
mod tests;
