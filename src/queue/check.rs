//! Which queues a broker would not declare.

use super::error::SettingsError;
use super::rules::is_of_sqs;
use super::settings::{
    DeadLetterStrategy, Overflow, Profile, QueueKind, QueueSettings, SqsSettings,
};
use crate::time::Span;

impl QueueSettings {
    /// Whether a broker of this profile would declare such a queue.
    ///
    /// # Errors
    /// With the first rule that is broken.
    pub fn check(&self, profile: Profile) -> Result<(), SettingsError> {
        self.broken_rules(profile).next().map_or(Ok(()), Err)
    }

    /// Every rule for which a broker of this profile would not declare such a queue.
    pub fn broken_rules(&self, profile: Profile) -> impl Iterator<Item = SettingsError> {
        let at_least_once = self.dead_letter_strategy == DeadLetterStrategy::AtLeastOnce;
        let errors = [
            (
                self.kind == QueueKind::Quorum && self.overflow == Overflow::RejectPublishDlx,
                SettingsError::QuorumRejectPublishDlx,
            ),
            (
                self.kind == QueueKind::Quorum
                    && self.max_priority > 0
                    && profile == Profile::Rabbitmq310,
                SettingsError::QuorumMaxPriority,
            ),
            (
                self.kind == QueueKind::Quorum && self.transient,
                SettingsError::QuorumTransient,
            ),
            (
                self.kind == QueueKind::Quorum && self.owner.is_some(),
                SettingsError::QuorumExclusive,
            ),
            (
                self.kind == QueueKind::Quorum && self.auto_delete,
                SettingsError::QuorumAutoDelete,
            ),
            (
                self.consumer_timeout.is_some()
                    && !is_of_sqs(self.kind)
                    && (self.kind == QueueKind::Classic || profile == Profile::Rabbitmq310),
                SettingsError::ConsumerTimeout,
            ),
            (
                self.delayed_retry.is_some()
                    && !is_of_sqs(self.kind)
                    && (self.kind == QueueKind::Classic || profile == Profile::Rabbitmq310),
                SettingsError::DelayedRetry,
            ),
            (
                self.expires == Some(Span::ZERO),
                SettingsError::ExpiresAtOnce,
            ),
            (
                self.dead_letter.is_some() && self.dead_letter_exchange.is_some(),
                SettingsError::TwoDeadLetterDestinations,
            ),
            (
                at_least_once && self.kind == QueueKind::Classic,
                SettingsError::AtLeastOnceOfClassic,
            ),
            (
                at_least_once && self.overflow != Overflow::RejectPublish,
                SettingsError::AtLeastOnceAndOverflow,
            ),
            (
                at_least_once && self.dead_letter.is_none() && self.dead_letter_exchange.is_none(),
                SettingsError::AtLeastOnceToNowhere,
            ),
            (
                self.transient && self.owner.is_none() && profile == Profile::Rabbitmq43,
                SettingsError::Transient,
            ),
        ];
        let errors = self.rules_of_sqs().chain(errors);
        errors.filter_map(|(is_broken, error)| is_broken.then_some(error))
    }

    /// What does not go with a queue of SQS, and what of SQS goes with no other.
    fn rules_of_sqs(&self) -> impl Iterator<Item = (bool, SettingsError)> {
        let is_of_sqs = is_of_sqs(self.kind);
        let limits = self.max_length.is_some() || self.max_length_bytes.is_some();
        let goes = self.auto_delete || self.expires.is_some() || self.owner.is_some();
        let receives = self.sqs.max_receive_count;
        let strategy = self.dead_letter_strategy;
        let errors = [
            (
                limits || self.overflow != Overflow::DropHead,
                SettingsError::SqsLength,
            ),
            (self.max_priority > 0, SettingsError::SqsMaxPriority),
            (
                self.single_active_consumer,
                SettingsError::SqsSingleActiveConsumer,
            ),
            (
                self.consumer_timeout.is_some(),
                SettingsError::SqsConsumerTimeout,
            ),
            (self.delayed_retry.is_some(), SettingsError::SqsDelayedRetry),
            (
                self.delivery_limit.is_some(),
                SettingsError::SqsDeliveryLimit,
            ),
            (
                self.dead_letter_exchange.is_some(),
                SettingsError::SqsDeadLetterExchange,
            ),
            (
                strategy != DeadLetterStrategy::AtMostOnce,
                SettingsError::SqsDeadLetterStrategy,
            ),
            (goes || self.transient, SettingsError::SqsLife),
            (
                self.sqs.visibility_timeout > SqsSettings::LONGEST_VISIBILITY_TIMEOUT,
                SettingsError::SqsVisibilityTimeout,
            ),
            (
                self.sqs.delay > SqsSettings::LONGEST_DELAY,
                SettingsError::SqsDelay,
            ),
            (
                self.sqs.in_flight_limit == 0,
                SettingsError::SqsInFlightLimit,
            ),
            (
                receives.is_some_and(|most| !(1..=1000).contains(&most)),
                SettingsError::SqsMaxReceiveCount,
            ),
            (
                receives.is_some() && self.dead_letter.is_none(),
                SettingsError::SqsMaxReceiveCountToNowhere,
            ),
        ];
        let errors = errors.map(|(is_broken, error)| (is_of_sqs && is_broken, error));
        let alien = !is_of_sqs && self.sqs != SqsSettings::default();
        errors
            .into_iter()
            .chain([(alien, SettingsError::OnlyOfSqs)])
    }
}
