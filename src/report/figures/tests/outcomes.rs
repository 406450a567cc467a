//! One outcome of every kind that a figure must cope with.

use crate::report::figures::fixtures::{
    Scene, add_queue, empty_run, objective, outcome, p_wait, run, theory, waits,
};
use crate::scenario::Figure;
use crate::study::{Outcome, Run};

pub(super) fn every_kind() -> Vec<(&'static str, Outcome)> {
    vec![
        ("steady", steady()),
        ("burst", burst()),
        ("three-variants", three_variants()),
        ("bounded", bounded()),
        ("two-queues", two_queues()),
        ("trace", trace()),
        (
            "nothing",
            outcome("Nothing was recorded", vec![empty_run("base")]),
        ),
        ("no-runs", outcome("Not even a run", Vec::new())),
        ("one-replication", one_replication()),
        ("microseconds", microseconds()),
        ("hours", hours()),
        ("eight-variants", eight_variants()),
        ("long-title", long_title()),
        ("many-queues", many_queues()),
        ("overload", overload()),
        ("sojourn-variants", sojourn_variants()),
        ("single-bucket", single_bucket()),
        ("autoscaled", autoscaled()),
    ]
}

fn with_waits(mut run: Run, p: f64, scale_s: f64, messages: u64) -> Run {
    run.latency.push(waits("emails", p, scale_s, messages));
    p_wait(&mut run, "emails", p);
    run
}

fn steady() -> Outcome {
    let mut base = with_waits(
        run(
            "base",
            &Scene {
                warmup_s: 300.0,
                ..Scene::default()
            },
        ),
        0.31,
        0.029,
        5_760_000,
    );
    base.theory.push(theory("emails", 0.31, 0.029));
    base.objectives
        .push(objective("emails", Figure::Wait, 990, 0.2));
    outcome("Order e-mails", vec![base])
}

fn burst_scene() -> Scene {
    let rate = |t: f64| {
        if (300.0..600.0).contains(&t) {
            150.0
        } else {
            80.0
        }
    };
    Scene {
        horizon_s: 1800.0,
        offered: rate,
        consumers: |_| 10.0,
        replications: 200,
        ..Scene::default()
    }
}

fn burst() -> Outcome {
    let mut base = with_waits(run("base", &burst_scene()), 0.72, 14.0, 30_000_000);
    base.parameters = "80 → 150 → 80/s → 10 consumers of queue emails, prefetch 1".to_owned();
    base.objectives
        .push(objective("emails", Figure::Wait, 950, 60.0));
    base.objectives
        .push(objective("emails", Figure::Wait, 999, 75.0));
    outcome("Burst and drain", vec![base])
}

fn three_variants() -> Outcome {
    let scene = |consumers: fn(f64) -> f64| Scene {
        consumers,
        drain_s: 600.0,
        ..burst_scene()
    };
    let runs = vec![
        with_waits(run("base", &scene(|_| 9.0)), 0.85, 20.0, 400_000),
        with_waits(
            run(
                "two more senders from the very beginning of the night",
                &scene(|_| 11.0),
            ),
            0.6,
            9.0,
            400_000,
        ),
        with_waits(run("four more", &scene(|_| 13.0)), 0.4, 2.0, 400_000),
    ];
    outcome("Order e-mails: how many senders?", runs)
}

fn bounded() -> Outcome {
    let scene = Scene {
        limit: 2000.0,
        ..burst_scene()
    };
    let base = with_waits(run("base", &scene), 0.5, 7.0, 9_000);
    outcome("A bounded queue that drops its head", vec![base])
}

fn two_queues() -> Outcome {
    let mut base = run("base", &burst_scene());
    let dead = Scene {
        offered: |t| 0.4 + (t / 400.0).sin().abs(),
        consumers: |_| 2.0,
        service_s: 0.8,
        ..burst_scene()
    };
    add_queue(&mut base, "dead-letters", "clerks", &dead);
    base.latency.push(waits("emails", 0.7, 11.0, 2_000_000));
    base.latency.push(waits("dead-letters", 0.2, 1.4, 3_000));
    base.objectives
        .push(objective("emails", Figure::Wait, 990, 30.0));
    let mut more = run("three clerks", &burst_scene());
    add_queue(
        &mut more,
        "dead-letters",
        "clerks",
        &Scene {
            consumers: |_| 3.0,
            ..dead
        },
    );
    more.latency.push(waits("emails", 0.7, 11.0, 2_000_000));
    more.latency.push(waits("dead-letters", 0.1, 0.9, 3_000));
    outcome("Payments with a dead letter queue", vec![base, more])
}

fn trace() -> Outcome {
    let rate = |t: f64| {
        3.0 + 2.0 * (t / 13_750.0).sin()
            + if (t / 3600.0) as u64 % 9 == 4 {
                6.0
            } else {
                0.0
            }
    };
    let scene = Scene {
        horizon_s: 86_400.0,
        buckets: 1024,
        replications: 1,
        offered: rate,
        consumers: |_| 4.0,
        service_s: 0.66,
        ..Scene::default()
    };
    let mut base = with_waits(run("base", &scene), 0.5, 400.0, 250_000);
    base.parameters =
        "trace publishes.csv (251,713 messages) → 4 consumers of queue emails, prefetch 10"
            .to_owned();
    outcome("A day of the web shop", vec![base])
}

fn one_replication() -> Outcome {
    let base = with_waits(
        run(
            "base",
            &Scene {
                replications: 1,
                buckets: 300,
                ..Scene::default()
            },
        ),
        0.4,
        0.05,
        800,
    );
    outcome("One replication", vec![base])
}

fn microseconds() -> Outcome {
    let scene = Scene {
        horizon_s: 0.25,
        offered: |_| 700_000.0,
        consumers: |_| 4.0,
        service_s: 4e-6,
        replications: 20,
        ..Scene::default()
    };
    let mut base = with_waits(run("base", &scene), 0.5, 3e-6, 3_000_000);
    base.objectives
        .push(objective("emails", Figure::Wait, 990, 2e-5));
    outcome("An in-memory pipe", vec![base])
}

fn hours() -> Outcome {
    let rate = |t: f64| {
        if (t / 86_400.0) % 7.0 < 5.0 {
            0.05
        } else {
            0.002
        }
    };
    let scene = Scene {
        horizon_s: 21.0 * 86_400.0,
        offered: rate,
        consumers: |t| {
            if (8..17).contains(&((t / 3600.0) as u64 % 24)) {
                12.0
            } else {
                0.5
            }
        },
        service_s: 150.0,
        replications: 40,
        ..Scene::default()
    };
    let mut base = with_waits(run("base", &scene), 0.9, 14_000.0, 900_000);
    base.objectives
        .push(objective("emails", Figure::Wait, 990, 172_800.0));
    outcome("A back office", vec![base])
}

fn eight_variants() -> Outcome {
    let scene = |consumers: fn(f64) -> f64| Scene {
        consumers,
        buckets: 400,
        ..burst_scene()
    };
    let counts: [fn(f64) -> f64; 9] = [
        |_| 8.0,
        |_| 9.0,
        |_| 10.0,
        |_| 11.0,
        |_| 12.0,
        |_| 13.0,
        |_| 14.0,
        |_| 15.0,
        |_| 16.0,
    ];
    let runs = counts.into_iter().enumerate().map(|(index, count)| {
        let name = if index == 0 {
            "base".to_owned()
        } else {
            format!("{} senders", index + 8)
        };
        with_waits(
            run(&name, &scene(count)),
            0.9 / (index as f64 + 1.0),
            30.0 / (index as f64 + 1.0).powi(2),
            3_000_000,
        )
    });
    outcome("Nine sizes of a pool", runs.collect())
}

fn long_title() -> Outcome {
    let mut outcome = steady();
    let title = "How long do order confirmations <transactional> & newsletters wait when they share one queue, ";
    outcome.title = format!(
        "{}{}",
        title.repeat(3),
        "Donaudampfschifffahrtsgesellschaft".repeat(6)
    );
    outcome.runs[0].parameters =
        "80/s from checkout, 12/s from returns and 4/s from newsletters → 9 consumers of queue emails, prefetch 1; ".repeat(5);
    outcome
}

fn many_queues() -> Outcome {
    let mut base = empty_run("base");
    let names = [
        "intake",
        "virus-scan",
        "thumbnails",
        "search-index",
        "notifications-to-the-owners-of-documents",
        "archive",
    ];
    for (index, name) in names.into_iter().enumerate() {
        let scene = Scene {
            service_s: 0.083 + 0.006 * index as f64,
            buckets: 256,
            ..Scene::default()
        };
        add_queue(&mut base, name, &format!("{name}-workers"), &scene);
        base.latency.push(waits(
            name,
            0.2 + 0.1 * index as f64,
            0.03 * (index as f64 + 1.0),
            500_000,
        ));
    }
    outcome("Six stages of an upload", vec![base])
}

fn overload() -> Outcome {
    let scene = Scene {
        offered: |_| 140.0,
        ..Scene::default()
    };
    outcome(
        "Too few consumers all the time",
        vec![with_waits(run("base", &scene), 1.0, 300.0, 10_000_000)],
    )
}

fn sojourn_variants() -> Outcome {
    let mut base = with_waits(run("base", &burst_scene()), 0.6, 0.5, 1_000_000);
    base.objectives
        .push(objective("emails", Figure::Sojourn, 990, 2.0));
    base.objectives
        .push(objective("emails", Figure::Wait, 990, 2.2));
    base.objectives
        .push(objective("emails", Figure::Wait, 500, 0.1));
    let more = with_waits(run("prefetch 10", &burst_scene()), 0.7, 0.8, 1_000_000);
    outcome("Does prefetch harm?", vec![base, more])
}

fn single_bucket() -> Outcome {
    outcome(
        "One bucket",
        vec![run(
            "base",
            &Scene {
                buckets: 1,
                replications: 3,
                ..Scene::default()
            },
        )],
    )
}

fn autoscaled() -> Outcome {
    let up = |t: f64| {
        if t < 400.0 {
            9.0
        } else {
            (9.0 + ((t - 400.0) / 60.0).floor()).min(16.0)
        }
    };
    let more = |t: f64| {
        if t < 330.0 {
            9.0
        } else {
            (9.0 + ((t - 330.0) / 30.0).floor()).min(16.0)
        }
    };
    let runs = vec![
        with_waits(
            run(
                "base",
                &Scene {
                    consumers: up,
                    ..burst_scene()
                },
            ),
            0.6,
            9.0,
            2_000_000,
        ),
        with_waits(
            run(
                "scale every 30 s",
                &Scene {
                    consumers: more,
                    ..burst_scene()
                },
            ),
            0.5,
            5.0,
            2_000_000,
        ),
    ];
    outcome("An autoscaled pool", runs)
}
