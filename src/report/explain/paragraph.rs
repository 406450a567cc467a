//! Paragraphs with a label before them, broken into lines that can be read.

/// Columns of a line, the label included.
const WIDTH: usize = 110;
/// Columns of the label.
const LABEL: usize = 12;

/// Sentences one after the other, indented under their label if there is one; no lines without a sentence.
pub(super) fn paragraph(label: &str, sentences: &[String]) -> Vec<String> {
    if sentences.is_empty() {
        return Vec::new();
    }
    let indent = if label.is_empty() { 0 } else { 2 + LABEL };
    let whole = sentences.join(" ");
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in words(&whole) {
        let fits = line.is_empty() || indent + width(&line) + 1 + width(word) <= WIDTH;
        if !fits {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    let labelled = |(number, line): (usize, String)| {
        let before = match (label, number) {
            ("", _) => String::new(),
            (label, 0) => format!("  {label:LABEL$}"),
            _ => " ".repeat(indent),
        };
        format!("{before}{line}")
    };
    lines.into_iter().enumerate().map(labelled).collect()
}

fn width(text: &str) -> usize {
    text.chars().count()
}

/// Where a line may break: not between a number and its unit, nor within an interval.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let (mut start, mut depth) = (0, 0_u32);
    for (place, sign) in text.char_indices() {
        match sign {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            ' ' if depth == 0 && !is_unit(&text[place + 1..]) => {
                words.push(&text[start..place]);
                start = place + 1;
            }
            _ => {}
        }
    }
    words.push(&text[start..]);
    words
}

/// Whether what follows is a unit, or the smaller part of a time, as in `12.5 ms` and `4m 02s`.
fn is_unit(rest: &str) -> bool {
    let end = rest.find(' ').unwrap_or(rest.len());
    let word = rest[..end].trim_end_matches([',', '.', ';', ':', ')']);
    let units = ["ns", "µs", "ms", "s", "%", "×", "=", "[no"];
    let is_part = word.len() == 3
        && word.starts_with(|c: char| c.is_ascii_digit())
        && word.ends_with(['s', 'm', 'h']);
    units.contains(&word) || is_part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_but_not_within_a_quantity() {
        let long = "x".repeat(85);
        let lines = paragraph("wait", &[format!("{long} 4m 02s [1 s, 2 s] and 10 ms.")]);
        assert_eq!(lines[0], format!("  wait        {long} 4m 02s"));
        assert_eq!(lines[1], format!("{}[1 s, 2 s] and 10 ms.", " ".repeat(14)));
        assert_eq!(lines.len(), 2);
    }

    #[test]
    fn nothing_to_say_takes_no_line() {
        assert!(paragraph("wait", &[]).is_empty());
    }
}
