//! What is given on the command line, read: a line, and the words in which its assumptions are said.

use super::{Asked, QuestionError};
use crate::model::{Letter, Line, Notation, Servers};
use crate::scenario::{self, ReadFile};
use crate::time::Span;
use crate::units::{self, UnitError};
use crate::workload::{Arrivals, Distribution};

/// Most consumers that a formula is asked about: its cost grows with the offered load.
const MOST_CONSUMERS: u64 = 10_000_000;

/// A question, understood.
#[derive(Debug)]
pub(super) struct Given<'a> {
    pub(super) asked: &'a Asked,
    pub(super) line: Line,
    /// The arrivals of each priority class; one, if there are none.
    pub(super) classes: Vec<Arrivals>,
    /// Of service, arrivals and what else: `exponential service`, `Poisson arrivals`.
    pub(super) assumptions: Vec<String>,
    /// How far time is followed, if it is.
    pub(super) horizon: Option<Span>,
    /// Messages that are there at time 0.
    pub(super) start: u64,
}

impl<'a> Given<'a> {
    pub(super) fn read(asked: &'a Asked, read_file: ReadFile<'_>) -> Result<Self, QuestionError> {
        let mut reader = Reader {
            asked,
            notation: None,
            read_file,
        };
        if let Some(model) = &asked.model {
            let notation = Notation::parse(model);
            reader.notation =
                Some(notation.map_err(|error| QuestionError::rule(model, error.to_string()))?);
        }
        let given = reader.given()?;
        if asked.start.is_some() && !given.is_about_time() {
            let message =
                "a level at time 0 matters only over time; give --horizon 10m, or leave it out";
            return Err(QuestionError::rule("--start", message));
        }
        Ok(given)
    }

    /// Whether L(t) is asked for, not the long run.
    pub(super) fn is_about_time(&self) -> bool {
        self.horizon.is_some() || matches!(self.line.arrivals, Arrivals::Profile(_))
    }

    /// What says how many consumers there are.
    pub(super) fn place_of_servers(&self) -> &str {
        match (&self.asked.consumers, &self.asked.model) {
            (None, Some(model)) => model,
            (Some(_), _) | (None, None) => "--consumers",
        }
    }
}

struct Reader<'a, 'f> {
    asked: &'a Asked,
    notation: Option<Notation>,
    read_file: ReadFile<'f>,
}

impl<'a> Reader<'a, '_> {
    fn given(&mut self) -> Result<Given<'a>, QuestionError> {
        let asked = self.asked;
        let (classes, said_arrivals) = self.arrivals()?;
        let (service, said_service) = self.service()?;
        let mut assumptions = vec![format!("{said_service} service"), said_arrivals];
        let mut line = Line::new(classes[0].clone(), service, self.servers()?);
        self.agree("--places", "/K", |n| n.places.is_some(), &asked.places)?;
        line.places = match (self.notation.and_then(|n| n.places), &asked.places) {
            (_, Some(text)) => Some(count("--places", text)?),
            (places, None) => places,
        };
        if self.must("--batch 'constant(3)'", "^X", |n| n.batches, &asked.batch)? {
            let text = asked.batch.as_deref().unwrap_or_default();
            line.batch =
                scenario::batch("--batch", text, self.read_file).map_err(QuestionError::Law)?;
            assumptions.push(format!("batches of {}", text.trim()));
        }
        if self.must("--patience 2s", "+M", |n| n.patience, &asked.patience)? {
            let mean = self.mean_of("--patience", asked.patience.as_deref().unwrap_or_default())?;
            line.patience = Some(mean);
            let shown = units::show_seconds(mean);
            assumptions.push(format!("exponential patience of {shown}"));
        }
        let horizon = asked
            .horizon
            .as_deref()
            .map(|text| positive_duration("--horizon", text));
        Ok(Given {
            asked,
            line,
            classes,
            assumptions,
            horizon: horizon.transpose()?,
            start: asked
                .start
                .as_deref()
                .map_or(Ok(0), |text| count("--start", text))?,
        })
    }

    fn servers(&self) -> Result<Servers, QuestionError> {
        let named = self.notation.and_then(|notation| notation.servers);
        let Some(text) = &self.asked.consumers else {
            let Some(servers) = named else {
                let message =
                    "how many there are is not said; give --consumers 10, or a model: M/M/10";
                return Err(QuestionError::rule("--consumers", message));
            };
            if matches!(servers, Servers::Count(count) if count > MOST_CONSUMERS) {
                return Err(QuestionError::rule(
                    self.model(),
                    "has more than 10 million servers; write fewer",
                ));
            }
            return Ok(servers);
        };
        let servers = consumers(text)?;
        match named {
            Some(named) if named != Servers::Count(servers) => {
                let message = format!(
                    "{servers} are not the servers of {}; leave one of them out",
                    self.model()
                );
                Err(QuestionError::rule("--consumers", message))
            }
            Some(_) | None => Ok(Servers::Count(servers)),
        }
    }

    /// The arrivals of each class, and what they are called.
    fn arrivals(&mut self) -> Result<(Vec<Arrivals>, String), QuestionError> {
        let asked = self.asked;
        if let Some(clients) = self.notation.and_then(|notation| notation.clients) {
            return self.clients(clients);
        }
        if asked.think.is_some() {
            let message = "only clients think; write a model such as M/M/2//10, for 10 clients";
            return Err(QuestionError::rule("--think", message));
        }
        if asked.arrivals.is_empty() {
            let message = "what arrives is not said; give a rate, \"100/s\", or a process, \"mmpp(rates=[20/s, 400/s], dwell=[10m, 30s])\"";
            return Err(QuestionError::rule("--arrivals", message));
        }
        let read: Vec<(Arrivals, String)> = asked
            .arrivals
            .iter()
            .map(|text| self.one_arrivals(text))
            .collect::<Result<_, _>>()?;
        let said = read[0].1.clone();
        let classes = read.into_iter().map(|(arrivals, _)| arrivals).collect();
        Ok((classes, said))
    }

    fn clients(&mut self, clients: u32) -> Result<(Vec<Arrivals>, String), QuestionError> {
        let asked = self.asked;
        if !asked.arrivals.is_empty() {
            let message = format!(
                "{} has clients, which come when they have thought; give --think 9s instead",
                self.model()
            );
            return Err(QuestionError::rule("--arrivals", message));
        }
        let Some(text) = &asked.think else {
            let message = format!(
                "how long the clients of {} think is not said; give --think 9s",
                self.model()
            );
            return Err(QuestionError::rule("--think", message));
        };
        let letter = self.notation.map(|notation| notation.arrivals);
        let (think, said) = self.law("--think", text, letter)?;
        let said = if said == "exponential" {
            format!(
                "{clients} clients that think {} on average",
                units::show_seconds(think.mean())
            )
        } else {
            format!("{clients} clients that think {said}")
        };
        let closed = Arrivals::closed(clients, think);
        let closed =
            closed.map_err(|error| QuestionError::rule(self.model(), error.to_string()))?;
        Ok((vec![closed], said))
    }

    fn one_arrivals(&mut self, text: &str) -> Result<(Arrivals, String), QuestionError> {
        let letter = self.notation.map(|notation| notation.arrivals);
        if is_law(text) {
            let arrivals = scenario::arrivals("--arrivals", text, self.read_file)
                .map_err(QuestionError::Law)?;
            let said = said_of(&arrivals, text.trim());
            if let Some(letter) = letter
                && !letter.admits_arrivals(&arrivals)
            {
                let message = format!(
                    "{text} is not {letter}, as the A of {} says; change one of them",
                    self.model()
                );
                return Err(QuestionError::rule("--arrivals", message));
            }
            return Ok((arrivals, said));
        }
        let rate = units::parse_rate(text).map_err(|error| unit("--arrivals", &error))?;
        if rate <= 0.0 {
            let message = format!("{text} is not more than 0; write \"100/s\"");
            return Err(QuestionError::rule("--arrivals", message));
        }
        let invalid =
            |error: crate::workload::Invalid| QuestionError::rule("--arrivals", error.to_string());
        match letter {
            None | Some(Letter::Exponential | Letter::Varying) => Ok((
                Arrivals::poisson(rate).map_err(invalid)?,
                "Poisson arrivals".to_owned(),
            )),
            Some(letter) => match letter.of_mean(rate.recip()) {
                Some(gaps) => Ok((
                    Arrivals::renewal(gaps).map_err(invalid)?,
                    format!("{letter} gaps"),
                )),
                None => {
                    let message = format!(
                        "{text} does not say how arrivals vary, and {} asks for more; write a law of gaps, \"lognormal(mean=25ms, cv=2)\", or \
                         \"mmpp(rates=[20/s, 400/s], dwell=[10m, 30s])\"",
                        self.model()
                    );
                    Err(QuestionError::rule("--arrivals", message))
                }
            },
        }
    }

    fn service(&mut self) -> Result<(Distribution, String), QuestionError> {
        let Some(text) = &self.asked.service else {
            let message = "how long the work on a message takes is not said; give a mean, \"83ms\", or a law, \"lognormal(mean=180ms, cv=1.5)\"";
            return Err(QuestionError::rule("--service", message));
        };
        let letter = self.notation.map(|notation| notation.service);
        self.law("--service", text, letter)
    }

    /// A law, and what it is called: a mean alone is that of the letter's law.
    fn law(
        &mut self,
        flag: &str,
        text: &str,
        letter: Option<Letter>,
    ) -> Result<(Distribution, String), QuestionError> {
        let letter_or_m = letter.unwrap_or(Letter::Exponential);
        if !is_law(text) {
            let mean = positive_duration(flag, text)?.as_secs_f64();
            return match letter_or_m.of_mean(mean) {
                Some(law) => Ok((law, letter_or_m.to_string())),
                None => {
                    let message = format!(
                        "{text} does not say how times vary, and {} asks for more; write \"lognormal(mean={text}, cv=1.5)\" or another law",
                        self.model()
                    );
                    Err(QuestionError::rule(flag, message))
                }
            };
        }
        let law = scenario::law(flag, text, self.read_file).map_err(QuestionError::Law)?;
        if let Some(letter) = letter
            && !letter.admits(&law)
        {
            let message = format!(
                "{} is not {letter}, as {} says; change one of them (G stands for any law)",
                text.trim(),
                self.model()
            );
            return Err(QuestionError::rule(flag, message));
        }
        if law.mean() <= 0.0 {
            return Err(not_positive(flag, text));
        }
        let said = if let Distribution::Exponential { .. } = law {
            "exponential".to_owned()
        } else {
            text.trim().to_owned()
        };
        Ok((law, said))
    }

    /// The mean of a time that is taken to be exponential.
    fn mean_of(&mut self, flag: &str, text: &str) -> Result<f64, QuestionError> {
        let (law, _) = self
            .law(flag, text, Some(Letter::General))
            .or_else(|error| {
                if is_law(text) {
                    Err(error)
                } else {
                    self.law(flag, text, None)
                }
            })?;
        if matches!(law, Distribution::Exponential { .. }) {
            return Ok(law.mean());
        }
        let message = format!(
            "{text} is not exponential, and no formula knows another; write \"2s\" or \"exponential(2s)\""
        );
        Err(QuestionError::rule(flag, message))
    }

    /// Whether a flag is given that a part of the notation asks for; where there is a model neither goes without the
    /// other.
    fn must(
        &self,
        example: &str,
        part: &str,
        has: impl Fn(Notation) -> bool,
        flag: &Option<String>,
    ) -> Result<bool, QuestionError> {
        let name = example.split(' ').next().unwrap_or(example);
        match (self.notation.map(has), flag) {
            (Some(true), None) => Err(QuestionError::rule(
                name,
                format!("{} asks for it with {part}; give {example}", self.model()),
            )),
            (Some(false), Some(_)) => Err(self.not_in_model(name, part)),
            (Some(_) | None, flag) => Ok(flag.is_some()),
        }
    }

    /// A part that may stand in the notation alone.
    fn agree(
        &self,
        name: &str,
        part: &str,
        has: impl Fn(Notation) -> bool,
        flag: &Option<String>,
    ) -> Result<(), QuestionError> {
        match (self.notation.map(has), flag) {
            (Some(true), Some(_)) => {
                let message = format!(
                    "{} says it too, with {part}; leave one of them out",
                    self.model()
                );
                Err(QuestionError::rule(name, message))
            }
            (Some(false), Some(_)) => Err(self.not_in_model(name, part)),
            (Some(_) | None, _) => Ok(()),
        }
    }

    fn not_in_model(&self, name: &str, part: &str) -> QuestionError {
        let message = format!(
            "{} has no {part}; add it to the model, or leave the flag out",
            self.model()
        );
        QuestionError::rule(name, message)
    }

    fn model(&self) -> &'a str {
        self.asked.model.as_deref().unwrap_or("M/M/c")
    }
}

/// `exponential service, Poisson arrivals and priorities`.
pub(super) fn listed(assumptions: &[String]) -> String {
    match assumptions {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// A law or a process, not a plain quantity.
pub(super) fn is_law(text: &str) -> bool {
    text.contains('(') || text.trim_start().starts_with('{')
}

fn said_of(arrivals: &Arrivals, text: &str) -> String {
    match arrivals {
        Arrivals::Poisson { .. }
        | Arrivals::Renewal {
            gaps: Distribution::Exponential { .. },
        } => "Poisson arrivals".to_owned(),
        Arrivals::Renewal { .. } => format!("gaps of {text}"),
        Arrivals::Profile(_) => "Poisson arrivals of the profile's rate".to_owned(),
        Arrivals::Mmpp(_) | Arrivals::Listed { .. } | Arrivals::Closed { .. } => {
            format!("arrivals by {text}")
        }
    }
}

pub(super) fn count(flag: &str, text: &str) -> Result<u64, QuestionError> {
    units::parse_count(text).map_err(|error| unit(flag, &error))
}

/// `--consumers`.
pub(super) fn consumers(text: &str) -> Result<u64, QuestionError> {
    let count = units::parse_count(text).ok();
    count
        .filter(|servers| (1..=MOST_CONSUMERS).contains(servers))
        .ok_or_else(|| {
            let message = format!("{text} is not a count from 1 to 10 million");
            QuestionError::rule("--consumers", message)
        })
}

pub(super) fn unit(flag: &str, error: &UnitError) -> QuestionError {
    QuestionError::rule(flag, error.to_string())
}

pub(super) fn positive_duration(flag: &str, text: &str) -> Result<Span, QuestionError> {
    let span = units::parse_duration(text).map_err(|error| unit(flag, &error))?;
    if span == Span::ZERO {
        return Err(not_positive(flag, text));
    }
    Ok(span)
}

fn not_positive(flag: &str, text: &str) -> QuestionError {
    QuestionError::rule(flag, format!("{text} is not more than 0; write \"83ms\""))
}
