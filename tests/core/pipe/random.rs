//! Random operations on a pipe and on the model, compared after each.
//!
//! `QUEUELAB_SEED=n` replays one round, `QUEUELAB_ROUNDS=n` asks for more of them.

use super::model::{Event, Letter, Model, What};
use super::rig::PIPE;
use crate::rounds::{Dice, Verdict, caught, rounds, same, smallest};
use queuelab::queue::{
    Delivery, Effect, Levels, Message, PeerId, Pipe, PipeSettings, QueueId, Sink, Transport,
};
use queuelab::time::{Span, Time};

/// A few seconds' worth on one core in release; a debug build is to be done as soon.
const ROUNDS: u64 = if cfg!(debug_assertions) { 100 } else { 3_000 };

#[test]
fn a_pipe_does_what_the_naive_model_does() {
    rounds(ROUNDS).for_each(check);
}

fn check(seed: u64) {
    let plan = Plan::draw(seed);
    if let Some((at, text)) = plan.failure() {
        let smallest = plan.clone().shrink(at);
        let (_, last) = smallest.failure().unwrap_or((at, text.clone()));
        panic!(
            "seed {seed}, operation {at} of {}: {text}\nQUEUELAB_SEED={seed} replays it. The same in {} operations: {last}\n{:?}\n{:?}",
            plan.operations.len(),
            smallest.operations.len(),
            smallest.settings,
            smallest.operations,
        );
    }
}

#[derive(Clone, Copy, Debug)]
enum Operation {
    AddPusher(PeerId),
    RemovePusher(PeerId, bool),
    Connect(PeerId),
    Disconnect(PeerId),
    Push(PeerId, u32),
    Ask(PeerId),
    Poll,
    PollAll,
    Expire,
    Advance(u64),
}

const KINDS: usize = 10;

/// A round: how the sockets are set, and what is done.
#[derive(Clone)]
struct Plan {
    settings: PipeSettings,
    operations: Vec<Operation>,
}

impl Plan {
    fn draw(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let settings = dice.pipe_settings();
        let length = 50 + dice.below(300);
        let weights: [u64; KINDS] = dice.weights();
        let peers = 1 + dice.below(4) as u32;
        let first = (0..peers).flat_map(|peer| {
            let peer = PeerId(peer);
            [Operation::AddPusher(peer), Operation::Connect(peer)]
        });
        let mut operations: Vec<Operation> = first.collect();
        operations.extend((0..length).map(|_| dice.pipe_operation(&weights, peers)));
        Self {
            settings,
            operations,
        }
    }

    /// Where and what the first difference is, if there is one.
    fn failure(&self) -> Option<(usize, String)> {
        let mut pair = Pair::new(self.settings);
        for (at, operation) in self.operations.iter().enumerate() {
            let verdict = caught(|| {
                pair.run(*operation)?;
                pair.compare()
            });
            if let Err(text) = verdict {
                return Some((at, text));
            }
        }
        None
    }

    /// Leaves out all that is not needed to fail.
    fn shrink(mut self, at: usize) -> Self {
        self.operations.truncate(at + 1);
        let fails = |operations: &[Operation]| {
            let operations = operations.to_vec();
            Self {
                operations,
                ..self.clone()
            }
            .failure()
            .is_some()
        };
        self.operations = smallest(self.operations.clone(), fails);
        self
    }
}

impl Dice {
    fn pipe_settings(&mut self) -> PipeSettings {
        let kernel_buffer_bytes = self.one_of(&[0, 1, 102, 300, 1000, 5000]);
        let tcp = Transport::Tcp {
            kernel_buffer_bytes,
        };
        PipeSettings {
            send_high_water_mark: self.below(8) as u32,
            receive_high_water_mark: self.below(8) as u32,
            transport: self.one_of(&[tcp, tcp, Transport::Inproc]),
            push_binds: self.one_of(&[true, false]),
        }
    }

    fn pipe_operation(&mut self, weights: &[u64; KINDS], peers: u32) -> Operation {
        let kind = self.pipe_kind(weights);
        // Now and then one that was never there.
        let peer = PeerId(self.below(u64::from(peers) + 1) as u32);
        match kind {
            0 => Operation::AddPusher(peer),
            1 => Operation::RemovePusher(peer, self.one_of(&[true, false])),
            2 => Operation::Connect(peer),
            3 => Operation::Disconnect(peer),
            5 => Operation::Ask(peer),
            6 => Operation::Poll,
            7 => Operation::PollAll,
            8 => Operation::Expire,
            9 => Operation::Advance(self.below(3)),
            _ => Operation::Push(peer, self.one_of(&[0, 1, 100, 100, 255, 256, 1000])),
        }
    }

    /// Those who come and go do so seldom enough for something to wait; pushes are a third of all at least.
    fn pipe_kind(&mut self, weights: &[u64; KINDS]) -> usize {
        let weight = |kind: usize| match kind {
            0..=3 => weights[kind],
            _ => 4 * weights[kind],
        };
        let total: u64 = (0..KINDS).map(weight).sum();
        let mut left = self.below(total + total / 2 + 1);
        for kind in 0..KINDS {
            match left.checked_sub(weight(kind)) {
                Some(rest) => left = rest,
                None => return kind,
            }
        }
        KINDS
    }
}

/// What the core told.
#[derive(Default)]
struct Tape(Vec<Event>);

impl Sink<u32> for Tape {
    fn effect(&mut self, now: Time, queue: QueueId, effect: &Effect<'_, u32>, levels: Levels) {
        assert_eq!(queue, PIPE);
        let what = match effect {
            Effect::Refused { body, .. } => What::Refused(**body),
            Effect::Accepted { message } => What::Accepted(letter(message)),
            Effect::Delivered { message, .. } => What::Delivered(letter(message)),
            Effect::Left {
                message,
                exit,
                stood,
                ..
            } => What::Left(letter(message), *exit, *stood),
            Effect::Returned { .. } | Effect::Withheld { .. } | Effect::Copied { .. } => {
                panic!("{effect:?} in a pipe")
            }
        };
        self.0.push(Event { now, what, levels });
    }
}

fn letter(message: &Message<u32>) -> Letter {
    Letter {
        number: message.body,
        bytes: message.bytes,
        enqueued: message.enqueued,
        deliveries: message.deliveries,
    }
}

/// The core and the model, side by side.
struct Pair {
    core: Pipe<u32>,
    model: Model,
    tape: Tape,
    now: Time,
    /// Pushes so far, refused ones too.
    pushes: u32,
    deliveries: u64,
    /// Of the tape, how much was compared.
    compared: usize,
}

impl Pair {
    fn new(settings: PipeSettings) -> Self {
        Self {
            core: Pipe::new(PIPE, settings),
            model: Model::new(settings),
            tape: Tape::default(),
            now: Time::ZERO,
            pushes: 0,
            deliveries: 0,
            compared: 0,
        }
    }

    fn run(&mut self, operation: Operation) -> Verdict {
        let Self {
            core,
            model,
            tape,
            now,
            ..
        } = self;
        let now = *now;
        match operation {
            Operation::AddPusher(id) => same(
                "added",
                core.add_pusher(now, id, tape),
                model.add_pusher(id),
            ),
            Operation::RemovePusher(id, lingers) => {
                let removed = core.remove_pusher(now, id, lingers, tape);
                same("removed", removed, model.remove_pusher(now, id, lingers))
            }
            Operation::Connect(id) => same(
                "connected",
                core.connect(now, id, tape),
                model.connect(now, id),
            ),
            Operation::Disconnect(id) => {
                let gone = core.disconnect(now, id, tape);
                same("disconnected", gone, model.disconnect(now, id))
            }
            Operation::Push(id, bytes) => {
                self.pushes += 1;
                let pushed = core.push(now, id, self.pushes, bytes, tape);
                let accepted = pushed.map(|refused| refused.is_none());
                same("pushed", accepted, model.push(now, id, self.pushes, bytes))
            }
            Operation::Ask(id) => same("asked", core.ask(now, id, tape), model.ask(id)),
            Operation::Poll => self.poll().map(|_| ()),
            Operation::PollAll => {
                while self.poll()? {}
                Ok(())
            }
            Operation::Expire => {
                core.expire(now, tape);
                same("deadline", core.next_deadline(), Time::NEVER)
            }
            Operation::Advance(by) => {
                self.now = now + Span::from_nanos(by);
                Ok(())
            }
        }
    }

    /// Whether somebody received something.
    fn poll(&mut self) -> Result<bool, String> {
        let delivery = self.core.poll_delivery(self.now, &mut self.tape);
        let delivery = delivery.map(|(id, delivery)| {
            let Delivery {
                body,
                bytes,
                enqueued,
                tag,
                ..
            } = delivery;
            (id, body, bytes, enqueued, tag)
        });
        let expected = self.model.poll(self.now);
        let is_some = expected.is_some();
        self.deliveries += u64::from(is_some);
        let expected = expected.map(|(id, letter)| {
            (
                id,
                letter.number,
                letter.bytes,
                letter.enqueued,
                self.deliveries,
            )
        });
        same("received", delivery, expected)?;
        Ok(is_some)
    }

    fn compare(&mut self) -> Verdict {
        let (core, model) = (&self.core, &self.model);
        let fresh = &self.tape.0[self.compared..];
        same(
            "effects",
            fresh,
            &model.history[self.compared.min(model.history.len())..],
        )?;
        self.compared = self.tape.0.len();
        same("levels", core.levels(), model.levels())?;
        let letters: Vec<Letter> = core.messages().map(letter).collect();
        same("count", core.message_count(), letters.len())?;
        same("messages", letters, model.letters())?;
        let mut total = 0;
        for id in (0..5).map(PeerId) {
            same("held", core.held_for(id), model.held_for(id))?;
            same("accepts", core.accepts(id), model.accepts(id))?;
            total += model.held_for(id).total();
        }
        same("held by all", core.held().total(), total)
    }
}
