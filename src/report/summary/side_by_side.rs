//! The same work under the rules of several brokers: a table, and of each broker a sentence on what choosing it costs.

use crate::scenario::{END_TO_END, Figure, Metric, Statistic};
use crate::study::{Estimate, Outcome, Run};
use crate::units;

/// A column of the table, and whether its values are of the queue or of the whole.
struct Column {
    heading: &'static str,
    figure: Figure,
    statistic: Statistic,
    of_queue: bool,
}

const COLUMNS: [Column; 6] = [
    column(
        "p99 latency",
        Figure::Latency,
        Statistic::Quantile(990),
        false,
    ),
    column("lost", Figure::Lost, Statistic::Share, false),
    column("done twice", Figure::Duplicates, Statistic::Share, true),
    column(
        "out of order",
        Figure::OrderViolations,
        Statistic::Share,
        true,
    ),
    column("recovers in", Figure::DrainTime, Statistic::Mean, true),
    column("cost per hour", Figure::Cost, Statistic::PerHour, false),
];

const fn column(
    heading: &'static str,
    figure: Figure,
    statistic: Statistic,
    of_queue: bool,
) -> Column {
    Column {
        heading,
        figure,
        statistic,
        of_queue,
    }
}

/// The lines; none where all runs have the same brokers.
pub(super) fn lines(outcome: &Outcome) -> Vec<String> {
    let Some(queue) = varied_queue(&outcome.runs) else {
        return Vec::new();
    };
    let level = units::show_share(outcome.level);
    let mut lines = vec![
        String::new(),
        format!("side by side, with half of each {level} confidence interval"),
    ];
    // What no run has a value of is no column.
    let is_known = |column: &&Column| {
        let mut runs = outcome.runs.iter();
        runs.any(|run| known(run, queue, column).is_some())
    };
    let columns: Vec<&Column> = COLUMNS.iter().filter(is_known).collect();
    let headings = columns.iter().map(|column| column.heading.to_owned());
    let mut rows: Vec<Vec<String>> = vec![
        [String::new(), queue.to_owned()]
            .into_iter()
            .chain(headings)
            .collect(),
    ];
    for run in &outcome.runs {
        let cells = columns.iter().map(|column| cell(run, queue, column));
        let names = [run.variant.clone(), kind(run, queue).to_owned()];
        rows.push(names.into_iter().chain(cells).collect());
    }
    lines.extend(aligned(&rows));
    lines.push("in these runs:".to_owned());
    lines.extend(outcome.runs.iter().map(|run| sentence(run, queue, outcome)));
    lines
}

/// The first queue that is not of the same kind in all runs.
fn varied_queue(runs: &[Run]) -> Option<&str> {
    let base = runs.first()?;
    let differs = |name: &str| runs.iter().any(|run| kind(run, name) != kind(base, name));
    let mut names = base.kinds.iter().map(|(name, _)| name.as_str());
    names.find(|name| differs(name))
}

fn kind<'r>(run: &'r Run, queue: &str) -> &'r str {
    let found = run.kinds.iter().find(|(name, _)| name == queue);
    found.map_or("", |(_, kind)| kind)
}

fn metric(queue: &str, column: &Column) -> Metric {
    let component = if column.of_queue { queue } else { END_TO_END };
    Metric::new(component, column.figure, column.statistic)
}

fn known(run: &Run, queue: &str, column: &Column) -> Option<(f64, Option<(f64, f64)>)> {
    match run.metrics.get(&metric(queue, column))? {
        Estimate::Known {
            value, interval, ..
        } => Some((*value, *interval)),
        Estimate::Refused { .. } => None,
    }
}

fn cell(run: &Run, queue: &str, column: &Column) -> String {
    let metric = metric(queue, column);
    match (run.metrics.get(&metric), known(run, queue, column)) {
        (None, _) if cannot_happen(run, queue, column) => "never".to_owned(),
        (_, None) => "–".to_owned(),
        (_, Some((value, interval))) => {
            let half = interval.map(|(low, high)| (high - value).max(value - low));
            let half = half.filter(|half| *half > value * NOISE);
            let half = half.map_or(String::new(), |half| format!(" ± {}", metric.show(half)));
            format!("{}{half}", metric.show(value))
        }
    }
}

/// Whether it is no figure there since it never can be more than 0.
fn cannot_happen(run: &Run, queue: &str, column: &Column) -> bool {
    column.figure == Figure::Duplicates
        && !kind(run, queue).is_empty()
        && !run.metrics.contains_key(&metric(queue, column))
}

/// What this choice costs, in the words of the table. A figure that is refused is not spoken of.
fn sentence(run: &Run, queue: &str, outcome: &Outcome) -> String {
    let [latency, lost, twice, order, recovery, cost] = &COLUMNS;
    let share = |column: &Column| known(run, queue, column).map(|(value, _)| value);
    let shown = |column: &Column, value: f64| metric(queue, column).show(value);
    let mut parts = Vec::new();
    parts.extend(share(lost).map(|gone| match gone > 0.0 {
        true => format!("loses {}", shown(lost, gone)),
        false => "loses nothing".to_owned(),
    }));
    parts.extend(match (share(twice), cannot_happen(run, queue, twice)) {
        (Some(again), _) if again > 0.0 => Some(format!("does {} twice", shown(twice, again))),
        (Some(_), _) | (None, true) => Some("does nothing twice".to_owned()),
        (None, false) => None,
    });
    parts.extend(share(order).map(|late| match late > 0.0 {
        true => format!("does {} out of order", shown(order, late)),
        false => "keeps each key in order".to_owned(),
    }));
    parts.extend(
        standing(run, queue, latency, outcome).map(|standing| match standing {
            Standing::Least => "has the least p99 latency".to_owned(),
            Standing::AmongTheLeast => {
                "a p99 latency that cannot be told from the least".to_owned()
            }
            Standing::Above { times, .. } => format!("{times} times the least p99 latency"),
        }),
    );
    parts.extend(
        standing(run, queue, recovery, outcome).map(|standing| match standing {
            Standing::Least => "recovers first".to_owned(),
            Standing::AmongTheLeast => "recovers with the first".to_owned(),
            Standing::Above { by, .. } => {
                format!("recovers {} after the first", shown(recovery, by))
            }
        }),
    );
    parts.extend(
        standing(run, queue, cost, outcome).and_then(|standing| match standing {
            Standing::Above { times, .. } => Some(format!("costs {times} times the least")),
            Standing::Least | Standing::AmongTheLeast => None,
        }),
    );
    format!("{}: {}", called(run, queue), parts.join(", "))
}

/// `Kafka`, or with its kind where its name does not say it: `base (classic)`.
fn called(run: &Run, queue: &str) -> String {
    let kind = kind(run, queue);
    if run.variant.to_lowercase().contains(kind) {
        run.variant.clone()
    } else {
        format!("{} ({kind})", run.variant)
    }
}

/// Where a value stands among those of all runs.
enum Standing {
    /// Its interval is below all others.
    Least,
    /// Its interval and that of the least overlap. Runs are paired, so that this says less than could be said.
    AmongTheLeast,
    Above {
        /// Than the least.
        by: f64,
        times: String,
    },
}

/// `None` where not all runs have a value with an interval, or all have the same.
fn standing(run: &Run, queue: &str, column: &Column, outcome: &Outcome) -> Option<Standing> {
    let ends = |run: &Run| {
        let (value, interval) = known(run, queue, column)?;
        interval.map(|(low, high)| (value, low, high))
    };
    let all: Vec<(f64, f64, f64)> = outcome.runs.iter().map(ends).collect::<Option<_>>()?;
    let (value, low, high) = ends(run)?;
    let least = all.iter().copied().min_by(|a, b| a.0.total_cmp(&b.0))?;
    let most = all.iter().fold(least.0, |most, one| most.max(one.0));
    if most <= least.0 * (1.0 + NOISE) {
        return None;
    }
    if low > least.2 {
        let times = match least.0 > 0.0 {
            true => units::show_count(value / least.0),
            false => "∞".to_owned(),
        };
        let by = value - least.0;
        return Some(Standing::Above { by, times });
    }
    let others = all.iter().filter(|(_, low, _)| *low <= high).count();
    Some(match others {
        1 => Standing::Least,
        _ => Standing::AmongTheLeast,
    })
}

/// Relative differences below this are those of adding up in another order.
const NOISE: f64 = 1e-9;

/// Names to the left, all else to the right.
fn aligned(rows: &[Vec<String>]) -> Vec<String> {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).enumerate();
        let cells = cells.map(|(index, (cell, width))| match index {
            0 | 1 => format!("{cell:width$}"),
            _ => format!("{cell:>width$}"),
        });
        cells.collect::<Vec<_>>().join("   ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}
