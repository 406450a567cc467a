//! Long-run figures against exact ones: each within 4 standard errors, and none so blurred that this says nothing.

use super::cases::{Case, QUICK, THOROUGH};
use super::{outcome, value_and_error};
use std::fmt;

/// Most standard errors between the simulation and the exact answer.
const MOST_ERRORS: f64 = 4.0;
/// Widest half of an interval, relative to the figure.
const WIDEST: f64 = 0.05;

/// One figure of one case.
struct Check {
    case: &'static str,
    name: &'static str,
    exact: f64,
    value: f64,
    /// Difference in standard errors.
    z: f64,
    /// Half of the 95 % interval over the exact figure.
    width: f64,
}

impl Check {
    fn fails(&self) -> bool {
        let close = self.z.abs() <= MOST_ERRORS;
        !close || self.width > WIDEST
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { case, name, exact, value, z, width } = self;
        write!(f, "{case:28} {name:20} {value:12.6} exact {exact:12.6}  z {z:+5.2}  ± {:5.2} %", width * 100.0)
    }
}

fn checks(case: &Case, seed: u64) -> Vec<Check> {
    let outcome = outcome(&case.text(seed));
    let run = &outcome.runs[0];
    let of = |&(name, exact): &(&'static str, f64)| {
        let component = if name == "utilisation" { "crew" } else { "line" };
        let (value, error) = value_and_error(&outcome, run, &format!("{component}.{name}"));
        let width = error * queuelab::study::statistics::student_two_sided(0.95, run.replications as usize - 1);
        Check { case: case.id, name, exact, value, z: (value - exact) / error, width: width / exact }
    };
    case.exact.iter().map(of).collect()
}

fn all_agree(cases: &[Case], seed: u64) {
    let mut checks = cases.iter().flat_map(|case| checks(case, seed)).collect::<Vec<_>>();
    checks.sort_by(|a, b| b.z.abs().total_cmp(&a.z.abs()));
    let list = |checks: &[&Check]| checks.iter().map(|check| format!("{check}\n")).collect::<String>();
    println!("{} figures of {} cases; farthest from the exact answer:", checks.len(), cases.len());
    println!("{}", list(&checks.iter().take(12).collect::<Vec<_>>()));
    let failing = checks.iter().filter(|check| check.fails()).collect::<Vec<_>>();
    assert!(failing.is_empty(), "seed {seed}: too far off, or too blurred to tell:\n{}", list(&failing));
    // Many small biases in one direction would hide under the limit of each; they do not under that of all together.
    let mean = checks.iter().map(|check| check.z.powi(2)).sum::<f64>() / checks.len() as f64;
    assert!(mean < 2.5, "seed {seed}: all figures together are too far off: mean of z² is {mean:.2}");
}

#[test]
fn the_simulation_agrees_with_exact_answers() {
    all_agree(QUICK, 1);
}

/// Every case there is, with more messages: about 2 minutes of one core.
///
/// ```text
/// cargo test --release --test main laws::stationary -- --ignored --nocapture
/// ```
///
/// `QUEUELAB_LAWS_SEED=7` runs it on other draws. The seed of the repository passes; of others, one in some dozens has a
/// figure beyond 4 standard errors by chance, as there are hundreds of figures and 19 degrees of freedom.
#[test]
#[ignore = "minutes; run it after a change to the engine, the draws, the laws or the estimators"]
fn the_simulation_agrees_with_exact_answers_thoroughly() {
    let seed = std::env::var("QUEUELAB_LAWS_SEED").map_or(1, |seed| seed.parse().expect("a seed is a whole number"));
    all_agree(THOROUGH, seed);
}
