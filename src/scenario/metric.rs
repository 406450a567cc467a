//! The grammar that names a figure everywhere: `<component>.<figure>.<statistic>`.

/// The name of one figure, as in objectives, flags, CSV columns and JSON keys.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Metric {
    /// A queue's or a pool's name, or `end_to_end`.
    pub component: String,
    /// What is measured.
    pub figure: Figure,
    /// Which statistic of it.
    pub statistic: Statistic,
}

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
    /// Last ack of all that came of a message − its publish (component `end_to_end`).
    Latency,
    /// Messages ready, over time.
    Ready,
    /// Messages delivered and not settled, over time.
    Unacked,
    /// ready + unacked, over time.
    Total,
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
    /// Of those that left without an ack: went on to the dead letter queue.
    DeadLettered,
    /// Deliveries that were not a message's first.
    Redelivered,
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
}
