//! `kind` of a queue: whose rules it keeps, and which keys mean something there.

use super::super::file::{Context, Section};
use super::super::tree::{Node, Table, Value};
use super::super::{OnRefused, Target};
use super::Names;
use crate::time::Span;

/// What a file calls a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Classic,
    Quorum,
    Kafka,
    Sqs,
    ZeroMq,
}

pub(super) const KINDS: [(&str, Kind); 5] = [
    ("classic", Kind::Classic),
    ("quorum", Kind::Quorum),
    ("kafka", Kind::Kafka),
    ("sqs", Kind::Sqs),
    ("zeromq", Kind::ZeroMq),
];

/// Keys that mean something with these kinds alone; all others with every kind.
struct Reserved {
    kinds: &'static [Kind],
    keys: &'static [&'static str],
}

const RABBITMQ: &[Kind] = &[Kind::Classic, Kind::Quorum];

const OF_QUEUES: [Reserved; 5] = [
    Reserved {
        kinds: RABBITMQ,
        keys: &[
            "max_length",
            "max_length_bytes",
            "overflow",
            "message_ttl",
            "expiry",
            "delivery_limit",
            "max_priority",
            "single_active_consumer",
            "dead_letter_strategy",
            "delayed_retry",
            "consumer_timeout",
            "intake",
        ],
    },
    Reserved {
        kinds: &[Kind::Classic, Kind::Quorum, Kind::Sqs],
        keys: &["dead_letter"],
    },
    Reserved {
        kinds: &[Kind::Kafka],
        keys: super::kafka::QUEUE_KEYS,
    },
    Reserved {
        kinds: &[Kind::Sqs],
        keys: super::sqs::QUEUE_KEYS,
    },
    Reserved {
        kinds: &[Kind::ZeroMq],
        keys: super::zeromq::QUEUE_KEYS,
    },
];

const OF_POOLS: [Reserved; 5] = [
    Reserved {
        kinds: RABBITMQ,
        keys: &["prefetch", "ack", "priority", "batch"],
    },
    Reserved {
        kinds: &[Kind::Classic, Kind::Quorum, Kind::Kafka, Kind::Sqs],
        keys: &["failure", "round_trip", "on_crash"],
    },
    Reserved {
        kinds: &[Kind::Kafka],
        keys: super::kafka::POOL_KEYS,
    },
    Reserved {
        kinds: &[Kind::Sqs],
        keys: super::sqs::POOL_KEYS,
    },
    Reserved {
        kinds: &[Kind::ZeroMq],
        keys: &[],
    },
];

const OF_PRODUCERS: [Reserved; 2] = [
    Reserved {
        kinds: RABBITMQ,
        keys: &["priority", "ttl", "confirms"],
    },
    Reserved {
        kinds: &[Kind::Kafka],
        keys: super::kafka::PRODUCER_KEYS,
    },
];

/// RabbitMQ's keys, and by what another broker says nearly the same.
const INSTEAD: [(&[&str], Kind, &str); 14] = [
    (
        &["prefetch", "batch"],
        Kind::Kafka,
        "write max_poll_records for the most that one poll brings",
    ),
    (
        &["prefetch", "batch"],
        Kind::Sqs,
        "write max_number_of_messages for the most that one answer brings",
    ),
    (
        &["prefetch"],
        Kind::ZeroMq,
        "write rcvhwm in its queue for the most that wait at a peer",
    ),
    (
        &["ack"],
        Kind::Kafka,
        "write enable_auto_commit = false to commit after each batch",
    ),
    (
        &["ack"],
        Kind::Sqs,
        "write visibility_timeout in its queue for how long work may take",
    ),
    (
        &["ack"],
        Kind::ZeroMq,
        "write another kind of queue: a message has left its socket when it is pulled",
    ),
    (
        &["failure"],
        Kind::ZeroMq,
        "write another kind of queue: a socket takes no message back",
    ),
    (&["message_ttl"], Kind::Kafka, "write retention_ms"),
    (
        &["message_ttl"],
        Kind::Sqs,
        "write message_retention_period",
    ),
    (
        &["max_length", "max_length_bytes"],
        Kind::Kafka,
        "write retention_bytes for the most that a partition keeps",
    ),
    (
        &["max_length", "max_length_bytes"],
        Kind::ZeroMq,
        "write sndhwm and rcvhwm for the most that wait at both ends",
    ),
    (&["delivery_limit"], Kind::Sqs, "write max_receive_count"),
    (&["consumer_timeout"], Kind::Sqs, "write visibility_timeout"),
    (
        &["consumer_timeout"],
        Kind::Kafka,
        "write max_poll_interval_ms in its pool",
    ),
];

/// What brokers and their clients know and a file does not, and why.
const UNKNOWN: [(&str, &str); 5] = [
    (
        "group_id",
        "leave it out: all pools of a topic are one group",
    ),
    ("acks", "leave it out: there are no replicas to wait for"),
    (
        "message_group_id",
        "write key: messages of the same key are one group",
    ),
    ("hwm", "write sndhwm and rcvhwm"),
    (
        "wait_time_seconds",
        "leave it out: consumers always poll for as long as they may",
    ),
];

impl Kind {
    /// As the table of a queue says; classic where it does not. `None` where it says what is no kind.
    pub(super) fn told(section: &Section<'_>) -> Option<Self> {
        let Some(word) = section.table.get("kind") else {
            return Some(Self::Classic);
        };
        let found = KINDS.iter().find(|(name, _)| Some(*name) == word.as_text());
        found.map(|(_, kind)| *kind)
    }

    /// As [`Kind::told`], and classic where it is no kind.
    pub(super) fn of(section: &Section<'_>) -> Self {
        Self::told(section).unwrap_or(Self::Classic)
    }

    /// Whether it is a queue of a RabbitMQ broker, which exchanges, dead letters and priorities are of.
    pub(super) fn is_rabbitmq(self) -> bool {
        RABBITMQ.contains(&self)
    }

    pub(super) fn is_sqs(self) -> bool {
        self == Self::Sqs
    }

    /// What a file calls it.
    fn name(self) -> &'static str {
        let found = KINDS.iter().find(|(_, kind)| *kind == self);
        found.map_or("", |(name, _)| name)
    }

    /// What it is called in a sentence.
    pub(super) const fn called(self) -> &'static str {
        match self {
            Self::Classic => "a classic queue of RabbitMQ",
            Self::Quorum => "a quorum queue of RabbitMQ",
            Self::Kafka => "a topic of Kafka",
            Self::Sqs => "a queue of SQS",
            Self::ZeroMq => "ZeroMQ's PUSH and PULL",
        }
    }
}

/// Reports the keys of a queue that are unknown, or mean nothing with its kind, where that is known.
pub(super) fn only_queue_keys(
    cx: &mut Context<'_>,
    table: &Table,
    kind: Option<Kind>,
    keys: &[&str],
) {
    only(cx, table, "a queue", keys, kind.as_slice(), &OF_QUEUES);
}

/// Reports the keys of a pool that are unknown, or mean nothing with the kind of its queue, where that is known.
pub(super) fn only_pool_keys(
    cx: &mut Context<'_>,
    table: &Table,
    kind: Option<Kind>,
    keys: &[&str],
) {
    only(cx, table, "a pool", keys, kind.as_slice(), &OF_POOLS);
}

/// Reports the keys of a producer that are unknown, or mean nothing with any of the queues that it publishes to.
pub(super) fn only_producer_keys(
    cx: &mut Context<'_>,
    table: &Table,
    kinds: &[Kind],
    keys: &[&str],
) {
    only(cx, table, "a producer", keys, kinds, &OF_PRODUCERS);
}

/// The kinds of the queues that a target names, none where one is unknown; an exchange leads to RabbitMQ's.
pub(super) fn kinds_of(to: &Target, names: &Names<'_>) -> Vec<Kind> {
    let told = |queue: &usize| Kind::told(&names.queues[*queue]);
    let kinds: Option<Vec<Kind>> = match to {
        Target::Queue(queue) => told(queue).map(|kind| vec![kind]),
        Target::Balanced { queues, .. } => queues.iter().map(told).collect(),
        Target::Exchange { .. } => Some(vec![Kind::Classic]),
    };
    kinds.unwrap_or_default()
}

/// What a publisher does whose message finds no room, unless the file says: a socket of ZeroMQ waits (`zmq_socket`, on
/// PUSH), a broker does not let it.
pub(super) fn reaction_without_room<'t>(
    mut to: impl Iterator<Item = &'t Target>,
    names: &Names<'_>,
) -> OnRefused {
    if to.any(|to| kinds_of(to, names).contains(&Kind::ZeroMq)) {
        OnRefused::Block
    } else {
        OnRefused::Drop
    }
}

/// Without kinds, nothing is known of what its keys may be.
fn only(
    cx: &mut Context<'_>,
    table: &Table,
    what: &str,
    keys: &[&str],
    kinds: &[Kind],
    reserved: &[Reserved],
) {
    let rule = |key: &str| reserved.iter().find(|rule| rule.keys.contains(&key));
    let applies =
        |rule: &Reserved| kinds.is_empty() || kinds.iter().any(|kind| rule.kinds.contains(kind));
    let own = keys
        .iter()
        .copied()
        .filter(|key| rule(key).is_none_or(applies));
    for entry in &table.entries {
        if let Some((_, remedy)) = UNKNOWN.iter().find(|(key, _)| *key == entry.key) {
            let rule = format!("unknown key \"{}\"", entry.key);
            cx.error(&entry.key_at, rule, *remedy);
        } else if !keys.contains(&entry.key.as_str()) {
            cx.unknown(entry, what, own.clone());
        } else if let (Some(rule), Some(kind)) = (rule(&entry.key), kinds.first())
            && !applies(rule)
        {
            let text = format!("{} does not apply to {}", entry.key, kind.called());
            let remedy = match (instead(&entry.key, *kind), rule.kinds) {
                (Some(own), _) => format!("leave it out, or {own}"),
                (None, [other]) => {
                    let place = if what == "a queue" {
                        ""
                    } else {
                        " in its queue"
                    };
                    format!("write kind = \"{}\"{place}, or leave it out", other.name())
                }
                (None, others) => format!(
                    "leave it out, as it is for {}; keys of {what} are: {}",
                    all_called(others),
                    own.clone().collect::<Vec<_>>().join(", ")
                ),
            };
            cx.error(&entry.key_at, text, remedy);
        }
    }
}

/// What a sentence calls a queue that may be of any of these kinds.
fn all_called(kinds: &[Kind]) -> String {
    let others = kinds.iter().filter(|kind| !kind.is_rabbitmq());
    let mut called: Vec<&str> = others.map(|kind| kind.called()).collect();
    if kinds.starts_with(RABBITMQ) {
        called.insert(0, "a queue of RabbitMQ");
    }
    called.join(" or ")
}

/// What to write instead of another broker's key.
fn instead(key: &str, kind: Kind) -> Option<&'static str> {
    let mut found = INSTEAD.iter();
    let (.., remedy) = found.find(|(keys, own, _)| *own == kind && keys.contains(&key))?;
    Some(remedy)
}

impl Context<'_> {
    /// A length of time under a key that ends with its unit: `5` under `linger_ms`, or `"5ms"`.
    pub(super) fn millis(&mut self, node: &Node, what: &str) -> Option<Span> {
        if let Value::Integer(count) = node.value {
            return self.in_unit(node, what, count, (1_000_000, "5ms"));
        }
        self.duration(node, what)
    }

    /// As [`Self::millis`], of a key that ends with `_seconds`.
    pub(super) fn whole_seconds(&mut self, node: &Node, what: &str) -> Option<Span> {
        if let Value::Integer(count) = node.value {
            return self.in_unit(node, what, count, (1_000_000_000, "5s"));
        }
        self.duration(node, what)
    }

    /// As `read`, where -1 is no limit.
    pub(super) fn unless_minus_1<T>(
        &mut self,
        node: &Node,
        what: &str,
        read: impl FnOnce(&mut Self, &Node, &str) -> Option<T>,
    ) -> Option<Option<T>> {
        match node.value {
            Value::Integer(-1) => Some(None),
            Value::Integer(..-1) => {
                let rule = format!("{what} is negative, and only -1 is no limit");
                self.error(&node.at, rule, "write -1, or 0 or more");
                None
            }
            Value::Integer(_)
            | Value::Text(_)
            | Value::Float(_)
            | Value::Boolean(_)
            | Value::Datetime(_)
            | Value::List(_)
            | Value::Table(_) => read(self, node, what).map(Some),
        }
    }

    /// So many of a unit, which is that many nanoseconds, as in `example`.
    fn in_unit(
        &mut self,
        node: &Node,
        what: &str,
        count: i128,
        (nanos, example): (u64, &str),
    ) -> Option<Span> {
        let span = u64::try_from(count)
            .ok()
            .and_then(|count| count.checked_mul(nanos));
        if span.is_none() {
            let rule = if count < 0 {
                format!("{what} is {count}, and must be 0 or more")
            } else {
                format!("{what} is {count}, which is more than 584 years")
            };
            self.error(&node.at, rule, format!("write 5, or \"{example}\""));
        }
        span.map(Span::from_nanos)
    }
}
