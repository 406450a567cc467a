//! What is recorded of a producer, and of the exits by which its messages leave.

use super::bucket::Level;
use super::latency::{Latency, PackedLatency};
use super::recorder::Setup;
use crate::time::{Span, Time};
use std::sync::Arc;

/// Figures of one segment of a run.
#[derive(Clone, Debug, Default)]
pub struct ProducerFigures {
    /// Length of the segment.
    pub time: Span,
    /// Messages made in it.
    pub made: u64,
    /// Messages made and held back.
    pub held: Level,
    /// As many were held back at its end.
    pub held_at_end: u64,
    /// Time for which it might not publish.
    pub blocked: Span,
    /// Of messages made in the segment, first start of work on a copy as it was published − when it was made.
    pub wait: PackedLatency,
    /// Likewise, end of the last that came of a message − when it was made, of those that were completed.
    pub latency: PackedLatency,
    /// Likewise, messages that are never completed.
    pub lost: u64,
    /// Likewise, acked at delivery and gone with the consumer that held them: part of the lost.
    pub abandoned: u64,
}

/// A producer while it is recorded.
#[derive(Clone, Debug)]
pub(super) struct ProducerRecorder {
    last: Time,
    held: u64,
    is_blocked: bool,
    /// Where segments end; the last never does.
    cuts: Arc<[Time]>,
    segments: Vec<Segment>,
    /// The segment that time is in …
    current: usize,
    /// … where it began …
    current_from: Time,
    /// … and where it ends.
    border: Time,
}

#[derive(Clone, Debug, Default)]
struct Segment {
    time: Span,
    made: u64,
    held: Level,
    held_at_end: u64,
    blocked: Span,
    wait: Latency,
    latency: Latency,
    lost: u64,
    abandoned: u64,
}

impl ProducerRecorder {
    pub(super) fn new(setup: &Setup) -> Self {
        Self {
            last: Time::ZERO,
            held: 0,
            is_blocked: false,
            cuts: Arc::clone(&setup.cuts),
            segments: vec![Segment::default(); setup.cuts.len() + 1],
            current: 0,
            current_from: Time::ZERO,
            border: setup.cuts[0],
        }
    }

    /// It has made a message.
    #[inline]
    pub(super) fn made(&mut self, now: Time) {
        // What is held back does not change by it, so that only the segment has to be the right one.
        if now >= self.border {
            self.advance(now);
        }
        self.segments[self.current].made += 1;
    }

    /// From now on it holds back so many messages, and may publish or not.
    pub(super) fn held_back(&mut self, now: Time, held: u64, is_blocked: bool) {
        self.advance(now);
        (self.held, self.is_blocked) = (held, is_blocked);
    }

    /// Work on a message that was made at `born` has begun.
    #[inline]
    pub(super) fn started(&mut self, now: Time, born: Time) {
        self.of(born).wait.record(now - born);
    }

    /// All that was to be done with a message is done, or it is lost.
    #[inline]
    pub(super) fn ended(&mut self, now: Time, born: Time, completed: bool) {
        let segment = self.of(born);
        if completed {
            segment.latency.record(now - born);
        } else {
            segment.lost += 1;
        }
    }

    /// A message is gone with its consumer.
    pub(super) fn abandoned(&mut self, born: Time) {
        self.of(born).abandoned += 1;
    }

    pub(super) fn finish(mut self, end: Time) -> Vec<ProducerFigures> {
        self.advance(end);
        self.segments.iter().map(Segment::pack).collect()
    }

    /// The segment that an instant lies in; mostly the current one.
    #[inline]
    fn of(&mut self, instant: Time) -> &mut Segment {
        let segment = if instant >= self.current_from {
            self.current
        } else {
            segment_of(&self.cuts, instant)
        };
        &mut self.segments[segment]
    }

    fn advance(&mut self, now: Time) {
        while self.last < now {
            let until = now.min(self.border);
            let (segment, span) = (&mut self.segments[self.current], until - self.last);
            segment.time += span;
            segment.held.add(self.held, span.as_nanos());
            segment.held_at_end = self.held;
            if self.is_blocked {
                segment.blocked += span;
            }
            self.last = until;
            if until == self.border {
                self.current += 1;
                self.current_from = until;
                let next = self.cuts.get(self.current);
                self.border = next.copied().unwrap_or(Time::NEVER);
            }
        }
    }
}

impl Segment {
    fn pack(&self) -> ProducerFigures {
        ProducerFigures {
            time: self.time,
            made: self.made,
            held: self.held,
            held_at_end: self.held_at_end,
            blocked: self.blocked,
            wait: self.wait.pack(),
            latency: self.latency.pack(),
            lost: self.lost,
            abandoned: self.abandoned,
        }
    }
}

/// Messages that left by one exit, by segment.
#[derive(Clone, Debug, Default)]
pub struct ExitFigures {
    /// In the segment.
    pub events: u64,
    /// Of those made in the segment.
    pub cohort: u64,
}

/// The segment that an instant lies in.
pub(super) fn segment_of(cuts: &[Time], instant: Time) -> usize {
    cuts.partition_point(|cut| *cut <= instant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_back_is_counted_in_the_segments_that_it_lasts_through() {
        let at = Time::from_nanos;
        let setup = Setup {
            cuts: Arc::from([at(10), at(30)]),
            bucket_width: Span::from_nanos(10),
            drain_from: Vec::new(),
            partitions: Vec::new(),
            waits: Vec::new(),
            pools: 0,
            producers: 1,
            exits: 0,
        };
        let mut recorder = ProducerRecorder::new(&setup);
        recorder.held_back(at(5), 2, true);
        recorder.held_back(at(25), 0, false);
        let segments = recorder.finish(at(40));
        let told = segments.iter().map(|segment| {
            let Level { area, max, .. } = segment.held;
            (
                segment.time.as_nanos(),
                area,
                max,
                segment.blocked.as_nanos(),
            )
        });
        assert!(told.eq([(10, 10, 2, 5), (20, 30, 2, 15), (10, 0, 0, 0)]));
    }
}
