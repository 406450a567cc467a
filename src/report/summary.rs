//! What a person reads in a terminal: objectives first, then each figure with its interval, then what to know about
//! them.

mod difference;
mod losses;
mod side_by_side;
#[cfg(test)]
mod tests;
mod theory;

use crate::scenario::{Bound, END_TO_END, Figure, Kind, Metric, Statistic};
use crate::study::explain::ATTEMPTS_MATTER;
use crate::study::{Estimate, Outcome, Ruling, Run, Verdict, statistics};
use crate::units;
use losses::survivors;
use std::collections::BTreeSet;
use theory::{beside_theory, reference};

/// The whole summary, one variant after the other.
pub fn text(outcome: &Outcome) -> String {
    let mut lines = heading(outcome);
    for run in &outcome.runs {
        lines.push(String::new());
        if outcome.runs.len() > 1 {
            lines.push(format!("{}   {}", run.variant, run.parameters));
            lines.extend(other_runs(outcome, run));
        }
        let verdicts = run
            .objectives
            .iter()
            .map(|verdict| verdict_row(verdict, run, outcome.level));
        let figures = figure_rows(outcome.kind, run)
            .into_iter()
            .filter(|row| !is_said(&row[1], run));
        lines.extend(aligned(verdicts.chain(figures).collect()));
        lines.extend(remarks(run));
        let differences = outcome
            .differences
            .iter()
            .filter(|difference| difference.variant == run.variant);
        lines.extend(differences.map(|difference| difference::line(difference, outcome.level)));
    }
    if !outcome.differences.is_empty() {
        lines.extend(difference::together(outcome.comparisons, outcome.level));
    }
    lines.extend(side_by_side::lines(outcome));
    if outcome.partial {
        lines.push(String::new());
        lines.push("interrupted: what was finished by then, and no more".to_owned());
    }
    // What a file says must not steer the terminal.
    units::visible(&(lines.join("\n") + "\n"))
}

fn heading(outcome: &Outcome) -> Vec<String> {
    let Some(base) = outcome.runs.first() else {
        return Vec::new();
    };
    let mut lines = vec![outcome.title.clone()];
    lines.extend(outcome.question.clone());
    let level = units::show_share(outcome.level);
    let (parameters, runs, seed) = (&base.parameters, runs(base), outcome.seed);
    lines.push(format!(
        "{parameters} · {runs} · seed {seed} · [{level} confidence intervals]"
    ));
    lines
}

/// `20 replications of 15m 00s, of each the first 28.1 s cut as warm-up`.
fn runs(run: &Run) -> String {
    let runs = match run.replications {
        1 => "1 replication".to_owned(),
        count => format!("{count} replications"),
    };
    let warmup = match run.warmup.as_nanos() {
        0 => String::new(),
        _ => format!(", of each the first {} cut as warm-up", run.warmup),
    };
    format!("{runs} of {}{warmup}", run.horizon)
}

/// What runs a variant rests on, where they are other ones than the base's.
fn other_runs(outcome: &Outcome, run: &Run) -> Option<String> {
    let base = runs(outcome.runs.first()?);
    Some(runs(run))
        .filter(|own| *own != base)
        .map(|own| format!("  {own}"))
}

/// Mark, name, value, interval, remark.
type Row = [String; 5];

fn verdict_row(verdict: &Verdict, run: &Run, level: f64) -> Row {
    let metric = &verdict.metric;
    let (mark, word) = match verdict.verdict {
        Ruling::Met => ("✓", "met"),
        Ruling::Missed => ("✗", "missed"),
        Ruling::Undecided => ("?", "undecided"),
    };
    let limit = match verdict.bound {
        Bound::Below(limit) => format!("< {}", metric.show(limit)),
        Bound::Above(limit) => format!("> {}", metric.show(limit)),
    };
    let mut remark = match verdict.met_in {
        Some((met, of)) => format!("{limit}   {word}; {}", share_that_meets(met, of, level)),
        None => format!("{limit}   {word}"),
    };
    if verdict.verdict == Ruling::Undecided {
        remark = format!("{remark}; {}", why_undecided(verdict, run, level));
    }
    let (value, interval) = shown(metric, &verdict.estimate);
    if let Estimate::Refused { why } = &verdict.estimate {
        remark = format!("{remark}: {why}");
    }
    if is_served_alone(verdict, run) {
        for more in [survivors(metric, run), beside_theory(metric, run)]
            .iter()
            .filter(|more| !more.is_empty())
        {
            remark = format!("{remark}; {more}");
        }
    } else if matches!(verdict.estimate, Estimate::Known { .. }) {
        // A figure that is refused for its losses says so itself.
        remark += "; counts the lost as infinitely late";
    }
    [mark.to_owned(), metric.to_string(), value, interval, remark]
}

/// `58 of 60 runs meet it (89 % to 99.1 % of all such runs)`: what they say of the next one.
fn share_that_meets(met: u32, of: u32, level: f64) -> String {
    let share = statistics::share_interval(met, of, level).filter(|_| of > 1);
    let likely = share.map(|share| {
        let (low, high) = (units::show_share(share.low), units::show_share(share.high));
        format!(" ({low} to {high} of all such runs)")
    });
    format!("{met} of {of} runs meet it{}", likely.unwrap_or_default())
}

/// With the remedy.
fn why_undecided(verdict: &Verdict, run: &Run, level: f64) -> String {
    let known = |estimate: &Estimate| {
        matches!(
            estimate,
            Estimate::Known {
                interval: Some(_),
                ..
            }
        )
    };
    if known(&verdict.estimate) {
        return "the limit lies in the interval: ask for more replications".to_owned();
    }
    let fewest = match (verdict.metric.figure, verdict.metric.statistic) {
        // Its interval lies between two of the runs.
        (Figure::DrainTime, Statistic::Quantile(tenths)) => {
            statistics::runs_for_quantile_interval(f64::from(tenths) / 1000.0, level)
        }
        _ => 0,
    };
    if fewest > run.replications as usize {
        let level = units::show_share(level);
        format!("no interval: at {level} it needs {fewest} replications or more")
    } else {
        "no interval: ask for more replications".to_owned()
    }
}

/// The objective counts just what the figure of that name does: the lost make no difference to it.
fn is_served_alone(verdict: &Verdict, run: &Run) -> bool {
    run.metrics
        .get(&verdict.metric)
        .is_none_or(|figure| *figure == verdict.estimate)
}

/// An objective's line says this figure already.
fn is_said(metric: &str, run: &Run) -> bool {
    run.objectives
        .iter()
        .any(|verdict| verdict.metric.to_string() == metric && is_served_alone(verdict, run))
}

/// The figures that most people look for first; all of them are in summary.json.
fn figure_rows(kind: Kind, run: &Run) -> Vec<Row> {
    let components = run
        .metrics
        .keys()
        .map(|metric| metric.component.as_str())
        .collect::<BTreeSet<_>>();
    let queues = run
        .latency
        .iter()
        .map(|curves| curves.queue.as_str())
        .collect::<Vec<_>>();
    let pools = components
        .into_iter()
        .filter(|name| run.metrics.contains_key(&utilisation(name)))
        .collect::<Vec<_>>();
    let mut rows = Vec::new();
    for queue in &queues {
        rows.extend(
            queue_figures(kind)
                .iter()
                .filter_map(|(figure, statistic)| {
                    row(&Metric::new(queue, *figure, *statistic), run)
                }),
        );
    }
    if queues.len() > 1 || run.end_to_end.is_some() {
        rows.extend(row(
            &Metric::new(END_TO_END, Figure::Latency, Statistic::Quantile(990)),
            run,
        ));
    }
    rows.extend(cost_rows(run));
    rows.extend(class_rows(run, &queues, &pools));
    rows.extend(held_back_rows(run));
    for pool in &pools {
        rows.extend(row(&utilisation(pool), run));
        let attempts = Metric::new(pool, Figure::Attempts, Statistic::Mean);
        rows.extend(row(&attempts, run));
    }
    rows
}

/// Figures of producers of which a model speaks: they are classes of messages.
fn class_rows(run: &Run, queues: &[&str], pools: &[&str]) -> Vec<Row> {
    let known = run.theory.iter().flat_map(|theory| theory.metrics.keys());
    let of_producers = known.filter(|metric| {
        let component = metric.component.as_str();
        !queues.contains(&component) && !pools.contains(&component)
    });
    of_producers.filter_map(|metric| row(metric, run)).collect()
}

/// Where the file says what something costs: of all, and how much is asked of SQS.
fn cost_rows(run: &Run) -> Vec<Row> {
    let cost = Metric::new(END_TO_END, Figure::Cost, Statistic::PerHour);
    let Some(row_of_all) = row(&cost, run) else {
        return Vec::new();
    };
    let requests = more_than_nothing(run, Figure::Requests);
    let rates = requests.filter(|metric| metric.statistic == Statistic::Rate);
    let mut rows: Vec<Row> = rates.filter_map(|metric| row(metric, run)).collect();
    rows.push(row_of_all);
    rows
}

/// Metrics of this figure that are known, and not nothing.
fn more_than_nothing(run: &Run, figure: Figure) -> impl Iterator<Item = &Metric> {
    let of_figure = run
        .metrics
        .iter()
        .filter(move |(metric, _)| metric.figure == figure);
    let known =
        |estimate: &Estimate| matches!(estimate, Estimate::Known { value, .. } if *value > 0.0);
    of_figure.filter_map(move |(metric, estimate)| known(estimate).then_some(metric))
}

/// Of producers that were ever kept from publishing.
fn held_back_rows(run: &Run) -> Vec<Row> {
    let blocked = more_than_nothing(run, Figure::Blocked);
    let figures = blocked.flat_map(|metric| {
        let held_back = Metric::new(&metric.component, Figure::HeldBack, Statistic::Mean);
        [metric.clone(), held_back]
    });
    figures.filter_map(|metric| row(&metric, run)).collect()
}

fn utilisation(pool: &str) -> Metric {
    Metric {
        component: pool.to_owned(),
        figure: Figure::Utilisation,
        statistic: Statistic::Value,
    }
}

fn queue_figures(kind: Kind) -> &'static [(Figure, Statistic)] {
    const LOSSES: [(Figure, Statistic); 10] = [
        (Figure::Refused, Statistic::Share),
        (Figure::Expired, Statistic::Share),
        (Figure::Dropped, Statistic::Share),
        (Figure::ConsumerRejected, Statistic::Share),
        (Figure::DeliveryLimited, Statistic::Share),
        (Figure::PeerLost, Statistic::Share),
        (Figure::DeadLettered, Statistic::Share),
        (Figure::Duplicates, Statistic::Share),
        (Figure::OrderViolations, Statistic::Share),
        (Figure::Censored, Statistic::Share),
    ];
    const STEADY: [(Figure, Statistic); 15] = [
        (Figure::Wait, Statistic::Mean),
        (Figure::Wait, Statistic::Quantile(990)),
        (Figure::Sojourn, Statistic::Quantile(990)),
        (Figure::Ready, Statistic::Mean),
        (Figure::Growth, Statistic::Rate),
        LOSSES[0],
        LOSSES[1],
        LOSSES[2],
        LOSSES[3],
        LOSSES[4],
        LOSSES[5],
        LOSSES[6],
        LOSSES[7],
        LOSSES[8],
        LOSSES[9],
    ];
    const TERMINATING: [(Figure, Statistic); 15] = [
        (Figure::Wait, Statistic::Quantile(990)),
        (Figure::Sojourn, Statistic::Quantile(990)),
        (Figure::Ready, Statistic::Max),
        (Figure::OldestAge, Statistic::Max),
        (Figure::DrainTime, Statistic::Mean),
        LOSSES[0],
        LOSSES[1],
        LOSSES[2],
        LOSSES[3],
        LOSSES[4],
        LOSSES[5],
        LOSSES[6],
        LOSSES[7],
        LOSSES[8],
        LOSSES[9],
    ];
    match kind {
        Kind::Steady => &STEADY,
        Kind::Terminating => &TERMINATING,
    }
}

/// A figure's row, unless it says nothing: no loss, no growth of a queue that settles, nothing to drain.
fn row(metric: &Metric, run: &Run) -> Option<Row> {
    let estimate = run.metrics.get(metric)?;
    let losses = matches!(metric.statistic, Statistic::Share);
    match estimate {
        Estimate::Known { value, .. } if losses && *value == 0.0 => return None,
        Estimate::Known { value, .. }
            if metric.figure == Figure::Attempts && *value < ATTEMPTS_MATTER =>
        {
            return None;
        }
        // A long run that stops always leaves a few messages behind.
        Estimate::Known { value, .. }
            if metric.figure == Figure::Censored && *value < CENSORED_MATTERS =>
        {
            return None;
        }
        Estimate::Known { .. }
            if metric.figure == Figure::Growth && !refuses_backlog(metric, run) =>
        {
            return None;
        }
        Estimate::Refused { .. }
            if losses || matches!(metric.figure, Figure::DrainTime | Figure::Attempts) =>
        {
            return None;
        }
        // A queue that nobody consumes from has no latency to speak of.
        Estimate::Refused { .. } if !is_consumed(&metric.component, run) => return None,
        Estimate::Known { .. } | Estimate::Refused { .. } => {}
    }
    let (value, interval) = shown(metric, estimate);
    let runs = match estimate {
        Estimate::Known {
            runs: Some([least, p5, _, p95, most]),
            ..
        } => {
            let (share, low, high) = if run.replications < RUNS_FOR_P5 {
                ("all", least, most)
            } else {
                ("9 of 10", p5, p95)
            };
            let (low, high) = (metric.show(*low), metric.show(*high));
            format!("{share} runs: {low} to {high}")
        }
        Estimate::Known { runs: None, .. } | Estimate::Refused { .. } => String::new(),
    };
    let remarks = [runs, survivors(metric, run), beside_theory(metric, run)].into_iter();
    let remarks = remarks
        .filter(|remark| !remark.is_empty())
        .collect::<Vec<_>>()
        .join("; ");
    Some([String::new(), metric.to_string(), value, interval, remarks])
}

/// Of fewer runs the 5 % on either side are less than one.
const RUNS_FOR_P5: u32 = 20;

/// From this share on, messages that did not get there say something of those that did.
const CENSORED_MATTERS: f64 = 0.01;

fn refuses_backlog(metric: &Metric, run: &Run) -> bool {
    let ready = Metric::new(&metric.component, Figure::Ready, Statistic::Mean);
    matches!(run.metrics.get(&ready), Some(Estimate::Refused { .. }))
}

fn is_consumed(queue: &str, run: &Run) -> bool {
    run.latency
        .iter()
        .all(|curves| curves.queue != queue || curves.messages > 0)
}

fn shown(metric: &Metric, estimate: &Estimate) -> (String, String) {
    match estimate {
        Estimate::Known {
            value, interval, ..
        } => {
            let interval = interval.map_or_else(
                || "[no interval]".to_owned(),
                |(low, high)| format!("[{}, {}]", metric.show(low), metric.show(high)),
            );
            (metric.show(*value), interval)
        }
        Estimate::Refused { .. } => ("none".to_owned(), String::new()),
    }
}

fn remarks(run: &Run) -> Vec<String> {
    let mut lines = run.findings.clone();
    lines.extend(run.theory.iter().filter_map(reference));
    lines.extend(run.notes.iter().map(|note| format!("note: {note}")));
    if !run.imprecise.is_empty() {
        let names = run
            .imprecise
            .iter()
            .map(Metric::to_string)
            .collect::<Vec<_>>()
            .join(", ");
        lines.push(format!(
            "less precise than asked for: {names}; allow more replications, or a longer horizon"
        ));
    }
    let messages = units::show_count(run.audit.accepted as f64);
    lines.push(format!(
        "audit: ∫ total dt = Σ time in the queue, to the nanosecond, over {messages} messages"
    ));
    lines
}

/// Columns under each other: names to the left, values to the right.
fn aligned(rows: Vec<Row>) -> Vec<String> {
    let width = |column: usize| {
        rows.iter()
            .map(|row| row[column].chars().count())
            .max()
            .unwrap_or(0)
    };
    let (mark, name, value, interval) = (width(0), width(1), width(2), width(3));
    let line = |row: &Row| {
        let [m, n, v, i, remark] = row;
        format!("{m:mark$} {n:name$}  {v:>value$}  {i:interval$}  {remark}")
            .trim_end()
            .to_owned()
    };
    let indent = |line: String| {
        if mark == 0 {
            line.trim_start().to_owned()
        } else {
            line
        }
    };
    rows.iter().map(line).map(indent).collect()
}
