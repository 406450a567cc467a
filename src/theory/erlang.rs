//! Erlang's two formulas.

/// Share of calls that find all `servers` busy where nobody waits: Erlang B.
///
/// 1/B(0) = 1, 1/B(k) = 1 + (k / a) · 1/B(k − 1), a = `offered_load` in Erlang. A sum of positive terms, so it loses no
/// digits however many the servers; a share below 1e-308 comes out as 0 (Jagerman 1974, Bell System Technical Journal
/// 53).
///
/// Assumes Poisson arrivals, which leave when no server is free; service times of any law. `offered_load` ≥ 0.
pub fn erlang_b(servers: u64, offered_load: f64) -> f64 {
    1.0 / reciprocal_b(servers, offered_load)
}

/// Probability that an arrival must wait in M/M/c: Erlang C; 1 where `offered_load` ≥ `servers`.
///
/// C = 1 / (ρ + (1 − ρ) / B), ρ = a / c (Cooper 1981, Introduction to Queueing Theory, §3.5, solved for 1/B).
///
/// Assumes Poisson arrivals, exponential service, and unlimited room. `offered_load` in Erlang, ≥ 0.
pub fn erlang_c(servers: u64, offered_load: f64) -> f64 {
    let c = servers as f64;
    if offered_load >= c {
        return 1.0;
    }
    1.0 / (offered_load / c + (c - offered_load) / c * reciprocal_b(servers, offered_load))
}

/// Probability that all `servers` are free where nobody waits: 1 / Σ aⁿ / n!, n = 0 … c, by logarithms.
pub(super) fn all_free(servers: u64, offered_load: f64) -> f64 {
    let reciprocal = reciprocal_b(servers, offered_load);
    if reciprocal.is_infinite() {
        // What the servers cut off from Poisson's law is less than 1e-308 of it.
        return (-offered_load).exp();
    }
    let ln_all_busy: f64 = (1..=servers).map(|k| (offered_load / k as f64).ln()).sum();
    (-ln_all_busy - reciprocal.ln()).exp()
}

/// 1 / B = Σ p(n) / p(c) for n = 0 … c; infinite where it exceeds the range of f64.
pub(super) fn reciprocal_b(servers: u64, offered_load: f64) -> f64 {
    debug_assert!(offered_load >= 0.0, "offered load {offered_load}");
    let mut reciprocal = 1.0;
    for k in 1..=servers {
        reciprocal = 1.0 + k as f64 / offered_load * reciprocal;
        // It only grows from here, so a huge pool costs no more than its load.
        if reciprocal == f64::INFINITY {
            break;
        }
    }
    reciprocal
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::tests::assert_close;

    #[test]
    fn erlang_b_and_c_agree_with_published_values() {
        // (servers, offered load, ln B), to the digits printed
        let blocking = [
            (100, 120.0, -1.62826407041),       // mma-lnB-100-120
            (10_000, 12_000.0, -1.78927734649), // mma-lnB-10000-12000
            (100, 20.0, -84.1661482002),        // mma-lnB-100-20
            (100, 10_000.0, -0.010049315758), // mma-lnB-100-10000, recomputed: one digit more than printed
        ];
        for (servers, load, ln_b) in blocking {
            assert_close(erlang_b(servers, load).ln(), ln_b, 2e-10, "ln B");
        }
        assert_close(
            erlang_b(132, 123.0),
            0.031242821046996373,
            1e-12,
            "staffing-B-132-123",
        );
        // (servers, offered load, ln C)
        let waiting = [
            (100, 90.0, -1.5281322446),          // mma-lnC-100-90
            (10_000, 9_000.0, -56.8266885378),   // mma-lnC-10000-9000
            (100, 10.0, -143.375505741),         // mma-lnC-100-10
            (100, 50.0, -21.843927832194996),    // mma-lnC-100-50, recomputed: the source is wrong
            (10_000, 9_990.0, -0.1272179797954), // mma-lnC-10000-9990, recomputed: the source is wrong
        ];
        for (servers, load, ln_c) in waiting {
            assert_close(erlang_c(servers, load).ln(), ln_c, 2e-10, "ln C");
        }
        assert_close(
            erlang_c(132, 123.0),
            0.32111617926170744,
            1e-11,
            "staffing-C-132-123",
        );
        assert_close(
            erlang_c(12_421, 12_345.0),
            0.3812250150617514,
            1e-11,
            "staffing-C-12421-12345",
        );
        assert_close(
            erlang_c(25, 20.0),
            0.2091028265988366,
            1e-12,
            "prodyna-C-25-20, recomputed",
        );
    }

    #[test]
    fn what_is_too_rare_for_a_number_is_zero() {
        // mma-lnB-10000-200 and mma-lnC-10000-100: ln B = −29,326, ln C = −36,157
        assert_eq!(erlang_b(10_000, 200.0).to_bits(), 0);
        assert_eq!(erlang_c(10_000, 100.0).to_bits(), 0);
        assert_eq!(erlang_c(u64::MAX, 100.0).to_bits(), 0);
    }

    #[test]
    fn the_least_pool_for_a_probability_of_waiting_is_that_of_tijms_table_5_3_2() {
        // (offered load, limit, servers)
        let table = [
            (1.0, 0.5, 2),
            (1.0, 0.2, 3),
            (1.0, 0.1, 3),
            (5.0, 0.5, 7),
            (5.0, 0.2, 8),
            (5.0, 0.1, 9),
            (10.0, 0.5, 12),
            (10.0, 0.2, 14),
            (10.0, 0.1, 16),
            (50.0, 0.5, 54),
            (50.0, 0.2, 58),
            (50.0, 0.1, 61),
            (100.0, 0.5, 106),
            (100.0, 0.2, 111),
            (100.0, 0.1, 115),
            (250.0, 0.5, 259),
            (250.0, 0.2, 268),
            (250.0, 0.1, 274),
            (500.0, 0.5, 512),
            (500.0, 0.2, 525),
            (500.0, 0.1, 533),
            (1000.0, 0.5, 1017),
            (1000.0, 0.2, 1034),
            (1000.0, 0.1, 1046),
        ];
        for (load, limit, servers) in table {
            assert!(erlang_c(servers, load) <= limit, "{servers} at {load}");
            assert!(
                erlang_c(servers - 1, load) > limit,
                "{} at {load}",
                servers - 1
            );
        }
    }

    #[test]
    fn nobody_waits_where_nothing_arrives_and_everybody_where_too_much_does() {
        assert_eq!(erlang_c(3, 0.0).to_bits(), 0);
        assert_close(erlang_c(3, 3.0), 1.0, 0.0, "at capacity");
        assert_close(erlang_b(0, 1.0), 1.0, 0.0, "no server");
    }
}
