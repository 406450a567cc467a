//! M/G/1 and GI/M/c with the laws of `workload`, against answers computed independently. The names of the cases are
//! theirs.

mod gaps;

use queuelab::theory::{Law, Mdc, Mg1, Mmc, ModelError};
use queuelab::workload::Invalid;
use queuelab::workload::distribution::Distribution;

const LEVELS: [f64; 5] = [0.5, 0.9, 0.95, 0.99, 0.999];

#[track_caller]
fn assert_close(value: f64, expected: f64, rel_tol: f64, what: &str) {
    let is_close = value.to_bits() == expected.to_bits()
        || (value - expected).abs() <= rel_tol * expected.abs();
    assert!(is_close, "{what}: {value} is not {expected}");
}

fn numbers(line: &str) -> Vec<f64> {
    line.split(' ')
        .map(|number| number.parse().expect("a number"))
        .collect()
}

/// Each line a case: its name, λ, Wq, L and the variance of the wait, and where they are known the wait's p50, p90,
/// p95, p99 and p99.9.
#[track_caller]
fn assert_waits(service: impl Law + Clone + 'static, cases: &str) {
    for case in cases.lines() {
        let (name, figures) = case.split_once(' ').expect("a name and numbers");
        let figures = numbers(figures);
        let queue = Mg1::new(figures[0], service.clone()).expect("the references are stable");
        assert_close(queue.p_wait(), figures[0], 1e-9, name);
        assert_close(queue.wait_mean(), figures[1], 1e-9, name);
        assert_close(queue.sojourn_mean(), figures[1] + 1.0, 1e-9, name);
        assert_close(queue.ready_mean(), figures[1] * figures[0], 1e-9, name);
        assert_close(queue.total_mean(), figures[2], 1e-9, name);
        assert_close(queue.wait_variance(), figures[3], 1e-9, name);
        for (level, quantile) in LEVELS.iter().zip(&figures[4..]) {
            let value = queue.wait_quantile(*level);
            let what = format!("{name}, wait at {level}");
            // The reference is no better.
            assert_close(value, *quantile, 1.5e-4, &what);
            assert_close(queue.wait_exceeds(value), 1.0 - level, 1e-5, &what);
        }
    }
}

#[test]
fn a_wait_for_service_of_a_light_tail_is_that_of_the_reference() -> Result<(), Invalid> {
    assert_waits(
        Distribution::constant(1.0)?,
        "mg1-deterministic0-rho0.3 0.3 0.2142857142857 0.3642857142857 0.1887755102041\n\
         mg1-deterministic0-rho0.9 0.9 4.5 4.95 23.25 3.013049315556 10.78249239178 14.12864738884 21.89816122386 33.01377920369",
    );
    assert_waits(
        Distribution::uniform(0.5, 1.5)?,
        "mg1-uniform1-rho0.6 0.6 0.8125 1.0875 1.28515625 0.3719059454868 2.297500112026 3.107048653422 4.985959543272 7.674488975586",
    );
    assert_waits(
        Distribution::uniform(0.0, 2.0)?,
        "mg1-uniform2-rho0.3 0.3 0.2857142857143 0.3857142857143 0.3673469387755\n\
         mg1-uniform2-rho0.8 0.8 2.666666666667 2.933333333333 9.777777777778 1.675406988071 6.745982804918 8.929363145068 13.99901159792 21.25203400897",
    );
    assert_waits(
        Distribution::gamma(1.0, 0.5_f64.sqrt())?,
        "mg1-gamma3-rho0.6 0.6 1.125 1.275 2.765625 0.3977675073178 3.299292613489 4.52786368941 7.38037658253 11.4613938699\n\
         mg1-gamma3-rho0.9 0.9 6.75 6.975 54.5625 4.447972091204 16.37830477065 21.5164086701 33.44669152326 50.51500739627",
    );
    assert_waits(
        Distribution::gamma(1.0, 0.5)?,
        "mg1-gamma4-rho0.8 0.8 2.5 2.8 8.75 1.550232499157 6.360223118284 8.431904892072 13.2421992526 20.12417029136",
    );
    assert_waits(
        Distribution::gamma(1.0, 2_f64.sqrt())?,
        "mg1-gamma5-rho0.3 0.3 0.6428571428571 0.4928571428571 2.55612244898\n\
         mg1-gamma5-rho0.9 0.9 13.5 13.05 227.25 8.732635295013 33.15796333009 43.67751884928 68.10312517216 103.0481553677",
    );
    assert_waits(
        Distribution::hyperexponential(1.0, 2.0)?,
        "mg1-hyperexp210-rho0.3 0.3 1.071428571429 0.6214285714286 9.719387755102\n\
         mg1-hyperexp210-rho0.9 0.9 22.5 21.15 686.25 13.94361872964 56.68808188349 75.09709207819 117.8414243193 178.9945770774",
    );
    assert_waits(
        Distribution::hyperexponential(1.0, 10_f64.sqrt())?,
        "mg1-hyperexp211-rho0.6 0.6 8.25 5.55 233.0625 0.5749055301803 27.39174517556 40.21984684693 70.00577630995 112.6198068111",
    );
    assert_waits(
        Distribution::weibull(2.0, 1.0)?,
        "mg1-weibull17-rho0.3 0.3 0.2728370453004 0.3818511135901 0.3472770985886\n\
         mg1-weibull17-rho0.8 0.8 2.54647908947 2.837183271576 9.03103484258 1.58747456851 6.467870669771 8.570286286727 13.45193328662 20.43596331047",
    );
    Ok(())
}

#[test]
fn a_wait_for_service_of_a_heavy_tail_is_that_of_the_reference() -> Result<(), Invalid> {
    assert_waits(
        Distribution::lognormal(1.0, 0.5)?,
        "mg1-lognormal6-rho0.6 0.6 0.9375 1.1625 1.85546875 0.37352035696 2.713924297902 3.715822708327 6.045334422526 9.380417337099",
    );
    assert_waits(
        Distribution::lognormal(1.0, 1.0)?,
        "mg1-lognormal7-rho0.3 0.3 0.4285714285714 0.4285714285714 1.326530612245\n\
         mg1-lognormal7-rho0.8 0.8 4.0 4.0 26.66666666667 2.155855583862 10.61959641966 14.41025761103 23.36809378562 36.51781163049",
    );
    assert_waits(
        Distribution::lognormal(1.0, 2.0)?,
        "mg1-lognormal8-rho0.6 0.6 3.75 2.85 76.5625 0.521822900273 10.73753691217 17.4035284857 38.50329177012 90.13933038253\n\
         mg1-lognormal8-rho0.9 0.9 22.5 21.15 881.25 12.11256089763 58.16745679415 80.12790430941 135.5335142711 231.7925501906",
    );
    assert_waits(
        Distribution::lognormal(1.0, 4.0)?,
        "mg1-lognormal9-rho0.8 0.8 34.0 28.0 7706.666666667 8.814236174451 88.68084961055 142.6584141191 333.1802457348 925.011707194",
    );
    assert_waits(
        Distribution::pareto(3.5, 1.0)?,
        "mg1-pareto12-rho0.3 0.3 0.2551020408163 0.3765306122449 0.4295085381091\n\
         mg1-pareto12-rho0.8 0.8 2.380952380952 2.704761904762 9.070294784581 1.402871874462 6.083935291652 8.192132300145 13.31317756534 21.79749967076",
    );
    assert_waits(
        Distribution::pareto(2.5, 1.0)?,
        "mg1-pareto13-rho0.6 0.6 1.35 1.41 inf 0.3719063907838 3.292578739696 5.109497588927 12.01016720342 45.45615981172\n\
         mg1-pareto13-rho0.9 0.9 8.1 8.19 inf 4.202442689928 18.97018721641 26.71363899079 51.31319267657 158.4074849687",
    );
    assert_waits(
        Distribution::pareto(1.8, 1.0)?,
        "mg1-pareto14-rho0.8 0.8 inf inf inf",
    );
    assert_waits(
        Lomax {
            shape: 3.2,
            scale: 2.2,
        },
        "mg1-lomax15-rho0.3 0.3 0.7857142857143 0.5357142857143 17.90306122449\n\
         mg1-lomax15-rho0.9 0.9 16.5 15.75 635.25 9.190472601041 41.58026298375 57.09658844925 97.76322427393 185.427373541",
    );
    assert_waits(
        Distribution::weibull(0.6, 1.0)?,
        "mg1-weibull16-rho0.6 0.6 3.068096821033 2.44085809262 27.02929931011 0.64667864709 9.412288517614 13.67811332182 23.98080875154 39.29107882553",
    );
    assert_waits(
        Distribution::bounded_pareto(1.3, 0.263_972_325_502_949_75, 263.972_325_502_949_73)?,
        "mg1-bounded_pareto18-rho0.6 0.6 12.12312414893 7.873874489355 1032.474814699 0.3992886752662 35.46333185233 73.07330284104 168.6399862887 269.4974903089\n\
         mg1-bounded_pareto18-rho0.9 0.9 72.73874489355 66.3648704042 10603.9530621 28.76097624913 208.6983092613 284.1324701985 461.9961447419 716.1508337004",
    );
    Ok(())
}

/// A Pareto law moved to 0: P(X > x) = (1 + x / scale)^−shape.
#[derive(Clone, Debug)]
struct Lomax {
    shape: f64,
    scale: f64,
}

impl Lomax {
    /// ∫ (1 + v)^(`power` − shape) dv from 0 to x / scale.
    fn integral(&self, power: f64, x: f64) -> f64 {
        let exponent = power + 1.0 - self.shape;
        ((1.0 + x / self.scale).powf(exponent) - 1.0) / exponent
    }
}

impl Law for Lomax {
    fn moment(&self, n: u32) -> f64 {
        self.limited_moment(n, f64::INFINITY)
    }

    fn exceeds(&self, x: f64) -> f64 {
        (1.0 + x / self.scale).powf(-self.shape)
    }

    fn limited_moment(&self, n: u32, x: f64) -> f64 {
        let parts = [0.0, 1.0, 2.0].map(|power| self.integral(power, x));
        let sum = match n {
            1 => parts[0],
            2 => 2.0 * (parts[1] - parts[0]),
            _ => 3.0 * (parts[2] - 2.0 * parts[1] + parts[0]),
        };
        sum * self.scale.powf(f64::from(n))
    }

    fn laplace(&self, _: f64) -> f64 {
        unreachable!("a law of services is not asked for it")
    }
}

/// Beyond the references: against the same method with eight times as many steps.
#[test]
fn the_heaviest_tails_keep_four_digits() -> Result<(), Invalid> {
    let table = [
        (
            Distribution::lognormal(1.0, 10.0)?,
            [1.573_413, 133.695_52, 1_154.593_8, 5_544.279],
        ),
        (
            Distribution::lognormal(1.0, 100.0)?,
            [10.538_074, 4_198.127_2, 91_733.28, 869_010.4],
        ),
        (
            Distribution::pareto(1.8, 1.0)?,
            [0.371_905_9, 7.617_619, 117.190_16, 2_001.464_4],
        ),
        (
            Distribution::pareto(1.1, 1.0)?,
            [
                2.200_652,
                7_181_120_492.0,
                1.831_361_728e20,
                2.001_386_56e30,
            ],
        ),
    ];
    for (service, quantiles) in table {
        let what = service.to_string();
        let queue = Mg1::new(0.6, service).expect("stable");
        for (level, quantile) in [0.5, 0.9, 0.99, 0.999].into_iter().zip(quantiles) {
            assert_close(queue.wait_quantile(level), quantile, 4e-5, &what);
        }
    }
    Ok(())
}

#[test]
fn one_server_of_exponential_service_is_that_of_m_m_1() -> Result<(), Invalid> {
    for rho in [0.1, 0.9, 0.999] {
        let queue = Mg1::new(rho, Distribution::exponential(1.0)?).expect("stable");
        let exact = Mmc::new(rho, 1.0, 1).expect("stable");
        assert_close(queue.wait_variance(), exact.wait_variance(), 1e-12, "wait");
        assert_close(
            queue.total_variance(),
            exact.total_variance(),
            1e-12,
            "total",
        );
        for level in [0.95, 0.999, 1.0 - 1e-6, 1.0 - 1e-9] {
            let what = format!("at {rho}, {level}");
            assert_close(
                queue.wait_quantile(level),
                exact.wait_quantile(level),
                5e-5,
                &what,
            );
            let sojourn = exact.sojourn_quantile(level);
            assert_close(queue.sojourn_quantile(level), sojourn, 5e-5, &what);
            assert_close(
                queue.sojourn_exceeds(sojourn),
                exact.sojourn_exceeds(sojourn),
                1e-3,
                &what,
            );
        }
    }
    Ok(())
}

#[test]
fn one_server_of_constant_service_is_that_of_m_d_1() -> Result<(), Invalid> {
    for rho in [0.3, 0.8, 0.99] {
        let queue = Mg1::new(rho, Distribution::constant(1.0)?).expect("stable");
        let exact = Mdc::new(rho, 1.0, 1).expect("stable");
        assert_close(queue.wait_variance(), exact.wait_variance(), 1e-9, "wait");
        assert_close(
            queue.total_variance(),
            exact.total_variance(),
            1e-9,
            "total",
        );
        for t in [0.1, 0.99, 1.0, 1.5, 4.0] {
            let what = format!("at {rho}, {t}");
            assert_close(queue.wait_exceeds(t), exact.wait_exceeds(t), 1e-4, &what);
        }
        for level in [0.5, 0.99] {
            let sojourn = exact.sojourn_quantile(level);
            assert_close(queue.sojourn_quantile(level), sojourn, 5e-4, "sojourn");
        }
        assert_close(
            queue.sojourn_exceeds(0.9),
            1.0,
            1e-6,
            "none is served sooner",
        );
    }
    Ok(())
}

#[test]
fn the_order_of_service_changes_the_variance_of_the_wait_alone() -> Result<(), Invalid> {
    // mg1-disciplines-hyperexp2-0.6 and mg1-disciplines-deterministic-0.6: the second moment of the wait first come
    // first served, last come first served and in random order; then the mean wait, and the mean sojourn of a shared
    // server
    let table = [
        (
            Distribution::hyperexponential(1.0, 2.0)?,
            [58.125, 145.3125, 83.035_714_285_714_29],
            [3.75, 2.5],
        ),
        (
            Distribution::constant(1.0)?,
            [1.625, 4.0625, 2.321_428_571_428_571],
            [0.75, 2.5],
        ),
    ];
    for (service, [first, last, random], [wait, shared]) in table {
        let queue = Mg1::new(0.6, service).expect("stable");
        let square = queue.wait_mean().powi(2);
        assert_close(queue.wait_mean(), wait, 1e-8, "mean");
        assert_close(queue.wait_variance() + square, first, 1e-8, "first come");
        assert_close(
            queue.wait_variance_last_come() + square,
            last,
            1e-8,
            "last come",
        );
        assert_close(
            queue.wait_variance_random_order() + square,
            random,
            1e-8,
            "random",
        );
        assert_close(queue.sojourn_mean_shared(), shared, 1e-8, "shared");
    }
    let heavy = Mg1::new(0.6, Distribution::pareto(1.8, 1.0)?).expect("stable");
    assert_close(
        heavy.wait_variance_last_come(),
        f64::INFINITY,
        0.0,
        "infinite",
    );
    Ok(())
}

#[test]
fn a_server_that_cannot_keep_up_or_takes_no_time_is_refused() -> Result<(), Invalid> {
    let refused = |rate, service| Mg1::new(rate, service).map(|queue| queue.wait_mean());
    assert_eq!(
        refused(1.0, Distribution::exponential(1.0)?),
        Err(ModelError::Unstable {
            offered_load: 1.0,
            servers: 1,
            least: 2
        })
    );
    assert_eq!(
        refused(f64::NAN, Distribution::exponential(1.0)?).map_err(|error| error.to_string()),
        Err("an arrival rate of NaN per second must be a positive number".to_owned())
    );
    assert_eq!(
        refused(1.0, Distribution::constant(0.0)?),
        Err(ModelError::ServiceRate(f64::INFINITY))
    );
    Ok(())
}

#[test]
fn what_nobody_exceeds_is_infinite_and_what_all_do_is_nothing() -> Result<(), Invalid> {
    let queue = Mg1::new(0.6, Distribution::gamma(1.0, 3.0)?).expect("stable");
    assert_close(queue.wait_quantile(1.0), f64::INFINITY, 0.0, "the end");
    assert_close(queue.wait_quantile(0.4), 0.0, 0.0, "no wait");
    assert_close(queue.sojourn_quantile(0.0), 0.0, 0.0, "at once");
    assert_close(queue.wait_exceeds(0.0), 0.6, 1e-12, "some wait");
    assert_close(queue.wait_exceeds(f64::MAX), 0.0, 0.0, "none so long");
    Ok(())
}
