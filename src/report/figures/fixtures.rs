//! Outcomes as studies give them, made up from formulas: the data of pictures under test.

use crate::model::Basis;
use crate::scenario::{Bound, Figure, Kind, Metric, Statistic};
use crate::study::{
    Audit, Estimate, Lane, LaneKind, LatencyCurves, Outcome, Ruling, Run, Series, Theory, Verdict,
};
use crate::time::Time;
use std::collections::BTreeMap;

/// A queue and its pool over a stretch of time.
pub(super) struct Scene {
    pub(super) horizon_s: f64,
    /// The run goes on so much longer to serve what is left.
    pub(super) drain_s: f64,
    pub(super) warmup_s: f64,
    pub(super) buckets: usize,
    pub(super) replications: u32,
    /// λ(t) per second.
    pub(super) offered: fn(f64) -> f64,
    /// Consumers up.
    pub(super) consumers: fn(f64) -> f64,
    pub(super) service_s: f64,
    /// What stands in the queue at most.
    pub(super) limit: f64,
}

impl Default for Scene {
    fn default() -> Self {
        Self {
            horizon_s: 3600.0,
            drain_s: 0.0,
            warmup_s: 0.0,
            buckets: 900,
            replications: 20,
            offered: |_| 80.0,
            consumers: |_| 9.0,
            service_s: 0.083,
            limit: f64::INFINITY,
        }
    }
}

/// An outcome of these runs.
pub(in crate::report) fn outcome(title: &str, runs: Vec<Run>) -> Outcome {
    Outcome {
        scenario: "fixture".to_owned(),
        title: title.to_owned(),
        question: None,
        kind: Kind::Steady,
        seed: 42,
        level: 0.95,
        runs,
        differences: Vec::new(),
        comparisons: 0,
        partial: false,
    }
}

/// A run with nothing recorded.
pub(in crate::report) fn empty_run(variant: &str) -> Run {
    Run {
        variant: variant.to_owned(),
        replications: 20,
        warmup: Time::ZERO,
        horizon: Time::from_secs_f64(3600.0),
        parameters: "80/s → 9 consumers of queue emails, prefetch 1".to_owned(),
        kinds: Vec::new(),
        metrics: BTreeMap::new(),
        theory: Vec::new(),
        objectives: Vec::new(),
        series: Series::default(),
        overview: Series::default(),
        imprecise: Vec::new(),
        latency: Vec::new(),
        audit: Audit::default(),
        end_to_end: None,
        refusals_return: Vec::new(),
        publishes_again: false,
        findings: Vec::new(),
        notes: Vec::new(),
    }
}

/// A run of one scene.
pub(super) fn run(variant: &str, scene: &Scene) -> Run {
    let mut run = empty_run(variant);
    run.replications = scene.replications;
    run.warmup = Time::from_secs_f64(scene.warmup_s);
    run.horizon = Time::from_secs_f64(scene.horizon_s);
    add_queue(&mut run, "emails", "senders", scene);
    run
}

/// Adds a queue and its pool to a run.
pub(super) fn add_queue(run: &mut Run, queue: &str, pool: &str, scene: &Scene) {
    let bucket_s = (scene.horizon_s + scene.drain_s) / scene.buckets as f64;
    let rows = flow(scene, bucket_s);
    let column = |of: fn(&Row) -> f64| rows.iter().map(of).collect::<Vec<f64>>();
    let noise = f64::from(scene.replications).sqrt().recip();
    let mut dice = Dice(queue.len() as u64 + scene.buckets as u64);
    let mut lane = |component: &str, what, level: Vec<f64>, spread: fn(f64) -> f64| {
        run.overview.lanes.push(spread_out(
            component, what, &level, spread, noise, &mut dice,
        ));
    };
    lane(queue, LaneKind::Total, column(|row| row.total), |level| {
        1.3 * (level + 4.0).sqrt()
    });
    lane(queue, LaneKind::Fluid, column(|row| row.total), |_| 0.0);
    lane(queue, LaneKind::Offered, column(|row| row.offered), |_| 0.0);
    let rate_noise = [
        |rate: f64| rate.sqrt() / 1.0,
        |rate: f64| (rate / 60.0).sqrt(),
    ][usize::from(bucket_s > 10.0)];
    lane(
        queue,
        LaneKind::Accepted,
        column(|row| row.accepted),
        rate_noise,
    );
    lane(queue, LaneKind::Acked, column(|row| row.acked), rate_noise);
    lane(queue, LaneKind::Lost, column(|row| row.lost), |_| 0.0);
    lane(
        queue,
        LaneKind::Capacity,
        column(|row| row.capacity),
        |_| 0.0,
    );
    lane(
        pool,
        LaneKind::Utilisation,
        column(|row| row.busy),
        |busy| 0.08 * (busy * (1.0 - busy)).max(0.0).sqrt(),
    );
    lane(
        pool,
        LaneKind::Consumers,
        column(|row| row.consumers),
        |_| 0.0,
    );
    run.overview.bucket_s = bucket_s;
    run.overview.saturated.extend(
        saturated(&rows, bucket_s)
            .into_iter()
            .map(|(from, to)| (queue.to_owned(), from, to)),
    );
}

/// The curve of a wait with P(wait > t) = p · e^(−t / scale), ending in the noise of few messages.
pub(super) fn waits(queue: &str, p_wait: f64, scale_s: f64, messages: u64) -> LatencyCurves {
    let mut dice = Dice(messages ^ 7);
    let mut lowest = 1.0_f64;
    let mut curve = |p: f64, offset: f64| -> Vec<(f64, f64)> {
        let times = (0..=700).map(|index| scale_s * 1e-4 * 10f64.powf(f64::from(index) / 110.0));
        let share = times.map(|t| {
            let exact = p * (-((t - offset).max(0.0)) / scale_s).exp();
            lowest = lowest
                .min(exact * (1.0 + dice.normal() / (exact * messages as f64).sqrt().max(1.0)))
                .max(0.0);
            (
                t,
                if lowest * (messages as f64) < 1.0 {
                    0.0
                } else {
                    lowest
                },
            )
        });
        share.collect()
    };
    let wait = curve(p_wait, 0.0);
    let mut sojourn = wait.clone();
    sojourn.iter_mut().for_each(|(t, share)| {
        *t += 0.6 * scale_s;
        *share = (*share / p_wait).min(1.0);
    });
    LatencyCurves {
        queue: queue.to_owned(),
        delivery_wait: wait.clone(),
        wait,
        sojourn,
        messages,
    }
}

/// An objective on a quantile of a queue.
pub(super) fn objective(queue: &str, figure: Figure, tenths: u16, below_s: f64) -> Verdict {
    Verdict {
        metric: Metric {
            component: queue.to_owned(),
            figure,
            statistic: Statistic::Quantile(tenths),
        },
        bound: Bound::Below(below_s),
        estimate: Estimate::Refused {
            why: "made up".to_owned(),
        },
        verdict: Ruling::Missed,
        met_in: None,
    }
}

/// Theory with a curve.
pub(in crate::report) fn theory(queue: &str, p_wait: f64, scale_s: f64) -> Theory {
    let times = (0..400).map(|index| scale_s * 0.05 * f64::from(index));
    Theory {
        model: "M/M/9".to_owned(),
        queue: queue.to_owned(),
        basis: Basis::Exact,
        inapplicable: None,
        metrics: BTreeMap::new(),
        wait_curve: times.map(|t| (t, p_wait * (-t / scale_s).exp())).collect(),
    }
}

/// p_wait as a metric.
pub(super) fn p_wait(run: &mut Run, queue: &str, value: f64) {
    let metric = Metric {
        component: queue.to_owned(),
        figure: Figure::PWait,
        statistic: Statistic::Value,
    };
    run.metrics.insert(
        metric,
        Estimate::Known {
            value,
            interval: None,
            no_interval: None,
            runs: None,
        },
    );
}

struct Row {
    total: f64,
    offered: f64,
    accepted: f64,
    acked: f64,
    lost: f64,
    capacity: f64,
    busy: f64,
    consumers: f64,
}

fn flow(scene: &Scene, bucket_s: f64) -> Vec<Row> {
    let mut total = (scene.offered)(0.0) * scene.service_s;
    let at = |index: usize| (index as f64 + 0.5) * bucket_s;
    let row = |index: usize| {
        let t = at(index);
        let offered = if t < scene.horizon_s {
            (scene.offered)(t)
        } else {
            0.0
        };
        let consumers = (scene.consumers)(t);
        let capacity = consumers / scene.service_s;
        // Where consumers are free the queue settles at λ · service within a bucket.
        let settled = offered * scene.service_s;
        let acked = (offered + (total - settled) / bucket_s).clamp(0.0, capacity);
        let grown = total + (offered - acked) * bucket_s;
        let lost = (grown - scene.limit).max(0.0) / bucket_s;
        total = grown.clamp(0.0, scene.limit);
        Row {
            total,
            offered,
            accepted: offered,
            acked,
            lost,
            capacity,
            busy: (acked / capacity).min(1.0),
            consumers,
        }
    };
    (0..scene.buckets).map(row).collect()
}

fn saturated(rows: &[Row], bucket_s: f64) -> Vec<(f64, f64)> {
    let mut stretches: Vec<(f64, f64)> = Vec::new();
    for (index, _) in rows
        .iter()
        .enumerate()
        .filter(|(_, row)| row.offered > row.capacity)
    {
        let (from, to) = (index as f64 * bucket_s, (index + 1) as f64 * bucket_s);
        match stretches.last_mut() {
            Some(last) if (last.1 - from).abs() < bucket_s / 2.0 => last.1 = to,
            _ => stretches.push((from, to)),
        }
    }
    stretches
}

fn spread_out(
    component: &str,
    what: LaneKind,
    level: &[f64],
    spread: fn(f64) -> f64,
    noise: f64,
    dice: &mut Dice,
) -> Lane {
    let around = |level: f64, factor: f64, random: f64| {
        (level + spread(level) * (factor + noise * random)).max(0.0)
    };
    let mut column = |factor: f64| -> Vec<f64> {
        level
            .iter()
            .map(|value| around(*value, factor, dice.normal()))
            .collect()
    };
    Lane {
        component: component.to_owned(),
        what,
        p50: column(0.0),
        mean: column(0.0),
        p5: column(-1.6),
        p95: column(1.6),
        min: column(-2.5),
        max: column(2.5),
    }
}

/// A small generator of its own: pictures under test are to stay the same whatever the library's generators do.
struct Dice(u64);

impl Dice {
    fn uniform(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    /// About normal: the sum of twelve uniforms.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}
