//! Which queues a broker would not declare.

use super::error::SettingsError;
use super::settings::{DeadLetterStrategy, Overflow, Profile, QueueKind, QueueSettings};
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
                    && (self.kind == QueueKind::Classic || profile == Profile::Rabbitmq310),
                SettingsError::ConsumerTimeout,
            ),
            (
                self.delayed_retry.is_some()
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
        let broken = errors.into_iter().filter(|(is_broken, _)| *is_broken);
        broken.map(|(_, error)| error)
    }
}
