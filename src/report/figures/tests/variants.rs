//! Variants beside the base: what of each is seen.

use super::figure;
use crate::report::chart::{Chart, colour};
use crate::report::figures::all;
use crate::report::figures::fixtures::{Scene, add_queue, empty_run, outcome, waits};
use crate::scenario::{Figure, Metric, Statistic};
use crate::study::{Estimate, Outcome, Run};

/// Six queues; `rate` is that of the last, which is least loaded in the base.
fn six_queues(variant: &str, rate: fn(f64) -> f64) -> Run {
    let mut run = empty_run(variant);
    for index in 0..6 {
        let (queue, pool) = (format!("queue-{index}"), format!("pool-{index}"));
        let mut scene = Scene {
            offered: |_| 40.0,
            ..Scene::default()
        };
        if index == 5 {
            scene.offered = rate;
        }
        add_queue(&mut run, &queue, &pool, &scene);
        run.latency.push(waits(&queue, 0.5, 1.0, 1000));
    }
    run
}

fn drawn(outcome: &Outcome, name: &str) -> Chart {
    let mut charts = all(outcome).into_iter();
    let chart = charts.find(|(other, _)| other == name);
    chart.expect("it is drawn").1
}

#[test]
fn the_queue_in_which_a_variant_has_its_load_is_shown_wherever_the_base_has_its_own() {
    let runs = vec![
        six_queues("base", |_| 10.0),
        six_queues("the other way", |_| 140.0),
    ];
    let outcome = outcome("Where it goes", runs);
    for name in ["backlog", "latency", "rates"] {
        let chart = drawn(&outcome, name);
        assert_eq!(chart.panels.len(), 4, "{name}");
        let mut headings = chart.panels.iter().map(|panel| panel.heading.as_str());
        assert!(headings.any(|heading| heading == "queue-5"), "{name}");
    }
}

#[test]
fn consumers_that_all_variants_have_stand_in_the_heading() {
    let chart = figure("three-variants", "utilisation");
    assert_eq!(chart.panels[0].heading, "senders: 9 consumers");
    let labels: Vec<&str> = chart.panels[0]
        .lines
        .iter()
        .map(|line| line.label.as_str())
        .collect();
    assert_eq!(labels[0], "base");
    assert!(labels[1].ends_with(": 11 consumers"), "{labels:?}");
}

#[test]
fn a_curve_whose_figure_is_refused_is_lighter_and_says_why() {
    let metric = Metric::new("queue-0", Figure::Wait, Statistic::Quantile(990));
    let why = "no stationary law: 120/s arrive and at most 100/s can be served".to_owned();
    let mut run = six_queues("base", |_| 10.0);
    run.metrics.insert(metric, Estimate::Refused { why });
    let chart = drawn(&outcome("Too much", vec![run]), "latency");
    let lines = |index: usize| &chart.panels[index].lines[0];
    assert_eq!(lines(0).label, "wait, simulated (no stationary law)");
    assert_eq!(lines(0).colour, colour(0).lighter());
    assert_eq!(lines(1).label, "wait, simulated");
    assert_eq!(lines(1).colour, colour(0));
}

#[test]
fn a_curve_that_lies_under_the_axis_says_so_in_the_legend() {
    let mut slow = six_queues("slow", |_| 10.0);
    let mut quick = slow.clone();
    "quick".clone_into(&mut quick.variant);
    slow.latency = vec![waits("queue-0", 0.5, 1.0, 1000)];
    quick.latency = vec![waits("queue-0", 0.0, 1.0, 1000)];
    let chart = drawn(&outcome("Who waits?", vec![slow, quick]), "latency");
    let labels = chart.panels[0].lines.iter().map(|line| line.label.as_str());
    let labels: Vec<&str> = labels.collect();
    assert_eq!(labels, ["slow", "quick: less than 0.1\u{a0}%"]);
}
