//! Numbers that no queue has: each model refuses them or answers, and never panics or goes on for ever.
//!
//! M/G/1 and GI/M/c ask for a law, which theory has none of: whoever has laws tests them. The models of [`transient`]
//! have tests of their own.

use crate::theory::*;

const NUMBERS: [f64; 9] = [
    f64::NEG_INFINITY,
    0.0,
    f64::MIN_POSITIVE,
    1e-9,
    0.5,
    1.0,
    1e9,
    f64::MAX,
    f64::NAN,
];
/// Erlang's formulas take as many steps as the load, so the largest is not the largest there is.
const COUNTS: [u64; 4] = [0, 1, 7, 100_000];

/// Where all that is asked is within range, so is the answer, or it is infinite.
#[track_caller]
fn assert_answers(asked: &[f64], answers: &[f64]) {
    let is_in_range = asked.iter().all(|number| (1e-100..1e100).contains(number));
    assert!(
        !is_in_range || answers.iter().all(|answer| *answer >= 0.0),
        "{asked:?}: {answers:?}"
    );
}

/// Calls `ask` with each pair of numbers and each count.
fn with_strange(ask: impl Fn(f64, f64, u64)) {
    for first in NUMBERS {
        for second in NUMBERS {
            for count in COUNTS {
                ask(first, second, count);
            }
        }
    }
}

fn moments() -> Vec<Moments> {
    let mut found = Vec::new();
    for mean in NUMBERS {
        for second in NUMBERS.into_iter().chain([f64::INFINITY]) {
            found.extend(Moments::new(mean, second));
        }
    }
    found
}

#[test]
fn no_pool_is_too_strange() {
    with_strange(|a, b, servers| {
        for preemption in [Preemption::None, Preemption::Resume] {
            if let Ok(queue) = PriorityMmc::new(&[a, b], 1.0, servers, preemption) {
                assert_answers(&[a, b], &[queue.wait_mean(1)]);
            }
        }
        if let Ok(queue) = BatchMmc::new(a, &[0.5, 0.5], b, servers) {
            let (total, wait) = (queue.total_quantile(0.99), queue.wait_quantile(0.99));
            assert_answers(&[a, b], &[total, wait]);
        }
        if let Ok(queue) = RetryMmc::new(a, b, servers, 0.3, Some(servers), 1.0) {
            assert_answers(&[a, b], &[queue.sojourn_mean()]);
        }
        if let Ok(queue) = BulkMm1::new(a, b, servers, u64::MAX) {
            assert_answers(&[a, b], &[queue.ready_mean()]);
        }
        for other in NUMBERS {
            // Quotients beyond the range of numbers have no answer, but do end.
            let _ = BreakdownMmc::new(a, b, servers.min(9), other, 1.0);
            let _ = BreakdownMmc::new(a, 1.0, servers.min(9), b, other);
        }
    });
}

#[test]
fn no_line_is_too_strange() {
    with_strange(|a, b, servers| {
        if let Ok(queue) = Mmc::new(a, b, servers) {
            let quantiles = [queue.wait_quantile(0.99), queue.sojourn_quantile(0.99)];
            assert_answers(&[a, b], &quantiles);
        }
        if let Ok(queue) = Mgc::new(a, b, 4.0, servers) {
            assert_answers(&[a, b], &[queue.wait_quantile(0.99)]);
        }
        if let Ok(queue) = Ggc::new(a, 4.0, b, 0.25, servers) {
            assert_answers(&[a, b], &[queue.wait_quantile(0.99)]);
        }
        if let Ok(queue) = Mdc::new(a, b, servers.min(50)) {
            let quantiles = [queue.wait_quantile(0.99), queue.sojourn_quantile(0.99)];
            assert_answers(&[a, b], &quantiles);
        }
        if let Ok(queue) = MgInf::new(a, b) {
            assert_answers(&[a, b], &[queue.total_mean(), queue.total_exceeds(servers)]);
        }
        if let Ok(queue) = ErlangLoss::new(a, b, servers) {
            assert_answers(&[a, b], &[queue.loss(), queue.total_mean()]);
        }
    });
}

#[test]
fn no_line_with_a_limit_is_too_strange() {
    with_strange(|a, b, servers| {
        if let Ok(queue) = MmcK::new(a, b, servers, servers + 10) {
            let quantiles = [queue.wait_quantile(0.99), queue.sojourn_quantile(0.99)];
            assert_answers(&[a, b], &quantiles);
        }
        if let Ok(queue) = MgcK::new(a, b, 4.0, servers, servers + 10) {
            assert_answers(&[a, b], &[queue.wait_quantile(0.99), queue.loss()]);
        }
        if let Ok(queue) = ErlangA::new(a, b, servers, 1.0) {
            assert_answers(&[a, b], &[queue.served_wait_quantile(0.99)]);
        }
        if let Ok(queue) = FinitePopulation::new(a, b, servers, 2 * servers) {
            let quantiles = [queue.wait_quantile(0.99), queue.sojourn_quantile(0.99)];
            assert_answers(&[a, b], &quantiles);
        }
    });
}

#[test]
fn no_line_of_phases_is_too_strange() {
    with_strange(|a, b, servers| {
        let laws = Map::poisson(a).and_then(|arrivals| Ok((arrivals, PhaseType::erlang(2, b)?)));
        let Ok((arrivals, service)) = laws else {
            return;
        };
        let servers = servers.min(9);
        if let Ok(queue) = MapPhC::new(&arrivals, &service, servers) {
            assert_answers(&[a, b], &[queue.wait_quantile(0.99)]);
        }
        if let Ok(queue) = MapPhCK::new(&arrivals, &service, servers, servers + 3) {
            assert_answers(&[a, b], &[queue.wait_quantile(0.99), queue.loss()]);
        }
    });
}

#[test]
fn no_network_is_too_strange() {
    with_strange(|a, b, branches| {
        if let Ok(row) = Tandem::new(a, &[b, 1.0]) {
            assert_answers(&[a, b], &[row.sojourn_quantile(0.99)]);
        }
        let station = Station {
            external_rate: a,
            service_rate: b,
            servers: branches,
        };
        if let Ok(network) = Jackson::new(&[station], &[vec![0.5]]) {
            assert_answers(&[a, b], &[network.sojourn_mean()]);
        }
        let _ = Jackson::new(&[station], &[vec![b]]);
        if let Ok(queue) = ForkJoin::new(a, b, branches) {
            assert_answers(&[a, b], &[queue.sojourn_mean()]);
        }
        if let Ok(queue) = SplitMerge::new(a, b, branches) {
            assert_answers(&[a, b], &[queue.sojourn_mean()]);
        }
    });
}

#[test]
fn no_law_of_service_is_too_strange() {
    for service in moments() {
        for rate in NUMBERS {
            let class = PriorityClass {
                arrival_rate: rate,
                service,
            };
            for preemption in [Preemption::None, Preemption::Resume] {
                let _ = PriorityMg1::new(&[class, class], preemption);
            }
            let _ = BatchMg1::new(rate, 2.0, 5.0, service).map(|queue| queue.wait_mean());
            let _ = SwitchedMg1::new(rate, service, u64::MAX, Some(service))
                .map(|queue| queue.wait_mean());
            let _ = VacationMg1::new(rate, service, service).map(|queue| queue.wait_mean());
            for failing in [Failing::Always, Failing::WhileBusy] {
                let _ = BreakdownMg1::new(rate, service, 1e-3, service, failing)
                    .map(|queue| queue.wait_mean());
            }
        }
    }
}
