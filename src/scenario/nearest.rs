//! The name that somebody probably meant.

/// The candidate closest to `name`, if any is close enough to be a slip of the pen.
pub(super) fn nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= (candidate.chars().count().max(3)) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// A remedy for an unknown name: the nearest, and all that are legal.
pub(super) fn did_you_mean<'a>(
    name: &str,
    kind: &str,
    candidates: impl IntoIterator<Item = &'a str> + Clone,
) -> String {
    let all: Vec<&str> = candidates.clone().into_iter().collect();
    let list = all.join(", ");
    match nearest(name, candidates) {
        Some(meant) if all.len() == 1 => format!("did you mean \"{meant}\"?"),
        Some(meant) => format!("did you mean \"{meant}\"? {kind}: {list}"),
        None if all.is_empty() => format!("there are no {kind}"),
        None => format!("{kind}: {list}"),
    }
}

/// Insertions, deletions, replacements and swaps of neighbours that turn one name into the other.
fn distance(from: &str, to: &str) -> usize {
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    // A name much longer than any key is no slip of the pen, and must not cost a quadratic table.
    if from.len() > 64 {
        return usize::MAX;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in to.iter().enumerate() {
            let replaced = above[j] + usize::from(!a.eq_ignore_ascii_case(b));
            let mut best = replaced.min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == to[j - 1] && from[i - 1] == *b {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found_through_a_slip_of_the_pen() {
        let keys = ["max_length", "max_length_bytes", "overflow", "dead_letter"];
        assert_eq!(nearest("max_lenght", keys), Some("max_length"));
        assert_eq!(nearest("deadletter", keys), Some("dead_letter"));
        assert_eq!(nearest("Overflow", keys), Some("overflow"));
        assert_eq!(nearest("colour", keys), None);
        assert_eq!(nearest("", keys), None);
    }

    #[test]
    fn the_remedy_names_the_nearest_and_the_legal_ones() {
        assert_eq!(
            did_you_mean("emials", "queues", ["emails"]),
            "did you mean \"emails\"?"
        );
        assert_eq!(
            did_you_mean("x", "queues", ["emails", "dead"]),
            "queues: emails, dead"
        );
        assert_eq!(did_you_mean("x", "queues", []), "there are no queues");
    }
}
