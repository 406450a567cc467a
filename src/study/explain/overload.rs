//! Where more is offered than can be served, and what comes of it: by the file's rates, by the fluid, and by the runs.

use super::{Explained, mean_of, seconds};
use crate::fluid::Curve;
use crate::scenario::{AtHorizon, Figure, Kind, Statistic};
use crate::study::outcome::Estimate;
use crate::study::plan::{Load, Plan};
use crate::time::{Span, Time};
use crate::workload::RatePiece;

/// Stretches that are told one by one.
const SHOWN: usize = 3;

/// Overload, as far as the file gives the rates.
#[derive(Clone, Debug)]
pub struct Overload {
    /// The file gives λ(t) and C(t), so that stretches of overload can be read off.
    pub is_known: bool,
    /// It is a long run, and λ > C all the time: the stretch would have no end.
    pub for_ever: bool,
    /// What happens that the fluid knows nothing of; `None` where it applies.
    pub unknown_to_fluid: Option<&'static str>,
    /// Stretches with λ(t) > C(t), those that leave most behind, in order of time.
    pub stretches: Vec<Stretch>,
    /// How many more there are.
    pub more: usize,
    /// Where the fluid's L is highest, if messages wait there by it.
    pub peak: Option<Peak>,
    /// How long the backlog takes to go, where there is one to go from.
    pub drain: Option<Drain>,
}

/// A stretch with λ(t) > C(t).
#[derive(Clone, Debug)]
pub struct Stretch {
    /// From here …
    pub from: Time,
    /// … to here.
    pub to: Time,
    /// ∫(λ − C) dt over it, in messages: exact.
    pub excess: f64,
    /// ∫(P − S) dt over it by the fluid, which is by how many messages L grows.
    pub fluid: Option<f64>,
    /// The same in the runs.
    pub simulated: Option<Estimate>,
}

/// The fluid's highest level.
#[derive(Clone, Debug)]
pub struct Peak {
    /// When.
    pub at: Time,
    /// L there, in messages.
    pub fluid: f64,
    /// L of the runs in that instant.
    pub simulated: Option<Estimate>,
}

/// From the end of the last overload, or of the last incident, until nothing waits.
#[derive(Clone, Debug)]
pub struct Drain {
    /// Where it begins.
    pub from: Time,
    /// By the fluid; `None` where it does not apply, or messages still wait when it ends.
    pub fluid: Option<Span>,
    /// By the fluid, messages still wait when the run ends.
    pub is_left_by_fluid: bool,
    /// In the runs.
    pub simulated: Option<Estimate>,
}

pub(super) fn overload(explained: &Explained<'_>, queue: usize) -> Overload {
    let (plan, load) = (&explained.plan, &explained.plan.loads[queue]);
    let shown = shown(load);
    let for_ever = lasts_for_ever(plan, load);
    // What never ends has no backlog to speak of but its growth, or its limit.
    let curve = load.fluid(end(explained)).filter(|_| !for_ever);
    let curve = curve.as_ref();
    let slots = plan.scenario.servers(queue);
    let peak = curve.map(Curve::peak).filter(|(_, level)| *level > slots);
    let level = |at| explained.levels(queue, at).filter(|_| !for_ever);
    let stretch = |(from, to): (Time, Time)| Stretch {
        from,
        to,
        excess: excess(load, from, to),
        fluid: curve.map(|curve| curve.level_at(to) - curve.level_at(from)),
        simulated: level(from).zip(level(to)).and_then(|(before, after)| {
            let grown = after
                .iter()
                .zip(before)
                .map(|(after, before)| after - before);
            mean_of(&grown.collect::<Vec<_>>(), plan.scenario.level)
        }),
    };
    Overload {
        is_known: load.gives_rates,
        for_ever,
        unknown_to_fluid: load.unknown_to_fluid,
        more: load.saturated.len() - shown.len(),
        stretches: shown.into_iter().map(stretch).collect(),
        peak: peak.map(|(at, fluid)| Peak {
            at,
            fluid,
            simulated: level(at).and_then(|levels| mean_of(levels, plan.scenario.level)),
        }),
        drain: drain(explained, queue, curve),
    }
}

/// Instants in which the runs are asked how much is in their queues.
pub(super) fn instants(plan: &Plan<'_>) -> Vec<Time> {
    let mut instants = Vec::new();
    for load in &plan.loads {
        instants.extend(shown(load).into_iter().flat_map(|(from, to)| [from, to]));
        instants.extend(
            load.fluid(plan.scenario.horizon)
                .map(|curve| curve.peak().0),
        );
    }
    instants.sort_unstable();
    instants.dedup();
    instants
}

fn lasts_for_ever(plan: &Plan<'_>, load: &Load) -> bool {
    plan.scenario.kind == Kind::Steady
        && load.saturated[..] == [(Time::ZERO, plan.scenario.horizon)]
}

/// The stretches that leave most behind, in order of time.
fn shown(load: &Load) -> Vec<(Time, Time)> {
    let mut stretches = load.saturated.clone();
    stretches.sort_by(|a, b| excess(load, b.0, b.1).total_cmp(&excess(load, a.0, a.1)));
    stretches.truncate(SHOWN);
    stretches.sort_unstable();
    stretches
}

/// ∫(λ − C) dt.
fn excess(load: &Load, from: Time, to: Time) -> f64 {
    let offered = load.offered.iter().flatten();
    let inside = |piece: &RatePiece| {
        let (from, to) = (piece.start.max(from), piece.end.min(to));
        if from >= to {
            return 0.0;
        }
        (piece.rate_at(from) + piece.rate_at(to)) / 2.0 * seconds(from, to)
    };
    offered.map(inside).sum::<f64>() - load.capacity_between(from, to) * seconds(from, to)
}

/// Where the fluid is followed to: the end of the runs, if they are drained.
fn end(explained: &Explained<'_>) -> Time {
    let scenario = explained.scenario;
    let runs = explained.ran.map(|ran| ran.samples.end);
    match scenario.at_horizon {
        AtHorizon::Stop => scenario.horizon,
        AtHorizon::Drain => scenario.horizon.max(runs.unwrap_or(Time::ZERO)),
    }
}

fn drain(explained: &Explained<'_>, queue: usize, curve: Option<&Curve>) -> Option<Drain> {
    let plan = &explained.plan;
    let from = plan.setup.drain_from[queue].filter(|from| *from > Time::ZERO)?;
    if plan.scenario.kind == Kind::Steady || from >= plan.scenario.horizon {
        return None;
    }
    let gone = curve.map(|curve| curve.drained_after(from));
    let name = &plan.scenario.queues[queue].name;
    Some(Drain {
        from,
        fluid: gone.flatten().map(|gone| gone.since(from)),
        is_left_by_fluid: gone == Some(None),
        simulated: explained.figure(name, Figure::DrainTime, Statistic::Mean),
    })
}

impl Explained<'_> {
    /// What is in a queue in an instant, in each run; `None` where nobody looked.
    fn levels(&self, queue: usize, at: Time) -> Option<&[f64]> {
        self.ran.and_then(|ran| ran.samples.levels(queue, at))
    }
}
