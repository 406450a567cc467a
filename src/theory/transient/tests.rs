//! Reference series, computed with high precision by independent means. The names of the cases are theirs.

use super::*;
use crate::theory::tests::assert_close;
use crate::theory::{ErlangA, Mmc, MmcK};

// Per line: t, L, Lq, P(all busy), mean virtual wait, variance of L and its p95.

const TR_L05_C1_L00: &str = "
5 0.751083281676 0.300249406167 0.450833875509 0.751083281676 1.11747897053 3
10 0.895942473107 0.412394498599 0.483547974508 0.895942473107 1.55132841322 3
15 0.950494148989 0.457466280293 0.493027868695 0.950494148989 1.76062754169 4
20 0.974845824702 0.478134804364 0.496711020338 0.974845824702 1.86847516335 4
25 0.986682501946 0.48833420483 0.498348297116 0.986682501946 1.92622537248 4
30 0.992744976212 0.493609540714 0.499135435497 0.992744976212 1.95796871729 4
35 0.995963086369 0.496429241182 0.499533845187 0.995963086369 1.97575698354 4
40 0.997716577617 0.497973590909 0.499742986709 0.997716577617 1.98587575426 4
";
const TR_L09_C1_L030: &str = "
50 25.0251639329 24.0282272955 0.996936637479 25.0251639329 93.6833176968 41
100 20.6821914335 19.7072695586 0.974921874885 20.6821914335 158.937367482 43
150 17.5194616338 16.5668368595 0.952624774276 17.5194616338 182.844994403 43
200 15.3075234286 14.3706445324 0.936878896163 15.3075234286 184.188004196 42
250 13.7457097517 12.8194187223 0.926291029436 13.7457097517 176.299307073 41
300 12.6220072728 11.7028986971 0.9191085757 12.6220072728 165.512345887 39
350 11.7982725294 10.8841369827 0.91413554668 11.7982725294 154.55721313 38
400 11.184343123 10.2737249892 0.910618133795 11.184343123 144.514004796 36
";
const TR_L12_C1_L00: &str = "
25 8.36641605126 7.41037092628 0.956045124981 8.36641605126 30.5996287313 18
50 14.0881348101 13.1071002918 0.981034518342 14.0881348101 69.17310846 29
75 19.4375678337 18.447767649 0.989800184759 19.4375678337 112.288470611 38
100 24.635008342 23.6410572445 0.993951097503 24.635008342 158.474997811 47
125 29.7554439724 28.7592401759 0.996203796528 29.7554439724 206.850641249 55
150 34.83243441 33.8349075711 0.997526838905 34.83243441 256.828427635 62
175 39.8832540206 38.8849088359 0.998345184704 39.8832540206 307.997565047 70
200 44.9175941279 43.9187238777 0.998870250173 44.9175941279 360.062055462 77
";
const TR_L8_C10_L00: &str = "
2.5 7.53578106077 0.410616670136 0.22473349215 0.0635350162285 9.08996614634 13
5 8.71915078261 0.971849097183 0.344941617974 0.131679071516 14.20637839 16
7.5 9.14274533993 1.25469368457 0.379356481454 0.163405016602 17.4488315083 17
10 9.34688230553 1.4054803623 0.393269292204 0.179874965451 19.4683833613 18
12.5 9.4583316511 1.4917178025 0.400021679472 0.189173948197 20.7546805098 18
15 9.52345787616 1.54348537927 0.403650707088 0.194713608636 21.5910095038 18
17.5 9.56319645551 1.57563711686 0.40573003307 0.198136714993 22.1437128115 19
20 9.58818702685 1.59611327068 0.406974770543 0.200308804123 22.5137315235 19
";
const TR_L95_C100_L00: &str = "
2.5 87.3328953835 0.50497908382 0.100410358855 0.00605389442675 92.2304040091 104
5 96.8801773918 3.67137149188 0.360250642414 0.0403162213429 161.8331012 120
7.5 99.8812054761 5.69414269899 0.434251908773 0.0612839460777 225.423391674 128
10 101.424163317 6.89194793309 0.463767299548 0.0735571523264 272.436506988 133
12.5 102.360362416 7.65876782696 0.47886876047 0.0813763658743 307.218867928 136
15 102.975250019 8.17690421023 0.487669537844 0.0866457374808 333.337004443 139
17.5 103.398600705 8.5400450301 0.493211137077 0.0903325616718 353.207041219 140
20 103.699455572 8.80130753999 0.496883449839 0.0929819098983 368.4834134 141
";
const TV_SIN_C10_FAST: &str = "
3 9.26312952537 1.08069109161 0.417896311623 0.149860696151 12.5535224567 16
6 7.83217581794 0.758334045432 0.256229293153 0.101454922779 14.5647421343 15
9 10.6024603163 2.02381787384 0.525311275524 0.254914813119 21.0756376867 19
12 8.33463340072 1.08130299204 0.294637127929 0.137592345098 19.3364068651 17
15 10.8450935697 2.2280673083 0.537244697389 0.276533072446 23.893256701 20
18 8.46195721006 1.17465762254 0.302464237665 0.147710464651 21.0062087599 17
21 10.9171316187 2.29079067626 0.540198717495 0.283100803815 24.9276178924 20
24 8.50360426483 1.20659256637 0.304749778573 0.151132496989 21.6440871575 18
";
const TV_RUSH_C60_MU4: &str = "
3 20.000000362 2.14188842424e-13 4.28377674269e-13 2.67736048603e-15 20.0000003612 28
6 20.3735400517 4.63577824756e-13 9.02822271605e-13 5.6931758235e-15 20.3735257145 28
9 105.050232674 45.0674727798 0.995564833984 0.191928714727 386.116818921 139
12 23.28055255 0.00550189291712 0.000525480588997 2.51137128644e-05 29.717233996 32
15 28.6392514766 1.95511384092e-07 2.1752978e-07 1.72080923322e-09 28.6391510369 38
18 84.015949905 24.6051248146 0.895472469563 0.106252474792 410.565757959 121
21 24.5809310083 1.78977863121e-06 2.38046520113e-07 8.44921570029e-09 24.6060063191 33
24 20.0108504592 2.1913450393e-13 4.37897272882e-13 2.73763338478e-15 20.0108506366 28
";
const TV_SCHED_C: &str = "
2.5 19.4553431406 2.0266817789 0.430588309085 0.122863504399 33.6569191035 30
5 20.5570499798 2.89199526905 0.480433342057 0.168621430555 47.6175487646 34
7.5 21.2261627212 3.43931119796 0.505472866476 0.197239203222 57.7343276574 36
10 21.6664858387 3.81152923471 0.51970564759 0.216561744115 65.4786127161 38
12.5 36.7654269302 24.7764592597 0.995007337731 2.14762221645 136.865777873 57
15 51.7768509523 39.7782299021 0.999370719859 3.39813338516 211.103419017 77
17.5 46.191121351 20.8175962577 0.882907373847 0.83463475506 280.824939396 75
20 30.7777931457 8.06411275304 0.521437627002 0.330213476155 216.776136152 60
22.5 22.5692058708 2.52476626044 0.233261752731 0.106078000507 100.88262856 44
25 19.4186554512 0.740597846738 0.107315772713 0.0326120622866 42.9507522152 30
27.5 18.451530166 0.263171038532 0.0668886376232 0.0126946029291 25.1342339536 26
30 18.1962120698 0.149845886959 0.0560585398473 0.007919401031 20.776919165 26
32.5 18.1355395413 0.125066102272 0.0534768372648 0.00686703613602 19.828211786 26
35 18.1221789862 0.119958526797 0.0529091437883 0.00664875656096 19.634950469 26
37.5 18.1193998823 0.118951289133 0.052791436007 0.00660548942846 19.5972758828 26
40 18.1188466026 0.118759320026 0.0527680897599 0.0065972080687 19.5901655051 26
";

/// Within `rel_tol` of the larger of the value and 1.
#[track_caller]
fn assert_near(value: f64, expected: f64, rel_tol: f64, what: &str) {
    let error = (value - expected).abs() / expected.abs().max(1.0);
    assert!(
        error <= rel_tol,
        "{what}: {value} is not {expected}, by {error:e}"
    );
}

#[track_caller]
fn assert_course(model: &TransientMmc, rows: &str, rel_tol: f64, case: &str) {
    let numbers = |line: &str| -> Vec<f64> {
        let words = line.split(' ');
        words.map(|word| word.parse().expect("a number")).collect()
    };
    let rows: Vec<Vec<f64>> = rows.trim().lines().map(numbers).collect();
    let times: Vec<f64> = rows.iter().map(|row| row[0]).collect();
    let mut rows = rows.iter();
    let seen = model.walk(&times, |moment| {
        let [t, total, ready, busy, wait, variance, p95] =
            rows.next().expect("a row for each time")[..]
        else {
            panic!("{case}: seven numbers")
        };
        let what = format!("{case} at {t}");
        assert_near(moment.total_mean(), total, rel_tol, &format!("L, {what}"));
        assert_near(moment.ready_mean(), ready, rel_tol, &format!("Lq, {what}"));
        assert_near(
            moment.p_all_busy(),
            busy,
            rel_tol,
            &format!("P(all busy), {what}"),
        );
        assert_near(
            moment.virtual_wait_mean(),
            wait,
            rel_tol,
            &format!("wait, {what}"),
        );
        assert_near(
            moment.total_variance(),
            variance,
            10.0 * rel_tol,
            &format!("variance, {what}"),
        );
        assert_eq!(moment.total_quantile(0.95), p95 as u64, "p95, {what}");
    });
    seen.expect("times are in order");
    assert!(rows.next().is_none(), "{case}");
}

/// `rate(t)` by straight lines of length `step`.
fn ramps(end: f64, step: f64, rate: impl Fn(f64) -> f64) -> Vec<RateRamp> {
    let ramp = |i: u32| {
        let (start, end) = (f64::from(i) * step, f64::from(i + 1) * step);
        RateRamp {
            start,
            end,
            rate_start: rate(start),
            rate_end: rate(end),
        }
    };
    (0..(end / step).round() as u32).map(ramp).collect()
}

fn steady(servers: u64) -> Vec<ServerStretch> {
    vec![ServerStretch {
        start: 0.0,
        end: f64::INFINITY,
        servers,
    }]
}

#[test]
fn constant_rates_follow_the_reference_from_any_level() {
    let cases = [
        ("tr-l0.5-c1-L00", 0.5, 1, 0, TR_L05_C1_L00),
        ("tr-l0.9-c1-L030", 0.9, 1, 30, TR_L09_C1_L030),
        ("tr-l1.2-c1-L00", 1.2, 1, 0, TR_L12_C1_L00),
        ("tr-l8-c10-L00", 8.0, 10, 0, TR_L8_C10_L00),
        ("tr-l95-c100-L00", 95.0, 100, 0, TR_L95_C100_L00),
    ];
    for (case, arrival_rate, servers, level, rows) in cases {
        let model = TransientMmc::constant(arrival_rate, 1.0, servers).expect("rates");
        assert_course(&model.starting_at(level), rows, 1e-6, case);
    }
}

#[test]
fn a_rate_that_swings_follows_the_reference() {
    // tv-sin-c10-fast: λ = 8 + 4 sin πt
    let rate = |t: f64| 8.0 + 4.0 * (std::f64::consts::PI * t).sin();
    let model = TransientMmc::new(ramps(24.0, 0.002, rate), 1.0, steady(10)).expect("in order");
    assert_course(&model, TV_SIN_C10_FAST, 1e-5, "tv-sin-c10-fast");
}

#[test]
fn a_day_with_two_rushes_follows_the_reference() {
    // tv-rush-c60-mu4: two bells on a base of 80
    let bell = |t: f64, peak: f64, width: f64| (-0.5 * ((t - peak) / width).powi(2)).exp();
    let rate = |t: f64| 80.0 + 240.0 * bell(t, 9.0, 1.0) + 180.0 * bell(t, 17.5, 1.5);
    let model = TransientMmc::new(ramps(24.0, 0.002, rate), 4.0, steady(60)).expect("in order");
    assert_course(
        &model.starting_at(20),
        TV_RUSH_C60_MU4,
        1e-5,
        "tv-rush-c60-mu4",
    );
}

#[test]
fn servers_that_leave_hand_their_messages_back() {
    // tv-sched-c: at a change, the figures are those just before it
    let stretch = |start: f64, end: f64, servers: u64| ServerStretch {
        start,
        end,
        servers,
    };
    let servers = vec![
        stretch(0.0, 10.0, 20),
        stretch(10.0, 16.0, 12),
        stretch(16.0, 40.0, 26),
    ];
    let model = TransientMmc::new(ramps(40.0, 40.0, |_| 18.0), 1.0, servers).expect("in order");
    assert_course(&model.starting_at(18), TV_SCHED_C, 1e-5, "tv-sched-c");
}

#[test]
fn with_a_server_for_everybody_the_mean_follows_the_reference() {
    // tv-mtminf-sin: λ = 8 + 4 sin 2πt / 24, by lines so short that they add 2e-11
    let rate = |t: f64| 8.0 + 4.0 * (std::f64::consts::TAU * t / 24.0).sin();
    let model = TransientMInf::new(ramps(72.0, 1e-4, rate), 1.0).expect("in order");
    let rows = [
        (0.5, 3.25914379509),
        (1.0, 5.439733374),
        (5.0, 11.3149251405),
        (12.0, 8.97998439149),
        (24.0, 7.01997247605),
        (35.5, 9.46025883705),
        (50.0, 9.02298596521),
        (72.0, 7.01997247631),
    ];
    let means = model.total_means(&rows.map(|row| row.0)).expect("in order");
    for (mean, (t, expected)) in means.into_iter().zip(rows) {
        assert_near(mean, expected, 1e-10, &format!("L at {t}"));
    }
}

#[test]
fn so_many_servers_that_one_is_always_free_are_as_good_as_infinitely_many() {
    let swing = |t: f64| 20.0 + 15.0 * (t / 3.0).sin();
    let times = [0.0, 0.7, 3.0, 10.0, 29.9, 31.0];
    let lines = ramps(30.0, 0.5, swing);
    let many = TransientMmc::new(lines.clone(), 1.0, steady(200)).expect("in order");
    let infinite = TransientMInf::new(lines, 1.0).expect("in order");
    let many = many.starting_at(50).total_means(&times).expect("in order");
    let infinite = infinite
        .starting_at(50)
        .total_means(&times)
        .expect("in order");
    for (one, other) in many.into_iter().zip(infinite) {
        assert_near(one, other, 1e-8, "L");
    }
}

#[test]
fn long_after_the_start_the_law_is_the_stationary_one() {
    let last = |model: &TransientMmc, t: f64, see: &dyn Fn(&Moment<'_>)| {
        model.walk(&[t], |moment| see(moment)).expect("one time");
    };
    let (plain, limited, impatient) = (
        Mmc::new(9.0, 1.0, 10).expect("stable"),
        MmcK::new(12.0, 1.0, 10, 25).expect("a queue"),
        ErlangA::new(12.0, 1.0, 10, 0.5).expect("a queue"),
    );
    let model = TransientMmc::constant(9.0, 1.0, 10)
        .expect("rates")
        .starting_at(30);
    last(&model, 2000.0, &|moment| {
        assert_close(moment.total_mean(), plain.total_mean(), 1e-7, "L");
        assert_close(moment.ready_mean(), plain.ready_mean(), 1e-7, "Lq");
        assert_close(moment.p_all_busy(), plain.p_wait(), 1e-7, "P(wait)");
        assert_close(moment.virtual_wait_mean(), plain.wait_mean(), 1e-7, "Wq");
        assert_close(
            moment.total_variance(),
            plain.total_variance(),
            1e-5,
            "variance",
        );
    });
    let model = TransientMmc::constant(12.0, 1.0, 10).expect("rates");
    last(&model.clone().with_places(25), 500.0, &|moment| {
        assert_close(moment.total_mean(), limited.total_mean(), 1e-7, "L, K = 25");
        assert_close(moment.total_exceeds(24), limited.loss(), 1e-7, "loss");
    });
    let model = model.with_patience_rate(0.5).expect("a rate");
    last(&model, 500.0, &|moment| {
        assert_close(
            moment.total_mean(),
            impatient.total_mean(),
            1e-7,
            "L, θ = ½",
        );
        assert_close(
            moment.p_all_busy(),
            impatient.p_wait(),
            1e-7,
            "P(wait), θ = ½",
        );
    });
}

#[test]
fn event_by_event_and_in_long_steps_the_law_is_the_same() {
    // The same rates, once in pieces short enough for uniformisation, once as a ramp that is flat but for the last
    // digits.
    let flat = RateRamp {
        start: 0.0,
        end: 40.0,
        rate_start: 5.0,
        rate_end: 5.0,
    };
    let hardly = RateRamp {
        rate_end: 5.0 + 1e-12,
        ..flat
    };
    let times: Vec<f64> = (1..=40).map(f64::from).collect();
    for (servers, places, patience_rate) in [(4, 1 << 40, 0.0), (8, 12, 0.0), (2, 1 << 40, 0.3)] {
        let course = |ramp: RateRamp| {
            let model = TransientMmc::new(vec![ramp], 1.0, steady(servers)).expect("in order");
            let model = model.with_patience_rate(patience_rate).expect("a rate");
            let model = model.with_places(places).starting_at(9);
            let mut seen = Vec::new();
            let see = |moment: &Moment<'_>| {
                seen.push([
                    moment.total_mean(),
                    moment.ready_mean(),
                    moment.total_exceeds(11),
                ]);
            };
            model.walk(&times, see).expect("in order");
            seen
        };
        for (one, other) in course(flat).into_iter().zip(course(hardly)) {
            for (a, b) in one.into_iter().zip(other) {
                assert_near(a, b, 1e-8, &format!("{servers} servers"));
            }
        }
    }
}

#[test]
fn the_bound_holds_the_error_of_a_law_known_exactly() {
    // Nothing but arrivals: Poisson. Nothing but service of a long line: the mean falls by cμ. Nothing but few in
    // service: each stays with probability exp(−μt).
    let gone = TransientMmc::new(ramps(100.0, 100.0, |_| 7.0), 1.0, vec![]).expect("in order");
    let line = TransientMmc::new(vec![], 2.0, steady(3))
        .expect("in order")
        .starting_at(10_000);
    let few = TransientMmc::new(vec![], 0.01, steady(30))
        .expect("in order")
        .starting_at(30);
    let exact: [(&TransientMmc, [f64; 2]); 3] = [
        (&gone, [700.0, 700.0]),
        (&line, [9_400.0, 600.0]),
        (
            &few,
            [
                30.0 / 1f64.exp(),
                30.0 / 1f64.exp() * (1.0 - 1.0 / 1f64.exp()),
            ],
        ),
    ];
    for (model, [mean, variance]) in exact {
        let see = |moment: &Moment<'_>| {
            let error = (moment.total_mean() - mean).abs();
            assert!(
                error <= moment.error_bound() + 1e-12 * mean,
                "{error:e} at {mean}"
            );
            assert!(
                moment.error_bound() <= 1e-6 * mean,
                "{:e}",
                moment.error_bound()
            );
            assert_close(moment.total_variance(), variance, 1e-6, "variance");
        };
        model.walk(&[100.0], see).expect("one time");
    }
}

#[test]
fn ten_thousand_servers_are_followed_from_empty_to_full() {
    let model = TransientMmc::constant(9_900.0, 1.0, 10_000).expect("rates");
    let means = model.total_means(&[1.0, 100_000.0]).expect("in order");
    assert_near(
        means[0],
        9_900.0 * (1.0 - (-1f64).exp()),
        1e-8,
        "as with infinitely many",
    );
    let queue = Mmc::new(9_900.0, 1.0, 10_000).expect("stable");
    assert_near(means[1], queue.total_mean(), 1e-7, "stationary");
}

#[test]
fn a_day_of_overload_is_the_fluid_while_the_line_is_long() {
    // 110 come for 100 that can be served, for two hours; then nobody comes.
    let flat = |start: f64, end: f64, rate: f64| RateRamp {
        start,
        end,
        rate_start: rate,
        rate_end: rate,
    };
    let model =
        TransientMmc::new(vec![flat(0.0, 7200.0, 110.0)], 1.0, steady(100)).expect("in order");
    let means = model
        .starting_at(500)
        .total_means(&[7200.0, 7800.0, 9000.0])
        .expect("in order");
    assert_near(means[0], 72_500.0, 1e-7, "at the end of it");
    assert_near(means[1], 12_500.0, 1e-7, "ten minutes later");
    assert!(means[2].abs() < 1e-7, "empty: {}", means[2]);
}

#[test]
fn what_cannot_be_is_refused() {
    let flat = |start: f64, end: f64, rate: f64| RateRamp {
        start,
        end,
        rate_start: rate,
        rate_end: rate,
    };
    let named = |arrivals: Vec<RateRamp>| {
        let refused = TransientMmc::new(arrivals, 1.0, steady(1)).expect_err("refused");
        refused.to_string()
    };
    let rule = "must be a time at or after 0 and the end of the piece before";
    assert_eq!(
        named(vec![flat(0.0, 2.0, 1.0), flat(1.0, 3.0, 1.0)]),
        format!("start = 1 {rule}")
    );
    assert_eq!(
        named(vec![flat(2.0, 2.0, 1.0)]),
        "end = 2 must be after the start"
    );
    assert_eq!(
        named(vec![flat(0.0, 2.0, -1.0)]),
        "rate = -1 must be a number that is not negative"
    );
    let endless = RateRamp {
        rate_end: 2.0,
        ..flat(0.0, f64::INFINITY, 1.0)
    };
    assert!(named(vec![endless]).starts_with("rate_end = 2 must be the rate at the start"));
    let model = TransientMmc::constant(1.0, 1.0, 1).expect("rates");
    let times = model
        .total_means(&[2.0, 1.0])
        .expect_err("out of order")
        .to_string();
    assert_eq!(
        times,
        "time = 1 must be a number at or after 0 and the time before"
    );
    let crowded = model
        .clone()
        .with_places(3)
        .starting_at(4)
        .total_means(&[1.0]);
    assert!(
        crowded
            .expect_err("no room")
            .to_string()
            .starts_with("initial_level = 4 ")
    );
    assert!(model.with_patience_rate(f64::NAN).is_err());
}

#[test]
fn the_ends_of_what_f64_holds_give_numbers_or_are_refused() {
    for (arrival_rate, service_rate, servers) in [
        (1e-300, 1e-300, 1),
        (0.0, 1e300, 1),
        (1e300, 1e300, 3),
        (1e9, 1e9, 1_000),
        (1e-9, 1e12, u64::MAX),
        (1.0, 1e-12, 1),
    ] {
        let model = TransientMmc::constant(arrival_rate, service_rate, servers).expect("rates");
        if let Ok(means) = model.starting_at(2).total_means(&[0.0, 1.0, 1e4]) {
            assert!(
                means.iter().all(|mean| mean.is_finite() && *mean >= -1e-6),
                "{means:?}"
            );
        }
    }
}
