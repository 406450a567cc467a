//! How deliveries come to consumers: at once, or over a link, and into a slot or a buffer.

use super::agenda::Event;
use super::work::Verdict;
use super::{Simulation, Step};
use crate::measure::Probe;
use crate::queue::Delivery;
use crate::scenario::GivenBack;
use crate::time::Span;
use crate::workload::Job;

/// A delivery on its way to a consumer.
#[derive(Debug)]
pub(super) struct InFlight {
    pub(super) consumer: u32,
    pub(super) life: u32,
    pub(super) delivery: Delivery<Job>,
}

impl<P: Probe> Simulation<'_, P> {
    pub(super) fn dispatch(&mut self) -> Step {
        while let Some(delivery) = self.broker.poll_delivery(self.now, &mut self.relay) {
            self.deliver(delivery)?;
        }
        if self.media.is_empty() {
            Ok(())
        } else {
            self.dispatch_media()
        }
    }

    /// Takes what was delivered before it was asked for. A consumer that goes in this instant still gets it.
    pub(super) fn take_made(&mut self) -> Step {
        while let Some(delivery) = self.broker.poll_made() {
            self.deliver(delivery)?;
        }
        Ok(())
    }

    #[inline(always)]
    fn deliver(&mut self, delivery: Delivery<Job>) -> Step {
        let Some(id) = delivery.consumer else {
            // It was on its way when its consumer was told to go.
            let Delivery {
                channel, tag, body, ..
            } = delivery;
            self.settle(channel, tag, &body, Verdict::Requeued(GivenBack::Nack));
            return Ok(());
        };
        let index = self.consumer_by_id[id.0 as usize];
        let consumer = &mut self.consumers[index as usize];
        let pool = consumer.pool;
        let rank = consumer.rank;
        self.relay.probe.handed(self.now, pool, rank, &delivery);
        // Most messages come by here, and so it is kept short.
        if self.pools[pool].is_plain
            && let Some(slot) = consumer.client.take_idle()
        {
            self.occupy(pool, |busy| busy + 1);
            return self.begin(pool, slot, delivery);
        }
        if self.pools[pool].asks() {
            return self.hand_over(index, delivery);
        }
        self.transport(index, delivery)
    }

    /// A delivery goes to its consumer, which may be some way off.
    pub(super) fn transport(&mut self, index: u32, delivery: Delivery<Job>) -> Step {
        let consumer = &mut self.consumers[index as usize];
        let one_way = self.pools[consumer.pool].one_way;
        if one_way == Span::ZERO {
            return self.receive(index, delivery);
        }
        consumer.on_the_way += 1;
        let in_flight = InFlight {
            consumer: index,
            life: consumer.life,
            delivery,
        };
        if let Some(in_flight) = self.in_flight.insert(in_flight) {
            let due = self.now + one_way;
            self.traffic.schedule(due, Event::Receipt(in_flight));
        }
        Ok(())
    }

    /// A delivery has come over the link. What was sent to a consumer that died goes nowhere: the broker has it back.
    pub(super) fn arrived(&mut self, index: u32) -> Step {
        let InFlight {
            consumer,
            life,
            delivery,
        } = self.in_flight.take(index);
        let state = &mut self.consumers[consumer as usize];
        if state.life == life {
            state.on_the_way -= 1;
            self.receive(consumer, delivery)?;
            self.leave_if_done(consumer);
            return Ok(());
        }
        if self.pools[state.pool].auto_ack {
            self.relay.abandon(self.now, &delivery.body);
        }
        Ok(())
    }

    fn receive(&mut self, index: u32, delivery: Delivery<Job>) -> Step {
        let consumer = &mut self.consumers[index as usize];
        let pool = consumer.pool;
        let hands_back = !self.pools[pool].auto_ack && !self.pools[pool].polls();
        if consumer.id.is_none() && hands_back {
            let slot = consumer.first_slot;
            self.relay.came_back_unbegun(&delivery);
            self.relay.let_go(&delivery);
            self.say(pool, slot, &delivery, Verdict::Requeued(GivenBack::Nack));
            return Ok(());
        }
        if self.pools[pool].batching.is_some() {
            consumer.client.keep(delivery);
            consumer.received.push_back(self.now);
            self.gather(index);
            return Ok(());
        }
        let Some(slot) = consumer.client.take_idle() else {
            consumer.client.keep(delivery);
            return Ok(());
        };
        self.occupy(pool, |busy| busy + 1);
        self.begin(pool, slot, delivery)
    }
}
