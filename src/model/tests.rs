//! Lines, their names and their models.

use super::*;
use crate::theory::tests::assert_close;
use crate::theory::{Mmc, erlang_b};

fn exponential(mean: f64) -> Distribution {
    Distribution::exponential(mean).expect("a law")
}

fn poisson(rate: f64) -> Arrivals {
    Arrivals::poisson(rate).expect("arrivals")
}

fn line(arrivals: Arrivals, service: Distribution, servers: u64) -> Line {
    Line::new(arrivals, service, Servers::Count(servers))
}

fn renewal(gaps: Distribution) -> Arrivals {
    Arrivals::renewal(gaps).expect("arrivals")
}

#[track_caller]
fn solved(line: &Line) -> Solution {
    line.solve()
        .unwrap_or_else(|why| panic!("{}: {why}", line.name()))
}

#[test]
fn every_line_bears_the_name_that_kendall_gives_it() {
    let erlang = Distribution::erlang(3, 1.0).expect("a law");
    let lognormal = Distribution::lognormal(1.0, 2.0).expect("a law");
    let hyper = Distribution::hyperexponential(1.0, 2.0).expect("a law");
    let clients = Arrivals::closed(10, exponential(9.0)).expect("arrivals");
    let mmpp = Arrivals::mmpp(&[1.0, 2.0], &[3.0, 4.0]).expect("arrivals");
    let lines = [
        (line(poisson(1.0), exponential(1.0), 9), "M/M/9"),
        (line(poisson(1.0), lognormal.clone(), 8), "M/G/8"),
        (line(renewal(erlang.clone()), hyper, 2), "E3/H2/2"),
        (line(renewal(lognormal), exponential(1.0), 1), "GI/M/1"),
        (line(mmpp, erlang, 4), "MMPP/E3/4"),
        (line(clients, exponential(1.0), 2), "M/M/2//10"),
    ];
    for (line, name) in lines {
        assert_eq!(line.name(), name);
    }
    let mut line = line(poisson(1.0), Distribution::constant(1.0).expect("a law"), 3);
    line.places = Some(20);
    assert_eq!(line.name(), "M/D/3/20");
    line.places = None;
    line.patience = Some(2.0);
    assert_eq!(line.name(), "M/D/3+M");
    line.servers = Servers::Unlimited;
    line.patience = None;
    assert_eq!(line.name(), "M/D/∞");
}

/// (line, p99 wait, id) of the reference cases, mean service 1 s.
#[test]
fn a_line_finds_the_model_that_is_exact_for_it() {
    let hyper = |mean, cv| Distribution::hyperexponential(mean, cv).expect("a law");
    let erlang = |shape, mean| Distribution::erlang(shape, mean).expect("a law");
    let constant = |value| Distribution::constant(value).expect("a law");
    let lognormal = Distribution::lognormal(1.0, 2.0).expect("a law");
    let cases = [
        // mmc-c20-rho0.9
        (
            line(poisson(18.0), exponential(1.0), 20),
            2.00436519962,
            1e-9,
        ),
        // mg1-lognormal8-rho0.9
        (line(poisson(0.9), lognormal, 1), 135.53351427108774, 5e-4),
        // mdc-c5-rho0.7
        (line(poisson(3.5), constant(1.0), 5), 1.16588391375, 1e-8),
        // gim1-D-rho0.8
        (
            line(renewal(constant(1.25)), exponential(1.0), 1),
            11.1504837829,
            1e-9,
        ),
        // m-H2scv4-c5-rho0.8
        (line(poisson(4.0), hyper(1.0, 2.0), 5), 10.5054798895, 1e-7),
        // E2-M-c5-rho0.8 is GI/M/5
        (
            line(renewal(erlang(2, 0.25)), exponential(1.0), 5),
            2.972695764698735,
            1e-7,
        ),
        // E4-E2-c2-rho0.9
        (
            line(renewal(erlang(4, 1.0 / 1.8)), erlang(2, 1.0), 2),
            8.26933914718358,
            1e-7,
        ),
    ];
    for (line, p99, tolerance) in cases {
        let solution = solved(&line);
        assert_eq!(solution.basis, Basis::Exact, "{}", solution.name);
        let found = solution.answer.wait_quantile(0.99).expect("a wait");
        assert_close(found, p99, tolerance, &solution.name);
    }
}

#[test]
fn where_no_exact_model_is_known_the_approximation_says_what_it_is() {
    let lognormal = Distribution::lognormal(1.0, 2.0).expect("a law");
    for arrivals in [
        poisson(4.0),
        renewal(Distribution::lognormal(0.25, 0.5).expect("a law")),
    ] {
        let solution = solved(&line(arrivals, lognormal.clone(), 5));
        assert!(
            matches!(solution.basis, Basis::Approximate(error) if error.contains("against exact answers"))
        );
    }
}

#[test]
fn limits_patience_clients_and_batches_have_models_of_their_own() {
    let plain = line(poisson(3.0), exponential(1.0), 2);
    let limited = Line {
        places: Some(3),
        ..plain.clone()
    };
    // p(3) of births 3, deaths 1, 2, 2: 3, 4.5, 6.75 to 1
    assert_close(
        solved(&limited).answer.loss().expect("a loss"),
        6.75 / 15.25,
        1e-12,
        "M/M/2/3",
    );
    let impatient = Line {
        patience: Some(2.0),
        ..plain.clone()
    };
    let abandoned = solved(&impatient).answer.loss().expect("a loss");
    assert!(abandoned > 0.3 && abandoned < 0.5, "{abandoned}");
    let clients = Arrivals::closed(10, exponential(10.0)).expect("arrivals");
    // closed-10-1
    let closed = solved(&line(clients, exponential(1.0), 1));
    assert_close(
        closed.answer.throughput().expect("a rate"),
        0.7854176568926526,
        1e-10,
        "M/M/1//10",
    );
    let two = Distribution::constant(2.0).expect("a law");
    let batches = solved(&Line {
        batch: two,
        ..line(poisson(0.4), exponential(1.0), 1)
    });
    // L = ρ (1 + E[X²]/E[X]) / (2 (1 − ρ)) with two at once: 0.8 · 3 / 0.4
    assert_close(
        batches.answer.total_mean().expect("a mean"),
        6.0,
        1e-9,
        "M^X/M/1",
    );
    let unlimited = Line {
        servers: Servers::Unlimited,
        ..plain
    };
    assert_close(
        solved(&unlimited).answer.total_mean().expect("a mean"),
        3.0,
        1e-12,
        "M/M/∞",
    );
    // As many servers as places: Erlang B, 30 Erlang at 20.
    let limited = Line {
        places: Some(20),
        ..line(poisson(30.0), exponential(1.0), 1)
    };
    let limited = Line {
        servers: Servers::Unlimited,
        ..limited
    };
    let loss = solved(&limited).answer.loss().expect("a loss");
    assert_close(loss, erlang_b(20, 30.0), 1e-12, "M/M/∞/20");
}

#[test]
fn laws_of_phases_are_exact_where_room_is_limited_too() {
    let limited = Line {
        places: Some(12),
        ..line(
            poisson(2.0),
            Distribution::erlang(2, 1.0).expect("a law"),
            2,
        )
    };
    let solution = solved(&limited);
    assert_eq!(solution.basis, Basis::Exact);
    let regular = Line {
        arrivals: renewal(Distribution::erlang(3, 0.5).expect("a law")),
        ..limited
    };
    let rarer = solved(&regular).answer.loss().expect("a loss");
    let loss = solution.answer.loss().expect("a loss");
    assert!(rarer > 0.0 && rarer < loss, "{rarer} {loss}");
}

#[test]
fn the_heaviest_tail_of_a_mixture_makes_the_mean_infinite() {
    let heavy = Distribution::pareto(1.3, 1.0).expect("a law");
    let mixture = Distribution::mixture(vec![(0.9, exponential(1.0)), (0.1, heavy)]);
    let solution = solved(&line(poisson(2.5), mixture.expect("a law"), 3));
    assert_eq!(solution.answer.wait_mean(), Some(f64::INFINITY));
}

#[test]
fn a_line_in_overload_that_cannot_be_counted_out_is_refused() {
    let places = |rate| Line {
        places: Some(1_000_000_000_000),
        ..line(poisson(rate), exponential(1.0), 1)
    };
    let why = places(1.0).solve().expect_err("too much").to_string();
    assert!(why.contains("room is so large"), "{why}");
    assert!(solved(&places(0.9)).answer.wait_quantile(0.99).is_some());
}

#[test]
fn what_has_no_model_says_what_is_in_the_way() {
    let lognormal = Distribution::lognormal(1.0, 2.0).expect("a law");
    let limited = Line {
        places: Some(9),
        ..line(renewal(lognormal.clone()), lognormal.clone(), 2)
    };
    let why = limited.solve().expect_err("no model").to_string();
    assert!(
        why.starts_with("room is limited, arrivals are not Poisson"),
        "{why}"
    );
    let listed = line(
        poisson(0.2),
        Distribution::listed(vec![1.0, 2.0].into()).expect("values"),
        1,
    );
    let why = listed.solve().expect_err("no model").to_string();
    assert!(why.contains("not independent"), "{why}");
    let unstable = line(poisson(2.0), lognormal, 1).solve();
    assert!(
        matches!(
            unstable,
            Err(Unsolved::Model(ModelError::Unstable { least: 3, .. }))
        ),
        "{unstable:?}"
    );
}

#[test]
fn a_gap_that_is_exponential_is_a_poisson_process() {
    let poisson = Mmc::new(4.0, 1.0, 5).expect("stable");
    let same = solved(&line(renewal(exponential(0.25)), exponential(1.0), 5));
    assert_close(
        same.answer.wait_mean().expect("a mean"),
        poisson.wait_mean(),
        1e-14,
        "mean wait",
    );
}
