//! How often do intervals that claim 95 % contain the truth? The judge of all intervals.
//!
//! Replays many studies, each with another seed and at the program's own defaults, of scenarios whose figures are known,
//! and prints as a table how many of the intervals of the mean and the p99 wait contain them, how many studies were
//! refused an interval, and how wide the intervals are; of a variant on the same draws, also how many of those of the
//! difference of the p99. Exits with 1 where fewer than 92 % or more than 97.5 % do.
//! `cargo run --release --example coverage [STUDIES] [CASE]`: 400 studies of each case whose name holds CASE, if not told
//! otherwise. Minutes to half an hour.

use queuelab::scenario::{Flags, Origin, load};
use queuelab::study::statistics::Interval;
use queuelab::study::{self, Estimate, Run};
use rayon::prelude::*;
use std::error::Error;
use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

/// A scenario with a queue `line`, and what is known of the wait in it.
struct Case {
    name: &'static str,
    /// All but the title and the seed.
    text: &'static str,
    truth: Truth,
}

/// Where the true figures come from.
#[derive(Clone, Copy)]
enum Truth {
    /// Mathematics: the mean and the p99, in seconds.
    Exact([f64; 2]),
    /// No formula: the mean of ten studies of twenty times as many runs, whose own error widens theirs by 0.3 %.
    LargeStudies,
}

/// What is looked at: the last where a case has a variant.
const FIGURES: [&str; 3] = [
    "wait.mean",
    "wait.p99",
    "wait.p99, variant with prefetch 1 − base",
];
/// Replications of a study at its defaults.
const REPLICATIONS: u64 = 20;
/// How many studies make a truth for which there is no formula.
const LARGE_STUDIES: u64 = 10;
/// Shares of intervals that may contain the truth where 95 % are claimed, of 400: two standard errors and a little.
const SOUND: std::ops::RangeInclusive<f64> = 0.92..=0.975;

const CASES: &[Case] = &[
    Case {
        name: "M/M/1, ρ = 0.9, 50,000 messages a run",
        text: r#"
horizon = "55556s"
producer.source = { to = "line", arrivals = "poisson(0.9/s)" }
queue.line = {}
pool.crew = { from = "line", consumers = 1, service = "exponential(1s)" }"#,
        truth: Truth::Exact([9.0, 44.998_096_703_302_65]), // ln(0.9 / 0.01) / 0.1
    },
    Case {
        name: "M/M/20, ρ = 0.9, 50,000 messages a run",
        text: r#"
horizon = "2778s"
producer.source = { to = "line", arrivals = "poisson(18/s)" }
queue.line = {}
pool.crew = { from = "line", consumers = 20, service = "exponential(1s)" }"#,
        truth: Truth::Exact([0.275_384_502_408, 2.004_365_199_62]), // mmc-c20-rho0.9
    },
    Case {
        name: "M/G/1, hyperexponential cv 2, ρ = 0.8, 50,000 messages a run",
        text: r#"
horizon = "62500s"
producer.source = { to = "line", arrivals = "poisson(0.8/s)" }
queue.line = {}
pool.crew = { from = "line", consumers = 1, service = "hyperexponential(mean=1s, cv=2)" }"#,
        truth: Truth::Exact([10.0, 60.012_607_043_2]), // m-H2scv4-c1-rho0.8
    },
    Case {
        name: "M/G/1, lognormal cv 2, ρ = 0.9, 200,000 messages a run",
        text: r#"
horizon = "222222s"
producer.source = { to = "line", arrivals = "poisson(0.9/s)" }
queue.line = {}
pool.crew = { from = "line", consumers = 1, service = "lognormal(mean=1s, cv=2)" }"#,
        truth: Truth::Exact([22.5, 135.533_514_271]), // mg1-lognormal8-rho0.9
    },
    Case {
        name: "prefetch 10, ten consumers, lognormal cv 2, ρ = 0.8, 50,000 messages a run",
        text: r#"
horizon = "1250s"
producer.source = { to = "line", arrivals = "poisson(40/s)" }
queue.line = {}
pool.crew = { from = "line", consumers = 10, prefetch = 10, service = "lognormal(mean=200ms, cv=2)" }
[[variant]]
name = "one"
set = { "pool.crew.prefetch" = 1 }"#,
        truth: Truth::LargeStudies,
    },
    Case {
        name: "terminating: five minutes of overload in twenty",
        text: r#"
horizon = "20m"
producer.source = { to = "line", arrivals = { profile = { between = "step", points = [
    { at = "0s", rate = "80/s" }, { at = "5m", rate = "150/s" }, { at = "10m", rate = "80/s" } ] } } }
queue.line = {}
pool.crew = { from = "line", consumers = 10, service = "exponential(80ms)" }"#,
        truth: Truth::LargeStudies,
    },
];

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let studies = arguments.next().map_or(Ok(400), |count| count.parse())?;
    let wanted = arguments.next().unwrap_or_default();
    let cases = CASES.iter().filter(|case| case.name.contains(&wanted));
    let cases = cases.collect::<Vec<_>>();
    if cases.is_empty() {
        let names = CASES.iter().map(|case| format!("\n  {}", case.name));
        return Err(format!(
            "no case has {wanted:?} in its name; there are:{}",
            names.collect::<String>()
        )
        .into());
    }
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "| scenario | figure | contain the truth | no interval | half-width | bias |"
    )?;
    writeln!(out, "|---|---|---|---|---|---|")?;
    let mut sound = true;
    for case in cases {
        let truths = truths(case)?;
        let seeds = (1..=studies).into_par_iter();
        let found = seeds.map(|seed| waits(case, seed, REPLICATIONS));
        let found = found.collect::<Result<Vec<_>, _>>()?;
        for (index, (truth, figure)) in truths.iter().zip(FIGURES).enumerate() {
            let of_figure = found.iter().map(|waits| waits[index]);
            let row = Row::of(of_figure.collect(), *truth);
            writeln!(out, "| {} | {figure} | {row}", case.name)?;
            sound &= SOUND.contains(&row.coverage());
        }
    }
    Ok(if sound {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn truths(case: &Case) -> Result<Vec<f64>, String> {
    match case.truth {
        Truth::Exact(values) => Ok(values.to_vec()),
        Truth::LargeStudies => {
            let mut truths = Vec::new();
            for seed in 0..LARGE_STUDIES {
                let found = waits(case, 1_000_000 + seed, 20 * REPLICATIONS)?;
                truths.resize(found.len(), 0.0);
                for (truth, found) in truths.iter_mut().zip(found) {
                    let known = found.ok_or_else(|| format!("{}: no truth", case.name))?;
                    *truth += known.value / LARGE_STUDIES as f64;
                }
            }
            Ok(truths)
        }
    }
}

/// One study's mean and p99 wait, with their intervals, where it gives them; and by how much a variant's p99 differs.
fn waits(case: &Case, seed: u64, replications: u64) -> Result<Vec<Option<Interval>>, String> {
    let Case { name, text, .. } = case;
    let text = format!("title = \"{name}\"\nseed = {seed}\nreplications = {replications}{text}");
    let origin = Origin {
        name: "coverage",
        path: "coverage",
    };
    let mut nothing = |_: &str| Err(io::Error::from(io::ErrorKind::NotFound));
    let set = load(&text, origin, &Flags::default(), &mut nothing);
    let set = set.map_err(|mistakes| mistakes.to_string())?;
    let outcome = study::run(&set, &()).map_err(|error| error.to_string())?;
    let own = ["mean", "p99"].map(|statistic| wait(&outcome.runs[0], statistic));
    let differences = outcome.differences.iter();
    Ok(own
        .into_iter()
        .chain(differences.map(|difference| interval(&difference.estimate)))
        .collect())
}

fn wait(run: &Run, statistic: &str) -> Option<Interval> {
    let name = format!("line.wait.{statistic}");
    let mut metrics = run.metrics.iter();
    let (_, estimate) = metrics.find(|(metric, _)| metric.to_string() == name)?;
    interval(estimate)
}

fn interval(estimate: &Estimate) -> Option<Interval> {
    match *estimate {
        Estimate::Known {
            value,
            interval: Some((low, high)),
            ..
        } => Some(Interval { value, low, high }),
        Estimate::Known { interval: None, .. } | Estimate::Refused { .. } => None,
    }
}

/// What came of one figure in all studies.
struct Row {
    given: u32,
    covering: u32,
    studies: usize,
    /// Means over the intervals given, relative to the truth.
    half_width: f64,
    bias: f64,
}

impl Row {
    fn of(found: Vec<Option<Interval>>, truth: f64) -> Self {
        let mut row = Self {
            given: 0,
            covering: 0,
            studies: found.len(),
            half_width: 0.0,
            bias: 0.0,
        };
        for interval in found.into_iter().flatten() {
            row.given += 1;
            row.covering += u32::from(interval.low <= truth && truth <= interval.high);
            row.half_width += interval.half_width() / truth.abs();
            row.bias += interval.value / truth - 1.0;
        }
        row.half_width /= f64::from(row.given);
        row.bias /= f64::from(row.given);
        row
    }

    fn coverage(&self) -> f64 {
        f64::from(self.covering) / f64::from(self.given)
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            given, covering, ..
        } = self;
        let none = self.studies - *given as usize;
        let (share, half_width, bias) = (
            self.coverage() * 100.0,
            self.half_width * 100.0,
            self.bias * 100.0,
        );
        write!(
            f,
            "{covering} of {given} ({share:.1} %) | {none} | {half_width:.1} % | {bias:+.2} % |"
        )
    }
}
