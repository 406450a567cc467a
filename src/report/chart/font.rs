//! The bundled font: how wide a text is, and how it is made to fit.

use plotters::style::{FontDesc, FontFamily, FontStyle, register_font};
use std::sync::Once;

/// Inter where the reader has it (the PNG renderer does), else what comes near to it.
pub(super) const FAMILY: &str = "Inter, 'Helvetica Neue', Arial, sans-serif";
pub(super) const REGULAR: &[u8] = include_bytes!("../../../assets/fonts/Inter-Regular.otf");
pub(super) const SEMI_BOLD: &[u8] = include_bytes!("../../../assets/fonts/Inter-SemiBold.otf");

/// plotters writes a font of size s as s / 1.24 pixels per em.
pub(super) const SIZE_PER_EM: f64 = 1.24;
/// plotters measures a font of size s as if its height (1.21 em in Inter) were s.
const HEIGHT_PER_EM: f64 = 1.2102;
/// Widths are measured at this many pixels per em, since plotters rounds them to whole pixels.
const MEASURED_AT: f64 = 1000.0;

/// How heavy the letters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    SemiBold,
}

/// The font as plotters knows it.
pub(super) fn describe(size: f64, weight: Weight) -> FontDesc<'static> {
    static REGISTERED: Once = Once::new();
    REGISTERED.call_once(|| {
        for (style, bytes) in [(FontStyle::Normal, REGULAR), (FontStyle::Bold, SEMI_BOLD)] {
            let registered = register_font(FAMILY, style, bytes).is_ok();
            assert!(registered, "the bundled font is a font");
        }
    });
    let style = match weight {
        Weight::Regular => FontStyle::Normal,
        Weight::SemiBold => FontStyle::Bold,
    };
    FontDesc::new(FontFamily::Name(FAMILY), size, style)
}

/// Width of a text set at `size` pixels per em.
pub(super) fn width(text: &str, size: f64, weight: Weight) -> f64 {
    let measured = describe(MEASURED_AT * HEIGHT_PER_EM, weight).box_size(text);
    // Without a measure a letter is taken to be 0.6 em wide, which is more than most are.
    let em = measured.map_or_else(
        |_| 0.6 * text.chars().count() as f64,
        |(width, _)| f64::from(width) / MEASURED_AT,
    );
    em * size
}

/// The text, or as much of its start as fits with an ellipsis.
pub(super) fn shorten(text: &str, size: f64, weight: Weight, space: f64) -> String {
    if width(text, size, weight) <= space {
        return text.to_owned();
    }
    let mut kept: Vec<char> = text.chars().collect();
    while kept.pop().is_some() {
        let candidate: String = kept.iter().collect::<String>().trim_end().to_owned() + "…";
        if width(&candidate, size, weight) <= space {
            return candidate;
        }
    }
    String::new()
}

/// The text in at most `lines` lines, broken at spaces; what is too much for them is shortened.
pub(super) fn wrap(text: &str, size: f64, weight: Weight, space: f64, lines: usize) -> Vec<String> {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let mut wrapped = Vec::new();
    let mut next = 0;
    while next < words.len() && wrapped.len() < lines {
        let rest = words[next..].join(" ");
        if wrapped.len() + 1 == lines {
            wrapped.push(shorten(&rest, size, weight, space));
            break;
        }
        let fitting = (1..=words.len() - next)
            .take_while(|&count| width(&words[next..next + count].join(" "), size, weight) <= space)
            .last()
            // A word longer than a line is cut rather than let run off the picture.
            .unwrap_or(1);
        wrapped.push(shorten(
            &words[next..next + fitting].join(" "),
            size,
            weight,
            space,
        ));
        next += fitting;
    }
    wrapped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_those_of_the_font() {
        // Inter's digit zero is 1760 / 2816 em wide, its space 792 / 2816.
        assert!(
            (width("0", 16.0, Weight::Regular) - 10.0).abs() < 0.35,
            "{}",
            width("0", 16.0, Weight::Regular)
        );
        assert!(width("mm", 12.0, Weight::SemiBold) > width("mm", 12.0, Weight::Regular));
    }

    #[test]
    fn a_text_that_is_too_long_is_wrapped_and_then_shortened() {
        let text = "one two three four five six seven eight nine ten".repeat(3);
        let lines = wrap(&text, 12.0, Weight::Regular, 120.0, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines[1].ends_with('…'), "{lines:?}");
        assert!(
            lines
                .iter()
                .all(|line| width(line, 12.0, Weight::Regular) <= 120.0)
        );
    }

    #[test]
    fn a_word_longer_than_a_line_is_cut() {
        let lines = wrap(&"w".repeat(80), 12.0, Weight::Regular, 100.0, 3);
        assert_eq!(lines.len(), 1);
        assert!(lines[0].ends_with('…'));
    }
}
