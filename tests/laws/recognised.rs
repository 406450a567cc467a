//! The program recognises by itself which model a scenario is, and its runs agree with that model.

use super::stationary::seed;
use super::{outcome, recognised};
use queuelab::model::Basis;
use queuelab::scenario::Statistic;
use queuelab::study::Theory;

/// One queue `line`: its producers, the queue and the pool, and the name of its model.
struct Case<'a> {
    model: &'a str,
    source: &'a str,
    line: &'a str,
    crew: &'a str,
    horizon: &'a str,
}

const CASES: &[Case<'_>] = &[
    Case {
        model: "M/D/3",
        source: r#"arrivals = "poisson(2.4/s)""#,
        line: "{}",
        crew: r#"consumers = 3, service = "constant(1s)""#,
        horizon: "4000s",
    },
    Case {
        model: "M/H2/2",
        source: r#"arrivals = "poisson(1.2/s)""#,
        line: "{}",
        crew: r#"consumers = 2, service = "hyperexponential(mean=1s, cv=1.5)""#,
        horizon: "10000s",
    },
    // A prefetch that goes beyond is no hoard where there is but one consumer.
    Case {
        model: "M/G/1",
        source: r#"arrivals = "poisson(0.7/s)""#,
        line: "{}",
        crew: r#"consumers = 1, prefetch = 10, service = "uniform(low=0s, high=2s)""#,
        horizon: "10000s",
    },
    Case {
        model: "E2/H2/2",
        source: r#"arrivals = "renewal(erlang(shape=2, mean=0.8s))""#,
        line: "{}",
        crew: r#"consumers = 2, service = "hyperexponential(mean=1s, cv=1.5)""#,
        horizon: "10000s",
    },
    Case {
        model: "E3/E2/3",
        source: r#"arrivals = "renewal(erlang(shape=3, mean=0.4s))""#,
        line: "{}",
        crew: r#"consumers = 3, service = "erlang(shape=2, mean=1s)""#,
        horizon: "6000s",
    },
    Case {
        model: "MMPP/M/2",
        source: r#"arrivals = { mmpp = { rates = ["1.8/s", "0.6/s"], dwell = ["5s", "10s"] } }"#,
        line: "{}",
        crew: r#"consumers = 2, service = "exponential(1s)""#,
        horizon: "10000s",
    },
    Case {
        model: "M^X/M/3",
        source: r#"arrivals = "poisson(0.7/s)", batch = 3"#,
        line: "{}",
        crew: r#"consumers = 3, service = "exponential(1s)""#,
        horizon: "8000s",
    },
    Case {
        model: "M/M/4/6",
        source: r#"arrivals = "poisson(2.2/s)""#,
        line: r#"{ max_length = 2, overflow = "reject-publish" }"#,
        crew: r#"consumers = 2, concurrency = 2, service = "exponential(1s)""#,
        horizon: "4000s",
    },
    Case {
        model: "M/G/4/4",
        source: r#"arrivals = "poisson(3/s)""#,
        line: "{ max_length = 0 }",
        crew: r#"consumers = 4, service = "lognormal(mean=1s, cv=1.5)""#,
        horizon: "4000s",
    },
    Case {
        model: "M/D/2/2",
        source: r#"arrivals = "poisson(1.5/s)""#,
        line: "{ max_length = 0 }",
        crew: r#"consumers = 2, service = "constant(1s)""#,
        horizon: "4000s",
    },
    Case {
        model: "M/M/4+M",
        source: r#"arrivals = "poisson(4.4/s)", ttl = "exponential(1s)""#,
        line: r#"{ expiry = "deadline" }"#,
        crew: r#"consumers = 4, service = "exponential(1s)""#,
        horizon: "4000s",
    },
    Case {
        model: "M/M/3//12",
        source: r#"arrivals = "closed(clients=12, think=exponential(3s))""#,
        line: "{}",
        crew: r#"consumers = 3, service = "exponential(1s)""#,
        horizon: "4000s",
    },
    Case {
        model: "M/M/3 with retries",
        source: r#"arrivals = "poisson(1.6/s)""#,
        line: "{}",
        crew: r#"consumers = 3, service = "exponential(1s)", failure = { probability = "30%", then = "requeue" }"#,
        horizon: "6000s",
    },
    Case {
        model: "M/M/2 with retries",
        source: r#"arrivals = "poisson(1/s)""#,
        line: "{}",
        crew: r#"consumers = 2, service = "exponential(1s)", failure = { probability = "40%", then = "reject-requeue" }"#,
        horizon: "12000s",
    },
    // At the tail, as new publishes, with and without an end.
    Case {
        model: "M/M/2 with retries",
        source: r#"arrivals = "poisson(1/s)""#,
        line: "{}",
        crew: r#"consumers = 2, service = "exponential(1s)", failure = { probability = "30%", then = { retry = { backoff = "fixed(0s)" } } }"#,
        horizon: "8000s",
    },
    Case {
        model: "M/M/4 with retries",
        source: r#"arrivals = "poisson(2/s)""#,
        line: "{}",
        crew: r#"consumers = 4, service = "exponential(1s)", failure = { probability = "50%", then = { retry = { backoff = "fixed(0s)", limit = 2 } } }"#,
        horizon: "8000s",
    },
    Case {
        model: "M/M/1 with breakdowns",
        source: r#"arrivals = "poisson(0.4/s)""#,
        line: "{}",
        crew: r#"consumers = 1, service = "exponential(1s)", crashes = { up = "exponential(10s)", down = "exponential(3s)" }, on_crash = "resume""#,
        horizon: "20000s",
    },
    Case {
        model: "M/M/3 with breakdowns",
        source: r#"arrivals = "poisson(2/s)""#,
        line: "{}",
        crew: r#"consumers = 3, service = "exponential(1s)", crashes = { up = "exponential(20s)", down = "exponential(2s)" }, on_crash = "redraw""#,
        horizon: "10000s",
    },
    Case {
        model: "M/M^(1,4)/1",
        source: r#"arrivals = "poisson(2/s)""#,
        line: "{}",
        crew: r#"consumers = 1, service = "constant(0s)", batch = { size = 4, setup = "exponential(1s)" }"#,
        horizon: "6000s",
    },
    Case {
        model: "M/M^(1,10)/1",
        source: r#"arrivals = "poisson(8/s)""#,
        line: "{}",
        crew: r#"consumers = 1, service = "constant(0s)", batch = { size = 10, setup = "exponential(1s)" }"#,
        horizon: "6000s",
    },
];

fn text(case: &Case<'_>) -> String {
    let Case {
        model,
        source,
        line,
        crew,
        horizon,
    } = case;
    format!(
        "title = \"{model}\"\nkind = \"steady\"\nhorizon = \"{horizon}\"\nseed = {}\n\
         producer.source = {{ to = \"line\", {source} }}\n\
         queue.line = {line}\n\
         pool.crew = {{ from = \"line\", {crew} }}\n",
        seed()
    )
}

#[test]
fn a_scenario_is_recognised_as_its_model_and_agrees_with_it() {
    let mut squares = Vec::new();
    for case in CASES {
        let outcome = outcome(&text(case));
        let theory = recognised(&outcome.runs[0], "line", case.model);
        let means = theory
            .metrics
            .iter()
            .filter(|(metric, _)| metric.statistic == Statistic::Mean);
        let apart = means.filter_map(|(_, (_, apart))| *apart);
        squares.extend(apart.map(|apart| apart.powi(2)));
    }
    // What is too small to be seen in one figure would show in all together.
    let mean = squares.iter().sum::<f64>() / squares.len() as f64;
    assert!(
        mean < 2.0,
        "mean of z² over {} figures: {mean:.2}",
        squares.len()
    );
}

/// Cobham, by producers: each of its own class, and two of one class.
#[test]
fn each_class_of_messages_has_a_wait_of_its_own() {
    let classes = [
        (
            "M/M/3 with priorities",
            r#"consumers = 3, service = "exponential(1s)""#,
        ),
        (
            "M/G/1 with priorities",
            r#"consumers = 1, service = "lognormal(mean=0.3s, cv=1)""#,
        ),
        (
            "M/D/1 with priorities",
            r#"consumers = 1, service = "constant(0.3s)""#,
        ),
    ];
    for (model, crew) in classes {
        let outcome = outcome(&format!(
            r#"
title = "{model}"
horizon = "6000s"
producer.urgent = {{ to = "line", arrivals = "poisson(0.8/s)", priority = 9 }}
producer.same = {{ to = "line", arrivals = "poisson(0.4/s)", priority = 2 }}
producer.idle = {{ to = "line", arrivals = "poisson(1.1/s)" }}
queue.line = {{ max_priority = 2 }}
pool.crew = {{ from = "line", {crew} }}
"#
        ));
        let theory = recognised(&outcome.runs[0], "line", model);
        let of = |name: &str| {
            theory
                .metrics
                .iter()
                .find(|(metric, _)| metric.to_string() == name)
        };
        let wait = |name: &str| of(&format!("{name}.wait.mean")).expect("a wait").1.0;
        assert!((wait("urgent") - wait("same")).abs() < 1e-12);
        assert!(wait("idle") > wait("urgent"));
    }
}

/// What stands between a scenario and a model that would be wrong.
#[test]
fn a_model_that_does_not_fit_exactly_is_not_claimed() {
    let service = r#"consumers = 2, service = "exponential(1s)""#;
    let poisson = r#"arrivals = "poisson(1/s)""#;
    let crash = r#"crashes = { up = "exponential(9s)", down = "exponential(1s)" }"#;
    let cases = [
        (
            poisson,
            "{}",
            format!("{service}, {crash}"),
            "consumers crash",
        ),
        (
            poisson,
            r#"{ kind = "quorum" }"#,
            format!(r#"{service}, failure = {{ probability = "10%", then = "reject-requeue" }}"#),
            "tried again",
        ),
        (
            poisson,
            "{}",
            format!(
                r#"{service}, failure = {{ probability = "10%", then = {{ retry = {{ backoff = "fixed(1s)" }} }} }}"#
            ),
            "tried again",
        ),
        (
            poisson,
            r#"{ max_length = 0, overflow = "reject-publish" }"#,
            service.to_owned(),
            "the queue is bounded",
        ),
        (
            poisson,
            r#"{ max_length = 9 }"#,
            service.to_owned(),
            "the queue is bounded",
        ),
        (
            poisson,
            r#"{ max_length = 9, overflow = "reject-publish" }"#,
            format!("{service}, prefetch = 2"),
            "prefetch 2 is not a single line",
        ),
        (
            r#"arrivals = "poisson(1/s)", on_refused = "block""#,
            r#"{ max_length = 9, overflow = "reject-publish" }"#,
            service.to_owned(),
            "the queue is bounded",
        ),
        (
            r#"arrivals = "poisson(1/s)", ttl = "exponential(2s)""#,
            "{}",
            service.to_owned(),
            "or messages expire",
        ),
        (
            r#"arrivals = "poisson(1/s)", ttl = "constant(2s)""#,
            r#"{ expiry = "deadline" }"#,
            service.to_owned(),
            "or messages expire",
        ),
        (
            r#"arrivals = "poisson(1/s)", priority = "uniform(low=0, high=2)""#,
            "{ max_priority = 2 }",
            service.to_owned(),
            "messages have priorities",
        ),
    ];
    for (source, line, crew, why) in cases {
        let theory = theory_of(&text(&Case {
            model: "not one",
            source,
            line,
            crew: &crew,
            horizon: "200s",
        }));
        let reason = theory.inapplicable.unwrap_or_default();
        assert!(reason.contains(why), "{line} {crew}: {reason}");
        assert_eq!(theory.model, "M/M/2");
    }
}

#[test]
fn a_model_that_is_near_says_how_near_and_no_standard_errors() {
    for (source, service, model) in [
        (r#""poisson(3/s)""#, "lognormal(mean=1s, cv=1.2)", "M/G/4"),
        (
            r#""renewal(lognormal(mean=333ms, cv=2))""#,
            "lognormal(mean=1s, cv=1.2)",
            "GI/G/4",
        ),
    ] {
        let theory = theory_of(&format!(
            r#"
title = "near"
kind = "steady"
horizon = "200s"
replications = 4
producer.source = {{ to = "line", arrivals = {source} }}
queue.line = {{}}
pool.crew = {{ from = "line", consumers = 4, service = "{service}" }}
"#
        ));
        assert_eq!(
            (theory.model.as_str(), &theory.inapplicable),
            (model, &None)
        );
        assert!(matches!(theory.basis, Basis::Approximate(_)));
        assert!(theory.metrics.values().all(|(_, apart)| apart.is_none()));
        assert!(!theory.wait_curve.is_empty());
    }
}

fn theory_of(text: &str) -> Theory {
    let mut outcome = outcome(text);
    outcome.runs.swap_remove(0).theory.swap_remove(0)
}
