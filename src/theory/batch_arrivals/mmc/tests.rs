//! Reference values, computed by independent means. The names of the cases are theirs.

use super::*;
use crate::theory::tests::assert_close;
use crate::theory::{BatchMg1, Mmc, Moments};

/// All batches of ten.
fn tens() -> Vec<f64> {
    let mut sizes = vec![0.0; 10];
    sizes[9] = 1.0;
    sizes
}

fn pool(batch_rate: f64, sizes: &[f64], service_rate: f64, servers: u64) -> BatchMmc {
    BatchMmc::new(batch_rate, sizes, service_rate, servers).expect("it is stable")
}

#[test]
fn batches_of_ten_wait_for_themselves() {
    // mx-m-1-fixed10
    let queue = pool(0.08, &tens(), 1.0, 1);
    for (value, expected, what) in [
        (queue.utilisation(), 0.8, "ρ"),
        (queue.total_mean(), 22.000000000000007, "L"),
        (queue.ready_mean(), 21.200000000000006, "Lq"),
        (queue.sojourn_mean(), 27.500000000000007, "W"),
        (queue.wait_mean(), 26.500000000000007, "Wq"),
        (queue.wait_mean_of_first(), 22.000000000000007, "first"),
        (queue.p_empty(), 0.19999999999999996, "p0"),
        (queue.total_quantile(0.5), 14.0, "p50"),
        (queue.total_quantile(0.9), 55.0, "p90"),
        (queue.total_quantile(0.99), 113.0, "p99"),
        // All wait but the first of a batch that finds nobody.
        (queue.p_wait(), 1.0 - 0.2 / 10.0, "P(wait)"),
    ] {
        assert_close(value, expected, 1e-9, what);
    }
}

#[test]
fn batches_of_many_sizes_too() {
    // mx-m-1-uniform1-3
    let queue = pool(0.35, &[1.0 / 3.0; 3], 1.0, 1);
    for (value, expected, what) in [
        (queue.utilisation(), 0.7, "ρ"),
        (queue.total_mean(), 3.8888888888888884, "L"),
        (queue.ready_mean(), 3.188888888888888, "Lq"),
        (queue.sojourn_mean(), 5.555555555555555, "W"),
        (queue.wait_mean(), 4.555555555555555, "Wq"),
        (queue.wait_mean_of_first(), 3.8888888888888884, "first"),
        (queue.p_empty(), 0.30000000000000004, "p0"),
        (queue.total_quantile(0.5), 2.0, "p50"),
        (queue.total_quantile(0.9), 10.0, "p90"),
        (queue.total_quantile(0.99), 21.0, "p99"),
    ] {
        assert_close(value, expected, 1e-9, what);
    }
    // The same by moments.
    let service = Moments::exponential(1.0).expect("a law");
    let queue = BatchMg1::new(0.35, 2.0, 14.0 / 3.0, service).expect("it is stable");
    assert_close(queue.wait_mean(), 4.555555555555555, 1e-9, "Wq");
    assert_close(
        queue.wait_mean_of_first(),
        3.8888888888888884,
        1e-9,
        "first",
    );
    assert_close(queue.total_mean(), 3.8888888888888884, 1e-9, "L");
    assert_close(queue.sojourn_mean(), 5.555555555555555, 1e-9, "W");
}

#[test]
fn batches_of_one_are_no_batches() {
    for (rate, servers) in [
        (0.9, 1),
        (4.9, 5),
        (6.0, 20),
        (9_900.0, 10_000),
        (150.0, 500),
    ] {
        let queue = pool(rate, &[1.0], 1.0, servers);
        let alone = Mmc::new(rate, 1.0, servers).expect("it is stable");
        assert_close(queue.wait_mean(), alone.wait_mean(), 1e-9, "wait");
        assert_close(queue.p_wait(), alone.p_wait(), 1e-9, "P(wait)");
        assert_close(queue.total_mean(), alone.total_mean(), 1e-12, "L");
    }
}

#[test]
fn a_pool_of_batches_has_the_mean_that_its_levels_have() {
    let queue = pool(0.3, &[0.2, 0.0, 0.5, 0.0, 0.3], 0.4, 4);
    let mut levels = queue.levels_to_full();
    while levels.len() < 2_000 {
        levels.push(queue.next_level(&levels));
    }
    let mean: f64 = levels.iter().zip(0..).map(|(p, n)| p * f64::from(n)).sum();
    let some: f64 = levels[4..].iter().sum();
    assert_close(levels.iter().sum(), 1.0, 1e-12, "Σ p");
    assert_close(queue.total_mean(), mean, 1e-12, "L");
    assert_close(queue.p_wait_first, some, 1e-12, "P(N ≥ c)");
    assert_close(
        queue.ready_exceeds(100),
        levels[105..].iter().sum(),
        1e-9,
        "tail",
    );
}

#[test]
fn the_law_of_the_wait_has_the_mean_of_the_wait() {
    for (sizes, rate, servers) in [
        (tens(), 0.08, 1),
        (tens(), 0.3, 4),
        (vec![0.5, 0.5], 3.0, 5),
    ] {
        let queue = pool(rate, &sizes, 1.0, servers);
        assert_close(queue.wait_exceeds(0.0), queue.p_wait(), 1e-10, "P(wait)");
        // ∫ P(wait > t) dt, by the trapezoidal rule with Richardson's correction.
        let by_steps = |step: f64| {
            let sum: f64 = (1..(1_000.0 / step) as u32)
                .map(|k| queue.wait_exceeds(f64::from(k) * step))
                .sum();
            step * (queue.p_wait() / 2.0 + sum)
        };
        let integral = (4.0 * by_steps(0.05) - by_steps(0.1)) / 3.0;
        assert_close(integral, queue.wait_mean(), 1e-6, "mean");
    }
}

#[test]
fn waits_of_batches_of_one_are_those_of_erlang() {
    for (rate, servers) in [(0.9, 1), (4.9, 5), (9_900.0, 10_000), (1.0 - 1e-9, 1)] {
        let queue = pool(rate, &[1.0], 1.0, servers);
        let alone = Mmc::new(rate, 1.0, servers).expect("it is stable");
        for p in [0.5, 0.99, 0.999_999] {
            let (ours, theirs) = (queue.wait_quantile(p), alone.wait_quantile(p));
            assert_close(ours, theirs, 1e-6, "quantile");
        }
    }
}

#[test]
fn a_quantile_of_everything_is_infinite_and_one_of_nothing_is_zero() {
    let queue = pool(0.08, &tens(), 1.0, 1);
    assert!(queue.total_quantile(1.0).is_infinite());
    assert_close(queue.total_quantile(0.0), 0.0, 0.0, "p0");
    assert!(queue.total_quantile(1.0 - f64::EPSILON).is_finite());
}

#[test]
fn what_is_no_batch_is_refused() {
    assert!(BatchMmc::new(0.1, &[], 1.0, 1).is_err());
    assert!(BatchMmc::new(0.1, &[0.5, 0.4], 1.0, 1).is_err());
    assert!(BatchMmc::new(0.1, &[1.5, -0.5], 1.0, 1).is_err());
    assert!(matches!(
        BatchMmc::new(0.1, &tens(), 1.0, 1),
        Err(ModelError::Unstable { least: 2, .. })
    ));
    let service = Moments::exponential(1.0).expect("a law");
    assert!(BatchMg1::new(0.1, 0.5, 0.5, service).is_err());
    assert!(BatchMg1::new(0.1, 2.0, 3.0, service).is_err());
}
