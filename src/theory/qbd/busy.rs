//! What busy servers are doing: how many of them are in each phase of their work.

use super::phase_type::PhaseType;
use crate::theory::numerics::matrix::Matrix;

/// So many busy servers, whoever they are. A state says how many of them are in each phase.
pub(super) struct Busy {
    states: Vec<Vec<usize>>,
    /// Rates at which a server goes on to its next phase; nothing on the diagonal.
    pub(super) change: Matrix,
    /// Rates of the end of a service, to the states of one busy server fewer.
    pub(super) leave: Matrix,
}

impl Busy {
    /// None is busy.
    pub(super) fn none(service: &PhaseType) -> Self {
        Self {
            states: occupancies(0, service.order()),
            change: Matrix::zeros(1, 1),
            leave: Matrix::zeros(1, 0),
        }
    }

    /// One more than these `fewer`.
    pub(super) fn one_more(fewer: &Self, service: &PhaseType) -> Self {
        let states = occupancies(fewer.servers() + 1, service.order());
        let mut change = Matrix::zeros(states.len(), states.len());
        let mut leave = Matrix::zeros(states.len(), fewer.states.len());
        for (number, state) in states.iter().enumerate() {
            let busy = state.iter().enumerate().filter(|(_, count)| **count > 0);
            for (phase, &count) in busy {
                let mut rest = state.clone();
                rest[phase] -= 1;
                leave[(number, place(&fewer.states, &rest))] = count as f64 * service.exit[phase];
                for (next, &rate) in service.change.row(phase).iter().enumerate() {
                    if rate > 0.0 {
                        let changed = place(&states, &joined(&rest, next));
                        change[(number, changed)] = count as f64 * rate;
                    }
                }
            }
        }
        Self {
            states,
            change,
            leave,
        }
    }

    /// Probabilities of the states of `more`, one busy server more, when a service begins.
    pub(super) fn enter(&self, more: &Self, service: &PhaseType) -> Matrix {
        let mut enter = Matrix::zeros(self.states.len(), more.states.len());
        for (number, state) in self.states.iter().enumerate() {
            for (phase, &share) in service.start.iter().enumerate() {
                enter[(number, place(&more.states, &joined(state, phase)))] = share;
            }
        }
        enter
    }

    fn servers(&self) -> usize {
        self.states[0].iter().sum()
    }
}

/// How many states so many busy servers have: (n + k − 1 choose k − 1), as a float since it may be large.
pub(super) fn states(servers: f64, phases: usize) -> f64 {
    (1..phases).fold(1.0, |count, k| count * (servers + k as f64) / k as f64)
}

/// All ways to spread `servers` over `phases`, in lexicographic order.
fn occupancies(servers: usize, phases: usize) -> Vec<Vec<usize>> {
    if phases == 1 {
        return vec![vec![servers]];
    }
    let with_first = |first: usize| {
        let rest = occupancies(servers - first, phases - 1);
        rest.into_iter().map(move |mut state| {
            state.insert(0, first);
            state
        })
    };
    (0..=servers).flat_map(with_first).collect()
}

/// The state with one server more, in this phase.
fn joined(state: &[usize], phase: usize) -> Vec<usize> {
    let mut state = state.to_vec();
    state[phase] += 1;
    state
}

fn place(states: &[Vec<usize>], state: &Vec<usize>) -> usize {
    states
        .binary_search(state)
        .expect("all states of so many servers are listed, in order")
}
