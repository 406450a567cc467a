//! Overload in words: where it is, what it leaves behind, how that goes away.

use super::{estimate, instant};
use crate::study::Estimate;
use crate::study::explain::{BurstState, Drain, Peak, QueueExplained, Stretch};
use crate::units::{show_count, show_rate, show_seconds};

/// Where λ exceeds C.
pub(super) fn saturation(queue: &QueueExplained) -> Vec<String> {
    let overload = &queue.overload;
    let mut said = Vec::new();
    let for_ever = overload.for_ever.then(|| "λ > C all the time.".to_owned());
    said.extend(for_ever);
    let shown = overload.stretches.iter().filter(|_| !overload.for_ever);
    for stretch in shown {
        said.push(format!(
            "λ > C from {} to {}: ∫(λ − C) dt = {} messages more than can be served.",
            instant(stretch.from),
            instant(stretch.to),
            show_count(stretch.excess)
        ));
    }
    match overload.more {
        0 => {}
        1 => said.push("There is one smaller stretch like that.".to_owned()),
        more => said.push(format!("There are {more} smaller stretches like that.")),
    }
    if queue.load.capacity.is_infinite() {
        said.push("None: work takes no time.".to_owned());
    } else if !overload.is_known {
        said.push(match queue.load.counted_in {
            Some(_) => {
                "The arrivals are a list: its counts cross C by chance too, so no stretch is told from them.".to_owned()
            }
            None => "The file alone does not give λ(t) and C(t) here.".to_owned(),
        });
    } else if said.is_empty() {
        said.push("None by the rates of the file: λ(t) < C(t) all the time.".to_owned());
    }
    said.extend(queue.bursts.peaks.iter().map(|state| burst(state, queue)));
    said
}

fn burst(state: &BurstState, queue: &QueueExplained) -> String {
    format!(
        "But in bursts: {} come for {} at a time on average, {} more than C, which leaves {} messages behind each time.",
        show_rate(state.rate),
        show_seconds(state.stay),
        show_rate(state.rate - queue.load.capacity),
        show_count(state.left_behind)
    )
}

/// What overload leaves behind.
pub(super) fn backlog(queue: &QueueExplained) -> Vec<String> {
    let overload = &queue.overload;
    let mut said: Vec<String> = overload.stretches.iter().filter_map(grown).collect();
    said.extend(overload.peak.as_ref().map(peak));
    said.extend(overload.drain.as_ref().and_then(drain));
    if !said.is_empty()
        && let Some(most @ Estimate::Known { .. }) = &queue.simulated.ready_max
    {
        let most = estimate(most, show_count);
        said.push(format!("The most that is ready in a run is {most}."));
    }
    said
}

fn grown(stretch: &Stretch) -> Option<String> {
    let fluid = stretch.fluid;
    let fluid = fluid.map(|grown| format!("{} by the fluid", show_count(grown)));
    let runs = stretch.simulated.as_ref();
    let runs = runs.map(|grown| format!("{} in the runs", estimate(grown, show_count)));
    let both: Vec<String> = fluid.into_iter().chain(runs).collect();
    (!both.is_empty()).then(|| {
        format!(
            "∫(P − S) dt from {} to {} is {}.",
            instant(stretch.from),
            instant(stretch.to),
            both.join(", ")
        )
    })
}

fn peak(peak: &Peak) -> String {
    let runs = peak.simulated.as_ref();
    let runs = runs.map(|level| format!("; the runs hold {} then", estimate(level, show_count)));
    format!(
        "By the fluid most are there at {}: {} messages{}.",
        instant(peak.at),
        show_count(peak.fluid),
        runs.unwrap_or_default()
    )
}

fn drain(drain: &Drain) -> Option<String> {
    let fluid = match drain.fluid {
        Some(time) => Some(format!("{time} by the fluid")),
        None if drain.is_left_by_fluid => Some("not before the end by the fluid".to_owned()),
        None => None,
    };
    let runs = drain.simulated.as_ref();
    let runs = runs.map(|time| format!("{} in the runs", estimate(time, show_seconds)));
    let both: Vec<String> = fluid.into_iter().chain(runs).collect();
    (!both.is_empty()).then(|| {
        format!(
            "From {} until nothing waits it takes {}.",
            instant(drain.from),
            both.join(", ")
        )
    })
}
