//! Why and how often a message was dead-lettered, and how cycles are cut.

use super::settings::QueueId;

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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Death {
    /// Where it died.
    pub queue: QueueId,
    /// Why.
    pub reason: Reason,
    /// How often there and so.
    pub count: u32,
}

/// A message's history, latest last. Empty, it costs a pointer and no allocation.
#[derive(Clone, Debug, Default)]
#[expect(
    clippy::box_collection,
    reason = "most messages never die: one pointer in each message instead of three words"
)]
pub(super) struct Deaths(Option<Box<Vec<Death>>>);

impl Deaths {
    /// Latest last.
    pub(super) fn all(&self) -> &[Death] {
        self.0.as_ref().map_or(&[], |deaths| deaths.as_slice())
    }

    /// Deaths in all, of every queue and reason.
    #[inline]
    pub(super) fn count(&self) -> u32 {
        match &self.0 {
            None => 0,
            Some(deaths) => deaths
                .iter()
                .fold(0, |sum, death| death.count.saturating_add(sum)),
        }
    }

    /// Counts a death, and makes it the latest.
    pub(super) fn record(&mut self, queue: QueueId, reason: Reason) {
        let deaths = self.0.get_or_insert_default();
        let known = deaths
            .iter()
            .position(|death| death.queue == queue && death.reason == reason);
        let count = known.map_or(0, |index| deaths.remove(index).count);
        deaths.push(Death {
            queue,
            reason,
            count: count + 1,
        });
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

    #[test]
    fn a_second_death_of_the_same_kind_is_counted_and_moves_to_the_end() {
        let mut deaths = Deaths::default();
        deaths.record(WORK, Reason::Rejected);
        deaths.record(WAIT, Reason::Expired);
        deaths.record(WORK, Reason::Rejected);
        let expected = [
            Death {
                queue: WAIT,
                reason: Reason::Expired,
                count: 1,
            },
            Death {
                queue: WORK,
                reason: Reason::Rejected,
                count: 2,
            },
        ];
        assert_eq!(deaths.all(), expected);
    }

    #[test]
    fn a_circle_without_a_rejection_is_a_cycle() {
        let mut deaths = Deaths::default();
        deaths.record(WORK, Reason::Expired);
        assert!(deaths.cycles_at(WORK));
        assert!(!deaths.cycles_at(WAIT));
    }

    #[test]
    fn a_rejection_in_the_circle_makes_it_legal() {
        let mut deaths = Deaths::default();
        deaths.record(WORK, Reason::Rejected);
        deaths.record(WAIT, Reason::Expired);
        assert!(!deaths.cycles_at(WORK));
    }
}
