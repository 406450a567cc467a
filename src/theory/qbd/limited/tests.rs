//! Reference values, computed independently. The names of the cases are theirs.

use super::*;
use crate::theory::MapPhC;
use crate::theory::qbd::tests::balanced;
use crate::theory::tests::assert_close;

/// M/M/c/K. Per case: its name, λ, μ, c and K; then the loss, throughput, utilisation, L and Lq, and of those that are
/// accepted W, Wq and P(wait); then the wait's p50, p90, p95, p99 and p99.9.
const CASES: &str = "
mmck-l0.5-c1-K1 0.5 1 1 1
0.3333333333333333 0.3333333333333333 0.3333333333333333 0.3333333333333333 0.0 1.0 0.0 0.0
0.0 0.0 0.0 0.0 0.0
mmck-l1-c1-K10 1.0 1 1 10
0.09090909090909091 0.9090909090909091 0.9090909090909091 5.0 4.090909090909091 5.5 4.5 0.9
4.012533662991551 9.434601651411187 11.055588977862019 14.272473426154512 18.214541042309815
mmck-l2-c2-K2 2.0 1 2 2
0.4 1.2 0.6 1.2 0.0 1.0 0.0 0.0
0.0 0.0 0.0 0.0 0.0
mmck-l3-c2-K3 3.0 4 2 3
0.04936014625228519 2.8519195612431445 0.35648994515539306 0.7623400365630713 0.04936014625228519 0.2673076923076923 0.01730769230769231 0.13846153846153847
0.0 0.04067780005432852 0.12732119762432154 0.3285009366785841 0.6163240733028398
mmck-l9.5-c10-K10 9.5 1 10 10
0.19137915830131796 7.681897996137479 0.7681897996137479 7.681897996137479 0.0 1.0 0.0 0.0
0.0 0.0 0.0 0.0 0.0
mmck-l95-c100-K120 95.0 1 100 120
0.01096998271535871 93.95785164204092 0.9395785164204092 97.24899708170948 3.291145439668556 1.0350278915721391 0.03502789157213926 0.39697261810140444
0.0 0.13114047012150978 0.16876210852888165 0.22815528554190026 0.28883636565552967
mmck-l5-c1-K1000 5.0 1 1 1000
0.8 1.0 1.0 999.75 998.75 999.75 998.75 1.0
998.4167125118794 1039.4652869445972 1051.3026836189397 1073.7482281564128 1099.2820742624592
";

#[test]
fn of_exponential_laws_it_is_m_m_c_k() {
    let lines = CASES.trim().lines().collect::<Vec<_>>();
    assert_eq!(lines.len(), 21);
    for case in lines.chunks(3) {
        let (name, _) = case[0].split_once(' ').expect("a name");
        let numbers = |line: &&str| line.split(' ').filter_map(|n| n.parse().ok()).collect();
        let rows = case.iter().map(numbers).collect::<Vec<Vec<f64>>>();
        let service = PhaseType::exponential(rows[0][1]);
        let queue = queue(
            &Map::poisson(rows[0][0]),
            &service,
            rows[0][2] as u64,
            rows[0][3] as u64,
        );
        let measured = [
            queue.loss(),
            queue.throughput(),
            queue.utilisation(),
            queue.total_mean(),
            queue.ready_mean(),
            queue.sojourn_mean(),
            queue.wait_mean(),
            queue.p_wait(),
        ];
        for (value, expected) in measured.into_iter().zip(&rows[1]) {
            assert_close(value, *expected, 1e-9, name);
        }
        for (p, wait) in [0.5, 0.9, 0.95, 0.99, 0.999].into_iter().zip(&rows[2]) {
            assert_close(queue.wait_quantile(p), *wait, 1e-9, name);
        }
    }
}

#[test]
fn without_room_to_wait_only_the_mean_service_matters() {
    let erlang_b = [
        (3.0, 5, 0.11005434782608696),      // erlangB-c5-a3
        (90.0, 100, 0.026957380464359214),  // erlangB-c100-a90
        (20.0, 100, 2.799666325499081e-37), // erlangB-c100-a20
    ];
    for (load, servers, loss) in erlang_b {
        let service = balanced(1.0, 4.0);
        let queue = queue(&Map::poisson(load), &service, servers, servers);
        assert_close(queue.loss(), loss, 1e-9, "Erlang B");
        assert_eq!(queue.wait_quantile(0.999).to_bits(), 0);
    }
}

#[test]
fn renewals_at_a_full_pool_lose_what_takacs_says() {
    // 1/loss = Σ (c choose j) Π (1 − φ(iμ)) / φ(iμ), i ≤ j, φ being the transform of the gaps (Takács 1962,
    // Introduction to the Theory of Queues, ch. 4).
    let (rate, servers) = (8.0_f64, 5);
    let mut term = 1.0;
    let mut reciprocal = 1.0;
    for j in 1..=servers {
        let transform = (rate / (rate + j as f64)).powi(2);
        term *= (servers - j + 1) as f64 / j as f64 * (1.0 - transform) / transform;
        reciprocal += term;
    }
    let gaps = PhaseType::erlang(2, 2.0 / rate).expect("a law");
    let queue = queue(
        &Map::renewal(&gaps),
        &PhaseType::exponential(1.0),
        servers,
        servers,
    );
    assert_close(queue.loss(), 1.0 / reciprocal, 1e-13, "loss");
}

#[test]
fn arrivals_in_bursts_and_work_of_two_kinds_agree_with_the_chain_state_by_state() {
    // Computed apart: the whole chain, and departures from it by uniformisation.
    let arrivals = Map::mmpp(&[1.0, 4.0], &[vec![0.0, 0.1], vec![0.3, 0.0]]);
    let queue = queue(&arrivals, &balanced(1.0, 4.0), 3, 10);
    assert_close(queue.loss(), 0.07199920781683339, 1e-12, "loss");
    assert_close(queue.p_wait(), 0.4404686501283796, 1e-12, "P(wait)");
    assert_close(queue.wait_mean(), 0.5789609452007287, 1e-12, "mean wait");
    assert_close(
        queue.wait_exceeds(1.0),
        0.20247905488411208,
        1e-12,
        "P(wait > 1)",
    );
}

#[test]
fn much_room_is_as_good_as_any() {
    let arrivals = Map::mmpp(&[1.0, 4.0], &[vec![0.0, 0.1], vec![0.3, 0.0]]);
    let service = balanced(1.0, 4.0);
    let queue = queue(&arrivals, &service, 3, 500);
    let endless = MapPhC::new(&arrivals.expect("arrivals"), &service.expect("a law"), 3);
    let endless = endless.expect("stable");
    assert_close(queue.p_wait(), endless.p_wait(), 1e-10, "P(wait)");
    assert_close(queue.wait_mean(), endless.wait_mean(), 1e-10, "mean wait");
    assert_close(
        queue.wait_variance(),
        endless.wait_variance(),
        1e-10,
        "variance",
    );
    for p in [0.5, 0.9, 0.999] {
        assert_close(
            queue.wait_quantile(p),
            endless.wait_quantile(p),
            1e-10,
            "wait",
        );
    }
}

#[test]
fn what_is_no_queue_or_too_much_is_refused() {
    let refused = |phases: u64, servers, places| {
        let arrivals = Map::poisson(1.0).expect("a rate");
        let service = PhaseType::erlang(phases, 1.0).expect("a law");
        let refused = MapPhCK::new(&arrivals, &service, servers, places);
        refused.expect_err("no answer").to_string()
    };
    assert_eq!(refused(1, 0, 3), "servers = 0 must be at least 1");
    assert_eq!(
        refused(1, 3, 2),
        "places = 2 must be at least the number of servers"
    );
    assert!(refused(5, 3, u64::MAX).starts_with("places = "));
    assert!(refused(1, 1, 200_000).starts_with("places to wait = "));
    assert!(refused(5, 30, 40).starts_with("servers = 30 are too many"));
}

fn queue(
    arrivals: &Result<Map, ModelError>,
    service: &Result<PhaseType, ModelError>,
    servers: u64,
    places: u64,
) -> MapPhCK {
    let arrivals = arrivals.as_ref().expect("arrivals");
    let service = service.as_ref().expect("a law");
    MapPhCK::new(arrivals, service, servers, places).expect("small")
}
