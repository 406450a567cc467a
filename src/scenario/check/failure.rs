//! `failure`: work that fails, how often, when, and what is then done.

use super::super::file::{Context, Section};
use super::super::tree::Node;
use super::super::{Failure, FailureEpisode, GivenBack, OnFailure};
use super::{incidents, retry};
use crate::time::Time;

const KEYS: &[&str] = &["probability", "poison", "then", "episodes"];

const FAILURE: &str = "{ probability = \"1.5%\", then = \"requeue\" }";
const EPISODE: &str = "{ from = \"10m\", until = \"15m\", probability = \"100%\" }";

pub(super) fn check(cx: &mut Context<'_>, node: &Node, what: &str) -> Option<Failure> {
    let table = cx.table(node, what, FAILURE)?;
    cx.only(table, what, KEYS);
    let section = Section::of(what, node, table);
    let probability = cx.may(table, "probability", Context::share);
    let poison = cx.may(table, "poison", Context::share);
    let then = cx.must(&section, "then", "then = \"requeue\"", on_failure);
    let episodes = cx.may(table, "episodes", episodes);
    let (probability, poison, episodes) = (probability?, poison?, episodes?);
    if probability.is_none() && poison.is_none() && episodes.is_none() {
        if !cx.misspelt(table, "probability") {
            let rule = "this does not say which work fails";
            let remedy = "write probability = \"1.5%\", poison = \"0.1%\" or episodes";
            cx.error(&node.at, rule, remedy);
        }
        return None;
    }
    Some(Failure {
        probability: probability.unwrap_or(0.0),
        poison: poison.unwrap_or(0.0),
        episodes: episodes.unwrap_or_default(),
        then: then?,
    })
}

fn on_failure(cx: &mut Context<'_>, node: &Node, what: &str) -> Option<OnFailure> {
    let words = [
        ("requeue", OnFailure::Requeue(GivenBack::Nack)),
        ("reject-requeue", OnFailure::Requeue(GivenBack::Reject)),
        ("reject", OnFailure::Reject),
        ("leave", OnFailure::Requeue(GivenBack::Left)),
    ];
    retry::or_word(cx, node, what, &words, OnFailure::Retry)
}

fn episodes(cx: &mut Context<'_>, node: &Node, what: &str) -> Option<Vec<FailureEpisode>> {
    let example = format!("[{EPISODE}]");
    let episodes = cx.each(node, what, &example, episode)?;
    let stretches = episodes
        .iter()
        .map(|episode| (episode.from, episode.until - episode.from));
    incidents::in_order(cx, node, "episode", &stretches.collect::<Vec<_>>())?;
    Some(episodes)
}

fn episode(cx: &mut Context<'_>, item: &Node) -> Option<FailureEpisode> {
    let table = cx.table(item, "an episode", EPISODE)?;
    cx.only(table, "an episode", &["from", "until", "probability"]);
    let section = Section::of("this episode", item, table);
    let from = cx.must(&section, "from", "from = \"10m\"", Context::duration);
    let until = cx.must(&section, "until", "until = \"15m\"", Context::duration);
    let example = "probability = \"100%\"";
    let probability = cx.must(&section, "probability", example, Context::share);
    let (from, until) = (from?, until?);
    if until <= from {
        let rule = format!("this episode ends at {until}, and begins at {from}");
        let place = table.get("until").unwrap_or(item);
        cx.error(&place.at, rule, "write a later `until`");
        return None;
    }
    Some(FailureEpisode {
        from: Time::ZERO + from,
        until: Time::ZERO + until,
        probability: probability?,
    })
}
