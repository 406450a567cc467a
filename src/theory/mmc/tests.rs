//! Reference values, computed with high precision by independent means. The names of the cases are theirs.

use super::*;
use crate::theory::tests::assert_close;

/// Per case: its name, λ, μ, c and relative tolerance; then ρ, a, P(wait), Wq, W, Lq, L and the variance of the wait;
/// then the wait's p50, p90, p95, p99 and p99.9; then those of the sojourn.
const CASES: &str = "
mm1-rho0.1 0.1 1.0 1 1e-10
0.1 0.1 0.1 0.1111111111111111 1.1111111111111112 0.011111111111111112 0.1111111111111111 0.2345679012345679
0.0 2.4671622769447924e-16 0.7701635339554938 2.5584278811044943 5.116855762208989
0.7701635339554948 2.5584278811044956 3.328591415059989 5.116855762208989 7.675283643313485
mm1-rho0.7 0.7 1.0 1 1e-10
0.7 0.7 0.7 2.3333333333333335 3.3333333333333335 1.6333333333333333 2.3333333333333335 10.11111111111111
1.1215741220707098 6.486367163517712 8.796857765384193 14.161650806831194 21.83693445014468
2.3104906018664844 7.675283643313486 9.985774245179966 15.35056728662697 23.025850929940454
mm1-rho0.9 0.9 1.0 1 1e-10
0.9 0.9 0.9 9.0 10.0 8.1 9.0 99.0
5.87786664902119 21.972245773362197 28.903717578961636 44.99809670330264 68.0239476332431
6.931471805599453 23.02585092994046 29.9573227355399 46.05170185988091 69.07755278982137
mm1-rho0.999 0.999 1.0 1 1e-10
0.999 0.999 0.999 999.0 1000.0 998.001 999.0 999999.0
692.1466802263618 2301.5845926604625 2994.7317732204065 4604.169685654507 6906.754778648553
693.1471805599454 2302.5850929940457 2995.73227355399 4605.17018598809 6907.755278982137
mm1-l0.004-m0.005 0.004 0.005 1 1e-09
0.8 0.8 0.8 800.0 1000.0 3.2 4.0 960000.0
470.00362924573557 2079.441541679836 2772.5887222397805 4382.026634673881 6684.611727667926
693.1471805599452 2302.5850929940457 2995.73227355399 4605.17018598809 6907.755278982136
mmc-c2-rho0.7 1.4 1.0 2 1e-09
0.7 1.4 0.5764705882352941 0.9607843137254902 1.9607843137254901 1.3450980392156864 2.7450980392156863 2.279507881584006
0.2371937036337591 2.9195902243572602 4.0748355252905 6.757232046014001 10.594873867670744
1.4511449668161631 4.3548790907185495 5.545529221352498 8.265576495392455 12.118015021960817
mmc-c2-rho0.98 1.96 1.0 2 1e-09
0.98 1.96 0.9701010101010101 24.252525252525253 25.252525252525253 47.534949494949494 49.494949494949495 624.4412815018876
16.569802544460195 56.80575035531271 74.13442986931132 114.37037768016383 171.93500500501497
17.590352395397595 57.82630021831909 75.1549797323177 115.3909275431702 172.95555486802135
mmc-c3-rho0.9 2.7 1.0 3 1e-09
0.9 2.7 0.8170610211706102 2.723536737235367 3.723536737235367 7.3535491905354915 10.053549190535492 10.739259222498445
1.637018943213385 7.001811984660387 9.312302586526867 14.677095627973868 22.352379271287354
2.755820615616881 8.189181159120828 10.500912365646096 15.86600493521025 23.54129571779126
mmc-c5-rho0.3 1.5 1.0 5 1e-09
0.3 1.5 0.02013923421183491 0.005754066917667116 1.0057540669176672 0.008631100376500675 1.5086311003765007 0.0032549289525739327
0.0 0.0 0.0 0.20002422009369483 0.8579056752348507
0.6997801879909864 2.3105837420259 3.003751314722578 4.613193527456087 6.915778698528669
mmc-c5-rho0.98 4.9 1.0 5 1e-09
0.98 4.9 0.9503169105191671 9.503169105191672 10.503169105191672 46.56552861543919 51.46552861543919 99.75315906196396
6.42187420563791 22.516253329978916 29.44772513557836 45.54210425991936 68.56795518985982
7.474845195183432 23.569858486232683 30.501330292155988 46.59570941649763 69.62156034643809
mmc-c10-rho0.7 7.0 1.0 10 1e-09
0.7 7.0 0.22173121588381545 0.07391040529460514 1.0739104052946051 0.517372837062236 7.517372837062236 0.04381085551892397
0.0 0.2654319076950581 0.49648096788170615 1.0329602720264062 1.8004886363577548
0.7769612862245732 2.4069142450070156 3.100669523108173 4.710301636753956 7.01289473649936
mmc-c20-rho0.3 6.0 1.0 20 1e-09
0.3 6.0 5.321516315017834e-06 3.801083082155596e-07 1.0000003801083082 2.2806498492933577e-06 6.000002280649849 5.430104240561111e-08
0.0 0.0 0.0 0.0 0.0
0.6931475898573015 2.302585502341371 2.9957326829013153 4.605170595335416 6.907755688329461
mmc-c20-rho0.9 18.0 1.0 20 1e-09
0.9 18.0 0.5507690048161176 0.2753845024080588 1.2753845024080588 4.956921043345059 22.95692104334506 0.19954787824152465
0.04835369691040641 0.8530726531274567 1.1996462434074289 2.004365199624479 3.1556577461215016
0.9904370830974086 2.717604557054738 3.4228303141298464 5.041623008357855 7.346277119324553
mmc-c50-rho0.7 35.0 1.0 50 1e-09
0.7 35.0 0.011025074676447418 0.000735004978429828 1.0007350049784298 0.025725174245043978 35.025725174245046 9.74604314723271e-05
0.0 0.0 0.0 0.006505806779322631 0.16001147964559234
0.6939343284730227 2.3033722884084504 2.996519468968395 4.605957381402495 6.9085424743965405
mmc-c50-rho0.98 49.0 1.0 50 1e-09
0.98 49.0 0.8382631901438916 0.8382631901438916 1.8382631901438917 41.07489631705069 90.07489631705069 0.973841204337569
0.5167240221345453 2.1261619345686458 2.8193091151285903 4.42874702756269 6.731332120556736
1.511690254182892 3.717532707319704 4.570916348929515 6.464413862778722 9.058777657212898
mmc-c100-rho0.9 90.0 1.0 100 1e-09
0.9 90.0 0.2169404809063664 0.021694048090636638 1.0216940480906367 1.9524643281572973 91.95246432815729 0.0038681778955684722
0.0 0.07744528483928259 0.14676000289527702 0.30770379413868704 0.5379623034380916
0.7169286366156586 2.326403663095209 3.019550843674112 4.6289887561082494 6.931573849102295
mmc-c500-rho0.3 150.0 1.0 500 1e-09
0.3 150.0 9.331482956988156e-112 2.6661379877109015e-114 1.0 3.9992069815663523e-112 150.0 1.5235074215490867e-116
0.0 0.0 0.0 0.0 0.0
0.6931471805599453 2.302585092994046 2.99573227355399 4.605170185988091 6.907755278982136
mmc-c500-rho0.98 490.0 1.0 500 1e-09
0.98 490.0 0.546673272194829 0.0546673272194829 1.0546673272194829 26.78699033754662 516.7869903375466 0.007944948778574564
0.008924321693816415 0.16986811293722648 0.2391828309932209 0.4001266222366309 0.6303851315360355
0.7520495234791583 2.3615532609680905 3.0547004415616503 4.664138353995816 6.966723446989862
mmc-c1000-rho0.7 700.0 1.0 1000 1e-09
0.7 700.0 1.0236163287089609e-26 3.4120544290298697e-29 1.0 2.3884381003209088e-26 700.0 2.2747029526865796e-31
0.0 0.0 0.0 0.0 0.0
0.6931471805599453 2.302585092994046 2.99573227355399 4.605170185988091 6.907755278982136
";

const LEVELS: [f64; 5] = [0.5, 0.9, 0.95, 0.99, 0.999];

fn numbers(line: &str) -> Vec<f64> {
    line.split(' ')
        .map(|number| number.parse().expect("a number"))
        .collect()
}

#[test]
fn every_figure_is_that_of_the_reference() {
    let lines: Vec<&str> = CASES.trim().lines().collect();
    assert_eq!(lines.len(), 4 * 19);
    for case in lines.chunks_exact(4) {
        let (name, model) = case[0].split_once(' ').expect("a name and numbers");
        let [arrival_rate, service_rate, servers, rel_tol] = numbers(model)[..] else {
            panic!("{name}: {model}")
        };
        let queue = Mmc::new(arrival_rate, service_rate, servers as u64)
            .expect("the references are stable");
        let means = [
            queue.utilisation(),
            queue.offered_load(),
            queue.p_wait(),
            queue.wait_mean(),
            queue.sojourn_mean(),
            queue.ready_mean(),
            queue.total_mean(),
            queue.wait_variance(),
        ];
        for (i, (value, expected)) in means.into_iter().zip(numbers(case[1])).enumerate() {
            assert_close(value, expected, rel_tol, &format!("{name}, mean {i}"));
        }
        for (level, expected) in LEVELS.into_iter().zip(numbers(case[2])) {
            let value = queue.wait_quantile(level);
            // Where P(wait) is 1 − level, the quantile is 0 but for the rounding of 1 − level.
            assert!(
                (value - expected).abs() <= rel_tol * expected + 1e-14,
                "{name}, wait at {level}: {value}"
            );
        }
        for (level, expected) in LEVELS.into_iter().zip(numbers(case[3])) {
            assert_close(
                queue.sojourn_quantile(level),
                expected,
                rel_tol,
                &format!("{name}, sojourn at {level}"),
            );
        }
    }
}

#[test]
fn states_of_one_server_are_those_of_the_reference() {
    // (λ, P(N = 0), P(N = 5), P(N ≥ 20), variance of N, mean busy period), μ = 1
    let table = [
        (
            0.1,
            0.9,
            9e-06,
            1e-20,
            0.12345679012345678,
            1.1111111111111112,
        ), // mm1-rho0.1
        (
            0.7,
            0.3,
            0.050421,
            0.00079792266297612,
            7.777777777777778,
            3.3333333333333335,
        ), // mm1-rho0.7
        (0.9, 0.1, 0.059049, 0.1215766545905693, 90.0, 10.0), // mm1-rho0.9
        (
            0.999,
            0.001,
            0.000995009990004999,
            0.9801888648295347,
            999000.0,
            1000.0,
        ), // mm1-rho0.999
    ];
    for (arrival_rate, empty, five, twenty, variance, busy_period) in table {
        let queue = Mmc::new(arrival_rate, 1.0, 1).expect("stable");
        assert_close(1.0 - queue.p_wait(), empty, 1e-10, "P(N = 0)");
        assert_close(
            queue.ready_exceeds(3) - queue.ready_exceeds(4),
            five,
            1e-10,
            "P(N = 5)",
        );
        assert_close(queue.ready_exceeds(18), twenty, 1e-10, "P(N ≥ 20)");
        assert_close(queue.total_variance(), variance, 1e-10, "variance of N");
        assert_close(queue.all_busy_mean(), busy_period, 1e-10, "busy period");
    }
}

#[test]
fn tails_agree_with_the_sizes_that_they_decide() {
    // (λ, μ, t, c, P(wait > t) at c, and at c − 1)
    let waits = [
        (10.0, 1.0, 0.5, 14, 0.023566194553625103, 0.0636524418716478), // sz-tail-10-1-0.5-0.05
        (
            2000.0,
            0.5,
            0.2,
            4025,
            0.04840465819130656,
            0.0547143886787681,
        ), // sz-tail-2000-0.5-0.2-0.05
        (
            60.0,
            0.25,
            0.3333333333,
            250,
            0.17911503495338923,
            0.21459668291963807,
        ), // sz-tail-60-0.25-0.3333333333-0.2
    ];
    for (arrival_rate, service_rate, t, servers, at, below) in waits {
        let exceeds = |c| {
            Mmc::new(arrival_rate, service_rate, c)
                .expect("stable")
                .wait_exceeds(t)
        };
        assert_close(exceeds(servers), at, 1e-10, "at c");
        assert_close(exceeds(servers - 1), below, 1e-10, "below c");
    }
    // sz-sojourn-50-1-2.4-0.1
    let sojourn = |c| Mmc::new(50.0, 1.0, c).expect("stable").sojourn_exceeds(2.4);
    assert_close(sojourn(55), 0.09943869901076925, 1e-10, "at c");
    assert_close(sojourn(54), 0.10502883574760441, 1e-10, "below c");
    // sz-mean-1000-1-0.001, sz-mean-3-1-10
    let mean = |rate, c| Mmc::new(rate, 1.0, c).expect("stable").wait_mean();
    assert_close(
        mean(1000.0, 1055),
        0.0009600702745882745,
        1e-10,
        "mean at c",
    );
    assert_close(
        mean(1000.0, 1054),
        0.0010487139053544934,
        1e-10,
        "mean below c",
    );
    assert_close(mean(3.0, 4), 0.5094339622641509, 1e-12, "mean at c");
}

#[test]
fn published_examples_come_out() {
    // bronson-23.3, bronson-23.14, bronson-24.6
    let one = Mmc::new(24.0, 30.0, 1).expect("stable");
    assert_close(one.total_mean(), 4.0, 1e-12, "L");
    assert_close(one.sojourn_mean(), 1.0 / 6.0, 1e-12, "W");
    let two = Mmc::new(30.0, 40.0, 1).expect("stable");
    assert_close(two.ready_mean(), 2.25, 1e-12, "Lq");
    assert_close(two.wait_mean(), 0.075, 1e-12, "Wq");
    let three = Mmc::new(300.0, 182.5, 3).expect("stable");
    assert_close(three.ready_mean(), 0.35242591552956537, 1e-12, "Lq");
    assert_close(three.sojourn_mean(), 0.006654205106559738, 1e-12, "W");
    // pyworkforce-erlangC-14: 100 calls in 30 min, 3 min each; service level = P(wait ≤ 0.33 min)
    let calls = Mmc::new(100.0 / 30.0, 1.0 / 3.0, 14).expect("stable");
    assert_close(calls.p_wait(), 0.17413193359504983, 1e-11, "P(wait)");
    assert_close(
        1.0 - calls.wait_exceeds(0.33),
        0.8878526926911569,
        1e-11,
        "service level",
    );
    // pyworkforce-erlangC-15
    let calls = Mmc::new(100.0 / 30.0, 1.0 / 3.0, 15).expect("stable");
    assert_close(calls.p_wait(), 0.10204236700798801, 1e-11, "P(wait)");
    assert_close(
        1.0 - calls.wait_exceeds(0.33),
        0.9411266757039652,
        1e-11,
        "service level",
    );
    // gmr-erlangA, its Erlang C column: 48 per min, 1 min each, 50 servers
    let centre = Mmc::new(48.0, 1.0, 50).expect("stable");
    assert_close(
        centre.wait_mean() * 60.0,
        20.833668335905028,
        1e-11,
        "mean wait [s]",
    );
    assert_close(
        centre.wait_quantile(0.9) * 60.0,
        58.13874178200883,
        1e-11,
        "p90 of the wait [s]",
    );
}

#[test]
fn ten_consumers_at_100_per_s_and_83_ms_give_the_figures_of_the_manual() {
    let queue = Mmc::new(100.0, 1.0 / 0.083, 10).expect("stable");
    let rounds_to =
        |value: f64, unit: f64, shown: f64| ((value / unit).round() - shown).abs() < 1e-9;
    assert!(rounds_to(queue.offered_load(), 0.1, 83.0));
    assert!(rounds_to(queue.p_wait(), 1e-3, 479.0));
    assert!(rounds_to(queue.wait_mean(), 1e-4, 234.0));
    assert!(rounds_to(queue.wait_quantile(0.99), 1e-3, 189.0));
    assert!(rounds_to(queue.sojourn_mean(), 1e-3, 106.0));
    assert!(rounds_to(queue.sojourn_quantile(0.99), 1e-3, 425.0));
    assert!(rounds_to(queue.ready_mean(), 1e-2, 234.0));
    assert_eq!(least_stable_servers(100.0, 1.0 / 0.083), Ok(9));
    let eleven = Mmc::new(100.0, 1.0 / 0.083, 11).expect("stable");
    assert!(rounds_to(eleven.wait_quantile(0.99), 1e-3, 104.0));
}

#[test]
fn a_surplus_equal_to_one_servers_rate_is_no_special_case() {
    // θ = cμ − λ = μ: the sojourn of those who wait is Erlang-2, P(W > t) = exp(−t)(1 + C·t).
    let exact = Mmc::new(4.0, 1.0, 5).expect("stable");
    assert_close(
        exact.sojourn_exceeds(3.0),
        (-3.0f64).exp() * (1.0 + exact.p_wait() * 3.0),
        1e-14,
        "at θ = μ",
    );
    let near = Mmc::new(4.0 + 1e-10, 1.0, 5).expect("stable");
    assert_close(
        near.sojourn_quantile(0.99),
        exact.sojourn_quantile(0.99),
        1e-9,
        "beside it",
    );
}

#[test]
fn quantiles_invert_the_tails() {
    let queue = Mmc::new(9.0, 1.0, 10).expect("stable");
    for p in [0.6, 0.9, 0.999_999] {
        assert_close(
            queue.wait_exceeds(queue.wait_quantile(p)),
            1.0 - p,
            1e-12,
            "wait",
        );
        assert_close(
            queue.sojourn_exceeds(queue.sojourn_quantile(p)),
            1.0 - p,
            1e-12,
            "sojourn",
        );
    }
    assert!(
        queue.sojourn_quantile(0.0) < 1e-15,
        "nobody is faster than that"
    );
    assert!(queue.wait_quantile(1.0).is_infinite() && queue.sojourn_quantile(1.0).is_infinite());
}

#[test]
fn variance_of_the_number_in_the_system_is_that_of_its_states() {
    let queue = Mmc::new(2.7, 1.0, 3).expect("stable");
    let mut states = vec![1.0];
    for n in 1..2000u32 {
        states.push(states[states.len() - 1] * 2.7 / f64::from(n.min(3)));
    }
    let total: f64 = states.iter().sum();
    let moment = |k: i32| {
        states
            .iter()
            .enumerate()
            .map(|(n, p)| (n as f64).powi(k) * p / total)
            .sum::<f64>()
    };
    assert_close(
        queue.total_variance(),
        moment(2) - moment(1).powi(2),
        1e-10,
        "variance",
    );
}

#[test]
fn what_cannot_be_is_refused_with_the_least_that_can() {
    let unstable = Mmc::new(100.0, 1.0 / 0.083, 8).expect_err("8.3 Erlang need 9");
    assert!(matches!(
        unstable,
        ModelError::Unstable {
            servers: 8,
            least: 9,
            ..
        }
    ));
    assert_eq!(
        unstable.to_string(),
        "no stationary law: 8.3000 Erlang are offered to 8 servers; 9 are the least that is stable"
    );
    assert!(matches!(
        Mmc::new(0.0, 1.0, 1),
        Err(ModelError::ArrivalRate(_))
    ));
    assert!(matches!(
        Mmc::new(f64::NAN, 1.0, 1),
        Err(ModelError::ArrivalRate(_))
    ));
    assert!(matches!(
        Mmc::new(1.0, f64::INFINITY, 1),
        Err(ModelError::ServiceRate(_))
    ));
    assert!(matches!(
        Mmc::new(1.0, 2.0, 0),
        Err(ModelError::Unstable { least: 1, .. })
    ));
}

#[test]
fn a_load_that_only_rounding_keeps_below_the_servers_counts_as_full() {
    // 3 Erlang in decimals, whatever the last bit of the quotient.
    for millis in 1..=1000u32 {
        let service_rate = 1.0 / (f64::from(millis) / 1000.0);
        assert_eq!(
            least_stable_servers(3000.0 / f64::from(millis), service_rate),
            Ok(4),
            "{millis} ms"
        );
    }
}
