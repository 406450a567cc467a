//! Arrival processes: their rates, their order, and what is refused.

use proptest::prelude::*;
use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::*;
use crate::workload::{UsedUp, unit_exponential};

/// One honest test in 150,000 fails at 4.5 standard errors; the seeds are fixed, so that none does by chance.
const ERRORS_MAX: f64 = 4.5;

fn at(seconds: f64) -> Time {
    Time::from_secs_f64(seconds)
}

fn rng(seed: u64) -> Xoshiro256PlusPlus {
    Xoshiro256PlusPlus::seed_from_u64(seed)
}

fn profile(points: &[(f64, f64)], between: Between, repeat: bool) -> Result<Arrivals, Invalid> {
    let points: Vec<_> = points
        .iter()
        .map(|(seconds, rate)| (at(*seconds), *rate))
        .collect();
    Arrivals::profile(&points, between, repeat)
}

fn arrivals_before(arrivals: &Arrivals, end: Time, seed: u64) -> Vec<Time> {
    let (mut stream, mut rng) = (arrivals.stream(), rng(seed));
    std::iter::from_fn(|| stream.next(&mut rng).expect("no listed gaps"))
        .take_while(|time| *time < end)
        .collect()
}

/// One of each kind, with what is to be expected in [10 s, 25 s), and the variance of that count over its mean.
fn one_of_each() -> Result<Vec<(Arrivals, f64, f64)>, Invalid> {
    use Between::{Linear, Step};
    Ok(vec![
        (Arrivals::poisson(8.0)?, 120.0, 1.0),
        // Every second point of a Poisson process: half the variance over the mean, and 1/8 of an arrival for the
        // rounding.
        (
            Arrivals::renewal(Distribution::erlang(2, 0.125)?)?,
            120.0,
            0.5 + 0.125 / 120.0,
        ),
        (
            profile(&[(0.0, 4.0), (20.0, 12.0)], Linear, false)?,
            100.0 + 60.0,
            1.0,
        ),
        (
            profile(&[(0.0, 4.0), (20.0, 12.0)], Step, false)?,
            40.0 + 60.0,
            1.0,
        ),
        (
            profile(
                &[(0.0, 0.0), (5.0, 10.0), (10.0, 0.0), (12.0, 0.0)],
                Linear,
                true,
            )?,
            50.0 + 1.0,
            1.0,
        ),
        (
            profile(&[(0.0, 6.0), (4.0, 0.0), (6.0, 9.0)], Step, true)?,
            24.0 + 24.0 + 6.0,
            1.0,
        ),
        (
            Arrivals::mmpp(&[2.0, 20.0], &[2.0, 1.0])?,
            120.0,
            index_of_dispersion([2.0, 20.0], [2.0, 1.0], 15.0),
        ),
    ])
}

/// Var/mean of the counts of a two-state MMPP in windows of `seconds`: 1 + a (1 − (1 − e^(−qt)) / qt) with q = q₁ + q₂
/// and a = 2 q₁ q₂ (λ₁ − λ₂)² / (q² (λ₁ q₂ + λ₂ q₁)) (Heffes and Lucantoni 1986).
fn index_of_dispersion(rates: [f64; 2], dwell: [f64; 2], seconds: f64) -> f64 {
    let [q1, q2] = dwell.map(f64::recip);
    let q = q1 + q2;
    let a =
        2.0 * q1 * q2 * (rates[0] - rates[1]).powi(2) / (q * q * (rates[0] * q2 + rates[1] * q1));
    1.0 + a * (1.0 - -(-q * seconds).exp_m1() / (q * seconds))
}

#[test]
fn counts_have_the_mean_and_the_variance_that_the_rate_asks_for() -> Result<(), Invalid> {
    const RUNS: u64 = 3_000;
    for (arrivals, expected, dispersion) in one_of_each()? {
        let counts = (0..RUNS).map(|seed| {
            let times = arrivals_before(&arrivals, at(25.0), seed);
            times.iter().filter(|time| **time >= at(10.0)).count() as f64
        });
        let counts: Vec<f64> = counts.collect();
        let (mean, scv) = moments(&counts);
        let errors = (mean - expected).abs() / (dispersion * expected / RUNS as f64).sqrt();
        assert!(
            errors < ERRORS_MAX,
            "{arrivals:?}: {mean} instead of {expected}: {errors} standard errors"
        );
        // A normal count's variance has the relative standard error √(2 / runs); 1 % is for counts not being normal.
        let variance = scv * mean / dispersion;
        assert!(
            (variance - 1.0).abs() < ERRORS_MAX * (2.0 / RUNS as f64).sqrt() + 0.01,
            "{arrivals:?}: {variance}"
        );
    }
    Ok(())
}

#[test]
fn expected_counts_and_pieces_are_those_worked_out_by_hand() -> Result<(), Invalid> {
    for (arrivals, expected, _) in one_of_each()? {
        let upto = |end: f64| arrivals.mean_rate(at(end)).map(|rate| rate * end);
        let found = upto(25.0).zip(upto(10.0)).map(|(late, early)| late - early);
        assert!(
            found.is_some_and(|found| (found - expected).abs() < 1e-9),
            "{arrivals:?}: {found:?}"
        );
    }
    let piece = |start, end, rate_start, rate_end| RatePiece {
        start: at(start),
        end: at(end),
        rate_start,
        rate_end,
    };
    let ramp = profile(&[(0.0, 4.0), (20.0, 12.0)], Between::Linear, false)?;
    assert_eq!(
        ramp.pieces(at(10.0)),
        Some(vec![piece(0.0, 10.0, 4.0, 8.0)])
    );
    assert_eq!(
        ramp.pieces(at(30.0)),
        Some(vec![
            piece(0.0, 20.0, 4.0, 12.0),
            piece(20.0, 30.0, 12.0, 12.0)
        ])
    );
    let steps = profile(&[(0.0, 6.0), (4.0, 0.0), (6.0, 9.0)], Between::Step, true)?;
    let round = |start| {
        [
            piece(start, start + 4.0, 6.0, 6.0),
            piece(start + 4.0, start + 6.0, 0.0, 0.0),
        ]
    };
    assert_eq!(
        steps.pieces(at(12.0)),
        Some([round(0.0), round(6.0)].concat())
    );
    assert_eq!(
        Arrivals::poisson(8.0)?.pieces(at(2.0)),
        Some(vec![piece(0.0, 2.0, 8.0, 8.0)])
    );
    assert_eq!(Arrivals::poisson(8.0)?.pieces(Time::ZERO), Some(vec![]));
    Ok(())
}

#[test]
fn the_rate_at_a_jump_is_the_new_one_and_the_last_one_holds_or_the_round_begins_again()
-> Result<(), Invalid> {
    let points = [(0.0, 6.0), (4.0, 0.0), (6.0, 9.0)];
    let seconds = [0.0, 3.9, 4.0, 5.0, 6.0, 7.0, 10.0];
    for (between, repeat, rates) in [
        (Between::Step, false, [6.0, 6.0, 0.0, 0.0, 9.0, 9.0, 9.0]),
        (Between::Step, true, [6.0, 6.0, 0.0, 0.0, 6.0, 6.0, 0.0]),
        (Between::Linear, false, [6.0, 0.15, 0.0, 4.5, 9.0, 9.0, 9.0]),
        (Between::Linear, true, [6.0, 0.15, 0.0, 4.5, 6.0, 4.5, 0.0]),
    ] {
        let arrivals = profile(&points, between, repeat)?;
        for (seconds, rate) in seconds.into_iter().zip(rates) {
            let found = arrivals.rate_at(at(seconds));
            assert!(
                found.is_some_and(|found| (found - rate).abs() < 1e-9),
                "{between:?} {repeat} {seconds} s: {found:?}"
            );
        }
    }
    Ok(())
}

#[test]
fn a_profile_that_ends_at_0_falls_silent_and_stays_so() -> Result<(), Invalid> {
    let arrivals = profile(
        &[(0.0, 0.0), (10.0, 50.0), (20.0, 0.0)],
        Between::Linear,
        false,
    )?;
    let (mut stream, mut rng) = (arrivals.stream(), rng(1));
    let times: Vec<_> =
        std::iter::from_fn(|| stream.next(&mut rng).expect("no listed gaps")).collect();
    assert!(times.last().is_some_and(|last| *last < at(20.0)) && (400..600).contains(&times.len()));
    assert_eq!(stream.next(&mut rng), Ok(None));
    Ok(())
}

#[test]
fn many_rounds_in_which_hardly_anything_arrives_are_skipped_at_once() -> Result<(), Invalid> {
    let arrivals = profile(
        &[(0.0, 1e-9), (1e-3, 0.0), (2e-3, 0.0)],
        Between::Step,
        true,
    )?;
    let times = arrivals_before(&arrivals, Time::NEVER, 3);
    // 5e-10 per second for 584 years: 9.2 expected, each 1e12 rounds from the next.
    assert!((1..30).contains(&times.len()), "{}", times.len());
    assert!(
        times
            .iter()
            .all(|time| time.as_nanos() % 2_000_000 <= 1_000_000)
    );
    Ok(())
}

proptest! {
    /// One unit exponential per arrival, and the rate's integral up to the arrival is the sum of them: exact inversion,
    /// over jumps, ramps, stretches without arrivals and rounds alike.
    #[test]
    fn a_profile_is_inverted_exactly(
        gaps in prop::collection::vec(0.01_f64..5.0, 1..6),
        rates in prop::collection::vec(prop_oneof![Just(0.0), 0.0_f64..80.0], 6),
        linear: bool,
        repeat: bool,
        seed: u64,
    ) {
        let mut seconds = 0.0;
        let mut points = vec![(0.0, rates[0])];
        for (gap, rate) in gaps.iter().zip(&rates[1..]) {
            seconds += gap;
            points.push((seconds, *rate));
        }
        let between = if linear { Between::Linear } else { Between::Step };
        let built = profile(&points, between, repeat);
        prop_assume!(built.is_ok());
        let Ok(Arrivals::Profile(profile)) = built else { unreachable!("a profile was asked for") };
        let (mut stream, mut drawn, mut mirror) = (Arrivals::Profile(profile.clone()).stream(), rng(seed), rng(seed));
        let (mut owed, mut before) = (0.0, Time::ZERO);
        for _ in 0..50 {
            owed += unit_exponential(&mut mirror);
            let Some(time) = stream.next(&mut drawn).expect("no listed gaps") else { break };
            prop_assert!(time >= before);
            before = time;
            // A nanosecond of rounding at 80 per second is 8e-8 arrivals; hours of a small rate lose some digits, too.
            let error = profile.expected(time) - owed;
            prop_assert!(error.abs() < 1e-7 + 1e-9 * owed, "{error} at {time:?}");
        }
    }
}

#[test]
fn arrivals_never_go_back_in_time() -> Result<(), Invalid> {
    for (arrivals, ..) in one_of_each()? {
        assert!(
            arrivals_before(&arrivals, at(1_000.0), 5).is_sorted(),
            "{arrivals:?}"
        );
    }
    Ok(())
}

#[test]
fn a_list_comes_back_exactly_and_then_ends() -> Result<(), Invalid> {
    let times = [0, 5, 5, 1_700_000_000_123_456_789].map(Time::from_nanos);
    let arrivals = Arrivals::listed(times)?;
    let (mut stream, mut rng) = (arrivals.stream(), rng(1));
    for time in times {
        assert_eq!(stream.next(&mut rng), Ok(Some(time)));
    }
    assert_eq!(
        (stream.next(&mut rng), stream.next(&mut rng)),
        (Ok(None), Ok(None))
    );
    assert_eq!(arrivals.end(), times.last().copied());
    Ok(())
}

#[test]
fn listed_gaps_that_are_used_up_are_an_error() -> Result<(), Invalid> {
    let arrivals = Arrivals::renewal(Distribution::listed(Arc::new([1.0, 0.5]))?)?;
    let (mut stream, mut rng) = (arrivals.stream(), rng(1));
    let times: Vec<_> = (0..3).map(|_| stream.next(&mut rng)).collect();
    assert_eq!(
        times,
        [
            Ok(Some(at(1.0))),
            Ok(Some(at(1.5))),
            Err(UsedUp { given: 2 })
        ]
    );
    assert!(!arrivals.is_stationary());
    Ok(())
}

#[test]
fn what_would_come_after_the_end_of_time_never_comes() -> Result<(), Invalid> {
    for arrivals in [
        Arrivals::poisson(1e-30)?,
        Arrivals::renewal(Distribution::constant(1e30)?)?,
        Arrivals::mmpp(&[1e-30, 0.0], &[1e30, 1e30])?,
        profile(&[(0.0, 1e-30)], Between::Linear, false)?,
        Arrivals::closed(3, Distribution::constant(0.0)?)?,
    ] {
        assert_eq!(
            arrivals_before(&arrivals, Time::NEVER, 1),
            [],
            "{arrivals:?}"
        );
    }
    Ok(())
}

#[test]
fn gaps_of_a_modulated_process_vary_as_its_closed_form_says() -> Result<(), Invalid> {
    let mmpp = |rates: &[f64], dwell: &[f64]| {
        Mmpp::new(rates, dwell).map(|process| process.interarrival_scv())
    };
    assert!(
        (mmpp(&[3.0, 3.0, 3.0], &[1.0, 5.0, 0.1])? - 1.0).abs() < 1e-12,
        "one rate is a Poisson process"
    );
    // On and off (Kuczura 1973): rate λ while on, left with rate γ, entered with rate ω: scv 1 + 2 λ γ / (γ + ω)².
    let (rate, on, off) = (10.0, 0.5, 2.0);
    let interrupted = 1.0 + 2.0 * rate / on / (1.0_f64 / on + 1.0 / off).powi(2);
    assert!((mmpp(&[rate, 0.0], &[on, off])? - interrupted).abs() < 1e-9);
    // Three states have no short form: their own gaps are the judge, in batches long enough to be independent.
    let process = Arrivals::mmpp(&[30.0, 2.0, 0.5], &[1.0, 3.0, 2.0])?;
    let batches: Vec<f64> = (0..40)
        .map(|seed| {
            let times = arrivals_before(&process, at(5_000.0), seed);
            Arrivals::listed(times)
                .ok()
                .and_then(|list| list.interarrival_scv())
                .expect("thousands of gaps")
        })
        .collect();
    let (mean, scv) = moments(&batches);
    let errors = (mean - process.interarrival_scv().expect("closed form")).abs()
        / (mean * (scv / 40.0).sqrt());
    assert!(errors < ERRORS_MAX, "{mean}: {errors} standard errors");
    Ok(())
}

#[test]
fn figures_are_given_where_they_make_sense_and_only_there() -> Result<(), Invalid> {
    let list = Arrivals::listed([0.0, 1.0, 4.0].map(at))?;
    let closed = Arrivals::closed(5, Distribution::exponential(1.0)?)?;
    let ramp = profile(&[(0.0, 4.0), (20.0, 12.0)], Between::Linear, false)?;
    let renewal = Arrivals::renewal(Distribution::erlang(4, 0.5)?)?;
    let horizon = at(4.0);
    // The last of the list is at 4 s, which [0, 4 s) does not hold; its gaps of 1 s and 3 s have mean 2 and variance 1.
    for (arrivals, mean_rate, rate_at, scv, stationary) in [
        (
            Arrivals::poisson(3.0)?,
            Some(3.0),
            Some(3.0),
            Some(1.0),
            true,
        ),
        (renewal, Some(2.0), Some(2.0), Some(0.25), true),
        (ramp, Some(4.8), Some(5.6), None, false),
        (list, Some(0.5), None, Some(0.25), false),
        (closed, None, None, None, true),
    ] {
        let close = |found: Option<f64>, expected: Option<f64>| match (found, expected) {
            (Some(found), Some(expected)) => (found - expected).abs() < 1e-12,
            (found, expected) => found.is_none() && expected.is_none(),
        };
        assert!(
            close(arrivals.mean_rate(horizon), mean_rate),
            "{arrivals:?}: {:?}",
            arrivals.mean_rate(horizon)
        );
        assert!(
            close(arrivals.rate_at(horizon), rate_at),
            "{arrivals:?}: {:?}",
            arrivals.rate_at(horizon)
        );
        assert!(
            close(arrivals.interarrival_scv(), scv),
            "{arrivals:?}: {:?}",
            arrivals.interarrival_scv()
        );
        assert_eq!(arrivals.pieces(horizon).is_some(), rate_at.is_some());
        assert_eq!(arrivals.is_stationary(), stationary);
    }
    assert_eq!(
        Arrivals::listed([1.0, 1.0, 1.0].map(at))?.interarrival_scv(),
        None
    );
    Ok(())
}

#[test]
fn a_parameter_that_breaks_a_rule_is_refused_with_the_rule_and_the_remedy() -> Result<(), Invalid> {
    let too_many = "200000000 arrivals per second are too many for a clock of nanoseconds; give at most 100M/s";
    let table = [
        (Arrivals::poisson(0.0), "rate: 0 is not a positive number; give one above 0".into()),
        (Arrivals::poisson(2e8), format!("rate: {too_many}")),
        (
            Arrivals::renewal(Distribution::constant(0.0)?),
            "gaps: 0 is not a positive number; give one above 0".into(),
        ),
        (Arrivals::renewal(Distribution::constant(5e-9)?), format!("gaps: {too_many}")),
        (
            Arrivals::mmpp(&[1.0, 2.0], &[1.0]),
            "dwell: 1 given for 2 rates; give each rate its mean stay".into(),
        ),
        (
            Arrivals::mmpp(&[1.0], &[1.0]),
            "rates: rates that change need at least two states; give two rates, or say poisson".into(),
        ),
        (
            Arrivals::mmpp(&[0.0, 0.0], &[1.0, 1.0]),
            "rates: all are 0, so that nothing arrives; give a positive one".into(),
        ),
        (
            Arrivals::mmpp(&[1.0, f64::NAN], &[1.0, 1.0]),
            "rates: NaN is negative or not a number; give 0 or more".into(),
        ),
        (
            Arrivals::mmpp(&[1.0, 2.0], &[1.0, 0.0]),
            "dwell: 0 is not a positive number; give one above 0".into(),
        ),
        (
            Arrivals::mmpp(&[1.0, 2.0], &[1.0, 1e-7]),
            "dwell: a mean stay of 0.0000001 s is too short to follow; give at least 1us, or say poisson".into(),
        ),
        (Arrivals::listed([]), "times: there are none; give at least one instant".into()),
        (
            Arrivals::listed([0.0, 2.5, 1.0].map(at)),
            "times: number 3 is at 1 s, after one at 2.5 s; sort them".into(),
        ),
        (
            Arrivals::closed(0, Distribution::constant(1.0)?),
            "clients: without clients nothing arrives; give at least 1".into(),
        ),
    ];
    for (built, text) in table {
        assert_eq!(built.map_err(|invalid| invalid.to_string()), Err(text));
    }
    Ok(())
}

#[test]
fn points_that_make_no_profile_are_refused_with_the_rule_and_the_remedy() {
    use Between::{Linear, Step};
    let nothing =
        "every rate is 0 for as long as it holds, so that nothing arrives; give a positive one";
    let table = [
        (
            profile(&[], Linear, false),
            "points: there are none; give at least { at = \"0s\", rate = … }".into(),
        ),
        (
            profile(&[(1.0, 5.0)], Linear, false),
            "points: the first is at 1 s; start at 0, with the rate that holds there".into(),
        ),
        (
            profile(&[(0.0, 5.0), (2.0, 1.0), (2.0, 3.0)], Step, false),
            "points: number 3 at 2 s is not after 2 s; give each a later time".into(),
        ),
        (
            profile(&[(0.0, 5.0)], Step, true),
            "points: one point makes no round to repeat; add one at the end of the round".into(),
        ),
        (
            profile(&[(0.0, -5.0)], Step, false),
            "points: -5 is negative or not a number; give 0 or more".into(),
        ),
        (
            profile(&[(0.0, 0.0), (2.0, 0.0)], Linear, false),
            format!("points: {nothing}"),
        ),
        (
            profile(&[(0.0, 0.0), (2.0, 7.0)], Step, true),
            format!("points: {nothing}"),
        ),
    ];
    for (built, text) in table {
        assert_eq!(built.map_err(|invalid| invalid.to_string()), Err(text));
    }
}

#[test]
fn counts_of_a_poisson_process_vary_as_much_as_their_mean_and_of_an_mmpp_more()
-> Result<(), Invalid> {
    let poisson = Arrivals::poisson(7.0)?;
    assert_eq!(poisson.dispersion(60.0), Some(1.0));
    let bursty = Arrivals::mmpp(&[10.0, 160.0], &[50.0, 12.5])?;
    let index = |t| bursty.dispersion(t).expect("two states");
    // p₁ p₂ = 0.16, (λ₁ − λ₂)² = 22,500, σ = 0.1/s, λ̄ = 40/s: at t = 10 s φ₂(1) = 1/e, for long 1 + 7,200 / 4.
    let cases = [
        (10.0, 1.0 + 1_800.0 * (-1.0_f64).exp()),
        (1e12, 1_801.0),
        (1e-12, 1.0),
    ];
    for (t, expected) in cases {
        let value = index(t);
        assert!(
            (value - expected).abs() < 1e-8 * expected,
            "{value} at {t} s"
        );
    }
    let three = Arrivals::mmpp(&[1.0, 2.0, 3.0], &[1.0, 1.0, 1.0])?;
    assert_eq!(three.dispersion(1.0), None);
    Ok(())
}
