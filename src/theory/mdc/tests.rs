//! Reference values, computed independently: by elimination on a truncated chain. The names of the cases are theirs.

use super::*;
use crate::theory::erlang::erlang_c;
use crate::theory::tests::assert_close;

/// Per case: its name, λ and c, each service taking 1; P(wait), Lq, Wq; the wait's p50, p90, p95, p99 and p99.9; P(wait
/// > t) for t of ½, 1 and 2.
const CASES: &str = "
mdc-c1-rho0.7 0.7 1 0.7 0.816666666668 1.16666666667 0.729750891094 3.07708687311 4.1028979645 6.48549942896 9.89435382446 0.574279735422 0.395874187759 0.206328078515
mdc-c1-rho0.9 0.9 1 0.9 4.05000000001 4.50000000001 3.01304751931 10.782504956 14.1286738302 21.8982373496 33.0139697434 0.843168781451 0.754039688884 0.616399533563
mdc-c2-rho0.7 1.4 2 0.565367211465 0.691054647559 0.493610462542 0.166349811016 1.43282907292 1.94383931102 3.13508093479 4.83952666371 0.357863114202 0.176313084972 0.0463663811543
mdc-c2-rho0.9 1.8 2 0.847107642702 3.86446178649 2.14692321472 1.39894873189 5.28246566545 6.95555009669 10.8403318564 16.3981980532 0.728224976413 0.588027474557 0.389607634795
mdc-c3-rho0.7 2.1 3 0.47608502668 0.601118105998 0.286246717142 0 0.889908327399 1.24068484788 2.03323745951 3.16938039545 0.229035831327 0.0806258408988 0.0106976776045
mdc-c3-rho0.9 2.7 3 0.807680691671 3.72036232878 1.37791197362 0.870443038845 3.46364501495 4.57903453045 7.16888903666 10.8741331679 0.633880688484 0.461907842764 0.248331311701
mdc-c5-rho0.7 3.5 5 0.358117153446 0.474309767561 0.135517076446 0 0.492510423689 0.687978132075 1.16588391375 1.84691779716 0.0974742818756 0.0175001213193 0.000596158973333
mdc-c5-rho0.9 4.5 5 0.747828546069 3.49512821191 0.776695158203 0.47277295526 2.02183611968 2.69107317403 4.24498601147 6.46813249011 0.485943077628 0.288231926685 0.102287394149
mdc-c10-rho0.7 7 10 0.204321811034 0.293101269374 0.0418716099106 0 0.168639576898 0.295649785519 0.534279832978 0.874264687308 0.012762706148 0.000427014828578 4.96375562431e-07
mdc-c10-rho0.9 9 10 0.646861283932 3.10123845342 0.34458205038 0.170518152719 0.958436636404 1.29299482333 2.06995176762 3.18152501091 0.258813473808 0.0917442800145 0.0115592713676
mdc-c25-rho0.7 17.5 25 0.0571997895005 0.0937397005213 0.00535655431551 0 0 0.0151180078628 0.163534412862 0.318173182269 4.05833138719e-05 9.05269326168e-09 -1.7763568394e-15
mdc-c25-rho0.9 22.5 25 0.47933821743 2.41184846226 0.10719326499 0 0.342124590462 0.475085000953 0.786097348689 1.23072972224 0.0439575735516 0.00330315011771 1.86149457122e-05
mdc-c50-rho0.7 35 50 0.01001748225 0.0183396104036 0.000523988868673 0 0 0 0.000104486124449 0.117083750484 4.63205074297e-09 5.10702591328e-15 4.88498130835e-15
mdc-c50-rho0.9 45 50 0.33554264514 1.77866492288 0.0395258871751 0 0.147040544974 0.215393471168 0.369511627149 0.592000574101 0.00259395486734 1.46137799717e-05 4.64310478954e-10
mdc-c100-rho0.7 70 100 0.000430822862292 0.00086800352275 1.2400050325e-05 0 0 0 0 0 2.22044604925e-16 -2.64233079861e-14 -2.59792187762e-14
mdc-c100-rho0.9 90 100 0.195342859638 1.11001263373 0.0123334737081 0 0.0472617784534 0.0882776348004 0.169730225833 0.279717466834 1.04687522834e-05 3.32513794277e-10 -6.2172489379e-15
";

#[test]
fn every_figure_is_that_of_the_reference() {
    for case in CASES.lines().skip(1) {
        let (name, figures) = case.split_once(' ').expect("a name and numbers");
        let figures: Vec<f64> = figures
            .split(' ')
            .map(|figure| figure.parse().expect("a number"))
            .collect();
        let queue =
            Mdc::new(figures[0], 1.0, figures[1] as u64).expect("the references are stable");
        assert_close(queue.p_wait(), figures[2], 1e-8, name);
        assert_close(queue.ready_mean(), figures[3], 1e-8, name);
        assert_close(queue.wait_mean(), figures[4], 1e-8, name);
        for (level, quantile) in [0.5, 0.9, 0.95, 0.99, 0.999].into_iter().zip(&figures[5..]) {
            assert_close(queue.wait_quantile(level), *quantile, 1e-8, name);
            assert_close(queue.sojourn_quantile(level), quantile + 1.0, 1e-8, name);
        }
        for (t, tail) in [0.5, 1.0, 2.0].into_iter().zip(&figures[10..]) {
            let value = queue.wait_exceeds(t);
            // The reference is 1 less a sum: it knows tails to 1e-12.
            assert!(
                (value - tail).abs() <= 1e-8 * tail + 1e-12,
                "{name}: {value} at {t}"
            );
            assert_close(queue.sojourn_exceeds(t + 1.0), value, 1e-12, name);
        }
    }
}

#[test]
fn nobody_leaves_before_the_service_is_over() {
    let queue = Mdc::new(1.8, 1.0, 2).expect("stable");
    assert_close(queue.sojourn_exceeds(0.999), 1.0, 0.0, "before");
    assert_close(queue.sojourn_exceeds(1.0), queue.p_wait(), 1e-12, "after");
}

#[test]
fn the_number_that_wait_has_one_law_in_all_its_figures() {
    for (load, servers) in [(0.99, 1), (4.5, 5), (990.0, 1000)] {
        let queue = Mdc::new(load, 1.0, servers).expect("stable");
        let tails = |weight: fn(f64) -> f64| -> f64 {
            (0..4_000)
                .map(|n| weight(n as f64) * queue.ready_exceeds(n))
                .sum()
        };
        assert_close(tails(|_| 1.0), queue.ready_mean(), 1e-10, "mean");
        let second = queue.wait_variance() + queue.wait_mean().powi(2);
        assert_close(
            2.0 * tails(|n| n),
            second * load * load,
            1e-10,
            "second moment",
        );
        // ∫ P(wait > t) dt by the trapezoidal rule
        let step = queue.wait_mean() / 200.0;
        let inside: f64 = (1..20_000)
            .map(|i| queue.wait_exceeds(f64::from(i) * step))
            .sum();
        let mean = step * (inside + queue.p_wait() / 2.0);
        assert_close(mean, queue.wait_mean(), 2e-4, "mean wait");
    }
}

#[test]
fn ten_thousand_servers_lose_no_digits() {
    // Half of what M/M/c makes wait, in heavy traffic: Tijms 2003, §9.6.2.
    let queue = Mdc::new(9_999.0, 1.0, 10_000).expect("stable");
    let exponential = erlang_c(10_000, 9_999.0);
    assert_close(queue.wait_mean(), exponential / 2.0, 0.01, "mean wait");
    // Where all but nobody waits, it is as if there were a server for everyone: P(wait) is a Poisson tail, by 30
    // digits.
    let queue = Mdc::new(300.0, 1.0, 1_000).expect("stable");
    assert_close(queue.p_wait(), 2.414920148296786e-221, 1e-10, "P(wait)");
    assert_close(
        Mdc::new(300.0, 1.0, 10_000).expect("stable").p_wait(),
        0.0,
        0.0,
        "too rare",
    );
}

#[test]
fn too_few_servers_are_refused() {
    let refused = Mdc::new(2.0, 1.0, 2);
    assert_eq!(
        refused,
        Err(ModelError::Unstable {
            offered_load: 2.0,
            servers: 2,
            least: 3
        })
    );
    assert_eq!(
        Mdc::new(2.0, 0.0, 2),
        Err(ModelError::ServiceRate(f64::INFINITY))
    );
    assert!(
        Mdc::new(1.1e6, 1.0, u64::MAX).is_err(),
        "a load without end"
    );
}
