//! Laws as phases, for the models that can be solved with them.

use super::Distribution;
use crate::theory::PhaseType;

impl Distribution {
    /// The very same law as phases: of exponentials, their sums and mixtures. None of any other, and of sums too long
    /// to solve a model with; a near one is somebody else's choice.
    pub fn phases(&self) -> Option<PhaseType> {
        match self {
            Self::Exponential { mean } => PhaseType::exponential(mean.recip()).ok(),
            Self::Erlang(law) => PhaseType::erlang(law.shape().into(), law.mean()).ok(),
            Self::Hyperexponential(law) => {
                let parts = law
                    .shares_and_means()
                    .map(|(share, mean)| (share, mean.recip()));
                PhaseType::hyperexponential(&parts).ok()
            }
            Self::Mixture(law) => {
                let parts = law
                    .shares()
                    .map(|(share, part)| Some((share, part.phases()?)));
                PhaseType::mixture(&parts.collect::<Option<Vec<_>>>()?).ok()
            }
            Self::Constant { .. }
            | Self::Uniform { .. }
            | Self::Triangular { .. }
            | Self::Gamma(_)
            | Self::Lognormal(_)
            | Self::Weibull(_)
            | Self::Pareto(_)
            | Self::BoundedPareto(_)
            | Self::Zipf(_)
            | Self::Empirical(_)
            | Self::Listed(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::theory::tests::assert_close;
    use crate::workload::{Distribution, Invalid};

    #[track_caller]
    fn assert_same(law: Result<Distribution, Invalid>, order: usize) {
        let law = law.expect("a law");
        let phases = law.phases().expect("of phase type");
        assert_eq!(phases.order(), order, "{law}");
        assert_close(phases.mean(), law.mean(), 1e-13, "mean");
        assert_close(phases.scv(), law.scv(), 1e-12, "scv");
    }

    fn mixed(with: Distribution) -> Result<Distribution, Invalid> {
        let erlang = Distribution::erlang(3, 2.0)?;
        Distribution::mixture(vec![(5.0, erlang), (1.0, with)])
    }

    #[test]
    fn what_is_made_of_exponentials_has_phases_of_the_same_law() {
        assert_same(Distribution::exponential(0.18), 1);
        assert_same(Distribution::erlang(4, 0.5), 4);
        assert_same(Distribution::hyperexponential(0.2, 2.0), 2);
        assert_same(Distribution::hyperexponential(2.0, 2.0).and_then(mixed), 5);
    }

    #[test]
    fn what_is_not_made_of_exponentials_has_no_phases() {
        let constant = Distribution::constant(1.0);
        let long = Distribution::erlang(5_000, 1.0);
        for law in [
            Distribution::gamma(1.0, 2.0),
            constant.clone(),
            long,
            constant.and_then(mixed),
        ] {
            assert_eq!(law.expect("a law").phases(), None);
        }
    }
}
