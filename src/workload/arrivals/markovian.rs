//! Arrivals as a Markovian process, for the models that can be solved with it.

use super::{Arrivals, Mmpp};
use crate::theory::Map;

impl Arrivals {
    /// The very same process as a Markov chain with arrivals: of Poisson processes, of those whose rate changes by
    /// chance, and of renewal processes whose gaps have phases. None of any other.
    pub fn markovian(&self) -> Option<Map> {
        match self {
            Self::Poisson { rate } => Map::poisson(*rate).ok(),
            Self::Renewal { gaps } => Map::renewal(&gaps.phases()?).ok(),
            Self::Mmpp(process) => cyclic(process),
            Self::Profile(_) | Self::Listed { .. } | Self::Closed { .. } => None,
        }
    }
}

/// Each state is left for the next one.
fn cyclic(process: &Mmpp) -> Option<Map> {
    let states = process.states();
    let rates = states.iter().map(|state| state.rate).collect::<Vec<_>>();
    let mut switching = vec![vec![0.0; states.len()]; states.len()];
    for (i, state) in states.iter().enumerate() {
        switching[i][(i + 1) % states.len()] = state.dwell.recip();
    }
    Map::mmpp(&rates, &switching).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::tests::assert_close;
    use crate::time::Time;
    use crate::workload::{Distribution, Invalid};

    #[track_caller]
    fn assert_same(arrivals: Result<Arrivals, Invalid>, order: usize) {
        let arrivals = arrivals.expect("arrivals");
        let process = arrivals.markovian().expect("Markovian");
        assert_eq!(process.order(), order, "{arrivals:?}");
        let rate = arrivals.mean_rate(Time::NEVER).expect("a rate");
        assert_close(process.arrival_rate(), rate, 1e-13, "rate");
        let scv = arrivals.interarrival_scv().expect("an scv");
        assert_close(process.gap_scv(), scv, 1e-12, "scv");
    }

    #[test]
    fn what_is_driven_by_a_chain_is_the_same_as_one() {
        assert_same(Arrivals::poisson(40.0), 1);
        let gaps = |law: Result<Distribution, Invalid>| law.and_then(Arrivals::renewal);
        assert_same(gaps(Distribution::erlang(3, 0.1)), 3);
        assert_same(gaps(Distribution::hyperexponential(0.1, 3.0)), 2);
        assert_same(Arrivals::mmpp(&[10.0, 80.0], &[5.0, 1.0]), 2);
        assert_same(Arrivals::mmpp(&[10.0, 0.0, 80.0], &[5.0, 1.0, 2.0]), 3);
    }

    #[test]
    fn states_follow_each_other_in_the_order_given() {
        // Backwards the gaps would have the same law.
        let arrivals = Arrivals::mmpp(&[10.0, 0.0, 80.0], &[4.0, 1.0, 2.0]).expect("arrivals");
        let onward = [
            vec![0.0, 0.25, 0.0],
            vec![0.0, 0.0, 1.0],
            vec![0.5, 0.0, 0.0],
        ];
        assert_eq!(
            arrivals.markovian(),
            Map::mmpp(&[10.0, 0.0, 80.0], &onward).ok()
        );
    }

    #[test]
    fn what_follows_a_clock_or_the_answers_is_none() {
        let constant = Distribution::constant(1.0).expect("a law");
        for arrivals in [
            Arrivals::renewal(constant.clone()),
            Arrivals::closed(3, constant),
            Arrivals::listed([Time::ZERO]),
        ] {
            assert_eq!(arrivals.expect("arrivals").markovian(), None);
        }
    }
}
