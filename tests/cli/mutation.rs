//! Shipped scenarios with words lost, doubled, swapped and replaced by hostile ones: whatever loads must run, and nothing
//! may panic, hang or swallow memory.

use queuelab::report::{chart, figures, json, summary, tables};
use queuelab::scenario::{Flags, Origin, Replications, Scenario, ScenarioSet, Warmup, load};
use queuelab::study::{self, Outcome, StudyError, Watch};
use queuelab::time::{Span, Time};
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

/// Of each shipped scenario, unless QUEUELAB_MUTANTS asks for more.
const MUTANTS: u64 = 100;
/// One in so many mutants that run is drawn, too: drawing takes longer than the rest.
const DRAWN: u64 = 8;
/// Messages of a run that count as few.
const FEW: f64 = 2_000.0;
/// A run of few messages that goes on for longer has been asked for endless work, and must stop when told to.
const PATIENCE: Duration = Duration::from_secs(2);

const HOSTILE: &[&str] = &[
    "0",
    "-1",
    "1",
    "2",
    "255",
    "4000000000",
    "4294967296",
    "18446744073709551615",
    "99999999999999999999999999",
    "0.0",
    "-0.0",
    "0.5",
    "1e308",
    "-1e308",
    "5e-324",
    "nan",
    "inf",
    "true",
    "1979-05-27",
    "[]",
    "{}",
    "''",
    "\"\"",
    "\"0s\"",
    "\"1ns\"",
    "\"1us\"",
    "\"500y\"",
    "\"30000w\"",
    "\"204000d\"",
    "\"1h\"",
    "\"auto\"",
    "\"-5s\"",
    "\"NaNs\"",
    "\"0/s\"",
    "\"1/w\"",
    "\"80/s\"",
    "\"100M/s\"",
    "\"1G/ns\"",
    "\"1e308/s\"",
    "\"0%\"",
    "\"100%\"",
    "\"99.9999999%\"",
    "\"1e9%\"",
    "\"0B\"",
    "\"1B\"",
    "\"16EiB\"",
    "\"☃\"",
    "\"a\\u0000b\\u001b[31m<&>\"",
    "\"..\"",
    "\"/\"",
    "\"\\n\"",
    "\"constant(0s)\"",
    "\"constant(1ns)\"",
    "\"exponential(1ns)\"",
    "\"exponential(200000d)\"",
    "\"pareto(shape=1.01, mean=1s)\"",
    "\"lognormal(mean=1s, cv=1000)\"",
    "\"lognormal(median=1ns, p99=200000d)\"",
    "\"hyperexponential(mean=1s, cv=1e6)\"",
    "\"gamma(mean=1s, cv=1000)\"",
    "\"weibull(shape=0.01, mean=1s)\"",
    "\"erlang(shape=4000000000, mean=1s)\"",
    "\"bounded_pareto(shape=0.1, low=1ns, high=200000d)\"",
    "\"uniform(low=0s, high=200000d)\"",
    "\"listed([1s])\"",
    "\"listed([0s, 0s])\"",
    "\"mixture([{weight=1, of=constant(0s)}, {weight=0.0001, of=exponential(1h)}])\"",
    "\"poisson(1/w)\"",
    "\"poisson(100M/s)\"",
    "\"renewal(pareto(shape=1.1, mean=1ms))\"",
    "\"renewal(listed([1s, 2s]))\"",
    "\"closed(clients=1, think=constant(0s))\"",
    "\"closed(clients=900, think=exponential(1s))\"",
    "\"closed(clients=3, think=constant(200000d))\"",
    "\"times([0s])\"",
    "\"times([1s, 1s, 200000d])\"",
    "{ mmpp = { rates = [\"0/s\", \"100/s\"], dwell = [\"1ns\", \"1ns\"] } }",
    "{ mmpp = { rates = [\"1/s\", \"1M/s\"], dwell = [\"200000d\", \"1us\"] } }",
    "{ profile = { points = [{ at = \"0s\", rate = \"0/s\" }], repeat = true } }",
    "{ profile = { points = [{ at = \"1ns\", rate = \"100M/s\" }, { at = \"2ns\", rate = \"0/s\" }] } }",
    "{ trace = { file = \"/dev/zero\", column = \"\", unit = \"s\" } }",
    "{ trace = { file = \"\", column = \"t\" } }",
    "{ probability = \"100%\", then = \"requeue\" }",
    "{ probability = \"99.99%\", then = \"reject\" }",
    "{ precision = \"0.0001%\", max = 10 }",
    "\"requeue\"",
    "\"drop-head\"",
    "\"reject-publish\"",
    "\"reject-publish-dlx\"",
    "\"steady\"",
    "\"terminating\"",
    "\"stop\"",
    "\"drain\"",
    "\"deadline\"",
    "\"manual\"",
];

/// Keys that no shipped scenario may have thought of.
const MORE: &[&str] = &[
    "kind",
    "profile",
    "at_horizon",
    "warmup",
    "level",
    "seed",
    "batch",
    "size",
    "priority",
    "ttl",
    "max_length",
    "max_length_bytes",
    "message_ttl",
    "expiry",
    "dead_letter",
    "delivery_limit",
    "max_priority",
    "single_active_consumer",
    "overflow",
    "concurrency",
    "prefetch",
    "ack",
    "failure",
    "consumers",
    "horizon",
    "losses",
    "above",
    "below",
    "replications",
];

/// What may stand in a file and strains what it may: section, key, values.
const STRAINING: &[(&str, &str, &[&str])] = &[
    (
        "",
        "horizon",
        &["\"1ns\"", "\"7us\"", "\"1h\"", "\"30000d\"", "\"90000d\""],
    ),
    ("", "kind", &["\"steady\"", "\"terminating\""]),
    ("", "at_horizon", &["\"stop\"", "\"drain\""]),
    ("", "warmup", &["\"auto\"", "\"0s\"", "\"1ns\""]),
    ("", "level", &["1e-300", "0.5", "0.9999999999999999"]),
    (
        "[producer.",
        "batch",
        &[
            "2",
            "1000000",
            "\"uniform(low=0, high=3)\"",
            "\"pareto(shape=1.01, mean=2)\"",
        ],
    ),
    (
        "[producer.",
        "size",
        &["\"0B\"", "\"1TiB\"", "\"exponential(16TiB)\""],
    ),
    (
        "[producer.",
        "priority",
        &["255", "1000000", "\"uniform(low=0, high=300)\""],
    ),
    (
        "[producer.",
        "ttl",
        &["\"0s\"", "\"1ns\"", "\"200000d\"", "\"exponential(10ms)\""],
    ),
    (
        "[producer.",
        "arrivals",
        &[
            "\"poisson(1/w)\"",
            "\"poisson(100M/s)\"",
            "\"renewal(pareto(shape=1.1, mean=1ms))\"",
            "\"renewal(weibull(shape=0.05, mean=1s))\"",
            "\"renewal(listed([1s, 2s]))\"",
            "\"closed(clients=1, think=constant(0s))\"",
            "\"closed(clients=900, think=exponential(1s))\"",
            "\"closed(clients=30, think=constant(200000d))\"",
            "\"times([0s])\"",
            "\"times([1s, 1s, 200000d])\"",
            "{ mmpp = { rates = [\"0/s\", \"100/s\"], dwell = [\"1ms\", \"1us\"] } }",
            "{ mmpp = { rates = [\"1/s\", \"1M/s\"], dwell = [\"90000d\", \"1us\"] } }",
            "{ profile = { points = [{ at = \"1ns\", rate = \"100M/s\" }, { at = \"2ns\", rate = \"0/s\" }] } }",
            "{ profile = { points = [{ at = \"0s\", rate = \"1/s\" }, { at = \"1s\", rate = \"9/s\" }], repeat = true } }",
        ],
    ),
    (
        "[queue.",
        "max_length",
        &["0", "1", "7", "18446744073709551615"],
    ),
    (
        "[queue.",
        "max_length_bytes",
        &["\"0B\"", "\"1KiB\"", "\"16383PiB\""],
    ),
    (
        "[queue.",
        "overflow",
        &[
            "\"drop-head\"",
            "\"reject-publish\"",
            "\"reject-publish-dlx\"",
        ],
    ),
    (
        "[queue.",
        "message_ttl",
        &["\"0s\"", "\"1ns\"", "\"50ms\"", "\"200000d\""],
    ),
    ("[queue.", "expiry", &["\"head\"", "\"deadline\""]),
    ("[queue.", "kind", &["\"classic\"", "\"quorum\""]),
    ("[queue.", "delivery_limit", &["-1", "0", "1", "4000000000"]),
    ("[queue.", "max_priority", &["1", "255"]),
    ("[queue.", "single_active_consumer", &["true"]),
    ("[pool.", "consumers", &["1", "1000", "1000000"]),
    ("[pool.", "concurrency", &["1", "100", "1000"]),
    ("[pool.", "prefetch", &["0", "1", "1000", "4000000000"]),
    ("[pool.", "ack", &["\"auto\"", "\"manual\""]),
    (
        "[pool.",
        "failure",
        &[
            "{ probability = \"100%\", then = \"reject\" }",
            "{ probability = \"50%\", then = \"requeue\" }",
            "{ probability = \"99.99%\", then = \"requeue\" }",
        ],
    ),
    (
        "[pool.",
        "service",
        &[
            "\"constant(0s)\"",
            "\"constant(1ns)\"",
            "\"constant(100000d)\"",
            "\"exponential(1ns)\"",
            "\"exponential(200000d)\"",
            "\"pareto(shape=1.01, mean=1s)\"",
            "\"lognormal(mean=1s, cv=1000)\"",
            "\"lognormal(median=1ns, p99=200000d)\"",
            "\"hyperexponential(mean=1s, cv=1000000)\"",
            "\"gamma(mean=1s, cv=1000)\"",
            "\"weibull(shape=0.05, mean=1s)\"",
            "\"erlang(shape=4000000000, mean=1s)\"",
            "\"bounded_pareto(shape=0.1, low=1ns, high=200000d)\"",
            "\"uniform(low=0s, high=200000d)\"",
            "\"listed([1s, 2s, 3s])\"",
            "\"mixture([{weight=1, of=constant(0s)}, {weight=0.0001, of=exponential(1h)}])\"",
        ],
    ),
    (
        "[[objective]]",
        "metric",
        &[
            "\"end_to_end.latency.p99\"",
            "\"objective.time_missed.mean\"",
        ],
    ),
    (
        "[[objective]]",
        "below",
        &["\"0s\"", "\"200000d\"", "0", "\"100%\""],
    ),
    ("[[objective]]", "losses", &["\"count\"", "\"ignore\""]),
];

/// One more key in a section, or one in place of what stood there.
fn strained(text: &str, random: &mut Xoshiro256PlusPlus) -> String {
    let (section, key, values) = STRAINING[random.random_range(0..STRAINING.len())];
    let value = values[random.random_range(0..values.len())];
    let mut sections = vec![String::new()];
    for line in text.lines() {
        if line.starts_with('[') {
            sections.push(String::new());
        }
        if let Some(last) = sections.last_mut() {
            *last += line;
            last.push('\n');
        }
    }
    let fits = |place: &usize| match section {
        "" => *place == 0,
        _ => sections[*place].starts_with(section),
    };
    let places = (0..sections.len()).filter(fits).collect::<Vec<_>>();
    let section = &mut sections[places[random.random_range(0..places.len())]];
    let is_other = |line: &&str| line.split('=').next().is_none_or(|name| name.trim() != key);
    let others = section
        .lines()
        .filter(is_other)
        .map(|line| format!("{line}\n"));
    *section = format!("{}{key} = {value}\n", others.collect::<String>());
    sections.concat()
}

/// Texts, words and marks, in order; blanks stay with what they follow.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::<String>::new();
    let (mut quoted, mut word) = (false, false);
    for c in text.chars().filter(|c| *c != '\r') {
        let in_word = c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        let goes_on = quoted || (word && in_word) || matches!(c, ' ');
        match tokens.last_mut().filter(|_| goes_on) {
            Some(last) => last.push(c),
            None => tokens.push(c.to_string()),
        }
        if c == '"' {
            quoted = !quoted;
        }
        word = in_word && !quoted;
    }
    tokens
}

fn mutant(text: &str, random: &mut Xoshiro256PlusPlus) -> String {
    let mut text = text.to_owned();
    for _ in 0..random.random_range(0..5) {
        text = strained(&text, random);
    }
    let mut tokens = tokens(&text);
    for _ in 0..random.random_range(0..6_u32).saturating_sub(4) {
        let values = |tokens: &[String]| {
            let is_value =
                |token: &String| token.starts_with(|c: char| c == '"' || c.is_ascii_digit());
            let places = tokens
                .iter()
                .enumerate()
                .filter(|(_, token)| is_value(token));
            places.map(|(place, _)| place).collect::<Vec<_>>()
        };
        let values = values(&tokens);
        let (any, value) = (
            random.random_range(0..tokens.len()),
            values[random.random_range(0..values.len())],
        );
        let hostile = HOSTILE[random.random_range(0..HOSTILE.len())].to_owned();
        match random.random_range(0..12) {
            0 => drop(tokens.remove(any)),
            1 => tokens.insert(any, tokens[any].clone()),
            2 => tokens.swap(any, value),
            3 => {
                let deep = 1 << random.random_range(1..12);
                tokens[value] = ["[", "{a=", "\"mixture("][random.random_range(0..3)].repeat(deep);
            }
            4..8 => {
                // One more key in a section.
                let ends = (0..tokens.len())
                    .filter(|place| tokens[*place] == "\n")
                    .collect::<Vec<_>>();
                let key = MORE[random.random_range(0..MORE.len())];
                tokens[ends[random.random_range(0..ends.len())]] = format!("\n{key} = {hostile}\n");
            }
            _ => tokens[value] = hostile,
        }
    }
    tokens.concat()
}

struct Patience(Instant);

impl Watch for Patience {
    fn is_stopped(&self) -> bool {
        self.0.elapsed() > PATIENCE
    }
}

/// The same scenario with few runs of few messages; `None` where each is large by itself.
fn small(mut scenario: Scenario) -> Option<Scenario> {
    scenario.replications = Replications::Count(2);
    let expected = scenario.expected_messages();
    assert!(expected >= 0.0, "{expected} messages");
    if expected > FEW {
        let horizon = scenario.horizon.as_secs_f64() * FEW / expected;
        scenario.horizon = Time::ZERO + Span::from_secs_f64(horizon.max(1e-9));
        scenario.warmup = Warmup::Auto;
    }
    let clients = scenario
        .producers
        .iter()
        .map(|producer| u64::from(producer.arrivals.clients()));
    let slots = scenario
        .pools
        .iter()
        .map(|pool| u64::from(pool.consumers) * u64::from(pool.concurrency));
    (clients.chain(slots).sum::<u64>() < 20_000 && scenario.expected_messages() < 2.0 * FEW)
        .then_some(scenario)
}

fn report(outcome: &Outcome, drawn: bool) {
    let read = serde_json::from_str::<serde_json::Value>(&json::object(outcome));
    assert!(read.is_ok());
    let text = summary::text(outcome);
    let numbers = text.split(|c: char| !c.is_alphanumeric());
    assert_eq!(
        numbers
            .filter(|word| matches!(*word, "NaN" | "inf"))
            .count(),
        0,
        "{text}"
    );
    assert!(tables::series(outcome).is_ok() && tables::latency(outcome).is_ok());
    if drawn {
        figures::all(outcome)
            .iter()
            .for_each(|(_, picture)| assert!(!chart::svg(picture).is_empty()));
    }
}

/// What came of a mutant: whether it loaded, and whether it ran.
fn attack(text: &str, drawn: bool) -> (bool, bool) {
    let origin = Origin {
        name: "mutant",
        path: "mutant.toml",
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut read_file = |name: &str| match name {
        "publishes.csv" => fs::read(folder.join(name)),
        _ => Err(std::io::ErrorKind::NotFound.into()),
    };
    let set = match load(text, origin, &Flags::default(), &mut read_file) {
        Ok(set) => set,
        Err(mistakes) => {
            assert!(mistakes.lines().count() > 0 && !mistakes.render(false).is_empty());
            return (false, false);
        }
    };
    let again = load(&set.resolved, origin, &Flags::default(), &mut |name| {
        let kept = set.inputs.iter().find(|(kept, _)| kept == name);
        kept.map(|(_, bytes)| bytes.clone())
            .ok_or_else(|| std::io::ErrorKind::NotFound.into())
    });
    assert_eq!(
        again.ok().map(|again| again.base),
        Some(set.base.clone()),
        "{}",
        set.resolved
    );
    let (Some(base), variants) = (small(set.base), set.variants.into_iter().take(1)) else {
        return (true, false);
    };
    let variants = variants
        .filter_map(|(name, scenario)| Some((name, small(scenario)?)))
        .collect();
    let set = ScenarioSet {
        base,
        variants,
        ..set
    };
    match study::run(&set, &Patience(Instant::now())) {
        Ok(outcome) => report(&outcome, drawn),
        Err(StudyError::Interrupted | StudyError::Unexplained | StudyError::Simulation(_)) => {}
    }
    (true, true)
}

#[test]
fn whatever_a_file_says_it_is_refused_or_runs() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut files = fs::read_dir(folder)
        .expect("scenarios ship with the program")
        .map(|entry| entry.expect("a folder can be listed").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "toml")
        })
        .collect::<Vec<_>>();
    files.sort();
    let asked = std::env::var("QUEUELAB_MUTANTS")
        .ok()
        .and_then(|count| count.parse().ok());
    let (mut loaded, mut ran, mut all) = (0, 0, 0);
    for (file, path) in (0..).zip(&files) {
        let text = fs::read_to_string(path).expect("a scenario is text");
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let text = lines.map(|line| format!("{line}\n")).collect::<String>();
        for number in 0..asked.unwrap_or(MUTANTS) {
            let seed = (file << 32) | number;
            let text = mutant(&text, &mut Xoshiro256PlusPlus::seed_from_u64(seed));
            let started = Instant::now();
            let came = std::panic::catch_unwind(|| attack(&text, number % DRAWN == 0));
            let (has_loaded, has_run) = came
                .unwrap_or_else(|_| panic!("mutant {number} of {path:?} (seed {seed}):\n{text}"));
            assert!(
                started.elapsed() < 2 * PATIENCE,
                "mutant {number} of {path:?} hangs:\n{text}"
            );
            (all, loaded, ran) = (
                all + 1,
                loaded + usize::from(has_loaded),
                ran + usize::from(has_run),
            );
        }
    }
    assert!(
        4 * loaded > all && 8 * ran > all,
        "of {all} mutants, {loaded} load and {ran} run: too few to learn from"
    );
}
