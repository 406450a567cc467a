//! How long the n-th message waits in M/M/c that begins empty.
//!
//! Kelton & Law 1985, Operations Research 33: the number that each arrival finds is a Markov chain, and its wait is
//! that many departures beyond c − 1. Between two arrivals the level falls from n, by one, with probability d / (λ +
//! d), d = min(n, c) μ: sums of positive terms, whatever the load.

use super::error::{ModelError, check_any, check_rates};

/// Probability of a level, at the upper end, that is left out for each message: what is left out adds up over messages.
const LEFT_OUT_MAX: f64 = 1e-18;

/// The wait of one message.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CustomerWait {
    /// Probability that it waits at all.
    pub p_wait: f64,
    /// Mean wait before service, in seconds.
    pub wait_mean: f64,
}

/// Waits of the first `customers` messages of M/M/c, of which the first finds it empty; in order. Need not be stable.
///
/// Costs as many steps per message as there are levels that it may find.
///
/// # Errors
/// Where a rate is not a positive number, and where there is no server.
pub fn customer_waits(
    arrival_rate: f64,
    service_rate: f64,
    servers: u64,
    customers: usize,
) -> Result<Vec<CustomerWait>, ModelError> {
    check_rates(arrival_rate, service_rate)?;
    check_any("servers", servers)?;
    let mut found = vec![1.0];
    let mut waits = Vec::with_capacity(customers);
    for _ in 0..customers {
        waits.push(wait(&found, servers, servers as f64 * service_rate));
        found = next(&found, arrival_rate, |n| {
            n.min(servers) as f64 * service_rate
        });
    }
    Ok(waits)
}

/// Of a message that finds n with probability `found[n]`.
fn wait(found: &[f64], servers: u64, service_capacity: f64) -> CustomerWait {
    let waiting = (1u64..).zip(found.iter().skip(servers as usize));
    let (mut p_wait, mut departures) = (0.0, 0.0);
    for (ahead, p) in waiting {
        p_wait += p;
        departures += ahead as f64 * p;
    }
    CustomerWait {
        p_wait,
        wait_mean: departures / service_capacity,
    }
}

/// What the next message finds.
fn next(found: &[f64], arrival_rate: f64, deaths: impl Fn(u64) -> f64) -> Vec<f64> {
    // Who found n makes it n + 1; from the top down, what falls so far.
    let mut law = vec![0.0; found.len() + 1];
    let mut falls = 0.0;
    for n in (0..law.len()).rev() {
        let reaches = falls + if n > 0 { found[n - 1] } else { 0.0 };
        let rate = deaths(n as u64);
        law[n] = reaches * (arrival_rate / (arrival_rate + rate));
        falls = reaches * (rate / (arrival_rate + rate));
    }
    let negligible = |p: &&f64| **p < LEFT_OUT_MAX;
    let top = law.iter().rev().take_while(negligible).count();
    law.truncate(law.len() - top);
    law
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::Mmc;
    use crate::theory::tests::assert_close;

    #[test]
    fn waits_from_empty_follow_the_reference() {
        // (message, mean wait, P(wait))
        let one = [
            // custdelay-l0.8-c1
            (2, 0.444444444444, 0.444444444444),
            (3, 0.751714677641, 0.554183813443),
            (7, 1.50515660441, 0.682086798556),
            (10, 1.85983208594, 0.714829512633),
            (30, 2.97308842444, 0.774316222649),
            (100, 3.81037624517, 0.796826350865),
            (300, 3.99450522917, 0.799928766696),
            (1000, 3.99999978722, 0.799999997645),
        ];
        let five = [
            // custdelay-l4.5-c5
            (2, 0.0, 0.0),
            (3, 0.0, 0.0),
            (7, 0.0420712437731, 0.169985020893),
            (10, 0.126474843646, 0.342267183976),
            (30, 0.502838717791, 0.610999155716),
            (100, 0.997319930045, 0.717926683515),
            (300, 1.36893329391, 0.753677675137),
            (2000, 1.52476053549, 0.762485026542),
        ];
        for (arrival_rate, servers, rows) in [(0.8, 1, one), (4.5, 5, five)] {
            let waits = customer_waits(arrival_rate, 1.0, servers, 2000).expect("rates");
            for (message, mean, p_wait) in rows {
                let wait = waits[message - 1];
                let what = format!("c = {servers}, message {message}");
                assert!(
                    (wait.wait_mean - mean).abs() <= 1e-6 * mean.max(1.0),
                    "{what}"
                );
                assert!((wait.p_wait - p_wait).abs() <= 1e-6, "{what}");
            }
        }
    }

    #[test]
    fn late_messages_wait_as_in_the_stationary_queue_and_the_first_c_not_at_all() {
        let waits = customer_waits(180.0, 1.0, 200, 20_000).expect("rates");
        assert!(waits[..200].iter().all(|wait| wait.p_wait <= 0.0));
        let queue = Mmc::new(180.0, 1.0, 200).expect("stable");
        assert_close(waits[19_999].wait_mean, queue.wait_mean(), 1e-6, "Wq");
        assert_close(waits[19_999].p_wait, queue.p_wait(), 1e-6, "P(wait)");
    }

    #[test]
    fn without_enough_servers_each_message_waits_longer() {
        // Twice as much comes as can be done: message n waits for about n / 2.
        let waits = customer_waits(2.0, 1.0, 1, 4000).expect("rates");
        assert!(
            waits
                .windows(2)
                .all(|pair| pair[1].wait_mean > pair[0].wait_mean)
        );
        assert_close(waits[3999].wait_mean, 2000.0, 1e-2, "the last");
    }
}
