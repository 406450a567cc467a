//! What can be said of a scenario before it is run: rates over time, capacity, overload, and how a run is cut.

use super::capacity;
use crate::fluid::{self, CapacityPiece, Curve, Fluid, ServiceLaw};
use crate::measure::{Setup, Waits, bucket_width};
use crate::scenario::{Kind, Medium, OnRefused, Pool, Producer, Queue, Scenario, Warmup};
use crate::time::Time;
use crate::workload::{Arrivals, RatePiece};
use std::borrow::Cow;
use std::sync::Arc;

/// Batches of the measured stretch when there is only one replication.
pub(super) const BATCHES: u64 = 32;

/// A scenario, prepared.
#[derive(Clone, Debug)]
pub(super) struct Plan<'a> {
    pub(super) scenario: Cow<'a, Scenario>,
    pub(super) setup: Setup,
    /// By queue.
    pub(super) loads: Vec<Load>,
    /// There is one replication of a long run: its batches are the units.
    pub(super) batched: bool,
}

/// What is offered to a queue and what its consumers can do, by the file.
#[derive(Clone, Debug)]
pub(super) struct Load {
    /// λ(t) in messages per second; `None` where the file does not say it (closed producers, dead letters,
    /// balancers that look where there is less).
    pub(super) offered: Option<Vec<RatePiece>>,
    /// c, μ and the limit from 0 on, without end; empty without consumers.
    pub(super) capacity: Vec<CapacityPiece>,
    /// λ(t) and C(t) are in the file, so that overload can be read off it.
    pub(super) gives_rates: bool,
    /// Stretches in which λ(t) > C(t).
    pub(super) saturated: Vec<(Time, Time)>,
    /// The end of the last such stretch or of the last incident, and the start of the run where there is neither:
    /// nothing is to be drained then. `None` where the file does not give the rates.
    drain_from: Option<Time>,
    /// What the fluid knows nothing of.
    pub(super) unknown_to_fluid: Option<&'static str>,
}

impl<'a> Plan<'a> {
    pub(super) fn new(scenario: Cow<'a, Scenario>, replications: u32) -> Self {
        let batched = replications == 1 && scenario.kind == Kind::Steady;
        let loads = (0..scenario.queues.len())
            .map(|queue| Load::new(&scenario, queue))
            .collect::<Vec<_>>();
        let setup = Setup {
            cuts: Arc::from(cuts(&scenario, batched)),
            bucket_width: bucket_width(scenario.horizon - Time::ZERO),
            drain_from: loads.iter().map(|load| load.drain_from).collect(),
            partitions: scenario.partitions(),
            waits: scenario.queues.iter().map(waits).collect(),
            pools: scenario.pools.len(),
            producers: scenario.producers.len(),
            exits: scenario.exits().len(),
        };
        Self {
            scenario,
            setup,
            loads,
            batched,
        }
    }

    /// Instants at which a warm-up may end, from the earliest.
    pub(super) fn possible_warmups(&self) -> Vec<Time> {
        match self.scenario.warmup {
            Warmup::Fixed(span) => vec![Time::ZERO + span],
            Warmup::Auto => {
                let half = self.scenario.horizon.as_nanos() / 2;
                self.setup
                    .cuts
                    .iter()
                    .copied()
                    .filter(|cut| cut.as_nanos() <= half)
                    .collect()
            }
        }
    }

    /// The first segment after a warm-up.
    pub(super) fn first_segment(&self, warmup: Time) -> usize {
        self.setup.cuts.partition_point(|cut| *cut <= warmup)
    }
}

/// Where a run is cut: where the warm-up may end, into batches, and at the horizon.
fn cuts(scenario: &Scenario, batched: bool) -> Vec<Time> {
    let horizon = scenario.horizon.as_nanos();
    let warmups = match scenario.warmup {
        Warmup::Fixed(span) => vec![span.as_nanos()],
        Warmup::Auto if batched => Vec::new(),
        Warmup::Auto => vec![
            horizon / 32,
            horizon / 16,
            horizon / 8,
            horizon / 4,
            horizon / 2,
        ],
    };
    let start = warmups.last().copied().filter(|_| batched).unwrap_or(0);
    let part = |k: u64| {
        start + ((u128::from(horizon - start) * u128::from(k)) / u128::from(BATCHES)) as u64
    };
    let batches = (1..BATCHES)
        .map(part)
        .take(if batched { usize::MAX } else { 0 });
    let mut cuts = warmups
        .into_iter()
        .chain(batches)
        .chain([horizon])
        .filter(|cut| *cut > 0)
        .collect::<Vec<_>>();
    cuts.dedup();
    cuts.into_iter().map(Time::from_nanos).collect()
}

impl Load {
    fn new(scenario: &Scenario, queue: usize) -> Self {
        let offered = if scenario.is_fed_by_pools(queue) {
            steady_rate(scenario, queue)
        } else {
            published(scenario, queue)
        };
        let unknown = scenario.takes_dead_letters(queue) || capacity::is_steered(scenario, queue);
        let offered = offered.filter(|_| !unknown);
        let capacity = capacity::pieces(scenario, queue);
        // Counts of a list cross the capacity by chance alone, and consumers that wait for room in the next queue do
        // not reach it: no overload can be read off either.
        let blocks = scenario
            .pools_of(queue)
            .any(|pool| pool.on_refused == OnRefused::Block)
            || scenario.is_gated(queue);
        let gives_rates = !scenario.is_listed(queue) && !blocks && !capacity.is_empty();
        let rates = offered.as_ref().filter(|_| gives_rates);
        let gives_rates = rates.is_some();
        let saturated = rates.map(|offered| fluid::saturated(offered, &capacity));
        let overload = saturated
            .as_ref()
            .map(|all| all.last().map_or(Time::ZERO, |last| last.1));
        Self {
            gives_rates,
            offered,
            capacity,
            drain_from: overload
                .max(capacity::last_incident(scenario).filter(|_| is_consumed(scenario, queue))),
            saturated: saturated.unwrap_or_default(),
            unknown_to_fluid: capacity::unknown_to_fluid(scenario, queue),
        }
    }

    /// Mean of C from one instant to another, in messages per second; 0 without consumers.
    pub(super) fn capacity_between(&self, from: Time, to: Time) -> f64 {
        let seconds = |piece: &CapacityPiece| {
            let (start, end) = (piece.start.max(from), piece.end.min(to));
            end.since(start).as_secs_f64()
        };
        let pieces = self.capacity.iter();
        let able = pieces
            .filter(|piece| piece.start < to && from < piece.end)
            .map(|piece| piece.servers * piece.service_rate * seconds(piece));
        able.sum::<f64>() / to.since(from).as_secs_f64().max(1e-9)
    }

    /// The fluid answer until `end`; `None` where the file does not say what arrives, nobody consumes, or something
    /// happens that the fluid knows nothing of.
    pub(super) fn fluid(&self, end: Time) -> Option<Curve> {
        if self.unknown_to_fluid.is_some() || self.capacity.is_empty() {
            return None;
        }
        Some(fluid::integrate(&Fluid {
            arrivals: self.offered.as_ref()?,
            capacity: &self.capacity,
            law: ServiceLaw::PerServer,
            initial: 0.0,
            start: Time::ZERO,
            end,
        }))
    }
}

fn is_consumed(scenario: &Scenario, queue: usize) -> bool {
    scenario.pools_of(queue).next().is_some()
}

/// λ(t) of what producers alone publish to a queue.
fn published(scenario: &Scenario, queue: usize) -> Option<Vec<RatePiece>> {
    let pieces = scenario.producers_of(queue).map(|producer| {
        let pieces = if let Arrivals::Listed { times } = &producer.arrivals {
            Some(counted_pieces(times, scenario.horizon))
        } else {
            producer.arrivals.pieces(scenario.horizon)
        };
        let copies = producer.batch.mean() * scenario.copies(&producer.to, queue);
        pieces.map(|pieces| scaled(pieces, copies))
    });
    let all = pieces.collect::<Option<Vec<_>>>()?;
    Some(sum(&all, scenario.horizon))
}

/// λ of a queue that pools publish to, where it does not change over time.
fn steady_rate(scenario: &Scenario, queue: usize) -> Option<Vec<RatePiece>> {
    let mut producers = scenario.producers.iter();
    if !producers.all(|producer| producer.arrivals.is_stationary()) {
        return None;
    }
    let rate = scenario.offered_rate(queue)?;
    Some(vec![RatePiece {
        start: Time::ZERO,
        end: scenario.horizon,
        rate_start: rate,
        rate_end: rate,
    }])
}

fn scaled(pieces: Vec<RatePiece>, factor: f64) -> Vec<RatePiece> {
    let scale = |piece: RatePiece| RatePiece {
        rate_start: piece.rate_start * factor,
        rate_end: piece.rate_end * factor,
        ..piece
    };
    pieces.into_iter().map(scale).collect()
}

/// Listed arrivals as a rate: counted in the buckets of the figures.
fn counted_pieces(times: &[Time], horizon: Time) -> Vec<RatePiece> {
    let width = bucket_width(horizon - Time::ZERO);
    let mut pieces = Vec::new();
    let (mut start, mut rest) = (Time::ZERO, times);
    while start < horizon {
        let end = (start + width).min(horizon);
        let count = rest.partition_point(|time| *time < end);
        let rate = count as f64 / (end - start).as_secs_f64();
        pieces.push(RatePiece {
            start,
            end,
            rate_start: rate,
            rate_end: rate,
        });
        rest = &rest[count..];
        start = end;
    }
    pieces
}

/// The sum of several rates, on the union of their pieces.
fn sum(all: &[Vec<RatePiece>], horizon: Time) -> Vec<RatePiece> {
    if let [only] = all {
        return only.clone();
    }
    let mut borders = all
        .iter()
        .flatten()
        .flat_map(|piece| [piece.start, piece.end])
        .collect::<Vec<_>>();
    borders.extend([Time::ZERO, horizon]);
    borders.sort_unstable();
    borders.dedup();
    let piece = |border: &[Time]| {
        let (start, end) = (border[0], border[1]);
        let covering = all
            .iter()
            .flatten()
            .filter(|piece| piece.start <= start && end <= piece.end);
        let (rate_start, rate_end) = covering.fold((0.0, 0.0), |sum, piece| {
            (sum.0 + piece.rate_at(start), sum.1 + piece.rate_at(end))
        });
        RatePiece {
            start,
            end,
            rate_start,
            rate_end,
        }
    };
    borders.windows(2).map(piece).collect()
}

/// What of a queue has to go until it has drained.
fn waits(queue: &Queue) -> Waits {
    match queue.medium {
        Medium::Queue => Waits::Ready,
        Medium::Topic(_) => Waits::Unbegun,
        Medium::Pipe(_) => Waits::Total,
    }
}

/// Whether a queue's backlog is bounded whatever arrives: by a limit that binds, or because what waits too long leaves.
pub(super) fn is_bounded(scenario: &Scenario, queue: usize) -> bool {
    let settings = &scenario.queues[queue].settings;
    // Consumers without a prefetch limit take everything: nothing is ever ready, so that neither limits nor expiry act.
    let takes_all = scenario.pools_of(queue).any(Pool::takes_all);
    let producers = scenario.producers_of(queue).collect::<Vec<_>>();
    let every = |has: fn(&Producer) -> bool| {
        !producers.is_empty() && producers.iter().all(|producer| has(producer))
    };
    let leaves = scenario.time_to_live(queue).is_some() || every(|producer| producer.ttl.is_some());
    let closed = every(|producer| matches!(producer.arrivals, Arrivals::Closed { .. }));
    let drops = matches!(&scenario.queues[queue].medium, Medium::Pipe(sockets) if sockets.has_marks())
        && every(|producer| producer.on_refused == OnRefused::Drop);
    closed
        || drops
        || (!takes_all
            && (settings.max_length.is_some() || settings.max_length_bytes.is_some() || leaves))
}
