//! `queuelab explain`: what drives the answer of a scenario file; or its first messages, event by event.

use super::progress::Progress;
use super::{Changes, Colour, Ending, Failure, answer, complain, load};
use clap::Args;
use queuelab::report::explain as report;
use queuelab::scenario::ScenarioSet;
use queuelab::study::StudyError;
use queuelab::study::explain::{self as study, story};
use queuelab::units;
use std::path::PathBuf;

/// More messages than this in all runs, and nobody waits for the end.
const MOST_TO_RUN: f64 = 1e9;
/// More messages make no story.
const MOST_MESSAGES: u64 = 1_000;

#[derive(Debug, Args)]
pub(super) struct ExplainArguments {
    /// Scenario file; `-` is stdin
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Tell what happens to so many messages, the first ones, event by event
    #[arg(
        long,
        value_name = "COUNT",
        allow_negative_numbers = true,
        conflicts_with = "replications"
    )]
    messages: Option<String>,
    /// Change a value of the file: `--set pool.senders.consumers=12`; may be given again
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Seed of all draws
    #[arg(long, allow_negative_numbers = true)]
    seed: Option<String>,
    /// How many independent runs, instead of what takes a few seconds
    #[arg(long, value_name = "COUNT", allow_negative_numbers = true)]
    replications: Option<String>,
    /// Print one JSON object instead
    #[arg(long)]
    json: bool,
    /// No progress bar, even on a terminal
    #[arg(long)]
    no_progress: bool,
}

pub(super) fn explain(arguments: &ExplainArguments, colour: Colour) -> Result<Ending, Failure> {
    let messages = arguments.messages.as_deref().map(count).transpose()?;
    let changes = Changes {
        set: arguments.set.clone(),
        seed: arguments.seed.clone(),
        replications: arguments.replications.clone(),
        ..Changes::default()
    };
    let set = load::load(&arguments.file, &changes, colour)?;
    match messages {
        Some(count) => tell(&set, count, arguments.json),
        None => say(&set, arguments),
    }
}

/// How many messages are told of.
fn count(text: &str) -> Result<usize, Failure> {
    let count = units::parse_count(text).ok();
    let count = count.filter(|count| (1..=MOST_MESSAGES).contains(count));
    count.map(|count| count as usize).ok_or_else(|| {
        Failure::Usage(format!(
            "error: --messages: {text} is not a count from 1 to {MOST_MESSAGES}; write --messages 30"
        ))
    })
}

fn tell(set: &ScenarioSet, count: usize, json: bool) -> Result<Ending, Failure> {
    let story = story::tell(set, count).map_err(failed)?;
    answer(&if json {
        report::story_object(&story)
    } else {
        report::story::text(&story)
    })?;
    Ok(Ending::Done)
}

fn say(set: &ScenarioSet, arguments: &ExplainArguments) -> Result<Ending, Failure> {
    let progress = Progress::new(!arguments.no_progress);
    let asked = arguments.replications.is_some();
    let replications = asked.then(|| set.base.replications.most());
    let messages = set.base.expected_messages() * f64::from(replications.unwrap_or(0));
    if messages > MOST_TO_RUN {
        return Err(Failure::Usage(format!(
            "error: --replications {} asks for about {} messages in all, which takes very long\n\
             leave it out, and as much is simulated as takes a few seconds",
            replications.unwrap_or(0),
            units::show_count(messages)
        )));
    }
    let explained = study::explain(set, replications, &progress);
    progress.clear();
    let explanation = match explained {
        Ok(explanation) => explanation,
        Err(error @ (StudyError::Interrupted | StudyError::Unexplained)) => {
            complain(&error.to_string());
            return Ok(Ending::Interrupted);
        }
        Err(error @ StudyError::Simulation(_)) => return Err(failed(error)),
    };
    answer(&if arguments.json {
        report::object(&explanation)
    } else {
        report::text(&explanation)
    })?;
    Ok(Ending::Done)
}

fn failed(error: StudyError) -> Failure {
    Failure::Usage(format!("error: {error}"))
}
