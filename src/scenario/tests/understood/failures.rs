//! Work that fails, messages that are refused, and what is tried again.

use super::super::{PARCELS, changed_in, read};
use super::{again, loaded};
use crate::scenario::{
    Backoff, Confirms, Failure, FailureEpisode, Kind, OnFailure, OnRefused, Patience, Pool,
    Producer, Retry, ScenarioSet,
};
use crate::time::{Span, Time};
use crate::workload::Distribution;

const SERVICE: &str = "service   = \"exponential(900ms)\"";

/// The packers where this is written beside their service, after the resolved text has said the same.
#[track_caller]
fn packers(more: &str) -> Pool {
    let set = loaded(&changed_in(PARCELS, SERVICE, &format!("{SERVICE}\n{more}")));
    assert_eq!(again(&set).base, set.base);
    set.base.pools[1].clone()
}

fn retry_of(pool: &Pool) -> Option<&Retry> {
    match &pool.failure.as_ref()?.then {
        OnFailure::Retry(retry) => Some(retry),
        OnFailure::Requeue(_) | OnFailure::Reject => None,
    }
}

#[test]
fn failure_says_how_often_for_whom_and_when() {
    let pool = packers("failure = { probability = \"1.5%\", then = \"reject\" }");
    let expected = Failure {
        probability: 0.015,
        poison: 0.0,
        episodes: Vec::new(),
        then: OnFailure::Reject,
    };
    assert_eq!(pool.failure, Some(expected));
    let pool = packers(
        "failure = { poison = \"0.1%\", then = \"reject\", episodes = [\
         { from = \"10m\", until = \"15m\", probability = \"100%\" }, { from = \"15m\", until = \"16m\", probability = \"0%\" }] }",
    );
    let at = |minutes: u64| Time::ZERO + Span::from_secs(60 * minutes);
    let episode = |from, until, probability| FailureEpisode {
        from: at(from),
        until: at(until),
        probability,
    };
    let expected = Failure {
        probability: 0.0,
        poison: 0.001,
        episodes: vec![episode(10, 15, 1.0), episode(15, 16, 0.0)],
        then: OnFailure::Reject,
    };
    assert_eq!(pool.failure, Some(expected));
}

#[test]
fn every_backoff_can_be_written_as_a_table_and_as_a_call() {
    let (second, minute) = (Span::from_secs(1), Span::from_secs(60));
    let exponential = |factor, cap| Backoff::Exponential {
        first: second,
        factor,
        cap,
    };
    let linear = |cap| Backoff::Linear { step: second, cap };
    for (backoff, expected) in [
        ("\"fixed(1s)\"", Backoff::Fixed(second)),
        ("\"fixed(0s)\"", Backoff::Fixed(Span::ZERO)),
        ("{ fixed = \"1s\" }", Backoff::Fixed(second)),
        ("\"linear(step=1s, cap=1m)\"", linear(minute)),
        ("\"linear(1s)\"", linear(Span::MAX)),
        (
            "{ linear = { step = \"1s\", cap = \"1m\" } }",
            linear(minute),
        ),
        ("\"exponential(1s)\"", exponential(2.0, Span::MAX)),
        (
            "\"exponential(first=1s, factor=3, cap=1m)\"",
            exponential(3.0, minute),
        ),
        (
            "{ exponential = { first = \"1s\", cap = \"1m\" } }",
            exponential(2.0, minute),
        ),
    ] {
        let pool = packers(&format!(
            "failure = {{ probability = \"5%\", then = {{ retry = {{ backoff = {backoff}, jitter = \"50%\", limit = 5 }} }} }}"
        ));
        let expected = Retry {
            backoff: expected,
            jitter: 0.5,
            limit: Some(5),
        };
        assert_eq!(retry_of(&pool), Some(&expected), "{backoff}");
    }
    let pool = packers(
        "failure = { probability = \"5%\", then = { retry = { backoff = \"fixed(1s)\" } } }",
    );
    let plain = retry_of(&pool).map(|retry| (retry.jitter, retry.limit));
    assert_eq!(plain, Some((0.0, None)));
}

#[test]
fn flags_reach_into_failures_and_backoffs() {
    let text = changed_in(
        PARCELS,
        SERVICE,
        &format!(
            "{SERVICE}\nfailure = {{ probability = \"5%\", then = {{ retry = {{ backoff = \"exponential(1s)\" }} }} }}"
        ),
    );
    let with = |set: &str| -> ScenarioSet {
        read(&text, &[set], &[]).unwrap_or_else(|mistakes| panic!("{mistakes}"))
    };
    let set = with("pool.packers.failure.probability=7%");
    assert_eq!(
        set.base.pools[1]
            .failure
            .as_ref()
            .map(|failure| failure.probability),
        Some(0.07)
    );
    let set = with("pool.packers.failure.then.retry.limit=3");
    assert_eq!(
        retry_of(&set.base.pools[1]).and_then(|retry| retry.limit),
        Some(3)
    );
    let set = with("pool.packers.failure.then.retry.backoff.exponential.first=2s");
    let backoff = retry_of(&set.base.pools[1]).map(|retry| retry.backoff.delay(2));
    assert_eq!(backoff, Some(Span::from_secs(4)));
    let set = with("pool.packers.failure.then=reject");
    assert_eq!(retry_of(&set.base.pools[1]), None);
}

#[test]
fn an_episode_makes_a_scenario_terminating() {
    let with = |failure: &str| {
        let text = changed_in(PARCELS, SERVICE, &format!("{SERVICE}\nfailure = {failure}"));
        loaded(&text).base.kind
    };
    assert_eq!(
        with("{ probability = \"5%\", then = \"reject\" }"),
        Kind::Steady
    );
    let episode = "{ then = \"reject\", episodes = [{ from = \"1m\", until = \"2m\", probability = \"100%\" }] }";
    assert_eq!(with(episode), Kind::Terminating);
}

#[test]
fn poison_that_nothing_takes_out_is_warned_of() {
    let text = |limit: &str| {
        let failing = format!("{SERVICE}\nfailure = {{ poison = \"0.1%\", then = \"requeue\" }}");
        changed_in(PARCELS, SERVICE, &failing)
            .replace("[queue.packing]", &format!("[queue.packing]\n{limit}"))
    };
    let warnings = loaded(&text("")).warnings;
    let first = warnings.first().and_then(|warning| warning.lines().next());
    assert_eq!(
        first,
        Some(
            "warning: a poisonous message fails at every attempt and never leaves: their number only grows"
        )
    );
    assert!(loaded(&text("delivery_limit = 5")).warnings.is_empty());
    assert!(loaded(&text("message_ttl = \"5m\"")).warnings.is_empty());
}

/// The shop where this is written beside its `to`, into a queue that refuses.
#[track_caller]
fn shop(more: &str) -> Producer {
    let to = "to       = \"picking\"";
    let limit = "[queue.picking]\nmax_length = 5\noverflow = \"reject-publish\"";
    let text = changed_in(PARCELS, to, &format!("{to}\n{more}")).replace("[queue.picking]", limit);
    let set = loaded(&text);
    assert_eq!(set.warnings, [""; 0]);
    assert_eq!(again(&set).base, set.base);
    set.base.producers[0].clone()
}

#[test]
fn a_publisher_may_react_to_refusals_confirms_and_timeouts() {
    let retry = |limit| Retry {
        backoff: Backoff::Fixed(Span::from_secs(1)),
        jitter: 0.0,
        limit,
    };
    let plain = shop("");
    assert_eq!(
        (plain.on_refused, plain.confirms, plain.patience),
        (OnRefused::Drop, None, None)
    );
    assert_eq!(shop("on_refused = \"drop\"").on_refused, OnRefused::Drop);
    assert_eq!(shop("on_refused = \"block\"").on_refused, OnRefused::Block);
    assert_eq!(
        shop("on_refused = { retry = { backoff = \"fixed(1s)\" } }").on_refused,
        OnRefused::Retry(retry(None))
    );
    let confirms = shop("confirms = { window = 100, delay = \"constant(5ms)\" }").confirms;
    let expected = Confirms {
        window: 100,
        delay: Distribution::Constant { value: 0.005 },
    };
    assert_eq!(confirms, Some(expected));
    let patience = Patience {
        timeout: Span::from_secs(2),
        retry: retry(Some(3)),
    };
    let timeout = "timeout = { after = \"2s\", retry = { backoff = \"fixed(1s)\", limit = 3 } }";
    assert_eq!(shop(timeout).patience, Some(patience));
}

#[test]
fn a_reaction_to_refusals_that_never_happen_is_warned_of() {
    let to = "to       = \"picking\"";
    let text = changed_in(PARCELS, to, &format!("{to}\non_refused = \"block\""));
    let text = changed_in(
        &text,
        SERVICE,
        &format!("{SERVICE}\non_refused = \"block\""),
    );
    let warnings = loaded(&text).warnings;
    let shown: Vec<&str> = warnings
        .iter()
        .flat_map(|warning| warning.lines())
        .collect();
    let rule = "warning: no queue that it publishes to refuses a message";
    assert_eq!(
        shown.iter().filter(|line| **line == rule).count(),
        2,
        "{shown:#?}"
    );
    assert!(warnings[0].contains("overflow = \"reject-publish\" in [queue.picking]"));
}
