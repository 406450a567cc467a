//! Reference values, computed with high precision by independent means. The names of the cases are theirs.

use super::*;
use crate::theory::Mmc;
use crate::theory::numerics::birth_death::BirthDeath;
use crate::theory::tests::{assert_close, integral_of};

/// Per case: its name, λ, μ, c and K; then loss, L, Lq, throughput, W, Wq, utilisation, P(N = 0) and P(wait); then the
/// wait's p50, p90, p95, p99 and p99.9.
const CASES: &str = "
mmck-l0.5-c1-K1 0.5 1 1 1
0.3333333333333333 0.3333333333333333 0.0 0.3333333333333333 1.0 0.0 0.3333333333333333 0.6666666666666666 0.0
0.0 0.0 0.0 0.0 0.0
mmck-l1-c1-K10 1.0 1 1 10
0.09090909090909091 5.0 4.090909090909091 0.9090909090909091 5.5 4.5 0.9090909090909091 0.09090909090909091 0.9
4.012533662991551 9.434601651411187 11.055588977862019 14.272473426154512 18.214541042309815
mmck-l2-c2-K2 2.0 1 2 2
0.4 1.2 0.0 1.2 1.0 0.0 0.6 0.2 0.0
0.0 0.0 0.0 0.0 0.0
mmck-l3-c2-K3 3.0 4 2 3
0.04936014625228519 0.7623400365630713 0.04936014625228519 2.8519195612431445 0.2673076923076923 0.01730769230769231 0.35648994515539306 0.4680073126142596 0.13846153846153847
0.0 0.04067780005432852 0.12732119762432154 0.3285009366785841 0.6163240733028398
mmck-l9.5-c10-K10 9.5 1 10 10
0.19137915830131796 7.681897996137479 0.0 7.681897996137479 1.0 0.0 0.7681897996137479 0.00011599028623943415 0.0
0.0 0.0 0.0 0.0 0.0
mmck-l95-c100-K120 95.0 1 100 120
0.01096998271535871 97.24899708170948 3.291145439668556 93.95785164204092 1.0350278915721391 0.03502789157213926 0.9395785164204092 4.823663051803329e-42 0.39697261810140444
0.0 0.13114047012150978 0.16876210852888165 0.22815528554190026 0.28883636565552967
mmck-l5-c1-K1000 5.0 1 1 1000
0.8 999.75 998.75 1.0 999.75 998.75 1.0 0.0 1.0
998.4167125118794 1039.4652869445972 1051.3026836189397 1073.7482281564128 1099.2820742624592
";

const LEVELS: [f64; 5] = [0.5, 0.9, 0.95, 0.99, 0.999];

fn numbers(line: &str) -> Vec<f64> {
    line.split(' ')
        .map(|number| number.parse().expect("a number"))
        .collect()
}

#[test]
fn every_figure_is_that_of_the_reference() {
    for case in CASES.trim().lines().collect::<Vec<_>>().chunks_exact(3) {
        let (name, model) = case[0].split_once(' ').expect("a name and numbers");
        let [arrival_rate, service_rate, servers, places] = numbers(model)[..] else {
            panic!("{name}: {model}")
        };
        let queue =
            MmcK::new(arrival_rate, service_rate, servers as u64, places as u64).expect("a queue");
        let figures = [
            queue.loss(),
            queue.total_mean(),
            queue.ready_mean(),
            queue.throughput(),
            queue.sojourn_mean(),
            queue.wait_mean(),
            queue.utilisation(),
            queue.p_empty(),
            queue.p_wait(),
        ];
        for (i, (value, expected)) in figures.into_iter().zip(numbers(case[1])).enumerate() {
            assert_close(value, expected, 1e-9, &format!("{name}, figure {i}"));
        }
        for (level, expected) in LEVELS.into_iter().zip(numbers(case[2])) {
            let value = queue.wait_quantile(level);
            assert_close(value, expected, 1e-9, &format!("{name}, wait at {level}"));
        }
    }
}

#[test]
fn a_full_room_turns_away_what_a_published_vignette_says() {
    // simmer-mm23
    let queue = MmcK::new(3.0, 4.0, 2, 3).expect("a queue");
    assert_close(queue.total_mean(), 0.7623400365630713, 1e-12, "L");
    assert_close(queue.loss(), 0.04936014625228519, 1e-12, "loss");
}

#[test]
fn an_empty_system_is_as_probable_as_published_where_room_is_as_good_as_unlimited() {
    // bronson-23.3, bronson-23.14, bronson-24.6
    let published = [
        (24.0, 30.0, 1, 0.2),
        (30.0, 40.0, 1, 0.25),
        (300.0, 182.5, 3, 0.17753703294273712),
    ];
    for (arrival_rate, service_rate, servers, empty) in published {
        let queue = MmcK::new(arrival_rate, service_rate, servers, 10_000).expect("a queue");
        assert_close(queue.p_empty(), empty, 1e-12, "p(0)");
    }
}

#[test]
fn ten_thousand_servers_are_the_sum_over_twenty_thousand_states() {
    for arrival_rate in [9_000.0, 9_999.0, 10_000.0, 10_001.0, 15_000.0] {
        let (servers, places) = (10_000, 20_000);
        let queue = MmcK::new(arrival_rate, 1.0, servers, places).expect("a queue");
        let births = |n: u64| if n < places { arrival_rate } else { 0.0 };
        let ratio = |n: u64| births(n) / (n + 1).min(servers) as f64;
        let law = BirthDeath::new(ratio).expect("few states");
        let c = servers as f64;
        let what = format!("λ = {arrival_rate}");
        assert_close(queue.loss(), law.probability(places), 1e-9, &what);
        assert_close(queue.total_mean(), law.mean_of(|n| n), 1e-10, &what);
        assert_close(
            queue.ready_mean(),
            law.mean_of(|n| (n - c).max(0.0)),
            1e-9,
            &what,
        );
        assert_close(queue.p_empty(), law.probability(0), 1e-9, &what);
    }
}

#[test]
fn so_much_room_that_nobody_is_lost_is_as_good_as_no_limit() {
    for (arrival_rate, servers) in [(0.7, 1), (4.9, 5), (9_950.0, 10_000)] {
        let limited = MmcK::new(arrival_rate, 1.0, servers, servers + 1_000_000).expect("a queue");
        let free = Mmc::new(arrival_rate, 1.0, servers).expect("stable");
        assert_close(limited.p_wait(), free.p_wait(), 1e-9, "P(wait)");
        assert_close(limited.wait_mean(), free.wait_mean(), 1e-9, "Wq");
        assert_close(
            limited.wait_variance(),
            free.wait_variance(),
            1e-9,
            "variance",
        );
        assert_close(limited.total_mean(), free.total_mean(), 1e-9, "L");
        assert_close(
            limited.total_variance(),
            free.total_variance(),
            1e-7,
            "variance of N",
        );
        assert_close(
            limited.ready_exceeds(7),
            free.ready_exceeds(7),
            1e-9,
            "P(Q > 7)",
        );
        let t = free.sojourn_quantile(0.99);
        assert_close(
            limited.wait_exceeds(t / 2.0),
            free.wait_exceeds(t / 2.0),
            1e-9,
            "wait",
        );
        assert_close(
            limited.sojourn_exceeds(t),
            free.sojourn_exceeds(t),
            1e-9,
            "sojourn",
        );
    }
}

#[test]
fn every_figure_is_the_sum_over_the_states() {
    for (arrival_rate, servers, places) in [(3.0, 4, 9), (4.0, 4, 40), (9.0, 4, 9), (0.5, 1, 6)] {
        let queue = MmcK::new(arrival_rate, 1.0, servers, places).expect("a queue");
        let mut states = vec![1.0];
        for n in 1..=places {
            states.push(states[states.len() - 1] * arrival_rate / n.min(servers) as f64);
        }
        let all: f64 = states.iter().sum();
        let mean_of = |f: &dyn Fn(f64) -> f64| {
            let terms = states
                .iter()
                .enumerate()
                .map(|(n, p)| f(n as f64) * p / all);
            terms.sum::<f64>()
        };
        let c = servers as f64;
        let total = mean_of(&|n| n);
        assert_close(queue.total_mean(), total, 1e-12, "L");
        assert_close(
            queue.ready_mean(),
            mean_of(&|n| (n - c).max(0.0)),
            1e-12,
            "Lq",
        );
        assert_close(
            queue.wait_mean() * queue.throughput(),
            queue.ready_mean(),
            1e-12,
            "Little",
        );
        assert_close(
            queue.total_variance(),
            mean_of(&|n| (n - total).powi(2)),
            1e-10,
            "variance",
        );
        let many = mean_of(&|n| if n > c + 2.0 { 1.0 } else { 0.0 });
        assert_close(queue.ready_exceeds(2), many, 1e-12, "P(Q > 2)");
        // An accepted message that finds i in line waits for i + 1 departures.
        let accepted = mean_of(&|n| if n < places as f64 { 1.0 } else { 0.0 });
        let squares = mean_of(&|n| {
            let stages = n - c + 1.0;
            if n < c || n >= places as f64 {
                0.0
            } else {
                stages * (stages + 1.0)
            }
        }) / accepted
            / (c * c);
        let variance = squares - queue.wait_mean().powi(2);
        assert_close(
            queue.wait_variance(),
            variance,
            1e-11,
            "variance of the wait",
        );
    }
}

#[test]
fn tails_integrate_to_the_means() {
    for (arrival_rate, servers, places) in [(3.0, 4, 9), (9.0, 4, 9), (1.0, 1, 20), (5.0, 1, 30)] {
        let queue = MmcK::new(arrival_rate, 1.0, servers, places).expect("a queue");
        let wait = integral_of(|t| queue.wait_exceeds(t), 0.1);
        assert_close(wait, queue.wait_mean(), 1e-5, "wait");
        let sojourn = integral_of(|t| queue.sojourn_exceeds(t), 0.1);
        assert_close(sojourn, queue.sojourn_mean(), 1e-5, "sojourn");
    }
}

#[test]
fn quantiles_invert_the_tails() {
    for (arrival_rate, servers, places) in [(9.5, 10, 1000), (5.0, 1, 1000), (10.0, 10, 12)] {
        let queue = MmcK::new(arrival_rate, 1.0, servers, places).expect("a queue");
        for p in [0.9, 0.999_999] {
            let wait = queue.wait_exceeds(queue.wait_quantile(p));
            assert_close(wait, 1.0 - p, 1e-9, "wait");
            let sojourn = queue.sojourn_exceeds(queue.sojourn_quantile(p));
            assert_close(sojourn, 1.0 - p, 1e-9, "sojourn");
        }
        assert!(queue.wait_quantile(1.0).is_infinite());
        assert_eq!(queue.sojourn_quantile(0.0).to_bits(), 0);
    }
}

#[test]
fn a_million_million_places_at_load_1_hold_half_of_them() {
    let queue = MmcK::new(1.0, 1.0, 1, 1_000_000_000_000).expect("a queue");
    assert_close(queue.total_mean(), 5e11, 1e-12, "L");
    assert_close(queue.loss(), 1.0 / (1e12 + 1.0), 1e-12, "loss");
    let crowded = MmcK::new(20_000.0, 1.0, 10_000, 1_000_000).expect("a queue");
    assert_close(crowded.loss(), 0.5, 1e-12, "loss");
    assert_close(crowded.ready_mean(), 990_000.0 - 1.0, 1e-12, "Lq");
    assert_close(crowded.wait_quantile(0.5), 98.999_833_3, 1e-6, "median");
}

#[test]
fn what_cannot_be_is_refused() {
    let named = |refused: Result<MmcK, ModelError>| refused.expect_err("refused").to_string();
    let rule = "places = 2 must be at least the number of servers";
    assert_eq!(named(MmcK::new(1.0, 1.0, 3, 2)), rule);
    assert_eq!(
        named(MmcK::new(1.0, 1.0, 0, 2)),
        "servers = 0 must be at least 1"
    );
    assert!(matches!(
        MmcK::new(-1.0, 1.0, 1, 2),
        Err(ModelError::ArrivalRate(_))
    ));
    assert!(matches!(
        MmcK::new(1e300, 1e-300, 1, 2),
        Err(ModelError::ServiceRate(_))
    ));
}

#[test]
fn the_ends_of_what_f64_holds_give_numbers() {
    for (arrival_rate, servers, places) in [
        (1e-300, 1, 1),
        (1e-300, 5, u64::MAX),
        (1e300, 1, 1),
        (1e300, 3, 1_000_000),
        (20.0, 1_000_000, 2_000_000),
        (1.0, u64::MAX, u64::MAX),
    ] {
        let queue = MmcK::new(arrival_rate, 1.0, servers, places).expect("a queue");
        for figure in [
            queue.loss(),
            queue.p_wait(),
            queue.p_empty(),
            queue.wait_mean(),
            queue.total_mean(),
            queue.total_variance(),
            queue.ready_exceeds(3),
            queue.sojourn_mean(),
        ] {
            assert!(figure.is_finite() && figure >= 0.0, "{queue:?}: {figure}");
        }
    }
}
