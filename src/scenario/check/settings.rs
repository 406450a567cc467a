//! The keys at the top of the file: what is asked, for how long, how often.

use super::super::diagnostic::At;
use super::super::file::Context;
use super::super::tree::{Node, Table, Value};
use super::super::{AtHorizon, Kind, Producer, Replications, Warmup};
use super::queue::given;
use super::{Names, objective, top};
use crate::time::{Span, Time};

const REPLICATIONS_DEFAULT: u32 = 20;
const REPLICATIONS_MAX_DEFAULT: u32 = 500;
const LEVEL_DEFAULT: f64 = 0.95;

/// What the top of a file says, defaults filled in.
pub(super) struct Settings {
    pub(super) title: String,
    pub(super) question: Option<String>,
    pub(super) kind: Kind,
    pub(super) horizon: Time,
    pub(super) at_horizon: AtHorizon,
    pub(super) warmup: Warmup,
    pub(super) replications: Replications,
    pub(super) seed: u64,
    pub(super) level: f64,
}

pub(super) fn check(
    cx: &mut Context<'_>,
    root: &Table,
    names: &Names<'_>,
    producers: &[Option<Producer>],
) -> Option<Settings> {
    let title = cx.required(
        root,
        &top(),
        "the scenario",
        "title",
        "title = \"Order e-mails\"",
    );
    let title = title
        .and_then(|node| cx.text(node, "title", "\"Order e-mails\""))
        .map(str::to_owned);
    let question = root
        .get("question")
        .map(|node| cx.text(node, "question", "\"Do 9 senders suffice?\""));
    let kinds = [("steady", Kind::Steady), ("terminating", Kind::Terminating)];
    let kind = root.get("kind").map(|node| cx.choice(node, "kind", &kinds));
    let horizon = horizon(cx, root, producers);
    let ends = [("stop", AtHorizon::Stop), ("drain", AtHorizon::Drain)];
    let at_horizon = root
        .get("at_horizon")
        .map(|node| cx.choice(node, "at_horizon", &ends));
    let warmup = root.get("warmup").map(|node| warmup(cx, node, horizon));
    let replications = root
        .get("replications")
        .map(|node| replications(cx, node, names));
    let seed = root
        .get("seed")
        .map(|node| cx.count(node, "seed", 0, u64::MAX));
    let level = root.get("level").map(|node| level(cx, node));
    // Whether the run has an end of its own decides the defaults; a producer with a mistake leaves that open.
    let kind = given(kind)?.unwrap_or_else(|| default_kind(producers));
    let steady = kind == Kind::Steady;
    if let (Some(node), Some(Some(Warmup::Auto)), false) = (root.get("warmup"), warmup, steady) {
        let rule = "the end of a warm-up is looked for in the long run, which a terminating scenario does not have";
        cx.warn(
            &node.at,
            rule,
            "write warmup = \"0s\", or kind = \"steady\"",
        );
    }
    Some(Settings {
        title: title?,
        question: given(question)?.map(str::to_owned),
        kind,
        horizon: horizon?,
        at_horizon: given(at_horizon)?.unwrap_or(if steady {
            AtHorizon::Stop
        } else {
            AtHorizon::Drain
        }),
        warmup: given(warmup)?.unwrap_or(if steady {
            Warmup::Auto
        } else {
            Warmup::Fixed(Span::ZERO)
        }),
        replications: given(replications)?.unwrap_or(Replications::Count(REPLICATIONS_DEFAULT)),
        seed: given(seed)?.unwrap_or(1),
        level: given(level)?.unwrap_or(LEVEL_DEFAULT),
    })
}

fn default_kind(producers: &[Option<Producer>]) -> Kind {
    let all_stationary = producers
        .iter()
        .flatten()
        .all(|producer| producer.arrivals.is_stationary());
    if all_stationary {
        Kind::Steady
    } else {
        Kind::Terminating
    }
}

fn horizon(cx: &mut Context<'_>, root: &Table, producers: &[Option<Producer>]) -> Option<Time> {
    if let Some(node) = root.get("horizon") {
        let horizon = cx.duration(node, "horizon")?;
        if horizon == Span::ZERO {
            cx.error(
                &node.at,
                "the horizon is zero: nothing would be measured",
                "write horizon = \"1h\"",
            );
            return None;
        }
        return Some(Time::ZERO + horizon);
    }
    let ends = producers
        .iter()
        .flatten()
        .filter_map(|producer| producer.arrivals.end())
        .max();
    if let Some(last) = ends {
        // The measured stretch is open at its end: one nanosecond more takes the last arrival in.
        return Some(last + Span::from_nanos(1));
    }
    // A producer with a mistake may have been the trace that sets the horizon.
    if producers.iter().all(Option::is_some) {
        cx.error(
            &top(),
            "the scenario has no horizon",
            "write horizon = \"1h\"; only a trace or a list has its own end",
        );
    }
    None
}

fn warmup(cx: &mut Context<'_>, node: &Node, horizon: Option<Time>) -> Option<Warmup> {
    if node.as_text() == Some("auto") {
        return Some(Warmup::Auto);
    }
    if let Some(text) = node.as_text()
        && !text.starts_with(|c: char| c.is_ascii_digit() || c == '-')
    {
        cx.error(
            &node.at,
            format!("unknown warmup \"{text}\""),
            "write \"auto\", or a duration such as \"5m\"",
        );
        return None;
    }
    let warmup = cx.duration(node, "warmup")?;
    if let Some(horizon) = horizon
        && Time::ZERO + warmup >= horizon
    {
        let rule = format!("the warm-up of {warmup} leaves nothing of the horizon of {horizon}");
        cx.error(&node.at, rule, "write a shorter warmup or a longer horizon");
        return None;
    }
    Some(Warmup::Fixed(warmup))
}

fn replications(cx: &mut Context<'_>, node: &Node, names: &Names<'_>) -> Option<Replications> {
    let Some(table) = node.as_table() else {
        return cx
            .count_u32(node, "replications", 1)
            .map(Replications::Count);
    };
    cx.only(table, "replications", &["precision", "of", "max"]);
    let precision = cx.required(
        table,
        &node.at,
        "replications",
        "precision",
        "precision = \"5%\"",
    );
    let precision = precision.and_then(|node| precision_of(cx, node));
    let max = table.get("max").map(|node| cx.count_u32(node, "max", 10));
    let of = match table.get("of") {
        Some(node) => metrics(cx, node, names),
        None => Some(Vec::new()),
    };
    Some(Replications::Precision {
        precision: precision?,
        of: of?,
        max: given(max)?.unwrap_or(REPLICATIONS_MAX_DEFAULT),
    })
}

fn precision_of(cx: &mut Context<'_>, node: &Node) -> Option<f64> {
    let precision = cx.share(node, "precision")?;
    if precision > 0.0 && precision < 1.0 {
        return Some(precision);
    }
    let remedy = "write the half-width you accept, such as \"5%\"";
    cx.error(
        &node.at,
        format!(
            "precision {} is not between 0 % and 100 %",
            crate::units::show_share(precision)
        ),
        remedy,
    );
    None
}

fn metrics(
    cx: &mut Context<'_>,
    node: &Node,
    names: &Names<'_>,
) -> Option<Vec<super::super::Metric>> {
    let items = cx.list(node, "of", "[\"emails.wait.p99\"]")?;
    let metrics: Vec<_> = items
        .iter()
        .map(|item| objective::metric(cx, item, names))
        .collect();
    metrics.into_iter().collect()
}

fn level(cx: &mut Context<'_>, node: &Node) -> Option<f64> {
    let is_share = node.as_text().is_some_and(|text| text.ends_with('%'));
    let level = if is_share {
        cx.share(node, "level")
    } else {
        cx.number(node, "level")
    }?;
    if level > 0.0 && level < 1.0 {
        return Some(level);
    }
    let at: &At = &node.at;
    let remedy = match &node.value {
        Value::Integer(percent @ 2..=99) => format!("write 0.{percent:02}"),
        Value::Integer(_)
        | Value::Text(_)
        | Value::Float(_)
        | Value::Boolean(_)
        | Value::Datetime(_)
        | Value::List(_)
        | Value::Table(_) => "write 0.95".to_owned(),
    };
    cx.error(
        at,
        format!("level is {level}, and must be between 0 and 1"),
        remedy,
    );
    None
}
