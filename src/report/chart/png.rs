//! SVG to PNG, at twice the nominal size for sharp screens.

use super::font::{FAMILY, REGULAR, SEMI_BOLD};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock, Mutex};

const ZOOM: f32 = 2.0;

/// Why an SVG cannot be made a PNG.
#[derive(Debug, thiserror::Error)]
pub enum PngError {
    /// The text is not an SVG.
    #[error("the picture cannot be read: {0}")]
    Svg(#[from] resvg::usvg::Error),
    /// It has no size, or one that no memory holds.
    #[error("a picture of {0} × {1} pixels cannot be drawn")]
    Size(u32, u32),
    /// The pixels cannot be encoded.
    #[error("the picture cannot be encoded: {0}")]
    Encoding(String),
}

/// Renders an SVG with the bundled fonts alone; what they lack is drawn as a question mark.
///
/// # Errors
/// What is no SVG, or too large to be drawn.
pub fn png(svg: &str) -> Result<Vec<u8>, PngError> {
    let missing = undrawable(svg);
    // Only texts hold such signs: all markup is ASCII.
    let svg = svg.replace(|sign| missing.contains(&sign), "?");
    let tree = Tree::from_str(&svg, &options())?;
    let size = tree.size();
    let (width, height) = (
        (size.width() * ZOOM).ceil() as u32,
        (size.height() * ZOOM).ceil() as u32,
    );
    let mut pixels = Pixmap::new(width, height).ok_or(PngError::Size(width, height))?;
    resvg::render(
        &tree,
        Transform::from_scale(ZOOM, ZOOM),
        &mut pixels.as_mut(),
    );
    encode(&pixels).map_err(|error| PngError::Encoding(error.to_string()))
}

/// The signs of a text that the bundled fonts lack. A picture as SVG holds them all the same, and shows them where its
/// reader has a font that does not.
pub fn undrawable(text: &str) -> BTreeSet<char> {
    let signs: BTreeSet<char> = text.chars().filter(|sign| is_looked_up(*sign)).collect();
    let texts = signs
        .iter()
        .map(|sign| format!("<text font-family=\"{FAMILY}\">{sign}</text>"));
    let texts = texts.collect::<String>();
    let svg =
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\">{texts}</svg>");
    let missing = Mutex::new(BTreeSet::new());
    let mut options = options();
    // Asked for another font only where the one has no such sign.
    options.font_resolver.select_fallback = Box::new(|sign, _, _| {
        missing.lock().ok()?.insert(sign);
        None
    });
    let read = Tree::from_str(&svg, &options);
    debug_assert!(read.is_ok(), "{read:?} of {svg}");
    drop(options);
    missing.into_inner().unwrap_or_default()
}

/// All that is not ASCII, which the fonts have, or part of the sign before it.
fn is_looked_up(sign: char) -> bool {
    let is_accent = ('\u{300}'..='\u{36f}').contains(&sign);
    let is_written = !sign.is_control() && !matches!(sign, '\u{fffe}' | '\u{ffff}');
    !sign.is_ascii() && is_written && !is_accent
}

fn options() -> Options<'static> {
    static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
        let mut fonts = fontdb::Database::new();
        fonts.load_font_data(REGULAR.to_vec());
        fonts.load_font_data(SEMI_BOLD.to_vec());
        fonts.set_sans_serif_family("Inter");
        Arc::new(fonts)
    });
    Options {
        fontdb: Arc::clone(&FONTS),
        ..Options::default()
    }
}

/// Without the alpha channel, for the ground is white; and compressed fast, for a run draws many: a quarter larger, in
/// a tenth of the time.
fn encode(pixels: &Pixmap) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, pixels.width(), pixels.height());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_compression(png::Compression::Fast);
    let opaque = pixels.pixels().iter();
    let rgb: Vec<u8> = opaque
        .flat_map(|pixel| [pixel.red(), pixel.green(), pixel.blue()])
        .collect();
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&rgb)?;
    writer.finish()?;
    Ok(bytes)
}
