//! Long-run figures against exact ones: each within 4 standard errors, and none so blurred that this says nothing.

#![expect(
    clippy::print_stdout,
    reason = "whoever runs the thorough test reads how far each figure is off"
)]

use super::cases::{Case, QUICK, THOROUGH};
use super::{exact_theory, outcome, value_and_error};
use queuelab::study::Run;
use queuelab::study::statistics::student_two_sided;
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
        self.z.abs() > MOST_ERRORS || self.width > WIDEST
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            case,
            name,
            exact,
            value,
            z,
            width,
        } = self;
        write!(
            f,
            "{case:28} {name:20} {value:12.6} exact {exact:12.6}  z {z:+5.2}  ± {:5.2} %",
            width * 100.0
        )
    }
}

/// The figures of a case, or why one was refused.
fn checks(case: &Case, seed: u64) -> Result<Vec<Check>, String> {
    let outcome = outcome(&case.text(seed));
    let run = &outcome.runs[0];
    let t = student_two_sided(0.95, run.replications as usize - 1);
    if !case.id.starts_with("mminf") && !case.id.starts_with("retry") {
        says_the_same(case, run);
    }
    let of = |&(name, exact): &(&'static str, f64)| {
        let component = if ["utilisation", "attempts.mean"].contains(&name) {
            "crew"
        } else {
            "line"
        };
        let (value, error) = value_and_error(&outcome, run, &format!("{component}.{name}"))
            .map_err(|why| format!("{}: {component}.{name}: {why}\n", case.id))?;
        Ok(Check {
            case: case.id,
            name,
            exact,
            value,
            z: (value - exact) / error,
            width: t * error / exact,
        })
    };
    case.exact.iter().map(of).collect()
}

/// The program knows the exact answers itself.
fn says_the_same(case: &Case, run: &Run) {
    let known = &exact_theory(run, "line").metrics;
    let mut matched = 0;
    for (name, exact) in case.exact {
        let own = known
            .iter()
            .find(|(metric, _)| metric.to_string().ends_with(&format!(".{name}")));
        // M^X/M/c has no law of the wait here, nor have all models one of the sojourn.
        let Some((_, (value, _))) = own else {
            continue;
        };
        let off = (value - exact).abs() / exact;
        assert!(
            off < 2e-4,
            "{}: {name} is {exact}, theory says {value}",
            case.id
        );
        matched += 1;
    }
    assert!(
        matched > 0,
        "{}: theory gives no figure of {known:?}",
        case.id
    );
}

fn all_agree(cases: &[Case], seed: u64) {
    // Each case has draws of its own: the same arrivals in all of them would make one chance look like many.
    let of = |(index, case): (u64, _)| checks(case, seed * 1000 + index);
    let (known, refused): (Vec<_>, Vec<_>) = (0..).zip(cases).map(of).partition(Result::is_ok);
    let mut checks = known.into_iter().flatten().flatten().collect::<Vec<_>>();
    let refused = refused
        .into_iter()
        .filter_map(Result::err)
        .collect::<String>();
    checks.sort_by(|a, b| b.z.abs().total_cmp(&a.z.abs()));
    let list = |checks: &[&Check]| {
        checks
            .iter()
            .map(|check| format!("{check}\n"))
            .collect::<String>()
    };
    println!(
        "{} figures of {} cases; farthest from the exact answer:",
        checks.len(),
        cases.len()
    );
    println!("{}", list(&checks.iter().take(12).collect::<Vec<_>>()));
    let failing = checks
        .iter()
        .filter(|check| check.fails())
        .collect::<Vec<_>>();
    assert!(
        refused.is_empty(),
        "seed {seed}: refused, though there is a law:\n{refused}"
    );
    assert!(
        failing.is_empty(),
        "seed {seed}: too far off, or too blurred to tell:\n{}",
        list(&failing)
    );
    // Many small biases in one direction would hide under the limit of each; they do not under that of all together.
    let mean = checks.iter().map(|check| check.z.powi(2)).sum::<f64>() / checks.len() as f64;
    assert!(
        mean < 2.5,
        "seed {seed}: all figures together are too far off: mean of z² is {mean:.2}"
    );
}

/// Of all draws; another seed by `QUEUELAB_LAWS_SEED=7`.
pub(super) fn seed() -> u64 {
    std::env::var("QUEUELAB_LAWS_SEED")
        .map_or(1, |seed| seed.parse().expect("a seed is a whole number"))
}

#[test]
fn the_simulation_agrees_with_exact_answers() {
    all_agree(QUICK, seed());
}

/// One of these may be, where the backlog happens to look as if it had only just settled.
#[test]
fn a_queue_that_has_long_settled_is_hardly_ever_refused() {
    let refused = (0..75).filter(|seed| {
        let outcome = outcome(&format!(
            r#"
title = "Settled"
kind = "steady"
horizon = "6000s"
replications = 10
seed = {seed}
producer.source = {{ to = "line", arrivals = "poisson(1.4/s)" }}
queue.line = {{}}
pool.crew = {{ from = "line", consumers = 2, service = "exponential(1s)" }}
"#
        ));
        value_and_error(&outcome, &outcome.runs[0], "line.wait.mean").is_err()
    });
    let refused = refused.collect::<Vec<_>>();
    assert!(refused.len() <= 1, "refused with seeds {refused:?} of 75");
}

/// Every case there is, with more messages: about 5 minutes of one core.
///
/// ```text
/// cargo test --release --test main laws::stationary -- --ignored --nocapture
/// ```
///
/// `QUEUELAB_LAWS_SEED=7` runs it on other draws. The seed of the repository passes; another may have a figure beyond 4
/// standard errors by chance, as there are hundreds of figures and 19 degrees of freedom, or an interval of just over
/// 5 %. A figure that is off on several seeds in the same direction is a bug.
#[test]
#[ignore = "minutes; run it after a change to the engine, the draws, the laws or the estimators"]
fn the_simulation_agrees_with_exact_answers_thoroughly() {
    all_agree(THOROUGH, seed());
}
