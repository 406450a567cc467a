//! Which moments of a wait exist where services have heavy tails.

/// Whether the `order`-th moment of the wait is finite in GI/GI/c, first come first served, where P(service > x) falls
/// as x^−`shape` and gaps are not as heavy.
///
/// With s = c − ⌊a⌋ servers to spare it takes s services that are all long to make a long wait, so that the moment
/// exists for a shape above 1 + `order` / s (Scheller-Wolf 2003, Operations Research 51; Scheller-Wolf & Vesilo 2006,
/// Queueing Systems 54). They leave out a whole `offered_load` = a; it counts here as their formula reads. False where
/// c ≤ a, since then there is no stationary wait.
pub fn wait_moment_is_finite(order: u32, shape: f64, servers: u64, offered_load: f64) -> bool {
    let spare = servers as f64 - offered_load.floor();
    (servers as f64) > offered_load && shape > 1.0 + f64::from(order) / spare
}

/// Whether the mean wait is finite: [`wait_moment_is_finite`] of order 1. For one server the shape must be above 2.
pub fn wait_mean_is_finite(shape: f64, servers: u64, offered_load: f64) -> bool {
    wait_moment_is_finite(1, shape, servers, offered_load)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_server_needs_a_moment_more_of_the_service_than_the_wait_has() {
        assert!(wait_mean_is_finite(2.01, 1, 0.9));
        assert!(!wait_mean_is_finite(2.0, 1, 0.9));
        assert!(wait_moment_is_finite(2, 3.01, 1, 0.9));
        assert!(!wait_moment_is_finite(2, 3.0, 1, 0.9));
    }

    #[test]
    fn servers_to_spare_tame_a_heavy_tail() {
        // 10 servers of which 8.5 are busy: 2 to spare.
        assert!(wait_mean_is_finite(1.51, 10, 8.5));
        assert!(!wait_mean_is_finite(1.5, 10, 8.5));
        // of which 9.5 are busy: 1
        assert!(!wait_mean_is_finite(1.51, 10, 9.5));
        assert!(!wait_mean_is_finite(9.0, 10, 10.0));
    }
}
