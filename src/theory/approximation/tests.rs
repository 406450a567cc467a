//! Approximations against exact answers; the names of the cases are theirs.

use super::*;
use crate::theory::tests::assert_close;

/// Per case: its name, λ, scv of gaps and of services (of mean 1), c; then exactly P(wait), Wq and the wait's p99.
const CASES: &str = "
m-H2scv2-c1-rho0.5 0.5 1 2 1 0.5 1.5 13.41406848
m-H2scv10-c1-rho0.5 0.5 1 10 1 0.5 5.5 55.7774615
m-H2scv4-c1-rho0.8 0.8 1 4 1 0.8 10 60.01260704
m-E2-c1-rho0.9 0.9 1 0.5 1 0.9 6.75 33.44678938
m-H2scv10-c1-rho0.9 0.9 1 10 1 0.9 49.5 263.2440971
E2-E2-c1-rho0.5 0.5 0.5 0.5 1 0.3596117968 0.3903882032 3.71343549
E4-E2-c1-rho0.5 0.5 0.25 0.5 1 0.2549171162 0.2237587649 2.745138054
H2scv4-M-c1-rho0.5 0.5 4 1 1 0.683772234 2.16227766 13.36074889
E2-M-c1-rho0.8 0.8 0.5 1 1 0.7398529491 2.843979767 16.54397517
E2-H2scv4-c1-rho0.8 0.8 0.5 4 1 0.7514270837 8.825895182 54.9198135
E4-H2scv4-c1-rho0.8 0.8 0.25 4 1 0.7184852354 8.241022808 52.3906379
H2scv4-E2-c1-rho0.8 0.8 4 0.5 1 0.9177514257 8.660133974 42.29065698
E2-E2-c1-rho0.9 0.9 0.5 0.5 1 0.8607427842 4.359047822 22.34483753
E4-M-c1-rho0.9 0.9 0.25 1 1 0.8433350709 5.383049518 28.30741558
H2scv4-M-c1-rho0.9 0.9 4 1 1 0.9572811276 22.40885757 106.7797848
H2scv4-H2scv4-c1-rho0.9 0.9 4 4 1 0.946801486 36.19995872 180.2479051
m-H2scv4-c2-rho0.5 1 1 4 2 0.3409688485 0.7378893941 9.940464536
m-E2-c2-rho0.8 1.6 1 0.5 2 0.7086956522 1.342391304 7.867949155
m-H2scv10-c2-rho0.8 1.6 1 10 2 0.7230732119 9.202101677 64.7723307
m-H2scv2-c2-rho0.9 1.8 1 2 2 0.854676259 6.345323741 34.16021324
E2-M-c2-rho0.5 1 0.5 1 2 0.230863735 0.186772685 2.539700557
E2-H2scv4-c2-rho0.5 1 0.5 4 2 0.2614759198 0.5748270755 8.916939014
E4-H2scv4-c2-rho0.5 1 0.25 4 2 0.2182363502 0.4973453342 8.392930082
H2scv4-E2-c2-rho0.5 1 4 0.5 2 0.5614999754 0.7225641113 4.969678718
E2-E2-c2-rho0.8 1.6 0.5 0.5 2 0.6244395297 0.8127014551 5.231189214
E4-M-c2-rho0.8 1.6 0.25 1 2 0.5942349884 0.970796831 6.673124169
H2scv4-M-c2-rho0.8 1.6 4 1 2 0.8549870178 4.625134682 24.06459593
H2scv4-H2scv4-c2-rho0.8 1.6 4 4 2 0.8301208758 7.292002939 42.83449697
E2-H2scv4-c2-rho0.9 1.8 0.5 4 2 0.8288046683 9.282786231 52.53172283
E4-E2-c2-rho0.9 1.8 0.25 0.5 2 0.7627989356 1.478175072 8.269339147
H2scv4-E2-c2-rho0.9 1.8 4 0.5 2 0.9389403262 9.790266601 47.07992807
m-E2-c3-rho0.5 1.5 1 0.5 3 0.2338284203 0.1229464626 1.561764148
m-H2scv10-c3-rho0.5 1.5 1 10 3 0.2502127981 0.6238267804 12.10215034
m-H2scv2-c3-rho0.8 2.4 1 2 3 0.6526398968 1.571314554 10.85128812
m-E2-c3-rho0.9 2.7 1 0.5 3 0.8145094503 2.053360751 10.92635634
m-H2scv4-c3-rho0.9 2.7 1 4 3 0.824203538 6.622505605 38.11485629
E2-E2-c3-rho0.5 1.5 0.5 0.5 3 0.1326502443 0.05107922019 0.9588240637
E4-M-c3-rho0.5 1.5 0.25 1 3 0.1036197976 0.04947925895 1.116481606
H2scv4-M-c3-rho0.5 1.5 4 1 3 0.4462965674 0.4704378883 4.003863663
H2scv4-H2scv4-c3-rho0.5 1.5 4 4 3 0.4062040547 0.6935659039 8.277456919
E2-H2scv4-c3-rho0.8 2.4 0.5 4 3 0.6057841779 2.171274217 16.84507458
E4-E2-c3-rho0.8 2.4 0.25 0.5 3 0.4834732515 0.3279393121 2.537986885
H2scv4-E2-c3-rho0.8 2.4 4 0.5 3 0.829444944 2.635766071 13.8177499
E2-M-c3-rho0.9 2.7 0.5 1 3 0.7749157958 1.960093616 11.00343943
E4-M-c3-rho0.9 2.7 0.25 1 3 0.7441393475 1.583292768 9.169555347
E4-H2scv4-c3-rho0.9 2.7 0.25 4 3 0.7745269868 5.436914576 32.71434204
H2scv4-H2scv4-c3-rho0.9 2.7 4 4 3 0.8973484415 11.10967884 58.92328983
m-H2scv2-c5-rho0.5 2.5 1 2 5 0.1335177239 0.06751971433 1.391752732
m-E2-c5-rho0.8 4 1 0.5 5 0.5484104297 0.4232260725 2.98046324
m-H2scv4-c5-rho0.8 4 1 4 5 0.5695546174 1.254151405 10.50547989
m-H2scv2-c5-rho0.9 4.5 1 2 5 0.7679083889 2.23831086 13.25033471
m-H2scv10-c5-rho0.9 4.5 1 10 5 0.7799042835 7.801421495 49.63871151
E2-H2scv4-c5-rho0.5 2.5 0.5 4 5 0.09005673105 0.06249679615 1.640008136
E4-E2-c5-rho0.5 2.5 0.25 0.5 5 0.02832452246 0.005569475287 0.2101512729
H2scv4-E2-c5-rho0.5 2.5 4 0.5 5 0.3362918865 0.1793742614 1.772827363
E2-M-c5-rho0.8 4 0.5 1 5 0.4778396795 0.3673612119 2.972695765
E4-M-c5-rho0.8 4 0.25 1 5 0.4265614949 0.2787480074 2.452610174
E4-H2scv4-c5-rho0.8 4 0.25 4 5 0.482094703 0.9504626989 8.931649998
H2scv4-H2scv4-c5-rho0.8 4 4 4 5 0.7177226179 2.363989418 16.16913937
E2-E2-c5-rho0.9 4.5 0.5 0.5 5 0.6971400085 0.719317317 4.281823637
E4-E2-c5-rho0.9 4.5 0.25 0.5 5 0.6478928043 0.5101577018 3.200503565
H2scv4-M-c5-rho0.9 4.5 4 1 5 0.8758520424 4.100539142 20.9397478
m-E2-c10-rho0.5 5 1 0.5 10 0.03518004964 0.005959529934 0.2175478817
m-H2scv4-c10-rho0.5 5 1 4 10 0.03815028561 0.01103539791 0.3478177227
m-H2scv2-c10-rho0.8 8 1 2 10 0.4181550007 0.2833940425 2.777277724
m-H2scv10-c10-rho0.8 8 1 10 10 0.437919201 0.8539704142 10.062645
m-H2scv4-c10-rho0.9 9 1 4 10 0.6851586606 1.548955008 10.70591048
";

struct Case {
    load: f64,
    arrival_scv: f64,
    service_scv: f64,
    servers: u64,
    p_wait: f64,
    wait_mean: f64,
    wait_p99: f64,
}

impl Case {
    fn rho(&self) -> f64 {
        self.load / self.servers as f64
    }

    fn is_poisson(&self) -> bool {
        self.arrival_scv.to_bits() == 1.0_f64.to_bits()
    }

    fn ggc(&self) -> Ggc {
        Ggc::new(
            self.load,
            self.arrival_scv,
            1.0,
            self.service_scv,
            self.servers,
        )
        .expect("stable")
    }

    fn mgc(&self) -> Mgc {
        Mgc::new(self.load, 1.0, self.service_scv, self.servers).expect("stable")
    }
}

fn cases() -> Vec<Case> {
    let case = |line: &str| {
        let figures: Vec<f64> = line
            .split(' ')
            .skip(1)
            .map(|figure| figure.parse().expect("a number"))
            .collect();
        let [
            load,
            arrival_scv,
            service_scv,
            servers,
            p_wait,
            wait_mean,
            wait_p99,
        ] = figures[..].try_into().expect("seven figures");
        Case {
            load,
            arrival_scv,
            service_scv,
            servers: servers as u64,
            p_wait,
            wait_mean,
            wait_p99,
        }
    };
    CASES.lines().skip(1).map(case).collect()
}

/// Lowest and highest error in percent, to whole ones outwards, over the cases that are `among`.
fn errors(among: impl Fn(&Case) -> bool, error: impl Fn(&Case) -> f64) -> [i32; 2] {
    let errors: Vec<f64> = cases()
        .iter()
        .filter(|case| among(case))
        .map(|case| 100.0 * error(case))
        .collect();
    let low = errors.iter().copied().fold(f64::INFINITY, f64::min);
    let high = errors.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    // A hair of rounding is no percent.
    [(low + 1e-6).floor() as i32, (high - 1e-6).ceil() as i32]
}

/// What a model says of its error has these.
#[track_caller]
fn assert_says(error: &str, [low, high]: [i32; 2]) {
    let range = format!("{low:+} % to {high:+} %");
    assert!(error.contains(&range), "{range} is not in: {error}");
}

fn is_heavy(case: &Case) -> bool {
    case.rho() > 0.7
}

fn is_half_loaded(case: &Case) -> bool {
    case.rho() < 0.7
}

#[test]
fn errors_of_g_g_c_are_those_that_its_doc_states() {
    assert_eq!(cases().len(), 67);
    let p_wait = |case: &Case| case.ggc().p_wait() / case.p_wait - 1.0;
    assert_eq!(errors(is_heavy, p_wait), [-23, 34]);
    assert_eq!(errors(is_half_loaded, p_wait), [-62, 361]);
    assert_eq!(errors(Case::is_poisson, p_wait), [-7, 3]);
    let wait_mean = |case: &Case| case.ggc().wait_mean() / case.wait_mean - 1.0;
    assert_eq!(errors(is_heavy, wait_mean), [-8, 32]);
    assert_eq!(errors(is_half_loaded, wait_mean), [-35, 252]);
    assert_says(Ggc::ERROR, errors(is_heavy, wait_mean));
    assert_says(Ggc::ERROR, errors(is_half_loaded, wait_mean));
    let p99 = |case: &Case| case.ggc().wait_quantile(0.99) / case.wait_p99 - 1.0;
    assert_eq!(errors(is_heavy, p99), [-12, 17]);
    assert_eq!(errors(is_half_loaded, p99), [-23, 85]);
}

#[test]
fn errors_of_m_g_c_are_those_that_its_doc_states() {
    let wait_mean = |case: &Case| case.mgc().wait_mean() / case.wait_mean - 1.0;
    let p99 = |case: &Case| case.mgc().wait_quantile(0.99) / case.wait_p99 - 1.0;
    // (scv of services, errors of Wq, errors of the p99)
    let table = [
        (0.5, [-1, 1], [-2, 2]),
        (2.0, [0, 10], [-9, 8]),
        (4.0, [0, 33], [-7, 38]),
        (10.0, [0, 28], [-14, 3]),
    ];
    for (scv, of_mean, of_p99) in table {
        let among = |case: &Case| case.is_poisson() && (case.service_scv - scv).abs() < 1e-9;
        assert_eq!(errors(among, wait_mean), of_mean, "mean, scv {scv}");
        assert_eq!(errors(among, p99), of_p99, "p99, scv {scv}");
    }
    let heavy = |case: &Case| case.is_poisson() && is_heavy(case);
    assert_eq!(errors(heavy, wait_mean), [-1, 24]);
    assert_says(Mgc::ERROR, errors(heavy, wait_mean));
    assert_says(Mgc::ERROR, errors(Case::is_poisson, wait_mean));
    assert_eq!(errors(heavy, p99), [-6, 3]);
}

#[test]
fn what_was_not_measured_is_said_to_be_far() {
    let far = |error: &str| error.contains("far from");
    let ggc = |arrival, service, servers: u64, rho| {
        let load = rho * servers as f64;
        let model = Ggc::new(load, arrival, 1.0, service, servers);
        far(model.expect("stable").error())
    };
    assert!(!ggc(0.5, 4.0, 5, 0.8));
    assert!(ggc(0.0, 0.5, 5, 0.8) && ggc(0.5, 0.1, 5, 0.8));
    assert!(ggc(0.5, 4.0, 11, 0.8) && ggc(0.5, 4.0, 5, 0.3));
    let mgc = |scv, servers: u64, rho| {
        let model = Mgc::new(rho * servers as f64, 1.0, scv, servers);
        far(model.expect("stable").error())
    };
    assert!(!mgc(4.0, 10, 0.6));
    assert!(mgc(100.0, 10, 0.6) && mgc(4.0, 30, 0.8) && mgc(4.0, 3, 0.2));
}

#[test]
fn kingmans_bound_is_above_every_mean_wait_of_one_server() {
    let error = |case: &Case| {
        let bound = kingman_bound(case.load, case.arrival_scv, 1.0, case.service_scv);
        bound.expect("stable") / case.wait_mean - 1.0
    };
    assert_eq!(
        errors(|case| case.servers == 1 && case.rho() > 0.85, error),
        [2, 20]
    );
    assert_eq!(
        errors(|case| case.servers == 1 && case.rho() < 0.85, error),
        [6, 294]
    );
}

#[test]
fn means_between_constant_and_exponential_service_are_those_of_the_reference() {
    // (c, λ, scv), Allen–Cunneen's Wq, interpolated Wq
    let table = [
        // approx-M-G-1-0.5-scv4.0
        ((1, 0.5, 4.0), 2.5, 2.5),
        // approx-M-G-1-0.8-scv4.0
        ((1, 0.8, 4.0), 10.0, 9.99999999999),
        // approx-M-G-2-0.5-scv0.5
        ((2, 1.0, 0.5), 0.25, 0.255037195223),
        // approx-M-G-2-0.8-scv0.5
        ((2, 1.6, 0.5), 1.33333333333, 1.3405308286),
        // approx-M-G-2-0.9-scv4.0
        ((2, 1.8, 4.0), 10.6578947368, 10.6118619348),
        // approx-M-G-5-0.5-scv4.0
        ((5, 2.5, 4.0), 0.130371297455, 0.116634494536),
        // approx-M-G-5-0.9-scv0.5
        ((5, 4.5, 0.5), 1.1437398311, 1.15084079983),
        // approx-M-G-10-0.5-scv0.5
        ((10, 5.0, 0.5), 0.00541580387375, 0.00598143419264),
        // approx-M-G-10-0.8-scv4.0
        ((10, 8.0, 4.0), 0.511475188496, 0.488876932451),
        // approx-M-G-10-0.9-scv4.0
        ((10, 9.0, 4.0), 1.67182881027, 1.64117994529),
    ];
    for ((servers, load, service_scv), allen_cunneen, interpolated) in table {
        let what = format!("{load} of {servers}, scv {service_scv}");
        let ggc = Ggc::new(load, 1.0, 1.0, service_scv, servers).expect("stable");
        assert_close(ggc.wait_mean(), allen_cunneen, 1e-7, &what);
        assert_close(ggc.ready_mean(), allen_cunneen * load, 1e-7, &what);
        assert_close(ggc.sojourn_mean(), allen_cunneen + 1.0, 1e-7, &what);
        let mgc = Mgc::new(load, 1.0, service_scv, servers).expect("stable");
        assert_close(mgc.wait_mean(), interpolated, 1e-7, &what);
        assert_close(mgc.ready_mean(), interpolated * load, 1e-7, &what);
        assert_close(mgc.sojourn_mean(), interpolated + 1.0, 1e-7, &what);
    }
}

#[test]
fn a_tail_is_where_its_quantile_is() {
    let mgc = Mgc::new(4.0, 1.0, 4.0, 5).expect("stable");
    let ggc = Ggc::new(4.0, 0.5, 1.0, 4.0, 5).expect("stable");
    for level in [0.6, 0.9, 0.999] {
        let tail = 1.0 - level;
        let (of_mgc, of_ggc) = (mgc.wait_quantile(level), ggc.wait_quantile(level));
        assert_close(mgc.wait_exceeds(of_mgc), tail, 1e-9, "M/G/c");
        assert_close(ggc.wait_exceeds(of_ggc), tail, 1e-9, "G/G/c");
    }
    assert_close(mgc.wait_exceeds(0.0), mgc.p_wait(), 0.0, "at once");
    assert_close(mgc.wait_quantile(0.1), 0.0, 0.0, "no wait");
    assert!(mgc.wait_quantile(1.0).is_infinite(), "the end");
}

#[test]
fn nobody_waits_where_nothing_varies_and_all_for_ever_where_services_vary_without_bound() {
    let still = Ggc::new(4.0, 0.0, 1.0, 0.0, 5).expect("stable");
    assert_close(still.p_wait(), 0.0, 0.0, "P(wait)");
    assert_close(still.wait_mean(), 0.0, 0.0, "mean");
    assert_close(still.wait_exceeds(0.0), 0.0, 0.0, "tail");
    let wild = Ggc::new(4.0, 1.0, 1.0, f64::INFINITY, 5).expect("stable");
    assert!(wild.wait_mean().is_infinite() && wild.wait_quantile(0.9).is_infinite());
    let wild = Mgc::new(4.0, 1.0, f64::INFINITY, 5).expect("stable");
    assert!(wild.wait_mean().is_infinite() && wild.wait_quantile(0.9).is_infinite());
}

#[test]
fn a_variability_below_nothing_is_refused() {
    let refused = |name| ModelError::Parameter {
        name,
        value: -1.0,
        rule: "must not be negative",
    };
    assert_eq!(
        Ggc::new(1.0, -1.0, 1.0, 1.0, 2),
        Err(refused("arrival_scv"))
    );
    assert_eq!(Mgc::new(1.0, 1.0, -1.0, 2), Err(refused("service_scv")));
    assert!(kingman_bound(1.0, 1.0, 1.0, 1.0).is_err());
}
