//! The command line: arguments in, exit codes out. Only here is anything printed, and only here is a clock read (for
//! progress).
//!
//! stdout carries the answer, stderr progress and warnings.

mod calc;
mod check;
mod explain;
mod init;
mod load;
mod progress;
mod run;

use clap::{Args, Parser, Subcommand, ValueEnum};
use queuelab::units;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

const EXIT_CODES: &str = "Exit codes: 0 done, every objective met; 1 I/O or internal error; 2 usage or invalid scenario; \
                          3 an objective is missed; 4 an objective is undecided or the precision was not reached; \
                          130 interrupted (what was finished is written, marked partial).";

/// Sizes consumer pools, asks what-if from scenario files, and shows how queues behave: a real queue core in virtual
/// time, with the fluid and the exact answer beside it.
#[derive(Debug, Parser)]
#[command(name = "queuelab", version, after_help = EXIT_CODES, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
    /// When to use colour; NO_COLOR is honoured
    #[arg(long, global = true, value_enum, default_value_t = Colour::Auto)]
    color: Colour,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Run scenario files: summary, tables and pictures
    Run(run::RunArguments),
    /// Say everything that is wrong with scenario files, and run nothing
    Check(check::CheckArguments),
    /// Say what drives the answer of a scenario file, or tell its first messages one by one
    Explain(explain::ExplainArguments),
    /// Write a scenario file to start from
    Init(init::InitArguments),
    /// Figures of a queueing model, without a file
    Calc(Box<calc::CalcArguments>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Colour {
    Auto,
    Always,
    Never,
}

impl Colour {
    fn applies_to(self, stream: &impl IsTerminal) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => {
                stream.is_terminal()
                    && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            }
        }
    }
}

/// What changes a scenario before it is run.
#[derive(Debug, Default, Args)]
struct Changes {
    /// Change a value of the file: `--set pool.senders.consumers=12`; may be given again
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Add an objective: `--objective 'wait.p99 < 200ms'`; may be given again
    #[arg(long, value_name = "METRIC < LIMIT")]
    objective: Vec<String>,
    /// Seed of all draws
    #[arg(long, allow_negative_numbers = true)]
    seed: Option<String>,
    /// How many independent runs
    #[arg(
        long,
        value_name = "COUNT",
        allow_negative_numbers = true,
        conflicts_with = "precision"
    )]
    replications: Option<String>,
    /// Run until every objective's metric is known to within this share: `5%`
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true)]
    precision: Option<String>,
}

/// Where results go.
#[derive(Debug, Args)]
struct Output {
    /// Where folders of results go, one for each scenario
    #[arg(short, long, value_name = "DIR", default_value = "output")]
    output: PathBuf,
    /// Print one JSON object instead of the summary
    #[arg(long)]
    json: bool,
    /// Print nothing but warnings and errors
    #[arg(short, long)]
    quiet: bool,
    /// No progress bar, even on a terminal
    #[arg(long)]
    no_progress: bool,
}

/// How a verb ended when nothing failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Done,
    Missed,
    Undecided,
    Interrupted,
}

/// What went wrong.
#[derive(Debug)]
enum Failure {
    /// The user's to mend: usage, or an invalid scenario.
    Usage(String),
    /// The machine's: I/O.
    Machine(anyhow::Error),
    /// Whoever read the answer has enough.
    BrokenPipe,
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::BrokenPipe
        } else {
            Self::Machine(anyhow::Error::new(error).context("cannot write the answer"))
        }
    }
}

/// Runs the verb that was asked for.
pub(crate) fn main() -> ExitCode {
    let cli = Cli::parse();
    let colour = cli.color;
    let ended = match cli.verb {
        Verb::Run(arguments) => run::run(&arguments, colour),
        Verb::Check(arguments) => check::check(&arguments, colour),
        Verb::Explain(arguments) => explain::explain(&arguments, colour),
        Verb::Init(arguments) => init::init(&arguments),
        Verb::Calc(arguments) => calc::calc(*arguments, colour),
    };
    ExitCode::from(match ended {
        Ok(Ending::Done) => 0,
        Ok(Ending::Missed) => 3,
        Ok(Ending::Undecided) => 4,
        Ok(Ending::Interrupted) => 130,
        // `queuelab … | head` is no error: whoever reads decides how much.
        Err(Failure::BrokenPipe) => 0,
        Err(Failure::Usage(message)) => {
            complain(&message);
            2
        }
        Err(Failure::Machine(error)) => {
            complain(&format!("error: {error:#}"));
            1
        }
    })
}

/// The answer, to stdout.
fn answer(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(harmless(text).as_bytes())?;
    Ok(stdout.flush()?)
}

/// Warnings and errors, to stderr. That stderr is closed is nobody's concern.
fn complain(message: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", harmless(message.trim_end()));
}

/// What files and arguments say must not steer the terminal: of all control characters only line breaks and our own
/// colours get through.
fn harmless(text: &str) -> String {
    let mut parts = text.split(COLOUR);
    let mut shown = units::visible(parts.next().unwrap_or_default());
    for part in parts {
        match part.split_once('m').filter(|(codes, _)| is_colour(codes)) {
            Some((codes, rest)) => shown += &format!("{COLOUR}{codes}m{}", units::visible(rest)),
            None => shown += &units::visible(&format!("{COLOUR}{part}")),
        }
    }
    shown
}

/// How a change of colour begins.
const COLOUR: &str = "\u{1b}[";

fn is_colour(codes: &str) -> bool {
    codes
        .chars()
        .all(|code| code.is_ascii_digit() || code == ';')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_get_through_and_what_else_steers_a_terminal_does_not() {
        let (red, clear) = ("\u{1b}[1;31merror\u{1b}[0m: \n", "\u{1b}[2J\u{7}");
        assert_eq!(harmless(red), red);
        assert_eq!(harmless(clear), "\\u001b[2J\\u0007");
    }
}
