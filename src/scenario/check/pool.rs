//! `[pool.NAME]`: who works on messages.

use super::super::file::{Context, Section};
use super::super::tree::{Node, Table};
use super::super::{AckMode, Client, Failure, GivenBack, OnFailure, Pool};
use super::Names;
use super::distribution::{self, Unit};
use super::failure;
use super::incidents;
use super::kafka;
use super::kind::{self, Kind};
use super::outlet;
use super::refusal;
use super::sqs;
use super::work;

/// With queues of any kind; [`kind`] says which mean something where.
pub(in crate::scenario) const KEYS: &[&[&str]] = &[OWN_KEYS, kafka::POOL_KEYS, sqs::POOL_KEYS];

const OWN_KEYS: &[&str] = &[
    "from",
    "consumers",
    "concurrency",
    "prefetch",
    "service",
    "service_of",
    "ack",
    "batch",
    "to",
    "on_refused",
    "failure",
    "round_trip",
    "priority",
    "crashes",
    "outages",
    "restarts",
    "slowdowns",
    "on_crash",
    "cost_per_hour",
];

const ACK_MODES: [(&str, AckMode); 2] = [("manual", AckMode::Manual), ("auto", AckMode::Auto)];

pub(super) fn check(
    cx: &mut Context<'_>,
    section: &Section<'_>,
    names: &Names<'_>,
) -> Option<Pool> {
    let table = section.table;
    let example = "from = \"the name of a queue\"";
    let from = cx.must(section, "from", example, |cx, node, key| {
        names.queue(cx, node, key)
    });
    let kind = from.and_then(|from| Kind::told(&names.queues[from]));
    kind::only_pool_keys(cx, table, kind, &KEYS.concat());
    let at_least_1 = |cx: &mut Context<'_>, node: &Node, key: &str| cx.count_u32(node, key, 1);
    let consumers = cx.must(section, "consumers", "consumers = 9", at_least_1);
    let concurrency = cx.may(table, "concurrency", at_least_1);
    let prefetch = cx.may(table, "prefetch", |cx, node, key| {
        cx.count_u32(node, key, 0)
    });
    let example = "service = \"exponential(83ms)\"";
    let service = cx.must(section, "service", example, |cx, node, key| {
        distribution::check(cx, node, key, Unit::Seconds)
    });
    let ack = cx.may(table, "ack", |cx, node, key| {
        cx.choice(node, key, &ACK_MODES)
    });
    let to = cx.may(table, "to", |cx, node, _| outlet::check(cx, node, names));
    let on_refused = cx.may(table, "on_refused", refusal::on_refused);
    let failure = cx.may(table, "failure", failure::check);
    let incidents = incidents::check(cx, table, consumers);
    let service_of = cx.may(table, "service_of", |cx, node, key| {
        work::service_of(cx, node, key, names)
    });
    let batch = cx.may(table, "batch", work::batch);
    let round_trip = cx.may(table, "round_trip", Context::duration);
    let cost_per_hour = cx.may(table, "cost_per_hour", Context::number);
    let priority = cx.may(table, "priority", Context::integer);
    let concurrency = concurrency?.unwrap_or(1);
    let kind = kind?;
    failure_applies(cx, table, kind, &failure)?;
    let client = client(cx, table, kind, concurrency)?;
    let (batch, incidents, to) = (batch?, incidents?, to?.unwrap_or_default());
    let targets = to.iter().flat_map(|outlet| &outlet.to);
    let without_room = kind::reaction_without_room(targets, names);
    let pool = Pool {
        name: section.name.to_owned(),
        from: from?,
        consumers: consumers?,
        concurrency,
        prefetch: prefetch?.unwrap_or_else(|| work::held(concurrency, batch.as_ref())),
        service: service?,
        ack: ack?.unwrap_or(ack_of(kind)),
        client,
        failure: failure?,
        service_of: service_of?.unwrap_or_default(),
        batch,
        round_trip: round_trip?.unwrap_or_default(),
        priority: priority?.unwrap_or(0),
        crashes: incidents.crashes,
        outages: incidents.outages,
        slowdowns: incidents.slowdowns,
        on_crash: incidents.on_crash,
        on_refused: on_refused?.unwrap_or(without_room),
        to,
        cost_per_hour: cost_per_hour?,
    };
    work::batches_fill(cx, table, &pool)?;
    together(cx, table, &pool, names);
    Some(pool)
}

/// When a message is settled where the file does not say it: ZeroMQ knows no acks.
fn ack_of(kind: Kind) -> AckMode {
    match kind {
        Kind::Classic | Kind::Quorum | Kind::Kafka | Kind::Sqs => AckMode::Manual,
        Kind::ZeroMq => AckMode::Auto,
    }
}

/// How consumers come by messages of a queue of that kind.
fn client(cx: &mut Context<'_>, table: &Table, kind: Kind, concurrency: u32) -> Option<Client> {
    match kind {
        Kind::Classic | Kind::Quorum => Some(Client::Pushed),
        Kind::Sqs => sqs::consumer(cx, table, concurrency),
        Kind::Kafka => kafka::consumer(cx, table),
        Kind::ZeroMq => Some(Client::Pulls),
    }
}

/// What can be done with a message that failed, by the kind of the queue that it came from.
fn failure_applies(
    cx: &mut Context<'_>,
    table: &Table,
    kind: Kind,
    failure: &Option<Option<Failure>>,
) -> Option<()> {
    let Some(Some(failure)) = failure else {
        return Some(());
    };
    let (rule, remedy) = match (kind, &failure.then) {
        (Kind::Classic | Kind::Quorum, OnFailure::Requeue(GivenBack::Left)) => (
            "a queue of RabbitMQ takes nothing back that its consumer keeps",
            "write then = \"requeue\"",
        ),
        (Kind::Kafka, OnFailure::Requeue(_)) => (
            "a topic of Kafka takes no single message back: what is read stays read",
            "write then = { retry = { backoff = \"fixed(1s)\" } }, which publishes it again, or then = \"reject\", which gives it up",
        ),
        (Kind::Sqs, OnFailure::Reject | OnFailure::Requeue(GivenBack::Reject)) => (
            "SQS knows no reject: what is not deleted comes back until max_receive_count is reached",
            "write then = \"leave\", or then = \"requeue\" to make it visible at once",
        ),
        (Kind::Classic | Kind::Quorum | Kind::Kafka | Kind::Sqs | Kind::ZeroMq, _) => {
            return Some(());
        }
    };
    let then = table
        .get("failure")
        .and_then(|node| node.as_table()?.get("then"))?;
    cx.error(&then.at, rule, remedy);
    None
}

/// What is legal key by key, and together does not do what it seems to.
fn together(cx: &mut Context<'_>, table: &Table, pool: &Pool, names: &Names<'_>) {
    let Pool {
        concurrency,
        prefetch,
        ..
    } = *pool;
    if let (Some(node), 1..) = (table.get("prefetch"), prefetch)
        && prefetch < concurrency
    {
        let rule = format!(
            "{concurrency} messages at once can never be worked on with a prefetch of {prefetch}"
        );
        cx.warn(
            &node.at,
            rule,
            format!("write prefetch = {concurrency} or more, or leave it out"),
        );
    }
    let from = names.queues.get(pool.from);
    let times_out = names.has_ack_timeout
        || from.is_some_and(|queue| queue.table.get("consumer_timeout").is_some());
    let dies =
        times_out || pool.crashes.is_some() || pool.outages.iter().any(|outage| !outage.graceful);
    if let Some(entry) = table.entry("on_crash").filter(|_| !dies) {
        let remedy = "write crashes or outages, or leave on_crash out";
        cx.warn(&entry.key_at, "no consumer of this pool ever dies", remedy);
    }
    if let (Some(entry), AckMode::Auto) = (table.entry("failure"), pool.ack) {
        let remedy = "write ack = \"manual\", or leave failure out";
        cx.warn(
            &entry.key_at,
            "with ack = \"auto\" a message has left before its work can fail",
            remedy,
        );
    }
}
