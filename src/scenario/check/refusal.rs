//! Publishers that react: to a message that is refused, to one that is not confirmed, to one that is not done in time.

use super::super::file::{Context, Section};
use super::super::tree::Node;
use super::super::{Backoff, Confirms, OnRefused, Patience, Retry};
use super::distribution::{self, Unit};
use super::retry;
use crate::time::Span;

const CONFIRMS: &str = "{ window = 100, delay = \"constant(5ms)\" }";
const RETRY: &str = "retry = { backoff = \"fixed(1s)\" }";
const TIMEOUT: &str = "{ after = \"1s\", retry = { backoff = \"fixed(1s)\", limit = 5 } }";

/// What a publisher does with a message that was refused.
pub(super) fn on_refused(cx: &mut Context<'_>, node: &Node, what: &str) -> Option<OnRefused> {
    let words = [("drop", OnRefused::Drop), ("block", OnRefused::Block)];
    let reaction = retry::or_word(cx, node, what, &words, OnRefused::Retry)?;
    if let OnRefused::Retry(retry) = &reaction {
        lets_time_pass(cx, node, retry)?;
    }
    Some(reaction)
}

/// Nothing changes in the instant in which a queue is full.
fn lets_time_pass(cx: &mut Context<'_>, node: &Node, retry: &Retry) -> Option<()> {
    let at_once = match retry.backoff {
        Backoff::Fixed(delay) => delay == Span::ZERO,
        Backoff::Linear { step, .. } => step == Span::ZERO,
        Backoff::Exponential { first, .. } => first == Span::ZERO,
    };
    if !at_once || retry.limit.is_some() {
        return Some(());
    }
    let table = node.as_table().and_then(|table| table.get("retry"));
    let place = table.and_then(|retry| retry.as_table()?.get("backoff"));
    let rule =
        "a refused message would be tried again at once and for ever, and time would never pass";
    let remedy = "give the backoff more than 0s, or write limit = 5 beside it";
    cx.error(&place.unwrap_or(node).at, rule, remedy);
    None
}

/// How a publisher waits for confirms. One that came at once would never keep it waiting.
pub(super) fn confirms(cx: &mut Context<'_>, node: &Node, what: &str) -> Option<Confirms> {
    let table = cx.table(node, what, CONFIRMS)?;
    cx.only(table, what, &["window", "delay"]);
    let section = Section::of(what, node, table);
    let window = cx.must(&section, "window", "window = 100", |cx, node, key| {
        cx.count_u32(node, key, 1)
    });
    let example = "delay = \"constant(5ms)\", the time until a confirm arrives";
    let delay = cx.must(&section, "delay", example, |cx, node, key| {
        distribution::check(cx, node, key, Unit::Seconds)
    });
    Some(Confirms {
        window: window?,
        delay: delay?,
    })
}

/// How long a publisher waits for a message to be done, and what it does then.
pub(super) fn timeout(cx: &mut Context<'_>, node: &Node, what: &str) -> Option<Patience> {
    let table = cx.table(node, what, TIMEOUT)?;
    cx.only(table, what, &["after", "retry"]);
    let section = Section::of(what, node, table);
    let after = cx.must(&section, "after", "after = \"1s\"", |cx, node, key| {
        let after = cx.duration(node, key)?;
        if after == Span::ZERO {
            let rule = "no message is done after 0s: each would be published again at once";
            cx.error(&node.at, rule, "write after = \"1s\"");
            return None;
        }
        Some(after)
    });
    let retry = cx.must(&section, "retry", RETRY, retry::check);
    Some(Patience {
        timeout: after?,
        retry: retry?,
    })
}
