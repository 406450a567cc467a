//! Laws of values: their moments, their tails, and what is refused.

use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::*;

/// Draws per law: a mean is then known to 1/500 of a standard deviation.
const DRAWS: u64 = 250_000;
/// One honest test in 150,000 fails at 4.5 standard errors; the seed is fixed, so that none does by chance.
const ERRORS_MAX: f64 = 4.5;

fn draws(law: &Distribution) -> impl Iterator<Item = f64> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(7);
    (0..DRAWS).map(move |index| law.sample(index, &mut rng).expect("no list"))
}

fn mixture() -> Result<Distribution, Invalid> {
    Distribution::mixture(vec![
        (1.0, Distribution::constant(4.0)?),
        (3.0, Distribution::exponential(1.0)?),
    ])
}

/// How many standard errors the mean of `values` lies from `expected`.
fn errors_from(expected: f64, values: &[f64]) -> f64 {
    let (mean, scv) = moments(values);
    let standard_error = mean * (scv / values.len() as f64).sqrt();
    ((mean - expected).abs() - 1e-12 * expected) / standard_error.max(f64::MIN_POSITIVE)
}

/// One of each family, with its mean and its scv.
fn families() -> Result<Vec<(Distribution, f64, f64)>, Invalid> {
    let pi = std::f64::consts::PI;
    let ln_10 = std::f64::consts::LN_10;
    Ok(vec![
        (Distribution::constant(2.0)?, 2.0, 0.0),
        (Distribution::uniform(1.0, 3.0)?, 2.0, 1.0 / 12.0),
        (
            Distribution::triangular(1.0, 2.0, 6.0)?,
            3.0,
            21.0 / 18.0 / 9.0,
        ),
        (Distribution::exponential(0.2)?, 0.2, 1.0),
        (Distribution::erlang(1, 0.6)?, 0.6, 1.0),
        (Distribution::erlang(3, 0.6)?, 0.6, 1.0 / 3.0),
        (Distribution::erlang(20, 2.0)?, 2.0, 1.0 / 20.0),
        (Distribution::gamma(1.5, 0.5)?, 1.5, 0.25),
        (Distribution::gamma(1.5, 2.0)?, 1.5, 4.0),
        (Distribution::lognormal(0.2, 1.2)?, 0.2, 1.44),
        // σ = ln 10 / 2.32635, mean 0.1·exp(σ²/2), scv exp(σ²) − 1
        (
            Distribution::lognormal_from_quantiles(0.1, 1.0)?,
            0.163_205_1,
            1.663_590_6,
        ),
        (Distribution::weibull(2.0, 1.0)?, 1.0, 4.0 / pi - 1.0),
        (Distribution::weibull(0.5, 3.0)?, 3.0, 5.0),
        (Distribution::pareto(6.0, 1.2)?, 1.2, 1.0 / 24.0),
        (
            Distribution::bounded_pareto(1.0, 1.0, 10.0)?,
            ln_10 / 0.9,
            10.0 / (ln_10 / 0.9).powi(2) - 1.0,
        ),
        (
            Distribution::bounded_pareto(3.0, 1.0, 2.0)?,
            9.0 / 7.0,
            1.0 / 27.0,
        ),
        (Distribution::hyperexponential(0.5, 3.0)?, 0.5, 9.0),
        (Distribution::hyperexponential(0.5, 1.0)?, 0.5, 1.0),
        (mixture()?, 1.75, 2.4375 / (1.75 * 1.75)),
        (
            Distribution::empirical(Arc::new([1.0, 2.0, 6.0]))?,
            3.0,
            14.0 / 27.0,
        ),
    ])
}

#[test]
fn every_family_has_the_moments_that_are_worked_out_by_hand_and_draws_them() -> Result<(), Invalid>
{
    for (law, mean, scv) in families()? {
        assert!(
            (law.mean() - mean).abs() < 1e-6 * mean,
            "{law}: mean {}, by hand {mean}",
            law.mean()
        );
        assert!(
            (law.scv() - scv).abs() < 1e-6,
            "{law}: scv {}, by hand {scv}",
            law.scv()
        );
        let values: Vec<f64> = draws(&law).collect();
        // The second moment stands for the scv, because its standard error follows from the draws themselves.
        let squares: Vec<f64> = values.iter().map(|value| value * value).collect();
        let errors = (
            errors_from(law.mean(), &values),
            errors_from(law.mean().powi(2) * (1.0 + law.scv()), &squares),
        );
        assert!(
            errors.0 < ERRORS_MAX && errors.1 < ERRORS_MAX,
            "{law}: {errors:?} standard errors off"
        );
        assert!(
            values
                .iter()
                .all(|value| *value >= law.min() && value.is_finite()),
            "{law}: below {}",
            law.min()
        );
    }
    Ok(())
}

/// Moments say nothing where the variance is infinite, or so ruled by rare draws that no sample shows it: shares do.
#[test]
fn heavy_tails_fall_as_their_law_says() -> Result<(), Invalid> {
    let two_phases = |x: f64| {
        // cv 3: s = √(8 / 10), means 1 / (1 ± s)
        let s = 0.8_f64.sqrt();
        1.0 - (1.0 - s) / 2.0 * (-x * (1.0 - s)).exp() - (1.0 + s) / 2.0 * (-x * (1.0 + s)).exp()
    };
    let table = [
        (
            Distribution::pareto(1.5, 3.0)?,
            vec![(2.0, 1.0 - 2_f64.powf(-1.5)), (100.0, 0.999)],
        ),
        (
            Distribution::pareto(1.1, 11.0)?,
            vec![
                (2.0, 1.0 - 2_f64.powf(-1.1)),
                (1e3, 1.0 - 1e-3_f64.powf(1.1)),
            ],
        ),
        (
            Distribution::bounded_pareto(1.0, 1.0, 1e6)?,
            vec![(2.0, 0.5 / (1.0 - 1e-6)), (1e3, 0.999 / (1.0 - 1e-6))],
        ),
        (
            Distribution::lognormal_from_quantiles(0.1, 1.0)?,
            vec![(0.1, 0.5), (1.0, 0.99)],
        ),
        (
            Distribution::weibull(0.5, 2.0)?,
            vec![(1.0, 1.0 - (-1_f64).exp()), (25.0, 1.0 - (-5_f64).exp())],
        ),
        (
            Distribution::hyperexponential(1.0, 3.0)?,
            vec![(0.5, two_phases(0.5)), (10.0, two_phases(10.0))],
        ),
    ];
    for (law, points) in table {
        let values: Vec<f64> = draws(&law).collect();
        for (x, share) in points {
            let found = values.iter().filter(|value| **value <= x).count() as f64 / DRAWS as f64;
            let errors = (found - share).abs() / (share * (1.0 - share) / DRAWS as f64).sqrt();
            assert!(
                errors < ERRORS_MAX,
                "{law}: P(X <= {x}) is {found}, not {share}: {errors} standard errors"
            );
        }
    }
    Ok(())
}

#[test]
fn a_pareto_without_a_variance_says_so() -> Result<(), Invalid> {
    assert!(Distribution::pareto(2.0, 1.0)?.scv().is_infinite());
    let heavy = Distribution::mixture(vec![
        (1.0, Distribution::pareto(1.5, 1.0)?),
        (1.0, Distribution::constant(0.0)?),
    ])?;
    assert!(heavy.scv().is_infinite());
    Ok(())
}

#[test]
fn listed_values_come_in_order_and_then_run_out() -> Result<(), Invalid> {
    let law = Distribution::listed(Arc::new([3.0, 1.0, 2.0]))?;
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
    let values: Vec<_> = (0..4).map(|index| law.sample(index, &mut rng)).collect();
    assert_eq!(
        values,
        [Ok(3.0), Ok(1.0), Ok(2.0), Err(UsedUp { given: 3 })]
    );
    assert_eq!(
        UsedUp { given: 3 }.to_string(),
        "all 3 listed values are used up; list more of them, end the run earlier, or draw from them with `empirical`"
    );
    assert_eq!((law.mean(), law.min()), (2.0, 1.0));
    Ok(())
}

#[test]
fn a_law_of_one_value_is_constant_however_it_is_asked_for() -> Result<(), Invalid> {
    for law in [
        Distribution::constant(2.0)?,
        Distribution::uniform(2.0, 2.0)?,
        Distribution::triangular(2.0, 2.0, 2.0)?,
        Distribution::gamma(2.0, 0.0)?,
        Distribution::lognormal(2.0, 0.0)?,
        Distribution::empirical(Arc::new([2.0, 2.0]))?,
    ] {
        assert_eq!(law, Distribution::Constant { value: 2.0 });
        assert!(law.is_constant());
    }
    assert!(
        !Distribution::listed(Arc::new([2.0, 2.0]))?.is_constant(),
        "it runs out"
    );
    assert!(Distribution::constant(0.0)?.scv() == 0.0, "not 0 / 0");
    Ok(())
}

#[test]
fn a_part_of_weight_0_is_left_out() -> Result<(), Invalid> {
    let parts = vec![
        (0.0, Distribution::constant(9.0)?),
        (2.0, Distribution::constant(1.0)?),
    ];
    let law = Distribution::mixture(parts)?;
    assert_eq!((law.min(), law.mean()), (1.0, 1.0));
    assert!(draws(&law).take(100).all(|value| value < 9.0));
    Ok(())
}

#[test]
fn a_law_is_shown_as_the_call_that_makes_it() -> Result<(), Invalid> {
    let table = [
        (Distribution::constant(2.0)?, "constant(value=2)"),
        (Distribution::uniform(1.0, 3.0)?, "uniform(low=1, high=3)"),
        (
            Distribution::triangular(1.0, 2.0, 6.0)?,
            "triangular(low=1, mode=2, high=6)",
        ),
        (Distribution::exponential(0.2)?, "exponential(mean=0.2)"),
        (Distribution::erlang(3, 0.6)?, "erlang(shape=3, mean=0.6)"),
        (Distribution::gamma(1.5, 0.5)?, "gamma(mean=1.5, cv=0.5)"),
        (
            Distribution::lognormal(0.2, 1.2)?,
            "lognormal(mean=0.2, cv=1.2)",
        ),
        (
            Distribution::lognormal_from_quantiles(0.1, 1.0)?,
            "lognormal(median=0.1, p99=1)",
        ),
        (
            Distribution::weibull(0.5, 3.0)?,
            "weibull(shape=0.5, mean=3)",
        ),
        (Distribution::pareto(1.5, 3.0)?, "pareto(shape=1.5, mean=3)"),
        (
            Distribution::bounded_pareto(1.5, 1.0, 10.0)?,
            "bounded_pareto(shape=1.5, low=1, high=10)",
        ),
        (
            Distribution::hyperexponential(0.5, 3.0)?,
            "hyperexponential(mean=0.5, cv=3)",
        ),
        (
            mixture()?,
            "mixture([{ weight = 1, of = constant(value=4) }, { weight = 3, of = exponential(mean=1) }])",
        ),
        (
            Distribution::empirical(Arc::new([1.0, 2.0]))?,
            "empirical(2 values)",
        ),
        (
            Distribution::listed(Arc::new([1.0, 2.0]))?,
            "listed(2 values)",
        ),
    ];
    for (law, shown) in table {
        assert_eq!(law.to_string(), shown);
    }
    Ok(())
}

#[test]
fn a_parameter_that_breaks_a_rule_is_refused_with_the_rule_and_the_remedy() {
    let listed = || Distribution::listed(Arc::new([1.0])).expect("valid");
    let constant = || Distribution::constant(1.0).expect("valid");
    let not_positive = "is not a positive number; give one above 0";
    let negative = "is negative or not a number; give 0 or more";
    let extreme = "this is too large or too small to compute with; give a number nearer to 1";
    let table = [
        (Distribution::constant(-1.0), format!("value: -1 {negative}")),
        (Distribution::constant(f64::NAN), format!("value: NaN {negative}")),
        (Distribution::constant(f64::INFINITY), format!("value: inf {negative}")),
        (Distribution::uniform(-1.0, 2.0), format!("low: -1 {negative}")),
        (Distribution::uniform(1.0, f64::NAN), format!("high: NaN {negative}")),
        (Distribution::uniform(3.0, 2.0), "high: 2 is below low = 3; give the greater of the two as high".into()),
        (Distribution::triangular(3.0, 3.0, 2.0), "high: 2 is below low = 3; give the greater of the two as high".into()),
        (
            Distribution::triangular(1.0, 5.0, 2.0),
            "mode: 5 is not between low = 1 and high = 2; give the likeliest value of the range".into(),
        ),
        (Distribution::exponential(0.0), format!("mean: 0 {not_positive}")),
        (Distribution::erlang(0, 1.0), "shape: an Erlang law has at least one stage; give a whole number from 1 up".into()),
        (Distribution::erlang(2, -1.0), format!("mean: -1 {not_positive}")),
        (Distribution::gamma(0.0, 1.0), format!("mean: 0 {not_positive}")),
        (Distribution::gamma(1.0, -1.0), format!("cv: -1 {negative}")),
        (Distribution::gamma(1.0, 1e200), format!("cv: {extreme}")),
        (Distribution::lognormal(-2.0, 1.0), format!("mean: -2 {not_positive}")),
        (Distribution::lognormal(1.0, f64::NAN), format!("cv: NaN {negative}")),
        (Distribution::lognormal_from_quantiles(0.0, 1.0), format!("median: 0 {not_positive}")),
        (
            Distribution::lognormal_from_quantiles(1.0, 1.0),
            "p99: 1 is not above the median = 1; give the value that 99 % stay below".into(),
        ),
        (Distribution::weibull(0.0, 1.0), format!("shape: 0 {not_positive}")),
        (Distribution::weibull(0.001, 1.0), "shape: 0.001 is too small to compute with; give at least 0.01".into()),
        (Distribution::weibull(1.0, 0.0), format!("mean: 0 {not_positive}")),
        (Distribution::pareto(0.9, 1.0), "shape: a Pareto with shape 0.9 has no mean; give a shape above 1".into()),
        (Distribution::pareto(2.0, f64::INFINITY), format!("mean: inf {not_positive}")),
        (Distribution::bounded_pareto(-1.0, 1.0, 2.0), format!("shape: -1 {not_positive}")),
        (Distribution::bounded_pareto(1.0, 0.0, 2.0), format!("low: 0 {not_positive}")),
        (
            Distribution::bounded_pareto(1.0, 2.0, 2.0),
            "high: 2 is not above low; give a greater one, or say constant".into(),
        ),
        (
            Distribution::hyperexponential(1.0, 0.5),
            "cv: a hyperexponential with cv 0.5 does not exist; give 1 or more, or use gamma or erlang".into(),
        ),
        (Distribution::hyperexponential(0.0, 2.0), format!("mean: 0 {not_positive}")),
        (
            Distribution::mixture(vec![]),
            "weight: no part has a weight that can be drawn by; give a positive one, e.g. 1".into(),
        ),
        (Distribution::mixture(vec![(-1.0, constant())]), format!("weight: -1 {negative}")),
        (
            Distribution::mixture(vec![(1.0, listed())]),
            "of: listed values come in order and cannot be a part of a mixture; use empirical".into(),
        ),
        (Distribution::empirical(Arc::new([])), "values: there are none; give at least one".into()),
        (
            Distribution::listed(Arc::new([1.0, -2.0])),
            "values: number 2 is -2, negative or not a number; give 0 or more".into(),
        ),
    ];
    for (built, text) in table {
        assert_eq!(built.map_err(|invalid| invalid.to_string()), Err(text));
    }
}
