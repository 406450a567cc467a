//! A scenario that cannot be wrong: what a file says, parsed and checked.
//!
//! Producers, exchanges, queues and pools are named by their index in their list, in the order of the file.
//!
//! [`load`] goes from text to [`ScenarioSet`] in four steps, each in its file: `tree` reads what is written with the
//! place of every value, `layers` lays flags and variants over it, `check` asks every rule, `resolved` writes it out
//! again. What is wrong is collected as [`Mistakes`], never only the first of it.

mod alone;
mod behaviour;
mod call;
mod check;
mod diagnostic;
mod facts;
mod file;
mod flow;
mod inputs;
mod layers;
mod load;
mod media;
mod metric;
mod nearest;
mod network;
mod overlay;
mod resolved;
#[cfg(test)]
mod tests;
mod topology;
mod tree;

pub use self::alone::{arrivals, batch, law};
pub use crate::queue::{ExchangeKind, Profile, QueueKind};
pub use behaviour::{
    Backoff, Batching, Confirms, Crashes, Failure, FailureEpisode, GivenBack, OnCrash, OnFailure,
    OnRefused, Outage, Patience, Retry, Slowdown,
};
pub use diagnostic::Mistakes;
pub use load::{Flags, Origin, OwnFlag, ReadFile, load};
pub use media::{Client, Commits, Cost, Gathering, Medium};
pub use metric::{Components, END_TO_END, Figure, Metric, MetricError, Quantity, Scope, Statistic};
pub use topology::{
    Balance, Binding, Bound as BoundTo, Exchange, Outlet, ServiceOf, Target, declare,
};

use crate::queue::{BrokerSettings, QueueSettings};
use crate::time::{Span, Time};
use crate::workload::{Arrivals, Distribution};

/// Most messages that all consumers together can work on at once, and most clients of closed producers: each costs
/// memory, and no system that this is a model of has more.
pub const MOST_SLOTS: u32 = 1_000_000;

/// Most runs of one scenario: each is kept until the end.
pub const MOST_REPLICATIONS: u32 = 10_000;

/// One checked scenario: everything a run needs, besides a seed.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// What the figures are headed with.
    pub title: String,
    /// What it asks.
    pub question: Option<String>,
    /// Long-run figures, or what happens in a given stretch.
    pub kind: Kind,
    /// End of the measured stretch.
    pub horizon: Time,
    /// What happens then.
    pub at_horizon: AtHorizon,
    /// What is discarded at the start.
    pub warmup: Warmup,
    /// How many runs.
    pub replications: Replications,
    /// Seed of all draws.
    pub seed: u64,
    /// Confidence level of every interval, in (0, 1).
    pub level: f64,
    /// Whose rules the broker keeps, and what it does not put up with.
    pub broker: BrokerSettings,
    /// Who publishes.
    pub producers: Vec<Producer>,
    /// What routes messages to queues.
    pub exchanges: Vec<Exchange>,
    /// Where messages wait.
    pub queues: Vec<Queue>,
    /// Who works on them.
    pub pools: Vec<Pool>,
    /// What must hold.
    pub objectives: Vec<Objective>,
}

/// What is asked of a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Long-run figures.
    Steady,
    /// What happens in a given stretch: a night, an incident, a trace.
    Terminating,
}

impl Kind {
    /// As a file writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Steady => "steady",
            Self::Terminating => "terminating",
        }
    }
}

/// What happens at the horizon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtHorizon {
    /// The run ends.
    Stop,
    /// No new arrivals; what is there is served.
    Drain,
}

/// What is discarded at the start of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Warmup {
    /// Found from the runs themselves (MSER-5).
    Auto,
    /// This long.
    Fixed(Span),
}

/// How many independent runs.
#[derive(Clone, Debug, PartialEq)]
pub enum Replications {
    /// Just so many, at least 1.
    Count(u32),
    /// On the grid 10, 20, 40 … until the half-width of every named metric is at most `precision` of its value, or
    /// `max`.
    Precision {
        /// Relative half-width, in (0, 1).
        precision: f64,
        /// The metrics that must reach it; empty: those of the objectives.
        of: Vec<Metric>,
        /// Most replications.
        max: u32,
    },
}

/// Who publishes.
#[derive(Clone, Debug, PartialEq)]
pub struct Producer {
    /// Its key in the file.
    pub name: String,
    /// Where it publishes to.
    pub to: Target,
    /// When it publishes.
    pub arrivals: Arrivals,
    /// Messages per arrival; a draw is rounded to the nearest whole number.
    pub batch: Distribution,
    /// Bytes of a message; a draw is rounded.
    pub size: Distribution,
    /// Priority of a message; a draw is rounded. `None` publishes without one, which is not 0 everywhere.
    pub priority: Option<Distribution>,
    /// The key of a message, rounded: messages of one key belong in one order. `None` publishes without.
    pub key: Option<Distribution>,
    /// A message's own time to live, in seconds.
    pub ttl: Option<Distribution>,
    /// What it does when a message is refused.
    pub on_refused: OnRefused,
    /// How it waits for publisher confirms; `None` does not.
    pub confirms: Option<Confirms>,
    /// Publishes again what is not done in time.
    pub patience: Option<Patience>,
    /// How it gathers what it sends to topics of Kafka.
    pub gathering: Gathering,
}

/// Where messages wait.
#[derive(Clone, Debug, PartialEq)]
pub struct Queue {
    /// Its key in the file.
    pub name: String,
    /// What it is.
    pub medium: Medium,
    /// The core's rules for it, where it is a queue of a broker; its `QueueId`s are indices in [`Scenario::queues`].
    pub settings: QueueSettings,
    /// Time that it takes to take in one message, one after the other; `None` takes none.
    pub intake: Option<Span>,
    /// What it costs.
    pub cost: Cost,
}

/// Who works on messages.
#[derive(Clone, Debug, PartialEq)]
pub struct Pool {
    /// Its key in the file.
    pub name: String,
    /// Index of the queue it consumes from.
    pub from: usize,
    /// Consumers, at least 1.
    pub consumers: u32,
    /// Messages each works on at once, at least 1.
    pub concurrency: u32,
    /// Unacked messages a consumer may hold; 0 is no limit.
    pub prefetch: u32,
    /// Time to work on one message, in seconds.
    pub service: Distribution,
    /// How its consumers come by messages.
    pub client: Client,
    /// When a message counts as settled.
    pub ack: AckMode,
    /// Messages of some producers that take another time than `service`.
    pub service_of: Vec<ServiceOf>,
    /// Messages that are worked on together.
    pub batch: Option<Batching>,
    /// Work that fails.
    pub failure: Option<Failure>,
    /// Time from the broker to a consumer and back: half of it before a delivery arrives, half before an ack does.
    pub round_trip: Span,
    /// Its consumers' priority (`x-priority`).
    pub priority: i32,
    /// Consumers that come and go.
    pub crashes: Option<Crashes>,
    /// Consumers that are away, in order of time.
    pub outages: Vec<Outage>,
    /// Consumers that are slow, in order of time.
    pub slowdowns: Vec<Slowdown>,
    /// What becomes of work that was begun when a consumer dies.
    pub on_crash: OnCrash,
    /// What follows; empty where messages leave the system for good.
    pub to: Vec<Outlet>,
    /// What a consumer does when the next queue refuses its message.
    pub on_refused: OnRefused,
    /// What each consumer costs while it is up.
    pub cost_per_hour: Option<f64>,
}

/// When a message counts as settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AckMode {
    /// At the end of service.
    Manual,
    /// At delivery.
    Auto,
}

/// What must hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Objective {
    /// The figure it is about.
    pub metric: Metric,
    /// The limit.
    pub bound: Bound,
    /// Whether lost messages count in a latency.
    pub losses: Losses,
}

/// A limit in SI units: seconds, per second, messages, or a share between 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// The figure must be less.
    Below(f64),
    /// The figure must be more.
    Above(f64),
}

/// Whether a latency objective counts the lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Losses {
    /// A lost message is infinitely late.
    Count,
    /// Only messages served count.
    Ignore,
}

/// A file's base scenario and its variants, all checked.
#[derive(Clone, Debug)]
pub struct ScenarioSet {
    /// The file's stem: the name of the output folder.
    pub name: String,
    /// The scenario as written.
    pub base: Scenario,
    /// What-if overlays on the base, in the order of the file.
    pub variants: Vec<(String, Scenario)>,
    /// The file as it was understood, flags included: re-runs to the same bytes.
    pub resolved: String,
    /// Data files that it names, as (name in the resolved file, bytes): kept with a run so that the folder remakes
    /// itself.
    pub inputs: Vec<(String, Vec<u8>)>,
    /// What is legal but probably not meant, each rendered at its place in the file, without colour.
    pub warnings: Vec<String>,
}
