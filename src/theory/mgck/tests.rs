//! Where the approximation is exact, and how far it is off where it is not.

use super::super::mmck::MmcK;
use super::super::tests::assert_close;
use super::*;

#[test]
fn exponential_service_makes_it_m_m_c_k_at_any_load() {
    for (rate, servers, places) in [
        (0.5, 1, 3),
        (3.0, 3, 9),
        (9.0, 8, 1000),
        (7.0, 8, 1000),
        (40.0, 8, 20),
    ] {
        let general = MgcK::new(rate, 1.0, 1.0, servers, places).expect("a queue");
        let exponential = MmcK::new(rate, 1.0, servers, places).expect("a queue");
        let close = |value, expected, what| assert_close(value, expected, 1e-9, what);
        close(general.loss(), exponential.loss(), "loss");
        close(general.p_wait(), exponential.p_wait(), "P(wait)");
        close(general.wait_mean(), exponential.wait_mean(), "mean wait");
        close(general.total_mean(), exponential.total_mean(), "L");
        close(
            general.utilisation(),
            exponential.utilisation(),
            "utilisation",
        );
        close(
            general.wait_quantile(0.99),
            exponential.wait_quantile(0.99),
            "p99 wait",
        );
    }
}

#[test]
fn without_room_to_wait_it_is_erlangs_loss_system() {
    // erlangB-c5-a3, erlangB-c100-a90
    for (load, servers, loss) in [
        (3.0, 5, 0.11005434782608696),
        (90.0, 100, 0.026957380464359214),
    ] {
        for scv in [0.0, 0.3, 4.0] {
            let queue = MgcK::new(load, 1.0, scv, servers, servers).expect("a queue");
            assert_close(queue.loss(), loss, 1e-9, "loss");
            assert!(queue.wait_mean() <= 0.0 && queue.wait_quantile(0.99) <= 0.0);
        }
    }
}

#[test]
fn with_much_room_it_is_m_g_c() {
    for scv in [0.0, 0.5, 4.0] {
        let limited = MgcK::new(6.4, 1.0, scv, 8, 100_000).expect("a queue");
        let unlimited = Mgc::new(6.4, 1.0, scv, 8).expect("a queue");
        let close = |value, expected, what| assert_close(value, expected, 1e-9, what);
        close(limited.ready_mean(), unlimited.ready_mean(), "Lq");
        close(limited.wait_mean(), unlimited.wait_mean(), "mean wait");
        close(limited.p_wait(), unlimited.p_wait(), "P(wait)");
        assert!(limited.loss() < 1e-100);
    }
}

/// (scv, c, K, ρ, loss, mean wait): M/E2/c/K and M/H2/c/K by the balance of their chains, mean service 1 s; the errors
/// that the docs state are the largest of these and 100 more.
#[test]
fn errors_against_exact_chains_are_what_is_stated() {
    let cases = [
        (0.5, 8, 13, 0.8, 0.02616192112, 0.1087174296, 0.066, 0.01),
        (0.5, 2, 22, 1.0, 0.03507996746, 4.838378067, 0.024, 0.01),
        (0.5, 1, 6, 1.5, 0.3432879653, 3.689642353, 0.01, 0.01),
        (2.0, 8, 13, 0.8, 0.04103491533, 0.1217336882, 0.22, 0.03),
        (2.0, 1, 21, 0.8, 0.008546772657, 5.048702612, 0.12, 0.03),
        (2.0, 8, 28, 1.5, 0.3334678617, 2.216182131, 0.01, 0.04),
        (5.0, 8, 13, 0.8, 0.04971553486, 0.1276184519, 0.6, 0.04),
        (5.0, 2, 22, 0.5, 0.001087291669, 0.837232273, 0.61, 0.14),
        (5.0, 8, 28, 1.0, 0.07307491224, 1.108515894, 0.26, 0.06),
    ];
    for (scv, servers, places, load, loss, wait, loss_error, wait_error) in cases {
        let rate = load * servers as f64;
        let queue = MgcK::new(rate, 1.0, scv, servers, places).expect("a queue");
        let what = format!("scv {scv}, {servers} servers, {places} places, ρ = {load}");
        assert_close(queue.loss(), loss, loss_error, &what);
        assert_close(queue.wait_mean(), wait, wait_error, &what);
    }
}

/// (scv, c, K, ρ, p99 wait, error), simulated with 3 million arrivals: lognormal (2.25), constant, Erlang (½) and
/// hyperexponential service of mean 1 s.
#[test]
fn the_p99_wait_is_off_a_simulated_one_by_as_much_as_is_stated() {
    let cases = [
        (2.25, 8, 1000, 0.9, 9.4852, 0.11),
        (2.25, 8, 20, 0.9, 2.295, 0.05),
        (2.25, 8, 40, 0.8, 3.4147, 0.03),
        (2.25, 2, 12, 0.9, 9.6615, 0.16),
        (0.0, 8, 20, 0.9, 1.4053, 0.17),
        (0.0, 8, 20, 1.2, 1.6357, 0.47),
        (0.5, 2, 12, 0.8, 5.4137, 0.06),
        (2.0, 2, 12, 0.8, 8.5144, 0.12),
        (5.0, 8, 28, 0.8, 3.7399, 0.1),
        (5.0, 8, 28, 1.2, 5.0408, 0.22),
    ];
    for (scv, servers, places, load, p99, error) in cases {
        let rate = load * servers as f64;
        let queue = MgcK::new(rate, 1.0, scv, servers, places).expect("a queue");
        let what = format!("scv {scv}, {servers} servers, {places} places, ρ = {load}");
        assert_close(queue.wait_quantile(0.99), p99, error, &what);
    }
}

#[test]
fn a_line_that_hardly_varies_and_is_overloaded_is_full_but_for_a_moment() {
    for load in [2.0, 3.0, 50.0] {
        let queue = MgcK::new(4.0 * load, 1.0, 0.0, 4, 100).expect("a queue");
        assert_close(queue.loss(), 1.0 - 1.0 / load, 1e-3, "loss");
        assert!(queue.ready_mean() > 94.0 && queue.ready_mean() < 96.0);
    }
}

#[test]
fn ten_thousand_servers_are_no_different() {
    let queue = MgcK::new(9_990.0, 1.0, 2.0, 10_000, 11_000).expect("a queue");
    assert!(queue.loss() > 0.0 && queue.loss() < 0.01);
    assert!(queue.wait_quantile(0.99).is_finite());
}

#[test]
fn what_is_no_queue_is_refused() {
    for (rate, scv, servers, places) in [
        (0.0, 1.0, 1, 1),
        (1.0, -1.0, 1, 1),
        (1.0, f64::INFINITY, 1, 1),
        (1.0, f64::NAN, 1, 1),
        (1.0, 1.0, 0, 1),
        (1.0, 1.0, 3, 2),
    ] {
        assert!(MgcK::new(rate, 1.0, scv, servers, places).is_err());
    }
}

#[test]
fn a_wait_that_is_too_rare_to_tell_is_none() {
    let queue = MgcK::new(1.0, 1.0, 4.0, 1000, 2000).expect("a queue");
    assert_close(queue.wait_exceeds(1.0), 0.0, 0.0, "P(wait > 1)");
    assert_close(queue.wait_quantile(0.99), 0.0, 0.0, "p99");
}
