//! A queue that takes in one message after the other, and credit, by which it holds back who publishes too fast.

use super::Simulation;
use super::agenda::Event;
use super::publish::{Parcel, Sender};
use crate::measure::Probe;
use crate::queue::{Credit, QueueId, Route};
use crate::time::Span;
use std::collections::VecDeque;
use std::sync::Arc;

/// What has come to a queue's process and is not yet in the queue.
#[derive(Debug)]
pub(super) struct Inbox {
    /// Time that one message takes.
    takes: Span,
    /// In the order in which they came, the first being taken in.
    waiting: VecDeque<(Parcel, Option<Copied>)>,
    /// By producer: one link of credit from its connection to the queue, where RabbitMQ has a chain of them.
    credits: Vec<Credit>,
}

/// That a message is one of the copies which an exchange has sent.
#[derive(Clone, Debug)]
pub(super) struct Copied {
    /// By what it was routed.
    route: Arc<Route>,
    /// Where its publisher's wait for all of them is counted.
    posted: u32,
}

/// A message of which copies are on their way into queues.
#[derive(Debug)]
pub(super) struct Posted {
    parcel: Parcel,
    /// Copies that are not taken in yet.
    left: usize,
    /// Its publisher is going to wait for it.
    reserved: bool,
}

impl Inbox {
    pub(super) fn new(takes: Span, producers: usize) -> Self {
        Self {
            takes,
            waiting: VecDeque::new(),
            credits: vec![Credit::DEFAULT; producers],
        }
    }
}

impl<P: Probe> Simulation<'_, P> {
    /// A message goes to queues by an exchange, and has been taken in when its last copy has.
    pub(super) fn post_by(&mut self, route: &Arc<Route>, parcel: Parcel) {
        let reserved = self.reserve_wait(&parcel);
        let queues = self.broker.destinations(route);
        let left = queues.len();
        if left == 0 {
            self.relay.end(self.now, &parcel.job, false);
            return self.taken(parcel.sender, parcel);
        }
        self.relay.families.expect(&parcel.job, left as u32 - 1);
        let Some(posted) = self.posted.insert(Posted {
            parcel,
            left,
            reserved,
        }) else {
            return;
        };
        for queue in queues {
            let route = route.clone();
            self.post(queue, parcel, Some(Copied { route, posted }));
        }
    }

    /// A message comes to a queue: into it, or into the inbox of its process.
    #[cold]
    pub(super) fn post(&mut self, queue: QueueId, parcel: Parcel, copied: Option<Copied>) {
        let Some(inbox) = &mut self.inboxes[queue.index()] else {
            return self.take_in(queue, parcel, copied);
        };
        if inbox.waiting.is_empty() {
            let due = self.now + inbox.takes;
            self.traffic.schedule(due, Event::Intake(queue.0));
        }
        inbox.waiting.push_back((parcel, copied));
        if let Sender::Producer(producer) = parcel.sender {
            let credit = &mut inbox.credits[producer as usize];
            let was_blocked = credit.is_blocked();
            credit.send();
            if credit.is_blocked() && !was_blocked {
                self.enter_flow(producer);
            }
        }
    }

    /// A queue's process has taken in a message, and goes on with the next.
    pub(super) fn intake_done(&mut self, queue: QueueId) {
        let inbox = self.inboxes[queue.index()].as_mut();
        let inbox = inbox.expect("only what has an inbox takes time to take in");
        let first = inbox.waiting.pop_front();
        let (parcel, copied) = first.expect("it was working on one");
        if !inbox.waiting.is_empty() {
            let due = self.now + inbox.takes;
            self.traffic.schedule(due, Event::Intake(queue.0));
        }
        let mut goes_on = None;
        if let Sender::Producer(producer) = parcel.sender
            && inbox.credits[producer as usize].dealt_with()
        {
            goes_on = Some(producer);
        }
        self.take_in(queue, parcel, copied);
        if let Some(producer) = goes_on {
            self.leave_flow(producer);
        }
    }

    fn take_in(&mut self, queue: QueueId, parcel: Parcel, copied: Option<Copied>) {
        let Some(Copied { route, posted }) = copied else {
            self.send_to(queue, parcel);
            return;
        };
        self.broker
            .publish_routed(
                self.now,
                queue,
                &route,
                parcel.publication(),
                &mut self.relay,
            )
            .expect("a checked scenario's queue is there");
        let all = self.posted.get_mut(posted);
        all.left -= 1;
        if all.left == 0 {
            let Posted {
                parcel, reserved, ..
            } = self.posted.take(posted);
            // Meanwhile the horizon may have come, after which nobody waits.
            if reserved && self.draining {
                self.relay.withdraw(self.now, &parcel.job, 1);
            }
            self.taken(parcel.sender, parcel);
        }
    }
}
