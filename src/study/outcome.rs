//! What a study found: plain data, in SI units, computed from its runs. `report` turns it into bytes.

use crate::model::Basis;
use crate::scenario::{Bound, Kind, Metric};
use crate::time::Time;
use std::collections::BTreeMap;

/// All that a study of one scenario file found.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The scenario's name: the stem of its file.
    pub scenario: String,
    /// Its title.
    pub title: String,
    /// What it asks.
    pub question: Option<String>,
    /// Long-run figures, or what happens in a given stretch.
    pub kind: Kind,
    /// Seed of all draws.
    pub seed: u64,
    /// Confidence level of every interval.
    pub level: f64,
    /// The base scenario first, then its variants.
    pub runs: Vec<Run>,
    /// Each variant against the base, paired by replication.
    pub differences: Vec<Difference>,
    /// How many differences there are: their intervals hold at `level` all together.
    pub comparisons: usize,
    /// The study was interrupted: fewer replications than asked for.
    pub partial: bool,
}

/// One variant's replications, put together.
#[derive(Clone, Debug)]
pub struct Run {
    /// `base`, or the variant's name.
    pub variant: String,
    /// How many replications the figures rest on.
    pub replications: u32,
    /// Start of the measured stretch, chosen or set.
    pub warmup: Time,
    /// End of the measured stretch.
    pub horizon: Time,
    /// One line that says what was run: `100/s → 10 consumers of queue emails, prefetch 1`.
    pub parameters: String,
    /// What each queue is, by its name: `classic`, `kafka`.
    pub kinds: Vec<(String, &'static str)>,
    /// Every figure of the run.
    pub metrics: BTreeMap<Metric, Estimate>,
    /// Answers of mathematics, by queue.
    pub theory: Vec<Theory>,
    /// Verdicts, in the order of the file.
    pub objectives: Vec<Verdict>,
    /// What happened over time, per queue and pool, as finely as it was recorded.
    pub series: Series,
    /// The same, as coarse as a picture can show: in a long run neighbouring buckets differ by chance alone.
    pub overview: Series,
    /// Complementary distribution functions of latency, per queue.
    pub latency: Vec<LatencyCurves>,
    /// Likewise of the end-to-end latency, as a sojourn; `None` where messages see one queue and nothing else, so that
    /// it is that queue's sojourn.
    pub end_to_end: Option<LatencyCurves>,
    /// Queues whose refusals are no losses: who is refused publishes again, or waits for room.
    pub refusals_return: Vec<String>,
    /// Producers publish again what is not done in time: what a queue loses then may be one copy of several.
    pub publishes_again: bool,
    /// The conservation laws, which held.
    pub audit: Audit,
    /// The bottleneck, what never recovers, what is lost unseen; each a sentence.
    pub findings: Vec<String>,
    /// What a reader must know before trusting a figure; each a sentence.
    pub notes: Vec<String>,
    /// Metrics that are less precise than the file asks for, after the most replications that it allows.
    pub imprecise: Vec<Metric>,
}

/// A figure with its uncertainty, or the reason why it cannot be given.
#[derive(Clone, Debug, PartialEq)]
pub enum Estimate {
    /// A value that is known.
    Known {
        /// In SI units.
        value: f64,
        /// Confidence interval at the outcome's level; `None` where the runs cannot give one.
        interval: Option<(f64, f64)>,
        /// Why there is no interval, a clause; `None` where there is one.
        no_interval: Option<&'static str>,
        /// For terminating scenarios: least, p5, p50, p95 and most of the single runs' values, in which the next run
        /// will probably fall.
        runs: Option<[f64; 5]>,
    },
    /// No figure, and why.
    Refused {
        /// A clause: `no stationary law: 120/s arrive, 100/s can be served`.
        why: String,
    },
}

/// What mathematics says of one queue.
#[derive(Clone, Debug)]
pub struct Theory {
    /// Kendall's name, with its parameters: `M/M/9`.
    pub model: String,
    /// The queue's name.
    pub queue: String,
    /// How far the model's figures are to be trusted, where it applies.
    pub basis: Basis,
    /// `None`: the model applies. Otherwise the sentence why it does not, and the figures are a reference line.
    pub inapplicable: Option<String>,
    /// Figure → (the model's value, difference of the simulation from it in standard errors where that is exact and
    /// both are known).
    pub metrics: BTreeMap<Metric, (f64, Option<f64>)>,
    /// The wait's curve where it is known: (t in seconds, P(wait > t)), t increasing; beside [`LatencyCurves::wait`].
    pub wait_curve: Vec<(f64, f64)>,
}

/// An objective and what came of it.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The figure it is about.
    pub metric: Metric,
    /// Its limit.
    pub bound: Bound,
    /// The figure as the objective counts it (the lost as infinitely late, unless told otherwise).
    pub estimate: Estimate,
    /// What can be said.
    pub verdict: Ruling,
    /// For terminating scenarios: runs that meet it, of all.
    pub met_in: Option<(u32, u32)>,
}

/// What can be said of an objective at the level asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ruling {
    /// The whole interval is on the right side.
    Met,
    /// The whole interval is on the wrong side, or there is no figure.
    Missed,
    /// The limit lies inside the interval.
    Undecided,
}

/// A variant against the base on one metric, paired by replication.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The variant's name.
    pub variant: String,
    /// The figure compared.
    pub metric: Metric,
    /// Variant − base. All intervals of an outcome together hold at its level.
    pub estimate: Estimate,
    /// The sentence: better, worse, or no evidence.
    pub finding: Finding,
    /// How many times smaller the variance is than it would be without common draws; below 1 where they do harm.
    pub gain: Option<f64>,
}

/// What the data say of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The variant is better by the objective's direction.
    Better,
    /// The variant is worse.
    Worse,
    /// Neither can be said at the level asked for.
    NoEvidence,
}

impl Finding {
    /// In a word or two.
    pub fn word(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Worse => "worse",
            Self::NoEvidence => "no evidence",
        }
    }
}

/// Figures over time, on one grid of equal buckets from 0, over the replications.
#[derive(Clone, Debug, Default)]
pub struct Series {
    /// Width of a bucket in seconds.
    pub bucket_s: f64,
    /// One lane for each thing recorded, in the order of the file.
    pub lanes: Vec<Lane>,
    /// Stretches (start and end in seconds) in which more is offered than can be served, by the rates of the file, with
    /// the queue's name.
    pub saturated: Vec<(String, f64, f64)>,
}

/// One thing recorded over time; every vector has a value per bucket.
#[derive(Clone, Debug)]
pub struct Lane {
    /// Name of the queue or pool.
    pub component: String,
    /// What it is.
    pub what: LaneKind,
    /// Mean over the bucket and the replications.
    pub mean: Vec<f64>,
    /// Smallest in the bucket over all replications.
    pub min: Vec<f64>,
    /// Largest in the bucket over all replications.
    pub max: Vec<f64>,
    /// p5, p50 and p95 over the replications of the bucket's mean; a single curve (fluid, offered rate, capacity)
    /// repeats its mean.
    pub p5: Vec<f64>,
    /// See `p5`.
    pub p50: Vec<f64>,
    /// See `p5`.
    pub p95: Vec<f64>,
}

impl Lane {
    pub(super) fn empty(component: &str, what: LaneKind) -> Self {
        let none = Vec::new;
        let component = component.to_owned();
        Self {
            component,
            what,
            mean: none(),
            min: none(),
            max: none(),
            p5: none(),
            p50: none(),
            p95: none(),
        }
    }
}

/// What a lane shows, with its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LaneKind {
    /// Messages ready.
    Ready,
    /// Messages delivered and not settled.
    Unacked,
    /// ready + unacked.
    Total,
    /// The fluid's `total`: dL/dt = P − S.
    Fluid,
    /// λ by the file's rates, per second.
    Offered,
    /// P: accepted per second.
    Accepted,
    /// Acked per second.
    Acked,
    /// Left without an ack, per second.
    Lost,
    /// C: capacity, per second.
    Capacity,
    /// Share of a pool's slots that are busy.
    Utilisation,
    /// Consumers up.
    Consumers,
    /// Records of that partition of a topic that its group has yet to commit.
    Lag(u32),
}

/// One queue's latencies: the share of messages slower than t.
#[derive(Clone, Debug, Default)]
pub struct LatencyCurves {
    /// The queue's name.
    pub queue: String,
    /// Of the wait: (t in seconds, share of messages that waited longer), t increasing, share falling.
    pub wait: Vec<(f64, f64)>,
    /// Of the delivery wait.
    pub delivery_wait: Vec<(f64, f64)>,
    /// Of the sojourn.
    pub sojourn: Vec<(f64, f64)>,
    /// Messages the wait's curve rests on, over all replications.
    pub messages: u64,
}

/// Conservation, summed over all queues and replications of a run; each line was asserted in every single replication.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Audit {
    /// ∫ total dt, in message-nanoseconds.
    pub area_ns: u128,
    /// Σ over exits of time in the queue, in nanoseconds.
    pub exited_ns: u128,
    /// Σ ages of what remained, in nanoseconds.
    pub remaining_ns: u128,
    /// Messages that entered.
    pub accepted: u64,
    /// Messages that left.
    pub exits: u64,
    /// Messages still there at the end.
    pub remaining: u64,
}
