//! `queuelab run`: scenario files to summaries, tables and pictures.

use super::progress::Progress;
use super::{Changes, Colour, Ending, Failure, Output, answer, complain, load};
use clap::Args;
use queuelab::report::folder::WriteError;
use queuelab::report::{figures, folder, json, summary};
use queuelab::scenario::{Replications, ScenarioSet};
use queuelab::study::{self, Outcome, Ruling, StudyError};
use queuelab::units;
use std::io;
use std::path::{Path, PathBuf};

/// Messages a second that one thread simulates at least: for guesses how long a run takes.
const MESSAGES_PER_SECOND: f64 = 3e6;
/// More threads than this only cost.
const MOST_JOBS: i64 = 1024;
/// Longer than this, in seconds, and a run must be asked for with --yes.
const LONG_RUN_S: f64 = 900.0;
/// More memory than this, in bytes, likewise.
const LARGE_RUN: f64 = 4e9;
/// A folder's name of more bytes than this may be more than a file system takes, with what is put behind it.
const LONGEST_NAME: usize = 200;

#[derive(Debug, Args)]
pub(super) struct RunArguments {
    /// Scenario files; `-` is stdin
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    changes: Changes,
    #[command(flatten)]
    output: Output,
    /// Threads; as many as there are cores, if not given
    #[arg(
        long,
        value_name = "COUNT",
        allow_negative_numbers = true,
        value_parser = clap::value_parser!(u16).range(1..=MOST_JOBS)
    )]
    jobs: Option<u16>,
    /// Draw how the runs settle, and where the warm-up is cut, too (Welch's picture)
    #[arg(long)]
    welch: bool,
    /// Run even what will take very long
    #[arg(long)]
    yes: bool,
}

pub(super) fn run(arguments: &RunArguments, colour: Colour) -> Result<Ending, Failure> {
    let sets = load_all(arguments, colour)?;
    let folders = folders(&arguments.output.output, &sets)?;
    let overlay = (sets.len() > 1).then(|| overlay_folder(&arguments.output.output, &sets));
    for folder in folders.iter().chain(&overlay) {
        folder::check(folder).map_err(unwritable)?;
    }
    let jobs = arguments.jobs.map_or(0, usize::from);
    let pool = rayon_pool(jobs)?;
    let progress = Progress::new(!arguments.output.quiet && !arguments.output.no_progress);
    let mut outcomes = Vec::new();
    for (set, folder) in sets.iter().zip(&folders) {
        let outcome = match pool.install(|| study::run(set, &progress)) {
            Ok(outcome) => outcome,
            Err(error @ (StudyError::Interrupted | StudyError::Unexplained)) => {
                complain(&format!("{}: {error}", set.name));
                break;
            }
            Err(error @ StudyError::Simulation(_)) => {
                return Err(Failure::Usage(format!("error: {error}")));
            }
        };
        progress.clear();
        let files = folder::write(folder, &outcome, set, arguments.welch).map_err(unwritable)?;
        note_undrawable(&outcome);
        if !arguments.output.json && !arguments.output.quiet {
            let gap = if outcomes.is_empty() { "" } else { "\n" };
            answer(&format!(
                "{gap}{}{}",
                paint(&summary::text(&outcome), colour),
                wrote(folder, &files)
            ))?;
        }
        outcomes.push(outcome);
        if progress.is_interrupted() {
            break;
        }
    }
    if outcomes.is_empty() {
        return Ok(Ending::Interrupted);
    }
    if let Some(overlay) = overlay {
        let files = folder::write_overlay(&overlay, &outcomes).map_err(unwritable)?;
        if !arguments.output.json && !arguments.output.quiet {
            answer(&format!("\n{}", wrote(&overlay, &files)))?;
        }
    }
    if arguments.output.json {
        answer(&if let [only] = outcomes.as_slice() {
            json::object(only)
        } else {
            json::several(&outcomes)
        })?;
    }
    Ok(if progress.is_interrupted() {
        Ending::Interrupted
    } else {
        ending(&outcomes)
    })
}

fn load_all(arguments: &RunArguments, colour: Colour) -> Result<Vec<ScenarioSet>, Failure> {
    let mut sets = Vec::new();
    let mut mistakes = Vec::new();
    for file in &arguments.files {
        match load::load(file, &arguments.changes, colour) {
            Ok(set) => sets.push(set),
            Err(Failure::Usage(message)) => mistakes.push(message),
            Err(other) => return Err(other),
        }
    }
    if !mistakes.is_empty() {
        return Err(Failure::Usage(mistakes.join("\n")));
    }
    for set in &sets {
        ask_before_long_runs(set, arguments)?;
    }
    Ok(sets)
}

fn ask_before_long_runs(set: &ScenarioSet, arguments: &RunArguments) -> Result<(), Failure> {
    if arguments.yes {
        return Ok(());
    }
    let scenarios = || {
        let variants = set.variants.iter().map(|(_, scenario)| scenario);
        [&set.base].into_iter().chain(variants)
    };
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    let threads = arguments.jobs.map_or(cores, usize::from);
    let bytes = scenarios().map(|scenario| study::most_memory(scenario, threads));
    let bytes = bytes.fold(0.0, f64::max);
    if bytes > LARGE_RUN {
        return Err(Failure::Usage(format!(
            "error: in {} so many messages pile up that they take about {} GB of memory on {threads} threads\n\
             limit the queue (max_length), shorten the horizon, lower the rates or say --jobs 1; or say --yes to run it",
            set.name,
            units::show_count(bytes / 1e9)
        )));
    }
    let messages = scenarios().map(study::most_messages).sum::<f64>();
    let seconds = messages / MESSAGES_PER_SECOND / threads as f64;
    if seconds <= LONG_RUN_S {
        return Ok(());
    }
    let asks = match set.base.replications {
        Replications::Count(_) => "asks",
        Replications::Precision { .. } => "may ask",
    };
    let (messages, time) = (units::show_count(messages), units::show_seconds(seconds));
    Err(Failure::Usage(format!(
        "error: {} {asks} for about {messages} messages in all, which takes about {time} on {threads} threads\n\
         shorten the horizon, lower the rates or ask for fewer replications; or say --yes to run it",
        set.name
    )))
}

fn folders(output: &Path, sets: &[ScenarioSet]) -> Result<Vec<PathBuf>, Failure> {
    let folders = sets
        .iter()
        .map(|set| output.join(&set.name))
        .collect::<Vec<_>>();
    for (index, folder) in folders.iter().enumerate() {
        if folders[..index].contains(folder) {
            return Err(Failure::Usage(format!(
                "error: two of the files would write {}; rename one of them",
                folder.display()
            )));
        }
    }
    Ok(folders)
}

/// `a+b`; of many files the first ones and how many more.
fn overlay_folder(output: &Path, sets: &[ScenarioSet]) -> PathBuf {
    let names = sets.iter().map(|set| set.name.as_str());
    let all = names.clone().collect::<Vec<_>>().join("+");
    if all.len() <= LONGEST_NAME || sets.len() <= 2 {
        return output.join(all);
    }
    let first = names.take(2).collect::<Vec<_>>().join("+");
    output.join(format!("{first}+{} more", sets.len() - 2))
}

fn rayon_pool(jobs: usize) -> Result<rayon::ThreadPool, Failure> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build();
    pool.map_err(|error| {
        Failure::Machine(anyhow::Error::new(error).context("cannot start threads"))
    })
}

fn unwritable(error: WriteError) -> Failure {
    match error {
        WriteError::NotARun(_) => Failure::Usage(format!("error: {error}")),
        WriteError::Io { .. } => Failure::Machine(error.into()),
    }
}

fn note_undrawable(outcome: &Outcome) {
    let missing = figures::undrawable(outcome);
    let signs = missing.iter().map(char::to_string);
    let signs = signs.collect::<Vec<_>>().join(" ");
    if !signs.is_empty() {
        complain(&format!(
            "note: the font of the pictures has no {signs}: the PNG files show ? instead, and the SVG files show them \
             where their reader has a font for them"
        ));
    }
}

fn wrote(folder: &Path, files: &[String]) -> String {
    let shown = files
        .iter()
        .filter(|file| !file.ends_with(".png"))
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    format!(
        "wrote {}/  ({shown}; each picture as PNG too)\n",
        folder.display()
    )
}

/// Marks of verdicts in the colours that people expect.
fn paint(text: &str, colour: Colour) -> String {
    if !colour.applies_to(&io::stdout()) {
        return text.to_owned();
    }
    let mark = |line: &str| match line.chars().next() {
        Some(mark @ '✓') => format!("\u{1b}[32m{mark}\u{1b}[0m{}", &line[mark.len_utf8()..]),
        Some(mark @ '✗') => format!("\u{1b}[31m{mark}\u{1b}[0m{}", &line[mark.len_utf8()..]),
        Some(mark @ '?') => format!("\u{1b}[33m{mark}\u{1b}[0m{}", &line[mark.len_utf8()..]),
        Some(_) | None => line.to_owned(),
    };
    text.lines().map(|line| mark(line) + "\n").collect()
}

/// The worst that happened. A variant is a what-if: only the base scenario's objectives decide.
fn ending(outcomes: &[Outcome]) -> Ending {
    let bases = outcomes.iter().filter_map(|outcome| outcome.runs.first());
    let rulings = bases
        .clone()
        .flat_map(|run| run.objectives.iter().map(|verdict| verdict.verdict));
    let rulings = rulings.collect::<Vec<_>>();
    if outcomes.iter().any(|outcome| outcome.partial) {
        Ending::Interrupted
    } else if rulings.contains(&Ruling::Missed) {
        Ending::Missed
    } else if rulings.contains(&Ruling::Undecided)
        || bases.clone().any(|run| !run.imprecise.is_empty())
    {
        Ending::Undecided
    } else {
        Ending::Done
    }
}
