//! Producers: when they publish, and what.

use super::draws::{Draws, Key, Stream};
use super::gate::Gate;
use super::publish::{Parcel, Sender, To};
use crate::scenario::{Confirms, OnRefused, Patience, Producer, Scenario};
use crate::time::{Span, Time};
use crate::workload::{ArrivalStream, Arrivals, Distribution, Job, UsedUp};

/// A producer at work.
#[derive(Debug)]
pub(super) struct ProducerState {
    /// Index of the simulation's target that it publishes to.
    pub(super) target: u32,
    /// Its first entry in the list of sources.
    pub(super) first_source: u32,
    pub(super) on_refused: OnRefused,
    pub(super) patience: Option<Patience>,
    /// What keeps it from publishing; `None` where nothing ever can.
    pub(super) gate: Option<Gate>,
    /// It does something with what it hears of its messages.
    pub(super) listens: bool,
    /// Delays before it publishes again what was refused, by message and try …
    pub(super) after_refusal: Key,
    /// … and what it did not hear of in time.
    pub(super) after_timeout: Key,
    index: u32,
    rhythm: Rhythm,
    batch: Attribute,
    size: Attribute,
    priority: Option<Attribute>,
    ttl: Option<Attribute>,
    /// Until it hears of a message, by the message.
    confirm: Option<(Distribution, Key)>,
    /// Messages so far: numbers the next one.
    published: u64,
}

/// What makes a producer publish.
#[derive(Debug)]
enum Rhythm {
    /// The clock.
    Open {
        arrivals: ArrivalStream,
        draws: Stream,
    },
    /// Clients who think, publish, and wait for what becomes of it. `turns` counts how often each has thought.
    Closed {
        think: Distribution,
        key: Key,
        turns: Vec<u64>,
    },
}

/// A number that every message gets.
#[derive(Debug)]
enum Attribute {
    /// The same for all: as it is, and rounded.
    Fixed { value: f64, whole: u64 },
    /// Drawn in turn.
    Drawn { law: Distribution, draws: Stream },
}

impl ProducerState {
    pub(super) fn new(scenario: &Scenario, index: u32, first_source: u32, draws: Draws) -> Self {
        let producer = &scenario.producers[index as usize];
        let attribute = |law: &Distribution, purpose| {
            if let Distribution::Constant { value } = *law {
                return Attribute::Fixed {
                    value,
                    whole: nearest(value),
                };
            }
            let draws = draws.stream(&producer.name, purpose);
            Attribute::Drawn {
                law: law.clone(),
                draws,
            }
        };
        let rhythm = match &producer.arrivals {
            Arrivals::Closed { clients, think } => Rhythm::Closed {
                think: think.clone(),
                key: draws.key(&producer.name, "think"),
                turns: vec![0; *clients as usize],
            },
            open @ (Arrivals::Poisson { .. }
            | Arrivals::Renewal { .. }
            | Arrivals::Profile(_)
            | Arrivals::Mmpp(_)
            | Arrivals::Listed { .. }) => Rhythm::Open {
                arrivals: open.stream(),
                draws: draws.stream(&producer.name, "arrivals"),
            },
        };
        let Producer {
            on_refused,
            patience,
            confirms,
            ..
        } = producer;
        let is_kept = *on_refused == OnRefused::Block
            || confirms.is_some()
            || scenario.broker.memory_limit.is_some()
            || scenario.queues.iter().any(|queue| queue.intake.is_some());
        let window = confirms.as_ref().map(|confirms| confirms.window);
        let confirm = |confirms: &Confirms| {
            let key = draws.key(&producer.name, "confirm");
            (confirms.delay.clone(), key)
        };
        Self {
            target: index,
            first_source,
            on_refused: on_refused.clone(),
            patience: patience.clone(),
            gate: is_kept.then(|| Gate::new(window)),
            listens: patience.is_some() || window.is_some(),
            confirm: confirms.as_ref().map(confirm),
            after_refusal: draws.key(&producer.name, "refused"),
            after_timeout: draws.key(&producer.name, "timeout"),
            index,
            rhythm,
            batch: attribute(&producer.batch, "batch"),
            size: attribute(&producer.size, "size"),
            priority: (producer.priority.as_ref()).map(|law| attribute(law, "priority")),
            ttl: producer.ttl.as_ref().map(|law| attribute(law, "ttl")),
            published: 0,
        }
    }

    /// How many of its own clients publish each for themselves; 1 for an open producer.
    pub(super) fn sources(&self) -> u32 {
        match &self.rhythm {
            Rhythm::Open { .. } => 1,
            Rhythm::Closed { turns, .. } => turns.len() as u32,
        }
    }

    /// When `client` publishes next: an open producer by its own clock, a closed one's client after thinking from
    /// `now`.
    #[inline]
    pub(super) fn next(&mut self, now: Time, client: u32) -> Result<Option<Time>, UsedUp> {
        match &mut self.rhythm {
            Rhythm::Open { arrivals, draws } => arrivals.next(draws),
            Rhythm::Closed { think, key, turns } => {
                let turn = &mut turns[client as usize];
                let thought = think.sample(*turn, &mut key.at(u64::from(client), *turn))?;
                *turn += 1;
                Ok(Some(now + Span::from_secs_f64(thought)))
            }
        }
    }

    /// Whether its clients wait for what becomes of their messages.
    pub(super) fn is_closed(&self) -> bool {
        matches!(self.rhythm, Rhythm::Closed { .. })
    }

    /// Messages of the next arrival.
    #[inline]
    pub(super) fn batch(&mut self) -> Result<u64, UsedUp> {
        self.batch.whole(self.published)
    }

    /// The next message, of no family yet.
    #[inline]
    pub(super) fn message(&mut self, now: Time) -> Result<Parcel, UsedUp> {
        let root = self.published;
        self.published += 1;
        let ttl = match &mut self.ttl {
            Some(ttl) => Some(Span::from_secs_f64(ttl.draw(root)?)),
            None => None,
        };
        let priority = match &mut self.priority {
            Some(priority) => Some(u8::try_from(priority.whole(root)?).unwrap_or(u8::MAX)),
            None => None,
        };
        let confirm_after = match &self.confirm {
            Some((delay, key)) => Span::from_secs_f64(delay.sample(root, &mut key.at(root, 0))?),
            None => Span::ZERO,
        };
        Ok(Parcel {
            sender: Sender::Producer(self.index),
            refusals: 0,
            timeouts: 0,
            to: To::Target(self.target),
            job: Job {
                root,
                born: now,
                producer: self.index,
                path: 0,
                retries: 0,
                duplicate: false,
                family: Job::ALONE,
            },
            bytes: u32::try_from(self.size.whole(root)?).unwrap_or(u32::MAX),
            priority,
            ttl,
            confirm_after,
        })
    }
}

impl Attribute {
    #[inline]
    fn draw(&mut self, index: u64) -> Result<f64, UsedUp> {
        match self {
            Self::Fixed { value, .. } => Ok(*value),
            Self::Drawn { law, draws } => law.sample(index, draws),
        }
    }

    /// To the nearest whole number.
    #[inline]
    fn whole(&mut self, index: u64) -> Result<u64, UsedUp> {
        match self {
            Self::Fixed { whole, .. } => Ok(*whole),
            Self::Drawn { law, draws } => law.sample(index, draws).map(nearest),
        }
    }
}

fn nearest(value: f64) -> u64 {
    (value + 0.5) as u64
}
