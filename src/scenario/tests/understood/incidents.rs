//! What befalls consumers.

use super::super::{PARCELS, changed_in, read};
use super::{again, loaded};
use crate::scenario::{Crashes, Kind, OnCrash, Outage, Scenario, Slowdown};
use crate::time::{Span, Time};
use crate::workload::Distribution;

const SERVICE: &str = "service   = \"exponential(900ms)\"";

fn text(more: &str) -> String {
    changed_in(PARCELS, SERVICE, &format!("{SERVICE}\n{more}"))
}

/// The file with this beside the packers' service, after the resolved text has said the same.
#[track_caller]
fn parcels(more: &str) -> Scenario {
    let set = loaded(&text(more));
    assert_eq!(again(&set).base, set.base);
    set.base
}

const fn seconds(seconds: u64) -> Span {
    Span::from_secs(seconds)
}

fn at(seconds: u64) -> Time {
    Time::ZERO + Span::from_secs(seconds)
}

#[test]
fn crashes_alone_leave_a_scenario_steady() {
    let base = parcels(
        "crashes = { up = \"exponential(1h)\", down = \"constant(1m)\" }\non_crash = \"resume\"",
    );
    let crashes = Crashes {
        up: Distribution::exponential(3_600.0).expect("a positive mean"),
        down: Distribution::constant(60.0).expect("a positive value"),
    };
    let pool = &base.pools[1];
    assert_eq!(
        (&pool.crashes, pool.on_crash),
        (&Some(crashes), OnCrash::Resume)
    );
    assert_eq!(base.kind, Kind::Steady);
    assert_eq!(parcels("").pools[1].on_crash, OnCrash::Redo);
    let redraw = parcels(
        "crashes = { up = \"exponential(1h)\", down = \"constant(1m)\" }\non_crash = \"redraw\"",
    );
    assert_eq!(redraw.pools[1].on_crash, OnCrash::Redraw);
}

#[test]
fn outages_take_all_consumers_unless_told_otherwise() {
    let base = parcels(
        "outages = [{ at = \"10m\", for = \"5m\" }, { at = \"20m\", for = \"1m\", consumers = 4, graceful = true }]",
    );
    let outage = |from, lasts, consumers, graceful| Outage {
        at: at(from),
        lasts: seconds(lasts),
        first: 0,
        consumers,
        graceful,
    };
    assert_eq!(
        base.pools[1].outages,
        [outage(600, 300, 8, false), outage(1_200, 60, 4, true)]
    );
    assert_eq!(base.kind, Kind::Terminating);
}

#[test]
fn a_rolling_restart_is_one_outage_after_the_other() {
    let outages = |restarts: &str| {
        let mut base = parcels(restarts);
        assert_eq!(base.kind, Kind::Terminating);
        base.pools.remove(1).outages
    };
    let rolling =
        outages("restarts = { at = \"10m\", each = \"30s\", gap = \"10s\", graceful = false }");
    assert_eq!(rolling.len(), 8);
    let third = Outage {
        at: at(680),
        lasts: seconds(30),
        first: 2,
        consumers: 1,
        graceful: false,
    };
    assert_eq!(rolling[2], third);
    let close = outages("restarts = { at = \"10m\", each = \"30s\" }");
    assert!(close[2].graceful && close[2].at == at(660));
    let both = outages(
        "restarts = { at = \"10m\", each = \"30s\" }\noutages = [{ at = \"11m\", for = \"1m\", consumers = 2 }]",
    );
    assert!(both.is_sorted_by_key(|outage| outage.at), "{both:?}");
    assert_eq!(both.len(), 9);
}

#[test]
fn slowdowns_are_of_all_consumers_unless_told_otherwise() {
    let base = parcels(
        "slowdowns = [{ at = \"1m\", for = \"5m\", factor = 3 }, { at = \"6m\", for = \"5m\", factor = 0.5, consumers = 2 }]",
    );
    let slowdown = |from, consumers, factor| Slowdown {
        at: at(from),
        lasts: seconds(300),
        consumers,
        factor,
    };
    assert_eq!(
        base.pools[1].slowdowns,
        [slowdown(60, 8, 3.0), slowdown(360, 2, 0.5)]
    );
    assert_eq!(base.kind, Kind::Terminating);
}

#[test]
fn flags_reach_into_incidents() {
    let text = text("outages = [{ at = \"10m\", for = \"5m\" }]");
    let set = read(&text, &["pool.packers.outages.0.for=10m"], &[]);
    let lasts = set.map(|set| set.base.pools[1].outages[0].lasts);
    assert_eq!(lasts.ok(), Some(seconds(600)));
}

#[test]
fn incidents_that_cannot_be_seen_are_warned_of() {
    let first = |more: &str| {
        let warnings = loaded(&text(more)).warnings;
        let lines = warnings.iter().flat_map(|warning| warning.lines());
        lines.take(1).next().unwrap_or_default().to_owned()
    };
    for late in [
        "outages = [{ at = \"1h\", for = \"5m\" }]",
        "restarts = { at = \"1h\", each = \"5m\" }",
        "slowdowns = [{ at = \"1h\", for = \"5m\", factor = 2 }]",
        "failure = { then = \"reject\", episodes = [{ from = \"1h\", until = \"2h\", probability = \"5%\" }] }",
    ] {
        assert_eq!(
            first(late),
            "warning: this begins at 1h 00m, and the horizon ends at 1h 00m"
        );
    }
    assert_eq!(
        first("on_crash = \"redo\""),
        "warning: no consumer of this pool ever dies"
    );
}
