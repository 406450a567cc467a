//! Many runs of a scenario and its variants, and what can be said of them.
//!
//! Replications run in parallel; nothing that is said depends on the number of threads. Every figure comes with an
//! interval from independent runs, or with the reason why it cannot be given.

mod burst;
mod capacity;
mod conclude;
mod cost;
mod difference;
mod estimate;
pub mod explain;
mod figures;
mod findings;
mod latency;
mod levels;
mod memory;
mod moments;
mod offered;
mod outcome;
mod plan;
mod recognise;
mod replicate;
pub mod statistics;
mod steady;
mod studied;
mod timeline;
mod too_few;
mod unit;
mod unseen;

pub use outcome::*;

use crate::engine::SimulationError;
use crate::scenario::ScenarioSet;
pub use memory::most_memory;
use studied::Studied;
pub use studied::most_messages;

/// Why a study came to nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StudyError {
    /// A run could not go on.
    #[error(transparent)]
    Simulation(#[from] SimulationError),
    /// Interrupted before one replication of the base scenario was finished.
    #[error("interrupted before a single run was finished: there is nothing to report")]
    Interrupted,
    /// Interrupted while runs were looked at for an explanation, of which there is none without all of them.
    #[error("interrupted before its runs were finished: there is nothing to explain")]
    Unexplained,
}

/// Who follows a study while it runs; called from several threads.
pub trait Watch: Sync {
    /// So many more runs of `variant` are about to start.
    fn starts(&self, _variant: &str, _runs: u32) {}

    /// A run is finished.
    fn finished(&self, _events: u64) {}

    /// Nobody wants the rest any more: unfinished runs end, and what is finished is reported.
    fn is_stopped(&self) -> bool {
        false
    }
}

/// Nobody follows.
impl Watch for () {}

/// Runs the base scenario and every variant, all on the same draws.
///
/// # Errors
/// Where a listed distribution is used up, or where the study was interrupted too early to say anything.
pub fn run(set: &ScenarioSet, watch: &dyn Watch) -> Result<Outcome, StudyError> {
    run_for(Reader::OfRun, set, watch)
}

/// Whom notes tell what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reader {
    /// Who chose the horizon and the replications.
    OfRun,
    /// Who reads what was run for an explanation, and may have been cut for it.
    OfExplanation,
}

fn run_for(reader: Reader, set: &ScenarioSet, watch: &dyn Watch) -> Result<Outcome, StudyError> {
    let variants = set
        .variants
        .iter()
        .map(|(name, scenario)| (name.as_str(), scenario));
    let mut studied = Vec::new();
    let mut partial = false;
    for (name, scenario) in [("base", &set.base)].into_iter().chain(variants) {
        let one = Studied::run(name, scenario, watch)?;
        partial |= one.interrupted;
        if !one.records.is_empty() {
            studied.push(one);
        }
        if partial {
            break;
        }
    }
    let base = studied.first().ok_or(StudyError::Interrupted)?;
    Ok(Outcome {
        scenario: set.name.clone(),
        title: set.base.title.clone(),
        question: set.base.question.clone(),
        kind: set.base.kind,
        seed: set.base.seed,
        level: set.base.level,
        comparisons: (studied.len() - 1) * difference::compared(&base.plan),
        differences: studied[1..]
            .iter()
            .flat_map(|variant| variant.against(base, studied.len() - 1))
            .collect(),
        runs: studied.iter().map(|one| one.report(reader)).collect(),
        partial,
    })
}
