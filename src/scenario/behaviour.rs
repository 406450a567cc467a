//! What goes wrong, and what is done about it: failing work, retries, crashes, outages, refusals.

use crate::time::{Span, Time};
use crate::workload::Distribution;

/// Work that fails at the end of its service.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// Chance of each attempt to fail, in [0, 1].
    pub probability: f64,
    /// Share of messages that fail at every attempt, in [0, 1]; drawn once for each message.
    pub poison: f64,
    /// Stretches in which the chance is another.
    pub episodes: Vec<FailureEpisode>,
    /// What the consumer then does.
    pub then: OnFailure,
}

/// A stretch in which work fails more often, or less.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FailureEpisode {
    /// Its first instant.
    pub from: Time,
    /// The first instant after it.
    pub until: Time,
    /// Chance of each attempt that ends in it, in [0, 1].
    pub probability: f64,
}

/// What a consumer does with a message it failed on.
#[derive(Clone, Debug, PartialEq)]
pub enum OnFailure {
    /// Give it back to its queue.
    Requeue(GivenBack),
    /// reject without requeue.
    Reject,
    /// Publish it again to the same queue after a delay, then ack; reject it once the limit is reached.
    Retry(Retry),
}

/// How a message is given back, which a quorum queue of 4.3 tells apart (`docs/nack`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GivenBack {
    /// basic.nack: it does not count to the delivery limit there.
    Nack,
    /// basic.reject: it counts.
    Reject,
    /// Not at all: a queue of SQS takes it back when its visibility timeout is over.
    Left,
}

/// Trying again.
#[derive(Clone, Debug, PartialEq)]
pub struct Retry {
    /// How long to wait before the next attempt.
    pub backoff: Backoff,
    /// Share of each delay that is random: the delay is uniform on [(1 − jitter)·d, d]. 0 is none, 1 is "full jitter".
    pub jitter: f64,
    /// Most retries of a message; `None` is no limit.
    pub limit: Option<u32>,
}

/// Delay before retry n = 1, 2, …
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Backoff {
    /// Always the same.
    Fixed(Span),
    /// n × step, at most `cap`.
    Linear {
        /// Delay before the first retry, and what each further one adds.
        step: Span,
        /// Longest delay.
        cap: Span,
    },
    /// first × factor^(n − 1), at most `cap`.
    Exponential {
        /// Delay before the first retry.
        first: Span,
        /// At least 1.
        factor: f64,
        /// Longest delay.
        cap: Span,
    },
}

impl Backoff {
    /// The delay before retry number `retry`, counted from 1.
    pub fn delay(&self, retry: u32) -> Span {
        match *self {
            Self::Fixed(delay) => delay,
            Self::Linear { step, cap } => {
                Span::from_nanos(step.as_nanos().saturating_mul(u64::from(retry))).min(cap)
            }
            Self::Exponential { first, factor, cap } => {
                let power = i32::try_from(retry.saturating_sub(1)).unwrap_or(i32::MAX);
                Span::from_secs_f64(first.as_secs_f64() * factor.powi(power)).min(cap)
            }
        }
    }
}

/// What becomes of the work done on a message when its consumer dies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnCrash {
    /// The next attempt draws its work anew.
    Redraw,
    /// The same work again, from the start.
    #[default]
    Redo,
    /// The rest of the work.
    Resume,
}

/// Consumers that come and go by themselves, each on its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Crashes {
    /// How long a consumer is up, in seconds.
    pub up: Distribution,
    /// How long it is down, in seconds.
    pub down: Distribution,
}

/// Consumers that are away for a while.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outage {
    /// When they go.
    pub at: Time,
    /// How long.
    pub lasts: Span,
    /// Index of the first of them in the pool.
    pub first: u32,
    /// How many.
    pub consumers: u32,
    /// Whether they finish what they work on before they go (a rolling restart), or die with it (a crash).
    pub graceful: bool,
}

/// Consumers that are slower for a while.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slowdown {
    /// When it begins; work that begins in it is slower.
    pub at: Time,
    /// How long.
    pub lasts: Span,
    /// How many consumers, the first of the pool.
    pub consumers: u32,
    /// What service times are multiplied by; above 0.
    pub factor: f64,
}

impl FailureEpisode {
    /// Whether it acts on an attempt that ends at `now`.
    pub fn acts_at(&self, now: Time) -> bool {
        self.from <= now && now < self.until
    }
}

impl Outage {
    /// Whether its consumers are away at `now`.
    pub fn acts_at(&self, now: Time) -> bool {
        self.at <= now && now < self.at + self.lasts
    }
}

impl Slowdown {
    /// Whether it acts on work that begins at `now`.
    pub fn acts_at(&self, now: Time) -> bool {
        self.at <= now && now < self.at + self.lasts
    }
}

impl Failure {
    /// Chance that an attempt fails which ends at `now`, at a healthy message.
    pub fn probability_at(&self, now: Time) -> f64 {
        let mut episodes = self.episodes.iter();
        let acting = episodes.find(|episode| episode.acts_at(now));
        acting.map_or(self.probability, |episode| episode.probability)
    }
}

/// Messages that are worked on together.
#[derive(Clone, Debug, PartialEq)]
pub struct Batching {
    /// Most messages of a batch, at least 2.
    pub size: u32,
    /// How long a consumer waits for a batch to fill, from its first message; 0 takes what is there.
    pub wait: Span,
    /// Time that a batch takes besides the work on its messages, in seconds.
    pub setup: Distribution,
}

/// What a publisher does with a message that was refused.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum OnRefused {
    /// It is lost.
    #[default]
    Drop,
    /// It publishes nothing more until the queue has room: a producer keeps what it makes meanwhile, a pool's slot
    /// holds on to its message.
    Block,
    /// It publishes it again later.
    Retry(Retry),
}

/// A publisher that goes on only while not too much of what it published is without a confirm (`docs/confirms`).
#[derive(Clone, Debug, PartialEq)]
pub struct Confirms {
    /// Most messages published and not yet confirmed, at least 1.
    pub window: u32,
    /// From the moment at which the broker can answer for a message until its publisher knows, in seconds: the way
    /// back, and the disk.
    pub delay: Distribution,
}

/// A publisher that waits only so long for its message to be done.
#[derive(Clone, Debug, PartialEq)]
pub struct Patience {
    /// How long after each publish.
    pub timeout: Span,
    /// What it then publishes again, while the first copy still stands.
    pub retry: Retry,
}

impl Retry {
    /// The delay before the next retry, after `retries` of them, with `chance` in [0, 1) for its jitter; `None` once
    /// the limit is reached.
    pub fn delay(&self, retries: u32, chance: f64) -> Option<Span> {
        if self.limit.is_some_and(|limit| retries >= limit) {
            return None;
        }
        let whole = self.backoff.delay(retries.saturating_add(1));
        if self.jitter > 0.0 {
            return Some(Span::from_secs_f64(
                whole.as_secs_f64() * (1.0 - self.jitter * chance),
            ));
        }
        Some(whole)
    }
}
