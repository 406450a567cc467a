//! Which of fluid, theory and simulation to trust here, and why they differ.

use super::Explained;
use super::load::OfferedLoad;
use super::overload::Overload;
use crate::model::Basis;
use crate::scenario::{Figure, Metric, OnRefused, Statistic};
use crate::study::outcome::{Estimate, Theory};
use crate::study::plan::is_bounded;
use crate::workload::Arrivals;

/// What is to be said of the answers.
#[derive(Clone, Debug)]
pub struct Trust {
    /// What the answer rests on.
    pub ground: Ground,
    /// The models that are this queue, exactly or nearly, with what they say of its wait.
    pub models: Vec<Answered>,
    /// A model that is this queue, and says nothing of its wait; `None` where another does.
    pub silent: Option<String>,
    /// A model that is near, what it says, and the sentence why it does not apply.
    pub reference: Option<Reference>,
}

/// What an answer rests on.
#[derive(Clone, Debug)]
pub enum Ground {
    /// Nobody consumes: it only fills.
    Unconsumed,
    /// λ > C for ever, and nothing bounds the queue: it grows by so many messages a second.
    Growing {
        /// λ − C, messages per second.
        surplus: f64,
        /// The same in the runs.
        simulated: Option<Estimate>,
    },
    /// λ > C for ever, and something bounds the queue: at least (λ − C) / λ of the messages are lost.
    Full {
        /// λ − C, messages per second.
        surplus: f64,
        /// (λ − C) / λ.
        share: f64,
    },
    /// λ > C for a while; the fluid applies.
    Overload {
        /// (fluid − simulated) / simulated, of L where the fluid is highest; `None` where one of them is not there.
        apart: Option<f64>,
    },
    /// λ > C for a while, and the fluid is silent.
    OverloadWithoutFluid {
        /// Because of this.
        unknown: &'static str,
    },
    /// λ < C all the time, so that what waits is chance; or comes of something that the fluid knows nothing of.
    Chance {
        /// Of this.
        unknown: Option<&'static str>,
    },
    /// Arrivals are listed: how far they exceed C is in the list.
    Listed {
        /// As in [`Ground::Overload`].
        apart: Option<f64>,
    },
    /// Work takes no time, so that C has no limit.
    NoWork,
    /// Clients wait for their answers, and so what arrives depends on what waits.
    Answers,
    /// What arrives, or can be served, is not in the file.
    NotInTheFile {
        /// Because of this, a clause.
        why: &'static str,
    },
}

/// What a model says that is this queue.
#[derive(Clone, Debug)]
pub struct Answered {
    /// Kendall's name, with its parameters.
    pub model: String,
    /// How far it is off, a clause; `None` where it is exact.
    pub error: Option<&'static str>,
    /// Mean wait in seconds, and by how many standard errors the simulation is above it.
    pub wait_mean: Option<(f64, Option<f64>)>,
    /// Likewise the p99.
    pub wait_p99: Option<(f64, Option<f64>)>,
}

/// An answer to another question.
#[derive(Clone, Debug)]
pub struct Reference {
    /// Kendall's name, with its parameters.
    pub model: String,
    /// p99 of its wait, in seconds.
    pub wait_p99: Option<f64>,
    /// The sentence why it is none to this one.
    pub why_not: String,
}

pub(super) fn trust(
    explained: &Explained<'_>,
    queue: usize,
    load: &OfferedLoad,
    overload: &Overload,
) -> Trust {
    let name = &explained.scenario.queues[queue].name;
    let theories = explained.run().map_or(&[][..], |run| &run.theory);
    let own = || theories.iter().filter(|theory| theory.queue == *name);
    let reference = |theory: &Theory| {
        Some(Reference {
            model: theory.model.clone(),
            wait_p99: figure(theory, Statistic::Quantile(990)).map(|(value, _)| value),
            why_not: theory.inapplicable.clone()?,
        })
    };
    let applies = || own().filter(|theory| theory.inapplicable.is_none());
    let models: Vec<Answered> = applies().filter_map(answered).collect();
    let silent = applies().next().filter(|_| models.is_empty());
    Trust {
        ground: ground(explained, queue, load, overload),
        models,
        silent: silent.map(|theory| theory.model.clone()),
        reference: own().find_map(reference),
    }
}

/// What a model says of the wait; `None` where it says nothing.
fn answered(theory: &Theory) -> Option<Answered> {
    let (wait_mean, wait_p99) = (
        figure(theory, Statistic::Mean),
        figure(theory, Statistic::Quantile(990)),
    );
    wait_mean.or(wait_p99)?;
    Some(Answered {
        model: theory.model.clone(),
        error: match theory.basis {
            Basis::Exact => None,
            Basis::Approximate(error) => Some(error),
        },
        wait_mean,
        wait_p99,
    })
}

fn figure(theory: &Theory, statistic: Statistic) -> Option<(f64, Option<f64>)> {
    let metric = Metric::new(&theory.queue, Figure::Wait, statistic);
    theory.metrics.get(&metric).copied()
}

fn ground(
    explained: &Explained<'_>,
    queue: usize,
    load: &OfferedLoad,
    overload: &Overload,
) -> Ground {
    let scenario = explained.scenario;
    let name = &scenario.queues[queue].name;
    if scenario.pools_of(queue).next().is_none() {
        return Ground::Unconsumed;
    }
    let mut sources = scenario.sources_of(queue);
    if sources.any(|one| matches!(one.arrivals, Arrivals::Closed { .. })) {
        return Ground::Answers;
    }
    if load.capacity.is_infinite() {
        return Ground::NoWork;
    }
    let apart = apart(overload);
    if load.counted_in.is_some() {
        return Ground::Listed { apart };
    }
    if !overload.is_known {
        return Ground::NotInTheFile {
            why: not_in_the_file(explained, queue, load),
        };
    }
    let [first, ..] = &overload.stretches[..] else {
        return Ground::Chance {
            unknown: overload.unknown_to_fluid,
        };
    };
    if overload.for_ever {
        let surplus = first.excess / super::seconds(first.from, first.to);
        if is_bounded(scenario, queue) {
            let share = surplus / load.rate.unwrap_or(f64::INFINITY);
            return Ground::Full { surplus, share };
        }
        return Ground::Growing {
            surplus,
            simulated: explained.figure(name, Figure::Growth, Statistic::Rate),
        };
    }
    match overload.unknown_to_fluid {
        Some(unknown) => Ground::OverloadWithoutFluid { unknown },
        None => Ground::Overload { apart },
    }
}

fn not_in_the_file(explained: &Explained<'_>, queue: usize, load: &OfferedLoad) -> &'static str {
    let scenario = explained.scenario;
    let mut pools = scenario.pools_of(queue);
    if scenario.is_gated(queue) {
        "producers wait for confirms, memory or credit"
    } else if pools.any(|pool| pool.on_refused == OnRefused::Block) {
        "consumers wait for room in the next queue"
    } else if load.takes_dead_letters {
        "dead letters come when others die"
    } else if load.is_steered {
        "a balancer sends where there is less"
    } else {
        "a varying rate comes through pools"
    }
}

/// How far the fluid is from the runs where it is highest, as a share of what they hold.
fn apart(overload: &Overload) -> Option<f64> {
    let peak = overload.peak.as_ref()?;
    match &peak.simulated {
        Some(Estimate::Known { value, .. }) if *value > 0.0 => Some((peak.fluid - value) / value),
        Some(Estimate::Known { .. } | Estimate::Refused { .. }) | None => None,
    }
}
