//! The fluid against answers worked by hand, and its invariants under random pieces.

use super::*;
use crate::theory::tests::assert_close;

fn at(seconds: f64) -> Time {
    Time::from_secs_f64(seconds)
}

/// Steps of (end, rate) in seconds and per second, from 0.
fn steps(steps: &[(f64, f64)]) -> Vec<RatePiece> {
    let starts = [0.0].into_iter().chain(steps.iter().map(|step| step.0));
    let piece = |(start, &(end, rate)): (f64, &(f64, f64))| RatePiece {
        start: at(start),
        end: at(end),
        rate_start: rate,
        rate_end: rate,
    };
    starts.zip(steps).map(piece).collect()
}

fn ramp(start: f64, end: f64, rate_start: f64, rate_end: f64) -> RatePiece {
    RatePiece {
        start: at(start),
        end: at(end),
        rate_start,
        rate_end,
    }
}

fn servers(
    start: f64,
    end: f64,
    servers: f64,
    service_rate: f64,
    limit: Option<f64>,
) -> CapacityPiece {
    CapacityPiece {
        start: at(start),
        end: at(end),
        servers,
        service_rate,
        limit,
    }
}

fn curve(
    arrivals: &[RatePiece],
    capacity: &[CapacityPiece],
    law: ServiceLaw,
    initial: f64,
    end: f64,
) -> Curve {
    integrate(&Fluid {
        arrivals,
        capacity,
        law,
        initial,
        start: Time::ZERO,
        end: at(end),
    })
}

/// Within `tolerance` relative to the larger of |level| and 1.
#[track_caller]
fn assert_level(value: f64, expected: f64, tolerance: f64, t: f64) {
    assert!(
        (value - expected).abs() <= tolerance * expected.abs().max(1.0),
        "at {t} s: {value} is not {expected}"
    );
}

/// A reference with S at full capacity while there is any backlog.
struct FullCase {
    name: &'static str,
    capacity: f64,
    steps: &'static [(f64, f64)],
    breakpoints: &'static [(f64, f64)],
    /// Arrived, served, mean backlog, peak, time of the peak.
    figures: [f64; 5],
    /// When it runs empty after its peak, where the reference says so.
    empties: Option<f64>,
}

const FULL_CASES: [FullCase; 4] = [
    FullCase {
        name: "fl-overload-only",
        capacity: 10.0,
        steps: &[(100.0, 12.0)],
        breakpoints: &[(0.0, 0.0), (100.0, 200.0)],
        figures: [1200.0, 1000.0, 100.0, 200.0, 100.0],
        empties: None,
    },
    FullCase {
        name: "fl-overload-drain",
        capacity: 10.0,
        steps: &[(10.0, 7.0), (20.0, 15.0), (60.0, 7.0)],
        breakpoints: &[
            (0.0, 0.0),
            (10.0, 0.0),
            (20.0, 50.0),
            (36.666666666666664, 0.0),
            (60.0, 0.0),
        ],
        figures: [500.0, 500.0, 11.11111111111111, 50.0, 20.0],
        empties: Some(36.666666666666664),
    },
    FullCase {
        name: "fl-underload",
        capacity: 10.0,
        steps: &[(50.0, 7.0)],
        breakpoints: &[(0.0, 0.0), (50.0, 0.0)],
        figures: [350.0, 350.0, 0.0, 0.0, 0.0],
        empties: None,
    },
    FullCase {
        name: "fl-day",
        capacity: 60.0,
        steps: &[
            (7.0, 20.0),
            (10.0, 90.0),
            (16.0, 55.0),
            (19.0, 85.0),
            (24.0, 15.0),
        ],
        breakpoints: &[
            (0.0, 0.0),
            (7.0, 0.0),
            (10.0, 90.0),
            (16.0, 60.0),
            (19.0, 135.0),
            (22.0, 0.0),
            (24.0, 0.0),
        ],
        figures: [1070.0, 1070.0, 45.0, 135.0, 19.0],
        empties: Some(22.0),
    },
];

#[test]
fn a_backlog_served_at_full_capacity_follows_the_references() {
    for case in &FULL_CASES {
        let end = case.steps[case.steps.len() - 1].0;
        let capacity = [servers(0.0, end, case.capacity, 1.0, None)];
        let curve = curve(&steps(case.steps), &capacity, ServiceLaw::Full, 0.0, end);
        for &(t, level) in case.breakpoints {
            assert_level(curve.level_at(at(t)), level, 1e-9, t);
        }
        // Between the breakpoints the references are straight lines.
        for pair in case.breakpoints.windows(2) {
            let t = pair[0].0 / 2.0 + pair[1].0 / 2.0;
            assert_level(
                curve.level_at(at(t)),
                pair[0].1 / 2.0 + pair[1].1 / 2.0,
                1e-8,
                t,
            );
        }
        let [arrived, served, mean, peak, peak_at] = case.figures;
        assert_close(curve.arrived(), arrived, 1e-9, case.name);
        assert_close(curve.served(), served, 1e-9, case.name);
        assert_close(curve.mean_level(Time::ZERO, at(end)), mean, 1e-9, case.name);
        assert_close(curve.peak().1, peak, 1e-9, case.name);
        assert_close(curve.peak().0.as_secs_f64(), peak_at, 1e-9, case.name);
        if let Some(empty) = case.empties {
            let drained = curve.drained_after(at(peak_at)).expect("it runs empty");
            assert_close(drained.as_secs_f64(), empty, 1e-9, case.name);
        }
    }
}

#[test]
fn a_number_in_the_system_served_one_per_server_follows_the_reference() {
    // fl-mumin-step: λ = 7, 15, 7 to 10, 20, 60 s; 10 servers of 1/s; 7 at the start
    let arrivals = steps(&[(10.0, 7.0), (20.0, 15.0), (60.0, 7.0)]);
    let curve = curve(
        &arrivals,
        &[servers(0.0, 60.0, 10.0, 1.0, None)],
        ServiceLaw::PerServer,
        7.0,
        60.0,
    );
    let grid = [
        (0.0, 7.0),
        (5.0, 7.0),
        (10.0, 7.0),
        (10.5, 10.149981853771324),
        (12.0, 17.649981853771322),
        (20.0, 57.64998185377132),
        (25.0, 42.64998185377132),
        (35.0, 12.649981853771322),
        (35.5, 11.149981853771322),
        (36.0, 9.669629165014797),
        (36.5, 8.619211938644511),
        (37.0, 7.982101685360628),
        (38.0, 7.361295019183999),
        (39.0, 7.132913009755436),
        (45.0, 7.000329458412239),
        (52.5, 7.000000182218298),
        (60.0, 7.000000000100782),
    ];
    for (t, level) in grid {
        assert_level(curve.level_at(at(t)), level, 1e-9, t);
    }
    assert_close(curve.peak().1, 57.64998185377132, 1e-9, "peak");
    assert_close(
        curve.ready_at(at(20.0)),
        57.64998185377132 - 10.0,
        1e-9,
        "ready is what exceeds the servers",
    );
}

#[test]
fn a_wave_made_of_straight_lines_follows_the_reference() {
    // fl-sin-growing: P = 10.5 + 4 sin(2πt / 24), S = 10, in 36,000 lines
    let rate = |t: f64| 10.5 + 4.0 * (std::f64::consts::TAU * t / 24.0).sin();
    let lines: Vec<RatePiece> = (0..36_000)
        .map(|i| (f64::from(i) * 0.002, f64::from(i + 1) * 0.002))
        .map(|(start, end)| ramp(start, end, rate(start), rate(end)))
        .collect();
    let curve = curve(
        &lines,
        &[servers(0.0, 72.0, 10.0, 1.0, None)],
        ServiceLaw::Full,
        0.0,
        72.0,
    );
    let grid = [
        (1.2, 1.3478013469213381),
        (2.4, 4.11800538161034),
        (8.4, 28.459571661192886),
        (15.6, 32.059571661192884),
        (22.8, 12.147801346921339),
        (30.0, 30.278874536821952),
        (37.2, 48.409947726722564),
        (44.4, 28.498177412451017),
        (51.6, 32.098177412451015),
        (58.8, 59.20994772672257),
        (66.0, 48.27887453682195),
        (70.8, 36.14780134692134),
        (72.0, 36.0),
    ];
    for (t, level) in grid {
        assert_level(curve.level_at(at(t)), level, 1e-6, t);
    }
    assert_level(curve.peak().1, 60.677270584342445, 1e-6, 60.5);
    assert_level(curve.peak().0.as_secs_f64(), 60.47871705209722, 1e-5, 60.5);
}

/// ∫ by the midpoint rule in small steps of what the module solves exactly: (L, served, lost, ∫L) at `end`.
fn by_small_steps(
    arrivals: &[RatePiece],
    capacity: &[CapacityPiece],
    initial: f64,
    end: f64,
) -> [f64; 4] {
    const STEP: f64 = 1e-4;
    let (mut level, mut served, mut lost, mut area) = (initial, 0.0, 0.0, 0.0);
    for i in 0..(end / STEP).round() as u32 {
        let t = (f64::from(i) + 0.5) * STEP;
        let rate = arrivals
            .iter()
            .find(|piece| piece.start <= at(t) && at(t) < piece.end)
            .map_or(0.0, |piece| {
                let share = at(t).since(piece.start).as_secs_f64()
                    / piece.end.since(piece.start).as_secs_f64();
                piece.rate_start + (piece.rate_end - piece.rate_start) * share
            });
        let room = capacity
            .iter()
            .find(|piece| piece.start <= at(t) && at(t) < piece.end);
        let service =
            |level: f64| room.map_or(0.0, |room| room.service_rate * level.min(room.servers));
        let before = level;
        let middle = level + STEP / 2.0 * (rate - service(level));
        served += STEP * service(middle);
        level += STEP * (rate - service(middle));
        let limit = room.and_then(|room| room.limit).unwrap_or(f64::INFINITY);
        lost += (level - limit).max(0.0);
        level = level.min(limit);
        area += STEP * (before + level) / 2.0;
    }
    [level, served, lost, area]
}

#[test]
fn every_regime_agrees_with_small_steps() {
    let arrivals = [
        ramp(0.0, 4.0, 2.0, 30.0),
        ramp(4.0, 9.0, 30.0, 0.0),
        ramp(10.0, 14.0, 12.0, 14.0),
        ramp(14.0, 20.0, 20.0, 3.0),
    ];
    let capacities = [
        // A limit above the servers, which come and go, then none at all.
        vec![
            servers(0.0, 3.0, 8.0, 1.5, Some(20.0)),
            servers(3.0, 6.0, 4.0, 1.5, Some(15.0)),
            servers(6.0, 12.0, 12.0, 0.7, Some(18.0)),
            servers(13.0, 20.0, 8.0, 1.5, None),
        ],
        // A limit that leaves servers idle.
        vec![servers(0.0, 20.0, 30.0, 0.5, Some(22.0))],
        // Servers without end, and none.
        vec![
            servers(0.0, 10.0, 1e6, 0.2, None),
            servers(10.0, 20.0, 0.0, 1.0, None),
        ],
        // Very slow ones.
        vec![servers(0.0, 20.0, 1e6, 1e-6, Some(70.0))],
    ];
    for (i, capacity) in capacities.iter().enumerate() {
        let exact = curve(&arrivals, capacity, ServiceLaw::PerServer, 5.0, 20.0);
        let [level, served, lost, area] = by_small_steps(&arrivals, capacity, 5.0, 20.0);
        let what = format!("capacity {i}");
        assert_level(exact.level_at(at(20.0)), level, 1e-5, 20.0);
        assert_close(exact.served(), served, 1e-5, &what);
        assert!(
            (exact.lost() - lost).abs() <= 1e-4 * lost.max(1.0),
            "{what}: lost {} and {lost}",
            exact.lost()
        );
        assert_close(
            exact.mean_level(Time::ZERO, at(20.0)) * 20.0,
            area,
            1e-3,
            &what,
        );
        assert_level(
            exact.arrived() + 5.0,
            exact.served() + exact.lost() + exact.level_at(at(20.0)),
            1e-12,
            20.0,
        );
    }
}

#[test]
fn what_does_not_fit_overflows_and_is_counted() {
    // 15/s against 10/s: 20 more fit within 4 s, then 5/s are lost until 10 s; 20 drain at 10 − 4/s.
    let capacity = [servers(0.0, 20.0, 10.0, 1.0, Some(20.0))];
    let arrivals = steps(&[(10.0, 15.0), (20.0, 4.0)]);
    let curve = curve(&arrivals, &capacity, ServiceLaw::Full, 0.0, 20.0);
    let breakpoints = curve.breakpoints();
    let expected = [
        (0.0, 0.0),
        (4.0, 20.0),
        (10.0, 20.0),
        (10.0 + 20.0 / 6.0, 0.0),
        (20.0, 0.0),
    ];
    assert_eq!(breakpoints.len(), expected.len());
    for ((t, level), (expected_t, expected_level)) in breakpoints.into_iter().zip(expected) {
        assert_level(t.as_secs_f64(), expected_t, 1e-9, expected_t);
        assert_level(level, expected_level, 1e-9, expected_t);
    }
    assert_close(curve.lost(), 30.0, 1e-12, "lost");
    assert_close(curve.served(), 160.0, 1e-12, "served");
}

#[test]
fn what_stands_above_a_limit_is_lost_when_it_comes_into_force() {
    let capacity = [
        servers(0.0, 1.0, 0.0, 1.0, None),
        servers(1.0, 2.0, 0.0, 1.0, Some(7.0)),
    ];
    let curve = curve(
        &steps(&[(1.0, 10.0)]),
        &capacity,
        ServiceLaw::PerServer,
        0.0,
        2.0,
    );
    assert_close(curve.lost(), 3.0, 1e-12, "lost");
    assert_close(curve.level_at(at(1.0)), 7.0, 1e-12, "after the jump");
}

#[test]
fn means_of_buckets_add_up_to_the_mean_of_the_whole() {
    let arrivals = [ramp(0.0, 6.0, 0.0, 24.0), ramp(6.0, 12.0, 24.0, 0.0)];
    let capacity = [servers(0.0, 20.0, 10.0, 1.2, None)];
    let curve = curve(&arrivals, &capacity, ServiceLaw::PerServer, 0.0, 20.0);
    let bucket = |i: u32| (at(f64::from(i) * 0.4), at(f64::from(i + 1) * 0.4));
    let level: f64 = (0..50)
        .map(bucket)
        .map(|(from, to)| curve.mean_level(from, to) * 0.4)
        .sum();
    let ready: f64 = (0..50)
        .map(bucket)
        .map(|(from, to)| curve.mean_ready(from, to) * 0.4)
        .sum();
    assert_close(
        level / 20.0,
        curve.mean_level(Time::ZERO, at(20.0)),
        1e-12,
        "L",
    );
    assert_close(
        ready / 20.0,
        curve.mean_ready(Time::ZERO, at(20.0)),
        1e-12,
        "ready",
    );
    assert!(ready > 0.0 && ready < level);
    assert_close(
        curve.mean_level(at(3.0), at(3.0)),
        curve.level_at(at(3.0)),
        1e-15,
        "an empty bucket",
    );
}

#[test]
fn the_peak_lies_where_what_arrives_equals_what_leaves() {
    // M/M/∞ on a ramp down: dL/dt = 0 where λ(t) = μL, inside a piece.
    let arrivals = [ramp(0.0, 10.0, 10.0, 0.0)];
    let curve = curve(
        &arrivals,
        &[servers(0.0, 10.0, 1e3, 0.5, None)],
        ServiceLaw::PerServer,
        0.0,
        10.0,
    );
    let (t, level) = curve.peak();
    assert_close(level * 0.5, 10.0 - t.as_secs_f64(), 1e-8, "λ = μL");
    assert!(
        level >= curve.level_at(at(t.as_secs_f64() - 0.01))
            && level >= curve.level_at(at(t.as_secs_f64() + 0.01))
    );
}

#[test]
fn saturation_begins_and_ends_where_the_rate_crosses_the_capacity() {
    // λ: 0 → 20 → 0; C = 10, then 16 from 8 s on. Above from 5 s, to 16/20 on the way down, touching again at the end.
    let arrivals = [
        ramp(0.0, 10.0, 0.0, 20.0),
        ramp(10.0, 20.0, 20.0, 0.0),
        ramp(30.0, 31.0, 5.0, 5.0),
    ];
    let capacity = [
        servers(0.0, 8.0, 10.0, 1.0, None),
        servers(8.0, 20.0, 8.0, 2.0, None),
    ];
    assert_eq!(
        saturated(&arrivals, &capacity),
        [(at(5.0), at(12.0)), (at(30.0), at(31.0))]
    );
    assert_eq!(
        saturated(&steps(&[(5.0, 10.0)]), &capacity),
        [],
        "equal is not above"
    );
    assert_eq!(saturated(&[], &capacity), []);
}

#[test]
fn a_queue_counts_as_drained_when_nothing_waits_although_servers_are_busy() {
    // 5/s too many for 4 s; 20 wait, and go at 10 − 5/s.
    let arrivals = steps(&[(4.0, 15.0), (20.0, 5.0)]);
    let capacity = [servers(0.0, 20.0, 10.0, 1.0, None)];
    let curve = curve(&arrivals, &capacity, ServiceLaw::PerServer, 10.0, 20.0);
    let drained = curve.drained_after(at(4.0)).expect("at 8 s");
    assert_close(drained.as_secs_f64(), 8.0, 1e-9, "drained");
    assert_close(curve.level_at(drained), 10.0, 1e-9, "all busy");
    let forever = integrate(&Fluid {
        arrivals: &arrivals[..1],
        capacity: &capacity,
        law: ServiceLaw::PerServer,
        initial: 11.0,
        start: at(0.0),
        end: at(4.0),
    });
    assert_eq!(forever.drained_after(at(0.0)), None);
}

#[test]
fn full_service_is_the_limit_of_servers_that_hold_next_to_nothing() {
    let arrivals = [
        ramp(0.0, 5.0, 2.0, 18.0),
        ramp(5.0, 12.0, 18.0, 0.0),
        ramp(12.0, 20.0, 12.0, 9.0),
    ];
    for limit in [None, Some(10.0)] {
        let full = curve(
            &arrivals,
            &[servers(0.0, 20.0, 10.0, 1.0, limit)],
            ServiceLaw::Full,
            3.0,
            20.0,
        );
        let small = curve(
            &arrivals,
            &[servers(0.0, 20.0, 1e-6, 1e7, limit)],
            ServiceLaw::PerServer,
            3.0,
            20.0,
        );
        for t in (0..=200).map(|i| f64::from(i) / 10.0) {
            assert_level(full.level_at(at(t)), small.level_at(at(t)), 2e-6, t);
        }
        assert_level(full.lost(), small.lost(), 1e-6, 20.0);
        assert_eq!(full.lost() > 0.0, limit.is_some());
    }
}

proptest::proptest! {
    /// Small whole numbers, so that levels, limits, servers and rates coincide as often as they do in people's files.
    #[test]
    fn a_level_stays_between_empty_and_the_limit(
        rates in proptest::collection::vec((0u8..8, 0u8..8), 1..6),
        rooms in proptest::collection::vec((0u8..5, 0u8..4, proptest::option::of(0u8..6)), 1..6),
        initial in 0u8..6,
        is_full in proptest::bool::ANY,
    ) {
        let second = |i: usize| i as f64;
        let arrivals: Vec<RatePiece> = rates.iter().enumerate()
            .map(|(i, &(from, to))| ramp(second(i), second(i + 1), f64::from(from), f64::from(to))).collect();
        let capacity: Vec<CapacityPiece> = rooms.iter().enumerate()
            .map(|(i, &(c, mu, limit))| servers(second(i), second(i + 1), f64::from(c), f64::from(mu), limit.map(f64::from)))
            .collect();
        let law = if is_full { ServiceLaw::Full } else { ServiceLaw::PerServer };
        let curve = curve(&arrivals, &capacity, law, f64::from(initial), 6.0);
        for i in 0..600 {
            let t = at(f64::from(i) / 100.0);
            let limit = rooms.get(i as usize / 100).and_then(|room| room.2).map_or(f64::INFINITY, f64::from);
            proptest::prop_assert!(curve.level_at(t) >= 0.0 && curve.level_at(t) <= limit + 1e-9);
            proptest::prop_assert!(curve.ready_at(t) <= curve.level_at(t));
        }
        let left = f64::from(initial) + curve.arrived() - curve.served() - curve.lost() - curve.level_at(at(6.0));
        proptest::prop_assert!(left.abs() < 1e-9, "{left}");
        proptest::prop_assert!(curve.peak().1 <= f64::from(initial) + curve.arrived() + 1e-9);
    }
}
