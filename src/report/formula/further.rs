//! Models that flags add to the notation: priorities, retries, breakdowns, branches.

use super::given::{Given, count, positive_duration, unit};
use super::sheet::{Extra, Sheet};
use super::{Asked, QuestionError};
use crate::model::{Answer, Basis, Servers, Unsolved};
use crate::theory::{
    BreakdownMg1, BreakdownMmc, Failing, ForkJoin, ModelError, Moments, Preemption, PriorityClass,
    PriorityMg1, PriorityMmc, RetryMmc,
};
use crate::units::{self, show_count, show_rate, show_share};
use crate::workload::{Arrivals, Distribution};

const FORK_JOIN_ERROR: &str =
    "after Nelson and Tantawi, within about 5 % of simulation up to 32 branches";

pub(super) fn is_asked(asked: &Asked) -> bool {
    asked.arrivals.len() > 1
        || asked.preempt
        || asked.retry.is_some()
        || asked.up.is_some()
        || asked.down.is_some()
        || asked.branches.is_some()
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
    let ways = [
        asked.arrivals.len() > 1 || asked.preempt,
        asked.retry.is_some(),
        asked.up.is_some() || asked.down.is_some(),
        asked.branches.is_some(),
    ];
    if ways.into_iter().filter(|way| *way).count() > 1 {
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
        let preemption = if self.given.asked.preempt {
            Preemption::Resume
        } else {
            Preemption::None
        };
        let service = &self.given.line.service;
        let classes: Vec<ClassFigures> = if let Distribution::Exponential { mean } = service {
            let model = PriorityMmc::new(&self.rates, mean.recip(), self.servers, preemption);
            let model = model.map_err(|error| self.error(error))?;
            (0..self.rates.len())
                .map(|class| ClassFigures {
                    wait: model.wait_mean(class),
                    sojourn: model.sojourn_mean(class),
                    ready: model.ready_mean(class),
                    total: model.total_mean(class),
                })
                .collect()
        } else {
            let model = self.one_server().and_then(|()| {
                let service = Moments::with_scv(service.mean(), service.scv())
                    .map_err(|error| self.error(error))?;
                let class = |rate: &f64| PriorityClass {
                    arrival_rate: *rate,
                    service,
                };
                let classes: Vec<PriorityClass> = self.rates.iter().map(class).collect();
                PriorityMg1::new(&classes, preemption).map_err(|error| self.error(error))
            })?;
            (0..self.rates.len())
                .map(|class| ClassFigures {
                    wait: model.wait_mean(class),
                    sojourn: model.sojourn_mean(class),
                    ready: model.ready_mean(class),
                    total: model.total_mean(class),
                })
                .collect()
        };
        let all = Together::of(&self.rates, service.mean(), self.servers, &classes);
        let how = match preemption {
            Preemption::None => "priorities",
            Preemption::Resume => "pre-emptive priorities (resume)",
        };
        let mut sheet = self.sheet(Box::new(all), how);
        sheet.classes = classes
            .into_iter()
            .zip(&self.rates)
            .enumerate()
            .map(|(number, (figures, rate))| {
                let name = format!("class {} ({})", number + 1, show_rate(*rate));
                (name, Box::new(figures) as Box<dyn Answer>)
            })
            .collect();
        Ok(sheet)
    }

    fn retry(&self, text: &str) -> Result<Sheet, QuestionError> {
        let mean = self.exponential("messages are tried again")?;
        let share = units::parse_share(text).map_err(|error| unit("--retry", &error))?;
        if share >= 1.0 {
            return Err(QuestionError::rule(
                "--retry",
                format!("{text} is not less than 100 %; write \"5%\""),
            ));
        }
        let model = RetryMmc::new(self.rates[0], mean.recip(), self.servers, share, None, 0.0);
        let model = model.map_err(|error| self.error(error))?;
        let attempts = model.attempts_mean();
        let answer = Retried { model, attempts };
        let mut sheet = self.sheet(
            Box::new(answer),
            &format!("{text} of attempts that come back at once"),
        );
        sheet.extras.push(Extra {
            key: "attempts.mean",
            shown: format!("attempts {}", show_count(attempts)),
            value: attempts,
        });
        Ok(sheet)
    }

    fn breakdowns(&self, up: &str, down: &str) -> Result<Sheet, QuestionError> {
        let (up, down) = (
            positive_duration("--up", up)?.as_secs_f64(),
            positive_duration("--down", down)?.as_secs_f64(),
        );
        let (rate, service) = (self.rates[0], &self.given.line.service);
        let (answer, availability): (Box<dyn Answer>, f64) =
            if let Distribution::Exponential { mean } = service {
                let model =
                    BreakdownMmc::new(rate, mean.recip(), self.servers, up.recip(), down.recip());
                let model = model.map_err(|error| self.error(error))?;
                (Box::new(model), model.availability())
            } else {
                self.one_server()?;
                let moments = Moments::with_scv(service.mean(), service.scv());
                // An exponential repair.
                let repair = Moments::with_scv(down, 1.0);
                let model = moments.and_then(|service| {
                    BreakdownMg1::new(rate, service, up.recip(), repair?, Failing::Always)
                });
                let model = model.map_err(|error| self.error(error))?;
                (Box::new(model), model.availability())
            };
        let mut sheet = self.sheet(answer, "exponential times up and down");
        sheet.extras.push(Extra {
            key: "availability",
            shown: format!("up {}", show_share(availability)),
            value: availability,
        });
        Ok(sheet)
    }

    fn branches(&self, text: &str) -> Result<Sheet, QuestionError> {
        let mean = self.exponential("work is split into branches")?;
        self.one_server()?;
        let branches = count("--branches", text)?;
        let model = ForkJoin::new(self.rates[0], mean.recip(), branches)
            .map_err(|error| self.error(error))?;
        let (exact, alone) = (model.is_exact(), model.branch_sojourn_mean());
        let mut sheet = self.sheet(
            Box::new(model),
            &format!("{branches} branches, each an M/M/1, of which the last ends a message"),
        );
        if !exact {
            sheet.basis = Basis::Approximate(FORK_JOIN_ERROR);
        }
        sheet.extras.push(Extra {
            key: "branch.sojourn.mean",
            shown: format!("one branch alone {}", units::show_seconds(alone)),
            value: alone,
        });
        Ok(sheet)
    }

    fn sheet(&self, answer: Box<dyn Answer>, also: &str) -> Sheet {
        let mut assumptions = self.given.assumptions.clone();
        assumptions.push(also.to_owned());
        Sheet {
            name: self.given.line.name(),
            assumptions,
            basis: Basis::Exact,
            answer,
            extras: Vec::new(),
            classes: Vec::new(),
            why: None,
            remedy: None,
        }
    }

    fn exponential(&self, what: &str) -> Result<f64, QuestionError> {
        if let Distribution::Exponential { mean } = self.given.line.service {
            return Ok(mean);
        }
        let message = format!(
            "no formula is known here, since {what}, and service is not exponential; simulate it: queuelab init"
        );
        Err(QuestionError::rule(self.given.line.name(), message))
    }

    fn one_server(&self) -> Result<(), QuestionError> {
        if self.servers == 1 {
            return Ok(());
        }
        let message = "no formula is known here for more than one consumer; give one, or exponential service, or simulate it: queuelab init";
        Err(QuestionError::rule(self.given.line.name(), message))
    }

    fn error(&self, error: ModelError) -> QuestionError {
        QuestionError::of_model(
            self.given.place_of_servers(),
            &self.given.line.name(),
            error.into(),
        )
    }
}

/// Means of one class.
#[derive(Clone, Copy, Debug)]
struct ClassFigures {
    wait: f64,
    sojourn: f64,
    ready: f64,
    total: f64,
}

impl Answer for ClassFigures {
    fn wait_mean(&self) -> Option<f64> {
        Some(self.wait)
    }
    fn sojourn_mean(&self) -> Option<f64> {
        Some(self.sojourn)
    }
    fn ready_mean(&self) -> Option<f64> {
        Some(self.ready)
    }
    fn total_mean(&self) -> Option<f64> {
        Some(self.total)
    }
}

/// All classes together.
#[derive(Clone, Copy, Debug)]
struct Together {
    load: f64,
    servers: u64,
    rate: f64,
    ready: f64,
    total: f64,
}

impl Together {
    fn of(rates: &[f64], service_mean: f64, servers: u64, classes: &[ClassFigures]) -> Self {
        let rate: f64 = rates.iter().sum();
        Self {
            load: rate * service_mean,
            servers,
            rate,
            ready: classes.iter().map(|class| class.ready).sum(),
            total: classes.iter().map(|class| class.total).sum(),
        }
    }
}

impl Answer for Together {
    fn offered_load(&self) -> Option<f64> {
        Some(self.load)
    }
    fn utilisation(&self) -> Option<f64> {
        Some(self.load / self.servers as f64)
    }
    fn wait_mean(&self) -> Option<f64> {
        Some(self.ready / self.rate)
    }
    fn sojourn_mean(&self) -> Option<f64> {
        Some(self.total / self.rate)
    }
    fn ready_mean(&self) -> Option<f64> {
        Some(self.ready)
    }
    fn total_mean(&self) -> Option<f64> {
        Some(self.total)
    }
}

/// M/M/c whose messages come back: waits are of one attempt, sojourns of a whole message.
#[derive(Clone, Copy, Debug)]
struct Retried {
    model: RetryMmc,
    attempts: f64,
}

impl Answer for Retried {
    fn offered_load(&self) -> Option<f64> {
        Some(self.model.line().offered_load())
    }
    fn utilisation(&self) -> Option<f64> {
        Some(self.model.utilisation())
    }
    fn p_wait(&self) -> Option<f64> {
        Some(self.model.line().p_wait())
    }
    fn wait_mean(&self) -> Option<f64> {
        Some(self.model.line().wait_mean() * self.attempts)
    }
    fn sojourn_mean(&self) -> Option<f64> {
        Some(self.model.sojourn_mean())
    }
    fn ready_mean(&self) -> Option<f64> {
        Some(self.model.ready_mean())
    }
    fn total_mean(&self) -> Option<f64> {
        Some(self.model.total_mean())
    }
}
