//! Policies: rules that are laid on a queue from outside, and may change while it runs (`docs/policies`).

use super::broker::Broker;
use super::effect::Sink;
use super::error::{QueueError, SettingsError};
use super::rules::{Rules, is_of_sqs};
use super::settings::{DeadLetterExchange, Overflow, QueueId, QueueKind, QueueSettings};
use crate::time::{Span, Time};
use std::sync::Arc;

/// What a policy says of a queue, beside what it was declared with. Of two numbers the smaller holds; of all else, what
/// the queue was declared with (`docs/parameters#policies`). What a kind of queue does not know it ignores; queues of
/// SQS know no policies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// See [`QueueSettings::max_length`].
    pub max_length: Option<u64>,
    /// See [`QueueSettings::max_length_bytes`].
    pub max_length_bytes: Option<u64>,
    /// Holds where the queue was declared to drop its head, which is what a queue does that was declared with nothing.
    pub overflow: Option<Overflow>,
    /// Of messages published from now on: what is in the queue keeps the time it has.
    pub message_ttl: Option<Span>,
    /// See [`QueueSettings::expires`]; more than 0.
    pub expires: Option<Span>,
    /// Holds where the queue was declared without an exchange, or a queue, for dead letters.
    pub dead_letter_exchange: Option<String>,
    /// Holds where the queue was declared without a key for them.
    pub dead_letter_routing_key: Option<Arc<str>>,
    /// [`QueueSettings::NO_DELIVERY_LIMIT`] is more than any number.
    pub delivery_limit: Option<u32>,
    /// Of quorum queues of 4.3, and of what is delivered from now on.
    pub consumer_timeout: Option<Span>,
}

impl QueueSettings {
    /// What holds of a queue that was declared like this, under `policy`.
    #[must_use]
    pub fn under(&self, policy: &Policy) -> Self {
        if is_of_sqs(self.kind) {
            return self.clone();
        }
        let is_known = |overflow: &Overflow| {
            self.kind == QueueKind::Classic || *overflow != Overflow::RejectPublishDlx
        };
        let overflow = match self.overflow {
            Overflow::DropHead => policy.overflow.filter(is_known),
            Overflow::RejectPublish | Overflow::RejectPublishDlx => None,
        };
        Self {
            max_length: smaller(self.max_length, policy.max_length),
            max_length_bytes: smaller(self.max_length_bytes, policy.max_length_bytes),
            overflow: overflow.unwrap_or(self.overflow),
            message_ttl: smaller(self.message_ttl, policy.message_ttl),
            expires: smaller(self.expires, policy.expires),
            dead_letter_exchange: self.dead_letter_exchange_under(policy),
            delivery_limit: smaller(self.delivery_limit, policy.delivery_limit),
            consumer_timeout: smaller(self.consumer_timeout, policy.consumer_timeout),
            ..self.clone()
        }
    }

    /// Name and key are looked up each for itself.
    fn dead_letter_exchange_under(&self, policy: &Policy) -> Option<DeadLetterExchange> {
        if self.dead_letter.is_some() {
            return None;
        }
        let own = self.dead_letter_exchange.as_ref();
        let own_name = own.map(|own| &own.name);
        let own_key = own.and_then(|own| own.routing_key.as_ref());
        let name = own_name.or(policy.dead_letter_exchange.as_ref())?;
        let key = own_key.or(policy.dead_letter_routing_key.as_ref());
        Some(DeadLetterExchange {
            name: name.clone(),
            routing_key: key.cloned(),
        })
    }
}

fn smaller<T: Ord>(one: Option<T>, other: Option<T>) -> Option<T> {
    one.into_iter().chain(other).min()
}

impl<B: Clone> Broker<B> {
    /// Lays `policy` on a queue, in place of the one that was; [`Policy::default`] is none. What is too long by it is
    /// shortened at once. The time without use of a classic queue begins anew (rabbit_amqqueue_process).
    ///
    /// # Errors
    /// Where the queue is not there, or is to expire after no time.
    pub fn set_policy(
        &mut self,
        now: Time,
        queue: QueueId,
        policy: &Policy,
        sink: &mut impl Sink<B>,
    ) -> Result<(), QueueError> {
        self.find(queue)?;
        let state = &mut self.queues[queue.index()];
        if policy.expires == Some(Span::ZERO) {
            return Err(SettingsError::ExpiresAtOnce.into());
        }
        let settings = state.declared.under(policy);
        state.rules = Rules::of(&settings, &self.settings);
        state.settings = settings;
        state.dead_letter_route = None;
        if !state.rules.is_quorum() {
            state.unused_since = now;
        }
        self.reset_lease_timer(now, queue);
        if self.queues[queue.index()].drops_its_head() {
            self.dispatch_into_outbox(now, queue, sink);
            self.shorten(now, queue, sink);
        }
        self.line_changed(now, queue);
        self.send_what_is_due(now, queue, sink);
        self.bury(now, sink);
        Ok(())
    }
}
