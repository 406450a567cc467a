//! All figures of all kinds of outcome: legible, complete, the same every time.

mod legible;
mod outcomes;

use super::{all, overlay};
use crate::report::chart::{Chart, png, svg};
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
    let (_, outcome) = every_kind()
        .into_iter()
        .find(|(name, _)| *name == "many-queues")
        .expect("it is there");
    let (_, chart) = all(&outcome).swap_remove(0);
    assert_eq!(chart.panels.len(), 4);
    assert!(
        chart.subtitle.contains("2 queues not shown"),
        "{}",
        chart.subtitle
    );
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
