//! Several producers of one queue: each draws for itself, and together they are what theory says.

use super::{History, What, outcome, scenario, value_and_error};
use queuelab::queue::Exit;

/// Two producers of one law, each half of an M/M/1 with ρ = 0.7.
const HALVES: &str = r#"
title = "Two halves"
kind = "steady"
horizon = "60000s"
producer.first = { to = "line", arrivals = "poisson(0.35/s)" }
producer.second = { to = "line", arrivals = "poisson(0.35/s)" }
queue.line = {}
pool.crew = { from = "line", consumers = 1, service = "exponential(1s)" }
"#;

#[test]
fn two_producers_of_one_law_publish_and_bring_work_each_by_draws_of_their_own() {
    let history = History::of(&scenario(HALVES).base, 0);
    let at = |producer, message, what| {
        history
            .when((producer, message), what)
            .expect("it came so far")
    };
    for message in 0..20 {
        assert_ne!(
            at(0, message, What::Accepted),
            at(1, message, What::Accepted)
        );
        let work = |producer| {
            at(producer, message, What::Left(Exit::Acked)) - at(producer, message, What::Started)
        };
        assert_ne!(work(0), work(1));
    }
}

/// Case `mm1-rho0.7`.
#[test]
fn two_poisson_processes_together_are_one() {
    let outcome = outcome(HALVES);
    for (name, exact) in [
        ("line.wait.mean", 2.33333333333),
        ("line.wait.p99", 14.1616508068),
        ("line.p_wait", 0.7),
    ] {
        let (value, error) =
            value_and_error(&outcome, &outcome.runs[0], name).expect("there is a law");
        let z = (value - exact) / error;
        assert!(
            z.abs() < 4.0 && error / exact < 0.025,
            "{name}: {value} ± {error}, exactly {exact}"
        );
    }
}

/// A window of w is a queue with w servers, of which a confirm is the service: by Erlang C a
/// publisher may not publish for a share C(25, 20) of the time, and holds back C·a/(c − a) messages on average.
#[test]
fn a_window_of_confirms_is_a_queue_with_as_many_servers() {
    let outcome = outcome(
        r#"
title = "Window"
horizon = "2000s"
producer.shop = { to = "line", arrivals = "poisson(20/s)", confirms = { window = 25, delay = "exponential(1s)" } }
queue.line = {}
pool.crew = { from = "line", consumers = 1, service = "constant(1ms)" }
"#,
    );
    let exact = queuelab::theory::Mmc::new(20.0, 1.0, 25).expect("it is stable");
    let blocked = exact.p_wait();
    for (name, exact) in [
        ("shop.blocked", blocked),
        ("shop.held_back.mean", blocked * 20.0 / 5.0),
    ] {
        let (value, error) =
            value_and_error(&outcome, &outcome.runs[0], name).expect("there is a law");
        let z = (value - exact) / error;
        assert!(
            z.abs() < 4.0 && error / exact < 0.05,
            "{name}: {value} ± {error}, exactly {exact}"
        );
    }
}

/// `docs/flow-control`: 400 messages may be with a queue's process, and after each 200 that it has taken in 200 more. Of
/// 601 published at once 201 are held back; after 2 s 200 more go, and the last after 4 s.
#[test]
fn credit_holds_back_who_publishes_faster_than_a_queue_takes_in() {
    let outcome = outcome(
        r#"
title = "Flow"
kind = "terminating"
horizon = "60s"
replications = 1
producer.source = { to = "line", arrivals = "times([0s])", batch = 601 }
queue.line = { intake = "10ms" }
pool.crew = { from = "line", consumers = 1, service = "constant(1ms)" }
"#,
    );
    let of = |name: &str| super::value(&outcome.runs[0], name);
    assert!((of("source.held_back.max") - 201.0).abs() < 1e-9);
    assert!((of("source.blocked") - 4.0 / 60.0).abs() < 1e-9);
}
