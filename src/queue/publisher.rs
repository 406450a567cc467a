//! What publishers are told: confirms, and to wait while memory is short.

use super::broker::Broker;
use super::channel::ChannelId;
use super::connection::ConnectionId;
use super::effect::{Notice, Sink};
use super::error::QueueError;
use super::request::Publication;
use super::route::{Published, Route};
use crate::time::Time;
use std::sync::Arc;

impl<B: Clone> Broker<B> {
    /// From now on publishes on this channel are numbered from 1, and confirmed (`confirm.select`, `docs/confirms`).
    ///
    /// # Errors
    /// Where the channel is not open.
    pub fn confirm_select(&mut self, channel: ChannelId) -> Result<(), QueueError> {
        self.open(channel)?.confirms.get_or_insert(0);
        Ok(())
    }

    /// As [`Broker::publish_to`], on a channel. With publisher confirms it is told at once what became of it; how long
    /// a broker takes to say so is for the driver to add. While memory is short, it blocks the connection.
    ///
    /// # Errors
    /// As [`Broker::publish_to`], and where the channel is not open or its connection is blocked.
    pub fn publish_on(
        &mut self,
        now: Time,
        channel: ChannelId,
        route: &Arc<Route>,
        publication: Publication<B>,
        mandatory: bool,
        sink: &mut impl Sink<B>,
    ) -> Result<Published<B>, QueueError> {
        let connection = self.open(channel)?.connection;
        if self.is_blocked(connection) {
            return Err(QueueError::Blocked(connection));
        }
        let was_alarmed = self.is_alarmed;
        let mut published = self.publish_to(now, route, publication, mandatory, sink)?;
        if let Some(count) = &mut self.open(channel)?.confirms {
            *count += 1;
            published.sequence = Some(*count);
            let notice = Notice::Confirmed {
                channel,
                sequence: *count,
                is_ack: published.is_confirmed(),
            };
            sink.notice(now, &notice);
        }
        if was_alarmed && self.is_alarmed {
            self.block(now, connection, sink);
        }
        Ok(published)
    }

    /// Whether nothing is to be read from this connection, as it publishes and memory is short.
    pub fn is_blocked(&self, connection: ConnectionId) -> bool {
        let connection = self.connections.get(connection.0);
        connection.is_some_and(|connection| connection.is_blocked)
    }

    /// Whether memory is short: more bytes are held than [`super::BrokerSettings::memory_limit`] allows.
    pub fn is_alarmed(&self) -> bool {
        self.is_alarmed
    }

    /// Bytes of the bodies of all messages, ready and unacked.
    pub fn bytes_held(&self) -> u64 {
        self.store.bytes()
    }

    #[inline]
    pub(super) fn is_too_full(&self) -> bool {
        self.store.bytes() > self.memory_limit
    }

    /// At the end of an input, so that what goes from one queue to another does not end it for a moment.
    #[cold]
    pub(super) fn change_alarm(&mut self, now: Time, sink: &mut impl Sink<B>) {
        self.is_alarmed = self.is_too_full();
        let is_on = self.is_alarmed;
        sink.notice(now, &Notice::Alarm { is_on });
        if is_on {
            return;
        }
        for (number, connection) in self.connections.iter_mut() {
            if std::mem::take(&mut connection.is_blocked) {
                let connection = ConnectionId(number);
                sink.notice(now, &Notice::Unblocked { connection });
            }
        }
    }

    fn block(&mut self, now: Time, id: ConnectionId, sink: &mut impl Sink<B>) {
        if let Some(connection) = self.connections.get_mut(id.0) {
            connection.is_blocked = true;
            sink.notice(now, &Notice::Blocked { connection: id });
        }
    }
}
