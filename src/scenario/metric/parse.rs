//! Texts to metrics and objectives.

use super::{END_TO_END, Figure, Metric, Scope, Statistic};
use crate::scenario::nearest::did_you_mean;
use crate::scenario::{Bound, Losses, Objective};
use std::ops::Range;

/// The names a metric may begin with.
#[derive(Clone, Debug, Default)]
pub struct Components<'a> {
    /// Queues, in the order of the file.
    pub queues: Vec<&'a str>,
    /// Pools, in the order of the file.
    pub pools: Vec<&'a str>,
    /// Producers, in the order of the file.
    pub producers: Vec<&'a str>,
    /// Named exits of pools, in the order of the file.
    pub exits: Vec<&'a str>,
}

/// Why a text names no figure.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{rule}; {remedy}")]
pub struct MetricError {
    /// The bytes of the text that are wrong.
    pub place: Range<usize>,
    /// What is wrong, with the value.
    pub rule: String,
    /// What to write.
    pub remedy: String,
}

impl Components<'_> {
    fn scope_of(&self, name: &str) -> Option<Scope> {
        let mut scopes = Scope::ALL.into_iter();
        scopes.find(|scope| self.of(*scope).contains(&name))
    }

    /// The names that have the figures of that scope.
    pub fn of(&self, scope: Scope) -> &[&str] {
        match scope {
            Scope::Queue => &self.queues,
            Scope::Pool => &self.pools,
            Scope::Producer => &self.producers,
            Scope::Exit => &self.exits,
            Scope::Whole => &[END_TO_END],
        }
    }

    fn all(&self) -> Vec<&str> {
        Scope::ALL.map(|scope| self.of(scope)).concat()
    }
}

pub(super) fn metric(text: &str, components: &Components<'_>) -> Result<Metric, MetricError> {
    let (head, tail) = text.split_once('.').unwrap_or((text, ""));
    match (components.scope_of(head), figure_named(head)) {
        // A queue may be called "ready": then `ready.mean` can only be the figure, `ready.ready.mean` only the queue's.
        (Some(_), Some(figure))
            if figure_named(tail.split('.').next().unwrap_or(tail)).is_none() =>
        {
            without_component(text, figure, tail, components)
        }
        (Some(scope), _) => {
            let (figure, statistic) = of_component(text, head.len() + 1, head, scope)?;
            Ok(Metric {
                component: head.to_owned(),
                figure,
                statistic,
            })
        }
        (None, Some(figure)) => without_component(text, figure, tail, components),
        (None, None) => Err(unknown_head(text, head, tail, components)),
    }
}

/// The figure and the statistic behind a component's name.
fn of_component(
    text: &str,
    start: usize,
    component: &str,
    scope: Scope,
) -> Result<(Figure, Statistic), MetricError> {
    let rest = text.get(start..).unwrap_or("");
    let (name, statistic) = rest.split_once('.').unwrap_or((rest, ""));
    let here = start.min(text.len())..(start + name.len()).min(text.len());
    let legal: Vec<&str> = Figure::all_for(scope).map(Figure::name).collect();
    let figure = match figure_named(name) {
        Some(figure) if figure.is_of(scope) => figure,
        Some(figure) => {
            return Err(MetricError {
                place: here,
                rule: format!("{component} is {}, which has no {name}", article(scope)),
                remedy: format!(
                    "{name} is a figure of {}; {} has: {}",
                    article(figure.scopes()[0]),
                    article(scope),
                    legal.join(", ")
                ),
            });
        }
        None if name.is_empty() => {
            return Err(MetricError {
                place: 0..text.len(),
                rule: format!("metric \"{text}\" names no figure"),
                remedy: format!("{} has: {}", article(scope), legal.join(", ")),
            });
        }
        None => {
            return Err(MetricError {
                place: here,
                rule: format!("unknown figure \"{name}\""),
                remedy: did_you_mean(name, "figures", legal.iter().copied()),
            });
        }
    };
    statistic_named(text, figure, statistic).map(|statistic| (figure, statistic))
}

fn without_component(
    text: &str,
    figure: Figure,
    statistic: &str,
    components: &Components<'_>,
) -> Result<Metric, MetricError> {
    let statistic = statistic_named(text, figure, statistic)?;
    let scope = figure.scopes()[0];
    let candidates = components.of(scope);
    let [component] = candidates else {
        let kind = article(scope);
        return Err(MetricError {
            place: 0..text.len(),
            rule: format!(
                "\"{text}\" does not say of which {}",
                kind.rsplit(' ').next().unwrap_or(kind)
            ),
            remedy: match candidates.first() {
                Some(first) => format!(
                    "write \"{first}.{text}\"; there are: {}",
                    candidates.join(", ")
                ),
                None => format!("{} is a figure of {kind}, and there is none", figure.name()),
            },
        });
    };
    Ok(Metric {
        component: (*component).to_owned(),
        figure,
        statistic,
    })
}

fn statistic_named(text: &str, figure: Figure, name: &str) -> Result<Statistic, MetricError> {
    let legal = figure.statistics();
    if let Some(statistic) = legal.iter().find(|statistic| statistic.to_string() == name) {
        return Ok(*statistic);
    }
    let place = text.len() - name.len()..text.len();
    let figure = figure.name();
    if legal == [Statistic::Value] {
        let remedy = format!(
            "{figure} is one number: write \"{}\"",
            text[..place.start].trim_end_matches('.')
        );
        return Err(MetricError {
            place,
            rule: format!("{figure} has no statistic \"{name}\""),
            remedy,
        });
    }
    let names: Vec<String> = legal.iter().map(Statistic::to_string).collect();
    if name.is_empty() {
        let first = text.trim_end_matches('.');
        return Err(MetricError {
            place: 0..text.len(),
            rule: format!("metric \"{text}\" names no statistic"),
            remedy: format!(
                "write \"{first}.{}\"; {figure} has: {}",
                names[0],
                names.join(", ")
            ),
        });
    }
    Err(MetricError {
        place,
        rule: format!("{figure} has no statistic \"{name}\""),
        remedy: did_you_mean(name, "statistics", names.iter().map(String::as_str)),
    })
}

/// Neither a component nor a figure: what follows decides which of them was meant.
fn unknown_head(text: &str, head: &str, tail: &str, components: &Components<'_>) -> MetricError {
    let second = tail.split('.').next().unwrap_or(tail);
    let component_meant =
        figure_named(second).is_some() || tail.contains('.') && !second.starts_with('p');
    let (kind, remedy) = if text.trim().is_empty() {
        return MetricError {
            place: 0..text.len(),
            rule: "this metric is empty".to_owned(),
            remedy: "write component.figure.statistic, such as \"emails.wait.p99\"".to_owned(),
        };
    } else if component_meant {
        (
            "component",
            did_you_mean(head, "components", components.all()),
        )
    } else {
        (
            "figure",
            did_you_mean(head, "figures", Figure::ALL.map(Figure::name)),
        )
    };
    MetricError {
        place: 0..head.len(),
        rule: format!("unknown {kind} \"{head}\""),
        remedy,
    }
}

fn figure_named(name: &str) -> Option<Figure> {
    Figure::ALL.into_iter().find(|figure| figure.name() == name)
}

const fn article(scope: Scope) -> &'static str {
    match scope {
        Scope::Queue => "a queue",
        Scope::Pool => "a pool",
        Scope::Producer => "a producer",
        Scope::Exit => "an exit",
        Scope::Whole => "the whole",
    }
}

/// An objective's text, taken apart: the bytes of the metric and of the limit, and whether the figure must be below.
pub(in crate::scenario) fn split_objective(
    text: &str,
) -> Result<(Range<usize>, bool, Range<usize>), MetricError> {
    let Some(sign) = text.find(['<', '>']) else {
        return Err(MetricError {
            place: 0..text.len(),
            rule: format!("objective \"{text}\" has no limit"),
            remedy: "write \"wait.p99 < 200ms\"".to_owned(),
        });
    };
    // `<=` means the same: figures are real numbers.
    let after = sign
        + if text[sign + 1..].starts_with('=') {
            2
        } else {
            1
        };
    Ok((
        trim(text, 0..sign),
        text[sign..].starts_with('<'),
        trim(text, after..text.len()),
    ))
}

fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let part = &text[range.clone()];
    let start = range.start + (part.len() - part.trim_start().len());
    start..start + part.trim().len()
}

pub(super) fn objective(text: &str, components: &Components<'_>) -> Result<Objective, MetricError> {
    let (name, below, limit) = split_objective(text)?;
    let metric = metric(&text[name.clone()], components).map_err(|error| MetricError {
        place: error.place.start + name.start..error.place.end + name.start,
        ..error
    })?;
    let value = metric
        .quantity()
        .parse(&text[limit.clone()])
        .map_err(|error| MetricError {
            place: limit,
            rule: error.rule,
            remedy: error.remedy,
        })?;
    let bound = if below {
        Bound::Below(value)
    } else {
        Bound::Above(value)
    };
    Ok(Objective {
        metric,
        bound,
        losses: Losses::Count,
    })
}
