//! The keys at the top of the file: what is asked, for how long, how often.

use super::super::facts;
use super::super::file::{Context, Section};
use super::super::tree::{Node, Table, Value};
use super::super::{
    AtHorizon, Kind, MOST_REPLICATIONS, Objective, Pool, Producer, Profile, Replications, Warmup,
};
use super::{Names, objective, top};
use crate::queue::BrokerSettings;
use crate::time::{Span, Time};

/// What brokers are like that are set up now.
const PROFILE_DEFAULT: Profile = Profile::Rabbitmq43;
/// All replications together.
const MOST_YEARS: f64 = 500.0;
const REPLICATIONS_DEFAULT: u32 = 20;
const REPLICATIONS_MAX_DEFAULT: u32 = 500;
const LEVEL_DEFAULT: f64 = 0.95;

const KINDS: [(&str, Kind); 2] = [
    (Kind::Steady.name(), Kind::Steady),
    (Kind::Terminating.name(), Kind::Terminating),
];
const PROFILES: [(&str, Profile); 2] = [
    ("rabbitmq-3.10", Profile::Rabbitmq310),
    ("rabbitmq-4.3", Profile::Rabbitmq43),
];
const ENDS: [(&str, AtHorizon); 2] = [("stop", AtHorizon::Stop), ("drain", AtHorizon::Drain)];

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

/// What holds for all of the broker; sections are judged by its profile. Nothing is taken from a consumer, and memory
/// has no limit, unless the file says so: an answer that rests on either should show it.
pub(super) fn broker(cx: &mut Context<'_>, root: &Table) -> Option<BrokerSettings> {
    let profile = cx.may(root, "profile", |cx, node, key| {
        cx.choice(node, key, &PROFILES)
    });
    let consumer_timeout = cx.may(root, "consumer_timeout", Context::duration_above_0);
    let memory_limit = cx.may(root, "memory_limit", Context::bytes);
    Some(BrokerSettings {
        profile: profile?.unwrap_or(PROFILE_DEFAULT),
        consumer_timeout: consumer_timeout?,
        memory_limit: memory_limit?,
    })
}

/// As a file writes it.
pub(super) fn name_of(profile: Profile) -> &'static str {
    let found = PROFILES.iter().find(|(_, other)| *other == profile);
    found.map_or("", |(name, _)| name)
}

pub(super) fn check(
    cx: &mut Context<'_>,
    root: &Table,
    names: &Names<'_>,
    producers: &[Option<Producer>],
    pools: &[Option<Pool>],
) -> Option<Settings> {
    let section = Section {
        kind: "",
        name: "the scenario",
        at: &top(),
        table: root,
    };
    let example = "\"Order e-mails\"";
    let title = cx.must(
        &section,
        "title",
        &format!("title = {example}"),
        |cx, node, key| cx.string(node, key, example),
    );
    let question = cx.may(root, "question", |cx, node, key| {
        cx.string(node, key, "\"Do 9 senders suffice?\"")
    });
    let kind = cx.may(root, "kind", |cx, node, key| cx.choice(node, key, &KINDS));
    let horizon = horizon(cx, root, producers);
    let at_horizon = cx.may(root, "at_horizon", |cx, node, key| {
        cx.choice(node, key, &ENDS)
    });
    let warmup = cx.may(root, "warmup", |cx, node, _| warmup(cx, node, horizon));
    let replications = cx.may(root, "replications", |cx, node, _| {
        replications(cx, node, names)
    });
    let seed = cx.may(root, "seed", |cx, node, key| {
        cx.count(node, key, 0, u64::MAX)
    });
    let level = cx.may(root, "level", level);
    let kind = kind?.unwrap_or_else(|| default_kind(producers, pools));
    let (at_horizon_default, warmup_default) = match kind {
        Kind::Steady => (AtHorizon::Stop, Warmup::Auto),
        Kind::Terminating => (AtHorizon::Drain, Warmup::Fixed(Span::ZERO)),
    };
    let settings = Settings {
        title: title?,
        question: question?,
        kind,
        horizon: horizon?,
        at_horizon: at_horizon?.unwrap_or(at_horizon_default),
        warmup: warmup?.unwrap_or(warmup_default),
        replications: replications?.unwrap_or(Replications::Count(REPLICATIONS_DEFAULT)),
        seed: seed?.unwrap_or(1),
        level: level?.unwrap_or(LEVEL_DEFAULT),
    };
    warmup_fits_kind(cx, root, &settings);
    fits_the_clock(cx, root, &settings)?;
    Some(settings)
}

/// Times of all replications are added up in nanoseconds, of which 64 bits hold 584 years.
fn fits_the_clock(cx: &mut Context<'_>, root: &Table, settings: &Settings) -> Option<()> {
    const YEAR_S: f64 = 365.25 * 86_400.0;
    let runs = settings.replications.most();
    let years = settings.horizon.as_secs_f64() * f64::from(runs) / YEAR_S;
    if years <= MOST_YEARS {
        return Some(());
    }
    let place = ["horizon", "replications", "producer"]
        .into_iter()
        .find_map(|key| root.get(key))?;
    let rule = format!(
        "{runs} replications of this horizon are {years:.0} years, and all of a study may be {MOST_YEARS}"
    );
    cx.error(
        &place.at,
        rule,
        "write a shorter horizon, or ask for fewer replications",
    );
    None
}

/// A precision without a metric would be reached by anything.
pub(super) fn precision_is_of_something(
    cx: &mut Context<'_>,
    root: &Table,
    settings: Option<&Settings>,
    objectives: &[Objective],
) {
    let Some(Replications::Precision { of, .. }) = settings.map(|settings| &settings.replications)
    else {
        return;
    };
    if of.is_empty() && objectives.is_empty() {
        let at = root
            .get("replications")
            .map_or_else(top, |node| node.at.clone());
        let remedy = "write an objective, or of = [\"emails.wait.p99\"] beside the precision";
        cx.error(&at, "no metric is named that should be so precise", remedy);
    }
}

fn warmup_fits_kind(cx: &mut Context<'_>, root: &Table, settings: &Settings) {
    if let (Some(node), Warmup::Auto, Kind::Terminating) =
        (root.get("warmup"), settings.warmup, settings.kind)
    {
        let rule = "the end of a warm-up is looked for in the long run, which a terminating scenario does not have";
        cx.warn(
            &node.at,
            rule,
            "write warmup = \"0s\", or kind = \"steady\"",
        );
    }
}

/// What happens at a time of its own, such as an outage, is no long run.
fn default_kind(producers: &[Option<Producer>], pools: &[Option<Pool>]) -> Kind {
    if facts::is_stationary(producers.iter().flatten(), pools.iter().flatten()) {
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
    if ends == Some(Time::ZERO) {
        cx.error(
            &top(),
            "the scenario has no horizon, and its list of arrivals has no length: all come at one instant",
            "write horizon = \"1h\"",
        );
        return None;
    }
    if let Some(last) = ends {
        // The measured stretch is open at its end: one nanosecond more takes the last arrival in.
        return Some(last + Span::from_nanos(1));
    }
    // A producer with a mistake may have been the trace that sets the horizon.
    if producers.iter().all(Option::is_some) && !cx.misspelt(root, "horizon") {
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
            .count(node, "replications", 1, MOST_REPLICATIONS.into())
            .map(|count| Replications::Count(count as u32));
    };
    cx.only(table, "replications", &["precision", "of", "max"]);
    let section = Section::of("replications", node, table);
    let precision = cx.must(&section, "precision", "precision = \"5%\"", precision);
    let max = cx.may(table, "max", |cx, node, key| {
        cx.count(node, key, 10, MOST_REPLICATIONS.into())
    });
    let of = cx.may(table, "of", |cx, node, key| {
        cx.each(node, key, "[\"emails.wait.p99\"]", |cx, item| {
            objective::metric(cx, item, names)
        })
    });
    Some(Replications::Precision {
        precision: precision?,
        of: of?.unwrap_or_default(),
        max: max?.map_or(REPLICATIONS_MAX_DEFAULT, |max| max as u32),
    })
}

fn precision(cx: &mut Context<'_>, node: &Node, what: &str) -> Option<f64> {
    let precision = cx.share(node, what)?;
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

fn level(cx: &mut Context<'_>, node: &Node, what: &str) -> Option<f64> {
    let is_share = node.as_text().is_some_and(|text| text.ends_with('%'));
    let level = if is_share {
        cx.share(node, what)
    } else {
        cx.number(node, what)
    }?;
    if level > 0.0 && level < 1.0 {
        return Some(level);
    }
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
        &node.at,
        format!("level is {level}, and must be between 0 and 1"),
        remedy,
    );
    None
}
