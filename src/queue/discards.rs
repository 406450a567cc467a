//! Dead letters that are kept until they have arrived (`docs/quorum-queues#dead-lettering`, rabbit_fifo_dlx).
//!
//! What dies goes apart and stays, in the order of deaths. A consumer within the broker takes so many at a time, and
//! publishes each to all queues to which it leads at that moment. It leaves when all of them have accepted it, which
//! here they do at once or not at all. Else it is tried again from time to time, but does not go a second time to where
//! it was accepted.

use super::broker::Broker;
use super::death::Died;
use super::effect::{Effect, Exit, Sink, Stood};
use super::incoming::{Errand, Incoming};
use super::message::MessageId;
use super::settings::QueueId;
use super::timer::Timer;
use crate::time::{Span, Time};
use std::collections::VecDeque;

/// `dead_letter_worker_consumer_prefetch`
const PREFETCH: usize = 32;
/// `dead_letter_worker_publisher_confirm_timeout`
const CONFIRM_TIMEOUT: Span = Span::from_secs(180);

/// What died in one queue and is kept.
#[derive(Clone, Debug)]
pub(super) struct Discards {
    /// In the order of deaths.
    waiting: VecDeque<Letter>,
    /// What the consumer has taken and not everywhere got rid of.
    taken: Vec<Letter>,
    count: u64,
    bytes: u64,
    /// When what was taken is looked at again; [`Time::NEVER`] if it need not be.
    look: Time,
}

/// One dead letter.
#[derive(Clone, Debug)]
struct Letter {
    message: MessageId,
    exit: Exit,
    /// Which queues have accepted it.
    confirmed: Vec<QueueId>,
    /// When it was last sent to any queue.
    sent: Option<Time>,
}

impl Letter {
    /// What had nowhere to go is tried at each look, what was refused once its time is over.
    fn is_due(&self, now: Time) -> bool {
        self.sent.is_none_or(|sent| sent + CONFIRM_TIMEOUT <= now)
    }
}

impl Default for Discards {
    fn default() -> Self {
        Self {
            waiting: VecDeque::new(),
            taken: Vec::new(),
            count: 0,
            bytes: 0,
            look: Time::NEVER,
        }
    }
}

impl Discards {
    /// Count and bytes.
    pub(super) fn size(&self) -> (u64, u64) {
        (self.count, self.bytes)
    }

    fn push(&mut self, message: MessageId, bytes: u32, exit: Exit) {
        self.count += 1;
        self.bytes += u64::from(bytes);
        self.waiting.push_back(Letter {
            message,
            exit,
            confirmed: Vec::new(),
            sent: None,
        });
    }

    fn take(&mut self) -> Option<Letter> {
        match self.taken.len() {
            PREFETCH.. => None,
            _ => self.waiting.pop_front(),
        }
    }
}

impl<B: Clone> Broker<B> {
    /// It died, and is kept.
    #[cold]
    pub(super) fn withhold(
        &mut self,
        now: Time,
        queue: QueueId,
        id: MessageId,
        exit: Exit,
        sink: &mut impl Sink<B>,
    ) {
        let state = &mut self.queues[queue.index()];
        if self.store[id].ready {
            state.hand_out(&mut self.store, id);
        }
        let message = &mut self.store[id];
        if let Some(reason) = exit.reason() {
            let ttl = message.ttl();
            let route = message.route.clone();
            message
                .deaths
                .record(now, Died { queue, reason, ttl }, route);
        }
        if let Some(discards) = &mut state.discards {
            discards.push(id, message.bytes, exit);
        }
        let effect = Effect::Withheld { message, exit };
        sink.effect(now, queue, &effect, state.levels());
        self.dead.push_back(Errand::Forward(queue));
    }

    /// Sends on what the consumer of the dead letters of `queue` has room for.
    #[cold]
    pub(super) fn forward(&mut self, now: Time, queue: QueueId, sink: &mut impl Sink<B>) {
        while let Some(discards) = &mut self.queues[queue.index()].discards
            && let Some(letter) = discards.take()
        {
            self.try_to_send(now, queue, letter, sink);
        }
        self.set_look(now, queue);
    }

    /// The time of a look has come.
    pub(super) fn send_again(&mut self, now: Time, queue: QueueId, sink: &mut impl Sink<B>) {
        let Some(discards) = &mut self.queues[queue.index()].discards else {
            return;
        };
        discards.look = Time::NEVER;
        self.send_what_is_due(now, queue, sink);
        self.bury(now, sink);
    }

    /// What was taken is sent again if its time is over or if it had nowhere to go; then what there is room for.
    pub(super) fn send_what_is_due(&mut self, now: Time, queue: QueueId, sink: &mut impl Sink<B>) {
        let Some(discards) = &mut self.queues[queue.index()].discards else {
            return;
        };
        for letter in std::mem::take(&mut discards.taken) {
            if letter.is_due(now) {
                self.try_to_send(now, queue, letter, sink);
            } else {
                self.keep(queue, letter);
            }
        }
        self.forward(now, queue, sink);
    }

    /// A look while something is taken, none while nothing is.
    fn set_look(&mut self, now: Time, queue: QueueId) {
        let Some(discards) = &mut self.queues[queue.index()].discards else {
            return;
        };
        let (look, timer) = (discards.look, Timer::Unconfirmed(queue));
        if discards.taken.is_empty() {
            discards.look = Time::NEVER;
            self.timers.remove(&(look, timer));
        } else if look == Time::NEVER {
            discards.look = now + CONFIRM_TIMEOUT;
            self.timers.insert((discards.look, timer));
        }
    }

    fn keep(&mut self, queue: QueueId, letter: Letter) {
        if let Some(discards) = &mut self.queues[queue.index()].discards {
            discards.taken.push(letter);
        }
    }

    /// To each queue that has not accepted it. It leaves if none is left, but not if there never was one.
    fn try_to_send(
        &mut self,
        now: Time,
        queue: QueueId,
        mut letter: Letter,
        sink: &mut impl Sink<B>,
    ) {
        let Some(copy) = self.address_copy(queue, &letter) else {
            return self.keep(queue, letter);
        };
        let bytes = self.store[letter.message].bytes;
        let (accept, refuse) = self.ask(now, bytes, sink);
        let copied = letter.confirmed.len();
        letter.confirmed.extend(&accept);
        if refuse.is_empty() && !letter.confirmed.is_empty() {
            self.confirm(now, queue, &letter, copied, sink);
        } else {
            if !accept.is_empty() {
                self.tell_of_copies(now, queue, &letter, copied, sink);
            }
            if !refuse.is_empty() {
                letter.sent = Some(now);
            }
            self.keep(queue, letter);
        }
        for to in accept {
            self.enter(now, to, copy.clone(), sink);
        }
        for to in refuse {
            self.refuse(now, to, copy.clone(), true, sink);
        }
    }

    /// Which of the queues in `self.onward`, which is empty then, would accept a message, and which refuse it. What the
    /// one answers does not hang on what the other gets, so all can be asked before one gets it: the message leaves its
    /// queue before it arrives, as all do.
    fn ask(
        &mut self,
        now: Time,
        bytes: u32,
        sink: &mut impl Sink<B>,
    ) -> (Vec<QueueId>, Vec<QueueId>) {
        let targets = std::mem::take(&mut self.onward);
        let (mut accept, mut refuse) = (Vec::new(), Vec::new());
        for to in targets {
            match self.refuses(now, to, bytes, sink) {
                true => refuse.push(to),
                false => accept.push(to),
            }
        }
        (accept, refuse)
    }

    /// What goes to each of the queues that it fills `self.onward` with. `None` where the exchange is missing.
    fn address_copy(&mut self, queue: QueueId, letter: &Letter) -> Option<Incoming<B>> {
        let route = self.store[letter.message].route.clone();
        let addressed = self.lead_onward(queue, route.as_ref())?;
        let message = &self.store[letter.message];
        self.onward
            .retain(|to| !message.deaths.cycles_at(*to) && !letter.confirmed.contains(to));
        Some(Incoming::copy(message, addressed))
    }

    fn tell_of_copies(
        &self,
        now: Time,
        queue: QueueId,
        letter: &Letter,
        copied: usize,
        sink: &mut impl Sink<B>,
    ) {
        let effect = Effect::Copied {
            message: &self.store[letter.message],
            to: &letter.confirmed[copied..],
        };
        sink.effect(now, queue, &effect, self.queues[queue.index()].levels());
    }

    /// All have accepted it, so it leaves.
    fn confirm(
        &mut self,
        now: Time,
        queue: QueueId,
        letter: &Letter,
        copied: usize,
        sink: &mut impl Sink<B>,
    ) {
        let id = letter.message;
        let state = &mut self.queues[queue.index()];
        state.forget(&mut self.store, id);
        if let Some(discards) = &mut state.discards {
            discards.count -= 1;
            discards.bytes -= u64::from(self.store[id].bytes);
        }
        let effect = Effect::Left {
            message: &self.store[id],
            exit: letter.exit,
            stood: Stood::Unacked,
            dead_lettered_to: &letter.confirmed,
            copied,
        };
        sink.effect(now, queue, &effect, state.levels());
        self.store.discard(id);
    }
}
