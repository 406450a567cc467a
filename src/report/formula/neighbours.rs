//! The fewest servers that are stable, and what one more would buy.

use super::sheet::show_loss;
use crate::model::{Basis, Line, Servers, Solution};
use crate::theory::least_stable_servers;
use crate::units;

/// A sentence, or nothing where servers are no question.
pub(super) fn sentence(line: &Line, solution: &Solution) -> Option<String> {
    let Servers::Count(servers) = line.servers else {
        return None;
    };
    let more = servers + 1;
    let better = Line {
        servers: Servers::Count(more),
        // Where nobody can wait, nobody is meant to.
        places: line
            .places
            .map(|places| if places == servers { more } else { places }),
        ..line.clone()
    };
    let better = better.solve().ok().and_then(|better| bought(&better));
    let is_open = line.places.is_none() && line.patience.is_none();
    let least = solution.answer.offered_load().filter(|_| is_open);
    let least = least.and_then(|load| least_stable_servers(load, 1.0).ok());
    match (least, better) {
        (Some(least), better) => {
            let verb = if least == 1 {
                "consumer is"
            } else {
                "consumers are"
            };
            let better = better.map(|better| format!("; {more} {better}"));
            Some(format!(
                "{least} {verb} the least that is stable{}.",
                better.unwrap_or_default()
            ))
        }
        (None, better) => better.map(|better| format!("{more} consumers {better}.")),
    }
}

fn bought(better: &Solution) -> Option<String> {
    let about = match better.basis {
        Basis::Exact => "",
        Basis::Approximate(_) => "about ",
    };
    let known = |value: Option<f64>| value.filter(|value| value.is_finite());
    let answer = &better.answer;
    let wait = known(answer.wait_quantile(0.99)).map(|wait| ("p99", wait));
    let wait = wait.or_else(|| known(answer.wait_mean()).map(|wait| ("mean", wait)));
    let wait = wait.map(|(which, wait)| {
        format!(
            "bring the {which} wait to {about}{}",
            units::show_seconds(wait)
        )
    });
    let loss = answer
        .loss()
        .map(|loss| format!("lose {}", show_loss(loss, better.basis, about)));
    let parts: Vec<String> = loss.into_iter().chain(wait).collect();
    (!parts.is_empty()).then(|| parts.join(" and "))
}
