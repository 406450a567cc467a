//! Queues of SQS again: a receipt says which receive of which message it is of, and what is in flight is counted.

use super::{Answer, Exit, Facts, Letter, Message, Model, Place, Settlement, What, is_same_broker};
use queuelab::queue::{
    ChannelId, ConsumerId, Death, Delivery, QueueError, QueueId, QueueKind, QueueSettings,
};
use queuelab::time::{Span, Time};

/// What a channel holds of one receive.
#[derive(Clone, Copy, Debug)]
pub(super) struct Receipt {
    pub(super) channel: ChannelId,
    pub(super) tag: u64,
    /// Its own number, among those of messages.
    pub(super) number: u64,
    queue: QueueId,
    message: u64,
    /// The how-manieth receive of the message.
    receive: u32,
}

/// What cannot be seen: when that ends, and when it was received if it was.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Hidden {
    until: Time,
    received: Option<Time>,
}

impl Model {
    pub(in super::super) fn is_sqs(&self, queue: QueueId) -> bool {
        let kind = self.settings[queue.index()].kind;
        [QueueKind::Sqs, QueueKind::SqsFifo].contains(&kind)
    }

    pub(super) fn is_fifo(&self, queue: QueueId) -> bool {
        self.settings[queue.index()].kind == QueueKind::SqsFifo
    }

    /// Dead letters stay among queues of one kind.
    pub(super) fn check_kinds(&self, new: &QueueSettings) -> Answer {
        let id = QueueId(self.settings.len() as u32);
        if let Some(to) = new.dead_letter
            && self.check_queue(to).is_ok()
            && !is_same_broker(new.kind, self.settings[to.index()].kind)
        {
            return Err(QueueError::OtherKind(to));
        }
        let mut others = self.queues().into_iter().zip(&self.settings);
        let leads_here = others.any(|(queue, old)| {
            old.dead_letter == Some(id)
                && !self.gone[queue.index()]
                && !is_same_broker(old.kind, new.kind)
        });
        match leads_here {
            true => Err(QueueError::OtherKind(id)),
            false => Ok(()),
        }
    }

    pub(super) fn check_group(&self, queue: QueueId, letter: &Letter) -> Answer {
        match self.is_fifo(queue) && letter.group.is_none() {
            true => Err(QueueError::NoGroup(queue)),
            false => Ok(()),
        }
    }

    pub(in super::super) fn receive(&mut self, id: ConsumerId, most: u32) -> Answer {
        let consumer = self.consumers.iter().find(|one| one.id == id);
        let queue = consumer.ok_or(QueueError::UnknownConsumer(id))?.queue;
        if !self.is_sqs(queue) {
            return Err(QueueError::NotPulled(queue));
        }
        let turn = self.next_number();
        for consumer in self.consumers.iter_mut().filter(|one| one.id == id) {
            (consumer.asked, consumer.turn) = (most, turn);
        }
        self.touch(queue);
        Ok(())
    }

    pub(in super::super) fn change_visibility(
        &mut self,
        now: Time,
        channel: ChannelId,
        tag: u64,
        timeout: Span,
    ) -> Answer {
        self.check_channel(channel)?;
        let held = self.held(channel).into_iter().find(|(at, _)| *at == tag);
        let (_, number) = held.ok_or(QueueError::UnknownTag(tag))?;
        let Some(receipt) = self.receipt(number) else {
            let queue = self.held_from(channel, tag);
            return Err(QueueError::NotPulled(queue));
        };
        if self.is_spent(receipt) || self.message(receipt.message).is_ready() {
            return Err(QueueError::NotInFlight(tag));
        }
        let Place::Hidden(Hidden { received, .. }) = self.message(receipt.message).place else {
            unreachable!("what was received is not seen");
        };
        let received_at = received.expect("it was received");
        let until = now + timeout;
        if until > received_at + Span::from_secs(12 * 3600) {
            return Err(QueueError::InvisibleForTooLong(tag));
        }
        if timeout == Span::ZERO {
            self.reveal(now, receipt.message);
            return Ok(());
        }
        self.message_mut(receipt.message).place = Place::Hidden(Hidden { until, received });
        self.touch(receipt.queue);
        Ok(())
    }

    /// Whether what is held with `tag` may be settled, but to no effect.
    pub(in super::super) fn is_taken_back(&self, channel: ChannelId, tag: u64) -> bool {
        let held = self.held(channel).into_iter().find(|(at, _)| *at == tag);
        held.is_some_and(|(_, number)| match self.receipt(number) {
            Some(receipt) => self.is_spent(receipt),
            None => self.message(number).queue == super::NOWHERE,
        })
    }

    pub(super) fn receipt(&self, number: u64) -> Option<Receipt> {
        let mut receipts = self.receipts.iter();
        receipts.find(|receipt| receipt.number == number).copied()
    }

    /// From where came what is held with `tag` and is no receipt: unlike its message, the tag remembers that.
    fn held_from(&self, channel: ChannelId, tag: u64) -> QueueId {
        let mut sources = self.sources.iter();
        let source = sources.find(|(at, of, _)| (*at, *of) == (channel, tag));
        source.expect("it was delivered").2
    }

    fn is_spent(&self, receipt: Receipt) -> bool {
        let mut present = self.of(receipt.queue);
        let Some(message) = present.find(|message| message.number == receipt.message) else {
            return true;
        };
        let is_too_late = self.is_fifo(receipt.queue) && message.is_ready();
        message.facts.deliveries != receipt.receive || is_too_late
    }

    pub(super) fn settle_receipt(&mut self, now: Time, receipt: Receipt, how: Settlement) {
        self.receipts.retain(|other| other.number != receipt.number);
        if self.is_spent(receipt) {
            return;
        }
        let is_hidden = !self.message(receipt.message).is_ready();
        match how {
            Settlement::Ack => {
                self.leave(now, receipt.message, Exit::Acked);
                self.touch(receipt.queue);
            }
            Settlement::Requeue(_) if is_hidden => self.reveal(now, receipt.message),
            Settlement::Requeue(_) | Settlement::Discard => {}
        }
    }

    /// Into a queue of SQS.
    pub(super) fn enter_sqs(
        &mut self,
        now: Time,
        queue: QueueId,
        letter: Letter,
        deaths: Vec<Death>,
    ) {
        let rules = self.rules(queue);
        let number = self.next_number();
        let first = match self.is_fifo(queue) {
            true => None,
            false => letter.first,
        };
        let ttl = rules.message_ttl;
        let facts = Facts {
            enqueued: now,
            deadline: ttl.map_or(Time::NEVER, |ttl| first.unwrap_or(now) + ttl),
            bytes: letter.bytes,
            priority: letter.priority,
            deliveries: 0,
            returns: 0,
            delivery_count: 0,
        };
        let is_delayed = rules.sqs.delay > Span::ZERO && deaths.is_empty();
        let place = match is_delayed {
            true => Place::Hidden(Hidden {
                until: now + rules.sqs.delay,
                received: None,
            }),
            false => Place::Ready,
        };
        self.messages.push(Message {
            queue,
            number,
            turn: (super::Front::Stands, 0, number),
            body: letter.body,
            facts: facts.clone(),
            place,
            ttl: None,
            route: letter.route,
            group: letter.group,
            first,
            deaths,
            kept: None,
        });
        self.tell(now, queue, letter.body, What::Accepted(facts));
        self.touch(queue);
    }

    pub(in super::super) fn in_flight(&self, queue: QueueId) -> u64 {
        let mut count = 0;
        for message in self.of(queue) {
            count += u64::from(message.is_in_flight());
        }
        count
    }

    /// The number of the next that could be given out, after one of group `last` in the same answer.
    pub(super) fn candidate(&self, queue: QueueId, last: Option<Option<u32>>) -> Option<u64> {
        if self.in_flight(queue) >= self.rules(queue).sqs.in_flight_limit {
            return None;
        }
        let line = self.line(queue);
        if !self.is_fifo(queue) {
            return line.first().copied();
        }
        let group = |number: &u64| self.message(*number).group;
        let more = line.iter().find(|number| Some(group(number)) == last);
        let is_open = |number: &&u64| {
            let mut present = self.of(queue);
            !present.any(|other| other.is_in_flight() && other.group == group(number))
        };
        more.or_else(|| line.iter().find(is_open)).copied()
    }

    fn next_to_give(
        &mut self,
        now: Time,
        queue: QueueId,
        last: Option<Option<u32>>,
    ) -> Option<u64> {
        loop {
            let number = self.candidate(queue, last)?;
            let rules = self.rules(queue);
            let facts = &self.message(number).facts;
            let to = rules.dead_letter.filter(|to| self.check_queue(*to).is_ok());
            let most = to.map(|_| rules.sqs.max_receive_count.unwrap_or(10));
            if facts.deadline < now {
                self.leave(now, number, Exit::Expired);
            } else if most.is_some_and(|most| facts.deliveries >= most) {
                self.leave(now, number, Exit::DeliveryLimited);
            } else {
                return Some(number);
            }
        }
    }

    pub(super) fn answer(&mut self, now: Time, queue: QueueId) -> Option<Delivery<u32>> {
        let consumer = self.whose_turn(queue)?;
        let (mut given, mut last) = (0, None);
        while given < consumer.asked
            && let Some(number) = self.next_to_give(now, queue, last)
        {
            given += 1;
            last = Some(self.message(number).group);
            let (channel, id) = (consumer.channel, Some(consumer.id));
            let delivery = self.hand_out(now, number, channel, id, false);
            self.outbox.push(delivery);
        }
        if given == 0 {
            return None;
        }
        for other in self.consumers.iter_mut() {
            if other.id == consumer.id {
                other.asked = 0;
            }
        }
        Some(self.outbox.remove(0))
    }

    pub(super) fn get_sqs(
        &mut self,
        now: Time,
        channel: ChannelId,
        queue: QueueId,
        auto_ack: bool,
    ) -> Result<Option<Delivery<u32>>, QueueError> {
        let is_full = self.in_flight(queue) >= self.rules(queue).sqs.in_flight_limit;
        if is_full && !self.is_fifo(queue) {
            return Err(QueueError::OverLimit(queue));
        }
        let next = self.next_to_give(now, queue, None);
        let delivery = next.map(|number| self.hand_out(now, number, channel, None, auto_ack));
        self.touch(queue);
        self.bury(now);
        Ok(delivery)
    }

    /// It was just given out with `tag`.
    pub(super) fn take_off(&mut self, now: Time, number: u64, channel: ChannelId, tag: u64) {
        let queue = self.message(number).queue;
        let until = now + self.rules(queue).sqs.visibility_timeout;
        let own = self.next_number();
        let message = self.message_mut(number);
        message.place = Place::Hidden(Hidden {
            until,
            received: Some(now),
        });
        let receive = message.facts.deliveries;
        self.receipts.push(Receipt {
            channel,
            tag,
            number: own,
            queue,
            message: number,
            receive,
        });
    }

    /// (until, number) of what is seen first.
    pub(super) fn first_hidden(&self, queue: QueueId) -> Option<(Time, u64)> {
        let mut hidden = Vec::new();
        for message in self.of(queue) {
            if let Place::Hidden(Hidden { until, .. }) = message.place {
                hidden.push((until, message.number));
            }
        }
        hidden.into_iter().min()
    }

    pub(super) fn reveal_due(&mut self, now: Time, queue: QueueId) {
        while let Some((until, number)) = self.first_hidden(queue)
            && until <= now
        {
            self.reveal(now, number);
        }
    }

    fn reveal(&mut self, now: Time, number: u64) {
        let message = self.message_mut(number);
        if message.is_in_flight() {
            message.facts.returns += 1;
            message.facts.delivery_count += 1;
        }
        let turn = message.turn;
        self.stand_again(now, number, turn);
    }
}

impl Message {
    fn is_in_flight(&self) -> bool {
        matches!(
            self.place,
            Place::Hidden(Hidden {
                received: Some(_),
                ..
            })
        )
    }
}
