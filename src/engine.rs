//! The discrete-event driver of the queue core: virtual time, arrivals, consumers at work.
//!
//! # Order at one instant
//! First completions and their acks, then consumers that go and come back, then publishes in the order they were
//! scheduled, then dispatch until nothing moves, then expiries of what still stands and is due, dead letters published,
//! dispatch again. Within a step: the order of scheduling. So a time to live of 0 means "now or never".
//!
//! # Speed
//! `#[inline(always)]` marks what lies on the way of every message and has several callers: 8 % of its time in all.

mod agenda;
mod ask;
mod delivery;
mod draws;
mod family;
mod fault;
mod gate;
mod gather;
mod intake;
mod ledger;
mod pool;
mod producer;
mod publish;
mod relay;
mod slab;
mod start;
mod target;
mod work;

use crate::measure::Probe;
use crate::queue::{Broker, Media, QueueId};
use crate::scenario::{AtHorizon, MOST_SLOTS, Scenario};
use crate::time::Time;
use crate::workload::{Job, UsedUp};
use agenda::{Agenda, Event};
use delivery::InFlight;
use draws::Draws;
use fault::Fault;
use gather::{Gatherer, Lingering};
use intake::{Inbox, Posted};
use pool::{ConsumerState, PoolState, Slot};
use producer::ProducerState;
use publish::{Blocked, Parcel};
use relay::Relay;
use slab::Slab;
use std::collections::VecDeque;
use target::TargetState;
use work::Answer;

// Slots and clients are indices of events; beside clients stand producers, of which a file has far fewer.
const _: () = assert!(MOST_SLOTS <= Agenda::MOST_INDICES / 2);

/// How a run ended.
#[derive(Debug)]
pub struct Totals {
    /// When.
    pub end: Time,
    /// Arrivals and completions.
    pub events: u64,
    /// The broker, with whatever is still in it …
    pub broker: Broker<Job>,
    /// … and what holds messages beside it.
    pub media: Media<Job>,
}

/// Why a run did not come to its end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SimulationError {
    /// A list of values ended before the run did.
    #[error("{component}: a listed distribution of {} values is used up at {at}; list more, or end the run earlier", cause.given)]
    UsedUp {
        /// The producer or pool.
        component: String,
        /// When.
        at: Time,
        /// Of which list.
        cause: UsedUp,
    },
    /// More and more happens, and time does not pass.
    #[error(
        "time stands still at {at}: ten million things happened in that instant. Work that takes no time seems to come \
         back at once; give service, backoff or think time more than 0s, or a limit"
    )]
    Stuck {
        /// When.
        at: Time,
    },
    /// More waits at once than a run can hold.
    #[error(
        "at {at} more than 16 million messages wait for a retry, a timeout or a link at once; ask for shorter delays or a \
         lower rate"
    )]
    TooMuch {
        /// When.
        at: Time,
    },
    /// The probe did not want it any more.
    #[error("interrupted")]
    Interrupted,
}

/// Runs `scenario` once and tells `probe` all that happens.
///
/// Scenario, seed and replication determine every draw, and so the whole run.
///
/// # Errors
/// Where a listed distribution is used up, or the probe wants no more. What was told by then is not a whole run.
pub fn simulate(
    scenario: &Scenario,
    seed: u64,
    replication: u32,
    probe: &mut impl Probe,
) -> Result<Totals, SimulationError> {
    let mut simulation = Simulation::new(scenario, seed, replication, probe);
    let end = simulation.run().map_err(|error| *error)?;
    Ok(Totals {
        end,
        events: simulation.events,
        broker: simulation.broker,
        media: simulation.media,
    })
}

/// What a part of the loop gives. The error is boxed, so that it comes back in a register.
type Step<T = ()> = Result<T, Box<SimulationError>>;

struct Simulation<'a, P> {
    scenario: &'a Scenario,
    relay: Relay<'a, P>,
    now: Time,
    events: u64,
    broker: Broker<Job>,
    /// Logs and pipes beside it.
    media: Media<Job>,
    producers: Vec<ProducerState>,
    /// Who publishes when its arrival is due: a producer, or one client of a closed producer.
    sources: Vec<(u32, u32)>,
    targets: Vec<TargetState>,
    pools: Vec<PoolState>,
    consumers: Vec<ConsumerState>,
    /// By the broker's name of a consumer: its index here.
    consumer_by_id: Vec<u32>,
    slots: Vec<Slot>,
    faults: Vec<Fault>,
    /// Completions and answers, and after them consumers that go and come back.
    work: Agenda,
    /// Arrivals and all else that is published, and after dispatch what reaches consumers.
    traffic: Agenda,
    /// Events in `work` that are faults.
    faults_to_come: usize,
    parcels: Slab<Parcel>,
    /// What its producer waits for.
    waits: Slab<Parcel>,
    answers: Slab<Answer>,
    in_flight: Slab<InFlight>,
    /// By queue: what comes to it, where taking that in takes time; empty where it does nowhere.
    inboxes: Vec<Option<Inbox>>,
    posted: Slab<Posted>,
    gatherer: Gatherer,
    lingering: Slab<Lingering>,
    /// Consumers that ask for messages and may have room.
    hungry: VecDeque<u32>,
    /// By queue: who waits for room.
    blocked: Vec<Blocked>,
    blocked_count: usize,
    /// The broker takes back what is held for too long.
    expels: bool,
    /// Some queue keeps order within message groups.
    has_message_groups: bool,
    /// The horizon is over.
    draining: bool,
    draws: Draws,
    next_look: u64,
    /// Rounds of the loop in the present instant.
    rounds: u64,
    /// Looks in a row, while a run is drained, that found nothing changed, and what they found.
    looks: u32,
    looked_at: u64,
    vain: Vain,
    /// Consumers expelled while a run is drained since a message has left, and how many had then.
    expulsions: u32,
    lefts_seen: u64,
}

/// What tells, while a run is drained, whether anything comes of what still happens.
#[derive(Default)]
struct Vain {
    /// How many messages had come to their ends …
    ends: u64,
    /// … by which event.
    since: u64,
    /// Most events without another.
    most: u64,
}

impl Vain {
    /// So many messages are there. What comes back again and again by bad luck has ended long before.
    fn from(ends: u64, events: u64, there: usize) -> Self {
        Self {
            ends,
            since: events,
            most: 10_000 + 20 * there as u64,
        }
    }
}

/// Events between two looks at whether the run is still wanted.
const LOOK_EVERY: u64 = 1 << 16;

/// Most looks in a row that find nothing changed while a run is drained.
const MOST_LOOKS: u32 = 100;

/// Most rounds of the loop in one instant: more than any batch of messages that take no time would need.
const MOST_ROUNDS: u64 = 10_000_000;

impl<P: Probe> Simulation<'_, P> {
    fn run(&mut self) -> Step<Time> {
        self.start()?;
        while let Some(next) = self.next_instant() {
            self.pass_to(next)?;
            while let Some(event) = self.work.take_due(next) {
                if let Event::Completion(slot) = event {
                    self.complete(slot)?;
                } else {
                    self.handle(event)?;
                }
            }
            while let Some(event) = self.traffic.take_prompt(next) {
                if let Event::Arrival(source) = event {
                    self.arrive(source)?;
                } else {
                    self.handle(event)?;
                }
            }
            self.settle_down()?;
            while self.next_deadline() <= next {
                self.expire();
                self.lose_patience();
                self.settle_down()?;
            }
            self.wake_clients()?;
            if self.relay.keeps {
                self.forget_gone();
            }
            self.look()?;
        }
        let end = self.now.max(self.scenario.horizon);
        self.give_up_what_stays(end);
        Ok(end)
    }

    /// What is in a queue that nobody consumes from is never completed.
    fn give_up_what_stays(&mut self, end: Time) {
        for queue in (0..self.scenario.queues.len()).filter(|q| self.scenario.keeps_messages(*q)) {
            let id = QueueId(queue as u32);
            for (message, ..) in self.broker.messages(id) {
                self.relay.end(end, &message.body, false);
            }
            for message in self.media.messages(id) {
                self.relay.end(end, &message.body, false);
            }
        }
    }

    #[inline]
    fn pass_to(&mut self, next: Time) -> Step {
        if next > self.now {
            self.rounds = 0;
            if self.overflows() {
                return Err(Box::new(SimulationError::TooMuch { at: self.now }));
            }
        } else {
            self.rounds += 1;
            if self.rounds > MOST_ROUNDS {
                return Err(Box::new(SimulationError::Stuck { at: next }));
            }
        }
        self.now = next;
        Ok(())
    }

    #[inline]
    fn overflows(&self) -> bool {
        self.parcels.overflowed
            || self.posted.overflowed
            || self.waits.overflowed
            || self.answers.overflowed
            || self.in_flight.overflowed
            || self.lingering.overflowed
    }

    fn handle(&mut self, event: Event) -> Step {
        match event {
            Event::Completion(slot) => return self.complete(slot),
            Event::Arrival(source) => return self.arrive(source),
            Event::Settlement(answer) => self.answered(answer),
            Event::Fault(fault) => return self.strike(fault),
            Event::Departure(parcel) => self.depart(parcel),
            Event::Confirm(producer) => self.confirmed(producer),
            Event::Intake(queue) => self.intake_done(QueueId(queue)),
            Event::Timeout(wait) => self.time_out(wait),
            Event::Receipt(delivery) => return self.arrived(delivery),
            Event::Batch(consumer) => return self.begin_batch(consumer),
            Event::Linger(batch) => self.linger_over(batch),
            Event::Ask(consumer) => self.asked(consumer),
            Event::Commit(consumer) => self.commit_due(consumer),
            Event::Extend(consumer) => self.extend(consumer),
        }
        Ok(())
    }

    /// Dispatch until nothing moves: what consumers have room for reaches them, and who waits for room publishes.
    #[inline]
    fn settle_down(&mut self) -> Step {
        loop {
            self.dispatch()?;
            if !self.hungry.is_empty() {
                self.feed();
                continue;
            }
            if self.relay.takes_alarm() {
                self.let_all_through();
                continue;
            }
            let moved = self.blocked_count > 0 && self.unblock();
            let Some(event) = self.traffic.take_due(self.now) else {
                if moved {
                    continue;
                }
                return Ok(());
            };
            self.handle(event)?;
        }
    }

    /// When something happens next; `None` at the end of the run.
    fn next_instant(&mut self) -> Option<Time> {
        let next = self.next_event();
        if next < self.scenario.horizon {
            return Some(next);
        }
        if self.scenario.at_horizon == AtHorizon::Stop {
            return None;
        }
        if !self.draining {
            self.stop_producers();
        }
        let next = self.next_event();
        let goes_on = next != Time::NEVER && self.has_work_left();
        (goes_on && self.progresses() && !self.is_in_vain()).then_some(next)
    }

    /// Whether work is only ever done to be done again: where it takes longer than its consumer may hold a message.
    fn is_in_vain(&mut self) -> bool {
        let Vain { ends, since, most } = &mut self.vain;
        if *ends != self.relay.ends {
            (*ends, *since) = (self.relay.ends, self.events);
        }
        self.events - *since > *most
    }

    /// Whether something may still come of waiting for the broker alone, which looks again and again for room for what
    /// it keeps.
    fn progresses(&mut self) -> bool {
        let now = self.events + self.relay.moves;
        if self.work.len() > self.faults_to_come || self.traffic.len() > 0 || now != self.looked_at
        {
            self.looks = 0;
            self.looked_at = now;
        }
        self.looks += 1;
        self.looks <= MOST_LOOKS
    }

    fn next_event(&self) -> Time {
        self.work
            .next()
            .min(self.traffic.next())
            .min(self.next_deadline())
    }

    /// When the broker, or what is beside it, is to be asked again though nothing arrives.
    #[inline]
    fn next_deadline(&self) -> Time {
        let deadline = self.broker.next_deadline();
        if self.media.is_empty() {
            deadline
        } else {
            deadline.min(self.media.next_deadline())
        }
    }

    fn expire(&mut self) {
        self.broker.expire(self.now, &mut self.relay);
        self.media.expire(self.now, &mut self.relay);
    }

    fn look(&mut self) -> Step {
        if self.events < self.next_look {
            return Ok(());
        }
        self.next_look = self.events + LOOK_EVERY;
        if self.relay.probe.goes_on(self.events) {
            Ok(())
        } else {
            Err(Box::new(SimulationError::Interrupted))
        }
    }
}

#[cold]
fn used_up(component: &str, at: Time, cause: UsedUp) -> Box<SimulationError> {
    Box::new(SimulationError::UsedUp {
        component: component.to_owned(),
        at,
        cause,
    })
}
