//! Shares of a whole, of which one may be left to the others.

use super::super::diagnostic::At;
use super::super::file::Context;
use super::super::tree::Node;
use crate::units::show_share;

/// Sums of shares as far as numbers with a fraction can be added up.
const ROUNDING: f64 = 1e-9;

/// All shares of the list at `node`, each given with its place: they must add up to everything.
///
/// `instead` says what else may be written than shares, `as in …` for what becomes of the rest.
pub(super) fn check(
    cx: &mut Context<'_>,
    node: &Node,
    given: &[(Option<f64>, At)],
    (instead, rest): (&str, &str),
) -> Option<Vec<f64>> {
    let sum: f64 = given.iter().filter_map(|(share, _)| *share).sum();
    let mut open = given.iter().filter(|(share, _)| share.is_none());
    let (first, second) = (open.next(), open.next());
    if let Some((_, at)) = second {
        let rule = "at most one of these may leave its share to the others, and this is one more";
        cx.error(at, rule, format!("write share = \"40%\"{instead}"));
        return None;
    }
    let remedy = if sum > 1.0 + ROUNDING {
        format!("take {} off", show_share(sum - 1.0))
    } else if first.is_none() && sum < 1.0 - ROUNDING {
        let missing = show_share(1.0 - sum);
        format!("say what becomes of the other {missing}{rest}, or leave a share out")
    } else {
        // A sweep may leave it nothing.
        let left = (1.0 - sum).max(0.0);
        return Some(
            given
                .iter()
                .map(|(share, _)| share.unwrap_or(left))
                .collect(),
        );
    };
    let sum = show_share(sum);
    let rule = format!("the shares add up to {sum}, and must add up to 100 %");
    cx.error(&node.at, rule, remedy);
    None
}
