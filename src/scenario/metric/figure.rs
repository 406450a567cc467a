//! The figures, with their facts beside them: who has them, which statistics, in what they are counted.

use crate::units::{self, UnitError};
use std::fmt;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Figure {
    /// First start of service − publish.
    Wait,
    /// First delivery − publish.
    DeliveryWait,
    /// Ack − publish.
    Sojourn,
    /// Age of the oldest message still in the queue, over time.
    OldestAge,
    /// Last ack of all that came of a message − its publish: of a producer's messages, or of all.
    Latency,
    /// Messages ready, over time.
    Ready,
    /// Messages delivered and not settled, over time.
    Unacked,
    /// ready + unacked, over time.
    Total,
    /// Records of a topic not yet committed, in the partition that has most of them, over time.
    Lag,
    /// Attempts to publish.
    Published,
    /// Entered the queue.
    Accepted,
    /// Turned away.
    Refused,
    /// Left by an ack.
    Acked,
    /// Left by TTL.
    Expired,
    /// Left by drop-head.
    Dropped,
    /// Left by nack or reject without requeue.
    ConsumerRejected,
    /// Left by the delivery limit.
    DeliveryLimited,
    /// Left by a purge.
    Purged,
    /// Left with a peer that went.
    PeerLost,
    /// Of those that left without an ack: went on to the dead letter queue.
    DeadLettered,
    /// Deliveries that were not a message's first.
    Redelivered,
    /// Times that work on a message ended though it had ended before.
    Duplicates,
    /// Work on a message ended after work on a later one of the same key.
    OrderViolations,
    /// Had not got there when the run ended.
    Censored,
    /// Share of messages that wait at all (no statistic).
    PWait,
    /// From the end of overload until the backlog is gone.
    DrainTime,
    /// Growth of `total`, messages per second: P − S over the measured stretch.
    Growth,
    /// Share of time that a pool's slots are busy (no statistic).
    Utilisation,
    /// Consumers up, over time.
    Consumers,
    /// Deliveries worked on per message settled.
    Attempts,
    /// Messages that a producer makes.
    Offered,
    /// Of these, never completed.
    Lost,
    /// Made and not yet published, over time.
    HeldBack,
    /// Share of time that a producer may not publish (no statistic).
    Blocked,
    /// Left by a named exit.
    Exited,
    /// Requests to SQS, which are what it bills.
    Requests,
    /// What consumers and queues cost, in the currency of the file.
    Cost,
}

/// Which statistic of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Statistic {
    /// The figure is one number (`p_wait`, `utilisation`).
    Value,
    /// Mean.
    Mean,
    /// A quantile in tenths of a percent: `p99.9` is 999.
    Quantile(u16),
    /// Mean over runs of each run's largest.
    Max,
    /// Per second.
    Rate,
    /// Messages per run.
    Count,
    /// Of published in the same stretch.
    Share,
    /// Per hour.
    PerHour,
}

/// What has a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Each queue.
    Queue,
    /// Each pool.
    Pool,
    /// Each producer.
    Producer,
    /// Each named exit of pools.
    Exit,
    /// The scenario, under the name `end_to_end`.
    Whole,
}

/// What a figure's value is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// Seconds.
    Seconds,
    /// Messages, consumers: things that are counted.
    Count,
    /// Messages per second.
    PerSecond,
    /// A share between 0 and 1.
    Share,
    /// A plain number.
    Plain,
}

const OVER_MESSAGES: &[Statistic] = &[
    Statistic::Mean,
    Statistic::Quantile(500),
    Statistic::Quantile(900),
    Statistic::Quantile(950),
    Statistic::Quantile(990),
    Statistic::Quantile(999),
    Statistic::Max,
];
const OVER_RUNS: &[Statistic] = &[
    Statistic::Mean,
    Statistic::Quantile(500),
    Statistic::Quantile(950),
];
const FLOW: &[Statistic] = &[Statistic::Rate, Statistic::Count];
const FLOW_AND_SHARE: &[Statistic] = &[Statistic::Share, Statistic::Rate, Statistic::Count];
const LOSS: &[Statistic] = &[Statistic::Share, Statistic::Count];

impl Figure {
    /// Every figure, in the order in which tables show them.
    pub const ALL: [Self; 37] = [
        Self::Wait,
        Self::DeliveryWait,
        Self::Sojourn,
        Self::OldestAge,
        Self::Latency,
        Self::Ready,
        Self::Unacked,
        Self::Total,
        Self::Lag,
        Self::Published,
        Self::Accepted,
        Self::Refused,
        Self::Acked,
        Self::Expired,
        Self::Dropped,
        Self::ConsumerRejected,
        Self::DeliveryLimited,
        Self::Purged,
        Self::PeerLost,
        Self::DeadLettered,
        Self::Redelivered,
        Self::Duplicates,
        Self::OrderViolations,
        Self::Censored,
        Self::PWait,
        Self::DrainTime,
        Self::Growth,
        Self::Utilisation,
        Self::Consumers,
        Self::Attempts,
        Self::Offered,
        Self::Lost,
        Self::HeldBack,
        Self::Blocked,
        Self::Exited,
        Self::Requests,
        Self::Cost,
    ];

    /// Every figure of that scope, in the order of [`Figure::ALL`].
    pub fn all_for(scope: Scope) -> impl Iterator<Item = Self> {
        Self::ALL
            .into_iter()
            .filter(move |figure| figure.is_of(scope))
    }

    /// Its name in the metric grammar.
    pub const fn name(self) -> &'static str {
        self.facts().0
    }

    /// What has it, whose it is where no component is named first.
    pub const fn scopes(self) -> &'static [Scope] {
        self.facts().1
    }

    /// Whether that has it.
    pub fn is_of(self, scope: Scope) -> bool {
        self.scopes().contains(&scope)
    }

    /// The statistics it has; [`Statistic::Value`] alone where it is one number.
    pub const fn statistics(self) -> &'static [Statistic] {
        self.facts().3
    }

    /// What that statistic of it is counted in.
    pub const fn quantity(self, statistic: Statistic) -> Quantity {
        match statistic {
            Statistic::Rate => Quantity::PerSecond,
            Statistic::Count => Quantity::Count,
            Statistic::Share => Quantity::Share,
            Statistic::PerHour => Quantity::Plain,
            Statistic::Value | Statistic::Mean | Statistic::Quantile(_) | Statistic::Max => {
                self.facts().2
            }
        }
    }

    /// Name, scopes, what its values are counted in, statistics.
    const fn facts(
        self,
    ) -> (
        &'static str,
        &'static [Scope],
        Quantity,
        &'static [Statistic],
    ) {
        use Quantity::{Count, PerSecond, Plain, Seconds, Share};
        const QUEUE: &[Scope] = &[Scope::Queue];
        const COSTS: &[Scope] = &[Scope::Pool, Scope::Queue, Scope::Whole];
        const POOL: &[Scope] = &[Scope::Pool];
        const PRODUCER: &[Scope] = &[Scope::Producer];
        const ITS_MESSAGES: &[Scope] = &[Scope::Whole, Scope::Producer];
        match self {
            Self::Wait => (
                "wait",
                &[Scope::Queue, Scope::Producer],
                Seconds,
                OVER_MESSAGES,
            ),
            Self::DeliveryWait => ("delivery_wait", QUEUE, Seconds, OVER_MESSAGES),
            Self::Sojourn => ("sojourn", QUEUE, Seconds, OVER_MESSAGES),
            Self::OldestAge => ("oldest_age", QUEUE, Seconds, OVER_MESSAGES),
            Self::Latency => ("latency", ITS_MESSAGES, Seconds, OVER_MESSAGES),
            Self::Ready => ("ready", QUEUE, Count, OVER_MESSAGES),
            Self::Unacked => ("unacked", QUEUE, Count, OVER_MESSAGES),
            Self::Total => ("total", QUEUE, Count, OVER_MESSAGES),
            Self::Lag => ("lag", QUEUE, Count, OVER_MESSAGES),
            Self::Published => ("published", QUEUE, Count, FLOW),
            Self::Accepted => ("accepted", QUEUE, Count, FLOW),
            Self::Refused => ("refused", QUEUE, Count, FLOW_AND_SHARE),
            Self::Acked => ("acked", QUEUE, Count, FLOW),
            Self::Expired => ("expired", QUEUE, Count, LOSS),
            Self::Dropped => ("dropped", QUEUE, Count, LOSS),
            Self::ConsumerRejected => ("consumer_rejected", QUEUE, Count, LOSS),
            Self::DeliveryLimited => ("delivery_limited", QUEUE, Count, LOSS),
            Self::Purged => ("purged", QUEUE, Count, LOSS),
            Self::PeerLost => ("peer_lost", QUEUE, Count, LOSS),
            Self::DeadLettered => ("dead_lettered", QUEUE, Count, LOSS),
            Self::Redelivered => ("redelivered", QUEUE, Count, LOSS),
            Self::Duplicates => ("duplicates", QUEUE, Count, LOSS),
            Self::OrderViolations => ("order_violations", QUEUE, Count, LOSS),
            Self::Censored => ("censored", QUEUE, Count, LOSS),
            Self::PWait => ("p_wait", QUEUE, Share, &[Statistic::Value]),
            Self::DrainTime => ("drain_time", QUEUE, Seconds, OVER_RUNS),
            Self::Growth => ("growth", QUEUE, PerSecond, &[Statistic::Rate]),
            Self::Utilisation => ("utilisation", POOL, Share, &[Statistic::Value]),
            Self::Consumers => ("consumers", POOL, Count, &[Statistic::Mean, Statistic::Max]),
            Self::Attempts => ("attempts", POOL, Plain, &[Statistic::Mean]),
            Self::Offered => ("offered", PRODUCER, Count, FLOW),
            Self::Lost => ("lost", ITS_MESSAGES, Count, LOSS),
            Self::HeldBack => (
                "held_back",
                PRODUCER,
                Count,
                &[Statistic::Mean, Statistic::Max],
            ),
            Self::Blocked => ("blocked", PRODUCER, Share, &[Statistic::Value]),
            Self::Exited => ("exited", &[Scope::Exit], Count, FLOW_AND_SHARE),
            Self::Requests => ("requests", QUEUE, Count, FLOW),
            Self::Cost => ("cost", COSTS, Plain, &[Statistic::PerHour]),
        }
    }
}

impl Scope {
    /// All, in the order in which tables show them.
    pub const ALL: [Self; 5] = [
        Self::Queue,
        Self::Pool,
        Self::Producer,
        Self::Exit,
        Self::Whole,
    ];
}

impl fmt::Display for Statistic {
    /// As in the metric grammar; nothing for [`Statistic::Value`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value => Ok(()),
            Self::Mean => f.pad("mean"),
            Self::Quantile(tenths) if tenths % 10 == 0 => f.pad(&format!("p{}", tenths / 10)),
            Self::Quantile(tenths) => f.pad(&format!("p{}.{}", tenths / 10, tenths % 10)),
            Self::Max => f.pad("max"),
            Self::Rate => f.pad("rate"),
            Self::Count => f.pad("count"),
            Self::Share => f.pad("share"),
            Self::PerHour => f.pad("per_h"),
        }
    }
}

impl Quantity {
    /// Reads a limit with the unit of this kind: `200ms`, `2%`, `80/s`, `200k`.
    ///
    /// # Errors
    /// Whatever is not of this kind.
    pub fn parse(self, text: &str) -> Result<f64, UnitError> {
        match self {
            Self::Seconds => units::parse_duration(text).map(|span| span.as_secs_f64()),
            Self::Share => units::parse_share(text),
            Self::PerSecond => units::parse_rate(text),
            Self::Count | Self::Plain => units::parse_number(text),
        }
    }

    /// A value in SI units, for people: `189 ms`, `0.31 %`, `80/s`, `41.2k`.
    pub fn show(self, value: f64) -> String {
        match self {
            Self::Seconds => units::show_seconds(value),
            Self::Share => units::show_share(value),
            Self::PerSecond => units::show_rate(value),
            Self::Count | Self::Plain => units::show_count(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_is_listed_once_under_a_name_of_its_own() {
        let names: std::collections::BTreeSet<_> =
            Figure::ALL.into_iter().map(Figure::name).collect();
        assert_eq!(names.len(), Figure::ALL.len());
    }
}
