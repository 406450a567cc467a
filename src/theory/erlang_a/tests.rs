//! Reference values, computed with high precision by independent means. The names of the cases are theirs.

use super::*;
use crate::theory::tests::{assert_close, integral_of};
use crate::theory::{Mmc, MmcK};

/// Per case: its name, λ, μ, c and θ; then P(wait), share abandoned, Lq, L, mean wait of all, utilisation, throughput,
/// mean waits of the served and of the others, P(wait > 0.1), P(served within 0.1), P(wait > 0.5), P(served within
/// 0.5); then the p50, p90, p95 and p99 of the wait of all. The last two of the thousand servers are recomputed: the
/// source cuts the states off too early for 0.5. P(wait > t) is exp(−θt) times the integral of exp(−cμt + λ / θ · (1 −
/// exp(−θt))), the density of the time to a free server (Baccelli & Hebuterne 1981, Performance '81).
const CASES: &str = "
erlangA-l10-th0.5-c10 10 1 10 0.5
0.6196552308840775 0.10391321232630818 2.078264246526164 11.039132123263082 0.20782642465261636 0.8960867876736918 8.960867876736918 0.19958120717014458 0.27892835944715266 0.4913965258958831 0.48088512323826627 0.14514315565050215 0.7681323991856068
0.09292262697508491 0.5986610580429527 0.7656577632518979 1.0995916473121359
erlangA-l20-th2.0-c10 20 1 10 2.0
0.9676113572386773 0.5026612066905396 5.026612066905396 14.973387933094603 0.2513306033452698 0.9946775866189207 9.946775866189208 0.3036995677920536 0.19951614613539204 0.7431285607558329 0.08600892397178178 0.11319391121071203 0.4141616509871173
0.2169248054843268 0.5185633880513867 0.6152622271513418 0.8101827757802371
erlangA-l1000-th0.5-c1000 1000 1 1000 0.5
0.5892600873555515 0.010450542896223951 20.9010857924479 1010.450542896224 0.020901085792447902 0.9895494571037761 989.549457103776 0.020825863727691133 0.028023773489139564 0.0150991886682373 0.9745699863491182 3.518491419849025e-27 0.9895494571037761
0.008388975435023842 0.06115805127757141 0.07695249463472208 0.10706593534026143
erlangA-l0.9-th0.001-c1 0.9 1 1 0.001
0.8930503361184557 0.007721848757271398 6.949663881544258 7.842714217662714 7.721848757271398 0.8930503361184557 0.8930503361184557 7.718096539284756 8.20401876970796 0.8833845051560154 0.11652667391639829 0.8456851560558694 0.15388026002260635
5.226786593912966 18.770271963578658 24.237600924849453 36.243470617330566
";

const LEVELS: [f64; 4] = [0.5, 0.9, 0.95, 0.99];

fn numbers(line: &str) -> Vec<f64> {
    line.split(' ')
        .map(|number| number.parse().expect("a number"))
        .collect()
}

#[test]
fn every_figure_is_that_of_the_reference() {
    for case in CASES.trim().lines().collect::<Vec<_>>().chunks_exact(3) {
        let (name, model) = case[0].split_once(' ').expect("a name and numbers");
        let [arrival_rate, service_rate, servers, patience_rate] = numbers(model)[..] else {
            panic!("{name}: {model}")
        };
        let queue = ErlangA::new(arrival_rate, service_rate, servers as u64, patience_rate)
            .expect("a queue");
        let figures = [
            queue.p_wait(),
            queue.abandoned(),
            queue.ready_mean(),
            queue.total_mean(),
            queue.wait_mean(),
            queue.utilisation(),
            queue.throughput(),
            queue.served_wait_mean(),
            queue.abandoned_wait_mean(),
            queue.wait_exceeds(0.1),
            queue.served_within(0.1),
            queue.wait_exceeds(0.5),
            queue.served_within(0.5),
        ];
        for (i, (value, expected)) in figures.into_iter().zip(numbers(case[1])).enumerate() {
            assert_close(value, expected, 1e-6, &format!("{name}, figure {i}"));
        }
        for (level, expected) in LEVELS.into_iter().zip(numbers(case[2])) {
            let value = queue.wait_quantile(level);
            assert_close(value, expected, 1e-6, &format!("{name}, wait at {level}"));
        }
    }
}

#[test]
fn a_call_centre_is_as_published() {
    // gmr-erlangA: 48 per min, 1 min each, patience 2 min, 50 servers
    let centre = ErlangA::new(48.0, 1.0, 50, 0.5).expect("a queue");
    assert_close(centre.abandoned(), 0.030912249162193216, 1e-9, "abandoned");
    assert_close(
        centre.wait_mean() * 60.0,
        3.709469899463186,
        1e-9,
        "mean wait [s]",
    );
    assert_close(
        centre.wait_quantile(0.9) * 60.0,
        12.444647715180873,
        1e-9,
        "p90 [s]",
    );
    assert_close(centre.ready_mean(), 2.967575919570549, 1e-9, "Lq");
    assert_close(
        centre.utilisation(),
        0.9303242408042945,
        1e-9,
        "utilisation",
    );
}

#[test]
fn those_who_are_served_and_those_who_leave_make_up_all() {
    for (arrival_rate, servers, patience_rate) in [
        (3.0, 4, 0.3),
        (9.0, 4, 5.0),
        (2.0, 1, 1e-4),
        (12_000.0, 10_000, 0.5),
    ] {
        let queue = ErlangA::new(arrival_rate, 1.0, servers, patience_rate).expect("a queue");
        let (gone, served) = (queue.abandoned(), queue.throughput() / arrival_rate);
        assert_close(gone + served, 1.0, 1e-10, "shares");
        let waits = served * queue.served_wait_mean() + gone * queue.abandoned_wait_mean();
        assert_close(waits, queue.wait_mean(), 1e-9, "mean wait");
        assert_close(queue.wait_exceeds(0.0), queue.p_wait(), 1e-12, "P(wait)");
        let within = queue.served_within(0.0) + queue.p_wait();
        assert_close(within, 1.0, 1e-10, "served at once, or not");
        let t = queue.served_wait_quantile(0.9);
        assert_close(queue.served_wait_exceeds(t), 0.1, 1e-9, "p90 of the served");
    }
}

#[test]
fn tails_integrate_to_the_means() {
    for (arrival_rate, patience_rate) in [(3.0, 0.3), (9.0, 5.0), (4.0, 1e-3)] {
        let queue = ErlangA::new(arrival_rate, 1.0, 4, patience_rate).expect("a queue");
        let step = queue.wait_quantile(0.999) / 150.0;
        let wait = integral_of(|t| queue.wait_exceeds(t), step);
        assert_close(wait, queue.wait_mean(), 1e-5, "all");
        let served = integral_of(|t| queue.served_wait_exceeds(t), step);
        assert_close(served, queue.served_wait_mean(), 1e-5, "served");
    }
}

#[test]
fn endless_patience_is_the_queue_without_it() {
    let (patient, plain) = (
        ErlangA::new(9.0, 1.0, 10, 1e-12).expect("a queue"),
        Mmc::new(9.0, 1.0, 10).expect("stable"),
    );
    assert_close(patient.p_wait(), plain.p_wait(), 1e-9, "P(wait)");
    assert_close(patient.total_mean(), plain.total_mean(), 1e-9, "L");
    assert_close(
        patient.total_variance(),
        plain.total_variance(),
        1e-9,
        "variance",
    );
    assert_close(
        patient.wait_quantile(0.99),
        plain.wait_quantile(0.99),
        1e-9,
        "p99",
    );
    let served = patient.served_wait_quantile(0.9);
    assert_close(served, plain.wait_quantile(0.9), 1e-9, "p90 of the served");
    assert_close(
        patient.ready_exceeds(12),
        plain.ready_exceeds(12),
        1e-9,
        "P(Q > 12)",
    );
}

#[test]
fn no_patience_at_all_is_erlangs_loss_system() {
    let hasty = ErlangA::new(9.0, 1.0, 10, 1e12).expect("a queue");
    let lossy = MmcK::new(9.0, 1.0, 10, 10).expect("a queue");
    assert_close(hasty.abandoned(), lossy.loss(), 1e-9, "loss");
    assert_close(
        hasty.utilisation(),
        lossy.utilisation(),
        1e-9,
        "utilisation",
    );
}

#[test]
fn a_long_line_of_the_patient_settles_where_as_many_leave_as_are_too_many() {
    // (λ − cμ) / θ = 2e6 wait, give or take √(λ / θ); each waits until all who were before have been served or have
    // left.
    let queue = ErlangA::new(4.0, 1.0, 2, 1e-6).expect("a queue");
    assert_close(queue.ready_mean(), 2e6, 1e-6, "Lq");
    assert_close(queue.abandoned(), 0.5, 1e-6, "abandoned");
    // A fluid line of 2e6 that shrinks by 2 + θ · line is gone after ln 2 / θ.
    assert_close(
        queue.served_wait_quantile(0.5),
        2f64.ln() * 1e6,
        1e-3,
        "median",
    );
}

#[test]
fn what_cannot_be_is_refused() {
    let named = |refused: Result<ErlangA, ModelError>| refused.expect_err("refused").to_string();
    let rule = "patience_rate = 0 must be a positive number";
    assert_eq!(named(ErlangA::new(1.0, 1.0, 1, 0.0)), rule);
    assert_eq!(
        named(ErlangA::new(1.0, 1.0, 0, 1.0)),
        "servers = 0 must be at least 1"
    );
    let endless = named(ErlangA::new(2.0, 1.0, 1, 1e-15));
    assert!(
        endless.ends_with("is so small that the line has too many states"),
        "{endless}"
    );
}
