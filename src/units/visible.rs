//! Text of files and arguments, safe to print.

/// The text with its control characters written out, as TOML and JSON write them: a bell is `\u0007`. Only line breaks
/// stay what they are.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() && character != '\n' {
            shown.push_str(&format!("\\u{:04x}", u32::from(character)));
        } else {
            shown.push(character);
        }
    }
    shown
}
