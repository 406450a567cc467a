//! What producers of a topic gather before they send it: batches by partition, until they are full or have lingered.

use super::Simulation;
use super::agenda::Event;
use super::draws::{Draws, Key};
use super::publish::{Parcel, Sender};
use crate::measure::Probe;
use crate::queue::{Medium, QueueId, Record};
use crate::scenario::{Gathering, Medium as Kind, Scenario};
use crate::time::Span;
use std::collections::BTreeMap;

/// All that is gathered.
#[derive(Debug)]
pub(super) struct Gatherer {
    /// By producer.
    clients: Vec<Gathering>,
    /// By producer: where messages without a key go, by the count of its batches.
    chances: Vec<Key>,
    /// By queue: its partitions; 0 where it is no topic.
    partitions: Vec<u32>,
    /// What pools publish without a key goes to partitions in turn.
    turn: u32,
    open: BTreeMap<(u32, QueueId), Accumulator>,
}

/// What one producer has gathered for one topic.
#[derive(Debug)]
struct Accumulator {
    batches: Vec<Batch>,
    /// Batches sent.
    sent: u64,
}

/// Messages for one partition.
#[derive(Clone, Debug, Default)]
struct Batch {
    parcels: Vec<Parcel>,
    bytes: u64,
    /// Batches of this partition before it.
    number: u64,
}

/// A batch that lingers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lingering {
    producer: u32,
    queue: QueueId,
    partition: u32,
    number: u64,
}

impl Gatherer {
    pub(super) fn new(scenario: &Scenario, draws: Draws) -> Self {
        let partitions = scenario.queues.iter().map(|queue| match &queue.medium {
            Kind::Topic(settings) => settings.partitions,
            Kind::Queue | Kind::Pipe(_) => 0,
        });
        let producers = scenario.producers.iter();
        Self {
            clients: producers.clone().map(|one| one.gathering).collect(),
            chances: producers
                .map(|one| draws.key(&one.name, "partition"))
                .collect(),
            partitions: partitions.collect(),
            turn: 0,
            open: BTreeMap::new(),
        }
    }

    /// Where a message of that producer goes: by its key, or else to the partition of the batch that it now fills
    /// (KIP-480).
    fn partition(&self, producer: u32, queue: QueueId, key: Option<u64>) -> u32 {
        let count = self.partitions[queue.index()];
        if let Some(key) = key {
            let partitioner = self.clients[producer as usize].partitioner;
            return partitioner.partition_of(key.to_string().as_bytes(), count);
        }
        let sent = self.open.get(&(producer, queue)).map_or(0, |own| own.sent);
        let chance = self.chances[producer as usize].uniform_at(sent, u64::from(queue.0));
        ((chance * f64::from(count)) as u32).min(count - 1)
    }

    fn batch(&mut self, producer: u32, queue: QueueId, partition: u32) -> &mut Batch {
        let count = self.partitions[queue.index()] as usize;
        let own = self.open.entry((producer, queue));
        let own = own.or_insert_with(|| Accumulator {
            batches: vec![Batch::default(); count],
            sent: 0,
        });
        &mut own.batches[partition as usize]
    }

    fn take(&mut self, producer: u32, queue: QueueId, partition: u32) -> Vec<Parcel> {
        let batch = self.batch(producer, queue, partition);
        batch.bytes = 0;
        batch.number += 1;
        let parcels = std::mem::take(&mut batch.parcels);
        if let Some(own) = self.open.get_mut(&(producer, queue)) {
            own.sent += 1;
        }
        parcels
    }
}

impl<P: Probe> Simulation<'_, P> {
    /// A message goes to a topic: from a producer, into the batch that its client gathers.
    pub(super) fn gather_for(&mut self, queue: QueueId, parcel: Parcel) {
        let key = self.relay.ledger.key_of(&parcel.job);
        let Sender::Producer(producer) = parcel.sender else {
            return self.send_on(queue, key, parcel);
        };
        let partition = self.gatherer.partition(producer, queue, key);
        let Gathering {
            linger,
            batch_bytes,
            ..
        } = self.gatherer.clients[producer as usize];
        let bytes = u64::from(parcel.bytes);
        let batch = self.gatherer.batch(producer, queue, partition);
        if !batch.parcels.is_empty() && batch.bytes + bytes > batch_bytes {
            self.send_batch(producer, queue, partition);
        }
        let batch = self.gatherer.batch(producer, queue, partition);
        batch.bytes += bytes;
        batch.parcels.push(parcel);
        let (is_first, number) = (batch.parcels.len() == 1, batch.number);
        if linger == Span::ZERO || batch.bytes >= batch_bytes {
            self.send_batch(producer, queue, partition);
        } else if is_first {
            let lingering = Lingering {
                producer,
                queue,
                partition,
                number,
            };
            if let Some(index) = self.lingering.insert(lingering) {
                let due = self.now + linger;
                self.traffic.schedule(due, Event::Linger(index));
            }
        }
    }

    /// What pools publish is not gathered: by its key, or else to one partition after the other.
    fn send_on(&mut self, queue: QueueId, key: Option<u64>, parcel: Parcel) {
        let partition = match key {
            Some(_) => self.gatherer.partition(parcel.job.producer, queue, key),
            None => {
                let count = self.gatherer.partitions[queue.index()];
                self.gatherer.turn = (self.gatherer.turn + 1) % count;
                self.gatherer.turn
            }
        };
        self.append(queue, partition, parcel);
    }

    /// A batch has lingered for long enough, unless it was sent before.
    pub(super) fn linger_over(&mut self, index: u32) {
        let Lingering {
            producer,
            queue,
            partition,
            number,
        } = self.lingering.take(index);
        if self.gatherer.batch(producer, queue, partition).number == number {
            self.send_batch(producer, queue, partition);
        }
    }

    fn send_batch(&mut self, producer: u32, queue: QueueId, partition: u32) {
        for parcel in self.gatherer.take(producer, queue, partition) {
            self.append(queue, partition, parcel);
        }
    }

    fn append(&mut self, queue: QueueId, partition: u32, parcel: Parcel) {
        self.reserve_wait(&parcel);
        self.relay.expect_answer();
        let record = Record {
            body: parcel.job,
            bytes: parcel.bytes,
        };
        let Some(Medium::Log(log, _)) = self.media.get_mut(queue) else {
            unreachable!("what is gathered is for a topic");
        };
        log.append(self.now, partition, record, &mut self.relay)
            .expect("a partitioner knows how many partitions there are");
        self.taken(parcel.sender, parcel);
    }
}
