//! The answer of a formula: what `calc` prints.
//!
//! [`ask`] reads a question by the rules of scenario files and Kendall's notation (`given`), finds its model, and puts
//! the figures on a `sheet`; questions about time are answered by `over_time` and by [`drain`].

pub mod drain;
mod further;
mod given;
mod neighbours;
mod over_time;
mod sheet;
#[cfg(test)]
mod tests;

use crate::model::Unsolved;
use crate::scenario::{Mistakes, ReadFile};
use crate::theory::ModelError;
use crate::units;
use given::Given;
use over_time::OverTime;
use sheet::Sheet;

/// What is asked, each as given on the command line.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// In Kendall's notation; without, `consumers` and the laws decide.
    pub model: Option<String>,
    /// `--arrivals`; several are priority classes, the most urgent first.
    pub arrivals: Vec<String>,
    /// `--service`.
    pub service: Option<String>,
    /// `--consumers`.
    pub consumers: Option<String>,
    /// `--places`.
    pub places: Option<String>,
    /// `--batch`.
    pub batch: Option<String>,
    /// `--patience`.
    pub patience: Option<String>,
    /// `--think`.
    pub think: Option<String>,
    /// `--preempt`.
    pub preempt: bool,
    /// `--retry`.
    pub retry: Option<String>,
    /// `--up`.
    pub up: Option<String>,
    /// `--down`.
    pub down: Option<String>,
    /// `--branches`.
    pub branches: Option<String>,
    /// `--horizon`.
    pub horizon: Option<String>,
    /// `--start`.
    pub start: Option<String>,
}

/// Why there is no answer.
#[derive(Clone, Debug, thiserror::Error)]
pub enum QuestionError {
    /// A law or an arrival process is none, with its mistakes at their places.
    #[error("{0}")]
    Law(Mistakes),
    /// A flag or the model breaks a rule.
    #[error("{place}: {message}")]
    Rule {
        /// The flag, or the model.
        place: String,
        /// The value, the rule and the remedy.
        message: String,
    },
}

/// An answer, for a person or for a program.
#[derive(Debug)]
pub struct Reply(Kind);

#[derive(Debug)]
enum Kind {
    LongRun(Sheet),
    OverTime(OverTime),
}

/// Finds the model that is asked for, and asks it.
///
/// # Errors
/// Where something is not of its kind, where model and flags disagree, where there is no such model, and where the line
/// would grow without end.
pub fn ask(asked: &Asked, read_file: ReadFile<'_>) -> Result<Reply, QuestionError> {
    let given = Given::read(asked, read_file)?;
    let kind = if given.is_about_time() {
        Kind::OverTime(over_time::answer(&given)?)
    } else if further::is_asked(asked) {
        Kind::LongRun(further::answer(&given)?)
    } else {
        Kind::LongRun(sheet::answer(&given)?)
    };
    Ok(Reply(kind))
}

impl Reply {
    /// For a person.
    pub fn text(&self) -> String {
        match &self.0 {
            Kind::LongRun(sheet) => sheet.text(),
            Kind::OverTime(table) => table.text(),
        }
    }

    /// For a program: plain numbers; times in seconds.
    pub fn json(&self) -> String {
        match &self.0 {
            Kind::LongRun(sheet) => sheet.json(),
            Kind::OverTime(table) => table.json(),
        }
    }
}

impl QuestionError {
    fn rule(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Rule {
            place: place.into(),
            message: message.into(),
        }
    }

    /// `place` is what says how many servers there are.
    fn of_model(place: &str, name: &str, why: Unsolved) -> Self {
        match why {
            Unsolved::Model(ModelError::Unstable {
                offered_load,
                servers,
                least,
            }) => Self::unstable(place, servers, offered_load, least),
            Unsolved::Model(error) => Self::rule(name, error.to_string()),
            Unsolved::NoModel(why) => Self::rule(
                name,
                format!("no formula is known here, since {why}; simulate it: queuelab init"),
            ),
        }
    }

    fn unstable(place: &str, servers: u64, load: f64, least: u64) -> Self {
        let load = units::show_count(load);
        let message = format!(
            "{servers} cannot keep up with an offered load of {load} Erlang: the backlog grows without end; \
             {least} are the least that is stable"
        );
        Self::rule(place, message)
    }
}
