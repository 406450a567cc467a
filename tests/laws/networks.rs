//! Networks, failing work and consumers that come and go, against exact answers.
//!
//! The numbers were computed independently of this program: traffic equations with product forms, quasi-birth-death
//! processes, closed forms. An id names the case in that collection.

use super::{outcome, value_and_error};
use queuelab::study::statistics::student_two_sided;

/// Most standard errors between the simulation and the exact answer.
const MOST_ERRORS: f64 = 4.0;
/// Widest half of an interval, relative to the figure.
const WIDEST: f64 = 0.1;

/// Runs `text`, which lacks the lines that every case has, and holds its figures against the exact ones.
fn agrees(id: &str, horizon: &str, text: &str, exact: &[(&str, f64)]) {
    let whole =
        format!("title = \"{id}\"\nkind = \"steady\"\nhorizon = \"{horizon}\"\nseed = 3\n{text}");
    let outcome = outcome(&whole);
    let run = &outcome.runs[0];
    let t = student_two_sided(0.95, run.replications as usize - 1);
    let mut failures = String::new();
    for (name, exact) in exact {
        match value_and_error(&outcome, run, name) {
            Err(why) => failures += &format!("{id}: {name}: {why}\n"),
            Ok((value, error)) => {
                let (z, width) = ((value - exact) / error, t * error / exact);
                if z.abs() > MOST_ERRORS || width > WIDEST {
                    failures += &format!(
                        "{id}: {name} is {value:.5} instead of {exact:.5}: z {z:+.2}, ± {:.1} %\n",
                        width * 100.0
                    );
                }
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

/// Burke: what leaves M/M/c is Poisson, so that the next stage is M/M/c too. Jackson gives the whole.
#[test]
fn a_tandem_of_pools_is_a_chain_of_queues_that_do_not_know_of_each_other() {
    agrees(
        "jackson-tandem3-multi",
        "4000s",
        r#"
producer.source = { to = "one", arrivals = "poisson(8/s)" }
queue.one = {}
queue.two = {}
queue.three = {}
pool.first = { from = "one", consumers = 10, service = "exponential(1s)", to = "two" }
pool.second = { from = "two", consumers = 5, service = "exponential(500ms)", to = "three" }
pool.third = { from = "three", consumers = 4, service = "exponential(333.333333333ms)" }
"#,
        &[
            ("one.total.mean", 9.636720603185774),
            ("two.total.mean", 6.216450216450217),
            ("three.total.mean", 3.42350332594235),
            ("two.sojourn.mean", 0.7770562770562771),
            ("three.sojourn.mean", 0.4279379157427938),
            ("end_to_end.latency.mean", 2.4095842681972925),
        ],
    );
}

/// Reich: the sojourns of a message in two stages are independent, so quantiles of their sum are known.
#[test]
fn end_to_end_latency_is_that_of_all_stages_together() {
    agrees(
        "tandem-sojourn-2-0.5",
        "60000s",
        r#"
producer.source = { to = "one", arrivals = "poisson(0.5/s)" }
queue.one = {}
queue.two = {}
pool.first = { from = "one", consumers = 1, service = "exponential(1s)", to = "two" }
pool.second = { from = "two", consumers = 1, service = "exponential(666.666666666ms)" }
"#,
        &[
            ("end_to_end.latency.mean", 3.0),
            ("end_to_end.latency.p50", 2.4558943545990255),
            ("end_to_end.latency.p90", 5.939478011458181),
            ("end_to_end.latency.p99", 10.591615878240852),
        ],
    );
}

/// Four stages with shares, one of which goes back to the first.
#[test]
fn a_network_with_feedback_has_the_product_form() {
    agrees(
        "jackson-rpkg-11.11",
        "8000s",
        r#"
producer.north = { to = "one", arrivals = "poisson(8/s)" }
producer.south = { to = "three", arrivals = "poisson(6/s)" }
queue.one = {}
queue.two = {}
queue.three = {}
queue.four = {}
pool.w1 = { from = "one", consumers = 1, service = "exponential(71.428571428ms)", to = [{ queue = "two", share = "20%" }, { queue = "three", share = "56%" }, { queue = "four" }] }
pool.w2 = { from = "two", consumers = 1, service = "exponential(111.111111111ms)", to = "one" }
pool.w3 = { from = "three", consumers = 1, service = "exponential(58.823529411ms)" }
pool.w4 = { from = "four", consumers = 1, service = "exponential(142.857142857ms)" }
"#,
        &[
            ("one.total.mean", 2.5),
            ("two.total.mean", 0.2857142857142857),
            ("three.total.mean", 2.148148148148149),
            ("four.total.mean", 0.5217391304347826),
            ("one.published.rate", 10.0),
            ("three.published.rate", 11.6),
            ("end_to_end.latency.mean", 0.38968582602122975),
        ],
    );
}

/// A failed attempt goes to the tail of the same queue and draws its work anew: Bernoulli feedback, product form.
#[test]
fn retries_at_once_are_feedback() {
    agrees(
        "retry-p0.2-k5-c12-l8",
        "6000s",
        r#"
producer.source = { to = "line", arrivals = "poisson(8/s)" }
queue.line = { dead_letter = "failed" }
queue.failed = { message_ttl = "1s" }
pool.crew = { from = "line", consumers = 12, service = "exponential(1s)", failure = { probability = "20%", then = { retry = { backoff = "fixed(0s)", limit = 4 } } } }
"#,
        &[
            ("line.published.rate", 9.9968),
            ("crew.utilisation", 0.8330666666666667),
            ("line.total.mean", 12.23602445780615),
            ("line.sojourn.mean", 1.2239941239002632),
            ("crew.attempts.mean", 1.2496),
        ],
    );
}

/// A message comes back from a dead consumer and keeps the work that was done on it.
#[test]
fn consumers_that_break_down_and_resume() {
    agrees(
        "breakdown-mm1-0.3-0.1-0.2",
        "60000s",
        r#"
producer.source = { to = "line", arrivals = "poisson(0.3/s)" }
queue.line = {}
pool.crew = { from = "line", consumers = 1, service = "exponential(1s)", crashes = { up = "exponential(10s)", down = "exponential(5s)" }, on_crash = "resume" }
"#,
        &[
            ("line.total.mean", 1.727272727272727),
            ("line.sojourn.mean", 5.757575757575757),
        ],
    );
}

/// Exponential work drawn anew is as good as resumed.
#[test]
fn consumers_of_a_pool_break_down_each_by_itself() {
    agrees(
        "breakdown-mmc-5",
        "30000s",
        r#"
producer.source = { to = "line", arrivals = "poisson(3.5/s)" }
queue.line = {}
pool.crew = { from = "line", consumers = 5, service = "exponential(1s)", crashes = { up = "exponential(50s)", down = "exponential(10s)" }, on_crash = "redraw" }
"#,
        &[
            ("line.total.mean", 11.72617920023783),
            ("line.sojourn.mean", 3.3503369143536657),
        ],
    );
}

/// Where the work is not exponential, the two differ. A single consumer that never lacks work completes one message in
/// E[C] on average; with failures at rate ξ while it is up and repairs of mean 1/η, E[C] = E[S] (1 + ξ/η) if work is
/// resumed, and (1/φ(ξ) − 1) (1/ξ + 1/η), φ the Laplace transform of S, if it is drawn anew (Gaver 1962: preemptive
/// resume, and repeat with resampling). For a gamma of mean 1 s and cv 2, φ(s) = (1 + 4 s)^(−1/4): who draws anew gets
/// rid of the long works, and is faster by 14 %.
#[test]
fn long_work_drawn_anew_is_faster_than_long_work_resumed() {
    let (failure, repair) = (0.1_f64, 0.5);
    let resumed = 1.0 + failure / repair;
    let transform = (1.0 + 4.0 * failure).powf(-0.25);
    let redrawn = (1.0 / transform - 1.0) * (1.0 / failure + 1.0 / repair);
    for (on_crash, completion_time) in [("resume", resumed), ("redraw", redrawn)] {
        agrees(
            on_crash,
            "30000s",
            &format!(
                r#"
producer.clients = {{ to = "line", arrivals = {{ closed = {{ clients = 5, think = "constant(0s)" }} }} }}
queue.line = {{}}
pool.crew = {{ from = "line", consumers = 1, service = "gamma(mean=1s, cv=2)", crashes = {{ up = "exponential(10s)", down = "exponential(2s)" }}, on_crash = "{on_crash}" }}
"#
            ),
            &[("line.published.rate", 1.0 / completion_time)],
        );
    }
}

/// Flatto and Hahn: two branches of M/M/1 with the same arrivals, done when both are.
#[test]
fn a_fork_is_joined_when_its_last_branch_is_done() {
    agrees(
        "forkjoin2-0.6",
        "30000s",
        r#"
producer.source = { to = "fork", arrivals = "poisson(0.6/s)" }
queue.fork = {}
queue.left = {}
queue.right = {}
pool.forker = { from = "fork", consumers = 1, service = "constant(0s)", to = { all = ["left", "right"] } }
pool.lefts = { from = "left", consumers = 1, service = "exponential(1s)" }
pool.rights = { from = "right", consumers = 1, service = "exponential(1s)" }
"#,
        &[
            ("end_to_end.latency.mean", 3.5625),
            ("left.total.mean", 1.5),
            ("right.sojourn.mean", 2.5),
        ],
    );
}

/// Neuts: a consumer takes what is there, up to 5, and works on it together for a time that does not depend on it.
#[test]
fn batches_take_what_is_there() {
    agrees(
        "bulk-3-a1-b5",
        "30000s",
        r#"
producer.source = { to = "line", arrivals = "poisson(3/s)" }
queue.line = {}
pool.crew = { from = "line", consumers = 1, service = "constant(0s)", batch = { size = 5, setup = "exponential(1s)" } }
"#,
        &[
            ("line.wait.mean", 1.5907582687432378),
            ("line.sojourn.mean", 2.5907582687432376),
            ("crew.utilisation", 0.9476644812745244),
        ],
    );
}

/// Several queues behind a balancer that draws: each is M/M/1 with its share. In turn it is E4/M/1.
#[test]
fn a_random_balancer_splits_a_poisson_stream() {
    agrees(
        "mm1-rho0.7, four times",
        "12000s",
        r#"
producer.source = { to = { balance = "random", queues = ["a", "b", "c", "d"] }, arrivals = "poisson(2.8/s)" }
queue.a = {}
queue.b = {}
queue.c = {}
queue.d = {}
pool.wa = { from = "a", consumers = 1, service = "exponential(1s)" }
pool.wb = { from = "b", consumers = 1, service = "exponential(1s)" }
pool.wc = { from = "c", consumers = 1, service = "exponential(1s)" }
pool.wd = { from = "d", consumers = 1, service = "exponential(1s)" }
"#,
        &[
            ("a.wait.mean", 2.33333333333),
            ("b.total.mean", 2.33333333333),
            ("c.sojourn.mean", 3.33333333333),
            ("d.p_wait", 0.7),
            ("end_to_end.latency.mean", 3.33333333333),
        ],
    );
}

/// However many consumers there are, one alone is served: M/M/1 with ρ = 0.7.
#[test]
fn a_single_active_consumer_is_a_single_server() {
    for kind in ["classic", "quorum"] {
        let text = format!(
            r#"
producer.in = {{ to = "line", arrivals = "poisson(0.7/s)" }}
queue.line = {{ kind = "{kind}", single_active_consumer = true }}
pool.crew = {{ from = "line", consumers = 4, service = "exponential(1s)" }}
"#
        );
        let exact = [
            ("line.wait.mean", 7.0 / 3.0),
            ("line.total.mean", 7.0 / 3.0),
            ("crew.utilisation", 0.7),
        ];
        agrees("single active consumer", "40000s", &text, &exact);
    }
}
