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
        if name == END_TO_END {
            Some(Scope::Whole)
        } else if self.queues.contains(&name) {
            Some(Scope::Queue)
        } else if self.pools.contains(&name) {
            Some(Scope::Pool)
        } else {
            None
        }
    }

    fn of(&self, scope: Scope) -> &[&str] {
        match scope {
            Scope::Queue => &self.queues,
            Scope::Pool => &self.pools,
            Scope::Whole => &[END_TO_END],
        }
    }

    fn all(&self) -> Vec<&str> {
        [&self.queues[..], &self.pools[..], &[END_TO_END]].concat()
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
        Some(figure) if figure.scope() == scope => figure,
        Some(figure) => {
            return Err(MetricError {
                place: here,
                rule: format!("{component} is {}, which has no {name}", article(scope)),
                remedy: format!(
                    "{name} is a figure of {}; {} has: {}",
                    article(figure.scope()),
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
    let candidates = components.of(figure.scope());
    let [component] = candidates else {
        let kind = article(figure.scope());
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

#[cfg(test)]
mod tests {
    use super::*;

    fn one_of_each() -> Components<'static> {
        Components {
            queues: vec!["emails"],
            pools: vec!["senders"],
        }
    }

    fn shown(text: &str) -> Result<String, MetricError> {
        metric(text, &one_of_each()).map(|metric| metric.to_string())
    }

    #[track_caller]
    fn refused(text: &str, wrong: &str, expected: &str) {
        let error = shown(text).expect_err("should be refused");
        assert_eq!(&text[error.place.clone()], wrong);
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn every_metric_is_read_back_as_it_is_written() {
        for figure in Figure::ALL {
            let component = one_of_each().of(figure.scope())[0].to_owned();
            for statistic in figure.statistics() {
                let name = Metric::new(&component, figure, *statistic).to_string();
                assert_eq!(shown(&name).as_ref(), Ok(&name));
            }
        }
    }

    #[test]
    fn the_statistic_comes_last_so_that_p99_9_is_one() {
        let metric = metric("emails.wait.p99.9", &one_of_each());
        assert_eq!(
            metric.map(|metric| metric.statistic),
            Ok(Statistic::Quantile(999))
        );
    }

    #[test]
    fn the_component_may_be_left_out_where_there_is_one() {
        assert_eq!(shown("wait.p99").as_deref(), Ok("emails.wait.p99"));
        assert_eq!(shown("utilisation").as_deref(), Ok("senders.utilisation"));
        assert_eq!(
            shown("latency.mean").as_deref(),
            Ok("end_to_end.latency.mean")
        );
        let two = Components {
            queues: vec!["emails", "dead"],
            pools: vec![],
        };
        let error = metric("wait.p99", &two).expect_err("two queues have it");
        assert_eq!(
            error.to_string(),
            "\"wait.p99\" does not say of which queue; write \"emails.wait.p99\"; there are: emails, dead"
        );
    }

    #[test]
    fn a_queue_may_be_called_like_a_figure() {
        let ready = Components {
            queues: vec!["ready"],
            pools: vec![],
        };
        for text in ["ready.mean", "ready.ready.mean"] {
            assert_eq!(
                metric(text, &ready).map(|m| m.to_string()).as_deref(),
                Ok("ready.ready.mean")
            );
        }
    }

    #[test]
    fn what_names_no_figure_is_refused_at_its_place() {
        refused(
            "emials.wait.p99",
            "emials",
            "unknown component \"emials\"; did you mean \"emails\"? components: emails, senders, end_to_end",
        );
        refused(
            "emails.wait",
            "emails.wait",
            "metric \"emails.wait\" names no statistic; write \"emails.wait.mean\"; wait has: mean, p50, p90, p95, p99, p99.9, max",
        );
        refused(
            "emails.wait.p98",
            "p98",
            "wait has no statistic \"p98\"; did you mean \"p90\"? statistics: mean, p50, p90, p95, p99, p99.9, max",
        );
        refused(
            "emails.p_wait.mean",
            "mean",
            "p_wait has no statistic \"mean\"; p_wait is one number: write \"emails.p_wait\"",
        );
        refused(
            "senders.wait.p99",
            "wait",
            "senders is a pool, which has no wait; wait is a figure of a queue; a pool has: utilisation, consumers, attempts",
        );
        refused(
            "emails.acked.share",
            "share",
            "acked has no statistic \"share\"; statistics: rate, count",
        );
        let unknown = shown("emails.wiat.p99").expect_err("no such figure");
        assert!(
            unknown
                .to_string()
                .starts_with("unknown figure \"wiat\"; did you mean \"wait\"?"),
            "{unknown}"
        );
        let unknown = shown("wiat.p99").expect_err("no such figure");
        assert!(
            unknown
                .to_string()
                .starts_with("unknown figure \"wiat\"; did you mean \"wait\"?"),
            "{unknown}"
        );
    }

    #[test]
    fn an_objective_has_a_limit_in_the_figures_unit() {
        let read = |text| Objective::parse(text, &one_of_each());
        let objective = read("wait.p99 < 200ms").expect("a legal objective");
        assert_eq!(
            (objective.metric.to_string().as_str(), objective.bound),
            ("emails.wait.p99", Bound::Below(0.2))
        );
        assert_eq!(
            read("expired.share <= 2%").map(|o| o.bound),
            Ok(Bound::Below(0.02))
        );
        assert_eq!(
            read("acked.rate > 80/s").map(|o| o.bound),
            Ok(Bound::Above(80.0))
        );
        assert_eq!(
            read("ready.max<200k").map(|o| o.bound),
            Ok(Bound::Below(200_000.0))
        );
        let error = read("wait.p99 < 200").expect_err("no unit");
        assert_eq!(
            (error.place.clone(), error.to_string().as_str()),
            (
                11..14,
                "duration \"200\" has no unit; write \"200ms\" or \"200s\""
            )
        );
        assert_eq!(
            read("wait.p99").expect_err("no limit").to_string(),
            "objective \"wait.p99\" has no limit; write \"wait.p99 < 200ms\""
        );
    }
}
