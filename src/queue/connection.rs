//! Connections and their channels: how they open, and what goes when they close.

use super::broker::Broker;
use super::channel::{Channel, ChannelId, Holder};
use super::effect::Sink;
use super::error::QueueError;
use super::rules::Return;
use super::settings::QueueId;
use super::timer::Timer;
use crate::time::Time;

/// Names an open connection; the name is used again after it was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u32);

/// An open connection.
#[derive(Clone, Debug, Default)]
pub(super) struct Connection {
    /// In the order in which they were opened.
    channels: Vec<ChannelId>,
    /// It was opened for one channel, and closes with it.
    is_of_one_channel: bool,
    /// Its client does not understand that a consumer is cancelled.
    is_deaf: bool,
    /// Nothing is read from it while memory is short.
    pub(super) is_blocked: bool,
}

impl<B: Clone> Broker<B> {
    /// Opens a connection. Only exclusive queues and the blocking of publishers need one that is named.
    pub fn connect(&mut self) -> ConnectionId {
        ConnectionId(self.connections.insert(Connection::default()))
    }

    /// Opens a channel on a connection of its own.
    pub fn open_channel(&mut self) -> ChannelId {
        let connection = self.connections.insert(Connection {
            is_of_one_channel: true,
            ..Connection::default()
        });
        self.open_channel_on(ConnectionId(connection))
            .expect("it was opened a moment ago")
    }

    /// Opens a channel.
    ///
    /// # Errors
    /// Where the connection is not open.
    pub fn open_channel_on(&mut self, connection: ConnectionId) -> Result<ChannelId, QueueError> {
        let owner = self.connections.get_mut(connection.0);
        let owner = owner.ok_or(QueueError::UnknownConnection(connection))?;
        let channel = ChannelId(self.channels.insert(Channel::new(connection)));
        owner.channels.push(channel);
        Ok(channel)
    }

    /// Says whether the client of a connection can be told that a consumer is cancelled (`consumer_cancel_notify`,
    /// `docs/consumer-cancel`); it can if nothing is said.
    ///
    /// # Errors
    /// Where the connection is not open.
    pub fn tell_of_cancels(
        &mut self,
        connection: ConnectionId,
        can_be_told: bool,
    ) -> Result<(), QueueError> {
        let owner = self.connections.get_mut(connection.0);
        owner
            .ok_or(QueueError::UnknownConnection(connection))?
            .is_deaf = !can_be_told;
        Ok(())
    }

    pub(super) fn can_tell_of_cancels(&self, connection: ConnectionId) -> bool {
        let connection = self.connections.get(connection.0);
        connection.is_some_and(|connection| !connection.is_deaf)
    }

    /// The connection of an open channel.
    pub fn connection_of(&self, channel: ChannelId) -> Option<ConnectionId> {
        Some(self.channels.get(channel.0)?.connection)
    }

    /// Closes a channel: its consumers end, and all that it holds goes back, but for what was received from queues of
    /// SQS.
    ///
    /// # Errors
    /// Where the channel is not open.
    pub fn close(
        &mut self,
        now: Time,
        id: ChannelId,
        sink: &mut impl Sink<B>,
    ) -> Result<(), QueueError> {
        let connection = self.open(id)?.connection;
        let owner = self
            .connections
            .get_mut(connection.0)
            .expect("a channel's connection is open");
        if owner.is_of_one_channel {
            return self.disconnect(now, connection, sink);
        }
        owner.channels.retain(|other| *other != id);
        self.close_channel(now, id, sink);
        Ok(())
    }

    /// Closes a connection: its channels close, in the order in which they were opened, and its exclusive queues go.
    ///
    /// # Errors
    /// Where the connection is not open.
    pub fn disconnect(
        &mut self,
        now: Time,
        id: ConnectionId,
        sink: &mut impl Sink<B>,
    ) -> Result<(), QueueError> {
        let connection = self.connections.remove(id.0);
        let connection = connection.ok_or(QueueError::UnknownConnection(id))?;
        for channel in connection.channels {
            self.close_channel(now, channel, sink);
        }
        self.end_queues_of(now, id, sink);
        Ok(())
    }

    fn close_channel(&mut self, now: Time, id: ChannelId, sink: &mut impl Sink<B>) {
        let mut channel = self
            .channels
            .remove(id.0)
            .expect("it was open a moment ago");
        self.timers.remove(&(channel.look, Timer::Patience(id)));
        self.outbox.retain(|delivery| delivery.channel != id);
        // All go before anyone takes a place: it could be one of them.
        let consumers = channel.consumers.drain(..);
        let queues: Vec<QueueId> = consumers.map(|id| self.unregister(id)).collect();
        for queue in queues {
            self.after_consumer(now, queue, sink);
        }
        self.clear_the_way(now, sink);
        while let Some(held) = channel.unsettled.take_first_through(u64::MAX) {
            // SQS knows of no channels: it waits for the visibility timeout.
            if held.holder != Holder::Receipt {
                self.requeue(now, held, Return::Failure, sink);
            }
        }
        self.bury(now, sink);
    }
}
