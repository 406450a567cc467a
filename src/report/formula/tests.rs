//! Questions as they are asked, against values that are published or computed by independent means.

use super::drain::{AskedDrain, drain};
use super::*;
use crate::theory::tests::assert_close;
use serde_json::Value;

fn asked(arrivals: &str, service: &str, consumers: &str) -> Asked {
    Asked {
        arrivals: vec![arrivals.to_owned()],
        service: Some(service.to_owned()),
        consumers: Some(consumers.to_owned()),
        ..Asked::default()
    }
}

fn model(model: &str, arrivals: &str, service: &str) -> Asked {
    Asked {
        model: Some(model.to_owned()),
        consumers: None,
        ..asked(arrivals, service, "")
    }
}

fn no_files(_: &str) -> std::io::Result<Vec<u8>> {
    Err(std::io::ErrorKind::NotFound.into())
}

#[track_caller]
fn reply(asked: &Asked) -> Reply {
    ask(asked, &mut no_files).unwrap_or_else(|error| panic!("{error}"))
}

#[track_caller]
fn refusal(asked: &Asked) -> String {
    ask(asked, &mut no_files)
        .expect_err("no answer")
        .to_string()
}

/// Figures of the JSON answer; of a peak or a row where it has them.
#[track_caller]
fn figure(asked: &Asked, key: &str) -> f64 {
    let json: Value = serde_json::from_str(&reply(asked).json()).expect("JSON");
    let figure = json["metrics"][key].as_f64();
    figure.unwrap_or_else(|| panic!("no {key} in {json}"))
}

#[test]
fn a_mean_and_an_exponential_of_that_mean_are_the_same_question() {
    let one = reply(&asked("100/s", "83ms", "10")).text();
    for service in [
        "exponential(83ms)",
        "exponential(mean=83ms)",
        " exponential( mean = 83ms ) ",
        "{ exponential = { mean = \"83ms\" } }",
    ] {
        assert_eq!(one, reply(&asked("100/s", service, "10")).text());
    }
    assert_eq!(one, reply(&model("M/M/10", "100/s", "83ms")).text());
    assert_eq!(one, reply(&asked("poisson(100/s)", "83ms", "10")).text());
    assert!(one.contains("P(wait) 47.9 %"), "{one}");
    let remedy = "9 consumers are the least that is stable; 11 bring the p99 wait to 104 ms.";
    assert!(one.contains(remedy), "{one}");
}

#[test]
fn what_has_no_answer_says_where_what_and_how_it_is_mended() {
    let lognormal = "lognormal(mean=83ms, cv=2)";
    let with = |change: fn(&mut Asked)| {
        let mut asked = asked("100/s", "83ms", "10");
        change(&mut asked);
        asked
    };
    let cases = [
        (asked("100", "83ms", "10"), "--arrivals: "),
        (asked("100/s", "83", "10"), "--service: "),
        (
            asked("100/s", "83ms", "0"),
            "--consumers: 0 is not a count from 1 to 10 million",
        ),
        (
            asked("100/s", "83ms", "8"),
            "9 are the least that is stable",
        ),
        (
            asked("0/s", "83ms", "8"),
            "--arrivals: 0/s is not more than 0",
        ),
        (
            asked("100/s", "0ms", "8"),
            "--service: 0ms is not more than 0",
        ),
        (asked("100/s", "lognormal(mean=83ms, cv=-1)", "8"), "cv"),
        (
            asked("100/s", "hyperexponential(mean=83ms, cv=0.5)", "8"),
            "cv",
        ),
        (
            model("M/M/10", "100/s", lognormal),
            "--service: lognormal(mean=83ms, cv=2) is not exponential, as M/M/10 says",
        ),
        (
            model("M/E3/10", "100/s", "erlang(shape=2, mean=83ms)"),
            "is not Erlang-3, as M/E3/10 says",
        ),
        (
            model("M/G/10", "100/s", "83ms"),
            "--service: 83ms does not say how times vary",
        ),
        (
            model("GI/M/10", "100/s", "83ms"),
            "--arrivals: 100/s does not say how arrivals vary",
        ),
        (
            model("M/Q/10", "100/s", "83ms"),
            "\"Q\" is no letter for service",
        ),
        (
            model("Q/M/10", "100/s", "83ms"),
            "\"Q\" is no letter for arrivals",
        ),
        (model("M/M/0", "100/s", "83ms"), "there are 0 servers"),
        (
            model("M/M/10/5", "100/s", "83ms"),
            "room for 5 is less than 10 servers",
        ),
        (model("M/M", "100/s", "83ms"), "names no model"),
        (
            model("M/M/x", "100/s", "83ms"),
            "servers \"x\" is no number",
        ),
        (model("M/M/8", "100/s", "83ms"), "M/M/8: 8 cannot keep up"),
        (model("M/M/5+G", "100/s", "83ms"), "patience \"G\""),
        (
            model("M/M/5+M", "100/s", "83ms"),
            "--patience: M/M/5+M asks for it with +M",
        ),
        (
            model("M^X/M/50", "100/s", "83ms"),
            "--batch: M^X/M/50 asks for it",
        ),
        (
            model("M/M/2//10", "100/s", "83ms"),
            "--arrivals: M/M/2//10 has clients",
        ),
        (
            model("GI/D/2/10", "lognormal(mean=25ms, cv=2)", "50ms"),
            "no formula is known here, since room is limited",
        ),
        (
            with(|asked| asked.model = Some("M/M/11".to_owned())),
            "--consumers: 10 are not the servers of M/M/11",
        ),
        (
            with(|asked| asked.consumers = None),
            "--consumers: how many",
        ),
        (with(|asked| asked.service = None), "--service: how long"),
        (
            with(|asked| asked.arrivals = Vec::new()),
            "--arrivals: what arrives",
        ),
        (
            with(|asked| asked.think = Some("9s".to_owned())),
            "--think: only clients think",
        ),
        (with(|asked| asked.up = Some("1h".to_owned())), "--down: "),
        (
            with(|asked| asked.retry = Some("100%".to_owned())),
            "--retry: 100% is not less than 100 %",
        ),
    ];
    for (asked, expected) in cases {
        let error = refusal(&asked);
        assert!(
            error.contains(expected),
            "{error}\n does not say {expected}"
        );
    }
}

#[test]
fn published_examples_come_out_as_printed() {
    // pyworkforce-erlangC-14, -15
    assert_close(
        figure(&asked("200/h", "3min", "14"), "p_wait"),
        0.17413193359504983,
        1e-9,
        "14 agents",
    );
    assert_close(
        figure(&asked("200/h", "3min", "15"), "p_wait"),
        0.10204236700798801,
        1e-9,
        "15 agents",
    );
    // bronson-23.3: λ = 24, μ = 30
    let one = asked("24/h", "2min", "1");
    assert_close(figure(&one, "total.mean"), 4.0, 1e-9, "bronson-23.3 L");
    assert_close(figure(&one, "sojourn.mean"), 600.0, 1e-9, "bronson-23.3 W");
    // bronson-23.14: λ = 30, μ = 40
    let one = asked("30/h", "90s", "1");
    assert_close(figure(&one, "ready.mean"), 2.25, 1e-9, "bronson-23.14 Lq");
    assert_close(figure(&one, "wait.mean"), 270.0, 1e-9, "bronson-23.14 Wq");
    // gmr-erlangA: minutes
    let calls = Asked {
        patience: Some("2min".to_owned()),
        ..model("M/M/50+M", "48/min", "1min")
    };
    assert_close(
        figure(&calls, "loss"),
        0.030912249162193216,
        1e-9,
        "gmr-erlangA abandon",
    );
    assert_close(
        figure(&calls, "ready.mean"),
        2.967575919570549,
        1e-9,
        "gmr-erlangA queue",
    );
    assert_close(
        figure(&calls, "utilisation"),
        0.9303242408042945,
        1e-9,
        "gmr-erlangA util",
    );
    // simmer-mm23
    let room = model("M/M/2/3", "3/s", "250ms");
    assert_close(
        figure(&room, "total.mean"),
        0.7623400365630713,
        1e-9,
        "simmer-mm23 L",
    );
    assert_close(
        figure(&room, "loss"),
        0.04936014625228519,
        1e-9,
        "simmer-mm23 loss",
    );
    // ciw-priority
    let classes = Asked {
        arrivals: vec!["0.2/s".to_owned(), "0.6/s".to_owned()],
        ..asked("", "1s", "1")
    };
    assert_close(
        figure(&classes, "class1.sojourn.mean"),
        2.0,
        1e-9,
        "ciw-priority T0",
    );
    assert_close(
        figure(&classes, "class2.sojourn.mean"),
        6.0,
        1e-9,
        "ciw-priority T1",
    );
}

/// (arrivals, service, consumers, figure, value) of the sizes' answers and of one consumer less.
#[test]
fn sizes_have_the_values_that_decided_them() {
    let cases = [
        // sz-pwait-50-0.5
        ("50/s", "1s", "54", "p_wait", 0.47360773331026457),
        ("50/s", "1s", "53", "p_wait", 0.578101197201635),
        // sz-pwait-9800-0.5
        ("9800/s", "1s", "9851", "p_wait", 0.4944018374914297),
        ("9800/s", "1s", "9850", "p_wait", 0.5018999763519908),
        // sz-mean-1000-1-0.001
        ("1000/s", "1s", "1055", "wait.mean", 0.0009600702745882745),
        ("1000/s", "1s", "1054", "wait.mean", 0.0010487139053544934),
    ];
    for (arrivals, service, consumers, key, value) in cases {
        let found = figure(&asked(arrivals, service, consumers), key);
        assert_close(found, value, 1e-9, &format!("{key} of {consumers}"));
    }
    // szB-10-0.01
    for (name, loss) in [
        ("M/M/18/18", 0.0071424381578997775),
        ("M/D/17/17", 0.01294887522472657),
    ] {
        assert_close(figure(&model(name, "10/s", "1s"), "loss"), loss, 1e-9, name);
    }
}

#[test]
fn a_letter_gives_a_mean_its_law() {
    // mdc-c5-rho0.7
    let constant = model("M/D/5", "3.5/s", "1s");
    assert_close(figure(&constant, "wait.p99"), 1.16588391375, 1e-8, "M/D/5");
    // gim1-D-rho0.8
    let gaps = model("D/M/1", "0.8/s", "1s");
    assert_close(figure(&gaps, "wait.p99"), 11.1504837829, 1e-9, "D/M/1");
    // E4-E2-c2-rho0.9
    let stages = model("E4/E2/c", "1.8/s", "1s");
    let stages = Asked {
        consumers: Some("2".to_owned()),
        ..stages
    };
    assert_close(
        figure(&stages, "wait.p99"),
        8.26933914718358,
        1e-7,
        "E4/E2/2",
    );
    // closed-10-1
    let clients = Asked {
        arrivals: Vec::new(),
        think: Some("10s".to_owned()),
        ..model("M/M/1//10", "", "1s")
    };
    assert_close(
        figure(&clients, "throughput"),
        0.7854176568926526,
        1e-10,
        "M/M/1//10",
    );
    let unlimited = reply(&model("M/M/∞", "3/s", "1s")).text();
    assert!(
        unlimited.contains("M/M/∞") && unlimited.contains("total  mean 3"),
        "{unlimited}"
    );
}

#[test]
fn what_is_approximate_says_so_and_how_far() {
    let example = model("M/G/8/1000", "40/s", "lognormal(mean=180ms, cv=1.5)");
    let text = reply(&example).text();
    assert!(
        text.contains("wait     mean ≈ ") && text.contains("\n≈: as if the line were geometric"),
        "{text}"
    );
    assert!(reply(&example).json().contains("\"approximate\""));
    let exact = reply(&model("M/G/1", "4/s", "lognormal(mean=180ms, cv=1.5)")).text();
    assert!(!exact.contains('≈'), "{exact}");
}

#[test]
fn an_infinite_moment_is_shown_with_its_reason_and_is_null_for_programs() {
    let one = model("M/G/1", "0.5/s", "pareto(shape=1.5, mean=1s)");
    let text = reply(&one).text();
    assert!(
        text.contains("wait     mean ∞   p99 ") && text.contains("variance of service is"),
        "{text}"
    );
    let json: Value = serde_json::from_str(&reply(&one).json()).expect("JSON");
    assert!(json["metrics"]["wait.mean"]["value"].is_null());
    assert!(
        json["metrics"]["wait.mean"]["why"].is_string() && json["metrics"]["wait.p99"].is_f64()
    );
    // One to spare needs a shape above 2, two need 1.5, three 1.33.
    let several = |servers, rate| reply(&model(servers, rate, "pareto(shape=1.5, mean=1s)")).text();
    assert!(
        several("M/G/3", "2.5/s").contains("Pareto shape above 2"),
        "{}",
        several("M/G/3", "2.5/s")
    );
    let unknown = refusal(&model("M/G/3", "0.5/s", "pareto(shape=1.5, mean=1s)"));
    assert!(unknown.contains("variance of service"), "{unknown}");
    // Nobody waits for a server where there is one for each.
    let unlimited = reply(&model("M/G/∞", "3/s", "pareto(shape=1.5, mean=1s)")).text();
    assert!(!unlimited.contains("infinite"), "{unlimited}");
    // A class has its reason too.
    let classes = Asked {
        arrivals: vec!["0.1/s".to_owned(), "0.2/s".to_owned()],
        ..one
    };
    let json: Value = serde_json::from_str(&reply(&classes).json()).expect("JSON");
    let why = json["metrics"]["class1.wait.mean"]["why"].as_str();
    assert!(why.is_some_and(|why| why.contains("infinite")), "{json}");
}

#[test]
fn a_sojourn_behind_constant_work_is_the_wait_and_the_work() {
    // Hardly anybody waits: all quantiles are 10 ms, and in order.
    let idle = model("M/D/1", "1/d", "constant(10ms)");
    for level in ["p50", "p90", "p95", "p99"] {
        assert_close(
            figure(&idle, &format!("sojourn.{level}")),
            0.01,
            1e-6,
            level,
        );
    }
    // Two works, and rarely a wait: fewer than half are done in less than the longer.
    let two = model(
        "M/G/1",
        "0.07/s",
        "mixture([{weight=1, of=constant(10ms)}, {weight=1, of=constant(20ms)}])",
    );
    assert!(figure(&two, "sojourn.p50") >= 0.02 * (1.0 - 1e-9));
}

#[test]
fn an_approximation_tells_no_rare_loss() {
    let rare = Asked {
        places: Some("40".to_owned()),
        ..asked("4/s", "lognormal(mean=200ms, cv=1)", "2")
    };
    assert!(reply(&rare).text().contains("lost less than 0.01 %"));
    let json: Value = serde_json::from_str(&reply(&rare).json()).expect("JSON");
    let why = json["metrics"]["loss"]["why"].as_str();
    assert!(why.is_some_and(|why| why.contains("0.0001")), "{json}");
}

#[test]
fn flags_add_retries_breakdowns_and_branches() {
    let retry = Asked {
        retry: Some("20%".to_owned()),
        ..asked("4/s", "100ms", "1")
    };
    // As M/M/1 at 5/s: each visit 0.2 s, 1.25 of them; the wait is that before the first.
    assert_close(figure(&retry, "sojourn.mean"), 0.25, 1e-9, "sojourn");
    assert_close(figure(&retry, "wait.mean"), 0.1, 1e-9, "wait");
    assert_close(figure(&retry, "attempts.mean"), 1.25, 1e-9, "attempts");
    let failing = |service: &str, consumers: &str| Asked {
        up: Some("1h".to_owned()),
        down: Some("5min".to_owned()),
        ..asked("4/s", service, consumers)
    };
    assert_close(
        figure(&failing("100ms", "2"), "availability"),
        12.0 / 13.0,
        1e-9,
        "availability",
    );
    assert!(figure(&failing("constant(100ms)", "1"), "wait.mean") > 1.0);
    assert!(refusal(&failing("constant(100ms)", "2")).contains("several servers"));
    let branches = Asked {
        branches: Some("2".to_owned()),
        ..asked("0.5/s", "1s", "1")
    };
    // (12 − ρ) / 8 / (μ − λ)
    assert_close(
        figure(&branches, "sojourn.mean"),
        11.5 / 8.0 / 0.5,
        1e-9,
        "fork–join",
    );
    let both = Asked {
        retry: Some("1%".to_owned()),
        ..branches
    };
    assert!(refusal(&both).contains("at once"));
}

#[test]
fn a_profile_is_followed_over_time_beside_its_fluid() {
    let day = Asked {
        horizon: Some("24h".to_owned()),
        ..model(
            "M_t/M/10",
            "profile(points=[{at=0s, rate=20/s}, {at=12h, rate=130/s}, {at=24h, rate=20/s}])",
            "83ms",
        )
    };
    let answer = reply(&day);
    let json: Value = serde_json::from_str(&answer.json()).expect("JSON");
    let series = json["series"].as_array().expect("rows");
    assert_eq!(series.len(), 25);
    let level = |row: &Value, key| f64::max(row[key].as_f64().expect("a level"), 0.0);
    assert!(
        series
            .iter()
            .all(|row| level(row, "total_mean") >= 0.99 * level(row, "total_fluid"))
    );
    // 130/s for a moment against 120.5/s: what piles up peaks after noon.
    let peak = json["peak"]["time_s"].as_f64().expect("a time");
    assert!(peak > 43_200.0 && peak < 50_000.0, "{peak}");
    let text = answer.text();
    assert!(
        text.contains("More than capacity arrives from 10h"),
        "{text}"
    );
    let leaving = Asked {
        retry: Some("5%".to_owned()),
        ..day.clone()
    };
    assert!(refusal(&leaving).contains("retries"));
    let unsaid = Asked {
        horizon: None,
        ..day
    };
    assert!(refusal(&unsaid).contains("--horizon"));
}

#[test]
fn a_peak_between_two_lines_of_the_table_is_found() {
    let spike = Asked {
        horizon: Some("24h".to_owned()),
        ..model(
            "M_t/M/10",
            "profile(points=[{at=0s, rate=20/s}, {at=12h, rate=20/s}, {at=12h30s, rate=500/s}, {at=12h60s, rate=20/s}])",
            "100ms",
        )
    };
    let answer = reply(&spike);
    let json: Value = serde_json::from_str(&answer.json()).expect("JSON");
    let peak = |key: &str| json["peak"][key].as_f64().expect("a number");
    // The fluid peaks at 10.0k at 12h55s, and chance adds to it.
    assert!(peak("total_mean") > 10_000.0, "{}", answer.text());
    assert_close(peak("time_s"), 43_255.0, 1e-4, "when");
    assert_eq!(json["series"].as_array().expect("rows").len(), 25);
}

#[test]
fn a_line_that_only_grows_has_no_peak() {
    let empty = Asked {
        horizon: Some("30min".to_owned()),
        ..asked("0.9/s", "1s", "1")
    };
    let text = reply(&empty).text();
    assert!(text.contains("highest in the end"), "{text}");
}

#[test]
fn from_a_level_on_a_line_tends_to_its_long_run() {
    let later = Asked {
        horizon: Some("10min".to_owned()),
        start: Some("50".to_owned()),
        ..asked("8/s", "1s", "10")
    };
    let json: Value = serde_json::from_str(&reply(&later).json()).expect("JSON");
    let series = json["series"].as_array().expect("rows");
    let level = |row: &Value| row["total_mean"].as_f64().expect("a level");
    assert_close(level(&series[0]), 50.0, 1e-12, "at first");
    let unsaid = Asked {
        horizon: None,
        ..later
    };
    assert!(refusal(&unsaid).contains("--start"));
    let long_run = figure(&asked("8/s", "1s", "10"), "total.mean");
    assert_close(
        level(&series[series.len() - 1]),
        long_run,
        1e-6,
        "in the end",
    );
}

fn backlog(arrivals: &str, consumers: Option<&str>, by: Option<&str>) -> AskedDrain {
    AskedDrain {
        backlog: "2.4M".to_owned(),
        arrivals: arrivals.to_owned(),
        consumers: consumers.map(str::to_owned),
        service: "10ms".to_owned(),
        by: by.map(str::to_owned),
    }
}

#[test]
fn a_backlog_drains_as_fast_as_capacity_exceeds_what_arrives() {
    let found =
        drain(&backlog("8000/s", Some("100"), Some("10m")), &mut no_files).expect("it drains");
    assert_close(found.seconds(), 1_200.0, 1e-12, "drain time");
    // B (λ + C) / (C − λ)³ of first passage with exponential times
    assert_close(
        found.deviation().powi(2),
        2.4e6 * 18_000.0 / 8e9,
        1e-12,
        "variance",
    );
    assert_close(found.wait_after(0.0), 240.0, 1e-12, "wait now");
    assert_close(found.wait_after(600.0), 120.0, 1e-12, "wait half-way");
    assert_close(
        found.oldest_at_first().expect("an age"),
        300.0,
        1e-12,
        "oldest",
    );
    let text = found.text();
    for said in [
        "drained in 20m 00s",
        "5m 00s now",
        "120 consumers drain it in 10m 00s",
        "81 are the least",
    ] {
        assert!(text.contains(said), "{text}\n does not say {said}");
    }
    let enough = drain(&backlog("8000/s", None, Some("10m")), &mut no_files).expect("it drains");
    assert_close(enough.seconds(), 600.0, 1e-9, "drain time of 120");
}

#[test]
fn a_backlog_that_never_drains_is_refused_with_the_least_that_do() {
    let error =
        drain(&backlog("8000/s", Some("80"), Some("10m")), &mut no_files).expect_err("never");
    let error = error.to_string();
    assert!(
        error.contains("never drains; 81 are the least") && error.contains("120 do in 10m 00s"),
        "{error}"
    );
    let alone = drain(&backlog("0/s", Some("1"), None), &mut no_files).expect("it drains");
    assert_close(alone.seconds(), 24_000.0, 1e-12, "nothing arrives");
    assert!(drain(&backlog("8000/s", None, None), &mut no_files).is_err());
}
