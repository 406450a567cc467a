//! A pipe on a bench: messages are letters, what happened reads as a line of text.

use queuelab::queue::{
    Delivery, Effect, Exit, Levels, PeerId, Pipe, PipeSettings, QueueId, Sink, Stood,
};
use queuelab::time::{Span, Time};

/// Pushers …
pub(super) const A: PeerId = PeerId(10);
pub(super) const B: PeerId = PeerId(11);
pub(super) const C: PeerId = PeerId(12);
/// … and pullers.
pub(super) const X: PeerId = PeerId(20);
pub(super) const Y: PeerId = PeerId(21);
pub(super) const Z: PeerId = PeerId(22);

/// What the driver calls the pipe.
pub(super) const PIPE: QueueId = QueueId(7);

pub(super) struct Rig {
    pub(super) pipe: Pipe<char>,
    pub(super) now: Time,
    pub(super) log: Log,
}

/// What happened: letter, word.
#[derive(Default)]
pub(super) struct Log {
    entries: Vec<(char, String)>,
    pub(super) exits: Vec<(char, Exit, Stood)>,
}

impl Rig {
    /// All pushers are there before the first puller.
    pub(super) fn of(settings: PipeSettings, pushers: &[PeerId], pullers: &[PeerId]) -> Self {
        let mut rig = Self {
            pipe: Pipe::new(PIPE, settings),
            now: Time::ZERO,
            log: Log::default(),
        };
        for pusher in pushers {
            rig.add_pusher(*pusher);
        }
        for puller in pullers {
            rig.connect(*puller);
        }
        rig
    }

    pub(super) fn add_pusher(&mut self, pusher: PeerId) {
        let added = self.pipe.add_pusher(self.now, pusher, &mut self.log);
        added.expect("there is none of this name");
    }

    pub(super) fn crash(&mut self, pusher: PeerId) {
        let removed = self
            .pipe
            .remove_pusher(self.now, pusher, false, &mut self.log);
        removed.expect("it is there");
    }

    /// It lingers.
    pub(super) fn close(&mut self, pusher: PeerId) {
        let removed = self
            .pipe
            .remove_pusher(self.now, pusher, true, &mut self.log);
        removed.expect("it is there");
    }

    pub(super) fn connect(&mut self, puller: PeerId) {
        let connected = self.pipe.connect(self.now, puller, &mut self.log);
        connected.expect("there is none of this name");
    }

    pub(super) fn disconnect(&mut self, puller: PeerId) {
        let gone = self.pipe.disconnect(self.now, puller, &mut self.log);
        gone.expect("it is connected");
    }

    /// Pushes each letter, of 100 bytes; gives those that were refused.
    pub(super) fn push(&mut self, pusher: PeerId, letters: &str) -> String {
        let mut refused = String::new();
        for letter in letters.chars() {
            refused.extend(self.push_sized(pusher, letter, 100));
        }
        refused
    }

    pub(super) fn push_sized(&mut self, pusher: PeerId, letter: char, bytes: u32) -> Option<char> {
        let pushed = self
            .pipe
            .push(self.now, pusher, letter, bytes, &mut self.log);
        pushed.expect("the pusher is there")
    }

    /// Pushes until it is refused; gives how many were not.
    pub(super) fn fill(&mut self, pusher: PeerId, bytes: u32) -> u64 {
        let most = 100_000;
        let refused_at = (0..most).find(|_| self.push_sized(pusher, '-', bytes).is_some());
        refused_at.expect("there is a limit")
    }

    pub(super) fn ask(&mut self, puller: PeerId) {
        let asked = self.pipe.ask(self.now, puller, &mut self.log);
        asked.expect("the puller is there");
    }

    pub(super) fn poll(&mut self) -> Option<(PeerId, Delivery<char>)> {
        self.pipe.poll_delivery(self.now, &mut self.log)
    }

    /// The application receives so many, or as many as there are.
    pub(super) fn receive(&mut self, puller: PeerId, count: usize) -> String {
        let mut letters = String::new();
        for _ in 0..count {
            self.ask(puller);
            let Some((to, delivery)) = self.poll() else {
                break;
            };
            assert_eq!(to, puller);
            letters.push(delivery.body);
        }
        letters
    }

    /// All that there is.
    pub(super) fn drain(&mut self, puller: PeerId) -> String {
        self.receive(puller, usize::MAX)
    }

    pub(super) fn pass(&mut self, millis: u64) {
        self.now = self.now + Span::from_nanos(millis * 1_000_000);
    }

    /// (ready, unacked)
    pub(super) fn levels(&self) -> (u64, u64) {
        let levels = self.pipe.levels();
        (levels.ready, levels.unacked)
    }

    /// What happened so far: `a accepted, a delivered`.
    pub(super) fn history(&self) -> String {
        let entries = self.log.entries.iter();
        let lines: Vec<String> = entries
            .map(|(letter, word)| format!("{letter} {word}"))
            .collect();
        lines.join(", ")
    }

    /// Letters that went with a peer, in that order.
    pub(super) fn lost(&self) -> String {
        let exits = self.log.exits.iter();
        let lost = exits.filter(|(_, exit, _)| *exit == Exit::PeerLost);
        lost.map(|(letter, ..)| *letter).collect()
    }
}

impl Sink<char> for Log {
    fn effect(&mut self, _: Time, queue: QueueId, effect: &Effect<'_, char>, _: Levels) {
        assert_eq!(queue, PIPE);
        let (letter, word) = match effect {
            Effect::Refused { body, .. } => (**body, "refused".to_owned()),
            Effect::Accepted { message } => (message.body, "accepted".to_owned()),
            Effect::Delivered { message, consumer } => {
                assert_eq!(*consumer, None);
                (message.body, "delivered".to_owned())
            }
            Effect::Left {
                message,
                exit,
                stood,
                ..
            } => {
                self.exits.push((message.body, *exit, *stood));
                (message.body, format!("{exit:?}"))
            }
            Effect::Returned { .. } | Effect::Withheld { .. } | Effect::Copied { .. } => {
                panic!("{effect:?} in a pipe")
            }
        };
        self.entries.push((letter, word));
    }
}
