//! What is said beside a figure, and which figures are said.

use super::*;
use crate::model::Basis;
use crate::report::figures::fixtures::{empty_run, outcome, theory};
use crate::study::LatencyCurves;
use crate::study::Theory;

fn known(value: f64) -> Estimate {
    Estimate::Known {
        value,
        interval: None,
        no_interval: None,
        runs: None,
    }
}

/// A run of one queue, `emails`, with these shares and a wait.
fn run_with(figures: &[(&str, Figure, Statistic, f64)]) -> Run {
    let mut run = empty_run("base");
    let wait = ("emails", Figure::Wait, Statistic::Quantile(990), 1.0);
    for (component, figure, statistic, value) in figures.iter().copied().chain([wait]) {
        let metric = Metric::new(component, figure, statistic);
        run.metrics.insert(metric, known(value));
    }
    run.latency.push(LatencyCurves {
        queue: "emails".to_owned(),
        messages: 10,
        ..LatencyCurves::default()
    });
    run
}

fn line_of(run: Run, metric: &str) -> Option<String> {
    let text = text(&outcome("title", vec![run]));
    let mut lines = text.lines();
    lines
        .find(|line| line.starts_with(metric))
        .map(str::to_owned)
}

#[test]
fn the_latency_of_the_whole_says_how_many_were_never_completed() {
    let latency = ("end_to_end", Figure::Latency, Statistic::Quantile(990), 2.0);
    let lost = ("end_to_end", Figure::Lost, Statistic::Share, 0.125);
    let mut run = run_with(&[latency, lost]);
    run.end_to_end = Some(LatencyCurves::default());
    let line = line_of(run, "end_to_end.latency.p99").unwrap_or_default();
    let said = "of messages completed; 12.5 % were lost";
    assert!(line.ends_with(said), "{line}");
}

#[test]
fn what_may_come_back_is_not_said_to_be_lost() {
    let share = |figure, share| ("emails", figure, Statistic::Share, share);
    let (expired, refused) = (share(Figure::Expired, 0.1), share(Figure::Refused, 0.2));
    let dead_lettered = share(Figure::DeadLettered, 0.05);
    let said = |figures: &[_], again| {
        let mut run = run_with(figures);
        run.publishes_again = again;
        line_of(run, "emails.wait.p99").unwrap_or_default()
    };
    let cases = [
        (said(&[expired], false), "served; 10 % were lost"),
        (said(&[expired], true), "served; 10 % left without an ack"),
        (
            said(&[expired, dead_lettered], false),
            "served; 10 % left without an ack",
        ),
        (
            said(&[expired, refused, dead_lettered], false),
            "served; 30 % were refused or left without an ack",
        ),
    ];
    for (line, end) in cases {
        assert!(line.ends_with(end), "{line}");
    }
}

#[test]
fn a_producer_that_was_held_back_has_its_lines_and_another_has_none() {
    let blocked = |share| ("shop", Figure::Blocked, Statistic::Value, share);
    let held = ("shop", Figure::HeldBack, Statistic::Mean, 3.0);
    let waits = run_with(&[blocked(0.4), held]);
    assert!(line_of(waits.clone(), "shop.blocked ").is_some());
    assert!(line_of(waits, "shop.held_back.mean ").is_some());
    assert!(line_of(run_with(&[blocked(0.0), held]), "shop.").is_none());
}

#[test]
fn a_quantile_over_too_few_runs_says_how_many_it_needs() {
    let metric = Metric::new("emails", Figure::DrainTime, Statistic::Quantile(950));
    let mut run = run_with(&[]);
    run.objectives.push(Verdict {
        metric,
        bound: Bound::Below(9.0),
        estimate: known(4.0),
        verdict: Ruling::Undecided,
        met_in: None,
    });
    let line = line_of(run, "? emails.drain_time.p95").unwrap_or_default();
    let said = "undecided; no interval: at 95 % it needs 72 replications or more";
    assert!(line.contains(said), "{line}");
}

#[test]
fn what_a_file_says_does_not_steer_the_terminal() {
    let mut outcome = outcome("beep\u{7}", vec![empty_run("\u{1b}[2J")]);
    outcome.question = Some("one\ntwo\u{9b}?".to_owned());
    let text = text(&outcome);
    assert!(
        text.starts_with("beep\\u0007\none\ntwo\\u009b?\n"),
        "{text}"
    );
    assert!(!text.contains(|c: char| c.is_control() && c != '\n'));
}

#[test]
fn a_model_that_is_near_says_so_and_how_near_in_a_line_below() {
    let mut run = run_with(&[]);
    let wait = Metric::new("emails", Figure::Wait, Statistic::Quantile(990));
    run.theory.push(Theory {
        model: "M/G/8".to_owned(),
        basis: Basis::Approximate("off by up to a third"),
        metrics: [(wait, (0.181, None))].into(),
        ..theory("emails", 0.5, 0.1)
    });
    let text = text(&outcome("title", vec![run]));
    assert!(text.contains("M/G/8 approximately: 181 ms\n"), "{text}");
    assert!(
        text.contains("\nemails: M/G/8 is off by up to a third\n"),
        "{text}"
    );
}
