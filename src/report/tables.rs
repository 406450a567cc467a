//! CSV files of a run: figures over time, and curves of latency.

use crate::study::{LaneKind, Outcome, Run, Series};

/// `series.csv`: for each bucket its start, then every lane's mean, extremes and quantiles over replications.
///
/// # Errors
/// None in memory; the type is the writer's.
pub fn series(outcome: &Outcome) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let Some(first) = outcome.runs.first() else {
        return finish(writer);
    };
    writer.write_record(
        ["time_s".to_owned(), "variant".to_owned()]
            .into_iter()
            .chain(columns(&first.series)),
    )?;
    for run in &outcome.runs {
        let buckets = run.series.lanes.first().map_or(0, |lane| lane.mean.len());
        for bucket in 0..buckets {
            let start = bucket as f64 * run.series.bucket_s;
            writer.write_record(
                [start.to_string(), run.variant.clone()]
                    .into_iter()
                    .chain(values(run, bucket)),
            )?;
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

fn columns(series: &Series) -> impl Iterator<Item = String> {
    series.lanes.iter().flat_map(|lane| {
        let (what, unit) = named(lane.what);
        let column = move |statistic: &str| format!("{}.{what}{statistic}{unit}", lane.component);
        if is_known(lane.what) {
            return vec![column("")];
        }
        [".mean", ".min", ".max", ".p5", ".p50", ".p95"]
            .map(column)
            .to_vec()
    })
}

fn values(run: &Run, bucket: usize) -> impl Iterator<Item = String> {
    run.series.lanes.iter().flat_map(move |lane| {
        let all = [
            &lane.mean, &lane.min, &lane.max, &lane.p5, &lane.p50, &lane.p95,
        ];
        let count = if is_known(lane.what) { 1 } else { all.len() };
        all.into_iter()
            .take(count)
            .map(move |column| column[bucket].to_string())
    })
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
