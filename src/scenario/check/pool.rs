//! `[pool.NAME]`: who works on messages.

use super::super::diagnostic::At;
use super::super::file::{Context, Section};
use super::super::tree::Node;
use super::super::{AckMode, Failure, OnFailure, Pool};
use super::Names;
use super::distribution::{self, Unit};
use super::producer::retry;
use super::queue::given;

pub(in crate::scenario) const KEYS: &[&str] = &[
    "from",
    "consumers",
    "concurrency",
    "prefetch",
    "service",
    "ack",
    "failure",
];

pub(super) fn check(
    cx: &mut Context<'_>,
    section: &Section<'_>,
    names: &Names<'_>,
) -> Option<Pool> {
    let Section { name, at, table } = *section;
    cx.only(table, "a pool", KEYS);
    let what = format!("pool \"{name}\"");
    let from = cx.required(table, at, &what, "from", "from = \"the name of a queue\"");
    let from = from.and_then(|node| names.queue(cx, node, "from"));
    let consumers = cx.required(table, at, &what, "consumers", "consumers = 9");
    let consumers = consumers.and_then(|node| cx.count_u32(node, "consumers", 1));
    let concurrency = table
        .get("concurrency")
        .map(|node| cx.count_u32(node, "concurrency", 1));
    let prefetch = table
        .get("prefetch")
        .map(|node| cx.count_u32(node, "prefetch", 0));
    let service = cx.required(
        table,
        at,
        &what,
        "service",
        "service = \"exponential(83ms)\"",
    );
    let service = service.and_then(|node| distribution::check(cx, node, "service", Unit::Seconds));
    let modes = [("manual", AckMode::Manual), ("auto", AckMode::Auto)];
    let ack = table.get("ack").map(|node| cx.choice(node, "ack", &modes));
    let failure = table.get("failure").map(|node| failure(cx, node));
    let concurrency = given(concurrency)?.unwrap_or(1);
    let prefetch = given(prefetch)?;
    let ack = given(ack)?.unwrap_or(AckMode::Manual);
    if let (Some(entry), AckMode::Auto) = (table.entry("failure"), ack) {
        let remedy = "write ack = \"manual\", or leave failure out";
        cx.warn(
            &entry.key_at,
            "with ack = \"auto\" a message has left before its work can fail",
            remedy,
        );
    }
    if let (Some(node), Some(held)) = (table.get("prefetch"), prefetch)
        && held > 0
        && held < concurrency
    {
        let rule = format!(
            "{concurrency} messages at once can never be worked on with a prefetch of {held}"
        );
        cx.warn(
            &node.at,
            rule,
            format!("write prefetch = {concurrency} or more, or leave it out"),
        );
    }
    Some(Pool {
        name: name.to_owned(),
        from: from?,
        consumers: consumers?,
        concurrency,
        prefetch: prefetch.unwrap_or(concurrency),
        service: service?,
        ack,
        failure: given(failure)?,
    })
}

fn failure(cx: &mut Context<'_>, node: &Node) -> Option<Failure> {
    let sample = "{ probability = \"1.5%\", then = \"requeue\" }";
    let table = cx.table(node, "failure", sample)?;
    cx.only(table, "failure", &["probability", "then"]);
    let probability = cx.required(
        table,
        &node.at,
        "failure",
        "probability",
        "probability = \"1.5%\"",
    );
    let probability = probability.and_then(|node| cx.share(node, "probability"));
    let then = cx.required(table, &node.at, "failure", "then", "then = \"requeue\"")?;
    let then = on_failure(cx, then);
    Some(Failure {
        probability: probability?,
        then: then?,
    })
}

fn on_failure(cx: &mut Context<'_>, node: &Node) -> Option<OnFailure> {
    let retry: Option<&At> = retry(node);
    if let Some(at) = retry {
        cx.error(
            at,
            "retries are not supported yet",
            "write then = \"requeue\" or then = \"reject\"",
        );
        return None;
    }
    cx.choice(
        node,
        "then",
        &[
            ("requeue", OnFailure::Requeue),
            ("reject", OnFailure::Reject),
        ],
    )
}
