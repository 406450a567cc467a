//! Deliveries that are not settled for long (`docs/consumers#acknowledgement-timeout`).
//!
//! 3.10 closes the channel. 4.3 looks in quorum queues only: it ends the consumer and takes back what was held too
//! long, or closes the channel if there is nobody whom it could tell (`docs/quorum-queues#consumer-timeout`).

use super::broker::Broker;
use super::channel::{ChannelId, Held, Holder};
use super::effect::{Notice, Sink};
use super::message::MessageId;
use super::rules::Return;
use super::settings::{Profile, QueueId};
use super::timer::{Timer, look_after};
use crate::time::Time;

impl<B: Clone> Broker<B> {
    /// Something on `channel` is overdue at `due`, if it is not settled till then: the broker will look.
    pub(super) fn watch(&mut self, channel: ChannelId, due: Time) {
        let Some(owner) = self.channels.get_mut(channel.0) else {
            return;
        };
        if due >= owner.look || look_after(due) >= owner.look {
            return;
        }
        self.timers.remove(&(owner.look, Timer::Patience(channel)));
        owner.look = look_after(due);
        self.timers.insert((owner.look, Timer::Patience(channel)));
    }

    /// When the first of what is held on `channel` is overdue, if it is not settled till then.
    fn next_overdue(&self, channel: ChannelId) -> Time {
        let owner = self.channels.get(channel.0);
        let held = owner.into_iter().flat_map(|owner| owner.unsettled.iter());
        held.map(|held| self.overdue_at(held))
            .min()
            .unwrap_or(Time::NEVER)
    }

    fn overdue_at(&self, held: &Held) -> Time {
        match self.is_void(held) {
            true => Time::NEVER,
            false => held.overdue,
        }
    }

    /// The time of a look, `due`, has come; what was held too long may be settled meanwhile.
    pub(super) fn look(
        &mut self,
        now: Time,
        due: Time,
        channel: ChannelId,
        sink: &mut impl Sink<B>,
    ) {
        let Some(owner) = self.channels.get_mut(channel.0) else {
            return;
        };
        owner.look = Time::NEVER;
        let connection = owner.connection;
        let owner = self.channels.get(channel.0);
        let held = owner.into_iter().flat_map(|owner| owner.unsettled.iter());
        let overdue = held.filter(|held| self.overdue_at(held) < due);
        let overdue: Vec<Held> = overdue.copied().collect();
        if overdue.is_empty() {
            return self.watch(channel, self.next_overdue(channel));
        }
        let can_tell = self.can_tell_of_cancels(connection)
            && overdue.iter().all(|held| held.holder != Holder::Get);
        if self.settings.profile == Profile::Rabbitmq310 || !can_tell {
            sink.notice(now, &Notice::ChannelClosed { channel });
            let closed = self.close(now, channel, sink);
            closed.expect("it is open");
            return;
        }
        self.take_back_overdue(now, channel, &overdue, sink);
        self.watch(channel, self.next_overdue(channel));
    }

    fn take_back_overdue(
        &mut self,
        now: Time,
        channel: ChannelId,
        overdue: &[Held],
        sink: &mut impl Sink<B>,
    ) {
        self.clear_the_way(now, sink);
        let mut queues: Vec<QueueId> = Vec::new();
        for held in overdue {
            if let Holder::Consumer(consumer) = held.holder {
                self.dismiss(now, consumer, sink);
                queues.push(held.queue);
            }
        }
        for queue in queues {
            self.after_consumer(now, queue, sink);
        }
        for held in overdue {
            let owner = self.channels.get_mut(channel.0).expect("it is open");
            owner.unsettled.make_void(held.tag);
            self.requeue(now, *held, Return::Overdue, sink);
        }
        self.bury(now, sink);
    }

    /// Whether its message is no longer there to be settled: its queue has gone, or took it back.
    pub(super) fn is_void(&self, held: &Held) -> bool {
        held.message == MessageId::TAKEN_BACK || self.queues[held.queue.index()].is_gone
    }
}
