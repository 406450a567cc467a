//! CSV files of a run: figures over time, and curves of latency.

use crate::study::{Lane, LaneKind, Outcome, Run};

/// `series.csv`: for each bucket its start, then every lane's mean, extremes and quantiles over replications.
///
/// A variant need not have all lanes of the base (a time to live takes the fluid away): its cells are empty then.
///
/// # Errors
/// None in memory; the type is the writer's.
pub fn series(outcome: &Outcome) -> Result<Vec<u8>, csv::Error> {
    let mut lanes = Vec::new();
    for lane in outcome.runs.iter().flat_map(|run| &run.series.lanes) {
        let name = (lane.component.as_str(), lane.what);
        if !lanes.contains(&name) {
            lanes.push(name);
        }
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    let names = ["time_s".to_owned(), "variant".to_owned()].into_iter();
    writer.write_record(names.chain(lanes.iter().flat_map(|lane| columns(*lane))))?;
    for run in &outcome.runs {
        let columns = lanes
            .iter()
            .map(|(component, what)| lane(run, component, *what));
        let columns = columns.collect::<Vec<_>>();
        let buckets = run.series.lanes.first().map_or(0, |lane| lane.mean.len());
        for bucket in 0..buckets {
            let start = (bucket as f64 * run.series.bucket_s).to_string();
            let values = lanes
                .iter()
                .zip(&columns)
                .flat_map(|((_, what), lane)| values(*lane, *what, bucket));
            writer.write_record([start, run.variant.clone()].into_iter().chain(values))?;
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
    for (run, curves) in outcome
        .runs
        .iter()
        .flat_map(|run| run.latency.iter().map(move |curves| (run, curves)))
    {
        let kinds = [
            ("wait", &curves.wait),
            ("delivery_wait", &curves.delivery_wait),
            ("sojourn", &curves.sojourn),
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

fn lane<'r>(run: &'r Run, component: &str, what: LaneKind) -> Option<&'r Lane> {
    run.series
        .lanes
        .iter()
        .find(|lane| lane.component == component && lane.what == what)
}

const STATISTICS: [&str; 6] = [".mean", ".min", ".max", ".p5", ".p50", ".p95"];

fn columns((component, what): (&str, LaneKind)) -> Vec<String> {
    let (name, unit) = named(what);
    let column = |statistic: &str| format!("{component}.{name}{statistic}{unit}");
    if is_known(what) {
        vec![column("")]
    } else {
        STATISTICS.map(column).to_vec()
    }
}

fn values(lane: Option<&Lane>, what: LaneKind, bucket: usize) -> Vec<String> {
    let count = if is_known(what) { 1 } else { STATISTICS.len() };
    let Some(lane) = lane else {
        return vec![String::new(); count];
    };
    let all = [
        &lane.mean, &lane.min, &lane.max, &lane.p5, &lane.p50, &lane.p95,
    ];
    all.iter()
        .take(count)
        .map(|column| column[bucket].to_string())
        .collect()
}

/// What the file gives, the same in every run: one column.
fn is_known(what: LaneKind) -> bool {
    matches!(
        what,
        LaneKind::Fluid | LaneKind::Offered | LaneKind::Capacity
    )
}

fn named(what: LaneKind) -> (&'static str, &'static str) {
    match what {
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
    }
}

fn finish(writer: csv::Writer<Vec<u8>>) -> Result<Vec<u8>, csv::Error> {
    writer
        .into_inner()
        .map_err(|error| error.into_error().into())
}
