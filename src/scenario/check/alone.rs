//! Values that stand in no file: laws and arrivals, by the rules of a file's.

use super::super::file::Context;
use super::super::tree::Node;
use super::distribution::{Unit, is_law, valid};
use super::{arrivals, distribution, producer};
use crate::workload::{Arrivals, Distribution};

/// A law of durations.
pub(in crate::scenario) fn durations(
    cx: &mut Context<'_>,
    node: &Node,
    what: &str,
) -> Option<Distribution> {
    distribution::check(cx, node, what, Unit::Seconds)
}

/// Messages of one arrival.
pub(in crate::scenario) fn batch(cx: &mut Context<'_>, node: &Node) -> Option<Distribution> {
    producer::batch(cx, node, "batch")
}

/// An arrival process, or a law of gaps for `renewal` of it.
pub(in crate::scenario) fn arrivals(cx: &mut Context<'_>, node: &Node) -> Option<Arrivals> {
    let node = cx.expand(node)?;
    let is_gaps = node
        .as_table()
        .is_some_and(|table| table.entries.len() == 1 && table.keys().all(is_law));
    if is_gaps {
        let gaps = distribution::check(cx, &node, "arrivals", Unit::Seconds)?;
        return valid(cx, &node, "gaps", Arrivals::renewal(gaps));
    }
    arrivals::check(cx, &node)
}
