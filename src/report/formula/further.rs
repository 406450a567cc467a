//! Models that flags add to the notation: priorities, retries, breakdowns, branches.

use super::given::{Given, count, positive_duration, unit};
use super::sheet::Sheet;
use super::{Asked, QuestionError};
use crate::model::{self, Pool, Servers, Solution, Unsolved};
use crate::theory::Preemption;
use crate::units::{self, show_rate};
use crate::workload::Arrivals;

pub(super) fn is_asked(asked: &Asked) -> bool {
    ways(asked).into_iter().any(|way| way)
}

/// Priorities, retries, breakdowns and branches.
fn ways(asked: &Asked) -> [bool; 4] {
    [
        asked.arrivals.len() > 1 || asked.preempt,
        asked.retry.is_some(),
        asked.up.is_some() || asked.down.is_some(),
        asked.branches.is_some(),
    ]
}

/// What all of these models ask of a line.
struct Plain<'g, 'a> {
    given: &'g Given<'a>,
    rates: Vec<f64>,
    servers: u64,
}

pub(super) fn answer(given: &Given<'_>) -> Result<Sheet, QuestionError> {
    let asked = given.asked;
    let plain = Plain::of(given)?;
    if ways(asked).into_iter().filter(|way| *way).count() > 1 {
        let message = "no formula is known for several of priorities, --retry, --up and --branches at once; leave some out, or simulate it: queuelab init";
        return Err(QuestionError::rule(given.line.name(), message));
    }
    if let Some(share) = &asked.retry {
        plain.retry(share)
    } else if let Some(branches) = &asked.branches {
        plain.branches(branches)
    } else {
        match (&asked.up, &asked.down) {
            (Some(up), Some(down)) => plain.breakdowns(up, down),
            (Some(_), None) => Err(QuestionError::rule(
                "--down",
                "how long a repair takes is not said; give --down 5m",
            )),
            (None, Some(_)) => Err(QuestionError::rule(
                "--up",
                "how long a consumer stays up is not said; give --up 1h",
            )),
            (None, None) => plain.priorities(),
        }
    }
}

impl<'g, 'a> Plain<'g, 'a> {
    fn of(given: &'g Given<'a>) -> Result<Self, QuestionError> {
        let line = &given.line;
        let name = line.name();
        let not_known =
            |why: &'static str| QuestionError::of_model("", &name, Unsolved::NoModel(why));
        let rates = given.classes.iter().map(Arrivals::poisson_rate);
        let rates: Option<Vec<f64>> = rates.collect();
        let rates = rates.ok_or_else(|| not_known("arrivals are not Poisson"))?;
        let Servers::Count(servers) = line.servers else {
            return Err(not_known("nobody waits"));
        };
        let is_plain = line.places.is_none()
            && line.patience.is_none()
            && line.batch.is_constant()
            && line.batch.mean() <= 1.0;
        if !is_plain {
            return Err(not_known(
                "room is limited, messages leave, or come in batches",
            ));
        }
        Ok(Self {
            given,
            rates,
            servers,
        })
    }

    fn priorities(&self) -> Result<Sheet, QuestionError> {
        let (preemption, how) = if self.given.asked.preempt {
            (Preemption::Resume, "pre-emption with resume")
        } else {
            (Preemption::None, "no pre-emption")
        };
        let service = &self.given.line.service;
        let solution = model::priorities(&self.rates, service, self.servers, preemption);
        let mut sheet = self.sheet(solution, how)?;
        let rates = self.rates.iter().enumerate();
        sheet.class_names = rates
            .map(|(number, rate)| format!("class {} ({})", number + 1, show_rate(*rate)))
            .collect();
        Ok(sheet)
    }

    fn retry(&self, text: &str) -> Result<Sheet, QuestionError> {
        let share = units::parse_share(text).map_err(|error| unit("--retry", &error))?;
        if share >= 1.0 {
            return Err(QuestionError::rule(
                "--retry",
                format!("{text} is not less than 100 %; write \"5%\""),
            ));
        }
        let how = format!("{text} of attempts that come back at once");
        self.sheet(model::retries(&self.pool(), share), &how)
    }

    fn breakdowns(&self, up: &str, down: &str) -> Result<Sheet, QuestionError> {
        let (up, down) = (
            positive_duration("--up", up)?.as_secs_f64(),
            positive_duration("--down", down)?.as_secs_f64(),
        );
        let solution = model::breakdowns(&self.pool(), up, down);
        self.sheet(solution, "exponential times up and down")
    }

    fn branches(&self, text: &str) -> Result<Sheet, QuestionError> {
        let branches = count("--branches", text)?;
        let each = if branches == 1 {
            "1 branch, an M/M/1".to_owned()
        } else {
            format!("{branches} branches, each an M/M/1, of which the last ends a message")
        };
        self.sheet(model::branches(&self.pool(), branches), &each)
    }

    fn pool(&self) -> Pool<'_> {
        Pool {
            arrival_rate: self.rates[0],
            service: &self.given.line.service,
            servers: self.servers,
        }
    }

    /// With one assumption more.
    fn sheet(
        &self,
        solution: Result<Solution, Unsolved>,
        also: &str,
    ) -> Result<Sheet, QuestionError> {
        let given = self.given;
        let solution = solution.map_err(|why| {
            QuestionError::of_model(given.place_of_servers(), &given.line.name(), why)
        })?;
        let mut assumptions = given.assumptions.clone();
        assumptions.push(also.to_owned());
        Ok(Sheet::new(&given.line, solution, assumptions))
    }
}
