//! All figures of all kinds of outcome: legible, complete, the same every time.

mod legible;
mod outcomes;
mod variants;

use super::{all, overlay};
use crate::model::Basis;
use crate::report::chart::{Chart, png, svg};
use crate::study::{LaneKind, Outcome};
use outcomes::every_kind;
use std::sync::LazyLock;

/// Every picture drawn, once for all tests.
static DRAWN: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    pictures()
        .into_iter()
        .map(|(name, chart)| (name, svg(&chart)))
        .collect()
});

/// Every picture that the made-up outcomes give, with a name.
fn pictures() -> Vec<(String, Chart)> {
    let outcomes = every_kind();
    let single = outcomes.iter().flat_map(|(name, outcome)| {
        all(outcome)
            .into_iter()
            .map(move |(figure, chart)| (format!("{name}-{figure}"), chart))
    });
    let together: Vec<_> = outcomes
        .iter()
        .take(4)
        .map(|(_, outcome)| outcome.clone())
        .collect();
    let overlays = overlay(&together)
        .into_iter()
        .map(|(figure, chart)| (format!("overlay-{figure}"), chart));
    single.chain(overlays).collect()
}

#[test]
fn the_same_chart_gives_the_same_bytes() {
    let (name, chart) = pictures().swap_remove(0);
    let (first, second) = (svg(&chart), svg(&chart));
    assert_eq!(first, second, "{name}");
    assert_eq!(png(&first).ok(), png(&second).ok(), "{name}");
}

#[test]
fn no_picture_holds_a_coordinate_that_is_no_number() {
    for (name, svg) in DRAWN.iter() {
        assert!(!svg.contains("NaN") && !svg.contains("inf\""), "{name}");
        assert!(svg.len() < 600_000, "{name} has {} bytes", svg.len());
    }
}

#[test]
fn every_text_is_inside_its_picture() {
    for (name, svg) in DRAWN.iter() {
        let page = legible::read(svg);
        for text in &page.texts {
            let inside = text.left >= 0.0
                && text.right <= page.width
                && text.top >= 0.0
                && text.bottom <= page.height;
            assert!(
                inside,
                "{name}: {text:?} is not inside {} × {}",
                page.width, page.height
            );
        }
    }
}

#[test]
fn no_text_lies_over_another() {
    for (name, svg) in DRAWN.iter() {
        let page = legible::read(svg);
        for (index, text) in page.texts.iter().enumerate() {
            for other in &page.texts[index + 1..] {
                assert!(!text.overlaps(other), "{name}: {text:?} and {other:?}");
            }
        }
    }
}

#[test]
fn signs_of_markup_in_a_title_are_escaped() {
    let outcome = super::fixtures::outcome("a < b & \"c\" </svg> \u{1}", Vec::new());
    for (_, chart) in all(&outcome) {
        let page = legible::read(&svg(&chart));
        assert_eq!(page.texts[0].text, "a < b & \"c\" </svg>");
    }
}

#[test]
fn an_outcome_without_data_says_so() {
    let outcome = super::fixtures::outcome("nothing", vec![super::fixtures::empty_run("base")]);
    for (name, chart) in all(&outcome) {
        let page = legible::read(&svg(&chart));
        assert!(
            page.texts.iter().any(|text| text.text == "no messages"),
            "{name}"
        );
    }
}

#[test]
fn queues_and_variants_that_do_not_fit_are_counted() {
    let chart = figure("many-queues", "backlog");
    assert_eq!(chart.panels.len(), 4);
    assert!(
        chart.subtitle.contains("2 queues not shown"),
        "{}",
        chart.subtitle
    );
}

#[test]
fn one_replication_is_a_plain_line_and_several_have_a_ribbon() {
    assert!(
        figure("one-replication", "backlog").panels[0]
            .ribbons
            .is_empty()
    );
    assert_eq!(figure("steady", "backlog").panels[0].ribbons.len(), 1);
    assert!(
        figure("eight-variants", "backlog").panels[0]
            .ribbons
            .is_empty()
    );
}

#[test]
fn the_offered_rate_is_drawn_only_where_messages_are_turned_away() {
    let names = |chart: &Chart| {
        chart.panels[0]
            .lines
            .iter()
            .map(|line| line.label.clone())
            .collect::<Vec<_>>()
    };
    assert!(!names(&figure("burst", "rates")).contains(&"offered, λ".to_owned()));
    let mut refusing = outcome("burst");
    let accepted = refusing.runs[0]
        .overview
        .lanes
        .iter_mut()
        .find(|lane| lane.what == LaneKind::Accepted);
    accepted
        .expect("it is recorded")
        .mean
        .iter_mut()
        .for_each(|rate| *rate = rate.min(120.0));
    assert!(names(&all(&refusing)[1].1).contains(&"offered, λ".to_owned()));
}

#[test]
fn losses_are_part_of_what_leaves_and_drawn_apart() {
    let labels: Vec<String> = figure("bounded", "rates").panels[0]
        .lines
        .iter()
        .map(|line| line.label.clone())
        .collect();
    assert_eq!(
        labels,
        [
            "accepted, P",
            "left, S = acked + lost",
            "lost",
            "capacity, C"
        ]
    );
}

#[test]
fn theory_is_drawn_where_it_applies_and_nowhere_else() {
    let says = |outcome: &Outcome, what: &str| {
        let (_, chart) = all(outcome).swap_remove(2);
        chart.panels[0]
            .lines
            .iter()
            .any(|line| line.label.contains(what))
    };
    let exact = |outcome: &Outcome| says(outcome, "exact");
    let mut steady = outcome("steady");
    assert!(exact(&steady));
    steady.runs[0].theory[0].basis = Basis::Approximate("off by up to a third");
    assert!(!exact(&steady) && says(&steady, "approximate"));
    steady.runs[0].theory[0].inapplicable = Some("the service is not exponential".to_owned());
    assert!(!exact(&steady));
}

#[test]
fn a_limit_on_the_sojourn_brings_its_curve_and_each_limit_its_line() {
    let chart = figure("sojourn-variants", "latency");
    assert!(
        chart.panels[0]
            .lines
            .iter()
            .any(|line| line.label == "sojourn")
    );
    let labels: Vec<&str> = chart.panels[0]
        .references
        .iter()
        .map(|line| line.label.as_str())
        .collect();
    let limits = [
        "sojourn p99 < 2\u{a0}s",
        "wait p99 < 2.2\u{a0}s",
        "wait p50 < 100\u{a0}ms",
    ];
    assert_eq!(labels[..3], limits);
}

fn outcome(name: &str) -> Outcome {
    every_kind()
        .into_iter()
        .find(|(other, _)| *other == name)
        .expect("it is one of them")
        .1
}

fn figure(name: &str, figure: &str) -> Chart {
    all(&outcome(name))
        .into_iter()
        .find(|(other, _)| other == figure)
        .expect("it is drawn")
        .1
}

/// For eyes: `cargo test --release --features report -- --ignored pictures_to_look_at --nocapture`.
#[test]
#[ignore = "writes files to look at"]
fn pictures_to_look_at() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::temp_dir().join("queuelab-pictures");
    std::fs::create_dir_all(&folder)?;
    for (name, chart) in pictures() {
        let text = svg(&chart);
        std::fs::write(folder.join(format!("{name}.svg")), &text)?;
        std::fs::write(folder.join(format!("{name}.png")), png(&text)?)?;
    }
    Ok(())
}
