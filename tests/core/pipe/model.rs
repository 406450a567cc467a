//! The rules of pipes again, in the simplest code that can be believed: messages in vectors, nothing kept that can be
//! counted. It shares types with the core, and no code.
//!
//! What a writer knows of its reader is not kept but reckoned: how much was read, rounded down to whole halves of the
//! mark.

use queuelab::queue::{Exit, Held, Levels, PeerId, PipeError, PipeSettings, Stood, Transport};
use queuelab::time::Time;
use std::collections::VecDeque;

/// What a test knows of an effect.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Event {
    pub(super) now: Time,
    pub(super) what: What,
    pub(super) levels: Levels,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum What {
    Refused(u32),
    Accepted(Letter),
    Delivered(Letter),
    Left(Letter, Exit, Stood),
}

/// What can be seen of a message.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Letter {
    /// Its body; bodies count pushes.
    pub(super) number: u32,
    pub(super) bytes: u32,
    pub(super) enqueued: Time,
    pub(super) deliveries: u32,
}

struct Lane {
    name: u32,
    pusher: PeerId,
    puller: PeerId,
    is_fed: bool,
    is_connected: bool,
    sender: VecDeque<Letter>,
    kernel: VecDeque<Letter>,
    receiver: VecDeque<Letter>,
    /// Ever written to the first line, and read from it …
    pushed: u64,
    taken: u64,
    /// … and to the last, since its puller came.
    come: u64,
    received: u64,
}

struct Socket {
    id: PeerId,
    /// Lanes that are to be tried.
    turns: Vec<u32>,
    current: usize,
    is_connected: bool,
    asked: Option<u64>,
}

pub(super) struct Model {
    settings: PipeSettings,
    lanes: Vec<Lane>,
    pushers: Vec<Socket>,
    pullers: Vec<Socket>,
    names: u32,
    asked: u64,
    pub(super) history: Vec<Event>,
}

type Answer = Result<(), PipeError>;

impl Socket {
    fn new(id: PeerId) -> Self {
        Self {
            id,
            turns: Vec::new(),
            current: 0,
            is_connected: true,
            asked: None,
        }
    }

    fn leave_out(&mut self, lane: u32) {
        let place = self.turns.iter().position(|other| *other == lane);
        if let Some(place) = place {
            self.turns.swap_remove(place);
            self.wrap();
        }
    }

    fn join(&mut self, lane: u32) {
        if !self.turns.contains(&lane) {
            self.turns.push(lane);
        }
    }

    fn wrap(&mut self) {
        if self.current >= self.turns.len() {
            self.current = 0;
        }
    }
}

/// Whether there is room where so many were written, and so many read.
fn has_room(mark: u64, written: u64, read: u64) -> bool {
    if mark == 0 {
        return true;
    }
    let half = mark.div_ceil(2);
    let known = read / half * half;
    written < known + mark
}

impl Lane {
    fn is_empty(&self) -> bool {
        self.sender.is_empty() && self.kernel.is_empty() && self.receiver.is_empty()
    }
}

impl Model {
    pub(super) fn new(settings: PipeSettings) -> Self {
        Self {
            settings,
            lanes: Vec::new(),
            pushers: Vec::new(),
            pullers: Vec::new(),
            names: 0,
            asked: 0,
            history: Vec::new(),
        }
    }

    pub(super) fn add_pusher(&mut self, id: PeerId) -> Answer {
        if self.pushers.iter().any(|pusher| pusher.id == id) {
            return Err(PipeError::PusherIsThere(id));
        }
        self.pushers.push(Socket::new(id));
        for puller in sorted(&self.pullers) {
            self.lay(id, puller);
        }
        Ok(())
    }

    pub(super) fn remove_pusher(&mut self, now: Time, id: PeerId, lingers: bool) -> Answer {
        let place = self.pushers.iter().position(|pusher| pusher.id == id);
        let place = place.ok_or(PipeError::UnknownPusher(id))?;
        self.pushers.remove(place);
        for name in self.names_of(|lane| lane.is_fed && lane.pusher == id) {
            self.lane(name).is_fed = false;
            if !lingers {
                self.lose(now, name, |lane| &mut lane.sender, Stood::Ready);
            }
        }
        self.clear_up();
        Ok(())
    }

    pub(super) fn connect(&mut self, now: Time, id: PeerId) -> Answer {
        if self.is_connected(id) {
            return Err(PipeError::PullerIsThere(id));
        }
        if let Some(puller) = self.pullers.iter_mut().find(|puller| puller.id == id) {
            puller.is_connected = true;
            puller.current = 0;
            let kept = self.names_of(|lane| lane.puller == id);
            for name in &kept {
                let lane = self.lane(*name);
                (lane.is_connected, lane.come, lane.received) = (true, 0, 0);
            }
            self.puller(id).turns = kept.clone();
            for name in kept {
                self.pump(now, name);
            }
        } else {
            self.pullers.push(Socket::new(id));
            for pusher in sorted(&self.pushers) {
                self.lay(pusher, id);
            }
        }
        Ok(())
    }

    pub(super) fn disconnect(&mut self, now: Time, id: PeerId) -> Answer {
        if !self.is_connected(id) {
            return Err(PipeError::UnknownPuller(id));
        }
        let is_tcp = self.settings.transport != Transport::Inproc;
        let keeps = is_tcp && !self.settings.push_binds;
        for name in self.names_of(|lane| lane.puller == id) {
            self.lose(now, name, |lane| &mut lane.receiver, Stood::Unacked);
            self.lose(now, name, |lane| &mut lane.kernel, Stood::Unacked);
            self.lane(name).is_connected = false;
            if !keeps {
                self.lose(now, name, |lane| &mut lane.sender, Stood::Ready);
                for pusher in &mut self.pushers {
                    pusher.leave_out(name);
                }
            }
        }
        if keeps {
            let puller = self.puller(id);
            (puller.is_connected, puller.asked) = (false, None);
            self.clear_up();
        } else {
            self.lanes.retain(|lane| lane.puller != id);
            self.pullers.retain(|puller| puller.id != id);
        }
        Ok(())
    }

    /// Whether it was accepted.
    pub(super) fn push(
        &mut self,
        now: Time,
        id: PeerId,
        number: u32,
        bytes: u32,
    ) -> Result<bool, PipeError> {
        let place = self.pushers.iter().position(|pusher| pusher.id == id);
        let place = place.ok_or(PipeError::UnknownPusher(id))?;
        let name = loop {
            let pusher = &self.pushers[place];
            let Some(name) = pusher.turns.get(pusher.current).copied() else {
                self.tell(now, What::Refused(number));
                return Ok(false);
            };
            let has_room = self.takes_more(name);
            let pusher = &mut self.pushers[place];
            if has_room {
                pusher.current += 1;
                pusher.wrap();
                break name;
            }
            pusher.leave_out(name);
        };
        let letter = Letter {
            number,
            bytes,
            enqueued: now,
            deliveries: 0,
        };
        let lane = self.lane(name);
        lane.pushed += 1;
        lane.sender.push_back(letter.clone());
        self.tell(now, What::Accepted(letter));
        self.pump(now, name);
        Ok(true)
    }

    pub(super) fn accepts(&self, id: PeerId) -> bool {
        let mut lanes = self.lanes.iter();
        lanes.any(|lane| lane.is_fed && lane.pusher == id && self.takes_more(lane.name))
    }

    pub(super) fn ask(&mut self, id: PeerId) -> Answer {
        if !self.is_connected(id) {
            return Err(PipeError::UnknownPuller(id));
        }
        if self.puller(id).asked.is_some() {
            return Ok(());
        }
        self.puller(id).asked = Some(self.asked);
        self.asked += 1;
        // It tries all, and sleeps.
        if !self.has_come(id) {
            self.puller(id).turns.clear();
            self.puller(id).current = 0;
        }
        Ok(())
    }

    pub(super) fn poll(&mut self, now: Time) -> Option<(PeerId, Letter)> {
        let answered = self
            .pullers
            .iter()
            .filter(|puller| puller.asked.is_some() && self.has_come(puller.id));
        let id = answered.min_by_key(|puller| puller.asked)?.id;
        self.puller(id).asked = None;
        loop {
            let puller = self.puller(id);
            let name = puller.turns[puller.current];
            if let Some(letter) = self.lane(name).receiver.pop_front() {
                let puller = self.puller(id);
                puller.current += 1;
                puller.wrap();
                self.tell(now, What::Left(letter.clone(), Exit::Acked, Stood::Unacked));
                self.has_read(now, name);
                return Some((id, letter));
            }
            self.puller(id).leave_out(name);
        }
    }

    pub(super) fn held_for(&self, id: PeerId) -> Held {
        let mut held = Held::default();
        for lane in self.lanes.iter().filter(|lane| lane.puller == id) {
            held.sender += lane.sender.len() as u64;
            held.kernel += lane.kernel.len() as u64;
            held.receiver += lane.receiver.len() as u64;
        }
        held
    }

    pub(super) fn levels(&self) -> Levels {
        let ready = self.lanes.iter().map(|lane| lane.sender.len() as u64).sum();
        let letters = self.letters();
        Levels {
            ready,
            unacked: letters.len() as u64 - ready,
            oldest: letters
                .first()
                .map_or(Time::NEVER, |letter| letter.enqueued),
        }
    }

    /// Oldest first.
    pub(super) fn letters(&self) -> Vec<Letter> {
        let lines = self
            .lanes
            .iter()
            .flat_map(|lane| [&lane.sender, &lane.kernel, &lane.receiver]);
        let mut letters: Vec<Letter> = lines.flatten().cloned().collect();
        letters.sort_by_key(|letter| letter.number);
        letters
    }

    fn tell(&mut self, now: Time, what: What) {
        let levels = self.levels();
        self.history.push(Event { now, what, levels });
    }

    fn lay(&mut self, pusher: PeerId, puller: PeerId) {
        let name = self.names;
        self.names += 1;
        let is_connected = self.is_connected(puller);
        self.lanes.push(Lane {
            name,
            pusher,
            puller,
            is_fed: true,
            is_connected,
            sender: VecDeque::new(),
            kernel: VecDeque::new(),
            receiver: VecDeque::new(),
            pushed: 0,
            taken: 0,
            come: 0,
            received: 0,
        });
        self.puller(puller).join(name);
        let mut pushers = self.pushers.iter_mut();
        pushers.find(|other| other.id == pusher).unwrap().join(name);
    }

    fn pump(&mut self, now: Time, name: u32) {
        while self.moves_to_kernel(now, name) || self.moves_to_receiver(name) {}
    }

    fn moves_to_kernel(&mut self, now: Time, name: u32) -> bool {
        let transport = self.settings.transport;
        let lane = self.lane(name);
        let on_the_wire =
            |letter: &Letter| u64::from(letter.bytes) + if letter.bytes > 255 { 9 } else { 2 };
        let bytes: u64 = lane.kernel.iter().map(on_the_wire).sum();
        let fits = match transport {
            Transport::Inproc => true,
            Transport::Tcp {
                kernel_buffer_bytes,
            } => bytes == 0 || bytes < kernel_buffer_bytes,
        };
        if !fits || !lane.is_connected || lane.sender.is_empty() {
            return false;
        }
        let mut letter = lane.sender.pop_front().unwrap();
        letter.deliveries += 1;
        lane.kernel.push_back(letter.clone());
        self.tell(now, What::Delivered(letter));
        if transport != Transport::Inproc {
            self.has_taken(name);
        }
        true
    }

    fn moves_to_receiver(&mut self, name: u32) -> bool {
        let mark = match self.settings.transport {
            Transport::Tcp { .. } => u64::from(self.settings.receive_high_water_mark),
            Transport::Inproc => 0,
        };
        let lane = self.lane(name);
        if lane.kernel.is_empty() || !has_room(mark, lane.come, lane.received) {
            return false;
        }
        let letter = lane.kernel.pop_front().unwrap();
        lane.receiver.push_back(letter);
        lane.come += 1;
        let puller = lane.puller;
        self.puller(puller).join(name);
        true
    }

    /// The first line of a lane was read from; its pusher may learn of it.
    fn has_taken(&mut self, name: u32) {
        let mark = self.first_mark();
        let lane = self.lane(name);
        lane.taken += 1;
        let (taken, pusher, is_fed) = (lane.taken, lane.pusher, lane.is_fed);
        if is_fed && mark > 0 && taken.is_multiple_of(mark.div_ceil(2)) {
            let mut pushers = self.pushers.iter_mut();
            pushers.find(|other| other.id == pusher).unwrap().join(name);
        }
    }

    fn has_read(&mut self, now: Time, name: u32) {
        if self.settings.transport == Transport::Inproc {
            self.has_taken(name);
        } else {
            self.lane(name).received += 1;
            self.pump(now, name);
        }
        self.clear_up();
    }

    /// Lanes out of which nothing will come any more.
    fn clear_up(&mut self) {
        for name in self.names_of(|lane| !lane.is_fed && lane.is_empty()) {
            let puller = self.lane(name).puller;
            self.puller(puller).leave_out(name);
            self.lanes.retain(|lane| lane.name != name);
        }
    }

    fn lose(
        &mut self,
        now: Time,
        name: u32,
        line: impl Fn(&mut Lane) -> &mut VecDeque<Letter>,
        stood: Stood,
    ) {
        while let Some(letter) = line(self.lane(name)).pop_front() {
            self.tell(now, What::Left(letter, Exit::PeerLost, stood));
        }
    }

    fn first_mark(&self) -> u64 {
        let settings = self.settings;
        let (send, receive) = (
            settings.send_high_water_mark,
            settings.receive_high_water_mark,
        );
        let mark = match settings.transport {
            Transport::Tcp { .. } => send,
            Transport::Inproc if send == 0 || receive == 0 => 0,
            Transport::Inproc => send + receive,
        };
        u64::from(mark)
    }

    fn takes_more(&self, name: u32) -> bool {
        let lane = self.lanes.iter().find(|lane| lane.name == name).unwrap();
        has_room(self.first_mark(), lane.pushed, lane.taken)
    }

    fn has_come(&self, id: PeerId) -> bool {
        let mut lanes = self.lanes.iter();
        lanes.any(|lane| lane.puller == id && !lane.receiver.is_empty())
    }

    fn is_connected(&self, id: PeerId) -> bool {
        self.pullers
            .iter()
            .any(|puller| puller.id == id && puller.is_connected)
    }

    fn names_of(&self, is_wanted: impl Fn(&Lane) -> bool) -> Vec<u32> {
        let lanes = self.lanes.iter();
        lanes
            .filter(|lane| is_wanted(lane))
            .map(|lane| lane.name)
            .collect()
    }

    fn lane(&mut self, name: u32) -> &mut Lane {
        self.lanes
            .iter_mut()
            .find(|lane| lane.name == name)
            .unwrap()
    }

    fn puller(&mut self, id: PeerId) -> &mut Socket {
        self.pullers
            .iter_mut()
            .find(|puller| puller.id == id)
            .unwrap()
    }
}

fn sorted(sockets: &[Socket]) -> Vec<PeerId> {
    let mut names: Vec<PeerId> = sockets.iter().map(|socket| socket.id).collect();
    names.sort_unstable();
    names
}
