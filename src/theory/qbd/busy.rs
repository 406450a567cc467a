//! What busy servers are doing: how many of them are in each phase of their work.

use super::matrix::Matrix;
use super::phase_type::PhaseType;

/// So many busy servers, whoever they are. A state says how many of them are in each phase.
pub(super) struct Busy {
    /// Rates at which a server goes on to its next phase; nothing on the diagonal.
    pub(super) change: Matrix,
    /// Rates of the end of a service, to the states of one busy server fewer.
    pub(super) leave: Matrix,
    /// Probabilities of the states of one busy server more, when one more service begins.
    pub(super) enter: Matrix,
}

impl Busy {
    pub(super) fn new(servers: usize, service: &PhaseType) -> Self {
        let order = service.order();
        let states = occupancies(servers, order);
        let more = occupancies(servers + 1, order);
        let fewer = match servers {
            0 => Vec::new(),
            some => occupancies(some - 1, order),
        };
        let mut busy = Self {
            change: Matrix::zeros(states.len(), states.len()),
            leave: Matrix::zeros(states.len(), fewer.len()),
            enter: Matrix::zeros(states.len(), more.len()),
        };
        for (number, state) in states.iter().enumerate() {
            for phase in 0..order {
                let joined = moved(state, None, Some(phase));
                busy.enter[(number, place(&more, &joined))] = service.start[phase];
                if state[phase] == 0 {
                    continue;
                }
                let count = state[phase] as f64;
                let left = moved(state, Some(phase), None);
                busy.leave[(number, place(&fewer, &left))] = count * service.exit[phase];
                for (next, &rate) in service.change.row(phase).iter().enumerate() {
                    if rate > 0.0 {
                        let changed = moved(state, Some(phase), Some(next));
                        busy.change[(number, place(&states, &changed))] = count * rate;
                    }
                }
            }
        }
        busy
    }

    pub(super) fn states(&self) -> usize {
        self.change.rows()
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

/// The state after one server goes from a phase to another, or comes, or leaves.
fn moved(state: &[usize], from: Option<usize>, to: Option<usize>) -> Vec<usize> {
    let mut state = state.to_vec();
    if let Some(phase) = from {
        state[phase] -= 1;
    }
    if let Some(phase) = to {
        state[phase] += 1;
    }
    state
}

fn place(states: &[Vec<usize>], state: &Vec<usize>) -> usize {
    states
        .binary_search(state)
        .expect("all states of so many servers are listed, in order")
}
