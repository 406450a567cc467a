//! Pools: consumers with their slots, the work each message brings, and what follows it.

use super::ask::Asking;
use super::draws::{Draws, Key, Stream};
use super::target::TargetState;
use crate::client::Consumer;
use crate::queue::{ChannelId, ConsumerId, Delivery, MemberId, QueueId, Subscription};
use crate::scenario::{
    AckMode, Batching, Client, Failure, GivenBack, OnCrash, OnFailure, OnRefused, Outlet, Pool,
    Scenario, Slowdown,
};
use crate::time::{Span, Time};
use crate::workload::{Distribution, Job, JobId, UsedUp};
use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;

/// What is the same for all consumers of a pool.
#[derive(Debug)]
pub(super) struct PoolState {
    pub(super) from: QueueId,
    pub(super) subscription: Subscription,
    pub(super) auto_ack: bool,
    /// No links, batches or slow stretches: a delivery is worked on where and when it is polled, and takes its time.
    pub(super) is_plain: bool,
    /// Consumers that are up.
    pub(super) up: u32,
    /// Slots at work.
    pub(super) busy: u64,
    /// Time from the broker to a consumer, or back.
    pub(super) one_way: Span,
    pub(super) batching: Option<Batching>,
    /// How its consumers come by messages.
    pub(super) client: Client,
    pub(super) on_refused: OnRefused,
    pub(super) on_crash: OnCrash,
    slowdowns: Vec<Slowdown>,
    failure: Option<Failure>,
    services: Vec<Distribution>,
    /// By producer: index of the law in `services`.
    service_by: Vec<usize>,
    outlets: Vec<OutletState>,
    /// Work that was begun when a consumer died, in seconds.
    unfinished: BTreeMap<(JobId, Time), f64>,
    /// By producer: what its messages bring here.
    keys: Vec<Keys>,
    setup: Stream,
}

#[derive(Debug)]
struct OutletState {
    /// Chance of this one or one before it.
    up_to: f64,
    /// Indices of the simulation's targets.
    targets: Range<u32>,
    /// Index of the scenario's exit.
    exit: Option<u32>,
}

#[derive(Debug)]
struct Keys {
    work: Key,
    luck: Key,
    poison: Key,
    route: Key,
    delay: Key,
    refused: Key,
}

impl Keys {
    fn new(producer: &str, pool: &str, draws: Draws) -> Self {
        let key = |purpose| draws.key(producer, purpose).of(pool);
        Self {
            work: key("service"),
            luck: key("failure"),
            poison: key("poison"),
            route: key("route"),
            delay: key("retry"),
            refused: key("refused"),
        }
    }
}

/// What comes of an attempt at a message.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Outcome {
    /// It succeeded, and leaves by these targets; or, without any, by an exit that may have a name.
    Done {
        targets: Range<u32>,
        exit: Option<u32>,
    },
    /// Given back.
    Requeued(GivenBack),
    /// reject without requeue.
    Rejected,
    /// To be published again after this time.
    Retried(Span),
}

impl PoolState {
    /// Adds the targets of its outlets to `targets`.
    pub(super) fn new(
        pool: &Pool,
        scenario: &Scenario,
        draws: Draws,
        targets: &mut Vec<TargetState>,
    ) -> Self {
        let producers = scenario.producers.iter();
        let keys = producers.map(|producer| Keys::new(&producer.name, &pool.name, draws));
        let others = pool.service_of.iter().map(|other| other.service.clone());
        let service_by = (0..scenario.producers.len()).map(|producer| {
            let own = pool
                .service_of
                .iter()
                .position(|other| other.producer == producer);
            own.map_or(0, |index| index + 1)
        });
        let exits = scenario.exits();
        let own = targets.len() as u32;
        let mut up_to = 0.0;
        let mut outlet = |outlet: &Outlet| {
            up_to += outlet.share;
            let first = targets.len() as u32;
            for target in &outlet.to {
                let number = targets.len() as u32 - own;
                let target = TargetState::new(target, (&pool.name, number), scenario, draws);
                targets.push(target);
            }
            OutletState {
                up_to,
                targets: first..targets.len() as u32,
                exit: (0..)
                    .zip(&exits)
                    .find(|(_, name)| outlet.name.as_deref() == Some(**name))
                    .map(|(index, _)| index),
            }
        };
        Self {
            from: QueueId(pool.from as u32),
            subscription: Subscription {
                priority: pool.priority,
                ..match pool.ack {
                    AckMode::Auto => Subscription::auto_ack(),
                    AckMode::Manual => Subscription::prefetch(pool.prefetch),
                }
            },
            auto_ack: pool.ack == AckMode::Auto,
            is_plain: pool.round_trip == Span::ZERO
                && pool.batch.is_none()
                && pool.slowdowns.is_empty()
                && pool.client == Client::Pushed,
            up: 0,
            busy: 0,
            one_way: Span::from_nanos(pool.round_trip.as_nanos() / 2),
            batching: pool.batch.clone(),
            client: pool.client.clone(),
            on_refused: pool.on_refused.clone(),
            on_crash: pool.on_crash,
            slowdowns: pool.slowdowns.clone(),
            failure: pool.failure.clone(),
            services: std::iter::once(pool.service.clone())
                .chain(others)
                .collect(),
            service_by: service_by.collect(),
            outlets: pool.to.iter().map(&mut outlet).collect(),
            unfinished: BTreeMap::new(),
            keys: keys.collect(),
            setup: draws.stream(&pool.name, "setup"),
        }
    }

    /// Whether its consumers ask for their messages.
    #[inline]
    pub(super) fn asks(&self) -> bool {
        self.client != Client::Pushed
    }

    /// Whether its consumers are members of a group.
    pub(super) fn polls(&self) -> bool {
        matches!(self.client, Client::Polls { .. })
    }

    /// What a consumer is called in its group in that life, of so many `consumers` of all pools. A static member keeps
    /// its name; of others a name comes again only after so many lives that nobody remembers its last bearer.
    pub(super) fn member(&self, index: u32, life: u32, consumers: u32) -> MemberId {
        let is_static =
            matches!(&self.client, Client::Polls { group, .. } if group.static_membership);
        let life = if is_static { 0 } else { life };
        MemberId(index + life % (u32::MAX / consumers) * consumers)
    }

    /// How long this attempt at a message takes: by the message and the attempt, whoever works on it and when.
    #[inline(always)]
    pub(super) fn service_time(
        &mut self,
        delivery: &Delivery<Job>,
        attempt: u64,
    ) -> Result<f64, UsedUp> {
        if !self.unfinished.is_empty()
            && let Some(left) = self
                .unfinished
                .remove(&(delivery.body.id(), delivery.enqueued))
        {
            return Ok(left);
        }
        let Job { root, producer, .. } = delivery.body;
        let mut draws = self.keys[producer as usize].work.at(root, attempt);
        self.services[self.service_by[producer as usize]].sample(root, &mut draws)
    }

    /// What a batch takes besides the work on its messages, in seconds.
    pub(super) fn setup_time(&mut self) -> Result<f64, UsedUp> {
        let Some(batching) = &self.batching else {
            return Ok(0.0);
        };
        batching.setup.sample(0, &mut self.setup)
    }

    /// What a service time that begins now is multiplied by at the consumer of that rank.
    #[inline]
    pub(super) fn slowness(&self, now: Time, rank: u32) -> f64 {
        let acting = self
            .slowdowns
            .iter()
            .filter(|slowdown| rank < slowdown.consumers && slowdown.acts_at(now));
        acting.map(|slowdown| slowdown.factor).product()
    }

    /// Whether nothing can come of an attempt but an ack that arrives at once, and the message is then done with.
    #[inline]
    pub(super) fn ends_here(&self) -> bool {
        self.is_plain && !self.auto_ack && self.failure.is_none() && self.outlets.is_empty()
    }

    /// What comes of an attempt that ends now.
    #[inline]
    pub(super) fn outcome(&self, now: Time, delivery: &Delivery<Job>, attempt: u64) -> Outcome {
        if let Some(failure) = &self.failure
            && !self.auto_ack
            && self.fails(now, failure, delivery, attempt)
        {
            return self.failed(failure, delivery, attempt);
        }
        self.way_out(delivery, attempt)
    }

    fn fails(&self, now: Time, failure: &Failure, delivery: &Delivery<Job>, attempt: u64) -> bool {
        let Job { root, producer, .. } = delivery.body;
        let keys = &self.keys[producer as usize];
        keys.luck.uniform_at(root, attempt) < failure.probability_at(now)
            || failure.poison > 0.0 && keys.poison.uniform_at(root, 0) < failure.poison
    }

    fn failed(&self, failure: &Failure, delivery: &Delivery<Job>, attempt: u64) -> Outcome {
        match &failure.then {
            OnFailure::Requeue(how) => Outcome::Requeued(*how),
            OnFailure::Reject => Outcome::Rejected,
            OnFailure::Retry(retry) => {
                let Job {
                    root,
                    producer,
                    retries,
                    ..
                } = delivery.body;
                let chance = self.keys[producer as usize].delay.uniform_at(root, attempt);
                retry
                    .delay(u32::from(retries), chance)
                    .map_or(Outcome::Rejected, Outcome::Retried)
            }
        }
    }

    #[inline]
    fn way_out(&self, delivery: &Delivery<Job>, attempt: u64) -> Outcome {
        let outlet = match &self.outlets[..] {
            [] => {
                return Outcome::Done {
                    targets: 0..0,
                    exit: None,
                };
            }
            [only] => only,
            several => {
                let Job { root, producer, .. } = delivery.body;
                let chance = self.keys[producer as usize].route.uniform_at(root, attempt);
                let taken = several.iter().find(|outlet| chance < outlet.up_to);
                // Shares add up to 1 but for rounding.
                taken.unwrap_or(&several[several.len() - 1])
            }
        };
        Outcome::Done {
            targets: outlet.targets.clone(),
            exit: outlet.exit,
        }
    }

    /// A number in [0, 1) for the delay of a message that was refused, after so many tries.
    pub(super) fn delay_chance(&self, job: &Job, tries: u32) -> f64 {
        let key = self.keys[job.producer as usize].refused;
        key.uniform_at(job.root, (u64::from(job.path) << 32) ^ u64::from(tries))
    }

    /// Its consumer died `left` seconds before the end of work that takes `whole` seconds.
    pub(super) fn interrupt(&mut self, delivery: &Delivery<Job>, whole: f64, left: f64) {
        let kept = match self.on_crash {
            OnCrash::Redraw => return,
            OnCrash::Redo => whole,
            OnCrash::Resume => left,
        };
        let id = (delivery.body.id(), delivery.enqueued);
        self.unfinished.insert(id, kept);
    }

    /// A message has left the queue: nobody will go on with it.
    pub(super) fn forget(&mut self, job: &Job, enqueued: Time) {
        self.unfinished.remove(&(job.id(), enqueued));
    }
}

/// One consumer of a pool.
#[derive(Debug)]
pub(super) struct ConsumerState {
    pub(super) pool: usize,
    /// The how-manieth of its pool it is, from 0.
    pub(super) rank: u32,
    pub(super) channel: ChannelId,
    /// Its name in the broker while it consumes.
    pub(super) id: Option<ConsumerId>,
    /// Reasons for which it is away now.
    pub(super) away: u32,
    /// Tells its life from those before: what was sent to another does not concern it.
    pub(super) life: u32,
    pub(super) first_slot: u32,
    /// Deliveries that have not reached it yet.
    pub(super) on_the_way: u32,
    /// It counts as up: it consumes, or finishes what it has.
    pub(super) up: bool,
    /// The channel is open.
    pub(super) connected: bool,
    pub(super) client: Consumer<Delivery<Job>>,
    /// When each message that waits for its batch came.
    pub(super) received: VecDeque<Time>,
    /// When it begins with what it has of a batch; [`Time::NEVER`] while it waits for nothing.
    pub(super) batch_due: Time,
    /// Its name as a member of a group.
    pub(super) member: MemberId,
    /// Where it stands, if it asks for its messages.
    pub(super) asking: Asking,
}

/// A slot of a consumer, and what it works on.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) consumer: u32,
    /// When it is done; an event of another time is of work that a crash ended.
    pub(super) due: Time,
    /// How much work it has, in seconds at full speed.
    pub(super) takes: f64,
    /// What that is multiplied by, as its consumer is slow.
    pub(super) pace: f64,
    pub(super) delivery: Option<Delivery<Job>>,
    /// The rest of a batch.
    pub(super) more: Vec<Delivery<Job>>,
    /// It has published what follows, and holds on to its messages until all of it is taken.
    pub(super) sending: bool,
    /// How much of that no queue has taken yet.
    pub(super) unsent: u32,
}
