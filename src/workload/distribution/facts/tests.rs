//! Facts of each family against 30 digits, got by integrating densities.

use std::sync::Arc;

use super::*;
use crate::workload::Invalid;

/// A law; where it is asked, x and s; the third moment, P(X > x), `E[min(X, x)]`, `E[min(X, x)²]` and `E[exp(−sX)]`.
type Row = (Distribution, [f64; 2], [f64; 5]);

#[track_caller]
fn assert_fact(law: &Distribution, fact: &str, value: f64, expected: f64) {
    let is_close =
        value.to_bits() == expected.to_bits() || (value - expected).abs() <= 2e-13 * expected.abs();
    assert!(is_close, "{law}: {fact} {value}, by 30 digits {expected}");
}

fn assert_facts(rows: Vec<Row>) {
    for (law, [x, s], [third, exceeds, mean, square, laplace]) in rows {
        assert_fact(&law, "third moment", law.moment(3), third);
        assert_fact(&law, "exceeds", law.exceeds(x), exceeds);
        assert_fact(&law, "limited mean", law.limited_mean(x), mean);
        assert_fact(&law, "limited square", law.limited_moment(2, x), square);
        assert_fact(&law, "transform", law.laplace(s), laplace);
    }
}

#[test]
fn laws_between_two_values_have_the_facts_of_their_densities() -> Result<(), Invalid> {
    let triangular = || Distribution::triangular(1.0, 2.0, 6.0);
    let bounded = || Distribution::bounded_pareto(1.3, 0.5, 300.0);
    assert_facts(vec![
        (
            Distribution::constant(2.0)?,
            [1.5, 0.5],
            [8.0, 1.0, 1.5, 2.25, (-1.0_f64).exp()],
        ),
        (
            Distribution::constant(2.0)?,
            [2.0, 0.0],
            [8.0, 0.0, 2.0, 4.0, 1.0],
        ),
        (
            Distribution::uniform(1.0, 3.0)?,
            [1.7, 0.4],
            [
                10.0,
                0.65,
                1.5775,
                2.530_666_666_666_667,
                0.461_407_292_654_296_5,
            ],
        ),
        (
            triangular()?,
            [3.5, 0.4],
            [
                38.1,
                0.3125,
                2.739_583_333_333_333_3,
                8.018_229_166_666_667,
                0.328_345_823_028_663_6,
            ],
        ),
        (
            triangular()?,
            [1.5, 40.0],
            [
                38.1,
                0.95,
                1.491_666_666_666_666_7,
                2.227_083_333_333_333_3,
                1.062_088_563_822_897_2e-21,
            ],
        ),
        (
            bounded()?,
            [4.0, 2.0],
            [
                5_050.793_081_450_558,
                0.066_757_598_213_960_6,
                1.272_855_136_440_554_4,
                2.594_645_629_715_285_6,
                0.174_963_023_781_578_7,
            ],
        ),
        (
            bounded()?,
            [4.0, 1e-4],
            [
                5_050.793_081_450_558,
                0.066_757_598_213_960_6,
                1.272_855_136_440_554_4,
                2.594_645_629_715_285_6,
                0.999_815_283_502_847,
            ],
        ),
    ]);
    Ok(())
}

#[test]
fn laws_with_light_tails_have_the_facts_of_their_densities() -> Result<(), Invalid> {
    let weibull = [
        0.529_314_496_543_195_6,
        0.740_672_784_549_393_6,
        0.599_295_396_134_782_5,
    ];
    let [above, mean, square] = weibull;
    let third = 1.909_859_317_102_744;
    assert_facts(vec![
        (
            Distribution::exponential(0.2)?,
            [0.3, 2.0],
            [
                0.048,
                0.223_130_160_148_429_83,
                0.155_373_967_970_314_03,
                0.035_373_967_970_314_03,
                0.714_285_714_285_714_3,
            ],
        ),
        (
            Distribution::erlang(3, 0.6)?,
            [0.5, 2.0],
            [
                0.48,
                0.543_813_115_883_329_5,
                0.417_360_878_061_825_2,
                0.188_187_829_892_039_8,
                0.364_431_486_880_466_5,
            ],
        ),
        (
            Distribution::gamma(1.5, 2.0)?,
            [0.5, 2.0],
            [
                151.875,
                0.416_888_642_607_789_7,
                0.265_054_184_450_742_9,
                0.119_767_547_782_574_64,
                0.526_640_387_847_926_6,
            ],
        ),
        (
            Distribution::hyperexponential(0.5, 3.0)?,
            [0.3, 2.0],
            [
                33.75,
                0.353_497_965_378_203_96,
                0.185_122_246_549_200_4,
                0.046_040_726_867_034_15,
                0.625,
            ],
        ),
        (
            Distribution::weibull(2.0, 1.0)?,
            [0.9, 2.0],
            [third, above, mean, square, 0.210_209_804_035_319_2],
        ),
        (
            Distribution::weibull(2.0, 1.0)?,
            [0.9, 100.0],
            [third, above, mean, square, 0.000_157_005_668_719_415_8],
        ),
    ]);
    Ok(())
}

#[test]
fn laws_with_heavy_tails_have_the_facts_of_their_densities() -> Result<(), Invalid> {
    let lognormal = |s, laplace| -> Result<Row, Invalid> {
        let [above, mean, square] = [
            0.183_650_966_008_902_85,
            0.151_672_002_730_146_23,
            0.032_313_397_467_261_73,
        ];
        let law = Distribution::lognormal(0.2, 1.2)?;
        Ok((law, [0.3, s], [0.116_214_272, above, mean, square, laplace]))
    };
    let weibull = |s, laplace| -> Result<Row, Invalid> {
        let [above, mean, square] = [
            0.460_889_634_482_101_3,
            0.546_320_369_280_415,
            0.439_535_259_345_523_44,
        ];
        let law = Distribution::weibull(0.5, 3.0)?;
        Ok((law, [0.9, s], [2430.0, above, mean, square, laplace]))
    };
    let pareto = |s, laplace| -> Result<Row, Invalid> {
        let law = Distribution::pareto(1.5, 3.0)?;
        Ok((law, [4.0, s], [f64::INFINITY, 0.125, 2.0, 5.0, laplace]))
    };
    assert_facts(vec![
        lognormal(2.0, 0.719_531_604_077_560_3)?,
        lognormal(1e-3, 0.999_800_048_780_645)?,
        lognormal(1e4, 9.837_089_840_747_796e-11)?,
        (
            Distribution::lognormal(1.0, 10.0)?,
            [3.0, 1e4],
            [
                1_030_301.0,
                0.056_422_710_784_372_93,
                0.456_070_440_855_411_4,
                0.846_526_915_391_159_1,
                0.000_862_636_042_761_308,
            ],
        ),
        weibull(2.0, 0.379_886_916_731_278_6)?,
        weibull(1e-3, 0.997_026_603_282_660_1)?,
        weibull(1e4, 0.007_202_799_443_090_604)?,
        pareto(2.0, 0.050_203_142_233_298_31)?,
        pareto(1e-6, 0.999_997_003_543_407_7)?,
        pareto(30.0, 4.328_608_694_339_88e-15)?,
        (
            Distribution::pareto(2.0, 1.0)?,
            [4.0, 2.0],
            [
                f64::INFINITY,
                0.015_625,
                0.9375,
                1.289_720_770_839_918,
                0.219_383_934_395_520_27,
            ],
        ),
        (
            Distribution::pareto(3.5, 1.0)?,
            [4.0, 2.0],
            [
                2.551_020_408_163_265_3,
                0.002_406_256_419_484_889,
                0.996_149_989_728_824_2,
                1.139_142_720_193_846_2,
                0.160_151_179_125_732_05,
            ],
        ),
    ]);
    Ok(())
}

#[test]
fn laws_of_parts_and_of_values_are_added_up() -> Result<(), Invalid> {
    let e = |x: f64| (-x).exp();
    let values: Arc<[f64]> = Arc::new([6.0, 1.0, 2.0]);
    let of_values = [
        225.0 / 3.0,
        1.0 / 3.0,
        2.0,
        14.0 / 3.0,
        (e(1.0) + e(2.0) + e(6.0)) / 3.0,
    ];
    let mixture = Distribution::mixture(vec![
        (1.0, Distribution::constant(4.0)?),
        (3.0, Distribution::exponential(1.0)?),
    ])?;
    let of_mixture = [
        (64.0 + 3.0 * 6.0) / 4.0,
        (1.0 + 3.0 * e(2.0)) / 4.0,
        (2.0 + 3.0 * (1.0 - e(2.0))) / 4.0,
        (4.0 + 6.0 * (1.0 - 3.0 * e(2.0))) / 4.0,
        (e(4.0) + 1.5) / 4.0,
    ];
    assert_facts(vec![
        (
            Distribution::empirical(Arc::clone(&values))?,
            [3.0, 1.0],
            of_values,
        ),
        (Distribution::listed(values)?, [3.0, 1.0], of_values),
        (mixture, [2.0, 1.0], of_mixture),
        // weights 6, 3 and 2 of 11
        (
            Distribution::zipf(3, 1.0)?,
            [2.0, 1.0],
            [
                84.0 / 11.0,
                2.0 / 11.0,
                16.0 / 11.0,
                26.0 / 11.0,
                (6.0 * e(1.0) + 3.0 * e(2.0) + 2.0 * e(3.0)) / 11.0,
            ],
        ),
    ]);
    Ok(())
}

#[test]
fn what_is_asked_at_the_ends_is_answered_with_numbers() -> Result<(), Invalid> {
    let laws = [
        Distribution::constant(0.0)?,
        Distribution::uniform(0.0, 1.0)?,
        Distribution::triangular(0.0, 0.0, 1.0)?,
        Distribution::exponential(1e-9)?,
        Distribution::erlang(u32::MAX, 1.0)?,
        Distribution::gamma(1.0, 1e-3)?,
        Distribution::gamma(1.0, 1e3)?,
        Distribution::lognormal(1.0, 1e-6)?,
        Distribution::lognormal(1.0, 1e6)?,
        Distribution::weibull(0.01, 1.0)?,
        Distribution::weibull(1e3, 1.0)?,
        Distribution::pareto(1.000_1, 1.0)?,
        Distribution::pareto(1e3, 1.0)?,
        Distribution::bounded_pareto(1e-3, 1e-6, 1e6)?,
        Distribution::hyperexponential(1.0, 1e6)?,
    ];
    for law in laws {
        for x in [0.0, 1e-12, 1.0, 1e12, f64::INFINITY] {
            let (above, mean) = (law.exceeds(x), law.limited_mean(x));
            assert!((0.0..=1.0).contains(&above), "{law}: P(X > {x}) = {above}");
            let most = x.min(law.mean() * (1.0 + 1e-9));
            assert!(
                (0.0..=most).contains(&mean),
                "{law}: limited to {x}: {mean}"
            );
        }
        for s in [0.0, 1e-12, 1.0, 1e12] {
            let transform = law.laplace(s);
            assert!(
                (0.0..=1.0 + 1e-12).contains(&transform),
                "{law}: at {s}: {transform}"
            );
        }
    }
    Ok(())
}
