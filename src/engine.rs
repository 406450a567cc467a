//! The discrete-event driver of the queue core: virtual time, arrivals, consumers at work.
//!
//! # Order at one instant
//! First completions and their acks, then publishes in the order they were scheduled, then dispatch until nothing
//! moves, then expiries of what still stands and is due, dead letters published, dispatch again. Within a step: the
//! order of scheduling. So a time to live of 0 means "now or never". (Faults and scaling, once there are any, come
//! second.)

mod agenda;
mod draws;
mod pool;
mod producer;
mod relay;
mod start;

use crate::measure::Probe;
use crate::queue::{Broker, Delivery};
use crate::scenario::{AtHorizon, MOST_SLOTS, OnFailure, Scenario};
use crate::time::Time;
use crate::workload::{Job, UsedUp};
use agenda::Agenda;
use pool::{ConsumerState, PoolState, Slot};
use producer::ProducerState;
use relay::Relay;

// Slots are events of one agenda; clients are of another, beside producers, of which a file has far fewer.
const _: () = assert!(MOST_SLOTS <= Agenda::MOST_EVENTS / 2);

/// How a run ended.
#[derive(Debug)]
pub struct Totals {
    /// When.
    pub end: Time,
    /// Arrivals and completions.
    pub events: u64,
    /// The broker, with whatever is still in it.
    pub broker: Broker<Job>,
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
    let end = simulation.run()?;
    Ok(Totals {
        end,
        events: simulation.events,
        broker: simulation.broker,
    })
}

struct Simulation<'a, P> {
    scenario: &'a Scenario,
    relay: Relay<'a, P>,
    now: Time,
    events: u64,
    broker: Broker<Job>,
    producers: Vec<ProducerState>,
    /// Who publishes when its arrival is due: a producer, or one client of a closed producer.
    sources: Vec<(u32, u32)>,
    arrivals: Agenda,
    pools: Vec<PoolState>,
    consumers: Vec<ConsumerState>,
    slots: Vec<Slot>,
    completions: Agenda,
    next_look: u64,
}

/// Events between two looks at whether the run is still wanted.
const LOOK_EVERY: u64 = 1 << 16;

impl<'a, P: Probe> Simulation<'a, P> {
    fn run(&mut self) -> Result<Time, SimulationError> {
        self.start()?;
        while let Some(next) = self.next_instant() {
            self.now = next;
            while let Some(slot) = self.completions.take_due(next) {
                self.complete(slot)?;
            }
            while let Some(source) = self.arrivals.take_due(next) {
                self.publish(source)?;
            }
            self.dispatch()?;
            while self.broker.next_deadline() <= next {
                self.broker.expire(next, &mut self.relay);
                self.dispatch()?;
            }
            self.wake_clients()?;
            self.look()?;
        }
        Ok(self.now.max(self.scenario.horizon))
    }

    /// When something happens next; `None` at the end of the run. From the horizon on, nobody publishes.
    fn next_instant(&mut self) -> Option<Time> {
        let next = self
            .completions
            .next()
            .min(self.arrivals.next())
            .min(self.broker.next_deadline());
        if next < self.scenario.horizon {
            return Some(next);
        }
        self.arrivals.clear();
        let next = self.completions.next().min(self.broker.next_deadline());
        (self.scenario.at_horizon == AtHorizon::Drain && next != Time::NEVER).then_some(next)
    }

    /// A slot is done with its message: it is settled, and the consumer goes on with what it holds.
    fn complete(&mut self, index: u32) -> Result<(), SimulationError> {
        self.events += 1;
        let consumer = self.slots[index as usize].consumer;
        let pool = self.consumers[consumer as usize].pool;
        if !self.pools[pool].auto_ack {
            self.settle(pool, index);
        }
        match self.consumers[consumer as usize].client.finish(index) {
            Some(next) => self.work(pool, index, next),
            None => {
                self.occupy(pool, |busy| busy - 1);
                Ok(())
            }
        }
    }

    fn settle(&mut self, pool: usize, slot: u32) {
        let delivery = self.slots[slot as usize]
            .delivery
            .as_ref()
            .expect("a slot that completes works on something");
        let Delivery { channel, tag, .. } = *delivery;
        let settled = match self.pools[pool].failure(delivery) {
            None => self.broker.ack(self.now, channel, tag, &mut self.relay),
            Some(OnFailure::Requeue) => {
                self.broker
                    .nack(self.now, channel, tag, true, &mut self.relay)
            }
            Some(OnFailure::Retry(_)) => unimplemented!(),
            Some(OnFailure::Reject) => {
                self.broker
                    .nack(self.now, channel, tag, false, &mut self.relay)
            }
        };
        settled.expect("a consumer settles each delivery once");
    }

    /// A source's arrival is due: a batch of messages, and the next arrival.
    fn publish(&mut self, source: u32) -> Result<(), SimulationError> {
        self.events += 1;
        let (index, client) = self.sources[source as usize];
        let producer = &mut self.producers[index as usize];
        let used_up = |cause| {
            used_up(
                &self.scenario.producers[index as usize].name,
                self.now,
                cause,
            )
        };
        for _ in 0..producer.batch().map_err(used_up)? {
            let publication = producer.message(self.now, client).map_err(used_up)?;
            // A refusal is an effect like any other: the probe has been told.
            let _refused =
                self.broker
                    .publish(self.now, producer.queue, publication, &mut self.relay);
        }
        if producer.is_closed() {
            return Ok(());
        }
        if let Some(next) = producer.next(self.now, client).map_err(used_up)? {
            self.arrivals.schedule(next, source);
        }
        Ok(())
    }

    fn dispatch(&mut self) -> Result<(), SimulationError> {
        while let Some(delivery) = self.broker.poll_delivery(self.now, &mut self.relay) {
            let consumer = delivery.consumer.expect("nobody gets without consuming");
            let consumer = &mut self.consumers[consumer.0 as usize];
            let pool = consumer.pool;
            if let Some((slot, delivery)) = consumer.client.receive(delivery) {
                self.occupy(pool, |busy| busy + 1);
                self.work(pool, slot, delivery)?;
            }
        }
        Ok(())
    }

    /// A slot begins to work on a message.
    fn work(
        &mut self,
        pool: usize,
        slot: u32,
        delivery: Delivery<Job>,
    ) -> Result<(), SimulationError> {
        let service = self.pools[pool].service_time(&delivery);
        let service =
            service.map_err(|cause| used_up(&self.scenario.pools[pool].name, self.now, cause))?;
        self.relay.probe.started(self.now, pool, &delivery);
        self.completions.schedule(self.now + service, slot);
        self.slots[slot as usize].delivery = Some(delivery);
        Ok(())
    }

    fn occupy(&mut self, pool: usize, change: impl FnOnce(u64) -> u64) {
        let state = &mut self.pools[pool];
        state.busy = change(state.busy);
        self.relay
            .probe
            .occupied(self.now, pool, state.busy, u64::from(state.consumers));
    }

    /// Clients that have their answer think, and publish again.
    fn wake_clients(&mut self) -> Result<(), SimulationError> {
        while let Some(Job {
            producer: index,
            client,
            ..
        }) = self.relay.next_answer()
        {
            let producer = &mut self.producers[index as usize];
            let next = producer.next(self.now, client);
            let next = next.map_err(|cause| {
                used_up(
                    &self.scenario.producers[index as usize].name,
                    self.now,
                    cause,
                )
            })?;
            if let Some(next) = next {
                self.arrivals.schedule(next, producer.first_source + client);
            }
        }
        Ok(())
    }

    fn look(&mut self) -> Result<(), SimulationError> {
        if self.events < self.next_look {
            return Ok(());
        }
        self.next_look = self.events + LOOK_EVERY;
        if self.relay.probe.goes_on(self.events) {
            Ok(())
        } else {
            Err(SimulationError::Interrupted)
        }
    }
}

fn used_up(component: &str, at: Time, cause: UsedUp) -> SimulationError {
    SimulationError::UsedUp {
        component: component.to_owned(),
        at,
        cause,
    }
}
