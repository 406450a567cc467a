//! What stands under a title: what was run, how often, and how to read the picture.

use super::{MOST_LINES, MOST_RIBBONS};
use crate::study::{Outcome, Run};

/// In characters: about two lines.
const LONGEST_PARAMETERS: usize = 240;

/// Parameters · replications · seed · remarks.
pub(super) fn subtitle(outcome: &Outcome, remarks: impl IntoIterator<Item = String>) -> String {
    subtitle_of(outcome.runs.first(), outcome, remarks)
}

/// As [`subtitle`], with the parameters of the run that is shown first.
pub(super) fn subtitle_of(
    first: Option<&Run>,
    outcome: &Outcome,
    remarks: impl IntoIterator<Item = String>,
) -> String {
    let mut parts = Vec::new();
    if let Some(base) = first {
        parts.push(brief(&base.parameters));
        parts.push(counted(base.replications as usize, "replication"));
    }
    parts.push(format!("seed {}", outcome.seed));
    if outcome.partial {
        parts.push("interrupted: fewer replications than asked for".to_owned());
    }
    parts.extend(remarks);
    parts.retain(|part| !part.is_empty());
    parts.join(" · ")
}

/// A long description must not push replications and seed out of the picture.
fn brief(parameters: &str) -> String {
    match parameters.char_indices().nth(LONGEST_PARAMETERS) {
        Some((end, _)) => format!("{}…", parameters[..end].trim_end()),
        None => parameters.to_owned(),
    }
}

/// The runs that fit into one figure.
pub(super) fn shown(outcome: &Outcome) -> &[Run] {
    &outcome.runs[..outcome.runs.len().min(MOST_LINES)]
}

/// How a line over time is to be read, where there are several replications.
pub(super) fn spread(outcome: &Outcome, ribbons: bool) -> Option<String> {
    let several = outcome.runs.first().is_some_and(|run| run.replications > 1);
    several.then(|| match ribbons {
        true => "line: median, ribbon: 5–95 % over replications".to_owned(),
        false => "lines: medians over replications".to_owned(),
    })
}

/// Whether so few runs are shown that their ribbons can be told apart.
pub(super) fn ribbons(outcome: &Outcome) -> bool {
    outcome.runs.len() <= MOST_RIBBONS
}

/// What a figure had to leave out.
pub(super) fn left_out(count: usize, what: &str) -> Option<String> {
    (count > 0).then(|| format!("{} not shown", counted(count, what)))
}

/// Variants beyond those that are shown.
pub(super) fn variants_left_out(outcome: &Outcome) -> Option<String> {
    left_out(outcome.runs.len() - shown(outcome).len(), "more variant")
}

/// `1 queue`, `2 queues`.
pub(super) fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
