//! `queuelab calc`: figures of queueing models, without a file.

use super::{Colour, Ending, Failure, answer};
use clap::{Args, Subcommand};
use queuelab::report::formula::drain::{self, AskedDrain};
use queuelab::report::formula::{self, Asked, QuestionError};
use std::{fs, io};

#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true,
    after_help = "Laws and processes are written as in scenario files."
)]
pub(super) struct CalcArguments {
    #[command(subcommand)]
    verb: Option<CalcVerb>,
    /// In Kendall's notation: `M/M/10`, `M/G/8/1000`, `GI/M/3`, `E2/H2/3`, `M/M/5+M`, `M/M/2//10`, `M/D/∞`, `M^X/M/1`,
    /// `M_t/M/c`; without one, M/·/consumers
    #[arg(value_name = "MODEL")]
    model: Option<String>,
    /// Messages that arrive: `100/s`, `lognormal(mean=25ms, cv=2)` (gaps), `profile(points=[{at=0s, rate=20/s}, …])`;
    /// given again, a less urgent class
    #[arg(long, value_name = "RATE")]
    arrivals: Vec<String>,
    /// Time to work on one message: `83ms` (the mean), or `lognormal(mean=180ms, cv=1.5)`
    #[arg(long, value_name = "TIME")]
    service: Option<String>,
    /// Consumers, each working on one message at once
    #[arg(long, value_name = "COUNT", allow_negative_numbers = true)]
    consumers: Option<String>,
    /// Room, in service included: `/K` in a model
    #[arg(long, value_name = "COUNT", allow_negative_numbers = true)]
    places: Option<String>,
    /// Messages of one arrival (`M^X`): `constant(3)`
    #[arg(long, value_name = "LAW", allow_negative_numbers = true)]
    batch: Option<String>,
    /// Mean exponential time after which who waits leaves (`+M`)
    #[arg(long, value_name = "TIME")]
    patience: Option<String>,
    /// Time that each client thinks (`//N`)
    #[arg(long, value_name = "TIME")]
    think: Option<String>,
    /// The more urgent interrupt the less urgent
    #[arg(long)]
    preempt: bool,
    /// Share of attempts that fail and come back at once: `5%`
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true)]
    retry: Option<String>,
    /// Mean time until a consumer breaks down
    #[arg(long, value_name = "TIME")]
    up: Option<String>,
    /// Mean time of its repair
    #[arg(long, value_name = "TIME")]
    down: Option<String>,
    /// Branches that each message is split into, done when all are
    #[arg(long, value_name = "COUNT", allow_negative_numbers = true)]
    branches: Option<String>,
    /// Follow L(t) until then, instead of the long run
    #[arg(long, value_name = "TIME")]
    horizon: Option<String>,
    /// Messages that are there at time 0 [default: 0]
    #[arg(long, value_name = "COUNT", allow_negative_numbers = true)]
    start: Option<String>,
    /// Print one JSON object instead
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum CalcVerb {
    /// How long a backlog takes to drain, and how many consumers drain it in time
    Drain(DrainArguments),
}

#[derive(Debug, Args)]
struct DrainArguments {
    /// Messages that wait: `2.4M`
    #[arg(long, value_name = "COUNT", allow_negative_numbers = true)]
    backlog: String,
    /// Messages that go on arriving: `8000/s`
    #[arg(long, value_name = "RATE")]
    arrivals: String,
    /// Time to work on one message: `10ms` (the mean), or a law
    #[arg(long, value_name = "TIME")]
    service: String,
    /// Consumers, each working on one message at once
    #[arg(long, value_name = "COUNT", allow_negative_numbers = true)]
    consumers: Option<String>,
    /// When the backlog is to be gone: `10m`
    #[arg(long, value_name = "TIME")]
    by: Option<String>,
    /// Print one JSON object instead
    #[arg(long)]
    json: bool,
}

pub(super) fn calc(arguments: CalcArguments, colour: Colour) -> Result<Ending, Failure> {
    let refused = |error: QuestionError| refused(&error, colour);
    let text = match arguments.verb {
        Some(CalcVerb::Drain(asked)) => {
            let json = asked.json;
            let found =
                drain::drain(&asked.into_asked(), &mut |path| fs::read(path)).map_err(refused)?;
            if json { found.json() } else { found.text() }
        }
        None => {
            let json = arguments.json;
            let reply = formula::ask(&arguments.into_asked(), &mut |path| fs::read(path))
                .map_err(refused)?;
            if json { reply.json() } else { reply.text() }
        }
    };
    answer(&text)?;
    Ok(Ending::Done)
}

fn refused(error: &QuestionError, colour: Colour) -> Failure {
    Failure::Usage(match error {
        QuestionError::Law(mistakes) => mistakes.render(colour.applies_to(&io::stderr())),
        QuestionError::Rule { .. } => format!("error: {error}"),
    })
}

impl CalcArguments {
    fn into_asked(self) -> Asked {
        Asked {
            model: self.model,
            arrivals: self.arrivals,
            service: self.service,
            consumers: self.consumers,
            places: self.places,
            batch: self.batch,
            patience: self.patience,
            think: self.think,
            preempt: self.preempt,
            retry: self.retry,
            up: self.up,
            down: self.down,
            branches: self.branches,
            horizon: self.horizon,
            start: self.start,
        }
    }
}

impl DrainArguments {
    fn into_asked(self) -> AskedDrain {
        AskedDrain {
            backlog: self.backlog,
            arrivals: self.arrivals,
            consumers: self.consumers,
            service: self.service,
            by: self.by,
        }
    }
}
