//! How often do intervals that claim 95 % contain the truth? The judge of all intervals.
//!
//! Replays many studies, each with another seed and at the program's own defaults, of scenarios whose figures are known,
//! and prints how many of the intervals of the mean and of the p99 wait contain them.
//! `cargo run --release --example coverage [STUDIES] [CASE]`; 400 studies of each case, if not told otherwise.

use queuelab::scenario::{Flags, Origin, load};
use queuelab::study::{self, Estimate};
use rayon::prelude::*;
use std::error::Error;
use std::io::{self, Write};

/// A scenario of queue `line`, and what is known of it.
struct Case {
    name: &'static str,
    text: &'static str,
    truths: [(&'static str, Truth); 2],
}

/// Where the true figure comes from.
#[derive(Clone, Copy)]
enum Truth {
    /// Mathematics, in seconds.
    Exact(f64),
    /// No formula: all studies together, whose own error is a twentieth of that of each.
    AllStudies,
}

const CASES: &[Case] = &[
    Case {
        name: "M/M/1, ρ = 0.9",
        text: r#"
horizon = "50000s"
producer.source = { to = "line", arrivals = "poisson(0.9/s)" }
queue.line = {}
pool.crew = { from = "line", consumers = 1, service = "exponential(1s)" }"#,
        truths: [
            ("mean", Truth::Exact(9.0)),
            ("p99", Truth::Exact(44.998_096_703_302_65)),
        ],
    },
    Case {
        name: "M/M/20, ρ = 0.9",
        text: r#"
horizon = "2778s"
producer.source = { to = "line", arrivals = "poisson(18/s)" }
queue.line = {}
pool.crew = { from = "line", consumers = 20, service = "exponential(1s)" }"#,
        truths: [
            ("mean", Truth::Exact(0.275384502408)),
            ("p99", Truth::Exact(2.00436519962)),
        ],
    },
    Case {
        name: "M/G/1, hyperexponential, cv 2, ρ = 0.8",
        text: r#"
horizon = "62500s"
producer.source = { to = "line", arrivals = "poisson(0.8/s)" }
queue.line = {}
pool.crew = { from = "line", consumers = 1, service = "hyperexponential(mean=1s, cv=2)" }"#,
        truths: [
            ("mean", Truth::Exact(10.0)),
            ("p99", Truth::Exact(60.01260704320006)),
        ],
    },
    Case {
        name: "M/G/1, lognormal, cv 2, ρ = 0.9",
        text: r#"
horizon = "55556s"
producer.source = { to = "line", arrivals = "poisson(0.9/s)" }
queue.line = {}
pool.crew = { from = "line", consumers = 1, service = "lognormal(mean=1s, cv=2)" }"#,
        truths: [
            ("mean", Truth::Exact(22.5)),
            ("p99", Truth::Exact(135.53351427108774)),
        ],
    },
    Case {
        name: "prefetch without a limit, 4 consumers, ρ = 0.8: E4/M/1",
        text: r#"
horizon = "15625s"
producer.source = { to = "line", arrivals = "poisson(3.2/s)" }
queue.line = {}
pool.crew = { from = "line", consumers = 4, prefetch = 0, service = "exponential(1s)" }"#,
        truths: [("mean", Truth::AllStudies), ("p99", Truth::AllStudies)],
    },
    Case {
        name: "prefetch 10 of 10 consumers, lognormal cv 2, ρ = 0.8",
        text: r#"
horizon = "1250s"
producer.source = { to = "line", arrivals = "poisson(40/s)" }
queue.line = {}
pool.crew = { from = "line", consumers = 10, prefetch = 10, service = "lognormal(mean=200ms, cv=2)" }"#,
        truths: [("mean", Truth::AllStudies), ("p99", Truth::AllStudies)],
    },
    Case {
        name: "five minutes of overload (terminating)",
        text: r#"
horizon = "20m"
producer.source = { to = "line", arrivals = { profile = { between = "step", points = [
    { at = "0s", rate = "80/s" }, { at = "5m", rate = "150/s" }, { at = "10m", rate = "80/s" } ] } } }
queue.line = {}
pool.crew = { from = "line", consumers = 10, service = "exponential(80ms)" }"#,
        truths: [("mean", Truth::AllStudies), ("p99", Truth::AllStudies)],
    },
];

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let studies = arguments
        .next()
        .map_or(Ok(400), |count| count.parse::<u64>())?;
    let wanted = arguments.next().unwrap_or_default();
    let factor = arguments
        .next()
        .map_or(Ok(1.0), |count| count.parse::<f64>())?;
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "| case | figure | covered | of | refused | half-width | bias |"
    )?;
    writeln!(out, "|---|---|---|---|---|---|---|")?;
    for case in CASES.iter().filter(|case| case.name.contains(&wanted)) {
        let outcomes = (1..=studies)
            .into_par_iter()
            .map(|seed| outcome(case, seed, factor))
            .collect::<Result<Vec<_>, _>>()?;
        for (statistic, truth) in case.truths {
            writeln!(out, "{}", row(case.name, statistic, truth, &outcomes))?;
        }
    }
    Ok(())
}

fn outcome(case: &Case, seed: u64, factor: f64) -> Result<Vec<(String, Estimate)>, String> {
    let horizon = case.text.split('"').nth(1).unwrap();
    let scaled = if factor == 1.0 {
        case.text.to_owned()
    } else {
        let seconds: f64 = horizon.trim_end_matches('s').parse().unwrap_or(0.0);
        case.text
            .replacen(horizon, &format!("{}s", seconds * factor), 1)
    };
    let text = format!("title = \"coverage\"\nseed = {seed}{scaled}");
    let origin = Origin {
        name: "coverage",
        path: "coverage",
    };
    let mut nothing = |_: &str| Err(io::Error::from(io::ErrorKind::NotFound));
    let set = load(&text, origin, &Flags::default(), &mut nothing)
        .map_err(|mistakes| mistakes.to_string())?;
    let outcome = study::run(&set, &()).map_err(|error| error.to_string())?;
    let run = &outcome.runs[0];
    Ok(run
        .metrics
        .iter()
        .map(|(metric, estimate)| (metric.to_string(), estimate.clone()))
        .filter(|(name, _)| name.starts_with("line.wait."))
        .collect())
}

fn row(case: &str, statistic: &str, truth: Truth, outcomes: &[Vec<(String, Estimate)>]) -> String {
    let name = format!("line.wait.{statistic}");
    let known = outcomes.iter().filter_map(|metrics| {
        let (_, estimate) = metrics.iter().find(|(metric, _)| *metric == name)?;
        match estimate {
            Estimate::Known {
                value,
                interval: Some((low, high)),
                ..
            } => Some((*value, *low, *high)),
            _ => None,
        }
    });
    let known = known.collect::<Vec<_>>();
    let count = known.len() as f64;
    let mean = known.iter().map(|k| k.0).sum::<f64>() / count;
    let truth = match truth {
        Truth::Exact(v) => v,
        Truth::AllStudies => mean,
    };
    let covered = known
        .iter()
        .filter(|(_, low, high)| *low <= truth && truth <= *high)
        .count();
    let half = known
        .iter()
        .map(|(_, low, high)| (high - low) / 2.0)
        .sum::<f64>()
        / count
        / truth;
    format!(
        "| {case} | {name} | {covered} | {} | {} | {:.1} % | {:+.2} % |",
        known.len(),
        outcomes.len() - known.len(),
        half * 100.0,
        (mean / truth - 1.0) * 100.0
    )
}
