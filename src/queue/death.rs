//! Why and how often a message was dead-lettered, and how cycles are cut.

use super::exchange::ExchangeId;
use super::route::Route;
use super::settings::QueueId;
use crate::time::{Span, Time};
use std::sync::Arc;

/// Why a message was dead-lettered, in RabbitMQ's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// `rejected`: nack or reject without requeue.
    Rejected,
    /// `expired`: its time to live ended.
    Expired,
    /// `maxlen`: the queue was too long.
    MaxLen,
    /// `delivery_limit`: it came back too often.
    DeliveryLimit,
}

/// One line of a message's history: RabbitMQ's `x-death` keeps one for each queue and reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Death {
    /// Where it died.
    pub queue: QueueId,
    /// Why.
    pub reason: Reason,
    /// How often there and so.
    pub count: u32,
    /// When it did for the first time.
    pub at: Time,
    /// How it was addressed when it did for the first time: `exchange` and `routing-keys`. `None` is straight to the
    /// queue, by its name.
    pub route: Option<Arc<Route>>,
    /// The time to live of its own that it had when it did for the first time, and has lost since:
    /// `original-expiration` (`docs/dlx`).
    pub original_expiration: Option<Span>,
}

/// What has just happened to a message.
#[derive(Clone, Copy, Debug)]
pub(super) struct Died {
    pub(super) queue: QueueId,
    pub(super) reason: Reason,
    /// Its own time to live.
    pub(super) ttl: Option<Span>,
}

/// What RabbitMQ writes as `x-first-death-…`, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstDeath {
    /// Where it died.
    pub queue: QueueId,
    /// Why.
    pub reason: Reason,
    /// Where it had been published.
    pub exchange: ExchangeId,
}

/// A message's history, and what else few messages have. Empty, it costs a pointer and no allocation.
#[derive(Clone, Debug, Default)]
pub(super) struct Deaths(Option<Box<History>>);

#[derive(Clone, Debug, Default)]
struct History {
    first: Option<FirstDeath>,
    /// Latest last.
    deaths: Vec<Death>,
    /// A time to live of its own that does not decide: its queue's is shorter, or it ends after the end of time.
    longer_ttl: Option<Span>,
    /// When it was published to the first queue from which it was moved, where retention counts from there.
    first_enqueued: Option<Time>,
}

impl Deaths {
    /// Latest last.
    pub(super) fn all(&self) -> &[Death] {
        self.0.as_ref().map_or(&[], |history| &history.deaths)
    }

    pub(super) fn first(&self) -> Option<&FirstDeath> {
        self.0.as_ref()?.first.as_ref()
    }

    pub(super) fn longer_ttl(&self) -> Option<Span> {
        self.0.as_ref()?.longer_ttl
    }

    #[cold]
    pub(super) fn keep_longer_ttl(&mut self, ttl: Span) {
        self.0.get_or_insert_default().longer_ttl = Some(ttl);
    }

    pub(super) fn first_enqueued(&self) -> Option<Time> {
        self.0.as_ref()?.first_enqueued
    }

    /// Unless an earlier one is known.
    pub(super) fn keep_first_enqueued(&mut self, enqueued: Time) {
        let history = self.0.get_or_insert_default();
        history.first_enqueued.get_or_insert(enqueued);
    }

    /// Deaths in `queue`, of every reason.
    #[inline]
    pub(super) fn count_in(&self, queue: QueueId) -> u32 {
        match &self.0 {
            None => 0,
            Some(history) => history
                .deaths
                .iter()
                .filter(|death| death.queue == queue)
                .fold(0, |sum, death| death.count.saturating_add(sum)),
        }
    }

    /// Counts a death of what was addressed by `route`, and makes it the latest.
    pub(super) fn record(&mut self, now: Time, died: Died, route: Option<Arc<Route>>) {
        let Died { queue, reason, ttl } = died;
        let history = self.0.get_or_insert_default();
        history.longer_ttl = None;
        history.first.get_or_insert_with(|| FirstDeath {
            queue,
            reason,
            exchange: route.as_ref().map_or(ExchangeId::DEFAULT, |r| r.exchange),
        });
        let deaths = &mut history.deaths;
        let is_same = |death: &Death| death.queue == queue && death.reason == reason;
        let mut death = match deaths.iter().position(is_same) {
            Some(known) => deaths.remove(known),
            None => Death {
                queue,
                reason,
                count: 0,
                at: now,
                route,
                original_expiration: ttl,
            },
        };
        death.count = death.count.saturating_add(1);
        deaths.push(death);
    }

    /// Whether a message with this history has come to `queue` in a circle that turns by itself, with no consumer's
    /// rejection in it. RabbitMQ drops such messages (docs/dlx, "Automatic Dead Lettering Cycles").
    pub(super) fn cycles_at(&self, queue: QueueId) -> bool {
        let mut circle = self.all().iter().rev();
        loop {
            match circle.next() {
                None => return false,
                Some(death) if death.reason == Reason::Rejected => return false,
                Some(death) if death.queue == queue => return true,
                Some(_) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORK: QueueId = QueueId(0);
    const WAIT: QueueId = QueueId(1);

    fn record(deaths: &mut Deaths, queue: QueueId, reason: Reason) {
        let ttl = None;
        deaths.record(Time::ZERO, Died { queue, reason, ttl }, None);
    }

    #[test]
    fn a_second_death_of_the_same_kind_is_counted_and_moves_to_the_end() {
        let mut deaths = Deaths::default();
        record(&mut deaths, WORK, Reason::Rejected);
        record(&mut deaths, WAIT, Reason::Expired);
        record(&mut deaths, WORK, Reason::Rejected);
        let told = deaths.all().iter().map(|death| (death.queue, death.count));
        assert!(told.eq([(WAIT, 1), (WORK, 2)]));
        assert_eq!((deaths.count_in(WORK), deaths.count_in(WAIT)), (2, 1));
    }

    #[test]
    fn a_circle_without_a_rejection_is_a_cycle() {
        let mut deaths = Deaths::default();
        record(&mut deaths, WORK, Reason::Expired);
        assert!(deaths.cycles_at(WORK));
        assert!(!deaths.cycles_at(WAIT));
    }

    #[test]
    fn a_rejection_in_the_circle_makes_it_legal() {
        let mut deaths = Deaths::default();
        record(&mut deaths, WORK, Reason::Rejected);
        record(&mut deaths, WAIT, Reason::Expired);
        assert!(!deaths.cycles_at(WORK));
    }
}
