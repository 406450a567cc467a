//! Priorities against Cobham's waits: classes share one line, and each waits as long as theory says.

use super::{History, What, scenario};
use queuelab::study::statistics::{mean_interval, student_two_sided};

const REPLICATIONS: u32 = 20;

/// Mean wait of each class with its standard error, from the messages published in the later half of each run.
fn waits(text: &str, classes: u32) -> Vec<(f64, f64)> {
    let set = scenario(text);
    let half = set.base.horizon.as_nanos() / 2;
    let mut means = vec![Vec::new(); classes as usize];
    for replication in 0..REPLICATIONS {
        let mut accepted = vec![Vec::new(); classes as usize];
        let mut sums = vec![(0.0, 0.0); classes as usize];
        for event in History::of(&set.base, replication).0 {
            let (class, root) = (event.message.0 as usize, event.message.1 as usize);
            match event.what {
                What::Accepted => accepted[class].push(event.at),
                What::Started if accepted[class][root] > half => {
                    sums[class].0 += (event.at - accepted[class][root]) as f64 * 1e-9;
                    sums[class].1 += 1.0;
                }
                What::Started
                | What::Refused
                | What::Delivered(_)
                | What::Returned
                | What::Left(_) => {}
            }
        }
        for (class, (sum, count)) in sums.into_iter().enumerate() {
            means[class].push(sum / count);
        }
    }
    let t = student_two_sided(0.95, REPLICATIONS as usize - 1);
    let interval = |means: &Vec<f64>| mean_interval(means, 0.95).expect("runs differ");
    means
        .iter()
        .map(interval)
        .map(|interval| (interval.value, interval.half_width() / t))
        .collect()
}

fn assert_waits(text: &str, exact: &[f64]) {
    for (class, (exact, (value, error))) in exact
        .iter()
        .zip(waits(text, exact.len() as u32))
        .enumerate()
    {
        let z = (value - exact) / error;
        assert!(
            z.abs() < 4.0 && error / exact < 0.05,
            "class {class}: {value} ± {error}, exactly {exact}"
        );
    }
}

/// Case `prio-mmc-5`.
#[test]
fn messages_of_higher_priority_wait_as_long_as_theory_says() {
    let text = r#"
title = "Three classes"
kind = "steady"
at_horizon = "drain"
horizon = "12000s"
producer.first = { to = "line", arrivals = "poisson(1/s)", priority = 2 }
producer.second = { to = "line", arrivals = "poisson(2/s)", priority = 1 }
producer.third = { to = "line", arrivals = "poisson(1.5/s)", priority = 0 }
queue.line = { max_priority = 2 }
pool.crew = { from = "line", consumers = 5, service = "exponential(1s)" }
"#;
    assert_waits(text, &[0.190623305183, 0.476558262958, 3.81246610366]);
}
