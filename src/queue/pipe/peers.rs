//! Sockets that come and go, and what is lost with them.

use super::gate::Gate;
use super::lane::{Lane, Place};
use super::turns::Turns;
use super::{PeerId, Pipe, PipeError};
use crate::queue::effect::Sink;
use crate::time::Time;
use std::collections::btree_map::Entry;

/// A socket that pulls, or what is kept for its return.
#[derive(Clone, Debug, Default)]
pub(super) struct Puller {
    /// While it is away, all that matters is which lanes are its.
    pub(super) turns: Turns,
    pub(super) is_connected: bool,
    /// Its application waits in recv(), which was the how-manieth call of all.
    pub(super) asked: Option<u64>,
    /// Messages in its lines.
    pub(super) waiting: u64,
}

impl<B> Pipe<B> {
    /// A socket that pushes comes, and is joined to every puller; to one that is away too, if the pushers connect.
    ///
    /// # Errors
    /// Where there is one of this name.
    pub fn add_pusher(
        &mut self,
        _now: Time,
        pusher: PeerId,
        _sink: &mut impl Sink<B>,
    ) -> Result<(), PipeError> {
        let Entry::Vacant(place) = self.pushers.entry(pusher) else {
            return Err(PipeError::PusherIsThere(pusher));
        };
        place.insert(Turns::default());
        let pullers: Vec<PeerId> = self.pullers.keys().copied().collect();
        for puller in pullers {
            self.join(pusher, puller);
        }
        Ok(())
    }

    /// A socket that pushes goes. What it still has in its lines is sent before, however long that takes, if it lingers
    /// (`ZMQ_LINGER` of −1, the default); else, and if it crashed, that is lost. What is in a kernel is not, nor what
    /// is at a receiver, as which all counts over inproc (measured on 4.3.5).
    ///
    /// Its name may be used again at once.
    ///
    /// # Errors
    /// Where there is no such pusher.
    pub fn remove_pusher(
        &mut self,
        now: Time,
        pusher: PeerId,
        lingers: bool,
        sink: &mut impl Sink<B>,
    ) -> Result<(), PipeError> {
        let gone = self.pushers.remove(&pusher);
        let gone = gone.ok_or(PipeError::UnknownPusher(pusher))?;
        for lane in gone.all().iter().copied() {
            self.lane_mut(lane).0.is_fed = false;
            if !lingers {
                self.lose(now, lane, Place::Sender, sink);
            }
            self.drop_if_over(lane);
        }
        Ok(())
    }

    /// A socket that pulls comes, or comes back, and is joined to every pusher. It begins with empty lines, and what
    /// was kept for it is sent.
    ///
    /// # Errors
    /// Where one of this name is connected.
    pub fn connect(
        &mut self,
        now: Time,
        puller: PeerId,
        sink: &mut impl Sink<B>,
    ) -> Result<(), PipeError> {
        let is_new = !self.pullers.contains_key(&puller);
        let state = self.pullers.entry(puller).or_default();
        if state.is_connected {
            return Err(PipeError::PullerIsThere(puller));
        }
        state.is_connected = true;
        state.turns.restart();
        let kept = state.turns.all().to_vec();
        for lane in &kept {
            self.open(*lane);
        }
        for lane in kept {
            self.pump(now, lane, sink);
        }
        if is_new {
            let pushers: Vec<PeerId> = self.pushers.keys().copied().collect();
            for pusher in pushers {
                self.join(pusher, puller);
            }
        }
        Ok(())
    }

    /// A socket that pulls goes, however: what stands in its lines is lost, with what is in the kernels on its way.
    /// What waits at the senders is lost too if the pushers bind, and over inproc; else it is kept for its return, and
    /// pushes still go there up to the mark (`ZMQ_IMMEDIATE`, `session_base.cpp`: engine_error).
    ///
    /// If it had asked, that is forgotten.
    ///
    /// # Errors
    /// Where no such puller is connected.
    pub fn disconnect(
        &mut self,
        now: Time,
        puller: PeerId,
        sink: &mut impl Sink<B>,
    ) -> Result<(), PipeError> {
        let keeps = self.settings.keeps_for_return();
        let state = self.connected(puller)?;
        state.is_connected = false;
        state.asked = None;
        state.waiting = 0;
        let lanes = state.turns.all().to_vec();
        for lane in lanes {
            self.lose(now, lane, Place::Receiver, sink);
            self.lose(now, lane, Place::Kernel, sink);
            self.lane_mut(lane).0.is_connected = false;
            if keeps {
                self.drop_if_over(lane);
            } else {
                self.lose(now, lane, Place::Sender, sink);
                self.drop_lane(lane);
            }
        }
        if !keeps {
            self.pullers.remove(&puller);
        }
        Ok(())
    }

    /// One that is there.
    pub(super) fn connected(&mut self, puller: PeerId) -> Result<&mut Puller, PipeError> {
        let state = self.pullers.get_mut(&puller);
        let state = state.filter(|state| state.is_connected);
        state.ok_or(PipeError::UnknownPuller(puller))
    }

    /// Makes the lane between two.
    fn join(&mut self, pusher: PeerId, puller: PeerId) {
        let lane = Lane::new(pusher, puller, &self.settings);
        let lane = self.lanes.insert(lane);
        let sender = self.pushers.get_mut(&pusher);
        sender.expect("it was asked for").attach(lane);
        let receiver = self.pullers.get_mut(&puller);
        let receiver = receiver.expect("it was asked for");
        receiver.turns.attach(lane);
        if receiver.is_connected {
            self.open(lane);
        }
    }

    /// The puller of a lane is there: its line is new, and to be tried.
    fn open(&mut self, lane: u32) {
        let mark = self.settings.mark_at_receiver();
        let (state, _) = self.lane_mut(lane);
        state.at_receiver = Gate::new(mark);
        state.is_connected = true;
        state.is_readable = true;
    }

    pub(super) fn drop_if_over(&mut self, lane: u32) {
        if self.lane(lane).is_over() {
            self.drop_lane(lane);
        }
    }

    fn drop_lane(&mut self, lane: u32) {
        let gone = self.lanes.remove(lane).expect("it is dropped once");
        if gone.is_fed
            && let Some(turns) = self.pushers.get_mut(&gone.pusher)
        {
            turns.detach(lane);
        }
        if let Some(puller) = self.pullers.get_mut(&gone.puller) {
            puller.turns.detach(lane);
        }
    }
}
