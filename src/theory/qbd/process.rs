//! The queue as a quasi-birth–death process: how many are in it, and in which phases arrivals and services are.
//!
//! Level n has the states (phase of the arrivals, phases of the min(n, c) busy servers). From level c on all levels
//! are alike: rates A₀ = D₁ ⊗ I lead up, A₂ = I ⊗ C₁ down, A₁ = D₀ ⊕ C₀ stay, where C₁ are the ends of services, each
//! followed by the next service, and C₀ the other changes of c busy servers.

use super::busy::Busy;
use super::map::Map;
use super::phase_type::PhaseType;
use crate::theory::numerics::SCALED_ABOVE;
use crate::theory::numerics::censored::{Censored, stationary};
use crate::theory::numerics::matrix::{Matrix, dot};
use crate::theory::numerics::passage::passage;

/// What goes on while all servers are busy, at level c and above.
pub(super) struct AllBusy {
    /// C₀ off its diagonal.
    pub(super) change: Matrix,
    /// C₁.
    pub(super) depart: Matrix,
    /// G: from each state, the probabilities of the states in which the level below is first reached.
    pub(super) passage: Matrix,
}

/// The level at which all servers are busy and nobody waits.
pub(super) struct FullLevel {
    /// The law of its states, given that it is this level.
    pub(super) law: Vec<f64>,
    /// P(some server is free) / P(it is this level): infinite where the level is never seen.
    pub(super) below: f64,
}

/// What leads to the full level, and what leads away from it.
pub(super) struct Filled {
    below: Below,
    /// C₀ off its diagonal.
    pub(super) change: Matrix,
    /// Ends of services at the full level, to the level below.
    leave: Matrix,
    /// C₁.
    pub(super) depart: Matrix,
}

impl Filled {
    /// Of `servers` ≥ 1.
    pub(super) fn new(arrivals: &Map, service: &PhaseType, servers: usize) -> Self {
        let mut below = Below::new(arrivals.order());
        let mut last = Busy::none(service);
        for _ in 1..servers {
            let next = Busy::one_more(&last, service);
            below.rise(arrivals, &last, &last.enter(&next, service));
            last = next;
        }
        let all = Busy::one_more(&last, service);
        let enter = last.enter(&all, service);
        below.rise(arrivals, &last, &enter);
        Self {
            below,
            depart: all.leave.times(&enter),
            change: all.change,
            leave: all.leave,
        }
    }

    /// The full level, where `censored` are the rates seen of it while the process is neither above nor below.
    pub(super) fn level(&self, arrivals: &Map, censored: &Matrix) -> FullLevel {
        let down = apart(arrivals, &self.leave);
        let mut rates = down.times(&self.below.rise);
        rates += censored;
        let law = stationary(rates);
        FullLevel {
            below: dot(&law, &down.times_column(&self.below.time)) / self.below.unit,
            law,
        }
    }
}

/// A queue with unlimited room, seen where all of its `servers` ≥ 1 are busy.
pub(super) fn solved(arrivals: &Map, service: &PhaseType, servers: usize) -> (AllBusy, FullLevel) {
    let filled = Filled::new(arrivals, service, servers);
    let up = arrivals
        .arriving
        .kron(&Matrix::identity(filled.change.rows()));
    let down = apart(arrivals, &filled.depart);
    let mut censored = staying(arrivals, &filled.change);
    let passage = passage(up.clone(), censored.clone(), down);
    censored += &up.times(&passage);
    let full = filled.level(arrivals, &censored);
    let busy = AllBusy {
        change: filled.change,
        depart: filled.depart,
        passage,
    };
    (busy, full)
}

/// The levels up to some level below c, seen from the next one: each is censored out together with all below it.
struct Below {
    /// From each state of the last level, the probabilities of the states in which the next one is first reached.
    rise: Matrix,
    /// From each state of the last level, the mean time until then, in units of 1 / `unit`.
    time: Vec<f64>,
    unit: f64,
}

impl Below {
    /// Nothing yet.
    fn new(arrival_states: usize) -> Self {
        Self {
            rise: Matrix::zeros(0, arrival_states),
            time: Vec::new(),
            unit: 1.0,
        }
    }

    /// Adds a level, with the probabilities of the states that an arrival leads to.
    fn rise(&mut self, arrivals: &Map, level: &Busy, enter: &Matrix) {
        let down = apart(arrivals, &level.leave);
        let up = arrivals.arriving.kron(enter);
        let mut rates = down.times(&self.rise);
        rates += &staying(arrivals, &level.change);
        let times = down.times_column(&self.time);
        let times = times.into_iter().map(|time| time + self.unit);
        let right = up.beside(&Matrix::from(times.collect::<Vec<_>>()));
        let solved = Censored::new(rates, &up.row_sums()).solve(right);
        self.rise = solved.part_of_columns(0..up.columns());
        self.time = solved.column(up.columns());
        self.scale();
    }

    /// It may take longer than a number can say to come up to the full level.
    fn scale(&mut self) {
        let longest = self.time.iter().copied().fold(0.0, f64::max);
        if longest > SCALED_ABOVE {
            self.time.iter_mut().for_each(|time| *time /= longest);
            self.unit /= longest;
        }
    }
}

/// Changes of the servers alone.
pub(super) fn apart(arrivals: &Map, change: &Matrix) -> Matrix {
    Matrix::identity(arrivals.order()).kron(change)
}

/// D₀ ⊕ C₀ off its diagonal: changes of arrivals and of servers on the same level.
pub(super) fn staying(arrivals: &Map, change: &Matrix) -> Matrix {
    let mut rates = arrivals.quiet.kron(&Matrix::identity(change.rows()));
    rates += &apart(arrivals, change);
    rates
}
