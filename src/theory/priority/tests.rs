//! Reference values, computed by independent means. The names of the cases are theirs.

use super::*;
use crate::theory::Mmc;
use crate::theory::tests::assert_close;

fn class(arrival_rate: f64, mean: f64, second: f64) -> PriorityClass {
    let service = Moments::new(mean, second).expect("a law");
    PriorityClass {
        arrival_rate,
        service,
    }
}

fn one_server(classes: &[PriorityClass], preemption: Preemption) -> PriorityMg1 {
    PriorityMg1::new(classes, preemption).expect("the references are stable")
}

fn pool(rates: &[f64], service_rate: f64, servers: u64, preemption: Preemption) -> PriorityMmc {
    PriorityMmc::new(rates, service_rate, servers, preemption).expect("it is stable")
}

#[test]
fn without_preemption_the_urgent_wait_for_whoever_is_served() {
    // prio-mm1-3class
    let classes = [
        class(0.2, 1.0, 2.0),
        class(0.3, 1.0, 2.0),
        class(0.4, 1.0, 2.0),
    ];
    let queue = one_server(&classes, Preemption::None);
    for (k, expected) in [1.125, 2.25, 18.000000000000004].into_iter().enumerate() {
        assert_close(queue.wait_mean(k), expected, 1e-10, "Wq");
    }
    // prio-mg1-mixed
    let classes = [class(0.3, 0.5, 0.25), class(0.2, 2.0, 12.0)];
    let queue = one_server(&classes, Preemption::None);
    assert_close(queue.wait_mean(0), 1.4558823529411768, 1e-10, "Wq_np_1");
    assert_close(queue.wait_mean(1), 3.2352941176470598, 1e-10, "Wq_np_2");
    assert_close(queue.utilisation(), 0.55, 1e-12, "ρ");
    // ciw-priority: sojourns of 2 and 6
    let classes = [class(0.2, 1.0, 2.0), class(0.6, 1.0, 2.0)];
    let queue = one_server(&classes, Preemption::None);
    assert_close(queue.sojourn_mean(0), 2.0, 1e-12, "T0");
    assert_close(queue.sojourn_mean(1), 6.0, 1e-12, "T1");
    assert_close(queue.total_mean(1), 3.6, 1e-12, "L1");
}

#[test]
fn with_preemption_a_class_does_not_see_those_below_it() {
    // prio-mm1-3class
    let classes = [
        class(0.2, 1.0, 2.0),
        class(0.3, 1.0, 2.0),
        class(0.4, 1.0, 2.0),
    ];
    let queue = one_server(&classes, Preemption::Resume);
    for (k, expected) in [1.25, 2.5, 20.000000000000004].into_iter().enumerate() {
        assert_close(queue.sojourn_mean(k), expected, 1e-10, "T");
    }
    // prio-mg1-mixed
    let classes = [class(0.3, 0.5, 0.25), class(0.2, 2.0, 12.0)];
    let queue = one_server(&classes, Preemption::Resume);
    assert_close(queue.sojourn_mean(0), 0.5441176470588235, 1e-10, "T_pr_1");
    assert_close(queue.sojourn_mean(1), 5.5882352941176485, 1e-10, "T_pr_2");
}

#[test]
fn an_infinite_variance_below_harms_the_urgent_only_without_preemption() {
    let classes = [class(0.3, 0.5, 0.25), class(0.2, 2.0, f64::INFINITY)];
    assert!(
        one_server(&classes, Preemption::None)
            .wait_mean(0)
            .is_infinite()
    );
    let queue = one_server(&classes, Preemption::Resume);
    assert!(queue.wait_mean(0).is_finite() && queue.wait_mean(1).is_infinite());
}

#[test]
fn a_pool_serves_by_priority() {
    // prio-mmc-5
    let queue = pool(&[1.0, 2.0, 1.5], 1.0, 5, Preemption::None);
    let expected = [0.1906233051832339, 0.47655826295808484, 3.812466103664684];
    for (k, expected) in expected.into_iter().enumerate() {
        assert_close(queue.wait_mean(k), expected, 1e-10, "Wq_np");
    }
    assert_close(queue.sojourn_mean(0), 1.190623305183234, 1e-10, "W_np_1");
    assert_close(queue.utilisation(), 0.9, 1e-12, "ρ");
}

#[test]
fn one_server_of_a_pool_is_one_server() {
    let classes = [0.2, 0.3, 0.4].map(|rate| class(rate, 1.0, 2.0));
    for preemption in [Preemption::None, Preemption::Resume] {
        let queue = one_server(&classes, preemption);
        let pool = pool(&[0.2, 0.3, 0.4], 1.0, 1, preemption);
        for k in 0..3 {
            assert_close(pool.wait_mean(k), queue.wait_mean(k), 1e-12, "wait");
        }
    }
}

#[test]
fn priorities_only_share_out_the_line_that_there_is() {
    for (rates, servers) in [
        (vec![1.0, 2.0, 1.5], 5),
        (vec![4000.0, 5900.0, 1e-6], 10_000),
    ] {
        let all = Mmc::new(rates.iter().sum(), 1.0, servers).expect("it is stable");
        for preemption in [Preemption::None, Preemption::Resume] {
            let queue = pool(&rates, 1.0, servers, preemption);
            let ready: f64 = (0..3).map(|k| queue.ready_mean(k)).sum();
            assert_close(ready, all.ready_mean(), 1e-9, "Lq");
        }
    }
}

#[test]
fn a_preempting_class_that_brings_next_to_nothing_has_a_wait() {
    // The slope of Lq at the load: by halves of it, to the digits that a difference quotient has.
    let lq = |load| Mmc::new(load, 1.0, 20).expect("it is stable").ready_mean();
    let queue = pool(&[18.0, 1e-12], 1.0, 20, Preemption::Resume);
    let slope = (lq(18.0001) - lq(17.9999)) / 0.0002;
    assert_close(queue.wait_mean(1), slope, 1e-6, "wait");
}

#[test]
fn what_is_no_queue_is_refused() {
    assert!(PriorityMg1::new(&[], Preemption::None).is_err());
    let overload = [class(0.5, 1.0, 2.0), class(0.5, 1.0, 2.0)];
    assert!(matches!(
        PriorityMg1::new(&overload, Preemption::None),
        Err(ModelError::Unstable { least: 2, .. })
    ));
    assert!(PriorityMmc::new(&[1.0, f64::NAN], 1.0, 5, Preemption::None).is_err());
    assert!(PriorityMmc::new(&[1.0], 1.0, 0, Preemption::None).is_err());
}
