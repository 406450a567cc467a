//! How a pool works on its messages: by who published them, and in batches.

use super::super::file::{Context, Section};
use super::super::nearest::did_you_mean;
use super::super::tree::{Node, Table};
use super::super::{Batching, Pool, ServiceOf};
use super::Names;
use super::distribution::{self, Unit};
use crate::time::Span;
use crate::workload::Distribution;

const SERVICE_OF: &str = "{ checkout = \"exponential(10ms)\" }";
const BATCH: &str = "{ size = 50, wait = \"100ms\" }";

/// Laws of service by producer.
pub(super) fn service_of(
    cx: &mut Context<'_>,
    node: &Node,
    what: &str,
    names: &Names<'_>,
) -> Option<Vec<ServiceOf>> {
    let table = cx.table(node, what, SERVICE_OF)?;
    let mut laws = Vec::new();
    for entry in &table.entries {
        let producers = names.producers.iter().map(|section| section.name);
        let producer = producers.clone().position(|name| name == entry.key);
        if producer.is_none() {
            let remedy = did_you_mean(&entry.key, "producers", producers);
            let rule = format!("no producer is called \"{}\"", entry.key);
            cx.error(&entry.key_at, rule, remedy);
        }
        let service = distribution::check(cx, &entry.node, "service", Unit::Seconds);
        laws.push(producer.zip(service));
    }
    let laws: Option<Vec<_>> = laws.into_iter().collect();
    let law = |(producer, service)| ServiceOf { producer, service };
    Some(laws?.into_iter().map(law).collect())
}

/// Messages that are worked on together.
pub(super) fn batch(cx: &mut Context<'_>, node: &Node, what: &str) -> Option<Batching> {
    let table = cx.table(node, what, BATCH)?;
    cx.only(table, what, &["size", "wait", "setup"]);
    let section = Section::of(what, node, table);
    let size = cx.must(&section, "size", "size = 50", |cx, node, key| {
        cx.count_u32(node, key, 2)
    });
    let wait = cx.may(table, "wait", Context::duration);
    let setup = cx.may(table, "setup", |cx, node, key| {
        distribution::check(cx, node, key, Unit::Seconds)
    });
    Some(Batching {
        size: size?,
        wait: wait?.unwrap_or(Span::ZERO),
        setup: match setup? {
            Some(setup) => setup,
            None => Distribution::constant(0.0).ok()?,
        },
    })
}

/// Messages that a pool's consumer must hold to fill its batches: its prefetch unless the file says.
pub(super) fn held(concurrency: u32, batch: Option<&Batching>) -> u32 {
    concurrency.saturating_mul(batch.map_or(1, |batch| batch.size))
}

/// A batch that the prefetch keeps from filling would wait in vain.
pub(super) fn batches_fill(cx: &mut Context<'_>, table: &Table, pool: &Pool) -> Option<()> {
    let Some(batch) = &pool.batch else {
        return Some(());
    };
    let needed = held(pool.concurrency, Some(batch));
    let (Some(node), 1..) = (table.get("prefetch"), pool.prefetch) else {
        return Some(());
    };
    if pool.prefetch >= needed {
        return Some(());
    }
    let at_once = match pool.concurrency {
        1 => String::new(),
        concurrency => format!("{concurrency} × "),
    };
    let rule = format!(
        "a prefetch of {} never fills {at_once}{} messages worked on together",
        pool.prefetch, batch.size
    );
    let remedy = format!("write prefetch = {needed} or more, or leave it out");
    cx.error(&node.at, rule, remedy);
    None
}
