//! Between the core and the probe: passes every effect on, and notes which closed clients have their answer.

use crate::measure::Probe;
use crate::queue::{Effect, Levels, QueueId, Sink};
use crate::time::Time;
use crate::workload::Job;
use std::collections::VecDeque;

pub(super) struct Relay<'a, P> {
    pub(super) probe: &'a mut P,
    /// By producer: whether its clients wait for an answer.
    pub(super) closed: Vec<bool>,
    answered: VecDeque<Job>,
}

impl<'a, P> Relay<'a, P> {
    pub(super) fn new(probe: &'a mut P) -> Self {
        Self {
            probe,
            closed: Vec::new(),
            answered: VecDeque::new(),
        }
    }

    /// The next message whose client has its answer.
    #[inline]
    pub(super) fn next_answer(&mut self) -> Option<Job> {
        self.answered.pop_front()
    }
}

impl<P: Probe> Sink<Job> for Relay<'_, P> {
    #[inline]
    fn effect(&mut self, now: Time, queue: QueueId, effect: &Effect<'_, Job>, levels: Levels) {
        self.probe.effect(now, queue, effect, levels);
        let ended = match *effect {
            Effect::Left {
                message,
                dead_lettered_to: [],
                ..
            } => &message.body,
            Effect::Refused {
                body,
                dead_lettered_to: [],
            } => body,
            Effect::Left { .. } | Effect::Refused { .. } => return,
            Effect::Accepted { .. } | Effect::Delivered { .. } | Effect::Returned { .. } => return,
        };
        if self.closed[ended.producer as usize] {
            self.answered.push_back(*ended);
        }
    }
}
