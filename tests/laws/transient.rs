//! What happens in a given stretch, against exact answers: the mean backlog of a queue that starts empty, and the fluid.

use super::outcome;
use queuelab::study::{Lane, LaneKind, Run};

fn lane<'a>(run: &'a Run, component: &str, what: LaneKind) -> &'a Lane {
    let mut lanes = run.series.lanes.iter();
    lanes
        .find(|lane| lane.component == component && lane.what == what)
        .expect("every queue has its lanes")
}

/// The mean level at an instant, between two buckets: half of what is on either side.
fn at(run: &Run, lane: &Lane, seconds: f64) -> f64 {
    let border = (seconds / run.series.bucket_s).round() as usize;
    assert!(
        (border as f64 * run.series.bucket_s - seconds).abs() < 1e-9,
        "{seconds} s is between two buckets"
    );
    f64::midpoint(lane.mean[border - 1], lane.mean[border])
}

const REPLICATIONS: u32 = 400;

/// (t, E[L(t)], E[Lq(t)], var L(t)) of an M/M/c that starts empty, by uniformisation.
type Exact = [(f64, f64, f64, f64)];

fn assert_follows(rate: &str, consumers: u32, horizon: &str, exact: &Exact) {
    let outcome = outcome(&format!(
        r#"
title = "From empty"
kind = "terminating"
at_horizon = "stop"
horizon = "{horizon}"
replications = {REPLICATIONS}
producer.source = {{ to = "line", arrivals = "poisson({rate})" }}
queue.line = {{}}
pool.crew = {{ from = "line", consumers = {consumers}, service = "exponential(1s)" }}
"#
    ));
    let run = &outcome.runs[0];
    for &(seconds, total, ready, variance) in exact {
        // Of the mean of independent runs; that of `ready` is no larger than that of `total`.
        let error = (variance / f64::from(REPLICATIONS)).sqrt();
        for (what, expected) in [(LaneKind::Total, total), (LaneKind::Ready, ready)] {
            let value = at(run, lane(run, "line", what), seconds);
            let z = (value - expected) / error;
            assert!(
                z.abs() < 4.0,
                "{what:?} at {seconds} s: {value}, exactly {expected}, standard error {error}"
            );
        }
    }
}

/// Case `tr-l1.2-c1-L00`.
#[test]
fn an_overloaded_queue_grows_as_theory_says() {
    let exact = [
        (5.0, 2.71513140191, 1.88850605533, 5.09116523101),
        (10.0, 4.37428950244, 3.47701020682, 10.8160739979),
        (25.0, 8.36641605126, 7.41037092628, 30.5996287313),
        (50.0, 14.0881348101, 13.1071002918, 69.17310846),
    ];
    assert_follows("1.2/s", 1, "60s", &exact);
}

/// Case `tr-l8-c10-L00`.
#[test]
fn a_queue_with_ten_consumers_settles_as_theory_says() {
    let exact = [
        (1.0, 5.06105512222, 0.0273232637272, 5.10871129743),
        (3.0, 7.91066902436, 0.55256681943, 10.2736905797),
        (7.5, 9.14274533993, 1.25469368457, 17.4488315083),
    ];
    assert_follows("8/s", 10, "10s", &exact);
}

/// An overload of 10 s at 1500/s, with 700/s before and after, for 1000 consumers of 1 s each: per 100 messages case
/// `fl-mumin-step`, but from an empty queue.
const OVERLOAD: &str = r#"
title = "Overload and drain"
kind = "terminating"
at_horizon = "stop"
horizon = "60s"
replications = 200
producer.source = { to = "line", arrivals = { profile = { points = [{ at = "0s", rate = "700/s" }, { at = "10s", rate = "1500/s" }, { at = "20s", rate = "700/s" }], between = "step" } } }
queue.line = {}
pool.crew = { from = "line", consumers = 1000, service = "exponential(1s)" }
"#;

/// dL/dt = λ − min(L, c), solved by hand on each stretch.
fn overloaded(seconds: f64) -> f64 {
    let first = |t: f64| 700.0 * (1.0 - (-t).exp());
    let full = 10.0 + ((1500.0 - first(10.0)) / 500.0).ln();
    let top = 1000.0 + 500.0 * (20.0 - full);
    let empty = 20.0 + (top - 1000.0) / 300.0;
    match seconds {
        t if t <= 10.0 => first(t),
        t if t <= full => 1500.0 - (1500.0 - first(10.0)) * (10.0 - t).exp(),
        t if t <= 20.0 => 1000.0 + 500.0 * (t - full),
        t if t <= empty => top - 300.0 * (t - 20.0),
        t => 700.0 + 300.0 * (empty - t).exp(),
    }
}

#[test]
fn overload_and_drain_follow_the_fluid_in_theory_and_in_the_mean_of_runs() {
    assert!(
        (overloaded(20.0) / 100.0 - 57.65).abs() < 0.005,
        "the published peak: {}",
        overloaded(20.0)
    );
    let outcome = outcome(OVERLOAD);
    let run = &outcome.runs[0];
    let (fluid, total) = (
        lane(run, "line", LaneKind::Fluid),
        lane(run, "line", LaneKind::Total),
    );
    for seconds in [2.0, 9.0, 10.4, 15.0, 19.0, 22.0, 30.0, 34.0, 50.0] {
        let exact = overloaded(seconds);
        let (fluid, total) = (at(run, fluid, seconds), at(run, total, seconds));
        assert!(
            (fluid / exact - 1.0).abs() < 1e-3,
            "{seconds} s: fluid {fluid}, by hand {exact}"
        );
        // What came and what went are each at most as scattered as a Poisson count.
        let came = 700.0 * seconds + 800.0 * (seconds - 10.0).clamp(0.0, 10.0);
        let error = ((came + came - exact) / 200.0).sqrt();
        assert!(
            (total - exact).abs() < 4.0 * error,
            "{seconds} s: runs {total} ± {error}, by hand {exact}"
        );
    }
}
