//! Metrics and objectives as people write them.

use super::parse::metric;
use super::*;
use crate::scenario::Bound;

fn one_of_each() -> Components<'static> {
    Components {
        queues: vec!["emails"],
        pools: vec!["senders"],
        producers: vec!["checkout"],
        exits: vec!["refused"],
    }
}

fn shown(text: &str) -> Result<String, MetricError> {
    metric(text, &one_of_each()).map(|metric| metric.to_string())
}

#[track_caller]
fn refused(text: &str, wrong: &str, expected: &str) {
    let error = shown(text).expect_err("should be refused");
    assert_eq!(&text[error.place.clone()], wrong);
    assert_eq!(error.to_string(), expected);
}

#[test]
fn every_metric_is_read_back_as_it_is_written() {
    for figure in Figure::ALL {
        for scope in figure.scopes() {
            let component = one_of_each().of(*scope)[0].to_owned();
            for statistic in figure.statistics() {
                let name = Metric::new(&component, figure, *statistic).to_string();
                assert_eq!(shown(&name).as_ref(), Ok(&name));
            }
        }
    }
}

#[test]
fn the_statistic_comes_last_so_that_p99_9_is_one() {
    let metric = metric("emails.wait.p99.9", &one_of_each());
    assert_eq!(
        metric.map(|metric| metric.statistic),
        Ok(Statistic::Quantile(999))
    );
}

#[test]
fn the_component_may_be_left_out_where_there_is_one() {
    assert_eq!(shown("wait.p99").as_deref(), Ok("emails.wait.p99"));
    assert_eq!(shown("utilisation").as_deref(), Ok("senders.utilisation"));
    assert_eq!(
        shown("latency.mean").as_deref(),
        Ok("end_to_end.latency.mean")
    );
    let two = Components {
        queues: vec!["emails", "dead"],
        ..Components::default()
    };
    let error = metric("wait.p99", &two).expect_err("two queues have it");
    assert_eq!(
        error.to_string(),
        "\"wait.p99\" does not say of which queue; write \"emails.wait.p99\"; there are: emails, dead"
    );
}

#[test]
fn a_queue_may_be_called_like_a_figure() {
    let ready = Components {
        queues: vec!["ready"],
        ..Components::default()
    };
    for text in ["ready.mean", "ready.ready.mean"] {
        assert_eq!(
            metric(text, &ready).map(|m| m.to_string()).as_deref(),
            Ok("ready.ready.mean")
        );
    }
}

#[test]
fn what_names_no_figure_is_refused_at_its_place() {
    refused(
        "emials.wait.p99",
        "emials",
        "unknown component \"emials\"; did you mean \"emails\"? components: emails, senders, checkout, refused, end_to_end",
    );
    refused(
        "emails.wait",
        "emails.wait",
        "metric \"emails.wait\" names no statistic; write \"emails.wait.mean\"; wait has: mean, p50, p90, p95, p99, p99.9, max",
    );
    refused(
        "emails.wait.p98",
        "p98",
        "wait has no statistic \"p98\"; did you mean \"p90\"? statistics: mean, p50, p90, p95, p99, p99.9, max",
    );
    refused(
        "emails.p_wait.mean",
        "mean",
        "p_wait has no statistic \"mean\"; p_wait is one number: write \"emails.p_wait\"",
    );
    refused(
        "senders.wait.p99",
        "wait",
        "senders is a pool, which has no wait; wait is a figure of a queue; a pool has: utilisation, consumers, attempts, cost",
    );
    refused(
        "emails.acked.share",
        "share",
        "acked has no statistic \"share\"; statistics: rate, count",
    );
    let unknown = shown("emails.wiat.p99").expect_err("no such figure");
    assert!(
        unknown
            .to_string()
            .starts_with("unknown figure \"wiat\"; did you mean \"wait\"?"),
        "{unknown}"
    );
    let unknown = shown("wiat.p99").expect_err("no such figure");
    assert!(
        unknown
            .to_string()
            .starts_with("unknown figure \"wiat\"; did you mean \"wait\"?"),
        "{unknown}"
    );
}

#[test]
fn an_objective_has_a_limit_in_the_figures_unit() {
    let read = |text| Objective::parse(text, &one_of_each());
    let objective = read("wait.p99 < 200ms").expect("a legal objective");
    assert_eq!(
        (objective.metric.to_string().as_str(), objective.bound),
        ("emails.wait.p99", Bound::Below(0.2))
    );
    assert_eq!(
        read("expired.share <= 2%").map(|o| o.bound),
        Ok(Bound::Below(0.02))
    );
    assert_eq!(
        read("acked.rate > 80/s").map(|o| o.bound),
        Ok(Bound::Above(80.0))
    );
    assert_eq!(
        read("ready.max<200k").map(|o| o.bound),
        Ok(Bound::Below(200_000.0))
    );
    let error = read("wait.p99 < 200").expect_err("no unit");
    assert_eq!(
        (error.place.clone(), error.to_string().as_str()),
        (
            11..14,
            "duration \"200\" has no unit; write \"200ms\" or \"200s\""
        )
    );
    assert_eq!(
        read("wait.p99").expect_err("no limit").to_string(),
        "objective \"wait.p99\" has no limit; write \"wait.p99 < 200ms\""
    );
}
