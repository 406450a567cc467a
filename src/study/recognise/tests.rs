//! How far a figure is from its exact value.

use super::*;
use crate::scenario::Figure;

const DEGREES_20: u32 = 21;

fn apart(statistic: Statistic, (low, value, high): (f64, f64, f64), exact: f64) -> f64 {
    let estimate = Estimate::Known {
        value,
        interval: Some((low, high)),
        no_interval: None,
        runs: None,
    };
    let metric = Metric::new("line", Figure::Wait, statistic);
    standard_errors(&metric, &estimate, exact, 0.95, DEGREES_20).expect("there is an interval")
}

#[test]
fn a_quantile_is_as_far_off_as_the_side_says_on_which_the_exact_value_lies() {
    // t of 20 degrees of freedom is 2.086.
    let wide_above = (9.0, 10.0, 14.0);
    let p99 = Statistic::Quantile(990);
    assert!((apart(p99, wide_above, 12.0) + 2.086 / 2.0).abs() < 1e-3);
    assert!((apart(p99, wide_above, 9.0) - 2.086).abs() < 1e-3);
    // Of a mean the lower side may have been cut.
    assert!((apart(Statistic::Mean, wide_above, 9.0) - 2.086 / 4.0).abs() < 1e-3);
}

#[test]
fn a_quantile_where_many_messages_are_is_known_to_a_bin() {
    // All but a few stand at exactly 1 s, and their bin ends a little above it.
    let median = (1.000_4, 1.000_5, 1.000_6);
    let off = apart(Statistic::Quantile(500), median, 1.0);
    assert!(off < 1.0, "{off}");
}
