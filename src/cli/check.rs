//! `queuelab check`: every mistake of a scenario file at once, and no run.

use super::{Changes, Colour, Ending, Failure, answer, complain, load};
use clap::Args;
use queuelab::report::json;
use serde::Serialize;
use std::io;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct CheckArguments {
    /// Scenario files; `-` is stdin
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    changes: Changes,
    /// Print one JSON object instead
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    schema_version: u32,
    files: Vec<FileReport>,
}

#[derive(Serialize)]
struct FileReport {
    file: String,
    valid: bool,
    mistakes: Vec<String>,
    warnings: Vec<String>,
}

pub(super) fn check(arguments: &CheckArguments, colour: Colour) -> Result<Ending, Failure> {
    let mut files = Vec::new();
    let mut unreadable = 0;
    for path in &arguments.files {
        let file = path.display().to_string();
        let loaded = match load::try_load(path, &arguments.changes) {
            Ok(loaded) => loaded.map_err(|mistakes| {
                let shown = mistakes.render(colour.applies_to(&io::stderr()));
                (shown, mistakes.lines().collect())
            }),
            // What cannot be read hides nothing of what can.
            Err(Failure::Usage(message)) => Err((message.clone(), vec![message])),
            Err(Failure::Machine(cause)) => {
                unreadable += 1;
                let message = format!("error: {cause:#}");
                Err((message.clone(), vec![message]))
            }
            Err(Failure::BrokenPipe) => return Err(Failure::BrokenPipe),
        };
        let (mistakes, warnings) = match loaded {
            Ok(set) => {
                if !arguments.json {
                    set.warnings.iter().for_each(|warning| complain(warning));
                    answer(&format!(
                        "{file} is a valid scenario: {}\n",
                        set.base.parameters()
                    ))?;
                }
                (Vec::new(), set.warnings)
            }
            Err((shown, mistakes)) => {
                if !arguments.json {
                    complain(&shown);
                }
                (mistakes, Vec::new())
            }
        };
        files.push(FileReport {
            file,
            valid: mistakes.is_empty(),
            mistakes,
            warnings,
        });
    }
    let wrong = files.iter().filter(|file| !file.valid).count();
    if arguments.json {
        answer(&json::to_text(&Report {
            schema_version: json::SCHEMA_VERSION,
            files,
        }))?;
    }
    match wrong {
        _ if unreadable > 0 => Err(Failure::Machine(anyhow::anyhow!(
            "files that cannot be read: {unreadable}"
        ))),
        0 => Ok(Ending::Done),
        1 => Err(Failure::Usage("1 file is not a valid scenario".to_owned())),
        _ => Err(Failure::Usage(format!(
            "{wrong} files are not valid scenarios"
        ))),
    }
}
