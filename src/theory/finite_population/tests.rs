//! A reference value, computed with high precision by independent means, and what must hold beside it.

use super::*;
use crate::theory::Mmc;
use crate::theory::tests::{assert_close, integral_of};

#[test]
fn ten_clients_of_one_server_are_as_in_the_reference() {
    // closed-10-1
    let system = FinitePopulation::new(0.1, 1.0, 1, 10).expect("a system");
    assert_close(system.total_mean(), 2.1458234310734734, 1e-10, "L");
    assert_close(system.throughput(), 0.7854176568926526, 1e-10, "throughput");
    assert_close(system.sojourn_mean(), 2.7320794385537415, 1e-10, "W");
    assert_close(system.p_empty(), 0.2145823431073473, 1e-10, "p(0)");
    assert_close(
        system.utilisation(),
        0.7854176568926526,
        1e-10,
        "utilisation",
    );
}

#[test]
fn a_cycle_takes_thinking_and_the_sojourn() {
    // Little's law for the whole circle: N = X · (1 / ν + W).
    for (servers, clients) in [(1, 1), (3, 40), (100, 20), (10_000, 20_000)] {
        let system = FinitePopulation::new(0.9, 1.0, servers, clients).expect("a system");
        let cycle = 1.0 / system.think_rate() + system.sojourn_mean();
        assert_close(system.throughput() * cycle, clients as f64, 1e-10, "N");
        let wait_and_service = system.wait_mean() + 1.0;
        assert_close(wait_and_service, system.sojourn_mean(), 1e-10, "W");
    }
}

#[test]
fn of_four_thousand_million_clients_only_the_states_that_matter_are_kept() {
    // All but one in a million wait: the throughput is μ, and a cycle takes N / μ.
    let system = FinitePopulation::new(1.0, 1.0, 1, 4_000_000_000).expect("few states matter");
    assert_close(system.throughput(), 1.0, 1e-12, "throughput");
    assert_close(system.wait_quantile(0.5), 4e9 - 1.0, 1e-6, "median wait");
    assert_close(
        system.sojourn_quantile(0.5),
        4e9 - 1.0,
        1e-6,
        "median sojourn",
    );
}

#[test]
fn tails_integrate_to_the_means() {
    // The tails come from what the other clients leave, the means from the law of all: so this tests the arrival
    // theorem.
    for (servers, clients) in [(1, 10), (3, 12), (4, 5)] {
        let system = FinitePopulation::new(0.4, 1.0, servers, clients).expect("a system");
        let wait = integral_of(|t| system.wait_exceeds(t), 0.05);
        assert_close(wait, system.wait_mean(), 1e-5, "wait");
        let sojourn = integral_of(|t| system.sojourn_exceeds(t), 0.05);
        assert_close(sojourn, system.sojourn_mean(), 1e-5, "sojourn");
        let t = system.sojourn_quantile(0.99);
        assert_close(system.sojourn_exceeds(t), 0.01, 1e-9, "p99");
    }
}

#[test]
fn a_crowd_that_thinks_for_long_is_as_good_as_a_poisson_stream() {
    let crowd = FinitePopulation::new(0.9e-6, 1.0, 10, 10_000_000).expect("a system");
    let stream = Mmc::new(9.0, 1.0, 10).expect("stable");
    assert_close(crowd.p_wait(), stream.p_wait(), 1e-4, "P(wait)");
    assert_close(crowd.total_mean(), stream.total_mean(), 1e-4, "L");
    assert_close(
        crowd.wait_quantile(0.99),
        stream.wait_quantile(0.99),
        1e-4,
        "p99",
    );
    assert_close(
        crowd.sojourn_quantile(0.9),
        stream.sojourn_quantile(0.9),
        1e-4,
        "p90",
    );
}

#[test]
fn clients_that_hardly_think_keep_every_server_busy() {
    let system = FinitePopulation::new(1e9, 2.0, 3, 8).expect("a system");
    assert_close(system.throughput(), 6.0, 1e-8, "throughput");
    assert_close(system.sojourn_mean(), 8.0 / 6.0, 1e-8, "W");
    assert_close(system.total_variance() + 1.0, 1.0, 1e-8, "all are there");
}

#[test]
fn what_cannot_be_is_refused() {
    let named =
        |refused: Result<FinitePopulation, ModelError>| refused.expect_err("refused").to_string();
    assert_eq!(
        named(FinitePopulation::new(0.0, 1.0, 1, 1)),
        "think_rate = 0 must be a positive number"
    );
    assert_eq!(
        named(FinitePopulation::new(1.0, 1.0, 0, 1)),
        "servers = 0 must be at least 1"
    );
    assert_eq!(
        named(FinitePopulation::new(1.0, 1.0, 1, 0)),
        "clients = 0 must be at least 1"
    );
}
