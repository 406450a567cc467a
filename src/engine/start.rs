//! The state before anything has happened: queues declared, consumers subscribed, first arrivals scheduled.

use super::agenda::{Agenda, Event};
use super::ask::Asking;
use super::draws::Draws;
use super::gather::Gatherer;
use super::intake::Inbox;
use super::ledger::Ledger;
use super::pool::{ConsumerState, PoolState, Slot};
use super::producer::ProducerState;
use super::publish::Blocked;
use super::relay::Relay;
use super::slab::Slab;
use super::target::TargetState;
use super::{Simulation, Step, Vain, used_up};
use crate::client::Consumer;
use crate::measure::Probe;
use crate::queue::QueueKind;
use crate::queue::{Log, Media, Medium, MemberId, PeerId, Pipe, QueueId};
use crate::scenario::{Medium as Kind, Pool, Scenario, declare};
use crate::time::{Span, Time};
use crate::workload::Job;
use std::collections::VecDeque;

/// Logs and pipes, of which each has all its members and peers under the numbers of consumers and publishers.
fn media(scenario: &Scenario) -> Media<Job> {
    let mut media = Media::new();
    for (index, queue) in (0..).zip(&scenario.queues) {
        let id = QueueId(index);
        match &queue.medium {
            Kind::Queue => {}
            Kind::Topic(settings) => {
                let mut log =
                    Log::new(settings.clone()).expect("a checked scenario's topic can be");
                let group = scenario.group_of(index as usize);
                let group = log
                    .add_group(id, group)
                    .expect("a checked scenario's group can be");
                media.put(id, Medium::Log(Box::new(log), group));
            }
            Kind::Pipe(settings) => {
                let mut pipe = Pipe::new(id, *settings);
                for pusher in scenario.pushers(index as usize) {
                    pipe.add_pusher(Time::ZERO, PeerId(pusher), &mut ())
                        .expect("publishers have numbers of their own");
                }
                media.put(id, Medium::Pipe(Box::new(pipe)));
            }
        }
    }
    media
}

fn inboxes(scenario: &Scenario) -> Vec<Option<Inbox>> {
    let queues = scenario.queues.iter();
    if queues.clone().all(|queue| queue.intake.is_none()) {
        return Vec::new();
    }
    let producers = scenario.producers.len();
    let inbox = |takes: Span| Inbox::new(takes, producers);
    queues.map(|queue| queue.intake.map(inbox)).collect()
}

impl<'a, P: Probe> Simulation<'a, P> {
    pub(super) fn new(
        scenario: &'a Scenario,
        seed: u64,
        replication: u32,
        probe: &'a mut P,
    ) -> Self {
        let draws = Draws::new(seed, replication);
        let broker = declare(scenario.broker, &scenario.queues, &scenario.exchanges)
            .expect("a checked scenario's queues and exchanges can be declared");
        let mut simulation = Self {
            scenario,
            relay: Relay::new(probe, Ledger::new(scenario, draws)),
            now: Time::ZERO,
            events: 0,
            broker,
            media: media(scenario),
            producers: Vec::new(),
            sources: Vec::new(),
            targets: Vec::new(),
            pools: Vec::new(),
            consumers: Vec::new(),
            consumer_by_id: Vec::new(),
            slots: Vec::new(),
            faults: Vec::new(),
            work: Agenda::default(),
            traffic: Agenda::default(),
            faults_to_come: 0,
            parcels: Slab::new(),
            waits: Slab::new(),
            answers: Slab::new(),
            in_flight: Slab::new(),
            inboxes: inboxes(scenario),
            posted: Slab::new(),
            gatherer: Gatherer::new(scenario, draws),
            lingering: Slab::new(),
            hungry: VecDeque::new(),
            blocked: vec![Blocked::new(); scenario.queues.len()],
            blocked_count: 0,
            expels: (0..scenario.queues.len()).any(|queue| scenario.takes_back(queue)),
            has_message_groups: (scenario.queues.iter())
                .any(|queue| queue.settings.kind == QueueKind::SqsFifo),
            draining: false,
            draws,
            next_look: 0,
            rounds: 0,
            looks: 0,
            looked_at: 0,
            vain: Vain::default(),
            expulsions: 0,
            lefts_seen: 0,
        };
        simulation.add_producers();
        for (index, pool) in scenario.pools.iter().enumerate() {
            simulation.add_pool(index, pool);
        }
        simulation
    }

    pub(super) fn start(&mut self) -> Step {
        for pool in 0..self.pools.len() {
            self.occupy(pool, |busy| busy);
        }
        for (source, (index, client)) in (0..).zip(self.sources.clone()) {
            let next = self.producers[index as usize].next(Time::ZERO, client);
            let name = &self.scenario.producers[index as usize].name;
            if let Some(next) = next.map_err(|cause| used_up(name, Time::ZERO, cause))? {
                self.traffic.schedule(next, Event::Arrival(source));
            }
        }
        // Only now, when all of them have their numbers.
        for consumer in 0..self.consumers.len() as u32 {
            self.come(consumer, false);
        }
        self.feed();
        let mut first = 0;
        for pool in &self.scenario.pools {
            self.add_faults(pool, first)?;
            first += pool.consumers;
        }
        Ok(())
    }

    fn add_producers(&mut self) {
        let scenario = self.scenario;
        let many = scenario.makes_copies();
        for (index, producer) in (0..).zip(&scenario.producers) {
            let own = (producer.name.as_str(), 0);
            let target = TargetState::new(&producer.to, own, scenario, self.draws);
            self.targets.push(target);
            let first_source = self.sources.len() as u32;
            let state = ProducerState::new(scenario, index, first_source, self.draws);
            self.sources
                .extend((0..state.sources()).map(|client| (index, client)));
            let closed = state.is_closed();
            self.relay.closed.push(closed);
            self.relay
                .followed
                .push(closed || many || producer.patience.is_some());
            self.producers.push(state);
        }
    }

    /// One channel for each consumer, as a process of its own would have.
    fn add_pool(&mut self, index: usize, pool: &Pool) {
        let state = PoolState::new(pool, self.scenario, self.draws, &mut self.targets);
        self.pools.push(state);
        for rank in 0..pool.consumers {
            let first_slot = self.slots.len() as u32;
            let consumer = self.consumers.len() as u32;
            self.slots.extend((0..pool.concurrency).map(|_| Slot {
                consumer,
                due: Time::NEVER,
                takes: 0.0,
                pace: 1.0,
                delivery: None,
                more: Vec::new(),
                sending: false,
                unsent: 0,
            }));
            self.consumers.push(ConsumerState {
                pool: index,
                rank,
                channel: self.broker.open_channel(),
                id: None,
                away: 0,
                life: 0,
                first_slot,
                on_the_way: 0,
                up: true,
                connected: true,
                client: Consumer::new(first_slot..first_slot + pool.concurrency),
                received: VecDeque::new(),
                batch_due: Time::NEVER,
                member: MemberId(consumer),
                asking: Asking::from(Time::ZERO),
            });
            self.pools[index].up += 1;
        }
    }
}
