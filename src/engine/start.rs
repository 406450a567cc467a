//! The state before anything has happened: queues declared, consumers subscribed, first arrivals scheduled.

use super::agenda::Agenda;
use super::draws::Draws;
use super::pool::{ConsumerState, PoolState, Slot};
use super::producer::ProducerState;
use super::relay::Relay;
use super::{Simulation, SimulationError, used_up};
use crate::client::Consumer;
use crate::measure::Probe;
use crate::queue::{Broker, QueueId, Subscription};
use crate::scenario::{AckMode, Pool, Scenario};
use crate::time::Time;

impl<'a, P: Probe> Simulation<'a, P> {
    pub(super) fn new(
        scenario: &'a Scenario,
        seed: u64,
        replication: u32,
        probe: &'a mut P,
    ) -> Self {
        let draws = Draws::new(seed, replication);
        let mut broker = Broker::new();
        for queue in &scenario.queues {
            let declared = broker.declare(Time::ZERO, queue.settings.clone());
            declared.expect("a checked scenario's queues can be declared");
        }
        let pools = scenario
            .pools
            .iter()
            .map(|pool| PoolState::new(pool, scenario, draws))
            .collect();
        let mut simulation = Self {
            scenario,
            relay: Relay::new(probe),
            now: Time::ZERO,
            events: 0,
            next_look: 0,
            broker,
            producers: Vec::new(),
            sources: Vec::new(),
            arrivals: Agenda::default(),
            pools,
            consumers: Vec::new(),
            slots: Vec::new(),
            completions: Agenda::default(),
        };
        simulation.add_producers(draws);
        for (index, pool) in scenario.pools.iter().enumerate() {
            simulation.add_consumers(index, pool);
        }
        simulation
    }

    pub(super) fn start(&mut self) -> Result<(), SimulationError> {
        for pool in 0..self.pools.len() {
            self.occupy(pool, |busy| busy);
        }
        for (source, (index, client)) in (0..).zip(self.sources.clone()) {
            let next = self.producers[index as usize].next(Time::ZERO, client);
            let name = &self.scenario.producers[index as usize].name;
            if let Some(next) = next.map_err(|cause| used_up(name, Time::ZERO, cause))? {
                self.arrivals.schedule(next, source);
            }
        }
        Ok(())
    }

    fn add_producers(&mut self, draws: Draws) {
        for (index, producer) in (0..).zip(&self.scenario.producers) {
            let state = ProducerState::new(producer, index, self.sources.len() as u32, draws);
            self.sources
                .extend((0..state.sources()).map(|client| (index, client)));
            self.relay.closed.push(state.is_closed());
            self.producers.push(state);
        }
    }

    /// One channel for each consumer, as a process of its own would have.
    fn add_consumers(&mut self, index: usize, pool: &Pool) {
        let subscription = match pool.ack {
            AckMode::Auto => Subscription::auto_ack(),
            AckMode::Manual => Subscription::prefetch(pool.prefetch),
        };
        for _ in 0..pool.consumers {
            let channel = self.broker.open_channel();
            let id = self
                .broker
                .subscribe(channel, QueueId(pool.from as u32), subscription);
            let id = id.expect("a checked scenario's pool has a queue");
            assert_eq!(
                id.0 as usize,
                self.consumers.len(),
                "consumers are numbered in order"
            );
            let first = self.slots.len() as u32;
            self.slots.extend((0..pool.concurrency).map(|_| Slot {
                consumer: id.0,
                delivery: None,
            }));
            self.consumers.push(ConsumerState {
                pool: index,
                client: Consumer::new(first..first + pool.concurrency),
            });
        }
    }
}
