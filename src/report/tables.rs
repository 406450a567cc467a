//! CSV files of a run: figures over time, and curves of latency.

use crate::study::{Lane, LaneKind, Outcome};
use std::collections::{BTreeMap, BTreeSet};

/// `series.csv`: for each bucket its start, then every lane's mean, extremes and quantiles over replications. A
/// variant may lack a lane (what is offered, where clients wait for answers): its cells are empty.
///
/// # Errors
/// None in memory; the type is the writer's.
pub fn series(outcome: &Outcome) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let columns = columns(outcome);
    let named = columns.iter().flat_map(|column| headings(*column));
    let start = ["time_s", "variant"].map(str::to_owned).into_iter();
    writer.write_record(start.chain(named))?;
    for run in &outcome.runs {
        let lanes = run.series.lanes.iter().map(|lane| (column(lane), lane));
        let lanes = lanes.collect::<BTreeMap<_, _>>();
        let buckets = run.series.lanes.first().map_or(0, |lane| lane.mean.len());
        for bucket in 0..buckets {
            let start = bucket as f64 * run.series.bucket_s;
            let cells = columns
                .iter()
                .flat_map(|column| cells(*column, lanes.get(column).copied(), bucket));
            let start = [start.to_string(), run.variant.clone()].into_iter();
            writer.write_record(start.chain(cells))?;
        }
    }
    finish(writer)
}

/// `latency.csv`: the share of messages slower than t, by queue and kind of latency.
///
/// # Errors
/// None in memory; the type is the writer's.
pub fn latency(outcome: &Outcome) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["variant", "queue", "latency", "t_s", "share_slower"])?;
    let queues = outcome.runs.iter().flat_map(|run| {
        let all = run.latency.iter().chain(&run.end_to_end);
        all.map(move |curves| (run, curves))
    });
    for (run, curves) in queues {
        let whole = run.end_to_end.iter().any(|all| all.queue == curves.queue);
        let kinds = [
            ("wait", &curves.wait),
            ("delivery_wait", &curves.delivery_wait),
            (if whole { "latency" } else { "sojourn" }, &curves.sojourn),
        ];
        for (kind, (t, share)) in kinds
            .iter()
            .flat_map(|(kind, curve)| curve.iter().map(move |point| (kind, point)))
        {
            writer.write_record([
                &run.variant,
                &curves.queue,
                *kind,
                &t.to_string(),
                &share.to_string(),
            ])?;
        }
    }
    finish(writer)
}

/// A component, and what is recorded of it.
type Column<'a> = (&'a str, LaneKind);

fn column(lane: &Lane) -> Column<'_> {
    (&lane.component, lane.what)
}

/// Every lane that any run has: those of the base in their order, then what only variants have.
fn columns(outcome: &Outcome) -> Vec<Column<'_>> {
    let lanes = outcome.runs.iter().flat_map(|run| &run.series.lanes);
    let mut seen = BTreeSet::new();
    lanes
        .map(column)
        .filter(|column| seen.insert(*column))
        .collect()
}

fn headings((component, what): Column<'_>) -> Vec<String> {
    let (name, unit) = named(what);
    let heading = |statistic: &str| format!("{component}.{name}{statistic}{unit}");
    if is_known(what) {
        return vec![heading("")];
    }
    [".mean", ".min", ".max", ".p5", ".p50", ".p95"]
        .map(heading)
        .to_vec()
}

/// As many as a column has headings.
fn cells((_, what): Column<'_>, lane: Option<&Lane>, bucket: usize) -> Vec<String> {
    let count = if is_known(what) { 1 } else { 6 };
    let Some(lane) = lane else {
        return vec![String::new(); count];
    };
    let all = [
        &lane.mean, &lane.min, &lane.max, &lane.p5, &lane.p50, &lane.p95,
    ];
    let values = all.into_iter().take(count);
    values.map(|values| values[bucket].to_string()).collect()
}

/// What the file gives, the same in every run: one column.
fn is_known(what: LaneKind) -> bool {
    matches!(
        what,
        LaneKind::Fluid | LaneKind::Offered | LaneKind::Capacity
    )
}

fn named(what: LaneKind) -> (String, &'static str) {
    let (name, unit) = match what {
        LaneKind::Lag(partition) => return (format!("lag_{partition}"), ""),
        LaneKind::Ready => ("ready", ""),
        LaneKind::Unacked => ("unacked", ""),
        LaneKind::Total => ("total", ""),
        LaneKind::Fluid => ("fluid", ""),
        LaneKind::Offered => ("offered", "_per_s"),
        LaneKind::Accepted => ("accepted", "_per_s"),
        LaneKind::Acked => ("acked", "_per_s"),
        LaneKind::Lost => ("lost", "_per_s"),
        LaneKind::Capacity => ("capacity", "_per_s"),
        LaneKind::Utilisation => ("utilisation", ""),
        LaneKind::Consumers => ("consumers", ""),
    };
    (name.to_owned(), unit)
}

fn finish(writer: csv::Writer<Vec<u8>>) -> Result<Vec<u8>, csv::Error> {
    writer
        .into_inner()
        .map_err(|error| error.into_error().into())
}
