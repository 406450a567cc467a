//! What drives an answer, in words: a heading for each queue, and short paragraphs under it.
//!
//! What is said with an interval was simulated for it, and all else follows from the file.

mod json;
mod losses;
mod overload;
mod paragraph;
pub mod story;
#[cfg(test)]
mod tests;
mod trust;

pub use json::object;
pub use story::object as story_object;

use crate::study::Estimate;
use crate::study::explain::{
    Bursts, CapacityStep, Explanation, Measure, OfferedLoad, Origin, QueueExplained,
};
use crate::time::{Span, Time};
use crate::units::{self, show_count, show_rate, show_seconds, show_share, write_duration};
use paragraph::paragraph;

/// All that is said, as text.
pub fn text(explanation: &Explanation) -> String {
    let mut lines = vec![explanation.title.clone()];
    lines.extend(explanation.question.clone());
    lines.push(explanation.parameters.clone());
    lines.extend(paragraph("", &[source(explanation)]));
    let consumed = explanation.queues.iter().filter(|queue| queue.is_consumed);
    if consumed.count() > 1 {
        lines.push(String::new());
        lines.push(in_all(explanation));
    }
    for queue in &explanation.queues {
        lines.push(String::new());
        lines.extend(of_queue(queue));
    }
    let remarks = explanation.findings.iter().cloned();
    let notes = explanation.notes.iter().map(|note| format!("note: {note}"));
    let remarks: Vec<String> = remarks.chain(notes).collect();
    if !remarks.is_empty() {
        lines.push(String::new());
    }
    lines.extend(
        remarks
            .into_iter()
            .flat_map(|remark| paragraph("", &[remark])),
    );
    units::visible(&(lines.join("\n") + "\n"))
}

/// Where figures are from.
fn source(explanation: &Explanation) -> String {
    let variants = match explanation.variants {
        0 => String::new(),
        _ => " The file's variants are not explained: see them by --set.".to_owned(),
    };
    let Some(effort) = explanation.effort else {
        let messages = show_count(explanation.messages_a_run);
        return format!(
            "All figures follow from the file: one run of it has about {messages} messages, which would take too long. \
             --replications 2 runs it all the same.{variants}"
        );
    };
    let level = show_share(explanation.level);
    let runs = match effort.replications {
        1 => "one replication".to_owned(),
        count => format!("{count} replications"),
    };
    let cut = effort
        .cut_from
        .map(|whole| format!(", cut from {whole}"))
        .unwrap_or_default();
    format!(
        "Figures with [an interval] are simulated: {runs} of {}{cut}, seed {}, at {level}. All others follow from the \
         file.{variants}",
        effort.horizon, explanation.seed
    )
}

fn in_all(explanation: &Explanation) -> String {
    let slots = counted(explanation.slots, "slot");
    match explanation.offered_load {
        Some(load) => format!(
            "In all: an offered load of {} Erlang on {slots}.",
            show_count(load)
        ),
        None => format!("In all: {slots}; the file does not say what all queues are offered."),
    }
}

fn of_queue(queue: &QueueExplained) -> Vec<String> {
    let mut lines = vec![format!("{} ({})", queue.queue, queue.kind)];
    let mut say = |label, sentences: Vec<String>| lines.extend(paragraph(label, &sentences));
    say("load", load(queue));
    if queue.is_consumed {
        say("capacity", capacity(&queue.capacity, &queue.load));
        say("saturation", overload::saturation(queue));
        say("backlog", overload::backlog(queue));
        say("bursts", bursts(&queue.bursts, &queue.load));
        say("wait", wait(queue));
        say("prefetch", losses::hoarding(queue));
    }
    say("losses", losses::losses(&queue.losses));
    say("trust", trust::trust(queue));
    lines
}

fn load(queue: &QueueExplained) -> Vec<String> {
    let load = &queue.load;
    let mut said = vec![match (load.rate, load.erlang) {
        (_, _) if !queue.is_consumed => {
            format!("Nobody consumes{}.", seen(queue, "come"))
        }
        (Some(rate), None) if load.takes_dead_letters => format!(
            "{} by the file, and dead letters besides{}.",
            show_rate(rate),
            seen(queue, "come in all")
        ),
        (Some(rate), _) if load.capacity.is_infinite() => {
            format!("{}, and work takes no time.", show_rate(rate))
        }
        (Some(rate), Some(erlang)) => against_slots(rate, erlang, load),
        (Some(rate), None) => format!("{} by the file.", show_rate(rate)),
        (None, _) => format!(
            "What arrives depends on the answers that clients wait for{}.",
            seen(queue, "come")
        ),
    }];
    let busy = queue.simulated.busy.iter();
    let busy = busy.map(|(pool, share)| format!("{pool} {}", estimate(share, show_share)));
    let busy = busy.collect::<Vec<_>>().join(", ");
    if !busy.is_empty() {
        said.push(format!("Busy in the runs: {busy}."));
    }
    if load.is_steered {
        said.push("That is as if its balancer shared evenly.".to_owned());
    }
    if let Some((rate, at)) = load
        .peak
        .filter(|_| load.capacity > 0.0 && queue.is_consumed)
    {
        let (from, counted) = match load.counted_in {
            Some(width) => ("at", format!(", counted in {}", show_seconds(width))),
            None => ("from", String::new()),
        };
        said.push(format!(
            "λ is highest {from} {}, with {}{counted}: {} Erlang, {} of the capacity.",
            instant(at),
            show_rate(rate),
            show_count(rate * load.slot_time),
            show_share(rate / load.capacity)
        ));
    }
    if load.is_more_than_service
        && let [pool] = &load.pools[..]
    {
        said.push(format!(
            "A message keeps a slot for {}, where its service takes {}: attempts, setups, round trips and time down \
             count too.",
            show_seconds(load.slot_time),
            show_seconds(pool.service)
        ));
    }
    said
}

/// What comes in the runs.
fn seen(queue: &QueueExplained, verb: &str) -> String {
    let seen = queue.simulated.accepted.as_ref();
    let seen = seen.map(|seen| format!(": {} {verb} in the runs", estimate(seen, show_rate)));
    seen.unwrap_or_default()
}

fn against_slots(rate: f64, erlang: f64, load: &OfferedLoad) -> String {
    let changes = load.peak.is_some() || load.counted_in.is_some();
    let average = if changes { " on average" } else { "" };
    format!(
        "{}{average} × {} = {} Erlang on {}: {} of the capacity.",
        show_rate(rate),
        show_seconds(load.slot_time),
        show_count(erlang),
        slots(load),
        show_share(rate / load.capacity)
    )
}

/// What works at once: consumers, or slots of them.
fn slots(load: &OfferedLoad) -> String {
    let each_has_one = load.pools.iter().all(|pool| pool.slots_each == 1);
    counted(load.slots, if each_has_one { "consumer" } else { "slot" })
}

fn counted(count: f64, what: &str) -> String {
    let plural = if (count - 1.0).abs() < 1e-9 { "" } else { "s" };
    format!("{} {what}{plural}", show_count(count))
}

fn capacity(steps: &[CapacityStep], load: &OfferedLoad) -> Vec<String> {
    const SHOWN: usize = 6;
    let [first, ..] = steps else {
        return vec!["Work takes no time.".to_owned()];
    };
    let formula = format!(
        "C = {} × {} = {}",
        slots(load),
        show_rate(1.0 / load.slot_time),
        show_rate(load.capacity)
    );
    if steps.len() == 1 && first.why.is_empty() {
        return vec![format!("{formula}, all the time.")];
    }
    if steps.len() > SHOWN {
        let Some(least) = steps.iter().min_by(|a, b| a.rate.total_cmp(&b.rate)) else {
            return Vec::new();
        };
        return vec![format!(
            "{formula} when nothing is wrong. It changes {} times, and is lowest from {} to {}: {}{}.",
            steps.len() - 1,
            instant(least.from),
            instant(least.to),
            show_rate(least.rate),
            why(least)
        )];
    }
    let said = steps
        .iter()
        .map(|step| (show_rate(step.rate), instant(step.to), why(step)));
    let said = said.map(|(rate, to, why)| format!("{rate} until {to}{why}"));
    let said = said.collect::<Vec<_>>().join(", ");
    vec![format!(
        "{formula} when nothing is wrong. By the file: {said}."
    )]
}

fn why(step: &CapacityStep) -> String {
    if step.why.is_empty() {
        return String::new();
    }
    format!(" ({})", step.why.join(", "))
}

fn bursts(bursts: &Bursts, load: &OfferedLoad) -> Vec<String> {
    let mut said = Vec::new();
    if let Some(scv) = &bursts.scv {
        said.push(format!(
            "cv² of the time between messages {}.",
            measure(scv)
        ));
    }
    let indices = bursts.dispersion.iter();
    let indices = indices.enumerate().map(|(number, one)| {
        let window = write_duration(one.window);
        let of = if number == 0 { "in windows of" } else { "of" };
        format!("{} {of} {window}", measure(&one.index))
    });
    let indices = indices.collect::<Vec<_>>().join(", ");
    if !indices.is_empty() {
        let change = if bursts.rate_changes {
            ", with the change of λ counted in"
        } else {
            ""
        };
        said.push(format!(
            "Index of dispersion of counts (1 for Poisson{change}): {indices}."
        ));
    }
    if let Some(limit) = bursts.limit {
        said.push(format!(
            "It goes to {} as windows get longer.",
            show_count(limit)
        ));
    }
    let services = load.pools.iter().map(|pool| {
        let scv = show_count(pool.service_scv);
        if load.pools.len() > 1 {
            format!("{scv} at {}", pool.pool)
        } else {
            scv
        }
    });
    let services = services.collect::<Vec<_>>().join(", ");
    said.push(format!("cv² of the service time {services}."));
    said
}

fn wait(queue: &QueueExplained) -> Vec<String> {
    let simulated = &queue.simulated;
    let (Some(mean), Some(p99), Some(share)) =
        (&simulated.wait_mean, &simulated.wait_p99, &simulated.p_wait)
    else {
        return Vec::new();
    };
    if let Estimate::Refused { why } = mean {
        return vec![format!("None to speak of: {why}.")];
    }
    vec![format!(
        "Mean {}, p99 {}; {} of messages wait at all.",
        estimate(mean, show_seconds),
        estimate(p99, show_seconds),
        estimate(share, show_share)
    )]
}

/// An instant of the run, to the second: hours and days alone would not tell when a short stretch is.
fn instant(time: Time) -> String {
    let since = time.since(Time::ZERO);
    if since < Span::from_secs(3_600) {
        return since.to_string();
    }
    let seconds = since.as_secs_f64().round();
    write_duration(Span::from_secs_f64(seconds))
}

/// `10.7 ms [10.5 ms, 10.9 ms]`.
fn estimate(estimate: &Estimate, show: impl Fn(f64) -> String) -> String {
    match estimate {
        Estimate::Known {
            value,
            interval: Some((low, high)),
            ..
        } => format!("{} [{}, {}]", show(*value), show(*low), show(*high)),
        Estimate::Known {
            value,
            interval: None,
            ..
        } => format!("{} [no interval]", show(*value)),
        Estimate::Refused { why } => format!("none ({why})"),
    }
}

fn measure(measure: &Measure) -> String {
    let value = show_count(measure.value);
    match (measure.basis, measure.interval) {
        (Origin::Law | Origin::List, _) => value,
        (Origin::Runs, Some((low, high))) => {
            format!("{value} [{}, {}]", show_count(low), show_count(high))
        }
        (Origin::Runs, None) => format!("{value} [no interval]"),
    }
}
