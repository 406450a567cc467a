//! What consumers hoard and what is removed, in words.

use super::estimate;
use crate::scenario::Figure;
use crate::study::Estimate;
use crate::study::Finding;
use crate::study::explain::{Compared, Hoarding, Losses, QueueExplained};
use crate::time::Span;
use crate::units::{show_count, show_seconds, show_share};

/// What consumers hold beyond what they work on.
pub(super) fn hoarding(queue: &QueueExplained) -> Vec<String> {
    let several = queue.hoarding.len() > 1;
    let mut said: Vec<String> = Vec::new();
    for pool in &queue.hoarding {
        let sentence = held(pool);
        said.push(if several {
            format!("{}: {sentence}", pool.pool)
        } else {
            sentence
        });
    }
    let mut pools = queue.hoarding.iter();
    let compared = pools.find_map(|pool| pool.compared.as_ref());
    let far = queue
        .hoarding
        .iter()
        .find(|pool| pool.round_trip > Span::ZERO);
    said.extend(far.map(|pool| {
        format!(
            "{} away, a consumer is always busy with a prefetch of {} or more.",
            pool.round_trip, pool.keeps_busy
        )
    }));
    if let Some(compared) = compared {
        said.extend(inside(queue));
        said.push(without(compared));
    }
    said
}

fn held(pool: &Hoarding) -> String {
    let Hoarding {
        works_on,
        asked_for,
        ..
    } = pool;
    let Some(prefetch) = pool.prefetch else {
        return match asked_for {
            0 | 1 => {
                "A consumer takes one message for each idle slot: nothing is hoarded.".to_owned()
            }
            most => format!(
                "One answer brings a consumer up to {most} messages, of which it works on {works_on} at once: the others \
                 wait with it."
            ),
        };
    };
    if pool.acks_itself {
        return "Automatic acks: no prefetch holds, each consumer is a line of its own, and hoards without limit."
            .to_owned();
    }
    match pool.surplus {
        Some(0) => {
            format!("{prefetch}: a consumer holds no more than it works on, so nothing is hoarded.")
        }
        Some(surplus) => format!(
            "{prefetch}, where a consumer works on {works_on}: up to {} messages can stand in busy consumers{}.",
            show_count(surplus as f64),
            if pool.consumers > 1 {
                ", which idle ones could serve"
            } else {
                ""
            }
        ),
        None => format!(
            "Without limit, where a consumer works on {works_on}: all that comes stands in consumers, a line of its own \
             each."
        ),
    }
}

/// Where a message waits.
fn inside(queue: &QueueExplained) -> Option<String> {
    let (whole, before) = (
        queue.simulated.wait_mean.as_ref()?,
        queue.simulated.delivery_wait_mean.as_ref()?,
    );
    let known = |estimate: &Estimate| matches!(estimate, Estimate::Known { .. });
    (known(whole) && known(before)).then(|| {
        format!(
            "Of a mean wait of {}, {} pass before delivery, the rest inside a consumer.",
            estimate(whole, show_seconds),
            estimate(before, show_seconds)
        )
    })
}

/// Consumers of all queues would hold no more: what one queue's hoard, others wait for.
fn without(compared: &Compared) -> String {
    let of = match compared.finding {
        Finding::Better | Finding::Worse => "",
        Finding::NoEvidence => " of a difference",
    };
    let found = format!("{}{of}", compared.finding.word());
    match &compared.difference {
        Estimate::Refused { why } => {
            format!(
                "What the p99 wait would be if no consumer held more than it works on cannot be compared: {why}."
            )
        }
        difference @ Estimate::Known { .. } => format!(
            "If no consumer held more than it works on, on the same draws, the p99 wait would change by {}: {found}.",
            estimate(difference, signed)
        ),
    }
}

fn signed(seconds: f64) -> String {
    let sign = if seconds < 0.0 { "−" } else { "+" };
    format!("{sign}{}", show_seconds(seconds.abs()))
}

/// What limits, expiry and rejection remove; and what is done again.
pub(super) fn losses(losses: &Losses) -> Vec<String> {
    let rules = losses.rules.join("; ");
    let mut said = Vec::new();
    let shares = losses
        .shares
        .iter()
        .map(|loss| {
            let returns = loss.figure == Figure::Refused && losses.refusals_return;
            let returns = if returns { ", and comes back" } else { "" };
            let share = estimate(&loss.share, show_share);
            format!("{} {share}{returns}", loss.figure.name())
        })
        .collect::<Vec<_>>()
        .join(", ");
    match (rules.as_str(), shares.as_str(), losses.is_known) {
        ("", "", _) => {}
        ("", shares, _) => said.push(format!("Of what is published: {shares}.")),
        (rules, "", true) => said.push(format!("{rules}: nothing was removed in the runs.")),
        (rules, "", false) => said.push(format!("{rules}.")),
        (rules, shares, _) => said.push(format!("{rules}: of what is published, {shares}.")),
    }
    said.extend(losses.attempts.iter().map(|attempts| {
        format!(
            "{} work on a message {} times: what comes back counts as load.",
            attempts.pool,
            estimate(&attempts.mean, show_count)
        )
    }));
    said
}
