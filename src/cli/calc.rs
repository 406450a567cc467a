//! `queuelab calc`: exact figures of M/M/c, without a file.

use super::{Ending, Failure, answer};
use clap::Args;
use queuelab::report::formula::{self, Question};

#[derive(Debug, Args)]
pub(super) struct CalcArguments {
    /// Messages that arrive: `100/s`, `300/min`, `5k/s`
    #[arg(long, value_name = "RATE")]
    arrivals: String,
    /// Time to work on one message, on average: `83ms`, or `exponential(83ms)`
    #[arg(long, value_name = "TIME")]
    service: String,
    /// Consumers, each working on one message at once
    #[arg(long, value_name = "COUNT", allow_negative_numbers = true)]
    consumers: String,
    /// Print one JSON object instead
    #[arg(long)]
    json: bool,
}

pub(super) fn calc(arguments: &CalcArguments) -> Result<Ending, Failure> {
    let question = Question::parse(
        &arguments.arrivals,
        &arguments.service,
        &arguments.consumers,
    );
    let question = question.map_err(|error| Failure::Usage(format!("error: {error}")))?;
    answer(&if arguments.json {
        formula::json(&question)
    } else {
        formula::text(&question)
    })?;
    Ok(Ending::Done)
}
